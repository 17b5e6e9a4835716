"""A whole run from the command line: fifty submissions, five of them hostile; stopped half-way; and where it refuses."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from assignment import SOLUTION, UNSOLVED, WRONG, make_private, solved_by, write

from hf_tutorial.grading import box
from hf_tutorial.grading.settings import Limits

ROOT = Path(__file__).parents[2]
HOSTILE = {
    "crash": "import os\nos.abort()",
    "loop": "while True:\n    pass",
    "flood": 'import os\nwhile True:\n    os.write(1, b"x" * 1_000_000)',
    "delete": 'import shutil\nshutil.rmtree("/", ignore_errors=True)',
    "bomb": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
}
KINDS = {"solved": 4.0, "half": 2.0, "wrong": 0.75, "unsolved": 0.0}


def cells_of(kind, student):
    cells = {"solved": solved_by(student), "wrong": WRONG, "unsolved": UNSOLVED}
    return cells.get(kind) or [*SOLUTION[:4]]


def command(folder, checks, solution, *more):
    paths = [folder, "--checks", checks, "--solution", solution, "--roster", folder.parent / "roster.csv"]
    return [sys.executable, "-m", "hf_tutorial.cli", "grade", *map(str, [*paths, *more])]


def grade(*arguments):
    return subprocess.run(command(*arguments), capture_output=True, text=True, cwd=ROOT, timeout=500)


def submit(tmp_path, students):
    """Write what students have submitted, as Canvas names it, and the roster; return the folder."""
    for number, (student, cells) in enumerate(students.items()):
        write(tmp_path / "in" / f"{student}_{number}_{1_000 + number}_lesson.ipynb", cells)
    rows = "".join(f"{student},{student}\n" for student in [*students, "absent"])
    (tmp_path / "roster.csv").write_text(f"Student ID,Name\n{rows}", encoding="utf-8")
    return tmp_path / "in"


def test_fifty_submissions_five_of_them_hostile(namespaces, tmp_path):
    checks, solution = make_private(tmp_path)
    honest = {f"student{number}": list(KINDS)[number % 4] for number in range(45)}
    students = {student: cells_of(kind, student) for student, kind in honest.items()}
    for name, cell in HOSTILE.items():
        students[name] = [*SOLUTION[:3], cell]
    folder = submit(tmp_path, students)
    done = grade(folder, checks, solution, "--cell-time", 10, "--time", 30, "--memory", 1_500, "--jobs", 2)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n[") + done.stdout.startswith("[") == 50
    with (tmp_path / "in-grades" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student id"]: row for row in csv.DictReader(file)}
    assert {student: float(rows[student]["total"]) for student in honest} == {
        student: KINDS[kind] for student, kind in honest.items()
    }
    assert [rows[name]["A1.1"] for name in HOSTILE] == ["1"] * 5
    assert rows["absent"]["submission"] == ""
    assert len(list((tmp_path / "in-grades" / "feedback").iterdir())) == 51


def test_what_grading_writes_does_not_change_from_run_to_run(namespaces, tmp_path):
    checks, solution = make_private(tmp_path)
    folder = submit(tmp_path, {"ada": solved_by("ada"), "bo": WRONG, "cy": WRONG})
    written = []
    for name in ("one", "two"):
        grade(folder, checks, solution, "--output", tmp_path / name, "--jobs", 1 + (name == "two"))
        files = (path for path in sorted((tmp_path / name).rglob("*.*")) if path.suffix in (".csv", ".html", ".txt"))
        written.append({path.relative_to(tmp_path / name): path.read_text(encoding="utf-8") for path in files})
    assert written[0] == written[1]
    assert len(written[0]) == 7
    assert "has the same answers as" in written[0][Path("report.txt")]


def test_ctrl_c_ends_everything_and_leaves_nothing_behind(namespaces, tmp_path):
    checks, solution = make_private(tmp_path)
    folder = submit(tmp_path, {"ada": [*SOLUTION[:3], "import time\ntime.sleep(300)"]})
    places = dict(os.environ, TMPDIR=str(tmp_path / "temporary"), HF_TUTORIAL_CACHE=str(tmp_path / "mark-of-this-test"))
    (tmp_path / "temporary").mkdir()
    running = subprocess.Popen(command(folder, checks, solution), cwd=ROOT, env=places, stdout=subprocess.DEVNULL)
    wait_for_submission("mark-of-this-test")
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 130
    wait_until(lambda: not marked("mark-of-this-test"))
    assert not (tmp_path / "in-grades").exists()
    assert not list((tmp_path / "temporary").iterdir())


def test_a_killed_grader_takes_its_boxes_with_it(namespaces, tmp_path):
    checks, solution = make_private(tmp_path)
    folder = submit(tmp_path, {"ada": [*SOLUTION[:3], "import time\ntime.sleep(300)"]})
    places = dict(os.environ, TMPDIR=str(tmp_path), HF_TUTORIAL_CACHE=str(tmp_path / "mark-of-the-killed"))
    running = subprocess.Popen(command(folder, checks, solution), cwd=ROOT, env=places, stdout=subprocess.DEVNULL)
    wait_for_submission("mark-of-the-killed")
    running.kill()
    running.wait()
    wait_until(lambda: not marked("mark-of-the-killed"))


def wait_for_submission(text):
    """Wait until the submission sleeps: the grader, two processes with libraries, 7 of the solution, 3 of the submission."""
    for _ in range(2):
        wait_until(lambda: len(marked(text)) == 13)
        time.sleep(3)


def marked(text):
    """Return the processes whose environment mentions a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if text.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this has taken too long"
        time.sleep(0.1)


def test_a_solution_that_is_wrong_by_its_own_check_stops_the_grading(namespaces, tmp_path):
    checks, _ = make_private(tmp_path)
    wrong = write(tmp_path / "wrong_solutions.ipynb", WRONG)
    done = grade(submit(tmp_path, {"ada": WRONG}), checks, wrong)
    assert done.returncode == 1
    assert "the solution of exercise A1.1" in done.stderr
    assert "is wrong by its own check: That is not the sum." in done.stderr


def test_an_exercise_without_a_check_stops_the_grading(namespaces, tmp_path):
    checks, _ = make_private(tmp_path)
    other = write(tmp_path / "other_solutions.ipynb", ['check("Z.1", 1)'])
    done = grade(submit(tmp_path, {"ada": ['check("Z.1", 1)']}), checks, other)
    assert done.returncode == 1
    assert "exercise Z.1" in done.stderr
    assert "has no check: name the folder that has it, --checks" in done.stderr


def test_where_there_are_no_walls_grading_refuses_and_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(box.sys, "platform", "darwin")
    with pytest.raises(box.NoBoxError, match=r"it takes Linux, and this is darwin\..*container.*--unsafe"):
        box.require(box.Boxes(Limits()))


def test_unsafe_grades_without_walls_and_says_so(tmp_path):
    checks, solution = make_private(tmp_path)
    done = grade(submit(tmp_path, {"ada": solved_by("ada")}), checks, solution, "--unsafe")
    assert done.returncode == 0, done.stderr
    assert "With --unsafe" in " ".join((tmp_path / "in-grades" / "report.txt").read_text(encoding="utf-8").split())
    assert "4 of 4" in done.stdout


def test_help_says_what_is_trusted_and_what_is_no_sandbox():
    done = subprocess.run(
        [sys.executable, "-m", "hf_tutorial.cli", "grade", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    for words in (
        "Nothing that a notebook prints, stores or claims is read.",
        "A limit is not a sandbox.",
        "docker run",
    ):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--jobs", 0], "--jobs is 0"),
        (["--checks", "nowhere"], "holds no checks"),
        (["--roster", "no.csv"], "cannot be read"),
    ],
)
def test_wrong_options_are_named(tmp_path, more, message):
    checks, solution = make_private(tmp_path)
    done = grade(submit(tmp_path, {}), checks, solution, *more)
    assert done.returncode == 1
    assert message in done.stderr
