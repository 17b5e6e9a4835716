"""`python -m tools.site.check build/course`: open every page of the site in Chromium and list what is wrong with it.

No other host can be reached meanwhile. Each page is held to: no failed request, no error in the console, one heading of
level 1 and no jump below it, a text for each image, no serious finding of axe-core in light and in dark with everything
unfolded, and no sideways scrolling on a phone and at 200 % zoom. Then a search must find something.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.chromium import chromium
from tools.notebooks import ToolError
from tools.site.browsing import PHONE, ZOOMED, Tab

# What a change from light to dark can break.
COLOURS = ["color-contrast", "link-in-text-block"]
# A search is asked for a word that the first page of every course has.
TERM = "lesson"


def findings(tab: Tab, address: str) -> Iterator[str]:
    """Yield everything that is wrong with one page."""
    tab.open(address)
    yield from tab.structure()
    yield from (f"light: {one}" for one in tab.axe())
    for name, size in (("a phone", PHONE), ("200 % zoom", ZOOMED)):
        tab.resize(size)
        if wide := tab.overflow():
            yield f"scrolls sideways on {name}: {wide}"
    tab.open(address, scheme="dark")
    yield from (f"dark: {one}" for one in tab.axe(COLOURS))
    yield from tab.take_events()


def search_finding(tab: Tab, site: Path, term: str = TERM) -> list[str]:
    """Return what is wrong with the search: an error, or no result for a word that is there."""
    tab.page.goto(f"{(site / 'search.html').as_uri()}?q={term}")
    try:
        tab.page.wait_for_selector("#search-results li a", timeout=10_000)
    except Exception:
        return [f"finds nothing for “{term}”", *tab.take_events()]
    return tab.take_events()


def check(site: Path, names: Sequence[str] = ()) -> list[str]:
    """Return the findings of a site, as `page: finding`."""
    pages = [page for page in sorted(site.rglob("*.html")) if "_static" not in page.parts]
    if not pages:
        raise ToolError(f"{site}: there is no page; build the course first: python -m tools.course --stored")
    found = []
    with chromium() as browser:
        tab = Tab(browser)
        for number, page in enumerate(pages, start=1):
            name = page.relative_to(site).as_posix()
            if names and name not in names:
                continue
            new = list(findings(tab, page.as_uri()))
            print("\n    ".join([f"[{number}/{len(pages)}] {name}", *new]), flush=True)
            found += [f"{name}: {one}" for one in new]
        new = search_finding(tab, site)
        print("\n    ".join(["a search", *new]), flush=True)
        found += [f"search.html: {one}" for one in new]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.site.check", description=__doc__)
    parser.add_argument("site", type=Path, help="the folder of the site, such as build/course")
    parser.add_argument("pages", nargs="*", help="only these, such as 00_quickstart.html (default: all)")
    options = parser.parse_args(arguments)
    try:
        found = check(options.site.resolve(), options.pages)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(found)} findings.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
