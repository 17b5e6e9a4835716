"""Half a download is never used: what the Hub's caches hold, and what an interrupted transfer leaves in them."""

import io
import json
import zipfile

import numpy
import pytest
from huggingface_hub import hf_hub_download, snapshot_download
from safetensors.numpy import save

from hf_tutorial.sources.hub_cache import dataset_in_cache, model_in_cache
from tools.loopback_hub import LoopbackHub, Repository
from tools.loopback_hub import faults_http as http

ID = "someone/model"
WEIGHTS = save({"a": numpy.arange(90_000, dtype="float32"), "b": numpy.ones(10, dtype="float32")}, {"format": "pt"})
TOKENIZER = {"tokenizer.json": b"{}", "tokenizer_config.json": b"{}"}
INDEX = json.dumps({"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}).encode()
SHARDS = {"model-1-of-2.safetensors": WEIGHTS, "model-2-of-2.safetensors": WEIGHTS}
CONFIG = {"config.json": b"{}"}
WHOLE = {**CONFIG, **TOKENIZER, "model.safetensors": WEIGHTS}


def zipped():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("archive/data.pkl", b"never read")
    return archive.getvalue()


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "hub"


@pytest.fixture
def download(cache):
    """Let the Hub's own client download some of a repository's files."""

    def fetch(files, names=None, intercept=None):
        with LoopbackHub([Repository(ID, "model", None, generated=files)], intercept) as hub:
            if names is None:
                snapshot_download(ID, cache_dir=cache, endpoint=hub.address)
            for name in names or ():
                hf_hub_download(ID, name, cache_dir=cache, endpoint=hub.address)

    return fetch


@pytest.mark.parametrize(
    "files",
    [
        WHOLE,
        {**WHOLE, "flax_model.msgpack": b"another format", "README.md": b"#"},
        {**CONFIG, "vocab.json": b"{}", "merges.txt": b"#", "model.safetensors": WEIGHTS},
        {**CONFIG, "spiece.model": b"pieces", "pytorch_model.bin": zipped()},
        {**CONFIG, **TOKENIZER, **SHARDS, "model.safetensors.index.json": INDEX},
    ],
)
def test_a_whole_model_is_found_where_it_lies(download, files):
    assert model_in_cache(ID) is None
    download(files)
    found = model_in_cache(ID)
    assert (found / "config.json").is_file()
    assert found.parent.name == "snapshots"


def test_files_that_nobody_loads_need_not_be_there(download):
    download({**WHOLE, "rust_model.ot": b"0", "onnx/model.onnx": b"0", "README.md": b"#"}, list(WHOLE))
    assert model_in_cache(ID)


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (WHOLE, ["config.json"]),
        (WHOLE, ["config.json", *TOKENIZER]),
        (WHOLE, ["config.json", "model.safetensors"]),
        (WHOLE, [*TOKENIZER, "model.safetensors"]),
        (WHOLE, ["config.json", "tokenizer_config.json", "model.safetensors"]),
        ({**WHOLE, "vocab.json": b"{}", "merges.txt": b"#"}, ["config.json", "vocab.json", "model.safetensors"]),
        (
            {**CONFIG, **TOKENIZER, **SHARDS, "model.safetensors.index.json": INDEX},
            [*CONFIG, *TOKENIZER, "model.safetensors.index.json", "model-1-of-2.safetensors"],
        ),
        (
            {**CONFIG, **TOKENIZER, **SHARDS, "model.safetensors.index.json": INDEX},
            [*CONFIG, *TOKENIZER, "model-1-of-2.safetensors", "model-2-of-2.safetensors"],
        ),
    ],
)
def test_some_of_the_files_are_not_a_model(download, files, names):
    download(files, names)
    assert model_in_cache(ID) is None


@pytest.mark.parametrize(
    "damage",
    [
        {"model.safetensors": WEIGHTS[:-1]},
        {"model.safetensors": WEIGHTS[:40]},
        {"model.safetensors": WEIGHTS[:4]},
        {"model.safetensors": b"\xff" * 100},
        {"model.safetensors": WEIGHTS + b"0"},
        {"model.safetensors": b""},
        {"config.json": b""},
        {"tokenizer.json": b""},
    ],
)
def test_a_file_that_was_cut_short_on_the_disk_is_noticed(download, damage):
    download(WHOLE)
    ((name, content),) = damage.items()
    (model_in_cache(ID) / name).write_bytes(content)
    assert model_in_cache(ID) is None


def test_a_cut_archive_of_pytorch_is_noticed(download):
    download({**CONFIG, **TOKENIZER, "pytorch_model.bin": zipped()})
    weights = model_in_cache(ID) / "pytorch_model.bin"
    weights.write_bytes(weights.read_bytes()[:-20])
    assert model_in_cache(ID) is None


@pytest.mark.parametrize("index", [b"{", b"[]", b'{"weight_map": {}}', b'{"weight_map": {"a": "gone.safetensors"}}'])
def test_a_damaged_index_is_no_index(download, index):
    download({**CONFIG, **TOKENIZER, "model.safetensors.index.json": index})
    assert model_in_cache(ID) is None


@pytest.mark.parametrize("commit", ["", "0" * 40, "../../.."])
def test_a_branch_that_leads_nowhere_holds_nothing(download, cache, commit):
    download(WHOLE)
    (cache / "models--someone--model" / "refs" / "main").write_text(commit)
    assert model_in_cache(ID) is None


def test_an_interrupted_transfer_leaves_nothing_that_is_used_and_the_next_is_whole(download, cache, monkeypatch):
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda seconds: None)  # it waits before each retry
    names = [*CONFIG, *TOKENIZER, "model.safetensors"]
    with pytest.raises(Exception, match="peer closed connection"):
        download(WHOLE, names, http.cut_short(WEIGHTS))
    assert model_in_cache(ID) is None
    kept = cache / "models--someone--model"
    assert not list(kept.rglob("model.safetensors")), "a file has its name only when it is whole"
    # A process that was killed leaves its part behind, and older clients do so always.
    (kept / "blobs" / "0123abcd.incomplete").write_bytes(WEIGHTS[:1000])
    assert model_in_cache(ID) is None
    download(WHOLE, names)
    assert (model_in_cache(ID) / "model.safetensors").read_bytes() == WEIGHTS


@pytest.fixture
def made(monkeypatch, tmp_path):
    """What `load_dataset` makes of a dataset with two splits, one in two pieces; nothing is in the files themselves."""
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "datasets")
    folder = tmp_path / "datasets" / "someone___my_data" / "plain_text" / "0.0.0" / "abc"
    folder.mkdir(parents=True)
    splits = {"train": {"shard_lengths": [5, 5]}, "test": {"shard_lengths": None}}
    facts = {"dataset_name": "my_data", "config_name": "plain_text", "splits": splits}
    (folder / "dataset_info.json").write_text(json.dumps(facts))
    for part in ("train-00000-of-00002", "train-00001-of-00002", "test"):
        (folder / f"my_data-{part}.arrow").write_bytes(b"rows")
    return folder


def test_a_whole_dataset_is_found(made):
    assert dataset_in_cache("someone/MyData")
    assert not dataset_in_cache("someone/else")
    assert not dataset_in_cache("else/MyData")


@pytest.mark.parametrize("missing", ["dataset_info.json", "my_data-train-00001-of-00002.arrow", "my_data-test.arrow"])
def test_a_dataset_without_one_of_its_files_is_not_used(made, missing):
    (made / missing).unlink()
    assert not dataset_in_cache("someone/MyData")


@pytest.mark.parametrize("facts", ["{", "[]", "{}", '{"splits": null}', '{"splits": {}, "dataset_name": "my_data"}'])
def test_a_dataset_whose_facts_are_damaged_is_not_used(made, facts):
    (made / "dataset_info.json").write_text(facts)
    assert not dataset_in_cache("someone/MyData")


def test_an_unfinished_dataset_is_not_used_even_beside_a_finished_one(made):
    made.with_name("def.incomplete").mkdir()
    assert not dataset_in_cache("someone/MyData")


def test_a_dataset_of_which_only_files_were_downloaded_is_not_used(monkeypatch, tmp_path, cache):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "datasets")
    repository = Repository("someone/rows", "dataset", None, generated={"data/train-00000-of-00001.parquet": b"PAR1"})
    with LoopbackHub([repository]) as hub:
        snapshot_download("someone/rows", repo_type="dataset", cache_dir=cache, endpoint=hub.address)
    assert not dataset_in_cache("someone/rows")
