"""Coverage of the index's bands on made-up series whose true level is known.

`python benchmarks/index_coverage.py` prints, for each kind of level and number of events a day, the share of days on
which the true level lay within the 80 % and the 95 % band, over all of them also the 90 % band: of the local level as
known on the day, of the same with all days known, and of the decayed mean. Events are of PLOVER's 16 types, drawn so
that their mean score is the level; the number of events a day is Poisson's and in half of the series grows or shrinks
elevenfold. Days from the 61st on.

`--held-out` does the same for kinds of levels, numbers of events and lengths of series on which nothing was chosen; of
"copied" ones each event is told one to five times. Days from the 31st on.

`--changes` prints instead, for series of 500 days, how often a reliable change is told, whenever it was (on a constant
level always a false one), and how often the 90 % interval of the move over the last 90 days holds the true move.
"""

from __future__ import annotations

import argparse
import itertools
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from detente.codebook import types
from detente.engine import DaySum, ImportedEvents
from detente.measures.index import IndexSettings, index_levels
from detente.measures.level import LOOK_BACK, Filter, level_index
from detente.terms import Dyad

Floats = NDArray[np.float64]
TUNED = ("constant", "walk 0.03", "walk 0.1", "walk 0.2", "jump", "swing", "drift")
HELD_OUT = (
    "constant, copied", "walk 0.05", "walk 0.3", "walk 0.1, copied", "jumps", "ramp", "returning 15", "returning 60",
    "stirred for a while",
)  # fmt: skip
KINDS = (*TUNED, *HELD_OUT)
RATES = (0.2, 1.0, 8.0, 40.0)
HELD_OUT_RATES = (0.5, 3.0, 20.0)
HELD_OUT_DAYS = (250, 1500)
FIRST = 60
HELD_OUT_FIRST = 30
DYAD, START = Dyad("RUS", "USA"), date(2020, 1, 1)
LEVELS = (0.025, 0.05, 0.1, 0.9, 0.95, 0.975)
BANDS = (0.8, 0.9, 0.95)
_SCORES = np.array([kind.score_tenths / 10 for kind in types().values()])
_GRID = np.linspace(-8.5, 8.0, 166)


def _types_with_mean(mean: float) -> Floats:
    def tilted(slope: float) -> Floats:
        part = np.exp(-np.abs(_SCORES) / 4 + slope * _SCORES - np.max(slope * _SCORES))
        return np.asarray(part / part.sum(), dtype=float)

    return tilted(brentq(lambda slope: float(tilted(slope) @ _SCORES) - mean, -30, 30))


_REACHED = np.array([_types_with_mean(mean) for mean in _GRID]).cumsum(axis=1)


def scores(level: Floats, events: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """Draw each day's events, whose scores have the day's level as their mean."""
    place = np.clip((level - _GRID[0]) / 0.1, 0, len(_GRID) - 1.001)
    at = np.repeat(np.floor(place).astype(int), events)
    at += rng.random(events.sum()) < np.repeat(place % 1, events)
    drawn = (rng.random(len(at))[:, None] > _REACHED[at]).sum(axis=1)
    return np.asarray(_SCORES[np.minimum(drawn, len(_SCORES) - 1)], dtype=float)


def level_of(kind: str, days: int, rng: np.random.Generator) -> Floats:
    """A true level for each day, between -6 and +6."""
    name, *more = kind.split(",")[0].split()
    day = np.arange(days)
    if name == "constant":
        return np.full(days, rng.uniform(-4, 3))
    if name == "jump":
        ends = rng.permutation([rng.uniform(-4, 0), rng.uniform(0, 4)])
        return np.where(day < rng.integers(days // 4, 3 * days // 4), *ends)
    if name == "jumps":
        at = np.sort(rng.integers(0, days, rng.integers(2, 5)))
        return np.asarray(rng.uniform(-4, 3, len(at) + 1)[np.searchsorted(at, day, side="right")])
    if name == "swing":
        return np.asarray(3 * np.sin(2 * np.pi * day / rng.uniform(200, 500) + rng.uniform(0, 6)))
    if name == "drift":
        return np.linspace(*rng.uniform(-4, 3, 2), days)
    if name == "ramp":
        before, after = rng.uniform(-4, 3, 2)
        start, length = rng.integers(days // 5, 3 * days // 5), rng.integers(60, 200)
        return np.asarray(before + (after - before) * np.clip((day - start) / length, 0, 1))
    if name == "returning":
        kept = np.exp(-1 / float(more[0]))
        moves = rng.normal(0, 1.5, days) * np.where(day > 0, (1 - kept**2) ** 0.5, 1.0)
        away = np.array(list(itertools.accumulate(moves, lambda held, move: held * kept + move)))
        return np.clip(rng.uniform(-2, 2) + away, -6, 6)
    if name == "stirred":
        start = rng.integers(days // 5, days // 2)
        return _folded(rng, np.where((day > start) & (day < start + days // 4), 0.15, 0.0))
    return _folded(rng, np.full(days, float(more[0])))


def _folded(rng: np.random.Generator, move: Floats) -> Floats:
    walked = rng.uniform(-3, 3) + (rng.normal(size=len(move)) * move).cumsum()
    folded = np.mod(walked + 6, 24)
    return np.asarray(np.where(folded > 12, 18 - folded, folded - 6))


@dataclass(frozen=True)
class Cell:
    kind: str
    rate: float
    runs: int
    days: int
    first: int = FIRST


def covered(cell: Cell) -> Floats:
    """Shape (3, 3): share of days within the 80, 90 and 95 % band, of filter, smoother and decayed mean."""
    hits, asked = np.zeros((3, 3)), np.zeros((3, 1))
    for run in range(cell.runs):
        rng = np.random.default_rng([KINDS.index(cell.kind), int(10 * cell.rate), run, cell.days])
        level = level_of(cell.kind, cell.days, rng)
        growth = (0.0, 1.2, 0.0, -1.2)[run % 4]
        events = rng.poisson(cell.rate * np.exp(np.linspace(-growth, growth, cell.days)))
        drawn, day = scores(level, events, rng), np.repeat(np.arange(cell.days), events)
        copies = rng.integers(1, 6, len(drawn)) if cell.kind.endswith("copied") else np.ones(len(drawn))
        sums = np.array([np.bincount(day, copies * drawn**power, cell.days) for power in (0, 1, 2)])
        found = Filter()
        for at in np.flatnonzero(events):
            mean = sums[1, at] / sums[0, at]
            found.add(int(at), sums[0, at], mean, sums[2, at] - sums[0, at] * mean**2)
        looked = np.arange(max(cell.first, *found.days[:1], 0), cell.days, 7)
        _, ends = found.bands(looked.tolist(), LEVELS)
        back = found.paths(most=LOOK_BACK)
        known = np.array(found.days[len(found.days) - len(back) :])
        smooth = np.quantile(back, LEVELS, axis=1).T
        later = np.flatnonzero(known >= cell.first)[:: max(1, len(known) // 100)]
        decayed = _decayed(sums)[looked]
        for row, (true, bounds) in enumerate(
            ((level[looked], ends), (level[known[later]], smooth[later]), (level[looked], decayed))
        ):
            for band in range(len(BANDS)):
                low, high = bounds[:, 2 - band], bounds[:, 3 + band]
                hits[row, band] += ((low <= true) & (true <= high)).sum()
            asked[row] += len(true)
    return np.asarray(hits / asked, dtype=float)


def changes(cell: Cell) -> tuple[float, float]:
    """Share of series of which a reliable change is told, and in which the interval of the last move holds."""
    told, held = [], []
    for run in range(cell.runs):
        rng = np.random.default_rng([9, KINDS.index(cell.kind), int(10 * cell.rate), run])
        level = level_of(cell.kind, cell.days, rng)
        events = rng.poisson(cell.rate, cell.days)
        drawn, day = np.round(10 * scores(level, events, rng)).astype(int), np.repeat(np.arange(cell.days), events)
        sums = (2000 * np.array([np.bincount(day, drawn**power, cell.days) for power in (0, 1, 2)])).astype(int)
        rows = tuple(
            DaySum(str(DYAD), START.toordinal() + at, 1, int(events[at]), *sums[:, at].tolist(), 0, 0, 0, 0)
            for at in np.flatnonzero(events).tolist()
        )
        end = START + timedelta(days=cell.days - 1)
        found = level_index(ImportedEvents("gdelt", DYAD, rows), DYAD, start=end, end=end).series[str(DYAD)]
        told.append(found.rose is not None)
        held += [c.low <= level[-1] - level[-1 - c.days] <= c.high for c in found.changes if c.days == 90]
    return float(np.mean(told)), float(np.mean(held))


def _decayed(sums: Floats) -> Floats:
    """Ends of the decayed mean's bands, by day."""
    at = [index_levels(sums, IndexSettings(level=level)) for level in BANDS]
    return np.nan_to_num(np.stack([*(a[1] for a in at[::-1]), *(a[2] for a in at)], axis=1), nan=99.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=40, help="series of each kind and number of events")
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--changes", action="store_true")
    parser.add_argument("--held-out", action="store_true")
    asked = parser.parse_args()
    if asked.changes:
        cells = [Cell(kind, rate, asked.runs, 500) for kind in TUNED for rate in RATES]
        with ProcessPoolExecutor(asked.processes) as pool:
            for cell, (told, held) in zip(cells, pool.map(changes, cells), strict=True):
                print(f"| {cell.kind} | {cell.rate:g} | {100 * told:.0f} | {100 * held:.0f} |", flush=True)
        return
    if asked.held_out:
        cells = [
            Cell(kind, rate, asked.runs, days, HELD_OUT_FIRST)
            for days in HELD_OUT_DAYS
            for kind in HELD_OUT
            for rate in HELD_OUT_RATES
        ]
    else:
        cells = [Cell(kind, rate, asked.runs, asked.days) for kind in TUNED for rate in RATES]
    with ProcessPoolExecutor(asked.processes) as pool:
        found = dict(zip(cells, pool.map(covered, cells), strict=True))
    print(f"{asked.runs} series for each cell; 80 % / 95 % band")
    columns = list(dict.fromkeys((cell.days, cell.rate) for cell in cells))
    for row, name in enumerate(("local level, on the day", "local level, all days known", "decayed mean")):
        heads = [f"{days} days, {rate:g} a day" for days, rate in columns]
        print(f"\n{name}\n| level | {' | '.join(heads)} | all |\n{'|---' * (len(heads) + 2)}|")
        for kind in dict.fromkeys(cell.kind for cell in cells):
            shares = [share[row] for cell, share in found.items() if cell.kind == kind]
            cells_of = [f"{100 * a:.0f} / {100 * b:.0f}" for a, _, b in [*shares, np.mean(shares, axis=0)]]
            print(f"| {kind} | " + " | ".join(cells_of) + " |")
        whole = np.mean([share[row] for share in found.values()], axis=0)
        print(f"| all {'| ' * len(heads)}| {100 * whole[0]:.1f} / {100 * whole[2]:.1f} (90 %: {100 * whole[1]:.1f}) |")


if __name__ == "__main__":
    main()
