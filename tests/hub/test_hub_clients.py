"""`huggingface_hub` itself asks the loopback Hub, and must find what it finds on the real one."""

import hashlib
from pathlib import Path

import pytest
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tools.loopback_hub import LoopbackHub, Repository
from tools.loopback_hub.messages import ADMITTED, NOT_ADMITTED
from tools.loopback_hub.neighbours import neighbours


@pytest.fixture
def api(hub):
    return HfApi(endpoint=hub.address, token=False)


def bodies(hub):
    """Return the requests that files were delivered to."""
    return [request for request in hub.asked if request.startswith("GET") and "/api/models" not in request]


# What the Hub says


def test_info_of_a_model(api, model):
    info = api.model_info("someone/model", files_metadata=True)
    files = {file.rfilename: file for file in info.siblings}
    weights = (model.folder / "model.safetensors").read_bytes()

    assert (info.id, info.author, info.sha) == ("someone/model", "someone", model.commit)
    assert (info.pipeline_tag, info.downloads, info.likes, info.gated) == ("fill-mask", 70, 3, False)
    assert info.tags == ["transformers", "en", "fill-mask", "license:mit"]
    assert info.card_data.license == "mit"
    assert sorted(files) == ["1_Pooling/config.json", "README.md", "config.json", "model.safetensors"]
    assert files["model.safetensors"].lfs.sha256 == hashlib.sha256(weights).hexdigest()
    assert files["config.json"].lfs is None
    # Git holds a pointer to what LFS holds.
    pointer = (
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{files['model.safetensors'].lfs.sha256}\nsize 5000\n"
    )
    assert files["model.safetensors"].blob_id == hashlib.sha1(f"blob 129\x00{pointer}".encode()).hexdigest()
    assert files["model.safetensors"].lfs.pointer_size == 129
    # `git hash-object` gives this for the text {"model_type": "bert"}.
    assert files["config.json"].blob_id == hashlib.sha1(b'blob 22\x00{"model_type": "bert"}').hexdigest()


def test_info_of_a_dataset(api, dataset):
    info = api.dataset_info("someone/rows")
    assert (info.sha, info.downloads, [file.rfilename for file in info.siblings]) == (
        dataset.commit,
        5,
        ["data/train.parquet"],
    )


def test_only_what_is_asked_for(api):
    info = api.model_info("someone/model", expand=["downloads"])
    assert (info.downloads, info.likes, info.tags, info.siblings) == (70, None, None, None)


def test_the_commit_follows_from_the_contents(model, tmp_path):
    before = model.commit
    (model.folder / "config.json").write_text('{"model_type": "gpt2"}')
    after = Repository("someone/model", "model", model.folder).commit
    assert len(before) == len(after) == 40
    assert before != after


@pytest.mark.parametrize("revision", ["main", "refs/heads/main", None])
def test_names_of_the_only_revision(api, model, revision):
    assert api.model_info("someone/model", revision=revision).sha == model.commit
    assert api.model_info("someone/model", revision=model.commit).sha == model.commit


def test_branches(api, model):
    refs = api.list_repo_refs("someone/model")
    assert [(branch.name, branch.target_commit) for branch in refs.branches] == [("main", model.commit)]
    assert refs.tags == []


def test_tree_in_pages(repositories, model):
    with LoopbackHub(repositories, page_size=2) as hub:
        api = HfApi(endpoint=hub.address, token=False)
        everything = [entry.path for entry in api.list_repo_tree("someone/model", recursive=True)]
        assert everything == ["1_Pooling", "1_Pooling/config.json", "README.md", "config.json", "model.safetensors"]
        assert len([request for request in hub.asked if "/tree/" in request]) == 3


def test_tree_of_a_folder(api):
    top = [entry.path for entry in api.list_repo_tree("someone/model")]
    assert top == ["1_Pooling", "README.md", "config.json", "model.safetensors"]
    assert [entry.path for entry in api.list_repo_tree("someone/model", "1_Pooling")] == ["1_Pooling/config.json"]
    with pytest.raises(EntryNotFoundError):
        list(api.list_repo_tree("someone/model", "no_such_folder"))


def test_facts_about_paths(api):
    found = api.get_paths_info("someone/model", ["config.json", "1_Pooling", "nothing.json"])
    assert [(entry.path, getattr(entry, "size", None)) for entry in found] == [("config.json", 22), ("1_Pooling", None)]


# Files


def test_a_small_file_and_one_of_lfs(hub, model, tmp_path):
    for name in ("config.json", "model.safetensors"):
        path = hf_hub_download("someone/model", name, endpoint=hub.address, cache_dir=tmp_path / "cache", token=False)
        assert model.folder.joinpath(name).read_bytes() == Path(path).read_bytes()
    blobs = {path.name for path in (tmp_path / "cache").rglob("blobs/*")}
    assert blobs == {model.files["config.json"].oid, model.files["model.safetensors"].sha256}


def test_the_second_time_nothing_is_transferred(hub, tmp_path):
    for name in ("config.json", "model.safetensors"):
        hf_hub_download("someone/model", name, endpoint=hub.address, cache_dir=tmp_path / "cache", token=False)
    assert len(bodies(hub)) == 2
    hub.asked.clear()
    for name in ("config.json", "model.safetensors"):
        hf_hub_download("someone/model", name, endpoint=hub.address, cache_dir=tmp_path / "cache", token=False)
    assert bodies(hub) == []
    assert any(request.startswith("HEAD") for request in hub.asked)


def test_a_snapshot_is_the_folder_without_hidden_files(hub, model, tmp_path):
    folder = tmp_path / "snapshot"
    snapshot_download("someone/model", endpoint=hub.address, local_dir=folder, token=False)
    copied = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    copied = {name: content for name, content in copied.items() if not name.startswith(".")}
    assert copied == {name: file.read() for name, file in model.files.items()}


def test_a_download_that_was_cut_goes_on_where_it_stopped(tmp_path):
    content = bytes(range(256)) * 60_000
    model = Repository("someone/large", "model", None, generated={"model.safetensors": content})
    ranges = []

    def cut_once(handler):
        """Send 12 of the 15 million bytes and hang up, the first time."""
        if handler.command != "GET" or "?name=" not in handler.path:
            return False
        ranges.append(handler.headers.get("Range"))
        if len(ranges) > 1:
            return False
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:12_000_000])
        handler.close_connection = True
        return True

    with LoopbackHub([model], intercept=cut_once) as hub:
        options = {"endpoint": hub.address, "cache_dir": tmp_path / "cache", "token": False}
        try:
            path = hf_hub_download("someone/large", "model.safetensors", **options)
        except Exception:  # version 1 of the client gives up here, and goes on when it is called again
            path = hf_hub_download("someone/large", "model.safetensors", **options)
    assert Path(path).read_bytes() == content
    # The client keeps whole chunks of 10 MiB.
    assert ranges == [None, "bytes=10485760-"]


def test_parts_of_a_file(hub, model):
    files = HfFileSystem(endpoint=hub.address, token=False, skip_instance_cache=True)
    weights = (model.folder / "model.safetensors").read_bytes()
    assert files.cat_file("someone/model/model.safetensors", start=10, end=20) == weights[10:20]
    with files.open("someone/model/model.safetensors", block_size=0) as stream:
        assert stream.read() == weights


def test_a_token_does_not_reach_the_content_network(hub, tmp_path):
    options = {"endpoint": hub.address, "cache_dir": tmp_path / "cache", "token": ADMITTED}
    hf_hub_download("someone/gated", "model.safetensors", **options)
    sent = dict(zip(hub.asked, hub.authorised, strict=True))
    assert sent.pop(next(request for request in sent if "?name=" in request)) is False
    assert all(sent.values())


# What the Hub refuses


def test_what_is_not_there(hub, api):
    with pytest.raises(RepositoryNotFoundError, match="401"):
        api.model_info("someone/nothing")
    with pytest.raises(RepositoryNotFoundError, match="404"):
        HfApi(endpoint=hub.address, token=NOT_ADMITTED).model_info("someone/nothing")
    with pytest.raises(RepositoryNotFoundError):
        api.dataset_info("someone/model")
    with pytest.raises(RevisionNotFoundError):
        api.model_info("someone/model", revision="v2")
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download("someone/model", "vocab.txt")
    assert len(hub.not_found) == 3


def test_a_gated_repository(hub, api):
    assert api.model_info("someone/gated").gated == "manual"
    with pytest.raises(GatedRepoError, match="401") as stranger:
        api.auth_check("someone/gated")
    assert "Please log in" in str(stranger.value)
    with pytest.raises(GatedRepoError, match="403") as guest:
        HfApi(endpoint=hub.address, token=NOT_ADMITTED).auth_check("someone/gated")
    assert "not in the authorized list" in str(guest.value)
    HfApi(endpoint=hub.address, token=ADMITTED).auth_check("someone/gated")


def test_files_of_a_gated_repository(hub, tmp_path):
    options = {"endpoint": hub.address, "cache_dir": tmp_path / "cache"}
    for token in (False, NOT_ADMITTED):
        with pytest.raises(GatedRepoError):
            hf_hub_download("someone/gated", "config.json", token=token, **options)
    assert hf_hub_download("someone/gated", "config.json", token=ADMITTED, **options)


def test_who_am_i(hub):
    assert HfApi(endpoint=hub.address, token=ADMITTED).whoami()["name"] == "student"
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        HfApi(endpoint=hub.address, token="hf_nobody").whoami()


# Search


@pytest.fixture
def crowd(repositories):
    """A Hub with more models than fit on its pages."""
    with LoopbackHub([*repositories, *neighbours()], page_size=3) as hub:
        yield HfApi(endpoint=hub.address, token=False)


def ids(found):
    return [info.id for info in found]


def test_the_search_of_lesson_00(crowd):
    found = crowd.list_models(pipeline_tag="text-classification", filter="license:apache-2.0", sort="downloads")
    # By hand, from the table in neighbours.py.
    assert ids(found) == [
        "example/reranker",
        "example/polarity-base",
        "example/languages-of-posts",
        "example/toxicity",
        "example/topics-of-news",
        "example/emotions",
    ]


def test_filters(crowd):
    assert ids(crowd.list_models(author="someone")) == ["someone/model", "someone/gated"]
    assert ids(crowd.list_models(search="POLAR")) == ["example/polarity-base", "example/polarity-large"]
    assert ids(crowd.list_models(filter=["en", "license:mit"], sort="likes")) == [
        "example/polarity-large",
        "someone/model",
    ]
    assert ids(crowd.list_models(filter="fill-mask")) == ["someone/model"]
    assert ids(crowd.list_models(gated=True)) == ["someone/gated"]
    assert ids(crowd.list_datasets()) == ["someone/rows"]


def test_a_list_in_pages(crowd):
    assert len(ids(crowd.list_models())) == 12
    assert len(ids(crowd.list_models(limit=4))) == 4


def test_what_a_list_says_of_a_model(crowd):
    [brief] = crowd.list_models(search="someone/model")
    [full] = crowd.list_models(search="someone/model", full=True, cardData=True)
    assert (brief.downloads, brief.pipeline_tag, brief.sha, brief.card_data) == (70, "fill-mask", None, None)
    assert (full.author, full.card_data.license) == ("someone", "mit")
    assert len(full.siblings) == 4


def test_a_list_cannot_be_sorted_by_anything(crowd):
    with pytest.raises(HfHubHTTPError, match="Cannot sort by 'beauty'"):
        list(crowd.list_models(sort="beauty"))
