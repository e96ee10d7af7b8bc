"""A small web server on this machine that behaves well or badly, for the tests of `sources`."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PARAGRAPH = (
    "<p>The delegations left Istanbul on Friday after agreeing to meet again before the summer, officials said.</p>"
)
PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Talks end</title>"
    "<meta property='article:published_time' content='2025-04-11'></head><body><article><h1>Talks end</h1>"
    f"{PARAGRAPH * 3}</article></body></html>"
)
ENTRY = (
    "<item><title>Entry {n}</title><link>{base}/page?n={n}</link><pubDate>Fri, 11 Apr 2025 08:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;The delegations of entry {n} met in Istanbul on Friday.&lt;/p&gt;</description></item>"
)


class Site(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def send(self, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        try:
            getattr(self, "get_" + path.strip("/").replace(".", "_").replace("-", "_"), self.get_missing)()
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            self.close_connection = True

    def get_missing(self) -> None:
        self.send_error(404, "Not here")

    def get_page(self) -> None:
        self.send(PAGE.encode())

    def get_moved(self) -> None:
        self.redirect("/page")

    def get_loop(self) -> None:
        self.redirect("/loop")

    def get_long_way(self) -> None:
        self.redirect(f"/long-way?n={time.monotonic_ns()}")

    def get_inward(self) -> None:
        self.redirect(f"http://localhost:{self.server.server_address[1]}/page")

    def get_to_file(self) -> None:
        self.redirect("file:///etc/hostname")

    def get_packed(self) -> None:
        self.send(gzip.compress(PAGE.encode()), Content_Encoding="gzip")

    def get_bomb(self) -> None:
        self.send(gzip.compress(b"<p>" + b"0" * 50_000_000), Content_Encoding="gzip")

    def get_announced(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "200000000")
        self.end_headers()

    def get_broken_off(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def get_pdf(self) -> None:
        self.send(b"%PDF-1.7 ...", "application/pdf")

    def get_cyrillic(self) -> None:
        self.send("<html><body><p>Переговоры</p></body></html>".encode("koi8-r"), "text/html; charset=koi8-r")

    def get_feed(self) -> None:
        items = "".join(ENTRY.format(n=n, base=self.base) for n in (1, 2))
        gone = "<item><title>Gone</title><link>{}/gone</link><description>Only this line is left.</description></item>"
        self.send(
            f"<rss version='2.0'><channel><title>Wire</title>{items}{gone.format(self.base)}</channel></rss>".encode(),
            "application/rss+xml",
        )

    def get_endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(b"<rss version='2.0'><channel><title>Endless</title>")
        n = 0
        while True:
            n += 1
            self.wfile.write(ENTRY.format(n=n, base=self.base).encode())
            self.wfile.flush()
            time.sleep(0.05)

    def get_flood(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(b"<rss version='2.0'><channel><title>Flood</title>")
        while True:
            self.wfile.write(ENTRY.format(n=1, base=self.base).encode() * 50)

    def get_slow_head(self) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000:
            self.wfile.write(bytes([letter]))
            self.wfile.flush()
            time.sleep(0.05)


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """Address of the server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
