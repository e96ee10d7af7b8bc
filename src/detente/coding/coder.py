"""What a coder is: anything with a versioned name that turns a document into codings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from detente.dossier import Dossier
from detente.terms import Coding, Document


@runtime_checkable
class Coder(Protocol):
    """Reads one document.

    Attributes:
        name: With its version, `rules.v2`; changed behaviour is a new version. Written into every entry. What a
            dossier adds, and the models that were asked, may stand behind a `+`: `rules.v2+3f2a9c01`.
        codebook: Version of the codebook it codes by.
    """

    @property
    def name(self) -> str: ...

    @property
    def codebook(self) -> str: ...

    def code(self, document: Document) -> Coding:
        """Events, statements, times and persons with exact evidence; nothing from boilerplate.

        The same document gives the same coding, whatever was coded before.
        """
        ...


CoderMaker = Callable[[Dossier], Coder]
"""Makes a coder for one dossier."""

CoderWithModelsMaker = Callable[[Dossier, Sequence[str]], Coder]
"""Makes a coder for one dossier that asks the models named."""
