"""The likeliest next acts between two states in an event database, each with the rows that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from detente.codebook import types
from detente.errors import ForecastError
from detente.forecast.act_chances import ActChances, happened, learn_chances
from detente.forecast.acts import Acts, PairPast, PairQuestions
from detente.forecast.quadruples import Quadruples, both_ways
from detente.forecast.rules import AGES, STRETCHES
from detente.terms import Dyad

if TYPE_CHECKING:
    import pyarrow as pa

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

HISTORY_DAYS = 730
"""How far back rows are read: counts halve in 90 days, so that what is older hardly weighs."""
LEARNING_DAYS = 180
_MOST_LESSONS = 12_000
_HELD_OUT_SHARE = 5
ROWS_SHOWN = 3
LATELY_DAYS = 30

ReasonKind = Literal["same", "rule", "doer", "object"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an act is thought likely.

    Attributes:
        kind: `same`, it was recorded before; `rule`, another act between the two came before it elsewhere; `doer`, the
            actor does it to others; `object`, others do it to the recipient.
        actor, recipient, type: The earlier act. For `doer` the recipient is empty, for `object` the actor.
        count: How often that was recorded, over the days read.
        last: The last day of it.
        rows: The latest of its rows, `file:line`.
        least_days, most_days: For a rule: how long ago the last was, as a stretch; `most_days` 0 is open.
        seen, right: For a rule: days on which a pair with that past had anything recorded, and on how many this act was
            among it.
    """

    kind: ReasonKind
    actor: str
    recipient: str
    type: str
    count: int
    last: date | None
    rows: tuple[str, ...]
    least_days: int = 0
    most_days: int = 0
    seen: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class NextAct:
    """One act that may come next; `chance` is its share in what is recorded on the next day on which anything is."""

    actor: str
    recipient: str
    type: str
    chance: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How such chances did on the last fifth of the questions, learned from those before, beside own frequencies.

    Attributes:
        n: Questions.
        log_loss, log_loss_own: Mean of minus the logarithm of the chance given to what happened.
        brier, brier_own: Mean squared distance over all acts of a question, 0 to 2.
    """

    n: int
    log_loss: float
    log_loss_own: float
    brier: float
    brier_own: float


@dataclass(frozen=True, slots=True)
class DyadNext:
    """What may come next between two states.

    Attributes:
        day: The last day of the database that is used; what comes after it is asked.
        first: The first.
        acts: Likeliest first.
        n_rows: Acts recorded between the two, over the days read.
        lately: On how many of the last 30 days something was recorded between them.
        learned_from: Days of pairs that the weights were learned from.
        held_out: How good such chances were; None where there are too few questions to hold any out.
    """

    dyad: Dyad
    origin: str
    day: date
    first: date
    acts: tuple[NextAct, ...]
    n_rows: int
    lately: int
    learned_from: int
    held_out: HeldOut | None


def next_acts(folder: Path, dyad: Dyad, origin: str, *, as_of: date, most: int = 10) -> DyadNext:
    """Say what may come next between two states, from an event database as it stood.

    Args:
        folder: The dossier's folder.
        origin: Database: `icews`, `gdelt`, `polecat`.
        as_of: No later day is used, and no row that the database took up later.
        most: How many acts.

    Raises:
        ForecastError: Nothing is recorded between the two by then, or too little to learn from between any two.
        EngineError: A table cannot be read.
    """
    from detente.engine.acts import acts_between_states

    first = date.fromordinal(max(as_of.toordinal() - HISTORY_DAYS + 1, 1))
    rows = acts_between_states(folder, origin, first=first, last=as_of)
    return _said(_Recorded(rows), dyad, origin, most)


class _Recorded:
    """Rows as numbers."""

    def __init__(self, rows: pa.Table) -> None:
        names = np.array(rows["actor"].to_pylist() + rows["recipient"].to_pylist(), dtype=object)
        self.states, numbers = np.unique(names.astype(str), return_inverse=True)
        self.types = tuple(types())
        kind = {name: n for n, name in enumerate(self.types)}
        self.days = rows["day_number"].to_numpy().astype(np.int64)
        self.acts = np.array([kind[name] for name in rows["type"].to_pylist()], dtype=np.int64)
        self.actors, self.recipients = numbers[: len(rows)], numbers[len(rows) :]
        self._files, self._lines = rows["file"].to_pylist(), rows["line"].to_pylist()

    def number(self, state: str) -> int:
        found = np.flatnonzero(self.states == state)
        return int(found[0]) if len(found) else -1

    def named(self, rows: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"{self._files[row]}:{self._lines[row]}" for row in rows)


def _said(recorded: _Recorded, dyad: Dyad, origin: str, most: int) -> DyadNext:
    a, b = (recorded.number(side) for side in dyad.sides)
    between = np.isin(recorded.actors, (a, b)) & np.isin(recorded.recipients, (a, b))
    if a < 0 or b < 0 or not between.any():
        raise ForecastError(
            f"{dyad}: {origin} has no act between the two in the {HISTORY_DAYS} days looked at. Import more of it, or "
            "name a later day (--as-of)."
        )
    begin, end = int(recorded.days[0]), int(recorded.days[-1])
    # Acts of one day and kind are one fact: the question is whether it is recorded, not how often.
    facts = np.unique(
        np.stack([recorded.days - begin, recorded.actors, recorded.acts, recorded.recipients], axis=1), axis=0
    )
    kinds = len(recorded.types)
    past = PairPast(
        both_ways(Quadruples(facts[:, 1], facts[:, 2], facts[:, 3], facts[:, 0]), kinds), len(recorded.states), kinds
    )
    lessons: list[tuple[PairQuestions, Acts]] = []
    while past.step <= end - begin:
        if past.step > max(end - begin - LEARNING_DAYS, 0):
            questions = past.questions()
            if len(questions.subject):
                lessons.append((questions, past.candidates(questions)))
        past.end_step()
    while len(lessons) > 1 and sum(len(q.subject) for q, _ in lessons) > _MOST_LESSONS:
        del lessons[0]
    chances = learn_chances(lessons, past)
    about = past.about(a, b)
    found = past.candidates(about)
    shares = chances.chances(found, past.names)
    order = np.argsort(-shares, kind="stable")[:most]
    lately = np.unique(recorded.days[between & (recorded.days > end - LATELY_DAYS)])
    return DyadNext(
        dyad=dyad,
        origin=origin,
        day=date.fromordinal(end),
        first=date.fromordinal(begin),
        acts=tuple(_next_act(recorded, past, about, int(found.act[i]), float(shares[i]), (a, b)) for i in order),
        n_rows=int(between.sum()),
        lately=len(lately),
        learned_from=chances.questions,
        held_out=_held_out(lessons, past),
    )


def _next_act(
    recorded: _Recorded, past: PairPast, about: PairQuestions, act: int, chance: float, pair: tuple[int, int]
) -> NextAct:
    kinds = len(recorded.types)
    way, kind = divmod(act, kinds)
    actor, recipient = pair[::-1] if way else pair
    of_actor, of_recipient = recorded.actors == actor, recorded.recipients == recipient
    this = recorded.acts == kind
    reasons = [
        _reason(recorded, "same", this & of_actor & of_recipient, actor, recipient, kind),
        _rule(recorded, past, about, act, pair),
        _reason(recorded, "doer", this & of_actor & ~of_recipient, actor, -1, kind),
        _reason(recorded, "object", this & ~of_actor & of_recipient, -1, recipient, kind),
    ]
    states = recorded.states
    return NextAct(
        str(states[actor]), str(states[recipient]), recorded.types[kind], chance, tuple(r for r in reasons if r)
    )


def _reason(
    recorded: _Recorded, kind: ReasonKind, which: NDArray[np.bool_], actor: int, recipient: int, act: int
) -> Reason | None:
    rows = np.flatnonzero(which)
    if not len(rows):
        return None
    name = {-1: "", **{n: str(recorded.states[n]) for n in (actor, recipient) if n >= 0}}
    return Reason(
        kind,
        name[actor],
        name[recipient],
        recorded.types[act],
        len(rows),
        date.fromordinal(int(recorded.days[rows[-1]])),
        recorded.named(rows[::-1][:ROWS_SHOWN].tolist()),
    )


def _rule(recorded: _Recorded, past: PairPast, about: PairQuestions, act: int, pair: tuple[int, int]) -> Reason | None:
    """Of the acts that lie behind the two, the one after which this act came most often."""
    _, before, number = past.behind(about)
    best: tuple[float, int, int, int, int] | None = None
    for earlier, place in zip(before.tolist(), number.tolist(), strict=True):
        seen, right = past.rule_counts(place, act)
        if earlier != act and right and (best is None or past.rule_share(place, act) > best[0]):
            best = (past.rule_share(place, act), earlier, place, seen, right)
    if best is None:
        return None
    _, earlier, place, seen, right = best
    way, kind = divmod(earlier, len(recorded.types))
    actor, recipient = pair[::-1] if way else pair
    which = (recorded.acts == kind) & (recorded.actors == actor) & (recorded.recipients == recipient)
    told = _reason(recorded, "rule", which, actor, recipient, kind)
    if told is None:
        return None
    stretch = place % STRETCHES
    least = int(AGES[stretch - 1]) + 1 if stretch else 1
    return Reason(
        "rule", told.actor, told.recipient, told.type, told.count, told.last, told.rows,
        least, int(AGES[stretch]) if stretch < len(AGES) else 0, seen, right,
    )  # fmt: skip


def _held_out(lessons: Sequence[tuple[PairQuestions, Acts]], past: PairPast) -> HeldOut | None:
    cut = len(lessons) - len(lessons) // _HELD_OUT_SHARE
    try:
        chances = learn_chances(lessons[:cut], past)
    except ForecastError:
        return None
    losses: list[tuple[float, float, float, float]] = []
    for questions, found in lessons[cut:]:
        right = happened(found, questions, past.acts).reshape(len(questions.subject), -1)
        share = chances.chances(found, past.names).reshape(right.shape)
        own = own_shares(found, past.names).reshape(right.shape)
        for row in np.flatnonzero(right.any(axis=1)):
            target = right[row] / right[row].sum()
            losses.append((*_losses(share[row], target), *_losses(own[row], target)))
    if not losses:
        return None
    log_loss, brier, log_loss_own, brier_own = (round(float(v), 6) for v in np.mean(losses, axis=0))
    return HeldOut(len(losses), log_loss, log_loss_own, brier, brier_own)


def own_shares(found: Acts, names: Sequence[str]) -> Floats:
    """What the pair's own past alone says, drawn to what is usual by one act's weight: the rival of the chances."""
    share = found.features[:, list(names).index("share.same.5")].astype(np.float64)
    first = np.flatnonzero(np.diff(found.question, prepend=-1))
    owner = np.cumsum(np.diff(found.question, prepend=-1) > 0) - 1
    return np.asarray(share / np.add.reduceat(share, first)[owner])


def _losses(share: Floats, target: Floats) -> tuple[float, float]:
    """Log loss and Brier score, the mean over what happened in one question."""
    log_loss = -float((target * np.log(np.maximum(share, 1e-12))).sum())
    brier = 1 - 2 * float((target * share).sum()) + float((share**2).sum())
    return log_loss, brier


__all__ = ["ActChances", "DyadNext", "HeldOut", "NextAct", "Reason", "next_acts"]
