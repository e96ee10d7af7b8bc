"""Why an event was missed: the one condition that the nearest coding fails."""

import pytest

from detente.evaluation.articles import GoldEvent
from detente.evaluation.matching import cause
from detente.terms import Event, EventDate, Evidence, Participant, Span

TEXT = "On Monday the French and Rwandan ministers met in Paris. Nothing else was said there."
SENTENCE = (0, 56)


def _gold() -> GoldEvent:
    day = EventDate.of("2025-04-14", "explicit")
    return GoldEvent("e1", Span(*SENTENCE), day, frozenset(("FRA", "RWA")), "CONSULT", True, True, False)


def _coded(
    day: str = "2025-04-14",
    sides: tuple[str, ...] = ("FRA", "RWA"),
    kind: str = "CONSULT",
    where: tuple[int, int] = SENTENCE,
) -> Event:
    return Event(
        type=kind,
        mode="",
        actors=tuple(Participant(side, side, side) for side in sides),
        recipients=(),
        event_date=EventDate.of(day, "explicit"),
        realis="happened",
        evidence=Evidence("d", *where, TEXT[slice(*where)]),
        confidence=0.5,
    )


@pytest.mark.parametrize(
    ("nearest", "name", "conditions"),
    [
        (_coded(day="2025-04-15"), "date", ("date",)),
        (_coded(sides=("FRA", "USA")), "sides", ("sides",)),
        (_coded(kind="SANCTION"), "type", ("type",)),
        (_coded(where=(57, 84)), "evidence", ("evidence",)),
        (_coded(day="2025-04-15", kind="SANCTION"), "several", ("date", "type")),
    ],
)
def test_the_failed_condition_of_the_nearest_coding_is_named(
    nearest: Event, name: str, conditions: tuple[str, ...]
) -> None:
    farther = _coded(day="1999", sides=("USA",), kind="ASSAULT")
    assert cause(_gold(), [farther, nearest], []) == (name, conditions, nearest)


def test_a_coding_far_off_that_fails_more_than_one_condition_is_no_coding_of_it() -> None:
    assert cause(_gold(), [_coded(day="1999", where=(57, 84))], []) == ("nothing", (), None)
    assert cause(_gold(), [], []) == ("nothing", (), None)


def test_one_coding_that_stands_for_another_annotation_is_told_apart() -> None:
    assert cause(_gold(), [], [_coded()])[0] == "shared"
    assert cause(_gold(), [_coded(kind="SANCTION")], [_coded()])[0] == "type"
