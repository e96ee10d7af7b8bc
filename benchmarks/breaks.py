"""Breaks judged: known turns found, false ones, and delays; beside PELT, CUSUM and plain Bayesian change points.

    python benchmarks/breaks.py known ../shared/data/events          every table on known history, as Markdown
    python benchmarks/breaks.py known ../shared/data/events --json breaks.json
    python benchmarks/breaks.py known ../shared/data/events --half judged    half of the pairs; or development
    python benchmarks/breaks.py years ../shared/data/events          thaws in yearly counts, and false alarms
    python benchmarks/breaks.py simulated                            false alarms, power and coverage; ten minutes

What is known stands in `known_turns.csv`, written down before anything was looked at. A break is false that lies more
than ten days from every known turn of its pair; many such breaks are real, for the list is short. All methods see the
same weekly series, and each dates a break to the middle of its week; ours also to the day where daily values tell it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from detente.engine import imported_events, net_scores, world_events
from detente.engine.imports import import_events
from detente.measures import Series, find_breaks, net_series, series_of
from detente.measures.breaks import MIN_SPOKEN, MIN_WEEKS, volume_breaks
from detente.measures.online_breaks import online_breaks
from detente.measures.series import Step, following
from detente.terms import Dyad

NEAR = timedelta(days=10)
STEPS: tuple[Step, ...] = ("week", "day", "month")
GDELT, GRAPH, GRAPH14 = "GDELT net scores 2018-2024", "ICEWS graph 2012-2015", "ICEWS14"
PAIRS = {
    GDELT: ("RUS-USA", "RUS-UKR", "UKR-USA", "PRK-USA", "CHN-USA", "CHN-RUS"),
    GRAPH: ("CUB-USA", "RUS-UKR", "RUS-USA", "IRN-USA", "IND-PAK", "ISR-PSE", "CHN-JPN", "KOR-PRK"),
    GRAPH14: ("RUS-UKR", "RUS-USA", "IRN-USA", "ISR-PSE", "CHN-JPN"),
}
BLOCK, SHUFFLES = 2, 3
MIXED = ("values", "weights", "world", "conflict")
Dated = list[tuple[date, date | None]]
"""Days of breaks, each with the day it was noticed, for methods that watch."""


@dataclass(frozen=True)
class Turn:
    dyad: str
    day: date
    must: bool
    what: str


def turns() -> list[Turn]:
    with Path(__file__).with_name("known_turns.csv").open(newline="", encoding="utf-8") as file:
        return [
            Turn(row["dyad"], date.fromisoformat(row["day"]), row["must"] == "yes", row["what"])
            for row in csv.DictReader(file)
        ]


def material(events: Path, folder: Path) -> dict[tuple[str, str], tuple[Series, ...]]:
    """Weekly, daily and monthly series by source and pair."""
    for name, kind, what in (
        (GDELT, "gdelt", "gdelt_daily_net_2018-01_2024-02.csv"),
        (GRAPH, "icews", "icews_2012-08_2015-12"),
        (GRAPH14, "icews", "icews14"),
    ):
        import_events(kind, [events / what], folder=folder / name)
    found = {}
    for name, pairs in PAIRS.items():
        for pair in pairs:
            dyad = Dyad(*pair.split("-"))
            if name == GDELT:
                scores = net_scores(folder / name, dyad)
                span = {"start": scores[0].day, "end": scores[-1].day}
                found[name, pair] = tuple(net_series(pair, scores, step=step, **span) for step in STEPS)
            else:
                held = imported_events(folder / name, dyad, "icews")
                world = world_events(folder / name, "icews")
                span = {"start": date(2014, 1, 1), "end": date(2014, 12, 31)}
                if name == GRAPH:
                    span = {"start": date(2012, 8, 1), "end": date(2015, 12, 31)}
                found[name, pair] = tuple(series_of(held, dyad, step=step, world=world, **span) for step in STEPS)
    return found


# --- Methods: each gives its breaks from the same weekly values -------------------------------------------------------


def values_of(series: Series) -> tuple[np.ndarray, list[date]]:
    spoken = sum(value is not None for value in series.values)
    if series.weights and MIN_SPOKEN <= spoken < len(series.values) / 2:
        # Most weeks are silent: silence is 0 then, for that there are events at all is the news.
        series = replace(series, values=tuple(value or 0.0 for value in series.values))
    kept = [(v, day + timedelta(days=3)) for v, day in zip(series.values, series.starts, strict=True) if v is not None]
    return np.array([v for v, _ in kept]), [day for _, day in kept]


def ours(series: Series, daily: Series | None) -> Dated:
    half = (following(series.starts[0], series.step) - series.starts[0]) // 2
    found = sorted(b.day or b.week + half for b in find_breaks(series, daily).found)
    # A break of level and one of spread in the same days are one finding.
    return [(day, None) for at, day in enumerate(found) if not at or day - found[at - 1] > NEAR]


def ours_online(weekly: Series, daily: Series | None) -> Dated:  # noqa: ARG001
    found: Dated = []
    for alarm in online_breaks(weekly).alarms:
        day = alarm.week + timedelta(days=3)
        if all(abs(day - other) > NEAR for other, _ in found):
            found.append((day, alarm.noticed))
    return found


def ours_both(series: Series, daily: Series | None) -> Dated:
    """Breaks of the whole series, and alarms as it came that lie apart from all of them."""
    apart = max(NEAR, following(series.starts[0], series.step) - series.starts[0])
    found = ours(series, daily)
    alarms = [day for day, _ in ours_online(series, daily) if all(abs(day - other) > apart for other, _ in found)]
    return found + [(day, None) for day in alarms]


def pelt(model: str) -> Callable[[Series, Series | None], Dated]:
    def run(weekly: Series, daily: Series | None) -> Dated:  # noqa: ARG001
        import ruptures

        y, days = values_of(weekly)
        if len(y) < MIN_WEEKS:
            return []
        noise = (1.4826 * float(np.median(np.abs(np.diff(y)))) / 2**0.5 or float(y.std()) or 1.0) ** 2
        price = {"l2": 2 * noise * np.log(len(y)), "normal": 3 * np.log(len(y))}[model]
        cuts = ruptures.Pelt(model=model, min_size=4, jump=1).fit(y[:, None]).predict(pen=float(price))[:-1]
        return [(days[cut], None) for cut in cuts]

    return run


def cusum(weekly: Series, daily: Series | None) -> Dated:  # noqa: ARG001
    """Page's two-sided CUSUM, allowance 0.5 and threshold 5, on the mean and spread of the 26 weeks before."""
    y, days = values_of(weekly)
    found: Dated = []
    start = 0
    while start + MIN_WEEKS < len(y):
        base = y[start : start + MIN_WEEKS]
        up = down = 0.0
        began = [start + MIN_WEEKS] * 2
        for at in range(start + MIN_WEEKS, len(y)):
            z = (y[at] - base.mean()) / (base.std(ddof=1) or 1.0)
            up, down = max(0.0, up + z - 0.5), max(0.0, down - z - 0.5)
            began = [at + 1 if s == 0 else b for s, b in zip((up, down), began, strict=True)]
            if max(up, down) > 5:
                place = began[0] if up > down else began[1]
                found.append((days[place], days[at] + timedelta(days=3)))
                start = at
                break
        else:
            break
    return found


def bayes(weekly: Series, daily: Series | None) -> Dated:  # noqa: ARG001
    """Adams and MacKay (2007): independent normal values of unknown mean and spread, a break in 104 weeks."""
    from scipy.stats import t as student

    y, days = values_of(weekly)
    if len(y) < MIN_WEEKS:
        return []
    first = y[:MIN_WEEKS]
    y = (y - first.mean()) / (first.std(ddof=1) or 1.0)
    mean, kappa, alpha, beta = (np.array([v]) for v in (0.0, 0.1, 1.0, 1.0))
    chance, hazard = np.array([1.0]), 1 / 104
    found: Dated = []
    last = 0
    for at, value in enumerate(y):
        told = student.pdf(value, 2 * alpha, mean, np.sqrt(beta * (kappa + 1) / (alpha * kappa)))
        grown = chance * told
        chance = np.append(grown.sum() * hazard, grown * (1 - hazard))
        chance /= chance.sum()
        beta = np.append(1.0, beta + kappa * (value - mean) ** 2 / (2 * (kappa + 1)))
        mean = np.append(0.0, (kappa * mean + value) / (kappa + 1))
        kappa, alpha = np.append(0.1, kappa + 1), np.append(1.0, alpha + 0.5)
        place = at + 1 - int(chance.argmax())
        if at >= MIN_WEEKS and place > last + 3 and place <= at:
            found.append((days[place], days[at] + timedelta(days=3)))
            last = place
    return found


METHODS: dict[str, Callable[[Series, Series | None], Dated]] = {
    "detente": ours,
    "detente, as it came": ours_online,
    "detente, both": ours_both,
    "PELT, level": pelt("l2"),
    "PELT, level and spread": pelt("normal"),
    "CUSUM": cusum,
    "Bayesian online, plain": bayes,
}


@dataclass
class Line:
    """One method over all series."""

    method: str
    must: int
    must_of: int
    known: int
    known_of: int
    by_chance: float
    error_days: float | None
    false_a_year: float
    worst_a_year: float
    worst: str
    shuffled_a_year: float
    worst_shuffled: float
    delay_days: float | None


def near(day: date, turn: date, *, monthly: bool) -> bool:
    """Within ten days; of months, in the same month or in the one before or after it."""
    if not monthly:
        return abs(day - turn) <= NEAR
    return abs(12 * (day.year - turn.year) + day.month - turn.month) <= 1


def by_chance(mine: Sequence[Turn], found: int, first: date, last: date, *, monthly: bool) -> float:
    """Known turns that as many breaks would lie near on days drawn at random."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    shares = [sum(near(day, turn.day, monthly=monthly) for day in days) / len(days) for turn in mine]
    return sum(1 - (1 - share) ** found for share in shares)


def shuffled(series: Series, random: np.random.Generator) -> Series:
    """The same weeks two by two in another order: what is found in them is false. Blocks of four would be spells."""
    whole = range(0, len(series.starts), BLOCK)
    order = [at for first in random.permutation(whole) for at in range(first, min(first + BLOCK, len(series.starts)))]
    mixed = {name: tuple(held[at] for at in order) for name in MIXED if (held := getattr(series, name))}
    return replace(series, **mixed)


def judge(
    held: dict[tuple[str, str], tuple[Series, ...]], *, monthly: bool = False
) -> tuple[list[Line], list[dict[str, Any]]]:
    lines, cases = [], []
    every = turns()
    for method, run in METHODS.items():
        must = must_of = known = known_of = 0
        errors, delays, rates, mixed = [], [], {}, {}
        draw = np.random.default_rng(4)
        false = years = random = 0.0
        for (source, pair), (weekly, daily, months) in held.items():
            first, last = weekly.starts[0], weekly.starts[-1]
            mine = [turn for turn in every if turn.dyad == pair and first <= turn.day <= last]
            found = run(months, None) if monthly else run(weekly, daily)
            span = (last - first).days / 365.25
            wrong = sum(not any(near(day, turn.day, monthly=monthly) for turn in mine) for day, _ in found)
            rates[f"{pair}, {source}"] = wrong / span
            series = months if monthly else weekly
            drawn = [len(run(shuffled(series, draw), None)) for _ in range(SHUFFLES if series.starts else 0)]
            mixed[f"{pair}, {source}"] = sum(drawn) / SHUFFLES / span
            false, years = false + wrong, years + span
            random += by_chance(mine, len(found), first, last, monthly=monthly)
            for turn in mine:
                nearest = sorted((abs(day - turn.day), day, noticed) for day, noticed in found)
                hit = bool(nearest) and near(nearest[0][1], turn.day, monthly=monthly)
                known, known_of = known + hit, known_of + 1
                if turn.must:
                    must, must_of = must + hit, must_of + 1
                    errors += [nearest[0][0].days] if hit else []
                    noticed = nearest[0][2] if hit else None
                    delays += [(noticed - turn.day).days] if noticed else []
                    cases.append(
                        {"source": source, "pair": pair, "day": turn.day, "what": turn.what, "method": method,
                         "nearest": nearest[0][1] if nearest else None, "hit": hit, "noticed": noticed}
                    )  # fmt: skip
        worst = max(rates, key=lambda key: rates[key])
        lines.append(
            Line(method, must, must_of, known, known_of, random, statistics.fmean(errors) if errors else None,
                 false / years, rates[worst], worst, statistics.fmean(mixed.values()), max(mixed.values()),
                 statistics.median(delays) if delays else None)
        )  # fmt: skip
    return lines, cases


def half_of(pair: str) -> str:
    """The half of the pairs on which a method may be chosen, or the one on which it is judged; a digest picks."""
    return "judged" if int(hashlib.sha256(pair.encode()).hexdigest(), 16) % 2 else "development"


def known(events: Path, out: Path | None, half: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held = material(events, Path(folder))
    held = {key: series for key, series in held.items() if half in (None, half_of(key[1]))}
    lines, cases = judge(held)
    table(lines)
    print("\nMonths, within one of the turn:\n")
    by_month, month_cases = judge(held, monthly=True)
    table(by_month)
    for kind, made in (("turn", cases), ("turn, by month", month_cases)):
        print(f"\n| {kind} | series |", " | ".join(METHODS), "|\n|---|---|" + "---|" * len(METHODS))
        for key in dict.fromkeys((case["source"], case["pair"], case["day"], case["what"]) for case in made):
            mine = {c["method"]: c for c in made if (c["source"], c["pair"], c["day"], c["what"]) == key}
            cells = []
            for method in METHODS:
                case = mine[method]
                noticed = f", noticed {case['noticed']}" if case["noticed"] else ""
                cells.append(f"**{case['nearest']}**{noticed}" if case["hit"] else f"no ({case['nearest'] or 'none'})")
            print(f"| {key[2]} {key[3]} | {key[1]}, {key[0]} |", " | ".join(cells), "|")
    if out:
        made = {"methods": [asdict(line) for line in lines], "cases": cases}
        made |= {"months": [asdict(line) for line in by_month], "months_cases": month_cases}
        out.write_text(json.dumps(made, default=str, indent=1) + "\n", encoding="utf-8")


def table(lines: Sequence[Line]) -> None:
    print(
        "| method | turns that must be found | all known turns | by chance | mean error, days | off the list, a year | "
        "worst pair | shuffled, a year (worst pair) | median delay, days |\n|---|---|---|---|---|---|---|---|---|"
    )
    for line in lines:
        error, delay = ("–" if v is None else f"{v:.1f}" for v in (line.error_days, line.delay_days))
        print(
            f"| {line.method} | {line.must} of {line.must_of} | {line.known} of {line.known_of} | "
            f"{line.by_chance:.1f} | {error} | {line.false_a_year:.2f} | "
            f"{line.worst_a_year:.2f} ({line.worst}) | "
            f"{line.shuffled_a_year:.2f} ({line.worst_shuffled:.2f}) | {delay} |"
        )


# --- Yearly counts ----------------------------------------------------------------------------------------------------

THAWS = {
    "LBY-USA": (2003, 2006), "MMR-USA": (2009, 2012), "IND-PAK": (2003, 2004), "RUS-USA": (2009, 2010),
    "SYR-USA": (2009, 2010), "BOL-USA": (2009, 2011), "ARM-TUR": (2008, 2009), "FRA-RWA": (2007, 2010),
    "COL-VEN": (2010, 2010), "COL-ECU": (2008, 2010), "SDN-TCD": (2008, 2010), "IRQ-KWT": (2003, 2008),
    "IRQ-SAU": (2004, 2012), "LBN-SYR": (2008, 2009), "KHM-THA": (2010, 2011), "EGY-ISR": (2004, 2005),
    "EGY-IRN": (2003, 2005),
}  # fmt: skip
"""First and last year in which a thaw can have begun: process to restoration in the reference cases, attempts too."""


def years(events: Path, out: Path | None) -> None:
    """Breaks in the yearly counts of all pairs; how many shuffled years give; thaws."""
    import polars as pl

    from detente.measures.year_breaks import ALPHA, MIN_YEARS, chances, weights_of

    with tempfile.TemporaryDirectory() as folder:
        import_events("icews", [events / "icews_quad_yearly_2002_2014.csv.gz"], folder=Path(folder))
        rows = pl.concat([pl.read_parquet(path) for path in Path(folder).rglob("sums.parquet")])
    good = pl.col("verbal_cooperation") + pl.col("material_cooperation")
    bad = pl.col("verbal_conflict") + pl.col("material_conflict")
    rows = (
        rows.filter(pl.col("actor").is_not_null() & pl.col("recipient").is_not_null())
        .with_columns(
            pair=pl.min_horizontal("actor", "recipient") + "-" + pl.max_horizontal("actor", "recipient"),
            year=(pl.date(1, 1, 1) + pl.duration(days=pl.col("day_number") - 1)).dt.year(),
            good=good, bad=bad,
        )
        .group_by("pair", "year")
        .agg(pl.col("good").sum(), pl.col("bad").sum())
        .sort("pair", "year")
    )  # fmt: skip
    pairs = rows["pair"].unique().sort().to_list()
    first, last = rows["year"].min(), rows["year"].max()
    place = {pair: at for at, pair in enumerate(pairs)}
    values, counts = np.zeros((2, len(pairs), last - first + 1))
    for pair, year, up, down in rows.iter_rows():
        values[place[pair], year - first] = (up - down) / (1 + up + down)
        counts[place[pair], year - first] = up + down
    enough = (counts > 0).sum(axis=1) >= MIN_YEARS
    values, counts = values[enough], counts[enough]
    kept = [pair for pair, keep in zip(pairs, enough, strict=True) if keep]
    found, p = chances(values, weights_of(counts))
    busy = counts.sum(axis=1) >= 200
    random = np.random.default_rng(1)
    order = np.argsort(random.random(values.shape), axis=1)
    mixed, mixed_counts = (np.take_along_axis(a, order, axis=1) for a in (values, counts))
    _, by_chance = chances(mixed, weights_of(mixed_counts))
    print(f"{len(pairs)} pairs, {len(kept)} of them with events in at least {MIN_YEARS} years\n")
    print("| pairs | number | p at most | with a break | the same years shuffled |\n|---|---|---|---|---|")
    for name, which in (("all", np.ones(len(kept), bool)), ("200 events or more", busy)):
        for least in (ALPHA, 2 * ALPHA):
            real, shuffled = ((some.min(axis=1) <= least)[which].mean() for some in (p, by_chance))
            print(f"| {name} | {which.sum()} | {least} | {real:.3f} | {shuffled:.3f} |")
    print("\n| thaw | could begin | strongest rise near | from | to | p | found |\n|---|---|---|---|---|---|---|")
    lines = []
    for pair, (opens, closes) in THAWS.items():
        if pair not in kept:
            print(f"| {pair} | {opens}-{closes} | too few years | – | – | – | no |")
            continue
        at = kept.index(pair)
        here = np.arange(first, last + 1)
        better = (found.after[at] > found.before[at]) & (here >= opens - 1) & (here <= closes + 1)
        best = int(np.where(better, found.strength[at], -1).argmax())
        hit = bool(better[best] and p[at, best] <= ALPHA)
        lines.append({"pair": pair, "year": first + best, "p": float(p[at, best]), "hit": hit})
        if not np.isfinite(found.misfit[at, best]):
            print(f"| {pair} | {opens}-{closes} | no rise | – | – | – | no |")
            continue
        print(
            f"| {pair} | {opens}-{closes} | {first + best} | {found.before[at, best]:+.2f} | "
            f"{found.after[at, best]:+.2f} | {p[at, best]:.3f} | {'yes' if hit else 'no'} |"
        )
    for least in (ALPHA, 2 * ALPHA):
        print(f"\n{sum(line['p'] <= least for line in lines)} of {len(THAWS)} thaws found at p <= {least}")
    if out:
        out.write_text(json.dumps({"share": float((p.min(axis=1) <= ALPHA).mean()), "thaws": lines}, indent=1) + "\n")


# --- Simulated series -------------------------------------------------------------------------------------------------

FIRST = date(2015, 1, 5)


def noise(random: np.random.Generator, n: int, rho: float, kind: str) -> np.ndarray:
    """AR(1) of spread 1: normal, heavy-tailed (t4), with four times the spread from the middle on, or drifting."""
    from scipy.signal import lfilter

    steps = random.normal(size=n + 60) if kind != "t4" else random.standard_t(4, size=n + 60) / 2**0.5
    y = lfilter([1], [1, -rho], (1 - rho**2) ** 0.5 * steps)[60:]
    if kind == "spread x4":
        y = y * np.where(np.arange(n) < n // 2, 1, 4)
    if kind == "drifting spread":
        y = y * np.exp(lfilter([1], [1, -0.95], 0.25 * random.normal(size=n + 60))[60:])
    return np.asarray(y)


def weekly(y: np.ndarray) -> Series:
    return Series("AAA-BBB", tuple(FIRST + timedelta(weeks=week) for week in range(len(y))), tuple(map(float, y)))


def monthly(y: np.ndarray) -> Series:
    starts = tuple(following(date(2015, 1, 1), "month", n) for n in range(len(y)))
    return Series("AAA-BBB", starts, tuple(map(float, y)), step="month")


def counted(counts: np.ndarray, conflict: np.ndarray | None = None) -> Series:
    made = weekly(counts)
    against = () if conflict is None else tuple(map(float, conflict))
    return replace(made, weights=made.values, world=(1.0,) * len(counts), conflict=against)


MEANS, SPREADS = ("level", "trend"), ("volatility",)


def simulated(events: Path | None, out: Path | None) -> None:  # noqa: ARG001
    random = np.random.default_rng(11)
    print("| no break: noise, rho | weeks | level or trend | volatility | alarms a year |\n|---|---|---|---|---|")
    for kind in ("normal", "t4", "spread x4", "drifting spread"):
        for rho in (0.0, 0.3, 0.6, 0.8) if kind == "normal" else (0.3, 0.6):
            for n, runs in ((26, 200), (52, 200), (104, 100), (320, 60)):
                series = [weekly(noise(random, n, rho, kind)) for _ in range(runs)]
                found = [find_breaks(each) for each in series]
                mean = sum(bool(f.of("level") or f.of("trend")) for f in found) / runs
                spread = sum(bool(f.of("volatility")) for f in found) / runs
                alarms = sum(len(online_breaks(each).alarms) for each in series) / runs / max(n - MIN_WEEKS, 1) * 52.18
                shown = "–" if n == MIN_WEEKS else f"{alarms:.3f}"
                print(f"| {kind}, {rho} | {n} | {mean:.3f} | {spread:.3f} | {shown} |", flush=True)
    for rho in (0.0, 0.3, 0.6):
        found = [find_breaks(monthly(noise(random, 74, rho, "normal"))) for _ in range(200)]
        mean, spread = (sum(any(f.of(kind) for kind in some) for f in found) / 200 for some in (MEANS, SPREADS))
        print(f"| normal, {rho} | 74 months | {mean:.3f} | {spread:.3f} | – |", flush=True)
    print("\n| no break: events a week, dispersion | weeks | all as one | two classes | two, bursting together |")
    print("|---|---|---|---|---|")
    for rate, dispersion in ((0.3, 0.5), (2.0, 0.5), (2.0, 2.0), (10.0, 1.0)):
        for n, runs in ((52, 200), (178, 100)):
            one, other = random.negative_binomial(dispersion, dispersion / (dispersion + rate), size=(2, runs, n))
            shown = [
                sum(bool(volume_breaks(each)) for each in made) / runs
                for made in (
                    [counted(mine) for mine in one],
                    [counted(mine + theirs, theirs) for mine, theirs in zip(one, other, strict=True)],
                    [counted(mine, random.binomial(mine, 0.4)) for mine in one],
                )
            ]
            print(f"| {rate}, {dispersion} | {n} |", *(f"{share:.3f} |" for share in shown), flush=True)
    print("\n| a step in the middle | weeks | found | within a week | 90 % date | 90 % size | median delay, weeks |")
    print("|---|---|---|---|---|---|---|")
    sure: list[tuple[float, bool]] = []
    for size, rho in ((2.0, 0.0), (2.0, 0.3), (2.0, 0.6), (3.0, 0.3), (3.0, 0.6)):
        for n, runs in ((52, 150), (156, 80)):
            near = hits = dates = sizes = 0
            delays = []
            for _ in range(runs):
                series = weekly(noise(random, n, rho, "normal") + size * (np.arange(n) >= n // 2))
                true = series.starts[n // 2]
                levels = find_breaks(series).of("level")
                sure += [(b.probability, abs(b.week - true) <= timedelta(weeks=4)) for b in levels]
                mine = [b for b in levels if abs(b.week - true) <= timedelta(weeks=4)]
                if mine:
                    near, hits = near + 1, hits + (abs(mine[0].week - true) <= timedelta(weeks=1))
                    dates += mine[0].earliest <= true <= mine[0].latest
                    sizes += mine[0].size_low <= size <= mine[0].size_high
                alarms = [a for a in online_breaks(series).alarms if a.kind == "level" and a.noticed >= true]
                delays += [(alarms[0].noticed - true).days / 7] if alarms else []
            of = max(near, 1)
            print(
                f"| {size} spreads, rho {rho} | {n} | {near / runs:.2f} | {hits / of:.2f} | {dates / of:.2f} | "
                f"{sizes / of:.2f} | {statistics.median(delays) if delays else float('nan'):.0f} "
                f"({len(delays) / runs:.2f} noticed) |",
                flush=True,
            )
    null = [
        b.probability for _ in range(500) for b in find_breaks(weekly(noise(random, 52, 0.3, "normal"))).of("level")
    ]
    print("\n| probability said | breaks in 1,150 series with a step and 500 without | true |\n|---|---|---|")
    for low, high in ((0.5, 0.9), (0.9, 0.99), (0.99, 1.0)):
        said = [true for p, true in sure if low <= p < high or p == high] + [False for p in null if low <= p < high]
        print(f"| {low}-{high} | {len(said)} | {sum(said) / max(len(said), 1):.2f} |")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("known", "years", "simulated"))
    parser.add_argument("events", type=Path, nargs="?", help="folder of the outside event data")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--half", choices=("development", "judged"), help="known: half of the pairs alone")
    asked = parser.parse_args(argv)
    if asked.what == "known":
        known(asked.events, asked.json, asked.half)
    else:
        {"years": years, "simulated": simulated}[asked.what](asked.events, asked.json)


if __name__ == "__main__":
    main()
