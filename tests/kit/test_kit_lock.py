"""The lock: complete, the same for everybody, and bound to no index, path or build."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import lock
from tools.environment import ROOT

LINES = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
LOCKED = {canonicalize_name(Requirement(line).name): Requirement(line) for line in LINES}


def wanted():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for name in lock.EXTRAS for line in project["optional-dependencies"][name]]
    pins = [line for line in (ROOT / "tools" / "lock.in").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    return [Requirement(line) for line in [*project["dependencies"], *extras, *pins]]


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_what_the_project_needs_is_locked_in_a_version_that_it_allows(requirement):
    (pin,) = LOCKED[canonicalize_name(requirement.name)].specifier

    assert requirement.specifier.contains(pin.version)


def test_what_a_locked_package_needs_is_locked_in_a_version_that_it_allows():
    wrong = []
    for package in distributions():
        locked = LOCKED.get(canonicalize_name(package.metadata["Name"]))
        if locked is None or str(locked.specifier) != f"=={package.version.split('+')[0]}":
            continue
        for line in package.requires or ():
            needed = Requirement(line)
            if (needed.marker and not needed.marker.evaluate({"extra": ""})) or lock.LEFT_OUT.match(f"{needed.name}=="):
                continue
            pin = LOCKED.get(canonicalize_name(needed.name))
            if pin is None or not needed.specifier.contains(next(iter(pin.specifier)).version, prereleases=True):
                wrong.append(f"{package.metadata['Name']} needs {line}, the lock has {pin}")
    assert wrong == []


def test_every_line_is_one_exact_version_and_nothing_else():
    assert [line for line in LINES if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; [^#@]+)?", line)] == []


def test_no_package_stands_twice():
    assert len(LOCKED) == len(LINES)


def test_torch_brings_its_own_cuda_packages():
    assert not [name for name in LOCKED if name.startswith(("nvidia", "cuda", "triton"))]


def test_only_the_making_of_the_lock_and_the_peers_of_the_benchmark_are_left_out():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert set(project["optional-dependencies"]) - set(lock.EXTRAS) == {"lock", "bench"}


def test_what_needs_cuda_or_a_browser_is_trimmed():
    lines = [
        "cuda-toolkit==13.0.3 ; sys_platform == 'linux'",
        "httpx2-jsfetch==1.0 ; python_full_version >= '3.12' and sys_platform == 'emscripten'",
        "nvidia-cublas==13.1.1.3",
        "pexpect==4.9.0 ; sys_platform != 'emscripten' and sys_platform != 'win32'",
        "torch==2.13.0",
        "triton==3.7.1",
    ]

    assert lock.trim(lines) == [lines[3], lines[4]]


def test_check_says_what_would_change_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    monkeypatch.setattr(lock, "install_uv", lambda: None)
    monkeypatch.setattr(lock, "resolve", lambda current, *, upgrade: ["one==1.0", "triton==3.7.1", "two==2.1"])
    path = tmp_path / "requirements.txt"
    monkeypatch.setattr(sys, "argv", ["lock"])
    assert lock.main() == 0
    monkeypatch.setattr(sys, "argv", ["lock", "--check"])
    assert lock.main() == 0
    path.write_text(path.read_text().replace("two==2.1", "two==2.0"))
    assert lock.main() == 1
    said = capsys.readouterr().out
    assert "-two==2.0\n+two==2.1\n" in said
    assert "two==2.0" in path.read_text()


def test_without_an_index_one_line_says_that_nothing_was_written(tmp_path, monkeypatch, capsys):
    def fail(current, *, upgrade):
        raise subprocess.CalledProcessError(1, [sys.executable, "-m", "uv", "pip", "compile"])

    monkeypatch.setattr(lock, "ROOT", tmp_path)
    monkeypatch.setattr(lock, "install_uv", lambda: None)
    monkeypatch.setattr(lock, "resolve", fail)
    monkeypatch.setattr(sys, "argv", ["lock"])
    assert lock.main() == 2
    assert capsys.readouterr().err == "tools.lock: uv failed; its own message stands above. Nothing was written.\n"
    assert list(tmp_path.iterdir()) == []
