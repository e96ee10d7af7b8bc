"""The word lists for names, read once, and the automaton that finds what the registry knows."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from detente.dossier import Dossier
from detente.errors import LanguageError
from detente.languages import adjective_forms, grammar, table
from detente.registry import Registry
from detente.terms import LANGUAGES, Entity

# What follows a family name in lists of people: no name by itself.
_SUFFIXES = frozenset(("Jr", "Sr", "II", "III"))
FormKind = Literal["state", "people", "prefix", "institution", "city", "group", "person", "surname", "decoy"]

# The stronger sign first, where two entities share a written form.
_STRENGTH: Mapping[FormKind, int] = {
    "decoy": 0, "state": 1, "institution": 2, "person": 3, "city": 4, "people": 5, "group": 6, "surname": 7,
    "prefix": 8,
}  # fmt: skip


@cache
def word_list(name: str) -> Mapping[str, Any]:
    """One of the word lists that all languages share, as TOML gives it."""
    return tomllib.loads((files("detente.coding") / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))


_BARE_CAPITAL = re.compile(r"\be(?=(?:tats?|lysée|gypte|gyptien(?:ne)?s?|rythrée|quateur)\b)")
"""French papers leave the accent off a capital: "le chef de l'Etat"."""
_SAME_LENGTH = tuple({"’": "'", "ʼ": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "‑": "-", "ё": "е"}.items())


def flat(text: str) -> str:
    """Lower case with one kind of apostrophe, space, hyphen and е; as long as the text, so that offsets hold.

    >>> flat("L’Ambassade du Québec"), flat("Актёр")
    ("l'ambassade du québec", 'актер')
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        # A few capitals (İ) are two characters in lower case.
        lowered = "".join(ch if len(low := ch.lower()) != 1 else low for ch in text)
    lowered = lowered.replace("\n", " ")
    if not lowered.isascii():
        for written, plain in _SAME_LENGTH:
            lowered = lowered.replace(written, plain)
    return _BARE_CAPITAL.sub("é", lowered)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, with where they start and end and what is between them."""

    text: str
    starts: list[int]
    ends: list[int]
    flats: list[str]
    capital: list[bool]

    @classmethod
    def of(cls, text: str, flattened: str, language: str) -> Words:
        starts, ends, flats, capital = [], [], [], []
        for match in grammar(language).pattern("name_tokens").finditer(text):
            start, end = match.span()
            starts.append(start)
            ends.append(end)
            flats.append(flattened[start:end])
            capital.append(text[start].isupper())
        return cls(text, starts, ends, flats, capital)

    def gap(self, i: int) -> str:
        """What stands between word i and the next."""
        return self.text[self.ends[i] : self.starts[i + 1]] if i + 1 < len(self.starts) else "\n\n"

    def __len__(self) -> int:
        return len(self.starts)


@lru_cache(maxsize=4096)
def _russian_forms(word: str) -> tuple[str, ...]:
    from detente.registry import inflect_ru

    kind: Literal["adjective", "noun"] = "adjective" if re.search(r"(ый|ий|ой|ая)$", word) else "noun"
    return tuple(dict.fromkeys(flat(form) for form in (word, *inflect_ru(word, kind=kind))))


def starred(phrase: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    """A phrase as alternatives for each of its words; words with a star take Russian endings."""
    yield tuple(
        _russian_forms(word[:-1]) if word.endswith("*") else (flat(word),)
        for word in re.split(r"\s+|(?<=['’])", phrase)
        if word
    )


# Case endings that give another, far commoner word ("после": after).
_NOT_A_FORM = frozenset({"после", "члена"})


class Phrases:
    """Finds phrases of the word lists at a word of a text, the longest first.

    >>> phrases = Phrases({"ministre": "m", "premier ministre": "m"})
    >>> words = Words.of("Le premier ministre", "le premier ministre", "fr")
    >>> phrases.at(words, 1)
    (2, 'm')
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._first: dict[str, list[tuple[tuple[frozenset[str], ...], str]]] = defaultdict(list)
        for phrase, label in phrases.items():
            for parts in starred(phrase):
                rest = tuple(frozenset(p) for p in parts[1:])
                for first in parts[0]:
                    if first in _NOT_A_FORM:
                        continue
                    self._first[first].append((rest, label))
        for found in self._first.values():
            found.sort(key=lambda item: -len(item[0]))

    def at(self, words: Words, i: int) -> tuple[int, str] | None:
        """How many words the phrase at word i has, and its label; None where none starts there."""
        for rest, label in self._first.get(words.flats[i], ()):
            end = i + len(rest)
            if end < len(words) and all(
                words.flats[i + 1 + k] in part and len(words.gap(i + k)) <= 1 for k, part in enumerate(rest)
            ):
                return len(rest) + 1, label
        return None


class Form(NamedTuple):
    """A written form of an entity's name."""

    entity: Entity
    kind: FormKind
    written: str
    weak: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A form found in a text."""

    start: int
    end: int
    forms: tuple[Form, ...]

    @property
    def kind(self) -> FormKind:
        return self.forms[0].kind


_NOBODY = Entity("", "group", ())


class KnownNames:
    """The forms of one language's texts in one automaton."""

    def __init__(self, dossier: Dossier, language: str) -> None:
        from ahocorasick_rs import AhoCorasick

        forms: dict[str, list[Form]] = defaultdict(list)
        for form in self._forms(dossier, language):
            forms[flat(form.written)].append(form)
        followed = {entity.id for entity in dossier.people}

        def order(form: Form) -> tuple[int, bool, bool]:
            return _STRENGTH[form.kind], form.weak, form.entity.id not in followed

        self._patterns = [
            (
                text,
                (found[0],)
                if len(found) == 1
                else tuple(sorted({(f.entity.id, f.kind, f.written): f for f in found}.values(), key=order)),
            )
            for text, found in forms.items()
        ]
        self.surnames = {
            text: surnames
            for text, found in self._patterns
            if (surnames := tuple(form for form in found if form.kind == "surname"))
        }
        self._automaton = AhoCorasick([text for text, _ in self._patterns])

    @staticmethod
    def _forms(dossier: Dossier, language: str) -> Iterator[Form]:
        registry = dossier.registry
        # Latin texts spell people's names in every Latin way; names of states they do not ("Chad", "Turkey").
        personal = ("ru", "en", "fr") if grammar(language).traits.script == "cyrillic" else ("fr", "en")
        for entity in registry.entities.values():
            weak = registry.weak_names(entity.id)
            names = dict(entity.names)
            languages: Iterable[str] = (language,)
            if entity.kind == "person":
                languages = personal
            elif not names.get(language):
                languages = ("en",)
            elif entity.kind == "institution" and grammar(language).traits.script == "latin":
                languages = (language, "en")
            seen = set()
            for name in (name for lang in languages for name in names.get(lang, ())):
                if name in seen or len(name) < 2 or name.rstrip(".") in _SUFFIXES:
                    continue
                seen.add(name)
                kind: FormKind = entity.kind
                if kind == "person" and " " not in name and "." not in name:
                    kind = "surname"
                yield Form(entity, kind, name, name in weak, name in registry.exact)
        for state in registry.states.values():
            for name in dict(state.adjectives).get(language, ()):
                yield Form(state.entity, "people", name, False, name in registry.exact)
            for name in dict(state.prefixes).get(language, ()):
                yield Form(state.entity, "prefix", name)
        if language not in LANGUAGES:
            yield from _from_folder(registry, language)
        for phrase in registry.decoys:
            yield Form(_NOBODY, "decoy", phrase)

    def find(self, text: str, flattened: str) -> list[Hit]:
        """Forms that stand in the text as whole words with the capitals they need, leftmost and longest."""
        found: list[tuple[int, int, tuple[Form, ...]]] = []
        size = len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(flattened, overlapping=True):
            if (start and flattened[start - 1].isalnum()) or (
                end < size and flattened[end].isalnum() and flattened[end - 1] != "-"
            ):
                continue
            written = text[start:end]
            forms = tuple(form for form in self._patterns[index][1] if _capitals_fit(form, written))
            if forms and not (forms[0].kind in ("person", "surname") and _compounded(text, start, end)):
                found.append((start, end, forms))
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        hits, last = [], 0
        for start, end, forms in found:
            if start >= last:
                last = end
                if forms[0].kind != "decoy":
                    hits.append(Hit(start, end - 1 if forms[0].kind == "prefix" else end, forms))
        return hits


def _from_folder(registry: Registry, language: str) -> Iterator[Form]:
    """Names in a language without a column in the registry's own tables: CLDR's, and those of its `registry.toml`."""
    from babel import Locale, UnknownLocaleError

    book = table(language, "registry")
    try:
        territories: Mapping[str, str] = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        territories = {}
    for code, name in territories.items():
        state = registry.states.get(registry.code(code)) if len(code) == 2 else None
        if state is not None:
            yield Form(state.entity, "state", name)
    for alpha3, adjectives in book.get("adjectives", {}).items():
        for one in dict.fromkeys(form for given in adjectives for form in adjective_forms(language, given)):
            yield Form(registry.states[alpha3].entity, "people", one)
    for identifier, names in book.get("entities", {}).items():
        entity = registry.entities.get(identifier)
        if entity is None:
            raise LanguageError(f"languages/{language}/registry.toml: {identifier!r} is no entity of the registry.")
        for name in names:
            kind: FormKind = entity.kind
            yield Form(entity, "surname" if kind == "person" and " " not in name else kind, name)


def _compounded(text: str, start: int, end: int) -> bool:
    """True for "pro-X" and "X-proofed": a word made from a name names nobody."""
    after = text[end : end + 2]
    before = text[max(0, start - 2) : start]
    return (after[:1] == "-" and after[1:].islower()) or (before[1:] == "-" and before[:1].islower())


def _capitals_fit(form: Form, written: str) -> bool:
    name = form.written
    if form.exact:
        return written == name
    if not any(ch.islower() for ch in name):
        return not any(ch.islower() for ch in written)
    if name[0].isupper():
        # Adjectives of French and Russian come in both cases, from the registry or at the start of a sentence.
        return written[0].isupper()
    return True


@dataclass(frozen=True)
class PersonWords:
    """The word lists around persons, for one language."""

    heads: Phrases
    honorific: frozenset[str]
    women: frozenset[str]
    function: frozenset[str]
    says: frozenset[str]
    stop: frozenset[str]
    particle: frozenset[str]
    not_a_person: frozenset[str]
    given: Mapping[str, str]
    modifiers: frozenset[str]
    anaphor: Phrases
    institutions: Phrases
    groups: Phrases
    pronouns: Mapping[str, str]
    impersonal: frozenset[str]
    offices: tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]


@cache
def person_words(language: str) -> PersonWords:
    """The lists of `names.toml` and `roles.toml` that a text in this language needs."""
    names, own, roles = word_list("names"), table(language, "names"), table(language, "roles")
    heads = {head: sex for sex in ("m", "f", "plural") for head in roles.get("heads", {}).get(sex, ())}
    given = {flat(name): "m" for name in names["given"]["m"].split()}
    given |= {flat(name): "f" for name in names["given"]["f"].split()}
    given |= {flat(name): sex for sex in "mf" for name in own.get("given", {}).get(sex, "").split()}
    pronouns = {word: sex for sex in "mf" for word in own.get("pronoun", {}).get(sex, ())}
    institutions = {phrase: kind for kind, phrases in own.get("institution", {}).items() for phrase in phrases}
    return PersonWords(
        heads=Phrases(heads),
        honorific=frozenset(roles.get("honorifics", {}).get("all", ())),
        women=frozenset(roles.get("honorifics", {}).get("women", ())),
        function=frozenset(own.get("function", "").split()),
        says=frozenset(own.get("says", "").split()),
        stop=frozenset(own.get("stop", "").split()),
        particle=frozenset((*names["particle"]["words"], *own.get("particle", "").split())),
        not_a_person=frozenset((*names["not_a_person"]["words"], *own.get("not_a_person", "").split())),
        given=given,
        modifiers=frozenset(roles.get("heads", {}).get("modifiers", ())),
        anaphor=Phrases(dict.fromkeys(roles.get("anaphor", {}).get("heads", ()), "")),
        institutions=Phrases(institutions),
        groups=Phrases(dict.fromkeys(own.get("group", ()), "")),
        pronouns=pronouns,
        impersonal=frozenset(own.get("impersonal", ())),
        offices=tuple(
            (row["key"], re.compile(row["is"]), re.compile(row["unless"]) if row.get("unless") else None)
            for row in roles.get("office", ())
        ),
    )


def ordinary_names() -> frozenset[str]:
    """Surnames that are also words or given names."""
    return frozenset(word_list("names")["ordinary"]["words"])


def office_of(role: str, language: str) -> str:
    """Key of the office that a role names, as the registry has it; empty where it names none.

    >>> office_of("ministre russe des Affaires étrangères", "fr")
    'foreign_minister'
    >>> office_of("deputy foreign minister", "en")
    ''
    """
    lowered = flat(role)
    for key, pattern, unless in person_words(language).offices:
        if pattern.search(lowered) and not (unless and unless.search(lowered)):
            return key
    return ""


def title_side(role: str, language: str) -> str:
    """The state whose office goes by this title alone; empty where several have it.

    >>> title_side("Secretary of State", "en"), title_side("foreign minister", "en")
    ('USA', '')
    """
    lowered = flat(role)
    titles: Mapping[str, str] = table(language, "roles").get("title_of", {})
    return next((state for state, pattern in titles.items() if re.search(pattern, lowered)), "")
