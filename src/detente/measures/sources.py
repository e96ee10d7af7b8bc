"""Sources: whose press tells what of a dyad, and what the index owes to each outlet, country, ownership and language.

An event of ours has members, one for each report. Leaving a source out removes its reports' members; what is left of an
event is merged again by the ledger's own rules, and an event without members goes. So a source can change the index in
three ways: events it alone tells go; others change date, type or confidence, for the reading most reports support was
its own; a promise is dated by its first report, which may have been its. How many reports an event has changes nothing:
an event's weight is the confidence of its reading, and not a count.

What is left of one event is not compared with other events again, as a ledger that never had the source would have
done: it may fall into two, and never joins a third.

Shares of events have Wilson intervals. The mean score as one side's press tells it is compared with the other's over
the events each tells, read from its own reports alone; events that both tell enter both means, and their covariance is
taken off the variance of the difference (t quantile, Welch's degrees of freedom). Intervals are of the events, not of
the press: which papers a dossier reads is the reader's choice.

Source:
    Wilson (1927), Journal of the American Statistical Association 22, 209-212;
    Welch (1947), Biometrika 34, 28-35.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from detente.engine import EventRow, EventRows, event_rows
from detente.errors import MeasureError
from detente.ledger.asof import AsOf
from detente.ledger.occurrences import Source
from detente.ledger.occurrences import occurrences as merged
from detente.ledger.standing import Standing
from detente.measures.index import IndexPoint, IndexSettings, check_stretch, daily_index, index_levels
from detente.measures.intervals import Interval, wilson
from detente.registry import Outlet, outlet
from detente.terms import Document, Dyad, Event, Occurrence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "leave-one-out.v1"
LEVEL = 0.90
FEW_DOCUMENTS = 5
"""With fewer documents of one side's press, what it does not report is not spoken of."""
FEW_EVENTS = 5
"""With fewer events told by either side's press their means are not compared. With 5, and no difference, the 90 %
interval held 0 in 88 to 99 % of 4,000 simulated pairs each (`docs/measures/sources.md`)."""

_NOTHING = 1e-9

Kind = Literal["outlet", "country", "ownership", "language"]
KINDS: tuple[Kind, ...] = ("outlet", "country", "ownership", "language")


@dataclass(frozen=True, slots=True)
class Without:
    """The joint index with a source left out.

    Attributes:
        value: On the last day; None where no event is left.
        shift: `value` less the index with everything.
        within: `value` lies in the interval of the index with everything.
        largest: The shift of largest size over all days, None where the two are never both known; with its day.
        largest_share: Its size as a share of half the interval of that day.
        outside_days: Days on which the index without it lies outside the interval.
        gone: Events that go with it.
        changed: Events that stay and count otherwise.
    """

    value: float | None
    shift: float | None
    within: bool
    largest: float | None
    largest_day: date | None
    largest_share: float | None
    outside_days: int
    gone: int
    changed: int


@dataclass(frozen=True, slots=True)
class Share:
    """Part of the dyad's events.

    Attributes:
        events: Ids of the occurrences, in the order of their days.
        share: Of all events of the dyad (0-1), with a 90 % interval; None where there are none.
    """

    events: tuple[str, ...]
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """All documents of one outlet, country, ownership or language.

    Attributes:
        key: Domain, alpha-3 code, ownership or language code; empty for outlets we do not know.
        name: Of an outlet; elsewhere the key.
        country, ownership: Of an outlet; elsewhere empty.
        documents: In the stretch, or without a day.
        told: Events of the dyad that it tells.
        alone: Those among them that nothing else of this kind tells.
        without: The index without it; None where it tells nothing of the dyad.
    """

    kind: Kind
    key: str
    name: str
    country: str
    ownership: str
    documents: int
    told: Share
    alone: tuple[str, ...]
    without: Without | None


@dataclass(frozen=True, slots=True)
class SidePress:
    """The press of one side, of third countries or of countries we do not know.

    Attributes:
        side: Alpha-3 code; `third` or `unknown`.
        told: Events of the dyad that it tells.
        mean_score: As its own reports have them, in points; None where they score nothing.
    """

    side: str
    documents: int
    told: Share
    mean_score: float | None


@dataclass(frozen=True, slots=True)
class Difference(Interval):
    """Mean score as the first side's press tells it, less that of the second, in points, with a 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sources:
    """Who tells what of a dyad between two days.

    Attributes:
        now: The joint index on the last day.
        events: Occurrences of the dyad.
        groups: By kind, then by the number of events told, then of documents.
        press: The two sides, third countries, countries unknown.
        only: By side, events its press tells and the other side's does not; empty where either has too few documents.
        both: Events that the press of both tells.
        difference: None where either tells too few events.
        too_few: Sides whose press has less than `FEW_DOCUMENTS` documents.
    """

    dyad: Dyad
    start: date
    end: date
    now: IndexPoint
    events: int
    documents: int
    groups: tuple[SourceGroup, ...]
    press: tuple[SidePress, ...]
    only: Mapping[str, Share]
    both: Share
    difference: Difference | None
    too_few: tuple[str, ...]
    method: str = METHOD

    def of(self, kind: Kind) -> tuple[SourceGroup, ...]:
        return tuple(group for group in self.groups if group.kind == kind)


def by_source(
    occurrences: Iterable[Occurrence],
    documents: Mapping[str, Document],
    dyad: Dyad,
    *,
    start: date,
    end: date,
    standing: Iterable[Standing[Event]] = (),
    as_of: AsOf = None,
    settings: IndexSettings | None = None,
) -> Sources:
    """Tell who reports what of a dyad, and what the index would be without each source.

    Args:
        occurrences: From the ledger, as of the same moment as `documents` and `standing`.
        documents: By id, all that occurrences come from.
        start, end: Events that touch these days and those between count.
        standing: Events as they stand after decisions; members are taken as coders filed them where it has none.

    Raises:
        MeasureError: `end` lies before `start`, or an occurrence has a document that is not given.
    """
    check_stretch(start, end)
    told = _Told(tuple(occurrences), documents, dyad, start, end, {s.entry.id: s for s in standing}, as_of, settings)
    outlets = {key: outlet(document.url, document.source) for key, document in documents.items()}
    groups = [group for kind in KINDS for group in _groups(kind, told, outlets)]
    press = _by_side(told, outlets)
    first, second = dyad.sides
    few = tuple(side for side in dyad.sides if press[side].documents < FEW_DOCUMENTS)
    mine, theirs = ({*press[side].told.events} for side in dyad.sides)
    only = {} if few else {first: told.share(mine - theirs), second: told.share(theirs - mine)}
    return Sources(
        dyad=dyad,
        start=start,
        end=end,
        now=told.now,
        events=len(told.mine),
        documents=sum(map(told.in_stretch, documents.values())),
        groups=tuple(groups),
        press=tuple(press.values()),
        only=only,
        both=told.share(mine & theirs),
        difference=_difference(told.scores(first, outlets), told.scores(second, outlets)),
        too_few=few,
    )


def told_by(
    events: EventRows,
    occurrences: Iterable[Occurrence],
    documents: Mapping[str, Document],
    *,
    start: date,
    end: date,
    kinds: Sequence[Kind] = KINDS,
) -> tuple[SourceGroup, ...]:
    """Count who tells what of a dyad, as `by_source` counts it, without asking what the index would be without each.

    Args:
        events: The dyad's rows; `occurrences` those they are of, and others.
        documents: By id, all that occurrences come from.
        start, end: Events that touch these days and those between count.

    Raises:
        MeasureError: `end` lies before `start`.
    """
    check_stretch(start, end)
    told = _Telling(tuple(occurrences), documents, events, start, end)
    outlets = {key: outlet(document.url, document.source) for key, document in documents.items()}
    return tuple(group for kind in kinds for group in _groups(kind, told, outlets))


class _Telling:
    """Occurrences of a dyad with the documents that tell them."""

    def __init__(
        self,
        occurrences: tuple[Occurrence, ...],
        documents: Mapping[str, Document],
        events: EventRows,
        start: date,
        end: date,
    ) -> None:
        self.documents, self.start, self.end = documents, start, end
        self._rows = events
        self._of: dict[str, list[EventRow]] = defaultdict(list)
        for row in self._rows:
            self._of[row.occurrence].append(row)
        self._all = {o.id: o for o in occurrences}
        self.mine = {
            key: self._all[key]
            for key, rows in self._of.items()
            if any(row.first <= end and row.last >= start for row in rows)
        }
        """Occurrences of the dyad that touch the stretch, in the order of their days."""
        self._telling: dict[str, list[str]] = defaultdict(list)
        for key, occurrence in self.mine.items():
            for document in occurrence.documents:
                self._telling[document].append(key)

    def in_stretch(self, document: Document) -> bool:
        return document.published is None or self.start <= document.published <= self.end

    def share(self, keys: Iterable[str]) -> Share:
        held = set(keys)
        events = tuple(key for key in self.mine if key in held)
        if not self.mine:
            return Share(events, None, None, None)
        share = len(events) / len(self.mine)
        low, high = wilson(share, len(self.mine))
        return Share(events, round(share, 6), round(low, 6), round(high, 6))

    def events_of(self, documents: Iterable[str]) -> set[str]:
        return {key for document in documents for key in self._telling[document] if key in self.mine}

    def without(self, dropped: set[str]) -> Without | None:  # noqa: ARG002 (counted alone, nothing is left out)
        return None


class _Told(_Telling):
    """The same with what is left of them without some documents."""

    def __init__(
        self,
        occurrences: tuple[Occurrence, ...],
        documents: Mapping[str, Document],
        dyad: Dyad,
        start: date,
        end: date,
        standing: Mapping[str, Standing[Event]],
        as_of: AsOf,
        settings: IndexSettings | None,
    ) -> None:
        self._published = {d.id: d.published for d in documents.values() if d.published is not None}
        rows = event_rows(occurrences, dyad=dyad, published=self._published, as_of=as_of)
        super().__init__(occurrences, documents, rows, start, end)
        self.dyad = dyad
        self._standing, self._settings = standing, settings or IndexSettings()
        self._origins = {key: Source(_origin(key, documents), d.published, d.language) for key, d in documents.items()}
        self._rows_left: dict[tuple[str, frozenset[str]], tuple[EventRow, ...]] = {}
        # An occurrence that counts for nothing now may count without some report: one that "denied" outvoted.
        self._telling.clear()
        for key, occurrence in self._all.items():
            if not set(dyad.sides) <= {side for entry in occurrence.members for side in _sides(entry.coding)} and (
                key not in self._of
            ):
                continue
            for document in occurrence.documents:
                if document not in documents:
                    raise MeasureError(f"{key}: its document {document} is not given. Give all of the ledger's.")
                self._telling[document].append(key)
        self.now = daily_index(self._rows, dyad, start=end, end=end, settings=settings).joint.last
        self._opens = min([start, *(row.first for row in self._rows)])
        self._landed = self._weighed(self._rows)
        self._levels = index_levels(self._landed, self._settings)

    def _weighed(self, rows: Iterable[EventRow]) -> Floats:
        """What lands on each day of the joint index."""
        import numpy as np

        days = (self.end - self._opens).days + 1
        landed = np.zeros((3, days))
        for row in rows:
            first, last = max((row.first - self._opens).days, 0), (row.last - self._opens).days
            weight = row.weight_thousandths / 1000 / row.pair_rows / row.width_days
            powers = weight * np.array([1.0, row.score, row.score**2])
            landed[:, first : max(last + 1, 0)] += powers[:, None]
            # Without some report an event may be of a day before: it lands on the first one, as far as it has faded.
            ages = range(max(-last, 1), (self._opens - row.first).days + 1)
            landed[:, 0] += powers * sum(2 ** (-age / self._settings.half_life_days) for age in ages)
        return landed

    def _left(self, key: str, dropped: set[str]) -> tuple[EventRow, ...]:
        """Rows of what is left of an occurrence without some documents."""
        occurrence = self._all[key]
        if not occurrence.members:
            return () if set(occurrence.documents) <= dropped else tuple(self._of[key])
        kept = tuple(entry for entry in occurrence.members if entry.document not in dropped)
        asked = key, frozenset(entry.id for entry in kept)
        if asked not in self._rows_left:
            standing = [
                self._standing.get(entry.id) or Standing(entry, entry.coding)
                for entry in kept
                if isinstance(entry.coding, Event)
            ]
            again = [_alone(standing[0])] if len(standing) == 1 else merged(standing, self._origins)
            self._rows_left[asked] = event_rows(again, dyad=self.dyad, published=self._published).rows
        return self._rows_left[asked]

    def without(self, dropped: set[str]) -> Without:
        touched = {key for document in dropped for key in self._telling[document]}
        left = {key: self._left(key, dropped) for key in touched}
        mine = touched & self.mine.keys()
        gone = sum(not left[key] for key in mine)
        changed = sum(list(map(_counted, self._of[key])) != list(map(_counted, left[key])) for key in mine) - gone
        again = [row for rows in left.values() for row in rows]
        landed = self._landed - self._weighed(row for key in touched for row in self._of[key]) + self._weighed(again)
        # Sums of parts taken off leave a last bit where nothing is left.
        landed[:, landed[0] < _NOTHING] = 0.0
        skipped = (self.start - self._opens).days
        return _compared(
            self._levels[:, skipped:], index_levels(landed, self._settings)[:, skipped:], self.start, gone, changed
        )

    def scores(self, side: str, outlets: Mapping[str, Outlet]) -> dict[str, float]:
        """Score of each event that this side's press tells, from its reports alone."""
        others = {key for key in self.documents if outlets[key].country != side}
        found = {}
        for key in self.events_of(set(self.documents) - others):
            rows = self._left(key, others)
            if rows:
                found[key] = sum(row.score for row in rows) / len(rows)
        return found


def _alone(standing: Standing[Event]) -> Occurrence:
    """What the ledger makes of one report of an event."""
    entry = standing.entry
    return Occurrence(entry.id, standing.coding, (entry,), (entry.document,), 1, decided=standing.decided)


def _sides(coding: object) -> set[str]:
    return set(coding.sides) if isinstance(coding, Event) else set()


def _counted(row: EventRow) -> tuple[object, ...]:
    return row.actor, row.recipient, row.score_tenths, row.first, row.last, row.weight_thousandths


def _origin(key: str, documents: Mapping[str, Document]) -> str:
    """The first of its copies."""
    trail = {key}
    while (earlier := documents[key].duplicate_of) in documents and earlier not in trail:
        key = earlier  # type: ignore[assignment]  # it is in `documents`
        trail.add(key)
    return key


def _groups(kind: Kind, told: _Telling, outlets: Mapping[str, Outlet]) -> list[SourceGroup]:
    held: dict[str, set[str]] = defaultdict(set)
    for key, document in told.documents.items():
        held[document.language if kind == "language" else str(getattr(outlets[key], _FIELD[kind]))].add(key)
    events = {name: told.events_of(documents) for name, documents in held.items()}
    tellers: dict[str, int] = defaultdict(int)
    for some in events.values():
        for event in some:
            tellers[event] += 1
    found = []
    for name, documents in held.items():
        one = outlets[next(iter(documents))] if kind == "outlet" else None
        here = sum(told.in_stretch(told.documents[key]) for key in documents)
        if here or events[name]:
            found.append(
                SourceGroup(
                    kind=kind,
                    key=name,
                    name=one.name if one else name,
                    country=one.country if one else "",
                    ownership=one.ownership if one else "",
                    documents=here,
                    told=told.share(events[name]),
                    alone=tuple(key for key in told.mine if key in events[name] and tellers[key] == 1),
                    without=told.without(documents) if events[name] else None,
                )
            )
    return sorted(found, key=lambda group: (-len(group.told.events), -group.documents, group.key))


_FIELD = {"outlet": "key", "country": "country", "ownership": "ownership"}


def _by_side(told: _Told, outlets: Mapping[str, Outlet]) -> dict[str, SidePress]:
    held: dict[str, set[str]] = {side: set() for side in (*told.dyad.sides, "third", "unknown")}
    for key in told.documents:
        country = outlets[key].country
        # What belongs to no state (the United Nations) is a third party's; an outlet we do not know is nobody's.
        known = country or outlets[key].ownership
        held[country if country in told.dyad.sides else "third" if known else "unknown"].add(key)
    found = {}
    for side, documents in held.items():
        scores = told.scores(side, outlets).values() if side in told.dyad.sides else ()
        found[side] = SidePress(
            side=side,
            documents=sum(told.in_stretch(told.documents[key]) for key in documents),
            told=told.share(told.events_of(documents)),
            mean_score=round(sum(scores) / len(scores), 6) if scores else None,
        )
    return found


def _compared(before: Floats, after: Floats, start: date, gone: int, changed: int) -> Without:
    import numpy as np

    value, low, high = before[:3]
    shifts = after[0] - value
    outside = (after[0] < low) | (after[0] > high)
    last, known = float(shifts[-1]), not np.isnan(shifts).all()
    at = int(np.nanargmax(np.abs(shifts))) if known else 0
    return Without(
        value=None if np.isnan(after[0, -1]) else round(float(after[0, -1]), 6),
        shift=None if np.isnan(last) else round(last, 6) + 0.0,
        within=bool(low[-1] <= after[0, -1] <= high[-1]),
        largest=round(float(shifts[at]), 6) + 0.0 if known else None,
        largest_day=start + timedelta(days=at) if known else None,
        largest_share=round(float(abs(shifts[at]) / (high[at] - low[at]) * 2), 6) if known else None,
        outside_days=int(outside.sum()),
        gone=gone,
        changed=changed,
    )


def _difference(first: Mapping[str, float], second: Mapping[str, float]) -> Difference | None:
    from scipy.special import stdtrit  # type: ignore[import-untyped, unused-ignore]

    if min(len(first), len(second)) < FEW_EVENTS:
        return None
    a, b = sum(first.values()) / len(first), sum(second.values()) / len(second)
    part_a, part_b = (
        sum((x - mean) ** 2 for x in some.values()) / (len(some) - 1) / len(some)
        for some, mean in ((first, a), (second, b))
    )
    shared = [(first[key] - a) * (second[key] - b) for key in first.keys() & second.keys()]
    variance = part_a + part_b - 2 * sum(shared) / (len(first) * len(second))
    spread = part_a**2 / (len(first) - 1) + part_b**2 / (len(second) - 1)
    df = (part_a + part_b) ** 2 / spread if spread else float(min(len(first), len(second)) - 1)
    reach = float(stdtrit(df, (1 + LEVEL) / 2)) * max(variance, 0.0) ** 0.5
    return Difference(round(a - b, 6), round(a - b - reach, 6), round(a - b + reach, 6))
