"""Measures: what the ledger's events and statements say about a dyad, each number walked back to its occurrences.

Pure functions of `detente.engine.EventRows` and of statements. `as_of` is asked where those are made: of the ledger,
and of `detente.engine.event_rows`.
"""

from detente.measures.breaks import Break, Breaks, find_breaks
from detente.measures.changes import (
    Changes,
    EventChange,
    StatementChange,
    event_changes,
    statement_changes,
    what_changed,
)
from detente.measures.index import (
    Contribution,
    DailyIndex,
    IndexPoint,
    IndexSeries,
    IndexSettings,
    contributions,
    daily_index,
    series_names,
)
from detente.measures.series import Series, following, net_series, series_of, stretches, year_series
from detente.measures.stance import Camp, SideStance, SpeakerStance, Stances, StanceSpan, camp_of, day_said, stances
from detente.measures.tracks import TrackMonth, by_track

__all__ = [
    "Break",
    "Breaks",
    "Camp",
    "Changes",
    "Contribution",
    "DailyIndex",
    "EventChange",
    "IndexPoint",
    "IndexSeries",
    "IndexSettings",
    "Series",
    "SideStance",
    "SpeakerStance",
    "StanceSpan",
    "Stances",
    "StatementChange",
    "TrackMonth",
    "by_track",
    "camp_of",
    "contributions",
    "daily_index",
    "day_said",
    "event_changes",
    "find_breaks",
    "following",
    "net_series",
    "series_names",
    "series_of",
    "stances",
    "statement_changes",
    "stretches",
    "what_changed",
    "year_series",
]
