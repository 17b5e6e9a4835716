"""Notebooks as files: where they are, what kind they are, and how they are read and written."""

import re
import tomllib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent

Kind = Literal["lesson", "exercises", "solutions", "code_along"]


class ToolError(Exception):
    """Something the author can mend; the message names the notebook and says what to do."""


@dataclass(frozen=True)
class Project:
    """A checkout: its root, and what its pyproject.toml says about where it is published."""

    root: Path = ROOT

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def timings(self) -> Path:
        return self.notebooks / "timings.json"

    @cached_property
    def settings(self) -> dict[str, str]:
        """Owner, repository and branch, from `[tool.hf-tutorial]`."""
        return tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hf-tutorial"]

    def all(self) -> list[Path]:
        """Return every notebook that is executed: lessons, then exercises, then solutions; no code-along twins."""
        folders = (self.notebooks, self.notebooks / "exercises", self.notebooks / "solutions")
        return [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]

    def not_executed(self) -> list[Path]:
        """Return the notebooks that nothing executes: the code-along twins, and the examples below docs/."""
        return [
            *sorted((self.notebooks / "code_along").glob("*.ipynb")),
            *sorted((self.root / "docs").rglob("*.ipynb")),
        ]

    def chosen(self, arguments: Sequence[str]) -> list[Path]:
        """Return the notebooks that a command line names, or all of them."""
        paths = [Path(argument).resolve() for argument in arguments]
        for path in paths:
            if not path.is_file():
                raise ToolError(f"{path}: there is no such notebook")
            if path not in self.all():
                raise ToolError(f"{path}: not a notebook of this course, which are {self.notebooks}/[NN_topic].ipynb")
        return paths or self.all()

    def shown(self, path: Path) -> str:
        """Return the path as messages show it: from the root of the checkout."""
        return path.relative_to(self.root).as_posix()

    def key(self, path: Path) -> str:
        """Return the path from `notebooks/`, which names a notebook in timings and links."""
        return path.relative_to(self.notebooks).as_posix()


def kind(path: Path) -> Kind:
    """Tell lessons, exercises, solutions and code-along twins apart by their folder."""
    match path.parent.name:
        case "exercises" | "solutions" | "code_along" as name:
            return name
    return "lesson"


def topic(path: Path) -> str:
    """Return the lesson's own name: `00_quickstart` for the lesson, its exercises, its solutions and its twin.

    >>> topic(Path("notebooks/exercises/00_quickstart_exercises.ipynb"))
    '00_quickstart'
    """
    return re.sub("_(exercises|solutions|code_along)$", "", path.stem)


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def read(path: Path) -> NotebookNode:
    """Read a notebook as format 4.5. Cells without an id get one that follows from their text."""
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)
    except (OSError, ValueError, nbformat.reader.NotJSONError) as error:
        raise ToolError(f"{path}: cannot be read as a notebook ({error})") from error
    if notebook.nbformat != 4:
        raise ToolError(f"{path}: has notebook format {notebook.nbformat}; save it as format 4 first")
    notebook.nbformat_minor = 5
    give_ids(notebook)
    return notebook


def give_ids(notebook: NotebookNode) -> None:
    """Give an id to every cell that has none, or that another cell has already."""
    seen: set[str] = set()
    for cell in notebook.cells:
        wanted, copies = cell.get("id") or sha256(cell.source.encode()).hexdigest()[:8], 0
        cell["id"] = wanted
        while cell["id"] in seen:
            copies += 1
            cell["id"] = f"{wanted[:56]}-{copies}"
        seen.add(cell["id"])


def write(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook whole or not at all: beside its place, then renamed."""
    nbformat.validate(notebook)
    write_text(path, nbformat.writes(notebook, version=nbformat.NO_CONVERT))


def write_text(path: Path, text: str) -> None:
    """Write `text`, ended by one newline, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        draft.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
