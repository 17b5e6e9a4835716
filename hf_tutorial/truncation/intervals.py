"""How sure a count of right verdicts makes us: 95 % intervals for an accuracy, and for a change between two of them."""

from math import sqrt
from statistics import NormalDist

Interval = tuple[float, float]
_Z = NormalDist().inv_cdf(0.975)


def wilson(right: int, total: int) -> Interval:
    """Return the 95 % interval for an accuracy of `right` out of `total`, both ends between 0 and 1.

    Wilson's score interval (E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927), which also holds for few texts and near 0 and 100 %.

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    share, z2 = right / total, _Z**2 / total
    middle = share + z2 / 2
    around = _Z * sqrt(share * (1 - share) / total + z2 / (4 * total))
    return max(0.0, (middle - around) / (1 + z2)), min(1.0, (middle + around) / (1 + z2))


def paired_change(lost: int, gained: int, total: int) -> Interval:
    """Return the 95 % interval for the change in accuracy when the same `total` texts are judged twice.

    `lost` verdicts were right and are wrong now, `gained` the other way round; all others say nothing about the change.
    The adjusted Wald interval for paired data (D. G. Bonett and R. M. Price, "Adjusted Wald confidence interval for a
    difference of binomial proportions based on paired data", Journal of Educational and Behavioral Statistics 37, 2012).

    >>> [round(end, 3) for end in paired_change(lost=12, gained=2, total=100)]
    [-0.171, -0.025]
    """
    down, up = (lost + 1) / (total + 2), (gained + 1) / (total + 2)
    around = _Z * sqrt((down + up - (up - down) ** 2) / (total + 2))
    return max(-1.0, up - down - around), min(1.0, up - down + around)
