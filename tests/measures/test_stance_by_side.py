"""Stance by speaker and side: repetition does not weigh, and nobody is put in a camp they did not speak for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_examples import END, START, statement

from detente.errors import MeasureError
from detente.measures import Stances, stances
from detente.terms import Statement


def measured(*said: Statement, **how: object) -> Stances:
    return stances(said, start=START, end=END, **how)  # type: ignore[arg-type]


def test_a_statement_told_by_three_papers_weighs_as_one_day() -> None:
    found = measured(
        *(statement("Peskov", "RUS", 2, "2025-02-18", document=f"d{i}") for i in range(3)),
        statement("Peskov", "RUS", -1, "2025-02-19"),
    )
    whole = found.speakers[0].whole
    assert (whole.mean, whole.statements, whole.speaker_days) == (0.5, 4, 2)
    assert (whole.lowest, whole.highest) == (-1, 2)


def test_a_side_divides_into_hard_line_and_moderates() -> None:
    found = measured(
        statement("Medvedev", "RUS", -2),
        statement("Lavrov", "RUS", 0),
        statement("Dmitriev", "RUS", 2),
        statement("Dmitriev", "RUS", 1, "2025-03-01"),
        statement("Rubio", "USA", 1),
    )
    russia = found.side("RUS")
    assert russia is not None
    assert russia.camps == (("hard line", 1, 1), ("between", 1, 1), ("moderate", 1, 2))
    assert [s.name for s in found.speakers] == ["Medvedev", "Lavrov", "Dmitriev", "Rubio"]
    assert found.side("UKR") is None


def test_months_of_silence_are_absent() -> None:
    found = measured(statement("Rubio", "USA", 1, "2025-01-10"), statement("Rubio", "USA", -1, "2025-04-10"))
    assert [(month, span.mean) for month, span in found.speakers[0].months] == [
        (date(2025, 1, 1), 1.0),
        (date(2025, 4, 1), -1.0),
    ]


def test_an_undated_statement_takes_the_day_of_publication_or_is_counted_out() -> None:
    undated = statement("Rubio", "USA", 1, None)
    assert measured(undated).left_out == (("undated", 1),)
    found = measured(undated, published={"d1": date(2025, 5, 2)})
    assert found.speakers[0].months[0][0] == date(2025, 5, 1)


def test_a_statement_dated_to_a_year_takes_the_day_of_publication() -> None:
    assert measured(statement("Rubio", "USA", 1, "2025")).left_out == (("undated", 1),)


def test_a_speaker_of_no_known_side_is_counted_out() -> None:
    assert measured(statement("An analyst", "", 1)).left_out == (("speaker's side unknown", 1),)


def test_what_was_said_on_other_days_is_neither_counted_nor_counted_out() -> None:
    assert measured(statement("An analyst", "", 1, "2026-01-01")).left_out == ()


def test_other_sides_and_other_issues_can_be_left_aside() -> None:
    said = (statement("Rubio", "USA", 1), statement("Zelensky", "UKR", -1), statement("Rubio", "USA", -2, issue="war"))
    found = measured(*said, sides=("RUS", "USA"), issue="relations")
    assert [(s.name, s.whole.statements) for s in found.speakers] == [("Rubio", 1)]


def test_a_stretch_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(MeasureError):
        stances([], start=END, end=START)


said = st.builds(
    statement,
    st.sampled_from(["Lavrov", "Rubio", "Peskov"]),
    st.sampled_from(["RUS", "USA", ""]),
    st.integers(-2, 2),
    st.sampled_from([None, "2025-02-18", "2025-03", "2025-03-02", "2026-01-01"]),
    document=st.sampled_from(["d1", "d2"]),
    place=st.integers(0, 50),
)


@given(st.lists(said, max_size=12), st.randoms(use_true_random=False))
def test_no_statement_is_lost_and_order_does_not_show(some: list[Statement], shuffle) -> None:  # type: ignore[no-untyped-def]
    found = measured(*some)
    late = sum(1 for s in some if s.said_date is not None and s.said_date.first > END)
    counted = sum(s.whole.statements for s in found.speakers)
    assert counted + late + sum(n for _, n in found.left_out) == len(some)
    assert counted == sum(s.whole.statements for s in found.sides)
    for side in found.sides:
        assert sum(statements for _, _, statements in side.camps) == side.whole.statements
        assert -2 <= side.whole.lowest <= side.whole.mean <= side.whole.highest <= 2
    mixed = list(some)
    shuffle.shuffle(mixed)
    assert measured(*mixed).sides == found.sides
