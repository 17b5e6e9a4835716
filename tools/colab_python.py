"""`python -m tools.colab_python`: run tests/colab on the Python that Colab has, with what Colab has installed.

`make test` runs these tests on the clone's own Python and packages. Here `.cache/colab/.venv` gets Colab's Python and the
usual packages in their newest versions, so not in those of the lock, and without hf_tutorial. With torch's default build
for Linux it takes 6 GB of disk; the second time it is there.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import environment, pythons
from tools.environment import ROOT, KitError
from tools.reference_env import locked_versions

HOME = ROOT / ".cache" / "colab"
VERSION = "3.13"
# What a lesson imports and Colab brings. torch is the largest: the lock's version is the one that is downloaded already.
USUAL = (
    "accelerate",
    "datasets",
    "ipykernel",
    "matplotlib",
    "pandas",
    "peft",
    "requests",
    "scikit-learn",
    "transformers",
)


def find_python(pyenv: Path = pythons.PYENV) -> str | None:
    """Return a Python of Colab's version: the one that HF_TUTORIAL_COLAB_PYTHON names, or one on the path or of pyenv."""
    if named := os.environ.get("HF_TUTORIAL_COLAB_PYTHON"):
        return named if pythons.version_of(named) == VERSION else None
    return pythons.find_python(VERSION, pyenv)


def ensure(python: str, home: Path = HOME) -> Path:
    """Make the environment of `python` in `home`, unless it is there; return its interpreter."""
    torch = locked_versions((ROOT / "requirements.txt").read_text(encoding="utf-8"))["torch"]
    wanted = {"python": python, "packages": [f"torch=={torch}", *USUAL]}
    if environment.read_stamp(home) != wanted:
        with environment.explained(home):
            shutil.rmtree(home, ignore_errors=True)
            print(f"[1/2] Environment: .cache/colab/.venv with Python {VERSION}", flush=True)
            home.mkdir(parents=True)
            subprocess.run([python, "-m", "venv", home / ".venv"], check=True)
            print("[2/2] Packages: the usual ones of Colab; this takes minutes", flush=True)
            environment.pip(wanted["packages"], root=home)
            (home / ".venv" / "stamp.json").write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    return environment.python_of(home)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.colab_python", description=__doc__)
    parser.add_argument("rest", nargs="*", help="passed on to pytest")
    options = parser.parse_args(arguments)
    python = find_python()
    if python is None:
        print(f"Skipped: no Python {VERSION} was found. Install one, or name it: HF_TUTORIAL_COLAB_PYTHON=…")
        return 0
    try:
        surroundings = os.environ | {"HF_TUTORIAL_COLAB_MACHINE": str(ensure(python)), "OMP_NUM_THREADS": "1"}
    except KitError as error:
        print(error, file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "pytest", "tests/colab", "-v", *options.rest]
    return subprocess.run(command, cwd=ROOT, env=surroundings).returncode


if __name__ == "__main__":
    sys.exit(main())
