"""What people decided about which entries tell of one event: merged, split, and taken back again.

Lines are only added. In the order they were made, a merge says of each two of its entries that they tell of one event,
a split says of each entry on one side and each on the other that they do not; of two such words on the same two
entries the later holds. What was taken back counts as if it had not been said. Reports filed later are merged by what
they say, as ever, but never across a split.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, product
from typing import Literal

GroupingAction = Literal["merge", "split", "undo"]
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A line: entries that a person merged, or split from others, or the taking back of such a line.

    Attributes:
        entries: Merged with one another; of a split, those that tell of another event than `others`.
        undoes: With `undo`, `seq` of the line taken back; its entries are repeated.
    """

    seq: int
    recorded: datetime
    action: GroupingAction
    entries: tuple[str, ...]
    others: tuple[str, ...]
    by: str
    why: str
    undoes: int | None = None

    @property
    def all_entries(self) -> tuple[str, ...]:
        return self.entries + self.others


@dataclass(frozen=True)
class Ties:
    """Which entries belong together, and which do not, whatever they say.

    Attributes:
        together, apart: Pairs of entries.
    """

    together: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    _apart_of: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, set[str]] = {}
        for pair in self.apart:
            one, other = pair
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        object.__setattr__(self, "_apart_of", {entry: frozenset(others) for entry, others in found.items()})

    def parted_from(self, entry: str) -> frozenset[str]:
        """Entries that tell of another event than this one."""
        return self._apart_of.get(entry, frozenset())


def held(groupings: Sequence[Grouping]) -> list[Grouping]:
    """Those that were not taken back, in order of recording."""
    back = {line.undoes for line in groupings if line.action == "undo"}
    return [line for line in groupings if line.action != "undo" and line.seq not in back]


def ties(groupings: Sequence[Grouping], heirs: Mapping[str, Sequence[str]] | None = None) -> Ties:
    """What the lines say together.

    Args:
        heirs: By entry that stands no longer, the entries in its place: what a later coder filed of the same words.
    """

    def now(entries: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(heir for entry in entries for heir in (heirs or {}).get(entry, (entry,))))

    together: set[Pair] = set()
    apart: set[Pair] = set()
    for line in held(groupings):
        entries, others = now(line.entries), now(line.others)
        if line.action == "merge":
            pairs = {frozenset(pair) for pair in combinations(entries, 2)}
            together, apart = together | pairs, apart - pairs
        else:
            pairs = {frozenset(pair) for pair in product(entries, others) if pair[0] != pair[1]}
            together, apart = together - pairs, apart | pairs
    return Ties(frozenset(together), frozenset(apart))
