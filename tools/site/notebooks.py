"""A notebook as the site shows it: its prose for Sphinx, its figures with text, and nothing that is for a speaker."""

import copy
from collections.abc import Collection
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks import Project, kind
from tools.site import prose
from tools.site.figures import Pictures, with_figures
from tools.site.lessons import page_of, practice


def for_site(
    project: Project, path: Path, notebook: NotebookNode, pages: Collection[str], pictures: Pictures
) -> NotebookNode:
    """Return a changed copy of an executed notebook. `pages` are the names of the site's pages."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [
        cell for cell in notebook.cells if cell.metadata.get("slideshow", {}).get("slide_type") != "notes"
    ]
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    page = page_of(project, path)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = prose_for_site(cell.source, project, path.parent, page, pages)
        elif cell.cell_type == "code":
            alt = cell.metadata.get("alt", "")
            cell.outputs = [with_figures(output, alt, pictures, page) for output in cell.outputs]
    if kind(path) == "lesson":
        _lead_to_practice(project, path, notebook.cells[0], pages)
    return notebook


def prose_for_site(text: str, project: Project, home: Path, page: str, pages: Collection[str]) -> str:
    """Return the Markdown of a cell, or of a page of ours, as Sphinx shall read it."""

    def change(part: str) -> str:
        part = prose.with_colab_button(prose.without_foreign_html(part))
        return prose.with_site_links(part, project, home, page, pages)

    return prose.with_boxes(prose.outside_code(text, change))


def _lead_to_practice(project: Project, path: Path, cell: NotebookNode, pages: Collection[str]) -> None:
    """Put the ways to exercises and solutions beside the Colab button, where those two have the way back."""
    links = [
        f"[{kind(other).capitalize()}]({page_of(project, other)}.ipynb)" for other in practice(project, path, pages)
    ]
    button, end = 'class="course-colab"', "Open in Colab</a>"
    if links and button in cell.source:
        cell.source = cell.source.replace(end, " · ".join([end, *links]), 1)
