"""Tables: rows of event databases and the ledger's occurrences, summed by Ibis on DuckDB, Spark or PostgreSQL.

Ibis, DuckDB and Arrow are imported when a table is first asked for.
"""

from detente.engine.aggregates import (
    FULL,
    HALVES,
    QUADS,
    DaySum,
    TrackSum,
    daily_sums,
    day_sums,
    pair_sums,
    row_sums,
    row_tracks,
    track_sums,
)
from detente.engine.backend import (
    COLUMNS,
    Engine,
    chosen_engine,
    connect,
    engine_url,
    event_columns,
    events_table,
    export,
)
from detente.engine.dyads import (
    ImportedEvents,
    NetScore,
    YearCounts,
    imported_events,
    net_scores,
    world_events,
    year_counts,
)
from detente.engine.events import EVENTS, OWN, SUMS, all_events, own_events
from detente.engine.kept import Kept, key_of
from detente.engine.realis import COUNTS_AS, counts_as
from detente.engine.rows import EventRow, EventRows, LeftOut, directed_pairs, event_rows, rows_between

__all__ = [
    "COLUMNS",
    "COUNTS_AS",
    "EVENTS",
    "FULL",
    "HALVES",
    "OWN",
    "QUADS",
    "SUMS",
    "DaySum",
    "Engine",
    "EventRow",
    "EventRows",
    "ImportedEvents",
    "Kept",
    "LeftOut",
    "NetScore",
    "TrackSum",
    "YearCounts",
    "all_events",
    "chosen_engine",
    "connect",
    "counts_as",
    "daily_sums",
    "day_sums",
    "directed_pairs",
    "engine_url",
    "event_columns",
    "event_rows",
    "events_table",
    "export",
    "imported_events",
    "key_of",
    "net_scores",
    "own_events",
    "pair_sums",
    "row_sums",
    "row_tracks",
    "rows_between",
    "track_sums",
    "world_events",
    "year_counts",
]
