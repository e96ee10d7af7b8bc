"""Breaks: weeks in which the level of a weekly score changed for good, with intervals for date and size.

For each number of breaks the best segmentation into constant levels is found exactly (least squares, dynamic
programming). The number is the one with the least

    n * log(innovation variance) + PENALTY * breaks * log(n),

where the innovation variance is that of an AR(1) fitted to what the levels leave over. Scores of neighbouring weeks
resemble each other, and a criterion for independent noise takes every slow swing for a break: on weekly GDELT scores
of United States-Russia it reports six, this one reports one, in January 2022.

The interval for the date weighs every week between the two neighbouring breaks by its likelihood; that for the size
adds the uncertainty of both levels to that of the date.

Source:
    Auger & Lawrence (1989), Bulletin of Mathematical Biology 51, 39-54 (segment neighbourhood);
    Chakar, Lebarbier, Levy-Leduc & Robin (2017), Bernoulli 23, 1408-1447 (breaks in the mean of an AR(1));
    Zhang & Siegmund (2007), Biometrics 63, 22-32 (a break costs more than one parameter).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from detente.measures.series import Series

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "levels-ar1.v1"
PENALTY = 3.5
"""Chosen by simulation: AR(1) noise with a constant level, 1,000 series each (300 for 320 weeks), share of series in
which a break was reported:

| weeks | rho 0 | 0.3 | 0.6 | 0.8 |
|---|---|---|---|---|
| 16 | .012 | .036 | .103 | .134 |
| 26 | .005 | .030 | .054 | .080 |
| 52 | .003 | .011 | .020 | .032 |
| 104 | .001 | .002 | .005 | .008 |
| 320 | .000 | .000 | .003 | .000 |

With 2.5 instead, 9 to 28 % at 26 weeks and up to 13 % at 52. What it costs: a step of 2 standard deviations of the
noise is found in 95, 77 and 41 of 100 series of 52 weeks (rho 0, 0.3, 0.6) and in 100, 100 and 84 of 156 weeks; of
those found, 79 to 86 % are dated within a week (69 % at rho 0.6 over 156 weeks). At 3 standard deviations 90 to 98 %
are, and 79 to 100 of 100 are found. The 90 % interval held the true week in 89 to 99 % of these and the true size in
77 to 90 %; a step of 1 standard deviation in correlated noise is mostly missed, and its size overstated when found.
Beside a clear true break (5 standard deviations, 104 weeks) a second one is reported in 1 of 100 series.
"""
MIN_SEGMENT = 4
"""Weeks that a level must last. Shorter spells are episodes."""
MIN_WEEKS = 26
"""Fewer weeks with a score are too few: see the false alarms at 16 under `PENALTY`."""
MAX_BREAKS = 12
LEVEL = 0.90
_Z = 1.6448536269514722  # normal quantile of (1 + LEVEL) / 2
_MOST_RHO = 0.95


@dataclass(frozen=True, slots=True)
class Break:
    """A change of level.

    Attributes:
        week: Monday of the first week at the new level.
        earliest, latest: Mondays between which that week lies, 90 %.
        before, after: Levels, in points.
        size: `after` less `before`, with a 90 % interval.
    """

    week: date
    earliest: date
    latest: date
    before: float
    after: float
    size: float
    size_low: float
    size_high: float


@dataclass(frozen=True, slots=True)
class Breaks:
    """Breaks in a series, or the answer that it is too short.

    Attributes:
        found: In order of time; empty where the level held or `too_few`.
        weeks: Weeks with a score.
        too_few: The series has less than `MIN_WEEKS` of them, and nothing was looked for.
        rho: Correlation of one week's departure from its level with the next one's; None where not looked for.
        noise: Standard deviation of those departures, in points.
    """

    name: str
    found: tuple[Break, ...]
    weeks: int
    too_few: bool
    rho: float | None = None
    noise: float | None = None
    method: str = METHOD

    @property
    def last(self) -> Break | None:
        return self.found[-1] if self.found else None


def find_breaks(series: Series) -> Breaks:
    """Find the weeks in which the level of a weekly score changed.

    Weeks without a score are stepped over, as if the next one followed at once.

    >>> from datetime import timedelta
    >>> mondays = tuple(date(2024, 9, 2) + timedelta(weeks=week) for week in range(40))
    >>> scores = (-2.0, -1.0, -1.0, -2.0) * 6 + (1.5, 2.0, 1.0, 1.5) * 4
    >>> found = find_breaks(Series("RUS-USA", mondays, scores)).last
    >>> found.week, found.size
    (datetime.date(2025, 2, 17), 3.0)
    """
    import numpy as np

    kept = [(week, value) for week, value in zip(series.starts, series.values, strict=True) if value is not None]
    if len(kept) < MIN_WEEKS:
        return Breaks(series.name, (), len(kept), too_few=True)
    y = np.array([value for _, value in kept])
    cuts = min(_segmentations(y), key=lambda some: _criterion(y, some))
    rho, innovation = _noise(_departures(y, cuts))
    edges = [0, *cuts, len(y)]
    weeks = [week for week, _ in kept]
    found = tuple(
        _describe(y, weeks, edges[i - 1], edges[i], edges[i + 1], rho, innovation) for i in range(1, len(edges) - 1)
    )
    noise = round(float((innovation / (1 - rho**2)) ** 0.5), 6)
    return Breaks(series.name, found, len(kept), too_few=False, rho=round(rho, 6), noise=noise)


def _segmentations(y: Floats) -> list[list[int]]:
    """Best cuts for 0, 1, 2 ... breaks; a cut is the place of the first week of a new level."""
    import numpy as np

    n = len(y)
    sums, squares = np.append(0.0, np.cumsum(y)), np.append(0.0, np.cumsum(y * y))
    ends = np.arange(n + 1)
    length = ends[None, :] - ends[:, None]
    safe = np.maximum(length, 1)
    cost = squares[None, :] - squares[:, None] - (sums[None, :] - sums[:, None]) ** 2 / safe
    cost = np.where(length >= MIN_SEGMENT, cost, np.inf)
    best, before, found = cost[0], [], [list[int]()]
    for k in range(1, MAX_BREAKS + 1):
        if (k + 1) * MIN_SEGMENT > n:
            break
        through = best[:, None] + cost
        opened = through.argmin(axis=0)
        best = through[opened, ends]
        before.append(opened)
        cuts, place = [], n
        for step in reversed(before):
            place = int(step[place])
            cuts.append(place)
        found.append(cuts[::-1])
    return found


def _departures(y: Floats, cuts: list[int]) -> Floats:
    left = y.copy()
    edges = [0, *cuts, len(y)]
    for i, j in itertools.pairwise(edges):
        left[i:j] -= y[i:j].mean()
    return left


def _noise(left: Floats) -> tuple[float, float]:
    """AR(1) coefficient, at least 0, and innovation variance."""
    import numpy as np

    carried = float(left[:-1] @ left[:-1])
    rho = float(np.clip(left[1:] @ left[:-1] / carried, 0.0, _MOST_RHO)) if carried > 0 else 0.0
    steps = left[1:] - rho * left[:-1]
    variance = float(steps @ steps + (1 - rho**2) * left[0] ** 2) / len(left)
    return rho, variance


def _criterion(y: Floats, cuts: list[int]) -> float:
    import numpy as np

    _, variance = _noise(_departures(y, cuts))
    # A series without any noise: its levels are exact, and more of them gain nothing.
    floor = 1e-12 * max(1.0, float(y @ y) / len(y))
    return float(len(y) * np.log(max(variance, floor)) + PENALTY * len(cuts) * np.log(len(y)))


def _describe(y: Floats, weeks: list[date], left: int, cut: int, right: int, rho: float, innovation: float) -> Break:
    import numpy as np

    places = list(range(left + MIN_SEGMENT, right - MIN_SEGMENT + 1))
    part = y[left:right]
    misfit, sizes, doubt = [], [], []
    floor = max(innovation, 1e-12)
    for place in places:
        steps = _departures(part, [place - left])
        steps = np.append((1 - rho**2) ** 0.5 * steps[0], steps[1:] - rho * steps[:-1])
        misfit.append(float(steps @ steps) / floor)
        sizes.append(float(y[place:right].mean() - y[left:place].mean()))
        doubt.append(innovation / (1 - rho) ** 2 * (1 / (place - left) + 1 / (right - place)))
    chance = np.exp(-(np.array(misfit) - min(misfit)) / 2)
    chance /= chance.sum()
    reached = np.cumsum(chance)
    tail = (1 - LEVEL) / 2
    earliest = places[int(np.searchsorted(reached, tail))]
    latest = places[min(int(np.searchsorted(reached, 1 - tail)), len(places) - 1)]
    # The cut itself comes from least squares and may fall outside a lopsided interval: the reader must find it inside.
    earliest, latest = min(earliest, cut), max(latest, cut)
    middle = float(chance @ np.array(sizes))
    spread = float(chance @ (np.array(doubt) + (np.array(sizes) - middle) ** 2)) ** 0.5
    before, after = float(y[left:cut].mean()), float(y[cut:right].mean())
    return Break(
        week=weeks[cut],
        earliest=weeks[earliest],
        latest=weeks[latest],
        before=round(before, 6),
        after=round(after, 6),
        size=round(after - before, 6),
        size_low=round(min(middle - _Z * spread, after - before), 6),
        size_high=round(max(middle + _Z * spread, after - before), 6),
    )
