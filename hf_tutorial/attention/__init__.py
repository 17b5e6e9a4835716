"""Attention weights: capturing them from a model, looking at them as data, drawing and exploring them."""

from hf_tutorial.attention.alt import alt_text
from hf_tutorial.attention.capture import capture_attention
from hf_tutorial.attention.explorer import AttentionExplorer, explore_attention
from hf_tutorial.attention.labels import Label, Word
from hf_tutorial.attention.plots import plot_attention_grid, plot_attention_head
from hf_tutorial.attention.reading import attention_from_outputs
from hf_tutorial.attention.weights import Attention, EncoderDecoderAttention

__all__ = [
    "Attention",
    "AttentionExplorer",
    "EncoderDecoderAttention",
    "Label",
    "Word",
    "alt_text",
    "attention_from_outputs",
    "capture_attention",
    "explore_attention",
    "plot_attention_grid",
    "plot_attention_head",
]
