"""When reports tell of one event, when of two, and what is kept of their differences."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_examples import START, coding, document, event, person, statement, ticking

from detente.ledger import Ledger, queue
from detente.terms import Document, Event, Occurrence

LAVROV, RUBIO = person("sergey-lavrov", "RUS", "foreign minister"), person("marco-rubio", "USA", "secretary of state")
DARCHIEV, COULTER = person("alexander-darchiev", "RUS"), person("sonata-coulter", "USA")


def told(*reports: tuple[Document, Event], shuffled: int | None = None) -> list[Occurrence]:
    """Occurrences of a ledger in which each report is one document with one event, or several of one document."""
    order = list(reports)
    if shuffled is not None:
        random.Random(shuffled).shuffle(order)
    by_document: dict[str, list[tuple[Document, Event]]] = {}
    for doc, found in order:
        by_document.setdefault(doc.id, []).append((doc, found))
    with Ledger.open("sqlite://", create=True, clock=ticking()) as ledger:
        for pairs in by_document.values():
            ledger.add_document(pairs[0][0])
            ledger.file(coding(pairs[0][0], *(found for _, found in pairs)))
        return ledger.occurrences()


def one(number: int = 1, published: str = "2025-04-10", **what: object) -> tuple[Document, Event]:
    more = {name: what.pop(name) for name in ("duplicate_of", "language") if name in what}
    doc = document(f"d{number}", f"Report {number} of a meeting.", published=published, **more)  # type: ignore[arg-type]
    return doc, event(doc, **what)  # type: ignore[arg-type]


def differing(occurrence: Occurrence) -> dict[str, dict[str, int]]:
    return {name: dict(readings) for name, readings in occurrence.disagreements}


# One event or two


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"place": "istanbul"}, {}),
        ({"actors": ["RUS"], "recipients": ["USA"]}, {"actors": ["USA"], "recipients": ["RUS"]}),
        ({"on": "2025-04-10"}, {"on": "2025-04-09/2025-04-10"}),
        ({"realis": "planned"}, {"realis": "happened"}),
        ({"realis": "cancelled"}, {"realis": "happened"}),
        ({"place": "istanbul"}, {"on": "2025-04", "place": "istanbul"}),
        ({"actors": [LAVROV, RUBIO]}, {"on": "2025-04", "actors": [LAVROV, "USA"]}),
        ({"track": "embassies"}, {"on": "2025-W15", "track": "embassies"}),
        ({"place": "istanbul"}, {"on": "2025-04-11", "basis": "publication", "place": "istanbul"}),
        (
            {"place": "istanbul", "actors": [DARCHIEV, COULTER]},
            {"on": None, "place": "istanbul", "actors": [DARCHIEV, COULTER]},
        ),
        (
            {"place": "istanbul", "actors": [DARCHIEV, "USA"]},
            {"on": "2025-04-11", "place": "istanbul", "actors": [DARCHIEV, "USA"]},
        ),
        ({"place": "istanbul", "actors": [DARCHIEV, COULTER]}, {"place": "ankara", "actors": [DARCHIEV, COULTER]}),
        ({"place": "istanbul", "actors": [DARCHIEV, "USA"]}, {"place": "istanbul", "actors": [LAVROV, RUBIO]}),
        ({"place": "istanbul"}, {"place": "istanbul", "actors": ["RUS", "USA", "TUR"]}),
        (
            {"place": "vienna", "actors": [LAVROV, RUBIO], "on": "2025-03-10", "published": "2025-04-11"},
            {"place": "vienna", "actors": [LAVROV, RUBIO], "on": "2025-04-10", "published": "2025-04-11"},
        ),
        (
            {"type": "SANCTION", "actors": ["USA"], "recipients": ["RUS"], "track": "sanctions", "place": "washington"},
            {"type": "COERCE", "actors": ["USA"], "recipients": ["RUS"], "track": "sanctions", "place": "washington"},
        ),
    ],
)
def test_two_reports_of_one_event_are_one_occurrence_in_either_order(
    first: dict[str, object], second: dict[str, object]
) -> None:
    reports = one(1, **first), one(2, **second)
    for order in (reports, reports[::-1]):
        merged = told(*order)
        assert len(merged) == 1
        assert merged[0].documents == tuple(doc.id for doc, _ in order)
        assert merged[0].sources == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"type": "AGREE"}),
        ({"place": "istanbul"}, {"type": "AGREE", "place": "istanbul"}),
        ({}, {"on": "2025-04-14"}),
        ({}, {"on": "2025-04-11"}),
        ({"place": "istanbul"}, {"on": "2025-04-11", "place": "istanbul"}),
        ({"place": "istanbul"}, {"place": "riyadh"}),
        ({}, {"actors": ["RUS", "UKR"]}),
        ({}, {"actors": ["RUS", "USA", "UKR"]}),
        ({}, {"on": "2025-04"}),
        ({"place": "istanbul"}, {"on": "2025-04", "place": "riyadh"}),
        ({"place": "istanbul"}, {"on": "2025", "place": "istanbul"}),
        ({"place": "istanbul"}, {"on": None, "place": "istanbul"}),
        ({"actors": [DARCHIEV, COULTER]}, {"actors": [LAVROV, RUBIO]}),
        ({"place": "istanbul", "actors": [DARCHIEV, COULTER]}, {"place": "istanbul", "actors": [LAVROV, RUBIO]}),
        (
            {"place": "vienna", "actors": [LAVROV, RUBIO], "on": "2025-03-10", "published": "2025-03-11"},
            {"place": "vienna", "actors": [LAVROV, RUBIO], "on": "2025-04-10", "published": "2025-04-11"},
        ),
        (
            {"place": "vienna", "on": "2025-03-10", "published": "2025-04-11"},
            {"place": "vienna", "on": "2025-04-10", "published": "2025-04-11"},
        ),
        ({"type": "AGREE", "track": "embassies"}, {"type": "AGREE", "track": "flights"}),
        ({"on": "2025-04-11", "place": "istanbul"}, {"on": "2025-04-09", "basis": "publication", "place": "istanbul"}),
        (
            {"type": "ACCUSE", "actors": ["RUS"], "recipients": ["USA"]},
            {"type": "ACCUSE", "actors": ["USA"], "recipients": ["RUS"]},
        ),
        (
            {"type": "ACCUSE", "actors": [LAVROV], "recipients": ["USA"]},
            {"type": "ACCUSE", "actors": [DARCHIEV], "recipients": ["USA"]},
        ),
        (
            {"type": "THREATEN", "actors": ["RUS"], "recipients": ["USA"]},
            {"type": "REJECT", "actors": ["RUS"], "recipients": ["USA"]},
        ),
        ({"place": "istanbul", "realis": "hypothetical"}, {"on": "2025-04", "place": "istanbul"}),
    ],
)
def test_two_events_stay_two(first: dict[str, object], second: dict[str, object]) -> None:
    assert len(told(one(1, **first), one(2, **second))) == 2


def test_a_vague_report_that_fits_two_meetings_alike_is_given_to_neither() -> None:
    april = {"on": "2025-04", "place": "istanbul"}
    reports = [
        one(1, on="2025-04-03", place="istanbul"),
        one(2, on="2025-04-20", place="istanbul"),
        one(3, **april),
        one(4, **april),
    ]
    assert sorted(o.documents for o in told(*reports)) == [("d1",), ("d2",), ("d3", "d4")]


def test_a_second_meeting_of_one_day_with_other_people_elsewhere_is_its_own() -> None:
    reports = [
        one(1, place="istanbul", actors=[DARCHIEV, COULTER]),
        one(2, place="washington", actors=[LAVROV, RUBIO]),
        one(3, actors=[RUBIO, LAVROV]),
        one(4, place="istanbul"),
    ]
    assert sorted(o.documents for o in told(*reports)) == [("d1", "d4"), ("d2", "d3")]


def test_two_acts_one_text_reports_for_a_day_stay_two_unless_something_ties_them() -> None:
    doc = document("d1", "Moscow accused Washington. Later Moscow accused Washington again.")
    first = event(doc, type="ACCUSE", actors=["RUS"], recipients=["USA"], end=26)
    second = replace(first, evidence=doc.quote(27, 65))
    assert len(told((doc, first), (doc, second))) == 2
    assert len(told((doc, replace(first, track="sanctions")), (doc, replace(second, track="sanctions")))) == 1


def test_a_meeting_a_text_comes_back_to_is_one() -> None:
    doc = document("d1", "The delegations met. The meeting lasted six hours.")
    assert len(told((doc, event(doc, end=20)), (doc, event(doc, start=21)))) == 1


# What is kept


def test_what_came_to_pass_outweighs_what_was_planned_and_a_plan_told_in_time_contradicts_nothing() -> None:
    planned = [one(n, "2025-04-08", realis="planned") for n in (1, 2)]
    (found,) = told(*planned, one(3, place="istanbul"))
    assert (found.event.realis, found.event.place) == ("happened", "istanbul")
    assert differing(found) == {}
    (late,) = told(*planned, one(3, place="istanbul"), one(4, "2025-04-11", realis="planned"))
    assert differing(late) == {"realis": {"happened": 1, "planned": 1}}
    assert [member.document for member in found.members] == ["d1", "d2", "d3"]
    assert found.id == found.members[0].id


def test_cancelled_against_happened_goes_by_sources_then_by_the_later_report() -> None:
    cancelled, happened = one(1, "2025-04-09", realis="cancelled"), one(2, "2025-04-11")
    (tie,) = told(cancelled, happened)
    assert tie.event.realis == "happened"
    assert differing(tie) == {"realis": {"cancelled": 1, "happened": 1}}
    (outvoted,) = told(cancelled, happened, one(3, "2025-04-09", realis="cancelled"))
    assert outvoted.event.realis == "cancelled"
    copied = one(3, "2025-04-09", realis="cancelled", duplicate_of="d1")
    (copies,) = told(cancelled, happened, copied)
    assert copies.event.realis == "happened"
    assert differing(copies) == {"realis": {"cancelled": 2, "happened": 1}}


def test_copies_of_one_report_are_one_source() -> None:
    reports = [one(1), one(2, duplicate_of="d1"), one(3, duplicate_of="d2"), one(4)]
    (found,) = told(*reports)
    assert (found.documents, found.sources) == (("d1", "d2", "d3", "d4"), 2)


def test_documents_that_are_called_copies_of_each_other_in_a_circle_are_one_source() -> None:
    (found,) = told(one(1, duplicate_of="d2"), one(2, duplicate_of="d1"))
    assert found.sources == 1


def test_sources_that_differ_on_day_place_and_people_are_listed_field_by_field() -> None:
    (found,) = told(
        one(1, place="istanbul", actors=[DARCHIEV, COULTER]),
        one(2, place="istanbul", actors=[DARCHIEV, COULTER, person("x-adviser", "USA")]),
        one(3, place="ankara", actors=[DARCHIEV, COULTER, person("y-adviser", "USA")]),
    )
    assert differing(found) == {
        "place": {"istanbul": 2, "ankara": 1},
        "participants": {
            "sonata-coulter": 1,
            "sonata-coulter, x-adviser": 1,
            "sonata-coulter, y-adviser": 1,
        },
    }
    assert found.event.place == "istanbul"


def test_a_vaguer_date_is_no_disagreement_and_a_day_of_publication_is_no_claim() -> None:
    (found,) = told(
        one(1, place="istanbul"),
        one(2, place="istanbul", on="2025-04"),
        one(3, place="istanbul", on="2025-04-11", basis="publication"),
    )
    assert differing(found) == {}
    assert found.event.event_date is not None
    assert (found.event.event_date.value, found.event.event_date.basis) == ("2025-04-10", "explicit")


def test_a_stated_day_that_differs_is_a_disagreement() -> None:
    same = {"place": "istanbul", "actors": [DARCHIEV, COULTER]}
    (found,) = told(one(1, **same), one(2, **same), one(3, on="2025-04-11", **same))
    assert differing(found) == {"event_date": {"2025-04-10": 2, "2025-04-11": 1}}
    assert found.event.event_date is not None
    assert found.event.event_date.first == date(2025, 4, 10)


def test_what_one_report_leaves_open_is_filled_from_another() -> None:
    (found,) = told(one(1, actors=[DARCHIEV, COULTER]), one(2, place="istanbul", track="embassies", mode="meet"))
    assert (found.event.place, found.event.track, found.event.mode) == ("istanbul", "embassies", "meet")
    assert {p.entity for p in found.event.actors} == {"alexander-darchiev", "sonata-coulter"}


def test_a_persons_decision_settles_the_reading(ledger: Ledger) -> None:
    reports = [one(n, place="istanbul") for n in (1, 2)] + [one(3)]
    for doc, found in reports:
        ledger.add_document(doc)
        ledger.file(coding(doc, found))
    *_, last = ledger.entries()
    corrected = replace(reports[2][1], place="ankara", actors=(DARCHIEV, COULTER))
    assert [o.decided for o in ledger.occurrences()] == [""]
    ledger.decide(last.id, "accept", by="A", why="")
    assert [(o.decided, o.event) for o in ledger.occurrences()] == [("accept", reports[2][1])]
    ledger.decide(last.id, "amend", by="A", why="place", amended=corrected)
    found_now = {o.decided: o.event for o in ledger.occurrences()}
    assert found_now["amend"] == corrected
    ledger.decide(last.id, "reject", by="A", why="another meeting")
    assert [(o.documents, o.decided) for o in ledger.occurrences()] == [(("d1", "d2"), "")]


def test_a_city_and_the_state_it_is_the_capital_of_are_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    states = {"riyadh": "SAU", "istanbul": ""}
    monkeypatch.setattr("detente.ledger.occurrences._state_of", lambda place: states.get(place, ""))
    (found,) = told(one(1, place="SAU"), one(2, place="SAU"), one(3, place="riyadh"))
    assert (found.event.place, differing(found)) == ("riyadh", {})
    assert len(told(one(1, place="SAU"), one(2, place="istanbul"))) == 2


# Laws


ARCHIVE = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["CONSULT", "AGREE", "ACCUSE", "SANCTION", "COERCE"]),
            "on": st.sampled_from([None, "2025-04-09", "2025-04-10", "2025-04-11", "2025-04", "2025-W15", "2025"]),
            "basis": st.sampled_from(["explicit", "relative", "publication"]),
            "place": st.sampled_from(["", "istanbul", "riyadh"]),
            "realis": st.sampled_from(["happened", "planned", "cancelled", "hypothetical"]),
            "track": st.sampled_from(["", "embassies", "sanctions"]),
            "actors": st.sampled_from([["RUS", "USA"], ["RUS"], [LAVROV, RUBIO], [DARCHIEV, "USA"], ["RUS", "UKR"]]),
            "recipients": st.sampled_from([[], ["USA"]]),
            "published": st.sampled_from(["2025-04-09", "2025-04-10", "2025-04-12"]),
            "duplicate_of": st.sampled_from([None, None, "d0", "d1"]),
            "decision": st.sampled_from([None, None, None, "accept", "reject", "unsure"]),
        }
    ),
    max_size=9,
)


def recorded(reports: Iterable[dict[str, object]]) -> Ledger:
    ledger = Ledger.open("sqlite://", create=True, clock=ticking())
    for number, what in enumerate(reports):
        what = dict(what)
        decision = what.pop("decision")
        doc, found = one(number, **what)  # type: ignore[arg-type]
        ledger.add_document(doc)
        ledger.file(coding(doc, found))
        if decision:
            *_, last = ledger.entries()
            ledger.decide(last.id, decision, by="A", why="seen")  # type: ignore[arg-type]
    return ledger


@settings(max_examples=25, deadline=None)
@given(ARCHIVE, st.data())
def test_reading_as_of_any_moment_shows_what_a_ledger_that_ended_there_shows(
    reports: list[dict[str, object]], data: st.DataObject
) -> None:
    whole = recorded(reports)
    kept = data.draw(st.integers(0, len(reports)))
    prefix = recorded(reports[:kept])
    moment = prefix.head().recorded or START - timedelta(days=1)
    assert whole.occurrences(as_of=moment) == prefix.occurrences()
    assert whole.status(as_of=moment) == prefix.status()
    assert whole.head(as_of=moment) == prefix.head()
    assert queue(whole, as_of=moment) == queue(prefix)
    assert list(whole.entries(as_of=moment)) == list(prefix.entries())
    assert whole.decisions(as_of=moment) == prefix.decisions()
    for ledger in (whole, prefix):
        assert ledger.verify().ok
        ledger.close()


@settings(max_examples=30, deadline=None)
@given(ARCHIVE, st.randoms(use_true_random=False))
def test_the_order_of_filing_does_not_change_what_is_merged(
    reports: list[dict[str, object]], shuffle: random.Random
) -> None:
    numbered = [
        one(number, **{name: value for name, value in what.items() if name != "decision"})  # type: ignore[arg-type]
        for number, what in enumerate(reports)
    ]
    filed = list(numbered)
    shuffle.shuffle(filed)

    def seen(occurrences: list[Occurrence]) -> list[object]:
        return sorted((sorted(o.documents), repr(o.event), o.sources, o.disagreements) for o in occurrences)

    assert seen(told(*numbered)) == seen(told(*filed))


@settings(max_examples=20, deadline=None)
@given(ARCHIVE)
def test_every_standing_event_is_in_exactly_one_occurrence(reports: list[dict[str, object]]) -> None:
    with recorded(reports) as ledger:
        members = [member.id for occurrence in ledger.occurrences() for member in occurrence.members]
        assert sorted(members) == sorted(s.entry.id for s in ledger.codings("event"))
        for occurrence in ledger.occurrences():
            assert occurrence.id == occurrence.members[0].id
            assert [m.seq for m in occurrence.members] == sorted(m.seq for m in occurrence.members)
            assert 1 <= occurrence.sources <= len(occurrence.documents)


# The desk's queue


def test_the_queue_puts_effect_times_doubt_first_and_leaves_out_what_is_decided(ledger: Ledger) -> None:
    doc = document("d1", "One text.")
    ledger.add_document(doc)
    found = (
        event(doc, type="ASSAULT", confidence=0.9, on="2025-01-01"),  # 90 × 0.1 = 9
        event(doc, type="CONSULT", confidence=0.4, on="2025-02-01"),  # 25 × 0.6 = 15
        event(doc, type="REQUEST", confidence=0.1, on="2025-03-01"),  # 0
        event(doc, type="SANCTION", mode="expel", confidence=0.8, on="2025-04-01"),  # 55 × 0.2 = 11
    )
    ledger.file(coding(doc, *found, statement(doc, stance=-2, confidence=0.5)))  # 20 × 0.5 = 10
    assert [round(item.weight, 6) for item in queue(ledger)] == [15, 11, 10, 9, 0]
    top = queue(ledger, limit=1)
    assert [item.standing.coding for item in top] == [found[1]]
    ledger.decide(top[0].standing.entry.id, "unsure", by="A", why="ask")
    assert [item.unsure for item in queue(ledger, limit=2)] == [True, False]
    ledger.decide(top[0].standing.entry.id, "accept", by="B", why="")
    assert [round(item.weight, 6) for item in queue(ledger)] == [11, 10, 9, 0]


def test_an_event_with_many_sources_can_wait_and_a_code_nobody_can_score_cannot(ledger: Ledger) -> None:
    for number, what in enumerate([{}, {"place": "istanbul"}, {"published": "2025-04-11", "realis": "planned"}]):
        doc, found = one(number, **what)  # type: ignore[arg-type]
        ledger.add_document(doc)
        ledger.file(coding(doc, found))
    doc, found = one(9, type="NOVEL", confidence=0.99)
    ledger.add_document(doc)
    ledger.file(coding(doc, found))
    items = queue(ledger)
    assert [item.effect_tenths for item in items] == pytest.approx([25 / 3] * 3 + [100])
    assert items[0].note == "sources differ on realis"
    assert "no type 'NOVEL'" in items[3].note
