"""The events table: rows of event databases and of our own codings, in one form that any program can read.

Imported rows lie as Parquet files by month (see `detente.engine.lake`); our own are made from the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

    from detente.engine.backend import Engine
    from detente.engine.rows import EventRow

OWN = "detente"
"""Origin of our own codings."""

EVENTS: tuple[tuple[str, str], ...] = (
    ("origin", "string"),
    ("occurrence", "string"),
    ("day", "date"),
    ("day_number", "int32"),
    ("recorded_number", "int32"),
    ("actor", "string"),
    ("recipient", "string"),
    ("type", "string"),
    ("mode", "string"),
    ("quad", "int8"),
    ("score_tenths", "int16"),
    ("code", "string"),
    ("source", "string"),
    ("target", "string"),
    ("place", "string"),
    ("mentions", "int32"),
    ("articles", "int32"),
    ("tone_hundredths", "int32"),
    ("url", "string"),
    ("file", "string"),
    ("line", "int32"),
    ("repeat", "bool"),
    ("mirror", "bool"),
    ("act", "int64"),
    ("joint_act", "int64"),
)
"""Name and type of every column of the events table, in order.

| column | meaning |
|---|---|
| origin | `gdelt`, `icews`, `polecat`, or `detente` for our own codings |
| occurrence | origin and its own number of the event: `icews:32889836`. A row for each actor and recipient of it |
| day, day_number | day of the event; days since 0001-01-01, which is 1; null where it is not known to the day |
| recorded_number | day the database took it up, or our ledger; null where the database does not say |
| actor, recipient | alpha-3 codes; null where the database names no state |
| type, mode, quad, score_tenths | PLOVER v2; empty and null where PLOVER drops the code (statements) |
| code | CAMEO code; for POLECAT the type, or `TYPE/mode` |
| source, target | the two as the database names them |
| place | alpha-3 of the state it happened in, null where unknown or none |
| mentions, articles, tone_hundredths | as GDELT counts them in its first report; null elsewhere |
| url | address of the report, where the database gives one |
| file, line | where the row stands; `file` is its name, without the folder; null for our own, whose occurrence tells |
| repeat | the same day, actor, source, recipient, target and code was imported before from this database |
| mirror | the same mutual act was imported before from this database, told from the other side |
| act | the same for rows that repeat each other |
| joint_act | the same for rows that repeat or mirror each other |
"""

SUMS: tuple[tuple[str, str], ...] = (
    ("origin", "string"),
    ("actor", "string"),
    ("recipient", "string"),
    ("day_number", "int32"),
    ("width_days", "int32"),
    ("rows", "int64"),
    ("acts", "int64"),
    ("joint_acts", "int64"),
    ("score_sum_tenths", "int64"),
    ("joint_score_sum_tenths", "int64"),
    ("score2_sum", "int64"),
    ("joint_score2_sum", "int64"),
    ("verbal_cooperation", "int64"),
    ("material_cooperation", "int64"),
    ("verbal_conflict", "int64"),
    ("material_conflict", "int64"),
)
"""Name and type of every column of the daily sums kept beside the rows; meanings in `detente.engine.daily_sums`.

`width_days` is 1, but for tables that come as counts: the stretch that begins on `day_number`. What such a table
does not count is null.
"""


def own_events(rows: Iterable[EventRow]) -> pa.Table:
    """Our own codings as rows of the events table.

    What has not happened stands as what it counts as (a planned meeting as AGREE, see `detente.engine.realis`), with
    its coded type and mode in `code`. What two states did together is a row of each, the second marked as mirror.

    Args:
        rows: From `detente.engine.event_rows`, where `as_of` and the dyad are chosen.

    Returns:
        The columns of `EVENTS`, in the order of the rows.
    """
    import pyarrow as pa

    return pa.Table.from_pylist([_own(row) for row in rows], schema=arrow_schema(EVENTS))


def _own(row: EventRow) -> dict[str, Any]:
    first, second = sorted((row.actor, row.recipient))
    act = _key(row.occurrence, row.actor, row.recipient)
    return {
        "origin": OWN,
        "occurrence": f"{OWN}:{row.occurrence}",
        "day": row.day,
        "day_number": row.day_number,
        "recorded_number": row.recorded_number,
        "actor": row.actor,
        "recipient": row.recipient,
        "type": row.counted_as,
        "mode": row.mode if row.counted_as == row.type else "",
        "quad": row.quad,
        "score_tenths": row.score_tenths,
        "code": f"{row.type}/{row.mode}" if row.mode else row.type,
        "source": row.actor,
        "target": row.recipient,
        "articles": row.sources,
        "repeat": False,
        "mirror": row.pair_rows == 2 and row.actor == second,
        "act": act,
        "joint_act": _key(row.occurrence, first, second, "joint") if row.pair_rows == 2 else act,
    }


def _key(*parts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest(), "little", signed=True)


def all_events(engine: Engine, folder: Path, rows: Iterable[EventRow], *, origin: str | None = None) -> Table:
    """The events table of a dossier: imported rows and our own, as one table of this engine.

    Args:
        folder: The dossier's folder.
        rows: Our own, from `detente.engine.event_rows`.
        origin: Only this database, or `detente` for our own alone; else all. Never add up origins: each counts the
            same events in its own way.

    Raises:
        EngineError: A table cannot be read.
    """
    from detente.engine.lake import Lake

    own = own_events(rows if origin in (None, OWN) else ())
    paths = [] if origin == OWN else Lake(folder).tables(origin)
    mine = engine.table(own, "own")
    return engine.parquet(paths, name="imported").union(mine) if paths else mine


def arrow_schema(columns: tuple[tuple[str, str], ...]) -> pa.Schema:
    """The Arrow schema of `EVENTS` or `SUMS`."""
    import pyarrow as pa

    kinds: dict[str, Any] = {
        "string": pa.string(),
        "date": pa.date32(),
        "bool": pa.bool_(),
        "int8": pa.int8(),
        "int16": pa.int16(),
        "int32": pa.int32(),
        "int64": pa.int64(),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in columns])
