"""The codebook's example sentences, coded as they stand: what each type and mode means is what our coder reads."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from detente.codebook import Example, examples, modes, types
from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import LANGUAGES, Document, Dyad

FLOORS = json.loads((Path(__file__).parent / "example_floors.json").read_text(encoding="utf-8"))
"""Share of the examples that are coded with their type (and mode) between their two states, by language."""


@cache
def coder(dyad: str) -> RulesCoder:
    return RulesCoder(starter(Dyad.parse(dyad), date(2000, 1, 1)))


def codings(example: Example) -> list[tuple[str, str]]:
    day = datetime(2024, 5, 16, tzinfo=UTC)
    report = Document("example", example.text, example.language, day.date(), "given", day)
    found = coder(example.dyad).code(report).events
    return [(event.type, event.mode) for event in found if set(event.sides) == set(example.dyad.split("-"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_and_every_mode_has_an_example(language: str) -> None:
    shown = examples(language)
    assert {example.type for example in shown} == set(types())
    assert {(example.type, example.mode) for example in shown if example.mode} == set(modes())
    assert len({example.text for example in shown}) == len(shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_are_coded_as_what_they_show(language: str) -> None:
    shown = examples(language)
    coded = [codings(example) for example in shown]
    typed = sum(e.type in {kind for kind, _ in found} for e, found in zip(shown, coded, strict=True))
    moded = sum((e.type, e.mode) in found for e, found in zip(shown, coded, strict=True) if e.mode)
    wrong = [f"{e.type} {e.mode}: {e.text} {found}" for e, found in zip(shown, coded, strict=True) if not found]
    assert typed / len(shown) >= FLOORS[language]["type"], "\n".join(wrong)
    assert moded / sum(bool(e.mode) for e in shown) >= FLOORS[language]["mode"], "\n".join(wrong)
