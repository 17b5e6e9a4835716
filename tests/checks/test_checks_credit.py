"""Credit: 1 for what is right, something for a part that is, and seeds that differ from student to student."""

import pytest

from hf_tutorial.checks import seed_for
from hf_tutorial.checks.registry import Exercise, verdict_of
from hf_tutorial.checks.verdict import NotDone, Verdict, Wrong, part_is_right
from hf_tutorial.errors import InputError


def verdict(judge):
    return verdict_of(Exercise("X.1", "anything", lambda answer: judge()), 1, {})


def raising(error):
    def judge():
        raise error

    return judge


@pytest.mark.parametrize(
    ("judge", "credit"),
    [
        (lambda: "Good.", 1.0),
        (raising(Wrong("no")), 0.0),
        (raising(Wrong("half", credit=0.5)), 0.5),
        (raising(NotDone("nothing")), 0.0),
        (raising(ValueError("oops")), 0.0),
    ],
)
def test_a_verdict_has_the_credit_of_its_finding(judge, credit):
    assert verdict(judge).credit == credit


@pytest.mark.parametrize(("raised", "credit"), [(0.0, 0.5), (0.25, 0.5), (0.75, 0.75)])
def test_a_part_that_is_right_gives_its_credit_at_least(raised, credit):
    def judge():
        with part_is_right(0.5):
            raise Wrong("the rest", credit=raised)

    assert verdict(judge).credit == credit


@pytest.mark.parametrize("credit", [-0.1, 1, float("nan")])
def test_a_wrong_answer_never_has_full_credit(credit):
    with pytest.raises(InputError, match="less than 1"):
        Wrong("no", credit=credit)


def test_credit_does_not_show():
    assert repr(Verdict("X.1", "wrong", "Half.", 0.5)) == "Exercise X.1 · Wrong\nHalf."


def test_a_seed_hangs_on_student_and_exercise_alone():
    # Written down: another value would give students other tasks than those that they have solved.
    assert seed_for("s1234567", "A1.2") == seed_for(" S1234567 ", "A1.2") == 3098753982
    assert len({seed_for(student, exercise) for student in range(50) for exercise in ("A1.1", "A1.2")}) == 100
