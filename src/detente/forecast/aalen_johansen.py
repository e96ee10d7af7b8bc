"""The plain base rate: the share of past cases that got there by each day, with failure as a competing end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.forecast.cure import SEED
from detente.forecast.spells import Spell

Floats = NDArray[np.float64]

RESAMPLES = 400
# Among spells of equal length those that ended come before those still open, as in Kaplan and Meier (1958).
_ORDER = {"reached": 0, "never": 1, "open": 2}


@dataclass(frozen=True)
class BaseRate:
    """Aalen-Johansen estimate of the share that gets there by each day, and resamples of it by pair of states.

    Source:
        Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150.

    >>> from detente.terms import Dyad
    >>> pair = Dyad("EGY", "ISR")
    >>> waits = (Spell("a", pair, 100, "reached"), Spell("b", pair, 200, "never"), Spell("c", pair, 300, "reached"))
    >>> [round(BaseRate(waits).share(day), 4) for day in (99, 100, 250, 300)]
    [0.0, 0.3333, 0.3333, 0.6667]
    """

    spells: tuple[Spell, ...]

    @cached_property
    def _sorted(self) -> tuple[Spell, ...]:
        return tuple(sorted(self.spells, key=lambda spell: (spell.days, _ORDER[spell.ending])))

    @cached_property
    def days(self) -> Floats:
        return np.array([spell.days for spell in self._sorted], dtype=np.float64)

    def _curves(self, weights: Floats) -> Floats:
        """Shares reached after each spell; weights and result of shape (rows, spells)."""
        return self._both(weights)[0]

    def _both(self, weights: Floats) -> tuple[Floats, Floats]:
        """Shares reached, and neither reached nor ended, after each spell."""
        reached = np.array([spell.ending == "reached" for spell in self._sorted])
        ended = np.array([spell.ending != "open" for spell in self._sorted])
        at_risk = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
        hazard = np.divide(weights, at_risk, out=np.zeros_like(weights), where=at_risk > 0)
        survival = np.cumprod(1 - hazard * ended, axis=1)
        before = np.concatenate([np.ones((len(weights), 1)), survival[:, :-1]], axis=1)
        return np.asarray(np.cumsum(before * hazard * reached, axis=1)), np.asarray(survival)

    @cached_property
    def curve(self) -> Floats:
        """Share reached after each of `days`."""
        return np.asarray(self._curves(np.ones((1, len(self.spells))))[0])

    @cached_property
    def _resampled(self) -> Floats:
        # Pairs of states are drawn, not cases: two attempts of one pair are not two witnesses.
        groups: dict[str, list[int]] = {}
        for i, spell in enumerate(self._sorted):
            groups.setdefault(spell.group, []).append(i)
        counts = np.random.default_rng(SEED).multinomial(
            len(groups), np.full(len(groups), 1 / len(groups)), size=RESAMPLES
        )
        weights = np.zeros((RESAMPLES, len(self.spells)))
        for column, members in enumerate(groups.values()):
            weights[:, members] = counts[:, column : column + 1]
        return self._curves(weights)

    def _at(self, curves: Floats, day: float) -> Floats:
        last = int(np.searchsorted(self.days, day, side="right")) - 1
        return np.zeros(len(curves)) if last < 0 else curves[:, last]

    def share(self, day: float) -> float:
        """Share of all cases that got there within so many days of the start."""
        return float(self._at(self.curve[None, :], day)[0])

    @cached_property
    def _going_on(self) -> Floats:
        return self._both(np.ones((1, len(self.spells))))[1]

    def going_on(self, day: float) -> float:
        """Share that by so many days has neither got there nor been seen to end."""
        last = int(np.searchsorted(self.days, day, side="right")) - 1
        return 1.0 if last < 0 else float(self._going_on[0, last])

    def reached(self, waited: float, until: float) -> float:
        """Chance of getting there by day `until`, after `waited` days without it."""
        return float(self._reached(self.curve[None, :], waited, until)[0])

    def _reached(self, curves: Floats, waited: float, until: float) -> Floats:
        before, after = self._at(curves, waited), self._at(curves, max(waited, until))
        return np.divide(after - before, 1 - before, out=np.zeros(len(curves)), where=before < 1)

    def never(self, waited: float) -> float:
        """Chance of not getting there within the longest wait on record."""
        return 1.0 - self.reached(waited, float("inf"))

    def reached_interval(self, waited: float, until: float) -> tuple[float, float]:
        """90 % interval over resampled pairs of states."""
        low, high = np.quantile(self._reached(self._resampled, waited, until), [0.05, 0.95])
        return float(low), float(high)

    def never_interval(self, waited: float) -> tuple[float, float]:
        """90 % interval over resampled pairs of states."""
        low, high = self.reached_interval(waited, float("inf"))
        return 1 - high, 1 - low

    def quantile(self, waited: float, share: float) -> float | None:
        """Day by which this share gets there, of those who do after `waited` days; None where nobody did."""
        before, last = self.share(waited), float(self.curve[-1]) if len(self.spells) else 0.0
        if last <= before:
            return None
        # The sums behind the curve carry rounding errors; a step that reaches the share exactly must count.
        at = int(np.searchsorted(self.curve, before + share * (last - before) - 1e-12))
        return float(self.days[at])
