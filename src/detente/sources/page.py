"""A web address: a page, a text, a feed or a JSONL file that a server sends."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from detente.errors import SourceError
from detente.sources.decode import declared_charset, refuse_binary
from detente.sources.feed import read_feed
from detente.sources.fetcher import Fetcher
from detente.sources.files import LINES_ENDINGS, one
from detente.sources.got import Item, Limits, Unchanged
from detente.sources.jsonl import read_lines
from detente.sources.opening import FEEDS, PAGES, first_element
from detente.terms import Issue

_ROOM = "sources"


def read_address(url: str, *, fetcher: Fetcher, pages: bool = True) -> Iterator[Item]:
    """Get an address; a feed is followed to its pages (`pages`) or read for what it says of them."""
    try:
        limits = fetcher.limits
        answer = fetcher.get(url, allow_cut=True)
        if answer.unchanged is not None:
            yield Unchanged(url, answer.unchanged)
            return
        feed = first_element(answer.body) in FEEDS
        if answer.cut and not feed:
            raise SourceError(f"{url}: {answer.cut}; nothing kept. Save the part you need and add the file.")
        if feed:
            if answer.cut:
                yield Issue(url, _ROOM, f"{url}: {answer.cut}; the entries up to there are read.", lost=False)

            def page(link: str, feed_url: str) -> Iterator[Item]:
                return linked_page(link, feed_url, fetcher)

            yield from read_feed(answer.body, url, page=page if pages else None, limits=limits)
            return
        yield from _content(answer.body, answer.content_type, answer.url, url, limits)
    except SourceError as problem:
        yield Issue(url, _ROOM, str(problem))


def linked_page(link: str, feed: str, fetcher: Fetcher) -> Iterator[Item]:
    """Get the page that an entry of a feed links to; private networks are not followed into."""
    try:
        answer = fetcher.get(link, reached_from=feed)
        if answer.unchanged is not None:
            yield Unchanged(link, answer.unchanged)
            return
        if first_element(answer.body) in FEEDS:
            raise SourceError(f"{link}: a feed inside a feed; not followed. Add it by itself.")
        yield from _content(answer.body, answer.content_type, answer.url, link, fetcher.limits)
    except SourceError as problem:
        yield Issue(link, _ROOM, str(problem))


def _content(body: bytes, content_type: str, final: str, url: str, limits: Limits) -> Iterator[Item]:
    sent_as = content_type.split(";")[0].strip().lower()
    declared = declared_charset(content_type)
    refuse_binary(body, url)
    ending = Path(final.split("?")[0]).suffix.lower()
    element = first_element(body)
    if ending in LINES_ENDINGS or sent_as in ("application/x-ndjson", "application/jsonl"):
        yield from read_lines(io.BytesIO(body), url, limits=limits)
    elif sent_as in ("text/html", "application/xhtml+xml") or (not sent_as and element in PAGES):
        yield from one(body, url, kind="html", got_by="address", declared=declared, url=final)
    elif sent_as in ("text/plain", "text/markdown", ""):
        yield from one(body, url, kind="text", got_by="address", declared=declared, url=final)
    elif element == "html":
        yield Issue(url, _ROOM, f"{url}: sent as {sent_as}, but is an HTML page; read as one.", lost=False)
        yield from one(body, url, kind="html", got_by="address", declared=declared, url=final)
    else:
        raise SourceError(f"{url}: sent as {sent_as}, expected a page, text or feed. Save its text and add the file.")
