import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check


def run(processes=1, split_batches=False, pieces=1, batch_size=8, reviews=1_000):
    return {
        "reviews": reviews,
        "processes": processes,
        "batch_size": batch_size,
        "split_batches": split_batches,
        "pieces": pieces,
    }


ALONE, FOUR, SHARED, PIECES = run(), run(4), run(4, True), run(4, pieces=2)


def check_runs(answer, **runs):
    return check("14.1", answer, runs=runs)


def test_right_batches_and_steps():
    answer = {"A": (8, 125), "B": [32, 31], "C": (8, 125), "D": (64, 15)}
    assert check_runs(answer, A=ALONE, B=FOUR, C=SHARED, D=PIECES).message.startswith("Processes × each × pieces")


@settings(max_examples=60, deadline=None)
@given(processes=st.integers(1, 9), split=st.booleans(), pieces=st.integers(1, 5), reviews=st.integers(200, 3_000))
def test_the_check_agrees_with_counting(processes, split, pieces, reviews):
    """Hand the reviews out one by one, and count a step each time that every process has had all of its pieces."""
    shares = [8] if split else [8] * processes
    left, steps = reviews, 0
    while left >= sum(shares) * pieces:
        left -= sum(shares) * pieces
        steps += 1
    setting = run(processes, split, pieces, reviews=reviews)
    assert check_runs({"A": (sum(shares) * pieces, steps)}, A=setting).outcome == "right"
    assert check_runs({"A": (sum(shares) * pieces, steps + 1)}, A=setting).outcome == "wrong"
    assert check_runs({"A": (sum(shares) * pieces + 1, steps)}, A=setting).outcome == "wrong"


@pytest.mark.parametrize(
    ("setting", "answer", "diagnosis"),
    [
        (FOUR, (8, 125), "what one process sees"),
        (PIECES, (32, 31), "The pieces are missing"),
        (PIECES, (8, 125), "what one process sees"),
        (PIECES, (16, 62), "what one process sees"),
        (run(1, pieces=4), (2, 500), "pieces were divided by"),
        (SHARED, (32, 31), "shared out among the processes"),
        (SHARED, (2, 500), "one process's share"),
        (FOUR, (31, 32), "The global batch comes first, then the steps"),
        (FOUR, (30, 32), "the global batch is not 30"),
        (FOUR, (32, 32), "one step too many"),
        (FOUR, (32, 125), "would one process need alone"),
        (PIECES, (64, 31), "the number of pieces"),
        (PIECES, (64, 30), "the number of pieces"),
        (FOUR, (32, 30), "do not make 30 steps"),
        (FOUR, (32,), "expected two numbers"),
        (FOUR, 32, "Expected two whole numbers for run A"),
        (FOUR, (32, 31.25), "31.25 is no whole number"),
    ],
)
def test_wrong_batches_and_steps(setting, answer, diagnosis):
    verdict = check_runs({"A": answer}, A=setting)
    assert verdict.outcome == "wrong"
    assert diagnosis.casefold() in verdict.message.casefold()


def test_other_answers_on_batches():
    assert "Expected a dictionary" in check_runs([(8, 125)], A=ALONE).message
    assert "There is no entry 'B'" in check_runs({"A": (8, 125)}, A=ALONE, B=FOUR).message


def test_right_statements():
    assert check("14.5", {"A", "C", "D"}).outcome == "right"
    assert check("14.5", "a, C, D").outcome == "right"


@pytest.mark.parametrize(
    ("letters", "hint"),
    [
        ("CD", "about A: what do Adam's averages hold"),
        ("ABCD", "about B: a new schedule begins at step 0"),
        ("AD", "about C: a new loader begins with the first batch"),
        ("AC", "about D: dropout draws numbers"),
        ("ACDE", "about E: the gradients are then sums of other shares"),
        ("ACDF", "about F: what happens to the steps after"),
    ],
)
def test_wrong_statements(letters, hint):
    verdict = check("14.5", letters)
    assert verdict.outcome == "wrong"
    assert hint in verdict.message
