"""The Hub's lists of models and of datasets: filter, sort, page."""

from tools.loopback_hub.catalogue import Catalogue
from tools.loopback_hub.info import facts
from tools.loopback_hub.messages import HubError, Request, Response, json_response
from tools.loopback_hub.paging import page
from tools.loopback_hub.repositories import Kind, Repository

# What can be sorted by. Everything here is equally old and equally fashionable.
_KEYS = {"downloads": "downloads", "likes": "likes", "lastModified": "", "createdAt": "", "trendingScore": ""}

_BRIEF = ("_id", "id", "modelId", "private", "downloads", "likes", "tags", "pipeline_tag", "library_name", "createdAt")
_FULL = ("author", "sha", "lastModified", "gated", "disabled", "siblings")


def listing(request: Request, catalogue: Catalogue, kind: Kind) -> Response:
    """Answer `/api/models` or `/api/datasets`."""
    there = [repository for repository in catalogue.repositories.values() if repository.kind == kind]
    found = _sorted(request, [repository for repository in there if _fits(request, repository)])
    # The clients take no more than their limit, from as many pages as that needs.
    size = min(int(request.one("limit") or catalogue.page_size), catalogue.page_size)
    shown, headers = page(found, request, size, catalogue.address)
    return json_response([_described(request, repository) for repository in shown], headers)


def _fits(request: Request, repository: Repository) -> bool:
    tags = {tag.lower() for tag in repository.all_tags}
    wanted = [*request.query.get("filter", []), *request.query.get("tags", [])]
    name, author = request.one("search"), request.one("author")
    pipeline, gated = request.one("pipeline_tag"), request.one("gated")
    return (
        all(part.strip().lower() in tags for tag in wanted for part in tag.split(","))
        and (pipeline is None or repository.pipeline_tag == pipeline)
        and (author is None or repository.author.lower() == author.lower())
        and (name is None or name.lower() in repository.hub_id.lower())
        and (gated is None or repository.gated is (gated.lower() == "true"))
    )


def _sorted(request: Request, found: list[Repository]) -> list[Repository]:
    """Sort as the request says: what is largest first, unless its direction is 1."""
    key = request.one("sort") or "trendingScore"
    if key not in _KEYS:
        raise HubError(400, None, f"Cannot sort by {key!r}: it can be one of {', '.join(_KEYS)}.")
    if not (attribute := _KEYS[key]):
        return found
    return sorted(found, key=lambda one: getattr(one, attribute), reverse=request.one("direction") != "1")


def _described(request: Request, repository: Repository) -> dict[str, object]:
    about = facts(repository)
    names = ["_id", "id", *request.query["expand"]] if "expand" in request.query else [*_BRIEF]
    names += _FULL if request.says_yes("full") else ()
    names += ["cardData"] if request.says_yes("cardData") else []
    return {name: about[name] for name in names if name in about}
