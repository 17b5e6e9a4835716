"""Starting a process in a box of its own, and ending it with everything that it has started."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hf_tutorial.errors import HfTutorialError
from hf_tutorial.grading import frames, stages
from hf_tutorial.grading.settings import FILE_BYTES, MEGABYTE, PROCESSES, SCRATCH, SCRATCH_BYTES, Limits, places
from hf_tutorial.sources.cache import cache_root

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/sys/devices/system/cpu")
_CONFIGURATION = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "passwd", "group", "nsswitch.conf", "hosts"),
    *("localtime", "mime.types", "fonts", "matplotlibrc"),
)
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
    nursery: "Nursery | None" = None

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

    pid: int
    channel: socket.socket
    errors: Any = field(repr=False)
    process: "subprocess.Popen[bytes] | None" = None

    def kill(self) -> None:
        """End the process and everything that it has started."""
        # The group holds the process outside of the box; when that dies, the kernel ends the first one inside, and so all.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def last_errors(self) -> str:
        """Return the end of what our own code has written to stderr before the first cell."""
        self.errors.seek(max(0, self.errors.seek(0, os.SEEK_END) - 2_000))
        return self.errors.read().decode("utf-8", "replace").strip()


@contextlib.contextmanager
def started(boxes: Boxes, **job: Any) -> Iterator[Box]:
    """Start a process in a box, hand it the job, and leave nothing of it behind."""
    ours, theirs = socket.socketpair()
    with stages.stage() as stage, tempfile.TemporaryFile() as errors, ours:
        with theirs:
            box = _start(boxes, ours, theirs, errors)
        try:
            with contextlib.suppress(BrokenPipeError):
                frames.send(ours, boxes.job(stage, **job))
            yield box
        finally:
            box.kill()


def _start(boxes: Boxes, ours: socket.socket, theirs: socket.socket, errors: Any) -> Box:
    if boxes.nursery is not None:
        return Box(boxes.nursery.fork(theirs.fileno(), errors.fileno()), ours, errors)
    process = start_python(f"from hf_tutorial.grading.inside import main; main({theirs.fileno()})", theirs, errors)
    return Box(process.pid, ours, errors, process)


class Nursery:
    """A process that has imported the libraries already: a box that begins as its fork begins warm.

    It never runs anything of a submission, nor knows of any; the fork enters its namespaces by itself.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._lock = threading.Lock()

    def fork(self, channel: int, errors: int) -> int:
        """Start a process with this channel; return its id."""
        with self._lock:
            socket.send_fds(self._control, [b"."], [channel, errors])
            answer = frames.receive(self._control)
        if answer is None:
            raise NoBoxError("the process that has the libraries ready has ended; start again")
        return int(answer["pid"])


@contextlib.contextmanager
def warmed(boxes: Boxes, modules: Sequence[str]) -> Iterator[Boxes]:
    """Yield boxes that have the modules imported before they start. Without walls, every box starts from nothing."""
    if not boxes.isolated:
        yield boxes
        return
    ours, theirs = socket.socketpair()
    with stages.stage() as folder, tempfile.TemporaryFile() as errors, ours:
        with theirs:
            code = f"from hf_tutorial.grading.nursery import main; main({theirs.fileno()}, {list(modules)!r})"
            process = start_python(code, theirs, errors, {**places(SCRATCH), "MPLCONFIGDIR": str(folder)})
        try:
            yield replace(boxes, nursery=Nursery(ours))
        finally:
            process.kill()
            process.wait()


def start_python(
    code: str, channel: socket.socket, errors: Any, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start this Python, which knows our package and the channel, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {_import_paths()!r}; {code}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        cwd="/",
        env={**_environment(), **(environment or {})},
        pass_fds=[channel.fileno()],
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


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


def die_with_parent() -> None:
    """If the process that has started this one is killed, so is this one (Linux)."""
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
        lines = box.last_errors().splitlines()
        return f"the kernel does not allow it ({lines[-1] if lines else 'no reason given'})."


def _first_message(channel: socket.socket) -> dict[str, Any] | None:
    channel.settimeout(60)
    try:
        return frames.receive(channel)
    except (OSError, frames.FrameError):
        return None
