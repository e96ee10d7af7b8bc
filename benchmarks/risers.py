"""How often `detente risers` names a riser where none is, and how often it finds one.

    python benchmarks/risers.py [SIDES]

A side's people are drawn with shares of its contacts, words and reports that go together; in every second line one
of them has four times their share in the second stretch.
"""

from __future__ import annotations

import sys

import numpy as np

from detente.measures.risers import PRIOR, SURE, _difference, together


def trial(sides: int, people: int, sizes: tuple[int, int, int], times: float, seed: int) -> dict[str, float]:
    """Share of people named, of those whose share stays and of the one whose share grows `times`-fold."""
    random = np.random.default_rng(seed)
    alarms = quiet = found = covered = intervals = 0
    for _ in range(sides):
        base = random.dirichlet(np.full(people, 0.7))
        star = int(np.argsort(base)[people // 2])
        after = base.copy()
        after[star] *= times
        after /= after.sum()
        chances: list[list[float]] = [[] for _ in range(people)]
        told = np.zeros(people, int), np.zeros(people, int)
        for n in sizes:
            before, now = random.multinomial(n, base), random.multinomial(n, after)
            if n == sizes[-1]:  # who meets or speaks is written about: those reports come on top
                before, now = before + told[0], now + told[1]
            told = told[0] + before, told[1] + now
            for who in range(people):
                _, low, high, risen = _difference(
                    float(now[who]), float(now.sum()), float(before[who]), float(before.sum()), people
                )
                chances[who].append(risen)
                intervals += 1
                covered += low <= after[who] - base[who] <= high
        for who in range(people):
            named = together(chances[who]) >= SURE
            if who == star and times != 1:
                found += named
            else:
                quiet += 1
                alarms += named
    return {
        "named though unchanged": alarms / quiet,
        "found": found / sides if times != 1 else float("nan"),
        "in 80%": covered / intervals,
    }


def main() -> None:
    sides = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    print(f"prior {PRIOR}, named from {SURE} on")
    for seed, (people, sizes, times) in enumerate(
        [(15, (5, 20, 30), 1.0), (15, (5, 20, 30), 4.0), (15, (30, 100, 150), 1.0), (15, (30, 100, 150), 4.0),
         (40, (100, 300, 500), 1.0), (40, (100, 300, 500), 4.0)]
    ):  # fmt: skip
        figures = trial(sides, people, sizes, times, seed)
        said = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        print(f"{people} people, {sizes} contacts, words, reports in each stretch, x{times:.0f}: {said}", flush=True)


if __name__ == "__main__":
    main()
