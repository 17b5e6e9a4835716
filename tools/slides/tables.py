"""A Markdown table as blocks: columns of a reckoned width, and its rows on several slides if they are too many for one."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from tools.slides.blocks import Block
from tools.slides.markdown import Markdown
from tools.slides.measure import (
    LEAST_ROOM,
    TABLE_CELL,
    TABLE_LINE,
    TABLE_SIZE,
    chunks,
    column_widths,
    text_lines,
    text_width,
    word_widths,
)

# A little more than reckoned: a cell that is a pixel short of its text breaks it.
_SLACK = 3


def table_blocks(markdown: Markdown, group: Sequence[Token], cell: int) -> Iterator[Block]:
    """Yield the table as one block, or as several that repeat its head."""
    head, *body = _rows(group)
    widths = _widths([head, *body])
    head_height, *heights = [_height(row, widths, bold=row is head) for row in (head, *body)]
    for chosen in chunks(heights, LEAST_ROOM - head_height):
        rows = [body[place] for place in chosen]
        height = head_height + sum(heights[place] for place in chosen)
        yield Block("table", _html(markdown, head, rows, widths), height, cell)


def _rows(group: Sequence[Token]) -> list[list[Token]]:
    """Return the inline tokens of the cells, row by row."""
    rows: list[list[Token]] = []
    for token in group:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token)
    return rows


def _widths(rows: Sequence[Sequence[Token]]) -> list[int]:
    columns = list(zip(*rows, strict=True))
    padding = TABLE_CELL[0] + _SLACK
    wanted = [padding + max(text_width(cell.children or [], TABLE_SIZE, True) for cell in column) for column in columns]
    least = [
        padding
        + max((max(word_widths(cell.children or [], TABLE_SIZE, True), default=0) for cell in column), default=0)
        for column in columns
    ]
    return column_widths(wanted, least)


def _height(row: Sequence[Token], widths: Sequence[int], bold: bool) -> int:
    lines = [
        text_lines(cell.children or [], TABLE_SIZE, width - TABLE_CELL[0], bold)
        for cell, width in zip(row, widths, strict=True)
    ]
    return max(lines) * TABLE_LINE + TABLE_CELL[1]


def _html(markdown: Markdown, head: Sequence[Token], rows: Sequence[Sequence[Token]], widths: Sequence[int]) -> str:
    columns = "".join(f'<col style="width: {width}px">' for width in widths)
    # An empty corner is no heading.
    titles = [
        f'<th scope="col">{markdown.inline_html(cell.content)}</th>' if cell.content else "<td></td>" for cell in head
    ]
    body = [_row([f"<td>{markdown.inline_html(cell.content)}</td>" for cell in row]) for row in rows]
    return (
        f'<table style="width: {sum(widths)}px"><colgroup>{columns}</colgroup>'
        f"<thead>{_row(titles)}</thead><tbody>{''.join(body)}</tbody></table>"
    )


def _row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"
