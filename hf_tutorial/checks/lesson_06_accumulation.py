"""Checks of lesson 06, fourth part: one step from several pieces that equals the step of the whole batch."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Piece = dict[str, Any]

_SIZES = (4, 3, 1)
_CLOSE = 1e-4


@exercise("06.4", expects="the function `accumulated_step`")
def accumulating(answer: object) -> str:
    model = tiny("DistilBertForSequenceClassification", dropout=0.0, attention_dropout=0.0, seq_classif_dropout=0.0)
    pieces = _pieces()
    for turn in range(2):
        before, gradients, losses = _weights(model), _gradients(deepcopy(model), pieces), _losses(model, pieces)
        events = Events()
        found = _run(answer, model, pieces, events)
        _judge_events(events)
        _judge_move(before - _weights(model), gradients, first=turn == 0)
        _judge_loss(found, losses)
    if any(weight.grad is not None and bool(weight.grad.any()) for weight in model.parameters()):
        raise Wrong(
            "The step is right, but it leaves its gradients behind. Clear them after the step, not only before."
        )
    return "One step, the same as that of the whole batch, and never more than one piece's graph in memory."


def _pieces() -> list[Piece]:
    import torch

    generator = torch.Generator().manual_seed(0)
    pieces = []
    for size in _SIZES:
        ids = torch.randint(5, 50, (size, 6), generator=generator)
        labels = torch.randint(2, (size,), generator=generator)
        pieces.append({"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": labels})
    return pieces


def _weights(model: Any) -> Any:
    """Return a copy of all weights, in one row."""
    import torch

    return torch.cat([weight.detach().flatten() for weight in model.parameters()])


def _gradients(model: Any, pieces: list[Piece]) -> list[Any]:
    """Return the gradient of each piece's mean loss, in one row; the model's own gradients are lost."""
    import torch

    rows = []
    for piece in pieces:
        model.zero_grad()
        model(**piece).loss.backward()
        gradients = [torch.zeros_like(w) if w.grad is None else w.grad for w in model.parameters()]
        rows.append(torch.cat([gradient.flatten() for gradient in gradients]))
    return rows


def _losses(model: Any, pieces: list[Piece]) -> list[float]:
    import torch

    with torch.no_grad():
        return [model(**piece).loss.item() for piece in pieces]


@dataclass
class Events:
    """What happened, in order: "forward" and "backward"; how many texts went through at once; how many steps were taken."""

    order: list[str] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    steps: int = 0


def _run(function: object, model: Any, pieces: list[Piece], events: Events) -> object:
    import torch

    def forward(_: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        events.order.append("forward")
        events.texts.append(len(arguments[0] if arguments else named["input_ids"]))

    class Counting(torch.optim.SGD):
        def step(self, *arguments: Any, **named: Any) -> Any:
            events.steps += 1
            return super().step(*arguments, **named)

    weight = next(model.classifier.parameters())
    handles = [
        model.register_forward_pre_hook(forward, with_kwargs=True),
        weight.register_post_accumulate_grad_hook(lambda _: events.order.append("backward")),
    ]
    try:
        return call(function, model, Counting(model.parameters(), lr=1.0), pieces, given="model, optimizer, pieces")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    finally:
        for handle in handles:
            handle.remove()


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if "second time" in message or "inplace operation" in message:
        return " Each piece has a graph of its own: call `backward()` on its loss inside the loop, before any step."
    if isinstance(error, AttributeError) and "'float'" in message:
        return " `.item()` makes a plain number of the loss, and numbers have no `backward()`."
    return ""


def _judge_events(events: Events) -> None:
    if not events.order:
        raise Wrong("The model that was handed in is never called. Does the function take another one from outside?")
    if max(events.texts) > max(_SIZES):
        raise Wrong(
            "The pieces were put together again: that is the large batch itself, which was said not to fit into memory."
        )
    if "backward" not in events.order:
        raise Wrong("`backward()` is never called, so that there are no gradients for the step.")
    if not events.steps:
        raise Wrong("The optimiser takes no step.")
    if events.steps > 1:
        raise Wrong(
            f"The optimiser takes {events.steps} steps. Then every piece is a small batch of its own. Gradients add up by "
            "themselves; one step at the end uses them."
        )
    if events.order.index("backward") >= len(_SIZES):
        raise Wrong(
            "All pieces go through the model before the first `backward()`: their graphs lie in memory together, as those of the "
            "large batch would. Call `backward()` for each piece; gradients add up by themselves."
        )


def _judge_move(move: Any, gradients: list[Any], first: bool) -> None:
    weights = [size / sum(_SIZES) for size in _SIZES]
    right = sum(share * gradient for share, gradient in zip(weights, gradients, strict=True))
    if _same(move, right):
        return
    if not first:
        raise Wrong(
            "The first call is right and the second is not: the gradients of the first still lie there. When are they cleared?"
        )
    for wrong, reason in _mistakes(gradients, weights):
        if _same(move, wrong):
            raise Wrong(reason)
    raise Wrong(
        "The weights do not move as they do for the whole batch. What share of all texts does each piece have, and by what must "
        "its loss be multiplied?"
    )


def _same(first: Any, second: Any) -> bool:
    return bool((first - second).norm() <= _CLOSE * second.norm())


def _mistakes(gradients: list[Any], weights: list[float]) -> list[tuple[Any, str]]:
    """Return how the weights move after each likely mistake."""
    count, last = len(gradients), gradients[-1]
    by_number = sum(size * gradient for size, gradient in zip(_SIZES, gradients, strict=True))
    sums = (
        "The gradients of the pieces are added up as they are. Each is that of a *mean*, so the sum is too long, here by about "
        f"{count} times."
    )
    only_last = "Only the last piece counts: `zero_grad()` inside the loop clears what the others have left."
    return [
        (sum(gradients), sums),
        (
            sum(gradients) / count,
            "Every piece counts the same. But the pieces are not equally large: weigh each with its share of the texts.",
        ),
        (
            by_number,
            "Each loss is multiplied by the number of its texts, but nothing is divided by the number of all texts.",
        ),
        *((factor * last, only_last) for factor in (1.0, weights[-1], 1 / count, float(_SIZES[-1]))),
    ]


def _judge_loss(value: object, losses: list[float]) -> None:
    found = number(value)
    if found is None:
        raise Wrong(f"The step is right. Return the loss as a number, not {shown(value)}.")
    if getattr(value, "requires_grad", False):
        raise Wrong(
            "The step is right. But the loss that is returned is a tensor, and was added up as one, so that it holds on to the graph "
            "of each piece. `.item()` takes the number out."
        )
    right = sum(size * loss for size, loss in zip(_SIZES, losses, strict=True)) / sum(_SIZES)
    mistakes = {
        "it is the plain mean of the pieces' losses. The pieces are not equally large.": sum(losses) / len(losses),
        "it is the sum of the pieces' losses.": sum(losses),
        "it is the loss of the last piece alone.": losses[-1],
        "it is the last piece's share alone. Add up all of them.": losses[-1] * _SIZES[-1] / sum(_SIZES),
    }
    if abs(found - right) < _CLOSE:
        return
    for reason, wrong in mistakes.items():
        if abs(found - wrong) < _CLOSE:
            raise Wrong(f"The step is right. Of the loss that is returned: {reason}")
    raise Wrong(f"The step is right. The loss of the whole batch is {right:.4f}, but {found:.4f} is returned.")
