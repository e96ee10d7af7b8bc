"""A language model is asked about what the rules doubt, and says whether it reads the same; nothing of it is coded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.coding.llm_examples import case, document, endpoint
from tests.coding.model_server import SERVED, ModelServer, event, model_server, says, statement

from detente import plugins
from detente.coding.llm import Model
from detente.coding.llm_second import SecondOpinion
from detente.coding.rules import RulesCoder
from detente.terms import Coding, Document
from detente.testing import check_coder

SURE = "On 18 February 2025 Russian Foreign Minister Sergey Lavrov and US Secretary of State Marco Rubio met in Riyadh."
DOUBTED = "He told reporters that relations with the United States were improving."
TEXT = f"{SURE}\n{DOUBTED}"


def opinion(server: ModelServer, folder: Path, **more: Any) -> SecondOpinion:
    return SecondOpinion(case(), Model(case(), endpoint(server, folder, **more)))


def rules() -> Coding:
    return RulesCoder(case()).code(document(TEXT))


def test_only_what_is_in_doubt_is_asked_about(tmp_path: Path) -> None:
    ours = rules()
    assert [(s.doubts, s.stance) for s in ours.statements] == [(("speaker",), 1)], "the text this test rests on"
    assert not ours.events[0].doubts
    with model_server(says()) as server:
        opinion(server, tmp_path, ask_below=0).code(document(TEXT))
        (asked,) = server.asked
        assert list(asked.paragraphs.values()) == [DOUBTED]
        opinion(server, tmp_path, ask_below=0).code(document(SURE))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("said", "differs", "reading"),
    [
        ([statement("relations with the United States were improving", "He", 1)], (), "Sergey Lavrov +1"),
        ([statement("relations with the United States were improving", "He", -1)], ("stance",), "Sergey Lavrov -1"),
        ([statement("relations with the United States were improving", "Rubio", 1)], ("speaker",), "Marco Rubio +1"),
        ([statement("relations with America get better", "He", 1, at="He")], ("unseen",), ""),
        ([], ("unseen",), ""),
    ],
)
def test_a_coding_in_doubt_says_what_the_model_reads(
    tmp_path: Path, said: list[dict[str, Any]], differs: tuple[str, ...], reading: str
) -> None:
    with model_server(says([], said)) as server:
        coding = opinion(server, tmp_path, ask_below=0).code(document(TEXT))
    (told,) = coding.statements
    assert told.second is not None
    assert (told.second.differs, told.second.reading) == (differs, reading)
    assert told.second.coder == f"little ({SERVED})"
    assert coding.coder.startswith("rules.v2+llm.v1+little+"), "what is asked about is part of the name"


def test_what_the_rules_coded_stays_as_it_is(tmp_path: Path) -> None:
    from dataclasses import replace

    ours = rules()
    more = event("relations with the United States were improving", "SUPPORT", ["United States"])
    with model_server(says([more])) as server:
        coding = opinion(server, tmp_path, ask_below=1.0).code(document(TEXT))
    assert all(coded.second is not None for coded in (*coding.events, *coding.statements))
    assert tuple(replace(e, second=None) for e in coding.events) == ours.events
    assert tuple(replace(s, second=None) for s in coding.statements) == ours.statements


def test_an_event_in_doubt_is_compared_by_type_day_sides_and_outcome(tmp_path: Path) -> None:
    other = event(SURE.removesuffix("."), "REJECT", ["Sergey Lavrov", "Marco Rubio"], realis="cancelled")
    with model_server(says([other])) as server:
        coding = opinion(server, tmp_path, ask_below=1.0).code(document(SURE))
    second = coding.events[0].second
    assert second is not None
    assert second.differs == ("type", "polarity")
    assert second.reading == "REJECT RUS/USA 2025-02-18 cancelled"


def test_what_the_model_reads_beside_the_rules_is_said_and_not_coded(tmp_path: Path) -> None:
    text = SURE + " The United States hailed Russia in a song."
    extra = event("The United States hailed Russia in a song", "SUPPORT", ["The United States"], recipients=["Russia"])
    with model_server(says([extra])) as server:
        coding = opinion(server, tmp_path, ask_below=1.0).code(document(text))
    assert len(coding.events) == len(RulesCoder(case()).code(document(text)).events)
    if not any("song" in e.evidence.quote for e in coding.events):
        assert any("reads 1 events and 0 statements where the rules read none" in i.message for i in coding.issues)


def test_an_answer_that_could_not_be_read_is_no_opinion(tmp_path: Path) -> None:
    from tests.coding.model_server import writes

    with model_server(writes("sorry")) as server:
        coding = opinion(server, tmp_path, ask_below=1.0).code(document(TEXT))
    assert all(coded.second is None for coded in (*coding.events, *coding.statements))
    assert any("no answer of the form" in issue.message for issue in coding.issues)


def test_it_keeps_the_contract_of_all_coders_and_is_made_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_LLM_STORE", str(tmp_path / "own.db"))
    with model_server(says()) as server:
        monkeypatch.setenv("DETENTE_LLM_ADDRESS", server.address)
        monkeypatch.setenv("DETENTE_LLM_MODEL", "little")
        check_coder(opinion(server, tmp_path))
        assert plugins.coder(case(), "rules+llm").name == "rules.v2+llm.v1+little"


def test_a_coding_with_its_second_reading_is_kept_in_the_ledger_and_comes_first_at_the_desk(tmp_path: Path) -> None:
    from detente.ledger import Ledger, from_json, queue, to_json

    with model_server(says([], [statement("relations with the United States were improving", "He", -1)])) as server:
        coding = opinion(server, tmp_path, ask_below=0).code(document(TEXT))
    assert from_json("coding", json.loads(json.dumps(to_json(coding, sparse=True)))) == coding
    alike = document(TEXT, name="alike")

    def queued(name: str, made: Coding) -> tuple[float, str]:
        with Ledger.open(tmp_path / name, create=True) as ledger:
            ledger.add_document(_of(made, alike))
            ledger.file(made)
            item = next(i for i in queue(ledger) if i.standing.entry.kind == "statement")
        return item.doubt, item.note

    differing, plain = queued("a.db", coding), queued("b.db", rules())
    assert differing[0] > plain[0]
    assert (differing[1], plain[1]) == ("another coder reads it otherwise", "")


def _of(coding: Coding, found: Document) -> Document:
    from tests.coding.llm_examples import renamed

    return renamed(found, coding.document)
