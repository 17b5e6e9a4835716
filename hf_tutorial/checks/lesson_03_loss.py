"""Checks of lesson 03, third part: cross-entropy by hand, also for logits that overflow."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor
from hf_tutorial.checks.verdict import Wrong

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
        with _watched() as names:
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


def _watched() -> Any:
    """Return a context that yields the names of the functions of torch that are called in it."""
    from torch.overrides import TorchFunctionMode

    class Names(TorchFunctionMode):
        def __enter__(self) -> set[str]:
            super().__enter__()
            self.names: set[str] = set()
            return self.names

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.names.add(getattr(function, "__name__", ""))
            return function(*args, **(kwargs or {}))

    return Names()


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if isinstance(error, (IndexError, RuntimeError)) and "index" in message.lower():
        return " Each row needs its own column: `logits[torch.arange(len(labels)), labels]` picks one number from each."
    if isinstance(error, RuntimeError) and "must match the size" in message:
        return " Keep the dimension over which you reduce (`keepdim=True`), so that each row meets its own number."
    if "numpy()" in message:
        return " Stay with tensors: NumPy knows nothing of gradients."
    return ""


def _judge_form(value: Any, logits: Any) -> None:
    if tuple(value.shape) == tuple(logits.shape[:1]):
        raise Wrong("There is still one loss for each text. The loss of a batch is their mean.")
    if tuple(value.shape) == tuple(logits.shape):
        raise Wrong("There is a number for every label of every text. Only the right label of each text counts.")
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
    import torch

    chosen = logits.log_softmax(dim=-1).gather(1, labels[:, None]).squeeze(1)
    powers, largest = logits.exp(), logits.amax(dim=-1)
    mistakes = {
        "The sign is wrong: the logarithm of a probability is negative, and the loss is its opposite.": chosen.mean(),
        "This is the sum over the texts. The loss of a batch is the mean.": -chosen.sum(),
        "This is the mean of the probabilities, without a logarithm.": chosen.exp().mean(),
        "The mean of the probabilities was taken first and the logarithm afterwards. First the logarithm, for each text.": -chosen.exp()
        .mean()
        .log(),
        "Softmax ran down the columns, over the texts. Which dimension are the labels?": -logits.log_softmax(dim=0)
        .gather(1, labels[:, None])
        .mean(),
        "This takes the label that the model prefers, and not the right one: `labels` says which that is.": -logits.log_softmax(
            dim=-1
        )
        .amax(dim=-1)
        .mean(),
        "This adds up the numbers of all labels. Only the right label of each text counts.": -logits.log_softmax(dim=-1)
        .sum(dim=-1)
        .mean(),
        "This is the mean over all numbers of the table. Only the right label of each text counts.": -logits.log_softmax(
            dim=-1
        ).mean(),
        "`logits[:, labels]` picks these columns from *every* row. Each row needs its own label alone: "
        "`logits[torch.arange(len(labels)), labels]`.": -logits.log_softmax(dim=-1)[:, labels].mean(),
        "The sum was divided by the number of labels as well. There is one loss for each text.": -chosen.sum()
        / logits.numel(),
        "Softmax was applied twice: `log_softmax` and `cross_entropy` want the logits themselves.": -logits.softmax(
            dim=-1
        )
        .log_softmax(dim=-1)
        .gather(1, labels[:, None])
        .mean(),
        "These are logits, with the sign turned round. What is still missing is the log of the sum of exponentials.": -logits.gather(
            1, labels[:, None]
        ).mean(),
        "The logarithm has base 2. Cross-entropy takes the natural one, `torch.log`.": -chosen.mean()
        / torch.log(torch.tensor(2.0)),
        "The logarithm has base 10. Cross-entropy takes the natural one, `torch.log`.": -chosen.mean()
        / torch.log(torch.tensor(10.0)),
        "The largest logit was taken off inside the exponential, and never put back: log-sum-exp is the log of the sum, "
        "*plus* the largest.": (
            (logits - largest[:, None]).exp().sum(dim=-1).log() - logits.gather(1, labels[:, None])[:, 0]
        ).mean(),
        "The sum runs over the whole table. Each text has its own.": (
            powers.sum().log() - logits.gather(1, labels[:, None])[:, 0]
        ).mean(),
    }
    for reason, value in mistakes.items():
        if abs(found - value) < _CLOSE:
            return reason
    right = -chosen.mean()
    return (
        f"For logits of shape {tuple(logits.shape)} the loss is {found.item():.4f}, and should be {right.item():.4f}."
    )


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
