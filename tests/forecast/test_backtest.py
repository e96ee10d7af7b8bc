"""The backtest looks away from what it scores, and weighs for what it cannot see."""

import numpy as np
import pytest
from tests.forecast.study_table import study_cases

from detente.errors import ForecastError
from detente.forecast import load_cases
from detente.forecast.backtest import backtest, censoring_weights, table
from detente.terms import Dyad


def test_known_cases_carry_the_weight_of_those_cut_off() -> None:
    left, cut_off = np.array([100.0, 200, 300, 400, 500]), np.array([False, True, False, True, False])
    # The second is cut off at 200 with four cases at risk: what is seen later counts for 4/3; the fourth with two.
    for horizon, weights in (
        (150, [1, 1, 1, 1, 1]),
        (365, [1, 0, 4 / 3, 4 / 3, 4 / 3]),
        (450, [1, 0, 4 / 3, 0, 8 / 3]),
    ):
        assert censoring_weights(left, cut_off, horizon) == pytest.approx(weights)


def test_the_table_holds_both_ways_and_their_counts() -> None:
    cases = [case for case in load_cases() if case.major_power]
    result = backtest(cases=cases, stages=("ambassadors_exchanged",), horizons_years=(1, 2))
    ways = result["ambassadors_exchanged"]
    assert ways["left_out"]["n"] > ways["rolling"]["n"] > 20
    for way in ways.values():
        assert list(way["brier"]) == [1, 2]
        low, high = way["skill_interval"]
        assert low <= way["skill"] <= high
        for row in way["brier"].values():
            assert 0 < row["reached"] <= row["scored"] <= way["n"]
            assert 0 < row["cure-map.v1"] < 0.35
    assert "aalen-johansen.v1" in table(result)


def test_left_out_scores_of_the_base_rate_are_those_of_the_study_that_came_with_the_table() -> None:
    found = backtest(cases=study_cases(), stages=("ambassadors_exchanged",))["ambassadors_exchanged"]["left_out"]
    # Published for 143 cases: .202 .251 .216.
    for years, expected in {1: 0.202, 2: 0.251, 5: 0.216}.items():
        assert found["brier"][years]["aalen-johansen.v1"] == pytest.approx(expected, abs=0.002)
    # A mixture without covariates can only smooth the base rate.
    assert abs(found["skill"]) < 0.02


def test_too_few_cases_are_refused() -> None:
    few = [case for case in load_cases() if case.dyad == Dyad("BOL", "USA") or case.dyad == Dyad("CUB", "USA")]
    with pytest.raises(ForecastError, match="20 earlier ones"):
        backtest(cases=few, stages=("relations_restored",))
