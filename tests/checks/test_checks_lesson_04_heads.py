import numpy as np
import pytest

from hf_tutorial import check
from hf_tutorial.attention import attention_from_outputs

TOKENS = ["the", "cat", "and", "the", "dog", "and", "the", "bird"]
RANDOM = np.random.default_rng(7).dirichlet(np.full(8, 0.3), (3, 4, 8)).astype(np.float32)
ATTENTION = attention_from_outputs(RANDOM, TOKENS)


def link(function, attention=ATTENTION):
    return check("04.4", function, attention=attention)


def others(attention, itself=False):
    tokens = np.array(attention.query_tokens)
    same = tokens[:, None] == tokens[None, :]
    return same if itself else same & ~np.eye(len(tokens), dtype=bool)


def largest(shares):
    layer, head = np.unravel_index(shares.argmax(), shares.shape)
    return layer, head, shares[layer, head]


def right(attention):
    matrix = others(attention)
    return largest((attention.weights * matrix).sum(-1)[:, :, matrix.any(-1)].mean(-1))


def test_the_head_that_links():
    assert link(right).outcome == "right"
    layer, head, share = right(ATTENTION)
    assert f"Head {head} of layer {layer} gives {share:.2f}" in link(right).message


def test_the_students_own_attention_is_judged_too():
    def lazy_link(attention):
        return (0, 0, 0.0) if attention is ATTENTION else right(attention)

    def lazy_roll(weights):
        return np.eye(8) if weights.shape == RANDOM.shape else chain(mixed(weights))

    assert link(lazy_link).outcome == "wrong"
    assert roll(lazy_roll).outcome == "wrong"


def mean_of_all(attention):
    return largest((attention.weights * others(attention)).sum(-1).mean(-1))


def with_itself(attention):
    rows = others(attention).any(-1)
    return largest((attention.weights * others(attention, itself=True)).sum(-1)[:, :, rows].mean(-1))


LINKS = {
    "Only *other* mentions count": with_itself,
    "on itself is counted too, for all tokens": lambda a: largest(
        (a.weights * others(a, itself=True)).sum(-1).mean(-1)
    ),
    "leave them out": mean_of_all,
    "a sum over the tokens": lambda a: largest((a.weights * others(a)).sum((-1, -2))),
    "the mean runs over pairs": lambda a: largest(a.weights[..., others(a)].mean(-1)),
    "the largest single weight": lambda a: largest((a.weights * others(a)).max((-1, -2))),
    "the layer comes first": lambda a: (right(a)[1], right(a)[0], right(a)[2]),
    "the head is right, but its share": lambda a: (*right(a)[:2], 0.5),
    "there is no head": lambda a: (0, right(a)[0] * 12 + right(a)[1] + 12, right(a)[2]),
    "is not the head with the largest share": lambda a: (2 - right(a)[0], 3 - right(a)[1], right(a)[2]),
    "Are the tokens those of the attention": lambda a: largest((a.weights * others(ATTENTION)).sum(-1).mean(-1)),
    "Expected three numbers": lambda a: right(a)[:2],
    "Expected a tuple": lambda a: right(a)[2],
    "(layer, head, share), but got": lambda a: ("0", 1, 0.2),
}


@pytest.mark.parametrize(("diagnosis", "function"), LINKS.items(), ids=range(len(LINKS)))
def test_wrong_heads(diagnosis, function):
    verdict = link(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def roll(function):
    return check("04.5", function, attention=ATTENTION)


def chain(layers, left=True):
    reached = np.eye(layers.shape[-1])
    for layer in layers:
        reached = layer @ reached if left else reached @ layer
    return reached


def mixed(weights, how=np.mean):
    return 0.5 * how(weights, axis=1) + 0.5 * np.eye(weights.shape[-1])


def every_step(weights):
    return np.stack([chain(mixed(weights)[: n + 1]) for n in range(len(weights))])


def test_rollout():
    assert roll(lambda weights: chain(mixed(weights))).outcome == "right"


def test_rollout_with_rows_brought_back_to_one_is_the_same():
    def normalised(weights):
        added = weights.mean(axis=1) + np.eye(weights.shape[-1])
        return chain(added / added.sum(axis=-1, keepdims=True))

    assert roll(normalised).outcome == "right"


def test_rollout_may_be_written_in_torch():
    import torch

    assert roll(lambda weights: torch.tensor(chain(mixed(weights)))).outcome == "right"


def test_rollout_is_that_of_the_package():
    assert np.allclose(chain(mixed(RANDOM)), ATTENTION.rollout().weights[-1, 0], atol=1e-5)


ROLLED = {
    "The tokens' own half is missing": lambda w: chain(w.mean(axis=1)),
    "nothing is halved": lambda w: chain(w.mean(axis=1) + np.eye(w.shape[-1])),
    "in the wrong order": lambda w: chain(mixed(w), left=False),
    "`*` multiplies number by number": lambda w: np.prod(mixed(w), axis=0),
    "The heads are summed": lambda w: chain(mixed(w, np.sum)),
    "the largest of the heads": lambda w: chain(mixed(w, np.max)),
    "This is the mean of the layers. They": lambda w: mixed(w).mean(axis=0),
    "without the tokens' own half": lambda w: w.mean(axis=(0, 1)),
    "the last layer alone": lambda w: mixed(w)[-1],
    "the first layer alone": lambda w: mixed(w)[0],
    "Layer 0 is there without": lambda w: chain(np.stack([w[0].mean(axis=0), *mixed(w)[1:]])),
    "Layer 0 is missing": lambda w: chain(mixed(w)[1:]),
    "The last layer is missing": lambda w: chain(mixed(w)[:-1]),
    "Rows and columns have changed": lambda w: chain(mixed(w)).T,
    "results after each layer": every_step,
    "The heads are still there": lambda w: w[-1],
    "a single row": lambda w: chain(mixed(w))[0],
    "its shape is (2,)": lambda w: np.zeros(2),
    "The rows should sum to 1": lambda w: 2 * chain(mixed(w)),
    "Every row sums to 1, as it should": lambda w: chain(mixed(w))[:, ::-1],
    "Expected an array": lambda w: chain(mixed(w)).tolist(),
    "Average over the heads first, axis 1": lambda w: w + np.ones((7, 7)),
}


@pytest.mark.parametrize(("diagnosis", "function"), ROLLED.items(), ids=range(len(ROLLED)))
def test_wrong_rollouts(diagnosis, function):
    verdict = roll(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_function_that_changes_its_argument_does_no_harm():
    before = RANDOM.copy()

    def destructive(weights):
        result = chain(mixed(weights))
        weights[:] = 0
        return result

    assert roll(destructive).outcome == "right"
    assert np.array_equal(RANDOM, before)
