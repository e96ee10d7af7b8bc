"""Who is named in a text: states and their peoples, bodies, cities, persons known and unknown, and words for them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from detente.coding.names_lexicon import (
    Form,
    Hit,
    KnownNames,
    PersonWords,
    Words,
    flat,
    office_of,
    ordinary_names,
    person_words,
    title_side,
    word_list,
)
from detente.coding.names_sides import Around, Sided
from detente.coding.names_titles import Title, Titles
from detente.coding.passages import Mention
from detente.coding.statements_lexicon import publisher_of
from detente.dossier import Dossier
from detente.languages import codes, grammar, table
from detente.registry import Registry
from detente.terms import Document, Entity, PersonMention, Span

_NEAR_SENTENCES = 4


@lru_cache(maxsize=20000)
def folded_name(name: str) -> str:
    """A Latin name as it sounds, so that ways of spelling it fall together.

    >>> folded_name("Alexandre Dartchiev") == folded_name("Aleksandr Darchiev")
    True
    """
    plain = "".join(ch for ch in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(ch))
    for written, heard in (
        ("tch", "ch"), ("dj", "j"), ("ou", "u"), ("kh", "h"), ("x", "ks"), ("w", "v"), ("gue", "ge"), ("gui", "gi"),
        ("sch", "sh"), ("ph", "f"), ("yi", "i"), ("iy", "i"), ("y", "i"), ("ck", "k"), ("c", "k"), ("kh", "ch"),
    ):  # fmt: skip
        plain = plain.replace(written, heard)
    plain = re.sub(r"ff\b", "v", plain)
    plain = re.sub(r"e\b|h\b", "", plain)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    return re.sub(r"er\b", "r", plain)


@dataclass
class _Person:
    """Someone named so far in this document."""

    entity: Entity | None
    name: str
    side: str
    role: str
    sex: str
    surname: str
    offices: frozenset[str] = frozenset()


def _without_office(entity: Entity | None) -> bool:
    """Someone whom the registry knows for no office at all ("the teacher X"): no envoy, no diplomat."""
    return entity is not None and bool(entity.roles) and not any(role.office for role in entity.roles)


@dataclass
class _Found:
    """A person's name in the text, before it becomes a mention."""

    first: int
    last: int
    person: _Person
    outer: int
    stop: int
    role: str
    title: str = ""
    plural: bool = False

    def beside(self) -> Sided:
        return Sided(self.first, self.last, self.outer, self.stop, self.title, self.plural, self.person.side)


@dataclass(frozen=True)
class _Named:
    """A person as named at one place, for words that point back.

    Attributes:
        object: After a preposition, so less likely to be meant by a pronoun.
        nested: Inside the title of someone else.
        last: Number of the last word of the phrase.
    """

    person: _Person
    role: str
    sentence: int
    object: bool
    nested: bool
    last: int


_SIGNATURE = 60
"""Characters of a line that may be a name in capitals."""
_SIGNED = range(2, 6)
"""Words of such a line, initials among them."""
_FULL_NAME = 2
"""Words of a given name and a family name."""

_Made = tuple[dict[str, KnownNames], dict[str, Mapping[str, list[tuple[str, str, Entity]]]]]
_SHARED: dict[int, tuple[Registry, _Made]] = {}


def _shared(registry: Registry) -> _Made:
    """Tables by language or script that names of one registry share, whatever the dossier; of the last asked for."""
    kept = _SHARED.get(id(registry))
    if kept is None:
        _SHARED.clear()
        kept = _SHARED[id(registry)] = (registry, ({}, {}))
    return kept[1]


class Names:
    """Finds who is named, for one dossier.

    Example:
        >>> from datetime import UTC, date, datetime
        >>> from detente.documents import split
        >>> from detente.dossier import starter
        >>> from detente.terms import Dyad
        >>> text = "La porte-parole du ministère, Anna Durand, a salué la visite du ministre russe."
        >>> document = Document("d", text, "fr", date(2025, 4, 9), "given", datetime(2025, 4, 9, tzinfo=UTC))
        >>> names = Names(starter(Dyad("RUS", "USA"), date(2025, 1, 1)))
        >>> [(m.text, m.role) for m in names.find(document, split(text, "fr")) if m.kind == "person"]
        [('Anna Durand', 'porte-parole du ministère')]
    """

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._known: dict[str, KnownNames] = {}
        self._sounds: dict[str, Mapping[str, list[tuple[str, str, Entity]]]] = {}
        if not dossier.people:
            # Dossiers that add nobody read the same registry: what is made of it is made once.
            self._known, self._sounds = _shared(dossier.registry)

    def find(self, document: Document, sentences: Sequence[Span]) -> tuple[Mention, ...]:
        """Mentions in text order; spans never overlap, but a mention may lie inside another's `whole`.

        Persons that the registry does not know are given with `entity` None: candidates. Where several stand for both
        sides of the dyad ("les deux parties"), `side` holds both codes joined by "+".

        Args:
            sentences: Spans in text order; nothing is looked for outside them.
        """
        if document.language not in codes() or not sentences:
            return ()
        return _Search(self, self._dossier, document, sentences).run()

    def persons(self, document: Document, mentions: Sequence[Mention]) -> tuple[PersonMention, ...]:
        """The persons named among the mentions; words that only point at them are left out."""
        return tuple(
            PersonMention(
                evidence=document.quote(m.span.start, m.span.end),
                name=m.name,
                entity=m.entity.id if m.entity else "",
                role=m.role,
                side=m.side,
            )
            for m in mentions
            if m.kind == "person"
        )

    def known(self, language: str) -> KnownNames:
        if language not in self._known:
            self._known[language] = KnownNames(self._dossier, language)
        return self._known[language]

    def sounds_like(self, name: str, language: str) -> Entity | None:
        """The one person whose known name is another spelling of this one."""
        from rapidfuzz import fuzz

        script = grammar(language).traits.script
        if script not in self._sounds:
            self._sounds[script] = self._by_sound(script)
        given, _, surname = folded_name(name).rpartition(" ")
        given = given.split(" ")[0]
        found: dict[str, Entity] = {}
        for own_given, own_surname, entity in self._sounds[script].get(surname[:1], ()):
            # 90 keeps Witkoff/Vitkov apart from Wittkopf; given names vary more (Alexander, Alexandre).
            if fuzz.ratio(own_surname, surname) >= 90 and fuzz.ratio(own_given, given) >= 75:
                found[entity.id] = entity
        return next(iter(found.values())) if len(found) == 1 else None

    def _by_sound(self, script: str) -> Mapping[str, list[tuple[str, str, Entity]]]:
        """Given name, surname and person, by the first sound of the surname."""
        out: dict[str, list[tuple[str, str, Entity]]] = defaultdict(list)
        for entity in self._dossier.registry.entities.values():
            if entity.kind != "person":
                continue
            names = dict(entity.names)
            for sound in {
                folded_name(one)
                for key in (("ru",) if script == "cyrillic" else ("en", "fr"))
                for one in names.get(key, ())
                if one.count(" ") == 1 and "." not in one
            }:
                given, _, surname = sound.rpartition(" ")
                out[surname[:1]].append((given, surname, entity))
        return out


@dataclass
class _Cover:
    """A non-personal mention over words first to last."""

    kind: str
    side: str
    mention: Mention


@dataclass
class _Search:
    """One document's search."""

    names: Names
    dossier: Dossier
    document: Document
    sentences: Sequence[Span]
    covers: dict[int, _Cover] = field(default_factory=dict)
    people: list[_Found] = field(default_factory=list)
    known: dict[str, _Person] = field(default_factory=dict)

    def run(self) -> tuple[Mention, ...]:
        self.language = self.document.language
        self.text = self._signed(self.document.text)
        self.day: date | None = self.document.published
        self.lists: PersonWords = person_words(self.language)
        self.grammar = grammar(self.language)
        self.traits = self.grammar.traits
        flattened = flat(self.text)
        self.words = Words.of(self.text, flattened, self.language)
        self.sentence_of = self._sentence_numbers()
        hits = [hit for hit in self.names.known(self.language).find(self.text, flattened) if self._inside(hit)]
        self.at_start = {start: i for i, start in enumerate(self.words.starts)}
        self.mentions: list[Mention] = []
        personal: list[tuple[int, int, Hit]] = []
        for hit in hits:
            first, last = self._word_range(hit.start, hit.end)
            if hit.kind in ("person", "surname"):
                personal.append((first, last, hit))
            else:
                self._cover(first, last, hit)
                if hit.kind == "institution" and last > first:
                    personal.extend(self._named_inside(first, last))
        self._bodies()
        self.heads = {
            i: found
            for i in range(len(self.words))
            if self.sentence_of[i] >= 0 and (found := self.lists.heads.at(self.words, i))
        }
        self._drop_inner_heads()
        self.head_words = frozenset(k for i, (size, _) in self.heads.items() for k in range(i, i + size))
        self._persons(personal)
        self._point_back()
        self.mentions.sort(key=lambda m: (m.span.start, m.span.end))
        return tuple(self.mentions)

    def _signed(self, text: str) -> str:
        """The text with names of known people that stand alone on a line in capitals ("DONALD J. TRUMP") in small ones.

        As long as before, so that places hold.
        """
        lines = text.split("\n")
        junior = word_list("names")["junior"]["words"]
        for i, line in enumerate(lines):
            words = line.replace(".", " ").replace(",", " ").split() if len(line) < _SIGNATURE else []
            if not line.isupper() or len(words) not in _SIGNED:
                continue
            names = [word for word in words if len(word) > 1 and word.lower() not in junior]
            titled = line.title()
            known = len(names) > 1 and self.names.sounds_like(f"{names[0]} {names[-1]}".title(), self.language)
            if known and len(titled) == len(line):
                lines[i] = titled
        return "\n".join(lines)

    # Where things stand

    def _sentence_numbers(self) -> list[int]:
        starts = [span.start for span in self.sentences]
        numbers = []
        for start, end in zip(self.words.starts, self.words.ends, strict=True):
            i = bisect_right(starts, start) - 1
            numbers.append(i if i >= 0 and end <= self.sentences[i].end else -1)
        return numbers

    def _inside(self, hit: Hit) -> bool:
        first, last = self._word_range(hit.start, hit.end)
        return self.sentence_of[first] >= 0 and self.sentence_of[first] == self.sentence_of[last]

    def _word_range(self, start: int, end: int) -> tuple[int, int]:
        first = max(0, bisect_right(self.words.starts, start) - 1)
        last = max(first, bisect_right(self.words.starts, end - 1) - 1)
        return first, last

    def _drop_inner_heads(self) -> None:
        """A head inside a longer one ("minister" in "prime minister") is no head of its own."""
        covered = -1
        for i in sorted(self.heads):
            size = self.heads[i][0]
            if i <= covered or self._in_body(i):
                del self.heads[i]
            else:
                covered = i + size - 1

    def _in_body(self, i: int) -> bool:
        cover = self.covers.get(i)
        return cover is not None and cover.kind == "institution"

    # States, cities, bodies, groups

    def _named_inside(self, first: int, last: int) -> Iterator[tuple[int, int, Hit]]:
        """The person in "the … administration": named, though the body acts; its mention gives up those words."""
        w = self.words
        for k in (first, last):
            forms = self.names.known(self.language).surnames.get(w.flats[k], ())
            cover = self.covers.get(k)
            if not forms or not w.capital[k] or cover is None:
                continue
            mention = cover.mention
            own = Span(w.starts[first + 1], w.ends[last]) if k == first else Span(w.starts[first], w.ends[last - 1])
            short = replace(mention, span=own, text=self.text[own.start : own.end], whole=mention.span)
            self.mentions = [short if m is mention else m for m in self.mentions]
            for other in range(first, last + 1):
                self.covers[other] = _Cover(cover.kind, cover.side, short)
            del self.covers[k]
            yield k, k, Hit(w.starts[k], w.ends[k], forms)
            return

    def _cover(self, first: int, last: int, hit: Hit) -> None:
        form = hit.forms[0]
        entity = form.entity
        side = entity.stands_for or entity.side
        kind = "people" if form.kind == "prefix" else form.kind
        mention = Mention(
            span=Span(hit.start, hit.end),
            text=self.text[hit.start : hit.end],
            kind=kind,  # type: ignore[arg-type]
            entity=entity,
            name=entity.name_in(self.language),
            side=side,
        )
        self._put(first, last, kind, side, mention)

    def _put(self, first: int, last: int, kind: str, side: str, mention: Mention) -> None:
        inner = {
            id(self.covers[k].mention)
            for k in range(first, last + 1)
            if k in self.covers and self.covers[k].mention.span.overlaps(mention.span)
        }
        if inner:
            self.mentions = [m for m in self.mentions if id(m) not in inner]
        cover = _Cover(kind, side, mention)
        for k in range(first, last + 1):
            self.covers[k] = cover
        self.mentions.append(mention)

    def _bodies(self) -> None:
        """Ministries, embassies, delegations and groups that the registry does not list, with the state beside them."""
        w = self.words
        seen: dict[str, str] = {}
        home = table(self.language, "names").get("home", "")
        i = 0
        while i < len(w):
            if self.sentence_of[i] < 0:
                i += 1
                continue
            group = self.lists.groups.at(w, i)
            if group:
                if not self._in_body(i):
                    # "с российской стороны" is one party, "стороны" both.
                    self._group(i, i + group[0] - 1)
                i += group[0]
                continue
            found = self.lists.institutions.at(w, i)
            if not found or any(self._in_body(k) for k in range(i, i + found[0])):
                cover = self.covers.get(i)
                if cover is not None and cover.kind == "institution" and cover.side and found:
                    seen[found[1]] = cover.side
                i += 1
                continue
            size, kind = found
            first, last = i, i + size - 1
            beside = self._state_beside(first, last)
            side = ""
            if beside:
                first, last, side = beside
                seen[kind] = side
            elif kind in seen and self._definite(first):
                side = seen[kind]
            elif kind == "foreign_ministry" and home in self.dossier.dyad.sides:
                # "МИД" alone, in a text for readers at home, is the home ministry.
                side = home
            if side:
                self._body(first, last, kind, side)
            i = last + 1 if side else i + size

    def _definite(self, i: int) -> bool:
        if not self.grammar.words("articles"):
            return True
        definite = self.grammar.words("definite") | self.grammar.words("contracted")
        return i > 0 and self.words.flats[i - 1] in definite

    def _state_beside(self, first: int, last: int) -> tuple[int, int, str] | None:
        w = self.words
        before = self.covers.get(first - 1) if first and w.gap(first - 1) in (" ", "'s ", "’s ", "\n") else None
        if (
            before is not None
            and before.side
            and before.kind in ("people", "state", "city")
            and not self.traits.adjectives_follow
        ):
            begin = first - 1
            while begin and self.covers.get(begin - 1) is before:
                begin -= 1
            if self.traits.head_last or before.kind == "people":
                return begin, last, before.side
        k = last + 1
        steps = 0
        while k < len(w) and w.flats[k] in self.grammar.words("body_links") and steps < 3 and w.gap(k - 1) in (" ", ""):
            k += 1
            steps += 1
        after = self.covers.get(k) if k < len(w) and w.gap(k - 1) in (" ", "") else None
        if after is None or not after.side or self.sentence_of[k] != self.sentence_of[last]:
            return None
        linked = k > last + 1
        fits = (
            (self.traits.adjectives_follow and after.kind == "people" and not linked)
            or (self.traits.head_last and after.kind == "city" and linked)
            or (after.kind == "state" and linked != self.traits.inflected)
        )
        if not fits:
            return None
        while self.covers.get(k + 1) is after:
            k += 1
        return first, k, after.side

    def _body(self, first: int, last: int, kind: str, side: str) -> None:
        entities = self.dossier.registry.entities
        prefix = {"foreign_ministry": "mfa", "embassy": "embassy"}.get(kind, kind)
        entity = entities.get(f"{prefix}-{side.lower()}")
        start, end = self.words.starts[first], self.words.ends[last]
        written = " ".join(self.text[start:end].split())
        mention = Mention(
            span=Span(start, end),
            text=self.text[start:end],
            kind="institution",
            entity=entity,
            name=entity.name_in(self.language) if entity else written,
            side=side,
        )
        self._put(first, last, "institution", side, mention)

    def _group(self, first: int, last: int) -> None:
        start, end = self.words.starts[first], self.words.ends[last]
        written = self.text[start:end]
        named = {cover.side for cover in self.covers.values()}
        both = self.dossier.dyad.sides
        self._put(
            first,
            last,
            "group",
            "",
            Mention(
                span=Span(start, end),
                text=written,
                kind="group",
                entity=None,
                name=written,
                side="+".join(both) if named.issuperset(both) else "",
            ),
        )

    # Persons

    def _persons(self, personal: Sequence[tuple[int, int, Hit]]) -> None:
        """Read the capitalised runs of the text in order; whoever was named in full can be named by surname after."""
        self.hit_at = {first: (last, hit) for first, last, hit in personal}
        self.strong = {
            form.entity.id for _, _, hit in personal if hit.kind == "person" for form in hit.forms if not form.weak
        }
        self.name_words = frozenset(k for first, last, _ in personal for k in range(first, last + 1))
        runs = list(self._runs())
        # Names of persons not known yet are name words too, as far as one can tell before reading titles.
        self.titles = Titles(
            self.words,
            self.lists,
            self.language,
            self.heads,
            self.name_words,
            {k: cover.kind for k, cover in self.covers.items()},
        )
        for first, last in runs:
            self._read_cards(first, last)
        self._sides_from_others()
        for found in self.people:
            self.mentions.append(self._mention(found))

    def _runs(self) -> list[tuple[int, int]]:
        w = self.words
        runs = []
        i = 0
        while i < len(w):
            if not w.capital[i] or i in self.covers or self.sentence_of[i] < 0:
                i += 1
                continue
            j = i
            while j + 1 < len(w) and self.sentence_of[j + 1] == self.sentence_of[i] and self._joined(j):
                if (w.capital[j + 1] or self._particled(j + 1)) and j + 1 not in self.covers:
                    j += 1
                elif (
                    w.flats[j + 1] in self.lists.particle
                    and j + 2 < len(w)
                    and w.capital[j + 2]
                    and j + 2 not in self.covers
                    and w.gap(j + 1) in (" ", "-")
                    and w.flats[j + 1] not in self.grammar.words("not_particles")
                ):
                    j += 2
                else:
                    break
            runs.append((i, j))
            i = j + 1
        return runs

    def _particled(self, k: int) -> bool:
        """ "al-Hamami": a name with its particle in front."""
        particle, _, rest = self.text[self.words.starts[k] : self.words.ends[k]].partition("-")
        return rest[:1].isupper() and particle in self.lists.particle

    def _joined(self, j: int) -> bool:
        gap = self.words.gap(j)
        initial = self.words.ends[j] - self.words.starts[j] == 1 or self.words.flats[j] in self.lists.honorific
        return gap in (" ", "\u00a0", "\u202f", "\n") or (initial and re.fullmatch(r"\.\s{0,2}", gap) is not None)

    def _read_cards(self, first: int, last: int) -> None:
        """Read a run of capitals; the card that a page puts behind a name, surname first, is another mention of it.

        «Юрий Ушаков Ушаков Юрий Викторович помощник Президента».
        """
        w = self.words
        for k in range(first + 2, last):
            surname = self.text[w.starts[k] : w.ends[k]]
            key = self._key(surname)
            if key != self._key(self.text[w.starts[k - 1] : w.ends[k - 1]]):
                continue
            self._read_run(first, k - 1)
            person = self.known.get(key)
            if person is None:
                self._read_run(k, last)
                return
            end = k + 1
            if end < last and self.grammar.traits.inflected and self._patronymic(end + 1):
                end += 1
            self._accept(k, end, person.entity, "", person)
            if end < last:
                self._read_run(end + 1, last)
            return
        self._read_run(first, last)

    def _patronymic(self, i: int) -> bool:
        from detente.coding.names_russian import is_patronymic

        return is_patronymic(self.text[self.words.starts[i] : self.words.ends[i]])

    def _read_run(self, first: int, last: int) -> None:
        w = self.words
        begin, honorific = self._strip(first, last)
        k = begin
        start = begin
        while k <= last:
            at = self.hit_at.get(k)
            if at is None:
                k += 1
                continue
            stop, hit = at
            # Before another family name a given name is one: "Paul Deng".
            before = self.hit_at.get(stop + 1)
            given = before is not None and before[1].kind == "surname" and self._given(self.text[hit.start : hit.end])
            follows = hit.kind == "surname" and stop < last and (before is None or given)
            if follows and self._candidate(k, last, honorific if start == begin else ""):
                # Family names also stand first, and are given names elsewhere: "He Yan" is no He Lifeng.
                return
            if stop < last and w.flats[stop + 1] in word_list("names")["son_of"]["words"] and not w.capital[stop + 1]:
                stop = last  # "Salman bin Abdulaziz al-Saud"
            self._known_person(
                start, k, stop if hit.kind == "person" else min(stop, last), hit, honorific if start == begin else ""
            )
            k = stop + 1
            start = k
        if start <= last and start >= begin:
            self._candidate(start, last, honorific if start == begin else "")

    def _strip(self, first: int, last: int) -> tuple[int, str]:
        """Where the name begins in a run, once titles and small words before it are left out; and its honorific."""
        w = self.words
        begin = first
        for k in range(first, last):
            if k in self.head_words and k not in self.hit_at:
                begin = k + 1
        honorific = ""
        while begin < last:
            low = w.flats[begin]
            if w.ends[begin] - w.starts[begin] > 1 and self.text[w.starts[begin] : w.ends[begin]].isupper():
                begin += 1
                continue
            if low in self.lists.honorific:
                honorific = low
            elif begin in self.hit_at or low not in self.lists.function:
                break
            begin += 1
        if begin == last and w.flats[begin] in self.lists.function and begin not in self.hit_at:
            begin += 1
        if not honorific and begin > 0 and w.flats[begin - 1] in self.lists.honorific:
            honorific = w.flats[begin - 1]
        return begin, honorific

    def _known_person(self, start: int, first: int, last: int, hit: Hit, honorific: str) -> None:
        w = self.words
        if hit.kind == "person":
            self._accept(first, last, self._choose(hit.forms), honorific)
            return
        before = list(range(start, first))
        forms = hit.forms
        for k in before:
            # The given name may follow a word that is no title: "Novelist Michael …".
            lead = w.flats[k]
            fitting = tuple(f for f in forms if self._given_fits(f.entity, lead))
            if fitting:
                self._accept(k, last, self._choose(fitting), honorific)
                return
            if self._given(self.text[w.starts[k] : w.ends[k]]) or (len(lead) == 1 and k == before[0]):
                self._candidate(k, last, honorific)
                return
        if w.flats[first] in self.lists.function:
            return
        key = self._key(self.text[w.starts[first] : w.ends[last]])
        introduced = self.known.get(key)
        if introduced is not None:
            self._accept(first, last, introduced.entity, honorific, introduced)
            return
        alone = tuple(
            f
            for f in forms
            if (not f.weak and flat(f.written) not in ordinary_names())
            or f.entity.id in self.strong
            or self._in_office(f.entity, first)
            or honorific
            or self._titled_as(f.entity, first, last)
        )
        if alone:
            self._accept(first, last, self._choose(alone), honorific)

    def _in_office(self, entity: Entity, first: int) -> bool:
        """True where a short name must be who holds an office that day for one of the two, or beside another person.

        "Trump wrote to Kim" in a text on his country; "Biden, Kishida and Yoon".
        """
        if self.traits.inflected or not any(role.held_on(self.day) for role in entity.roles):
            return False  # where words inflect, short names look like forms of too many words
        if entity.side_on(self.day) in self.dossier.dyad.sides:
            return True
        joined = first >= 2 and self.words.flats[first - 1] in self.grammar.words("and")
        return joined and any(found.last == first - 2 for found in self.people)

    def _titled_as(self, entity: Entity, first: int, last: int) -> bool:
        """True where a title before the surname names an office that this person holds: "Vice President Vance"."""
        offices = {role.office for role in entity.roles if role.office}
        return any(
            office_of(self._words_text(title), self.language) in offices for title in self.titles.before(first, last)
        )

    def _choose(self, forms: Sequence[Form]) -> Entity | None:
        """The one person that a written form means; None where that cannot be said."""
        entities = {f.entity.id: f.entity for f in forms}
        if len(entities) == 1:
            return next(iter(entities.values()))
        for wanted in (
            {key for key in entities if key in self.strong},
            {entity.id for entity in self.dossier.people},
            {key for key, entity in entities.items() if any(role.held_on(self.day) for role in entity.roles)},
            {key for key, entity in entities.items() if entity.side_on(self.day) in self.dossier.dyad.sides},
        ):
            left = [key for key in entities if key in wanted]
            if len(left) == 1:
                return entities[left[0]]
        return None

    def _given_fits(self, entity: Entity, lead: str) -> bool:
        from rapidfuzz import fuzz

        firsts = {
            flat(name).split()[0]
            for _, names in entity.names
            for name in names
            if " " in name and not re.match(r".\.", name)
        }
        if len(lead) == 1:
            return any(one.startswith(lead) for one in firsts)
        if lead in firsts:
            return True
        if self.traits.inflected:
            from detente.coding.names_russian import stem

            return any(stem(lead) == stem(one) for one in firsts)
        sound = folded_name(lead)
        return any(fuzz.ratio(sound, folded_name(one)) >= 75 and sound[:1] == folded_name(one)[:1] for one in firsts)

    def _given(self, word: str) -> str:
        """`m` or `f` where the word is a given name, else an empty string."""
        if word[:1] >= "А" and self.traits.inflected:
            from detente.coding.names_russian import given_name

            return given_name(word)
        return self.lists.given.get(flat(word), "")

    def _key(self, name: str) -> str:
        if name[:1] >= "А":
            from detente.coding.names_russian import stem

            return stem(name)
        return flat(name)

    def _candidate(self, first: int, last: int, honorific: str) -> bool:
        """A capitalised run that may be a person nobody listed: taken only where something beside it says so.

        Returns whether it was.
        """
        w = self.words
        # "Theresa May" keeps its May.
        named = self._given(self.text[w.starts[first] : w.ends[first]])
        while last > first + bool(named) and w.flats[last] in self.lists.function:
            last -= 1
        size = last - first + 1
        if size > 5 or any(w.flats[k] in self.lists.not_a_person for k in range(first, last + 1)):
            return False
        written = [self.text[w.starts[k] : w.ends[k]] for k in range(first, last + 1)]
        if any(len(one) > 3 and one.isupper() for one in written) or (size == 1 and written[0].isupper()):
            return False
        for k in range(1, size - 1):
            # "адвокат Карелиной Михаил …": the second name begins at its given name.
            if self._given(written[k]) and not self._given(written[0]) and len(written[0]) > 1:
                self._candidate(first, first + k - 1, honorific)
                return self._candidate(first + k, last, "")
        if size == 1:
            introduced = self.known.get(self._key(written[0]))
            ordinary = self.traits.inflected and not self._russian_name(written)
            if introduced is not None and w.flats[first] not in self.lists.function and not ordinary:
                self._accept(first, last, introduced.entity, honorific, introduced)
                return True
            if w.flats[first] in self.lists.function or len(written[0]) < 3:
                return False
            if self._by_given_name(first, honorific):
                return True
            if self._given(written[0]):
                return False
            if self.traits.inflected:
                from detente.coding.names_russian import surname

                if not surname(written[0]):
                    return False
            if honorific or (self._adjacent_title(first, last) and not self._headline(first)):
                self._introduce(first, last, honorific)
                return True
            return False
        if self.traits.inflected and not self._russian_name(written):
            return False
        if w.flats[first] in self.lists.function and not (self.titles.after(last) or honorific):
            return False
        if (
            honorific
            or self._given(written[0])
            or (len(written[0]) == 1 and self._given_like(written[-1]))
            or self._adjacent_title(first, last)
            or self._named_by_apposition(last)
            or self._beside_verb(first, last, written)
            or self._listed(first, written)
        ):
            self._introduce(first, last, honorific)
            return True
        return False

    def _by_given_name(self, i: int, honorific: str) -> bool:
        """By a given name alone: somebody named in full before, or with kin ("Yulia and Dasha Navalny")."""
        w = self.words
        word = w.flats[i]
        if self.traits.inflected:
            return False  # «Владимир» in all its cases
        following = i + 1 < len(w) and w.flats[i + 1] in self.grammar.words("and") and w.gap(i) == " "
        if following and i + 3 < len(w) and w.capital[i + 2] and w.capital[i + 3] and w.gap(i + 2) == " ":
            kin = self.text[w.starts[i + 2] : w.ends[i + 2]]
            some = self._given(kin) or self._given(self.text[w.starts[i] : w.ends[i]])
            if some and not (i and w.capital[i - 1]):
                surname = self.text[w.starts[i + 3] : w.ends[i + 3]]
                name = f"{self.text[w.starts[i] : w.ends[i]]} {surname}"
                self._accept(i, i, self.names.sounds_like(name, self.language), honorific, name=name)
                return True
        named = {id(f.person): f.person for f in self.people if f.last > f.first and w.flats[f.first] == word}
        if len(named) != 1:
            return False
        person = next(iter(named.values()))
        self._accept(i, i, person.entity, honorific, person)
        return True

    def _russian_name(self, written: Sequence[str]) -> bool:
        from detente.coding.names_russian import ordinary_word

        return len(written[0]) == 1 or not any(ordinary_word(one) for one in (written[0], written[-1]))

    def _given_like(self, word: str) -> bool:
        return len(word) > 3 and not word.isupper()

    def _headline(self, i: int) -> bool:
        """True in a line where most words carry a capital, as in English headlines: capitals show nothing there."""
        sentence = self.sentence_of[i]
        lo = i
        while lo and self.sentence_of[lo - 1] == sentence:
            lo -= 1
        hi = i
        while hi < len(self.words) and self.sentence_of[hi] == sentence:
            hi += 1
        longer = [k for k in range(lo, hi) if len(self.words.flats[k]) > 3]
        return sum(self.words.capital[k] for k in longer) > 0.6 * len(longer)

    def _adjacent_title(self, first: int, last: int) -> bool:
        w = self.words
        if first == 0 or w.flats[first - 1] in self.grammar.words("body_links"):
            return False
        titles = self.titles.before(first, last)
        if not titles:
            return False
        if self.traits.inflected and last == first:
            return titles[0].end - titles[0].start <= 6
        return True

    def _beside_verb(self, first: int, last: int, written: Sequence[str]) -> bool:
        """Speakers are persons: "said Jane Doe", "écrit Untel", "Doe told reporters"."""
        w = self.words
        if self._headline(first) or any(one.isupper() for one in written) or last - first > 2:
            return False
        if first and w.flats[first - 1] in self.lists.says and w.gap(first - 1) == " ":
            return True
        return (
            last + 1 < len(w)
            and w.flats[last + 1] in self.grammar.words("says_after")
            and not self._opens_sentence(first)
        )

    def _listed(self, first: int, written: Sequence[str]) -> bool:
        """In a list of people: "Siamak Namazi, Morad Tahbaz, Emad Shargi"."""
        beside = first > 0 and self.words.gap(first - 1) == ", " and any(f.last == first - 1 for f in self.people)
        return beside and len(written) == _FULL_NAME

    def _opens_sentence(self, i: int) -> bool:
        return i == 0 or self.sentence_of[i - 1] != self.sentence_of[i]

    def _named_by_apposition(self, last: int) -> bool:
        title = self.titles.after(last)
        return title is not None and any(title.start <= h < title.end for h in self._heads_in(title))

    def _heads_in(self, title: Title) -> list[int]:
        return [h for h in range(title.start, title.end) if h in self.heads]

    def _introduce(self, first: int, last: int, honorific: str) -> None:
        w = self.words
        name = " ".join(self.text[w.starts[first] : w.ends[last]].split())
        if self.traits.inflected and name[:1] >= "А":
            from detente.coding.names_russian import nominative

            name = nominative(name)
        entity = self.names.sounds_like(name, self.language) if last > first else None
        self._accept(first, last, entity, honorific, name=name)

    def _accept(
        self,
        first: int,
        last: int,
        entity: Entity | None,
        honorific: str,
        person: _Person | None = None,
        name: str = "",
    ) -> None:
        w = self.words
        if first and w.flats[first - 1] in self.grammar.words("namesake"):
            return  # «аэропорт имени Пушкина»: nobody there
        offices = frozenset(role.office for role in entity.roles if role.office) if entity else frozenset()
        before = self.titles.before(first, last)
        title = next(
            (t for t in before if entity and office_of(self._words_text(t), self.language) in offices),
            before[0] if before else None,
        )
        if title is not None and self._foreign_title(title, first):
            title = None
        after = self.titles.after(last)
        shown = title or after
        role = self._words_text(shown) if shown is not None and not shown.plural else ""
        outer = title.outer if title else first
        if honorific and outer == first and first and w.flats[first - 1] == honorific:
            outer = first - 1
        stop = after.end if after else last + 1
        side = entity.side_on(self.day) if entity else ""
        if not side:
            side = next((s for t in (title, after) if t and (s := self._title_side(t))), "")
        if not side and title is not None and after is None:
            side, stop = self._state_of(last)
        written = " ".join(self.text[w.starts[first] : w.ends[last]].split())
        if person is None:
            name = entity.name_in(self.language) if entity else (name or written)
            key = self._key(name.split()[-1])
            person = self.known.get(key)
            if person is not None and (
                (person.entity and person.entity.id) != (entity and entity.id)
                or (last > first and flat(person.name).split()[0] != flat(name).split()[0])
            ):
                person = None
        if person is None:
            sex = "f" if honorific in self.lists.women or any(t and t.sex for t in (title, after)) else ""
            sex = sex or self._given(name.split()[0]) or ("m" if honorific else "")
            person = _Person(entity, name, side, role, sex, key, offices)
            self.known[key] = person
        else:
            person.side = person.side or side
            person.role = person.role or role
        if role and not person.offices:
            office = office_of(role, self.language)
            person.offices = frozenset({office} if office else ())
        held = entity.role_on(self.day) if entity else None
        role = role or person.role or (held.title_in(self.language) if held else "")
        said = self._words_text(shown) if shown is not None else ""
        plural = shown is not None and shown.plural
        self.people.append(_Found(first, last, person, outer, stop, role, said, plural))

    def _state_of(self, last: int) -> tuple[str, int]:
        """The state that follows a name with a title, and the word behind it: "Foreign Minister X *of Japan*"."""
        w, at = self.words, last + 1
        if w.flats[at : at + 1] and w.flats[at] in self.grammar.words("belongs"):
            at += 1
            while at < len(w) and w.flats[at] in self.grammar.words("definite"):
                at += 1
            cover = self.covers.get(at)
            if cover is not None and cover.kind == "state" and self.sentence_of[at] == self.sentence_of[last]:
                while self.covers.get(at) is cover:
                    at += 1
                return cover.side, at
        return "", last + 1

    def _foreign_title(self, title: Title, first: int) -> bool:
        """True for "ministre de la" before a name: the words before it are not a title of its own."""
        return title.end == first and self.words.flats[first - 1] in self.grammar.words("body_links")

    def _words_text(self, title: Title) -> str:
        w = self.words
        return " ".join(self.text[w.starts[title.start] : w.ends[title.end - 1]].split()).strip(" ,")

    def _title_side(self, title: Title) -> str:
        """The state a title speaks for: "ministre russe", "State Department spokeswoman"; not "envoy to Russia"."""
        for k in range(title.outer, title.end):
            cover = self.covers.get(k)
            if cover is not None and cover.side and not self._toward(k, cover, title.outer):
                return cover.side
        return ""

    def _toward(self, k: int, cover: _Cover, outer: int) -> bool:
        while k and self.covers.get(k - 1) is cover:
            k -= 1
        # The preposition before the whole title ("spoke with Polish Prime Minister X") says nothing of whom it serves.
        return self.titles.toward(k, body=cover.kind == "institution", outer=outer)

    def _sides_from_others(self) -> None:
        """Aides speak for whom they serve: "attaché de presse du président X", "the president and his envoy Y"."""
        for i, found in enumerate(self.people):
            person = found.person
            if person.side:
                continue
            for other in self.people:
                if other is not found and found.outer <= other.first < found.stop and other.person.side:
                    person.side = other.person.side
            owner = self.words.flats[found.outer] if found.outer < found.first else ""
            titled = self.words.flats[found.outer : found.first]
            another = not self.grammar.words("counterparts").isdisjoint(titled)
            if not person.side and i and owner in {"his", "her", "son", "sa"} and not another:
                person.side = self.people[i - 1].person.side
        self._sides_around()

    def _sides_around(self) -> None:
        """What stands around a name says whose side it is on, where nothing else did."""
        if all(found.person.side for found in self.people):
            return
        body = self.dossier.registry.entities.get(publisher_of(self.document.url))
        around = Around(
            self.words,
            self.language,
            self.sentence_of,
            {k: (cover.kind, cover.side) for k, cover in self.covers.items()},
            self.dossier.dyad.sides,
            (body.stands_for or body.side) if body else "",
        )
        self.people.sort(key=lambda found: found.first)
        named = [found.beside() for found in self.people]
        for i, found in enumerate(self.people):
            if not found.person.side and (side := around.side_of(named, i)):
                found.person.side = side
                named = [one.beside() for one in self.people]

    def _mention(self, found: _Found) -> Mention:
        w = self.words
        start, end = w.starts[found.first], w.ends[found.last]
        whole = Span(w.starts[found.outer], w.ends[found.stop - 1])
        person = found.person
        return Mention(
            span=Span(start, end),
            text=self.text[start:end],
            kind="person",
            entity=person.entity,
            name=person.name,
            side=person.side,
            role=found.role,
            whole=whole if len(whole) != end - start else None,
        )

    # Role nouns and pronouns

    def _point_back(self) -> None:
        w = self.words
        taken = set(self.covers)
        titled: set[int] = set()
        for one in self.people:
            taken.update(range(one.first, one.last + 1))
            titled.update(range(one.outer, one.stop))
        self.named: list[_Named] = []
        coming = iter(self.people)
        found: _Found | None = next(coming, None)
        for i in range(len(w)):
            while found is not None and found.first <= i:
                nested = any(o is not found and o.outer <= found.first < o.stop for o in self.people)
                self.named.append(
                    _Named(
                        found.person,
                        found.role,
                        self.sentence_of[i],
                        self._is_object(found.outer),
                        nested,
                        found.stop - 1,
                    )
                )
                found = next(coming, None)
            if self.sentence_of[i] < 0 or i in taken or i in titled:
                continue
            if i in self.heads:
                self._role_noun(i)
            elif (sex := self._pronoun(i)) is not None:
                referent = self._topic(i, sex)
                if referent is not None:
                    last = i + self._pronoun_size(i) - 1
                    self._point(i, last, "pronoun", referent.person, referent.role)
                    if referent.sentence != self.sentence_of[i]:
                        named = _Named(referent.person, referent.role, self.sentence_of[i], False, False, last)
                        self.named.append(named)

    def _pronoun_size(self, i: int) -> int:
        pair = self.words.flats[i : i + 2]
        return 2 if len(pair) == 2 and " ".join(pair) in self.lists.pronouns else 1

    def _pronoun(self, i: int) -> str | None:
        w = self.words
        sex = self.lists.pronouns.get(" ".join(w.flats[i : i + 2])) or self.lists.pronouns.get(w.flats[i])
        if sex is None:
            return None
        low = w.flats[i]
        if low in self.grammar.words("dummy_subjects"):
            follows = [word.rstrip("'") for word in w.flats[i + 1 : i + 3]]
            # "il en est ainsi", but "il en avait fait une condition".
            had = self.grammar.pattern("not_dummy").fullmatch(" ".join(follows))
            if follows and follows[0] in self.lists.impersonal and not had:
                return None
        if low in self.grammar.words("bound_pronouns"):
            before = w.flats[i - 1] if i else ""
            if before not in self.grammar.words("before_bound_pronouns"):
                return None
        return sex

    def _topic(self, i: int, sex: str) -> _Named | None:
        """Whom a pronoun most likely means.

        In its own sentence the last person named as a subject; else the first of the nearest sentence before.
        """
        here = self.sentence_of[i]
        fitting = [one for one in self.named if one.person.sex in ("", sex) and not one.nested]
        # "X, said he, …": who stands before the comma is spoken of, not speaking.
        own = [
            one
            for one in fitting
            if one.sentence == here and not one.object and not (i - one.last <= 2 and "," in self.words.gap(one.last))
        ]
        if own:
            return own[-1]
        for sentence in range(here - 1, max(-1, here - _NEAR_SENTENCES), -1):
            named = [one for one in fitting if one.sentence == sentence]
            if named and self.words.flats[i + self._pronoun_size(i) - 1] in self.grammar.words("latter"):
                return named[-1]
            if named:
                return next((one for one in named if not one.object), named[0])
        return None

    def _is_object(self, first: int) -> bool:
        if not first or self.words.gap(first - 1) not in (" ", ""):
            return False
        before = self.words.flats[first - 1]
        if before in self.grammar.words("and") and self.named and self.named[-1].last == first - 2:
            return self.named[-1].object
        return before in self.grammar.words("object_prepositions")

    def _role_noun(self, head: int) -> None:
        w = self.words
        size, label = self.heads[head]
        if label == "plural":
            return
        first, last = self._noun_phrase(head, size)
        if first is None:
            return
        side = ""
        supposed = False
        for k in range(first, last + 1):
            cover = self.covers.get(k)
            if cover is not None and cover.side and not self._toward(k, cover, first):
                side = cover.side
                # "глава МИД", without a state: of the ministry told of last, unless its minister was named since.
                supposed = (
                    self.traits.inflected
                    and cover.kind == "institution"
                    and flat(cover.mention.text) in self.grammar.words("bare_ministry")
                )
                break
        served = self._served(last)
        if served is not None:
            last = served.last
            side = side or served.person.side
        written = " ".join(self.text[w.starts[first] : w.ends[last]].split())
        office = office_of(written, self.language)
        if office and not side:
            side = title_side(written, self.language)
            side = side if side in self.dossier.dyad.sides else ""
        determined = first > 0 and w.flats[first - 1] in self.grammar.words("determiners")
        if supposed and office:
            holder = next((one.person for one in reversed(self.named) if office in one.person.offices), None)
            side = holder.side if holder is not None and holder.side in self.dossier.dyad.sides else side
        definite = determined or not self.grammar.words("articles")
        person = self._so_titled(written, side) if determined else None
        person = person or self._fitting(head, office, side, label, definite)
        if person is not None and served is not None and person is served.person:
            person = None
        outer = first - 1 if determined else first
        if person is None and not side:
            return
        if person is None:
            person = _Person(None, written, side, written, "f" if label == "f" else "", "")
        self.named.append(_Named(person, written, self.sentence_of[head], self._is_object(outer), False, last))
        self._point(head, head + size - 1, "role", person, written, Span(w.starts[outer], w.ends[last]))

    def _served(self, last: int) -> _Found | None:
        """The person in "l'envoyé de X", "an aide to X", "помощник X-а"."""
        w = self.words
        k = last + 1
        if k < len(w) and w.flats[k] in self.grammar.words("serves"):
            k += 1
        elif not self.traits.inflected:
            return None
        if k >= len(w) or w.gap(k - 1) not in (" ", ""):
            return None
        return next((found for found in self.people if found.outer <= k <= found.first), None)

    def _noun_phrase(self, head: int, size: int) -> tuple[int | None, int]:
        w = self.words
        first, last = head, head + size - 1
        if not self.traits.adjectives_follow:
            while (
                first
                and w.gap(first - 1) in (" ", "'s ", "’s ", "\n")
                and (
                    (first - 1 in self.covers and (self.traits.head_last or self.covers[first - 1].kind == "people"))
                    or (self.traits.head_last and w.flats[first - 1] in self.lists.modifiers)
                )
            ):
                first -= 1
        k = last + 1
        while k < len(w) and k - last < 9 and w.gap(k - 1) in (" ", "", "\n"):
            if (k in self.covers and self.covers[k].kind != "city") or w.flats[k] in self.grammar.words("phrase_words"):
                last = k
            elif w.flats[k] not in self.grammar.words("phrase_links"):
                break
            k += 1
        determined = (
            first > 0 and w.flats[first - 1] in self.grammar.words("determiners") and w.gap(first - 1) in (" ", "")
        )
        indefinite = first > 0 and w.flats[first - 1] in self.grammar.words("indefinite")
        sided = any(k in self.covers for k in range(first, last + 1))
        if determined or sided or indefinite or not self.grammar.words("articles"):
            return first, last
        return None, last

    def _so_titled(self, written: str, side: str) -> _Person | None:
        """ "Foreign Minister X … The Foreign Minister": whom the text gave that very title, where it gave it to one."""
        title = flat(written)
        so_called = [one.person for one in self.named if one.role and flat(one.role) == title]
        people = {one.entity.id if one.entity else one.name: one for one in so_called if not side or one.side == side}
        return next(iter(people.values())) if len(people) == 1 and title not in self.grammar.words("leaders") else None

    def _fitting(self, head: int, office: str, side: str, label: str, definite: bool) -> _Person | None:
        here = self.sentence_of[head]
        low = self.words.flats[head]
        if low in self.grammar.words("counterparts"):
            last = next((one.person for one in reversed(self.named) if one.person.offices), None)
            if last is not None and side:
                for one in sorted(last.offices):
                    holders = self.dossier.registry.holders(one, side, self.day)
                    if len(holders) == 1:
                        return self._person_of(holders[0])
            return None
        if not definite:
            return None
        if office:
            for named in reversed(self.named):
                held = named.person.offices
                # The registry says where an ambassador serves.
                held = held | {office} if any(one.startswith(f"{office}_") for one in held) else held
                if office in held and (not side or side == named.person.side):
                    return named.person
                same = side == named.person.side if side else not held
                if same and named.role and office == office_of(named.role, self.language):
                    # A title that the registry gives nobody: "Vice President X … The Vice President …".
                    return named.person
            if side:
                holders = self.dossier.registry.holders(office, side, self.day)
                if len(holders) == 1:
                    return self._person_of(holders[0])
        if not self.lists.anaphor.at(self.words, head) or (office and office != "spokesperson"):
            return self._same_again(head, here, side) if side and not office else None
        if low in self.grammar.words("experts") and not any(
            low == flat(one.role).split()[-1] for one in self.named if one.role
        ):
            return None  # an expert of whom nothing was told is none of the officials named
        leaders = {"head_of_state", "head_of_government"} if low not in self.grammar.words("leaders") else set()
        if not leaders and side:
            # "le dirigeant russe": who leads that state, rather than its envoy named since.
            ahead = (one.person for one in reversed(self.named) if one.person.side == side)
            leader = next((p for p in ahead if p.offices & {"head_of_state", "head_of_government"}), None)
            if leader is not None:
                return leader
        for sentence in range(here, max(-1, here - 3 * _NEAR_SENTENCES), -1):
            for named in self.named:
                person = named.person
                if (
                    named.sentence == sentence
                    and (not side or side == person.side)
                    and not (label == "f" and person.sex == "m")
                    and not (person.offices & leaders)
                    and not _without_office(person.entity)
                ):
                    return person
        return None

    def _same_again(self, head: int, here: int, side: str) -> _Person | None:
        """The person the sentence before was about, where a role of the same side takes them up: "Замглавы МИД …"."""
        first = next(k for k in range(head, -1, -1) if k == 0 or self.sentence_of[k - 1] != here)
        if head - first > 3:
            return None
        before = [one for one in self.named if one.sentence == here - 1 and not one.nested and not one.object]
        return before[0].person if before and before[0].person.side == side else None

    def _person_of(self, entity: Entity) -> _Person:
        held = entity.role_on(self.day)
        return _Person(
            entity,
            entity.name_in(self.language),
            entity.side_on(self.day),
            held.title_in(self.language) if held else "",
            "",
            "",
            frozenset(role.office for role in entity.roles if role.office),
        )

    def _point(self, first: int, last: int, kind: str, person: _Person, role: str, whole: Span | None = None) -> None:
        start, end = self.words.starts[first], self.words.ends[last]
        self.mentions.append(
            Mention(
                span=Span(start, end),
                text=self.text[start:end],
                kind=kind,  # type: ignore[arg-type]
                entity=person.entity,
                name=person.name,
                side=person.side,
                role=role,
                whole=whole if whole is not None and len(whole) != end - start else None,
            )
        )
