"""Imported event databases, read back: what they count between two states, day by day.

Databases are never added up: each counts the same events in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from detente.engine.lake import Lake
from detente.errors import EngineError
from detente.terms import Dyad

if TYPE_CHECKING:
    import pyarrow as pa


_DIRECTED = ("acts", "score_sum_tenths", "rows")
_JOINT = ("joint_acts", "joint_score_sum_tenths", "rows")
_NEEDED = ("origin", "actor", "day_number", "width_days", *dict.fromkeys((*_DIRECTED, *_JOINT)))


class ImportedDay(NamedTuple):
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
class CountedSpan:
    """What one table of counts has between two states: it enters no daily count.

    Attributes:
        origin: Database.
        series: As in `ImportedDay`.
        stretches: How many stretches it counts, of a year or a day each.
        first, last: First day of the first stretch, last of the last.
        events: Events it counts; None where it has net scores alone, which are sums of Goldstein scores.
    """

    origin: str
    series: str
    stretches: int
    first: date
    last: date
    events: int | None


@dataclass(frozen=True, slots=True)
class ImportedDaily:
    """Days on which imported databases have something between two states; other days are absent.

    Attributes:
        days: Sorted by database, series and day.
        files: Tables of sums that were read.
        counted: What came as tables of counts, sorted by database and series.
    """

    dyad: Dyad
    days: tuple[ImportedDay, ...]
    files: tuple[Path, ...]
    counted: tuple[CountedSpan, ...] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(sorted({day.origin for day in self.days}))

    def series(self, origin: str, name: str) -> tuple[ImportedDay, ...]:
        """One database's days of one series (`RUS>USA`, or the dyad's own name)."""
        return tuple(day for day in self.days if day.origin == origin and day.series == name)

    def as_json(self) -> dict[str, object]:
        return {
            "dyad": str(self.dyad),
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
            "counted": [
                {**asdict(span), "first": span.first.isoformat(), "last": span.last.isoformat()}
                for span in self.counted
            ],
        }

    def lines(self, *, last: int) -> list[str]:
        """The last days of each series of each database, for a terminal; databases are never added up."""
        if not self.days and not self.counted:
            return [f"{self.dyad}: nothing imported. Import a file with `detente import gdelt|icews|polecat FILE`."]
        out = []
        for origin in self.origins:
            for name in sorted({day.series for day in self.days if day.origin == origin}):
                found = self.series(origin, name)
                out.append(f"{origin} {name}: {sum(day.events for day in found)} events on {len(found)} days")
                out += [f"  {d.day}  {d.events:>4} events  mean score {d.mean_score:+.2f}" for d in found[-last:]]
        for span in self.counted:
            what = "net scores" if span.events is None else f"{span.events} events"
            out.append(f"{span.origin} {span.series}, table of counts: {what}, {span.first} to {span.last}")
        return out


def imported_daily(folder: Path, dyad: Dyad) -> ImportedDaily:
    """Count what was imported into a dossier, by database, direction and day, from the sums kept beside the rows.

    Args:
        folder: The dossier's folder.

    Raises:
        EngineError: A table cannot be read.
    """
    import pyarrow.compute as pc

    held, files = sums_between(folder, dyad, _NEEDED)
    if held is None:
        return ImportedDaily(dyad, (), ())
    of_days = pc.and_(pc.equal(held["width_days"], 1), pc.is_valid(held["acts"]))
    added = added_by_day(held.filter(of_days), dyad, _DIRECTED, _JOINT)
    made = zip(
        added.origins, added.series, map(date.fromordinal, added.days), added.days, *added.sums, strict=True
    )  # fmt: skip
    # A direction may hold only rows that repeat or mirror what other days' imports brought.
    found = tuple(day for day in map(ImportedDay._make, made) if day.events)
    return ImportedDaily(dyad, found, tuple(files), _counted(held.filter(pc.invert(of_days)), dyad))


def sums_between(
    folder: Path, dyad: Dyad, columns: Sequence[str], *, origin: str | None = None
) -> tuple[pa.Table | None, list[Path]]:
    """Rows of the daily sums between two states, with the files they were read from; None where nothing is imported.

    Args:
        columns: Of `detente.engine.events.SUMS`.
        origin: This database alone, or all.

    Raises:
        EngineError: A table cannot be read.
    """
    import pyarrow as pa
    from pyarrow import dataset

    lake = Lake(folder)
    paths = lake.sums(origin, dyad=dyad)
    a, b = dyad.sides
    actor, recipient = dataset.field("actor"), dataset.field("recipient")
    wanted = ((actor == a) & (recipient == b)) | ((actor == b) & (recipient == a))
    while paths:
        try:
            held = dataset.dataset([str(path) for path in paths], format="parquet").to_table(
                columns=list(columns), filter=wanted
            )
        except (pa.ArrowInvalid, OSError, KeyError) as problem:
            before, paths = paths, lake.sums(origin, dyad=dyad)
            if paths != before:
                # An import merged batches while they were read.
                continue
            raise EngineError(
                f"imported events cannot be read: {problem}. Delete the batch that is named and import its files again."
            ) from problem
        return held, paths
    return None, []


@dataclass(frozen=True, slots=True)
class AddedByDay:
    """Sums by database, series and day, sorted by them: an entry of each field for each.

    Attributes:
        series: `RUS-USA`, `RUS>USA` or `USA>RUS`.
        days: Days since 0001-01-01, which is 1.
        sums: The columns that were asked for, in their order.
    """

    origins: list[str]
    series: list[str]
    days: list[int]
    sums: tuple[list[int], ...]


def added_by_day(sums: pa.Table, dyad: Dyad, directed: Sequence[str], joint: Sequence[str]) -> AddedByDay:
    """Add up what batches have of each day, in each direction and for the pair.

    Args:
        sums: From `sums_between`, of single days.
        directed: Columns that are added in each direction.
        joint: As many that are added for the pair, in their place.
    """
    import numpy as np
    import pyarrow.compute as pc

    if not sums.num_rows:
        return AddedByDay([], [], [], tuple([] for _ in directed))
    databases = pc.unique(sums["origin"]).sort()
    origins = databases.to_pylist()
    series = [str(dyad), *map(str, dyad.directed())]
    origin, reverse, day = (
        column.to_numpy().astype(np.int64)
        for column in (
            pc.index_in(sums["origin"], databases), pc.equal(sums["actor"], dyad.second), sums["day_number"]
        )
    )  # fmt: skip
    # A day takes 22 bits.
    pair = (origin * len(series) << 22) + day
    key = np.concatenate([pair, pair + (1 + reverse << 22)])
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    added = tuple(
        np.add.reduceat(np.concatenate([sums[two].to_numpy(), sums[one].to_numpy()])[order], starts).tolist()
        for one, two in zip(directed, joint, strict=True)
    )
    named, days = np.divmod(key[order][starts], 1 << 22)
    return AddedByDay(
        [origins[at // len(series)] for at in named.tolist()],
        [series[at % len(series)] for at in named.tolist()],
        days.tolist(),
        added,
    )


def _counted(sums: pa.Table, dyad: Dyad) -> tuple[CountedSpan, ...]:
    """What came as counts by year, or as net scores by day, which have no acts."""
    found: dict[tuple[str, str, bool], list[tuple[int, int, int]]] = {}
    names = {a: f"{a}>{b}" for a, b in (dyad.sides, dyad.sides[::-1])}
    for row in sums.to_pylist():
        net = row["acts"] is None
        series = str(dyad) if net else names[row["actor"]]
        last = row["day_number"] + row["width_days"] - 1
        found.setdefault((row["origin"], series, net), []).append((row["day_number"], last, row["acts"] or 0))
    return tuple(
        CountedSpan(
            origin, series, len(stretches), date.fromordinal(min(first for first, _, _ in stretches)),
            date.fromordinal(max(last for _, last, _ in stretches)), None if net else sum(n for _, _, n in stretches),
        )
        for (origin, series, net), stretches in sorted(found.items())
    )  # fmt: skip
