"""Files of event databases are got by http or https, whole and checked, or refused with a reason.

    for item in download(files, folder):
        if isinstance(item, Downloaded):
            …                       # import item.path, then delete it
        else:
            issues.append(item)     # names the address, what was expected, what to do

A file appears in the folder by one rename, after its size and checksum agree. What a run that was stopped left there is
used again: a whole file as it is, a part of one as the beginning of the rest.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from detente.errors import SourceError
from detente.sources.address import NoAnswer, Watch, opened, too_slow
from detente.sources.got import Limits
from detente.terms import Issue

__all__ = [
    "DOWNLOAD_LIMITS",
    "DownloadLimits",
    "Downloaded",
    "ListedFile",
    "download",
    "patiently",
]

BY_HAND = "get the file with a browser and import it from disk"
# Bytes as they lie on the server: what a list says of size and checksum is of those, and ranges count them.
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; detente; imports event databases)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}
_ROOM = "sources"
_PIECE = 1 << 18
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that a list names, or that a user gave the address of.

    Attributes:
        address: http or https.
        size: In bytes, or None where no list says.
        md5: 32 hexadecimal digits in lower case, or empty where no list says.
        named_by: Address of the list, or empty.
        moment: What its name says of when it was made, or of when the time it covers begins, UTC; None where nothing.
    """

    address: str
    size: int | None = None
    md5: str = ""
    named_by: str = ""
    moment: datetime | None = None

    @property
    def name(self) -> str:
        """The last part of its address, as a file name of plain letters, digits, dots, dashes and underscores.

        >>> ListedFile("http://example.org/gdeltv2/20250218120000.export.CSV.zip").name
        '20250218120000.export.CSV.zip'
        >>> ListedFile("http://example.org/a%2F..%2F.b c.tab?x=/y").name
        'b_c.tab'
        """
        # Cut by hand: an address that is none must not stop the others, and is refused where it is asked for.
        last = urllib.parse.unquote(re.split(r"[?#]", self.address)[0].rsplit("/", 1)[-1])
        plain = re.sub(r"[^A-Za-z0-9._-]+", "_", last.replace("\\", "/").rsplit("/", 1)[-1])
        return plain.lstrip("._-")[-150:] or "events"


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that lies in the folder, whole; whoever asked for it deletes it when it is done with.

    Attributes:
        file: What was asked for; where the list had changed under way, as it says now.
        path: Where it lies.
        received: Bytes that came for it in this run; fewer than its size where a stopped run had left some.
    """

    file: ListedFile
    path: Path
    received: int


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """How much is got, waited for and asked again before a file is given up.

    Attributes:
        file_bytes: Largest file.
        wait_seconds: Longest silence of a server.
        whole_seconds: Longest time for a file of listed size, without what its size adds.
        slowest: Bytes a second; a listed file may take `whole_seconds` and its size over this.
        unlisted_seconds: Longest time for a list, or a file whose size no list gives.
        redirects: How often an address may send us elsewhere.
        tries: How often one file is asked for where the server is busy or the connection breaks.
        first_pause: Seconds before the second try; doubled each time.
        longest_pause: Most seconds waited where a server says how long to wait; one that asks for more is left alone.
        lost_files: After so many files in a row that a host did not send, no more are asked of it.
    """

    file_bytes: int = 20_000_000_000
    wait_seconds: float = 30.0
    whole_seconds: float = 600.0
    slowest: float = 20_000.0
    unlisted_seconds: float = 7_200.0
    redirects: int = 5
    tries: int = 4
    first_pause: float = 1.0
    longest_pause: float = 120.0
    lost_files: int = 3

    def for_bytes(self, size: int | None) -> Limits:
        """Limits of one answer of this size, or of unknown size."""
        whole = self.unlisted_seconds if size is None else self.whole_seconds + size / self.slowest
        return Limits(self.file_bytes, self.wait_seconds, whole, self.redirects)


DOWNLOAD_LIMITS = DownloadLimits()


def patiently(ask: Callable[[], _T], limits: DownloadLimits, pause: Callable[[float], None]) -> _T:
    """Ask, and ask again after a pause while that may help; a server that says how long to wait is obeyed.

    Raises:
        NoAnswer: The last answer, where asking again does not help or it was asked often enough.
    """
    for turn in range(limits.tries):
        try:
            return ask()
        except NoAnswer as problem:
            wait = limits.first_pause * 2**turn if problem.retry_after is None else problem.retry_after
            if not problem.passing or turn + 1 >= limits.tries or wait > limits.longest_pause:
                raise
            pause(wait)
    raise ValueError("tries must be 1 or more")


def download(
    files: Iterable[ListedFile],
    into: Path,
    *,
    look_again: Callable[[Sequence[ListedFile]], Mapping[str, ListedFile]] | None = None,
    limits: DownloadLimits = DOWNLOAD_LIMITS,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Downloaded | Issue]:
    """Get files one after the other; what cannot be had whole is an Issue, and the rest goes on.

    Args:
        files: What to get; read as it is needed.
        into: Folder, made where it is not there. Runs at the same time may share it.
        look_again: Asks the lists anew about files that are not as listed, once, after all others; gives what they
            say now by address. A file replaced under way is then got as it is now.
        limits: Size, time, tries.
        pause: Waits that many seconds.

    Returns:
        One item for each file, and one Issue for all that were not asked of a host that was given up. Files that are
        not as listed come last.

    Raises:
        SourceError: The folder cannot be written to, or the disk is full. What came so far is kept.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _DiskError(_no_room(into, problem)) from problem
    run = _Run(into, limits, pause)
    odd: list[tuple[ListedFile, str]] = []
    for file in files:
        item = run.get(file)
        if isinstance(item, _NotAsListed):
            odd.append((file, str(item)))
        elif item is not None:
            yield item
    now = look_again([file for file, _ in odd]) if odd and look_again else {}
    for file, why in odd:
        listed = now.get(file.address)
        item = run.get(listed) if listed and (listed.size, listed.md5) != (file.size, file.md5) else _NotAsListed(why)
        if isinstance(item, _NotAsListed):
            yield Issue(file.address, _ROOM, f"{item} Nothing is kept; import again later, or {BY_HAND}.")
        elif item is not None:
            yield item
    yield from run.given_up()


class _NotAsListed(SourceError):
    """What the server sends is not what the list says."""


class _DiskError(SourceError):
    """Nothing more can be written here."""


@dataclass(slots=True)
class _Run:
    """What one run knows of names and hosts."""

    into: Path
    limits: DownloadLimits
    pause: Callable[[float], None]
    names: dict[str, str] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    refused: dict[str, str] = field(default_factory=dict)
    unasked: Counter[str] = field(default_factory=Counter)

    def get(self, file: ListedFile) -> Downloaded | Issue | _NotAsListed | None:
        """One file; None where its host was given up."""
        host = file.address.partition("://")[2].partition("/")[0]
        if host in self.refused:
            self.unasked[host] += 1
            return None
        first = self.names.setdefault(file.name, file.address)
        if first != file.address:
            message = f"{file.address}: has the name of {first}; not got. Import it after that one."
            return Issue(file.address, _ROOM, message)
        if (file.size or 0) > self.limits.file_bytes:
            message = (
                f"{file.address}: {file.size:,} bytes by {file.named_by}, at most {self.limits.file_bytes:,} are got. "
                f"If it is meant, {BY_HAND}."
            )
            return Issue(file.address, _ROOM, message)
        try:
            got = self._got(file)
        except _DiskError:
            raise
        except _NotAsListed as problem:
            self.lost[host] = 0
            return problem
        except NoAnswer as problem:
            self._count(host, problem)
            return Issue(file.address, _ROOM, _vanished(file, problem) or str(problem))
        except SourceError as problem:
            return Issue(file.address, _ROOM, str(problem))
        self.lost[host] = 0
        return got

    def given_up(self) -> Iterator[Issue]:
        for host, count in self.unasked.items():
            more = f"{count:,} more file{'s were' if count > 1 else ' was'} not asked for"
            yield Issue(host, _ROOM, f"{host}: {self.refused[host]}; {more}. Import again later.")

    def _count(self, host: str, problem: NoAnswer) -> None:
        self.lost[host] = self.lost[host] + 1 if problem.passing or not problem.status else 0
        if problem.retry_after is not None and problem.retry_after > self.limits.longest_pause:
            self.refused[host] = f"asks to wait {problem.retry_after:,.0f} seconds"
        elif self.lost[host] >= self.limits.lost_files:
            self.refused[host] = f"did not send {self.lost[host]} files in a row"

    def _got(self, file: ListedFile) -> Downloaded:
        whole = self.into / file.name
        # Size and checksum are looked at again, so that nothing depends on what a power cut leaves of a rename.
        if file.md5 and whole.is_file() and _sums(whole, file.size) == file.md5:
            return Downloaded(file, whole, 0)
        with _part(self.into, file) as (path, handle):
            transfer = _Transfer(file, path, handle, self.limits)
            try:
                self._finish(transfer, whole)
            except BaseException:
                # Without a checksum nothing will tell what it is a part of.
                if not (file.md5 and transfer.have):
                    path.unlink(missing_ok=True)
                raise
        for older in self.into.glob(f".{file.name}.*.part"):
            if not _is_held(older):
                older.unlink(missing_ok=True)
        return Downloaded(file, whole, transfer.received)

    def _finish(self, transfer: _Transfer, whole: Path) -> None:
        """Get what is missing, check it, and let it appear."""
        transfer.take_up()
        # What a stopped run left may be of an older state of the file, or damaged: then once more, from the start.
        for more in (True, False) if transfer.have else (False,):
            try:
                patiently(transfer.go_on, self.limits, self.pause)
                transfer.check()
                break
            except _NotAsListed:
                transfer.begin_anew()
                if not more:
                    raise
        try:
            transfer.handle.flush()
            if os.name == "nt":  # which renames no open file
                transfer.handle.close()
            transfer.path.replace(whole)
        except OSError as problem:
            raise _DiskError(_no_room(whole, problem)) from problem


def _vanished(file: ListedFile, problem: NoAnswer) -> str:
    if problem.status not in (404, 410) or not file.named_by:
        return ""
    return (
        f"{file.address}: the list {file.named_by} names it, but the server answered {problem.status}. "
        "Import again later; if it stays away, the database has withdrawn it."
    )


@dataclass(slots=True)
class _Transfer:
    """One file on its way into its part file."""

    file: ListedFile
    path: Path
    handle: BinaryIO
    limits: DownloadLimits
    have: int = 0
    received: int = 0
    etag: str = ""
    # The list's own check that a file came whole; it guards against accidents, not against anybody.
    sum: hashlib._Hash = field(default_factory=lambda: hashlib.md5(usedforsecurity=False))

    def take_up(self) -> None:
        """Count what a stopped run left. Without a checksum nothing says what it is of, and it is dropped."""
        if not self.file.md5:
            self.begin_anew()
            return
        try:
            most = self.limits.file_bytes if self.file.size is None else self.file.size
            while self.have <= most and (piece := self.handle.read(_PIECE)):
                self.sum.update(piece)
                self.have += len(piece)
        except OSError as problem:
            raise _DiskError(_no_room(self.path, problem)) from problem
        if self.have > most:
            self.begin_anew()

    def begin_anew(self) -> None:
        try:
            self.handle.seek(0)
            self.handle.truncate()
        except OSError as problem:
            raise _DiskError(_no_room(self.path, problem)) from problem
        self.have, self.etag, self.sum = 0, "", hashlib.md5(usedforsecurity=False)

    def go_on(self) -> None:
        """Ask for what is missing, once."""
        size = self.file.size
        if self.have and self.have == size:
            return
        if self.have and not (self.file.md5 or self.etag):
            self.begin_anew()  # nothing could tell that two halves are of one file
        headers = dict(HEADERS)
        if self.have:
            headers["Range"] = f"bytes={self.have}-"
            if self.etag:
                headers["If-Range"] = self.etag
        limits = self.limits.for_bytes(None if size is None else size - self.have)
        try:
            ask = opened(
                self.file.address, limits=limits, reached_from=self.file.named_by, headers=headers, by_hand=BY_HAND
            )
            with ask as (answer, watch):
                self._place(answer)
                self._take(answer, watch, limits)
        except NoAnswer as problem:
            if problem.status != 416:
                raise
            # It ends before what we have. From the start, then; another 416 is the server's own mistake.
            again = self.have > 0
            self.begin_anew()
            raise NoAnswer(str(problem), status=416, passing=again, retry_after=0.0) from problem

    def _place(self, answer: http.client.HTTPResponse) -> None:
        """See from the headers what part is coming, and refuse what cannot be the file."""
        url, size = self.file.address, self.file.size
        if answer.status == 206:
            sent = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", (answer.headers.get("Content-Range") or "").strip())
            if not self.have or not sent or int(sent[1]) != self.have:
                self.begin_anew()
                raise NoAnswer(
                    f"{url}: sends another part than asked for. Import again later, or {BY_HAND}.", passing=True
                )
            whole = int(sent[2]) if sent[2].isdigit() else None
        elif answer.status == 200:
            if self.have:
                self.begin_anew()
            whole = answer.length
        else:
            raise NoAnswer(
                f"{url}: the server answered {answer.status}, expected 200. Check the address, or {BY_HAND}.",
                status=answer.status,
            )
        tag = answer.headers.get("ETag") or ""
        self.etag = tag if tag.startswith('"') else ""  # a weak one says nothing about bytes
        if whole is not None and size is not None and whole != size:
            raise _NotAsListed(f"{url}: the server has {whole:,} bytes, the list {self.file.named_by} says {size:,}.")

    def _take(self, answer: http.client.HTTPResponse, watch: Watch, limits: Limits) -> None:
        url, size = self.file.address, self.file.size
        most = self.limits.file_bytes if size is None else size
        while piece := answer.read1(_PIECE):
            if self.have + len(piece) > most:
                if size is not None:
                    raise _NotAsListed(f"{url}: longer than the {size:,} bytes that {self.file.named_by} says.")
                raise SourceError(f"{url}: longer than {most:,} bytes; stopped. If it is meant, {BY_HAND}.")
            try:
                self.handle.write(piece)
            except OSError as problem:
                raise _DiskError(_no_room(self.path, problem)) from problem
            self.sum.update(piece)
            self.have += len(piece)
            self.received += len(piece)
        if watch.over:
            raise too_slow(url, limits, "import again to go on from there, or " + BY_HAND)
        missing = answer.length or 0
        if missing or (answer.length is None and not answer.chunked and size is not None and self.have < size):
            # Without a length, an end and a break look the same.
            missing = missing or (size or 0) - self.have
            raise NoAnswer(
                f"{url}: the connection broke, {missing:,} bytes missing. Import again to go on from there.",
                passing=True,
            )

    def check(self) -> None:
        """Refuse what came whole and is not as listed."""
        url, size, md5 = self.file.address, self.file.size, self.file.md5
        if size is not None and self.have != size:
            raise _NotAsListed(f"{url}: ends after {self.have:,} bytes, the list {self.file.named_by} says {size:,}.")
        if md5 and self.sum.hexdigest() != md5:
            raise _NotAsListed(
                f"{url}: its {self.have:,} bytes have the checksum {self.sum.hexdigest()}, "
                f"the list {self.file.named_by} says {md5}."
            )
        if not self.have:
            raise SourceError(f"{url}: the server sent nothing. Check the address, or {BY_HAND}.")


def _sums(path: Path, size: int | None) -> str:
    try:
        if size is not None and path.stat().st_size != size:
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError:
        return ""


@contextmanager
def _part(into: Path, file: ListedFile) -> Iterator[tuple[Path, BinaryIO]]:
    """The part file of this state of this file, held so that no other run writes to it."""
    state = hashlib.sha256(f"{file.address} {file.size} {file.md5}".encode()).hexdigest()[:12]
    path = into / f".{file.name}.{state}.part"
    while True:
        try:
            handle = path.open("r+b" if path.exists() else "x+b")
        except (FileExistsError, FileNotFoundError):
            continue  # another run made or finished it between the two looks
        except OSError as problem:
            raise _DiskError(_no_room(path, problem)) from problem
        with handle:
            if not _hold(handle):
                raise SourceError(
                    f"{file.address}: another import is getting it now; left to that one. "
                    "If that one fails, import again."
                )
            if _is_same(handle, path):
                yield path, handle
                return


def _hold(handle: BinaryIO) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows itself keeps a second program from renaming what is open
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb") as handle:
            return not _hold(handle)
    except OSError:
        return True


def _is_same(handle: BinaryIO, path: Path) -> bool:
    """Whether the file that was opened is still under its name: the run that held it may have renamed it."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except OSError:
        return False


def _no_room(path: Path, problem: OSError) -> str:
    return f"{path}: {problem.strerror or problem}. Check the folder and the space left, then import again."
