"""What GDELT's lists of files name, and getting it.

    listing = listed(address, since=…, until=…, known=lambda file: file.md5 in imported)
    for item in download(listing.files, dossier_folder / "events" / ".incoming"):
        …                               # Downloaded: import item.path, note item.file.md5, delete item.path
    issues = [*listing.issues, …]       # and every Issue that download gave

Addresses that are lists:

| address ends in | lines | names |
|---|---|---|
| `masterfilelist.txt`, `lastupdate.txt`, also with `-translation` | `SIZE MD5 ADDRESS` | GDELT 2.0: all, the newest |
| `md5sums`, `filesizes`, `index.html`, `/` | `MD5  NAME` and `SIZE NAME` | GDELT 1.0; both lists are read |

Any other address is one file.
"""

from __future__ import annotations

import calendar
import http.client
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from detente.errors import SourceError
from detente.sources import downloads
from detente.sources.address import NoAnswer, opened, too_slow
from detente.sources.downloads import BY_HAND, DOWNLOAD_LIMITS, Downloaded, DownloadLimits, ListedFile, patiently
from detente.sources.event_databases import database
from detente.sources.table_files import PACKED_ENDINGS, TABLE_ENDINGS
from detente.terms import Issue

__all__ = ["LIST_LIMITS", "Downloaded", "ListLimits", "ListedFile", "Listing", "download", "is_list", "listed"]

_ROOM = "sources"
_SEEN = 200
_LAST = datetime.max.replace(tzinfo=UTC)

_NEWER = re.compile(r"(?:masterfilelist|lastupdate)[\w-]*\.txt", re.ASCII | re.IGNORECASE)
_OLDER = frozenset({"md5sums", "filesizes", "index.html", ""})
_NEWER_LINE = re.compile(rb"(\d{1,15})[ \t]+([0-9A-Fa-f]{32})[ \t]+(https?://[^\s/]+/(?:[^\s/]+/)*([^\s/]+))")
_NEWER_EVENTS = re.compile(rb"(\d{14})(?:\.translation)?\.export\.csv\.zip", re.IGNORECASE)
_NEWER_OTHER = re.compile(rb"\d{14}(?:\.translation)?\.(?:mentions|gkg)\.csv\.zip", re.IGNORECASE)
_SUM_LINE = re.compile(rb"([0-9A-Fa-f]{32})[ \t]+\*?(?:\./)?([\w.-]+)", re.ASCII)
_SIZE_LINE = re.compile(rb"(\d{1,15})[ \t]+(?:\./)?([\w.-]+)", re.ASCII)
# 1979 to 2005 by year, to March 2013 by month, then by day.
_OLDER_EVENTS = re.compile(rb"(\d{4}|\d{6})\.zip|(\d{8})\.export\.csv\.zip", re.IGNORECASE)
# A version with 17 columns of what the others hold, and the lists themselves.
_OLDER_OTHER = re.compile(rb"GDELT\.MASTERREDUCED\w*\.[\d-]+\.zip|md5sums|filesizes|index\.html", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListLimits:
    """How much of a list is read.

    Attributes:
        list_bytes: GDELT's own list of all files has some 130 million; what lies beyond is left, and said.
        line_bytes: A longer line cannot be read; it is read past, never held.
        shown: How many lines that cannot be read are shown; the others are counted.
    """

    list_bytes: int = 400_000_000
    line_bytes: int = 1_000
    shown: int = 5


LIST_LIMITS = ListLimits()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list names, as far as it was asked for.

    `lines` = files + `repeated` + `known` + `outside` + `others` + `unread`; for GDELT 1.0 of `md5sums`, or of
    `filesizes` where only that can be had.

    Attributes:
        address: Of the list, or of the one file.
        files: To be got, the oldest first.
        issues: Lines that cannot be read, a list that is missing or was cut.
        lines: Lines that are not empty.
        known: Event files that were known.
        outside: Event files outside the days asked for.
        others: Mentions, knowledge graph, reduced copies: passed over.
        repeated: Event files that a later line names again; the later line holds.
        unread: Lines that cannot be read.
    """

    address: str
    files: tuple[ListedFile, ...] = ()
    issues: tuple[Issue, ...] = ()
    lines: int = 0
    known: int = 0
    outside: int = 0
    others: int = 0
    repeated: int = 0
    unread: int = 0


def is_list(address: str) -> bool:
    """Whether an address is one of GDELT's lists, by its last part.

    >>> is_list("http://data.gdeltproject.org/gdeltv2/lastupdate.txt")
    True
    >>> is_list("http://data.gdeltproject.org/gdeltv2/20250218120000.export.CSV.zip")
    False
    """
    name = _cut(address)[1]
    return bool(_NEWER.fullmatch(name)) or name in _OLDER


def listed(
    address: str,
    kind: str = "gdelt",
    *,
    since: date | None = None,
    until: date | None = None,
    known: Callable[[ListedFile], bool] | None = None,
    limits: ListLimits = LIST_LIMITS,
    patience: DownloadLimits = DOWNLOAD_LIMITS,
    pause: Callable[[float], None] = time.sleep,
) -> Listing:
    """Read one of GDELT's lists, or take an address for one file.

    Nothing is raised for a list that cannot be read: it comes as an Issue.

    Args:
        address: Of a list or of a file.
        kind: Database. Lists are GDELT's; for the others every address is a file.
        since, until: First and last day wanted, by the day in a file's name (UTC): when its rows were added, which for
            a few rows is long after their event. Monthly and yearly files, which are by day of event, are wanted where
            they share a day. Asked of lists only.
        known: Whether a file need not be got, asked once for each event file of a list. A file that GDELT replaced has
            another `md5` at the same address.
        limits: How much of the list is read.
        patience: Tries and waiting.
        pause: Waits that many seconds.

    Raises:
        SourceError: The kind is unknown.

    Source:
        GDELT 2.0: Our Global World in Realtime, blog.gdeltproject.org, 2015; data.gdeltproject.org/events/index.html.
    """
    address = address.strip()
    if database(kind) != "gdelt" or not is_list(address):
        return _one_file(address, kind)
    wanted = _Wanted(since, until, known)
    reading = _Reading(address, limits, patience, pause)
    try:
        if _NEWER.fullmatch(_cut(address)[1]):
            return reading.newer(wanted)
        return reading.older(wanted)
    except SourceError as problem:
        return Listing(address, issues=(Issue(address, _ROOM, str(problem)),))


def download(
    files: Iterable[ListedFile],
    into: Path,
    *,
    limits: DownloadLimits = DOWNLOAD_LIMITS,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Downloaded | Issue]:
    """Get listed files, whole and as listed; lists are read again, once, for files that are not.

    See `detente.sources.downloads.download`.
    """

    def look_again(odd: Sequence[ListedFile]) -> Mapping[str, ListedFile]:
        now: dict[str, ListedFile] = {}
        addresses = {file.address for file in odd}
        for named_by in dict.fromkeys(file.named_by for file in odd):
            again = listed(named_by, known=lambda file: file.address not in addresses, patience=limits, pause=pause)
            now |= {file.address: file for file in again.files}
        return now

    return downloads.download(files, into, look_again=look_again, limits=limits, pause=pause)


def _cut(address: str) -> tuple[str, str]:
    """Folder and last part of an address, by hand: one that is none is refused where it is asked for."""
    folder, slash, last = re.split(r"[?#]", address)[0].rpartition("/")
    return folder + slash, last


def _one_file(address: str, kind: str) -> Listing:
    file = ListedFile(address)
    ending = Path(file.name).suffix.lower()
    if kind == "gdelt" and ending not in TABLE_ENDINGS | PACKED_ENDINGS:
        endings = " ".join(sorted(TABLE_ENDINGS | PACKED_ENDINGS))
        message = (
            f"{address}: names neither a list (masterfilelist.txt, lastupdate.txt, md5sums) nor a file ({endings}). "
            "Check the address."
        )
        return Listing(address, issues=(Issue(address, _ROOM, message),))
    return Listing(address, (file,))


@dataclass(slots=True)
class _Wanted:
    """Which event files are asked for."""

    since: date | None
    until: date | None
    known: Callable[[ListedFile], bool] | None

    def covers(self, first: date, last: date) -> bool:
        return (self.since is None or last >= self.since) and (self.until is None or first <= self.until)

    def knows(self, file: ListedFile) -> bool:
        return self.known is not None and self.known(file)


@dataclass(slots=True)
class _Found:
    """What one reading of a list has met."""

    files: dict[str, ListedFile] = field(default_factory=dict)
    lines: int = 0
    known: int = 0
    outside: int = 0
    others: int = 0
    bad: int = 0
    cut: bool = False
    issues: list[Issue] = field(default_factory=list)

    def take(self, file: ListedFile, wanted: _Wanted) -> None:
        if wanted.knows(file):
            self.known += 1
            self.files.pop(file.address, None)
        else:
            # A later line takes the place of an earlier one.
            self.files[file.address] = file

    def listing(self, address: str) -> Listing:
        files = sorted(self.files.values(), key=lambda file: (file.moment or _LAST, file.address))
        repeated = self.lines - len(files) - self.known - self.outside - self.others - self.bad
        return Listing(
            address, tuple(files), tuple(self.issues), self.lines, self.known, self.outside, self.others, repeated,
            self.bad,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    address: str
    limits: ListLimits
    patience: DownloadLimits
    pause: Callable[[float], None]

    def newer(self, wanted: _Wanted) -> Listing:
        """`SIZE MD5 ADDRESS`."""

        def read() -> _Found:
            found = _Found()
            for number, line in self._lines(self.address, found, "SIZE MD5 ADDRESS"):
                parts = _NEWER_LINE.fullmatch(line)
                events = _NEWER_EVENTS.fullmatch(parts[4]) if parts else None
                if not parts or not (events or _NEWER_OTHER.fullmatch(parts[4])) or not line.isascii():
                    self._bad(found, self.address, number, line, "SIZE MD5 ADDRESS")
                elif not events:
                    found.others += 1
                else:
                    span = _span(events[1].decode())
                    if span is None:
                        self._bad(found, self.address, number, line, "a date in the name")
                    elif not wanted.covers(span[0].date(), span[1]):
                        found.outside += 1
                    else:
                        size, md5, address = int(parts[1]), parts[2].decode().lower(), parts[3].decode()
                        found.take(ListedFile(address, size, md5, self.address, span[0]), wanted)
            self._close(found, self.address)
            return found

        return patiently(read, self.patience, self.pause).listing(self.address)

    def older(self, wanted: _Wanted) -> Listing:
        """`MD5  NAME` and `SIZE NAME`, two lists of the same files that lie beside them."""
        folder, _ = _cut(self.address)
        sums, sizes = folder + "md5sums", folder + "filesizes"
        issues: list[Issue] = []
        try:
            by_sum = patiently(lambda: self._named(sums, _SUM_LINE, "MD5 NAME"), self.patience, self.pause)
        except NoAnswer as problem:
            message = f"{problem} Without it, files are checked by size alone."
            issues.append(Issue(sums, _ROOM, message, lost=False))
            by_sum = None
        try:
            by_size = patiently(lambda: self._named(sizes, _SIZE_LINE, "SIZE NAME"), self.patience, self.pause)
        except NoAnswer as problem:
            if by_sum is None:
                raise
            message = f"{problem} Without it, files are checked by checksum alone."
            issues.append(Issue(sizes, _ROOM, message, lost=False))
            by_size = None
        main, names = by_sum or by_size or (_Found(), {})
        md5s, lengths = by_sum[1] if by_sum else {}, by_size[1] if by_size else {}
        if by_sum and by_size:
            main.issues += by_size[0].issues
        for name in names:
            span = _span(name.split(".")[0])
            if span is None or not wanted.covers(span[0].date(), span[1]):
                main.outside += 1
                continue
            size = int(lengths[name]) if name in lengths else None
            main.take(ListedFile(folder + name, size, md5s.get(name, ""), sums if by_sum else sizes, span[0]), wanted)
        main.issues[:0] = issues
        return main.listing(self.address)

    def _named(self, address: str, pattern: re.Pattern[bytes], expected: str) -> tuple[_Found, dict[str, str]]:
        found, names = _Found(), dict[str, str]()
        for number, line in self._lines(address, found, expected):
            parts = pattern.fullmatch(line)
            events = _OLDER_EVENTS.fullmatch(parts[2]) if parts else None
            if parts and _OLDER_OTHER.fullmatch(parts[2]):
                found.others += 1
            elif not parts or not events or _span((events[1] or events[2]).decode()) is None:
                self._bad(found, address, number, line, expected)
            else:
                names[parts[2].decode()] = parts[1].decode().lower()
        self._close(found, address)
        return found, names

    def _lines(self, address: str, found: _Found, expected: str) -> Iterator[tuple[int, bytes]]:
        """Lines that are not empty and not too long, stripped, with their number from 1."""
        limits = self.patience.for_bytes(None)
        headers = {**downloads.HEADERS, "Accept": "text/plain, */*"}
        # The list that was given or one beside it under a name of ours: nothing that was read leads here.
        ask = opened(address, limits=limits, headers=headers, by_hand=BY_HAND)
        with ask as (answer, watch):
            pieces = self._pieces(answer, found, address)
            for number, line in enumerate(_split(pieces, self.limits.line_bytes), start=1):
                line = line.strip()
                if not line:
                    continue
                found.lines += 1
                if len(line) > self.limits.line_bytes:
                    self._bad(found, address, number, line, expected)
                else:
                    yield number, line
            if watch.over:
                raise too_slow(address, limits, BY_HAND)
            if answer.length and not found.cut:
                raise NoAnswer(f"{address}: the connection broke in the list. Import again later.", passing=True)

    def _pieces(self, answer: http.client.HTTPResponse, found: _Found, address: str) -> Iterator[bytes]:
        read = 0
        while piece := answer.read1(1 << 16):
            read += len(piece)
            yield piece
            if read > self.limits.list_bytes:
                message = f"{address}: longer than {self.limits.list_bytes:,} bytes; what lies beyond is not read."
                found.issues.append(Issue(address, _ROOM, message))
                found.cut = True
                return

    def _bad(self, found: _Found, address: str, number: int, line: bytes, expected: str) -> None:
        found.bad += 1
        if found.bad <= self.limits.shown:
            shown = line[:_SEEN].decode("utf-8", "backslashreplace") + ("…" if len(line) > _SEEN else "")
            message = f"{address}:{number}: {shown!r}, expected {expected}; passed over."
            found.issues.append(Issue(f"{address}:{number}", _ROOM, message))

    def _close(self, found: _Found, address: str) -> None:
        if not found.lines:
            raise SourceError(f"{address}: the list is empty. Import again later.")
        if found.bad == found.lines:
            first = found.issues[0].message
            raise SourceError(f"{first} No line of it can be read: check that the address is a list.")
        if found.bad > self.limits.shown:
            more = found.bad - self.limits.shown
            found.issues.append(Issue(address, _ROOM, f"{address}: {more:,} more lines cannot be read; passed over."))


def _split(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Lines without their break; of a longer one, only a beginning longer than `most` is held."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        rest = rest[: most + 1]
    if rest:
        yield rest


def _span(digits: str) -> tuple[datetime, date] | None:
    """The moment at which the time in a file's name begins, and the last day of that time.

    >>> _span("200602")
    (datetime.datetime(2006, 2, 1, 0, 0, tzinfo=datetime.timezone.utc), datetime.date(2006, 2, 28))
    """
    year, month, day = int(digits[:4]), int(digits[4:6] or 1), int(digits[6:8] or 1)
    hour, minute, second = (int(digits[at : at + 2] or 0) for at in (8, 10, 12))
    try:
        begins = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    if len(digits) == 4:
        return begins, date(year, 12, 31)
    if len(digits) == 6:
        return begins, date(year, month, calendar.monthrange(year, month)[1])
    return begins, begins.date()
