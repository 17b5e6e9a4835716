"""`alt_text`: in words what a plot of attention shows, for those who cannot see it."""

from collections.abc import Sequence

import numpy as np

from hf_tutorial.attention.head import title_of
from hf_tutorial.attention.plots import one_attention
from hf_tutorial.attention.weights import Attention

_MOST_ROWS = 8
_WHERE = {
    "special": "special tokens",
    "previous": "the token before",
    "same": "the token itself",
    "next": "the token after",
}


def alt_text(
    attention: Attention, layers: Sequence[int] | None = None, heads: Sequence[int | str] | None = None
) -> str:
    """Return alternative text for the plot of these layers and heads: what it is, and what stands out.

    A notebook takes it as the cell's "alt", a file as `figure.savefig("grid.png", metadata={"Description": alt_text(…)})`.
    """
    chosen = one_attention(attention).select(layers, heads)
    single = chosen.weights.shape[:2] == (1, 1)
    return f"{_what(chosen, single)} {_rows(chosen) if single else _heads(chosen)}"


def _what(attention: Attention, single: bool) -> str:
    layers, heads, queries, keys = attention.weights.shape
    size = f"{queries} × {keys}: a row is a query {attention.unit}, a column a key {attention.unit}."
    if single:
        return f"{title_of(attention)}: {attention.title}, a heat map of {size}"
    return f"Grid of {layers} × {heads} heat maps, layers down and heads across: {attention.title}, each {size}"


def _rows(attention: Attention) -> str:
    """Say for each query where most of its weight goes."""
    weights = attention.weights[0, 0]
    best = weights.argmax(axis=-1)
    said = [
        f"{query} to {attention.key_tokens[key]} ({row[key]:.2f})"
        for query, key, row in zip(attention.query_tokens, best, weights, strict=True)
    ]
    left = len(said) - _MOST_ROWS
    return f"Largest weights: {', '.join(said[:_MOST_ROWS])}{f', and {left} more rows' if left > 0 else ''}."


def _heads(attention: Attention) -> str:
    """Count the heads that put most of their weight in one kind of place."""
    table, total = attention.statistics(), attention.weights.shape[0] * attention.weights.shape[1]
    counts = {place: int(np.sum(table[name] > 0.5)) for name, place in _WHERE.items() if name in table}
    said = [f"on {place} in {count}" for place, count in counts.items() if count]
    if not said:
        return f"None of the {total} heads has more than half of its weight in one kind of place."
    return f"Of {total} heads, more than half of the weight is {', '.join(said)}."
