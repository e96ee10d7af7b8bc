"""The mixture with covariates: its gradient, what it recovers, and how it speaks of what it does not know."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecast.cure_regression import Wait, _Data, _log_posterior, fit_regression


def waits(count: int, seed: int = 5) -> list[Wait]:
    """Three in four of those with the covariate get there, one in two of the others; ends are seen half of the time."""
    generator = np.random.default_rng(seed)
    found = []
    for i in range(count):
        x = float(i % 2)
        ever = generator.random() < (0.75 if x else 0.5)
        when = math.exp(math.log(2) - 0.8 * x + 0.7 * generator.standard_normal())
        end = math.exp(math.log(2) + 0.5 * generator.standard_normal()) if generator.random() < 0.5 else math.inf
        until = generator.uniform(3, 20)
        day = when if ever else end
        ending = "open" if day > until else "reached" if ever else "never"
        found.append(Wait(min(day, until), ending, (x,)))
    return found


def test_the_gradient_is_that_of_the_log_posterior() -> None:
    generator = np.random.default_rng(0)
    data = _Data(
        generator.normal(size=30), np.arange(30) % 3 == 0, np.arange(30) % 3 == 1, generator.normal(size=(30, 2))
    )
    theta = generator.normal(size=10) / 2
    slope = _log_posterior(theta, data, (0.7, 1.5))[1]
    for i, shift in enumerate(np.eye(10) * 1e-5):
        values = [_log_posterior(theta + sign * shift, data, (0.7, 1.5))[0] for sign in (1, -1)]
        assert slope[i] == pytest.approx((values[0] - values[1]) / 2e-5, abs=1e-5)


def test_a_large_sample_gives_the_truth_back_on_both_parts() -> None:
    found = fit_regression(waits(1500), ("x",))
    assert 1 - found.never((1.0,), 0.0) == pytest.approx(0.75, abs=0.05)
    assert 1 - found.never((0.0,), 0.0) == pytest.approx(0.5, abs=0.05)
    # Half of those with the covariate that get there did so by 2 * exp(-0.8) years.
    by_then = found.reached((1.0,), 0.0, [2 * math.exp(-0.8)])[0]
    assert by_then == pytest.approx(0.75 / 2, abs=0.04)


def test_nothing_known_gives_the_prior_back() -> None:
    found = fit_regression([])
    assert found.never((), 0.0) == pytest.approx(0.5, abs=0.01)
    low, high = found.interval((), 0.0, 5.0)
    assert high - low > 0.5


def test_a_covariate_nobody_knows_counts_as_usual() -> None:
    found = fit_regression(waits(200), ("x",))
    usual = found.reached((float(found.centre[0]),), 0.0, [2.0])
    assert found.reached((math.nan,), 0.0, [2.0]) == pytest.approx(usual)


@given(waited=st.floats(0, 15), more=st.floats(0.05, 10), deadline=st.floats(0.1, 10))
@settings(max_examples=60, deadline=None)
def test_hope_falls_while_nothing_happens(waited: float, more: float, deadline: float) -> None:
    found = fit_regression(waits(60), ("x",))
    until = waited + more + deadline
    before = found.reached((1.0,), waited, [until - waited])[0]
    after = found.reached((1.0,), waited + more, [deadline])[0]
    assert after <= before + 1e-9
    assert found.never((1.0,), waited + more) >= found.never((1.0,), waited) - 1e-9


def test_a_process_known_to_go_on_is_likelier_to_get_there() -> None:
    found = fit_regression(waits(200), ("x",))
    assert found.reached((1.0,), 4.0, [2.0], going_on=True)[0] > found.reached((1.0,), 4.0, [2.0])[0]


def test_waits_without_length_or_covariates_are_refused() -> None:
    with pytest.raises(ForecastError, match=r"wait 0: 0.0 years"):
        fit_regression([Wait(0.0, "open")])
    with pytest.raises(ForecastError, match=r"expected more than 0 years and 1 covariates \(x\)"):
        fit_regression([Wait(1.0, "open")], ("x",))
