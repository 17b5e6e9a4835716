"""Make `requirements.txt`, the full lock, from the ranges in pyproject.toml and the pins in tools/lock.in.

make lock               resolve what has changed, keep every other pin
make lock UPGRADE=1     resolve everything anew
python -m tools.lock --check    write nothing; say whether `make lock` would change the lock

Pins are kept, so a new release changes nothing. All three ask the package index, which `make test` does not.
"""

import argparse
import difflib
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tools.environment import ROOT

EXTRAS = ("standins", "lab", "course", "training", "test")
HEADER = """\
# The full lock, made by `make lock` from pyproject.toml and tools/lock.in. Do not edit it by hand.
# One version of each package for Python 3.11, 3.12 and 3.13 on Linux, macOS and Windows.
# torch stands here without a local version and without the CUDA packages (nvidia-*, cuda-*, triton) that some of its
# builds need: pip takes those along with such a build, in the versions that it names. The CPU build needs none.
"""
# torch's CUDA builds themselves require exact versions of the first three; nobody runs JupyterLab on the last.
LEFT_OUT = re.compile(r"(nvidia|cuda)-[\w-]+==|triton==|.*sys_platform == 'emscripten'")


def trim(lines: list[str]) -> list[str]:
    """Leave out what only torch's CUDA builds or a browser's Python need."""
    return [line for line in lines if not LEFT_OUT.match(line)]


def resolve(current: str, *, upgrade: bool) -> list[str]:
    """Return uv's resolution, one requirement a line; pins in `current` are kept unless `upgrade`."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "requirements.txt")
        output.write_text(current, encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        command += ["--fork-strategy", "fewest", "--no-annotate", "--no-header", "--output-file", str(output)]
        command += [f"--extra={extra}" for extra in EXTRAS] + (["--upgrade"] if upgrade else [])
        subprocess.run([*command, "pyproject.toml", "tools/lock.in"], cwd=ROOT, check=True)
        return output.read_text(encoding="utf-8").splitlines()


def install_uv() -> None:
    """Install the `lock` extra, which the lock itself leaves out."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *wanted["lock"]], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools.lock", description="Make requirements.txt.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest version of everything")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if the lock would change")
    arguments = parser.parse_args()
    path = ROOT / "requirements.txt"
    current = path.read_text(encoding="utf-8") if path.is_file() else ""
    try:
        install_uv()
        lines = trim(resolve(current, upgrade=arguments.upgrade))
    except subprocess.CalledProcessError as error:
        program = error.cmd[2]
        print(f"tools.lock: {program} failed; its own message stands above. Nothing was written.", file=sys.stderr)
        return 2
    wanted = HEADER + "\n".join(lines) + "\n"
    if arguments.check:
        return compare(current, wanted)
    path.write_text(wanted, encoding="utf-8")
    print(f"requirements.txt: {len(lines)} packages")
    return 0


def compare(current: str, wanted: str) -> int:
    """Print how `wanted` differs from the lock as it is; return 1 if it does."""
    if current == wanted:
        print("requirements.txt is what `make lock` writes.")
        return 0
    sides = (current.splitlines(), wanted.splitlines())
    print("\n".join(difflib.unified_diff(*sides, "requirements.txt", "what `make lock` writes", n=0, lineterm="")))
    print("requirements.txt is not what `make lock` writes: run it, and read what changes.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
