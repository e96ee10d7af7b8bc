"""Short documents of one government about another state: readouts, statements, fact sheets."""

from __future__ import annotations

import pytest
from tests.coding.reports import day, events, one


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
