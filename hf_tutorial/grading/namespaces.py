"""Entering new namespaces (Linux): a process list, a network, mounts and users of one's own.

Where the grader is root, as in most containers, the box knows two users: its administrator, who is root outside, and the
one who runs the cells, who is nobody outside. So no cell runs with the id of root, which many files answer to without
asking for a privilege, and which has no limit on the number of processes.
"""

import ctypes
import os
import signal
from pathlib import Path

from hf_tutorial.grading.walls import WallError

_NEW_USERS, _NEW_NETWORK, _NEW_MOUNTS = 0x10000000, 0x40000000, 0x20000
_NEW_PROCESSES, _NEW_IPC, _NEW_NAMES = 0x20000000, 0x08000000, 0x04000000
_PR_SET_PDEATHSIG = 1
_NOBODY = 65_534
CELL_USER = 1


def enter() -> int:
    """Return in the first process of new namespaces, as their administrator, and say which user is to run the cells.

    The process that called stays outside, waits, and ends with that one.
    """
    user, group = os.geteuid(), os.getegid()
    mapped = _unshared(user, group)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os._exit(0)
    # If the process outside is killed, the box goes with it.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return CELL_USER if mapped == 2 else 0


def _unshared(user: int, group: int) -> int:
    """Leave the old namespaces; return how many users the new ones know."""
    if user == 0 and _nobody_is_known():
        with _Writer() as writer:
            _unshare()
            if writer.write(f"0 0 1\n{CELL_USER} {_NOBODY} 1\n"):
                return 2
    else:
        _unshare()
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1\n")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1\n")
    return 1


def _nobody_is_known() -> bool:
    """Within another container, there may be no such user to map to."""
    ranges = [list(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    return any(first <= _NOBODY < first + count for first, _, count in ranges)


def _unshare() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _NEW_USERS | _NEW_NETWORK | _NEW_MOUNTS | _NEW_PROCESSES | _NEW_IPC | _NEW_NAMES
    if libc.unshare(flags) != 0:
        number = ctypes.get_errno()
        raise WallError(number, f"unshare failed: {os.strerror(number)}")


class _Writer:
    """A process that stays outside, where it has the right to write which users a namespace knows."""

    def __enter__(self) -> "_Writer":
        self._read, self._write = os.pipe()
        self._result, self._done = os.pipe()
        target = os.getpid()
        self._child = os.fork()
        if self._child == 0:
            os.close(self._write)
            self._wait_and_write(target)
        os.close(self._read)
        os.close(self._done)
        return self

    def _wait_and_write(self, target: int) -> None:
        try:
            lines = os.read(self._read, 1_000).decode()
            if lines:
                for name in ("uid_map", "gid_map"):
                    Path(f"/proc/{target}/{name}").write_text(lines)
                os.write(self._done, b"1")
        finally:
            os._exit(0)

    def write(self, lines: str) -> bool:
        """Have the lines written; return whether they were."""
        os.write(self._write, lines.encode())
        return os.read(self._result, 1) == b"1"

    def __exit__(self, *_: object) -> None:
        for descriptor in (self._write, self._result):
            os.close(descriptor)
        os.waitpid(self._child, 0)
