"""Codings as plain tables for other programs: JSON lines, CSV or Parquet, one coding a row.

The columns are a schema that other programs may rely on (docs/formats.md): they are only ever added to. Offsets count
Unicode code points into the text as it was given, end exclusive; `document` is the id it was given, else ours.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, get_args

from detente.dossier import Dossier
from detente.engine import EVENTS, event_rows, own_events
from detente.engine.events import arrow_schema
from detente.errors import PublishError
from detente.ledger import Ledger, Standing
from detente.publish.cells import guarded, record_writer
from detente.publish.citing import name_of, place_name
from detente.publish.marks import DRAWN, source_type
from detente.terms import CodingKind, Event, Evidence, Participant, PersonMention, Statement, TimeExpression

What = Literal["events", "statements", "times", "persons", "rows"]
Format = Literal["jsonl", "csv", "parquet"]
KINDS: Mapping[What, CodingKind] = {"events": "event", "statements": "statement", "times": "time", "persons": "person"}

MARK = "digital_source_type"
_COMMON = ("document", "start", "end", "quote", "entry", "coder", "recorded", "decided")
COLUMNS: Mapping[What, tuple[str, ...]] = {
    "events": (
        *_COMMON,
        "event_date",
        "first",
        "last",
        "precision",
        "basis",
        "type",
        "mode",
        "actors",
        "recipients",
        "sides",
        "place",
        "realis",
        "track",
        "rank",
        "confidence",
        "occurrence",
        "points",
        "parts",
        MARK,
    ),
    "statements": (
        *_COMMON,
        "speaker",
        "speaker_id",
        "role",
        "side",
        "addressee",
        "issue",
        "stance",
        "stance_reason",
        "mode",
        "said_date",
        "conditions",
        "time_claims",
        "content",
        "confidence",
        MARK,
    ),
    "times": (*_COMMON, "value", "type", "mod", "basis", "reason", MARK),
    "persons": (*_COMMON, "name", "entity", "role", "side", MARK),
    "rows": tuple(name for name, _ in EVENTS),
}


def _part(evidence: Evidence) -> dict[str, Any]:
    return {"start": evidence.start, "end": evidence.end, "quote": evidence.quote}


def _party(participant: Participant, dossier: Dossier) -> dict[str, Any]:
    shown = {
        "name": name_of(participant, dossier, "en"),
        "entity": participant.entity,
        "side": participant.side,
        "role": participant.role,
    }
    if participant.evidence:
        shown |= _part(participant.evidence)
    return shown


def _event(event: Event, dossier: Dossier) -> dict[str, Any]:
    when = event.event_date
    return {
        "event_date": when.value if when else None,
        "first": when.first.isoformat() if when else None,
        "last": when.last.isoformat() if when else None,
        "precision": when.precision if when else "none",
        "basis": when.basis if when else "none",
        "type": event.type,
        "mode": event.mode or None,
        "actors": [_party(p, dossier) for p in event.actors],
        "recipients": [_party(p, dossier) for p in event.recipients],
        "sides": list(event.sides),
        "place": place_name(event.place, dossier, "en") or None,
        "realis": event.realis,
        "track": event.track or None,
        "rank": event.rank,
        "confidence": event.confidence,
        "points": [_part(p) for p in event.points],
        "parts": {name: _part(p) for name, p in event.parts},
    }


def _statement(statement: Statement, dossier: Dossier) -> dict[str, Any]:
    return {
        "speaker": name_of(statement.speaker, dossier, "en"),
        "speaker_id": statement.speaker.entity or None,
        "role": statement.speaker.role or None,
        "side": statement.speaker.side or None,
        "addressee": name_of(statement.addressee, dossier, "en") if statement.addressee else None,
        "issue": statement.issue,
        "stance": statement.stance,
        "stance_reason": statement.stance_reason or None,
        "mode": statement.mode,
        "said_date": statement.said_date.value if statement.said_date else None,
        "conditions": [_part(c) for c in statement.conditions],
        "time_claims": [_part(c) for c in statement.time_claims],
        "content": _part(statement.content),
        "confidence": statement.confidence,
    }


def _time(time: TimeExpression, dossier: Dossier) -> dict[str, Any]:  # noqa: ARG001
    return {
        "value": time.value,
        "type": time.type,
        "mod": time.mod or None,
        "basis": time.basis,
        "reason": time.reason or None,
    }


def _person(person: PersonMention, dossier: Dossier) -> dict[str, Any]:
    entity = dossier.registry.entities.get(person.entity) if person.entity else None
    return {
        "name": entity.name_in("en") if entity else person.name,
        "entity": person.entity or None,
        "role": person.role or None,
        "side": person.side or None,
    }


_FIELDS: Mapping[What, Callable[[Any, Dossier], dict[str, Any]]] = {
    "events": _event,
    "statements": _statement,
    "times": _time,
    "persons": _person,
}


def records(
    what: What, dossier: Dossier, ledger: Ledger, *, as_of: date | datetime | None = None
) -> list[dict[str, Any]]:
    """Codings of one kind as they stand at a moment, in order of document and place in the text.

    `rows` are occurrences instead, as rows of the events table that imported databases have too (`EVENTS`).
    """
    if what == "rows":
        return _rows(ledger, as_of)
    occurrence_of: dict[str, str] = {}
    if what == "events":
        for occurrence in ledger.occurrences(as_of=as_of):
            occurrence_of.update({member.id: occurrence.id for member in occurrence.members})
    out = []
    standings: list[Standing[Any]] = ledger.codings(KINDS[what], as_of)
    for standing in standings:
        evidence: Evidence = standing.coding.evidence
        record: dict[str, Any] = {
            "document": evidence.document,
            **_part(evidence),
            "entry": standing.entry.id,
            "coder": standing.entry.coder,
            "recorded": standing.entry.recorded.isoformat(),
            "decided": standing.decided or None,
            **_FIELDS[what](standing.coding, dossier),
        }
        if what == "events":
            record["occurrence"] = occurrence_of.get(standing.entry.id)
        record[MARK] = source_type(standing.entry.coder, standing.decided)
        out.append({column: record[column] for column in COLUMNS[what]})
    return sorted(out, key=lambda r: (r["document"], r["start"], r["end"]))


def _rows(ledger: Ledger, as_of: date | datetime | None) -> list[dict[str, Any]]:
    published = {d.id: d.published for d in ledger.documents(as_of=as_of) if d.published is not None}
    found = own_events(event_rows(ledger.occurrences(as_of=as_of), published=published, as_of=as_of)).to_pylist()
    return [{**row, "day": row["day"].isoformat() if row["day"] else None} for row in found]


def as_bytes(rows: Sequence[dict[str, Any]], what: What, form: Format) -> bytes:
    """A whole file of records."""
    if form == "parquet":
        return as_parquet(rows, what)
    return (as_csv(rows, what) if form == "csv" else as_jsonl(rows)).encode()


def as_jsonl(rows: Iterable[dict[str, Any]]) -> str:
    """One object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_csv(rows: Iterable[dict[str, Any]], what: What) -> str:
    """One record a line; lists and parts stand as JSON in their cell."""
    out = io.StringIO()
    writer = record_writer(out, COLUMNS[what])
    writer.writeheader()
    for row in rows:
        writer.writerow({key: guarded(_cell(value)) for key, value in row.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def as_parquet(rows: Sequence[dict[str, Any]], what: What) -> bytes:
    """A Parquet file; lists and parts stand as JSON in their cell."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    if what == "rows":
        days = [{**row, "day": date.fromisoformat(row["day"]) if row["day"] else None} for row in rows]
        pq.write_table(
            pa.Table.from_pylist(days, schema=arrow_schema(EVENTS)).replace_schema_metadata({MARK: DRAWN}), sink
        )
        return sink.getvalue()
    types = {"start": pa.int32(), "end": pa.int32(), "stance": pa.int32(), "confidence": pa.float64()}
    columns = {
        column: pa.array([_cell(row[column]) for row in rows], types.get(column, pa.string()))
        for column in COLUMNS[what]
    }
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def choice(value: str, options: Any, option: str) -> Any:
    """One of a Literal's values.

    Raises:
        PublishError: It is none of them.
    """
    if value not in get_args(options):
        raise PublishError(f"{option} {value!r} is not one of {', '.join(get_args(options))}.")
    return value
