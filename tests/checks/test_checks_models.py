import pytest
import torch
import transformers

from hf_tutorial.checks.models import lost_weights, read_model, tiny
from hf_tutorial.checks.tensors import same
from hf_tutorial.checks.verdict import Wrong

CLASSES = ("BertForMaskedLM", "DistilBertForMaskedLM", "GPT2LMHeadModel", "T5ForSequenceClassification")


@pytest.mark.parametrize("name", CLASSES)
def test_a_tiny_model_is_the_same_each_time_and_takes_no_random_numbers(name):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    one, two = tiny(name), tiny(name)
    assert torch.equal(torch.rand(1), expected)
    assert type(one).__name__ == name
    assert not one.training
    assert all(same(first, second) for first, second in zip(one.parameters(), two.parameters(), strict=True))


def test_lost_weights_are_named():
    body, model = tiny("BertModel"), tiny("BertForSequenceClassification")
    assert lost_weights(body, body) == []
    assert lost_weights(tiny("BertModel"), body) == []
    model.base_model.load_state_dict(body.state_dict(), strict=False)
    assert lost_weights(model, body) == []
    with torch.no_grad():
        model.base_model.pooler.dense.bias += 1
    assert lost_weights(model, body) == ["pooler.dense.bias"]


@pytest.mark.parametrize(
    ("value", "diagnosis"),
    [
        (transformers.BertModel, "the class BertModel itself"),
        ((tiny("BertModel"), {}), "two things come back"),
        ("distilbert", "Expected a model, but got 'distilbert'"),
        (torch.nn.Linear(2, 2), "Expected a model, but got a Linear"),
    ],
)
def test_what_is_no_model_is_named(value, diagnosis):
    with pytest.raises(Wrong, match=diagnosis):
        read_model(value)
