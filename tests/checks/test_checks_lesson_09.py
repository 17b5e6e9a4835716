import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from hf_tutorial import check
from hf_tutorial.checks.lesson_09 import nucleus, shares

TOKENS = ["sun", "sea", "snow", "sand", "soup"]
LOGITS = torch.tensor([4.0, 8.0, 16.0, 3.0, 1.0]).log()
RIGHT = {
    "greedy": "snow",
    "greedy, hot": "snow",
    "k": 3,
    "p": 3,
    "cold p": 2,
    "hot p": 4,
    "k then p": 2,
    "chance": 2 / 3,
}


def predict(logits=LOGITS, **changed):
    names = {name.replace("_", " "): value for name, value in changed.items()}
    return check("09.1", RIGHT | names, tokens=TOKENS, logits=logits)


def test_the_right_predictions():
    assert predict().outcome == "right"
    assert predict(greedy=" snow", chance=0.67, k=torch.tensor(3)).outcome == "right"


def test_the_predictions_are_those_for_the_students_own_logits():
    answer = {"greedy": "soup", "greedy, hot": "soup", "k": 3, "p": 1, "cold p": 1, "hot p": 2, "k then p": 1}
    logits = torch.tensor([0.0, 1.0, 2.0, 3.0, 6.0])
    chance = torch.tensor([6.0, 3.0]).softmax(-1)[0].item()
    assert check("09.1", answer | {"chance": chance}, tokens=TOKENS, logits=logits).outcome == "right"


@settings(max_examples=60, deadline=None)
@given(
    logits=st.lists(st.floats(-6, 6), min_size=2, max_size=9, unique=True),
    temperature=st.sampled_from([0.5, 1.0, 2.0]),
    p=st.floats(0.05, 0.95),
    k=st.integers(1, 4),
)
def test_survivors_are_those_of_transformers(logits, temperature, p, k):
    warpers = LogitsProcessorList([TemperatureLogitsWarper(temperature), TopKLogitsWarper(k), TopPLogitsWarper(p)])
    scores = warpers(None, torch.tensor([logits], dtype=torch.float64))
    left = shares(logits, temperature)[:k]
    assert nucleus([share / sum(left) for share in left], p) == int(scores.isfinite().sum())


@pytest.mark.parametrize(
    ("changed", "diagnosis"),
    [
        ({"greedy": "sun"}, "the token with the highest logit"),
        ({"greedy": 2}, "should be one of the tokens"),
        ({"greedy": "cheese"}, "should be one of the tokens"),
        ({"greedy, hot": "soup"}, "divided by the same number"),
        ({"k": 5}, "that is every token"),
        ({"k": 2}, "It keeps the 3 likeliest"),
        ({"p": 2}, "the token with which the sum reaches 0.8 stays as well"),
        ({"p": 4}, "one too many"),
        ({"p": 0}, "no threshold for a single token"),
        ({"p": 5}, "go from the likeliest token down"),
        ({"cold p": 3}, "without any temperature. At 0.5 the likely tokens gain"),
        ({"cold p": 4}, "turned round"),
        ({"cold p": 1}, "stays as well"),
        ({"hot p": 3}, "without any temperature. At 2 the likely tokens lose"),
        ({"hot p": 2}, "turned round"),
        ({"hot p": 5}, "one too many"),
        ({"k then p": 3}, "adds up the shares that the tokens had before"),
        ({"k then p": 1}, "stays as well"),
        ({"k then p": 9}, "first 3 tokens are left"),
        ({"chance": 0.5}, "this is its share among all tokens"),
        ({"chance": 0.75}, "what the two had together"),
        ({"chance": 66.7}, "as a share between 0 and 1"),
        ({"chance": 0.33}, "the chance of the other one"),
        ({"chance": 0.1}, "divide its share"),
        ({"chance": "likely"}, "'chance' should be a number"),
        ({"p": None}, "'p' should be a number"),
    ],
)
def test_wrong_predictions(changed, diagnosis):
    verdict = predict(**changed)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_missing_key_is_named():
    assert "a dictionary with the keys 'greedy'" in check("09.1", {"k": 3}, tokens=TOKENS, logits=LOGITS).message


def test_equal_chances_are_noticed_where_they_are_no_share():
    logits = torch.tensor([0.0, 1.0, 2.0, 3.0, 6.0])
    answer = {"greedy": "soup", "greedy, hot": "soup", "k": 3, "p": 1, "cold p": 1, "hot p": 2, "k then p": 1}
    verdict = check("09.1", answer | {"chance": 0.5}, tokens=TOKENS, logits=logits)
    assert "not drawn with equal chances" in verdict.message


def test_the_statements_that_are_true():
    assert check("09.5b", {"A", "C", "E"}).outcome == "right"


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        ({"C", "E"}, "about A: every token that leads nowhere"),
        ({"A", "B", "C", "E"}, "about B: the mask removes tokens"),
        ({"A", "E"}, "about C: there is no token left"),
        ({"A", "C", "D", "E"}, "about D: 0.9 of what?"),
        ({"A", "C"}, "about E: `Yes` and `yes`"),
        ({"A", "C", "E", "F"}, "about F: it goes token by token"),
    ],
)
def test_wrong_statements(answer, diagnosis):
    verdict = check("09.5b", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
