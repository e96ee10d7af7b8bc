"""Evidence as a reader meets it: the quote, where it stands, and what a machine and a person did with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from detente.dossier import Dossier
from detente.publish.catalogue import Words
from detente.publish.text import Text, harmless, joined
from detente.terms import Decision, Document, Entry, Evidence, Participant

DECIDED: Mapping[str, str] = {
    "accept": "accepted by {who} on {day}",
    "amend": "amended by {who} on {day}",
    "unsure": "{who} could not decide on {day}",
    "reject": "rejected by {who} on {day}",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """One quote with its document.

    Attributes:
        coder: The program that coded it, with its version.
        decision: The last decision of a person on this coding, or None.
        occurrence: The event it tells of, where it tells of one.
        recorded: When the coding entered the ledger.
    """

    evidence: Evidence
    document: Document
    coder: str = ""
    entry: str = ""
    decision: Decision | None = None
    occurrence: str = ""
    recorded: datetime | None = None

    @property
    def decided(self) -> str:
        """`accept` or `amend`, else empty."""
        return self.decision.action if self.decision and self.decision.action in ("accept", "amend") else ""

    @property
    def outlet(self) -> str:
        return self.document.source or link_of(self.document) or self.document.title or self.document.id

    def done(self, words: Words) -> str:
        """What a machine and a person did: `rules.v2; not checked by a person`."""
        if self.decision and self.decision.action in DECIDED:
            day = words.day(self.decision.recorded.date())
            checked = words(DECIDED[self.decision.action], who=self.decision.by, day=day)
        else:
            checked = words("not checked by a person")
        return f"{self.coder}{words.semicolon()}{checked}" if self.coder else checked

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


def cite(
    entry: Entry,
    documents: Mapping[str, Document],
    evidence: Evidence | None = None,
    decision: Decision | None = None,
    occurrence: str = "",
) -> Cited:
    """The evidence of an entry (or one part of it) with its document."""
    shown = evidence or entry.coding.evidence
    return Cited(shown, documents[shown.document], entry.coder, entry.id, decision, occurrence, entry.recorded)


def link_of(document: Document) -> str:
    """The address of a document where a reader may safely follow it, else an empty string.

    Only `http` and `https` addresses become links: a text can name `javascript:` or `file:` as its address.
    """
    url = document.url
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    safe = parts.scheme in ("http", "https") and parts.netloc and url.isprintable() and not set(url) & set(' <>"\\`')
    return url if safe else ""


_ADDRESS = re.compile(r"https?://[^\s;<>\"`\\\\]+")
_AFTER = ".,:!?'’»)]}"
"""Signs that end a sentence or close what is around an address; a bracket that it opened itself is its own."""


def addresses(text: str) -> Markup:
    """A note on sources with its addresses as links.

    >>> str(addresses("see <http://a.example>"))
    'see &lt;<a href="http://a.example" rel="noreferrer nofollow external">http://a.example</a>&gt;'
    >>> str(addresses("(http://a.example/b_(c)).")).rpartition('">')[2]
    'http://a.example/b_(c)</a>).'
    """
    link = Markup('<a href="{0}" rel="noreferrer nofollow external">{0}</a>')
    out, at = Markup(), 0
    for found in _ADDRESS.finditer(text):
        address = found[0]
        while address[-1] in _AFTER and not (address[-1] == ")" and address.count("(") >= address.count(")")):
            address = address[:-1]
        out += escape(harmless(text[at : found.start()])) + link.format(harmless(address))
        at = found.start() + len(address)
    return out + escape(harmless(text[at:]))


def source_text(cited: Cited, words: Words) -> Text:
    """Outlet, title and day of a report."""
    document = cited.document
    title = words.quote(document.title, document.language) if document.title and document.title != cited.outlet else ""
    day = words.day(document.published) if document.published else words("undated")
    return joined([words.foreign(cited.outlet, ""), title, day], ", ")


def anchor_of(document: Document) -> str:
    """Name of a document's place on the page of sources: ids are given by others and may hold anything."""
    return "d-" + hashlib.sha256(document.id.encode("utf-8", "replace")).hexdigest()[:12]


def name_of(participant: Participant, dossier: Dossier, language: str) -> str:
    """What a participant is called in a language: the registry's name, else the words of the text."""
    entity = dossier.registry.entities.get(participant.entity) if participant.entity else None
    return entity.name_in(language) if entity else participant.name


def name_text(participant: Participant, dossier: Dossier, words: Words, written_in: str) -> Text:
    """The same, marked with the language of the text where its own words are shown."""
    if participant.entity in dossier.registry.entities:
        return Text(((name_of(participant, dossier, words.language), ""),))
    return words.foreign(participant.name, written_in)


def role_text(participant: Participant, day: date | None, dossier: Dossier, words: Words, written_in: str) -> Text:
    """The office held that day as the registry names it, else what the text calls the participant."""
    entity = dossier.registry.entities.get(participant.entity) if participant.entity else None
    role = entity.role_on(day) if entity else None
    if role is not None and role.held_on(day):
        return Text(((role.title_in(words.language), ""),))
    return words.foreign(participant.role, written_in)


def place_name(place: str, dossier: Dossier, language: str) -> str:
    """What a place is called in a language."""
    entity = dossier.registry.entities.get(place)
    return entity.name_in(language) if entity else place


def parties(
    participants: tuple[Participant, ...], dossier: Dossier, words: Words, written_in: Callable[[Participant], str]
) -> Text:
    """Participants listed, each with its side where it is not a state itself."""
    shown: dict[Text, None] = {}
    for participant in participants:
        name = name_text(participant, dossier, words, written_in(participant))
        if participant.side and participant.entity != participant.side:
            name = name + f" ({participant.side})"
        shown[name] = None
    return words.listed_text(list(shown))
