"""Words brought to their stem, so that an inflected form is found by any other: Snowball, in three languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

NAMES = {"en": "english", "fr": "french", "ru": "russian"}
"""What Snowball calls our languages. Other languages are found by the words as they stand."""
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(NAMES[language])


def plain(text: str) -> str:
    """Small letters without their marks, but for those that make another letter of one (й).

    >>> plain("Négociations à l’Élysée"), plain("Ещё один мой")
    ('negociations a l’elysee', 'еще один мой')
    """
    out = []
    for letter in text.casefold():
        if letter == "й":
            out.append(letter)
            continue
        bare = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
        out.append(bare)
    return "".join(out)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, with their marks: Snowball wants them."""
    return _WORD.findall(text.casefold().replace("ё", "е"))


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The stem of a word without its marks; the word itself in a language without a stemmer.

    >>> stem("négociations", "fr"), stem("négocié", "fr"), stem("переговорами", "ru"), stem("talks", "en")
    ('negoci', 'negoci', 'переговор', 'talk')
    """
    return plain(_stemmer(language).stemWord(word) if language in NAMES else word)


def stems(text: str, language: str) -> list[str]:
    """The stems of a text, in its order."""
    return [stem(word, language) for word in words_of(text)]


@lru_cache(maxsize=1000)
def languages_of(word: str) -> tuple[str, ...]:
    """The languages a word that is asked for can be in, by its letters."""
    return ("ru",) if _CYRILLIC.search(word) else ("en", "fr")


def alternatives(word: str) -> tuple[str, ...]:
    """Every stem a word that is asked for can have.

    >>> alternatives("négociations"), alternatives("санкций")
    (('negoci', 'negociat', 'negociations'), ('санкц',))
    """
    found: Iterable[str] = (stem(word, language) for language in languages_of(word))
    return tuple(sorted({*found, *([plain(word)] if not _CYRILLIC.search(word) else [])} - {""}))
