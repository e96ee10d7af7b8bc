"""The registry: who exists, what they are called, and what office they held on a day."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import product
from types import MappingProxyType

from detente.errors import RegistryError
from detente.registry import french
from detente.registry.forms import Forms
from detente.registry.patterns import Patterns, StateWords
from detente.registry.russian import NameKind, Sex
from detente.registry.states import State
from detente.registry.tables import day, one_of, rows, variants
from detente.terms import LANGUAGES, Entity, EntityKind, Role

_STATUS = ("member", "observer", "other", "union")
_Names = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Registry:
    """Entities by id, with the rules for reading their names.

    Attributes:
        states: By alpha-3 code: members and observers of the United Nations, Kosovo and Taiwan.
        entities: By id: the states' own entities, cities, institutions, people and groups.
        weak: Written forms that name an entity only where a stronger form of it (its full name; for a city, its
            country) stands in the same document: a bare "Wang", "Bruce", "Того" or "Nice".
        exact: Written forms that match with exactly these capitals: "US", "ЕС", "Turkey".
        decoys: Phrases that hold a name and mean something else ("Latin America", "mer du Japon"): the longest match
            wins and names nothing.
    """

    states: Mapping[str, State]
    entities: Mapping[str, Entity]
    weak: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    decoys: frozenset[str] = frozenset()
    _codes: Mapping[str, str] = field(default_factory=dict, repr=False)
    _territories: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict, repr=False)
    _countries: Mapping[str, str] = field(default_factory=dict, repr=False)
    _weak_of: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def alpha3(self, code: str) -> str:
        """Give the alpha-3 code for an ISO 3166-1 code of two or three letters, in any case.

        Territories that are no states (HKG, GRL) have codes too.

        Raises:
            RegistryError: No such code.
        """
        found = self._codes.get(code.strip().upper())
        if found is None:
            raise RegistryError(f"{code!r} is no ISO 3166-1 code that the registry knows. Write RUS or RU.")
        return found

    def code(self, code: str) -> str:
        """Give the alpha-3 code for an ISO 3166-1 code; empty where there is none."""
        return self._codes.get(code, "")

    def state_name(self, alpha3: str, language: str) -> str:
        """Name a state, or a territory that has a code, as CLDR does.

        Raises:
            RegistryError: No such state, or a language that is not fr, en or ru.
        """
        if language not in LANGUAGES:
            raise RegistryError(f"no names in {language!r}. Ask for one of {', '.join(LANGUAGES)}.")
        state = self.states.get(alpha3)
        if state is not None:
            return state.entity.name_in(language)
        if alpha3 in self._territories:
            return dict(self._territories[alpha3])[language]
        raise RegistryError(f"{alpha3!r} is no state that the registry knows. Write an alpha-3 code such as RUS.")

    def city_country(self, city: str) -> str:
        """Tell which state a city lies in (alpha-3); empty for a city that the registry does not know."""
        return self._countries.get(city, "")

    def needs_full_name(self, entity: str) -> bool:
        """True where some form of this entity's name, alone, would be too weak a sign."""
        return bool(self._weak_of.get(entity))

    def weak_names(self, entity: str) -> frozenset[str]:
        """Forms of this entity's name that count only beside a stronger one in the same document."""
        return self._weak_of.get(entity, frozenset())

    def holders(self, office: str, alpha3: str, on: date | None) -> tuple[Entity, ...]:
        """Everybody who held an office of a state on a day (None: holds it now), the last to come in first."""
        found = [
            (role.since or date.min, entity)
            for entity in self._by_office.get((office, alpha3), ())
            for role in entity.roles
            if role.office == office and role.side == alpha3 and role.held_on(on)
        ]
        return tuple(dict.fromkeys(entity for _, entity in sorted(found, key=lambda pair: pair[0], reverse=True)))

    def holder(self, office: str, alpha3: str, on: date | None) -> Entity | None:
        """Who held an office of a state on a day; None where the registry does not know.

        Args:
            office: `head_of_state`, `head_of_government`, `foreign_minister`, `defence_minister` …, see
                `data/titles.csv`.
            on: The day; None asks for the present holder. On the day of a handover it is who comes in.
        """
        return next(iter(self.holders(office, alpha3, on)), None)

    def with_entities(self, extra: Iterable[Entity]) -> Registry:
        """Add entities, or merge them into those of the same id.

        What the extra entity says goes first: its names before ours, its roles instead of ours where it has any,
        its side and stands_for where they are not empty. Russian names are taken as nominatives and inflected; a
        person known by given name and surname can be named by the surname alone.

        Raises:
            RegistryError: An extra entity changes the kind of a known one.
        """
        added = tuple(extra)
        if not added:
            return self
        entities = dict(self.entities)
        states = dict(self.states)
        forms = Forms.shipped()
        for one in added:
            one = _spelled_out(one, forms)
            known = entities.get(one.id)
            if known is not None:
                if known.kind != one.kind:
                    raise RegistryError(
                        f"{one.id}: given as {one.kind}, the registry has it as {known.kind}. "
                        "Use another id or that kind."
                    )
                one = replace(
                    one,
                    names=_merged(one.names, known.names),
                    side=one.side or known.side,
                    roles=one.roles or known.roles,
                    stands_for=one.stands_for or known.stands_for,
                )
            entities[one.id] = one
            if one.id in states:
                states[one.id] = replace(states[one.id], entity=one)
        weak_of = _weak_forms(entities.values(), states.values(), self._weak_of)
        return replace(
            self,
            states=MappingProxyType(states),
            entities=MappingProxyType(entities),
            weak=frozenset().union(*weak_of.values()),
            _weak_of=weak_of,
        )

    @property
    def _by_office(self) -> Mapping[tuple[str, str], tuple[Entity, ...]]:
        cached: Mapping[tuple[str, str], tuple[Entity, ...]] | None = self.__dict__.get("_offices")
        if cached is None:
            index: dict[tuple[str, str], list[Entity]] = defaultdict(list)
            for entity in self.entities.values():
                for key in dict.fromkeys((r.office, r.side) for r in entity.roles if r.office):
                    index[key].append(entity)
            cached = {key: tuple(found) for key, found in index.items()}
            self.__dict__["_offices"] = cached
        return cached


_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"})


def _plain(text: str) -> str:
    """Without accents: "Etats-Unis", "Rodriguez", "Store"."""
    if text.isascii():
        return text
    plain = "".join(ch for ch in unicodedata.normalize("NFD", text) if not unicodedata.combining(ch))
    return plain.translate(_LETTERS)


_CAPITAL_ACCENT = re.compile(r"\b[À-Ý]")


def _spellings(names: Iterable[str], language: str, *, foreign: bool = False) -> tuple[str, ...]:
    """Both apostrophes; French capitals without accents ("Etats-Unis"); foreign names without any ("Rodriguez")."""
    out: dict[str, None] = {}
    for name in names:
        out[name] = None
        if "’" in name or "'" in name:
            out[name.replace("’", "'")] = None
            out[name.replace("'", "’")] = None
        if language != "ru" and not name.isascii():
            for one in (name.replace("’", "'"), name.replace("'", "’")):
                every_accent = foreign or language == "en"
                out[_plain(one) if every_accent else _CAPITAL_ACCENT.sub(_plain_match, one)] = None
    return tuple(out)


def _plain_match(match: re.Match[str]) -> str:
    return _plain(match[0])


def _merged(first: _Names, second: _Names) -> _Names:
    one, two = dict(first), dict(second)
    return tuple(
        (lang, tuple(dict.fromkeys((*one.get(lang, ()), *two.get(lang, ()))))) for lang in dict.fromkeys([*one, *two])
    )


def _spelled_out(entity: Entity, forms: Forms) -> Entity:
    names: list[tuple[str, tuple[str, ...]]] = []
    for language, given in entity.names:
        full = list(given)
        if entity.kind == "person" and given and not any(" " not in name for name in given):
            full.append(given[0].split()[-1])
        if language == "ru":
            kind: NameKind = "person" if entity.kind == "person" else "noun"
            full = [form for name in full for form in forms.of(kind, name)]
            # The nominatives stay in front, so that the first is for display.
            full = [*given, *full]
        names.append((language, _spellings(full, language, foreign=entity.kind == "person")))
    return replace(entity, names=tuple(names))


def _cells(row: Mapping[str, str], prefix: str = "") -> dict[str, tuple[str, ...]]:
    return {language: variants(row[prefix + language]) for language in LANGUAGES}


@dataclass
class _Reader:
    """Gathers the tables into one registry."""

    forms: Forms
    states: dict[str, State] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    weak_of: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, where: str, entity: Entity) -> None:
        if entity.id in self.entities:
            raise RegistryError(f"{where}: id {entity.id!r} is taken. Choose another.")
        self.entities[entity.id] = entity

    def names(self, cells: Mapping[str, tuple[str, ...]]) -> _Names:
        out: list[tuple[str, tuple[str, ...]]] = []
        for language in LANGUAGES:
            given: Iterable[str] = cells[language] or (cells["en"] if language == "fr" else ())
            if language == "ru":
                given = list(given)
                given = [*given, *(form for name in given for form in self.forms.of("noun", name))]
            out.append((language, _spellings(given, language)))
        return tuple(out)


_STATE_COLUMNS = ("alpha3", "status", "capital", "article", "en", "fr", "ru")
_PEOPLE_COLUMNS = (
    "alpha3", "adj_en", "people_en", "prefix_en", "adj_fr", "prefix_fr", "adj_ru", "people_ru", "prefix_ru",
)  # fmt: skip
_CITY_COLUMNS = ("id", "country", "stands_for", "en", "fr", "ru")
_INSTITUTION_COLUMNS = ("id", "kind", "side", "stands_for", "pattern", "en", "fr", "ru")
_PERSON_COLUMNS = ("id", "sex", "order", "weak", "en", "fr", "ru")
_TITLE_COLUMNS = ("title", "office", "single", "en", "fr", "fr_f", "ru", "ru_f")
_ROLE_COLUMNS = ("person", "title", "side", "since", "until")


# Codes of CLDR's own that stand for no state or territory of ISO 3166-1.
_NO_PLACE = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def _cldr() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Names by alpha-2 and language, and alpha-2 by alpha-3, both from CLDR."""
    from babel import Locale
    from babel.core import get_global

    locales: dict[str, Mapping[str, str]] = {language: Locale(language).territories for language in LANGUAGES}
    names: dict[str, dict[str, str]] = {
        code: {str(language): locales[language][code] for language in LANGUAGES}
        for code in locales["en"]
        if len(code) == 2 and all(code in locales[language] for language in LANGUAGES)
    }
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    alpha2 = {
        code: others[0]
        for code, others in aliases.items()
        if len(code) == 3 and code.isalpha() and len(others) == 1 and others[0] in names.keys() - _NO_PLACE
    }
    # CLDR writes Kosovo XKK; the codes in use are the World Bank's and the Union's XKX.
    alpha2["XKX"] = "XK"
    alpha2["EUR"] = "EU"  # the European Union, as PLOVER writes it: a party among states
    return names, alpha2


def _people(reader: _Reader) -> dict[str, dict[str, tuple[tuple[str, tuple[str, ...]], ...]]]:
    out: dict[str, dict[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {}
    for _, row in rows("peoples.csv", _PEOPLE_COLUMNS):
        fr = [form for given in variants(row["adj_fr"]) for form in french.adjective_forms(given)]
        capitals = [form[0].upper() + form[1:] for form in fr]
        ru = [form for given in variants(row["adj_ru"]) for form in reader.forms.of("adjective", given)]
        ru += [form for given in variants(row["people_ru"]) for form in reader.forms.of("people", given)]
        en = (*variants(row["adj_en"]), *variants(row["people_en"]))
        adjectives = (
            ("fr", tuple(dict.fromkeys((*fr, *_capital_accents(capitals))))),
            ("en", tuple(dict.fromkeys(en))),
            ("ru", tuple(dict.fromkeys(ru))),
        )
        prefixes = tuple((lang, variants(row[f"prefix_{lang}"])) for lang in LANGUAGES)
        out[row["alpha3"]] = {"adjectives": adjectives, "prefixes": prefixes}
    return out


def _capital_accents(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word
        yield _plain(word[0]) + word[1:]


def _read_states(reader: _Reader) -> tuple[dict[str, str], dict[str, tuple[tuple[str, str], ...]]]:
    names, alpha2 = _cldr()
    people = _people(reader)
    for where, row in rows("states.csv", _STATE_COLUMNS):
        code = row["alpha3"]
        if code not in alpha2:
            raise RegistryError(f"{where}: {code!r} is no code that CLDR knows. Write an alpha-3 code.")
        cells: dict[str, tuple[str, ...]] = {}
        for language in LANGUAGES:
            given = variants(row[language])
            cldr = names[alpha2[code]][language]
            # A leading ! replaces CLDR's name, where it is no name that a text would use: "Congo - Kinshasa".
            if given and given[0].startswith("!"):
                cells[language] = (given[0][1:], *given[1:])
            else:
                cells[language] = (cldr, *given)
        entity = Entity(code, "state", reader.names(cells), side=code, stands_for=code)
        reader.add(where, entity)
        forms = people.get(code, {})
        # "New Zealand", "Vatican": where adjective and noun are one word, it is the noun.
        own = {language: frozenset(given) for language, given in entity.names}
        adjectives = tuple(
            (lang, tuple(f for f in given if f not in own[lang]) or given)
            for lang, given in forms.get("adjectives", ())
        )
        reader.states[code] = State(
            code, alpha2[code], entity, row["capital"],
            adjectives, forms.get("prefixes", ()),
            row["article"].replace("_", " "), one_of(where, row["status"], _STATUS, "status"),
        )  # fmt: skip
    current = {state.alpha2: code for code, state in reader.states.items()}
    # CLDR still knows DDR and ZAR: a state has one code, today's.
    alpha3 = {code: two for code, two in alpha2.items() if current.get(two, code) == code}
    codes = {code: code for code in alpha3} | {two: code for code, two in alpha3.items()} | {"XKK": "XKX"}
    territories = {code: tuple(names[two].items()) for code, two in alpha3.items()}
    return codes, territories


def _read_cities(reader: _Reader) -> None:
    for where, row in rows("cities.csv", _CITY_COLUMNS):
        country, stands_for = row["country"], row["stands_for"]
        if country:  # empty where two states claim the place
            one_of(where, country, reader.states, "country")
        if stands_for:
            one_of(where, stands_for, reader.states, "stands_for")
        entity = Entity(row["id"], "city", reader.names(_cells(row)), side=stands_for, stands_for=stands_for)
        reader.add(where, entity)
        reader.countries[row["id"]] = country
    for state in reader.states.values():
        if state.status != "union" and reader.countries.get(state.capital) != state.alpha3:
            raise RegistryError(
                f"states.csv, {state.alpha3}: capital {state.capital!r} is no city of it in cities.csv. Add it."
            )


def _read_institutions(reader: _Reader) -> None:
    patterns = Patterns.read(reader.forms)
    named: dict[tuple[str, str], str] = {}
    for where, row in rows("institutions.csv", _INSTITUTION_COLUMNS):
        kind: EntityKind = (
            "group" if one_of(where, row["kind"], ("institution", "group"), "kind") == "group" else "institution"
        )
        for column in ("side", "stands_for"):
            if row[column]:
                one_of(where, row[column], reader.states, column)
        if row["pattern"]:
            named[one_of(where, row["pattern"], patterns.plain, "pattern"), row["side"]] = row["id"]
        names = reader.names(_cells(row))
        reader.add(where, Entity(row["id"], kind, names, side=row["side"], stands_for=row["stands_for"]))
    _write_out_patterns(reader, patterns, named)


def _write_out_patterns(reader: _Reader, patterns: Patterns, named: Mapping[tuple[str, str], str]) -> None:
    """Give every state its ministry, embassy, government and the rest.

    An institution with a name of its own (Pentagon) takes the forms of its pattern; a form that some other institution
    already has stays with it.
    """
    taken = {
        (language, name): identity
        for identity, entity in reader.entities.items()
        if entity.kind == "institution"
        for language, names in entity.names
        for name in names
    }
    peoples = {row["alpha3"]: row for _, row in rows("peoples.csv", _PEOPLE_COLUMNS)}
    for code, state in reader.states.items():
        for key, filled in patterns.fill(_words(state, peoples[code]), reader.forms):
            identity = named.get((key, code), f"{key}-{code.lower()}")
            names = tuple(
                (
                    language,
                    tuple(f for f in _spellings(given, language) if taken.get((language, f), identity) == identity),
                )
                for language, given in filled.items()
            )
            known = reader.entities.get(identity)
            if known is not None:
                reader.entities[identity] = replace(known, names=_merged(known.names, names))
            else:
                reader.entities[identity] = Entity(identity, "institution", names, side=code, stands_for=code)


def _words(state: State, peoples: Mapping[str, str]) -> StateWords:
    names = {
        language: (given[0], *(n for n in given[1:] if n.isupper() and n.replace(".", "").isalpha()))
        for language, given in state.entity.names
        if given
    }
    adjectives = {str(language): variants(peoples[f"adj_{language}"])[0] for language in LANGUAGES}
    return StateWords(names, adjectives, state.article)


_MIDDLE = re.compile(r"\s+")
_SUFFIX = re.compile(r",?\s+(?:Jr|Sr|II|III|IV)\.?$")


def person_names(cell: str, *, family_first: bool) -> tuple[list[str], list[str]]:
    """Write out a person's cell: full names, and surnames that can stand alone.

    Words are separated by spaces, variants of one word by `/`, words that belong together by `_`; whole further names
    follow a `|`. What stands between the first and the last word may be left out in a text.

    >>> person_names("Sergey/Sergei V. Lavrov", family_first=False)
    (['Sergey Lavrov', 'Sergei Lavrov', 'Sergey V. Lavrov', 'Sergei V. Lavrov'], ['Lavrov'])
    >>> person_names("Xi Jinping", family_first=True)
    (['Xi Jinping'], ['Xi'])
    """
    full: list[str] = []
    alone: list[str] = []
    for variant in variants(cell):
        # "Marcos Jr." can be named Marcos, never Jr.
        name = _SUFFIX.sub("", variant)
        if name != variant:
            full.append(variant)
        words = [[v.replace("_", " ") for v in word.split("/")] for word in _MIDDLE.split(name)]
        if len(words) == 1:
            alone += words[0]
            continue
        if family_first:
            full += [" ".join(row) for row in product(*words)]
            alone += words[0]
        else:
            full += [" ".join(row) for row in product(words[0], words[-1])]
            if len(words) > 2:
                full += [" ".join(row) for row in product(*words)]
            alone += words[-1]
    return list(dict.fromkeys(full)), list(dict.fromkeys(alone))


def _read_people(reader: _Reader) -> None:
    titles = {row["title"]: row for _, row in rows("titles.csv", _TITLE_COLUMNS)}
    roles: dict[str, list[Role]] = defaultdict(list)
    sexes: dict[str, str] = {}
    people = list(rows("people.csv", _PERSON_COLUMNS))
    for where, row in people:
        if row["id"] in sexes:
            raise RegistryError(f"{where}: id {row['id']!r} is taken. Choose another.")
        sexes[row["id"]] = one_of(where, row["sex"], ("f", "m"), "sex")
    for where, row in rows("roles.csv", _ROLE_COLUMNS):
        person = one_of(where, row["person"], sexes, "person")
        title = titles[one_of(where, row["title"], titles, "title")]
        side = row["side"]
        if side:
            one_of(where, side, reader.states, "side")
        since, until = day(where, row["since"]), day(where, row["until"], last=True)
        if since and until and until < since:
            raise RegistryError(f"{where}: until {until} lies before since {since}. Swap the two days.")
        woman = sexes[person] == "f"
        words = (
            ("fr", (title["fr_f"] if woman else "") or title["fr"]),
            ("en", title["en"]),
            ("ru", (title["ru_f"] if woman else "") or title["ru"]),
        )
        roles[person].append(Role(words, side, since, until, title["office"]))
    for where, row in people:
        reader.add(where, _person(reader, row, tuple(roles[row["id"]])))
        if row["weak"] == "yes":
            alone = {form for _, names in reader.entities[row["id"]].names for form in names if " " not in form}
            reader.weak_of[row["id"]] = frozenset(alone)


def _person(reader: _Reader, row: Mapping[str, str], roles: tuple[Role, ...]) -> Entity:
    family_first = row["order"] == "family"
    sex: Sex = "f" if row["sex"] == "f" else "m"
    names: list[tuple[str, tuple[str, ...]]] = []
    for language in LANGUAGES:
        cell = row[language] or (row["en"] if language == "fr" else "")
        full, alone = person_names(cell, family_first=family_first)
        forms = [*full, *alone]
        if language == "ru":
            forms += [f for name in full for f in reader.forms.of("person", name, sex=sex, family_first=family_first)]
            for name in alone:
                if not family_first or len(full) == 0:
                    forms += reader.forms.of("person", name, sex=sex)
            forms += _initials(full, alone, reader.forms, sex) if not family_first else []
        names.append((language, _spellings(forms, language, foreign=True)))
    return Entity(row["id"], "person", tuple(names), roles=roles)


def _initials(full: Iterable[str], alone: Iterable[str], forms: Forms, sex: Sex) -> list[str]:
    """ "С. Лавров", "С.Лавров", "С. В. Лавров", "С.В. Лавров", as protocols and headlines write them."""
    out: list[str] = []
    surnames = [form for name in alone for form in forms.of("person", name, sex=sex)]
    initials: dict[str, None] = {}
    for name in full:
        words = name.split()[:-1]
        letters = [w[0] + "." for w in words if w[0].isupper()]
        if len(letters) == len(words) and len(letters) <= 2:
            initials["".join(letters)] = None
            initials[" ".join(letters)] = None
    for first in initials:
        gaps = (" ",) if " " in first else ("", " ")
        out += [f"{first}{gap}{surname}" for surname in surnames for gap in gaps]
    return out


def _weak_forms(
    entities: Collection[Entity], states: Iterable[State], known: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Add to those marked in the tables: surnames that two people share, or that also name something else.

    Montenegro is a prime minister too, and Turk, without its dots, a high commissioner.
    """
    others = {
        name for e in entities if e.kind != "person" for _, names in e.names for name in names if " " not in name
    } | {form for state in states for _, given in state.adjectives for form in given}
    owners: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        if entity.kind == "person":
            for _, names in entity.names:
                for name in names:
                    if " " not in name:
                        owners[name].add(entity.id)
    out: dict[str, set[str]] = defaultdict(set)
    for identity, forms in known.items():
        out[identity] |= forms
    for name, ids in owners.items():
        if len(ids) > 1 or name in others:
            for identity in ids:
                out[identity].add(name)
    return {identity: frozenset(forms) for identity, forms in out.items()}


def _exact(entities: Iterable[Entity]) -> frozenset[str]:
    """Abbreviations and one-word names: "US" is not "us", "Куба" not "куба"."""
    return frozenset(
        name
        for entity in entities
        for _, names in entity.names
        for name in names
        if " " not in name and (name.upper() == name or len(name) <= 5)
    )


@lru_cache(maxsize=1)
def load() -> Registry:
    """Read the shipped tables, once.

    Raises:
        RegistryError: A table is broken; the message names the line.
    """
    return assemble(Forms.shipped())


def assemble(forms: Forms) -> Registry:
    """Put the tables together, with Russian forms from this source."""
    reader = _Reader(forms)
    codes, territories = _read_states(reader)
    _read_cities(reader)
    _read_institutions(reader)
    _read_people(reader)
    for where, row in rows("weak.csv", ("entity", "form")):
        one_of(where, row["entity"], reader.entities, "entity")
        known = reader.weak_of.get(row["entity"], frozenset())
        reader.weak_of[row["entity"]] = known | _weak_spellings(where, reader, row["entity"], row["form"])
    decoys = [form for _, row in rows("decoys.csv", ("language", "phrase")) for form in _decoy(reader, row)]
    weak_of = _weak_forms(reader.entities.values(), reader.states.values(), reader.weak_of)
    return Registry(
        states=MappingProxyType(reader.states),
        entities=MappingProxyType(reader.entities),
        weak=frozenset().union(*weak_of.values()),
        exact=_exact(reader.entities.values()),
        decoys=frozenset(decoys),
        _codes=codes,
        _territories=territories,
        _countries=reader.countries,
        _weak_of=weak_of,
    )


def _weak_spellings(where: str, reader: _Reader, entity: str, form: str) -> frozenset[str]:
    """A weak form with its cases and spellings, as far as the entity has them."""
    names = reader.entities[entity].names
    if not any(form in given for _, given in names):
        raise RegistryError(f"{where}: {entity} is never called {form!r}. Copy the form from its table.")
    every = {form, *_spellings((form,), "en"), *_spellings((form,), "fr")}
    if re.search("[А-яЁё]", form):
        every |= set(reader.forms.of("noun", form))
    return frozenset(one for one in every if any(one in given for _, given in names))


def _decoy(reader: _Reader, row: Mapping[str, str]) -> tuple[str, ...]:
    if row["language"] == "ru":
        return reader.forms.of("noun", row["phrase"])
    return _spellings((row["phrase"],), row["language"])
