"""Copies are found, and reports of one event in other words are not taken for copies."""

from datetime import UTC, datetime

import pytest

from detente.documents import Known, likeness
from detente.terms import Document, Span

WIRE = (
    "The top diplomats of the United States and Russia agreed on Tuesday to appoint teams that will work on ending "
    "the war in Ukraine and on reopening their embassies, officials on both sides said. The meeting lasted four and a "
    "half hours. Kyiv was not invited, and European capitals said they had learned of the agenda from the press."
)
OTHER = (
    "American and Russian ministers met for more than four hours in the Saudi capital. They will name negotiators and "
    "let diplomats return to work, both delegations reported afterwards. Ukraine had no seat at the table, and in "
    "Brussels officials complained that nobody had told them what would be discussed."
)


def document(name, text, **fields):
    return Document(name, text, "en", None, "none", datetime(2025, 1, 1, tzinfo=UTC), **fields)


def test_the_same_text_is_an_exact_copy():
    known = Known.of([document("a", WIRE)])
    assert known.match(WIRE) == ("a", 1.0)


def test_case_punctuation_and_blanks_make_no_other_text():
    known = Known.of([document("a", WIRE)])
    assert known.match(WIRE.upper().replace(", ", " — ").replace(". ", ".\n\n")) == ("a", 1.0)


def test_a_report_with_a_changed_end_is_a_near_copy():
    known = Known.of([document("a", WIRE), document("b", OTHER)])
    match = known.match(WIRE + " A second meeting is planned for the end of the month, the ministry said later.")
    assert match is not None
    assert match[0] == "a"
    assert 0.5 < match[1] < 1


def test_the_same_event_in_other_words_is_no_copy():
    assert Known.of([document("a", WIRE)]).match(OTHER) is None
    assert likeness(WIRE, OTHER) < 0.05


def test_boilerplate_does_not_count():
    tail = " Share this page with your friends and follow us everywhere for more of the latest news."
    known = Known.of([document("a", WIRE + tail, boilerplate=(Span(len(WIRE), len(WIRE + tail)),))])
    assert known.match(WIRE) == ("a", 1.0)


def test_a_copy_of_a_copy_names_the_first():
    known = Known.of([document("a", WIRE), document("b", WIRE, duplicate_of="a", likeness=1.0)])
    assert known.match(WIRE) == ("a", 1.0)
    assert known.has("b", document("b", WIRE).sha256) is True


def test_an_id_is_known_with_its_text_alone():
    known = Known.of([document("a", WIRE)])
    assert known.has("a", document("a", WIRE).sha256) is True
    assert known.has("a", document("a", OTHER).sha256) is False
    assert known.has("c", document("a", WIRE).sha256) is None


@pytest.mark.parametrize("text", ["", "  \n", "—", "Talks."])
def test_a_text_of_no_or_few_words_matches_itself_at_most(text):
    known = Known.of([document("a", WIRE), document("b", "…")])
    assert known.match(text) is None


def test_the_copy_is_found_among_a_thousand():
    filler = [document(str(n), " ".join(f"word{n}x{k}" for k in range(120))) for n in range(1000)]
    known = Known.of([*filler, document("a", WIRE)])
    assert known.match(WIRE.replace("Tuesday", "Monday"))[0] == "a"


def test_two_flashes_that_share_their_phrases_are_no_copies():
    met = "U.S. Secretary of State Marco Rubio and Russian Foreign Minister Sergey Lavrov met in {}."
    known = Known.of([document("a", met.format("Riyadh on Tuesday"))])
    assert known.match(met.format("Vienna on Friday")) is None
    assert known.match(met.format("Riyadh on Tuesday") + " ") == ("a", 1.0)
