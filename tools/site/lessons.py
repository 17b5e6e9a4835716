"""What the course says of each notebook: its page, its titles, and for a lesson what it teaches and how long it takes."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tools.notebooks import Project, kind, topic
from tools.rules.sheet import Sheet


@dataclass(frozen=True)
class Lesson:
    """A lesson as the first page lists it. Title and goal are Markdown, as in the notebook."""

    page: str
    title: str
    learned: str
    minutes: str
    practice: tuple[tuple[str, str], ...]


def page_of(project: Project, path: Path) -> str:
    """Return the name of a notebook's page, without suffix, from the first page."""
    return Path(project.key(path)).with_suffix("").as_posix()


def title_of(project: Project, path: Path) -> str:
    """Return the notebook's own title, or its name if it has none."""
    headings = Sheet(project, path).headings
    return next((heading.text for heading in headings if heading.level == 1), path.stem)


def short_title(title: str) -> str:
    """Return what a narrow column has room for: the title without what follows its colon.

    >>> short_title("00 · Quick start: from a sentence to a prediction")
    '00 · Quick start'
    """
    return title.partition(":")[0].strip() or title


def lesson(project: Project, path: Path, pages: Collection[str]) -> Lesson:
    """Describe a lesson by its own title, goals and time, and by the practice that is among `pages`."""
    text = "\n".join(text for _, text in Sheet(project, path).markdown)
    return Lesson(
        page=page_of(project, path),
        title=title_of(project, path),
        learned=_first(r"^## What you will learn\s*?\n(?:(?!#).*\n)*?[-*] (.+)$", text),
        minutes=_first(r"^## Before you start\s*?\n(?:(?!#).*\n)*?.*?(\d+) minutes", text),
        practice=tuple((kind(other).capitalize(), page_of(project, other)) for other in practice(project, path, pages)),
    )


def practice(project: Project, path: Path, pages: Collection[str]) -> list[Path]:
    """Return the exercises and the solutions of a lesson, as far as they are among `pages`."""
    mine = [other for other in project.all() if kind(other) != "lesson" and topic(other) == topic(path)]
    return [other for other in mine if page_of(project, other) in pages]


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""
