from functools import partial

import pytest
import torch

from hf_tutorial import check
from hf_tutorial.checks.models import tiny

MODEL = tiny("DistilBertForSequenceClassification")


def left(model, size=lambda weight: weight.numel(), trainable=True):
    return sum(size(weight) for weight in model.parameters() if weight.requires_grad == trainable)


def freeze_body(model, answer=left):
    """A right solution of 03.4, unless it is told to answer something else."""
    model.requires_grad_(True)
    model.base_model.requires_grad_(False)
    return answer(model)


def by_parameter(model):
    body = {id(weight) for weight in model.base_model.parameters()}
    for weight in model.parameters():
        weight.requires_grad = id(weight) not in body
    return torch.tensor(left(model))


def by_name(model, frozen):
    for name, weight in model.named_parameters():
        weight.requires_grad = not frozen(name)
    return left(model)


def by_attribute(model):
    model.base_model.requires_grad = False
    return left(model)


def by_mode(model):
    model.train()
    model.base_model.eval()
    return left(model)


def all_but_the_table(model):
    freeze_body(model)
    model.get_input_embeddings().requires_grad_(True)
    return left(model)


def zeroed(model):
    with torch.no_grad():
        for weight in model.base_model.parameters():
            weight.zero_()
    return freeze_body(model)


def judge(function, model=MODEL):
    return check("03.4", function, model=model)


@pytest.mark.parametrize("function", [freeze_body, by_parameter])
def test_right_freezing(function):
    assert judge(function).outcome == "right"


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (by_attribute, "sets an attribute of that name on the module"),
        (by_mode, "which switches off dropout"),
        (left, "every parameter of the body can still be trained"),
        (all_but_the_table, "the embedding table can still be trained"),
        (partial(by_name, frozen=lambda name: "layer" in name), "4 of the body's 36 tensors can still be trained"),
        (
            partial(by_name, frozen=lambda name: "classifier" not in name),
            "For a GPT2ForSequenceClassification: of the head,",
        ),
        (partial(by_name, frozen=lambda name: "bert" in name), "For a GPT2ForSequenceClassification: every parameter"),
        (lambda m: m.requires_grad_(False) and 0, "of the head, `pre_classifier.weight` is frozen too"),
        (
            lambda m: m.base_model.requires_grad_(False) and left(m),
            "For a model that comes frozen altogether: of the head,",
        ),
        (lambda m: m.distilbert.requires_grad_(False) and left(m), "`model.base_model` is the body of each of them"),
        (zeroed, "the weights are no longer the same"),
        (partial(freeze_body, answer=partial(left, size=lambda w: 1)), "this is how many tensors are left"),
        (partial(freeze_body, answer=partial(left, size=len)), "adds up first dimensions"),
        (partial(freeze_body, answer=partial(left, trainable=False)), "this is the number of frozen parameters"),
        (partial(freeze_body, answer=lambda m: m.num_parameters()), "this is the number of all parameters"),
        (partial(freeze_body, answer=lambda m: left(m) / m.num_parameters()), "this is a share"),
        (partial(freeze_body, answer=lambda m: left(m) + 1), "90 parameters are left to train, and not 91"),
        (
            partial(freeze_body, answer=lambda m: m),
            "Return the number of parameters that are left, and not a DistilBert",
        ),
        (partial(freeze_body, answer=lambda m: None), "returns None"),
    ],
)
def test_wrong_freezing(function, diagnosis):
    verdict = judge(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_what_an_earlier_mistake_has_left_on_the_model_is_not_blamed_on_this_one():
    model = tiny("DistilBertForSequenceClassification")
    by_attribute(model)
    assert "which switches off dropout" in judge(by_mode, model).message


def test_the_students_model_is_not_frozen_by_the_check():
    judge(freeze_body)
    judge(zeroed)
    assert all(weight.requires_grad for weight in MODEL.parameters())
    assert any(bool(weight.any()) for weight in MODEL.base_model.parameters())
