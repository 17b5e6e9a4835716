"""`python -m tools.nbgrader_cells SOLUTIONS SOURCE`: write an nbgrader source notebook from a solutions notebook.

A cell with a solution block becomes two: the answer, with our stub in front of its block (nbgrader takes out what stands
between the same markers), and a locked test that calls the check. Cells tagged `solution` are left out. Made for
nbgrader 0.9, whose cell metadata has version 3.
"""

import argparse
import ast
import copy
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tools.notebooks import ToolError, read, tags, write
from tools.stubs import BEGIN, END, stub

_BLOCK = re.compile(rf"^(?P<indent> *){BEGIN}$\n(?P<code>.*?)\n^ *{END}$", re.M | re.S)


def source_notebook(solved: NotebookNode, private: str | None = None) -> NotebookNode:
    """Return the notebook with nbgrader's metadata; every check is worth one point. `private` is a module of checks."""
    notebook = copy.deepcopy(solved)
    notebook.cells = [new for cell in notebook.cells if "solution" not in tags(cell) for new in _cells(cell, private)]
    return notebook


def _cells(cell: NotebookNode, private: str | None) -> Iterator[NotebookNode]:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    if cell.cell_type != "code" or BEGIN not in cell.source:
        yield cell
        return
    answer, _, rest = cell.source.rpartition(END)
    cell.source = _BLOCK.sub(lambda block: f"{stub(block['code'], block['indent'])}\n\n{block[0]}", answer + END)
    cell.metadata["nbgrader"] = _metadata(f"answer-{cell['id']}", solution=True)
    yield cell
    if rest.strip():
        yield _test(rest.strip(), cell["id"], private)


def _test(source: str, answer_id: str, private: str | None) -> NotebookNode:
    """Return the locked cell after an answer: a test worth a point if it ends with a check, else as it stands."""
    last = ast.parse(source).body[-1]
    name = _checked(last)
    if name is None:
        return new_code_cell(source, metadata={"nbgrader": _metadata(f"given-{answer_id}")})
    # nbgrader reads a number that a test shows as partial credit, and takes an error for none.
    lines = source.split("\n")
    lines[last.lineno - 1] = f"verdict = {lines[last.lineno - 1]}"
    hidden = ["### BEGIN HIDDEN TESTS", f"import {private}", "### END HIDDEN TESTS"] if private else []
    lines = [*hidden, *lines, "assert verdict.credit, verdict.message", "print(verdict)", "verdict.credit"]
    grade_id = "check-" + re.sub(r"\W", "-", name)
    return new_code_cell("\n".join(lines), metadata={"nbgrader": _metadata(grade_id, points=1)})


def _checked(statement: ast.stmt) -> str | None:
    """Return the exercise that a line such as `check("01.3", answer)` checks."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(name)), *_])):
            return name
    return None


def _metadata(grade_id: str, *, solution: bool = False, points: int | None = None) -> dict[str, object]:
    grade = {} if points is None else {"points": points}
    state = {"solution": solution, "grade": points is not None, "locked": not solution, "task": False}
    return {"grade_id": grade_id, "schema_version": 3, **state, **grade}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.nbgrader_cells", description=__doc__)
    parser.add_argument("solutions", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("--checks", metavar="MODULE", help="private checks, which only the grading machine can import")
    options = parser.parse_args(arguments)
    try:
        write(options.source, source_notebook(read(options.solutions), options.checks))
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.source}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
