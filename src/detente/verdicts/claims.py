"""What an article claims: facts, words of named speakers, what is to come, how things stand; at exact characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from detente.coding import Coder
from detente.coding.names import Names
from detente.coding.passages import Passage
from detente.coding.reading import read
from detente.coding.wrapping import unwrapped
from detente.dossier import Dossier
from detente.languages import table
from detente.terms import (
    Claim,
    ClaimShape,
    ClaimState,
    Document,
    Event,
    EventDate,
    Evidence,
    Statement,
    TimeExpression,
    Unread,
)
from detente.verdicts.likeness import phrases

_SHAPES: tuple[ClaimShape, ...] = ("inevitable", "conditional", "unlikely", "long", "soon", "likely")
"""In the order in which they are asked: "probably not before years" is late, not likely."""
_WEAK: tuple[ClaimShape, ...] = ("likely",)
"""Modal words and future tenses: a sentence with no other sign must name both sides, or one and their relations."""
_DATED = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_WHOLE = "relations"
"""Issue of a claim about the relationship as a whole."""


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    told = table(language, "claims")
    shapes = dict(told.get("shapes", {}))
    endings = shapes.pop("future_endings", [])
    found = {name: phrases(listed) for name, listed in {**shapes, **told.get("states", {})}.items() if listed}
    if endings:
        tense = rf"\b\w{{2,}}(?:{'|'.join(endings)})\b"
        found["likely"] = re.compile(f"{found['likely'].pattern}|{tense}") if "likely" in found else re.compile(tense)
    if told.get("about"):
        found["about"] = phrases(told["about"])
    return found


def shape_of(text: str, language: str) -> tuple[ClaimShape, tuple[int, int]] | None:
    """What a passage says of the future, and the place in it of the words that do.

    >>> shape_of("It is less a question of if than of when.", "en")
    ('inevitable', (25, 40))
    """
    lowered, patterns = text.lower(), _patterns(language)
    for shape in _SHAPES:
        if (pattern := patterns.get(shape)) and (match := pattern.search(lowered)):
            return shape, match.span()
    return None


def claims_of(document: Document, dossier: Dossier, coder: Coder) -> tuple[list[Claim], list[Unread]]:
    """Take an article apart.

    Returns:
        Claims about the two states of the dossier in the order of the article, and the sentences that gave none.
    """
    coding = coder.code(document)
    reading = read(replace(document, text=unwrapped(document.text)), dossier, Names(dossier))
    drafts: list[Claim] = []
    authored: list[Statement] = []
    for event in coding.events:
        if set(event.sides) & set(dossier.dyad.sides):
            drafts.append(_of_event(event, document))
    for statement in coding.statements:
        if statement.speaker.side or statement.speaker.entity:
            drafts.append(_of_statement(_dated(statement, coding.times), document, dossier))
        else:
            authored.append(statement)
    unread: list[Unread] = []
    for passage in reading.passages:
        evidence = document.quote(passage.span.start, passage.span.end)
        if any(draft.evidence.span.overlaps(passage.span) for draft in drafts):
            continue
        voiced = [s for s in authored if s.evidence.span.overlaps(passage.span)]
        before = reading.passages[max(0, passage.index - _NAMED_BEFORE) : passage.index]
        found = _of_passage(passage, document, dossier, voiced=bool(voiced))
        stands = _state(passage, before, document, dossier)
        if stands:
            state, about, match = stands
            cue = document.quote(passage.span.start + match.start(), passage.span.start + match.end())
            found = found or Claim(0, "state", evidence, document.language, cue=cue)
            found = replace(found, state=state, about=about)
        if found:
            drafts.append(found)
        elif _says_something(passage) and passage.text.strip() != document.title.strip():
            unread.append(Unread(evidence, _why_unread(passage, document.language, dossier, voiced=bool(voiced))))
    # A headline says shortly what the text says.
    drafts = [draft for draft in drafts if draft.evidence.quote.strip() != document.title.strip()]
    drafts.sort(key=lambda claim: (claim.evidence.start, claim.kind != "event"))
    return [replace(claim, number=number) for number, claim in enumerate(_once(drafts), start=1)], unread


def _once(drafts: list[Claim]) -> Iterator[Claim]:
    """One claim for what is coded twice: the same kind of act on the same words."""
    seen: set[tuple[object, ...]] = set()
    for draft in drafts:
        event = draft.event
        key: tuple[object, ...] = (
            draft.kind,
            draft.evidence.start,
            (event.type, event.sides, event.event_date, event.realis) if event else draft.statement,
        )
        if key not in seen:
            seen.add(key)
            yield draft


def _of_event(event: Event, document: Document) -> Claim:
    planned = event.realis in ("planned", "hypothetical")
    parts = dict(event.parts)
    return Claim(
        number=0,
        kind="event",
        evidence=event.evidence,
        language=document.language,
        track=event.track,
        shape="planned" if planned else "",
        cue=parts.get("realis") if planned else None,
        event=event,
    )


def _dated(statement: Statement, times: Iterable[TimeExpression]) -> Statement:
    """A statement with the month or day that its sentence names, where the coder ties none to the saying."""
    if statement.said_date is not None:
        return statement
    span, content = statement.evidence.span, statement.content.span
    named = [t for t in times if t.type == "DATE" and span.covers(t.evidence.span) and _DATED.fullmatch(t.value)]
    # What stands in the words themselves dates what they speak of; it dates the saying where nothing else does.
    found = [t for t in named if not content.covers(t.evidence.span)] or named
    if len({t.value for t in found}) != 1:
        return statement
    return replace(statement, said_date=EventDate.of(found[0].value, found[0].basis))


def _of_statement(statement: Statement, document: Document, dossier: Dossier) -> Claim:
    content = statement.content
    shape: ClaimShape = ""
    cue: Evidence | None = None
    if statement.conditions:
        shape, cue = "conditional", statement.conditions[0]
    elif found := shape_of(content.quote, document.language):
        shape, (start, end) = found
        cue = document.quote(content.start + start, content.start + end)
        if shape in _WEAK and not _concerns(content.quote, document.language, dossier):
            shape, cue = "", None
    return Claim(
        number=0,
        kind="statement",
        evidence=statement.evidence,
        language=document.language,
        track=_track(content.quote, statement.issue, document.language, dossier),
        shape=shape,
        cue=cue,
        statement=statement,
    )


def _of_passage(passage: Passage, document: Document, dossier: Dossier, *, voiced: bool) -> Claim | None:
    """A claim of the article's own about the future of the two."""
    found = shape_of(passage.text, document.language)
    if found is None:
        return None
    shape, (start, end) = found
    sides = {side for mention in passage.mentions for side in mention.side.split("+")} & set(dossier.dyad.sides)
    others = {side for mention in passage.mentions for side in mention.side.split("+") if side} - sides
    concerns = _concerns(passage.text, document.language, dossier)
    # What must come first is another issue than what waits for it.
    waiting = passage.text[:start] if shape == "conditional" and start > len(passage.text) // 3 else passage.text
    track = _track(waiting, dossier.track_of(waiting, document.language), document.language, dossier)
    if others and track == _WHOLE:
        track = ""  # Their relations with somebody else, it may be.
    if shape in _WEAK:
        if not (voiced or len(sides) == 2 or (sides and concerns)):
            return None
    elif not (voiced or sides or concerns or shape == "inevitable"):
        return None
    return Claim(
        number=0,
        kind="future",
        evidence=document.quote(passage.span.start, passage.span.end),
        language=document.language,
        track=track,
        shape=shape,
        cue=document.quote(passage.span.start + start, passage.span.start + end),
    )


_NAMED_BEFORE = 2
"""Sentences before one that says "his growing role" in which he is looked for."""


def _whose(
    passage: Passage,
    rises: re.Match[str],
    before: Sequence[Passage],
    his: re.Match[str] | None,
    document: Document,
    dossier: Dossier,
) -> str:
    """Of the two sides the person nearest to the words; for "his growing role" whom a sentence before begins with."""

    def ours(one: Passage) -> list[tuple[int, str]]:
        return [
            (mention.span.start, mention.entity.id)
            for mention in one.mentions
            if mention.entity is not None
            and mention.entity.kind == "person"
            and mention.entity.side_on(document.published) in dossier.dyad.sides
        ]

    place = passage.span.start + rises.start()
    if here := ours(passage):
        return min((abs(start - place), who) for start, who in here)[1]
    if his is None or his.start() > rises.start():
        return ""
    return next((told[0][1] for one in reversed(before) if (told := ours(one))), "")


def _state(
    passage: Passage, before: Sequence[Passage], document: Document, dossier: Dossier
) -> tuple[ClaimState, str, re.Match[str]] | None:
    """How things stand by a passage, whom that is about, and the words that say so."""
    lowered, patterns = passage.text.lower(), _patterns(document.language)

    def found(name: str) -> re.Match[str] | None:
        return patterns[name].search(lowered) if name in patterns else None

    named = {side for mention in passage.mentions for side in mention.side.split("+") if side}
    sides, thirds = named & set(dossier.dyad.sides), sorted(named & set(dossier.third_parties))
    lines = found("two lines") or (found("hard") and found("mild"))
    if lines and len(sides) == 1:
        return "two lines", next(iter(sides)), lines
    if (rises := found("rises")) and (person := _whose(passage, rises, before, found("his"), document, dossier)):
        return "rises", person, rises
    if (lever := found("lever")) and thirds and sides:
        return "lever", thirds[0], lever
    warmer, colder = found("warmer"), found("colder")
    if not thirds and (len(sides) == 2 or speaks_of_relations(passage.text, document.language)):
        if warmer and not colder:
            return "warmer", "", warmer
        if colder and not warmer:
            return "colder", "", colder
    return None


def _track(text: str, issue: str, language: str, dossier: Dossier) -> str:
    """The issue of a passage; `relations` only where it has a word for them."""
    known = dossier.track(issue)
    if known and not known.general:
        return issue
    return _WHOLE if speaks_of_relations(text, language) else ""


def speaks_of_relations(text: str, language: str) -> bool:
    """Whether a passage has a word for the relationship itself."""
    about = _patterns(language).get("about")
    return about is not None and about.search(text.lower()) is not None


def _concerns(text: str, language: str, dossier: Dossier) -> bool:
    """Whether a passage speaks of the relationship, or of an issue of the dossier."""
    known = dossier.track(dossier.track_of(text, language))
    return speaks_of_relations(text, language) or (known is not None and not known.general)


def _says_something(passage: Passage) -> bool:
    return len(passage.text.split()) >= 4 and not passage.heading


def _why_unread(passage: Passage, language: str, dossier: Dossier, *, voiced: bool) -> str:
    if voiced:
        return "judgement"
    sides = {side for mention in passage.mentions for side in mention.side.split("+")} & set(dossier.dyad.sides)
    return "not understood" if sides or _concerns(passage.text, language, dossier) else "no fact"
