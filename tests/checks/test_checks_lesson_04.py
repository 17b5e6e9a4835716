import numpy as np
import pytest
import small_models
import torch

from hf_tutorial import check
from hf_tutorial.checks.models import tiny

ENCODING = {"input_ids": torch.ones(3, 5, dtype=torch.long)}
RIGHT = {"entries": 4, "weights": (3, 2, 5, 5), "states": 5, "total": 30}


def predict(**changed):
    return check("04.1", RIGHT | changed, model=tiny("DistilBertModel", n_layers=4), encoding=ENCODING)


def test_the_right_shapes():
    assert predict().outcome == "right"
    assert predict(weights=[3, 2, 5, 5], total=torch.tensor(30.0)).outcome == "right"


def test_the_predicted_numbers_are_those_of_a_real_run():
    model = tiny("DistilBertModel", n_layers=4, attn_implementation="eager")
    with torch.no_grad():
        outputs = model(**ENCODING, output_attentions=True, output_hidden_states=True)
    found = {
        "entries": len(outputs.attentions),
        "weights": tuple(outputs.attentions[3].shape),
        "states": len(outputs.hidden_states),
        "total": round(outputs.attentions[3].sum().item()),
    }
    assert found == RIGHT


def test_shapes_are_those_of_the_students_own_model():
    model = small_models.body()
    answer = {"entries": 2, "weights": (3, 2, 5, 5), "states": 3, "total": 30}
    assert check("04.1", answer, model=model, encoding=ENCODING).outcome == "right"
    shorter = {"input_ids": torch.ones(1, 4, dtype=torch.long)}
    other = answer | {"weights": (1, 2, 4, 4), "total": 8}
    assert check("04.1", other, model=model, encoding=shorter).outcome == "right"
    assert predict(entries=2).outcome == "wrong"


@pytest.mark.parametrize(
    ("changed", "diagnosis"),
    [
        ({"entries": 5}, "that many hidden states there are"),
        ({"entries": 2}, "that is the number of heads"),
        ({"entries": 3}, "that is the number of texts"),
        ({"entries": 8}, "that is the number of maps"),
        ({"entries": (4,)}, "a plain number is asked for"),
        ({"entries": 9}, "one entry for each layer (`num_hidden_layers`"),
        ({"weights": (4, 3, 2, 5, 5)}, "the layers are no dimension"),
        ({"weights": (4, 2, 5, 5)}, "the first dimension is not the layers"),
        ({"weights": (1, 2, 5, 5)}, "the shape for one text"),
        ({"weights": (2, 5, 5)}, "The batch stays the first dimension"),
        ({"weights": (3, 5, 5)}, "each head has weights of its own"),
        ({"weights": (3, 5, 8)}, "that is a hidden state"),
        ({"weights": (2, 3, 5, 5)}, "the batch comes first, then the heads"),
        ({"weights": (3, 2, 4, 4)}, "4 is not the number of tokens"),
        ({"weights": (3, 2, 5, 4)}, "the width of the vectors stands nowhere in it"),
        ({"weights": (3,)}, "(batch, heads, query, key), four numbers"),
        ({"weights": "(3, 2, 5, 5)"}, "Leave out the quotation marks"),
        ({"states": 4}, "this is the number of layers"),
        ({"states": 6}, "one for each layer, and one more; got 6"),
        ({"total": 1}, "the sum of a single row"),
        ({"total": 120}, "that is for all layers"),
        ({"total": 6}, "1 for each map"),
        ({"total": 10}, "that is for one text"),
        ({"total": 15}, "that is for one head"),
        ({"total": 150}, "that is how many numbers there are"),
        ({"total": 5}, "that is for one head and one text"),
        ({"total": 31}, "How many rows has one entry"),
        ({"total": "many"}, "How many rows has one entry"),
    ],
)
def test_wrong_shapes(changed, diagnosis):
    verdict = predict(**changed)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_padding_tokens_are_queries_too():
    encoding = ENCODING | {"attention_mask": torch.tensor([[1, 1, 1, 0, 0], [1] * 5, [1] * 5])}
    verdict = check("04.1", RIGHT | {"total": 26}, model=tiny("DistilBertModel", n_layers=4), encoding=encoding)
    assert "leaves padding out" in verdict.message


def test_a_missing_number_is_named():
    verdict = check("04.1", {"entries": 4}, model=small_models.body(), encoding=ENCODING)
    assert "the keys 'entries', 'weights', 'states' and 'total'" in verdict.message


@pytest.mark.parametrize("letters", [{"B", "D", "F"}, "b, d, f"])
def test_the_right_statements(letters):
    assert check("04.6", letters).outcome == "right"


@pytest.mark.parametrize(
    ("letters", "diagnosis"),
    [
        ("ABDF", "again about A: the weight says where"),
        ("DF", "again about B"),
        ("BCDF", "again about C: much weight is no effect"),
        ("BF", "again about D"),
        ("BDEF", "again about E: what does yellow mean"),
        ("BD", "again about F"),
        ("", "At least one"),
        ("G", "have the letters A, B, C, D, E, F"),
    ],
)
def test_wrong_statements(letters, diagnosis):
    verdict = check("04.6", letters)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_statements_that_can_be_computed_hold():
    causal = tiny("GPT2Model", attn_implementation="eager", attn_pdrop=0.3)
    with torch.no_grad():
        evaluated = causal(**ENCODING, output_attentions=True).attentions
        trained = causal.train()(**ENCODING, output_attentions=True).attentions
    assert all(np.allclose(layer.sum(-1), 1, atol=1e-6) for layer in evaluated)
    assert not all(np.allclose(layer.sum(-1), 1, atol=1e-2) for layer in trained)
    assert all(bool((layer[:, :, 0, 0] == 1).all()) for layer in evaluated)
