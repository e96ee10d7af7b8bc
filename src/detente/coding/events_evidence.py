"""What an event points to: the words that tell it, its place, its agreed points and the issue it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from detente.codebook import quad
from detente.coding.agreements import points
from detente.coding.events_lexicon import Token, beside
from detente.coding.events_sentence import Sentence
from detente.coding.events_triggers import Trigger
from detente.coding.passages import Reading
from detente.terms import Evidence

BULLET = re.compile(r"(?:[-–—•*▪]|\(?\d{1,2}[.)])\s+")
_SEGMENT = re.compile(r";\s+")


def evidence_of(sentence: Sentence, trigger: Trigger, reading: Reading) -> Evidence:
    """The sentence, or the part between semicolons where the trigger and its parties stand in it."""
    passage, words = sentence.passage, sentence.words
    start, end = passage.span.start, passage.span.end
    bullet = BULLET.match(passage.text)
    if bullet is not None and bullet.end() < len(passage.text):
        start += bullet.end()
    first, last = words[trigger.first].start, words[trigger.last].end
    cuts = [(passage.span.start + m.start(), passage.span.start + m.end()) for m in _SEGMENT.finditer(passage.text)]
    if len(cuts) > 1 and not sentence.passage.text.count(":"):
        for left, right in cuts:
            if right <= first and left > start and left - start > 20:
                start = right
            elif left >= last:
                end = left
                break
    return reading.document.quote(start, end)


def quote_words(text: str, document: str, words: Sequence[Token], first: int, last: int) -> Evidence:
    start, end = words[first].start, words[last].end
    return Evidence(document, start, end, text[start:end])


_PLACE_REACH = 24
_TOPIC_REACH = 6
"""Words between an event and its place; what two people talk about has places of its own."""


def place_of(reading: Reading, sentence: Sentence, trigger: Trigger) -> tuple[str, Evidence | None]:
    """Where it takes place: a city before a state, the nearer before the farther; no place that a war is in."""
    clause = sentence.numbers[trigger.head.first]
    found = []
    for name in sentence.named:
        if name.mention.kind not in ("city", "state") or not name.venue:
            continue
        away = abs(name.first - trigger.head.first) + 6 * abs(sentence.numbers[name.first] - clause)
        if away > (_TOPIC_REACH if trigger.rule.topic else _PLACE_REACH):
            continue
        if quad(trigger.rule.type) != _FORCE and _of_a_war(name.first, sentence, trigger, reading.language):
            continue
        found.append((name.mention.kind != "city", away, name))
    if not found:
        return "", None
    _, _, best = min(found, key=lambda item: item[:2])
    span = best.mention.span
    place = best.mention.entity.id if best.mention.entity else best.mention.text
    return place, reading.document.quote(span.start, span.end)


def _of_a_war(first: int, sentence: Sentence, trigger: Trigger, language: str) -> bool:
    """ "put on hold by *the war in* Iran", «*наземную операцию* США *в* Иране»: where that is, and not what is told."""
    near = range(max(0, first - _WAR), first)
    apart = (
        i for i in near if not trigger.first <= i <= trigger.last and sentence.numbers[i] == sentence.numbers[first]
    )
    listed = beside("warfare", language)
    begins = tuple(word.removesuffix("*") for word in listed if word.endswith("*"))
    return any((word := sentence.words[i].word) in listed or word.startswith(begins) for i in apart)


_FORCE = 4
"""Quad class of acts of force, which are where the war is."""
_WAR = 4
"""Words from a war to the place that it is in."""


def points_of(reading: Reading, sentence: Sentence, trigger: Trigger) -> tuple[Evidence, ...]:
    document, passage = reading.document, sentence.passage
    last = trigger.last
    stop = None
    if passage.text.rstrip().endswith(":"):
        stop = min(
            [
                len(document.text),
                passage.span.end + 4000,
                *(b.start for b in document.boilerplate if b.start > passage.span.end),
            ]
        )
    return points(document.text, sentence.words[last].end, passage.span.end, document.id, reading.language, stop)


@lru_cache(maxsize=64)
def _track_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + ")", re.IGNORECASE
    )


def track_of(reading: Reading, evidence: Evidence, words: Sequence[Token], trigger: Trigger) -> str:
    """The dossier's issue whose words stand in the evidence, most often and then nearest; general ones last."""
    at = words[trigger.head.first].start - evidence.start
    best: tuple[bool, int, int, str] | None = None
    for track in reading.dossier.tracks:
        listed = tuple(track.words.get(reading.language, ()))
        if not listed:
            continue
        found = [m.start() for m in _track_pattern(listed).finditer(evidence.quote)]
        if not found:
            continue
        general = bool(getattr(track, "general", False))
        score = (general, -len(found), min(abs(f - at) for f in found), track.id)
        if best is None or score < best:
            best = score
    return best[3] if best else ""
