"""The track record: every kept forecast stays, and is scored only for what could not be known when it was kept."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import ForecastError
from detente.forecast import BASE_RATE, Case, base_rate_forecast, forecast, load_cases
from detente.forecast.months import months_later
from detente.forecast.track_record import Bin, Together, TrackRecord, no_change, scores_of, track_record
from detente.ledger import Ledger, LoggedForecast, Poll
from detente.terms import Dyad, Forecast, Layer, Milestone, ReferenceClass, Resolution

DYAD = Dyad("ARM", "TUR")
MADE, DEADLINE = date(2026, 1, 1), date(2027, 1, 1)
ENVOYS = Milestone(
    id="envoys",
    question=(("en", "Both ambassadors in post"),),
    rule=(("en", "Yes on the day both have presented credentials."),),
    opened=MADE,
    deadline=DEADLINE,
    reference=ReferenceClass("ambassadors_exchanged", date(2024, 1, 1)),
)


def steady(hazard: float, *, milestone: str = "envoys", made: date = MADE, deadline: date = DEADLINE) -> Forecast:
    """The same chance every month."""
    days = [months_later(made, month) for month in range(61)]
    curve = {day: 1 - (1 - hazard) ** month for month, day in enumerate(days)}
    curve.setdefault(deadline, 1.0)
    return Forecast(
        milestone=milestone,
        made=made,
        deadline=deadline,
        probability=curve[deadline],
        interval=(0.0, 1.0),
        never=0.0,
        never_interval=(0.0, 1.0),
        median_day=made + timedelta(days=60),
        window=(made + timedelta(days=30), made + timedelta(days=300)),
        curve=tuple(sorted(curve.items())),
        cases=0,
        reached_cases=0,
        reference_class="none",
        method="steady.v1",
    )


def kept(what: Forecast, recorded: date = MADE, seq: int = 1) -> LoggedForecast:
    return LoggedForecast(seq, datetime(recorded.year, recorded.month, recorded.day, tzinfo=UTC), "0.1.0", what)


def settled(answer: Any, day: date, milestone: str = "envoys") -> Poll:
    return Poll(milestone, 2, (), Resolution(answer, day, "page"), datetime(2027, 2, 1, tzinfo=UTC))


def record(
    forecasts: Sequence[LoggedForecast],
    polls: Sequence[Poll],
    milestones: Sequence[Milestone],
    today: date = date(2035, 1, 1),
) -> TrackRecord:
    return track_record(
        forecasts,
        {m.id: m for m in milestones},
        {poll.milestone: poll for poll in polls},
        dyad=DYAD,
        cases=lambda _: load_cases(),
        today=today,
    )


def test_scores_are_those_of_the_formulas() -> None:
    """Twelve months of 10 % each, reached in the third: by hand."""
    found = scores_of(steady(0.1), date(2026, 3, 20))
    by_month = [1 - 0.9**month for month in range(1, 13)]
    assert found["brier:1"] == pytest.approx(0.01)
    assert found["brier:3"] == pytest.approx(0.729**2)
    assert found["brier:12"] == found["brier:deadline"] == pytest.approx(0.9**24)
    assert "brier:24" not in found
    wanted = [(p - (month >= 3)) ** 2 for month, p in enumerate(by_month, start=1)]
    assert found["ranked-probability"] == pytest.approx(math.fsum(wanted) / 12)
    assert found["log"] == pytest.approx(-(2 * math.log(0.9) + math.log(0.1)) / 3)


def test_what_did_not_come_is_scored_to_the_deadline_and_no_further() -> None:
    found = scores_of(steady(0.1), None)
    assert found["log"] == pytest.approx(-math.log(0.9))
    assert found["brier:12"] == pytest.approx((1 - 0.9**12) ** 2)


def test_a_deadline_within_a_month_leaves_only_its_own_score() -> None:
    assert set(scores_of(steady(0.1, deadline=date(2026, 1, 20)), None)) == {"brier:deadline"}


@settings(deadline=None)
@given(st.dates(MADE + timedelta(days=1), DEADLINE), st.floats(0.01, 0.6))
def test_nothing_beats_knowing_the_day(came: date, hazard: float) -> None:
    curve = {MADE: 0.0, came - timedelta(days=1): 0.0, came: 1.0, date(2031, 1, 1): 1.0}
    knew = replace(steady(hazard), curve=tuple(sorted(curve.items())))
    sure, other = scores_of(replace(knew, probability=1.0), came), scores_of(steady(hazard), came)
    assert all(sure[name] <= other[name] for name in ("ranked-probability", "brier:deadline", "brier:12"))


@settings(deadline=None)
@given(st.one_of(st.none(), st.dates(MADE + timedelta(days=1), DEADLINE)))
def test_no_change_is_right_where_nothing_comes_and_never_infinitely_wrong(came: date | None) -> None:
    found = scores_of(no_change(steady(0.2)), came)
    assert (found["ranked-probability"] == 0) == (came is None)
    assert all(math.isfinite(score) for score in found.values())


# One forecast


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_yes_is_scored_no_sooner_than_no(answer: str) -> None:
    """What comes is settled before its deadline: scored then, those who say yes would look good until it passes."""
    day = date(2026, 5, 4) if answer == "yes" else DEADLINE
    fates = [
        record([kept(steady(0.1))], [settled(answer, day)], [ENVOYS], today).forecasts[0].fate
        for today in (date(2026, 5, 5), DEADLINE, DEADLINE + timedelta(days=1))
    ]
    assert fates == ["open", "open", "scored"]


def test_cases_that_cannot_be_read_are_told() -> None:
    def broken(day: date) -> Sequence[Case]:
        raise ForecastError("cases.csv line 2: too few fields.")

    with pytest.raises(ForecastError, match=r"cases\.csv line 2"):
        track_record(
            [kept(steady(0.1))],
            {"envoys": ENVOYS},
            {"envoys": settled("no", DEADLINE)},
            dyad=DYAD,
            cases=broken,
            today=date(2027, 1, 2),
        )


def test_the_base_rate_is_that_of_the_forecasts_own_day() -> None:
    asked: list[date] = []

    def cases(day: date) -> Sequence[Case]:
        asked.append(day)
        return load_cases()

    own = forecast(ENVOYS, made=MADE, dyad=DYAD)
    found = track_record(
        [kept(own)],
        {"envoys": ENVOYS},
        {"envoys": settled("yes", date(2026, 5, 4))},
        dyad=DYAD,
        cases=cases,
        today=date(2027, 1, 2),
    )
    (judged,) = found.forecasts
    base = base_rate_forecast(ENVOYS, made=MADE, dyad=DYAD)
    assert base.method == BASE_RATE
    assert asked == [MADE]
    assert judged.rivals["base-rate"] == scores_of(base, date(2026, 5, 4))
    assert judged.scores == scores_of(own, date(2026, 5, 4))


def test_where_no_past_case_compares_there_is_no_base_rate() -> None:
    alone = replace(ENVOYS, reference=ReferenceClass("none", None))
    with pytest.raises(ForecastError):
        base_rate_forecast(alone, made=MADE, dyad=DYAD)
    found = record([kept(steady(0.1))], [settled("no", DEADLINE)], [alone])
    assert set(found.forecasts[0].rivals) == {"no-change"}
    assert {each.rival for each in all_of(found).comparisons} == {"no-change"}


@pytest.mark.parametrize(
    ("answer", "day", "recorded", "fate"),
    [
        ("yes", date(2026, 5, 4), date(2026, 5, 3), "scored"),
        ("yes", date(2026, 5, 4), date(2026, 5, 4), "late"),
        ("no", DEADLINE, date(2026, 12, 31), "scored"),
        ("no", DEADLINE, DEADLINE, "late"),
        ("void", date(2026, 5, 4), MADE, "void"),
    ],
)
def test_a_forecast_kept_when_the_answer_could_be_known_is_shown_and_not_scored(
    answer: str, day: date, recorded: date, fate: str
) -> None:
    found = record([kept(steady(0.1), recorded)], [settled(answer, day)], [ENVOYS])
    assert [each.fate for each in found.forecasts] == [fate]
    assert bool(found.forecasts[0].scores) == bool(found.ways) == (fate == "scored")


def test_every_kept_forecast_stays_settled_or_not() -> None:
    other = replace(ENVOYS, id="flights")
    forecasts = [kept(steady(0.1)), kept(steady(0.2, milestone="flights")), kept(steady(0.3, milestone="forgotten"))]
    found = record(forecasts, [settled("yes", date(2026, 5, 4)), Poll("flights", 1)], [ENVOYS, other])
    assert [each.logged for each in found.forecasts] == forecasts
    assert [each.fate for each in found.forecasts] == ["scored", "open", "open"]


# All together


def many(n: int, hazard: float, answer: str) -> TrackRecord:
    milestones = [replace(ENVOYS, id=f"q{i}", reference=ReferenceClass("none", None)) for i in range(n)]
    day = date(2026, 2, 20) if answer == "yes" else DEADLINE
    return record(
        [kept(steady(hazard, milestone=m.id)) for m in milestones],
        [settled(answer, day, m.id) for m in milestones],
        milestones,
    )


def all_of(found: TrackRecord) -> Together:
    """What all scored ones show, made in one way."""
    (held,) = found.ways
    return held


def by_score(found: TrackRecord, name: str = "ranked-probability") -> Any:
    return next(each for each in all_of(found).comparisons if each.score == name)


def test_few_questions_carry_no_claim() -> None:
    assert by_score(many(1, 0.5, "yes")).ours_interval is None
    assert by_score(many(9, 0.5, "yes")).verdict == "not yet distinguishable"
    assert by_score(many(10, 0.5, "yes")).verdict == "better"
    assert by_score(many(10, 0.5, "no")).verdict == "worse"


def test_intervals_that_overlap_carry_no_claim() -> None:
    milestones = [replace(ENVOYS, id=f"q{i}", reference=ReferenceClass("none", None)) for i in range(20)]
    polls = [
        settled("yes", date(2026, 7, 1), m.id) if i % 4 else settled("no", DEADLINE, m.id)
        for i, m in enumerate(milestones)
    ]
    found = record([kept(steady(0.02, milestone=m.id)) for m in milestones], polls, milestones)
    assert by_score(found).verdict == "not yet distinguishable"


def test_intervals_are_students_and_wilsons() -> None:
    from scipy import stats

    milestones = [replace(ENVOYS, id=f"q{i}", reference=ReferenceClass("none", None)) for i in range(12)]
    days = [months_later(MADE, 1 + i) - timedelta(days=3) for i in range(11)]
    polls = [settled("yes", day, m.id) for day, m in zip(days, milestones, strict=False)]
    polls.append(settled("no", DEADLINE, "q11"))
    found = record([kept(steady(0.1, milestone=m.id)) for m in milestones], polls, milestones)
    scores = [each.scores["log"] for each in found.forecasts]
    wanted = stats.t.interval(0.9, 11, sum(scores) / 12, stats.sem(scores))
    assert by_score(found, "log").ours_interval == pytest.approx(wanted, abs=1e-6)
    (held,) = all_of(found).calibration
    assert (held.low, held.high, held.said) == (0.7, 0.9, round(1 - 0.9**12, 4))
    assert held.came.share == round(11 / 12, 4)
    assert held.came.interval == pytest.approx(stats.binomtest(11, 12).proportion_ci(0.9, method="wilson"), abs=1e-4)
    assert all_of(found).coverage is not None
    inside = sum(30 <= (day - MADE).days <= 300 for day in days)
    assert (all_of(found).coverage.questions, all_of(found).coverage.share) == (11, round(inside / 11, 4))


def test_a_question_counts_once_however_often_it_was_forecast_and_a_chain_is_one() -> None:
    chain = [replace(ENVOYS, id=f"envoys-{year}", chain="envoys", deadline=date(year, 1, 1)) for year in (2027, 2028)]
    forecasts = [
        kept(steady(0.1, milestone=m.id, deadline=m.deadline, made=made), made)
        for m, made in itertools.product(chain, (MADE, date(2026, 2, 1), date(2026, 3, 1)))
    ]
    found = record(forecasts, [settled("yes", date(2026, 5, 4), m.id) for m in chain], chain)
    assert (by_score(found).forecasts, by_score(found).questions) == (6, 1)
    assert {held.came.questions for held in all_of(found).calibration} == {1}


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_every_scored_forecast_falls_into_one_bin(chances: list[float]) -> None:
    milestones = [replace(ENVOYS, id=f"q{i}", reference=ReferenceClass("none", None)) for i in range(len(chances))]
    forecasts = [
        kept(replace(steady(0.1, milestone=m.id), probability=p)) for m, p in zip(milestones, chances, strict=True)
    ]
    found = record(forecasts, [settled("no", DEADLINE, m.id) for m in milestones], milestones)
    bins: Iterator[Bin] = iter(all_of(found).calibration)
    assert sum(held.came.forecasts for held in bins) == len(chances)


def test_the_record_is_replayed_as_of_any_moment() -> None:
    moment = [datetime(2026, 1, 2, tzinfo=UTC)]

    def replayed(as_of: datetime | None = None) -> TrackRecord:
        return track_record(
            ledger.forecasts(as_of=as_of),
            {name: q.as_milestone() for name, q in ledger.questions(as_of=as_of).items()},
            ledger.polls(as_of=as_of),
            dyad=DYAD,
            cases=lambda _: load_cases(),
            today=(as_of or moment[0]).date(),
        )

    with Ledger.open("sqlite://", create=True, clock=lambda: moment[0]) as ledger:
        seen = {}
        ledger.open_question(ENVOYS)
        ledger.file_forecast(steady(0.1))
        seen[moment[0]] = replayed()
        for day, by in ((date(2026, 5, 10), "anna"), (date(2026, 5, 11), "boris")):
            moment[0] = datetime(day.year, day.month, day.day, tzinfo=UTC)
            ledger.file_forecast(steady(0.1, made=day - timedelta(days=30)))
            ledger.answer("envoys", "yes", day=date(2026, 5, 4), evidence="page", by=by)
            seen[moment[0]] = replayed()
        moment[0] = datetime(2027, 1, 2, tzinfo=UTC)
        seen[moment[0]] = replayed()
        assert [[each.fate for each in found.forecasts] for found in seen.values()] == [
            ["open"],
            ["open", "open"],
            ["open", "late", "late"],
            ["scored", "late", "late"],
        ]
        assert {moment: replayed(moment) for moment in seen} == seen


def test_each_layer_is_scored_as_if_the_making_had_stopped_there() -> None:
    def layered(name: str) -> Forecast:
        first, second = steady(0.02, milestone=name), steady(0.1, milestone=name)
        steps = tuple(
            Layer(step, f"{step}.v1", 0.0, each.probability, each.never, each.curve)  # type: ignore[arg-type]
            for step, each in (("classes", first), ("stage", second))
        )
        return replace(second, layers=steps)

    names = [f"q{i}" for i in range(12)]
    found = record(
        [kept(layered(name)) for name in names],
        [settled("yes", date(2026, 3 + i % 3, 20), name) for i, name in enumerate(names)],
        [replace(ENVOYS, id=name) for name in names],
    )
    judged = found.forecasts[0]
    assert judged.layers["stage"] == judged.scores
    assert judged.layers["classes"] == scores_of(steady(0.02), date(2026, 3, 20))
    steps = {(step.layer, step.score): step for step in all_of(found).layers}
    assert {layer for layer, _ in steps} == {"stage"}
    step = steps["stage", "ranked-probability"]
    assert (step.forecasts, step.questions, step.verdict) == (12, 12, "better")
    assert step.gain == pytest.approx(step.before - step.after, abs=2e-6)


def test_forecasts_averaged_over_the_posterior_are_not_averaged_with_the_others() -> None:
    milestones = [replace(ENVOYS, id=f"q{i}", reference=ReferenceClass("none", None)) for i in range(3)]
    usual = [kept(steady(0.1, milestone=m.id)) for m in milestones]
    drawn = [kept(replace(steady(0.3, milestone=m.id), notes=("posterior:900",))) for m in milestones[:2]]
    polls = [settled("yes", date(2026, 5, 4), m.id) for m in milestones]
    both, first, second = (record(some, polls, milestones) for some in (usual + drawn, usual, drawn))
    assert both.ways == (*first.ways, *second.ways)
    assert [(held.way, held.comparisons[0].questions) for held in both.ways] == [("default", 3), ("posterior", 2)]
    assert [each.way for each in both.forecasts] == ["default"] * 3 + ["posterior"] * 2
