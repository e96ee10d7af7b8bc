"""The whole posterior: the sampler on densities known in full, and forecasts averaged over it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from tests.forecast.test_cure_regression import waits
from tests.forecast.test_layers import CLOCK, MADE, PAIR, check, milestone, occurrence

from detente.errors import ForecastError
from detente.forecast import Spell, forecast, layered_forecast, load_cases
from detente.forecast.cure import EVER_PRIOR, fit
from detente.forecast.cure_regression import _Data, _log_posteriors, fit_regression
from detente.forecast.posterior import DRAWS, LEAST_EFFECTIVE, MOST_R_HAT, effective_size, r_hat, sample
from detente.forecast.stage_chain import Process, fit_chain

Floats = NDArray[np.float64]
COVARIANCE = np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 25.0]])
CENTRE = np.array([1.0, -2.0, 100.0])
TABLE = [case for case in load_cases() if case.end_date < CLOCK]


def correlated(points: Floats) -> tuple[Floats, Floats]:
    off = (points - CENTRE) @ np.linalg.inv(COVARIANCE)
    return -0.5 * (off * (points - CENTRE)).sum(axis=1), -off


def two_peaks(points: Floats, apart: float, share: float) -> tuple[Floats, Floats]:
    """Normal peaks of width 1 in one dimension, the second with that share."""
    first = np.log(1 - share) - 0.5 * points[:, 0] ** 2
    second = np.log(share) - 0.5 * (points[:, 0] - apart) ** 2
    value = np.logaddexp(first, second)
    return value, (-points[:, 0] + apart * np.exp(second - value))[:, None]


def test_a_normal_is_drawn_though_the_start_is_wrong_by_two_widths() -> None:
    found = sample(correlated, CENTRE + np.array([2.0, 2.0, -10.0]), np.diag([2.0, 0.5, 3.0]))
    assert found.draws.shape == (DRAWS, 3)
    assert found.r_hat <= MOST_R_HAT
    assert found.effective >= LEAST_EFFECTIVE
    assert np.abs((found.draws.mean(axis=0) - CENTRE) / np.sqrt(np.diag(COVARIANCE))).max() < 0.15
    assert np.corrcoef(found.draws.T)[0, 1] == pytest.approx(0.9, abs=0.03)


def test_a_long_tail_is_drawn_as_long_as_it_is() -> None:
    # Log of a Gamma(2) variable: its quantiles 0.05 and 0.95 are log 0.3554 and log 4.7439.
    found = sample(lambda x: ((2 * x - np.exp(x))[:, 0], 2 - np.exp(x)), np.array([np.log(2)]), np.array([[0.7]]))
    assert np.exp(np.quantile(found.draws, [0.05, 0.95])) == pytest.approx([0.3554, 4.7439], rel=0.12)


def test_a_side_peak_gets_its_share_and_not_that_of_chains_begun_there() -> None:
    found = sample(lambda x: two_peaks(x, 7.0, 0.2), np.zeros(1), np.array([[4.0]]))
    assert (found.draws > 3.5).mean() == pytest.approx(0.2, abs=0.06)


def test_peaks_that_no_chain_travels_between_are_refused() -> None:
    with pytest.raises(ForecastError, match=r"do not agree: R-hat .*without --posterior"):
        sample(lambda x: two_peaks(x, 2000.0, 0.5), np.array([1e3]), np.array([[1e3]]))


def test_the_same_data_give_the_same_draws_and_another_seed_others() -> None:
    once, again, other = (sample(correlated, CENTRE, np.eye(3), seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(once.draws, again.draws)
    assert not np.array_equal(once.draws, other.draws)


def test_chains_that_differ_in_spread_alone_are_told_apart() -> None:
    chains = np.random.default_rng(3).standard_normal((6, 300))
    assert r_hat(chains) < 1.02
    chains[0] *= 6
    assert r_hat(chains) > 1.05


def test_draws_that_take_turns_are_worth_more_than_independent_ones() -> None:
    noise = np.random.default_rng(4).standard_normal((4, 500))
    turns = noise.copy()
    for i in range(1, 500):
        turns[:, i] -= 0.5 * turns[:, i - 1]
    assert effective_size(noise) == pytest.approx(2000, rel=0.15)
    assert effective_size(turns) > 2500


def test_draws_of_the_regression_agree_with_weighted_draws_of_a_wide_proposal() -> None:
    found = fit_regression(waits(40), ("x",), posterior=True)
    whole = found.posterior
    assert whole is not None
    assert whole.r_hat <= MOST_R_HAT
    rows = waits(40)
    raw = np.array([wait.covariates for wait in rows])
    data = _Data(
        np.log([wait.years for wait in rows]),
        np.array([wait.ending == "reached" for wait in rows]),
        np.array([wait.ending == "never" for wait in rows]),
        (raw - found.centre) / found.scale,
    )
    random = np.random.default_rng(6)
    root = np.linalg.cholesky(np.cov(whole.draws.T))
    standard = 1.2 * random.standard_normal((20000, 8)) * np.sqrt(5 / random.chisquare(5, 20000))[:, None]
    points = whole.draws.mean(axis=0) + standard @ root.T
    value, _ = _log_posteriors(points, data, (float(np.log(2)), 1.5), on_logit=True)
    log_weight = value + 6.5 * np.log1p((standard**2).sum(axis=1) / (5 * 1.2**2))
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    assert 1 / (weight**2).sum() > 1000
    middle = weight @ points
    spread = np.sqrt(weight @ (points - middle) ** 2)
    assert expit(found.draws[:, 0]).mean() == pytest.approx(weight @ expit(points[:, 0]), abs=0.015)
    assert np.abs((found.draws.mean(axis=0) - middle) / spread).max() < 0.15
    assert found.draws.std(axis=0) / spread == pytest.approx(np.ones(8), abs=0.12)


def test_with_every_ending_known_the_mean_is_that_of_beta_and_binomial() -> None:
    known = [Spell(f"r{i}", None, 400 + i, "reached") for i in range(9)]
    known += [Spell(f"n{i}", None, 90, "never") for i in range(3)]
    found = fit(known, "log-normal")
    a, b = EVER_PRIOR
    assert 1 - found.never(0.0) == pytest.approx((9 + a) / (12 + a + b), abs=0.01)
    assert found.effective > 500


def test_averages_fall_while_nothing_happens_and_rise_with_the_deadline() -> None:
    found = fit([Spell(f"{i}", None, 200 * (i + 1), "reached" if i % 3 else "open") for i in range(15)])
    shares = [found.reached(1.0, until) for until in np.linspace(0.5, 60, 40)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] <= 1 - found.never(1.0)
    assert [found.never(waited) for waited in range(9)] == sorted(found.never(waited) for waited in range(9))
    by_ten = [found.reached(waited, 10.0) for waited in range(9)]
    assert by_ten == sorted(by_ten, reverse=True)
    low, high = found.never_interval(2.0, having_waited=True)
    assert low < found.never(2.0) < high


def test_a_forecast_says_which_of_the_two_it_is() -> None:
    asked = milestone("embassy_reopened")
    plain = forecast(asked, made=MADE, dyad=PAIR, cases=TABLE)
    whole = forecast(asked, made=MADE, dyad=PAIR, cases=TABLE, posterior=True)
    check(whole)
    assert (plain.method, whole.method) == ("cure-map.v1", "cure-posterior.v1")
    assert not any(note.startswith("posterior:") for note in plain.notes)
    assert next(int(note.partition(":")[2]) for note in whole.notes if note.startswith("posterior:")) > LEAST_EFFECTIVE
    assert whole.probability == pytest.approx(plain.probability, abs=0.1)


def test_layers_over_the_posterior_are_coherent_named_and_repeatable() -> None:
    told = [occurrence(CLOCK + timedelta(days=9))]
    asked = (milestone(), milestone("relations_restored"))
    first, second = (
        layered_forecast(each, made=MADE, dyad=PAIR, cases=TABLE, occurrences=told, posterior=True) for each in asked
    )
    for found in (first, second):
        check(found)
        assert [layer.method for layer in found.layers[:2]] == ["cure-posterior.v1", "stage-chain-posterior.v1"]
        notes = dict(note.split(":") for note in found.notes if ":" in note)
        assert int(notes["posterior"]) >= LEAST_EFFECTIVE
        assert float(notes["r-hat"]) <= MOST_R_HAT
        assert [note.partition(":")[0] for note in found.notes].count("posterior") == 1
    for (_, ambassadors), (_, relations) in zip(first.curve, second.curve, strict=True):
        assert ambassadors <= relations + 1e-4
    again = layered_forecast(asked[0], made=MADE, dyad=PAIR, cases=tuple(TABLE), occurrences=told, posterior=True)
    assert again == first


def test_the_posterior_uses_nothing_later_than_its_day() -> None:
    day = date(1998, 1, 1)
    later = [
        case
        if case.end_date <= day
        else replace(case, outcome="failed" if case.outcome == "achieved" else "achieved", end_date=date(2020, 1, 1))
        for case in TABLE
    ]
    # What ended later had only to be still open on the day, however it ended.
    assert sum(case not in TABLE for case in later) > 20
    process = Process(date(1997, 1, 1), rupture=date(1990, 1, 1))
    curves = [
        fit_chain(cases, as_of=day, posterior=True).curve(
            "relations_restored", process, made=day, edges=range(0, 25, 6)
        )
        for cases in (TABLE, later)
    ]
    assert curves[0].tolist() == curves[1].tolist()
