"""Attention weights: capturing them from a model, looking at them as data, drawing them."""

from hf_tutorial.attention.labels import Label
from hf_tutorial.attention.weights import Attention, EncoderDecoderAttention

__all__ = ["Attention", "EncoderDecoderAttention", "Label"]
