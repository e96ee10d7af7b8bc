"""Reciprocity: whether one side answers the other, how fast, and which of the two moves first.

A vector autoregression (VAR) of the two directed weekly scores of a dyad,

    a(t) = level + own weeks before + weeks before of b + surprise,   and the same for b,

says what is left of a move of one's own a week later (inertia), and by how much a side moves in the weeks after the
other moved by one point of its own accord (answer). What both do in the same week has no order in time: it is told
apart, as the correlation of the surprises, and never called an answer. What the two do together (meetings, agreements)
would stand in both scores and pose as one: `one_sided` takes it out.

Levels differ between breaks, and two levels that change together look like an answer: weeks are compared with the level
of their own stretch alone, and no week is explained by one before a break. A week in which a side did nothing toward
the other says nothing: weeks next to it that would need it are left out. (Taken for 0 instead, reports that are many in
some months and few in others make answers where there are none.)

Least squares understate inertia in short series; estimates are corrected for that to the order 1/n. Intervals come from
a wild bootstrap, simulated from the corrected estimate, each draw estimated and corrected in the same way. The test of
an answer simulates from an estimate without one.

Source:
    Goldstein & Freeman (1991), American Political Science Review 85, 17-35 (VAR of directed event series);
    Pope (1990), Journal of Time Series Analysis 11, 249-258 (bias of a VAR);
    Kilian (1998), Review of Economics and Statistics 80, 218-230 (bootstrap after correction);
    Goncalves & Kilian (2004), Journal of Econometrics 123, 89-120 (wild bootstrap of autoregressions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from detente.engine import DaySum, EventRows, ImportedEvents
from detente.errors import MeasureError
from detente.measures.autoregression import ORDER, Pairs, responses
from detente.measures.intervals import Interval
from detente.measures.series import Series, following
from detente.terms import Dyad

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METHOD = "var-wild.v1"
WITHIN = (1, 2, 4)
"""Weeks after a move within which its answer is added up."""
LEVEL = 0.90
SURE = 0.05
"""An answer or a lead is reported below this chance of one as large where there is none.

Measured by `benchmarks/reciprocity.py` on 11 kinds of series (10 of 52 weeks, where gaps leave too few), 199 draws, 400
series of each kind (200 of 260 weeks): heavy-tailed or lopsided noise, gaps, changing loudness, a jump of the level.
Means, with the lowest and highest kind:

| weeks | false answers | false leads | 80 % intervals hold | 95 % hold | answer of .4 found | its lead found |
|---|---|---|---|---|---|---|
| 52 | .034 (.020-.055) | .043 (.022-.062) | .806 (.748-.848) | .945 (.917-.978) | .45 | .21 |
| 104 | .040 (.025-.060) | .041 (.028-.060) | .807 (.755-.843) | .952 (.912-.978) | .87 | .46 |
| 260 | .037 (.015-.055) | .040 (.020-.060) | .795 (.730-.860) | .946 (.910-.975) | .99 | .90 |

Chance alone spreads such shares by 2 points (80 %) and 1 (95 %) at 400 series. Every lead that was reported had the
right sign; of all leads 90, 98 and 100 % had.
"""
DRAWS = 499
MIN_WEEKS = 40
"""Weeks that must be explained: about what 52 leave with a few gaps, the shortest that was simulated."""
_FAR = 26  # weeks after which an answer is taken to be over
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Estimate(Interval):
    """A value with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Answer:
    """How one side moves in the weeks after the other did.

    Attributes:
        who: The series that answers: `RUS>USA`.
        to: The series that is answered: `USA>RUS`.
        within: For each of `WITHIN`, points that `who` moves in all by then, for each point `to` moved by itself.
        half_weeks: Weeks by which half of the answer has come; None where there is no sure answer.
        chance: Probability of an answer as clear as this one where there is none.
    """

    who: str
    to: str
    within: tuple[Estimate, ...]
    half_weeks: Estimate | None
    chance: float

    @property
    def sure(self) -> bool:
        return self.chance <= SURE


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who answers whom in a stretch of weeks.

    Attributes:
        start, end: First and last day.
        weeks: Weeks in it.
        used: Weeks that could be explained: both sides acted in them and in each of the `ORDER` weeks before.
        answers: Of the first series to the second, and of the second to the first; empty where `used` is less than
            `MIN_WEEKS`, or one side never varied: then nothing was measured, and all that follows is empty too.
        inertia: Of the first and the second series: share of a move of one's own that is left a week later.
        lead: The second's answer less the first's, within 4 weeks: above 0, the first moves and the second follows.
        lead_chance: Probability of a lead as clear as this one where there is none.
        together: Correlation of what both do in the same week beyond what the weeks before explain.
    """

    start: date
    end: date
    weeks: int
    used: int
    answers: tuple[Answer, ...] = ()
    inertia: tuple[Estimate, ...] = ()
    lead: Estimate | None = None
    lead_chance: float | None = None
    together: Estimate | None = None

    @property
    def too_few(self) -> bool:
        return not self.answers


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """Who answers whom: over the whole stretch, and in each period between breaks.

    Attributes:
        first, second: Names of the two series.
        whole: All weeks, each compared with the level of its own period.
        periods: One for each stretch between breaks; empty where there is no break.
    """

    first: str
    second: str
    whole: Exchange
    periods: tuple[Exchange, ...]
    level: float = LEVEL
    method: str = METHOD


def one_sided(events: EventRows | ImportedEvents, dyad: Dyad) -> EventRows | ImportedEvents:
    """Leave out what the two sides did together: it would stand in both directions on the same day.

    Of a database's sums scores and weights alone are cleared of it; counts by class are not.
    """
    if isinstance(events, EventRows):
        return replace(events, rows=tuple(row for row in events.rows if row.pair_rows == 1))
    sums = {(s.series, s.day_number): s for s in events.sums}
    first, second = (str(way) for way in dyad.directed())
    return replace(
        events,
        sums=tuple(
            _less(mine, sums.get((second if series == first else first, day)), sums.get((str(dyad), day)))
            for (series, day), mine in sums.items()
            if series != str(dyad)
        ),
    )


def _less(mine: DaySum, other: DaySum | None, both: DaySum | None) -> DaySum:
    # A mutual act counts once in each direction and once for the pair.
    if other is None or both is None:
        return mine
    return replace(
        mine,
        weight=both.weight - other.weight,
        weight_score=both.weight_score - other.weight_score,
        weight_score2=both.weight_score2 - other.weight_score2,
    )


def reciprocity(
    first: Series, second: Series, *, breaks: Sequence[date] = (), level: float = LEVEL, draws: int = DRAWS
) -> Reciprocity:
    """Measure who answers whom.

    Args:
        first, second: Weekly scores of the two directions, without what both did together (`one_sided`).
        breaks: Mondays on which a new level began, from `detente.measures.find_breaks`.
        level: Share (0-1) that intervals should hold.
        draws: Of the bootstrap.

    Raises:
        MeasureError: The two do not cover the same stretches of time.

    >>> from detente.measures.series import stretches
    >>> weeks = stretches(date(2025, 1, 6), date(2025, 6, 29), "week")
    >>> quiet = Series("RUS>USA", weeks, (None,) * len(weeks)), Series("USA>RUS", weeks, (None,) * len(weeks))
    >>> reciprocity(*quiet).whole.too_few
    True
    """
    import numpy as np

    if (first.starts, first.step) != (second.starts, second.step):
        raise MeasureError(f"{first.name} and {second.name} cover different {first.step}s. Ask for the same ones.")
    if not first.starts:
        raise MeasureError(f"{first.name} has no whole {first.step}. Ask for a longer stretch.")
    y = np.array([first.values, second.values], dtype=float).T.reshape(-1, 2)
    period = np.array([sum(cut <= start for cut in breaks) for start in first.starts], dtype=np.int64)
    names = first.name, second.name

    def measured(inside: NDArray[np.bool_]) -> Exchange:
        starts = [start for start, here in zip(first.starts, inside, strict=True) if here]
        end = following(starts[-1], first.step) - timedelta(days=1)
        return _exchange(names, Pairs(y[inside], period[inside]), starts[0], end, level, draws)

    each = [measured(period == k) for k in np.unique(period)]
    return Reciprocity(*names, measured(period >= 0), tuple(each) if len(each) > 1 else (), level)


def _exchange(names: tuple[str, str], pairs: Pairs, start: date, end: date, level: float, draws: int) -> Exchange:
    made = simulate(pairs, draws)
    if made is None:
        return Exchange(start, end, len(pairs.y), len(pairs.rows))
    answers = []
    for which in (0, 1):
        within = tuple(made.estimate(f"{which} within {weeks}", level) for weeks in WITHIN)
        half = made.estimate(f"{which} half", level) if made.chances[which] <= SURE else None
        answers.append(Answer(names[which], names[1 - which], within, half, made.chances[which]))
    return Exchange(
        start=start,
        end=end,
        weeks=len(pairs.y),
        used=len(pairs.rows),
        answers=tuple(answers),
        inertia=(made.estimate("0 inertia", level), made.estimate("1 inertia", level)),
        lead=made.estimate("lead", level),
        lead_chance=made.chances[2],
        together=made.estimate("together", level),
    )


@dataclass(frozen=True)
class Simulated:
    """What was measured, and the same of each series simulated from it.

    Attributes:
        found: By name.
        drawn: By name, shape (draws,).
        chances: Of as clear an answer of the first series, of the second, and of as clear a lead, where there is none.
        spare: Weeks used, less what was estimated.
    """

    found: dict[str, float]
    drawn: dict[str, Floats]
    chances: tuple[float, float, float]
    spare: int

    def estimate(self, name: str, level: float) -> Estimate:
        """A measure with the interval that should hold this share."""
        import numpy as np
        from scipy.special import ndtr, stdtrit  # type: ignore[import-untyped, unused-ignore]

        found = self.found[name]
        # Simulation takes the estimated spread for the true one; Hesterberg (2015), American Statistician 69, 371-386.
        tail = float(ndtr(stdtrit(self.spare, (1 - level) / 2)))
        # Places are those of draws and truth in one row.
        low, high = np.quantile(self.drawn[name], [tail, 1 - tail], method="weibull")
        # The estimate itself may fall outside a lopsided interval: the reader must find it inside.
        ends = found, min(float(low), found), max(float(high), found)
        return Estimate(*(round(end, _DIGITS) + 0.0 for end in ends))


def simulate(pairs: Pairs, draws: int = DRAWS) -> Simulated | None:
    """Estimate, and simulate what the estimate is worth; None where there are too few weeks, or one never varies."""
    import numpy as np

    used = len(pairs.rows)
    if used - pairs.periods + 1 < MIN_WEEKS or pairs.flat:
        return None
    # The same weeks give the same numbers whenever they are asked for.
    rng = np.random.default_rng(used)
    y = pairs.y[None]
    a = pairs.fit(y)
    left = pairs.left_over(a[0])
    found = {name: float(value[0]) for name, value in _measured(a).items()}
    drawn = _measured(pairs.fit(pairs.drawn(a[0], left, draws, rng)))
    chances = []
    for which in (0, 1):
        still = pairs.fit_without(which)
        gains = pairs.gain(pairs.drawn(still, pairs.left_over(still), draws, rng), which)
        chances.append(_chance((gains >= pairs.gain(y, which)[0]).sum(), draws))
    alike = pairs.fit_alike()
    leads = _measured(pairs.fit(pairs.drawn(alike, pairs.left_over(alike), draws, rng)))["lead"]
    found["together"], drawn["together"] = _together(left, draws, rng)
    chances.append(_chance((abs(leads) >= abs(found["lead"])).sum(), draws))
    return Simulated(found, drawn, (chances[0], chances[1], chances[2]), used - pairs.periods - 2 * ORDER)


def _measured(a: Floats) -> dict[str, Floats]:
    import numpy as np

    found = {}
    moves = responses(a, _FAR)
    for which in (0, 1):
        answer = moves[:, :, which, 1 - which]
        found[f"{which} inertia"] = moves[:, 0, which, which]
        found |= {f"{which} within {weeks}": answer[:, :weeks].sum(axis=1) for weeks in WITHIN}
        size = np.pad(np.abs(answer).cumsum(axis=1), ((0, 0), (1, 0)))
        half = size[:, -1:] / 2
        # Between two weeks, as if an answer came evenly within each.
        week = np.maximum((size < half).sum(axis=1, keepdims=True), 1)
        below, above = np.take_along_axis(size, week - 1, 1), np.take_along_axis(size, week, 1)
        found[f"{which} half"] = (week - 1 + (half - below) / np.maximum(above - below, 1e-12))[:, 0]
    found["lead"] = found[f"1 within {WITHIN[-1]}"] - found[f"0 within {WITHIN[-1]}"]
    return found


def _together(left: Floats, draws: int, rng: Generator) -> tuple[float, Floats]:
    import numpy as np

    drawn = left[rng.integers(0, len(left), (draws, len(left)))]
    drawn = drawn - drawn.mean(axis=1, keepdims=True)
    size = np.sqrt((drawn**2).sum(axis=1).prod(axis=1) + 1e-300)
    return float(np.asarray(np.corrcoef(left.T))[0, 1]), drawn.prod(axis=2).sum(axis=1) / size


def _chance(reached: float, draws: int) -> float:
    return round(min(1.0, (float(reached) + 1) / (draws + 1)), _DIGITS)
