"""Who comes up on a side: shares of its contacts, of its words and of the reports that name it, now against before.

Counts grow with coverage, so everything is a share of what the side's people did or had written about them in the same
stretch. A rise is the difference of two shares, with its interval.

Source:
    Binomial shares with a Dirichlet prior of one half for each person (Perks 1947; Gelman et al. 2013, Bayesian Data
    Analysis, ch. 3.4); the difference of two Beta distributions is reckoned on a grid. The three shares are put
    together as by Stouffer et al. (1949), with the correlation of Strube (1985), Psychological Bulletin 97, 334-341.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from detente.ledger import Standing
from detente.measures.stance import day_said
from detente.terms import Entity, Occurrence, PersonMention, Statement

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

METHOD = "risers.v1"
WINDOW = timedelta(days=60)
"""Length of what is now; before is twice as long, right before it."""
BAND = 0.8
"""Probability that the interval of a difference of shares holds."""
SURE = 0.9
"""Probability from which a share is said to have risen or fallen: of people whose share stays, 2-6 in a hundred are
named as risers; of those with four times the share, 53 where a side has 5 contacts, 20 speaking days and 30 reports in
each stretch, 99 where it has six times that (`python benchmarks/risers.py 200`)."""
ALIKE = 0.5
"""Correlation that is reckoned with between the three shares of one person: who meets is quoted and written about."""
FEWEST = 10
"""Mentions (a report counts once for each of the side it names) that both stretches need for a rise to be told."""
PRIOR = 0.5
CONTACT = "CONSULT"
_GRID = 400

Channel = Literal["contacts", "words", "reports"]
CHANNELS: tuple[Channel, ...] = ("contacts", "words", "reports")


@dataclass(frozen=True, slots=True)
class Share:
    """A person's part of what their side did, now and before.

    Attributes:
        now, before: Counts; contacts weigh by the confidence of their coding.
        of_now, of_before: The side's, each contact, speaker's day or report once for each of its people.
        rise, low80, high80: Difference of the shares, and its interval.
        risen: Probability that the share rose.
        evidence: Occurrences, entries or documents of now.
    """

    now: float
    of_now: float
    before: float
    of_before: float
    rise: float
    low80: float
    high80: float
    risen: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """A role of a person with its days.

    Attributes:
        new: Whether it began within the two stretches.
    """

    title: tuple[tuple[str, str], ...]
    office: str
    since: date | None
    until: date | None
    new: bool


@dataclass(frozen=True, slots=True)
class Riser:
    """One person or institution.

    Attributes:
        enough: Whether both stretches have `FEWEST` reports.
        risen: Probability that the three shares together rose.
        rise, low80, high80: Mean of the three differences, with its interval.
        contacts: Meetings, visits and calls that took place.
        words: Days on which they spoke.
        reports: Documents that name them.
        level_now, level_before: Mean rank (2 to 5) of those they met from other sides; None where nobody was named.
        met: Whom they met now, with how often, the most often first.
        new: First seen now, while the side had been watched before.
        first: Day first seen.
        months: (first day of the month, contacts, days of words, reports).
        offices: Held within the two stretches, in order.
    """

    entity: str
    side: str
    enough: bool
    risen: float
    rise: float
    low80: float
    high80: float
    contacts: Share
    words: Share
    reports: Share
    level_now: float | None
    level_before: float | None
    met: tuple[tuple[str, int], ...]
    new: bool
    first: date
    months: tuple[tuple[date, int, int, int], ...]
    offices: tuple[Office, ...]

    def share(self, channel: Channel) -> Share:
        found: Share = getattr(self, channel)
        return found

    @property
    def rises(self) -> bool:
        return self.enough and self.risen >= SURE

    @property
    def falls(self) -> bool:
        return self.enough and self.risen <= 1 - SURE


@dataclass(frozen=True, slots=True)
class Risers:
    """People and institutions by side, those whose share rose most surely first.

    Attributes:
        now: First day of now; it ends on `day`.
        before: First day of before.
    """

    day: date
    now: date
    before: date
    people: tuple[Riser, ...]

    def side(self, code: str) -> tuple[Riser, ...]:
        return tuple(person for person in self.people if person.side == code)


@dataclass(frozen=True, slots=True)
class _Seen:
    day: date
    side: str
    entity: str
    channel: Channel
    key: str
    weight: float
    evidence: str
    met: tuple[str, ...] = ()


def risers(
    occurrences: Iterable[Occurrence],
    statements: Iterable[Standing[Statement]],
    mentions: Iterable[Standing[PersonMention]],
    *,
    day: date,
    sides: Sequence[str],
    entities: Mapping[str, Entity],
    rank: Callable[[Entity, date], int | None],
    start: date | None = None,
    published: Mapping[str, date] | None = None,
    copies: Iterable[str] = (),
    window: timedelta = WINDOW,
) -> Risers:
    """Compare who is seen on each side now with who was seen before.

    Args:
        occurrences, statements, mentions: As the ledger holds them at a moment; one given twice counts once.
        day: Last day of now.
        sides: Alpha-3 codes.
        entities: By id; only persons and institutions are followed.
        rank: Of an entity on a day.
        start: First day looked at; before begins no earlier.
        published: Day of publication by document.
        copies: Documents that are copies of others, whose mentions do not count.
        window: Length of now; before is at most twice as long.
    """
    now = day - window + timedelta(days=1)
    before = max(now - 2 * window, start) if start else now - 2 * window
    published = published or {}
    seen = [
        *_contacts(occurrences, sides, entities, published),
        *_words(statements, sides, entities, published),
        *_reports(mentions, sides, entities, published, frozenset(copies)),
    ]
    unique = {(s.channel, s.side, s.entity, s.key): s for s in sorted(seen, key=lambda s: s.evidence, reverse=True)}
    kept = sorted(
        (s for s in unique.values() if s.day <= day and (start is None or s.day >= start)),
        key=lambda s: (s.day, s.channel, s.key, s.side, s.entity),
    )
    people: dict[tuple[str, str], list[_Seen]] = defaultdict(list)
    for one in kept:
        people[one.side, one.entity].append(one)
    count = {side: sum(1 for s, _ in people if s == side) for side in sides}
    totals: dict[tuple[str, Channel, bool], float] = defaultdict(float)
    watched: dict[str, date] = {}
    for one in kept:
        watched.setdefault(one.side, one.day)
        if one.day >= before:
            totals[one.side, one.channel, one.day >= now] += one.weight
    found = [
        _riser(entity, side, own, day, now, before, totals, count[side], watched[side], entities, rank)
        for (side, entity), own in people.items()
        if any(one.day >= before for one in own)
    ]
    found.sort(key=lambda r: (r.side, -r.risen, r.entity))
    return Risers(day, now, before, tuple(found))


def together(chances: Sequence[float]) -> float:
    """Probability that several shares rose as one, when they go together as `ALIKE` says (Stouffer's sum of normals).

    >>> round(together([0.9, 0.9, 0.5]), 2)
    0.85
    """
    from statistics import NormalDist

    normal, n = NormalDist(), len(chances)
    total = math.fsum(normal.inv_cdf(min(max(p, 0.001), 0.999)) for p in chances)
    return round(normal.cdf(total / math.sqrt(n + n * (n - 1) * ALIKE)), 3)


def _followed(entity: str, entities: Mapping[str, Entity]) -> bool:
    return entity in entities and entities[entity].kind in ("person", "institution")


def _contacts(
    occurrences: Iterable[Occurrence],
    sides: Sequence[str],
    entities: Mapping[str, Entity],
    published: Mapping[str, date],
) -> Iterable[_Seen]:
    for occurrence in occurrences:
        event = occurrence.event
        if event.type != CONTACT or event.realis != "happened":
            continue
        told = [published[d] for d in occurrence.documents if d in published]
        when = event.event_date.first if event.event_date is not None else min(told, default=None)
        if when is None:
            continue
        there = (*event.actors, *event.recipients)
        for one in there:
            for side in one.sides:
                if side in sides and _followed(one.entity, entities):
                    others = tuple(sorted({o.entity for o in there if side not in o.sides and o.entity in entities}))
                    weight = event.confidence
                    yield _Seen(when, side, one.entity, "contacts", occurrence.id, weight, occurrence.id, others)


def _words(
    statements: Iterable[Standing[Statement]],
    sides: Sequence[str],
    entities: Mapping[str, Entity],
    published: Mapping[str, date],
) -> Iterable[_Seen]:
    for standing in statements:
        speaker, when = standing.coding.speaker, day_said(standing.coding, published)
        if when is not None and _followed(speaker.entity, entities):
            for side in speaker.sides:
                if side in sides:
                    yield _Seen(when, side, speaker.entity, "words", when.isoformat(), 1.0, standing.entry.id)


def _reports(
    mentions: Iterable[Standing[PersonMention]],
    sides: Sequence[str],
    entities: Mapping[str, Entity],
    published: Mapping[str, date],
    copies: frozenset[str],
) -> Iterable[_Seen]:
    for standing in mentions:
        mention, document = standing.coding, standing.coding.evidence.document
        when = published.get(document)
        if when is None or document in copies or not _followed(mention.entity, entities) or mention.side not in sides:
            continue
        yield _Seen(when, mention.side, mention.entity, "reports", document, 1.0, document)


def _riser(
    entity: str,
    side: str,
    own: list[_Seen],
    day: date,
    now: date,
    before: date,
    totals: Mapping[tuple[str, Channel, bool], float],
    people: int,
    watched: date,
    entities: Mapping[str, Entity],
    rank: Callable[[Entity, date], int | None],
) -> Riser:
    shares = {}
    for channel in CHANNELS:
        ours = [s for s in own if s.channel == channel and s.day >= before]
        current = math.fsum(s.weight for s in ours if s.day >= now)
        earlier = math.fsum(s.weight for s in ours if s.day < now)
        evidence = tuple(s.evidence for s in ours if s.day >= now)
        of_now, of_before = totals.get((side, channel, True), 0.0), totals.get((side, channel, False), 0.0)
        shares[channel] = _share(current, of_now, earlier, of_before, people, evidence)
    met: dict[str, int] = defaultdict(int)
    for one in own:
        for other in one.met if one.day >= now else ():
            met[other] += 1
    months: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in own:
        months[one.day.replace(day=1)][one.channel] += 1
    middle = round(sum(shares[c].rise for c in CHANNELS) / len(CHANNELS), 4)
    half = _spread([(shares[c].high80 - shares[c].low80) / 2 for c in CHANNELS])
    return Riser(
        entity=entity,
        side=side,
        enough=min(shares["reports"].of_now, shares["reports"].of_before) >= FEWEST,
        rise=middle,
        low80=round(middle - half, 4),
        high80=round(middle + half, 4),
        risen=together([shares[channel].risen for channel in CHANNELS]),
        contacts=shares["contacts"],
        words=shares["words"],
        reports=shares["reports"],
        level_now=_level([s for s in own if s.day >= now], entities, rank),
        level_before=_level([s for s in own if before <= s.day < now], entities, rank),
        met=tuple(sorted(met.items(), key=lambda pair: (-pair[1], pair[0]))),
        new=own[0].day >= now and watched < now - (day - now) / 2,
        first=own[0].day,
        months=tuple((m, c["contacts"], c["words"], c["reports"]) for m, c in sorted(months.items())),
        offices=tuple(
            Office(r.title, r.office, r.since, r.until, r.since is not None and before <= r.since <= day)
            for r in sorted(entities[entity].roles, key=lambda r: (r.since or date.min, r.office))
            if r.side == side and (r.since is None or r.since <= day) and (r.until is None or r.until >= before)
        ),
    )


def _spread(halves: Sequence[float]) -> float:
    """Half the width of the interval of a mean of numbers that go together as `ALIKE` says."""
    total = math.fsum(h * h for h in halves)
    between = math.fsum(a * b for n, a in enumerate(halves) for b in halves[n + 1 :])
    return math.sqrt(total + 2 * ALIKE * between) / len(halves)


def _level(
    seen: list[_Seen], entities: Mapping[str, Entity], rank: Callable[[Entity, date], int | None]
) -> float | None:
    levels, weights = [], []
    for one in seen:
        ranks = [r for r in (rank(entities[other], one.day) for other in one.met) if r is not None]
        if ranks:
            levels.append(one.weight * sum(ranks) / len(ranks))
            weights.append(one.weight)
    return round(math.fsum(levels) / math.fsum(weights), 2) if weights else None


def _share(now: float, of_now: float, before: float, of_before: float, people: int, evidence: tuple[str, ...]) -> Share:
    counts = tuple(round(n, 6) for n in (now, of_now, before, of_before))
    rise, low, high, risen = _difference(*counts, people)
    return Share(counts[0], counts[1], counts[2], counts[3], rise, low, high, risen, evidence)


@lru_cache(maxsize=4096)
def _difference(now: float, of_now: float, before: float, of_before: float, people: int) -> tuple[float, ...]:
    """Difference of two shares: mean, 80% interval, and the probability that it is above zero."""
    import numpy as np
    from scipy.special import betainc

    rest = PRIOR * max(people - 1, 1)
    edges = np.linspace(0, 1, _GRID + 1)
    current = np.diff(betainc(PRIOR + now, rest + of_now - now, edges))
    earlier = np.diff(betainc(PRIOR + before, rest + of_before - before, edges))
    mass = np.convolve(current, earlier[::-1])
    at = np.arange(1 - _GRID, _GRID) / _GRID
    total = mass.cumsum() - mass / 2
    low, high = (float(np.interp(p, total, at)) for p in (round((1 - BAND) / 2, 4), round((1 + BAND) / 2, 4)))
    risen = mass[_GRID:].sum() + mass[_GRID - 1] / 2
    return round(float(mass @ at), 4), round(low, 4), round(high, 4), round(float(risen), 3)
