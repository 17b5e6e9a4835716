"""One notebook as one HTML page: nbconvert's cells in our own page."""

import copy
import re
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from tools.links import BADGE_IMAGE

TEMPLATES = Path(__file__).parent

_NOTEBOOK_LINK = re.compile(r"\]\((?!\w+:)([^)\s#]+)\.ipynb(#[^)\s]*)?\)")
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)")


def export(notebook: NotebookNode, *, title: str, home: str, navigation: str) -> str:
    """Return the page of an executed notebook.

    `home` is the way to the course's first page, as "../"; `navigation` is HTML. Images stay files beside the page:
    nbconvert's `embed_images` closes every `<details>` before its answer.
    """
    exporter = HTMLExporter(
        template_name="template",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    page = {"title": title, "home": home, "navigation": navigation}
    html, _ = exporter.from_notebook_node(_for_pages(notebook), resources={"page": page})
    return html


def _for_pages(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose links lead to pages, and whose badge is a link without the picture that Colab serves."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = cell.source.replace(f"[![Open in Colab]({BADGE_IMAGE})]", "[Open in Colab]")
            cell.source = _NOTEBOOK_LINK.sub(r"](\1.html\2)", source)
    return notebook


def local_images(notebook: NotebookNode) -> list[str]:
    """Return the images that lie beside a notebook, by the addresses that it gives them."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [address for address in _IMAGE.findall(prose) if not re.match(r"\w+:|//", address)]
