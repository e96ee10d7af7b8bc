"""Agenda: what the two sides deal with and since when, what is kept out, and what is made to wait for what.

A side raises an issue on a day by an act or by a statement; it counts once a day, however many acts, speakers and
reports, so that neither repetition nor more coverage of a day weighs. Its weight is the chance that at least one of
the codings behind it is right. The share of an issue in a stretch has the posterior of a Dirichlet prior whose mass is
one mention in all, spread evenly over the issues; intervals are its 90 % quantiles.

How far an issue got is another question than how much it is talked about: a round of talks called off fills the
papers. Each act that took place and brings the two nearer is a step forward, each act against it (a refusal, a
round called off) a step back, weighed by its PLOVER score. The furthest day is that on which the sum of steps stood
highest. Its doubt is that of the coder: in each of many draws a coding stands with its confidence, else it is left out.
Whether an issue has stalled is asked of the order alone, which coverage does not bend: had its n days with steps lain
at random among the dyad's N, how often would the last k have none of it?

Source:
    Perks (1947), Journal of the Institute of Actuaries 73, 285-334 (the prior);
    Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., 3.4 (Dirichlet-multinomial) and 6.3 (predictive checks).
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from detente.engine import EventRows
from detente.measures.index import check_stretch
from detente.measures.series import following
from detente.measures.spoken import Said
from detente.measures.stance import day_said
from detente.terms import Dyad, Occurrence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "agenda.v1"
LEVEL = 0.90
DRAWS = 2000
SEED = 20250418
RECENT_DAYS = 91
"""Length of the last stretch that is held against what came before: a quarter."""
SURE = 0.995
"""Probability from which a share is said to have risen or faded. Nine issues whose shares never change (two to four
mentions a week, 400 simulated dossiers of 18 months each), share of dossiers in which any of them was said to have
moved: .65 at 0.95, .37 at 0.975, .18 at 0.99, .07 at 0.995. What it costs: an issue whose odds triple in the last
quarter is said to rise in .56, .42, .30 and .24 of them. `python benchmarks/agenda.py` repeats it."""
WIDEST_DAYS = 31
"""An act dated to a longer stretch belongs to no month and is left out."""
_THREATS = ("[threaten]", "[warn]")
"""What the coder writes into a statement's reason where the verb threatens or warns."""
Kind = Literal["refused", "called off", "denied", "said"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A side raises an issue on a day.

    Attributes:
        weight: Chance (0-1) that at least one coding behind it is right.
        acts, statements: Ids of occurrences and of statement entries.
    """

    day: date
    side: str
    track: str
    weight: float
    acts: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """Share of an issue in a stretch of time, with its 90 % interval.

    Attributes:
        mentions: Weight of its mentions.
        of: Weight of all; 0 where nothing was raised and the share is the prior alone.
    """

    start: date
    value: float
    low: float
    high: float
    mentions: float
    of: float


@dataclass(frozen=True, slots=True)
class Move:
    """How the share of the last stretch stands to that of the time before.

    Attributes:
        rose: Probability that it is higher now.
    """

    before: Share
    now: Share
    rose: float

    @property
    def verdict(self) -> Literal["rising", "fading", "steady"]:
        if self.rose >= SURE:
            return "rising"
        return "fading" if self.rose <= 1 - SURE else "steady"


@dataclass(frozen=True, slots=True)
class Course:
    """How far an issue got.

    Attributes:
        furthest: Day on which the sum of steps stood highest; None where no step was taken.
        probability: That it is this day and no other.
        earliest, latest: Days between which it lies, 90 %.
        last: Day of the last step forward.
        steps: Days with steps forward on it.
        later: Days with steps forward on other issues after its last one.
        chance: Probability that its steps end so early by chance; 1 where the last step of all is one of its own.
        back: Days with steps back after the furthest day.
        evidence: Occurrences of the furthest day.
        evidence_back: Occurrences that are steps back since.
    """

    furthest: date | None
    probability: float
    earliest: date | None
    latest: date | None
    last: date | None
    steps: int
    later: int
    chance: float
    back: int
    evidence: tuple[str, ...] = ()
    evidence_back: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An issue that somebody keeps out or calls off.

    Attributes:
        who: Side, or sides joined by `+`.
        name: Who speaks or acts, as known to the registry.
        evidence: Occurrence or statement entry.
    """

    day: date
    track: str
    who: str
    name: str
    kind: Kind
    evidence: str
    quote: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is made to wait for something else.

    Attributes:
        track: What waits; empty where the words name no issue.
        until: What it waits for; the same.
        threat: It is threatened unless the condition is met, not promised once it is.
    """

    day: date
    track: str
    until: str
    side: str
    speaker: str
    evidence: str
    quote: str
    threat: bool = False

    @property
    def whole(self) -> bool:
        """Whether both ends are known and one waits for the other: a threat comes where the other does not."""
        return bool(self.track and self.until) and not self.threat


@dataclass(frozen=True, slots=True)
class TrackAgenda:
    """One issue.

    Attributes:
        shares: By stretch, both sides together.
        by_side: The same for each side.
        busiest: Start of the stretch in which its share was largest, with the probability of that.
    """

    track: str
    whole: Share
    shares: tuple[Share, ...]
    by_side: tuple[tuple[str, tuple[Share, ...]], ...]
    busiest: date | None
    busiest_probability: float
    move: Move | None
    course: Course
    exclusions: tuple[Exclusion, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a dyad deals with between two days.

    Attributes:
        starts: First days of the stretches.
        step: `month` or `quarter`.
        recent: First day of the last stretch that is held against the time before; None where there is no time before.
        tracks: From the largest share over the whole time to the smallest.
        conditions: In order of time.
        circles: Issues that wait for one another, each circle beginning with its first in the alphabet.
        left_out: (reason, how many).
    """

    dyad: Dyad
    start: date
    end: date
    starts: tuple[date, ...]
    step: Literal["month", "quarter"]
    recent: date | None
    tracks: tuple[TrackAgenda, ...]
    conditions: tuple[Condition, ...]
    circles: tuple[tuple[str, ...], ...]
    left_out: tuple[tuple[str, int], ...]
    method: str = METHOD

    def track(self, name: str) -> TrackAgenda | None:
        return next((held for held in self.tracks if held.track == name), None)


def agenda(
    rows: EventRows,
    occurrences: Iterable[Occurrence],
    statements: Iterable[Said],
    tracks: Sequence[str],
    *,
    dyad: Dyad,
    start: date,
    end: date,
    published: Mapping[str, date] | None = None,
    track_of: Callable[[str, str], str] | None = None,
    general: Collection[str] = (),
) -> Agenda:
    """Measure what a dyad deals with.

    Args:
        rows: The dyad's acts, as `detente.engine.event_rows` gives them.
        occurrences: The same acts whole, for what did not take place and for who took part.
        statements: All that stand; those of other sides are left aside.
        tracks: Issues of the dossier, in its order.
        start, end: Both included.
        published: Day of publication by document.
        track_of: Issue that words in a language are about, or an empty string; needed for conditions.
        general: Issues taken only where no other fits.

    Raises:
        MeasureError: `end` lies before `start`.
    """
    check_stretch(start, end)
    published = published or {}
    known = dict.fromkeys(tracks)
    left: dict[str, int] = defaultdict(int)
    told = sorted(statements, key=lambda t: (day_said(t.statement, published) or date.min, t.id))
    found = _mentions(rows, told, known, dyad, (start, end), published, left)
    named = tuple(track for track in known if any(m.track == track for m in found))
    step: Literal["month", "quarter"] = "month" if (end - start).days <= 3 * 366 else "quarter"
    starts = _starts(start, end, step)
    recent = end - timedelta(days=RECENT_DAYS - 1)
    recent_first = recent if recent > start else None
    courses = courses_of(rows, named, start=start, end=end)
    out = _exclusions(
        occurrences, {row.occurrence: row.first for row in rows}, told, dyad, (start, end), published, general
    )
    each = [_track(name, named, found, dyad, (start, end), starts, recent_first, courses[name], out) for name in named]
    busiest = _busiest(named, found, starts)
    each = [_with_busiest(held, *busiest[held.track]) for held in each]
    conditions = _conditions(told, dyad, (start, end), published, track_of, general, left)
    return Agenda(
        dyad, start, end, starts, step, recent_first,
        tuple(sorted(each, key=lambda held: (-held.whole.value, held.track))),
        conditions, circles((c.track, c.until) for c in conditions if c.whole), tuple(sorted(left.items())),
    )  # fmt: skip


def _with_busiest(held: TrackAgenda, day: date | None, probability: float) -> TrackAgenda:
    from dataclasses import replace

    return replace(held, busiest=day, busiest_probability=probability)


def _starts(start: date, end: date, step: Literal["month", "quarter"]) -> tuple[date, ...]:
    months = 1 if step == "month" else 3
    first = date(start.year, start.month if step == "month" else 3 * ((start.month - 1) // 3) + 1, 1)
    held = []
    while first <= end:
        held.append(first)
        first = following(first, "month", months)
    return tuple(held)


def _mentions(
    rows: EventRows,
    told: Sequence[Said],
    known: Mapping[str, None],
    dyad: Dyad,
    reach: tuple[date, date],
    published: Mapping[str, date],
    left: dict[str, int],
) -> list[Mention]:
    acts: dict[tuple[date, str, str], dict[str, float]] = defaultdict(dict)
    said: dict[tuple[date, str, str], dict[str, float]] = defaultdict(dict)
    rough, homeless = set(), set()
    for row in rows:
        if not reach[0] <= row.first <= reach[1]:
            continue
        if row.width_days > WIDEST_DAYS:
            rough.add(row.occurrence)
        elif row.track not in known:
            homeless.add(row.occurrence)
        else:
            acts[row.first, row.actor, row.track][row.occurrence] = row.weight_thousandths / 1000
    for item in told:
        day = day_said(item.statement, published)
        sides = set(item.statement.speaker.sides) & set(dyad.sides)
        if day is None or not sides or not reach[0] <= day <= reach[1]:
            continue
        if item.statement.issue not in known:
            homeless.add(item.id)
            continue
        for side in sorted(sides):
            said[day, side, item.statement.issue][item.id] = item.statement.confidence
    if rough:
        left["acts dated to more than a month"] += len(rough)
    if homeless:
        left["on no issue of the dossier"] += len(homeless)
    return [
        Mention(*key, _any([*acts.get(key, {}).values(), *said.get(key, {}).values()]),
                tuple(sorted(acts.get(key, ()))), tuple(sorted(said.get(key, ()))))
        for key in sorted({*acts, *said})
    ]  # fmt: skip


def _any(confidences: Iterable[float]) -> float:
    """Chance that at least one is right, were they wrong independently."""
    wrong = 1.0
    for confidence in confidences:
        wrong *= 1 - confidence
    return round(1 - wrong, 9)


def _weights(found: Iterable[Mention], named: Sequence[str]) -> dict[str, float]:
    weights = dict.fromkeys(named, 0.0)
    for mention in found:
        weights[mention.track] += mention.weight
    return weights


def share(start: date, mine: float, total: float, issues: int) -> Share:
    """Share with its interval from the weight of an issue's mentions among all of them.

    >>> share(date(2025, 4, 1), 0.0, 0.0, 8).value
    0.125
    """
    from scipy.special import betaincinv

    prior = 1 / issues
    up, down = mine + prior, total - mine + 1 - prior
    if issues == 1:
        return Share(start, 1.0, 1.0, 1.0, round(mine, 6), round(total, 6))
    tail = (1 - LEVEL) / 2
    low, high = betaincinv(up, down, tail), betaincinv(up, down, 1 - tail)
    middle = up / (up + down)
    # The mean of a lopsided posterior can lie outside its quantiles: the reader must find it inside.
    low, high = min(float(low), middle), max(float(high), middle)
    return Share(start, round(middle, 6), round(low, 6), round(high, 6), round(mine, 6), round(total, 6))


def _track(
    name: str,
    named: Sequence[str],
    found: Sequence[Mention],
    dyad: Dyad,
    reach: tuple[date, date],
    starts: tuple[date, ...],
    recent: date | None,
    course: Course,
    out: Sequence[Exclusion],
) -> TrackAgenda:
    def of(some: Sequence[Mention], first: date) -> Share:
        weights = _weights(some, named)
        return share(first, weights[name], sum(weights.values()), len(named))

    def by_stretch(some: Sequence[Mention]) -> tuple[Share, ...]:
        held = _by_start(some, starts)
        return tuple(of(held[first], first) for first in starts)

    move = None
    if recent is not None:
        before, now = [m for m in found if m.day < recent], [m for m in found if m.day >= recent]
        move = Move(of(before, reach[0]), of(now, recent), rise(name, named, before, now))
    mine = [m for m in found if m.track == name]
    return TrackAgenda(
        track=name,
        whole=of(found, reach[0]),
        shares=by_stretch(found),
        by_side=tuple((side, by_stretch([m for m in found if m.side == side])) for side in dyad.sides),
        busiest=None,
        busiest_probability=0.0,
        move=move,
        course=course,
        exclusions=tuple(each for each in out if each.track == name),
        evidence=tuple(dict.fromkeys(i for m in mine for i in (*m.acts, *m.statements))),
    )


def _by_start(found: Iterable[Mention], starts: Sequence[date]) -> dict[date, list[Mention]]:
    from bisect import bisect_right

    held: dict[date, list[Mention]] = {first: [] for first in starts}
    for mention in found:
        held[starts[bisect_right(starts, mention.day) - 1]].append(mention)
    return held


def rise(name: str, named: Sequence[str], before: Sequence[Mention], now: Sequence[Mention]) -> float:
    """Probability that the later share is the larger one, by quadrature over the earlier one's posterior."""
    import numpy as np
    from scipy.special import betainc, betaincinv

    if len(named) == 1:
        return 0.5
    prior = 1 / len(named)
    ends = []
    for some in (before, now):
        weights = _weights(some, named)
        ends.append((weights[name] + prior, sum(weights.values()) - weights[name] + 1 - prior))
    middles = (np.arange(DRAWS) + 0.5) / DRAWS
    return round(float(1 - betainc(*ends[1], betaincinv(*ends[0], middles)).mean()), 6)


def _busiest(
    named: Sequence[str], found: Sequence[Mention], starts: Sequence[date]
) -> dict[str, tuple[date | None, float]]:
    """For each issue the stretch in which its share was most probably the largest; empty stretches do not stand."""
    import numpy as np

    held = {first: some for first, some in _by_start(found, starts).items() if some}
    if not held or len(named) < 2:
        return dict.fromkeys(named, (None, 0.0))
    random = np.random.default_rng(SEED)
    prior = 1 / len(named)
    draws = np.empty((len(held), DRAWS, len(named)))
    for place, some in enumerate(held.values()):
        weights = _weights(some, named)
        drawn = random.gamma(np.array([weights[name] + prior for name in named]), size=(DRAWS, len(named)))
        draws[place] = drawn / np.maximum(drawn.sum(axis=1, keepdims=True), 1e-300)
    top = draws.argmax(axis=0)
    out: dict[str, tuple[date | None, float]] = {}
    for column, name in enumerate(named):
        counts = np.bincount(top[:, column], minlength=len(held))
        best = int(counts.argmax())
        out[name] = list(held)[best], round(float(counts[best]) / DRAWS, 6)
    return out


@dataclass(slots=True)
class _Steps:
    """What was done on an issue on a day: occurrences with weight and score, in tenths."""

    forward: dict[str, tuple[float, float]]
    back: dict[str, tuple[float, float]]


def courses_of(rows: EventRows, named: Sequence[str], *, start: date, end: date) -> dict[str, Course]:
    """How far each issue got.

    Args:
        named: Issues; whether one has stalled is asked beside the others of them.
        start, end: Both included.
    """
    days: dict[str, dict[date, _Steps]] = {name: {} for name in named}
    for row in rows:
        if row.track not in days or not start <= row.first <= end or row.width_days > WIDEST_DAYS or not row.score:
            continue
        # A promise is no step: it is one when it is kept.
        if row.score > 0 and row.realis != "happened":
            continue
        steps = days[row.track].setdefault(row.first, _Steps({}, {}))
        weight, score = row.weight_thousandths / 1000, row.score
        (steps.forward if score > 0 else steps.back)[row.occurrence] = (weight, score)
    return {name: _course(name, days) for name in named}


def _course(name: str, days: Mapping[str, Mapping[date, _Steps]]) -> Course:
    import numpy as np

    mine = sorted(days[name].items())
    ahead = [day for day, steps in mine if steps.forward]
    if not ahead:
        return Course(None, 0.0, None, None, None, 0, 0, 1.0, len(mine))
    random = np.random.default_rng(SEED)
    gained = np.zeros((DRAWS, len(mine)))
    moved = np.zeros((DRAWS, len(mine)), dtype=bool)
    for place, (_, steps) in enumerate(mine):
        for some in (steps.forward, steps.back):
            for weight, score in some.values():
                stands = random.random(DRAWS) < weight
                gained[:, place] += stands * score
                moved[:, place] |= stands & (score > 0)
    height = np.round(np.cumsum(gained, axis=1), 6)
    # Nothing reached is the level at the start: a draw without any gain has no furthest day.
    some = height.max(axis=1) > 0
    tops = height.argmax(axis=1)[some]
    if not len(tops):
        return Course(None, 0.0, None, None, ahead[-1], len(ahead), 0, 1.0, len(mine))
    counts = np.bincount(tops, minlength=len(mine))
    best = int(counts.argmax())
    reached = np.cumsum(counts) / counts.sum()
    tail = (1 - LEVEL) / 2
    first, last = int(np.searchsorted(reached, tail)), int(np.searchsorted(reached, 1 - tail - 1e-12))
    furthest = mine[best][0]
    others = sorted({day for steps in days.values() for day, held in steps.items() if held.forward})
    later = sum(day > ahead[-1] for day in others)
    back = [(day, steps) for day, steps in mine if day > furthest and steps.back]
    return Course(
        furthest=furthest,
        probability=round(float(counts[best]) / DRAWS, 6),
        earliest=mine[min(first, best)][0],
        latest=mine[max(last, best)][0],
        last=ahead[-1],
        steps=len(ahead),
        later=later,
        chance=round(_ends_so_early([day for day, _ in mine], moved, others), 6),
        back=len(back),
        evidence=tuple(sorted(mine[best][1].forward)),
        evidence_back=tuple(sorted({i for _, steps in back for i in steps.back})),
    )


def _ends_so_early(days: Sequence[date], moved: NDArray[np.bool_], others: Sequence[date]) -> float:
    """Mean over the draws of the chance that n days among N leave the last k empty."""
    import numpy as np

    place = {day: at for at, day in enumerate(others)}
    # A day of steps back alone moves in no draw; where it stands does not matter.
    at = np.array([place.get(day, 0) for day in days])
    mine = moved.sum(axis=1)
    last = at[moved.shape[1] - 1 - moved[:, ::-1].argmax(axis=1)]
    empty = np.where(mine > 0, len(others) - 1 - last, 0)
    ways, counts = np.unique(np.column_stack([mine, empty]), axis=0, return_counts=True)
    return float(np.average([late_gap(len(others), int(n), int(k)) for n, k in ways], weights=counts))


def late_gap(whole: int, mine: int, empty: int) -> float:
    """Chance that `mine` days among `whole`, drawn at random, leave the last `empty` without one.

    >>> round(late_gap(10, 2, 5), 6)  # 5 * 4 / (10 * 9)
    0.222222
    """
    chance = 1.0
    for drawn in range(mine):
        chance *= max(0, whole - empty - drawn) / (whole - drawn)
    return chance


@cache
def _exclusion_words() -> Mapping[str, re.Pattern[str]]:
    held = tomllib.loads((files("detente.measures") / "agenda.toml").read_text(encoding="utf-8"))["exclusion"]
    return {
        language: re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(words, key=len)[::-1])) + ")")
        for language, words in held.items()
    }


def _exclusions(
    occurrences: Iterable[Occurrence],
    days: Mapping[str, date],
    told: Sequence[Said],
    dyad: Dyad,
    reach: tuple[date, date],
    published: Mapping[str, date],
    general: Collection[str],
) -> list[Exclusion]:
    out = []
    for occurrence in occurrences:
        event = occurrence.event
        kind: Kind | None = "refused" if event.type == "REJECT" and event.realis == "happened" else None
        if event.realis in ("cancelled", "denied"):
            kind = "called off" if event.realis == "cancelled" else "denied"
        # What is denied gives no row; it is denied on the day that is printed.
        reports = [published[name] for name in occurrence.documents if name in published]
        day = days.get(occurrence.id) or min(reports, default=None)
        who = sorted({side for p in event.actors for side in p.sides} & set(dyad.sides))
        if kind is None or day is None or not who or not reach[0] <= day <= reach[1]:
            continue
        # A refusal to a third state is no part of this agenda.
        if not set(dyad.sides) <= set(event.sides):
            continue
        names = dict.fromkeys(p.entity or p.name for p in event.actors)
        out.append(
            Exclusion(day, event.track, "+".join(who), "+".join(names), kind, occurrence.id, event.evidence.quote)
        )
    words = _exclusion_words()
    for item in told:
        statement, day = item.statement, day_said(item.statement, published)
        who = sorted(set(statement.speaker.sides) & set(dyad.sides))
        # "We refuse" about the relationship as a whole keeps no issue out.
        if statement.issue in general:
            continue
        if statement.stance >= 0 or not who or day is None or not reach[0] <= day <= reach[1]:
            continue
        if item.language in words and words[item.language].search(statement.evidence.quote.lower()):
            speaker = statement.speaker.entity or statement.speaker.name
            quote = statement.evidence.quote
            out.append(Exclusion(day, statement.issue, "+".join(who), speaker, "said", item.id, quote))
    return sorted(out, key=lambda each: (each.day, each.evidence))


def _conditions(
    told: Sequence[Said],
    dyad: Dyad,
    reach: tuple[date, date],
    published: Mapping[str, date],
    track_of: Callable[[str, str], str] | None,
    general: Collection[str],
    left: dict[str, int],
) -> tuple[Condition, ...]:
    out = []
    for item in told:
        statement, day = item.statement, day_said(item.statement, published)
        who = sorted(set(statement.speaker.sides) & set(dyad.sides))
        if not statement.conditions or track_of is None or not who or day is None or not reach[0] <= day <= reach[1]:
            continue
        rest = statement.evidence.quote
        for condition in statement.conditions:
            rest = rest.replace(condition.quote, " ")
        waiting = track_of(rest, item.language)
        for condition in statement.conditions:
            until = _first_named(condition.quote, item.language, track_of, general)
            # The statement's own issue was read with the condition in it, whose words may have decided it.
            read_in_it = {until, track_of(condition.quote, item.language)}
            track = waiting or ("" if statement.issue in read_in_it else statement.issue)
            if not (track and until):
                left["conditions of which one end names no issue"] += 1
            speaker = statement.speaker.entity or statement.speaker.name
            quote = statement.evidence.quote
            threat = any(word in statement.stance_reason for word in _THREATS)
            out.append(Condition(day, track, until, "+".join(who), speaker, item.id, quote, threat))
    return tuple(out)


def _first_named(text: str, language: str, track_of: Callable[[str, str], str], general: Collection[str]) -> str:
    """The issue a condition names first ("once sanctions are lifted on banks that finance exports"), not most often."""
    words = text.split()
    for count in range(1, len(words)):
        found = track_of(" ".join(words[:count]), language)
        if found and found not in general:
            return found
    return track_of(text, language)


def circles(waits: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Every circle in which things wait for one another, each once, beginning with its first in the alphabet.

    What waits for itself is no circle, and what waits for nothing named is in none.

    Args:
        waits: (what waits, what it waits for).

    >>> circles([("flights", "peace"), ("peace", "sanctions"), ("sanctions", "flights"), ("peace", "flights")])
    (('flights', 'peace'), ('flights', 'peace', 'sanctions'))
    """
    after: dict[str, set[str]] = defaultdict(set)
    for waiting, until in waits:
        if waiting and until and waiting != until:
            after[waiting].add(until)
    found = []

    def walk(path: list[str]) -> None:
        for following_one in sorted(after.get(path[-1], ())):
            if following_one == path[0]:
                found.append(tuple(path))
            elif following_one > path[0] and following_one not in path:
                walk([*path, following_one])

    for name in sorted(after):
        walk([name])
    return tuple(sorted(found, key=lambda circle: (len(circle), circle)))
