"""`python -m tools.other_versions oldest` or `newest`: the tests and the notebooks on other versions than the lock's.

oldest takes the lower bounds of pyproject.toml, on the oldest Python that they allow; newest takes the registry's newest
of everything, on the newest Python that is found. Each has an environment of its own in `.cache`, which is brought up to
date when the bounds or the registry have moved. With torch's default build for Linux it takes 6 GB of disk.

Paths choose what is run: `notebooks/00_quickstart.ipynb`, `tests/tokens`. What pytest reads from PYTEST_ADDOPTS holds.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import environment, pythons
from tools import other_versions_environment as versions
from tools.environment import ROOT, KitError
from tools.reference_env import locked_versions

NAMED = ("torch", "transformers", "tokenizers", "datasets", "huggingface-hub", "numpy", "pandas")
# What students have on their machines: the package. The tools, the browser and the grader run on the lock alone.
TESTS = (
    "tests/attention",
    "tests/checks",
    "tests/sources",
    "tests/tokens",
    "tests/truncation",
    "tests/test_package.py",
    "tests/test_projection.py",
    "tests/test_stale.py",
)


def steps(paths: Sequence[str]) -> dict[str, list[str]]:
    """Return what to run: names, and modules with their arguments. Without paths it is everything."""
    notebooks = [path for path in paths if path.endswith(".ipynb")]
    tests = [path for path in paths if not path.endswith(".ipynb")]
    chosen = {}
    if tests or not paths:
        chosen["tests"] = ["pytest", *(tests or TESTS), "-n", "2", "--dist", "worksteal"]
    if notebooks or not paths:
        chosen["notebooks"] = ["tools.run_notebooks", *notebooks]
    return chosen


def run(python: Path, chosen: dict[str, list[str]]) -> list[str]:
    """Run every step with `python`, also after a failure; return the names of those that failed."""
    surroundings = os.environ | {"OMP_NUM_THREADS": "1"}
    return [
        name
        for name, arguments in chosen.items()
        if subprocess.run([str(python), "-m", *arguments], cwd=ROOT, env=surroundings).returncode
    ]


def described(packages: Sequence[str]) -> str:
    """Return the versions that explain most failures, in one line."""
    found = locked_versions("\n".join(packages))
    return ", ".join(f"{name} {found[name]}" for name in NAMED if name in found)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.other_versions", description=__doc__)
    parser.add_argument("set", choices=versions.SETS, help="which versions")
    parser.add_argument("--python", help="a version such as 3.12, or the path of an interpreter")
    parser.add_argument("paths", nargs="*", help="notebooks, and files or folders of tests (default: all)")
    options = parser.parse_intermixed_args(arguments)
    chosen_set = versions.SETS[options.set]
    try:
        python = versions.choose_python(chosen_set, options.python)
        installed = versions.ensure(chosen_set, python)
    except KitError as error:
        print(error, file=sys.stderr)
        return 2
    packages = environment.read_stamp(chosen_set.home)["packages"]
    line = f"{chosen_set.name}: Python {pythons.version_of(python)}, {described(packages)}"
    print(line, flush=True)
    failed = run(installed, steps(options.paths))
    print(f"{line}. {'Failed: ' + ', '.join(failed) if failed else 'All is right'}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
