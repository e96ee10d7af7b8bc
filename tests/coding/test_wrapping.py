"""Lines broken at a fixed width, and lines that end where they end."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from detente.coding.rules import RulesCoder
from detente.coding.wrapping import unwrapped
from detente.dossier import starter
from detente.terms import Document, Dyad, Evidence

READOUT = """President Duda of Poland spoke by phone today with President Alexander
Lukashenko of Belarus about the crossing at Brest. The two presidents agreed
that experts of both sides will meet in
Vilnius on May 27.

Office of the President"""


@pytest.mark.parametrize(
    "text",
    [
        "Talks in Riyadh\nThe two sides met on Tuesday and agreed to go on\nTuesday's list has four points",
        "- One item that is as long as any line of this text is, or longer\n- Another item of the text",
        "A line of a poem\nand another one\nand one more",
        "",
        "\n\n",
        "One paragraph, however long it may be, on a line of its own, as most pages have it today.\nAnother one.",
    ],
)
def test_lines_that_were_not_full_keep_their_breaks(text: str) -> None:
    assert unwrapped(text) == text


def test_full_lines_run_on_before_capitals_too() -> None:
    assert "Alexander Lukashenko" in unwrapped(READOUT)
    assert "in Vilnius" not in unwrapped(READOUT)  # "Vilnius" had room on the line above
    assert unwrapped(READOUT.replace("\n", "\r\n")).count("\r\n") == READOUT.count("\n") - 2
    assert len(unwrapped(READOUT)) == len(READOUT)


def quotes(value: Any) -> list[Evidence]:
    if isinstance(value, Evidence):
        return [value]
    if isinstance(value, tuple):
        return [quote for item in value for quote in quotes(item)]
    if is_dataclass(value) and not isinstance(value, type):
        return [quote for field in fields(value) for quote in quotes(getattr(value, field.name))]
    return []


def test_a_wrapped_readout_is_coded_whole_and_quoted_as_it_stands() -> None:
    document = Document("d", READOUT, "en", date(2021, 5, 20), "given", datetime(2026, 11, 23, tzinfo=UTC))
    coding = RulesCoder(starter(Dyad.parse("BLR-POL"), date(2021, 5, 20))).code(document)
    call = next(event for event in coding.events if event.type == "CONSULT")
    assert set(call.sides) == {"BLR", "POL"}
    assert call.evidence.quote.endswith("Alexander\nLukashenko of Belarus about the crossing at Brest.")
    found = quotes(coding)
    assert found
    for quote in found:
        quote.check(document)


def test_a_full_line_may_be_a_little_longer_than_those_continued_in_lower_case() -> None:
    text = READOUT.replace("Alexander\nLukashenko", "Alexander of all\nLukashenko")
    assert "of all Lukashenko" in unwrapped(text)
