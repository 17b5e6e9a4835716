"""What a page would load from another host: nothing, or the page is not for a room without a network."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

# Attributes that make a browser load something. A link that waits for a click is no load.
_LOADING = ("src", "srcset", "data", "poster", "background", "xlink:href")
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)
_IN_SCRIPT = re.compile(r"(?:\bfrom|\bimport|\bimport\(|\bfetch\()\s*[\"'`]((?:https?:)?//[^\"'`]+)")


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if name in _LOADING or (name == "href" and tag in ("link", "image", "use", "base")):
                self.found += [part for part in re.split(r"[\s,]+", value or "") if _is_remote(part)]
            elif name == "style":
                self.found += _IN_STYLE.findall(value or "")
            elif name == "srcdoc":
                self.found += remote_loads(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.found += _IN_STYLE.findall(data)
        elif self._inside == "script":
            self.found += _IN_SCRIPT.findall(data)


def _is_remote(address: str) -> bool:
    return bool(re.match(r"(?:https?:)?//", address, re.IGNORECASE))


def remote_loads(html: str) -> list[str]:
    """Return the addresses on other hosts that a browser would load to show this page.

    >>> remote_loads('<a href="https://example.org">go</a><script src="//cdn.example/x.js"></script>')
    ['//cdn.example/x.js']
    """
    return list(_every_load(html))


def _every_load(html: str) -> Iterator[str]:
    parser = _Loads()
    parser.feed(html)
    parser.close()
    yield from dict.fromkeys(parser.found)
