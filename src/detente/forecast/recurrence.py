"""What happened before, and how lately: counts that fade, by any combination of who, what and to whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

HALF_LIVES = (1.0, 3.0, 10.0, 30.0, 90.0, float("inf"))
"""In steps of time. The last forgets nothing: it is the plain count."""
NEVER = 1000
"""Steps since the last time, where there was none or it lies further back."""


class FadingCounts:
    """For each key, how often it came before a step, each time weighing half after so many steps.

    Keys that may come are named at the start, which is quicker than making room for them later. A key that has not come
    yet is absent until it comes: nothing here tells one that will come from one that never will.
    """

    def __init__(self, keys: Integers) -> None:
        self.keys: Integers = np.unique(keys)
        self.sums: Floats = np.zeros((len(self.keys), len(HALF_LIVES)), np.float32)
        self.last: Integers = np.full(len(self.keys), -1, np.int64)
        self._fading = (0.5 ** (1 / np.array(HALF_LIVES))).astype(np.float32)

    def places(self, keys: Integers) -> NDArray[np.intp]:
        """Where keys stand; -1 for those that did not come so far."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.intp)
        found = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where((self.keys[found] == keys) & (self.last[found] >= 0), found, -1)

    def at(self, places: NDArray[np.intp]) -> Floats:
        """Counts at places, shape (places, half-lives); nothing where a key did not come."""
        found = self.sums[places]
        found[places < 0] = 0
        return found

    def since(self, places: NDArray[np.intp], step: int) -> Floats:
        """Steps since the last time, `NEVER` at most."""
        waited = np.minimum(step - self.last[places], NEVER)
        return np.where(places < 0, NEVER, waited).astype(np.float32)

    def end_step(self, keys: Integers, step: int) -> None:
        """Take in what came in a step, all at once; what is asked next is asked of a later step."""
        self.sums *= self._fading
        found = np.searchsorted(self.keys, keys)
        np.add.at(self.sums, found, np.float32(1))
        self.last[found] = step
