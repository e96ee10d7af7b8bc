"""The rows that a forecast of the next event rests on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from detente.forecast.quadruples import FactFolder

ROWS_SHOWN = 3
GroundKind = Literal["pair", "deed", "partner", "object", "doer", "usual"]
_PAIR_ACTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing in the past that speaks for an answer.

    Attributes:
        kind: `pair`, an act between the two; `deed`, the act asked about, toward the answer, by others; `partner`,
            someone whom both dealt with; `object`, the answer's own latest acts, where nothing else is known; `doer`,
            the act, by the same subject, toward others; `usual`, the act between any two, where nothing else is known.
        relation: Of the earlier act, inverses included.
        count: How often it came.
        last: Step of the last.
        rows: The latest of its rows, `train.txt:17`.
    """

    kind: GroundKind
    relation: int
    count: int
    last: int
    rows: tuple[str, ...]


class Grounds:
    """What came so far, by pair and by act, with its rows.

    Args:
        folder: Facts; they are taken in step by step.
    """

    def __init__(self, folder: FactFolder) -> None:
        self._folder = folder
        self._relations = len(folder.relations)
        self._next = 0
        # Places in the folder's facts, in the order they came.
        self._pairs: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._deeds: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._usual: dict[int, list[int]] = defaultdict(list)
        self._partners: dict[int, dict[int, int]] = defaultdict(dict)
        facts = folder.facts
        self._facts = list(
            zip(
                facts.subject.tolist(), facts.relation.tolist(), facts.object.tolist(), facts.time.tolist(), strict=True
            )
        )

    def take_until(self, step: int) -> None:
        """Take in the facts of the steps before one."""
        while self._next < len(self._facts) and self._facts[self._next][3] < step:
            subject, relation, target, _ = self._facts[self._next]
            for one, act, other in ((subject, relation, target), (target, relation + self._relations, subject)):
                self._pairs[one, other][act].append(self._next)
                self._deeds[act, other].append(self._next)
                self._usual[act].append(self._next)
                self._partners[one][other] = self._next
            self._next += 1

    def of(self, subject: int, relation: int, entity: int) -> tuple[Ground, ...]:
        """What speaks for an answer, the latest first; empty only where it was never seen at all."""
        found = [self._ground("pair", act, places) for act, places in self._pairs.get((subject, entity), {}).items()]
        found.sort(key=lambda ground: (ground.relation != relation, -ground.last, ground.relation))
        deed = self._deeds.get((relation, entity))
        if deed:
            found.append(self._ground("deed", relation, deed))
        if not found:
            mine, theirs = self._partners.get(subject, {}), self._partners.get(entity, {})
            shared = sorted(mine.keys() & theirs.keys(), key=lambda other: -min(mine[other], theirs[other]))
            if shared:
                found.append(self._ground("partner", -1, sorted((mine[shared[0]], theirs[shared[0]]))))
            elif theirs:
                found.append(self._ground("object", -1, sorted(theirs.values())))
        return tuple(found)

    def of_act(self, subject: int, act: int, target: int) -> tuple[Ground, ...]:
        """What speaks for an act between two: the same act first, then the latest others; the same toward the one and
        by the other."""
        of_pair = self._pairs.get((subject, target), {})
        found = [self._ground("pair", each, places) for each, places in of_pair.items()]
        found.sort(key=lambda ground: (ground.relation != act, -ground.last, ground.relation))
        del found[_PAIR_ACTS_SHOWN:]
        inverse = (act + self._relations) % (2 * self._relations)
        deed, done = self._deeds.get((act, target)), self._deeds.get((inverse, subject))
        if deed:
            found.append(self._ground("deed", act, deed))
        if done:
            found.append(self._ground("doer", act, done))
        if not found and act in self._usual:
            found.append(self._ground("usual", act, self._usual[act]))
        return tuple(found)

    def _ground(self, kind: GroundKind, relation: int, places: list[int]) -> Ground:
        rows = tuple(self._folder.rows[place] for place in places[::-1][:ROWS_SHOWN])
        return Ground(kind, relation, len(places), self._facts[places[-1]][3], rows)
