"""A dossier and its ledger, opened once for as long as the server runs."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente import dossier as dossiers
from detente import workflow
from detente.dossier import FILE_NAME as DOSSIER_NAME
from detente.dossier import Dossier
from detente.ledger import Ledger


class Opened:
    """The dossier, read again where its file changed, with its ledger, opened again where another file lies there.

    Opening a ledger looks at its schema and compiles every query anew: 20 to 30 ms of a request, where one that is
    kept open answers in one.

    Args:
        create: Make the ledger where there is none yet.
    """

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self.folder = folder
        self._create = create
        self._lock = threading.Lock()
        self._case: Dossier | None = None
        self._ledger: Ledger | None = None
        self._file: tuple[str | Path, tuple[int, int] | None] | None = None

    @contextmanager
    def __call__(self) -> Iterator[tuple[Dossier, Ledger]]:
        """Both, as they are now.

        Raises:
            DossierError: There is no dossier, or it is broken.
            LedgerError: The ledger cannot be opened.
        """
        with self._lock:
            case = self._dossier()
            ledger = self._opened(workflow.ledger_of(case, self.folder))
        yield case, ledger

    def close(self) -> None:
        """Let go of the ledger; it is opened again when it is asked for."""
        with self._lock:
            if self._ledger is not None:
                self._ledger.close()
            self._ledger = None

    def _dossier(self) -> Dossier:
        try:
            text = (self.folder / DOSSIER_NAME).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
        if self._case is None or self._case.text != text:
            self._case = dossiers.load(self.folder)
        return self._case

    def _opened(self, where: str | Path) -> Ledger:
        if self._ledger is None or self._file != (where, _identity(where)):
            if self._ledger is not None:
                self._ledger.close()
            self._ledger = Ledger.open(where, create=self._create)
            self._file = where, _identity(where)
            weakref.finalize(self, self._ledger.close)
        return self._ledger


def _identity(path: str | Path) -> tuple[int, int] | None:
    """What tells a file from another one put in its place, such as a copy that was restored; None for a server."""
    if isinstance(path, str) and "://" in path:
        return None
    path = Path(path)
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
