"""Messages between processes: a length, then a JSON object. What is no object arrives as an empty one."""

import json
import socket
from typing import Any

# An answer may hold 8 MB of arrays, which base64 makes a third longer.
LONGEST = 16_000_000


class FrameError(Exception):
    """The other side announces more than it may send."""


def send(channel: socket.socket, message: dict[str, Any]) -> None:
    """Write one message."""
    data = json.dumps(message).encode("ascii")
    channel.sendall(len(data).to_bytes(4, "big") + data)


def receive(channel: socket.socket) -> dict[str, Any] | None:
    """Wait for one message and return it, or None when the other side has closed."""
    reader = Reader()
    while True:
        data = channel.recv(min(65_536, reader.missing))
        if not data:
            return None
        if messages := reader.feed(data):
            return messages[0]


class Reader:
    """Puts messages together from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.received = 0

    @property
    def missing(self) -> int:
        """How many bytes the message that is being read still lacks at least."""
        if len(self._buffer) < 4:
            return 4 - len(self._buffer)
        return self._length() + 4 - len(self._buffer)

    def _length(self) -> int:
        length = int.from_bytes(self._buffer[:4], "big")
        if length > LONGEST:
            raise FrameError(f"a message of {length:,} bytes; the longest allowed is {LONGEST:,}")
        return length

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Add what has arrived; return the messages that are complete now."""
        self._buffer += data
        self.received += len(data)
        complete = []
        while len(self._buffer) >= 4 and len(self._buffer) >= 4 + self._length():
            end = 4 + self._length()
            complete.append(_parse(bytes(self._buffer[4:end])))
            del self._buffer[:end]
        return complete


def _parse(data: bytes) -> dict[str, Any]:
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}
