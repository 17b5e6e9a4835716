"""`compare_tokenizers`: the same text under several tokenizers, so that one sees where their cuts differ."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_tutorial.errors import InputError
from hf_tutorial.page import write_page
from hf_tutorial.tokens import comparison_html, comparison_text, html
from hf_tutorial.tokens.alignment import Cell, cells_of
from hf_tutorial.tokens.inspection import describe_frame, inspect_tokens, usable
from hf_tutorial.tokens.spans import Row

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Count:
    """How many tokens a tokenizer needs. Special tokens that it adds count in `special` alone.

    `tokens_per_word` counts words as the spaces part them, the same for every tokenizer. It and `characters_per_token`
    are None where there is nothing to divide by.
    """

    tokenizer: str
    tokens: int
    special: int
    unknown: int
    tokens_per_word: float | None
    characters_per_token: float | None
    vocabulary: int


@dataclass(frozen=True)
class Line:
    """One tokenizer's tokens, and its cells on the text: none if it does not tell where its tokens stand."""

    name: str
    row: Row
    cells: tuple[Cell, ...]
    count: Count


@dataclass(frozen=True, repr=False)
class TokenizerComparison:
    """One text under several tokenizers. In a notebook it shows itself as HTML, in a terminal as text."""

    text: str
    lines: tuple[Line, ...]

    @property
    def counts(self) -> tuple[Count, ...]:
        """One `Count` per tokenizer; `pandas.DataFrame(comparison.counts)` makes a table of them."""
        return tuple(line.count for line in self.lines)

    def __repr__(self) -> str:
        return comparison_text.comparison(self)

    def _repr_html_(self) -> str:
        return comparison_html.comparison(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a page that needs nothing but itself, and return its path."""
        return write_page(path, html.as_page("Tokenizers compared", comparison_html.comparison(self)))

    def to_pandas(self) -> "DataFrame":
        """Return a data frame with one line per id, those of the first tokenizer first."""
        frame = describe_frame(tuple(line.row for line in self.lines))
        frame.insert(0, "tokenizer", [self.lines[number].name for number in frame["row"]])
        return frame.drop(columns=["row", "sample"])


def compare_tokenizers(tokenizers: Mapping[str, Any], text: str) -> TokenizerComparison:
    """Show `text` under each of `tokenizers`, a name for each, laid out on its characters and with their counts.

    compare_tokenizers({"BERT": bert, "GPT-2": gpt2}, "Tokenization differs.")
    """
    if not isinstance(tokenizers, Mapping) or not tokenizers:
        raise InputError('tokenizers must be a mapping with a name for each, such as {"BERT": tokenizer}.')
    if not isinstance(text, str):
        raise InputError(f"text must be one string, but is {type(text).__name__}.")
    return TokenizerComparison(text, tuple(_line(str(name), one, text) for name, one in tokenizers.items()))


def _line(name: str, tokenizer: Any, text: str) -> Line:
    tokenizer = usable(tokenizer)
    row = inspect_tokens(tokenizer, text).rows[0]
    return Line(name, row, cells_of(tokenizer, row, text), _count(name, row, text, len(tokenizer)))


def _count(name: str, row: Row, text: str, vocabulary: int) -> Count:
    tokens = sum(not token.inserted for token in row.tokens)
    words = len(text.split())
    return Count(
        tokenizer=name,
        tokens=tokens,
        special=len(row.tokens) - tokens,
        unknown=sum(token.unknown for token in row.tokens),
        tokens_per_word=tokens / words if words else None,
        characters_per_token=len(text) / tokens if tokens else None,
        vocabulary=vocabulary,
    )
