"""One text under several tokenizers, laid out on its characters.

Each tokenizer cuts the text into cells: a cell is a stretch of characters that one token covers, or several tokens
whose spans overlap, such as the bytes of an emoji. Between cells may lie characters that no token covers, such as the
spaces that BERT drops. All cuts of all tokenizers together make the atoms, the columns on which the cells stand.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from hf_tutorial.tokens.pieces import alphabet_of
from hf_tutorial.tokens.spans import Row, Token


@dataclass(frozen=True)
class Cell:
    """The characters from `start` to `end` of the text, and the tokens that cover them."""

    start: int
    end: int
    tokens: tuple[Token, ...]


def cells_of(tokenizer: Any, row: Row, text: str) -> tuple[Cell, ...]:
    """Return the cells of `row` in the order of the text; nothing if the tokenizer does not tell where its tokens stand."""
    tokens = [token for token in row.tokens if not token.inserted]
    if any(token.span is None for token in tokens):
        places = _places_from_bytes(tokenizer, tokens, text)
    else:
        places = [_with_leading_space(token, text) for token in tokens]
    return _merged(places, tokens)


def _with_leading_space(token: Token, text: str) -> tuple[int, int]:
    """Return the span, widened by the space that belongs to a piece such as `Ġworld` but that its span leaves out."""
    start, end = token.span or (0, 0)
    leading = len(token.text) - len(token.text.lstrip(" "))
    while leading and start and text[start - 1] == " " and not token.source.startswith(" "):
        start, leading = start - 1, leading - 1
    return start, end


def _places_from_bytes(tokenizer: Any, tokens: Sequence[Token], text: str) -> list[tuple[int, int]]:
    """Return where tokens without spans stand, if their bytes one after the other are the text."""
    alphabet = alphabet_of(tokenizer)
    pieces = [alphabet.read(token.piece) for token in tokens]
    if b"".join(pieces) != text.encode():
        return []
    character = [at for at, one in enumerate(text) for _ in one.encode()]
    ends = list(accumulate(map(len, pieces)))
    return [
        (character[end - len(piece)], character[end - 1] + 1) for piece, end in zip(pieces, ends, strict=True) if piece
    ]


def _merged(places: Sequence[tuple[int, int]], tokens: Sequence[Token]) -> tuple[Cell, ...]:
    """Join tokens whose places overlap into one cell; a token without width goes with the one that follows it."""
    cells: list[Cell] = []
    waiting: list[Token] = []
    for (start, end), token in sorted(zip(places, tokens, strict=False), key=lambda both: both[0]):
        if start == end:
            waiting.append(token)
            continue
        if cells and start < cells[-1].end:
            last = cells.pop()
            start, end, before = last.start, max(last.end, end), last.tokens
        else:
            before = ()
        cells.append(Cell(start, end, (*before, *waiting, token)))
        waiting = []
    if waiting and cells:
        last = cells.pop()
        cells.append(Cell(last.start, last.end, (*last.tokens, *waiting)))
    return tuple(cells)


def cuts_of(lines: Sequence[Sequence[Cell]], length: int) -> list[int]:
    """Return every place where some tokenizer cuts, with both ends of the text."""
    ends = {place for cells in lines for cell in cells for place in (cell.start, cell.end)}
    return sorted(ends | {0, length})


def common_cuts(cuts: Sequence[int], lines: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the cuts that go through no cell of any tokenizer: there a line of the layout may end."""
    crossed = {cut for cells in lines for cell in cells for cut in _between(cuts, cell)}
    return [cut for cut in cuts if cut not in crossed]


def _between(cuts: Sequence[int], cell: Cell) -> Sequence[int]:
    return cuts[bisect_right(cuts, cell.start) : bisect_left(cuts, cell.end)]
