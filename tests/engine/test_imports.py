"""A file of an event database becomes a table whole or not at all, with every line accounted for."""

import json
import subprocess
import sys
import textwrap
import time
from dataclasses import fields
from datetime import date
from pathlib import Path

import pyarrow.parquet
import pytest
from tests.sources.database_examples import gdelt, icews, polecat, table

from detente.engine import EventRow
from detente.engine.imported import IMPORTED_COLUMNS, imported_daily
from detente.engine.imports import ImportReport, import_events
from detente.errors import EngineError, SourceError
from detente.terms import Dyad

RUS_USA = Dyad("RUS", "USA")


def saved(folder: Path, *rows: str, kind: str = "icews", name: str = "events.tab") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(table(kind, *rows), encoding="utf-8")
    return folder / name


def imported(tmp_path: Path, *rows: str, kind: str = "icews", all_pairs: bool = False) -> ImportReport:
    path = saved(tmp_path / "in", *rows, kind=kind)
    return import_events(kind, [path], dyad=RUS_USA, folder=tmp_path / "out", all_pairs=all_pairs)


def rows_of(report: ImportReport) -> list[dict[str, object]]:
    return [row for item in report.files for row in pyarrow.parquet.read_table(item.table).to_pylist()]


def everything_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()
    }


US, RU = "United States", "Russian Federation"


def test_the_table_holds_the_rows_of_the_dyad_alone(tmp_path: Path) -> None:
    report = imported(tmp_path, icews(), icews("112", "China", "India"), icews("112", RU, US))
    assert [(row["actor"], row["recipient"]) for row in rows_of(report)] == [("USA", "RUS"), ("RUS", "USA")]
    assert (report.counts.kept, report.counts.other_pairs) == (2, 1)


def test_all_pairs_are_kept_where_asked_for(tmp_path: Path) -> None:
    report = imported(tmp_path, icews(), icews("112", "China", "India"), icews("112", US, US), all_pairs=True)
    assert [row["actor"] for row in rows_of(report)] == ["USA", "CHN"]
    assert report.counts.within_one_state == 1


def test_columns_that_mean_the_same_have_the_event_table_s_names(tmp_path: Path) -> None:
    (row,) = rows_of(imported(tmp_path, icews("042")))
    assert list(row) == [name for name, _ in IMPORTED_COLUMNS]
    shared = {"occurrence", "actor", "recipient", "type", "mode", "quad", "score_tenths", "day", "day_number"}
    assert shared <= set(row) & {field.name for field in fields(EventRow)}
    assert (row["occurrence"], row["type"], row["mode"], row["quad"]) == ("icews:32889836", "CONSULT", "visit", 1)
    assert (row["score_tenths"], row["day"], row["day_number"]) == (40, date(2018, 6, 1), 736_846)
    assert (row["origin"], row["code"], row["file"], row["line"]) == ("icews", "042", "events.tab", 2)


def test_statements_are_counted_by_their_names_and_not_in_the_table(tmp_path: Path) -> None:
    report = imported(tmp_path, icews("010"), icews("010"), icews("020"), icews())
    assert report.counts.dropped_by == {"010 Make statement": 2, "020 Make an appeal or request": 1}
    assert len(rows_of(report)) == 1


def test_every_line_is_in_one_count(tmp_path: Path) -> None:
    rows = [icews(), icews("010"), icews("040", US, "NA"), icews("040", US, "European Union"), icews("040", US, US)]
    report = imported(tmp_path, *rows, icews("040", "China", US), "junk", icews("xyz"))
    c = report.counts
    assert c.lines == c.read + c.quarantined == 8
    assert (c.kept, c.dropped, c.without_country, c.no_state, c.within_one_state, c.other_pairs) == (1,) * 6
    assert c.read == c.kept + c.dropped + c.without_country + c.no_state + c.within_one_state + c.other_pairs
    assert c.quarantined_by == {"code": 1, "columns": 1}
    assert c.no_state_by == {"European Union": 1}


def test_quarantined_lines_lie_beside_the_table_with_line_and_reason(tmp_path: Path) -> None:
    report = imported(tmp_path, icews(), "junk", icews(day="2018-02-30"))
    quarantine = report.files[0].quarantine
    assert quarantine is not None
    held = [json.loads(line) for line in quarantine.read_text(encoding="utf-8").splitlines()]
    assert [(item["line"], item["problem"]) for item in held] == [(3, "columns"), (4, "date")]
    assert held[0]["raw"] == "junk"
    assert held[1]["reason"] == "date '2018-02-30' cannot be"
    (issue,) = report.issues
    assert "2 of 3 lines" in issue.message


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
    report = import_events("gdelt", [first, second], dyad=RUS_USA, folder=tmp_path / "out")
    assert [item.counts.repeats for item in report.files] == [0, 0]
    (day,) = imported_daily(tmp_path / "out", RUS_USA).series("gdelt", "USA>RUS")
    assert (day.events, day.rows) == (2, 3)


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
    import_events("icews", [path], dyad=RUS_USA, folder=tmp_path / "out[1]*")
    assert len(imported_daily(tmp_path / "out[1]*", RUS_USA).days) == 2


def test_a_broken_table_is_named_with_what_to_do(tmp_path: Path) -> None:
    report = imported(tmp_path, icews())
    report.files[0].table.write_bytes(b"not a table")
    with pytest.raises(EngineError, match="import its file again"):
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
    report = import_events("icews", [other], dyad=RUS_USA, folder=tmp_path / "out")
    assert report.files[0].known


def test_a_table_made_for_another_dyad_is_made_anew(tmp_path: Path) -> None:
    path = saved(tmp_path / "in", icews(), icews("040", "Cuba", US))
    for dyad, sides in ((RUS_USA, "USA RUS"), (Dyad("CUB", "USA"), "CUB USA")):
        report = import_events("icews", [path], dyad=dyad, folder=tmp_path / "out")
        assert not report.files[0].known
        assert [f"{row['actor']} {row['recipient']}" for row in rows_of(report)] == [sides]


def test_a_folder_is_read_whole_and_what_is_no_table_is_named(tmp_path: Path) -> None:
    saved(tmp_path / "in", icews(), name="a.tab")
    saved(tmp_path / "in/deep", icews("112"), name="b.tab")
    (tmp_path / "in/readme.pdf").write_bytes(b"%PDF")
    report = import_events("icews", [tmp_path / "in", tmp_path / "in/a.tab"], dyad=RUS_USA, folder=tmp_path / "out")
    assert [Path(item.file).name for item in report.files] == ["a.tab", "b.tab"]
    (issue,) = report.issues
    assert "readme.pdf" in issue.message


def test_a_file_that_is_refused_does_not_stop_the_others(tmp_path: Path) -> None:
    wrong = saved(tmp_path / "in", polecat(), kind="polecat", name="wrong.tab")
    right = saved(tmp_path / "in", icews())
    report = import_events("icews", [wrong, tmp_path / "none.tab", right], dyad=RUS_USA, folder=tmp_path / "out")
    assert [Path(item.file).name for item in report.files] == ["events.tab"]
    assert {Path(issue.record).name for issue in report.issues} == {"wrong.tab", "none.tab"}
    assert len(list((tmp_path / "out/events/icews").iterdir())) == 1


def test_an_unknown_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="acled"):
        import_events("acled", [tmp_path], dyad=RUS_USA, folder=tmp_path)


def test_the_report_says_in_words_and_in_json_what_happened(tmp_path: Path) -> None:
    report = imported(tmp_path, icews(), icews("010"), "junk")
    said = "\n".join(report.lines())
    assert "3 lines, 2 read, 1 in quarantine (columns: 1)" in said
    assert "010 Make statement: 1" in said
    assert json.loads(json.dumps(report.as_json()))["counts"]["kept"] == 1


# --- Killed half-way --------------------------------------------------------------------------------------------------

SCRIPT = """
import os, sys, time
from pathlib import Path
import detente.engine.imports as imports
from detente.terms import Dyad

moment = sys.argv[3]
imports._BATCH = 5
given = imports.read_rows

def slow(*args, **how):
    for count, row in enumerate(given(*args, **how)):
        if count == 12 and moment == "reading":
            print("half-way", flush=True)
            time.sleep(60)
        yield row

imports.read_rows = slow
moved = Path.replace

def replace(self, to):
    if moment == "before" or (moment == "between" and str(to).endswith(".parquet")):
        os._exit(9)
    return moved(self, to)

Path.replace = replace
imports.import_events("icews", [Path(sys.argv[1])], dyad=Dyad("RUS", "USA"), folder=Path(sys.argv[2]))
"""


@pytest.mark.parametrize("moment", ["reading", "before", "between"])
def test_an_import_killed_half_way_leaves_no_table_and_can_be_done_again(tmp_path: Path, moment: str) -> None:
    rows = [icews(event=str(number)) for number in range(40)]
    path = saved(tmp_path / "in", *rows[:20], "junk", *rows[20:])
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, str(script), str(path), str(tmp_path / "out"), moment], stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    if moment == "reading":
        assert run.stdout.readline() == "half-way\n"
        run.kill()
    run.wait(timeout=60)
    run.stdout.close()
    assert run.returncode in (-9, 9)

    place = tmp_path / "out/events/icews"
    assert list(place.glob("*.parquet")) == []
    assert imported_daily(tmp_path / "out", RUS_USA).days == ()
    again = import_events("icews", [path], dyad=RUS_USA, folder=tmp_path / "out")
    clean = import_events("icews", [path], dyad=RUS_USA, folder=tmp_path / "clean")
    assert again.files[0].table.read_bytes() == clean.files[0].table.read_bytes()
    assert again.files[0].quarantine is not None
    assert again.files[0].quarantine.read_bytes() == clean.files[0].quarantine.read_bytes()  # type: ignore[union-attr]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import detente.engine.imports as imports

    path = saved(tmp_path / "in", icews())
    given = imports.read_rows

    def growing(*args: object, **how: object) -> object:
        yield from given(*args, **how)  # type: ignore[arg-type]
        time.sleep(0.01)
        with path.open("a") as file:
            file.write(icews("112") + "\n")

    monkeypatch.setattr(imports, "read_rows", growing)
    report = import_events("icews", [path], dyad=RUS_USA, folder=tmp_path / "out")
    assert report.files == ()
    assert "changed while it was read" in report.issues[0].message
    assert list((tmp_path / "out/events/icews").iterdir()) == []


def test_a_real_icews_file_is_imported_with_every_row_accounted_for(tmp_path: Path, outside: Path) -> None:
    path = outside / "data/events/icews_2018-06_sample.tab"
    report = import_events("icews", [path], dyad=RUS_USA, folder=tmp_path, all_pairs=True)
    c = report.counts
    assert (c.lines, c.quarantined, report.issues) == (3_705, 0, ())
    assert c.read == c.kept + c.dropped + c.without_country + c.no_state + c.within_one_state + c.other_pairs
    cells = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    between = [row for row in cells if {row[4], row[10]} == {US, RU} and row[6][:2] not in ("01", "02")]
    daily = imported_daily(tmp_path, RUS_USA)
    assert sum(day.rows for day in daily.days if day.series == "RUS-USA") == len(between) == 10
