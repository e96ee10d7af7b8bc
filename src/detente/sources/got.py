"""What a reader hands on: one text or page, with how, where and when it was got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from detente.terms import Issue

Kind = Literal["html", "text", "jsonl"]
"""`html`: a page whose main text is still to be found; `text`: a text file; `jsonl`: a line, its text kept as it is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read, waited for and followed before a source is refused or cut.

    Attributes:
        document_bytes: Largest file, page, feed or JSONL line.
        wait_seconds: Longest silence of a server.
        whole_seconds: Longest time for one address, however slowly it keeps sending.
        redirects: How often an address may send us elsewhere.
        entries: How many entries of one feed are followed.
        unpacked_ratio: How many times its size a packed answer may unpack to, beyond its first million bytes.
    """

    document_bytes: int = 20_000_000
    wait_seconds: float = 15.0
    whole_seconds: float = 60.0
    redirects: int = 5
    entries: int = 500
    unpacked_ratio: int = 200


LIMITS = Limits()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Got:
    """One text or page as it was got, before anything is made of it.

    Attributes:
        record: Where it is, for messages: path, `path:line`, or address.
        raw: The bytes as they came; for a JSONL line, that line.
        kind: What `text` holds.
        text: The decoded page (`html`), the decoded file with line breaks as `\\n` (`text`), the `text` field,
            untouched (`jsonl`).
        published, published_basis: What the giver says: `given` (a field), `feed`, `file` (the file's name).
        language, id, title, url: As given, or empty.
        source: Outlet as given, the feed's title, or empty.
        encoding: What the bytes were read as.
        got_by: Reader and, for a feed's entry, the feed.
    """

    record: str
    raw: bytes
    kind: Kind
    text: str
    fetched: datetime
    got_by: str
    url: str = ""
    title: str = ""
    published: date | None = None
    published_basis: str = "none"
    language: str = ""
    id: str = ""
    source: str = ""
    licence: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An address whose server says that nothing has changed since an earlier run filed what is there.

    Attributes:
        record: The address.
        documents: Ids of what was filed from it; none of a feed.
    """

    record: str
    documents: tuple[str, ...] = ()


Item = Got | Issue | Unchanged
"""What a reader yields; Unchanged only where versions are kept."""
