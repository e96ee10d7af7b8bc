"""Statements as measures take them: as they stand, and on their day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from detente.terms import Statement


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as it stands: its entry's id, what it says, and the language it is in."""

    id: str
    statement: Statement
    language: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement on its day, as the words of one speaker for one side; with its entry's id where that is asked for."""

    day: date
    speaker: str
    side: str
    statement: Statement
    entry: str = ""
