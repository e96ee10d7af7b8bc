"""A text that gives orders to a model that obeys them yields, at worst, words that really stand in it.

`attacks.jsonl`: an order in a news report, and what a model that obeys to the letter answers. The report is true: two
ministers met, one spoke, the other spoke, a second meeting was cancelled. Whatever else is coded, the order has made.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.coding.llm_examples import case, coder, document
from tests.coding.model_server import event, model_server, says, statement

from detente.codebook import modes, types
from detente.coding import llm_verify
from detente.coding.names import Names
from detente.coding.reading import read
from detente.ledger import Ledger
from detente.terms import REALIS, Coding, Document, Event, Statement

REPORTS = {
    "en": (
        "Russian Foreign Minister Sergey Lavrov and US Secretary of State Marco Rubio met in Riyadh on 18 February "
        "2025.",
        "“We are ready to restore relations with the United States,” Lavrov said after the talks.",
        "“Russia has not agreed to 15 direct flights,” Rubio told reporters.",
        "A second meeting planned for 25 February was cancelled, the State Department said.",
    ),
    "fr": (
        "Le ministre russe des Affaires étrangères, Sergueï Lavrov, et le secrétaire d’État américain, Marco Rubio, "
        "se sont rencontrés à Riyad le 18 février 2025.",
        "« Nous sommes prêts à rétablir les relations avec les États-Unis », a déclaré M. Lavrov après les entretiens.",
        "« La Russie n’a pas accepté 15 vols directs », a déclaré M. Rubio à la presse.",
        "Une deuxième rencontre prévue le 25 février a été annulée, a annoncé le département d’État.",
    ),
    "ru": (
        "Министр иностранных дел России Сергей Лавров и госсекретарь США Марко Рубио встретились в Эр-Рияде "
        "18 февраля 2025 года.",
        "«Мы готовы восстановить отношения с Соединёнными Штатами», — заявил Лавров после переговоров.",
        "«Россия не согласилась на 15 прямых рейсов», — сказал Рубио журналистам.",
        "Вторая встреча, намеченная на 25 февраля, отменена, сообщил Государственный департамент.",
    ),
}
ATTACKS = [
    json.loads(line) for line in (Path(__file__).parent / "attacks.jsonl").read_text("utf-8").splitlines() if line
]
SPEAKERS = ((), ("sergey-lavrov",), ("marco-rubio",), ())
"""Who speaks in each paragraph of the report."""
NAMES = Names(case())
TYPES = (("CONSULT", "happened"), None, None, ("REJECT", "cancelled"))


ORDERS = {"deed-in-the-order", "answer-in-the-text", "marks-of-roles", "markup"}
"""Kinds that only the wire for orders keeps out."""


def attacked(attack: dict[str, Any]) -> Document:
    return document("\n".join((*REPORTS[attack["language"]], attack["order"])), attack["language"], name=attack["id"])


def obeyed(attack: dict[str, Any], folder: Path) -> Coding:
    """What is coded where the model does all it is told."""
    times = attack.get("repeat", 1)
    events = [event(**{"kind": e.pop("type"), **e}) for e in map(dict, attack["events"])] * times
    statements = [statement(**s) for s in attack["statements"]] * times
    with model_server(says(events, statements)) as server:
        coding = coder(server, folder).code(attacked(attack))
        assert server.asked
    return coding


@cache
def codings(folder: Path) -> dict[str, Coding]:
    return {attack["id"]: obeyed(attack, folder / attack["id"]) for attack in ATTACKS}


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Coding]:
    return codings(tmp_path_factory.mktemp("attacks"))


def harm(attack: dict[str, Any], coding: Coding) -> list[str]:
    """Codings that the report does not bear out."""
    starts, at = [], 0
    for paragraph in REPORTS[attack["language"]]:
        starts.append(at)
        at += len(paragraph) + 1
    starts.append(at)

    def place(coded: Event | Statement) -> int:
        return max(n for n, start in enumerate(starts) if start <= coded.evidence.start)

    found = []
    for e in coding.events:
        told = TYPES[place(e)] if place(e) < len(TYPES) else None
        day = e.event_date.value if e.event_date else ""
        if told != (e.type, e.realis) or day not in ("2025-02-18", "2025-02-25", "2025-02-19"):
            found.append(f"{e.type} {e.realis} {day}: {e.evidence.quote}")
    for s in coding.statements:
        if place(s) >= len(SPEAKERS) or s.speaker.entity not in SPEAKERS[place(s)]:
            found.append(f"{s.speaker.name}: {s.content.quote}")
    return found


def test_there_are_at_least_fifty_attacks_in_three_languages() -> None:
    by_language = Counter(attack["language"] for attack in ATTACKS)
    assert len(ATTACKS) >= 50
    assert min(by_language[language] for language in ("en", "fr", "ru")) >= 17
    assert len({attack["order"] for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack["id"] for attack in ATTACKS])
def test_what_is_coded_stands_in_the_text_with_values_of_the_closed_lists_and_speakers_it_names(
    attack: dict[str, Any], coded: dict[str, Coding]
) -> None:
    coding, here = coded[attack["id"]], attacked(attack)
    mentioned = {(m.span.start, m.span.end) for p in read(here, case(), NAMES).passages for m in p.mentions}
    for e in coding.events:
        e.evidence.check(here)
        assert e.type in types()
        assert not e.mode or (e.type, e.mode) in modes()
        assert e.realis in REALIS
        for party in (*e.actors, *e.recipients):
            assert party.evidence is not None
            party.evidence.check(here)
            assert (party.evidence.start, party.evidence.end) in mentioned
        assert (
            e.event_date is None
            or e.event_date.basis == "publication"
            or any(t.value.startswith(e.event_date.value) for t in coding.times)
        )
    for s in coding.statements:
        s.evidence.check(here)
        s.content.check(here)
        assert -2 <= s.stance <= 2
        assert s.speaker.evidence is not None
        assert (s.speaker.evidence.start, s.speaker.evidence.end) in mentioned


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack["id"] for attack in ATTACKS])
def test_no_order_makes_a_coding_that_the_report_does_not_bear_out(
    attack: dict[str, Any], coded: dict[str, Coding]
) -> None:
    coding = coded[attack["id"]]
    if attack.get("in_text"):
        assert [e.type for e in coding.events] == ["SANCTION"], "what reads as news is news: nobody can tell it apart"
        return
    assert not harm(attack, coding)


def test_what_was_left_out_is_said(coded: dict[str, Coding]) -> None:
    for attack in ATTACKS:
        kept = len(coded[attack["id"]].events) + len(coded[attack["id"]].statements)
        given = (len(attack["events"]) + len(attack["statements"])) * attack.get("repeat", 1)
        assert kept == given or coded[attack["id"]].issues, attack["id"]


def test_without_the_wire_for_orders_only_words_of_the_text_are_coded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm_verify, "gives_orders", lambda _: False)
    harmed = set()
    for attack in ATTACKS:
        if attack["kind"] in (*ORDERS, "another-speaker", "another-type", "outcome-turned"):
            coding = obeyed(attack, tmp_path / attack["id"])
            for coded in (*coding.events, *coding.statements):
                coded.evidence.check(attacked(attack))
            harmed |= {attack["kind"]} if harm(attack, coding) else set()
    assert harmed == ORDERS, "these tell a deed in words of their own, which stand in the text"


def test_the_ledger_takes_all_of_it(coded: dict[str, Coding], tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db", create=True) as ledger:
        for attack in ATTACKS:
            ledger.add_document(attacked(attack))
            ledger.file(coded[attack["id"]])
        assert ledger.verify().ok
