"""Something got becomes a document: main text, boilerplate, language, date of publication, sentences, duplicates."""

from detente.documents.boilerplate import find_boilerplate, find_title
from detente.documents.duplicates import Known, likeness
from detente.documents.language import Identified, identify
from detente.documents.make import Made, make
from detente.documents.same_event import PairReading, Report, same_event
from detente.documents.sentences import speaker_label, split

__all__ = [
    "Identified",
    "Known",
    "Made",
    "PairReading",
    "Report",
    "find_boilerplate",
    "find_title",
    "identify",
    "likeness",
    "make",
    "same_event",
    "speaker_label",
    "split",
]
