"""Requests and responses as plain data, and the errors of the Hub in its own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from json import dumps
from urllib.parse import parse_qs, unquote, urlsplit

from tools.loopback_hub.repositories import HubFile

# Tokens that the loopback Hub knows: one whose owner may read gated repositories, one whose owner may not.
ADMITTED = "hf_loopback_admitted"
NOT_ADMITTED = "hf_loopback_not_admitted"


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def segments(self) -> list[str]:
        """The parts of the path. A slash inside a part arrives as %2F."""
        return [unquote(part) for part in urlsplit(self.target).path.split("/") if part]

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())

    def one(self, name: str) -> str | None:
        return self.query.get(name, [None])[0]

    def says_yes(self, name: str) -> bool:
        return (self.one(name) or "").lower() in ("true", "1")

    @property
    def token(self) -> str | None:
        return self.headers.get("Authorization", "").removeprefix("Bearer ").strip() or None


@dataclass(frozen=True)
class Part:
    """The bytes of a file from `start` up to, and without, `stop`."""

    file: HubFile
    start: int
    stop: int


@dataclass(frozen=True)
class Response:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Part = b""

    @property
    def length(self) -> int:
        return self.body.stop - self.body.start if isinstance(self.body, Part) else len(self.body)


def json_response(data: object, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Response(status, {**kind, **(headers or {})}, dumps(data).encode())


class HubError(Exception):
    """What the Hub refuses: the status, its error code (if it gives one) and its sentence."""

    def __init__(self, status: int, code: str | None, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}

    @property
    def response(self) -> Response:
        headers = {"X-Error-Message": self.message, **self.headers}
        if self.code:
            headers["X-Error-Code"] = self.code
        return json_response({"error": self.message}, headers, self.status)


def repository_not_found(token: str | None) -> HubError:
    """The Hub tells a stranger 401, since the repository might be private, and someone with a token 404."""
    if token is None:
        return HubError(401, "RepoNotFound", "Repository not found")
    return HubError(404, "RepoNotFound", "Repository not found")


def revision_not_found(revision: str) -> HubError:
    return HubError(404, "RevisionNotFound", f"Invalid rev id: {revision}")


def entry_not_found(commit: str) -> HubError:
    return HubError(404, "EntryNotFound", "Entry not found", {"X-Repo-Commit": commit})
