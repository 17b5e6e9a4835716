"""Checks of lesson 03, third part: cross-entropy by hand, also for logits that overflow."""

import math
from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong
from hf_tutorial.checks.watching import called_functions

_CLOSE = 1e-3
_ROUNDS = 40


@exercise("03.3", expects="the function `cross_entropy`")
def cross_entropy_by_hand(answer: object) -> str:
    import torch

    generator = torch.Generator().manual_seed(0)
    for turn in range(_ROUNDS):
        rows, columns = 5 + turn % 4, 2 + (turn + 1) % 3
        logits = 3 * torch.randn(rows, columns, generator=generator)
        labels = torch.randint(columns, (rows,), generator=generator)
        _judge(answer, logits, labels, _why_not)
    for scale, what in _EXTREMES:
        _judge(answer, scale(logits), labels, what)
    return f"Right for {_ROUNDS} random batches, and for logits that no exponential can bear."


def _judge(function: object, logits: Any, labels: Any, why: Callable[[Any, Any, Any], str]) -> None:
    from torch.nn.functional import cross_entropy

    found = _read(function, logits, labels)
    right = cross_entropy(logits, labels)
    if not abs(found - right) <= _CLOSE * max(1.0, abs(right.item())):
        raise Wrong(why(found, logits, labels))


def _read(function: object, logits: Any, labels: Any) -> Any:
    """Return the loss, or say what is wrong with its form, or that torch's own function was called."""
    leaf = logits.clone().requires_grad_()
    given = f"logits of shape {tuple(logits.shape)}, labels"
    try:
        with called_functions() as names:
            value = call(function, leaf, labels.clone(), given=given)
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if names & {"cross_entropy", "nll_loss"}:
        raise Wrong("That is PyTorch's own function. It is right, of course; write it by hand this once.")
    if not is_tensor(value):
        hint = " A plain number has no `backward()`: leave out `.item()`." if number(value) is not None else ""
        raise Wrong(f"The loss should be a tensor, but is {shown(value)}.{hint}")
    _judge_form(value, logits)
    return value.detach()


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, (IndexError, RuntimeError)) and "index" in message.lower():
        return " Each row needs its own column: `logits[torch.arange(len(labels)), labels]` picks one number from each."
    if isinstance(error, RuntimeError) and "must match the size" in message:
        return (
            " Keep the dimension over which you reduce (`keepdim=True`), so that each row meets its own number. (`one_hot` "
            "needs to be told how many labels there are.)"
        )
    if "return_types" in message:
        return " `max` along a dimension returns two things, the values and their places: take `.values`."
    if "numpy()" in message:
        return " Stay with tensors: NumPy knows nothing of gradients."
    return ""


def _judge_form(value: Any, logits: Any) -> None:
    if tuple(value.shape) == tuple(logits.shape[:1]):
        raise Wrong("There is still one loss for each text. The loss of a batch is their mean.")
    if tuple(value.shape) == tuple(logits.shape):
        raise Wrong("There is a number for every label of every text. Only the right label of each text counts.")
    if tuple(value.shape) == (len(logits), len(logits)):
        raise Wrong("There are as many columns as texts: `logits[:, labels]` picks these columns from every row.")
    if value.numel() != 1:
        raise Wrong(f"The loss should be a single number, but is {shown(value)}.")
    if tuple(value.shape) != ():
        raise Wrong(f"The loss should have no dimension at all, but its shape is {tuple(value.shape)}.")
    if not value.requires_grad:
        raise Wrong(
            "The number was cut off from the logits, by `detach`, `no_grad`, `.item()` or a new tensor: `backward()` would find "
            "no way back. Compute it from the logits with tensors alone."
        )


def _why_not(found: Any, logits: Any, labels: Any) -> str:
    """Return the likely mistake for logits of a usual size."""
    for reason, value in _mistakes(logits, labels).items():
        if abs(found - value) < _CLOSE:
            return reason
    right = -logits.log_softmax(dim=-1)[range(len(labels)), labels].mean()
    return f"For logits of shape {tuple(logits.shape)} the loss is {found:.4f}, and should be {right:.4f}."


def _mistakes(logits: Any, labels: Any) -> dict[str, Any]:
    """Return what comes out of each likely mistake."""
    rows = range(len(labels))
    log_softmax, softmax = logits.log_softmax(dim=-1), logits.softmax(dim=-1)
    right, probability, logit = log_softmax[rows, labels], softmax[rows, labels], logits[rows, labels]
    below_largest = logits - logits.amax(dim=-1, keepdim=True)
    values = {
        "sign": right.mean(),
        "sum": -right.sum(),
        "no logarithm": probability.mean(),
        "logarithm last": -probability.mean().log(),
        "columns": -logits.log_softmax(dim=0)[rows, labels].mean(),
        "preferred": -log_softmax.amax(dim=-1).mean(),
        "all labels": -log_softmax.sum(dim=-1).mean(),
        "whole table": -log_softmax.mean(),
        "whole rows": -log_softmax[labels].mean(),
        "every row": -log_softmax[:, labels].mean(),
        "too small": -right.sum() / logits.numel(),
        "twice": -softmax.log_softmax(dim=-1)[rows, labels].mean(),
        "logits": -logit.mean(),
        "base 2": -right.mean() / math.log(2),
        "base 10": -right.mean() / math.log(10),
        "not put back": (below_largest.exp().sum(dim=-1).log() - logit).mean(),
        "one sum": (logits.exp().sum().log() - logit).mean(),
    }
    return {_REASONS[name]: value for name, value in values.items()}


_REASONS = {
    "sign": "The sign is wrong: the logarithm of a probability is negative, and the loss is its opposite.",
    "sum": "This is the sum over the texts. The loss of a batch is the mean.",
    "no logarithm": "This is the mean of the probabilities, without a logarithm.",
    "logarithm last": (
        "The mean of the probabilities was taken first and the logarithm afterwards. First the logarithm, for each text."
    ),
    "columns": "Softmax ran down the columns, over the texts. Which dimension are the labels?",
    "preferred": "This takes the label that the model prefers, and not the right one: `labels` says which that is.",
    "all labels": "This adds up the numbers of all labels. Only the right label of each text counts.",
    "whole table": "This is the mean over all numbers of the table. Only the right label of each text counts.",
    "whole rows": "`probabilities[labels]` picks whole rows. From each row, one number is wanted, in the column of its label.",
    "every row": (
        "`logits[:, labels]` picks these columns from every row. Each row needs its own label alone: "
        "`logits[torch.arange(len(labels)), labels]`."
    ),
    "too small": "The sum was divided by the number of labels as well. There is one loss for each text.",
    "twice": "Softmax was applied twice: `log_softmax` wants the logits themselves.",
    "logits": (
        "These are logits, with the sign turned round. What is still missing is the log of the sum of exponentials."
    ),
    "base 2": "The logarithm has base 2. Cross-entropy takes the natural one, `torch.log`.",
    "base 10": "The logarithm has base 10. Cross-entropy takes the natural one, `torch.log`.",
    "not put back": (
        "The largest logit was taken off inside the exponential, and never put back: log-sum-exp is the log of the sum, "
        "plus the largest."
    ),
    "one sum": "The sum runs over the whole table. Each text has its own.",
}


def _why_overflow(found: Any, logits: Any, labels: Any) -> str:
    if bool(abs(found) < float("inf")):
        return _CAPPED.format(found=found.item())
    return (
        f"Right, until logits are large: near 1,000 the loss is {found.item()}, since e to such a power is infinite. Take the "
        "largest logit of each row off that row first, and softmax stays as it is; or look for `logsumexp`."
    )


def _why_underflow(found: Any, logits: Any, labels: Any) -> str:
    return (
        f"Right, until all logits of a text are near -1,000: then every exponential is 0, and the loss is {found.item():.2f}. "
        "Take off the largest logit of each row, whatever its sign."
    )


def _why_table(found: Any, logits: Any, labels: Any) -> str:
    return (
        f"Right, until one text has far smaller logits than another: then the loss is {found.item():.2f}. Is the largest logit of "
        "the whole table taken off? Each row needs its own."
    )


def _why_small_probability(found: Any, logits: Any, labels: Any) -> str:
    if bool(abs(found) < float("inf")):
        return _CAPPED.format(found=found.item())
    return (
        f"Right, until the right label gets hardly any probability: then it is rounded to 0, and the loss is {found.item()}, "
        "the logarithm of 0. Do not go through the probability: its logarithm is the logit minus the log-sum-exp of its row."
    )


_CAPPED = (
    "Right for small logits, but {found:.2f} is not the loss for large ones. Is a small number added, or a limit set, to keep "
    "the logarithm away from 0? That caps the loss of the worst mistakes."
)


def _lowered(logits: Any) -> Any:
    """Return the logits with every second row a thousand lower than the one before it."""
    lower = logits.clone()
    lower[1::2] -= 1_000
    return lower


_EXTREMES: tuple[tuple[Callable[[Any], Any], Callable[[Any, Any, Any], str]], ...] = (
    (lambda logits: logits + 1_000, _why_overflow),
    (lambda logits: logits - 1_000, _why_underflow),
    (_lowered, _why_table),
    (lambda logits: 200 * logits, _why_small_probability),
)
