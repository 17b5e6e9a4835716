"""The folders of boxes go with their grader, or with the next one."""

import os
import subprocess
import sys
import tempfile
import time

import pytest

from hf_tutorial.grading import stages

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no boxes on Windows")
KEEPS_ONE = "import time; from hf_tutorial.grading import stages\nwith stages.stage() as one: print(one, flush=True); time.sleep(60)"


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def make_old(folder):
    os.utime(folder, (time.time() - 3_600,) * 2)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_stage_is_empty_and_goes_with_all_that_was_put_there(tmp_path):
    with stages.stage() as folder:
        assert folder.parent == tmp_path
        assert names(folder) == []
        (folder / "left.txt").write_text("over")
    assert names(tmp_path) == []


def test_the_stage_of_a_living_grader_stays_and_that_of_a_killed_one_is_swept(tmp_path):
    with subprocess.Popen([sys.executable, "-c", KEEPS_ONE], stdout=subprocess.PIPE, text=True) as grader:
        folder = tmp_path / grader.stdout.readline().strip()
        (folder / "of-a-submission.txt").write_text("private")
        make_old(folder)
        stages.sweep()
        assert names(tmp_path) == [folder.name]
        grader.kill()
    make_old(folder)
    stages.sweep()
    assert names(tmp_path) == []


def test_what_is_new_is_left_since_it_may_not_be_locked_yet(tmp_path):
    (tmp_path / "hf-tutorial-grade-new").mkdir()
    stages.sweep()
    assert names(tmp_path) == ["hf-tutorial-grade-new"]


def test_a_link_and_anybody_else_s_folder_are_left(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "hf-tutorial-grade-link").symlink_to(tmp_path / "precious")
    make_old(tmp_path / "precious")
    os.utime(tmp_path / "hf-tutorial-grade-link", (time.time() - 3_600,) * 2, follow_symlinks=False)
    stages.sweep()
    assert names(tmp_path) == ["hf-tutorial-grade-link", "precious"]
