"""Short documents of one government about another state: readouts, statements, fact sheets."""

from __future__ import annotations

import pytest
from tests.coding.reports import day, events, one, reading

from detente.coding.events import find_events
from detente.terms import Span


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("President Lowell met today with Polish Prime Minister Jan Nowak.", "CONSULT"),
        ("Deputy Secretary Dana Orr met with Polish officials today.", "CONSULT"),
        ("The President announced today the lifting of the ban on arms sales to Poland.", "CONCEDE"),
        ("Secretary Cole met with Polish President Nowak today in Warsaw.", "CONSULT"),
        ("The Secretary welcomed Polish Foreign Minister Jan Nowak to the Department today.", "CONSULT"),
        ("We condemn the killing of protesters by Polish police.", "ACCUSE"),
        ("We call on Poland to reopen the border.", "REQUEST"),
    ],
)
def test_an_official_or_we_without_a_state_stands_for_the_other_of_the_two(text: str, kind: str) -> None:
    found = [e for e in events(text, "en", "POL-USA", "2022-06-15") if e.type in (kind, "RETREAT")]
    assert [(set(e.sides), day(e)) for e in found] == [({"POL", "USA"}, "2022-06-15")]


def test_we_in_a_quotation_is_not_the_body_whose_text_it_is() -> None:
    text = 'A Polish officer told reporters: "We call on Poland to reopen the border at once, all of it."'
    assert not [e for e in events(text, "en", "POL-USA", "2022-06-15") if e.type == "REQUEST"]


def test_a_preposition_before_a_whole_title_does_not_hide_whom_it_serves() -> None:
    consult = one(
        events("Blinken spoke with Polish Prime Minister Jan Nowak.", "en", "POL-USA", "2022-06-15"), "CONSULT"
    )
    assert {p.name for p in consult.recipients} | {p.name for p in consult.actors} >= {"Jan Nowak"}


def test_a_question_tells_no_event() -> None:
    assert not events("QUESTION: Has Peru agreed to reopen the border with Chile?", "en", "CHL-PER", "2011-05-10")


def test_the_sides_are_those_whose_talks_were_just_told() -> None:
    text = "Adviser Paul Orr hosted talks today between the Chilean and Peruvian ministers. The sides agreed on maps."
    accord = one(events(text, "en", "CHL-USA", "2011-05-10"), "AGREE")
    assert accord.sides == ("CHL", "PER")


def test_a_designation_rescinded_is_lifted_for_the_state_designated() -> None:
    text = "Effective today, the designation of Peru as a sponsor of smuggling is rescinded."
    found = events(text, "en", "PER-USA", "2011-05-10")
    assert [(e.type in ("RETREAT", "CONCEDE"), e.sides) for e in found] == [(True, ("PER", "USA"))]


def test_what_each_of_two_gives_is_an_event_of_its_own() -> None:
    text = "Under the accord, Peru will cut tariffs on Chilean cars. Chile will lift its ban on Peruvian cocoa."
    given = [e for e in events(text, "en", "CHL-PER", "2011-05-10") if e.type == "CONCEDE"]
    assert [{p.side for p in e.actors} for e in given] == [{"PER"}, {"CHL"}]


@pytest.mark.parametrize(
    "text",
    [
        "Chile and Peru today issued a joint statement on climate.",
        "Chile and Peru have decided to elevate their relationship to a strategic partnership.",
        "Chile nominated Juan Ortega as ambassador to Peru.",
        "Chile intends to nominate Juan Ortega as ambassador to Peru.",
        "Envoys of Chile and Peru are here. The leaders welcomed an agreement on ports.",
    ],
)
def test_what_two_proclaim_and_envoys_are_accords(text: str) -> None:
    assert one(events(text, "en", "CHL-PER", "2011-05-10"), "AGREE").sides == ("CHL", "PER")


def test_joint_work_that_is_to_go_on_is_promised() -> None:
    text = "Состоялся разговор президентов Чили и Перу. Чили и Перу будут и далее тесно взаимодействовать в Андах."
    found = [e for e in events(text, "ru", "CHL-PER", "2011-05-10") if e.type == "COOPERATE"]
    assert [(e.sides, day(e), e.realis) for e in found] == [(("CHL", "PER"), "2011-05-10", "planned")]


def test_what_is_agreed_to_has_its_own_day() -> None:
    text = "Состоялся разговор президентов Чили и Перу. Условлено встретиться 9 августа в Лиме."
    found = events(text, "ru", "CHL-PER", "2011-05-10")
    assert day(one(found, "AGREE")) == "2011-05-10"
    assert [day(e) for e in found if e.type == "CONSULT" and e.realis == "planned"] == ["2011-08-09"]


def test_thanks_are_for_whom_they_are_given_to_on_the_day_they_are_given() -> None:
    text = (
        "Президент Перу выразил признательность Чили за проведение 3 мая аргентино-бразильских переговоров. "
        "Благодаря усилиям Чили 2 мая вернулись моряки."
    )
    found = [e for e in events(text, "ru", "CHL-PER", "2011-05-10") if e.type == "SUPPORT"]
    assert [(e.sides, day(e)) for e in found] == [(("CHL", "PER"), "2011-05-10")]


def test_greetings_that_two_exchange_are_of_both() -> None:
    text = "Президент Перу и Президент Чили обменялись тёплыми поздравлениями."
    assert one(events(text, "ru", "CHL-PER", "2011-05-10"), "SUPPORT").sides == ("CHL", "PER")


def test_thanks_in_a_transcript_go_to_the_other_of_the_two() -> None:
    text = (
        "Состоялась встреча Президента Перу Алана Гарсии с Президентом Чили Себастьяном Пиньерой. "
        "А.Гарсия: Хочу поблагодарить Вас за помощь. С.Пиньера: Прошу передать привет народу."
    )
    found = [e for e in events(text, "ru", "CHL-PER", "2011-05-10") if e.type == "SUPPORT"]
    assert [[p.side for p in e.actors] for e in found] == [["PER"], ["CHL"]]


def test_papers_to_be_signed_at_talks_have_the_day_of_the_talks() -> None:
    text = (
        "17 мая Президент Перу проведёт переговоры с Президентом Чили. "
        "По итогам переговоров будет подписан ряд совместных документов."
    )
    accord = one(events(text, "ru", "CHL-PER", "2011-05-10"), "AGREE")
    assert (day(accord), accord.realis) == ("2011-05-17", "planned")


def test_work_together_that_is_to_be_carried_on_is_promised_and_work_that_goes_on_is_no_event() -> None:
    text = "Состоялся разговор президентов Чили и Перу. Чили и Перу {} сотрудничество в Андах."
    kinds = [
        [e.type for e in events(text.format(verb), "ru", "CHL-PER", "2011-05-10") if e.type == "COOPERATE"]
        for verb in ("продолжат", "развивают")
    ]
    assert kinds == [["COOPERATE"], []]


def test_the_month_of_a_visit_that_was_accepted_lies_ahead() -> None:
    text = "Президент Перу принял приглашение посетить Чили в августе."
    found = [e for e in events(text, "ru", "CHL-PER", "2011-05-10") if e.type == "CONSULT"]
    assert [(day(e), e.realis) for e in found] == [("2011-08", "planned")]


def test_condolences_are_for_the_other_of_the_two() -> None:
    text = "Президент Перу звонил президенту Чили. Президент Перу выразил соболезнования в связи с пожаром."
    assert one(events(text, "ru", "CHL-PER", "2011-05-10"), "SUPPORT").sides == ("CHL", "PER")


def test_the_label_of_an_announcement_dates_the_meeting() -> None:
    text = "Анонс на 13 мая 2011 года Президент Перу проведёт переговоры с Президентом Чили."
    label = Span(0, 25)
    found = find_events(reading(text, "ru", "CHL-PER", "2011-05-10", boilerplate=(label,)))
    assert [(e.type, day(e), e.realis) for e in found] == [("CONSULT", "2011-05-13", "planned")]
