"""Short reports on pairs of states, read as the coder reads them, for the tests of events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from detente.coding.events import find_events
from detente.coding.names import Names
from detente.coding.passages import Reading
from detente.coding.reading import read
from detente.dossier import Dossier, starter
from detente.terms import Document, Dyad, Event, Span


@cache
def _made(dyad: str) -> tuple[Dossier, Names]:
    dossier = starter(Dyad.parse(dyad), date(2010, 1, 1))
    return dossier, Names(dossier)


def reading(text: str, language: str, dyad: str, published: str | None, boilerplate: tuple[Span, ...] = ()) -> Reading:
    dossier, names = _made(dyad)
    document = Document(
        id="report",
        text=text,
        language=language,
        published=date.fromisoformat(published) if published else None,
        published_basis="given" if published else "none",
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
        boilerplate=boilerplate,
    )
    return read(document, dossier, names)


def events(text: str, language: str, dyad: str = "RUS-USA", published: str | None = None) -> tuple[Event, ...]:
    """Events of a report, each checked against the text: every quote stands at its offsets."""
    found = reading(text, language, dyad, published)
    coded = find_events(found)
    for event in coded:
        quotes = [event.evidence, *(e for _, e in event.parts), *event.points]
        quotes += [p.evidence for p in (*event.actors, *event.recipients) if p.evidence is not None]
        for quote in quotes:
            quote.check(found.document)
    return coded


def day(event: Event) -> str:
    return event.event_date.value if event.event_date else ""


def one(coded: tuple[Event, ...], kind: str) -> Event:
    """The only event of a type."""
    chosen = [event for event in coded if event.type == kind]
    assert len(chosen) == 1, [(e.type, day(e), e.evidence.quote) for e in coded]
    return chosen[0]
