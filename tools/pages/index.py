"""The first page: a table of the lessons, and the way from each page to the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tools.notebooks import Project, kind, topic
from tools.rules.sheet import Sheet

COURSE = "Hugging Face Transformers: the course"


@dataclass(frozen=True)
class Entry:
    """What the course says of a lesson: its page, its title, the first thing learned, and its minutes."""

    page: str
    title: str
    learned: str
    minutes: str


def entry(project: Project, path: Path) -> Entry:
    """Describe a lesson by its own title, goals and time."""
    sheet = Sheet(project, path)
    text = "\n".join(text for _, text in sheet.markdown)
    return Entry(
        page=page_of(project, path),
        title=title_of(sheet),
        learned=_first(r"^## What you will learn\s*?\n(?:(?!#).*\n)*?[-*] (.+)$", text),
        minutes=_first(r"^## Before you start\s*?\n(?:(?!#).*\n)*?.*?(\d+) minutes", text),
    )


def title_of(sheet: Sheet) -> str:
    return next((heading.text for heading in sheet.headings if heading.level == 1), sheet.path.stem)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""


def page_of(project: Project, path: Path) -> str:
    """Return the address of a notebook's page, from the first page."""
    return Path(project.key(path)).with_suffix(".html").as_posix()


def navigation(project: Project, path: Path) -> str:
    """Return the links at the head and foot of a page: the course, and the neighbours among its kind."""
    same = [other for other in project.all() if kind(other) == kind(path)]
    at = same.index(path)
    up = "" if kind(path) == "lesson" else "../"
    links = [f'<a href="{up}index.html">The course</a>']
    if at > 0:
        links.append(f'<a rel="prev" href="{same[at - 1].stem}.html">← {_name(project, same[at - 1])}</a>')
    if at + 1 < len(same):
        links.append(f'<a rel="next" href="{same[at + 1].stem}.html">{_name(project, same[at + 1])} →</a>')
    return f"<nav>{''.join(links)}</nav>"


def _name(project: Project, path: Path) -> str:
    return escape(title_of(Sheet(project, path)))


def index_page(project: Project, lessons: Sequence[Path]) -> str:
    """Return the first page."""
    rows = "\n".join(_row(project, path) for path in lessons)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{COURSE}</title>
<link rel="stylesheet" href="course.css">
</head>
<body>
<main>
<h1>{COURSE}</h1>
<p>{len(lessons)} lessons, to read here or to run as notebooks. The outputs were made without a network, by the stand-ins
that each lesson names.</p>
<table class="lessons">
<thead><tr><th scope="col">Lesson</th><th scope="col">You will learn</th><th scope="col">Time</th><th scope="col">Practice</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>"""


def _row(project: Project, path: Path) -> str:
    lesson = entry(project, path)
    minutes = f"{lesson.minutes} minutes" if lesson.minutes else ""
    return (
        f'<tr><td><a href="{escape(lesson.page)}">{escape(lesson.title)}</a></td>'
        f"<td>{_inline(lesson.learned)}</td><td>{minutes}</td><td>{_practice(project, path)}</td></tr>"
    )


def _inline(markdown: str) -> str:
    """Return one line of markdown as HTML: code, strong and emphasis; the rest is text."""
    html = escape(markdown)
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", html)
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html)


def _practice(project: Project, path: Path) -> str:
    mine = [other for other in project.all() if kind(other) != "lesson" and topic(other) == topic(path)]
    links = [f'<a href="{escape(page_of(project, other))}">{kind(other).capitalize()}</a>' for other in mine]
    return " · ".join(links)
