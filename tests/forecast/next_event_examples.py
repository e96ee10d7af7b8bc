"""A small made-up world of facts in the layout of the published sets: habits, answers to acts, and chance."""

from __future__ import annotations

import random
from pathlib import Path

PARTS = {"train.txt": range(0, 40), "valid.txt": range(40, 45), "test.txt": range(45, 50)}
ENTITIES, RELATIONS = 30, 4


def made_up_facts(seed: int = 3) -> list[tuple[int, int, int, int]]:
    """Each has a partner of habit, visits are answered by praise the next day, and some meet by chance."""
    chance = random.Random(seed)
    facts: set[tuple[int, int, int, int]] = set()
    visits: list[tuple[int, int]] = []
    for day in range(50):
        facts |= {(host, 1, guest, day) for guest, host in visits}
        visits = []
        for _ in range(12):
            subject = chance.randrange(ENTITIES)
            other = (subject + 7) % ENTITIES if chance.random() < 0.7 else chance.randrange(ENTITIES)
            relation = chance.choice((0, 2, 3))
            if other != subject:
                facts.add((subject, relation, other, day))
                if relation == 0:
                    visits.append((subject, other))
    return sorted(facts, key=lambda fact: (fact[3], fact))


def write_folder(folder: Path, facts: list[tuple[int, int, int, int]], *, hours: int = 24) -> Path:
    """Facts as files, times in hours."""
    folder.mkdir(exist_ok=True)
    names = [f"State_{n}\t{n}\n" for n in range(ENTITIES)]
    (folder / "entity2id.txt").write_text("".join(names), encoding="utf-8")
    acts = ("Make_a_visit", "Praise_or_endorse", "Accuse", "Consult")
    (folder / "relation2id.txt").write_text("".join(f"{a}\t{n}\n" for n, a in enumerate(acts)), encoding="utf-8")
    for name, days in PARTS.items():
        lines = [f"{s}\t{r}\t{o}\t{t * hours}\t-1\n" for s, r, o, t in facts if t in days]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    return folder
