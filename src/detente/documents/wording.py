"""What a language gives for comparing texts: keys of words and how rare they are, concepts, months, names.

All of it is data in the language's folder: `retelling.toml` and `frequency.toml`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from detente.languages import table
from detente.languages.numbers import FIGURES

RAREST = 3.0
"""Frequency, as the power of ten of the occurrences in a billion words, of words that a language's list leaves out."""
EVERYWHERE = 6.7
"""Frequency from which a word says nothing: it stands in any text of 200 words."""
TOKEN = re.compile(
    rf"{FIGURES}"
    # French articles and pronouns that have lost their vowel are words of their own.
    r"|\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=[^\W\d_])"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*|[.!?…,;:()—–%€$£₽°]",
    re.IGNORECASE,
)
STOPS = frozenset(".!?…")
BREAKS = frozenset(",;:()—–")
SIGNS = frozenset("%€$£₽°")


@dataclass(frozen=True)
class Words:
    """What one language gives for comparing: its endings, frequencies, concepts and months."""

    key_length: int
    endings: tuple[str, ...]
    name_endings: tuple[str, ...]
    reflexive: tuple[str, ...]
    frequency: Mapping[str, float]
    exact: Mapping[str, str]
    prefixes: Mapping[str, str]
    concept_weights: Mapping[str, float]
    months: tuple[str, ...]
    planned: frozenset[str]
    comment: frozenset[str]

    def stem(self, word: str, endings: tuple[str, ...]) -> str:
        for ending in self.reflexive:
            if word.endswith(ending) and len(word) > len(ending) + 3:
                word = word[: -len(ending)]
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
        return word

    def month(self, word: str) -> int:
        return next((n for n, name in enumerate(self.months, 1) if word.startswith(name) and len(word) < 10), 0)

    def concept(self, word: str) -> str:
        if word in self.exact:
            return self.exact[word]
        return next((self.prefixes[word[:end]] for end in range(len(word), 2, -1) if word[:end] in self.prefixes), "")


@cache
def words_of(language: str) -> Words:
    """The tables of a language; empty ones where it has none."""
    told = table(language, "retelling")

    def split(name: str) -> tuple[str, ...]:
        return tuple(str(told.get(name, "")).split())

    def longest(name: str) -> tuple[str, ...]:
        return tuple(sorted(split(name), key=len, reverse=True))

    concepts = {concept: tuple(words.split()) for concept, words in told.get("concepts", {}).items()}
    written = {word: concept for concept, words in reversed(concepts.items()) for word in words}
    levels = table(language, "frequency").items()
    frequency = {key: float(level) for level, keys in levels for key in str(keys).split()}
    return Words(
        key_length=int(told.get("key_length", 6)),
        endings=longest("endings"),
        name_endings=longest("name_endings"),
        reflexive=split("reflexive"),
        frequency=frequency,
        exact={word: concept for word, concept in written.items() if not word.endswith("*")},
        prefixes={word[:-1]: concept for word, concept in written.items() if word.endswith("*")},
        concept_weights=_concept_weights(concepts, frequency),
        months=split("months"),
        planned=frozenset(split("planned")),
        comment=frozenset(split("comment")),
    )


def _concept_weights(
    concepts: Mapping[str, tuple[str, ...]], frequency: Mapping[str, float]
) -> defaultdict[str, float]:
    """What a concept says, as `EVERYWHERE` has it for words."""
    beginning: dict[str, float] = defaultdict(float)
    for key, level in frequency.items():
        for end in range(1, len(key) + 1):
            beginning[key[:end]] += 10**level
    longest = max(map(len, frequency), default=0)
    weights: defaultdict[str, float] = defaultdict(float)
    for concept, words in concepts.items():
        total = sum(beginning.get(word.rstrip("*")[:longest], 0.0) for word in words)
        weights[concept] = max(0.0, EVERYWHERE - math.log10(max(total, 10**RAREST)))
    return weights


def key_of(word: str, language: str) -> str:
    """What the forms of a lower-case word have in common: its beginning, without its ending.

    >>> key_of("переговорами", "ru") == key_of("переговоры", "ru")
    True
    """
    words = words_of(language)
    return words.stem(word, words.endings)[: words.key_length]


_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie", strict=True))
    | {"ж": "j", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
    | {"č": "ch", "ć": "ch", "š": "sh", "ž": "zh", "ç": "s", "ł": "l"}
)
_SOUNDS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        ("tch|tsch|ch|cz|sch|sh", "s"),
        ("zh|dj|j|g(?=[ei])", "j"),
        ("kh|h", ""),
        ("ph", "f"),
        ("ts|tz|c(?=[eiy])", "s"),
        ("ck|qu|q|c", "k"),
        ("x", "ks"),
        ("w", "v"),
        (r"(.)\1+", r"\1"),
        ("[aeiouy]", ""),
    )
)


@lru_cache(maxsize=1 << 15)
def sound(name: str, language: str) -> str:
    """The consonants of a name, alike however it is written down; empty where too few are left to tell it by.

    >>> sound("Дарчиевым", "ru"), sound("Dartchiev", "fr"), sound("Darchiyev", "en")
    ('drsv', 'drsv', 'drsv')
    """
    words = words_of(language)
    plain = words.stem(folded(name), words.name_endings).translate(_LATIN)
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalpha())
    first = plain[:1] if plain[:1] in "aeiou" else ""
    for spelling, by in _SOUNDS:
        plain = spelling.sub(by, plain)
    return first + plain if len(first + plain) >= 3 else ""


def folded(word: str) -> str:
    return word.lower().replace("ё", "е").replace("’", "'")
