"""A file of an event database becomes a table whole or not at all, with every line accounted for."""

import gzip
import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from tests.sources.database_examples import gdelt, icews, polecat, table

from detente.engine import EventRow, connect, daily_sums
from detente.engine.events import EVENTS, arrow_schema
from detente.engine.imported import imported_daily
from detente.engine.imports import ImportReport, import_events
from detente.engine.lake import Lake
from detente.errors import EngineError, SourceError
from detente.terms import Dyad

RUS_USA = Dyad("RUS", "USA")


def saved(folder: Path, *rows: str, kind: str = "icews", name: str = "events.tab") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(table(kind, *rows), encoding="utf-8")
    return folder / name


def imported(tmp_path: Path, *rows: str, kind: str = "icews") -> ImportReport:
    path = saved(tmp_path / "in", *rows, kind=kind)
    return import_events(kind, [path], folder=tmp_path / "out")


def rows_of(report: ImportReport) -> list[dict[str, Any]]:
    """Rows of the batches that a report names, in the order of the files' lines."""
    found: list[dict[str, Any]] = []
    for batch in sorted({item.batch for item in report.files}):
        for path in sorted(batch.glob("month=*/*.parquet")):
            found += pyarrow.parquet.read_table(path, partitioning=None).to_pylist()
    return sorted(found, key=lambda row: (row["file"], row["line"]))


def everything_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()
    }


US, RU = "United States", "Russian Federation"


def test_the_table_holds_every_row_that_can_be_read(tmp_path: Path) -> None:
    rows = [icews(), icews("010"), icews("040", US, "NA"), icews("040", US, "European Union"), icews("040", US, US)]
    report = imported(tmp_path, *rows, icews("040", "China", "India"), "junk", icews("xyz"))
    found = [(row["actor"], row["recipient"], row["type"]) for row in rows_of(report)]
    assert found == [
        ("USA", "RUS", "CONSULT"), ("USA", "RUS", ""), ("USA", None, "CONSULT"), ("USA", None, "CONSULT"),
        ("USA", "USA", "CONSULT"), ("CHN", "IND", "CONSULT"),
    ]  # fmt: skip
    c = report.counts
    assert c.lines == c.read + c.quarantined == 8
    assert (c.between_states, c.dropped, c.without_country, c.no_state, c.within_one_state) == (2, 1, 1, 1, 1)
    assert (c.read, c.table_rows) == (6, 6)
    assert c.quarantined_by == {"code": 1, "columns": 1}
    assert c.no_state_by == {"European Union": 1}
    assert (c.first_day, c.last_day) == ("2018-06-01", "2018-06-01")


def test_the_table_has_the_documented_columns(tmp_path: Path) -> None:
    report = imported(tmp_path, icews("042"))
    (row,) = rows_of(report)
    assert list(row) == [name for name, _ in EVENTS]
    shared = {"occurrence", "actor", "recipient", "type", "mode", "quad", "score_tenths", "day", "day_number"}
    assert shared <= set(row) & {field.name for field in fields(EventRow)}
    assert (row["occurrence"], row["type"], row["mode"], row["quad"]) == ("icews:32889836", "CONSULT", "visit", 1)
    assert (row["score_tenths"], row["day"], row["day_number"]) == (40, date(2018, 6, 1), 736_846)
    assert (row["origin"], row["code"], row["file"], row["line"]) == ("icews", "042", "events.tab", 2)


def test_any_reader_of_parquet_sees_plain_types(tmp_path: Path) -> None:
    report = imported(tmp_path, icews("042"))
    (path,) = report.files[0].batch.glob("month=2018-06/*.parquet")
    assert pyarrow.parquet.read_schema(path).equals(arrow_schema(EVENTS))


def test_rows_lie_in_the_month_of_their_day_sorted_by_day(tmp_path: Path) -> None:
    days = ["2018-06-30", "2018-06-02", "2017-06-02", "2018-07-01", "2018-06-01"]
    report = imported(tmp_path, *(icews(day=day) for day in days))
    held = {
        path.parent.name: [str(row["day"]) for row in pyarrow.parquet.read_table(path, partitioning=None).to_pylist()]
        for path in report.files[0].batch.glob("month=*/*.parquet")
    }
    assert held == {
        "month=2017-06": ["2017-06-02"],
        "month=2018-06": ["2018-06-01", "2018-06-02", "2018-06-30"],
        "month=2018-07": ["2018-07-01"],
    }


def test_statements_are_counted_by_their_names(tmp_path: Path) -> None:
    report = imported(tmp_path, icews("010"), icews("010"), icews("020"), icews())
    assert report.counts.dropped_by == {"010 Make statement": 2, "020 Make an appeal or request": 1}
    assert [row["score_tenths"] for row in rows_of(report)] == [None, None, None, 25]


def test_quarantined_lines_lie_beside_the_table_with_line_and_reason(tmp_path: Path) -> None:
    report = imported(tmp_path, icews(), "junk", icews(day="2018-02-30"))
    (batch,) = Lake(tmp_path / "out").batches()
    assert batch.quarantine is not None
    held = [json.loads(line) for line in batch.quarantine.read_text(encoding="utf-8").splitlines()]
    assert [(item["line"], item["problem"]) for item in held] == [(3, "columns"), (4, "date")]
    assert held[0]["raw"] == "junk"
    assert held[1]["reason"] == "date '2018-02-30' cannot be"
    (issue,) = report.issues
    assert "2 of 3 lines" in issue.message
    assert str(batch.quarantine) in issue.message


def test_a_row_that_stood_before_is_marked_as_repeat_and_kept(tmp_path: Path) -> None:
    rows = rows_of(
        imported(tmp_path, icews("112"), icews("112", event="2"), icews("112", by="Citizen (United States)"))
    )
    assert [row["repeat"] for row in rows] == [False, True, False]


@pytest.mark.parametrize(
    ("code", "back", "expected"),
    [("040", "040", True), ("042", "043", True), ("043", "042", True), ("112", "112", False), ("042", "040", False)],
)
def test_a_mutual_act_told_from_the_other_side_is_a_mirror(
    tmp_path: Path, code: str, back: str, expected: bool
) -> None:
    rows = rows_of(imported(tmp_path, icews(code, US, RU), icews(back, RU, US)))
    assert [row["mirror"] for row in rows] == [False, expected]


def test_repeats_of_a_mirrored_meeting_are_one_meeting(tmp_path: Path) -> None:
    there, back = icews("040", US, RU), icews("040", RU, US)
    rows = rows_of(imported(tmp_path, there, back, back, there))
    assert [(row["repeat"], row["mirror"]) for row in rows] == [
        (False, False), (False, True), (True, True), (True, False),
    ]  # fmt: skip


def test_daily_counts_take_a_meeting_once_in_each_direction_and_once_for_the_pair(tmp_path: Path) -> None:
    there, back = icews("040", US, RU), icews("040", RU, US)
    imported(tmp_path, there, back, back, there, icews("112", RU, US), icews("112", RU, US, "2018-06-03"))
    daily = imported_daily(tmp_path / "out", RUS_USA)
    found = {(day.series, day.day.day): (day.events, day.score_sum_tenths, day.rows) for day in daily.days}
    assert found == {
        ("RUS>USA", 1): (2, 25 - 20, 3),
        ("USA>RUS", 1): (1, 25, 2),
        ("RUS-USA", 1): (2, 25 - 20, 5),
        ("RUS>USA", 3): (1, -20, 1),
        ("RUS-USA", 3): (1, -20, 1),
    }
    assert daily.series("icews", "USA>RUS")[0].mean_score == 2.5


def test_the_daily_count_is_that_of_the_rows_that_are_neither_repeat_nor_mirror(tmp_path: Path) -> None:
    meeting = [icews("040", US, RU), icews("040", RU, US)]
    report = imported(tmp_path, *meeting, *meeting[::-1], icews("036"), icews("112"), icews("112", RU, US))
    unmarked = [row for row in rows_of(report) if not (row["repeat"] or row["mirror"])]
    joint = imported_daily(tmp_path / "out", RUS_USA).series("icews", "RUS-USA")
    assert sum(day.events for day in joint) == len(unmarked) == 4


def test_the_same_event_in_two_files_counts_once_a_day(tmp_path: Path) -> None:
    first = saved(tmp_path / "in", gdelt("112"), gdelt("190"), kind="gdelt", name="a.CSV")
    second = saved(tmp_path / "in", gdelt("112", event="77"), kind="gdelt", name="b.CSV")
    for folder, imports in (("at once", [[first, second]]), ("one by one", [[first], [second]])):
        reports = [import_events("gdelt", paths, folder=tmp_path / folder) for paths in imports]
        assert [item.counts.repeats for report in reports for item in report.files] == [0, 1]
        (day,) = imported_daily(tmp_path / folder, RUS_USA).series("gdelt", "USA>RUS")
        assert (day.events, day.rows) == (2, 3)


def test_a_meeting_told_from_the_other_side_in_another_file_is_a_mirror(tmp_path: Path) -> None:
    there = saved(tmp_path / "in", icews("040", US, RU), name="a.tab")
    back = saved(tmp_path / "in", icews("040", RU, US), icews("040", US, RU), name="b.tab")
    import_events("icews", [there], folder=tmp_path / "out")
    (row, again) = rows_of(import_events("icews", [back], folder=tmp_path / "out"))
    assert (row["repeat"], row["mirror"], again["repeat"], again["mirror"]) == (False, True, True, False)
    (day,) = imported_daily(tmp_path / "out", RUS_USA).series("icews", "RUS-USA")
    assert (day.events, day.rows) == (1, 3)


def test_databases_are_not_added_up(tmp_path: Path) -> None:
    for kind, row in (("icews", icews(day="2023-03-01")), ("polecat", polecat())):
        imported(tmp_path, row, kind=kind)
    daily = imported_daily(tmp_path / "out", RUS_USA)
    assert daily.origins == ("icews", "polecat")
    assert [day.events for day in daily.days if day.series == "RUS-USA"] == [1, 1]


def test_a_dossier_without_imports_has_no_days(tmp_path: Path) -> None:
    assert imported_daily(tmp_path, RUS_USA).days == ()


def test_a_dyad_without_rows_has_no_days(tmp_path: Path) -> None:
    imported(tmp_path, icews("040", "China", "India"))
    assert imported_daily(tmp_path / "out", RUS_USA).days == ()


def test_a_folder_named_like_a_pattern_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "in", icews())
    import_events("icews", [path], folder=tmp_path / "out[1]*")
    import_events("icews", [saved(tmp_path / "in", icews("112"), name="b.tab")], folder=tmp_path / "out[1]*")
    assert len(imported_daily(tmp_path / "out[1]*", RUS_USA).days) == 2


def test_a_broken_table_is_named_with_what_to_do(tmp_path: Path) -> None:
    report = imported(tmp_path, icews())
    (report.files[0].batch / "sums.parquet").write_bytes(b"not a table")
    with pytest.raises(EngineError, match="import its files again"):
        imported_daily(tmp_path / "out", RUS_USA)


def test_importing_a_file_again_changes_nothing(tmp_path: Path) -> None:
    rows = [icews(), icews("010"), "junk"]
    first = imported(tmp_path, *rows)
    before = everything_in(tmp_path / "out")
    again = imported(tmp_path, *rows)
    assert everything_in(tmp_path / "out") == before
    assert again.files[0].known
    assert again.counts == first.counts
    assert again.issues == ()


def test_the_same_bytes_under_another_name_are_known(tmp_path: Path) -> None:
    imported(tmp_path, icews())
    other = saved(tmp_path / "in", icews(), name="other.tab")
    report = import_events("icews", [other], folder=tmp_path / "out")
    assert report.files[0].known


def test_a_file_imported_by_an_older_method_is_said_to_be_so_and_not_doubled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import detente.engine.imports as imports

    imported(tmp_path, icews())
    monkeypatch.setattr(imports, "METHOD", "import.v99")
    report = imported(tmp_path, icews())
    assert report.files[0].known
    assert "import.v99" in report.issues[0].message
    assert len(Lake(tmp_path / "out").batches()) == 1


def test_a_folder_is_read_whole_and_what_is_no_table_is_named(tmp_path: Path) -> None:
    saved(tmp_path / "in", icews(), name="a.tab")
    saved(tmp_path / "in/deep", icews("112"), name="b.tab")
    (tmp_path / "in/readme.pdf").write_bytes(b"%PDF")
    report = import_events("icews", [tmp_path / "in", tmp_path / "in/a.tab"], folder=tmp_path / "out")
    assert [Path(item.file).name for item in report.files] == ["a.tab", "b.tab"]
    (issue,) = report.issues
    assert "readme.pdf" in issue.message


def test_a_file_that_is_refused_does_not_stop_the_others(tmp_path: Path) -> None:
    wrong = saved(tmp_path / "in", polecat(), kind="polecat", name="wrong.tab")
    right = saved(tmp_path / "in", icews())
    report = import_events("icews", [wrong, tmp_path / "none.tab", right], folder=tmp_path / "out")
    assert [Path(item.file).name for item in report.files] == ["events.tab"]
    assert {Path(issue.record).name for issue in report.issues} == {"wrong.tab", "none.tab"}
    assert len(Lake(tmp_path / "out").batches()) == 1


def test_an_unknown_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="acled"):
        import_events("acled", [tmp_path], folder=tmp_path)


def test_the_report_says_in_words_and_in_json_what_happened(tmp_path: Path) -> None:
    report = imported(tmp_path, icews(), icews("010"), "junk")
    said = "\n".join(report.lines())
    assert "3 lines, 2 read, 1 in quarantine (columns: 1)" in said
    assert "010 Make statement: 1" in said
    assert json.loads(json.dumps(report.as_json()))["counts"]["read"] == 2


# --- Killed half-way --------------------------------------------------------------------------------------------------

SCRIPT = """
import os, sys, time
from pathlib import Path
import detente.engine.imports as imports
import detente.engine.lake as lake

moment = sys.argv[3]
imports._MARKED_ROWS = 10
imports._PARSED_BYTES = 2_000
given = imports.TableReader.tables

def slow(reader, path):
    for table in given(reader, path):
        yield table
    if path.name == "b.tab" and moment == "reading":
        print("half-way", flush=True)
        time.sleep(60)

imports.TableReader.tables = slow
moved = Path.replace

def replace(self, to):
    if moment == "before":
        os._exit(9)
    found = moved(self, to)
    if moment == "after":
        os._exit(9)
    return found

Path.replace = replace
imports.import_events("icews", [Path(sys.argv[1])], folder=Path(sys.argv[2]))
"""


@pytest.mark.parametrize(("moment", "whole"), [("reading", 1), ("before", 0), ("after", 1)])
def test_an_import_killed_half_way_leaves_a_file_whole_or_absent_and_can_be_done_again(
    tmp_path: Path, moment: str, whole: int
) -> None:
    months = [f"2018-{1 + number % 9:02}-01" for number in range(40)]
    rows = [icews(event=str(number), day=day) for number, day in enumerate(months)]
    saved(tmp_path / "in", *rows[:20], "junk", *rows[20:], name="a.tab")
    saved(tmp_path / "in", icews("112"), name="b.tab")
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "in"), str(tmp_path / "out"), moment],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    if moment == "reading":
        assert run.stdout.readline() == "half-way\n"
        run.kill()
    run.wait(timeout=60)
    run.stdout.close()
    assert run.returncode in (-9, 9)

    files = [json.loads(line) for batch in Lake(tmp_path / "out").batches() for line in batch.files().values()]
    held = [path for path in (tmp_path / "out").rglob("month=*/*.parquet") if ".unfinished" not in str(path)]
    assert bool(held) == bool(files)
    assert [file["file"] for file in files] == ["a.tab"] * whole
    import_events("icews", [tmp_path / "in"], folder=tmp_path / "out")
    import_events("icews", [tmp_path / "in"], folder=tmp_path / "clean")
    again, clean = (sorted(everything(tmp_path / name), key=str) for name in ("out", "clean"))
    assert again == clean
    assert len(again) == 41
    assert not list((tmp_path / "out").rglob(".unfinished*"))


def everything(folder: Path) -> list[tuple[object, ...]]:
    return [
        (row["file"], row["line"], row["day_number"], row["repeat"], row["mirror"])
        for path in Lake(folder).tables()
        for row in pyarrow.parquet.read_table(path, partitioning=None).to_pylist()
    ]


def test_a_large_file_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import detente.engine.imports as imports

    monkeypatch.setattr(imports, "_PARSED_BYTES", 1_000)
    monkeypatch.setattr(imports, "_MARKED_ROWS", 5)
    monkeypatch.setattr("detente.sources.table_files._READ", 2_000)
    content = "\n".join(gdelt(event=str(i * 7919)) for i in range(3_000)).encode()
    whole, cut = tmp_path / "whole.gz", tmp_path / "cut.gz"
    whole.write_bytes(gzip.compress(content))
    cut.write_bytes(whole.read_bytes()[:-300])
    report = import_events("gdelt", [cut, whole], folder=tmp_path / "out")
    assert [Path(item.file).name for item in report.files] == ["whole.gz"]
    assert "broken as an archive" in report.issues[0].message
    assert len(everything(tmp_path / "out")) == report.counts.read == 3_000
    assert sum(not row[3] for row in everything(tmp_path / "out")) == 1


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import detente.engine.imports as imports

    path = saved(tmp_path / "in", icews())
    given = imports.TableReader.tables

    def growing(reader: imports.TableReader, path: Path) -> Iterator[imports.ReadTable]:
        yield from given(reader, path)
        time.sleep(0.01)
        with path.open("a") as file:
            file.write(icews("112") + "\n")

    monkeypatch.setattr(imports.TableReader, "tables", growing)
    report = import_events("icews", [path], folder=tmp_path / "out")
    assert report.files == ()
    assert "changed while it was read" in report.issues[0].message
    assert Lake(tmp_path / "out").batches() == ()


def test_many_small_batches_are_merged_and_nothing_changes(tmp_path: Path) -> None:
    days = [date(2018, 1 + number % 3, 1 + number).isoformat() for number in range(20)]
    for number, day in enumerate(days):
        rows = [icews("040", US, RU, day), icews("040", RU, US, days[number - 1]), "junk"]
        import_events("icews", [saved(tmp_path / "in", *rows, name=f"{number:02}.tab")], folder=tmp_path / "out")
    batches = Lake(tmp_path / "out").batches()
    # Four become one at the fourth import, and that one with three more at the seventh.
    assert len(batches) == 2
    import_events("icews", [tmp_path / "in"], folder=tmp_path / "once")
    once, merged = (sorted(everything(tmp_path / name), key=str) for name in ("once", "out"))
    assert merged == once
    assert imported_daily(tmp_path / "out", RUS_USA).days == imported_daily(tmp_path / "once", RUS_USA).days
    assert sum(len(b.quarantine.read_text().splitlines()) for b in batches if b.quarantine) == 20
    again = import_events("icews", [tmp_path / "in"], folder=tmp_path / "out")
    assert all(item.known for item in again.files)
    assert len(again.files) == 20


@pytest.mark.parametrize("links", [True, False])
def test_large_tables_are_merged_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    import detente.engine.lake as lake

    def refused(*_: Any) -> None:
        raise OSError("no links here")

    if not links:
        monkeypatch.setattr(lake.os, "link", refused)
    monkeypatch.setattr(lake, "_ROW_GROUP", 3)
    for number, count in enumerate((3, 1, 4, 1)):
        rows = [icews(day=f"2018-06-{number + day + 1:02}") for day in range(count)]
        import_events("icews", [saved(tmp_path / "in", *rows, name=f"{number}.tab")], folder=tmp_path / "out")
    (batch,) = Lake(tmp_path / "out").batches()
    (tables,) = batch.months().values()
    assert sorted(pyarrow.parquet.read_metadata(path).num_rows for path in tables) == [2, 3, 4]
    assert batch.rows == 9
    import_events("icews", [tmp_path / "in"], folder=tmp_path / "once")
    once, merged = (sorted(everything(tmp_path / name), key=str) for name in ("once", "out"))
    assert merged == once


def test_a_merge_that_was_killed_before_it_tidied_up_shows_no_row_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import detente.engine.lake as lake

    removed = lake.shutil.rmtree
    monkeypatch.setattr(
        lake.shutil, "rmtree", lambda path, **how: None if "batch=" in str(path) else removed(path, **how)
    )
    for number in range(4):
        path = saved(tmp_path / "in", icews(day=f"2018-06-{number + 1:02}"), name=f"{number:02}.tab")
        import_events("icews", [path], folder=tmp_path / "out")
    assert len(list((tmp_path / "out/events/icews").glob("batch=*"))) == 5
    assert len(everything(tmp_path / "out")) == 4
    monkeypatch.undo()
    import_events("icews", [tmp_path / "in"], folder=tmp_path / "out")
    assert len(list((tmp_path / "out/events/icews").glob("batch=*"))) == 1


def test_two_imports_at_once_take_turns(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from detente.engine.imports import import_events; "
        "import_events('icews', sys.argv[2:], folder=pathlib.Path(sys.argv[1]))"
    )
    one = saved(tmp_path / "in", icews(), icews("112"), name="one.tab")
    other = saved(tmp_path / "in", icews(), icews("190"), name="other.tab")
    given = [[sys.executable, "-c", code, str(tmp_path / "out"), str(path)] for path in (one, other)]
    runs = [subprocess.Popen(command) for command in given]
    assert [run.wait(timeout=60) for run in runs] == [0, 0]
    rows = everything(tmp_path / "out")
    assert len(rows) == 4
    assert sum(not row[3] for row in rows) == 3


def test_the_sums_beside_the_rows_are_those_of_the_engine(tmp_path: Path) -> None:
    codes = ["040", "112", "010", "036", "190", "042", "043", "087"]
    states = [US, RU, "China", "NA", "European Union"]
    rows = [
        icews(codes[n % 8], states[n % 5], states[(n * 7 + n // 5) % 5], f"2018-06-{1 + n % 6:02}") for n in range(400)
    ]
    imported(tmp_path, *rows)
    lake = Lake(tmp_path / "out")
    (kept,) = (pyarrow.parquet.read_table(path) for path in lake.sums())
    with connect() as engine:
        table = engine.table(
            pyarrow.concat_tables([pyarrow.parquet.read_table(path, partitioning=None) for path in lake.tables()])
        )
        computed = daily_sums(table, quads=True, squares=True).to_pyarrow()
    names = [name for name in kept.column_names if name != "width_days"]
    order = ["actor", "recipient", "day_number"]

    def listed(given: pyarrow.Table) -> list[dict[str, Any]]:
        return sorted(given.select(names).to_pylist(), key=lambda row: [row[name] for name in order])

    assert listed(kept) == listed(computed)
    assert kept.num_rows > 20


def test_a_real_icews_file_is_imported_with_every_row_accounted_for(tmp_path: Path, outside: Path) -> None:
    path = outside / "data/events/icews_2018-06_sample.tab"
    report = import_events("icews", [path], folder=tmp_path)
    c = report.counts
    assert (c.lines, c.read, c.table_rows, c.quarantined, report.issues) == (3_705, 3_705, 3_705, 0, ())
    assert c.read == c.between_states + c.dropped + c.without_country + c.no_state + c.within_one_state
    # 26 % repeat, as the data's own description counts them
    assert round(c.repeats / c.read, 2) == 0.26
    cells = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    between = [row for row in cells if {row[4], row[10]} == {US, RU} and row[6][:2] not in ("01", "02")]
    daily = imported_daily(tmp_path, RUS_USA)
    assert sum(day.rows for day in daily.days if day.series == "RUS-USA") == len(between) == 10


def test_everything_in_the_outside_folder_is_imported_with_the_counts_of_its_description(
    tmp_path: Path, outside: Path
) -> None:
    given = outside / "data/events"
    report = import_events("icews", [given], folder=tmp_path)
    assert {Path(item.file).name: item.counts.read for item in report.files} == {
        "icews14": 74_845 + 8_514 + 7_371,
        "icews_2012-08_2015-12": 138_371,
        "icews_2018-06_sample.tab": 3_705,
        "icews_quad_yearly_2002_2014.csv.gz": 298_376,
    }
    assert report.counts.quarantined == 0
    net = import_events("gdelt", [given / "gdelt_daily_net_2018-01_2024-02.csv"], folder=tmp_path)
    assert (net.counts.read, net.issues) == (2_149, ())
    again = import_events("icews", [given], folder=tmp_path)
    assert all(item.known for item in again.files)


def test_counts_by_year_are_kept_as_sums_and_change_no_daily_count(tmp_path: Path) -> None:
    table_of_years = tmp_path / "years.csv"
    table_of_years.write_text(
        "i,j,year,verbCoop,matlCoop,verbConf,matlConf\nUnited States,Russia,2014,5,1,2,0\n", encoding="utf-8"
    )
    report = import_events("icews", [table_of_years, saved(tmp_path / "in", icews())], folder=tmp_path / "out")
    assert (report.counts.counted, report.counts.table_rows) == (1, 1)
    sums = [row for path in Lake(tmp_path / "out").sums() for row in pyarrow.parquet.read_table(path).to_pylist()]
    (year,) = [row for row in sums if row["width_days"] == 365]
    assert (year["actor"], year["recipient"], year["acts"], year["verbal_conflict"]) == ("USA", "RUS", 8, 2)
    daily = imported_daily(tmp_path / "out", RUS_USA)
    assert len(daily.series("icews", "USA>RUS")) == 1
    assert daily.lines(last=1)[-1] == "icews USA>RUS, table of counts: 8 events, 2014-01-01 to 2014-12-31"
    assert json.loads(json.dumps(daily.as_json()))["counted"][0]["stretches"] == 1


def test_net_scores_are_named_as_such(tmp_path: Path) -> None:
    net = tmp_path / "net.csv"
    net.write_text("date,USA-RUS,total_abs\n2018-01-01,122.10,25388.31\n2018-01-03,1,2\n", encoding="utf-8")
    report = import_events("gdelt", [net], folder=tmp_path / "out")
    assert report.lines()[1:] == ["2 lines of tables of counts, kept as sums."]
    daily = imported_daily(tmp_path / "out", RUS_USA)
    assert daily.lines(last=1) == ["gdelt RUS-USA, table of counts: net scores, 2018-01-01 to 2018-01-03"]


def test_a_dyad_is_read_while_an_import_merges_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        path = saved(tmp_path / "in", icews(day=f"2018-06-{number + 1:02}"), name=f"{number:02}.tab")
        import_events("icews", [path], folder=tmp_path / "out")
    listed = Lake.sums
    merged = []

    def and_then_merged(lake: Lake, *args: Any, **how: Any) -> list[Path]:
        found = listed(lake, *args, **how)
        if not merged:
            merged.append(saved(tmp_path / "in", icews(day="2018-06-20"), name="last.tab"))
            import_events("icews", merged, folder=tmp_path / "out")
        return found

    monkeypatch.setattr(Lake, "sums", and_then_merged)
    assert sum(day.rows for day in imported_daily(tmp_path / "out", RUS_USA).series("icews", "USA>RUS")) == 4
    assert len(Lake(tmp_path / "out").batches()) == 1


def test_a_table_of_another_database_s_counts_is_refused_with_its_name(tmp_path: Path) -> None:
    net = tmp_path / "net.csv"
    net.write_text("date,USA-RUS,total_abs\n2018-01-01,122.10,25388.31\n", encoding="utf-8")
    report = import_events("icews", [net], folder=tmp_path / "out")
    assert "Import it as gdelt" in report.issues[0].message
    assert import_events("gdelt", [net], folder=tmp_path / "out").counts.counted == 1
