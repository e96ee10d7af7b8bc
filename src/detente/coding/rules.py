"""The default coder: rules, and lexicons of every language with a folder, offline."""

from __future__ import annotations

from dataclasses import replace

from detente.codebook import VERSION as CODEBOOK
from detente.coding.codings import coding_of
from detente.coding.events import find_events
from detente.coding.events_spoken import spoken_events
from detente.coding.events_syntax import Opinion
from detente.coding.explanation import Explanation, explain
from detente.coding.names import Names
from detente.coding.passages import Reading
from detente.coding.reading import read
from detente.coding.statements import read_statements
from detente.coding.wrapping import read_unwrapped
from detente.dossier import Dossier
from detente.errors import CodingError
from detente.languages import codes
from detente.terms import Coding, Document, Issue

VERSION = "rules.v2"


class RulesCoder:
    """Codes by rules alone; the same document always gives the same coding.

    Attributes:
        name: `rules.v2`; behind it the parsers asked for a second opinion, and the digest of what the dossier adds to
            our word lists.
    """

    codebook = CODEBOOK

    def __init__(self, dossier: Dossier, opinion: Opinion | None = None) -> None:
        self.name = "+".join(filter(None, (VERSION, opinion.name if opinion else "", dossier.vocabulary)))
        self._dossier = dossier
        self._names = Names(dossier)
        self._opinion = opinion

    def read(self, document: Document) -> Reading:
        """What the rules see of a document in a language that is coded."""
        return replace(read(document, self._dossier, self._names), opinion=self._opinion)

    def code(self, document: Document) -> Coding:
        """Read one document; a language without rules gives an empty coding with an issue."""
        if document.language not in codes():
            message = (
                f"language {document.language!r} is not coded. Give a text in {', '.join(codes())}, or another coder."
            )
            return Coding(document.id, self.name, self.codebook, issues=(Issue(document.id, "coding", message),))
        return read_unwrapped(document, lambda flat: self.code_reading(self.read(flat)))

    def code_reading(self, reading: Reading) -> Coding:
        """What the rules make of what they see."""
        told = read_statements(reading)
        found = find_events(reading)
        events = [*found, *spoken_events(reading, found, told)]
        return coding_of(reading, self._names, self.name, events, [one.statement for one in told])

    def explain(self, document: Document, start: int, end: int) -> Explanation:
        """Say how the codings of a stretch came about, and what was seen there and not coded.

        Raises:
            CodingError: The stretch is outside the text or in no sentence, or its language is not coded.
        """
        if document.language not in codes():
            raise CodingError(
                f"{document.id}: language {document.language!r} is not coded, so nothing can be explained."
            )
        return read_unwrapped(document, lambda flat: explain(self.read(flat), start, end))
