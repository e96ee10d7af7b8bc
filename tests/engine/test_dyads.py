"""What a database has between two states comes to the measures as our own codings do."""

from datetime import date
from pathlib import Path

import pytest
from tests.sources.database_examples import icews, table

from detente.engine import Kept, imported_events, net_scores, world_events, year_counts
from detente.engine.dyads import heaviest_rows
from detente.engine.imported import imported_daily
from detente.engine.imports import import_events
from detente.errors import EngineError
from detente.measures import daily_index, find_breaks, net_series, series_of, year_series
from detente.registry import load
from detente.terms import Dyad

RUS_USA = Dyad("RUS", "USA")


def imported(tmp_path: Path, kind: str, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    import_events(kind, [file], folder=tmp_path, registry=load())
    return tmp_path


def test_sums_of_imported_rows_are_those_shown_day_by_day(tmp_path: Path) -> None:
    folder = imported(tmp_path, "icews", "events.tab", table("icews", icews()))
    shown = {(d.series, d.day_number): (d.events, d.score_sum_tenths) for d in imported_daily(folder, RUS_USA).days}
    found = imported_events(folder, RUS_USA, "icews")
    assert {(s.series, s.day_number): (s.weight // 2000, s.weight_score // 2000) for s in found.sums} == shown
    assert shown
    for s in found.sums:
        if ">" in s.series:
            classes = s.verbal_cooperation + s.material_cooperation + s.verbal_conflict + s.material_conflict
            assert classes == s.weight


def test_an_index_of_a_database_ends_where_it_is_cut(tmp_path: Path) -> None:
    folder = imported(tmp_path, "icews", "events.tab", table("icews", icews()))
    whole = imported_events(folder, RUS_USA, "icews")
    assert whole.first
    assert whole.last
    index = daily_index(whole, RUS_USA, start=whole.first, end=whole.last)
    assert index.joint.last.value is not None
    assert imported_events(folder, RUS_USA, "icews", last=date(1990, 1, 1)).sums == ()
    weekly = series_of(whole, RUS_USA, start=date(2000, 1, 3), end=date(2000, 12, 31), what="balance")
    assert len(weekly.values) == 52


def test_the_worlds_events_are_those_of_all_pairs_up_to_a_day(tmp_path: Path) -> None:
    folder = imported(tmp_path, "icews", "events.tab", table("icews", icews()))
    world = world_events(folder, "icews")
    mine = imported_events(folder, RUS_USA, "icews")
    for s in mine.sums:
        assert world[date.fromordinal(s.day_number)] * 2000 >= s.weight
    first = min(world)
    assert world_events(folder, "icews", last=first) == {first: world[first]}


def test_tables_of_counts_give_series_of_their_own(tmp_path: Path) -> None:
    days = "\n".join(f"2025-03-{day:02},10.0,1000.0" for day in range(3, 10))
    folder = imported(tmp_path, "gdelt", "net.csv", f"date,USA-RUS,total_abs\n{days}\n")
    weekly = net_series("RUS-USA", net_scores(folder, RUS_USA), start=date(2025, 3, 3), end=date(2025, 3, 9))
    assert weekly.values == (10.0,)
    header = "i,j,year,verbCoop,matlCoop,verbConf,matlConf\n"
    years = "United States,Russia,2003,6,1,2,1\nUnited States,Russia,2005,0,0,0,9\n"
    imported(tmp_path, "icews", "years.csv", header + years)
    yearly = year_series("USA>RUS", year_counts(folder, RUS_USA))
    assert [day.year for day in yearly.starts] == [2003, 2004, 2005]
    assert yearly.values == (round(4 / 11, 6), None, -0.9)
    assert find_breaks(yearly).too_few


def test_a_database_nobody_imported_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"nothing of 'polecat' was imported. Imported: nothing"):
        imported_events(tmp_path, RUS_USA, "polecat")


def test_the_rows_behind_a_day_are_named_by_file_and_line(tmp_path: Path) -> None:
    folder = imported(tmp_path, "icews", "events.tab", table("icews", icews()))
    whole = imported_events(folder, RUS_USA, "icews")
    assert whole.first
    assert whole.last
    named = heaviest_rows(folder, RUS_USA, "icews", first=whole.first, last=whole.last)
    assert {(series, day.toordinal()) for series, day in named} == {(s.series, s.day_number) for s in whole.sums}
    lines = (folder / "events.tab").read_text(encoding="utf-8").splitlines()
    for keys in named.values():
        assert 1 <= len(keys) <= 3
        for key in keys:
            file, _, line = key.rpartition(":")
            assert file == "events.tab"
            assert "Russia" in lines[int(line) - 1] or "United States" in lines[int(line) - 1]
    words = heaviest_rows(folder, RUS_USA, "icews", first=whole.first, last=whole.last, quads=(1, 3))
    assert set(words) <= set(named)
    assert heaviest_rows(folder, RUS_USA, "icews", first=date(1990, 1, 1), last=date(1990, 1, 2)) == {}


def test_rows_kept_by_month_are_those_found_anew_after_every_import_and_any_damage(tmp_path: Path) -> None:
    kept, seen = Kept(tmp_path), date(2018, 1, 1)
    stretch = {"first": seen, "last": date(2018, 12, 31)}
    codes = ("040", "112", "190", "057")
    for number, month in enumerate((2, 5, 5, 9, 2, 12)):
        rows = [icews(codes[(number + n) % 4], day=f"2018-{month:02}-{1 + n:02}", event=f"{number}{n}") for n in (0, 3)]
        imported(tmp_path, "icews", f"events-{number}.tab", table("icews", *rows))
        if number == 3:
            for path in kept.folder.iterdir():
                path.write_bytes(path.read_bytes()[:-9] + b"otherwise")
        anew = heaviest_rows(tmp_path, RUS_USA, "icews", **stretch)
        assert heaviest_rows(tmp_path, RUS_USA, "icews", **stretch, kept=kept) == anew
        assert anew
    spring = {"first": date(2018, 2, 2), "last": date(2018, 5, 1)}
    found = heaviest_rows(tmp_path, RUS_USA, "icews", **spring, kept=kept)
    assert found == heaviest_rows(tmp_path, RUS_USA, "icews", **spring)


def test_the_rows_of_a_month_are_its_strongest(tmp_path: Path) -> None:
    rows = [icews(code, day=f"2018-03-{day:02}", event=str(day)) for code, day in (("040", 5), ("190", 20), ("112", 9))]
    folder = imported(tmp_path, "icews", "events.tab", table("icews", *rows))
    stretch = {"first": date(2018, 3, 1), "last": date(2018, 3, 31)}
    named = heaviest_rows(folder, RUS_USA, "icews", **stretch, count=2, monthly=True)
    assert named["USA>RUS", date(2018, 3, 1)] == ("events.tab:3", "events.tab:2")
