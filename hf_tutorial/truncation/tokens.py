"""`truncate_tokens`: the first tokens of a text, the last, or some of both, between the tokenizer's special tokens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hf_tutorial.errors import InputError
from hf_tutorial.tokens.describe import plural
from hf_tutorial.tokens.inspection import usable
from hf_tutorial.tokens.visible import visible
from hf_tutorial.truncation.examples import texts_of
from hf_tutorial.truncation.settings import Keep, column_of, count_of, ends, keep_of


# An instance and no closure: `Dataset.map` tells by what it holds whether it has computed the same before.
@dataclass(frozen=True, eq=False)
class _TruncateTokens:
    tokenizer: Any
    n: int
    keep: Keep
    column: str
    offsets: bool

    def __call__(self, example: Any, index: Any = None) -> dict[str, Any]:
        texts, batched = texts_of(example, self.column, index)
        # No tokenizer takes an empty batch, and the columns are wanted all the same.
        rows = list(self._rows(texts or [""]))
        if not batched:
            return rows[0]
        return {name: [row[name] for row in rows[: len(texts)]] for name in rows[0]}

    def _rows(self, texts: list[str]) -> Iterator[dict[str, Any]]:
        head, tail = ends(self.n - self.tokenizer.num_special_tokens_to_add(), self.keep)
        if self.tokenizer.is_fast:
            return _cut_encodings(self.tokenizer, texts, head, tail, self.offsets)
        return _cut_ids(self.tokenizer, texts, head, tail)


def truncate_tokens(
    tokenizer: Any, n: int, keep: Keep = "head", column: str = "text", *, offsets: bool = False
) -> Callable[..., dict[str, Any]]:
    """Return a function for `Dataset.map` that tokenizes the texts in `column` and keeps at most `n` ids of each.

    `n` counts the special tokens, as `max_length` does; they stay whole and in their places. Of the room between them
    `keep` gives all to the "head" of the text, as `tokenizer(text, truncation=True, max_length=n)` does, all to its
    "tail", or shares it: with "both" and room for `k`, the first `k - k // 2` tokens and the last `k // 2`.

        reviews.map(truncate_tokens(tokenizer, 128), batched=True, remove_columns="text")

    The result is what the tokenizer returns for its model: `input_ids`, `attention_mask` and, where the model has them,
    `token_type_ids`. `offsets=True` adds `offset_mapping`: for each id where in the text it stands, from and to which
    character, and (0, 0) for special tokens.

    The tokenizer is copied, and neither changed nor asked again. With `with_indices=True` an error names the row of the
    dataset. Raises `InputError` for what is not a text, and if `n` leaves no room between the special tokens.
    """
    # A call leaves its truncation behind in a tokenizer; our own copy is safe from everybody else's, and they from ours.
    own = deepcopy(usable(tokenizer))
    n, keep = count_of(n, "tokens"), keep_of(keep)
    refuse_no_room(own, n)
    if offsets and not own.is_fast:
        raise InputError(
            f"offsets=True needs a tokenizer that knows where its tokens stand in the text, and {type(own).__name__}, "
            "which is written in Python, does not. Leave offsets out, or load a fast tokenizer: "
            "AutoTokenizer.from_pretrained(…) returns one where there is one."
        )
    return _TruncateTokens(own, n, keep, column_of(column), bool(offsets))


def refuse_no_room(tokenizer: Any, n: int) -> None:
    """Raise an error if `n` ids are all taken by the special tokens."""
    special = tokenizer.num_special_tokens_to_add()
    if n > special:
        return
    names = " and ".join(visible(str(token)) for token in tokenizer.convert_ids_to_tokens(tokenizer("")["input_ids"]))
    raise InputError(
        f"n is {n}, which leaves no room for the text: {type(tokenizer).__name__} adds "
        f"{plural(special, 'special token')}, {names}, and n counts them. Choose {special + 1} or more."
    )


def _cut_encodings(
    tokenizer: Any, texts: list[str], head: int, tail: int, offsets: bool
) -> Iterator[dict[str, list[Any]]]:
    """Yield for each text what a fast tokenizer returns, without the tokens between its first `head` and last `tail`."""
    asked = {"return_special_tokens_mask": True, "return_offsets_mapping": offsets, "verbose": False}
    encoding: Mapping[str, list[list[Any]]] = tokenizer(texts, **asked)
    for number, mask in enumerate(encoding["special_tokens_mask"]):
        row = {name: values[number] for name, values in encoding.items() if name != "special_tokens_mask"}
        of_text = [place for place, special in enumerate(mask) if not special]
        cut = set(_middle(of_text, head, tail))
        yield {name: [one for place, one in enumerate(values) if place not in cut] for name, values in row.items()}


def _cut_ids(tokenizer: Any, texts: list[str], head: int, tail: int) -> Iterator[dict[str, list[Any]]]:
    """Yield the same for a tokenizer written in Python, which puts its special tokens around any ids."""
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        kept = ids[:head] + ids[head + len(_middle(ids, head, tail)) :]
        yield dict(tokenizer.prepare_for_model(kept, verbose=False))


def _middle(places: Sequence[int], head: int, tail: int) -> Sequence[int]:
    """Return what stands after the first `head` and before the last `tail` of `places`."""
    return places[head : max(head, len(places) - tail)]
