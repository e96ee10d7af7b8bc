"""What one state does to another that had just done the same to it: "Ankara followed suit"."""

from __future__ import annotations

from dataclasses import replace

from detente.coding.events_clause import ONE_SIDED
from detente.coding.events_evidence import quote_words
from detente.coding.events_lexicon import spans
from detente.coding.events_sentence import Sentence
from detente.coding.events_story import Story
from detente.coding.merging import Draft
from detente.coding.passages import Reading
from detente.terms import Participant

_AFTER = 6
"""Words behind "followed suit" within which a day is its own."""


def answer_in_kind(reading: Reading, sentence: Sentence, story: Story) -> Draft | None:
    """The deed just told, done back by whom it was done to; None where the sentence tells of none."""
    passage, document = sentence.passage, reading.document
    told = spans(sentence.small, "tit_for_tat")
    if not told or not story.drafts:
        return None
    first, last = told[0]
    subject = [n for n in sentence.named if n.side and n.who and n.link == "" and n.last < first]
    before = [d for d in story.drafts if d.event.type in ONE_SIDED and 0 <= passage.index - d.passage <= 1]
    if not subject or not before:
        return None
    by, deed = subject[-1], before[-1]
    sides = {p.side for p in deed.event.actors}
    if first - by.last > _BESIDE or by.side in sides or by.side not in deed.event.sides:
        return None
    if deed.event.realis != "happened":
        return None
    day = next((m.date for m in sentence.moments if 0 < m.first - last <= _AFTER), deed.event.event_date)
    done_to = tuple(replace(p, evidence=None) for p in deed.event.actors)
    made = by.mention.participant(document)
    event = replace(
        deed.event,
        actors=(made if made.side == by.side else Participant(by.side, made.name, by.side, "", made.evidence),),
        recipients=done_to,
        event_date=day,
        evidence=document.quote(passage.span.start, passage.span.end),
        parts=(("action", quote_words(document.text, document.id, sentence.words, first, last)),),
        place="",
    )
    return replace(deed, event=event, passage=passage.index, order=len(story.drafts), answer=True)


_BESIDE = 4
"""Words between who answers and the words that tell so."""
