"""One event to be cited: in a sentence, and as BibTeX, CSL-JSON and RIS.

Each names the version of the data, the day it speaks of and the digest of the event's record, so that a reader years
later can tell whether what was cited is what is read: `digest_of` is the SHA-256 of the event's line in
`data/occurrences.jsonl`, without the end of the line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from detente.publish import chronology, export, feeds, occurrences, sites
from detente.publish.catalogue import Words
from detente.publish.marks import source_type_of
from detente.publish.references import OURS, bibtex, csl_date, ris
from detente.publish.situation import Situation
from detente.publish.text import flat


def digest_of(row: chronology.Row) -> str:
    """The SHA-256 of an event's record, in hexadecimal digits."""
    line = export.as_jsonl(occurrences.records([row])).removesuffix("\n")
    return hashlib.sha256(line.encode()).hexdigest()


def as_text(row: chronology.Row, situation: Situation, words: Words) -> str:
    """An event as a footnote cites it."""
    return words(
        "Détente, {title}: {event}, {date}. Event {id}; data version {version}, known up to {day}; SHA-256 {digest}.",
        title=situation.dossier.title_in(words.language),
        event=flat(row.heading(words)),
        date=words.event_date(row.occurrence.event.event_date),
        id=row.id,
        version=situation.data_version,
        day=words.day(situation.day),
        digest=digest_of(row),
    )


def _note(row: chronology.Row, situation: Situation) -> str:
    asked = f"; as of {situation.as_of.isoformat()}" if situation.as_of else ""
    known = f"As known on {situation.day.isoformat()}{asked}; data version {situation.data_version}"
    return f"{known}; SHA-256 {digest_of(row)}; digital source type: {source_type_of(row.cited)}"


def _title(row: chronology.Row, words: Words) -> str:
    return flat(f"{row.heading(words)}, {words.event_date(row.occurrence.event.event_date)}")


def as_bibtex(row: chronology.Row, situation: Situation) -> str:
    """An event as BibTeX."""
    fields = {
        "title": _title(row, Words("en")),
        "author": OURS,
        "year": str(situation.day.year),
        "howpublished": situation.dossier.title_in("en"),
        "version": situation.data_version,
        "urn": feeds.urn(situation, "event", row.id),
        "note": _note(row, situation),
    }
    return bibtex("misc", f"detente-{row.id}", fields)


def as_csl(row: chronology.Row, situation: Situation) -> list[dict[str, Any]]:
    """An event as CSL-JSON."""
    return [
        {
            "id": f"detente-{row.id}",
            "type": "dataset",
            "title": _title(row, Words("en")),
            "container-title": situation.dossier.title_in("en"),
            "publisher": "Détente",
            "issued": csl_date(situation.day),
            "version": situation.data_version,
            "number": feeds.urn(situation, "event", row.id),
            "note": _note(row, situation),
        }
    ]


def as_ris(row: chronology.Row, situation: Situation) -> str:
    """An event as RIS."""
    fields = [
        ("TI", _title(row, Words("en"))),
        ("T2", situation.dossier.title_in("en")),
        ("AU", "Détente"),
        ("PY", str(situation.day.year)),
        ("DA", situation.day.strftime("%Y/%m/%d")),
        ("ET", situation.data_version),
        ("ID", feeds.urn(situation, "event", row.id)),
        ("N1", _note(row, situation)),
    ]
    return "".join(f"{line}\r\n" for line in ris("DATA", fields))


MAKERS: Mapping[str, Callable[[chronology.Row, Situation], bytes]] = {
    "bib": lambda row, situation: as_bibtex(row, situation).encode(),
    "csl.json": lambda row, situation: sites.as_json(as_csl(row, situation)),
    "ris": lambda row, situation: as_ris(row, situation).encode(),
}
"""What makes each form, by the suffix of its address: `event/ID.bib`."""


def every(situation: Situation) -> Iterator[tuple[str, bytes]]:
    """(path from the top, content) of each form of each event that has a page."""
    for row in situation.shown_rows:
        for form, make in MAKERS.items():
            yield f"event/{row.id}.{form}", make(row, situation)


def named(path: str, situation: Situation) -> bytes | None:
    """The citation at an address, or None where there is none."""
    room, _, rest = path.partition("/")
    name, _, form = rest.partition(".")
    row = situation.row_by_id.get(name) if room == "event" else None
    return MAKERS[form](row, situation) if row is not None and form in MAKERS else None
