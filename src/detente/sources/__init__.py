"""Where text comes from: files, folders, pages, feeds and JSONL, each got within limits or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from detente import plugins
from detente.sources.address import is_address
from detente.sources.files import read_file, read_folder
from detente.sources.got import LIMITS, Got, Limits
from detente.sources.page import linked_page, read_address
from detente.terms import Issue

__all__ = ["LIMITS", "READERS", "Got", "Limits", "Reader", "get"]


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to get texts.

    Attributes:
        name: Versioned name, written into what it gets.
        takes: Whether it can read what was named.
        read: Gets it: what was named, the limits, and whether feeds are followed to their pages.
    """

    name: str
    takes: Callable[[str], bool]
    read: Callable[[str, Limits, bool], Iterator[Got | Issue]]


def _read_path(what: str, limits: Limits, pages: bool) -> Iterator[Got | Issue]:
    def page(link: str, feed: str) -> Iterator[Got | Issue]:
        return linked_page(link, feed, limits)

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
    Reader("address.v1", is_address, lambda what, limits, pages: read_address(what, limits=limits, pages=pages)),
    Reader("path.v1", lambda what: "://" not in what, _read_path),
]
"""Asked in this order; the first that takes what was named reads it."""


def _added() -> Iterator[Reader]:
    """Readers that plugins add, by scheme (`archive`, for `archive:…`) or by suffix (`.warc`); they are asked first."""
    for key, read in plugins.sources().items():
        yield Reader(key, _taker(key), read)


def _taker(key: str) -> Callable[[str], bool]:
    def takes(what: str) -> bool:
        return what.endswith(key) if key.startswith(".") else what.startswith(f"{key}:")

    return takes


def get(
    what: str | Path, *, limits: Limits = LIMITS, pages: bool = True, source: str = "", licence: str = ""
) -> Iterator[Got | Issue]:
    """Get every text behind a file, a folder, an address or a feed.

    Nothing is raised for what cannot be read: it comes as an Issue in its place, and the rest goes on.

    Args:
        what: Path, or http(s) address.
        limits: Sizes and times.
        pages: Follow the entries of a feed to their pages; else take what the feed says of them.
        source, licence: For whatever does not name its own.

    >>> [item.message for item in get("no-such-file.txt")]
    ['no-such-file.txt: no such file or folder. Check the path, or write https:// before a host.']
    """
    named = str(what)
    reader = next((reader for reader in (*_added(), *READERS) if reader.takes(named)), None)
    if reader is None:
        yield Issue(named, "sources", f"{named}: no reader takes this. Give a path or an http(s) address.")
        return
    for item in reader.read(named, limits, pages):
        if isinstance(item, Got):
            item = replace(item, source=item.source or source, licence=item.licence or licence)
        yield item
