"""The grammar of a language as its `grammar.toml` declares it: traits, small words, patterns, auxiliaries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from detente.errors import LanguageError
from detente.languages.folders import table

# How a text is cut into words where a language does not say otherwise.
_CUT = {
    "event_tokens": r"[^\W\d_]+(?:[-‑][^\W_]+)*|\d+|[^\w\s]",
    "name_tokens": r"[^\W\d_]+(?:[-‑'’][^\W\d_]+)*",
}
_NOTHING: frozenset[str] = frozenset()
_NOWHERE = re.compile(r"(?!)")
_NO_TENSES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Traits:
    """What a language is like, where the coder has to know; a folder declares what differs from these values.

    Attributes:
        verbs: How a verb group is read: `english` (do, modals, -ing), `romance` (auxiliary and participle), `slavic`
            (the form tells).
        inflection: Who makes the forms of a word: `paradigms` (the folder's `forms.toml`), or a generator in code.
        inflected: Nouns and names take case endings, and title and name stand in one case.
        free_order: Subject and object may stand on either side of their verb.
        head_last: The head of a title is its last word ("deputy foreign minister").
        speaker_follows: After words said, the verb stands before its subject ("…, a dit X"), which may come last.
        month_first: 4/8 is 8 April.
        day_follows: A report may open without a day and name it in its second sentence.
        vague_past: "Some years ago" is annotated as a time in the past, and not as a length.
        script: `latin` or `cyrillic`; names of persons are known as languages of the same script write them.
        adjectives_follow: A people's adjective stands after its noun ("ministre russe").
    """

    verbs: str = "romance"
    inflection: str = "paradigms"
    inflected: bool = False
    free_order: bool = False
    day_follows: bool = False
    head_last: bool = False
    script: str = "latin"
    adjectives_follow: bool = False
    speaker_follows: bool = True
    month_first: bool = False
    vague_past: bool = False


class Grammar:
    """One language's grammar, with nothing where the folder declares nothing.

    Attributes:
        auxiliaries: Words with a place in `tenses`.
        numbers: Words for small numbers.

    >>> grammar("ru").traits.inflected, "and" in grammar("en").words("and")
    (True, True)
    >>> sorted(grammar("en").words("nothing of the kind"))
    []
    """

    def __init__(self, code: str, raw: Mapping[str, Any]) -> None:
        self.code = code
        known = {field.name for field in fields(Traits)}
        unknown = raw.get("traits", {}).keys() - known
        if unknown:
            raise LanguageError(
                f"languages/{code}/grammar.toml: nothing reads trait {min(unknown)!r}. Name one of "
                f"{', '.join(sorted(known))}."
            )
        self.traits = Traits(**raw.get("traits", {}))
        self._words = {
            name: frozenset(given.split() if isinstance(given, str) else given)
            for name, given in raw.get("words", {}).items()
        }
        given_patterns = {**_CUT, **raw.get("patterns", {})}
        self._patterns = {name: re.compile(given) for name, given in given_patterns.items()}
        self._tenses: Mapping[str, Mapping[str, str]] = raw.get("tenses", {})
        self.auxiliaries = frozenset(word for kind in self._tenses.values() for word in kind)
        self.numbers: Mapping[str, int] = {
            word: int(number) for number, words in raw.get("numbers", {}).items() for word in words.split()
        }
        self._ends: Mapping[str, tuple[str, ...]] = {name: tuple(ends) for name, ends in raw.get("endings", {}).items()}

    def words(self, name: str) -> frozenset[str]:
        """Small words of one use, in lower case."""
        return self._words.get(name, _NOTHING)

    def endings(self, name: str) -> tuple[str, ...]:
        """Endings or beginnings of one use, as `str.endswith` takes them."""
        return self._ends.get(name, ())

    def pattern(self, name: str) -> re.Pattern[str]:
        """A pattern, or one that fits nowhere."""
        return self._patterns.get(name, _NOWHERE)

    def tenses(self, name: str) -> Mapping[str, str]:
        """Auxiliaries of one kind (`have`, `be` …) with the tense that each makes."""
        return self._tenses.get(name, _NO_TENSES)


@cache
def grammar(code: str) -> Grammar:
    """The grammar of a language; one without a folder has none of anything."""
    return Grammar(code, table(code, "grammar"))
