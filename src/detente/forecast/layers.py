"""A forecast in layers, each stored so that each can be scored apart (`layers.v1`).

| layer | what it adds |
|---|---|
| `classes` | what past cases say, by `cure-map.v1`: the chance, the interval, never |
| `stage` | `stage-chain.v1`: the step the process has reached; for relations and ambassadors |
| `events` | coded events of the two states, weighed by backtests (`detente.forecast.event_evidence`) |
| `analyst` | a person's signed change of the log odds, with the reason |

The last two move the log odds of the whole curve and of ever: that keeps it rising. Ambassadors are never likelier than
relations: the chain holds to it, a shift of both alike keeps it, and a person's change of the one is cut where it would
go beyond the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from detente.errors import ForecastError
from detente.forecast.cases import Case, Stage, load_cases
from detente.forecast.event_evidence import moves_of
from detente.forecast.if_and_when import DIGITS, FARTHEST_DAYS, forecast
from detente.forecast.if_and_when import METHOD as CLASSES_METHOD
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.spells import is_own_process
from detente.terms import Dyad, Forecast, Layer, Milestone, Move, Occurrence

if TYPE_CHECKING:
    from detente.forecast.stage_chain import Chain, Process, Target

METHOD = "layers.v1"
EVENTS = "event-evidence.v1"
ANALYST = "analyst.v1"
MOST_ADJUSTMENT = 3.0
"""Most that a person can change the log odds: from one in two to one in twenty or nineteen in twenty."""
LEAST_REASON = 10
_DAYS_A_MONTH = DAYS_A_YEAR / 12

Curve = tuple[tuple[date, float], ...]


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


def _shift(found: Forecast, log_odds: float) -> Forecast:
    """All chances with their log odds moved; days given that it comes stay as they are."""

    def move(share: float) -> float:
        return round(shifted(share, log_odds), DIGITS)

    never = round(1 - shifted(1 - found.never, log_odds), DIGITS)
    most = round(1 - never, DIGITS)
    low, high = found.interval
    never_low, never_high = (round(1 - shifted(1 - share, log_odds), DIGITS) for share in found.never_interval)
    probability = min(most, move(found.probability))
    return replace(
        found,
        probability=probability,
        interval=(min(move(low), probability), max(move(high), probability)),
        never=never,
        never_interval=(min(never_low, never), max(never_high, never)),
        curve=tuple((day, min(most, move(share))) for day, share in found.curve),
    )


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
def _chain(cases: tuple[Case, ...], made: date, dyad: Dyad, clock: date) -> Chain:
    """One fit for all questions that share a day and a clock."""
    from detente.forecast.stage_chain import fit_chain

    return fit_chain(cases, as_of=made, own=(dyad, clock))


def _staged(
    before: Forecast, target: Target, clock: date, cases: tuple[Case, ...], dyad: Dyad, own: Mapping[Stage, date]
) -> tuple[Forecast, Sequence[Move], Curve]:
    """By the chain of stages; and the curve of relations, which that of ambassadors must not pass."""
    from detente.forecast.stage_chain import EDGES

    made, deadline = before.made, before.deadline
    chain = _chain(cases, made, dyad, clock)
    process = _process(target, dyad, clock, cases, made, own)
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
    first, middle, last = (_day_at(made, days, shares, part * (1 - never)) for part in (0.1, 0.5, 0.9))
    found = replace(
        before,
        probability=probability,
        interval=(min(round(low, DIGITS), probability), max(round(high, DIGITS), probability)),
        never=never,
        never_interval=(
            max(0.0, min(round(1 - ever_high, DIGITS), never)),
            min(1.0, max(round(1 - ever_low, DIGITS), never)),
        ),
        median_day=middle,
        window=(first, last) if first is not None and last is not None else None,
        curve=tuple((day, share(day)) for day, _ in before.curve),
    )
    known = {"talks-known": process.talks, "relations-known": process.relations}
    moves = [Move(what, day=day) for what, day in known.items() if day is not None]
    ceiling: Curve = ()
    if target == "ambassadors_exchanged" and process.relations is None:
        relations = chain.curve("relations_restored", process, made=made).tolist()
        ceiling = tuple((day, round(_between(days, relations, (day - made).days), DIGITS)) for day, _ in found.curve)
    return found, moves, ceiling


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


def _capped(found: Forecast, ceiling: Curve) -> Forecast:
    """Ambassadors no likelier than relations, on any day."""
    most = dict(ceiling)
    if all(share <= most.get(day, 1.0) for day, share in found.curve):
        return found
    by_deadline = most.get(found.deadline, 1.0) if found.deadline > found.made else 0.0
    probability = min(found.probability, by_deadline)
    return replace(
        found,
        probability=probability,
        interval=(min(found.interval[0], probability), max(found.interval[1], probability)),
        curve=tuple((day, min(share, most.get(day, 1.0))) for day, share in found.curve),
        notes=(*found.notes, "capped-by-relations"),
    )


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
) -> Forecast:
    """If and when, layer by layer: past cases, the stage reached, coded events, a person's judgement.

    Args:
        made, dyad, cases, reached: As in `detente.forecast.if_and_when.forecast`.
        stages: Days on which the dossier knows its own process to have reached a stage; later ones are not used.
        occurrences: Events of the ledger as of `made`.
        adjustment: A person's change.

    Returns:
        The last layer's chances, with every layer in `layers`. A settled question, and one with no comparable case,
        have the first layer alone, but for a person's change.

    Raises:
        ForecastError: As in `forecast`.
    """
    from detente.forecast.stage_chain import METHOD as STAGE_METHOD
    from detente.forecast.stage_chain import TARGETS

    known = load_cases() if cases is None else tuple(cases)
    now = forecast(milestone, made=made, dyad=dyad, cases=known, reached=reached)
    if any(note.startswith("reached:") for note in now.notes):
        return now
    clock = milestone.reference.clock_start or milestone.opened
    layers = [_layer("classes", CLASSES_METHOD, None, now)]
    ceiling: Curve = ()
    target = next((each for each in TARGETS if each == milestone.reference.stage), None)
    if target is not None and "prior-only" not in now.notes:
        staged, moves, ceiling = _staged(now, target, clock, known, dyad, stages or {})
        layers.append(_layer("stage", STAGE_METHOD, now, staged, moves))
        told = tuple(occurrences)
        moves = moves_of(told, target, made=made, since=clock, dyad=dyad)
        also = moves_of(told, "relations_restored", made=made, since=clock, dyad=dyad)
        ceiling = tuple((day, round(shifted(share, _sum(also)), DIGITS)) for day, share in ceiling)
        now = _capped(_shift(staged, _sum(moves)), ceiling)
        layers.append(_layer("events", EVENTS, staged, now, moves))
    if adjustment is not None:
        adjusted = _capped(_shift(now, adjustment.log_odds), ceiling)
        move = Move(adjustment.why.strip(), adjustment.log_odds, made, by=adjustment.by.strip())
        layers.append(_layer("analyst", ANALYST, now, adjusted, [move]))
        now = adjusted
    return replace(now, method=METHOD, layers=tuple(layers))


def _sum(moves: Iterable[Move]) -> float:
    return math.fsum(move.log_odds for move in moves)
