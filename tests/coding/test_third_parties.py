"""Who is neither of the two: the European Union, bodies and people for no state, those a report goes back to."""

from __future__ import annotations

import pytest
from tests.coding.reports import events

UNION = [
    ("en", "Japan accused European governments of protectionism on Monday.", "ACCUSE", {"JPN", "EUR"}),
    ("en", "The European Union sanctioned Japan on Monday.", "SANCTION", {"JPN", "EUR"}),
    ("fr", "Ursula von der Leyen a rencontré lundi à Tokyo le ministre japonais.", "CONSULT", {"JPN", "EUR"}),
    ("ru", "Евросоюз ввёл в понедельник санкции против Японии.", "SANCTION", {"JPN", "EUR"}),
]


@pytest.mark.parametrize(("language", "text", "kind", "sides"), UNION)
def test_the_union_takes_part_and_the_other_side_is_not_understood(
    language: str, text: str, kind: str, sides: set[str]
) -> None:
    found = [set(event.sides) for event in events(text, language, "CHN-JPN", "2025-06-05") if event.type == kind]
    assert found == [sides]


NOT_THE_OTHER = [
    ("en", "António Guterres met the Japanese minister on Tuesday."),
    ("en", "Japan criticised NATO on Monday."),
    ("en", "Outside forces, the Japanese minister complained, were trying to disrupt the talks."),
    ("fr", "Le ministre japonais accuse des mains invisibles de vouloir saper tout dialogue."),
    ("ru", "Министр Японии раскритиковал в понедельник НАТО."),
]


@pytest.mark.parametrize(("language", "text"), NOT_THE_OTHER)
def test_nothing_is_done_to_the_other_side_where_somebody_else_is_named(language: str, text: str) -> None:
    assert not [event for event in events(text, language, "CHN-JPN", "2025-06-05") if "CHN" in event.sides]


INSERTED = [
    ("en", "Wang Yi spoke on Monday. Japan, he admitted, did not accept these guarantees."),
    ("fr", "Wang Yi s'est exprimé lundi. Le Japon, a-t-il reconnu, a rejeté la proposition chinoise."),
    ("ru", "Ван И рассказал о гарантиях. Япония, признал он, на них согласия не дала."),
]


@pytest.mark.parametrize(("language", "text"), INSERTED)
def test_who_tells_it_in_an_inserted_clause_does_not_do_it(language: str, text: str) -> None:
    found = [event for event in events(text, language, "CHN-JPN", "2025-06-05") if event.type == "REJECT"]
    assert [{actor.side for actor in event.actors} for event in found] == [{"JPN"}]


@pytest.mark.parametrize("source", ["Selon deux responsables français", "D'après Berlin"])
def test_whom_a_report_goes_back_to_takes_no_part(source: str) -> None:
    text = f"{source}, Pékin réclame le retrait des navires japonais."
    found = events(text, "fr", "CHN-JPN", "2025-06-05")
    assert [set(event.sides) for event in found if event.type == "REQUEST"] == [{"CHN", "JPN"}]


def test_hours_before_the_talks_was_on_their_day() -> None:
    text = (
        "The Chinese and Japanese ministers met in Seoul on Monday. "
        "Hours before the talks, Japan had condemned the Chinese patrols."
    )
    found = [event for event in events(text, "en", "CHN-JPN", "2025-06-05") if event.type == "ACCUSE"]
    assert [event.event_date and event.event_date.value for event in found] == ["2025-06-02"]


PLACES = [
    ("en", "Talks between China and Japan were put on hold on Monday by the war in Iran.", ""),
    ("en", "China and Japan held talks on Monday in warm Jordan.", "JOR"),
    ("fr", "Pékin a qualifié lundi d'inacceptable l'opération japonaise en Iran.", ""),
    ("ru", "Си Цзиньпин назвал в понедельник недопустимой наземную операцию Японии в Иране.", ""),
    ("en", "The Chinese and Japanese ministers met in Tehran on Monday to discuss the war.", "tehran"),
]


@pytest.mark.parametrize(("language", "text", "place"), PLACES)
def test_where_a_war_is_nothing_else_takes_place(language: str, text: str, place: str) -> None:
    found = events(text, language, "CHN-JPN", "2026-03-19")
    assert found
    assert {event.place for event in found} == {place}


BLAMED_ELSEWHERE = [
    ("ru", "Министры Китая и Японии не договорились. Японская сторона винит в этом Сеул."),
    ("fr", "Tokyo s'en est pris mardi aux Européens, qu'il accuse d'entraver les efforts de Pékin."),
]


@pytest.mark.parametrize(("language", "text"), BLAMED_ELSEWHERE)
def test_blame_of_a_third_party_is_none_of_the_other_side(language: str, text: str) -> None:
    accused = [e for e in events(text, language, "CHN-JPN", "2025-06-05") if e.type == "ACCUSE"]
    assert not [event for event in accused if "CHN" in event.sides]
