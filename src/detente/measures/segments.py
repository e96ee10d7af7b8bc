"""Segments: a series cut into stretches, of which neither the number nor the places are known, by Bayes' rule, exactly.

A new stretch begins with the same chance at each place, the hazard, and none is shorter than `SHORTEST`. What a model
says of each possible stretch is its evidence, with level, slope and spread integrated out; all cuttings are then added
up forward and backward, which takes n^2 steps and no sampling.

Evidence of values: a level, or with chance `SLOPED` a straight slope, and noise of a spread of its own that is
an AR(1) with a coefficient common to the series (normal-inverse-gamma priors: a level lies about 2 spreads from the
series' middle, a spread about where the series' usual one is, and worth `SPREAD_WORTH` observations).

Evidence of counts: a negative binomial with a rate of the stretch's own, times an exposure, and a dispersion common to
the series. Events come in bursts, and a Poisson takes every burst for a break.

Source:
    Fearnhead (2006), Statistics and Computing 16, 203-213 (exact posterior of multiple change points);
    Chib (1998), Journal of Econometrics 86, 221-241 (geometric durations);
    Chakar, Lebarbier, Levy-Leduc & Robin (2017), Bernoulli 23, 1408-1447 (AR(1) noise common to all stretches);
    Hilbe (2011), Negative Binomial Regression, ch. 8 (dispersion k, variance m + m^2 / k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHORTEST = 4
"""Places that a stretch must last. Shorter spells are episodes."""
SHORTEST_SLOPE = 13
"""Places that a slope must last: a quarter of weeks. Shorter ones are the way from one level to the next."""
SLOPED = 0.03
SPREAD_WORTH = 3.0
LEVEL_WORTH = 0.2
SLOPE_WORTH = 0.05
RATE_WORTH = 0.5
RHOS = (0.0, 0.2, 0.4, 0.6, 0.75, 0.9)
DISPERSIONS = (0.3, 0.6, 1.2, 2.5, 5.0, 20.0)
_RATES = 24


@dataclass(frozen=True)
class Segments:
    """All cuttings of a series, weighed, under each value of a parameter that is common to the series.

    Attributes:
        evidence: Shape (models, n, n + 1): log evidence of the stretch from place i up to place j.
        weight: Shape (models,): probability of each.
        begins: Shape (n + 1,): probability that a stretch begins at a place; 0 at the ends.
        whole: Probability that there is one stretch alone.
        hazard: Chance of a new stretch at each place.
        shortest: Places that a stretch must last.
    """

    evidence: Floats
    weight: Floats
    begins: Floats
    whole: float
    hazard: float
    shortest: int

    @classmethod
    def of(cls, evidence: Floats, *, hazard: float, shortest: int = SHORTEST) -> Segments:
        """Add up all cuttings forward and backward."""
        import numpy as np

        models, n, _ = evidence.shape
        opened, closed = _priced(evidence, hazard, shortest)
        forward = np.full((models, n + 1), -np.inf)
        forward[:, 0] = 0.0
        for j in range(shortest, n):
            forward[:, j] = _added(forward[:, :j] + opened[:, :j, j])
        total = _added(forward[:, :n] + closed)
        backward = np.full((models, n + 1), -np.inf)
        for i in range(n - shortest, -1, -1):
            onward = opened[:, i, i + 1 : n] + backward[:, i + 1 : n]
            backward[:, i] = _added(np.concatenate((onward, closed[:, i : i + 1]), axis=1))
        weight = np.exp(total - total.max())
        weight /= weight.sum()
        begins = np.exp(np.minimum(forward + backward - total[:, None], 0.0))
        begins[:, [0, n]] = 0.0
        whole = np.exp(closed[:, 0] - total)
        return cls(evidence, weight, weight @ begins, float(weight @ whole), hazard, shortest)

    @property
    def likeliest(self) -> int:
        """The model of most weight."""
        return int(self.weight.argmax())

    def edges(self) -> tuple[int, ...]:
        """The likeliest cutting under the likeliest model: 0 ... n."""
        import numpy as np

        mine = self.evidence[self.likeliest : self.likeliest + 1]
        n = mine.shape[1]
        opened, closed = _priced(mine, self.hazard, self.shortest)
        best = np.full(n + 1, -np.inf)
        best[0] = 0.0
        came = np.zeros(n + 1, np.int64)
        for j in range(self.shortest, n + 1):
            ways = best[:j] + (opened[0, :j, j] if j < n else closed[0, :j])
            came[j] = ways.argmax()
            best[j] = ways[came[j]]
        edges = [n]
        while edges[-1]:
            edges.append(int(came[edges[-1]]))
        return tuple(edges[::-1])

    def chance(self, left: int, cut: int, right: int, reach: int) -> float:
        """That a stretch begins about a place: nearer to it than to its neighbours, within `reach`."""
        first = max(cut - reach, min(cut - self.shortest, -(-(left + cut) // 2)), 0)
        last = min(cut + reach, max(cut + self.shortest, (cut + right) // 2))
        return float(min(self.begins[first : last + 1].sum(), 0.999))

    def places(self, left: int, right: int) -> tuple[range, Floats]:
        """Where the one cut between two others lies: places and their probabilities."""
        import numpy as np

        mine = self.evidence[self.likeliest]
        places = range(left + self.shortest, right - self.shortest + 1)
        weighed = mine[left, places.start : places.stop] + mine[places.start : places.stop, right]
        chance = np.exp(weighed - weighed.max())
        return places, np.asarray(chance / chance.sum())


def _priced(evidence: Floats, hazard: float, shortest: int) -> tuple[Floats, Floats]:
    """Log evidence and prior of each stretch that another one follows, and of each that is the last."""
    import numpy as np

    n = evidence.shape[1]
    length = np.arange(n + 1)[None, :] - np.arange(n)[:, None]
    lasts = np.where(length >= shortest, (length - shortest) * np.log1p(-hazard), -np.inf)
    survived = evidence + lasts
    return survived + np.log(hazard), survived[:, :, n]


def _added(logs: Floats) -> Floats:
    """Log of the sum of exponentials over the last axis."""
    import numpy as np

    most = logs.max(axis=-1)
    finite = np.where(np.isfinite(most), most, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(logs - finite[..., None]).sum(axis=-1)) + finite)


@dataclass(frozen=True)
class Values:
    """Evidence of values, by coefficient of the noise.

    Attributes:
        level, slope: Shape (len(rhos), n, n + 1): log evidence of each stretch with a level, and with a slope.
        rhos: Coefficients.
    """

    level: Floats
    slope: Floats
    rhos: tuple[float, ...]

    @property
    def both(self) -> Floats:
        import numpy as np

        return np.asarray(np.logaddexp(self.level + np.log1p(-SLOPED), self.slope + np.log(SLOPED)))

    def sloped(self, model: int, i: int, j: int) -> bool:
        """Whether a slope is likelier than a level."""
        import math

        return bool(self.slope[model, i, j] + math.log(SLOPED / (1 - SLOPED)) > self.level[model, i, j])


def evidence_of_values(
    values: Floats, spread: Floats, usual: float, middle: float, rhos: Sequence[float] = RHOS
) -> Values:
    """Log evidence of every stretch of a series.

    Args:
        values: Shape (n,).
        spread: Shape (n,), what is known of how far each value scatters, in units of the series' spread.
        usual: The series' usual step from one value to the next, as a standard deviation of single values.
        middle: The series' middle.
    """
    import numpy as np
    from scipy.special import gammaln  # type: ignore[import-untyped, unused-ignore]

    n = len(values)
    there = np.arange(n + 1)[None, :] > np.arange(n)[:, None]
    i, j = np.nonzero(there)
    length = j - i
    worth = SPREAD_WORTH / 2
    lengths = np.arange(n + 1)
    worths = (worth + lengths / 2)[length]
    fixed = (gammaln(worth + lengths / 2) - gammaln(worth) - lengths / 2 * np.log(2 * np.pi))[length]
    scattered = np.append(0.0, np.cumsum(np.log(spread)))
    fixed = fixed - (scattered[j] - scattered[i])
    centred, ones, places = (values - middle) / spread, 1 / spread, np.arange(n) / spread
    halfway = (i + j - 1) / 2
    tilt_prior = SLOPE_WORTH * length**2 / 12.0
    long = length >= SHORTEST_SLOPE
    levels, slopes = np.full((2, len(rhos), n, n + 1), -np.inf)
    for model, rho in enumerate(rhos):
        # The first value of a stretch stands by itself; each other one is held against the one before it.
        own = (1 - rho * rho) ** 0.5
        z, x, q = (np.append(0.0, v[1:] - rho * v[:-1]) for v in (centred, ones, places))
        first_z, first_x, first_q = own * centred, own * ones, own * places

        def summed(one: Floats, other: Floats, first: Floats) -> Floats:
            sums = np.append(0.0, np.cumsum(one * other))
            return np.asarray(sums[j] - (sums[1:] - first)[i])

        zz, xz, xx = summed(z, z, first_z**2), summed(x, z, first_x * first_z), summed(x, x, first_x**2)
        qx, qz, qq = summed(q, x, first_q * first_x), summed(q, z, first_q * first_z), summed(q, q, first_q**2)
        off = worth * usual**2 * (1 + rho)
        const = fixed + (np.log(own) + worth * np.log(off))
        level_mass = LEVEL_WORTH + xx
        misfit = off + np.maximum(zz - xz**2 / level_mass, 0.0) / 2
        levels[model][there] = const + np.log(LEVEL_WORTH / level_mass) / 2 - worths * np.log(misfit)
        # A slope about the middle of its stretch.
        ux, uz = qx - halfway * xx, qz - halfway * xz
        tilt_mass = qq - 2 * halfway * qx + halfway**2 * xx + tilt_prior
        both = np.where(long, np.maximum(level_mass * tilt_mass - ux**2, 1e-300), 1.0)
        explained = (tilt_mass * xz**2 - 2 * ux * xz * uz + level_mass * uz**2) / both
        misfit = off + np.maximum(zz - explained, 0.0) / 2
        told = const + np.log(LEVEL_WORTH * tilt_prior / both) / 2 - worths * np.log(misfit)
        slopes[model][there] = np.where(long, told, -np.inf)
    return Values(levels, slopes, tuple(rhos))


def evidence_of_counts(counts: Floats, exposure: Floats, dispersions: Sequence[float] = DISPERSIONS) -> Floats:
    """Log evidence of every stretch of counts, shape (dispersions, n, n + 1).

    Args:
        counts: Shape (n,), at least 0.
        exposure: Shape (n,), above 0: what the rate is multiplied by.
    """
    import numpy as np
    from scipy.special import gammaln

    n = len(counts)
    usual = max(float(counts.sum()), 0.5) / float(exposure.sum())
    rates = usual * np.exp(np.linspace(np.log(1 / 50), np.log(20), _RATES))
    prior = RATE_WORTH * np.log(rates / usual) - RATE_WORTH * rates / usual
    prior -= _added(prior[None, :])[0]
    expected = exposure[:, None] * rates
    found = np.full((len(dispersions), n, n + 1), -np.inf)
    for model, k in enumerate(dispersions):
        told = gammaln(counts + k) - gammaln(k) - gammaln(counts + 1) + k * np.log(k)
        told = told[:, None] - (k + counts[:, None]) * np.log(k + expected) + counts[:, None] * np.log(expected)
        sums = np.vstack([np.zeros(_RATES), np.cumsum(told, axis=0)])
        for i in range(n):
            # As `_added`, in place: of a long series this is most of what breaks cost.
            each = sums[i + 1 :] - (sums[i] - prior)
            most = each.max(axis=1)
            each -= most[:, None]
            np.exp(each, out=each)
            found[model, i, i + 1 :] = np.log(each.sum(axis=1)) + most
    return found
