"""What of a cell's outputs counts: the rules by which nbval compares, and the difference of two outputs in words."""

import difflib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks import tags

IGNORE = "nbval-ignore-output"

# What nbval replaces in texts before it compares them.
NOT_COMPARED_PARTS = Path(__file__).with_name("not_compared.cfg")

# nbval never compares these: pixels differ between platforms, and a widget view's id is random.
NOT_COMPARED = ("image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json")


def is_compared(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and IGNORE not in tags(cell)


def comparable(cell: NotebookNode) -> dict[str, list[str]]:
    """Return what nbval compares of a cell: a list of texts for each stream, error field and MIME type."""
    found: dict[str, list[str]] = {}
    for output in cell.outputs:
        for name, text in _fields(output):
            found.setdefault(name, []).append(text)
    for stream in ("stdout", "stderr"):
        if stream in found:
            found[stream] = ["".join(found[stream])]
    return found


def _fields(output: NotebookNode) -> Iterator[tuple[str, str]]:
    match output.output_type:
        case "stream":
            yield output.name, _sanitised(output.text)
        case "error":
            yield "ename", output.ename
            yield "evalue", output.evalue
        case _:
            data = ((mime, text) for mime, text in output.data.items() if mime not in NOT_COMPARED)
            yield from ((mime, _sanitised(str(text))) for mime, text in data)


def _sanitised(text: str) -> str:
    for pattern, replacement in _replacements():
        text = re.sub(pattern, replacement, text)
    return text


@cache
def _replacements() -> list[tuple[str, str]]:
    from nbval.plugin import get_sanitize_patterns

    return get_sanitize_patterns(NOT_COMPARED_PARTS.read_text(encoding="utf-8"))


def texts(cell: NotebookNode) -> str:
    """Return everything that a reader of the outputs sees as text, tracebacks included."""
    tracebacks = [line for output in cell.outputs for line in output.get("traceback", [])]
    return "\n".join([*(text for texts in comparable(cell).values() for text in texts), *tracebacks])


def difference(first: NotebookNode, second: NotebookNode, names: tuple[str, str]) -> str:
    """Return a diff of what nbval compares in two runs of a cell; empty if there is none."""
    before, after = comparable(first), comparable(second)
    lines: list[str] = []
    for field in dict.fromkeys([*before, *after]):
        old, new = ("\n".join(found.get(field, [])).splitlines() for found in (before, after))
        old_label, new_label = (f"{field} under {name}" for name in names)
        lines += difflib.unified_diff(old, new, old_label, new_label, lineterm="", n=1)
    return "\n".join(lines)
