import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_tutorial import check


def difference(first, second, *, sign=1, scale=100, times=1.96, deviation=statistics.pstdev, root=math.sqrt):
    """A right solution of 06.3, unless it is told otherwise."""
    differences = [sign * (b - a) for a, b in zip(first, second, strict=True)]
    middle = statistics.fmean(differences)
    reach = times * deviation(differences) / root(len(differences))
    return scale * middle, scale * (middle - reach), scale * (middle + reach)


def told(**options):
    return lambda first, second: difference(first, second, **options)


def with_reach(reach):
    """Return a solution with the right difference, and an interval of `reach(a, b, n)`, in shares, to each side."""

    def function(first, second):
        n, middle = len(first), difference(first, second)[0]
        to_side = 100 * reach(sum(first) / n, sum(second) / n, n)
        return middle, middle - to_side, middle + to_side

    return function


def error(share, n):
    return math.sqrt(share * (1 - share) / n)


@pytest.mark.parametrize("function", [difference, told(deviation=statistics.stdev), lambda a, b: [*difference(a, b)]])
def test_right_intervals(function):
    assert check("06.3", function).outcome == "right"


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_the_interval_holds_the_truth_about_as_often_as_it_says(seed):
    chance = random.Random(seed)
    held = 0
    for _ in range(200):
        first = [int(chance.random() < 0.7) for _ in range(200)]
        second = [hit if chance.random() < 0.8 else int(chance.random() < 0.9) for hit in first]
        _, low, high = difference(first, second)
        held += low <= 100 * 0.2 * (0.9 - 0.7) <= high
    assert held >= 170


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (told(sign=-1), "The sign is turned round"),
        (told(scale=1), "The difference is a share"),
        (lambda a, b: (sum(b) - sum(a), 0, 1), "This is a number of texts"),
        (
            lambda a, b: (100 * (sum(b) - sum(a)) / sum(x != y for x, y in zip(a, b, strict=True)), 0, 1),
            "on which both agree are left",
        ),
        (lambda a, b: (100 * (sum(b) / sum(a) - 1), 0, 1), "relative to the first model"),
        (lambda a, b: (3.21, 0, 1), "and not by 3.21"),
        (with_reach(lambda a, b, n: 1.96 * math.hypot(error(a, n), error(b, n))), "judged on *different* texts"),
        (with_reach(lambda a, b, n: 1.96 * (error(a, n) + error(b, n))), "the sum of two intervals"),
        (with_reach(lambda a, b, n: 1.96 * error(a, n)), "of the first model alone"),
        (with_reach(lambda a, b, n: 1.96 * error(b, n)), "of the second model alone"),
        (with_reach(lambda a, b, n: 1.96 * error(abs(b - a), n)), "as if it were a share"),
        (told(times=1), "one standard error to each side"),
        (told(times=2), "two standard errors to each side"),
        (told(root=lambda n: 1), "not divided by √n"),
        (told(root=lambda n: n), "The interval is divided by n"),
        (lambda a, b: (difference(a, b)[0], *difference(a, b)[:0:-1]), "first `low`, then `high`"),
        (with_reach(lambda a, b, n: 0.123), "The interval should reach from"),
        (lambda a, b: difference(a, b)[0], "Expected three numbers, (difference, low, high)"),
        (lambda a, b: (*difference(a, b)[:2], "high"), "'high' is none"),
        (lambda a, b: (*difference(a, b)[:2], math.nan), "is none"),
        (lambda a, b: b - a, "go through both with `zip(first, second)`"),
        (lambda a, b: difference(a, b) if a != b else (0, -1, 1), "a model compared with itself"),
    ],
)
def test_wrong_intervals(function, diagnosis):
    verdict = check("06.3", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
