"""Codespaces and Binder: their files are in step with the project, and their commands run."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from inspect import signature
from pathlib import Path

import pytest
import yaml

from hf_tutorial.lab import serve
from tools.jobs import JOBS
from tools.reference_env import locked_versions

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
DEVCONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
BINDER = yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text(encoding="utf-8"))
POST_BUILD = (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")
only_with_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")


def test_both_use_a_python_that_the_lock_is_made_for():
    (image,) = re.findall(r"python:(3\.\d+)-", DEVCONTAINER["image"])
    (conda,) = [entry.removeprefix("python=") for entry in BINDER["dependencies"] if entry.startswith("python=")]
    assert image == conda
    made_for = re.search(r"for Python ([\d., and]+) on", LOCK)[1]
    assert image in made_for
    assert tuple(map(int, image.split("."))) >= tuple(
        map(int, PROJECT["requires-python"].removeprefix(">=").split("."))
    )


def test_the_devcontainer_sets_up_with_make_and_forwards_the_lab():
    make, target = DEVCONTAINER["postCreateCommand"].split()
    assert (make, target in JOBS) == ("make", True)
    assert DEVCONTAINER["forwardPorts"] == [signature(serve).parameters["port"].default]
    assert DEVCONTAINER["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"].endswith(
        "/.venv/bin/python"
    )
    assert "secret" not in json.dumps(DEVCONTAINER).lower()


def test_conda_brings_the_torch_that_the_package_asks_for():
    (bound,) = [
        requirement.removeprefix("torch") for requirement in PROJECT["dependencies"] if requirement.startswith("torch")
    ]
    assert f"pytorch-cpu{bound}" in BINDER["dependencies"]


def test_binder_installs_extras_that_there_are_in_versions_that_are_locked():
    extras = re.search(r"'\.\[([a-z,]+)\]'", POST_BUILD)[1].split(",")
    needed = [*PROJECT["dependencies"], *(part for extra in extras for part in PROJECT["optional-dependencies"][extra])]
    names = {re.match(r"[a-z-]+", requirement)[0] for requirement in needed}
    assert names <= set(locked_versions(LOCK)), "the lock serves as constraints"


@only_with_bash
@pytest.mark.parametrize("script", ["postBuild", "start"])
def test_the_scripts_of_binder_can_be_executed(script):
    path = ROOT / ".binder" / script
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)


@only_with_bash
def test_binder_starts_whatever_it_is_given_on_the_stand_ins():
    command = [
        ROOT / ".binder" / "start",
        "bash",
        "-c",
        'echo "$HF_TUTORIAL_SOURCE $OMP_NUM_THREADS $1"',
        "-",
        "two words",
    ]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "local 1 two words\n"


@only_with_bash
def test_binder_builds_with_the_lock_but_for_torch(tmp_path):
    """Run postBuild with a pip and an hf-tutorial that only write down how they were called."""
    for name in ("pip", "hf-tutorial"):
        fake = tmp_path / "bin" / name
        fake.parent.mkdir(exist_ok=True)
        fake.write_text(
            f'#!/bin/bash\necho {name} "$@" >>"$CALLS"\n[ -f "${{4:-}}" ] && cp "$4" "$CALLS.lock" || true\n'
        )
        fake.chmod(0o755)
    cache = tmp_path / "cache"
    for part in ("wheels", "stand-ins"):
        (cache / part).mkdir(parents=True)
    calls = tmp_path / "calls"
    environment = os.environ | {"CALLS": str(calls), "HF_TUTORIAL_CACHE": str(cache), "TMPDIR": str(tmp_path)}
    environment["PATH"] = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
    subprocess.run([ROOT / ".binder" / "postBuild"], cwd=ROOT, env=environment, check=True)
    install, prepare = calls.read_text().splitlines()
    assert re.fullmatch(r"pip install --no-cache-dir --constraint \S+ --editable \.\[standins\]", install)
    assert prepare == "hf-tutorial prepare"
    constraints = locked_versions(Path(f"{calls}.lock").read_text())
    assert constraints == {name: pin for name, pin in locked_versions(LOCK).items() if name != "torch"}
    assert [path.name for path in cache.iterdir()] == ["stand-ins"]
