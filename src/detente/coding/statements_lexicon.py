"""Verbs and phrases that report speech, in the forms a text has them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from detente.coding.names_lexicon import Words, flat, word_list
from detente.coding.names_russian import analyser
from detente.languages import grammar, table, verb_forms

_NOWHERE = "(?!)"
"""A pattern for what a language does not list."""

_PARTICLE = 4
"""Words in which a verb's particle stands behind it: "called Friday for"."""

VerbForm = Literal["finite", "participle", "gerund"]


@dataclass(frozen=True, slots=True)
class ReportingVerb:
    """A form of a reporting verb found in a text, as word numbers, end exclusive."""

    start: int
    end: int
    kind: str
    form: VerbForm
    lemma: str


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    form: VerbForm
    lemma: str
    rest: tuple[str, ...]


# French verbs that are not in -er: what an infinitive's ending turns into, as participle, finite forms and gerund.
_FRENCH_ENDINGS: tuple[tuple[str, str, str, str], ...] = (
    ("mettre", "mis mise mises", "met mettent mettait mettaient mit mirent mettra mettront mettrait", "mettant"),
    ("naître", "nu nue nus", "naît nait naissent naissait naissaient nut naîtra naîtrait", "naissant"),
    ("crire", "crit crite crits", "crit crivent crivait crivaient crivit crira criront crirait", "crivant"),
    ("dire", "dit dite dits", "dit disent disait disaient dira dirait dirent", "disant"),
    ("clure", "clu clue clus", "clut cluent cluait cluaient clura clurait clurent", "cluant"),
    ("enir", "enu enue enus", "ient iennent enait enaient int inrent iendra iendront iendrait", "enant"),
    ("frir", "fert ferte ferts", "fre frent frait fraient frit frirent frira frirait", "frant"),
    ("ndre", "ndu ndue ndus", "nd ndent ndait ndaient ndit ndirent ndra ndront ndrait", "ndant"),
    ("ir", "i ie is ies", "it issent issait issaient irent ira iront irait iraient", "issant"),
)


def french_forms(verb: str) -> Mapping[VerbForm, tuple[str, ...]]:
    """Forms of a regular French verb, third person.

    >>> french_forms("annoncer")["participle"]
    ('annoncé', 'annoncée', 'annoncés', 'annoncées')
    >>> french_forms("soutenir")["finite"][:2], french_forms("rejeter")["finite"][0]
    (('soutient', 'soutiennent'), 'rejette')
    """
    for ending, participle, finite, gerund in _FRENCH_ENDINGS:
        if verb.endswith(ending):
            stem = verb[: -len(ending)]
            return {
                "participle": tuple(stem + form for form in participle.split()),
                "finite": tuple(stem + form for form in finite.split()),
                "gerund": (stem + gerund,),
            }
    stem = verb[:-2]
    soft = stem[:-1] + "ç" if stem.endswith("c") else stem + "e" if stem.endswith("g") else stem
    present = stem
    if re.search(r"é[^aeiouyéè]+$", stem):
        # espérer, réitérer: the accent turns where the ending is silent.
        present = re.sub(r"é([^aeiouyéè]+)$", r"è\1", stem)
    elif re.search(r"(?:pel|jet|quet)$", stem):
        present = stem + stem[-1]
    elif re.search(r"e[^aeiouy]$", stem):
        present = re.sub(r"e([^aeiouy])$", r"è\1", stem)
    elif re.search(r"[ou]y$", stem):
        present = stem[:-1] + "i"
    future = stem if "é" in stem[-3:] else present
    return {
        "finite": (
            present + "e", present + "ent", soft + "ait", soft + "aient", soft + "a", stem + "èrent", future + "era",
            future + "eront", future + "erait", future + "eraient",
        ),
        "participle": tuple(stem + end for end in ("é", "ée", "és", "ées")),
        "gerund": (soft + "ant",),
    }  # fmt: skip


def english_forms(verb: str) -> Mapping[VerbForm, tuple[str, ...]]:
    """Forms of a regular English verb, third person.

    >>> english_forms("argue")["gerund"], english_forms("stress")["finite"]
    (('arguing',), ('stress', 'stresses', 'stressed'))
    """
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    elif verb.endswith("e"):
        third, past = verb + "s", verb + "d"
    elif verb.endswith(("s", "sh", "ch", "x")):
        third, past = verb + "es", verb + "ed"
    else:
        third, past = verb + "s", verb + "ed"
    bare = verb[:-1] if verb.endswith("e") else verb
    return {"finite": (verb, third, past), "participle": (), "gerund": (bare + "ing",)}


@lru_cache(maxsize=1024)
def russian_forms(verb: str) -> Mapping[VerbForm, tuple[str, ...]]:
    """Past, third person and gerunds of a Russian verb of either aspect, from the dictionary.

    >>> russian_forms("заявить")["finite"][:2], russian_forms("заявить")["gerund"][:1]
    (('заявил', 'заявила'), ('заявив',))
    """
    parsed = next((p for p in analyser().parse(verb) if "INFN" in p.tag), None)
    finite: dict[str, None] = {}
    gerund: dict[str, None] = {}
    for form in parsed.lexeme if parsed is not None else ():
        tag = form.tag
        if tag.POS == "VERB" and (tag.tense == "past" or (tag.person == "3per" and tag.tense)):
            finite[form.word] = None
        elif tag.POS == "GRND":
            gerund[form.word] = None
    return {"finite": tuple(finite), "participle": (), "gerund": tuple(gerund)}


_GENERATORS: Mapping[str, Callable[[str], Mapping[VerbForm, tuple[str, ...]]]] = {
    "french": french_forms,
    "english": english_forms,
    "russian": russian_forms,
}


def _regular(verb: str, language: str) -> Mapping[VerbForm, tuple[str, ...]]:
    generator = _GENERATORS.get(grammar(language).traits.inflection)
    if generator is not None:
        return generator(verb)
    by_form: dict[VerbForm, dict[str, None]] = {"finite": {}, "participle": {}, "gerund": {}}
    for form, tags in verb_forms(language, verb).items():
        if tags & {"pres", "past", "impf", "fut", "cond"}:
            by_form["finite"][form] = None
        if "pp" in tags:
            by_form["participle"][form] = None
        if "ger" in tags:
            by_form["gerund"][form] = None
    return {kind: tuple(forms) for kind, forms in by_form.items()}


def _irregular(language: str) -> Mapping[str, Mapping[VerbForm, tuple[str, ...]]]:
    out: dict[str, Mapping[VerbForm, tuple[str, ...]]] = {}
    for line in table(language, "reporting").get("irregular", {}).get("forms", ()):
        lemma, _, forms = line.partition(":")
        past, present, gerund = (tuple(part.split()) for part in forms.split("|"))
        if grammar(language).traits.verbs == "romance":
            out[lemma] = {"participle": past, "finite": present, "gerund": gerund}
        else:
            out[lemma] = {"participle": (), "finite": (*past, *present), "gerund": gerund}
    return out


class ReportingVerbs:
    """Finds reporting verbs at the words of a text."""

    def __init__(self, language: str) -> None:
        lists = table(language, "reporting")
        irregular = _irregular(language)
        self._language = language
        self._at: dict[str, list[_Entry]] = defaultdict(list)
        self.infinitives: dict[str, str] = {}
        self._with_words: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self.homographs = frozenset(flat(word) for word in lists.get("homograph", "").split())
        self.deeds_ahead = frozenset(lists.get("deeds_ahead", "").split())
        rated = lists.get("rated", {})
        self._rated_by = frozenset(rated.get("by", "").split())
        self._ratings = {word: kind for kind, listed in rated.items() if kind != "by" for word in listed.split()}
        self._past = grammar(language).pattern("past")
        self.beside_words = frozenset(lists.get("beside_words", "").split())
        for kind, verbs in lists.get("verbs", {}).items():
            for verb in verbs.split():
                self._add(kind, verb, irregular)
                if "œ" in verb:
                    self._add(kind, verb.replace("œ", "oe"), irregular)
        for found in self._at.values():
            found.sort(key=lambda entry: -len(entry.rest))

    def _add(self, kind: str, verb: str, irregular: Mapping[str, Mapping[VerbForm, tuple[str, ...]]]) -> None:
        first, *rest = verb.split("+")
        if not rest and not first.startswith("s'"):
            self.infinitives.setdefault(flat(first), kind)
        elif rest and first != "se":
            self._with_words[flat(first)].append((tuple(flat(part) for part in rest), kind))
        reflexive = bool(grammar(self._language).words("reflexive")) and (first == "se" or first.startswith("s'"))
        if reflexive:
            first, rest = (rest[0], rest[1:]) if first == "se" else (first[2:], rest)
        forms = irregular.get(verb) or irregular.get(first) or _regular(first, self._language)
        if first in self.deeds_ahead:
            # «ответит на санкции»: to come, it is a deed and no word.
            past = self._past
            forms = {
                form: tuple(w for w in written if form != "finite" or past.search(w)) for form, written in forms.items()
            }
        for form, written in forms.items():
            for word in written:
                # A reflexive participle stands with "est": the auxiliary is looked for where it is used.
                self._at[flat(word)].append(
                    _Entry(kind, form, ("se " if reflexive else "") + first, tuple(flat(part) for part in rest))
                )

    def at(self, words: Words, i: int) -> tuple[ReportingVerb, ...]:
        """What the word at i can be, as far as its form tells: "dit" is a present and a participle."""
        found = self._at.get(words.flats[i])
        if found is None:
            return ()
        out = []
        for entry in found:
            end: int | None = i + 1
            if entry.rest:
                # A particle may follow the object: "appelle Moscou à", "called Friday for".
                end = self._particle(words, i, entry)
            if end is not None:
                out.append(ReportingVerb(i, end, self._rated(words, i, entry), entry.form, entry.lemma))
        return tuple(out)

    def _rated(self, words: Words, i: int, entry: _Entry) -> str:
        """«Высоко оценил»: the adverb beside it says what kind of verb it is."""
        if entry.lemma not in self._rated_by:
            return entry.kind
        beside = [words.flats[k] for k in (i - 1, i + 1) if 0 <= k < len(words)]
        return next((self._ratings[word] for word in beside if word in self._ratings), entry.kind)

    def infinitive(self, words: Words, i: int) -> str | None:
        """The kind of the verb whose infinitive stands at a word, with what belongs to it: "mettre en avant"."""
        for rest, kind in self._with_words.get(words.flats[i], ()):
            if tuple(words.flats[i + 1 : i + 1 + len(rest)]) == rest:
                return kind
        return self.infinitives.get(words.flats[i])

    def _particle(self, words: Words, i: int, entry: _Entry) -> int | None:
        rest = entry.rest
        counts = grammar(self._language).words("counts")
        for k in range(i + 1, min(len(words), i + _PARTICLE)):
            if words.gap(k - 1).strip(" ,") and not _STOPS.isdisjoint(words.gap(k - 1)):
                return None
            if tuple(words.flats[k : k + len(rest)]) == rest:
                if k > i + 1 and words.flats[k - 1] in counts:
                    return None
                return k + len(rest) if k == i + 1 else i + 1
            if words.gap(k - 1).strip():
                return None
        return None


@dataclass(frozen=True)
class ReportingWords:
    """Everything of `reporting.toml` that a text in one language needs."""

    verbs: ReportingVerbs
    according: re.Pattern[str]
    according_pronoun: re.Pattern[str]
    anonymous: re.Pattern[str]
    owned: re.Pattern[str]
    owned_by_both: re.Pattern[str]
    governor: re.Pattern[str]
    between: frozenset[str]
    place: frozenset[str]
    undertaking: re.Pattern[str]
    avowed: re.Pattern[str]
    resolved: re.Pattern[str]
    first_person: re.Pattern[str]
    avowed_alone: re.Pattern[str]
    attitude_held: re.Pattern[str]
    pursued: re.Pattern[str]
    charge: re.Pattern[str]
    narrated: re.Pattern[str]
    purpose: re.Pattern[str]
    purpose_clause: re.Pattern[str]
    prospect: re.Pattern[str]
    author_view: re.Pattern[str]
    author_topic: re.Pattern[str]
    condition: re.Pattern[str]
    time_claim: re.Pattern[str]
    clause: re.Pattern[str]
    impersonal: re.Pattern[str]
    mutual: re.Pattern[str]
    together: re.Pattern[str]
    talked_of: re.Pattern[str]
    one_mind: re.Pattern[str]
    attitude: re.Pattern[str]
    phrase: re.Pattern[str]
    said_noun: re.Pattern[str]
    counterpart: re.Pattern[str]
    epithet: re.Pattern[str]
    own_view: re.Pattern[str]
    byline: re.Pattern[str]
    author_name: str
    judged: re.Pattern[str]
    valued: re.Pattern[str]
    preamble: re.Pattern[str]
    we: re.Pattern[str]
    domestic: re.Pattern[str]
    ahead: re.Pattern[str]
    turn_topic: re.Pattern[str]
    turn_fact: re.Pattern[str]
    turn_view: re.Pattern[str]
    courtesy: re.Pattern[str]

    @property
    def of_speech(self) -> tuple[re.Pattern[str], ...]:
        """Patterns that tell of speech, or of a view somebody holds, without a verb of saying."""
        return (
            self.according, self.according_pronoun, self.said_noun, self.phrase, self.attitude, self.attitude_held,
            self.avowed, self.avowed_alone, self.impersonal, self.undertaking, self.author_view, self.own_view,
        )  # fmt: skip


_STOPS = frozenset(".;:!?")


def _either(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted((re.escape(flat(phrase)) for phrase in phrases), key=len, reverse=True)
    # "aux yeux d'Alger": an elided word touches the next
    return re.compile(r"\b(?:" + "|".join(ordered) + r")(?:(?<=')|(?![\w-]))" if ordered else _NOWHERE)


@cache
def reporting_words(language: str) -> ReportingWords:
    lists = table(language, "reporting")
    return ReportingWords(
        verbs=ReportingVerbs(language),
        according=_either(lists.get("according", ())),
        according_pronoun=_either(lists.get("according_pronoun", ())),
        anonymous=re.compile(r"(?<!\w)(?:" + lists.get("anonymous", _NOWHERE) + ")"),
        owned=re.compile(lists.get("owned", _NOWHERE)),
        owned_by_both=re.compile(lists.get("owned_by_both", _NOWHERE)),
        governor=re.compile(lists.get("governor", _NOWHERE)),
        between=frozenset(lists.get("between", "").split()),
        place=frozenset(lists.get("place", ())),
        undertaking=re.compile(lists.get("undertaking", _NOWHERE)),
        avowed=re.compile(lists.get("avowed", _NOWHERE)),
        resolved=re.compile(lists.get("resolved", _NOWHERE)),
        first_person=re.compile(lists.get("first_person", _NOWHERE)),
        avowed_alone=re.compile(lists.get("avowed_alone", _NOWHERE)),
        attitude_held=re.compile(lists.get("attitude_held", _NOWHERE)),
        pursued=re.compile(lists.get("pursued", _NOWHERE)),
        charge=re.compile(lists.get("charge", _NOWHERE)),
        narrated=re.compile(lists.get("narrated", _NOWHERE)),
        purpose_clause=re.compile(lists.get("purpose_clause", _NOWHERE)),
        purpose=re.compile(lists.get("purpose", _NOWHERE)),
        prospect=re.compile(lists.get("prospect", _NOWHERE)),
        author_view=re.compile(lists.get("author_view", _NOWHERE)),
        author_topic=re.compile(lists.get("author_topic", _NOWHERE)),
        condition=re.compile(lists.get("condition", _NOWHERE)),
        time_claim=re.compile(lists.get("time_claim", _NOWHERE)),
        clause=re.compile(lists.get("clause", _NOWHERE)),
        impersonal=re.compile(lists.get("impersonal", _NOWHERE)),
        mutual=re.compile(lists.get("mutual", _NOWHERE)),
        together=re.compile(lists.get("together", _NOWHERE), re.IGNORECASE),
        talked_of=re.compile(lists.get("talked_of", _NOWHERE)),
        one_mind=re.compile(lists.get("one_mind", _NOWHERE)),
        attitude=re.compile(lists.get("attitude", _NOWHERE)),
        phrase=re.compile(lists.get("phrase", _NOWHERE)),
        valued=re.compile(lists.get("valued", _NOWHERE)),
        said_noun=re.compile(lists.get("said_noun", _NOWHERE)),
        counterpart=re.compile(lists.get("counterpart", _NOWHERE)),
        epithet=re.compile(lists.get("epithet", _NOWHERE)),
        own_view=re.compile(lists.get("own_view", _NOWHERE)),
        byline=re.compile(lists.get("byline", _NOWHERE)),
        author_name=lists.get("author_name", ""),
        judged=re.compile(lists.get("judged", _NOWHERE)),
        preamble=re.compile(lists.get("preamble", _NOWHERE)),
        we=re.compile(lists.get("we", _NOWHERE)),
        ahead=re.compile(lists.get("ahead", _NOWHERE)),
        turn_topic=re.compile(lists.get("turn_topic", _NOWHERE)),
        turn_fact=re.compile(lists.get("turn_fact", _NOWHERE)),
        turn_view=re.compile(lists.get("turn_view", _NOWHERE)),
        courtesy=re.compile(lists.get("courtesy", _NOWHERE)),
        domestic=re.compile(lists.get("domestic", _NOWHERE)),
    )


def tells_of_speech(text: str, language: str) -> bool:
    """Whether a sentence has words by which somebody is told to say, think or want something, whoever it is.

    >>> tells_of_speech("Lavrov warned that talks may end.", "en"), tells_of_speech("They met in Riyadh.", "en")
    (True, False)
    """
    lists = reporting_words(language)
    whole = flat(text)
    words = Words.of(text, whole, language)
    if any(lists.verbs.at(words, i) for i in range(len(words))):
        return True
    return any(pattern.search(whole) for pattern in lists.of_speech)


def confidence_of(rule: str) -> float:
    """Share of codings by a rule that were right, from the table in `reporting.toml`."""
    return float(word_list("reporting")["confidence"][rule])


def outlets() -> frozenset[str]:
    return frozenset(word_list("reporting")["outlets"]["words"])


def publisher_of(url: str) -> str:
    """Entity id of the body whose site carries a text; empty for any other site.

    >>> publisher_of("http://kremlin.ru/events/president/news/1")
    'kremlin'
    """
    match = re.match(r"(?:https?://)?(?:www\.)?([^/:]+)", url)
    if not match:
        return ""
    host = match.group(1).lower()
    for known, entity in word_list("reporting")["host"].items():
        if host == known or host.endswith("." + known):
            return str(entity)
    return ""
