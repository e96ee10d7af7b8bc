"""The last few situations of a dossier, each measured once for as long as what it is made from stays as it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from detente import workflow
from detente.dossier import Dossier
from detente.errors import DetenteError
from detente.forecast.own_cases import own_digest
from detente.ledger import Ledger
from detente.publish import brief_log, forecast_history, sites
from detente.publish import situation as situations
from detente.publish.situation import Situation
from detente.publish.verdicts import kept_names
from detente.terms import LANGUAGES, Forecast
from detente.web.opened import Opened

KEPT_SITUATIONS = 8
REST_SECONDS = 10.0
"""Between two renewals of the pages while colleagues decide: each measures everything and draws anew what was read."""
KEPT_PAGES = 1000
"""Of one situation, the pages that are kept drawn: about 25 MB."""

DRAWN_AHEAD = 200
"""Pages drawn anew with a new situation, of those that were read of the one before."""

_PARTS = ("", *LANGUAGES)
_T = TypeVar("_T")


class _Key(NamedTuple):
    """What a situation and its files are made from.

    Attributes:
        measured: What the situation itself is measured from.
        as_of: Day it was asked for; empty for the present.
        briefs: End of the log of briefs, which pages tell of and no measure is made from.
    """

    measured: tuple[str, ...]
    as_of: str
    briefs: str


@dataclass
class Made:
    """A situation with the files made from it so far."""

    situation: Situation
    _locks: dict[str, threading.Lock] = field(default_factory=lambda: {code: threading.Lock() for code in _PARTS})
    _drawn: dict[str, bytes] = field(default_factory=dict)
    _pages: dict[str, sites.Pages] = field(default_factory=dict)
    _downloads: Mapping[str, bytes] | None = None

    def pages(self, language: str) -> sites.Pages:
        """The pages of a language, to be asked what no page of a fixed name answers."""
        with self._locks[language]:
            return self._of(language)

    def _of(self, language: str) -> sites.Pages:
        if language not in self._pages:
            where = next((pages.where for pages in self._pages.values()), None)
            where = where or sites.Where(self.situation, served=True)
            self._pages[language] = sites.Pages(self.situation, language, where)
        return self._pages[language]

    def ask_back(self, ledger: Ledger) -> Mapping[str, Sequence[Forecast]]:
        """What would have been said at earlier month ends, which pages of milestones tell; asked once."""
        where = self.pages(sites.ROOT_LANGUAGE).where
        if where.replays is None:
            now = self.situation
            where.replays = forecast_history.replays(now.dossier, ledger, now.day)
        return where.replays

    def page(self, path: str, language: str, ledger: Ledger) -> bytes | None:
        """A page, drawn where it was not yet; None where there is none of that name.

        Args:
            ledger: As it was for the situation, or later.
        """
        if path in self._drawn:
            return self._drawn[path]
        if path.removeprefix(sites.folder_of(language)).startswith("milestones/"):
            self.ask_back(ledger)
        with self._locks[language]:
            if path in self._drawn:
                return self._drawn[path]
            if path not in self._of(language):
                return None
            drawn = self._of(language)[path].encode()
            while len(self._drawn) >= KEPT_PAGES:
                self._drawn.pop(next(iter(self._drawn)), None)
            self._drawn[path] = drawn
            return drawn

    def draw_as(self, other: Made, language_of: Callable[[str], str], ledger: Ledger) -> None:
        """Draw the pages that another has been asked for, the last first, so that nobody waits for them."""
        for path in list(other._drawn)[: -DRAWN_AHEAD - 1 : -1]:
            self.page(path, language_of(path), ledger)

    def download(self, path: str, ledger: Ledger) -> bytes | None:
        """A file that pages link to; those are made together, from the ledger as it was for the situation."""
        with self._locks[""]:
            if self._downloads is None:
                self._downloads = dict(sites.downloads(self.situation, ledger))
            return self._downloads.get(path)


class Shelf:
    """The last few situations and their files, each made once for a state of what they are made from.

    Args:
        patient: Where the ledger has grown, give what was made last to who does not ask for the newest, and make the
            new one meanwhile, in a thread of its own: measuring takes seconds, and colleagues decide all the time.
    """

    def __init__(self, opened: Opened, *, patient: bool = False) -> None:
        self._opened = opened
        self._patient = patient
        self._lock = threading.Lock()
        self._making: dict[_Key, threading.Lock] = {}
        self._kept: dict[_Key, Made] = {}
        self._last: Made | None = None
        self._renewing = False
        self._rested_at = 0.0

    def situation(self, as_of: str | None, *, newest: bool = True) -> Situation:
        return self.of(as_of, lambda made, ledger: made.situation, newest=newest)  # noqa: ARG005

    def file(self, as_of: str | None, path: str, language: str, *, newest: bool = True) -> bytes | None:
        """A page or download, or None where there is none of that name."""
        if _is_download(path):
            return self.of(as_of, lambda made, ledger: made.download(path, ledger))
        return self.of(as_of, lambda made, ledger: made.page(path, language, ledger), newest=newest)

    def pages(self, as_of: str | None, language: str, *, newest: bool = False) -> sites.Pages:
        """The pages of a language, to be asked what no page of a fixed name answers."""
        return self.of(as_of, lambda made, ledger: made.pages(language), newest=newest)  # noqa: ARG005

    def of(self, as_of: str | None, fill: Callable[[Made, Ledger], _T], *, newest: bool = True) -> _T:
        """What is filled in from a situation, and from the ledger as it was for it.

        Args:
            newest: False where that of a moment ago will do; the ledger may have grown since then.
        """
        moment = workflow.moment(as_of)
        with self._opened() as (case, ledger), ledger.snapshot() as then:
            key = self._key(case, then, as_of)
            made = self._kept.get(key)
            if made is None and not (newest or as_of) and self._patient and self._alike(key) is None:
                made = self._last
                self._renew()
            if made is None:
                made = self._make(key, lambda: situations.of(case, then, as_of=moment), as_of)
            return fill(made, then)

    def _key(self, case: Dossier, ledger: Ledger, as_of: str | None) -> _Key:
        folder = self._opened.folder
        head, today = ledger.head(workflow.moment(as_of)).hash, workflow.today().isoformat()
        measured = (head, case.text, own_digest(folder), kept_names(folder), as_of or "", today)
        return _Key(measured, as_of or "", brief_log.head(folder))

    def _alike(self, key: _Key) -> Situation | None:
        """The situation of another state of the log of briefs: nothing is measured from what was accepted there."""
        with self._lock:
            return next((made.situation for k, made in self._kept.items() if k.measured == key.measured), None)

    def _make(self, key: _Key, measure: Callable[[], Situation], as_of: str | None) -> Made:
        """Measured, unless another asker of the same has done so meanwhile."""
        with self._lock:
            own = self._making.setdefault(key, threading.Lock())
        with own:
            made = self._kept.get(key)
            if made is None:
                made = Made(self._alike(key) or measure())
                self._keep(key, made, as_of)
        with self._lock:
            self._making.pop(key, None)
        return made

    def _keep(self, key: _Key, made: Made, as_of: str | None) -> None:
        with self._lock:
            # Of the present, one is enough; who still draws from an earlier one holds it.
            for old in [k for k in self._kept if not as_of and not k.as_of]:
                self._kept.pop(old)
            self._kept[key] = made
            while len(self._kept) > KEPT_SITUATIONS:
                self._kept.pop(next(iter(self._kept)))
            if not as_of:
                self._last = made

    def _renew(self) -> None:
        """Begin to make the newest, unless someone is at it or was a moment ago."""
        with self._lock:
            if self._renewing or time.monotonic() < self._rested_at:
                return
            self._renewing = True

        def work() -> None:
            began = time.monotonic()
            try:
                with self._opened() as (case, ledger), ledger.snapshot() as then:
                    key = self._key(case, then, None)
                    made = self._kept.get(key) or Made(self._alike(key) or situations.of(case, then))
                    if self._last is not None:
                        made.draw_as(self._last, language_of, then)
                    self._keep(key, made, None)
            except DetenteError:
                pass  # Who asks for the newest is told.
            finally:
                with self._lock:
                    self._renewing = False
                    now = time.monotonic()
                    self._rested_at = now + max(REST_SECONDS, now - began)

        threading.Thread(target=work, name="detente-renews-pages", daemon=True).start()


def language_of(path: str) -> str:
    """Language of a page, by its path from the top."""
    return next((code for code in LANGUAGES if path.startswith(f"{code}/")), sites.ROOT_LANGUAGE)


def _is_download(path: str) -> bool:
    return not path.endswith(".html") or (path.startswith(("brief.", "briefs/")) and path != "brief.html")
