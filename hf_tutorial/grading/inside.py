"""The first code in a submission's process: enter namespaces, put up walls, run the notebook in a child, and wait.

The grader starts it with a channel to itself and one message, the job. The process that puts up the walls never runs a
cell; it only waits for the child that does, and when that ends, however it ends, everything in the box ends.
"""

import os
import socket
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from hf_tutorial.grading import frames, namespaces, walls
from hf_tutorial.grading.settings import SCRATCH, places


def main(descriptor: int) -> None:
    """Do the job that arrives on the channel."""
    channel = socket.socket(fileno=descriptor)
    job = frames.receive(channel)
    if job is None:
        return
    user = namespaces.enter() if job["isolated"] else 0
    scratch = job["stage"]
    if job["isolated"]:
        walls.build(job["stage"], job["visible"], job["hidden"], job["scratch_bytes"])
        scratch = SCRATCH
    if job["role"] == "probe":
        frames.send(channel, {"type": "ready"})
        return
    child = os.fork()
    if child:
        channel.close()
        _outlive(child)
    _run_and_leave(channel, job, scratch, user)


def _run_and_leave(channel: socket.socket, job: dict[str, Any], scratch: str, user: int) -> None:
    try:
        _die_first()
        if job["isolated"]:
            walls.give_up_privileges(user)
        _settle(Path(scratch), job)
        walls.limit(job["memory_bytes"], job["seconds"], job["processes"], job["file_bytes"])
        _run(channel, job)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _settle(scratch: Path, job: dict[str, Any]) -> None:
    """Make the private folder, move there, and point everything that writes files to it."""
    os.environ.update(places(str(scratch)))
    work = scratch / "home" / "work"
    work.mkdir(parents=True)
    Path(os.environ["TMPDIR"]).mkdir()
    tempfile.tempdir = None  # it may have been looked up before
    os.chdir(work)
    (work / "notebook.ipynb").write_text(job["notebook"], encoding="utf-8")


def _die_first() -> None:
    """If the machine runs out of memory, let the kernel end this process before any other."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return  # not on Linux, or not allowed: the grader watches the memory all the same


def _outlive(child: int) -> None:
    """Wait until the child has ended, and collect what it leaves behind."""
    while True:
        try:
            ended, _ = os.wait()
        except ChildProcessError:
            os._exit(0)
        if ended == child:
            os._exit(0)


def _run(channel: socket.socket, job: dict[str, Any]) -> None:
    import hf_tutorial.checks.registry
    from hf_tutorial.grading import running
    from hf_tutorial.grading.integrity import Snapshot
    from hf_tutorial.grading.recording import Recorder
    from hf_tutorial.grading.serving import Keeper

    running.preload(job["preload"])
    hf_tutorial.checks.registry.all_exercises()
    shell = running.make_shell()
    seconds, own = job["cell_seconds"], job["own"]
    if job["role"] == "reference":
        check: Any = Keeper(channel, own, seconds)
    else:
        check = Recorder(channel, set(job["data"]), own, seconds)
    _replace(check, job["seed"])
    if job["role"] != "reference":
        with shell.builtin_trap:  # as they are while a cell runs
            check.snapshot = Snapshot()
    frames.send(channel, {"type": "ready"})
    if job["role"] != "reference":
        running.silence()
    cells, report = job["cells"], _reporter(channel)
    running.run_cells(shell, cells, seconds, report)
    loaded = [name for name in sys.modules if name.isascii()] if job["role"] == "reference" else []
    frames.send(channel, {"type": "done", "modules": loaded})
    if job["role"] == "reference":
        # The forks that keep the checks end with this process.
        frames.receive(channel)


def _reporter(channel: socket.socket) -> Any:
    def report(number: int, error: str) -> None:
        frames.send(channel, {"type": "cell", "number": number, "error": error})

    return report


def _replace(check: Any, seed: int | None) -> None:
    """Let `check` record, and `setup` take the local stand-ins, whatever the set-up cell says."""
    import hf_tutorial.checks
    import hf_tutorial.checks.registry
    from hf_tutorial import session

    usual = session.setup

    def setup(*_: object, **settings: Any) -> Any:
        return usual(seed=settings.get("seed", 42) if seed is None else seed, source="local")

    namespaces: list[Any] = [hf_tutorial, hf_tutorial.checks, hf_tutorial.checks.registry]
    for namespace in namespaces:
        namespace.check = check
    hf_tutorial.setup = setup
    session.setup = setup


if __name__ == "__main__":
    main(int(sys.argv[1]))
