"""The measurements as Markdown: one table of pictures, one of pages, each figure with its ratio to ours."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.attention.cases import HEADS, LAYERS, PAGES, PICTURES, TOKENS
from benchmarks.markdown import bytes_of, markdown, seconds, times

Row = dict[str, Any]
# Less than this share of the window is a label or a frame, and no picture.
SOMETHING = 0.01

PAGE_COLUMNS: dict[str, tuple[Callable[[Row], Any], Callable[[Any], str]]] = {
    "page": (lambda row: row.get("bytes"), bytes_of),
    "made in (CPU)": (lambda row: row.get("cpu_seconds"), seconds),
    "DOM elements": (lambda row: row.get("browser", {}).get("elements"), "{:,}".format),
    "main thread": (lambda row: row.get("browser", {}).get("main_thread_seconds"), seconds),
    "first paint": (lambda row: row.get("browser", {}).get("first_paint_seconds"), seconds),
}


def tables(measured: dict[str, list[Row]]) -> str:
    """Return both tables."""
    parts = ["### Pictures: CPU time and size of a PNG, and how many times ours", pictures(measured["pictures"])]
    parts += ["### Pages: size, and what they cost in headless Chromium without a network", pages(measured["pages"])]
    return "\n\n".join(parts)


def pictures(rows: Sequence[Row]) -> str:
    head = ["", *(f"{tokens} tokens" for tokens in TOKENS)]
    lines = []
    for layers in LAYERS:
        for tool in PICTURES:
            cells = [picture_cell(rows, tool, layers, tokens) for tokens in TOKENS]
            lines.append([f"{layers} × {HEADS} heads: {tool}", *cells])
    return markdown(head, lines)


def picture_cell(rows: Sequence[Row], tool: str, layers: int, tokens: int) -> str:
    row, ours = find(rows, tool, layers, tokens), find(rows, PICTURES[0], layers, tokens)
    if row is None:
        return "–"
    if "failed" in row:
        return row["failed"]
    size = bytes_of(row["bytes"])
    return f"{seconds(row['cpu_seconds'])}{times(row['cpu_seconds'], ours and ours.get('cpu_seconds'), row is ours)}, {size}"


def pages(rows: Sequence[Row]) -> str:
    head = ["", *PAGE_COLUMNS, "requests", "offline"]
    lines = [
        page_line(row, find(rows, PAGES[0], layers, tokens) or {})
        for layers in LAYERS
        for tokens in TOKENS
        for row in rows
        if (row["layers"], row["tokens"]) == (layers, tokens)
    ]
    return markdown(head, lines)


def page_line(row: Row, ours: Row) -> list[str]:
    cells = []
    for value, written in PAGE_COLUMNS.values():
        own = value(row)
        cells.append("–" if own is None else written(own) + times(own, value(ours), row is ours))
    browser = row.get("browser", {})
    failed = row.get("failed") or browser.get("failed")
    cells += [failed, failed] if failed else [str(browser["requests"]), "seen" if seen(browser) else "blank"]
    return [f"{row['layers']} × {HEADS} × {row['tokens']}: {row['tool']}", *cells]


def seen(browser: Row) -> bool:
    return browser["share_drawn"] > SOMETHING


def find(rows: Sequence[Row], tool: str, layers: int, tokens: int) -> Row | None:
    wanted = (tool, layers, tokens)
    return next((row for row in rows if (row["tool"], row["layers"], row["tokens"]) == wanted), None)
