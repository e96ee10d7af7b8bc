"""Where people and institutions of one side stand, and whether the side falls into two camps.

A speaker's position on a day is what they said until then, newer days weighing more since positions wander, drawn
toward their side's mean the less is known of them. It is on the scale of stances, -2 (hostile to normalisation) to +2.

Source:
    Wandering positions: the local level of Harvey (1989), Forecasting, Structural Time Series Models, ch. 4.
    Empirical Bayes with known and unknown variances: Efron and Morris (1975), JASA 70, 311-319; the spread between
    speakers is integrated out over a grid as in Gelman et al. (2013), Bayesian Data Analysis, ch. 5.4. Misreadings:
    regression calibration, Carroll et al. (2006), Measurement Error in Nonlinear Models, ch. 4. One group or two: the
    likelihood ratio of normal mixtures with its null drawn anew, McLachlan (1987), Applied Statistics 36, 318-324.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from detente.errors import MeasureError
from detente.ledger import Standing
from detente.measures.spoken import Spoken
from detente.measures.stance import day_said
from detente.terms import Span, Statement

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

METHOD = "camps.v2"
SIGN_RIGHT = 0.65
"""Share of statements whose sign of stance the coder reads right in texts that nobody wrote rules on: .46 to .84 by set
and language, docs/evaluation.md."""
DRIFTS = ((0.0, 0.3), (0.15, 0.2), (0.3, 0.3), (0.6, 0.2))
"""How far a position may wander in a month (standard deviation), so that what was said long ago counts less, and what
each counts beforehand; then by how well it foretold the speakers' next days. On the sample dossier the next day of a
speaker lies nearest with 0.3: squared distance .974 at 0, .965 at 0.3, .968 at 0.8."""
WITHIN, WITHIN_DAYS = 1.0, 5.0
"""Variance of one speaker's days about their mean that is expected before anything was said, and how many days it
weighs."""
SPREAD = 1.0
"""Scale of the Rayleigh prior of the standard deviation between speakers of a side, which keeps off zero as Chung et
al. (2013), Psychometrika 78, 685-709, advise. Half-normal priors left 80% intervals with 74-76% where 12 to 30 speakers
differ by 0.6 to 0.9; a scale of 0.7 left them with 70-75% where a side falls into two groups."""
WARY = 1.0
"""Scale of the half-normal prior of the same where two speakers are compared, which takes them for more alike. Of pairs
whose order is so said to be 86-91% sure, 82-94% are right; with the prior of `SPREAD`, 80-94%."""
BAND = 0.8
"""Share that the narrower of the two intervals should hold, and that paths have."""
SURE = 0.8
"""From this probability on, one speaker is said to be harder than another."""
SURE_AGAINST = 0.95
"""From this probability on, a speaker is said to stand elsewhere than the government."""
CLASH_DAYS = 30
"""Two statements of opposite sign on one issue this near to each other are named as a contradiction."""
PARTED = 0.05
"""A side is parted into two camps where one group explains its positions this badly (share of sides drawn as one group
that look as parted)."""
FEWEST = 6
"""Speakers with `HEARD` days or more that a side needs to be asked for camps."""
HEARD = 2
"""Days on which a speaker must have been heard to be compared: of one statement alone a third is misread."""
_DRAWS = 200
_ENDS = ((1 - BAND) / 2, (1 + BAND) / 2)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a speaker stands on a day.

    Attributes:
        speaker: Entity id.
        place: Mean of the posterior, -2 to +2.
        low80, high80, low95, high95: Its intervals.
        days, statements: How much was said until then; `weight` of them counts, in days of today that were read right.
        raw: Plain mean over days.
        harder: Probability of standing below the side's middle.
        hard_camp: Probability of being of the harder of two camps; None where the side does not fall into two.
        last: Day last heard.
        path: (last day of a month, place, low80, high80) as they stood that day, from the first month heard on.
        evidence: Ids of the entries, in order of day.
    """

    speaker: str
    side: str
    place: float
    low80: float
    high80: float
    low95: float
    high95: float
    raw: float
    days: int
    statements: int
    weight: float
    harder: float
    hard_camp: float | None
    last: date
    path: tuple[tuple[date, float, float, float], ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """A speaker who stands elsewhere than the one who speaks for the government.

    Attributes:
        government: Entity id; empty where the side's middle stands in, since nobody who leads it was heard.
        harder: Probability that the speaker is the harder of the two.
        opposite: Probability that one of them is against making up and the other for it.
    """

    speaker: str
    government: str
    side: str
    harder: float
    opposite: float


@dataclass(frozen=True, slots=True)
class Clash:
    """Two statements of one speaker on one issue, of opposite sign.

    Attributes:
        chance: Probability that both signs were read right.
        entries: Ids of the two entries.
    """

    speaker: str
    side: str
    issue: str
    first: date
    second: date
    stances: tuple[int, int]
    entries: tuple[str, str]
    chance: float


@dataclass(frozen=True, slots=True)
class SideCamps:
    """One side.

    Attributes:
        middle, middle_low, middle_high: Mean of its speakers, with its 95% interval.
        spread: Standard deviation between speakers, as far as the data show it.
        asked: Whether enough speakers said enough for camps to be looked for.
        parted: Whether it falls into two.
        one_group: Share of sides drawn as one group that look as parted as this one; None where not asked.
        centres: Of the harder and the milder camp, where there are two.
        order: (harder, milder, probability): pairs heard on `HEARD` days or more whose order is as sure as `SURE`.
    """

    side: str
    positions: tuple[Position, ...]
    middle: float
    middle_low: float
    middle_high: float
    spread: float
    asked: bool
    parted: bool
    one_group: float | None
    centres: tuple[float, float] | None
    order: tuple[tuple[str, str, float], ...]
    against: tuple[Against, ...]

    def harder_than(self, one: str, other: str) -> float | None:
        """Probability that one speaker is harder than another, where it is at least `SURE`."""
        return next((p for hard, mild, p in self.order if (hard, mild) == (one, other)), None)


@dataclass(frozen=True, slots=True)
class Camps:
    """Sides in alphabetical order.

    Attributes:
        left_out: (reason, statements).
    """

    day: date
    sides: tuple[SideCamps, ...]
    clashes: tuple[Clash, ...]
    left_out: tuple[tuple[str, int], ...]

    def side(self, code: str) -> SideCamps | None:
        return next((side for side in self.sides if side.side == code), None)


def kept_share(sign_right: float) -> float:
    """Share of statements that were read, when the rest gets one of three signs at random.

    >>> round(kept_share(0.65), 3)
    0.475
    """
    if not 1 / 3 < sign_right <= 1:
        raise MeasureError(f"sign_right is {sign_right}; give a share above 1/3, which guessing reaches, up to 1.")
    return (3 * sign_right - 1) / 2


def camps(
    statements: Iterable[Standing[Statement]],
    *,
    day: date,
    sides: Sequence[str] = (),
    since: date | None = None,
    leaders: Mapping[str, Sequence[str]] | None = None,
    stands_for: Mapping[str, str] | None = None,
    people: Iterable[str] = (),
    published: Mapping[str, date] | None = None,
    sign_right: float = SIGN_RIGHT,
    drifts: Sequence[tuple[float, float]] = DRIFTS,
) -> Camps:
    """Place the speakers of each side on a day, and look for two camps among them.

    Args:
        statements: As the ledger holds them at a moment. One told twice counts once.
        day: Later statements are not looked at.
        sides: Alpha-3 codes to keep; all where empty.
        since: Earlier statements are not looked at.
        leaders: Who may speak for the government of a side: its heads; the one heard most does.
        stands_for: Entity that another one's statements count for: `moscow` for `RUS`.
        people: Entities that are persons: of words that a person and an institution are both said to have spoken, the
            person keeps them.
        published: Day of publication by document, for statements without a day of their own.
        sign_right: Share of signs that the coder reads right.
        drifts: How far a position may wander in a month (standard deviation), and what that counts beforehand.
    """
    kept = kept_share(sign_right)
    said, left = _gathered(statements, day, sides, since, stands_for or {}, frozenset(people), published)
    days = _speaker_days(said)
    entries: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in said:
        entries[item.side, item.speaker].append(item.entry)
    if not days:
        return Camps(day, (), (), tuple(sorted(left.items())))
    ends = [*_months(min(own[0][0] for own in days.values()), day), day]
    heard = _heard(days, ends, kept, drifts)
    found = [
        _side(
            side, {who: d for (s, who), d in days.items() if s == side}, entries, heard, (leaders or {}).get(side, ())
        )
        for side in sorted({side for side, _ in days})
    ]
    return Camps(day, tuple(found), tuple(_clashes(said, sign_right)), tuple(sorted(left.items())))


def _gathered(
    statements: Iterable[Standing[Statement]],
    day: date,
    sides: Sequence[str],
    since: date | None,
    stands_for: Mapping[str, str],
    people: frozenset[str],
    published: Mapping[str, date] | None,
) -> tuple[list[Spoken], dict[str, int]]:
    said: dict[tuple[str, str, date, str], Spoken] = {}
    left: dict[str, int] = defaultdict(int)
    for standing in statements:
        one = standing.coding
        when = day_said(one, published)
        if when is not None and (when > day or (since is not None and when < since)):
            continue
        if not one.speaker.side:
            left["speaker's side unknown"] += 1
        elif sides and not set(sides) & set(one.speaker.sides):
            continue
        elif when is None:
            left["undated"] += 1
        elif not one.speaker.entity:
            left["speaker not in the registry"] += 1
        else:
            who = stands_for.get(one.speaker.entity, one.speaker.entity)
            words = " ".join(one.content.quote.casefold().split())
            for side in one.speaker.sides:
                if not sides or side in sides:
                    item = Spoken(when, who, side, one, standing.entry.id)
                    known = said.setdefault((side, who, when, words), item)
                    if item.entry < known.entry:
                        said[side, who, when, words] = item
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for item in said.values():
        if item.speaker in people:
            spans[item.statement.evidence.document, item.side].append(item.statement.evidence.span)
    whole = []
    for item in said.values():
        evidence = item.statement.evidence
        if item.speaker not in people and any(
            evidence.span.overlaps(span) for span in spans.get((evidence.document, item.side), ())
        ):
            left["said by a person"] += 1
        else:
            whole.append(item)
    whole.sort(
        key=lambda s: (s.day, s.side, s.speaker, s.statement.evidence.document, s.statement.evidence.start, s.entry)
    )
    return whole, left


_Day = tuple[date, float, float]
"""Day, mean stance, and the share of it that is there: the chance that one of its statements is a right coding."""


def _speaker_days(said: Sequence[Spoken]) -> dict[tuple[str, str], list[_Day]]:
    groups: dict[tuple[str, str], dict[date, list[Spoken]]] = defaultdict(lambda: defaultdict(list))
    for item in said:
        groups[item.side, item.speaker][item.day].append(item)
    days: dict[tuple[str, str], list[_Day]] = {}
    for key in sorted(groups):
        days[key] = []
        for when, items in sorted(groups[key].items()):
            weights = [max(s.statement.confidence, 0.05) for s in items]
            mean = math.fsum(w * s.statement.stance for w, s in zip(weights, items, strict=True)) / math.fsum(weights)
            days[key].append((when, mean, 1 - math.prod(sorted(1 - min(w, 0.99) for w in weights))))
    return days


def _within(speakers: Iterable[list[_Day]], ends: Array) -> Array:
    """Variance of a whole day about its speaker's mean, pooled over all speakers, as known on each of `ends`."""
    import numpy as np

    squares, free = np.full(len(ends), WITHIN * WITHIN_DAYS), np.full(len(ends), WITHIN_DAYS)
    for days in speakers:
        held = np.array([(day.toordinal(), share, share * y, share * y * y) for day, y, share in days])
        known = np.searchsorted(held[:, 0], ends, side="right")
        count, mean, square = np.vstack([np.zeros(3), held[:, 1:].cumsum(0)])[known].T
        squares += np.maximum(square - mean**2 / np.where(known > 0, count, 1.0), 0.0)
        free += np.maximum(known - 1, 0)
    return np.asarray(squares / free)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the words of all speakers say of them on each of `ends`, for each drift.

    Attributes:
        means, variances: By side and speaker, shape (ends, drifts), on the scale of true positions; a variance is
            infinite before the speaker was heard.
        worth: How many days of today the words of each are worth in the end, by side and speaker.
        weights: Logarithm of what each drift counts, shape (ends, drifts).
    """

    ends: Sequence[date]
    means: Mapping[tuple[str, str], Array]
    variances: Mapping[tuple[str, str], Array]
    worth: Mapping[tuple[str, str], float]
    weights: Array

    def placed(self, side: str, n: int) -> tuple[list[str], _Posterior]:
        """Speakers of a side heard until an end, and where they stand."""
        import numpy as np

        who = [key for key in self.means if key[0] == side and np.isfinite(self.variances[key][n, 0])]
        means, variances = (np.array([held[key][n] for key in who]).T for held in (self.means, self.variances))
        return [speaker for _, speaker in who], _Posterior(means, variances, self.weights[n])


def _heard(
    days: Mapping[tuple[str, str], list[_Day]], ends: Sequence[date], kept: float, drifts: Sequence[tuple[float, float]]
) -> _Heard:
    """Follow all speakers, twice: whose position is far from zero scatters more, for misreadings lie about zero."""
    import numpy as np

    numbers = np.array([end.toordinal() for end in ends])
    within = _within(days.values(), numbers)
    move = np.array([kept * drift for drift, _ in drifts])
    prior = np.log([share for _, share in drifts])

    def followed(noise: Mapping[tuple[str, str], Array]) -> _Heard:
        means, variances, worth, weights = {}, {}, {}, np.tile(prior, (len(ends), 1))
        for key, own in days.items():
            mean, variance, fit = _known(own, numbers, noise[key], move)
            means[key], variances[key] = mean / kept, variance / kept**2
            worth[key] = float(np.exp(prior) @ (noise[key][-1] / variance[-1]) / np.exp(prior).sum())
            weights = weights + fit
        return _Heard(ends, means, variances, worth, weights)

    first = followed(dict.fromkeys(days, within))
    far = {key: np.zeros(len(ends)) for key in days}
    for side in {side for side, _ in days}:
        for n in range(len(ends)):
            who, then = first.placed(side, n)
            for speaker, place in zip(who, then.mean.tolist(), strict=True):
                far[side, speaker][n] = kept * (1 - kept) * min(place**2, 4.0)
    known = sum(np.isfinite(first.variances[key][:, 0]) for key in days)
    rest = within - sum(far.values()) / np.maximum(known, 1)
    rest = np.maximum(rest, within / 2)
    return followed({key: rest + far[key] for key in days})


def _known(days: Sequence[_Day], ends: Array, noise: Array, move: Array) -> tuple[Array, Array, Array]:
    """Mean and variance of what a speaker's days say of each of `ends`, and how well each move foretold the days.

    The position wanders: a local level, filtered.
    """
    import numpy as np

    shape = len(ends), len(move)
    mean, variance, fit = np.zeros(shape), np.full(shape, np.inf), np.zeros(shape)
    before, last = days[0][0].toordinal(), np.zeros(len(ends))
    for day, stance, share in days:
        when = day.toordinal()
        at = int(np.searchsorted(ends, when))
        own = noise[at:, None] / share
        if np.isinf(variance[-1, 0]):
            mean[at:], variance[at:] = stance, own
        else:
            ahead = variance[at:] + move**2 * (when - before) / 30
            total, off = ahead + own, stance - mean[at:]
            fit[at:] -= 0.5 * (np.log(total) + off**2 / total)
            gain = ahead / total
            mean[at:] += gain * off
            variance[at:] = own * gain
        before = when
        last[at:] = when
    return mean, variance + move**2 * np.maximum(ends - last, 0)[:, None] / 30, fit


def _months(first: date, day: date) -> list[date]:
    """Last days of the months that are over by a day."""
    ends = []
    year, month = first.year, first.month
    while (end := date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)) <= day:
        ends.append(end)
        year, month = year + month // 12, month % 12 + 1
    return ends


def _side(
    side: str,
    days: Mapping[str, list[_Day]],
    entries: Mapping[tuple[str, str], list[str]],
    heard: _Heard,
    leaders: Sequence[str],
) -> SideCamps:
    paths: dict[str, list[tuple[date, float, float, float]]] = defaultdict(list)
    for n, end in enumerate(heard.ends[:-1]):
        known, then = heard.placed(side, n)
        if not known:
            continue
        low, high = (then.quantile(p) for p in _ENDS)
        for m, speaker in enumerate(known):
            paths[speaker].append((end, _round(then.mean[m]), _round(low[m]), _round(high[m])))
    who, posterior = heard.placed(side, -1)
    means, variances = posterior.means, posterior.variances
    wary = posterior.wary()
    low95, low80, high80, high95 = (posterior.quantile(p) for p in (0.025, *_ENDS, 0.975))
    below = posterior.below_middle()
    middle = posterior.middle_quantiles()
    enough = [n for n, s in enumerate(who) if len(days[s]) >= HEARD]
    asked = len(enough) >= FEWEST
    one_group, parting = _two_groups(means[enough], variances[enough]) if asked else (None, None)
    parted = one_group is not None and one_group < PARTED
    hard: dict[str, float] = {}
    if parted and parting is not None:
        hard = dict(zip(who, parting.harder(means, variances).tolist(), strict=True))
    positions = []
    for n, speaker in enumerate(who):
        positions.append(
            Position(
                speaker=speaker,
                side=side,
                place=_round(posterior.mean[n]),
                low80=_round(low80[n]),
                high80=_round(high80[n]),
                low95=_round(low95[n]),
                high95=_round(high95[n]),
                raw=_round(math.fsum(y for _, y, _ in days[speaker]) / len(days[speaker])),
                days=len(days[speaker]),
                statements=len(entries[side, speaker]),
                weight=round(heard.worth[side, speaker], 3),
                harder=_round(below[n]),
                hard_camp=_round(hard[speaker]) if parted else None,
                last=days[speaker][-1][0],
                path=tuple(paths[speaker]),
                evidence=tuple(entries[side, speaker]),
            )
        )
    positions.sort(key=lambda p: (p.place, p.speaker))
    place = {speaker: n for n, speaker in enumerate(who)}
    return SideCamps(
        side=side,
        positions=tuple(positions),
        middle=_round(middle[1]),
        middle_low=_round(middle[0]),
        middle_high=_round(middle[2]),
        spread=_round(posterior.spread),
        asked=asked,
        parted=parted,
        one_group=one_group,
        centres=(_round(parting.centres[0]), _round(parting.centres[1])) if parted and parting is not None else None,
        order=tuple(_order(wary, place, [p for p in positions if p.days >= HEARD])),
        against=tuple(_against(wary, {s: place[s] for n, s in enumerate(who) if n in enough}, side, leaders)),
    )


def _round(value: float) -> float:
    return round(min(max(float(value), -2.0), 2.0), 3) + 0.0


class _Posterior:
    """Positions of a side's speakers given what their words say: a mixture of normals over the spread and the drift.

    Attributes:
        means, variances: What each speaker's words say of them, all drifts together.
    """

    def __init__(self, means: Array, variances: Array, weights: Array, *, wary: bool = False) -> None:
        """`means` and `variances` have shape (drifts, speakers); `wary` takes the prior of `WARY`."""
        import numpy as np

        self._given = means, variances, weights
        spreads = np.linspace(0.02, 3.0, 60)
        prior = -0.5 * (spreads / WARY) ** 2 if wary else np.log(spreads) - 0.5 * (spreads / SPREAD) ** 2
        taus = np.tile(spreads, len(weights))
        at, own = (np.repeat(each, len(spreads), axis=0) for each in (means, variances))
        total = own + taus[:, None] ** 2
        precision = 1 + (1 / total).sum(1)  # of the side's middle, whose prior is standard normal
        self.centre = (at / total).sum(1) / precision
        self.centre_var = 1 / precision
        fit = -0.5 * (np.log(total).sum(1) + np.log(precision) + (at**2 / total).sum(1) - self.centre**2 * precision)
        self.share = _shares(fit + np.tile(prior, len(weights)) + np.repeat(weights, len(spreads)))
        self.pull = taus[:, None] ** 2 / total
        self._each = at
        self.at = self.pull * at + (1 - self.pull) * self.centre[:, None]
        self.own_var = self.pull * own
        self.var = self.own_var + (1 - self.pull) ** 2 * self.centre_var[:, None]
        self.mean = self.share @ self.at
        self.spread = float(self.share @ taus)
        drifts = self.share.reshape(len(weights), -1).sum(1)
        self.means = drifts @ means
        self.variances = drifts @ (variances + (means - self.means) ** 2)

    def wary(self) -> _Posterior:
        """The same with the prior of `WARY`, for what is said of two speakers."""
        return _Posterior(*self._given, wary=True)

    def quantile(self, p: float) -> Array:
        return _quantile(self.share, self.at, self.var, p)

    def below_middle(self) -> Array:
        import numpy as np

        at = self.pull * (self._each - self.centre[:, None])
        under: Array = _phi(-at / _sqrt(self.own_var + self.pull**2 * self.centre_var[:, None]))
        return np.asarray(self.share @ under)

    def below(self, one: int, other: int) -> float:
        """Probability that one speaker stands below another."""
        shared = (self.pull[:, other] - self.pull[:, one]) ** 2 * self.centre_var
        sd = _sqrt(self.own_var[:, one] + self.own_var[:, other] + shared)
        return float(self.share @ _phi((self.at[:, other] - self.at[:, one]) / sd))

    def negative(self, one: int) -> float:
        return float(self.share @ _phi(-self.at[:, one] / _sqrt(self.var[:, one])))

    def opposite(self, one: int, other: int) -> float:
        """Probability that two speakers stand on either side of zero, given that they are as good as independent."""
        a, b = self.negative(one), self.negative(other)
        return a * (1 - b) + b * (1 - a)

    def middle_quantiles(self) -> tuple[float, float, float]:
        at, var = self.centre[:, None], self.centre_var[:, None]
        low, high = (float(_quantile(self.share, at, var, p)[0]) for p in (0.025, 0.975))
        return low, float(self.share @ self.centre), high


def _shares(logs: Array) -> Array:
    import numpy as np

    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _sqrt(values: Any) -> Any:
    import numpy as np

    return np.sqrt(values)


def _phi(z: Any) -> Any:
    from scipy.special import ndtr

    return ndtr(z)


def _quantile(share: Array, at: Array, var: Array, p: float) -> Array:
    import numpy as np

    sd = np.sqrt(var)
    low, high = (at - 6 * sd).min(0), (at + 6 * sd).max(0)
    for _ in range(26):
        half = (low + high) / 2
        under = share @ _phi((half - at) / sd) < p
        low, high = np.where(under, half, low), np.where(under, high, half)
    return np.asarray((low + high) / 2)


def _order(
    posterior: _Posterior, place: Mapping[str, int], positions: Sequence[Position]
) -> Iterable[tuple[str, str, float]]:
    found = []
    for n, hard in enumerate(positions):
        for mild in positions[n + 1 :]:
            p = posterior.below(place[hard.speaker], place[mild.speaker])
            if p >= SURE:
                found.append((hard.speaker, mild.speaker, _round(p)))
    return sorted(found, key=lambda each: (-each[2], each[0], each[1]))


def _against(posterior: _Posterior, place: Mapping[str, int], side: str, leaders: Sequence[str]) -> Iterable[Against]:
    info = 1 / posterior.variances
    leader = max((one for one in leaders if one in place), key=lambda one: info[place[one]], default="")
    below = posterior.below_middle()
    for speaker, n in place.items():
        if speaker == leader:
            continue
        if leader:
            harder, opposite = posterior.below(n, place[leader]), posterior.opposite(n, place[leader])
        else:
            harder, opposite = float(below[n]), 0.0
        if not 1 - SURE_AGAINST < harder < SURE_AGAINST:
            yield Against(speaker, leader, side, _round(harder), _round(opposite))


@dataclass(frozen=True)
class _Parting:
    """Two groups of equal spread."""

    share: float
    centres: tuple[float, float]
    spread: float

    def harder(self, means: Array, variances: Array) -> Array:
        import numpy as np

        total = variances + self.spread**2
        fits = [
            np.log(max(share, 1e-9)) - 0.5 * (means - centre) ** 2 / total
            for share, centre in zip((self.share, 1 - self.share), self.centres, strict=True)
        ]
        return np.asarray(1 / (1 + np.exp(np.clip(fits[1] - fits[0], -50, 50))))


def _two_groups(means: Array, variances: Array) -> tuple[float, _Parting]:
    """Share of sides drawn as one group that look as parted as this one, and the best parting."""
    import numpy as np

    centre, spread = _one_group(means[None, :], variances)[1:]
    random = np.random.default_rng(20250212)
    half = random.standard_normal((_DRAWS // 2, len(means)))
    noise = np.concatenate([half, -half])  # so that a mirrored side gets a mirrored answer
    drawn = centre[0] + noise * np.sqrt(variances + spread[0] ** 2)
    gains, parting = _gain(np.concatenate([means[None, :], drawn]), variances)
    as_parted = int((gains[1:] >= gains[0] - 1e-9).sum())
    return round((1 + as_parted) / (1 + _DRAWS), 4), parting


def _one_group(means: Array, variances: Array) -> tuple[Array, Array, Array]:
    """Log likelihood, centre and spread of one normal group, for each row of means."""
    import numpy as np

    grid = np.linspace(0.0, 3.0, 31)
    weight = 1 / (variances + grid[:, None] ** 2)
    centre = (means @ weight.T) / weight.sum(1)
    square = ((means[:, None, :] - centre[:, :, None]) ** 2 * weight).sum(2)
    fit = 0.5 * (np.log(weight).sum(1) - square)
    best = fit.argmax(1)
    rows = np.arange(len(means))
    return fit[rows, best], centre[rows, best], grid[best]


def _gain(means: Array, variances: Array) -> tuple[Array, _Parting]:
    """Twice the log likelihood won by two groups over one, for each row of means; and the parting of the first."""
    import numpy as np

    one = _one_group(means, variances)[0]
    best = np.full(len(means), -np.inf)
    parting = _Parting(0.5, (0.0, 0.0), 0.0)
    low, high = np.quantile(means, [0.2, 0.8], axis=1)
    for spread in np.linspace(0.0, 1.5, 7):
        total = variances + spread**2
        share, hard, mild = np.full(len(means), 0.5), low.copy(), high.copy()
        for _ in range(60):
            first = np.log(share)[:, None] - 0.5 * (means - hard[:, None]) ** 2 / total
            second = np.log(1 - share)[:, None] - 0.5 * (means - mild[:, None]) ** 2 / total
            of_first = 1 / (1 + np.exp(np.clip(second - first, -50, 50)))
            share = np.clip(of_first.mean(1), 0.05, 0.95)
            hard = (of_first * means / total).sum(1) / np.maximum((of_first / total).sum(1), 1e-9)
            mild = ((1 - of_first) * means / total).sum(1) / np.maximum(((1 - of_first) / total).sum(1), 1e-9)
        fit = (np.logaddexp(first, second) - 0.5 * np.log(total)).sum(1)
        if fit[0] > best[0]:
            ends = sorted([(float(hard[0]), float(share[0])), (float(mild[0]), 1 - float(share[0]))])
            parting = _Parting(ends[0][1], (ends[0][0], ends[1][0]), float(spread))
        best = np.maximum(best, fit)
    return 2 * (best - one), parting


def _clashes(said: Sequence[Spoken], sign_right: float) -> Iterable[Clash]:
    groups: dict[tuple[str, str, str], list[Spoken]] = defaultdict(list)
    for item in said:
        if item.statement.stance:
            groups[item.side, item.speaker, item.statement.issue].append(item)
    found = []
    for (side, speaker, issue), items in groups.items():
        for n, one in enumerate(items):
            near = (o for o in items[n + 1 :] if 0 < (o.day - one.day).days <= CLASH_DAYS)
            other = next((o for o in near if o.statement.stance * one.statement.stance < 0), None)
            if other is not None:
                stances = one.statement.stance, other.statement.stance
                chance = sign_right**2
                entries = one.entry, other.entry
                found.append(Clash(speaker, side, issue, one.day, other.day, stances, entries, round(chance, 3)))
    # Of several pairs that end or begin with one statement, the widest and nearest is named.
    found.sort(
        key=lambda c: (-abs(c.stances[0] - c.stances[1]), (c.second - c.first).days, c.first, c.speaker, c.entries)
    )
    used: set[str] = set()
    for clash in found:
        if not used & set(clash.entries):
            used |= set(clash.entries)
            yield clash
