"""Whose words an official text is, and what it says by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detente.coding.rules import RulesCoder
from detente.dossier import starter
from detente.terms import Coding, Document, Dyad

_DAY = date(2024, 5, 2)


def _code(text: str, title: str = "", pair: str = "CHL-USA", url: str = "https://www.whitehouse.gov/x/") -> Coding:
    document = Document("x", text, "en", _DAY, "given", datetime(2024, 5, 2, tzinfo=UTC), title=title, url=url)
    return RulesCoder(starter(Dyad.parse(pair), date(1950, 1, 1))).code(document)


def _said(coding: Coding) -> list[tuple[str, str]]:
    return [(s.speaker.name, s.evidence.quote) for s in coding.statements]


def test_i_and_we_are_who_signs_in_the_title() -> None:
    text = (
        "I condemn these attacks by Chile in the strongest terms.\nWe remain committed to the security of our allies."
    )
    for title in ("Statement from Ambassador Jane Roe on Chile", "Remarks by Ambassador Jane Roe on Chile"):
        assert [name for name, _ in _said(_code(text, title))] == ["Jane Roe", "Jane Roe"]


def test_an_order_that_nobody_signs_is_of_who_leads_the_body() -> None:
    text = "I have directed my team to impose costs on the corrupt ministers of Chile."
    assert [name for name, _ in _said(_code(text, "Order on Chile"))] == ["Joe Biden"]


def test_a_body_speaks_where_nobody_signs() -> None:
    text = "The government of Chile systematically undermines free elections.\nThe ministry of trade has 300 rooms."
    assert _said(_code(text, "Fact Sheet: Chile")) == [
        ("White House", "The government of Chile systematically undermines free elections.")
    ]


def test_a_joint_statement_is_the_word_of_both() -> None:
    text = (
        "Secretary Cole met Foreign Minister Pablo Rojas of Chile in Washington. The talks between the United "
        "States and Chile were held in a constructive manner and allowed for a better understanding."
    )
    speakers = {s.speaker.side for s in _code(text, "Joint Statement on the Meeting").statements}
    assert speakers == {"CHL+USA"}


def test_no_site_of_a_body_no_voice() -> None:
    assert not _said(_code("The government of Chile undermines free elections.", "Chile", url="https://news.example/x"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I’ve just spoken with President Gabriel Boric of Chile about trade.", "CONSULT"),
        ("I condemn the raid by Chile.", "ACCUSE"),
        ("We will not hesitate to take all necessary action against Chile.", "THREATEN"),
        ("We helped Chile put out the fires.", "COOPERATE"),
    ],
)
def test_what_i_and_we_do_is_done_by_the_state_of_who_signs(text: str, kind: str) -> None:
    found = [e for e in _code(text, "Statement from President Joe Biden on Chile").events if e.type == kind]
    assert [(set(e.sides), e.event_date and e.event_date.value) for e in found] == [({"CHL", "USA"}, "2024-05-02")]


def test_each_concern_raised_at_a_meeting_is_a_charge_of_that_day() -> None:
    text = (
        "President Biden met today with President Gabriel Boric of Chile. He raised concerns about Chile’s trade. "
        "President Biden emphasized concern over Chile’s support for smugglers."
    )
    found = [e for e in _code(text, "Readout of the Meeting").events if e.type == "ACCUSE"]
    assert [e.event_date and e.event_date.value for e in found] == ["2024-05-02", "2024-05-02"]


def test_two_who_promise_the_same_have_agreed() -> None:
    text = (
        "President Biden met today with President Gabriel Boric of Chile. President Biden and President Boric pledged "
        "to deepen trade. President Biden welcomed the leadership of Chile in green energy."
    )
    found = _code(text, "Readout of the Meeting").events
    assert [e.type for e in found] == ["CONSULT", "AGREE"]


def test_praise_and_concern_in_one_sentence_are_two_statements() -> None:
    text = (
        "President Biden met today with President Gabriel Boric of Chile. President Biden reaffirmed our partnership "
        "with Chile, but noted U.S. concerns over Chile’s purchase of missiles."
    )
    assert len(_code(text, "Readout of the Meeting").statements) == 2


def test_what_somebody_may_deem_is_not_said() -> None:
    text = "The tariffs on Chile will lapse in a year, or sooner if officials deem it appropriate."
    assert not [name for name, _ in _said(_code(text, "Fact Sheet")) if "officials" in name]


def test_blame_that_opens_a_sentence_of_a_fact_sheet_is_a_charge() -> None:
    text = "The Government of Chile systematically undermines free elections.\n300 Chileans have fled corrupt bosses."
    found = [e for e in _code(text, "Fact Sheet: Chile").events if e.type == "ACCUSE"]
    assert [(e.sides, e.event_date and e.event_date.value) for e in found] == [(("CHL", "USA"), "2024-05-02")]


def test_a_charge_is_made_by_the_publisher_and_not_by_a_paper() -> None:
    text = "The Government of Chile systematically undermines free elections in the United States."
    assert not _code(text, "Chile", url="https://news.example/x").events


def test_a_day_that_opens_the_sentence_dates_its_main_verb() -> None:
    text = "Today, after years in a prison of Chile, we are bringing home six Americans."
    found = [e for e in _code(text, "Statement from President Joe Biden on Chile").events if e.type == "RETREAT"]
    assert [e.event_date and e.event_date.value for e in found] == ["2024-05-02"]


def test_who_is_asked_to_announce_something_does_not_speak() -> None:
    text = (
        "President Biden met today with President Gabriel Boric of Chile. He made clear the need for Chile to announce "
        "concrete steps."
    )
    found = [e for e in _code(text, "Readout of the Meeting").events if e.type == "REQUEST"]
    assert [{p.side for p in e.recipients} for e in found] == [{"CHL"}]


def test_an_old_full_date_does_not_draw_the_meeting_of_this_week_into_its_year() -> None:
    text = (
        "Secretary Cole met on April 30-May 1 with President Gabriel Boric of Chile. They had last met at the summit "
        "of November 2023."
    )
    found = [e for e in _code(text, "Readout of the Meeting").events if e.type == "CONSULT"]
    assert "2024-04-30" in [e.event_date and e.event_date.first.isoformat() for e in found]


def test_the_president_on_his_own_site_is_no_other_president() -> None:
    text = (
        "President Biden met today with President Gabriel Boric of Chile. President Boric called the talks useful. "
        "The President stressed that relations with Chile remain strong."
    )
    assert _said(_code(text, "Readout of the Meeting"))[-1][0] == "Joe Biden"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chile's foreign minister, Alberto van Klaveren, said the United States was wrong.", "Alberto van Klaveren"),
        ("The United States will lift its sanctions on Chile, noted Arinda Bagli of the ministry.", "Arinda Bagli"),
        ('Chile was "reckless", said the White House\'s Jane Roe.', "Jane Roe"),
    ],
)
def test_who_speaks_is_named_beside_a_title_or_behind_an_owner(text: str, name: str) -> None:
    assert [one for one, _ in _said(_code(text, url="https://news.example/x"))] == [name]


def test_what_a_text_tells_of_its_authors_programme_is_not_avowed() -> None:
    text = (
        "I will meet with the president of Chile in the morning. We are imposing sanctions on Chile today.\n"
        "Make no mistake: Chile will not prevail.\nPresident Biden was clear that Chile must give way."
    )
    said = _said(_code(text, "Statement from Ambassador Jane Roe on Chile"))
    assert [(name, quote.split()[0]) for name, quote in said] == [("Jane Roe", "Make"), ("Joe Biden", "President")]


IN_THEIR_OWN_VOICE = [
    # language, address, title, text, speakers
    ("fr", "https://www.diplomatie.gouv.fr/x", "Déclaration du ministre Luc Morel sur le Chili",
     "Je salue la décision du Chili.\nNous condamnons l'ingérence du Chili.\nLa réunion compte dix participants.",
     ["Luc Morel", "Luc Morel"]),
    ("fr", "https://www.elysee.fr/x", "Message sur le Chili",
     "La France condamne fermement la décision injustifiée du Chili.", ["France"]),
    ("ru", "https://mid.ru/x", "О действиях Чили",
     "Решительно осуждаем провокационные действия Чили.\nРассчитываем, что Чили прислушается.",
     ["МИД России", "МИД России"]),
    ("ru", "http://kremlin.ru/x", "Поздравление с праздником",
     "Примите искренние поздравления с праздником Чили. Я убеждён, что Чили победит. Мы готовы к диалогу с Чили.",
     ["Владимир Путин"] * 3),
]  # fmt: skip


@pytest.mark.parametrize(("language", "url", "title", "text", "names"), IN_THEIR_OWN_VOICE)
def test_letters_and_notes_speak_in_french_and_russian_too(
    language: str, url: str, title: str, text: str, names: list[str]
) -> None:
    document = Document("x", text, language, _DAY, "given", datetime(2024, 5, 2, tzinfo=UTC), title=title, url=url)
    pair = "CHL-FRA" if language == "fr" else "CHL-RUS"
    coding = RulesCoder(starter(Dyad.parse(pair), date(1950, 1, 1))).code(document)
    assert [s.speaker.name for s in coding.statements] == names
