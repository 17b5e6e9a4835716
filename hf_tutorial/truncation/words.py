"""`truncate_words`: the first words of a text, the last, or some of both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hf_tutorial.truncation.examples import texts_of
from hf_tutorial.truncation.settings import Keep, column_of, count_of, ends, keep_of
from hf_tutorial.truncation.spans import between, word_spans


# An instance and no closure: `Dataset.map` tells by what it holds whether it has computed the same before.
@dataclass(frozen=True)
class _TruncateWords:
    n: int
    keep: Keep
    column: str

    def __call__(self, example: Any, index: Any = None) -> dict[str, Any]:
        texts, batched = texts_of(example, self.column, index)
        cut = [cut_words(text, self.n, self.keep) for text in texts]
        return {self.column: cut if batched else cut[0]}


def truncate_words(n: int, keep: Keep = "head", column: str = "text") -> Callable[..., dict[str, Any]]:
    """Return a function for `Dataset.map` that shortens the texts in `column` to at most `n` words.

    `keep` is "head" for the first `n` words, "tail" for the last, or "both" for the first `n - n // 2` and the last
    `n // 2`. Words are what `text.split()` gives. What is kept is a slice of the text, its spacing included; with
    "both" it is two slices, joined by one space. A text of `n` words or fewer stays as it is.

        reviews.map(truncate_words(50))
        reviews.map(truncate_words(50, keep="both"), batched=True, with_indices=True)

    With `with_indices=True` an error names the row of the dataset. Raises `InputError` for what is not a text.
    """
    return _TruncateWords(count_of(n, "words"), keep_of(keep), column_of(column))


def cut_words(text: str, n: int, keep: Keep) -> str:
    """Return at most `n` words of `text`.

    >>> cut_words("one  two three four", 3, "both")
    'one  two four'
    """
    return between(text, word_spans(text), *ends(n, keep))
