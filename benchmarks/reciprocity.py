"""Whether reciprocity finds what is there: series with a known truth, and how often its intervals hold it.

    python benchmarks/reciprocity.py --runs 1000

prints, for each truth and length, the share of series in which an answer of each side and a lead were reported
(at 5 %), in which the sign of the lead was right, and in which the intervals of 80 % and 95 % held the true value.
Surprises are drawn from Student's t with 4 degrees, which has heavy tails, or from an exponential, which is lopsided;
those of one week are correlated by 0.3, as when both sides react to the same news.

    python benchmarks/reciprocity.py --acts --runs 400

does the same for answered acts: 490 days in which each side acts by itself on one day in 20 or in 7, evenly or in
crowds of ten days that both share, in a mood that lasts four weeks; and half or none of the second's acts are answered.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import numpy as np

from detente.engine import EventRows
from detente.measures.answered import answered_acts
from detente.measures.autoregression import Pairs, responses
from detente.measures.reciprocity import SURE, simulate
from detente.terms import Dyad

START = date(2025, 1, 1)
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


def acts(days: int, rate: float, crowds: bool, answer: float, run: int) -> tuple[bool, bool, str] | None:
    rng = np.random.default_rng([days, int(100 * rate), crowds, run])
    often = np.full(days, rate)
    for middle in rng.integers(0, days, days // 45) if crowds else ():
        often[max(0, middle - 3) : middle + 7] += 6 * rate
    often *= rate / often.mean()
    mood = np.where(rng.random(days // 28 + 1) < 0.65, 25, -25)
    rows: list[SimpleNamespace] = []

    def add(actor: str, recipient: str, day: int, score: int) -> None:
        if day < days:
            when = START + timedelta(days=day)
            key = f"o{len(rows)}"
            rows.append(SimpleNamespace(occurrence=key, actor=actor, recipient=recipient, day=when, pair_rows=1,
                                        score_tenths=score))  # fmt: skip

    for actor, recipient in (("AAA", "BBB"), ("BBB", "AAA")):
        for day in np.repeat(np.arange(days), rng.poisson(often * (1 - answer if actor == "AAA" else 1))):
            score = int(mood[day // 28] * (1 if rng.random() < 0.8 else -1))
            add(actor, recipient, int(day), score)
            if actor == "BBB" and rng.random() < answer:
                add("AAA", "BBB", int(day + 1 + rng.geometric(0.3)), score)
    events = EventRows(tuple(rows))  # type: ignore[arg-type]
    found = answered_acts(events, Dyad("AAA", "BBB"), start=START, end=START + timedelta(days=days - 1), draws=199)
    if found is None or found.first_chance is None:
        return None
    return found.answers[0].sure, found.answers[1].sure, found.leader


def print_acts(runs: int) -> None:
    print(
        "| one act in days | crowds | answered | runs | first answers | second answers | second leads | first leads |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for rate in (1 / 20, 1 / 7):
        for crowds in (False, True):
            for answer in (0.0, 0.5):
                made = [each for run in range(runs) if (each := acts(490, rate, crowds, answer, run))]
                first, second = (f"{np.mean([each[i] for each in made]):.3f}" for i in (0, 1))
                leads = [f"{np.mean([each[2] == name for each in made]):.3f}" for name in ("BBB>AAA", "AAA>BBB")]
                told = [f"{1 / rate:.0f}", "shared" if crowds else "none", str(answer), str(len(made)), first, second]
                print("| " + " | ".join([*told, *leads]) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--weeks", type=int, nargs="+", default=[52, 104, 260])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--acts", action="store_true", help="Simulate answered acts in place of weekly series.")
    asked = parser.parse_args()
    if asked.acts:
        print_acts(asked.runs)
        return
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
