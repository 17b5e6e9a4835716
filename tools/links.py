"""`python -m tools.links`: write the badge line and the set-up cell into every notebook (`--check`: only say which differ).

Both follow from owner, repository and branch in pyproject.toml's `[tool.hf-tutorial]`, so that a fork changes one place.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tools.notebooks import Project, ToolError, kind, read, tags, topic, write

BADGE_IMAGE = "https://colab.research.google.com/assets/colab-badge.svg"
BADGE_START = "[![Open in Colab]("
SETUP_TAGS = ["setup", "nbval-ignore-output"]

_SETUP = """\
import importlib.util

if importlib.util.find_spec("hf_tutorial") is None:  # on Colab
    %pip install --quiet "hf-tutorial @ git+https://github.com/{owner}/{repository}@{branch}"

from hf_tutorial import setup

session = setup(seed=42, source="auto")  # "hub", or "local" for the stand-ins that the printed outputs came from
session"""


def badge_line(project: Project, path: Path) -> str:
    """Return the badge, and beside it the way to the lesson, its exercises or its solutions."""
    where = "{owner}/{repository}/blob/{branch}".format(**project.settings)
    address = f"https://colab.research.google.com/github/{where}/notebooks/{project.key(path)}"
    return " · ".join([f"{BADGE_START}{BADGE_IMAGE})]({address})", *_neighbours(path)])


def _neighbours(path: Path) -> list[str]:
    name = topic(path)
    lesson = f"[The lesson](../{name}.ipynb)"
    match kind(path):
        case "exercises":
            return [lesson, f"[The solutions](../solutions/{name}_solutions.ipynb)"]
        case "solutions":
            return [lesson, f"[The exercises](../exercises/{name}_exercises.ipynb)"]
    return []


def setup_source(project: Project) -> str:
    """Return the set-up cell, the same in every notebook."""
    return _SETUP.format(**project.settings)


def is_setup(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and "setup" in tags(cell)


def write_links(project: Project, path: Path, notebook: NotebookNode) -> None:
    """Put badge line and set-up cell into `notebook`, in place."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        raise ToolError(f"{project.shown(path)}: begin it with a markdown cell that holds the title")
    notebook.cells[0].source = _with_badge(notebook.cells[0].source, badge_line(project, path))
    cells = [cell for cell in notebook.cells if is_setup(cell)]
    if not cells:
        cells = [_insert_setup_cell(project, path, notebook)]
    for cell in cells:
        cell.source = setup_source(project)
        cell.metadata["tags"] = list(SETUP_TAGS)


def _with_badge(source: str, badge: str) -> str:
    """Replace the badge line, or add it below the title."""
    kept = [line for line in source.splitlines() if not line.startswith(BADGE_START)]
    while kept and not kept[0].strip():
        kept.pop(0)
    title, rest = kept[:1], "\n".join(kept[1:]).strip("\n")
    return "\n\n".join(part for part in (*title, badge, rest) if part)


def _insert_setup_cell(project: Project, path: Path, notebook: NotebookNode) -> NotebookNode:
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and re.match(r"## Set-up\s*$", cell.source.split("\n")[0]):
            new = new_code_cell(metadata={"slideshow": {"slide_type": "skip"}}, id="setup")
            notebook.cells.insert(position + 1, new)
            return new
    raise ToolError(f"{project.shown(path)}: add a markdown cell “## Set-up” where the set-up cell belongs")


def update(project: Project, path: Path, *, check: bool) -> bool:
    """Bring one notebook into step, or with `check` leave it; return whether it was out of step."""
    before, after = read(path), read(path)
    write_links(project, path, after)
    if before == after:
        return False
    if not check:
        write(path, after)
    return True


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.links", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="default: all")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one is out of step")
    options = parser.parse_args(arguments)
    project = project or Project()
    try:
        stale = [path for path in project.chosen(options.notebooks) if update(project, path, check=options.check)]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        print(f"{project.shown(path)}: {'out of step; run python -m tools.links' if options.check else 'written'}")
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
