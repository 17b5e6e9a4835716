"""Which cells of a lesson are typed live, and what a student finds in their place.

Typed live is what a question comes before (*Before you run: …*): there the class has said what it expects, and waits for
the line that shows it. Set-up, long cells and cells that are meant to fail stay as they are. So do, at the beginning of a
cell, imports and plain data: a sentence to try something with teaches nobody's fingers.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from itertools import takewhile

from nbformat import NotebookNode

from tools.links import is_setup
from tools.notebooks import tags
from tools.stubs import stub

LONGEST, FEWEST, MOST = 10, 8, 20
TYPED = "...  # type along"
_WIDTH = 100
_DATA = (ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.UnaryOp, ast.unaryop, ast.expr_context)
_QUESTION = re.compile(r"^\*Before you (run|look)\b", re.MULTILINE)


def to_blank(cells: list[NotebookNode]) -> set[str]:
    """Return the ids of the cells that are typed live: those behind a question, the shortest first if there are too many.

    Where there are too few, other short cells are added.
    """
    short = [position for position, cell in enumerate(cells) if _can_be_typed(cell)]
    asked = [position for position in short if position and _QUESTION.search(_prose(cells[position - 1]))]
    others = [position for position in short if position not in asked]

    def length(position: int) -> int:
        return len(_lines(cells[position].source))

    chosen = sorted(asked, key=length)[:MOST]
    chosen += sorted(others, key=length)[: max(0, FEWEST - len(chosen))]
    return {cells[position].id for position in chosen}


def _prose(cell: NotebookNode) -> str:
    return cell.source if cell.cell_type == "markdown" else ""


def _can_be_typed(cell: NotebookNode) -> bool:
    """Say whether a cell is short Python that does something, works, and draws nothing."""
    if cell.cell_type != "code" or is_setup(cell) or "raises-exception" in tags(cell):
        return False
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError:  # a magic
        return False
    draws = re.search(r"\bplt\.|\baxes\b", cell.source)
    return not draws and len(_lines(cell.source)) <= LONGEST and not all(map(_is_given, statements))


def _lines(source: str) -> list[str]:
    return [line for line in source.split("\n") if line.strip()]


def _is_given(statement: ast.stmt) -> bool:
    """Say whether a statement only imports, or names plain data."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(value=value):
            return all(isinstance(node, _DATA) for node in ast.walk(value))
    return False


def blanked(source: str) -> str:
    """Return what stands in a cell that is typed live: what it begins with, what to type in words, a stub for each name.

    >>> print(blanked("import math\\n\\n# the long side\\nside = math.hypot(3, 4)\\nprint(side)"))
    import math
    <BLANKLINE>
    # Type along, 2 lines: math.hypot
    # the long side
    side = ...  # type along
    """
    given = list(takewhile(_is_given, ast.parse(source).body))
    lines = source.split("\n")
    end = given[-1].end_lineno or 0 if given else 0
    code = "\n".join(lines[end:])
    comments = [line for line in lines[end:] if line.startswith("#")]
    left = stub(code, here="", answer=TYPED)
    block = [_in_words(code, len(_lines(code)) - len(comments)), *comments, *([left] if left else [])]
    return "\n".join([*lines[:end], *([""] if given else []), *block])


def _in_words(code: str, lines: int) -> str:
    """Return a comment that says how much is typed, and which functions and methods are called."""
    words = f"# Type along, {lines} line{'s' if lines > 1 else ''}"
    called = list(dict.fromkeys(_called(ast.parse(code))))
    names = [name for name in called if not hasattr(builtins, name)] or called
    while names and len(f"{words}: {', '.join(names)}") > _WIDTH:
        names = [*names[: -2 if names[-1] == "…" else -1], "…"]
    return f"{words}: {', '.join(names)}" if names else words


def _called(tree: ast.AST) -> Iterator[str]:
    """Yield the names of what is called, in the order of the text."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.func.end_lineno or 0, call.func.end_col_offset or 0)):
        match call.func:
            case ast.Name(id=name):
                yield name
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                yield f"{owner}.{name}"
            case ast.Attribute(attr=name):
                yield f".{name}"
