"""How much room things take on a slide, reckoned before any browser draws them.

All numbers are pixels of a slide of 1280 × 720 and are what deck.css says. Text is measured with the advances of DejaVu
Sans, the widest of the fonts that deck.css names, so elsewhere it takes less. What remains is measured in Chromium by
`tools.slides.check`, which lists every slide that does not fit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from unicodedata import east_asian_width

from markdown_it.token import Token

from hf_tutorial.attention.lettering import width as regular_width

WIDTH, HEIGHT = 1280, 720
SIDE, TOP, FOOT = 60, 30, 46
ACROSS = WIDTH - 2 * SIDE
GAP = 16
# How finely the heights of the parts of a table or a list are made alike.
_STEP = 10
# The line below what scrolls that says so.
HINT = 28

HEADING_SIZE, HEADING_LINE, PART = 36, 44, 110
TEXT_SIZE, TEXT_LINE = 27, 38
TABLE_SIZE, TABLE_LINE, TABLE_CELL = 26, 34, (28, 13)
# Sizes of the letters and heights of their lines, 1.3 times as high. 20 is the least that can be read at the back of a room.
CODE_SIZES = {26: 34, 22: 29, 20: 26}
CODE_SIDES, CODE_ENDS = 44, 24

# DejaVu Sans Bold is 1.12 times as wide as its regular face, measured over the lessons' bold words.
BOLD = 1.12
# Monospaced letters are 0.602 of their size in all the fonts named, and inline code is set at 0.92 of the text.
MONO = 0.602
INLINE_MONO = 0.92 * MONO
# deck.css pads inline code by 0.2 em on each side.
INLINE_PADDING = 0.4
# Where a line of code goes on in the next one, it is set in by so many letters.
HANGING = 4


def heading_lines(heading: Sequence[Token]) -> int:
    """Return how many lines a heading takes, with “2 of 3” behind it."""
    return text_lines(heading, HEADING_SIZE, ACROSS - PART, bold=True) if heading else 0


def room_below(lines: int) -> int:
    """Return the height that a slide has for its blocks, each with its gap, below a heading of so many lines."""
    return HEIGHT - TOP - FOOT - lines * HEADING_LINE


# What the highest block may take below a heading of one line, and of two, which is the most there is.
ROOM, LEAST_ROOM = (room_below(lines) - GAP for lines in (1, 2))


def text_lines(inline: Sequence[Token], size: float, room: float, bold: bool = False) -> int:
    """Return in how many lines a browser sets the text, breaking at spaces."""
    return broken_lines(word_widths(inline, size, bold), 0.32 * size, room)


def text_width(inline: Sequence[Token], size: float, bold: bool = False) -> float:
    """Return the width of the text in one line."""
    widths = word_widths(inline, size, bold)
    return sum(widths) + 0.32 * size * max(0, len(widths) - 1)


def word_widths(inline: Sequence[Token], size: float, bold: bool = False) -> list[float]:
    """Return the widths of the words of a text, from the children of its inline token."""
    words: list[float] = []
    joined = False
    for character, advance in _characters(inline, bold):
        if character.isspace():
            joined = False
        elif joined:
            words[-1] += advance * size
        else:
            words.append(advance * size)
            joined = True
    return words


def _characters(inline: Sequence[Token], bold: bool) -> Iterable[tuple[str, float]]:
    """Yield each character with its width as a part of the font's size."""
    depth = int(bold)
    for token in inline:
        depth += (token.type == "strong_open") - (token.type == "strong_close")
        if token.type == "code_inline":
            for position, character in enumerate(token.content):
                yield character, INLINE_MONO * columns(character) + (0 if position else INLINE_PADDING)
        elif token.type in ("softbreak", "hardbreak"):
            yield " ", 0.0
        else:
            yield from ((character, _advance(character) * (BOLD if depth else 1)) for character in token.content)


def _advance(character: str) -> float:
    # A picture comes from another font, about as wide as it is high.
    return 1.3 if columns(character) > 1 else regular_width(character, 1, 72)


def broken_lines(widths: Sequence[float], space: float, room: float) -> int:
    """Return how many lines words of these widths make.

    >>> broken_lines([30, 30, 30], space=10, room=70)
    2
    """
    lines, used = 1, 0.0
    for width in widths:
        needed = used + space + width if used else width
        if needed > room and used:
            lines, needed = lines + 1, width
        # A word that is longer than a line is broken anywhere.
        lines += int((needed - 0.01) // room)
        used = needed - int((needed - 0.01) // room) * room
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def code_size(lines: Sequence[str], largest: int) -> int:
    """Return the size of the letters for these lines: as large as they fit a slide and no line wraps that need not."""
    smallest = min(CODE_SIZES)
    for size in CODE_SIZES:
        wraps_more = code_lines(lines, size) > code_lines(lines, smallest)
        if size <= largest and not wraps_more and code_height(lines, size) <= LEAST_ROOM:
            return size
    return smallest


def code_height(lines: Sequence[str], size: int) -> int:
    """Return the height of code or output; an empty line is half as high as another."""
    empty = sum(not line.strip() for line in lines)
    return round((code_lines(lines, size) - empty / 2) * CODE_SIZES[size]) + CODE_ENDS


def code_lines(lines: Sequence[str], size: int) -> int:
    """Return how many lines these make, with those that go on in the next one."""
    capacity = int((ACROSS - CODE_SIDES) / (MONO * size))
    return sum(_wrapped(line, capacity) for line in lines)


def _wrapped(line: str, capacity: int) -> int:
    if columns(line) <= capacity or not line.strip():
        return 1
    indent = len(line) - len(line.lstrip())
    # Each word with the spaces before it.
    words = [columns(word) for word in re.findall(r"\s*\S+", line.strip())]
    return broken_lines([words[0] - HANGING, *words[1:]], 0, capacity - indent - HANGING)


def column_widths(wanted: Sequence[float], least: Sequence[float], room: float = ACROSS) -> list[int]:
    """Share the width of a table among its columns: what each wants, or its longest word and a share of the rest.

    >>> column_widths([100, 200], [50, 50], room=400), column_widths([300, 900], [100, 100], room=800)
    ([100, 200], [220, 580])
    """
    if sum(wanted) <= room:
        return [round(width) for width in wanted]
    if sum(least) > room:
        least = [need * room / sum(least) for need in least]
    spare = room - sum(least)
    wishes = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    total = sum(wishes) or 1.0
    ends = accumulate(need + spare * wish / total for need, wish in zip(least, wishes, strict=True))
    rounded = [0, *map(round, ends)]
    return [after - before for before, after in pairwise(rounded)]


def chunks(heights: Sequence[int], room: int, between: int = 0) -> list[list[int]]:
    """Return the places of the rows or items that stand together, such that no part is higher than `room`.

    There are as few parts as can be, and they are as alike in height as can be.

    >>> chunks([40, 40, 40, 40], room=150, between=10)
    [[0, 1], [2, 3]]
    """
    found = list(_filled(heights, room, between))
    # A part that is a little lower may do as well: the last is then not left with a single row.
    for lower in range(room // _STEP * _STEP, 0, -_STEP):
        parts = list(_filled(heights, lower, between))
        if len(parts) > len(found):
            break
        found = parts
    return found


def _filled(heights: Sequence[int], room: int, between: int) -> Iterator[list[int]]:
    """Yield the places that fill one part after the other."""
    chunk: list[int] = []
    used = 0
    for place, height in enumerate(heights):
        if chunk and used + between + height > room:
            yield chunk
            chunk, used = [], 0
        used += height + (between if chunk else 0)
        chunk.append(place)
    yield chunk
