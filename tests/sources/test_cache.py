"""A prepared folder appears whole or not at all, and what is not whole is noticed."""

import errno
import multiprocessing
import os
import signal
import time

import pytest

from hf_tutorial.errors import SourceError
from hf_tutorial.sources.cache import MANIFEST, cache_root, examine, explained, locked, publish, sweep


def write_two_files(folder):
    (folder / "config.json").write_text('{"a": 1}')
    (folder / "deep").mkdir()
    (folder / "deep" / "weights.bin").write_bytes(bytes(range(256)))


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "stand-ins" / "tiny"
    publish(path, "recipe-1", write_two_files)
    return path


def test_a_published_folder_is_ready(folder):
    assert examine(folder, "recipe-1", thorough=True).ready
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]


def test_nothing_there_is_missing(tmp_path):
    assert examine(tmp_path / "nowhere", "recipe-1").condition == "missing"


def test_another_recipe_makes_it_outdated(folder):
    assert examine(folder, "recipe-2").condition == "outdated"


def test_one_flipped_byte_is_noticed(folder):
    weights = folder / "deep" / "weights.bin"
    content = bytearray(weights.read_bytes())
    content[100] ^= 1
    weights.write_bytes(content)
    assert examine(folder, "recipe-1").ready, "a look at the sizes cannot see it"
    state = examine(folder, "recipe-1", thorough=True)
    assert (state.condition, state.detail) == ("damaged", "the contents of deep/weights.bin have changed")


def test_a_missing_or_shorter_file_is_noticed_without_reading_it(folder):
    (folder / "deep" / "weights.bin").write_bytes(b"short")
    assert examine(folder, "recipe-1").condition == "damaged"
    (folder / "deep" / "weights.bin").unlink()
    assert "deep/weights.bin is missing" in examine(folder, "recipe-1").detail


@pytest.mark.parametrize(
    "manifest", ["", "[]", "null", '{"recipe": "recipe-1"}', '{"recipe": "recipe-1", "files": {"a": 1}}']
)
def test_a_broken_manifest_is_damage(folder, manifest):
    (folder / MANIFEST).write_text(manifest)
    assert examine(folder, "recipe-1").condition == "damaged"


def test_a_build_that_fails_leaves_the_old_folder_and_nothing_else(folder):
    def fail(draft):
        (draft / "config.json").write_text("half")
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        publish(folder, "recipe-2", fail)
    assert examine(folder, "recipe-1", thorough=True).ready
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]


def test_a_new_build_replaces_the_old_one(folder):
    publish(folder, "recipe-2", lambda draft: (draft / "only.txt").write_text("new"))
    assert examine(folder, "recipe-2", thorough=True).ready
    assert not (folder / "config.json").exists()


def _publish_many(path):
    for _ in range(30):
        publish(path, "recipe-1", write_two_files)


def test_four_processes_that_publish_at_once_do_not_disturb_each_other(tmp_path):
    path = tmp_path / "tiny"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_publish_many, args=(path,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert examine(path, "recipe-1", thorough=True).ready
    assert [entry.name for entry in tmp_path.iterdir()] == ["tiny"]


def _publish_and_hang(path):
    def build(draft):
        write_two_files(draft)
        time.sleep(60)

    publish(path, "recipe-1", build)


def test_a_killed_build_is_not_used_and_its_rest_is_swept_away(tmp_path):
    path = tmp_path / "tiny"
    worker = multiprocessing.get_context("spawn").Process(target=_publish_and_hang, args=(path,))
    worker.start()
    while not list(tmp_path.glob("*/deep/weights.bin")):
        time.sleep(0.01)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    assert examine(path, "recipe-1").condition == "missing"
    sweep(path)
    assert list(tmp_path.iterdir()) == []
    publish(path, "recipe-1", write_two_files)
    assert examine(path, "recipe-1", thorough=True).ready


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "is full. Free about 1 GB"),
        (errno.EACCES, "Set HF_TUTORIAL_CACHE"),
        (errno.EROFS, "cannot be written"),
    ],
)
def test_the_disk_s_errors_say_what_to_do(number, advice):
    with pytest.raises(SourceError, match=advice), explained():
        raise OSError(number, os.strerror(number))


def test_what_rust_says_of_a_full_disk_is_understood():
    with pytest.raises(SourceError, match=r"is full\. Free about 1 GB"), explained():
        raise Exception("Error while serializing: I/O error: No space left on device (os error 28)")


def test_other_errors_stay_what_they_are():
    with pytest.raises(ValueError, match="of a recipe"), explained():
        raise ValueError("a mistake of a recipe (os error unknown)")


def test_a_cache_that_is_a_link_to_nowhere_says_so(monkeypatch, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "unplugged")
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "link"))
    said = r"it is a link to .*unplugged, which is not there.*Set HF_TUTORIAL_CACHE"
    with pytest.raises(SourceError, match=said), explained(), locked("tiny"):
        pass


def test_a_file_in_the_way_is_replaced(tmp_path):
    (tmp_path / "tiny").write_text("no folder")
    publish(tmp_path / "tiny", "recipe-1", write_two_files)
    assert examine(tmp_path / "tiny", "recipe-1", thorough=True).ready
    assert [entry.name for entry in tmp_path.iterdir()] == ["tiny"]


@pytest.mark.parametrize("error", [OSError(errno.ENOLCK, "No locks available"), NotImplementedError("no flock")])
def test_where_there_are_no_locks_the_work_is_done_without(monkeypatch, error):
    def refuse(lock):
        raise error

    monkeypatch.setattr("hf_tutorial.sources.cache.FileLock.acquire", refuse)
    with locked("tiny"):
        done = True
    assert done


def test_what_cannot_be_read_is_damaged_and_says_why(folder, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("hf_tutorial.sources.cache.file_sha256", refuse)
    state = examine(folder, "recipe-1", thorough=True)
    assert (state.condition, state.detail) == ("damaged", "it cannot be read (Permission denied)")


def test_the_cache_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "elsewhere"))
    assert cache_root() == tmp_path / "elsewhere"
