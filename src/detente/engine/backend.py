"""Tables through Ibis: this file, `spark` and `servers` alone know which database answers."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, unquote

from detente.engine.rows import EventRow, EventRows, event_rows
from detente.errors import EngineError
from detente.terms import Dyad, Occurrence

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends import BaseBackend
    from ibis.expr.types import Table

    from detente.dossier import Dossier

_DATES = frozenset({"first", "last", "day"})
_TEXTS = frozenset(
    {
        "occurrence",
        "actor",
        "recipient",
        "type",
        "mode",
        "realis",
        "counted_as",
        "precision",
        "rank",
        "track",
        "decided",
    }
)
COLUMNS: tuple[tuple[str, str], ...] = tuple(
    (f.name, "date" if f.name in _DATES else "string" if f.name in _TEXTS else "int64") for f in fields(EventRow)
)
"""Name and type of every column of the event table, in order; meanings in `EventRow`."""


DEFAULT_ENGINE = "duckdb://"
ENGINE_VARIABLE = "DETENTE_ENGINE"
"""Environment variable that names the engine, before the dossier's own setting."""


@dataclass(frozen=True)
class Engine:
    """An open database. Not to be shared between threads: open one in each.

    Attributes:
        url: What it was opened with, without passwords.
        backend: The Ibis connection.
    """

    url: str
    backend: BaseBackend
    _count: itertools.count[int] = field(default_factory=itertools.count, repr=False)

    def table(self, columns: pa.Table, name: str = "table") -> Table:
        """Store columns as a temporary table of this connection."""
        return self.backend.create_table(self._unused(name), obj=columns, temp=True)

    def parquet(self, paths: Sequence[Path], columns: Sequence[str] | None = None, name: str = "files") -> Table:
        """Open Parquet files of one schema as one table, with these columns or all.

        Paths are taken literally, whatever `[`, `*` or `=` stands in the names of their folders. DuckDB and Spark read
        the files when a query asks for them (every worker must see them under the same path); PostgreSQL and BigQuery
        are sent their rows now.

        Raises:
            EngineError: No path is given, or a file is missing, no Parquet, or without one of the columns.
        """
        import pyarrow as pa

        files = self._present(paths)
        with self._reading(pa.ArrowException, OSError):
            # Dictionaries are how Arrow wrote strings, and no type of a database.
            return self.table(_plain(_dataset(files).to_table(columns=None if columns is None else [*columns])), name)

    def events(self, rows: EventRows | Iterable[EventRow]) -> Table:
        """Store directed rows as a table with the columns of `COLUMNS`."""
        return self.table(event_columns(rows), "events")

    def calendar(self, first_number: int, last_number: int) -> Table:
        """A table with every day number of a stretch, both ends included.

        Raises:
            EngineError: It ends before it starts.
        """
        # A stored table: Ibis cannot unnest a generated range on every database it speaks to.
        import pyarrow as pa

        if last_number < first_number:
            raise EngineError(f"calendar from day {first_number} to {last_number}: it ends before it starts.")
        return self.table(pa.table({"day_number": pa.array(range(first_number, last_number + 1), pa.int64())}), "days")

    @contextmanager
    def held(self, table: Table) -> Iterator[Table]:
        """Use a stored table and drop it afterwards: a server keeps one engine open for days."""
        try:
            yield table
        finally:
            self.drop(table)

    def drop(self, table: Table) -> None:
        """Drop what `table`, `parquet`, `events` or `calendar` gave; files stay."""
        self.backend.drop_table(self._name(table))

    def close(self) -> None:
        self.backend.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _unused(self, name: str) -> str:
        return f"{name}_{next(self._count)}"

    @staticmethod
    def _name(table: Table) -> str:
        # Ibis names a temporary table temp.main.events_0, and drops it by its last part alone.
        return str(table.get_name().rpartition(".")[2])

    def _present(self, paths: Sequence[Path]) -> list[Path]:
        files = [Path(path).absolute() for path in paths]
        if not files:
            raise EngineError("no Parquet file to read. Name at least one.")
        for file in files:
            if not file.is_file():
                raise EngineError(f"{file}: there is no such file. Import its rows again, or restore it.")
        return files

    @contextmanager
    def _reading(self, *problems: type[Exception]) -> Iterator[None]:
        try:
            yield
        except problems as problem:
            raise EngineError(
                f"Parquet files cannot be read by engine {self.url}: {first_line(problem)} "
                "Check that all are Parquet of one schema; delete what is damaged and import it again."
            ) from problem


@dataclass(frozen=True)
class DuckDB(Engine):
    """DuckDB in this process, in memory or in a file."""

    _views: set[str] = field(default_factory=set, repr=False)

    def parquet(self, paths: Sequence[Path], columns: Sequence[str] | None = None, name: str = "files") -> Table:
        import duckdb
        from ibis.common.exceptions import IbisError

        literal = [_GLOB.sub(r"[\g<0>]", str(file)) for file in self._present(paths)]
        view = self._unused(name)
        with self._reading(duckdb.Error, IbisError, OSError):
            # A folder called month=2025-01 would add a column that no other engine sees.
            table: Table = self.backend.read_parquet(literal, table_name=view, hive_partitioning=False)
            self._views.add(view)
            return table if columns is None else table.select(*columns)

    def drop(self, table: Table) -> None:
        # A choice of columns is an expression over its view.
        for view in _tables_of(table) & self._views:
            self.backend.drop_view(view)
            self._views.discard(view)
            return
        super().drop(table)


_GLOB = re.compile(r"[\[*?]")
_SECRETS = re.compile(r"(?<=://)([^/@:]*):[^/@]*(?=@)|\b(token|password|secret)=[^;&]*", re.IGNORECASE)
_DUCKDB_SETTINGS = ("memory_limit", "temp_directory", "threads")


def engine_url(case: Dossier | None = None) -> str:
    """Which engine to open: what `DETENTE_ENGINE` in the environment says, or the dossier, or DuckDB in memory."""
    return os.environ.get(ENGINE_VARIABLE, "").strip() or (case.engine if case else "") or DEFAULT_ENGINE


@contextmanager
def chosen_engine(case: Dossier) -> Iterator[Engine | None]:
    """The engine that somebody asked for, open; None where nobody did, and rows are added up without one."""
    url = engine_url(case)
    if url == DEFAULT_ENGINE:
        yield None
    else:
        with connect(url) as engine:
            yield engine


def connect(url: str | None = None) -> Engine:
    """Open the database that answers queries.

    Args:
        url: Where it is; `engine_url()` where nothing is given.

            | address | opens |
            |---|---|
            | `duckdb://`, `duckdb:///path/to/file.duckdb` | DuckDB; `?threads=2&memory_limit=3GB&temp_directory=/tmp` |
            | `spark://host:7077` | a Spark standalone cluster; its secret is read from `DETENTE_SPARK_SECRET` |
            | `spark+local://`, `spark+local://2` | Spark in this process, with all cores or two |
            | `sc://host:15002` | a Spark Connect server |
            | `postgresql://user@host:5432/database` | PostgreSQL |
            | `bigquery://project/dataset` | BigQuery; never tried against the service |

    Raises:
        EngineError: The scheme is another, its extra is not installed, or it cannot be opened.
    """
    url = engine_url() if url is None else url
    scheme, separator, rest = url.partition("://")
    opener = _OPENERS.get(scheme) if separator else None
    if opener is None:
        raise EngineError(
            f"engine {shown(url)!r} is not known. Write one of {', '.join(f'{name}://' for name in _OPENERS)}, "
            "as docs/engines.md says."
        )
    try:
        return opener(url, rest)
    except ModuleNotFoundError as problem:
        extra = {"spark+local": "spark", "sc": "spark", "postgresql": "postgres"}.get(scheme, scheme)
        raise EngineError(
            f"engine {shown(url)!r} needs {problem.name}, which is not installed. Run pip install 'detente[{extra}]'."
        ) from problem


def shown(url: str) -> str:
    """An engine's address without the passwords and tokens in it."""
    return _SECRETS.sub(lambda found: f"{found[1]}:…" if found[2] is None else f"{found[2]}=…", url)


def settings_of(url: str, rest: str) -> tuple[str, dict[str, str]]:
    """Split `path?key=value&key=value` into the path and the settings.

    Raises:
        EngineError: A setting has no value, or is given twice.
    """
    path, _, query = rest.partition("?")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError as problem:
        raise EngineError(f"engine {shown(url)!r}: {problem}. Write ?key=value&key=value.") from problem
    settings = dict(pairs)
    if len(settings) < len(pairs) or "" in settings.values():
        raise EngineError(f"engine {shown(url)!r}: a setting is given twice or has no value. Give each one once.")
    return path, settings


def first_line(problem: BaseException) -> str:
    """What a database's complaint begins with, as a sentence: the rest is a trace of its own code."""
    lines = [line.strip(" :") for line in str(problem).splitlines() if line.strip(" :")]
    # Spark's first line says which call of ours failed, its second why.
    wanted = lines[1:] if lines and lines[0].startswith("An error occurred while calling") else lines
    return (wanted or [type(problem).__name__])[0].rstrip(".") + "."


def _duckdb(url: str, rest: str) -> Engine:
    import duckdb
    import ibis

    path, settings = settings_of(url, rest)
    for name in settings:
        if name not in _DUCKDB_SETTINGS:
            raise EngineError(f"engine {url!r}: no setting {name!r}. Set {', '.join(_DUCKDB_SETTINGS)}.")
    try:
        backend = ibis.duckdb.connect(
            unquote(path) or ":memory:",
            # Extensions would be fetched from the network; nothing here needs one.
            autoinstall_known_extensions="false",
            # Nothing here relies on the order of rows, and keeping it costs memory.
            preserve_insertion_order="false",
            **settings,
        )
    except (duckdb.Error, OSError) as problem:
        raise EngineError(
            f"engine {url!r} cannot be opened: {problem}. Check the path, the settings and who else has it open."
        ) from problem
    return DuckDB(url, backend)


def _spark(url: str, rest: str) -> Engine:
    from detente.engine.spark import open_spark

    return open_spark(url, rest)


def _postgres(url: str, _: str) -> Engine:
    from detente.engine.servers import open_postgres

    return open_postgres(url)


def _bigquery(url: str, rest: str) -> Engine:
    from detente.engine.servers import open_bigquery

    return open_bigquery(url, rest)


_OPENERS: dict[str, Callable[[str, str], Engine]] = {
    "duckdb": _duckdb,
    "spark": _spark,
    "spark+local": _spark,
    "sc": _spark,
    "postgresql": _postgres,
    "bigquery": _bigquery,
}


def _dataset(files: Sequence[Path]) -> Any:
    from pyarrow import dataset

    return dataset.dataset([str(file) for file in files], format="parquet")


def _plain(columns: pa.Table) -> pa.Table:
    import pyarrow as pa

    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in columns.schema
    ]
    return columns.cast(pa.schema(fields))


def _tables_of(table: Table) -> set[str]:
    import ibis.expr.operations as ops

    return {node.name.rpartition(".")[2] for node in table.op().find(ops.DatabaseTable)}


def event_columns(rows: EventRows | Iterable[EventRow]) -> pa.Table:
    """Directed rows as Arrow columns, with the types of `COLUMNS`."""
    import pyarrow as pa

    kinds: dict[str, Any] = {"date": pa.date32(), "string": pa.string(), "int64": pa.int64()}
    held = list(rows)
    return pa.table({name: pa.array([getattr(row, name) for row in held], kinds[kind]) for name, kind in COLUMNS})


def events_table(occurrences: Iterable[Occurrence], *, engine: Engine, dyad: Dyad | None = None, **how: Any) -> Table:
    """The event table of these occurrences; `how` as in `event_rows`, which also says what was left out."""
    return engine.events(event_rows(occurrences, dyad=dyad, **how))


def export(table: Table | EventRows, path: Path) -> Path:
    """Write a table to `.parquet` or `.csv`; the file appears whole or not at all.

    Raises:
        EngineError: The name ends otherwise, or the file cannot be written.
    """
    import tempfile

    import pyarrow.csv
    import pyarrow.parquet

    if path.suffix not in (".parquet", ".csv"):
        raise EngineError(f"{path}: cannot tell the format from {path.suffix!r}. End the name in .parquet or .csv.")
    columns: pa.Table = event_columns(table) if isinstance(table, EventRows) else table.to_pyarrow()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                if path.suffix == ".parquet":
                    pyarrow.parquet.write_table(columns, file, compression="zstd")
                else:
                    pyarrow.csv.write_csv(columns, file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.chmod(0o644)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as problem:
        raise EngineError(f"{path} cannot be written: {problem}. Check the folder and the space left.") from problem
    return path
