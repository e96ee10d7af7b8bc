"""The desk's queue: what a person should look at first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detente import codebook
from detente.errors import CodebookError
from detente.ledger.asof import AsOf, moment_of
from detente.ledger.ledger import Ledger
from detente.ledger.standing import Standing
from detente.terms import Event, Occurrence, Statement

_STANCE_TENTHS = 10
"""Effect of one step of stance, so that the strongest statement weighs about as much as a meeting (25)."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A coding that waits for a decision.

    Attributes:
        standing: The entry and its coding.
        effect_tenths: What deciding it could move: an event's score, shared among the sources that tell of it; a
            statement's stance. Never negative.
        doubt: 1 − confidence; where another coder reads it otherwise, half of the confidence counts.
        occurrence: For an event, the occurrence it is a member of.
        unsure: Whether someone has looked and could not say.
        note: What else speaks for a look: members that disagree, a type the codebook does not have.
    """

    standing: Standing[Event] | Standing[Statement]
    effect_tenths: float
    doubt: float
    occurrence: Occurrence | None = None
    unsure: bool = False
    note: str = ""

    @property
    def weight(self) -> float:
        """The order of the queue: effect × doubt."""
        return self.effect_tenths * self.doubt


_OTHERWISE = "another coder reads it otherwise"


def _agreed(coding: Event | Statement) -> bool:
    return coding.second is None or not coding.second.differs


def doubt_of(coding: Event | Statement) -> float:
    """How much a coding is in doubt, in [0, 1].

    Two coders that differ cannot both be right: before anybody has looked, each has half of what one is trusted with.
    The confidence itself, which weighs in measures, stays as it was measured.
    """
    return round(1 - coding.confidence / (1 if _agreed(coding) else 2), 12)


def queue(
    ledger: Ledger, as_of: AsOf = None, limit: int | None = 20, *, occurrences: Iterable[Occurrence] | None = None
) -> list[QueueItem]:
    """Undecided events and statements, those first whose decision can move most and which are most in doubt.

    Args:
        limit: Length of the queue; None for all of it.
        occurrences: Those of that moment, where the caller has them.
    """
    until = moment_of(as_of) or ledger.head().recorded
    merged = ledger.occurrences(as_of=until) if occurrences is None else occurrences
    told = {member.id: found for found in merged for member in found.members}
    items = [_event(s, told.get(s.entry.id)) for s in ledger.codings("event", until) if not s.decided]
    items += [_statement(s) for s in ledger.statements(until) if not s.decided]
    items.sort(key=lambda item: (-item.weight, -item.doubt, item.standing.entry.seq))
    return items if limit is None else items[:limit]


def _event(standing: Standing[Event], occurrence: Occurrence | None) -> QueueItem:
    event = standing.coding
    notes = []
    try:
        score = abs(codebook.score_tenths(event.type, event.mode))
    except CodebookError as problem:
        # A code nobody can score may stand for anything: it comes first.
        score = 100
        notes.append(str(problem))
    if not _agreed(event):
        notes.append(_OTHERWISE)
    if occurrence and occurrence.disagreements:
        notes.append("sources differ on " + ", ".join(name for name, _ in occurrence.disagreements))
    return QueueItem(
        standing=standing,
        effect_tenths=score / max(1, occurrence.sources if occurrence else 1),
        doubt=doubt_of(event),
        occurrence=occurrence,
        unsure=standing.decision is not None,
        note="; ".join(notes),
    )


def _statement(standing: Standing[Statement]) -> QueueItem:
    statement = standing.coding
    return QueueItem(
        standing=standing,
        effect_tenths=abs(statement.stance) * _STANCE_TENTHS,
        doubt=doubt_of(statement),
        note="" if _agreed(statement) else _OTHERWISE,
        unsure=standing.decision is not None,
    )
