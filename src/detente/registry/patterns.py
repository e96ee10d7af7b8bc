"""Institutions that every state has: "ministère russe des Affaires étrangères", "Cuban embassy", "МИД Ирана"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from detente.errors import RegistryError
from detente.registry import french
from detente.registry.forms import Forms
from detente.registry.russian import Cases, Shape, adjective_cases_ru, agreeing_ru
from detente.registry.tables import one_of, rows, variants
from detente.terms import LANGUAGES

_COLUMNS = ("key", "language", "patterns")
_RUSSIAN = re.compile(r"\{(?P<shape>[mfnp])\} (?P<noun>.+)|(?P<head>.+) \{of\}")
_SHAPES: Mapping[str, Shape] = {"m": "m", "f": "f", "n": "n", "p": "p"}


@dataclass(frozen=True, slots=True)
class StateWords:
    """What a pattern is filled with.

    Attributes:
        names: By language, the display name and abbreviations that stand in such phrases ("US", "РФ").
        adjectives: By language, the first adjective of the state, as its table gives it.
        article: French article of the name.
    """

    names: Mapping[str, tuple[str, ...]]
    adjectives: Mapping[str, str]
    article: str


@dataclass(frozen=True)
class Patterns:
    """The patterns of `data/patterns.csv` by key and language, Russian nouns already in their cases.

    French has `{m}`, `{f}` and `{fp}` for the adjective (masculine, feminine, feminine plural) and `{of}` for the name
    with its preposition; English `{adj}` and `{name}`; Russian either `{m}`, `{f}`, `{n}` or `{p}` before a noun that
    the adjective agrees with, or a noun before `{of}`.
    """

    plain: Mapping[str, Mapping[str, tuple[str, ...]]]
    agreeing: Mapping[str, tuple[tuple[Shape, Cases], ...]]
    heads: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, forms: Forms) -> Patterns:
        """Read the table.

        Raises:
            RegistryError: A Russian pattern has neither an adjective in front nor `{of}` at its end.
        """
        plain: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        agreeing: dict[str, list[tuple[Shape, Cases]]] = defaultdict(list)
        heads: dict[str, list[str]] = defaultdict(list)
        for where, row in rows("patterns.csv", _COLUMNS):
            language = one_of(where, row["language"], tuple(LANGUAGES), "language")
            given = variants(row["patterns"])
            plain[row["key"]][language] = given
            for pattern in given if language == "ru" else ():
                match = _RUSSIAN.fullmatch(pattern)
                if match is None:
                    raise RegistryError(f"{where}: {pattern!r}. Write '{{m}} МИД' (m, f, n, p) or 'МИД {{of}}'.")
                if match["head"]:
                    heads[row["key"]] += forms.of("noun", match["head"])
                else:
                    agreeing[row["key"]].append((_SHAPES[match["shape"]], forms.cases(match["noun"])))
        return cls(
            plain,
            {key: tuple(found) for key, found in agreeing.items()},
            {key: tuple(found) for key, found in heads.items()},
        )

    def fill(self, words: StateWords, forms: Forms) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
        """Give each key with its forms by language for one state, the most usual first."""
        masculine, _, feminine = words.adjectives["fr"].partition("/")
        feminine = feminine or french.feminine(masculine)
        slots = {
            "m": masculine,
            "f": feminine,
            "fp": french.plural(feminine),
            "of": french.of(words.article, words.names["fr"][0]),
        }
        genitives = tuple(dict.fromkeys(forms.genitive(name) for name in words.names["ru"]))
        adjectives = {shape: adjective_cases_ru(words.adjectives["ru"], shape) for shape in _SHAPES.values()}
        for key, patterns in self.plain.items():
            english = [
                pattern.format(name=name, adj=words.adjectives["en"])
                for pattern in patterns.get("en", ())
                for name in (words.names["en"] if "{name}" in pattern else ("",))
            ]
            russian = [f"{head} {genitive}" for genitive in genitives for head in self.heads.get(key, ())]
            for shape, noun in self.agreeing.get(key, ()):
                russian += agreeing_ru(adjectives[shape], noun)
            yield (
                key,
                {
                    "fr": tuple(pattern.format_map(slots) for pattern in patterns.get("fr", ())),
                    "en": tuple(english),
                    "ru": tuple(russian),
                },
            )
