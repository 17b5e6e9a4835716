"""Looking into tokenizers: what an encoding holds, what every stage did, and how tokenizers differ."""

from hf_tutorial.tokens.comparison import TokenizerComparison, compare_tokenizers
from hf_tutorial.tokens.encoding import print_encoding
from hf_tutorial.tokens.inspection import TokenInspection, inspect_tokens

__all__ = ["TokenInspection", "TokenizerComparison", "compare_tokenizers", "inspect_tokens", "print_encoding"]
