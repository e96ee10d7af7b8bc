"""What is known before a step of time: counts that fade, and a map of who stands near whom.

Everything is frozen when a step ends: what is asked of a step rests on the steps before it alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from detente.forecast.nearness import Nearness
from detente.forecast.quadruples import Quadruples
from detente.forecast.recurrence import FadingCounts

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

_REFIT_STEPS = 10
_WARM_ROUNDS = 3
_MAP_HALF_LIFE = 4
"""Place in `HALF_LIVES`: 90 steps."""


class StepwisePast(ABC):
    """All that is known before a step of the facts that came, inverses included.

    Args:
        facts: All facts that will be taken in, by `both_ways`. What has not been taken in yet changes no answer.
        entities, relations: How many there are, inverses not counted.

    Attributes:
        step: The coming one.
        acts: How many relations there are, inverses included.
        names: Of the features that candidates had last.
    """

    def __init__(self, facts: Quadruples, entities: int, relations: int) -> None:
        self.step = 0
        self.names: tuple[str, ...] = ()
        self.entities, self.acts = entities, 2 * relations
        self._facts = facts
        steps = int(facts.time[-1]) + 1 if len(facts.time) else 0
        self._begins = np.searchsorted(facts.time, np.arange(steps + 1))
        self._counts = {name: FadingCounts(keys) for name, keys in self._keys(facts).items()}
        self._pair_subject, self._pair_object = np.divmod(self._counts["pair"].keys, entities)
        self._near = Nearness(entities)
        self._mapped = -1

    @abstractmethod
    def _keys(self, facts: Quadruples) -> dict[str, Integers]:
        """Numbers that facts are counted under: by `same` (the triple), `pair` (subject and object) and others."""

    @abstractmethod
    def _place_on_map(self, came: NDArray[np.bool_], weight: Floats) -> None:
        """Tell on the new map what stands where.

        Args:
            came: Which triples came so far, in the order of the keys of `same`.
            weight: Of those, how often they came lately.
        """

    def _coming(self) -> Quadruples:
        """Facts of the coming step."""
        if self.step + 1 >= len(self._begins):
            return self._facts.chosen(slice(0, 0))
        return self._facts.chosen(slice(self._begins[self.step], self._begins[self.step + 1]))

    def _take_in(self) -> bool:
        """Count the facts of the coming step, and stand before the next; whether rules are to be refitted there."""
        for name, keys in self._keys(self._coming()).items():
            self._counts[name].end_step(keys, self.step)
        self.step += 1
        return self.step % _REFIT_STEPS == 0 or self.step == 1

    def update_map(self) -> None:
        """Bring the map of entities to the coming step. Once is enough every few steps, until something is asked."""
        from scipy.sparse import csr_matrix

        if self._mapped == self.step:
            return
        pair, same = self._counts["pair"], self._counts["same"]
        # A zero where nothing came yet would not change a sum, but the order in which it is added up.
        met, came = pair.last >= 0, same.last >= 0
        between = (self._pair_subject[met], self._pair_object[met])
        self._near.update(
            csr_matrix((pair.sums[met, _MAP_HALF_LIFE], between), shape=(self.entities, self.entities)),
            _WARM_ROUNDS if self._mapped < self.step - 1 else 1,
        )
        self._mapped = self.step
        self._place_on_map(came, np.log1p(same.sums[came, _MAP_HALF_LIFE]))


def slices(begins: Integers, chosen: Integers) -> tuple[Integers, NDArray[np.intp]]:
    """Places in several slices of a table, one after the other, and for each the number of its slice.

    >>> import numpy as np
    >>> places, owner = slices(np.array([0, 2, 2, 5]), np.array([2, 0]))
    >>> places.tolist(), owner.tolist()
    ([2, 3, 4, 0, 1], [0, 0, 0, 1, 1])
    """
    start = begins[chosen]
    sizes = begins[chosen + 1] - start
    owner = np.repeat(np.arange(len(chosen)), sizes)
    return np.arange(len(owner)) + np.repeat(start - (np.cumsum(sizes) - sizes), sizes), owner
