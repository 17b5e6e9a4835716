"""A small assignment that needs no model: four exercises, hidden checks, a solution, and notebooks by students."""

import json
from pathlib import Path

CHECKS = """
from hf_tutorial.checks.answers import number
from hf_tutorial.checks.calls import call
from hf_tutorial.checks.personal import seed_for
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong


@exercise("A1.1", expects="a number")
def total(answer, numbers):
    if number(answer) == sum(numbers):
        return "That is the sum."
    raise Wrong("That is not the sum.")


@exercise("A1.2", expects="the function `double`")
def doubling(answer, numbers):
    for value in numbers:
        if call(answer, value) != 2 * value:
            raise Wrong("The function does not double.", credit=0.25 if call(answer, 0) == 0 else 0.0)
    return "It doubles."


@exercise("A1.3", expects="a pair of words")
def pair(answer):
    hits = sum(one == other for one, other in zip(answer, ("left", "right")))
    if hits == 2:
        return "Both are right."
    raise Wrong(f"{hits} of two is right.", credit=hits / 2)


@exercise("A1.4", expects="a number of your own")
def personal(answer, student):
    if answer == seed_for(student, "A1.4") % 1000:
        return "That is your number."
    raise Wrong("That is somebody else's number.")
"""

SETUP = "from hf_tutorial import check\nfrom hf_tutorial.checks import seed_for"
NUMBERS = "numbers = [3, 4, 5]"
STUDENT = 'student = "sample"'
TOTAL = '# BEGIN SOLUTION\ntotal = 12\n# END SOLUTION\ncheck("A1.1", total, numbers=numbers)'
DOUBLE = (
    '# BEGIN SOLUTION\ndef double(x):\n    return x + x\n\n\n# END SOLUTION\ncheck("A1.2", double, numbers=numbers)'
)
PAIR = '# BEGIN SOLUTION\nwords = ("left", "right")\n# END SOLUTION\ncheck("A1.3", words)'
OWN = '# BEGIN SOLUTION\nmine = seed_for(student, "A1.4") % 1000\n# END SOLUTION\ncheck("A1.4", mine, student=student)'

SOLUTION = [NUMBERS, STUDENT, TOTAL, DOUBLE, PAIR, OWN]
UNSOLVED = [
    NUMBERS,
    STUDENT,
    'total = ...\ncheck("A1.1", total, numbers=numbers)',
    'def double(x): ...\n\n\ncheck("A1.2", double, numbers=numbers)',
    'words = ...\ncheck("A1.3", words)',
    'mine = ...\ncheck("A1.4", mine, student=student)',
]
WRONG = [
    NUMBERS,
    STUDENT,
    'check("A1.1", 13, numbers=numbers)',
    'check("A1.2", lambda x: x * x, numbers=numbers)',
    'check("A1.3", ("left", "left"))',
    'check("A1.4", -1, student=student)',
]


def solved_by(student: str) -> list[str]:
    """Return the cells of a student who has solved everything."""
    return [NUMBERS, f"student = {student!r}", TOTAL, DOUBLE, PAIR, OWN]


def write(path: Path, cells: list[str], outputs: list[str] | None = None) -> Path:
    """Write a notebook with the set-up cell and these cells; `outputs` are stored with the last."""
    sources = [SETUP, *cells]
    content = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in sources]
    for text in outputs or []:
        content[-1]["outputs"].append({"output_type": "stream", "name": "stdout", "text": text})
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {"cells": content, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def make_private(folder: Path) -> tuple[Path, Path]:
    """Write the hidden checks and the solution; return their paths."""
    checks = folder / "private"
    checks.mkdir(parents=True)
    (checks / "assignment_1.py").write_text(CHECKS, encoding="utf-8")
    return checks, write(folder / "a1_solutions.ipynb", SOLUTION)
