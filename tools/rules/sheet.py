"""What a rule sees: one notebook, its place in the course, and short ways to ask about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from tools.colab_note import without_note
from tools.links import BADGE_START
from tools.notebooks import Kind, Project, kind, read, topic

# A finding: the number of the cell, from 1 (None: the whole notebook), and what is wrong and what to do.
Finding = tuple[int | None, str]

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A markdown heading: its cell's number, whether it begins the cell, its level and its text."""

    cell: int
    first: bool
    level: int
    text: str


@dataclass(frozen=True)
class Sheet:
    """One notebook under inspection."""

    project: Project
    path: Path

    @cached_property
    def notebook(self) -> NotebookNode:
        return read(self.path)

    @property
    def kind(self) -> Kind:
        return kind(self.path)

    @property
    def topic(self) -> str:
        return topic(self.path)

    @property
    def number(self) -> str:
        """The lesson's two digits."""
        return self.topic[:2]

    @property
    def cells(self) -> list[tuple[int, NotebookNode]]:
        return list(enumerate(self.notebook.cells, start=1))

    @property
    def code(self) -> list[tuple[int, NotebookNode]]:
        return [(number, cell) for number, cell in self.cells if cell.cell_type == "code"]

    @property
    def markdown(self) -> list[tuple[int, str]]:
        """Numbers and texts of the markdown cells, without the note on Colab and without fenced code."""
        return [
            (number, without_fences(without_note(cell.source)))
            for number, cell in self.cells
            if cell.cell_type == "markdown"
        ]

    @cached_property
    def headings(self) -> list[Heading]:
        return [heading for number, text in self.markdown for heading in _headings(number, text)]


def without_fences(text: str) -> str:
    return _FENCE.sub("", text)


def _headings(number: int, text: str) -> Iterator[Heading]:
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith(BADGE_START)]
    for position, line in enumerate(lines):
        if match := re.match(r"(#{1,6})\s+(.*?)\s*$", line):
            yield Heading(number, position == 0, len(match[1]), match[2])
