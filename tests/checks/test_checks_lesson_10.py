import pytest
import small_translator
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check
from hf_tutorial.checks.lesson_10 import shifted

LABELS = [[450, 573, 481, 1, -100, -100], [880, 5, 573, 481, 450, 1]]
READ = [[0, 450, 573, 481, 1, 0], [0, 880, 5, 573, 481, 450]]


def check_read(answer):
    return check("10.1", answer, model=small_translator.model(), labels=LABELS)


def test_right_reading():
    assert check_read(READ).outcome == "right"
    assert check_read([tuple(row) for row in READ]).outcome == "right"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 800), min_size=1, max_size=9), st.integers(0, 4))
def test_the_check_shifts_as_the_model_does(row, padding):
    labels = [[*row, *[-100] * padding]]
    by_the_model = small_translator.model().prepare_decoder_input_ids_from_labels(torch.tensor(labels))
    assert shifted(small_translator.model(), labels) == by_the_model.tolist()


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (LABELS, "the labels themselves"),
        ([[450, 573, 481, 1, 0, 0], LABELS[1]], "with padding for −100"),
        ([[0, 450, 573, 481, 1, -100], READ[1]], "−100 is still there"),
        ([[573, 481, 1, 0, 0, 0], [5, 573, 481, 450, 1, 0]], "shifted to the left"),
        ([[*READ[0], 0], [*READ[1], 1]], "one too long"),
        ([row[1:] for row in READ], "The start token is missing"),
        ([[1, *row[1:]] for row in READ], "begin with the end token"),
        ([[0, 450, 573, 481, 0, 0], READ[1]], "The end token is missing among what is read"),
        ([[0, 450, 573, 481, -100, -100], READ[1]], "−100 is still there. It is a sign for the loss"),
        (READ[0], "This is one row"),
        (READ[:1], "There are 2 rows of labels, and you have 1"),
        ([READ[0][:4], READ[1]], "Row 0 should have 6 places"),
        ([READ[0], [0, 880, 5, 573, 450, 481]], "Put the start token in front"),
        ("0 450", "Expected a list of rows"),
        ([[0, "▁22"]], "is no whole number"),
    ],
)
def test_wrong_readings(answer, diagnosis):
    verdict = check_read(answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_statements_that_are_true():
    assert check("10.5", {"B", "C", "E"}).outcome == "right"
    assert check("10.5", "b, c, e").outcome == "right"


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        ({"A", "B", "C", "E"}, "about A: in which years"),
        ({"C", "E"}, "about B: only whole days"),
        ({"B", "E"}, "about C: think of the missing year"),
        ({"B", "C", "D", "E"}, "about D: beam search looks"),
        ({"B", "C"}, "about E: every target"),
        ({"B", "C", "E", "F"}, "about F: the encoder had mixed"),
    ],
)
def test_wrong_statements(answer, diagnosis):
    verdict = check("10.5", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
