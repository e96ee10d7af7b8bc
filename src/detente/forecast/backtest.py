"""Does the model beat the plain base rate? Each past case is forecast from its first day, from other cases only.

`python -m detente.forecast.backtest` prints the table. Two ways of looking away:

- left out: the model is fitted to all other pairs of states, later ones included;
- rolling: it is fitted to what was known on the case's first day, later outcomes still open.

A case still open before a horizon has no outcome there. It is left out and the others are weighted up for it by the
share not yet cut off at that wait (inverse probability of censoring: Graf et al. 1999, Statistics in Medicine 18,
2529-2545).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import ForecastError
from detente.forecast.aalen_johansen import BaseRate
from detente.forecast.cases import Case, Stage, load_cases
from detente.forecast.cure import LATENCIES, SEED, fit, log_density, most_probable
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.spells import Spell, spells

Floats = NDArray[np.float64]

HORIZONS_YEARS = (1, 2, 5)
SCORED_STAGES: tuple[Stage, ...] = ("ambassadors_exchanged", "relations_restored")
# Fewer past waits than this and the rolling forecast is the prior's rather than the model's.
LEAST_PAST = 20
RESAMPLES = 2000


def censoring_weights(left: Floats, cut_off: NDArray[np.bool_], horizon_days: float) -> Floats:
    """Inverse probability that what happened by a horizon is known; 0 where it is not. Shapes (cases,)."""
    weights = np.ones(len(left))
    for day in np.sort(left[cut_off]):
        if day < horizon_days:
            weights[left > day] /= 1 - 1 / np.sum(left >= day)
    weights[cut_off & (left < horizon_days)] = 0.0
    return weights


def _scores(found: Sequence[Spell], shares: Mapping[str, Floats], horizons_years: Sequence[float]) -> dict[str, Any]:
    """Brier scores by horizon of forecasts of shape (cases, horizons), and skill with its interval."""
    losses: dict[str, list[Floats]] = {name: [] for name in shares}
    table: dict[str, Any] = {"n": len(found), "brier": {}}
    waited = np.array([spell.days for spell in found], dtype=np.float64)
    cut_off = np.array([spell.ending == "open" for spell in found])
    for column, years in enumerate(horizons_years):
        days = years * DAYS_A_YEAR
        weights = censoring_weights(waited, cut_off, days)
        happened = np.array([spell.ending == "reached" and spell.days <= days for spell in found], dtype=np.float64)
        for name, given in shares.items():
            losses[name].append(weights * (given[:, column] - happened) ** 2)
        table["brier"][years] = {
            "scored": int((weights > 0).sum()),
            "reached": int(happened.sum()),
            **{name: round(float(losses[name][-1].mean()), 4) for name in shares},
        }
    mean = {name: np.mean(each, axis=0) for name, each in losses.items()}
    table["mean"] = {name: round(float(loss.mean()), 4) for name, loss in mean.items()}
    table["skill"], table["skill_interval"] = _skill(found, mean["cure-map.v1"], mean["aalen-johansen.v1"])
    return table


def _skill(found: Sequence[Spell], model: Floats, base: Floats) -> tuple[float, tuple[float, float]]:
    """Share of the base rate's loss that the model saves, with a 95 % interval over resampled pairs of states."""
    groups: dict[str, list[int]] = {}
    for i, spell in enumerate(found):
        groups.setdefault(spell.group, []).append(i)
    sums = np.array([[model[members].sum(), base[members].sum()] for members in groups.values()])
    counts = np.random.default_rng(SEED).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES)
    drawn = counts @ sums
    low, high = np.quantile(1 - drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return round(float(1 - model.sum() / base.sum()), 4), (round(float(low), 4), round(float(high), 4))


def _first_day_shares(past: Sequence[Spell], horizons_years: Sequence[float]) -> tuple[list[float], list[float]]:
    model, base = fit(past).mode, BaseRate(tuple(past))
    return (
        [model.reached(0.0, years) for years in horizons_years],
        [base.reached(0.0, years * DAYS_A_YEAR) for years in horizons_years],
    )


def _left_out(found: Sequence[Spell], horizons_years: Sequence[float]) -> dict[str, Any]:
    model, base = np.zeros((2, len(found), len(horizons_years)))
    log_scores = dict.fromkeys(LATENCIES, 0.0)
    groups = {spell.group for spell in found}
    for group in sorted(groups):
        past = [spell for spell in found if spell.group != group]
        own = [i for i, spell in enumerate(found) if spell.group == group]
        model[own], base[own] = _first_day_shares(past, horizons_years)
        for latency in LATENCIES:
            log_scores[latency] += log_density(most_probable(past, latency), [found[i] for i in own])
    table = _scores(found, {"cure-map.v1": model, "aalen-johansen.v1": base}, horizons_years)
    table["pairs"] = len(groups)
    table["log_score"] = {latency: round(total / len(groups), 4) for latency, total in log_scores.items()}
    return table


def _rolling(
    cases: Sequence[Case], found: Sequence[Spell], stage: Stage, horizons_years: Sequence[float]
) -> dict[str, Any]:
    starts = {case.label: case.process_start for case in cases}
    kept: list[Spell] = []
    shares: list[tuple[list[float], list[float]]] = []
    for spell in found:
        start = starts[spell.case]
        if start is None or spell.dyad is None:
            continue
        past = spells(cases, stage, as_of=start, own=(spell.dyad, start)).spells
        if len(past) >= LEAST_PAST:
            kept.append(spell)
            shares.append(_first_day_shares(past, horizons_years))
    if not kept:
        raise ForecastError(f"{stage}: no case has {LEAST_PAST} earlier ones. Give more cases.")
    model, base = (np.array(each) for each in zip(*shares, strict=True))
    return _scores(kept, {"cure-map.v1": model, "aalen-johansen.v1": base}, horizons_years)


def backtest(
    *,
    cases: Iterable[Case] | None = None,
    stages: Sequence[Stage] = SCORED_STAGES,
    horizons_years: Sequence[float] = HORIZONS_YEARS,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Score `cure-map.v1` against the Aalen-Johansen base rate on past cases, each forecast from its first day.

    Args:
        cases: By default those of the package.
        as_of: Day on which outcomes are read; by default the last the table was looked at.

    Returns:
        By stage: `left_out` and `rolling`, each with `n`; `brier` by horizon in years (`scored` cases whose state is
        known there, `reached` of them, score of either method); `mean` over horizons; `skill`, the share of the base
        rate's loss that the model saves, with `skill_interval`, 95 % over resampled pairs of states. `left_out` has
        `log_score` too, mean log density for a left-out pair by form of the wait.

    Raises:
        ForecastError: No case has enough earlier ones.
    """
    known = load_cases() if cases is None else tuple(cases)
    day = as_of or max(case.end_date for case in known)
    result: dict[str, Any] = {}
    for stage in stages:
        found = spells(known, stage, as_of=day).spells
        result[stage] = {
            "left_out": _left_out(found, horizons_years),
            "rolling": _rolling(known, found, stage, horizons_years),
        }
    return result


def table(result: Mapping[str, Any]) -> str:
    """What `backtest` returns, as text for a terminal."""
    lines = []
    for stage, ways in result.items():
        for way, scores in ways.items():
            lines.append(f"{stage}, {way.replace('_', ' ')}: n = {scores['n']}")
            lines.append("  years  scored  reached  cure-map.v1  aalen-johansen.v1")
            for years, row in scores["brier"].items():
                lines.append(
                    f"  {years:>5}  {row['scored']:>6}  {row['reached']:>7}  {row['cure-map.v1']:>11.4f}"
                    f"  {row['aalen-johansen.v1']:>17.4f}"
                )
            mean, (low, high) = scores["mean"], scores["skill_interval"]
            lines.append(f"   mean {mean['cure-map.v1']:>30.4f}  {mean['aalen-johansen.v1']:>17.4f}")
            lines.append(f"  skill {scores['skill']:+.1%}, 95 % interval {low:+.1%} to {high:+.1%}")
            for latency, score in scores.get("log_score", {}).items():
                lines.append(f"  log score, {latency}: {score:.4f} a pair of states")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table(backtest()))


if __name__ == "__main__":
    main()
