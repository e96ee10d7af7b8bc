"""Forecasts use the past alone, follow the series' unit, hold what their intervals promise and keep a true record."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import MONDAY, noise, weekly

from detente.engine import NetScore
from detente.errors import MeasureError
from detente.measures import Series, net_series
from detente.measures.outlook import (
    HORIZONS,
    QUICK,
    SHARES,
    STEADY,
    forecasts,
    half_widths,
    half_year_means,
    look_ahead,
    past_averages,
    ratio_interval,
)


def test_weights_and_shares_add_up_to_one() -> None:
    for weights in (*STEADY.values(), *QUICK.values(), SHARES):
        assert sum(weights) == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.floats(-10, 10), min_size=30, max_size=60), st.integers(10, 29))
def test_a_forecast_does_not_change_when_later_weeks_become_known(values: list[float | None], cut: int) -> None:
    y = np.array([np.nan if v is None else v for v in values])
    for weeks in HORIZONS:
        made, early = forecasts(y, weeks), forecasts(y[:cut], weeks)
        np.testing.assert_allclose(made[: cut + 1], early, rtol=1e-9, atol=1e-9)
        for later, then in zip(half_widths(y, made, weeks), half_widths(y[:cut], early, weeks), strict=True):
            np.testing.assert_allclose(later[: cut + 1], then, rtol=1e-9, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(-5, 5), st.floats(0.1, 4))
def test_forecasts_do_not_depend_on_the_unit_or_the_zero_of_the_scale(seed: int, zero: float, unit: float) -> None:
    base = noise(seed, 70, 0.5)
    one, other = (look_ahead(replace(weekly(list(y)), what="share")) for y in (base, zero + unit * base))
    for a, b in zip(one.ahead, other.ahead, strict=True):
        assert b.value == pytest.approx(zero + unit * a.value, abs=1e-4)
        assert a.low_80 is not None
        assert b.low_80 is not None
        assert b.low_80 == pytest.approx(zero + unit * a.low_80, abs=1e-4)
        assert a.record is not None
        assert b.record is not None
        assert b.record.ratio == pytest.approx(a.record.ratio, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.floats(-10, 10), max_size=80))
def test_any_series_gives_an_ordered_answer(values: list[float | None]) -> None:
    found = look_ahead(weekly(values))
    assert found.too_few == (found.weeks < 26)
    assert [each.weeks for each in found.ahead] == ([] if found.too_few else list(HORIZONS))
    held = [v for v in values if v is not None]
    for each in found.ahead:
        assert min(held) - 1e-6 <= each.value <= max(held) + 1e-6
        assert each.week == MONDAY + timedelta(weeks=len(values) - 1 + each.weeks)
        if each.low_80 is not None:
            assert each.low_95 <= each.low_80 <= each.value <= each.high_80 <= each.high_95  # type: ignore[operator]
        if each.record is not None and each.record.ratio_low is not None:
            assert each.record.ratio_low <= each.record.ratio <= each.record.ratio_high  # type: ignore[operator]


def test_a_constant_series_stays_where_it_is_and_has_no_record_to_speak_of() -> None:
    found = look_ahead(weekly([1.5] * 60))
    assert [(each.value, each.low_95, each.high_95, each.record) for each in found.ahead] == [(1.5, 1.5, 1.5, None)] * 3


def test_too_few_weeks_are_said_to_be_too_few() -> None:
    found = look_ahead(weekly([0.5] * 25))
    assert (found.too_few, found.weeks, found.ahead) == (True, 25, ())


def test_an_empty_series_is_too_short() -> None:
    assert look_ahead(weekly([])).too_few


def test_months_are_refused() -> None:
    with pytest.raises(MeasureError, match="needs weeks"):
        look_ahead(Series("RUS-USA", (date(2025, 1, 1),), (1.0,), step="month"))


def test_a_span_without_a_score_takes_the_next_longer_one() -> None:
    y = np.array([2.0, 4.0, *[np.nan] * 6])
    np.testing.assert_array_equal(past_averages(y)[8], [3.0] * 6)
    assert half_year_means(y)[8] == 3.0
    assert np.isnan(past_averages(y)[0]).all()


def test_one_week_of_shouting_moves_the_outlook_of_a_quarter_little() -> None:
    calm = list(0.3 * noise(4, 104))
    loud = [*calm[:-1], calm[-1] - 10]
    before, after = (look_ahead(weekly(values)).ahead[2].value for values in (calm, loud))
    assert abs(after - before) < 1


def test_after_a_level_moved_shares_go_to_the_forecast_that_follows_it() -> None:
    y = np.append(noise(2, 104), noise(3, 30) - 12)
    steady = past_averages(y)[:, :5] @ np.array(STEADY[12])
    made = forecasts(y, 12)
    assert abs(made[-1] + 12) < 0.6 * abs(steady[-1] + 12)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8])
def test_intervals_hold_what_they_promise_on_simulated_series(rho: float) -> None:
    # 400 series of 150 weeks, origins from week 50 on: 80 % held .788 to .809, 95 % .985 to .989 (see the docs).
    held: dict[int, list[float]] = {weeks: [] for weeks in HORIZONS}
    for seed in range(15):
        y = noise(seed, 150, rho)
        for weeks in HORIZONS:
            made = forecasts(y, weeks)
            narrow, _ = half_widths(y, made, weeks)
            n = len(y) - weeks + 1
            held[weeks].append(float((abs(made[:n] - y[weeks - 1 :]) <= narrow[:n])[50:].mean()))
    for weeks in HORIZONS:
        assert 0.75 <= np.mean(held[weeks]) <= 0.86


def test_the_ratio_of_equal_errors_is_one_and_its_interval_narrow() -> None:
    errors = noise(1, 100)
    assert ratio_interval(errors, errors, 4) == (1.0, 1.0)
    other = noise(2, 100)
    low, high = ratio_interval(0.5 * errors, other, 4) or (0.0, 0.0)
    assert low < 0.5 * float((errors @ errors / (other @ other)) ** 0.5) < high
    assert ratio_interval(errors[:39], errors[:39], 4) is None


@pytest.fixture(scope="module")
def gdelt() -> dict[str, Series]:
    file = Path(__file__).parents[3] / "shared/data/events/gdelt_daily_net_2018-01_2024-02.csv"
    if not file.is_file():
        pytest.skip("the outside test sets are not here (../shared)")
    with file.open(newline="") as lines:
        days = list(csv.DictReader(lines))
    first, last = (date.fromisoformat(days[at]["date"]) for at in (0, -1))

    def scores(pair: str) -> list[NetScore]:
        return [
            NetScore(date.fromisoformat(d["date"]), round(10 * float(d[pair])), round(10 * float(d["total_abs"])))
            for d in days
        ]

    pairs = [name for name in days[0] if name not in ("date", "total_abs")]
    return {pair: net_series(pair, scores(pair), start=first, end=last) for pair in pairs}


def test_on_gdelt_pairs_the_error_stays_below_a_half_year_means_and_intervals_hold(gdelt: dict[str, Series]) -> None:
    # Measured: 0.855, 0.962, 1.001; 80 % intervals hold .78 to .80, 95 % ones .92 to .95.
    for weeks, most in ((1, 0.88), (4, 0.975), (12, 1.01)):
        ratios, held = [], []
        for series in gdelt.values():
            y = np.array([np.nan if v is None else v for v in series.values])
            made, n = forecasts(y, weeks), len(y) - weeks + 1
            narrow, wide = (width[:n][156:] for width in half_widths(y, made, weeks))
            ours, theirs = ((of[:n] - y[weeks - 1 :])[156:] for of in (made, half_year_means(y)))
            kept = np.isfinite(ours)
            ratios.append(np.sqrt(np.mean(ours[kept] ** 2) / np.mean(theirs[kept] ** 2)))
            held.append([float((abs(ours) <= width)[kept].mean()) for width in (narrow, wide)])
        assert np.exp(np.mean(np.log(ratios))) <= most
        assert np.mean(held, axis=0) == pytest.approx([0.80, 0.95], abs=0.035)


def test_intervals_end_where_the_scale_does() -> None:
    near = [8.0 + (week * 7 % 10) / 5 for week in range(80)]
    scores, shares = (look_ahead(replace(weekly(near), what=what)) for what in ("score", "share"))
    for held, free in zip(scores.ahead, shares.ahead, strict=True):
        assert (held.value, held.low_80, held.low_95) == (free.value, free.low_80, free.low_95)
        assert held.high_95 == 10
        assert free.high_95 is not None
        assert free.high_95 > 10
