"""Documents and codings for the ledger's tests, made from a few words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from detente.ledger import Ledger
from detente.terms import Coding, Document, Event, EventDate, Evidence, Participant, Statement

Open = Callable[..., Ledger]
START = datetime(2025, 4, 1, 8, 0, tzinfo=UTC)
CODER = "rules.v1"
CODEBOOK = "plover-2.0"


def ticking(start: datetime = START, step: timedelta = timedelta(hours=1)) -> Callable[[], datetime]:
    """A clock that moves on by one step each time it is read."""
    moment = start - step

    def clock() -> datetime:
        nonlocal moment
        moment += step
        return moment

    return clock


def document(
    name: str = "en-1",
    text: str = "Delegations of Russia and the United States met in Istanbul on 10 April.",
    *,
    published: str | None = "2025-04-10",
    language: str = "en",
    **more: Any,
) -> Document:
    return Document(
        id=name,
        text=text,
        language=language,
        published=None if published is None else date.fromisoformat(published),
        published_basis="given",
        fetched=START,
        **more,
    )


def state(code: str) -> Participant:
    return Participant(entity=code, name=code, side=code)


def person(entity: str, side: str, role: str = "envoy") -> Participant:
    return Participant(entity=entity, name=entity, side=side, role=role)


def event(
    where: Document,
    *,
    type: str = "CONSULT",
    mode: str = "",
    actors: Sequence[Participant | str] = ("RUS", "USA"),
    recipients: Sequence[Participant | str] = (),
    on: str | None = "2025-04-10",
    basis: str = "explicit",
    place: str = "",
    realis: str = "happened",
    track: str = "",
    confidence: float = 0.75,
    start: int = 0,
    end: int | None = None,
    **more: Any,
) -> Event:
    end = len(where.text) if end is None else end
    return Event(
        type=type,
        mode=mode,
        actors=tuple(state(p) if isinstance(p, str) else p for p in actors),
        recipients=tuple(state(p) if isinstance(p, str) else p for p in recipients),
        event_date=None if on is None else EventDate.of(on, basis),  # type: ignore[arg-type]
        realis=realis,  # type: ignore[arg-type]
        evidence=where.quote(start, end),
        confidence=confidence,
        place=place,
        track=track,
        **more,
    )


def statement(where: Document, *, speaker: Participant | None = None, stance: int = 1, **more: Any) -> Statement:
    evidence = where.quote(0, len(where.text))
    return Statement(
        speaker=speaker or person("dmitry-peskov", "RUS", "spokesman"),
        mode="paraphrase",
        issue="relations",
        stance=stance,
        evidence=evidence,
        content=evidence,
        confidence=more.pop("confidence", 0.7),
        **more,
    )


def coding(where: Document, *found: Event | Statement, coder: str = CODER, **more: Any) -> Coding:
    return Coding(
        document=where.id,
        coder=coder,
        codebook=CODEBOOK,
        events=tuple(item for item in found if isinstance(item, Event)),
        statements=tuple(item for item in found if isinstance(item, Statement)),
        **more,
    )


def elsewhere(where: Document, quote: str) -> Evidence:
    """Evidence that does not stand in the document."""
    return Evidence(where.id, 0, len(quote), quote)
