"""Whether two reports tell of one event: the same thing, done at the same time and place by the same people.

The test is the one an editor would make: does each headline fit the other's text? Compared are words, which say the
more the rarer they are; what different reporters call one thing (`[concepts]` of the languages); names, numbers, days.
Against one event speak people or places that only one of them has in its opening, another number of the same thing,
another day, days between the two publications, and a thing announced or commented on beside the thing itself.

Between two languages only concepts, names, numbers and days can be compared.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import islice, pairwise
from typing import Protocol

from detente.documents.language import identify
from detente.documents.wording import (
    BREAKS,
    EVERYWHERE,
    RAREST,
    SIGNS,
    STOPS,
    TOKEN,
    Words,
    folded,
    key_of,
    sound,
    words_of,
)
from detente.languages import codes, table
from detente.languages.forms import adjective_forms
from detente.languages.numbers import number, numerals
from detente.registry import load

# None of the measures of length and rarity below is critical: between half and twice these values the area under the
# curve moves by no more than 0.02 on our own pairs and on the development pairs of tgcontest (November 2026).
_READ = 300
"""Words and stops of a text that are looked at: news tells first what happened; what follows is background that it
shares with reports of other events."""
_LEAD = 50
"""Words of its opening."""
_IN_OTHER_WORDS = 0.6
"""What a word counts that the other report says by another word of the same concept."""
_NAME = 3.5
"""What a name counts between two languages; a word of the rarest kind counts little more."""
_ROUNDED = 0.02
"""Share by which a number may be rounded."""
_UNIT_WORDS = 2
"""Words after a number that may say what is counted: "98 cases" and "98 new cases" count one thing."""

# Chosen by reason, in the order an editor would: headlines before openings before the rest. Our own 100 reports
# (tests/documents/examples/same_event.toml: 181 pairs, with and without their days) and 596 pairs of reports of one
# week set the two thresholds: F1 there is best where the sum reaches them, and changes little half a point away. The
# slope makes the chance come true on the same pairs: docs/coding.md has the curve.
_WEIGHTS: Mapping[str, float] = {
    "headlines fit": 4.0,
    "one headline fits": 1.0,
    "openings fit": 3.0,
    "texts alike": 1.5,
    "figures shared": 0.75,
    "headlines name others": -2.0,
    "others named": -2.5,
    "other numbers": -2.5,
    "other days": -1.5,
    "published apart": -3.0,
    "one announces": -0.3,
    "one comments": -0.3,
}
_THRESHOLD = 4.4
_WEIGHTS_ACROSS: Mapping[str, float] = {
    **_WEIGHTS,
    "headlines fit": 2.0,
    "openings fit": 4.0,
    "texts alike": 0.0,
    "figures shared": 0.0,
}
_THRESHOLD_ACROSS = 3.0
_SLOPE = 1.6

_LONGEST = 12
"""Characters a word and what stands around it takes at most, on average."""


class Told(Protocol):
    """What is compared: `terms.Document` is one, so is anything with a headline, a text, a day and a language."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def published(self) -> date | None: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Report:
    """A report to compare; a language that is not given is found."""

    title: str
    text: str
    published: date | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class PairReading:
    """A judgement on two reports.

    Attributes:
        probability: Chance (0-1) that they tell of one event.
        same: Whether they are taken to: a chance of one half or more.
        why: What spoke for it and against it, by name and measure (0-1), weightiest first.
    """

    probability: float
    same: bool
    why: tuple[str, ...]


def same_event(first: Told, second: Told) -> PairReading:
    """Judge whether two reports tell of one event.

    An announcement and what came of it, a thing and a comment on it, two days of one series are not one event.

    >>> fire = Report("Two dead in warehouse fire near Thessaloniki", "A blaze in Sindos killed two workers Tuesday.")
    >>> toll = Report("Blaze near Thessaloniki kills two", "Two workers died when a warehouse in Sindos burned.")
    >>> hotel = Report("Two dead in hotel fire on Rhodes", "A blaze in Faliraki killed two tourists on Wednesday.")
    >>> same_event(fire, toll).same, same_event(fire, hotel).same
    (True, False)
    """
    a, b = (_profile(told.title, told.text, told.language) for told in (first, second))
    alike = a.language == b.language
    found = _within(a, b) if alike else _across(a, b)
    if first.published and second.published:
        found["published apart"] = min(1.0, max(0, abs((first.published - second.published).days) - 1) / 6)
    weights, threshold = (_WEIGHTS, _THRESHOLD) if alike else (_WEIGHTS_ACROSS, _THRESHOLD_ACROSS)
    parts = {name: weights[name] * value for name, value in found.items()}
    probability = 1 / (1 + math.exp(_SLOPE * (threshold - sum(parts.values()))))
    said = sorted((name for name in parts if parts[name]), key=lambda name: -abs(parts[name]))
    return PairReading(probability, probability >= 0.5, tuple(f"{name} {found[name]:.2f}" for name in said))


@cache
def _places(language: str) -> Mapping[str, str]:
    """States and cities by the one-word names, forms and adjectives a language has for them."""
    registry = load()
    book = table(language, "registry")
    found: dict[str, str] = {}
    for entity in registry.entities.values():
        if entity.kind in ("state", "city"):
            names = dict(entity.names)
            # A language without a column of its own writes most names as English and French do.
            known = names.get(language) or (*names.get("fr", ()), *names.get("en", ()))
            found |= {folded(name): entity.id for name in known if name.isalpha()}
    for code, state in registry.states.items():
        found |= {folded(word): code for word in dict(state.adjectives).get(language, ()) if word.isalpha()}
    for code, adjectives in book.get("adjectives", {}).items():
        found |= {folded(form): code for given in adjectives for form in adjective_forms(language, given)}
    for identifier, given in book.get("entities", {}).items():
        if identifier in registry.entities and registry.entities[identifier].kind in ("state", "city"):
            found |= {folded(name): identifier for name in given if name.isalpha()}
    return found


@dataclass(slots=True)
class _Term:
    """A word or a number of a text; words are shared between texts."""

    word: str
    key: str = ""
    weight: float = 0.0
    concept: str = ""
    value: float | None = None
    power: float = 0.0
    units: tuple[str, ...] = ()
    capital: bool = False
    name: bool = False


@lru_cache(maxsize=1 << 17)
def _term(token: str, language: str, name: bool) -> _Term:
    """What a token is; `name`: it is written with a capital within a sentence."""
    words = words_of(language)
    lower = folded(token)
    value = number(token, language) if token[0].isdecimal() else numerals(language).values.get(lower)
    if value is not None:
        return _Term(lower, value=value)
    key = key_of(lower, language)
    # Where no list tells the frequent words from the rare, the short ones are the frequent ones.
    unlisted = RAREST if words.frequency or len(lower) > 3 else EVERYWHERE
    weight = max(0.0, EVERYWHERE - words.frequency.get(key, unlisted)) if lower[-1] != "'" else 0.0
    power = numerals(language).multipliers.get(lower, 0.0)
    return _Term(lower, key, weight, words.concept(lower), power=power, capital=token[0].isupper(), name=name)


def _terms(text: str, language: str, limit: int) -> list[_Term]:
    found: list[_Term] = []
    numbers: list[_Term] = []
    opening, count = True, None
    for token in islice(TOKEN.findall(text, 0, limit * _LONGEST), limit):
        if token in STOPS:
            opening, count = True, None
            continue
        if token in BREAKS:
            count = None
            continue
        if token in SIGNS:
            if count is not None:
                count.units += (token,)
            continue
        term = _term(token, language, not opening and token[0].isupper())
        opening = False
        if term.value is not None:
            count = _Term(term.word, value=term.value)
            numbers.append(count)
            found.append(count)
        elif count is not None and count.value is not None and term.power:
            count.value *= term.power
        else:
            found.append(term)
            if count is not None and term.weight and len(count.units) < _UNIT_WORDS:
                count.units += (term.key,)
    for count in numbers:
        if count.value is not None:
            count.key, count.weight = f"#{count.value:g}", _number_weight(count.value)
    return found


def _number_weight(value: float) -> float:
    """What a shared number says: little for a few of something, a day or a year, much for an odd or a large one."""
    if value != int(value):
        return 3.2
    if value < 10 or 1900 <= value <= 2100:
        return 1.0
    return 1.8 if value <= 31 else 2.6 if value < 1000 else 3.2


class _Profile:
    """A report as it is compared: what its headline, its opening and all that is read of it say, with weights."""

    def __init__(self, title: str, text: str, language: str) -> None:
        words = words_of(language)
        body = _terms(text, language, _READ)
        # A report without a headline is known by its first words.
        heading = _terms(title or text, language, 60 if title else 15)
        opening = body[:_LEAD] or heading
        everything = heading + body
        self.language = language
        self._parts = heading, opening, everything
        self.title = _weights(heading)
        self.lead = _weights(opening)
        said = _weights(everything)
        counts = Counter(term.key for term in everything)
        self.whole = {key: (1 + math.log(counts[key])) * weight for key, weight in said.items()}
        self.norm = math.sqrt(sum(value * value for value in self.whole.values()))
        self.concept_of = {term.key: term.concept for term in everything if term.concept}
        self.concepts = frozenset(self.concept_of.values())
        # In a headline that has capitals everywhere, a name is what has one within a sentence of the text.
        self._named = {term.key for term in (everything if _spares_capitals(heading) else body) if term.name}
        self.title_names = {t.key: t.weight for t in heading if t.weight > 1 and t.key in self._named}
        self.names = {t.key: t.weight for t in heading + opening if t.weight > 1 and t.key in self._named}
        self.figures = frozenset(term.key for term in everything if term.value is not None and term.weight > 2)
        self.counted: dict[str, set[float]] = defaultdict(set)
        for term in heading + opening:
            for unit in term.units:
                # "Une campeuse": an article, where French has but one word for both.
                if term.value is not None and term.value != 1 and not words.month(unit):
                    self.counted[unit].add(term.value)
        self.days = _days(heading, words) | _days(opening, words)
        self.announces = any(term.word in words.planned for term in heading + opening[:12])
        self.comments = any(term.word in words.comment for term in heading)

    @cached_property
    def across(self) -> tuple[Mapping[str, float], Mapping[str, float], Mapping[str, float]]:
        """Headline, opening and whole in what languages share."""
        heading, opening, everything = (self._shared(part) for part in self._parts)
        return heading, opening, everything

    def _shared(self, terms: Iterable[_Term]) -> dict[str, float]:
        weights = words_of(self.language).concept_weights
        places = _places(self.language)
        found: dict[str, float] = {}
        for term in terms:
            if term.value is not None:
                found[term.key] = term.weight
            elif place := places.get(term.word):
                found[f"@{place}"] = min(_NAME, max(1.0, term.weight))
            elif term.capital and term.key in self._named and (heard := sound(term.word, self.language)):
                found[heard] = _NAME
            elif term.concept:
                found[f"={term.concept}"] = weights[term.concept]
        return found


def _spares_capitals(heading: list[_Term]) -> bool:
    words = [term for term in heading[1:] if term.value is None]
    return 2 * sum(term.capital for term in words) <= len(words)


def _weights(terms: Iterable[_Term]) -> dict[str, float]:
    return {term.key: term.weight for term in terms if term.weight}


def _days(terms: list[_Term], words: Words) -> frozenset[tuple[int, int]]:
    """Days of a month that are named, in either order, as (month, day)."""
    found: set[tuple[int, int]] = set()
    for one, other in pairwise(terms):
        for day, name in ((one, other), (other, one)):
            month = words.month(name.word) if name.value is None else 0
            if month and day.value is not None and 1 <= day.value <= 31:
                found.add((month, int(day.value)))
    return frozenset(found)


@lru_cache(maxsize=2048)
def _profile(title: str, text: str, language: str) -> _Profile:
    known = language or identify(f"{title}\n{text[:2000]}").code
    return _Profile(title, text, known if known in codes() else "en")


def _within(a: _Profile, b: _Profile) -> dict[str, float]:
    titles = _fits(a.title, a, b), _fits(b.title, b, a)
    units = [unit for unit in a.counted if unit in b.counted]
    return {
        "headlines fit": min(titles),
        "one headline fits": max(titles),
        "openings fit": min(_fits(a.lead, a, b), _fits(b.lead, b, a)),
        "texts alike": _cosine(a, b),
        "figures shared": min(3, len(a.figures & b.figures)) / 3,
        "headlines name others": min(1.0, min(_missing(a.title_names, b), _missing(b.title_names, a)) / _NAME),
        "others named": min(_strange(a, b), _strange(b, a)),
        "other numbers": sum(not _near(a.counted[unit], b.counted[unit]) for unit in units) / (1 + len(units)),
        **_circumstances(a, b),
    }


def _across(a: _Profile, b: _Profile) -> dict[str, float]:
    (title_a, lead_a, whole_a), (title_b, lead_b, whole_b) = a.across, b.across
    titles = _shared_by(title_a, whole_b), _shared_by(title_b, whole_a)
    return {
        "headlines fit": min(titles),
        "one headline fits": max(titles),
        "openings fit": min(_shared_by(lead_a, whole_b), _shared_by(lead_b, whole_a)),
        **_circumstances(a, b),
    }


def _circumstances(a: _Profile, b: _Profile) -> dict[str, float]:
    found = {
        "one announces": float(a.announces != b.announces),
        "one comments": float(a.comments != b.comments),
    }
    if a.days and b.days and not a.days & b.days:
        apart = min(abs((m - n) * 30.4 + d - e) for m, d in a.days for n, e in b.days)
        found["other days"] = min(1.0, 0.5 + apart / 6)
    return found


def _fits(part: Mapping[str, float], of: _Profile, other: _Profile) -> float:
    """Share (0-1) of what a headline or an opening says that the other report says too."""
    found = 0.0
    for key, weight in part.items():
        if key in other.whole:
            found += weight
        elif of.concept_of.get(key) in other.concepts:
            found += _IN_OTHER_WORDS * weight
    return found / total if (total := sum(part.values())) else 0.0


def _shared_by(part: Mapping[str, float], other: Mapping[str, float]) -> float:
    total = sum(part.values())
    return sum(weight for key, weight in part.items() if key in other) / total if total else 0.0


def _cosine(a: _Profile, b: _Profile) -> float:
    small, large = sorted((a.whole, b.whole), key=len)
    norms = a.norm * b.norm
    return sum(value * large[key] for key, value in small.items() if key in large) / norms if norms else 0.0


def _near(some: set[float], others: set[float]) -> bool:
    """Whether two reports can give one number: 197 in one and "nearly 200" in the other."""
    return any(math.isclose(a, b, rel_tol=_ROUNDED) for a in some for b in others)


def _missing(names: Mapping[str, float], other: _Profile) -> float:
    return sum(weight for key, weight in names.items() if key not in other.whole)


def _strange(of: _Profile, other: _Profile) -> float:
    """Share (0-1) of the names in a report's opening that the other never gives; of few names, a small one."""
    return _missing(of.names, other) / (sum(of.names.values()) + 2 * _NAME)
