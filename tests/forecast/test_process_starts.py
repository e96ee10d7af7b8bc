"""Starts of a process found in event data: the rule does what it says, and uses nothing later than it may."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from detente.engine.imports import import_events
from detente.errors import ForecastError
from detente.forecast import load_cases
from detente.forecast.cases import found_attempts
from detente.forecast.process_starts import Act, Found, Rule, acts, process_starts, speaks_for_state
from detente.forecast.process_years import YearCount, process_years, yearly_counts
from detente.terms import Dyad

FIRST = date(2012, 1, 1).toordinal()
START = date(2013, 3, 1).toordinal()
LAST = date(2015, 12, 31)


def act(day: int, type_: str, code: str, quad: int, source: str = "John Kerry", target: str = "Iran") -> Act:
    return Act(day, "USA", "IRN", type_, code, quad, source, target, "rows.txt", day - FIRST + 1)


MEETINGS = [act(START + n, "CONSULT", "046", 1) for n in (0, 10, 20)]
QUARRELS = [act(START - n, "ACCUSE", "112", 3) for n in (50, 100, 150)]
BEGINNING = act(FIRST, "SUPPORT", "051", 1)


def found(*rows: Act, rule: Rule | None = None) -> tuple[Found, ...]:
    return process_starts([BEGINNING, *QUARRELS, *MEETINGS, *rows], rule=rule, last=LAST)


def test_a_cluster_of_meetings_after_a_year_of_quarrel_is_a_start() -> None:
    (start,) = found()
    assert (start.dyad, start.start) == (Dyad("IRN", "USA"), date(2013, 3, 1))
    assert (start.contact_days, start.contact_days_before, start.conflicts_before) == (3, 0, 3)
    assert [act.where for act in start.evidence] == [act.where for act in MEETINGS]
    assert (start.became, start.became_on) == ("faded", None)


@pytest.mark.parametrize(
    "rows",
    [
        [BEGINNING, *QUARRELS, *MEETINGS[:2]],
        [BEGINNING, *QUARRELS[:2], *MEETINGS],
        [*QUARRELS, *MEETINGS],
        [BEGINNING, *QUARRELS, *MEETINGS, *(act(START - n, "CONSULT", "046", 1) for n in (65, 130, 195, 260, 325))],
        [BEGINNING, *QUARRELS, *(row._replace(source="Tourist (United States)") for row in MEETINGS)],
        [BEGINNING, *QUARRELS, *(row._replace(code="045") for row in MEETINGS)],
        [BEGINNING, *QUARRELS, *(row._replace(code="041") for row in MEETINGS)],
        [BEGINNING, *(row._replace(source="Armed Rebel (Iran)") for row in QUARRELS), *MEETINGS],
    ],
    ids="few-meetings few-quarrels no-year-before contacts-before tourists mediation phone rebels".split(),  # noqa: SIM905
)
def test_what_misses_one_condition_is_none(rows: list[Act]) -> None:
    assert process_starts(rows, last=LAST) == ()


def test_what_became_of_it_is_read_from_the_rows_after() -> None:
    later = date(2013, 11, 1).toordinal()
    assert found(act(later, "CONSULT", "040", 1))[0].became == "goes on"
    broken = act(later, "SANCTION", "161", 4)
    assert found(broken)[0].shown_by == broken
    assert found(act(later, "SUPPORT", "054", 1), broken._replace(day=later + 1))[0].became == "restored"
    assert process_starts([BEGINNING, *QUARRELS, *MEETINGS])[0].became == "unknown"


def test_no_start_depends_on_rows_after_its_window() -> None:
    early = found()[0]
    planted = [act(START + 100 + n, "CONSULT", "046", 1) for n in range(300)]
    late = found(*planted)[0]
    same = {"became": "", "became_on": None, "shown_by": None, "contact_days_after": 0}
    assert replace(early, **same) == replace(late, **same)  # type: ignore[arg-type]


def test_a_known_case_is_named() -> None:
    rows = [row._replace(day=row.day + 190) for row in (BEGINNING, *QUARRELS, *MEETINGS)]
    assert process_starts(rows, cases=load_cases(), last=LAST)[0].case == "USA-Iran 2013-18"


def test_who_speaks_for_a_state() -> None:
    assert speaks_for_state("China")
    assert speaks_for_state("Head of Government (Egypt)")
    assert not speaks_for_state("Protester (Egypt)")


def test_nothing_imported_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match="detente import icews"):
        acts(tmp_path)
    with pytest.raises(ForecastError, match="detente import icews"):
        yearly_counts(tmp_path)


def test_years_are_found_and_judged_two_years_on() -> None:
    quarrel, turn = YearCount(10, 12, 40), YearCount(100, 110, 10)
    held = {2002: quarrel, 2003: quarrel, 2004: turn, 2005: turn, 2006: turn}
    fell = {**held, 2005: quarrel, 2006: quarrel}
    open_ = {2004: quarrel, 2005: quarrel, 2006: turn}
    pairs = {Dyad("IND", "PAK"): held, Dyad("ISR", "SYR"): fell, Dyad("CUB", "USA"): open_}
    got = {str(each.dyad): (each.year, each.became) for each in process_years(pairs)}
    assert got == {"IND-PAK": (2004, "held"), "ISR-SYR": (2004, "fell back"), "CUB-USA": (2006, "unknown")}
    assert process_years({Dyad("IND", "PAK"): dict.fromkeys(range(2002, 2007), turn)}) == ()


def test_what_machines_found_is_kept_apart_from_what_forecasts_count() -> None:
    counted = {case.label for case in load_cases()}
    assert len(found_attempts()) == 22
    assert not counted & {case.label for case in found_attempts()}
    for case in found_attempts():
        assert "process-starts.v1" in case.notes or "process-years.v1" in case.notes


def test_the_rule_finds_the_opening_of_2013_in_a_real_database(outside: Path, tmp_path: Path) -> None:
    rows = outside / "data/events/icews_2012-08_2015-12"
    if not rows.is_dir():
        pytest.skip("the database is not here")
    import_events("icews", [rows], folder=tmp_path)
    starts = process_starts(acts(tmp_path), cases=load_cases())
    assert len(starts) == 12
    assert ("IRN-USA", date(2013, 9, 5), "USA-Iran 2013-18") in {(str(s.dyad), s.start, s.case) for s in starts}
