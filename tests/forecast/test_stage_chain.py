"""The chain of stages: coherent whatever is asked, blind to the future, moved by the dyad's own events."""

import time
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecast import Case, load_cases
from detente.forecast.stage_chain import Chain, Process, fit_chain
from detente.terms import Dyad

DAY = date(2015, 1, 1)


@lru_cache(maxsize=1)
def chain() -> Chain:
    return fit_chain(load_cases(), as_of=DAY)


processes = st.builds(
    Process,
    start=st.dates(date(2000, 1, 1), DAY),
    rupture=st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2000, 1, 1))),
    talks=st.one_of(st.none(), st.dates(date(2000, 1, 1), DAY)),
    severed=st.sampled_from([None, True, False]),
    major_power=st.sampled_from([None, True, False]),
)


@given(process=processes)
@settings(max_examples=15, deadline=None)
def test_ambassadors_are_never_likelier_than_relations(process: Process) -> None:
    relations = chain().curve("relations_restored", process, made=DAY)
    ambassadors = chain().curve("ambassadors_exchanged", process, made=DAY)
    assert (np.diff(relations) >= 0).all()
    assert (np.diff(ambassadors) >= 0).all()
    assert (ambassadors <= relations + 1e-12).all()
    assert relations[0] == 0
    for curve, target in ((relations, "relations_restored"), (ambassadors, "ambassadors_exchanged")):
        assert curve[-1] <= 1 - chain().never(target, process, made=DAY) + 1e-9
        low, high = chain().interval(target, process, made=DAY, months=24)
        assert 0 <= low <= high <= 1


@given(process=processes, months=st.integers(1, 48))
@settings(max_examples=15, deadline=None)
def test_hope_falls_while_nothing_happens(process: Process, months: int) -> None:
    later = DAY + timedelta(days=round(months * 365.25 / 12))
    for target in ("relations_restored", "ambassadors_exchanged"):
        first = chain().curve(target, process, made=DAY)
        second = chain().curve(target, process, made=later)
        # By the same day, a whole number of months from both. A day's rounding and mid-month arrivals are allowed for.
        assert second[60 - months] <= first[60] + 0.002


@given(process=processes)
@settings(max_examples=10, deadline=None)
def test_relations_restored_make_ambassadors_likelier(process: Process) -> None:
    restored = replace(process, relations=DAY - timedelta(days=1))
    first = chain().curve("ambassadors_exchanged", process, made=DAY)
    second = chain().curve("ambassadors_exchanged", restored, made=DAY)
    assert second[12] > first[12]


def test_what_happened_after_the_day_does_not_move_the_fit() -> None:
    def retold(case: Case) -> Case:
        if case.end_date <= DAY:
            return case
        return replace(case.as_known(DAY), end_date=DAY + timedelta(days=3000), outcome="failed")

    begun = [case for case in load_cases() if case.process_start]
    other = [retold(case) for case in begun if case.process_start and case.process_start < DAY]
    planted = replace(begun[0], label="planted", process_start=DAY, rupture_date=DAY, stages=(), end_date=date.max)
    first, second = (fit_chain(cases, as_of=DAY) for cases in (begun, [*other, planted]))
    assert (first.relations.draws == second.relations.draws).all()
    assert (first.ambassadors.draws == second.ambassadors.draws).all()


def test_the_own_process_is_left_out() -> None:
    made = date(2026, 11, 23)
    whole = fit_chain(load_cases(), as_of=made)
    without = fit_chain(load_cases(), as_of=made, own=(Dyad("RUS", "USA"), date(2025, 2, 12)))
    assert without.relations.size == whole.relations.size - 1


def test_what_was_reached_is_not_forecast() -> None:
    process = Process(date(2010, 1, 1), relations=date(2011, 1, 1))
    with pytest.raises(ForecastError, match="Nothing is left to forecast"):
        chain().curve("relations_restored", process, made=DAY)


def test_a_refit_takes_less_than_a_second() -> None:
    started = time.process_time()
    fit_chain(load_cases(), as_of=date(2026, 11, 23))
    assert time.process_time() - started < 1
