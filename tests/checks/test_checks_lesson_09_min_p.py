import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import MinPLogitsWarper

from hf_tutorial import check
from hf_tutorial.checks.lesson_09_min_p import some_logits

GONE = -float("inf")


def kept(logits, mask, fill=GONE):
    return torch.where(mask, logits, torch.tensor(fill))


def min_p(logits, share):
    """A right solution of 09.2."""
    probabilities = logits.softmax(dim=-1)
    return kept(logits, probabilities >= share * probabilities.amax(dim=-1, keepdim=True))


def by(choose, fill=GONE):
    """Return a function that keeps the tokens whose probabilities pass `choose(probabilities, highest, share)`."""

    def function(logits, share):
        probabilities = logits.softmax(dim=-1)
        return kept(logits, choose(probabilities, probabilities.amax(-1, keepdim=True), share), fill)

    return function


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0.001, 1))
def test_the_solution_is_what_transformers_does(seed, share):
    logits = some_logits(seed)
    assert torch.equal(min_p(logits, share), MinPLogitsWarper(share)(None, logits))


@pytest.mark.parametrize(
    "function",
    [
        min_p,
        lambda logits, share: MinPLogitsWarper(share)(None, logits),
        lambda logits, share: kept(logits, logits >= logits.amax(-1, keepdim=True) + torch.tensor(share).log()),
        lambda logits, share: min_p(logits, share).log_softmax(dim=-1),
    ],
)
def test_right_filters(function):
    verdict = check("09.2", function)
    assert verdict.outcome == "right"
    assert "One thing more" not in verdict.message


def in_place(logits, share):
    return logits.copy_(min_p(logits, share))


@pytest.mark.parametrize(
    ("function", "remark"),
    [
        (by(lambda p, top, share: p >= share * top, fill=-1e9), "what is removed has -1e+09, and not −∞"),
        (in_place, "the logits that were handed in are changed as well"),
    ],
)
def test_right_filters_with_a_habit_that_has_a_price(function, remark):
    verdict = check("09.2", function)
    assert verdict.outcome == "right"
    assert remark in verdict.message


def across(logits, share):
    p = logits.softmax(dim=0)
    return kept(logits, p >= share * p.amax(dim=-1, keepdim=True))


def across_both(logits, share):
    p = logits.softmax(dim=0)
    return kept(logits, p >= share * p.amax(dim=0))


def zeroed(logits, share):
    return logits.softmax(dim=-1) * (min_p(logits, share) > GONE)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (by(lambda p, top, share: p >= share), "The threshold is the same for every text"),
        (lambda z, share: kept(z, z >= share * z.amax(-1, keepdim=True)), "The logits themselves are compared"),
        (lambda z, share: kept(z, z >= z.amax(-1, keepdim=True) - share), "subtracted from the highest logit"),
        (by(lambda p, top, share: p >= top - share), "subtracted from the highest probability"),
        (by(lambda p, top, share: p < share * top), "Turned round"),
        (by(lambda p, top, share: p >= share * p.max()), "that of all texts"),
        (by(lambda p, top, share: p >= share * p[0].max()), "that of the first text"),
        (by(lambda p, top, share: p >= share * p.amax(dim=0)), "for each token, over the texts"),
        (across, "The softmax runs over the texts"),
        (across_both, "softmax and the highest probability run over the texts"),
        (by(lambda p, top, share: (p >= share * top) & (p < top)), "The likeliest token itself is removed"),
        (by(lambda p, top, share: p == top), "Only the likeliest token stays"),
        (lambda logits, share: logits, "Nothing is removed"),
        (by(lambda p, top, share: p > share * top), "≥, and not >"),
        (by(lambda p, top, share: p >= share * top, fill=0.0), "What is removed gets the logit 0"),
        (by(lambda p, top, share: p >= share, fill=0.0), "What is removed gets the logit 0"),
        (by(lambda p, top, share: p >= share * top, fill=-100.0), "gets -100, which can still be drawn"),
        (zeroed, "no longer add up to 1"),
        (lambda logits, share: min_p(logits, share).softmax(dim=-1), "These are probabilities. Logits"),
        (lambda logits, share: min_p(logits, share) > GONE, "That is the mask"),
        (lambda logits, share: logits + (min_p(logits, share) == GONE) * GONE, "There are `nan`s"),
        (lambda logits, share: min_p(logits, share) * 2, "but their logits are changed"),
        (lambda logits, share: min_p(logits[:1], share), "one row for each text"),
        (lambda logits, share: min_p(logits, share).tolist(), "Expected a tensor of logits"),
        (lambda logits, share: min_p(logits, share / 2), "tokens should survive"),
        (
            lambda logits, share: logits.softmax(-1) >= share * logits.softmax(-1).amax(-1),
            "`amax(dim=-1, keepdim=True)`",
        ),
        (lambda logits, share: 1 if logits > share else 0, "compare whole tensors"),
    ],
)
def test_wrong_filters(function, diagnosis):
    verdict = check("09.2", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
