"""Checks of lesson 04, third part: the weights of one head from the layer's own queries and keys."""

from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import Wrong

_CLOSE = 1e-4


@exercise("04.3", expects="the function `head_weights`")
def head_weights(answer: object, model: Any) -> str:
    import torch

    generator = torch.Generator().manual_seed(0)
    for number, one in enumerate((model, _small(generator))):
        states = torch.randn(1, 5, one.config.hidden_size, generator=generator)
        for layer, head in ((1, 1), (0, 0)):
            try:
                _judge(answer, one, states.to(one.device), layer, head)
            except Wrong as reason:
                extra = (
                    "Right for your model, but not for another one that is passed in. (Are heads and width taken from "
                    "`model.config`?) "
                )
                raise Wrong(f"{extra if number else ''}{reason}") from reason
    return "Query times key, by the root of the head's width, softmax over the keys: nothing else is in the map."


def _small(generator: Any) -> Any:
    """Return a model in which no mistake looks like another: large weights, biases, and fewer heads than their width."""
    import torch

    model: Any = tiny("DistilBertModel", n_heads=2, dim=12, n_layers=3, initializer_range=0.7)
    for layer in model.transformer.layer:
        for part in (layer.attention.q_lin, layer.attention.k_lin):
            part.bias.data = torch.randn(part.bias.shape, generator=generator)
    return model


def _judge(function: object, model: Any, states: Any, layer: int, head: int) -> None:
    try:
        found = call(function, model, states, layer, head, given=f"model, states, {layer}, {head}")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(str(raised.error))}") from raised
    if not is_tensor(found):
        raise Wrong(f"Expected a tensor of shape (tokens, tokens), but got {shown(found)}.")
    tokens, heads = states.shape[1], model.config.num_attention_heads
    if tuple(found.shape) != (tokens, tokens):
        raise Wrong(_why_not_shape(tuple(found.shape), tokens, heads, model.config.hidden_size // heads))
    right = _weights(_Parts(model, states, layer), head)
    if same(found, right, _CLOSE):
        return
    raise Wrong(f"For layer {layer}, head {head}: {_why_not(found, model, states, layer, head)}")


def _why_failed(message: str) -> str:
    if "Dimension out of range" in message:
        return " Which dimensions has the tensor at this place?"
    if "cannot be multiplied" in message or "must match" in message or "Expected size" in message:
        return " Print the shapes of both: the second needs its last two dimensions turned round, `.transpose(-2, -1)`."
    if "has no attribute" in message:
        return " `print(model)` shows what its parts are called."
    return ""


def _why_not_shape(found: tuple[int, ...], tokens: int, heads: int, width: int) -> str:
    if found in ((heads, tokens, tokens), (1, heads, tokens, tokens)):
        return "These are all heads of the layer. One is asked for: take its index, and that of the only text."
    if found == (1, tokens, tokens):
        return "The batch is still there: there is one text, so take its index 0."
    if found in ((tokens, width), (1, tokens, width)):
        return "This is a vector for each token, not a weight for each pair of tokens."
    if found in ((width, width), (1, width, width)):
        return "The sum ran over the tokens. A score is the product of a query and a key, summed over the head's width."
    return f"Expected the shape {(tokens, tokens)}, one row for each query token, but got {found}."


class _Parts:
    """The queries, keys and values of all heads of a layer, each (heads, tokens, width)."""

    def __init__(self, model: Any, states: Any, layer: int) -> None:
        import torch

        self.heads, self.width = (
            model.config.num_attention_heads,
            model.config.hidden_size // model.config.num_attention_heads,
        )
        attention = model.transformer.layer[layer].attention
        with torch.no_grad():
            self.flat = {name: getattr(attention, f"{name}_lin")(states)[0] for name in ("q", "k", "v")}
            self.bare = {
                name: states[0] @ getattr(attention, f"{name}_lin").weight.T.to(states.dtype) for name in ("q", "k")
            }

    def split(self, flat: Any) -> Any:
        return flat.view(len(flat), self.heads, self.width).transpose(0, 1)

    def scores(self, first: str = "q", second: str = "k") -> Any:
        return self.split(self.flat[first]) @ self.split(self.flat[second]).transpose(-2, -1)


def _weights(parts: _Parts, head: int) -> Any:
    return (parts.scores()[head] / parts.width**0.5).softmax(dim=-1)


def _why_not(found: Any, model: Any, states: Any, layer: int, head: int) -> str:
    parts = _Parts(model, states, layer)
    for reason, values in _mistakes(parts, head).items():
        if same(found, values, _CLOSE):
            return reason
    for other in range(parts.heads):
        if same(found, _weights(parts, other), _CLOSE):
            return f"these are the weights of head {other}."
    for other in range(model.config.num_hidden_layers):
        if same(found, _weights(_Parts(model, states, other), head), _CLOSE):
            return f"these are the weights of layer {other}. Does the function use `layer`?"
    if bool((abs(found.sum(dim=-1) - 1) > _CLOSE).any()):
        return "the rows do not sum to 1. What turns a row of scores into weights?"
    return (
        f"row 0 begins with {found[0, 0]:.3f}, and should with {_weights(parts, head)[0, 0]:.3f}. Compare each step with "
        "the lesson's: queries, keys, split, scores, root, softmax."
    )


def _mistakes(parts: _Parts, head: int) -> dict[str, Any]:
    """Return what comes out of each likely mistake."""
    scores, root = parts.scores()[head], parts.width**0.5
    hidden = parts.heads * parts.width
    unsplit = {name: values.reshape(parts.heads, -1, parts.width) for name, values in parts.flat.items()}
    comb = {name: values.view(len(values), parts.width, parts.heads)[..., head] for name, values in parts.flat.items()}
    bare = {name: parts.split(values)[head] for name, values in parts.bare.items()}
    whole = parts.flat["q"] @ parts.flat["k"].T
    return {
        "the scores are not divided by the root of the head's width.": scores.softmax(dim=-1),
        "the scores are divided by the root of the whole hidden width. A score is a sum over the width of one *head*.": (
            scores / hidden**0.5
        ).softmax(dim=-1),
        "the scores are divided by the width itself, and not by its root.": (scores / parts.width).softmax(dim=-1),
        "the scores are multiplied by the root. Dividing keeps them small.": (scores * root).softmax(dim=-1),
        "the root is taken of the number of heads. It is the *width* of a head that makes scores large.": (
            scores / parts.heads**0.5
        ).softmax(dim=-1),
        "softmax ran over the queries: each *column* sums to 1. It is the keys that share out a query's attention.": (
            scores / root
        ).softmax(dim=0),
        "query and key have changed places: rows are the queries, so it is query times key turned round.": (
            scores.T / root
        ).softmax(dim=-1),
        "these are scores. Softmax is still missing.": scores / root,
        "these are scores, not divided by the root, and softmax is still missing.": scores,
        "softmax was applied twice.": (scores / root).softmax(dim=-1).softmax(dim=-1),
        "the heads were split with `view` alone, so that tokens and heads are mixed up. First (tokens, heads, width), then "
        "`transpose` brings the heads to the front.": (unsplit["q"][head] @ unsplit["k"][head].T / root).softmax(
            dim=-1
        ),
        "the numbers of a head stand side by side: split into (heads, width), not into (width, heads).": (
            comb["q"] @ comb["k"].T / root
        ).softmax(dim=-1),
        "only the weight matrices were used. `q_lin` and `k_lin` also add a bias: call them as functions.": (
            bare["q"] @ bare["k"].T / root
        ).softmax(dim=-1),
        "the heads were not split: this is what a single head over the whole width would do.": (
            whole / hidden**0.5
        ).softmax(dim=-1),
        "the heads were not split: the sum runs over the whole width.": (whole / root).softmax(dim=-1),
        "the values were taken in place of the keys.": (parts.scores("q", "v")[head] / root).softmax(dim=-1),
        "the queries were taken twice. The keys come from `k_lin`.": (parts.scores("q", "q")[head] / root).softmax(
            dim=-1
        ),
        "the keys were taken twice. The queries come from `q_lin`.": (parts.scores("k", "k")[head] / root).softmax(
            dim=-1
        ),
        "this is the mean of all heads.": (parts.scores() / root).softmax(dim=-1).mean(dim=0),
    }
