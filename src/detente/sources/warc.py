"""What was asked of servers and what they answered, byte for byte, in an archive of web pages.

Every request and every answer is a record and a gzip member of its own, so that a tool finds a record without
unpacking those before it, and an archive that was cut off is whole up to its last member.

Source:
    ISO 28500:2017, The WARC Format 1.1.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import platform
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from detente.errors import SourceError


@dataclass(slots=True)
class Exchange:
    """One request with its answer.

    Attributes:
        url: What was asked for.
        most: Bytes of the answer that are held.
        number: Numeric address that was connected to, or empty (through a proxy).
        request, response: As they went over the wire; chunks and packing are left as they came.
        cut: Why the answer ends early: `length`, `time`, `disconnect`, or empty.
        began: When it was asked, UTC.
    """

    url: str
    most: int
    number: str = ""
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)
    cut: str = ""
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def hear(self, piece: bytes) -> None:
        """Take a piece of the answer."""
        room = self.most - len(self.response)
        if len(piece) > room:
            self.cut = "length"
        self.response += piece[: max(0, room)]


class Archive:
    """A WARC 1.1 file that is being written.

    Args:
        path: A new file; `.warc.gz` is the usual ending.

    Raises:
        SourceError: There is a file already, or none can be made.
    """

    def __init__(self, path: Path, *, software: str) -> None:
        self.path = path
        try:
            self._file = path.open("xb", buffering=0)
        except FileExistsError:
            raise SourceError(
                f"{path}: there is a file already, and an archive is never changed. Give another name."
            ) from None
        except OSError as problem:
            raise SourceError(f"{path}: {problem.strerror or problem}. Choose another place for the archive.") from None
        about = (
            f"software: {software}\r\nformat: WARC File Format 1.1\r\n"
            "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
            f"operator-runtime: Python {platform.python_version()}\r\n"
        ).encode()
        self._add(
            _record("warcinfo", datetime.now(UTC), "application/warc-fields", about, ("WARC-Filename", path.name))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, exchange: Exchange) -> None:
        """Add a request and its answer; both are written, or neither.

        Raises:
            SourceError: The disk is full.
        """
        if not exchange.request:
            return
        place = [("WARC-Target-URI", exchange.url)]
        if exchange.number:
            place.append(("WARC-IP-Address", exchange.number))
        answer = _id()
        records = b""
        if exchange.response:
            cut = [("WARC-Truncated", exchange.cut)] if exchange.cut else []
            kind = "application/http;msgtype=response"
            body = bytes(exchange.response)
            records = _record("response", exchange.began, kind, body, *place, *cut, identity=answer)
            place.append(("WARC-Concurrent-To", answer))
        kind = "application/http;msgtype=request"
        self._add(records + _record("request", exchange.began, kind, bytes(exchange.request), *place))

    def _add(self, records: bytes) -> None:
        end = self._file.seek(0, os.SEEK_END)
        try:
            left = memoryview(records)
            while left:
                left = left[self._file.write(left) :]
        except OSError as problem:
            with suppress(OSError):
                self._file.truncate(end)
            raise SourceError(f"{self.path}: {problem.strerror or problem}; not archived. Free space.") from problem


def _id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _record(
    kind: str, moment: datetime, content: str, block: bytes, *fields: tuple[str, str], identity: str = ""
) -> bytes:
    lines = (
        ("WARC-Type", kind),
        ("WARC-Record-ID", identity or _id()),
        ("WARC-Date", moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
        *fields,
        ("WARC-Block-Digest", f"sha256:{hashlib.sha256(block).hexdigest()}"),
        ("Content-Type", content),
        ("Content-Length", str(len(block))),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return gzip.compress(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n", mtime=0)
