"""Who held which office on a day."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from detente.registry import load
from detente.registry.tables import rows
from detente.terms import Entity

REGISTRY = load()
SINGLE = {
    row["office"]
    for _, row in rows("titles.csv", ("title", "office", "single", "en", "fr", "fr_f", "ru", "ru_f"))
    if row["single"] == "yes"
}
PEOPLE = [entity for entity in REGISTRY.entities.values() if entity.kind == "person"]


def test_spans_of_office_are_in_order():
    for person in PEOPLE:
        for role in person.roles:
            # Whoever leads a movement may have no day of taking office; a minister has.
            assert role.since is not None or role.office not in SINGLE, f"{person.id}: {role.office} has no first day"
            assert role.until is None or (role.since or date.min) <= role.until, (
                f"{person.id}: {role.since} to {role.until}"
            )


def test_a_title_belongs_to_an_office_that_is_single_or_not():
    said = defaultdict(set)
    for _, row in rows("titles.csv", ("title", "office", "single", "en", "fr", "fr_f", "ru", "ru_f")):
        assert row["single"] in ("yes", "no")
        said[row["office"]].add(row["single"])
    assert {office: answers for office, answers in said.items() if office and len(answers) > 1} == {}


def test_nobody_shares_a_single_office_beyond_the_day_of_handover():
    held = defaultdict(list)
    for person in PEOPLE:
        for role in person.roles:
            if role.office in SINGLE:
                held[role.office, role.side].append((role.since, role.until or date.max, person.id))
    for key, spans in held.items():
        spans.sort()
        for (_, until, first), (since, _, second) in pairwise(spans):
            assert since >= until, f"{key}: {first} until {until}, {second} since {since}"


@pytest.mark.parametrize(
    ("office", "state", "day", "person"),
    [
        ("head_of_state", "USA", date(2024, 12, 31), "joe-biden"),
        ("head_of_state", "USA", date(2025, 1, 20), "donald-trump"),
        ("foreign_minister", "USA", date(2025, 2, 18), "marco-rubio"),
        ("national_security_adviser", "USA", date(2025, 4, 1), "mike-waltz"),
        ("national_security_adviser", "USA", date(2025, 6, 1), "marco-rubio"),
        ("defence_minister", "RUS", date(2024, 5, 1), "sergei-shoigu"),
        ("presidential_spokesperson", "RUS", date(2025, 4, 14), "dmitry-peskov"),
        ("ambassador_usa", "RUS", date(2025, 4, 10), "alexander-darchiev"),
        ("foreign_minister", "CUB", date(2015, 7, 20), "bruno-rodriguez"),
        ("foreign_minister", "SAU", date(2023, 3, 10), "faisal-bin-farhan"),
        ("foreign_minister", "IRN", date(2023, 4, 6), "hossein-amir-abdollahian"),
        ("foreign_minister", "CHN", date(2023, 4, 6), "qin-gang"),
        ("head_of_government", "GBR", date(2022, 10, 1), "liz-truss"),
        ("head_of_government", "DEU", date(2025, 5, 6), "friedrich-merz"),
        ("head_of_state", "SYR", date(2024, 12, 1), "bashar-al-assad"),
        ("head_of_government", "ARM", date(2025, 8, 8), "nikol-pashinyan"),
        ("head_of_government", "XKX", date(2023, 5, 1), "albin-kurti"),
        ("head_of_state", "PRK", date(2023, 9, 13), "kim-jong-un"),
    ],
)
def test_the_holder_of_an_office_on_a_day(office, state, day, person):
    holder = REGISTRY.holder(office, state, day)
    assert holder is not None
    assert holder.id == person
    assert REGISTRY.entities[person].side_on(day) == state


def test_no_holder_is_given_for_an_office_the_registry_does_not_know():
    assert REGISTRY.holder("head_of_state", "USA", date(1890, 1, 1)) is None
    assert REGISTRY.holder("court_jester", "FRA", date(2025, 1, 1)) is None
    assert REGISTRY.holder("head_of_state", "ZZZ", date(2025, 1, 1)) is None


def test_who_holds_an_office_now_is_who_has_no_last_day():
    holder = REGISTRY.holder("foreign_minister", "RUS", None)
    assert isinstance(holder, Entity)
    assert holder.role_on(None).until is None


def test_the_major_offices_are_filled_for_every_day_of_2025():
    for state in ("USA", "RUS", "UKR", "CHN", "FRA", "GBR", "DEU", "CUB", "IRN", "ISR", "SAU", "TUR", "IND", "PAK"):
        day = date(2025, 1, 1)
        while day.year == 2025:
            assert REGISTRY.holder("foreign_minister", state, day) or (state, day) in {("USA", date(2025, 1, 21))}, (
                f"{state} {day}"
            )
            day += timedelta(days=7)


def test_a_woman_carries_the_feminine_title():
    role = REGISTRY.entities["angela-merkel"].role_on(date(2020, 1, 1))
    assert role.title_in("fr") == "chancelière"
    assert role.title_in("en") == "chancellor"
