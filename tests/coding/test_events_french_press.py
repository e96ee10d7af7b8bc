"""Events and statements as French papers and agencies tell them: in passing, in relatives, behind pronouns."""

from __future__ import annotations

import pytest
from tests.coding.reports import day, events, one, reading

from detente.coding.statements import find_statements

_DAY = "2024-05-24"


def told(text: str, dyad: str = "GRC-TUR", language: str = "fr") -> list[tuple[str, str]]:
    return [(event.type, day(event)) for event in events(text, language, dyad, _DAY)]


@pytest.mark.parametrize(
    "text",
    [
        "C'est le fruit de la conversation qu'ont eue mercredi le ministre grec et le ministre turc de la Défense.",
        "L'annonce a été faite mercredi par Hakan Fidan, au sortir de sa rencontre à Rome avec Georges Gerapetritis.",
        "Athènes et Ankara ont achevé mercredi, peu après 17h00, un face-à-face de deux heures.",
        "Reçu mercredi par Hakan Fidan, le ministre grec de la Défense a quitté Ankara dans la soirée.",
    ],
)
def test_a_meeting_told_in_passing_is_that_of_its_two(text: str) -> None:
    event = one(events(text, "fr", "GRC-TUR", _DAY), "CONSULT")
    assert (set(event.sides), day(event)) == ({"GRC", "TUR"}, "2024-05-22")


def test_a_meeting_on_whose_occasion_something_was_agreed_has_its_day() -> None:
    text = "L'arrêt des hostilités a été conclu mercredi, lors d'un appel entre Athènes et Ankara."
    assert set(told(text)) == {("AGREE", "2024-05-22"), ("CONSULT", "2024-05-22")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Le président turc est « prêt » à s'entretenir avec le Premier ministre grec."),
        ("ru", "Президент Турции готов встретиться с премьер-министром Греции."),
        ("fr", "« On s'y attendait », ironise un député grec joint par téléphone à propos de la Turquie."),
        ("fr", "La Turquie ferait mieux de négocier que de tester des missiles, a dit la Grèce."),
        ("fr", "Selon Athènes, tout a été obtenu grâce à la Turquie."),
        ("fr", "La main tendue d'Athènes est restée sans réponse à Ankara."),
    ],
)
def test_moods_and_idioms_are_no_events(language: str, text: str) -> None:
    assert told(text, language=language) == []


def test_what_had_to_be_done_was_done() -> None:
    assert told("La Turquie a dû lever mercredi les sanctions qui visaient la Grèce.") == [("RETREAT", "2024-05-22")]


def test_the_second_of_two_deeds_shares_the_auxiliary() -> None:
    text = "La Turquie a rappelé son ambassadeur à Athènes le 3 mai, puis fermé son consulat le 7 mai."
    assert told(text) == [("RETREAT", "2024-05-03"), ("SANCTION", "2024-05-07")]


def test_a_feast_in_a_name_is_no_day() -> None:
    assert told("Jean-Noël Barrot a reçu mercredi Hakan Fidan à Paris.", "FRA-TUR") == [("CONSULT", "2024-05-22")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hakan Fidan, que son homologue grec recevait mercredi à Athènes, a parlé d'amitié.", "CONSULT"),
        ("L'entretien, mercredi, entre le président turc et le Premier ministre grec a duré une heure.", "CONSULT"),
        ("Athènes et Ankara se sont renvoyé mercredi la responsabilité de l'incident.", "ACCUSE"),
        ("La Turquie a mis fin mercredi au traité de 1930 qui la liait à la Grèce.", "RETREAT"),
        ("La Turquie a brandi mercredi la menace d'un embargo contre la Grèce.", "THREATEN"),
        ("Hakan Fidan a renoncé mercredi à se rendre à Athènes.", "REJECT"),
        ("Ankara a donné mercredi dix jours à la Grèce pour retirer ses navires.", "THREATEN"),
        ("Hakan Fidan a invité mercredi son homologue grec à venir à Ankara en juin.", "REQUEST"),
        ("Athènes a demandé mercredi à Ankara de restituer l'épave.", "REQUEST"),
        ("Athènes a accusé mercredi Ankara de saboter les négociations.", "ACCUSE"),
        ("La Grèce a mercredi expulsé deux diplomates turcs.", "SANCTION"),
        ("Ankara riposterait à toute nouvelle sanction grecque, a-t-elle prévenu mercredi.", "THREATEN"),
        ("Athènes accuse Ankara d'avoir bombardé mercredi un îlot grec.", "ACCUSE"),
        ("Le Premier ministre grec et Hakan Fidan devaient se voir mercredi, mais la réunion a été annulée.", "REJECT"),
        ("Le cessez-le-feu entre la Grèce et la Turquie est entré en vigueur mercredi.", "AGREE"),
        ("Aucune rencontre n'est prévue entre Hakan Fidan et son homologue grec, a-t-on appris mercredi.", "CONSULT"),
    ],
)
def test_relatives_insertions_and_phrases(text: str, kind: str) -> None:
    event = one(events(text, "fr", "GRC-TUR", _DAY), kind)
    assert (set(event.sides), day(event)) == ({"GRC", "TUR"}, "2024-05-22")
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Mercredi, Athènes et Ankara ont signé un accord. Il prévoit que les troupes turques quitteront l'île."),
        (
            "en",
            "On Wednesday Athens and Ankara signed an accord. The text provides that Turkish troops will leave Samos.",
        ),
    ],
)
def test_what_an_accord_lays_down_is_of_its_day(language: str, text: str) -> None:
    assert ("AGREE", "2024-05-22") in told(text, language=language)


def test_months_and_years_are_counted_from_what_was_told() -> None:
    text = "Ankara a rappelé son ambassadeur à Athènes en mars 2021, puis fermé son consulat grec le mois suivant."
    assert [d for _, d in told(text)] == ["2021-03", "2021-04"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("La Grèce n'y est pour rien, lui a répondu le ministre turc Hakan Fidan.", "Hakan Fidan"),
        (
            "La Grèce veut humilier le président turc, a déclaré mercredi le président chypriote.",
            "Nikos Christodoulides",
        ),
        ("Ankara exige toujours que la Grèce retire ses navires.", "Ankara"),
        ("Le chef de l'Etat turc a dit mercredi que la Grèce avait tort.", "Recep Tayyip Erdogan"),
        ("« La Grèce et la Turquie n'y croient qu'à moitié », nuance un courtier londonien.", "un courtier londonien"),
    ],
)
def test_who_speaks_behind_pronouns_adverbs_and_bare_capitals(text: str, speaker: str) -> None:
    found = find_statements(reading(text, "fr", "GRC-TUR", _DAY))
    assert [s.speaker.name for s in found] == [speaker]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Trois soldats grecs ont été tués mercredi par des tirs turcs.", "TUR"),
        ("Athènes a rompu mercredi ses relations avec la Turquie, accusant Ankara de duplicité.", "GRC"),
        ("La Turquie a violé mercredi le cessez-le-feu, a dit le ministère grec de la Défense.", "GRC"),
    ],
)
def test_who_does_it_stands_behind_or_is_understood(text: str, actor: str) -> None:
    assert {p.side for event in events(text, "fr", "GRC-TUR", _DAY) for p in event.actors} == {actor}
