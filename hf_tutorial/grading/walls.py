"""The walls around a submission, put up from the inside before any of its code is read (Linux).

The process that calls `build` is the first one of new namespaces (`namespaces`), and for this moment their
administrator. It makes a root of its own from nothing: what the job names is there, read-only; a few devices, a /proc
that shows only this box, and a temporary folder of limited size. Everything else on the machine, such as other
submissions, keys in a home folder, or sockets, has no name in here. Whoever runs cells calls `give_up_privileges` first.
"""

import ctypes
import os
import resource
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

from hf_tutorial.grading.settings import SCRATCH

_DEVICES = ("null", "zero", "full", "random", "urandom")
_MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x2, 0x4, 0x1000, 0x4000, 0x40000
_MS_REMOUNT, _MS_RDONLY = 0x20, 0x1
_MNT_DETACH = 2
_MOUNT_SETATTR, _AT_RECURSIVE, _ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 442, 0x8000, 0x1, 0x2, 0x4
_PR_SET_DUMPABLE = 4
_PR_SET_KEEPCAPS, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 24, 38, 47, 2
_CAPABILITIES, _CAP_DAC_READ_SEARCH = 64, 2
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


class WallError(OSError):
    """A wall could not be put up, so that nothing may run."""


def build(stage: str, visible: Sequence[str], hidden: Sequence[str], scratch_bytes: int) -> None:
    """Leave this process in a root that holds `visible`, read-only, without `hidden`.

    `stage` is an empty folder on which the new root is built.
    """
    _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    _mount_tmpfs(stage, "mode=755,size=1m")
    for path in outermost(visible):
        _show(path, stage)
    for path in hidden:
        _hide(stage + path)
    _devices(stage)
    _scratch(stage, scratch_bytes)
    _enter(stage)
    _loopback_up()
    _forbid_more_namespaces()
    _close_settings()


def outermost(paths: Sequence[str]) -> list[str]:
    """Return the paths that lie in no other of them, sorted."""
    kept: list[str] = []
    for path in sorted({os.path.normpath(path) for path in paths}):
        if not kept or not path.startswith(kept[-1].rstrip("/") + "/"):
            kept.append(path)
    return kept


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise WallError(number, f"{name} failed: {os.strerror(number)}")


def _mount_tmpfs(place: str, options: str) -> None:
    _call("mount", b"tmpfs", place.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options.encode())


def _show(path: str, stage: str) -> None:
    """Bind `path` to the same place below `stage`, read-only; a link is written again as a link."""
    source, target = Path(path), Path(stage + path)
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink() and source.parent == Path("/"):
        target.symlink_to(source.readlink())
        return
    _bind(source, target)
    _freeze(target)


def _bind(source: Path, target: Path) -> None:
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.touch()
    _call("mount", os.fsencode(source.resolve()), os.fsencode(target), None, _MS_BIND | _MS_REC, None)


def _freeze(target: Path) -> None:
    """Make the mount at `target`, and all that is mounted below it, read-only."""
    attributes = struct.pack("QQQQ", _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV, 0, 0, 0)
    _call("syscall", _MOUNT_SETATTR, -100, os.fsencode(target), _AT_RECURSIVE, attributes, len(attributes))


def _hide(place: str) -> None:
    """Cover what lies in something visible, and must not be seen."""
    if Path(place).is_dir():
        _mount_tmpfs(place, "mode=000,size=4k")
    elif Path(place).exists():
        _call("mount", b"/dev/null", os.fsencode(place), None, _MS_BIND, None)


def _devices(stage: str) -> None:
    folder = Path(stage) / "dev"
    folder.mkdir()
    for name in _DEVICES:
        _bind(Path("/dev") / name, folder / name)
    (folder / "fd").symlink_to("/proc/self/fd")
    (folder / "ptmx").symlink_to("pts/ptmx")
    for name in ("pts", "shm"):
        (folder / name).mkdir()
    # A terminal of its own, which IPython wants for lines that begin with `!`.
    options = b"newinstance,ptmxmode=0666,mode=0620"
    _call("mount", b"devpts", os.fsencode(folder / "pts"), b"devpts", _MS_NOSUID, options)
    _mount_tmpfs(str(folder / "shm"), "mode=1777,size=128m")


def _scratch(stage: str, scratch_bytes: int) -> None:
    """Mount the one folder that may be written: /tmp as a whole, unless something that the job names lies there."""
    scratch = Path(stage + SCRATCH)
    scratch.parent.mkdir(exist_ok=True)
    if not any(scratch.parent.iterdir()):
        _mount_tmpfs(str(scratch.parent), f"mode=1777,size={scratch_bytes}")
        scratch.mkdir()
        scratch.chmod(0o1777)
        return
    scratch.mkdir()
    _mount_tmpfs(str(scratch), f"mode=1777,size={scratch_bytes}")


def _enter(stage: str) -> None:
    """Make `stage` the root, and forget the old one."""
    (Path(stage) / "proc").mkdir(exist_ok=True)
    _call("mount", b"proc", f"{stage}/proc".encode(), b"proc", _MS_NOSUID | _MS_NODEV, None)
    (Path(stage) / "old").mkdir()
    os.chdir(stage)
    _call("pivot_root", b".", b"old")
    os.chdir("/")
    _call("umount2", b"/old", _MNT_DETACH)
    Path("/old").rmdir()
    _call("mount", b"none", b"/", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV, None)


def _loopback_up() -> None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | _IFF_UP))


def _forbid_more_namespaces() -> None:
    """A namespace within would bring privileges back, and with them a temporary folder without a limit."""
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _close_settings() -> None:
    """Where the grader is root, the kernel's settings would take its user's word without asking for a privilege."""
    for name in ("sys", "sysrq-trigger", "irq", "bus"):
        place = Path("/proc") / name
        if place.exists():
            _call("mount", os.fsencode(place), os.fsencode(place), None, _MS_BIND | _MS_REC, None)
            _freeze(place)


def give_up_privileges(user: int) -> None:
    """Become `user`, for good, without privileges, but for one where the grader is root.

    Files that only root may read, such as a cache that root has made, are then still readable: of those that have a name
    in here at all.
    """
    kept = 0 if user == 0 else 1 << _CAP_DAC_READ_SEARCH
    for capability in range(_CAPABILITIES):
        if not kept >> capability & 1:
            # The kernel knows fewer than 64: the rest is refused, and that is all right.
            ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    if user != 0:
        _call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("capset", struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", kept, kept, kept, 0, 0, 0))
    if kept:
        _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_READ_SEARCH, 0, 0)


def keep_memory_private() -> None:
    """Keep the memory of this process from others of the same user (Linux)."""
    if sys.platform.startswith("linux"):
        _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit(memory_bytes: int, seconds: int, processes: int, file_bytes: int) -> None:
    """Set the kernel's own limits for this process and its children; the grader watches the rest from outside."""
    # torch reserves far more addresses than it uses.
    _lower(resource.RLIMIT_AS, memory_bytes + 12 * 2**30)
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_NPROC, processes)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, wanted: int) -> None:
    """Lower one limit, soft and hard, but never raise it."""
    hard = resource.getrlimit(kind)[1]
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (value, value))
