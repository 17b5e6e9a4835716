"""The repositories of a loopback Hub, found by the paths of requests."""

from collections.abc import Iterable

from tools.loopback_hub.messages import repository_not_found
from tools.loopback_hub.repositories import Kind, Repository

# What may follow an id in a path; an id of one word is told from one of two by them.
VERBS = ("revision", "tree", "paths-info", "refs", "auth-check", "resolve")


class Catalogue:
    """The repositories, how many things are listed at once, and where the Hub and its content network are."""

    def __init__(self, repositories: Iterable[Repository], page_size: int) -> None:
        self.repositories = {(repository.kind, repository.hub_id): repository for repository in repositories}
        self.page_size = page_size
        self.address = ""
        self.content_address = ""

    def find(self, kind: Kind, segments: list[str], token: str | None) -> tuple[Repository, list[str]]:
        """Return the repository that a path names, and the rest of the path."""
        words = 1 if len(segments) < 2 or segments[1] in VERBS else 2
        repository = self.repositories.get((kind, "/".join(segments[:words])))
        if repository is None:
            raise repository_not_found(token)
        return repository, segments[words:]
