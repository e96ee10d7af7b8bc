"""Who takes part in an event: those its sentence names, completed by what the text about two states leaves unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from detente.coding.events_bilateral import between_two, toward_the_other, unnamed_official
from detente.coding.events_clause import those_thanked, those_two
from detente.coding.events_dates import Moment, Owner
from detente.coding.events_lexicon import Lexicon, Token, beside
from detente.coding.events_parties import Named, Parties, participants, parties
from detente.coding.events_sentence import Sentence
from detente.coding.events_story import Story, as_understood, those_just_told
from detente.coding.events_syntax import second_opinion
from detente.coding.events_triggers import Trigger, on_the_occasion
from detente.coding.events_understood import complete_parties
from detente.coding.passages import Reading
from detente.terms import Document, Participant


@dataclass(frozen=True, slots=True)
class Attempt:
    """One trigger, and all that decides whether an event comes of it.

    Attributes:
        others: All triggers of the sentence.
        moment: The time expression that is the trigger's, and whose it is (`owner`).
        story: What the document has told so far.
    """

    reading: Reading
    sentence: Sentence
    trigger: Trigger
    others: Sequence[Trigger]
    moment: Moment | None
    owner: Owner
    story: Story
    book: Lexicon

    @property
    def dyad(self) -> set[str]:
        return set(self.reading.dossier.dyad.sides)

    @property
    def published(self) -> date | None:
        return self.reading.document.published


@dataclass(frozen=True, slots=True)
class Cast:
    """Actors and recipients.

    Attributes:
        found: Those the sentence itself has.
        inferred: One side is understood, not named.
        plain: It is understood because no third state may be meant.
    """

    found: Parties
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    inferred: bool
    plain: bool

    @property
    def sides(self) -> set[str]:
        return {p.side for p in (*self.actors, *self.recipients) if p.side}


def cast_of(attempt: Attempt) -> Cast | str:
    """Who takes part, or why nobody does."""
    reading, sentence, trigger, story, book = (
        attempt.reading,
        attempt.sentence,
        attempt.trigger,
        attempt.story,
        attempt.book,
    )
    document, passage, words, dyad = reading.document, sentence.passage, sentence.words, attempt.dyad
    found = parties(trigger, sentence.named, sentence.numbers, sentence.hits, book, attempt.others, words)
    if trigger.rule.family == "stance":
        found = replace(found, recipients=those_thanked(found.recipients, trigger, words, book))
    if trigger.between and not (found.actors and found.recipients) and len(found.sides) < 2:
        found = _known(trigger, sentence.named)
    if reading.opinion is not None:
        found = second_opinion(reading.opinion, found, trigger, sentence.named, words, passage, reading.language)
    actors, recipients = participants(found.actors, document), participants(found.recipients, document)
    recipients = _with_folded(attempt, actors, recipients)
    if trigger.rule.type in _OF_A_DEED and trigger.head.kind == "verb" and len({p.side for p in actors}) == 1:
        recipients = recipients or _agreed_with(trigger, sentence, {p.side for p in actors}, document, book)
    stated = any(n.link == "with" for n in found.actors)
    if stated and len({n.side for n in found.actors}) == 1 and trigger.rule.frame == "mutual":
        own = {n.side for n in found.actors}
        other = [n for n in sentence.named if n.side in dyad - own and n.who and not n.modifier]
        if own <= {p.side for p in story.parties} and those_two(sentence, trigger):
            actors = as_understood(story.parties)  # "held talks with Zhao, and they agreed"
        elif not own <= dyad or (trigger.weak and not (other and _comes_for(trigger, words, reading.language))):
            return "a meeting among one side's own people"
        elif other:
            actors = (*participants(other[:1], document), *actors)  # "Ryabkov said the talks with Peru would be held"
        elif trigger.rule.of_story and trigger.verb.passive and story.home:
            actors = (*as_understood(p for p in story.home if p.side not in own), *actors)  # «Договор с США продлён»
        elif not story.home or not unnamed_official(trigger, sentence, reading.language):
            return "a meeting among one side's own people"
    if those_just_told(found, story, passage, dyad):
        actors = as_understood(story.parties)
    actors, recipients, inferred = complete_parties(reading, sentence, trigger, actors, recipients, story)
    if not actors and not recipients and trigger.rule.frame == "mutual":
        actors = _who_agreed(attempt)
        inferred = inferred or bool(actors)
    actors, recipients = between_two(trigger, found, actors, recipients, dyad, sentence, reading.language)
    if trigger.rule.frame == "visit" and dyad <= {p.side for p in actors}:
        # "Vučić and Kurti came to Brussels": to each other, wherever that is.
        recipients = tuple(p for p in recipients if p.side in dyad or p.role)
    plain = False
    if not inferred and story.home:
        unsaid = toward_the_other(trigger, found, actors, recipients, sentence, dyad, reading.language)
        if unsaid:
            other_side = as_understood(p for p in story.home if p.side == unsaid)
            if actors or trigger.rule.frame != "directed" or trigger.verb.passive:
                recipients = (*recipients, *other_side)
            else:
                actors = other_side
            inferred = plain = True
    if trigger.rule.since:
        actors = tuple(p for p in actors if p.side in dyad)
        recipients = tuple(p for p in recipients if p.side in dyad)
        if len({p.side for p in (*actors, *recipients)}) < 2 and story.parties:
            known = {p.side for p in (*actors, *recipients)}
            recipients = (*recipients, *as_understood([p for p in story.home if p.side not in known]))
    if not actors and not recipients and _done_between(attempt):
        actors, inferred = as_understood(story.home), True
    cast = Cast(found, actors, recipients, inferred, plain)
    return cast if cast.sides else "no state takes part that the text names"


def _with_folded(
    attempt: Attempt, actors: Sequence[Participant], recipients: tuple[Participant, ...]
) -> tuple[Participant, ...]:
    """Recipients, with the people whom a trigger of the same type within this one names."""
    sentence, trigger = attempt.sentence, attempt.trigger
    for inner in (inner for inner in trigger.holds if inner.rule.type == trigger.rule.type):
        met = parties(inner, sentence.named, sentence.numbers, sentence.hits, attempt.book, (), sentence.words)
        own = {p.side for p in actors}
        extra = [n for n in (*met.actors, *met.recipients) if n.side and n.side not in own]
        people = participants([n for n in extra if n.mention.kind == "person"], attempt.reading.document)
        if people:
            sides = {p.side for p in people}
            recipients = (
                *people,
                *(p for p in recipients if p.side not in sides or p.entity in {q.entity for q in people}),
            )
            recipients = tuple({p.entity or p.name: p for p in recipients}.values())
    return recipients


_OF_A_DEED = frozenset(("AGREE", "REJECT", "THREATEN"))
"""Said of a deed still to be done: whom that deed would touch is the other side."""


def _agreed_with(
    trigger: Trigger, sentence: Sentence, own: set[str], document: Document, book: Lexicon
) -> tuple[Participant, ...]:
    """ "Peru has agreed to lift sanctions on Chile", "refused to": with or to whom, by whom that is done to."""
    for inner in trigger.holds:
        met = parties(inner, sentence.named, sentence.numbers, sentence.hits, book, (), sentence.words)
        done_to = [n for n in met.recipients if n.side and n.side not in own]
        if done_to:
            return participants(done_to, document)
    return ()


def _comes_for(trigger: Trigger, words: Sequence[Token], language: str) -> bool:
    """ "will be in Lima *for talks with* the Peruvian minister", "warned her *during a call*": who comes takes part."""
    before = {t.word for t in words[max(0, trigger.first - 3) : trigger.first]}
    return on_the_occasion(trigger, words, language) or bool(before & beside("for_talks", language))


def _done_between(attempt: Attempt) -> bool:
    """ "The crossing was closed on Tuesday", in a text about two with no other state in the sentence."""
    trigger, moment = attempt.trigger, attempt.moment
    told = trigger.verb.passive and not trigger.verb.bare and not trigger.weak and trigger.head.kind == "verb"
    dated = moment is not None and moment.date.precision == "day" and moment.first > trigger.head.first
    others = any(n.side and n.side not in attempt.dyad for n in attempt.sentence.named)
    return told and dated and not others and trigger.rule.family in _MEASURES and not trigger.rule.talk


_MEASURES = frozenset(("sanction", "lift", "release", "retreat"))


def _who_agreed(attempt: Attempt) -> tuple[Participant, ...]:
    """ "agreed to meet again on 2 September": those who agreed will."""
    outer, verb = attempt.trigger.inside, attempt.trigger.verb
    if outer is None or outer.rule.type != "AGREE" or outer.rule.frame != "mutual" or verb.tense != "infinitive":
        return ()
    cast = cast_of(replace(attempt, trigger=outer))
    return as_understood((*cast.actors, *cast.recipients)) if isinstance(cast, Cast) and len(cast.sides) > 1 else ()


def _known(trigger: Trigger, named: Sequence[Named]) -> Parties:
    """Who does it and to whom, as the trigger itself has it."""
    doer, other = (next(n for n in named if n.first == first and n.side) for first in trigger.between)
    return Parties((doer, other), ()) if trigger.rule.frame == "mutual" else Parties((doer,), (other,))
