"""The same expressions give the same rows, to the last digit, on every engine: real servers, started here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from event_tables import directed_rows, events_columns
from tests.servers import SparkCluster, answers

from detente.engine import COLUMNS, Engine, connect, daily_sums, day_sums, engine_url, pair_sums, track_sums
from detente.errors import EngineError
from detente.terms import Dyad

RUS_USA = Dyad("RUS", "USA")
FIRST, LAST = date(2025, 1, 10).toordinal(), date(2025, 4, 20).toordinal()

Rows = list[dict[str, Any]]
Expression = Callable[[Engine, Any, Any], Any]

# Each is given an engine, the events table and the table of our own codings. A new expression belongs here.
EXPRESSIONS: dict[str, Expression] = {
    "every pair, day by day": lambda engine, events, own: daily_sums(events),
    "every pair with classes and squares": lambda engine, events, own: daily_sums(events, quads=True, squares=True),
    "one pair, day by day": lambda engine, events, own: daily_sums(events, RUS_USA),
    "one pair over both directions": lambda engine, events, own: pair_sums(daily_sums(events), RUS_USA),
    "our own codings, day by day": lambda engine, events, own: day_sums(engine, own, RUS_USA, last_number=LAST),
    "our own codings by track and month": lambda engine, events, own: track_sums(
        own, RUS_USA, first_number=FIRST, last_number=LAST
    ),
    "a calendar": lambda engine, events, own: engine.calendar(FIRST, LAST),
    "every column of the events table": lambda engine, events, own: events,
    "every column of our own codings": lambda engine, events, own: own,
}


def computed(answer: Any) -> Rows:
    """Rows of an answer in an order of their own, as Python values."""
    rows = answer.to_pyarrow().to_pylist() if hasattr(answer, "to_pyarrow") else [asdict(row) for row in answer]
    return sorted(rows, key=repr)


def answers_of(engine: Engine) -> dict[str, Rows]:
    with engine.held(engine.table(events_columns(), "events")) as events, engine.held(engine.events(OWN)) as own:
        return {name: computed(make(engine, events, own)) for name, make in EXPRESSIONS.items()}


OWN = directed_rows()


@pytest.fixture(scope="module")
def expected() -> dict[str, Rows]:
    with connect("duckdb://") as engine:
        return answers_of(engine)


@pytest.fixture(scope="module", params=["duckdb", "postgres", "spark", "spark_connect"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    url = {
        "duckdb": lambda: "duckdb://?threads=1",
        "postgres": lambda: request.getfixturevalue("postgres_url"),
        "spark_connect": lambda: request.getfixturevalue("spark_connect_url"),
        "spark": lambda: request.getfixturevalue("spark").url,
    }[request.param]()
    if request.param == "spark":
        request.getfixturevalue("stranger")  # has a minute to wait, and may as well begin
    with connect(url) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(engine: Engine) -> dict[str, Rows]:
    return answers_of(engine)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_gives_the_same_rows_as_on_duckdb(
    name: str, found: dict[str, Rows], expected: dict[str, Rows]
) -> None:
    assert expected[name]
    assert [list(map(type, row.values())) for row in found[name]] == [
        list(map(type, row.values())) for row in expected[name]
    ]
    assert found[name] == expected[name]


def test_a_table_comes_back_as_it_was_stored(found: dict[str, Rows]) -> None:
    assert found["every column of the events table"] == sorted(events_columns().to_pylist(), key=repr)
    assert found["every column of our own codings"] == sorted(
        ({name: getattr(row, name) for name, _ in COLUMNS} for row in OWN), key=repr
    )


def test_types_of_a_stored_table_are_those_it_came_with(engine: Engine) -> None:
    columns = events_columns(20)
    with engine.held(engine.table(columns)) as table:
        assert table.to_pyarrow().schema.types == columns.schema.types


def test_an_empty_table_can_be_stored_and_summed(engine: Engine) -> None:
    with engine.held(engine.table(events_columns(0))) as table:
        assert daily_sums(table, quads=True).to_pyarrow().num_rows == 0


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three files in folders whose names are patterns, beside decoys that those patterns would match."""
    folder = tmp_path_factory.mktemp("lake")
    columns, paths = events_columns(), []
    for i, name in enumerate(("us [and] russia", "a*b?{c}", "origin=none'")):
        path = folder / name / f"month=2025-0{i + 1}" / "rows-0.parquet"
        path.parent.mkdir(parents=True)
        pyarrow.parquet.write_table(columns.slice(i * 1500, 1500), path, compression="zstd")
        paths.append(path)
    for decoy in ("us a russia", "axxbyc"):
        path = folder / decoy / "month=2025-01" / "rows-0.parquet"
        path.parent.mkdir(parents=True)
        pyarrow.parquet.write_table(columns, path)
    return paths


def test_files_give_the_rows_that_a_table_gives_and_no_column_of_their_folders(
    engine: Engine, files: list[Path], expected: dict[str, Rows]
) -> None:
    with engine.held(engine.parquet(files)) as events:
        assert [*events.columns] == events_columns(0).column_names
        for name in ("every pair with classes and squares", "every column of the events table"):
            assert computed(EXPRESSIONS[name](engine, events, None)) == expected[name]


def test_only_the_columns_asked_for_are_read(engine: Engine, files: list[Path]) -> None:
    wanted = ["day_number", "repeat", "quad"]
    with engine.held(engine.parquet(files[:1], wanted)) as events:
        read = events.to_pyarrow()
    assert read.schema == events_columns(0).select(wanted).schema.remove_metadata()
    assert read.num_rows == 1500


@pytest.mark.parametrize(
    ("content", "message"), [(None, "there is no such file"), (b"PAR1 this is none", "cannot be read")]
)
def test_a_file_that_is_missing_or_damaged_is_refused(
    engine: Engine, tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "rows-0.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError, match=message):
        engine.parquet([path])


def test_a_column_that_no_file_has_is_refused(engine: Engine, files: list[Path]) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        engine.parquet(files, ["actor", "no_such_column"])


def test_nothing_that_was_held_is_left_behind(engine: Engine, files: list[Path]) -> None:
    before = engine.backend.list_tables()
    for table in (engine.events(OWN[:3]), engine.calendar(1, 3), engine.parquet(files), engine.parquet(files, ["day"])):
        with engine.held(table):
            pass
    assert engine.backend.list_tables() == before


# What only a cluster can get wrong.


@pytest.fixture(scope="module")
def stranger(spark: SparkCluster) -> Iterator[subprocess.Popen[str]]:
    """A program with another secret; Spark lets it try for a minute, so it is started before it is asked about."""
    program = subprocess.Popen(
        [sys.executable, "-c", f"from detente.engine import connect; connect({spark.url!r})"],
        env={**os.environ, "DETENTE_SPARK_SECRET": "guessed"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield program
    if program.poll() is None:
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def test_the_cluster_takes_no_jobs_over_http(spark: SparkCluster) -> None:
    assert not answers(spark.rest_port)
    assert answers(int(spark.address.rpartition(":")[2]))


def test_the_secret_is_no_argument_of_any_process(spark: SparkCluster, stranger: object) -> None:
    with connect(spark.url):
        shown = []
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                shown.append(file.read_bytes())
            except OSError:
                continue  # that process has ended
    assert any(b"org.apache.spark" in line for line in shown)
    assert not any(spark.secret.encode() in line for line in shown)


def test_closing_one_engine_leaves_the_others_of_its_cluster_open(spark: SparkCluster) -> None:
    with connect(spark.url) as one:
        calendar = one.calendar(1, 5)
        with connect(spark.url) as other:
            # Each numbers its tables from 0: they are not the same ones.
            assert other.calendar(1, 3).count().to_pyarrow().as_py() == 3
        assert calendar.count().to_pyarrow().as_py() == 5


def test_a_process_that_has_one_spark_open_is_refused_another(spark: SparkCluster) -> None:
    with connect(spark.url), pytest.raises(EngineError, match="another Spark open"):
        connect("spark+local://1")


def test_a_client_without_the_secret_says_so_at_once(spark: SparkCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETENTE_SPARK_SECRET")
    with pytest.raises(EngineError, match="Set DETENTE_SPARK_SECRET"):
        connect(spark.url)


def test_the_job_ends_with_the_right_rows_when_a_worker_is_killed_under_it(
    spark: SparkCluster, stranger: object, files: list[Path], expected: dict[str, Rows], tmp_path: Path
) -> None:
    parts = 16

    def slow(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import time
        import uuid
        from pathlib import Path

        # Executors work in a folder of their worker: the mark says who ran this part.
        (Path(marks) / f"{uuid.uuid4().hex}.part").write_text(str(Path.cwd()))
        time.sleep(0.5)
        yield from batches

    marks = str(tmp_path)

    def begun() -> list[Path]:
        return sorted(tmp_path.glob("*.part"), key=lambda path: path.stat().st_mtime_ns)

    with connect(spark.url) as engine:
        session = engine.backend._session
        frame = session.table(engine.parquet(files).get_name()).repartition(parts)
        frame.mapInArrow(slow, frame.schema).createTempView("slow_events")
        answer: list[Rows] = []
        expression = daily_sums(engine.backend.table("slow_events"), quads=True, squares=True)
        job = threading.Thread(target=lambda: answer.append(computed(expression)))
        job.start()
        until = time.monotonic() + 120
        while len(begun()) < 5 and time.monotonic() < until:
            time.sleep(0.05)
        victim = next(i for i in range(len(spark.workers)) if f"work-{i}" in begun()[-1].read_text())
        before = len(begun())
        # With the executors and Python processes it started, as when a machine loses its power.
        os.killpg(spark.workers[victim].pid, signal.SIGKILL)
        job.join(timeout=180)
    assert before < parts
    assert len(begun()) > parts, "no part was run again, so nothing was lost"
    assert answer == [expected["every pair with classes and squares"]]


def test_a_client_with_another_secret_is_refused(stranger: subprocess.Popen[str], spark: SparkCluster) -> None:
    output, _ = stranger.communicate(timeout=180)
    assert stranger.returncode == 1
    assert "EngineError" in output
    assert "DETENTE_SPARK_SECRET is its secret" in output
    assert spark.secret not in output


# Addresses.


def test_nobody_at_the_address_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("DETENTE_SPARK_SECRET", "x")
    with pytest.raises(EngineError, match="nobody answers there"):
        connect("spark://127.0.0.1:1")
    with pytest.raises(EngineError, match="Check host, port"):
        connect("postgresql://someone:hidden@127.0.0.1:1/db")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("spark://host", "no host and port"),
        ("spark://host:7077?spark.authenticate.secret=abc", "the secret goes into DETENTE_SPARK_SECRET"),
        ("spark://host:7077?threads=2", "'threads' cannot be set here"),
        ("spark+local://many", "no number of cores"),
        ("duckdb://?cores=2", "no setting 'cores'"),
        ("duckdb://?threads=2&threads=3", "given twice"),
        ("duckdb://?threads", "Write \\?key=value"),
        ("duckdb://?memory_limit=lots", "cannot be opened"),
        ("bigquery://project", "Write bigquery://project/dataset"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_with_the_remedy(
    url: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_SPARK_SECRET", "x")
    with pytest.raises(EngineError, match=message) as refused:
        connect(url)
    assert "abc" not in str(refused.value)


def test_a_password_in_an_address_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError) as refused:
        connect("postgresql://someone:hidden@127.0.0.1:1/db?password=hidden")
    assert "hidden" not in str(refused.value)


def test_an_engine_whose_extra_is_missing_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(EngineError, match=r"pip install 'detente\[postgres\]'"):
        connect("postgresql://localhost/db")


def test_settings_of_duckdb_are_taken_from_its_address(tmp_path: Path) -> None:
    with connect(f"duckdb://{tmp_path}/a%3Fb.duckdb?threads=2&memory_limit=1GB&temp_directory={tmp_path}/spill") as it:
        assert it.backend.settings["threads"] == "2"
        assert it.backend.settings["memory_limit"] == "953.6 MiB"
        assert it.backend.settings["temp_directory"] == f"{tmp_path}/spill"
    assert (tmp_path / "a?b.duckdb").exists()


def test_the_environment_chooses_the_engine_before_the_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.dossier import parse

    case = parse('[dossier]\nname = "x"\ndyad = "RUS-USA"\nsince = 2025-01-01\nengine = "duckdb://?threads=1"\n')
    monkeypatch.delenv("DETENTE_ENGINE", raising=False)
    assert (engine_url(), engine_url(case)) == ("duckdb://", "duckdb://?threads=1")
    monkeypatch.setenv("DETENTE_ENGINE", "duckdb://?threads=2")
    assert engine_url(case) == "duckdb://?threads=2"
    with connect() as engine:
        assert engine.backend.settings["threads"] == "2"


def test_the_index_of_a_dossier_is_the_same_on_the_server_that_the_environment_names(
    sample: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente import workflow
    from detente.publish import situation

    with workflow.opened(sample) as (case, ledger):
        monkeypatch.setenv("DETENTE_ENGINE", "duckdb://")
        here = situation.of(case, ledger).index_json()
        monkeypatch.setenv("DETENTE_ENGINE", postgres_url)
        assert situation.of(case, ledger).index_json() == here
        monkeypatch.setenv("DETENTE_ENGINE", "postgresql://127.0.0.1:1/none")
        with pytest.raises(EngineError, match="cannot be opened"):
            situation.of(case, ledger)
