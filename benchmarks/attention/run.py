"""Measure every case, one after the other, and say on stderr how far it is."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.attention.cases import NEEDS_LIBRARIES, PAGES, PICTURES, Case, cases
from benchmarks.attention.libraries import LibrariesMissingError, fetch
from benchmarks.worker import measure
from tools.chromium import find_chromium

# Wall time, in seconds, on a machine that may be busy: nothing hangs.
PYTHON_LIMIT, BROWSER_LIMIT = 900, 400
# A page that keeps the main thread busy for longer than this is not opened with more tokens, which quadruple its work.
PATIENCE = 20
# A page that cannot fetch its libraries is blank at every size: once is enough.
AS_WRITTEN = (12, 16)
Row = dict[str, Any]


def run(folder: Path, *, quick: bool) -> dict[str, list[Row]]:
    """Return the rows of the pictures and of the pages; `folder` takes pages, screenshots and libraries."""
    return {
        "pictures": [picture(case) for case in cases(PICTURES, quick=quick)],
        "pages": pages(folder, quick=quick),
    }


def pages(folder: Path, *, quick: bool) -> list[Row]:
    rows: list[Row] = []
    for case in cases(PAGES, quick=quick):
        rows += page(case, folder, slower_than_anybody_waits(case, rows))
    return rows


def slower_than_anybody_waits(case: Case, rows: list[Row]) -> str:
    """Return why the browser need not try: the same tool was slow, or failed, with fewer tokens already. Or ""."""
    for row in rows:
        browser = row.get("browser", {})
        took = browser.get("main_thread_seconds", 0)
        if (row["tool"], row["layers"]) == (case.tool, case.layers) and ("failed" in browser or took > PATIENCE):
            return f"not tried: {browser.get('failed') or f'{took:.0f} s'} at {row['tokens']} tokens"
    return ""


def picture(case: Case) -> Row:
    say(case, "as PNG")
    return {**vars(case), **measure(*python_side(case), limit=PYTHON_LIMIT)}


def page(case: Case, folder: Path, refused: str) -> Iterator[Row]:
    """Yield a row for the page as it is and, where it needs a CDN, one for the page with those libraries at hand.

    `refused` says why the page is not opened, or nothing.
    """
    say(case, "as a page")
    file = folder / "page.html"
    made = measure(*python_side(case), str(file), limit=PYTHON_LIMIT)
    if "failed" in made:
        yield {**vars(case), **made}
        return
    if refused:
        yield {**vars(case), **made, "browser": {"failed": refused}}
    elif case.tool not in NEEDS_LIBRARIES:
        yield {**vars(case), **made, "browser": in_browser(case, file, folder)}
    else:
        if (case.layers, case.tokens) == AS_WRITTEN:
            written = {**vars(case), "tool": f"{case.tool}, as written"}
            yield {**written, **made, "browser": in_browser(case, file, folder, "-as-written")}
        yield {**vars(case), **made, "browser": with_libraries(case, file, folder)}
    file.unlink()


def with_libraries(case: Case, file: Path, folder: Path) -> Row:
    try:
        fetch(folder)
    except LibrariesMissingError as reason:
        return {"failed": str(reason)}
    return in_browser(case, file, folder, "", str(folder))


def in_browser(case: Case, file: Path, folder: Path, suffix: str = "", libraries: str = "") -> Row:
    if find_chromium() is None:
        return {"failed": "no Chromium"}
    say(case, "in Chromium")
    name = f"{case.tool.replace(' ', '-')}-{case.layers}x12x{case.tokens}{suffix}.png"
    return measure("benchmarks.attention.browser_side", str(file), str(folder / name), libraries, limit=BROWSER_LIMIT)


def python_side(case: Case) -> tuple[str, ...]:
    return "benchmarks.attention.python_side", case.tool, str(case.layers), str(case.tokens)


def say(case: Case, what: str) -> None:
    print(f"{case.layers} × 12 heads × {case.tokens:3} tokens: {case.tool} {what}", file=sys.stderr, flush=True)
