"""What every class answers to one stage and one wait."""

from datetime import date

import pytest
from tests.forecast.study_table import study_cases

from detente.errors import ForecastError
from detente.forecast import CLASSES, load_cases
from detente.forecast.class_panel import UNSEEN, YEARS, class_panel
from detente.forecast.classes import CaseClass

MAJOR = {name: CLASSES[name] for name in ("all", "us-vacancies")}


def test_an_unseen_failure_lowers_every_chance_and_raises_never() -> None:
    for row in class_panel("ambassadors_exchanged", 1.78, classes=MAJOR, waited_by_class={"us-vacancies": 1.4}):
        assert [answer.unseen for answer in row.answers] == list(UNSEEN)
        for fewer, more in zip(row.answers, row.answers[1:], strict=False):
            assert all(more.reached[years] < fewer.reached[years] for years in YEARS)
            assert more.never > fewer.never
        for answer in row.answers:
            assert list(answer.reached.values()) == sorted(answer.reached.values())
            assert max(answer.reached.values()) + answer.never <= 1 + 1e-3


def test_the_table_of_the_study_is_reproduced() -> None:
    (row,) = class_panel("ambassadors_exchanged", 1.78, cases=study_cases(), classes={"all": CLASSES["all"]})
    assert [answer.reached[2] for answer in row.answers] == pytest.approx([0.37, 0.31, 0.27, 0.21], abs=0.015)


def test_a_class_whose_clock_is_not_known_is_counted_and_gives_no_answer() -> None:
    row = class_panel("ambassadors_exchanged", 1.78, classes={"us-vacancies": CLASSES["us-vacancies"]})[0]
    assert row.answers == ()
    assert row.count("reached") == 2700
    assert row.as_json()["waited_years"] is None


def test_nothing_later_than_the_day_is_used() -> None:
    day = date(2000, 1, 1)
    planted = [case for case in load_cases() if case.process_start is None or case.process_start < day]
    only = {"all": CLASSES["all"]}
    with_future = class_panel("relations_restored", 1.0, as_of=day, classes=only)
    without = class_panel("relations_restored", 1.0, as_of=day, cases=planted, classes=only)
    assert with_future == without


def test_a_class_of_a_query_has_the_members_it_asks_for() -> None:
    mine = CaseClass("mine", {"en": "mine"}, "with CUB")
    (row,) = class_panel("relations_restored", 1.0, classes={"mine": mine})
    assert all("Cuba" in spell.case for spell in row.sample.spells)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(ForecastError, match="stage 'weddings'"):
        class_panel("weddings", 1.0)  # type: ignore[arg-type]
    with pytest.raises(ForecastError, match="waited -1"):
        class_panel("relations_restored", -1.0)
    with pytest.raises(ForecastError, match="'mine' is not known"):
        class_panel("relations_restored", 1.0, waited_by_class={"mine": 2.0})
    with pytest.raises(ForecastError, match="how they ended"):
        CaseClass("mine", {}, "outcome achieved")
