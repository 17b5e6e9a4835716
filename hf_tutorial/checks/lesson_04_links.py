"""Checks of lesson 04, fourth part: the head that links the mentions of a word."""

from typing import Any

from hf_tutorial.checks.answers import items, number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_CLOSE = 1e-4


@exercise("04.4", expects="the function `linking_head`")
def linking_head(answer: object, attention: Any) -> str:
    for seed, tokens in enumerate(("a b a c", "the dog saw the other dog and the cat", "x y z x")):
        _judge(answer, _random(tokens.split(), seed))
    _judge(answer, attention)
    best, share = _best(attention)
    return f"Head {best[1]} of layer {best[0]} gives {share:.2f} to the other mentions, and you found it by computing."


def _random(tokens: list[str], seed: int) -> Any:
    """Return random attention over these tokens, 3 layers with 4 heads."""
    import numpy as np

    from hf_tutorial.attention.labels import plain_labels
    from hf_tutorial.attention.weights import Attention

    weights = np.random.default_rng(seed).dirichlet(np.full(len(tokens), 0.3), (3, 4, len(tokens)))
    labels = plain_labels(tokens)
    return Attention(weights.astype(np.float32), labels, labels, "self", (0, 1, 2), (0, 1, 2, 3))


def _judge(function: object, attention: Any) -> None:
    text = " ".join(attention.query_tokens)
    try:
        value = call(function, attention, given="attention")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(str(raised.error))}") from raised
    found = items(value, "a tuple (layer, head, share)")
    if len(found) != 3:
        raise Wrong(f"Expected three numbers, (layer, head, share), but got {len(found)}.")
    layer, head, share = (number(one) for one in found)
    if layer is None or head is None or share is None:
        raise Wrong(f"Expected three numbers, (layer, head, share), but got {shown(found)}.")
    place, right = _best(attention)
    if (layer, head) == place and abs(share - right) < _CLOSE:
        return
    raise Wrong(f"For the tokens “{text}”: {_why_not((layer, head), share, attention)}")


def _why_failed(message: str) -> str:
    if "broadcast" in message or "boolean index did not match" in message:
        return (
            " Are the tokens those of the attention that is passed in, `attention.query_tokens`, special ones included?"
        )
    return ""


def _best(attention: Any) -> tuple[tuple[int, int], float]:
    return _largest(_shares(attention.weights, _others(attention)))


def _others(attention: Any) -> Any:
    """Return a matrix that is True where query and key are the same token at different places."""
    import numpy as np

    tokens = np.array(attention.query_tokens)
    return (tokens[:, None] == tokens[None, :]) & ~np.eye(len(tokens), dtype=bool)


def _shares(weights: Any, others: Any) -> Any:
    """Return for each head the mean weight on other mentions, over those tokens that have one."""
    return (weights * others).sum(axis=-1)[..., others.any(axis=-1)].mean(axis=-1)


def _largest(shares: Any) -> tuple[tuple[int, int], float]:
    layer, head = divmod(int(shares.argmax()), shares.shape[1])
    return (layer, head), float(shares[layer, head])


def _why_not(found: tuple[float, float], share: float, attention: Any) -> str:
    place, right = _best(attention)
    if found == place[::-1] and found != place and abs(share - right) < _CLOSE:
        return "the right head, but layer and head are the wrong way round: the layer comes first."
    heads = attention.weights.shape[1]
    if found[1] >= heads:
        return (
            f"there is no head {found[1]:.0f}: a layer has {heads}. `argmax` counts through all layers and heads; "
            "`np.unravel_index(shares.argmax(), shares.shape)` makes layer and head of it."
        )
    for reason, shares in _mistakes(attention).items():
        wrong_place, wrong_share = _largest(shares)
        if found == wrong_place and abs(share - wrong_share) < _CLOSE:
            return reason
    if found == place:
        return (
            f"the head is right, but its share is {right:.3f}, the mean over those tokens that have another mention, and not "
            f"{share:.3f}."
        )
    return f"layer {found[0]:.0f}, head {found[1]:.0f} is not the head with the largest share. Print the shares of all heads."


def _mistakes(attention: Any) -> dict[str, Any]:
    """Return the shares that come out of each likely mistake, (layers, heads)."""
    import numpy as np

    weights, others = attention.weights, _others(attention)
    onto = (weights * others).sum(axis=-1)
    with_itself = others | np.eye(len(others), dtype=bool)
    return {
        "a token's weight on itself is counted too. Only *other* mentions count: leave out the diagonal.": _shares(
            weights, with_itself & others.any(axis=-1, keepdims=True)
        ),
        "a token's weight on itself is counted too, for all tokens. Only *other* mentions count: leave out the diagonal.": (
            weights * with_itself
        )
        .sum(axis=-1)
        .mean(axis=-1),
        "the mean runs over all tokens. Those that occur once have no other mention: leave them out.": onto.mean(
            axis=-1
        ),
        "this is a sum over the tokens, and no mean.": onto.sum(axis=-1),
        "the mean runs over pairs. A token with two other mentions gives its weight to both: add them up first.": (
            weights[..., others].mean(axis=-1)
        ),
        "this is the largest single weight. Asked for is the mean over the tokens.": (weights * others).max(
            axis=(-2, -1)
        ),
    }
