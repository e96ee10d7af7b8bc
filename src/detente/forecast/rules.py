"""Rules on one pair: how often B is the one to whom A does this now, after A did that to B so long ago.

"A makes a visit to B" may follow "A expresses intent to meet B" by days, "A consults B" may follow "B consulted A". For
each two relations and each stretch of time since the first, two numbers are counted: among the pairs that could have
answered the question "to whom will A do this?", how many had that past, and how many of them were the answer. Both come
from earlier steps alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

AGES = np.array([1, 2, 3, 5, 8, 14, 30, 60, 120])
"""Upper ends of the stretches of time, in steps; one more is open."""
STRETCHES = len(AGES) + 1
_PRIOR_WEIGHT = 5.0
"""A rule's share is drawn toward that of its kind as if it had been seen so often with the kind's share."""


def stretch(steps_ago: Integers) -> NDArray[np.intp]:
    """The number of the stretch of time that each lies in.

    >>> import numpy as np
    >>> stretch(np.array([1, 2, 4, 5, 121])).tolist()
    [0, 1, 3, 3, 9]
    """
    return np.searchsorted(AGES, steps_ago)


class PairRules:
    """Counts of every rule between two of the relations, inverses included, and their shares as last refitted."""

    def __init__(self, relations: int) -> None:
        both = 2 * relations
        self._relations = relations
        self._seen = np.zeros(both * both * STRETCHES)
        self._right = np.zeros_like(self._seen)
        now, past = np.divmod(np.arange(both * both), both)
        same_way = (now < relations) == (past < relations)
        kind = np.where(now == past, 0, np.where(now % relations == past % relations, 1, np.where(same_way, 2, 3)))
        self._kind = (kind[:, None] * STRETCHES + np.arange(STRETCHES)).ravel()
        self.shares: Floats = np.zeros(len(self._seen), np.float32)

    def numbers(self, now: Integers, past: Integers, steps_ago: Integers) -> Integers:
        """The number of each rule: relation asked about, relation of the past, steps since."""
        return (now * 2 * self._relations + past) * STRETCHES + stretch(steps_ago)

    def count(self, rules: Integers, right: NDArray[np.bool_]) -> None:
        """Count what rules pointed to in a step, and where they were right."""
        self._seen += np.bincount(rules, minlength=len(self._seen))
        self._right += np.bincount(rules[right], minlength=len(self._seen))

    def refit(self) -> None:
        """Bring the shares up to date with the counts."""
        # Four kinds: the same act again, its inverse, another act the same way, another the other way.
        of_kind = np.bincount(self._kind, self._right) / np.maximum(np.bincount(self._kind, self._seen), 1)
        drawn = self._right + _PRIOR_WEIGHT * of_kind[self._kind]
        self.shares = (drawn / (self._seen + _PRIOR_WEIGHT)).astype(np.float32)

    def counts(self, rule: int) -> tuple[int, int]:
        """How often a rule's past was there so far, and how often it was right."""
        return int(self._seen[rule]), int(self._right[rule])
