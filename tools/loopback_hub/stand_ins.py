"""The repositories of the first pass: the prepared stand-ins under the ids that the lessons name.

What is said of them (task, licence, tags) is what the Hub says of the real ones, as far as a search or a card shows it.
The numbers of downloads and likes are INVENTED: they only have to put the models in an order.
"""

from dataclasses import dataclass
from pathlib import Path

from hf_tutorial.sources.prepare import ready_folder
from hf_tutorial.sources.registry import OWN_IDS, STAND_INS
from tools.loopback_hub.repositories import Kind, Repository


@dataclass(frozen=True)
class Said:
    """What the Hub says of one id: its task, its licence, further tags, and invented numbers."""

    pipeline_tag: str | None
    licence: str | None
    tags: tuple[str, ...]
    downloads: int
    likes: int


SAID = {
    "sentence-transformers/all-MiniLM-L6-v2": Said(
        "sentence-similarity", "apache-2.0", ("sentence-transformers", "safetensors", "bert", "en"), 140_000_000, 4_000
    ),
    "distilbert/distilbert-base-uncased": Said(
        "fill-mask", "apache-2.0", ("transformers", "safetensors", "distilbert", "en"), 12_000_000, 700
    ),
    # The card on the Hub names no licence.
    "siebert/sentiment-roberta-large-english": Said(
        "text-classification", None, ("transformers", "safetensors", "roberta", "en"), 200_000, 150
    ),
    "google-bert/bert-base-uncased": Said(
        "fill-mask", "apache-2.0", ("transformers", "safetensors", "bert", "en"), 60_000_000, 2_300
    ),
    "HuggingFaceTB/SmolLM2-135M-Instruct": Said(
        "text-generation", "apache-2.0", ("transformers", "safetensors", "llama", "conversational", "en"), 500_000, 250
    ),
    "google-t5/t5-small": Said(
        "translation", "apache-2.0", ("transformers", "safetensors", "t5", "en", "fr", "ro", "de"), 3_000_000, 500
    ),
    "stanfordnlp/imdb": Said(None, "other", ("task_categories:text-classification", "language:en"), 150_000, 350),
    "cornell-movie-review-data/rotten_tomatoes": Said(
        None, "unknown", ("task_categories:text-classification", "language:en"), 20_000, 80
    ),
}


def stand_in_repositories() -> list[Repository]:
    """Return the stand-ins as repositories; what is not prepared yet is prepared first."""
    ids = [(hub_id, stand_in) for stand_in in STAND_INS for hub_id in stand_in.hub_ids]
    return [
        repository(hub_id, stand_in.kind, Path(ready_folder(stand_in)))
        for hub_id, stand_in in ids
        if not hub_id.startswith(OWN_IDS)
    ]


def repository(hub_id: str, kind: Kind, folder: Path) -> Repository:
    """Return the repository `hub_id` with the files of `folder`, and what the Hub says of it."""
    said = SAID[hub_id]
    return Repository(
        hub_id,
        kind,
        folder,
        pipeline_tag=said.pipeline_tag,
        tags=said.tags,
        downloads=said.downloads,
        likes=said.likes,
        licence=said.licence,
    )
