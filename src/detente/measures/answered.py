"""Answered acts: how many acts of one side the other answers in kind within two weeks, against chance.

For codings too few for weekly series. An act counts as answered where the other side, by itself, does something of the
same sign from 1 to 14 days later; what both do on one day has no order, and what they do together is no answer.

Acts crowd where there is news, and two sides in the same news seem to answer each other. Chance is therefore not an
even spread: the answering side's acts are dealt anew, each within its own four weeks, to days as busy with acts of
either side as those they were on. What is left over that is an answer; and since crowds are alike in both directions,
the two counts are compared in the same draws for who moves first.

Source:
    Amarasingham, Harrison, Hatsopoulos & Geman (2012), Journal of Neurophysiology 107, 517-531 (jitter of events within
    windows: a test against everything slower than a window).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from detente.engine import EventRow, EventRows
from detente.terms import Dyad

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    Floats = NDArray[np.float64]

METHOD = "answered-jitter.v1"
WITHIN_DAYS = 14
WINDOW_DAYS = 28
"""Chosen by `benchmarks/reciprocity.py --acts` (490 days, a mood of four weeks in the signs, 400 histories each). With
28, an answer that is not there is reported in 0.3 to 5.8 of 100, a lead in 0 to 0.7; where half of one side's acts are
answered, the answer is found in 38 to 66 of 100 and the lead in 13 to 28. With 56, up to 9 of 100 false answers, and
50 to 88 of 100 found (200 histories each).
"""
BUSY_DAYS = 3
"""Days before and after by which a day is as busy as its neighbours."""
MIN_ACTS = 10
MOST_ACTS = 400
DRAWS = 999
LEVEL = 0.90
SURE = 0.05
"""An answer or a lead that chance gives no more often than this is reported."""
_AT_ONCE = 2_000_000  # gaps between acts that are held at once, 16 MB


@dataclass(frozen=True, slots=True)
class Answered:
    """How often one side answers the other.

    Attributes:
        who, to: The series that answers, and that which is answered: `RUS>USA`, `USA>RUS`.
        acts: Acts of `to`, on a known day and with a sign.
        own: Acts of `who`.
        answered: Acts of `to` that `who` answered in kind.
        expected: How many chance would give, with a 90 % interval.
        chance: Probability of as many where there are no answers; None where either side has fewer than `MIN_ACTS`.
        median_days: Days until the answer, in the middle; None where there is none.
        evidence: Occurrences: each answered act, followed by its answer.
    """

    who: str
    to: str
    acts: int
    own: int
    answered: int
    expected: float | None
    low: int | None
    high: int | None
    chance: float | None
    median_days: float | None
    evidence: tuple[tuple[str, str], ...]

    @property
    def sure(self) -> bool:
        return self.chance is not None and self.chance <= SURE


@dataclass(frozen=True, slots=True)
class AnsweredActs:
    """Both directions.

    Attributes:
        answers: Of the first direction to the second, and of the second to the first.
        first_chance: Probability of as unlike counts where neither moves first; None where too few acts.
        joint: Acts of both together, left out.
    """

    answers: tuple[Answered, Answered]
    first_chance: float | None
    joint: int
    method: str = METHOD

    @property
    def leader(self) -> str:
        """The series that moves first, or empty where that is not sure."""
        if self.first_chance is None or self.first_chance > SURE:
            return ""
        excess = [each.answered - (each.expected or 0.0) for each in self.answers]
        return self.answers[0].to if excess[0] > excess[1] else self.answers[1].to


def answered_acts(events: EventRows, dyad: Dyad, *, start: date, end: date, draws: int = DRAWS) -> AnsweredActs | None:
    """Count answered acts between two days, both included; None where a side has more than `MOST_ACTS`.

    >>> answered_acts(EventRows(()), Dyad("RUS", "USA"), start=date(2025, 1, 1), end=date(2025, 6, 30)).answers[0].acts
    0
    """
    import numpy as np

    dated = [row for row in events if row.day is not None and start <= row.day <= end]
    alone = [row for row in dated if row.pair_rows == 1 and row.score_tenths]
    ways = [str(way) for way in dyad.directed()]
    sides = [[row for row in alone if f"{row.actor}>{row.recipient}" == way] for way in ways]
    if max(map(len, sides)) > MOST_ACTS:
        return None
    busy = _busy([row for row in dated if row.pair_rows == 1 or row.actor == dyad.first], start, end)
    seen = [_Acts.of(rows, start) for rows in sides]
    enough = min(map(len, sides)) >= MIN_ACTS
    # The same acts give the same numbers whenever they are asked for.
    rng = np.random.default_rng(len(alone))
    drawn = [_dealt(acts.days, busy, draws, rng) if enough else acts.days[None] for acts in seen]
    found = [_answered(ways, seen, sides, drawn, which, enough) for which in (0, 1)]
    first = None
    if enough:
        # Both counts once with the first side's days dealt anew and once with the second's.
        gaps = np.concatenate([
            _count(seen[1], drawn[0], seen[0].signs) - _count_from(drawn[0], seen[0].signs, seen[1]),
            _count_from(drawn[1], seen[1].signs, seen[0]) - _count(seen[0], drawn[1], seen[1].signs),
        ])  # fmt: skip
        gap = found[0].answered - found[1].answered
        first = round(float((1 + (abs(gaps - gaps.mean()) >= abs(gap - gaps.mean())).sum()) / (1 + len(gaps))), 4)
    joint = len({row.occurrence for row in dated if row.pair_rows == 2})
    return AnsweredActs((found[0], found[1]), first, joint)


@dataclass(frozen=True)
class _Acts:
    days: Places
    signs: Places

    @classmethod
    def of(cls, rows: Sequence[EventRow], start: date) -> _Acts:
        import numpy as np

        days = [row.day.toordinal() - start.toordinal() for row in rows if row.day]
        return cls(np.array(days, dtype=np.int64), np.sign(np.array([r.score_tenths for r in rows], dtype=np.int64)))


def _busy(rows: Sequence[EventRow], start: date, end: date) -> Floats:
    import numpy as np

    length = (end - start).days + 1
    counted = np.zeros(length)
    for row in rows:
        if row.day:
            counted[row.day.toordinal() - start.toordinal()] += 1
    near = np.convolve(counted, np.ones(2 * BUSY_DAYS + 1), mode="full")[BUSY_DAYS : BUSY_DAYS + length]
    return np.asarray(near / (2 * BUSY_DAYS + 1) + 1e-3, dtype=np.float64)


def _dealt(days: Places, busy: Floats, draws: int, rng: np.random.Generator) -> Places:
    """Days (draws, acts) dealt anew within each act's window of four weeks."""
    import numpy as np

    out = np.empty((draws, len(days)), dtype=np.int64)
    for at, day in enumerate(days):
        first = int(day) // WINDOW_DAYS * WINDOW_DAYS
        weights = busy[first : first + WINDOW_DAYS]
        out[:, at] = first + rng.choice(len(weights), size=draws, p=weights / weights.sum())
    return out


def _count(acts: _Acts, days: Places, signs: Places) -> Places:
    """For each draw of the answering side's days, acts that are answered."""
    import numpy as np

    alike = signs[None, None, :] == acts.signs[None, :, None]
    return np.concatenate(
        [_within(some[:, None, :] - acts.days[None, :, None], alike) for some in _parts(days, len(acts.days))]
    )


def _count_from(days: Places, signs: Places, answering: _Acts) -> Places:
    """For each draw of the answered side's days, acts that are answered."""
    import numpy as np

    alike = signs[None, :, None] == answering.signs[None, None, :]
    return np.concatenate(
        [_within(answering.days[None, None, :] - some[:, :, None], alike) for some in _parts(days, len(answering.days))]
    )


def _parts(days: Places, others: int) -> Iterator[Places]:
    """Draws, as many at once as leave memory to others."""
    step = max(_AT_ONCE // max(days.shape[1] * others, 1), 1)
    for at in range(0, len(days), step):
        yield days[at : at + step]


def _within(gap: Places, alike: NDArray[np.bool_]) -> Places:
    return ((gap >= 1) & (gap <= WITHIN_DAYS) & alike).any(axis=2).sum(axis=1)  # type: ignore[no-any-return]


def _answered(
    ways: Sequence[str], seen: Sequence[_Acts], sides: Sequence[list[EventRow]], drawn: Sequence[Places], which: int,
    enough: bool,
) -> Answered:  # fmt: skip
    import numpy as np

    mine, other = sides[which], sides[1 - which]
    pairs = []
    for act in other:
        after = [
            ((row.day - act.day).days, row)
            for row in mine
            if row.day and act.day and 1 <= (row.day - act.day).days <= WITHIN_DAYS
            and (row.score_tenths > 0) == (act.score_tenths > 0)
        ]  # fmt: skip
        if after:
            days, row = min(after, key=lambda item: (item[0], item[1].occurrence))
            pairs.append((days, act.occurrence, row.occurrence))
    expected = low = high = chance = None
    if enough:
        counts = _count(seen[1 - which], drawn[which], seen[which].signs)
        expected = round(float(counts.mean()), 2)
        low, high = (int(each) for each in np.quantile(counts, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="nearest"))
        chance = round(float((1 + (counts >= len(pairs)).sum()) / (1 + len(counts))), 4)
    return Answered(
        who=ways[which], to=ways[1 - which], acts=len(other), own=len(mine), answered=len(pairs), expected=expected,
        low=low, high=high, chance=chance,
        median_days=float(np.median([days for days, _, _ in pairs])) if pairs else None,
        evidence=tuple((act, answer) for _, act, answer in pairs),
    )  # fmt: skip
