"""An RSS or Atom feed becomes the pages it links to, or what it says of them."""

from __future__ import annotations

import calendar
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from detente.sources.address import is_address, without_password
from detente.sources.got import LIMITS, Got, Item, Limits, Unchanged, now
from detente.terms import Issue

_ROOM = "sources"
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|blockquote|tr)\s*>|<br\s*/?>", re.I)
_REFERENCE = re.compile(rb"&#(?:(x)([0-9a-f]{1,40})|(\d{1,40}));?", re.I)


def _possible(found: re.Match[bytes]) -> bytes:
    """A character by its number, or the replacement character where there is none of that number."""
    number = int(found[2], 16) if found[1] else int(found[3])
    return found[0] if number <= sys.maxunicode else b"&#xFFFD;"


def read_feed(
    raw: bytes,
    record: str,
    *,
    page: Callable[[str, str], Iterator[Item]] | None,
    limits: Limits = LIMITS,
) -> Iterator[Item]:
    """Read the entries of a feed.

    Args:
        raw: The feed, whole or cut off somewhere.
        record: Its address or path.
        page: Gets the page of an entry, given its address and the feed's; None takes what the feed says of it.
        limits: `entries` caps how many are read; the rest is counted in an Issue.
    """
    import feedparser

    try:
        parsed = feedparser.parse(_REFERENCE.sub(_possible, raw))
    except Exception as problem:  # feedparser lets through whatever its parsers stumble over
        yield Issue(record, _ROOM, f"{record}: no feed that can be read ({problem}). Open it in a browser.")
        return
    entries = parsed.entries
    feed_title = str(parsed.feed.get("title", "")).strip()
    if not entries:
        why = f" ({parsed.bozo_exception})" if parsed.get("bozo") else ""
        yield Issue(
            record, _ROOM, f"{record}: a feed without entries{why}. Open it in a browser and check the address."
        )
        return
    if parsed.get("bozo") and not isinstance(parsed.bozo_exception, feedparser.CharacterEncodingOverride):
        message = f"{record}: not well-formed ({parsed.bozo_exception}); {len(entries)} entries could be read."
        yield Issue(record, _ROOM, message, lost=False)
    if len(entries) > limits.entries:
        left = len(entries) - limits.entries
        yield Issue(
            record, _ROOM, f"{record}: {left} of {len(entries)} entries left out, {limits.entries} are read at once."
        )

    seen: set[str] = set()
    for number, entry in enumerate(entries[: limits.entries], start=1):
        link = str(entry.get("link", "")).strip()
        if link and link in seen:
            continue
        seen.add(link)
        if without_password(link) != link:
            link = ""  # neither asked nor kept: a name or a password would stand in the ledger
        yield from _entry(entry, link, f"{record}#{number}", record, feed_title, page)


def _entry(
    entry: Any,
    link: str,
    name: str,
    feed: str,
    feed_title: str,
    page: Callable[[str, str], Iterator[Item]] | None,
) -> Iterator[Item]:
    title = _plain(str(entry.get("title", "")))
    published = _day(entry)
    basis = "feed" if published else "none"
    failures: list[Issue] = []
    if page is not None and is_address(link):
        found = False
        for item in page(link, feed):
            if isinstance(item, Issue):
                failures.append(item)
            elif isinstance(item, Unchanged):
                found = True
                yield item
            else:
                found = True
                yield from failures
                failures = []
                yield replace(
                    item,
                    title=item.title or title,
                    published=published,
                    published_basis=basis,
                    source=feed_title,
                    got_by=f"feed {feed}",
                )
        if found:
            return
    text = _content(entry)
    if not text:
        yield from failures
        yield Issue(name, _ROOM, f"{name}: entry {title!r} has no page that could be got and no text of its own.")
        return
    for failure in failures:
        message = f"{failure.message} What the feed says of it is taken instead."
        yield Issue(failure.record, _ROOM, message, lost=False)
    yield Got(
        record=link or name,
        raw=text.encode(),
        kind="text",
        text=text,
        fetched=now(),
        got_by=f"feed {feed}",
        url=link,
        title=title,
        published=published,
        published_basis=basis,
        source=feed_title,
    )


def _day(entry: Any) -> date | None:
    for key in ("published_parsed", "created_parsed"):
        stamp = entry.get(key)
        if isinstance(stamp, time.struct_time):
            try:
                return datetime.fromtimestamp(calendar.timegm(stamp), UTC).date()
            except (ValueError, OverflowError, OSError):
                return None
    return None


def _content(entry: Any) -> str:
    contents = [str(part.get("value", "")) for part in entry.get("content", [])]
    contents.append(str(entry.get("summary", "")))
    return max((_plain(part) for part in contents), key=len, default="")


def _plain(markup: str) -> str:
    """The words of a piece of markup, a line for each block."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    from lxml import etree, html

    try:
        tree = html.fromstring(f"<div>{_BLOCK_END.sub(chr(10), markup)}</div>")
    except (etree.LxmlError, ValueError):
        return ""
    etree.strip_elements(tree, "script", "style", with_tail=False)
    lines = (" ".join(line.split()) for line in str(tree.text_content()).split("\n"))
    return "\n".join(line for line in lines if line)
