"""Every lesson: the solved notebook has full marks, the unsolved one none, and neither a flag nor a crash."""

import threading
from pathlib import Path

import pytest

from hf_tutorial.grading import reference
from hf_tutorial.grading.box import Boxes, warmed
from hf_tutorial.grading.execution import execute
from hf_tutorial.grading.notebook import read
from hf_tutorial.grading.settings import Limits

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.stem.removesuffix("_solutions") for path in (NOTEBOOKS / "solutions").glob("*.ipynb"))
# The lessons that make an object or a choice of their own, each with one answer that is right in part.
IN_PART = {
    "00_quickstart": ("padding=True, truncation=True", "padding=True", "00.3", 0.75),
    "01_tokenizers": ('check("01.1", counts', 'counts[-1] += 1\ncheck("01.1", counts', "01.1", None),
    "02_models": ("new_weights=new_weights", "new_weights=[]", "02.4", 0.5),
    "06_training_loop": ("tensor.clone()", "tensor", "06.2", 0.5),
}


def run(boxes, cells, solution, running):
    notebook = type(solution)(solution.path, solution.text, tuple(cells), ())
    return execute(boxes, notebook, running, None, threading.Event())


@pytest.mark.standins
@pytest.mark.parametrize("lesson", LESSONS)
def test_solved_is_full_marks_and_unsolved_is_none(namespaces, lesson):
    solution = read(NOTEBOOKS / "solutions" / f"{lesson}_solutions.ipynb")
    unsolved = read(NOTEBOOKS / "exercises" / f"{lesson}_exercises.ipynb")
    cold = Boxes(Limits(time=500, cell_time=200))
    with warmed(cold, solution.modules) as boxes, reference.running(boxes, solution, {}) as running:
        # With the cells that only show a solution at work: students try things out, too.
        full = run(boxes, solution.cells, solution, running)
        none = run(boxes, unsolved.cells, solution, running)
        assert {name: finding.outcome for name, finding in full.findings.items()} == dict.fromkeys(
            running.exercises, "right"
        )
        assert {name: finding.outcome for name, finding in none.findings.items()} == dict.fromkeys(
            running.exercises, "not done yet"
        )
        assert not [*full.flags, *none.flags, *full.remarks, *none.remarks]
        if lesson in IN_PART:
            old, new, exercise, credit = IN_PART[lesson]
            assert any(old in cell for cell in solution.shared)
            part = run(boxes, [cell.replace(old, new) for cell in solution.shared], solution, running)
            found = part.findings[exercise]
            assert found.outcome == "wrong"
            assert 0 < found.credit < 1 if credit is None else found.credit == credit
