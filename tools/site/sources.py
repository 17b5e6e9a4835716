"""The folder that Sphinx reads: executed notebooks, our own pages, the table of lessons, the reference."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.notebooks import Project, kind, write_text
from tools.site.figures import Pictures
from tools.site.lessons import Lesson, lesson, page_of, short_title, title_of
from tools.site.notebooks import for_site, prose_for_site
from tools.site.prose import text_of
from tools.site.reference import reference_pages

TABLE = "<!-- the table of lessons -->"
SHELVES = {
    "exercises": "The exercises of each lesson. Each checks your answers while you work: open its notebook and try.",
    "solutions": "The solutions of the exercises, with what is worth noticing about each. Try first.",
}


def write_sources(project: Project, docs: Path, notebooks: Mapping[Path, NotebookNode], folder: Path) -> None:
    """Fill the empty `folder`: `docs` holds conf.py and our own pages, `notebooks` are executed."""
    shutil.copytree(docs, folder, dirs_exist_ok=True)
    for page, text in reference_pages().items():
        write_text(folder / f"{page}.md", text)
    for name, introduction in SHELVES.items():
        shelf = [path for path in notebooks if kind(path) == name]
        if shelf:
            write_text(folder / name / "index.md", _shelf(project, name, introduction, shelf))
    pages = {page_of(project, path) for path in notebooks} | set(_pages_in(folder))
    _rewrite_own_pages(project, docs, folder, pages)
    _write_index(folder, [lesson(project, path, pages) for path in notebooks if kind(path) == "lesson"])
    pictures = Pictures(folder)
    for path, notebook in notebooks.items():
        place = folder / f"{page_of(project, path)}.ipynb"
        write_text(place, nbformat.writes(for_site(project, path, notebook, pages, pictures)))


def _pages_in(folder: Path) -> list[str]:
    return [path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.md")]


def _rewrite_own_pages(project: Project, docs: Path, folder: Path, pages: set[str]) -> None:
    """Lead the links of our own pages, which name files of the checkout, to the site's pages."""
    for path in sorted(docs.rglob("*.md")):
        page = path.relative_to(docs).with_suffix("").as_posix()
        home = (project.root / "docs" / "course" / page).parent
        text = prose_for_site(path.read_text(encoding="utf-8"), project, home, page, pages)
        write_text(folder / f"{page}.md", text)


def _shelf(project: Project, name: str, introduction: str, notebooks: Sequence[Path]) -> str:
    entries = [f"{_toc_text(title_of(project, path))} <{path.stem}>" for path in notebooks]
    return "\n".join([f"# {name.capitalize()}", "", introduction, "", "```{toctree}", *entries, "```"])


def _toc_text(title: str) -> str:
    """Return a title as a toctree takes it: one line of text, whose angle brackets would name a page."""
    return short_title(title).replace("<", "‹").replace(">", "›").replace("`", "")


def _write_index(folder: Path, lessons: Sequence[Lesson]) -> None:
    index = folder / "index.md"
    text = index.read_text(encoding="utf-8").replace(TABLE.replace("<", "&lt;"), _table(lessons))
    parts = {
        "Lessons": [f"{_toc_text(one.title)} <{one.page}>" for one in lessons],
        "Practice": [f"{name}/index" for name in SHELVES],
        "Reference": ["glossary", "when_the_hub_fails", "api/index", "genindex"],
        "Teaching": ["instructors/index"],
    }
    for caption, entries in parts.items():
        there = [entry for entry in entries if entry == "genindex" or "<" in entry or (folder / f"{entry}.md").exists()]
        if there:
            text += "\n".join(["", "```{toctree}", ":hidden:", f":caption: {caption}", "", *there, "```", ""])
    write_text(index, text)


def _table(lessons: Sequence[Lesson]) -> str:
    rows = ["| Lesson | You will learn | Time | Practice |", "|---|---|---|---|"]
    for one in lessons:
        practice = " · ".join(f"[{name}]({page}.ipynb)" for name, page in one.practice)
        minutes = f"{one.minutes} minutes" if one.minutes else ""
        rows.append(f"| [{text_of(one.title)}]({one.page}.ipynb) | {text_of(one.learned)} | {minutes} | {practice} |")
    return "\n".join(["", *rows, ""])
