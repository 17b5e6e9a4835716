"""A small disk of our own (Linux): a file system in memory, in namespaces that need no right of an administrator."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_MOUNT = 'mount -t tmpfs -o "size=$1k" trial "$2" && echo mounted && exec cat'
_GO = 'cd "$1" && shift && exec "$@"'
# A user who is root may write everywhere; without privileges, what is forbidden to root is forbidden.
_UNPRIVILEGED = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--")


class NoRoomError(Exception):
    """This machine lets us have no disk of our own; the message says why."""


class Room:
    """A disk of so many kilobytes at `folder`, for processes that enter. It goes when it is closed."""

    def __init__(self, folder: Path, kilobytes: int) -> None:
        if sys.platform != "linux" or not all(map(shutil.which, ("unshare", "nsenter", "setpriv"))):
            raise NoRoomError("a small disk of our own takes Linux and its tools unshare, nsenter and setpriv")
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        command = ["unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c", _MOUNT]
        self._holder = subprocess.Popen(
            [*command, "-", str(kilobytes), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        assert self._holder.stderr is not None
        if not self._holder.stdout.readline():
            self.close()
            raise NoRoomError(f"a small disk of our own cannot be had: {self._holder.stderr.read().strip()}")

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the disk go."""
        assert self._holder.stdin is not None
        self._holder.stdin.close()
        self._holder.wait()

    def entered(self, command: list[str], work: Path, *, privileged: bool = True) -> list[str]:
        """Return a command that does the same where the disk is seen, in the folder `work`."""
        enter = ["nsenter", "--target", str(self._holder.pid), "--user", "--mount", "--preserve-credentials", "--"]
        return [*enter, *(() if privileged else _UNPRIVILEGED), "sh", "-c", _GO, "-", str(work), *command]

    def seen(self, path: Path) -> Path:
        """Return where we ourselves find what a process that has entered finds at `path`."""
        return Path(f"/proc/{self._holder.pid}/root{path.absolute()}")

    def resize(self, kilobytes: int) -> None:
        """Make the disk larger or smaller; what is on it stays."""
        self._remount(f"size={kilobytes}k")

    def forbid_writing(self) -> None:
        """Let nobody write to the disk, root neither."""
        self._remount("ro")

    def allow_writing(self) -> None:
        self._remount("rw")

    def _remount(self, options: str) -> None:
        command = ["mount", "-o", f"remount,{options}", str(self.folder)]
        subprocess.run(self.entered(command, Path("/")), check=True)

    def used(self) -> int:
        """Return how many bytes of the disk are taken."""
        disk = os.statvfs(self.seen(self.folder))
        return (disk.f_blocks - disk.f_bfree) * disk.f_frsize
