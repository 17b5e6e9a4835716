"""Faults below HTTP, and proxies: things that listen on the loopback address and are no Hub."""

import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

# A certificate of nobody's, with its key: it protects nothing, and no client trusts it.
CERTIFICATE = Path(__file__).with_name("faults_certificate.pem")
# What a proxy is asked for by name, and what only a proxy can find.
HUB_BEHIND_PROXY = "hub.invalid"
LOGIN = "student:secret"


@contextmanager
def closed_port() -> Iterator[int]:
    """Yield a port at which nobody listens, and nobody else will."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]


@contextmanager
def silence() -> Iterator[int]:
    """Yield a port that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


@contextmanager
def full_queue() -> Iterator[int]:
    """Yield a port at which connections are never made: the system drops what asks for one, as some firewalls do."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # fill the queue, and go on without waiting for an answer
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield server.getsockname()[1]


@contextmanager
def false_certificate() -> Iterator[int]:
    """Yield a port that speaks TLS with a certificate of its own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_greet, args=(server, context), daemon=True).start()
        yield server.getsockname()[1]


def _greet(server: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return  # the server is closed
        try:
            context.wrap_socket(client, server_side=True).close()
        except OSError:
            client.close()  # no client goes on with this certificate


@contextmanager
def proxy(hub: str = "", *, login: str = "", denies: bool = False) -> Iterator[int]:
    """Yield the port of a proxy that leads to the Hub at the address `hub`, if it leads anywhere.

    `login` is the name and password that it asks for; if it `denies`, it lets nobody through.
    """
    wanted = f"Basic {base64.b64encode(login.encode()).decode()}" if login else None

    class Proxy(BaseHTTPRequestHandler):
        def answer(self) -> None:
            if wanted and self.headers.get("Proxy-Authorization") != wanted:
                self._say(407, {"Proxy-Authenticate": 'Basic realm="proxy"'})
            elif denies or self.command == "CONNECT":
                self._say(403, {})
            else:
                self._pass_on()

        do_GET = do_HEAD = do_POST = do_CONNECT = answer  # noqa: N815 - the names that http.server looks up

        def _say(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def _pass_on(self) -> None:
            target = urlsplit(self.path)
            place = urlsplit(hub) if target.hostname == HUB_BEHIND_PROXY else target
            onward = http.client.HTTPConnection(place.netloc, timeout=30)
            path = f"{target.path}?{target.query}" if target.query else target.path
            kept = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
            onward.request(self.command, path, headers={**kept, "Connection": "close"})
            answer = onward.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.read())
            onward.close()

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
