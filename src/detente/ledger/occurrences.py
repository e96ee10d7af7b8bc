"""The same event told by several documents, in several languages, as one occurrence with its members kept.

Two events are taken for the same where type, sides and date fit and nothing contradicts it; the vaguer the date, the
more has to agree (place, named participants, track):

- **type**: equal; or of one PLOVER quad class, told by different documents of the same day with two agreements.
  A meeting (CONSULT) and the accord it reached (AGREE) are two events, as in PLOVER, and never join.
- **sides**: for meetings, accords and cooperation the set of states, whoever is called the actor; otherwise who acts
  and toward whom. One report may name fewer states than another.
- **date**: days that meet; a day known only from publication may lie up to three days after the true one; two stated
  days may differ by one or two where a meeting's place and people agree (a disagreement, kept), and by a month to the
  day where besides both reports are of one week ("3 July" for 3 June); a week, month, season or quarter takes in a day
  when something agrees; a year, or no date, needs two agreements and nearness in time.
- **people**: where two reports name people on both sides and not one of them is the same, they tell of two meetings,
  even of one day in one city.
- **realis**: planned and happened readings of one thing join, and so do cancelled and denied ones.

What a person merged or split (`detente.ledger.groupings`) comes before all of this.

Events are taken in an order that depends on what they say, not on when they were filed, so that the same reports
give the same occurrences in whatever order they came in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property

from detente import codebook
from detente.errors import CodebookError
from detente.ledger.details import Details
from detente.ledger.groupings import Ties
from detente.ledger.standing import Standing
from detente.terms import REALIS, Event, EventDate, Occurrence, Participant, Realis, TimeExpression

_NO_TIES = Ties()
_MEETING = frozenset({"CONSULT", "AGREE"})
_MUTUAL = _MEETING | {"COOPERATE"}
_FINAL: tuple[Realis, ...] = ("happened", "cancelled", "denied")
_BASES = ("explicit", "relative", "narrative", "publication", "none")

# Checked on the 26 events of seven hand-coded articles in three languages (November 2026): of 11 pairs that tell of one
# event by the chronology and have one type, 9 join; of the pairs of different events, none. A day more or less in any
# of the first three changes nothing there.
_REPORTING_LAG_DAYS = 3
_DISPUTED_DAYS = 2
_SAME_NEWS_DAYS = 7
_TOLD_WITHIN_DAYS = 7
_PLANNED_WITHIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Source:
    """What merging needs to know of a document; `origin` is the first of its copies."""

    origin: str
    published: date | None
    language: str = ""


@dataclass(frozen=True)
class _Telling:
    """One standing event, with what it is compared by."""

    standing: Standing[Event]
    source: Source

    @property
    def event(self) -> Event:
        return self.standing.coding

    @property
    def document(self) -> str:
        return self.standing.entry.document

    @cached_property
    def when(self) -> EventDate | None:
        found = self.event.event_date
        return None if found is None or found.precision == "none" else found

    @cached_property
    def exact(self) -> bool:
        return self.when is not None and self.when.precision == "day"

    @cached_property
    def presumed(self) -> bool:
        """The day is that of publication: true of the report, a guess about the event."""
        return self.when is not None and self.when.basis == "publication"

    @cached_property
    def stretch(self) -> tuple[date, date] | None:
        """Days within which it happened or will; for an undated one, near its publication."""
        if self.when is not None:
            return self.when.first, self.when.last
        if self.source.published is None:
            return None
        if self.event.realis in ("planned", "proposed"):
            return self.source.published, self.source.published + timedelta(days=_PLANNED_WITHIN_DAYS)
        return self.source.published - timedelta(days=_TOLD_WITHIN_DAYS), self.source.published

    @cached_property
    def sides(self) -> frozenset[str]:
        return frozenset(self.event.sides)

    @cached_property
    def acting(self) -> frozenset[str]:
        return frozenset(p.side for p in self.event.actors if p.side)

    @cached_property
    def addressed(self) -> frozenset[str]:
        return frozenset(p.side for p in self.event.recipients if p.side)

    @cached_property
    def named(self) -> Mapping[str, frozenset[str]]:
        """Persons and institutions taking part, by side."""
        found: dict[str, set[str]] = defaultdict(set)
        for participant in (*self.event.actors, *self.event.recipients):
            if key := _known(participant):
                found[participant.side].add(key)
        return {side: frozenset(keys) for side, keys in found.items()}

    @cached_property
    def people(self) -> str:
        return ", ".join(sorted(key for keys in self.named.values() for key in keys))

    @cached_property
    def persons(self) -> Mapping[str, frozenset[str]]:
        """Those among them who hold an office: two delegations can be told apart by them."""
        found: dict[str, set[str]] = defaultdict(set)
        for participant in (*self.event.actors, *self.event.recipients):
            if participant.role and (key := _known(participant)):
                found[participant.side].add(key)
        return {side: frozenset(keys) for side, keys in found.items()}

    @cached_property
    def order(self) -> tuple[object, ...]:
        """Best known first; nothing in it depends on when it was filed."""
        when, stretch = self.when, self.stretch
        return (
            0 if self.exact and not self.presumed else 1 if self.exact else 2 if when is not None else 3,
            (when.last - when.first).days if when is not None and not self.exact else 0,
            REALIS.index(self.event.realis),
            stretch[0] if stretch else date.max,
            -sum(map(len, self.named.values())),
            self.source.published or date.max,
            self.document,
            self.event.evidence.start,
            self.standing.entry.id,
        )


def _known(participant: Participant) -> str:
    """Entity id of a person or institution; a state (its id is its code) and an unknown name tell nothing apart."""
    return participant.entity if participant.entity != participant.side else ""


@cache
def _state_of(city: str) -> str:
    """The state a known city lies in, or empty."""
    # Read only when a city meets a state: most ledgers are read without the registry's names and their forms.
    from detente.registry import load

    return load().city_country(city)


def _same_place(one: str, other: str) -> bool:
    if one == other:
        return True
    codes = [place for place in (one, other) if len(place) == 3 and place.isupper()]
    return len(codes) == 1 and _state_of(other if one == codes[0] else one) == codes[0]


def _quad(event_type: str) -> int | None:
    try:
        return codebook.quad(event_type)
    except CodebookError:
        return None


@dataclass(frozen=True, slots=True)
class _Fit:
    """How two tellings go together: `score` None where nothing says they are one; `clash` where they cannot be."""

    score: int | None
    clash: bool = False


_CLASH = _Fit(None, clash=True)


def _fit(a: _Telling, b: _Telling) -> _Fit:
    same_type = a.event.type == b.event.type
    copies = a.source.origin == b.source.origin and a.document != b.document
    if same_type and copies and a.event.evidence.quote == b.event.evidence.quote:
        return _Fit(1000)
    if not same_type and (
        {a.event.type, b.event.type} & _MEETING
        or _quad(a.event.type) is None
        or _quad(a.event.type) != _quad(b.event.type)
    ):
        return _CLASH
    sides = _sides_fit(a, b)
    days = _days_fit(a, b)
    if sides == "clash" or days == "clash":
        return _CLASH
    meeting = a.event.type in _MEETING
    place_known = bool(a.event.place and b.event.place)
    place = place_known and _same_place(a.event.place, b.event.place)
    shared_sides = sum(bool(a.named.get(side, frozenset()) & b.named.get(side, frozenset())) for side in a.named)
    others = [not b.persons[side] & own for side, own in a.persons.items() if b.persons.get(side)]
    persons_differ = any(others)
    track = bool(a.event.track) and a.event.track == b.event.track
    tracks_differ = bool(a.event.track and b.event.track) and not track
    # A differing detail is a disagreement, and kept, where the rest leaves no doubt; otherwise these are two events.
    if place_known and not place and shared_sides < 2:
        return _CLASH
    if persons_differ and not shared_sides and not (meeting and place and len(others) == 1):
        return _CLASH
    # Two states hold one call a day: what it was about is told by each report in its own way.
    one_call = days == "same day" and sides == "equal" and a.event.mode == b.event.mode == "phone"
    if tracks_differ and not (a.event.type == "CONSULT" and (place or shared_sides or one_call)):
        return _CLASH
    agreements = place + bool(shared_sides) + track
    if not _enough(a, b, days, sides, agreements, shared_sides, place, track):
        return _Fit(None)
    closeness = {"same day": 5, "near": 3, "disputed": 2, "within": 1, "a month off": 0}.get(days, 0)
    # Of a call that was made and a meeting that was called off, "they spoke in October" means the call.
    alike = 2 * (a.event.realis == b.event.realis) + (a.event.mode == b.event.mode)
    return _Fit(10 * agreements + closeness + 4 * same_type + 3 * (sides == "equal") + alike)


def _enough(
    a: _Telling,
    b: _Telling,
    days: str,
    sides: str,
    agreements: int,
    shared_sides: int,
    place: bool,
    track: bool,
) -> bool:
    if a.event.type != b.event.type and not (days == "same day" and agreements >= 2 and a.document != b.document):
        return False
    needed = 0 if sides == "equal" else 1
    if "hypothetical" in (a.event.realis, b.event.realis) and days != "same day":
        return False
    if days == "same day":
        # One text that reports two acts on a day means two; a meeting it comes back to is one.
        if a.document == b.document and a.event.type not in _MEETING and not _overlapping(a, b):
            needed = max(needed, 1)
        return agreements >= needed
    if days == "near":
        return sides == "equal" and agreements >= 1
    if days == "disputed":
        return (
            a.event.type in _MEETING
            and sides == "equal"
            and (shared_sides >= 2 or (place and (shared_sides >= 1 or track)))
        )
    if days == "a month off":
        return a.event.type in _MEETING and sides == "equal" and place and shared_sides >= 2 and _same_news(a, b)
    if days == "within":
        return agreements >= needed + 1
    return days == "window" and sides == "equal" and agreements >= 2 and (place or shared_sides >= 1)


def _overlapping(a: _Telling, b: _Telling) -> bool:
    return a.event.evidence.span.overlaps(b.event.evidence.span)


def _same_news(a: _Telling, b: _Telling) -> bool:
    one, other = a.source.published, b.source.published
    return (
        a.document != b.document
        and one is not None
        and other is not None
        and abs((one - other).days) <= _SAME_NEWS_DAYS
    )


def _sides_fit(a: _Telling, b: _Telling) -> str:
    if a.event.type in _MUTUAL or not (a.addressed or b.addressed):
        if a.sides == b.sides:
            return "equal"
        return "part" if a.sides <= b.sides or b.sides <= a.sides else "clash"
    for one, other in ((a.acting, b.acting), (a.addressed, b.addressed)):
        if one and other and not one & other:
            return "clash"
    return "equal" if a.acting == b.acting and a.addressed == b.addressed else "part"


def _days_fit(a: _Telling, b: _Telling) -> str:
    if a.stretch is None or b.stretch is None:
        return "unknown" if a.document != b.document else "window"
    gap = max((b.stretch[0] - a.stretch[1]).days, (a.stretch[0] - b.stretch[1]).days, 0)
    if a.when is None or b.when is None:
        return "window" if gap == 0 else "clash"
    if a.exact and b.exact:
        if gap == 0:
            return "same day"
        for presumed, stated in ((a, b), (b, a)):
            if presumed.presumed and not stated.presumed:
                assert presumed.when is not None  # noqa: S101 (exact tellings have a date)
                assert stated.when is not None  # noqa: S101
                return "near" if stated.when.last < presumed.when.first and gap <= _REPORTING_LAG_DAYS else "clash"
        if gap <= _DISPUTED_DAYS:
            return "disputed"
        return "a month off" if b.stretch[0] in _month_off(a.stretch) and not a.presumed and not b.presumed else "clash"
    if gap:
        return "clash"
    longest = max((x.stretch[1] - x.stretch[0]).days for x in (a, b) if x.stretch)
    return "within" if longest < 100 else "window"


@dataclass(slots=True)
class _Group:
    order: int
    tellings: list[_Telling] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        return any(telling.exact for telling in self.tellings)

    def holds(self, entries: frozenset[str]) -> bool:
        """Whether any of these entries is in it."""
        return any(telling.standing.entry.id in entries for telling in self.tellings)

    def fit(self, telling: _Telling) -> int | None:
        best: int | None = None
        for member in self.tellings:
            fit = _fit(telling, member)
            if fit.clash:
                return None
            if fit.score is not None and (best is None or fit.score > best):
                best = fit.score
        return best


def occurrences(
    events: Iterable[Standing[Event]],
    sources: Mapping[str, Source],
    times: Iterable[TimeExpression] = (),
    *,
    ties: Ties = _NO_TIES,
) -> list[Occurrence]:
    """Merge standing events into occurrences.

    Args:
        events: As `standings` gives them.
        sources: By document id, for every document an event stands in.
        times: Of the same documents: the lengths of meetings are among them.
        ties: Which of them people merged or split.

    Returns:
        In order of day, undated ones last.
    """
    groups: list[_Group] = []
    index: dict[object, list[_Group]] = defaultdict(list)
    tellings = sorted((_Telling(event, sources[event.entry.document]) for event in events), key=lambda t: t.order)
    for telling in tellings:
        group = _choose(telling, index, ties.parted_from(telling.standing.entry.id))
        if group is None:
            group = _Group(len(groups))
            groups.append(group)
        group.tellings.append(telling)
        for key in _filed_under(telling):
            if not index[key] or index[key][-1] is not group:
                index[key].append(group)
    details = Details((telling.event for telling in tellings), times)
    merged = [_occurrence(group, details) for group in _united(groups, ties)]
    return sorted(merged, key=lambda o: (o.event.event_date.first if o.event.event_date else date.max, o.id))


def _united(groups: list[_Group], ties: Ties) -> list[_Group]:
    """The groups, those that people merged as one."""
    if not ties.together:
        return groups
    home = {telling.standing.entry.id: group for group in groups for telling in group.tellings}
    into: dict[int, _Group] = {}

    def root(group: _Group) -> _Group:
        while (further := into.get(group.order)) is not None:
            group = further
        return group

    for pair in sorted(ties.together, key=sorted):
        found = [root(home[entry]) for entry in pair if entry in home]
        if len(found) == 2 and found[0] is not found[1]:
            first, second = sorted(found, key=lambda group: group.order)
            first.tellings.extend(second.tellings)
            into[second.order] = first
    return [group for group in groups if group.order not in into]


def _filed_under(telling: _Telling) -> list[object]:
    kind = _block(telling)
    keys: list[object] = [(kind, telling.source.origin)]
    if telling.stretch is not None:
        keys += [(kind, day) for day in (_days if telling.exact else _months)(*telling.stretch)]
    return keys


def _looked_up(telling: _Telling) -> list[object]:
    kind = _block(telling)
    keys: list[object] = [(kind, telling.source.origin)]
    if telling.stretch is not None:
        margin = timedelta(days=_REPORTING_LAG_DAYS if telling.exact else 0)
        first, last = telling.stretch[0] - margin, telling.stretch[1] + margin
        keys += [(kind, day) for day in _days(first, last)] + [(kind, month) for month in _months(first, last)]
        if telling.exact:
            keys += [(kind, day) for day in _month_off(telling.stretch)]
    return keys


def _block(telling: _Telling) -> object:
    """Tellings that may join share this: the type of a meeting, the quad class of anything else."""
    event_type = telling.event.type
    return event_type if event_type in _MEETING else _quad(event_type) or event_type


def _days(first: date, last: date) -> list[object]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _month_off(stretch: tuple[date, date]) -> list[date]:
    """The same day of the month before and of the month after, where there is one; of a range, nothing."""
    day, last = stretch
    found = []
    for number in (day.year * 12 + day.month - 2, day.year * 12 + day.month) if day == last else ():
        with suppress(ValueError):  # no 31 June
            found.append(date(number // 12, number % 12 + 1, day.day))
    return found


def _months(first: date, last: date) -> list[object]:
    return [(n // 12, n % 12) for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)]


def _choose(telling: _Telling, index: Mapping[object, list[_Group]], parted: frozenset[str]) -> _Group | None:
    near: dict[int, _Group] = {}
    for key in _looked_up(telling):
        for group in index.get(key, ()):
            near[group.order] = group
    fits = [
        (score, group)
        for group in near.values()
        if not (parted and group.holds(parted)) and (score := group.fit(telling)) is not None
    ]
    if not fits:
        return None
    top = max(score for score, _ in fits)
    best = sorted((group for score, group in fits if score == top), key=lambda group: group.order)
    if len(best) > 1 and not telling.exact:
        # "Talks in April" fits two meetings of April alike: it is not guessed which, but such reports join each other.
        best = [group for group in best if not group.exact]
    return best[0] if best else None


def _occurrence(group: _Group, details: Details) -> Occurrence:
    tellings = sorted(group.tellings, key=lambda t: t.standing.entry.seq)
    documents = tuple(dict.fromkeys(t.document for t in tellings))
    decided = [t for t in tellings if t.standing.decided]
    if decided:
        last = max(decided, key=lambda t: t.standing.decision.seq if t.standing.decision else 0)
        event, action = last.event, last.standing.decided
    else:
        event, action = _supported(tellings), ""
    return Occurrence(
        id=tellings[0].standing.entry.id,
        event=event,
        members=tuple(t.standing.entry for t in tellings),
        documents=documents,
        sources=len({t.source.origin for t in tellings}),
        disagreements=_disagreements(tellings, details),
        decided=action,
    )


def _supported(tellings: Sequence[_Telling]) -> Event:
    """The reading most sources give, field by field, on the words of the member that comes nearest to it."""
    realis = _realis(tellings)
    event_type = _most([(t, t.event.type) for t in tellings])
    when = _when(tellings, realis)
    place = _place(tellings)
    track = _most([(t, t.event.track) for t in tellings if t.event.track])
    mode = _most([(t, t.event.mode) for t in tellings if t.event.mode and t.event.type == event_type])
    nearest = min(
        tellings,
        key=lambda t: (
            t.event.realis != realis,
            t.event.event_date != when,
            t.event.type != event_type,
            t.event.place != place,
            t.event.rank != "main",
            -sum(map(len, t.named.values())),
            -t.event.confidence,
            t.order,
        ),
    )
    who = nearest.event if nearest.named else _taking_part(nearest, tellings)
    return replace(
        nearest.event,
        type=event_type,
        mode=mode,
        actors=who.actors,
        recipients=who.recipients,
        realis=realis,
        event_date=when,
        place=place,
        track=track,
    )


def _taking_part(nameless: _Telling, tellings: Sequence[_Telling]) -> Event:
    """The event of a member that names those whom this one knows by their states alone, or its own."""
    naming = [t for t in tellings if t.named and t.acting == nameless.acting and t.addressed == nameless.addressed]
    people = _most([(t, t.people) for t in naming])
    return min((t for t in naming if t.people == people), key=lambda t: t.order, default=nameless).event


def _most(readings: Sequence[tuple[_Telling, str]]) -> str:
    """The reading of most sources, copies counting once; of equals, that of the best-known telling."""
    sources: dict[str, set[str]] = defaultdict(set)
    for telling, reading in sorted(readings, key=lambda pair: pair[0].order):
        sources[reading].add(telling.source.origin)
    return max(sources, key=lambda reading: len(sources[reading])) if sources else ""


def _realis(tellings: Sequence[_Telling]) -> Realis:
    """What came to pass outweighs what was planned; between claims that exclude each other, most sources, then the
    latest."""
    final = [t for t in tellings if t.event.realis in _FINAL]
    if not final:
        return min((t.event.realis for t in tellings), key=REALIS.index)
    sources: dict[Realis, set[str]] = defaultdict(set)
    latest: dict[Realis, date] = {}
    for telling in final:
        reading = telling.event.realis
        sources[reading].add(telling.source.origin)
        latest[reading] = max(latest.get(reading, date.min), telling.source.published or date.min)
    return max(sources, key=lambda reading: (len(sources[reading]), latest[reading], -REALIS.index(reading)))


def _when(tellings: Sequence[_Telling], realis: Realis) -> EventDate | None:
    dated = [t for t in tellings if t.when is not None]
    if not dated:
        return next((t.event.event_date for t in tellings if t.event.event_date is not None), None)
    votes: dict[tuple[date, date] | None, set[str]] = defaultdict(set)
    for telling in dated:
        votes[telling.stretch].add(telling.source.origin)
    return min(
        dated,
        key=lambda t: (
            not t.exact or t.presumed,
            not t.exact,
            t.event.realis != realis,
            -len(votes[t.stretch]),
            (t.stretch[1] - t.stretch[0]).days if t.stretch else 0,
            _BASES.index(t.when.basis) if t.when else len(_BASES),
            t.order,
        ),
    ).when


def _place(tellings: Sequence[_Telling]) -> str:
    places = [(t, t.event.place) for t in tellings if t.event.place]
    distinct = {place for _, place in places}
    # A city says more than the state it lies in, and a vote for the state does not speak against it.
    narrower = {
        wide: min(near for near in distinct if near != wide and _same_place(near, wide) and len(wide) == 3)
        for wide in distinct
        if len(wide) == 3 and any(near != wide and _same_place(near, wide) for near in distinct)
    }
    return _most([(t, narrower.get(place, place)) for t, place in places])


def _disagreements(
    tellings: Sequence[_Telling], details: Details
) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    if len(tellings) == 1:
        return ()
    stated = [t.when for t in tellings if t.when is not None and not t.presumed]
    places = [t.event.place for t in tellings if t.event.place]
    found: dict[str, list[str]] = {
        "type": [t.event.type for t in tellings],
        "mode": [t.event.mode for t in tellings if t.event.mode] if len({t.event.type for t in tellings}) == 1 else [],
        "realis": [str(t.event.realis) for t in tellings if not _only_ahead(t, tellings)],
        # A vaguer date or place that holds the other does not disagree with it.
        "event_date": [w.value for w in stated] if any(not a.meets(b) for a in stated for b in stated) else [],
        "place": places if any(not _same_place(a, b) for a in places for b in places) else [],
        "sides": ["+".join(sorted(t.sides)) for t in tellings if t.sides],
        "participants": _participants(tellings),
        "length": _lengths(tellings, details),
        "count": [f"{count:g}" for t in tellings if (count := details.count(t.event, t.source.language)) is not None],
    }
    return tuple(
        (name, tuple(sorted(Counter(readings).items(), key=lambda item: (-item[1], item[0]))))
        for name, readings in found.items()
        if len(set(readings)) > 1
    )


def _only_ahead(plan: _Telling, tellings: Sequence[_Telling]) -> bool:
    """Told as planned in time, before anybody could know: what came of it contradicts nothing."""
    if plan.event.realis not in ("planned", "proposed") or plan.source.published is None:
        return False
    final = [t for t in tellings if t.event.realis in _FINAL]
    known = [t.source.published or (t.when.last if t.when is not None else None) for t in final]
    return any(day is not None and plan.source.published <= day for day in known)


def _participants(tellings: Sequence[_Telling]) -> list[str]:
    """Who took part, side by side, where two members name people the other leaves out."""
    for side in sorted({side for t in tellings for side in t.persons}):
        named = [t.persons[side] for t in tellings if side in t.persons]
        if any(not (one <= other or other <= one) for one in named for other in named):
            return [", ".join(sorted(t.persons[side])) for t in tellings if side in t.persons]
    return []


def _lengths(tellings: Sequence[_Telling], details: Details) -> list[str]:
    """Minutes each member gives a meeting, where two of them cannot both be right."""
    told = [length for t in tellings if (length := details.length(t.event)) is not None]
    return [str(length) for length in told] if any(not a.agrees(b) for a in told for b in told) else []
