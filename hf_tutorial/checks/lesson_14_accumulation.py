"""Checks of lesson 14, second part: a gradient that is accumulated over pieces of different size."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import same
from hf_tutorial.checks.verdict import Wrong

if TYPE_CHECKING:
    import torch

_SIZES = (4, 4, 2)
_EXACT = 1e-5

Piece = dict[str, "torch.Tensor"]


@exercise("14.2", expects="the function `accumulate`")
def accumulated_gradient(answer: object) -> str:
    model, pieces = _model(), _pieces()
    before = model.weight.detach().clone()
    _spoil(model)
    try:
        value = call(answer, model, pieces, given="model, pieces")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not same(model.weight, before, _EXACT):
        raise Wrong("The weights have moved. This function should only make the gradient; the step comes after it.")
    _judge_gradient(model.weight.grad, pieces)
    _judge_loss(number(value), value, pieces)
    return "The gradient of the whole batch, and its loss, from pieces of any size."


def _model() -> Any:
    """Return a model of one weight vector; `model(inputs=…, labels=…).loss` is a mean over the rows."""
    import torch

    class Line(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.tensor([0.5, -1.0, 0.25]))

        def forward(self, inputs: "torch.Tensor", labels: "torch.Tensor") -> SimpleNamespace:
            return SimpleNamespace(loss=((inputs @ self.weight - labels) ** 2).mean())

    return Line()


def _pieces() -> list[Piece]:
    import torch

    generator = torch.Generator().manual_seed(14)
    inputs = torch.randn(sum(_SIZES), 3, generator=generator)
    labels = torch.arange(1.0, 1.0 + sum(_SIZES))
    return [
        {"inputs": rows, "labels": targets}
        for rows, targets in zip(inputs.split(_SIZES), labels.split(_SIZES), strict=True)
    ]


def _spoil(model: Any) -> None:
    """Leave a gradient behind, as an earlier step would."""
    import torch

    model.weight.grad = torch.tensor([3.0, 2.0, 1.0])


def _why_failed(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return " A piece has the keys `inputs` and `labels`: hand it over as `model(**piece)`."
    if isinstance(error, RuntimeError) and "grad" in str(error):
        return " Is the forward pass inside `no_grad`, or the loss turned into a plain number too early?"
    return ""


def _gradient(weighted: list[tuple[Piece, float]], *, spoilt: bool = False) -> "torch.Tensor":
    """Return the sum of the pieces' gradients, each times its weight, on top of what `_spoil` left if `spoilt`."""
    model = _model()
    if spoilt:
        _spoil(model)
    for piece, weight in weighted:
        (model(**piece).loss * weight).backward()
    gradient: torch.Tensor = model.weight.grad
    return gradient


def _judge_gradient(found: "torch.Tensor | None", pieces: list[Piece]) -> None:
    if found is None:
        raise Wrong("There is no gradient: was `backward()` called, and `zero_grad()` only before it?")
    rows, count = sum(_SIZES), len(pieces)
    shares = [(piece, size / rows) for piece, size in zip(pieces, _SIZES, strict=True)]
    if same(found, _gradient(shares), _EXACT):
        return
    equal = [(piece, 1 / count) for piece in pieces]
    sums = [(piece, float(size)) for piece, size in zip(pieces, _SIZES, strict=True)]
    if any(same(found, _gradient([(pieces[-1], weight)]), _EXACT) for weight in (1 / count, _SIZES[-1] / rows, 1.0)):
        raise Wrong("Only the last piece is left: `zero_grad()` inside the loop throws away what the others added.")
    mistakes = {
        "Each piece counts the same, so a review of the short last piece counts twice as much as the others. Weight the "
        "pieces with their number of rows.": _gradient(equal),
        "The gradient is the sum of the pieces' means, and so about as many times too long as there are pieces. Each "
        "should count with its share of the rows.": _gradient([(piece, 1.0) for piece in pieces]),
        "The gradient is that of the *sum* over the rows. Divide by the number of all rows.": _gradient(sums),
        "The gradient of an earlier step is still in it. Call `zero_grad()` once, before the first piece.": _gradient(
            shares, spoilt=True
        ),
        "The gradient of an earlier step is still in it, and each piece counts the same. Call `zero_grad()` once, before "
        "the first piece, and weight the pieces with their number of rows.": _gradient(equal, spoilt=True),
        "It is weighted with the rows, but divided by the number of pieces. Divide by the number of all rows.": _gradient(
            [(piece, size / count) for piece, size in zip(pieces, _SIZES, strict=True)]
        ),
    }
    for reason, gradient in mistakes.items():
        if same(found, gradient, _EXACT):
            raise Wrong(reason)
    raise Wrong("The gradient is not that of the mean loss over all rows. Compare it with that of one whole batch.")


def _judge_loss(found: float | None, value: Any, pieces: list[Piece]) -> None:
    losses = [_model()(**piece).loss.item() for piece in pieces]
    right = sum(loss * size for loss, size in zip(losses, _SIZES, strict=True)) / sum(_SIZES)
    if found is None:
        raise Wrong(f"The gradient is right. The function should return the loss as a number, not {shown(value)}.")
    if getattr(value, "requires_grad", False):
        raise Wrong(
            "The gradient is right. But the loss that is returned is a tensor, which holds on to the graph of each piece that was "
            "added up in it. `.item()` takes the number out."
        )
    if abs(found - right) <= 1e-4 * right:
        return
    mistakes = {
        "it is the loss of the last piece.": losses[-1],
        "it is the mean of the pieces' means, where a short piece counts too much.": sum(losses) / len(losses),
        "it is the sum of the pieces' means.": sum(losses),
        "it is the sum over all rows.": right * sum(_SIZES),
        "it is the last piece's loss after weighting.": losses[-1] * _SIZES[-1] / sum(_SIZES),
    }
    for reason, loss in mistakes.items():
        if abs(found - loss) <= 1e-4 * loss:
            raise Wrong(f"The gradient is right. The loss is not that of the whole batch: {reason}")
    raise Wrong(
        f"The gradient is right. The loss of the whole batch is {right:.4f}, but the function returns {found:.4f}."
    )
