"""Listens to connections of the standard library's client, for the archive."""

from __future__ import annotations

import http.client
import re
from typing import Any

from detente.sources.warc import Exchange

_NO_BODY = re.compile(rb"(?i)\AHTTP/1\.\d (?:204|304)\b|^content-length: *0 *\r?$", re.M)


class Wire:
    """What went over the connections that one address took, redirects included.

    Args:
        most: Bytes held of each answer.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.exchanges: list[Exchange] = []

    def tap(self, connection: http.client.HTTPConnection, url: str, *, direct: bool) -> None:
        """Listen to a connection that is about to be made, to the server itself (`direct`) or to a proxy."""
        exchange = Exchange(url, self._most)
        self.exchanges.append(exchange)
        send = connection.send

        def sending(data: Any) -> None:
            send(data)
            # How a proxy is asked for a tunnel is between us and the proxy.
            if isinstance(data, bytes) and not data.startswith(b"CONNECT "):
                exchange.request += data
                if direct and connection.sock is not None:
                    exchange.number = str(connection.sock.getpeername()[0])

        def response(*arguments: Any, **options: Any) -> http.client.HTTPResponse:
            made = http.client.HTTPResponse(*arguments, **options)
            exchange.response.clear()
            exchange.cut = "unspecified"  # until it was read to its end
            made.fp = _Ear(made.fp, exchange)  # type: ignore[assignment]
            return made

        connection.send = sending  # type: ignore[method-assign]
        connection.response_class = response  # type: ignore[assignment]

    def heard(self) -> list[Exchange]:
        """All of it, in order; a redirect or refusal that announces no more than its headers counts as whole."""
        for exchange in self.exchanges:
            head, _, body = bytes(exchange.response).partition(b"\r\n\r\n")
            no_body = _NO_BODY.search(head) is not None
            if exchange.cut == "unspecified" and not body and no_body:
                exchange.cut = ""
        return self.exchanges

    def ended(self, response: Any, out_of_time: bool) -> None:
        """Say of the last answer whether it was read to its end."""
        if not self.exchanges or self.exchanges[-1].cut == "length":
            return
        if out_of_time:
            self.exchanges[-1].cut = "time"
        elif not response.isclosed():
            self.exchanges[-1].cut = "length"
        else:
            self.exchanges[-1].cut = "disconnect" if response.length else ""


class _Ear:
    """A file that hands on what is read, and tells it to an exchange."""

    def __init__(self, file: Any, exchange: Exchange) -> None:
        self._file, self._exchange = file, exchange

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def _told(self, piece: bytes) -> bytes:
        self._exchange.hear(piece)
        return piece

    def read(self, *most: int) -> bytes:
        return self._told(self._file.read(*most))

    def read1(self, *most: int) -> bytes:
        return self._told(self._file.read1(*most))

    def readline(self, *most: int) -> bytes:
        return self._told(self._file.readline(*most))

    def readinto(self, buffer: Any) -> int:
        count = int(self._file.readinto(buffer))
        self._exchange.hear(bytes(memoryview(buffer)[:count]))
        return count
