"""If and when: skill over the base rate on past processes, and how the cure share is found in small samples. Markdown.

    python benchmarks/forecast.py

Some ten minutes on one core. The comparison with lifelines needs `pip install lifelines==0.30.3`; without it our own
columns are printed alone. `--only skill`, `--only shrinking`, `--only simulation` or `--only evidence` prints one part,
`--runs N` sets the number of samples. Two parts are printed only when asked for, as they take some ten minutes
each: `--only posterior` (the whole posterior beside the normal approximation, every sixth month) and `--only coverage`
(intervals of the share that never gets there, both ways). `--only evidence --write FILE` writes what
`detente.forecast.event_evidence` ships.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detente.forecast.cases import Case, load_cases
from detente.forecast.cure import EVER_PRIOR, MEDIAN_PRIOR, SPREAD_PRIOR, fit
from detente.forecast.cure_regression import Wait, fit_regression
from detente.forecast.event_evidence import COLUMNS, VINTAGES, learn
from detente.forecast.landmarks import HORIZON_MONTHS, Backtest, Landmark, Way, backtest, skill
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.scores import calibration_slope
from detente.forecast.spells import Ending, Spell
from detente.forecast.stage_chain import TARGETS, Chain, fit_chain

CHOSEN_BEFORE = date(2005, 1, 1)
"""Forecasts that speak from before this day chose covariates and priors; later ones chose nothing."""
LEAST_BLOCS = 10
HALF_YEARLY = (0, 6, 12, 18, 24, 36)
SIZE = 40
TRUE_NEVER = (0.2, 0.4, 0.7)
FOLLOW_UPS = ((3.0, 40.0), (1.0, 8.0))
TRUE_MEDIAN, TRUE_SHAPE = 4.0, 1.2
AT_THE_EDGE = 0.01
SEED = 2026
Floats = NDArray[np.float64]


def skills() -> None:
    print("## Skill over the Aalen-Johansen base rate, Brier score meant over 1 to 24 months\n")
    print("| target | way | landmarks | n | processes | blocs | base rate | stage-chain.v1 | skill | 95 % interval |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    parts: tuple[tuple[str, Callable[[Landmark], bool]], ...] = (
        ("months 0 to 36", lambda _: True),
        ("months 0, 6, 12, 18, 24, 36", lambda each: each.month in HALF_YEARLY),
        ("months 0 to 36, before 2005", lambda each: each.day < CHOSEN_BEFORE),
        ("months 0 to 36, since 2005", lambda each: each.day >= CHOSEN_BEFORE),
        *((f"month {month} alone", lambda each, month=month: each.month == month) for month in HALF_YEARLY),  # type: ignore[misc]
    )
    for target in TARGETS:
        for way in get_args(Way):
            found = backtest(load_cases(), target, way)
            for name, wanted in parts:
                s = skill(found.only(wanted))
                print(
                    f"| {target} | {way} | {name} | {s.landmarks} | {s.processes} | {s.blocs} | {s.base:.4f} | "
                    f"{s.model:.4f} | {s.skill:+.1%} | {s.interval[0]:+.1%} to {s.interval[1]:+.1%} |",
                    flush=True,
                )


def shrinking() -> None:
    """Whether drawing the chain toward the base rate helps, by as much as earlier forecasts would have wanted.

    Each forecast is drawn by the amount that would have given the least loss over forecasts of other blocs whose
    outcome was known on its own day; 1 leaves the chain as it is.
    """
    amounts = np.linspace(0, 1.2, 25)
    print("\n## The chain drawn toward the base rate, rolling, months 0 to 36\n")
    print("| target | as it is | amounts chosen from the past | 95 % of the gain in Brier | slopes | best, hindsight |")
    print("|---|---|---|---|---|---|")
    for target in TARGETS:
        found = backtest(load_cases(), target, "rolling")

        def drawn(amount: float | Floats, found: Backtest = found) -> Floats:
            return np.clip(found.base + amount * (found.model - found.base), 0.0, 1.0)

        chosen = chosen_amounts(found, amounts, [drawn(amount) for amount in amounts])
        nested = replace(found, model=drawn(chosen[:, None]))
        gain = (found.weights * ((found.model - found.came) ** 2 - (nested.model - found.came) ** 2)).mean(axis=1)
        _, bloc = np.unique(found.blocs, return_inverse=True)
        sums, counts = np.bincount(bloc, gain), np.bincount(bloc)
        draws = np.random.default_rng(SEED).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=2000)
        low, high = np.quantile(draws @ sums / (draws @ counts), [0.025, 0.975])
        slopes = []
        half = np.array([each.month in HALF_YEARLY for each in found.landmarks])
        for months in (6, 12, 24):
            known = half & (found.weights[:, months - 1] > 0)
            said, came = nested.model[known, months - 1], found.came[known, months - 1]
            slopes.append(f"{calibration_slope(said.tolist(), came.astype(int).tolist()):.2f}")
        best = max((skill(replace(found, model=drawn(amount))).skill, amount) for amount in amounts)
        print(
            f"| {target} | {skill(found).skill:+.1%} | {skill(nested).skill:+.1%} (mean amount {chosen.mean():.2f}) | "
            f"{low:+.4f} to {high:+.4f} | {', '.join(slopes)} | {best[0]:+.1%} at {best[1]:.2f} |",
            flush=True,
        )


def chosen_amounts(found: Backtest, amounts: Floats, models: Sequence[Floats]) -> Floats:
    """For each landmark, the amount with the least loss by its day; 1 while fewer than ten other blocs are known."""
    losses = np.array([(found.weights * (model - found.came) ** 2).ravel() for model in models])
    horizons = np.arange(1, HORIZON_MONTHS + 1) * DAYS_A_YEAR / 12
    day = np.array([each.day.toordinal() for each in found.landmarks], dtype=np.float64)
    known_on = np.where(found.weights > 0, day[:, None] + horizons, np.inf).ravel()
    bloc = np.repeat(found.blocs, HORIZON_MONTHS)

    def until(which: NDArray[np.bool_]) -> Callable[[float], Floats]:
        order = np.flatnonzero(which)[np.argsort(known_on[which], kind="stable")]
        sums = np.concatenate([np.zeros((len(losses), 1)), np.cumsum(losses[:, order], axis=1)], axis=1)
        days = known_on[order]
        return lambda last: sums[:, np.searchsorted(days, last, side="right")]

    whole = until(np.ones(len(bloc), dtype=bool))
    own = {each: until(bloc == each) for each in np.unique(found.blocs).tolist()}
    first = {each: known_on[bloc == each].min() for each in own}
    chosen = np.ones(len(day))
    for i, (last, mine) in enumerate(zip(day.tolist(), found.blocs.tolist(), strict=True)):
        if sum(begun <= last for each, begun in first.items() if each != mine) >= LEAST_BLOCS:
            chosen[i] = amounts[np.argmin(whole(last) - own[mine](last))]
    return chosen


def calibration() -> None:
    """Slope of calibration of rolling forecasts, of what is known at the horizon; 1 is calibrated."""
    print("\n## Calibration slope, rolling, asked at months 0, 6, 12, 18, 24 and 36\n")
    print("| target | within | n known | base rate | stage-chain.v1 |")
    print("|---|---|---|---|---|")
    for target in TARGETS:
        found = backtest(load_cases(), target, "rolling", months=HALF_YEARLY)
        for months in (6, 12, 24):
            known = found.weights[:, months - 1] > 0
            came = found.came[known, months - 1].astype(int).tolist()
            base, model = (each[known, months - 1].tolist() for each in (found.base, found.model))
            slopes = " | ".join(f"{calibration_slope(each, came):.2f}" for each in (base, model))
            print(f"| {target} | {months} months | {len(came)} | {slopes} |", flush=True)


def posterior() -> None:
    """Whether averages over the whole posterior forecast better than those over its normal approximation.

    Decided on forecasts from before 2005, and then looked at on those since. The most probable values alone stand
    beside them, to show what averaging does at all.
    """
    print("\n## The whole posterior beside its normal approximation, rolling, months 0, 6, 12, 18, 24 and 36\n")
    print("| target | part | n | blocs | chain | Brier | skill | gain in Brier, 95 % over blocs | slopes |")
    print("|---|---|---|---|---|---|---|---|---|")
    parts: tuple[tuple[str, Callable[[Landmark], bool]], ...] = (
        ("before 2005", lambda each: each.day < CHOSEN_BEFORE),
        ("since 2005", lambda each: each.day >= CHOSEN_BEFORE),
        ("all", lambda _: True),
    )
    plain_fit = once(fit_chain)
    ways: dict[str, Callable[..., Chain]] = {
        "approximation": plain_fit,
        "posterior": once(partial(fit_chain, posterior=True)),
        "most probable": lambda cases, *, as_of: at_the_mode(plain_fit(cases, as_of=as_of)),
    }
    for target in TARGETS:
        found = {
            name: backtest(load_cases(), target, "rolling", months=HALF_YEARLY, fit=way) for name, way in ways.items()
        }
        for part, wanted in parts:
            plain = found["approximation"].only(wanted)
            for name, each in found.items():
                print(beside(target, part, name, plain, each.only(wanted)), flush=True)


def once(fit: Callable[..., Chain]) -> Callable[..., Chain]:
    """The same fit, kept: both questions are asked of the same chains."""
    kept: dict[tuple[date, frozenset[str]], Chain] = {}

    def chain(cases: Iterable[Case], *, as_of: date) -> Chain:
        known = tuple(cases)
        key = as_of, frozenset(case.label for case in known)
        if key not in kept:
            kept[key] = fit(known, as_of=as_of)
        return kept[key]

    return chain


def at_the_mode(found: Chain) -> Chain:
    """The chain at its most probable values, with nothing averaged."""
    first, second = (replace(each, draws=each.mode[None, :]) for each in (found.relations, found.ambassadors))
    return replace(found, relations=first, ambassadors=second)


def beside(target: str, part: str, name: str, plain: Backtest, other: Backtest) -> str:
    """One row: skill, gain over the approximation with its interval over blocs, slopes at 6, 12 and 24 months."""
    gain = (plain.weights * ((plain.model - plain.came) ** 2 - (other.model - plain.came) ** 2)).mean(axis=1)
    _, bloc = np.unique(plain.blocs, return_inverse=True)
    sums, counts = np.bincount(bloc, gain), np.bincount(bloc)
    draws = np.random.default_rng(SEED).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=2000)
    low, high = np.quantile(draws @ sums / (draws @ counts), [0.025, 0.975])
    slopes = []
    for months in (6, 12, 24):
        known = other.weights[:, months - 1] > 0
        came = other.came[known, months - 1].astype(int).tolist()
        slopes.append(f"{calibration_slope(other.model[known, months - 1].tolist(), came):.2f}")
    s = skill(other)
    gained = "" if plain is other or not gain.any() else f"{gain.mean():+.4f} ({low:+.4f} to {high:+.4f})"
    return (
        f"| {target} | {part} | {s.landmarks} | {s.blocs} | {name} | {s.model:.4f} | {s.skill:+.1%} | {gained} | "
        f"{', '.join(slopes)} |"
    )


def coverage(runs: int) -> None:
    """How often 90 % intervals of the share that never gets there hold it, and how far off the share is itself.

    Last row: truth drawn from the priors, log-normal, so that intervals of the exact posterior hold it in 90 %.
    """
    methods = {
        "cure, most probable; normal approximation": share_by_mode,
        "cure, whole posterior": share_by_weights,
        "regression, normal approximation": lambda years, came: share_by_regression(years, came, whole=False),
        "regression, whole posterior": lambda years, came: share_by_regression(years, came, whole=True),
    }
    print(f"\n## 90 % intervals of the share that never gets there, {runs} samples of {SIZE}\n")
    print("RMSE of the share; share of intervals that hold the truth; mean width\n")
    print("| cut off after | never | " + " | ".join(methods) + " |")
    print("|---|---|" + "---|" * len(methods))
    truths: list[tuple[tuple[float, float], float | None]] = [(each, n) for each in FOLLOW_UPS for n in TRUE_NEVER]
    for follow_up, never in (*truths, ((1.0, 8.0), None)):
        generator = np.random.default_rng(SEED)
        found: dict[str, list[tuple[float, bool, float]]] = {name: [] for name in methods}
        for _ in range(runs):
            truth, (years, came) = (
                drawn_from_prior(follow_up, generator)
                if never is None
                else (
                    never,
                    sample(never, follow_up, generator),
                )
            )
            for name, method in methods.items():
                share, (low, high) = method(years, came)
                found[name].append((share - truth, low <= truth <= high, high - low))
        cells = []
        for each in found.values():
            off, held, width = np.array(each, dtype=np.float64).T
            cells.append(f"{np.sqrt((off**2).mean()):.3f}; {held.mean():.0%}; {width.mean():.2f}")
        said = "from the prior" if never is None else str(never)
        print(f"| {follow_up[0]:g} to {follow_up[1]:g} years | {said} | " + " | ".join(cells) + " |", flush=True)


def drawn_from_prior(
    follow_up: tuple[float, float], generator: np.random.Generator
) -> tuple[float, tuple[Floats, Floats]]:
    """A share from its prior, and waits whose median and spread are from theirs."""
    ever = generator.beta(*EVER_PRIOR)
    middle, spread = generator.normal(*MEDIAN_PRIOR), np.exp(generator.normal(*SPREAD_PRIOR))
    comes = generator.random(SIZE) < ever
    when = np.where(comes, np.exp(middle + spread * generator.standard_normal(SIZE)), np.inf)
    until = generator.uniform(*follow_up, SIZE)
    return 1 - ever, (np.maximum(np.minimum(when, until), 1 / DAYS_A_YEAR), (when <= until).astype(float))


def share_by_mode(years: Floats, came: Floats) -> tuple[float, tuple[float, float]]:
    """The most probable share, with the interval of a normal of its log odds, as wide as the weighted draws."""
    found = fit(as_spells(years, came), "log-normal")
    logit = found.draws[:, 0]
    spread = np.sqrt(found.weights @ (logit - found.weights @ logit) ** 2)
    middle = np.log(found.mode.ever / (1 - found.mode.ever))
    low, high = (float(1 - expit(middle + z * spread)) for z in (1.645, -1.645))
    return 1 - found.mode.ever, (low, high)


def share_by_weights(years: Floats, came: Floats) -> tuple[float, tuple[float, float]]:
    found = fit(as_spells(years, came), "log-normal")
    return found.never(0.0), found.never_interval(0.0)


def share_by_regression(years: Floats, came: Floats, *, whole: bool) -> tuple[float, tuple[float, float]]:
    waits = [Wait(float(t), "reached" if c else "open") for t, c in zip(years, came, strict=True)]
    never = 1 - expit(fit_regression(waits, posterior=whole).draws[:, 0])
    low, high = np.quantile(never, [0.05, 0.95])
    return float(never.mean()), (float(low), float(high))


def sample(never: float, follow_up: tuple[float, float], generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Years waited and whether it came, of `SIZE` processes cut off at a uniform time."""
    scale = TRUE_MEDIAN / np.log(2) ** (1 / TRUE_SHAPE)
    when = np.where(generator.random(SIZE) < never, np.inf, scale * generator.weibull(TRUE_SHAPE, SIZE))
    until = generator.uniform(*follow_up, SIZE)
    return np.minimum(when, until), (when <= until).astype(float)


def true_share(years: float) -> float:
    """Share of those who get there that did so by then."""
    return float(1 - 0.5 ** ((years / TRUE_MEDIAN) ** TRUE_SHAPE))


def as_spells(years: Floats, came: Floats) -> list[Spell]:
    kinds: tuple[Ending, ...] = ("open", "reached")
    return [
        Spell(str(i), None, max(1, round(t * DAYS_A_YEAR)), kinds[int(c)])
        for i, (t, c) in enumerate(zip(years, came, strict=True))
    ]


def ours(years: Floats, came: Floats) -> tuple[float, tuple[float, float]]:
    """Share that never gets there by `cure-map.v1`, and the 80 % window of when the others do."""
    found = fit(as_spells(years, came))
    return 1 - found.mode.ever, (found.quantile(0.0, 0.1), found.quantile(0.0, 0.9))


def regression(years: Floats, came: Floats) -> tuple[float, tuple[float, float]]:
    """The same by `cure-regression.v1` without covariates, as a mean over its draws."""
    waits = [Wait(float(t), "reached" if c else "open") for t, c in zip(years, came, strict=True)]
    found = fit_regression(waits)
    grid = np.exp(np.linspace(np.log(0.02), np.log(200), 600))
    ever = expit(found.draws[:, 0])
    reached = found.shares((), grid)[0].mean(axis=0) / ever.mean()
    return float(1 - ever.mean()), (float(np.interp(0.1, reached, grid)), float(np.interp(0.9, reached, grid)))


def theirs(fitter: Any) -> Callable[[Floats, Floats], tuple[float, None]]:
    """lifelines' mixture cure around one of its univariate fitters: maximum likelihood."""
    from lifelines import MixtureCureFitter

    def cured(years: Floats, came: Floats) -> tuple[float, None]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = MixtureCureFitter(base_fitter=fitter()).fit(years, came)
        return float(found.cured_fraction_), None

    return cured


def simulation(runs: int) -> None:
    methods: dict[str, Callable[[Floats, Floats], tuple[float, Any]]] = {
        "cure-map.v1": ours,
        "cure-regression.v1": regression,
    }
    if importlib.util.find_spec("lifelines"):
        from lifelines import LogNormalFitter, WeibullFitter

        methods |= {"lifelines Weibull": theirs(WeibullFitter), "lifelines log-normal": theirs(LogNormalFitter)}
    else:
        print("(lifelines is not installed: pip install lifelines==0.30.3 for its columns)\n")
    print(f"\n## Share that never gets there, {runs} samples of {SIZE}, Weibull truth (median {TRUE_MEDIAN} years)\n")
    print("RMSE of the share; share of samples within 0.01 of 0 or 1; true coverage of the 80 % window of when\n")
    print("| cut off after | never | " + " | ".join(methods) + " |")
    print("|---|---|" + "---|" * len(methods))
    for follow_up in FOLLOW_UPS:
        for never in TRUE_NEVER:
            generator = np.random.default_rng(SEED)
            drawn = [sample(never, follow_up, generator) for _ in range(runs)]
            cells = []
            for method in methods.values():
                shares, covered, failed = [], [], 0
                for years, came in drawn:
                    try:
                        share, window = method(years, came)
                    except Exception:
                        failed += 1
                        continue
                    shares.append(share)
                    if window:
                        covered.append(true_share(window[1]) - true_share(window[0]))
                found = np.array(shares)
                rmse = float(np.sqrt(((found - never) ** 2).mean()))
                edge = float(((found < AT_THE_EDGE) | (found > 1 - AT_THE_EDGE)).mean())
                cell = f"{rmse:.3f}; {edge:.0%}"
                cell += f"; {np.mean(covered):.0%}" if covered else ""
                cells.append(cell + (f"; {failed} failed" if failed else ""))
            print(f"| {follow_up[0]:g} to {follow_up[1]:g} years | {never} | " + " | ".join(cells) + " |", flush=True)


def evidence(write: Path | None) -> None:
    """What single events add to the chain of stages."""
    found = [each for day in VINTAGES for each in learn(load_cases(), until=day)]
    print("\n## What an event adds within a year, beside the stages (log odds of a fresh one)\n")
    print("| cases until | target | event | log odds | cases with one | log likelihood gained, left-out blocs | used |")
    print("|---|---|---|---|---|---|---|")
    for each in found:
        used = "yes" if each.used else "no"
        name = f"{each.until} | {each.stage} | {each.kind}"
        print(f"| {name} | {each.log_odds:+.2f} | {each.cases} | {each.gain:+.2f} | {used} |")
    if write:
        with write.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(COLUMNS)
            for each in found:
                table.writerow(
                    (each.until, each.stage, each.kind, each.log_odds, each.cases, each.gain, int(each.used))
                )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--only", choices=("skill", "shrinking", "simulation", "evidence", "posterior", "coverage"))
    asked.add_argument("--write", type=Path, metavar="FILE")
    asked.add_argument("--runs", type=int, default=100)
    given = asked.parse_args()
    if given.only in (None, "skill"):
        skills()
        calibration()
    if given.only in (None, "shrinking"):
        shrinking()
    if given.only in (None, "evidence"):
        evidence(given.write)
    if given.only in (None, "simulation"):
        simulation(given.runs)
    if given.only == "posterior":
        posterior()
    if given.only == "coverage":
        coverage(given.runs)


if __name__ == "__main__":
    main()
