"""Forecasts of weekly scores one, four and twelve weeks ahead, against baselines on the same rolling origins.

    python benchmarks/index_forecast.py net FILE.csv        daily net scores: date, pairs, total_abs; from 2021 on
    python benchmarks/index_forecast.py imported DOSSIER    pairs of states in an imported database (`detente import`)
    python benchmarks/index_forecast.py networks CLONE      choose the weights again (github.com/gzemo/gdelt-graph-data)
    python benchmarks/index_forecast.py simulate            intervals on AR(1) series, also with a moving level

Every forecast is made from the weeks before its origin alone; what is forecast is a single week, not the mean of the
weeks until then. Regressions are fitted again at every origin. Baselines that need a number every week take the last
one where a week has none; weeks without a score are not forecast.

`networks` takes the 120 largest pairs without the states of the pairs that `net` judges on, fits the weights and the
factors of `detente.measures.outlook` to their weeks before 2021, and prints how these do from 2021 on.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.engine import NetScore, imported_events
from detente.measures.outlook import (
    FACTORS,
    HALF_LIFE,
    HORIZONS,
    QUICK,
    STEADY,
    forecasts,
    half_widths,
    half_year_means,
    past_averages,
    ratio_interval,
)
from detente.measures.series import net_series, series_of
from detente.terms import Dyad

Floats = NDArray[np.float64]
ISSUE = ("last value", "4-week mean", "26-week mean", "AR(4)", "VAR(4)")
"""The baselines that count; AR and VAR in two forms, iterated and fitted to the horizon, of which the better one."""
JUDGED = ("USA", "RUS", "CHN", "UKR", "PRK")
PAIRS, FIRST, FIRST_FITTED = 120, 156, 26
DRAWS = 1000


def filled(y: Floats) -> Floats:
    out = y.copy()
    for t in range(1, len(out)):
        out[t] = out[t] if np.isfinite(out[t]) else out[t - 1]
    return np.where(np.isfinite(out), out, np.nanmean(y))


def regression(y: Floats, others: Floats, weeks: int, first: int, *, lags: int = 4, direct: bool) -> Floats:
    """AR (others empty) or VAR from every origin on, iterated or fitted to the horizon."""
    x = np.column_stack([filled(column) for column in (y, *others.T)])
    found = np.full(len(y) + 1, np.nan)
    for t in range(first, len(y) + 1):
        past = x[:t]
        ahead = weeks if direct else 1
        rows = t - lags - ahead + 1
        lagged = [past[lags - 1 - k : lags - 1 - k + rows] for k in range(lags)]
        fitted = np.linalg.lstsq(np.column_stack([np.ones(rows), *lagged]), past[lags + ahead - 1 :], rcond=None)[0]
        path = list(past[-lags:])
        for _ in range(1 if direct else weeks):
            path.append(np.concatenate([[1.0], *path[: -lags - 1 : -1]]) @ fitted)
        found[t] = path[-1][0]
    return found


def contenders(y: Floats, others: Floats, weeks: int, first: int) -> dict[str, Floats]:
    """Forecasts from every origin, shape (n + 1,), by name; "ours" among them."""
    averages = past_averages(y)
    everything = np.array(
        [np.nan, *(np.nanmean(y[:t]) if np.isfinite(y[:t]).any() else np.nan for t in range(1, len(y) + 1))]
    )
    found = {
        "ours": forecasts(y, weeks, averages),
        "last value": averages[:, 0],
        "4-week mean": averages[:, 1],
        "26-week mean": half_year_means(y),
        "mean of all": everything,
    }
    for name, more in (("AR(4)", others[:, :0]), ("VAR(4)", others)):
        if name == "AR(4)" or others.shape[1]:
            for direct in (False, True):
                made = regression(y, more, weeks, first, direct=direct)
                found[f"{name}{', direct' if direct else ''}"] = made
    return found


def errors(made: Floats, y: Floats, weeks: int, first: int) -> Floats:
    return (made[: len(y) - weeks + 1] - y[weeks - 1 :])[first:]


class Judged:
    """Errors of one horizon: by name of the contender, shape (pairs, origins); NaN where a week has no score."""

    def __init__(self, series: Mapping[str, Floats], weeks: int, first: int, *, alone: bool = False) -> None:
        self.pairs, self.weeks = list(series), weeks
        by_name: dict[str, list[Floats]] = {}
        held: list[list[float]] = []
        for name, y in series.items():
            others = np.array([v for other, v in series.items() if other != name and not alone]).reshape(-1, len(y)).T
            for contender, made in contenders(y, others, weeks, first).items():
                by_name.setdefault(contender, []).append(errors(made, y, weeks, first))
            ours, made = by_name["ours"][-1], forecasts(y, weeks)
            widths = [width[: len(y) - weeks + 1][first:] for width in half_widths(y, made, weeks)]
            given = np.isfinite(ours) & np.isfinite(widths[0])
            held.append([float((abs(ours) <= width)[given].mean()) for width in widths])
        self.errors = {name: np.array(found) for name, found in by_name.items()}
        self.held = np.array(held)

    def rmse(self, at: NDArray[np.int64] | None = None) -> dict[str, Floats]:
        """By contender, shape (pairs,); of some origins alone where given."""
        return {
            name: np.sqrt(np.nanmean((found if at is None else found[:, at]) ** 2, axis=1))
            for name, found in self.errors.items()
        }

    @cached_property
    def drawn(self) -> list[dict[str, Floats]]:
        """The same of origins drawn anew, in blocks of neighbours around a circle, the same ones for all pairs."""
        random, n = np.random.default_rng(0), self.errors["ours"].shape[1]
        length = max(8, 2 * self.weeks)
        starts = random.integers(0, n, size=(DRAWS, -(-n // length)))
        return [self.rmse(((at[:, None] + np.arange(length)) % n).reshape(-1)[:n]) for at in starts]


def best_for_each(rmse: Mapping[str, Floats]) -> Floats:
    """The least error of a baseline, chosen for each pair with hindsight."""
    found: Floats = np.min([v for name, v in rmse.items() if name.split(",")[0] in ISSUE], axis=0)
    return found


def best_for_all(rmse: Mapping[str, Floats]) -> Floats:
    """The errors of the one baseline that is best over all pairs with hindsight."""
    return min((v for name, v in rmse.items() if name.split(",")[0] in ISSUE), key=lambda v: float(np.log(v).mean()))


def told(judged: Judged, of: Callable[[Mapping[str, Floats]], Floats], pair: int | None = None) -> str:
    """Ratio of our error to another with a 90 % interval; the geometric mean over pairs where none is given."""

    def ratio(rmse: Mapping[str, Floats]) -> float:
        logs = np.log(rmse["ours"] / of(rmse))
        return float(np.exp(logs.mean() if pair is None else logs[pair]))

    low, high = np.quantile([ratio(rmse) for rmse in judged.drawn], [0.05, 0.95])
    return f"{ratio(judged.rmse()):.3f} ({low:.2f}–{high:.2f})"


def against_half_year(judged: Judged, pair: int) -> str:
    ours, theirs = judged.errors["ours"][pair], judged.errors["26-week mean"][pair]
    kept = np.isfinite(ours) & np.isfinite(theirs)
    ours, theirs = ours[kept], theirs[kept]
    low, high = ratio_interval(ours, theirs, judged.weeks) or (np.nan, np.nan)
    return f"{np.sqrt((ours @ ours) / (theirs @ theirs)):.3f} ({low:.2f}–{high:.2f})"


def print_judged(series: Mapping[str, Floats], first: int, *, each: bool, alone: bool = False) -> None:
    for weeks in HORIZONS:
        judged = Judged(series, weeks, first, alone=alone)
        rmse = judged.rmse()
        names = list(rmse)
        print(f"\n### {weeks} {'week' if weeks == 1 else 'weeks'} ahead\n")
        if each:
            print("| | origins |", " | ".join(names), "| to the best | to the 26-week mean | held 80 % | 95 % |")
            print("|---|---|" + "---|" * (len(names) + 4))
            for at, pair in enumerate(judged.pairs):
                origins = int(np.isfinite(judged.errors["ours"][at]).sum())
                cells = [f"{rmse[name][at]:.2f}" for name in names]
                cells += [told(judged, best_for_each, at), against_half_year(judged, at)]
                cells += [f"{share:.2f}" for share in judged.held[at]]
                print(f"| {pair} | {origins} | {' | '.join(cells)} |")
            print()
        print(f"Our error to that of the best baseline for each pair, with hindsight: {told(judged, best_for_each)};")
        print(f"to the one baseline that is best for all: {told(judged, best_for_all)};")
        for name in names[1:]:
            print(f"to {name}: {told(judged, lambda r, name=name: r[name])};")  # type: ignore[misc]
        below = rmse["ours"] / best_for_each(rmse)
        print(f"below the best in {(below < 1).sum()}, by 5 % in {(below <= 0.95).sum()} of {len(below)} pairs;")
        held = judged.held.mean(axis=0)
        print(f"intervals held {held[0]:.3f} (80 %) and {held[1]:.3f} (95 %) of the weeks.")


def net(file: Path) -> dict[str, Floats]:
    with file.open(newline="") as lines:
        days = list(csv.DictReader(lines))
    first, last = date.fromisoformat(days[0]["date"]), date.fromisoformat(days[-1]["date"])
    found = {}
    for pair in [name for name in days[0] if name not in ("date", "total_abs")]:
        scores = [
            NetScore(date.fromisoformat(d["date"]), round(10 * float(d[pair])), round(10 * float(d["total_abs"])))
            for d in days
        ]
        found[pair] = values(net_series(pair, scores, start=first, end=last).values)
    return found


def values(given: tuple[float | None, ...]) -> Floats:
    return np.array([np.nan if v is None else v for v in given])


def imported(folder: Path, origin: str, pairs: list[str], start: date, end: date) -> dict[str, Floats]:
    found = {}
    for pair in pairs:
        dyad = Dyad(*pair.split("-"))
        found[pair] = values(series_of(imported_events(folder, dyad, origin), dyad, start=start, end=end).values)
    return found


def networks(clone: Path) -> dict[str, Floats]:
    """Weekly shares of the world's total of the largest pairs without the judged states."""
    with (clone / "country_codes_clean.csv").open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        codes = [code for row in rows if (code := (row["Alpha3_code"] or "").strip())]
    start = date(2018, 1, 1)
    files = sorted((clone / "networks").glob("*.zip"))
    days = [date.fromisoformat(re.sub(r"(\d{4})(\d\d)(\d\d).*", r"\1-\2-\3", f.name)) for f in files]
    count = ((days[-1] - start).days + 1) // 7
    sums, worlds, seen = np.zeros((count, len(codes), len(codes))), np.zeros(count), np.zeros(count)
    for file, day in zip(files, days, strict=True):
        week = (day - start).days // 7
        if week < count:
            with zipfile.ZipFile(file) as held:
                matrix = np.load(io.BytesIO(held.read(held.namelist()[0])))
            sums[week] += matrix
            worlds[week] += np.abs(matrix).sum() / 2
            seen[week] += 1
    size = np.abs(sums).sum(axis=0)
    others = [i for i, code in enumerate(codes) if code not in JUDGED]
    pairs = sorted(((size[i, j], i, j) for i in others for j in others if i < j), reverse=True)[:PAIRS]
    return {
        "-".join(sorted((codes[i], codes[j]))): np.where(seen > 3, 1000 * sums[:, i, j] / worlds, np.nan)
        for _, i, j in pairs
    }


def fitted(series: Mapping[str, Floats], weeks: int, columns: list[int], base: int, most: float | None) -> Floats:
    """Weights of averages before `FIRST`, the last one for `base`; errors beyond `most` count by their size alone."""
    wanted, given = [], []
    for y in series.values():
        averages, last = past_averages(y), FIRST - weeks + 1
        spread = np.array([np.nan] * 2 + [np.nanstd(y[:t]) for t in range(2, last)])[:, None]
        given.append(((averages[:last, columns] - averages[:last, [base]]) / spread)[FIRST_FITTED:])
        wanted.append(((y[weeks - 1 : FIRST] - averages[:last, base]) / spread[:, 0])[FIRST_FITTED:])
    x, z = np.concatenate(given), np.concatenate(wanted)
    kept = np.isfinite(x).all(axis=1) & np.isfinite(z)
    x, z, share = x[kept], z[kept], np.ones(kept.sum())
    for _ in range(20):
        found = np.linalg.solve((x * share[:, None]).T @ x, (x * share[:, None]).T @ z)
        if most is not None:
            share = np.minimum(1, most / np.maximum(abs(z - x @ found), 1e-9))
    return np.append(found, 1 - found.sum())


def mean_sizes(made: Floats, y: Floats, weeks: int) -> Floats:
    """Size of recent errors known at every origin, with the method's half-life."""
    found, total, weight = np.full(len(y) + 1, np.nan), 0.0, 0.0
    for t in range(weeks, len(y) + 1):
        error, fade = abs(y[t - 1] - made[t - weeks]), 0.5 ** (1 / HALF_LIFE)
        known = bool(np.isfinite(error))
        total, weight = total * fade + (error if known else 0.0), weight * fade + known
        found[t] = total / weight if weight else np.nan
    return found


def print_simulated(count: int = 200, length: int = 200, first: int = 52) -> None:
    """Share of weeks within intervals; steps of the level come once in two years on average."""
    print("| noise | rho | level | 1 week: 80 % | 95 % | 4 weeks: 80 % | 95 % | 12 weeks: 80 % | 95 % |")
    print("|---|---|---|---|---|---|---|---|---|")
    for tails, rho, moves in (
        ("normal", 0.0, False), ("normal", 0.5, False), ("normal", 0.8, False), ("t, 3 degrees", 0.5, False),
        ("normal", 0.5, True),
    ):  # fmt: skip
        held: dict[int, list[list[float]]] = {weeks: [] for weeks in HORIZONS}
        for seed in range(count):
            random = np.random.default_rng(seed)
            steps = random.normal(size=length) if tails == "normal" else random.standard_t(3, size=length)
            y = np.array(list(accumulate(steps, lambda before, step, r=rho: r * before + (1 - r * r) ** 0.5 * step)))  # type: ignore[misc]
            if moves:
                y += np.cumsum((random.random(length) < 1 / 104) * random.normal(0, 3, length))
            for weeks in HORIZONS:
                made, n = forecasts(y, weeks), length - weeks + 1
                off = abs(made[:n] - y[weeks - 1 :])[first:]
                held[weeks].append([float((off <= width[:n][first:]).mean()) for width in half_widths(y, made, weeks)])
        shares = " | ".join(f"{share:.3f}" for weeks in HORIZONS for share in np.mean(held[weeks], axis=0))
        print(f"| {tails} | {rho} | {'moves' if moves else 'holds'} | {shares} |")


def print_fitted(series: Mapping[str, Floats]) -> None:
    for weeks in HORIZONS:
        steady = fitted(series, weeks, [0, 1, 2, 3], 4, 2.0)
        quick = fitted(series, weeks, [0, 1], 5, None)
        sizes = []
        for y in series.values():
            made = forecasts(y, weeks)
            off = np.abs(made[: len(y) - weeks + 1] - y[weeks - 1 :])
            sizes.append((off / mean_sizes(made, y, weeks)[: len(off)])[100:FIRST])
        factors = np.nanquantile(sizes, [0.8, 0.95])
        print(f"{weeks}: STEADY {np.round(steady, 2)} (given {STEADY[weeks]}), QUICK {np.round(quick, 2)}", end=" ")
        print(f"(given {QUICK[weeks]}), FACTORS {np.round(factors, 2)} (given {FACTORS[weeks]})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("net", "imported", "networks", "simulate"))
    parser.add_argument("path", type=Path, nargs="?", default=Path())
    parser.add_argument("--origin", default="icews")
    parser.add_argument("--pairs", default="CHN-JPN,JPN-KOR,CHN-USA,CHN-KOR,IRN-IRQ,IRN-USA,CHN-VNM,CHN-IRN,CHN-FRA")
    parser.add_argument("--since", type=date.fromisoformat, default=date(2012, 8, 6))
    parser.add_argument("--until", type=date.fromisoformat, default=date(2015, 12, 31))
    asked = parser.parse_args()
    if asked.what == "simulate":
        print_simulated()
    elif asked.what == "net":
        print_judged(net(asked.path), FIRST, each=True)
    elif asked.what == "imported":
        series = imported(asked.path, asked.origin, asked.pairs.split(","), asked.since, asked.until)
        print_judged(series, 52, each=True, alone=True)
    else:
        series = networks(asked.path)
        print_fitted(series)
        print_judged(series, FIRST, each=False, alone=True)


if __name__ == "__main__":
    main()
