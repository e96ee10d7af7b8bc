"""Why a trigger with its parties tells no event: said in passing, by both at once, as a view, at home."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from detente.coding.events_bilateral import at_home, misses_object
from detente.coding.events_cast import Attempt, Cast
from detente.coding.events_clause import (
    act_together,
    agreed_by_whom_not_said,
    by_nature,
    came_from,
    done_by_outlaws,
    done_by_strangers,
    done_to_outlaws,
    first_to_do,
    foreseen,
    helps_along,
    in_quotation,
    in_relative_clause,
    is_aimed,
    is_intended,
    is_reported,
    meeting_of_many,
    meets_counterpart,
    meets_no_state,
    months_of,
    names_many,
    names_title,
    of_others,
    one_group,
    only_thought,
    pair_met,
    pronoun_guest,
    pronoun_object,
    published_in,
    reached,
    ready_to,
    said_by_a_paper,
    said_of_them,
    tells_view,
    term_for,
    theirs,
    what_they_did,
    where_it_is,
)
from detente.coding.events_lexicon import beside, rules_by_name
from detente.coding.events_parties import Named
from detente.coding.events_triggers import Trigger
from detente.coding.polarity import polarity
from detente.terms import Participant

_HOSTILE = frozenset(("ACCUSE", "SANCTION", "THREATEN", "ASSAULT"))
_HARM = frozenset(("SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "THREATEN"))


def why_not(attempt: Attempt, cast: Cast) -> str:
    """The first reason against it, or nothing."""
    checks = (_by_parties, _by_object, _by_stance, _by_view)
    return next(filter(None, (check(attempt, cast) for check in checks)), "")


def _by_parties(attempt: Attempt, cast: Cast) -> str:
    reading, sentence, trigger, moment = attempt.reading, attempt.sentence, attempt.trigger, attempt.moment
    found, actors, recipients, sides, book = cast.found, cast.actors, cast.recipients, cast.sides, attempt.book
    if (
        trigger.rule.persons
        and not meets_counterpart(sentence, trigger)
        and not any(n.mention.kind in ("person", "role", "institution") or _national(n) for n in found.actors)
        and not names_title(sentence, trigger, book)
        and not (cast.inferred and pronoun_guest(sentence, trigger))
    ):
        return "received or awaited whom the text does not name"
    if (
        trigger.weak
        and moment is not None
        and moment.date.precision == "year"
        and published_in(reading.document, moment.date)
    ):
        return "a count within this year"  # "her sixth trip this year": a count
    if trigger.rule.pledge == "only" and not _pledged(attempt, cast):
        return "work together that nobody pledged"
    if trigger.rule.not_together and act_together(sentence, trigger, found) and sides <= attempt.dyad:
        return "said by both sides together"  # "The leaders expressed satisfaction with Russian-Cuban relations"
    blamed = any(t.rule.type in _HOSTILE and t.head.first < trigger.head.first for t in attempt.others)
    if cast.inferred and blamed and trigger.rule.type == "AGREE" and trigger.rule.family == "affirmed":
        return "confirmed beside blame of the other, so not to it"
    if trigger.rule.mode == "arrest" and trigger.verb.bare and cast.inferred and not cast.plain:
        return "held, by whom is not said"  # "until all citizens held abroad are home"
    elsewhere = found.actors and all(n.venue and n.side not in attempt.dyad for n in found.actors)
    if trigger.rule.mode == "arrest" and elsewhere:
        return "arrested in a third state, and who did it is not said"
    if trigger.verb.tense == "infinitive" and first_to_do(sentence, trigger, book):
        return "says who was the first to do so"
    if cast.inferred and meets_no_state(trigger, sentence):
        return "a meeting with somebody who speaks for no state"
    voice = reading.voice
    if voice is not None and voice.several and trigger.rule.frame == "mutual":
        named = {n.side for n in sentence.named if n.mention.kind != "group"}
        if sides == attempt.dyad and not named >= attempt.dyad - {voice.side}:
            return "done by those who sign the text, of whom the other side is none"
    if cast.inferred and trigger.rule.type == "COOPERATE" and _with_friends(attempt):
        return "work together with friends of one's own, who are not named"
    if cast.inferred and not cast.found.actors and done_by_strangers(sentence, trigger, book):
        return "done by others than the two, whom the text only names as a group"
    if cast.inferred and not found.sides and of_others(sentence, trigger, book):
        return "done by others than the two, whom the text only names as a group"
    if trigger.rule.family == "sanction" and trigger.verb.passive and by_nature(sentence, trigger, book):
        return "closed by nature, and by nobody"
    if trigger.rule.frame == "directed" and done_by_outlaws(sentence, trigger, book):
        return "the deed of a band that its clause tells of"
    if trigger.rule.talk and trigger.rule.frame == "directed" and said_by_a_paper(sentence, trigger, book):
        return "what a paper says"
    if cast.inferred and where_it_is(sentence, trigger, book):
        return "says where something is, in passing"
    if trigger.rule.mode == "phone" and reached(sentence, trigger) and not _by_whom(cast):
        return "reached by telephone, by whom is not said"  # "a member of parliament reached by telephone"
    if trigger.rule.type == "CONSULT" and trigger.verb.tense == "infinitive" and ready_to(sentence, trigger):
        return "a readiness to meet"
    if trigger.rule.it and _just_signed(attempt, cast):
        return "signed, as the sentence before has told"
    if trigger.rule.named and trigger.rule.type == "CONSULT" and months_of(sentence, trigger, book):
        return "talks of months, not of a day"
    if cast.inferred and _suffered(attempt, cast):
        return "suffered, at whose hands is not said"
    if trigger.rule.frame == "visit" and found.recipients and meeting_of_many(sentence, trigger):
        return "a visit to a meeting of many states"
    if trigger.rule.named and trigger.rule.type == "CONSULT" and names_many(sentence, trigger):
        return "a meeting of many states, named in passing"
    if trigger.rule.frame == "visit" and not found.recipients and came_from(sentence, trigger):
        return "tells where somebody came from"
    if trigger.rule.frame == "directed" and one_group(actors, recipients):
        return "done by both sides together, to nobody of the two"
    return ""


def _just_signed(attempt: Attempt, cast: Cast) -> bool:
    """ "X and Y signed a treaty. Their ministers initialled *it* in the presence of ...": the same paper."""
    drafts, here = attempt.story.drafts, attempt.sentence.passage.index
    signed = [d for d in drafts if d.event.type == "AGREE" and 0 <= here - d.passage <= 1 and not d.weak]
    return attempt.moment is None and any(
        set(d.event.sides) == cast.sides and d.event.realis == "happened" and rules_by_name()[d.event.rule].own_day
        for d in signed
    )


def _national(name: Named) -> bool:
    """ "L'Américaine": somebody of that people."""
    return name.mention.kind == "people" and name.link == "" and not name.modifier and name.mention.text[:1].isupper()


def _by_whom(cast: Cast) -> bool:
    return any(n.link == "by" for n in (*cast.found.actors, *cast.found.recipients))


def _with_friends(attempt: Attempt) -> bool:
    """ "work together with our allies and partners": not with the other side."""
    words, last, book = attempt.sentence.words, attempt.trigger.last, attempt.book
    after = [t.word for t in words[last + 1 : last + 1 + _FRIENDS]]
    at = next((i for i, word in enumerate(after) if word in book.grammar.words("together_with")), None)
    return at is not None and not beside("strangers", book.language).isdisjoint(after[at : at + _FRIENDS - 1])


_FRIENDS = 5
"""Words from working together to with whom."""


def _suffered(attempt: Attempt, cast: Cast) -> bool:
    """ "condolences to the families of those who were killed today": no side of the two did it to the other."""
    trigger = attempt.trigger
    untold = trigger.rule.type == "ASSAULT" and trigger.verb.passive and not cast.found.actors
    return untold and in_relative_clause(attempt.sentence, trigger, attempt.book)


def _by_object(attempt: Attempt, cast: Cast) -> str:
    sentence, trigger = attempt.sentence, attempt.trigger
    found, actors, recipients, inferred, book = cast.found, cast.actors, cast.recipients, cast.inferred, attempt.book
    sides, own = cast.sides, {p.side for p in actors}
    addressed = any(p.evidence is not None and p.side and p.side not in own for p in recipients)
    if trigger.rule.family == "wide" and not recipients and trigger.rule.frame == "directed":
        return "a word of everyday use, to nobody named"
    named = {n.side for n in (*found.actors, *found.recipients) if n.side}
    if trigger.rule.frame == "directed" and inferred and len(named) < 2 and done_to_outlaws(sentence, trigger, book):
        return "done to a band that acts for no state"
    if any(
        what_they_did(t, sentence, book) < trigger.head.first for t in attempt.others if _holds_in_clause(t, attempt)
    ):
        return "what somebody is held for"
    if any(_accuses_before(t, attempt) for t in attempt.others):
        return "what somebody is accused of"
    if trigger.rule.mode == "arrest" and trigger.head.kind == "verb" and not trigger.verb.passive:
        cut = what_they_did(trigger, sentence, book)
        touched = [n for n in sentence.named if n.side and n.side not in own and n.first > trigger.head.last]
        if touched and all(n.first > cut and n.link != "by" for n in touched):
            return "held for what was done with or for another state, not taken from it"
    told_of_it = attempt.reading.voice is not None and sides >= attempt.dyad
    if trigger.rule.to_recipient and not addressed and not told_of_it:
        return "a measure at home, against nobody named"
    if inferred and not addressed and at_home(trigger, sentence):
        return "done at home, with nobody of the other side named"
    if not addressed and misses_object(trigger, sentence, free_order=book.grammar.traits.free_order):
        return "a verb of everyday use, without an object that makes it a deed between states"
    if trigger.rule.family == "help" and not any(n.who and not n.modifier for n in found.actors):
        return "help without a helper"  # "this will help restore Russian-American ties"
    if trigger.rule.name == "promise" and _ill(attempt):
        return "a promise of something ill"
    if trigger.rule.type == "REJECT" and _spares(trigger):
        return "a refusal to do harm"
    if trigger.rule.family == "affirmed" and trigger.verb.bare:
        return "confirmed in passing"  # "having confirmed its commitment, ..."
    if trigger.rule.pair and (inferred or not pair_met(found)):
        return "asks for a person of each side"
    agreed = trigger.rule.type == "AGREE" and sides >= attempt.dyad and agreed_by_whom_not_said(sentence, trigger)
    if trigger.rule.joint and not agreed and not act_together(sentence, trigger, found):
        return "asks for two sides acting together"
    return ""


def _ill(attempt: Attempt) -> bool:
    """ "promised to go on with the pressure"."""
    sentence, first = attempt.sentence, attempt.trigger.head.last + 1
    behind = list(takewhile(lambda token: token.word[0].isalnum(), sentence.words[first:]))
    said = " ".join(token.word for token in behind)
    return polarity(said, attempt.book.language)[0] < _ILL


_ILL = -0.4
"""Polarity below which what is promised is ill: as in `stance`."""


def _spares(trigger: Trigger) -> bool:
    """ "refused to expel diplomats", "decided not to impose sanctions": what is refused would have harmed."""
    first = next((t for t in trigger.holds if t.head.kind == "verb" and "inf" in t.head.tags), None)
    return first is not None and first.rule.type in _HARM


def _holds_in_clause(other: Trigger, attempt: Attempt) -> bool:
    numbers, head = attempt.sentence.numbers, attempt.trigger.head
    held = other.rule.mode == "arrest" and other.head.kind == "verb" and other.head.first < head.first
    held = held and not other.verb.bare and not attempt.trigger.shares_subject
    return held and numbers[other.head.first] == numbers[head.first]


def _accuses_before(other: Trigger, attempt: Attempt) -> bool:
    """ "sanctioned firms *accused of* helping Chad or arming it"."""
    numbers, head = attempt.sentence.numbers, attempt.trigger.head
    charged = other.rule.type == "ACCUSE" and other.verb.bare and other.verb.passive and other.head.kind == "verb"
    return charged and other.head.first < head.first and numbers[other.head.first] == numbers[head.first]


def _by_stance(attempt: Attempt, cast: Cast) -> str:
    sentence, trigger, moment = attempt.sentence, attempt.trigger, attempt.moment
    actors, recipients, sides, inferred, plain = cast.actors, cast.recipients, cast.sides, cast.inferred, cast.plain
    pledged = _pledged(attempt, cast)
    if (trigger.rule.talk or (inferred and not plain)) and in_quotation(sentence.passage, sentence.words, trigger):
        return "inside a quotation, sides not named there"
    if (
        trigger.rule.talk
        and not pledged
        and not foreseen(sentence, trigger)
        and moment is None
        and not (trigger.rule.type == "AID" and trigger.thing is not None and trigger.verb.tense == "future")
        and trigger.verb.tense in ("future", "prospective", "conditional")
    ):
        return "a stance that would be taken"
    if trigger.rule.talk and (len(sides) < 2 or (trigger.rule.frame == "directed" and not recipients)):
        return "mostly a stance, and no two sides"
    aimed = is_aimed(sentence, trigger)
    if (
        inferred
        and (trigger.rule.talk or trigger.rule.family == "help")
        and not pronoun_object(sentence, trigger)
        and not aimed
        and not plain
        and not pledged
    ):
        return "mostly a stance, and the other side is not named"
    if inferred and (
        (trigger.rule.recalls and not theirs(sentence, trigger))
        or (trigger.rule.topic and not said_of_them(sentence, trigger))
    ):
        return "an accord or topic whose sides are not named"
    if inferred and trigger.rule.type == "SUPPORT" and _blamed_before(attempt, recipients):
        return "kind words, in a text that blames the other side"
    if trigger.rule.frame == "directed" and trigger.rule.talk and len({p.side for p in actors} & attempt.dyad) > 1:
        return "said by both, of nobody in particular"
    return ""


def _by_view(attempt: Attempt, cast: Cast) -> str:
    sentence, trigger, book, sides, found = attempt.sentence, attempt.trigger, attempt.book, cast.sides, cast.found
    if (
        trigger.rule.view
        and tells_view(sentence, trigger, book)
        and (len(sides) < 2 or only_thought(sentence, trigger))
    ):
        return "a view agreed on, no accord"
    if trigger.rule.firsthand and is_reported(sentence, trigger):
        return "a readiness to talk that somebody speaks of"
    if trigger.rule.expires and term_for(sentence, trigger, book):
        return "the term set for it runs out, not it"
    if helps_along(trigger, found):
        return "talks between others, which the subject helps along"
    if trigger.rule.topic and tells_view(sentence, trigger, book) and trigger.head.kind == "verb":
        return "a view, no meeting"
    return ""


def _blamed_before(attempt: Attempt, recipients: Sequence[Participant]) -> bool:
    """ "Condolences", after the attack of the other side was condemned: not for that side."""
    sides = {p.side for p in recipients}
    told = (draft.event for draft in attempt.story.drafts)
    return any(e.type == "ACCUSE" and sides & {p.side for p in e.recipients} for e in told)


def _pledged(attempt: Attempt, cast: Cast) -> bool:
    """ "Peru and Chile will go on working together"."""
    trigger = attempt.trigger
    together = len({n.side for n in cast.found.actors if n.link == ""}) > 1
    told = trigger.verb.tense == "future" or is_intended(attempt.sentence, trigger, attempt.book)
    future = bool(trigger.rule.pledge) and told
    return future and (together or said_of_them(attempt.sentence, trigger))
