"""Moments in which nobody waits: what takes long in the background is put there.

One process answers people and measures meanwhile, and Python lets one of its threads run at a time. What measures
leaves millions of objects; looking through all of them for those that nothing holds takes half a second, in which
nobody is answered.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

REST_SECONDS = 3.0
"""After an answer, until it is quiet: who reads at the desk takes longer over an item."""
YOUNG = 10_000, 10
"""New objects, and rounds of them, after which the new are looked through: a hundred thousand take 10 ms."""
DUE = 20
"""Rounds of new objects after which all are looked through: two millions, most of which are rightly held."""
LONGEST_SECONDS = 60.0
"""How long that waits for a quiet moment, so that what nothing holds does not pile up where there is none."""


class Quiet:
    """Knows whether somebody is being answered, or was a moment ago."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Any] = time.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._answering = 0
        self._last = float("-inf")

    @contextmanager
    def disturbed(self) -> Iterator[None]:
        """Somebody is being answered."""
        with self._lock:
            self._answering += 1
        try:
            yield
        finally:
            with self._lock:
                self._answering -= 1
                self._last = self._clock()

    @property
    def now(self) -> bool:
        with self._lock:
            return not self._answering and self._clock() - self._last >= REST_SECONDS

    def wait(self, at_most: float) -> None:
        """Wait until it is quiet, or for so many seconds."""
        until = self._clock() + at_most
        while not self.now and self._clock() < until:
            self._sleep(0.1)


def collect_when_quiet(quiet: Quiet) -> None:
    """Look through all objects when it is quiet, instead of whenever many were made; of this process, until it ends."""
    gc.set_threshold(*YOUNG, sys.maxsize & 0x7FFFFFFF)

    def keep() -> None:
        while True:
            time.sleep(1.0)
            if gc.get_count()[2] >= DUE:
                quiet.wait(LONGEST_SECONDS)
                gc.collect()

    threading.Thread(target=keep, name="detente-collects", daemon=True).start()
