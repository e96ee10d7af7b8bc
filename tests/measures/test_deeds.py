"""Words against deeds: the gap has its interval, and each promise ends in one way."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import END, START, event

from detente import workflow
from detente.errors import MeasureError
from detente.measures.deeds import (
    FEWEST,
    LAPSE_DAYS,
    Promise,
    curves,
    delays,
    kept_within,
    level,
    promises,
)
from detente.measures.series import Series, following
from detente.publish import readings
from detente.terms import Dyad, EventDate, Occurrence, Participant, Realis

CUB_USA = Dyad("CUB", "USA")
OFF = date(2025, 12, 31)


def told(
    reported: str, realis: Realis, kind: str = "CONSULT", when: str | None = None, *, key: str = "", **how: object
) -> Occurrence:
    """An occurrence reported on a day, about another one."""
    made = event(when or reported, kind, "CUB USA", key=key or f"{reported}-{realis}-{kind}", track="", confidence=0.9)
    dated = EventDate.of(when, "explicit") if when else None
    said = replace(made.event, realis=realis, event_date=dated, **how)  # type: ignore[arg-type]
    return replace(made, event=said, documents=(reported,))


def found(*occurrences: Occurrence, end: date = OFF, **how: object) -> tuple[Promise, ...]:
    published = {name: date.fromisoformat(name) for o in occurrences for name in o.documents}
    return promises(occurrences, CUB_USA, start=START, end=end, published=published, **how)  # type: ignore[arg-type]


def months(*parts: tuple[float, float], what: str = "verbal") -> Series:
    starts = tuple(following(START, "month", n) for n in range(len(parts)))
    values = tuple((c - x) / (1 + c + x) if c + x else None for c, x in parts)
    return Series("CUB-USA", starts, values, tuple(c + x for c, x in parts), "month", what)


def test_a_meeting_on_its_day_keeps_what_was_announced() -> None:
    (promise,) = found(
        told("2025-02-01", "planned", when="2025-02-20"), told("2025-02-21", "happened", when="2025-02-20")
    )
    assert (promise.outcome, promise.ended, promise.days, promise.late_days) == ("kept", date(2025, 2, 20), 19, None)
    assert promise.evidence == ("2025-02-01-planned-CONSULT",)
    assert promise.answer == "2025-02-21-happened-CONSULT"


def test_a_promise_that_a_person_accepted_has_full_weight() -> None:
    made = told("2025-02-01", "planned", when="2025-02-20")
    assert [found(o)[0].weight for o in (made, replace(made, decided="accept"))] == [0.9, 1.0]


def test_a_late_meeting_keeps_it_and_says_how_late() -> None:
    (promise,) = found(
        told("2025-02-01", "planned", when="2025-02-20", track="migration"),
        told("2025-03-02", "happened", when="2025-03-02", track="migration"),
    )
    assert (promise.outcome, promise.days, promise.late_days) == ("kept", 29, 10)


def test_a_meeting_elsewhere_of_others_or_on_another_issue_keeps_nothing() -> None:
    plan = told("2025-02-01", "planned", when="2025-02-20", track="migration", place="havana")
    rubio, rodriguez = Participant("rubio", "Rubio", "USA"), Participant("rodriguez", "Rodríguez", "CUB")
    other = Participant("vance", "Vance", "USA")
    for how in (
        {"track": "sanctions"},
        {"place": "geneva", "track": "migration"},
        {"mode": "phone", "track": "migration"},
        {"actors": (other, rodriguez), "track": "migration"},
    ):
        meant = replace(plan, event=replace(plan.event, actors=(rubio, rodriguez)))
        (promise,) = found(
            meant, told("2025-02-20", "happened", when="2025-02-20", **how), people={"rubio", "vance", "rodriguez"}
        )
        assert (promise.outcome, promise.late_days) == ("lapsed", 19), how


def test_what_is_called_off_is_neither_kept_nor_open() -> None:
    (promise,) = found(
        told("2025-02-01", "planned", when="2025-02-20"),
        told("2025-02-15", "cancelled", "REJECT", when="2025-02-20", mode="meet"),
        told("2025-02-22", "happened", when="2025-02-22"),
    )
    assert (promise.outcome, promise.ended) == ("called off", date(2025, 2, 15))


def test_a_promise_told_again_is_one_and_without_a_day_it_lapses_after_half_a_year() -> None:
    again = found(
        told("2025-02-01", "planned", "CONCEDE", track="prisoners"),
        told("2025-02-03", "planned", "CONCEDE", track="prisoners"),
    )
    assert [(p.outcome, p.days, len(p.evidence)) for p in again] == [("lapsed", LAPSE_DAYS, 2)]
    (still,) = found(told("2025-02-01", "planned", "CONCEDE", track="prisoners"), end=date(2025, 3, 1))
    assert (still.outcome, still.ended, still.days, still.late_days) == ("open", None, 28, None)
    (late,) = found(told("2025-02-01", "planned", when="2025-02-20"), end=date(2025, 3, 1))
    assert (late.outcome, late.late_days) == ("open", 9)
    assert delays([late]).overdue == 1


def test_one_occurrence_that_was_planned_in_one_report_and_done_in_the_next_is_a_promise_kept(sample: Path) -> None:
    with workflow.material(sample) as material:
        made: Sequence[Promise] = readings.read("deeds", material).result["promises"]
        known = {occurrence.id for occurrence in material.occurrences}
    assert {name for p in made for name in (*p.evidence, *filter(None, [p.answer]))} <= known
    budapest = [p for p in made if p.announced == date(2025, 10, 16)]
    assert [(p.outcome, p.ended) for p in budapest] == [("called off", date(2025, 10, 22))]
    round_of_june = [p for p in made if p.announced == date(2025, 6, 11) and p.track == "embassies"]
    assert [p.outcome for p in round_of_june] == ["called off"]


def test_words_run_ahead_of_deeds_where_they_do_and_nothing_is_said_where_little_is_known() -> None:
    words = months(*[(20.0, 2.0)] * 6)
    held = curves(words, months(*[(2.0, 12.0)] * 6, what="material")).whole
    assert held.sure
    assert held.low > 1
    thin = curves(words, months((0.6, 0.0), *[(0.0, 0.0)] * 5, what="material")).whole
    assert not thin.sure


def test_a_gap_that_opens_of_late_is_said_to_and_one_that_stays_is_not() -> None:
    words = months(*[(20.0, 4.0)] * 12)
    still = curves(words, months(*[(8.0, 8.0)] * 12, what="material")).shift
    assert still is not None
    assert not still.sure
    opened = curves(words, months(*[(8.0, 8.0)] * 9, *[(0.0, 16.0)] * 3, what="material")).shift
    assert opened is not None
    assert opened.now.start == following(START, "month", 9)
    assert opened.low > 0
    assert curves(months(*[(9.0, 1.0)] * 5), months(*[(1.0, 1.0)] * 5, what="material")).shift is None


def test_yearly_counts_of_all_pairs_have_words_ahead_of_deeds(outside: Path) -> None:
    pairs = [{"Russian Federation", "United States"}, {"India", "Pakistan"}, {"Cuba", "United States"}]
    with gzip.open(outside / "data" / "events" / "icews_quad_yearly_2002_2014.csv.gz", "rt", encoding="utf-8") as lines:
        found: dict[str, list[float]] = {}
        for row in csv.DictReader(lines):
            if {row["i"], row["j"]} in pairs:
                counts = [float(row[name]) for name in ("verbCoop", "verbConf", "matlCoop", "matlConf")]
                held = found.setdefault(min(row["i"], row["j"]), [0.0] * 4)
                found[min(row["i"], row["j"])] = [a + b for a, b in zip(held, counts, strict=True)]
    gaps = {name: level(*c[:2]).value - level(*c[2:]).value for name, c in found.items()}
    assert gaps == pytest.approx({"Russian Federation": 1.30, "India": 1.23, "Cuba": 0.93}, abs=0.02)


def test_series_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(MeasureError, match="other stretches"):
        curves(months((1.0, 0.0)), months((1.0, 0.0), (1.0, 0.0)))
    with pytest.raises(MeasureError, match="no number of events"):
        curves(Series("CUB-USA", (START,), (0.5,), step="month"), Series("CUB-USA", (START,), (0.5,), step="month"))


def test_ninety_of_a_hundred_intervals_hold_the_true_gap() -> None:
    import numpy as np

    random = np.random.default_rng(3)
    held = []
    for _ in range(80):
        p, q = random.uniform(0.1, 0.9, size=2)
        said, done = random.binomial(48, p, size=2), random.binomial(20, q, size=2)
        gap = curves(
            months(*((float(k), 48.0 - k) for k in said)),
            months(*((float(k), 20.0 - k) for k in done), what="material"),
        ).whole
        held.append(gap.low <= 2 * (p - q) <= gap.high)
    assert 0.83 <= np.mean(held) <= 0.99


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(1, 20))
def test_a_level_is_that_of_the_series_and_lies_in_its_interval(up: float, down: float, spread: float) -> None:
    held = level(up, down, spread)
    assert held.value == pytest.approx((up - down) / (1 + up + down), abs=1e-6)
    assert -1 <= held.low <= held.value <= held.high <= 1
    assert held.high - held.low >= level(up, down).high - level(up, down).low - 1e-6


def promise(days: int, outcome: str, weight: float = 1.0) -> Promise:
    (made,) = found(told("2025-02-01", "planned", "CONCEDE", track="prisoners"), end=date(2025, 3, 1))
    ended = None if outcome == "open" else made.announced + timedelta(days)
    return replace(made, days=days, outcome=outcome, ended=ended, weight=weight)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=12), st.integers(0, 200))
def test_without_competing_ends_the_share_kept_is_that_of_kaplan_and_meier(
    waits: list[tuple[int, bool]], limit: int
) -> None:
    from scipy.stats import CensoredData, ecdf

    kept = [days for days, ended in waits if ended]
    still = [days for days, ended in waits if not ended]
    wanted = 1 - float(ecdf(CensoredData(uncensored=kept, right=still)).sf.evaluate(limit)) if kept else 0.0
    (got,) = kept_within([promise(days, "kept" if ended else "open") for days, ended in waits], [limit])
    assert got.share == pytest.approx(wanted, abs=1e-6)
    assert 0 <= got.low <= got.share <= got.high <= 1


def test_ends_that_compete_lower_the_share_kept_and_few_promises_have_no_rate() -> None:
    some = [promise(10, "kept"), promise(20, "called off"), promise(30, "lapsed"), promise(40, "kept")]
    assert kept_within(some, [100])[0].share == pytest.approx(0.5)
    assert delays(some).kept == ()
    held = delays([*some, promise(50, "open")])
    assert len(held.kept) == 3
    assert held.promises == FEWEST == sum(count for _, count in held.counts)
    assert held.median_days == 40


kinds = st.sampled_from(["planned", "proposed", "happened", "cancelled", "denied"])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 300), kinds, st.sampled_from(["CONSULT", "CONCEDE", "REJECT"]), st.integers(-5, 40)),
        max_size=8,
    ),
    st.integers(30, 300),
)
def test_what_is_learned_later_changes_no_promise_that_had_ended(
    some: list[tuple[int, Realis, str, int]], seen: int
) -> None:
    acts = [
        told(
            (START + timedelta(day)).isoformat(), realis, kind, (START + timedelta(day + ahead)).isoformat(),
            key=f"o{n}", track="travel",
        )
        for n, (day, realis, kind, ahead) in enumerate(some)
    ]  # fmt: skip
    today = START + timedelta(seen)
    early = found(*(a for a in acts if date.fromisoformat(a.documents[0]) <= today), end=today)
    late = {p.evidence[0]: p for p in found(*acts, end=END + timedelta(400))}
    for each in early:
        assert each.announced <= (each.ended or today)
        assert (each.outcome == "open") == (each.ended is None)
        if each.outcome in ("called off", "lapsed"):
            assert late[each.evidence[0]].ended is not None
