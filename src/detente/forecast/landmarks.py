"""Skill over the base rate, asked anew as processes go on: each past process is forecast at months of its own life.

At each landmark, a month after the start at which the stage was neither reached nor given up, both methods say how
likely the stage is within 1 to 24 more months. Two ways of looking away:

- rolling: both are fitted to what was known on that calendar day, of other processes; their later stages and endings
  are still open;
- left out: both are fitted to all other blocs, later ones included.

The base rate is Aalen and Johansen's, given that the process has gone on so long: it knows as much of who is at risk as
the model does. The loss is the Brier score, meant over the 24 horizons; a case cut off before a horizon is left out
there and the others at that landmark are weighted up (inverse probability of censoring: Graf et al. 1999).

Processes are not independent witnesses. A bloc is what hangs together by the same pair of states, or by one state in
common and ruptures within 30 days: the Arab breaks of 1967, the Gulf's of 2017. Intervals draw blocs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.errors import ForecastError
from detente.forecast.aalen_johansen import BaseRate
from detente.forecast.backtest import RESAMPLES, censoring_weights
from detente.forecast.cases import Case
from detente.forecast.cure import SEED
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.spells import Ending, Spell, spells
from detente.forecast.stage_chain import Chain, Process, Target, fit_chain

Floats = NDArray[np.float64]
Way = Literal["rolling", "left out"]

MONTHLY: tuple[int, ...] = tuple(range(37))
HORIZON_MONTHS = 24
BLOC_DAYS = 30
LEAST_PAST = 20
"""Fewer past waits than this and both forecasts are their priors' rather than the data's."""
_HORIZON_DAYS = np.arange(1, HORIZON_MONTHS + 1) * DAYS_A_YEAR / 12


class Landmark(NamedTuple):
    """A process asked of on a day; `left` are the days to its ending from there."""

    case: Case
    month: int
    day: date
    waited: int
    left: int
    ending: Ending


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """Forecasts and outcomes by landmark.

    Attributes:
        base, model: Shape (landmarks, 24), chance within each horizon.
        came: Shape (landmarks, 24), whether it did.
        weights: Shape (landmarks, 24), inverse chance that this is known; 0 where it is not.
        blocs: Number of each landmark's bloc.
    """

    landmarks: tuple[Landmark, ...]
    base: Floats
    model: Floats
    came: Floats
    weights: Floats
    blocs: NDArray[np.int64]

    def only(self, wanted: Callable[[Landmark], bool]) -> Backtest:
        """The part whose landmarks are wanted; weights stay those of all."""
        kept = np.array([wanted(each) for each in self.landmarks], dtype=bool)
        found = tuple(each for each, keep in zip(self.landmarks, kept, strict=True) if keep)
        return Backtest(found, self.base[kept], self.model[kept], self.came[kept], self.weights[kept], self.blocs[kept])


@dataclass(frozen=True, slots=True)
class Skill:
    """Share of the base rate's loss that the model saves, with a 95 % interval over blocs.

    Attributes:
        base, model: Mean Brier score over landmarks and horizons.
    """

    landmarks: int
    processes: int
    blocs: int
    base: float
    model: float
    skill: float
    interval: tuple[float, float]


def blocs(cases: Sequence[Case]) -> Mapping[str, int]:
    """Number of the bloc of each case, by its label.

    >>> from detente.forecast.cases import load_cases
    >>> found = blocs(load_cases())
    >>> found["Qatar-Saudi 2019-21"] == found["Qatar-UAE 2021-23"], len(set(found.values()))
    (True, 83)
    """
    first = list(range(len(cases)))

    def root(i: int) -> int:
        while first[i] != i:
            i = first[i]
        return i

    for i, case in enumerate(cases):
        for j, other in enumerate(cases[:i]):
            near = abs((case.rupture_date - other.rupture_date).days) <= BLOC_DAYS
            if case.dyad == other.dyad or (near and set(case.dyad.sides) & set(other.dyad.sides)):
                first[root(i)] = root(j)
    return {case.label: root(i) for i, case in enumerate(cases)}


def landmarks(cases: Iterable[Case], stage: Target, *, as_of: date, months: Sequence[int]) -> tuple[Landmark, ...]:
    """Months of their own life at which past processes can be asked of a stage."""
    known = {case.label: case for case in cases}
    found = []
    for spell in spells(known.values(), stage, as_of=as_of).spells:
        case = known[spell.case]
        for month in months:
            waited = round(month * DAYS_A_YEAR / 12)
            if case.process_start is None or waited >= spell.days:
                continue
            day = case.process_start + timedelta(days=waited)
            found.append(Landmark(case, month, day, waited, spell.days - waited, spell.ending))
    return tuple(found)


def _base(rate: BaseRate, waited: int) -> Floats:
    before = rate.share(waited)
    more = np.array([rate.share(waited + days) - before for days in _HORIZON_DAYS])
    return np.clip(more / max(rate.going_on(waited), 1e-9), 0.0, 1.0)


def _weights(asked: Sequence[Landmark]) -> Floats:
    out = np.zeros((len(asked), HORIZON_MONTHS))
    months = np.array([each.month for each in asked])
    left = np.array([each.left for each in asked], dtype=np.float64)
    cut_off = np.array([each.ending == "open" for each in asked])
    for month in np.unique(months):
        here = months == month
        for column, days in enumerate(_HORIZON_DAYS):
            out[here, column] = censoring_weights(left[here], cut_off[here], days)
    return out


def backtest(
    cases: Iterable[Case],
    stage: Target,
    way: Way,
    *,
    months: Sequence[int] = MONTHLY,
    fit: Callable[..., Chain] = fit_chain,
) -> Backtest:
    """Forecast every past process at every landmark, by the stage chain and by the base rate.

    Args:
        fit: Called as `fit_chain(cases, as_of=...)`, for chains fitted in another way.

    Raises:
        ForecastError: No landmark has enough past waits to learn from.
    """
    known = tuple(case for case in cases if case.process_start)
    last = max(case.end_date for case in known)
    group = blocs(known)
    every = spells(known, stage, as_of=last).spells
    fitted: dict[object, tuple[BaseRate, Chain | None]] = {}
    kept: list[Landmark] = []
    base: list[Floats] = []
    model: list[Floats] = []
    for asked in landmarks(known, stage, as_of=last, months=months):
        case, day = asked.case, asked.day
        key: object = (case.label, day) if way == "rolling" else group[case.label]
        if key not in fitted:
            if way == "rolling":
                others, as_of = [each for each in known if each is not case], day
                past: Sequence[Spell] = spells(others, stage, as_of=day).spells
            else:
                others, as_of = [each for each in known if group[each.label] != group[case.label]], last
                past = [spell for spell in every if group[spell.case] != group[case.label]]
            enough = len(past) >= LEAST_PAST
            chain = fit(others, as_of=as_of) if enough else None
            fitted[key] = (BaseRate(tuple(past)), chain)
        rate, chain = fitted[key]
        if chain is None:
            continue
        process = Process.of(case, as_of=day)
        kept.append(asked)
        base.append(_base(rate, asked.waited))
        model.append(chain.curve(stage, process, made=day, edges=range(HORIZON_MONTHS + 1), going_on=True)[1:])
    if not kept:
        raise ForecastError(f"{stage}: no landmark has {LEAST_PAST} past waits to learn from. Give more cases.")
    left = np.array([each.left for each in kept])
    reached = np.array([each.ending == "reached" for each in kept])
    came = (reached[:, None] & (left[:, None] <= _HORIZON_DAYS)).astype(np.float64)
    numbers = np.array([group[each.case.label] for each in kept])
    return Backtest(tuple(kept), np.array(base), np.array(model), came, _weights(kept), numbers)


def skill(found: Backtest) -> Skill:
    """Time-integrated skill of the model over the base rate."""
    losses = [(found.weights * (each - found.came) ** 2).mean(axis=1) for each in (found.base, found.model)]
    _, number = np.unique(found.blocs, return_inverse=True)
    count = int(number.max()) + 1
    sums = np.array([np.bincount(number, loss, minlength=count) for loss in losses])
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=RESAMPLES) @ sums.T
    low, high = np.quantile(1 - drawn[:, 1] / drawn[:, 0], [0.025, 0.975])
    base, model = (float(loss.mean()) for loss in losses)
    return Skill(
        len(found.landmarks),
        len({each.case.label for each in found.landmarks}),
        count,
        round(base, 4),
        round(model, 4),
        round(1 - model / base, 4),
        (round(float(low), 4), round(float(high), 4)),
    )
