"""`stanfordnlp/imdb` laid out as on the Hub: one configuration, three splits, 25,000, 25,000 and 50,000 rows.

The training reviews are the Hub's, in its order. The others are not to be had here: their rows are the training reviews
once more, shuffled, and for the unsupervised split twice over with the label −1, as on the Hub.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hf_tutorial.sources.recipes.reviews import load_reviews
from hf_tutorial.sources.registry import REVIEWS_WHEEL
from tools.loopback_hub.repositories import Kind

if TYPE_CHECKING:
    from datasets import Dataset

_VERSION = 1
_CARD = """\
---
pretty_name: IMDB
dataset_info:
  config_name: plain_text
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': neg
          '1': pos
configs:
- config_name: plain_text
  data_files:
  - split: train
    path: plain_text/train-*
  - split: test
    path: plain_text/test-*
  - split: unsupervised
    path: plain_text/unsupervised-*
  default: true
---

# Film reviews in the Hub's layout

The training split is that of `stanfordnlp/imdb`. For tests only: the rows of `test` and `unsupervised` are the training
reviews again, shuffled.
"""


@dataclass(frozen=True)
class ReviewsShape:
    """The three splits; `rows` is how many training reviews to take, for tests that need few."""

    hub_id: str = "stanfordnlp/imdb"
    rows: int | None = None
    kind: Kind = "dataset"

    @property
    def recipe(self) -> str:
        """Return everything that the folder depends on, as text."""
        return f"reviews {_VERSION} {self.rows} {REVIEWS_WHEEL.sha256}"

    def build(self, folder: Path) -> None:
        """Fill the empty `folder` with parquet files and a card."""
        train = load_reviews("imdb")
        train = train.select(range(self.rows or len(train)))
        (folder / "plain_text").mkdir()
        for split, rows in _splits(train).items():
            rows.to_parquet(folder / "plain_text" / f"{split}-00000-of-00001.parquet")
        (folder / "README.md").write_text(_CARD, encoding="utf-8")


def _splits(train: "Dataset") -> "dict[str, Dataset]":
    from datasets import concatenate_datasets

    unlabelled = concatenate_datasets([train.shuffle(seed=2), train.shuffle(seed=3)])
    columns = {"text": unlabelled["text"][:], "label": [-1] * len(unlabelled)}
    unsupervised = type(train).from_dict(columns, features=train.features)
    return {"train": train, "test": train.shuffle(seed=1), "unsupervised": unsupervised}
