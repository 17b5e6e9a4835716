"""`tools/kit.py` and the Makefile: whoever comes with the wrong Python gets one clear line."""

import ast
import os
import shutil
import signal
import subprocess
import sys

import pytest

from tools import kit
from tools.environment import ROOT

SCRIPT = ROOT / "tools" / "kit.py"


def executable(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def test_an_old_python_can_read_the_front_door():
    ast.parse(SCRIPT.read_text(encoding="ascii"), feature_version=(3, 7))


def test_an_old_python_gets_one_line_with_version_place_and_cure():
    line = kit.complaint((3, 8, 18, "final", 0), "/usr/bin/python3")

    assert "\n" not in line
    assert "needs Python 3.11 or newer, and this is Python 3.8.18 (/usr/bin/python3)" in line
    assert "make lab PYTHON=python3.12" in line


def test_the_oldest_python_that_will_do_gets_no_complaint():
    assert kit.complaint((3, 11, 0), "python") is None


def test_an_unknown_job_is_refused():
    done = subprocess.run([sys.executable, SCRIPT, "lap"], capture_output=True, text=True)

    assert done.returncode == 2
    assert "invalid choice: 'lap'" in done.stderr


@pytest.fixture
def make(tmp_path):
    """Return a function that dry-runs make in a folder whose PATH holds only the given pythons."""
    program, shell = shutil.which("make"), shutil.which("sh")
    if program is None or os.name == "nt":
        pytest.skip("needs make and a POSIX shell")
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to(shell)

    def run(*words, **pythons):
        for name, text in pythons.items():
            executable(tmp_path / "bin" / name.replace("_", "."), f"#!{shell}\n{text}\n")
        surroundings = {"PATH": str(tmp_path / "bin")}
        return subprocess.run([program, "-n", *words], cwd=tmp_path, env=surroundings, capture_output=True, text=True)

    return run


GOOD = f'exec "{sys.executable}" "$@"'
OLD = 'case "$2" in *version_info*) exit 1;; esac'  # runs, but is too old
BROKEN = "echo 'pyenv: command not found' >&2; exit 127"


def test_make_passes_over_pythons_that_do_not_run_or_are_too_old(make):
    assert make("lab", python3_13=BROKEN, python3=OLD, python=GOOD).stdout.startswith('exec "python" tools/kit.py lab')


def test_make_lets_the_kit_explain_a_python_that_is_too_old(make):
    assert make("lab", python3_13=BROKEN, python3=OLD).stdout.startswith('exec "python3" tools/kit.py lab')


def test_make_without_any_python_says_so(make):
    done = make("lab", python3=BROKEN)

    assert done.returncode != 0
    assert "no Python was found" in done.stderr
    assert "make lab PYTHON=" in done.stderr


def test_make_takes_the_python_that_is_named_and_hands_over_the_bundle(make):
    done = make("lab", "PYTHON=/opt/my python", "BUNDLE=/media/a stick")

    assert done.stdout.split("\n")[0].rstrip() == 'exec "/opt/my python" tools/kit.py lab --bundle "/media/a stick"'


def test_every_target_of_the_makefile_is_a_job(make):
    from tools.jobs import JOBS

    for job in JOBS:
        assert f"tools/kit.py {job}" in make(job, python3=GOOD).stdout, job


def test_ci_starts_from_nothing_and_keeps_everything_inside_the_clone(tmp_path):
    clone, programs = tmp_path / "clone", tmp_path / "bin"
    for folder in (clone / ".ci", clone / ".venv", clone / ".cache", programs):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", clone / ".ci")
    executable(programs / "chromium", "#!/bin/sh\n")
    executable(programs / "make", '#!/bin/sh\necho "make $*"; ls -A; env; read -r line || echo "no stdin"\n')
    surroundings = {"PATH": f"{programs}:{os.environ['PATH']}", "HF_TUTORIAL_SOURCE": "hub", "PYTHONPATH": "/elsewhere"}

    done = subprocess.run([clone / ".ci" / "run"], env=surroundings, input="y\n", capture_output=True, text=True)

    lines = done.stdout.splitlines()
    assert lines[0] == "make test"
    assert ".venv" not in lines
    assert ".cache" not in lines
    assert f"HF_TUTORIAL_CACHE={clone}/.cache/hf-tutorial" in lines
    assert f"HF_HOME={clone}/.cache/huggingface" in lines
    assert {"CI=true", "HF_TUTORIAL_REQUIRE_BROWSER=1", "no stdin"} <= set(lines)
    assert not [line for line in lines if line.startswith(("HF_TUTORIAL_SOURCE=", "PYTHONPATH="))]


def test_what_stops_make_stops_the_job(tmp_path):
    program = shutil.which("make")
    if program is None or os.name == "nt":
        pytest.skip("needs make and a POSIX shell")
    shutil.copy(ROOT / "Makefile", tmp_path)
    executable(tmp_path / "python", '#!/bin/sh\necho "$$"\nexec sleep 60\n')
    # Under `make test` this make would take itself for a part of that one, and say so.
    surroundings = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    command = [program, "lab", "PYTHON=./python"]
    make = subprocess.Popen(command, cwd=tmp_path, env=surroundings, stdout=subprocess.PIPE, text=True)
    job = int(make.stdout.readline())
    make.terminate()
    make.communicate(timeout=10)

    with pytest.raises(ProcessLookupError):
        os.kill(job, signal.SIGKILL)
