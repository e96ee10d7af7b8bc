"""Mixture cure: a share of processes never gets there, the rest takes a random time (`cure-map.v1`).

With `ever` the chance that a milestone is reached at all and `S(t)` the share of those that still wait after t years,
a process that has waited e years without it gets there by u > e with chance

    ever * (S(e) - S(u)) / (1 - ever + ever * S(e)),

and never with chance `(1 - ever) / (1 - ever + ever * S(e))`, which grows while nothing happens. A failed process
counts as one that never gets there, with the day it was given up unused: one's own process is not known to have died.

Priors are weak and shown, because with short follow-up "never" and "late" look alike and the likelihood alone puts
`ever` at 0 or 1 in 18 to 72 % of samples of 40: `ever ~ Beta(2, 2)`, median `~ logN(log 2 years, 1.5)`, spread
`~ logN(0, 0.5)`. The spread is the standard deviation of log time (log-normal) or the inverse of the shape (Weibull).

Source:
    Boag (1949), Journal of the Royal Statistical Society B 11, 15-53 (log-normal, share cured); Farewell (1982),
    Biometrics 38, 1041-1046 (mixture). Leave-one-out by one Newton step: Beirami et al. (2017), NeurIPS 30.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_ndtr, ndtri_exp

from detente.errors import ForecastError
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.spells import Spell

Latency = Literal["log-normal", "weibull"]
LATENCIES: tuple[Latency, ...] = ("log-normal", "weibull")
Floats = NDArray[np.float64]

EVER_PRIOR = (2.0, 2.0)
"""Beta: as if two processes had been seen to get there and two had not, less one of each."""
MEDIAN_PRIOR = (float(np.log(2.0)), 1.5)
"""Normal on the log of the median in years: 90 % between two months and 24 years."""
SPREAD_PRIOR = (0.0, 0.5)
"""Normal on the log of the spread: 90 % between 0.4 and 2.3."""

DRAWS = 2000
SEED = 1949
_LOG_ROOT_TAU = 0.5 * float(np.log(2 * np.pi))
_LOG_2 = float(np.log(2.0))


@dataclass(frozen=True, slots=True)
class Data:
    """Spells as arrays: years waited and whether reached; spells without a known ending; how many never got there."""

    reached: Floats
    waiting: Floats
    never: int

    @classmethod
    def of(cls, spells: Iterable[Spell]) -> Data:
        by_ending: dict[str, list[float]] = {"reached": [], "open": [], "never": []}
        for spell in spells:
            if spell.days <= 0:
                raise ForecastError(f"{spell.case}: waited {spell.days} days. Give at least 1.")
            by_ending[spell.ending].append(spell.days / DAYS_A_YEAR)
        return cls(np.log(by_ending["reached"]), np.log(by_ending["open"]), len(by_ending["never"]))

    @property
    def size(self) -> int:
        return len(self.reached) + len(self.waiting) + self.never


def _log_survival(latency: Latency, z: Floats) -> Floats:
    """Log share still waiting, at z spreads of log time past the median."""
    if latency == "log-normal":
        return np.asarray(log_ndtr(-z))
    return np.asarray(-_LOG_2 * np.exp(np.minimum(z, 50.0)))


def _log_density(latency: Latency, z: Floats, spread: Floats) -> Floats:
    """Log density of log time, of those who ever get there."""
    if latency == "log-normal":
        return np.asarray(-0.5 * z * z - _LOG_ROOT_TAU - spread)
    return np.asarray(np.log(_LOG_2) + z - _LOG_2 * np.exp(np.minimum(z, 50.0)) - spread)


def _slope_of_survival(latency: Latency, z: Floats) -> Floats:
    """Minus the derivative of log survival by z."""
    if latency == "log-normal":
        return np.asarray(np.exp(np.minimum(-0.5 * z * z - _LOG_ROOT_TAU - log_ndtr(-z), 700.0)))
    return np.asarray(_LOG_2 * np.exp(np.minimum(z, 50.0)))


def _log_likelihood(latency: Latency, theta: Floats, data: Data) -> Floats:
    """Log likelihood of spells under each row of theta (logit of ever, log median, log spread); shape (rows,)."""
    logit, median, spread = (theta[:, i : i + 1] for i in range(3))
    log_ever, log_never = -np.logaddexp(0.0, -logit), -np.logaddexp(0.0, logit)
    scale = np.exp(spread)
    total = data.never * log_never[:, 0]
    if len(data.reached):
        density = _log_density(latency, (data.reached - median) / scale, spread)
        total = total + (log_ever + density - data.reached).sum(axis=1)
    if len(data.waiting):
        survival = _log_survival(latency, (data.waiting - median) / scale)
        total = total + np.logaddexp(log_never, log_ever + survival).sum(axis=1)
    return np.asarray(total)


def _gradients(latency: Latency, theta: Floats, data: Data) -> Floats:
    """Gradient of each spell's log likelihood, reached first, then waiting, then never; shape (size, 3)."""
    logit, median, spread = theta
    ever, scale = float(expit(logit)), float(np.exp(spread))
    z = (data.reached - median) / scale
    push = z if latency == "log-normal" else _slope_of_survival(latency, z) - 1.0
    reached = np.stack([np.full_like(z, 1 - ever), push / scale, push * z - 1.0], axis=1)
    z = (data.waiting - median) / scale
    log_ever, log_never = -np.logaddexp(0.0, -logit), -np.logaddexp(0.0, logit)
    alive = log_ever + _log_survival(latency, z)
    share = np.exp(alive - np.logaddexp(log_never, alive))
    slope = _slope_of_survival(latency, z) * share
    waiting = np.stack([share - ever, slope / scale, slope * z], axis=1)
    never = np.tile([-ever, 0.0, 0.0], (data.never, 1))
    return np.concatenate([reached, waiting, never])


def _log_prior(theta: Floats, *, on_logit: bool) -> Floats:
    # The mode is that of the density over the share itself, where data of k in n give (k + 1) / (n + 2);
    # draws are made of the logit, whose density has one more power of each.
    extra = 0.0 if on_logit else 1.0
    a, b = EVER_PRIOR[0] - extra, EVER_PRIOR[1] - extra
    logit, median, spread = theta[:, 0], theta[:, 1], theta[:, 2]
    value = -a * np.logaddexp(0.0, -logit) - b * np.logaddexp(0.0, logit)
    value = value - 0.5 * ((median - MEDIAN_PRIOR[0]) / MEDIAN_PRIOR[1]) ** 2
    return np.asarray(value - 0.5 * ((spread - SPREAD_PRIOR[0]) / SPREAD_PRIOR[1]) ** 2)


def _prior_gradient(theta: Floats, *, on_logit: bool) -> Floats:
    extra = 0.0 if on_logit else 1.0
    a, b = EVER_PRIOR[0] - extra, EVER_PRIOR[1] - extra
    ever = float(expit(theta[0]))
    return np.array(
        [
            a * (1 - ever) - b * ever,
            -(theta[1] - MEDIAN_PRIOR[0]) / MEDIAN_PRIOR[1] ** 2,
            -(theta[2] - SPREAD_PRIOR[0]) / SPREAD_PRIOR[1] ** 2,
        ]
    )


def _mode(latency: Latency, data: Data, start: Floats, *, on_logit: bool) -> Floats:
    def objective(theta: Floats) -> tuple[float, Floats]:
        value = _log_likelihood(latency, theta[None, :], data) + _log_prior(theta[None, :], on_logit=on_logit)
        slope = _gradients(latency, theta, data).sum(axis=0) + _prior_gradient(theta, on_logit=on_logit)
        return -float(value[0]), -slope

    found: Any = minimize(objective, start, jac=True, method="BFGS", options={"gtol": 1e-6})
    return np.asarray(found.x, dtype=np.float64)


def _curvature(latency: Latency, theta: Floats, data: Data, *, on_logit: bool) -> Floats:
    """Minus the second derivatives of the log posterior, from its exact gradient; shape (3, 3)."""
    step = 1e-4
    rows = []
    for i in range(3):
        shift = np.zeros(3)
        shift[i] = step
        slopes = [
            _gradients(latency, point, data).sum(axis=0) + _prior_gradient(point, on_logit=on_logit)
            for point in (theta + shift, theta - shift)
        ]
        rows.append((slopes[1] - slopes[0]) / (2 * step))
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)


@lru_cache(maxsize=1)
def _standard_draws() -> tuple[Floats, Floats]:
    """Draws from a three-dimensional Student t with 5 degrees of freedom, and their log density up to a constant."""
    generator = np.random.default_rng(SEED)
    normal = generator.standard_normal((DRAWS, 3))
    chi = generator.chisquare(5, DRAWS)
    draws = normal * np.sqrt(5 / chi)[:, None]
    return draws, -4.0 * np.log1p((draws**2).sum(axis=1) / 5)


@dataclass(frozen=True, slots=True)
class Cure:
    """A mixture cure with known values.

    Attributes:
        ever: Share (0-1) that ever gets there.
        median_years: Median wait of those.
        spread: Standard deviation of log time (log-normal), inverse shape (Weibull).
    """

    ever: float
    median_years: float
    spread: float
    latency: Latency = "log-normal"

    def __post_init__(self) -> None:
        if not (0 <= self.ever <= 1 and self.median_years > 0 and self.spread > 0 and self.latency in LATENCIES):
            raise ForecastError(f"{self}: ever lies in [0, 1], median and spread are above 0. Check the three values.")

    def waiting(self, years: float) -> float:
        """Share of those who ever get there that still waits after so many years."""
        if years <= 0:
            return 1.0
        z = np.array((np.log(years) - np.log(self.median_years)) / self.spread)
        return float(np.exp(_log_survival(self.latency, z)))

    def never(self, waited: float) -> float:
        """Chance of never getting there, after so many years without it.

        >>> Cure(0.8, 2.0, 1.0).never(0.0), Cure(0.8, 2.0, 1.0).never(2.0)
        (0.2, 0.333333333333)
        """
        # Where even the late ones have run out, nobody is left but those who never get there.
        left = 1 - self.ever + self.ever * self.waiting(waited)
        return round((1 - self.ever) / left, 12) if left > 0 else 1.0

    def reached(self, waited: float, until: float) -> float:
        """Chance of getting there by `until` years, after `waited` years without it.

        >>> Cure(0.8, 2.0, 1.0).reached(0.0, 2.0)
        0.4
        """
        left = 1 - self.ever + self.ever * self.waiting(waited)
        if left <= 0 or until <= waited:
            return 0.0
        return round(max(0.0, self.ever * (self.waiting(waited) - self.waiting(until)) / left), 12)

    def quantile(self, waited: float, share: float) -> float:
        """Years from the start by which this share (0-1) gets there, of those who do after `waited` years.

        >>> round(Cure(0.8, 2.0, 1.0).quantile(0.0, 0.5), 6)
        2.0
        """
        if not 0 < share < 1:
            raise ForecastError(f"share is {share}, expected between 0 and 1.")
        log_left = np.log1p(-share)
        if waited > 0:
            z = np.array((np.log(waited) - np.log(self.median_years)) / self.spread)
            log_left = log_left + float(_log_survival(self.latency, z))
        z_left = -float(ndtri_exp(log_left)) if self.latency == "log-normal" else float(np.log(-log_left / _LOG_2))
        return float(np.exp(min(np.log(self.median_years) + self.spread * z_left, 700.0)))


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What past cases say, with how sure that is.

    Attributes:
        mode: The most probable values under the priors.
        draws: Shape (DRAWS, 3), values the data allow: logit of ever, log median in years, log spread.
        weights: Shape (DRAWS,), summing to 1.
        log_score: Mean log density given to a pair of states by a fit without it (one Newton step); higher is better.
        size: Cases fitted.
    """

    mode: Cure
    draws: Floats
    weights: Floats
    log_score: float
    size: int

    @property
    def effective(self) -> float:
        """How many draws of equal weight the weighted ones are worth."""
        return float(1 / (self.weights**2).sum())

    def reached(self, waited: float, until: float) -> float:
        """Chance of getting there by `until` years, after `waited` years without it, over all that the data allow.

        A draw counts by how likely it makes it that one still waits: having waited is evidence too.
        """
        ever, survival, left = self._left(waited)
        if until <= waited:
            return 0.0
        more = float(self.weights @ (ever * np.maximum(survival - self._survival(until), 0.0)))
        return min(1.0, more / max(float(self.weights @ left), 1e-300))

    def never(self, waited: float) -> float:
        """Chance of never getting there, after `waited` years without it, over all that the data allow."""
        ever, _, left = self._left(waited)
        return min(1.0, float(self.weights @ (1 - ever)) / max(float(self.weights @ left), 1e-300))

    def _left(self, waited: float) -> tuple[Floats, Floats, Floats]:
        ever = np.asarray(expit(self.draws[:, 0]))
        survival = self._survival(waited)
        return ever, survival, 1 - ever + ever * survival

    def _survival(self, years: float) -> Floats:
        if years <= 0:
            return np.ones(len(self.draws))
        z = (np.log(years) - self.draws[:, 1]) / np.exp(self.draws[:, 2])
        return np.exp(_log_survival(self.mode.latency, z))

    def quantile(self, waited: float, share: float) -> float:
        """Years from the start by which this share (0-1) gets there, of those who do after `waited` years.

        Over all that the data allow and not at the most probable values alone: a window read off those is too narrow
        (`benchmarks/forecast.py`).
        """
        from scipy.optimize import brentq

        ever, survival, _ = self._left(waited)
        # A draw counts by how likely it makes it that one who still waits gets there.
        weight = self.weights * ever * survival
        if not weight.sum() > 0:
            return self.mode.quantile(waited, share)

        def excess(log_years: float) -> float:
            return (
                float(weight @ (self._survival(np.exp(log_years)) / np.maximum(survival, 1e-300))) / total - 1 + share
            )

        total = float(weight.sum())
        low, high = np.log(max(waited, 1e-6)), np.log(max(waited, 1.0)) + 1.0
        while excess(high) > 0 and high < 700:
            high += 2.0
        return float(np.exp(brentq(excess, low, high, xtol=1e-9))) if high < 700 else float(np.exp(700.0))

    def never_interval(self, waited: float, *, having_waited: bool = False) -> tuple[float, float]:
        """90 % interval of the chance of never getting there.

        Args:
            having_waited: Let draws count by how likely they make it that one still waits, as `never` does.
        """
        ever, _, left = self._left(waited)
        return weighted_interval((1 - ever) / np.maximum(left, 1e-300), self.weights * (left if having_waited else 1.0))

    def reached_interval(self, waited: float, until: float, *, having_waited: bool = False) -> tuple[float, float]:
        """90 % interval of the chance of getting there by `until`; `having_waited` as in `never_interval`."""
        ever, survival, left = self._left(waited)
        more = ever * np.maximum(survival - self._survival(until), 0.0)
        return weighted_interval(more / np.maximum(left, 1e-300), self.weights * (left if having_waited else 1.0))


def weighted_interval(values: Floats, weights: Floats) -> tuple[float, float]:
    """Values below which 5 and 95 % of the weight lie."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    low, high = (float(values[order][min(int(np.searchsorted(share, q)), len(order) - 1)]) for q in (0.05, 0.95))
    return low, high


def _start(data: Data) -> Floats:
    """Where the search begins: the prior, moved to the waits seen."""
    if len(data.reached) < 2:
        return np.array([0.0, MEDIAN_PRIOR[0], SPREAD_PRIOR[0]])
    ever = (len(data.reached) + 1) / (data.size + 2)
    return np.array([np.log(ever / (1 - ever)), np.median(data.reached), np.log(max(0.2, float(np.std(data.reached))))])


def most_probable(spells: Iterable[Spell], latency: Latency) -> Cure:
    """The most probable mixture cure of one latency family, without its interval."""
    data = Data.of(spells)
    return _cure(_mode(latency, data, _start(data), on_logit=False), latency)


def _cure(theta: Floats, latency: Latency) -> Cure:
    return Cure(float(expit(theta[0])), float(np.exp(theta[1])), float(np.exp(theta[2])), latency)


def log_density(cure: Cure, spells: Iterable[Spell]) -> float:
    """Log density that known values give to spells, in years."""
    theta = np.array([[np.log(cure.ever / (1 - cure.ever)), np.log(cure.median_years), np.log(cure.spread)]])
    return float(_log_likelihood(cure.latency, theta, Data.of(spells))[0])


def _left_out_score(latency: Latency, spells: tuple[Spell, ...], mode: Floats, data: Data) -> float:
    """Mean over pairs of states of the log density given to a pair's spells by a fit without them.

    The fit without a pair is one Newton step away from the fit with it: minus the pair's own gradient, through the
    curvature. `tests/forecast/test_cure.py` holds it against real refits.
    """
    order = {ending: [s for s in spells if s.ending == ending] for ending in ("reached", "open", "never")}
    ordered = [*order["reached"], *order["open"], *order["never"]]
    groups: dict[str, list[int]] = {}
    for i, spell in enumerate(ordered):
        groups.setdefault(spell.group, []).append(i)
    gradients = _gradients(latency, mode, data)
    inverse = np.linalg.inv(_curvature(latency, mode, data, on_logit=False))
    total = 0.0
    for members in groups.values():
        without = mode - inverse @ gradients[members].sum(axis=0)
        total += float(_log_likelihood(latency, without[None, :], Data.of(ordered[i] for i in members))[0])
    return total / len(groups)


def _fit_one(spells: tuple[Spell, ...], latency: Latency) -> Fit:
    data = Data.of(spells)
    mode = _mode(latency, data, _start(data), on_logit=False)
    score = _left_out_score(latency, spells, mode, data) if spells else 0.0
    centre = _mode(latency, data, mode, on_logit=True)
    covariance = np.linalg.inv(_curvature(latency, centre, data, on_logit=True))
    standard, log_proposal = _standard_draws()
    draws = centre + standard @ np.linalg.cholesky(covariance).T
    log_weight = _log_likelihood(latency, draws, data) + _log_prior(draws, on_logit=True) - log_proposal
    weights = np.exp(log_weight - log_weight.max())
    return Fit(_cure(mode, latency), draws, weights / weights.sum(), score, data.size)


def fit(spells: Iterable[Spell], latency: Latency | None = None) -> Fit:
    """Fit a mixture cure to past waits, with weak priors.

    Args:
        spells: Past waits; none at all gives the prior back.
        latency: `log-normal` or `weibull`; by default whichever gives left-out pairs of states the higher log score.

    Returns:
        Most probable values, and 2,000 weighted draws of what the data allow (importance sampling, fixed seed).

    Raises:
        ForecastError: A spell of no length.
    """
    kept = tuple(spells)
    if latency is not None:
        return _fit_one(kept, latency)
    if not kept:
        return _fit_one(kept, "log-normal")
    # max() keeps the first of equals, so the log-normal stands where the two cannot be told apart.
    return max((_fit_one(kept, each) for each in LATENCIES), key=lambda each: each.log_score)
