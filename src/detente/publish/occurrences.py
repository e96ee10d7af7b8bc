"""Events for other programs: GeoJSON, JSON-LD, tables with their codebook, and what changed since a moment.

One record an occurrence, as the chronology has them, with every report's quote. What stood at a moment and stands no
longer is told as a tombstone, so that a copy elsewhere can be kept true.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from detente import __version__
from detente.dossier import Dossier
from detente.errors import PublishError
from detente.ledger import Ledger, counting, moment_of
from detente.publish import chronology, export, feeds, figures, sites
from detente.publish.catalogue import Words
from detente.publish.cells import guarded, record_writer, row_writer
from detente.publish.citing import link_of
from detente.publish.marks import DRAWN, QUOTED, review_state, source_type_of
from detente.publish.references import OURS, bibtex, csl_date, ris
from detente.publish.situation import Situation
from detente.publish.text import flat
from detente.terms import LANGUAGES, Decision, Document

FORMS = ("csv", "jsonl", "parquet", "geojson", "jsonld", "zip")
COLUMNS: Mapping[str, str] = {
    "occurrence": "Id of the event; stays as reports are added",
    "event_date": "Day, month, week, season, year or stretch; empty where undated",
    "first": "First day of the stretch it stands for",
    "last": "Last day of it",
    "precision": "day, week, month, quarter, season, year, none",
    "basis": "How the date is known: explicit, relative, narrative, publication, none",
    "type": "PLOVER type",
    "mode": "PLOVER mode; recall and abandon of RETREAT are ours, and count as the manual's SANCTION",
    "actors": "Who acts, by name",
    "recipients": "Toward whom, by name; empty where all act together",
    "sides": "States taking part, alpha-3",
    "place": "City or state",
    "track": "Issue of the dossier",
    "realis": "happened, planned, proposed, cancelled, denied, hypothetical",
    "rank": "main or background",
    "score": "Points it counts with on PLOVER's scale, -10 to 10",
    "confidence": "Share of codings by this rule that were right in tests, 0 to 1",
    "sources": "Reports that tell it, copies counted once",
    "review_state": "accepted, amended, unreviewed",
    "recorded": "When the last report of it was recorded, or a person last decided on it (UTC)",
    "disagreements": "Fields that reports differ on, with how many say what (JSON)",
    "evidence": "Every report's quote with document, start, end, language, outlet, address (JSON)",
    "digital_source_type": "How the coding came to be: IPTC digital source type",
}
"""The columns of the table, each with what it means."""


def records(rows: Iterable[chronology.Row]) -> list[dict[str, Any]]:
    """Events as plain values, in the order given."""
    out = []
    for row in rows:
        told = row.as_json()
        told |= {
            "review_state": review_state(row.occurrence.decided),
            "recorded": feeds.stamp(last_touched(row)),
            "evidence": [feeds.quote_json(cited) for cited in row.cited],
            "digital_source_type": source_type_of(row.cited),
        }
        out.append({column: told[column] for column in COLUMNS})
    return out


def last_touched(row: chronology.Row) -> datetime:
    """When the last report of an event was recorded, or a person last decided on it."""
    decided = [c.decision.recorded for c in row.cited if c.decision is not None]
    return max([*(member.recorded for member in row.occurrence.members), *decided])


def made(situation: Situation, form: str) -> bytes:
    """All events with a page in one form.

    Raises:
        PublishError: There is no such form.
    """
    rows = situation.shown_rows
    if form == "geojson":
        return sites.as_json(as_geojson(situation, rows))
    if form == "jsonld":
        return sites.as_json(as_jsonld(situation, rows))
    return of_records(records(rows), form, situation)


def of_records(found: Sequence[dict[str, Any]], form: str, situation: Situation) -> bytes:
    """Records as a table.

    Raises:
        PublishError: There is no such form.
    """
    if form == "jsonl":
        return export.as_jsonl(found).encode()
    if form == "csv":
        return _csv(found)
    if form == "parquet":
        return _parquet(found, situation)
    if form == "zip":
        book = io.StringIO()
        writer = row_writer(book)
        writer.writerows([("column", "meaning"), *COLUMNS.items()])
        return figures.zipped(
            {
                "README.md": _readme(situation).encode(),
                "LICENCE.md": figures.licence().encode(),
                "events.csv": _csv(found),
                "events.jsonl": export.as_jsonl(found).encode(),
                "codebook/columns.csv": book.getvalue().encode(),
                **figures.plover_tables(),
            }
        )
    raise PublishError(f"no form {form!r} of events. Ask for one of {', '.join(FORMS)}.")


def _readme(situation: Situation) -> str:
    said = [f"*{figures.label_of(situation, language)}*\n" for language in LANGUAGES]
    return "\n".join(
        [
            "# Events\n",
            *said,
            "Digital source types are in the column `digital_source_type`.\n",
            f"Data version {situation.data_version}, detente {__version__}.\n",
        ]
    )


def _flat(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _csv(found: Sequence[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = record_writer(out, list(COLUMNS))
    writer.writeheader()
    for record in found:
        writer.writerow({name: guarded(_flat(value)) for name, value in record.items()})
    return out.getvalue().encode()


def _parquet(found: Sequence[dict[str, Any]], situation: Situation) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"score": pa.float64(), "confidence": pa.float64(), "sources": pa.int32()}
    fields = [
        pa.field(name, types.get(name, pa.string()), metadata={"meaning": meaning}) for name, meaning in COLUMNS.items()
    ]
    table = pa.Table.from_pylist(
        [{k: _flat(v) for k, v in record.items()} for record in found], schema=pa.schema(fields)
    )
    marks = {"data_version": situation.data_version, "digital_source_type": DRAWN, "rights": figures.rights("en")}
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(marks), sink)
    return sink.getvalue()


@cache
def coordinates() -> Mapping[str, tuple[float, float]]:
    """Longitude and latitude of the registry's cities (GeoNames, CC BY 4.0)."""
    text = (files("detente.registry") / "data" / "cities_coordinates.csv").read_text(encoding="utf-8")
    return {
        row["id"]: (round(float(row["longitude"]), 4), round(float(row["latitude"]), 4))
        for row in csv.DictReader(io.StringIO(text))
    }


def as_geojson(situation: Situation, rows: Sequence[chronology.Row]) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946): a point for each event in a known city, no geometry for the others."""
    features = []
    for row, record in zip(rows, records(rows), strict=True):
        at = coordinates().get(row.occurrence.event.place)
        features.append(
            {
                "type": "Feature",
                "id": row.id,
                "geometry": {"type": "Point", "coordinates": list(at)} if at else None,
                "properties": record,
            }
        )
    return {"type": "FeatureCollection", "features": features, "detente": _stamp(situation)}


def _stamp(situation: Situation) -> dict[str, Any]:
    return {
        "dyad": str(situation.dossier.dyad),
        "as_of": situation.as_of.isoformat() if situation.as_of else None,
        "day": situation.day.isoformat(),
        "data_version": situation.data_version,
        "digital_source_type": DRAWN,
        "rights": figures.rights("en"),
        "coordinates": "GeoNames, CC BY 4.0",
    }


CONTEXT: Mapping[str, Any] = {
    "@vocab": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov:wasDerivedFrom": {"@type": "@id"},
    "prov:wasAttributedTo": {"@type": "@id"},
    "prov:wasGeneratedBy": {"@type": "@id"},
    "prov:generatedAtTime": {"@type": "xsd:dateTime"},
    "digitalSourceType": {"@type": "@id"},
    "url": {"@type": "@id"},
    "startDate": {"@type": "Date"},
    "endDate": {"@type": "Date"},
}


def as_jsonld(situation: Situation, rows: Sequence[chronology.Row]) -> dict[str, Any]:
    """Events as schema.org Events that W3C PROV derives from quotes; nothing outside is needed to read it."""
    graph: list[dict[str, Any]] = []
    agents: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    for row in rows:
        event, when = row.occurrence.event, row.occurrence.event.event_date
        quotes, coders = [], set()
        for cited in row.cited:
            agent = f"urn:detente:coder:{_part(cited.coder)}"
            coders.add(agent)
            agents.setdefault(agent, {"@id": agent, "@type": "prov:SoftwareAgent", "name": cited.coder})
            name = f"urn:detente:entry:{_part(cited.entry)}"
            quotes.append(name)
            if name in seen:
                continue
            seen.add(name)
            told = feeds.quote_json(cited)
            source: dict[str, Any] = {
                "@type": "NewsArticle",
                "identifier": told["document"],
                "publisher": told["outlet"],
            }
            source |= {"url": told["url"]} if told["url"] else {}
            graph.append(
                {
                    "@id": name,
                    "@type": ["Quotation", "prov:Entity", "oa:TextQuoteSelector", "oa:TextPositionSelector"],
                    "text": told["quote"],
                    "oa:exact": told["quote"],
                    "oa:start": told["start"],
                    "oa:end": told["end"],
                    "inLanguage": told["language"],
                    "isPartOf": source,
                    "digitalSourceType": QUOTED,
                }
            )
        place: dict[str, Any] | None = None
        if event.place:
            place = {"@type": "Place", "name": row.as_json()["place"]}
            if at := coordinates().get(event.place):
                place["geo"] = {"@type": "GeoCoordinates", "longitude": at[0], "latitude": at[1]}
        graph.append(
            {
                "@id": feeds.urn(situation, "event", row.id),
                "@type": ["Event", "prov:Entity"],
                "identifier": row.id,
                "additionalType": f"PLOVER {event.type}",
                "name": row.heading(Words("en")),
                **({"startDate": when.first.isoformat(), "endDate": when.last.isoformat()} if when else {}),
                "eventStatus": event.realis,
                **({"location": place} if place else {}),
                "attendee": [{"@type": "Organization", "identifier": side} for side in event.sides],
                "creativeWorkStatus": review_state(row.occurrence.decided),
                "digitalSourceType": source_type_of(row.cited),
                "prov:wasDerivedFrom": quotes,
                "prov:wasAttributedTo": sorted(coders),
                "prov:generatedAtTime": feeds.stamp(last_touched(row)),
            }
        )
    whole = {"@id": feeds.urn(situation, "events", situation.data_version), "@type": ["Dataset", "prov:Collection"]}
    whole |= {"version": situation.data_version, "digitalSourceType": DRAWN, "copyrightNotice": figures.rights("en")}
    return {"@context": dict(CONTEXT), "@graph": [whole, *agents.values(), *graph]}


def _part(text: str) -> str:
    return quote(text, safe="")


# What changed


def since(
    dossier: Dossier, ledger: Ledger, moment: date | datetime, *, as_of: date | datetime | None = None
) -> dict[str, Any]:
    """Events that are new or told otherwise than at a moment, and tombstones of those that stand no longer.

    Args:
        moment: A day is meant from its beginning (UTC), so that nothing recorded on it is missed.

    Returns:
        `events`, `tombstones` and `cursor`: the moment to ask from next time.

    Raises:
        PublishError: The moment is later than `as_of`.
    """
    start = moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)
    if not isinstance(moment, datetime) and moment > date.min:
        start -= timedelta(microseconds=1)
    until = moment_of(as_of)
    if until is not None and start > until:
        raise PublishError(f"since {moment} is later than as_of {as_of}. Ask for what changed before it.")
    # The cursor is read first: what others record meanwhile is told next time, and never left out.
    last = ledger.head(as_of).recorded or until or start
    before = {row.id: row for row in _shown(dossier, ledger, min(start, last))}
    rows = _shown(dossier, ledger, last)
    after = {row.id: row for row in rows}
    home = {member.id: row.id for row in rows for member in row.occurrence.members}
    decided = counting(ledger.decisions(as_of=last))
    old = {record["occurrence"]: record for record in records(before.values())}
    return {
        "since": moment.isoformat(),
        # With Z, as the plus of an offset is a blank in an address.
        "cursor": last.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "digital_source_type": DRAWN,
        "events": [record for record in records(rows) if old.get(record["occurrence"]) != record],
        "tombstones": [tombstone(row, home, decided) for key, row in before.items() if key not in after],
    }


def _shown(dossier: Dossier, ledger: Ledger, as_of: date | datetime | None) -> list[chronology.Row]:
    """The events that have a page, as `Situation.shown_rows`, without what else a situation measures."""
    rows = chronology.rows(dossier, ledger, as_of=as_of, everything=True)
    return [row for row in rows if chronology.has_page(row.occurrence, dossier)]


_TAKEN_AWAY: Mapping[str, str] = {"reject": "rejected", "amend": "amended"}
"""Decisions after which an event may stand no longer: one put right may be between other states."""


def tombstone(row: chronology.Row, home: Mapping[str, str], decided: Mapping[str, Decision]) -> dict[str, Any]:
    """Why an event stands no longer.

    Args:
        home: By member, the event it is told with now.
        decided: By entry, the decision that counts.
    """
    members = [member.id for member in row.occurrence.members]
    moved = next((home[member] for member in members if member in home), None)
    decisions = [decided[m] for m in members if m in decided and decided[m].action in _TAKEN_AWAY]
    if moved is not None:
        return {"occurrence": row.id, "reason": "merged", "replaced_by": moved}
    if decisions:
        last = max(decisions, key=lambda d: d.seq)
        reason = _TAKEN_AWAY[last.action]
        return {"occurrence": row.id, "reason": reason, "why": last.why, "at": feeds.stamp(last.recorded)}
    return {"occurrence": row.id, "reason": "superseded"}


# To be cited


def as_bibtex(situation: Situation) -> str:
    """The dossier at this moment and every report it rests on, as BibTeX."""
    own = {
        "title": situation.dossier.title_in("en"),
        "author": OURS,
        "year": str(situation.day.year),
        "version": situation.data_version,
        "note": _note(situation),
    }
    out = [bibtex("misc", "detente", own)]
    for number, document in enumerate(_cited(situation), start=1):
        link = link_of(document)
        fields = {"title": document.title or document.id, "publisher": document.source, "language": document.language}
        if document.published:
            fields |= {"year": str(document.published.year), "date": document.published.isoformat()}
        out.append(bibtex("online" if link else "misc", f"report{number}", {**fields, "url": link}))
    return "\n".join(out)


def _note(situation: Situation) -> str:
    """What must be known of the dossier beside its name: of when it is, and how it was made."""
    known = f"As known on {situation.day.isoformat()}; data version {situation.data_version}"
    return f"{known}; digital source type: {DRAWN}"


def as_csl(situation: Situation) -> list[dict[str, Any]]:
    """The same as CSL-JSON."""

    own = {
        "id": "detente",
        "note": _note(situation),
        "type": "dataset",
        "title": situation.dossier.title_in("en"),
        "version": situation.data_version,
    }
    out: list[dict[str, Any]] = [{**own, "issued": csl_date(situation.day), "publisher": "Détente"}]
    for number, document in enumerate(_cited(situation), start=1):
        told: dict[str, Any] = {"id": f"report{number}", "type": "article-newspaper", "language": document.language}
        told |= {"title": flat(document.title or document.id)}
        told |= {"container-title": flat(document.source)} if document.source else {}
        told |= {"issued": csl_date(document.published)} if document.published else {}
        told |= {"URL": link_of(document)} if link_of(document) else {}
        out.append(told)
    return out


def as_ris(situation: Situation) -> str:
    """The same as RIS, which reference managers read: each line a tag, two blanks, a hyphen, a blank and a value."""

    lines = [
        *ris(
            "DATA",
            [
                ("TI", situation.dossier.title_in("en")),
                ("AU", "Détente"),
                ("PY", str(situation.day.year)),
                ("DA", situation.day.strftime("%Y/%m/%d")),
                ("ET", situation.data_version),
                ("N1", _note(situation)),
            ],
        )
    ]
    for document in _cited(situation):
        day = document.published
        fields = [
            ("TI", document.title or document.id),
            ("PB", document.source),
            ("T2", document.source),
            ("PY", str(day.year) if day else ""),
            ("DA", day.strftime("%Y/%m/%d") if day else ""),
            ("LA", document.language),
            ("ID", document.id),
            ("UR", link_of(document)),
        ]
        lines += ris("NEWS", fields)
    return "".join(f"{line}\r\n" for line in lines)


def _cited(situation: Situation) -> list[Document]:
    return sorted(situation.documents.values(), key=lambda d: (d.published or date.min, d.id))


MAKERS: Mapping[str, Callable[[Situation], bytes]] = {
    **{f"data/occurrences.{form}": partial(made, form=form) for form in FORMS},
    "data/sources.bib": lambda situation: as_bibtex(situation).encode(),
    "data/sources.ris": lambda situation: as_ris(situation).encode(),
    "data/sources.csl.json": lambda situation: sites.as_json(as_csl(situation)),
}
"""What makes each of these, by its path from the top."""


def every(situation: Situation) -> Iterable[tuple[str, bytes]]:
    """(path from the top, content) of all of these."""
    for path, make in MAKERS.items():
        yield path, make(situation)
