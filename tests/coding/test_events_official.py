"""How official and agency texts tell of days, of contacts that go on, of refusals and measures."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.coding.reports import day, events, one

from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import Document, Dyad, Event


def coded(text: str, language: str, dyad: str, published: str) -> tuple[Event, ...]:
    """Events with their ranks, as the coder gives them."""
    document = Document("d", text, language, date.fromisoformat(published), "given", datetime(2026, 11, 23, tzinfo=UTC))
    return RulesCoder(starter(Dyad.parse(dyad), date.fromisoformat(published))).code(document).events


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "President Lula spoke by phone today with President Milei. The leaders agreed to stay in touch."),
        (
            "fr",
            "Le président Lula s'est entretenu mardi par téléphone avec le président argentin Javier Milei. Les deux "
            "présidents sont convenus de rester en contact.",
        ),
        (
            "ru",
            "Состоялся телефонный разговор президента Бразилии Лулы да Силвы с президентом Аргентины Хавьером Милеем. "
            "Условлено о продолжении контактов.",
        ),
    ],
)
def test_to_stay_in_touch_is_no_news_beside_the_call(language: str, text: str) -> None:
    found = coded(text, language, "ARG-BRA", "2024-07-09")
    assert [e.type for e in found if e.rank == "main"] == ["CONSULT"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lula met Milei on 9 July. The two presidents instructed their ministers to prepare a new treaty."),
        (
            "fr",
            "Lula et Milei se sont vus le 9 juillet. Les deux présidents ont chargé leurs ministres d'y travailler.",
        ),
        ("ru", "Лула и Милей встретились 9 июля. Заняться этим поручено Мауро Виейре и Диане Мондино."),
    ],
)
def test_a_task_given_to_both_sides_is_an_accord(language: str, text: str) -> None:
    names = (
        "Президент Бразилии Лула да Силва, министр иностранных дел Бразилии Мауро Виейра, президент Аргентины Хавьер "
    )
    text = f"{names}Милей, министр иностранных дел Аргентины Диана Мондино. {text}" if language == "ru" else text
    assert "AGREE" in {e.type for e in events(text, language, "ARG-BRA", "2024-07-10")}


def test_each_call_has_the_day_of_its_own_clause() -> None:
    text = "Вечером 25 июня Путин беседовал по телефону с Обамой; предыдущий их разговор датируется 10 февраля."
    found = [e for e in events(text, "ru", published="2015-06-26") if e.type == "CONSULT"]
    assert sorted(day(e) for e in found) == ["2015-02-10", "2015-06-25"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Vladimir Putin spoke by phone with Joe Biden, sworn in last week."),
        ("fr", "Vladimir Poutine s'est entretenu par téléphone avec Joe Biden, investi la semaine dernière."),
        ("ru", "Владимир Путин провёл телефонный разговор с Джо Байденом, на прошлой неделе вступившим в должность."),
    ],
)
def test_since_when_somebody_is_in_office_is_not_the_day_of_the_call(language: str, text: str) -> None:
    assert day(one(events(text, language, published="2021-01-26"), "CONSULT")) == "2021-01-26"


def test_the_same_day_is_the_one_named_last_though_nothing_was_coded_of_it() -> None:
    text = (
        "3 мая состоялся телефонный разговор Лаврова с Рубио. Обсуждали то, о чём 28 апреля говорили лидеры. Тогда же, "
        "как известно, Путин и Трамп условились провести встречу в Будапеште."
    )
    assert day(one(events(text, "ru", published="2025-05-03"), "AGREE")) == "2025-04-28"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Putin and Obama last spoke by phone in late June."),
        ("fr", "La dernière fois, Vladimir Poutine et Barack Obama se sont parlé au téléphone fin juin."),
        ("ru", "Последний раз Путин и Обама беседовали по телефону в конце июня."),
    ],
)
def test_the_last_time_is_recalled(language: str, text: str) -> None:
    assert {e.rank for e in coded(text, language, "RUS-USA", "2015-09-09")} == {"background"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia will not resume talks with the United States on arms control."),
        ("ru", "Россия не станет возобновлять переговоры с США по контролю над вооружениями."),
        ("ru", "США наотрез отказываются обсуждать с Россией контроль над вооружениями."),
        ("ru", "Предложение США возобновить рейсы в Москве восприняли холодно."),
    ],
)
def test_talks_that_will_not_be_resumed_are_refused_now(language: str, text: str) -> None:
    assert day(one(events(text, language, published="2024-09-27"), "REJECT")) == "2024-09-27"


@pytest.mark.parametrize(
    "text",
    [
        "В среду под блокирующие ограничения США попали две российские компании.",
        "В среду посольству США в Москве передана нота с перечнем сотрудников, объявленных «персонами нон грата».",
    ],
)
def test_whoever_comes_under_measures_is_sanctioned(text: str) -> None:
    event = one(events(text, "ru", published="2025-10-23"), "SANCTION")
    assert (event.sides, day(event)) == (("RUS", "USA"), "2025-10-22")


def test_a_treaty_that_is_history_is_left_though_a_clause_stands_between() -> None:
    text = "Договор, под которым в 1987 году поставили подписи Горбачёв и Рейган, с пятницы принадлежит истории."
    found = events("Москва и Вашингтон остались без договора. " + text, "ru", published="2019-08-02")
    assert day(one(found, "RETREAT")) == "2019-08-02"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Вину в нарушении договора возложил на США МИД России, и ноту протеста он вручил посольству США.", "ACCUSE"),
        ("По телефону с Дональдом Трампом Владимир Путин говорил в понедельник.", "CONSULT"),
        ("Подписи под договором поставили Владимир Путин и Дональд Трамп.", "AGREE"),
        ("Встретиться в Москве предложил Дональду Трампу Владимир Путин.", "REQUEST"),
        ("Новым послом России в США станет Александр Дарчиев.", "AGREE"),
        ("В российский стоп-лист включены двести граждан США.", "SANCTION"),
    ],
)
def test_words_of_a_russian_phrase_may_stand_before_its_verb(text: str, kind: str) -> None:
    assert kind in {e.type for e in events(text, "ru", published="2025-06-18")}


@pytest.mark.parametrize(
    "text",
    [
        "В присутствии лидеров состоялась церемония подписания документов России и США.",
        "Владимир Путин подписал закон о ратификации соглашения с США.",
        "Договор с США продлён на пять лет.",
        "Решено вернуть послов, объявил Владимир Путин после встречи с Джо Байденом.",
    ],
)
def test_an_accord_is_told_by_its_signing_its_law_or_without_a_subject(text: str) -> None:
    event = one(events(text, "ru", published="2021-06-18"), "AGREE")
    assert (event.sides, day(event)) == (("RUS", "USA"), "2021-06-18")


def test_soldiers_who_could_come_home_are_free() -> None:
    text = "Россия и Украина провели переговоры 18 апреля. 19 апреля на Родину смогли вернуться 246 российских солдат."
    event = one(events(text, "ru", "RUS-UKR", "2025-04-20"), "RETREAT")
    assert (day(event), event.realis) == ("2025-04-19", "happened")


def test_in_a_week_is_no_go_between() -> None:
    text = "Через неделю Лавров и Рубио вновь сядут за стол переговоров."
    assert one(events(text, "ru", published="2025-02-18"), "CONSULT").sides == ("RUS", "USA")
