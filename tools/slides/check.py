"""`python -m tools.slides.check [DECK …]`: open decks in Chromium with no network, and list what is wrong with them.

On every slide: what leaves it or is cut off. On every deck: requests that fail or go elsewhere, what the console reports,
and what axe-core calls serious. Exit 1 if there is anything.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route

from tools.chromium import chromium
from tools.notebooks import Project, ToolError
from tools.slides.measure import FOOT, HEIGHT, WIDTH

_MEASURE = Path(__file__).with_name("check.js")
# Code is most of what axe looks at, and always in the same colours: it is asked about a block only if some are new.
_MARK_SEEN = """() => {
  const seen = new Set();
  for (const block of document.querySelectorAll("pre")) {
    const names = [block, ...block.querySelectorAll("[class]")].map((element) => element.className);
    if (names.every((name) => seen.has(name))) block.dataset.seen = "";
    names.forEach((name) => seen.add(name));
  }
}"""
# With preload it would fetch style sheets, which a browser refuses in a folder.
_AXE = """() => axe.run(
  { exclude: [["[data-seen]"]] }, { iframes: false, preload: false, resultTypes: ["violations"] }
)"""
_LOCAL = ("file:", "data:", "blob:", "about:")


def findings(browser: Browser, deck: Path) -> list[str]:
    """Return a line for everything that is wrong with a deck."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, offline=True)
    try:
        return [f"{deck.name}: {line}" for line in _findings(context, deck)]
    finally:
        context.close()


def _findings(context: BrowserContext, deck: Path) -> Iterator[str]:
    said: list[str] = []
    with _opened(context, deck.as_uri(), said) as page:
        yield from page.evaluate(_MEASURE.read_text(encoding="utf-8"), [WIDTH, HEIGHT, FOOT])
    # The view for printing has all slides at once, so axe is asked once and not for each.
    with _opened(context, f"{deck.as_uri()}?print-pdf", said) as page:
        page.wait_for_selector(".pdf-page")
        slides, pages = page.evaluate("[Reveal.getTotalSlides(), document.querySelectorAll('.pdf-page').length]")
        if slides != pages:
            yield f"prints its {slides} slides on {pages} pages; something is higher than its slide"
        yield from accessibility(page)
    yield from said


@contextmanager
def _opened(context: BrowserContext, address: str, said: list[str]) -> Iterator[Page]:
    """Open a deck; what it asks of other hosts, and what its console reports, is added to `said`."""

    def answer(route: Route) -> None:
        if route.request.url.startswith(_LOCAL):
            route.continue_()
        else:
            said.append(f"asks for {route.request.url}; a deck must load only what lies in its folder")
            route.abort()

    page = context.new_page()
    page.route("**/*", answer)
    page.on("requestfailed", lambda request: said.append(f"cannot load {request.url}"))
    page.on("pageerror", lambda error: said.append(f"its script fails: {error}"))
    page.on(
        "console",
        lambda message: said.append(f"the console reports: {message.text}") if message.type == "error" else None,
    )
    page.goto(address)
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    try:
        yield page
    finally:
        page.close()


def accessibility(page: Page) -> Iterator[str]:
    """Yield what axe-core finds serious or critical in the page and in each of its frames."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    for frame in page.frames:
        # As an expression of the debugger it also runs where a page allows no scripts but its own.
        frame.evaluate(f"() => {{ {axe} }}")
        frame.evaluate(_MARK_SEEN)
        for violation in frame.evaluate(_AXE)["violations"]:
            if violation["impact"] in ("serious", "critical"):
                yield _described(violation)


def _described(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    return f"{violation['help']} ({violation['id']}, {len(nodes)} times), first: {nodes[0]['html'][:160]}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.slides.check", description=__doc__)
    parser.add_argument("decks", nargs="*", type=Path, help="default: all in build/slides/")
    folder = Project().root / "build" / "slides"
    decks = parser.parse_args(arguments).decks or sorted(folder.glob("[0-9]*.html"))
    try:
        if not decks:
            raise ToolError(f"There is no deck in {folder}: write them with python -m tools.slides")
        with chromium() as browser:
            lines = [line for deck in decks for line in findings(browser, deck.resolve())]
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join([*lines, f"{len(decks)} decks, {len(lines)} findings"]))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
