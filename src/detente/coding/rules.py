"""The default coder: rules, and lexicons of every language with a folder, offline."""

from __future__ import annotations

from dataclasses import replace

from detente.codebook import VERSION as CODEBOOK
from detente.coding.events import find_events
from detente.coding.events_rank import by_weight
from detente.coding.events_spoken import spoken_events
from detente.coding.events_syntax import Opinion
from detente.coding.explanation import Explanation, explain
from detente.coding.names import Names
from detente.coding.passages import Reading
from detente.coding.reading import read
from detente.coding.statements import read_statements
from detente.coding.wrapping import requoted, unwrapped
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

    def _read(self, document: Document) -> Reading:
        return replace(read(document, self._dossier, self._names), opinion=self._opinion)

    def code(self, document: Document) -> Coding:
        """Read one document; a language without rules gives an empty coding with an issue."""
        if document.language not in codes():
            message = (
                f"language {document.language!r} is not coded. Give a text in {', '.join(codes())}, or another coder."
            )
            return Coding(document.id, self.name, self.codebook, issues=(Issue(document.id, "coding", message),))
        flat = replace(document, text=unwrapped(document.text))
        coding = self._code(flat)
        return coding if flat.text == document.text else requoted(coding, document)

    def _code(self, document: Document) -> Coding:
        reading = self._read(document)
        told = read_statements(reading)
        statements = [one.statement for one in told]
        found = find_events(reading)
        events = by_weight([*found, *spoken_events(reading, found, told)], reading.language)
        least = self._dossier.abstain_below
        return Coding(
            document=document.id,
            coder=self.name,
            codebook=self.codebook,
            events=tuple(e for e in events if e.confidence >= least),
            statements=tuple(s for s in statements if s.confidence >= least),
            times=tuple(time for passage in reading.passages for time in passage.times),
            persons=self._names.persons(document, [m for passage in reading.passages for m in passage.mentions]),
            abstained=(
                *(e for e in events if e.confidence < least),
                *(s for s in statements if s.confidence < least),
            ),
        )

    def explain(self, document: Document, start: int, end: int) -> Explanation:
        """Say how the codings of a stretch came about, and what was seen there and not coded.

        Raises:
            CodingError: The stretch is outside the text or in no sentence, or its language is not coded.
        """
        if document.language not in codes():
            raise CodingError(
                f"{document.id}: language {document.language!r} is not coded, so nothing can be explained."
            )
        return requoted(explain(self._read(replace(document, text=unwrapped(document.text))), start, end), document)
