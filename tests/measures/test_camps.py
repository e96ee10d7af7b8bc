"""Positions follow what was said and nothing else: order, repetition and the names of sides do not matter."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_examples import days, statement

from detente import workflow
from detente.errors import MeasureError
from detente.ledger import Standing
from detente.measures.camps import Camps, Position, camps, kept_share
from detente.terms import Entry, Evidence, Participant, Statement

DAY = date(2025, 6, 30)
RECORDED = datetime(2025, 6, 30, 20, tzinfo=UTC)


def standing(said: Statement, key: str) -> Standing[Statement]:
    return Standing(Entry(key, 1, RECORDED, said.evidence.document, "c.v1", "b", "statement", said), said)


def told(*said: Statement) -> list[Standing[Statement]]:
    """Each statement with words and an entry of its own."""
    numbered = [
        replace(s, content=Evidence(s.evidence.document, 0, len(f"words {n}"), f"words {n}"))
        for n, s in enumerate(said)
    ]
    return [standing(s, f"e{n:03}") for n, s in enumerate(numbered)]


@st.composite
def sides(draw: st.DrawFn) -> list[Statement]:
    speakers = draw(st.integers(1, 7))
    return [
        statement(f"S{draw(st.integers(1, speakers))}", "RUS", draw(st.integers(-2, 2)), draw(days), document=f"d{n}")
        for n in range(draw(st.integers(1, 14)))
    ]


def placed(found: Camps, speaker: str, side: str = "RUS") -> Position:
    whole = found.side(side)
    assert whole is not None
    return next(p for p in whole.positions if p.speaker == speaker)


@settings(max_examples=20, deadline=None)
@given(sides(), st.randoms(use_true_random=False))
def test_the_order_in_which_statements_come_does_not_matter(said: list[Statement], random) -> None:  # type: ignore[no-untyped-def]
    statements = told(*said)
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert camps(shuffled, day=DAY) == camps(statements, day=DAY)


@settings(max_examples=20, deadline=None)
@given(sides())
def test_a_report_told_again_changes_nothing(said: list[Statement]) -> None:
    statements = told(*said)
    again = [standing(s.coding, f"z{n}") for n, s in enumerate(statements)]
    assert camps(statements + again, day=DAY) == camps(statements, day=DAY)


@settings(max_examples=20, deadline=None)
@given(sides())
def test_a_mirrored_side_has_mirrored_positions(said: list[Statement]) -> None:
    one = camps(told(*said), day=DAY).side("RUS")
    other = camps(told(*(replace(s, stance=-s.stance) for s in said)), day=DAY).side("RUS")
    assert one is not None
    assert other is not None
    assert one.one_group == other.one_group
    mirrored = {p.speaker: p for p in other.positions}
    for p in one.positions:
        m = mirrored[p.speaker]
        assert (m.place, m.low80, m.high95) == pytest.approx((-p.place, -p.high80, -p.low95), abs=0.002)
        assert m.harder == pytest.approx(1 - p.harder, abs=0.002)


@settings(max_examples=15, deadline=None)
@given(sides())
def test_a_side_of_another_name_has_the_same_positions(said: list[Statement]) -> None:
    def numbers(code: str) -> list[tuple[float, ...]]:
        moved = [replace(s, speaker=replace(s.speaker, side=code)) for s in said]
        side = camps(told(*moved), day=DAY).side(code)
        assert side is not None
        return [(p.place, p.low95, p.high95, p.harder) for p in side.positions]

    assert numbers("RUS") == numbers("USA")


@settings(max_examples=15, deadline=None)
@given(sides(), st.integers(-1, 1), st.integers(1, 6), st.integers(1, 6))
def test_a_speaker_heard_more_often_is_known_better(others: list[Statement], stance: int, n: int, more: int) -> None:
    same = [statement("S0", "RUS", stance, f"2025-06-{day:02}", document=f"s{day}") for day in range(1, n + more + 1)]
    assert (
        placed(camps(told(*others, *same), day=DAY), "s0").weight
        > placed(camps(told(*others, *same[:n]), day=DAY), "s0").weight
    )
    few, many = (placed(camps(told(*said), day=DAY), "s0") for said in (same[:n], same))
    assert many.high80 - many.low80 < few.high80 - few.low80


def test_what_was_said_long_ago_is_known_less_well_today() -> None:
    said = told(*(statement("Lavrov", "RUS", 1, f"2025-01-{n:02}", document=f"d{n}") for n in range(1, 11)))
    early, late = (placed(camps(said, day=day), "lavrov") for day in (date(2025, 1, 31), date(2026, 1, 31)))
    assert late.high80 - late.low80 > early.high80 - early.low80


def test_misreading_widens_the_interval() -> None:
    said = told(*(statement("Lavrov", "RUS", n % 2, f"2025-06-{n:02}", document=f"d{n}") for n in range(1, 11)))
    sure, unsure = (placed(camps(said, day=DAY, sign_right=right), "lavrov") for right in (1.0, 0.65))
    assert unsure.high80 - unsure.low80 > sure.high80 - sure.low80
    with pytest.raises(MeasureError, match="guessing"):
        kept_share(0.3)


def test_later_statements_are_not_looked_at() -> None:
    said = told(
        statement("Lavrov", "RUS", 1, "2025-02-18"), statement("Lavrov", "RUS", -2, "2025-07-01", document="d2")
    )
    assert camps(said, day=DAY) == camps(said[:1], day=DAY)


def test_words_of_a_person_do_not_count_for_the_institution_too() -> None:
    person = statement("Peskov", "RUS", 1, document="d1")
    house = replace(statement("Kremlin", "RUS", 1, document="d1"), content=Evidence("d1", 0, 3, "The"))
    found = camps([standing(person, "e1"), standing(house, "e2")], day=DAY, people=["peskov"])
    assert [p.speaker for side in found.sides for p in side.positions] == ["peskov"]
    assert found.left_out == (("said by a person", 1),)


def test_a_capital_speaks_for_its_state() -> None:
    found = camps(told(statement("Moscow", "RUS", 1)), day=DAY, stands_for={"moscow": "RUS"})
    assert placed(found, "RUS").days == 1


def test_two_statements_of_opposite_sign_on_one_issue_are_named_with_their_entries() -> None:
    said = told(
        statement("Medvedev", "RUS", 1, "2025-04-18", document="d1"),
        statement("Medvedev", "RUS", -2, "2025-05-10", document="d2"),
        statement("Medvedev", "RUS", -1, "2025-05-12", document="d3", issue="conflict"),
        statement("Lavrov", "RUS", 2, "2025-05-12", document="d4"),
        statement("Lavrov", "RUS", -2, "2025-05-12", document="d5"),  # said in one breath
        statement("Lavrov", "RUS", -2, "2025-06-29", document="d6"),  # more than a month later
    )
    clash = camps(said, day=DAY).clashes
    assert [(c.speaker, c.entries, c.stances) for c in clash] == [("medvedev", ("e000", "e001"), (1, -2))]
    assert clash[0].chance == pytest.approx(0.65**2, abs=0.001)


def _spoken(speaker: str, stances: Iterable[int], code: str = "RUS") -> list[Statement]:
    return [
        statement(speaker, code, s, f"2025-0{n // 28 + 1}-{n % 28 + 1:02}", document=f"{speaker}{n}")
        for n, s in enumerate(stances)
    ]


def test_who_stands_elsewhere_than_the_head_of_state_is_named() -> None:
    said = _spoken("Putin", [1, 2] * 20) + _spoken("Medvedev", [-2, -1] * 20) + _spoken("Peskov", [2, 1] * 20)
    side = camps(told(*said), day=date(2025, 2, 28), leaders={"RUS": ["nobody", "putin"]}).side("RUS")
    assert side is not None
    assert [(a.speaker, a.government, a.harder > 0.9) for a in side.against] == [("medvedev", "putin", True)]
    assert side.against[0].opposite > 0.9


def test_two_clear_camps_are_seen_and_one_group_is_not_parted() -> None:
    hard = [s for n in range(6) for s in _spoken(f"Hard{n}", [-2, -1, -2, -1] * 10)]
    mild = [s for n in range(6) for s in _spoken(f"Mild{n}", [2, 1, 2, 1] * 10)]
    side = camps(told(*hard, *mild), day=date(2025, 2, 28)).side("RUS")
    assert side is not None
    assert side.parted
    assert side.centres is not None
    assert side.centres[0] < 0 < side.centres[1]
    assert all((p.hard_camp or 0) > 0.9 for p in side.positions if p.speaker.startswith("hard"))
    assert all((p.hard_camp or 0) < 0.1 for p in side.positions if p.speaker.startswith("mild"))
    alike = [s for n in range(12) for s in _spoken(f"S{n}", [1, -1, 0, 1, 0, -1] * 3)]
    whole = camps(told(*alike), day=date(2025, 2, 28)).side("RUS")
    assert whole is not None
    assert (whole.asked, whole.parted) == (True, False)
    few = camps(told(*_spoken("S1", [1, 1])), day=date(2025, 2, 28)).side("RUS")
    assert few is not None
    assert (few.asked, few.one_group) == (False, None)


def test_an_unknown_or_sideless_speaker_is_counted_out() -> None:
    unknown = replace(statement("Officials", "USA", 1), speaker=Participant("", "U.S. officials", "USA"))
    sideless = replace(statement("Guterres", "", 1), speaker=Participant("guterres", "Guterres", ""))
    found = camps(told(unknown, sideless, statement("Rubio", "USA", 1, None)), day=DAY)
    assert found.sides == ()
    assert dict(found.left_out) == {"speaker not in the registry": 1, "speaker's side unknown": 1, "undated": 1}


def test_medvedev_and_lavrov_stand_at_different_ends_of_the_russian_side_in_spring_2025(sample_folder) -> None:  # type: ignore[no-untyped-def]
    from detente.publish import readings

    with workflow.material(sample_folder, as_of=date(2025, 5, 31)) as material:
        found = readings.read("camps", material).result
    side = found.side("RUS")
    assert side.positions[0].speaker == "dmitry-medvedev"
    assert [p.speaker for p in side.positions].index("sergey-lavrov") >= len(side.positions) * 2 / 3
    assert (side.harder_than("dmitry-medvedev", "sergey-lavrov") or 0) > 0.8
    assert len(placed(found, "dmitry-medvedev").evidence) >= 8
    assert not side.parted  # 12 speakers, and one group explains them


def test_a_path_shows_where_a_speaker_stood_at_the_end_of_each_month() -> None:
    said = told(*_spoken("Lavrov", [1, 0] * 14 + [-2, -1] * 14), *_spoken("Peskov", [0] * 40))
    path = placed(camps(said, day=date(2025, 3, 15)), "lavrov").path
    assert [end for end, *_ in path] == [date(2025, 1, 31), date(2025, 2, 28)]
    assert path[0][1] > 0 > path[1][1]
    early = placed(camps(said, day=date(2025, 1, 31)), "lavrov")
    assert path[0][2] < early.place < path[0][3]
