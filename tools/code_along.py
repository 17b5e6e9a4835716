"""`python -m tools.code_along`: write the code-along twin of every lesson (`--check`: only say which are out of step).

A twin is the lesson without its outputs, and without the code that the instructor types live (`tools.blanks`). Prose,
figures' code and long cells are there, so that nobody copies from a screen what nobody learns from. Cells keep their ids;
a cell that is left to type is tagged `type-along`. Nothing executes a twin, since a blank cannot run.
"""

import argparse
import copy
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from tools.blanks import blanked, to_blank
from tools.exercises import bring_in_step, formatted
from tools.links import without_head, write_links
from tools.normalise import kept_metadata
from tools.notebooks import Project, ToolError, kind, read, tags, topic

TAG = "type-along"
_ADVICE = (
    "**Code along.** Where a cell says *Type along*, type what is typed in front, and run it. The finished code is in "
    "[the lesson]({lesson})."
)
_LINK = re.compile(r"(\]\()(?![a-z]+:|#|/)")


def twin_path(lesson: Path) -> Path:
    return lesson.parent / "code_along" / f"{topic(lesson)}_code_along.ipynb"


def twin_of(project: Project, lesson: Path) -> NotebookNode:
    """Return the code-along twin of a lesson."""
    notebook = copy.deepcopy(read(lesson))
    notebook.cells = [cell for cell in notebook.cells if not _is_for_the_speaker(cell)]
    typed = to_blank(notebook.cells)
    for cell in notebook.cells:
        cell.metadata = kept_metadata(cell)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            _without_comparing(cell)
        else:
            cell.source = _LINK.sub(r"\1../", cell.source)
        if cell.id in typed:
            cell.source = blanked(cell.source)
            cell.metadata["tags"] = [*tags(cell), TAG]
    title, _, rest = without_head(notebook.cells[0].source).partition("\n\n")
    advice = _ADVICE.format(lesson=f"../{lesson.name}")
    notebook.cells[0].source = "\n\n".join(part for part in (f"{title} (code along)", advice, rest) if part)
    write_links(project, twin_path(lesson), notebook)
    return formatted(notebook, twin_path(lesson))


def _is_for_the_speaker(cell: NotebookNode) -> bool:
    return cell.metadata.get("slideshow", {}).get("slide_type") == "notes"


def _without_comparing(cell: NotebookNode) -> None:
    """Drop the tags that say how outputs are compared: there are none."""
    kept = [tag for tag in tags(cell) if not tag.startswith("nbval-")]
    cell.metadata.pop("tags", None)
    if kept:
        cell.metadata["tags"] = kept


def update(project: Project, lesson: Path, *, check: bool) -> bool:
    """Write the twin of one lesson unless it is in step; return whether it was not."""
    return bring_in_step(twin_path(lesson), twin_of(project, lesson), check=check)


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.code_along", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one is out of step")
    check = parser.parse_args(arguments).check
    project = project or Project()
    lessons = [path for path in project.all() if kind(path) == "lesson"]
    try:
        stale = [twin_path(path) for path in lessons if update(project, path, check=check)]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        print(f"{project.shown(path)}: {'out of step; run python -m tools.code_along' if check else 'written'}")
    alone = sorted(set((project.notebooks / "code_along").glob("*.ipynb")) - {twin_path(path) for path in lessons})
    for path in alone:
        print(f"{project.shown(path)}: no lesson makes it; delete it")
    return int(bool(alone) or (check and bool(stale)))


if __name__ == "__main__":
    sys.exit(main())
