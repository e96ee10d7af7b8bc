"""Deeds that no event rule names: the wide lexicon of sentence types, where a side of the dossier does something.

The event rules ask for acts and things that belong together and know more; this layer only fills clauses they leave.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cache

from detente.coding.events_lexicon import Frame, Hit, Rule, spans
from detente.coding.events_parties import Named
from detente.coding.events_sentence import Sentence
from detente.coding.events_triggers import Trigger
from detente.coding.realis import group, kept_undone
from detente.languages import grammar

_MUTUAL = frozenset(("AGREE", "CONSULT", "COOPERATE"))
_SURE = 0.65
_REACH = 6
"""Words from a verb to the side it is about."""


@cache
def _rule(kind: str, sense: str) -> Rule:
    frame: Frame = "mutual" if kind in _MUTUAL else "directed"
    return Rule(f"wide: {sense}", kind, frame, "wide")


def wide_triggers(
    sentence: Sentence, told: Sequence[Trigger], refused: Sequence[Trigger], dyad: Set[str], language: str
) -> list[Trigger]:
    """Triggers of clauses where a state is the subject and no rule made an event; what rules refused stays refused."""
    from detente.coding.predicates import deed

    numbers, words = sentence.numbers, sentence.words
    rules = grammar(language)
    taken = {numbers[t.head.first] for t in told if not t.weak}
    # "stopped short of expelling": what was not done is told, and "stopped" is no deed of its own.
    taken |= {numbers[t.head.first] for t in refused if kept_undone(words, t.head.first, rules) is not None}
    seen = {i for t in refused for i in range(t.head.first, t.head.last + 1)}
    made: list[Trigger] = []
    for name in sentence.named:
        clause = numbers[name.first]
        if not name.side or not name.who or name.modifier or name.link not in ("", "by") or clause in taken:
            continue
        if name.last + 1 < len(words) and words[name.last + 1].word in ("'s", "’s"):
            continue  # "Chile's abuse of the banks": not Chile, but its abuse
        others = [n for n in sentence.named if n.side and n.side != name.side and n.first > name.last]
        if name.side in dyad:
            others = [n for n in others if n.side in dyad]
        other = next((n for n in others if n.who and n.link != "in" and numbers[n.first] == clause), None)
        if other is None:
            continue  # the words have everyday senses: they count where they are done to another state
        found = deed(sentence.passage.text, name.mention.text, other.mention.text, language)
        if found is None or found.confidence < _SURE:
            continue
        if found.type == "CONSULT" and other.mention.kind not in ("person", "role", "institution"):
            continue  # "called the demand absurd" is no call, where nobody is called
        start = sentence.passage.span.start + found.start
        at = next((i for i, t in enumerate(words) if t.start == start), None)
        if at is None or at in seen or numbers[at] in taken:
            continue
        if any(first <= at <= last for first, last in spans(sentence.small, "idle")):
            continue  # "lifted a corner of the veil"
        if found.type == "ACCUSE" and _reports_another(sentence, at, other):
            continue
        hit = Hit("verb", found.sense, at, at, found.tags)
        verb = group(words, hit, language)
        if "\n" in sentence.passage.text[found.start : other.mention.span.start - sentence.passage.span.start]:
            continue  # a title or a line of its own has its own parties
        between = [h for h in sentence.hits if h.kind == "verb" and at < h.first and h.last < other.first]
        if verb.bare or any(group(words, h, language).bare for h in between):
            continue  # "sanctioned 250 targets accused of helping Russia": the other side stands in a participle
        taken.add(numbers[at])
        pair = (name.first, other.first) if _addressed(other, at) else ()
        made.append(Trigger(_rule(found.type, found.sense), hit, None, verb, weak=False, between=pair))
    return made


def _addressed(other: Named, at: int) -> bool:
    """Does the other side stand where the verb's object does, or as subject of what is said about it?"""
    return other.who and not other.modifier and other.link in ("", "to", "against") and other.first - at <= _REACH


def _reports_another(sentence: Sentence, at: int, other: Named) -> bool:
    """ "The army claimed that rebels had attacked Chad": what is said of Chad is no charge against it."""
    verbs = [h.first for h in sentence.hits if h.kind == "verb"]
    told = any(h.first == at and h.name == "report" for h in sentence.hits)
    return told and any(at < first < other.first for first in verbs if first != at)
