"""The intervals hold the truth about as often as they say."""

from math import comb

import numpy as np
import pytest

from hf_tutorial.truncation.intervals import paired_change, wilson


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    # Wilson's formula worked out by hand to four digits; 0 of n and n of n mirror each other.
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (16, 32, 0.3364, 0.6636)],
)
def test_wilson(right, total, low, high):
    assert wilson(right, total) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("total", [32, 200])
def test_wilson_covers_the_accuracy_95_times_in_100(total):
    covered = []
    for accuracy in np.linspace(0.55, 0.97, 43):
        chances = [comb(total, k) * accuracy**k * (1 - accuracy) ** (total - k) for k in range(total + 1)]
        inside = [low <= accuracy <= high for low, high in (wilson(k, total) for k in range(total + 1))]
        covered.append(float(np.dot(chances, inside)))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)
    assert min(covered) > 0.9


@pytest.mark.parametrize("total", [50, 200])
@pytest.mark.parametrize(("lost", "gained"), [(0.2, 0.05), (0.05, 0.05), (0.02, 0.01), (0.3, 0.0)])
def test_the_paired_interval_covers_the_change_95_times_in_100(total, lost, gained):
    counts = np.random.default_rng(0).multinomial(total, [lost, gained, 1 - lost - gained], size=4_000)
    intervals = (paired_change(int(down), int(up), total) for down, up, _ in counts)
    assert np.mean([low <= gained - lost <= high for low, high in intervals]) >= 0.93


def test_the_paired_interval_is_the_narrower_the_fewer_verdicts_change():
    few, many = paired_change(12, 2, 100), paired_change(30, 20, 100)
    assert few[1] < 0 < many[1]
    assert few[1] - few[0] < many[1] - many[0]
    assert paired_change(3, 3, 100) == pytest.approx(tuple(-end for end in paired_change(3, 3, 100)[::-1]))


def test_no_interval_leaves_what_there_is():
    # By rounding, the formula gives a little more than 1 for 9 of 9, and a little less than 0 for 0 of 61.
    assert wilson(9, 9)[1] == 1
    assert wilson(0, 61)[0] == 0
    assert paired_change(0, 1, 1)[1] == 1
    assert paired_change(1, 0, 1)[0] == -1
