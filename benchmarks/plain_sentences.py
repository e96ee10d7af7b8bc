"""The word lists against themselves: each verb of each rule in plain sentences, and whether the rule's type comes out.

    python benchmarks/plain_sentences.py en                      a table of forms, and every verb that fails in one
    python benchmarks/plain_sentences.py fr --act lift --act end
    python benchmarks/plain_sentences.py ru --every              also rules most of whose verbs fail (odd sentences)

Two states, a verb of `[acts]`, a thing of `[things]`, in the main forms: past, passive, future, intended, denied, not
intended, refused. A sentence counts as read where in one of a few wordings an event of the rule's type comes out, with
`happened` for what was done, `planned` for what is to come, and neither for what is denied. Verb and thing are joined
blindly, so that many sentences are odd: what tells is a verb that fails where the other verbs of its rule are read, or
a form that fails where the verb's other forms are read (a verb shadowed by a noun, a clash of two classes, a negation
out of reach).
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from detente import plugins
from detente.coding.events_forms import noun, verb
from detente.coding.events_lexicon import Rule, rules
from detente.dossier import starter
from detente.languages import table
from detente.terms import Document, Dyad, Event

_DAY = date(2023, 6, 8)
_MOST = 0.5
"""Share of a rule's verbs that must be read in a form before one that is not is told of."""
_THINGS = 2
"""Nouns of each class of things that are tried."""
_DONE, _TO_COME, _UNDONE = "happened", "planned", "neither"

# Of each form: what is wanted, then the verb group by the tag of the form that stands in it.
FORMS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "past": (_DONE, "{past}"),
        "perfect": (_DONE, "has {pp}"),
        "future": (_TO_COME, "will {inf}"),
        "intended": (_TO_COME, "plans to {inf}"),
        "denied": (_UNDONE, "did not {inf}"),
        "not to be": (_UNDONE, "will not {inf}"),
        "not intended": (_UNDONE, "does not intend to {inf}"),
        "refused": (_UNDONE, "refused to {inf}"),
    },
    "fr": {
        "past": (_DONE, "a {pp}"),
        "future": (_TO_COME, "va {inf}"),
        "intended": (_TO_COME, "a l'intention de {inf}"),
        "denied": (_UNDONE, "n'a pas {pp}"),
        "not to be": (_UNDONE, "ne {fut} pas"),
        "not intended": (_UNDONE, "n'a pas l'intention de {inf}"),
        "refused": (_UNDONE, "a refusé de {inf}"),
    },
    "ru": {
        "past": (_DONE, "{past}"),
        "future": (_TO_COME, "намерено {inf}"),
        "denied": (_UNDONE, "не {past}"),
        "not intended": (_UNDONE, "не намерено {inf}"),
        "refused": (_UNDONE, "отказалось {inf}"),
    },
}
PASSIVE = {"en": "{things} {tail} were {pp} by {a} {day}.", "fr": "{things} {tail} ont été {pp} par {a} {day}.",
           "ru": "{things} {tail} {short} {day}."}  # fmt: skip
STATES = {"en": ("Chile", "Peru"), "fr": ("le Chili", "le Pérou"), "ru": ("Чили", "Перу")}
TAILS = {
    "en": ("against Peru", "with Peru", "of Peru", "to Peru", "from Peru"),
    "fr": ("contre le Pérou", "avec le Pérou", "du Pérou", "au Pérou"),
    "ru": ("против Перу", "с Перу", "Перу", "в Перу"),
}
BOTH = {"en": "Chile and Peru", "fr": "le Chili et le Pérou", "ru": "Чили и Перу"}
DAYS = {
    _DONE: {"en": "on Tuesday", "fr": "mardi", "ru": "во вторник"},
    _TO_COME: {"en": "next week", "fr": "la semaine prochaine", "ru": "на следующей неделе"},
    _UNDONE: {"en": "", "fr": "", "ru": ""},
}
ARTICLE = {"en": "the ", "fr": "les ", "ru": ""}


@dataclass(frozen=True)
class Tried:
    """One verb of a rule in one form, over all wordings."""

    rule: Rule
    act: str
    lemma: str
    form: str
    read: bool
    sentence: str
    instead: str


class Checker:
    def __init__(self, language: str) -> None:
        self._language = language
        self._coder = plugins.coder(starter(Dyad.parse("CHL-PER"), date(2021, 1, 1)))
        book = table(language, "events")
        self._acts, self._things = book.get("acts", {}), book.get("things", {})
        self._irregular = book.get("irregular", {})

    def run(self, acts: frozenset[str]) -> Iterator[Tried]:
        for rule in rules():
            if rule.frame in ("crowd", "captive") or rule.pair or rule.negated or rule.no_longer or rule.undergone:
                continue
            for act in sorted(rule.acts):
                if acts and act not in acts:
                    continue
                for lemma in self._acts.get(act, {}).get("verbs", ()):
                    if lemma[0] not in "=~":
                        yield from self._verb(rule, act, lemma)

    def _verb(self, rule: Rule, act: str, lemma: str) -> Iterator[Tried]:
        head, *rest = lemma.split()
        by_tag: dict[str, str] = {}
        for form, tags in verb(head, self._language, self._irregular).items():
            for tag in tags:
                by_tag.setdefault(tag, form)
        things = self._objects(rule)
        for name, (wanted, group) in FORMS[self._language].items():
            try:
                group = group.format(**by_tag)
            except KeyError:
                continue
            yield self._tried(rule, act, lemma, name, wanted, [*self._active(group, rest, things, wanted)])
        if things and rule.with_ and not rest and {"pp", "short"} & by_tag.keys():
            yield self._tried(rule, act, lemma, "passive", _DONE, [*self._passive(by_tag, things)])

    def _objects(self, rule: Rule) -> list[str]:
        named: list[str] = []
        for one in sorted(rule.with_ or rule.objects):
            known = self._acts.get(one[5:], {}) if one.startswith("acts.") else self._things.get(one, {})
            for lemma in known.get("nouns", ())[:_THINGS]:
                if "*" not in lemma:
                    named.append(lemma if self._language == "ru" else tuple(noun(lemma, self._language))[-1])
        return named

    def _active(self, group: str, rest: list[str], things: list[str], wanted: str) -> Iterator[str]:
        code, day = self._language, DAYS[wanted][self._language]
        for thing in things or [""]:
            noun_phrase = f"{ARTICLE[code]}{thing}" if thing else ""
            if "…" in rest:
                behind = [noun_phrase or STATES[code][1] if word == "…" else word for word in rest]
                noun_phrase = ""
            else:
                behind = rest
            told = " ".join(filter(None, (group, *behind, noun_phrase)))
            tails = TAILS[code] if thing else (STATES[code][1], *TAILS[code])
            tails = tails[:1] if wanted == _UNDONE else tails
            for subject, tail in ((BOTH[code], ""), *((STATES[code][0], tail) for tail in tails)):
                text = " ".join(filter(None, (subject, told, tail, day))) + "."
                yield text[0].upper() + text[1:]

    def _passive(self, by_tag: dict[str, str], things: list[str]) -> Iterator[str]:
        code = self._language
        for thing in things:
            for tail in TAILS[code]:
                text = PASSIVE[code].format(things=f"{ARTICLE[code]}{thing}", tail=tail, a=STATES[code][0],
                                            pp=by_tag.get("pp", ""), short=by_tag.get("short", ""),
                                            day=DAYS[_DONE][code])  # fmt: skip
                yield text[0].upper() + text[1:]

    def _tried(self, rule: Rule, act: str, lemma: str, form: str, wanted: str, texts: list[str]) -> Tried:
        seen: Counter[str] = Counter()
        wrong = ""
        for text in texts:
            events = self._events(text)
            for event in events:
                seen[f"{event.type} {event.realis}"] += 1
            own = [event for event in events if event.type == rule.type]
            if wanted == _UNDONE:
                if any(event.realis in (_DONE, _TO_COME) for event in own):
                    wrong = wrong or text
            elif any(event.realis == wanted or event.realis == rule.realis for event in own):
                return Tried(rule, act, lemma, form, True, text, "")
        read = wanted == _UNDONE and not wrong
        instead = ", ".join(f"{kind} {n}" for kind, n in seen.most_common(3)) or "nothing"
        return Tried(rule, act, lemma, form, read, wrong or texts[0], instead)

    def _events(self, text: str) -> tuple[Event, ...]:
        document = Document(id="x", text=text, language=self._language, published=_DAY, published_basis="given",
                            fetched=datetime(2023, 6, 9, tzinfo=UTC))  # fmt: skip
        return self._coder.code(document).events


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(FORMS))
    parser.add_argument("--act", action="append", default=[], help="only this class of acts; may be given again")
    parser.add_argument("--every", action="store_true", help="also rules most of whose verbs fail in a form")
    given = parser.parse_args()
    by_form: dict[str, list[Tried]] = defaultdict(list)
    groups: dict[tuple[str, str], list[Tried]] = defaultdict(list)
    for tried in Checker(given.language).run(frozenset(given.act)):
        by_form[tried.form].append(tried)
        groups[tried.rule.name, tried.form].append(tried)
    missed: dict[tuple[str, str, str], list[Tried]] = defaultdict(list)
    for tries in groups.values():
        share = sum(t.read for t in tries) / len(tries)
        for tried in tries:
            if not tried.read and (given.every or share >= _MOST):
                missed[tried.rule.name, tried.act, tried.lemma].append(tried)
    for (name, act, lemma), tries in missed.items():
        first, forms = tries[0], ", ".join(t.form for t in tries)
        print(f"{first.rule.type} {name!r}, {act}, {lemma!r}: {forms}: {first.instead}: {first.sentence}")
    print()
    for form, tries in by_form.items():
        print(f"{form}: {sum(t.read for t in tries)} of {len(tries)} verbs read")


if __name__ == "__main__":
    main()
