import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import RepetitionPenaltyLogitsProcessor

from hf_tutorial import check
from hf_tutorial.checks.lesson_09_repetition import lowered


def penalised(logits, ids, penalty):
    """A right solution of 09.3."""
    logits, ids = logits.clone(), ids.unique()
    logits[ids] = torch.where(logits[ids] < 0, logits[ids] * penalty, logits[ids] / penalty)
    return logits


def on_each(change, unique=False):
    """Return a function that applies `change(logit, penalty)` to every token of `ids`, again and again unless `unique`."""

    def function(logits, ids, penalty):
        logits = logits.clone()
        for id in ids.unique() if unique else ids:
            logits[id] = change(logits[id], penalty)
        return logits

    return function


def right_sign(logit, penalty):
    return logit * penalty if logit < 0 else logit / penalty


@settings(max_examples=60, deadline=None)
@given(
    logits=st.lists(st.floats(-20, 20, width=32), min_size=5, max_size=12),
    ids=st.lists(st.integers(0, 4), min_size=1, max_size=9),
    penalty=st.floats(1, 3),
)
def test_what_is_expected_is_what_transformers_does(logits, ids, penalty):
    logits, ids = torch.tensor(logits), torch.tensor(ids)
    theirs = RepetitionPenaltyLogitsProcessor(penalty)(ids[None], logits[None])[0]
    assert torch.allclose(lowered(logits, ids, penalty), theirs)


@pytest.mark.parametrize("function", [penalised, on_each(right_sign, unique=True), lowered])
def test_right_penalties(function):
    assert check("09.3", function).outcome == "right"


def in_place(logits, ids, penalty):
    logits[ids] = torch.where(logits[ids] < 0, logits[ids] * penalty, logits[ids] / penalty)
    return logits


def only_said(logits, ids, penalty):
    return penalised(logits, ids, penalty)[ids]


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (on_each(lambda z, penalty: z / penalty), "*up*. Multiply it instead. A token that was said three times"),
        (on_each(lambda z, penalty: z / penalty, unique=True), "brings it nearer to zero, which is *up*"),
        (on_each(right_sign), "A token that was said three times is lowered three times"),
        (on_each(lambda z, penalty: z / penalty if z < 0 else z * penalty, unique=True), "Turned round"),
        (on_each(lambda z, penalty: z * penalty, unique=True), "Multiplying a positive logit makes it larger"),
        (on_each(lambda z, penalty: z if z < 0 else z / penalty, unique=True), "Only positive logits"),
        (on_each(lambda z, penalty: z * penalty if z < 0 else z, unique=True), "Only negative logits"),
        (on_each(lambda z, penalty: z - penalty, unique=True), "call presence penalty"),
        (on_each(lambda z, penalty: z - penalty), "call frequency penalty"),
        (on_each(lambda z, penalty: z - torch.tensor(penalty).log(), unique=True), "divides the probabilities"),
        (
            lambda z, ids, penalty: torch.where(
                torch.bincount(ids, minlength=8) > 0, z, lowered(z, torch.arange(8), penalty)
            ),
            "*not* said",
        ),
        (lambda z, ids, penalty: penalised(z, torch.arange(8), penalty), "Every token of the vocabulary"),
        (lambda z, ids, penalty: penalised(z, ids[-1:], penalty), "Only the last token"),
        (lambda z, ids, penalty: penalised(z, ids[:-1], penalty), "The last token is left out"),
        (lambda z, ids, penalty: penalised(z, ids[1:], penalty), "The first token is left out"),
        (lambda z, ids, penalty: penalised(z, (torch.bincount(ids) > 1).nonzero()[:, 0], penalty), "twice or more"),
        (lambda z, ids, penalty: penalised(z, torch.arange(len(ids)), penalty), "The places of the ids"),
        (on_each(lambda z, penalty: -float("inf")), "A penalty forbids nothing for good"),
        (lambda *given: penalised(*given).softmax(-1), "These are probabilities"),
        (lambda z, ids, penalty: z, "Nothing is lowered"),
        (in_place, "Begin with `logits.clone()`"),
        (only_said, "Put them back into their places"),
        (lambda *given: penalised(*given).tolist(), "Expected a tensor"),
        (lambda z, ids, penalty: penalised(z, ids, penalty * 2), "With the penalty 1.5 it should become"),
        (lambda z, ids, penalty: z * penalty if z < 0 else z / penalty, "`torch.where(condition, a, b)`"),
        (lambda *given: print(penalised(*given)), "should `return`"),
    ],
)
def test_wrong_penalties(function, diagnosis):
    verdict = check("09.3", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
