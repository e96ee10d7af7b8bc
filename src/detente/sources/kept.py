"""What servers said of their pages' versions, kept so that the next time only what has changed is sent.

One JSON object a line, only ever added to:

    {"address": …, "etag": …, "last_modified": …, "documents": […], "line": 17, "hash": …}

`line` and `hash` are of the ledger's last line when everything behind the address had been filed. Where that line is
not in the ledger (another ledger, one put back from an older backup) the entry is not used, and the page is got whole.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "fetched.jsonl"
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')
_DAY = re.compile(r"[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT", re.ASCII)
_MOST_BYTES = 50_000_000
_MOST_ADDRESS = 4_000
_MOST_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of an address.

    Attributes:
        etag, last_modified: As the server gave them, or empty.
        documents: Ids of what was filed from it; none of a feed, whose pages have versions of their own.
    """

    etag: str
    last_modified: str
    documents: tuple[str, ...] = ()

    @property
    def headers(self) -> Mapping[str, str]:
        """What a request for a later version is sent with."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


def version(etag: str, last_modified: str) -> Version | None:
    """A version from what a server says; anything in it that is not as it should be is dropped.

    >>> version('"a1"', "yesterday")
    Version(etag='"a1"', last_modified='', documents=())
    """
    etag = etag if _ETAG.fullmatch(etag) else ""
    last_modified = last_modified if _DAY.fullmatch(last_modified) else ""
    return Version(etag, last_modified) if etag or last_modified else None


class Kept:
    """The file, as it was when first asked, and what was added since.

    Args:
        path: The file; made when there is something to keep.
        holds: Whether the ledger has this line with this hash.
    """

    def __init__(self, path: Path, holds: Callable[[int, str], bool]) -> None:
        self._path, self._holds = path, holds
        self._lines: dict[str, dict[str, object]] | None = None
        self._seen: dict[str, Version] = {}

    def of(self, address: str) -> Version | None:
        """The version of an address whose texts are in the ledger."""
        if self._lines is None:
            self._lines = self._read()
        line = self._lines.get(address)
        if line is None:
            return None
        number, digest, documents = line.get("line"), line.get("hash"), line.get("documents")
        etag, day = line.get("etag"), line.get("last_modified")
        if not (
            isinstance(number, int)
            and isinstance(digest, str)
            and isinstance(etag, str)
            and isinstance(day, str)
            and isinstance(documents, list)
            and all(isinstance(one, str) for one in documents)
        ):
            return None
        found = version(etag, day)
        if found is None or not self._holds(number, digest):
            return None
        return Version(found.etag, found.last_modified, tuple(documents))

    def saw(self, address: str, etag: str, last_modified: str) -> None:
        """Remember a version until what it holds is filed."""
        self._seen.pop(address, None)
        found = version(etag, last_modified)
        if found and len(address) <= _MOST_ADDRESS:
            self._seen[address] = found

    def waits(self, address: str) -> bool:
        """Whether a version was seen that is not kept yet."""
        return address in self._seen

    def settle(self, address: str, documents: Sequence[str], line: int, digest: str) -> None:
        """Keep the version seen last: everything behind it is filed.

        Raises:
            OSError: The file cannot be written.
        """
        seen = self._seen.pop(address, None)
        if seen is None or len(documents) > _MOST_DOCUMENTS:
            return
        entry = {
            "address": address,
            "etag": seen.etag,
            "last_modified": seen.last_modified,
            "documents": list(documents),
            "line": line,
            "hash": digest,
        }
        if self._lines is not None:
            self._lines[address] = entry
        # One write to the end of the file, so that lines of two processes do not mix. It begins with a line break: a
        # line that was cut short by a full disk or a kill then spoils only itself.
        text = "\n" + json.dumps(entry, ensure_ascii=True) + "\n"
        place = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(place, text.encode())
        finally:
            os.close(place)

    def _read(self) -> dict[str, dict[str, object]]:
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                return {}
            raw = self._path.read_bytes()
        except OSError:
            return {}
        found: dict[str, dict[str, object]] = {}
        for line in raw.split(b"\n"):
            try:
                entry = json.loads(line) if line else None
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict) and isinstance(entry.get("address"), str):
                found[entry["address"]] = entry
        return found
