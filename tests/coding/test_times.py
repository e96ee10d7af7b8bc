"""Time expressions: what is found, where, and what it is worth in three languages."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.coding.times import find_times
from detente.coding.times_grammar import Grammar, grammar
from detente.errors import CodingError
from detente.terms import Document, Span, TimeExpression

MONDAY = date(2025, 4, 14)


def times(text: str, language: str, published: date | None = MONDAY) -> tuple[TimeExpression, ...]:
    fetched = datetime(2026, 11, 23, tzinfo=UTC)
    document = Document("d", text, language, published, "given", fetched)
    spans, at = [], 0
    for line in text.split("\n"):
        if line:
            spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    return find_times(document, spans)


def short(text: str, language: str, published: date | None = MONDAY) -> list[tuple[str, str]]:
    return [(time.evidence.quote, time.value) for time in times(text, language, published)]


CASES = [
    ("fr", "La réunion du 18 février 2025 à Riyad.", [("18 février 2025", "2025-02-18")]),
    ("fr", "Ils se retrouveront jeudi 17 avril à Istanbul.", [("jeudi 17 avril", "2025-04-17")]),
    ("fr", "a insisté mardi la porte-parole", [("mardi", "2025-04-08")]),
    ("en", "The minister is to brief her allies on Thursday.", [("Thursday", "2025-04-17")]),
    ("en", "The envoys are set to meet on Wednesday.", [("Wednesday", "2025-04-16")]),
    ("en", "The envoys set off on Wednesday.", [("Wednesday", "2025-04-09")]),
    ("fr", "Le sommet aura lieu jeudi à Genève.", [("jeudi", "2025-04-17")]),
    ("fr", "Mardi soir, des drones ont visé la ville.", [("Mardi soir", "2025-04-08TEV")]),
    ("fr", "La délégation a quitté le consulat jeudi après-midi.", [("jeudi après-midi", "2025-04-10TAF")]),
    (
        "fr",
        "Ils se sont vus la semaine dernière et fin mars.",
        [("la semaine dernière", "2025-W15"), ("fin mars", "2025-03")],
    ),
    ("fr", "dans la nuit de mardi à mercredi, il a été tué", [("la nuit de mardi à mercredi", "2025-04-09TNI")]),
    ("fr", "Les consulats sont fermés depuis 2022.", [("2022", "2022")]),
    (
        "fr",
        "Il y a 3 jours, ils ont parlé ; il y a moins de deux mois aussi.",
        [("Il y a 3 jours", "2025-04-11"), ("il y a moins de deux mois", "P2M")],
    ),
    ("fr", "Du 23 au 25 mars 2025, ils ont négocié.", [("23 au 25 mars 2025", "2025-03-23/2025-03-25")]),
    (
        "fr",
        "Le 10 avril, il a vu M. Rubio. La veille, il était à Paris.",
        [("Le 10 avril", "2025-04-10"), ("La veille", "2025-04-09")],
    ),
    ("fr", "cela durerait pendant des décennies", [("pendant des décennies", "P10Y")]),
    ("fr", "une réunion de deux heures, chaque semaine", [("deux heures", "PT2H"), ("chaque semaine", "P1W")]),
    (
        "fr",
        "Au premier trimestre 2025 et dans les années 1990.",
        [("premier trimestre 2025", "2025-Q1"), ("les années 1990", "199")],
    ),
    ("fr", "avant l'été, au printemps 2026", [("l'été", "2025-SU"), ("printemps 2026", "2026-SP")]),
    (
        "fr",
        "Rendez-vous le lundi 5 mai, à 14 h 30.",
        [("le lundi 5 mai", "2025-05-05"), ("14 h 30", "2025-05-05T14:30")],
    ),
    (
        "fr",
        "Vers 0 h 40, jeudi, deux voitures se sont heurtées.",
        [("0 h 40", "2025-04-10T00:40"), ("jeudi", "2025-04-10")],
    ),
    (
        "en",
        "Talks will resume on April 24, Peskov said Tuesday.",
        [("April 24", "2025-04-24"), ("Tuesday", "2025-04-08")],
    ),
    ("en", "They met March 23-25 in Riyadh.", [("March 23-25", "2025-03-23/2025-03-25")]),
    ("en", "On Feb. 18, 2025, the delegations met.", [("Feb. 18, 2025", "2025-02-18")]),
    (
        "en",
        "It was agreed on 27 February and 10 April 2024.",
        [("27 February", "2024-02-27"), ("10 April 2024", "2024-04-10")],
    ),
    ("en", "By tonight he will be home.", [("tonight", "2025-04-14TNI")]),
    ("en", "Two weeks ago and last Friday they spoke.", [("Two weeks ago", "2025-W14"), ("last Friday", "2025-04-11")]),
    ("en", "A meeting could take place next week or in mid-May.", [("next week", "2025-W17"), ("mid-May", "2025-05")]),
    (
        "en",
        "They met on Friday. A day later Moscow confirmed it.",
        [("Friday", "2025-04-11"), ("A day later", "2025-04-12")],
    ),
    (
        "en",
        "a two-hour call, five years of talks, a decade",
        [("two-hour", "PT2H"), ("five years", "P5Y"), ("a decade", "P10Y")],
    ),
    (
        "en",
        "It begins at 6 p.m. Moscow time on April 30.",
        [("6 p.m. Moscow time", "2025-04-30T18:00"), ("April 30", "2025-04-30")],
    ),
    (
        "en",
        "In the fall of 2024, in early 2025 and in the 1990s.",
        [("the fall of 2024", "2024-FA"), ("early 2025", "2025"), ("the 1990s", "199")],
    ),
    (
        "en",
        "They spoke for two and a half hours, nearly an hour and a half.",
        [("two and a half hours", "PT2H30M"), ("nearly an hour and a half", "PT1H30M")],
    ),
    (
        "fr",
        "Annoncée il y a moins d'une semaine, après trois heures et demie.",
        [("il y a moins d'une semaine", "P1W"), ("trois heures et demie", "PT3H30M")],
    ),
    (
        "ru",
        "Раунд длился пять с половиной часов, неделей ранее его обещали.",
        [("пять с половиной часов", "PT5H30M"), ("неделей ранее", "P1W")],
    ),
    ("en", "Now, every two months, officials meet.", [("Now", "PRESENT_REF"), ("every two months", "P2M")]),
    (
        "en",
        "In 2015 ties were restored; the following year a new embassy opened.",
        [("2015", "2015"), ("the following year", "2016")],
    ),
    ("ru", "Итоги встречи 25 марта 2025 года 18:55", [("25 марта 2025 года 18:55", "2025-03-25T18:55")]),
    (
        "ru",
        "сроком на 30 суток, начиная с 18 марта 2025 года",
        [("30 суток", "P30D"), ("18 марта 2025 года", "2025-03-18")],
    ),
    (
        "ru",
        "Встречи прошли 27 февраля и 10 апреля текущего года.",
        [("27 февраля", "2025-02-27"), ("10 апреля текущего года", "2025-04-10")],
    ),
    ("ru", "Встречи пройдут 4 и 14 июня.", [("4 и 14 июня", "2025-06-04;2025-06-14")]),
    ("ru", "Они встретились в минувший четверг.", [("минувший четверг", "2025-04-10")]),
    ("ru", "На прошлой неделе договорились о встрече.", [("прошлой неделе", "2025-W15")]),
    ("ru", "До конца осени планируют провести консультации.", [("конца осени", "2025-FA")]),
    ("ru", "Накануне Песков заявил об этом.", [("Накануне", "2025-04-13")]),
    ("ru", "Накануне саммита стороны обменялись списками.", []),
    ("ru", "В ночь на 9 апреля город атаковали.", [("ночь на 9 апреля", "2025-04-09TNI")]),
    ("ru", "Во вторник вечером Лавров прибыл в Эр-Рияд.", [("вторник вечером", "2025-04-08TEV")]),
    ("ru", "Через две недели состоится новый раунд.", [("Через две недели", "2025-W18")]),
    ("ru", "Три года назад отношения были заморожены.", [("Три года назад", "2022")]),
    ("ru", "В августе 2025-го президенты встретятся.", [("августе 2025-го", "2025-08")]),
    ("ru", "Переговоры длились около пяти часов.", [("около пяти часов", "PT5H")]),
    ("ru", "Летом прошлого года и в 1990-е годы.", [("Летом прошлого года", "2024-SU"), ("1990-е годы", "199")]),
    ("ru", "Он сообщил 10.04.2025 в 15:30 мск.", [("10.04.2025", "2025-04-10"), ("15:30 мск", "2025-04-10T15:30")]),
    ("ru", "С 1 января по 31 декабря 2024 года.", [("1 января", "2024-01-01"), ("31 декабря 2024 года", "2024-12-31")]),
    (
        "ru",
        "Каждую неделю, ежегодно, по вторникам.",
        [("Каждую неделю", "P1W"), ("ежегодно", "P1Y"), ("по вторникам", "XXXX-WXX-2")],
    ),
    ("ru", "Контакты продолжатся в ближайшее время.", [("ближайшее время", "FUTURE_REF")]),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_words_and_value_are_as_a_reader_gives_them(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert short(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It cost 2025 dollars, an F-16, resolution 2231, point 4 and $1990."),
        ("en", "Theresa May said she may march. It is the second round."),
        ("en", "The 45-year-old diplomat, aged 53 years, spoke as soon as possible."),
        ("fr", "La résolution 2231, 2 025 dollars, un F-16, le point 4, 2000 soldats."),
        ("fr", "Une femme de 45 ans, âgée de 45 ans, et M. Ivanov, 53 ans, ont signé."),
        ("fr", "Le quotidien a été marché après marché."),
        ("ru", "Самолёт Ту-154, статья 5, 2024 человека, 300 военнопленных. Ему 53 года."),
        ("ru", "В этой среде всё иначе; март."),
    ],
)
def test_numbers_and_words_that_only_look_like_time_are_left_alone(language: str, text: str) -> None:
    assert short(text, language) == []


MODS = [
    ("fr", "fin mars", "END"),
    ("fr", "début 2025", "START"),
    ("fr", "environ cinq heures", "APPROX"),
    ("fr", "il y a moins de deux mois", "LESS_THAN"),
    ("fr", "pendant des décennies", "MORE_THAN"),
    ("en", "mid-April", "MID"),
    ("en", "late Sunday", "END"),
    ("en", "more than three years", "MORE_THAN"),
    ("en", "about five hours", "APPROX"),
    ("ru", "начале апреля", "START"),
    ("ru", "конца осени", "END"),
    ("ru", "более трёх лет", "MORE_THAN"),
    ("ru", "около пяти часов", "APPROX"),
]


@pytest.mark.parametrize(("language", "text", "mod"), MODS)
def test_modifier_is_inside_the_words_and_in_mod(language: str, text: str, mod: str) -> None:
    (time,) = times(text, language)
    assert (time.evidence.quote, time.mod) == (text, mod)


def test_partial_date_takes_its_year_from_the_story_where_publication_is_unknown() -> None:
    text = "La réunion du 18 février 2025 à Riyad.\nLe 10 avril, les négociations ont repris."
    story = times(text, "fr", None)
    assert [time.value for time in story] == ["2025-02-18", "2025-04-10"]
    assert [time.basis for time in story] == ["explicit", "narrative"]
    assert "2025-02-18" in story[1].reason


def test_partial_date_follows_the_story_although_the_page_was_published_later() -> None:
    text = "La réunion du 18 février 2025 à Riyad.\nLe 10 avril, ils ont repris.\nEn avril 2025, il est parti."
    assert short(text, "fr", date(2026, 11, 23))[1] == ("Le 10 avril", "2025-04-10")


def test_old_date_recalled_by_an_article_of_today_does_not_take_its_dates_away() -> None:
    text = "Il est né le 6 mars 1941. Il est mort le 13 février."
    assert short(text, "fr", date(2003, 2, 16))[1] == ("le 13 février", "2003-02-13")


def test_year_that_nothing_gives_stays_unknown() -> None:
    (time,) = times("Le 10 avril, les négociations ont repris.", "fr", None)
    assert (time.value, time.basis) == ("XXXX-04-10", "none")


def test_weekday_of_a_date_decides_its_year() -> None:
    assert short("Le samedi 5 juin, ils ont parlé.", "fr", date(2000, 1, 10)) == [("Le samedi 5 juin", "1999-06-05")]


def test_nothing_is_found_outside_the_given_sentences() -> None:
    text = "Ils ont parlé. Publié il y a 4 jours, le 3 mai 2025."
    document = Document("d", text, "fr", MONDAY, "given", datetime(2026, 1, 1, tzinfo=UTC))
    assert find_times(document, [Span(0, 14)]) == ()


def test_language_without_word_list_gives_nothing() -> None:
    assert short("Em 18 de fevereiro de 2025", "pt") == []


def test_every_expression_says_why() -> None:
    for language, text, _ in CASES:
        for time in times(text, language):
            assert time.reason
            assert time.basis in ("explicit", "relative", "narrative", "publication", "none")


MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": list(calendar.month_name)[1:],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
}
WEEKDAYS = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "en": list(calendar.day_name),
    "ru": ["понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"],
}


def written(day: date, language: str, *, year: bool = True, weekday: bool = False) -> str:
    month = MONTHS[language][day.month - 1]
    name = WEEKDAYS[language][day.weekday()]
    if language == "fr":
        text = f"{day.day}{'er' if day.day == 1 else ''} {month}" + (f" {day.year}" if year else "")
        return f"{name} {text}" if weekday else text
    if language == "en":
        text = f"{month} {day.day}" + (f", {day.year}" if year else "")
    else:
        text = f"{day.day} {month}" + (f" {day.year} года" if year else "")
    return f"{name}, {text}" if weekday else text


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
LANGUAGES = st.sampled_from(["fr", "en", "ru"])


@given(DAYS, LANGUAGES, st.one_of(st.none(), DAYS), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_full_date_is_found_with_its_value(day: date, language: str, published: date | None, weekday: bool) -> None:
    text = written(day, language, weekday=weekday)
    assert short(f"({text})", language, published) == [(text, day.isoformat())]


@given(DAYS, st.integers(-150, 150), LANGUAGES)
@settings(max_examples=300, deadline=None)
def test_any_day_and_month_near_publication_gets_its_year(published: date, days: int, language: str) -> None:
    day = published + timedelta(days=days)
    text = written(day, language, year=False)
    assert short(f"({text})", language, published) == [(text, day.isoformat())]


@given(DAYS, st.integers(-150, 150), LANGUAGES)
@settings(max_examples=300, deadline=None)
def test_any_weekday_with_day_and_month_gets_its_year(published: date, days: int, language: str) -> None:
    day = published + timedelta(days=days)
    text = written(day, language, year=False, weekday=True)
    assert short(f"({text})", language, published) == [(text, day.isoformat())]


def test_weekday_that_the_text_got_wrong_does_not_move_the_year() -> None:
    assert short("le sommet du vendredi 14 août", "fr", date(2025, 8, 19)) == [("vendredi 14 août", "2025-08-14")]


def _fragments(language: str) -> list[str]:
    rules = grammar(language)
    assert rules is not None
    numbers = "10 2025 18 : 55 30 1er 1/2 2.5 1.2.3 12,5,7 31.02.2025 99/99/9999 18:55 2025-02-30 000 999999 - – , . »"
    return sorted(rules._sets) + numbers.split(" ") * 6


FRAGMENTS = LANGUAGES.flatmap(
    lambda language: st.tuples(
        st.just(language),
        st.lists(st.one_of(st.sampled_from(_fragments(language)), st.text(max_size=6)), max_size=30),
    )
)


@given(FRAGMENTS, st.one_of(st.none(), DAYS))
@settings(max_examples=600, deadline=None)
def test_whatever_the_text_offsets_are_exact_and_expressions_apart(
    fragments: tuple[str, list[str]], published: date | None
) -> None:
    language, words = fragments
    text = " ".join(words)
    found = times(text, language, published)
    for time in found:
        assert text[time.evidence.start : time.evidence.end] == time.evidence.quote
        assert time.value
    assert all(a.evidence.end <= b.evidence.start for a, b in pairwise(found))


@given(FRAGMENTS)
@settings(max_examples=100, deadline=None)
def test_reading_twice_gives_the_same(fragments: tuple[str, list[str]]) -> None:
    language, words = fragments
    assert times(" ".join(words), language) == times(" ".join(words), language)


@pytest.mark.parametrize("language", ["fr", "en", "ru"])
def test_every_kind_of_rule_is_read_by_the_tagger(language: str) -> None:
    from detente.coding import times as module

    rules = grammar(language)
    assert rules is not None
    kinds = {rule.kind for some in rules._openers.values() for rule in some} - {"skip"}
    assert not [kind for kind in kinds if not hasattr(module._Story, f"_{kind}")]


def _table(**rules: list[str]) -> dict[str, object]:
    return {"words": {"UNIT": {"D": ["day"]}}, "macros": {}, "tense": {"past": [], "future": []}, "rules": rules}


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("UNIT NOWHERE", "NOWHERE"),
        ("UNIT?", "may match nothing"),
        ("(UNIT", "closing bracket"),
        ("UNIT )", "bracket too many"),
        ("UNIT %", "cannot be read"),
        ("UNIT !", "ends where"),
    ],
)
def test_broken_rule_is_refused_with_its_place(pattern: str, complaint: str) -> None:
    with pytest.raises(CodingError, match=complaint):
        Grammar("en", _table(duration=[pattern]))


def test_word_list_without_rules_is_refused() -> None:
    with pytest.raises(CodingError, match=r"no table \[rules\]"):
        Grammar("en", {"words": {}, "macros": {}, "tense": {}})


def test_longest_rule_wins_and_look_around_is_not_part_of_it() -> None:
    rules = Grammar("en", _table(ahead=["<=the UNIT =now"], short=["UNIT"], long=["UNIT after UNIT"]))
    line = rules.line("day after day the day now", 0, 25)
    assert [(found.kind, found.start, found.end) for found in rules.find(line)] == [("long", 0, 13), ("ahead", 18, 21)]
