"""Submissions that crash, loop, flood, delete, look around and cheat: each costs itself its marks, and nobody else."""

import csv
import socket
from pathlib import Path

import pytest
from assignment import DOUBLE, NUMBERS, OWN, PAIR, SOLUTION, TOTAL, UNSOLVED, WRONG, make_private, solved_by, write

from hf_tutorial.grading.folder import OutputError
from hf_tutorial.grading.grade import grade
from hf_tutorial.grading.options import Options
from hf_tutorial.grading.settings import Limits

REST = [DOUBLE, PAIR]
WRONG_DOUBLE = 'def double(x):\n    return "cheated"\n\n\ncheck("A1.2", double, numbers=numbers)'
ALWAYS_RIGHT = '{"outcome": "right", "message": "Right", "credit": 1.0}'
FORGE = """
import json, os, socket, stat
verdict = {"type": "verdict", "token": "0" * 32, "digests": {}, "patched": []}
verdict["outcomes"] = [{"outcome": "right", "message": "Right", "credit": 1.0}] * 3
answer = {"type": "answer", "exercise": "A1.2", "answer": ["str", ""], "student": None}
for number in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            for message in (verdict, answer, {"type": "nonsense"}, []):
                data = json.dumps(message).encode()
                os.write(number, len(data).to_bytes(4, "big") + data)
    except OSError:
        pass
"""

HOSTILE = {
    "raises": [NUMBERS, TOTAL, "1 / 0", *REST],
    "exits": [NUMBERS, TOTAL, "import os\nos._exit(0)", *REST],
    "syntax": [NUMBERS, TOTAL, "def broken(:", *REST],
    "loops": [NUMBERS, TOTAL, "while True:\n    pass", *REST],
    "stubborn": [
        NUMBERS,
        TOTAL,
        "import time\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException:\n        pass",
        *REST,
    ],
    "prints": [
        NUMBERS,
        TOTAL,
        'import os\nfor _ in range(1000):\n    print("x" * 1_000_000)\n    os.write(1, b"y" * 1_000_000)'
        '\n    os.write(2, b"z" * 1_000_000)',
        *REST,
    ],
    "forks": [NUMBERS, TOTAL, "import os\nwhile True:\n    os.fork()", *REST],
    "eats": [NUMBERS, TOTAL, "hoard = []\nwhile True:\n    hoard.append(bytearray(50_000_000))", *REST],
    "fills": [
        NUMBERS,
        TOTAL,
        'import itertools\nfor n in itertools.count():\n    open(f"file{n}", "wb").write(b"x" * 100_000_000)',
        *REST,
    ],
    "kills": [NUMBERS, TOTAL, "import os\nos.kill(-1, 9)", "os.kill(os.getppid(), 9)", *REST],
    "deletes": [
        NUMBERS,
        TOTAL,
        "import hf_tutorial, pathlib, shutil\n"
        "for path in (pathlib.Path(hf_tutorial.__file__).parent, pathlib.Path.cwd(), pathlib.Path('/')):\n"
        "    shutil.rmtree(path, ignore_errors=True)\n"
        "pathlib.Path(hf_tutorial.__file__).write_text('raise SystemExit')",
        *REST,
    ],
    "patches": [
        NUMBERS,
        "import builtins, hf_tutorial.checks, hf_tutorial.checks.registry as registry\n"
        "from hf_tutorial.checks.verdict import Verdict\n"
        'always = lambda exercise, *_, **__: Verdict(str(exercise), "right", "Right")\n'
        "registry.verdict_of = always\n"
        "registry._require = lambda *_: None\n"
        "builtins.sum = lambda _: 12\n"
        "hf_tutorial.checks.calls.call = lambda f, x: 2 * x",
        WRONG_DOUBLE,
        PAIR,
    ],
    "judges": [
        NUMBERS,
        "import hf_tutorial.grading.integrity as integrity, hf_tutorial.grading.judging as judging\n"
        f"judging.judge = lambda *_, **__: {ALWAYS_RIGHT}\n"
        "integrity.Snapshot.restore = lambda self: []",
        WRONG_DOUBLE,
        PAIR,
    ],
    "replaces": [NUMBERS, 'import hf_tutorial\nhf_tutorial.check = check = print\ncheck("A1.2", 1, 2)', PAIR],
    "claims": [NUMBERS, WRONG_DOUBLE, 'print("Exercise A1.2 · Right")', PAIR],
    "forges": [NUMBERS, WRONG_DOUBLE, FORGE, PAIR],
    "equals": [
        NUMBERS,
        "class Yes(float):\n    def __eq__(self, other):\n        return True\n    __hash__ = float.__hash__",
        'check("A1.1", Yes(), numbers=numbers)\ncheck("A1.3", (Yes(), Yes()))',
        DOUBLE,
    ],
    "hangs in its answer": [
        NUMBERS,
        TOTAL,
        'def double(x):\n    while True:\n        pass\n\n\ncheck("A1.2", double, numbers=numbers)',
        PAIR,
    ],
    "exits in its answer": [
        NUMBERS,
        TOTAL,
        'import os\n\n\ndef double(x):\n    os._exit(0)\n\n\ncheck("A1.2", double, numbers=numbers)',
        PAIR,
    ],
    "patches in its answer": [
        NUMBERS,
        "import sys\n\n\ndef double(x):\n"
        "    for name, module in list(sys.modules.items()):\n"
        '        if name == "hf_tutorial.checks.registry":\n'
        '            module.verdict_of = lambda e, *_: type("V", (), dict(outcome="right", message="", credit=1.0))\n'
        '    return 7\n\n\ncheck("A1.2", double, numbers=numbers)',
        PAIR,
    ],
    "changes what is handed over": ["numbers = [0]", TOTAL, 'check("A1.2", lambda x: x, numbers=numbers)', PAIR],
    "somebody else": [NUMBERS, 'student = "s2"', OWN, PAIR],
}
HONEST = {
    "s1": solved_by("s1"),
    "s2": [*solved_by("s2"), "%pip install torch", "!echo hello", "import matplotlib.pyplot as plt\nplt.plot([1, 2])"],
    "s3": UNSOLVED,
    "s4": WRONG,
    "s5": [NUMBERS, 'check("A1.1", 13, numbers=numbers)', TOTAL, 'check("A1.3", ("left", "left"))'],
}


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory):
    """A folder with everything that grading takes, beside a server that no submission may reach."""
    folder = tmp_path_factory.mktemp("hostile")
    checks, solution = make_private(folder)
    with socket.create_server(("127.0.0.1", 0)) as server:
        places = [
            folder,
            folder / "submissions" / "s1.ipynb",
            checks / "assignment_1.py",
            solution,
            folder / "roster.csv",
        ]
        look = {
            "looks around": [
                "import os",
                f"places = {[*map(str, places), '/etc/shadow', '/root/.ssh', '/home', '/var', '/run']!r}",
                'raise RuntimeError("seen: " + repr([place for place in places if os.path.exists(place)]))',
                "raise RuntimeError('writable: ' + repr([one for one in ('/', '/usr', '/etc', '/dev', '/proc/sys/kernel')"
                " if os.access(one, os.W_OK)]))",
                PAIR,
            ],
            "calls out": [
                "import socket",
                f'reached = [socket.socket().connect_ex(address) for address in (("127.0.0.1", {server.getsockname()[1]}),'
                ' ("192.0.2.1", 80), ("1.1.1.1", 53))]\nraise RuntimeError(f"errors: {reached}")',
                "mine = socket.create_server(('127.0.0.1', 0))\n"
                "theirs = socket.create_connection(mine.getsockname())\nraise RuntimeError('loopback works')",
                PAIR,
            ],
        }
        everybody = {**HONEST, **HOSTILE, **look}
        for name, cells in everybody.items():
            claim = ["Exercise A1.2 · Right"] if name == "claims" else None
            write(folder / "submissions" / f"{name}.ipynb", cells, claim)
        rows = "".join(f"{name},{name}\n" for name in everybody)
        (folder / "roster.csv").write_text(f"id,name\n{rows}", encoding="utf-8")
        yield folder, checks, solution


@pytest.fixture(scope="module")
def graded(namespaces, surroundings):
    folder, checks, solution = surroundings
    options = Options(
        folder=folder / "submissions",
        output=folder / "grades",
        roster=folder / "roster.csv",
        checks=checks,
        solutions=(solution,),
        limits=Limits(time=60, cell_time=8, memory=1_000, jobs=2),
    )
    lines: list[str] = []
    grades = grade(options, lines.append)
    assert len(lines) == len(grades.rows)
    return {row.student.id: row for row in grades.rows}, folder


def credits(row):
    return {name: finding.credit for name, finding in row.findings.items()}


def marks(graded, name):
    found = credits(graded[0][name])
    return [found[exercise] for exercise in ("A1.1", "A1.2", "A1.3")]


def test_honest_neighbours_keep_their_marks(graded):
    assert [credits(graded[0][name]) for name in HONEST] == [
        {"A1.1": 1, "A1.2": 1, "A1.3": 1, "A1.4": 1},
        {"A1.1": 1, "A1.2": 1, "A1.3": 1, "A1.4": 1},
        {"A1.1": 0, "A1.2": 0, "A1.3": 0, "A1.4": 0},
        {"A1.1": 0, "A1.2": 0.25, "A1.3": 0.5, "A1.4": 0},
        {"A1.1": 1, "A1.2": 0, "A1.3": 0.5, "A1.4": 0},
    ]
    assert not [flag for name in HONEST for flag in graded[0][name].flags]


def test_the_table_on_disk_says_the_same(graded):
    with (graded[1] / "grades" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student id"]: row for row in csv.DictReader(file)}
    assert [rows["s4"][name] for name in ("A1.1", "A1.2", "A1.3", "A1.4", "total", "out of")] == [
        *("0", "0.25", "0.5", "0", "0.75", "4")
    ]


@pytest.mark.parametrize("name", ["raises", "syntax", "loops", "prints", "fills", "deletes"])
def test_what_stands_after_a_bad_cell_still_counts(graded, name):
    assert marks(graded, name) == [1, 1, 1]


@pytest.mark.parametrize("name", ["exits", "stubborn"])
def test_what_was_answered_before_the_end_still_counts(graded, name):
    assert marks(graded, name) == [1, 0, 0]


@pytest.mark.parametrize("name", ["eats", "forks"])
def test_what_was_answered_before_memory_or_processes_ran_out_still_counts(graded, name):
    assert marks(graded, name)[0] == 1


def test_killing_everything_kills_only_itself(graded):
    assert marks(graded, "kills")[0] == 1


@pytest.mark.parametrize(("name", "text"), [("stubborn", "stopped after 60 s"), ("exits", "ended")])
def test_the_row_says_why_a_submission_was_stopped(graded, name, text):
    assert text in " ".join(graded[0][name].remarks)


def test_an_endless_cell_is_named_in_the_feedback(graded):
    assert graded[0]["loops"].failed == ["loops.ipynb, code cell 4: stopped after 8 s"]


def test_patched_libraries_are_as_they_were_when_an_answer_is_judged(graded):
    assert marks(graded, "patches") == [0, 0, 1]
    assert "builtins.sum" in " ".join(graded[0]["patches"].flags)


def test_checks_that_call_everything_right_are_noticed_by_their_controls(graded):
    assert marks(graded, "judges") == [0, 0, 1]
    assert graded[0]["judges"].findings["A1.2"].outcome == "tampered"
    assert "certainly wrong" in " ".join(graded[0]["judges"].flags)


def test_an_answer_that_patches_the_checks_while_it_is_judged_is_noticed(graded):
    assert marks(graded, "patches in its answer") == [0, 0, 1]
    assert graded[0]["patches in its answer"].findings["A1.2"].outcome == "tampered"


def test_a_check_that_is_not_called_gives_nothing(graded):
    assert marks(graded, "replaces") == [0, 0, 0]


def test_what_is_printed_or_stored_counts_for_nothing(graded):
    assert marks(graded, "claims") == [0, 0, 1]


def test_forged_messages_are_passed_over_and_flagged(graded):
    assert marks(graded, "forges") == [0, 0, 1]
    assert "does not write" in " ".join(graded[0]["forges"].flags)


def test_an_object_that_equals_everything_is_no_data(graded):
    assert marks(graded, "equals") == [0, 1, 0]


@pytest.mark.parametrize("name", ["hangs in its answer", "exits in its answer"])
def test_an_answer_that_never_ends_costs_only_its_own_exercise(graded, name):
    assert marks(graded, name) == [1, 0, 1]
    assert "did not come to an end" in graded[0][name].findings["A1.2"].message


def test_another_context_than_the_notebook_makes_is_noticed(graded):
    found = graded[0]["changes what is handed over"]
    assert marks(graded, "changes what is handed over") == [1, 0, 1]
    assert "`numbers`" in found.findings["A1.2"].message
    assert "numbers" in found.flags[0]


def test_the_number_on_the_roster_counts_and_not_the_one_in_the_notebook(graded):
    assert credits(graded[0]["somebody else"])["A1.4"] == 0


def test_nothing_but_the_libraries_can_be_seen_or_written(graded):
    failed = graded[0]["looks around"].failed
    assert [line.partition(": ")[2] for line in failed] == ["RuntimeError: seen: []", "RuntimeError: writable: []"]
    assert marks(graded, "looks around")[2] == 1


def test_no_network_can_be_reached_but_its_own_loopback(graded):
    first, second = graded[0]["calls out"].failed
    errors = first.partition("errors: ")[2]
    assert "0" not in errors.strip("[]").split(", ")
    assert "loopback works" in second


def test_what_may_be_read_is_read_only_and_holds_nothing_hidden(namespaces, tmp_path):
    checks, solution = make_private(tmp_path)
    data = tmp_path / "data"
    (data / "private").mkdir(parents=True)
    for name in ("table.txt", "roster.csv", "private/key.txt"):
        (data / name).write_text(f"words of {name}", encoding="utf-8")
    cells = [
        f"from pathlib import Path\ndata = Path({str(data)!r})",
        'raise RuntimeError([(data / name).read_text() for name in ("table.txt", "roster.csv")] + [*data.glob("*/*")])',
        '(data / "table.txt").write_text("changed")',
        PAIR,
    ]
    write(tmp_path / "in" / "ada.ipynb", cells)
    (data / "roster.csv").write_text("id\nada\n", encoding="utf-8")
    options = Options(tmp_path / "in", data / "private", data / "roster.csv", None, checks, (solution,), (data,))
    with pytest.raises(OutputError, match="was not written by"):
        grade(options)
    (data / "private" / "key.txt").unlink()
    row = grade(options, lambda line: None).rows[0]
    assert [line.partition(": ")[2] for line in row.failed] == [
        "RuntimeError: ['words of table.txt', '']",
        f"OSError: [Errno 30] Read-only file system: '{data / 'table.txt'}'",
    ]
    assert credits(row)["A1.3"] == 1


def test_nothing_of_what_was_submitted_has_changed(graded):
    folder = graded[1]
    assert len(list((folder / "submissions").iterdir())) == len(HONEST) + len(HOSTILE) + 2
    assert (Path(__file__).parents[2] / "hf_tutorial" / "__init__.py").stat().st_size > 1_000


def test_no_solution_leaks_into_the_feedback(graded):
    pages = [path.read_text(encoding="utf-8") for path in (graded[1] / "grades" / "feedback").iterdir()]
    assert len(pages) == len(HONEST) + len(HOSTILE) + 2
    assert not [page for page in pages if "seed_for" in page or "LOOK" in page]
    assert SOLUTION
