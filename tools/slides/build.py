"""Write decks into a folder: their pages, their figures, what they load, and the list of all."""

import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks import Project, kind, topic, write_text
from tools.polls import polls_of
from tools.slides.assets import write_assets
from tools.slides.deck import slides, title_of
from tools.slides.markdown import Markdown
from tools.slides.outputs import Pictures
from tools.slides.render import deck_page, index_page


def build(project: Project, lessons: Mapping[Path, NotebookNode], target: Path) -> None:
    """Write the decks of these lessons into `target`, each file whole or not at all. Other decks there stay."""
    target.mkdir(parents=True, exist_ok=True)
    write_assets(target / "assets")
    known = {topic(path) for path in project.all() if kind(path) == "lesson"}
    _sweep(target, known)
    markdown = Markdown(decks={path.stem for path in target.glob("*.html")} | {topic(path) for path in lessons})
    for path, notebook in lessons.items():
        _write_deck(project, path, notebook, target, markdown)
    decks = [_entry(path) for path in sorted(target.glob("*.html")) if path.stem in known]
    write_text(target / "index.html", index_page(decks))


def _write_deck(project: Project, path: Path, notebook: NotebookNode, target: Path, markdown: Markdown) -> None:
    name = topic(path)
    pictures = Pictures(f"figures/{name}")
    deck = slides(notebook, polls_of(project, path), markdown, pictures)
    folder = target / pictures.folder
    for file, data in pictures.files.items():
        _write_bytes(folder / file, data)
    write_text(target / f"{name}.html", deck_page(deck, title_of(deck, markdown), markdown))
    for picture in folder.glob("*"):
        if picture.name not in pictures.files:
            picture.unlink()


def _write_bytes(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _sweep(target: Path, known: set[str]) -> None:
    """Delete the decks and figures of lessons that are no more."""
    for path in target.glob("*.html"):
        if path.stem not in known:
            path.unlink()
    for folder in target.glob("figures/*"):
        if folder.name not in known:
            shutil.rmtree(folder)


def _entry(path: Path) -> dict[str, object]:
    """Return what the list says about a deck, read from the deck itself."""
    page = path.read_text(encoding="utf-8")
    title = page.partition("<title>")[2].partition("</title>")[0]
    return {"address": path.name, "title": title, "slides": page.count('<p class="corner">')}
