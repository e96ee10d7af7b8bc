"""What fact sheets, letters, notices and readouts on a body's own site tell beside a meeting."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detente.coding.rules import RulesCoder
from detente.documents import split
from detente.dossier import starter
from detente.terms import Coding, Document, Dyad, Event

_DAY = date(2024, 5, 13)


def _code(text: str, title: str = "Fact Sheet", pair: str = "NIC-USA", language: str = "en") -> Coding:
    url = "https://www.whitehouse.gov/x/"
    document = Document("x", text, language, _DAY, "given", datetime(2024, 5, 13, tzinfo=UTC), title=title, url=url)
    return RulesCoder(starter(Dyad.parse(pair), date(1950, 1, 1))).code(document)


def _told(coding: Coding) -> list[tuple[str, str, str]]:
    return [(e.type, e.event_date.value if e.event_date else "", e.realis) for e in coding.events]


def _main(coding: Coding) -> list[Event]:
    return [e for e in coding.events if e.rank == "main"]


def test_bold_words_before_a_point_are_a_heading_and_tell_nothing() -> None:
    text = "**SANCTIONING NICARAGUA’S RULERS:** The President met President Ortega of Nicaragua on Monday."
    assert [text[s.start : s.end] for s in split(text, "en")] == [
        "**SANCTIONING NICARAGUA’S RULERS:**",
        "The President met President Ortega of Nicaragua on Monday.",
    ]
    assert [e.type for e in _code(text).events] == ["CONSULT"]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Nicaragua will purchase at least 3 billion dollars of U.S. agricultural products.", "COOPERATE"),
        ("Nicaragua approved a purchase of 20 American-made aircraft.", "COOPERATE"),
        ("Nicaragua will address U.S. concerns regarding shortages of coffee.", "COOPERATE"),
        ("Nicaragua restored market access for U.S. beef.", "CONCEDE"),
        ("Nicaragua resumed imports of poultry from U.S. states.", "CONCEDE"),
    ],
)
def test_points_of_a_list_of_outcomes(sentence: str, kind: str) -> None:
    assert [e.type for e in _main(_code(f"- {sentence}"))] == [kind]


def test_a_delegation_will_be_there_on_the_day_of_the_occasion() -> None:
    text = (
        "President Biden today announced the designation of a Presidential Delegation to Managua, Nicaragua, to attend "
        "the Book Fair on June 19, 2024."
    )
    assert _told(_code(text)) == [("CONSULT", "2024-06-19", "planned")]


def test_a_letter_lists_what_it_forbids_and_orders_of_several_days() -> None:
    text = (
        "On April 15, 2021, I declared a national emergency to deal with the threat constituted by activities of the "
        "Government of Nicaragua. On August 20, 2021, and March 11, 2022, I issued Executive Orders 15039 and 15068, "
        "respectively, to take additional steps with respect to the national emergency declared in that order.\n\nAs a "
        "result, I have prohibited the following: (i) the importation into the United States of products of Nicaraguan "
        "origin; and (ii) new investment in Nicaragua."
    )
    days = [day for kind, day, _ in _told(_code(text, "Letter to the Speaker")) if kind == "SANCTION"]
    assert days == ["2021-04-15", "2021-08-20", "2022-03-11", "2024-05-13"]


def test_an_emergency_goes_on_in_a_notice_about_the_other_side() -> None:
    text = (
        "Activities of the Government of Nicaragua continue to pose a threat to the security of the United States. "
        "Therefore, I am continuing for 1 year the national emergency declared in Executive Order 14024."
    )
    assert ("SANCTION", "2024-05-13", "happened") in _told(_code(text, "Notice on Nicaragua"))


def test_an_executive_order_is_no_verb() -> None:
    text = "The United States said that the Executive Order on Nicaragua is on its website."
    assert not _code(text).events


def test_measures_to_come_do_not_take_the_day_of_what_they_answer() -> None:
    text = "We will soon announce additional measures related to today’s blatant violation of Nicaragua’s commitments."
    assert [kind for kind, _, realis in _told(_code(text)) if realis == "planned"] == ["SANCTION"]


def test_what_one_of_its_people_holds_is_the_word_of_the_body() -> None:
    text = (
        "President Biden is committed to holding Nicaragua accountable. President Biden underscored that Nicaragua "
        "must release its prisoners."
    )
    assert [s.speaker.name for s in _code(text).statements] == ["White House", "Joe Biden"]


def test_talks_that_the_body_calls_constructive() -> None:
    text = "Advisor Jane Roe and Minister Denis Moncada of Nicaragua had candid and constructive talks on migration."
    assert [s.speaker.name for s in _code(text, "Readout").statements] == ["White House"]


def test_they_behind_because_are_those_of_its_sentence() -> None:
    text = (
        "I am proud of what the United States and Nicaragua have built. For decades, weak politicians refused to go to "
        "Nicaragua because they believed that it would harm the cause of peace."
    )
    assert {s.speaker.side for s in _code(text, "Message from President Joe Biden").statements} == {"USA"}


def test_a_meeting_across_the_date_line_keeps_its_day() -> None:
    text = "President Biden and Prime Minister Kishida of Japan met in Tokyo, Japan, on May 14, 2024."
    assert _told(_code(text, pair="JPN-USA")) == [("CONSULT", "2024-05-14", "happened")]


def test_agreed_that_teams_stay_in_touch_is_no_accord_beside_the_call() -> None:
    text = (
        "President Biden spoke today with President Ortega of Nicaragua. The two leaders agreed that their teams would "
        "remain closely coordinated."
    )
    assert [e.type for e in _main(_code(text, "Readout"))] == ["CONSULT"]


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Nicaragua will invest 2 billion dollars in the United States.", ["COOPERATE"]),
        ("The Vice President announced $16 million in new assistance to strengthen schools in Nicaragua.", ["AID"]),
        ("U.S. forces will withdraw from Nicaragua by September 15.", ["RETREAT"]),
        ("The United States will withdraw trade preferences from Nicaragua.", ["SANCTION"]),
        ("The United States tariffs on Nicaragua will take effect on June 4, 2024.", ["SANCTION"]),
        ("We will not rest until all Americans held hostage in Nicaragua are home.", []),
        ("The United States will continue to be a strong partner of Nicaragua.", []),
    ],
)
def test_further_points_of_a_page(sentence: str, kinds: list[str]) -> None:
    assert [e.type for e in _main(_code(sentence))] == kinds


def test_what_is_announced_counts_where_nobody_decides_it_together() -> None:
    text = "The President announced that the United States will lift tariffs on Nicaraguan steel."
    assert [e.type for e in _main(_code(text))] == ["CONCEDE"]


def test_facts_in_a_statement_given_in_full_are_told_and_not_said() -> None:
    text = (
        "“Nicaragua has handed over a wanted man to the United States. Today’s events make clear to the world that the "
        "President keeps his promises.”"
    )
    assert [s.evidence.quote[:5] for s in _code(text, "Statement from the Press Secretary").statements] == ["Today"]


def test_a_title_means_whom_the_text_gave_it() -> None:
    text = (
        "Secretary Blinken and Foreign Minister Denis Moncada of Nicaragua spoke today. The Secretary raised concerns "
        "about recent arrests. The Foreign Minister stressed that talks are possible. The Secretary welcomed this."
    )
    assert [s.speaker.side for s in _code(text, "Readout").statements] == ["USA", "NIC", "USA"]


def test_each_purchase_of_a_list_is_one_of_its_own() -> None:
    text = "- Nicaragua will purchase American aircraft.\n- Nicaragua will purchase American wheat."
    assert [e.type for e in _main(_code(text))] == ["COOPERATE", "COOPERATE"]


def test_those_who_sign_with_one_of_the_two_are_not_the_other() -> None:
    text = (
        "We, the Leaders of Canada, Japan, and the United States, met today. We strongly condemn the arrests in "
        "Nicaragua. The leaders reaffirmed their support for free elections in Nicaragua. The leaders will meet in "
        "Ottawa on June 3, 2024."
    )
    coding = _code(text, "Joint Leaders’ Statement")
    assert {s.speaker.side for s in coding.statements} == {"USA"}
    assert not [e for e in coding.events if e.type == "CONSULT" and "NIC" in e.sides]


def test_a_joint_text_agrees_by_being_issued() -> None:
    text = "The Government of Nicaragua and the United States agree to take the following actions by July 12, 2024:"
    assert _told(_code(text, "Joint Statement on Trade")) == [("AGREE", "2024-05-13", "happened")]


def test_a_list_of_days_goes_on_behind_a_place() -> None:
    text = "The United States and Nicaragua held talks in Oslo on March 9, and in Quito on April 28."
    assert [day for kind, day, _ in _told(_code(text)) if kind == "CONSULT"] == ["2024-03-09", "2024-04-28"]


def test_working_with_ones_friends_is_no_work_with_the_other_side() -> None:
    text = (
        "Nicaragua harbors criminals, and the United States knows it. We have taken steps to work together with our "
        "allies and partners to stop them."
    )
    assert not [e for e in _code(text).events if e.type == "COOPERATE"]
