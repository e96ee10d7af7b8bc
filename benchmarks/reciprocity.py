"""Whether reciprocity finds what is there: series with a known truth, and how often its intervals hold it.

    python benchmarks/reciprocity.py --runs 1000

prints, for each truth and length, the share of series in which an answer of each side and a lead were reported
(at 5 %), in which the sign of the lead was right, and in which the intervals of 80 % and 95 % held the true value.
Surprises are drawn from Student's t with 4 degrees, which has heavy tails, or from an exponential, which is lopsided;
those of one week are correlated by 0.3, as when both sides react to the same news.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from detente.measures.autoregression import Pairs, responses
from detente.measures.reciprocity import SURE, simulate

LEVELS = (0.80, 0.95)


@dataclass(frozen=True)
class Truth:
    """`own` of both sides a week later; `first` answers `second` by so much a week later, and the other way round."""

    name: str
    own: float
    first: float
    second: float
    noise: str = "heavy"
    missing: float = 0.0
    jump: float = 0.0
    loud: float = 1.0

    @property
    def matrix(self) -> np.ndarray:
        return np.array([[self.own, self.first], [self.second, self.own]])


TRUTHS = (
    Truth("none, quick to forget", 0.3, 0.0, 0.0),
    Truth("none, slow to forget", 0.6, 0.0, 0.0),
    Truth("none, lopsided noise", 0.3, 0.0, 0.0, noise="lopsided"),
    Truth("none, noise 3 times as loud in half of the weeks", 0.3, 0.0, 0.0, loud=3.0),
    Truth("none, one week in eight missing", 0.3, 0.0, 0.0, missing=0.125),
    Truth("none, a level that jumps by 3", 0.3, 0.0, 0.0, jump=3.0),
    Truth("first answers", 0.3, 0.4, 0.0),
    Truth("first answers, lopsided noise", 0.3, 0.4, 0.0, noise="lopsided"),
    Truth("both answer, first more", 0.5, 0.3, 0.1),
    Truth("both answer alike", 0.4, 0.2, 0.2),
    Truth("second answers against", 0.3, 0.0, -0.3),
)


def drawn(truth: Truth, weeks: int, run: int) -> Pairs:
    rng = np.random.default_rng([weeks, run, TRUTHS.index(truth)])
    whole = weeks + 50
    heavy, lopsided = rng.standard_t(4, (whole, 2)) / 2**0.5, rng.exponential(1.0, (whole, 2)) - 1
    noise = heavy if truth.noise == "heavy" else lopsided
    noise = noise @ np.linalg.cholesky(np.array([[1, 0.3], [0.3, 1]])).T
    noise *= np.where(rng.random(whole) < 0.5, truth.loud, 1.0)[:, None]
    y = np.zeros((whole, 2))
    for t in range(1, whole):
        y[t] = truth.matrix @ y[t - 1] + noise[t]
    y = y[50:]
    half = weeks // 2
    y[half:] += truth.jump
    y[rng.random((weeks, 2)) < truth.missing / 2] = np.nan
    return Pairs(y, (np.arange(weeks) >= half) * int(truth.jump != 0))


def one(truth: Truth, weeks: int, run: int) -> dict[str, bool]:
    made = simulate(drawn(truth, weeks, run), draws=199)
    if made is None:
        return {}
    full = np.concatenate([truth.matrix, np.zeros((2, 2))], axis=1)[None]
    left = responses(full, 4)[0].cumsum(axis=0)
    true = {
        "0 inertia": truth.own,
        "0 within 1": left[0, 0, 1],
        "0 within 4": left[3, 0, 1],
        "lead": left[3, 1, 0] - left[3, 0, 1],
    }
    out = {}
    for name, value in true.items():
        for level in LEVELS:
            estimate = made.estimate(name, level)
            out[f"{name} {level:.0%}"] = bool(estimate.low <= value <= estimate.high)
    out |= {name: chance <= SURE for name, chance in zip(("first", "second", "leads"), made.chances, strict=True)}
    if truth.second != truth.first:
        out["sign"] = made.found["lead"] * (truth.second - truth.first) > 0
        if out["leads"]:
            out["sign if sure"] = out["sign"]
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--weeks", type=int, nargs="+", default=[52, 104, 260])
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    columns = ["first", "second", "leads", "sign", "sign if sure"]
    columns += [f"{name} {level:.0%}" for name in ("0 inertia", "0 within 1", "0 within 4", "lead") for level in LEVELS]
    print("| truth | weeks | runs | " + " | ".join(columns) + " |")
    print("|" + "---|" * (len(columns) + 3))
    with ProcessPoolExecutor(asked.processes) as pool:
        for truth in TRUTHS:
            for weeks in asked.weeks:
                counted: dict[str, list[bool]] = defaultdict(list)
                for result in pool.map(partial(one, truth, weeks), range(asked.runs), chunksize=20):
                    for name, value in result.items():
                        counted[name].append(value)
                shares = [f"{np.mean(counted[name]):.3f}" if counted[name] else "" for name in columns]
                print(f"| {truth.name} | {weeks} | {len(counted['first'])} | " + " | ".join(shares) + " |", flush=True)


if __name__ == "__main__":
    main()
