"""Verbs and phrases that report speech, in the forms a text has them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from detente.coding.names_lexicon import Words, flat, word_list

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


def french_forms(verb: str) -> Mapping[VerbForm, tuple[str, ...]]:
    """Forms of a regular French verb in -er, third person.

    >>> french_forms("annoncer")["participle"]
    ('annoncé', 'annoncée', 'annoncés', 'annoncées')
    """
    stem = verb[:-2]
    soft = stem[:-1] + "ç" if stem.endswith("c") else stem + "e" if stem.endswith("g") else stem
    present = stem
    if re.search(r"é[^aeiouy]+$", stem):
        # espérer, réitérer: the accent turns where the ending is silent.
        present = re.sub(r"é([^aeiouy]+)$", r"è\1", stem)
    if verb.endswith("peler"):
        present = stem + "l"
    return {
        "finite": (
            present + "e", present + "ent", soft + "ait", soft + "aient", soft + "a", stem + "èrent", stem + "era",
            stem + "eront", stem + "erait", stem + "eraient",
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


def russian_forms(verb: str) -> Mapping[VerbForm, tuple[str, ...]]:
    """Past, present and gerund of a regular Russian verb, third person.

    >>> russian_forms("заявить")["finite"][:2], russian_forms("заявить")["gerund"]
    (('заявил', 'заявила'), ('заявив',))
    """
    reflexive = verb.endswith("ся")
    stem = verb[:-4] if reflexive else verb[:-2]
    tails = ("лся", "лась", "лись", "лось") if reflexive else ("л", "ла", "ли", "ло")
    finite = tuple(stem + tail for tail in tails)
    gerund: tuple[str, ...] = (stem + ("вшись" if reflexive else "в"),)
    end = "ся" if reflexive else ""
    if verb.endswith(("овать", "евать")) and not reflexive:
        finite += (verb[:-5] + "ует", verb[:-5] + "уют")
    elif re.search(r"[ая]ть(ся)?$", verb):
        finite += (stem + "ет" + end, stem + "ют" + end)
        gerund += (stem + ("ясь" if reflexive else "я"),)
    return {"finite": finite, "participle": (), "gerund": gerund}


_REGULAR = {"fr": french_forms, "en": english_forms, "ru": russian_forms}


def _irregular(language: str) -> Mapping[str, Mapping[VerbForm, tuple[str, ...]]]:
    out: dict[str, Mapping[VerbForm, tuple[str, ...]]] = {}
    for line in word_list("reporting")[language]["irregular"]["forms"]:
        lemma, _, forms = line.partition(":")
        past, present, gerund = (tuple(part.split()) for part in forms.split("|"))
        if language == "fr":
            out[lemma] = {"participle": past, "finite": present, "gerund": gerund}
        elif language == "ru":
            full = []
            for form in past:
                full.append(form)
                if form.endswith("лся"):
                    full += [form[:-2] + "ась", form[:-2] + "ись"]
                elif form.endswith("л"):
                    full += [form + "а", form + "и", form + "о"]
            out[lemma] = {"participle": (), "finite": (*full, *present), "gerund": gerund}
        else:
            out[lemma] = {"participle": (), "finite": (*past, *present), "gerund": gerund}
    return out


class ReportingVerbs:
    """Finds reporting verbs at the words of a text."""

    def __init__(self, language: str) -> None:
        lists = word_list("reporting")
        irregular = _irregular(language)
        self._language = language
        self._at: dict[str, list[_Entry]] = defaultdict(list)
        self.homographs = frozenset(flat(word) for word in lists["homograph"][language].split())
        for kind, verbs in lists[language]["verbs"].items():
            for verb in verbs.split():
                self._add(kind, verb, irregular)
        for found in self._at.values():
            found.sort(key=lambda entry: -len(entry.rest))

    def _add(self, kind: str, verb: str, irregular: Mapping[str, Mapping[VerbForm, tuple[str, ...]]]) -> None:
        first, *rest = verb.split("+")
        reflexive = self._language == "fr" and (first == "se" or first.startswith("s'"))
        if reflexive:
            first, rest = (rest[0], rest[1:]) if first == "se" else (first[2:], rest)
        forms = irregular.get(verb) or irregular.get(first) or _REGULAR[self._language](first)
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
                end = self._particle(words, i, entry.rest)
            if end is not None:
                out.append(ReportingVerb(i, end, entry.kind, entry.form, entry.lemma))
        return tuple(out)

    def _particle(self, words: Words, i: int, rest: tuple[str, ...]) -> int | None:
        for k in range(i + 1, min(len(words), i + 4)):
            if tuple(words.flats[k : k + len(rest)]) == rest:
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
    between: frozenset[str]
    place: frozenset[str]
    undertaking: re.Pattern[str]
    author_view: re.Pattern[str]
    author_topic: re.Pattern[str]
    condition: re.Pattern[str]
    time_claim: re.Pattern[str]
    clause: re.Pattern[str]


def _either(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted((re.escape(flat(phrase)) for phrase in phrases), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(ordered) + r")(?!\w)")


@cache
def reporting_words(language: str) -> ReportingWords:
    lists = word_list("reporting")
    according = [*lists["according"][language]]
    if language == "fr":
        according += [phrase[:-2] + "d'" for phrase in according if phrase.endswith(" de")]
    return ReportingWords(
        verbs=ReportingVerbs(language),
        according=_either(according),
        according_pronoun=_either(lists["according_pronoun"][language]),
        anonymous=re.compile(r"(?<!\w)(?:" + lists["anonymous"][language] + ")", re.I if language == "fr" else 0),
        between=frozenset(lists["between"][language].split()),
        place=frozenset(lists["place"][language]),
        undertaking=re.compile(lists["undertaking"][language]),
        author_view=re.compile(lists["author_view"][language]),
        author_topic=re.compile(lists["author_topic"][language]),
        condition=re.compile(lists["condition"][language]),
        time_claim=re.compile(lists["time_claim"][language]),
        clause=re.compile(lists["clause"][language]),
    )


@cache
def report_words(key: str) -> frozenset[str]:
    """One of the lists of small words in `reporting.toml`."""
    return frozenset(word_list("reporting")["small"][key].split())


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
