"""A small web server on this machine that plays GDELT's, well or badly; files, lists and faults are set by the test."""

from __future__ import annotations

import hashlib
import io
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def zipped(name: str, *rows: str) -> bytes:
    """An archive as GDELT packs it: one table, named after the archive. The same rows give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name.removesuffix(".zip"), (2025, 2, 18, 12, 0, 0)), "\n".join(rows) + "\n")
    return out.getvalue()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@dataclass
class Asked:
    path: str
    range: str
    if_range: str


@dataclass
class Gdelt:
    """What the server has and how it behaves.

    Attributes:
        files: Content by path.
        faults: Called in the place of sending, the first of the list for the first request of that path; None sends
            the file. When they are used up, the file is sent.
        ranges: Whether it honours Range.
        asked: Requests in their order.
    """

    base: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Callable[[Handler], None] | None]] = field(default_factory=dict)
    ranges: bool = True
    etag: str = ""
    asked: list[Asked] = field(default_factory=list)

    def line(self, path: str, content: bytes | None = None) -> str:
        """A line of GDELT 2.0's lists; `content` where the list is to say something else."""
        content = self.files[path] if content is None else content
        return f"{len(content)} {md5(content)} {self.base}{path}"

    def set_list(self, path: str, *lines: str) -> str:
        """Write a list; returns its address."""
        self.files[path] = ("\n".join(lines) + "\n").encode()
        return self.base + path

    def times(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)


class Handler(BaseHTTPRequestHandler):
    gdelt: Gdelt

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        gdelt = self.gdelt
        gdelt.asked.append(Asked(self.path, self.headers.get("Range", ""), self.headers.get("If-Range", "")))
        waiting = gdelt.faults.get(self.path)
        fault = waiting.pop(0) if waiting else None
        try:
            if fault:
                fault(self)
            else:
                self.send_file()
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            self.close_connection = True

    def send_file(self) -> None:
        content = self.gdelt.files.get(self.path)
        if content is None:
            self.send_error(404, "Not here")
            return
        start = 0
        asked = self.headers.get("Range", "")
        fits = self.headers.get("If-Range", self.gdelt.etag) == self.gdelt.etag
        if asked and self.gdelt.ranges and fits:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                self.send_error(416, "Range Not Satisfiable")
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        if self.gdelt.etag:
            self.send_header("ETag", self.gdelt.etag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:])

    def reset(self) -> None:
        # Lingering for no time turns the close into a reset.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    """Answer with an error status."""

    def fault(handler: Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return fault


def redirect(where: str) -> Callable[[Handler], None]:
    return status(302, Location=where)


def cut(after: int) -> Callable[[Handler], None]:
    """Announce the whole file and break off."""

    def fault(handler: Handler) -> None:
        content = handler.gdelt.files[handler.path]
        handler.send_response(200)
        if handler.gdelt.etag:
            handler.send_header("ETag", handler.gdelt.etag)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:after])

    return fault


def endless(handler: Handler) -> None:
    """Send the file and never stop."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(handler.gdelt.files[handler.path])
    while True:
        handler.wfile.write(b"\0" * 65536)


def slow(after: int = 0) -> Callable[[Handler], None]:
    """Send a part at once and the rest one byte at a time."""

    def fault(handler: Handler) -> None:
        content = handler.gdelt.files[handler.path]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:after])
        for byte in content[after:]:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)

    return fault


@contextmanager
def serving() -> Iterator[Gdelt]:
    """A server on a free port of this machine."""
    gdelt = Gdelt()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Played", (Handler,), {"gdelt": gdelt}))
    server.daemon_threads = True
    server.block_on_close = False
    gdelt.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield gdelt
    finally:
        server.shutdown()
        server.server_close()
