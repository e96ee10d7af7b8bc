"""Breaks are dated where they are, not seen where there are none, and found in real series."""

import csv
import itertools
import math
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import MONDAY, RUS_USA, event, noise, rows, weekly

from detente.errors import MeasureError
from detente.measures import Series, find_breaks, series_of
from detente.measures.breaks import day_of, volume_breaks
from detente.measures.online_breaks import online_breaks
from detente.measures.segments import LEVEL_WORTH, SPREAD_WORTH, Segments, evidence_of_values
from detente.measures.year_breaks import chances, weights_of, year_breaks

WEEK = timedelta(days=7)


@pytest.mark.parametrize("rho", [0.0, 0.4])
def test_a_clear_break_is_dated_within_a_week_and_others_are_not_made_up(rho: float) -> None:
    level = np.where(np.arange(104) < 60, -2.0, 2.0)
    others = 0
    for seed in range(60):
        found = find_breaks(weekly(list(level + 0.8 * noise(seed, 104, rho)))).of("level")
        nearest = min(found, key=lambda b: abs(b.week - (MONDAY + 60 * WEEK)))
        assert abs(nearest.week - (MONDAY + 60 * WEEK)) <= WEEK
        assert nearest.earliest <= nearest.week <= nearest.latest
        assert nearest.size_low <= nearest.size <= nearest.size_high
        others += len(found) - 1
    # Promised is a false one in at most 5 of 100 series.
    assert others <= 5


def test_two_breaks_are_both_dated() -> None:
    place = np.arange(156)
    level = np.where(place < 50, 0.0, np.where(place < 100, -4.0, 1.0))
    found = find_breaks(weekly(list(level + 0.7 * noise(3, 156)))).found
    assert [abs((b.week - MONDAY).days // 7 - true) <= 1 for b, true in zip(found, (50, 100), strict=True)] == [
        True
    ] * 2
    assert [b.size < 0 for b in found] == [True, False]


def test_false_alarms_stay_rare_even_where_weeks_resemble_each_other() -> None:
    # 52 weeks at rho 0.6: 2.0 % in 1,000 simulated series; of 60 we allow 5.
    assert sum(bool(find_breaks(weekly(list(noise(seed, 52, 0.6)))).found) for seed in range(60)) <= 5


def test_too_few_weeks_are_said_to_be_too_few() -> None:
    found = find_breaks(weekly([0.0] * 12 + [9.0] * 13))
    assert (found.too_few, found.found, found.rho) == (True, (), None)


def test_weeks_without_a_score_are_stepped_over() -> None:
    values: list[float | None] = [*(-2.0 + 0.5 * noise(1, 40)), *(2.0 + 0.5 * noise(2, 40))]
    values[10:14] = [None] * 4
    found = find_breaks(weekly(values))
    assert found.weeks == 76
    assert [b.week for b in found.found] == [MONDAY + 40 * WEEK]


def test_a_constant_series_has_no_break() -> None:
    assert find_breaks(weekly([1.5] * 60)).found == ()


def test_a_step_without_noise_is_one_break_of_its_exact_size() -> None:
    found = find_breaks(weekly([0.0] * 30 + [3.0] * 30)).found
    assert [(b.week, b.size, b.size_low, b.size_high) for b in found] == [(MONDAY + 30 * WEEK, 3.0, 3.0, 3.0)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.floats(-10, 10), max_size=70))
def test_any_series_gives_an_ordered_answer(values: list[float | None]) -> None:
    found = find_breaks(weekly(values))
    assert found.too_few == (found.weeks < 26)
    assert [b.week for b in found.found] == sorted(b.week for b in found.found)
    for b in found.found:
        assert b.earliest <= b.week <= b.latest
        assert b.size_low <= b.size <= b.size_high
        assert b.after - b.before == pytest.approx(b.size, abs=2e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(-5, 5), st.floats(0.1, 4))
def test_breaks_do_not_depend_on_the_unit_or_the_zero_of_the_scale(seed: int, zero: float, unit: float) -> None:
    base = noise(seed, 60) + np.where(np.arange(60) < 30, 0, 3)
    one, other = find_breaks(weekly(list(base))), find_breaks(weekly(list(zero + unit * base)))
    assert [b.week for b in one.found] == [b.week for b in other.found]


def test_weeks_with_a_gap_are_refused() -> None:
    with pytest.raises(MeasureError, match="does not follow"):
        Series("RUS-USA", (MONDAY, MONDAY + 2 * WEEK), (1.0, 2.0))


def test_weekly_scores_run_over_whole_weeks_and_leave_silent_ones_empty() -> None:
    events = rows(
        event("2025-02-18", "AID", "USA", "RUS"),
        event("2025-02-20", "SANCTION", "USA", "RUS"),
        event("2025-03-04", "AID", "USA", "RUS", confidence=0.4),
    )
    found = series_of(events, RUS_USA, start=date(2025, 2, 12), end=date(2025, 3, 12))
    assert found.starts == (date(2025, 2, 17), date(2025, 2, 24), date(2025, 3, 3))
    assert found.values == (pytest.approx((10 - 6) / 3, abs=1e-6), None, None)
    assert series_of(events, RUS_USA, start=date(2025, 2, 12), end=date(2025, 3, 12), series="RUS>USA").values == (
        None,
        None,
        None,
    )


# Not ours to ship: in the checkout, beside it, or where the variable says.
_ROOT = Path(__file__).parents[2]
_PLACES = [Path(os.environ["DETENTE_DATA"])] if "DETENTE_DATA" in os.environ else []
_PLACES += [_ROOT / "shared" / "data", _ROOT.parent / "shared" / "data"]
_FILE = Path("events", "gdelt_daily_net_2018-01_2024-02.csv")
GDELT = next((place / _FILE for place in _PLACES if (place / _FILE).is_file()), _PLACES[0] / _FILE)


@pytest.fixture(scope="module")
def gdelt() -> dict[str, Series]:
    """Weekly sums of Goldstein scores per thousand of the world's total, by pair."""
    if not GDELT.is_file():
        pytest.skip(f"{GDELT} is not here; set DETENTE_DATA to the folder that holds events/.")
    with GDELT.open(newline="") as file:
        daily = [(date.fromisoformat(row.pop("date")), row) for row in csv.DictReader(file)]
    first = daily[0][0] - timedelta(days=daily[0][0].weekday())
    count = (daily[-1][0] - first).days // 7 + 1
    sums = {name: [0.0] * count for name in daily[0][1]}
    for day, row in daily:
        for name, value in row.items():
            sums[name][(day - first).days // 7] += float(value)
    total = sums.pop("total_abs")
    weeks = tuple(first + i * WEEK for i in range(count))
    return {
        name: Series(name, weeks, tuple(1e3 * v / t if t else None for v, t in zip(values, total, strict=True)))
        for name, values in sums.items()
    }


def test_gdelt_shows_the_talks_between_the_united_states_and_russia_end_early_in_2022(
    gdelt: dict[str, Series],
) -> None:
    found = [b for b in find_breaks(gdelt["USA-RUS"]).of("level") if b.week.year == 2022]
    assert date(2022, 1, 1) <= found[0].week <= date(2022, 2, 28)
    assert found[0].size_high < 0


def test_gdelt_shows_the_invasion_between_russia_and_ukraine(gdelt: dict[str, Series]) -> None:
    assert date(2022, 2, 21) in [b.week for b in find_breaks(gdelt["RUS-UKR"]).of("level")]


def test_the_invasion_would_have_been_noticed_within_two_weeks(gdelt: dict[str, Series]) -> None:
    noticed = [a.noticed for a in online_breaks(gdelt["RUS-UKR"]).alarms if a.after < a.before]
    assert any(date(2022, 2, 24) < day <= date(2022, 3, 10) for day in noticed)


def test_a_change_of_spread_is_no_change_of_level() -> None:
    spread = np.where(np.arange(156) < 80, 1.0, 4.0)
    found = [find_breaks(weekly(list(spread * noise(seed, 156, 0.3)))) for seed in range(20)]
    assert (
        sum(
            any(b.kind == "volatility" and abs(b.week - MONDAY - 80 * WEEK) <= 8 * WEEK for b in f.found) for f in found
        )
        >= 18
    )
    assert sum(bool(f.of("level")) for f in found) <= 4


def test_a_turn_of_the_trend_is_found_and_a_steady_trend_is_none() -> None:
    place = np.arange(130)
    turned = [find_breaks(weekly(list(0.15 * np.maximum(place - 60, 0) + noise(seed, 130)))) for seed in range(20)]
    assert sum(any(abs(b.week - MONDAY - 60 * WEEK) <= 10 * WEEK for b in f.of("trend")) for f in turned) >= 15
    steady = [find_breaks(weekly(list(0.04 * place + noise(seed, 130)))) for seed in range(20)]
    assert sum(bool(f.found) for f in steady) <= 2


def test_the_day_of_a_break_is_told_by_daily_values() -> None:
    days = tuple(MONDAY + timedelta(days=n) for n in range(7 * 80))
    values = np.where(np.arange(560) < 283, -2.0, 2.0) + 1.5 * noise(4, 560)
    daily = Series("RUS-USA", days, tuple(values.tolist()), step="day")
    weekly_means = weekly(values.reshape(80, 7).mean(axis=1).tolist())
    found = find_breaks(weekly_means, daily).of("level")
    (told,) = found
    assert None not in (told.first_day, told.day, told.last_day)
    assert told.first_day <= told.day <= told.last_day  # type: ignore[operator]
    # The week itself begins on day 280.
    assert abs((told.day - MONDAY).days - 283) <= 2  # type: ignore[operator]


def test_a_slope_is_told_by_the_calendar_also_where_weeks_are_silent() -> None:
    values: list[float | None] = [0.05 * week + 0.1 * e for week, e in enumerate(noise(2, 160))]
    silent = [None if week % 5 in (1, 3) else value for week, value in enumerate(values)]
    whole, thinned = (find_breaks(weekly(each)).slope for each in (values, silent))
    assert whole == pytest.approx(0.05 * 52.18, abs=0.1)
    assert thinned == pytest.approx(whole, abs=0.1)


def test_what_was_noticed_on_a_day_does_not_depend_on_later_days() -> None:
    values = [*noise(5, 50, 0.3), *(4 + noise(6, 20, 0.3)), *(3 * noise(7, 40, 0.3))]
    whole = weekly(values)
    for weeks in (40, 55, 60, 90):
        until = whole.starts[weeks] - timedelta(days=1)
        seen = [a for a in online_breaks(whole).alarms if a.noticed <= until]
        assert list(online_breaks(whole.until(until)).alarms) == seen


def test_silence_that_comes_later_does_not_change_what_was_noticed() -> None:
    values: list[float | None] = [*noise(5, 60), *(3 + noise(6, 90))]
    quiet = np.random.default_rng(1).random(150) < np.where(np.arange(150) < 60, 0.35, 0.9)
    values = [None if silent else value for value, silent in zip(values, quiet, strict=True)]
    starts = tuple(MONDAY + n * WEEK for n in range(150))
    whole = Series("RUS-USA", starts, tuple(values), tuple(0.0 if v is None else 3.0 for v in values))
    for weeks in (55, 58, 70, 100):
        until = starts[weeks] - timedelta(days=1)
        seen = [alarm for alarm in online_breaks(whole).alarms if alarm.noticed <= until]
        assert list(online_breaks(whole.until(until)).alarms) == seen


def test_a_clear_break_is_noticed_in_weeks_and_one_loud_week_is_not() -> None:
    delays, misled = [], 0
    for seed in range(20):
        alarms = online_breaks(weekly([*noise(seed, 60), *(3 + noise(seed + 100, 20))])).alarms
        delays += [(a.noticed - (MONDAY + 60 * WEEK)).days for a in alarms if a.kind == "level"][:1]
        loud = noise(seed, 80)
        loud[60] += 8
        misled += bool(online_breaks(weekly(list(loud))).alarms)
    assert len(delays) >= 19
    assert sorted(delays)[10] <= 28
    assert misled <= 2


def test_where_most_weeks_are_silent_the_beginning_of_events_is_found() -> None:
    values: list[float | None] = [None] * 120
    for week in (5, 20, 33, 41, 60, 72):
        values[week] = 0.5 if week % 2 else -0.5
    values[80:104] = [2.5 + 0.3 * (week % 3) for week in range(24)]
    weights = tuple(0.0 if value is None else 3.0 for value in values)
    series = Series("CUB-USA", weekly(values).starts, tuple(values), weights)
    found = find_breaks(series)
    assert found.weeks == 30
    assert any(abs(b.week - MONDAY - 80 * WEEK) <= WEEK for b in found.of("volume"))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.none() | st.floats(-1, 1), min_size=0, max_size=16))
def test_any_series_of_years_gives_an_ordered_answer(values: list[float | None]) -> None:
    years = tuple(date(2000 + n, 1, 1) for n in range(len(values)))
    weights = tuple(0.0 if value is None else 50.0 for value in values)
    found = year_breaks(Series("RUS-USA", years, tuple(values), weights, "year", "balance"))
    assert [b.week for b in found.found] == sorted({b.week for b in found.found})
    for b in found.found:
        assert b.earliest <= b.week <= b.latest
        assert b.size_low <= b.size <= b.size_high
        assert 0.5 <= b.probability < 1


def test_years_without_a_break_give_false_alarms_as_rarely_as_promised() -> None:
    random = np.random.default_rng(3)
    _, p = chances(0.4 * random.normal(size=(2000, 13)) / 4, weights_of(np.full((2000, 13), 60.0)))
    assert (p.min(axis=1) <= 0.05).mean() <= 0.06


def counts(values: np.ndarray, world: np.ndarray | None = None) -> Series:
    made = weekly(values.astype(float).tolist())
    around = np.full(len(values), 1000.0) if world is None else world
    return Series(made.name, made.starts, made.values, made.values, "week", "score", tuple(around.tolist()))  # type: ignore[arg-type]


def bursts(seed: int, rate: np.ndarray) -> np.ndarray:
    """Negative binomial counts of dispersion 1: half of them come in bursts."""
    return np.random.default_rng(seed).negative_binomial(1.0, 1 / (1 + rate))


def test_more_events_than_before_are_a_break_of_volume_and_bursts_are_none() -> None:
    more = [volume_breaks(counts(bursts(seed, np.where(np.arange(120) < 70, 1.0, 12.0)))) for seed in range(20)]
    assert sum(any(abs(b.week - MONDAY - 70 * WEEK) <= 3 * WEEK for b in found) for found in more) >= 18
    assert all(b.kind == "volume" and b.size_low <= b.size <= b.size_high for found in more for b in found)
    none = [volume_breaks(counts(bursts(seed, np.full(120, 4.0)))) for seed in range(40)]
    assert sum(map(bool, none)) <= 2


def in_classes(cooperation: np.ndarray, conflict: np.ndarray) -> Series:
    return replace(counts(cooperation + conflict), conflict=tuple(conflict.astype(float).tolist()))


def test_conflict_that_takes_the_place_of_cooperation_is_found_where_the_number_of_events_stays() -> None:
    late = np.arange(120) >= 70
    told = [
        volume_breaks(in_classes(bursts(seed, np.where(late, 1.0, 6.0)), bursts(99 - seed, np.where(late, 6.0, 1.0))))
        for seed in range(20)
    ]
    near = [[b for b in found if abs(b.week - MONDAY - 70 * WEEK) <= 4 * WEEK] for found in told]
    assert sum(map(bool, near)) >= 18
    assert all(b.size < 0 if b.kind == "cooperation" else b.size > 0 for found in near for b in found)
    assert {b.kind for found in near for b in found} == {"cooperation", "conflict"}


def test_mutual_acts_count_once_in_both_classes() -> None:
    held = rows(
        event("2025-02-18", "CONSULT"),
        event("2025-02-19", "ACCUSE", "RUS", "USA"),
        event("2025-02-20", "AGREE", "USA", "RUS", confidence=0.5),
    )
    monday, sunday = date(2025, 2, 17), date(2025, 2, 23)
    made = series_of(held, RUS_USA, start=monday, end=sunday)
    assert (made.weights, made.conflict) == ((2.5,), (1.0,))
    assert series_of(held, RUS_USA, start=monday, end=sunday, series="USA>RUS").conflict == (0.0,)


def test_bursts_of_both_classes_are_no_breaks() -> None:
    steady = np.full(104, 4.0)
    apart = [volume_breaks(in_classes(bursts(seed, steady), bursts(99 - seed, steady))) for seed in range(40)]
    assert sum(map(bool, apart)) <= 3


def test_coverage_that_grows_everywhere_is_no_break_of_volume() -> None:
    world = np.linspace(1000, 6000, 150)
    found = [volume_breaks(counts(bursts(seed, world / 400), world)) for seed in range(20)]
    assert sum(map(bool, found)) <= 1
    unaware = [volume_breaks(counts(bursts(seed, world / 400))) for seed in range(20)]
    assert sum(map(bool, unaware)) >= 10


def test_without_counts_of_the_world_volume_is_coverage_and_not_looked_at() -> None:
    values = tuple(bursts(1, np.where(np.arange(120) < 70, 2.0, 20.0)).astype(float).tolist())
    made = weekly(list(noise(1, 120)))
    assert find_breaks(Series(made.name, made.starts, made.values, values)).of("volume") == ()


def test_the_day_on_which_events_began_is_told_by_daily_counts() -> None:
    days = tuple(MONDAY + timedelta(days=n) for n in range(7 * 80))
    rate = np.where(np.arange(560) < 283, 0.1, 2.0)
    daily_counts = np.random.default_rng(2).poisson(rate).astype(float)
    by_week = daily_counts.reshape(80, 7).sum(axis=1)
    made = counts(by_week)
    daily = Series("RUS-USA", days, tuple(daily_counts.tolist()), tuple(daily_counts.tolist()), "day")
    (found,) = [day_of(each, daily, "week") for each in volume_breaks(made)]
    assert abs((found.dated - MONDAY).days - 283) <= 3


def test_heavy_tails_are_seldom_taken_for_changes_of_spread() -> None:
    heavy = [np.random.default_rng(seed).standard_t(4, size=104) for seed in range(40)]
    assert sum(bool(find_breaks(weekly(values.tolist())).of("volatility")) for values in heavy) <= 5


def test_months_expect_as_many_breaks_a_year_as_weeks_do() -> None:
    level = np.where(np.arange(60) < 31, 0.0, 2.5)
    starts = tuple(date(2018 + n // 12, n % 12 + 1, 1) for n in range(60))
    found = [find_breaks(Series("RUS-USA", starts, tuple(level + noise(seed, 60)), step="month")) for seed in range(20)]
    near = [any(starts[30] <= b.week <= starts[32] for b in each.of("level")) for each in found]
    assert sum(near) >= 17
    none = [find_breaks(Series("RUS-USA", starts, tuple(noise(seed, 60)), step="month")) for seed in range(40)]
    assert sum(bool(each.found) for each in none) <= 4


def test_probabilities_over_all_cuttings_are_those_of_every_cutting_weighed_by_hand() -> None:
    values = np.array([0.1, -0.3, 0.2, 0.0, 0.1, 1.9, 2.2, 2.0, 1.8, 2.1, 0.4, 0.1])
    evidence = evidence_of_values(values, np.ones(12), 0.3, 0.2, (0.2,)).both
    found = Segments.of(evidence, hazard=0.1, shortest=3)
    weights = {}
    for count in range(4):
        for cuts in itertools.combinations(range(1, 12), count):
            edges = (0, *cuts, 12)
            lengths = np.diff(edges)
            if lengths.min() >= 3:
                prior = count * np.log(0.1) + (lengths - 3).sum() * np.log(0.9)
                told = sum(evidence[0, i, j] for i, j in itertools.pairwise(edges))
                weights[cuts] = np.exp(told + prior)
    total = sum(weights.values())
    begins = [sum(w for cuts, w in weights.items() if place in cuts) / total for place in range(13)]
    assert found.begins == pytest.approx(begins, abs=1e-9)
    assert found.whole == pytest.approx(weights[()] / total, abs=1e-9)
    assert found.edges()[1:-1] == max(weights, key=lambda cuts: weights[cuts])


def test_evidence_of_a_level_is_the_integral_over_level_and_spread() -> None:
    values = np.array([0.4, 1.1, 0.7, 0.2])
    told = evidence_of_values(values, np.ones(4), 0.8, 0.3, (0.0,)).level[0, 0, 4]
    worth, off = SPREAD_WORTH / 2, SPREAD_WORTH / 2 * 0.8**2
    levels, variances = np.linspace(-25, 25, 4001), np.exp(np.linspace(-9, 9, 1601))
    mesh, sigma2 = np.meshgrid(levels, variances)
    log = (worth * np.log(off) - math.lgamma(worth)) - (worth + 1) * np.log(sigma2) - off / sigma2
    log += 0.5 * np.log(LEVEL_WORTH / (2 * np.pi * sigma2)) - LEVEL_WORTH * (mesh - 0.3) ** 2 / (2 * sigma2)
    for value in values:
        log += -0.5 * np.log(2 * np.pi * sigma2) - (value - mesh) ** 2 / (2 * sigma2)
    whole = np.trapezoid(np.trapezoid(np.exp(log), levels, axis=1), variances)
    assert told == pytest.approx(np.log(whole), abs=1e-3)
