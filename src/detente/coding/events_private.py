"""What persons do and say who do not act for their state: opponents, members of parliament, private people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from detente.coding.names_lexicon import word_list
from detente.coding.passages import Reading
from detente.terms import Event, Participant

_SAID = ("ACCUSE", "REQUEST", "THREATEN")


def private(event: Event, reading: Reading) -> bool:
    """True for a charge, a demand or a threat that only such persons make, and where nobody else takes part at all.

    What they say stays a statement of theirs; "the abduction of the dissident X" is no deed of his state.
    """
    days = (event.event_date.first, event.event_date.last) if event.event_date else ()
    actors = [who for who in event.actors if who.side]
    everybody = [*actors, *(who for who in event.recipients if who.side)]
    acting = actors if event.type in _SAID and actors else everybody
    return bool(acting) and all(private_person(who, reading, days) for who in acting)


def private_person(who: Participant, reading: Reading, days: Sequence[date] = ()) -> bool:
    """True for a person known to hold no office in which one acts for a state.

    Args:
        days: Also asked for, beside the day of publication: who met in 1987 held office then.
    """
    entity = reading.dossier.registry.entities.get(who.entity)
    if entity is None or entity.kind != "person":
        return False
    public = [role for role in entity.roles if role.office and role.office not in _private_offices()]
    asked = [day for day in (reading.document.published, *days) if day is not None]
    return not any(role.held_on(day) for role in public for day in asked)


@cache
def _private_offices() -> frozenset[str]:
    return frozenset(word_list("names")["private"]["offices"])
