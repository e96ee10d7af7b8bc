"""Charges, threats and demands that stand in what is said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import Document, Dyad, Event


def events(text: str, language: str) -> list[Event]:
    document = Document("d", text, language, date(2021, 5, 20), "given", datetime(2026, 11, 23, tzinfo=UTC))
    return list(RulesCoder(starter(Dyad.parse("BLR-POL"), date(2021, 5, 20))).code(document).events)


SAID = [
    ("fr", "La Pologne a fermé sa frontière jeudi. Cette mesure « aura des conséquences », a ajouté Minsk.",
     "THREATEN"),
    ("fr", "Minsk invoque des « actions inamicales » de la Pologne.", "ACCUSE"),
    ("fr", "« Varsovie ne tolérera pas un tel chantage », a fait savoir la diplomatie polonaise.", "THREATEN"),
    ("en", "Belarus called the closure by Poland \"an act of aggression\", its foreign ministry said.", "ACCUSE"),
    ("en", "The Polish foreign ministry said the detentions in Belarus were \"totally unacceptable\".", "ACCUSE"),
    ("ru", "МИД Белоруссии заявил, что закрытие границы Польшей не останется без ответа.", "THREATEN"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "kind"), SAID)
def test_hostile_words_to_the_other_side_are_a_deed(language: str, text: str, kind: str) -> None:
    found = [e for e in events(text, language) if e.type in ("ACCUSE", "THREATEN", "REJECT")]
    assert [e.type for e in found] == [kind]
    assert set(found[0].sides) == {"BLR", "POL"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Minsk juge « utile » son échange avec la Pologne."),
        ("en", "The Belarusian president accuses Germany's allies of undermining Warsaw's effort."),
        ("fr", "L'opposition polonaise accuse le Premier ministre polonais de brader la frontière avec Minsk."),
        ("en", "Poland said the talks with Belarus were useful."),
    ],
)
def test_other_words_are_none(language: str, text: str) -> None:
    assert not [e for e in events(text, language) if e.rule == "said as a deed"]


def test_a_ban_told_as_standing_since_a_day_of_this_week_began_on_it() -> None:
    text = "La Biélorussie interdit depuis lundi le survol de son territoire aux avions polonais."
    found = [e for e in events(text, "fr") if e.type == "SANCTION"]
    assert [e.event_date.value for e in found if e.event_date] == ["2021-05-17"]


def test_a_retort_is_aimed_at_whoever_spoke_before() -> None:
    at_home = "Poland kept its ban on Friday. Deputies in Warsaw countered that the ban enriches the Belarusian leader."
    assert "ACCUSE" not in {e.type for e in events(at_home, "en")}


def test_an_interview_is_no_meeting() -> None:
    text = "Dans un entretien à la chaîne publique, jeudi, le président polonais a critiqué la Biélorussie."
    assert not [e for e in events(text, "fr") if e.type == "CONSULT"]


def test_the_sentence_with_the_day_and_both_sides_is_the_evidence_of_a_meeting() -> None:
    text = (
        "C'est le résultat du sommet qui a réuni mercredi le président biélorusse et le président polonais à Vilnius. "
        "L'entretien a duré quatre heures."
    )
    assert [e.evidence.quote[:8] for e in events(text, "fr") if e.type == "CONSULT"] == ["C'est le"]
