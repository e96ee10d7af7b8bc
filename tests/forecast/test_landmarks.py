"""The backtest by landmarks: who is asked when, what is weighed how, and that nothing later is used."""

from dataclasses import replace
from datetime import date

import pytest

from detente.errors import ForecastError
from detente.forecast import Case, Spell, load_cases
from detente.forecast.aalen_johansen import BaseRate
from detente.forecast.landmarks import backtest, blocs, landmarks, skill

BEFORE = date(1993, 1, 1)


def test_blocs_hold_pairs_and_breaks_of_one_season_together() -> None:
    found = blocs(load_cases())
    assert found["USA-Egypt 1974"] == found["USA-Algeria 1974"] == found["USA-Sudan 1972"]
    assert found["Qatar-Saudi 2019-21"] == found["Qatar-Egypt 2021"] == found["Qatar-Bahrain 2021-23"]
    assert found["USA-Cuba 1977"] == found["USA-Cuba 2013-15"] != found["USA-Egypt 1974"]


def test_the_share_going_on_is_what_neither_reached_nor_ended_leaves() -> None:
    rate = BaseRate((Spell("a", None, 100, "reached"), Spell("b", None, 200, "never"), Spell("c", None, 300, "open")))
    assert [round(rate.going_on(day), 4) for day in (99, 100, 200, 400)] == [1.0, 0.6667, 0.3333, 0.3333]


def test_nobody_is_asked_of_what_was_reached_or_given_up() -> None:
    for asked in landmarks(load_cases(), "ambassadors_exchanged", as_of=date(2026, 11, 22), months=(0, 6, 36)):
        reached = asked.case.reached("ambassadors_exchanged")
        assert reached is None or reached > asked.day
        assert asked.left > 0


def test_forecasts_of_a_day_are_the_same_whatever_came_later() -> None:
    def retold(case: Case) -> Case:
        later = case.as_known(BEFORE)
        return later if case.end_date <= BEFORE else replace(later, outcome="failed", end_date=date(2020, 1, 1))

    begun = [case for case in load_cases() if case.process_start and case.process_start < BEFORE]
    whole, past = (
        backtest(cases, "ambassadors_exchanged", "rolling", months=(0, 12)).only(lambda each: each.day < BEFORE)
        for cases in (load_cases(), [retold(case) for case in begun])
    )
    of = {(each.case.label, each.month): i for i, each in enumerate(whole.landmarks)}
    compared = 0
    for i, each in enumerate(past.landmarks):
        at = of.get((each.case.label, each.month))
        if at is not None:
            compared += 1
            assert past.model[i] == pytest.approx(whole.model[at], abs=1e-12)
            assert past.base[i] == pytest.approx(whole.base[at], abs=1e-12)
    assert compared > 40


def test_skill_is_the_share_of_loss_saved_and_lies_in_its_interval() -> None:
    cases = [case for case in load_cases() if case.major_power]
    found = backtest(cases, "ambassadors_exchanged", "left out", months=(0, 12, 24))
    scored = skill(found)
    assert scored.interval[0] <= scored.skill <= scored.interval[1]
    assert scored.skill == pytest.approx(1 - scored.model / scored.base, abs=1e-3)
    assert scored.processes <= scored.landmarks
    assert skill(replace(found, model=found.base)).skill == 0


def test_too_few_cases_are_refused() -> None:
    with pytest.raises(ForecastError, match="20 past waits"):
        backtest(load_cases()[:8], "relations_restored", "rolling", months=(0,))
