"""Occurrences and statements for the tests of the measures."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from detente.codebook import types
from detente.engine import EventRow, EventRows, event_rows
from detente.measures import Series
from detente.terms import Dyad, Event, EventDate, Evidence, Occurrence, Participant, Statement

RUS_USA = Dyad("RUS", "USA")
START, END = date(2025, 1, 1), date(2025, 6, 30)
MONDAY = date(2024, 1, 1)


def weekly(values: Sequence[float | None], name: str = "RUS-USA") -> Series:
    """A series from `MONDAY` on."""
    return Series(name, tuple(MONDAY + timedelta(weeks=week) for week in range(len(values))), tuple(values))


def noise(seed: int, n: int, rho: float = 0.0) -> np.ndarray:
    """AR(1) noise with standard deviation 1, in its stationary state from the start."""
    random = np.random.default_rng(seed)
    values = [random.normal()]
    for step in random.normal(size=n - 1):
        values.append(rho * values[-1] + (1 - rho**2) ** 0.5 * step)
    return np.array(values)


def event_row(number: int, first: date, width: int = 1, **more: Any) -> EventRow:
    """A talk between the two, as a row of the index; `more` says what is otherwise."""
    last, single = first + timedelta(days=width - 1), width == 1
    plain: dict[str, Any] = {
        "occurrence": f"o{number:02}",
        "actor": "RUS",
        "recipient": "USA",
        "type": "CONSULT",
        "mode": "",
        "realis": "happened",
        "counted_as": "CONSULT",
        "quad": 1,
        "first": first,
        "last": last,
        "first_number": first.toordinal(),
        "last_number": last.toordinal(),
        "width_days": width,
        "day": first if single else None,
        "day_number": first.toordinal() if single else None,
        "month_number": 12 * first.year + first.month - 1 if single else None,
        "precision": "day",
        "pair_rows": 1,
        "rank": "main",
        "track": "",
        "sources": 1,
        "decided": "",
        "recorded_number": None,
    }
    return EventRow(**{**plain, **more})


def side(code: str) -> Participant:
    return Participant(code, code, code)


def event(
    when: date | str,
    kind: str = "CONSULT",
    actors: str = "RUS USA",
    recipients: str = "",
    *,
    key: str = "",
    track: str = "general",
    confidence: float = 1.0,
    mode: str = "",
) -> Occurrence:
    value = when if isinstance(when, str) else when.isoformat()
    key = key or f"{value}-{kind}-{actors}>{recipients}".replace(" ", "+")
    said = Event(
        type=kind,
        mode=mode,
        actors=tuple(map(side, actors.split())),
        recipients=tuple(map(side, recipients.split())),
        event_date=EventDate.of(value, "explicit"),
        realis="happened",
        evidence=Evidence(f"{key}-doc", 0, 4, "They"),
        confidence=confidence,
        track=track,
    )
    return Occurrence(key, said, (), (f"{key}-doc",), 1)


def rows(*events: Occurrence, dyad: Dyad | None = RUS_USA) -> EventRows:
    return event_rows(events, dyad=dyad)


def swapped(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """The same history with the two sides' parts exchanged."""
    other = {"RUS": "USA", "USA": "RUS", "UKR": "UKR"}
    return [
        event(
            o.event.event_date.value,  # type: ignore[union-attr]
            o.event.type,
            " ".join(other[p.side] for p in o.event.actors),
            " ".join(other[p.side] for p in o.event.recipients),
            key=o.id,
            confidence=o.event.confidence,
        )
        for o in occurrences
    ]


days = st.integers(0, (END - START).days).map(lambda n: (START + timedelta(days=n)).isoformat())
stretches = st.sampled_from(["2025-02", "2025-W10", "2025-Q1", "2025-03-30/2025-04-02"])


@st.composite
def histories(draw: st.DrawFn, most: int = 8) -> list[Occurrence]:
    """Events of half a year between Russia, the United States and sometimes Ukraine."""
    actors = st.sampled_from([("RUS", "USA"), ("USA", "RUS"), ("RUS USA", ""), ("RUS UKR USA", ""), ("UKR", "USA")])
    return [
        event(
            draw(days | stretches),
            draw(st.sampled_from(sorted(types()))),
            *draw(actors),
            key=f"o{i}",
            confidence=draw(st.integers(0, 1000)) / 1000,
        )
        for i in range(draw(st.integers(0, most)))
    ]


def statement(
    speaker: str,
    code: str,
    stance: int,
    when: str | None = "2025-02-18",
    *,
    document: str = "d1",
    issue: str = "relations",
    place: int = 0,
) -> Statement:
    evidence = Evidence(document, place, place + 4, "They")
    return Statement(
        speaker=Participant(speaker.lower(), speaker, code, "spokesperson"),
        mode="quote",
        issue=issue,
        stance=stance,
        evidence=evidence,
        content=evidence,
        confidence=0.9,
        said_date=EventDate.of(when, "explicit") if when else None,
    )
