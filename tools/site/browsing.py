"""A page of the site in Chromium, with every other host out of reach: what fails, what axe-core says, what runs over."""

from functools import cache
from importlib.resources import files
from typing import Any

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 800}
# What is left of 1280 × 720 at 200 % zoom.
ZOOMED = {"width": 640, "height": 360}
SERIOUS = ("serious", "critical")

_LOCAL = ("file:", "data:", "blob:", "about:")
_STRUCTURE = """
() => {
  const seen = (one) => one.getClientRects().length > 0;
  const headings = [...document.querySelectorAll("main h1, main h2, main h3, main h4, main h5, main h6")].filter(seen);
  const levels = headings.map((one) => Number(one.tagName[1]));
  const found = [];
  if (levels.filter((level) => level === 1).length !== 1) found.push(`has ${levels.filter((level) => level === 1).length} headings of level 1`);
  levels.forEach((level, n) => {
    if (n && level > levels[n - 1] + 1) found.push(`jumps from level ${levels[n - 1]} to ${level} at “${headings[n].innerText.slice(0, 40)}”`);
  });
  for (const image of document.images)
    if (!image.hasAttribute("alt") || (image.closest(".cell_output") && !image.alt.trim())) found.push(`has an image without alternative text: ${image.src.slice(-60)}`);
  return found;
}
"""
_OVERFLOW = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const wide = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right > width + 1 && getComputedStyle(one).position !== "fixed");
  const last = wide.at(-1);
  return `${document.documentElement.scrollWidth} px` + (last ? `, at <${last.tagName.toLowerCase()} class="${last.className}">` : "");
}
"""


class Tab:
    """One tab, which notes what goes wrong in it. Requests to other hosts are noted and never sent."""

    def __init__(self, browser: Any, scheme: str = "light") -> None:
        self.page = browser.new_page(viewport=WIDE, color_scheme=scheme, reduced_motion="reduce")
        self.events: list[str] = []
        self.page.route("**/*", self._route)
        self.page.on("pageerror", lambda error: self.events.append(f"error in the page: {error}"))
        self.page.on("requestfailed", lambda request: self.events.append(f"failed request: {request.url[:120]}"))
        self.page.on("console", self._console)

    def _route(self, route: Any) -> None:
        if route.request.url.startswith(_LOCAL):
            route.continue_()
        else:
            self.events.append(f"request to another host: {route.request.url[:120]}")
            route.abort()

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.events.append(f"console error: {message.text[:160]}")

    def open(self, address: str, *, scheme: str = "light", size: dict[str, int] = WIDE) -> Any:
        """Show a page, with everything unfolded that can be."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size(size)
        self.page.goto(address)
        self.unfold()
        return self.page

    def unfold(self) -> None:
        self.page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        self.settle()

    def settle(self) -> None:
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def resize(self, size: dict[str, int]) -> None:
        self.page.set_viewport_size(size)
        self.settle()

    def take_events(self) -> list[str]:
        """Return what has gone wrong since the last time."""
        events, self.events = list(dict.fromkeys(self.events)), []
        return events

    def structure(self) -> list[str]:
        """Return what is wrong with headings and alternative texts."""
        return self.page.evaluate(_STRUCTURE)

    def overflow(self) -> str | None:
        """Say how wide a page is that scrolls sideways, and the last thing that sticks out."""
        return self.page.evaluate(_OVERFLOW)

    def axe(self, rules: list[str] | None = None) -> list[str]:
        """Return axe-core's serious and critical findings, one line for each rule."""
        self.page.evaluate(_axe_script())
        # Not to fetch the stylesheets again, which a browser refuses from a file.
        options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
        if rules:
            options["runOnly"] = {"type": "rule", "values": rules}
        violations = self.page.evaluate("(options) => axe.run(document, options)", options)["violations"]
        return [_finding(one) for one in violations if one["impact"] in SERIOUS]


def _finding(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    first = nodes[0]
    why = " ".join(first.get("failureSummary", "").split())[:200]
    return f"axe {violation['id']} ({violation['impact']}), {len(nodes)} × such as {first['target'][-1]}: {why}"


@cache
def _axe_script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
