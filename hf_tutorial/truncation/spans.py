"""Where the words or the tokens of a text stand in it, and slices of the text between them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

Unit = Literal["words", "tokens"]
Spans = Sequence[tuple[int, int]]

# What str.split() calls a word.
_WORD = re.compile(r"\S+")
# Spans take more memory than texts: so many texts at a time have theirs.
_AT_ONCE = 500


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return from and to which character each word reaches.

    >>> word_spans("so  good")
    [(0, 2), (4, 8)]
    """
    return [match.span() for match in _WORD.finditer(text)]


def token_spans(tokenizer: Any, texts: Sequence[str]) -> Iterator[Spans]:
    """Yield for each text the span of each of its tokens, special tokens left out.

    A tokenizer that does not know where its tokens stand gives as many spans as tokens, all of them empty.
    """
    asked: dict[str, Any] = {"add_special_tokens": False, "verbose": False}
    if tokenizer.is_fast:
        asked["return_offsets_mapping"] = True
    for start in range(0, len(texts), _AT_ONCE):
        encoding = tokenizer(list(texts[start : start + _AT_ONCE]), **asked)
        yield from (
            encoding["offset_mapping"] if tokenizer.is_fast else ([(0, 0)] * len(ids) for ids in encoding["input_ids"])
        )


def between(text: str, spans: Spans, head: int, tail: int) -> str:
    """Return the slice of `text` that the first `head` spans reach over and that of the last `tail`, with a space between.

    A text that has no more spans than that stays whole.
    """
    if len(spans) <= head + tail:
        return text
    return " ".join(_slice(text, kept) for kept in (spans[:head], spans[len(spans) - tail :]) if kept)


def _slice(text: str, spans: Spans) -> str:
    """Return the slice from the first of `spans` to the last; those of tokens may overlap, and empty ones stand nowhere."""
    filled = [span for span in spans if span[0] < span[1]]
    return text[min(start for start, _ in filled) : max(end for _, end in filled)] if filled else ""
