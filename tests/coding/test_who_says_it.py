"""Whose word a press report tells: pronouns, unnamed speakers, a body's voice, and verbs that only tell a deed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detente import plugins
from detente.dossier import starter
from detente.terms import Document, Dyad, Language

DAY = date(2025, 5, 7)


def said(text: str, language: Language, first: str, second: str) -> list[tuple[str, str]]:
    """Speakers and their sides."""
    dyad = Dyad(*sorted((first, second)))
    coder = plugins.coder(starter(dyad, date(2000, 1, 1)), None)
    document = Document("d", text, language, DAY, "given", datetime(2025, 5, 7, tzinfo=UTC))
    return [(one.speaker.name, one.speaker.side) for one in coder.code(document).statements]


def test_a_pronoun_that_leans_on_a_verb_hides_no_speaker() -> None:
    text = "Le Pérou négocie avec le Chili. L'accord ne tient pas au cuivre, lui a dit Alberto van Klaveren."
    assert [name for name, _ in said(text, "fr", "PER", "CHL")] == ["Alberto van Klaveren"]


def test_a_body_that_spoke_goes_on_as_a_pronoun() -> None:
    text = "Le ministère chilien de la Défense salue un accord avec le Pérou. Il dit que la frontière rouvrira."
    assert {side for _, side in said(text, "fr", "PER", "CHL")} == {"CHL"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "Le Pérou et le Chili négocient. « Le marché péruvien n'y croit pas », nuance un négociant de Santiago.",
        ),
        ("en", "Peru and Chile are negotiating. A veteran trader in Santiago said that Peru would not sign."),
        ("ru", "Перу и Чили ведут переговоры. Перу не подпишет соглашение с Чили, считает трейдер."),
    ],
)
def test_whoever_goes_unnamed_speaks_by_calling(language: Language, text: str) -> None:
    assert len(said(text, language, "PER", "CHL")) == 1


def test_a_person_lends_a_body_the_voice() -> None:
    text = "Le Chili, par la voix de Gabriel Boric, menace de fermer la frontière avec le Pérou."
    assert [name for name, _ in said(text, "fr", "PER", "CHL")] == ["Gabriel Boric"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Le Pérou a dénoncé en 2018 l'accord de pêche avec le Chili."),
        ("fr", "L'accord de pêche avait été dénoncé par le Chili un an plus tard, au grand dam du Pérou."),
        ("en", "Chile responded that June by expelling two diplomats of Peru."),
        ("en", "Chile does not recognise the new president of Peru."),
        ("en", "The envoy of Chile refused to sign the accord with Peru."),
        ("ru", "Чили официально не признавало новую границу с Перу."),
    ],
)
def test_a_deed_told_by_a_verb_of_saying_is_no_statement(language: Language, text: str) -> None:
    assert said(text, language, "PER", "CHL") == []


def test_whose_word_stands_between_commas_says_the_sentence() -> None:
    text = (
        "Peru and Chile met in Lima. The leaders, as the Chilean Foreign Ministry reported, confirmed their interest."
    )
    assert {side for _, side in said(text, "en", "PER", "CHL")} == {"CHL"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "L'ambassadeur russe Alexandre Dartchiev a cité la Norvège. L'ambassadeur a noté qu'elle écoute.",
        ),
        (
            "en",
            "Russian ambassador Alexander Darchiev spoke of Norway. The ambassador noted that Norway was listening.",
        ),
        ("ru", "Посол России Александр Дарчиев говорил о Норвегии. Посол отметил, что Норвегия слушает."),
    ],
)
def test_an_ambassador_is_taken_up_by_title_wherever_posted(language: Language, text: str) -> None:
    assert ("RUS" in {side for _, side in said(text, language, "NOR", "RUS")}) is True


def test_the_head_of_state_needs_no_accent() -> None:
    text = "Gabriel Boric a reçu le Pérou. Le chef de l'Etat chilien a dit espérer que le Pérou signera."
    assert [name for name, _ in said(text, "fr", "PER", "CHL")] == ["Gabriel Boric"]


@pytest.mark.parametrize(
    ("language", "text", "side"),
    [
        ("fr", "Le Pérou et le Chili négocient. L'entourage du président chilien évoque un « malentendu ».", "CHL"),
        ("fr", "Le Pérou et le Chili négocient. Mais pour le ministre chilien, le Pérou doit attendre.", "CHL"),
        (
            "fr",
            "Le Pérou et le Chili négocient. Le président chilien a, une nouvelle fois, plaidé pour la paix.",
            "CHL",
        ),
        ("fr", "Le Pérou et le Chili négocient. Du côté de Santiago, on insiste sur le respect.", "CHL"),
        ("en", "Peru and Chile are negotiating. An aide to Gabriel Boric told reporters that Peru was late.", ""),
        ("en", "Peru and Chile are negotiating. Chile's office sees no reason to hurry.", "CHL"),
        ("fr", "Le Pérou et le Chili négocient. Gabriel Boric table sur une signature en juin.", "CHL"),
        ("en", "Peru and Chile are negotiating. Gabriel Boric preferred to call it useful for Peru.", "CHL"),
        ("ru", "Перу и Чили ведут переговоры. Чили стоит на своем: извинений не будет.", "CHL"),
        ("ru", "Перу и Чили ведут переговоры. В Чили говорят о недоразумении.", "CHL"),
        ("ru", "Перу и Чили ведут переговоры. Чили не видит смысла в спешке.", "CHL"),
    ],
)
def test_the_press_attributes_in_many_ways(language: Language, text: str, side: str) -> None:
    found = said(text, language, "PER", "CHL")
    assert len(found) == 1
    assert found[0][1] in (side, "CHL")


def test_a_town_in_capitals_before_a_colon_dates_the_line_and_says_nothing() -> None:
    assert (
        said("LIMA: Peru on Wednesday expelled the Chilean ambassador and closed the border.", "en", "PER", "CHL") == []
    )
    spoken = said("Lima: Peru is ready for talks with Chile.", "en", "PER", "CHL")
    assert {side for _, side in spoken} == {"PER"}
