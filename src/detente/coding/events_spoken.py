"""What is said to the other side as a deed: a charge, a threat, a demand, read from the statements.

"This step will have consequences", "an unfriendly act": no verb of the event lexicon stands there, but who says so
accuses or threatens. The words are `[deeds]` of `languages/*/stance.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from detente.codebook import quad
from detente.coding.confidence import calibrated
from detente.coding.events_dates import event_date
from detente.coding.events_lexicon import confidence, lexicon, spans, tokens
from detente.coding.events_private import private_person
from detente.coding.names_lexicon import flat
from detente.coding.passages import Reading
from detente.coding.statements import Told
from detente.languages import table
from detente.terms import Event, EventDate, Participant, Rank, Statement

_BLAMING = frozenset(("accuse", "regret", "fear"))
_ASKING = frozenset(("urge", "demand"))
_FAMILIES = {"ACCUSE": "accuse", "THREATEN": "threat", "REQUEST": "request"}
_WORDS, _FORCE = 3, 4
"""Quad classes of what is done in words and by force; a measure announced with its reasons is the latter."""


@cache
def told_deeds(language: str, name: str) -> re.Pattern[str]:
    """Words that make a deed of what is said, by class; see `[deeds]` of `stance.toml`."""
    listed = table(language, "stance").get("deeds", {}).get(name, ())
    return re.compile(r"\b(?:" + "|".join(listed) + ")" if listed else "(?!)")


def spoken_events(reading: Reading, events: Sequence[Event], told: Sequence[Told]) -> tuple[Event, ...]:
    """Read charges, threats and demands between the dossier's two out of what was said.

    Args:
        events: What the rules found; where one of them tells of such words or of a measure, nothing is added.

    Returns:
        Events with the statement's evidence; dated by the day of speaking, by a deed of the same side told before, or
        by publication.
    """
    if not reading.short:
        return ()
    pair = set(reading.dossier.dyad.sides)
    found = []
    for one in told:
        side = one.statement.speaker.side
        if side not in pair or private_person(one.statement.speaker, reading):
            continue
        kind = _kind(reading, one, side, pair, replied_to=_before(one, told))
        if kind and not _known(one.statement, side, pair, events):
            found.append(_event(reading, one.statement, kind, next(iter(pair - {side})), events))
    return tuple(found)


def _before(one: Told, told: Sequence[Told]) -> str:
    """The side of whoever spoke last before: a reply is made to them."""
    start = one.statement.evidence.start
    earlier = [other.statement for other in told if other.statement.evidence.start < start]
    return max(earlier, key=lambda s: s.evidence.start).speaker.side if earlier else ""


def _kind(reading: Reading, one: Told, side: str, pair: set[str], *, replied_to: str) -> str:
    """The PLOVER type of what was said, empty where it is no deed toward the other side."""
    statement = one.statement
    named = {part for m in reading.mentions_in(statement.evidence.span) for part in m.side.split("+")} - {""}
    addressed = bool(named & (pair - {side}))
    if one.negated or (named - pair and not addressed) or _of_others(reading, statement, pair):
        return ""
    if _of_outsiders(reading, statement):
        return ""
    words = flat(statement.content.quote)
    against = statement.stance < 0
    if "admit" in one.kinds or _at_home(reading, statement, side):
        return ""
    if told_deeds(reading.language, "threat").search(words) and (against or one.kinds & {"warn", "threaten"}):
        return "THREATEN"
    if told_deeds(reading.language, "ultimatum").search(" ".join(words.split())):
        return "THREATEN"
    if against and "threaten" in one.kinds:
        return "THREATEN"
    reply = "retort" in one.kinds and replied_to in pair - {side}
    if against and (told_deeds(reading.language, "charge").search(words) or reply):
        return "ACCUSE"
    worried = one.kinds & _BLAMING or told_deeds(reading.language, "worry").search(words)
    if against and addressed and worried:
        return "ACCUSE"
    return "REQUEST" if one.kinds & _ASKING else ""


def _of_others(reading: Reading, statement: Statement, pair: set[str]) -> bool:
    """ "accuses Kyiv's European backers of undermining Washington's effort": whoever is named first is meant."""
    named = [m for m in reading.mentions_in(statement.content.span) if m.side]
    return bool(named) and pair.isdisjoint(named[0].side.split("+"))


def _of_outsiders(reading: Reading, statement: Statement) -> bool:
    """ "condemned interference by third countries": whoever is blamed, it is not the other side, unless named first."""
    content, told = statement.content, statement.evidence
    words = tokens(told.quote, reading.language, told.start)
    blamed = spans(lexicon(reading.language).small.find(words), "outsiders")
    first = next((m.span.start for m in reading.mentions_in(content.span) if m.side), content.end)
    return bool(blamed) and words[blamed[0][0]].start < first


def _at_home(reading: Reading, statement: Statement, side: str) -> bool:
    """ "The opposition accuses the prime minister": one of the speaker's own side is meant."""
    first = next((m for m in reading.mentions_in(statement.content.span) if m.side), None)
    return first is not None and first.side == side and first.kind in ("person", "role", "institution")


def _known(statement: Statement, side: str, pair: set[str], events: Sequence[Event]) -> bool:
    for event in events:
        if not event.evidence.span.overlaps(statement.evidence.span):
            continue
        if quad(event.type) == _WORDS and pair <= set(event.sides):
            return True
        if event.type == "ACCUSE" and {p.side for p in event.actors} == {side}:
            return True  # "the Europeans, whom he accuses": told already, of somebody else
        if quad(event.type) == _FORCE and side in {p.side for p in event.actors}:
            return True
    return False


def _event(reading: Reading, statement: Statement, kind: str, other: str, events: Sequence[Event]) -> Event:
    day = statement.said_date or _opening_day(reading, statement) or _story_day(statement, events)
    published = reading.document.published
    if day is None and published is not None:
        day = EventDate.of(published.isoformat(), "publication")
    parts = (("action", statement.cue),) if statement.cue is not None else ()
    # In a body's own text blame is what it says, seldom what it reports: 3 of 10 such codings were right (2026-11).
    rank: Rank = "background" if reading.voice is not None and kind == "ACCUSE" else "main"
    return Event(
        type=kind,
        mode="",
        actors=(statement.speaker,),
        recipients=(Participant(other, reading.state_name(other), other),),
        event_date=day,
        realis="happened",
        evidence=statement.evidence,
        confidence=calibrated("event", confidence()[_FAMILIES[kind]]),
        track=statement.issue if statement.issue != "relations" else "",
        rank=rank,
        parts=parts,
        doubts=("type",) if statement.said_date is not None else ("date", "type"),
        rule="said as a deed",
    )


def _opening_day(reading: Reading, statement: Statement) -> EventDate | None:
    """ "Jeudi, devant des députés, X avait critiqué …": the day that opens the sentence, where it is past."""
    published = reading.document.published
    for passage in reading.passages:
        if passage.span.start == statement.evidence.start:
            for time in passage.times:
                day = event_date(time.value, time.basis) if time.type in ("DATE", "TIME") else None
                opens = time.evidence.start - passage.span.start <= _LEAD
                if opens and day is not None and day.precision == "day":
                    return day if published is None or day.last <= published else None
    return None


_LEAD = 4
"""Characters before the day that opens a sentence ("Le 10 juillet")."""


def _story_day(statement: Statement, events: Sequence[Event]) -> EventDate | None:
    """The day of what the speaker's side did last: its own words on that are of the day, a reply seldom tells one."""
    side = statement.speaker.side
    for event in sorted(events, key=lambda e: -e.evidence.start):
        if event.evidence.start >= statement.evidence.start or event.realis != "happened":
            continue
        sides = {p.side for p in event.actors}
        if event.rank == "main" and event.event_date is not None and side in sides:
            return EventDate.of(event.event_date.value, "narrative") if event.event_date.precision == "day" else None
    return None
