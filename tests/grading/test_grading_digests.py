"""What makes a difference in what is handed over beside an answer, and what does not."""

import copy

import pytest
import torch
from torch import nn

from hf_tutorial.checks.models import tiny
from hf_tutorial.grading.digests import different, digest


@pytest.fixture(scope="module")
def model():
    return tiny("BertForSequenceClassification")


def changed(model, change):
    other = copy.deepcopy(model)
    change(other)
    return different(digest({"model": other}), digest({"model": model}))


def with_hook(model):
    model.register_forward_hook(lambda *_: None)


def with_hook_in_disguise(model):
    def hook(*_):
        return None

    hook.__module__ = "transformers.utils.output_capturing"
    model.register_forward_hook(hook)


def asked_for_everything(model):
    model(input_ids=torch.tensor([[1, 2]]), output_hidden_states=True, output_attentions=True)


def other_forward(model):
    model.forward = lambda **_: None


def other_labels(model):
    model.config.id2label = {0: "good", 1: "bad"}


def another_class(model):
    model.__class__ = type("BertForSequenceClassification", (type(model),), {"__module__": type(model).__module__})


def a_weight(model):
    with torch.no_grad():
        model.classifier.bias += 0.01


@pytest.mark.parametrize(
    "change",
    [
        nn.Module.train,
        nn.Module.half,
        nn.Module.bfloat16,
        lambda m: m.requires_grad_(False),
        lambda m: m.config.to_dict(),
        asked_for_everything,
    ],
    ids=["train", "half", "bfloat16", "frozen", "read", "asked"],
)
def test_a_model_that_is_only_used_differently_is_the_same(model, change):
    assert changed(model, change) == set()


@pytest.mark.parametrize(
    "change", [with_hook, with_hook_in_disguise, other_forward, other_labels, another_class, a_weight]
)
def test_a_model_that_answers_differently_is_another_one(model, change):
    assert changed(model, change)


def test_a_model_that_was_rounded_and_changed_is_another_one(model):
    def change(other):
        other.half()
        other.bert.embeddings.word_embeddings.weight.data *= 2

    assert changed(model, change) == {"model.weights.bert.embeddings.word_embeddings.weight"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, True),
        ("a", "b"),
        ([1, 2], [2, 1]),
        ({"a": 1}, {"a": 1, "b": 2}),
        (torch.zeros(3), torch.zeros(4)),
        ([torch.zeros(3)], [torch.ones(3)]),
        (lambda x: x + 1, lambda x: x + 2),
        (object(), 3),
    ],
)
def test_what_differs_is_found_at_its_path(one, other):
    found = different(digest({"it": one}), digest({"it": other}))
    assert found
    assert all(path.startswith("it") for path in found)


def test_what_is_equal_is_the_same_and_the_students_number_is_left_out():
    context = {"texts": ["a", "b"], "table": {"x": torch.ones(2)}, "f": len, "odd": object()}
    again = {"texts": ["a", "b"], "table": {"x": torch.ones(2)}, "f": len, "odd": object()}
    assert different(digest({**context, "student": "s1"}), digest({**again, "student": "s2"})) == set()
    assert digest({"own": 3, "other": 4}, without=["own"]).keys() == digest({"other": 4}).keys()
