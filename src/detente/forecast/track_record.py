"""How good the forecasts that were kept turned out to be, beside the base rate and "nothing changes".

Every kept forecast stays. One is scored when two people have settled its question and its deadline has passed, and only
if it was kept before the answer could be known. "No" is not known before the deadline: to score a "yes" as soon as it
comes would flatter those who say yes. So would scoring them beyond the deadline: what comes after it is not known where
the answer is no.

The dates of a chain share one answer, so that they count as one question; a question counts once, however often it was
forecast.

Source:
    Graf, Schmoor, Sauerbrei & Schumacher (1999), Statistics in Medicine 18, 2529-2545 (Brier score of "by when" at a
    fixed time, which a case cut off before that time does not have; scored after the deadline none is cut off, and no
    weights are needed).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, pairwise
from typing import Literal, get_args

from detente.errors import ForecastError
from detente.forecast.cases import Case
from detente.forecast.if_and_when import CURVE_MONTHS, base_rate_forecast
from detente.forecast.months import months_later
from detente.forecast.scores import (
    brier,
    calibration_slope,
    log_score,
    monthly_hazards,
    monthly_shares,
    ranked_probability,
)
from detente.ledger import LoggedForecast, Poll
from detente.measures.intervals import wilson
from detente.terms import Dyad, Forecast, Layer, LayerName, Milestone, Resolution

HORIZONS: tuple[int, ...] = (1, 3, 6, 12, 24)
"""Months from the day a forecast speaks from."""
LEAST_QUESTIONS = 10
"""Fewer questions carry no claim, whatever their intervals say: a few that end alike have intervals of no width."""
LEAST_CHANCE = 0.00005
"""Forecasts keep four digits: a chance of a month that was rounded to 0 counts as half of the last one."""
BINS: tuple[float, ...] = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Of a 90 % interval."""

NO_CHANGE = "no-change.v1"
Rival = Literal["base-rate", "no-change"]
RIVALS: tuple[Rival, ...] = ("base-rate", "no-change")
Fate = Literal["scored", "open", "void", "late"]
Verdict = Literal["better", "worse", "not yet distinguishable"]
LAYER_NAMES: tuple[LayerName, ...] = get_args(LayerName)
LAYER_SCORES: tuple[str, ...] = ("ranked-probability", "log", "brier:deadline")
Way = Literal["default", "posterior"]
WAYS: tuple[Way, ...] = get_args(Way)
"""How a forecast was made: as it is by default, or averaged over the whole posterior (`--posterior`)."""
Cases = Callable[[date], Sequence[Case]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One kept forecast and what became of it.

    Attributes:
        question: The chain its question belongs to, or its milestone.
        fate: `open` while no two people agree or the deadline has not passed; `late` where it was kept when the answer
            could be known.
        scores: By score (see `scores_of`), lower is better; empty unless scored.
        rivals: By rival, the same scores of what it said that day; no base rate where no past case compares.
        in_window: Whether it came within the 80 % window; None unless it came in time and a window was given.
        layers: By layer, the same scores of the forecast as it stood after that step.
    """

    logged: LoggedForecast
    question: str
    fate: Fate
    resolution: Resolution | None
    scores: Mapping[str, float]
    rivals: Mapping[Rival, Mapping[str, float]]
    in_window: bool | None
    layers: Mapping[LayerName, Mapping[str, float]] = field(default_factory=dict)

    @property
    def way(self) -> Way:
        return "posterior" if any(n.startswith("posterior:") for n in self.logged.forecast.notes) else "default"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our forecasts and a rival's by one score, on the same forecasts; intervals are of 90 %, None for one question."""

    score: str
    rival: Rival
    forecasts: int
    questions: int
    ours: float
    ours_interval: tuple[float, float] | None
    theirs: float
    theirs_interval: tuple[float, float] | None

    @property
    def verdict(self) -> Verdict:
        ours, theirs = self.ours_interval, self.theirs_interval
        if self.questions < LEAST_QUESTIONS or ours is None or theirs is None:
            return "not yet distinguishable"
        if ours[1] < theirs[0]:
            return "better"
        return "worse" if theirs[1] < ours[0] else "not yet distinguishable"


@dataclass(frozen=True, slots=True)
class Share:
    """How often something held, with a 90 % interval (Wilson) over questions."""

    forecasts: int
    questions: int
    share: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts whose chance by the deadline lies in [low, high): what they said, and how often it came."""

    low: float
    high: float
    said: float
    came: Share


@dataclass(frozen=True, slots=True)
class LayerStep:
    """What one layer did to a score: before and after it on the same forecasts, lower is better.

    Attributes:
        gain: Mean over questions of what it saved; below 0 it made forecasts worse. With a 90 % interval.
    """

    layer: LayerName
    score: str
    forecasts: int
    questions: int
    before: float
    after: float
    gain: float
    gain_interval: tuple[float, float] | None

    @property
    def verdict(self) -> Verdict:
        if self.questions < LEAST_QUESTIONS or self.gain_interval is None:
            return "not yet distinguishable"
        low, high = self.gain_interval
        return "better" if low > 0 else "worse" if high < 0 else "not yet distinguishable"


@dataclass(frozen=True, slots=True)
class Together:
    """What the scored forecasts that were made in one way show together: two ways are two methods, never averaged.

    Attributes:
        slope: Of calibration, by the deadline (`detente.forecast.scores`); None for too few questions.
    """

    way: Way
    comparisons: tuple[Comparison, ...]
    calibration: tuple[Bin, ...]
    coverage: Share | None
    layers: tuple[LayerStep, ...]
    slope: float | None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Every kept forecast in order, and what the scored ones show together, for each way with one."""

    forecasts: tuple[Judged, ...]
    ways: tuple[Together, ...]

    @property
    def logged(self) -> tuple[LoggedForecast, ...]:
        """The forecasts as they were kept."""
        return tuple(each.logged for each in self.forecasts)

    def of(self, *milestones: str) -> tuple[Judged, ...]:
        """Forecasts that were kept of some milestones, by id, in order."""
        return tuple(each for each in self.forecasts if each.logged.forecast.milestone in milestones)


def scores_of(forecast: Forecast, came: date | None) -> dict[str, float]:
    """Score a forecast of a question that is settled.

    Args:
        came: Day it was reached, by the deadline; None where it was not.

    Returns:
        `brier:deadline`; `brier:1` to `brier:24` for the horizons that end by the deadline; where a whole month does,
        `ranked-probability` and `log` (a month) over the whole months up to the deadline, five years at most.

    >>> from datetime import date
    >>> made, half = date(2026, 1, 1), date(2026, 2, 1)
    >>> even = Forecast("ferry", made, date(2026, 3, 1), 0.5, (0.5, 0.5), 0.5, (0.5, 0.5), None, None,
    ...     ((made, 0.0), (half, 0.25), (date(2026, 3, 1), 0.5)), 0, 0, "none", "coin.v1")
    >>> scores_of(even, date(2026, 1, 20))
    {'brier:deadline': 0.25, 'brier:1': 0.5625, 'ranked-probability': 0.40625, 'log': 1.38629436112}
    """
    made, deadline = forecast.made, forecast.deadline
    found = {"brier:deadline": brier([forecast.probability], [int(came is not None)])}
    months = [m for m in range(1, CURVE_MONTHS + 1) if months_later(made, m) <= deadline]
    if not months:
        return found
    shares = monthly_shares(forecast, months[-1])
    ends = [months_later(made, m) for m in months]
    for horizon in HORIZONS:
        if horizon <= months[-1]:
            chance = min(1.0, math.fsum(shares[:horizon]))
            found[f"brier:{horizon}"] = brier([chance], [int(came is not None and came <= ends[horizon - 1])])
    outcome = next((i for i, end in enumerate(ends) if came is not None and came <= end), len(ends))
    found["ranked-probability"] = ranked_probability(shares, outcome)
    hazards = [min(1 - LEAST_CHANCE, max(LEAST_CHANCE, hazard)) for hazard in monthly_hazards(shares)]
    found["log"] = log_score(hazards[: outcome + 1], outcome if outcome < len(ends) else None)
    return found


def no_change(forecast: Forecast) -> Forecast:
    """The forecast that all stays as it is, for the same question and days."""
    still = tuple((day, 0.0) for day, _ in forecast.curve)
    return replace(forecast, probability=0.0, never=1.0, curve=still, window=None, median_day=None, method=NO_CHANGE)


def judge(
    logged: LoggedForecast, milestone: Milestone | None, poll: Poll | None, *, dyad: Dyad, cases: Cases, today: date
) -> Judged:
    """What became of one kept forecast.

    Args:
        milestone: Its question as it was opened; None where it never was.
        cases: Past cases known on a day, for the base rate of that day.
        today: A question is scored once its deadline lies before this day, whatever its answer.

    Raises:
        ForecastError: The cases cannot be read.
    """
    forecast, resolution = logged.forecast, poll.resolution if poll else None
    question = (milestone.chain if milestone else "") or forecast.milestone
    fate: Fate = "open"
    if resolution is not None:
        known = resolution.day if resolution.answer == "yes" else forecast.deadline
        late = max(logged.recorded.date(), forecast.made) >= known
        if resolution.answer == "void":
            fate = "void"
        elif late:
            fate = "late"
        elif forecast.deadline < today:
            fate = "scored"
    if fate != "scored" or resolution is None or milestone is None:
        return Judged(logged, question, fate, resolution, {}, {}, None)
    came = resolution.day if resolution.answer == "yes" else None
    rivals: dict[Rival, Mapping[str, float]] = {"no-change": scores_of(no_change(forecast), came)}
    past = cases(forecast.made)
    put = replace(milestone, resolution=None)
    with suppress(ForecastError):  # No past case compares with it: there is no base rate.
        rivals["base-rate"] = scores_of(base_rate_forecast(put, made=forecast.made, dyad=dyad, cases=past), came)
    in_window = None
    if came is not None and forecast.window is not None:
        in_window = forecast.window[0] <= came <= forecast.window[1]
    steps = {layer.name: scores_of(_after(forecast, layer), came) for layer in forecast.layers}
    return Judged(logged, question, fate, resolution, scores_of(forecast, came), rivals, in_window, steps)


def _after(forecast: Forecast, layer: Layer) -> Forecast:
    """The forecast as it stood after one step."""
    return replace(forecast, probability=layer.probability, never=layer.never, curve=layer.curve, method=layer.method)


def track_record(
    kept: Iterable[LoggedForecast],
    milestones: Mapping[str, Milestone],
    polls: Mapping[str, Poll],
    *,
    dyad: Dyad,
    cases: Cases,
    today: date,
) -> TrackRecord:
    """Judge every kept forecast, and all of them together.

    Args:
        kept: In order of recording.
        milestones: Questions as they were opened, by id.
        polls: How far each is settled, by id.
        cases: Past cases known on a day.
        today: The day the record speaks of.

    Raises:
        ForecastError: The cases cannot be read.
    """
    judged = tuple(
        judge(each, milestones.get(name), polls.get(name), dyad=dyad, cases=cases, today=today)
        for each in kept
        for name in (each.forecast.milestone,)
    )
    scored = [each for each in judged if each.fate == "scored"]
    made = {way: [each for each in scored if each.way == way] for way in WAYS}
    return TrackRecord(judged, tuple(_together(way, held) for way, held in made.items() if held))


def _together(way: Way, scored: Sequence[Judged]) -> Together:
    names = ("ranked-probability", "log", "brier:deadline", *(f"brier:{horizon}" for horizon in HORIZONS))
    windows = [(each.question, float(each.in_window)) for each in scored if each.in_window is not None]
    return Together(
        way,
        tuple(found for name in names for rival in RIVALS if (found := _compare(scored, name, rival))),
        tuple(_calibration(scored)),
        _share(windows),
        tuple(step for name in LAYER_SCORES for step in _steps(scored, name)),
        _slope(scored),
    )


def _steps(scored: Sequence[Judged], name: str) -> Iterable[LayerStep]:
    for layer in LAYER_NAMES[1:]:
        found = []
        for each in scored:
            names = list(each.layers)
            if layer in names[1:] and name in each.layers[layer]:
                found.append(
                    (each.question, each.layers[names[names.index(layer) - 1]][name], each.layers[layer][name])
                )
        if not found:
            continue
        before, after = (_by_question((each[0], each[i]) for each in found) for i in (1, 2))  # type: ignore[misc]
        gains = [earlier - later for earlier, later in zip(before, after, strict=True)]
        gain, interval = _spread(gains)
        first, second = (round(math.fsum(values) / len(values), 6) for values in (before, after))
        yield LayerStep(layer, name, len(found), len(gains), first, second, gain, interval)


def _slope(scored: Sequence[Judged]) -> float | None:
    if len({each.question for each in scored}) < LEAST_QUESTIONS:
        return None
    came = [int(each.resolution is not None and each.resolution.answer == "yes") for each in scored]
    said = [each.logged.forecast.probability for each in scored]
    return calibration_slope(said, came) if len(set(came)) > 1 and len(set(said)) > 1 else None


def _by_question(pairs: Iterable[tuple[str, float]]) -> list[float]:
    """One mean for each question."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    groups = ([value for _, value in group] for _, group in groupby(ordered, key=lambda pair: pair[0]))
    return [math.fsum(values) / len(values) for values in groups]


def _mean(values: Sequence[float], most: float) -> tuple[float, tuple[float, float] | None]:
    """Mean over questions with its 90 % interval, between 0 and the most a score can be."""
    mean, interval = _spread(values)
    return mean, (max(0.0, interval[0]), min(most, interval[1])) if interval else None


def _spread(values: Sequence[float]) -> tuple[float, tuple[float, float] | None]:
    """Mean with its 90 % interval by Student's t."""
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return round(mean, 6), None
    from scipy.special import stdtrit

    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))
    half = float(stdtrit(len(values) - 1, 0.95)) * spread
    return round(mean, 6), (round(mean - half, 6), round(mean + half, 6))


def _compare(scored: Sequence[Judged], name: str, rival: Rival) -> Comparison | None:
    both = [each for each in scored if name in each.scores and name in each.rivals.get(rival, {})]
    if not both:
        return None
    ours = _by_question((each.question, each.scores[name]) for each in both)
    theirs = _by_question((each.question, each.rivals[rival][name]) for each in both)
    most = math.inf if name == "log" else 1.0
    return Comparison(name, rival, len(both), len(ours), *_mean(ours, most), *_mean(theirs, most))


def _share(pairs: Sequence[tuple[str, float]]) -> Share | None:
    """Share of questions, each counted once."""
    if not pairs:
        return None
    values = _by_question(pairs)
    n, share = len(values), math.fsum(values) / len(values)
    low, high = wilson(share, n)
    return Share(len(pairs), n, round(share, 4), (round(low, 4), round(high, 4)))


def _calibration(scored: Sequence[Judged]) -> Iterable[Bin]:
    for low, high in pairwise(BINS):
        held = [
            each
            for each in scored
            if low <= each.logged.forecast.probability < high or each.logged.forecast.probability == high == 1
        ]
        came = _share([(e.question, float(e.resolution is not None and e.resolution.answer == "yes")) for e in held])
        if came:
            said = _by_question((each.question, each.logged.forecast.probability) for each in held)
            yield Bin(low, high, round(math.fsum(said) / len(said), 4), came)
