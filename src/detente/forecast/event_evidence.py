"""What single events between the two states add to the chance of a milestone, as far as backtests bear it out.

A kind of event may move a forecast only by what it moved those of past processes: `learn` asks every past process anew
every third month by `stage-chain.v1`, fitted without its bloc, and looks whether processes that had known such an event
since their start did better than foretold within a year. The weight is the most probable one under `N(0, 0.5)` in log
odds. It is used only if forecasts of left-out blocs get better by it; else the kind counts as nothing, and is shown as
such. `event_evidence.csv` holds what was found every five years by the cases known then; a forecast uses the newest
that is not later than its own day. `python benchmarks/forecast.py --only evidence --write FILE` makes it.

As in the table of cases the first event of each kind since the process began counts. Its weight halves every 180 days,
and all together move log odds by 0.7 at most: no string of news makes of one in two more than two in three.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, get_args

from detente.codebook import stands_for
from detente.errors import ForecastError
from detente.forecast.cases import Case, Stage
from detente.terms import Dyad, Event, EventDate, Evidence, Move, Occurrence, Participant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from detente.forecast.landmarks import Landmark

Kind = Literal["talks", "sanctions-eased", "embassy-reopened"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STAGE_OF: Mapping[Kind, Stage] = {
    "talks": "first_high_level_talks",
    "sanctions-eased": "key_sanction_relief",
    "embassy-reopened": "embassy_reopened",
}
HALF_LIFE_DAYS = 180.0
CAP = 0.7
"""Most that events together move the log odds."""
WEIGHT_PRIOR = 0.5
LEAST_CASES = 10
MONTHS: tuple[int, ...] = tuple(range(0, 37, 3))
HORIZON_MONTHS = 12
VINTAGES: tuple[date, ...] = tuple(date(year, 1, 1) for year in (2005, 2010, 2015, 2020, 2025))
"""Days whose knowledge weights were learnt from."""
COLUMNS = ("until", "stage", "kind", "log_odds", "cases", "gain", "used")
_EASING = frozenset({"CONCEDE", "RETREAT"})


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a kind of event was found to add.

    Attributes:
        until: Day whose knowledge of past cases it was learnt from.
        log_odds: Of a fresh event.
        cases: Past processes that knew one between their start and the stage.
        gain: Log likelihood (nats) that left-out blocs gain by it in all; below 0 it makes forecasts worse.
    """

    until: date
    stage: Stage
    kind: Kind
    log_odds: float
    cases: int
    gain: float

    @property
    def used(self) -> bool:
        """Whether it moves forecasts."""
        return self.gain > 0 and self.log_odds > 0 and self.cases >= LEAST_CASES


def freshness(days: int) -> float:
    """Share of an event's weight left after so many days; 0 before it.

    >>> freshness(180)
    0.5
    """
    return 0.5 ** (days / HALF_LIFE_DAYS) if days >= 0 else 0.0


def kind_of(event: Event, dyad: Dyad) -> Kind | None:
    """The kind of a coded event between the two states that has happened; None where it is none of them."""
    if event.realis != "happened" or event.rank != "main" or not set(dyad.sides) <= set(event.sides):
        return None
    if event.type == "CONSULT" and event.mode != "phone":
        return "talks"
    if stands_for(event.type, event.mode)[0] not in _EASING:
        return None  # an envoy called home is a RETREAT, and no easing
    if event.track == "sanctions":
        return "sanctions-eased"
    return "embassy-reopened" if event.track == "embassies" else None


@lru_cache(maxsize=1)
def load_learnt() -> tuple[Learnt, ...]:
    """What ships with the package."""
    text = (files("detente.forecast") / "event_evidence.csv").read_text(encoding="utf-8")
    return parse_learnt(text)


def parse_learnt(text: str) -> tuple[Learnt, ...]:
    """Read a table of what was learnt.

    Raises:
        ForecastError: A row has an unknown kind or a number that is none; the message names the line.
    """
    found = []
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        try:
            each = Learnt(
                date.fromisoformat(row["until"]),
                row["stage"],  # type: ignore[arg-type]
                row["kind"],  # type: ignore[arg-type]
                float(row["log_odds"]),
                int(row["cases"]),
                float(row["gain"]),
            )
        except (KeyError, TypeError, ValueError) as problem:
            raise ForecastError(
                f"event_evidence.csv line {reader.line_num}: {problem}. Write {', '.join(COLUMNS)}."
            ) from problem
        if each.kind not in KINDS:
            raise ForecastError(
                f"event_evidence.csv line {reader.line_num}: kind {each.kind!r} is not one of {', '.join(KINDS)}."
            )
        found.append(each)
    return tuple(found)


def _weights(stage: str, made: date, learnt: Sequence[Learnt] | None) -> dict[Kind, float]:
    known = [each for each in (load_learnt() if learnt is None else learnt) if each.until <= made]
    newest = max((each.until for each in known), default=made)
    return {e.kind: e.log_odds for e in known if e.until == newest and e.stage == stage and e.used}


def used_kinds(stage: str, *, made: date) -> tuple[Kind, ...]:
    """Kinds of events that move the forecast of a stage on a day.

    >>> used_kinds("ambassadors_exchanged", made=date(2026, 5, 18))
    ('talks', 'sanctions-eased', 'embassy-reopened')
    """
    return tuple(_weights(stage, made, None))


_SUPPOSED: Mapping[Kind, tuple[str, str]] = {
    "talks": ("CONSULT", "meetings"),
    "sanctions-eased": ("RETREAT", "sanctions"),
    "embassy-reopened": ("RETREAT", "embassies"),
}


def supposed(kind: Kind, dyad: Dyad, day: date) -> Occurrence:
    """An event of a kind as if it had been told on a day, to ask what a forecast would make of it.

    >>> kind_of(supposed("talks", Dyad("RUS", "USA"), date(2026, 5, 18)).event, Dyad("RUS", "USA"))
    'talks'
    """
    code, track = _SUPPOSED[kind]
    event = Event(
        type=code,
        mode="",
        actors=tuple(Participant(side, side, side) for side in dyad.sides),
        recipients=(),
        event_date=EventDate.of(day.isoformat(), "explicit"),
        realis="happened",
        evidence=Evidence("", 0, len(kind), kind),
        confidence=1.0,
        track=track,
    )
    return Occurrence(f"supposed {kind}", event, (), (), 0)


def moves_of(
    occurrences: Iterable[Occurrence],
    stage: str,
    *,
    made: date,
    since: date,
    dyad: Dyad,
    learnt: Sequence[Learnt] | None = None,
) -> tuple[Move, ...]:
    """What the dyad's own coded events add on a day: the first of each kind that is used, decayed, capped together.

    Args:
        occurrences: Events of the ledger as of the day.
        since: Day the process began; earlier events are no news of it.
        learnt: By default what ships; of either the newest that is not later than the day made.
    """
    weights = _weights(stage, made, learnt)
    first: dict[Kind, tuple[date, Occurrence]] = {}
    for occurrence in occurrences:
        kind, dated = kind_of(occurrence.event, dyad), occurrence.event.event_date
        if kind not in weights or dated is None or not since < dated.last <= made:
            continue
        if kind not in first or dated.last < first[kind][0]:
            first[kind] = (dated.last, occurrence)
    raw = [(kind, day, each, weights[kind] * freshness((made - day).days)) for kind, (day, each) in first.items()]
    total = sum(weight for *_, weight in raw)
    share = min(1.0, CAP / total) if total > 0 else 0.0
    return tuple(
        Move(kind, round(weight * share, 4), day, each.id)
        for kind, day, each, weight in sorted(raw, key=lambda item: (-item[3], item[0]))
    )


def learn(cases: Iterable[Case], *, until: date) -> tuple[Learnt, ...]:
    """Weigh every kind of event on past processes as known on a day, by forecasts fitted without their bloc."""
    import numpy as np

    from detente.forecast.landmarks import backtest
    from detente.forecast.stage_chain import TARGETS

    known = [case.as_known(until) for case in cases if case.process_start and case.process_start < until]
    found: list[Learnt] = []
    for target in TARGETS:
        past = backtest(known, target, "left out", months=MONTHS)
        chance = np.clip(past.model[:, HORIZON_MONTHS - 1], 1e-4, 1 - 1e-4)
        labels = np.array([each.case.label for each in past.landmarks])
        # A process asked ten times is one witness.
        times = dict(zip(*np.unique(labels, return_counts=True), strict=True))
        weights = past.weights[:, HORIZON_MONTHS - 1] / np.array([times[label] for label in labels])
        offset, came = np.log(chance / (1 - chance)), past.came[:, HORIZON_MONTHS - 1]
        for kind in KINDS:
            signal = np.array([_signal(each, kind) for each in past.landmarks])
            asked = _Asked(signal, offset, came, weights)
            gain = 0.0
            for bloc in np.unique(past.blocs):
                own = past.blocs == bloc
                without, left_out = asked.only(~own), asked.only(own)
                gain += left_out.log_likelihood(without.best()) - left_out.log_likelihood(0.0)
            cases_with = len(set(labels[signal > 0]))
            found.append(Learnt(until, target, kind, round(asked.best(), 3), cases_with, round(gain, 3)))
    return tuple(found)


def _signal(asked: Landmark, kind: Kind) -> float:
    day, start = asked.case.reached(STAGE_OF[kind]), asked.case.process_start
    return freshness((asked.day - day).days) if day and start and day > start else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Processes asked: how fresh their event was, log odds foretold, whether it came, weight."""

    signal: NDArray[np.float64]
    offset: NDArray[np.float64]
    came: NDArray[np.float64]
    weights: NDArray[np.float64]

    def only(self, rows: NDArray[np.bool_]) -> _Asked:
        return _Asked(self.signal[rows], self.offset[rows], self.came[rows], self.weights[rows])

    def log_likelihood(self, log_odds: float) -> float:
        import numpy as np

        eta = self.offset + log_odds * self.signal
        return float((self.weights * (self.came * eta - np.logaddexp(0, eta))).sum())

    def best(self) -> float:
        """Most probable log odds of a fresh event."""
        from scipy.special import expit

        log_odds, precision = 0.0, 1 / WEIGHT_PRIOR**2
        for _ in range(30):
            chance = expit(self.offset + log_odds * self.signal)
            slope = float((self.weights * (self.came - chance) * self.signal).sum()) - log_odds * precision
            curvature = float((self.weights * chance * (1 - chance) * self.signal**2).sum()) + precision
            log_odds += slope / curvature
        return log_odds
