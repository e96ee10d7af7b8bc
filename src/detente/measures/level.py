"""The level of a relation as a state that moves: a band that says how sure one may be of each day.

    score of a day | level  ~  N(level, v * (f / n + k)), one day in fifty three times as far off
    level of a day | before ~  N(level, q) and, in some of the models, one day in a thousand anywhere around it

n is the weight of the day's events, v their variance within days. How fast the level moves (q), whether it jumps,
how much single events scatter (f) and what the events of a day have in common (k) is not chosen: all combinations of
`Prior` are filtered side by side, and each counts by how well it foretold the days so far. So the band holds the
doubt about the model too, nothing after a day enters its value, and a new day is one more step (`Filter.add`).

Twice as many reports of the same things are v and f / n as before with f twice as large: the index does not move.
Copies within a day are what k is for. A day with many events is not worth much more than a day with some.

A jump is not decided on the day: for each model with jumps, the filter keeps what it would believe had the last jump
come 1, 2, 3-4, 5-8 ... days with events ago, and lets old ones flow together. Looking back over all days (`smoothed`,
changes since a day) is done by drawing paths backward through what was kept.

Source:
    West & Harrison (1997), Bayesian Forecasting and Dynamic Models, 2nd ed., ch. 2 (local level) and 12 (mixtures of
    models, outliers, changes);
    Fearnhead & Liu (2007), J. R. Stat. Soc. B 69, 589-605 (time since the last jump);
    Fruehwirth-Schnatter (1994), J. Time Ser. Anal. 15, 183-202 (backward drawing).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from detente.codebook import VERSION
from detente.engine import FULL, DaySum, EventRows, ImportedEvents, Kept, LeftOut, key_of
from detente.errors import MeasureError
from detente.measures.index import BOUND, Acts, check_dyad, check_stretch, of_acts, series_names, sums_until
from detente.terms import Dyad

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from detente.engine import Engine

    Floats = NDArray[np.float64]

METHOD = "local-level.v2"
_AGES = (1, 1, 2, 4, 8, 16)
"""Days with events that a jump stays in each slot, on average, before it is one of old."""
_LEAST_LOG = -500.0
PATHS = 400
LOOK_BACK = 400
"""Days with events that are looked back over, from the last one."""
LAGS = (30, 90)
SURE = 0.95
"""How probable a change must be to be called reliable."""
_DIGITS = 6
_FEW, _HALF_LIFE = 2.0, 30.0  # as of the decayed mean: fewer events of late are too few to speak of a state

_UNTOLD: tuple[float | None, ...] = (None,) * 7


@dataclass(frozen=True, slots=True)
class Prior:
    """The models that are filtered side by side, with what each counts beforehand.

    The weights of the moves were chosen on 2,688 simulated series (96 of each kind of level in `TUNED` of
    `benchmarks/index_coverage.py`, with 0.2 to 40 events a day), so that the 80 % and 95 % bands hold as often as they
    say for each kind, number of events and age of the series, as nearly as weights can make them. How often they hold
    on other kinds of levels is in docs/measures/index.md. A quarter stands on a level that never moves. Moves go up by
    the square root of 2: by 2 from one to the next, walks of 0.1 with 40 events a day were covered in 77 %, not 80.

    Attributes:
        moves: (standard deviation of a day's move, chance of a jump on a day, weight).
        scatter: (f, weight).
        common: (k, weight).
        jump: Standard deviation of a jump, in points.
        outlying: Share of days that are off.
        off: How many times the variance of such a day is larger.
        level: Standard deviation of the first level around 0.
        variance, events: Variance of single events expected beforehand, and the events' worth of trust in it.
    """

    moves: tuple[tuple[float, float, float], ...] = (
        (0.0, 0.0, 0.24), (0.02, 0.0, 0.015), (0.028, 0.0, 0.025), (0.04, 0.0, 0.04), (0.057, 0.0, 0.055),
        (0.08, 0.0, 0.06), (0.113, 0.0, 0.07), (0.16, 0.0, 0.085), (0.226, 0.0, 0.10), (0.32, 0.0, 0.10),
        (0.453, 0.0, 0.09), (0.64, 0.0, 0.07), (0.0, 0.001, 0.01), (0.04, 0.001, 0.01), (0.16, 0.001, 0.03),
    )  # fmt: skip
    scatter: tuple[tuple[float, float], ...] = ((0.5, 0.2), (1.0, 0.5), (2.0, 0.2), (4.0, 0.1))
    common: tuple[tuple[float, float], ...] = ((0.0, 0.7), (0.1, 0.2), (0.5, 0.1))
    jump: float = 3.0
    outlying: float = 0.02
    off: float = 9.0
    level: float = 4.0
    variance: float = 20.0
    events: float = 4.0


@dataclass(slots=True)
class Filter:
    """What is believed of a level after the days added so far.

    The kept states are those after each day with events: shape (days, models), a model with jumps being several.
    """

    prior: Prior = field(default_factory=Prior)
    days: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    means: list[Floats] = field(default_factory=list)
    variances: list[Floats] = field(default_factory=list)
    logs: list[Floats] = field(default_factory=list)
    _squares: float = 0.0
    _events: float = 0.0
    _move: Floats = field(init=False)
    _scatter: Floats = field(init=False)
    _common: Floats = field(init=False)
    _chance: Floats = field(init=False)
    _group: Floats = field(init=False)
    _steady: int = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        p = self.prior
        kinds = [
            (q**2, chance, f, k, wq * wf * wk)
            for q, chance, wq in sorted(p.moves, key=lambda move: move[1] > 0)
            for f, wf in p.scatter
            for k, wk in p.common
        ]
        steady = [kind for kind in kinds if kind[1] == 0]
        jumping = [kind for kind in kinds if kind[1] > 0]
        slots = len(_AGES) + 1
        table = np.array(steady + jumping * slots, dtype=float)
        self._steady = len(steady)
        self._move, self._chance, self._scatter, self._common = table[:, :4].T.copy()
        self._group = np.array([*range(len(steady)), *(list(range(len(steady), len(kinds))) * slots)])
        with np.errstate(divide="ignore"):
            logs = np.log(table[:, 4])
        logs[len(kinds) :] = _LEAST_LOG
        self._squares, self._events = p.events * p.variance, p.events
        self.means.append(np.zeros(len(table)))
        self.variances.append(np.full(len(table), p.level**2))
        self.logs.append(logs - logs.max())

    def add(self, day: int, weight: float, mean: float, squares: float) -> None:
        """Take in a day with events.

        Args:
            day: Number, later than those before.
            weight: Of its events, above 0.
            mean: Their mean score, points.
            squares: Weighted squared distances from that mean.
        """
        import numpy as np

        if self.days and day <= self.days[-1]:
            raise MeasureError(f"level: day {day} does not follow day {self.days[-1]}. Add the days in order.")
        p = self.prior
        self._squares += max(squares, 0.0)
        self._events += max(weight - 1, 0.0)
        noise = self._squares / self._events * (self._scatter / weight + self._common)
        gap = day - self.days[-1] if self.days else 0
        m, c, logs = self.means[-1], self.variances[-1] + self._move * gap, self.logs[-1]
        if gap and self._steady < len(m):
            m, c, logs = self._jumps(m, c, logs, gap)
        error2 = (mean - m) ** 2
        near, far = c + noise, c + p.off * noise
        like = np.log1p(-p.outlying) - 0.5 * (np.log(near) + error2 / near)
        wild = np.log(p.outlying) - 0.5 * (np.log(far) + error2 / far)
        both = np.logaddexp(like, wild)
        share = np.exp(wild - both)
        a, b = c / near, c / far
        gain = (1 - share) * a + share * b
        spread = (1 - share) * share * (a - b) ** 2 * error2
        logs = logs + both
        self.days.append(day)
        self.weights.append(weight)
        self.means.append(m + gain * (mean - m))
        self.variances.append((1 - share) * a * noise + share * b * p.off * noise + spread)
        self.logs.append(np.maximum(logs - logs.max(), _LEAST_LOG))

    def _jumps(self, m: Floats, c: Floats, logs: Floats, gap: int) -> tuple[Floats, Floats, Floats]:
        """Let every model with jumps jump today, and older jumps grow older."""
        import numpy as np

        cut, slots = self._steady, len(_AGES) + 1
        mean, variance = m[cut:].reshape(slots, -1), c[cut:].reshape(slots, -1)
        weight = np.exp(logs[cut:]).reshape(slots, -1)
        whole = weight.sum(axis=0)
        centre = (weight * mean).sum(axis=0) / whole
        around = (weight * (variance + (mean - centre) ** 2)).sum(axis=0) / whole
        jumps = 1 - (1 - self._chance[cut:].reshape(slots, -1)[0]) ** gap
        leaving = np.array([0.0, *(1 / age for age in _AGES)])[:, None]
        flow = weight * leaving * (1 - jumps)
        stay = weight * (1 - leaving) * (1 - jumps)
        # Slot 0 is what did not jump for long: it takes in the oldest, and each other slot the one before it.
        source = [slots - 1, 0, *range(1, slots - 1)]
        come, come_mean, come_variance = flow[source], mean[source], variance[source]
        come[1], come_mean[1], come_variance[1] = jumps * whole, centre, around + self.prior.jump**2
        total = stay + come
        safe = np.maximum(total, 1e-300)
        merged = (stay * mean + come * come_mean) / safe
        spread = stay * (variance + (mean - merged) ** 2) + come * (come_variance + (come_mean - merged) ** 2)
        with np.errstate(divide="ignore"):
            held = np.maximum(np.log(total), _LEAST_LOG)
        variance = np.where(total > 0, spread / safe, variance)
        return (
            np.concatenate([m[:cut], np.where(total > 0, merged, mean).ravel()]),
            np.concatenate([c[:cut], variance.ravel()]),
            np.concatenate([logs[:cut], held.ravel()]),
        )

    @classmethod
    def carried_on(cls, prior: Prior, days: Floats, states: Floats) -> Filter:
        """The filter as it stood after some days, of which it knows the last ones' states alone.

        Args:
            days: Shape (n, 4): what `add` was given, day by day.
            states: Shape (m, 3, models), m at most n + 1: means, variances and logs after each of the last days.
        """
        import numpy as np

        found = cls(prior)
        for _, weight, _, squares in days.tolist():
            found._squares += max(squares, 0.0)
            found._events += max(weight - 1, 0.0)
        found.days, found.weights = days[:, 0].astype(int).tolist(), days[:, 1].tolist()
        unknown = [np.empty(0)] * (len(days) + 1 - len(states))
        found.means, found.variances, found.logs = ([*unknown, *states[:, part]] for part in range(3))
        return found

    def states(self, most: int) -> Floats:
        """What `carried_on` needs to go on, and to look back over `most` days with events."""
        import numpy as np

        return np.stack([np.array(part[-most - 1 :]) for part in (self.means, self.variances, self.logs)], axis=1)

    def bands(self, days: Sequence[int], levels: Sequence[float]) -> tuple[Floats, Floats]:
        """Mean, shape (days,), and quantiles, shape (days, levels), of what each day was believed to be on that day."""
        import numpy as np

        at = np.searchsorted(np.array(self.days), np.array(days), side="right")
        means, ends = np.empty(len(days)), np.empty((len(days), len(levels)))
        for row, (day, place) in enumerate(zip(days, at, strict=True)):
            gap = day - self.days[place - 1] if place else 0
            weight = np.exp(self.logs[place])
            kept = weight > 1e-4
            means[row], ends[row] = _mixture(
                self.means[place][kept], self.variances[place][kept] + self._move[kept] * gap, weight[kept], levels
            )
        return means, ends

    def moved(self, gap: int, count: int, rng: np.random.Generator) -> Floats:
        """Draw how far the level went in days without events."""
        import numpy as np

        weight = np.exp(self.logs[-1])
        chosen = rng.choice(len(weight), count, p=weight / weight.sum())
        return rng.normal(size=count) * np.sqrt(self._move[chosen] * gap)

    def paths(self, count: int = PATHS, seed: int = 0, most: int = LOOK_BACK) -> Floats:
        """Draw what the level may have been, all days known: shape (the last `most` days with events, count)."""
        import numpy as np

        rng = np.random.default_rng(seed)
        weight = np.exp(self.logs[-1])
        chosen = rng.choice(len(weight), count, p=weight / weight.sum())
        level = rng.normal(self.means[-1][chosen], np.sqrt(self.variances[-1][chosen]))
        group = self._group[chosen]
        members = [np.flatnonzero(self._group == g) for g in range(int(self._group.max()) + 1)]
        slots = max(map(len, members))
        # Models without jumps are one state; the others of their row count for nothing.
        which = np.array([[*m, *([m[0]] * (slots - len(m)))] for m in members])[group]
        none = np.array([[0.0] * len(m) + [-np.inf] * (slots - len(m)) for m in members])[group]
        move, chance = self._move[which[:, 0]][:, None], self._chance[which[:, 0]][:, None]
        found = [level]
        for i in range(len(self.days) - 1, max(0, len(self.days) - most), -1):
            gap = self.days[i] - self.days[i - 1]
            m, c, logs = self.means[i][which], self.variances[i][which], self.logs[i][which] + none
            step = move * gap
            leap = step + self.prior.jump**2
            jumps = 1 - (1 - chance) ** gap
            off = (level[:, None] - m) ** 2
            with np.errstate(divide="ignore"):
                stay = logs + np.log(1 - jumps) - 0.5 * (np.log(c + step) + off / (c + step))
                jump = logs + np.log(jumps) - 0.5 * (np.log(c + leap) + off / (c + leap))
            both = np.concatenate([stay, jump], axis=1)
            odds = np.exp(both - both.max(axis=1, keepdims=True)).cumsum(axis=1)
            pick = (rng.random((count, 1)) * odds[:, -1:] > odds).sum(axis=1)
            row = np.arange(count)
            mine, moved = pick % slots, np.where(pick >= slots, leap[:, 0], step[:, 0])
            held = c[row, mine]
            share = held / (held + moved)
            level = m[row, mine] + share * (level - m[row, mine])
            level = level + rng.normal(size=count) * np.sqrt(held * (1 - share))
            found.append(level)
        return np.array(found[::-1])


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """One day of one series.

    Attributes:
        value: Points, -10 to +10, as believed on that day; None before the first event.
        low, high: 90 % of what is believed lies between; `low80`, `high80` and `low95`, `high95` likewise.
        smoothed, smoothed_low, smoothed_high: The same with all days known, 90 %; None further back than `LOOK_BACK`.
        new_weight: Weight of what happened that day.
        too_few: Too few events of late to speak of a state.
    """

    day: date
    value: float | None
    low: float | None
    high: float | None
    low80: float | None
    high80: float | None
    low95: float | None
    high95: float | None
    smoothed: float | None
    smoothed_low: float | None
    smoothed_high: float | None
    new_weight: float
    too_few: bool


@dataclass(frozen=True, slots=True)
class LevelChange:
    """How the last day differs from one `days` before.

    Attributes:
        move: Points, with a 90 % interval.
        rose: Probability that the level is higher.
    """

    days: int
    move: float
    low: float
    high: float
    rose: float


@dataclass(frozen=True, slots=True)
class LevelSeries:
    """One direction (`RUS>USA`) or both (`RUS-USA`), a point for each day.

    Attributes:
        changes: Over the `LAGS` that the series is long enough for.
        steady: First day since when no day differs reliably (`SURE`) from the last one; None without events.
        rose: Probability that the level is higher now than on the day before `steady`; None where that is the first.
    """

    name: str
    points: tuple[LevelPoint, ...]
    changes: tuple[LevelChange, ...]
    steady: date | None
    rose: float | None

    @property
    def last(self) -> LevelPoint:
        return self.points[-1]


@dataclass(frozen=True, slots=True)
class LevelIndex:
    """The levels of a dyad, day by day.

    Attributes:
        acts: Which acts: all on PLOVER's scale, or words or deeds alone from -10 (all of conflict) to +10.
        series: By name: each direction, then both together under the dyad's own name.
        left_out: Occurrences that count for nothing, with the reason.
    """

    dyad: Dyad
    start: date
    end: date
    acts: Acts
    series: Mapping[str, LevelSeries]
    left_out: tuple[LeftOut, ...]
    scale: str = VERSION
    method: str = METHOD


def level_index(
    events: EventRows | ImportedEvents,
    dyad: Dyad,
    *,
    start: date,
    end: date,
    acts: Acts = "all",
    prior: Prior | None = None,
    engine: Engine | None = None,
    kept: Kept | None = None,
) -> LevelIndex:
    """Follow the levels of a dyad from `start` to `end`, both included; earlier events are taken in as well.

    Args:
        events: As for `daily_index`.
        kept: Where what was computed of a database's long series is kept, so that a new day is one step more.

    Raises:
        MeasureError: `end` lies before `start`, or the rows were kept for another dyad.
    """
    check_stretch(start, end)
    check_dyad(events, dyad)
    sums = of_acts(sums_until(events, dyad, end, engine), acts)
    series = {}
    for name in series_names(dyad):
        days = _of_days([s for s in sums if s.series == name])
        place = (
            f"level-{events.origin}-{name.replace('>', '-to-')}-{acts}" if isinstance(events, ImportedEvents) else ""
        )
        known = _Known(kept, place) if kept and place else None
        series[name] = _level_series(name, days, start, end, prior or Prior(), known)
    return LevelIndex(dyad, start, end, acts, series, events.left_out)


def level_changes(events: EventRows, dyad: Dyad, *, day: date, series: str | None = None) -> tuple[LevelChange, ...]:
    """How the level of one series moved over the last `LAGS`, without the series itself.

    Args:
        series: `RUS>USA`, `USA>RUS` or `RUS-USA`, which is taken where none is given.

    Returns:
        Without those for which the series is too short, or nothing is known of the first day.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    check_dyad(events, dyad)
    name = series or str(dyad)
    held = _of_days([s for s in sums_until(events, dyad, day, None) if s.series == name])
    return _level_series(name, held, day - timedelta(days=1), day, Prior(), None).changes if len(held) else ()


def filtered(sums: Sequence[DaySum], prior: Prior | None = None) -> Filter:
    """Take in the days of one series, in order.

    To go on with a later day, give what it has to `Filter.add`: nothing earlier is computed again.
    """
    return _taken_in(Filter(prior or Prior()), _of_days(sums))


def _taken_in(found: Filter, days: Floats) -> Filter:
    for day, weight, mean, squares in days.tolist():
        found.add(int(day), weight, mean, squares)
    return found


def _of_days(sums: Sequence[DaySum]) -> Floats:
    """What `Filter.add` takes, shape (days with events, 4), in order."""
    import numpy as np

    days: dict[int, list[float]] = {}
    for s in sums:
        held = days.setdefault(s.day_number, [0.0, 0.0, 0.0])
        for place, part in enumerate((s.weight, s.weight_score / 10, s.weight_score2 / 100)):
            held[place] += part / s.width_days / FULL
    found = [
        (day, weight, score / weight, score2 - score**2 / weight)
        for day, (weight, score, score2) in sorted(days.items())
        if weight > 0
    ]
    return np.array(found, dtype=float).reshape(-1, 4)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was computed of one series before."""

    kept: Kept
    name: str

    def filtered(self, days: Floats, first: int, last: int, prior: Prior) -> tuple[Filter, Floats]:
        """The filter after all days, and what each day from `first` to `last` was told, going on from what is kept."""
        import numpy as np

        key = key_of(__file__, METHOD, prior, LOOK_BACK)
        held = self.kept.read(self.name, key)
        if held is None:
            return self._anew(days, first, last, prior, key)
        old, states, told, (begins,) = held["days"], held["states"], held["told"], held["first"].tolist()
        shared = min(len(old), len(days))
        differ = np.flatnonzero((old[:shared] != days[:shared]).any(axis=1))
        same = int(differ[0]) if len(differ) else shared
        if same == len(days) < len(old):
            # Asked of an earlier day: what is kept of later ones stays.
            return _anew(days, first, last, prior)
        from_end = len(old) - same
        if first < begins or from_end >= len(states) or len(days) < len(old):
            return self._anew(days, first, last, prior, key)
        found = Filter.carried_on(prior, days[:same], states[: len(states) - from_end])
        _taken_in(found, days[same:])
        # What a day was told changes where that day or an earlier one was not the same.
        valid = begins + len(told)
        if same < len(days):
            valid = min(valid, int(days[same, 0]))
        told = told[: max(valid - begins, 0)]
        if last >= valid:
            told = np.concatenate([told, _told(found, range(valid, last + 1))])
        if len(told) > len(held["told"]) or same < len(days):
            self._keep(key, days, found, told, begins)
        return found, told[first - begins : last + 1 - begins]

    def _anew(self, days: Floats, first: int, last: int, prior: Prior, key: str) -> tuple[Filter, Floats]:
        found, told = _anew(days, first, last, prior)
        if len(days) > LOOK_BACK:
            self._keep(key, days, found, told, first)
        return found, told

    def _keep(self, key: str, days: Floats, found: Filter, told: Floats, first: int) -> None:
        import numpy as np

        arrays = {"days": days, "states": found.states(LOOK_BACK), "told": told, "first": np.array([first])}
        self.kept.write(self.name, key, arrays)


def _anew(days: Floats, first: int, last: int, prior: Prior) -> tuple[Filter, Floats]:
    found = _taken_in(Filter(prior), days)
    return found, _told(found, range(first, last + 1))


def _told(found: Filter, days: range) -> Floats:
    """Mean and ends of the bands of 90, 80 and 95 % on each day, shape (days, 7)."""
    import numpy as np

    return np.column_stack(found.bands(days, (0.05, 0.95, 0.1, 0.9, 0.025, 0.975)))


def _level_series(
    name: str, held_days: Floats, start: date, end: date, prior: Prior, before: _Known | None
) -> LevelSeries:
    import numpy as np

    days = range(start.toordinal(), end.toordinal() + 1)
    first = max(int(held_days[0, 0]), days[0]) if len(held_days) else days[-1] + 1
    found, bands = (before.filtered if before else _anew)(held_days, first, days[-1], prior)
    bands[:, 1:] = np.clip(bands[:, 1:], -BOUND, BOUND)
    bands = bands.round(_DIGITS) + 0.0
    told: dict[int, Sequence[float | None]] = dict(zip(range(first, days[-1] + 1), bands.tolist(), strict=True))
    landed = dict(zip(found.days, found.weights, strict=True))
    held, fresh = 0.0, {}
    for day in range(min([days[0], *found.days[:1]]), days[-1] + 1):
        held = held * 2 ** (-1 / _HALF_LIFE) + landed.get(day, 0.0)
        fresh[day] = held
    back = found.paths() if found.days else np.empty((0, PATHS))
    known = found.days[len(found.days) - len(back) :]
    middle = [*np.quantile(back, (0.05, 0.95), axis=1)] if len(back) else []
    smooth = np.round(np.clip(np.array([back.mean(axis=1), *middle]).T, -BOUND, BOUND), _DIGITS).tolist()
    at = np.searchsorted(np.array(known, dtype=int), np.array(days), side="right") - 1
    points = []
    for day, place in zip(days, at.tolist(), strict=True):
        value, low, high, low80, high80, low95, high95 = told.get(day, _UNTOLD)
        smoothed, smoothed_low, smoothed_high = smooth[place] if place >= 0 else _UNTOLD[:3]
        points.append(
            LevelPoint(
                date.fromordinal(day), value, low, high, low80, high80, low95, high95, smoothed, smoothed_low,
                smoothed_high, round(landed.get(day, 0.0), _DIGITS), fresh[day] < _FEW,
            )
        )  # fmt: skip
    return LevelSeries(name, tuple(points), *_moves(found, back, known, days))


def _moves(
    found: Filter, back: Floats, known: Sequence[int], days: range
) -> tuple[tuple[LevelChange, ...], date | None, float | None]:
    """Changes up to the last day, since when there is none that is reliable, and the probability of the last one."""
    import numpy as np

    if not known:
        return (), None, None
    # The last day itself may lie some days after the last one with events.
    rng = np.random.default_rng(1)
    idle = days[-1] - known[-1]
    move = found.moved(idle, back.shape[1], rng)
    now = back[-1] + move
    # Between two days with events the level is taken to go straight from one to the other.
    whole, at = np.vstack([back, now]), np.array([*known, days[-1] + 1e-9])
    changes = []
    for lag in LAGS:
        day = days[-1] - lag
        if day >= known[0]:
            place = min(int(np.searchsorted(at, day, side="right")) - 1, len(at) - 2)
            if at[place + 1] - at[place] > lag:
                continue  # nothing is known of that day
            share = (day - at[place]) / (at[place + 1] - at[place])
            moves = now - (1 - share) * whole[place] - share * whole[place + 1]
            ends = np.quantile(moves, (0.05, 0.95)).tolist()
            middle, low, high = (round(v, _DIGITS) + 0.0 for v in (float(moves.mean()), *ends))
            changes.append(LevelChange(lag, middle, low, high, float(_rose(moves))))
    rose = _rose(now - back)
    differ = np.flatnonzero((rose >= SURE) | (rose <= 1 - SURE))
    if len(differ) == 0:
        return tuple(changes), date.fromordinal(known[0]), None
    last = int(differ[-1])
    return tuple(changes), date.fromordinal(known[last]) + timedelta(days=1), float(rose[last])


def _rose(moves: Floats) -> Floats:
    """Share of paths that rose; those of a level that stays count half."""
    import numpy as np

    share: Floats = np.round((np.sign(np.where(np.abs(moves) < 1e-9, 0.0, moves)).mean(axis=-1) + 1) / 2, 4)
    return share


def _mixture(m: Floats, c: Floats, weight: Floats, levels: Sequence[float]) -> tuple[float, Floats]:
    import numpy as np
    from scipy.special import ndtr

    weight = weight / weight.sum()
    mean = float(weight @ m)
    width = float(weight @ (c + (m - mean) ** 2)) ** 0.5
    at = mean + width * np.linspace(-5, 5, 81)
    reached = ndtr((at[:, None] - m) / np.sqrt(c)) @ weight
    return mean, np.interp(levels, reached, at)
