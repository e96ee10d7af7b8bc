"""`detente code` with a language model: bounded, resumable, by several processes, and said where it is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.coding.model_server import ModelServer, event, model_server, refuses, says, statement
from tests.console import run

TALKS = "Cuban Foreign Minister Bruno Rodriguez met US Secretary of State Marco Rubio in Havana on {day} March 2025."
SAID = "“We are ready for talks with the United States,” Rodriguez said."
ITEMS = (
    [event("Bruno Rodriguez met US Secretary of State Marco Rubio", "CONSULT", ["Bruno Rodriguez", "Marco Rubio"])],
    [statement("We are ready for talks with the United States", "Rodriguez", 1)],
)
GOOD = says(*ITEMS)


@pytest.fixture
def reports(case: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six short reports in an empty dossier, and a run of its own."""
    lines = [
        json.dumps({"id": f"r{n}", "text": f"{TALKS.format(day=n + 1)}\n{SAID}", "published": f"2025-03-{n + 2:02}"})
        for n in range(6)
    ]
    (case / "in.jsonl").write_text("\n".join(lines))
    assert run(f"detente add {case / 'in.jsonl'} --dossier {case} --quiet").code == 0
    monkeypatch.setenv("DETENTE_LLM_RUN", "first")
    return case


def set_up(case: Path, server: ModelServer, **more: object) -> None:
    path = case / "dossier.toml"
    text = path.read_text().partition("\n[llm]\n")[0]
    told = {"address": server.address, "model": "little", "answer_tokens": 100, **more}
    path.write_text(text + "\n[llm]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items()))


def coded_by(case: Path) -> dict[str, int]:
    status = json.loads(run(f"detente status --dossier {case} --json").out)
    return dict(status["coders"])


def test_a_spent_budget_ends_the_run_and_the_next_goes_on(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with model_server(GOOD) as server:
        set_up(reports, server, tokens_per_run=16_000)
        stopped = run(f"detente code --coder llm --dossier {reports} --quiet")
        done = len(server.asked)
        assert stopped.code == 2
        assert "tokens_per_run is 16,000" in stopped.err
        assert 0 < done < 6
        again = run(f"detente code --coder llm --dossier {reports} --quiet")
        assert again.code == 2
        assert len(server.asked) == done, "the same run stays stopped after a new start"
        monkeypatch.setenv("DETENTE_LLM_RUN", "second")
        set_up(reports, server)
        report = json.loads(run(f"detente code --coder llm --dossier {reports} --json").out)
    assert (report["coder"], report["passed_over"], report["documents"]) == ("llm.v1+little", done, 6 - done)
    assert len(server.asked) == 6, "nothing was asked twice"
    assert list(coded_by(reports)) == ["llm.v1+little"]


def test_a_document_without_an_answer_is_tried_again_by_the_next_run(reports: Path) -> None:
    with model_server(refuses(500), GOOD) as server:
        set_up(reports, server, tries=1)
        first = run(f"detente code --coder llm --dossier {reports} --json")
        assert first.code == 1
        assert json.loads(first.out)["documents"] == 5
        second = json.loads(run(f"detente code --coder llm --dossier {reports} --json").out)
    assert (second["documents"], second["passed_over"]) == (1, 5)


def test_processes_share_the_bound_and_a_spent_one_ends_them_all(reports: Path) -> None:
    with model_server(GOOD) as server:
        set_up(reports, server)
        report = json.loads(run(f"detente code --coder llm --processes 2 --dossier {reports} --json").out)
        assert report["documents"] == 6
        set_up(reports, server, tokens_per_run=1_000)
        stopped = run(f"detente code --coder llm+other --processes 2 --dossier {reports} --quiet")
        assert stopped.code == 2
        assert "tokens_per_run is 1,000" in stopped.err
        assert len(server.asked) == 6


def test_what_a_model_coded_is_said_in_briefs(reports: Path) -> None:
    with model_server(GOOD) as server:
        set_up(reports, server)
        assert run(f"detente code --coder llm --dossier {reports} --quiet").code == 0
    for language, said in (
        ("en", "A language model took part in the coding: little."),
        ("fr", "Un modèle de langage a participé au codage\u00a0: little."),
        ("ru", "В кодировании участвовала языковая модель: little."),
    ):
        brief = run(f"detente brief --dossier {reports} --lang {language}")
        assert said in brief.out, brief.err
