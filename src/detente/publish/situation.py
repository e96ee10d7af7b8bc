"""Everything the pages say, gathered once from the ledger as it stood at a moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from detente.dossier import Dossier
from detente.engine import EventRows, chosen_engine, event_rows
from detente.forecast.cases import STAGES, Stage
from detente.forecast.event_evidence import supposed, used_kinds
from detente.forecast.layers import layered_forecast
from detente.forecast.own_cases import known_cases
from detente.forecast.track_record import TrackRecord
from detente.ledger import Grouping, Ledger, Status, counting
from detente.measures import (
    Breaks,
    Changes,
    DailyIndex,
    Stances,
    TrackMonth,
    by_track,
    contributions,
    daily_index,
    find_breaks,
    series_of,
    stances,
    what_changed,
)
from detente.measures.risers import Risers
from detente.measures.risers import risers as who_rises
from detente.measures.sources import Kind, SourceGroup, told_by
from detente.measures.without import Effect, without_each
from detente.publish import chronology, milestones, speakers
from detente.publish.catalogue import Words
from detente.publish.citing import Cited
from detente.publish.knowledge import knowledge_day
from detente.publish.marks import DRAWN
from detente.publish.milestones import ChangedRow, own_stages
from detente.publish.milestones import Row as MilestoneRow
from detente.publish.notebook import Shown, ShowsItself
from detente.publish.track_record import record_of
from detente.publish.verdicts import read_kept
from detente.registry import rank_on
from detente.terms import ArticleVerdicts, Decision, Document, Entity, Entry, Forecast, Occurrence

RECENT_DAYS = 30
"""What "last" means where we say what changed."""
ACTING = frozenset({"person", "institution", "group"})
"""Kinds of entities that have a page: a state has the whole dossier, and a city does not act."""
WAIT_DAYS = 180
"""How much longer one waits where we say what waiting in vain would do to a forecast."""


@dataclass(frozen=True)
class Situation(ShowsItself):
    """One dossier at one moment.

    Attributes:
        day: Last day that a report speaks from; index and forecasts speak of that day.
        events: Directed rows between the two sides, which the index is made of.
        rows: Between the two sides, in order of date.
        third_party_rows: Those of one of the two sides with a third party of the dossier.
        breaks: By series name.
        changes: Over the thirty days up to `day`.
        stances, tracks: Over the whole time the dossier looks at.
        verdicts: Those kept, the latest first.
        groupings: What people merged and split, and took back of it.
        other_codings: By occurrence, what else was filed of its words and does not stand, with the last decision on it:
            readings of other coders and earlier versions, and what people rejected.
        milestones: Without those in `changed`, which the dossier puts otherwise than when they were opened.
        risers: Who comes up on each side, in the weeks up to `day`.
        earlier: The milestones as they stood on `earlier_day`; empty where nothing was recorded by then.
    """

    dossier: Dossier
    as_of: date | datetime | None
    day: date
    documents: Mapping[str, Document]
    occurrences: tuple[Occurrence, ...]
    rows: tuple[chronology.Row, ...]
    third_party_rows: tuple[chronology.Row, ...]
    statements: tuple[speakers.Row, ...]
    events: EventRows
    index: DailyIndex
    breaks: Mapping[str, Breaks]
    changes: Changes
    stances: Stances
    tracks: tuple[TrackMonth, ...]
    milestones: tuple[milestones.Row, ...]
    changed: tuple[ChangedRow, ...]
    record: TrackRecord
    verdicts: tuple[ArticleVerdicts, ...]
    status: Status
    risers: Risers
    groupings: tuple[Grouping, ...] = ()
    earlier: tuple[MilestoneRow, ...] = ()
    other_codings: Mapping[str, Sequence[tuple[Entry, Decision | None]]] = field(default_factory=dict)

    def shown(self, language: str = "en") -> Shown:
        """The index with what it says, past and future on one axis, as a notebook shows it."""
        from detente.publish.figures import of_situation  # Figures are made of situations.

        return of_situation(self).shown(language)

    @cached_property
    def row_by_id(self) -> Mapping[str, chronology.Row]:
        return {row.id: row for row in self.shown_rows}

    @cached_property
    def shown_rows(self) -> tuple[chronology.Row, ...]:
        """Every row that has a page: between the two sides, and of one of them with a third party."""
        both = {row.id: row for row in (*self.rows, *self.third_party_rows)}
        return tuple(sorted(both.values(), key=lambda row: (row.day or date.min, row.id)))

    @cached_property
    def checked(self) -> int:
        """Events between the two sides that a person has accepted or amended."""
        return sum(bool(row.occurrence.decided) for row in self.rows)

    @property
    def unchecked(self) -> int:
        return len(self.rows) - self.checked

    @cached_property
    def people(self) -> tuple[Entity, ...]:
        """Persons, bodies and groups that speak or act here, as the registry knows them, by id."""
        known = self.dossier.registry.entities
        named = {row.statement.speaker.entity for row in self.statements}
        for row in self.shown_rows:
            named.update(row.occurrence.event.entities)
        found = (known[name] for name in sorted(filter(None, named)) if name in known)
        return tuple(entity for entity in found if entity.kind in ACTING)

    @property
    def data_version(self) -> str:
        """Names the state of the ledger every number was made from."""
        return f"{self.status.head.line}-{self.status.head.hash[:12]}"

    @property
    def joint_breaks(self) -> Breaks:
        return self.breaks[str(self.dossier.dyad)]

    @property
    def sources_by_language(self) -> Mapping[str, int]:
        return dict(sorted(self.status.documents.items()))

    @cached_property
    def outlets(self) -> Counter[str]:
        """Reports of each outlet; one whose outlet nobody knows is one of its own."""
        return Counter(d.source or d.id for d in self.documents.values())

    @cached_property
    def cited_entries(self) -> Mapping[str, Cited]:
        """What stands, by entry of the ledger, so that a person can name what a sentence rests on."""
        rows = [cited for row in self.shown_rows for cited in row.cited]
        return {cited.entry: cited for cited in (*rows, *(row.cited for row in self.statements)) if cited.entry}

    @property
    def extremes(self) -> tuple[MilestoneRow | None, MilestoneRow | None]:
        """The open milestones most and least likely by their deadline; None where there is none, or only one."""
        still = sorted((r for r in self.milestones if not r.settled), key=lambda r: -r.forecast.probability)
        return (still[0] if still else None, still[-1] if len(still) > 1 else None)

    @cached_property
    def index_effects(self) -> Mapping[str, Effect]:
        """By occurrence, the index with it and without it; see `detente.measures.without`."""
        return without_each(self.events, self.index)

    @cached_property
    def forecast_effects(self) -> Mapping[str, Sequence[tuple[MilestoneRow, Forecast]]]:
        """By occurrence, the forecasts whose layers name it, each with what it would be without it.

        All others would be the same without it: of each kind of event the first alone counts. Nothing is fitted anew
        where it is taken out, for it is no past case.
        """
        found: dict[str, list[tuple[MilestoneRow, Forecast]]] = defaultdict(list)
        for row in self.milestones:
            named = {move.entry for layer in row.forecast.layers if layer.name == "events" for move in layer.moves}
            for name in sorted(named):
                rest = [each for each in self.occurrences if each.id != name]
                found[name].append((row, self._forecast_anew(row, row.forecast.made, rest)))
        return found

    @cached_property
    def _came(self) -> dict[str, dict[str, Forecast]]:
        return {}

    def if_it_came(self, row: MilestoneRow) -> Mapping[str, Forecast]:
        """The forecast of a milestone if something came on its day that its layers do not name yet, by what came.

        These are the kinds of events that move it (`talks`, ...), and steps of the chain that come before it
        (`talks-known`, `relations-known`).
        """
        if row.milestone.id not in self._came:
            f, dyad = row.forecast, self.dossier.dyad
            layers = {layer.name: {move.what for move in layer.moves} for layer in f.layers}
            found: dict[str, Forecast] = {}
            if "events" in layers:
                stage = row.milestone.reference.stage
                for kind in used_kinds(stage, made=f.made):
                    if kind not in layers["events"]:
                        more = (*self.occurrences, supposed(kind, dyad, f.made))
                        found[kind] = self._forecast_anew(row, f.made, more)
                steps = {"talks-known": STAGES[0]}
                steps |= {"relations-known": STAGES[1]} if stage == "ambassadors_exchanged" else {}
                for name, step in steps.items():
                    if name not in layers["stage"]:
                        found[name] = self._forecast_anew(row, f.made, self.occurrences, {step: f.made})
            self._came[row.milestone.id] = found
        return self._came[row.milestone.id]

    def _forecast_anew(
        self,
        row: MilestoneRow,
        made: date,
        occurrences: Sequence[Occurrence],
        stages: Mapping[Stage, date] | None = None,
    ) -> Forecast:
        settled = {each.milestone.id: each.milestone.resolution for each in self.milestones}
        return layered_forecast(
            row.milestone,
            made=made,
            dyad=self.dossier.dyad,
            cases=known_cases(self.dossier.folder, as_of=row.forecast.made),
            stages={**own_stages(self.dossier, settled), **(stages or {})},
            occurrences=occurrences,
        )

    @cached_property
    def _waited(self) -> dict[str, Forecast]:
        return {}

    def after_waiting(self, row: MilestoneRow) -> Forecast | None:
        """The forecast of a milestone if `WAIT_DAYS` more pass without it; None where its deadline comes before."""
        later = row.forecast.made + timedelta(days=WAIT_DAYS)
        if row.settled or row.milestone.deadline <= later:
            return None
        if row.milestone.id not in self._waited:
            self._waited[row.milestone.id] = self._forecast_anew(row, later, self.occurrences)
        return self._waited[row.milestone.id]

    @property
    def start(self) -> date:
        """First day that the dossier looks at."""
        return min(self.dossier.since, self.day)

    @cached_property
    def press(self) -> tuple[SourceGroup, ...]:
        """Reports and events by language, country and ownership of who tells them."""
        kinds: tuple[Kind, ...] = ("language", "country", "ownership")
        return told_by(self.events, self.occurrences, self.documents, start=self.start, end=self.day, kinds=kinds)

    @property
    def earlier_day(self) -> date:
        """The day whose forecasts those of now are held against, as the record stood on it."""
        return self.day - timedelta(days=RECENT_DAYS)

    def move_of(self, row: MilestoneRow) -> float | None:
        """How much likelier a milestone is by its deadline than it was on `earlier_day`, in shares of one.

        None where it is settled, or where nobody had asked yet, or nothing was recorded.
        """
        before = next((each for each in self.earlier if each.milestone.id == row.milestone.id), None)
        if before is None or before.settled or row.settled:
            return None
        return round(row.forecast.probability - before.forecast.probability, 6)

    def what_moved(self, series: str, count: int = 3) -> list[chronology.Row]:
        """The occurrences that add most to the index of a series on the last day."""
        parts = contributions(self.events, self.dossier.dyad, self.day, series=series)
        found = [self.row_by_id[part.occurrence] for part in parts if part.occurrence in self.row_by_id]
        return found[:count]

    def latest(self, count: int) -> list[chronology.Row]:
        """The last dated rows that are not later than the last report, newest first."""
        done = [row for row in self.rows if row.day is not None and row.day <= self.day]
        return done[::-1][:count]

    def series_label(self, name: str, words: Words) -> str:
        """`Russia → United States`, or both names for the joint series."""
        actor, arrow, recipient = name.partition(">")
        if not arrow:
            return words("Both together")
        registry = self.dossier.registry
        return f"{registry.state_name(actor, words.language)} → {registry.state_name(recipient, words.language)}"

    def index_json(self) -> dict[str, Any]:
        """The whole index with its settings, for machines."""
        return {
            "dyad": str(self.dossier.dyad),
            "day": self.day.isoformat(),
            "data_version": self.data_version,
            "method": self.index.method,
            "digital_source_type": DRAWN,
            "scale": self.index.scale,
            "half_life_days": self.index.settings.half_life_days,
            "prior_weight": self.index.settings.prior_weight,
            "drift": self.index.settings.drift,
            "interval_share": self.index.settings.level,
            "left_out": self.events.reasons(),
            "series": {
                name: [
                    {
                        "day": point.day.isoformat(),
                        "value": point.value,
                        "low": point.low,
                        "high": point.high,
                        "effective_events": point.effective_events,
                        "too_few": point.too_few,
                    }
                    for point in series.points
                ]
                for name, series in self.index.series.items()
            },
            "tracks": [_plain(asdict(month)) for month in self.tracks],
            "breaks": {name: _plain(asdict(found)) for name, found in self.breaks.items()},
        }


def of(dossier: Dossier, ledger: Ledger, *, as_of: date | datetime | None = None) -> Situation:
    """Gather what the ledger held at a moment and measure it.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    documents = {document.id: document for document in ledger.documents(as_of=as_of)}
    day = knowledge_day(documents.values(), as_of, dossier)
    occurrences = tuple(ledger.occurrences(as_of=as_of))
    published = {d.id: d.published for d in documents.values() if d.published is not None}
    events = event_rows(occurrences, dyad=dossier.dyad, published=published, as_of=as_of)
    start = min(dossier.since, day - timedelta(days=RECENT_DAYS))
    spoken = list(ledger.statements(as_of))
    said = [standing.coding for standing in spoken]
    decisions = chronology.decisions_of(ledger, as_of)
    beside = [o for o in occurrences if chronology.with_third_party(o, dossier)]
    # One engine for all of it, and none where nobody chose one.
    with chosen_engine(dossier) if events.rows else nullcontext() as engine:
        index = daily_index(events, dossier.dyad, start=start, end=day, engine=engine)
        breaks = {
            name: find_breaks(series_of(events, dossier.dyad, start=start, end=day, series=name, engine=engine))
            for name in index.series
        }
        changes = what_changed(
            events,
            said,
            dossier.dyad,
            since=day - timedelta(days=RECENT_DAYS),
            until=day,
            published=published,
            engine=engine,
        )
        tracks = by_track(events, dossier.dyad, start=start, end=day, engine=engine)
    return Situation(
        dossier=dossier,
        as_of=as_of,
        day=day,
        documents=documents,
        occurrences=occurrences,
        rows=tuple(chronology.rows_of(occurrences, documents, dossier, decisions=decisions)),
        third_party_rows=tuple(chronology.rows_of(beside, documents, dossier, everything=True, decisions=decisions)),
        statements=tuple(speakers.rows(dossier, ledger, as_of=as_of)),
        events=events,
        index=index,
        breaks=breaks,
        changes=changes,
        stances=stances(said, start=start, end=day, sides=dossier.dyad.sides, published=published),
        tracks=tracks,
        milestones=tuple(milestones.rows_on(dossier, day, ledger=ledger, as_of=as_of, told=occurrences)),
        changed=tuple(milestones.changed_on(dossier, ledger, as_of=as_of)),
        record=record_of(dossier, ledger, as_of=as_of),
        verdicts=read_kept(dossier.folder, as_of=as_of),
        status=ledger.status(as_of=as_of),
        risers=who_rises(
            occurrences,
            spoken,
            ledger.codings("person", as_of),
            day=day,
            sides=dossier.dyad.sides,
            entities=dossier.registry.entities,
            rank=rank_on,
            start=min(dossier.since, day),
            published=published,
            copies=[document.id for document in documents.values() if document.duplicate_of],
        ),
        groupings=tuple(ledger.groupings(as_of=as_of)),
        earlier=_earlier(dossier, ledger, day - timedelta(days=RECENT_DAYS)),
        other_codings=_other_codings(ledger, occurrences, as_of),
    )


def _earlier(dossier: Dossier, ledger: Ledger, day: date) -> tuple[MilestoneRow, ...]:
    """The milestones as a page of that day would have had them."""
    documents = list(ledger.documents(as_of=day))
    if not documents:
        return ()
    return tuple(milestones.rows_on(dossier, knowledge_day(documents, day, dossier), ledger=ledger, as_of=day))


def _other_codings(
    ledger: Ledger, occurrences: Sequence[Occurrence], as_of: date | datetime | None
) -> dict[str, list[tuple[Entry, Decision | None]]]:
    """By occurrence, events that were filed of the same words and do not stand."""
    standing = {member.id for each in occurrences for member in each.members}
    filed: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger.entries("event", as_of=as_of, current=False):
        if entry.id not in standing:
            filed[entry.document].append(entry)
    if not filed:
        return {}
    decided = counting(ledger.decisions(as_of=as_of))
    found: dict[str, list[tuple[Entry, Decision | None]]] = {}
    for each in occurrences:
        spans = [(member.document, member.coding.evidence.span) for member in each.members]
        others = {
            entry.id: entry
            for document, span in spans
            for entry in filed.get(document, ())
            if entry.coding.evidence.span.overlaps(span)
        }
        if others:
            ordered = sorted(others.values(), key=lambda entry: entry.seq)
            found[each.id] = [(entry, decided.get(entry.id)) for entry in ordered]
    return found


def _plain(value: Any) -> Any:
    """Days as text, so that a record can go out as JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
