"""What the grader believes of a submission's process: well-formed answers, and one verdict for each question."""

import contextlib
import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial.grading.conversation import Conversation
from hf_tutorial.grading.frames import LONGEST, FrameError, Reader
from hf_tutorial.grading.judging import ANSWER
from hf_tutorial.grading.reference import Exercise

RIGHT = {"outcome": "right", "message": "Good.", "credit": 1.0}
WRONG = {"outcome": "wrong", "message": "No.", "credit": 0.0}
NAMES = st.sampled_from(
    ["type", "exercise", "answer", "judge", "verdict", "X.1", "X.2", "token", "nonce", "cell", "number"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=15,
)


class Solution:
    """A solution with one exercise of each kind."""

    def __init__(self):
        controls = ["an object", "a text"]
        self.exercises = {
            "X.1": Exercise("X.1", True),
            "X.2": Exercise("X.2", False, "a function", {}, set(), controls),
        }
        self.hidden = {"private.py": "secret"}

    def differences(self, exercise, found):
        return set(found)

    def judge_data(self, exercise, encoded, student):
        return RIGHT


@pytest.fixture
def talk():
    return Conversation(Solution(), None)


def asked(talk):
    return talk.take({"type": "judge", "exercise": "X.2", "nonce": "n"})


def verdict(question, control=WRONG, answer=RIGHT, **more):
    outcomes = [answer if name == ANSWER else control for name in question["order"]]
    return {"type": "verdict", "token": question["token"], "outcomes": outcomes, "digests": {}, "patched": [], **more}


def test_a_verdict_with_its_token_counts_once(talk):
    question = asked(talk)
    talk.take(verdict(question))
    assert talk.findings["X.2"].credit == 1
    talk.take(verdict(question, answer=WRONG))
    assert (talk.findings["X.2"].credit, len(talk.flags)) == (1, 1)


def test_the_answer_stands_between_controls(talk):
    assert asked(talk)["order"].index(ANSWER) == 1


def test_only_the_latest_question_can_be_answered(talk):
    first, second = asked(talk), asked(talk)
    talk.take(verdict(first))
    assert talk.findings["X.2"].credit == 0
    talk.take(verdict(second))
    assert talk.findings["X.2"].credit == 1


def test_a_question_without_a_verdict_leaves_the_exercise_wrong(talk):
    asked(talk)
    talk.end()
    assert "did not come to an end" in talk.findings["X.2"].message
    assert talk.findings["X.1"].outcome == "not done yet"


def test_a_control_that_is_right_spoils_the_verdict(talk):
    talk.take(verdict(asked(talk), control=RIGHT))
    assert talk.findings["X.2"].outcome == "tampered"


def test_other_context_spoils_the_verdict(talk):
    talk.take(verdict(asked(talk), digests={"model.type": "x"}))
    assert (talk.findings["X.2"].credit, "`model`" in talk.flags[0]) == (0, True)


def test_hidden_checks_are_sent_for_objects_alone_and_not_without_end(talk):
    assert talk.take({"type": "judge", "exercise": "X.1", "nonce": "n"})["hidden"] == {}
    assert [bool(asked(talk)["hidden"]) for _ in range(42)] == [True] * 40 + [False] * 2


def test_data_is_not_taken_for_an_exercise_that_asks_for_an_object(talk):
    talk.take({"type": "answer", "exercise": "X.2", "answer": ["str", ""], "student": None})
    talk.end()
    assert (talk.findings["X.2"].outcome, len(talk.flags)) == ("not done yet", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"outcomes": []},
        {"outcomes": [RIGHT] * 4},
        {"outcomes": [{**RIGHT, "credit": 2}] * 3},
        {"outcomes": [{**RIGHT, "credit": float("nan")}] * 3},
        {"outcomes": [{**RIGHT, "outcome": "best"}] * 3},
        {"outcomes": [{**RIGHT, "message": "x" * 9_999}] * 3},
        {"outcomes": [{**RIGHT, "more": 1}] * 3},
        {"digests": {"a": 1}},
        {"digests": []},
        {"token": "0" * 32},
        {"token": []},
    ],
)
def test_a_malformed_verdict_counts_for_nothing(talk, change):
    talk.take({**verdict(asked(talk)), **copy.deepcopy(change)})
    assert (talk.findings["X.2"].credit, len(talk.flags)) == (0, 1)


@given(st.lists(st.dictionaries(NAMES, JSON, max_size=6), max_size=5))
@settings(max_examples=100, deadline=None)
def test_whatever_arrives_gives_no_credit_and_stops_nothing(messages):
    talk = Conversation(Solution(), None)
    for message in messages:
        talk.take(message)
    assert not any(finding.credit for finding in talk.findings.values())


@given(st.binary(max_size=60).map(lambda data: b"\0\0\0" + data))
def test_whatever_bytes_arrive_become_messages(data):
    with contextlib.suppress(FrameError):  # which a later length may bring
        assert all(type(message) is dict for message in Reader().feed(data))


def test_a_message_that_is_too_long_is_not_waited_for():
    with pytest.raises(FrameError, match=f"the longest allowed is {LONGEST:,}"):
        Reader().feed(b"\xff\xff\xff\xff")
