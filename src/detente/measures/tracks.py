"""What happened on each issue, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from detente.engine import FULL, Engine, EventRows, TrackSum, row_tracks, track_sums
from detente.measures.index import check_dyad, check_stretch
from detente.terms import Dyad


@dataclass(frozen=True, slots=True)
class TrackMonth:
    """One track in one month, both directions.

    Attributes:
        track: Id in the dossier; empty for events of no track.
        month: Its first day; None for events dated to a quarter, a year, or a range across months.
        events: Occurrences, each counted once.
        cooperative, conflictual: Those that score above 0, below 0.
        mean_score: Points, weighted by confidence; None where no event has any.
        weight: Sum of weights, the number of events of full confidence that tell as much.
    """

    track: str
    month: date | None
    events: int
    cooperative: int
    conflictual: int
    mean_score: float | None
    weight: float


def by_track(
    events: EventRows, dyad: Dyad, *, start: date, end: date, engine: Engine | None = None
) -> tuple[TrackMonth, ...]:
    """Count and average a dyad's events by track and month.

    Args:
        start, end: Events count that lie wholly between these days, both included.

    Returns:
        Sorted by track and month; tracks and months without events are absent.

    Raises:
        MeasureError: `end` lies before `start`, or the rows were kept for another dyad.
    """
    check_stretch(start, end)
    check_dyad(events, dyad)
    stretch = {"first_number": start.toordinal(), "last_number": end.toordinal()}
    if engine is None or not events.rows:
        sums = row_tracks(events.rows, dyad, **stretch)
    else:
        with engine.held(engine.events(events)) as table:
            sums = track_sums(table, dyad, **stretch)
    return tuple(map(_month, sums))


def _month(sums: TrackSum) -> TrackMonth:
    number = sums.month_number
    return TrackMonth(
        track=sums.track,
        month=None if number is None else date(number // 12, number % 12 + 1, 1),
        events=sums.occurrences,
        cooperative=sums.cooperative,
        conflictual=sums.conflictual,
        mean_score=round(sums.weight_score / sums.weight / 10, 6) if sums.weight else None,
        weight=round(sums.weight / FULL, 6),
    )
