"""What is followed: two sides, their people in dated roles, third parties, tracks, milestones (`dossier.toml`)."""

from detente.dossier.file import FILE_NAME, ladder, load, parse
from detente.dossier.record import Dossier, Phrase, Track
from detente.dossier.starter import starter, starter_text, write_starter

__all__ = [
    "FILE_NAME",
    "Dossier",
    "Phrase",
    "Track",
    "ladder",
    "load",
    "parse",
    "starter",
    "starter_text",
    "write_starter",
]
