"""Try one fault: set it up, let a student's process meet it, and return what the student sees."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.loopback_hub.faults_http import Intercept
from tools.loopback_hub.repositories import Repository
from tools.loopback_hub.server import LoopbackHub
from tools.notebooks import ROOT

# The lessons' first model. The Hub of these trials holds only its name: nothing is loaded.
HUB_ID = "distilbert/distilbert-base-uncased"
TOKEN = "hf_this_token_is_told_to_nobody"
_FILES = {"config.json": b"{}", "README.md": b"# A model\n", "model.safetensors": b"\0" * 300_000}
# What would change the trial: proxies, tokens, switches, other places of caches.
LEFT_OUT = re.compile(r"HF_(?!TUTORIAL_(CACHE|WHEELS)$)|HUGGING_|TRANSFORMERS_|SSL_CERT|.*_PROXY$", re.IGNORECASE)
_PORT = re.compile(r"127\.0\.0\.1:\d+")


class Stage:
    """Where a fault is set up: what is opened here is closed after the trial, and `environment` is the student's."""

    def __init__(self, stack: ExitStack, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not LEFT_OUT.match(name)}
        self.environment = {**kept, "HF_HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        self.arguments: list[str] = []
        self._stack = stack

    def hub(self, intercept: Intercept | None = None, *, gated: bool = False) -> LoopbackHub:
        """Open a Hub that holds the one repository, and lead the student there."""
        repository = Repository(HUB_ID, "model", None, gated=gated, generated=_FILES)
        hub = self._stack.enter_context(LoopbackHub([repository], intercept))
        self.environment["HF_ENDPOINT"] = hub.address
        return hub

    def instead(self, port: AbstractContextManager[int], scheme: str = "http") -> None:
        """Open something else in the Hub's place."""
        self.environment["HF_ENDPOINT"] = f"{scheme}://127.0.0.1:{self._stack.enter_context(port)}"

    def behind(self, proxy: AbstractContextManager[int], endpoint: str, login: str = "") -> None:
        """Lead the student through `proxy` to `endpoint`."""
        port = self._stack.enter_context(proxy)
        address = f"http://{login + '@' if login else ''}127.0.0.1:{port}"
        self.environment |= {"HF_ENDPOINT": endpoint, "HTTP_PROXY": address, "HTTPS_PROXY": address}


@dataclass(frozen=True)
class Case:
    """One row of the table: what goes wrong, how it is set up, and what the package should take it for."""

    name: str
    cause: str
    set_up: Callable[[Stage], object] = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What a student sees in one mode. `error` is the class, the message and the cause of what was raised."""

    got: str | None
    said: str
    error: tuple[str, str, str] | None
    seconds: float


@dataclass(frozen=True)
class Seen:
    """A trial's end: both modes, and whatever else came out of the student's process."""

    auto: Outcome
    hub: Outcome
    stderr: str


def try_out(case: Case) -> Seen:
    """Let a student meet the fault, first in the mode "auto", then in "hub"."""
    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(prefix="fault-", ignore_cleanup_errors=True))
        stage = Stage(stack, Path(home))
        case.set_up(stage)
        command = [sys.executable, "-m", "tools.loopback_hub.faults_student", HUB_ID, *stage.arguments]
        done = subprocess.run(
            command, env=stage.environment, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120
        )
    if done.returncode:
        raise RuntimeError(f"the trial “{case.name}” broke off:\n{done.stderr}")
    # Ports differ from run to run. A proxy is the only thing that is ever told with its port.
    told = json.loads(_PORT.sub("proxy.example:3128", done.stdout))
    return Seen(*(_outcome(told[mode]) for mode in ("auto", "hub")), stderr=done.stderr)


def _outcome(told: dict) -> Outcome:
    return Outcome(told["got"], told["said"], tuple(told["error"]) if told["error"] else None, told["seconds"])
