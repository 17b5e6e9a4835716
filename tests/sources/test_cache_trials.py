"""The trials of the cache, on tiny stand-ins: `python -m tools.cache_trials` runs the same on the real ones."""

import os
import sys
from pathlib import Path

import pytest
import tiny_kit

from tools.cache_trials import crowd, disks, kills
from tools.cache_trials.judging import Outcome, expect_honest, expect_untouched, expect_whole
from tools.cache_trials.room import NoRoomError, Room
from tools.cache_trials.surroundings import Kit, Surroundings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and modes are those of POSIX systems")


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    carriers = tiny_kit.write_carrier(tmp_path_factory.mktemp("kit") / "carriers")
    return Kit((sys.executable, str(Path(tiny_kit.__file__))), carriers)


@pytest.fixture(scope="module")
def peace(kit, tmp_path_factory):
    """What the cache holds after an undisturbed run, and the seconds that it took."""
    outcome, reference, seconds = crowd.undisturbed(kit, tmp_path_factory.mktemp("undisturbed"))
    assert outcome.faults == []
    assert {name.split("/")[1] for name in reference} == {
        "plain",
        "carried",
        "tensors",
        "tiny_carrier-1.0-py3-none-any.whl",
    }
    return reference, seconds


@pytest.fixture(scope="session")
def rooms(tmp_path_factory):
    """Skip where there is no small disk to be had; in CI that is a failure."""
    try:
        Room(tmp_path_factory.mktemp("room"), 100).close()
    except NoRoomError as error:
        if os.environ.get("HF_TUTORIAL_REQUIRE_NAMESPACES"):
            raise
        pytest.skip(str(error))


def test_four_at_once_do_every_work_once(kit, peace, tmp_path):
    outcome = crowd.many_at_once(kit, tmp_path, peace[0], 4)
    assert outcome.faults == []
    assert "3 built, each by one of them" in outcome.figures


def test_kills_leave_nothing_that_is_taken_for_ready_and_nothing_that_stays(kit, peace, tmp_path):
    reference, seconds = peace
    assert kills.killed(kit, tmp_path, reference, count=3, span=seconds, seed=8).faults == []


def test_a_full_disk_gets_one_line_and_more_room_is_all_it_takes(kit, peace, tmp_path, rooms):
    outcome = disks.full(kit, tmp_path, peace[0], (40, 150, 300, 600, 800, 2_000))
    assert outcome.faults == []
    assert "0.8 MB (2 ready)" in outcome.figures[0]


def test_who_may_not_write_gets_one_line_and_may_use_what_is_ready(kit, peace, tmp_path, rooms):
    assert disks.read_only(kit, tmp_path, peace[0], "plain").faults == []


def test_a_cache_on_another_disk_below_a_strange_name_is_as_good(kit, peace, tmp_path, rooms):
    assert disks.elsewhere(kit, tmp_path, peace[0]).faults == []


def test_the_judges_see_what_is_wrong(kit, peace, tmp_path):
    reference, _ = peace
    around = Surroundings(kit, tmp_path, tmp_path / "cache")
    assert around.run("prepare").code == 0
    (around.cache / "stand-ins" / "plain" / "part-3.bin").unlink()
    (around.cache / "stand-ins" / "carried" / "more.txt").write_text("nobody knows it")
    (around.cache / "stand-ins" / "tensors.abc.unfinished").mkdir()
    (tmp_path / "home" / "mine.txt").write_text("touched")
    outcome = Outcome("seen")
    expect_whole(outcome, around, reference, "now")
    expect_untouched(outcome, around, "now")
    assert expect_honest(outcome, around, reference, "now") == 2
    said = "\n".join(outcome.faults)
    assert "stand-ins/plain/part-3.bin is missing" in said
    assert "stand-ins/carried/more.txt is left over" in said
    assert "['tensors.abc.unfinished']" in said
    assert "['home/mine.txt']" in said
    assert "doctor calls carried ready, and it is not" in said
    assert "doctor calls plain" not in said
