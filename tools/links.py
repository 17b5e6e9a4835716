"""`python -m tools.links`: write badge, Colab note and set-up cell into every notebook (`--check`: only say which differ).

Badge and set-up cell follow from owner, repository and branch in pyproject.toml's `[tool.hf-tutorial]`. A fork changes
them there, or with `python -m tools.links --owner NAME --repository NAME --branch NAME` (each may be left out), which
changes them there first. In the notebooks below docs/, which no badge opens, only the set-up cell is kept in step.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tools.colab_note import note, without_note
from tools.notebooks import Project, ToolError, kind, read, tags, topic, write, write_text

BADGE_IMAGE = "https://colab.research.google.com/assets/colab-badge.svg"
BADGE_START = "[![Open in Colab]("
KEYS = ("owner", "repository", "branch")
SETUP_TAGS = ["setup", "nbval-ignore-output"]

_SETUP = """\
import importlib.util

if importlib.util.find_spec("hf_tutorial") is None:  # on Colab
    %pip install --quiet "hf-tutorial[standins] @ git+https://github.com/{owner}/{repository}@{branch}"

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
        case "code_along":
            return [lesson]
    return []


def setup_source(project: Project) -> str:
    """Return the set-up cell, the same in every notebook."""
    return _SETUP.format(**project.settings)


def is_setup(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and "setup" in tags(cell)


def write_links(project: Project, path: Path, notebook: NotebookNode) -> None:
    """Put badge line, Colab note and set-up cell into `notebook`, in place."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        raise ToolError(f"{project.shown(path)}: begin it with a markdown cell that holds the title")
    notebook.cells[0].source = _with_head(notebook.cells[0].source, badge_line(project, path), note(path))
    if not any(is_setup(cell) for cell in notebook.cells):
        _insert_setup_cell(project, path, notebook)
    for cell in filter(is_setup, notebook.cells):
        cell.source = setup_source(project)
        cell.metadata["tags"] = list(SETUP_TAGS)


def without_head(source: str) -> str:
    """Return the text of a notebook's first cell without badge line and Colab note."""
    kept = [line for line in without_note(source).splitlines() if not line.startswith(BADGE_START)]
    title, _, rest = "\n".join(kept).strip("\n").partition("\n")
    return "\n\n".join(part for part in (title, rest.strip("\n")) if part)


def _with_head(source: str, *head: str) -> str:
    """Put badge line and Colab note below the title, in place of those that are there."""
    title, _, rest = without_head(source).partition("\n\n")
    return "\n\n".join(part for part in (title, *head, rest) if part)


def _insert_setup_cell(project: Project, path: Path, notebook: NotebookNode) -> None:
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and re.match(r"## Set-up\s*$", cell.source.split("\n")[0]):
            skipped = {"slideshow": {"slide_type": "skip"}, "tags": list(SETUP_TAGS)}
            notebook.cells.insert(position + 1, new_code_cell(metadata=skipped, id="setup"))
            return
    raise ToolError(f"{project.shown(path)}: add a markdown cell “## Set-up” where the set-up cell belongs")


def update(project: Project, path: Path, *, check: bool) -> bool:
    """Bring one notebook into step, or with `check` leave it; return whether it was out of step."""
    before, after = read(path), read(path)
    if path.is_relative_to(project.notebooks):
        write_links(project, path, after)
    for cell in filter(is_setup, after.cells):
        cell.source = setup_source(project)
    if before == after:
        return False
    if not check:
        write(path, after)
    return True


def publish_as(project: Project, **names: str) -> Project:
    """Write those of owner, repository and branch that are given into pyproject.toml; return the project as it then is."""
    path = project.root / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    for key, name in names.items():
        # It becomes part of an address and of a command.
        if not re.fullmatch(r"\w[\w./-]*", name, re.ASCII):
            raise ToolError(f"--{key} {name}: write it as it stands in the repository's address, such as my-{key}")
        text = re.sub(rf'(?ms)(^\[tool\.hf-tutorial\]$.*?^{key} = )"[^"]*"', rf'\g<1>"{name}"', text, count=1)
    write_text(path, text)
    return Project(project.root)


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.links", description=__doc__)
    parser.add_argument("notebooks", nargs="*", help="default: all")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one is out of step")
    for key in KEYS:
        parser.add_argument(f"--{key}", metavar="NAME", help=f"first write this {key} into pyproject.toml")
    options = parser.parse_args(arguments)
    project = project or Project()
    names = {key: name for key in KEYS if (name := getattr(options, key)) is not None}
    if names and (options.check or options.notebooks):
        parser.error("a new owner, repository or branch goes into all notebooks: name none, and leave --check out")
    try:
        if names:
            project = publish_as(project, **names)
        paths = project.chosen(options.notebooks) if options.notebooks else [*project.all(), *project.not_executed()]
        stale = [path for path in paths if update(project, path, check=options.check)]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale:
        print(f"{project.shown(path)}: {'out of step; run python -m tools.links' if options.check else 'written'}")
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
