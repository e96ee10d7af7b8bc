"""What counts of the decisions on an entry: some taken back, two readers compared, a third where they differ.

A decision wants a second reader where the desk says so (`Look.second`). The second reader is not shown the first
decision. Where the two agree, it stands; where they differ, neither does and the entry is undecided, until a third
person decides. Who decides in full view of what stands (`detente review`) has the last word, as has a later third.
All lines are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.ledger.questions import person_key
from detente.terms import Decision

State = Literal["", "decided", "waiting", "agreed", "conflict", "settled"]


@dataclass(frozen=True, slots=True)
class Review:
    """How far an entry is judged.

    Attributes:
        state: Empty where nobody has decided, `decided` by one person, `waiting` for a second reader, `agreed` by two,
            `conflict` of two, `settled` by a third.
        held: Decisions that are not taken back, in order of recording.
        first, second: Of the two readers, where there were two.
        counts: The decision that counts; None where there is none, and in a conflict.
        wanted: Why a second reader is wanted, or empty.
    """

    state: State = ""
    held: tuple[Decision, ...] = ()
    first: Decision | None = None
    second: Decision | None = None
    counts: Decision | None = None
    wanted: str = ""

    def last_of(self, person: str) -> Decision | None:
        """The person's own last decision that is not taken back."""
        own = [decision for decision in self.held if person_key(decision.by) == person_key(person)]
        return own[-1] if own else None

    def reading_of(self, person: str, seen: int) -> Literal["", "second", "third"]:
        """As what a person would decide now.

        Args:
            seen: `seq` of the last decision on the entry that the person was shown; 0 for none.
        """
        if self.last_of(person) is not None or not self.held:
            return ""
        if self.state == "conflict":
            return "third"
        unseen = self.state == "decided" and self.held[-1].seq > seen
        return "second" if self.state == "waiting" or unseen else ""

    def is_third(self, person: str) -> bool:
        """Whether a decision of this person would count over what two readers said."""
        two = {person_key(each.by) for each in (self.first, self.second) if each}
        return bool(two) and person_key(person) not in two

    def independent(self) -> tuple[Decision, ...]:
        """The decisions made without knowledge of one another: none, or those of two readers."""
        return (self.first, self.second) if self.first and self.second else ()


def review_of(decisions: Sequence[Decision]) -> Review:
    """How far an entry is judged by all decisions on it, in order of recording."""
    held: list[Decision] = []
    for decision in decisions:
        if decision.action != "undo":
            held.append(decision)
            continue
        own = [d for d in held if person_key(d.by) == person_key(decision.by)]
        if own:
            held.remove(own[-1])
    if not held:
        return Review()
    wanted = next((d.look.second for d in held if d.look and d.look.second), "")
    reader = next((d.by for d in held if d.look and d.look.reading == "second"), None)
    if reader is not None:
        seconds = [d for d in held if person_key(d.by) == person_key(reader)]
        others = [d for d in held[: held.index(seconds[0])] if person_key(d.by) != person_key(reader)]
        if others:
            firsts = [d for d in held if person_key(d.by) == person_key(others[-1].by)]
            return _of_two(held, firsts[-1], seconds[-1], wanted)
    return Review(
        "waiting" if wanted and len({person_key(d.by) for d in held}) == 1 else "decided",
        tuple(held),
        counts=held[-1],
        wanted=wanted,
    )


def _of_two(held: list[Decision], first: Decision, second: Decision, wanted: str) -> Review:
    two = {person_key(first.by), person_key(second.by)}
    begun = min(held.index(first), held.index(second))
    later = [d for d in held[begun:] if person_key(d.by) not in two]
    if later:
        return Review("settled", tuple(held), first, second, later[-1], wanted)
    if agree(first, second):
        return Review("agreed", tuple(held), first, second, first, wanted)
    return Review("conflict", tuple(held), first, second, None, wanted)


def agree(one: Decision, other: Decision) -> bool:
    """Whether two decisions say the same of a coding, whatever the reasons."""
    return one.action == other.action and one.amended == other.amended


def reviews(decisions: Iterable[Decision]) -> dict[str, Review]:
    """How far each entry is judged, by entry id."""
    on: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        on[decision.entry].append(decision)
    return {entry: review_of(made) for entry, made in on.items()}


def counting(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that counts on each entry, where one does."""
    return {entry: review.counts for entry, review in reviews(decisions).items() if review.counts is not None}
