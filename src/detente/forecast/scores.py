"""How good forecasts were, once it is known: lower is better in all three."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

from detente.errors import ForecastError
from detente.forecast.months import months_later
from detente.terms import Forecast


def _check_shares(values: Sequence[float], what: str) -> None:
    for i, value in enumerate(values):
        if not 0 <= value <= 1:
            raise ForecastError(f"{what}[{i}] is {value}, outside [0, 1]. Divide percentages by 100.")


def brier(probability: Sequence[float], reached: Sequence[int]) -> float:
    """Score forecasts that a milestone is reached before its deadline.

    Args:
        probability: Shape (n,), chance given to "reached", in [0, 1].
        reached: Shape (n,), 1 where it was reached by the deadline, 0 where not.

    Returns:
        Mean squared distance, in [0, 1]. 0 is perfect; always saying 0.5 earns 0.25.

    Raises:
        ForecastError: Nothing is given, lengths differ, a probability leaves [0, 1] or an outcome is not 0 or 1.

    Source:
        Brier (1950), Monthly Weather Review 78, 1-3.

    >>> brier([0.75, 0.25], [1, 0])
    0.0625
    """
    if not probability or len(probability) != len(reached):
        raise ForecastError(f"{len(probability)} probabilities for {len(reached)} outcomes. Give one of each.")
    _check_shares(probability, "probability")
    for i, outcome in enumerate(reached):
        if outcome not in (0, 1):
            raise ForecastError(f"reached[{i}] is {outcome}, expected 0 or 1. Leave open questions out.")
    return round(sum((p - r) ** 2 for p, r in zip(probability, reached, strict=True)) / len(reached), 12)


def ranked_probability(shares: Sequence[float], outcome: int) -> float:
    """Score a forecast of the month, with "not by the horizon" as its last bin.

    A forecast one month off loses less than one a year off, and "never" pays like any other answer. Nothing is
    unknown once the horizon has passed, so open cases need no weights.

    Args:
        shares: Shape (months + 1,), chance of each month in order, then of none of them; sums to 1.
        outcome: Index of the bin that came true.

    Returns:
        Mean squared distance between the two cumulative distributions, in [0, 1]; 0 is perfect.

    Raises:
        ForecastError: Fewer than two bins, a share outside [0, 1], a sum other than 1, or no such bin.

    Source:
        Epstein (1969), Journal of Applied Meteorology 8, 985-987.

    >>> ranked_probability([0.5, 0.25, 0.25], 0)
    0.15625
    """
    if len(shares) < 2 or not 0 <= outcome < len(shares):
        raise ForecastError(f"outcome {outcome} among {len(shares)} bins. Give two bins or more, counted from 0.")
    _check_shares(shares, "shares")
    if not math.isclose(math.fsum(shares), 1.0, abs_tol=1e-6):
        raise ForecastError(f"shares sum to {math.fsum(shares)}, expected 1. Add the share of 'not by the horizon'.")
    squares = [(given - (outcome <= i)) ** 2 for i, given in enumerate(accumulate(shares[:-1]))]
    return round(math.fsum(squares) / len(squares), 12)


def log_score(hazards: Sequence[float], reached_in: int | None = None) -> float:
    """Score a chain of month-ahead forecasts while a milestone stays open.

    Each month's hazard is the chance of reaching it in that month, given that it was open when the month began. The
    months after the last one given are simply not scored, so an open milestone can be scored as exactly as a reached
    one.

    Args:
        hazards: Shape (months,), in [0, 1], months that have passed, up to the one in which it was reached.
        reached_in: Index of the month in which it was reached, which must be the last; None where it is still open.

    Returns:
        Mean negative log likelihood in nats a month, from 0; infinite where what happened was given no chance.

    Raises:
        ForecastError: No month, a hazard outside [0, 1], or months given after the one in which it was reached.

    Source:
        Dawid (1984), Journal of the Royal Statistical Society A 147, 278-292.

    >>> log_score([0.5, 0.5], 1)
    0.69314718056
    """
    if not hazards or (reached_in is not None and reached_in != len(hazards) - 1):
        raise ForecastError(
            f"{len(hazards)} months with the event in month {reached_in}. End the months where it was reached."
        )
    _check_shares(hazards, "hazards")
    chances = [1 - hazard for hazard in hazards]
    if reached_in is not None:
        chances[-1] = hazards[-1]
    if min(chances) == 0:
        return math.inf
    return round(math.fsum(-math.log(chance) for chance in chances) / len(chances), 12) + 0.0


def calibration_slope(probability: Sequence[float], reached: Sequence[int]) -> float:
    """How far outcomes follow the log odds they were given: 1 is calibrated, below 1 forecasts are too extreme.

    Logistic regression of the outcome on the log odds, with intercept. A chance of 0 or 1 counts as 0.001 from it.

    Args:
        probability, reached: As in `brier`; both outcomes must occur.

    Raises:
        ForecastError: Also where all outcomes are alike, or all chances: there is no slope.

    Source:
        Cox (1958), Biometrika 45, 562-565.

    >>> said = [0.2] * 10 + [0.8] * 10
    >>> calibration_slope(said, [1] * 2 + [0] * 8 + [1] * 8 + [0] * 2)
    1.0
    """
    brier(probability, reached)
    given = [math.log(p / (1 - p)) for p in (min(0.999, max(0.001, each)) for each in probability)]
    if len(set(reached)) < 2 or len(set(given)) < 2:
        raise ForecastError("all outcomes or all chances are alike, so there is no slope. Give some of both.")
    mean = math.fsum(given) / len(given)
    level = slope = 0.0
    for _ in range(100):
        chances = [1 / (1 + math.exp(-(level + slope * (x - mean)))) for x in given]
        errors = [y - p for y, p in zip(reached, chances, strict=True)]
        a = math.fsum(p * (1 - p) for p in chances) + 1e-12
        b = math.fsum(p * (1 - p) * (x - mean) for x, p in zip(given, chances, strict=True))
        c = math.fsum(p * (1 - p) * (x - mean) ** 2 for x, p in zip(given, chances, strict=True)) + 1e-12
        u, v = math.fsum(errors), math.fsum(e * (x - mean) for x, e in zip(given, errors, strict=True))
        step = ((c * u - b * v) / (a * c - b * b), (a * v - b * u) / (a * c - b * b))
        shrink = min(1.0, 5.0 / max(1e-12, *map(abs, step)))
        level, slope = level + shrink * step[0], slope + shrink * step[1]
        if max(map(abs, step)) < 1e-10 or abs(slope) > 100:  # Beyond, chances separate outcomes: it has no bound.
            break
    return round(slope, 6)


def monthly_shares(forecast: Forecast, months: int) -> tuple[float, ...]:
    """A forecast's chance of each of the next calendar months, then of none of them.

    Args:
        months: How many, counted from the day it was made; its curve must reach so far.

    Returns:
        Shape (months + 1,), summing to 1; `ranked_probability` scores it.

    Raises:
        ForecastError: The curve ends earlier, or no month is asked for.
    """
    first, last = forecast.curve[0][0], forecast.curve[-1][0]
    ends = [months_later(forecast.made, month) for month in range(max(0, months) + 1)]
    if months < 1 or first > ends[0] or ends[-1] > last:
        raise ForecastError(
            f"{forecast.milestone}: {months} months asked of a forecast made {forecast.made}, whose curve goes from "
            f"{first} to {last}. Ask for 1 month or more, inside the curve."
        )
    by_end = [forecast.by(day) for day in ends]
    steps = [later - earlier for earlier, later in pairwise(by_end)]
    return (*steps, 1 - math.fsum(steps))


def monthly_hazards(shares: Sequence[float]) -> tuple[float, ...]:
    """Chance of each month, given that it is still open when that month begins; `log_score` scores it.

    Args:
        shares: Shape (months + 1,), as `monthly_shares` gives them.

    Returns:
        Shape (months,), in [0, 1]; 0 where nothing is left to happen.

    >>> monthly_hazards([0.5, 0.25, 0.25])
    (0.5, 0.5)
    """
    _check_shares(shares, "shares")
    left = [math.fsum(shares[i:]) for i in range(len(shares) - 1)]
    return tuple(min(1.0, share / rest) if rest > 0 else 0.0 for share, rest in zip(shares, left, strict=False))
