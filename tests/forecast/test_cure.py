"""The mixture cure: laws of conditional chances, values worked out by hand, and truths recovered from simulations."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.study_table import study_cases

from detente.errors import ForecastError
from detente.forecast import Spell, load_cases, spells
from detente.forecast.cure import (
    DAYS_A_YEAR,
    EVER_PRIOR,
    LATENCIES,
    MEDIAN_PRIOR,
    Cure,
    fit,
    log_density,
    most_probable,
)
from detente.terms import Dyad

A_PAIR = Dyad("EGY", "ISR")
cures = st.builds(
    Cure,
    ever=st.floats(0.02, 0.98),
    median_years=st.floats(0.05, 20),
    spread=st.floats(0.2, 3),
    latency=st.sampled_from(LATENCIES),
)
years = st.floats(0, 30)


def simulate(seed: int, *, size: int, never: float, latest: float, earliest: float) -> list[Spell]:
    """Weibull waits (shape 1.2, scale 2 years) with a share that never gets there and uniform follow-up, in years."""
    generator = np.random.default_rng(seed)
    ever = generator.random(size) >= never
    waits = np.where(ever, 2 * generator.weibull(1.2, size), np.inf)
    seen = generator.uniform(earliest, latest, size)
    return [
        Spell(f"{i}", None, max(1, round(min(w, s) * DAYS_A_YEAR)), "reached" if w <= s else "open")
        for i, (w, s) in enumerate(zip(waits, seen, strict=True))
    ]


@given(cure=cures, waited=years, step=st.floats(0.01, 10), deadline=st.floats(0, 30))
def test_hope_falls_while_time_passes_without_the_event(
    cure: Cure, waited: float, step: float, deadline: float
) -> None:
    assert cure.never(waited + step) >= cure.never(waited) - 1e-9
    assert cure.reached(waited + step, deadline) <= cure.reached(waited, deadline) + 1e-9


@given(cure=cures, waited=years, until=years, later=years)
def test_chances_rise_with_the_deadline_and_leave_room_for_never(
    cure: Cure, waited: float, until: float, later: float
) -> None:
    first, second = sorted((until, later))
    assert 0 <= cure.reached(waited, first) <= cure.reached(waited, second) + 1e-12
    assert cure.reached(waited, second) <= 1 - cure.never(waited) + 1e-9


@given(cure=cures, waited=st.floats(0, 5), first=st.floats(0, 5), second=st.floats(0, 5))
def test_a_chance_splits_at_any_day_in_between(cure: Cure, waited: float, first: float, second: float) -> None:
    between, until = waited + first, waited + first + second
    by_then = cure.reached(waited, between)
    assert cure.reached(waited, until) == pytest.approx(
        by_then + (1 - by_then) * cure.reached(between, until), abs=1e-8
    )


@given(cure=cures, waited=st.floats(0, 5), share=st.floats(0.01, 0.99))
def test_a_quantile_is_the_day_by_which_that_share_of_the_reached_got_there(
    cure: Cure, waited: float, share: float
) -> None:
    if cure.waiting(waited) < 1e-6:
        return
    until = cure.quantile(waited, share)
    assert until >= waited * (1 - 1e-9)
    assert cure.reached(waited, until) == pytest.approx(share * (1 - cure.never(waited)), abs=1e-6)


def test_half_of_those_who_get_there_do_so_by_the_median_in_both_families() -> None:
    for latency in LATENCIES:
        cure = Cure(0.6, 1.7, 1.3, latency)
        assert cure.reached(0, 1.7) == pytest.approx(0.3)
        assert cure.quantile(0, 0.5) == pytest.approx(1.7)


def test_a_weibull_of_spread_one_forgets_how_long_it_has_waited() -> None:
    certain = Cure(1.0, 2.0, 1.0, "weibull")
    # Exponential waits with median 2 years: 1 - 2 ** (-1/2) a year, whenever one asks.
    for waited in (0.0, 0.5, 7.0):
        assert certain.reached(waited, waited + 1) == pytest.approx(1 - 0.5**0.5)


@given(counts=st.tuples(st.integers(0, 30), st.integers(0, 30)))
@settings(max_examples=25, deadline=None)
def test_with_every_ending_known_the_share_is_that_of_beta_and_binomial(counts: tuple[int, int]) -> None:
    got, failed = counts
    known = [Spell(f"r{i}", None, 400, "reached") for i in range(got)]
    known += [Spell(f"n{i}", None, 90, "never") for i in range(failed)]
    a, b = EVER_PRIOR
    expected = (got + a - 1) / (got + failed + a + b - 2)
    for latency in LATENCIES:
        assert most_probable(known, latency).ever == pytest.approx(expected, abs=1e-4)


def test_no_case_at_all_gives_the_prior_back() -> None:
    found = fit(())
    assert found.mode.ever == pytest.approx(0.5)
    assert found.mode.median_years == pytest.approx(math.exp(MEDIAN_PRIOR[0]))
    # Quantiles 0.05 and 0.95 of Beta(2, 2): roots of 3x^2 - 2x^3 = 0.05 and 0.95.
    low, high = found.never_interval(0.0)
    assert low == pytest.approx(0.1354, abs=0.02)
    assert high == pytest.approx(0.8646, abs=0.02)


@pytest.mark.parametrize("latency", LATENCIES)
def test_many_waits_outvote_the_prior(latency: str) -> None:
    generator = np.random.default_rng(7)
    z = (
        generator.standard_normal(3000)
        if latency == "log-normal"
        else np.log(generator.exponential(size=3000) / math.log(2))
    )
    waits = 1.3 * np.exp(0.8 * z)
    known = [Spell(f"{i}", None, max(1, round(w * DAYS_A_YEAR)), "reached") for i, w in enumerate(waits)]
    found = fit(known)
    assert found.mode.latency == latency
    assert found.mode.median_years == pytest.approx(1.3, rel=0.06)
    assert found.mode.spread == pytest.approx(0.8, rel=0.06)
    assert found.mode.ever > 0.998


@pytest.mark.parametrize("never", [0.2, 0.4, 0.7])
def test_with_long_follow_up_the_true_share_of_never_is_recovered(never: float) -> None:
    # 3 to 40 years of follow-up, 40 cases: the binomial error alone is 0.063, 0.077, 0.072.
    estimates = [
        1 - most_probable(simulate(seed, size=40, never=never, earliest=3, latest=40), "weibull").ever
        for seed in range(60)
    ]
    assert abs(np.mean(estimates) - never) < 0.04
    assert math.sqrt(np.mean((np.array(estimates) - never) ** 2)) < 0.10


@pytest.mark.parametrize("never", [0.2, 0.4, 0.7])
def test_with_short_follow_up_never_is_not_pushed_to_the_edge(never: float) -> None:
    # Maximum likelihood puts 18 to 72 % of such samples at 0 or 1.
    for seed, latency in product(range(20), LATENCIES):
        found = most_probable(simulate(seed, size=40, never=never, earliest=1, latest=8), latency)
        assert 0.02 < found.ever < 0.98


def test_intervals_hold_the_true_share_about_as_often_as_they_say() -> None:
    truth, held = 0.4, 0
    for seed in range(60):
        low, high = fit(simulate(seed, size=40, never=truth, earliest=3, latest=20), "weibull").never_interval(0.0)
        held += low <= truth <= high
    # 90 % of 60 is 54; the binomial standard deviation is 2.3.
    assert 47 <= held <= 60


def test_leaving_out_by_one_step_agrees_with_real_refits() -> None:
    found = spells(load_cases(), "ambassadors_exchanged", as_of=max(c.end_date for c in load_cases())).spells
    groups = sorted({spell.group for spell in found})
    for latency in LATENCIES:
        refits = [
            log_density(
                most_probable([s for s in found if s.group != group], latency), [s for s in found if s.group == group]
            )
            for group in groups
        ]
        assert fit(found, latency).log_score == pytest.approx(np.mean(refits), abs=0.005)


def test_the_published_fit_of_the_table_is_reproduced() -> None:
    # Study that came with the table: never 0.185, median of the others 1.75 years; success given a process that has
    # gone on for 0, 1.8, 3 and 5 years without ambassadors 0.81, 0.68, 0.57 and 0.38.
    made = max(case.end_date for case in load_cases())
    found = spells(study_cases(), "ambassadors_exchanged", as_of=made, own=(Dyad("RUS", "USA"), made)).spells
    mode = fit(found).mode
    assert mode.never(0) == pytest.approx(0.185, abs=0.01)
    assert mode.median_years == pytest.approx(1.75, abs=0.1)
    for waited, share in {0: 0.81, 1.8: 0.68, 3: 0.57, 5: 0.38}.items():
        assert 1 - mode.never(waited) == pytest.approx(share, abs=0.01)


@given(order=st.permutations(list(range(30))))
@settings(max_examples=10, deadline=None)
def test_the_order_of_cases_does_not_matter(order: list[int]) -> None:
    found = spells(load_cases(), "relations_restored", as_of=max(c.end_date for c in load_cases())).spells[:30]
    first, second = fit(found), fit([found[i] for i in order])
    assert second.mode.latency == first.mode.latency
    assert second.mode.ever == pytest.approx(first.mode.ever, abs=1e-5)
    assert second.reached_interval(1.0, 2.0) == pytest.approx(first.reached_interval(1.0, 2.0), abs=1e-3)


def test_the_same_cases_give_the_same_interval_twice() -> None:
    found = simulate(1, size=30, never=0.3, earliest=1, latest=8)
    assert fit(found).reached_interval(1, 2) == fit(found).reached_interval(1, 2)


def test_a_wait_of_no_length_is_refused_by_name() -> None:
    with pytest.raises(ForecastError, match="sandbank"):
        fit([Spell("sandbank", A_PAIR, 0, "open")])


def test_values_that_cannot_be_are_refused() -> None:
    with pytest.raises(ForecastError, match=r"ever=1\.2"):
        Cure(1.2, 1.0, 1.0)
    with pytest.raises(ForecastError, match="share is 1"):
        Cure(0.5, 1.0, 1.0).quantile(0, 1)
