"""Tables: the ledger's occurrences as directed rows, summed by Ibis on DuckDB.

Ibis, DuckDB and Arrow are imported when a table is first asked for.
"""

from detente.engine.aggregates import HALVES, DaySum, TrackSum, day_sums, track_sums
from detente.engine.backend import COLUMNS, Engine, connect, event_columns, events_table, export
from detente.engine.realis import COUNTS_AS, counts_as
from detente.engine.rows import EventRow, EventRows, LeftOut, event_rows, rows_between

__all__ = [
    "COLUMNS",
    "COUNTS_AS",
    "HALVES",
    "DaySum",
    "Engine",
    "EventRow",
    "EventRows",
    "LeftOut",
    "TrackSum",
    "connect",
    "counts_as",
    "day_sums",
    "event_columns",
    "event_rows",
    "events_table",
    "export",
    "rows_between",
    "track_sums",
]
