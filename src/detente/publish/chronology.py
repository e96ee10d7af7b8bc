"""The chronology: one row per occurrence, dated as precisely as it is known, with its quotes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from detente.codebook import labels, score_tenths
from detente.dossier import Dossier
from detente.ledger import Ledger
from detente.publish.catalogue import Words
from detente.publish.citing import Cited, cite, name_of, parties, place_name
from detente.terms import Document, Occurrence

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
)


@dataclass(frozen=True)
class Row:
    """One occurrence with the documents that tell it; the first citation is the best reading's own."""

    occurrence: Occurrence
    cited: tuple[Cited, ...]
    points: tuple[Cited, ...]
    dossier: Dossier

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
        return score_tenths(self.occurrence.event.type, self.occurrence.event.mode) / 10

    def heading(self, words: Words) -> str:
        """What, who, where: `Consultation · Russie, États-Unis · Riyad · Ambassades et consulats`."""
        event = self.occurrence.event
        what = labels(words.language)[event.type]
        if event.realis != "happened":
            what += f" ({words(event.realis)})"
        if event.recipients:
            who = f"{parties(event.actors, self.dossier, words)} → {parties(event.recipients, self.dossier, words)}"
        else:
            who = parties(event.actors, self.dossier, words)
        track = self.dossier.track(event.track)
        parts = [what, who, place_name(event.place, self.dossier, words.language)]
        parts.append(track.label_in(words.language) if track else "")
        return " · ".join(part for part in parts if part)

    def sources_line(self, words: Words) -> str:
        """How many sources, in which languages, and what a person has done."""
        languages = sorted({c.document.language.upper() for c in self.cited})
        parts = [words.many("{n} source", "{n} sources", self.occurrence.sources), " ".join(languages)]
        parts.append(words(DECIDED.get(self.occurrence.decided, "coded by machine, not checked")))
        if self.occurrence.disagreements:
            fields = [words(field) for field, _ in self.occurrence.disagreements]
            parts.append(words("reports differ on {fields}", fields=words.listed(fields)))
        return " · ".join(parts)

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
            "evidence": [cited.as_json() for cited in self.cited],
        }


DECIDED = {"accept": "accepted by a person", "amend": "amended by a person", "unsure": "a person was unsure"}


def rows_of(
    occurrences: Sequence[Occurrence],
    documents: Mapping[str, Document],
    dossier: Dossier,
    *,
    since: date | None = None,
    track: str | None = None,
    everything: bool = False,
) -> list[Row]:
    """Rows in order of date; undated ones come first. Without `everything`, only those between the dyad's two sides."""
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
        cited = [cite(m, documents, decided=occurrence.decided) for m in occurrence.members]
        cited.sort(
            key=lambda c: (c.evidence != best, c.document.published or date.max, c.document.id, c.evidence.start)
        )
        entry = next((m for m in occurrence.members if m.coding.evidence == best), occurrence.members[0])
        points = tuple(cite(entry, documents, point) for point in event.points)
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
    return rows_of(ledger.occurrences(as_of=as_of), documents, dossier, since=since, track=track, everything=everything)


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
            lines.append(f"      {number}. {' '.join(point.evidence.quote.split())}")
        lines.append(f"    {first.outlet} · {first.document.id} {first.evidence.start}:{first.evidence.end}")
        lines.append(f"    {row.sources_line(words)}")
        for field, readings in row.occurrence.disagreements:
            told = "; ".join(f"{value or '—'} ({count})" for value, count in readings)
            lines.append(f"    ! {words(field)}{words.colon()}{told}")
    return "\n".join(lines)


def as_jsonl(shown: Sequence[Row]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row.as_json(), ensure_ascii=False) + "\n" for row in shown)


def as_csv(shown: Sequence[Row]) -> str:
    """One row an occurrence, with the citation of its best reading."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n", extrasaction="ignore")
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


def guarded(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula, made harmless by a leading apostrophe.

    >>> guarded("=1+1"), guarded("Talks")
    ("'=1+1", 'Talks')
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
