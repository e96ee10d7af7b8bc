"""Triangles: whether the dyad moves after one side's dealings with a third state, or these after the dyad.

Each tie of a side to a third state (CHN-RUS) is set against the pair (RUS-USA) as one side of it is against the other
in `detente.measures.reciprocity`, and against that side's own acts toward the other (RUS>USA) where there are
directions: its pull. Many ties are looked at, so that some would seem to lead by chance: chances are adjusted for their
number, and of what is reported at most one in ten is expected to be false.

A tie that explains the past need not help to foresee: the pair is forecast from its own past with and without the tie,
1 and 4 weeks ahead, at each week of the last third from what was known by then; and the tie helps only if it also beats
the mean of the last 26 weeks.

Source:
    Goldstein & Freeman (1991), American Political Science Review 85, 17-35 (triangles of event series);
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300 (many tests);
    Clark & West (2007), Journal of Econometrics 138, 291-311 (whether a larger model forecasts better).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from detente.measures.autoregression import ORDER
from detente.measures.reciprocity import DRAWS, Answer, Exchange, reciprocity
from detente.measures.series import Series

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "triangles-var.v1"
FALSE_SHARE = 0.10
"""Share of reported answers that is expected to be false (Benjamini-Hochberg)."""
SURE_FORECAST = 0.05
AHEAD = (1, 4)
LAST_WEEKS = 26
LEAST_TRAINED = 40
LEAST_FORECAST = 20


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """Forecasts of the pair.

    Attributes:
        ahead: Weeks ahead.
        weeks: Forecasts made.
        without, with_tie: Root mean squared errors, in the unit of the series.
        mean: The same of the mean of the last 26 weeks, which is hard to beat after a break.
        chance: Probability of as good a forecast with the tie where it is no help; adjusted once it stands in a tie.
    """

    ahead: int
    weeks: int
    without: float
    with_tie: float
    mean: float
    chance: float

    @property
    def helps(self) -> bool:
        return self.with_tie < min(self.without, self.mean) and self.chance <= SURE_FORECAST


@dataclass(frozen=True, slots=True)
class Tie:
    """One side's dealings with a third state, against the pair.

    Attributes:
        third, side: Alpha-3 codes.
        name: `CHN-RUS`.
        exchange: Of the tie and the pair: `answers[0]` is the tie's answer to the pair, `answers[1]` the pair's to the
            tie; a lead above 0 says that the tie moves first.
        chances: Those of the two answers, adjusted for the number of ties looked at; empty where too few weeks.
        pull: How the side's own acts toward the other move after the tie did; None without directions, or too few.
        pull_chance: Its chance, adjusted likewise.
        forecasts: For each of `AHEAD`; empty where too few weeks.
    """

    third: str
    side: str
    name: str
    exchange: Exchange
    chances: tuple[float, ...] = ()
    pull: Answer | None = None
    pull_chance: float | None = None
    forecasts: tuple[OutOfSample, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether the pair moves after the tie."""
        return bool(self.chances) and self.chances[1] <= FALSE_SHARE

    @property
    def follows(self) -> bool:
        """Whether the tie moves after the pair."""
        return bool(self.chances) and self.chances[0] <= FALSE_SHARE

    @property
    def pulls(self) -> bool:
        return self.pull_chance is not None and self.pull_chance <= FALSE_SHARE


def third_parties(
    pair: Series,
    ties: Mapping[tuple[str, str], Series],
    acts: Mapping[str, Series] | None = None,
    *,
    breaks: Sequence[date] = (),
    draws: int = DRAWS,
) -> tuple[Tie, ...]:
    """Set each tie against the pair.

    Args:
        pair: Weekly scores of the dyad.
        ties: By third state and side, weekly scores of the two, of the same weeks.
        acts: By side, weekly scores of its acts toward the other side; None where there are no directions.
        breaks: Mondays on which the pair's level changed.

    Raises:
        MeasureError: Series cover different weeks.
    """
    found = []
    for (third, side), series in ties.items():
        exchange = reciprocity(series, pair, breaks=breaks, draws=draws).whole
        pull = None
        if acts and side in acts:
            own = reciprocity(series, acts[side], breaks=breaks, draws=draws).whole
            pull = own.answers[1] if own.answers else None
        forecasts = tuple(each for each in (out_of_sample(pair, series, ahead) for ahead in AHEAD) if each)
        found.append(Tie(third, side, series.name, exchange, pull=pull, forecasts=forecasts))
    looked = [answer.chance for tie in found for answer in tie.exchange.answers]
    pulled = [tie.pull.chance for tie in found if tie.pull]
    tried = [forecast.chance for tie in found for forecast in tie.forecasts]
    adjusted, pulls, foreseen = iter(adjust(looked)), iter(adjust(pulled)), iter(adjust(tried))
    return tuple(
        replace(
            tie,
            chances=tuple(next(adjusted) for _ in tie.exchange.answers),
            pull_chance=next(pulls) if tie.pull else None,
            forecasts=tuple(replace(forecast, chance=next(foreseen)) for forecast in tie.forecasts),
        )
        for tie in found
    )


def adjust(chances: Sequence[float]) -> list[float]:
    """Chances adjusted for how many were looked at: of those up to q, a share q is expected to be false.

    >>> adjust([0.01, 0.04, 0.03, 0.5])
    [0.04, 0.053333, 0.053333, 0.5]
    """
    order = sorted(range(len(chances)), key=lambda i: -chances[i])
    out, least = [0.0] * len(chances), 1.0
    for rank, i in zip(range(len(chances), 0, -1), order, strict=True):
        least = min(least, chances[i] * len(chances) / rank)
        out[i] = round(least, 6)
    return out


def out_of_sample(pair: Series, tie: Series, ahead: int = 1) -> OutOfSample | None:
    """Forecast the last third of the weeks, each from what was known `ahead` weeks before, with the tie and without.

    None where too few weeks.
    """
    import numpy as np
    from scipy.special import ndtr  # type: ignore[import-untyped, unused-ignore]

    y = np.array([pair.values, tie.values], dtype=float).T.reshape(-1, 2)
    seen = ~np.isnan(y).any(axis=1)
    told = [t for t in range(ORDER, len(y) - ahead + 1) if seen[t - ORDER : t].all() and seen[t + ahead - 1]]
    rows = np.array(told, dtype=np.int64)
    first = max(LEAST_TRAINED, 2 * len(rows) // 3)
    if len(rows) - first < LEAST_FORECAST:
        return None
    z = y[rows + ahead - 1, 0]
    own = np.column_stack([np.ones(len(rows)), *(y[rows - lag, 0] for lag in range(1, ORDER + 1))])
    both = np.column_stack([own, *(y[rows - lag, 1] for lag in range(1, ORDER + 1))])

    def forecasts(x: Floats) -> Floats:
        out = []
        for t in range(first, len(z)):
            known = int(np.searchsorted(rows + ahead - 1, rows[t]))
            out.append(x[t] @ np.linalg.lstsq(x[:known], z[:known], rcond=None)[0])
        return np.array(out)

    small, large = forecasts(own), forecasts(both)
    true = z[first:]
    # The larger model pays for what it estimates; taken off, what is left says whether the tie tells anything.
    gain = (true - small) ** 2 - (true - large) ** 2 + (small - large) ** 2
    spread = _spread(gain, ahead - 1)
    chance = float(1 - ndtr(gain.mean() / spread)) if spread else 1.0
    mean = np.array([np.nanmean(y[max(0, t - LAST_WEEKS) : t, 0]) for t in rows[first:]])
    errors = [round(float(((true - each) ** 2).mean() ** 0.5), 4) for each in (small, large, mean)]
    return OutOfSample(ahead, len(true), errors[0], errors[1], errors[2], round(chance, 4))


def _spread(gain: Floats, lags: int) -> float:
    """Standard error of a mean of values that overlap in this many weeks (Newey & West 1987)."""
    left = gain - gain.mean()
    total = float(left @ left)
    for lag in range(1, lags + 1):
        total += 2 * (1 - lag / (lags + 1)) * float(left[lag:] @ left[:-lag])
    return float(max(total, 0.0) ** 0.5 / len(gain))
