"""The last few situations of a dossier, each measured once for as long as what it is made from stays as it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from detente import workflow
from detente.errors import DetenteError
from detente.forecast.own_cases import own_digest
from detente.ledger import Ledger
from detente.publish import brief_log, sites
from detente.publish import situation as situations
from detente.publish.situation import Situation
from detente.publish.verdicts import kept_names

KEPT_SITUATIONS = 8
TRIES = 5


@dataclass
class Made:
    """A situation with the files made from it so far, by language; the downloads stand under an empty string."""

    situation: Situation
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)


class Shelf:
    """The last few situations and their files, each made once for a state of what they are made from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], Made] = {}

    def situation(self, as_of: str | None) -> Situation:
        return self.of(as_of, lambda made, ledger: None).situation  # noqa: ARG005

    def file(self, as_of: str | None, path: str, language: str) -> bytes | None:
        """A page or download, or None where there is none of that name; those of one language are made together."""
        wanted = "" if _is_download(path) else language

        def fill(made: Made, ledger: Ledger) -> None:
            if wanted not in made.files:
                made.files[wanted] = (
                    {name: text.encode() for name, text in sites.pages(made.situation, wanted)}
                    if wanted
                    else dict(sites.downloads(made.situation, ledger))
                )

        return self.of(as_of, fill).files[wanted].get(path)

    def of(self, as_of: str | None, fill: Callable[[Made, Ledger], None]) -> Made:
        """What is kept for the ledger as it is now, filled; made again where the ledger grew while it was made."""
        moment = workflow.moment(as_of)
        with self._lock, workflow.opened(self._folder) as (case, ledger):
            for _ in range(TRIES):
                head = ledger.head(moment).hash
                key = (
                    head,
                    case.text,
                    own_digest(self._folder),
                    kept_names(self._folder),
                    brief_log.head(self._folder),
                    as_of or "",
                    workflow.today().isoformat(),
                )
                made = self._kept.get(key) or Made(situations.of(case, ledger, as_of=moment))
                fill(made, ledger)
                if ledger.head(moment).hash == head:
                    self._kept.pop(key, None)
                    self._kept[key] = made
                    while len(self._kept) > KEPT_SITUATIONS:
                        self._kept.pop(next(iter(self._kept)))
                    return made
        raise DetenteError("the ledger kept growing while the page was made. Ask again in a moment.")


def _is_download(path: str) -> bool:
    return not path.endswith(".html") or (path.startswith(("brief.", "briefs/")) and path != "brief.html")
