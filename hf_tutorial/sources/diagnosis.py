"""What an answer or an error says about the way to the Hub.

Errors are known by what lies at their root (the operating system's own errors, which do not change) and by the names of
their classes, since releases of huggingface_hub differ in the HTTP client that they bring.
"""

import errno
import re
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from hf_tutorial.sources.faults import Fault, fault

HUB, STORAGE = "the Hub", "the Hub's storage"
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
_LIMIT = re.compile(r"\bt\s*=\s*(\d+)")


def fault_in_answer(response: Any, hub_id: str, kind: str, whom: str = HUB) -> Fault | None:
    """Say what is wrong with an answer of the Hub or its storage, or of something in its place; None if nothing is.

    `response` is the HTTP client's; its body is not looked at.
    """
    status, headers = response.status_code, response.headers
    page = f"https://huggingface.co/{'datasets/' if kind == 'dataset' else ''}{hub_id}"
    if status == 407:
        return fault("proxy password", proxy=proxy_for(str(response.url)))
    if status == 429:
        return _limited(headers)
    if status >= 500:
        return fault("trouble", status=status)
    if _is_web_page(headers) and "x-error-code" not in headers:
        return fault("portal", whom=whom)
    if status < 400:
        return None
    return _refusal(response, page, kind)


def _refusal(response: Any, page: str, kind: str) -> Fault:
    """Tell apart the Hub's ways to say no. To strangers it answers 401 for what is not there as for what is private."""
    status, code = response.status_code, response.headers.get("x-error-code")
    if code == "GatedRepo":
        has_token = "authorization" in response.request.headers or status == 403
        return fault("gated for this account" if has_token else "gated", page=page)
    if status == 401 and response.headers.get("x-error-message", "").startswith("Invalid credentials"):
        return fault("token")
    if status == 403:
        return fault("forbidden", page=page)
    if status in (400, 401, 404) and code != "EntryNotFound":
        return fault("missing", kind=kind)
    return fault("other answer", status=status, page=page)


def _is_web_page(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").lower().startswith("text/html")


def _limited(headers: Mapping[str, str]) -> Fault:
    """Read how long the Hub asks us to wait: `Retry-After`, or the draft standard's `RateLimit`."""
    after = headers.get("retry-after", "").strip()
    limit = _LIMIT.search(headers.get("ratelimit", ""))
    seconds = after if after.isdecimal() else limit and limit[1]
    wait = "some minutes" if not seconds else "1 second" if int(seconds) == 1 else f"{int(seconds)} seconds"
    return fault("limited", wait=wait, pause=f" of {wait}" if seconds else "")


def fault_in_error(error: BaseException, endpoint: str) -> Fault:
    """Say what an error on the way to the Hub at `endpoint` means."""
    chain = causes(error)
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    address = _address(error) or endpoint
    whom = HUB if urlsplit(address).netloc == urlsplit(endpoint).netloc else STORAGE
    proxy = proxy_for(address)
    if "OfflineModeIsEnabled" in names:
        return fault("offline")
    if "ProxyError" in names:
        asks = any("407" in str(link) for link in chain)
        return fault("proxy password" if asks else "proxy denies", proxy=proxy)
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return fault("certificate", whom=whom)
    if _has_no_connection(chain) and proxy:
        return fault("proxy refused", proxy=proxy)
    if any(isinstance(link, socket.gaierror) for link in chain):
        return fault("unknown name", whom=whom)
    if any(isinstance(link, ConnectionRefusedError) for link in chain):
        return fault("refused", whom=whom)
    if any(isinstance(link, OSError) and link.errno in _NO_ROUTE for link in chain):
        return fault("no route", whom=whom)
    if names & {"ReadError", "WriteError", "RemoteProtocolError", "ConnectionError", "SSLError"}:
        return fault("cut", whom=whom)
    return fault("other error", name=type(error).__name__)


def is_time_out(error: BaseException) -> bool:
    """Whether the client gave up waiting."""
    return any("Timeout" in kind.__name__ for link in causes(error) for kind in type(link).__mro__)


def causes(error: BaseException) -> list[BaseException]:
    """Return the error and all that led to it, the first cause last."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain


def proxy_for(address: str) -> str | None:
    """Return host and port, without a password, of the proxy that leads to `address`; None where there is none.

    Where proxies come from is up to Python's own rules, which the client follows too: `HTTPS_PROXY`, `HTTP_PROXY`,
    `ALL_PROXY`, `NO_PROXY`, and the system's settings on Windows and macOS.
    """
    target, proxies = urlsplit(address), getproxies()
    named = proxies.get(target.scheme) or proxies.get("all")
    if not named or proxy_bypass(target.hostname or ""):
        return None
    proxy = urlsplit(named if "//" in named else f"//{named}")
    return f"{proxy.hostname}:{proxy.port}" if proxy.port else str(proxy.hostname)


def _has_no_connection(chain: list[BaseException]) -> bool:
    return any(
        isinstance(link, (socket.gaierror, ConnectionRefusedError))
        or (isinstance(link, OSError) and link.errno in _NO_ROUTE)
        for link in chain
    )


def _address(error: BaseException) -> str | None:
    """Return what was asked when `error` came up; the client knows it, and complains if it does not."""
    try:
        return str(error.request.url)  # type: ignore[attr-defined]
    except (AttributeError, RuntimeError):
        return None
