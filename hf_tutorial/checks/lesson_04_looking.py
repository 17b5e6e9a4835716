"""Checks of lesson 04, second part: the weights of a layer, and the hidden states that go into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hf_tutorial.checks.answers import items, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import same
from hf_tutorial.checks.verdict import Wrong

_TEXT = "A dull film, and such a long one."


@exercise("04.2", expects="the function `look_into`")
def look_into(answer: object, model: Any, tokenizer: Any) -> str:
    for layer in (model.config.num_hidden_layers - 1, 0):
        _judge(answer, model, tokenizer, layer, training=False)
    other = tiny("DistilBertModel", vocab_size=len(tokenizer), n_layers=4, dropout=0.3, attention_dropout=0.3)
    try:
        _judge(answer, other, tokenizer, 2, training=True)
    except Wrong as reason:
        raise Wrong(f"Right for your model, but not for a small one that comes in training mode: {reason}") from reason
    return "The weights of this very layer, and the hidden states that it works on."


def _judge(function: object, model: Any, tokenizer: Any, layer: int, training: bool) -> None:
    with _borrowed(model):
        attentions, hidden = _truth(model, tokenizer)
        model.set_attn_implementation("sdpa")
        model.train(training)
        weights, states = _read(function, model, tokenizer, layer)
    _judge_form(weights, states, attentions[layer][0], hidden[layer][0])
    _judge_weights(weights, attentions, layer)
    _judge_states(states, hidden, layer)
    if weights.requires_grad or states.requires_grad:
        raise Wrong("The numbers are right, but a graph was recorded: to look, nothing needs gradients.")


@contextmanager
def _borrowed(model: Any) -> Iterator[None]:
    """Give the model back with the attention implementation and the modes that it has now."""
    implementation, modes = (
        model.config._attn_implementation,
        [(module, module.training) for module in model.modules()],
    )
    try:
        yield
    finally:
        model.set_attn_implementation(implementation)
        for module, mode in modes:
            module.training = mode


def _truth(model: Any, tokenizer: Any) -> tuple[Any, Any]:
    import torch

    model.set_attn_implementation("eager")
    model.eval()
    with torch.no_grad():
        outputs = model(
            **tokenizer(_TEXT, return_tensors="pt").to(model.device), output_attentions=True, output_hidden_states=True
        )
    return outputs.attentions, outputs.hidden_states


def _read(function: object, model: Any, tokenizer: Any, layer: int) -> tuple[Any, Any]:
    """Return the two tensors that the function returns, or say what is wrong with their form."""
    try:
        pair = call(function, model, tokenizer, _TEXT, layer, given=f"model, tokenizer, text, {layer}")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(str(raised.error))}") from raised
    found = items(pair, "two things, the weights and the hidden states")
    if len(found) != 2:
        raise Wrong(f"Expected two things, the weights and the hidden states, but got {len(found)}.")
    return _tensor(found[0]), _tensor(found[1])


def _why_failed(message: str) -> str:
    if "tuple index out of range" in message:
        return " `attentions` is empty: the model computes with sdpa. `model.set_attn_implementation` makes it eager."
    if "out of bounds for dimension 0" in message:
        return " The layer is no dimension of the tensor: `attentions` is a tuple of layers, and index 0 of each is the text."
    return ""


def _tensor(value: Any) -> Any:
    import torch

    if isinstance(value, (tuple, list)) or not hasattr(value, "shape"):
        raise Wrong(f"Expected a tensor for one layer, but got {shown(value)}.")
    return torch.as_tensor(value)


def _judge_form(weights: Any, states: Any, right_weights: Any, right_states: Any) -> None:
    if (weights.shape, states.shape) == (right_weights.shape, right_states.shape):
        return
    if (weights.shape, states.shape) == (right_states.shape, right_weights.shape):
        raise Wrong("The two are the wrong way round: first the weights, then the hidden states.")
    for name, found, right in (("weights", weights, right_weights), ("hidden states", states, right_states)):
        if found.shape == (1, *right.shape):
            raise Wrong(f"The {name} still have the batch in front: there is one text, so take its index 0.")
        if name == "weights" and found.shape == right.shape[1:]:
            raise Wrong("The weights are those of a single head. `attentions[layer]` is (batch, heads, query, key).")
        if found.shape != right.shape:
            raise Wrong(f"The {name} should have the shape {tuple(right.shape)}, but have {tuple(found.shape)}.")


def _judge_weights(weights: Any, attentions: Any, layer: int) -> None:
    import torch

    if same(weights, attentions[layer][0]):
        return
    for other, right in enumerate(attentions):
        if same(weights, right[0]):
            raise Wrong(f"For layer {layer}, these are the weights of layer {other}. Layers are counted from 0.")
    if not same(weights.sum(dim=-1), torch.ones(weights.shape[:-1])):
        raise Wrong("The rows of the weights do not sum to 1: dropout was on. `model.eval()` switches it off.")
    raise Wrong("The weights are not those of the layer. Are they taken from `outputs.attentions`?")


def _judge_states(states: Any, hidden: Any, layer: int) -> None:
    if same(states, hidden[layer][0]):
        return
    if same(states, hidden[layer + 1][0]):
        raise Wrong(
            f"For layer {layer}, these hidden states come *out* of it. `hidden_states` begins with the embeddings, which go "
            "into layer 0: entry n goes into layer n."
        )
    for other, right in enumerate(hidden):
        if same(states, right[0]):
            raise Wrong(f"For layer {layer}, this is entry {other} of `hidden_states`. Entry n goes into layer n.")
    raise Wrong("The hidden states are not those that go into the layer. Is the model in eval mode?")
