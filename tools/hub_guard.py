"""A stand-in for the Hub that only listens: whoever asks it for anything is found out.

Stored outputs come from the local stand-ins, so no notebook may ask the Hub for anything while it is made or compared.
"""

import threading
from collections.abc import MutableMapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class HubGuard:
    """Listen on the loopback address, refuse everything, and remember what was asked for.

    with HubGuard() as guard:
        guard.redirect(environment)
        ...  # run something in that environment
    print(guard.asked)  # ["GET /api/models/bert-base-uncased"]
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def redirect(self, environment: MutableMapping[str, str]) -> None:
        """Make programs that run in `environment` take this for the Hub, past any proxy."""
        take_for_the_hub(self.address, environment)

    def __enter__(self) -> "HubGuard":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        asked = self.asked

        class Refuse(BaseHTTPRequestHandler):
            def refuse(self) -> None:
                asked.append(f"{self.command} {self.path}")
                self.send_error(404)

            do_GET = do_HEAD = do_POST = do_PUT = refuse  # noqa: N815 - the names that http.server looks up

            def log_message(self, *_: object) -> None:
                """Say nothing on stderr."""

        return Refuse


def take_for_the_hub(address: str, environment: MutableMapping[str, str]) -> None:
    """Make programs that run in `environment` take the server at this loopback address for the Hub, past any proxy."""
    environment["HF_ENDPOINT"] = address
    for name in ("NO_PROXY", "no_proxy"):
        others = [environment[name]] if environment.get(name) else []
        environment[name] = ",".join([*others, "127.0.0.1"])
