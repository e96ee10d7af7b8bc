"""Parties of an event by syntax: a parser's second opinion on who did what to whom.

Only verbs are asked about. A name counts as subject, object or agent of the verb, or of the verb that governs it, where
the noun phrase it stands in does; prepositions are read by the rules (`events_parties`), which know the exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from detente.coding.events_lexicon import Token
from detente.coding.events_parties import Named, Parties
from detente.coding.events_triggers import Trigger
from detente.coding.passages import Passage
from detente.coding.syntax import Parse, Parser, Relation

Say = Literal["fill", "override"]
"""Whether the parser speaks only where the rules find nobody, or also against them."""

_TOWARDS = ("with", "against", "on", "to", "from")
_OWN = frozenset(("", "of", "between", "by"))


@dataclass(frozen=True, slots=True)
class Opinion:
    """Parsers by language, and how much they may say."""

    parsers: tuple[Parser, ...]
    say: Say = "fill"

    @property
    def name(self) -> str:
        return "+".join(parser.name for parser in self.parsers)

    def reader(self, language: str) -> Parser | None:
        return next((parser for parser in self.parsers if language in parser.languages), None)


def second_opinion(
    opinion: Opinion,
    found: Parties,
    trigger: Trigger,
    named: Sequence[Named],
    words: Sequence[Token],
    passage: Passage,
    language: str,
) -> Parties:
    """Complete or correct the parties the rules found; the sentence is parsed only where it could change something."""
    frame = trigger.rule.frame
    parser = opinion.reader(language)
    if parser is None or frame not in ("mutual", "directed", "visit") or trigger.head.kind != "verb":
        return found
    enough = len(found.sides) > 1 if frame == "mutual" else bool(_sides(found.actors) and _sides(found.recipients))
    if (opinion.say == "fill" and enough) or not any(n.who and n.side for n in named):
        return found
    read = by_syntax(trigger, named, parser.parse(passage.text, language), words, passage.span.start)
    if frame == "mutual":
        if enough and len(read.sides) < 2:
            return found
        if opinion.say == "override" and len(read.sides) > 1:
            return Parties(read.actors, ())
        return Parties(tuple(dict.fromkeys((*found.actors, *read.actors))), found.recipients)
    override = opinion.say == "override"
    actors = read.actors if read.actors and (override or not _sides(found.actors)) else found.actors
    recipients = read.recipients if read.recipients and (override or not _sides(found.recipients)) else found.recipients
    # One state does not act on itself: what the parser adds yields to what the rules know, or the other way round.
    if override and read.actors:
        recipients = tuple(n for n in recipients if n.side not in _sides(actors))
    elif actors is not found.actors:
        actors = tuple(n for n in actors if n.side not in _sides(recipients))
    else:
        recipients = tuple(n for n in recipients if n.side not in _sides(actors))
    return Parties(actors, recipients)


def by_syntax(
    trigger: Trigger, named: Sequence[Named], parse: Parse, words: Sequence[Token], start: int = 0
) -> Parties:
    """Actors and recipients of a verb by its subject, objects and agent alone."""
    head = words[trigger.head.first]
    predicate = parse.head_of(head.start - start, head.end - start)
    if predicate is None:
        return Parties((), ())
    subject = parse.subject_of(predicate)
    passive = trigger.verb.passive or (subject is not None and subject[1] == "passive subject")
    actors: list[Named] = []
    recipients: list[Named] = []
    for name in named:
        if not name.side:
            continue
        at = parse.head_of(words[name.first].start - start, words[name.last].end - start)
        if at is None or at == predicate:
            continue
        itself, phrase = parse.noun(at)
        # A subject needs no preposition to be known, and is no venue, whatever stands before it; a modifier does.
        if subject is not None and (
            subject[0] in itself or (subject[0] in phrase and name.who and name.link in _OWN and not name.modifier)
        ):
            (recipients if passive else actors).append(name)
            continue
        over, role = parse.role(at)
        # "freed two *Russian* diplomats", not "will not open its border before a peace between *Yerevan* and Baku".
        near = phrase[-1] in itself or (phrase[-1] == parse.nodes[at].head and role == "object" and name.link in _OWN)
        if not near:
            continue
        if over != predicate or not name.who or not _argument(role, name, mutual=trigger.rule.frame == "mutual"):
            continue
        by = role == "agent" or (passive and (name.link == "by" or (role == "oblique" and name.link == "")))
        (actors if by else recipients).append(name)
    if trigger.rule.frame == "mutual":
        return Parties((*actors, *recipients), ())
    own = _sides(actors)
    return Parties(tuple(actors), tuple(n for n in recipients if n.side not in own))


def _argument(role: Relation, name: Named, *, mutual: bool) -> bool:
    if role in ("object", "agent"):
        return name.link != "in"
    # "обещано Вашингтоном": without a preposition, by whom.
    return role == "oblique" and name.link in (("with", "between") if mutual else ("", "by", *_TOWARDS))


def _sides(names: Sequence[Named]) -> set[str]:
    return {n.side for n in names if n.side}
