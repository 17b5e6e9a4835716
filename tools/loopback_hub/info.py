"""What the Hub says of a repository: its info, its tree, its branches."""

from pathlib import PurePosixPath

from tools.loopback_hub.catalogue import Catalogue
from tools.loopback_hub.messages import HubError, Request, Response, entry_not_found, json_response
from tools.loopback_hub.paging import page
from tools.loopback_hub.repositories import HubFile, Repository

# Everything here came into being at once.
WHEN = "2026-01-01T00:00:00.000Z"


def facts(repository: Repository) -> dict[str, object]:
    """Return everything that the Hub says of a repository, apart from the details of its files."""
    about: dict[str, object] = {
        "_id": repository.commit[:24],
        "id": repository.hub_id,
        "author": repository.author,
        "sha": repository.commit,
        "lastModified": WHEN,
        "createdAt": WHEN,
        "private": False,
        "gated": "manual" if repository.gated else False,
        "disabled": False,
        "downloads": repository.downloads,
        "likes": repository.likes,
        "tags": list(repository.all_tags),
        "cardData": repository.card_data,
        "siblings": [{"rfilename": path} for path in repository.files],
        "usedStorage": sum(file.size for file in repository.files.values()),
    }
    if repository.kind == "model":
        about |= {"modelId": repository.hub_id, "library_name": "transformers"}
        about |= {"pipeline_tag": repository.pipeline_tag} if repository.pipeline_tag else {}
    return about


def info(request: Request, repository: Repository) -> Response:
    about = facts(repository)
    if wanted := request.query.get("expand"):
        return json_response({name: about[name] for name in ("_id", "id", *wanted) if name in about})
    if request.says_yes("blobs"):
        about["siblings"] = [_sibling(file) for file in repository.files.values()]
    return json_response(about)


def _sibling(file: HubFile) -> dict[str, object]:
    about: dict[str, object] = {"rfilename": file.path, "size": file.size, "blobId": file.oid}
    if file.is_lfs:
        about["lfs"] = {"sha256": file.sha256, "size": file.size, "pointerSize": len(file.pointer)}
    return about


def tree(request: Request, repository: Repository, folder: str, catalogue: Catalogue) -> Response:
    """List a folder: what lies in it, or everything below it if the request says recursive."""
    below = [path for path in _entries(repository) if _lies_in(path, folder)]
    if not below:
        if folder:
            raise entry_not_found(repository.commit)
        return json_response([])
    if not request.says_yes("recursive"):
        depth = len(PurePosixPath(folder).parts) + 1
        below = [path for path in below if len(PurePosixPath(path).parts) == depth]
    shown, headers = page(below, request, catalogue.page_size, catalogue.address)
    return json_response([_entry(repository, path) for path in shown], headers)


def _lies_in(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _entries(repository: Repository) -> list[str]:
    """Return the paths of all folders and files."""
    folders = {str(parent) for path in repository.files for parent in PurePosixPath(path).parents[:-1]}
    return [*sorted(folders), *repository.files]


def _entry(repository: Repository, path: str) -> dict[str, object]:
    file = repository.files.get(path)
    if file is None:
        return {"type": "directory", "oid": repository.commit, "size": 0, "path": path}
    about: dict[str, object] = {"type": "file", "oid": file.oid, "size": file.size, "path": path}
    if file.is_lfs:
        about["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": len(file.pointer)}
    return about


def paths_info(request: Request, repository: Repository) -> Response:
    """Describe the paths that the request names. Those that do not exist are left out."""
    if request.method != "POST":
        raise HubError(405, None, "Only POST is answered here.")
    there = set(_entries(repository))
    wanted = [path.strip("/") for path in request.form.get("paths", [])]
    return json_response([_entry(repository, path) for path in wanted if path in there])


def refs(repository: Repository) -> Response:
    main = {"name": "main", "ref": "refs/heads/main", "targetCommit": repository.commit}
    return json_response({"branches": [main], "converts": [], "tags": [], "pullRequests": []})
