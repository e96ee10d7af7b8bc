"""Packed answers are unpacked piece by piece, never further than there is room."""

from __future__ import annotations

import zlib

from detente.errors import SourceError

_GZIP = b"\x1f\x8b"
_MEMBERS = 1_000
"""Gzip data may be several members on end. A stream of empty ones costs time for nothing."""


class Unpacker:
    """Unpacks gzip (all its members) or deflate (with the zlib header or, as some servers send it, without)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inflate: zlib._Decompress | None = None
        self._held = b""
        self._members = 0
        self._ended = False

    @classmethod
    def of(cls, packing: str, url: str) -> Unpacker | None:
        """For a Content-Encoding; None where nothing is packed.

        Raises:
            SourceError: Packed in a way that was not asked for (`br`, `zstd`, one inside the other).
        """
        if packing in ("", "identity"):
            return None
        if packing not in ("gzip", "x-gzip", "deflate"):
            raise SourceError(f"{url}: packed as {packing}, which is not read. Save the page and add the file.")
        return cls(gzip=packing != "deflate")

    @property
    def whole(self) -> bool:
        """Whether the data could end here."""
        return self._inflate is None or self._inflate.eof

    def __call__(self, piece: bytes, room: int) -> bytes:
        """Unpack at most `room` bytes, which is 1 or more; what does not fit is lost.

        Raises:
            zlib.error: It is not what it says.
        """
        rest, self._held = self._held + piece, b""
        out = bytearray()
        while rest and len(out) < room and not self._ended:
            if self._inflate is None or self._inflate.eof:
                if self._members and not self._another(rest):
                    break
                self._inflate = self._begin(rest)
            out += self._inflate.decompress(rest, room - len(out))
            rest = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        return bytes(out)

    def _another(self, rest: bytes) -> bool:
        if self._gzip and len(rest) < len(_GZIP) and _GZIP.startswith(rest):
            self._held = rest
            return False
        # What follows a whole stream and is no member is padding, which browsers pass over as well.
        self._ended = not (self._gzip and rest.startswith(_GZIP))
        return not self._ended

    def _begin(self, rest: bytes) -> zlib._Decompress:
        self._members += 1
        if self._members > _MEMBERS:
            raise zlib.error(f"more than {_MEMBERS:,} gzip members")
        if self._gzip:
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        has_header = rest[0] & 0x0F == 8 and rest[0] >> 4 <= 7
        return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
