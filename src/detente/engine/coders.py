"""A dossier's coder in another process: how it is made there, and how documents and codings travel, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente import __version__, dossier, plugins
from detente.errors import DetenteError, DossierError, EngineError, ModelStopped
from detente.ledger import from_json, to_json
from detente.terms import Coding, Document

if TYPE_CHECKING:
    from detente.coding import Coder
    from detente.dossier import Dossier


@dataclass(frozen=True)
class Failure:
    """What a coder raised over a document.

    Attributes:
        stops: Whether it can read no other document either (a budget is spent), so that the run ends.
    """

    reason: str
    stops: bool = False


def read(coder: Coder, document: Document) -> Coding | Failure:
    """The coder's reading of a document, or why there is none: a coder may be anyone's code."""
    try:
        return coder.code(document)
    except ModelStopped as problem:
        return Failure(str(problem), stops=True)
    except Exception as problem:
        return Failure(f"{type(problem).__name__}: {problem}")


@dataclass(frozen=True)
class CoderRecipe:
    """Makes a dossier's coder anew wherever it is sent, from the dossier's text.

    Attributes:
        text: The TOML of the dossier.
        folder: Where the dossier lies on the machine that asks.
        asked: Name the coder is asked for by; None for the dossier's own.
        name, codebook: What the coder calls itself on the machine that asks, and must there.
        version: Of detente, likewise.
    """

    text: str
    folder: Path | None
    asked: str | None
    name: str
    codebook: str
    version: str = __version__

    @classmethod
    def of(cls, case: Dossier, asked: str | None, made: Coder) -> CoderRecipe:
        """The recipe of a coder that `plugins.coder(case, asked)` made.

        Raises:
            DossierError: The dossier was never text, so that it cannot be sent.
        """
        if not case.text:
            raise DossierError(f"{case.name}: this dossier was made without text. Read it with dossier.parse or load.")
        return cls(case.text, case.folder, asked, made.name, made.codebook)

    def __call__(self) -> Callable[[bytes], bytes]:
        """The function that reads a packed document.

        Raises:
            EngineError: There is no such coder here, or it is of another version.
        """
        there, here = f"detente {self.version} with coder {self.name}", f"detente {__version__}"
        remedy = "Install on all machines what is installed on the one that asks."
        try:
            coder = plugins.coder(dossier.parse(self.text, folder=self.folder), self.asked)
        except DetenteError as problem:
            raise EngineError(f"{there} asks, a worker has {here}: {problem} {remedy}") from problem
        if (coder.name, coder.codebook, __version__) != (self.name, self.codebook, self.version):
            raise EngineError(f"{there} asks, a worker has {here} with coder {coder.name}. {remedy}")

        def function(item: bytes) -> bytes:
            document = document_in(item)
            return packed_reading(document.id, read(coder, document))

        return function


def packed(document: Document) -> bytes:
    """A document as it is sent to a worker."""
    return _packed(to_json(document, sparse=True))


def document_in(item: bytes) -> Document:
    """The document that `packed` wrote."""
    found: Document = from_json("document", _unpacked(item))
    return found


def packed_reading(document_id: str, reading: Coding | Failure) -> bytes:
    """A reading of a document as a worker sends it back."""
    if isinstance(reading, Failure):
        return _packed({"document": document_id, "failure": reading.reason, "stops": reading.stops})
    return _packed({"document": document_id, "coding": to_json(reading, sparse=True)})


def reading_in(answer: bytes) -> tuple[str, Coding | Failure]:
    """The document's id and the reading that `packed_reading` wrote.

    Raises:
        LedgerError: It is none: every field is checked.
    """
    values = _unpacked(answer)
    if "failure" in values:
        return values["document"], Failure(values["failure"], values["stops"])
    found: Coding = from_json("coding", values["coding"])
    return values["document"], found


# A complaint may quote half of a surrogate pair, which JSON can hold and plain UTF-8 cannot.
def _packed(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _unpacked(content: bytes) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return values
