"""Who is rising, as the first page has it: a line for each side, with probabilities and the way to each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.measures.risers import Riser
from detente.publish.catalogue import Words
from detente.publish.situation import Situation

MOST = 4


@dataclass(frozen=True, slots=True)
class Rising:
    """Who moves on one side.

    Attributes:
        enough: Whether there are reports enough to say so.
        rise, fall: Those whose share rose or fell reliably, the surest first.
        likeliest: Where nobody rose reliably, who most probably did; None where nobody did more probably than not.
    """

    side: str
    enough: bool
    rise: Sequence[Riser]
    fall: Sequence[Riser]
    likeliest: Riser | None


def of(situation: Situation) -> list[Rising]:
    """Both sides, in the order of the dyad."""
    found = []
    for side in situation.dossier.dyad.sides:
        people = situation.risers.side(side)
        rise = [person for person in people if person.rises]
        fall = [person for person in people if person.falls][::-1]
        first = people[0] if people and not rise and people[0].risen > 0.5 else None
        enough = bool(people) and people[0].enough
        found.append(Rising(side, enough, rise[:MOST], fall[:MOST], first))
    return found


def name_of(person: Riser, situation: Situation, words: Words) -> str:
    return situation.dossier.registry.entities[person.entity].name_in(words.language)
