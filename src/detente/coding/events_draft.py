"""One trigger becomes an event, or a reason why it does not: parties, day, realis, then what it points to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from detente.codebook import modes
from detente.coding.events_bilateral import said_of_us
from detente.coding.events_cast import Attempt, Cast, cast_of
from detente.coding.events_clause import (
    aimed_at_somebody,
    at_its_end,
    both_promise,
    by_phone,
    calls_off,
    calls_up,
    in_relative_clause,
    is_definite,
    is_intended,
    is_recalled,
    is_reported,
    lasted,
    not_yet,
    of_both,
    points_back,
    since_a_day,
    strangers_near,
    tells_of_another,
    was_set,
    what_for,
)
from detente.coding.events_confidence import doubts_of, event_confidence
from detente.coding.events_dates import Moment
from detente.coding.events_evidence import BULLET, evidence_of, place_of, points_of, quote_words, track_of
from detente.coding.events_lexicon import Lexicon, rules_by_name
from detente.coding.events_refusals import why_not
from detente.coding.events_sentence import Sentence
from detente.coding.events_triggers import Trigger
from detente.coding.events_when import (
    comes_after,
    day_ahead,
    day_of_saying,
    in_its_year,
    is_asked_for,
    is_deadline,
    of_a_thing,
    set_ahead,
    story_date,
)
from detente.coding.merging import Draft
from detente.coding.realis import Sign, decide
from detente.terms import Event, EventDate, Rank, Realis

_COMES_ABOUT = frozenset(("occur", "meet", "travel", "see", "receive", "await", "schedule", "attend", "affirm"))
_TAKES_PLACE = frozenset(("occur", "hold", "meet", "travel", "start", "resume", "negotiate"))
_UNDOING = frozenset(("lift", "delist", "permit", "effect", "give_back"))
_BREAKS = frozenset(("abandon", "recall"))
_SAID_NOW = frozenset(("AGREE", "REQUEST", "COOPERATE", "REJECT", "THREATEN", "ACCUSE"))
_REALIS: Mapping[str, Realis] = {"proposed": "proposed", "planned": "planned"}
_ANNOUNCED = frozenset(("sanction", "lift", "retreat"))
"""Families of measures, which are news on the day that they are announced."""
_JUST_TOLD = 2
"""Days after which what is told in passing, of a day of its own, is no news of the text."""
_LONG_AGO = 31
"""Days before the text that nothing still to come can lie."""

_STANCE_DAY = 4
"""Words behind praise within which a day is its own."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of it: type, mode and realis, with the sign that decided."""

    kind: str
    mode: str
    realis: Realis
    sign: Sign | None


def draft_event(attempt: Attempt) -> Draft | str:
    """The event as its sentence tells it, or why it tells none."""
    reading, sentence, trigger = attempt.reading, attempt.sentence, attempt.trigger
    if sentence.passage.text.rstrip().endswith("?"):
        return "asked, not told"
    if trigger.inside is not None and not stands_apart(trigger, attempt.moment) and not _blamed_today(attempt):
        return "said under another act, without a day of its own"
    if _alleged(attempt):
        return "alleged, and not told as done"
    if trigger.rule.together and both_promise(sentence, trigger, attempt.book):
        trigger = replace(trigger, rule=rules_by_name()[trigger.rule.together])
        attempt = replace(attempt, trigger=trigger)
    if reading.voice is not None and not trigger.rule.own_text:
        return "words of its own, in a body's own text"
    if trigger.holds and all(t.rule.aside and t.rule.type == trigger.rule.type for t in trigger.holds):
        # "agreed to stay in touch": no more than what is agreed.
        trigger = replace(trigger, rule=trigger.holds[0].rule)
        attempt = replace(attempt, trigger=trigger)
    if trigger.rule.called and calls_up(sentence, trigger):
        trigger = replace(trigger, rule=rules_by_name()[trigger.rule.called])
        attempt = replace(attempt, trigger=trigger)
    if trigger.rule.aimed and aimed_at_somebody(sentence, trigger):
        trigger = replace(trigger, rule=rules_by_name()[trigger.rule.aimed])
        attempt = replace(attempt, trigger=trigger)
    cast = cast_of(attempt)
    if isinstance(cast, str):
        return cast
    against = why_not(attempt, cast)
    if against:
        return against
    moment = attempt.moment
    if _day_of_thanks(attempt) or (moment is not None and of_a_thing(sentence, trigger, moment, reading.language)):
        attempt = replace(attempt, moment=None)
    intended = trigger.verb.tense == "infinitive" and is_intended(sentence, trigger, attempt.book)
    weak = (trigger.weak and not intended) or in_relative_clause(sentence, trigger, attempt.book)
    told = _tense(attempt, intended=intended)
    if weak and len(cast.sides) > 1 and at_its_end(sentence, trigger, attempt.book):
        weak, told = False, "past"  # "at the end of three hours of talks, both read out a statement"
    if _blamed_today(attempt):
        near = min(sentence.moments, key=lambda m: abs(m.first - trigger.last))
        attempt, weak = replace(attempt, moment=near, owner="own"), False
    day = _own_day(attempt, told, weak=weak)
    outcome = _outcome(attempt, day, told)
    if isinstance(outcome, str):
        return outcome
    if trigger.rule.expires and outcome.realis == "planned" and trigger.verb.tense == "pluperfect":
        return "a term that was to run out, whatever came of it"
    return _dated(attempt, cast, outcome, day, told, weak=weak)


def _blamed_today(attempt: Attempt) -> bool:
    """ "We condemn Chile's attack today on Arica": what is condemned, with the day beside it, is news itself."""
    trigger, outer = attempt.trigger, attempt.trigger.inside
    if outer is None or outer.rule.type != "ACCUSE" or trigger.rule.type not in ("ASSAULT", "COERCE"):
        return False
    moments = (m for m in attempt.sentence.moments if m.date.precision == "day" and not m.since)
    lead = 2 if trigger.verb.tense == "infinitive" else 1  # "its attempt today to annex"
    return any(0 < m.first - trigger.last <= 1 or 0 < trigger.first - m.last <= lead for m in moments)


def _day_of_thanks(attempt: Attempt) -> bool:
    """ "thanked Oman for hosting the talks of 18 February": the day of what thanks are for."""
    moment, trigger, words = attempt.moment, attempt.trigger, attempt.sentence.words
    if moment is None or trigger.rule.family != "stance":
        return False
    behind = trigger.last < what_for(trigger, words, attempt.book) < moment.first
    return moment.first - trigger.last > _STANCE_DAY or behind


def _tense(attempt: Attempt, *, intended: bool) -> str:
    """The tense it is told in: of what is intended future, of what is reported past."""
    tense = attempt.trigger.verb.tense
    if intended:
        return "future"
    if tense == "pluperfect" and is_reported(attempt.sentence, attempt.trigger):
        return "past"  # "said that talks had been held"
    return tense


def _own_day(attempt: Attempt, told: str, *, weak: bool) -> EventDate | None:
    """The day of its own moment, where that is not of something else."""
    sentence, trigger, moment, owner = attempt.sentence, attempt.trigger, attempt.moment, attempt.owner
    published = attempt.published
    # The day in "invited him to the parade on 9 May" is that of what is asked for.
    ahead_of = trigger.rule.realis == "planned" or (
        trigger.rule.type in ("REQUEST", "AGREE") and not trigger.rule.own_day and comes_after(moment, trigger)
    )
    day = in_its_year(moment, "" if ahead_of else trigger.verb.tense, published) if moment else None
    if moment is not None and day is not None and is_asked_for(trigger, moment):
        day = set_ahead(moment, day, published)
    if (
        owner == "said"
        and (told not in ("past", "present", "claimed") or weak)
        and not (trigger.rule.in_kind or (told == "prospective" and trigger.rule.family in _ANNOUNCED))
    ):
        day = None
    if trigger.rule.realis == "planned" and day is not None and published is not None and day.last <= published:
        # "announced today the delegation that will attend the fair on 19 July": the day of saying, and the other.
        coming = [m for m in sentence.moments if m.date.first > published and m.date.precision == "day" and not m.since]
        day = coming[0].date if len(coming) == 1 else day
    if day is not None and published is not None:
        ahead, behind = day.first > published, day.last < published
        ahead = ahead and not _across_the_date_line(attempt, day, told)
        long_ago = told == "future" and (published - day.last).days > _LONG_AGO
        # "announced in June that it would expel nine": the day of the announcement.
        announced = trigger.rule.in_kind or trigger.rule.family in _ANNOUNCED
        promised = told in ("future", "prospective") and not announced
        if long_ago or (behind and promised and is_reported(sentence, trigger)):
            day = None  # "said in June that the round will be held", "cut off in August 2008, they will resume"
        elif (
            ahead
            and told in ("past", "pluperfect")
            and trigger.rule.realis != "planned"
            and (trigger.rule.type in _SAID_NOW or trigger.rule.family == "cancelled" or _simply_met(trigger, moment))
        ):
            # "agreed to meet in July", "postponed the talks of July", "discussed how to finish by July": the day of
            # what is agreed, put off or talked about.
            day = None
    if moment is not None and day is not None and published is not None and trigger.rule.type in _SAID_NOW:
        past = told in ("past", "pluperfect", "present") and trigger.rule.family != "stance"
        if past and day.last > published and is_deadline(sentence, moment, attempt.book):
            day = None  # "have pledged to conclude an accord by the end of the year"
    if owner == "shared" and weak and trigger.rule.type != "CONSULT":
        day = None
    return day


def _across_the_date_line(attempt: Attempt, day: EventDate, told: str) -> bool:
    """ "met in Tokyo on October 28, 2025", published on the 27th elsewhere: told as past, with its full date."""
    moment, published = attempt.moment, attempt.published
    met = attempt.trigger.rule.type == "CONSULT" and told == "past" and published is not None
    written = moment is not None and str(day.first.year) in moment.evidence.quote
    return met and written and day.precision == "day" and published is not None and (day.first - published).days == 1


def _simply_met(trigger: Trigger, moment: Moment | None) -> bool:
    """ "discussed how to finish by July": no verb of expecting or planning, and the day does not stand beside it."""
    apart = moment is not None and moment.first - trigger.last > _BESIDE
    return (
        apart
        and trigger.rule.family == "verb"
        and not (trigger.rule.realis or trigger.rule.persons or trigger.verb.passive)
    )


_BESIDE = 4
"""Words between a verb and a day that is its own, a misprinted one too ("met in June" for July)."""


def _outcome(attempt: Attempt, day: EventDate | None, told: str) -> _Outcome | str:
    """Type, mode and realis, or why there is no event in it."""
    sentence, trigger, book, published = attempt.sentence, attempt.trigger, attempt.book, attempt.published
    verb = trigger.verb
    later = None if day is None or published is None else day.first > published
    if later and day is not None and _across_the_date_line(attempt, day, told):
        later = False
    over = day is not None and published is not None and day.last <= published
    if day is not None and published is not None and day.precision != "year" and day.first <= published < day.last:
        later = None  # "an arrival is expected this month": within a time that is not over
    signs = _signs(sentence, trigger, book)
    if any(s.name == "void" for s in signs) or not_yet(sentence, trigger, book):
        return "set aside by a sign or a condition beside it"
    if (
        verb.negated
        and trigger.rule.type == "CONSULT"
        and told in ("past", "pluperfect")
        and since_a_day(sentence, trigger, book)
    ):
        return "no meeting since a day"  # "have not met since ..."
    realis, sign = decide(verb, signs, later=later, reported=is_reported(sentence, trigger))
    if trigger.rule.family == "threat" and realis == "planned":
        realis = "happened"  # "will not hesitate to act": saying so threatens now
    if trigger.rule.frame == "visit" and trigger.rule.realis and told == "past" and not verb.passive and not later:
        return "somebody waited, whether or not anybody came"  # "l'attendait au pied de la passerelle"
    if trigger.rule.realis and realis == "happened":
        realis = _REALIS[trigger.rule.realis]
    due = next((s for s in signs if s.name == "expected" and s.first <= verb.first <= s.last), None)
    if due is not None and verb.tense == "pluperfect" and any(s.name == "cancelled" for s in sentence.signs):
        sign = due  # "devaient se rencontrer mardi, mais la réunion a été annulée"
    if sign is not None and sign.name == "expected":
        if any(s.name == "cancelled" for s in sentence.signs):
            realis = "cancelled"
    elif (
        realis == "planned"
        and (over if trigger.rule.realis else later is False)
        and verb.tense in ("nominal", "present")
    ):
        realis = "happened"
    if (
        realis == "planned"
        and trigger.rule.type == "CONSULT"
        and any(calls_off(other, trigger) for other in attempt.others)
    ):
        realis = "cancelled"  # "the talks, due to resume on June 15, were postponed"
    kind = _carried_out(trigger, realis)
    mode = _mode(trigger, kind)
    if trigger.none:
        return _Outcome(kind, mode, "denied", sign)  # "no agreement was reached"
    if trigger.rule.lasting and any(t.type == "DURATION" for t in sentence.passage.times):
        kind, mode = trigger.rule.lasting, ""  # "their exchange lasted two hours": of words, not of prisoners
    if trigger.rule.name == "answered with measures" and realis != "happened" and _answers_to(sentence, trigger, book):
        return _Outcome("THREATEN", "", "happened", sign)  # "riposterait à toute nouvelle sanction": says so now
    if trigger.rule.sets_day and verb.negated:
        realis = "planned"  # "no date has been set"
        if trigger.thing is not None and _none_of(sentence, trigger.thing.first, book):
            return _Outcome(kind, mode, "denied", sign)  # "aucune rencontre n'est prévue"
    if realis == "cancelled" or realis == "denied":
        if (kind == "CONSULT" and (sign is not None and sign.name == "expected")) or (
            kind == "CONSULT" and verb.negated and trigger.head.name in _TAKES_PLACE
        ):
            kind, mode, realis = "REJECT", "meet", "cancelled"
        elif (
            kind in ("CONCEDE", "RETREAT", "COOPERATE")
            and trigger.rule.mode not in _BREAKS  # "does not plan to leave the treaty" refuses nothing
            and verb.negated
            and (told in ("future", "present", "prospective") or trigger.ordered)
        ):
            refused = "yield" if kind != "COOPERATE" else "meet" if "talks" in trigger.rule.with_ else "assist"
            kind, mode, realis = "REJECT", refused, "happened"
        elif verb.negated or trigger.verb.tense == "nominal":
            return "denied"
    if trigger.rule.family == "cancelled" and realis == "denied" and sign is not None and sign.first < trigger.first:
        return "denied"  # "would not confirm that the meeting was put off"
    if trigger.rule.family == "cancelled" and not verb.negated and realis != "hypothetical":
        realis = "planned" if verb.tense in ("future", "infinitive") else "cancelled"
    return _Outcome(kind, mode, realis, sign)


def _answers_to(sentence: Sentence, trigger: Trigger, book: Lexicon) -> bool:
    """ "will answer *to* any sanction": what is answered, and not by what."""
    behind = sentence.words[trigger.head.last + 1 : trigger.head.last + 2]
    return bool(behind) and behind[0].word in book.words["to"] | book.grammar.words("contracts à")


def _alleged(attempt: Attempt) -> bool:
    """ "accuse le Chili d'*avoir bombardé* un village mardi": what somebody is accused of."""
    sentence, trigger = attempt.sentence, attempt.trigger
    words, numbers = sentence.words, sentence.numbers
    having = attempt.book.grammar.words("having")
    if trigger.head.kind != "verb" or words[trigger.verb.first].word not in having:
        return False
    return any(
        other.rule.type == "ACCUSE"
        and other.head.kind == "verb"
        and other.head.last < trigger.verb.first
        and numbers[other.head.first] == numbers[trigger.head.first]
        for other in attempt.others
        if other is not trigger
    )


def _none_of(sentence: Sentence, at: int, book: Lexicon) -> bool:
    """ "*aucune* rencontre", "*no* further talks": a word right before a thing says that there is none."""
    before = {t.word for t in sentence.words[max(0, at - 2) : at]}
    return bool(before & book.grammar.words("none_of"))


def _dated(
    attempt: Attempt, cast: Cast, outcome: _Outcome, day: EventDate | None, told: str, *, weak: bool
) -> Draft | str:
    """The event with its day: its own, or that of the story."""
    reading, sentence, trigger, story, book, moment = (
        attempt.reading,
        attempt.sentence,
        attempt.trigger,
        attempt.story,
        attempt.book,
        attempt.moment,
    )
    actors, recipients, inferred, sides = cast.actors, cast.recipients, cast.inferred, cast.sides
    kind, realis = outcome.kind, outcome.realis
    passage, published, verb = sentence.passage, attempt.published, trigger.verb
    own_date = day is not None
    weak = weak or realis == "hypothetical"
    vague = (
        trigger.rule.named
        and not is_definite(sentence, trigger, book)
        and not (of_both(sentence, trigger) or lasted(sentence, trigger))
    )
    open_to_all = inferred and trigger.rule.family in ("named", "held", "cancelled")
    if open_to_all and (vague or strangers_near(sentence, trigger, reading)):
        return "talks of others, or of nobody in particular"
    if trigger.rule.frame == "visit" and not recipients and (weak or not actors):
        return "a visit without visitor or host"
    if day is None and trigger.rule.type == "CONCEDE" and BULLET.match(passage.text) and verb.tense == "participle":
        told, weak = "present", False  # an item of a list of what was announced
    if day is None and moment is None and not weak and realis == "happened":
        day = day_ahead(sentence, trigger, published)
    if kind == "REJECT" and realis == "cancelled" and verb.negated and told in ("future", "prospective"):
        day = day or day_of_saying(sentence, trigger, published)  # "will not travel, the Kremlin said on Thursday"
        told = "present" if told == "future" else told  # "will not resume the talks": refused by saying so
    if day is None:
        day = story_date(reading, sentence, trigger, told, sides, story, weak=weak, inferred=inferred, realis=realis)
    if day is None and trigger.verb.bare and not trigger.verb.passive and trigger.rule.type in _SAID_NOW:
        return "an act in words, in passing and without a day"  # "had declared ..., blaming the former government"
    of_meeting = not own_date or was_set(sentence, trigger)
    if of_meeting and trigger.rule.family == "cancelled" and realis == "cancelled":
        day = day_of_saying(sentence, trigger, published) or day
    if (
        day is None
        and published is not None
        and trigger.rule.talk
        and told == "present"
        and len(sides) > 1
        and said_of_us(trigger, sentence, reading.language)
    ):
        # "We condemn", "we call on": saying it is doing it, on the day of the text.
        day, weak = EventDate.of(published.isoformat(), "publication"), False
    if day is None and published is not None and told == "present" and trigger.rule.type == "AGREE" and not weak:
        joint = reading.voice is not None and reading.voice.joint
        if joint and sides >= attempt.dyad and trigger.head.kind == "verb" and realis == "happened":
            day = EventDate.of(published.isoformat(), "publication")  # "The Parties agree to": by this very text
    if day is None and realis == "planned" and kind == "CONSULT" and not weak and published is not None:
        # "confirmed that he will come to the festivities and send a unit to the parade on 9 May": the one day to come.
        coming = {m.date for m in sentence.moments if m.date.precision == "day" and m.date.first > published}
        day = next(iter(coming)) if len(coming) == 1 else None
    event = _event(attempt, cast, outcome, day, told, weak=weak, own_date=own_date)
    put_off = moment.date if moment is not None and trigger.rule.family == "cancelled" else None
    alone = not weak or own_date or (day is not None and day.basis == "narrative" and points_back(sentence, trigger))
    if weak and not trigger.weak and realis == "happened" and not inferred and len(sides) > 1:
        # A deed in a relative clause, done by one to the other; "who was detained by", undated, only says who he is.
        alone = alone or trigger.rule.family == "release" or (trigger.rule.family == "coerce" and day is not None)
    sure = (
        trigger.head.name in _COMES_ABOUT
        or (reading.voice is not None and kind == "CONSULT" and told == "future" and trigger.head.kind == "verb")
        or (trigger.head.name == "hold" and verb.tense == "infinitive" and not inferred)
    )
    if day is None and realis == "planned" and not sure:
        alone = False
    to_come = put_off is not None and published is not None and put_off.first > published
    set_day = to_come or (put_off is not None and was_set(sentence, trigger))
    definite = is_definite(sentence, trigger, book)
    undated = moment is None and not weak
    if trigger.rule.family == "cancelled" and realis == "cancelled" and (set_day or undated):
        # "a summit planned for October was scrapped": the meeting that will not be, beside its cancelling.
        off = in_its_year(moment, told, published) if set_day and moment is not None else None
        held = replace(event, type="CONSULT", mode="", realis="cancelled", event_date=off, rank="background")
        story.drafts.append(Draft(held, weak, inferred, passage.index, len(story.drafts), alone, definite))
    nominal = trigger.verb.tense == "nominal"
    another = kind == "CONSULT" and tells_of_another(sentence, trigger, book)
    return Draft(event, weak, inferred, passage.index, len(story.drafts), alone, definite, nominal, another)


def _event(
    attempt: Attempt, cast: Cast, outcome: _Outcome, day: EventDate | None, told: str, *, weak: bool, own_date: bool
) -> Event:
    reading, sentence, trigger, moment = attempt.reading, attempt.sentence, attempt.trigger, attempt.moment
    document, words, sign = reading.document, sentence.words, outcome.sign
    kind, mode, realis = outcome.kind, outcome.mode, outcome.realis
    evidence = evidence_of(sentence, trigger, reading)
    place, place_evidence = place_of(reading, sentence, trigger)
    if not place and day is not None and day.basis == "narrative" and kind in ("CONSULT", "AGREE"):
        place = attempt.story.place
    parts = [("action", quote_words(document.text, document.id, words, trigger.first, trigger.last))]
    if moment is not None and own_date:
        parts.append(("date", moment.evidence))
    if place_evidence is not None:
        parts.append(("place", place_evidence))
    if sign is not None:
        parts.append(("realis", quote_words(document.text, document.id, words, sign.first, sign.last)))
    agreed = points_of(reading, sentence, trigger) if kind == "AGREE" else ()
    published = attempt.published
    past = (
        (weak or trigger.weak)
        and day is not None
        and published is not None
        and (published - day.last).days > _JUST_TOLD
    )
    rank: Rank = (
        "background" if past or is_recalled(sentence, trigger, told, attempt.book.grammar, published) else "main"
    )
    if trigger.rule.expires and realis == "planned":
        rank = "background"  # when a treaty will run out is told for the sake of something else
    if kind == "CONSULT" and not mode and by_phone(sentence, trigger):
        mode = "phone"
    return Event(
        type=kind,
        mode=mode,
        actors=cast.actors,
        recipients=cast.recipients,
        event_date=day,
        realis=realis,
        evidence=evidence,
        confidence=event_confidence(trigger, day, cast.inferred, weak, realis),
        doubts=doubts_of(trigger, day, cast.inferred, weak, realis, sign),
        place=place,
        track=track_of(reading, evidence, words, trigger),
        rank=rank,
        parts=tuple(parts),
        points=agreed,
        rule=trigger.rule.name,
    )


def _carried_out(trigger: Trigger, realis: Realis) -> str:
    """A measure lifted or a prisoner freed is RETREAT once done, CONCEDE while only announced (annotation rules)."""
    done = trigger.head.name in _UNDOING and trigger.verb.tense in ("past", "pluperfect") and not trigger.ordered
    if trigger.rule.done and realis == "happened" and done:
        return trigger.rule.done
    if trigger.rule.family == "release" and trigger.rule.type == "RETREAT" and realis in ("planned", "proposed"):
        return "CONCEDE"
    return trigger.rule.type


def stands_apart(trigger: Trigger, moment: Moment | None) -> bool:
    """An infinitive or noun under another act is that act's content, unless it has a date of its own beside it."""
    outer = trigger.inside
    if outer is None:
        return True
    if outer.rule.type == trigger.rule.type:
        return False
    if trigger.aside:
        return True  # "expelled the ambassador, accusing Ankara of ...": a deed of its own, on the same day
    if moment is None or (trigger.rule.type == "CONSULT" and outer.rule.type == "REJECT"):
        return False  # "declined to attend talks on Thursday"
    if (
        trigger.verb.bare
        and (trigger.verb.passive or trigger.rule.type == "CONSULT")
        and moment.first > trigger.head.first
    ):
        return True
    if trigger.rule.recalls and moment.first > trigger.head.first and moment.date.precision == "year":
        return True  # "had gone over the accords of 1994 and 1995"
    if outer.head.name in ("promise", "threaten") and trigger.rule.type == "REJECT":
        return True  # "vowed on Tuesday to oppose any nominee"
    if outer.rule.type == "REQUEST" and outer.head.name == "invite":
        return False  # "invited him to come in May"
    return trigger.rule.type == "CONSULT" and moment.first > trigger.head.first and trigger.verb.tense == "infinitive"


def _signs(sentence: Sentence, trigger: Trigger, book: Lexicon) -> list[Sign]:
    clause = sentence.numbers[trigger.head.first]
    first = min(trigger.verb.first, trigger.first)
    # A question particle stands within what it asks: "восстановят ли военные линию".
    particles = book.grammar.words("asks_within")
    asked = {i for i in range(trigger.first, trigger.last) if sentence.words[i].word in particles}
    in_place_of, opens = book.grammar.words("in_place_of"), book.grammar.words("content_clause")
    near = []
    for sign in sentence.signs:
        over = {"denied": 8, "void": 7}.get(sign.name, 0)
        if sentence.numbers[sign.first] != clause and not 0 < first - sign.last <= over:
            continue
        if (
            trigger.first <= sign.first <= trigger.last
            and sign.name not in ("future", "void")
            and sign.first not in asked
        ):
            continue
        away = first - sign.last if sign.last < first else sign.first - trigger.last
        if sign.name == "negation" and not (0 < first - sign.last <= (4 if trigger.weak else 2)):
            continue
        if sign.name == "void" and not -8 <= away <= 6:
            continue
        ahead = sentence.words[sign.first].word in in_place_of or sentence.words[sign.last].word in opens
        if sign.name == "void" and sign.first > first and ahead:
            continue  # "met in Chile *instead of* travelling", "expelled two over *claims that*": of what follows
        if sign.name in ("cancelled", "proposed", "future") and not -2 <= away <= 6:
            continue
        if sign.name == "denied" and sign.first > first:
            continue
        near.append((abs(away), sign))
    near.sort(key=lambda pair: pair[0])
    return [sign for _, sign in near]


def _mode(trigger: Trigger, kind: str) -> str:
    if trigger.rule.mode:
        # A release that is only announced is CONCEDE, which has no mode of that name.
        return trigger.rule.mode if (kind, trigger.rule.mode) in modes() else ""
    inner = {t.rule.type for t in trigger.holds}
    if trigger.rule.type in ("REJECT", "REQUEST"):
        if "CONSULT" in inner:
            return "meet"
        if inner & {"CONCEDE", "RETREAT"}:
            return "yield"
        if inner & {"AID", "COOPERATE"}:
            return "assist"
    if trigger.rule.type == "THREATEN":
        if inner & {"ASSAULT", "MOBILIZE"}:
            return "violence"
        if "SANCTION" in inner:
            return "expel" if any(t.rule.mode == "expel" for t in trigger.holds) else "restrict"
    return ""
