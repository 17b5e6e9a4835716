"""Inspections and comparisons as aligned text, for a terminal, a screen reader and a diff."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hf_tutorial.tokens import describe
from hf_tutorial.tokens.spans import Row, Token
from hf_tutorial.tokens.stages import Stage
from hf_tutorial.tokens.visible import pad, visible, width

if TYPE_CHECKING:
    from hf_tutorial.tokens.inspection import TokenInspection

LINE = 100
TOKENS_SHOWN = 200
PIECES_SHOWN = 60
ROWS_SHOWN = 16
POSITIONS_SHOWN = 48
CHARACTERS_SHOWN = 600
GRID = ("text", "piece", "id", "mask")


def inspection(shown: "TokenInspection") -> str:
    """Return the whole inspection: one row in full, several as a grid of positions."""
    lines = [describe.headline(shown.rows, shown.tokenizer), ""]
    if len(shown.rows) == 1:
        lines += _texts(shown.rows[0])
        lines += _stages(shown.stages[0])
        lines += _table(shown.rows[0])
    else:
        lines += _grid(shown)
    lines += ["", *shown.remarks] if shown.remarks else []
    return "\n".join(line.rstrip() for line in lines).rstrip("\n")


def _texts(row: Row) -> Iterable[str]:
    for name, text in zip(("text", "pair"), row.texts, strict=False):
        yield pad(name, 14) + one_text(text)


def one_text(text: str | tuple[str, ...]) -> str:
    """Return a text, or the words given instead, so that nothing in it is invisible."""
    whole = text if isinstance(text, str) else " │ ".join(text)
    return visible(whole, spaces=False, limit=CHARACTERS_SHOWN) or "(empty)"


def _stages(stages: Sequence[Stage]) -> Iterable[str]:
    for stage in stages:
        yield pad(stage.name, 14) + (stage.component or visible(stage.says, spaces=False))
        for line in stage_lines(stage):
            yield from wrap(line, " " * 16)
    if stages:
        yield ""


def stage_lines(stage: Stage) -> Iterable[str]:
    """Yield what the stage leaves, one line for each text, and what it says."""
    if stage.says != "changes nothing":
        for pieces in stage.results:
            spaces = stage.name != "normalise"
            listed = " │ ".join(
                visible(piece, spaces=spaces, limit=CHARACTERS_SHOWN) for piece in pieces[:PIECES_SHOWN]
            )
            yield (listed or "(nothing)") + _more(len(pieces) - PIECES_SHOWN, "piece")
    if stage.says and stage.component:
        yield visible(stage.says, spaces=False)


def _more(count: int, noun: str) -> str:
    return f" … and {describe.plural(count, f'more {noun}')}" if count > 0 else ""


def wrap(text: str, indent: str) -> Iterable[str]:
    """Yield lines of `LINE` columns, broken at spaces; a word that is longer stays whole."""
    line = ""
    for word in text.split(" "):
        if line and width(indent + line + " " + word) > LINE:
            yield indent + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield indent + line


def _table(row: Row) -> Iterable[str]:
    names = describe.columns([row])
    body = [describe.cells(token) for token in row.tokens[:TOKENS_SHOWN]]
    yield from aligned(
        names, [[cells[name] for name in names] for cells in body], [describe.COLUMNS[name] for name in names]
    )
    left = len(row.tokens) - len(body)
    if left > 0:
        yield f"… and {describe.plural(left, 'more token')}: to_pandas() has them all"


def aligned(head: Sequence[str], body: Sequence[Sequence[str]], right: Sequence[bool]) -> Iterable[str]:
    """Yield a table; the columns that `right` names hold numbers and stand on the right."""
    widths = [max(width(line[column]) for line in (head, *body)) for column in range(len(head))]
    for line in (head, *body):
        yield "  ".join(pad(cell, widths[n], right=right[n]) for n, cell in enumerate(line))


def _grid(shown: "TokenInspection") -> Iterable[str]:
    """Yield text, id and mask of every row, position under position, so that padding is seen as what it is."""
    rows = shown.rows[:ROWS_SHOWN]
    longest = max((len(row.tokens) for row in shown.rows), default=0)
    columns = [_column([row.tokens[n : n + 1] for row in rows]) for n in range(min(longest, POSITIONS_SHOWN))]
    for block in _blocks(columns):
        for number in range(len(rows)):
            yield describe.row_name(shown.rows, number)
            for part, name in enumerate(GRID):
                line = "  ".join(columns[n][number][part] for n in block)
                if line.strip():
                    yield f"  {name:<6}{line}"
        yield ""
    if longest > POSITIONS_SHOWN:
        yield f"… and {describe.plural(longest - POSITIONS_SHOWN, 'more position')}: to_pandas() has them all"
    if len(shown.rows) > ROWS_SHOWN:
        yield f"… and {describe.plural(len(shown.rows) - ROWS_SHOWN, 'more row')}: to_pandas() has them all"
    for number in range(len(rows)):
        for stage in shown.stages[number]:
            if stage.name in ("truncate", "pad"):
                yield f"{describe.row_name(shown.rows, number)}: {visible(stage.says, spaces=False)}"


def _column(tokens: Sequence[Sequence[Token]]) -> list[list[str]]:
    """Return what the grid says of one position in every row, all of one width."""
    column = [_grid_cell(here[0]) if here else [""] * len(GRID) for here in tokens]
    widest = max((width(part) for parts in column for part in parts), default=0)
    return [[pad(part, widest, right=True) for part in parts] for parts in column]


def _grid_cell(token: Token) -> list[str]:
    """Return the text, the piece where it is written otherwise, the id and the mask."""
    text = token.text or token.piece
    piece = "" if token.piece == text else visible(token.piece, limit=describe.CELL)
    return [visible(text, limit=describe.CELL), piece, str(token.id), str(int(token.attended))]


def _blocks(columns: Sequence[Sequence[Sequence[str]]]) -> Iterable[list[int]]:
    """Yield the positions that fit side by side."""
    block: list[int] = []
    used = 8
    for position, column in enumerate(columns):
        needed = width(column[0][0]) + 2 if column else 2
        if block and used + needed > LINE:
            yield block
            block, used = [], 8
        block.append(position)
        used += needed
    if block:
        yield block
