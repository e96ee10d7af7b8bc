"""The base rate against values worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.forecast.study_table import study_cases

from detente.forecast import Spell, spells
from detente.forecast.aalen_johansen import BaseRate
from detente.terms import Dyad

PAIR = Dyad("EGY", "ISR")


def waits(*pairs: tuple[int, str]) -> tuple[Spell, ...]:
    return tuple(Spell(f"{i}", None, days, ending) for i, (days, ending) in enumerate(pairs))  # type: ignore[arg-type]


def test_an_open_case_leaves_the_count_when_last_seen() -> None:
    rate = BaseRate(waits((10, "reached"), (20, "open"), (30, "never"), (40, "reached"), (50, "reached")))
    # 1/5 gets there; of the 4/5 left, three are at risk at 30 and one fails; the 8/15 left get there at 40 and 50.
    assert rate.share(10) == pytest.approx(1 / 5)
    assert rate.share(39) == pytest.approx(1 / 5)
    assert rate.share(40) == pytest.approx(1 / 5 + 4 / 15)
    assert rate.share(50) == pytest.approx(1 / 5 + 8 / 15)
    assert rate.never(0) == pytest.approx(4 / 15)


def test_equal_waits_count_as_one_step() -> None:
    rate = BaseRate(waits((10, "reached"), (10, "never"), (10, "reached"), (10, "open")))
    assert rate.share(10) == pytest.approx(2 / 4)


def test_waiting_without_the_event_rescales_what_is_left() -> None:
    rate = BaseRate(waits((10, "reached"), (20, "reached"), (30, "never"), (40, "reached")))
    assert rate.reached(10, 20) == pytest.approx((1 / 4) / (3 / 4))
    assert rate.never(20) == pytest.approx((1 / 4) / (2 / 4))
    assert rate.quantile(0, 0.5) == 20
    assert rate.quantile(40, 0.5) is None


def test_a_day_before_any_case_has_share_zero() -> None:
    assert BaseRate(waits((10, "reached"))).share(9) == 0
    assert BaseRate(()).share(9) == 0


@given(st.lists(st.tuples(st.integers(1, 400), st.sampled_from(["reached", "never"])), min_size=1, max_size=30))
def test_with_every_ending_known_it_is_the_plain_share(pairs: list[tuple[int, str]]) -> None:
    rate = BaseRate(waits(*pairs))
    for day in (0, 50, 200, 400):
        expected = sum(ending == "reached" and days <= day for days, ending in pairs) / len(pairs)
        assert rate.share(day) == pytest.approx(expected, abs=1e-9)


def test_attempts_of_one_pair_are_drawn_together() -> None:
    # One pair has all the cases, so every resample is the sample itself.
    rate = BaseRate(tuple(Spell(f"{i}", PAIR, 10 * i, "reached" if i % 2 else "never") for i in range(1, 9)))
    low, high = rate.reached_interval(0, 45)
    assert low == pytest.approx(rate.reached(0, 45))
    assert high == pytest.approx(rate.reached(0, 45))


def test_the_published_base_rate_of_the_table_is_reproduced() -> None:
    # Study that came with the table: ambassadors by 0.5, 1, 2, 3, 5 and 10 years.
    made = max(case.end_date for case in study_cases())
    rate = BaseRate(spells(study_cases(), "ambassadors_exchanged", as_of=made).spells)
    for years, share in {0.5: 0.15, 1: 0.27, 2: 0.45, 3: 0.60, 5: 0.70, 10: 0.80}.items():
        assert rate.share(365.25 * years) == pytest.approx(share, abs=0.01)
