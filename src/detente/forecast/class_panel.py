"""One stage and one waiting time, put to every reference class, with failures added that nobody recorded.

No single base rate is honest: the class decides the answer, and in each class the attempts that failed early and left
no trace decide the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from detente.errors import ForecastError
from detente.forecast.cases import Case, Stage, load_cases
from detente.forecast.classes import CLASSES, CaseClass
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.spells import Sample, Spell
from detente.terms import Dyad

UNSEEN: tuple[int, ...] = (0, 15, 30, 60)
"""Failures added: none, and one for about ten, five and two and a half of the cases that ship."""
YEARS: tuple[int, ...] = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a class says once so many unrecorded failures are added.

    Attributes:
        reached: By years from now, the chance (0-1) of getting there by then.
        never: Chance of never getting there; where waits are counted, within the longest wait on record.
    """

    unseen: int
    reached: Mapping[int, float]
    never: float


@dataclass(frozen=True, slots=True)
class ClassAnswer:
    """One reference class's answers.

    Attributes:
        waited: Years waited so far, as this class counts them; None where its clock is not known.
        sample: Its waits, and what was left out.
        answers: One for each number of failures added; none where no wait is left to compare with, or no clock known.
        method: `cure-map.v1`, `cure-posterior.v1` or `aalen-johansen.v1`.
    """

    chosen: CaseClass
    waited: float | None
    sample: Sample
    answers: tuple[Answer, ...]
    method: str

    def count(self, ending: str) -> int:
        """Waits that ended so."""
        return sum(spell.ending == ending for spell in self.sample.spells)

    @property
    def still(self) -> int:
        """Waits that had lasted longer than ours has."""
        return sum(spell.days > (self.waited or 0) * DAYS_A_YEAR for spell in self.sample.spells)

    def as_json(self) -> dict[str, Any]:
        return {
            "class": self.chosen.id,
            "label": dict(self.chosen.labels),
            "query": self.chosen.query,
            "table": self.chosen.table,
            "waited_years": self.waited,
            "n": len(self.sample.spells),
            "reached": self.count("reached"),
            "never": self.count("never"),
            "open": self.count("open"),
            "still_waiting": self.still,
            "method": self.method,
            "answers": [
                {
                    "unseen_failures": answer.unseen,
                    "reached": {str(years): share for years, share in answer.reached.items()},
                    "never": answer.never,
                }
                for answer in self.answers
            ],
        }


def _answers(
    sample: Sample, waited: float, unseen: Sequence[int], *, already: float, counted: bool, posterior: bool
) -> tuple[Answer, ...]:
    from detente.forecast.aalen_johansen import BaseRate
    from detente.forecast.cure import fit, most_probable

    # The form of the wait is chosen once: a failure added says nothing of when the others got there.
    latency = "log-normal" if counted else fit(sample.spells).mode.latency
    own = round(len(sample.spells) * already)
    out = []
    for added in unseen:
        # A failure nobody saw has no day: the model does not use one, and a count must have it from the start.
        extra = tuple(Spell(f"unseen {i + 1}", None, 1, "never") for i in range(added + own))
        spells = (*sample.spells, *extra)
        if counted:
            rate = BaseRate(spells)
            days = {years: (waited + years) * DAYS_A_YEAR for years in YEARS}
            shares = {years: rate.reached(waited * DAYS_A_YEAR, until) for years, until in days.items()}
            never = rate.never(waited * DAYS_A_YEAR)
        else:
            found = fit(spells, latency) if posterior else most_probable(spells, latency)
            shares = {years: found.reached(waited, waited + years) for years in YEARS}
            never = found.never(waited)
        out.append(Answer(added, {years: round(share, 4) for years, share in shares.items()}, round(never, 4)))
    return tuple(out)


def class_panel(
    stage: Stage,
    waited: float | None,
    *,
    as_of: date | None = None,
    cases: Iterable[Case] | None = None,
    classes: Mapping[str, CaseClass] = CLASSES,
    waited_by_class: Mapping[str, float] | None = None,
    unseen: Sequence[int] = UNSEEN,
    own: tuple[Dyad, date] | None = None,
    posterior: bool = False,
) -> tuple[ClassAnswer, ...]:
    """Ask every class how likely a stage is after so long a wait.

    Args:
        stage: What is waited for.
        waited: Years since the process began; None where that is not asked.
        as_of: Day from which past cases are seen; by default the last day the table was looked at.
        cases: By default those of the package.
        waited_by_class: Years waited as a class counts them, where its clock is another: since the post fell vacant.
            Without it such a class is counted and gives no answer.
        unseen: Numbers of unrecorded failures to add.
        own: Pair of states and the day its own process began, which is left out.
        posterior: Average over all that the data allow, not at the most probable values.

    Returns:
        One row for each class that speaks of the stage, in the order of `classes`.

    Raises:
        ForecastError: The stage is not known, a wait is below 0, or a class named is not among `classes`.

    >>> rows = {row.chosen.id: row for row in class_panel("ambassadors_exchanged", 1.78)}
    >>> [round(answer.reached[2], 2) for answer in rows["all"].answers]
    [0.36, 0.3, 0.26, 0.2]
    """
    if stage not in get_args(Stage):
        raise ForecastError(f"stage {stage!r} is not known. Use one of {', '.join(get_args(Stage))}.")
    by_class = waited_by_class or {}
    for name in by_class:
        if name not in classes:
            raise ForecastError(f"reference class {name!r} is not known. Use one of {', '.join(classes)}.")
    for years in (*by_class.values(), *(() if waited is None else (waited,))):
        if not 0 <= years < 200:
            raise ForecastError(f"waited {years} years, expected 0 to 200.")
    known = load_cases() if cases is None else tuple(cases)
    if not known:
        raise ForecastError("no case at all. Give at least one.")
    day = as_of or max(case.end_date for case in known)
    rows = []
    for name, each in classes.items():
        if each.stage and each.stage != stage:
            continue
        counted = each.table != "cases"
        mine = by_class.get(name, None if counted else waited)
        sample = each.sample(stage, known, as_of=day, own=own)
        method = "aalen-johansen.v1" if counted else "cure-posterior.v1" if posterior else "cure-map.v1"
        asked = mine is not None and bool(sample.spells)
        answers = (
            _answers(sample, mine, unseen, already=each.unseen_failures, counted=counted, posterior=posterior)
            if asked and mine is not None
            else ()
        )
        rows.append(ClassAnswer(each, mine, sample, answers, method))
    return tuple(rows)
