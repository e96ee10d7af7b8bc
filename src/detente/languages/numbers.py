"""Numbers as a language writes them: in figures, in words, in millions; read from its `retelling.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from detente.languages import table
from detente.terms import Span

FIGURES = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*"
"""A number in figures, with blanks between its thousands or without."""
_DIGITS = 15
"""Figures of a number that are read; what has more is no count of anything."""
_BLANK = re.compile("[ \u00a0\u202f]")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_TOKEN = re.compile(rf"{FIGURES}|[^\W\d_]+")


@dataclass(frozen=True)
class Numerals:
    """A language's words for numbers.

    Attributes:
        values: Of cardinals and ordinals alike.
        multipliers: "million", "тыс".
        thousands: What stands between the thousands of a number, if it is no blank.
    """

    values: Mapping[str, float]
    ordinals: frozenset[str]
    multipliers: Mapping[str, float]
    thousands: str


@cache
def numerals(language: str) -> Numerals:
    """Those of a language; empty where it has no list of them."""
    told = table(language, "retelling")

    def values(*kinds: str) -> dict[str, float]:
        return {w: float(value) for kind in kinds for value, words in told.get(kind, {}).items() for w in words.split()}

    return Numerals(
        values("ordinals", "numbers"),
        frozenset(values("ordinals")),
        {word: 10**power for word, power in values("multipliers").items()},
        str(told.get("thousands", "")),
    )


def number(token: str, language: str) -> float:
    """The value of a number in figures, as the language writes it.

    >>> number("12,000", "en"), number("2,5", "fr"), number("12 000", "ru")
    (12000.0, 2.5, 12000.0)
    """
    plain = _BLANK.sub("", token)
    if numerals(language).thousands == ",":
        plain = _THOUSANDS.sub("", plain)
    plain = plain.replace(",", ".").replace(":", ".")[:_DIGITS]
    return float(plain if plain.count(".") <= 1 else plain.replace(".", ""))


def counts(text: str, language: str, *, skip: Iterable[Span] = ()) -> tuple[float, ...]:
    """How many of something a text tells of: its numbers, except one, ordinals, years, shares and what to skip.

    >>> counts("La Russie a expulsé deux diplomates pour la troisième fois en 2025.", "fr")
    (2.0,)
    """
    words = numerals(language)
    left_out = tuple(skip)
    found: list[float] = []
    last = -1
    for match in _TOKEN.finditer(text):
        token, after = match.group(), text[match.end() : match.end() + 2]
        lower = token.lower().replace("ё", "е")
        if lower in words.multipliers and found and last == match.start() - 1:
            found[-1] *= words.multipliers[lower]
            last = match.end()
            continue
        # "14th", "14e", "14-й": which of them, not how many; "14 %": a share.
        bound = after[:1].isalpha() or (after[:1] in "-–" and after[1:].isalpha()) or after.lstrip()[:1] in ("%", "°")
        if any(span.start <= match.start() < span.end for span in left_out) or lower in words.ordinals:
            continue
        value = (None if bound else number(token, language)) if token[0].isdecimal() else words.values.get(lower)
        if value is not None and value > 1 and not (1900 <= value <= 2100):
            found.append(value)
            last = match.end()
    return tuple(found)
