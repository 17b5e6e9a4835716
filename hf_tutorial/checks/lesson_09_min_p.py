"""Checks of lesson 09, second part: min-p, a filter that asks less of a token where the model is unsure."""

from typing import Any

from hf_tutorial.checks.answers import shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.tensors import is_tensor, same
from hf_tutorial.checks.verdict import Wrong

_SHARES = (0.1, 0.3, 0.02)
_TOKENS = 24
# Nothing below this can be drawn: some write a very low number instead of −∞.
_GONE = -1e4


@exercise("09.2", expects="the function `min_p`")
def minimum_share(answer: object) -> str:
    for seed, share in enumerate(_SHARES):
        _judge(answer, some_logits(seed), share)
    _judge_one(answer, some_logits(9))
    remark = _remark(answer, some_logits(0))
    return f"Few tokens where the model is sure, many where it is not, and the likeliest one always.{remark}"


def some_logits(seed: int) -> Any:
    """Return logits of four texts: an unsure place, a sure one, one where all logits are negative, and one in between."""
    import torch

    dice = torch.Generator().manual_seed(seed)
    rows = torch.randn(4, _TOKENS, generator=dice)
    logits = rows * torch.tensor([[0.8], [2.5], [1.5], [2.0]]) + torch.tensor([[0.0], [2.0], [-12.0], [6.0]])
    logits[0, 0] = logits[0, 1:].max() - 0.01  # a close second
    return logits


def _judge(function: object, logits: Any, share: float) -> None:
    found = _read(function, logits, share)
    probabilities = logits.softmax(dim=-1)
    right = probabilities >= share * probabilities.amax(dim=-1, keepdim=True)
    _judge_kind(found, logits)
    kept = found > _GONE
    if bool((kept == right).all()):
        if not same(found.softmax(dim=-1), logits.masked_fill(~right, -float("inf")).softmax(dim=-1)):
            raise Wrong("The right tokens are left, but their logits are changed: those that stay, stay as they are.")
        return
    for reason, mask in _mistakes(logits, share).items():
        if bool((kept == mask).all()):
            raise Wrong(reason)
    row = int((kept != right).any(dim=-1).nonzero()[0])
    raise Wrong(
        f"Of row {row}, where the likeliest token has {probabilities[row].max():.3f}, with share {share:g}, "
        f"{int(right[row].sum())} of {_TOKENS} tokens should survive, but {int(kept[row].sum())} do."
    )


def _read(function: object, logits: Any, share: float) -> Any:
    import torch

    try:
        value = call(function, logits.clone(), share, given=f"logits, {share:g}")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not is_tensor(value) or not isinstance(value, torch.Tensor):
        raise Wrong(f"Expected a tensor of logits, but got {shown(value)}.")
    if value.shape != logits.shape:
        wanted = tuple(logits.shape)
        raise Wrong(
            f"The logits have the shape {wanted}, one row for each text, and what comes back should have it too, but has "
            f"{tuple(value.shape)}. Removed tokens keep their place: they get −∞."
        )
    return value.detach().cpu() if value.dtype == torch.bool else value.detach().cpu().float()


def _why_failed(error: BaseException) -> str:
    message = str(error)
    if "must match the size" in message or "broadcast" in message:
        return " The highest probability of each row: `amax(dim=-1, keepdim=True)` keeps a column that fits the rows."
    if "Boolean value of Tensor" in message or "named tuple" in message or "max" in message:
        return " `amax(dim=-1, keepdim=True)` gives the highest value of each row as a tensor; compare whole tensors."
    return ""


def _remark(function: object, logits: Any) -> str:
    """Return what is to be said of a right answer that has a habit with a price."""
    given = logits.clone()
    low = float(call(function, given, _SHARES[0]).min())
    if not same(given, logits, 0):
        return (
            " One thing more: the logits that were handed in are changed as well, and somebody may need them once more. "
            "`masked_fill` without an underscore leaves them as they are."
        )
    if low > -float("inf"):
        return (
            f" One thing more: what is removed has {low:g}, and not −∞. Softmax sees no difference; whoever asks which logits are "
            "above −∞ does."
        )
    return ""


def _judge_kind(found: Any, logits: Any) -> None:
    """Say so if `found` holds something other than logits, whichever tokens it keeps."""
    import torch

    if found.dtype == torch.bool:
        raise Wrong("That is the mask, which says who stays. `logits.masked_fill(removed, -float('inf'))` applies it.")
    if bool(found.isnan().any()):
        raise Wrong(
            "There are `nan`s in it. −∞ times 0 is one, for instance: `masked_fill` sets −∞ without multiplying."
        )
    if bool((found >= 0).all()) and bool((found <= 1).all()):
        whole = same(found.sum(dim=-1), torch.ones(len(found)))
        also = "" if whole else " And they no longer add up to 1 (a softmax would see to that)."
        raise Wrong(
            f"These are probabilities.{also} Logits are asked for: the given ones, with −∞ for what is removed."
        )
    changed = found != logits
    if bool(changed.any()) and bool((found[changed] == 0).all()):
        raise Wrong(
            "What is removed gets the logit 0. That is a logit like any other, and where most are negative it is the highest of "
            "all. Only −∞ has the probability 0."
        )
    if bool(changed.any()) and bool((found[changed] > _GONE).all()) and bool((found[changed] < 0).all()):
        low = float(found[changed].max())
        if same(found[changed], torch.full_like(found[changed], low)):
            raise Wrong(f"What is removed gets {low:g}, which can still be drawn. Only −∞ has the probability 0.")


def _mistakes(logits: Any, share: float) -> dict[str, Any]:
    """Return which tokens stay after each likely mistake."""
    probabilities = logits.softmax(dim=-1)
    top = probabilities.amax(dim=-1, keepdim=True)
    right, best = probabilities >= share * top, probabilities == top
    across = logits.softmax(dim=0)
    highest = logits.amax(dim=-1, keepdim=True)
    return {
        "The threshold is the same for every text. Where the model is unsure, hardly a token reaches it, and perhaps none: multiply "
        "`share` by the highest probability of the row.": probabilities >= share,
        "The logits themselves are compared. Half of a negative logit is *more* than it, and where zero lies means nothing: take "
        "the softmax first.": logits >= share * highest,
        "`share` is subtracted from the highest logit. Take the softmax first, and multiply.": logits
        >= highest - share,
        "`share` is subtracted from the highest probability. It is a part of it: multiply.": probabilities
        >= top - share,
        "Turned round: what should go stays, and what should stay goes.": ~right,
        "The highest probability is that of all texts. Each row has its own: `amax(dim=-1, keepdim=True)`.": probabilities
        >= share * probabilities.max(),
        "The highest probability is that of the first text. Each row has its own: `amax(dim=-1, keepdim=True)`.": probabilities
        >= share * probabilities[0].max(),
        "The highest probability is taken for each token, over the texts. `dim=-1` is the vocabulary.": probabilities
        >= share * probabilities.amax(dim=0),
        "The softmax runs over the texts. `dim=-1` is the vocabulary.": across
        >= share * across.amax(dim=-1, keepdim=True),
        "The softmax and the highest probability run over the texts. `dim=-1` is the vocabulary.": across
        >= share * across.amax(dim=0),
        "The likeliest token itself is removed. It has the whole of the highest probability, so it always stays.": right
        & ~best,
        "Only the likeliest token stays.": best,
        "Nothing is removed.": right | True,
    }


def _judge_one(function: object, logits: Any) -> None:
    """With the share 1 the likeliest token is left, and it alone."""
    found = _read(function, logits, 1.0)
    if not bool((found > _GONE).any(dim=-1).all()):
        raise Wrong(
            "Right, but with share 1 nothing is left, and softmax makes `nan` of that. A token whose probability *equals* the "
            "threshold stays: ≥, and not >."
        )
    _judge(function, logits, 1.0)
