"""If and when a milestone is reached: one forecast, and the panel of reference classes it should be read in.

Notes are keys that a page translates; what follows a colon is a value:

| note | what it says |
|---|---|
| `clock:opened` | no start of the process is given, so the clock starts on the day the question was opened |
| `prior-only` | no past case is comparable: the interval is that of the prior alone |
| `excluded-own-process` | the table has this very process; it was left out |
| `fitted:N` | number of past cases the model was fitted to |
| `posterior:N` | averaged over the whole posterior, by draws that are worth N independent ones |
| `r-hat:R` | the worst agreement of chains of draws, of the step reached (1 is agreement) |
| `latency:log-normal`, `latency:weibull` | form of the wait, the one that foretold left-out pairs of states better |
| `undated:N` | cases left out: they went well, but nobody dated this stage |
| `already:N` | cases left out: they had the stage on the day their process began |
| `not-applicable:N` | cases left out: an embassy that was never closed cannot reopen |
| `unseen-failures:N` | failed attempts added that nobody recorded |
| `no-case-this-late` | no past case still waited after so long: the form of the curve alone speaks |
| `cases-until:DAY` | the table was last looked at that day, over a year before the forecast |
| `deadline-passed` | the deadline lies behind, and the milestone was not reached |
| `reached:DAY` | reached that day; nothing is left to forecast |
| `reached-late` | reached, but after the deadline: the answer to "if" is no |
| `capped-by-relations` | ambassadors were held down to the chance of relations (`detente.forecast.layers`) |
| `resolved:yes`, `resolved:no`, `resolved:void` | the question was settled so |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Protocol, get_args

from detente.errors import ForecastError
from detente.forecast.cases import Case, Stage, load_cases
from detente.forecast.classes import CLASSES, choose
from detente.forecast.months import DAYS_A_YEAR, months_later
from detente.forecast.spells import Sample, Spell
from detente.terms import Dyad, Forecast, Milestone, ReferenceClass

METHOD = "cure-map.v1"
POSTERIOR_METHOD = "cure-posterior.v1"
BASE_RATE = "aalen-johansen.v1"
CURVE_MONTHS = 60
# Past two centuries a date says nothing but "not in this process".
FARTHEST_DAYS = 200 * 365
STALE_DAYS = 365
# Finer digits differ between machines and mean nothing beside intervals a tenth wide.
DIGITS = 4
WINDOW = 0.8
"""Share of the days on which it would come, given that it comes, that the window holds; half the rest on each side."""
WINDOW_ENDS = (round((1 - WINDOW) / 2, DIGITS), round((1 + WINDOW) / 2, DIGITS))


DayBy = Callable[[float], date | None]
"""The day by which a part (0-1) of those who still get there have got there; None beyond all dates."""


class _Model(Protocol):
    def reached(self, until: int) -> float: ...
    def never(self) -> float: ...
    def reached_interval(self, until: int) -> tuple[float, float]: ...
    def never_interval(self) -> tuple[float, float]: ...
    def quantile(self, share: float) -> float | None: ...


class _CureModel:
    """A fitted mixture cure, asked in days after so many days of waiting."""

    def __init__(self, found: Sequence[Spell], waited: int) -> None:
        from detente.forecast.cure import fit

        self.fit = fit(found)
        self.year = DAYS_A_YEAR
        self.waited = waited / DAYS_A_YEAR

    def reached(self, until: int) -> float:
        return self.fit.mode.reached(self.waited, until / self.year)

    def never(self) -> float:
        return self.fit.mode.never(self.waited)

    def reached_interval(self, until: int) -> tuple[float, float]:
        return self.fit.reached_interval(self.waited, until / self.year)

    def never_interval(self) -> tuple[float, float]:
        return self.fit.never_interval(self.waited)

    def quantile(self, share: float) -> float:
        return self.fit.quantile(self.waited, share) * self.year


class _PosteriorModel(_CureModel):
    """The same over its whole posterior: means over draws, in place of the most probable values."""

    def reached(self, until: int) -> float:
        return self.fit.reached(self.waited, until / self.year)

    def never(self) -> float:
        return self.fit.never(self.waited)

    def reached_interval(self, until: int) -> tuple[float, float]:
        return self.fit.reached_interval(self.waited, until / self.year, having_waited=True)

    def never_interval(self) -> tuple[float, float]:
        return self.fit.never_interval(self.waited, having_waited=True)


class _BaseRateModel:
    """The Aalen-Johansen base rate after so many days of waiting."""

    def __init__(self, found: Sequence[Spell], waited: int) -> None:
        from detente.forecast.aalen_johansen import BaseRate

        self.rate = BaseRate(tuple(found))
        self.waited = float(waited)

    def reached(self, until: int) -> float:
        return self.rate.reached(self.waited, until)

    def never(self) -> float:
        return self.rate.never(self.waited)

    def reached_interval(self, until: int) -> tuple[float, float]:
        return self.rate.reached_interval(self.waited, until)

    def never_interval(self) -> tuple[float, float]:
        return self.rate.never_interval(self.waited)

    def quantile(self, share: float) -> float | None:
        return self.rate.quantile(self.waited, share)


@dataclass(frozen=True, slots=True)
class _Question:
    """A milestone asked on a day: its clock, and what is left to count."""

    milestone: Milestone
    made: date
    dyad: Dyad
    clock: date
    notes: tuple[str, ...]

    @property
    def waited(self) -> int:
        return (self.made - self.clock).days


def _question(milestone: Milestone, made: date, dyad: Dyad) -> _Question:
    stage = milestone.reference.stage
    if stage != "none" and stage not in get_args(Stage):
        known = ", ".join((*get_args(Stage), "none"))
        raise ForecastError(f"{milestone.id}: reference stage {stage!r} is no column of the cases. Use one of {known}.")
    start = milestone.reference.clock_start
    clock = start or milestone.opened
    if made < clock:
        raise ForecastError(
            f"{milestone.id}: asked on {made}, but its clock starts on {clock}. Ask from that day on, "
            "or give the milestone an earlier clock_start."
        )
    return _Question(milestone, made, dyad, clock, () if start else ("clock:opened",))


def _curve_days(made: date, deadline: date) -> list[date]:
    days = {made, *(months_later(made, month) for month in range(1, CURVE_MONTHS + 1))}
    if deadline > made:
        days.add(deadline)
    return sorted(days)


def _day_reached(milestone: Milestone, made: date, reached: date | None) -> tuple[date | None, tuple[str, ...]]:
    """Day the milestone was reached as far as known on the day made, and what to note about it."""
    settled = milestone.resolution
    if settled is not None and settled.day <= made:
        if settled.answer == "yes":
            return settled.day, ("resolved:yes",)
        # "No" closes the question at its deadline; what is recorded as reached later still ends the wait.
        late = reached is not None and milestone.deadline < reached <= made
        return (reached if late and settled.answer == "no" else None), (f"resolved:{settled.answer}",)
    if reached is None or reached > made:
        return None, ()
    if reached < milestone.opened:
        raise ForecastError(
            f"{milestone.id}: reached on {reached}, before the question was opened on {milestone.opened}. "
            "Open it on an earlier day, or leave that report out."
        )
    return reached, ()


def _settled(milestone: Milestone, made: date, day: date, notes: tuple[str, ...]) -> Forecast:
    in_time = day <= milestone.deadline
    probability = 1.0 if in_time else 0.0
    return Forecast(
        milestone=milestone.id,
        made=made,
        deadline=milestone.deadline,
        probability=probability,
        interval=(probability, probability),
        never=0.0,
        never_interval=(0.0, 0.0),
        median_day=day,
        window=(day, day),
        curve=((day, 1.0),),
        cases=0,
        reached_cases=0,
        reference_class="none",
        method=METHOD,
        notes=(f"reached:{day}", *notes, *(() if in_time else ("reached-late",))),
    )


def _around(interval: tuple[float, float], value: float) -> tuple[float, float]:
    """An interval in [0, 1] that holds its own point, rounded like it."""
    low, high = (round(min(1.0, max(0.0, bound)), DIGITS) for bound in interval)
    return min(low, value), max(high, value)


def _forecast(
    question: _Question,
    model: _Model,
    sample: Sequence[Spell],
    *,
    notes: tuple[str, ...],
    reference_class: str,
    method: str,
) -> Forecast:
    milestone, made, waited = question.milestone, question.made, question.waited
    refused = "resolved:no" in notes
    passed = milestone.deadline <= made
    never = round(model.never(), DIGITS)
    most = round(1 - never, DIGITS)
    ruled_out = milestone.deadline if refused else made

    def share(day: date) -> float:
        # Rounding must not push a share above what "never" leaves.
        return 0.0 if day <= ruled_out else min(most, round(model.reached((day - question.clock).days), DIGITS))

    probability = share(milestone.deadline)
    until = (milestone.deadline - question.clock).days
    interval = (0.0, 0.0) if passed or refused else _around(model.reached_interval(until), probability)
    median_day = _day_at(question, model, 0.5)
    first, last = (_day_at(question, model, part) for part in WINDOW_ENDS)
    if "prior-only" in notes:  # A day read off the prior would say nothing about this milestone.
        median_day = first = last = None
    still = [spell for spell in sample if spell.days > waited]
    if sample and not still:
        notes = (*notes, "no-case-this-late")
    return Forecast(
        milestone=milestone.id,
        made=made,
        deadline=milestone.deadline,
        probability=probability,
        interval=interval,
        never=never,
        never_interval=_around(model.never_interval(), never),
        median_day=median_day,
        window=(first, last) if first is not None and last is not None else None,
        curve=tuple((day, share(day)) for day in _curve_days(made, milestone.deadline)),
        cases=len(still),
        reached_cases=sum(spell.ending == "reached" for spell in still),
        reference_class=reference_class,
        method=method,
        notes=(*question.notes, *notes, *(("deadline-passed",) if passed and not refused else ())),
    )


def _day_at(question: _Question, model: _Model, share: float) -> date | None:
    days = model.quantile(share)
    if days is None or not days < FARTHEST_DAYS:
        return None
    return question.clock + timedelta(days=max(question.waited + 1, round(days)))


def _sample(question: _Question, cases: Iterable[Case], reference_class: str) -> Sample:
    stage = question.milestone.reference.stage
    if stage == "none":
        return Sample(())
    own = (question.dyad, question.clock)
    return CLASSES[reference_class].sample(stage, cases, as_of=question.made, own=own)  # type: ignore[arg-type]


def _sample_notes(sample: Sample, cases: Sequence[Case], made: date) -> tuple[str, ...]:
    if not sample.spells:
        return ("prior-only",)
    notes = [f"fitted:{len(sample.spells)}"]
    counts = {"undated": sample.undated, "already": sample.already, "not-applicable": sample.not_applicable}
    notes += [f"{key}:{len(labels)}" for key, labels in counts.items() if labels]
    last = max(case.end_date for case in cases)
    if (made - last).days > STALE_DAYS:
        notes.append(f"cases-until:{last}")
    return tuple(notes)


def forecast(
    milestone: Milestone,
    *,
    made: date,
    dyad: Dyad,
    cases: Iterable[Case] | None = None,
    reached: date | None = None,
    reference_class: str = "all",
    clock: date | None = None,
    posterior: bool = False,
) -> Forecast:
    """If and when a milestone is reached, from what past cases had shown by a day.

    Cases are used as they were known on `made`: later outcomes are still open then, later processes unknown. The
    pair's own process is left out. The answer holds given that the milestone has not been reached since its clock
    started; whether its process has died unseen is not known, so `never` grows while nothing happens.

    Args:
        made: Day the forecast speaks from.
        dyad: The pair of states the milestone is about.
        cases: Past cases; by default those of the package.
        reached: Day the milestone was reached, where the record shows it; ignored where later than `made`.
        reference_class: Id in `CLASSES`. One whose waits come from another table than that of cases is counted, not
            fitted (`aalen-johansen.v1`): its thousands of waits follow no one curve.
        clock: Day the wait began, where it is not the milestone's own: a post may have been empty before or after the
            process began.
        posterior: Average over all that the data allow (`cure-posterior.v1`), not at the most probable values.

    Returns:
        Probability by the deadline and share never reached, each with a 90 % interval; median day and 80 % window given
        that it is reached; a monthly curve over five years or to the deadline; notes as listed above. A milestone
        reached in time has probability 1 and its day as median.

    Raises:
        ForecastError: The stage or class is not known, or the forecast is asked before the clock starts.

    >>> from detente.terms import ReferenceClass
    >>> ambassadors = Milestone("ambassadors", (), (), date(2014, 12, 17), date(2015, 12, 31),
    ...     ReferenceClass("ambassadors_exchanged", date(2013, 6, 15)))
    >>> found = forecast(ambassadors, made=date(2014, 12, 31), dyad=Dyad("CUB", "USA"))
    >>> round(found.probability, 2), round(found.never, 2), found.notes[0]
    (0.23, 0.21, 'excluded-own-process')
    """
    return forecast_and_days(
        milestone,
        made=made,
        dyad=dyad,
        cases=cases,
        reached=reached,
        reference_class=reference_class,
        clock=clock,
        posterior=posterior,
    )[0]


def forecast_and_days(
    milestone: Milestone,
    *,
    made: date,
    dyad: Dyad,
    cases: Iterable[Case] | None = None,
    reached: date | None = None,
    reference_class: str = "all",
    clock: date | None = None,
    posterior: bool = False,
) -> tuple[Forecast, DayBy]:
    """A forecast as `forecast` makes it, with the days of its wait beyond its curve: what moves it moves them too.

    Raises:
        ForecastError: As in `forecast`.
    """
    choose((), reference_class)  # An unknown class is refused even where nothing is left to forecast.
    day, settled = _day_reached(milestone, made, reached)
    if day is not None:
        return _settled(milestone, made, day, settled), lambda _: day
    if clock is not None:
        milestone = replace(milestone, reference=ReferenceClass(milestone.reference.stage, clock))
    question = _question(milestone, made, dyad)
    known = load_cases() if cases is None else tuple(cases)
    sample = _sample(question, known, reference_class)
    if CLASSES[reference_class].table != "cases" and sample.spells:
        found_notes = (*settled, *(("excluded-own-process",) if sample.own else ()), f"fitted:{len(sample.spells)}")
        counted = _BaseRateModel(sample.spells, question.waited)
        told = _forecast(
            question, counted, sample.spells, notes=found_notes, reference_class=reference_class, method=BASE_RATE
        )
        return told, partial(_day_at, question, counted)
    unseen = round(len(sample.spells) * CLASSES[reference_class].unseen_failures)
    found = (*sample.spells, *(Spell(f"unseen {i + 1}", None, 1, "never") for i in range(unseen)))
    model = (_PosteriorModel if posterior else _CureModel)(found, question.waited)
    notes = (
        *settled,
        *(("excluded-own-process",) if sample.own else ()),
        *_sample_notes(sample, known, made),
        *((f"unseen-failures:{unseen}",) if unseen else ()),
        *((f"latency:{model.fit.mode.latency}",) if sample.spells else ()),
        *((f"posterior:{round(model.fit.effective)}",) if posterior else ()),
    )
    method = POSTERIOR_METHOD if posterior else METHOD
    named = reference_class if sample.spells else "none"
    told = _forecast(question, model, sample.spells, notes=notes, reference_class=named, method=method)
    return told, partial(_day_at, question, model)


def base_rate_forecast(
    milestone: Milestone, *, made: date, dyad: Dyad, cases: Iterable[Case] | None = None, reached: date | None = None
) -> Forecast:
    """The Aalen-Johansen base rate over all past cases, for comparison: no curve is assumed, no prior is used.

    `never` is the share that does not get there within the longest wait on record. Arguments, notes and errors are
    those of `forecast`.

    Raises:
        ForecastError: Also where no past case is comparable: a base rate of nothing cannot be given.
    """
    day, settled = _day_reached(milestone, made, reached)
    if day is not None:
        return _settled(milestone, made, day, settled)
    question = _question(milestone, made, dyad)
    known = load_cases() if cases is None else tuple(cases)
    sample = _sample(question, known, "all")
    if not sample.spells:
        raise ForecastError(f"{milestone.id}: no past case is comparable, so there is no base rate. Use forecast().")
    notes = (
        *settled,
        *(("excluded-own-process",) if sample.own else ()),
        *_sample_notes(sample, known, made),
    )
    model = _BaseRateModel(sample.spells, question.waited)
    return _forecast(question, model, sample.spells, notes=notes, reference_class="all", method=BASE_RATE)


def panel(
    milestone: Milestone,
    *,
    made: date,
    dyad: Dyad,
    cases: Iterable[Case] | None = None,
    reached: date | None = None,
    clocks: Mapping[str, date] | None = None,
    posterior: bool = False,
) -> tuple[Forecast, ...]:
    """The same question put to every reference class, and to the plain base rate: the class decides the answer.

    A class without a case is left out. A milestone already reached, or with no comparable case, has one forecast only.

    Args:
        made, dyad, cases, reached, posterior: As in `forecast`.
        clocks: By class, the day its wait began. A class whose waits do not begin with a process, such as
            `us-vacancies`, is asked only if its day is given.

    Returns:
        `cure-map.v1`, or `cure-posterior.v1`, over each of `CLASSES`, all cases first; then those of other tables, and
        `aalen-johansen.v1` over all cases.

    Raises:
        ForecastError: As in `forecast`.
    """
    known = load_cases() if cases is None else tuple(cases)
    first = forecast(milestone, made=made, dyad=dyad, cases=known, reached=reached, posterior=posterior)
    if first.reference_class == "none":
        return (first,)
    days = clocks or {}
    others = (
        forecast(
            milestone,
            made=made,
            dyad=dyad,
            cases=known,
            reached=reached,
            reference_class=name,
            clock=days.get(name),
            posterior=posterior,
        )
        for name, each in CLASSES.items()
        if name != "all" and (each.table == "cases" or name in days)
    )
    return (
        first,
        *(each for each in others if each.reference_class != "none"),
        base_rate_forecast(milestone, made=made, dyad=dyad, cases=known, reached=reached),
    )
