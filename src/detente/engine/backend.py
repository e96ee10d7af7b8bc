"""Tables through Ibis: the only file that knows which database answers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.engine.rows import EventRow, EventRows, event_rows
from detente.errors import EngineError
from detente.terms import Dyad, Occurrence

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends import BaseBackend
    from ibis.expr.types import Table

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


@dataclass(frozen=True)
class Engine:
    """An open database. Not to be shared between threads: open one in each.

    Attributes:
        url: What it was opened with.
        backend: The Ibis connection.
    """

    url: str
    backend: BaseBackend
    _count: itertools.count[int] = field(default_factory=itertools.count, repr=False)

    def table(self, columns: pa.Table, name: str = "table") -> Table:
        """Store columns as a temporary table of this connection."""
        return self.backend.create_table(f"{name}_{next(self._count)}", obj=columns, temp=True)

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
            # Ibis names a temporary table temp.main.events_0, and drops it by its last part alone.
            self.backend.drop_table(table.get_name().rpartition(".")[2])

    def close(self) -> None:
        self.backend.disconnect()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(url: str = "duckdb://") -> Engine:
    """Open the database that answers queries: DuckDB in memory, or in a file (`duckdb:///path/to/file.duckdb`).

    Raises:
        EngineError: The scheme is another, or the file cannot be opened.
    """
    scheme, separator, rest = url.partition("://")
    if scheme != "duckdb" or not separator:
        raise EngineError(
            f"engine {url!r}: only DuckDB is supported. Write duckdb:// or duckdb:///path/to/file.duckdb."
        )
    import duckdb
    import ibis

    try:
        # Extensions would be fetched from the network; nothing here needs one.
        backend = ibis.duckdb.connect(rest or ":memory:", autoinstall_known_extensions="false")
    except duckdb.Error as problem:
        raise EngineError(
            f"engine {url!r} cannot be opened: {problem}. Check the path and who else has it open."
        ) from (problem)
    return Engine(url, backend)


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
    import os
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
