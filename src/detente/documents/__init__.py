"""Something got becomes a document: main text, boilerplate, language, date of publication, sentences, duplicates."""

from detente.documents.sentences import split

__all__ = ["split"]
