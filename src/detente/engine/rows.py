"""Occurrences become directed rows: who did what toward whom, on which days, worth how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from detente.codebook import quad, score_tenths
from detente.engine.aggregates import DaySum, row_sums
from detente.engine.realis import counts_as
from detente.errors import CodebookError, EngineError
from detente.ledger.asof import AsOf, moment_of
from detente.terms import Dyad, Event, Occurrence, Precision, Rank, Realis

CERTAIN = 1000
"""Weight, in thousandths, of an event that a person has accepted or amended."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One side's act toward one other side.

    Attributes:
        occurrence: Id of the occurrence; an occurrence has a row for each directed dyad it concerns.
        actor, recipient: Alpha-3 codes.
        type, mode, realis: As coded.
        counted_as: PLOVER type it scores as (a planned meeting counts as AGREE), see `detente.engine.realis`.
        quad: Quad class (1-4) of `counted_as`.
        score_tenths: PLOVER score in tenths, -100 to +100: integers add up the same on every engine.
        first, last: Days of the stretch in which it happened, both inclusive.
        first_number, last_number: The same as days since 0001-01-01, which is 1.
        width_days: Length of the stretch; the weight is spread evenly over it.
        day, day_number: The day where the stretch is a single one, else None.
        month_number: 12 * year + month - 1 where the stretch lies in one month, else None.
        precision: As coded; `day` for a promise, proposal or cancellation, which is dated by its report.
        pair_rows: Rows of this occurrence between these two states: 2 where each acts toward the other.
        confidence_thousandths: Of the coding.
        weight_thousandths: The same, or 1000 where a person has accepted or amended it.
        sources: Reports of it that are no copies of one another.
        decided: `accept`, `amend` or empty.
        recorded_number: Day (UTC) its first report entered the ledger, None where unknown.
    """

    occurrence: str
    actor: str
    recipient: str
    type: str
    mode: str
    realis: Realis
    counted_as: str
    quad: int
    score_tenths: int
    first: date
    last: date
    first_number: int
    last_number: int
    width_days: int
    day: date | None
    day_number: int | None
    month_number: int | None
    precision: Precision
    pair_rows: int
    rank: Rank
    track: str
    confidence_thousandths: int
    weight_thousandths: int
    sources: int
    decided: str
    recorded_number: int | None

    @property
    def score(self) -> float:
        """On the scale of PLOVER, -10 to +10."""
        return self.score_tenths / 10


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An occurrence that gives no row, and why."""

    occurrence: str
    reason: str


@dataclass(frozen=True, slots=True)
class EventRows:
    """Directed rows in the order of day, occurrence and side, and what gave none.

    Attributes:
        rows: See `EventRow`.
        left_out: Undated, not done, one-sided or wrongly dated occurrences. Those of other dyads are not listed.
        dyad: The pair the rows were kept for; None where all pairs were.
        as_of: The moment up to which the ledger was read, where one was given.
    """

    rows: tuple[EventRow, ...]
    left_out: tuple[LeftOut, ...] = ()
    dyad: Dyad | None = None
    as_of: datetime | None = None
    _sums: dict[Dyad, list[DaySum]] = field(init=False, default_factory=dict, repr=False, compare=False)

    def sums(self, dyad: Dyad, *, last_number: int) -> list[DaySum]:
        """Daily sums of a dyad up to a day, added up when they are first asked for."""
        if dyad not in self._sums:
            end = max((row.last_number for row in self.rows), default=0)
            self._sums[dyad] = row_sums(self.rows, dyad, last_number=end)
        return [sums for sums in self._sums[dyad] if sums.day_number <= last_number]

    def __iter__(self) -> Iterator[EventRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def reasons(self) -> dict[str, int]:
        """How many occurrences were left out, by reason."""
        counted: dict[str, int] = {}
        for item in self.left_out:
            counted[item.reason] = counted.get(item.reason, 0) + 1
        return dict(sorted(counted.items()))


class _NoRow(Exception):
    """The occurrence gives no row; the message is the reason."""


def event_rows(
    occurrences: Iterable[Occurrence],
    *,
    dyad: Dyad | None = None,
    published: Mapping[str, date] | None = None,
    as_of: AsOf = None,
) -> EventRows:
    """Turn occurrences into directed rows.

    Each actor's side acts toward each recipient's side. Every meeting or call that is no visit, and what several sides
    do in common without a recipient (an agreement, a meeting called off), is an act of each toward each other.

    A happened event lies on the days it is dated to; the stretch ends at the day it was first reported as happened, if
    that is earlier.
    A meeting that will not be, coded beside its calling off in the same sentence, is no act of its own.
    Promises, proposals and cancellations are acts of the day they were made, not of the day they speak of: the
    earliest of the first report (`published`), the first day spoken of and the day of recording.

    Args:
        dyad: Keep rows between these two states alone; otherwise all pairs.
        published: Day of publication by document id, where known.
        as_of: Leave out what was recorded later.

    Raises:
        EngineError: An occurrence recorded in time holds reports recorded after `as_of`; or an id stands twice.

    Source:
        PLOVER manual, draft 2.0 (2024), "Compound and Reciprocal Actors": visitor and host are actor and recipient,
        all other parties to a meeting are actors without a recipient.
    """
    moment = moment_of(as_of)
    rows: list[EventRow] = []
    left_out: list[LeftOut] = []
    seen: set[str] = set()
    occurrences = list(occurrences)
    called_off = {key for one in occurrences if _calls_off(one) and _recorded_by(one, moment) for key in _told_in(one)}
    for occurrence in occurrences:
        if occurrence.id in seen:
            raise EngineError(f"occurrence {occurrence.id} is given twice. Give each once: merge lists by id.")
        seen.add(occurrence.id)
        if not _recorded_by(occurrence, moment):
            continue
        try:
            event = occurrence.event
            if (event.type, event.realis) == ("CONSULT", "cancelled") and _told_in(occurrence) <= called_off:
                raise _NoRow("its calling off is counted")
            rows.extend(_rows(occurrence, dyad, published or {}))
        except _NoRow as reason:
            # What concerns other states only is no loss to this dyad's reader.
            if dyad is None or set(dyad.sides) & set(occurrence.event.sides):
                left_out.append(LeftOut(occurrence.id, str(reason)))
    rows.sort(key=lambda row: (row.first_number, row.last_number, row.occurrence, row.actor, row.recipient))
    return EventRows(tuple(rows), tuple(sorted(left_out, key=lambda item: item.occurrence)), dyad, moment)


def _recorded_by(occurrence: Occurrence, moment: datetime | None) -> bool:
    if moment is None or not occurrence.members:
        return True
    late = [entry for entry in occurrence.members if entry.recorded > moment]
    if late and len(late) < len(occurrence.members):
        raise EngineError(
            f"occurrence {occurrence.id}: {len(late)} of its {len(occurrence.members)} reports were recorded after "
            f"{moment.isoformat()}. Ask the ledger itself: occurrences(as_of=...) merges only what was there."
        )
    return not late


def _calls_off(occurrence: Occurrence) -> bool:
    return occurrence.event.type == "REJECT" and occurrence.event.realis == "cancelled"


def _told_in(occurrence: Occurrence) -> set[tuple[frozenset[str], str, int]]:
    """The sentences that tell of it, and between whom."""
    told = [m.coding for m in occurrence.members if isinstance(m.coding, Event)] or [occurrence.event]
    return {(frozenset(e.sides), e.evidence.document, e.evidence.start) for e in told}


def _rows(occurrence: Occurrence, dyad: Dyad | None, published: Mapping[str, date]) -> list[EventRow]:
    event = occurrence.event
    counted = counts_as(event.type, event.mode, event.realis)
    if counted is None:
        raise _NoRow(f"{event.realis}, so not done")
    try:
        score, quad_class = score_tenths(*counted), quad(counted[0])
        score_tenths(event.type, event.mode)
    except CodebookError as problem:
        raise _NoRow(f"not a code of PLOVER: {problem}") from problem
    pairs = directed_pairs(event)
    if dyad is not None:
        pairs = [pair for pair in pairs if set(pair) == set(dyad.sides)]
        if not pairs:
            if len(event.sides) < 2:
                raise _NoRow("one side only")
            return []
    if not pairs:
        raise _NoRow("one side only")
    first, last, precision = _stretch(event, _reports(occurrence, published))
    recorded = occurrence.members[0].recorded.astimezone(UTC).date() if occurrence.members else None
    confidence = round(CERTAIN * event.confidence)
    one_month = (first.year, first.month) == (last.year, last.month)
    return [
        EventRow(
            occurrence=occurrence.id,
            actor=actor,
            recipient=recipient,
            type=event.type,
            mode=event.mode,
            realis=event.realis,
            counted_as=counted[0],
            quad=quad_class,
            score_tenths=score,
            first=first,
            last=last,
            first_number=first.toordinal(),
            last_number=last.toordinal(),
            width_days=(last - first).days + 1,
            day=first if first == last else None,
            day_number=first.toordinal() if first == last else None,
            month_number=12 * first.year + first.month - 1 if one_month else None,
            precision=precision,
            pair_rows=2 if (recipient, actor) in pairs else 1,
            rank=event.rank,
            track=event.track,
            confidence_thousandths=confidence,
            weight_thousandths=CERTAIN if occurrence.decided in ("accept", "amend") else confidence,
            sources=occurrence.sources,
            decided=occurrence.decided,
            recorded_number=recorded.toordinal() if recorded else None,
        )
        for actor, recipient in pairs
    ]


# What two states do together they do toward one another only where it binds or brings them together: a joint
# accusation has a target that the text leaves out, and it is not each other. A meeting called off has none either.
_MUTUAL = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})


def directed_pairs(event: Event) -> list[tuple[str, str]]:
    """(side that acts, side acted on), as the index counts an event; what sides do together is there both ways."""
    actors = sorted({side for p in event.actors for side in p.sides})
    recipients = sorted({side for p in event.recipients for side in p.sides})
    joint = not recipients or (
        event.type == "CONSULT" and event.mode != "visit" and event.realis in ("happened", "planned")
    )
    if joint and (event.type in _MUTUAL or event.realis == "cancelled"):
        actors = recipients = sorted({*actors, *recipients})
    return [(actor, recipient) for actor in actors for recipient in recipients if actor != recipient]


@dataclass(frozen=True, slots=True)
class _Reports:
    """Days on which it was reported as what it is taken for: a plan's report says nothing about when it was done."""

    published: tuple[date, ...]
    recorded: tuple[date, ...]

    @property
    def first(self) -> date | None:
        return min((*self.published, *self.recorded), default=None)

    @property
    def latest(self) -> date | None:
        return max(self.published or self.recorded, default=None)


def _reports(occurrence: Occurrence, published: Mapping[str, date]) -> _Reports:
    members = [
        entry
        for entry in occurrence.members
        if isinstance(entry.coding, Event) and entry.coding.realis == occurrence.event.realis
    ]
    documents = {entry.document for entry in members} if occurrence.members else set(occurrence.documents)
    return _Reports(
        tuple(published[name] for name in sorted(documents) if name in published),
        tuple(entry.recorded.astimezone(UTC).date() for entry in members),
    )


def _stretch(event: Event, reports: _Reports) -> tuple[date, date, Precision]:
    dated = event.event_date if event.event_date and event.event_date.precision != "none" else None
    if event.realis != "happened":
        # Without a date of its own or a known report there is only the import, which may be years later.
        if dated is None and not reports.published:
            raise _NoRow("undated")
        made = min(day for day in (dated.first if dated else None, reports.first) if day is not None)
        return made, made, "day"
    if dated is None:
        raise _NoRow("undated")
    if reports.first is None or reports.latest is None:
        return dated.first, dated.last, dated.precision
    # One day of grace: it is already tomorrow east of the newsroom.
    if dated.first > reports.latest + timedelta(days=1):
        raise _NoRow("said to have happened after it was reported")
    return dated.first, max(dated.first, min(dated.last, reports.first)), dated.precision


def rows_between(rows: Sequence[EventRow], dyad: Dyad) -> list[EventRow]:
    """Rows of one dyad, both directions."""
    return [row for row in rows if {row.actor, row.recipient} == set(dyad.sides)]
