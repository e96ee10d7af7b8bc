"""Waits are counted from what was known on a day, and never from the forecast's own process."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.forecast import STAGES, Case, is_own_process, load_cases, spells
from detente.terms import Dyad

CUB_USA = Dyad("CUB", "USA")
LAST = max(case.end_date for case in load_cases())


def case(label: str) -> Case:
    return next(case for case in load_cases() if case.label == label)


def ending(label: str, stage: str, as_of: date = LAST) -> str | None:
    found = spells([case(label)], stage, as_of=as_of)  # type: ignore[arg-type]
    return found.spells[0].ending if found.spells else None


def test_the_counts_of_the_table_are_those_published_with_it() -> None:
    found = spells(load_cases(), "ambassadors_exchanged", as_of=LAST, own=(Dyad("RUS", "USA"), date(2025, 2, 12)))
    endings = [spell.ending for spell in found.spells]
    # 111 reached and 20 failed in the study that came with the table; two cases of no date are left out, not censored.
    assert (endings.count("reached"), endings.count("never"), endings.count("open")) == (111, 20, 11)
    assert set(found.undated) == {"USA-South Yemen 1990", "China-USSR 1982-89"}


def test_an_outcome_dated_after_the_day_is_still_open_on_it() -> None:
    assert ending("Saudi-Iran 2021-23", "ambassadors_exchanged", date(2023, 9, 4)) == "open"
    assert ending("Saudi-Iran 2021-23", "ambassadors_exchanged", date(2023, 9, 5)) == "reached"
    assert ending("Malaysia-North Korea 2018-21", "ambassadors_exchanged", date(2021, 3, 18)) == "open"
    assert ending("Malaysia-North Korea 2018-21", "ambassadors_exchanged", date(2021, 3, 19)) == "never"


def test_a_process_not_yet_begun_is_unknown() -> None:
    assert ending("Saudi-Iran 2021-23", "ambassadors_exchanged", date(2021, 4, 9)) is None


def test_a_reversed_process_never_reached_what_it_has_no_day_for() -> None:
    assert ending("USA-Cuba 2013-15", "ambassadors_exchanged") == "never"
    assert ending("USA-Cuba 2013-15", "relations_restored") == "reached"


def test_a_process_that_went_well_without_a_day_for_the_stage_is_left_out() -> None:
    found = spells([case("USA-Egypt 1974"), case("Turkey-Israel 2013-16")], "key_sanction_relief", as_of=LAST)
    assert found.spells == ()
    assert set(found.undated) == {"USA-Egypt 1974", "Turkey-Israel 2013-16"}


def test_an_embassy_that_was_never_closed_cannot_reopen() -> None:
    found = spells([case("USA-Bolivia 2020")], "embassy_reopened", as_of=LAST)
    assert found.not_applicable == ("USA-Bolivia 2020",)


def test_a_stage_in_place_on_the_first_day_was_never_waited_for() -> None:
    found = spells([case("USA-Iran 2013-18")], "first_high_level_talks", as_of=LAST)
    assert found.already == ("USA-Iran 2013-18",)


def test_only_the_process_that_overlaps_the_forecast_is_its_own() -> None:
    opening = case("USA-Cuba 2013-15")
    assert is_own_process(opening, CUB_USA, clock=date(2013, 6, 15), made=date(2014, 12, 31))
    assert is_own_process(opening, CUB_USA, clock=date(2014, 12, 17), made=date(2015, 3, 1))
    assert not is_own_process(opening, CUB_USA, clock=date(2021, 1, 20), made=date(2022, 1, 1))
    assert not is_own_process(opening, Dyad("IRN", "USA"), clock=date(2013, 6, 15), made=date(2014, 12, 31))
    assert not is_own_process(case("USA-Cuba 1977"), CUB_USA, clock=date(2013, 6, 15), made=date(2014, 12, 31))


def test_a_process_is_left_out_of_its_own_forecast_only() -> None:
    day = date(2026, 11, 23)
    own = spells(load_cases(), "relations_restored", as_of=day, own=(Dyad("RUS", "USA"), date(2025, 2, 12)))
    other = spells(load_cases(), "relations_restored", as_of=day, own=(CUB_USA, date(2025, 2, 12)))
    assert own.own == ("USA-Russia 2025-",)
    assert other.own == ()
    assert "USA-Russia 2025-" in {spell.case for spell in other.spells}


@pytest.mark.parametrize("stage", STAGES)
def test_every_case_is_a_wait_or_is_left_out_by_name(stage: str) -> None:
    found = spells(load_cases(), stage, as_of=LAST)  # type: ignore[arg-type]
    named = [*(spell.case for spell in found.spells), *found.already, *found.undated, *found.not_applicable]
    assert sorted(named) == sorted(case.label for case in load_cases() if case.process_start is not None)
    assert all(spell.days > 0 for spell in found.spells)


@given(as_of=st.dates(date(1955, 1, 1), date(2026, 12, 1)), stage=st.sampled_from(STAGES))
def test_nothing_after_the_day_moves_a_wait(as_of: date, stage: str) -> None:
    def forget(case: Case) -> Case:
        """The case as a reader of that day's papers had it."""
        known = tuple((name, day) for name, day in case.stages if day <= as_of)
        if case.end_date <= as_of:
            return replace(case, stages=known)
        return replace(case, stages=known, outcome="ongoing", end_date=as_of)

    begun = [case for case in load_cases() if case.process_start is not None and case.process_start < as_of]
    whole = spells(load_cases(), stage, as_of=as_of)  # type: ignore[arg-type]
    past = spells([forget(case) for case in begun], stage, as_of=as_of)  # type: ignore[arg-type]
    # A process that has ended well, whose stage came later still: the day known today keeps that wait open.
    late = {case.label for case in begun if case.end_date <= as_of < (case.reached(stage) or as_of)}  # type: ignore[arg-type]
    assert {s for s in whole.spells if s.case not in late} == {s for s in past.spells if s.case not in late}


@given(shift=st.integers(-3000, 3000), stage=st.sampled_from(STAGES))
def test_waits_do_not_depend_on_the_calendar(shift: int, stage: str) -> None:
    by = timedelta(days=shift)
    moved = [
        replace(
            c,
            rupture_date=c.rupture_date + by,
            process_start=c.process_start + by,
            stages=tuple((name, day + by) for name, day in c.stages),
            end_date=c.end_date + by,
        )
        for c in load_cases()
        if c.process_start is not None
    ]
    assert spells(moved, stage, as_of=LAST + by) == spells(load_cases(), stage, as_of=LAST)  # type: ignore[arg-type]
