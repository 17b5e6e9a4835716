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
import re
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

_FULL = (errno.ENOSPC, errno.EDQUOT)
_CANNOT_BE_WRITTEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ELOOP)
# Some network disks say so.
_NO_LOCKS_HERE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


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
    try:
        return _examine(folder, recipe, thorough)
    except OSError as error:
        return State("damaged", f"it cannot be read ({error.strerror})")


def _examine(folder: Path, recipe: str, thorough: bool) -> State:
    if not folder.is_dir():
        return State("missing")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        made_by, listed = manifest["recipe"], manifest["files"]
        expected = {name: (entry["size"], entry["sha256"]) for name, entry in listed.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
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
            in_the_way = error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)
            if not in_the_way and not (error.errno == errno.EACCES and folder.exists()):
                raise
        old = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}{UNFINISHED}")
        try:
            folder.rename(old)
        except FileNotFoundError:
            continue  # another process has just moved it away
        _delete(old)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def left_overs(path: Path) -> list[Path]:
    """Return what work on `path` has beside it, be it going on or interrupted."""
    return list(path.parent.glob(f"{path.name}.*{UNFINISHED}"))


def sweep(path: Path) -> None:
    """Delete what interrupted work on `path` has left beside it. Call it with the lock held."""
    for left_over in left_overs(path):
        _delete(left_over)


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock `name` of this cache, where its disk has locks."""
    locks = cache_root() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    lock = FileLock(locks / f"{name}.lock")
    try:
        lock.acquire()
    except NotImplementedError:
        pass  # what filelock itself makes of a disk that has none
    except OSError as error:
        if error.errno not in _NO_LOCKS_HERE:
            raise
    try:
        yield
    finally:
        lock.release()


@contextmanager
def explained() -> Iterator[None]:
    """Turn the disk's own errors into one line that says what to do."""
    try:
        yield
    except Exception as error:
        number, root = _number_of(error), cache_root()
        if number in _FULL:
            raise SourceError(
                f"the disk that holds {root} is full. Free about 1 GB, or set HF_TUTORIAL_CACHE to a folder on another disk."
            ) from error
        if number in _CANNOT_BE_WRITTEN:
            raise SourceError(
                f"the cache folder {root} cannot be written ({_reason(root, number)}). "
                "Set HF_TUTORIAL_CACHE to a folder that you may write to."
            ) from error
        raise


def _number_of(error: Exception) -> int | None:
    """Return the system's number for what went wrong with a file; None if it was something else.

    >>> _number_of(OSError(28, "No space left on device"))
    28
    >>> _number_of(Exception("No space left on device (os error 28)"))
    28
    """
    if isinstance(error, OSError):
        return error.errno
    # tokenizers and safetensors are written in Rust, and raise what is no OSError.
    found = re.search(r"\(os error (\d+)\)", str(error))
    return int(found[1]) if found else None


def _reason(root: Path, number: int) -> str:
    if root.is_symlink() and not root.exists():
        return f"it is a link to {root.readlink()}, which is not there"
    return os.strerror(number)
