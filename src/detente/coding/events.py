"""Events of a document: rules, and lexicons by language, no parser.

A sentence is cut into words, words into acts and things (`events_lexicon`), these into triggers (`events_triggers`),
each with the time expression that is its own (`events_dates`). A trigger becomes an event (`events_draft`): its parties
(`events_cast`: those in the sentence by `events_parties`, those left unsaid by `events_understood` and
`events_bilateral`), why it may be none (`events_refusals`), day (`events_when`), realis (`realis`), agreed points
(`agreements`). What was told before is the `events_story`; mentions of one event are joined at the end (`merging`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from detente.coding.charges import charges_made
from detente.coding.events_answers import answer_in_kind
from detente.coding.events_cast import Attempt
from detente.coding.events_clause import ONE_SIDED, each_counterpart, tells_of_a_thing
from detente.coding.events_dates import Moment, Owner, assign, days_apart, event_date, moments
from detente.coding.events_draft import draft_event
from detente.coding.events_evidence import quote_words
from detente.coding.events_lexicon import Hit, Lexicon, Token, beside, own_lexicon, spans, tokens
from detente.coding.events_modes import mode_of
from detente.coding.events_parties import link_names
from detente.coding.events_private import private
from detente.coding.events_rank import by_day
from detente.coding.events_sentence import Sentence
from detente.coding.events_story import Left, Story, announced_day, named_at_first, opening_parties, remember
from detente.coding.events_triggers import Trigger, clauses, find_triggers
from detente.coding.events_when import each_day, in_force_from, just_begun, of_a_paper, of_the_same_time
from detente.coding.events_wide import wide_triggers
from detente.coding.merging import Draft, merge
from detente.coding.passages import Passage, Reading
from detente.coding.realis import Sign
from detente.coding.turns import thanks_said
from detente.languages import codes, grammar
from detente.terms import Event, EventDate

_PARTIES_LAST = 1
"""Sentences after which "they" and "talks" mean again the two whom the text opened with, not those of an aside."""


_NEWS_DAYS = 7
"""Days before a text that the day of its news lies in."""

_NOT_SINCE = frozenset(("past", "pluperfect", "present"))


@dataclass(frozen=True, slots=True)
class EventReading:
    """The events of a document, and what was left out of them."""

    events: tuple[Event, ...]
    left: tuple[Left, ...] = ()


def find_events(reading: Reading) -> tuple[Event, ...]:
    """Read the events of a document.

    Args:
        reading: Its sentences with names and dates marked; boilerplate is not among them.

    Returns:
        Events in text order, each once however often the document tells it. Every dated event between states, and
        undated ones between the two of the dossier.
    """
    return read_events(reading).events


def read_events(reading: Reading) -> EventReading:
    """Read the events of a document, and say why what the lexicon saw beside them was not coded."""
    if reading.language not in codes():
        return EventReading(())
    book = _book(reading)
    opening = opening_parties(reading)
    story = Story(home=opening, parties=opening)
    story.plan = announced_day(reading)
    story.plan_type, story.plan_passage = "CONSULT", -1
    story.stated = {p.side for p in opening} <= named_at_first(reading)
    for passage in reading.passages:
        _read_passage(reading, passage, book, story)
    dyad = set(reading.dossier.dyad.sides)
    others = not dyad <= {side for p in reading.passages for m in p.mentions for side in m.side.split("+")}
    kept = []
    for draft in merge(story.drafts):
        event = draft.event
        # A report that does not name the dossier's two is about whom it names.
        about = set(event.sides) if others and len(set(event.sides)) >= 2 else dyad
        why = "named in passing, undated and not told elsewhere" if not draft.alone else _unworthy(event, draft, about)
        if why:
            story.left.append(Left(draft.passage, event.rule, dict(event.parts)["action"], why))
            continue
        kept.append(event)
    for thanks in thanks_said(reading):
        if not any(e.type == thanks.type and e.evidence.span.overlaps(thanks.evidence.span) for e in kept):
            kept.append(thanks)
    for charge in charges_made(reading, kept):
        kept = [e for e in kept if not e.evidence.span.overlaps(charge.evidence.span)]
        kept.append(charge)
    kept = [event for event in kept if not private(event, reading)]
    kept.sort(key=lambda event: event.evidence.start)
    return EventReading(tuple(_with_mode(e, reading) for e in by_day(kept, reading)), tuple(story.left))


def _with_mode(event: Event, reading: Reading) -> Event:
    """The event with its mode, where neither its rule nor what it was merged with told one."""
    action = dict(event.parts).get("action")
    if event.mode or action is None:
        return event
    words = tokens(event.evidence.quote, reading.language, event.evidence.start)
    at = [i for i, token in enumerate(words) if token.start < action.end and action.start < token.end]
    return replace(event, mode=mode_of(event.type, words, at[0], at[-1], reading.language)) if at else event


def _sentence(reading: Reading, passage: Passage, book: Lexicon, told: EventDate | None = None) -> Sentence | None:
    words = tokens(passage.text, reading.language, passage.span.start)
    small = book.small.find(words)
    named = _words_of_names(words)
    hits = [h for h in book.hits(words, _idle(passage, words, small)) if h.kind != "verb" or h.first not in named]
    small += _two_that_act(small, hits)
    dated = {i for i, t in enumerate(words) for e in passage.times if e.evidence.start <= t.start < e.evidence.end}
    if not hits and not any(m.side for m in passage.mentions):
        return None
    return Sentence(
        passage=passage,
        words=words,
        hits=hits,
        small=small,
        signs=[Sign(*found) for found in book.signs.find(words)],
        numbers=clauses(words, small, reading.language, hits),
        named=link_names(passage.mentions, words, small, hits, book, reading.dossier.registry, dated),
        moments=moments(passage.times, words, reading.document.text, reading.language, hits, told),
    )


def _two_that_act(small: Sequence[tuple[str, int, int]], hits: Sequence[Hit]) -> list[tuple[str, int, int]]:
    """ "*The two* signed a treaty", «*Оба* согласились»: both, where no noun stands between that and the verb."""
    verbs = {h.first for h in hits if h.kind == "verb"}
    known = {last for name, _, last in small if name == "both"}
    return [("both", a, b) for name, a, b in small if name == "the_two" and b + 1 in verbs and b not in known]


def read_sentence(reading: Reading, passage: Passage) -> Sentence | None:
    """A passage with its acts, names and moments; None where the lexicon knows no word of it."""
    return _sentence(reading, passage, _book(reading))


def _book(reading: Reading) -> Lexicon:
    own = tuple((p.words, p.type, p.mode) for p in reading.dossier.phrases if p.language == reading.language)
    return own_lexicon(reading.language, own)


def _idle(passage: Passage, words: Sequence[Token], small: Sequence[tuple[str, int, int]]) -> set[int]:
    """Tokens that are names, dates or set phrases, whatever their words mean elsewhere."""
    taken = [m.span for m in passage.mentions if m.kind in ("state", "person", "city", "people")]
    taken += [time.evidence.span for time in passage.times]
    idle = {i for i, t in enumerate(words) for span in taken if span.start <= t.start and t.end <= span.end}
    # "une journée de travail", "trois heures de discussions": the unit counts what the lexicon may know.
    lengths = {time.evidence.end for time in passage.times if time.type == "DURATION"}
    idle -= {i for i, t in enumerate(words) if t.end in lengths}
    for first, last in spans(small, "idle"):
        idle |= set(range(first, last + 1))
    return idle | _slogans(words)


def _words_of_names(words: Sequence[Token]) -> set[int]:
    """Tokens with a capital in a sentence of small letters: "Executive Order", "Trade Expansion Act" hold no verb."""
    letters = [token for token in words if token.word[0].isalpha()]
    if sum(token.capital for token in letters) * 2 > len(letters):
        return set()  # a headline
    return {i for i in range(1, len(words)) if words[i].capital and words[i - 1].word[-1].isalnum()}


def _slogans(words: Sequence[Token]) -> set[int]:
    """Tokens of what is written or named in quotation marks ('unfurled "Free Tibet" banners'), which nobody says."""
    found: set[int] = set()
    for i in range(2, len(words) - 1):
        mark = words[i - 1].word
        if mark not in _OPENING or not words[i].capital:
            continue
        before = [t for t in words[max(0, i - 3) : i - 1] if t.word != mark]
        plain = bool(before) and before[-1].word[-1].isalnum() and not before[-1].capital
        inside: list[int] = []
        for j in range(i, min(len(words), i + _SLOGAN + 1)):
            if not words[j].word[0].isalnum():
                closed = words[j].word in _OPENING[mark]
                found |= set(inside) if plain and closed and len(inside) > 1 else set()
                break
            inside.append(j)
    return found


_OPENING = {"«": "»", "“": "”", "„": "“”", '"': '"', "`": "'’"}
_SLOGAN = 4
"""Words that a slogan, or the name of a ship or a drill, has at most."""


_OPENS = 12
"""Characters in which a day opens its sentence."""


def _next_day_told(reading: Reading, passage: Passage) -> EventDate | None:
    """The day that the sentence after an undated opening names within, where it is one of the last days.

    A day that opens the sentence is that of what comes next.
    """
    published = reading.document.published
    following = reading.passages[passage.index + 1 : passage.index + 2]
    if published is None or not following or following[0].heading:
        return None
    if not grammar(reading.language).traits.day_follows:
        return None
    inner = (t for t in following[0].times if t.evidence.start - following[0].span.start > _OPENS)
    days = [event_date(t.value, t.basis) for t in inner if t.type == "DATE"]
    past = [d for d in days if d and d.precision == "day" and 0 <= (published - d.last).days <= _NEWS_DAYS]
    return past[0] if past else None


def _read_passage(reading: Reading, passage: Passage, book: Lexicon, story: Story) -> None:
    # "Salt left on April 22. A week earlier ...": from the day named just before, though nothing was coded of it.
    close = story.named is not None and story.named_at == (passage.index - 1, passage.paragraph)
    sentence = _sentence(reading, passage, book, story.named if close else story.told)
    if sentence is None or passage.heading:
        _name_day(reading, passage, story)
        return
    head = next((m for m in sentence.moments if m.first <= 3 and m.date.precision == "day" and not m.since), None)
    published = reading.document.published
    if head is not None and (published is None or head.date.last <= published):
        story.opening, story.opening_at = head.date, (passage.index, passage.paragraph)
    days = [m.date for m in sentence.moments if not m.since and m.date.precision == "day"]
    past = [
        d
        for d in ([] if _is_dateline(sentence) else days)
        if published is not None and 0 <= (published - d.last).days <= _NEWS_DAYS
    ]
    if past and story.lead is None and passage.index <= 1:
        story.lead = past[0]
    elif story.lead is None and not days and passage.index <= 1:
        story.lead = _next_day_told(reading, passage)
    if days and (published is None or days[-1].last <= published):
        story.named, story.named_at = days[-1], (passage.index, passage.paragraph)
    if story.home and passage.index - story.parties_passage > _PARTIES_LAST:
        story.parties = story.home
    triggers = find_triggers(sentence.words, sentence.hits, sentence.small, book, sentence.numbers)
    standing = [t for t in triggers if t.rule.since]
    triggers = [t for t in triggers if not t.rule.since]
    told = _tell(reading, sentence, triggers, triggers, story, book)
    refused = [t for t in triggers if not any(t is one for one in told)]
    # Of a body's own pages it read one sentence in ten right (November 2026): much is said there and not done.
    dyad = set(reading.dossier.dyad.sides) if reading.voice is None else set()
    wide = wide_triggers(sentence, told, refused, dyad, reading.language) if dyad else []
    _tell(reading, sentence, wide, sorted([*told, *wide], key=lambda t: t.head.first), story, book)
    answer = answer_in_kind(reading, sentence, story)
    if answer is not None:
        story.drafts.append(answer)
    for trigger in triggers:
        if trigger.rule.type == "CONSULT" and trigger.verb.negated and trigger.verb.tense in _NOT_SINCE:
            # "had not met since June 2019": they did then.
            met = replace(trigger, verb=replace(trigger.verb, negated=False, tense="past"), holds=[])
            start = in_force_from(met, sentence)
            draft = draft_event(Attempt(reading, sentence, met, triggers, start, "own", story, book)) if start else ""
            if isinstance(draft, Draft):
                story.drafts.append(draft)
    for trigger in standing:
        start = in_force_from(trigger, sentence)
        others = [*triggers, trigger]
        draft = draft_event(Attempt(reading, sentence, trigger, others, start, "own", story, book)) if start else ""
        if isinstance(draft, Draft):
            story.drafts.append(draft)


def _is_dateline(sentence: Sentence) -> bool:
    """ "MOSCOW, December 3.", cut off as a sentence of its own: where and when it was written."""
    words = sentence.words
    return (
        len(words) <= _DATELINE and len(words) > 1 and words[0].capital and words[1].word == "," and not sentence.hits
    )


_DATELINE = 8
"""Words that a dateline has at most."""


def _has_term(trigger: Trigger, sentence: Sentence) -> bool:
    """Does the act hold the term set for it ("ont *jusqu'au 5 avril* pour quitter")? Another day is not its own."""
    inside = range(trigger.head.first, trigger.head.last + 1)
    return any(m.since and m.first in inside for m in sentence.moments)


def _name_day(reading: Reading, passage: Passage, story: Story) -> None:
    """Remember the day that a sentence names without an act or a side ("À Woodside, le 15 novembre, on a souri")."""
    days = [event_date(t.value, t.basis) for t in passage.times if t.type in ("DATE", "TIME")]
    published = reading.document.published
    told = [d for d in days if d is not None and d.precision == "day" and (published is None or d.last <= published)]
    if told:
        story.named, story.named_at = told[-1], (passage.index, passage.paragraph)


def _tell(
    reading: Reading,
    sentence: Sentence,
    new: Sequence[Trigger],
    triggers: Sequence[Trigger],
    story: Story,
    book: Lexicon,
) -> list[Trigger]:
    """Draft the events of the new triggers among all of the sentence, and give those that made one."""
    if not new:
        return []
    passage = sentence.passage
    openings = {number: sentence.numbers.index(number) for number in set(sentence.numbers)}
    relatives = {
        n
        for n, first in openings.items()
        if sentence.words[first].word in beside("aside", book.language)
        or tells_of_a_thing(sentence, first, book.grammar)
    }
    published = reading.document.published
    # "interdit depuis dimanche le survol": begun on that day, where it is one of the last few.
    days_told = [m for m in sentence.moments if not m.since or just_begun(m, published, triggers)]
    plain = [m for m in days_told if not of_a_paper(m, sentence.words, book.language)]
    dates = assign(
        triggers,
        plain or days_told,
        sentence.hits,
        sentence.numbers,
        sentence.words,
        book.grammar,
        relatives,
    )
    dates = {**of_the_same_time(triggers, dates, sentence, book), **dates}
    undated: tuple[Moment | None, Owner] = (None, "own")
    told: list[Trigger] = []
    refused: list[Trigger] = []
    for index, trigger in enumerate(triggers):
        if not any(trigger is one for one in new):
            continue
        if trigger.inside is not None and trigger.inside.rule.joint and any(trigger.inside is one for one in refused):
            # "The President announced that they will lift tariffs": no step of two, so that what is announced counts.
            trigger = replace(trigger, inside=None)
        moment, owner = dates.get(index, undated)
        if moment is not None and _has_term(trigger, sentence) and not (published and moment.date.last <= published):
            moment = None  # "have until April 5 to leave, and the consulate must close on Saturday"
        news = story.news or story.lead or story.told
        counted = days_apart(
            trigger, sentence.moments, sentence.numbers, sentence.words, book.grammar, reading.document, news
        )
        if counted is not None:
            moment, owner = counted, "own"
        days = each_day(moment, owner, trigger, sentence, book)
        for part, day in product(each_counterpart(trigger, sentence), days):
            draft = draft_event(Attempt(reading, part, trigger, triggers, day, owner, story, book))
            if isinstance(draft, str):
                action = quote_words(
                    reading.document.text, reading.document.id, sentence.words, trigger.first, trigger.last
                )
                story.left.append(Left(passage.index, trigger.rule.name, action, draft))
                refused.append(trigger)
                continue
            remember(reading, story, draft, trigger)
            story.drafts.append(draft)
            told.append(trigger)
    return told


def _unworthy(event: Event, draft: Draft, dyad: set[str]) -> str:
    """Why an event is left out, or nothing: dated ones between states stay, and undated ones of the dossier's two."""
    sides = set(event.sides)
    if event.realis == "hypothetical" and (
        event.event_date is None or event.event_date.basis not in ("explicit", "relative")
    ):
        return "hypothetical, without a day of its own"
    if event.event_date is None:
        if not dyad <= sides:
            return "undated, and not between the dossier's two"
        if event.realis == "planned" and event.type == "CONSULT" and not draft.weak:
            return ""
        told = event.realis in ("happened", "cancelled") or (event.realis == "proposed" and event.type == "COOPERATE")
        return "" if (not draft.weak or draft.alone) and told else "undated, and not told as done"
    if len(sides) >= 2:
        return ""
    alone = event.type in ONE_SIDED and bool(sides & dyad) and event.event_date.basis in ("explicit", "relative")
    return "" if alone else "only one side takes part"
