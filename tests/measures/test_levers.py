"""Levers: who gives, offers, threatens or withholds what, in three languages, with the words that say so."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from measure_examples import event, side, statement

from detente.ledger import Standing
from detente.measures.levers import LeverMove, lever_moves, levers, levers_in
from detente.terms import LANGUAGES, Entry, Evidence, Occurrence, Statement


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Washington threatened tariffs on buyers of Russian oil", "en", ("tariffs", "energy")),
        ("des droits de douane sur le pétrole", "fr", ("tariffs", "energy")),
        ("пошлины на нефть", "ru", ("tariffs", "energy")),
        ("give back the frozen assets", "en", ("assets",)),
        ("livraisons d’armes", "fr", ("weapons",)),
        ("редкоземельных металлов", "ru", ("minerals",)),
        ("an important investigation", "en", ()),
        ("Gaza", "fr", ()),
        ("l'équipage du pétrolier", "fr", ("people",)),
        ("nommé ambassadeur", "fr", ()),
        ("prêts à discuter, il visait la paix de Gaza", "fr", ()),
        ("долго, уголовное дело, сектор Газа, энергично", "ru", ()),
        ("tariffs", "es", ()),
    ],
)
def test_levers_are_read_from_words_and_words_that_look_alike_are_none(
    text: str, language: str, found: tuple[str, ...]
) -> None:
    assert levers_in(text, language) == found


def test_every_lever_has_a_name_and_stems_in_each_language_and_no_stem_has_two_owners() -> None:
    for language in LANGUAGES:
        stems = [stem for lever in levers() for stem in lever.stems[language]]
        assert len(stems) == len(set(stems))
        assert all(stem == stem.lower() for stem in stems)
        assert all(lever.labels[language] and lever.stems[language] for lever in levers())


def quoted(occurrence: Occurrence, quote: str, realis: str = "happened") -> Occurrence:
    evidence = Evidence(occurrence.event.evidence.document, 0, len(quote), quote)
    return replace(occurrence, event=replace(occurrence.event, evidence=evidence, realis=realis))  # type: ignore[arg-type]


def moves(*occurrences: Occurrence, said: tuple[Statement, ...] = (), subject: str = "") -> tuple[LeverMove, ...]:
    entries = [
        Standing(Entry(f"e{i}", i, datetime(2025, 2, 20, tzinfo=UTC), "d1", "c", "b", "statement", each), each)
        for i, each in enumerate(said)
    ]
    return lever_moves(
        occurrences, entries, {"RUS", "USA", "CHN"}, language=lambda _: "en",
        published={"d1": date(2025, 2, 18), "x-doc": date(2025, 3, 1)}, subject=lambda *_: subject,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "realis", "move"),
    [
        ("COOPERATE", "happened", "given"),
        ("COOPERATE", "planned", "offered"),
        ("COOPERATE", "cancelled", "withheld"),
        ("CONCEDE", "happened", "given"),
        ("RETREAT", "planned", "offered"),
        ("SANCTION", "happened", "withheld"),
        ("SANCTION", "planned", "threatened"),
        ("SANCTION", "cancelled", "offered"),
        ("REQUEST", "happened", "asked"),
        ("COOPERATE", "denied", None),
        ("CONSULT", "happened", None),
    ],
)
def test_a_move_is_what_the_event_counts_as(kind: str, realis: str, move: str | None) -> None:
    told = quoted(event("2025-02-18", kind, "USA", "CHN", key="x"), "about soybeans", realis)
    assert [(m.who, m.whom, m.lever, m.move) for m in moves(told)] == ([("USA", "CHN", "trade", move)] if move else [])


def test_a_move_names_its_day_its_occurrence_and_its_words() -> None:
    (found,) = moves(quoted(event("2025-02-18", "AID", "USA", "RUS", key="x"), "gave grain"))
    assert (found.day, found.evidence, found.document, found.quote) == (date(2025, 2, 18), "x", "x-doc", "gave grain")
    (planned,) = moves(quoted(event("2025-09-01", "AID", "USA", "RUS", key="x"), "will give grain", "planned"))
    assert planned.day == date(2025, 3, 1), "an offer is made on the day it is reported"


def test_moves_of_others_are_left_out_and_joint_ones_are_told_as_such() -> None:
    assert moves(quoted(event("2025-02-18", "AID", "FRA", "RUS", key="x"), "gave grain")) == ()
    (joint,) = moves(quoted(event("2025-02-18", "AGREE", "RUS USA", key="x"), "agreed on direct flights"))
    assert (joint.who, joint.whom) == ("RUS+USA", "")


def condition(text: str, depends: str) -> Statement:
    said = statement("Sergei Ryabkov", "RUS", -1)
    return replace(
        said, content=Evidence("d1", 0, len(text), text), conditions=(Evidence("d1", 0, len(depends), depends),)
    )


def test_a_condition_is_the_speakers_or_that_of_whom_the_words_begin_with() -> None:
    said = condition("the embargo stays until there is peace", "until there is peace")
    (own,) = moves(said=(said,))
    assert (own.who, own.move, own.said_by, own.condition) == (
        "RUS", "conditioned", "Sergei Ryabkov", "until there is peace",
    )  # fmt: skip
    assert moves(said=(said,), subject="USA")[0].who == "USA"
    assert moves(said=(replace(said, conditions=()),)) == ()
    assert moves(said=(replace(said, addressee=side("USA")),))[0].whom == "USA"
