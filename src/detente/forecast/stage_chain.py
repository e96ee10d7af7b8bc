"""A process step by step: relations first, then ambassadors, each a wait of its own (`stage-chain.v1`).

The dyad's own events start the clock anew. Until relations are restored the question is when they will be, and
ambassadors follow after a second wait; once they are, only the second wait is left. In the past cases that second wait
is short or very long, which a single clock from the start of the process cannot see.

- Relations: `detente.forecast.cure_regression` over waits from the start; covariates are the log of the years since the
  rupture and whether high-level talks were held on the first day.
- Ambassadors: on the same day as relations with a chance that depends on whether relations were severed; else a second
  mixture over waits from that day, with the log of the years that relations took and whether a major power is a side.

Ambassadors exchanged count as relations restored where no earlier day is on record, so that the one is never likelier
than the other. Covariates and priors were chosen on forecasts that speak from before 2005 (docs/forecast.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detente.errors import ForecastError
from detente.forecast.cases import Case
from detente.forecast.cure import weighted_interval
from detente.forecast.cure_regression import Regression, Wait, fit_regression
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.posterior import Posterior, sample
from detente.forecast.spells import Ending, is_own_process
from detente.terms import Dyad

Floats = NDArray[np.float64]

METHOD = "stage-chain.v1"
POSTERIOR_METHOD = "stage-chain-posterior.v1"
Target = Literal["relations_restored", "ambassadors_exchanged"]
TARGETS: tuple[Target, ...] = get_args(Target)
RELATIONS = ("log years since the rupture", "talks on the first day")
AMBASSADORS = ("a side is a major power", "log years until relations")
SECOND_MEDIAN_PRIOR = (float(np.log(0.5)), 1.5)
"""Normal on the log of the median second wait in years: 90 % between two weeks and six years."""
SAME_DAY_PRIOR = 1.0
"""Standard deviation of the one coefficient of the chance of the same day."""
EDGES: tuple[float, ...] = (*range(61), *range(72, 481, 12))
"""Months for which a curve is reckoned: each of five years, then every twelfth of forty."""
_UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Process:
    """One process as known on a day; None where something is not known.

    Attributes:
        relations, ambassadors: Day reached, where it was by then.
    """

    start: date
    rupture: date | None = None
    talks: date | None = None
    relations: date | None = None
    ambassadors: date | None = None
    severed: bool | None = None
    major_power: bool | None = None

    @classmethod
    def of(cls, case: Case, *, as_of: date) -> Process:
        """A case of the table, stages after `as_of` untold."""
        if case.process_start is None:
            raise ForecastError(f"{case.label}: no process began. Ask of cases that have a start.")
        known = dict(case.as_known(as_of).stages)
        ambassadors = known.get("ambassadors_exchanged")
        found = [day for day in (known.get("relations_restored"), ambassadors) if day is not None]
        return cls(
            case.process_start,
            case.rupture_date,
            known.get("first_high_level_talks"),
            min(found, default=None),
            ambassadors,
            case.severed,
            case.major_power,
        )

    def _first(self) -> tuple[float, ...]:
        since = _UNKNOWN if self.rupture is None else np.log(_years(self.rupture, self.start) + 0.25)
        return float(since), float(self.talks is not None and self.talks <= self.start)

    def _second(self, relations: date) -> tuple[float, ...]:
        power = _UNKNOWN if self.major_power is None else float(self.major_power)
        return power, _log_years(_years(self.start, relations))

    def _same_day(self) -> tuple[float, ...]:
        return (_UNKNOWN if self.severed is None else float(self.severed),)


def _years(first: date, last: date) -> float:
    return max(0, (last - first).days) / DAYS_A_YEAR


def _log_years(years: float) -> float:
    return float(np.log(years + 0.1))


@dataclass(frozen=True, slots=True, eq=False)
class _SameDay:
    """Logistic chance that ambassadors come on the very day; weights of shape (draws, 2), one row without draws."""

    weights: Floats
    centre: Floats
    scale: Floats
    posterior: Posterior | None = None

    def chances(self, covariates: Sequence[float]) -> Floats:
        x = np.nan_to_num((np.asarray(covariates) - self.centre) / self.scale)
        return np.asarray(expit(self.weights @ np.concatenate([[1.0], x])))

    def chance(self, covariates: Sequence[float]) -> float:
        return float(self.chances(covariates).mean())


def _same_day(rows: Sequence[tuple[float, ...]], came: Sequence[bool], *, posterior: bool = False) -> _SameDay:
    raw = np.array(rows, dtype=np.float64).reshape(len(rows), 1)
    centre, scale = (raw.mean(axis=0), np.maximum(raw.std(axis=0), 0.15)) if rows else (np.zeros(1), np.ones(1))
    design = np.concatenate([np.ones((len(rows), 1)), (raw - centre) / scale], axis=1)
    outcome = np.array(came, dtype=np.float64)
    # One in three with the weight of a few cases where there is little to go by.
    centre_prior, precision = np.array([-0.7, 0.0]), np.array([0.1, 1 / SAME_DAY_PRIOR**2])
    weights, curvature = centre_prior.copy(), np.diag(precision)
    for _ in range(25):
        chance = expit(design @ weights)
        slope = design.T @ (outcome - chance) - precision * (weights - centre_prior)
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(precision)
        weights = weights + np.linalg.solve(curvature, slope)
    if not posterior:
        return _SameDay(weights[None, :], centre, scale)

    def density(points: Floats) -> tuple[Floats, Floats]:
        eta, off = points @ design.T, points - centre_prior
        value = (outcome * eta - np.logaddexp(0.0, eta)).sum(axis=1) - 0.5 * (precision * off**2).sum(axis=1)
        return value, (outcome - expit(eta)) @ design - precision * off

    whole = sample(density, weights, np.asarray(np.linalg.cholesky(np.linalg.inv(curvature))))
    return _SameDay(whole.draws, centre, scale, whole)


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Both waits fitted to past cases as they were known on a day."""

    relations: Regression
    same_day: _SameDay
    ambassadors: Regression

    @property
    def posteriors(self) -> tuple[Posterior, ...]:
        """What the draws of each part are worth; none where they are of normal approximations."""
        found = (self.relations.posterior, self.same_day.posterior, self.ambassadors.posterior)
        return tuple(each for each in found if each is not None)

    def curve(
        self,
        target: Target,
        process: Process,
        *,
        made: date,
        edges: Sequence[float] = EDGES,
        going_on: bool = False,
    ) -> Floats:
        """Chance of the target by so many months (of 30.4 days) after `made`, not having been reached by then.

        Args:
            edges: Months, rising from 0; arrivals between two are taken to come in their middle.
            going_on: Whether the process is known not to have been given up.

        Returns:
            Shape (edges,), rising from 0.

        Raises:
            ForecastError: The target was reached by `made`.
        """
        fit, covariates, waited = self._now(target, process, made)
        steps = np.asarray(edges, dtype=np.float64)[1:] / 12
        reached = np.concatenate([[0.0], fit.reached(covariates, waited, steps, going_on=going_on)])
        if not self._two_waits(target, process):
            return reached
        given = self._following(process, waited, edges)
        return np.maximum.accumulate(np.diff(reached) @ given)

    def never(self, target: Target, process: Process, *, made: date) -> float:
        """Chance of never reaching the target, not knowing whether the process has been given up.

        Raises:
            ForecastError: As in `curve`.
        """
        fit, covariates, waited = self._now(target, process, made)
        never = fit.never(covariates, waited)
        if not self._two_waits(target, process):
            return never
        reached = self.relations.reached(covariates, waited, np.asarray(EDGES[1:]) / 12)
        arrivals = np.diff(np.concatenate([[0.0], reached, [1 - never]]))
        # What arrives after the last edge is followed as what arrives last before it.
        ever = np.array([self._ever(process, waited, month) for month in (*_middles(EDGES), EDGES[-1])])
        return float(1 - arrivals @ np.minimum.accumulate(ever))

    def interval(self, target: Target, process: Process, *, made: date, months: float) -> tuple[float, float]:
        """90 % interval of the chance within so many months.

        Raises:
            ForecastError: As in `curve`.
        """
        fit, covariates, waited = self._now(target, process, made)
        if not self._two_waits(target, process) or months <= 0:
            return fit.interval(covariates, waited, max(months, 0.0) / 12)
        edges = np.linspace(0.0, months, 25)
        reached, _ = self.relations.shares(covariates, waited + edges / 12)
        left = np.maximum(1 - reached[:, 0], 1e-12)
        arrivals = np.diff(reached, axis=1) / left[:, None]
        same = self.same_day.chances(process._same_day())
        power, _ = process._second(process.start)
        values = np.zeros(len(left))
        for i, month in enumerate(_middles(edges)):
            after = (power, _log_years(waited + month / 12))
            second = self.ambassadors.shares(after, [(months - month) / 12])[0][:, 0]
            # Draws of the two waits are independent; pairing them at random keeps them so.
            values += arrivals[:, i] * (same + (1 - same) * np.roll(second, len(second) // 3))
        return weighted_interval(values, left)

    def _two_waits(self, target: Target, process: Process) -> bool:
        return target == "ambassadors_exchanged" and process.relations is None

    def _now(self, target: Target, process: Process, made: date) -> tuple[Regression, tuple[float, ...], float]:
        """The wait that is on, its covariates, and how many years it has lasted."""
        if process.relations is None:
            return self.relations, process._first(), _years(process.start, made)
        if target == "relations_restored" or process.ambassadors is not None:
            raise ForecastError(f"{target} was reached by {made}. Nothing is left to forecast.")
        begun = max(process.start, process.relations)
        return self.ambassadors, process._second(begun), _years(begun, made)

    def _following(self, process: Process, waited: float, edges: Sequence[float]) -> Floats:
        """Chance of ambassadors by each edge, given relations in each interval; shape (intervals, edges)."""
        same = self.same_day.chance(process._same_day())
        power, _ = process._second(process.start)
        out = np.zeros((len(edges) - 1, len(edges)))
        for i, month in enumerate(_middles(edges)):
            waits = (np.asarray(edges, dtype=np.float64)[i + 1 :] - month) / 12
            second = self.ambassadors.reached((power, _log_years(waited + month / 12)), 0.0, waits)
            out[i, i + 1 :] = same + (1 - same) * second
        # By one and the same day, relations that come later must not make ambassadors likelier.
        for column in range(1, len(edges)):
            out[:column, column] = np.minimum.accumulate(out[:column, column])
        return out

    def _ever(self, process: Process, waited: float, month: float) -> float:
        same = self.same_day.chance(process._same_day())
        power, _ = process._second(process.start)
        return same + (1 - same) * (1 - self.ambassadors.never((power, _log_years(waited + month / 12)), 0.0))


def _middles(edges: Sequence[float] | Floats) -> list[float]:
    return [(first + last) / 2 for first, last in pairwise(edges)]


def fit_chain(
    cases: Iterable[Case], *, as_of: date, own: tuple[Dyad, date] | None = None, posterior: bool = False
) -> Chain:
    """Fit both waits, using nothing that happened after `as_of`.

    Args:
        own: Pair of states and the day the clock of its own process started; that process is left out.
        posterior: Draw from the whole posterior of each part, not from its normal approximation.

    Raises:
        ForecastError: Draws of the posterior do not agree.
    """
    first: list[Wait] = []
    second: list[Wait] = []
    rows: list[tuple[float, ...]] = []
    at_once: list[bool] = []
    for case in cases:
        if case.process_start is None or case.process_start >= as_of:
            continue
        if own is not None and is_own_process(case, own[0], clock=own[1], made=as_of):
            continue
        process = Process.of(case, as_of=as_of)
        last, ending = _last(case, as_of)
        if process.relations is None:
            if ending is not None:
                first.append(_wait(process.start, last, ending, process._first()))
            continue
        if process.relations > process.start:
            first.append(_wait(process.start, process.relations, "reached", process._first()))
        begun = max(process.start, process.relations)
        reached = process.ambassadors
        if reached is None and ending is None:
            continue
        rows.append(process._same_day())
        at_once.append(reached is not None and (reached - begun).days <= 1)
        if at_once[-1]:
            continue
        if reached is not None:
            second.append(_wait(begun, reached, "reached", process._second(begun)))
        elif ending is not None:
            second.append(_wait(begun, last, ending, process._second(begun)))
    return Chain(
        fit_regression(first, RELATIONS, posterior=posterior),
        _same_day(rows, at_once, posterior=posterior),
        fit_regression(second, AMBASSADORS, median_prior=SECOND_MEDIAN_PRIOR, posterior=posterior),
    )


def _wait(first: date, last: date, ending: Ending, covariates: tuple[float, ...]) -> Wait:
    return Wait(max(1, (last - first).days) / DAYS_A_YEAR, ending, covariates)


def _last(case: Case, as_of: date) -> tuple[date, Ending | None]:
    """Last day of a wait not yet over by `as_of`, and how it ended; None where it went well and nobody dated it."""
    if case.end_date > as_of or case.outcome == "ongoing":
        return min(case.end_date, as_of), "open"
    return case.end_date, None if case.outcome == "achieved" else "never"


__all__ = ["METHOD", "POSTERIOR_METHOD", "TARGETS", "Chain", "Process", "Target", "fit_chain"]
