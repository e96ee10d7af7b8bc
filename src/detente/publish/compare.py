"""Two situations side by side: of two dossiers, or of one dossier as its record stood on two days.

Index, stage, chances and coverage stand on the same axes, and what makes them hard to compare is said beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from babel.dates import format_date
from markupsafe import Markup

from detente.ledger import Ledger, counting
from detente.measures.spoken import Said
from detente.measures.stage import HELD, Stage
from detente.publish import brush, chronology, milestones, occurrences
from detente.publish.catalogue import NO_BREAK, Words
from detente.publish.charts import (
    COLOURS,
    LEFT,
    QUIET,
    WIDTH,
    Line,
    chart_head,
    escape,
    label_lines,
    month_starts,
    relationship_chart,
    share_bar,
    text_at,
)
from detente.publish.filters import Month
from detente.publish.marks import DRAWN
from detente.publish.readings.stage import rung_label, stage_of
from detente.publish.situation import Situation

WEIGHTY = 3
"""Events shown of each side, of those that weigh most in its index."""
MOST_CHANGES = 40
"""Events listed as added, told otherwise or gone; the rest are counted."""
READ_TOP, READ_BARS, READ_LANE, READ_FOOT, READ_RIGHT = 10, 34, 46, 34, 40
"""Of the figure of reports read: room above, highest column, height of a side, of the months, room at the right."""
DAYS_A_MONTH = 365.2425 / 12
UNEVEN = 2.0
"""How many times as many reports a month make it worth a warning."""
FIELDS: Mapping[str, str] = {
    "type": "type",
    "mode": "mode",
    "event_date": "date",
    "actors": "participants",
    "recipients": "participants",
    "place": "place",
    "track": "issue",
    "realis": "whether it happened",
    "score": "score",
    "sources": "number of sources",
    "review_state": "review",
}
"""Fields of an event in which two days can differ, as a reader calls them."""
GONE: Mapping[str, str] = {
    "rejected": "rejected by a person",
    "amended": "amended by a person, and no longer between the two sides",
    "merged": "told with another event now",
    "superseded": "read otherwise by a later coding",
}
"""Why an event stands no longer, as `occurrences.tombstone` names it."""


@dataclass(frozen=True)
class Side:
    """One of the two."""

    situation: Situation
    place: int

    @cached_property
    def stage(self) -> Stage:
        now = self.situation
        said = [Said(row.cited.entry, row.statement, row.cited.document.language) for row in now.statements]
        published = {d.id: d.published for d in now.documents.values() if d.published is not None}
        reach = (min(now.dossier.since, now.day), now.day)
        return stage_of(now.dossier, now.occurrences, said, now.dossier.dyad, reach=reach, published=published)

    @property
    def reports(self) -> int:
        return sum(self.situation.status.documents.values())

    @cached_property
    def days(self) -> Sequence[date]:
        """Days of publication of the reports read, where they are known."""
        return [d.published for d in self.situation.documents.values() if d.published is not None]

    @cached_property
    def reach(self) -> tuple[date, date] | None:
        """Days of the first and the last dated report."""
        return (min(self.days), max(self.days)) if self.days else None

    @property
    def reports_a_month(self) -> float | None:
        if self.reach is None:
            return None
        return self.reports / max(1.0, ((self.reach[1] - self.reach[0]).days + 1) / DAYS_A_MONTH)

    @property
    def weighty(self) -> list[chronology.Row]:
        """The events that weigh most in the joint index."""
        return self.situation.what_moved(str(self.situation.dossier.dyad), WEIGHTY)

    @property
    def staged(self) -> list[chronology.Row]:
        """The events that reach the highest rung held."""
        if not self.stage.current:
            return []
        rows = self.situation.row_by_id
        return [rows[name] for name in self.stage.rung(self.stage.current).evidence if name in rows][-WEIGHTY:]

    def as_json(self) -> dict[str, Any]:
        now, last = self.situation, self.situation.index.joint.last
        return {
            "dossier": now.dossier.name,
            "dyad": str(now.dossier.dyad),
            "as_of": now.as_of.isoformat() if now.as_of else None,
            "day": now.day.isoformat(),
            "data_version": now.data_version,
            "index": {
                "value": last.value,
                "low": last.low,
                "high": last.high,
                "effective_events": last.effective_events,
                "too_few": last.too_few,
                "scale": now.index.scale,
                "method": now.index.method,
            },
            "stage": {
                "current": self.stage.current or None,
                "held": {held.rung: held.held for held in self.stage.rungs},
            },
            "milestones": {row.milestone.id: _milestone_json(row) for row in now.milestones},
            "coverage": {
                "reports": self.reports,
                "languages": dict(now.sources_by_language),
                "outlets": len(now.outlets),
                "first": self.reach[0].isoformat() if self.reach else None,
                "last": self.reach[1].isoformat() if self.reach else None,
                "reports_a_month": self.reports_a_month,
                "events": len(now.rows),
                "events_checked": now.checked,
                "statements": len(now.statements),
            },
            "coders": sorted(now.status.coders),
        }


def _milestone_json(row: milestones.Row) -> dict[str, Any]:
    f, resolution = row.forecast, row.milestone.resolution
    return {
        "deadline": f.deadline.isoformat(),
        "settled": resolution.answer if row.settled and resolution else None,
        "p": f.probability,
        "lo": f.interval[0],
        "hi": f.interval[1],
        "never": f.never,
        "reference_class": f.reference_class,
        "stage": row.milestone.reference.stage,
        "cases": f.cases,
    }


@dataclass(frozen=True)
class Chance:
    """One question on both sides; None where a side does not ask it."""

    rows: tuple[milestones.Row | None, milestones.Row | None]


@dataclass(frozen=True)
class EventChange:
    """An event that one of the two days tells otherwise, or not at all.

    Attributes:
        kind: `added`, `told otherwise` or `gone`.
        row: As the later day tells it; of one that is gone, as the earlier did.
        before: As the earlier day told it, where both do.
        fields: Names of fields in which they differ.
        reason: A key of `GONE`, of one that is gone; `why` as the person said.
    """

    kind: str
    row: chronology.Row
    before: chronology.Row | None = None
    fields: tuple[str, ...] = ()
    reason: str = ""
    why: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two situations side by side.

    Attributes:
        changes: Of one dossier on two days, the events in which they differ; None of two dossiers.
    """

    sides: tuple[Side, Side]
    changes: tuple[EventChange, ...] | None = None

    @property
    def one_dossier(self) -> bool:
        return self.changes is not None

    def label(self, place: int, words: Words) -> str:
        """What a side is called: its dossier, or the day on which the record stood so."""
        now = self.sides[place].situation
        if not self.one_dossier:
            return now.dossier.title_in(words.language)
        if now.as_of is None:
            return words("now, with reports up to {day}", day=words.day(now.day))
        moment = isinstance(now.as_of, datetime)
        day = now.as_of.isoformat(timespec="minutes") if moment else words.day(now.as_of)  # type: ignore[call-arg]
        return words("as known on {day}", day=day)

    @cached_property
    def chances(self) -> Sequence[Chance]:
        """Questions of both, those that both ask first: those of one id, or called the same."""
        first, second = ({row.milestone.id: row for row in side.situation.milestones} for side in self.sides)
        left = dict(second)
        pairs: list[tuple[milestones.Row | None, milestones.Row | None]] = []
        for name, row in first.items():
            called = row.milestone.label_in("en")
            match = left.get(name) or next((o for o in left.values() if o.milestone.label_in("en") == called), None)
            if match is not None:
                left.pop(match.milestone.id)
            pairs.append((row, match))
        pairs += [(None, row) for row in left.values()]
        pairs.sort(key=lambda pair: None in pair)
        return [Chance(pair) for pair in pairs]

    def notes(self, words: Words) -> Iterator[str]:
        """What makes the two hard to compare."""
        one, other = (side.situation for side in self.sides)
        a, b = one.index.joint.last, other.index.joint.last
        if (
            None not in (a.low, a.high, b.low, b.high)
            and (a.low or 0) <= (b.high or 0)
            and (b.low or 0) <= (a.high or 0)
        ):
            yield words("The two intervals of the index overlap: which of the two is higher cannot be told from it.")
        if any(point.too_few for point in (a, b)):
            yield words("Where too few recent events are recorded, the index tells of the prior more than of events.")
        if self.one_dossier:
            if one.day != other.day:
                yield words(
                    "The two days look at different last reports: part of what differs is time that has gone by."
                )
            return
        yield words(
            "The index is a mean tone of what was reported, not an amount: a busier pair does not stand higher."
        )
        months = [side.reports_a_month for side in self.sides]
        if months[0] and months[1] and max(months[0], months[1]) >= UNEVEN * min(months[0], months[1]):
            yield words(
                "Reports read a month: {first} and {second}. What nobody read is in neither index, and the side with "
                "fewer reports misses more.",
                first=words.number(months[0], 1),
                second=words.number(months[1], 1),
            )
        if one.day != other.day:
            yield words(
                "The last reports are of {first} and {second}: each index is that of its own day.",
                first=words.day(one.day),
                second=words.day(other.day),
            )
        if set(one.sources_by_language) != set(other.sources_by_language):
            yield words(
                "Reports are read in other languages: what one side’s press tells may be missing on one of them."
            )
        if set(one.status.coders) != set(other.status.coders):
            yield words("The two were coded by different coders or versions; part of what differs may be due to that.")
        if one.index.scale != other.index.scale or one.index.settings != other.index.settings:
            yield words("The two indexes were made with different settings and are not on one scale.")

    def chart(self, words: Words) -> Markup | None:
        """Both joint indexes on one axis, each over its own days; None where there are fewer than two days."""
        points = [{p.day: p for p in side.situation.index.joint.points if p.value is not None} for side in self.sides]
        days = sorted(set(points[0]) | set(points[1]))
        if len(days) < 2:
            return None
        lines = []
        for place, found in enumerate(points):
            known = [found.get(day) for day in days]
            lines.append(
                Line(
                    self.label(place, words),
                    [point.value if point else None for point in known],
                    [point.low if point else None for point in known],
                    [point.high if point else None for point in known],
                )
            )
        told = [self.index_text(place, words) for place in (0, 1)]
        summary = words.semicolon().join(f"{self.label(n, words)}{words.colon()}{told[n]}" for n in (0, 1))
        return Markup(  # noqa: S704 - the chart layer escapes what it is given
            relationship_chart(days, lines, words, title=words("Joint index of both"), summary=f"{summary}.")
        )

    def read_chart(self, words: Words, ways: Sequence[str | None]) -> Markup | None:
        """Reports read by month on both sides, on one axis and one scale; None where no report has a day.

        Args:
            ways: The way to the pages of each side; None for one whose outlets stand on the page itself.
        """
        counts = [Counter(day.replace(day=1) for day in side.days) for side in self.sides]
        if not any(counts):
            return None
        begin = min(min(found) for found in counts if found)
        end = max(side.situation.day for side in self.sides)
        drawn = [
            brush.columns([Month(m, n, 0, 0, 0) for m, n in sorted(found.items())], begin, end)[1] for found in counts
        ]
        most = max(column.up for found in drawn for column in found)
        first, span = drawn[0][0].first, (drawn[0][-1].last - drawn[0][0].first).days + 1
        wide = WIDTH - LEFT - READ_RIGHT
        title = words("Reports read, by day of publication")
        floor = READ_TOP + 2 * READ_LANE
        labels = [self.label(place, words) for place in (0, 1)]
        told = [f"{labels[n]}{words.colon()}{words.number(self.sides[n].reports)}" for n in (0, 1)]
        out = [chart_head(WIDTH, floor + READ_FOOT, title, f"{words.semicolon().join(told)}.")]

        def x(day: date, after: int = 0) -> float:
            return LEFT + wide * min(max((day - first).days + after, 0), span) / span

        for place, found in enumerate(drawn):
            base = READ_TOP + READ_LANE * (place + 1)
            for order, line in enumerate(label_lines(labels[place], LEFT - 14)):
                out.append(text_at(LEFT - 10, base - READ_BARS + 14 + 14 * order, line, "end"))
            out.append(text_at(LEFT + wide + 6, base - READ_BARS + 4, words.number(most), "start", f' fill="{QUIET}"'))
            for high, stroke in ((READ_BARS, "#ddd"), (0, "#777")):
                at = base - high
                out.append(f'<line x1="{LEFT}" x2="{LEFT + wide}" y1="{at}" y2="{at}" stroke="{stroke}"/>')
            way = ways[place]
            out.append(f'<a href="{escape("#outlets-2" if way is None else f"{way}sources.html")}" tabindex="-1">')
            out.append(f"<title>{escape(told[place])}</title>")
            for column in found:
                tall = READ_BARS * column.up / most
                left, right = x(column.first), x(column.last, 1)
                out.append(
                    f'<rect x="{left:.1f}" y="{base - tall:.1f}" width="{max(1.0, right - left - 1):.1f}" '
                    f'height="{tall:.1f}" fill="{COLOURS[place]}"/>'
                )
            out.append("</a>")
        year = None
        for month in month_starts(first, drawn[0][-1].last):
            name = format_date(month, "LLL", locale=words.locale)
            out.append(text_at(x(month), floor + 14, name, "start", f' fill="{QUIET}"'))
            if month.year != year:
                out.append(text_at(x(month), floor + 28, str(month.year), "start", ' font-weight="600"'))
                year = month.year
        out.append("</svg>")
        return Markup("".join(out))  # noqa: S704 - the chart layer escapes what it is given

    def index_text(self, place: int, words: Words) -> str:
        """`+0.7 (−2.4 … +3.8)`, or that there is none."""
        last = self.sides[place].situation.index.joint.last
        if last.value is None or last.low is None or last.high is None:
            return words("no value")
        low, high = words.number(last.low, 1, signed=True), words.number(last.high, 1, signed=True)
        return f"{words.number(last.value, 1, signed=True)} ({low}{NO_BREAK}…{NO_BREAK}{high})"

    def stage_text(self, place: int, words: Words) -> str:
        """The highest rung held, with its probability."""
        found = self.sides[place].stage
        if not found.current:
            return words("no rung with more than an even chance")
        held = found.rung(found.current)
        return f"{rung_label(found.current, words)} ({words.percent(min(held.held, 0.9999))})"

    def rungs(self, words: Words) -> list[tuple[str, tuple[float, float]]]:
        """Each rung, the highest first, with the probability that it is held on each side."""
        first, second = (side.stage for side in self.sides)
        return [
            (rung_label(held.rung, words), (held.held, second.rung(held.rung).held))
            for held in reversed(first.rungs)
            if max(held.held, second.rung(held.rung).held) >= 1 - HELD or held.rung in (first.current, second.current)
        ]

    def chance_text(self, row: milestones.Row | None, words: Words) -> str:
        """`34% (22–47%) by 31 Dec 2027`, how it was settled, or that it is not asked."""
        if row is None:
            return words("not asked")
        if row.settled and row.milestone.resolution:
            return milestones.settled_line(row, words)
        f = row.forecast
        day = words("by {day}", day=words.day(f.deadline, short=True))
        return f"{words.percent(f.probability)} ({words.interval(*f.interval)}) {day}"

    @staticmethod
    def question(chance: Chance, words: Words) -> str:
        """What is asked; where the two sides call it otherwise, both."""
        labels = [row.milestone.label_in(words.language) for row in chance.rows if row is not None]
        return " / ".join(dict.fromkeys(labels))

    def coverage(self, words: Words) -> list[tuple[str, tuple[str, str]]]:
        """How much was read on each side."""

        def both(tell: Any) -> tuple[str, str]:
            return tell(self.sides[0]), tell(self.sides[1])

        def spoken(side: Side) -> str:
            found = side.situation.sources_by_language.items()
            return ", ".join(f"{code.upper()}{NO_BREAK}{words.number(n)}" for code, n in found) or "–"

        def reach(side: Side) -> str:
            return " – ".join(words.day(day, short=True) for day in side.reach) if side.reach else "–"

        def monthly(side: Side) -> str:
            return "–" if side.reports_a_month is None else words.number(side.reports_a_month, 1)

        return [
            (words("Reports read"), both(lambda side: words.number(side.reports))),
            (words("first and last"), both(reach)),
            (words("a month"), both(monthly)),
            (words("by language"), both(spoken)),
            (words("outlets"), both(lambda side: words.number(len(side.situation.outlets)))),
            (words("Events between the two"), both(lambda side: words.number(len(side.situation.rows)))),
            (words("checked by a person"), both(lambda side: words.number(side.situation.checked))),
            (words("Statements"), both(lambda side: words.number(len(side.situation.statements)))),
        ]

    def counts(self, words: Words) -> str:
        """`Events added: 4; told otherwise: 2; gone: 1.`"""
        kinds = [change.kind for change in self.changes or ()]
        return words(
            "Events added: {added}; told otherwise: {otherwise}; gone: {gone}.",
            added=words.number(kinds.count("added")),
            otherwise=words.number(kinds.count("told otherwise")),
            gone=words.number(kinds.count("gone")),
        )

    def change_text(self, change: EventChange, words: Words) -> str:
        """What became of an event, in a few words."""
        if change.kind == "added":
            return words("added")
        if change.kind == "gone":
            why = f"{words.colon()}{words.quoted(change.why)}" if change.why else ""
            return f"{words('gone')} ({words(GONE[change.reason])}{why})"
        named = list(dict.fromkeys(words(FIELDS[name]) for name in change.fields)) or [words("its reports")]
        return words("told otherwise: {fields}", fields=words.listed(named))

    def as_text(self, language: str) -> str:
        """The comparison for a terminal."""
        words = Words(language)
        rows: list[tuple[str, str, str]] = [("", self.label(0, words), self.label(1, words))]
        rows.append((words("Joint index"), self.index_text(0, words), self.index_text(1, words)))
        rows.append((words("Stage"), self.stage_text(0, words), self.stage_text(1, words)))
        for chance in self.chances:
            one, other = (self.chance_text(row, words) for row in chance.rows)
            rows.append((self.question(chance, words), one, other))
        rows += [(name, *cells) for name, cells in self.coverage(words)]
        widths = [max(len(row[at]) for row in rows) for at in range(2)]
        lines = ["  ".join((row[0].ljust(widths[0]), row[1].ljust(widths[1]), row[2])).rstrip() for row in rows]
        lines += ["", *(f"! {note}" for note in self.notes(words))]
        if self.changes is not None:
            lines += ["", self.counts(words)]
            lines += [
                f"  {words.event_date(change.row.occurrence.event.event_date)}  {change.row.heading(words)}"
                f"{words.colon()}{self.change_text(change, words)}"
                for change in self.changes[:MOST_CHANGES]
            ]
        return "\n".join(lines).rstrip()

    def as_json(self) -> dict[str, Any]:
        words = Words("en")
        out: dict[str, Any] = {
            "digital_source_type": DRAWN,
            "first": self.sides[0].as_json(),
            "second": self.sides[1].as_json(),
            "notes": list(self.notes(words)),
            "events": None,
        }
        if self.changes is not None:
            out["events"] = [
                {
                    "occurrence": change.row.id,
                    "change": change.kind.replace(" ", "_"),
                    "fields": list(change.fields),
                    "reason": change.reason or None,
                    "why": change.why or None,
                    "event": change.row.as_json(),
                }
                for change in self.changes
            ]
        return out


def bar(row: milestones.Row | None, text: str) -> Markup | None:
    """A chance on the axis from 0 to 1; None where there is none to draw."""
    if row is None or row.settled:
        return None
    f = row.forecast
    low, high = min(f.interval[0], f.probability), max(f.interval[1], f.probability)
    return Markup(share_bar(f.probability, low, high, text))  # noqa: S704 - escaped by the chart layer


def of_dossiers(first: Situation, second: Situation) -> Comparison:
    """Two dossiers, each as it is known."""
    return Comparison((Side(first, 0), Side(second, 1)))


def of_days(first: Situation, second: Situation, ledger: Ledger) -> Comparison:
    """One dossier as its record stood at two moments, the earlier first."""
    before, after = ({row.id: row for row in now.shown_rows} for now in (first, second))
    olds, news = (
        {record["occurrence"]: record for record in occurrences.records(rows.values())} for rows in (before, after)
    )
    home = {member.id: row.id for row in after.values() for member in row.occurrence.members}
    decided = counting(ledger.decisions(as_of=second.as_of))
    changes = []
    for name, row in after.items():
        if name not in before:
            changes.append(EventChange("added", row))
        elif _told(olds[name]) != _told(news[name]):
            fields = tuple(field for field in FIELDS if olds[name].get(field) != news[name].get(field))
            changes.append(EventChange("told otherwise", row, before[name], fields))
    for name, row in before.items():
        if name not in after:
            stone = occurrences.tombstone(row, home, decided)
            changes.append(EventChange("gone", row, reason=stone["reason"], why=stone.get("why", "")))
    changes.sort(key=lambda change: (change.row.day or date.min, change.row.id), reverse=True)
    return Comparison((Side(first, 0), Side(second, 1)), tuple(changes))


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of an event, without when it was last touched."""
    return {name: value for name, value in record.items() if name != "recorded"}
