"""Sentences that tell no event between the two states, or none of the named types: how many are left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import Document, Dyad

GOLD = Path(__file__).parent / "gold"
FLOORS = {
    (language, part): share for language in ("en", "fr", "ru") for part, share in (("seen", 0.95), ("aside", 0.85))
}


def misled(language: str, part: str) -> tuple[int, list[str]]:
    """How many sentences the part has, and those of which something was coded that they do not tell."""
    seen, aside = (GOLD / f"precision.{language}.txt").read_text("utf-8").split("== set aside\n")
    lines = [line for line in (seen if part == "seen" else aside).splitlines() if line and not line.startswith("#")]
    wrong = []
    for line in lines:
        head, _, text = line.partition(": ")
        pair, _, types = head.partition(" not ")
        document = Document("p", text, language, date(2025, 11, 3), "given", datetime(2025, 11, 3, tzinfo=UTC))
        events = RulesCoder(starter(Dyad.parse(pair), date(1950, 1, 1))).code(document).events
        told = [e for e in events if not types or e.type in types.split(",")]
        if told:
            wrong.append(f"{line}  -> {', '.join(f'{e.type} ({e.rule})' for e in told)}")
    return len(lines), wrong


@pytest.mark.parametrize(("language", "part"), sorted(FLOORS))
def test_everyday_words_and_home_affairs_are_left_alone(language: str, part: str) -> None:
    number, wrong = misled(language, part)
    assert number >= 20
    assert 1 - len(wrong) / number >= FLOORS[language, part], "\n".join(wrong if part == "seen" else wrong[:0])
