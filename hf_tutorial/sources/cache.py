"""The folder where prepared stand-ins are kept, and the rules that keep it whole.

- A stand-in appears whole or not at all: it is built in a uniquely named folder beside its place, its manifest is
  written last, and one rename puts it there.
- The manifest names every file with its size and SHA-256, and the recipe that made them. A folder without a manifest,
  with another recipe's, or whose files differ, is never used; `prepare` builds it again.
- A lock spares two processes the same work. Nothing depends on it: if locks do not work on a disk, the unique names and
  the rename still hold.
"""

import errno
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock
from platformdirs import user_cache_path

from hf_tutorial.errors import SourceError

# Hidden, so that `load_dataset(folder)` does not take it for data.
MANIFEST = ".hf-tutorial.json"
# Ends the name of everything that is not finished; `sweep` knows it by that.
UNFINISHED = ".unfinished"


def cache_root() -> Path:
    """Return the cache folder: `HF_TUTORIAL_CACHE`, or the user's own cache folder."""
    chosen = os.environ.get("HF_TUTORIAL_CACHE")
    return Path(chosen).expanduser().absolute() if chosen else user_cache_path("hf-tutorial")


@dataclass(frozen=True)
class State:
    """What is known of a folder. `detail` says what is wrong with one that is not `ready`."""

    condition: Literal["ready", "missing", "outdated", "damaged"]
    detail: str = ""

    @property
    def ready(self) -> bool:
        return self.condition == "ready"


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def examine(folder: Path, recipe: str, *, thorough: bool = False) -> State:
    """Say whether `folder` holds what `recipe` makes.

    Sizes are compared always, which takes no time; contents only if `thorough`.
    """
    if not folder.is_dir():
        return State("missing")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        made_by, listed = manifest["recipe"], manifest["files"]
        expected = {name: (entry["size"], entry["sha256"]) for name, entry in listed.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State("damaged", "its manifest is missing or unreadable")
    if made_by != recipe:
        return State("outdated", "it was made by another version of its recipe")
    for name, (size, sha256) in expected.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            return State("damaged", f"{name} is missing or has another size")
        if thorough and file_sha256(path) != sha256:
            return State("damaged", f"the contents of {name} have changed")
    return State("ready")


def publish(folder: Path, recipe: str, build: Callable[[Path], None]) -> None:
    """Let `build` fill a new folder, and put it where `folder` is, whole or not at all."""
    draft = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}{UNFINISHED}")
    draft.mkdir(parents=True)
    try:
        build(draft)
        _write_manifest(draft, recipe)
        _move_into_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_manifest(folder: Path, recipe: str) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    entries = {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": file_sha256(path)}
        for path in paths
    }
    text = json.dumps({"recipe": recipe, "files": entries}, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _move_into_place(draft: Path, folder: Path) -> None:
    """Rename `draft` to `folder`; a folder that is in the way is renamed first, then deleted."""
    while True:
        try:
            draft.rename(folder)
            return
        except OSError as error:
            # Windows says EACCES for a folder that is in the way, as for one that may not be written.
            in_the_way = error.errno in (errno.ENOTEMPTY, errno.EEXIST)
            if not in_the_way and not (error.errno == errno.EACCES and folder.exists()):
                raise
        old = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}{UNFINISHED}")
        try:
            folder.rename(old)
        except FileNotFoundError:
            continue  # another process has just moved it away
        shutil.rmtree(old, ignore_errors=True)


def sweep(path: Path) -> None:
    """Delete what interrupted work on `path` has left beside it. Call it with the lock held."""
    for left_over in path.parent.glob(f"{path.name}.*{UNFINISHED}"):
        shutil.rmtree(left_over, ignore_errors=True)


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock `name` of this cache."""
    locks = cache_root() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with FileLock(locks / f"{name}.lock"):
        yield


@contextmanager
def explained() -> Iterator[None]:
    """Turn the disk's own errors into one line that says what to do."""
    try:
        yield
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        root = cache_root()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SourceError(
                f"the disk that holds {root} is full. Free about 1 GB, or set HF_TUTORIAL_CACHE to a folder on another disk."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
            raise SourceError(
                f"the cache folder {root} cannot be written ({error.strerror}). "
                "Set HF_TUTORIAL_CACHE to a folder that you may write to."
            ) from error
        raise
