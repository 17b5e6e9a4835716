"""Shortening texts for a model, by words or by tokens, and what is lost by it."""

from hf_tutorial.truncation.tokens import truncate_tokens
from hf_tutorial.truncation.words import truncate_words

__all__ = ["truncate_tokens", "truncate_words"]
