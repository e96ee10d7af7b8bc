"""Decisions from the command line and in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from rich.prompt import Prompt
from tests.console import run

sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from publish_examples import document, event, new_dossier

from detente import workflow
from detente.cli import judging
from detente.ledger import queue

REPORT = document("en-1", "Envoys of Russia and the United States met in Istanbul on Thursday.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_dossier(tmp_path / "dossier", (REPORT, [event(REPORT, REPORT.text)]), questions=False)


def standing(folder: Path) -> Any:
    with workflow.opened(folder) as (_, ledger):
        return ledger.codings("event")[0]


def test_a_second_amendment_keeps_the_first(folder: Path) -> None:
    entry = standing(folder).entry.id
    for change in ("realis=planned", "rank=background"):
        done = run(f"detente review --dossier {folder} --entry {entry} --set {change} --why seen --by anna")
        assert done.code == 0, done.err
    found = standing(folder).coding
    assert (found.realis, found.rank) == ("planned", "background")


def test_a_change_with_another_decision_is_refused(folder: Path) -> None:
    entry = standing(folder).entry.id
    done = run(f"detente review --dossier {folder} --entry {entry} --decision accept --set realis=planned --by anna")
    assert done.code == 2
    assert "--set" in done.err
    assert standing(folder).decided == ""


def test_several_actors_are_written_in_a_terminal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["e", "actors=RUS; USA; CHN; realis=planned", "seen"])
    monkeypatch.setattr(Prompt, "ask", lambda *_, **__: next(answers))
    with workflow.opened(folder) as (case, ledger):
        judging._go_through(case, ledger, queue(ledger), "anna")
    found = standing(folder).coding
    assert ([p.side for p in found.actors], found.realis) == (["RUS", "USA", "CHN"], "planned")
