"""Whether two reports tell of one event, on reports written for it: one told otherwise, others that only look alike."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.documents import Report, same_event
from detente.documents.wording import sound
from detente.languages import codes, table

TOPICS = tomllib.loads((Path(__file__).parent / "examples" / "same_event.toml").read_text(encoding="utf-8"))["topic"]


def report(told: dict[str, object], *, dated: bool = True) -> Report:
    published = told["published"] if dated else None
    return Report(told["title"], told["text"], published, told["language"])  # type: ignore[arg-type]


def pairs(*, dated: bool = True) -> Iterator[tuple[Report, Report, bool]]:
    for topic in TOPICS:
        for one, other in combinations(topic["reports"], 2):
            yield report(one, dated=dated), report(other, dated=dated), one["event"] == other["event"]


def f1(judged: list[tuple[bool, bool]]) -> float:
    hits = sum(found and same for found, same in judged)
    return 2 * hits / (sum(found for found, _ in judged) + sum(same for _, same in judged))


def judged(*, dated: bool = True) -> list[tuple[float, bool]]:
    return [(same_event(one, other).probability, same) for one, other, same in pairs(dated=dated)]


def test_reports_of_one_event_are_told_from_those_of_its_neighbours() -> None:
    assert f1([(chance >= 0.5, same) for chance, same in judged()]) >= 0.88
    # Without their days, what is left is what the texts say: half of these neighbours are sequels.
    assert f1([(chance >= 0.5, same) for chance, same in judged(dated=False)]) >= 0.70


def test_reports_of_one_event_outrank_the_others() -> None:
    for dated, floor in ((True, 0.98), (False, 0.92)):
        chances = judged(dated=dated)
        same = [chance for chance, is_same in chances if is_same]
        other = [chance for chance, is_same in chances if not is_same]
        assert sum(a > b for a in same for b in other) / (len(same) * len(other)) >= floor


def test_a_high_chance_comes_true_and_a_low_one_does_not() -> None:
    chances = judged() + judged(dated=False)
    sure = [same for chance, same in chances if chance >= 0.9]
    unlikely = [same for chance, same in chances if chance < 0.25]
    assert sum(sure) / len(sure) >= 0.85
    assert sum(unlikely) / len(unlikely) <= 0.05


def test_reports_of_different_topics_are_never_taken_for_one_event() -> None:
    firsts = [report(topic["reports"][0], dated=False) for topic in TOPICS]
    assert not [(a.title, b.title) for a, b in combinations(firsts, 2) if same_event(a, b).probability >= 0.1]


PLAIN = Report(
    "Минск и Варшава открыли два пункта пропуска",
    "Польша и Белоруссия 17 ноября возобновили работу двух пунктов пропуска. Очередь составила 40 грузовиков.",
    date(2025, 11, 17),
    "ru",
)


@pytest.mark.parametrize(
    ("text", "published"),
    [
        (PLAIN.text.replace("17 ноября", "3 декабря").replace("40", "95"), PLAIN.published),
        (PLAIN.text, date(2025, 12, 3)),
    ],
)
def test_another_day_or_another_number_of_the_same_thing_speaks_against_it(text: str, published: date) -> None:
    same = same_event(PLAIN, Report(PLAIN.title, PLAIN.text, PLAIN.published, "ru"))
    other = same_event(PLAIN, Report(PLAIN.title, text, published, "ru"))
    assert other.probability < same.probability
    assert any(why.startswith(("other days", "published apart")) for why in other.why)


def test_numbers_are_read_as_each_language_writes_them() -> None:
    told = [
        Report("Loan", "The bank lent Kenya 2.5 billion dollars for 12,000 homes.", None, "en"),
        Report("Prêt", "La banque a prêté au Kenya 2,5 milliards de dollars pour 12 000 logements.", None, "fr"),
        Report("Кредит", "Банк выделил Кении 2,5 млрд долларов на 12 тысяч домов.", None, "ru"),
    ]
    for one, other in combinations(told, 2):
        assert same_event(one, other).same


@pytest.mark.parametrize(
    "spellings",
    [
        [("Dartchiev", "fr"), ("Darchiev", "en"), ("Darchiyev", "en"), ("Дарчиев", "ru"), ("Дарчиевым", "ru")],
        [("Khrouchtchev", "fr"), ("Khrushchev", "en"), ("Хрущёва", "ru")],
        [("Vučić", "en"), ("Vučić", "fr"), ("Вучичу", "ru")],
    ],
)
def test_a_name_sounds_alike_however_it_is_written(spellings: list[tuple[str, str]]) -> None:
    assert len({sound(name, language) for name, language in spellings}) == 1


def test_a_language_is_found_where_none_is_given_and_one_without_lists_is_compared_all_the_same() -> None:
    told = [report(one) for one in TOPICS[2]["reports"]]
    blind = [Report(one.title, one.text, one.published) for one in told]
    for (a, b), (c, d) in zip(combinations(told, 2), combinations(blind, 2), strict=True):
        assert same_event(a, b) == same_event(c, d)
    danish = Report("Storm lukker broen", "Storebæltsbroen blev lukket onsdag, da stormen nåede Korsør.", None, "da")
    assert same_event(danish, danish).same


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=60), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_the_order_of_two_reports_does_not_matter_and_any_text_is_read(
    one: str, other: str, title: str, apart: int
) -> None:
    day = date(2025, 4, 10)
    a, b = Report(title, one, day, "ru"), Report("", other, day + timedelta(days=apart), "ru")
    assert same_event(a, b).probability == pytest.approx(same_event(b, a).probability)


def test_concepts_have_one_name_in_all_languages() -> None:
    named = {code: set(table(code, "retelling").get("concepts", {})) for code in codes()}
    known = [names for names in named.values() if names]
    assert all(names <= set.union(*(other for other in known if other is not names)) for names in known)
