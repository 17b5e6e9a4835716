"""Attention weights as plain data: an array, the labels of its axes, and what can be made of them.

Everything here is NumPy; no model is needed. Each method returns a new object and leaves its own as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hf_tutorial.attention.labels import Label
from hf_tutorial.errors import InputError

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["self", "causal", "cross"]
Numbers = int | slice | Sequence[int]

NAMES: dict[str, str] = {
    "self": "self-attention",
    "causal": "causal self-attention",
    "cross": "cross-attention",
}


@dataclass(frozen=True, repr=False, eq=False)
class Attention:
    """Attention weights of one kind, with their tokens.

    `weights` has the shape (layers, heads, queries, keys), in float32. `weights[l, h, q]` is how head `h` of layer `l`
    spreads query token `q` over the key tokens; it sums to 1 while `whole` is true. `layers` and `heads` hold the
    numbers that the model gives them, from 0, also after slicing; a head that stands for several has a name instead,
    such as "mean". `unit` is "token" or "word". `queries_are` says what the rows are named by: the token that is read
    there, or, in an encoder-decoder, the one that is written from there.
    """

    weights: np.ndarray
    queries: tuple[Label, ...]
    keys: tuple[Label, ...]
    kind: Kind
    layers: tuple[int, ...]
    heads: tuple[int | str, ...]
    model: str = ""
    unit: Literal["token", "word"] = "token"
    whole: bool = True
    queries_are: Literal["read", "written"] = "read"

    def __post_init__(self) -> None:
        wanted = (len(self.layers), len(self.heads), len(self.queries), len(self.keys))
        if self.weights.shape != wanted:
            raise InputError(
                f"weights must have the shape (layers, heads, queries, keys) = {wanted}, but have {self.weights.shape}."
            )

    @property
    def query_tokens(self) -> tuple[str, ...]:
        """The texts of the query axis."""
        return tuple(label.text for label in self.queries)

    @property
    def key_tokens(self) -> tuple[str, ...]:
        """The texts of the key axis."""
        return tuple(label.text for label in self.keys)

    @property
    def title(self) -> str:
        """The kind of attention and the model, such as "self-attention of BertModel"."""
        return NAMES[self.kind] + (f" of {self.model}" if self.model else "")

    def __repr__(self) -> str:
        layers, heads, queries, keys = self.weights.shape
        sums = "each row sums to 1" if self.whole else "some keys are left out, so rows sum to less than 1"
        lines = [
            self.title,
            f"{_count(layers, 'layer')} × {_count(heads, 'head')} × {_count(queries, f'query {self.unit}')} × "
            f"{_count(keys, f'key {self.unit}')}; {sums}",
        ]
        if self.query_tokens == self.key_tokens:
            lines.append(f"{self.unit}s: {_list(self.key_tokens)}")
        else:
            lines += [f"query {self.unit}s: {_list(self.query_tokens)}", f"key {self.unit}s: {_list(self.key_tokens)}"]
        return "\n".join(lines)

    def __getitem__(self, where: Numbers | tuple[Numbers, Numbers]) -> "Attention":
        """Return some layers, or some layers and heads, chosen by position as in NumPy; four axes stay four."""
        at_layers, at_heads = where if isinstance(where, tuple) else (where, slice(None))
        layers = _positions(at_layers, len(self.layers), "layer")
        heads = _positions(at_heads, len(self.heads), "head")
        return replace(
            self,
            weights=self.weights[np.ix_(layers, heads)],
            layers=tuple(self.layers[n] for n in layers),
            heads=tuple(self.heads[n] for n in heads),
        )

    def select(self, layers: Sequence[int] | None = None, heads: Sequence[int | str] | None = None) -> "Attention":
        """Return the layers and heads with these numbers (those in `layers` and `heads`); None keeps all."""
        return self[
            _places(layers, self.layers, "layer"),
            _places(heads, self.heads, "head"),
        ]

    def matrix(self, layer: int, head: int | str) -> np.ndarray:
        """Return the weights of one head by its numbers, shape (queries, keys)."""
        return self.select([layer], [head]).weights[0, 0]

    def merge_words(self) -> "Attention":
        """Return the attention between words: the rows of a word's tokens are averaged, their columns summed.

        So a row is still a share of attention and sums to 1. Special tokens stay on their own.
        """
        into_queries, queries = _groups(self.queries)
        into_keys, keys = _groups(self.keys)
        rows = into_queries / into_queries.sum(axis=1, keepdims=True)
        merged = np.einsum("aq,lhqk,bk->lhab", rows, self.weights, into_keys, optimize=True)
        return replace(self, weights=merged.astype(np.float32), queries=queries, keys=keys, unit="word")

    def mean_heads(self) -> "Attention":
        """Return the mean of the heads in each layer, as the one head "mean".

        A mean hides that heads differ: one that looks back and one that looks ahead average to something neither does.
        """
        return replace(self, weights=self.weights.mean(axis=1, keepdims=True), heads=("mean",))

    def without_special(self) -> "Attention":
        """Return the attention without the rows and columns of special tokens. What is left is not scaled up again."""
        queries = [n for n, label in enumerate(self.queries) if not label.special]
        keys = [n for n, label in enumerate(self.keys) if not label.special]
        return self._keep(queries, keys, "every token is a special one: nothing would be left.")

    def between(self, from_sequence: int, to_sequence: int) -> "Attention":
        """Return what the tokens of one text (0 or 1) give to those of another, special tokens left out."""
        queries = [n for n, label in enumerate(self.queries) if _of(label, from_sequence)]
        keys = [n for n, label in enumerate(self.keys) if _of(label, to_sequence)]
        texts = sorted({label.sequence for label in (*self.queries, *self.keys)})
        return self._keep(
            queries,
            keys,
            f"there are no tokens for sequence {from_sequence} or {to_sequence}: this attention has {texts}. "
            "Capture a pair: capture_attention(model, tokenizer, text, pair).",
        )

    def _keep(self, queries: list[int], keys: list[int], otherwise: str) -> "Attention":
        if not queries or not keys:
            raise InputError(otherwise)
        return replace(
            self,
            weights=self.weights[:, :, queries][:, :, :, keys],
            queries=tuple(self.queries[n] for n in queries),
            keys=tuple(self.keys[n] for n in keys),
            whole=self.whole and len(keys) == len(self.keys),
        )

    def rollout(self) -> "Attention":
        """Return attention rollout up to each layer; see `statistics.rollout` for what it can and cannot say."""
        from hf_tutorial.attention.statistics import rollout

        return rollout(self)

    def statistics(self) -> "dict[str, np.ndarray]":
        """Return each head's statistics by name, arrays of shape (layers, heads); see `attention.statistics`."""
        from hf_tutorial.attention.statistics import statistics

        return statistics(self)

    def to_pandas(self) -> "DataFrame":
        """Return the statistics as a data frame with one line per head."""
        import pandas as pd

        table = {name: values.ravel() for name, values in self.statistics().items()}
        places = [(layer, head) for layer in self.layers for head in self.heads]
        return pd.DataFrame({"layer": [p[0] for p in places], "head": [p[1] for p in places], **table})


@dataclass(frozen=True, repr=False, eq=False)
class EncoderDecoderAttention:
    """The three attentions of an encoder-decoder. `written` labels the token that each decoder row writes next."""

    encoder: Attention
    decoder: Attention
    cross: Attention
    written: tuple[Label, ...]

    @property
    def alignment(self) -> Attention:
        """The cross-attention, each row named by the token that is written from there and not by the one read."""
        return replace(self.cross, queries=self.written, queries_are="written")

    def __repr__(self) -> str:
        parts = (("encoder", self.encoder), ("decoder", self.decoder), ("cross", self.cross))
        return "\n".join(f".{name}: {part!r}".replace("\n", "\n    ") for name, part in parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _list(texts: Sequence[str], most: int = 20) -> str:
    left = len(texts) - most
    return " ".join(texts[:most]) + (f" … and {left} more" if left > 0 else "")


def _of(label: Label, sequence: int) -> bool:
    return label.sequence == sequence and not label.special


def _positions(where: Any, size: int, axis: str) -> list[int]:
    """Return the positions that `where` names on an axis, as NumPy would, with an error that names the axis."""
    if isinstance(where, slice):
        chosen = list(range(size))[where]
    else:
        numbers = [where] if isinstance(where, (int, np.integer)) else list(where)
        wrong = [number for number in numbers if not -size <= number < size]
        if wrong:
            raise InputError(f"{axis} {wrong[0]} is out of range: there are {_count(size, axis)}, 0 to {size - 1}.")
        chosen = [int(number) for number in numbers]
    if not chosen:
        raise InputError(f"no {axis} is chosen: there are {_count(size, axis)}, 0 to {size - 1}.")
    return chosen


def _places(numbers: Sequence[int | str] | None, there: Sequence[int | str], axis: str) -> list[int]:
    """Return where the layers or heads with these numbers stand."""
    if numbers is None:
        return list(range(len(there)))
    if isinstance(numbers, (int, str, np.integer)):
        numbers = [numbers]
    missing = [number for number in numbers if number not in there]
    if missing:
        raise InputError(
            f"{axis} {missing[0]} is not there: this attention has {axis}s {_list([*map(str, there)], 40)}."
        )
    return [there.index(number) for number in numbers]


def _groups(labels: Sequence[Label]) -> tuple[np.ndarray, tuple[Label, ...]]:
    """Return a matrix (groups, tokens) of ones where a token belongs to a group, and the labels of the groups."""
    owner: list[int] = []
    merged: list[Label] = []
    for label in labels:
        if label.word is None or not merged or merged[-1].word != label.word:
            merged.append(label if label.word is None else replace(label, text=label.word.text))
        owner.append(len(merged) - 1)
    matrix = np.zeros((len(merged), len(labels)))
    matrix[owner, range(len(labels))] = 1
    return matrix, tuple(merged)
