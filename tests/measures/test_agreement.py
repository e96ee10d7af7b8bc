"""Krippendorff's alpha against the examples its author published."""

from __future__ import annotations

import pytest

from detente.measures.agreement import krippendorff

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections A to C: observers' values by unit.
TWO_BINARY = ["0100000000", "1110010010"]
FOUR = [
    "123321412...",
    "1233224125.3",
    ".3332342251.",
    "12332441251.",
]


def by_unit(observers: list[str]) -> list[list[str]]:
    return [[value for value in unit if value != "."] for unit in zip(*observers, strict=True)]


def test_two_observers_of_ten_articles_as_published() -> None:
    found = krippendorff(by_unit(TWO_BINARY))
    assert (round(found.alpha or 9, 3), found.units, found.alike) == (0.095, 10, 6)


def test_four_observers_with_missing_values_as_published() -> None:
    found = krippendorff(by_unit(FOUR))
    assert round(found.alpha or 9, 3) == 0.743
    assert found.units == 11
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 0.743 <= found.high


def test_nothing_read_twice_has_no_agreement() -> None:
    assert krippendorff([("a",), ()]).alpha is None
    assert krippendorff([]).units == 0


def test_one_name_alone_cannot_tell_agreement_from_chance() -> None:
    found = krippendorff([("a", "a"), ("a", "a")])
    assert (found.alpha, found.alike) == (None, 2)


@pytest.mark.parametrize("pairs", [[("a", "a"), ("b", "b")], [("a", "a", "a"), ("b", "b")]])
def test_full_agreement_is_one(pairs: list[tuple[str, ...]]) -> None:
    assert krippendorff(pairs).alpha == 1
