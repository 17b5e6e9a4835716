"""A code cell as blocks: its source, and what it put out."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from nbformat import NotebookNode

from hf_tutorial.page import escape
from tools.slides.blocks import Block
from tools.slides.code import code_html, text_html
from tools.slides.frames import frame_block
from tools.slides.measure import ACROSS, ROOM, code_height, code_size

# A figure may be drawn a little smaller than it could be, to stand with what belongs to it; else it gets its own slide.
_SMALLER = 0.8

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass
class Pictures:
    """Collects the figures of a deck as files, which lie in `folder` beside it."""

    folder: str
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, data: bytes) -> str:
        """Keep a PNG; return its address from the deck."""
        name = f"{sha256(data).hexdigest()[:16]}.png"
        self.files[name] = data
        return f"{self.folder}/{name}"


def cell_blocks(cell: NotebookNode, number: int, pictures: Pictures, largest: int) -> Iterator[Block]:
    """Yield a code cell and its outputs, in letters of at most `largest`."""
    if cell.source.strip():
        yield _code(cell.source.rstrip(), number, largest)
    for output in cell.outputs:
        yield from _output(output, number, pictures, largest)


def _code(source: str, number: int, largest: int) -> Block:
    lines = source.split("\n")
    size = code_size(lines, largest)
    height = code_height(lines, size)
    page = code_html(source, "ipython3", size, "source")
    return Block("code", page, height, number, least=min(height, ROOM), label=f"Code of cell {number}")


def _output(output: NotebookNode, number: int, pictures: Pictures, largest: int) -> Iterator[Block]:
    match output.output_type:
        case "stream":
            yield _text(output.text, number, largest)
        case "error":
            yield _text(f"{output.ename}: {output.evalue}", number, largest, "error")
        case _ if "text/html" in output.data:
            yield frame_block(output.data["text/html"], output.data.get("text/plain", ""), number)
        case _ if "image/png" in output.data:
            yield _figure(output, number, pictures)
        case _ if "text/plain" in output.data:
            yield _text(output.data["text/plain"], number, largest)


def _text(text: str, number: int, largest: int, name: str = "printed") -> Block:
    lines = _ANSI.sub("", text).expandtabs().strip("\n").split("\n")
    size = code_size(lines, largest)
    height = code_height(lines, size)
    page = text_html("\n".join(lines), size, name)
    return Block("output", page, height, number, least=min(height, ROOM), label=f"Output of cell {number}")


def _figure(output: NotebookNode, number: int, pictures: Pictures) -> Block:
    data = base64.b64decode(output.data["image/png"])
    width, height = png_size(data)
    alt = output.metadata.get("image/png", {}).get("alt") or output.metadata.get("alt", "")
    shown = min(ROOM, round(height * ACROSS / width))
    page = f'<img src="{pictures.add(data)}" alt="{escape(alt)}">'
    return Block("figure", page, shown, number, least=round(_SMALLER * shown))


def png_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, from its first chunk."""
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
