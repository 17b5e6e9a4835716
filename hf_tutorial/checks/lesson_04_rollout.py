"""Checks of lesson 04, fifth part: attention followed through the layers."""

from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

_CLOSE = 1e-4
_SHAPES = ((3, 4, 5, 5), (2, 3, 6, 6), (4, 2, 3, 3))


@exercise("04.5", expects="the function `roll_out`")
def roll_out(answer: object, attention: Any) -> str:
    import numpy as np

    for seed, shape in enumerate(_SHAPES):
        weights = np.random.default_rng(seed).dirichlet(np.full(shape[-1], 0.3), shape[:-1]).astype(np.float32)
        _judge(answer, weights)
    _judge(answer, attention.weights)
    return "Mean of the heads, half of it and half of the token itself, one layer after the other."


def _judge(function: object, weights: Any) -> None:
    import numpy as np

    try:
        value = call(function, weights.copy(), given=f"weights of shape {weights.shape}")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(str(raised.error))}") from raised
    if not hasattr(value, "shape"):
        raise Wrong(f"Expected an array of shape (tokens, tokens), but got {shown(value)}.")
    found, right = np.asarray(value, dtype=np.float64), _rolled(weights)
    if found.shape != right.shape:
        raise Wrong(_why_not_shape(found.shape, weights.shape))
    if not np.allclose(found, right, atol=_CLOSE):
        raise Wrong(_why_not(found, weights))


def _why_failed(message: str) -> str:
    if "shapes" in message or "operands" in message or "mismatch" in message:
        return " Average over the heads first, axis 1. What is left is (layers, tokens, tokens)."
    return ""


def _why_not_shape(found: tuple[int, ...], shape: tuple[int, ...]) -> str:
    layers, heads, tokens, _ = shape
    if found == (layers, tokens, tokens):
        return "These are the results after each layer. Return the last, of shape (tokens, tokens)."
    if found in ((heads, tokens, tokens), (layers, heads, tokens, tokens)):
        return "The heads are still there. Average over them first, axis 1."
    if found == (tokens,):
        return "This is a single row. Return all of them, one for each token after the last layer."
    return f"Expected an array of shape {(tokens, tokens)}, but its shape is {found}."


def _rolled(weights: Any, own: float = 0.5, given: float = 0.5) -> Any:
    """Multiply the layers, `given` of the heads' mean plus `own` of the identity in each, the later ones on the left."""
    import numpy as np

    identity = np.eye(weights.shape[-1])
    reached = identity
    for layer in weights.astype(np.float64).mean(axis=1):
        reached = (given * layer + own * identity) @ reached
    return reached


def _why_not(found: Any, weights: Any) -> str:
    import numpy as np

    for reason, values in _mistakes(weights).items():
        if np.allclose(found, values, atol=_CLOSE):
            return reason
    sums = found.sum(axis=-1)
    if not np.allclose(sums, 1, atol=1e-3):
        return (
            f"The rows should sum to 1, but the first sums to {sums[0]:.3f}. In each layer, take half of the mean and half of "
            "the identity."
        )
    return "Every row sums to 1, as it should, but the numbers differ. Follow two layers of three tokens on paper."


def _mistakes(weights: Any) -> dict[str, Any]:
    """Return what comes out of each likely mistake."""
    import numpy as np

    exact = weights.astype(np.float64)
    identity = np.eye(exact.shape[-1])
    mixed = [0.5 * layer + 0.5 * identity for layer in exact.mean(axis=1)]
    summed = [0.5 * layer + 0.5 * identity for layer in exact.sum(axis=1)]
    best = [0.5 * layer + 0.5 * identity for layer in exact.max(axis=1)]
    return {
        "The tokens' own half is missing: the identity stands for what the residual connection carries past the layer.": (
            _rolled(weights, own=0, given=1)
        ),
        "The identity is added, but nothing is halved, so that the numbers double with each layer.": _rolled(
            weights, own=1, given=1
        ),
        "The layers are multiplied in the wrong order: layer 0 comes first, so each later layer stands to its *left*.": (
            _chain(mixed, later_left=False)
        ),
        "`*` multiplies number by number. To go through one layer after the other, use the matrix product `@`.": (
            np.prod(mixed, axis=0)
        ),
        "The heads are summed. Take their mean.": _chain(summed),
        "This takes the largest of the heads. Take their mean.": _chain(best),
        "This is the mean of the layers. They come one after the other: multiply them.": np.mean(mixed, axis=0),
        "This is the mean of the layers, without the tokens' own half. They come one after the other: multiply them.": (
            exact.mean(axis=(0, 1))
        ),
        "This is the last layer alone.": mixed[-1],
        "This is the first layer alone. Does the `return` stand inside the loop?": mixed[0],
        "Layer 0 is there without the token's own half: it has a residual connection, too. Begin with the identity.": (
            _chain([exact.mean(axis=1)[0], *mixed[1:]])
        ),
        "Layer 0 is missing.": _chain(mixed[1:]),
        "The last layer is missing.": _chain(mixed[:-1]),
        "Rows and columns have changed places: a row is a token after the last layer, a column a token of the input.": (
            _chain(mixed).T
        ),
    }


def _chain(layers: Any, later_left: bool = True) -> Any:
    import numpy as np

    reached = np.eye(len(layers[0]))
    for layer in layers:
        reached = layer @ reached if later_left else reached @ layer
    return reached
