"""A forecast in layers, each stored so that each can be scored apart (`layers.v1`).

| layer | what it adds |
|---|---|
| `classes` | what past cases say, by `cure-map.v1`: the chance, the interval, never |
| `stage` | `stage-chain.v1`: the step the process has reached; for relations and ambassadors |
| `events` | coded events of the two states, weighed by backtests (`detente.forecast.event_evidence`) |
| `analyst` | a person's signed change of the log odds, with the reason |

Both models can be asked for averages over their whole posterior (`cure-posterior.v1`, `stage-chain-posterior.v1`) in
place of the most probable values and a normal approximation; the methods of the layers say which it was.

The last two move the log odds of the whole curve and of ever: that keeps it rising. What is made likelier by every day
also comes sooner if it comes, so the median day and the window are read off anew. Ambassadors are never likelier than
relations, by any day or ever, while these are not restored: the chain holds to it, and what events or a person add to
the one is cut where it would go beyond the other as the same past cases, stages and events give it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from detente.errors import ForecastError
from detente.forecast.cases import Case, Stage, load_cases
from detente.forecast.event_evidence import moves_of
from detente.forecast.if_and_when import DIGITS, FARTHEST_DAYS, WINDOW_ENDS, forecast_and_days
from detente.forecast.if_and_when import METHOD as CLASSES_METHOD
from detente.forecast.if_and_when import POSTERIOR_METHOD as CLASSES_POSTERIOR_METHOD
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.spells import is_own_process
from detente.terms import Dyad, Forecast, Layer, Milestone, Move, Occurrence

if TYPE_CHECKING:
    from detente.forecast.posterior import Posterior
    from detente.forecast.stage_chain import Chain, Process, Target

METHOD = "layers.v1"
EVENTS = "event-evidence.v1"
ANALYST = "analyst.v1"
MOST_ADJUSTMENT = 3.0
"""Most that a person can change the log odds: from one in two to one in twenty or nineteen in twenty."""
LEAST_REASON = 10
_DAYS_A_MONTH = DAYS_A_YEAR / 12

WhenShare = Callable[[float], date | None]
"""The first day by which a chance (0-1) is so large; None where it never is, or beyond all dates."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A forecast, and on which day its chance is how large, beyond its curve too."""

    forecast: Forecast
    when: WhenShare

    def retimed(self) -> Forecast:
        """With the days given that it comes read off the chances as they now are."""
        found = self.forecast
        if "prior-only" in found.notes:  # A day read off the prior would say nothing about this milestone.
            return found
        parts = (WINDOW_ENDS[0], 0.5, WINDOW_ENDS[1])
        first, middle, last = (self.when(part * (1 - found.never)) for part in parts)
        return replace(
            found, median_day=middle, window=(first, last) if first is not None and last is not None else None
        )


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A person's change of the log odds.

    Attributes:
        log_odds: Above 0 makes it likelier.
        why: The reason, in words others can argue with.
        by: Who signs.
    """

    log_odds: float
    why: str
    by: str

    def __post_init__(self) -> None:
        if not 0 < abs(self.log_odds) <= MOST_ADJUSTMENT:
            raise ForecastError(
                f"an adjustment of {self.log_odds} is 0 or beyond {MOST_ADJUSTMENT} either way. Give log odds: 0.7 "
                "about doubles the odds, -0.7 halves them."
            )
        if len(self.why.strip()) < LEAST_REASON or not self.by.strip():
            raise ForecastError("an adjustment needs a reason of some words and the name of who signs it.")


def shifted(share: float, log_odds: float) -> float:
    """A chance after its log odds moved.

    >>> round(shifted(0.5, 0.7), 3), shifted(0.0, 0.7)
    (0.668, 0.0)
    """
    if not 0 < share < 1:
        return share
    return 1 / (1 + (1 - share) / share * math.exp(-log_odds))


def _moved(before: float, after: float) -> float:
    if not (0 < before < 1 and 0 < after < 1):
        return 0.0
    return round(math.log(after / (1 - after)) - math.log(before / (1 - before)), DIGITS)


def _layer(name: str, method: str, before: Forecast | None, now: Forecast, moves: Sequence[Move] = ()) -> Layer:
    change = _moved(before.probability, now.probability) if before else 0.0
    return Layer(name, method, change, now.probability, now.never, now.curve, tuple(moves))  # type: ignore[arg-type]


def _shift(told: _Told, log_odds: float) -> _Told:
    """All chances with their log odds moved."""
    if log_odds == 0:
        return told
    found = told.forecast

    def move(share: float) -> float:
        return round(shifted(share, log_odds), DIGITS)

    never = round(1 - shifted(1 - found.never, log_odds), DIGITS)
    most = round(1 - never, DIGITS)
    low, high = found.interval
    never_low, never_high = (round(1 - shifted(1 - share, log_odds), DIGITS) for share in found.never_interval)
    probability = min(most, move(found.probability))
    moved = replace(
        found,
        probability=probability,
        interval=(min(move(low), probability), max(move(high), probability)),
        never=never,
        never_interval=(min(never_low, never), max(never_high, never)),
        curve=tuple((day, min(most, move(share))) for day, share in found.curve),
    )
    later = _Told(moved, lambda share: told.when(shifted(share, -log_odds)))
    return replace(later, forecast=later.retimed())


def _process(
    target: Target, dyad: Dyad, clock: date, cases: Iterable[Case], made: date, own: Mapping[Stage, date]
) -> Process:
    """The process asked of: from its own case where the table has it, and from stages that the dossier knows of."""
    from detente.forecast.stage_chain import Process

    mine = next((case for case in cases if is_own_process(case, dyad, clock=clock, made=made)), None)
    found = Process(clock) if mine is None else replace(Process.of(mine, as_of=made), start=clock)
    days = {stage: day for stage, day in own.items() if clock <= day <= made}
    talks = [day for day in (found.talks, days.get("first_high_level_talks")) if day is not None]
    relations = [day for day in (found.relations, days.get("relations_restored")) if day is not None]
    if target == "relations_restored":
        relations = []  # Whether it was reached is for the question's rule to say, not for the table.
    return replace(found, talks=min(talks, default=None), relations=min(relations, default=None), ambassadors=None)


@lru_cache(maxsize=16)
def _chain(cases: tuple[Case, ...], made: date, dyad: Dyad, clock: date, posterior: bool) -> Chain:
    """One fit for all questions that share a day and a clock."""
    from detente.forecast.stage_chain import fit_chain

    return fit_chain(cases, as_of=made, own=(dyad, clock), posterior=posterior)


def _staged(
    before: Forecast,
    target: Target,
    clock: date,
    cases: tuple[Case, ...],
    dyad: Dyad,
    own: Mapping[Stage, date],
    *,
    posterior: bool,
) -> tuple[_Told, Sequence[Move], _Told | None]:
    """By the chain of stages; and relations, which ambassadors must not pass."""
    chain = _chain(cases, before.made, dyad, clock, posterior)
    before = replace(before, notes=_checked(before.notes, chain.posteriors))
    process = _process(target, dyad, clock, cases, before.made, own)
    known = {"talks-known": process.talks, "relations-known": process.relations}
    moves = [Move(what, day=day) for what, day in known.items() if day is not None]
    ceiling = None
    if target == "ambassadors_exchanged" and process.relations is None:
        ceiling = _by_chain(before, chain, "relations_restored", process)
    return _by_chain(before, chain, target, process), moves, ceiling


def _checked(notes: Sequence[str], posteriors: Sequence[Posterior]) -> tuple[str, ...]:
    """Notes with what the draws of every layer are worth, in place of the first layer's."""
    if not posteriors:
        return tuple(notes)
    worth = [float(note.partition(":")[2]) for note in notes if note.startswith("posterior:")]
    worth += [each.effective for each in posteriors]
    kept = [note for note in notes if not note.startswith("posterior:")]
    worst = max(each.r_hat for each in posteriors)
    return (*kept, f"posterior:{round(min(worth))}", f"r-hat:{worst:.3f}")


def _by_chain(before: Forecast, chain: Chain, target: Target, process: Process) -> _Told:
    """The same question put to the chain of stages."""
    from detente.forecast.stage_chain import EDGES

    made, deadline = before.made, before.deadline
    shares = chain.curve(target, process, made=made).tolist()
    never = round(chain.never(target, process, made=made), DIGITS)
    most = round(1 - never, DIGITS)
    days = [month * _DAYS_A_MONTH for month in EDGES]
    ruled_out = deadline if "resolved:no" in before.notes else made

    def share(day: date) -> float:
        return 0.0 if day <= ruled_out else min(most, round(_between(days, shares, (day - made).days), DIGITS))

    probability = share(deadline)
    low = high = 0.0
    if probability > 0:
        low, high = chain.interval(target, process, made=made, months=(deadline - made).days / _DAYS_A_MONTH)
    ever_low, ever_high = chain.interval(target, process, made=made, months=EDGES[-1])
    found = replace(
        before,
        probability=probability,
        interval=(min(round(low, DIGITS), probability), max(round(high, DIGITS), probability)),
        never=never,
        never_interval=(
            max(0.0, min(round(1 - ever_high, DIGITS), never)),
            min(1.0, max(round(1 - ever_low, DIGITS), never)),
        ),
        curve=tuple((day, share(day)) for day, _ in before.curve),
    )
    told = _Told(found, partial(_day_at, made, days, shares))
    return replace(told, forecast=told.retimed())


def _between(days: Sequence[float], values: Sequence[float], day: float) -> float:
    for (first, last), (low, high) in zip(pairwise(days), pairwise(values), strict=True):
        if day <= last:
            return float(low + (high - low) * (day - first) / (last - first))
    return float(values[-1])


def _day_at(made: date, days: Sequence[float], shares: Sequence[float], share: float) -> date | None:
    """First day by which so large a share is there; None beyond the curve or all dates."""
    for (first, last), (low, high) in zip(pairwise(days), pairwise(shares), strict=True):
        if high >= share and high > low:
            day = first + (last - first) * max(0.0, share - low) / (high - low)
            return made + timedelta(days=max(1, round(day))) if day < FARTHEST_DAYS else None
    return None


def _capped(told: _Told, ceiling: _Told | None) -> _Told:
    """Ambassadors no likelier than relations, by any day or ever."""
    if ceiling is None:
        return told
    found, most = told.forecast, ceiling.forecast
    by_day = dict(most.curve)
    if found.never >= most.never and all(share <= by_day[day] for day, share in found.curve):
        return told
    held = replace(
        found,
        probability=min(found.probability, most.probability),
        interval=_ends(min, found.interval, most.interval),
        never=max(found.never, most.never),
        never_interval=_ends(max, found.never_interval, most.never_interval),
        curve=tuple((day, min(share, by_day[day])) for day, share in found.curve),
        notes=tuple(dict.fromkeys((*found.notes, "capped-by-relations"))),
    )

    def when(share: float) -> date | None:
        first, second = told.when(share), ceiling.when(share)
        return None if first is None or second is None else max(first, second)

    later = _Told(held, when)
    return replace(later, forecast=later.retimed())


def _ends(
    choose: Callable[[float, float], float], one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float]:
    return choose(one[0], other[0]), choose(one[1], other[1])


def layered_forecast(
    milestone: Milestone,
    *,
    made: date,
    dyad: Dyad,
    cases: Iterable[Case] | None = None,
    reached: date | None = None,
    stages: Mapping[Stage, date] | None = None,
    occurrences: Iterable[Occurrence] = (),
    adjustment: Adjustment | None = None,
    posterior: bool = False,
) -> Forecast:
    """If and when, layer by layer: past cases, the stage reached, coded events, a person's judgement.

    Args:
        made, dyad, cases, reached: As in `detente.forecast.if_and_when.forecast`.
        stages: Days on which the dossier knows its own process to have reached a stage; later ones are not used.
        occurrences: Events of the ledger as of `made`.
        adjustment: A person's change.
        posterior: Average over all that past cases allow, not at the most probable values: the whole posterior of both
            models. A refit then takes seconds.

    Returns:
        The last layer's chances, with every layer in `layers`. A settled question, and one with no comparable case,
        have the first layer alone, but for a person's change.

    Raises:
        ForecastError: As in `forecast`.
    """
    from detente.forecast.stage_chain import METHOD as STAGE_METHOD
    from detente.forecast.stage_chain import POSTERIOR_METHOD as STAGE_POSTERIOR_METHOD
    from detente.forecast.stage_chain import TARGETS

    known = load_cases() if cases is None else tuple(cases)
    found, day_by = forecast_and_days(
        milestone, made=made, dyad=dyad, cases=known, reached=reached, posterior=posterior
    )
    if any(note.startswith("reached:") for note in found.notes):
        return found
    clock = milestone.reference.clock_start or milestone.opened
    ever = 1 - found.never
    now = _Told(found, lambda share: day_by(share / ever) if share < ever else None)
    layers = [_layer("classes", CLASSES_POSTERIOR_METHOD if posterior else CLASSES_METHOD, None, found)]
    ceiling: _Told | None = None
    target = next((each for each in TARGETS if each == milestone.reference.stage), None)
    if target is not None and "prior-only" not in found.notes:
        staged, moves, ceiling = _staged(found, target, clock, known, dyad, stages or {}, posterior=posterior)
        method = STAGE_POSTERIOR_METHOD if posterior else STAGE_METHOD
        layers.append(_layer("stage", method, found, staged.forecast, moves))
        told = tuple(occurrences)
        moves = moves_of(told, target, made=made, since=clock, dyad=dyad)
        if ceiling is not None:
            also = moves_of(told, "relations_restored", made=made, since=clock, dyad=dyad)
            ceiling = _shift(ceiling, _sum(also))
        now = _capped(_shift(staged, _sum(moves)), ceiling)
        layers.append(_layer("events", EVENTS, staged.forecast, now.forecast, moves))
    if adjustment is not None:
        adjusted = _capped(_shift(now, adjustment.log_odds), ceiling)
        move = Move(adjustment.why.strip(), adjustment.log_odds, made, by=adjustment.by.strip())
        layers.append(_layer("analyst", ANALYST, now.forecast, adjusted.forecast, [move]))
        now = adjusted
    return replace(now.forecast, method=METHOD, layers=tuple(layers))


def _sum(moves: Iterable[Move]) -> float:
    return math.fsum(move.log_odds for move in moves)
