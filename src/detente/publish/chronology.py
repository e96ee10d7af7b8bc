"""The chronology: one row per occurrence, dated as precisely as it is known, with its quotes."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from detente.codebook import label, modes, score_tenths
from detente.dossier import Dossier
from detente.engine import counts_as
from detente.ledger import Ledger
from detente.publish.catalogue import Words
from detente.publish.cells import guarded, record_writer
from detente.publish.citing import Cited, cite, name_of, parties, place_name
from detente.publish.marks import source_type_of
from detente.publish.notebook import Shown, ShowsItself, shown
from detente.publish.text import Text, flat, joined
from detente.terms import Decision, Document, Event, EventDate, Occurrence, Participant

CSV_COLUMNS = (
    "occurrence",
    "event_date",
    "first",
    "last",
    "precision",
    "type",
    "mode",
    "actors",
    "recipients",
    "sides",
    "place",
    "track",
    "realis",
    "rank",
    "score",
    "confidence",
    "sources",
    "decided",
    "document",
    "start",
    "end",
    "quote",
    "url",
    "points",
    "disagreements",
    "digital_source_type",
)

BASES: Mapping[str, str] = {
    "explicit": "written in the report",
    "relative": "reckoned from the day of the report",
    "narrative": "reckoned from the story told",
    "publication": "day of the report",
    "none": "not known",
}
"""How a date is known."""
DIFFERING: Mapping[str, str] = {
    "type": "type",
    "mode": "mode",
    "realis": "whether it happened",
    "event_date": "date",
    "place": "place",
    "sides": "sides",
    "participants": "participants",
    "length": "length",
    "count": "count",
}
"""What reports may differ on, as a reader is told."""
GROUPING_NAMES: Mapping[str, str] = {
    "merge": "merged into one event",
    "split": "split from other reports",
    "undo": "took that back",
}
"""What people did about which reports tell of one event."""


@dataclass(frozen=True)
class Row(ShowsItself):
    """One occurrence with the documents that tell it; the first citation is the best reading's own."""

    occurrence: Occurrence
    cited: tuple[Cited, ...]
    points: tuple[Cited, ...]
    dossier: Dossier

    def shown(self, language: str = "en") -> Shown:
        """What happened, with every report's words, as a notebook shows it."""
        words = Words(language)
        day = words.event_date(self.occurrence.event.event_date)
        quotes = [f"{words.quoted(c.evidence.quote)} ({flat(c.outlet)}; {c.done(words)})" for c in self.cited]
        return shown(
            language,
            title=f"{first_upper(day)}{words.colon()}{self.heading(words)}",
            sentences=quotes,
            foot=[self.sources_line(words)],
            source_type=source_type_of(self.cited),
        )

    @property
    def id(self) -> str:
        return self.occurrence.id

    @property
    def day(self) -> date | None:
        """The last day it can have happened on: the end of its stretch, or its first report where that is earlier.

        What is only planned, proposed or called off keeps the end of its stretch.
        """
        when = self.occurrence.event.event_date
        if when is None:
            return None
        reported = [c.document.published for c in self.cited if c.document.published is not None]
        if self.occurrence.event.realis != "happened" or not reported:
            return when.last
        return max(when.first, min(when.last, *reported))

    @property
    def score(self) -> float:
        """Points it counts with: those of what it is worth while only planned, proposed or called off; 0 if nothing."""
        event = self.occurrence.event
        counted = counts_as(event.type, event.mode, event.realis)
        return score_tenths(*counted) / 10 if counted else 0.0

    def _written_in(self, participant: Participant) -> str:
        named = participant.evidence or self.occurrence.event.evidence
        found = (c.document.language for c in self.cited if c.document.id == named.document)
        return next(found, self.cited[0].document.language)

    def what(self, words: Words) -> str:
        """`Consultation`, `Accord (prévu)`."""
        return what_text(self.occurrence.event, words)

    def heading_text(self, words: Words) -> Text:
        """What, who, where, on which issue: `Consultation · Russie et États-Unis · Riyad · Ambassades`."""
        event = self.occurrence.event
        who = parties(event.actors, self.dossier, words, self._written_in)
        if event.recipients:
            whom = parties(event.recipients, self.dossier, words, self._written_in)
            who = who + " → " + whom if str(who) else joined(["→", whom], " ")
        place: Text | str = place_name(event.place, self.dossier, words.language)
        if event.place not in self.dossier.registry.entities:
            place = words.foreign(event.place, self.cited[0].document.language)
        return joined([self.what(words), who, place, self.track_label(words)], " · ")

    def heading(self, words: Words) -> str:
        """The same as plain text."""
        return str(self.heading_text(words))

    def track_label(self, words: Words) -> str:
        track = self.dossier.track(self.occurrence.event.track)
        return track.label_in(words.language) if track else ""

    def sources_line(self, words: Words) -> str:
        """How many sources, in which languages, and what a person has done."""
        languages = sorted({c.document.language.upper() for c in self.cited})
        parts = [words.many("{n} source", "{n} sources", self.occurrence.sources), " ".join(languages)]
        parts.append(words("checked by a person") if self.occurrence.decided else words("not checked by a person"))
        if self.occurrence.disagreements:
            parts.append(self._differ_on(words))
        return " · ".join(parts)

    def _differ_on(self, words: Words) -> str:
        fields = [words(DIFFERING.get(field, field)) for field, _ in self.occurrence.disagreements]
        return words("reports differ on {fields}", fields=words.listed(fields))

    def short_line(self, words: Words) -> str:
        """The outlet, and only what is not the rule: further sources, a person's check, reports that differ."""
        parts = [flat(self.cited[0].outlet)]
        if self.occurrence.sources > 1:
            parts.append(words.many("{n} source", "{n} sources", self.occurrence.sources))
        if self.occurrence.decided:
            parts.append(words("checked by a person"))
        if self.occurrence.disagreements:
            parts.append(self._differ_on(words))
        return words.semicolon().join(parts)

    def differing(self, words: Words) -> list[tuple[str, str]]:
        """Each field that reports differ on, and what they say: `("Lieu", "Moscou (1) ; Abou Dhabi (2)")`."""
        out = []
        for field, readings in self.occurrence.disagreements:
            told = [f"{self._reading(field, value, words)} ({words.number(count)})" for value, count in readings]
            out.append((first_upper(words(DIFFERING.get(field, field))), words.semicolon().join(told)))
        return out

    def _reading(self, field: str, value: str, words: Words) -> str:
        registry = self.dossier.registry
        if not value:
            return "—"
        if field == "type":
            codings = [entry.coding for entry in self.occurrence.members]
            told = {c.mode for c in codings if isinstance(c, Event) and c.type == value}
            return label(value, told.pop() if len(told) == 1 else "", words.language)
        if field == "mode":
            own = modes().get((self.occurrence.event.type, value))
            return own.label[words.language] if own and own.label else value
        if field == "realis":
            return words(value)
        if field == "event_date":
            return words.event_date(EventDate.of(value, "explicit"))
        if field == "place":
            return flat(place_name(value, self.dossier, words.language))
        if field == "sides":
            return words.listed([registry.state_name(s, words.language) for s in value.split("+")])
        if field == "length":
            return words.length(int(value.lstrip("~<>")), value[:1])
        if field == "count":
            return words.number(float(value))
        if field == "participants":
            return words.listed([flat(place_name(p, self.dossier, words.language)) for p in value.split(", ")])
        return value

    def as_json(self) -> dict[str, Any]:
        event = self.occurrence.event
        when = event.event_date
        return {
            "occurrence": self.id,
            "event_date": when.value if when else None,
            "first": when.first.isoformat() if when else None,
            "last": when.last.isoformat() if when else None,
            "precision": when.precision if when else "none",
            "basis": when.basis if when else "none",
            "type": event.type,
            "mode": event.mode,
            "actors": [name_of(p, self.dossier, "en") for p in event.actors],
            "recipients": [name_of(p, self.dossier, "en") for p in event.recipients],
            "sides": list(event.sides),
            "place": place_name(event.place, self.dossier, "en"),
            "track": event.track,
            "realis": event.realis,
            "rank": event.rank,
            "score": self.score,
            "confidence": event.confidence,
            "sources": self.occurrence.sources,
            "decided": self.occurrence.decided,
            "points": [point.as_json() for point in self.points],
            "disagreements": {field: dict(readings) for field, readings in self.occurrence.disagreements},
            "digital_source_type": source_type_of(self.cited),
            "evidence": [cited.as_json() for cited in self.cited],
        }


def first_upper(text: str) -> str:
    """A label at the start of a line.

    >>> first_upper("lieu")
    'Lieu'
    """
    return text[:1].upper() + text[1:]


def with_third_party(occurrence: Occurrence, dossier: Dossier) -> bool:
    """Whether one of the two sides takes part together with a third party of the dossier."""
    sides = set(occurrence.event.sides)
    return bool(sides & set(dossier.dyad.sides) and sides & set(dossier.third_parties))


def has_page(occurrence: Occurrence, dossier: Dossier) -> bool:
    """Whether an event is shown: between the two sides, or of one of them with a third party."""
    return set(dossier.dyad.sides) <= set(occurrence.event.sides) or with_third_party(occurrence, dossier)


def rows_of(
    occurrences: Sequence[Occurrence],
    documents: Mapping[str, Document],
    dossier: Dossier,
    *,
    since: date | None = None,
    track: str | None = None,
    everything: bool = False,
    decisions: Mapping[str, Decision] | None = None,
) -> list[Row]:
    """Rows in order of date; undated ones come first. Without `everything`, only those between the dyad's two sides.

    Args:
        decisions: The last decision on each entry, by entry id.
    """
    known = decisions or {}
    both = set(dossier.dyad.sides)
    out = []
    for occurrence in occurrences:
        event = occurrence.event
        if not everything and not both <= set(event.sides):
            continue
        if since and (event.event_date is None or event.event_date.last < since):
            continue
        if track and event.track != track:
            continue
        best = event.evidence
        cited = [cite(m, documents, decision=known.get(m.id), occurrence=occurrence.id) for m in occurrence.members]
        cited.sort(
            key=lambda c: (c.evidence != best, c.document.published or date.max, c.document.id, c.evidence.start)
        )
        entry = next((m for m in occurrence.members if m.coding.evidence == best), occurrence.members[0])
        points = tuple(cite(entry, documents, point, known.get(entry.id), occurrence.id) for point in event.points)
        out.append(Row(occurrence, tuple(cited), points, dossier))

    return sorted(out, key=lambda row: (row.day or date.min, row.id))


def rows(
    dossier: Dossier,
    ledger: Ledger,
    *,
    as_of: date | datetime | None = None,
    since: date | None = None,
    track: str | None = None,
    everything: bool = False,
) -> list[Row]:
    """The chronology as the ledger stood at a moment."""
    documents = {document.id: document for document in ledger.documents(as_of=as_of)}
    return rows_of(
        ledger.occurrences(as_of=as_of),
        documents,
        dossier,
        since=since,
        track=track,
        everything=everything,
        decisions=decisions_of(ledger, as_of),
    )


def decisions_of(ledger: Ledger, as_of: date | datetime | None) -> dict[str, Decision]:
    """The last decision of a person on each event that stands, by entry id."""
    return {s.entry.id: s.decision for s in ledger.codings("event", as_of) if s.decision is not None}


def as_text(shown: Sequence[Row], language: str) -> str:
    """The chronology for a terminal: date, heading, quote, sources."""
    words = Words(language)
    if not shown:
        return words("No event is recorded. Add reports with `detente add` and code them with `detente code`.")
    lines = []
    for row in shown:
        lines.append(f"{words.event_date(row.occurrence.event.event_date)}  {row.heading(words)}  [{row.id}]")
        first = row.cited[0]
        lines.append(f"    {words.quoted(first.evidence.quote)}")
        for number, point in enumerate(row.points, start=1):
            lines.append(f"      {number}. {flat(point.evidence.quote)}")
        lines.append(f"    {flat(first.outlet)} · {first.document.id} {first.evidence.start}:{first.evidence.end}")
        lines.append(f"    {row.sources_line(words)}")
        lines += [f"    ! {field}{words.colon()}{told}" for field, told in row.differing(words)]
    return "\n".join(lines)


def as_jsonl(shown: Sequence[Row]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row.as_json(), ensure_ascii=False) + "\n" for row in shown)


def as_csv(shown: Sequence[Row]) -> str:
    """One row an occurrence, with the citation of its best reading."""
    out = io.StringIO()
    writer = record_writer(out, CSV_COLUMNS, known_only=True)
    writer.writeheader()
    for row in shown:
        flat = row.as_json()
        best = flat["evidence"][0]
        for key in ("actors", "recipients", "sides"):
            flat[key] = "; ".join(flat[key])
        flat["points"] = " | ".join(point["quote"] for point in flat["points"])
        flat["disagreements"] = json.dumps(flat["disagreements"], ensure_ascii=False) if flat["disagreements"] else ""
        writer.writerow({key: guarded(value) for key, value in {**best, **flat}.items()})
    return out.getvalue()


def what_text(event: Event, words: Words) -> str:
    """What an event is called: `Consultation`, `Accord (prévu)`, `Rencontre annulée`."""
    if (event.type, event.mode, event.realis) == ("REJECT", "meet", "cancelled"):
        # Nobody refuses to refuse: how a meeting that was called off is coded (docs/coding.md).
        return words("Meeting called off")
    what = label(event.type, event.mode, words.language)
    return what if event.realis == "happened" else f"{what} ({words(event.realis)})"
