"""Breaks: when a series took another level, another trend or another spread, with intervals and probabilities.

**Level and trend.** The series is cut into stretches, each with a constant level or with a straight slope. For each
number of cuts and of slopes the best cutting is found exactly (least squares, dynamic programming). The one is taken
with the least

    n * log(innovation variance) + PRICE * cuts + SLOPE_PRICE * slopes,

where the innovation variance is that of an AR(1) fitted to what levels and slopes leave over. Scores of neighbouring
weeks resemble each other, and a criterion for independent noise takes every slow swing for a break. A cut beside a
slope is a break of trend where the slope is not the same on both sides, of level where the two lines do not meet.

**Volatility.** The innovations' sizes are replaced by normal scores of their ranks, so that neither their distribution
nor a few loud weeks count, and are searched for breaks of level in the same way. Where the events behind each value
are counted, innovations are first measured in units of the spread that so many events let expect: few events scatter
more, and that is coverage.

**Interval.** The interval for a date weighs every place between the two neighbouring breaks by its likelihood; that for
the size adds the uncertainty of both sides to that of the date.

**Probability.** That there is a break at all: the odds of the series cut there against the best one not cut there are
exp(difference of the criterion / 2) (Schwarz weights). See `docs/measures/breaks.md` for how often it is right.

Source:
    Auger & Lawrence (1989), Bulletin of Mathematical Biology 51, 39-54 (segment neighbourhood);
    Bai & Perron (1998), Econometrica 66, 47-78 (levels and slopes);
    Chakar, Lebarbier, Levy-Leduc & Robin (2017), Bernoulli 23, 1408-1447 (breaks in the mean of an AR(1));
    Zhang & Siegmund (2007), Biometrics 63, 22-32 (a break costs more than one parameter);
    Kass & Raftery (1995), JASA 90, 773-795 (odds from the Schwarz criterion).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from detente.measures.series import Series, following

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Kind = Literal["level", "trend", "volatility"]
KINDS: tuple[Kind, ...] = ("level", "trend", "volatility")
METHOD = "levels-slopes-ar1.v2"
PRICE = 13.0
"""Chosen by simulation, as the price at which 5 of 100 series without a break show one, for normal AR(1) noise up to
rho 0.6: it is the same from 26 to 320 weeks (at 10: 13 to 16 in 100 at rho 0.6, at 12: 3 to 10)."""
SLOPE_PRICE = 8.0
LINE_PRICE = 3.0
"""Of a slope through the whole series, which is no break. See `docs/measures/breaks.md` for what chose the three."""
LIKELY_PRICE = 8.0
"""Of a change in the spread that values are weighed by: taken for likely before it is sure."""
MIN_SEGMENT = 4
"""Stretches that a level must last. Shorter spells are episodes."""
MIN_SLOPE = 13
"""Stretches that a slope must last: a quarter of weeks. Shorter ones are the way from one level to the next."""
MIN_SPREAD = 8
"""Stretches that a spread must last: fewer do not tell one."""
MIN_WEEKS = 26
"""Fewer stretches with a value are too few: see the false alarms at 16 under `PRICE`."""
TAME = 3.0
MOST_UNEVEN = 4.0
MIN_SPOKEN = 10
MAX_BREAKS = 12
MAX_SLOPES = 3
LEVEL = 0.90
_Z = 1.6448536269514722  # normal quantile of (1 + LEVEL) / 2
_MOST_RHO = 0.95
_SPREAD_FLOOR = 1e-12
PER_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}


@dataclass(frozen=True, slots=True)
class Break:
    """A change of level, trend or spread.

    Attributes:
        week: First day of the first stretch (week, month) of the new regime.
        earliest, latest: First days of the stretches between which that one lies, 90 %.
        before, after: Levels in points; slopes in points a year; or standard deviations of what the neighbouring
            week does not foretell, in points.
        size: `after` less `before`, with a 90 % interval.
        kind: What changed.
        probability: That something changed there at all.
        day: The day itself where daily values tell it, with its 90 % interval; else None.
    """

    week: date
    earliest: date
    latest: date
    before: float
    after: float
    size: float
    size_low: float
    size_high: float
    kind: Kind = "level"
    probability: float = 1.0
    day: date | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def dated(self) -> date:
        """The best day we have."""
        return self.day or self.week


@dataclass(frozen=True, slots=True)
class Breaks:
    """Breaks in a series, or the answer that it is too short.

    Attributes:
        found: Of every kind, in order of time; empty where all held or `too_few`.
        weeks: Stretches with a value.
        too_few: The series has less than `MIN_WEEKS` of them, and nothing was looked for.
        rho: Correlation of one stretch's departure from its level with the next one's; None where not looked for.
        noise: Standard deviation of those departures, in points.
        slope: Trend at the end, points a year; 0 where the level holds.
        chance: Probability that there is a break of level or trend anywhere.
    """

    name: str
    found: tuple[Break, ...]
    weeks: int
    too_few: bool
    rho: float | None = None
    noise: float | None = None
    slope: float = 0.0
    chance: float | None = None
    method: str = METHOD

    @property
    def last(self) -> Break | None:
        """The last break of level."""
        return next(iter(self.of("level")[::-1]), None)

    def of(self, kind: Kind) -> tuple[Break, ...]:
        return tuple(each for each in self.found if each.kind == kind)


@dataclass(frozen=True, slots=True)
class Cutting:
    """A series cut into stretches: `edges` 0 ... n, and for each stretch whether it has a slope."""

    edges: tuple[int, ...]
    sloped: tuple[bool, ...]

    def cost(self, price: float) -> float:
        cuts, slopes = len(self.edges) - 2, sum(self.sloped)
        return price * cuts + SLOPE_PRICE * slopes if cuts else LINE_PRICE * slopes


def find_breaks(series: Series, daily: Series | None = None) -> Breaks:
    """Find the stretches in which level, trend or spread of a series changed.

    Stretches without a value are stepped over, as if the next one followed at once; where most are, see `heard`.

    Args:
        daily: The same series by day, to tell the day of a break of level.

    >>> from datetime import timedelta
    >>> mondays = tuple(date(2024, 9, 2) + timedelta(weeks=week) for week in range(40))
    >>> scores = (-2.0, -1.0, -1.0, -2.0) * 6 + (1.5, 2.0, 1.0, 1.5) * 4
    >>> found = find_breaks(Series("RUS-USA", mondays, scores)).last
    >>> found.week, round(found.size)
    (datetime.date(2025, 2, 17), 3)
    """
    import numpy as np

    spoken = sum(value is not None for value in series.values)
    if heard(series) is not series:
        series, daily = heard(series), heard(daily) if daily else None
    kept = [at for at, value in enumerate(series.values) if value is not None]
    if len(kept) < MIN_WEEKS:
        return Breaks(series.name, (), spoken, too_few=True)
    values = np.array([series.values[at] for at in kept], dtype=float)
    events = np.array([series.weights[at] for at in kept]) if series.weights else None
    days = [series.starts[at] for at in kept]
    held = Held.of(values, events)
    tried = [(criterion(held, cutting), cutting) for cutting in Cuttings(held).best()]
    value, best = min(tried, key=lambda some: some[0])
    left = departures(held, best)
    rho, innovation = noise_of(left / held.spread)
    # Silent stretches are stepped over, so fewer than those of the calendar make a year.
    year = PER_YEAR[series.step] * (len(kept) - 1) / (kept[-1] - kept[0])
    found = [
        each
        for at in range(1, len(best.edges) - 1)
        for each in _mean_breaks(held, days, best, at, rho, innovation, value, year)
    ]
    found += _spread_breaks(left, rho, held.counted, days)
    if daily is not None:
        found = [day_of(each, daily, series.step) for each in found]
        dated = {each.week: each for each in found if each.day}
        found = [
            replace(each, day=at.day, first_day=at.first_day, last_day=at.last_day)
            if each.kind == "trend" and (at := dated.get(each.week))
            else each
            for each in found
        ]
    still = min(v for v, cutting in tried if len(cutting.edges) == 2)
    return Breaks(
        series.name,
        tuple(sorted(found, key=lambda each: (each.week, KINDS.index(each.kind)))),
        spoken,
        too_few=False,
        rho=round(rho, 6),
        noise=round(float(left.std()), 6),
        slope=round(line(held, best.edges[-2], best.edges[-1], best.sloped[-1])[1] * year, 6),
        chance=round(probability(still - value), 6),
    )


def heard(series: Series) -> Series:
    """The series with silence as 0, where most stretches have no event: that they begin to have some is the news.

    Only where events are counted, and at least `MIN_SPOKEN` stretches have some.
    """
    spoken = sum(value is not None for value in series.values)
    if not series.weights or 2 * spoken >= len(series.values) or spoken < MIN_SPOKEN:
        return series
    return replace(series, values=tuple(0.0 if value is None else value for value in series.values))


def probability(gain: float) -> float:
    """Of a break whose absence would raise the criterion by so much; never quite certain."""
    import math

    return min(1 / (1 + math.exp(-min(gain, 60.0) / 2)), 0.999)


@dataclass(frozen=True)
class Held:
    """Values with the spread each is expected to have about its level.

    Attributes:
        y: Shape (n,), loud single stretches drawn in to `TAME` usual departures from the median of those around them.
        spread: Shape (n,), in units of the whole series' spread.
        counted: Shape (n,), the part of it that the number of events explains.
    """

    y: Floats
    spread: Floats
    counted: Floats

    @classmethod
    def of(cls, values: Floats, events: Floats | None) -> Held:
        import numpy as np

        middle = _running_median(values, 4)
        off = values - middle
        counted = _expected(off, events)
        size = shorter_steps(values) / counted
        steady = _usual(size) or 1.0
        spread, reach = np.ones(len(values)), np.zeros(len(values))
        for i, j in itertools.pairwise(_regimes(size, LIKELY_PRICE, MIN_WEEKS)[0].edges):
            here = float(np.clip(_usual(size[i:j]) / steady, 1 / MOST_UNEVEN, MOST_UNEVEN))
            # Where a spread begins is known to some weeks only: the larger one is taken to reach that far.
            spread[i:j] = here
            for margin in (slice(max(0, i - MIN_SEGMENT), i), slice(j, j + MIN_SEGMENT)):
                reach[margin] = np.maximum(reach[margin], here)
        spread = np.maximum(spread, reach)
        most = TAME * (_usual(np.abs(off) / counted) or 1.0) * np.maximum(spread, 1) * counted
        return cls(np.clip(values, middle - most, middle + most), spread * counted, counted)

    @property
    def weight(self) -> Floats:
        return 1 / self.spread**2

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, part: slice) -> Held:
        return Held(self.y[part], self.spread[part], self.counted[part])


def shorter_steps(values: Floats) -> Floats:
    """Distance of each value from the nearer of the two before it: a loud one, or a new level, makes one long step."""
    import numpy as np

    before = np.concatenate((values[2:0:-1], values))  # the first two are held against those after them
    return np.minimum(np.abs(values - before[1:-1]), np.abs(values - before[:-2]))


def _usual(size: Floats) -> float:
    """Standard deviation of normal departures, by their median size, which may be 0 where values repeat."""
    import numpy as np

    return max(1.4826 * float(np.median(size)), float(np.sqrt(size @ size / len(size))) / 2)


def _running_median(y: Floats, reach: int) -> Floats:
    import numpy as np

    return np.array([np.median(y[max(0, at - reach) : at + reach + 1]) for at in range(len(y))])


def _expected(off: Floats, events: Floats | None) -> Floats:
    """Spread that the number of events behind each value lets expect: its square is a + b / (1 + events)."""
    import numpy as np

    if events is None or not off.any():
        return np.ones(len(off))
    from scipy.optimize import nnls  # type: ignore[import-untyped, unused-ignore]

    design = np.column_stack([np.ones(len(off)), 1 / (1 + events)])
    squares = np.minimum(off * off, (TAME * _usual(np.abs(off))) ** 2)
    parts, _ = nnls(design, squares)
    expected = np.sqrt(np.maximum(design @ parts, _SPREAD_FLOOR))
    return np.asarray(expected / expected.mean())


class Cuttings:
    """Best cuttings of a series, and of each of its beginnings, for each number of cuts and slopes."""

    def __init__(self, held: Held, *, shortest: int = MIN_SEGMENT, slopes: int = MAX_SLOPES) -> None:
        import numpy as np

        self.n = n = len(held)
        ends = np.arange(n + 1)
        length = ends[None, :] - ends[:, None]
        flat, sloped = _misfits(held.y - held.y.mean(), held.weight)
        self.flat = np.where(length >= shortest, flat, np.inf)
        sloped = np.where(length >= MIN_SLOPE, sloped, np.inf)
        self.best_at = {(0, 0): self.flat[0].copy()}
        if slopes:
            self.best_at[0, 1] = sloped[0].copy()
        self._from: dict[tuple[int, int], tuple[NDArray[np.int64], NDArray[np.bool_]]] = {}
        for cuts in range(1, MAX_BREAKS + 1):
            if (cuts + 1) * shortest > n:
                break
            for tilted in range(min(slopes, cuts + 1) + 1):
                ways = []
                for before, cost in (((cuts - 1, tilted), self.flat), ((cuts - 1, tilted - 1), sloped)):
                    if before in self.best_at:
                        through = self.best_at[before][:, None] + cost
                        opened = through.argmin(axis=0)
                        ways.append((through[opened, ends], opened, cost is sloped))
                if not ways:
                    continue
                misfit, opened, slope = ways[0][0], ways[0][1], np.full(n + 1, ways[0][2])
                for other, place, with_slope in ways[1:]:
                    better = other < misfit
                    misfit, opened = np.where(better, other, misfit), np.where(better, place, opened)
                    slope = np.where(better, with_slope, slope)
                self.best_at[cuts, tilted] = misfit
                self._from[cuts, tilted] = opened, slope

    def best(self, end: int | None = None) -> list[Cutting]:
        """The best cutting of the first `end` values for each number of cuts and slopes."""
        import numpy as np

        end = self.n if end is None else end
        return [self.traced(key, end) for key, misfit in self.best_at.items() if np.isfinite(misfit[end])]

    def traced(self, key: tuple[int, int], end: int) -> Cutting:
        """The best cutting of the first `end` values with so many cuts and slopes."""
        edges, sloped = [end], list[bool]()
        cuts, tilted = key
        while cuts:
            opened, slope = self._from[cuts, tilted]
            sloped.append(bool(slope[end]))
            end = int(opened[end])
            edges.append(end)
            cuts, tilted = cuts - 1, tilted - sloped[-1]
        return Cutting((0, *edges[::-1]), (bool(tilted), *sloped[::-1]))


def _misfits(y: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Sums of weighted squares about the mean and the line, shape (n + 1, n + 1), from place i up to place j."""
    import numpy as np

    place = np.arange(len(y), dtype=float) - (len(y) - 1) / 2

    def between(values: Floats) -> Floats:
        sums = np.append(0.0, np.cumsum(weight * values))
        return np.asarray(sums[None, :] - sums[:, None])

    mass = between(np.ones(len(y)))
    mass = np.where(mass > 0, mass, 1.0)
    total, first = between(y), between(place)
    flat = between(y * y) - total**2 / mass
    cross = between(place * y) - first * total / mass
    reach = between(place * place) - first**2 / mass
    return flat, flat - cross**2 / np.maximum(reach, 1e-9)


def line(held: Held, i: int, j: int, sloped: bool) -> tuple[float, float, float, float, float]:
    """Level at the weighted middle and slope a stretch; that middle, and the variances of both at noise 1."""
    import numpy as np

    y, weight = held.y[i:j], held.weight[i:j]
    mass = float(weight.sum())
    place = np.arange(i, j, dtype=float)
    centre = float(weight @ place / mass)
    level = float(weight @ y / mass)
    if not sloped:
        return level, 0.0, centre, 1 / mass, 0.0
    off = place - centre
    reach = float(weight @ (off * off))
    return level, float((weight * off) @ y / reach), centre, 1 / mass, 1 / reach


def departures(held: Held, cutting: Cutting) -> Floats:
    """What levels and slopes leave over, in points."""
    import numpy as np

    left = held.y.copy()
    for (i, j), sloped in zip(itertools.pairwise(cutting.edges), cutting.sloped, strict=True):
        level, slope, centre, _, _ = line(held, i, j, sloped)
        left[i:j] -= level + slope * (np.arange(i, j) - centre)
    return left


def noise_of(left: Floats) -> tuple[float, float]:
    """AR(1) coefficient, at least 0, and innovation variance."""
    import numpy as np

    carried = float(left[:-1] @ left[:-1])
    rho = float(np.clip(left[1:] @ left[:-1] / carried, 0.0, _MOST_RHO)) if carried > 0 else 0.0
    steps = whitened(left, rho)
    return rho, float(steps @ steps) / len(left)


def whitened(left: Floats, rho: float) -> Floats:
    """Innovations of an AR(1); the first departure is scaled to be one."""
    import numpy as np

    return np.append((1 - rho**2) ** 0.5 * left[0], left[1:] - rho * left[:-1])


def criterion(held: Held, cutting: Cutting, price: float = PRICE) -> float:
    """Less is better: see the top."""
    import numpy as np

    n = cutting.edges[-1]
    held = held[:n]
    _, variance = noise_of(departures(held, cutting) / held.spread)
    # A series without any noise: its levels are exact, and more of them gain nothing.
    floor = _SPREAD_FLOOR * max(1.0, float(held.y @ held.y) / n)
    return float(n * np.log(max(variance, floor)) + cutting.cost(price))


def without(held: Held, cutting: Cutting, at: int) -> float:
    """The criterion of the best cutting with all cuts but this one."""
    found = []
    for sloped in {False, cutting.sloped[at - 1], cutting.sloped[at]}:
        joined = Cutting(
            (*cutting.edges[:at], *cutting.edges[at + 1 :]),
            (*cutting.sloped[: at - 1], sloped, *cutting.sloped[at + 1 :]),
        )
        found.append(criterion(held, joined))
    return min(found)


def _mean_breaks(
    held: Held, days: Sequence[date], cutting: Cutting, at: int, rho: float, innovation: float, value: float,
    year: float,
) -> list[Break]:  # fmt: skip
    import numpy as np

    left, cut, right = cutting.edges[at - 1 : at + 2]
    slopes = cutting.sloped[at - 1], cutting.sloped[at]
    least = [MIN_SLOPE if sloped else MIN_SEGMENT for sloped in slopes]
    places = range(left + least[0], right - least[1] + 1)
    part = held[left:right]
    misfit, told = [], []
    for place in places:
        steps = departures(part, Cutting((0, place - left, right - left), slopes)) / part.spread
        steps = whitened(steps, rho)
        misfit.append(float(steps @ steps) / max(innovation, _SPREAD_FLOOR))
        told.append(_sides(held, left, place, right, slopes, innovation / (1 - rho) ** 2))
    chance = np.exp(-(np.array(misfit) - min(misfit)) / 2)
    chance /= chance.sum()
    earliest, latest = _bounds(chance, cut - places.start)
    dates = days[cut], days[places[earliest]], days[places[latest]]
    sure = round(probability(without(held, cutting, at) - value), 6)
    sides = np.array(told)  # (places, [level before, after, variance, slope before, after, variance])
    here = sides[cut - places.start]
    jumped = (here[1] - here[0]) ** 2 > PRICE * max(here[2], _SPREAD_FLOOR)
    turned = any(slopes) and (here[4] - here[3]) ** 2 > SLOPE_PRICE * max(here[5], _SPREAD_FLOOR)
    if not jumped and not turned:
        jumped, turned = not any(slopes), any(slopes)
    found = []
    if jumped:
        found.append(_told("level", dates, here[0], here[1], chance, sides[:, 1] - sides[:, 0], sides[:, 2], sure))
    if turned:
        sides *= np.array([1, 1, 1, year, year, year**2])
        here = sides[cut - places.start]
        found.append(_told("trend", dates, here[3], here[4], chance, sides[:, 4] - sides[:, 3], sides[:, 5], sure))
    return found


def _sides(
    held: Held, left: int, place: int, right: int, slopes: tuple[bool, bool], variance: float
) -> tuple[float, float, float, float, float, float]:
    """Where two lines meet: levels before and after, variance of the jump; slopes, variance of their change."""
    first, tilt, centre, doubt, unsure = line(held, left, place, slopes[0])
    second, then, middle, doubts, unsures = line(held, place, right, slopes[1])
    before, after = place - 1 - centre, place - middle
    return (
        first + tilt * before,
        second + then * after,
        variance * (doubt + unsure * before**2 + doubts + unsures * after**2),
        tilt,
        then,
        variance * (unsure + unsures),
    )


def _bounds(chance: Floats, cut: int) -> tuple[int, int]:
    """Places between which the break lies. The cut itself may fall outside a lopsided interval: it is taken in."""
    import numpy as np

    reached = np.cumsum(chance)
    tail = (1 - LEVEL) / 2
    earliest = int(np.searchsorted(reached, tail))
    latest = min(int(np.searchsorted(reached, 1 - tail)), len(chance) - 1)
    return min(earliest, cut), max(latest, cut)


def _told(
    kind: Kind, dates: tuple[date, date, date], before: float, after: float, chance: Floats, sizes: Floats,
    doubts: Floats, sure: float,
) -> Break:  # fmt: skip
    middle = float(chance @ sizes)
    spread = float(chance @ (doubts + (sizes - middle) ** 2)) ** 0.5
    return Break(
        *dates,
        before=round(float(before), 6),
        after=round(float(after), 6),
        size=round(float(after - before), 6),
        size_low=round(float(min(middle - _Z * spread, after - before)), 6),
        size_high=round(float(max(middle + _Z * spread, after - before)), 6),
        kind=kind,
        probability=sure,
    )


def _spread_breaks(left: Floats, rho: float, counted: Floats, days: Sequence[date]) -> list[Break]:
    import numpy as np

    steps = whitened(left, rho)
    if not float(steps @ steps) > _SPREAD_FLOOR * len(steps):
        return []
    best, value, held = _regimes(np.abs(steps) / counted)
    persistence, innovation = noise_of(departures(held, best))
    found = []
    for at in range(1, len(best.edges) - 1):
        i, cut, j = best.edges[at - 1 : at + 2]
        places = range(i + MIN_SPREAD, j - MIN_SPREAD + 1)
        misfit, sizes, doubts = [], [], []
        for place in places:
            new = whitened(departures(held[i:j], Cutting((0, place - i, j - i), (False, False))), persistence)
            misfit.append(float(new @ new) / max(innovation, _SPREAD_FLOOR))
            before, after = _spread(steps[i:place]), _spread(steps[place:j])
            sizes.append(after[0] - before[0])
            doubts.append(after[1] + before[1])
        chance = np.exp(-(np.array(misfit) - min(misfit)) / 2)
        chance /= chance.sum()
        earliest, latest = _bounds(chance, cut - places.start)
        dates = days[cut], days[places[earliest]], days[places[latest]]
        sure = round(probability(without(held, best, at) - value), 6)
        was, now = _spread(steps[i:cut])[0], _spread(steps[cut:j])[0]
        found.append(_told("volatility", dates, was, now, chance, np.array(sizes), np.array(doubts), sure))
    return found


def _regimes(size: Floats, price: float = PRICE, shortest: int = MIN_SPREAD) -> tuple[Cutting, float, Held]:
    """Where the sizes of departures change: the best cutting of their normal scores, its criterion, the scores."""
    import numpy as np

    ones = np.ones(len(size))
    held = Held(normal_scores(size), ones, ones)
    tried = [(criterion(held, some, price), some) for some in Cuttings(held, shortest=shortest, slopes=0).best()]
    value, best = min(tried, key=lambda some: some[0])
    return best, value, held


def _spread(steps: Floats) -> tuple[float, float]:
    """Standard deviation and the variance of that estimate, by the fourth moment."""
    squares = steps * steps
    mean = max(float(squares.mean()), _SPREAD_FLOOR)
    return mean**0.5, float(squares.var()) / len(steps) / (4 * mean)


def normal_scores(values: Floats) -> Floats:
    """Normal quantiles of ranks."""
    import numpy as np
    from scipy.special import ndtri  # type: ignore[import-untyped, unused-ignore]

    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]  # equal values share the middle of their ranks
    return np.asarray(ndtri((ranks - 0.375) / (len(values) + 0.25)))


def day_of(found: Break, daily: Series, step: str) -> Break:
    """A break of level with its day, where daily values tell one.

    Each day from a stretch before the earliest to the end of the latest is weighed by the likelihood of the daily
    values around it, before it at the level before and from it on at the level after.
    """
    import numpy as np

    if found.kind != "level" or step == "day" or not daily.starts:
        return found
    width = following(found.week, step) - found.week  # type: ignore[arg-type]
    opens, closes = found.earliest - width, found.latest + 2 * width
    inside = [
        (day, value, daily.weights[at] if daily.weights else 1.0)
        for at, (day, value) in enumerate(zip(daily.starts, daily.values, strict=True))
        if opens - 4 * width <= day < closes + 4 * width and value is not None
    ]
    between = [at for at, (day, _, _) in enumerate(inside) if opens <= day < closes]
    if len(between) < 2:
        return found
    y = np.array([value for _, value, _ in inside])
    misfit = []
    for at in between:
        left = y - np.where(np.arange(len(y)) < at, found.before, found.after)
        _, innovation = noise_of(left)
        misfit.append(len(y) * float(np.log(max(innovation, _SPREAD_FLOOR))))
    chance = np.exp(-(np.array(misfit) - min(misfit)) / 2)
    chance /= chance.sum()
    at = int(chance.argmax())
    earliest, latest = _bounds(chance, at)
    day, first, last = (inside[between[place]][0] for place in (at, earliest, latest))
    return replace(found, day=day, first_day=first, last_day=last)
