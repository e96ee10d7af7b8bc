"""Every record survives the way to JSON and back."""

from __future__ import annotations

import json
import types
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import terms
from detente.errors import LedgerError
from detente.ledger.records import RECORDS, canonical, evidence_in, from_json, read_moment, to_json, write_moment

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
SHARE = st.floats(0, 1)
MOMENT = st.datetimes(timezones=st.just(UTC))


@st.composite
def evidence(draw: st.DrawFn) -> terms.Evidence:
    quote = draw(TEXT.filter(bool))
    start = draw(st.integers(0, 10_000))
    return terms.Evidence(draw(TEXT), start, start + len(quote), quote)


@st.composite
def event_date(draw: st.DrawFn) -> terms.EventDate:
    day = draw(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
    value = draw(st.sampled_from([day.isoformat(), f"{day:%Y-%m}", f"{day.year}", f"{day.year}-Q2", f"{day.year}-WI"]))
    return terms.EventDate.of(value, draw(st.sampled_from(typing.get_args(terms.DateBasis))))


@st.composite
def span(draw: st.DrawFn) -> terms.Span:
    start = draw(st.integers(0, 1000))
    return terms.Span(start, start + draw(st.integers(1, 1000)))


PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**53), 2**53),
    float: SHARE,
    bool: st.booleans(),
    date: st.dates(),
    datetime: MOMENT,
    terms.Span: span(),
    terms.Evidence: evidence(),
    terms.EventDate: event_date(),
    terms.Dyad: st.just(terms.Dyad("RUS", "USA")),
}


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field, read off its annotation independently of the code under test."""
    if hint in PLAIN:
        return PLAIN[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return st.one_of(*(st.none() if a is type(None) else of_type(a) for a in arguments))
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(of_type(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(of_type, arguments))
    return record(hint)


def record(kind: type) -> st.SearchStrategy[Any]:
    fields = {name: of_type(hint) for name, hint in typing.get_type_hints(kind).items()}
    if kind is terms.Statement:
        fields["stance"] = st.integers(-2, 2)
    return st.builds(kind, **fields)


@pytest.mark.parametrize("kind", RECORDS)
def test_every_record_reads_back_as_it_was_written(kind: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(record(RECORDS[kind]) if RECORDS[kind] not in PLAIN else PLAIN[RECORDS[kind]], st.booleans())
    def law(written: Any, sparse: bool) -> None:
        stored = json.loads(canonical(to_json(written, sparse=sparse)))
        assert from_json(kind, stored) == written

    law()


def test_every_record_of_terms_has_a_name_in_json() -> None:
    nouns = {item for item in vars(terms).values() if isinstance(item, type) and item.__module__ == terms.__name__}
    assert nouns == set(RECORDS.values())


def test_a_field_left_at_its_default_is_not_stored() -> None:
    bare = terms.PersonMention(terms.Evidence("d", 0, 1, "x"), "Lavrov")
    assert to_json(bare, sparse=True) == {
        "evidence": {"document": "d", "start": 0, "end": 1, "quote": "x"},
        "name": "Lavrov",
    }
    assert from_json("person", to_json(bare, sparse=True)) == bare


def test_one_and_one_point_zero_are_the_same_confidence() -> None:
    def said(confidence: float) -> str:
        evidence = terms.Evidence("d", 0, 1, "x")
        return canonical(to_json(terms.Event("CONSULT", "", (), (), None, "happened", evidence, confidence)))

    assert said(1) == said(1.0)


@pytest.mark.parametrize(
    ("kind", "values", "complaint"),
    [
        ("novel", {}, "record kind 'novel' is unknown"),
        ("span", {"start": 1}, "'end' is missing"),
        ("span", {"start": 1, "end": 2, "colour": 3}, "'colour' is no field"),
        ("span", {"start": "1", "end": 2}, "'1' is not of type int"),
        ("span", {"start": True, "end": 2}, "not of type int"),
        ("span", {"start": 2, "end": 1}, "empty or backwards"),
        ("span", [1, 2], "is not a span"),
        ("evidence", {"document": "d", "start": 0, "end": 9, "quote": "Talks"}, "does not measure"),
        ("resolution", {"answer": "maybe", "day": "2025-01-01", "evidence": ""}, "'maybe' is not one of yes, no, void"),
        ("resolution", {"answer": "yes", "day": "18/02/2025", "evidence": ""}, "is not a day such as"),
        ("dyad", {"first": "USA", "second": "RUS"}, "alphabetical order"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(kind: str, values: Any, complaint: str) -> None:
    with pytest.raises(LedgerError, match=complaint):
        from_json(kind, values)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_json_does_not_have_is_refused(number: float) -> None:
    likeness = terms.Document("d", "x", "en", None, "none", datetime(2025, 1, 1, tzinfo=UTC), likeness=number)
    with pytest.raises(LedgerError, match="not finite"):
        to_json(likeness)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(LedgerError, match="whole characters"):
        canonical({"why": "\ud83d"})


@given(MOMENT, MOMENT)
def test_moments_as_text_sort_in_time_order(one: datetime, other: datetime) -> None:
    assert (write_moment(one) < write_moment(other)) == (one < other)
    assert read_moment(write_moment(one)) == one


def test_a_moment_of_another_zone_is_written_in_utc_and_one_without_is_refused() -> None:
    moscow = timezone(timedelta(hours=3))
    assert write_moment(datetime(2025, 2, 18, 12, 30, tzinfo=moscow)) == "2025-02-18T09:30:00.000000Z"
    with pytest.raises(LedgerError, match="no time zone"):
        write_moment(datetime(2025, 2, 18, 12, 30))  # noqa: DTZ001


def test_evidence_is_found_however_deep_it_lies() -> None:
    quote = terms.Evidence("d", 0, 5, "Talks")
    who = terms.Participant("x", "X", evidence=terms.Evidence("d", 1, 2, "a"))
    event = terms.Event("CONSULT", "", (who,), (), None, "happened", quote, 1.0, parts=(("date", quote),))
    assert evidence_in(event) == [who.evidence, quote, quote]
