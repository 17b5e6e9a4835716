"""The clone's own environment: `.venv`, made from the lock, and the stamp that says it is complete.

- The stamp is written last, so that an interrupted set-up is noticed, and done again from the start.
- It names the Python, the clone and the lock. With another Python, or in a clone that has moved, the environment is
  made afresh; with another lock, pip brings it up to date.
- Whatever goes wrong ends in a `KitError`: one line that says what to do.
"""

import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Measured on Linux: .venv takes 2.3 GB with torch's CPU build, 6.7 GB with the CUDA build; downloads come on top.
NEEDED_GB = 3
SIZES = f"about {NEEDED_GB} GB with torch's CPU build, about 10 GB with the CUDA build that Linux gets by default"
NETWORK = re.compile(
    r"NewConnectionError|ConnectionError|NameResolutionError|name resolution|Connection refused|Connection broken"
    r"|Max retries|Network is unreachable|timed out|TimeoutError|ProxyError|SSLError|IncompleteRead|HTTP error 5"
)


class KitError(Exception):
    """What stops a job, in one line that says what to do."""


def python_of(root: Path = ROOT) -> Path:
    """Return the interpreter of the environment in `root`."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def command_of(name: str, root: Path = ROOT) -> Path:
    """Return a command that is installed in the environment in `root`."""
    return python_of(root).with_name(f"{name}.exe" if os.name == "nt" else name)


def hash_of(name: str, root: Path = ROOT) -> str:
    return hashlib.sha256((root / name).read_bytes()).hexdigest()


def wanted_stamp(root: Path = ROOT) -> dict[str, str]:
    """Return what a complete set-up by this Python would write."""
    version = ".".join(map(str, sys.version_info[:2]))
    contents = hash_of("requirements.txt", root) + hash_of("pyproject.toml", root)
    return {"python": version, "clone": str(root), "lock": contents}


def read_stamp(root: Path = ROOT) -> dict[str, str]:
    """Return what the last complete set-up has written, or an empty dictionary."""
    try:
        stamp = json.loads((root / ".venv" / "stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and python_of(root).exists() else {}


def ensure(bundle: Path | None = None, root: Path = ROOT) -> None:
    """Make the environment if it is missing or not up to date; `bundle` is where to take the wheels from."""
    wanted, found = wanted_stamp(root), read_stamp(root)
    if found == wanted:
        return
    with explained(root):
        check_room(root)
        print(f"[1/3] Environment: .venv with Python {platform.python_version()}", flush=True)
        if {**found, "lock": ""} == {**wanted, "lock": ""}:
            (root / ".venv" / "stamp.json").unlink()
        else:
            create(root)
        print(f"[2/3] Packages: {count_of_packages(root)} from the lock; the first time takes minutes", flush=True)
        pip(["--requirement", "requirements.txt"], bundle, root)
        pip(["--no-index", "--no-deps", "--no-build-isolation", "--editable", "."], bundle, root)
        (root / ".venv" / "stamp.json").write_text(json.dumps(wanted, indent=1), encoding="utf-8")


def check_room(root: Path) -> None:
    free = shutil.disk_usage(root).free / 1e9
    if free < NEEDED_GB:
        raise KitError(
            f"{free:.1f} GB are free on the disk of {root}, and the set-up needs {SIZES}. Free some, or clone elsewhere."
        )


def create(root: Path) -> None:
    """Make an empty `.venv`; what was there is deleted."""
    if importlib.util.find_spec("ensurepip") is None:
        raise KitError(
            f"this Python ({sys.executable}) cannot make environments: its venv module is not installed. On Debian and "
            "Ubuntu: sudo apt install python3-venv. Or name another: make lab PYTHON=python3.12"
        )
    builder = venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt")
    try:
        builder.create(root / ".venv")
    except subprocess.CalledProcessError as error:
        raise KitError(f"pip could not be put into .venv: {last_line(error.output)}") from error


def last_line(output: str | bytes | None) -> str:
    text = output.decode(errors="replace") if isinstance(output, bytes) else output or ""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason was given")


def count_of_packages(root: Path) -> int:
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return sum(1 for line in lines if line and not line.startswith("#"))


def pip(arguments: list[str], bundle: Path | None = None, root: Path = ROOT) -> None:
    """Run `pip install` in the environment, from `bundle` alone if there is one."""
    command = [str(python_of(root)), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *arguments]
    environment = dict(os.environ)
    if bundle:
        # Mirrors, proxies and indexes that pip is set up for would be a network.
        environment = {name: value for name, value in environment.items() if not name.startswith("PIP_")}
        environment["PIP_CONFIG_FILE"] = os.devnull
        command += ["--no-index", "--find-links", str(bundle / "wheels")]
    code, errors = run_and_keep_errors(command, environment, root)
    if code:
        raise KitError(diagnosis(errors, root))


def run_and_keep_errors(command: list[str], environment: dict[str, str], root: Path) -> tuple[int, str]:
    """Run `command` in sight of the user; return its exit code and what it wrote to stderr.

    Only stderr is read along: with its stdout on a terminal, pip draws its progress bar.
    """
    options: dict[str, Any] = {"encoding": "utf-8", "errors": "replace"}
    with subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.PIPE, **options) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            sys.stderr.write(line)
            lines.append(line)
    return process.returncode, "".join(lines)


def diagnosis(errors: str, root: Path = ROOT) -> str:
    """Turn what pip wrote to stderr into one line that says what to do."""
    if re.search(r"No space left|Errno 28|Disk quota", errors):
        return f"the disk is full: the set-up needs {SIZES}. Free some and run it again, or clone elsewhere."
    if NETWORK.search(errors):
        return (
            "pip could not reach its package index. Check the network and pip's own proxy and mirror settings, and run "
            "it again. Without a network: make lab BUNDLE=…, with a folder that `make bundle` wrote on such a machine."
        )
    if re.search(r"Permission denied|Read-only file system|Errno 13|Errno 30", errors):
        return f"pip could not write below {root}. Clone the course into a folder of your own."
    if missing := re.search(r"No matching distribution found for (\S+)", errors):
        return (
            f"pip found no build of {missing[1]} for Python {platform.python_version()} on this machine. The lock is "
            "checked on Python 3.11, 3.12 and 3.13: name one of them, as in make lab PYTHON=python3.12"
        )
    return f"pip failed; its own message stands above. Last line: {last_line(errors)}"


@contextlib.contextmanager
def explained(root: Path = ROOT) -> Iterator[None]:
    """Turn the disk's own errors into one line that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise KitError(diagnosis("No space left")) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
            raise KitError(
                f"{root} cannot be written ({error.strerror}). Clone the course into a folder of your own."
            ) from error
        raise
