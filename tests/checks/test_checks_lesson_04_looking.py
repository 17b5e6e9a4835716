import pytest
import small_models
import torch

from hf_tutorial import capture_attention, check
from hf_tutorial.checks.models import tiny


def judge(function, model=None):
    tokenizer = small_models.tokenizer()
    model = model or tiny("DistilBertModel", vocab_size=len(tokenizer), n_layers=3, initializer_range=0.5)
    return check("04.2", function, model=model, tokenizer=tokenizer)


def run(model, tokenizer, text, eager=True, evaluate=True, graph=False):
    if eager:
        model.set_attn_implementation("eager")
    if evaluate:
        model.eval()
    with torch.set_grad_enabled(graph):
        return model(**tokenizer(text, return_tensors="pt"), output_attentions=True, output_hidden_states=True)


def right(model, tokenizer, text, layer):
    outputs = run(model, tokenizer, text)
    return outputs.attentions[layer][0], outputs.hidden_states[layer][0]


def test_the_right_function():
    assert judge(right).outcome == "right"


def test_weights_from_our_own_helper_are_right_too():
    def captured(model, tokenizer, text, layer):
        return capture_attention(model, tokenizer, text).weights[layer], right(model, tokenizer, text, layer)[1]

    assert judge(captured).outcome == "right"


def test_the_students_model_comes_back_as_it_was():
    model = tiny("DistilBertModel", vocab_size=len(small_models.tokenizer()), n_layers=3)
    model.train()
    model.transformer.layer[0].eval()
    model.set_attn_implementation("sdpa")
    modes = [module.training for module in model.modules()]
    assert judge(right, model).outcome == "right"
    assert [module.training for module in model.modules()] == modes
    assert model.config._attn_implementation == "sdpa"


MISTAKES = {
    "`attentions` is empty: the model computes with sdpa": lambda m, t, x, n: (
        (run(m, t, x, eager=False).attentions[n], None)
    ),
    "index 0 of each is the text": lambda m, t, x, n: (run(m, t, x).attentions[0][n], None),
    "the weights of layer 0": lambda m, t, x, n: (run(m, t, x).attentions[0][0], right(m, t, x, n)[1]),
    "come *out* of it": lambda m, t, x, n: (right(m, t, x, n)[0], run(m, t, x).hidden_states[n + 1][0]),
    "this is entry 1 of": lambda m, t, x, n: (right(m, t, x, n)[0], run(m, t, x).hidden_states[n - 1][0]),
    "the wrong way round": lambda m, t, x, n: right(m, t, x, n)[::-1],
    "The weights still have the batch": lambda m, t, x, n: (run(m, t, x).attentions[n], right(m, t, x, n)[1]),
    "The hidden states still have the batch": lambda m, t, x, n: (right(m, t, x, n)[0], run(m, t, x).hidden_states[n]),
    "those of a single head": lambda m, t, x, n: (run(m, t, x).attentions[n][0, 1], right(m, t, x, n)[1]),
    "The hidden states should have the shape": lambda m, t, x, n: (
        right(m, t, x, n)[0],
        run(m, t, x).hidden_states[n][:, 0],
    ),
    "a graph was recorded": lambda m, t, x, n: tuple(
        part[n][0] for part in (run(m, t, x, graph=True).attentions, run(m, t, x, graph=True).hidden_states)
    ),
    "in training mode: The rows of the weights do not sum": lambda m, t, x, n: tuple(
        part[n][0] for part in (lambda o: (o.attentions, o.hidden_states))(run(m, t, x, evaluate=False))
    ),
    "The weights are not those": lambda m, t, x, n: (right(m, t, x, n)[0].flip(-1), right(m, t, x, n)[1]),
    "The hidden states are not those": lambda m, t, x, n: (right(m, t, x, n)[0], right(m, t, x, n)[1] + 1),
    "Expected two things": lambda m, t, x, n: right(m, t, x, n)[0],
    "but got 3": lambda m, t, x, n: (*right(m, t, x, n), 1),
    "Expected a tensor": lambda m, t, x, n: (run(m, t, x).attentions, right(m, t, x, n)[1]),
}


@pytest.mark.parametrize(("diagnosis", "function"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_wrong_functions(diagnosis, function):
    verdict = judge(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
