"""Breaks: when a series took another level, another trend or another spread, with intervals and probabilities.

The series is cut into stretches, each with a constant level or with a straight slope, and each with a spread of its
own; all cuttings are weighed at once (`detente.measures.segments`). Scores of neighbouring weeks resemble each other,
and what takes their noise for independent takes every slow swing for a break: the noise is an AR(1), and its
coefficient is weighed with the cuttings. A cut is a break of level where the two lines do not meet, of trend where one
has another slope, of volatility where the noise has another spread.

Loud single values are drawn in toward the median of those around them, and what lies far from the first cutting weighs
less in the second, as under Student's t: heavy tails are no change of spread. Where the events behind each value are
counted, each is expected to scatter as so many events let expect: few events scatter more, and that is coverage.

**Volume.** Where all pairs of states are counted, the numbers of acts of cooperation and of conflict are cut too, both
at once and as a share of the world's events; and where most stretches have no event at all, for then the news is that
there are some.

**Interval.** The interval for a date weighs every place between the two neighbouring breaks; that for the size adds the
uncertainty of both sides to that of the date.

**Probability.** That a stretch begins thereabouts, in all cuttings. See `docs/measures/breaks.md` for how often it is
right.

Source:
    As of `detente.measures.segments`;
    Lange, Little & Taylor (1989), JASA 84, 881-896 (weights under Student's t).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from detente.measures.intervals import Z90
from detente.measures.segments import (
    DISPERSIONS,
    RHOS,
    Segments,
    Values,
    evidence_of_counts,
    evidence_of_values,
)
from detente.measures.series import Series, Step, following

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Kind = Literal["level", "trend", "volatility", "volume", "cooperation", "conflict"]
KINDS: tuple[Kind, ...] = ("level", "trend", "volatility", "volume", "cooperation", "conflict")
COUNTED: tuple[Kind, ...] = ("volume", "cooperation", "conflict")
"""Kinds of numbers of events: of all, where nobody knows their class, and of the two classes."""
METHOD = "segments-bayes.v4"
LIKELY = 0.5
"""Probability from which a break is told."""
SURE = 2.58
"""Standard errors from which a cut is said to be of level, of trend, of spread."""
A_YEAR = 0.52
"""Breaks that are expected in a year, before anything is seen: one in a hundred weeks. Chosen by simulation: of 100
series of AR(1) noise up to rho 0.6 and two years of weeks without a break, at most 5 show one (at 0.87 a year up to 7,
and 20 of 100 series of six years)."""
REACH = 0.25
"""Years about a cut within which a beginning is taken for it: a turn of the trend is known to some weeks only."""
MIN_WEEKS = 26
"""Fewer stretches with a value are too few."""
MIN_SPOKEN = 10
TAME = 3.0
TAILS = 5.0
"""Degrees of freedom of the noise."""
LEVEL = 0.90
_MOST_RHO = 0.95
_SPREAD_FLOOR = 1e-12
_LEAST_RATE = 0.01
PER_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}


@dataclass(frozen=True, slots=True)
class Break:
    """A change of level, trend, spread or number of events.

    Attributes:
        week: First day of the first stretch (week, month) of the new regime.
        earliest, latest: First days of the stretches between which that one lies, 90 %.
        before, after: Levels in points; slopes in points a year; standard deviations of what the neighbouring week
            does not foretell, in points; or events a stretch at the world's usual volume.
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
        too_few: The series has less than `MIN_WEEKS` of them, and nothing was looked for but, where most are silent,
            when events begin.
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

    @property
    def turns(self) -> tuple[date, ...]:
        """First days of the stretches at which the values changed in any way. Numbers of events are no values."""
        return tuple(sorted({each.week for each in self.found if each.kind not in COUNTED}))

    def of(self, kind: Kind) -> tuple[Break, ...]:
        return tuple(each for each in self.found if each.kind == kind)


def find_breaks(series: Series, daily: Series | None = None) -> Breaks:
    """Find the stretches in which level, trend, spread or volume of a series changed.

    Stretches without a value are stepped over, as if the next one followed at once.

    Args:
        daily: The same series by day, to tell the day of a break of level or of the number of events.

    >>> from datetime import timedelta
    >>> mondays = tuple(date(2024, 9, 2) + timedelta(weeks=week) for week in range(40))
    >>> scores = (-2.0, -1.0, -1.0, -2.0) * 6 + (1.5, 2.0, 1.0, 1.5) * 4
    >>> found = find_breaks(Series("RUS-USA", mondays, scores)).last
    >>> found.week, round(found.size)
    (datetime.date(2025, 2, 17), 3)
    """
    found = with_counted(value_breaks(series), counted_breaks(series))
    return found if daily is None else with_days(found, daily, series.step)


def value_breaks(series: Series) -> Breaks:
    """Breaks of the values alone: of level, trend and spread. Events of the world change nothing of them."""
    kept = [at for at, value in enumerate(series.values) if value is not None]
    if len(kept) >= MIN_WEEKS:
        return _of_values(series, kept)
    looked = len(series.values) >= MIN_WEEKS and len(kept) >= MIN_SPOKEN
    return Breaks(series.name, (), len(kept), too_few=not (_silent(series) and looked))


def counted_breaks(series: Series) -> tuple[Break, ...]:
    """Breaks of the numbers of events, where they are news: of a share of the world's, or after silence."""
    return volume_breaks(series) if _silent(series) or series.world else ()


def _silent(series: Series) -> bool:
    return bool(series.weights) and 2 * sum(value is not None for value in series.values) < len(series.values)


def with_counted(breaks: Breaks, counted: Sequence[Break]) -> Breaks:
    """Breaks of values and of numbers of events together, in order of time."""
    every = sorted((*breaks.found, *counted), key=lambda each: (each.week, KINDS.index(each.kind)))
    return replace(breaks, found=tuple(every))


def with_days(breaks: Breaks, daily: Series, step: Step) -> Breaks:
    """Breaks of a series with their days, as far as its daily values tell them.

    Args:
        daily: The same series by day.
        step: Of the series that was cut.
    """
    every = [day_of(each, daily, step) for each in breaks.found]
    dated = {each.week: each for each in every if each.day and each.kind == "level"}
    every = [
        replace(each, day=at.day, first_day=at.first_day, last_day=at.last_day)
        if each.kind == "trend" and (at := dated.get(each.week))
        else each
        for each in every
    ]
    return replace(breaks, found=tuple(every))


def _of_values(series: Series, kept: Sequence[int]) -> Breaks:
    import numpy as np

    values = np.array([series.values[at] for at in kept], dtype=float)
    events = np.array([series.weights[at] for at in kept]) if series.weights else None
    days = [series.starts[at] for at in kept]
    held = Held.of(values, events)
    cut = _Cut.of(held, series.step)
    cut = _Cut.of(replace(held, spread=held.spread * cut.tails()), series.step)
    # Silent stretches are stepped over, so fewer than those of the calendar make a year.
    year = PER_YEAR[series.step] * (len(kept) - 1) / (kept[-1] - kept[0])
    found = [each for at in range(1, len(cut.edges) - 1) for each in cut.breaks(at, days, year)]
    left = cut.departures()
    return Breaks(
        series.name,
        tuple(found),
        len(kept),
        too_few=False,
        rho=cut.rho,
        noise=round(float(left.std()), 6),
        slope=round(cut.line(cut.edges[-2], cut.edges[-1]).slope * year, 6),
        chance=round(min(1 - cut.segments.whole, 0.999), 6),
    )


@dataclass(frozen=True)
class Held:
    """Values with the spread each is expected to have about its level.

    Attributes:
        y: Shape (n,), loud single stretches drawn in to `TAME` usual departures from the median of those around them.
        spread: Shape (n,), in units of the whole series' spread.
    """

    y: Floats
    spread: Floats

    @classmethod
    def of(cls, values: Floats, events: Floats | None) -> Held:
        import numpy as np

        middle = _running_median(values, 4)
        off = np.abs(values - middle)
        usual = _usual(off) or 1.0
        around = _running_median(off, 13) * 1.4826
        most = TAME * np.maximum(around, usual / 2)
        y = np.clip(values, middle - most, middle + most)
        return cls(y, _expected(y - _running_median(y, 4), events))


@dataclass(frozen=True)
class Line:
    """A stretch's level and slope, by generalised least squares.

    Attributes:
        level: At `centre`, in points.
        slope: Points a stretch of time; 0 where the stretch has a level alone.
        centre: Place.
        doubt, unsure: Variances of level and slope.
        steps: What each value leaves over that the one before does not foretell, in units of its expected spread.
    """

    level: float
    slope: float
    centre: float
    doubt: float
    unsure: float
    steps: Floats

    def at(self, place: float) -> float:
        return self.level + self.slope * (place - self.centre)

    def variance(self, place: float) -> float:
        return self.doubt + self.unsure * (place - self.centre) ** 2


@dataclass(frozen=True)
class _Cut:
    """A series, all its cuttings weighed, and the likeliest."""

    held: Held
    values: Values
    segments: Segments
    edges: tuple[int, ...]
    reach: int

    @classmethod
    def of(cls, held: Held, step: Step) -> _Cut:
        import numpy as np

        steps = np.diff(held.y)
        usual = _usual(steps) / 2**0.5 or float(held.y.std()) or 1.0
        values = evidence_of_values(held.y, held.spread, usual, float(np.median(held.y)))
        segments = Segments.of(values.both, hazard=_hazard(step))
        return cls(held, values, segments, segments.edges(), _reach(step))

    @property
    def rho(self) -> float:
        """Coefficient of the noise: of one stretch's departure with the next one's."""
        return RHOS[self.segments.likeliest]

    def line(self, i: int, j: int) -> Line:
        """Level or slope, whichever is likelier, of the values from place i up to place j."""
        import numpy as np

        y, spread, rho = self.held.y[i:j], self.held.spread[i:j], self.rho
        columns = [1 / spread]
        centre = (i + j - 1) / 2
        if self.values.sloped(self.segments.likeliest, i, j):
            columns.append((np.arange(i, j) - centre) / spread)
        design = np.column_stack([whitened(column, rho) for column in columns])
        target = whitened(y / spread, rho)
        inverse = np.linalg.inv(design.T @ design)
        told = inverse @ design.T @ target
        left = target - design @ told
        variance = float(left @ left) / max(len(y) - len(columns), 1)
        return Line(
            level=float(told[0]),
            slope=float(told[1]) if len(columns) > 1 else 0.0,
            centre=centre,
            doubt=variance * float(inverse[0, 0]),
            unsure=variance * float(inverse[1, 1]) if len(columns) > 1 else 0.0,
            steps=left,
        )

    def departures(self) -> Floats:
        """What levels and slopes leave over, in points."""
        import numpy as np

        left = self.held.y.copy()
        for i, j in itertools.pairwise(self.edges):
            told = self.line(i, j)
            left[i:j] -= told.level + told.slope * (np.arange(i, j) - told.centre)
        return left

    def tails(self) -> Floats:
        """By how much more each value scatters than its stretch does, as under Student's t; 1 in the middle."""
        import numpy as np

        spread = np.ones(len(self.held.y))
        for i, j in itertools.pairwise(self.edges):
            steps = self.line(i, j).steps
            usual = _usual(steps)
            if usual > 0:
                spread[i:j] = ((TAILS + (steps / usual) ** 2) / (TAILS + 1)) ** 0.5
        return np.asarray(spread / np.exp(np.log(spread).mean()))

    def breaks(self, at: int, days: Sequence[date], year: float) -> list[Break]:
        """What changed at a cut; nothing where it is not likely."""
        import numpy as np

        left, cut, right = self.edges[at - 1 : at + 2]
        sure = round(self.segments.chance(left, cut, right, self.reach), 6)
        if sure < LIKELY:
            return []
        places, chance = self.segments.places(left, right)
        earliest, latest = _bounds(chance, cut - places.start)
        dates = days[cut], days[places[earliest]], days[places[latest]]
        likely = np.flatnonzero(chance >= 1e-4 * chance.max())
        chance = chance[likely] / chance[likely].sum()
        sides = [(self.line(left, places[each]), self.line(places[each], right), places[each]) for each in likely]
        before, after, _ = next(each for each in sides if each[2] == cut)
        jump = (after.at(cut) - before.at(cut - 1)) ** 2, before.variance(cut - 1) + after.variance(cut)
        turn = (after.slope - before.slope) ** 2, before.unsure + after.unsure
        swings = [(_spread(one.steps), _spread(other.steps)) for one, other, _ in sides]
        usual = float(np.exp(np.log(self.held.spread[left:right]).mean()))
        was, now = _spread(before.steps), _spread(after.steps)
        swing = np.log(now[0] / was[0]) ** 2, now[1] / now[0] ** 2 + was[1] / was[0] ** 2
        strength = {
            kind: float(size) / max(float(doubt), _SPREAD_FLOOR)
            for kind, (size, doubt) in (("level", jump), ("trend", turn), ("volatility", swing))
        }
        strongest = max(strength, key=lambda kind: strength[kind])
        found: list[Break] = []
        if strongest == "level" or strength["level"] >= SURE**2:
            sizes = np.array([two.at(place) - one.at(place - 1) for one, two, place in sides])
            doubts = np.array([one.variance(place - 1) + two.variance(place) for one, two, place in sides])
            told = before.at(cut - 1), after.at(cut)
            found.append(_told("level", dates, *told, chance, sizes, doubts, sure))
        if (before.slope or after.slope) and (strongest == "trend" or strength["trend"] >= SURE**2):
            sizes = np.array([(two.slope - one.slope) * year for one, two, _ in sides])
            doubts = np.array([(one.unsure + two.unsure) * year**2 for one, two, _ in sides])
            told = before.slope * year, after.slope * year
            found.append(_told("trend", dates, *told, chance, sizes, doubts, sure))
        if strongest == "volatility" or strength["volatility"] >= SURE**2:
            sizes = usual * np.array([two[0] - one[0] for one, two in swings])
            doubts = usual**2 * np.array([one[1] + two[1] for one, two in swings])
            found.append(_told("volatility", dates, usual * was[0], usual * now[0], chance, sizes, doubts, sure))
        return found


def volume_breaks(series: Series) -> tuple[Break, ...]:
    """Where more or fewer events began to be reported, in events a stretch at the world's usual volume.

    Args:
        series: With `weights`. Where it has `world`, the share of the world's events is what is cut; where it has
            `conflict` as well, acts of cooperation and of conflict share their cuts: a war that begins shows in both,
            and neither alone may tell enough. At a cut the class that changed most is told, and the other where it
            changed too.
    """
    import numpy as np

    every = _events(series, "volume")
    if len(every) < MIN_WEEKS or (every > 0).sum() < MIN_SPOKEN:
        return ()
    world = np.array(series.world or [1.0] * len(every), dtype=float)
    kept = np.flatnonzero(world > 0)
    exposure = world[kept] / world[kept].mean()
    days = [series.starts[at] for at in kept.tolist()]
    kinds: tuple[Kind, ...] = ("cooperation", "conflict") if series.conflict and series.world else ("volume",)
    counts = {kind: _events(series, kind)[kept] for kind in kinds}
    evidence = {kind: evidence_of_counts(mine, exposure) for kind, mine in counts.items()}
    alone = {kind: Segments.of(mine, hazard=_hazard(series.step)) for kind, mine in evidence.items()}
    joint = next(iter(alone.values()))
    if len(alone) > 1:
        together = sum((evidence[kind][each.likeliest] for kind, each in alone.items()), np.zeros(1))
        joint = Segments.of(together[None], hazard=_hazard(series.step))
    classes = {kind: _Counts(mine, exposure, DISPERSIONS[alone[kind].likeliest]) for kind, mine in counts.items()}
    edges = joint.edges()
    found = []
    for left, cut, right in zip(edges, edges[1:], edges[2:], strict=False):
        sure = round(joint.chance(left, cut, right, _reach(series.step)), 6)
        if sure < LIKELY:
            continue
        places, chance = joint.places(left, right)
        earliest, latest = _bounds(chance, cut - places.start)
        dates = days[cut], days[places[earliest]], days[places[latest]]
        strength = {kind: each.strength(left, cut, right) for kind, each in classes.items()}
        strongest = max(strength, key=lambda kind: strength[kind])
        for kind, each in classes.items():
            if kind != strongest and strength[kind] < SURE**2:
                continue
            sides = [(each.rate(left, place), each.rate(place, right)) for place in places]
            sizes = np.array([after[0] - before[0] for before, after in sides])
            doubts = np.array([after[1] + before[1] for before, after in sides])
            told = each.rate(left, cut)[0], each.rate(cut, right)[0]
            found.append(_told(kind, dates, *told, chance, sizes, doubts, sure))
    return tuple(found)


def _events(series: Series, kind: Kind) -> Floats:
    """Events of a class in each stretch."""
    import numpy as np

    if kind == "conflict":
        return np.array(series.conflict, dtype=float)
    every = np.array(series.weights, dtype=float)
    return every if kind == "volume" else np.maximum(every - np.array(series.conflict, dtype=float), 0.0)


@dataclass(frozen=True)
class _Counts:
    """Counts of one class, with the exposure of each stretch and the dispersion of the class."""

    counts: Floats
    exposure: Floats
    dispersion: float

    def rate(self, i: int, j: int) -> tuple[float, float]:
        """Events a stretch from place i up to place j, and the variance of that."""
        mass = float(self.exposure[i:j].sum())
        mean = float(self.counts[i:j].sum()) / mass
        return mean, (mean + mean**2 / self.dispersion) / mass

    def strength(self, left: int, cut: int, right: int) -> float:
        """By how much the rate changed at a cut: a chi-square of one degree of freedom."""
        (before, doubt), (after, unsure) = self.rate(left, cut), self.rate(cut, right)
        return (after - before) ** 2 / max(doubt + unsure, _SPREAD_FLOOR)


def _hazard(step: Step) -> float:
    return min(A_YEAR / PER_YEAR[step], 0.5)


def _reach(step: Step) -> int:
    return max(round(REACH * PER_YEAR[step]), 1)


def whitened(left: Floats, rho: float) -> Floats:
    """Innovations of an AR(1); the first departure is scaled to be one."""
    import numpy as np

    return np.append((1 - rho**2) ** 0.5 * left[0], left[1:] - rho * left[:-1])


def noise_of(left: Floats) -> tuple[float, float]:
    """AR(1) coefficient, at least 0, and innovation variance."""
    import numpy as np

    carried = float(left[:-1] @ left[:-1])
    rho = float(np.clip(left[1:] @ left[:-1] / carried, 0.0, _MOST_RHO)) if carried > 0 else 0.0
    steps = whitened(left, rho)
    return rho, float(steps @ steps) / len(left)


def _usual(size: Floats) -> float:
    """Standard deviation of normal departures, by their median size, which may be 0 where values repeat."""
    import numpy as np

    return max(1.4826 * float(np.median(np.abs(size))), float(np.sqrt(size @ size / len(size))) / 2)


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
    squares = np.minimum(off * off, (TAME * _usual(off)) ** 2)
    parts, _ = nnls(design, squares)
    expected = np.sqrt(np.maximum(design @ parts, _SPREAD_FLOOR))
    return np.asarray(expected / expected.mean())


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
        size_low=round(float(min(middle - Z90 * spread, after - before)), 6),
        size_high=round(float(max(middle + Z90 * spread, after - before)), 6),
        kind=kind,
        probability=sure,
    )


def _spread(steps: Floats) -> tuple[float, float]:
    """Standard deviation and the variance of that estimate, by the fourth moment."""
    squares = steps * steps
    mean = max(float(squares.mean()), _SPREAD_FLOOR)
    return mean**0.5, float(squares.var()) / len(steps) / (4 * mean)


def day_of(found: Break, daily: Series, step: Step) -> Break:
    """A break of level or of the number of events with its day, where daily values tell one.

    Each day from a stretch before the earliest to the end of the latest is weighed by the likelihood of the daily
    values around it, before it at the level before and from it on at the level after. Of numbers of
    events the counts are weighed, as Poisson.
    """
    import numpy as np

    counted = found.kind in COUNTED
    if not (counted or found.kind == "level") or step == "day" or not daily.starts:
        return found
    width = following(found.week, step) - found.week
    opens, closes = found.earliest - width, found.latest + 2 * width
    around = [
        at
        for at, (day, value) in enumerate(zip(daily.starts, daily.values, strict=True))
        if opens - 4 * width <= day < closes + 4 * width and (value is not None or counted)
    ]
    inside = [daily.starts[at] for at in around]
    between = [at for at, day in enumerate(inside) if opens <= day < closes]
    if len(between) < 2:
        return found
    if counted:
        y = _events(daily, found.kind)[around]
        rates = [max(rate / width.days, _LEAST_RATE) for rate in (found.before, found.after)]
        told = [y * np.log(rate) - rate for rate in rates]
    else:
        y = np.array([daily.values[at] for at in around], dtype=float)
    misfit = []
    for at in between:
        if counted:
            misfit.append(-2 * float(told[0][:at].sum() + told[1][at:].sum()))
            continue
        left = y - np.where(np.arange(len(y)) < at, found.before, found.after)
        _, innovation = noise_of(left)
        misfit.append(len(y) * float(np.log(max(innovation, _SPREAD_FLOOR))))
    chance = np.exp(-(np.array(misfit) - min(misfit)) / 2)
    chance /= chance.sum()
    at = int(chance.argmax())
    earliest, latest = _bounds(chance, at)
    day, first, last = (inside[between[place]] for place in (at, earliest, latest))
    return replace(found, day=day, first_day=first, last_day=last)
