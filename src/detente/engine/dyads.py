"""What an event database has between two states, in the form that measures take: as our own codings come to them.

A database does not say, or not reliably, when it learned of an event. Asked `as_of` a day, it is cut at that day by
the day of the event; that is not the ledger's replay by day of recording, and whoever shows it says so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.engine.aggregates import FULL, QUADS, DaySum
from detente.engine.events import SUMS
from detente.engine.imported import sums_between
from detente.engine.kept import Kept, key_of
from detente.engine.lake import Lake
from detente.engine.rows import LeftOut
from detente.errors import EngineError
from detente.terms import Dyad

if TYPE_CHECKING:
    import pyarrow as pa

_ACT = FULL
"""Weight of an act of a database, in the half-thousandths of `DaySum`: as an event of full confidence."""
_COLUMNS = [name for name, _ in SUMS if name not in ("origin", "recipient")]


@dataclass(frozen=True, slots=True)
class ImportedEvents:
    """The daily sums of one dyad in one database; index, weekly scores and breaks take it in place of `EventRows`.

    Attributes:
        origin: Database.
        sums: Of each direction and of the pair, by series and day. An act that is repeated counts once. In the sums of
            the pair a mutual act counts once, but for its four classes, where it counts in each direction.
        left_out: Nothing: what a database could not give is in its quarantine.
    """

    origin: str
    dyad: Dyad
    sums: tuple[DaySum, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def first(self) -> date | None:
        """The first day with an act."""
        return date.fromordinal(min(s.day_number for s in self.sums)) if self.sums else None

    @property
    def last(self) -> date | None:
        """The last day with an act."""
        return date.fromordinal(max(s.day_number for s in self.sums)) if self.sums else None

    def reasons(self) -> dict[str, int]:
        """As of `EventRows`; empty."""
        return {}


@dataclass(frozen=True, slots=True)
class NetScore:
    """One day of a table of net scores (sums of Goldstein scores of a pair, without direction), in tenths.

    Attributes:
        world: The world's total of absolute scores that day; None where the table has none.
    """

    day: date
    score: int
    world: int | None


@dataclass(frozen=True, slots=True)
class YearCounts:
    """Events of one state toward another in a year, by class."""

    series: str
    year: int
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int


def imported_events(folder: Path, dyad: Dyad, origin: str, *, last: date | None = None) -> ImportedEvents:
    """Read what a database has between two states.

    Args:
        folder: The dossier's folder.
        last: Leave out later days.

    Raises:
        EngineError: Nothing of this database was imported, or a table cannot be read.
    """
    import numpy as np

    held = _held(folder, dyad, origin, last)
    a, b = dyad.sides
    if held is None:
        return ImportedEvents(origin, dyad, ())
    held = held.filter(_daily(counted=True))
    read = {name: held.column(name).to_numpy() for name in _COLUMNS if name not in ("actor", "width_days")}
    from_a = np.array(held.column("actor").to_pylist(), dtype=object) == a
    found: list[DaySum] = []
    for series, mine, which in (
        (f"{a}>{b}", from_a, ""),
        (f"{b}>{a}", ~from_a, ""),
        (str(dyad), np.ones_like(from_a), "joint_"),
    ):
        days, at = np.unique(read["day_number"][mine], return_inverse=True)
        columns = {"rows": "rows", "weight": f"{which}acts", "weight_score": f"{which}score_sum_tenths"}
        columns |= {"weight_score2": f"{which}score2_sum"} | {name: name for name in QUADS}
        summed = {name: np.zeros(len(days), np.int64) for name in columns}
        for name, column in columns.items():
            np.add.at(summed[name], at, read[column][mine].astype(np.int64) * (1 if name == "rows" else _ACT))
        rows = zip(*(column.tolist() for column in summed.values()), strict=True)
        found += [
            DaySum(series=series, day_number=day, width_days=1, **dict(zip(summed, row, strict=True)))
            for day, row in zip(days.tolist(), rows, strict=True)
            # A direction may hold only rows that repeat or mirror what other imports brought.
            if row[1]
        ]
    return ImportedEvents(origin, dyad, tuple(sorted(found, key=lambda s: (s.series, s.day_number))))


def heaviest_rows(
    folder: Path,
    dyad: Dyad,
    origin: str,
    *,
    first: date,
    last: date,
    count: int = 3,
    quads: Sequence[int] = (1, 2, 3, 4),
    monthly: bool = False,
    kept: Kept | None = None,
) -> dict[tuple[str, date], tuple[str, ...]]:
    """Name the rows that weigh most in each day of each series, as `file:line`.

    The strongest scores come first; among equal ones, those with most mentions, then by line.

    Args:
        folder: The dossier's folder.
        first, last: Days looked at, both included.
        count: Most rows for a day.
        quads: Quad classes looked at.
        monthly: Those of each month, under its first day, and not of each day.
        kept: Where the names of months whose tables have not changed since are found; they are named by whole months.

    Returns:
        By series and day; days without acts are absent. What repeats an act is not named, nor, for the pair, what
        mirrors one.

    Raises:
        EngineError: A table cannot be read.
    """
    import numpy as np

    lake = Lake(folder)
    if kept is None:
        paths = lake.tables(origin, first=first.toordinal(), last=last.toordinal())
        return _heaviest(paths, dyad, first, last, count, quads, monthly)
    if monthly:
        raise EngineError("rows kept are those of days. Ask for those of months without kept.")
    months: dict[str, list[Path]] = defaultdict(list)
    for path in lake.tables(origin, first=first.toordinal(), last=last.toordinal()):
        months[path.parent.name].append(path)
    name, key = f"heaviest-{origin}-{dyad}-{''.join(map(str, quads))}", key_of(__file__, count)
    found = _known(kept.read(name, key))
    signed = {month: _signature(paths) for month, paths in months.items()}
    changed = [month for month, signature in signed.items() if found.get(month, ("",))[0] != signature]
    if changed:
        paths = [path for month in changed for path in months[month]]
        begin, end = _days_of(min(changed))[0], _days_of(max(changed))[1]
        named: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {month: [] for month in changed}
        for (series, day), rows in _heaviest(paths, dyad, begin, end, count, quads).items():
            named[f"month={day:%Y-%m}"].append((series, day.toordinal(), rows))
        found |= {month: (signed[month], named[month]) for month in changed}
        if len(found) > 1:
            kept.write(name, key, {"months": np.frombuffer(json.dumps(found).encode(), np.uint8)})
    bounds = range(first.toordinal(), last.toordinal() + 1)
    return {
        (series, date.fromordinal(day)): tuple(rows)
        for month in months
        for series, day, rows in found[month][1]
        if day in bounds
    }


def _known(held: Mapping[str, Any] | None) -> dict[str, tuple[str, list[tuple[str, int, tuple[str, ...]]]]]:
    return json.loads(held["months"].tobytes()) if held else {}


def _signature(paths: Sequence[Path]) -> str:
    """What changes when the tables of a month do: each is written once, in a batch of its own name."""
    looked = [(str(path.relative_to(path.parents[2])), path.stat()) for path in paths]
    return repr([(name, found.st_size, found.st_mtime_ns) for name, found in looked])


def _days_of(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month.removeprefix('month=')}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _heaviest(
    paths: Sequence[Path],
    dyad: Dyad,
    first: date,
    last: date,
    count: int,
    quads: Sequence[int],
    monthly: bool = False,
) -> dict[tuple[str, date], tuple[str, ...]]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import dataset

    a, b = dyad.sides
    if not paths:
        return {}
    actor, recipient, day = (dataset.field(name) for name in ("actor", "recipient", "day_number"))
    wanted = ((actor == a) & (recipient == b)) | ((actor == b) & (recipient == a))
    wanted &= (day >= first.toordinal()) & (day <= last.toordinal())
    wanted &= dataset.field("score_tenths").is_valid() & ~dataset.field("repeat") & dataset.field("quad").isin(quads)
    try:
        # A file's name stands in every one of its rows.
        layout = dataset.ParquetFileFormat(dictionary_columns=["file"])
        rows = dataset.dataset([str(path) for path in paths], format=layout).to_table(
            columns=["day_number", "actor", "score_tenths", "mentions", "mirror", "file", "line"], filter=wanted
        )
    except (pa.ArrowInvalid, OSError, KeyError) as problem:
        raise EngineError(
            f"imported events cannot be read: {problem}. Delete the batch that is named and import its files again."
        ) from problem
    days, size = rows["day_number"].to_numpy(), np.abs(rows["score_tenths"].to_numpy())
    if monthly:
        since = date(1970, 1, 1).toordinal()
        months = (days - since).astype("datetime64[D]").astype("datetime64[M]")
        days = months.astype("datetime64[D]").astype(np.int64) + since
    mentions = pc.fill_null(rows["mentions"], 0).to_numpy()
    order = np.lexsort((rows["line"].to_numpy(), -mentions, -size, days))
    mirror, from_a = rows["mirror"].to_numpy(), pc.equal(rows["actor"], a).to_numpy()
    found: dict[tuple[str, date], tuple[str, ...]] = {}
    for series, mine in ((f"{a}>{b}", from_a), (f"{b}>{a}", ~from_a), (str(dyad), ~mirror)):
        at = order[mine[order]]
        _, begins, held = np.unique(days[at], return_index=True, return_counts=True)
        at = at[np.arange(len(at)) - np.repeat(begins, held) < count]
        named = rows.select(["file", "line"]).take(at).to_pydict()
        for number, file, line in zip(days[at].tolist(), *named.values(), strict=True):
            key = (series, date.fromordinal(number))
            found[key] = (*found.get(key, ()), f"{file}:{line}")
    return found


def net_scores(folder: Path, dyad: Dyad, origin: str = "gdelt", *, last: date | None = None) -> tuple[NetScore, ...]:
    """Read a pair's days from tables of net scores, in order; empty where none was imported.

    Raises:
        EngineError: Nothing of this database was imported, or a table cannot be read.
    """
    from pyarrow import dataset

    held = _held(folder, dyad, origin, last)
    if held is None:
        return ()
    scores = held.filter(_daily(counted=False)).select(["day_number", "joint_score_sum_tenths"]).to_pydict()
    found = dict(zip(scores["day_number"], scores["joint_score_sum_tenths"], strict=True))
    if not found:
        return ()
    files = dataset.dataset([str(path) for path in Lake(folder).sums(origin)], format="parquet")
    world = files.to_table(
        columns=["day_number", "joint_score_sum_tenths"],
        filter=dataset.field("actor").is_null() & dataset.field("acts").is_null(),
    ).to_pydict()
    totals = dict(zip(world["day_number"], world["joint_score_sum_tenths"], strict=True))
    return tuple(NetScore(date.fromordinal(day), found[day], totals.get(day)) for day in sorted(found))


def world_events(folder: Path, origin: str, *, last: date | None = None) -> dict[date, int]:
    """Events between all states by day, in the rows of a database; of tables of counts none.

    Raises:
        EngineError: Nothing of this database was imported, or a table cannot be read.
    """
    import pyarrow as pa
    from pyarrow import dataset

    paths = Lake(folder).sums(origin)
    if not paths:
        return {}
    try:
        held = dataset.dataset([str(path) for path in paths], format="parquet").to_table(
            columns=["day_number", "acts"], filter=_daily(counted=True)
        )
    except (pa.ArrowInvalid, OSError, KeyError) as problem:
        raise EngineError(
            f"imported events cannot be read: {problem}. Delete the batch that is named and import its files again."
        ) from problem
    found = held.group_by("day_number").aggregate([("acts", "sum")])
    counts = dict(zip(found.column("day_number").to_pylist(), found.column("acts_sum").to_pylist(), strict=True))
    latest = last.toordinal() if last else max(counts, default=0)
    return {date.fromordinal(day): counts[day] for day in sorted(counts) if day <= latest}


def year_counts(folder: Path, dyad: Dyad, origin: str = "icews", *, last: date | None = None) -> tuple[YearCounts, ...]:
    """Read a pair's years from tables of yearly counts, each direction in order; empty where none was imported.

    Raises:
        EngineError: Nothing of this database was imported, or a table cannot be read.
    """
    import pyarrow.compute as pc

    held = _held(folder, dyad, origin, last)
    if held is None:
        return ()
    found = []
    names = {side: f"{side}>{other}" for side, other in (dyad.sides, dyad.sides[::-1])}
    for row in held.filter(pc.field("width_days") > 1).to_pylist():
        year = date.fromordinal(row["day_number"]).year
        found.append(YearCounts(names[row["actor"]], year, *(row[name] for name in QUADS)))
    return tuple(sorted(found, key=lambda counts: (counts.series, counts.year)))


def _held(folder: Path, dyad: Dyad, origin: str, last: date | None) -> pa.Table | None:
    import pyarrow.compute as pc

    known = Lake(folder).origins()
    if origin not in known:
        raise EngineError(
            f"nothing of {origin!r} was imported. Imported: {', '.join(known) or 'nothing'}. "
            "Import a file with `detente import gdelt|icews|polecat FILE`."
        )
    held, _ = sums_between(folder, dyad, _COLUMNS, origin=origin)
    if held is None or last is None:
        return held
    return held.filter(pc.field("day_number") + pc.field("width_days") - 1 <= last.toordinal())


def _daily(*, counted: bool) -> Any:
    import pyarrow.compute as pc

    acts = pc.field("acts")
    return (pc.field("width_days") == 1) & (acts.is_valid() if counted else acts.is_null())
