"""Long lists in pages: the `Link` header that names the next one."""

from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from tools.loopback_hub.messages import Request

Item = TypeVar("Item")


def page(items: list[Item], request: Request, size: int, address: str) -> tuple[list[Item], dict[str, str]]:
    """Return the page that the request asks for, and the header that leads to the next, if there is one."""
    first = int(request.one("cursor") or 0)
    if first + size >= len(items):
        return items[first:], {}
    query = urlencode({**request.query, "cursor": first + size}, doseq=True)
    following = f"{address}{urlsplit(request.target).path}?{query}"
    return items[first : first + size], {"Link": f'<{following}>; rel="next"'}
