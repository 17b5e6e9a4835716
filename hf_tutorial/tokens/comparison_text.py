"""A comparison as aligned text: the text on top, one line per tokenizer, a bar at each of its cuts."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from hf_tutorial.tokens import describe
from hf_tutorial.tokens.alignment import Cell, common_cuts, cuts_of
from hf_tutorial.tokens.text_form import LINE, aligned, wrap
from hf_tutorial.tokens.visible import pad, visible, width

if TYPE_CHECKING:
    from hf_tutorial.tokens.comparison import Count, TokenizerComparison

# Some 600 characters at the least; a longer text is a matter for to_pandas().
CHARACTERS_SHOWN = 600
ATOM = 40

COUNTS = {
    "tokenizer": "",
    "tokens": ",",
    "special": ",",
    "unknown": ",",
    "tokens_per_word": ".2f",
    "characters_per_token": ".2f",
    "vocabulary": ",",
}


def comparison(shown: "TokenizerComparison") -> str:
    """Return the aligned lines, then the counts."""
    lines = [*_lines(shown), *aligned(*counts_table(shown.counts))]
    for remark in remarks(shown):
        lines += ["", *wrap(remark, "")]
    return "\n".join(line.rstrip() for line in lines)


def counts_table(counts: Sequence["Count"]) -> tuple[list[str], list[list[str]], list[bool]]:
    """Return head, body and which columns hold numbers."""
    head = [name.replace("_", " ") for name in COUNTS]
    body = [[_number(getattr(count, name), form) for name, form in COUNTS.items()] for count in counts]
    return head, body, [name != "tokenizer" for name in COUNTS]


def _number(value: str | float | None, form: str) -> str:
    if value is None:
        return describe.UNKNOWN_HERE
    return visible(value, spaces=False) if isinstance(value, str) else format(value, form)


def remarks(shown: "TokenizerComparison") -> tuple[str, ...]:
    """Return sentences on what the layout leaves out."""
    said = []
    if len(shown.text) > CHARACTERS_SHOWN:
        left = len(shown.text) - CHARACTERS_SHOWN
        said.append(f"The text goes on for {left:,} more characters: to_pandas() has them all.")
    nowhere = [visible(line.name, spaces=False) for line in shown.lines if shown.text and not line.cells]
    if nowhere:
        said.append(f"Not laid out, since it does not tell where its tokens stand: {', '.join(nowhere)}.")
    return tuple(said)


def content(cell: Cell, text: str) -> str:
    """Return what stands in a cell: the text of its token, or the characters and how many tokens make them."""
    if len(cell.tokens) == 1:
        token = cell.tokens[0]
        return visible(token.piece if token.unknown or not token.text else token.text, limit=ATOM)
    return f"{visible(text[cell.start : cell.end], limit=ATOM)}×{len(cell.tokens)}"


def _lines(shown: "TokenizerComparison") -> Iterable[str]:
    names = [visible(line.name, spaces=False) for line in shown.lines]
    margin = max(width(name) for name in [*names, "text"]) + 2
    laid_out = [clipped(line.cells, CHARACTERS_SHOWN) for line in shown.lines]
    text = shown.text[:CHARACTERS_SHOWN]
    cuts = cuts_of(laid_out, len(text))
    widths = _widths(text, cuts, laid_out)
    for first, last in _blocks(cuts, widths, common_cuts(cuts, laid_out), LINE - margin):
        yield pad("text", margin) + _text_line(text, cuts[first : last + 1], widths[first:last])
        for name, cells in zip(names, laid_out, strict=True):
            if cells:
                here = [cell for cell in cells if cell.end > cuts[first] and cell.start < cuts[last]]
                yield pad(name, margin) + _cell_line(text, here, cuts[first : last + 1], widths[first:last])
        yield ""


def clipped(cells: Sequence[Cell], end: int) -> list[Cell]:
    """Return the part of `cells` that lies before the character `end`."""
    return [Cell(cell.start, min(cell.end, end), cell.tokens) for cell in cells if cell.start < end]


def atom_text(text: str, start: int, end: int) -> str:
    """Return the characters of an atom; the middle of a very long one is left out."""
    return visible(text[start:end], limit=ATOM)


def _widths(text: str, cuts: Sequence[int], lines: Sequence[Sequence[Cell]]) -> list[int]:
    """Return a width for each atom, such that its characters and every cell fit."""
    atoms = list(pairwise(cuts))
    widths = [width(atom_text(text, *atom)) for atom in atoms]
    number = {cut: n for n, cut in enumerate(cuts)}
    for cells in lines:
        for cell in cells:
            first, last = number[cell.start], number[cell.end]
            missing = width(content(cell, text)) - sum(widths[first:last]) - (last - first - 1)
            widths[last - 1] += max(0, missing)
    return widths


def _blocks(cuts: Sequence[int], widths: Sequence[int], common: Sequence[int], room: int) -> Iterable[tuple[int, int]]:
    """Yield the first and last cut of each block that fits into `room` columns, ended at a common cut if there is one."""
    may_end = set(common)
    first = 0
    while first < len(cuts) - 1:
        last, used, best = first, 1, 0
        while last < len(widths) and (last == first or used + widths[last] + 1 <= room):
            used += widths[last] + 1
            last += 1
            if cuts[last] in may_end:
                best = last
        last = len(widths) if last == len(widths) else (best or last)
        yield first, last
        first = last


def _text_line(text: str, cuts: Sequence[int], widths: Sequence[int]) -> str:
    atoms = zip(cuts, cuts[1:], widths, strict=False)
    return " " + " ".join(pad(atom_text(text, start, end), columns) for start, end, columns in atoms)


def _cell_line(text: str, cells: Sequence[Cell], cuts: Sequence[int], widths: Sequence[int]) -> str:
    """Return the line of one tokenizer: its cells, padded to their atoms, with a bar at each end."""
    ends = {place for cell in cells for place in (cell.start, cell.end)}
    line = ""
    at = 0
    while at < len(widths):
        cell = next((cell for cell in cells if cell.start <= cuts[at] < cell.end), None)
        last = at + 1 if cell is None else next((n for n, cut in enumerate(cuts) if cut >= cell.end), len(widths))
        room = sum(widths[at:last]) + last - at - 1
        shown = "" if cell is None or cell.start < cuts[at] else content(cell, text)
        line += ("│" if cuts[at] in ends else " ") + pad(shown, room)
        at = last
    return line + ("│" if cuts[-1] in ends else " ")
