"""Starting a process in a box of its own, and ending it with everything that it has started."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.grading import frames
from hf_tutorial.grading.settings import FILE_BYTES, MEGABYTE, PROCESSES, SCRATCH_BYTES, Limits
from hf_tutorial.sources.cache import cache_root

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/sys/devices/system/cpu")
_CONFIGURATION = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "passwd", "group", "nsswitch.conf", "hosts"),
    *("localtime", "mime.types", "fonts", "matplotlibrc"),
)
_START = "import sys; sys.path[:0] = {paths!r}; from hf_tutorial.grading.inside import main; main({descriptor})"
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if os.name == "posix" else None


class NoBoxError(HfTutorialError):
    """This machine cannot keep a submission apart from everything else."""


@dataclass(frozen=True)
class Boxes:
    """How boxes are made: the limits, what can be read inside beyond Python itself, and what must never be."""

    limits: Limits
    isolated: bool = True
    readable: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()

    def job(self, stage: Path, **rest: Any) -> dict[str, Any]:
        """Return the message that tells the process what to do."""
        return {
            "isolated": self.isolated,
            "stage": str(stage),
            "visible": [*_visible(), *(str(path.resolve()) for path in self.readable)],
            "hidden": [str(path.resolve()) for path in self.hidden],
            "scratch_bytes": SCRATCH_BYTES,
            "file_bytes": FILE_BYTES,
            "memory_bytes": self.limits.memory * MEGABYTE,
            "seconds": self.limits.time + 60,
            "cell_seconds": self.limits.cell_time,
            "processes": PROCESSES,
            **rest,
        }


@dataclass
class Box:
    """A process that runs in a box, and the channel to it."""

    process: "subprocess.Popen[bytes]"
    channel: socket.socket
    errors: Any = field(repr=False)

    def kill(self) -> None:
        """End the process and everything that it has started."""
        # The group holds the process outside of the box; when that dies, the kernel ends the first one inside, and so all.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_errors(self) -> str:
        """Return the end of what our own code has written to stderr before the first cell."""
        self.errors.seek(max(0, self.errors.seek(0, os.SEEK_END) - 2_000))
        return self.errors.read().decode("utf-8", "replace").strip()


@contextlib.contextmanager
def started(boxes: Boxes, **job: Any) -> Iterator[Box]:
    """Start a process in a box, hand it the job, and leave nothing of it behind."""
    stage = Path(tempfile.mkdtemp(prefix="hf-tutorial-grade-"))
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryFile() as errors, ours:
        with theirs:
            process = subprocess.Popen(
                _command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd="/",
                env=_environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                preexec_fn=_die_with_the_grader,
            )
        box = Box(process, ours, errors)
        try:
            with contextlib.suppress(BrokenPipeError):
                frames.send(ours, boxes.job(stage, **job))
            yield box
        finally:
            box.kill()
            shutil.rmtree(stage, ignore_errors=True)


def _command(descriptor: int) -> list[str]:
    start = _START.format(paths=_import_paths(), descriptor=descriptor)
    return [sys.executable, "-I", "-c", start]


def _import_paths() -> list[str]:
    return [str(_package().parent), *_site_folders()]


def _package() -> Path:
    return Path(__file__).resolve().parent.parent


def _site_folders() -> list[str]:
    return [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]


def _visible() -> list[str]:
    """Return what Python, the libraries and the stand-ins need: everything else does not exist in the box."""
    configuration = [f"/etc/{name}" for name in _CONFIGURATION]
    python = [sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent), *_site_folders()]
    return [*_SYSTEM, *configuration, *python, str(_package()), str(cache_root().resolve())]


def _environment() -> dict[str, str]:
    """Return the whole environment of a box: nothing of the grader's own, which may hold a token, comes along."""
    return {
        "PATH": os.defpath + ":" + str(Path(sys.executable).parent),
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "MPLBACKEND": "Agg",
        "HF_HUB_OFFLINE": "1",
        "HF_TUTORIAL_SOURCE": "local",
        "HF_TUTORIAL_CACHE": str(cache_root().resolve()),
        "PYTHONHASHSEED": "0",
    }


def _die_with_the_grader() -> None:
    """If the grader is killed, so is the box (Linux)."""
    if _LIBC is not None and sys.platform.startswith("linux"):
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def require(boxes: Boxes) -> None:
    """Raise NoBoxError, with the reason and what to do, unless a box can be had here."""
    reason = _why_not(boxes)
    if reason:
        raise NoBoxError(
            f"submissions cannot be kept apart on this machine: {reason} Grade on Linux with user namespaces, or in the "
            "container of `hf-tutorial grade --help`. With --unsafe they run with your own rights, and can read, send "
            "and delete whatever you can: do that only where nothing is to be lost."
        )


def _why_not(boxes: Boxes) -> str:
    if not sys.platform.startswith("linux"):
        return f"it takes Linux, and this is {sys.platform}."
    with started(boxes, role="probe", notebook="") as box:
        answer = _first_message(box.channel)
        if answer == {"type": "ready"}:
            return ""
        box.process.wait()
        lines = box.last_errors().splitlines()
        return f"the kernel does not allow it ({lines[-1] if lines else 'no reason given'})."


def _first_message(channel: socket.socket) -> dict[str, Any] | None:
    channel.settimeout(60)
    try:
        return frames.receive(channel)
    except (OSError, frames.FrameError):
        return None
