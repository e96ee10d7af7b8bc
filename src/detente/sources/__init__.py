"""Where text comes from: files, folders, pages, feeds and JSONL, each got within limits or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from detente import plugins
from detente.sources.address import is_address, without_password
from detente.sources.fetcher import MANNERS, Fetcher, Manners
from detente.sources.files import read_file, read_folder
from detente.sources.got import LIMITS, Got, Item, Limits, Unchanged
from detente.sources.kept import Kept
from detente.sources.page import linked_page, read_address
from detente.sources.warc import Archive
from detente.terms import Issue

__all__ = [
    "LIMITS",
    "MANNERS",
    "READERS",
    "Archive",
    "Fetcher",
    "Got",
    "Item",
    "Kept",
    "Limits",
    "Manners",
    "Reader",
    "Unchanged",
    "get",
]


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to get texts.

    Attributes:
        name: Versioned name, written into what it gets.
        takes: Whether it can read what was named.
        read: Gets it, given what was named, what gets addresses (with limits), and whether to follow feeds to pages.
    """

    name: str
    takes: Callable[[str], bool]
    read: Callable[[str, Fetcher, bool], Iterator[Item]]


def _read_path(what: str, fetcher: Fetcher, pages: bool) -> Iterator[Item]:
    limits = fetcher.limits

    def page(link: str, feed: str) -> Iterator[Item]:
        return linked_page(link, feed, fetcher)

    path = Path(what)
    try:
        there = path.exists()
    except OSError:  # a whole text given where a path belongs
        there = False
    if not there:
        shown = what if len(what) < 200 else f"{what[:200]}…"
        message = f"{shown}: no such file or folder. Check the path, or write https:// before a host."
        yield Issue(shown, "sources", message)
    elif path.is_dir():
        yield from read_folder(path, limits=limits, page=page if pages else None)
    else:
        yield from read_file(path, limits=limits, page=page if pages else None)


READERS: list[Reader] = [
    Reader("address.v1", is_address, lambda what, fetcher, pages: read_address(what, fetcher=fetcher, pages=pages)),
    Reader("path.v1", lambda what: "://" not in what, _read_path),
]
"""Asked in this order; the first that takes what was named reads it."""


def _added() -> Iterator[Reader]:
    """Readers that plugins add, by scheme (`archive`, for `archive:…`) or by suffix (`.warc`); they are asked first."""
    for key, read in plugins.sources().items():
        yield Reader(key, _taker(key), _within_limits(read))


def _within_limits(
    read: Callable[[str, Limits, bool], Iterator[Got | Issue]],
) -> Callable[[str, Fetcher, bool], Iterator[Item]]:
    return lambda what, fetcher, pages: iter(read(what, fetcher.limits, pages))


def _taker(key: str) -> Callable[[str], bool]:
    def takes(what: str) -> bool:
        return what.endswith(key) if key.startswith(".") else what.startswith(f"{key}:")

    return takes


def get(
    what: str | Path,
    *,
    limits: Limits = LIMITS,
    pages: bool = True,
    source: str = "",
    licence: str = "",
    fetcher: Fetcher | None = None,
) -> Iterator[Item]:
    """Get every text behind a file, a folder, an address or a feed.

    Nothing is raised for what cannot be read: it comes as an Issue in its place, and the rest goes on.

    Args:
        what: Path, or http(s) address.
        limits: Sizes and times, where no fetcher brings its own.
        pages: Follow the entries of a feed to their pages; else take what the feed says of them.
        source, licence: For whatever does not name its own.
        fetcher: Gets what is behind addresses; one for several calls keeps its pauses and what it knows of their hosts.

    >>> [item.message for item in get("no-such-file.txt")]
    ['no-such-file.txt: no such file or folder. Check the path, or write https:// before a host.']
    """
    named = str(what)
    fetcher = fetcher or Fetcher(limits)
    if is_address(named) and without_password(named) != named:
        named = without_password(named)
        message = f"{named}: names a user or a password, which are neither sent nor kept. Leave them out."
        yield Issue(named, "sources", message)
        return
    reader = next((reader for reader in (*_added(), *READERS) if reader.takes(named)), None)
    if reader is None:
        yield Issue(named, "sources", f"{named}: no reader takes this. Give a path or an http(s) address.")
        return
    for item in reader.read(named, fetcher, pages):
        if isinstance(item, Got):
            item = replace(item, source=item.source or source, licence=item.licence or licence)
        yield item
