"""Readers and reviewers at once on a real server: no error, no lost decision. How fast is for `benchmarks/load.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import desk_dossier
import load


def test_readers_and_reviewers_at_once_meet_no_error_and_lose_no_decision(tmp_path: Path) -> None:
    folder = desk_dossier.make(tmp_path / "dossier", 40)
    with desk_dossier.serving(folder) as address:
        load.begin(address)
        tally = load.together(address, readers=6, reviewers=3, seconds=5, pause=0.2)
    assert tally.wrong() == []
    assert tally.decided
    assert load.lost(folder, tally.decided) == []


def test_a_decision_that_is_not_kept_is_found(tmp_path: Path) -> None:
    folder = desk_dossier.make(tmp_path / "dossier", 5)
    assert load.lost(folder, []) == []
    assert load.lost(folder, [("0123456789abcdef", "Anna", "accept")]) != []
