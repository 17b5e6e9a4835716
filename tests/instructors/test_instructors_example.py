"""The worked assignment of the instructor's guide: its notebooks are in step, and its private checks know their work."""

import importlib.util
import sys
from pathlib import Path

import pytest

from hf_tutorial.checks import check, registry
from tools import assignment
from tools.links import is_setup, setup_source
from tools.notebooks import Project, read

EXAMPLE = Path(__file__).parents[2] / "docs" / "course" / "instructors" / "example"


@pytest.fixture
def private_checks(monkeypatch):
    """Register the private checks for one test, and hand over their module."""
    monkeypatch.setattr(registry, "_EXERCISES", dict(registry.all_exercises()))
    spec = importlib.util.spec_from_file_location("a1_private_checks", EXAMPLE / "checks" / "a1.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tokenizer():
    from transformers import AutoTokenizer

    from hf_tutorial import hub_or_local

    return AutoTokenizer.from_pretrained(hub_or_local("distilbert/distilbert-base-uncased"))


@pytest.fixture(scope="module")
def model():
    from transformers import AutoConfig, AutoModelForSequenceClassification

    from hf_tutorial import hub_or_local

    config = AutoConfig.from_pretrained(hub_or_local("siebert/sentiment-roberta-large-english"), num_hidden_layers=1)
    return AutoModelForSequenceClassification.from_config(config)


def test_the_assignment_is_what_its_solution_makes_of_it():
    arguments = [str(EXAMPLE / "solution.ipynb"), str(EXAMPLE / "assignment.ipynb")]
    assert assignment.main([*arguments, "--check"]) == 0


def test_an_assignment_out_of_step_is_told_and_left_alone(tmp_path, capsys):
    target = tmp_path / "assignment.ipynb"
    assert assignment.main([str(EXAMPLE / "solution.ipynb"), str(target), "--check"]) == 1
    assert "out of step" in capsys.readouterr().out
    assert not target.exists()
    assert assignment.main([str(EXAMPLE / "solution.ipynb"), str(target)]) == 0
    assert [cell.source for cell in read(target).cells] == [
        cell.source for cell in read(EXAMPLE / "assignment.ipynb").cells
    ]


def test_the_students_notebook_tells_no_answer():
    text = "\n".join(cell.source for cell in read(EXAMPLE / "assignment.ipynb").cells)
    assert "SOLUTION" not in text
    assert "(3, 13)" not in text
    assert "startswith" not in text


@pytest.mark.parametrize("name", ["solution", "assignment"])
def test_the_set_up_cell_is_the_course_s(name):
    (cell,) = [cell for cell in read(EXAMPLE / f"{name}.ipynb").cells if is_setup(cell)]
    assert cell.source == setup_source(Project())


RIGHT = {"ids": (3, 13), "zeros": 9, "logits": (3, 2)}
PREDICTIONS = [
    (RIGHT, 1, "two special tokens"),
    (RIGHT | {"ids": (3, 11)}, 2 / 3, "adds a special token at each end"),
    (RIGHT | {"ids": (13, 3), "logits": (3, 13, 2)}, 1 / 3, "scores the text as a whole"),
    (RIGHT | {"zeros": 30}, 2 / 3, "A 1 marks a token"),
    (RIGHT | {"zeros": 0}, 2 / 3, "two of those"),
    ({"ids": (3, 6), "zeros": 3, "logits": (2, 3)}, 0, "the longest text of the batch decides"),
    ((3, 13), 0, "Expected a dictionary"),
]


@pytest.mark.standins
@pytest.mark.parametrize(("answer", "credit", "says"), PREDICTIONS)
def test_the_prediction(private_checks, model, tokenizer, answer, credit, says):
    verdict = check("A1.1", answer, model=model, tokenizer=tokenizer)
    assert says in verdict.message
    assert verdict.credit == pytest.approx(credit)


WITNESS = [[5.0, 0.0], [5.5, 4.0]]
BUGS = [
    ({"line": 1, "witness": WITNESS}, 1, "text 0 is the surest"),
    ({"line": 1, "witness": [[4.0, -4.0], [0.0, -0.5]]}, 0.5, "and that is right"),
    ({"line": 1, "witness": [[3.0, 1.0]]}, 0.5, "single text"),
    ({"line": 1, "witness": [[5, 0], [6, 1]]}, 0.5, "equally sure"),
    ({"line": 1, "witness": [["5", "0"], ["6", "1"]]}, 0.5, "same number of logits"),
    ({"line": 2, "witness": WITNESS}, 0, "largest probability of each text"),
    ({"line": 3, "witness": WITNESS}, 0, "the right ones"),
    ({"line": "softmax", "witness": WITNESS}, 0, "should be 1, 2 or 3"),
]


@pytest.mark.parametrize(("answer", "credit", "says"), BUGS)
def test_the_bug(private_checks, answer, credit, says):
    verdict = check("A1.2", answer)
    assert says in verdict.message
    assert verdict.credit == credit


def test_a_witness_may_be_a_tensor(private_checks):
    import torch

    assert check("A1.2", {"line": 1, "witness": torch.tensor(WITNESS)}).outcome == "right"


@pytest.mark.standins
def test_readings_belong_to_a_student(private_checks, tokenizer):
    ada, nobody = (private_checks.readings(student, tokenizer) for student in ("s0000101", "s0000000"))

    def judged(answer):
        return check("A1.3", answer, student="s0000101", tokenizer=tokenizer)

    assert judged(ada).outcome == "right"
    assert "your own student number" in judged(nobody).message
    assert judged(nobody).credit == 0
    assert "counted from 0" in judged(ada | {"longest": ada["longest"] + 1}).message
    assert judged(ada | {"longest": ada["longest"] + 1}).credit == pytest.approx(2 / 3)
    assert "differ in length" in judged(ada | {"padding": 0}).message
    assert "words that are cut" in judged(ada | {"pieces": private_checks._cut_words("s0000101", tokenizer)}).message


@pytest.mark.standins
def test_every_student_of_the_roster_has_other_readings_than_the_example(private_checks, tokenizer):
    students = [line.split(",")[0] for line in (EXAMPLE / "roster.csv").read_text(encoding="utf-8").splitlines()[1:]]
    assert len(students) == 3
    example = private_checks.readings("s0000000", tokenizer)
    assert all(private_checks.readings(student, tokenizer) != example for student in students)


@pytest.mark.standins
def test_the_function(private_checks, tokenizer):
    def lost(texts, limit):
        return [max(0, len(tokenizer.tokenize(text)) - (limit - 2)) for text in texts]

    def with_padding(texts, limit):
        batch = tokenizer(texts, padding=True)["input_ids"]
        return [len(ids) - limit for ids in batch]

    wrong = [
        (lambda texts, limit: [max(0, len(tokenizer.tokenize(text)) - limit) for text in texts], 0.5, "special tokens"),
        (lambda texts, limit: [len(tokenizer(text)["input_ids"]) - limit for text in texts], 0.5, "not less"),
        (with_padding, 0, "padding"),
        (lambda texts, limit: sum(lost(texts, limit)), 0, "a list with a whole number"),
        (lambda texts, limit: lost(texts, limit)[:1], 0, "one number for each"),
        (lambda texts, limit: [max(0, len(text.split()) - (limit - 2)) for text in texts], 0, "tokens of their own"),
    ]
    assert check("A1.4", lost, tokenizer=tokenizer).outcome == "right"
    for answer, credit, says in wrong:
        verdict = check("A1.4", answer, tokenizer=tokenizer)
        assert says in verdict.message
        assert verdict.credit == credit
