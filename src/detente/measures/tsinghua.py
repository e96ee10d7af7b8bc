"""The bilateral score of Tsinghua University's data on China and the great powers, from our own events.

A relation stands at P between -9 and +9. An event of value I0 moves it by

    (9 - P) / 9 * I0   where I0 >= 0,
    (9 + P) / 9 * I0   where I0 < 0,

so that good news counts less the better a relation is and bad news less the worse it is. Each third of a side has a
name: confrontation, tension and bad below 0, ordinary, good and friendly above.

Not verified: the two papers were not at hand. What could be read of them says that events are given values, these
become influence on the relation, and influence adds up (Tsinghua's own account of its data); the formula is as it is
commonly told, and whoever quotes it should look it up. Tsinghua's table of event values was not at hand either: here an
event is worth a tenth of its PLOVER score times its weight, so that a meeting is worth 0.25. That mapping is ours, and
the values are not Tsinghua's. The score adds up: where more is reported it moves faster, and it is no measure across
databases or where coverage grows.

Source:
    Yan & Zhou (2004), The quantitative measurement of bilateral relations, Social Sciences in China (Chinese), no. 6;
    Yan et al. (2010), China's relations with the great powers 1950-2005 (Chinese).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from detente.engine import FULL, DaySum, Engine, EventRows, ImportedEvents
from detente.measures.index import check_dyad, check_stretch, series_names, sums_until
from detente.measures.series import following
from detente.terms import Dyad

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "tsinghua.v1"
BOUND = 9.0
VALUE_OF_POINT = 0.1
"""Value of an event for each point of its PLOVER score; ours."""
DRAWS = 400

Band = Literal["confrontation", "tension", "bad", "ordinary", "good", "friendly"]
BANDS: tuple[Band, ...] = ("confrontation", "tension", "bad", "ordinary", "good", "friendly")
"""From -9 up, three points each."""


@dataclass(frozen=True, slots=True)
class TsinghuaMonth:
    """Where a relation stands at the end of a month.

    Attributes:
        month: Its first day.
        value: -9 to +9.
        low, high: 90 % of what comes out where each day's events count for more or less by chance (Bayesian
            bootstrap): how much hangs on single days.
        band: Name of the third `value` lies in.
        events: Weight of the month's events.
    """

    month: date
    value: float
    low: float
    high: float
    band: Band
    events: float


def influence(value: float, standing: float) -> float:
    """What an event of this value moves a relation that stands there.

    >>> influence(1.0, 0.0), influence(1.0, 4.5), influence(-1.0, 4.5)
    (1.0, 0.5, -1.5)
    """
    value = min(max(value, -BOUND), BOUND)
    return (BOUND - standing) / BOUND * value if value >= 0 else (BOUND + standing) / BOUND * value


def band(value: float) -> Band:
    """Name of a standing.

    >>> band(-9.0), band(-0.5), band(0.0), band(9.0)
    ('confrontation', 'bad', 'ordinary', 'friendly')
    """
    return BANDS[min(int((value + BOUND) // 3), len(BANDS) - 1)]


def tsinghua(
    events: EventRows | ImportedEvents,
    dyad: Dyad,
    *,
    start: date,
    end: date,
    series: str | None = None,
    initial: float = 0.0,
    engine: Engine | None = None,
) -> tuple[TsinghuaMonth, ...]:
    """Add up a dyad's events month by month; a last month that is not over yet stands as far as it goes.

    Args:
        series: `RUS>USA`, `USA>RUS` or `RUS-USA`, which is taken where none is given.
        initial: Standing before the first event from `start` on.

    Raises:
        MeasureError: `end` lies before `start`, or the rows were kept for another dyad.
    """
    import numpy as np

    check_stretch(start, end)
    check_dyad(events, dyad)
    name = series or series_names(dyad)[2]
    days, values, weights = _days([s for s in sums_until(events, dyad, end, engine) if s.series == name], start)
    chance = np.random.default_rng(0).exponential(size=(len(days), DRAWS))
    chance[:, 0] = 1.0
    standing, found, at = np.full(DRAWS, initial), [], 0
    month = start.replace(day=1)
    while month <= end:
        after, held = following(month, "month").toordinal(), 0.0
        while at < len(days) and days[at] < after:
            value = np.clip(values[at] * chance[at], -BOUND, BOUND)
            standing = standing + np.where(value >= 0, BOUND - standing, BOUND + standing) / BOUND * value
            held += weights[at]
            at += 1
        low, high = np.quantile(standing, (0.05, 0.95)).tolist()
        middle = round(float(standing[0]), 6)
        found.append(
            TsinghuaMonth(
                month, middle, round(min(low, middle), 6), round(max(high, middle), 6), band(middle), round(held, 6)
            )
        )
        month = following(month, "month")
    return tuple(found)


def _days(sums: Sequence[DaySum], start: date) -> tuple[list[int], list[float], list[float]]:
    """Days with events, the value of each, and its weight."""
    held: dict[int, tuple[float, float]] = {}
    for s in sums:
        if s.day_number >= start.toordinal():
            value, weight = held.get(s.day_number, (0.0, 0.0))
            value += VALUE_OF_POINT * s.weight_score / 10 / s.width_days / FULL
            held[s.day_number] = value, weight + s.weight / s.width_days / FULL
    days = sorted(held)
    return days, [held[day][0] for day in days], [held[day][1] for day in days]
