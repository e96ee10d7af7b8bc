"""Spells of United States posts and relations: what ships, and what the full records give."""

from datetime import date
from pathlib import Path

import pytest

from detente.errors import ForecastError
from detente.forecast import BASE_RATE, forecast, panel
from detente.forecast.us_records import (
    LOOKED_AT,
    Chief,
    UsSpell,
    read_chiefs,
    read_timeline,
    us_sample,
    us_spells,
    vacancies,
)
from detente.terms import Dyad, Milestone, ReferenceClass

RUS_USA = Dyad("RUS", "USA")


def ambassadors(stage: str = "ambassadors_exchanged") -> Milestone:
    return Milestone("m", (), (), date(2025, 7, 1), date(2028, 11, 22), ReferenceClass(stage, date(2025, 2, 12)))


def test_no_row_of_the_tables_is_dropped_but_of_states_that_are_gone() -> None:
    assert len(us_spells("us_vacancies")) == 2735 - 4
    assert sum(spell.end is None for spell in us_spells("us_vacancies")) == 35 - 4
    assert len(us_spells("us_ruptures")) == 47
    assert sum(spell.world_war for spell in us_spells("us_ruptures")) == 9


def test_nothing_later_than_the_day_is_used() -> None:
    day = date(2014, 6, 30)
    for spell in us_sample("us_vacancies", as_of=day).spells:
        start = date.fromisoformat(spell.case[-10:])
        assert start < day
        assert (day - start).days >= spell.days or spell.days == 1
    cuba = [spell for spell in us_sample("us_ruptures", as_of=day).spells if spell.host == "cuba"]
    assert [spell.ending for spell in cuba] == ["open"]


def test_an_open_spell_ends_on_the_day_the_table_was_looked_at() -> None:
    late = {spell.case: spell for spell in us_sample("us_vacancies", as_of=date(2030, 1, 1)).spells}
    assert late["cuba 1960-10-28"].days == (LOOKED_AT["us_vacancies"] - date(1960, 10, 28)).days


def test_the_pairs_own_wait_is_left_out() -> None:
    found = us_sample("us_vacancies", as_of=date(2014, 6, 30), own=(RUS_USA, date(2014, 2, 26)))
    assert found.own == ("russia 2014-02-26",)
    assert any(spell.host == "russia" for spell in found.spells)


def test_a_class_of_another_clock_is_asked_only_with_its_day() -> None:
    made = date(2026, 11, 22)
    without = panel(ambassadors(), made=made, dyad=RUS_USA)
    assert "us-vacancies" not in {each.reference_class for each in without}
    found = panel(ambassadors(), made=made, dyad=RUS_USA, clocks={"us-vacancies": date(2025, 6, 27)})
    asked = next(each for each in found if each.reference_class == "us-vacancies")
    assert asked.method == BASE_RATE
    # A post empty for 1.4 years was filled within two more in two of three cases, says the study of 2026-11-22.
    assert asked.probability == pytest.approx(0.65, abs=0.04)
    assert [each for each in found if each.reference_class != "us-vacancies"] == list(without)


def test_a_table_speaks_of_its_own_stage_alone() -> None:
    found = forecast(ambassadors(), made=date(2026, 11, 22), dyad=RUS_USA, reference_class="us-ruptures")
    assert found.reference_class == "none"


def test_vacancies_are_the_times_between_envoys() -> None:
    def chief(role: str, started: str | None, ended: str | None) -> Chief:
        days = [date.fromisoformat(day) if day else None for day in (started, ended)]
        return Chief(2, "cuba", "x", role, "", None, *days)

    found = vacancies(
        [
            chief("ambassador-e-p", "1950-01-01", "1951-01-01"),
            chief("charge-daffaires", "1951-01-02", "1952-01-01"),
            chief("ambassador-e-p", "1951-03-01", "1953-01-01"),
        ]
    )
    assert found == (
        UsSpell("cuba", date(1951, 1, 1), date(1951, 3, 1)),
        UsSpell("cuba", date(1953, 1, 1), None),
    )


def test_a_file_that_is_no_record_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "chiefs.csv"
    path.write_text("country,person\na,b\n", encoding="utf-8")
    with pytest.raises(ForecastError, match=r"chiefs.csv line 1: columns missing: role"):
        read_chiefs(path)
    with pytest.raises(ForecastError, match="cannot be read"):
        read_timeline(tmp_path / "absent.csv")


def test_the_full_records_are_read_whole_and_give_the_packaged_vacancies_back(outside: Path) -> None:
    full = outside / "data" / "diplomacy"
    if not full.is_dir():
        pytest.skip("the full records are not here")
    headings, chiefs = read_timeline(full / "rdcr_timeline.csv"), read_chiefs(full / "pocom_chiefs.csv")
    assert (len(headings), len(chiefs)) == (1222, 5743)
    assert headings[0].days == (date(1921, 7, 26), date(1919, 8, 9))
    made = {(spell.host, spell.start) for spell in vacancies(chiefs) if spell.start.year >= 1960}
    shipped = {(spell.host, spell.start) for spell in us_spells("us_vacancies")}
    assert len(made & shipped) / len(shipped) > 0.9
