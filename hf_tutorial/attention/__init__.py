"""Attention weights: capturing them from a model, looking at them as data, drawing them."""

from hf_tutorial.attention.capture import capture_attention
from hf_tutorial.attention.labels import Label, Word
from hf_tutorial.attention.plots import plot_attention_grid, plot_attention_head
from hf_tutorial.attention.reading import attention_from_outputs
from hf_tutorial.attention.weights import Attention, EncoderDecoderAttention

__all__ = [
    "Attention",
    "EncoderDecoderAttention",
    "Label",
    "Word",
    "attention_from_outputs",
    "capture_attention",
    "plot_attention_grid",
    "plot_attention_head",
]
