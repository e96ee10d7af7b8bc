"""How often `detente agenda` says that an issue rose or faded where nothing changed, and sees one that did.

    python benchmarks/agenda.py

Nine issues whose shares are drawn once for each dossier (Dirichlet, mass 9) and stay; mentions come on two to four days
a week for 18 months. In the second table one issue's odds are tripled in the last quarter.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from detente.measures.agenda import RECENT_DAYS, Mention, rise

ISSUES = tuple(f"issue-{n}" for n in range(9))
DAYS, DOSSIERS = 540, 400
LIMITS = (0.95, 0.975, 0.99, 0.995)


def simulated(random: np.random.Generator, lifted: float) -> tuple[list[Mention], list[Mention]]:
    """Mentions before and in the last quarter; the first issue's odds are multiplied in the latter."""
    shares = random.dirichlet(np.ones(len(ISSUES)))
    a_week = random.uniform(2, 4)
    parts: tuple[list[Mention], list[Mention]] = ([], [])
    for n in range(DAYS):
        late = n >= DAYS - RECENT_DAYS
        odds = shares * np.array([lifted if late else 1.0, *[1.0] * (len(ISSUES) - 1)])
        day = date(2025, 1, 1) + timedelta(days=n)
        for _ in range(random.poisson(a_week / 7)):
            track = ISSUES[int(random.choice(len(ISSUES), p=odds / odds.sum()))]
            parts[late].append(Mention(day, "AAA", track, float(random.uniform(0.5, 1.0))))
    return parts


def main() -> None:
    random = np.random.default_rng(7)
    still = [simulated(random, 1.0) for _ in range(DOSSIERS)]
    moved = [simulated(random, 3.0) for _ in range(DOSSIERS)]
    any_of = [[rise(name, ISSUES, *parts) for name in ISSUES] for parts in still]
    first = [rise(ISSUES[0], ISSUES, *parts) for parts in moved]
    print("limit  any issue said to move, none did  the tripled issue said to rise")
    for limit in LIMITS:
        false = np.mean([any(p >= limit or p <= 1 - limit for p in each) for each in any_of])
        print(f"{limit:5}  {false:33.3f}  {np.mean(np.array(first) >= limit):30.3f}")


if __name__ == "__main__":
    main()
