"""What a document has told so far: whom it is about, the day it has reached, and what was left out and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from detente.coding.events_dates import event_date
from detente.coding.events_parties import Parties
from detente.coding.events_triggers import Trigger
from detente.coding.merging import Draft
from detente.coding.passages import Passage, Reading
from detente.coding.times import find_times
from detente.languages import grammar
from detente.terms import EventDate, Evidence, Participant, Span

OLD_DAYS = 120
"""An event this much older than the text is recalled, whatever else the text reports."""


@dataclass(frozen=True, slots=True)
class Left:
    """An event that the lexicon saw and the rules did not code, with the reason."""

    passage: int
    rule: str
    action: Evidence
    why: str


@dataclass(slots=True)
class Story:
    """What the document has told so far, for "the two sides", "they" and dates left out."""

    home: tuple[Participant, ...] = ()
    stated: bool = False
    parties: tuple[Participant, ...] = ()
    parties_passage: int = -99
    last_actors: tuple[Participant, ...] = ()
    told: EventDate | None = None
    opening: EventDate | None = None
    opening_at: tuple[int, int] = (-99, -99)
    named: EventDate | None = None
    named_at: tuple[int, int] = (-99, -99)
    day: EventDate | None = None
    news: EventDate | None = None
    lead: EventDate | None = None
    day_sides: frozenset[str] = frozenset()
    day_passage: int = -99
    plan: EventDate | None = None
    plan_type: str = ""
    plan_passage: int = -99
    place: str = ""
    drafts: list[Draft] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def opening_parties(reading: Reading) -> tuple[Participant, ...]:
    """Both states of the dossier, where the first sentences name both, or no state beside one of them.

    A report filed under two states that names one, or neither ("The document was signed in Geneva"), means those two.
    """
    first, second = reading.dossier.dyad.sides
    named = named_at_first(reading)
    if {first, second} <= named or named <= {first, second}:
        return (state_party(reading, first), state_party(reading, second))
    return ()


def announced_day(reading: Reading) -> EventDate | None:
    """The day in the label of an announcement («Анонс на 26 февраля 2025 года»): of the meeting that it announces."""
    document = reading.document
    label = grammar(reading.language).pattern("announced_for")
    for span in document.boilerplate:
        found = label.search(document.text, span.start, span.end)
        if found is not None:
            days = [event_date(t.value, t.basis) for t in find_times(document, [Span(found.start(), span.end)])]
            return next((d for d in days if d is not None and d.precision == "day"), None)
    return None


def named_at_first(reading: Reading) -> set[str]:
    sides = {m.side for p in reading.passages[:_OPENING] for m in p.mentions if m.side}
    return sides | {side for joint in sides for side in joint.split("+")}


_OPENING = 6
"""Sentences that tell whom a text is about."""


def state_party(reading: Reading, side: str) -> Participant:
    return Participant(side, reading.state_name(side), side)


def remember(reading: Reading, story: Story, draft: Draft, trigger: Trigger) -> None:
    event = draft.event
    if draft.weak and not draft.alone:
        return
    if event.actors:
        story.last_actors = event.actors
    if event.type in ("CONSULT", "AGREE") and len(event.sides) >= 2 and event.realis in ("happened", "planned"):
        story.parties = tuple(state_party(reading, side) for side in event.sides)
        story.parties_passage = draft.passage
    day = event.event_date
    if (
        day is not None
        and day.precision == "day"
        and day.basis != "publication"
        and event.realis == "happened"
        and not draft.weak
        and not trigger.verb.bare
    ):
        story.told = day
    known = day is not None and day.precision == "day" and day.basis in ("explicit", "relative")
    published = reading.document.published
    # A text that tells of its own day, and names an older meeting in passing or in thanks.
    aside = (draft.weak or trigger.rule.family == "stance") and tells_news(story, published)
    if day is not None and known and len(event.sides) >= 2 and event.realis == "happened" and not aside:
        if event.rank == "main":
            story.news = day
        story.day, story.day_sides, story.day_passage = day, frozenset(event.sides), draft.passage
        story.place = event.place
    if day is not None and known and event.realis == "planned":
        story.plan, story.plan_type, story.plan_passage = day, event.type, draft.passage


def those_just_told(found: Parties, story: Story, passage: Passage, dyad: set[str]) -> bool:
    """ "Renner brought Armenian and Azerbaijani advisers together. *The sides* agreed ...": not the dossier's two."""
    told = {p.side for p in story.parties}
    if len(told) != 2 or told == dyad or not 0 < passage.index - story.parties_passage <= 1:
        return False
    return bool(found.actors) and all(n.mention.kind == "group" and n.side in dyad for n in found.actors)


def tells_news(story: Story, published: date | None) -> bool:
    """Has something been told that happened in the days before publication?"""
    days = (d.event.event_date for d in story.drafts if d.event.realis == "happened")
    return published is not None and any(
        day is not None and day.precision == "day" and 0 <= (published - day.last).days <= _NEWS_DAYS for day in days
    )


def long_past(story: Story, published: date | None) -> bool:
    """Is the day last told one that the text only recalls, beside news of its own? "The same day" is not that one."""
    if story.day is None or published is None or not tells_news(story, published):
        return False
    return story.day.last.year != published.year and (published - story.day.last).days > OLD_DAYS


_NEWS_DAYS = 3


def as_understood(found: Iterable[Participant]) -> tuple[Participant, ...]:
    return tuple(replace(p, evidence=None) for p in found)
