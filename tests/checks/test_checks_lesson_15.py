import json
from types import SimpleNamespace

import pytest
from small_models import classifier, tokenizer

from hf_tutorial import check
from hf_tutorial.checks.parts import judge_parts
from hf_tutorial.checks.verdict import Wrong
from tools.notebooks import Project

SNIPPETS = {"A": "[][0]", "B": "{}['x']", "C": "print('hello')", "D": "1 + 'a'"}
RIGHT = {"A": "IndexError", "B": "KeyError", "C": None, "D": "TypeError"}


def check_types(answer, snippets=SNIPPETS):
    return check("15.1", answer, snippets=snippets, model=SimpleNamespace(), tokenizer=SimpleNamespace())


@pytest.mark.parametrize("nothing", [None, "None", "nothing", " none "])
def test_right_types(nothing, capsys):
    assert check_types(RIGHT | {"C": nothing}).message.endswith("C has none, and is wrong all the same.")
    assert capsys.readouterr().out == ""


def test_types_may_be_given_as_types_and_with_a_colon():
    assert check_types({"A": IndexError, "B": "KeyError:", "C": None, "D": TypeError}).outcome == "right"


@pytest.mark.parametrize(
    ("letter", "found", "diagnosis"),
    [
        ("A", "KeyError", "Think again about A: the rows have different lengths"),
        ("C", "ValueError", "C: no ValueError comes"),
        ("D", None, "D: it does raise"),
        ("B", "Exception", "B: every error is an Exception"),
        ("B", "IndexEror", "B should be the name of an exception type"),
        ("B", 7, "B should be the name of an exception type"),
        ("B", "print", "B should be the name of an exception type"),
        ("B", int, "B should be the name of an exception type"),
    ],
)
def test_wrong_types(letter, found, diagnosis):
    verdict = check_types(RIGHT | {letter: found})
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_all_wrong_types_are_named_and_the_others_count():
    verdict = check_types(RIGHT | {"A": "KeyError", "D": "KeyError"})
    assert "about A: " in verdict.message
    assert " D: " in verdict.message
    assert verdict.credit == 0.5


def test_other_answers_on_types():
    assert "Expected a dictionary" in check_types(["IndexError"]).message
    assert "There is no entry 'B'" in check_types({"A": "IndexError"}).message
    assert check_types(RIGHT | {"B": ...}).outcome == "not done yet"


def test_the_exercise_holds_for_another_model_and_tokenizer():
    """The snippets are those of the notebook; a BERT of this test's own gives the same types."""
    path = Project().notebooks / "solutions" / "15_error_clinic_solutions.ipynb"
    cells = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    names: dict = {}
    exec(next(cell for cell in cells if cell.startswith("snippets = ")), names)
    solution = next(cell for cell in cells if 'check("15.1"' in cell)
    exec(solution.split("check(")[0], names)
    found = check("15.1", names["predicted"], snippets=names["snippets"], model=classifier(), tokenizer=tokenizer())
    assert found.outcome == "right", found


def failing(message, credit=0.0):
    def part():
        raise Wrong(message, credit)

    return part


def test_parts_name_the_first_fault_and_count_the_others():
    with pytest.raises(Wrong, match="second") as raised:
        judge_parts(lambda: None, failing("second"), lambda: None, failing("fourth"))
    assert raised.value.credit == 0.5


def test_nothing_counts_while_the_first_part_is_wrong():
    with pytest.raises(Wrong, match="heart") as raised:
        judge_parts(failing("heart"), lambda: None, failing("other"))
    assert raised.value.credit == 0
    judge_parts(lambda: None, lambda: None)
