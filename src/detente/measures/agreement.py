"""How far readers who did not see each other's decisions agree: Krippendorff's alpha for names.

Source:
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania, section C.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RESAMPLES = 1000
_LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's alpha with its interval.

    Attributes:
        alpha: 1 for full agreement, 0 for that of chance, below 0 for less; None where everybody always says the same
            one thing, or nothing was read twice: there is nothing to tell agreement from chance by.
        low, high: Interval of 90 % over resampled units (percentile bootstrap, fixed seed); None with `alpha`, and
            where there is one unit alone.
        units: Things that two or more have judged.
        alike: Units on which all of them say the same.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    alike: int


def krippendorff(judged: Sequence[Sequence[str]]) -> Agreement:
    """Alpha for nominal values.

    Args:
        judged: For each unit what each who judged it said; units that fewer than two judged count for nothing.

    >>> krippendorff([("a", "a"), ("b", "b"), ("a", "b"), ("b",)]).alpha
    0.444444
    """
    import numpy as np

    units = [tuple(unit) for unit in judged if len(unit) > 1]
    names = sorted({name for unit in units for name in unit})
    alike = sum(len(set(unit)) == 1 for unit in units)
    if not units:
        return Agreement(None, None, None, 0, 0)
    counts = np.array([[unit.count(name) for name in names] for unit in units], dtype=float)
    alpha = float(_alphas(counts, np.ones((1, len(units))))[0])
    if np.isnan(alpha):
        return Agreement(None, None, None, len(units), alike)
    low = high = None
    if len(units) > 1:
        chance = np.random.default_rng(0)
        times = chance.multinomial(len(units), [1 / len(units)] * len(units), size=_RESAMPLES).astype(float)
        drawn = _alphas(counts, times)
        # A resample that holds one name alone has no alpha: it agrees wholly.
        ends = np.quantile(np.where(np.isnan(drawn), 1.0, drawn), [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
        low, high = (round(float(end), 6) for end in ends)
    return Agreement(round(alpha, 6), low, high, len(units), alike)


def _alphas(counts: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Alpha for each way of taking the units several times; no number where chance could not disagree.

    Args:
        counts: Shape (units, names), how many gave each name to each unit.
        times: Shape (ways, units), how often each unit is taken.
    """
    import numpy as np

    judges = counts.sum(axis=1)
    differing = (judges**2 - (counts**2).sum(axis=1)) / (judges - 1)
    n = times @ judges
    totals = times @ counts
    expected = (n**2 - (totals**2).sum(axis=1)) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (times @ differing) / expected, np.nan)
