"""What changed since a day, as the first page lists it: each change with its sign, its size and who tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from detente.measures import Break, EventChange, StatementChange, event_changes, statement_changes
from detente.publish import chronology, speakers
from detente.publish.catalogue import Words
from detente.publish.situation import Situation
from detente.publish.text import Text

STRETCHES = (7, 30)
"""Days before the last report that a reader can choose between."""
ENOUGH = 3
"""Changes from which a stretch is worth opening before a longer one."""
MOST_EVENTS = 6
MOST_STATEMENTS = 3
LEAST_SHIFT = 1.0
"""Points of stance from which a statement is listed as a change: one step of the scale of five."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the list.

    Attributes:
        sign: +1 nearer to each other, -1 further apart, 0 neither.
        heading: What it is.
        size: How much it is, with its unit; empty where it has no size.
        told: Sources, languages, review.
        link: Page that shows its words, from the top of a language.
    """

    day: date
    when: str
    sign: int
    heading: Text | str
    size: str
    told: str
    link: str


@dataclass(frozen=True)
class Since:
    """What changed after a day, up to the last report.

    Attributes:
        move: Change of the joint index in points; None where one of the two days has no value.
        days: Length of the stretch, where it is one of those offered; else 0.
    """

    day: date
    until: date
    move: float | None
    events: Sequence[EventChange]
    statements: Sequence[StatementChange]
    breaks: Sequence[Break]
    days: int = 0

    @property
    def first(self) -> date:
        """The first day that counts."""
        return self.day + timedelta(days=1)

    @property
    def count(self) -> int:
        return len(self.events) + len(self.statements) + len(self.breaks)


def opened(stretches: Sequence[Since]) -> int:
    """Position of the stretch that is shown open: the shortest that has something to tell."""
    return next((at for at, each in enumerate(stretches) if each.count >= ENOUGH), len(stretches) - 1)


class Changed:
    """Lists what changed since any day; what lies behind it is put in order once."""

    def __init__(self, situation: Situation) -> None:
        now = self.situation = situation
        self._said: Mapping[int, speakers.Row] = {id(row.statement): row for row in now.statements}
        self._published = {d.id: d.published for d in now.documents.values() if d.published is not None}
        self._events = event_changes(now.events, now.dossier.dyad, date.min, now.day)

    def offered(self) -> list[Since]:
        """The stretches a reader can choose between, the shortest first."""
        return [self.since(self.situation.day - timedelta(days=days), days=days) for days in STRETCHES]

    def since(self, day: date, *, days: int = 0) -> Since:
        """What changed after a day."""
        now = self.situation
        day = min(day, now.day)
        points = now.index.joint.points
        before = next(iter(points[max(0, (day - points[0].day).days) :]), None) if day >= points[0].day else None
        after = now.index.joint.last.value
        move = None
        if before is not None and before.value is not None and after is not None:
            move = round(after - before.value, 6)
        return Since(
            day=day,
            until=now.day,
            move=move,
            events=[change for change in self._events if day < change.first],
            statements=statement_changes(
                [row.statement for row in now.statements], now.dossier.dyad.sides, day, now.day, self._published
            ),
            breaks=[each for each in now.joint_breaks.of("level") if day < each.week <= now.day],
            days=days,
        )

    def line(self, found: Since, words: Words) -> str:
        """`Since 11 May 2026 (7 days): 1 event, 2 statements; index +0.1`."""
        stretch = words("Since {day}", day=words.day(found.day))
        if found.days:
            stretch = f"{stretch} ({words.many('{n} day', '{n} days', found.days)})"
        counts = [
            words.many("{n} event", "{n} events", len(found.events)),
            words.many("{n} statement", "{n} statements", len(found.statements)),
        ]
        line = f"{stretch}{words.colon()}{', '.join(counts)}"
        if found.move is None:
            return line
        return f"{line}{words.semicolon()}{words('index {move}', move=words.number(found.move, 1, signed=True))}"

    def changes(self, found: Since, words: Words, page_of: Callable[[str], str]) -> list[Change]:
        """The weightiest of them, the newest first.

        Args:
            page_of: Where a statement is shown, by its entry.
        """
        rows = self.situation.row_by_id
        events = [c for c in found.events if c.occurrence in rows][:MOST_EVENTS]
        said = [c for c in found.statements if abs(c.shift) >= LEAST_SHIFT][:MOST_STATEMENTS]
        out = [
            *(_of_event(change, rows[change.occurrence], words) for change in events),
            *(_of_statement(change, self._said[id(change.statement)], words, page_of) for change in said),
            *(_of_break(each, words) for each in found.breaks),
        ]
        return sorted(out, key=lambda change: change.day, reverse=True)

    def left(self, found: Since) -> int:
        """Events of the stretch that are not listed."""
        return max(0, len(found.events) - MOST_EVENTS)


def _of_event(change: EventChange, row: chronology.Row, words: Words) -> Change:
    return Change(
        day=change.first,
        when=words.event_date(row.occurrence.event.event_date),
        sign=change.sign,
        heading=row.heading_text(words),
        size=words("index {move}", move=words.number(change.effect, 2, signed=True)),
        told=row.sources_line(words),
        link=f"event/{row.id}.html",
    )


def _of_statement(change: StatementChange, row: speakers.Row, words: Words, page_of: Callable[[str], str]) -> Change:
    if change.usual is None:
        size = words("first statement: {stance}", stance=speakers.stance_text(change.statement.stance, words))
    else:
        size = words("stance {shift}", shift=words.number(change.shift, 1, signed=True))
    told = [
        words.many("{n} source", "{n} sources", 1),
        row.cited.document.language.upper(),
        words("checked by a person") if row.cited.decided else words("not checked by a person"),
    ]
    return Change(
        day=change.day,
        when=row.when(words),
        sign=change.sign,
        heading=row.speaker(words) + " · " + row.issue_label(words),
        size=size,
        told=" · ".join(told),
        link=page_of(row.cited.entry),
    )


def _of_break(found: Break, words: Words) -> Change:
    return Change(
        day=found.week,
        when=words("week of {day}", day=words.day(found.week)),
        sign=(found.size > 0) - (found.size < 0),
        heading=words("Break in the level of both together"),
        size=words.number(found.size, 1, signed=True),
        told=words(
            "90% interval: {first} to {last}",
            first=words.day(found.earliest, short=True),
            last=words.day(found.latest, short=True),
        ),
        link="measures/breaks.html",
    )
