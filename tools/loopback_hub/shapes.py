"""Repositories under the Hub ids of the lessons, as unlike the stand-ins as the Hub's own are.

A lesson or a check that is wired to a stand-in's numbers (12 heads of width 384, WordPiece, a label that happens to be
right) fails on these. The weights are random, the shapes, the tokenizers and the layout of the files are the Hub's:
`shapes_models`, `shapes_tokenizers` and `shapes_reviews` say how far. Where the stand-in is the Hub's model itself, it is
served as it is.

They take about 1.5 GB and half a minute to make, once: a folder that is there, and whose files have the hashes that were
written down when it was made, is used again; any other is made anew.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from hf_tutorial.sources.cache import examine, publish, sweep
from tools.loopback_hub.repositories import Kind, Repository
from tools.loopback_hub.shapes_models import MODEL_SHAPES
from tools.loopback_hub.shapes_reviews import ReviewsShape
from tools.loopback_hub.stand_ins import repository, stand_in_repositories


class Shape(Protocol):
    """Something that fills a folder, and a text that changes whenever it would fill it differently."""

    @property
    def hub_id(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def recipe(self) -> str: ...

    def build(self, folder: Path) -> None: ...


SHAPES: Sequence[Shape] = (*MODEL_SHAPES, ReviewsShape())


def made(shape: Shape, folder: Path) -> Path:
    """Return where `shape` lies below `folder`, made now if it is not there or not as it was made."""
    place = folder / shape.hub_id.replace("/", "--")
    recipe = hashlib.sha256(shape.recipe.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{place.name}.lock"):
        if not examine(place, recipe, thorough=True).ready:
            sweep(place)
            publish(place, recipe, shape.build)
    return place


def repositories(folder: Path) -> list[Repository]:
    """Return what a Hub would serve for the lessons: the shapes, and the stand-ins that are the Hub's own models."""
    shaped = [repository(shape.hub_id, shape.kind, made(shape, folder)) for shape in SHAPES]
    ids = {one.hub_id for one in shaped}
    return [*shaped, *(one for one in stand_in_repositories() if one.hub_id not in ids)]
