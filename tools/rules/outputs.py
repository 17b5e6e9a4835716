"""Rules on what is stored: outputs that CI compares, students read and GitHub shows."""

import json
import re
from collections.abc import Iterator

from tools.normalise import KEPT_METADATA, WIDGET_VIEW
from tools.notebooks import tags
from tools.outputs import is_compared, texts
from tools.rules.sheet import Finding, Sheet

COMPARED_PERCENT = 80
LESSON_SECONDS, LONG_LESSON_SECONDS, EXERCISE_SECONDS = 60, 90, 20
LONG_LESSONS = ("08", "09", "10", "13")

_PLACE = re.compile(r"(?:/home|/Users|/root|/tmp|/work|/private/var)/[\w.-]+|[A-Z]:\\Users\\")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
_REMOTE = re.compile(r"(?:\bsrc\s*=\s*[\"']?|url\([\"']?|<link\b[^>]*href=[\"']?|@import\s+[\"']?)(?:https?:)?//", re.I)


def counts(sheet: Sheet) -> Iterator[Finding]:
    """The notebook was run once, from top to bottom: nbval compares nothing of a cell without a count."""
    found = [cell.execution_count for _, cell in sheet.code]
    if found != list(range(1, len(found) + 1)):
        yield None, "execution counts are not 1 … n; run python -m tools.refresh"


def metadata(sheet: Sheet) -> Iterator[Finding]:
    """Nothing that an editor left behind; GitHub refuses to show a notebook with widget state."""
    extra = sorted(set(sheet.notebook.metadata) - {"kernelspec", "language_info"})
    if extra:
        yield None, f"has the metadata {', '.join(extra)}; run python -m tools.refresh"
    for number, cell in sheet.cells:
        if left := sorted(set(cell.metadata) - set(KEPT_METADATA)):
            yield number, f"has the metadata {', '.join(left)}; run python -m tools.refresh"


def stderr(sheet: Sheet) -> Iterator[Finding]:
    """No warning and no log line is stored."""
    for number, cell in sheet.code:
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield number, "has stored stderr; mend or silence its cause, then run python -m tools.refresh"


def widgets(sheet: Sheet) -> Iterator[Finding]:
    """A widget view is nothing without its kernel."""
    for number, cell in sheet.code:
        if any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs):
            yield number, "has stored a widget; switch the progress bar off, then run python -m tools.refresh"


def errors(sheet: Sheet) -> Iterator[Finding]:
    """A cell fails if and only if it is tagged to fail."""
    for number, cell in sheet.code:
        fails = any(output.output_type == "error" for output in cell.outputs)
        if fails and "raises-exception" not in tags(cell):
            yield number, "has stored an error; mend it, or tag it raises-exception if it is meant to fail"
        if not fails and "raises-exception" in tags(cell):
            yield number, "is tagged raises-exception and does not fail; remove the tag"


def compared_share(sheet: Sheet) -> Iterator[Finding]:
    """Most of what a notebook shows is compared."""
    shown = [cell for _, cell in sheet.code if cell.outputs]
    compared = sum(1 for cell in shown if is_compared(cell))
    if 100 * compared < COMPARED_PERCENT * len(shown):
        yield (
            None,
            f"compares {compared} of its {len(shown)} cells with output; {COMPARED_PERCENT} % are needed: "
            "print something stable, and remove the tag nbval-ignore-output",
        )


def figure_texts(sheet: Sheet) -> Iterator[Finding]:
    """Every figure has an alternative text, in its output's metadata."""
    for number, cell in sheet.code:
        for output in cell.outputs:
            pictures = [mime for mime in output.get("data", {}) if mime.startswith("image/")]
            if "image/png" in pictures and not output.metadata.get("image/png", {}).get("alt", "").strip():
                yield (
                    number,
                    "has a figure without alternative text; set the cell's metadata alt, then run tools.refresh",
                )
            for mime in pictures:
                if mime != "image/png":
                    yield number, f"has an {mime} output; show figures as PNG, which nbval does not compare"


def places(sheet: Sheet) -> Iterator[Finding]:
    """Outputs name no folder of the author's machine."""
    for number, cell in sheet.code:
        if place := _PLACE.search(texts(cell)):
            yield number, f"its output names a folder of one machine, {place[0]}; print only the file's name"


def addresses(sheet: Sheet) -> Iterator[Finding]:
    """Outputs name no place in memory, which changes from run to run."""
    for number, cell in sheet.code:
        if is_compared(cell) and (address := _ADDRESS.search(texts(cell))):
            yield number, f"its output holds a memory address, {address[0]}; print something stable"


def remote_html(sheet: Sheet) -> Iterator[Finding]:
    """HTML outputs load nothing from another host: lecture rooms have no reliable network."""
    for number, cell in sheet.code:
        html = "".join(str(output.get("data", {}).get("text/html", "")) for output in cell.outputs)
        if _REMOTE.search(html):
            yield number, "its HTML output loads something from another host; build it without"


def cpu_seconds(sheet: Sheet) -> Iterator[Finding]:
    """The measured time is within the limit for its kind of notebook."""
    known = json.loads(sheet.project.timings.read_text(encoding="utf-8")) if sheet.project.timings.is_file() else {}
    seconds = known.get(sheet.project.key(sheet.path))
    if seconds is None:
        yield None, "has no entry in notebooks/timings.json; run python -m tools.refresh"
    elif seconds > (limit := time_limit(sheet)):
        yield None, f"takes {seconds} CPU seconds; the limit is {limit}: use fewer examples or fewer steps"


def time_limit(sheet: Sheet) -> int:
    if sheet.kind != "lesson":
        return EXERCISE_SECONDS
    return LONG_LESSON_SECONDS if sheet.number in LONG_LESSONS else LESSON_SECONDS
