"""Scores against values worked out by hand, and the law that an honest forecast is never worse."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecast import brier, forecast, log_score, monthly_hazards, monthly_shares, ranked_probability
from detente.forecast.scores import calibration_slope
from detente.terms import Dyad, Forecast, Milestone, ReferenceClass

shares = st.lists(st.floats(0.01, 1), min_size=2, max_size=8).map(lambda raw: [x / math.fsum(raw) for x in raw])


def a_forecast() -> Forecast:
    asked = Milestone("m", (), (), date(2025, 1, 31), date(2027, 1, 1), ReferenceClass("relations_restored", None))
    return forecast(asked, made=date(2025, 1, 31), dyad=Dyad("CUB", "USA"))


def test_always_one_half_earns_a_quarter() -> None:
    assert brier([0.5, 0.5, 0.5], [0, 1, 0]) == 0.25


def test_the_ranked_score_of_two_bins_is_the_brier_score() -> None:
    assert ranked_probability([0.3, 0.7], 0) == pytest.approx(brier([0.3], [1]))
    assert ranked_probability([0.3, 0.7], 1) == pytest.approx(brier([0.3], [0]))


def test_a_month_off_costs_less_than_a_year_off_and_never_costs_most() -> None:
    sure_of_first = [1.0] + [0.0] * 12
    costs = [ranked_probability(sure_of_first, month) for month in (0, 1, 11, 12)]
    assert costs == sorted(costs)
    assert costs[0] == 0
    assert costs[1] == pytest.approx(1 / 12)
    assert costs[3] == 1


def test_months_lived_through_are_scored_though_the_question_is_open() -> None:
    assert log_score([0.1, 0.2]) == pytest.approx(-(math.log(0.9) + math.log(0.8)) / 2)
    assert log_score([0.1, 0.2], 1) == pytest.approx(-(math.log(0.9) + math.log(0.2)) / 2)


def test_what_was_ruled_out_and_happened_costs_without_end() -> None:
    assert log_score([0.0], 0) == math.inf
    assert log_score([1.0]) == math.inf
    assert log_score([0.0]) == 0


@given(true=shares, data=st.data())
def test_an_honest_forecast_is_never_worse_than_another(true: list[float], data: st.DataObject) -> None:
    raw = data.draw(st.lists(st.floats(0.01, 1), min_size=len(true), max_size=len(true)))
    other = [x / math.fsum(raw) for x in raw]

    def expected_ranked(given_shares: list[float]) -> float:
        return math.fsum(p * ranked_probability(given_shares, i) for i, p in enumerate(true))

    def expected_log(given_shares: list[float]) -> float:
        hazards = monthly_hazards(given_shares)
        months = len(hazards)
        reached = (log_score(hazards[: i + 1], i) * (i + 1) for i in range(months))
        return math.fsum(p * loss for p, loss in zip(true, (*reached, log_score(hazards) * months), strict=True))

    assert expected_ranked(true) <= expected_ranked(other) + 1e-9
    assert expected_log(true) <= expected_log(other) + 1e-9


def test_a_forecast_reads_as_months_and_the_rest() -> None:
    found = a_forecast()
    months = monthly_shares(found, 24)
    assert len(months) == 25
    assert math.fsum(months) == pytest.approx(1)
    assert min(months) >= 0
    assert 1 - months[-1] == pytest.approx(dict(found.curve)[date(2027, 1, 31)])
    assert months[-1] >= found.never
    assert 0 <= ranked_probability(months, 24) <= 1


def test_hazards_multiply_back_to_what_is_left() -> None:
    months = monthly_shares(a_forecast(), 12)
    assert math.prod(1 - hazard for hazard in monthly_hazards(months)) == pytest.approx(months[-1])


def test_scores_refuse_what_cannot_be() -> None:
    with pytest.raises(ForecastError, match="0 probabilities for 0"):
        brier([], [])
    with pytest.raises(ForecastError, match="2 probabilities for 1"):
        brier([0.1, 0.2], [1])
    with pytest.raises(ForecastError, match=r"probability\[0\] is 12"):
        brier([12], [1])
    with pytest.raises(ForecastError, match=r"reached\[0\] is 2"):
        brier([0.5], [2])
    with pytest.raises(ForecastError, match="outcome 2 among 2"):
        ranked_probability([0.5, 0.5], 2)
    with pytest.raises(ForecastError, match="sum to"):
        ranked_probability([0.5, 0.6], 0)
    with pytest.raises(ForecastError, match="month 0"):
        log_score([0.5, 0.5], 0)
    with pytest.raises(ForecastError, match="0 months"):
        log_score([])
    with pytest.raises(ForecastError, match="61 months"):
        monthly_shares(a_forecast(), 61)


def test_the_slope_tells_too_extreme_from_too_timid() -> None:
    came = [1] * 7 + [0] * 3 + [1] * 3 + [0] * 7
    # By hand: outcomes have log odds of ±log(7/3), forecasts of ±log(p/(1-p)).
    for said in (0.9, 0.6):
        slope = calibration_slope([said] * 10 + [1 - said] * 10, came)
        assert slope == pytest.approx(math.log(7 / 3) / math.log(said / (1 - said)), abs=1e-5)
    with pytest.raises(ForecastError, match="no slope"):
        calibration_slope([0.5, 0.5], [0, 1])
