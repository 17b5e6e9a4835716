"""The server: two ports on the loopback address, one for the Hub and one for its content network."""

import sys
import threading
from collections.abc import Callable, Iterable, MutableMapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO

from tools.hub_guard import take_for_the_hub
from tools.loopback_hub.catalogue import Catalogue
from tools.loopback_hub.files import deliver
from tools.loopback_hub.messages import HubError, Part, Request, Response
from tools.loopback_hub.repositories import HubFile, Repository
from tools.loopback_hub.routes import answer

Intercept = Callable[[BaseHTTPRequestHandler], bool]

# What the Hub lists at once.
PAGE_SIZE = 1000

# What would keep a client from the Hub, or send it a token of the user's own.
REMOVED = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")


class LoopbackHub:
    """Serve `repositories` as the Hub does, as long as the `with` block lasts.

    `asked` lists every request, in order: the method and the path. `authorised` says which of them brought a token;
    `not_found` lists those for a repository that is not there. `intercept` is called with the handler before anything
    else; if it returns True, it has answered.
    """

    def __init__(
        self, repositories: Iterable[Repository], intercept: Intercept | None = None, page_size: int = PAGE_SIZE
    ) -> None:
        self.asked: list[str] = []
        self.authorised: list[bool] = []
        self.not_found: list[str] = []
        self._catalogue = Catalogue(repositories, page_size)
        self._blobs: dict[str, HubFile] = {}
        hub = self._handler(intercept, lambda request: answer(request, self._catalogue))
        network = self._handler(intercept, self._deliver)
        self._servers = [_QuietServer(("127.0.0.1", 0), handler) for handler in (hub, network)]
        self._catalogue.address, self._catalogue.content_address = map(_address, self._servers)

    @property
    def address(self) -> str:
        return self._catalogue.address

    @property
    def content_address(self) -> str:
        """Where files of LFS are delivered: another origin than the Hub's, as the Hub's content network is."""
        return self._catalogue.content_address

    @property
    def repositories(self) -> list[Repository]:
        return list(self._catalogue.repositories.values())

    def redirect(self, environment: MutableMapping[str, str]) -> None:
        """Make programs that run in `environment` take this for the Hub, without a token and past any proxy."""
        for name in REMOVED:
            environment.pop(name, None)
        take_for_the_hub(self.address, environment)

    def __enter__(self) -> "LoopbackHub":
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _deliver(self, request: Request) -> Response:
        """Answer for the content network, which knows files by their hash and nothing else."""
        if not self._blobs:
            files = (file for repository in self.repositories for file in repository.files.values())
            self._blobs = {file.sha256: file for file in files if file.is_lfs}
        file = self._blobs.get(request.segments[0]) if request.segments else None
        try:
            if file is None:
                raise HubError(403, None, "There is no such file, or the address is no longer valid.")
            return deliver(request, file, {})
        except HubError as error:
            return error.response

    def _handler(
        self, intercept: Intercept | None, respond: Callable[[Request], Response]
    ) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a body waits 40 ms for the acknowledgement of its headers

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, self.path, self.headers, body)  # type: ignore[arg-type]
                hub.asked.append(f"{self.command} {self.path}")
                hub.authorised.append(request.token is not None)
                if intercept and intercept(self):
                    return
                response = respond(request)
                if response.headers.get("X-Error-Code") == "RepoNotFound":
                    hub.not_found.append(f"{self.command} {self.path}")
                send(self, response)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names that http.server looks up

            def log_message(self, *_: object) -> None:
                """Say nothing on stderr."""

        return Handler


class _QuietServer(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client has hung up; it may."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def send(handler: BaseHTTPRequestHandler, response: Response) -> None:
    """Write a response; the body of an answer to HEAD is left out."""
    handler.send_response(response.status)
    for name, value in response.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(response.length))
    handler.end_headers()
    if handler.command != "HEAD":
        _write(response.body, handler.wfile)  # type: ignore[arg-type]


def _write(body: bytes | Part, stream: BinaryIO) -> None:
    if isinstance(body, bytes):
        stream.write(body)
    elif isinstance(body.file.source, bytes):
        stream.write(body.file.source[body.start : body.stop])
    else:
        with body.file.source.open("rb") as file:
            file.seek(body.start)
            _copy(file, stream, body.stop - body.start)


def _copy(file: BinaryIO, stream: BinaryIO, length: int, chunk: int = 1 << 20) -> None:
    while length > 0 and (part := file.read(min(chunk, length))):
        stream.write(part)
        length -= len(part)
