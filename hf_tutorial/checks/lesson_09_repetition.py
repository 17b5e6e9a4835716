"""Checks of lesson 09, third part: a repetition penalty that lowers what has been said, and once only."""

from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import Wrong

_CLOSE = 1e-4
# Logits, the ids so far (some of them twice or more), and the penalty; ids are never their own places.
_CASES = (
    ([2.0, -1.0, 4.0, -3.0, 0.5, -0.25, 1.5, -2.0], [2, 3, 2, 4, 1, 2, 3], 1.5),
    ([-6.0, -4.0, -9.0, 3.0, -1.0, -5.0, 7.0, -8.0], [6, 1, 5, 1, 3, 2], 1.2),
)


@exercise("09.3", expects="the function `penalised`")
def repetition_penalty(answer: object) -> str:
    for logits, ids, penalty in _CASES:
        _judge(answer, logits, ids, penalty)
    return "Whatever has been said becomes less likely, on either side of zero, however often it was said."


def _judge(function: object, numbers: list[float], said: list[int], penalty: float) -> None:
    import torch

    logits, ids = torch.tensor(numbers), torch.tensor(said)
    given = logits.clone()
    found = _read(function, given, ids.clone(), penalty)
    right = lowered(logits, ids, penalty)
    if same(found, right, _CLOSE):
        if not same(given, logits, 0):
            raise Wrong(
                "The numbers are right, but they are written into the logits that the function was given, which somebody may need "
                "once more. Begin with `logits.clone()`."
            )
        return
    for reason, wrong in _mistakes(logits, ids, penalty).items():
        if same(found, wrong, _CLOSE):
            raise Wrong(reason)
    if not bool(found.isfinite().all()):
        raise Wrong("Some logits are infinite or `nan`. A penalty forbids nothing for good: think of the word “the”.")
    place = int(((found - right).abs() > _CLOSE).nonzero()[0])
    times = said.count(place)
    raise Wrong(
        f"Token {place}, which was said {times} time{'' if times == 1 else 's'}, has the logit {numbers[place]:g}. With the penalty "
        f"{penalty:g} it should become {float(right[place]):.4g}, but becomes {float(found[place]):.4g}."
    )


def lowered(logits: Any, ids: Any, penalty: float) -> Any:
    """Return `logits` with every token of `ids` made less likely, once."""
    import torch

    return torch.where(_said(logits, ids) > 0, _down(logits, penalty), logits)


def _down(logits: Any, penalty: Any) -> Any:
    import torch

    return torch.where(logits < 0, logits * penalty, logits / penalty)


def _said(logits: Any, ids: Any) -> Any:
    """Return for each token of the vocabulary how often it stands in `ids`."""
    import torch

    return torch.bincount(ids, minlength=len(logits))


def _read(function: object, logits: Any, ids: Any, penalty: float) -> Any:
    import torch

    try:
        value = call(function, logits, ids, penalty, given=f"logits, ids, {penalty:g}")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not is_tensor(value) or not isinstance(value, torch.Tensor):
        raise Wrong(f"Expected a tensor of logits, but got {shown(value)}.")
    if value.shape != logits.shape:
        raise Wrong(
            f"There should be a logit for each of the {len(logits)} tokens of the vocabulary, but what comes back has the shape "
            f"{tuple(value.shape)}. Are these the logits of the tokens in `ids` alone? Put them back into their places."
        )
    return value.detach().cpu().float()


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if "Boolean value of Tensor" in message:
        return " A whole tensor is neither below zero nor above: `torch.where(condition, a, b)` decides for each of its numbers."
    if "unhashable" in message or "invalid index" in message:
        return " `ids` is a tensor; `ids.unique()` has each token once."
    return ""


def _mistakes(logits: Any, ids: Any, penalty: float) -> dict[str, Any]:
    """Return the logits after each likely mistake."""
    import torch

    times = _said(logits, ids)
    powers = penalty ** times.float()

    def where_said(wrong: Any) -> Any:
        return torch.where(times > 0, wrong, logits)

    raised = "Dividing a negative logit brings it nearer to zero, which is *up*. Multiply it instead."
    again = (
        "A token that was said three times is lowered three times. The penalty counts *whether* it was said, not how often. "
        "(A `set` of tensor elements removes nothing, since each is an object of its own: `ids.unique()`, or "
        "`set(ids.tolist())`.)"
    )
    up = torch.where(logits < 0, logits / penalty, logits * penalty)
    return {
        f"{raised} {again}": logits / powers,
        raised: where_said(logits / penalty),
        again: _down(logits, powers),
        "Turned round: what was said becomes likelier. Divide where the logit is positive, multiply where it is negative.": where_said(
            up
        ),
        "Multiplying a positive logit makes it larger. Divide it instead.": where_said(logits * penalty),
        "Only positive logits are lowered. A negative one is lowered by multiplying.": where_said(
            torch.where(logits < 0, logits, logits / penalty)
        ),
        "Only negative logits are lowered. A positive one is lowered by dividing.": where_said(
            torch.where(logits < 0, logits * penalty, logits)
        ),
        "The penalty is subtracted. That is another rule, which some services call presence penalty; here logits are divided or "
        "multiplied.": where_said(logits - penalty),
        "The penalty is subtracted once for each time that the token was said. That is another rule, which some services call "
        "frequency penalty; here logits are divided or multiplied, once.": logits - penalty * times,
        "This divides the probabilities. A sensible rule, and the same on either side of zero; but `generate` has another one, "
        "which is asked for here: it divides or multiplies the logits.": where_said(
            logits - torch.tensor(penalty).log()
        ),
        "The tokens that were *not* said are lowered.": torch.where(times > 0, logits, _down(logits, penalty)),
        "Every token of the vocabulary is lowered, whether it was said or not.": _down(logits, penalty),
        "Only the last token is lowered. Everything in `ids` has been said.": lowered(logits, ids[-1:], penalty),
        "The last token is left out. It has been said as well.": lowered(logits, ids[:-1], penalty),
        "The first token is left out. It has been said as well.": lowered(logits, ids[1:], penalty),
        "Only what was said twice or more is lowered. Once is enough.": torch.where(
            times > 1, _down(logits, penalty), logits
        ),
        "The places of the ids are lowered, and not the tokens that they stand for: `logits[ids]`.": lowered(
            logits, torch.arange(len(ids)), penalty
        ),
        "These are probabilities. Return logits; the softmax comes later.": lowered(logits, ids, penalty).softmax(
            dim=-1
        ),
        "Nothing is lowered.": logits,
    }
