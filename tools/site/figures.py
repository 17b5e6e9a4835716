"""A figure on the site: a picture beside the page, its alternative text, and below it the numbers that it draws."""

import base64
import hashlib
import os
import struct
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from hf_tutorial.page import escape
from tools.notebooks import ToolError
from tools.site.kernel import DRAWN
from tools.site.tables import MOST_ROWS, Table, as_html

FOLDER = "_static/figures"
# Figures are drawn for screens with two pixels a point.
_PNG_SIZE = struct.Struct(">II")


class Pictures:
    """The pictures of the site, each written once, under the name of its content."""

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER

    def add(self, png: bytes) -> str:
        """Write a picture and return its address from the first page."""
        name = f"{hashlib.sha256(png).hexdigest()[:20]}.png"
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(png)
        return f"{FOLDER}/{name}"


def with_figures(output: NotebookNode, alt: str, pictures: Pictures, page: str) -> NotebookNode:
    """Return an output whose picture, if that is its best form, is HTML: Sphinx knows no alternative text in metadata.

    `alt` is the cell's text for a figure that brings none of its own.
    """
    data = output.get("data", {})
    drawn = data.pop(DRAWN, None)
    if "image/png" not in data or "text/html" in data:
        return output
    if isinstance(drawn, dict):
        raise ToolError(f"{page}: the numbers of a figure cannot be read ({drawn['unread']}); mend tools/site/drawn.py")
    alt = output.metadata.get("image/png", {}).get("alt") or alt
    data["text/html"] = figure(base64.b64decode(data.pop("image/png")), alt, drawn, pictures, page)
    return output


def figure(png: bytes, alt: str, drawn: list[dict] | None, pictures: Pictures, page: str) -> str:
    width, height = _PNG_SIZE.unpack(png[16:24])
    address = os.path.relpath(pictures.add(png), PurePosixPath(page).parent.as_posix()).replace(os.sep, "/")
    picture = f'<img src="{address}" alt="{escape(alt)}" width="{width}" height="{height}">'
    return f'<figure class="course-figure">{picture}\n{numbers(drawn or [])}</figure>'


def numbers(drawn: list[dict]) -> str:
    """Return what `tools.site.drawn` read off a figure, folded away; nothing if there is nothing to read."""
    tables = [Table(one["caption"], one["columns"], one["rows"]) for one in drawn if one["rows"]]
    if not tables:
        return ""
    most = max(5, MOST_ROWS // len(tables))
    body = "\n".join(f'<div class="course-scroll">{as_html(table, most)}</div>' for table in tables)
    return f"<details><summary>The numbers in this figure</summary>\n{body}\n</details>"
