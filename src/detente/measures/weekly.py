"""Weekly scores: what breaks are looked for in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from detente.engine import HALVES, Engine, EventRows
from detente.errors import MeasureError
from detente.measures.index import check_dyad, check_stretch, series_names, sums_until
from detente.terms import Dyad

WEEK = timedelta(days=7)
_PRIOR_WEIGHT = 1.0  # a week with one event shows half its score: thin weeks must not shout
_LEAST_WEIGHT = 0.5  # less than half an event in a week is silence, not a score


@dataclass(frozen=True, slots=True)
class WeeklySeries:
    """Scores by week, Monday to Sunday.

    Attributes:
        weeks: Mondays, without gaps.
        values: Points; None where the week says nothing.
    """

    name: str
    weeks: tuple[date, ...]
    values: tuple[float | None, ...]

    def __post_init__(self) -> None:
        if len(self.weeks) != len(self.values):
            raise MeasureError(f"{self.name}: {len(self.values)} values for {len(self.weeks)} weeks. Give one each.")
        for earlier, later in zip(self.weeks, self.weeks[1:], strict=False):
            if later - earlier != WEEK:
                raise MeasureError(
                    f"{self.name}: week {later} does not follow {earlier}. Give every week, None if empty."
                )


def weekly_scores(
    events: EventRows,
    dyad: Dyad,
    *,
    start: date,
    end: date,
    series: str | None = None,
    engine: Engine | None = None,
) -> WeeklySeries:
    """Mean score of each whole week between two days, drawn toward 0 where a week has few events.

    Args:
        series: `RUS>USA`, `USA>RUS` or `RUS-USA`, which is taken where none is given.

    Returns:
        For a week with weights w and scores s: sum(w * s) / (1 + sum(w)); None below half an event's weight.

    Raises:
        MeasureError: `end` lies before `start`, the rows were kept for another dyad or it has no such series.
    """
    check_stretch(start, end)
    check_dyad(events, dyad)
    name = series or str(dyad)
    if name not in series_names(dyad):
        raise MeasureError(f"{dyad} has no series {name!r}. It has {', '.join(series_names(dyad))}.")
    first = start + timedelta(days=-start.weekday() % 7)
    count = max(0, ((end - first).days + 1) // 7)
    weight, score = [0.0] * count, [0.0] * count
    for sums in sums_until(events, dyad, end, engine):
        week = (sums.day_number - first.toordinal()) // 7
        if sums.series == name and 0 <= week < count:
            weight[week] += sums.weight / sums.width_days / 1000 / HALVES
            score[week] += sums.weight_score / 10 / sums.width_days / 1000 / HALVES
    values = tuple(
        round(s / (_PRIOR_WEIGHT + w), 6) if w >= _LEAST_WEIGHT else None for w, s in zip(weight, score, strict=True)
    )
    return WeeklySeries(name, tuple(first + i * WEEK for i in range(count)), values)
