"""Scores on the outside development sets never fall below what they once were; skipped where the sets are not.

`outside_floors.json` holds the path of each figure in the report. Raise a floor when the coder gets better; a lower one
needs a line in the changelog that says what was bought with it. Time expressions: `tests/coding/test_times_timeml.py`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from detente.evaluation import evaluate_folder, score_newswire, score_pairs, score_types

HERE = Path(__file__).parent
FLOORS: dict[str, dict[str, float]] = json.loads((HERE / "outside_floors.json").read_text(encoding="utf-8"))


@cache
def _report(gold: Path, name: str) -> dict[str, Any]:
    path = gold / name
    if name == "articles":
        return evaluate_folder(path)
    if name.startswith("pairs"):
        return score_pairs(path)
    if name.endswith(".tsv"):
        return score_types(path)
    answers = HERE / "newswire_dev_answers.tsv" if "newswire" in name else None
    return score_newswire(path, answers=answers)


@pytest.mark.parametrize(("name", "figure"), [(name, figure) for name in FLOORS for figure in FLOORS[name]])
def test_an_outside_score_stays_at_or_above_its_floor(name: str, figure: str, outside: Path) -> None:
    value: Any = _report(outside / "gold", name)
    for part in figure.split(" "):
        value = value[part]
    assert value >= FLOORS[name][figure]


def test_nothing_is_coded_from_boilerplate_of_outside_articles(outside: Path) -> None:
    assert _report(outside / "gold", "articles")["all"]["boilerplate_leaks"] == 0
