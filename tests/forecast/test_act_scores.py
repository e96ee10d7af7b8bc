"""Ranks of acts and chances of PLOVER types, on a small made-up world."""

from __future__ import annotations

import json
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


def test_one_day_to_learn_from_is_learned_from_without_networks(tmp_path: Path) -> None:
    day = [(one, (one + other) % 4, other, 0) for one in range(20) for other in range(20, 30)]
    later = [(subject, act, target, time) for subject, act, target, _ in day for time in (40, 45)]
    found = evaluate_acts(write_folder(tmp_path / "short", day + later), on="valid")
    assert found.n == 400


def test_each_act_told_rests_on_rows_of_earlier_days(folder: Path, tmp_path: Path) -> None:
    found = evaluate_acts(folder, on="valid", predictions=tmp_path / "told.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text(encoding="utf-8").splitlines()]
    times = {
        f"{name}:{number}": int(row.split("\t")[3])
        for name in ("train.txt", "valid.txt", "test.txt")
        for number, row in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1)
    }
    assert sum(len(line["acts"]) for line in lines) == found.n
    for line in lines:
        assert len(line["predictions"]) == 8
        for told in line["predictions"]:
            rows = [row for ground in told["grounds"] for row in ground["rows"]]
            assert rows
            assert all(times[row] < line["time"] for row in rows)


def test_the_ceiling_of_raw_ranks_is_that_of_the_pairs_own_acts(folder: Path) -> None:
    found = evaluate_acts(folder, on="valid")
    ceiling = found.ceiling()
    assert ceiling[found.together == 1] == pytest.approx(1)
    assert ceiling[found.together == 2] == pytest.approx(0.75)
    # A pair's acts are told from both sides, each as often as there are acts.
    assert sum(1 / found.together) == pytest.approx(round(sum(1 / found.together)))
    assert found.mrr <= ceiling.mean() <= 1
    assert found.rank.min() >= 1
    assert len(found.rank) == len(found.together) == len(found.met) == found.n
