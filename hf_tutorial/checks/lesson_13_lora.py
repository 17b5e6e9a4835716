"""Checks of lesson 13, fourth part: a linear layer with a low-rank correction, and the layer that it merges into."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call, is_stub
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import NotDone, Wrong

if TYPE_CHECKING:
    import torch

# Four different sizes, so that a matrix that stands the wrong way round does not fit.
_IN, _OUT, _R, _ALPHA = 7, 5, 2, 8
_CLOSE = 1e-4


@exercise("13.4", expects="the class `LoRALinear`")
def lora_by_hand(answer: object) -> str:
    if not isinstance(answer, type):
        raise Wrong(f"Hand over the class itself, without calling it; got {shown(answer)}.")
    if any(is_stub(getattr(answer, name, None)) for name in ("__init__", "forward", "merge")):
        raise NotDone("`__init__`, `forward` and `merge` are not all there yet: write them, and run this cell again.")
    for bias in (True, False):
        with _own_dice():
            _judge(answer, bias)
    return "Nothing changes at the start, only A and B learn, and one plain layer says the same in the end."


@contextmanager
def _own_dice() -> Iterator[None]:
    """Leave the student's random numbers as they are."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(13)
        yield


def _judge(kind: type, bias: bool) -> None:
    import torch

    linear = torch.nn.Linear(_IN, _OUT, bias=bias)
    before, inputs = deepcopy(linear), torch.randn(2, 3, _IN)
    layer = _made(kind, linear)
    _judge_start(_output(layer, inputs), before, inputs)
    small = _judge_parameters(layer, before)
    _judge_gradients(layer, before, inputs, small)
    _fill(small)
    correction = small[1].detach() @ small[0].detach()
    _judge_forward(_output(layer, inputs), before, inputs, correction)
    _judge_merged(layer, before, inputs, correction)


def _made(kind: type, linear: Any) -> Any:
    import torch

    given = f"nn.Linear({_IN}, {_OUT}), {_R}, {_ALPHA}"
    try:
        layer = call(kind, linear, _R, _ALPHA, given=given)
    except Raised as raised:
        reason = (
            " Begin `__init__` with `super().__init__()`, before anything is put into `self`."
            if "Module.__init__() call" in str(raised.error)
            else ""
        )
        raise Wrong(f"{raised}.{reason}") from raised
    if not isinstance(layer, torch.nn.Module):
        raise Wrong("The class should be a module: `class LoRALinear(nn.Module)`.")
    return layer


def _output(layer: Any, inputs: "torch.Tensor") -> "torch.Tensor":
    try:
        value = call(layer, inputs, given=f"inputs of shape {tuple(inputs.shape)}")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not is_tensor(value) or tuple(value.shape) != (2, 3, _OUT):
        raise Wrong(
            f"For inputs of shape (2, 3, {_IN}) the outputs should have (2, 3, {_OUT}), but it is {shown(value)}."
        )
    output: torch.Tensor = value
    return output


def _why_failed(error: BaseException) -> str:
    if isinstance(error, RuntimeError) and "shape" in str(error):
        return " A is (r, in) and B is (out, r): `inputs @ A.T @ B.T` goes from in to r, and from r to out."
    return ""


def _judge_start(output: Any, linear: Any, inputs: Any) -> None:
    if same(output, linear(inputs), _CLOSE):
        return
    if same(output, output * 0, _CLOSE):
        raise Wrong("At the start all outputs are 0. The correction is 0 then, but the frozen layer still speaks.")
    if linear.bias is not None and same(output, linear(inputs) - linear.bias, _CLOSE):
        raise Wrong("The bias is lost: use the frozen layer itself, `self.linear(inputs)`, and not only its weight.")
    raise Wrong(
        "At the start the outputs should be those of the layer that was passed, since B is zero. They are not: training would "
        "begin with a damaged model."
    )


def _judge_parameters(layer: Any, linear: Any) -> tuple[Any, Any]:
    """Return A as (r, in) and B as (out, r), or say what is trained instead."""
    trained = {name: one for name, one in layer.named_parameters() if one.requires_grad}
    if not trained:
        raise Wrong(
            "Nothing can be trained: `layer.parameters()` finds no A and no B. A tensor in `self` becomes a parameter by "
            "`nn.Parameter(…)`."
        )
    for name, one in trained.items():
        if any(same(one, frozen, _CLOSE) for frozen in linear.parameters()):
            raise Wrong(
                f"`{name}` is trained too. Of the layer that was passed nothing may learn: `requires_grad_(False)` on all of "
                "its parameters."
            )
        if one.ndim == 1:
            raise Wrong(f"`{name}` is trained too. The two small matrices need no bias of their own.")
    down = [one for one in trained.values() if tuple(one.shape) == (_R, _IN)]
    up = [one for one in trained.values() if tuple(one.shape) == (_OUT, _R)]
    if len(trained) != 2 or not down or not up:
        shapes = " and ".join(str(tuple(one.shape)) for one in trained.values())
        alone = " Is the other one a tensor, and no `nn.Parameter`?" if len(trained) == 1 else ""
        raise Wrong(
            f"Two matrices should be trained, A of shape ({_R}, {_IN}), (r, in), and B of shape ({_OUT}, {_R}), (out, r). "
            f"Found: {shapes}.{alone}"
        )
    return down[0], up[0]


def _judge_gradients(layer: Any, linear: Any, inputs: Any, small: tuple[Any, Any]) -> None:
    down, up = (one.detach() for one in small)
    if not bool(up.any()) and not bool(down.any()):
        raise Wrong(
            "A and B are both zero. Then the gradient of each is zero too, since it is multiplied with the other: nothing would "
            "ever move. Only B begins at zero; A is random."
        )
    if not bool(down.any()):
        raise Wrong(
            "A is zero and B is random. That can learn too, but here it is as in LoRA itself: A random, B zero."
        )
    if same(down, down[:1].expand_as(down), _CLOSE):
        raise Wrong(
            "All rows of A are the same. They would stay so, and r directions would learn what one can. Begin with random numbers."
        )
    output = _output(layer, inputs)
    if output.requires_grad:
        output.square().sum().backward()
    if all(one.grad is None or not bool(one.grad.any()) for one in small):
        raise Wrong(
            "Neither A nor B gets a gradient. Is the correction computed under `no_grad`, or from a `.detach()`?"
        )


def _fill(small: tuple[Any, Any]) -> None:
    import torch

    with torch.no_grad():
        for one in small:
            one.copy_(torch.randn(one.shape))


def _judge_forward(output: Any, linear: Any, inputs: Any, correction: Any) -> None:
    plain, added = linear(inputs), inputs @ correction.T
    if same(output, plain + _ALPHA / _R * added, _CLOSE):
        return
    for reason, value in {
        "The scaling is missing: multiply the correction by alpha / r.": plain + added,
        "The correction is multiplied by alpha alone. Divide by r as well.": plain + _ALPHA * added,
        "The scaling is upside down: it is alpha / r, not r / alpha.": plain + _R / _ALPHA * added,
        "The scaling is alpha / √r, which others call rank-stabilised. Here it is alpha / r.": plain
        + _ALPHA / _R**0.5 * added,
        "The correction is never added: `forward` gives the frozen layer's outputs, whatever A and B hold.": plain,
        "The frozen layer is missing in the outputs.": _ALPHA / _R * added,
        "The scaling multiplies the frozen layer's outputs too. Only the correction is scaled.": _ALPHA
        / _R
        * (plain + added),
        "The correction is taken off instead of added.": plain - _ALPHA / _R * added,
    }.items():
        if same(output, value, _CLOSE):
            raise Wrong(reason)
    raise Wrong(
        "With other numbers in A and B the outputs should be `linear(inputs) + alpha / r * inputs @ A.T @ B.T`."
    )


def _judge_merged(layer: Any, linear: Any, inputs: Any, correction: Any) -> None:
    import torch

    before = layer(inputs).detach()
    merged = _merged(layer)
    if type(merged) is not torch.nn.Linear:
        raise Wrong(f"`merge` should return a plain `nn.Linear`, but returns {shown(merged)}.")
    if (merged.bias is None) != (linear.bias is None):
        raise Wrong("The merged layer should have a bias if the frozen one has it, and else `bias=False`.")
    if not same(merged(inputs), before, _CLOSE):
        raise Wrong(f"The merged layer gives other outputs. {_why_not_merged(merged, linear, correction)}")
    if not same(layer(inputs), before, _CLOSE):
        raise Wrong(
            "After `merge` the module itself gives other outputs: the frozen weight was changed in place, and the correction is "
            "added once more. Make a new layer."
        )


def _merged(layer: Any) -> Any:
    try:
        return call(layer.merge, given="")
    except Raised as raised:
        reason = ""
        if isinstance(raised.error, RuntimeError) and ("size" in str(raised.error) or "shapes" in str(raised.error)):
            reason = " The weight of a linear layer is (out, in), and so is B @ A."
        elif isinstance(raised.error, RuntimeError) and "leaf Variable" in str(raised.error):
            reason = " What is a parameter may be written only under `torch.no_grad()`."
        raise Wrong(f"{raised}.{reason}") from raised


def _why_not_merged(merged: Any, linear: Any, correction: Any) -> str:
    weight = linear.weight
    if same(merged.weight, weight, _CLOSE):
        return "Its weight is the frozen one, without the correction."
    if same(merged.weight, weight + correction, _CLOSE):
        return "The scaling alpha / r is missing in its weight."
    if same(merged.weight, _ALPHA / _R * correction, _CLOSE):
        return "Its weight is the correction alone, without the frozen weight."
    if same(merged.weight, weight + _ALPHA / _R * correction, _CLOSE):
        return "Its weight is right, but its bias is not the frozen one: a new layer begins with a random bias."
    return "Its weight should be the frozen one plus alpha / r * B @ A."
