"""The folders that boxes are built on: made for one box and gone with it; if the grader is killed, the next one sees to it.

A stage is locked while its grader lives, and the system lets the lock go when that is killed. So a stage without a lock
belongs to nobody.
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "hf-tutorial-grade-"
# Between making a folder and locking it lies a moment.
_SECONDS_TO_LOCK = 60


@contextlib.contextmanager
def stage() -> Iterator[Path]:
    """Yield an empty folder, and delete it at the end."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):  # where there are no locks, nobody gets this one
                held.enter_context(_locked(folder))
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Delete the stages of graders that were killed. What cannot be deleted is left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.lstat().st_mtime > _SECONDS_TO_LOCK:
                with _locked(folder):
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; raise OSError if another process does."""
    import fcntl  # not on Windows, where there are no boxes

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
