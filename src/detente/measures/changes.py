"""What changed between two days: the events and statements of that time, ordered by what they moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from detente.engine import Engine, EventRows, LeftOut, event_rows, rows_between
from detente.errors import MeasureError
from detente.ledger.asof import AsOf
from detente.measures.breaks import Break, find_breaks
from detente.measures.index import IndexPoint, IndexSettings, contributions, daily_index
from detente.measures.series import series_of
from detente.measures.stance import day_said
from detente.terms import Dyad, Occurrence, Precision, Realis, Statement


@dataclass(frozen=True, slots=True)
class EventChange:
    """An event of the time between, and what it does to the index of the pair on the last day.

    Attributes:
        occurrence: Id; the ledger has its evidence.
        counted_as: PLOVER type it scores as: AGREE for a planned meeting.
        directions: `RUS>USA`, `USA>RUS` or both.
        sign: +1 cooperative, -1 conflictual, 0 neutral.
        score: Points on PLOVER's scale.
        effect: Points of the index on the last day that are due to it; its size is the order of the list.
    """

    occurrence: str
    first: date
    last: date
    precision: Precision
    type: str
    mode: str
    realis: Realis
    counted_as: str
    directions: tuple[str, ...]
    track: str
    sources: int
    decided: str
    sign: int
    score: float
    effect: float


@dataclass(frozen=True, slots=True)
class StatementChange:
    """A statement of the time between, and how far it lies from what its speaker used to say.

    Attributes:
        usual: Mean stance of the speaker's earlier statements; None for a first one.
        shift: Stance less `usual`; for a first statement, the stance itself.
        sign: Of `shift`; of the stance where there is no shift.
    """

    statement: Statement
    day: date
    sign: int
    usual: float | None
    shift: float


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after one day, up to and including another.

    Attributes:
        before, after: The joint index on the two days.
        events: Largest effect on the index first.
        statements: Largest shift first, then the strongest stance.
        last_break: Last break in the weekly joint score up to the second day, None where there is none.
        weeks_too_few: True where there are too few weeks with a score to look for breaks.
        left_out: Occurrences that count for nothing, whenever they are from, with the reason.
    """

    dyad: Dyad
    since: date
    until: date
    before: IndexPoint
    after: IndexPoint
    events: tuple[EventChange, ...]
    statements: tuple[StatementChange, ...]
    last_break: Break | None
    weeks_too_few: bool
    left_out: tuple[LeftOut, ...]

    @property
    def move(self) -> float | None:
        """Change of the index, in points; None where one of the two days has no value."""
        if self.before.value is None or self.after.value is None:
            return None
        return round(self.after.value - self.before.value, 6)


def what_changed(
    occurrences: Iterable[Occurrence] | EventRows,
    statements: Iterable[Statement],
    dyad: Dyad,
    *,
    since: date,
    until: date,
    published: Mapping[str, date] | None = None,
    as_of: AsOf = None,
    settings: IndexSettings | None = None,
    engine: Engine | None = None,
) -> Changes:
    """List what happened and was said after `since`, up to and including `until`, the weightiest first.

    Args:
        occurrences: From the ledger; or rows made from them, with `published` and `as_of` given there.
        statements: From the ledger, of speakers of any side; those of the dyad's sides are kept.
        published: Day of publication by document id, where known.
        as_of: Leave out occurrences recorded later.

    Raises:
        MeasureError: `until` is not after `since`, or the rows were kept for another dyad.
    """
    if until <= since:
        raise MeasureError(f"changes after {since} until {until}: no day lies between. Give a later day.")
    events = (
        occurrences
        if isinstance(occurrences, EventRows)
        else event_rows(occurrences, dyad=dyad, published=published, as_of=as_of)
    )
    index = daily_index(events, dyad, start=since, end=until, settings=settings, engine=engine).joint
    between = rows_between(events.rows, dyad)
    opens = min([since, *(row.first for row in between)])
    found = find_breaks(series_of(events, dyad, start=opens, end=until, engine=engine))
    return Changes(
        dyad=dyad,
        since=since,
        until=until,
        before=index.points[0],
        after=index.last,
        events=event_changes(events, dyad, since, until, settings=settings),
        statements=statement_changes(statements, dyad.sides, since, until, published),
        last_break=found.last,
        weeks_too_few=found.too_few,
        left_out=events.left_out,
    )


def event_changes(
    events: EventRows, dyad: Dyad, since: date, until: date, *, settings: IndexSettings | None = None
) -> tuple[EventChange, ...]:
    """What happened after `since`, up to and including `until`, that which moves the index most first.

    Raises:
        MeasureError: The rows were kept for another dyad.
    """
    effects = {c.occurrence: c.points for c in contributions(events, dyad, until, settings=settings)}
    changes: dict[str, EventChange] = {}
    for row in rows_between(events.rows, dyad):
        # A stretch that had begun before is nothing new, even where it reaches into the time between.
        if not since < row.first <= until:
            continue
        direction = f"{row.actor}>{row.recipient}"
        held = changes.get(row.occurrence)
        changes[row.occurrence] = EventChange(
            occurrence=row.occurrence,
            first=row.first,
            last=row.last,
            precision=row.precision,
            type=row.type,
            mode=row.mode,
            realis=row.realis,
            counted_as=row.counted_as,
            directions=(*held.directions, direction) if held else (direction,),
            track=row.track,
            sources=row.sources,
            decided=row.decided,
            sign=(row.score_tenths > 0) - (row.score_tenths < 0),
            score=row.score,
            effect=effects[row.occurrence],
        )
    return tuple(sorted(changes.values(), key=lambda c: (-abs(c.effect), -abs(c.score), c.first, c.occurrence)))


def statement_changes(
    statements: Iterable[Statement],
    sides: Sequence[str],
    since: date,
    until: date,
    published: Mapping[str, date] | None = None,
) -> tuple[StatementChange, ...]:
    """What the sides said after `since`, up to and including `until`, that which is furthest from their usual first."""
    dated = [
        (day, statement)
        for statement in statements
        if set(statement.speaker.sides) & set(sides)
        and (day := day_said(statement, published)) is not None
        and day <= until
    ]
    earlier: dict[tuple[str, str], list[int]] = {}
    for day, statement in dated:
        if day <= since:
            earlier.setdefault(_voice(statement), []).append(statement.stance)
    changes = []
    for day, statement in dated:
        if day > since:
            before = earlier.get(_voice(statement))
            usual = round(sum(before) / len(before), 6) if before else None
            shift = round(statement.stance - (usual or 0.0), 6)
            leaning = shift or statement.stance
            changes.append(StatementChange(statement, day, (leaning > 0) - (leaning < 0), usual, shift))
    return tuple(
        sorted(
            changes,
            key=lambda c: (
                -abs(c.shift),
                -abs(c.statement.stance),
                c.day,
                c.statement.evidence.document,
                c.statement.evidence.start,
            ),
        )
    )


def _voice(statement: Statement) -> tuple[str, str]:
    return statement.speaker.side, statement.speaker.entity or statement.speaker.name
