"""Shares, not counts: more coverage lifts nobody, and who was told of twice is counted once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import event, statement

from detente import workflow
from detente.ledger import Standing
from detente.measures.risers import Riser, Risers, risers, together
from detente.registry import load, rank_on, ranks
from detente.terms import Entity, Entry, Evidence, Occurrence, Participant, PersonMention, Role, Statement

DAY = date(2025, 6, 30)
NOW = DAY - timedelta(days=59)
MINISTER = Role((("en", "foreign minister"),), "RUS", date(2004, 3, 9), None, "foreign_minister")
ENVOY = Role((("en", "special envoy"),), "RUS", date(2025, 5, 10), None, "special_envoy")


def person(name: str, *roles: Role) -> Entity:
    return Entity(name, "person", (("en", (name.title(),)),), roles=roles)


PEOPLE = [person("a", MINISTER), person("b", ENVOY), person("c"), person("d"), person("e")]
ABROAD = Role((("en", "president"),), "USA", date(2025, 1, 20), None, "head_of_state")
ENTITIES = {p.id: p for p in (*PEOPLE, person("x", ABROAD), Entity("RUS", "state", (("en", ("Russia",)),)))}


def mention(who: str, when: date, n: int = 0) -> tuple[Standing[PersonMention], tuple[str, date]]:
    document = f"{who}-{when}-{n}"
    coding = PersonMention(Evidence(document, 0, 1, who), who, who, "", "RUS")
    entry = Entry(f"m-{document}", 1, datetime(2025, 6, 30, tzinfo=UTC), document, "c", "b", "person", coding)
    return Standing(entry, coding), (document, when)


def meeting(who: str, other: str, when: date, key: str = "") -> Occurrence:
    found = event(when, key=key or f"{who}-{other}-{when}")
    actors = (Participant(who, who, "RUS"), Participant(other, other, "USA"))
    return replace(found, event=replace(found.event, actors=actors))


def measured(
    told: list[tuple[Standing[PersonMention], tuple[str, date]]],
    meetings: list[Occurrence] | None = None,
    said: list[Standing[Statement]] | None = None,
    *,
    side: str = "RUS",
) -> Risers:
    return risers(
        meetings or [],
        said or [],
        [standing for standing, _ in told],
        day=DAY,
        sides=[side],
        entities=ENTITIES,
        rank=rank_on,
        published=dict(where for _, where in told),
    )


def of(found: Risers, who: str) -> Riser:
    return next(p for p in found.people if p.entity == who)


def spread(counts: dict[str, tuple[int, int]]) -> list[tuple[Standing[PersonMention], tuple[str, date]]]:
    """Mentions before and now, by person."""
    return [
        mention(who, start + timedelta(days=n % 50), n)
        for who, pair in counts.items()
        for start, count in zip((NOW - timedelta(days=70), NOW), pair, strict=True)
        for n in range(count)
    ]


counts = st.fixed_dictionaries({who: st.tuples(st.integers(0, 8), st.integers(0, 8)) for who in "abc"})


@settings(max_examples=25, deadline=None)
@given(counts, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(given_counts: dict[str, tuple[int, int]], random) -> None:  # type: ignore[no-untyped-def]
    told = spread(given_counts)
    shuffled = [*told, *told[:5]]
    random.shuffle(shuffled)
    assert measured(shuffled) == measured(told)


@settings(max_examples=15, deadline=None)
@given(counts)
def test_a_side_of_another_name_has_the_same_risers(given_counts: dict[str, tuple[int, int]]) -> None:
    def moved(standing: Standing[PersonMention]) -> Standing[PersonMention]:
        return replace(standing, coding=replace(standing.coding, side="USA"))

    told = spread(given_counts)
    other = measured([(moved(s), where) for s, where in told], side="USA").people
    assert [(p.entity, p.risen, p.rise) for p in other] == [(p.entity, p.risen, p.rise) for p in measured(told).people]


def test_more_coverage_of_all_lifts_nobody_and_a_growing_share_does() -> None:
    more = measured(spread({"a": (10, 40), "b": (5, 20), "c": (5, 20)}))
    assert not any(p.rises or p.falls for p in more.people)
    grown = measured(spread({"a": (20, 20), "b": (1, 20), "c": (10, 10)}), [meeting("b", "x", NOW)] * 3)
    assert of(grown, "b").reports.risen > 0.99
    assert of(grown, "b").reports.low80 > 0
    assert of(grown, "b").rise > 0 > of(grown, "a").rise
    assert of(grown, "b").contacts.now == 1.0  # one occurrence, given three times


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 6), st.integers(0, 6), st.integers(1, 5))
def test_more_of_now_makes_a_rise_more_likely(before: int, now: int, more: int) -> None:
    few, many = (measured(spread({"a": (12, 12), "b": (before, n)})) for n in (now, now + more))
    if before or now:
        assert of(many, "b").risen > of(few, "b").risen


def test_too_few_reports_of_either_stretch_say_nothing() -> None:
    found = measured(spread({"a": (2, 30), "b": (0, 30)}))
    assert not any(p.enough or p.rises or p.falls for p in found.people)


def test_level_roles_and_new_faces_are_dated() -> None:
    told = spread({"a": (10, 10), "b": (0, 3)})
    found = measured(told, [meeting("b", "x", NOW + timedelta(days=10)), meeting("a", "RUS", NOW)])
    b, a = of(found, "b"), of(found, "a")
    assert (b.new, b.first, b.level_now, b.level_before, b.met) == (True, NOW, 5.0, None, (("x", 1),))
    assert [(o.office, o.since, o.new) for o in b.offices] == [("special_envoy", date(2025, 5, 10), True)]
    assert (a.new, [o.new for o in a.offices]) == (False, [False])
    assert sum(reports for *_, reports in b.months) == 3


def test_words_count_by_day_and_unknown_people_do_not_count() -> None:
    def spoken(who: str, when: str, key: str) -> Standing[Statement]:
        said = statement(who, "RUS", 1, when)
        entry = Entry(key, 1, datetime(2025, 6, 30, tzinfo=UTC), "d1", "c", "b", "statement", said)
        return Standing(entry, said)

    told = [spoken("A", "2025-06-01", "e1"), spoken("A", "2025-06-01", "e2"), spoken("Nobody", "2025-06-01", "e3")]
    found = measured([], said=told)
    assert [(p.entity, p.words.now, p.words.evidence) for p in found.people] == [("a", 1.0, ("e1",))]


def test_a_planned_meeting_is_no_contact() -> None:
    planned = meeting("a", "x", NOW)
    planned = replace(planned, event=replace(planned.event, realis="planned"))
    assert measured([], [planned]).people == ()


def test_ranks_cover_every_office_and_chances_go_together() -> None:
    offices = {role.office for entity in load().entities.values() for role in entity.roles if role.office}
    assert offices <= set(ranks())
    assert set(ranks().values()) == {2, 3, 4, 5}
    assert rank_on(ENTITIES["a"], date(2000, 1, 1)) is None
    assert together([0.5, 0.5, 0.5]) == 0.5
    assert together([0.9, 0.9, 0.9]) > 0.9 > together([0.95, 0.5, 0.5])
    assert together([0.9, 0.2, 0.6]) == pytest.approx(1 - together([0.1, 0.8, 0.4]), abs=0.002)


@pytest.mark.parametrize("day", [date(2025, 4, 30), date(2025, 5, 31)])
def test_dmitriev_rises_on_the_russian_side_in_spring_2025(sample_folder, day: date) -> None:  # type: ignore[no-untyped-def]
    from detente.publish import readings

    with workflow.material(sample_folder, as_of=day) as material:
        found = readings.read("risers", material).result
    assert [p.entity for p in found.side("RUS") if p.rises] == ["kirill-dmitriev"]
    dmitriev = found.side("RUS")[0]
    assert ("special_envoy", date(2025, 2, 23)) in [(o.office, o.since) for o in dmitriev.offices if o.new]
    assert dmitriev.met[0][0] == "steve-witkoff"
    assert dmitriev.contacts.evidence
    assert dmitriev.words.evidence
    assert dmitriev.reports.evidence
