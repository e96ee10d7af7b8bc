"""Words against deeds: two curves and their gap, and what became of what was announced.

*Curves.* Cooperation less conflict of what is said and promised (verbal) and of what is done (material), -1 to +1, as
`detente.measures.series` has them. With c and x the weights of the two, (c - x) / (1 + c + x) is the mean of 2p - 1
where p, the cooperative share, has the posterior Beta(c + 1/2, x + 1/2) of Jeffreys' prior; the interval is that
posterior's. Events come in clusters, so the weights behind it are divided by a dispersion, the mean squared step from
one stretch to the next over what independent events would give, which counts true change as noise too.
Words run ahead of deeds for 1,106 of 1,107 pairs of states in yearly ICEWS counts, by +1.31 for the middle one
(`python benchmarks/deeds.py`): a gap tells something beside its own past, which is what `Shift` gives.

*Promises.* An announcement is what is planned or offered; it is kept by the next act of its family that took place
between the same sides on the same issue or, for a meeting, of the same people, in the same country or on the days it
spoke of, where issue, people and country do not say otherwise, and within its time; called off by what says so of it in
the same way; lapsed where its time is over without either. Its time ends `SLACK_DAYS` after the day it speaks of, or as
long after it as the announcement came before it; without a day, after `LAPSE_DAYS`. The share kept by so many days
counts being called off and lapsing as ends that compete with being kept (Aalen-Johansen), what is open until now as
open. Its interval is that of a Bayesian bootstrap over promises, weighed by the coder's confidence.

Source:
    Jeffreys (1946), Proceedings of the Royal Society A 186, 453-461; McCullagh & Nelder (1989), Generalized Linear
    Models, 4.5 (dispersion); Aalen & Johansen (1978), Scandinavian Journal of Statistics 5, 141-150;
    Rubin (1981), Annals of Statistics 9, 130-134 (Bayesian bootstrap).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Literal

from detente.codebook import stands_for
from detente.errors import MeasureError
from detente.measures.intervals import Interval
from detente.measures.series import Series
from detente.terms import Dyad, Event, EventDate, Occurrence, Realis

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "deeds.v1"
LEVEL = 0.90
DRAWS = 2000
SEED = 20250418
SLACK_DAYS = 14
LAPSE_DAYS = 180
FEWEST_RECENT = 3
"""Stretches that the last quarter holds at least; before it there must be as many again."""
NEAR_DAYS = 7
"""A deed so near the days spoken of is taken for what was announced where nothing says otherwise."""
WIDEST_DAYS = 31
"""Longest stretch a deed is dated to; what is dated to less is taken to be of the day of its report."""
SAME_DAYS = 14
"""Announcements of the same thing within so many days of one another are one promise, made on the first of them."""
FEWEST = 5
"""Promises below which no share kept is given: of four, each is a quarter of it."""
WITHIN_DAYS = (30, 90, 180)

Family = Literal["meeting", "agreement", "cooperation", "concession"]
FAMILIES: Mapping[str, Family] = {
    "CONSULT": "meeting",
    "AGREE": "agreement",
    "COOPERATE": "cooperation",
    "AID": "cooperation",
    "CONCEDE": "concession",
    "RETREAT": "concession",
}
_OFFERS = frozenset({"COOPERATE", "AID", "CONCEDE", "RETREAT"})


def _kind(event: Event) -> str:
    return stands_for(event.type, event.mode)[0]


Outcome = Literal["kept", "called off", "lapsed", "open"]


@dataclass(frozen=True, slots=True)
class Level:
    """Cooperation less conflict, -1 to +1, with its 90 % interval and the weight of events behind it."""

    value: float
    low: float
    high: float
    weight: float


@dataclass(frozen=True, slots=True)
class Gap(Interval):
    """Words against deeds in one stretch.

    Attributes:
        gap: Words less deeds, with a 90 % interval; above 0 more is said than done.
    """

    start: date
    words: Level
    deeds: Level
    gap: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shift(Interval):
    """The gap of the last quarter of the stretches against that of all before, with a 90 % interval of the change."""

    before: Gap
    now: Gap
    change: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curves:
    """Words and deeds of one series.

    Attributes:
        stretches: One for each stretch of the series.
        whole: Of all stretches together.
        dispersion: Of words and of deeds, 1 where events come independently.
        shift: How the gap has changed of late; None where there are too few stretches.
    """

    name: str
    stretches: tuple[Gap, ...]
    whole: Gap
    dispersion: tuple[float, float]
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Something announced, and what became of it.

    Attributes:
        announced: Day of its first report.
        due: Days it speaks of, first and last; None where it names none.
        until: Last day on which a deed still counts as its keeping.
        sides: Who announced it; both where it is a common plan.
        offered: It was offered, not planned.
        ended: Day it was kept, called off or lapsed; None while open.
        days: From announcement to that day, or to today.
        late_days: Days from the end of what it speaks of to the deed, or to today; None where it is not late.
        weight: Confidence (0-1) in the announcement.
        evidence: Occurrences that announce it.
        answer: Occurrence that keeps it or calls it off, or empty.
    """

    announced: date
    due: tuple[date, date] | None
    until: date
    sides: tuple[str, ...]
    family: Family
    type: str
    track: str
    offered: bool
    outcome: Outcome
    ended: date | None
    days: int
    late_days: int | None
    weight: float
    evidence: tuple[str, ...]
    answer: str
    quote: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Share of promises kept by so many days after they were announced, with its 90 % interval."""

    days: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Delays:
    """How promises fare.

    Attributes:
        side: Alpha-3 code, or empty for both.
        counts: Promises by outcome.
        overdue: Open ones whose day is past.
        kept: At each of `WITHIN_DAYS`; empty below `FEWEST` promises.
        median_days: From announcement to deed, of those kept; None where none is.
    """

    side: str
    promises: int
    counts: tuple[tuple[Outcome, int], ...]
    overdue: int
    kept: tuple[Kept, ...]
    median_days: int | None

    def count(self, outcome: Outcome) -> int:
        return dict(self.counts).get(outcome, 0)


def curves(verbal: Series, material: Series) -> Curves:
    """Words and deeds of one series, with the gap between them.

    Args:
        verbal, material: The same stretches, as `series_of` gives them for `what="verbal"` and `what="material"`.

    Raises:
        MeasureError: The two do not belong together, or nobody counted the events behind them.
    """
    if verbal.starts != material.starts or verbal.name != material.name:
        raise MeasureError(f"{verbal.name} and {material.name}: words and deeds of other stretches. Give the same.")
    if len(verbal.weights) != len(verbal.values) or len(material.weights) != len(material.values):
        raise MeasureError(f"{verbal.name}: no number of events behind the values. Give a series with weights.")
    said, done = _parts(verbal), _parts(material)
    dispersion = _dispersion(said), _dispersion(done)
    stretches = tuple(
        _gap(start, (*said[at], dispersion[0]), (*done[at], dispersion[1])) for at, start in enumerate(verbal.starts)
    )
    first = verbal.starts[0] if verbal.starts else date.min
    whole = _gap(first, (*_added(said), dispersion[0]), (*_added(done), dispersion[1]))
    shift = _shift(verbal.starts, said, done, dispersion)
    return Curves(verbal.name, stretches, whole, (round(dispersion[0], 6), round(dispersion[1], 6)), shift)


def _parts(series: Series) -> list[tuple[float, float]]:
    """Weights of cooperation and of conflict, from (c - x) / (1 + c + x) and c + x."""
    out = []
    for value, weight in zip(series.values, series.weights, strict=True):
        net = (value or 0.0) * (1 + weight) if value is not None else 0.0
        held = weight if value is not None else 0.0
        out.append((max(0.0, (held + net) / 2), max(0.0, (held - net) / 2)))
    return out


def _added(parts: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(up for up, _ in parts), sum(down for _, down in parts)


def _dispersion(parts: Sequence[tuple[float, float]]) -> float:
    steps = []
    held = [part for part in parts if sum(part) > 0]
    for (up, down), (up2, down2) in itertools.pairwise(held):
        n, m = up + down, up2 + down2
        share = (up + up2) / (n + m)
        expected = share * (1 - share) * (1 / n + 1 / m)
        if expected > 0:
            steps.append((up / n - up2 / m) ** 2 / expected)
    return max(1.0, sum(steps) / len(steps)) if steps else 1.0


def level(cooperation: float, conflict: float, dispersion: float = 1.0) -> Level:
    """Cooperation less conflict with its interval.

    >>> level(0.0, 0.0).value, level(3.0, 0.0).value
    (0.0, 0.75)
    """
    from scipy.special import betaincinv

    tail = (1 - LEVEL) / 2
    up, down = cooperation / dispersion + 0.5, conflict / dispersion + 0.5
    value = (cooperation - conflict) / (1 + cooperation + conflict)
    low, high = (2 * float(betaincinv(up, down, q)) - 1 for q in (tail, 1 - tail))
    return Level(
        round(value, 6), round(min(low, value), 6), round(max(high, value), 6), round(cooperation + conflict, 6)
    )


_Part = tuple[float, float, float]
"""Weights of cooperation and of conflict, and dispersion."""


def _gap(start: date, said: _Part, done: _Part) -> Gap:
    words, deeds = level(*said), level(*done)
    gap = words.value - deeds.value
    low, high = _ends(_drawn(said, done), gap)
    return Gap(start, words, deeds, round(gap, 6), low, high)


def _drawn(said: _Part, done: _Part, seed: int = SEED) -> Floats:
    """Draws of the gap, the same every time: the middles of equal parts of each posterior, put in another order."""
    import numpy as np

    random = np.random.default_rng(seed)
    middles = (np.arange(DRAWS) + 0.5) / DRAWS
    drawn = [
        random.permutation(2 * _quantiles(up / spread + 0.5, down / spread + 0.5, middles) - 1)
        for up, down, spread in (said, done)
    ]
    return np.asarray(drawn[0] - drawn[1])


def _ends(drawn: Floats, value: float) -> tuple[float, float]:
    import numpy as np

    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return round(min(float(low), value), 6), round(max(float(high), value), 6)


def _shift(
    starts: Sequence[date],
    said: Sequence[tuple[float, float]],
    done: Sequence[tuple[float, float]],
    dispersion: tuple[float, float],
) -> Shift | None:
    recent = max(FEWEST_RECENT, len(starts) // 4)
    if len(starts) < 2 * recent:
        return None
    parts = [
        ((*_added(said[some]), dispersion[0]), (*_added(done[some]), dispersion[1]))
        for some in (slice(None, -recent), slice(-recent, None))
    ]
    before, now = (_gap(first, *part) for first, part in zip((starts[0], starts[-recent]), parts, strict=True))
    shift = now.gap - before.gap
    low, high = _ends(_drawn(*parts[1]) - _drawn(*parts[0], seed=SEED + 1), shift)
    return Shift(before, now, round(shift, 6), low, high)


def _quantiles(a: float, b: float, levels: Floats) -> Floats:
    """Quantiles of a beta distribution at rising levels.

    Its distribution function on a grid, read backwards: five times faster than inverting it at each level, and within
    2e-6 of that for a and b from 0.5 to 400.
    """
    import numpy as np
    from scipy.special import betainc, betaincinv

    first, last = np.arcsin(np.sqrt(betaincinv(a, b, levels[[0, -1]])))
    grid = np.sin(np.linspace(first, last, 1201)) ** 2
    found: Floats = np.interp(levels, betainc(a, b, grid), grid)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What one occurrence was said to be: planned, done, or called off."""

    occurrence: str
    event: Event
    reported: date
    weight: float


def _told(occurrences: Iterable[Occurrence], dyad: Dyad, published: Mapping[str, date]) -> dict[Realis, list[_Told]]:
    """By realis: one occurrence can be announced in one report and done in a later one."""
    out: dict[Realis, list[_Told]] = defaultdict(list)
    for occurrence in occurrences:
        if not set(dyad.sides) <= set(occurrence.event.sides):
            continue
        parts: dict[Realis, list[tuple[date, Event]]] = defaultdict(list)
        for entry in occurrence.members:
            if isinstance(entry.coding, Event):
                day = published.get(entry.document) or entry.recorded.astimezone(UTC).date()
                parts[entry.coding.realis].append((day, entry.coding))
        # What the ledger settled on is how it stands, in a person's words where one has decided.
        own = occurrence.event
        days = [day for day, _ in parts.get(own.realis, ())]
        days = days or [published[name] for name in occurrence.documents if name in published]
        if not days and own.event_date is not None:
            days = [own.event_date.first]
        if days:
            weight = 1.0 if occurrence.decided else own.confidence
            out[own.realis].append(_Told(occurrence.id, own, min(days), weight))
        for realis, some in parts.items():
            if realis != own.realis and not occurrence.decided:
                day, event = min(some, key=lambda each: each[0])
                out[realis].append(_Told(occurrence.id, event, day, event.confidence))
    return out


def promises(
    occurrences: Iterable[Occurrence],
    dyad: Dyad,
    *,
    start: date,
    end: date,
    published: Mapping[str, date] | None = None,
    people: Collection[str] = (),
    general: Collection[str] = (),
    country_of: Callable[[str], str] = lambda place: place,
) -> tuple[Promise, ...]:
    """What the two sides announced between two days, and what became of it.

    Args:
        published: Day of publication by document.
        people: Entity ids of persons: a meeting of one man is not kept by another's.
        general: Issues taken only where no other fits; they contradict none.
        country_of: Country of a place.

    Returns:
        In order of announcement.
    """
    told = {
        realis: [item for item in some if item.reported <= end]
        for realis, some in _told(occurrences, dyad, published or {}).items()
    }
    done: dict[Family, list[_Told]] = defaultdict(list)
    for item in told.get("happened", ()):
        family = FAMILIES.get(_kind(item.event))
        if family is not None and _days(item) is not None:
            done[family].append(item)
    for some in done.values():
        some.sort(key=lambda item: (_days(item) or (date.min, date.min))[1])
    ends = {family: [(_days(item) or (date.min, date.min))[1] for item in some] for family, some in done.items()}
    off = sorted(
        (item for realis in ("cancelled", "happened") for item in told.get(realis, ()) if _calls_off(item)),
        key=lambda item: (item.reported, item.occurrence),
    )
    refused = [item.reported for item in off]
    rules = _Rules(frozenset(people), frozenset(general), country_of)
    out = []
    for item, evidence in _announced(told, start, end, rules):
        family = FAMILIES[_kind(item.event)]
        deeds = itertools.islice(done.get(family, []), bisect_left(ends.get(family, []), item.reported), None)
        refusals = itertools.islice(off, bisect_left(refused, item.reported), None)
        out.append(_outcome(item, evidence, deeds, refusals, end, rules, dyad))
    return tuple(sorted(out, key=lambda p: (p.announced, p.evidence)))


@dataclass(frozen=True, slots=True)
class _Rules:
    people: frozenset[str]
    general: frozenset[str]
    country_of: Callable[[str], str]

    def same(self, one: Event, other: Event, dyad_sides: Collection[str], *, near: bool = False) -> bool:
        """Whether the two are about one thing: something says so, and nothing says otherwise.

        Args:
            near: Whether `other` lies on the days that `one` speaks of.
        """
        if not set(one.sides) <= set(other.sides) or (one.mode != other.mode and "phone" in {one.mode, other.mode}):
            return False
        tracks = {track for track in (one.track, other.track) if track and track not in self.general}
        places = {self.country_of(place) for place in (one.place, other.place) if place}
        meeting = FAMILIES.get(_kind(one)) == "meeting"
        if len(tracks) > 1 or (meeting and len(places) > 1):
            return False
        shared = []
        for side in dyad_sides:
            mine, theirs = self.named(one, side), self.named(other, side)
            if mine and theirs and not mine & theirs:
                return False
            shared.append(bool(mine & theirs))
        if one.track == other.track and tracks:
            return True
        # What is not a meeting is known by its issue alone.
        return meeting and (near or all(shared) or bool(one.place and other.place))

    def named(self, event: Event, side: str) -> set[str]:
        everyone = (*event.actors, *event.recipients)
        return {p.entity for p in everyone if p.entity in self.people and side in p.sides}


def _days(item: _Told) -> tuple[date, date] | None:
    """Days on which a deed was done; no later than its report."""
    dated = item.event.event_date
    if dated is None or dated.precision in ("none", "season", "quarter", "year", "decade"):
        return item.reported, item.reported
    return dated.first, max(dated.first, min(dated.last, item.reported))


def _calls_off(item: _Told) -> bool:
    return item.event.realis == "cancelled" or item.event.type == "REJECT"


def _due(dated: EventDate | None, announced: date) -> tuple[date, date] | None:
    if dated is None or dated.precision == "none" or dated.last <= announced:
        return None
    return max(dated.first, announced), dated.last


def _announced(
    told: Mapping[Realis, list[_Told]], start: date, end: date, rules: _Rules
) -> list[tuple[_Told, tuple[str, ...]]]:
    found = [item for item in told.get("planned", ()) if _kind(item.event) in FAMILIES]
    found += [item for item in told.get("proposed", ()) if _kind(item.event) in _OFFERS]
    found = [item for item in found if start <= item.reported <= end]
    found.sort(key=lambda item: (item.reported, item.occurrence))
    kept: list[tuple[_Told, list[str]]] = []
    for item in found:
        since = item.reported - timedelta(SAME_DAYS)
        near = itertools.takewhile(lambda held, since=since: held[0].reported >= since, reversed(kept))  # type: ignore[misc]
        twin = next((held for held in near if _one_promise(held[0], item, rules)), None)
        if twin:
            twin[1].append(item.occurrence)
        else:
            kept.append((item, [item.occurrence]))
    return [(item, tuple(dict.fromkeys(evidence))) for item, evidence in kept]


def _one_promise(first: _Told, again: _Told, rules: _Rules) -> bool:
    if _by(first.event) != _by(again.event):
        return False
    if FAMILIES[_kind(first.event)] != FAMILIES[_kind(again.event)]:
        return False
    mine, theirs = _due(first.event.event_date, first.reported), _due(again.event.event_date, again.reported)
    if mine and theirs and (mine[0] - theirs[1] > timedelta(7) or theirs[0] - mine[1] > timedelta(7)):
        return False
    return rules.same(first.event, again.event, first.event.sides, near=bool(mine and theirs) or not (mine or theirs))


def _by(event: Event) -> tuple[str, ...]:
    """Who announces: the one who acts, or all who plan in common."""
    actors = tuple(sorted({side for p in event.actors for side in p.sides}))
    return actors if actors and event.recipients else event.sides


def _outcome(
    item: _Told,
    evidence: tuple[str, ...],
    deeds: Iterable[_Told],
    off: Iterable[_Told],
    end: date,
    rules: _Rules,
    dyad: Dyad,
) -> Promise:
    event, announced = item.event, item.reported
    due = _due(event.event_date, announced)
    slack = max(timedelta(SLACK_DAYS), due[0] - announced) if due else timedelta(LAPSE_DAYS)
    until = (due[1] if due else announced) + slack
    from_day = due[0] - slack if due else announced
    answer = ""
    ended: date | None = None
    outcome: Outcome = "open"
    for deed in deeds:
        first, last = _days(deed) or (deed.reported, deed.reported)
        day = max(first, announced)
        if last > (ended or until) + timedelta(WIDEST_DAYS):
            break
        if first > until or last < from_day or (ended is not None and day >= ended):
            continue
        # What was done on the day of the announcement is what it follows from, unless that is the day it speaks of.
        # A deed dated to a month that began before it may be older.
        today = due is not None and due[0] == announced
        if (last <= announced or (first < announced and (last - first).days > NEAR_DAYS)) and not today:
            continue
        near = due is not None and _near((first, last), due)
        if deed.occurrence in evidence or rules.same(event, deed.event, dyad.sides, near=near):
            answer, ended, outcome = deed.occurrence, day, "kept"
    for refusal in off:
        if refusal.reported > min(until, ended or until):
            break
        if refusal.occurrence in evidence or _answers(event, due, refusal, rules, dyad):
            answer, ended, outcome = refusal.occurrence, refusal.reported, "called off"
            break
    if ended is None and until < end:
        ended, outcome = until, "lapsed"
    last_day = ended or end
    late = (last_day - due[1]).days if due and outcome != "called off" else 0
    return Promise(
        announced=announced,
        due=due,
        until=until,
        sides=tuple(side for side in _by(event) if side in dyad.sides),
        family=FAMILIES[_kind(event)],
        type=event.type,
        track=event.track,
        offered=event.realis == "proposed",
        outcome=outcome,
        ended=ended,
        days=(last_day - announced).days,
        late_days=late if late > 0 else None,
        weight=round(item.weight, 6),
        evidence=evidence,
        answer=answer,
        quote=event.evidence.quote,
    )


def _near(days: tuple[date, date], due: tuple[date, date]) -> bool:
    """Whether days lie on those spoken of, or a few days beside them; a month spoken of is near to nothing."""
    slack = timedelta(NEAR_DAYS)
    return due[1] - due[0] <= 2 * slack and days[0] <= due[1] + slack and days[1] >= due[0] - slack


def _answers(event: Event, due: tuple[date, date] | None, refusal: _Told, rules: _Rules, dyad: Dyad) -> bool:
    """Whether a refusal, or word that something is called off, is about what was announced."""
    other = refusal.event
    if other.type == "REJECT":
        if (other.mode == "meet") != (FAMILIES[_kind(event)] == "meeting"):
            return False
    elif FAMILIES.get(_kind(other)) != FAMILIES[_kind(event)]:
        return False
    dated = other.event_date
    near = due is not None and dated is not None and _near((dated.first, dated.last), due)
    return rules.same(event, other, dyad.sides, near=near)


def delays(found: Sequence[Promise], side: str = "", within: Sequence[int] = WITHIN_DAYS) -> Delays:
    """How promises fare, of one side or of both.

    >>> delays(()).promises
    0
    """
    mine = [promise for promise in found if not side or side in promise.sides]
    outcomes: tuple[Outcome, ...] = ("kept", "called off", "lapsed", "open")
    waits = sorted(promise.days for promise in mine if promise.outcome == "kept")
    return Delays(
        side=side,
        promises=len(mine),
        counts=tuple((outcome, sum(p.outcome == outcome for p in mine)) for outcome in outcomes),
        overdue=sum(p.outcome == "open" and p.late_days is not None for p in mine),
        kept=kept_within(mine, within) if len(mine) >= FEWEST else (),
        median_days=waits[len(waits) // 2] if waits else None,
    )


def kept_within(found: Sequence[Promise], within: Sequence[int]) -> tuple[Kept, ...]:
    """Share kept by each number of days, with intervals; other ends compete, open ones are censored."""
    import numpy as np

    if not found:
        return ()
    # At equal length those that ended come before those still open (Kaplan and Meier 1958).
    ordered = sorted(found, key=lambda p: (p.days, p.outcome == "open"))
    held = np.array([max(p.weight, 1e-9) for p in ordered])
    drawn = np.random.default_rng(SEED).exponential(size=(DRAWS, len(ordered)))
    shares = _incidence(np.vstack([np.ones(len(ordered)), drawn]) * held, ordered)
    days = np.array([p.days for p in ordered])
    out = []
    tail = (1 - LEVEL) / 2
    for limit in within:
        last = int(np.searchsorted(days, limit, side="right")) - 1
        values = shares[:, last] if last >= 0 else np.zeros(DRAWS + 1)
        low, high = np.quantile(values[1:], [tail, 1 - tail])
        share = float(values[0])
        out.append(Kept(limit, round(share, 6), round(min(float(low), share), 6), round(max(float(high), share), 6)))
    return tuple(out)


def _incidence(weights: Floats, ordered: Sequence[Promise]) -> Floats:
    """Aalen-Johansen: shares kept after each promise; weights and result of shape (draws, promises)."""
    import numpy as np

    kept = np.array([p.outcome == "kept" for p in ordered])
    ended = np.array([p.outcome != "open" for p in ordered])
    at_risk = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    hazard = weights / at_risk
    survival = np.cumprod(1 - hazard * ended, axis=1)
    before = np.concatenate([np.ones((len(weights), 1)), survival[:, :-1]], axis=1)
    return np.asarray(np.cumsum(before * hazard * kept, axis=1))
