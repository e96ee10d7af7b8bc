"""Draws from a whole posterior of few values, with the checks that say whether to believe them (`posterior.v1`).

Hamiltonian Monte Carlo in coordinates in which the mode's curvature is round; all chains move at once, as rows of one
array. They start wider than the curvature says, so that chains which have not met are seen not to have. Between paths
each is offered fresh points of a Student t around them all, so that it can leave a side peak that no path leads out of.
The length of a step and the coordinates are learnt in a warm-up that is thrown away. The same data give the same draws.

Two checks go with the draws, both from ranks, so that long tails cannot fool them: R-hat, the spread between chains by
that within them, of draws and of their distance from the middle; and how many independent draws theirs are worth. A
run that fails them goes on for twice as long, and is refused when that does not help.

Source:
    Neal (2011), Handbook of Markov Chain Monte Carlo, chapter 5 (sampler); Vehtari, Gelman, Simpson, Carpenter and
    Buerkner (2021), Bayesian Analysis 16, 667-718 (R-hat and effective size from ranks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from detente.errors import ForecastError

Floats = NDArray[np.float64]
Density = Callable[[Floats], tuple[Floats, Floats]]
"""From points, shape (rows, values), to the log density of each up to a constant, (rows,), and its gradient."""

CHAINS = 40
WARM_UP = 40
KEPT = 24
DRAWS = 960
"""Draws handed over, evenly from all chains."""
MOST_R_HAT = 1.03
LEAST_EFFECTIVE = 400.0
ATTEMPTS = 4
START_SPREAD = 1.5
"""Chains start so much wider than the mode's curvature says."""
SEED = 2011
JUMPS = 2
"""Fresh points offered between two paths."""
_GOAL = 0.85
_FREEDOM, _WIDER = 5.0, 1.1
_LENGTH = 1.6
"""Of a path, in standard deviations: a quarter of a circle brings a normal variable to a fresh value."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws and what they are worth.

    Attributes:
        draws: Shape (`DRAWS`, values).
        r_hat: The worst value's; 1 where chains agree.
        effective: Independent draws that all kept ones are worth, of the worst value.
        accepted: Share of proposed moves that were made.
    """

    draws: Floats
    r_hat: float
    effective: float
    accepted: float


def _normal_scores(chains: Floats) -> Floats:
    ranks = rankdata(chains, axis=None).reshape(chains.shape)
    return np.asarray(ndtri((ranks - 0.375) / (chains.size + 0.25)))


def _halves(chains: Floats) -> Floats:
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])


def _between_over_within(chains: Floats) -> float:
    length = chains.shape[1]
    within = float(chains.var(axis=1, ddof=1).mean())
    between = float(chains.mean(axis=1).var(ddof=1))
    return float(np.sqrt((length - 1) / length + between / within)) if within > 0 else float("inf")


def r_hat(chains: Floats) -> float:
    """Whether chains of one value agree, by their ranks and by those of the distance from the middle.

    Args:
        chains: Shape (chains, draws), at least 4 draws each.

    >>> import numpy as np
    >>> apart = np.random.default_rng(1).standard_normal((4, 200)) + np.array([[0.0], [0.0], [0.0], [2.0]])
    >>> r_hat(apart) > 1.2, r_hat(apart[:3]) < 1.02
    (True, True)
    """
    split = _halves(chains)
    folded = np.abs(split - np.median(split))
    return max(_between_over_within(_normal_scores(each)) for each in (split, folded))


def effective_size(chains: Floats) -> float:
    """How many independent draws chains of one value are worth, by their ranks.

    Args:
        chains: Shape (chains, draws), at least 4 draws each.

    >>> import numpy as np
    >>> steps = np.random.default_rng(1).standard_normal((4, 2000))
    >>> for i in range(1, 2000):
    ...     steps[:, i] += 0.8 * steps[:, i - 1]
    >>> round(effective_size(steps) / 8000, 1)  # (1 - 0.8) / (1 + 0.8) of the draws
    0.1
    """
    scores = _normal_scores(_halves(chains))
    count, length = scores.shape
    centred = scores - scores.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(centred, 2 * length, axis=1)) ** 2
    autocovariance = (np.fft.irfft(spectrum, axis=1)[:, :length] / length).mean(axis=0)
    within = autocovariance[0] * length / (length - 1)
    total = within * (length - 1) / length + float(scores.mean(axis=1).var(ddof=1))
    if not total > 0:
        return 0.0
    correlation = 1 - (within - autocovariance * length / (length - 1)) / total
    correlation[0] = 1.0
    # Sums of neighbouring pairs stay above 0 and fall in a reversible chain: what does not is noise.
    pairs = correlation[: length // 2 * 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs < 0)
    pairs = np.minimum.accumulate(pairs[: ends[0] if len(ends) else len(pairs)])
    time = max(2 * float(pairs.sum()) - 1, 1 / np.log10(count * length))
    return float(count * length / time)


@dataclass(slots=True)
class _Walk:
    """Chains where they are, with the coordinates and the step in use."""

    density: Density
    random: np.random.Generator
    centre: Floats
    root: Floats
    at: Floats
    step: float = 0.4

    def slopes(self, at: Floats) -> tuple[Floats, Floats]:
        # A path too bold runs off to where the density has no number; it is not taken.
        with np.errstate(over="ignore", invalid="ignore"):
            value, slope = self.density(self.centre + at @ self.root.T)
        return np.where(np.isfinite(value), value, -np.inf), np.nan_to_num(slope) @ self.root

    def points(self) -> Floats:
        return self.centre + self.at @ self.root.T

    def recentre(self, points: Floats) -> None:
        """Take the coordinates from the points themselves."""
        here = self.points()
        self.centre = np.asarray(points.mean(axis=0), dtype=np.float64)
        self.root = np.asarray(np.linalg.cholesky(np.atleast_2d(np.cov(points.T))))
        self.at = np.asarray(np.linalg.solve(self.root, (here - self.centre).T).T)

    def jump(self, value: Floats, slope: Floats) -> tuple[Floats, Floats]:
        """Offer each chain a fresh point from a Student t; value and slope where it then is."""
        count, size = self.at.shape
        wide = _WIDER * np.sqrt(_FREEDOM / self.random.chisquare(_FREEDOM, count))[:, None]
        there = wide * self.random.standard_normal(self.at.shape)
        reached, push = self.slopes(there)
        out, back = (
            -0.5 * (_FREEDOM + size) * np.log1p((each**2).sum(axis=1) / (_FREEDOM * _WIDER**2))
            for each in (there, self.at)
        )
        moved = np.log(self.random.random(count)) < reached - value + back - out
        self.at = np.where(moved[:, None], there, self.at)
        return np.where(moved, reached, value), np.where(moved[:, None], push, slope)

    def run(self, moves: int, *, learn: bool) -> tuple[Floats, float]:
        """Points of each chain after each move, shape (chains, moves, values), and the share of moves made."""
        kept, made = [], []
        value, slope = self.slopes(self.at)
        for i in range(moves):
            step = self.step * self.random.uniform(0.8, 1.2)
            speed = self.random.standard_normal(self.at.shape)
            energy = value - 0.5 * (speed**2).sum(axis=1)
            there, push = self.at, slope
            speed = speed + 0.5 * step * push
            paces = max(1, round(_LENGTH / step))
            reached = value
            for pace in range(paces):
                there = there + step * speed
                reached, push = self.slopes(there)
                speed = speed + (step if pace < paces - 1 else 0.5 * step) * push
            with np.errstate(over="ignore", invalid="ignore"):
                chance = np.nan_to_num(np.exp(np.minimum(reached - 0.5 * (speed**2).sum(axis=1) - energy, 0.0)))
            moved = self.random.random(len(chance)) < chance
            self.at = np.where(moved[:, None], there, self.at)
            value, slope = np.where(moved, reached, value), np.where(moved[:, None], push, slope)
            if learn:
                self.step = float(np.clip(self.step * np.exp((chance.mean() - _GOAL) / np.sqrt(i + 1)), 0.05, 1.2))
            for _ in range(JUMPS):
                value, slope = self.jump(value, slope)
            kept.append(self.points())
            made.append(chance.mean())
        return np.stack(kept, axis=1), float(np.mean(made))


def sample(density: Density, centre: Floats, root: Floats, *, seed: int = SEED) -> Posterior:
    """Draw from a density.

    Args:
        centre: Shape (values,), near its mode.
        root: Shape (values, values), a square root of about its covariance.

    Returns:
        Draws whose worst R-hat is below 1.03 and which are worth 400 independent ones.

    Raises:
        ForecastError: Chains do not agree after four runs, each twice as long.

    >>> import numpy as np
    >>> found = sample(lambda x: (-0.5 * (x**2).sum(axis=1), -x), np.zeros(2), np.eye(2))
    >>> found.draws.shape, found.r_hat < 1.03, round(float(found.draws.std()), 1)
    ((960, 2), True, 1.0)
    """
    random = np.random.default_rng(seed)
    start = START_SPREAD * random.standard_normal((CHAINS, len(centre)))
    walk = _Walk(density, random, np.asarray(centre), np.asarray(root), start)
    worst = effective = 0.0
    for attempt in range(ATTEMPTS):
        longer = 2**attempt
        first, _ = walk.run(WARM_UP * longer // 2, learn=True)
        walk.recentre(first[:, -WARM_UP * longer // 4 :].reshape(-1, len(centre)))
        walk.run(WARM_UP * longer // 2, learn=True)
        chains, accepted = walk.run(KEPT * longer, learn=False)
        worst = max(r_hat(chains[:, :, i]) for i in range(len(centre)))
        effective = min(effective_size(chains[:, :, i]) for i in range(len(centre)))
        if worst <= MOST_R_HAT and effective >= LEAST_EFFECTIVE:
            pooled = chains.reshape(-1, len(centre))
            order = random.permutation(len(pooled))[:DRAWS]
            return Posterior(pooled[order], worst, effective, accepted)
    raise ForecastError(
        f"draws from the posterior do not agree: R-hat {worst:.3f}, worth {effective:.0f} independent draws. Use the "
        "most probable values (without --posterior), and look at the past cases: they may be too few."
    )
