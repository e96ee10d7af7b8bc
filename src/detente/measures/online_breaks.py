"""Breaks as they would have been noticed: what was known on each day, using nothing that came later.

Each stretch is held against the level since the last alarm. For every place in the last `MEMORY` stretches the odds
that a new level began there are worked out (Bayes factor of a shift of about the noise's size, noise an AR(1) with
unknown spread); with a hazard of one break in `USUAL` stretches they add up to the probability that there was a break.
At `ALARM` an alarm is raised, dated where it is likeliest, and the level is counted anew from there. A single loud
stretch is drawn in to `TAME` usual departures and raises none. Noise is learned from the last `HISTORY` departures,
none of them younger than `MEMORY`, so that a break does not hide itself; but where steps have grown of late, so has it.

Volatility is watched in the same way, on the normal scores of each departure's rank among those before it. A trend is
not watched for by itself: it shows as one alarm of level after another.

Source:
    Adams & MacKay (2007), Bayesian Online Changepoint Detection, arXiv:0710.3742 (posterior of the time since a break);
    Lai (1995), JRSS B 57, 613-658 (window-limited likelihood ratios);
    Conover, Tercero-Gomez & Cordero-Franco (2017), Quality Engineering 29, 582-588 (sequential normal scores).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from detente.measures.breaks import MIN_WEEKS, Kind, noise_of
from detente.measures.segments import SHORTEST
from detente.measures.series import Series, following

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "bayes-ar1-online.v1"
MEMORY = 13
HISTORY = 104
USUAL = 104.0
ALARM = {"level": 0.95, "volatility": 0.9}
TAME = 4.0
MOST_UNEVEN = 4.0
SHIFT = 4.0
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Alarm:
    """A break as it was noticed.

    Attributes:
        week: First day of the stretch that was then taken for the first of the new regime.
        earliest, latest: First days of the stretches between which it was thought to lie, 90 %.
        noticed: The day whose data raised the alarm: the last of its stretch.
        probability: That there was a break, as of that day.
        before, after: Levels in points; of volatility, mean steps in points.
    """

    kind: Kind
    week: date
    earliest: date
    latest: date
    noticed: date
    probability: float
    before: float
    after: float

    @property
    def delay_days(self) -> int:
        """Days from the first of the new regime to the alarm."""
        return (self.noticed - self.week).days


@dataclass(frozen=True, slots=True)
class Watch:
    """What watching a series would have said.

    Attributes:
        alarms: In order of notice.
        chance: Probability, as of the last stretch, of a break of level since the last alarm.
        too_few: The series has less than `MIN_WEEKS` values, and could not be watched.
    """

    name: str
    alarms: tuple[Alarm, ...]
    chance: float
    too_few: bool
    method: str = METHOD

    @property
    def last(self) -> Alarm | None:
        return self.alarms[-1] if self.alarms else None


def online_breaks(series: Series) -> Watch:
    """Go through a series as it came and say what would have been noticed, and when.

    >>> mondays = tuple(date(2024, 9, 2) + timedelta(weeks=week) for week in range(40))
    >>> scores = (-2.0, -1.0, -1.0, -2.0, -1.5, -1.8, -1.2) * 4 + (1.5, 2.0, 1.0, 1.5) * 3
    >>> alarm = online_breaks(Series("RUS-USA", mondays, scores)).last
    >>> alarm.week, alarm.noticed
    (datetime.date(2025, 3, 17), datetime.date(2025, 4, 6))
    """
    import numpy as np

    # Whether silence is news is decided by what comes before anything can be noticed, once and for all.
    opening = series.values[:MIN_WEEKS]
    if series.weights and 2 * sum(value is not None for value in opening) < len(opening):
        series = replace(series, values=tuple(0.0 if value is None else value for value in series.values))
    kept = [(day, value) for day, value in zip(series.starts, series.values, strict=True) if value is not None]
    if len(kept) < MIN_WEEKS:
        return Watch(series.name, (), 0.0, too_few=True)
    days = [day for day, _ in kept]
    ends = [following(day, series.step) - timedelta(days=1) for day in days]
    y = np.array([value for _, value in kept])
    level, spread = _Watcher("level"), _Watcher("volatility")
    steps: list[float] = []
    ranked: list[float] = []
    alarms: list[Alarm] = []
    for at, value in enumerate(y.tolist()):
        level.add(value)
        if level.raised:
            alarms.append(_alarm(level, days, ends[at], level.levels))
        if at < 2:
            continue
        # The shorter way back to the two values before: one loud stretch makes one long step, not two.
        steps.append(min(abs(value - float(y[at - 1])), abs(value - float(y[at - 2]))))
        spread.add(_score(ranked, steps[-1]))
        if spread.raised:
            before, after = _middle(steps[spread.was : spread.start]), _middle(steps[spread.start :])
            alarms.append(_alarm(spread, days[2:], ends[at], (before, after)))
            level.rescale(2 + spread.start, min(max(after / max(before, _LEAST), 1 / MOST_UNEVEN), MOST_UNEVEN))
    return Watch(series.name, tuple(alarms), round(level.chance, 6), too_few=False)


def _middle(values: Sequence[float]) -> float:
    from statistics import fmean

    return fmean(values)


def _alarm(watch: _Watcher, days: Sequence[date], noticed: date, levels: tuple[float, float]) -> Alarm:
    earliest, latest = watch.between
    return Alarm(
        kind=watch.kind,
        week=days[watch.start],
        earliest=days[earliest],
        latest=days[latest],
        noticed=noticed,
        probability=round(watch.found, 6),
        before=round(levels[0], 6),
        after=round(levels[1], 6),
    )


def _score(ranked: list[float], last: float) -> float:
    """Normal quantile of a size's rank among those before it, which it joins."""
    from statistics import NormalDist

    below = bisect_left(ranked, last)
    middle = (below + bisect_right(ranked, last)) / 2
    ranked.insert(below, last)
    return NormalDist().inv_cdf((middle + 0.5) / len(ranked))


def _drawn_in(off: Floats, most: float) -> Floats:
    """Departures drawn in to `most`, and the less the more a neighbour departs to the same side."""
    import numpy as np

    ringed = np.concatenate(([0.0], off, [0.0]))
    up = np.maximum(np.maximum(ringed[:-2], ringed[2:]) - most / 2, 0.0)
    down = np.maximum(np.maximum(-ringed[:-2], -ringed[2:]) - most / 2, 0.0)
    return np.clip(off, -most - down, most + up)


def _median(values: Floats) -> float:
    """As of numpy, at a third of the cost for so few values."""
    import numpy as np

    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _departures(values: Sequence[float]) -> list[float]:
    """Of the last ones, from the mean of all: more are kept nowhere."""
    mean = sum(values) / max(len(values), 1)
    return [value - mean for value in values[-HISTORY:]]


class _Watcher:
    """Level of one series as it comes.

    Attributes:
        chance: Probability of a break since the last alarm.
        raised: Whether the last value raised an alarm; then `found` is the probability that did, `was` and `start` are
            where the regimes before and after it begin, `between` bounds `start`, and `levels` are their levels.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind: Kind = kind
        self.y: list[float] = []
        self.start = self.was = 0
        self.settled: list[float] = []
        self.chance = self.found = 0.0
        self.raised = False
        self.between = (0, 0)
        self.levels = (0.0, 0.0)
        self._fresh = 0

    def rescale(self, since: int, ratio: float) -> None:
        """Departures from before this place are of another spread: take them for so many times as large."""
        older = _departures(self.y[max(self.start, self._fresh) : since])
        self.settled = [ratio * off for off in [*self.settled, *older]][-HISTORY:]
        self._fresh = since

    def add(self, value: float) -> None:
        """Take in the next value."""
        import numpy as np

        self.raised = False
        now = len(self.y)
        opens = max(self.start, self._fresh)
        quiet = self.y[opens : max(opens, now - MEMORY)]
        known = np.array([*self.settled, *(_departures(quiet) if len(quiet) >= SHORTEST else ())][-HISTORY:])
        self.y.append(value)
        if len(known) < MEMORY:
            return
        loud = TAME * 1.4826 * _median(np.abs(known))
        rho, innovation = noise_of(np.clip(known, -loud, loud) if loud else known)
        rho = min(0.9, rho + (1 + 3 * rho) / len(known))
        # Normal scores have spread 1; where values repeat it seems less.
        innovation = max(innovation, 0.25 if self.kind == "volatility" else _LEAST)
        # A level moves one step only: the middle one of the last steps tells whether the spread has grown since.
        late = 1.4826 * _median(np.abs(np.diff(self.y[-MEMORY - 1 :])))
        innovation = max(innovation, late**2 * (1 + rho) / 2)
        self._weigh(rho, innovation, len(known))

    def _weigh(self, rho: float, innovation: float, known: int) -> None:
        import numpy as np

        now = len(self.y)
        places = range(max(self.start + SHORTEST, now - MEMORY), now)
        if not places:
            return
        usual = (innovation / (1 - rho**2)) ** 0.5
        raw = np.array(self.y[self.start :])
        middle = _median(raw[: max(SHORTEST, len(raw) - MEMORY)])
        y = middle + _drawn_in(raw - middle, TAME * usual)
        # For all places at once: innovations from each on, less the level before it, and a shift's effect on them.
        before = np.arange(places.start, places.stop) - self.start
        base, later = np.cumsum(y)[before - 1] / before, len(y) - before - 1
        steps = np.append(0.0, y[1:] - rho * y[:-1])
        onward = np.cumsum(steps[::-1])[::-1][before]
        kept = 1 - rho
        told = 1 + later * kept**2
        jump = (steps[before] - kept * base + kept * (onward - steps[before] - later * kept * base)) / told
        doubt = innovation / told + ((1 + later * kept) / told) ** 2 * innovation / before
        wide = doubt + SHIFT * usual**2
        free = max(known - 2, 2)
        odd = jump**2 / free
        weights = (np.log(doubt / wide) + (free + 1) * (np.log1p(odd / doubt) - np.log1p(odd / wide))) / 2
        factor = np.exp(np.minimum(weights, 500.0))
        odds = float(factor.sum()) / USUAL
        self.chance = odds / (1 + odds)
        if self.chance < ALARM[self.kind]:
            return
        reached = np.cumsum(factor / factor.sum())
        cut = places[int(factor.argmax())]
        bounds = np.minimum(np.searchsorted(reached, (0.05, 0.95)), len(places) - 1)
        base, new = raw[: cut - self.start], raw[cut - self.start :]
        self.between = min(cut, places[int(bounds[0])]), max(cut, places[int(bounds[1])])
        self.levels = float(base.mean()), float(new.mean())
        fresh = _departures(self.y[max(self.start, self._fresh) : cut])
        self.settled = [*self.settled, *fresh][-HISTORY:]
        self.raised, self.found, self.chance = True, self.chance, 0.0
        self.was, self.start = self.start, cut
