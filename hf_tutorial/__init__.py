"""The helper package behind the hf-tutorial notebooks: what a lesson needs and a student should not have to write.

The names below are loaded when they are first used: importing the package imports neither torch nor transformers.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hf_tutorial.attention import (
        attention_from_outputs,
        capture_attention,
        explore_attention,
        plot_attention_grid,
        plot_attention_head,
    )
    from hf_tutorial.checks import check
    from hf_tutorial.errors import HfTutorialError
    from hf_tutorial.session import setup
    from hf_tutorial.sources.resolve import hub_or_local
    from hf_tutorial.sources.split import split_reviews
    from hf_tutorial.tokens import compare_tokenizers, inspect_tokens, print_encoding
    from hf_tutorial.truncation import truncate_tokens, truncate_words, truncation_report

__all__ = [
    "HfTutorialError",
    "attention_from_outputs",
    "capture_attention",
    "check",
    "compare_tokenizers",
    "explore_attention",
    "hub_or_local",
    "inspect_tokens",
    "plot_attention_grid",
    "plot_attention_head",
    "print_encoding",
    "setup",
    "split_reviews",
    "truncate_tokens",
    "truncate_words",
    "truncation_report",
]

_HOME = {
    "HfTutorialError": "hf_tutorial.errors",
    "attention_from_outputs": "hf_tutorial.attention",
    "capture_attention": "hf_tutorial.attention",
    "check": "hf_tutorial.checks",
    "compare_tokenizers": "hf_tutorial.tokens",
    "explore_attention": "hf_tutorial.attention",
    "hub_or_local": "hf_tutorial.sources.resolve",
    "inspect_tokens": "hf_tutorial.tokens",
    "plot_attention_grid": "hf_tutorial.attention",
    "plot_attention_head": "hf_tutorial.attention",
    "print_encoding": "hf_tutorial.tokens",
    "setup": "hf_tutorial.session",
    "split_reviews": "hf_tutorial.sources.split",
    "truncate_tokens": "hf_tutorial.truncation",
    "truncate_words": "hf_tutorial.truncation",
    "truncation_report": "hf_tutorial.truncation",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("hf-tutorial")
    if name not in _HOME:
        raise AttributeError(f"module 'hf_tutorial' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
