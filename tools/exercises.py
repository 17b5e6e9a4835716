"""`python -m tools.exercises`: write every exercise notebook from its solutions (`--check`: only say which differ).

Solution blocks become stubs (`tools.stubs`), cells tagged `solution` vanish, the title says “Exercises”, badge and links
change sides, and outputs are cleared: `python -m tools.refresh` fills them. In step means: the same cells, whatever the
outputs.
"""

import argparse
import ast
import copy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from tools.links import write_links
from tools.normalise import kept_metadata
from tools.notebooks import Project, ToolError, read, tags, topic, write
from tools.stubs import without_solution


def exercise_path(solution: Path) -> Path:
    return solution.parent.parent / "exercises" / f"{topic(solution)}_exercises.ipynb"


def exercises_from(project: Project, solution: Path) -> NotebookNode:
    """Return the exercise notebook that a solution notebook asks for, without outputs."""
    notebook = without_solutions(read(solution), project.shown(solution))
    write_links(project, exercise_path(solution), notebook)
    return formatted(notebook, exercise_path(solution))


def without_solutions(solved: NotebookNode, place: str) -> NotebookNode:
    """Return a copy with stubs for solution blocks, without solution cells and outputs; `place` names it in errors."""
    notebook = copy.deepcopy(solved)
    notebook.cells = [cell for cell in notebook.cells if "solution" not in tags(cell)]
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            cell.source = _stubbed(cell.source, f"{place}: cell {number}")
            cell.outputs, cell.execution_count = [], None
    title, *rest = notebook.cells[0].source.split("\n")
    notebook.cells[0].source = "\n".join([title.replace("Solutions", "Exercises"), *rest])
    return notebook


def _stubbed(source: str, place: str) -> str:
    try:
        stubbed = without_solution(source)
        if stubbed != source:
            ast.parse(TransformerManager().transform_cell(stubbed))
    except ValueError as error:
        raise ToolError(f"{place}: {error}") from error
    except SyntaxError as error:
        raise ToolError(
            f"{place}: without its solution, the cell is no Python ({error.msg}, line {error.lineno})"
        ) from error
    return stubbed


def formatted(notebook: NotebookNode, path: Path) -> NotebookNode:
    """Return the notebook as `ruff format` wants it: a stub needs other blank lines than what it replaces."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(path), "-"]
    done = subprocess.run(command, input=nbformat.writes(notebook), capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise ToolError(f"{path}: cannot be formatted ({done.stderr.strip()})")
    return nbformat.reads(done.stdout, as_version=nbformat.NO_CONVERT)


def in_step(exercises: Path, wanted: NotebookNode) -> bool:
    """Say whether the notebook has the wanted cells; outputs are not compared."""
    return exercises.is_file() and _cells(read(exercises)) == _cells(wanted)


def _cells(notebook: NotebookNode) -> list[tuple[str, str, object]]:
    return [(cell.cell_type, cell.source, kept_metadata(cell)) for cell in notebook.cells]


def update(project: Project, solution: Path, *, check: bool) -> bool:
    """Write the exercises of one solution notebook unless they are in step; return whether they were not."""
    return bring_in_step(exercise_path(solution), exercises_from(project, solution), check=check)


def bring_in_step(path: Path, wanted: NotebookNode, *, check: bool) -> bool:
    """Write the wanted notebook unless it is there already, or with `check` write nothing; return whether it was not."""
    if in_step(path, wanted):
        return False
    if not check:
        write(path, wanted)
    return True


def orphans(project: Project) -> list[Path]:
    """Return the exercise notebooks that no solution notebook makes."""
    made = {exercise_path(solution) for solution in (project.notebooks / "solutions").glob("*.ipynb")}
    return sorted(set((project.notebooks / "exercises").glob("*.ipynb")) - made)


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.exercises", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one is out of step")
    check = parser.parse_args(arguments).check
    project = project or Project()
    solutions = sorted((project.notebooks / "solutions").glob("*.ipynb"))
    try:
        stale = [exercise_path(path) for path in solutions if update(project, path, check=check)]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        print(f"{project.shown(path)}: {'out of step; run python -m tools.exercises' if check else 'written'}")
    alone = orphans(project)
    for path in alone:
        print(f"{project.shown(path)}: no solution notebook makes it; add one or delete it")
    return int(bool(alone) or (check and bool(stale)))


if __name__ == "__main__":
    sys.exit(main())
