"""The PLOVER types of a sentence by its words alone, without names and days."""

from __future__ import annotations

from detente.coding.events_lexicon import lexicon, tokens
from detente.coding.events_triggers import find_triggers

_TO_COME = frozenset(("future", "prospective", "infinitive"))
_WILLING = frozenset(("offer", "promise", "agree"))


def sentence_types(text: str, language: str) -> tuple[str, ...]:
    """PLOVER types a sentence names, by its words alone: likeliest first, nothing asked of names and dates.

    Here the manual's own reading of what is still to come is kept: a meeting, help or release that is promised is an
    AGREE, one that is refused a REJECT.

    >>> sentence_types("Cuba will release two prisoners.", "en"), sentence_types("Cuba freed two prisoners.", "en")
    (('AGREE',), ('RETREAT',))
    """
    book = lexicon(language)
    words = tokens(text, language)
    triggers = find_triggers(words, book.hits(words), book.small.find(words), book)
    found = []
    for trigger in triggers:
        outer = trigger.inside
        if outer is not None and not (outer.rule.offered or outer.head.name in _WILLING):
            continue
        if trigger.rule.pair and trigger.head.kind == "verb":
            continue  # "saw", "spent": everyday words without someone of each side beside them
        kind = trigger.rule.type
        helpful = kind in ("CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "CONCEDE")
        if trigger.verb.negated and (helpful or kind == "AGREE"):
            kind = "REJECT"
        elif helpful and (trigger.verb.tense in _TO_COME or trigger.rule.offered):
            kind = "AGREE"
        found.append((outer is not None, trigger.weak, trigger.rule.talk and trigger.rule.family == "stance", kind))
    found.sort(key=lambda item: item[:3])
    return tuple(dict.fromkeys(kind for *_, kind in found))
