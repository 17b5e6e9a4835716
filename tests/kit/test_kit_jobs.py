"""The jobs: what they run, in which order, and how they end."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from tools import environment, jobs
from tools.environment import KitError


@pytest.fixture
def here(monkeypatch):
    """Run the jobs with the Python that runs the tests, and leave the set-up out."""
    monkeypatch.setattr(environment, "python_of", lambda root=None: Path(sys.executable))
    monkeypatch.setattr(environment, "ensure", lambda bundle=None: None)


def python_step(name, code, tmp_path):
    (tmp_path / f"{name}_step.py").write_text(code, encoding="utf-8")
    return (name, f"{name}_step")


def test_all_steps_run_and_the_failed_ones_are_named_at_the_end(here, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    steps = [
        python_step("first", "raise SystemExit(3)", tmp_path),
        python_step("second", "import os; print('threads', os.environ['OMP_NUM_THREADS'])", tmp_path),
        python_step("third", "raise RuntimeError", tmp_path),
    ]

    assert jobs.run_steps(steps) == 1

    out = capfd.readouterr().out
    assert "threads 1" in out
    assert out.splitlines()[-1] == "Failed: first, third."


def test_steps_that_are_right_end_with_zero(here, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert jobs.run_steps([python_step("only", "", tmp_path)]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "All 1 steps are right."


def test_every_module_that_a_step_runs_is_there():
    from importlib.util import find_spec

    assert [module for _, module, *_ in jobs.LINT + jobs.TESTS if find_spec(module) is None] == []


def test_a_problem_ends_a_job_with_one_line_and_code_2(monkeypatch, capsys):
    def ensure(bundle=None):
        raise KitError("the disk is full.")

    monkeypatch.setattr(environment, "ensure", ensure)

    assert jobs.main(["env"]) == 2
    assert capsys.readouterr().err == "env: the disk is full.\n"


def test_control_c_says_that_the_same_command_goes_on(monkeypatch, capsys):
    def ensure(bundle=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "ensure", ensure)

    assert jobs.main(["lab"]) == 130
    assert "Run the same again" in capsys.readouterr().err


@pytest.fixture
def prepared(here, tmp_path, monkeypatch):
    """Let the stand-ins be missing, and `hf-tutorial` be a script that writes down how it was called."""
    if os.name == "nt":
        pytest.skip("needs a POSIX shell")
    script = tmp_path / "hf-tutorial"
    dump = "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ.get('HF_TUTORIAL_WHEELS')]))"
    script.write_text(f"#!{sys.executable}\n{dump}\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setattr(jobs, "ALL_READY", "raise SystemExit(1)")
    monkeypatch.setattr(environment, "command_of", lambda name: script)
    monkeypatch.delenv("HF_TUTORIAL_WHEELS", raising=False)


def test_missing_stand_ins_are_prepared(prepared, capfd):
    assert jobs.main(["env"]) == 0
    assert json.loads(capfd.readouterr().out.splitlines()[-1]) == [["prepare"], None]


def test_a_bundle_brings_stand_ins_and_carriers(prepared, capfd, monkeypatch, tmp_path):
    monkeypatch.setattr(jobs.bundle, "check", lambda folder: None)
    monkeypatch.setenv("HF_TUTORIAL_WHEELS", "what the shell had set")
    monkeypatch.chdir(tmp_path.parent)

    assert jobs.main(["env", "--bundle", tmp_path.name]) == 0

    words, wheels = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert words == ["prepare", "--from", str(tmp_path / "stand-ins")]
    assert wheels == str(tmp_path / "carriers")


def test_a_folder_that_is_no_bundle_is_refused_also_when_only_the_stand_ins_are_missing(prepared, capfd, tmp_path):
    assert jobs.main(["env", "--bundle", str(tmp_path)]) == 2
    assert capfd.readouterr().err.startswith(f"env: {tmp_path} is no course bundle")


def test_stand_ins_that_are_ready_are_not_prepared_again(prepared, capfd, monkeypatch):
    monkeypatch.setattr(jobs, "ALL_READY", "pass")

    assert jobs.main(["env"]) == 0
    assert capfd.readouterr().out == ""


def test_no_chromium_is_said_in_one_line(here, monkeypatch, capsys):
    monkeypatch.setattr(jobs, "set_up_all", lambda options: None)
    monkeypatch.setattr(jobs, "run_steps", lambda steps: 0)
    monkeypatch.setattr(jobs, "find_chromium", lambda: None)

    assert jobs.main(["test"]) == 0
    assert capsys.readouterr().out.startswith("The browser tests were skipped: no Chromium was found.")


def test_clean_leaves_the_bundle_and_the_course(monkeypatch, tmp_path):
    for name in (".venv", ".cache", "hf_tutorial.egg-info", "bundle", "notebooks"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(jobs, "ROOT", tmp_path)

    assert jobs.main(["clean"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "notebooks"]


def test_every_make_target_is_a_job_and_has_a_line_of_help():
    makefile = (environment.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: help (.+)$", makefile, flags=re.MULTILINE)[1].split())
    rules = re.findall(r"^([\w -]+):\n\t@\$\(KIT\)", makefile, flags=re.MULTILINE)

    assert targets == set(jobs.JOBS)
    assert {target for rule in rules for target in rule.split()} == targets
    assert set(re.findall(r'echo "make ([\w-]+)', makefile)) == targets
