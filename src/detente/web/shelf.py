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
    """A situation with what was made from it so far: pages one by one, by path; the downloads together."""

    situation: Situation
    pages: dict[str, sites.Pages] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    downloads: dict[str, bytes] | None = None


class Shelf:
    """The last few situations and their files, each made once for a state of what they are made from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], Made] = {}

    def situation(self, as_of: str | None) -> Situation:
        return self.of(as_of, lambda made, ledger: None).situation  # noqa: ARG005

    def file(self, as_of: str | None, path: str, language: str) -> bytes | None:
        """A page or download, or None where there is none of that name."""

        def fill(made: Made, ledger: Ledger) -> None:
            if _is_download(path):
                if made.downloads is None:
                    made.downloads = dict(sites.downloads(made.situation, ledger))
            elif path not in made.files:
                pages = self._pages(made, language)
                if path in pages:
                    made.files[path] = pages[path].encode()

        made = self.of(as_of, fill)
        return (made.downloads or {}).get(path) if _is_download(path) else made.files.get(path)

    def _pages(self, made: Made, language: str) -> sites.Pages:
        if language not in made.pages:
            where = next((pages.where for pages in made.pages.values()), None)
            made.pages[language] = sites.Pages(
                made.situation, language, where or sites.Where(made.situation, served=True)
            )
        return made.pages[language]

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
