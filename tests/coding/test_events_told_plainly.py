"""Main events as governments' pages and papers tell them: parties understood, attacks suffered, releases secured."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.coding.reports import day, events, one

from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import Document, Dyad, Event

_DAY = "2025-04-24"


def coded(text: str, language: str, dyad: str = "IND-PAK") -> tuple[Event, ...]:
    """Events as the whole coder gives them, ranked."""
    document = Document("d", text, language, date.fromisoformat(_DAY), "given", datetime(2026, 11, 23, tzinfo=UTC))
    return RulesCoder(starter(Dyad.parse(dyad), date.fromisoformat(_DAY))).code(document).events


def who(event: Event) -> tuple[set[str], set[str]]:
    return {p.side for p in event.actors}, {p.side for p in event.recipients}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lahore suffered an attack by Indian forces on Thursday."),
        ("en", "Pakistani villages came under fire by Indian troops this morning."),
        ("fr", "Lahore a subi jeudi une attaque de l'armée indienne."),
        ("fr", "Lahore a fait l'objet jeudi d'une attaque indienne."),
        ("ru", "Лахор в четверг подвергся атаке индийских войск."),
        ("ru", "Лахор в четверг попал под обстрел со стороны Индии."),
    ],
)
def test_who_suffers_an_attack_is_whom_it_is_made_on(language: str, text: str) -> None:
    assert who(one(events(text, language, "IND-PAK", _DAY), "ASSAULT")) == ({"IND"}, {"PAK"})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "India has secured the release of two Indian pilots from Pakistan today."),
        (
            "fr",
            "Islamabad a obtenu jeudi la libération de pilotes détenus en Inde, dont le Pakistanais Vijay Rao.",
        ),
        ("ru", "Нью-Дели в четверг добился освобождения индийца, находившегося в заключении в Пакистане."),
    ],
)
def test_who_gets_people_out_does_not_let_them_go(language: str, text: str) -> None:
    assert who(one(events(text, language, "IND-PAK", _DAY), "RETREAT"))[0] == {"IND" if language == "fr" else "PAK"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The sides agreed that a lasting peace would be in the interest of both India and Pakistan."),
        ("fr", "Les deux parties sont convenues qu'une paix durable serait dans l'intérêt de l'Inde et du Pakistan."),
        ("ru", "Стороны согласились, что прочный мир отвечает интересам Индии и Пакистана."),
    ],
)
def test_what_both_think_is_no_accord(language: str, text: str) -> None:
    assert not [e for e in events(text, language, "IND-PAK", _DAY) if e.type == "AGREE"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The President today continued for one year the national emergency with respect to Pakistan."),
        ("fr", "Le président Modi a prorogé jeudi pour un an l'état d'urgence nationale à l'égard du Pakistan."),
        ("ru", "Президент Моди в четверг продлил на год режим чрезвычайного положения в отношении Пакистана."),
    ],
)
def test_an_emergency_continued_is_a_measure_where_it_names_whom_it_is_against(language: str, text: str) -> None:
    found = one(events(text, language, "IND-PAK", _DAY), "SANCTION")
    assert who(found) == ({"IND"}, {"PAK"})
    assert day(found) == _DAY


def test_an_emergency_prolonged_at_home_is_none() -> None:
    text = "India and Pakistan share a river. The government of Pakistan extended the state of emergency on Thursday."
    assert not [e for e in events(text, "en", "IND-PAK", _DAY) if e.type == "SANCTION"]


@pytest.mark.parametrize(
    "text",
    [
        "We are imposing new sanctions on Pakistan's merchant fleet.",
        "The Treasury is today sanctioning two banks of Pakistan.",
        "The Bureau of Industry and Security tightened export controls on chips to Pakistan on Thursday.",
    ],
)
def test_an_office_without_its_state_acts_for_the_other_of_two(text: str) -> None:
    assert who(one(events(text, "en", "IND-PAK", _DAY), "SANCTION")) == ({"IND"}, {"PAK"})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Prime Minister Modi of India spoke with Shehbaz Sharif of Pakistan by phone earlier this week."),
        ("en", "Pakistan recalled its ambassador to India on Wednesday."),
        ("fr", "Narendra Modi et Shehbaz Sharif se sont entretenus par téléphone plus tôt cette semaine."),
        ("ru", "Нарендра Моди и Шахбаз Шариф провели телефонный разговор ранее на этой неделе."),
    ],
)
def test_earlier_this_week_and_an_envoy_recalled_are_news(language: str, text: str) -> None:
    assert [e.rank for e in coded(text, language)] == ["main"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "For decades, India and Pakistan negotiated agreements on water."),
        ("fr", "Pendant des décennies, l'Inde et le Pakistan ont négocié des accords sur l'eau."),
        ("ru", "На протяжении десятилетий Индия и Пакистан заключали соглашения о воде."),
    ],
)
def test_what_went_on_for_decades_is_no_news(language: str, text: str) -> None:
    assert not [e for e in coded(text, language) if e.rank == "main"]


def test_no_longer_denies() -> None:
    text = "Minister Jaishankar of India announced today that he will no longer meet with Ishaq Dar of Pakistan."
    assert one(events(text, "en", "IND-PAK", _DAY), "REJECT").realis == "cancelled"


def test_talks_that_one_declines_to_attend_are_no_meeting() -> None:
    text = "Pakistan declined an Indian invitation to attend talks in Doha on Thursday."
    assert [e.type for e in events(text, "en", "IND-PAK", _DAY)] == ["REJECT"]


def test_help_against_somebody_is_not_help_for_them() -> None:
    text = "India and Pakistan share a river. We help our partners defend themselves against Pakistan's war."
    assert not [e for e in events(text, "en", "IND-PAK", _DAY) if e.type == "COOPERATE"]


def test_an_attack_condemned_with_its_day_is_news() -> None:
    text = "We condemn India's missile attack today on the city of Lahore."
    assert who(one(events(text, "en", "IND-PAK", _DAY), "ASSAULT")) == ({"IND"}, {"PAK"})


def test_delegations_from_two_states_meet() -> None:
    text = "Delegations from India and Pakistan met in Doha on Thursday."
    assert one(events(text, "en", "IND-PAK", _DAY), "CONSULT").sides == ("IND", "PAK")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("India stopped short of expelling Pakistani diplomats on Wednesday.", []),
        ("India refused to expel Pakistani diplomats on Wednesday.", []),
        ("India is considering lifting sanctions on Pakistan.", []),
        ("India has no intention of imposing new sanctions on Pakistan.", []),
        ("India rejected Pakistani accusations that it had attacked a consulate.", ["REJECT happened"]),
        ("India's newly appointed envoy will not go to Pakistan.", ["REJECT cancelled"]),
        ("India expelled two Pakistani diplomats on Wednesday over claims that they spied.", ["SANCTION happened"]),
        ("India and Pakistan reached no agreement on Wednesday.", ["AGREE denied"]),
        ("India and Pakistan failed to reach an agreement on Wednesday.", []),
        ("India and Pakistan launched a strategic partnership on Wednesday.", ["AGREE happened"]),
        ("India launched strikes on Pakistani forces on Wednesday.", ["ASSAULT happened"]),
        ("India decided not to renew the treaty with Pakistan on Wednesday.", ["REJECT happened"]),
        ("India vowed not to lift sanctions on Pakistan.", ["REJECT happened"]),
        ("India would not take part in the talks with Pakistan.", ["REJECT cancelled"]),
        ("India accused Pakistan on Wednesday of sabotaging the talks.", ["ACCUSE happened"]),
        ("New Indian sanctions hit Pakistani banks on Wednesday.", ["SANCTION happened"]),
        ("India removed Pakistan from a list of favoured trading partners on Wednesday.", ["SANCTION happened"]),
        ("Pakistani diplomats have two days to leave India, Jaishankar said on Wednesday.", ["SANCTION happened"]),
        ("Modi met Sharif in Muscat on Wednesday instead of visiting Islamabad.", ["CONSULT happened"]),
    ],
)
def test_what_was_left_undone_or_thought_of_is_not_told_as_done(text: str, expected: list[str]) -> None:
    assert [f"{event.type} {event.realis}" for event in coded(text, "en")] == expected
