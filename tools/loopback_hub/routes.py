"""What the Hub answers to what: a request in, a response out."""

from urllib.parse import quote

from tools.loopback_hub.catalogue import Catalogue
from tools.loopback_hub.files import content, resolve
from tools.loopback_hub.info import info, paths_info, refs, tree
from tools.loopback_hub.messages import (
    ADMITTED,
    NOT_ADMITTED,
    HubError,
    Request,
    Response,
    json_response,
    revision_not_found,
)
from tools.loopback_hub.repositories import Kind, Repository
from tools.loopback_hub.search import listing

_KINDS: dict[str, Kind] = {"models": "model", "datasets": "dataset"}


def answer(request: Request, catalogue: Catalogue) -> Response:
    try:
        return _answer(request, catalogue)
    except HubError as error:
        return error.response


def _answer(request: Request, catalogue: Catalogue) -> Response:
    if request.token not in (None, ADMITTED, NOT_ADMITTED):
        raise HubError(401, None, "Invalid credentials in Authorization header")
    match request.segments:
        case ["api", "whoami-v2"]:
            return _whoami(request)
        case ["api", ("models" | "datasets") as kind]:
            return listing(request, catalogue, _KINDS[kind])
        case ["api", "resolve-cache", ("models" | "datasets") as kind, *rest]:
            repository, [commit, *path] = catalogue.find(_KINDS[kind], rest, request.token)
            return content(request, repository, commit, "/".join(path))
        case ["api", ("models" | "datasets") as kind, *rest]:
            repository, words = catalogue.find(_KINDS[kind], rest, request.token)
            return _about(request, repository, words, catalogue)
        case ["datasets", *rest]:
            return _resolve(request, catalogue, "dataset", rest)
        case rest:
            return _resolve(request, catalogue, "model", rest)


def _whoami(request: Request) -> Response:
    if request.token is None:
        raise HubError(401, None, "Invalid username or password.")
    return json_response({"type": "user", "id": "0", "name": "student", "fullname": "A student", "orgs": []})


def _about(request: Request, repository: Repository, words: list[str], catalogue: Catalogue) -> Response:
    match words:
        case []:
            return info(request, repository)
        case ["revision", revision]:
            check_revision(repository, revision)
            return info(request, repository)
        case ["tree", revision, *path]:
            check_revision(repository, revision)
            return tree(request, repository, "/".join(path), catalogue)
        case ["paths-info", revision]:
            check_revision(repository, revision)
            return paths_info(request, repository)
        case ["refs"]:
            return refs(repository)
        case ["auth-check"]:
            check_access(request, repository)
            return json_response({"message": "OK"})
    raise HubError(404, None, "Sorry, we can't find the page you are looking for.")


def _resolve(request: Request, catalogue: Catalogue, kind: Kind, segments: list[str]) -> Response:
    if "resolve" not in segments:
        raise HubError(404, None, "Sorry, we can't find the page you are looking for.")
    repository, words = catalogue.find(kind, segments, request.token)
    match words:
        case ["resolve", revision, *path] if path:
            check_access(request, repository)
            check_revision(repository, revision)
            return resolve(request, repository, "/".join(path), catalogue.content_address)
    raise HubError(404, None, f"There is no {quote('/'.join(segments))}.")


def check_revision(repository: Repository, revision: str) -> None:
    if revision not in ("main", "refs/heads/main", repository.commit):
        raise revision_not_found(revision)


def check_access(request: Request, repository: Repository) -> None:
    """Everybody may read what the Hub says of a gated repository; its files only those who were admitted."""
    if not repository.gated or request.token == ADMITTED:
        return
    restricted = f"Access to {repository.kind} {repository.hub_id} is restricted"
    if request.token is None:
        sentence = f"{restricted}. You must have access to it and be authenticated to access it. Please log in."
        raise HubError(401, "GatedRepo", sentence)
    raise HubError(403, "GatedRepo", f"{restricted} and you are not in the authorized list.")
