"""A small Hub for the tests of the loopback Hub: one model, one dataset, one gated model, made in a temporary folder."""

import random

import pyarrow
import pyarrow.parquet
import pytest

from tools.loopback_hub import LoopbackHub, Repository

CARD = "---\nlicense: mit\nlanguage: en\n---\n\n# A model for a test\n"


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "repositories" / "model"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "bert"}')
    (folder / "README.md").write_text(CARD)
    (folder / "model.safetensors").write_bytes(random.Random(1).randbytes(5000))
    (folder / "1_Pooling" / "config.json").write_text("{}")
    (folder / ".hf-tutorial.json").write_text("a manifest that is none of the Hub's business")
    tags = ("transformers", "en")
    return Repository("someone/model", "model", folder, "fill-mask", tags, downloads=70, likes=3, licence="mit")


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "repositories" / "dataset"
    (folder / "data").mkdir(parents=True)
    rows = pyarrow.table({"text": ["good", "bad"], "label": [1, 0]})
    pyarrow.parquet.write_table(rows, folder / "data" / "train.parquet")
    return Repository("someone/rows", "dataset", folder, downloads=5)


@pytest.fixture
def gated(model):
    return Repository("someone/gated", "model", model.folder, gated=True)


@pytest.fixture
def repositories(model, dataset, gated):
    return [model, dataset, gated]


@pytest.fixture
def hub(repositories):
    with LoopbackHub(repositories) as hub:
        yield hub
