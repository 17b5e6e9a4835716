"""A comparison as HTML: the text in groups that wrap like words, each with one line per tokenizer below it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from hf_tutorial.page import escape
from hf_tutorial.tokens.alignment import Cell, common_cuts, cuts_of
from hf_tutorial.tokens.comparison_text import (
    ATOM,
    CHARACTERS_SHOWN,
    atom_text,
    clipped,
    content,
    counts_table,
    remarks,
)
from hf_tutorial.tokens.html import fragment, kind, legend, scrolling
from hf_tutorial.tokens.visible import visible, width

if TYPE_CHECKING:
    from hf_tutorial.tokens.comparison import Count, TokenizerComparison


def comparison(shown: "TokenizerComparison") -> str:
    """Return the aligned groups, then the counts."""
    tokens = [token for line in shown.lines for token in line.row.tokens if not token.inserted]
    said = [f'<p class="hft-remark">{escape(remark)}</p>' for remark in remarks(shown)]
    return fragment("\n".join([_aligned(shown), legend(tokens), _counts(shown.counts), *said]))


def _aligned(shown: "TokenizerComparison") -> str:
    text = shown.text[:CHARACTERS_SHOWN]
    lines = [(line.name, clipped(line.cells, CHARACTERS_SHOWN)) for line in shown.lines if line.cells]
    if not text or not lines:
        return ""
    laid_out = [cells for _, cells in lines]
    cuts = cuts_of(laid_out, len(text))
    ends = common_cuts(cuts, laid_out)
    groups = [
        _group(text, cuts[bisect_left(cuts, start) : bisect_left(cuts, end) + 1], laid_out)
        for start, end in pairwise(ends)
    ]
    names = [visible(name, spaces=False) for name, _ in lines]
    # The groups wrap as the page is wide, so nobody knows how many lines there will be: the names stand there once for
    # every line that there could be, and what is too much is clipped away.
    column = "".join(f"<span>{escape(name)}</span>" for name in ["text", *names])
    margin = min(max(width(name) for name in [*names, "text"]), 14) * 0.7 + 1
    return (
        f'<div class="hft-aligned" style="--hft-margin: {margin:.1f}em">'
        f'<div class="hft-names" aria-hidden="true">{f"<div>{column}</div>" * len(groups)}</div>'
        f'<div class="hft-groups">{"".join(groups)}</div></div>'
    )


def _group(text: str, cuts: Sequence[int], lines: Sequence[Sequence[Cell]]) -> str:
    atoms = "".join(
        f'<bdi class="hft-atom" style="grid-area: 1 / {n}">{escape(atom_text(text, start, end))}</bdi>'
        for n, (start, end) in enumerate(pairwise(cuts), 1)
    )
    cells = "".join(
        _cell(text, cell, cuts, row, n)
        for row, line in enumerate(lines, 2)
        for n, cell in _within(line, cuts[0], cuts[-1])
    )
    return f'<div class="hft-group">{atoms}{cells}</div>'


def _within(cells: Sequence[Cell], start: int, end: int) -> Iterable[tuple[int, Cell]]:
    """Return the cells that begin between `start` and `end`, each with its number."""
    first, last = (bisect_left(cells, place, key=lambda cell: cell.start) for place in (start, end))
    return enumerate(cells[first:last], first)


def _cell(text: str, cell: Cell, cuts: Sequence[int], row: int, number: int) -> str:
    first, last = cuts.index(cell.start) + 1, cuts.index(cell.end) + 1
    look = (kind(cell.tokens[0]) if len(cell.tokens) == 1 else "") or ("hft-one", "hft-two")[number % 2]
    pieces = " ".join(visible(token.piece, limit=ATOM) for token in cell.tokens[:12])
    area = f"grid-area: {row} / {first} / {row + 1} / {last}"
    return f'<bdi class="hft-cell {look}" style="{area}" title="{escape(pieces)}">{escape(content(cell, text))}</bdi>'


def _counts(counts: Sequence["Count"]) -> str:
    head, body, numbers = counts_table(counts)
    look = [' class="hft-number"' if number else "" for number in numbers]
    top = "".join(f'<th scope="col"{look[n]}>{escape(name)}</th>' for n, name in enumerate(head))
    rows = "".join(f"<tr>{''.join(_count(n, text, look[n]) for n, text in enumerate(line))}</tr>" for line in body)
    caption = "How many tokens the text takes; special tokens are counted apart"
    return scrolling(
        f'<table class="hft-table"><caption><span>{caption}</span></caption><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>',
        "counts",
    )


def _count(column: int, text: str, look: str) -> str:
    return f'<th scope="row">{escape(text)}</th>' if column == 0 else f"<td{look}>{escape(text)}</td>"
