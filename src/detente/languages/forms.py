"""Forms of verbs and nouns by the paradigms that a language's `forms.toml` lists, for languages without code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from detente.errors import LanguageError
from detente.languages.folders import table

Forms = dict[str, set[str]]
"""Lower-case form to tags."""

TENSES = ("inf", "pres", "past", "impf", "fut", "cond", "pp", "short", "ger")


def verb_forms(code: str, lemma: str) -> Forms:
    """Forms of a verb with the tense that each shows.

    The first of `[[verbs]]` whose `ending` closes the infinitive gives endings by tense; `[irregular]` gives whole
    forms for tenses that break the rule, for one verb or, with a star in front, for all that end so.

    Raises:
        LanguageError: No paradigm fits the verb, or one names a tense that nothing reads.
    """
    book = table(code, "forms")
    made: dict[str, tuple[str, ...]] = {}
    for model in book.get("verbs", ()):
        if match := re.search(f"(?:{model['ending']})$", lemma):
            stem = lemma[: match.start()]
            made = {
                tense: tuple(stem + ending for ending in given) for tense, given in model.items() if tense != "ending"
            }
            break
    odd = _irregular(book.get("irregular", {}), lemma)
    if not made and not odd:
        raise LanguageError(f"languages/{code}/forms.toml: no paradigm fits the verb {lemma!r}. Add one to [[verbs]].")
    forms: Forms = defaultdict(set)
    forms[lemma].add("inf")
    for tense, words in {**made, **odd}.items():
        if tense not in TENSES:
            raise LanguageError(f"languages/{code}/forms.toml: nothing reads {tense!r}. Use {', '.join(TENSES)}.")
        for word in words:
            forms[word].add(tense)
    return dict(forms)


def _irregular(listed: Mapping[str, Any], lemma: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, tenses in listed.items():
        if key == lemma or (key.startswith("*") and lemma.endswith(key[1:])):
            stem = lemma[: len(lemma) - len(key[1:])] if key.startswith("*") else ""
            for tense, words in tenses.items():
                found[tense] = tuple(word.replace("*", stem) for word in words.split())
    return found


def noun_forms(code: str, lemma: str) -> tuple[str, ...]:
    """Forms of a noun or noun phrase: each of its words takes the forms of the first of `[[nouns]]` that fits it.

    Words from the first of `links` on stay as they are ("ministro de exteriores"); in a language whose heads stand
    last, only the last word changes.
    """
    book = table(code, "forms")
    words = lemma.split()
    if book.get("head") == "last":
        return tuple(dict.fromkeys(" ".join([*words[:-1], form]) for form in _word_forms(code, words[-1])))
    links = _links(code)
    stop = next((i for i, word in enumerate(words) if word in links), len(words))
    several = [_word_forms(code, word) for word in words[:stop]]
    size = max((len(forms) for forms in several), default=1)
    return tuple(
        dict.fromkeys(
            " ".join([*(forms[min(i, len(forms) - 1)] for forms in several), *words[stop:]]) for i in range(size)
        )
    )


@cache
def _links(code: str) -> frozenset[str]:
    return frozenset(table(code, "forms").get("links", "").split())


def adjective_forms(code: str, lemma: str) -> tuple[str, ...]:
    """Forms of an adjective of one word, as `[[adjectives]]` has them, or else those of a noun."""
    return _word_forms(code, lemma, "adjectives") or _word_forms(code, lemma)


def _word_forms(code: str, word: str, kind: str = "nouns") -> tuple[str, ...]:
    for model in table(code, "forms").get(kind, ()):
        if match := re.search(f"(?:{model['ending']})$", word):
            return tuple(word[: match.start()] + ending for ending in model["forms"])
    return () if kind == "adjectives" else (word,)
