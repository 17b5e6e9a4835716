"""What is measured: which tool, on how many layers, heads and tokens."""

import math
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hf_tutorial.attention.weights import Attention

HEADS = 12
LAYERS = (12, 6)
TOKENS = (16, 64, 128)

# Ours first in each list: the ratios are to it.
PICTURES = ("plot_attention_grid", "matplotlib, one axes per head, bare", "matplotlib, one axes per head, token ticks")
PAGES = ("explore_attention", "inspectus", "BertViz head_view", "BertViz model_view", "CircuitsVis")
# Their pages fetch require.js, d3 and jQuery from a CDN.
NEEDS_LIBRARIES = ("BertViz head_view", "BertViz model_view")
# From so many tokens on, half a minute or more each, in Python or in the browser. With 6 layers it is half of that and
# says nothing new, so these run with 12 alone, and `--quick` leaves them out.
LONG_LAYERS = 12
LONG = {
    "matplotlib, one axes per head, token ticks": 64,
    "BertViz model_view": 64,
    "CircuitsVis": 64,
}
# Whole words only: at a piece such as ##able inspectus draws nothing and ends with an error.
WORDS = ["the", "bank", "raised", "its", "rates", "while", "the", "river", "ran", "on", "past", "unbreakable", "stone"]


@dataclass(frozen=True)
class Case:
    """One tool on one size of input; the model has 12 heads in each layer."""

    tool: str
    layers: int
    tokens: int

    @property
    def long(self) -> bool:
        return self.tokens >= LONG.get(self.tool, math.inf)


def cases(tools: tuple[str, ...], *, quick: bool) -> list[Case]:
    """Return the cases of these tools, all or those that take seconds."""
    every = [Case(tool, layers, tokens) for layers in LAYERS for tokens in TOKENS for tool in tools]
    return [case for case in every if not case.long or (case.layers == LONG_LAYERS and not quick)]


def synthetic(layers: int, heads: int, tokens: int) -> "Attention":
    """Return attention that looks like nothing in particular: the softmax of seeded normal scores.

    Trained heads have stripes and diagonals, which compress better; so these sizes are the unfavourable ones.
    """
    import numpy as np

    from hf_tutorial.attention.labels import plain_labels
    from hf_tutorial.attention.weights import Attention

    scores = np.exp(2 * np.random.default_rng(0).normal(size=(layers, heads, tokens, tokens)))
    weights = (scores / scores.sum(axis=-1, keepdims=True)).astype(np.float32)
    labels = plain_labels(["[CLS]", *islice(cycle(WORDS), tokens - 2), "[SEP]"])
    return Attention(weights, labels, labels, "self", tuple(range(layers)), tuple(range(heads)))
