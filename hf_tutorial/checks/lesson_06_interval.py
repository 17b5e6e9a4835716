"""Checks of lesson 06, third part: the difference of two models that were judged on the same texts, with its interval."""

import math
import random

from hf_tutorial.checks.answers import number, shown
from hf_tutorial.checks.calls import Raised, call
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

Hits = list[int]
Triple = tuple[float, float, float]

_TEXTS = (120, 300, 500)
# Dividing by n − 1 instead of n is right as well, and changes an interval of 120 texts by less than this.
_CLOSE = 0.006


@exercise("06.3", expects="the function `difference`")
def paired_difference(answer: object) -> str:
    for seed, texts in enumerate(_TEXTS):
        first, second = _hits(texts, seed)
        _judge(answer, first, second)
    _judge_equal(answer)
    return "The difference of two models on the same texts, with an interval that knows that they are the same."


def _hits(texts: int, seed: int) -> tuple[Hits, Hits]:
    """Return for two models, mostly right about the same texts, which they get right: the second is better."""
    chance = random.Random(seed)
    first = [int(chance.random() < 0.7) for _ in range(texts)]
    second = [hit if chance.random() < 0.8 else int(chance.random() < 0.9) for hit in first]
    return first, second


def _judge(function: object, first: Hits, second: Hits) -> None:
    found = _read(function, first, second)
    middle, reach = _paired(first, second)
    if abs(found[0] - middle) > 1e-3 * max(1, abs(middle)):
        raise Wrong(_why_not_middle(found[0], middle, first, second))
    reached = ((found[2] - found[1]) / 2, (found[1] + found[2]) / 2)
    if abs(reached[0] - reach) <= _CLOSE * reach and abs(reached[1] - middle) <= _CLOSE * reach:
        return
    if found[1] > found[2]:
        raise Wrong("The lower end lies above the upper end: first `low`, then `high`.")
    for reason, wrong in _mistakes(first, second).items():
        if abs(reached[0] - wrong) <= _CLOSE * wrong:
            raise Wrong(f"The difference is right. {reason}")
    raise Wrong(
        f"The difference is right, {middle:.2f} points on {len(first)} texts. The interval should reach from {middle - reach:.2f} "
        f"to {middle + reach:.2f}, but reaches from {found[1]:.2f} to {found[2]:.2f}."
    )


def _read(function: object, first: Hits, second: Hits) -> Triple:
    try:
        value = call(function, first, second, given="first, second")
    except Raised as raised:
        raise Wrong(f"{raised}.{_why_failed(raised.error)}") from raised
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        raise Wrong(f"Expected three numbers, (difference, low, high), but got {shown(value)}.")
    found = [number(one) for one in value]
    for one, given in zip(found, value, strict=True):
        if one is None or not math.isfinite(one):
            raise Wrong(f"Expected three numbers, but {shown(given)} is none.")
    middle, low, high = (one for one in found if one is not None)
    return middle, low, high


def _why_failed(error: BaseException) -> str:
    if isinstance(error, TypeError) and "unsupported operand" in str(error):
        return " Lists cannot be subtracted: go through both with `zip(first, second)`."
    if isinstance(error, ZeroDivisionError):
        return " Two models may agree about every text."
    return ""


def _paired(first: Hits, second: Hits) -> tuple[float, float]:
    """Return the difference of the shares and the reach of its 95 % interval, in points."""
    n = len(first)
    differences = [b - a for a, b in zip(first, second, strict=True)]
    middle = sum(differences) / n
    variance = sum((one - middle) ** 2 for one in differences) / n
    return 100 * middle, 196 * math.sqrt(variance / n)


def _why_not_middle(found: float, middle: float, first: Hits, second: Hits) -> str:
    if abs(found + middle) < 1e-6:
        return "The sign is turned round: a positive difference means that the *second* model is better."
    if abs(found - middle / 100) < 1e-6:
        return "The difference is a share. It is asked for in percentage points: times 100."
    if abs(found - middle * len(first) / 100) < 1e-6:
        return "This is a number of texts. Divide by how many there are, and multiply by 100."
    unlike = sum(a != b for a, b in zip(first, second, strict=True))
    if unlike and abs(found - middle * len(first) / unlike) < 1e-6:
        return "The texts on which both agree are left out. They count as 0: keep them in the mean, in *s* and in *n*."
    if abs(found - 100 * middle / (100 * sum(first) / len(first))) < 1e-6:
        return "This is relative to the first model. Percentage points are asked for: one share less the other."
    return f"The second model is better by {middle:.2f} percentage points here, and not by {found:.2f}."


def _error(share: float, n: int) -> float:
    """Return the standard error of a share."""
    return math.sqrt(max(0.0, share * (1 - share)) / n)


def _mistakes(first: Hits, second: Hits) -> dict[str, float]:
    """Return the reach of the interval after each likely mistake."""
    n, (middle, reach) = len(first), _paired(first, second)
    a, b = sum(first) / n, sum(second) / n
    return {
        "But the interval is that of two models which were judged on *different* texts. Here most texts are right for both or "
        "wrong for both, and say nothing about the difference: take the difference text by text first.": 196
        * math.hypot(_error(a, n), _error(b, n)),
        "The interval is the sum of two intervals, one for each model. It is too wide even for different texts. Take the "
        "difference text by text first.": 196 * (_error(a, n) + _error(b, n)),
        "The interval is that of the second model alone.": 196 * _error(b, n),
        "The interval is that of the first model alone.": 196 * _error(a, n),
        "The interval treats the difference as if it were a share. But a text's difference has three values, −1, 0 and 1.": 196
        * _error(abs(middle) / 100, n),
        "The interval is one standard error to each side, which holds in about 68 of 100 cases. For 95 it takes 1.96.": reach
        / 1.96,
        "The interval reaches two standard errors to each side, a rule of thumb. Here 1.96 is asked for.": reach
        * 2
        / 1.96,
        "The interval is not divided by √n: it says how much single texts vary, not their mean.": reach * math.sqrt(n),
        "The interval is divided by n. The mean of n texts varies √n times less than one text.": reach / math.sqrt(n),
        "The ends of the interval are shares, and the difference is in percentage points.": reach / 100,
    }


def _judge_equal(function: object) -> None:
    """Two models that agree about every text: no difference, and no doubt about it."""
    hits = _hits(_TEXTS[0], 0)[0]
    if any(abs(one) > 1e-6 for one in _read(function, hits, hits)):
        raise Wrong(
            "Right for different models. But a model compared with itself differs by 0, from 0 to 0: every single difference is "
            "zero. Are they taken text by text?"
        )
