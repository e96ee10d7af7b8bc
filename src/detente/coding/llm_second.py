"""The rules code, and a language model is asked about what they doubt.

Nothing of the model's is coded: a coding of the rules says whether the model, held to the same checks, reads the same
in the same words. Where it does not, the desk shows it earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from detente.codebook import VERSION as CODEBOOK
from detente.coding.events_syntax import Opinion
from detente.coding.llm import VERSION as MODEL_VERSION
from detente.coding.llm import Model, OnHeard, ask, batches, checked, left_out, settings, signature
from detente.coding.llm_verify import CONTRARY, Paragraph, paragraphs_of, share, speak_alike
from detente.coding.rules import VERSION, RulesCoder
from detente.coding.wrapping import read_unwrapped
from detente.dossier import Dossier
from detente.languages import codes
from detente.terms import Coding, Difference, Document, Entity, Event, Issue, SecondReading, Statement

_SAME_PLACE = 0.5
"""Share of the shorter of two stretches from which they are the same place."""


class SecondOpinion:
    """The rule coder, with a language model asked about what it doubts.

    Attributes:
        name: Of the rules with their parsers, then of the model, then the digest of what the dossier adds.
    """

    codebook = CODEBOOK

    def __init__(
        self, dossier: Dossier, model: Model, opinion: Opinion | None = None, *, on_heard: OnHeard | None = None
    ) -> None:
        self.model = model
        self.on_heard = on_heard
        self._rules = RulesCoder(dossier, opinion)
        self._dossier = dossier
        options = model.endpoint.options
        asked = f"{MODEL_VERSION}+{signature(options)}"
        own = settings(dossier, options, ("ask_below",))
        self.name = "+".join(filter(None, (VERSION, opinion.name if opinion else "", asked, own)))

    def code(self, document: Document) -> Coding:
        """Read one document.

        Raises:
            ModelStopped: Nothing more may be asked; what was coded before stays.
            NoReply: This document got no answer this time.
        """
        if document.language not in codes():
            return replace(self._rules.code(document), coder=self.name)
        return read_unwrapped(document, self._code)

    def _code(self, document: Document) -> Coding:
        reading = self._rules.read(document)
        coding = replace(self._rules.code_reading(reading), coder=self.name)
        codings: list[Event | Statement] = [*coding.events, *coding.statements]
        doubted = [coded for coded in codings if self._doubts(coded)]
        if not doubted:
            return coding
        asked = batches(_with(doubted, paragraphs_of(reading)))
        heard = ask(self.model, document, asked, self.on_heard)
        events, statements, dropped = checked(
            reading, asked, heard, self.model.endpoint.options.confidence, believe_rules=False
        )
        said_by = {
            p.id: self._signed(each.served)
            for batch, each in zip(asked, heard, strict=True)
            if not each.unread
            for p in batch
        }
        shown = [p for batch in asked for p in batch if p.id in said_by]

        def coder_of(coded: Event | Statement) -> str:
            there = next((p for p in shown if p.span.overlaps(coded.evidence.span)), None)
            return said_by[there.id] if there is not None and self._doubts(coded) else ""

        second_events = tuple(
            replace(e, second=compare_event(e, events, who)) if (who := coder_of(e)) else e for e in coding.events
        )
        second_statements = tuple(
            replace(s, second=compare_statement(s, statements, who, self._dossier.registry.entities))
            if (who := coder_of(s))
            else s
            for s in coding.statements
        )
        return replace(
            coding,
            events=second_events,
            statements=second_statements,
            issues=(*coding.issues, *left_out(document.id, dropped), *_told(document.id, coding, events, statements)),
        )

    def _signed(self, served: str) -> str:
        options = self.model.endpoint.options
        return signature(options) if served in (options.model, options.version) else f"{signature(options)} ({served})"

    def _doubts(self, coded: Event | Statement) -> bool:
        return bool(coded.doubts) or coded.confidence < self.model.endpoint.options.ask_below


def _with(doubted: Iterable[Event | Statement], paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    spans = [coded.evidence.span for coded in doubted]
    return [p for p in paragraphs if any(p.span.overlaps(span) for span in spans)]


def _told(
    document_id: str, coding: Coding, events: Sequence[Event], statements: Sequence[Statement]
) -> tuple[Issue, ...]:
    """How many codings the model has where the rules have none: a person may look, nothing is coded."""
    more = sum(not any(share(e.evidence.span, r.evidence.span) >= _SAME_PLACE for r in coding.events) for e in events)
    said = sum(
        not any(share(s.content.span, r.evidence.span) >= _SAME_PLACE for r in coding.statements) for s in statements
    )
    if not more + said:
        return ()
    message = f"model: reads {more} events and {said} statements where the rules read none; they are not coded."
    return (Issue(document_id, "coding", message, lost=False),)


def compare_event(mine: Event, theirs: Iterable[Event], coder: str) -> SecondReading:
    """What another coder makes of an event: its likest reading of the same words, and in what it differs."""
    there = [e for e in theirs if share(e.evidence.span, mine.evidence.span) >= _SAME_PLACE]
    if not there:
        return SecondReading(coder, ("unseen",))
    other = min(there, key=lambda e: (len(_event_differs(mine, e)), e.evidence.start))
    differs = _event_differs(mine, other)
    day = other.event_date.value if other.event_date else "undated"
    reading = f"{other.type} {'/'.join(other.sides)} {day} {other.realis}"
    return SecondReading(coder, differs, reading)


def _event_differs(one: Event, other: Event) -> tuple[Difference, ...]:
    found: list[Difference] = []
    if set(one.sides) != set(other.sides):
        found.append("actor")
    if one.event_date and other.event_date and not one.event_date.meets(other.event_date):
        found.append("date")
    if one.type != other.type:
        found.append("type")
    if (one.realis in CONTRARY) != (other.realis in CONTRARY):
        found.append("polarity")
    return tuple(found)


def compare_statement(
    mine: Statement, theirs: Iterable[Statement], coder: str, entities: Mapping[str, Entity]
) -> SecondReading:
    """What another coder makes of a statement.

    Args:
        entities: Of the registry, by id.
    """
    there = [s for s in theirs if share(s.content.span, mine.evidence.span) >= _SAME_PLACE]
    if not there:
        return SecondReading(coder, ("unseen",))
    other = min(there, key=lambda s: (len(_statement_differs(mine, s, entities)), s.content.start))
    return SecondReading(coder, _statement_differs(mine, other, entities), f"{other.speaker.name} {other.stance:+d}")


def _statement_differs(one: Statement, other: Statement, entities: Mapping[str, Entity]) -> tuple[Difference, ...]:
    found: list[Difference] = []
    if not speak_alike(one.speaker, other.speaker, entities):
        found.append("speaker")
    if (one.stance > 0) - (one.stance < 0) != (other.stance > 0) - (other.stance < 0):
        found.append("stance")
    return tuple(found)
