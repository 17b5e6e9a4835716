"""The whole of a grading run: collect, execute each lesson's submissions against its solution, write the results."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from hf_tutorial.errors import InputError, SourceError
from hf_tutorial.grading import folder as output
from hf_tutorial.grading import reference, stages
from hf_tutorial.grading.box import Boxes, require, warmed
from hf_tutorial.grading.collecting import Collection, Submission, collect
from hf_tutorial.grading.document import as_html, as_text
from hf_tutorial.grading.execution import Execution, GradingError, execute
from hf_tutorial.grading.notebook import Notebook, read
from hf_tutorial.grading.options import Options
from hf_tutorial.grading.report import feedback_of, report_of
from hf_tutorial.grading.results import Grades, number
from hf_tutorial.grading.roster import Roster, read_points, read_roster
from hf_tutorial.grading.rows import add_remarks, rows_of
from hf_tutorial.grading.table import csv_of
from hf_tutorial.lab import course_folder

Say = Callable[[str], None]
Executed = dict[Path, Execution]


def grade(options: Options, say: Say = print) -> Grades:
    """Grade a folder and write the results; `say` gets one line for each submission."""
    hidden = _hidden_checks(options.checks)
    solutions = _solutions(options)
    roster = read_roster(options.roster) if options.roster else Roster()
    points = read_points(options.points) if options.points else {}
    collection = collect(options.folder, solutions, roster)
    output.check_folder(options.output)
    stages.sweep()
    boxes = Boxes(options.limits, not options.unsafe, options.readable, _secret(options))
    if boxes.isolated:
        require(boxes)
    grades = Grades([], points, options.limits, boxes.isolated)
    _log_inputs(grades, hidden)
    executed = _execute_all(boxes, collection, solutions, hidden, grades, bool(options.roster), say)
    grades.rows = rows_of(collection, roster, executed)
    add_remarks(grades, collection, bool(options.roster))
    output.write_folder(options.output, _files(grades))
    return grades


def _hidden_checks(folder: Path | None) -> dict[str, str]:
    """Read the hidden checks as text: the grader's own process never runs them."""
    if folder is None:
        return {}
    files = sorted(folder.glob("*.py"))
    if not files:
        raise InputError(f"{folder} holds no checks. Expected files *.py that register with `exercise(…)`.")
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def _solutions(options: Options) -> dict[str, Notebook]:
    """Return the solution notebooks by the names of their lessons."""
    paths = options.solutions or _public_solutions()
    return {path.stem.removesuffix("_solutions"): read(path) for path in paths}


def _public_solutions() -> list[Path]:
    try:
        found = sorted((course_folder() / "solutions").glob("*.ipynb"))
    except SourceError:
        found = []
    if not found:
        raise InputError(
            "the course's solutions are not here: run `hf-tutorial grade` in a clone of the repository, or name the "
            "solution to grade by: --solution NOTEBOOK"
        )
    return found


def _secret(options: Options) -> tuple[Path, ...]:
    files = [options.roster, options.points, *options.solutions]
    return tuple(path for path in (options.folder, options.output, options.checks, *files) if path is not None)


def _log_inputs(grades: Grades, hidden: Mapping[str, str]) -> None:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    for name in ("hf-tutorial", "torch", "transformers", "datasets", "numpy"):
        try:
            grades.log.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            grades.log.append(f"{name} is not installed")
    grades.log.append(f"Python {platform.python_version()} on {platform.platform()}")
    checks = sorted((Path(__file__).parent.parent / "checks").glob("*.py"))
    together = sha256(b"".join(path.read_bytes() for path in checks)).hexdigest()
    grades.log.append(f"public checks {together}")
    grades.log += [f"hidden checks {name} {sha256(text.encode()).hexdigest()}" for name, text in hidden.items()]


def _execute_all(
    boxes: Boxes,
    collection: Collection,
    solutions: Mapping[str, Notebook],
    hidden: Mapping[str, str],
    grades: Grades,
    verified: bool,
    say: Say,
) -> Executed:
    executed: Executed = {}
    count = sum(1 for one in collection.counting if one.lesson)
    for lesson, solution in solutions.items():
        submissions = [one for one in collection.counting if one.lesson == lesson]
        if not submissions:
            continue
        begun = time.monotonic()
        with (
            warmed(boxes, solution.modules) as warm,
            reference.running(warm, solution, hidden) as running,
            warmed(boxes, running.modules) as ready,
        ):
            grades.exercises += running.exercises
            grades.log.append(f"solution {lesson} {solution.hash} {time.monotonic() - begun:.1f} s")
            for one, execution in _execute_lesson(ready, submissions, running, grades, verified):
                executed[one.path] = execution
                say(_progress(grades, one, execution, len(executed) + len(grades.failures), count))
    return executed


def _execute_lesson(
    boxes: Boxes, submissions: list[Submission], running: reference.Reference, grades: Grades, verified: bool
) -> Iterator[tuple[Submission, Execution]]:
    """Yield the submissions of one lesson as they are done."""
    with _pool(boxes) as (pool, stop):
        waiting: dict[Future[Execution], Submission] = {}
        for one in submissions:
            assert one.notebook is not None
            student = one.student.id if verified and one.known else None
            waiting[pool.submit(execute, boxes, one.notebook, running, student, stop)] = one
        for future in as_completed(waiting):
            one = waiting[future]
            try:
                execution = future.result()
            except (GradingError, OSError) as error:
                grades.failures.append(f"{one.place}: {error}")
                continue
            assert one.notebook is not None
            grades.log.append(f"submission {one.place} {one.notebook.hash} {execution.seconds:.1f} s")
            yield one, execution


@contextmanager
def _pool(boxes: Boxes) -> Iterator[tuple[ThreadPoolExecutor, threading.Event]]:
    """Yield a pool; if the block is left early, as by Ctrl-C, all boxes are ended first."""
    stop = threading.Event()
    pool = ThreadPoolExecutor(boxes.limits.jobs)
    try:
        yield pool, stop
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _progress(grades: Grades, one: Submission, execution: Execution, done: int, count: int) -> str:
    earned = sum(finding.credit * grades.worth(name) for name, finding in execution.findings.items())
    worth = sum(grades.worth(name) for name in execution.findings)
    flagged = ", flagged" if execution.flags else ""
    return f"[{done}/{count}] {one.place}: {number(earned)} of {number(worth)} in {execution.seconds:.0f} s{flagged}"


def _files(grades: Grades) -> dict[str, str]:
    report = report_of(grades)
    names = output.file_names([row.student.id for row in grades.rows])
    files = {
        "grades.csv": csv_of(grades),
        "report.html": as_html(report),
        "report.txt": as_text(report),
        "grading.log": "".join(f"{line}\n" for line in sorted(grades.log, key=_log_order)),
    }
    for name, row in zip(names, grades.rows, strict=True):
        files[f"feedback/{name}"] = as_html(feedback_of(grades, row))
    return files


def _log_order(line: str) -> tuple[bool, str]:
    return line.startswith("submission "), line if line.startswith("submission ") else ""
