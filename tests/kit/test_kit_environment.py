"""The environment: made once, made again when it must be, and every failure is one line that says what to do."""

import errno
import os
import re
import sys

import pytest

from tools import environment
from tools.environment import KitError


@pytest.fixture
def clone(tmp_path):
    (tmp_path / "requirements.txt").write_text("# the lock\ntorch==2.13.0\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def steps(monkeypatch):
    """Stand in for venv and pip; return the list of what was done, in order."""
    done = []

    def create(root):
        done.append("create")
        environment.python_of(root).parent.mkdir(parents=True, exist_ok=True)
        environment.python_of(root).unlink(missing_ok=True)
        environment.python_of(root).touch()
        (root / ".venv" / "stamp.json").unlink(missing_ok=True)

    def pip(arguments, bundle, root):
        assert environment.read_stamp(root) == {}, "the stamp must be written last"
        done.append("project" if "--editable" in arguments else "lock")

    monkeypatch.setattr(environment, "create", create)
    monkeypatch.setattr(environment, "pip", pip)
    return done


def interrupted(clone, monkeypatch):
    def pip(arguments, bundle, root):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "pip", pip)
        with pytest.raises(KeyboardInterrupt):
            environment.ensure(root=clone)


def test_a_fresh_clone_is_set_up_once(clone, steps):
    environment.ensure(root=clone)
    environment.ensure(root=clone)

    assert steps == ["create", "lock", "project"]


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_another_lock_is_installed_into_the_same_environment(clone, steps, name):
    environment.ensure(root=clone)
    steps.clear()
    (clone / name).write_text("# changed\n", encoding="utf-8")
    environment.ensure(root=clone)

    assert steps == ["lock", "project"]


def test_an_interrupted_set_up_starts_afresh(clone, steps, monkeypatch):
    interrupted(clone, monkeypatch)
    steps.clear()
    environment.ensure(root=clone)

    assert steps == ["create", "lock", "project"]


def test_an_interrupted_update_starts_afresh(clone, steps, monkeypatch):
    environment.ensure(root=clone)
    (clone / "requirements.txt").write_text("# changed\n", encoding="utf-8")
    interrupted(clone, monkeypatch)
    (clone / "requirements.txt").write_text("# the lock\ntorch==2.13.0\n", encoding="utf-8")
    steps.clear()
    environment.ensure(root=clone)

    assert steps == ["create", "lock", "project"]


def test_another_python_needs_a_new_environment(clone, steps, monkeypatch):
    environment.ensure(root=clone)
    steps.clear()
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    environment.ensure(root=clone)

    assert steps == ["create", "lock", "project"]


def test_a_clone_that_has_moved_needs_a_new_environment(clone, steps, tmp_path_factory):
    environment.ensure(root=clone)
    steps.clear()
    moved = clone.rename(tmp_path_factory.mktemp("elsewhere") / "clone")
    environment.ensure(root=moved)

    assert steps == ["create", "lock", "project"]


@pytest.mark.parametrize("contents", ["", "[]", "{", '{"python": 3}'])
def test_a_damaged_stamp_counts_as_none(clone, steps, contents):
    environment.ensure(root=clone)
    steps.clear()
    (clone / ".venv" / "stamp.json").write_text(contents, encoding="utf-8")
    environment.ensure(root=clone)

    assert steps == ["create", "lock", "project"]


def test_an_environment_whose_python_was_uninstalled_is_made_anew(clone, steps):
    environment.ensure(root=clone)
    steps.clear()
    environment.python_of(clone).unlink()
    environment.python_of(clone).symlink_to(clone / "gone")
    environment.ensure(root=clone)

    assert steps == ["create", "lock", "project"]


def test_too_little_room_is_said_before_anything_is_done(clone, steps, monkeypatch):
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1.2e9}))

    with pytest.raises(KitError, match=r"1\.2 GB are free .* needs about 3 GB with torch's CPU build, about 10 GB"):
        environment.ensure(root=clone)
    assert steps == []


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EACCES, "cannot be written"), (errno.EROFS, "cannot be written"), (errno.ENOSPC, "the disk is full")],
)
def test_what_the_disk_refuses_is_one_line(clone, monkeypatch, number, words):
    def create(root):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(environment, "create", create)

    with pytest.raises(KitError, match=words):
        environment.ensure(root=clone)


def test_a_python_without_the_venv_module_names_the_package(clone, monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)

    with pytest.raises(KitError, match="apt install python3-venv"):
        environment.create(clone)


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError(…)'\nERROR: No matching", "BUNDLE="),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.", "could not reach its package index"),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/x'", "could not write"),
        ("ERROR: No matching distribution found for torch==2.13.0", r"no build of torch==2\.13\.0 for Python 3\."),
        ("ERROR: something else\n\n", "Last line: ERROR: something else"),
    ],
)
def test_the_ways_in_which_pip_fails(errors, words):
    line = environment.diagnosis(errors)

    assert "\n" not in line
    assert re.search(words, line)


@pytest.fixture
def with_this_pip(clone):
    """Let the environment of `clone` be the one that runs the tests, whose pip is real."""
    if os.name == "nt":
        pytest.skip("needs a POSIX shell")
    environment.python_of(clone).parent.mkdir(parents=True)
    environment.python_of(clone).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    environment.python_of(clone).chmod(0o755)
    return clone


def test_pip_without_a_network_names_the_network_and_the_bundle(with_this_pip, monkeypatch, capfd):
    settings = {"INDEX_URL": "http://127.0.0.1:9/simple", "RETRIES": "1", "EXTRA_INDEX_URL": "", "FIND_LINKS": ""}
    for name, value in {**settings, "CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(f"PIP_{name}", value)

    with pytest.raises(KitError, match=r"could not reach its package index.*make lab BUNDLE="):
        environment.pip(["hf-tutorial-has-no-such-package"], root=with_this_pip)
    assert "Retrying" in capfd.readouterr().err  # pip's own words stay in sight


def test_a_bundle_is_the_only_source_of_wheels(with_this_pip, monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_FIND_LINKS", "/elsewhere")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:9/simple")
    environment.python_of(with_this_pip).write_text('#!/bin/sh\necho "$@" > args\nenv > env\n', encoding="utf-8")

    environment.pip(["--requirement", "requirements.txt"], tmp_path / "stick", with_this_pip)

    assert f"--no-index --find-links {tmp_path}/stick/wheels" in (with_this_pip / "args").read_text(encoding="utf-8")
    settings = (with_this_pip / "env").read_text(encoding="utf-8").splitlines()
    assert [line for line in settings if line.startswith("PIP_")] == [f"PIP_CONFIG_FILE={os.devnull}"]
