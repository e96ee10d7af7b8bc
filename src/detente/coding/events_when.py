"""The day of one event: its own moment, what tense makes of it, and where there is none that of the story."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from detente.coding.events_clause import ONE_SIDED, is_recalled, names_that_day, points_back, tells_of_a_thing
from detente.coding.events_dates import Moment, Owner, event_date, on_story_day
from detente.coding.events_lexicon import Lexicon, Token, beside
from detente.coding.events_sentence import Sentence
from detente.coding.events_story import Story, long_past, tells_news
from detente.coding.events_triggers import Trigger
from detente.coding.passages import Passage, Reading
from detente.errors import TermsError
from detente.languages import grammar
from detente.terms import EventDate, Realis

_LEAD = 2
"""Passages counted as the lead: an undated past event there is dated by publication."""


def just_begun(moment: Moment, published: date | None, triggers: Sequence[Trigger]) -> bool:
    if published is None or moment.date.precision != "day" or any(t.verb.negated for t in triggers):
        return False
    return 0 <= (published - moment.date.last).days <= _JUST and any(
        t.rule.type in ONE_SIDED and t.verb.tense == "present" for t in triggers
    )


_JUST = 7
_IN_FORCE = 12
"""Words between a measure and the year since which it holds."""


def in_force_from(trigger: Trigger, sentence: Sentence) -> Moment | None:
    """The year in "on the list since 1982", "the embargo in force since 1962"."""
    after = [m for m in sentence.moments if m.since and 0 < m.first - trigger.last <= _IN_FORCE]
    return after[0] if after else None


def each_day(
    moment: Moment | None, owner: Owner, trigger: Trigger, sentence: Sentence, book: Lexicon
) -> list[Moment | None]:
    """A list of dates tells of several meetings ("held on Feb. 27 and April 10"), each with the same evidence."""
    several = trigger.rule.type == "CONSULT" or trigger.rule.recalls or trigger.rule.each_day
    if moment is None or owner != "own" or not several:
        return [moment]
    days: list[Moment | None] = [moment]
    last = moment
    for other in sentence.moments:
        between = range(last.last + 1, other.first)
        places = {i for n in sentence.named if n.venue for i in range(n.first - 1, n.last + 1)}
        gap = {sentence.words[i].word for i in between if i not in places}  # "on 9 June, and in Oslo on 28 July"
        close = other.first == last.first or (gap and gap <= book.grammar.words("between_days"))
        if other is not moment and other.first >= last.first and close and other.date.precision == last.date.precision:
            if not _next_day(last, other):
                days.append(other)  # "on 2 and 3 December" it went on
            last = other
    nearest = moment
    for other in reversed(sentence.moments):
        gap = {t.word for t in sentence.words[other.last + 1 : nearest.first]}
        listed = gap and gap <= book.grammar.words("between_days") and not other.since
        if other.last < nearest.first and listed and other.date.precision == nearest.date.precision == "day":
            days.insert(0, other)  # "on July 28, then on September 30, the two delegations met"
            nearest = other
    return days


def of_the_same_time(
    triggers: Sequence[Trigger], dates: Mapping[int, tuple[Moment, Owner]], sentence: Sentence, book: Lexicon
) -> dict[int, tuple[Moment, Owner]]:
    """Days that clauses of one time lend each other, for the triggers that have none.

    "told him on Monday that …, *as* the two sat down together", "agreed to … *when* they met in June", and "since 24
    September, *when* gunmen killed …".
    """
    numbers, words = sentence.numbers, sentence.words
    found: dict[int, tuple[Moment, Owner]] = {}
    opens = {
        n
        for n in set(numbers)
        if words[numbers.index(n)].word in beside("meanwhile", book.language) and numbers.index(n)
    }
    days = [m for m in sentence.moments if m.date.precision == "day" and not m.since]
    for index, trigger in enumerate(triggers):
        clause = numbers[trigger.head.first]
        if index in dates or trigger.verb.tense not in ("past", "pluperfect") or trigger.inside is not None:
            continue
        if clause in opens:
            opening = numbers.index(clause)
            just_before = [m for m in sentence.moments if 0 < opening - m.last <= 2]
            if just_before and just_before[-1].date.precision == "day":
                found[index] = (just_before[-1], "own")
            elif len(days) == 1 and days[0].last < opening:
                found[index] = (days[0], "shared")
            continue
        met = [
            dates[i]
            for i, other in enumerate(triggers)
            if i in dates and other.rule.type == "CONSULT" and numbers[other.head.first] in opens and i > index
        ]
        if met and trigger.rule.type == "AGREE":
            found[index] = (met[0][0], "own")
    return found


def _next_day(moment: Moment, other: Moment) -> bool:
    return moment.date.precision == "day" and (other.date.first - moment.date.last).days == 1


def of_a_paper(moment: Moment, words: Sequence[Token], language: str) -> bool:
    """ "Order 17 *of 15 April*", "Announcement No. 4 *of 2025*"."""
    at = moment.first
    return at > 1 and words[at - 2].word.isdigit() and words[at - 1].word in grammar(language).words("numbered_of")


def of_a_thing(sentence: Sentence, trigger: Trigger, moment: Moment, language: str) -> bool:
    """ "to turn the truce of 1953 into peace", "under Order 17 of 15 April": the day of what the act is about."""
    words, at = sentence.words, moment.first
    if of_a_paper(moment, words, language) and trigger.last < at - 3:
        return True
    owned = moment.last + 1 < len(words) and words[moment.last + 1].word in ("'s", "’s")
    if owned and trigger.last < at and trigger.verb.tense in ("future", "prospective"):
        return True  # "will announce measures in response to today's strike"
    if moment.date.precision != "year" or trigger.rule.named:
        return False
    if trigger.thing is not None:
        # "froze the treaty of 2000": what is ended, put off or thrown out was concluded in that year
        over = (
            trigger.rule.family in ("retreat", "cancelled", "sanction", "lift")
            and trigger.thing.first > trigger.head.first
        )
        between = [t.word for t in words[trigger.thing.last + 1 : at]]
        return over and len(between) == 1 and between[0] in grammar(language).words("belongs")
    return any(h.kind == "thing" and h.last == moment.first - 1 for h in sentence.hits)


def day_ahead(sentence: Sentence, trigger: Trigger, published: date | None) -> EventDate | None:
    """The day in "Today, after years of waiting, we are …": of what the sentence tells, over an aside."""
    head = next((m for m in sentence.moments if m.first == 0 and not m.since and m.date.precision == "day"), None)
    if head is None or trigger.verb.bare or trigger.inside is not None or published is None:
        return None
    apart = head.last + 1 < len(sentence.words) and sentence.words[head.last + 1].word == ","
    return head.date if apart and head.date.last <= published else None


_ASKED = frozenset(("AGREE", "REQUEST"))
"""Types whose verb is followed by what is agreed or asked for: how often that is to be says nothing of the day."""


def day_of_saying(sentence: Sentence, trigger: Trigger, published: date | None) -> EventDate | None:
    """ "let it be known on Wednesday that the summit of September was off": when that was said."""
    saying = [
        h
        for h in sentence.hits
        if h.kind == "verb"
        and h.name in ("report", "notify", "announce")
        and not trigger.first <= h.first <= trigger.last
    ]
    for hit in sorted(saying, key=lambda h: abs(h.first - trigger.first)):
        clause = sentence.numbers[hit.first]
        days = (m for m in sentence.moments if m.date.precision == "day" and not m.since)
        told = (m.date for m in days if sentence.numbers[m.first] == clause)
        day = next((d for d in told if published is None or d.last <= published), None)
        if day is not None:
            return day
    return None


_AT_THE_MEETING = frozenset(("ACCUSE", "REQUEST", "SUPPORT", "THREATEN"))
"""What a body's own report of a meeting tells of beside it was said there."""
_SAID_TO_BE = frozenset(("past", "present", "future", "claimed", "prospective"))
_MONTHS_AWAY = 45


def in_its_year(moment: Moment, tense: str, published: date | None) -> EventDate:
    """A month named without its year beside a past verb lies behind, not ahead ("scrapped ... in October")."""
    day = moment.date
    ahead = published is not None and (day.first - published).days > _MONTHS_AWAY
    if not ahead or day.basis != "relative" or tense not in ("past", "pluperfect", "claimed"):
        return day
    if str(day.first.year) in moment.evidence.quote or day.precision not in ("day", "month", "season"):
        return day
    try:
        return EventDate.of(day.value.replace(str(day.first.year), str(day.first.year - 1)), day.basis)
    except TermsError:  # 29 February
        return day


def is_asked_for(trigger: Trigger, moment: Moment) -> bool:
    """Is it the day of a deed that is only agreed on or asked for ("accepted the invitation to come in May")?"""
    if trigger.rule.type in ("REQUEST", "AGREE"):
        return not trigger.rule.own_day and any(t.head.first < moment.first for t in trigger.holds)
    outer = trigger.inside
    return trigger.verb.tense == "infinitive" and outer is not None and outer.rule.type in ("REQUEST", "AGREE")


def is_deadline(sentence: Sentence, moment: Moment, book: Lexicon) -> bool:
    """ "by the end of the year", "d'ici à l'été", «до конца года»: when it is to be done at the latest."""
    near = sentence.words[max(0, moment.first - 2) : moment.first + 2]
    return not beside("by_then", book.language).isdisjoint(token.word for token in near)


def set_ahead(moment: Moment, day: EventDate, published: date | None) -> EventDate:
    """Such a day lies ahead, whatever the tense of the verb before it, unless it is just over."""
    named = (
        day.basis == "relative" and day.precision in ("day", "month") and not re.search(r"\d{4}", moment.evidence.quote)
    )
    if (
        published is None
        or not named
        or (published - day.last).days < _MONTHS_AWAY
        or day.first.year >= published.year + 1
    ):
        return day
    try:
        return EventDate.of(day.value.replace(str(day.first.year), str(day.first.year + 1), 1), day.basis)
    except TermsError:  # 29 February
        return day


def comes_after(moment: Moment | None, trigger: Trigger) -> bool:
    return moment is not None and moment.first > trigger.head.last


_NAMED_LATELY = 3
"""Sentences that «тогда же» may stand after the day it points to, where no event was told of that day."""
_TOLD_LATELY = 12
"""Sentences that "the same day" may stand after the day it points to."""


_SETTLED = ("AGREE", "CONSULT", "REJECT", "COOPERATE")


def story_date(
    reading: Reading,
    sentence: Sentence,
    trigger: Trigger,
    tense: str,
    sides: set[str],
    story: Story,
    *,
    weak: bool,
    inferred: bool,
    realis: Realis,
) -> EventDate | None:
    """The day of the running story, or of publication, for an event that its sentence does not date."""
    document = reading.document
    published = document.published
    here = sentence.passage.index
    news = story.news or story.lead
    if realis != "hypothetical" and news is not None and points_back(sentence, trigger, "same_hours"):
        return on_story_day(news)  # "a few hours earlier": on the day of the news
    if realis in ("happened", "cancelled", "proposed") and points_back(sentence, trigger):
        if story.drafts and story.drafts[-1].passage == here and story.drafts[-1].event.event_date is not None:
            return replace(story.drafts[-1].event.event_date, basis="narrative")
        named_lately = story.named is not None and 0 < here - story.named_at[0] <= _NAMED_LATELY
        if story.named is not None and named_lately and names_that_day(sentence, trigger):
            return replace(story.named, basis="narrative")
        if story.day is not None and here - story.day_passage <= _TOLD_LATELY and not long_past(story, published):
            return on_story_day(story.day)
    signed_there = trigger.rule.type == "AGREE" and story.plan_type == "CONSULT"  # "papers will be signed at the talks"
    if (
        realis == "planned"
        and (story.plan_type == trigger.rule.type or signed_there)
        and story.plan
        and 0 < here - story.plan_passage <= (4 if signed_there else 2)
    ):
        return replace(story.plan, basis="narrative")
    if weak or realis == "hypothetical" or tense in ("pluperfect", "participle"):
        return None
    ago = grammar(reading.language).pattern("long_ago")
    if any(t.type == "DURATION" and ago.match(t.evidence.quote) for t in sentence.passage.times):
        return None  # "il y a plus d'un an": long before the news
    same = story.day is not None and sides <= story.day_sides and len(sides) >= 2
    near = sentence.passage.index - story.day_passage <= 8
    # "They will name teams", told of the meeting where that was settled
    settled = realis == "planned" and trigger.rule.type in ("AGREE", "COOPERATE", "RETREAT", "CONCEDE")
    if (realis in ("happened", "cancelled", "proposed") or settled) and same and near and story.day is not None:
        if story.opening is not None and story.opening_at == (here - 1, sentence.passage.paragraph):
            return on_story_day(story.opening)  # the sentence before opened with a day of its own
        recent = published is None or abs((published - story.day.last).days) <= 10
        told_there = reading.voice is not None and trigger.rule.type in _AT_THE_MEETING
        if recent and (inferred or told_there or settled or trigger.rule.type in _SETTLED):
            return on_story_day(story.day)
    steps = realis == "planned" and trigger.rule.type in ("AGREE", "COOPERATE")
    told = _told_after(reading, sentence.passage) if realis in ("happened", "cancelled") or steps else None
    if told is not None:
        return told
    if published is None or is_recalled(sentence, trigger, tense, grammar(reading.language)):
        return None
    ahead = {m.evidence for m in sentence.moments if m.date.first > published or is_asked_for(trigger, m)}
    clause = sentence.numbers[trigger.head.first]
    aside = {
        m.evidence
        for m in sentence.moments
        if sentence.numbers[m.first] > clause
        and (
            (opening := sentence.numbers.index(sentence.numbers[m.first])) in trigger.relatives
            or tells_of_a_thing(sentence, opening, grammar(reading.language))
        )
    }  # "received Dodik, who had arrived the day before"
    dated = [m.evidence.span for m in sentence.moments]
    elsewhere = {  # "sworn in last week": a day that no event of the sentence may have
        t.evidence
        for t in sentence.passage.times
        if event_date(t.value, t.basis) is not None and not any(t.evidence.span.overlaps(span) for span in dated)
    }
    aside |= {m.evidence for m in sentence.moments if of_a_thing(sentence, trigger, m, reading.language)}
    if (realis == "happened" and trigger.rule.family != "stance") and any(
        t.type in ("DATE", "SET")
        and t.value not in ("PRESENT_REF", "PAST_REF", "FUTURE_REF")
        and t.evidence not in ahead | aside | elsewhere
        and not (
            t.type == "SET" and trigger.rule.type in _ASKED and t.evidence.start > sentence.words[trigger.last].end
        )
        for t in sentence.passage.times
    ):
        return None
    lead = sentence.passage.index <= _LEAD
    fresh = story.day is None or abs((published - story.day.last).days) <= 3 or tells_news(story, published)
    if (
        (lead or fresh)
        and tense in _SAID_TO_BE
        and not ((tense in ("future", "prospective") or realis == "planned") and trigger.rule.type == "CONSULT")
    ):
        lead_day = trigger.rule.family != "stance" and realis == "happened" and tense in ("past", "claimed")
        if story.lead is not None and lead_day:
            return on_story_day(story.lead)  # what the lead tells of a day, the rest of the news was on
        return EventDate.of(published.isoformat(), "publication")
    return None


def _told_after(reading: Reading, passage: Passage) -> EventDate | None:
    """The day in «Об этом в четверг сообщил МИД»: of the report that the sentence before opens."""
    after = (p for p in reading.passages[passage.index + 1 : passage.index + 3] if p.paragraph == passage.paragraph)
    following = next((p for p in after if grammar(reading.language).pattern("back_link").match(p.text)), None)
    if following is None:
        return None
    days = [event_date(t.value, t.basis) for t in following.times if t.type in ("DATE", "TIME")]
    published = reading.document.published
    return next((d for d in days if d and d.precision == "day" and (published is None or d.last <= published)), None)
