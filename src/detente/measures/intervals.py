"""Intervals: of a share, and whether one leaves out 0."""

from __future__ import annotations

Z90 = 1.6448536269514722
"""Normal quantile of .95: a 90 % interval reaches so many standard deviations to either side."""


class Interval:
    """What records with a `low` and a `high` are asked."""

    __slots__ = ()
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def wilson(share: float, count: float) -> tuple[float, float]:
    """Ends of the 90 % interval of a share of `count` cases, above 0.

    >>> [round(end, 6) for end in wilson(0.3, 10)]
    [0.126877, 0.5583]

    Source:
        Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    square = Z90 * Z90 / count
    middle = (share + square / 2) / (1 + square)
    reach = (square * (share * (1 - share) + square / 4)) ** 0.5 / (1 + square)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)
