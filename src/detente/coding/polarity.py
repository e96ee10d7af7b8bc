"""What the words of a statement add up to: acts done to things that are good or bad between two states.

"Lift the ban", "restore ties" and "never close the border again" are good without one friendly word: an act that ends
(`end`) a bad thing is good, one that ends a good thing is bad, and whoever refuses an act turns it round. Word lists
are `languages/*/polarity.toml`.

Source: the calculus of Moilanen and Pulman (2007), "Sentiment composition", Proceedings of RANLP, in flat clauses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from detente import languages
from detente.coding.events_lexicon import Phrases, Token, tokens

_REACH = 7
"""Words between an act and its thing ("suspend, for the time being, all direct flights")."""

_BEHIND = 5
"""Words between a thing and the act that follows it ("the ban on sales of arms would be lifted")."""

_NEGATED = 3
_BARE = 0.3
"""What a thing counts that nothing is done to: "talks" a little for, "war" a little against."""

_STOPS = frozenset('.;:!?—–«»“”"()')
_CLASSES = ("good", "bad", "make", "end", "fine", "poor", "negation")


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    first: int
    last: int


@dataclass(slots=True)
class _Part:
    """A thing, and what was made of it."""

    value: float
    first: int
    last: int
    acted: bool = False


@cache
def _lexicon(language: str) -> Phrases | None:
    table = languages.table(language, "polarity")
    return Phrases({name: table[name] for name in _CLASSES}, language) if table else None


def polarity(text: str, language: str) -> tuple[float, str]:
    """Weigh a text: above 0 toward making up, below 0 away from it, with the words that decided.

    >>> polarity("they will lift the ban", "en")[0] > 0 > polarity("they refuse to lift the ban", "en")[0]
    True
    >>> polarity("Rien de nouveau sous le soleil", "en")
    (0.0, '')
    """
    lexicon = _lexicon(language)
    if lexicon is None:
        return 0.0, ""
    words = tokens(text, language)
    hits = lexicon.find(words)
    found = _as_acts(_longest(hits), hits, words, language)
    total = 0.0
    reasons: list[str] = []
    for first, last in _clauses(words):
        for weight, low, high in _weights([f for f in found if first <= f.first and f.last <= last]):
            total += weight
            if abs(weight) > _BARE:
                reasons.append(f"{text[words[low].start : words[high].end]} {'+' if weight > 0 else '-'}1")
    return total, "; ".join(dict.fromkeys(reasons))


def touches(text: str, language: str) -> bool:
    """Whether anything in a text is of the kind that states do to each other, or judges it.

    >>> touches("the ban stays in place", "en"), touches("he liked baseball and jazz", "en")
    (True, False)
    """
    lexicon = _lexicon(language)
    return lexicon is not None and any(
        kind not in ("make", "negation") for kind, _, _ in lexicon.find(tokens(text, language))
    )


def kinds(words: Sequence[Token], language: str) -> dict[str, int]:
    """How many good and bad things, acts and judging words of each class stand in a text."""
    lexicon = _lexicon(language)
    return dict(Counter(f.kind for f in _longest(lexicon.find(words)))) if lexicon else {}


def _longest(hits: Sequence[tuple[str, int, int]]) -> list[_Found]:
    """Each word in one reading: that of the longest phrase; a word that is both act and thing stays both."""
    found: list[_Found] = []
    for kind, first, last in sorted(hits, key=lambda hit: (hit[1], hit[1] - hit[2])):
        if any(f.first <= first and last <= f.last and (f.last - f.first) > (last - first) for f in found):
            continue
        if any((f.first, f.last) == (first, last) for f in found):
            continue
        found.append(_Found(kind, first, last))
    return found


def _as_acts(
    found: Sequence[_Found], hits: Sequence[tuple[str, int, int]], words: Sequence[Token], language: str
) -> list[_Found]:
    """«Отменить санкции», «разрывать отношения»: of a word listed as thing and as act, the act, before a thing."""
    forms = [languages.grammar(language).pattern(name) for name in ("infinitive", "past")]
    acts = {(first, last): kind for kind, first, last in hits if kind in ("make", "end")}
    read: list[_Found] = []
    for item in reversed(found):
        act = acts.get((item.first, item.last)) if item.kind in ("good", "bad") else None
        reach = _NEXT if any(form.search(words[item.first].word) for form in forms) else 1
        ahead = any(0 < other.first - item.last <= reach and other.kind in ("good", "bad") for other in read)
        read.insert(0, _Found(act, item.first, item.last) if act and ahead else item)
    return read


_NEXT = 3
"""Words from a verb that is act and thing to the thing that makes it an act; a noun has it right behind it."""


def _clauses(words: Sequence[Token]) -> Iterator[tuple[int, int]]:
    first = 0
    for i, token in enumerate(words):
        if token.word in _STOPS:
            if i > first:
                yield first, i - 1
            first = i + 1
    if first < len(words):
        yield first, len(words) - 1


def _weights(found: Sequence[_Found]) -> Iterator[tuple[float, int, int]]:
    """What the things, acts and judging words of one clause weigh, each with its words."""
    negations = [f for f in found if f.kind == "negation"]
    parts: list[_Part] = []
    for item in reversed(found):
        if item.kind in ("good", "bad"):
            parts.insert(0, _Part(1.0 if item.kind == "good" else -1.0, item.first, item.last))
        elif item.kind in ("make", "end"):
            part = _object(item, parts)
            if part is None:
                part = _subject(item, found)
                if part is None:
                    continue
                parts.insert(0, part)
            sign = 1.0 if item.kind == "make" else -1.0
            if _negated(item, negations, [f for f in found if f.kind in ("make", "end")]):
                sign = -sign
            part.value *= sign
            part.acted = True
            part.first = min(part.first, item.first)
            part.last = max(part.last, item.last)
    taken = {(p.last) for p in parts if p.acted}
    for part in parts:
        if part.acted:
            yield part.value, part.first, part.last
        elif part.last not in taken:
            # "no talks" is bad news, "no threat" is none.
            denied = -1.0 if part.value > 0 else 0.0
            yield (denied if _negated(part, negations) else part.value * _BARE), part.first, part.last
    for item in found:
        if item.kind in ("fine", "poor"):
            weight = 1.0 if item.kind == "fine" else -1.0
            if _negated(item, negations):
                weight = -weight if weight > 0 else 0.3
            yield weight, item.first, item.last


def _object(act: _Found, parts: Sequence[_Part]) -> _Part | None:
    return next((p for p in parts if 0 < p.first - act.last <= _REACH), None)


def _subject(act: _Found, found: Sequence[_Found]) -> _Part | None:
    """The thing before an act that has none behind it: "sanctions were lifted"."""
    before = [f for f in found if f.kind in ("good", "bad") and 0 < act.first - f.last <= _BEHIND]
    if not before:
        return None
    thing = before[-1]
    return _Part(1.0 if thing.kind == "good" else -1.0, thing.first, thing.last)


def _negated(item: _Found | _Part, negations: Sequence[_Found], acts: Sequence[_Found] = ()) -> bool:
    """Of a chain of acts («не намерены вводить») the one next to the negation is denied, and with it the whole."""
    near = [n for n in negations if 0 < item.first - n.last <= _NEGATED]
    return any(not any(n.last < act.first < item.first for act in acts) for n in near)
