"""Parties that a sentence leaves to the story: "the two sides", "they", the other party of talks."""

from __future__ import annotations

from detente.coding.events_bilateral import blames_outsiders
from detente.coding.events_clause import (
    guest_named_before,
    host_and_guest,
    is_aimed,
    meets_counterpart,
    pronoun_guest,
    strangers_near,
)
from detente.coding.events_lexicon import beside, spans
from detente.coding.events_parties import participants
from detente.coding.events_sentence import Sentence
from detente.coding.events_story import Story, as_understood, state_party
from detente.coding.events_triggers import Trigger
from detente.coding.passages import Reading
from detente.terms import Participant


def complete_parties(
    reading: Reading,
    sentence: Sentence,
    trigger: Trigger,
    actors: tuple[Participant, ...],
    recipients: tuple[Participant, ...],
    story: Story,
) -> tuple[tuple[Participant, ...], tuple[Participant, ...], bool]:
    """Fill in "the two sides", "they", and the other party of talks whose parties the story has named."""
    clause = sentence.numbers[trigger.head.first]
    here = [
        s for s in sentence.small if sentence.numbers[s[1]] == clause or s[1] in range(trigger.first, trigger.last + 1)
    ]
    near = [s for s in here if s[1] <= trigger.last + 6]
    sides = {p.side for p in (*actors, *recipients) if p.side}
    both = bool(spans(near, "both"))
    they = any(first <= trigger.head.first for first, _ in spans(here, "they"))
    frame = trigger.rule.frame
    dyad = set(reading.dossier.dyad.sides)
    if not sides and trigger.rule.type == "AGREE" and spans(here, "it_was_agreed") and story.parties:
        return as_understood(story.parties), (), True
    guests = guest_named_before(sentence, trigger, dyad)
    if guests and sides <= dyad and {p.side for p in story.home} == dyad:
        own = {n.side for n in guests}
        return participants(guests, reading.document), as_understood(p for p in story.home if p.side not in own), True
    # "Obama landed in Havana. Raúl Castro received him": a person, who came in the sentence before.
    guest = [p for p in story.last_actors if p.side and p.side not in sides and p.entity != p.side][:1]
    just = bool(story.drafts) and 0 <= sentence.passage.index - story.drafts[-1].passage <= 1
    if guest and sides | {guest[0].side} == dyad and just and pronoun_guest(sentence, trigger):
        visit = story.drafts[-1].event.type == "CONSULT"
        return (as_understood(guest), (*actors, *recipients), True) if visit else (actors, recipients, False)
    told = bool(sentence.moments) or not trigger.weak
    agreed = trigger.inside is not None and trigger.inside.rule.type == "AGREE" and trigger.verb.tense == "infinitive"
    if not sides and agreed and frame == "mutual" and spans(here, "it_was_agreed") and story.parties:
        return as_understood(story.parties), (), True  # "It was agreed to meet on 9 May"
    done = frame == "mutual" or trigger.verb.passive  # "the envoy had been recalled", by one of the two
    if trigger.rule.of_story and done and not sides and story.parties and told:
        return as_understood(story.parties), (), True  # "The agreement was reached on May 16"
    if trigger.verb.passive and not sides and trigger.rule.family == "agree":
        dated = any(m.date.precision == "day" and not m.since for m in sentence.moments)
        if spans(here, "both") or (dated and story.stated and not any(n.side for n in sentence.named)):
            return as_understood(story.parties), (), bool(story.parties)  # "A truce was agreed on Tuesday"
        return actors, recipients, False  # a text was agreed, by whom is not said
    if trigger.rule.type == "CONSULT" and frame == "mutual" and not sides and host_and_guest(sentence, trigger):
        return as_understood(story.parties), (), bool(story.parties)
    if frame == "mutual" and not sides and spans(sentence.small, "their"):
        # "Trump and Putin have not met since their summit": theirs who stand before it.
        owners = [n for n in sentence.named if n.who and n.side and n.last < trigger.first and n.mention.kind != "city"]
        if len({n.side for n in owners}) == 2:
            return participants(owners, reading.document), recipients, False
    if (
        frame == "mutual"
        and not sides
        and trigger.head.kind == "thing"
        and _on_the_occasion(sentence, trigger, reading)
    ):
        met = {n.side: n for n in sentence.named if n.side in dyad and n.who and n.link != "on" and not n.modifier}
        if len(met) == 2:
            return participants(met.values(), reading.document), recipients, False
    if (
        trigger.rule.for_both == "subject"
        and trigger.thing is not None
        and trigger.thing.first < trigger.head.first
        and not (actors and (trigger.of_relative or trigger.verb.passive))  # "which Washington left": one of them
    ):
        return (as_understood(story.parties), (), True) if story.parties else (actors, recipients, False)
    if frame == "mutual" and len(sides) < 2:
        unsaid = not sides and (trigger.rule.family != "affirmed" or trigger.rule.of_story)
        if (both or they or unsaid) and story.parties:
            known = {p.side for p in story.parties}
            if sides <= known and (
                both or they or trigger.rule.family in ("held", "named", "agree", "cancelled", "release", "affirmed")
            ):
                spare = tuple(p for p in story.parties if p.side not in sides)
                return (*actors, *as_understood(spare)), recipients, True
        dyad = set(reading.dossier.dyad.sides)
        hosts = [n for n in sentence.named if n.venue and n.side in dyad - sides and n.mention.kind == "city"]
        if len(sides) == 1 and sides <= dyad and hosts and trigger.rule.family == "held":
            # "two days of meetings in Washington": with whom else.
            return actors, (*recipients, state_party(reading, hosts[0].side)), True
        if len(sides) == 1 and story.parties and trigger.rule.family in ("held", "cancelled") and not recipients:
            known = {p.side for p in story.parties}
            if sides <= known:
                spare = tuple(p for p in story.parties if p.side not in sides)
                return (*actors, *as_understood(spare)), recipients, True
    if frame == "mutual" and len(sides) == 1 and not recipients:
        # "negotiated an exchange ... from the Russians": the other of the two is named in the sentence in another way.
        dyad = set(reading.dossier.dyad.sides)
        others = [n for n in sentence.named if n.side in dyad - sides and n.link != "on" and not n.host and not n.venue]
        if sides <= dyad and others and not trigger.weak and trigger.rule.family in ("agree", "held"):
            return (*actors, *participants(others[:1], reading.document)), recipients, False
    if trigger.rule.for_both and not sides and story.parties:
        return as_understood(story.parties), (), True  # a treaty expires for both
    # "met with his counterpart", "talks between Tokayev and his host"
    meets = trigger.head.kind == "verb" or (bool(sides) and any(n.link in ("between", "with") for n in sentence.named))
    one_of_two = trigger.rule.type == "CONSULT" and meets and len(sides) < 2 and sides <= dyad
    if one_of_two and meets_counterpart(sentence, trigger) and {p.side for p in story.parties} == dyad:
        spare = tuple(p for p in story.parties if p.side not in sides)
        return actors, (*recipients, *as_understood(spare)), True
    if trigger.rule.bilateral and len(sides) < 2 and sides <= dyad and story.parties and (sides or story.stated):
        spare = tuple(p for p in story.parties if p.side not in sides)
        if {p.side for p in story.parties} == dyad:
            if frame == "directed" and not actors and sides and not trigger.verb.passive:
                return as_understood(spare), recipients, True  # "summoned the Peruvian ambassador": the other one did
            return actors, (*recipients, *as_understood(spare)), True
    if frame != "mutual":
        if not actors and (spans(here, "one") or spans(here, "they")) and story.last_actors:
            own = {p.side for p in recipients}
            actors = as_understood(tuple(p for p in story.last_actors if p.side not in own)[:1])
            return actors, recipients, True
        dyad = set(reading.dossier.dyad.sides)
        only = {p.side for p in (*actors, *recipients) if p.side}
        if (
            len(only) == 1
            and only <= dyad
            and not trigger.rule.to_anybody
            and not blames_outsiders(trigger, sentence)
            and story.parties
            and (
                trigger.rule.family in _TOWARDS_THE_OTHER
                or trigger.rule.to_other
                or trigger.rule.family in ("release", "lift")
                or (
                    trigger.rule.talk
                    and is_aimed(sentence, trigger)
                    and not any(n.side in dyad - only for n in sentence.named)
                )
                or (
                    trigger.rule.family == "coerce"
                    and any(n.side in dyad - only for n in sentence.named)
                    and any(
                        h.kind == "thing" and h.name in ("property", "prisoners", "diplomats") for h in sentence.hits
                    )
                )
            )
            and actors
            and not strangers_near(sentence, trigger, reading)
        ):
            spare = tuple(p for p in story.parties if p.side in dyad - only)
            return actors, (*recipients, *as_understood(spare)), True
    return actors, recipients, False


def _on_the_occasion(sentence: Sentence, trigger: Trigger, reading: Reading) -> bool:
    """ "In a call on Tuesday, Biden proposed to Putin ...": whoever the sentence tells of was there."""
    before = [t.word for t in sentence.words[max(0, trigger.first - 4) : trigger.first]]
    occasions = beside("at_meeting", reading.language) | beside("for_talks", reading.language)
    return bool(occasions.intersection(before))


_TOWARDS_THE_OTHER = frozenset(("retreat", "offer", "sanction", "lift", "request", "affirmed"))
"""Families whose other side, left out in a text about two, is the other of the two."""
