"""The daily index: how each side acts toward the other, and the two together, on PLOVER's scale from -10 to +10.

A decayed mean with a prior at neutral. An event of weight w (its confidence; 1 once a person has accepted it) and
score s, d days ago, counts w * 2 ** (-d / half_life_days). With n the sum of these over all events so far and m their
mean score, the index is n * m / (prior_weight + n): one event does not make -10 or +10, and when nothing happens the
index drifts back to 0 while its interval widens.

The interval is the posterior of a normal level with unknown spread under the conjugate prior (0, prior_weight,
prior_sd, prior_df), with exponentially discounted evidence, and the level's own steps of `drift` points a day that the
mean has not followed yet. Nothing after a day enters that day's value. An event known only to a stretch (a month, a
quarter) gives an equal part of its weight to each of the days.

In simulations (`benchmarks/index_coverage.py`, docs/measures/index.md) the 90 % interval held in 90 % of days over
the kinds of levels on which `drift` was chosen and in 86 % over others: 98 to 100 % where the level holds or moves
slowly, 82 % of walks of 0.2 points a day, 56 % of swings that the mean cannot follow. `detente.measures.level`
follows levels that move; this one falls apart into what each occurrence adds.

Source:
    West & Harrison (1997), Bayesian Forecasting and Dynamic Models, 2nd ed., ch. 2 (discounting);
    Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., 3.3 (conjugate prior for mean and variance).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from detente.codebook import VERSION
from detente.engine import (
    FULL,
    DaySum,
    EventRow,
    EventRows,
    ImportedEvents,
    LeftOut,
    day_sums,
    rows_between,
)
from detente.errors import MeasureError
from detente.terms import Dyad

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from detente.engine import Engine

Acts = Literal["all", "verbal", "material"]
QUADS_OF: Mapping[Acts, tuple[int, ...]] = {"all": (1, 2, 3, 4), "verbal": (1, 3), "material": (2, 4)}
"""Quad classes of each kind of acts."""
METHOD = "decayed-mean.v2"
BOUND = 10.0
"""The scale ends at -10 and +10."""
_DIGITS = 6  # the last bits of a float are no finding, and differ between processors


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What the index assumes; written beside every value.

    Attributes:
        half_life_days: Days after which an event counts half. On daily GDELT scores of six pairs of states
            (2018-2024), forecasting the weekly score 4 weeks on, the best half-life lay anywhere from 14 days
            (Russia-Ukraine) to 180 (China-Russia); 30 days came within 4 % of the best for each of the six.
        prior_weight: Events of weight 1 at score 0 that stand against what was seen. With 4, one event moves the
            index by a fifth of its score.
        prior_sd: Spread of scores expected beforehand, in points. The 16 types of PLOVER lie 5.8 from 0 (root mean
            square), the eight that are words alone 3.2.
        prior_df: Events' worth of trust in `prior_sd`.
        drift: Points by which the level wanders in a day, as an independent step. Chosen so that the interval holds
            in 90 % of days over seven kinds of levels in `benchmarks/index_coverage.py`; with 0 in 74 %, with 0.10 in
            87 %, with 0.14 in 91 %.
        level: Share (0-1) that the interval should hold.
        few: Fewer effective events than this are too few to speak of a state.
    """

    half_life_days: float = 30.0
    prior_weight: float = 4.0
    prior_sd: float = 5.0
    prior_df: float = 4.0
    drift: float = 0.13
    level: float = 0.90
    few: float = 2.0

    def __post_init__(self) -> None:
        for name in ("half_life_days", "prior_weight", "prior_sd", "prior_df", "few"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise MeasureError(f"index: {name} is {value}. Give a number above 0.")
        if not (math.isfinite(self.drift) and self.drift >= 0):
            raise MeasureError(f"index: drift is {self.drift}. Give points a day, 0 for a level that holds.")
        if not 0 < self.level < 1:
            raise MeasureError(f"index: level is {self.level}, outside (0, 1). Write 0.9 for 90 %.")


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """One day of one series.

    Attributes:
        value: Points, -10 to +10; None on days before the first event.
        low, high: Ends of the interval, within the scale; None with `value`.
        effective_events: Sum of decayed weights: how many events of today with full confidence tell as much.
        new_weight: Weight of what happened that day.
        too_few: Fewer effective events than the settings ask for: do not read a state from the value.
    """

    day: date
    value: float | None
    low: float | None
    high: float | None
    effective_events: float
    new_weight: float
    too_few: bool


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """One direction (`RUS>USA`) or both (`RUS-USA`), a point for each day."""

    name: str
    points: tuple[IndexPoint, ...]

    @property
    def last(self) -> IndexPoint:
        return self.points[-1]

    def on(self, day: date) -> IndexPoint:
        """The point of a day.

        Raises:
            MeasureError: The series does not reach that day.
        """
        place = (day - self.points[0].day).days
        if not 0 <= place < len(self.points):
            raise MeasureError(
                f"{self.name}: no point on {day}, it runs from {self.points[0].day} to {self.points[-1].day}. "
                "Ask for a longer index."
            )
        return self.points[place]


@dataclass(frozen=True, slots=True)
class DailyIndex:
    """The index of a dyad, day by day.

    Attributes:
        series: By name: each direction, then both together under the dyad's own name.
        scale: Version of the codebook whose scores were used.
        left_out: Occurrences that count for nothing, with the reason.
    """

    dyad: Dyad
    start: date
    end: date
    series: Mapping[str, IndexSeries]
    settings: IndexSettings
    left_out: tuple[LeftOut, ...]
    scale: str = VERSION
    method: str = METHOD

    @property
    def joint(self) -> IndexSeries:
        return self.series[str(self.dyad)]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one occurrence adds to the index of a day.

    Attributes:
        weight: Decayed weight on that day.
        points: Its part of the value: these add up to the index.
    """

    occurrence: str
    first: date
    score: float
    weight: float
    points: float


def series_names(dyad: Dyad) -> tuple[str, str, str]:
    """Names of a dyad's three series.

    >>> series_names(Dyad("RUS", "USA"))
    ('RUS>USA', 'USA>RUS', 'RUS-USA')
    """
    first, second = dyad.directed()
    return str(first), str(second), str(dyad)


def daily_index(
    events: EventRows | ImportedEvents,
    dyad: Dyad,
    *,
    start: date,
    end: date,
    acts: Acts = "all",
    settings: IndexSettings | None = None,
    engine: Engine | None = None,
) -> DailyIndex:
    """Compute the index of a dyad for each day from `start` to `end`, both included.

    Events before `start` count with their decayed weight; events after a day do not count on that day.

    Args:
        events: From `detente.engine.event_rows`, which is where `as_of` is given; or what a database has, from
            `detente.engine.imported_events`.
        acts: All of them, or words or deeds alone, see `of_acts`.
        engine: Database that sums, for rows by the million; without one they are added up here.

    Raises:
        MeasureError: `end` lies before `start`, or the rows were kept for another dyad.
    """
    settings = settings or IndexSettings()
    check_stretch(start, end)
    check_dyad(events, dyad)
    sums = of_acts(sums_until(events, dyad, end, engine), acts)
    series = {}
    for name in series_names(dyad):
        series[name] = _series(name, [s for s in sums if s.series == name], start, end, settings)
    return DailyIndex(dyad, start, end, series, settings, events.left_out)


def contributions(
    events: EventRows, dyad: Dyad, day: date, *, series: str | None = None, settings: IndexSettings | None = None
) -> tuple[Contribution, ...]:
    """What each occurrence adds to the index on a day, largest first: the index walked back to its events.

    Args:
        series: `RUS>USA`, `USA>RUS` or `RUS-USA`, which is taken where none is given.

    Raises:
        MeasureError: The dyad has no such series, or the rows were kept for another dyad.
    """
    settings = settings or IndexSettings()
    check_dyad(events, dyad)
    name = series or str(dyad)
    if name not in series_names(dyad):
        raise MeasureError(f"{dyad} has no series {name!r}. It has {', '.join(series_names(dyad))}.")
    firsts: dict[str, EventRow] = {}
    weights: dict[str, float] = {}
    for row in rows_between(events.rows, dyad):
        if name in (str(dyad), f"{row.actor}>{row.recipient}") and row.first <= day:
            shared = row.pair_rows if name == str(dyad) else 1
            firsts.setdefault(row.occurrence, row)
            weights[row.occurrence] = weights.get(row.occurrence, 0.0) + _decayed(row, day, settings) / shared
    whole = settings.prior_weight + sum(weights.values())
    found = [
        Contribution(
            occurrence=key,
            first=firsts[key].first,
            score=firsts[key].score,
            weight=round(weight, _DIGITS),
            points=round(weight * firsts[key].score / whole, _DIGITS),
        )
        for key, weight in weights.items()
    ]
    return tuple(sorted(found, key=lambda c: (-abs(c.points), c.first, c.occurrence)))


def heaviest(
    events: EventRows,
    dyad: Dyad,
    days: Sequence[date],
    *,
    series: str | None = None,
    settings: IndexSettings | None = None,
    count: int = 3,
) -> list[tuple[str, ...]]:
    """The occurrences that add most to the index of each day, as `contributions` would order them.

    Args:
        days: Rising, without gaps.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    settings = settings or IndexSettings()
    check_dyad(events, dyad)
    name = series or str(dyad)
    if not days:
        return []
    known: dict[str, EventRow] = {}
    lands: dict[int, list[EventRow]] = {}
    ends: dict[str, int] = {}
    for row in rows_between(events.rows, dyad):
        if name in (str(dyad), f"{row.actor}>{row.recipient}") and row.first <= days[-1]:
            known.setdefault(row.occurrence, row)
            ends[row.occurrence] = max(row.last_number, ends.get(row.occurrence, 0))
            for number in range(row.first_number, min(row.last_number, days[-1].toordinal()) + 1):
                lands.setdefault(number, []).append(row)
    rate = 2 ** (-1 / settings.half_life_days)
    held: dict[str, float] = {}
    found: list[tuple[str, ...]] = []
    for number in range(min([days[0].toordinal(), *lands]), days[-1].toordinal() + 1):
        held = {key: weight * rate for key, weight in held.items()}
        for row in lands.get(number, ()):
            shared = row.pair_rows if name == str(dyad) else 1
            held[row.occurrence] = (
                held.get(row.occurrence, 0.0) + row.weight_thousandths / 1000 / row.width_days / shared
            )
        ranked = sorted(held, key=lambda key: (-held[key] * abs(known[key].score), known[key].first, key))
        # All fade alike: what is over and not among the first will never be.
        held = {key: held[key] for at, key in enumerate(ranked) if at < count or ends[key] > number}
        if number >= days[0].toordinal():
            found.append(tuple(key for key in ranked[:count] if held[key] * known[key].score))
    return found


def check_stretch(start: date, end: date) -> None:
    """Raise MeasureError unless the stretch has a day."""
    if end < start:
        raise MeasureError(f"the stretch ends {end}, before it starts, {start}. Swap the two days.")


def check_dyad(events: EventRows | ImportedEvents, dyad: Dyad) -> None:
    """Raise MeasureError where the rows were kept for another dyad: its index would be silently empty."""
    if events.dyad not in (None, dyad):
        raise MeasureError(f"the rows were kept for {events.dyad}, not {dyad}. Build them with dyad={dyad}.")


def sums_until(events: EventRows | ImportedEvents, dyad: Dyad, end: date, engine: Engine | None) -> list[DaySum]:
    """Daily sums of a dyad up to a day, from the engine given or added up here."""
    if isinstance(events, ImportedEvents):
        return [sums for sums in events.sums if sums.day_number <= end.toordinal()]
    if not events.rows:
        return []
    if engine is None:
        return events.sums(dyad, last_number=end.toordinal())
    with engine.held(engine.events(events)) as table:
        return day_sums(engine, table, dyad, last_number=end.toordinal())


def of_acts(sums: Sequence[DaySum], acts: Acts) -> list[DaySum]:
    """Daily sums of words or of deeds alone, an act of cooperation at +10 and one of conflict at -10."""
    if acts == "all":
        return list(sums)
    found = []
    for s in sums:
        good, bad = getattr(s, f"{acts}_cooperation"), getattr(s, f"{acts}_conflict")
        if good + bad:
            found.append(
                replace(s, weight=good + bad, weight_score=100 * (good - bad), weight_score2=10_000 * (good + bad))
            )
    return found


def faded(row: EventRow, day: date, settings: IndexSettings) -> float:
    """What is left on a day of a row that had weight 1."""
    rate = 2 ** (-1 / settings.half_life_days)
    ages = range(max(0, (day - row.last).days), (day - row.first).days + 1)
    return sum(rate**age for age in ages) / row.width_days


def _decayed(row: EventRow, day: date, settings: IndexSettings) -> float:
    return row.weight_thousandths / 1000 * faded(row, day, settings)


def _series(name: str, sums: list[DaySum], start: date, end: date, settings: IndexSettings) -> IndexSeries:
    import numpy as np

    opens = min([start.toordinal(), *(s.day_number for s in sums)])
    landed = np.zeros((3, end.toordinal() - opens + 1))
    if sums:
        each = np.array([(s.day_number - opens, s.width_days, s.weight, s.weight_score, s.weight_score2) for s in sums])
        np.add.at(landed.T, each[:, 0], each[:, 2:] / np.array([1, 10, 100]) / each[:, 1:2] / FULL)
    levels = index_levels(landed, settings)
    days = range(start.toordinal(), end.toordinal() + 1)
    columns = (np.round(column[start.toordinal() - opens :], _DIGITS).tolist() for column in levels)
    points = []
    for number, value, low, high, held, new in zip(days, *columns, strict=True):
        begun = not math.isnan(value)
        points.append(
            IndexPoint(
                day=date.fromordinal(number),
                value=value + 0.0 if begun else None,
                low=low if begun else None,
                high=high if begun else None,
                effective_events=held,
                new_weight=new,
                too_few=held < settings.few,
            )
        )
    return IndexSeries(name, tuple(points))


def _days_behind(held: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Days of movement that a decayed mean has not followed yet: the sum over days back of the squared share of its
    weight that is older. A level that moves by independent steps has moved away from the mean by as many."""
    import numpy as np

    kept = np.divide(held[:-1] * rate, held[1:], out=np.ones(len(held) - 1), where=held[1:] > 0)
    behind = [0.0]
    for share in kept.tolist():
        behind.append(share**2 * (1 + behind[-1]))
    return np.array(behind)


def index_levels(landed: NDArray[np.float64], settings: IndexSettings) -> NDArray[np.float64]:
    """The index of one series on each day, from what landed on each.

    Args:
        landed: Shape (3, days): sums of weights, of weight times score and of weight times squared score, in points.

    Returns:
        Shape (5, days): value, low, high (no number before the first event), effective events, new weight.
    """
    import numpy as np
    from scipy.special import stdtrit  # type: ignore[import-untyped, unused-ignore]

    rate = 2 ** (-1 / settings.half_life_days)
    # Added day after day in order: the value of a day is the same however far the series goes on.
    n, total, squares = (
        np.array(list(itertools.accumulate(row, lambda held, new: held * rate + new))) for row in landed.tolist()
    )
    prior, df = settings.prior_weight, settings.prior_df + n
    value = total / (prior + n)
    # Squares about the posterior mean, the prior's share at 0 included; rounding must not make them negative.
    spread = np.maximum(squares - total * value, 0.0)
    variance = (settings.prior_df * settings.prior_sd**2 + spread) / df / (prior + n)
    moved = (n / (prior + n)) ** 2 * settings.drift**2 * _days_behind(n, rate)
    scale = np.sqrt(variance + moved)
    reach = stdtrit(df, (1 + settings.level) / 2) * scale
    found = np.stack([value, np.maximum(value - reach, -BOUND), np.minimum(value + reach, BOUND), n, landed[0]])
    found[:3, np.cumsum(landed[0]) <= 0] = np.nan
    return found
