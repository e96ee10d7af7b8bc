"""Forecasts of milestones: what they use, what they say, and what they refuse."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.study_table import study_cases

from detente.errors import ForecastError
from detente.forecast import BASE_RATE, CLASSES, METHOD, STAGES, Case, forecast, load_cases, panel
from detente.terms import Dyad, Forecast, Milestone, ReferenceClass, Resolution

CUB_USA, RUS_USA, IRN_SAU = Dyad("CUB", "USA"), Dyad("RUS", "USA"), Dyad("IRN", "SAU")


def milestone(
    stage: str = "ambassadors_exchanged",
    clock: date | None = date(2025, 2, 12),
    *,
    opened: date = date(2025, 4, 20),
    deadline: date = date(2027, 12, 31),
    resolution: Resolution | None = None,
) -> Milestone:
    reference = ReferenceClass(stage, clock)
    return Milestone("ambassadors", (), (), opened, deadline, reference, resolution=resolution)


def check(found: Forecast) -> None:
    low, high = found.interval
    assert 0 <= low <= found.probability <= high <= 1
    assert 0 <= found.never_interval[0] <= found.never <= found.never_interval[1] <= 1
    assert found.probability <= 1 - found.never + 1e-9
    shares = [share for _, share in found.curve]
    assert shares == sorted(shares)
    assert [day for day, _ in found.curve] == sorted({day for day, _ in found.curve})
    assert shares[-1] <= 1 - found.never + 1e-9
    assert found.reached_cases <= found.cases
    if found.window and found.median_day:
        assert found.made <= found.window[0] <= found.median_day <= found.window[1]


@pytest.mark.parametrize("stage", [*STAGES, "none"])
@pytest.mark.parametrize("dyad", [RUS_USA, CUB_USA, IRN_SAU])
def test_every_forecast_of_a_panel_is_coherent(stage: str, dyad: Dyad) -> None:
    for found in panel(milestone(stage), made=date(2026, 11, 23), dyad=dyad):
        check(found)
        assert dict(found.curve)[found.deadline] == found.probability


def test_the_reading_of_the_study_that_came_with_the_table_is_reproduced() -> None:
    # Ambassadors, 1.78 years after the start: 0.22, 0.37 and 0.58 after one, two and five more years.
    for years, share in {1: 0.22, 2: 0.37, 5: 0.58}.items():
        asked = milestone(deadline=date(2026 + years, 11, 23))
        found = forecast(asked, made=date(2026, 11, 23), dyad=RUS_USA, cases=study_cases())
        assert found.probability == pytest.approx(share, abs=0.01)
        assert "excluded-own-process" in found.notes
        assert found.method == METHOD


@given(days=st.integers(0, 1500), more=st.integers(1, 700))
@settings(max_examples=25, deadline=None)
def test_hope_falls_while_nothing_happens(days: int, more: int) -> None:
    # Asked of the same past cases: with new cases a later forecast may know better.
    cases = [case for case in load_cases() if case.end_date < date(2015, 1, 1)]
    asked = milestone(clock=date(2015, 6, 1), opened=date(2015, 6, 1), deadline=date(2022, 1, 1))
    first, second = (
        forecast(asked, made=date(2015, 6, 1) + timedelta(days=d), dyad=RUS_USA, cases=cases)
        for d in (days, days + more)
    )
    assert second.probability <= first.probability
    assert second.never >= first.never


@given(made=st.dates(date(2015, 1, 1), date(2024, 1, 1)), stage=st.sampled_from(STAGES))
@settings(max_examples=20, deadline=None)
def test_what_happened_after_the_day_does_not_move_the_forecast(made: date, stage: str) -> None:
    def retold(case: Case) -> Case:
        """The same past, another future."""
        if case.end_date <= made:
            return case
        known = tuple((name, day) for name, day in case.stages if day <= made)
        return replace(case, stages=known, outcome="ongoing", end_date=made + timedelta(days=1))

    asked = milestone(stage, clock=date(2014, 12, 17), opened=date(2014, 12, 17), deadline=date(2026, 1, 1))
    begun = [case for case in load_cases() if case.process_start is not None and case.process_start < made]
    whole = forecast(asked, made=made, dyad=RUS_USA, cases=[case for case in load_cases() if case.process_start])
    past = forecast(asked, made=made, dyad=RUS_USA, cases=[retold(case) for case in begun])
    assert whole == past


@given(shift=st.integers(-20, 20))
@settings(max_examples=10, deadline=None)
def test_only_waits_count_and_not_the_calendar(shift: int) -> None:
    by = timedelta(days=shift * 1461)
    moved = [
        replace(
            case,
            rupture_date=case.rupture_date + by,
            process_start=case.process_start + by,
            stages=tuple((name, day + by) for name, day in case.stages),
            end_date=case.end_date + by,
        )
        for case in load_cases()
        if case.process_start is not None
    ]
    here = forecast(milestone(), made=date(2026, 11, 23), dyad=RUS_USA)
    asked = milestone(clock=date(2025, 2, 12) + by, opened=date(2025, 4, 20) + by, deadline=date(2027, 12, 31) + by)
    there = forecast(asked, made=date(2026, 11, 23) + by, dyad=RUS_USA, cases=moved)
    assert (there.probability, there.interval, there.never, there.cases, there.notes) == (
        here.probability,
        here.interval,
        here.never,
        here.cases,
        here.notes,
    )


def test_cases_counts_those_still_waiting_after_so_long() -> None:
    found = forecast(milestone(), made=date(2026, 11, 23), dyad=RUS_USA)
    waited = (date(2026, 11, 23) - date(2025, 2, 12)).days
    reached = [
        (day - case.process_start).days
        for case in load_cases()
        if case.process_start and (day := case.reached("ambassadors_exchanged"))
    ]
    assert found.reached_cases == sum(days > waited for days in reached)
    assert found.reached_cases < found.cases < 142
    assert "fitted:142" in found.notes


def test_another_pair_learns_from_the_process_that_ours_must_not_see() -> None:
    made = date(2026, 11, 23)
    theirs = forecast(milestone(), made=made, dyad=CUB_USA)
    assert "excluded-own-process" not in theirs.notes
    assert "fitted:143" in theirs.notes
    assert "fitted:142" in forecast(milestone(), made=made, dyad=RUS_USA).notes


def test_without_a_start_the_clock_is_the_opening_day_and_says_so() -> None:
    found = forecast(milestone(clock=None), made=date(2025, 4, 20), dyad=RUS_USA)
    assert found.notes[0] == "clock:opened"
    assert found.curve[0] == (date(2025, 4, 20), 0.0)


def test_with_no_comparable_case_only_the_prior_speaks_and_says_so() -> None:
    found = forecast(milestone("none"), made=date(2026, 11, 23), dyad=RUS_USA)
    assert "prior-only" in found.notes
    assert (found.cases, found.reached_cases, found.reference_class) == (0, 0, "none")
    assert found.median_day is None
    assert found.window is None
    compared = forecast(milestone(), made=date(2026, 11, 23), dyad=RUS_USA)
    assert found.never_interval[1] - found.never_interval[0] > 0.7
    assert found.interval[1] - found.interval[0] > 3 * (compared.interval[1] - compared.interval[0])
    assert forecast(milestone(), made=date(2026, 11, 23), dyad=RUS_USA, cases=()).probability == found.probability


def test_a_reached_milestone_is_certain_from_its_day_and_not_before() -> None:
    day = date(2026, 3, 1)
    for asked, reached in (
        (milestone(), day),
        (milestone(resolution=Resolution("yes", day, "entry")), None),
    ):
        found = forecast(asked, made=day, dyad=RUS_USA, reached=reached)
        assert (found.probability, found.interval, found.never) == (1.0, (1.0, 1.0), 0.0)
        assert (found.median_day, found.window) == (day, (day, day))
        assert f"reached:{day}" in found.notes
        assert panel(asked, made=day, dyad=RUS_USA, reached=reached) == (found,)
        before = forecast(asked, made=day - timedelta(days=1), dyad=RUS_USA, reached=reached)
        assert before.probability < 0.5


def test_what_came_after_the_deadline_answers_if_with_no() -> None:
    found = forecast(
        milestone(deadline=date(2025, 12, 31)), made=date(2026, 6, 1), dyad=RUS_USA, reached=date(2026, 3, 1)
    )
    assert found.probability == 0
    assert found.never == 0
    assert "reached-late" in found.notes


def test_a_deadline_behind_leaves_when_and_never_open() -> None:
    found = forecast(milestone(deadline=date(2025, 12, 31)), made=date(2026, 6, 1), dyad=RUS_USA)
    check(found)
    assert (found.probability, found.interval) == (0.0, (0.0, 0.0))
    assert "deadline-passed" in found.notes
    assert found.curve[-1][1] > 0.3


def test_a_question_settled_with_no_has_no_chance_left_before_its_deadline() -> None:
    asked = milestone(resolution=Resolution("no", date(2026, 6, 1), "entry"))
    found = forecast(asked, made=date(2026, 6, 2), dyad=RUS_USA)
    check(found)
    assert found.probability == 0
    assert "resolved:no" in found.notes
    assert dict(found.curve)[asked.deadline] == 0 < found.curve[-1][1]


def test_a_void_question_is_marked() -> None:
    asked = milestone(resolution=Resolution("void", date(2026, 6, 1), "entry"))
    assert "resolved:void" in forecast(asked, made=date(2026, 6, 2), dyad=RUS_USA).notes


def test_waiting_longer_than_any_case_is_noted() -> None:
    asked = milestone(clock=date(1950, 1, 1), opened=date(1950, 1, 1))
    found = forecast(asked, made=date(2026, 11, 23), dyad=RUS_USA)
    check(found)
    assert "no-case-this-late" in found.notes
    assert found.cases == 0


def test_a_table_last_looked_at_long_ago_is_noted() -> None:
    asked = milestone(deadline=date(2029, 12, 31))
    assert "cases-until:2026-11-22" in forecast(asked, made=date(2028, 1, 1), dyad=RUS_USA).notes


def test_the_panel_shows_every_class_and_the_plain_base_rate() -> None:
    found = panel(milestone(), made=date(2026, 11, 23), dyad=RUS_USA)
    assert [(each.reference_class, each.method) for each in found] == [
        *((name, METHOD) for name, each in CLASSES.items() if each.table == "cases"),
        ("all", BASE_RATE),
    ]
    assert found[0] == forecast(milestone(), made=date(2026, 11, 23), dyad=RUS_USA)
    by_class = {each.reference_class: each for each in found[:-1]}
    assert by_class["unseen-failures"].never > by_class["all"].never
    assert by_class["unseen-failures"].probability < by_class["all"].probability
    # Without covariates the mixture is a smooth copy of the base rate.
    assert found[-1].probability == pytest.approx(found[0].probability, abs=0.1)


def test_every_class_has_a_label_in_three_languages() -> None:
    assert all(each.labels[language] for each in CLASSES.values() for language in ("fr", "en", "ru"))


def test_what_cannot_be_asked_is_refused_with_the_remedy() -> None:
    made = date(2026, 11, 23)
    with pytest.raises(ForecastError, match=r"'weddings'.*ambassadors_exchanged"):
        forecast(milestone("weddings"), made=made, dyad=RUS_USA)
    with pytest.raises(ForecastError, match=r"'everyone'.*major-power"):
        forecast(milestone(), made=made, dyad=RUS_USA, reference_class="everyone")
    with pytest.raises(ForecastError, match=r"clock starts on 2025-02-12"):
        forecast(milestone(), made=date(2025, 2, 11), dyad=RUS_USA)
    with pytest.raises(ForecastError, match=r"before the question was opened"):
        forecast(milestone(), made=made, dyad=RUS_USA, reached=date(2025, 3, 1))


def test_importing_the_room_loads_no_numerics() -> None:
    code = "import sys, detente.forecast; print([m for m in ('numpy', 'scipy', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_six_milestones_with_intervals_take_less_than_five_seconds() -> None:
    started = time.process_time()
    for stage in (*STAGES, "none"):
        forecast(milestone(stage), made=date(2026, 11, 23), dyad=RUS_USA)
    assert time.process_time() - started < 5
