"""What a body's own text blames the other side for: a charge made by publishing it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detente.coding.confidence import calibrated
from detente.coding.names_lexicon import flat
from detente.coding.passages import Mention, Passage, Reading
from detente.coding.statements_lexicon import reporting_words
from detente.languages import grammar
from detente.terms import Event, EventDate, Participant

_SURE = 0.6
_KIND = ("AID", "SUPPORT", "COOPERATE")
"""Deeds of the accused that a charge only seems to tell ("has aided the infiltration of the gang")."""


def charges_made(reading: Reading, told: Sequence[Event]) -> Iterator[Event]:
    """Sentences of an official text whose subject is the other side and whose words are blame.

    Args:
        told: The events found so far; a sentence that tells another deed is no charge.
    """
    voice, published = reading.voice, reading.document.published
    dyad = set(reading.dossier.dyad.sides)
    if voice is None or voice.joint or voice.side not in dyad or published is None:
        return
    other = next(iter(dyad - {voice.side}))
    speaker = voice.speaker(reading.language)
    charge = reporting_words(reading.language).charge
    for passage in reading.passages:
        blamed = _subject(passage, other, reading.language)
        if blamed is None or passage.times or passage.quoted:
            continue
        if any(e.evidence.span.overlaps(passage.span) and e.type not in _KIND for e in told):
            continue
        match = charge.search(flat(passage.text), blamed.span.end - passage.span.start)
        if match is None:
            continue
        start = passage.span.start + match.start()
        yield Event(
            type="ACCUSE",
            mode="disapprove",
            actors=(Participant(speaker.entity, speaker.name, speaker.side, speaker.role),),
            recipients=(blamed.participant(reading.document),),
            event_date=EventDate.of(published.isoformat(), "publication"),
            realis="happened",
            evidence=passage.evidence(reading.document),
            confidence=calibrated("event", _SURE),
            parts=(("action", reading.document.quote(start, passage.span.start + match.end())),),
            doubts=("actor", "date", "type"),
            # A statement first of all: none of five was among the main events of annotated pages (November 2026).
            rank="background",
            rule="charge of the publisher",
        )


def _subject(passage: Passage, other: str, language: str) -> Mention | None:
    """The other side where it opens the sentence: a state, its people or bodies, or a person's regime."""
    first = next((m for m in passage.mentions if m.side), None)
    if first is None or first.side != other:
        return None
    rules = grammar(language)
    lead = re.findall(r"\w+", flat(passage.text[: first.span.start - passage.span.start]))
    if not rules.words("articles").issuperset(lead):
        return None
    after = passage.text[first.span.end - passage.span.start :]
    person = first.kind in ("person", "role", "pronoun")
    return first if not person or rules.pattern("regime_after").match(after) else None
