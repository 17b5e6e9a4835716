import pytest
import small_models
import torch

from hf_tutorial import check
from hf_tutorial.checks.models import tiny

ENCODING = {"input_ids": torch.tensor([[5, 6, 7, 8, 9]] * 3), "attention_mask": torch.ones(3, 5, dtype=torch.long)}
RIGHT = {"logits": (3, 2), "layers": 3, "layer": (3, 5, 16), "loss": ()}


def predict(model=None, **changed):
    return check("03.1", RIGHT | changed, model=model or small_models.classifier(), encoding=ENCODING)


def test_the_right_shapes():
    assert predict().outcome == "right"
    assert predict(layer=[3, 5, 16], layers=torch.tensor(3), loss=torch.Size([])).outcome == "right"


def test_shapes_are_those_of_the_students_own_model():
    model = tiny("DistilBertForSequenceClassification", num_labels=4, n_layers=1)
    assert predict(model, logits=(3, 4), layers=2, layer=(3, 5, 8)).outcome == "right"
    assert predict(model).outcome == "wrong"


@pytest.mark.parametrize(
    ("changed", "diagnosis"),
    [
        ({"logits": (2, 3)}, "the right two numbers in the other order"),
        ({"logits": (3,)}, "one dimension is what `argmax` leaves"),
        ({"logits": (3, 5, 2)}, "scores for every token"),
        ({"logits": (3, 5)}, "one row for each of the 3 texts"),
        ({"layers": 2}, "The tuple also holds what goes into the first of them"),
        ({"layers": 4}, "`num_hidden_layers` in `config`), and one more; got 4"),
        ({"layers": (3,)}, "A plain number is asked for"),
        ({"layer": (3, 3, 5, 16)}, "the layers are no dimension of the tensor"),
        ({"layer": (2, 3, 5, 16)}, "the layers are no dimension of the tensor"),
        ({"layer": (3, 16, 5)}, "the right three numbers in another order"),
        ({"layer": (1, 5, 16)}, "the shape for one text"),
        ({"layer": (3, 16)}, "one for every token"),
        ({"layer": (5, 16)}, "The batch stays the first dimension"),
        ({"layer": (3, 4, 16)}, "the tokens of the longest text"),
        ({"layer": (3, 5, 8)}, "`hidden_size` in `config`, and not 8"),
        ({"layer": ()}, "three dimensions: text, token"),
        ({"loss": (3,)}, "the model returns their mean"),
        ({"loss": (1,)}, "the shape of a scalar is `()`"),
        ({"loss": (3, 2)}, "the loss is one number"),
        ({"loss": 1}, "a shape is always a tuple, such as `(5, 7)`, also that of a single number"),
        ({"layer": (2, 5, 16)}, "Which dimension is missing in its place?"),
        ({"layer": (3, 2, 5, 5)}, "these are attention weights"),
        ({"logits": "(3, 2)"}, "Leave out the quotation marks"),
    ],
)
def test_wrong_shapes(changed, diagnosis):
    verdict = predict(**changed)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_attention_heads_are_no_layers():
    model = tiny("BertForSequenceClassification", num_attention_heads=4)
    assert "the number of attention heads" in predict(model, layers=4).message


def test_a_missing_shape_is_named():
    verdict = check("03.1", {"logits": (3, 2)}, model=small_models.classifier(), encoding=ENCODING)
    assert "the keys 'logits', 'layers', 'layer' and 'loss'" in verdict.message


@pytest.mark.parametrize("letters", [{"B", "D", "F"}, "b, d, f"])
def test_the_right_statements(letters):
    assert check("03.5", letters).outcome == "right"


@pytest.mark.parametrize(
    ("letters", "diagnosis"),
    [
        ("ABDF", "again about A: softmax divides by the sum"),
        ("DF", "again about B"),
        ("BCDF", "again about C: sigmoid of a single logit"),
        ("BF", "again about D"),
        ("BDEF", "again about E: with `num_labels=1`"),
        ("BD", "again about F"),
        ("", "At least one"),
        ("G", "have the letters A, B, C, D, E, F"),
    ],
)
def test_wrong_statements(letters, diagnosis):
    verdict = check("03.5", letters)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_statements_about_two_logits_hold():
    a, b = torch.randn(2, 100, dtype=torch.float64)
    logits = torch.stack([a, b], dim=-1)
    first, second = logits.softmax(dim=-1).unbind(-1)
    assert torch.allclose((logits + 3).softmax(dim=-1)[:, 1], second)
    assert torch.allclose((b - a).sigmoid(), second)
    assert not torch.allclose(b.sigmoid(), second)
    assert torch.equal(second > first, b > a)
    model = tiny("BertForSequenceClassification", num_labels=1)
    loss = model(**ENCODING, labels=torch.tensor([1.0, 0.0, 1.0])).loss
    logits = model(**ENCODING).logits[:, 0]
    assert torch.allclose(loss, ((logits - torch.tensor([1.0, 0.0, 1.0])) ** 2).mean())
