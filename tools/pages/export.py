"""One notebook as one HTML page: nbconvert's cells in our own page."""

import copy
import re
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from tools.links import BADGE_IMAGE

TEMPLATES = Path(__file__).parent

_NOTEBOOK_LINK = re.compile(r"\]\((?!\w+:)([^)\s#]+)\.ipynb(#[^)\s]*)?\)")


def export(notebook: NotebookNode, folder: Path, *, title: str, home: str, navigation: str) -> str:
    """Return the page of an executed notebook.

    `folder` is where its images lie, which become part of the page; `home` is the way to the course's first page, as
    "../"; `navigation` is HTML.
    """
    exporter = HTMLExporter(
        template_name="template",
        extra_template_basedirs=[str(TEMPLATES)],
        embed_images=True,
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    page = {"title": title, "home": home, "navigation": navigation}
    resources = {"metadata": {"path": str(folder)}, "page": page}
    html, _ = exporter.from_notebook_node(_for_pages(notebook), resources=resources)
    return html


def _for_pages(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose links lead to pages, and whose badge is a link without the picture that Colab serves."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = cell.source.replace(f"[![Open in Colab]({BADGE_IMAGE})]", "[Open in Colab]")
            cell.source = _NOTEBOOK_LINK.sub(r"](\1.html\2)", source)
    return notebook
