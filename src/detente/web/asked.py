"""Pages that answer what an address asks: what changed since a day, the timeline through a filter, and the search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from detente import workflow
from detente.publish import search, sites
from detente.publish.filters import Filter
from detente.web.shelf import Shelf


def page(
    shelf: Shelf, as_of: str | None, path: str, language: str, query: Mapping[str, str], *, newest: bool
) -> bytes | None:
    """The page for an address, or None where it asks nothing and the page is there for all alike."""
    name = path.removeprefix(sites.folder_of(language))
    if name == "search.html":
        return shelf.pages(as_of, language, newest=newest).found(query.get("q", "")).encode()
    if name == "index.html" and (since := workflow.moment(query.get("since"), "since")):
        day = since.date() if isinstance(since, datetime) else since
        return shelf.pages(as_of, language, newest=newest).since(day).encode()
    if name == "timeline.html" and (asked := Filter.of(query)):
        part = query.get("part", "")
        number = int(part) if part.isascii() and part.isdigit() and len(part) < 9 else 1
        return shelf.pages(as_of, language, newest=newest).filtered(asked, number).encode()
    return None


def events(pages: sites.Pages, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The chronology through a filter, oldest first."""
    asked = Filter.of(query)
    rows = pages.where.filters.rows(asked)[::-1] if asked else pages.situation.rows
    return [row.as_json() for row in rows]


def found(pages: sites.Pages, text: str) -> dict[str, Any]:
    """What a question finds."""
    return search.found_json(pages.where.index.find(search.Question.of(text)), pages.where)
