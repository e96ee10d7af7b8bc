"""Imported event databases, read back: what they count between two states, day by day.

A table lies in `<dossier>/events/<database>/<sha256 of the file it came from>.parquet`. Databases are never added up:
each counts the same events in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from detente.engine.backend import connect
from detente.errors import EngineError
from detente.terms import Dyad

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from detente.engine.backend import Engine

IMPORTED_COLUMNS: tuple[tuple[str, str], ...] = (
    ("occurrence", "string"),
    ("actor", "string"),
    ("recipient", "string"),
    ("type", "string"),
    ("mode", "string"),
    ("quad", "int64"),
    ("score_tenths", "int64"),
    ("day", "date"),
    ("day_number", "int64"),
    ("origin", "string"),
    ("code", "string"),
    ("source", "string"),
    ("target", "string"),
    ("file", "string"),
    ("line", "int64"),
    ("repeat", "bool"),
    ("mirror", "bool"),
    ("act", "string"),
    ("joint_act", "string"),
)
"""Name and type of every column of an imported table, in order.

| column | meaning |
|---|---|
| occurrence | database and its own number of the event: `icews:32889836` |
| actor, recipient, type, mode, quad, score_tenths, day, day_number | as in `EventRow` |
| origin | `gdelt`, `icews`, `polecat` |
| code | CAMEO code; for POLECAT the type, or `TYPE/mode` |
| source, target | the two as the database names them |
| file, line | where the row stands; `file` is its name, without the folder |
| repeat | the same day, source, target and code stood earlier in this file |
| mirror | the same mutual act stood earlier in this file the other way round |
| act | the same for rows that repeat each other, in any file of this database |
| joint_act | the same for rows that repeat or mirror each other |
"""


@dataclass(frozen=True, slots=True)
class ImportedDay:
    """What one database has on one day, in one series.

    Attributes:
        origin: Database.
        series: `RUS>USA`, `USA>RUS`, or `RUS-USA` for both together.
        events: Acts, each counted once however often it is repeated, in whatever file. A meeting, which databases
            write both ways, counts once in each direction and once for the pair.
        score_sum_tenths: Sum of their PLOVER scores in tenths.
        rows: Rows behind them, repeats and mirrors included.
    """

    origin: str
    series: str
    day: date
    day_number: int
    events: int
    score_sum_tenths: int
    rows: int

    @property
    def mean_score(self) -> float:
        """On the scale of PLOVER, -10 to +10."""
        return self.score_sum_tenths / self.events / 10


@dataclass(frozen=True, slots=True)
class ImportedDaily:
    """Days on which imported databases have something between two states; other days are absent.

    Attributes:
        days: Sorted by database, series and day.
        files: Tables that were read.
    """

    dyad: Dyad
    days: tuple[ImportedDay, ...]
    files: tuple[Path, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(sorted({day.origin for day in self.days}))

    def series(self, origin: str, name: str) -> tuple[ImportedDay, ...]:
        """One database's days of one series (`RUS>USA`, or the dyad's own name)."""
        return tuple(day for day in self.days if day.origin == origin and day.series == name)

    def as_json(self) -> dict[str, object]:
        return {
            "dyad": str(self.dyad),
            "files": [path.name for path in self.files],
            "days": [
                {
                    "origin": day.origin,
                    "series": day.series,
                    "day": day.day.isoformat(),
                    "events": day.events,
                    "mean_score": round(day.mean_score, 6),
                    "rows": day.rows,
                }
                for day in self.days
            ],
        }

    def lines(self, *, last: int) -> list[str]:
        """The last days of each series of each database, for a terminal; databases are never added up."""
        if not self.days:
            return [f"{self.dyad}: nothing imported. Import a file with `detente import gdelt|icews|polecat FILE`."]
        out = []
        for origin in self.origins:
            for name in sorted({day.series for day in self.days if day.origin == origin}):
                found = self.series(origin, name)
                out.append(f"{origin} {name}: {sum(day.events for day in found)} events on {len(found)} days")
                out += [f"  {d.day}  {d.events:>4} events  mean score {d.mean_score:+.2f}" for d in found[-last:]]
        return out


def events_folder(folder: Path) -> Path:
    """Where a dossier keeps imported tables."""
    return folder / "events"


def imported_daily(folder: Path, dyad: Dyad, *, engine: Engine | None = None) -> ImportedDaily:
    """Count what was imported into a dossier, by database, direction and day.

    Args:
        folder: The dossier's folder.
        engine: Database that sums; one in memory is opened where none is given.

    Raises:
        EngineError: A table cannot be read.
    """
    paths = tuple(sorted(events_folder(folder).glob("*/[!.]*.parquet")))
    if not paths:
        return ImportedDaily(dyad, (), ())
    if engine is not None:
        return ImportedDaily(dyad, _days(engine, paths, dyad), paths)
    with connect() as opened:
        return ImportedDaily(dyad, _days(opened, paths, dyad), paths)


def _days(engine: Engine, paths: tuple[Path, ...], dyad: Dyad) -> tuple[ImportedDay, ...]:
    rows = _between(engine, paths, dyad)
    # The same act in two files has the same score: both follow from its code.
    acts = rows.group_by(["origin", "actor", "day_number", "act"]).aggregate(
        score=rows.score_tenths.max(), rows=rows.count()
    )
    joint_acts = rows.group_by(["origin", "day_number", "joint_act"]).aggregate(
        score=rows.score_tenths.max(), rows=rows.count()
    )
    a, b = dyad.sides
    names = {a: f"{a}>{b}", b: f"{b}>{a}"}
    found = []
    for table, by in ((acts, ["origin", "actor", "day_number"]), (joint_acts, ["origin", "day_number"])):
        sums = table.group_by(by).aggregate(events=table.count(), score=table.score.sum(), rows=table["rows"].sum())
        for row in sums.to_pyarrow().to_pylist():
            found.append(
                ImportedDay(
                    origin=row["origin"],
                    series=names.get(row.get("actor", ""), str(dyad)),
                    day=date.fromordinal(row["day_number"]),
                    day_number=row["day_number"],
                    events=row["events"],
                    score_sum_tenths=int(row["score"]),
                    rows=int(row["rows"]),
                )
            )
    return tuple(sorted(found, key=lambda day: (day.origin, day.series, day.day_number)))


def _between(engine: Engine, paths: tuple[Path, ...], dyad: Dyad) -> Table:
    # Arrow reads the files: it takes paths as they are, where DuckDB would read [ and * in a folder's name as patterns.
    import pyarrow as pa
    from pyarrow import dataset

    a, b = dyad.sides
    actor, recipient = dataset.field("actor"), dataset.field("recipient")
    wanted = ((actor == a) & (recipient == b)) | ((actor == b) & (recipient == a))
    columns = ["origin", "actor", "day_number", "score_tenths", "act", "joint_act"]
    try:
        held = dataset.dataset([str(path) for path in paths], format="parquet").to_table(columns=columns, filter=wanted)
    except (pa.ArrowInvalid, OSError, KeyError) as problem:
        raise EngineError(
            f"imported events cannot be read: {problem}. Delete the table that is named and import its file again."
        ) from problem
    return engine.table(held, "imported")
