"""Measure one page in headless Chromium, with no network: elements, work on the main thread, first paint.

python -m benchmarks.attention.browser_side PAGE SCREENSHOT [FOLDER OF LIBRARIES]

What the page asks of the network is counted and refused, or answered from the folder of libraries.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from tools.chromium import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page, Route

# Counts what stands in shadow roots and frames too.
ELEMENTS = """
() => {
  const count = (root) => [...root.querySelectorAll("*")].reduce((sum, element) => {
    const inner = element.shadowRoot ?? element.contentDocument;
    return sum + 1 + (inner ? count(inner) : 0);
  }, 0);
  return count(document);
}
"""
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
# A page has settled when its main thread has done next to nothing for a second.
QUIET_MS, NEXT_TO_NOTHING = 1000, 0.03
RUNS, SLOW = 3, 3.0


def measure(browser: "Browser", path: Path, screenshot: Path, libraries: Path | None) -> dict[str, Any]:
    """Open the page and return what it costs."""
    requests: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(0)
    page.on("request", lambda request: requests.append(request.url))
    page.route(lambda url: url.startswith("http"), lambda route: answer(route, libraries))
    client = page.context.new_cdp_session(page)
    # CPU time and not wall time, as everywhere here.
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.resolve().as_uri())
    busy = settled(page, client)
    elements = page.evaluate(ELEMENTS)
    page.screenshot(path=screenshot)
    # Asked last: a heavy page is painted only a while after its scripts have come to rest.
    paint = page.evaluate(FIRST_PAINT)
    page.close()
    return {
        "main_thread_seconds": busy,
        "first_paint_seconds": None if paint is None else paint / 1000,
        "elements": elements,
        "requests": sum(not url.startswith(("file:", "data:", "blob:")) for url in requests),
        "share_drawn": share_drawn(screenshot),
    }


def repeated(open_page: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the first measurement of a page, with the medians of its times; a slow page is opened only once."""
    runs = [open_page()]
    while len(runs) < RUNS and runs[0]["main_thread_seconds"] < SLOW:
        runs.append(open_page())
    paints = [run["first_paint_seconds"] for run in runs]
    return {
        **runs[0],
        "main_thread_seconds": median(run["main_thread_seconds"] for run in runs),
        "first_paint_seconds": None if None in paints else median(paints),
        "runs": len(runs),
    }


def answer(route: "Route", libraries: Path | None) -> None:
    """Serve a library from its folder; refuse everything else."""
    file = libraries / Path(urlparse(route.request.url).path).name if libraries else None
    if file and file.is_file():
        route.fulfill(body=file.read_bytes(), content_type="text/javascript")
    else:
        route.abort()


def settled(page: "Page", client: "CDPSession") -> float:
    """Wait until the page has come to rest; return the seconds that its main thread has worked."""
    busy = -1.0
    while True:
        metrics = client.send("Performance.getMetrics")["metrics"]
        now = next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
        if now - busy < NEXT_TO_NOTHING:
            return now
        busy = now
        page.wait_for_timeout(QUIET_MS)


def share_drawn(screenshot: Path) -> float:
    """Return the share of the window that is not of its commonest colour."""
    import numpy as np
    from PIL import Image

    with Image.open(screenshot) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3).astype(int) @ [1 << 16, 1 << 8, 1]
    _, counts = np.unique(pixels, return_counts=True)
    return 1 - float(counts.max() / counts.sum())


def main(path: str, screenshot: str, libraries: str = "") -> dict[str, Any]:
    """Measure one page in a browser of its own."""
    from playwright.sync_api import sync_playwright

    # Chromium refuses to run its sandbox as root, as which a container often runs.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"] if as_root else [], timeout=0
        )
        try:
            return repeated(
                lambda: measure(browser, Path(path), Path(screenshot), Path(libraries) if libraries else None)
            )
        finally:
            browser.close()


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
