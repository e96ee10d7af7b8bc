"""Ranks of acts and chances of PLOVER types, on a small made-up world."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.forecast.next_event_examples import made_up_facts, write_folder

from detente.forecast.act_scores import evaluate_acts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("acts") / "made-up", made_up_facts())


def test_acts_are_ranked_in_both_directions_and_types_scored(folder: Path) -> None:
    found = evaluate_acts(folder)
    test = (folder / "test.txt").read_text(encoding="utf-8").split("\n")
    assert found.n == 2 * len([line for line in test if line])
    # Eight acts by chance alone would earn 0.34.
    assert found.mrr > 0.4
    assert 0 < found.hits[0] <= found.hits[1] <= found.hits[2] <= 1
    # Every act but none of the names is a statement, so that each has a PLOVER type.
    assert found.n_types == found.n // 2
    assert set(found.by_way) == {"ours", "classes", "own"}
    assert all(0 <= scores.brier <= 2 for scores in found.by_way.values())
    assert sum(each.n for each in found.bins) == 16 * found.n_types
    assert all(0 <= each.said <= 1 and 0 <= each.came <= 1 for each in found.bins)
