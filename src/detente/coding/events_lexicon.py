"""The event lexicon, ready to look up: a sentence becomes words, and words become hits of acts and things.

A language's `events.toml` holds dictionary forms by class; here every inflected form is listed once, so that reading
costs one dictionary lookup a word.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from detente.coding.events_forms import noun, verb
from detente.errors import CodingError
from detente.languages import codes, grammar, table

Frame = Literal["mutual", "directed", "visit", "host", "envoy", "captive", "crowd"]
_FRAMES = ("mutual", "directed", "visit", "host", "envoy", "captive", "crowd")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark: offsets in the document, and its lower-case form with plain apostrophe and е for ё."""

    start: int
    end: int
    word: str
    capital: bool = False


@cache
def _tokenizer(language: str) -> re.Pattern[str]:
    return re.compile(grammar(language).pattern("event_tokens").pattern, re.IGNORECASE)


def tokens(text: str, language: str, start: int = 0) -> list[Token]:
    """Cut a sentence into words and marks; elided words stand alone.

    >>> [t.word for t in tokens("Moscou s'est dite prête.", "fr")]
    ['moscou', "s'", 'est', 'dite', 'prête', '.']
    """
    return [
        Token(
            start + m.start(),
            start + m.end(),
            m[0].lower().replace("’", "'").replace("ё", "е").replace("‑", "-"),
            m[0][0].isupper(),
        )
        for m in _tokenizer(language).finditer(text)
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of writing a member of a class: the form is the key, `rest` the words that must follow."""

    kind: Literal["verb", "noun", "thing"]
    name: str
    tags: frozenset[str]
    rest: tuple[str, ...] = ()
    reflexive: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A member of a class found in a sentence, from token `first` up to and including token `last`."""

    kind: Literal["verb", "noun", "thing"]
    name: str
    first: int
    last: int
    tags: frozenset[str]
    reflexive: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Which classes together make which PLOVER type; see the comments in `lexicons/event_rules.toml`."""

    name: str
    type: str
    frame: Frame
    family: str
    mode: str = ""
    acts: frozenset[str] = frozenset()
    with_: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    talk: bool = False
    topic: bool = False
    persons: bool = False
    either: bool = False
    transitive: bool = False
    without: frozenset[str] = frozenset()
    realis: str = ""
    pair: bool = False
    since: bool = False
    bilateral: bool = False
    negated: bool = False
    joint: bool = False
    near: bool = False
    to_other: bool = False
    to_anybody: bool = False
    of_story: bool = False
    for_both: Literal["", "unsaid", "subject"] = ""
    together: str = ""
    called: str = ""
    aimed: str = ""
    not_together: bool = False
    objects: frozenset[str] = frozenset()
    objects_apart: bool = False
    blames: Literal["", "deed", "charge"] = ""
    own_text: bool = True
    firsthand: bool = False
    pledge: Literal["", "too", "only"] = ""
    view: bool = False
    expires: bool = False
    recalls: bool = False
    each_day: bool = False
    apart: bool = False
    own_day: bool = False
    sets_day: bool = False
    done: str = ""
    lasting: str = ""
    offered: bool = False
    formal: bool = False
    no_longer: bool = False
    at_whose: bool = False
    undergone: bool = False
    to_recipient: bool = False
    aside: bool = False
    by_mission: bool = False
    it: bool = False
    in_kind: bool = False


@cache
def _rule_book() -> dict[str, Any]:
    text = resources.files("detente.coding").joinpath("lexicons", "event_rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").replace("ё", "е")


@cache
def beside(name: str, language: str) -> frozenset[str]:
    """Words that settle what a form beside them is, by class; see `[beside]` in `events.toml`."""
    listed = table(language, "events").get("beside", {})
    return frozenset(map(_plain, listed.get(name, {}).get("words", ())))


def _with_pairs(small: Mapping[str, Any]) -> dict[str, list[str]]:
    """The classes of `places.toml`, with "both" made whole: "the two" before each noun for those of a state."""
    classes = {name: list(listed) for name, listed in small.items() if name != "pairs"}
    pairs, both = small.get("pairs", {}), classes.setdefault("both", [])
    for before, nouns in (("of_two", "nouns"), ("definite", "people")):
        both += [f"{first} {noun}" for first in pairs.get(before, ()) for noun in pairs.get(nouns, ())]
    return classes | {"both": list(dict.fromkeys(both))}


class Phrases:
    """Sets of words and phrases of one language, found in a token list.

    >>> Phrases({"future": ["set to", "prévu*"]}, "en").find(tokens("talks set to resume", "en"))
    [('future', 1, 2)]
    """

    def __init__(self, classes: Mapping[str, Sequence[str]], language: str) -> None:
        self.names = tuple(classes)
        self._by_word: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        self._by_start: dict[str, list[tuple[str, str, tuple[str, ...]]]] = defaultdict(list)
        for name, phrases in classes.items():
            for phrase in phrases:
                # A trailing * is no token of its own: hide it while cutting.
                first, *rest = [t.word.replace("ɣɣ", "*") for t in tokens(phrase.replace("*", "ɣɣ"), language)]
                if first.endswith("*"):
                    self._by_start[first[:3]].append((name, first[:-1], tuple(rest)))
                else:
                    self._by_word[first].append((name, tuple(rest)))
        self._cache: dict[str, _Opened] = {}

    def _of(self, word: str) -> _Opened:
        found = self._cache.get(word)
        if found is None:
            listed = [*self._by_word.get(word, ())]
            listed += [(n, rest) for n, stem, rest in self._by_start.get(word[:3], ()) if word.startswith(stem)]
            found = self._cache[word] = _Opened.of(listed)
        return found

    def find(self, words: Sequence[Token]) -> list[tuple[str, int, int]]:
        """Every phrase found, as (class, first token, last token)."""
        hits = []
        for i, token in enumerate(words):
            opened = self._of(token.word)
            if not opened.any:
                continue
            following = words[i + 1].word if i + 1 < len(words) else ""
            for name, rest in opened.before(following):
                if follows(words, i + 1, rest):
                    hits.append((name, i, i + len(rest)))
        return hits


@dataclass(frozen=True, slots=True)
class _Opened:
    """Phrases that one word opens, by the word behind it: "the" opens hundreds, and few go on as a text does.

    Attributes:
        alone: With their place in the list: those of one word, or whose second may have any ending.
        on: Those whose second word is known, by that word.
    """

    any: bool
    alone: tuple[tuple[int, str, tuple[str, ...]], ...]
    on: Mapping[str, tuple[tuple[int, str, tuple[str, ...]], ...]]

    @classmethod
    def of(cls, listed: Sequence[tuple[str, tuple[str, ...]]]) -> _Opened:
        alone: list[tuple[int, str, tuple[str, ...]]] = []
        on: dict[str, list[tuple[int, str, tuple[str, ...]]]] = defaultdict(list)
        for place, (name, rest) in enumerate(listed):
            known = rest and not rest[0].endswith("*")
            (on[rest[0]] if known else alone).append((place, name, rest))
        return cls(bool(listed), tuple(alone), {word: tuple(found) for word, found in on.items()})

    def before(self, word: str) -> list[tuple[str, tuple[str, ...]]]:
        """The phrases that may stand where this word follows, in the order of the list."""
        on = self.on.get(word, ())
        return [(name, rest) for _, name, rest in (sorted((*self.alone, *on)) if on else self.alone)]


def follows(words: Sequence[Token], at: int, rest: Sequence[str]) -> bool:
    """True where these words (a trailing `*` takes any ending) stand from here on."""
    if at + len(rest) > len(words):
        return False
    for want in rest:  # a plain loop: this is the most called function of the coder
        word = words[at].word
        if word != want and not (want[-1] == "*" and word.startswith(want[:-1])):
            return False
        at += 1
    return True


class Lexicon:
    """Acts, things and small words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.grammar = grammar(language)
        book, small, signs = (table(language, name) for name in ("events", "places", "realis"))
        small = _with_pairs(small)
        self._by_word: dict[str, list[Entry]] = defaultdict(list)
        self._by_start: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        irregular = book.get("irregular", {})
        self.intransitive = frozenset(("occur", "start", "finish", "resume", "cancel", "stay_in_force", "effect"))
        for name, lists in book.get("acts", {}).items():
            for lemma in lists.get("verbs", ()):
                self._add_verb(name, lemma, irregular)
            for lemma in lists.get("nouns", ()):
                self._add_noun("noun", name, lemma)
        for name, lists in book.get("things", {}).items():
            for lemma in lists.get("nouns", ()):
                self._add_noun("thing", name, lemma)
        self.own: dict[str, Rule] = {}
        self._cache: dict[str, tuple[Entry, ...]] = {}
        self.small = Phrases(small, language)
        self.signs = Phrases(signs, language)
        self.words: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.words |= {name: frozenset(map(_plain, listed)) for name, listed in small.items()}

    def with_phrases(self, phrases: Sequence[tuple[str, str, str]]) -> Lexicon:
        """This lexicon and a dossier's own words, each with its PLOVER type and mode.

        `*` takes any ending; of words without one, the inflected forms of a noun and (Russian, French) of an infinitive
        are known too.
        """
        made = Lexicon(self.language)
        for number, (words, kind, mode) in enumerate(phrases):
            name = f"phrase {number}"
            mutual = kind in ("AGREE", "CONSULT", "SUPPORT", "COOPERATE")
            frame: Frame = "mutual" if mutual else "directed"
            made.own[name] = Rule(name, kind, frame, "named", mode, bilateral=True)
            made._add_phrase(name, words.strip().lower())
        return made

    def _add_phrase(self, name: str, words: str) -> None:
        exact = tuple(t.word.replace("ɣɣ", "*") for t in tokens(words.replace("*", "ɣɣ"), self.language))
        if not exact:
            return
        if "*" not in words:
            self._by_word[exact[0]].append(Entry("thing", name, frozenset(("noun",)), exact[1:]))
            # What the dictionary does not know stands as written.
            with suppress(CodingError):
                self._add_noun("thing", name, words)
            if self.grammar.pattern("infinitive").match(words):
                with suppress(CodingError):
                    self._add_verb(name, words, {})
        else:
            self._add_noun("thing", name, words)

    def _add_verb(self, name: str, lemma: str, irregular: Mapping[str, str]) -> None:
        if lemma.startswith("="):  # an impersonal form that no infinitive makes («условлено»)
            head, *rest = (t.word.replace("ɣɣ", "*") for t in tokens(lemma[1:].replace("*", "ɣɣ"), self.language))
            self._by_word[head].append(Entry("verb", name, frozenset(("short",)), tuple(rest)))
            return
        if lemma.startswith("~"):  # an adjective that stands for a verb in the present («готов»)
            head, *rest = (t.word.replace("ɣɣ", "*") for t in tokens(lemma[1:].replace("*", "ɣɣ"), self.language))
            self._by_word[head].append(Entry("verb", name, frozenset(("pres",)), tuple(rest)))
            return
        parts = [t.word for t in tokens(lemma.replace("*", "ɣɣ"), self.language)]
        reflexive = parts[0] in self.grammar.words("reflexive")
        rest = parts[2:] if reflexive else parts[1:]
        following = tuple(word.replace("ɣɣ", "*") for word in rest)
        # "mettre fin à" is also "mettre fin au"
        ends = self.grammar.words(f"contracts {following[-1]}") if following else ()
        contracted = [(*following[:-1], word) for word in sorted(ends)]
        original = lemma.split()[1 if reflexive else 0]
        for form, tags in verb(original.lower(), self.language, irregular).items():
            # "reunirse" carries its pronoun.
            joined = tags <= {"inf", "ger"} and form.endswith(tuple(self.grammar.words("reflexive")))
            for phrase in (following, *contracted):
                entry = Entry("verb", name, frozenset(tags), phrase, reflexive and not joined)
                self._by_word[_plain(form)].append(entry)

    def _add_noun(self, kind: Literal["noun", "thing"], name: str, lemma: str) -> None:
        if "*" in lemma:
            head, *rest = (t.word.replace("ɣɣ", "*") for t in tokens(lemma.replace("*", "ɣɣ"), self.language))
            entry = Entry(kind, name, frozenset(("noun",)), tuple(rest))
            if head.endswith("*"):
                self._by_start[head[:3]].append((head[:-1], entry))
            else:
                self._by_word[head].append(entry)
            return
        seen = set()
        for form in noun(lemma, self.language):
            head, *rest = (t.word for t in tokens(form, self.language))
            if (head, *rest) not in seen:
                seen.add((head, *rest))
                self._by_word[head].append(Entry(kind, name, frozenset(("noun",)), tuple(rest)))

    def entries(self, word: str) -> tuple[Entry, ...]:
        """What a lower-case word form may be."""
        found = self._cache.get(word)
        if found is None:
            listed = list(self._by_word.get(word, ()))
            # «усили*» for efforts is not «усилить», «экспорт*» not «экспортировать»; «покупать*» is written for both.
            verb = self.grammar.traits.verbs == "slavic" and any(
                entry.kind == "verb" and not entry.tags <= _NOMINAL for entry in listed
            )
            written = self.grammar.pattern("infinitive")
            listed += [
                entry
                for stem, entry in self._by_start.get(word[:3], ())
                if word.startswith(stem) and not (verb and entry.kind != "verb" and not written.fullmatch(stem))
            ]
            found = self._cache[word] = tuple(listed)
        return found

    def hits(self, words: Sequence[Token], idle: Container[int] = ()) -> list[Hit]:
        """Every act and thing in a sentence, longest first where the same class is found twice at one word.

        Tokens in `idle` (names, dates) say nothing here: "the United *States*", "3 *March*".
        """
        found: list[Hit] = []
        present = {token.word for token in words}
        pronouns = self.grammar.words("reflexive")
        adjectives = self.grammar.endings("adjective")
        for i, token in enumerate(words):
            if i in idle:
                continue
            entries = self.entries(token.word)
            if not entries:
                continue
            reflexive = bool(pronouns) and self._reflexive(words, i)
            at: dict[tuple[str, str], Hit] = {}
            written = {i}  # ends of phrases that stand as listed, nothing between their words
            turned: set[tuple[str, str]] = set()  # phrases whose words stand before their verb
            for entry in entries:
                if entry.reflexive and not reflexive:
                    continue
                last = i
                if entry.rest:
                    closing = entry.rest[-1]
                    if closing not in present and not closing.endswith(_OPEN_ENDED):
                        continue
                    reached = self._phrase_end(words, i + 1, entry, idle)
                    if reached is None:
                        if not self._stands_before(words, i, entry):
                            continue
                        turned.add((entry.kind, entry.name))
                        reached = i
                    last = reached
                    if last == i + len(entry.rest):
                        written.add(last)
                hit = Hit(entry.kind, entry.name, i, last, entry.tags, entry.reflexive)
                known = at.get((entry.kind, entry.name))
                if known is None or hit.last > known.last:
                    at[entry.kind, entry.name] = hit
                elif known.last == hit.last and known.tags != hit.tags:
                    at[entry.kind, entry.name] = Hit(
                        hit.kind, hit.name, i, hit.last, known.tags | hit.tags, known.reflexive or hit.reflexive
                    )
            if turned and all(hit.last == i for hit in at.values()):
                at = {key: hit for key, hit in at.items() if key in turned or hit.kind != "verb"}
            longest = max((hit.last for hit in at.values() if hit.last in written), default=i)
            thing = max((hit.last for hit in at.values() if hit.kind == "thing"), default=i) if len(at) > 1 else i
            bound = any(hit.reflexive for hit in at.values())
            as_noun = self._as_noun(words, i, at.values(), idle)
            if as_noun is None and i and words[i - 1].word in self.grammar.words("subject_pronoun"):
                as_noun = False  # "it calls the waiver temporary"
            for hit in at.values():
                if as_noun is not None and as_noun == (hit.kind == "verb"):
                    continue
                if (
                    hit.name == "hold"
                    and token.word in self.grammar.words("auxiliary")
                    and not _has_object(words, i, self.language)
                    # "la conversation qu'ont eue X et Y"
                    and not ("pp" in hit.tags and i and words[i - 1].word in self.grammar.tenses("have"))
                ):
                    continue
                if hit.kind == "verb" and hit.name in _SEEN and hit.reflexive and self._done_to(words, hit.last + 1):
                    continue  # "s'est vu remettre la liste": handed to him
                if hit.kind == "verb" and i and hit.tags <= {"inf", "pres"}:
                    previous = words[i - 1].word
                    if previous in self.grammar.words("before_noun_only"):
                        continue  # "un pirate", "a charge": a noun we do not list
                    if previous.isdigit() and len(previous) != 4:
                        continue  # "250 targets"; after a year a verb may stand
                    plain = i - 1 not in idle and not words[i - 1].capital
                    if hit.last == i and plain and not token.word.endswith("s") and previous.endswith(adjectives):
                        continue  # "the economic order": a noun; of names only, a subject may end like that
                    if "inf" not in hit.tags and self._governed(words, i):
                        continue  # "attaché de presse", "devant la presse"
                # "a eu lieu" is not "avoir", "s'est tenue" is not "tenir".
                if hit.kind == "verb" and (hit.last < longest or (bound and not hit.reflexive)):
                    continue
                if hit.kind == "thing" and hit.last < thing:
                    continue  # "export curbs" are no exports
                found.append(hit)
        return found

    def _reflexive(self, words: Sequence[Token], at: int) -> bool:
        """A pronoun stands within four words before the verb, not counting adverbs ("se sont *en outre* engagés")."""
        rules, near = self.grammar, 0
        for token in reversed(words[:at]):
            if token.word in rules.words("reflexive"):
                return True
            near += not (token.word in rules.words("adverbs") or token.word.endswith(rules.endings("adverb")))
            if near > _PRONOUN or token.word in _STOPS:
                return False
        return False

    def _phrase_end(self, words: Sequence[Token], at: int, entry: Entry, idle: Container[int]) -> int | None:
        """Last token of a phrase whose words follow from here on, or None.

        In a verb's phrase a day, a name or an adverb may stand between ("ont reçu *lundi* l'ordre de partir"), and
        where the lexicon writes `…`, whatever is short.
        """
        if entry.kind != "verb":
            at += self._adjective_between(words, at, entry)
            return at + len(entry.rest) - 1 if follows(words, at, entry.rest) else None
        spare, last = _BETWEEN, at - 1
        for want in entry.rest:
            if want == _GAP:
                spare = _WITHIN
                continue
            while not follows(words, at, (want,)):
                if at >= len(words) or not spare or words[at].word in _STOPS:
                    return None
                word = words[at].word
                if spare > _BETWEEN and word in self.words["clause"]:
                    return None  # "confirmed that he accepts an invitation": no confirmed invitation
                loose = spare > _BETWEEN or at in idle or word in self.grammar.words("adverbs")
                if not loose and not word.endswith(self.grammar.endings("adverb")):
                    return None
                at, spare = at + 1, spare - 1
            last, at, spare = at, at + 1, min(spare, _BETWEEN)
        return last

    def _adjective_between(self, words: Sequence[Token], at: int, entry: Entry) -> bool:
        """ "l'arrêt *immédiat* des hostilités": one word may stand between a noun and what belongs to it."""
        rules = self.grammar
        belongs = rules.words("belongs") if rules.traits.adjectives_follow else ()
        if entry.rest[0] not in belongs or at + 1 >= len(words) or words[at].word == entry.rest[0]:
            return False
        small = rules.words("phrase_links") | rules.words("articles") | rules.words("and") | rules.words("determiners")
        return words[at].word.isalpha() and not words[at].capital and words[at].word not in small

    def _done_to(self, words: Sequence[Token], at: int) -> bool:
        return at < len(words) and self.grammar.pattern("seen_done").match(words[at].word) is not None

    def _stands_before(self, words: Sequence[Token], at: int, entry: Entry) -> bool:
        """«Вину Москва возложила на …»: where the order of words is free, a phrase may stand before its verb."""
        if entry.kind != "verb" or entry.tags & {"short", "pp"} or not at or not self.grammar.traits.free_order:
            return False
        low = at
        while low > max(0, at - _TURNED) and words[low - 1].word not in _ASIDE:
            low -= 1
        parts = [part.split() for part in " ".join(entry.rest).split(_GAP) if part.strip()]
        return all(
            max(map(len, part)) >= _TELLING and any(follows(words, i, part) for i in range(low, at - len(part) + 1))
            for part in parts
        )

    def _as_noun(self, words: Sequence[Token], at: int, hits: Iterable[Hit], idle: Container[int]) -> bool | None:
        """Settle a form that is verb and noun alike ("talks", "reprise", "visit"); None where it is only one."""
        kinds = {hit.kind == "verb" for hit in hits}
        if len(kinds) < 2 or self.grammar.traits.verbs == "slavic":
            return None  # the endings of Russian tell; «начала» may be either
        previous = words[at - 1].word if at else ""
        following = words[at + 1] if at + 1 < len(words) else None
        if self.grammar.traits.verbs == "romance" and any("inf" in hit.tags for hit in hits):
            # "va reporter", "de reporter" – and "un reporter", "le scanner"
            return previous in self.grammar.words("before_noun_only") | self.grammar.words("title_determiners")
        if previous in beside("before_noun", self.language):
            return True
        if self.grammar.traits.verbs == "romance":
            if previous in beside("before_verb", self.language):
                return False
            helped = any("pp" in hit.tags for hit in hits) and self._helped(words, at)
            if helped:
                return False  # "a également envoyé", "ont mardi relevé"
            subject = next((words[i].word for i in range(at - 1, -1, -1) if i not in idle), "")
            if subject in beside("who_acts", self.language):
                return False  # "le président américain annonce", "le ministère demande"
            # An adjective or number before it, agreeing: "première rencontre", "nouvel échange".
            return previous not in self.grammar.words("subjects") and not (at and words[at - 1].capital)
        if previous in beside("before_verb", self.language) or previous.endswith(self.grammar.endings("adverb")):
            return False
        if following is not None and following.word in beside("after_noun", self.language):
            return True
        if following is not None and (following.capital or following.word in beside("opens_object", self.language)):
            return previous in beside("before_noun", self.language)
        third = words[at].word.endswith("s")
        named = at > 0 and words[at - 1].capital and at > 1
        return not (third and named and following is not None and following.word in ("to", "with"))

    def _governed(self, words: Sequence[Token], at: int) -> bool:
        """A preposition, and at most an article, stands before: no finite verb does."""
        no_verb = self.grammar.words("before_no_finite_verb")
        article = at > 1 and words[at - 1].word in self.grammar.words("articles")
        return words[at - 1].word in no_verb or (article and words[at - 2].word in no_verb)

    def _helped(self, words: Sequence[Token], at: int) -> bool:
        """Whether an auxiliary carries a participle over the adverbs between them."""
        i = at - 1
        while i > 0 and (
            words[i].word in self.grammar.words("adverbs") or words[i].word.endswith(self.grammar.endings("adverb"))
        ):
            i -= 1
        return i < at - 1 and words[i].word in self.grammar.tenses("have")


_PRONOUN = 3
"""Words that may stand between a reflexive pronoun and its verb."""
_SEEN = frozenset(("meet", "see"))
_GAP = "…"
_OPEN_ENDED = ("*", _GAP)
_BETWEEN = 4
"""Words of a date, a name or adverbs inside a verb's phrase."""

_WITHIN = _BETWEEN + 8
"""Words that `…` may stand for: eight of any kind."""

_NOMINAL = frozenset(("pp", "short"))
"""Forms of a Russian verb that a noun's stem may mean as well («заключенный»)."""
_STOPS = frozenset(".;:!?")
_ASIDE = _STOPS | frozenset(",()—–")
_TURNED, _TELLING = 10, 4
"""Words before a verb among which its phrase may stand, and letters that make a word of it tell more than "in"."""


def _has_object(words: Sequence[Token], at: int, language: str) -> bool:
    """Tell "ont eu un entretien", "had a call" from the auxiliary of "ont signé", "had called"."""
    return at + 1 < len(words) and words[at + 1].word in beside("opens_object", language)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of one language, made once."""
    return Lexicon(language)


@lru_cache(maxsize=16)
def own_lexicon(language: str, phrases: tuple[tuple[str, str, str], ...]) -> Lexicon:
    """The lexicon of one language with a dossier's phrases, as (words, PLOVER type, mode)."""
    return lexicon(language).with_phrases(phrases) if phrases else lexicon(language)


_OF_CLASSES = ("acts", "with", "without", "verbs", "named", "objects")
_FIELDS = frozenset(one.name for one in fields(Rule)) - {"with_", "topic"} | {"with", "object"}

_CHOICES: Mapping[str, Sequence[str]] = {
    "frame": _FRAMES,
    "for_both": ("unsaid", "subject"),
    "blames": ("deed", "charge"),
    "pledge": ("too", "only"),
}


def read_rule(raw: Mapping[str, Any]) -> Rule:
    """One rule of the file; a field or choice that no rule has is refused."""
    unknown = sorted(raw.keys() - _FIELDS)
    if unknown:
        raise CodingError(f"lexicon: rule {raw['name']!r} has {unknown[0]!r}, which is no field of a rule.")
    for key, known in _CHOICES.items():
        if key in raw and raw[key] not in known:
            raise CodingError(f"lexicon: rule {raw['name']!r} has {key} {raw[key]!r}. Give one of {', '.join(known)}.")
    given: dict[str, Any] = {key: frozenset(value) if key in _OF_CLASSES else value for key, value in raw.items()}
    return Rule(with_=given.pop("with", frozenset()), topic=given.pop("object", "") == "topic", **given)


@cache
def rules_by_name() -> Mapping[str, Rule]:
    """The rules of the file; events that another layer made have names that are not here."""
    return {rule.name: rule for rule in rules()}


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in file order.

    Raises:
        CodingError: A rule names a class, frame, confidence family, field or rule that does not exist.
    """
    book = _rule_book()
    classes: set[str] = set()
    for code in codes():
        acts = table(code, "events").get("acts", {})
        classes |= {*acts, *table(code, "events").get("things", {}), *(f"acts.{name}" for name in acts)}
    made = []
    for raw in book["rules"]:
        called = [name for key in _OF_CLASSES for name in raw.get(key, ())]
        for name in called:
            if name not in classes:
                raise CodingError(f"lexicon: rule {raw['name']!r} names class {name!r}, which no events.toml has.")
        if raw["family"] not in book["confidence"]:
            raise CodingError(f"lexicon: rule {raw['name']!r} has no known confidence family.")
        made.append(read_rule(raw))
    for rule in made:
        for other in filter(None, (rule.together, rule.called)):
            if not any(one.name == other for one in made):
                raise CodingError(f"lexicon: rule {rule.name!r} becomes {other!r}, which is no rule.")
    return tuple(made)


@cache
def rules_of(act: str) -> tuple[tuple[int, Rule], ...]:
    """The rules that a class of acts has a part in, each with its place in the file."""
    return tuple((order, rule) for order, rule in enumerate(rules()) if act in rule.acts)


@cache
def rules_naming(thing: str) -> tuple[Rule, ...]:
    """The rules for which a class of things alone names the event, in file order."""
    return tuple(rule for rule in rules() if thing in rule.named)


@cache
def confidence() -> Mapping[str, float]:
    """Share right on the development articles by rule family, drawn towards earlier figures; see the lexicon."""
    return dict(_rule_book()["confidence"])


def spans(hits: Iterable[tuple[str, int, int]], name: str) -> list[tuple[int, int]]:
    """Token ranges of one class."""
    return [(first, last) for found, first, last in hits if found == name]
