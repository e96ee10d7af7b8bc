"""Mixture cure with a dated competing end and covariates on both parts: if at all, and when (`cure-regression.v1`).

A process gets there with chance `ever = expit(a + x'alpha)`. If it does, log time is normal around `m + x'beta`; if it
does not, its end is seen with chance `q`, on a day whose log is normal too, so that a process still going on is told
from one that was given up. One still open after t years counts as
`ever * S(t) + (1 - ever) * (1 - q + q * S_end(t))`.

Priors are weak and shown: those of `detente.forecast.cure` for `ever`, the median and the spread, the same for the day
of the end, `q ~ Beta(2, 2)`, and `N(0, 0.5)` on each coefficient of a covariate in units of its standard deviation.
Answers are means over draws from the posterior's normal approximation around the most probable values, or, where asked,
from the whole posterior (`detente.forecast.posterior`), so that a small table makes for a cautious answer.

Source:
    Larson and Dinse (1985), Applied Statistics 34, 201-211 (mixture of competing ends); Farewell (1982), Biometrics 38,
    1041-1046 (covariates on both parts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_ndtr, ndtr

from detente.errors import ForecastError
from detente.forecast.cure import EVER_PRIOR, MEDIAN_PRIOR, SEED, SPREAD_PRIOR, weighted_interval
from detente.forecast.posterior import Posterior, sample
from detente.forecast.spells import Ending

Floats = NDArray[np.float64]

COEFFICIENT_PRIOR = 0.5
"""Standard deviation of a coefficient, by that of its covariate: in 95 % it changes odds by a factor below 2.7."""
DRAWS = 200
LEAST_SCALE = 0.15
"""A covariate that nearly never differs is scaled as if it did: one odd case must not carry a coefficient."""
LEAST_YEARS = 1 / 365
_FIXED = 6
_LOG_ROOT_TAU = 0.5 * float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait: years, how it ended, and its covariates in a fixed order; nan where a covariate is not known."""

    years: float
    ending: Ending
    covariates: tuple[float, ...] = ()


def _mills(z: Floats) -> Floats:
    """Density over survival of a standard normal."""
    return np.asarray(np.exp(np.minimum(-0.5 * z * z - _LOG_ROOT_TAU - log_ndtr(-z), 700.0)))


@dataclass(frozen=True, slots=True)
class _Data:
    log_years: Floats
    reached: NDArray[np.bool_]
    never: NDArray[np.bool_]
    scaled: Floats

    @property
    def open(self) -> NDArray[np.bool_]:
        return ~(self.reached | self.never)


def _log_posteriors(
    theta: Floats, data: _Data, median_prior: tuple[float, float], *, on_logit: bool = False
) -> tuple[Floats, Floats]:
    """Log posterior of each row up to a constant, shape (rows,), and its gradient, shape (rows, values).

    theta: logit of ever, log median, log spread, log median of the end, log spread of the end, logit of q, alpha, beta.
    """
    count = data.scaled.shape[1]
    logit, median, spread, end_median, end_spread, seen_logit = (theta[:, i : i + 1] for i in range(_FIXED))
    alpha, beta = theta[:, _FIXED : _FIXED + count], theta[:, _FIXED + count :]
    eta = logit + alpha @ data.scaled.T
    scale, end_scale = np.exp(spread), np.exp(end_spread)
    z = (data.log_years - median - beta @ data.scaled.T) / scale
    z_end = (data.log_years - end_median) / end_scale
    log_ever, log_seen = -np.logaddexp(0.0, -eta), -np.logaddexp(0.0, -seen_logit)
    log_never, log_unseen = log_ever - eta, log_seen - seen_logit
    ever, seen = np.exp(log_ever), np.exp(log_seen)
    r, v, o = data.reached, data.never, data.open
    value = np.zeros(len(theta))
    by_eta, by_median, by_spread, by_end_median, by_end_spread, by_seen = (np.zeros_like(z) for _ in range(6))

    def add(part: Floats) -> None:
        nonlocal value
        value = value + part.sum(axis=1)

    add((log_ever - 0.5 * z * z - spread - _LOG_ROOT_TAU)[:, r])
    by_eta[:, r] = 1 - ever[:, r]
    by_median[:, r] = z[:, r] / scale
    by_spread[:, r] = z[:, r] ** 2 - 1

    add((log_never + log_seen - 0.5 * z_end * z_end - end_spread - _LOG_ROOT_TAU)[:, v])
    by_eta[:, v] = -ever[:, v]
    by_end_median[:, v] = z_end[:, v] / end_scale
    by_end_spread[:, v] = z_end[:, v] ** 2 - 1
    by_seen[:, v] = 1 - seen

    # One still open gets there later, or has ended or will end without it, seen or not.
    still, still_end = z[:, o], z_end[:, o]
    not_yet = log_seen + log_ndtr(-still_end)
    lingering = np.logaddexp(log_unseen, not_yet)
    later = np.exp(not_yet - lingering)
    going, dying = log_ever[:, o] + log_ndtr(-still), log_never[:, o] + lingering
    either = np.logaddexp(going, dying)
    share = np.exp(going - either)
    late, late_end = _mills(still) * share, _mills(still_end) * later * (1 - share)
    add(either)
    by_eta[:, o] = share - ever[:, o]
    by_median[:, o] = late / scale
    by_spread[:, o] = late * still
    by_end_median[:, o] = late_end / end_scale
    by_end_spread[:, o] = late_end * still_end
    by_seen[:, o] = (later - seen) * (1 - share)

    by_fixed = (by_eta, by_median, by_spread, by_end_median, by_end_spread, by_seen)
    slope = np.concatenate(
        [np.stack([each.sum(axis=1) for each in by_fixed], axis=1), by_eta @ data.scaled, by_median @ data.scaled],
        axis=1,
    )
    # As in detente.forecast.cure, the mode is that of the density over the share itself; draws are made of its logit,
    # whose density has one more power of each.
    extra = 0.0 if on_logit else 1.0
    a, b = EVER_PRIOR[0] - extra, EVER_PRIOR[1] - extra
    for i in (0, 5):
        value = value - a * np.logaddexp(0.0, -theta[:, i]) - b * np.logaddexp(0.0, theta[:, i])
        slope[:, i] += a - (a + b) * expit(theta[:, i])
    priors = {1: median_prior, 2: SPREAD_PRIOR, 3: MEDIAN_PRIOR, 4: SPREAD_PRIOR}
    priors |= dict.fromkeys(range(_FIXED, theta.shape[1]), (0.0, COEFFICIENT_PRIOR))
    for i, (centre, width) in priors.items():
        value = value - 0.5 * ((theta[:, i] - centre) / width) ** 2
        slope[:, i] -= (theta[:, i] - centre) / width**2
    return value, slope


def _log_posterior(theta: Floats, data: _Data, median_prior: tuple[float, float]) -> tuple[float, Floats]:
    """The same of one point, shape (values,)."""
    value, slope = _log_posteriors(theta[None, :], data, median_prior)
    return float(value[0]), slope[0]


@lru_cache(maxsize=8)
def _standard_draws(size: int) -> Floats:
    half = np.random.default_rng(SEED).standard_normal((DRAWS // 2, size))
    return np.concatenate([half, -half])  # In opposite pairs, so that their mean is that of the approximation.


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """A fitted mixture.

    Attributes:
        names: Of the covariates.
        centre, scale: Of each covariate among the waits fitted.
        mode, draws: Shapes (6 + 2k,) and (draws, 6 + 2k): logit of ever, log median in years, log spread, log median
            and log spread of the end, logit of its being seen; then k coefficients of each part.
        size: Waits fitted.
        posterior: What the draws are worth, where they are of the whole posterior and not of its approximation.
    """

    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    mode: Floats
    draws: Floats
    size: int
    posterior: Posterior | None = None

    def shares(self, covariates: Sequence[float], years: Sequence[float] | Floats) -> tuple[Floats, Floats]:
        """Chance of having got there, and of neither that nor a seen end, by each time since the start.

        Args:
            covariates: In the order of `names`; nan where one is not known, which counts as usual.

        Returns:
            Two arrays of shape (draws, times).
        """
        count = len(self.names)
        x = np.nan_to_num((np.asarray(covariates, dtype=np.float64) - self.centre) / self.scale)
        logit, median, spread, end_median, end_spread, seen = (self.draws[:, i : i + 1] for i in range(_FIXED))
        ever = expit(logit + (self.draws[:, _FIXED : _FIXED + count] @ x)[:, None])
        middle = median + (self.draws[:, _FIXED + count :] @ x)[:, None]
        times = np.asarray(years, dtype=np.float64)
        log_times = np.log(np.maximum(times, LEAST_YEARS))
        begun = times > 0
        waiting = np.where(begun, ndtr(-(log_times - middle) / np.exp(spread)), 1.0)
        ended = np.where(begun, ndtr((log_times - end_median) / np.exp(end_spread)), 0.0)
        return ever * (1 - waiting), ever * waiting + (1 - ever) * (1 - expit(seen) * ended)

    def reached(
        self, covariates: Sequence[float], waited: float, years: Sequence[float] | Floats, *, going_on: bool = False
    ) -> Floats:
        """Chance of getting there within each of so many more years, after `waited` years without it.

        Args:
            going_on: Whether the process is known not to have ended; otherwise it may have died unseen.
        """
        times = waited + np.concatenate([[0.0], np.asarray(years, dtype=np.float64)])
        reached, alive = self.shares(covariates, times)
        left = alive[:, 0] if going_on else 1 - reached[:, 0]
        # A draw under which we should hardly be waiting any more counts for little: means are taken before dividing.
        more = np.maximum.accumulate((reached[:, 1:] - reached[:, :1]).mean(axis=0))
        return np.asarray(np.clip(more / max(float(left.mean()), 1e-12), 0.0, 1.0))

    def never(self, covariates: Sequence[float], waited: float) -> float:
        """Chance of never getting there, after `waited` years without it, not knowing whether the process has ended."""
        return 1.0 - float(self.reached(covariates, waited, [1e9])[0])

    def interval(self, covariates: Sequence[float], waited: float, years: float) -> tuple[float, float]:
        """90 % interval of `reached`, not knowing whether the process has ended."""
        reached, _ = self.shares(covariates, [waited, waited + years])
        left = np.maximum(1 - reached[:, 0], 1e-12)
        return weighted_interval((reached[:, 1] - reached[:, 0]) / left, left)


def fit_regression(
    waits: Sequence[Wait],
    names: Sequence[str] = (),
    *,
    median_prior: tuple[float, float] = MEDIAN_PRIOR,
    posterior: bool = False,
) -> Regression:
    """Fit the mixture to past waits.

    Args:
        waits: None at all gives the prior back.
        names: Of the covariates, in the order in which each wait has them.
        median_prior: Mean and standard deviation of the log of the median in years.
        posterior: Draw from the whole posterior (`detente.forecast.posterior`), not from its normal approximation.

    Raises:
        ForecastError: A wait has no length, or another number of covariates; draws of the posterior do not agree.

    >>> quick = [Wait(0.5 + i / 10, "reached", (1.0,)) for i in range(8)]
    >>> slow = [Wait(5.0 + i, "open", (0.0,)) for i in range(8)]
    >>> found = fit_regression([*quick, *slow], ("talks",))
    >>> [round(float(found.reached((x,), 0.0, [2.0])[0]), 1) for x in (1.0, 0.0)]
    [0.7, 0.2]
    """
    for i, wait in enumerate(waits):
        if wait.years <= 0 or len(wait.covariates) != len(names):
            raise ForecastError(
                f"wait {i}: {wait.years} years with {len(wait.covariates)} covariates, expected more than 0 years and "
                f"{len(names)} covariates ({', '.join(names) or 'none'})."
            )
    raw = np.array([wait.covariates for wait in waits], dtype=np.float64).reshape(len(waits), len(names))
    known = ~np.isnan(raw)
    counts = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, raw, 0.0).sum(axis=0) / counts
    spread = np.sqrt(np.where(known, (raw - centre) ** 2, 0.0).sum(axis=0) / counts)
    scale = np.maximum(spread, LEAST_SCALE)
    data = _Data(
        np.log(np.maximum([wait.years for wait in waits], LEAST_YEARS)),
        np.array([wait.ending == "reached" for wait in waits], dtype=bool),
        np.array([wait.ending == "never" for wait in waits], dtype=bool),
        np.nan_to_num((raw - centre) / scale),
    )
    start = np.zeros(_FIXED + 2 * len(names))
    start[0] = 1.0
    start[1] = np.median(data.log_years[data.reached]) if data.reached.sum() > 2 else median_prior[0]
    start[3] = MEDIAN_PRIOR[0]

    def objective(theta: Floats) -> tuple[float, Floats]:
        value, slope = _log_posterior(theta, data, median_prior)
        return -value, -slope

    found: Any = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    mode = np.asarray(found.x, dtype=np.float64)
    step = 1e-4
    matrix = np.array(
        [(objective(mode + shift)[1] - objective(mode - shift)[1]) / (2 * step) for shift in np.eye(len(mode)) * step]
    )
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    # The likelihood of a mixture is not concave; where it is flat, the weakest prior's curvature bounds the spread.
    root = vectors / np.sqrt(np.maximum(values, 0.2))
    draws = mode + _standard_draws(len(mode)) @ root.T
    whole = None
    if posterior:
        whole = sample(lambda theta: _log_posteriors(theta, data, median_prior, on_logit=True), mode, root)
        draws = whole.draws
    return Regression(tuple(names), centre, scale, mode, draws, len(waits), whole)
