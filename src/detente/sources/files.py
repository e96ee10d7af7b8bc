"""A file or a folder on this machine."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from detente.errors import SourceError
from detente.sources.decode import decode, refuse_binary
from detente.sources.feed import read_feed
from detente.sources.got import LIMITS, Got, Item, Limits, now
from detente.sources.jsonl import read_json, read_lines
from detente.sources.opening import FEEDS, PAGES, first_element
from detente.terms import Issue

_ROOM = "sources"
HTML_ENDINGS = frozenset({".html", ".htm", ".xhtml"})
TEXT_ENDINGS = frozenset({".txt", ".md", ".text"})
LINES_ENDINGS = frozenset({".jsonl", ".ndjson"})
FEED_ENDINGS = frozenset({".xml", ".rss", ".atom"})
_READ = HTML_ENDINGS | TEXT_ENDINGS | LINES_ENDINGS | FEED_ENDINGS | {".json"}
_NAME_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def read_folder(
    folder: Path, *, limits: Limits = LIMITS, page: Callable[[str, str], Iterator[Item]] | None = None
) -> Iterator[Item]:
    """Read every file below a folder, in the order of their names. What is passed over is named in Issues."""
    found = 0
    hidden: list[str] = []

    def failed(problem: OSError) -> None:
        unreadable.append(problem)

    unreadable: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=failed):
        here = Path(place)
        hidden += [str(here / name) for name in (*folders, *names) if name.startswith(".")]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for linked in [name for name in folders if (here / name).is_symlink()]:
            yield Issue(
                str(here / linked), _ROOM, f"{here / linked}: a link to a folder; not followed. Add it by itself."
            )
        for name in sorted(names):
            if name.startswith("."):
                continue
            found += 1
            yield from read_file(here / name, limits=limits, page=page, picked=False)
    for problem in unreadable:
        yield Issue(str(problem.filename), _ROOM, f"{problem.filename}: {problem.strerror}. Allow reading it.")
    if hidden:
        shown = ", ".join(sorted(hidden)[:5]) + (" …" if len(hidden) > 5 else "")
        yield Issue(str(folder), _ROOM, f"{folder}: {len(hidden)} hidden files or folders not read: {shown}")
    if not found:
        endings = " ".join(sorted(_READ))
        yield Issue(str(folder), _ROOM, f"{folder}: holds no file, expected some of {endings}. Check the path.")


def read_file(
    path: Path,
    *,
    limits: Limits = LIMITS,
    page: Callable[[str, str], Iterator[Item]] | None = None,
    picked: bool = True,
) -> Iterator[Item]:
    """Read one file by its ending; without a known one, by how it opens.

    Args:
        path: The file.
        limits: Larger files are refused before anything of them is read; JSONL may be larger, each line may not.
        page: Gets the pages a feed links to; None takes what the feed says.
        picked: The file was named by itself: one without an ending is then taken for text.
    """
    record = str(path)
    try:
        yield from _read(path, record, limits, page, picked)
    except SourceError as problem:
        yield Issue(record, _ROOM, str(problem))
    except OSError as problem:
        yield Issue(record, _ROOM, f"{record}: {problem.strerror or problem}. Check that the file may be read.")


def _read(
    path: Path,
    record: str,
    limits: Limits,
    page: Callable[[str, str], Iterator[Item]] | None,
    picked: bool,
) -> Iterator[Item]:
    status = path.stat()
    # A pipe or device could be read for ever.
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{record}: not a regular file. Save its content as a file and add that.")
    ending = path.suffix.lower()
    if ending in LINES_ENDINGS:
        if status.st_size == 0:
            raise SourceError(f"{record}: is empty, expected one JSON object a line. Check that it was saved whole.")
        with path.open("rb") as lines:
            yield from read_lines(lines, record, limits=limits)
        return
    if status.st_size > limits.document_bytes:
        raise SourceError(
            f"{record}: {status.st_size:,} bytes, at most {limits.document_bytes:,} are read for one document. "
            "Cut it into texts, or give it as .jsonl, one text a line."
        )
    with path.open("rb") as file:
        raw = file.read(limits.document_bytes + 1)
    refuse_binary(raw, record)
    if ending == ".json":
        yield from read_json(raw, record)
        return
    element = first_element(raw)
    if ending in FEED_ENDINGS or (ending not in HTML_ENDINGS | TEXT_ENDINGS and element in FEEDS):
        if element not in FEEDS:
            raise SourceError(f"{record}: XML, but neither RSS nor Atom. Save its text as .txt or .html.")
        yield from read_feed(raw, record, page=page, limits=limits)
        return
    if ending in HTML_ENDINGS or (ending not in TEXT_ENDINGS and element in PAGES):
        yield from one(raw, record, kind="html", got_by="file", published=_name_day(path))
        return
    if ending not in TEXT_ENDINGS and not (picked and not ending):
        endings = " ".join(sorted(_READ))
        raise SourceError(f"{record}: ending {ending or 'missing'} is not read, expected one of {endings}. Rename it.")
    yield from one(raw, record, kind="text", got_by="file", published=_name_day(path))


def one(
    raw: bytes,
    record: str,
    *,
    kind: str,
    got_by: str,
    declared: str = "",
    url: str = "",
    published: date | None = None,
) -> Iterator[Item]:
    """One page or text from its bytes; what had to be assumed about the encoding is an Issue before it.

    Raises:
        SourceError: Binary, empty, or in no encoding that gives text.
    """
    decoded = decode(raw, record, declared=declared, markup=kind == "html")
    if decoded.assumed:
        yield Issue(record, _ROOM, f"{record}: {decoded.assumed}.", lost=False)
    text = decoded.text if kind == "html" else decoded.text.replace("\r\n", "\n").removeprefix("\ufeff")
    yield Got(
        record=record,
        raw=raw,
        kind="html" if kind == "html" else "text",
        text=text,
        fetched=now(),
        got_by=got_by,
        url=url,
        published=published,
        published_basis="file" if published else "none",
        encoding=decoded.encoding,
    )


def _name_day(path: Path) -> date | None:
    """The day in a file's name, if there is exactly one: `2025-02-18.html`, `tass_20250218.txt`."""
    days = set()
    for match in _NAME_DAY.finditer(path.stem):
        try:
            days.add(date(*(int(part) for part in match.groups())))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None
