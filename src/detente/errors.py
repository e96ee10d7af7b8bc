"""One exception class per room, all under DetenteError.

A message says where, what was found, what was expected and what to do next:
`tass-1: quote found 0 times, expected once. Quote the document text, not the headline.`
"""


class DetenteError(Exception):
    """Anything detente refuses to do, with the record and the remedy in the message."""


class TermsError(DetenteError):
    """A record contradicts itself: a quote that is not at its offsets, a stance of 5."""


class LanguageError(DetenteError):
    """A file of a language's folder cannot be read."""


class RegistryError(DetenteError):
    """The shipped tables of states and offices, or a name asked of them, are wrong."""


class DossierError(DetenteError):
    """`dossier.toml` is missing, broken or says something that cannot be."""


class CodebookError(DetenteError):
    """A code, type or mode that the codebook does not have."""


class SourceError(DetenteError):
    """A file, page or feed could not be got."""


class DocumentError(DetenteError):
    """Something was got, but no text that can be filed came out of it."""


class CodingError(DetenteError):
    """A coder broke its contract."""


class ModelStopped(CodingError):
    """A language model must not, or cannot, be asked any further: budget spent, key refused, server gone.

    Coding ends there; what was coded before stays, and the next run goes on.
    """


class LedgerError(DetenteError):
    """The ledger refused an entry or a decision, or cannot be opened."""


class BackupError(DetenteError):
    """A dossier could not be copied away, or brought back."""


class AccountError(DetenteError):
    """An account that is not there, or a name, role or password that cannot be."""


class EngineError(DetenteError):
    """A table could not be built or queried."""


class MeasureError(DetenteError):
    """A measure was asked of data that cannot carry it."""


class ForecastError(DetenteError):
    """A forecast or a score was asked of values that cannot be."""


class PublishError(DetenteError):
    """A brief, page or export would have said something without its evidence."""


class EvaluationError(DetenteError):
    """A gold set is missing, misread or does not fit its texts."""


class PluginError(DetenteError):
    """A plugin broke its contract or took a name that is taken."""
