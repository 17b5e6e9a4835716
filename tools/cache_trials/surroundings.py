"""A home, a temporary folder, a working folder and a cache of a trial's own, and `hf-tutorial` run among them."""

import hashlib
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools.cache_trials.room import Room
from tools.environment import ROOT

# A Python that imports transformers leaves this behind, empty: torch makes it, whoever imports it.
_TORCH_S_OWN = re.compile(r"tmp/torchinductor_[^/]*")
_FROM_OUTSIDE = re.compile(r"(PIP|HF|XDG|HUGGINGFACE)_")


@dataclass(frozen=True)
class Kit:
    """What is tried: a command that does what `hf-tutorial` does, and a folder with the carriers that it needs."""

    command: tuple[str, ...]
    carriers: Path


@dataclass(frozen=True)
class Ended:
    """A process that has ended by itself: its exit code, what it wrote, and how long it took."""

    code: int
    output: str
    errors: str
    seconds: float


@dataclass
class Surroundings:
    """Folders of a trial's own. What lies outside of `cache` is to stay as it is.

    `room` is a disk that only processes of the trial see; the cache may lie on it. `settings` are environment variables.
    """

    kit: Kit
    folder: Path
    cache: Path
    room: Room | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("home", "tmp", "work"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            (self.folder / name / "mine.txt").write_text("not to be touched", encoding="utf-8")
        self.before = self.outside()

    def start(self, *arguments: str, privileged: bool = True) -> "subprocess.Popen[bytes]":
        """Start the command in a session of its own; what it says goes to files that the next one overwrites."""
        command = [*self.kit.command, *arguments]
        if self.room:
            command = self.room.entered(command, self.folder / "work", privileged=privileged)
        said = self.folder / "said"
        said.mkdir(exist_ok=True)
        with (said / "out").open("wb") as out, (said / "err").open("wb") as err:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.folder / "work",
                env=self._environment(),
                start_new_session=True,
            )

    def run(self, *arguments: str, privileged: bool = True) -> Ended:
        """Run the command to its end."""
        started = time.monotonic()
        process = self.start(*arguments, privileged=privileged)
        try:
            code = process.wait()
        finally:
            kill_group(process)
        return Ended(code, self.said("out"), self.said("err"), time.monotonic() - started)

    def said(self, stream: str) -> str:
        """Return what the last process wrote to "out" or "err"."""
        return (self.folder / "said" / stream).read_text(encoding="utf-8", errors="replace")

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not _FROM_OUTSIDE.match(name)}
        return {
            **inherited,
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "HF_TUTORIAL_CACHE": str(self.cache),
            "HF_TUTORIAL_SOURCE": "local",
            # pip finds the carriers and nothing else, so that the way through pip is tried, too.
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.kit.carriers.as_uri(),
            # pip asks rustc for its version, and rustup's would settle in a home that does not know it yet.
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup")),
            **self.settings,
        }

    def outside(self) -> dict[str, tuple[int, int]]:
        """Return size and time of change of every file outside the cache; folders are there or not."""
        found = {}
        for name in ("home", "tmp", "work"):
            for path in (self.folder / name).rglob("*"):
                relative = path.relative_to(self.folder).as_posix()
                if path.is_dir():
                    if not (_TORCH_S_OWN.fullmatch(relative) and not any(path.iterdir())):
                        found[relative] = (0, 0)
                else:
                    found[relative] = (path.lstat().st_size, path.lstat().st_mtime_ns)
        return found

    def seen(self, path: Path) -> Path:
        """Return where we ourselves find what the trial's processes find at `path`."""
        return self.room.seen(path) if self.room else path

    def contents(self) -> dict[str, str]:
        """Return the SHA-256 of every file in the cache, apart from its locks."""
        root = self.seen(self.cache)
        files = [path for path in sorted(root.rglob("*")) if path.is_file() and path.parent.name != "locks"]
        return {path.relative_to(root).as_posix(): sha256_of(path) for path in files}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process that still runs, and all that it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
