"""Whether an annotation and a coding are the same, and what keeps them apart.

The rules are those of the annotation guidelines, version 1: an event matches on date within precision, unordered pair
of sides, type or its quad class, and evidence overlap of at least half; a statement on speaker and overlap, its date
exact or missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from detente.codebook import quad
from detente.evaluation.articles import GoldEvent
from detente.terms import Event, EventDate, Span

_G = TypeVar("_G")
_P = TypeVar("_P")

MINIMUM_OVERLAP = 0.5
CAUSES = ("date", "sides", "type", "evidence", "several", "shared", "nothing")
"""Why an event was missed, see `cause`."""


def overlap(gold: Span, mine: Span) -> float:
    """The better of intersection over union and the share of the gold span covered."""
    common = min(gold.end, mine.end) - max(gold.start, mine.start)
    if common <= 0:
        return 0.0
    union = len(gold) + len(mine) - common
    return max(common / union, common / len(gold))


def dates_match(gold: EventDate | None, mine: EventDate | None) -> bool:
    if gold is None:
        # Undated in the gold: a date taken over from publication or the story is no claim about the text.
        return mine is None or mine.basis in ("publication", "narrative", "none")
    if mine is None:
        return False
    if mine.first >= gold.first and mine.last <= gold.last:
        return True
    return gold.precision == "day" == mine.precision and gold.first != gold.last and mine.meets(gold)


def same_type(gold: str, mine: str) -> bool:
    """Whether the types are the same; YIELD stands for CONCEDE and RETREAT."""
    return mine == gold or (gold == "YIELD" and mine in ("CONCEDE", "RETREAT"))


def types_match(gold: str, mine: str) -> bool:
    if same_type(gold, mine):
        return True
    return quad(mine) == (1 if gold == "YIELD" else quad(gold))


def sides_match(gold: GoldEvent, mine: Event) -> bool:
    # Annotations name states alone: the Union, beside two of them, is OTHER there.
    sides = set(mine.sides) - ({"EUR"} - gold.sides)
    return gold.sides == sides if len(gold.sides) == 2 else gold.sides <= sides


def failed(gold: GoldEvent, mine: Event) -> tuple[str, ...]:
    """The conditions that keep a coding from being the annotated event: of date, sides, type and evidence."""
    held = {
        "date": dates_match(gold.date, mine.event_date),
        "sides": sides_match(gold, mine),
        "type": types_match(gold.type, mine.type),
        "evidence": overlap(gold.span, mine.evidence.span) >= MINIMUM_OVERLAP,
    }
    return tuple(name for name, true in held.items() if not true)


def cause(gold: GoldEvent, free: Sequence[Event], used: Sequence[Event]) -> tuple[str, tuple[str, ...], Event | None]:
    """Why an annotated event was missed: the one condition that the nearest coding fails.

    Args:
        free: Codings that match no annotation.
        used: Codings that match another annotation.

    Returns:
        One of `CAUSES`, every condition that failed, and the nearest coding. `several`: the nearest coding overlaps the
        evidence and fails more than one condition; `shared`: a coding would fit, but stands for another annotation
        already; `nothing`: no free coding is near.
    """
    near = [(failed(gold, mine), -overlap(gold.span, mine.evidence.span), mine) for mine in free]
    near = [item for item in near if item[1] < 0 or len(item[0]) == 1]
    if any(not failed(gold, mine) for mine in used) and not any(len(item[0]) == 1 for item in near):
        return "shared", (), next(mine for mine in used if not failed(gold, mine))
    if not near:
        return "nothing", (), None
    conditions, _, mine = min(near, key=lambda item: (len(item[0]), item[1]))
    return (conditions[0] if len(conditions) == 1 else "several"), conditions, mine


def event_score(gold: GoldEvent, mine: Event) -> float:
    """Overlap, and one more where the type is the very one; 0 where a condition fails."""
    if failed(gold, mine):
        return 0.0
    return overlap(gold.span, mine.evidence.span) + same_type(gold.type, mine.type)


def said_matches(gold: EventDate | None, mine: EventDate | None) -> bool:
    return gold is None or mine is None or (gold.first, gold.last) == (mine.first, mine.last)


def match(scores: np.ndarray) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column) with a score above zero, best total.

    Args:
        scores: Shape (gold, predicted), 0 where the two cannot be paired.

    >>> match(np.array([[0.0, 1.0], [1.0, 0.9]]))
    [(0, 1), (1, 0)]
    """
    if not scores.size:
        return []
    rows, columns = linear_sum_assignment(-scores)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if scores[r, c] > 0]


def pair_up(gold: Sequence[_G], mine: Sequence[_P], score: Callable[[_G, _P], float]) -> list[tuple[int, int]]:
    """One-to-one pairs of an annotation and a coding, by index, best total score."""
    return match(np.array([[score(g, p) for p in mine] for g in gold], dtype=float).reshape(len(gold), len(mine)))
