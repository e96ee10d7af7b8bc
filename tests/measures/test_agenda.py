"""Agenda: shares that add up, issues that stall, what is kept out, and what waits for what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import END, START, event, histories, rows, statement

from detente import workflow
from detente.errors import MeasureError
from detente.measures.agenda import METHOD, Agenda, agenda, circles, late_gap, share
from detente.measures.spoken import Said
from detente.publish import readings
from detente.terms import Dyad, Evidence, Occurrence, Statement

CUB_USA = Dyad("CUB", "USA")
TRACKS = ("embassies", "travel", "sanctions", "contacts")
WORDS = {"embassies": "embassy", "travel": "flights", "sanctions": "embargo", "contacts": "talks"}


def track_of(text: str, language: str) -> str:
    assert language == "en"
    return next((track for track, word in WORDS.items() if word in text), "")


def measured(
    acts: Sequence[Occurrence] = (),
    said: Sequence[Statement] = (),
    *,
    dyad: Dyad = CUB_USA,
    general: tuple[str, ...] = (),
) -> Agenda:
    told = [Said(f"s{n}", each, "en") for n, each in enumerate(said)]
    return agenda(
        rows(*acts, dyad=dyad), acts, told, TRACKS, dyad=dyad, start=START, end=END, track_of=track_of, general=general
    )


def act(when: str, track: str, kind: str = "CONSULT", **how: object) -> Occurrence:
    return event(when, kind, "CUB USA", key=f"{when}-{track}-{kind}", track=track, **how)  # type: ignore[arg-type]


def talk(
    said: str, condition: str, who: str = "USA", stance: int = 0, reason: str = "", when: str = "2025-03-01"
) -> Statement:
    text = f"{said} {condition}"
    whole = Evidence("d", 0, len(text), text)
    return replace(
        statement("Speaker", who, stance, when, issue="travel"),
        evidence=whole,
        content=whole,
        conditions=(Evidence("d", len(said) + 1, len(text), condition),) if condition else (),
        stance_reason=reason,
    )


def test_a_track_that_stops_is_furthest_on_its_last_step_and_chance_is_that_of_the_order_alone() -> None:
    acts = [act(f"2025-01-{day:02}", "embassies") for day in (5, 12, 19)]
    acts += [act(f"2025-0{month}-{day:02}", "travel") for month in (2, 3, 4) for day in (3, 10, 17)]
    found = measured(acts).track("embassies")
    assert found is not None
    course = found.course
    assert (course.furthest, course.probability) == (date(2025, 1, 19), 1.0)
    assert (course.steps, course.later) == (3, 9)
    assert course.chance == round(comb(3, 3) / comb(12, 3), 6)
    assert course.evidence == ("2025-01-19-embassies-CONSULT",)


def test_a_round_called_off_is_a_step_back_and_a_promise_is_none() -> None:
    called_off = replace(act("2025-03-01", "embassies"), id="off")
    called_off = replace(called_off, event=replace(called_off.event, realis="cancelled"))
    promise = replace(act("2025-02-01", "embassies"), id="plan")
    promise = replace(promise, event=replace(promise.event, realis="planned"))
    found = measured([act("2025-01-10", "embassies"), promise, called_off]).track("embassies")
    assert found is not None
    assert found.course.furthest == date(2025, 1, 10)
    assert (found.course.steps, found.course.back, found.course.evidence_back) == (1, 1, ("off",))
    assert [(each.kind, each.who) for each in found.exclusions] == [("called off", "CUB+USA")]


def test_an_unsure_last_step_leaves_the_furthest_day_in_doubt() -> None:
    found = measured([act("2025-01-10", "embassies"), act("2025-02-10", "embassies", confidence=0.3)]).track(
        "embassies"
    )
    assert found is not None
    assert found.course.furthest == date(2025, 1, 10)
    assert found.course.probability == pytest.approx(0.7, abs=0.04)
    assert (found.course.earliest, found.course.latest) == (date(2025, 1, 10), date(2025, 2, 10))


def test_what_one_side_says_ten_times_a_day_counts_once_and_the_sides_are_kept_apart() -> None:
    said = [statement("Rubio", "USA", 0, "2025-02-03", issue="sanctions", place=n) for n in range(10)]
    said += [statement("Minister", "CUB", 0, "2025-02-04", issue="embassies")]
    found = measured(said=said)
    held = {track.track: track.whole.mentions for track in found.tracks}
    assert held["sanctions"] == pytest.approx(1, abs=1e-6)
    assert held["embassies"] == pytest.approx(0.9)
    sanctions = found.track("sanctions")
    assert sanctions is not None
    february = {code: shares[1] for code, shares in sanctions.by_side}
    assert february["USA"].value > 0.7 > 0.3 > february["CUB"].value
    assert len(sanctions.evidence) == 10


def test_an_issue_that_comes_up_at_last_rises_and_one_that_is_dropped_fades() -> None:
    early = [act((START + timedelta(days=4 * n)).isoformat(), "embassies") for n in range(20)]
    late = [act((END - timedelta(days=4 * n)).isoformat(), "travel") for n in range(20)]
    found = measured(early + late)
    verdicts = {held.track: held.move.verdict for held in found.tracks if held.move}
    assert verdicts == {"embassies": "fading", "travel": "rising"}


def test_a_share_that_stays_is_steady() -> None:
    acts = [act((START + timedelta(days=4 * n)).isoformat(), TRACKS[n % 2]) for n in range(40)]
    assert {held.move.verdict for held in measured(acts).tracks if held.move} == {"steady"}


def test_a_refusal_in_words_counts_where_stance_and_words_agree() -> None:
    no = talk("The embargo is not up for discussion and we refuse it", "", stance=-1)
    found = measured(said=[no, replace(no, stance=1), replace(no, issue="sanctions")])
    assert sorted((each.track, each.kind) for track in found.tracks for each in track.exclusions) == [
        ("sanctions", "said"),
        ("travel", "said"),
    ]
    assert not [each for track in measured(said=[no], general=("travel",)).tracks for each in track.exclusions]


def test_conditions_give_who_waits_for_what_and_a_circle_across_sides_is_found() -> None:
    found = measured(
        said=[
            talk("The embassy will open", "only after the embargo is lifted", "CUB"),
            talk("We will lift the embargo", "once flights are back", "USA"),
            talk("No flights", "until the embassy works", "CUB"),
            talk("The talks go on", "if all goes well", "USA"),
            talk("We will tighten the embargo", "unless talks start", "USA", reason="[threaten] -2"),
        ]
    )
    assert [(c.track, c.until, c.side, c.whole) for c in found.conditions] == [
        ("embassies", "sanctions", "CUB", True),
        ("sanctions", "travel", "USA", True),
        ("travel", "embassies", "CUB", True),
        ("contacts", "", "USA", False),
        ("sanctions", "contacts", "USA", False),
    ]
    assert found.circles == (("embassies", "sanctions", "travel"),)
    assert ("conditions of which one end names no issue", 1) in found.left_out


def test_a_condition_is_about_what_it_names_first() -> None:
    found = measured(said=[talk("The embassy will open", "once the embargo on banks that sell flights and talks ends")])
    assert [c.until for c in found.conditions] == ["sanctions"]


def test_another_pair_and_a_third_state_are_left_aside() -> None:
    found = measured([event("2025-02-01", "CONSULT", "RUS USA", track="travel")], [statement("Lavrov", "RUS", 1)])
    assert (found.tracks, found.left_out, found.method) == ((), (), METHOD)
    with pytest.raises(MeasureError):
        agenda(rows(), (), (), TRACKS, dyad=CUB_USA, start=END, end=START)


@given(st.floats(0, 50), st.floats(0, 50), st.integers(2, 12))
def test_a_share_lies_in_its_interval_and_more_mentions_never_lower_it(mine: float, others: float, issues: int) -> None:
    held = share(START, mine, mine + others, issues)
    assert 0 <= held.low <= held.value <= held.high <= 1
    assert share(START, mine + 1, mine + 1 + others, issues).value >= held.value - 1e-6


@settings(deadline=None, max_examples=20)
@given(histories(), st.randoms(use_true_random=False))
def test_shares_of_a_stretch_add_up_and_order_does_not_show(some: list[Occurrence], shuffle) -> None:  # type: ignore[no-untyped-def]
    acts = [replace(o, event=replace(o.event, track=TRACKS[n % 3])) for n, o in enumerate(some)]
    dyad = Dyad("RUS", "USA")
    found = measured(acts, dyad=dyad)
    for place in range(len(found.starts)):
        assert sum(held.shares[place].value for held in found.tracks) == pytest.approx(
            1 if found.tracks else 0, abs=1e-5
        )
    for held in found.tracks:
        assert sum(s.mentions for s in held.shares) == pytest.approx(held.whole.mentions, abs=1e-5)
        assert held.course.earliest is None or held.course.earliest <= held.course.furthest <= held.course.latest
        assert 0 <= held.course.chance <= 1
    mixed = list(acts)
    shuffle.shuffle(mixed)
    assert measured(mixed, dyad=dyad) == found


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))
def test_the_chance_of_a_late_gap_is_that_of_counting(whole: int, mine: int, empty: int) -> None:
    mine, empty = min(mine, whole), min(empty, whole)
    assert late_gap(whole, mine, empty) == pytest.approx(comb(whole - empty, mine) / comb(whole, mine))


pairs = st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))


@given(st.lists(pairs, max_size=14))
def test_every_circle_is_closed_and_there_is_none_exactly_where_things_can_be_put_in_order(
    waits: list[tuple[str, str]],
) -> None:
    found = circles(waits)
    for circle in found:
        assert all(step in waits for step in zip(circle, (*circle[1:], circle[0]), strict=True))
        assert circle[0] == min(circle)
        assert len(set(circle)) == len(circle) > 1
    left = {name for pair in waits for name in pair}
    edges = {(a, b) for a, b in waits if a != b}
    while free := {name for name in left if not any(a == name and b in left for a, b in edges)}:
        left -= free
    assert bool(found) == bool(left)
    assert len(set(found)) == len(found)


def test_the_sample_shows_that_embassies_got_furthest_in_april_2025_and_no_further(sample_folder: Path) -> None:
    with workflow.material(sample_folder) as material:
        found: Agenda = readings.read("agenda", material).result
        held = found.track("embassies")
        assert held is not None
        course = held.course
        assert course.furthest is not None
        assert course.earliest is not None
        assert course.latest is not None
        assert date(2025, 4, 1) <= course.earliest <= course.furthest <= course.latest <= date(2025, 4, 30)
        assert course.probability > 0.9
        assert course.last is not None
        assert course.last <= date(2025, 4, 30)
        assert course.chance < 0.05 < 10 < course.later
        assert course.back >= 1
        shown = {occurrence.id: occurrence.event for occurrence in material.occurrences}
        assert {shown[each].track for each in (*course.evidence, *course.evidence_back)} == {"embassies"}
        assert all(shown[each].evidence.quote for each in course.evidence)


def test_on_the_day_of_the_second_round_nothing_had_stalled_yet(sample_folder: Path) -> None:
    with workflow.material(sample_folder, as_of=date(2025, 4, 12)) as material:
        held = readings.read("agenda", material).result.track("embassies")
        assert held.course.chance > 0.5
        assert not held.exclusions
