import pytest
import torch

from hf_tutorial import check
from hf_tutorial.checks.models import tiny


def judge(function):
    # Three heads, and heads of another width than there are of them: no mistake looks like another.
    return check("04.3", function, model=tiny("DistilBertModel", n_heads=3, dim=12, n_layers=2, initializer_range=0.6))


def sizes(model):
    return model.config.num_attention_heads, model.config.hidden_size // model.config.num_attention_heads


def split(model, states, layer, name):
    attention = model.transformer.layer[layer].attention
    return getattr(attention, f"{name}_lin")(states)[0].view(states.shape[1], *sizes(model)).transpose(0, 1)


def scores(model, states, layer, first="q", second="k"):
    return split(model, states, layer, first) @ split(model, states, layer, second).transpose(-2, -1)


def right(model, states, layer, head):
    return (scores(model, states, layer)[head] / sizes(model)[1] ** 0.5).softmax(-1)


def test_the_right_function():
    assert judge(right).outcome == "right"


def test_right_means_as_the_model_itself():
    model = tiny("DistilBertModel", n_heads=3, dim=12, initializer_range=0.6, attn_implementation="eager")
    with torch.no_grad():
        outputs = model(input_ids=torch.tensor([[5, 6, 7, 8]]), output_attentions=True, output_hidden_states=True)
        ours = right(model, outputs.hidden_states[1], 1, 2)
    assert torch.allclose(ours, outputs.attentions[1][0, 2], atol=1e-6)


def divided(by):
    return lambda m, s, n, h: (scores(m, s, n)[h] / by(m)).softmax(-1)


def of(first, second):
    return lambda m, s, n, h: (scores(m, s, n, first, second)[h] / sizes(m)[1] ** 0.5).softmax(-1)


def unsplit(root):
    def function(m, s, n, h):
        attention = m.transformer.layer[n].attention
        return (attention.q_lin(s)[0] @ attention.k_lin(s)[0].T / root(m)).softmax(-1)

    return function


def viewed(m, s, n, h):
    attention = m.transformer.layer[n].attention
    query, key = (part(s)[0].view(sizes(m)[0], -1, sizes(m)[1])[h] for part in (attention.q_lin, attention.k_lin))
    return (query @ key.T / sizes(m)[1] ** 0.5).softmax(-1)


def combed(m, s, n, h):
    attention = m.transformer.layer[n].attention
    query, key = (part(s)[0].view(-1, sizes(m)[1], sizes(m)[0])[..., h] for part in (attention.q_lin, attention.k_lin))
    return (query @ key.T / sizes(m)[1] ** 0.5).softmax(-1)


def without_bias(m, s, n, h):
    attention = m.transformer.layer[n].attention
    parts = ((s[0] @ part.weight.T).view(-1, *sizes(m))[:, h] for part in (attention.q_lin, attention.k_lin))
    query, key = parts
    return (query @ key.T / sizes(m)[1] ** 0.5).softmax(-1)


MISTAKES = {
    "not divided by the root of the head's width.": divided(lambda m: 1),
    "the root of the whole hidden width": divided(lambda m: m.config.hidden_size**0.5),
    "by the width itself": divided(lambda m: sizes(m)[1]),
    "multiplied by the root": divided(lambda m: sizes(m)[1] ** -0.5),
    "of the number of heads": divided(lambda m: sizes(m)[0] ** 0.5),
    "softmax ran over the queries": lambda m, s, n, h: (scores(m, s, n)[h] / sizes(m)[1] ** 0.5).softmax(0),
    "have changed places": lambda m, s, n, h: (scores(m, s, n)[h].T / sizes(m)[1] ** 0.5).softmax(-1),
    "these are scores. Softmax": lambda m, s, n, h: scores(m, s, n)[h] / sizes(m)[1] ** 0.5,
    "not divided by the root, and softmax": lambda m, s, n, h: scores(m, s, n)[h],
    "softmax was applied twice": lambda m, s, n, h: right(m, s, n, h).softmax(-1),
    "with `view` alone": viewed,
    "not into (width, heads)": combed,
    "add a bias": without_bias,
    "what a single head over the whole width": unsplit(lambda m: m.config.hidden_size**0.5),
    "the sum runs over the whole width": unsplit(lambda m: sizes(m)[1] ** 0.5),
    "in place of the keys": of("q", "v"),
    "queries were taken twice": of("q", "q"),
    "keys were taken twice": of("k", "k"),
    "the mean of all heads": lambda m, s, n, h: (scores(m, s, n) / sizes(m)[1] ** 0.5).softmax(-1).mean(0),
    "the weights of head 0": lambda m, s, n, h: right(m, s, n, 0),
    "the weights of layer 0": lambda m, s, n, h: right(m, s, 0, h),
    "the rows do not sum to 1": lambda m, s, n, h: scores(m, s, n)[h].sigmoid(),
    "row 0 begins with": lambda m, s, n, h: right(m, s, n, h).flip(-1),
    "These are all heads": lambda m, s, n, h: (scores(m, s, n) / sizes(m)[1] ** 0.5).softmax(-1),
    "The batch is still there": lambda m, s, n, h: right(m, s, n, h)[None],
    "a vector for each token": lambda m, s, n, h: split(m, s, n, "v")[h],
    "The sum ran over the tokens": lambda m, s, n, h: (split(m, s, n, "q")[h].T @ split(m, s, n, "k")[h]).softmax(-1),
    "Expected the shape (5, 5)": lambda m, s, n, h: torch.zeros(3),
    "Expected a tensor": lambda m, s, n, h: right(m, s, n, h).tolist(),
    "`print(model)` shows": lambda m, s, n, h: m.encoder,
    "turned round, `.transpose(-2, -1)`": lambda m, s, n, h: split(m, s, n, "q")[h] @ split(m, s, n, "k")[h],
}


@pytest.mark.parametrize(("diagnosis", "function"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_wrong_functions(diagnosis, function):
    with torch.no_grad():
        verdict = judge(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_the_width_of_one_model_is_not_that_of_another():
    def fixed(m, s, n, h):
        return (scores(m, s, n)[h] / 2).softmax(-1)

    assert "Right for your own" not in judge(fixed).message
    assert "`model.config`" in judge(fixed).message
