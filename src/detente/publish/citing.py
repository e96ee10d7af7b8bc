"""Evidence as a reader meets it: the quote, where it stands, and what a machine and a person did with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.dossier import Dossier
from detente.publish.catalogue import Words
from detente.terms import Document, Entry, Evidence, Participant


@dataclass(frozen=True, slots=True)
class Cited:
    """One quote with its document.

    Attributes:
        coder: The program that coded it, with its version.
        decided: `accept`, `amend` where a person has decided, else empty.
    """

    evidence: Evidence
    document: Document
    coder: str = ""
    decided: str = ""
    entry: str = ""

    @property
    def outlet(self) -> str:
        return self.document.source or self.document.url or self.document.title or self.document.id

    def as_json(self) -> dict[str, Any]:
        return {
            "document": self.document.id,
            "start": self.evidence.start,
            "end": self.evidence.end,
            "quote": self.evidence.quote,
            "language": self.document.language,
            "title": self.document.title,
            "url": self.document.url,
            "source": self.document.source,
            "published": self.document.published.isoformat() if self.document.published else None,
            "entry": self.entry,
            "coder": self.coder,
            "decided": self.decided,
            "selector": self.evidence.selector(self.document.text),
        }


def cite(entry: Entry, documents: Mapping[str, Document], evidence: Evidence | None = None, decided: str = "") -> Cited:
    """The evidence of an entry (or one part of it) with its document."""
    shown = evidence or entry.coding.evidence
    return Cited(shown, documents[shown.document], entry.coder, decided, entry.id)


def name_of(participant: Participant, dossier: Dossier, language: str) -> str:
    """What a participant is called in a language: the registry's name, else the words of the text."""
    entity = dossier.registry.entities.get(participant.entity) if participant.entity else None
    return entity.name_in(language) if entity else participant.name


def place_name(place: str, dossier: Dossier, language: str) -> str:
    """What a place is called in a language."""
    entity = dossier.registry.entities.get(place)
    return entity.name_in(language) if entity else place


def parties(participants: tuple[Participant, ...], dossier: Dossier, words: Words) -> str:
    """Participants listed, each with its side where it is not a state itself."""
    shown: dict[str, None] = {}
    for participant in participants:
        name = name_of(participant, dossier, words.language)
        if participant.side and participant.entity != participant.side:
            name = f"{name} ({participant.side})"
        shown[name] = None
    return words.listed(list(shown))
