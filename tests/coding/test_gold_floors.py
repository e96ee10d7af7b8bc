"""The coder's F1 on our own annotated articles never falls below what it once reached."""

import json
from pathlib import Path

import pytest

from detente import registry
from detente.evaluation import evaluate_articles
from detente.evaluation.sentences import read_sentences

GOLD = Path(__file__).parent / "gold"
FLOORS = json.loads((GOLD / "floors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", sorted(FLOORS))
def test_f1_stays_at_or_above_its_floor(folder: str) -> None:
    report = evaluate_articles(GOLD / folder / "gold", GOLD / folder / "texts")
    fallen = [
        f"{folder} {language} {measure}: {report['languages'][language][measure]['f1']} < {floor}"
        for language, floors in FLOORS[folder].items()
        for measure, floor in floors.items()
        if report["languages"][language][measure]["f1"] < floor
    ]
    assert not fallen


def test_every_set_of_sentences_can_be_read() -> None:
    files = sorted((GOLD / "sentences").glob("*.jsonl"))
    assert len(files) > 10
    for path in files:
        assert read_sentences(path, registry.load())


@pytest.mark.parametrize("folder", sorted(FLOORS))
def test_nothing_is_coded_from_boilerplate(folder: str) -> None:
    report = evaluate_articles(GOLD / folder / "gold", GOLD / folder / "texts")
    assert report["all"]["boilerplate_leaks"] == 0
