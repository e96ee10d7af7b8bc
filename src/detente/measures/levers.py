"""Levers: what one state gives, offers, asks of, threatens or withholds from another, as the words of the reports tell.

A move is read from what an event counts as (see `detente.engine.realis`):

| counts as | move |
|---|---|
| COOPERATE, AID, RETREAT; CONCEDE that was made | given |
| AGREE; CONCEDE that was announced | offered |
| REQUEST | asked |
| THREATEN | threatened |
| SANCTION, COERCE, REJECT | withheld |

and from statements that make something depend on something: conditioned. What is at stake is read from the words of
the evidence by the stems in `levers.toml`, longest first; an act in whose words none stands is no lever. Nothing is
weighed: these are counts of what was told, and they rise with coverage.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from detente.engine import counts_as
from detente.ledger import Standing
from detente.measures.stance import day_said
from detente.terms import Evidence, Occurrence, Statement

METHOD = "levers.v1"
Move = Literal["given", "offered", "asked", "threatened", "withheld", "conditioned"]
MOVES: tuple[Move, ...] = ("given", "offered", "asked", "threatened", "withheld", "conditioned")

_MOVES: Mapping[str, Move] = {
    "COOPERATE": "given", "AID": "given", "RETREAT": "given", "CONCEDE": "given", "AGREE": "offered",
    "REQUEST": "asked", "THREATEN": "threatened", "SANCTION": "withheld", "COERCE": "withheld", "REJECT": "withheld",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that can be given or kept back.

    Attributes:
        labels: By language.
        stems: By language, lower case.
    """

    id: str
    labels: Mapping[str, str]
    stems: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LeverMove:
    """One move with one lever.

    Attributes:
        who: Alpha-3 of the state that moves, or several joined by `+` where they act together.
        whom: The state it moves toward; empty where several act together, or where the text names none.
        day: Of the event or, for a statement, on which it was said or published; None where neither is known.
        said_by: The speaker of a condition; empty for events.
        condition: What it is made to depend on, in the words of the text; empty for events.
        evidence: Id of the occurrence, or of the statement's entry.
        document, quote: Where it is told.
    """

    who: str
    whom: str
    lever: str
    move: Move
    day: date | None
    said_by: str
    condition: str
    evidence: str
    document: str
    quote: str


@cache
def levers() -> tuple[Lever, ...]:
    """The levers of `levers.toml`, in its order."""
    held = tomllib.loads((files("detente.measures") / "levers.toml").read_text(encoding="utf-8"))
    return tuple(
        Lever(each["id"], each["label"], {language: tuple(each[language]) for language in each["label"]})
        for each in held["lever"]
    )


def levers_in(text: str, language: str) -> tuple[str, ...]:
    """Ids of the levers that a text names, in the order of the list.

    Of two that share a word the longer has it: frozen assets are no sanctions.

    >>> levers_in("Washington threatened tariffs on buyers of Russian oil", "en")
    ('tariffs', 'energy')
    """
    pattern, owners = _pattern(language)
    found = {owners[match[0].lower()] for match in pattern.finditer(text.replace("’", "'"))} if owners else set()
    return tuple(lever.id for lever in levers() if lever.id in found)


@cache
def _pattern(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    owners = {stem: lever.id for lever in levers() for stem in lever.stems.get(language, ())}
    longest = sorted(owners, key=lambda stem: (-len(stem), stem))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + ")", re.IGNORECASE), owners


def lever_moves(
    occurrences: Iterable[Occurrence],
    statements: Iterable[Standing[Statement]],
    states: Iterable[str],
    *,
    language: Callable[[str], str],
    published: Mapping[str, date],
    subject: Callable[[str, str], str] | None = None,
) -> tuple[LeverMove, ...]:
    """Find who gives, offers, asks, threatens or withholds what.

    Args:
        states: Alpha-3 codes; moves between two of them are kept, and those of one of them that name no other state.
        language: Language of a document, by its id.
        published: Day of publication by document id, where known.
        subject: Alpha-3 of the state that a text of a language begins with, or empty. A speaker who says what the
            other side makes depend on something sets no condition himself.

    Returns:
        In order of day, those without one last.
    """
    known = frozenset(states)
    found = [*_of_events(occurrences, language, published), *_of_statements(statements, language, published, subject)]
    kept = [move for move in found if {*move.who.split("+"), *filter(None, [move.whom])} <= known]
    return tuple(sorted(kept, key=lambda move: (move.day or date.max, move.evidence, move.who, move.whom, move.lever)))


def _of_events(
    occurrences: Iterable[Occurrence], language: Callable[[str], str], published: Mapping[str, date]
) -> Iterator[LeverMove]:
    for occurrence in occurrences:
        event = occurrence.event
        counted = counts_as(event.type, event.mode, event.realis)
        move = _MOVES.get(counted[0]) if counted else None
        if counted and counted[0] == "CONCEDE" and event.realis != "happened":
            move = "offered"
        actors = sorted({side for p in event.actors for side in p.sides})
        recipients = sorted({side for p in event.recipients for side in p.sides} - set(actors))
        if move is None or not actors:
            continue
        document = event.evidence.document
        pairs = [(who, whom) for who in actors for whom in recipients] or [("+".join(actors), "")]
        dated = event.event_date if event.realis == "happened" else None
        day = dated.first if dated and dated.precision in ("day", "week", "month") else published.get(document)
        for lever in levers_in(event.evidence.quote, language(document)):
            for who, whom in pairs:
                yield LeverMove(
                    who, whom, lever, move, day, "", "", occurrence.id, document, event.evidence.quote
                )  # fmt: skip


def _of_statements(
    statements: Iterable[Standing[Statement]],
    language: Callable[[str], str],
    published: Mapping[str, date],
    subject: Callable[[str, str], str] | None,
) -> Iterator[LeverMove]:
    for standing in statements:
        said = standing.coding
        if not said.conditions or not said.speaker.sides:
            continue
        document = said.evidence.document
        who = (subject(said.content.quote, language(document)) if subject else "") or said.speaker.sides[0]
        addressed = said.addressee.sides if said.addressee else ()
        whom = next((side for side in addressed if side != who), "")
        day = day_said(said, published)
        for lever in levers_in(_whole(said.content, said.conditions), language(document)):
            yield LeverMove(
                who, whom, lever, "conditioned", day, said.speaker.name,
                " … ".join(condition.quote for condition in said.conditions), standing.entry.id, document,
                said.evidence.quote,
            )  # fmt: skip


def _whole(content: Evidence, conditions: Iterable[Evidence]) -> str:
    return " … ".join([content.quote, *(each.quote for each in conditions)])
