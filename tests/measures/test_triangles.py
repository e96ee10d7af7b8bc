"""A tie that leads the pair is found among others that do not; forecasts use nothing that came later."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.measures import Series
from detente.measures.third_parties import adjust, out_of_sample, third_parties

MONDAY = date(2020, 1, 6)


def series(name: str, values: np.ndarray) -> Series:
    starts = tuple(MONDAY + timedelta(weeks=k) for k in range(len(values)))
    return Series(name, starts, tuple(None if np.isnan(v) else float(v) for v in values))


def noise(seed: int, weeks: int = 200) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=weeks)


def test_the_tie_that_leads_is_found_and_helps_to_foresee_and_others_do_not() -> None:
    tie = noise(1)
    pair = noise(2)
    pair[1:] += 0.8 * tie[:-1]
    others = {("UKR", "RUS"): series("RUS-UKR", noise(3)), ("SAU", "USA"): series("SAU-USA", noise(4))}
    found = third_parties(
        series("RUS-USA", pair),
        {("CHN", "USA"): series("CHN-USA", tie), **others},
        {"USA": series("USA>RUS", pair), "RUS": series("RUS>USA", noise(5))},
        draws=99,
    )
    first, *rest = found
    assert first.leads
    assert not first.follows
    assert first.pulls
    assert first.pull is not None
    assert first.pull.within[0].low <= 0.8 <= first.pull.within[0].high
    assert first.exchange.lead is not None
    assert first.exchange.lead.low > 0
    assert first.forecasts[0].helps
    for tie_ in rest:
        assert not any([tie_.leads, tie_.follows, tie_.pulls, *(f.helps for f in tie_.forecasts)])


def test_too_few_weeks_say_nothing() -> None:
    (found,) = third_parties(series("RUS-USA", noise(1, 30)), {("CHN", "USA"): series("CHN-USA", noise(2, 30))})
    assert found.exchange.too_few
    assert found.chances == ()
    assert found.forecasts == ()
    assert not any([found.leads, found.follows, found.pulls])


@pytest.mark.parametrize("ahead", [1, 4])
def test_a_forecast_uses_nothing_that_came_later(ahead: int) -> None:
    pair, tie = noise(6, 120), noise(7, 120)
    early = out_of_sample(series("a-b", pair), series("a-c", tie), ahead)
    assert early is not None
    changed = pair.copy()
    changed[-1] += 100
    late = out_of_sample(series("a-b", changed), series("a-c", tie), ahead)
    assert late is not None
    # Only the last week's own error may change: nothing before it was told by it.
    before = early.weeks * early.with_tie**2
    assert late.weeks * late.with_tie**2 - before == pytest.approx((changed[-1] - pair[-1]) ** 2, rel=0.2)


def test_a_tie_that_only_knows_the_level_does_not_beat_the_mean_of_half_a_year() -> None:
    pair = noise(8, 240) + np.where(np.arange(240) < 170, 5.0, 0.0)
    found = third_parties(series("RUS-USA", pair), {("CHN", "USA"): series("CHN-USA", noise(9, 240))}, draws=99)
    assert not any(forecast.helps for forecast in found[0].forecasts)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_adjusted_chances_are_never_smaller_and_keep_their_order(chances: list[float]) -> None:
    adjusted = adjust(chances)
    assert all(b >= a - 1e-6 and b <= 1 for a, b in zip(chances, adjusted, strict=True))
    order = sorted(range(len(chances)), key=lambda i: chances[i])
    assert [adjusted[i] for i in order] == sorted(adjusted)
