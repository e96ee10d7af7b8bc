"""Ranks of acts and chances of PLOVER types, on a small made-up world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.forecast.next_event_examples import ENTITIES, RELATIONS, made_up_facts, write_folder

from detente.forecast.act_scores import evaluate_acts
from detente.forecast.acts import PairPast
from detente.forecast.quadruples import Quadruples, both_ways


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


def test_what_is_known_of_acts_is_frozen_when_a_day_ends() -> None:
    whole = Quadruples(*np.array(made_up_facts()).T)
    cut = whole.chosen(whole.time <= 20)
    known, ahead = (PairPast(both_ways(f, RELATIONS), ENTITIES, RELATIONS) for f in (cut, whole))
    for past in (known, ahead):
        while past.step < 20:
            past.end_step()
    questions = known.questions()
    one, two = known.candidates(questions), ahead.candidates(questions)
    assert one.act.tolist() == two.act.tolist()
    np.testing.assert_array_equal(one.features, two.features)
