"""`python -m tools.assignment SOLUTION ASSIGNMENT`: write the students' notebook of an assignment of your own.

SOLUTION is a notebook with `# BEGIN SOLUTION` blocks and cells tagged `solution`, like those in notebooks/solutions, and
lies anywhere. A cell tagged `setup` becomes the course's set-up cell, in both. `--check` writes nothing and exits 1 if
the two are not in step.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from tools.exercises import bring_in_step, formatted, without_solutions
from tools.links import is_setup, setup_source
from tools.notebooks import Project, ToolError, read


def student_version(project: Project, solved: NotebookNode, place: str) -> NotebookNode:
    """Return what students get of an assignment; `place` names the solution in errors."""
    # Formatted under a name inside the course, so that the course's line length holds wherever the assignment lies.
    return formatted(without_solutions(solved, place), project.notebooks / "exercises" / "assignment.ipynb")


def _with_setup(project: Project, solved: NotebookNode) -> NotebookNode:
    for cell in solved.cells:
        if is_setup(cell):
            cell.source = setup_source(project)
    return solved


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.assignment", description=__doc__)
    parser.add_argument("solution", type=Path)
    parser.add_argument("assignment", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if they are out of step")
    options = parser.parse_args(arguments)
    project = Project()
    try:
        solved = _with_setup(project, read(options.solution))
        wanted = {
            options.solution: solved,
            options.assignment: student_version(project, solved, str(options.solution)),
        }
        stale = [path for path, notebook in wanted.items() if bring_in_step(path, notebook, check=options.check)]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        print(f"{path}: {'out of step; run this without --check' if options.check else 'written'}")
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
