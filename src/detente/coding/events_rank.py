"""What a text is about, and what it recalls or says beside it: the rank of its events.

A readout of a call also praises, worries and appeals. Such words are coded, but the call is the news; they are the news
where nothing else is. A threat with its condition is a deed.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date

from detente.coding.events_lexicon import rules_by_name
from detente.coding.events_spoken import told_deeds
from detente.coding.events_story import OLD_DAYS
from detente.coding.names_lexicon import flat
from detente.coding.passages import Reading
from detente.terms import Event, EventDate

_FRESH_DAYS, _PAST_DAYS = 7, 10
_WORDS = frozenset(("SUPPORT", "ACCUSE", "THREATEN", "REQUEST"))


def by_day(events: Sequence[Event], reading: Reading) -> list[Event]:
    """Mark as background what lies well before the news of the day, is undated, or is not about the dossier's two."""
    dyad = set(reading.dossier.dyad.sides)
    published = reading.document.published
    days = [e.event_date for e in events if e.event_date is not None and dyad <= set(e.sides)]
    fresh = published is not None and any(
        abs((published - d.last).days) <= _FRESH_DAYS and d.precision == "day" for d in days
    )
    newest = _newest(events, dyad, published)
    ranked = []
    for event in events:
        day, rank = event.event_date, event.rank
        if (
            day is None
            or (newest is not None and _well_before(event, day, newest, reading))
            or (published is not None and (published - day.last).days > OLD_DAYS)
            or (fresh and published is not None and (published - day.last).days > _PAST_DAYS)
            or (days and not dyad <= set(event.sides))
            or (days and event.type in _WORDS and event.actors and dyad.isdisjoint(p.side for p in event.actors))
            # Kind words in a body's own text are what it says, whatever else it tells.
            or (reading.voice is not None and event.type == "SUPPORT" and _only_said(event, reading.language))
        ):
            rank = "background"
        ranked.append(replace(event, rank=rank))
    return ranked


def _newest(events: Sequence[Event], dyad: Set[str], published: date | None) -> date | None:
    """The last day on which something happened between the two, as far as the text tells."""
    told = (e.event_date for e in events if e.realis == "happened" and dyad <= set(e.sides))
    days = (d.last for d in told if d is not None and d.precision == "day")
    return max((day for day in days if published is None or day <= published), default=None)


def _well_before(event: Event, day: EventDate, newest: date, reading: Reading) -> bool:
    """A deed days before the newest that the text tells of, and not at its head."""
    if event.realis != "happened" or event.evidence.start <= len(reading.document.text) // _HEAD:
        return False
    known = day.last if day.precision == "day" else day.first
    return (newest - known).days >= _EARLIER_DAYS


_EARLIER_DAYS, _HEAD = 3, 8
"""Days from which a deed is recalled (43 of 50 such in annotated texts), and the part of a text that is its head."""


def by_weight(events: Sequence[Event], language: str) -> list[Event]:
    """Mark as background what is only said, beside a deed; and what is said again in the same sense.

    Args:
        events: All of a text, ranked by their days, in text order.
    """
    deeds = any(event.rank == "main" and not _only_said(event, language) for event in events)
    said: set[tuple[str, tuple[str, ...]]] = set()
    weighed = []
    for event in events:
        if event.rank == "main" and _only_said(event, language):
            sense = (event.type, event.sides)
            if deeds or sense in said:
                event = replace(event, rank="background")
            said.add(sense)
        weighed.append(event)
    return weighed


def _only_said(event: Event, language: str) -> bool:
    quote = " ".join(flat(event.evidence.quote).split())
    if event.type == "THREATEN" and told_deeds(language, "ultimatum").search(quote):
        return False
    rule = rules_by_name().get(event.rule)
    if rule is None:
        return event.type in _WORDS
    return rule.aside or (event.type in _WORDS and not rule.formal)
