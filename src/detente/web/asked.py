"""Pages that answer what an address asks: changes since a day, two days compared, the filtered timeline, the search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from detente import workflow
from detente.ledger import Ledger, moment_of
from detente.publish import compare, search, sites
from detente.publish import gone as gone_events
from detente.publish.filters import Filter
from detente.publish.situation import RECENT_DAYS
from detente.web.shelf import Made, Shelf


def page(
    shelf: Shelf,
    as_of: str | None,
    path: str,
    language: str,
    query: Mapping[str, str],
    *,
    newest: bool,
    other: Shelf | None = None,
) -> bytes | None:
    """The page for an address, or None where it asks nothing and the page is there for all alike.

    Args:
        other: Of another dossier, which the page of comparisons sets beside this one.
    """
    name = path.removeprefix(sites.folder_of(language))
    if name == "search.html":
        return shelf.pages(as_of, language, newest=newest).found(query.get("q", "")).encode()
    if name == "index.html" and (since := workflow.moment(query.get("since"), "since")):
        day = since.date() if isinstance(since, datetime) else since
        return shelf.pages(as_of, language, newest=newest).since(day).encode()
    if name == "compare.html" and other is not None and not query.get("from"):
        beside = other.situation(as_of, newest=newest)
        return shelf.pages(as_of, language, newest=newest).beside(beside).encode()
    if name == "compare.html":
        return _compared(shelf, as_of, language, query, newest=newest, beside=other is not None).encode()
    if name == "timeline.html" and (asked := Filter.of(query)):
        part = query.get("part", "")
        number = int(part) if part.isascii() and part.isdigit() and len(part) < 9 else 1
        return shelf.pages(as_of, language, newest=newest).filtered(asked, number).encode()
    return None


def _compared(
    shelf: Shelf, as_of: str | None, language: str, query: Mapping[str, str], *, newest: bool, beside: bool
) -> str:
    """Two days of the record side by side; where none is asked for, the form alone, filled in with thirty days."""
    pages = shelf.pages(as_of, language, newest=newest)
    start, end = query.get("from", ""), query.get("to", "") or as_of or ""
    if not start:
        return pages.days(None, ((pages.situation.day - timedelta(days=RECENT_DAYS)).isoformat(), end))
    first, last = workflow.moment(start, "from"), workflow.moment(end or None, "to")
    if first is not None and last is not None and moment_of(first) > moment_of(last):  # type: ignore[operator]
        start, end = end, start
    before = shelf.situation(start)
    compared = shelf.of(end or None, lambda made, ledger: compare.of_days(before, made.situation, ledger))
    return pages.days(compared, (start, end), beside=beside)


def gone(shelf: Shelf, as_of: str | None, path: str, language: str) -> bytes | None:
    """The page that tells what became of an event that has none any more, or None where there never was one."""
    name = path.removeprefix(sites.folder_of(language))
    found = re.fullmatch(r"event/([0-9a-f]{16})\.html", name)
    if found is None:
        return None

    def told(made: Made, ledger: Ledger) -> bytes | None:
        what = gone_events.of(made.situation, ledger, found[1])
        if what is None:
            return None
        page = made.pages(language).render(f"event/{what.id}", "event_gone.html", gone=what, told=gone_events.TOLD)
        return page.encode()

    return shelf.of(as_of, told)


def events(pages: sites.Pages, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The chronology through a filter, oldest first."""
    asked = Filter.of(query)
    rows = pages.where.filters.rows(asked)[::-1] if asked else pages.situation.rows
    return [row.as_json() for row in rows]


def found(pages: sites.Pages, text: str) -> dict[str, Any]:
    """What a question finds."""
    return search.found_json(pages.where.index.find(search.Question.of(text)), pages.where)
