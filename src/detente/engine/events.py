"""The events table: rows of event databases and of our own codings, in one form that any program can read.

Imported rows lie as Parquet files by month (see `detente.engine.lake`); our own are made from the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

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
| day, day_number | day of the event; days since 0001-01-01, which is 1 |
| recorded_number | day the database took it up, or our ledger; null where the database does not say |
| actor, recipient | alpha-3 codes; null where the database names no state |
| type, mode, quad, score_tenths | PLOVER v2; empty and null where PLOVER drops the code (statements) |
| code | CAMEO code; for POLECAT the type, or `TYPE/mode` |
| source, target | the two as the database names them |
| place | alpha-3 of the state it happened in, null where unknown or none |
| mentions, articles, tone_hundredths | as GDELT counts them in its first report; null elsewhere |
| url | address of the report, where the database gives one |
| file, line | where the row stands; `file` is its name, without the folder; for our own, document and first character |
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
