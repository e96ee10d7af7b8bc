"""The event table keeps its schema, sums in whole numbers, and is written whole or not at all."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet
import pytest
from engine_examples import any_occurrence, occurrence
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.database_examples import icews, table

from detente.engine import (
    COLUMNS,
    EVENTS,
    HALVES,
    OWN,
    Engine,
    EventRow,
    all_events,
    connect,
    daily_sums,
    day_sums,
    event_rows,
    events_table,
    export,
    own_events,
)
from detente.engine.events import arrow_schema
from detente.engine.imports import import_events
from detente.errors import EngineError
from detente.terms import Dyad

RUS_USA = Dyad("RUS", "USA")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return connect()


def test_the_table_has_the_documented_columns_in_order(engine: Engine) -> None:
    schema = events_table([occurrence()], engine=engine).schema()
    assert [(name, str(kind)) for name, kind in schema.items()] == list(COLUMNS)


def test_an_empty_table_has_the_same_columns(engine: Engine) -> None:
    assert [*engine.events([]).columns] == [name for name, _ in COLUMNS]


def test_rows_come_back_from_the_table_as_they_went_in(engine: Engine) -> None:
    rows = event_rows([occurrence(), occurrence("o2", "SANCTION", "USA", "RUS", "2025-03")])
    stored = [EventRow(**values) for values in engine.events(rows).to_pyarrow().to_pylist()]
    assert tuple(stored) == rows.rows


def test_a_meeting_weighs_as_much_in_the_pair_as_in_each_direction(engine: Engine) -> None:
    events = engine.events(event_rows([occurrence()]))
    sums = day_sums(engine, events, RUS_USA, last_number=date(2025, 3, 1).toordinal())
    assert {s.series: s.weight for s in sums} == dict.fromkeys(("RUS>USA", "USA>RUS", "RUS-USA"), 800 * HALVES)


def test_sums_stop_at_the_last_day_asked_for(engine: Engine) -> None:
    events = engine.events(event_rows([occurrence(when="2025-04")]))
    sums = day_sums(engine, events, RUS_USA, last_number=date(2025, 4, 3).toordinal())
    assert {s.day_number for s in sums} == {date(2025, 4, d).toordinal() for d in (1, 2, 3)}
    assert {s.width_days for s in sums} == {30}


def test_a_dyad_without_events_has_no_sums(engine: Engine) -> None:
    assert day_sums(engine, engine.events(event_rows([occurrence()])), Dyad("CUB", "USA"), last_number=800_000) == []


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_sums_by_the_engine_equal_sums_by_hand(engine: Engine, data: st.DataObject) -> None:
    rows = event_rows([data.draw(any_occurrence(f"o{i}")) for i in range(5)])
    end = date(2025, 7, 1).toordinal()
    found = day_sums(engine, engine.events(rows), RUS_USA, last_number=end)
    for name in ("RUS>USA", "USA>RUS", "RUS-USA"):
        by_hand = Fraction(0)
        for row in rows:
            if {row.actor, row.recipient} == {"RUS", "USA"} and name in (f"{row.actor}>{row.recipient}", "RUS-USA"):
                days = max(0, min(row.last_number, end) - row.first_number + 1)
                shared = row.pair_rows if name == "RUS-USA" else 1
                by_hand += Fraction(row.weight_thousandths * row.score_tenths * days, row.width_days * shared)
        by_engine = sum(
            (Fraction(s.weight_score, s.width_days * HALVES) for s in found if s.series == name), Fraction()
        )
        assert by_engine == by_hand


def test_a_measure_leaves_no_table_behind(engine: Engine) -> None:
    before = engine.backend.list_tables()
    with engine.held(engine.events(event_rows([occurrence()]))) as events:
        assert day_sums(engine, events, RUS_USA, last_number=date(2025, 3, 1).toordinal())
    assert engine.backend.list_tables() == before


@pytest.mark.parametrize("url", ["mysql://localhost/events", "duckdb", "", "sqlite:///x"])
def test_a_database_of_an_unknown_kind_is_refused_with_those_that_are_known(url: str) -> None:
    with pytest.raises(EngineError, match=r"duckdb://, spark://.*docs/engines\.md"):
        connect(url)


def test_a_database_file_that_cannot_be_opened_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "no.duckdb").write_text("this is no database")
    with pytest.raises(EngineError, match=r"no\.duckdb"):
        connect(f"duckdb:///{tmp_path}/no.duckdb")


def test_a_calendar_that_ends_before_it_starts_is_refused(engine: Engine) -> None:
    with pytest.raises(EngineError, match="ends before it starts"):
        engine.calendar(2, 1)


@pytest.mark.parametrize("name", ["events.parquet", "events.csv"])
def test_an_export_holds_every_row_and_leaves_nothing_else_behind(tmp_path: Path, engine: Engine, name: str) -> None:
    rows = event_rows([occurrence(), occurrence("o2", when="2025-03")])
    export(rows, tmp_path / "from_rows" / name)
    export(engine.events(rows), tmp_path / "from_table" / name)
    for folder in ("from_rows", "from_table"):
        assert [path.name for path in (tmp_path / folder).iterdir()] == [name]
    read = (tmp_path / "from_rows" / name).read_bytes()
    if name.endswith(".csv"):
        assert read == (tmp_path / "from_table" / name).read_bytes()
        assert len(read.splitlines()) == 1 + len(rows)
    else:
        assert pyarrow.parquet.read_table(tmp_path / "from_rows" / name).num_rows == len(rows)


def test_an_export_that_fails_keeps_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "events.csv").mkdir()
    with pytest.raises(EngineError, match="cannot be written"):
        export(event_rows([occurrence()]), tmp_path / "events.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_an_export_of_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"\.parquet or \.csv"):
        export(event_rows([]), tmp_path / "events.xlsx")


def test_importing_the_room_does_not_import_a_database() -> None:
    import subprocess
    import sys

    code = "import sys, detente.engine, detente.measures; print({'ibis', 'duckdb', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_own_codings_are_rows_of_the_events_table(engine: Engine) -> None:
    rows = event_rows(
        [occurrence(), occurrence("o2", "SANCTION", "USA", "RUS", "2025-03"), occurrence("o3", realis="planned")]
    )
    own = own_events(rows)
    assert own.schema.equals(arrow_schema(EVENTS))
    meeting = [row for row in own.to_pylist() if row["occurrence"] == "detente:o1"]
    assert [(row["actor"], row["mirror"], row["day"]) for row in meeting] == [
        ("RUS", False, date(2025, 2, 18)), ("USA", True, date(2025, 2, 18)),
    ]  # fmt: skip
    assert len({row["act"] for row in meeting}) == 2
    assert len({row["joint_act"] for row in meeting}) == 1
    (measure,) = [row for row in own.to_pylist() if row["occurrence"] == "detente:o2"]
    assert (measure["day"], measure["day_number"], measure["type"]) == (None, None, "SANCTION")
    plan = [row for row in own.to_pylist() if row["occurrence"] == "detente:o3"]
    assert {(row["type"], row["code"]) for row in plan} == {("AGREE", "CONSULT")}


def test_one_table_holds_imported_rows_and_our_own(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "events.tab"
    path.write_text(table("icews", icews(day="2025-02-18")), encoding="utf-8")
    import_events("icews", [path], folder=tmp_path)
    rows = event_rows([occurrence()])
    every = daily_sums(all_events(engine, tmp_path, rows), RUS_USA).to_pyarrow().to_pylist()
    found = {(row["origin"], row["actor"]): (row["acts"], row["joint_acts"]) for row in every}
    assert found == {("detente", "RUS"): (1, 1), ("detente", "USA"): (1, 0), ("icews", "USA"): (1, 1)}
    for origin in ("icews", OWN):
        only = all_events(engine, tmp_path, rows, origin=origin)
        assert {row["origin"] for row in only.to_pyarrow().to_pylist()} == {origin}
