"""What event databases cost here: import, update, sums by dyad and day; beside hand-written code for the same work.

    python benchmarks/events.py all                              every table, as Markdown; about ten minutes
    python benchmarks/events.py aggregate --rows 1M,10M,100M     needs 5 GB of disk for 100 M rows
    python benchmarks/events.py import --files 600 --runs 5 --folder /tmp/made-up --json import.json

Each figure is the median of interleaved runs, each in a process of its own, so that peak memory and CPU seconds are its
own. Libraries are loaded before the clock starts; files are in the page cache. Rows are made up (`event_files.py`);
with `--folder` they are kept for the next run. Polars and pandas come with the development group.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

OURS = "detente"
BY_HAND = "DuckDB, by hand"
POLARS = "Polars"
PANDAS = "pandas"
DYAD = ("RUS", "USA")
MEMORY = "3GB"
ENGINE = f"duckdb://?memory_limit={MEMORY}"
SETTINGS = {"memory_limit": MEMORY, "preserve_insertion_order": "false"}
UPDATES = 20
STORE_ROWS = 7_000_000
MILLION = 1_000_000
Work = Callable[[], Any]

# --- Work that is measured: each function loads what it needs and gives back what the clock runs for ------------------

KEYS = ("origin", "actor", "recipient", "day_number")
SQL = """
select origin, actor, recipient, day_number,
    count(*)::bigint as rows,
    (count(*) filter (not repeat))::bigint as acts,
    (count(*) filter (not repeat and not mirror))::bigint as joint_acts,
    coalesce(sum(score_tenths) filter (not repeat), 0)::bigint as score_sum_tenths,
    coalesce(sum(score_tenths) filter (not repeat and not mirror), 0)::bigint as joint_score_sum_tenths
from read_parquet($paths)
where score_tenths is not null and actor <> recipient {pair}
group by all
"""
SQL_FROM_SUMS = """
select actor, day_number, sum(acts), sum(score_sum_tenths)
from read_parquet($paths)
where (actor = $a and recipient = $b) or (actor = $b and recipient = $a)
group by all order by all
"""
PAIR = "and ((actor = $a and recipient = $b) or (actor = $b and recipient = $a))"


def aggregate_detente(store: str, blocks: int, dyad: bool) -> Work:
    from detente.engine import connect, daily_sums
    from detente.terms import Dyad

    paths = event_paths(Path(store), blocks)
    with connect(ENGINE) as engine:
        engine.calendar(1, 2).to_pyarrow()

    def work() -> Any:
        with connect(ENGINE) as engine:
            return daily_sums(engine.parquet(paths), Dyad(*DYAD) if dyad else None).to_pyarrow()

    return work


def aggregate_duckdb(store: str, blocks: int, dyad: bool) -> Work:
    import duckdb

    paths = [str(path) for path in event_paths(Path(store), blocks)]
    duckdb.connect().execute("select $one", {"one": 1}).to_arrow_table()

    def work() -> Any:
        with duckdb.connect(config=SETTINGS) as database:
            given = {"paths": paths, **({"a": DYAD[0], "b": DYAD[1]} if dyad else {})}
            return database.execute(SQL.format(pair=PAIR if dyad else ""), given).to_arrow_table()

    return work


def aggregate_polars(store: str, blocks: int, dyad: bool) -> Work:
    import polars as pl

    paths = event_paths(Path(store), blocks)
    pl.LazyFrame({"one": [1]}).collect(engine="streaming").to_arrow()

    def work() -> Any:
        act, joint = ~pl.col("repeat"), ~pl.col("repeat") & ~pl.col("mirror")
        score = pl.col("score_tenths").cast(pl.Int64)
        rows = pl.scan_parquet(paths, hive_partitioning=False).filter(
            pl.col("score_tenths").is_not_null(), pl.col("actor") != pl.col("recipient")
        )
        if dyad:
            a, b = (pl.lit(side) for side in DYAD)
            actor, recipient = pl.col("actor"), pl.col("recipient")
            rows = rows.filter(((actor == a) & (recipient == b)) | ((actor == b) & (recipient == a)))
        sums = rows.group_by(KEYS).agg(
            rows=pl.len().cast(pl.Int64),
            acts=act.sum().cast(pl.Int64),
            joint_acts=joint.sum().cast(pl.Int64),
            score_sum_tenths=score.filter(act).sum(),
            joint_score_sum_tenths=score.filter(joint).sum(),
        )
        return sums.collect(engine="streaming").to_arrow()

    return work


def _warmed(paths: Sequence[Path], out: str, take: Callable[[Sequence[Path], Path], dict[str, int]]) -> Work:
    """Work on all files, one of them taken before the clock starts: libraries load and word lists are read once."""
    warm, real = Path(out) / "warm", Path(out) / "real"
    for folder in (warm, real):
        folder.mkdir()
    take(paths[:1], warm)
    return lambda: take(paths, real)


def import_detente(zips: str, files: int, out: str) -> Work:
    from detente.engine.imports import import_events
    from detente.registry import load

    registry = load()

    def take(paths: Sequence[Path], place: Path) -> dict[str, int]:
        report = import_events("gdelt", paths, folder=place, registry=registry)
        return {"rows": report.counts.lines, "quarantined": report.counts.quarantined}

    return _warmed(zip_paths(Path(zips), files), out, take)


def import_duckdb(zips: str, files: int, out: str) -> Work:
    import zipfile

    import duckdb

    def take(paths: Sequence[Path], place: Path) -> dict[str, int]:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            for path in paths:
                with zipfile.ZipFile(path) as archive:
                    archive.extractall(folder)
            with duckdb.connect(config=SETTINGS) as database:
                made = database.execute(
                    "copy (from read_csv($files, delim='\t', header=false, quote='', escape='', auto_detect=false, "
                    "columns=$columns)) to $table (format parquet, compression zstd)",
                    {
                        "files": f"{folder}/*",
                        "columns": _gdelt_columns("bigint", "double", "varchar"),
                        "table": str(place / "rows.parquet"),
                    },
                )
                return {"rows": made.fetchall()[0][0]}

    return _warmed(zip_paths(Path(zips), files), out, take)


def import_polars(zips: str, files: int, out: str) -> Work:
    import zipfile

    import polars as pl

    schema = _gdelt_columns(pl.Int64, pl.Float64, pl.String)

    def take(paths: Sequence[Path], place: Path) -> dict[str, int]:
        parts = []
        for path in paths:
            with zipfile.ZipFile(path) as archive:
                text = archive.read(archive.namelist()[0])
            parts.append(pl.read_csv(text, separator="\t", has_header=False, quote_char=None, schema=schema))
        whole = pl.concat(parts)
        whole.write_parquet(place / "rows.parquet", compression="zstd")
        return {"rows": len(whole)}

    return _warmed(zip_paths(Path(zips), files), out, take)


def import_pandas(zips: str, files: int, out: str) -> Work:
    import csv

    import pandas as pd

    kinds = _gdelt_columns("Int64", "float64", "str")
    how = {
        "sep": "\t", "header": None, "names": list(kinds), "dtype": kinds, "quoting": csv.QUOTE_NONE,
        "keep_default_na": False, "na_values": {name: "" for name, kind in kinds.items() if kind != "str"},
    }  # fmt: skip

    def take(paths: Sequence[Path], place: Path) -> dict[str, int]:
        whole = pd.concat([pd.read_csv(path, **how) for path in paths])
        whole.to_parquet(place / "rows.parquet", compression="zstd")
        return {"rows": len(whole)}

    return _warmed(zip_paths(Path(zips), files), out, take)


def _gdelt_columns(whole: Any, broken: Any, text: Any) -> dict[str, Any]:
    """Types of GDELT 2.0's 61 columns: whole numbers, broken ones and text."""
    kinds = {f"c{at}": text for at in range(61)}
    kinds |= {f"c{at}": whole for at in (0, 1, 2, 3, 25, 29, 31, 32, 33, 35, 43, 51, 59)}
    return kinds | {f"c{at}": broken for at in (4, 30, 34, 40, 41, 48, 49, 56, 57)}


def update_detente(store: str, zips: str, first: int) -> Work:
    import pyarrow.csv
    import pyarrow.dataset
    import pyarrow.parquet  # noqa: F401

    from detente.engine.imports import import_events
    from detente.registry import load

    registry = load()
    paths = zip_paths(Path(zips), first + UPDATES)[first:]

    def work() -> dict[str, Any]:
        taken = []
        for path in paths:
            start = time.perf_counter()
            import_events("gdelt", [path], folder=Path(store), registry=registry)
            taken.append(1000 * (time.perf_counter() - start))
        return {"ms": taken}

    return work


def update_duckdb(store: str, zips: str, first: int) -> Work:
    """The least an update does: unzip, parse, drop numbers that are known, add rows and sums in one transaction."""
    import zipfile

    import duckdb

    paths = zip_paths(Path(zips), first + UPDATES)[first:]

    def work() -> dict[str, Any]:
        taken = []
        with duckdb.connect(str(Path(store) / "by-hand.duckdb"), config=SETTINGS) as database:
            for path in paths:
                start = time.perf_counter()
                with tempfile.TemporaryDirectory() as folder:
                    with zipfile.ZipFile(path) as archive:
                        archive.extractall(folder)
                    database.execute("begin")
                    database.execute(
                        UPDATE_NEW, {"files": f"{folder}/*", "columns": _gdelt_columns("bigint", "double", "varchar")}
                    )
                    database.execute("insert into events from new")
                    database.execute(UPDATE_SUMS)
                    database.execute("drop table new")
                    database.execute("commit")
                taken.append(1000 * (time.perf_counter() - start))
        return {"ms": taken}

    return work


UPDATE_NEW = """
create temp table new as
select c0 as id, (strptime(c1::varchar, '%Y%m%d')::date - date '0001-01-01' + 1)::int as day_number, c7 as actor,
    c17 as recipient, score_tenths, c26 as code, c60 as url
from read_csv($files, delim='\t', header=false, quote='', escape='', auto_detect=false, columns=$columns)
left join codes on code = c26
where c0 not in (select id from events)
"""
UPDATE_SUMS = """
insert into sums
select actor, recipient, day_number, count(*), sum(score_tenths) from new
where score_tenths is not null and actor <> recipient and actor is not null and recipient is not null
group by all
on conflict do update set acts = acts + excluded.acts, score = score + excluded.score
"""


def make_by_hand(store: Path, paths: Sequence[Path]) -> None:
    """The store of `update_duckdb`, with the rows of ours."""
    import duckdb
    from event_files import codes

    from detente.codebook import crosswalk, score_tenths

    with duckdb.connect(str(store / "by-hand.duckdb"), config=SETTINGS) as database:
        database.execute("create table codes (code varchar, score_tenths int)")
        scored = [(code, crosswalk()[code]) for code, _ in codes()]
        database.executemany(
            "insert into codes values (?, ?)",
            [(code, score_tenths(of.type, of.mode) if of.type else None) for code, of in scored],
        )
        database.execute(
            "create table events as select split_part(occurrence, ':', 2)::bigint as id, day_number, actor, recipient, "
            "score_tenths, code, url from read_parquet($paths)",
            {"paths": [str(path) for path in paths]},
        )
        database.execute(
            "create table sums (actor varchar, recipient varchar, day_number int, acts bigint, score bigint, "
            "primary key (actor, recipient, day_number))"
        )
        database.execute(
            "insert into sums select actor, recipient, day_number, count(*), sum(score_tenths) from events "
            "where score_tenths is not null and actor <> recipient group by all"
        )


def dyad_detente(store: str) -> Work:
    import pyarrow.dataset  # noqa: F401

    from detente.engine.imported import imported_daily
    from detente.terms import Dyad

    def once() -> int:
        daily = imported_daily(Path(store), Dyad(*DYAD))
        return sum(day.events for day in daily.days if day.series != f"{DYAD[0]}-{DYAD[1]}")

    return _repeated(once)


def dyad_duckdb(store: str) -> Work:
    import duckdb

    from detente.engine.lake import Lake
    from detente.terms import Dyad

    def once() -> int:
        paths = [str(path) for path in Lake(Path(store)).sums(dyad=Dyad(*DYAD))]
        with duckdb.connect() as database:
            found = database.execute(
                SQL_FROM_SUMS,
                {"paths": paths, "a": DYAD[0], "b": DYAD[1]},
            ).fetchall()
        return int(sum(row[2] for row in found))

    return _repeated(once)


def _repeated(once: Callable[[], int]) -> Work:
    def work() -> dict[str, Any]:
        taken, found = [], set()
        for _ in range(UPDATES):
            start = time.perf_counter()
            found.add(once())
            taken.append(1000 * (time.perf_counter() - start))
        return {"ms": taken, "acts": sorted(found)}

    return work


WORK: Mapping[str, Mapping[str, Callable[..., Work]]] = {
    "aggregate": {OURS: aggregate_detente, BY_HAND: aggregate_duckdb, POLARS: aggregate_polars},
    "import": {OURS: import_detente, BY_HAND: import_duckdb, POLARS: import_polars, PANDAS: import_pandas},
    "update": {OURS: update_detente, BY_HAND: update_duckdb},
    "dyad": {OURS: dyad_detente, BY_HAND: dyad_duckdb},
}

# --- One run in a process of its own ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """One run: wall and CPU seconds of the work, peak memory of the process, and what came out.

    `loading` is what came before, in seconds: importing libraries.
    """

    loading: float
    wall: float
    cpu: float
    peak_mb: float
    answer: Any


def run_here(case: str, who: str, given: Mapping[str, Any]) -> Run:
    """Do one piece of work in this process, which does nothing else."""
    start = time.perf_counter()
    work = WORK[case][who](**given)
    gc.collect()
    loading = time.perf_counter() - start
    cpu, start = _cpu(), time.perf_counter()
    answer = work()
    wall, cpu, peak = time.perf_counter() - start, _cpu() - cpu, _peak_mb()
    return Run(loading, wall, cpu, peak, answer if isinstance(answer, dict) else _digest(answer))


def _cpu() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak_mb() -> float:
    """Peak resident memory of this program; what getrusage says may be that of the process which started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _digest(table: Any) -> dict[str, Any]:
    """Number of rows, and a digest of all of them whatever their order and the width of their integers."""
    import pyarrow as pa

    kinds = [pa.string() if name in KEYS[:3] else pa.int64() for name in table.column_names]
    plain = table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True))))
    ordered = plain.sort_by([(name, "ascending") for name in KEYS]).combine_chunks()
    digest = hashlib.sha256()
    for name in sorted(ordered.column_names):
        column = ordered.column(name).combine_chunks()
        words = column.to_numpy(zero_copy_only=False) if name not in KEYS[:3] else None
        digest.update(words.tobytes() if words is not None else "\n".join(column.to_pylist()).encode())
    return {"rows": table.num_rows, "digest": digest.hexdigest()[:16]}


def run(case: str, who: str, given: Mapping[str, Any]) -> Run:
    """Do one piece of work in a process of its own."""
    out = tempfile.mkdtemp(dir=given["out"]) if "out" in given else None
    try:
        asked = json.dumps([case, who, {**given, **({"out": out} if out else {})}])
        done = subprocess.run(  # noqa: S603 - this file, with what it was given
            [sys.executable, __file__, "run", asked], capture_output=True, text=True, check=False, env=_environment()
        )
        if done.returncode:
            raise SystemExit(f"{case}, {who}: {done.stderr.strip()[-2000:]}")
        return Run(**json.loads(done.stdout.splitlines()[-1]))
    finally:
        if out:
            shutil.rmtree(out)


def _environment() -> dict[str, str]:
    # Modules are compiled once, as after any installation, wherever the code lies.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "detente-benchmark-compiled")}


def interleaved(
    case: str, given: Mapping[str, Any] | Callable[[int], Mapping[str, Any]], runs: int, who: Sequence[str] = ()
) -> dict[str, list[Run]]:
    """Runs of all contenders in turn, a different one first each time."""
    names = list(who or WORK[case])
    found: dict[str, list[Run]] = {name: [] for name in names}
    for round_ in range(runs):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            print(f"{case}: {name}, run {round_ + 1} of {runs} …", file=sys.stderr, flush=True)
            found[name].append(run(case, name, given(round_) if callable(given) else given))
    return found


# --- Tables -----------------------------------------------------------------------------------------------------------


@dataclass
class Table:
    """A table of the report.

    Attributes:
        title: What was done, and to how much.
        command: The command that makes this table.
        rows: Cells by column.
        notes: Sentences below it.
        runs: Every run, for `--json`.
    """

    title: str
    command: str
    rows: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def markdown(self) -> str:
        heads = list(self.rows[0])
        body = ["| " + " | ".join(row[head] for head in heads) + " |" for row in self.rows]
        head = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
        return "\n".join([f"### {self.title}", "", f"`{self.command}`", "", *head, *body, "", *self.notes, ""])


def _median(runs: Sequence[Run], figure: str) -> float:
    return statistics.median(getattr(run, figure) for run in runs)


def _spread(runs: Sequence[Run], figure: str = "wall") -> str:
    values = sorted(getattr(run, figure) for run in runs)
    return f"{statistics.median(values):.2f} ({values[0]:.2f}–{values[-1]:.2f})"


def _same(runs: Mapping[str, Sequence[Run]], what: str) -> str:
    answers = {json.dumps(run.answer[what]) for held in runs.values() for run in held}
    return "yes" if len(answers) == 1 else "NO: " + ", ".join(sorted(answers))


def number(rows: int) -> str:
    return f"{rows // MILLION} M" if rows >= MILLION and rows % MILLION == 0 else f"{rows:,}"


def aggregate(place: Path, sizes: Sequence[int], runs: int) -> list[Table]:
    """Sums by dyad and day, one dyad and all, at several sizes."""
    tables = []
    for rows in sizes:
        blocks = -(-rows // MILLION)
        make_store(place / "store", blocks)
        paths = event_paths(place / "store", blocks)
        needed, whole = _bytes_of(paths, (*KEYS, "score_tenths", "repeat", "mirror"))
        speed = sequential_read(sorted((place / "store").rglob("*.parquet"), key=lambda path: -path.stat().st_size))
        for dyad in (True, False):
            found = interleaved("aggregate", {"store": str(place / "store"), "blocks": blocks, "dyad": dyad}, runs)
            what = "one dyad" if dyad else "all dyads"
            table = Table(
                f"Sums by day, {what}, {number(rows)} rows", f"python benchmarks/events.py aggregate --rows {rows}",
                runs=found,
            )  # fmt: skip
            by_hand = _median(found[BY_HAND], "wall")
            fastest = min(_median(held, "wall") for held in found.values())
            for name, held in found.items():
                wall = _median(held, "wall")
                table.rows.append(
                    {
                        "": name, "wall s, least–most": _spread(held), "to by hand": f"{wall / by_hand:.2f}",
                        "to fastest": f"{wall / fastest:.2f}", "CPU s": f"{_median(held, 'cpu'):.2f}",
                        "peak MB": f"{_median(held, 'peak_mb'):,.0f}",
                        "loading s": f"{_median(held, 'loading'):.2f}",
                    }
                )  # fmt: skip
            allowed = 1.1 * by_hand + 0.2
            ours = _median(found[OURS], "wall")
            table.notes = [
                f"Same rows in every run: {_same(found, 'digest')} ({found[OURS][0].answer['rows']:,} sums). "
                f"Ours {ours:.2f} s; 1.1 × by hand + 0.2 s is {allowed:.2f} s: "
                f"{'within' if ours <= allowed else 'MISSED'}.",
                f"Columns needed: {needed / 1e6:,.1f} MB of {whole / 1e6:,.0f} MB; at {speed / 1e9:.2f} GB/s of "
                f"sequential reading {needed / speed:.3f} s, the least any reader takes from this disk.",
            ]
            tables.append(table)
    return tables


def _bytes_of(paths: Sequence[Path], columns: Sequence[str]) -> tuple[int, int]:
    """Compressed bytes of these columns, and of the whole files."""
    import pyarrow.parquet

    needed = 0
    for path in paths:
        about = pyarrow.parquet.read_metadata(path)
        for group in range(about.num_row_groups):
            for at in range(about.num_columns):
                column = about.row_group(group).column(at)
                if column.path_in_schema in columns:
                    needed += column.total_compressed_size
    return needed, sum(path.stat().st_size for path in paths)


def sequential_read(paths: Sequence[Path]) -> float:
    """Bytes a second of reading files from the disk, one gigabyte at most, past the page cache if it can be told to."""
    size, taken = 0, 0.0
    for path in paths:
        with path.open("rb", buffering=0) as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            start = time.perf_counter()
            while block := file.read(1 << 24):
                size += len(block)
            taken += time.perf_counter() - start
        if size > 1e9:
            break
    return size / taken


def imports(place: Path, files: int, runs: int) -> list[Table]:
    """Many small zips of GDELT into a new store."""
    make_zips(place / "zips", files)
    out = place / "out"
    out.mkdir(parents=True, exist_ok=True)
    found = interleaved("import", {"zips": str(place / "zips"), "files": files, "out": str(out)}, runs)
    rows = found[OURS][0].answer["rows"]
    table = Table(
        f"Import of {files} zips of 15 minutes, {rows:,} rows", f"python benchmarks/events.py import --files {files}",
        runs=found,
    )  # fmt: skip
    fastest = min(_median(held, "wall") for held in found.values())
    for name, held in found.items():
        wall, cpu = _median(held, "wall"), _median(held, "cpu")
        table.rows.append(
            {
                "": name, "rows/s": f"{rows / wall:,.0f}", "rows per CPU s": f"{rows / cpu:,.0f}",
                "wall s, least–most": _spread(held), "to fastest": f"{wall / fastest:.2f}",
                "peak MB": f"{_median(held, 'peak_mb'):,.0f}", "loading s": f"{_median(held, 'loading'):.2f}",
            }
        )  # fmt: skip
    table.notes = [
        f"All took the same number of rows: {_same(found, 'rows')}. The others write the 61 columns as they stand, and "
        "check nothing but types; ours checks every line, resolves countries and codes, marks repeats and mirrors, and "
        "writes daily sums."
    ]
    return [table]


def updates(place: Path, runs: int) -> list[Table]:
    """One 15-minute file into a store that holds seven million rows."""
    blocks = STORE_ROWS // MILLION
    store = place / "updated"
    shutil.rmtree(store, ignore_errors=True)
    make_store(store, blocks)
    make_by_hand(store, event_paths(store, blocks))
    first = 96 * (STORE_ROWS // 160_000 + 1)
    make_zips(place / "later", UPDATES * runs, first=first)
    given = {"store": str(store), "zips": str(place / "later")}
    found = interleaved("update", lambda round_: {**given, "first": UPDATES * round_}, runs)
    table = Table(
        f"One file of 15 minutes (1,667 rows) into a store of {number(STORE_ROWS)} rows, {UPDATES} in turn",
        "python benchmarks/events.py update", runs=found,
    )  # fmt: skip
    for name, held in found.items():
        table.rows.append({"": name, **_times(held)})
    table.notes = ["By hand: unzip, parse, drop numbers that are known, add rows and sums to one DuckDB file."]
    shutil.rmtree(store)
    return [table]


def _times(held: Sequence[Run]) -> dict[str, str]:
    p50 = statistics.median(statistics.median(run.answer["ms"]) for run in held)
    return {
        "p50 ms": f"{p50:.1f}",
        "p95 ms": f"{statistics.median(float(np.percentile(run.answer['ms'], 95)) for run in held):.1f}",
        "most ms": f"{statistics.median(max(run.answer['ms']) for run in held):.1f}",
        "first ms": f"{statistics.median(run.answer['ms'][0] for run in held):.1f}",
        "CPU ms each": f"{1000 * _median(held, 'cpu') / UPDATES:.1f}",
        "peak MB": f"{_median(held, 'peak_mb'):,.0f}",
    }


def dyads(place: Path, rows: int, runs: int) -> list[Table]:
    """One dyad from the daily sums that an import leaves."""
    make_store(place / "store", rows // MILLION)
    found = interleaved("dyad", {"store": str(place / "store")}, runs)
    table = Table(
        f"One dyad from the daily sums of {number(rows)} rows, {UPDATES} times",
        f"python benchmarks/events.py dyad --rows {rows}", runs=found,
    )  # fmt: skip
    for name, held in found.items():
        table.rows.append({"": name, **_times(held)})
    table.notes = [f"Same number of acts in every run: {_same(found, 'acts')}."]
    return [table]


def linear(place: Path, sizes: Sequence[int], files: Sequence[int], runs: int) -> list[Table]:
    """Whether cost grows with the number of rows and no faster."""
    tables = []
    make_store(place / "store", -(-max(sizes) // MILLION))
    made: dict[int, list[Run]] = {}
    for rows in sizes:
        given = {"store": str(place / "store"), "blocks": -(-rows // MILLION), "dyad": False}
        made[rows] = interleaved("aggregate", given, runs, [OURS])[OURS]
    tables.append(_fitted("Sums of all dyads by number of rows", made))
    make_zips(place / "zips", max(files))
    (place / "out").mkdir(parents=True, exist_ok=True)
    taken: dict[int, list[Run]] = {}
    for count in files:
        held = interleaved(
            "import", {"zips": str(place / "zips"), "files": count, "out": str(place / "out")}, runs, [OURS]
        )[OURS]
        taken[held[0].answer["rows"]] = held
    tables.append(_fitted("Import of zips by number of rows", taken))
    return tables


def _fitted(title: str, made: Mapping[int, list[Run]]) -> Table:
    table = Table(title, "python benchmarks/events.py linear", runs={number(rows): held for rows, held in made.items()})
    rows = np.array(list(made), float)
    cost = np.array([_median(held, "cpu") for held in made.values()])
    slope, start = np.polyfit(rows, cost, 1)
    left = cost - (start + slope * rows)
    explained = 1 - (left**2).sum() / ((cost - cost.mean()) ** 2).sum()
    exponent = np.polyfit(np.log(rows), np.log(cost), 1)[0]
    for count, held in made.items():
        cpu = _median(held, "cpu")
        table.rows.append(
            {
                "rows": f"{count:,}", "CPU s": f"{cpu:.2f}", "CPU µs a row": f"{1e6 * cpu / count:.3f}",
                "fit": f"{start + slope * count:.2f}", "wall s, least–most": _spread(held),
                "peak MB": f"{_median(held, 'peak_mb'):,.0f}",
            }
        )  # fmt: skip
    table.notes = [
        f"Least squares: {start:.2f} s + {1e6 * slope:.3f} µs a row, R² {explained:.4f}; cost grows with the "
        f"{exponent:.2f}th power of the rows (1 is linear)."
    ]
    return table


# --- Made-up data -----------------------------------------------------------------------------------------------------


def make_store(folder: Path, blocks: int) -> None:
    """A dossier's imported events as the importer writes them: a batch for a million rows, from 600 files."""
    import pyarrow.compute as pc
    from event_files import draw, events

    from detente.engine.lake import Lake, Unfinished

    missing = [block for block in range(blocks) if not _marker(folder, block).exists()]
    if not missing:
        return
    method, codebook, file = _file_entry()
    with Lake(folder).writing("gdelt") as place:
        for block in missing:
            print(f"making rows: {block + 1} of {blocks} million …", file=sys.stderr, flush=True)
            rows = events(draw(block * MILLION, MILLION))
            with Unfinished(place, "gdelt") as written:
                written.write(rows.take(pc.sort_indices(rows, [("day_number", "ascending")])))
                written.sum_up()
                batch = written.finish(
                    method, codebook, [{"sha256": f"{600 * block + at:064x}", **file} for at in range(600)]
                )
            _marker(folder, block).write_text(batch.name)
        while Lake(folder).gather("gdelt", place):
            pass


def _file_entry() -> tuple[str, str, Mapping[str, Any]]:
    """The importer's method, its codebook, and what it notes of one 15-minute file."""
    from detente.engine.imports import import_events
    from detente.engine.lake import Lake

    with tempfile.TemporaryDirectory() as name:
        make_zips(Path(name) / "zips", 1)
        report = import_events("gdelt", zip_paths(Path(name) / "zips", 1), folder=Path(name))
        (batch,) = Lake(Path(name)).batches("gdelt")
    (file,) = report.files
    counts = {what: count for what, count in asdict(file.counts).items() if count}
    return batch.method, batch.codebook, {"file": Path(file.file).name, "counts": counts}


def _marker(folder: Path, block: int) -> Path:
    return folder / f"block-{block}"


def event_paths(folder: Path, blocks: int) -> list[Path]:
    """Files with the rows of the first blocks."""
    names = [f"batch={_marker(folder, block).read_text()}" for block in range(blocks)]
    return [path for name in names for path in sorted((folder / "events" / "gdelt" / name).glob("month=*/*.parquet"))]


def make_zips(folder: Path, files: int, *, first: int = 0) -> None:
    from event_files import write_zips

    there = len(zip_paths(folder, files))
    if there < files:
        print(f"making {files - there} zips …", file=sys.stderr, flush=True)
        list(write_zips(folder, files - there, first=first + there))


def zip_paths(folder: Path, files: int) -> list[Path]:
    return sorted(folder.glob("*.zip"))[:files]


def machine() -> str:
    """Where the figures come from."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("duckdb", "ibis-framework", "polars", "pandas", "pyarrow")
    )
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, {libraries}; load average at the start {os.getloadavg()[0]:.1f}."
    )


def count(text: str) -> int:
    """`10M`, `600k` or plain digits."""
    scale = {"k": 1_000, "M": MILLION}.get(text[-1:], 1)
    return int(float(text.rstrip("kM")) * scale)


def counts(text: str) -> list[int]:
    return [count(part) for part in text.split(",")]


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        print(json.dumps(asdict(run_here(*json.loads(sys.argv[2])))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", choices=["import", "update", "aggregate", "dyad", "linear", "all"])
    parser.add_argument(
        "--rows", type=counts, help="sizes: for aggregate 1M,10M; for linear 1M,2M,5M,10M; for dyad 10M"
    )
    parser.add_argument("--files", type=counts, help="number of zips: for import 600; for linear 150,300,600,1200")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep made-up data here; else it is deleted at the end")
    parser.add_argument("--json", type=Path, help="write every run to this file")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="detente-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[Table] = []
    about = machine()
    try:
        if given.case in ("import", "all"):
            tables += imports(folder, (given.files or [600])[-1], given.runs)
        if given.case in ("update", "all"):
            tables += updates(folder, given.runs)
        if given.case in ("dyad", "all"):
            tables += dyads(folder, (given.rows or [10 * MILLION])[-1], given.runs)
        if given.case in ("aggregate", "all"):
            tables += aggregate(folder, given.rows or [MILLION, 10 * MILLION], given.runs)
        if given.case in ("linear", "all"):
            sizes = given.rows or [MILLION, 2 * MILLION, 5 * MILLION, 10 * MILLION]
            tables += linear(folder, sizes, given.files or [150, 300, 600], given.runs)
    finally:
        if not given.folder:
            shutil.rmtree(folder, ignore_errors=True)
    print("\n".join([about, "", *(table.markdown() for table in tables)]))
    if given.json:
        held = {"machine": about, "tables": [asdict(table) for table in tables]}
        given.json.write_text(json.dumps(held, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
