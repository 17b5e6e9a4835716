"""Faults on the level of HTTP: functions that answer in the place of the loopback Hub, for its `intercept`."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

Intercept = Callable[[BaseHTTPRequestHandler], bool]

PORTAL = b"<!doctype html><title>Welcome</title><p>Accept our terms to use this Wi-Fi.</p>"


def asks_for_file(handler: BaseHTTPRequestHandler) -> bool:
    """Whether the content network was asked, where large files lie, and not the Hub itself."""
    return "?name=" in handler.path


def refuse(status: int, message: str, code: str = "", **headers: str) -> Intercept:
    """Answer everything with an error, as the Hub words it."""
    said = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {}), **headers}
    body = b'{"error": "%s"}' % message.encode()

    def intercept(handler: BaseHTTPRequestHandler) -> bool:
        _reply(handler, status, "application/json; charset=utf-8", body, said)
        return True

    return intercept


def portal(handler: BaseHTTPRequestHandler) -> bool:
    """Greet everybody, with status 200."""
    _reply(handler, 200, "text/html; charset=utf-8", PORTAL)
    return True


def portal_elsewhere(handler: BaseHTTPRequestHandler) -> bool:
    """Lead everybody to the page where one logs in."""
    if handler.path.startswith("/login"):
        return portal(handler)
    _reply(handler, 302, "text/html", b"", {"Location": "/login?next=anywhere"})
    return True


def blocked_storage(handler: BaseHTTPRequestHandler) -> bool:
    """Let the Hub through, and answer for the content network with a page of a firewall."""
    if asks_for_file(handler):
        _reply(handler, 403, "text/html", b"<!doctype html><p>This category of sites is blocked.</p>")
        return True
    return False


def cut(handler: BaseHTTPRequestHandler) -> bool:
    """Hang up after the first bytes of a large file."""
    if not asks_for_file(handler):
        return False
    _begin_file(handler)
    handler.wfile.write(b"\0" * 20_000)
    handler.close_connection = True
    return True


def cut_short(content: bytes) -> Intercept:
    """Begin to send a large file, whose `content` is known, and hang up after 20 kB of what was asked for."""

    def intercept(handler: BaseHTTPRequestHandler) -> bool:
        if not asks_for_file(handler):
            return False
        start = int(handler.headers.get("Range", "bytes=0-")[len("bytes=") :].partition("-")[0])
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(content) - start))
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        handler.end_headers()
        handler.wfile.write(content[start : start + 20_000])
        handler.close_connection = True
        return True

    return intercept


def trickle(handler: BaseHTTPRequestHandler) -> bool:
    """Send a large file at 5 kB a second: no time-out between two bytes ever runs off."""
    if not asks_for_file(handler):
        return False
    _begin_file(handler)
    _drip(handler, b"\0" * 1000)
    return True


def trickle_of_facts(handler: BaseHTTPRequestHandler) -> bool:
    """Send even what the Hub says of a repository at 5 bytes a second."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    _drip(handler, b" ")
    return True


def silent_storage(handler: BaseHTTPRequestHandler) -> bool:
    """Let the Hub answer, and the content network not."""
    if asks_for_file(handler):
        time.sleep(30)
        handler.close_connection = True
        return True
    return False


def _begin_file(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(206)
    handler.send_header("Content-Type", "binary/octet-stream")
    handler.send_header("Content-Range", "bytes 0-131071/268000000")
    handler.send_header("Content-Length", "131072")
    handler.end_headers()


def _drip(handler: BaseHTTPRequestHandler, drop: bytes) -> None:
    """Go on until the client has had enough."""
    handler.close_connection = True
    try:
        for _ in range(200):
            handler.wfile.write(drop)
            handler.wfile.flush()
            time.sleep(0.2)
    except OSError:
        pass


def _reply(
    handler: BaseHTTPRequestHandler, status: int, content_type: str, body: bytes, headers: dict[str, str] | None = None
) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": content_type, **(headers or {})}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)
