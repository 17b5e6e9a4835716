"""The environments of `tools.other_versions`: `.cache/oldest/.venv` and `.cache/newest/.venv`, which uv resolves and fills.

Resolving takes seconds and is done every time. If it gives what the environment was made of, nothing else is done.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import environment, lock, pythons
from tools.environment import ROOT, KitError
from tools.reference_env import locked_versions

# What students may have; the other extras are for authors and for CI, who have the lock.
EXTRAS = ("standins", "lab")
TEST_TOOLS = ("hypothesis", "nbval", "pytest", "pytest-xdist")
UV = [sys.executable, "-m", "uv"]


@dataclass(frozen=True)
class VersionSet:
    """One choice among the versions that pyproject.toml allows, and the Pythons to try it on, best first."""

    name: str
    resolution: str
    pythons: tuple[str, ...]
    locked_tools: bool

    @property
    def home(self) -> Path:
        return ROOT / ".cache" / self.name

    def test_tools(self) -> list[str]:
        """Return the requirements of the test tools, which are no part of what is tried."""
        if not self.locked_tools:
            return list(TEST_TOOLS)
        locked = locked_versions((ROOT / "requirements.txt").read_text(encoding="utf-8"))
        return [f"{tool}=={locked[tool]}" for tool in TEST_TOOLS]


SETS = {
    # The bounds are those of the oldest Python, whose wheels go back furthest.
    "oldest": VersionSet("oldest", "lowest-direct", ("3.11",), locked_tools=True),
    "newest": VersionSet("newest", "highest", ("3.14", "3.13", "3.12", "3.11"), locked_tools=False),
}


def choose_python(versions: VersionSet, wanted: str | None) -> str:
    """Return the interpreter for a set: the one of this version or path, or the first of the set's own that is found."""
    if wanted and pythons.version_of(wanted):
        return wanted
    names = [wanted] if wanted else versions.pythons
    found = next(filter(None, map(pythons.find_python, names)), None)
    if found is None:
        raise KitError(f"no Python {' or '.join(names)} was found. Install one, or name it: --python /path/of/python")
    return found


def ensure(versions: VersionSet, python: str) -> Path:
    """Make the environment of a set, or bring it up to date; return its interpreter."""
    lock.install_uv()
    packages = resolve(versions, python)
    home, wanted = versions.home, {"python": python, "clone": str(ROOT), "packages": packages}
    found = environment.read_stamp(home)
    if found != wanted:
        with environment.explained(home):
            if (found.get("python"), found.get("clone")) != (python, str(ROOT)):
                shutil.rmtree(home, ignore_errors=True)
                uv(["venv", "--quiet", "--python", python, str(home / ".venv")])
            (home / ".venv" / "stamp.json").unlink(missing_ok=True)
            install(packages, home)
            (home / ".venv" / "stamp.json").write_text(json.dumps(wanted, indent=1), encoding="utf-8")
    return environment.python_of(home)


def resolve(versions: VersionSet, python: str) -> list[str]:
    """Return the pins of a set for an interpreter. A version without a wheel for it does not count."""
    command = [
        "pip",
        "compile",
        "--quiet",
        "--no-annotate",
        "--no-header",
        "--only-binary",
        ":all:",
        "--python",
        python,
    ]
    command += ["--resolution", versions.resolution, *(f"--extra={extra}" for extra in EXTRAS), "pyproject.toml", "-"]
    return uv(command, "\n".join(versions.test_tools())).splitlines()


def install(packages: Sequence[str], home: Path) -> None:
    """Make the environment in `home` hold these packages, nothing else, and this checkout."""
    python = str(environment.python_of(home))
    uv(["pip", "sync", "--python", python, "-"], "\n".join(packages))
    uv(["pip", "install", "--quiet", "--no-deps", "--python", python, "--editable", "."])


def uv(arguments: Sequence[str], stdin: str = "") -> str:
    """Run uv in sight of the user; return what it wrote to stdout."""
    done = subprocess.run([*UV, *arguments], cwd=ROOT, input=stdin, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise KitError(f"uv {' '.join(arguments[:2])} failed; its own message stands above")
    return done.stdout
