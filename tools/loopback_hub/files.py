"""Where a file's bytes come from: `resolve` redirects, and the Hub itself or its content network delivers."""

import re
from urllib.parse import quote

from tools.loopback_hub.messages import HubError, Part, Request, Response, entry_not_found
from tools.loopback_hub.repositories import HubFile, Repository


def resolve(request: Request, repository: Repository, path: str, content_address: str) -> Response:
    """Redirect to where the file lies.

    A small file is delivered by the Hub itself, at an address that holds its commit. A file of LFS is delivered from
    another origin, as by the Hub's content network: clients keep the facts from this response and must not send a token
    on to it.
    """
    file = repository.files.get(path)
    if file is None:
        raise entry_not_found(repository.commit)
    headers = {"X-Repo-Commit": repository.commit, "Accept-Ranges": "bytes", "Content-Type": "text/plain"}
    if file.is_lfs:
        headers |= {"X-Linked-ETag": f'"{file.etag}"', "X-Linked-Size": str(file.size)}
        location = f"{content_address}/{file.sha256}?name={quote(path, safe='')}"
        return Response(302, {**headers, "Location": location})
    where = f"/api/resolve-cache/{repository.kind}s/{repository.hub_id}/{repository.commit}/{quote(path)}"
    return Response(307, {**headers, "ETag": f'"{file.etag}"', "Location": where})


def content(request: Request, repository: Repository, commit: str, path: str) -> Response:
    """Deliver a small file of one commit."""
    file = repository.files.get(path)
    if file is None or commit != repository.commit:
        raise entry_not_found(repository.commit)
    return deliver(request, file, {"X-Repo-Commit": commit})


def deliver(request: Request, file: HubFile, headers: dict[str, str]) -> Response:
    """Deliver the file, or the range of it that the request names."""
    headers = {**headers, "ETag": f'"{file.etag}"', "Accept-Ranges": "bytes", "Content-Type": "binary/octet-stream"}
    wanted = request.headers.get("Range")
    if wanted is None:
        return Response(200, headers, Part(file, 0, file.size))
    start, stop = _range(wanted, file.size)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    return Response(206, headers, Part(file, start, stop))


def _range(wanted: str, size: int) -> tuple[int, int]:
    """Return where a range such as `bytes=5-`, `bytes=5-9` or `bytes=-5` begins, and where it has ended."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted.strip())
    first, last = found.groups() if found else ("", "")
    if first:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    else:
        start, stop = max(size - int(last or 0), 0), size
    if start >= stop:
        raise HubError(416, None, "The range lies outside the file.", {"Content-Range": f"bytes */{size}"})
    return start, stop
