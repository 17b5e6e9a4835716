"""`truncation_report`: how many texts are cut, how much of each, and what it costs a classifier."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from hf_tutorial.errors import InputError
from hf_tutorial.page import page, write_page
from hf_tutorial.tokens.inspection import usable
from hf_tutorial.truncation import describe
from hf_tutorial.truncation.columns import labels_in, texts_in
from hf_tutorial.truncation.settings import KEEPS, Keep, column_of, count_of, ends, keep_of
from hf_tutorial.truncation.spans import Spans, Unit, between, token_spans, word_spans
from hf_tutorial.truncation.tokens import refuse_no_room
from hf_tutorial.truncation.verdicts import UNCUT, Accuracy, classify, compare

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame


@dataclass(frozen=True, repr=False)
class TruncationReport:
    """What is lost when texts are cut to `n` words or tokens.

    `lengths` are those of the uncut texts, counted as `n` counts: the `special` tokens that every text gets are part of
    them. `verdicts` holds the label ids that a classifier gave, to the "uncut" texts and for each way of cutting;
    without a classifier it is empty, and so are `labels` and `accuracies`.

    In a notebook the report shows itself as HTML, in a terminal as text.
    """

    n: int
    unit: Unit
    tokenizer: str
    special: int
    lengths: tuple[int, ...]
    labels: tuple[int, ...] = ()
    verdicts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def lost(self) -> tuple[int, ...]:
        """How many words or tokens each text loses."""
        return tuple(max(0, length - self.n) for length in self.lengths)

    @property
    def shares_lost(self) -> tuple[float, ...]:
        """Which share of its words or tokens each text loses, from 0 to 1; special tokens are never lost."""
        pairs = zip(self.lost, self.lengths, strict=True)
        return tuple(lost / (length - self.special) if lost else 0.0 for lost, length in pairs)

    @property
    def share_lost(self) -> float:
        """Which share of all words or tokens is lost, from 0 to 1."""
        return sum(self.lost) / max(1, sum(self.lengths) - self.special * len(self))

    @property
    def cut(self) -> int:
        """How many texts lose anything."""
        return sum(lost > 0 for lost in self.lost)

    @property
    def accuracies(self) -> tuple[Accuracy, ...]:
        """One `Accuracy` for each kind of text; `pandas.DataFrame(report.accuracies)` makes a table of them."""
        return compare(self.labels, self.verdicts) if self.verdicts else ()

    def __len__(self) -> int:
        return len(self.lengths)

    def __repr__(self) -> str:
        return describe.text(self)

    def _repr_html_(self) -> str:
        return describe.html(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a page that needs nothing but itself, and return its path."""
        return write_page(path, page(describe.title(self), describe.html(self)))

    def to_pandas(self) -> "DataFrame":
        """Return a data frame with one line per text: its length, what it loses, and the verdicts on it."""
        import pandas as pd

        counted = {"length": self.lengths, "lost": self.lost, "share_lost": self.shares_lost}
        judged = {"label": self.labels, **self.verdicts} if self.verdicts else {}
        return pd.DataFrame({**counted, **judged})

    def plot(self) -> "Figure":
        """Return a figure: the texts from the shortest to the longest with what is lost of each, and the accuracies."""
        from hf_tutorial.truncation.plot import draw

        return draw(self)

    def alt_text(self) -> str:
        """Return alternative text for the plot: what it is, and what stands out."""
        return describe.alt_text(self)


def truncation_report(
    dataset: Any,
    tokenizer: Any,
    n: int,
    *,
    keep: Keep | Sequence[Keep] = KEEPS,
    unit: Unit = "tokens",
    column: str = "text",
    label_column: str = "label",
    classifier: Callable[[list[str]], Any] | None = None,
) -> TruncationReport:
    """Report what is lost when the texts of `dataset` are cut to `n` tokens, special tokens included, or to `n` words.

    `dataset` is a `datasets.Dataset`, a dict of lists, a data frame, or a list of texts. With `unit="words"` words are
    counted as `text.split()` does, and `tokenizer` may be None.

    Given a `classifier`, the report also says what each way of cutting in `keep` costs in accuracy, on the same texts. It
    is a text-classification pipeline, or a function from a list of texts to a label id for each, that shortens a text
    which is too long for its model itself. It sees the uncut texts, and of those that are cut the part that is kept, as
    text: the original from the first kept token's first character to the last one's last. With "both" that is two parts
    with a space between. `label_column` holds the right label ids.

        truncation_report(reviews, tokenizer, 128)
        truncation_report(reviews, None, 50, unit="words", classifier=pipeline("text-classification", model=name))
    """
    if unit not in get_args(Unit):
        raise InputError(f'unit is {unit!r}; it says what n counts: "tokens" or "words".')
    n, keeps = count_of(n, unit), _keeps(keep)
    own = _counting(tokenizer, n, classifier is not None) if unit == "tokens" else None
    texts = texts_in(dataset, column_of(column))
    labels = () if classifier is None else labels_in(dataset, column_of(label_column, "label_column"), len(texts))
    special = 0 if own is None else own.num_special_tokens_to_add()
    lengths: list[int] = []
    cuts: dict[str, dict[int, str]] = {way: {} for way in keeps}
    for row, (text, spans) in enumerate(zip(texts, _spans(own, texts), strict=True)):
        lengths.append(len(spans) + special)
        if classifier is not None and lengths[row] > n:
            for way in keeps:
                cuts[way][row] = between(text, spans, *ends(n - special, way))
    verdicts = {} if classifier is None else _verdicts(classifier, texts, cuts)
    name = "" if own is None else type(own).__name__
    return TruncationReport(n, unit, name, special, tuple(lengths), labels, verdicts)


def _keeps(keep: Any) -> tuple[Keep, ...]:
    """Return the ways of cutting, each once."""
    chosen = (keep,) if isinstance(keep, str) or not isinstance(keep, Sequence) else keep
    return tuple(dict.fromkeys(map(keep_of, chosen)))


def _counting(tokenizer: Any, n: int, slices: bool) -> Any:
    """Return a copy of `tokenizer`, after checking that it can count, and that it can slice the text if it must."""
    own = deepcopy(usable(tokenizer))
    refuse_no_room(own, n)
    if slices and not own.is_fast:
        raise InputError(
            f"a classifier needs the part of the text that is kept, and {type(own).__name__}, which is written in "
            'Python, does not know where its tokens stand in the text. Count words instead, with unit="words".'
        )
    return own


def _spans(tokenizer: Any, texts: list[str]) -> Iterator[Spans]:
    return map(word_spans, texts) if tokenizer is None else token_spans(tokenizer, texts)


def _verdicts(
    classifier: Callable[[list[str]], Any], texts: list[str], cuts: Mapping[str, Mapping[int, str]]
) -> dict[str, tuple[int, ...]]:
    """Return the verdicts on all texts, and for each way of cutting. What is not cut is not judged again."""
    uncut = classify(classifier, texts)
    verdicts = {UNCUT: tuple(uncut)}
    for way, parts in cuts.items():
        again = dict(zip(parts, classify(classifier, list(parts.values())), strict=True))
        verdicts[way] = tuple(again.get(row, verdict) for row, verdict in enumerate(uncut))
    return verdicts
