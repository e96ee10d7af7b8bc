"""What a sentence says beside its news: where a thing is, who somebody is, what a prisoner is held for."""

from __future__ import annotations

import pytest
from tests.coding.reports import events, one


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Japanese students staged a protest in Shanghai on Wednesday near a hall where talks will open on Friday.",
        ),
        (
            "fr",
            "Des étudiants japonais ont manifesté mercredi à Shanghai près du stade où les Jeux s'ouvriront vendredi.",
        ),
        ("ru", "Японские студенты провели в среду акцию протеста в Шанхае у стадиона, где в пятницу откроется саммит."),
    ],
)
def test_where_a_protest_was_held_is_no_meeting(language: str, text: str) -> None:
    assert [event.type for event in events(text, language, "CHN-JPN", "2025-06-05")] == ["PROTEST"]


def test_a_place_where_talks_will_open_is_news_behind_its_name() -> None:
    text = "Wang Yi flew to Tokyo, where talks with Japan will open on Friday."
    assert "CONSULT" in {event.type for event in events(text, "en", "CHN-JPN", "2025-06-05")}


def test_a_slogan_is_nobodys_deed() -> None:
    text = 'Japanese students staged a protest in Shanghai on Wednesday, unfurling "Free Tibet" banners.'
    assert [event.type for event in events(text, "en", "CHN-JPN", "2025-06-05")] == ["PROTEST"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A Tunisian court jailed a man for two years on Tuesday for helping militants in Lebanon."),
        (
            "fr",
            "Un tribunal tunisien a condamné mardi un homme à deux ans de prison pour avoir aidé un groupe au Liban.",
        ),
        ("ru", "Суд в Тунисе приговорил во вторник мужчину к двум годам тюрьмы за помощь боевикам в Ливане."),
    ],
)
def test_what_somebody_is_jailed_for_touches_no_state(language: str, text: str) -> None:
    assert not events(text, language, "LBN-TUN", "2025-06-05")


def test_whose_citizen_is_jailed_is_touched() -> None:
    text = "Tunisia jailed a Lebanese man on Tuesday for helping militants."
    assert one(events(text, "en", "LBN-TUN", "2025-06-05"), "COERCE").sides == ("LBN", "TUN")


def test_who_somebody_is_behind_a_comma_tells_no_new_arrest() -> None:
    text = (
        "Israel on Wednesday released the Palestinian mayor of Nablus, a member of a movement jailed over a year ago."
    )
    assert {event.type for event in events(text, "en", "ISR-PSE", "2025-06-05")} == {"RETREAT"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "France is pursuing the militant group that has attacked villages in Mali."),
        ("fr", "La France combat le groupe djihadiste qui a attaqué des villages au Mali."),
        ("ru", "Франция преследует группировку, которая напала на деревни в Мали."),
    ],
)
def test_what_a_band_did_is_no_deed_of_who_fights_it(language: str, text: str) -> None:
    assert not [e for e in events(text, language, "FRA-MLI", "2025-06-05") if e.type in ("ASSAULT", "COERCE")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Evidence against Russia was presented by France on Tuesday."),
        ("en", "France produced new evidence against Russia on Tuesday."),
        ("fr", "Paris a présenté mardi des preuves contre Moscou."),
        ("ru", "Париж представил во вторник доказательства против Москвы."),
    ],
)
def test_proof_shown_against_somebody_accuses(language: str, text: str) -> None:
    event = one(events(text, language, "FRA-RUS", "2025-06-05"), "ACCUSE")
    assert {p.side for p in event.actors} == {"FRA"}
    assert {p.side for p in event.recipients} == {"RUS"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cuba hopes to help Venezuela.", "COOPERATE"),
        ("Cuba and Venezuela are seeking to deepen a partnership in energy.", "COOPERATE"),
        ("Cuba is eager to aid Venezuela.", "AID"),
    ],
)
def test_what_somebody_wants_to_do_is_still_to_come(text: str, kind: str) -> None:
    assert one(events(text, "en", "CUB-VEN", "2025-06-05"), kind).realis in ("planned", "proposed")


def test_asylum_is_aid() -> None:
    text = "Germany granted asylum to a Russian dissident on Tuesday."
    assert one(events(text, "en", "DEU-RUS", "2025-06-05"), "AID").sides == ("DEU", "RUS")


NOTHING_SUCH = [
    ("en", "It calls the permit, which began in May, temporary, but Japan and China keep renewing it.", "CONSULT"),
    ("en", "Wang Yi said China left room for further dialogue with Japan.", "SANCTION"),
    ("en", "The meeting between China and Japan ended without any documents signed.", "AGREE"),
    ("fr", "La rencontre entre la Chine et le Japon s'est achevée sans aucun accord.", "AGREE"),
    ("ru", "Встреча министров Китая и Японии закончилась без каких-либо подписанных документов.", "AGREE"),
    ("ru", "Китай не готов открыть рынок Японии, пока не достигнуты договорённости, сообщил Ван И.", "AGREE"),
    ("ru", "Самолёт министра приземлился в аэропорту имени Синдзо Абэ, заявили в Пекине.", "AID"),
]


@pytest.mark.parametrize(("language", "text", "kind"), NOTHING_SUCH)
def test_words_that_only_look_like_a_deed_tell_none(language: str, text: str, kind: str) -> None:
    assert kind not in {event.type for event in events(text, language, "CHN-JPN", "2025-06-05")}


def test_days_after_something_are_counted_only_for_what_is_told_there() -> None:
    text = "Deux jours après la saisie, la Chine a accepté de libérer l'équipage japonais, a annoncé jeudi Pékin."
    found = events(text, "fr", "CHN-JPN", "2025-06-05")
    assert {event.event_date.value for event in found if event.type == "AGREE" and event.event_date} == {"2025-06-05"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tokyo will allow purchases of Chinese crude for another month, the ministry said on Thursday."),
        ("fr", "Tokyo autorise de nouveau les achats de pétrole chinois, a annoncé jeudi le ministère."),
        ("ru", "Япония разрешила поставки китайской нефти, сообщило в четверг министерство."),
    ],
)
def test_purchases_allowed_are_a_concession(language: str, text: str) -> None:
    found = [e for e in events(text, language, "CHN-JPN", "2025-06-05") if e.type in ("CONCEDE", "RETREAT")]
    assert [set(event.sides) for event in found] == [{"CHN", "JPN"}]


CREDENTIALS = [
    ("en", "Emperor Naruhito accepted the credentials of the Chinese ambassador on Tuesday."),
    ("fr", "L'ambassadeur chinois a présenté mardi ses lettres de créance au ministère japonais."),
    ("ru", "Посол Китая вручил во вторник верительные грамоты императору Японии."),
]


@pytest.mark.parametrize(("language", "text"), CREDENTIALS)
def test_credentials_are_an_accord_and_no_request(language: str, text: str) -> None:
    assert {event.type for event in events(text, language, "CHN-JPN", "2025-06-05")} == {"AGREE"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "China on Wednesday sanctioned 250 firms accused of helping Japan or supplying its arms industry."),
        ("fr", "Pékin a sanctionné mercredi des sociétés accusées d'aider le Japon et de lui fournir des armes."),
        ("ru", "Китай ввёл в среду санкции против компаний, обвиняемых в помощи Японии и поставках ей оружия."),
    ],
)
def test_what_somebody_is_accused_of_is_not_done_by_whoever_accuses(language: str, text: str) -> None:
    assert {event.type for event in events(text, language, "CHN-JPN", "2025-06-05")} == {"SANCTION"}


def test_a_note_with_an_agrement_is_an_accord() -> None:
    text = "В ходе вчерашних консультаций китайская сторона передала официальную ноту с агреманом на посла Японии."
    types = {event.type for event in events(text, "ru", "CHN-JPN", "2025-02-28")}
    assert "AGREE" in types
    assert "REQUEST" not in types


def test_what_comes_into_effect_only_once_sanctions_go_is_no_sanction() -> None:
    text = "The truce between China and Japan will take effect only once sanctions are lifted, Beijing said on Monday."
    assert "SANCTION" not in {event.type for event in events(text, "en", "CHN-JPN", "2025-03-26")}


def test_months_after_another_month_are_not_counted_from_the_news() -> None:
    text = (
        "Japan renewed a waiver that began in March, less than five months after China imposed sanctions on "
        "two Japanese firms."
    )
    found = [event for event in events(text, "en", "CHN-JPN", "2026-05-18") if event.type == "SANCTION"]
    assert [event.event_date for event in found] == [None]
