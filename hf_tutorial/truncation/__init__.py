"""Shortening texts for a model, by words or by tokens, and what is lost by it."""

from hf_tutorial.truncation.report import TruncationReport, truncation_report
from hf_tutorial.truncation.tokens import truncate_tokens
from hf_tutorial.truncation.words import truncate_words

__all__ = ["TruncationReport", "truncate_tokens", "truncate_words", "truncation_report"]
