"""The command line of `hf-tutorial grade`."""

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from hf_tutorial.errors import InputError
from hf_tutorial.grading.settings import Limits

_DESCRIPTION = """\
Run submitted exercise notebooks, each in a box of its own, and write grades.csv, report.html, report.txt, a page of
feedback for each student, and grading.log.

Marks are worked out from the answers that `check` gets while a notebook runs, by checks that run outside of the
notebook's process, or, for functions and models, which cannot leave it, in a fork of it with checks loaded afresh.
Nothing that a notebook prints, stores or claims is read."""

_EPILOG = """\
A limit is not a sandbox. On Linux a submission has no network, sees only Python, the libraries and a folder of its own,
and is ended when it takes too much; but it talks to the same kernel as everything else on the machine. Code beside a
check can in the end do anything to that check: look at what the report flags. For submissions of people whom you do not
know, grade in a container, or in a virtual machine that you can throw away:

  docker run --rm --network none --read-only --tmpfs /tmp --memory 8g --pids-limit 512 \\
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \\
    --volume "$PWD/submissions:/submissions:ro" --volume "$PWD/grades:/grades" IMAGE \\
    hf-tutorial grade /submissions --output /grades

IMAGE is one with this package and its stand-ins. The three security options let `grade` put up its own walls inside the
container; without them it refuses, and --unsafe leaves the container as the only wall, around all submissions together.

Solutions and checks of the course are public. For marks that count use hidden checks: --checks FOLDER."""


@dataclass(frozen=True)
class Options:
    """What `hf-tutorial grade` has been asked to do."""

    folder: Path
    output: Path
    roster: Path | None = None
    points: Path | None = None
    checks: Path | None = None
    solutions: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell the parser what `grade` takes."""
    limits = Limits()
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of the submitted notebooks")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where the results go (default: FOLDER-grades)")
    parser.add_argument("--roster", type=Path, metavar="CSV", help="the students: everyone gets a row")
    parser.add_argument("--checks", type=Path, metavar="PRIVATE_DIR", help="hidden checks, *.py: before public ones")
    parser.add_argument(
        "--solution",
        type=Path,
        metavar="NOTEBOOK",
        action="append",
        default=[],
        help="the solution of an assignment of your own (may be repeated; default: those of the course)",
    )
    parser.add_argument("--points", type=Path, metavar="CSV", help="exercise,points (default: 1 point each)")
    parser.add_argument(
        "--readable",
        type=Path,
        metavar="PATH",
        action="append",
        default=[],
        help="a file or folder that submissions may read, such as data (may be repeated)",
    )
    parser.add_argument(
        "--jobs", type=int, default=limits.jobs, help="submissions at a time (default: one for each core)"
    )
    parser.add_argument(
        "--time", type=int, default=limits.time, metavar="S", help="seconds for a submission (%(default)s)"
    )
    parser.add_argument(
        "--cell-time",
        type=int,
        default=limits.cell_time,
        metavar="S",
        help="seconds for a cell or a check (%(default)s)",
    )
    parser.add_argument(
        "--memory", type=int, default=limits.memory, metavar="MB", help="for a submission (%(default)s)"
    )
    parser.add_argument("--unsafe", action="store_true", help="grade without walls where there can be none")


def options_of(arguments: argparse.Namespace) -> Options:
    """Return the options of a command line, or raise InputError."""
    numbers = {"--jobs": arguments.jobs, "--time": arguments.time, "--cell-time": arguments.cell_time}
    for name, value in {**numbers, "--memory": arguments.memory}.items():
        if value < 1:
            raise InputError(f"{name} is {value}; expected a whole number from 1.")
    folder = arguments.folder.resolve()
    output = arguments.output or folder.with_name(f"{folder.name}-grades")
    return Options(
        folder=folder,
        output=output.resolve(),
        roster=arguments.roster,
        points=arguments.points,
        checks=arguments.checks,
        solutions=tuple(arguments.solution),
        readable=tuple(arguments.readable),
        limits=Limits(arguments.time, arguments.cell_time, arguments.memory, arguments.jobs),
        unsafe=arguments.unsafe,
    )
