"""Occurrences for the tests of the event table."""

from datetime import date, datetime

from hypothesis import strategies as st

from detente.codebook import types
from detente.terms import REALIS, Entry, Event, EventDate, Evidence, Occurrence, Participant


def occurrence(
    key: str = "o1",
    kind: str = "CONSULT",
    actors: str = "RUS USA",
    recipients: str = "",
    when: str | None = "2025-02-18",
    *,
    mode: str = "",
    realis: str = "happened",
    confidence: float = 0.8,
    decided: str = "",
    reports: tuple[tuple[str, str, str], ...] = (),
) -> Occurrence:
    """`reports`: (document, moment recorded, realis)."""

    def event(document: str, how: str) -> Event:
        return Event(
            type=kind,
            mode=mode,
            actors=tuple(Participant(side.lower(), side, side) for side in actors.split()),
            recipients=tuple(Participant(side.lower(), side, side) for side in recipients.split()),
            event_date=EventDate.of(when, "explicit") if when else None,
            realis=how,  # type: ignore[arg-type]
            evidence=Evidence(document, 0, 4, "They"),
            confidence=confidence,
            track="general",
        )

    members = tuple(
        Entry(f"{key}-{i}", i + 1, datetime.fromisoformat(moment), document, "c.v1", "p", "event", event(document, how))
        for i, (document, moment, how) in enumerate(reports)
    )
    documents = tuple(dict.fromkeys(document for document, _, _ in reports)) or (f"{key}-doc",)
    return Occurrence(key, event(documents[0], realis), members, documents, len(documents), decided=decided)


@st.composite
def any_occurrence(draw: st.DrawFn, key: str) -> Occurrence:
    sides = st.lists(st.sampled_from(["RUS", "USA", "UKR"]), max_size=3).map(" ".join)
    when = st.none() | st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(date.isoformat) | st.just("2025-05")
    return occurrence(
        key,
        draw(st.sampled_from(sorted(types()))),
        draw(sides),
        draw(sides),
        draw(when),
        realis=draw(st.sampled_from(REALIS)),
        confidence=draw(st.floats(0, 1)),
    )
