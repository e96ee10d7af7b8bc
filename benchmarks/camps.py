"""How far to trust the intervals of `detente camps`, how often it sees two camps in one, how positions wander.

    python benchmarks/camps.py [SIDES]

Speakers are drawn with a known position; what they say is a stance from -2 to +2 about it, which the coder reads with
the misreadings that `SIGN_RIGHT` stands for. SIDES (300) sides are drawn for each line.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from detente import workflow
from detente.ledger import Standing
from detente.measures.camps import PARTED, SIGN_RIGHT, SURE, SideCamps, camps, kept_share
from detente.measures.stance import day_said
from detente.terms import Entry, EventDate, Evidence, Participant, Statement

DAY = date(2025, 6, 30)
OWN_SPREAD = 0.9
"""Standard deviation of one speaker's stances before they are rounded."""


def mean_stance(place: float) -> float:
    """What a speaker at `place` says on average: stances are whole and end at -2 and +2."""
    points = place + OWN_SPREAD * np.linspace(-4, 4, 801)
    weight = np.exp(-(np.linspace(-4, 4, 801) ** 2) / 2)
    return float((np.clip(np.round(points), -2, 2) * weight).sum() / weight.sum())


def said(
    random: np.random.Generator, speaker: str, places: list[float], days: list[int]
) -> Iterator[Standing[Statement]]:
    for n, (place, ago) in enumerate(zip(places, days, strict=True)):
        stance = int(np.clip(np.round(place + OWN_SPREAD * random.normal()), -2, 2))
        if random.random() > kept_share(SIGN_RIGHT):
            stance = int(random.choice([-1, 0, 1])) * int(random.choice([1, 2], p=[0.7, 0.3]))
        when = DAY - timedelta(days=ago)
        evidence = Evidence(f"{speaker}-{n}", 0, 4, "They")
        content = Evidence(f"{speaker}-{n}", 0, len(f"{speaker} {n}"), f"{speaker} {n}")
        coding = Statement(
            speaker=Participant(speaker, speaker, "AAA"),
            mode="quote",
            issue="relations",
            stance=stance,
            evidence=evidence,
            content=content,
            confidence=float(random.choice([0.56, 0.64, 0.92, 0.99])),
            said_date=EventDate.of(when.isoformat(), "explicit"),
        )
        entry = Entry(f"{speaker}-{n}", n, evening(when), evidence.document, "c", "b", "statement", coding)
        yield Standing(entry, coding)


def evening(day: date) -> datetime:
    return datetime.combine(day, time(20), tzinfo=UTC)


def side(
    random: np.random.Generator, places: np.ndarray, most: int, drift: float
) -> tuple[SideCamps, dict[str, float]]:
    """A side whose speakers stand at `places` today and wandered there by `drift` a month."""
    statements: list[Standing[Statement]] = []
    truth = {}
    for n, place in enumerate(places):
        days = sorted(random.integers(0, 180, size=random.integers(1, most + 1)).tolist())
        walk = [place]
        for near, far in zip([0, *days], days, strict=False):
            walk.append(walk[-1] + drift * random.normal() * ((far - near) / 30) ** 0.5)
        statements += said(random, f"s{n:02}", walk[1:], days)
        truth[f"s{n:02}"] = mean_stance(float(place))
    found = camps(statements, day=DAY).sides[0]
    return found, truth


def trial(
    sides: int, speakers: int, most: int, apart: float, spread: float, drift: float, seed: int
) -> dict[str, float]:
    random = np.random.default_rng(seed)
    in80 = in95 = people = parted = asked = right = pairs = 0
    camp_right = camp_all = 0
    promised = width = 0.0
    for _ in range(sides):
        of_hard = random.random(speakers) < 0.5
        places = np.where(of_hard, -apart / 2, apart / 2) + spread * random.normal(size=speakers) + 0.3
        found, truth = side(random, places, most, drift)
        for p in found.positions:
            people += 1
            in80 += p.low80 <= truth[p.speaker] <= p.high80
            in95 += p.low95 <= truth[p.speaker] <= p.high95
            width += p.high80 - p.low80
            if p.hard_camp is not None:
                camp_all += 1
                camp_right += (p.hard_camp > 0.5) == bool(of_hard[int(p.speaker[1:])])
        asked += found.asked
        parted += found.parted
        for hard, mild, chance in found.order:
            pairs += 1
            promised += chance
            right += truth[hard] < truth[mild]
    return {
        "in 80%": in80 / people,
        "in 95%": in95 / people,
        "width of 80%": width / people,
        "two camps": parted / max(asked, 1),
        "put in the right one": camp_right / camp_all if camp_all else float("nan"),
        "pairs a side": pairs / sides,
        "promised": promised / max(pairs, 1),
        "right": right / max(pairs, 1),
    }


def drifts(folder: Path) -> dict[float, float]:
    """Mean squared distance of a speaker's day from the position measured the day before, on the sample dossier."""
    with workflow.opened(folder) as (case, ledger):
        statements = list(ledger.statements())
        states = case.dyad.first, case.dyad.second
        published = {d.id: d.published for d in ledger.documents() if d.published is not None}
    days = sorted({d for s in statements if (d := day_said(s.coding, published)) is not None})
    found = {}
    for drift in (0.0, 0.1, 0.2, 0.3, 0.5, 0.8):
        errors = []
        for day in days:
            before = camps(
                statements, day=day - timedelta(days=1), sides=states, published=published, drifts=((drift, 1.0),)
            )
            place = {(side.side, p.speaker): p.place for side in before.sides for p in side.positions}
            groups: dict[tuple[str, str], list[int]] = {}
            for s in statements:
                if day_said(s.coding, published) == day:
                    groups.setdefault((s.coding.speaker.side, s.coding.speaker.entity), []).append(s.coding.stance)
            for key, stances in groups.items():
                if key in place:
                    errors.append((sum(stances) / len(stances) - kept_share(SIGN_RIGHT) * place[key]) ** 2)
        found[drift] = sum(errors) / len(errors)
    return found


def main() -> None:
    sides = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    lines = [
        ("12 speakers, up to 8 days, one group", 12, 8, 0.0, 0.7, 0.0),
        ("the same, all alike", 12, 8, 0.0, 0.0, 0.0),
        ("the same, wandering 0.3 a month", 12, 8, 0.0, 0.7, 0.3),
        ("30 speakers, up to 30 days, one group", 30, 30, 0.0, 0.7, 0.0),
        ("12 speakers, up to 8 days, two groups 2 apart", 12, 8, 2.0, 0.2, 0.0),
        ("30 speakers, up to 30 days, two groups 2 apart", 30, 30, 2.0, 0.2, 0.0),
        ("30 speakers, up to 60 days, two groups 3 apart", 30, 60, 3.0, 0.2, 0.0),
    ]
    for seed, (label, *how) in enumerate(lines):
        found = trial(sides, *how, seed=seed)  # type: ignore[arg-type]
        print(label + ": " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()), flush=True)
    print(f"a side counts as parted below {PARTED}, an order as sure from {SURE} on")
    with tempfile.TemporaryDirectory() as out:
        workflow.make_sample(Path(out) / "demo")
        for drift, error in drifts(Path(out) / "demo" / "dossier").items():
            print(f"drift {drift:.1f} a month: squared distance of the next day {error:.4f}")


if __name__ == "__main__":
    main()
