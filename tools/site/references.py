"""Every address inside the site leads somewhere: a file that is there, and a place in it that has that name."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit


class _Page(HTMLParser):
    """The addresses that a page names, and the names of its places."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.places: set[str] = {"", "top"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.addresses.append(value)
            elif value and (name == "id" or (name == "name" and tag == "a")):
                self.places.add(value)


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def broken_references(site: Path) -> list[str]:
    """Return what leads nowhere, as `page: target`, in the order of the pages."""
    read = cache(_read)
    found = []
    for path in sorted(site.rglob("*.html")):
        for address in dict.fromkeys(read(path).addresses):
            if reason := _broken(site, path, address, read):
                found.append(f"{path.relative_to(site).as_posix()}: {address} leads nowhere: {reason}")
    return found


def _broken(site: Path, page: Path, address: str, read) -> str:
    if urlsplit(address).scheme or address.startswith("//"):
        return ""
    where, fragment = urldefrag(address)
    where = unquote(where.partition("?")[0])
    target = (page.parent / where).resolve() if where else page.resolve()
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site.resolve()) or not target.is_file():
        return "there is no such file"
    if fragment and target.suffix == ".html" and unquote(fragment) not in read(target).places:
        return "there is no such place on that page"
    return ""
