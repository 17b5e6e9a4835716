"""Run notebooks in `hub` mode, each against a loopback Hub of its own, and compare what they print."""

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nbformat import NotebookNode

from hf_tutorial.sources.registry import OWN_IDS
from tools import reference_env
from tools.loopback_hub.expectations import as_on_the_hub, loaded_ids, verdicts_only
from tools.loopback_hub.repositories import Repository
from tools.loopback_hub.server import LoopbackHub
from tools.notebooks import ROOT, Project, ToolError, read, write
from tools.outputs import NOT_COMPARED_PARTS
from tools.run_notebooks import WORKERS, nbval

VERDICTS = Path(__file__).with_name("verdicts.cfg")
NOTEBOOK_SECONDS = 1800
# More than a notebook's own run allows: what the Hub serves may be ten times as large as a stand-in.
CELL_SECONDS = 900


@dataclass(frozen=True)
class Pass:
    """One way to run the course: what the Hub serves, and what of the outputs is compared."""

    name: str
    repositories: Sequence[Repository]
    expect: Callable[[NotebookNode, str], None]
    sanitising: Path
    strict: bool


def stand_ins_pass(repositories: Sequence[Repository]) -> Pass:
    """The stand-ins under their Hub ids: everything is compared that is compared without a Hub."""
    strict = reference_env.platform_difference(ROOT / "requirements.txt") is None
    return Pass("stand-ins", repositories, as_on_the_hub, NOT_COMPARED_PARTS, strict)


def shapes_pass(repositories: Sequence[Repository]) -> Pass:
    """Models of the Hub's own shapes: every cell is executed, and of the outputs only the verdicts of checks compared."""
    return Pass("shapes", repositories, verdicts_only, VERDICTS, strict=False)


@dataclass(frozen=True)
class Outcome:
    """What came of a notebook. `named` are the ids that it loads from the Hub; `problems` is empty if all is well."""

    notebook: str
    named: tuple[str, ...]
    requests: int
    seconds: float
    problems: tuple[str, ...]


def run_pass(one_pass: Pass, project: Project, paths: Sequence[Path], folder: Path) -> Iterator[Outcome]:
    """Run the notebooks, two at a time, with `folder` for their copies and what they download."""
    with ThreadPoolExecutor(WORKERS) as pool:
        yield from pool.map(lambda path: run_notebook(one_pass, project, path, folder), paths)


def run_notebook(one_pass: Pass, project: Project, path: Path, folder: Path) -> Outcome:
    """Execute a copy of the notebook in `hub` mode, and compare it with what is expected.

    Each has a cache of its own, as on the machine of somebody who begins with this lesson: all files are asked for.
    """
    notebook, name = read(path), project.key(path)
    named = tuple(hub_id for hub_id in loaded_ids(notebook) if not hub_id.startswith(OWN_IDS))
    started = time.monotonic()
    with LoopbackHub(one_pass.repositories) as hub, TemporaryDirectory(dir=folder) as home:
        try:
            one_pass.expect(notebook, name)
            failure = _execute(one_pass, notebook, folder / "notebooks" / name, environment(hub, Path(home)))
        except ToolError as error:
            failure = [str(error)]
        problems = (*failure, *_not_asked(hub.asked, named), *_not_there(hub.not_found))
    return Outcome(name, named, len(hub.asked), time.monotonic() - started, problems)


def _execute(one_pass: Pass, notebook: NotebookNode, copy: Path, environment: dict[str, str]) -> list[str]:
    """Let nbval execute the copy; return what it says if it does not find everything right."""
    write(copy, notebook)
    # Its own root and settings: pytest must not look for them, and for tests, around the copies.
    alone = ("-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={copy.parent}")
    call = nbval(strict=one_pass.strict, sanitising=one_pass.sanitising, cell_seconds=CELL_SECONDS)
    command = [*call, *alone, str(copy)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=NOTEBOOK_SECONDS
        )
    except subprocess.TimeoutExpired:
        return [f"not done after {NOTEBOOK_SECONDS} seconds"]
    return [done.stdout + done.stderr] if done.returncode else []


def environment(hub: LoopbackHub, home: Path) -> dict[str, str]:
    """Return the reference environment in `hub` mode: this Hub, an own cache, no token, no proxy, no setting of the user's."""
    ours = reference_env.kernel_environment()
    for name in list(ours):
        if name.startswith(("HF_", "HUGGING", "TRANSFORMERS_")) or name.upper().endswith("_PROXY"):
            del ours[name]
    hub.redirect(ours)
    cache = {"HF_TUTORIAL_CACHE": os.environ["HF_TUTORIAL_CACHE"]} if "HF_TUTORIAL_CACHE" in os.environ else {}
    return {**ours, **cache, "HF_TUTORIAL_SOURCE": "hub", "HF_HOME": str(home)}


def _not_asked(asked: Iterable[str], named: Iterable[str]) -> list[str]:
    """Say of which repositories the Hub was never asked for a file: they came from somewhere else, or were not loaded."""
    return [
        f"the Hub was not asked for a file of {hub_id}"
        for hub_id in named
        if not any(f"/{hub_id}/resolve/" in request for request in asked)
    ]


def _not_there(not_found: Iterable[str]) -> list[str]:
    return [f"asked for a repository that is not served: {request}" for request in dict.fromkeys(not_found)]
