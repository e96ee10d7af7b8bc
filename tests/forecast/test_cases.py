"""The table of reference cases is whole, and a broken row is named by its line."""

from datetime import date

import pytest

from detente.errors import ForecastError
from detente.forecast import STAGES, load_cases, parse_cases
from detente.forecast.cases import COLUMNS
from detente.terms import Dyad

ROW = {
    "dyad": "USA-Cuba 2013-15",
    "rupture_date": "1961-01-03",
    "rupture_level": "severed",
    "process_start": "2013-06-15",
    "first_high_level_talks": "2013-06-15",
    "relations_restored": "2015-07-20",
    "ambassadors_exchanged": "",
    "embassy_reopened": "2015-07-20",
    "key_sanction_relief": "2015-01-16",
    "outcome": "reversed",
    "end_date": "2017-06-16",
    "cov_severed": "1",
    "cov_war": "0",
    "cov_territorial": "0",
    "cov_leader_change_24m": "0",
    "cov_mediator": "1",
    "cov_major_power": "1",
    "source": "press",
    "confidence": "high",
    "notes": "",
}


def table(**changes: str) -> str:
    return ",".join(COLUMNS) + "\n" + ",".join({**ROW, **changes}[column] for column in COLUMNS) + "\n"


def test_no_row_of_the_table_is_dropped() -> None:
    cases = load_cases()
    assert len(cases) == 147
    assert len({case.label for case in cases}) == 147
    assert sum(case.outcome == "achieved" for case in cases) == 102
    assert sum(len(case.stages) for case in cases) == sum(bool(case.reached(s)) for case in cases for s in STAGES)


def test_every_case_carries_its_source_and_its_confidence() -> None:
    for case in load_cases():
        assert case.source
        assert case.confidence in ("high", "medium", "low")


@pytest.mark.parametrize(
    ("label", "dyad"),
    [
        ("USA-Congo-Brazzaville 1977", "COG-USA"),
        ("USA-South Yemen 1990", "USA-YEM"),
        ("FRG-USSR 1955", "DEU-RUS"),
        ("Greece-North Macedonia 2017-19", "GRC-MKD"),
        ("Israel-Guinea 2016", "GIN-ISR"),
        ("USA-Equatorial Guinea 1979", "GNQ-USA"),
        ("Chad-Sudan 2006", "SDN-TCD"),
        ("USA-Vietnam first attempt", "USA-VNM"),
    ],
)
def test_a_pair_is_called_by_the_codes_of_today(label: str, dyad: str) -> None:
    assert next(case for case in load_cases() if case.label == label).dyad == Dyad.parse(dyad)


def test_every_code_of_the_table_is_a_state_of_the_registry() -> None:
    registry = pytest.importorskip("detente.registry")
    states = registry.load().states
    assert {side for case in load_cases() for side in case.dyad.sides} <= set(states)


def test_a_good_row_is_read_as_it_stands() -> None:
    (case,) = parse_cases(table())
    assert case.dyad == Dyad("CUB", "USA")
    assert case.reached("relations_restored") == date(2015, 7, 20)
    assert case.reached("ambassadors_exchanged") is None
    assert case.severed
    assert not case.war


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"process_start": "2013-06-31"}, "process_start"),
        ({"end_date": ""}, "end_date"),
        ({"end_date": "2013-06-14"}, "end_date"),
        ({"rupture_date": "2014-01-01"}, "process_start"),
        ({"outcome": "won"}, "outcome"),
        ({"process_start": "", "outcome": "failed"}, "process_start"),
        ({"outcome": "none"}, "outcome"),
        ({"rupture_level": "cold"}, "rupture_level"),
        ({"cov_war": "2"}, "cov_war"),
        ({"confidence": ""}, "confidence"),
        ({"dyad": "USA-Atlantis 2020"}, "Atlantis"),
        ({"embassy_reopened": "2018-01-01"}, "embassy_reopened"),
        ({"notes": "one,two"}, "fields"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line_and_column(changes: dict[str, str], says: str) -> None:
    with pytest.raises(ForecastError, match=rf"line 2.*{says}"):
        parse_cases(table(**changes))


def test_a_case_named_twice_is_refused() -> None:
    with pytest.raises(ForecastError, match=r"line 3.*line 2"):
        parse_cases(table() + table().splitlines()[1] + "\n")


def test_a_table_without_a_needed_column_is_refused() -> None:
    with pytest.raises(ForecastError, match=r"missing: confidence; unknown: trust"):
        parse_cases(table().replace("confidence", "trust"))
