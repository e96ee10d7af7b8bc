"""What a measure reads, as it stood at a moment: the ledger's codings, or what an event database has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, TypeVar

from detente.dossier import Dossier
from detente.engine import (
    OWN,
    EventRows,
    ImportedEvents,
    Kept,
    event_rows,
    imported_events,
    net_scores,
    world_events,
    year_counts,
)
from detente.errors import PublishError
from detente.ledger import Ledger, Standing
from detente.measures import Breaks, Series, net_series, series_of, year_series
from detente.measures.breaks import counted_breaks, value_breaks, with_counted
from detente.measures.remembered import remembered
from detente.measures.series import Step, What
from detente.publish.knowledge import knowledge_day, limit_day
from detente.terms import Document, Dyad, Occurrence, Statement

P = ParamSpec("P")
R = TypeVar("R")
TABLES = {"gdelt-net": "gdelt", "icews-yearly": "icews"}
"""Origins that are tables of counts: net scores by day, counts by year; with the database they come from."""


@dataclass(frozen=True)
class Material:
    """One dyad's codings at a moment; what is not asked for is not read.

    Attributes:
        folder: The dossier's, where imported tables lie.
        as_of: Nothing recorded later is used. Of a database nothing that happened later is, which is less: it does
            not say when it learned of an event.
        origin: `detente` for our own codings; `gdelt`, `icews`, `polecat` for a database's rows; or one of `TABLES`.
        dyad: The dossier's, or another one asked for.
        since: First day asked for; None for the dossier's first, or the first the database has.
        until: Last day spoken of by our own codings, where that of the last report is later.
        without: Documents of ours whose codings are left out.
    """

    dossier: Dossier
    ledger: Ledger
    folder: Path
    as_of: date | datetime | None = None
    origin: str = OWN
    asked: Dyad | None = None
    since: date | None = None
    until: date | None = None
    without: frozenset[str] = frozenset()
    _rows: dict[Dyad, EventRows] = field(default_factory=dict, repr=False, compare=False)
    _read: dict[Dyad, ImportedEvents] = field(default_factory=dict, repr=False, compare=False)

    @property
    def dyad(self) -> Dyad:
        return self.asked or self.dossier.dyad

    @property
    def own(self) -> bool:
        """Whether it is made of our own codings."""
        return self.origin == OWN

    @property
    def data_version(self) -> str:
        """Names the state of the data that every number was made from."""
        if not self.own:
            return f"{self.origin} {self.day}"
        head = self.ledger.head(as_of=self.as_of)
        return f"{head.line}-{head.hash[:12]}"

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        return {d.id: d for d in self.ledger.documents(as_of=self.as_of) if d.id not in self.without}

    @cached_property
    def published(self) -> Mapping[str, date]:
        """Day of publication by document, where known."""
        return {d.id: d.published for d in self.documents.values() if d.published is not None}

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        return tuple(o for o in self.ledger.occurrences(as_of=self.as_of) if not self.without.issuperset(o.documents))

    @cached_property
    def statements(self) -> tuple[Standing[Statement], ...]:
        return tuple(s for s in self.ledger.statements(self.as_of) if s.entry.document not in self.without)

    @cached_property
    def day(self) -> date:
        """The last day that is spoken of: of the last report, or of a database's last event."""
        if self.own:
            known = knowledge_day(self.documents.values(), self.as_of, self.dossier)
            return min(known, self.until) if self.until else known
        if self.origin == "gdelt-net":
            days = [score.day for score in net_scores(self.folder, self.dyad, last=self.limit)]
        elif self.origin == "icews-yearly":
            days = [date(count.year, 12, 31) for count in year_counts(self.folder, self.dyad, last=self.limit)]
        else:
            last = self._imported(self.dyad).last
            days = [last] if last else []
        return max(days, default=self.limit)

    @property
    def limit(self) -> date:
        """The day we look from: that of `as_of`, else today (UTC)."""
        return limit_day(self.as_of)

    @cached_property
    def start(self) -> date:
        """The first day looked at."""
        if self.since:
            return self.since
        if self.own:
            return min(self.dossier.since, self.day)
        if self.origin == "gdelt-net":
            return min((score.day for score in net_scores(self.folder, self.dyad, last=self.limit)), default=self.day)
        if self.origin == "icews-yearly":
            return min(
                (date(count.year, 1, 1) for count in year_counts(self.folder, self.dyad, last=self.limit)),
                default=self.day,
            )
        return self._imported(self.dyad).first or self.day

    def events(self, dyad: Dyad | None = None) -> EventRows | ImportedEvents:
        """What index, weekly scores and breaks are made of: of the dyad, or of another one.

        Raises:
            PublishError: The origin is a table of counts, which has no events.
        """
        dyad = dyad or self.dyad
        if self.origin in TABLES:
            raise PublishError(
                f"{self.origin} is a table of counts and has no single events. Ask for {OWN}, or for a database whose "
                "rows were imported."
            )
        return self.rows(dyad) if self.own else self._imported(dyad)

    def rows(self, dyad: Dyad | None = None) -> EventRows:
        """Our own codings between two states.

        Raises:
            PublishError: The origin is a database.
        """
        dyad = dyad or self.dyad
        if not self.own:
            raise PublishError(
                f"this is measured on our own codings alone, and {self.origin} was asked for. Leave out --origin."
            )
        if dyad not in self._rows:
            self._rows[dyad] = event_rows(self.occurrences, dyad=dyad, published=self.published, as_of=self.as_of)
        return self._rows[dyad]

    def _imported(self, dyad: Dyad) -> ImportedEvents:
        if dyad not in self._read:
            self._read[dyad] = imported_events(self.folder, dyad, self.origin, last=self.limit)
        return self._read[dyad]

    @cached_property
    def world(self) -> Mapping[date, int]:
        """Events between all states by day, in the database that was asked for."""
        return world_events(self.folder, self.origin, last=self.limit)

    def names(self) -> tuple[str, ...]:
        """The series there are: both directions and the pair; of net scores the pair alone."""
        if self.origin == "gdelt-net":
            return (str(self.dyad),)
        first, second = self.dyad.directed()
        return str(first), str(second), str(self.dyad)

    def series(self, name: str | None = None, *, step: Step = "week", what: What = "score") -> Series:
        """A series of the dyad or, by its name, of any other: `CHN>USA`, `CHN-USA`.

        Of tables of counts: net scores are shares of the world's total, whatever `what` asks for; yearly counts have
        years alone, and `balance` for `score`.

        Raises:
            PublishError: The name is none.
        """
        name = name or str(self.dyad)
        found = re.fullmatch(r"([A-Z]{3})[->]([A-Z]{3})", name)
        if not found or found[1] == found[2]:
            raise PublishError(f"{name!r} is no series. Write RUS>USA for one side toward the other, RUS-USA for both.")
        dyad = Dyad(*sorted((found[1], found[2])))
        if self.origin == "gdelt-net":
            scores = net_scores(self.folder, dyad, last=self.limit)
            return net_series(name, scores, start=self.start, end=self.day, step=step)
        if self.origin == "icews-yearly":
            counts = year_counts(self.folder, dyad, last=self.limit)
            return year_series(name, counts, what="balance" if what == "score" else what)
        return series_of(
            self.events(dyad), dyad, start=self.start, end=self.day, series=name, step=step, what=what,
            world=None if self.own else self.world,
        )  # fmt: skip

    def measured(self, measure: Callable[P, R], *given: P.args, **more: P.kwargs) -> R:
        """What a measure says of series: of a database's long ones, from the folder's cache where it said it before."""
        return measure(*given, **more) if self.own else remembered(Kept(self.folder), measure, *given, **more)

    def breaks(self, series: Series) -> Breaks:
        """Breaks of a series. Its values are cut once, whoever asks for its numbers of events as well."""
        bare = replace(series, world=(), conflict=())
        return with_counted(self.measured(value_breaks, bare), self.measured(counted_breaks, series))

    def label(self, name: str, language: str) -> str:
        """`Russia → United States`, or `Russia – United States`."""
        registry = self.dossier.registry
        mark = " → " if ">" in name else " – "
        return mark.join(registry.state_name(code, language) for code in re.split("[->]", name))
