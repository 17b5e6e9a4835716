"""Bring a notebook's metadata and outputs into the one form that is committed."""

import site
import sys
from pathlib import Path

from nbformat import NotebookNode

KEPT_METADATA = ("alt", "slideshow", "tags")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

_NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def normalise(notebook: NotebookNode, root: Path) -> None:
    """Normalise `notebook` in place: metadata, execution counts 1 … n, alternative texts, paths in tracebacks."""
    notebook.metadata = NotebookNode(_NOTEBOOK_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    count = 0
    for cell in notebook.cells:
        cell.metadata = kept_metadata(cell)
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                _normalise_output(output, cell, root)


def kept_metadata(cell: NotebookNode) -> NotebookNode:
    """Return the part of a cell's metadata that authors write."""
    return NotebookNode({key: cell.metadata[key] for key in KEPT_METADATA if cell.metadata.get(key)})


def _normalise_output(output: NotebookNode, cell: NotebookNode, root: Path) -> None:
    if output.output_type == "execute_result":
        output.execution_count = cell.execution_count
    if output.output_type == "error":
        output.traceback = [without_places(line, root) for line in output.traceback]
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
        output.metadata = _image_metadata(output, cell)


def _image_metadata(output: NotebookNode, cell: NotebookNode) -> NotebookNode:
    """Return the alternative text of an image: what the figure said itself, or else the cell's metadata `alt`."""
    said = output.metadata.get("image/png", {}).get("alt") or cell.metadata.get("alt")
    return NotebookNode({"image/png": {"alt": said}} if said and "image/png" in output.data else {})


def without_places(line: str, root: Path) -> str:
    """Return a line of a traceback without the folders of this machine."""
    places = [*site.getsitepackages(), str(root), sys.prefix, sys.base_prefix, str(Path.home())]
    for place in sorted(set(places) - {"/"}, key=len, reverse=True):
        line = line.replace(place, "…")
    return line
