"""Notebooks as they should come out against the loopback Hub: copies of the stored ones, changed where the Hub changes them.

Only what differs by nature is taken out: the announcements of stand-ins. What a cell prints in `hub` mode alone stands in
`expected.toml`, written by hand.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from tools.notebooks import ToolError, tags
from tools.outputs import IGNORE, is_compared

EXPECTED = Path(__file__).with_name("expected.toml")
CHECKED = "nbval-check-output"

_ANNOUNCEMENT = re.compile(r"^\S+/\S+: a local stand-in, .*\n", flags=re.MULTILINE)
_LOADED = re.compile(r"""hub_or_local\(\s*["']([^"']+)["']""")


def loaded_ids(notebook: NotebookNode) -> list[str]:
    """Return the ids that the notebook's code gives to `hub_or_local`, in order."""
    sources = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return list(dict.fromkeys(hub_id for source in sources for hub_id in _LOADED.findall(source)))


@cache
def expected_texts() -> Mapping[str, Mapping[str, str]]:
    """Return the contents of `expected.toml`: for each notebook, the text by the id of the cell."""
    return tomllib.loads(EXPECTED.read_text(encoding="utf-8"))


def as_on_the_hub(notebook: NotebookNode, name: str) -> None:
    """Turn the stored outputs into those that the stand-ins give when a Hub serves them."""
    expected = dict(expected_texts().get(name, {}))
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if (text := expected.pop(cell.id, None)) is not None:
            cell.outputs = [new_output("stream", name="stdout", text=text.removeprefix("\n"))]
        elif "uses_hub" in cell.source and is_compared(cell):
            raise ToolError(
                f"{name}: cell {number}: has a branch for the Hub and no text in {EXPECTED.name} ({cell.id})"
            )
        else:
            cell.outputs = [output for output in cell.outputs if not _is_silent(_without_announcement(output))]
    if expected:
        raise ToolError(f"{EXPECTED.name}: {name} has no cell {', '.join(expected)}")


def _without_announcement(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        output.text = _ANNOUNCEMENT.sub("", output.text)
    return output


def _is_silent(output: NotebookNode) -> bool:
    return output.output_type == "stream" and not output.text


def verdicts_only(notebook: NotebookNode, name: str) -> None:
    """Leave nothing to compare but what the checks of exercises say: other models, other numbers."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            others = [tag for tag in tags(cell) if tag not in (CHECKED, IGNORE)]
            is_check = re.search(r"^check\(", cell.source, flags=re.MULTILINE)
            cell.metadata["tags"] = [*others, CHECKED if is_check else IGNORE]
