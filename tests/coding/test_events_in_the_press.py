"""Events as journalists tell them: turns of phrase, in sentences written for these tests."""

from __future__ import annotations

import pytest
from tests.coding.reports import day, events, one


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Chile condemned Peru on Thursday for closing the crossing at Tacna."),
        ("fr", "Le Chili a condamné jeudi la fermeture du passage de Tacna par le Pérou."),
        ("ru", "Чили в четверг осудила Перу за закрытие перехода в Такне."),
    ],
)
def test_what_somebody_blames_another_for_is_the_others_deed(language: str, text: str) -> None:
    found = events(text, language, "CHL-PER", "2025-11-07")
    assert {event.type for event in found} == {"ACCUSE"}
    assert {p.side for p in found[0].actors} == {"CHL"}


@pytest.mark.parametrize(
    "text",
    [
        "Emmanuel Macron et Olaf Scholz se sont quittés vendredi à Nice sans rien signer.",
        "Emmanuel Macron a ouvert vendredi les portes de l'Élysée à Olaf Scholz.",
        "Emmanuel Macron a raccompagné vendredi Olaf Scholz jusqu'à la frontière.",
        "Emmanuel Macron a appelé vendredi Olaf Scholz.",
        "Emmanuel Macron venait de serrer, vendredi, la main de Olaf Scholz.",
    ],
)
def test_a_meeting_may_be_told_without_a_word_for_it(text: str) -> None:
    event = one(events(text, "fr", "DEU-FRA", "2023-03-04"), "CONSULT")
    assert (event.sides, day(event)) == (("DEU", "FRA"), "2023-03-03")


def test_to_call_on_somebody_for_something_is_no_call() -> None:
    found = events("Emmanuel Macron a appelé vendredi Olaf Scholz à la retenue.", "fr", "DEU-FRA", "2023-03-04")
    assert {event.type for event in found} == {"REQUEST"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kyriakos Mitsotakis and Recep Tayyip Erdogan chaired the High-Level Cooperation Council on Wednesday."),
        ("fr", "Mercredi, Kyriakos Mitsotakis et Recep Tayyip Erdogan ont présidé le Conseil de coopération."),
        ("ru", "В среду Кириакос Мицотакис и Реджеп Тайип Эрдоган провели заседание Совета сотрудничества."),
    ],
)
def test_a_session_of_a_council_of_two_states_is_a_meeting(language: str, text: str) -> None:
    event = one(events(text, language, "GRC-TUR", "2026-02-13"), "CONSULT")
    assert (event.sides, day(event)) == (("GRC", "TUR"), "2026-02-11")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The United States is no longer a party to the Open Skies treaty."),
        ("fr", "Depuis dimanche, les États-Unis ne font plus partie du traité « Ciel ouvert »."),
        ("ru", "США больше не являются участником Договора по открытому небу."),
    ],
)
def test_who_is_no_longer_bound_by_a_treaty_has_left_it(language: str, text: str) -> None:
    event = one(events(text, language, "RUS-USA", "2020-11-23"), "RETREAT")
    assert (event.mode, event.sides) == ("abandon", ("RUS", "USA"))
    assert {p.side for p in event.actors} == {"USA"}
    assert day(event) == ("2020-11-22" if language == "fr" else "2020-11-23")


def test_a_state_that_was_never_party_to_a_treaty_leaves_nothing() -> None:
    assert not events("Les États-Unis ne font pas partie du traité de Rome.", "fr", "RUS-USA", "2020-11-23")


def test_a_relative_clause_has_its_own_party_and_day() -> None:
    text = "La Russie et les États-Unis parlent d'un traité de 1987, dont Washington s'est retiré en août 2019."
    event = one(events(text, "fr", "RUS-USA", "2019-11-23"), "RETREAT")
    assert ({p.side for p in event.actors}, day(event)) == ({"USA"}, "2019-08")


def test_what_expires_stands_before_its_verb_and_is_background_while_it_lies_ahead() -> None:
    text = (
        "La Russie et les États-Unis négocient. L'an dernier, le traité sur les missiles a volé en éclats, "
        "et New Start arrive à échéance le 5 février."
    )
    lapsed = [e for e in events(text, "fr", "RUS-USA", "2020-11-23") if e.type == "RETREAT"]
    assert [(day(e), e.rank) for e in lapsed] == [("2019", "background"), ("2021-02-05", "background")]


def test_participles_before_their_text_are_an_accord_each() -> None:
    text = (
        "Signé à Prague en avril 2010 par Barack Obama et Dmitri Medvedev, prolongé début 2021, le texte tient encore."
    )
    assert {day(e) for e in events(text, "fr", "RUS-USA", "2022-01-10") if e.type == "AGREE"} == {"2010-04", "2021"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Summoned to the State Department on Tuesday, the ambassador Anatoly Antonov was handed a note."),
        ("fr", "Convoqué mardi au département d'État, l'ambassadeur Anatoli Antonov s'est vu signifier un blâme."),
        ("ru", "Посол России Анатолий Антонов во вторник был вызван в Госдепартамент."),
    ],
)
def test_an_ambassador_is_summoned_by_the_body_he_is_summoned_to(language: str, text: str) -> None:
    event = one(events(text, language, "RUS-USA", "2023-03-15"), "ACCUSE")
    assert ({p.side for p in event.actors}, {p.side for p in event.recipients}) == ({"USA"}, {"RUS"})


def test_to_be_handed_the_list_is_an_expulsion_and_no_meeting() -> None:
    text = (
        "Jeudi, l'ambassadeur américain Jon Huntsman s'est vu remettre la liste des indésirables par Sergueï Riabkov."
    )
    event = one(events(text, "fr", "RUS-USA", "2018-03-30"), "SANCTION")
    assert ({p.side for p in event.actors}, event.mode) == ({"RUS"}, "expel")
    assert not [e for e in events(text, "fr", "RUS-USA", "2018-03-30") if e.type == "CONSULT"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The White House said on Wednesday that the talks with Vladimir Putin set for September were cancelled.",
        ),
        (
            "fr",
            "Washington a fait savoir mercredi que le sommet avec Vladimir Poutine, prévu en septembre, était annulé.",
        ),
        ("ru", "В среду Белый дом сообщил, что намеченный на сентябрь саммит с Владимиром Путиным отменен."),
    ],
)
def test_a_calling_off_has_the_day_on_which_it_was_told(language: str, text: str) -> None:
    found = events(text, language, "RUS-USA", "2013-08-07")
    assert [(e.type, day(e)) for e in found if e.rank == "main"] == [("REJECT", "2013-08-07")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Three days after Donald Trump ordered two submarines to be deployed, Dmitry Peskov spoke on Monday.",
        ),
        (
            "fr",
            "Trois jours après que Donald Trump a ordonné de déployer deux sous-marins, Dmitri Peskov a parlé lundi.",
        ),
    ],
)
def test_days_after_a_deed_count_back_to_it(language: str, text: str) -> None:
    event = one(events(text, language, "RUS-USA", "2025-08-05"), "MOBILIZE")
    assert (day(event), event.realis) == ("2025-08-01", "happened")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Mr Obama will still travel to the G20 summit in St Petersburg on September 5."),
        ("fr", "M. Obama se rendra malgré tout au G20 de Saint-Pétersbourg le 5 septembre."),
        ("ru", "Обама поедет на саммит «большой двадцатки» в Санкт-Петербург 5 сентября."),
    ],
)
def test_a_meeting_of_many_states_is_no_visit_to_its_host(language: str, text: str) -> None:
    assert not events(text, language, "RUS-USA", "2013-08-07")


def test_a_plan_has_no_day_long_past() -> None:
    text = "Russie et États-Unis : les activités militaires communes, interrompues en août 2008, vont reprendre."
    assert not [e for e in events(text, "fr", "RUS-USA", "2009-07-08") if day(e).startswith("2008")]


def test_the_rest_of_the_news_is_of_the_day_that_the_lead_names() -> None:
    text = (
        "Le dialogue a trouvé lundi au Kremlin un nouvel élan. Barack Obama et Dmitri Medvedev y ont signé un accord."
    )
    assert day(one(events(text, "fr", "RUS-USA", "2009-07-08"), "AGREE")) == "2009-07-06"


def test_a_day_spelt_out_beside_a_counted_one_decides() -> None:
    text = (
        "Barack Obama et Dmitri Medvedev se sont vus le 26 mars. "
        "Deux semaines plus tard, le 10 avril, Barack Obama et Dmitri Medvedev ont signé un accord."
    )
    assert day(one(events(text, "fr", "RUS-USA", "2010-04-12"), "AGREE")) == "2010-04-10"


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("fr", "Le consulat des États-Unis à Izmir a suspendu jeudi la délivrance des visas aux Turcs.", "TUR-USA"),
        ("en", "The US consulate in Izmir, Turkey, suspended visa services on Thursday.", "TUR-USA"),
        ("ru", "Генконсульство США в Измире, Турция, в четверг приостановило выдачу виз.", "TUR-USA"),
    ],
)
def test_a_mission_that_cuts_its_services_withdraws(language: str, text: str, place: str) -> None:
    event = one(events(text, language, place, "2025-11-07"), "RETREAT")
    assert day(event) == "2025-11-06"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Les présidents du Chili et du Pérou ont arrêté jeudi les termes du traité. Ils le signeront le 8 mai."),
        ("en", "The presidents of Chile and Peru finalized the treaty on Thursday. They will sign it on 8 May."),
        ("ru", "Президенты Чили и Перу в четверг согласовали текст договора. Они подпишут его 8 мая."),
    ],
)
def test_what_they_will_sign_may_be_a_pronoun(language: str, text: str) -> None:
    found = events(text, language, "CHL-PER", "2026-04-03")
    assert [(e.type, day(e)) for e in found] == [("AGREE", "2026-04-02"), ("AGREE", "2026-05-08")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "Les négociations de jeudi entre Chili et Pérou ont débouché sur la création de deux groupes de travail.",
        ),
        ("fr", "Les pourparlers de jeudi entre le Chili et le Pérou ont accouché d'un accord de pêche."),
        ("en", "Thursday's talks between Chile and Peru resulted in an agreement on fishing."),
    ],
)
def test_what_talks_came_to_is_agreed(language: str, text: str) -> None:
    event = one(events(text, language, "CHL-PER", "2025-11-07"), "AGREE")
    assert (event.sides, day(event)) == (("CHL", "PER"), "2025-11-06")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "Chili et Pérou ont repris langue jeudi. Ils se sont engagés à conclure un accord avant la fin de l'année.",
        ),
        ("en", "Chile and Peru met on Thursday. They pledged to conclude an agreement by the end of the year."),
    ],
)
def test_the_day_by_which_something_is_pledged_is_not_the_day_of_the_pledge(language: str, text: str) -> None:
    event = one(events(text, language, "CHL-PER", "2025-11-07"), "AGREE")
    assert day(event) == "2025-11-06"


def test_adverbs_may_part_a_verb_from_its_pronoun() -> None:
    text = "Les deux présidents se sont en outre personnellement engagés à œuvrer à la reprise des vols."
    found = events("Le Chili et le Pérou ont repris langue jeudi. " + text, "fr", "CHL-PER", "2025-11-07")
    assert {e.type for e in found} == {"CONSULT", "AGREE"}


def test_two_days_listed_before_the_verb_are_two_meetings() -> None:
    text = "Le 20 mai puis le 6 juin, les délégations chilienne et péruvienne se sont retrouvées à huis clos à Tacna."
    found = events(text, "fr", "CHL-PER", "2025-07-07")
    assert [(e.type, day(e)) for e in found] == [("CONSULT", "2025-05-20"), ("CONSULT", "2025-06-06")]


@pytest.mark.parametrize(
    "text",
    [
        "À Lima, Gabriel Boric attendait jeudi Dina Boluarte au pied de la passerelle.",
        "Le texte de jeudi couronne des mois de tractations entre le Chili et le Pérou.",
    ],
)
def test_waiting_and_months_of_talks_are_no_meeting(text: str) -> None:
    assert not any(e.type == "CONSULT" for e in events(text, "fr", "CHL-PER", "2025-11-07"))


def test_what_is_left_undone_is_no_refusal() -> None:
    text = "Le Chili a dénoncé jeudi un geste inamical du Pérou, sans pour autant fermer la porte au dialogue."
    assert {e.type for e in events(text, "fr", "CHL-PER", "2025-11-07")} == {"ACCUSE"}


def test_a_meeting_may_be_called_by_the_country_where_it_was_to_be() -> None:
    text = "Le Chili attendait le Pérou à Budapest ; jeudi, il a tiré un trait sur le rendez-vous hongrois."
    event = one(events(text, "fr", "CHL-PER", "2025-11-07"), "REJECT")
    assert (event.sides, day(event)) == (("CHL", "PER"), "2025-11-06")


def test_the_day_of_an_earlier_meeting_is_not_that_of_the_new_one() -> None:
    text = (
        "À Tacna, jeudi, il a beaucoup plu. Le Chili et le Pérou y ont passé en revue leurs querelles, une première "
        "depuis leur sommet de Nice, un an plus tôt."
    )
    found = events(text, "fr", "CHL-PER", "2025-11-07")
    assert "2025-11-06" in [day(e) for e in found if e.type == "CONSULT"]


def test_a_term_to_leave_is_not_the_day_of_the_order() -> None:
    text = "Dix diplomates péruviens ont jusqu'au 5 décembre pour quitter le Chili. Gabriel Boric l'a annoncé jeudi."
    event = one(events(text, "fr", "CHL-PER", "2025-11-07"), "SANCTION")
    assert day(event) == "2025-11-06"


def test_a_call_that_will_have_lasted_is_over() -> None:
    text = "Le coup de fil de jeudi entre Gabriel Boric et Dina Boluarte aura duré une heure."
    event = one(events(text, "fr", "CHL-PER", "2025-11-07"), "CONSULT")
    assert (day(event), event.realis) == ("2025-11-06", "happened")


def test_a_recall_of_an_envoy_is_news() -> None:
    event = one(events("Le Chili a rappelé jeudi son ambassadeur au Pérou.", "fr", "CHL-PER", "2025-11-07"), "RETREAT")
    assert event.rank == "main"


def test_as_many_as_never_before_were_exchanged() -> None:
    text = "Jamais, depuis 1991, le Chili et le Pérou n'avaient échangé autant de prisonniers."
    event = one(events(text, "fr", "CHL-PER", "2025-11-07"), "RETREAT")
    assert event.realis == "happened"


def test_the_year_of_a_treaty_is_not_that_of_its_end() -> None:
    text = "Jeudi, tout a rompu. Quelques heures plus tôt, le Chili avait gelé le traité de 2000 avec le Pérou."
    event = one(events(text, "fr", "CHL-PER", "2025-11-07"), "RETREAT")
    assert day(event) == "2025-11-06"


def test_a_form_after_who_acts_is_a_verb() -> None:
    text = "Le président chilien annonce dans le même temps des sanctions contre le ministère péruvien de la Défense."
    assert one(events(text, "fr", "CHL-PER", "2025-11-07"), "SANCTION").sides == ("CHL", "PER")
