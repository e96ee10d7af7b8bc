"""Serving what stands beside the pages: figures in every form, feeds, the calendar, frames for other people's pages.

Measuring takes seconds where a page takes a fraction of one, so that figures are made apart from the pages, each when
it is first asked for, and kept for as long as the ledger stays as it is.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

from detente import workflow
from detente.errors import DetenteError
from detente.ledger import Ledger
from detente.publish import calendars, event_cite, feeds, figures, forecast_history, measure_pages, occurrences, sites
from detente.publish.marks import DRAWN
from detente.publish.pages import policy
from detente.publish.readings.reading import Reading
from detente.publish.situation import Situation
from detente.terms import LANGUAGES
from detente.web.opened import Opened
from detente.web.shelf import Made, Shelf

if TYPE_CHECKING:
    from fastapi import Request

_T = TypeVar("_T")
KEPT = 4
KINDS = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".svg": "image/svg+xml",
    ".metadata.json": "application/csvm+json; charset=utf-8",
    ".zip": "application/zip",
    ".geojson": "application/geo+json",
    ".jsonld": "application/ld+json",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".ris": "application/x-research-info-systems; charset=utf-8",
    ".ninjs.json": "application/json; charset=utf-8",
    ".csl.json": "application/vnd.citationstyles.csl+json",
}
FRAME_WIDTH, FRAME_HEIGHT = 960, 560
"""Size of a frame where the page that holds it names none."""
_FIGURE = re.compile(
    r"(?P<language>(?:fr|ru)/)?(?P<path>situation|(?:measures|milestones)/[A-Za-z0-9_-]+)"
    r"\.(?P<form>svg|png|csv|metadata\.json|json|zip|html)"
)
_FRAME = re.compile(r"(?:(?:fr|ru)/)?embed/(situation|(?:measures|milestones)-[A-Za-z0-9_-]+)\.html")
_SAFE_BASE = re.compile(r"https?://[A-Za-z0-9.\-]+(?::\d{1,5})?/|https?://\[[0-9A-Fa-f:.]+\](?::\d{1,5})?/")


@dataclass
class _Kept:
    """What was made of a situation so far, by the figure's path and what of it; one lock for each figure."""

    situation: Situation
    made: dict[tuple[str, str], Any] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    locks: dict[str, threading.Lock] = field(default_factory=dict)


class Outputs:
    """What stands beside the pages of one dossier."""

    def __init__(self, shelf: Shelf, opened: Opened) -> None:
        self._shelf = shelf
        self._opened = opened
        self._lock = threading.Lock()
        self._kept: dict[int, _Kept] = {}

    def file(self, as_of: str | None, path: str, *, base: str, query: Mapping[str, str]) -> bytes | None:
        """A file by its path from the top, or None where it is none of these.

        Args:
            base: Address of the top, as the asker sees it.
            query: What else was asked: feeds can be narrowed.
        """
        if as_of and base:
            base = f"{base}as-of/{quote(as_of, safe='')}/"
        if feeds.is_feed(path):
            return feeds.named(path, self._shelf.situation(as_of, newest=False), base=base, asked=asked_of(query))
        language = next((code for code in LANGUAGES if path.startswith(f"{code}/")), sites.ROOT_LANGUAGE)
        if path == sites.folder_of(language) + calendars.NAME:
            return calendars.of(self._shelf.situation(as_of, newest=False), language, base=base)
        if path in occurrences.MAKERS:
            return occurrences.MAKERS[path](self._shelf.situation(as_of, newest=False))
        if path.startswith("event/") and not path.endswith(".html"):
            return event_cite.named(path, self._shelf.situation(as_of, newest=False))
        frame = _FRAME.fullmatch(path)
        if frame:
            return self.of_figure(as_of, _figure_path(frame[1]), path)
        found = _FIGURE.fullmatch(path)
        if not found or (found["form"] == "html" and not found["path"].startswith("measures/")):
            return None
        if found["form"] == "png":
            return self._picture(as_of, found["path"], language)
        if found["form"] not in ("svg", "html"):
            path = path.removeprefix(found["language"] or "")  # Data stand once for all languages.
        return self.of_figure(as_of, found["path"], path)

    def milestone(self, as_of: str | None, name: str) -> dict[str, Any] | None:
        """A milestone with what was said of it over time, or None where there is none of that name."""

        def told(made: Made, ledger: Ledger) -> dict[str, Any] | None:
            row = next((row for row in made.situation.milestones if row.milestone.id == name), None)
            if row is None:
                return None
            replayed = made.ask_back(ledger).get(name, ())
            said = forecast_history.history(row, made.situation.record.logged, replayed)
            return {**row.as_json(), "history": forecast_history.history_json(said)}

        return self._shelf.of(as_of, told, newest=False)

    def since(self, moment: str, as_of: str | None) -> dict[str, Any]:
        """Events that changed since a moment, with tombstones.

        Raises:
            DetenteError: One of the two is no moment.
        """
        first = workflow.moment(moment, "since")
        if first is None:
            raise DetenteError("since is empty. Write 2025-04-30, or the cursor of the last answer.")
        with self._opened() as (case, ledger):
            return occurrences.since(case, ledger, first, as_of=workflow.moment(as_of))

    def figure(self, as_of: str | None, name: str) -> figures.Figure | None:
        """A figure, measured where it was not yet."""
        return self._made(as_of, name, "figure", lambda figure, read: figure)  # noqa: ARG005

    def of_figure(self, as_of: str | None, name: str, path: str) -> bytes | None:
        """A file that belongs to a figure, by the figure's path and its own."""
        return (self._made(as_of, name, "files", _files) or {}).get(path)

    def warm(self, *, before_each: Callable[[], None] = lambda: None) -> None:
        """Measure every figure of now, one after another, so that no reader waits for the first time.

        What cannot be measured is told to whoever asks for it.
        """
        with suppress(DetenteError):
            for name in figures.paths(self._shelf.situation(None)):
                before_each()
                with suppress(DetenteError):
                    self._made(None, name, "files", _files)

    def _picture(self, as_of: str | None, name: str, language: str) -> bytes | None:
        return self._made(as_of, name, f"png {language}", lambda figure, read: figure.png(language))  # noqa: ARG005

    def _made(
        self, as_of: str | None, name: str, what: str, make: Callable[[figures.Figure, Callable[[str], Reading]], _T]
    ) -> _T | None:
        """Something of a figure, made once; None where there is no such figure."""
        for newest in (False, True):
            done, made = self._shelf.of(as_of, partial(self._of_situation, as_of, name, what, make), newest=newest)
            if done:
                break
        return made

    def _of_situation(
        self,
        as_of: str | None,
        name: str,
        what: str,
        make: Callable[[figures.Figure, Callable[[str], Reading]], _T],
        shelved: Made,
        ledger: Ledger,
    ) -> tuple[bool, _T | None]:
        """The same of one situation; False where the ledger has grown since, and what is asked was not made before."""
        now = shelved.situation
        if name not in figures.paths(now):
            return True, None
        kept, lock = self._kept_of(now, name)
        # What is kept waits for no other figure's measuring, and nobody measures the same twice at once.
        with lock:
            if (name, what) in kept.made:
                return True, kept.made[name, what]
            if as_of is None and ledger.head().hash != now.status.head.hash:
                return False, None  # A measure would know more than the page beside it.
            read = measure_pages.reader(now, ledger, known=kept.readings)
            figure = kept.made.get((name, "figure"))
            if figure is None:
                replays = shelved.ask_back(ledger) if name.startswith("milestones/") else None
                figure = figures.named(name, now, read, replays=replays, with_png=True)
            made = None if figure is None else make(figure, read)
            kept.made[name, "figure"], kept.made[name, what] = figure, made
            return True, made

    def _kept_of(self, now: Situation, name: str) -> tuple[_Kept, threading.Lock]:
        with self._lock:
            kept = self._kept.pop(id(now), None) or _Kept(now)
            self._kept[id(now)] = kept
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))
            return kept, kept.locks.setdefault(name, threading.Lock())

    def frame(self, url: str, base: str, width: int, height: int, *, frozen: bool) -> dict[str, Any] | None:
        """How to show the figure of a page in a frame, as oEmbed 1.0 has it; None where there is none.

        Args:
            url: Address of the page, or of the figure.
            base: Address of the top, as the asker sees it.
            frozen: Show it as it is now, whatever is recorded later.
        """
        where = urlsplit(url)
        if where.netloc and not base.startswith(f"{where.scheme}://{where.netloc}/"):
            return None
        path = unquote(where.path).lstrip("/") or "index.html"
        past = re.match(r"as-of/([^/]+)/(.*)", path)
        as_of, path = (past[1], past[2] or "index.html") if past else (None, path)
        name = figure_at(path, where.fragment)
        figure = self.figure(as_of, name) if name else None
        if figure is None or name is None:
            return None
        language = next((code for code in LANGUAGES if path.startswith(f"{code}/")), sites.ROOT_LANGUAGE)
        if frozen and as_of is None:
            as_of = feeds.moment(figure.situation).isoformat()
        way = f"as-of/{quote(as_of, safe='')}/" if as_of else ""
        source = f"{base}{way}{sites.folder_of(language)}embed/{name.replace('/', '-')}.html"
        title = figure.title[language]
        return {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": f"Détente: {figure.situation.dossier.title_in(language)}",
            "provider_url": base,
            "cache_age": 31_536_000 if as_of else 3600,
            "width": width,
            "height": height,
            "html": f'<iframe src="{escape(source)}" title="{escape(title)}" width="{width}" height="{height}" '
            'loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox" style="border:0"></iframe>',
            "digital_source_type": DRAWN,
            "data_version": figure.situation.data_version,
        }


def _files(figure: figures.Figure, read: Callable[[str], Reading]) -> Mapping[str, bytes]:
    return dict(measure_pages.of(figure, read, sites.Where(figure.situation, served=True)))


def _figure_path(name: str) -> str:
    room, dash, rest = name.partition("-")
    return f"{room}/{rest}" if dash and room in ("measures", "milestones") else name


def figure_at(path: str, fragment: str = "") -> str | None:
    """The figure that a page shows, or None where it shows none.

    >>> figure_at("fr/measures/breaks.html"), figure_at("index.html"), figure_at("milestones.html", "ambassadors")
    ('measures/breaks', 'situation', 'milestones/ambassadors')
    """
    frame = _FRAME.fullmatch(path)
    if frame:
        return _figure_path(frame[1])
    plain = path.removeprefix("fr/").removeprefix("ru/")
    if plain in ("index.html", ""):
        return "situation"
    if plain == "milestones.html":
        return f"milestones/{fragment}" if re.fullmatch(r"[A-Za-z0-9_-]+", fragment) else None
    found = _FIGURE.fullmatch(path)
    return found["path"] if found else None


def asked_of(query: Mapping[str, str]) -> feeds.Asked:
    """What an address asks of a feed."""
    named = {name: query.get(name, "")[:64] for name in ("track", "type", "side", "speaker")}
    return feeds.Asked(**named, reviewed=query.get("reviewed", "") in ("1", "true"))


def base_of(request: Request) -> str:
    """Address of the top as the asker sees it; empty where it is not one we would write into a file."""
    base = str(request.base_url)
    return base if _SAFE_BASE.fullmatch(base) else ""


def kind_of(path: str) -> str | None:
    """Content type of these files where the usual ones do not fit."""
    if feeds.is_feed(path) and path.endswith(".json"):
        return "application/feed+json; charset=utf-8"
    return next((kind for suffix, kind in KINDS.items() if path.endswith(suffix)), None)


def headers_of(path: str, base: str) -> dict[str, str]:
    """Headers that lead from a figure to what goes with it, and let others show it."""
    found: dict[str, str] = {}
    if path.endswith(".csv") and _FIGURE.fullmatch(path):
        described = f"{path.rpartition('/')[2].removesuffix('.csv')}.metadata.json"
        found["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    if _FRAME.fullmatch(path):
        found["Content-Security-Policy"] = f"{policy()}; frame-ancestors *"
    if path.endswith(".html") and not path.startswith("cases/") and base and figure_at(path):
        target = quote(base + path, safe="")
        found["Link"] = f'<{base}oembed?url={target}>; rel="alternate"; type="application/json+oembed"'
    if path.endswith((".svg", ".png")) or _FRAME.fullmatch(path):
        found["Cross-Origin-Resource-Policy"] = "cross-origin"
    return found
