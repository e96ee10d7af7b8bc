"""What a hostile server, feed or name can do to us: at most waste the time it is given."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hostile_server import PUBLIC, Hostile, answer, hostile_server, html, names

from detente.errors import SourceError
from detente.sources import Limits, address, networks
from detente.sources.address import fetch

QUICK = Limits(document_bytes=200_000, wait_seconds=2, whole_seconds=0.6, redirects=4)
FEED = "https://news.example/feed"


@pytest.fixture
def site() -> Iterator[Hostile]:
    with hostile_server() as site:
        site.answers["/page"] = html()
        yield site


@pytest.fixture(autouse=True)
def _no_names_from_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "_given_from_inside", {})


INSIDE = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0",
    "0.0.0.0",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fec0::1]",
    "[fd00::1]",
    "[ff02::1]",
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "①②⑦.0.0.1",
    "127。0。0。1",
]


@pytest.mark.parametrize("host", INSIDE)
def test_no_link_of_a_feed_reaches_a_private_network_however_it_is_written(host, site, monkeypatch):
    def connect(made: socket.socket, place: object) -> None:
        pytest.fail(f"connected to {place}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(SourceError):
        fetch(f"http://{host}:{site.port}/page", limits=QUICK, reached_from=FEED)


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"])
def test_public_numbers_are_public(host):
    assert not networks.is_inside(host)


def test_an_address_that_a_person_gives_may_be_private(site):
    assert b"delegations" in fetch(f"{site.base}/page", limits=QUICK).body


@pytest.mark.parametrize(
    "where", ["http://localhost:{port}/page", "http://[::ffff:127.0.0.1]:{port}/page", "//0:{port}/"]
)
def test_no_redirect_reaches_a_private_network(site, monkeypatch, where):
    names(monkeypatch, {"news.example": [PUBLIC]}, site.port)
    site.answers["/moved"] = answer(b"", f"Location: {where.format(port=site.port)}", status="302 Found")
    with pytest.raises(SourceError, match="private network"):
        fetch("http://news.example/moved", limits=QUICK)
    assert site.paths() == ["/moved"]


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1:6379/_x", "data:,x"])
def test_a_redirect_to_another_scheme_is_refused(site, where):
    site.answers["/moved"] = answer(b"", f"Location: {where}", status="302 Found")
    with pytest.raises(SourceError, match=r"not allowed|not http or https"):
        fetch(f"{site.base}/moved", limits=QUICK)


def test_a_name_that_turns_from_public_to_private_is_not_followed_by_a_redirect(site, monkeypatch):
    names(monkeypatch, {"turns.example": [PUBLIC, "127.0.0.1"]}, site.port)
    site.answers["/moved"] = answer(b"", "Location: /page", status="302 Found")
    with pytest.raises(SourceError, match="answers from a private network now"):
        fetch(f"http://turns.example:{site.port}/moved", limits=QUICK)
    assert site.paths() == ["/moved"]


def test_a_name_that_turns_from_public_to_private_is_not_followed_from_its_feed(site, monkeypatch):
    names(monkeypatch, {"turns.example": [PUBLIC, "127.0.0.1"]}, site.port)
    feed = f"http://turns.example:{site.port}/page"
    fetch(feed, limits=QUICK)
    with pytest.raises(SourceError, match="answers from a private network now"):
        fetch(feed + "?2", limits=QUICK, reached_from=feed)
    assert site.paths() == ["/page"]


def test_a_name_is_resolved_once_and_what_was_checked_is_what_is_asked(site, monkeypatch):
    given = names(monkeypatch, {"turns.example": [PUBLIC, "127.0.0.1"]}, site.port)
    fetch("http://turns.example/page", limits=QUICK, reached_from=FEED)
    assert given == [("turns.example", PUBLIC)]


def test_a_name_with_a_public_and_a_private_number_counts_as_private(site, monkeypatch):
    both = [(socket.AF_INET, (PUBLIC, 80)), (socket.AF_INET, ("127.0.0.1", site.port))]
    monkeypatch.setattr(networks, "resolve", lambda *_: both)
    with pytest.raises(SourceError, match="private network"):
        fetch("http://both.example/page", limits=QUICK, reached_from=FEED)


def test_a_private_feed_leads_to_its_own_host_and_to_no_other_port_of_it(site):
    feed = f"{site.base}/page"
    fetch(feed, limits=QUICK)
    assert fetch(feed, limits=QUICK, reached_from=feed).body
    with hostile_server() as other, pytest.raises(SourceError, match="private network"):
        fetch(f"{other.base}/page", limits=QUICK, reached_from=feed)


@pytest.mark.parametrize(
    "url",
    [
        "http://me:secret@127.0.0.1/",
        "http://me:secret@news.example:80@127.0.0.1/",
        "http://me:secret@127.0.0.1\\@news.example/",
        "http://secret@127.0.0.1/",
    ],
)
def test_users_and_passwords_are_refused_and_not_repeated(url):
    with pytest.raises(SourceError) as refused:
        fetch(url, limits=QUICK)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "path",
    ["/page\r\nX-Injected: 1", "/page%0d%0aX-Injected: 1", "/page?a\nX-Injected: 1", "/page HTTP/1.1\r\n\r\nGET /"],
)
def test_an_address_cannot_add_a_header_or_a_request(site, path):
    with suppress(SourceError):
        fetch(f"{site.base}{path}", limits=QUICK)
    for asked in site.asked:
        assert b"\nX-Injected" not in asked
        assert asked.count(b"GET ") == 1


def _for_ever(beginning: bytes, piece: bytes, seconds: float = 0.0):
    def send(made: socket.socket) -> None:
        made.sendall(beginning)
        made.settimeout(seconds or 5)
        while True:
            made.sendall(piece)
            if seconds:
                try:
                    if not made.recv(1):
                        return
                except TimeoutError:
                    continue

    return send


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ENDLESS = {
    "body": (HEAD + b"\r\n", b"a" * 65536, 0.0),
    "dripping body": (HEAD + b"\r\n", b"a", 0.05),
    "dripping header": (HEAD + b"X: ", b"a", 0.05),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 100, 0.01),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", 0.01),
    "header lines": (HEAD, b"X: y\r\n" * 1000, 0.0),
    "long header": (HEAD + b"X: ", b"a" * 65536, 0.0),
    "empty members": (HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 500, 0.0),
    "redirect": (b"HTTP/1.1 302 Found\r\nLocation: /stuck\r\n\r\n", b"a" * 65536, 0.0),
    "error": (b"HTTP/1.1 500 No\r\n\r\n", b"a" * 65536, 0.0),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_an_answer_without_end_is_given_up(site, what):
    site.answers["/stuck"] = _for_ever(*ENDLESS[what])
    with pytest.raises(SourceError):
        fetch(f"{site.base}/stuck", limits=QUICK)


def test_what_comes_with_a_redirect_is_not_read(site):
    sent: list[int] = []

    def send(made: socket.socket) -> None:
        made.sendall(b"HTTP/1.1 302 Found\r\nLocation: /page\r\n\r\n")
        for _ in range(1000):
            made.sendall(b"a" * 65536)
            sent.append(65536)

    site.answers["/moved"] = send
    assert b"delegations" in fetch(f"{site.base}/moved", limits=QUICK).body
    assert sum(sent) < 32_000_000  # what the kernel's buffers took; the server had 65 MB


def test_time_is_up_over_https_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("needs openssl to make a certificate")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    monkeypatch.setattr(address, "_tls", lambda: ssl.create_default_context(cafile=str(certificate)))
    with hostile_server(server) as site:
        site.answers["/page"] = html()
        assert b"delegations" in fetch(f"https://127.0.0.1:{site.port}/page", limits=QUICK).body
        # A header has no size to be cut at: only the watch ends it.
        site.answers["/stuck"] = _for_ever(HEAD + b"X: ", b"a", 0.05)
        with pytest.raises(SourceError, match=r"after 0\.6 seconds"):
            fetch(f"https://127.0.0.1:{site.port}/stuck", limits=QUICK)


PACKED = {
    "gzip": ("gzip", gzip.compress(b"<p>Talks." * 9)),
    "two members": ("gzip", gzip.compress(b"<p>Talks." * 4) + gzip.compress(b"<p>Talks." * 5)),
    "padded": ("x-gzip", gzip.compress(b"<p>Talks." * 9) + b"\0" * 100),
    "deflate": ("deflate", zlib.compress(b"<p>Talks." * 9)),
    "deflate without its header": ("deflate", zlib.compress(b"<p>Talks." * 9)[2:-4]),
}


@pytest.mark.parametrize("what", PACKED)
def test_packed_answers_are_unpacked_whole(site, what):
    packing, body = PACKED[what]
    site.answers["/packed"] = answer(body, "Content-Type: text/html", f"Content-Encoding: {packing}")
    assert fetch(f"{site.base}/packed", limits=QUICK).body == b"<p>Talks." * 9


BOMBS = {
    "gzip": ("gzip", gzip.compress(b"0" * 30_000_000), "unpacks to more than 200 times"),
    "deflate": ("deflate", zlib.compress(b"0" * 30_000_000), "unpacks to more than 200 times"),
    "members": ("gzip", gzip.compress(b"") * 2_000, "more than 1,000 gzip members"),
    "br": ("br", b"\x1b\xff\xff\xff", "packed as br"),
    "twice": ("gzip, gzip", gzip.compress(gzip.compress(b"0")), "packed as gzip, gzip"),
    "cut": ("gzip", gzip.compress(b"<p>Talks." * 9)[:-9], "data end early"),
    "no gzip": ("gzip", b"<p>Talks.", "no usable answer"),
}


@pytest.mark.parametrize("what", BOMBS)
def test_packed_answers_that_blow_up_or_break_are_refused(site, what):
    packing, body, said = BOMBS[what]
    site.answers["/packed"] = answer(body, "Content-Type: text/html", f"Content-Encoding: {packing}")
    with pytest.raises(SourceError, match=said):
        fetch(f"{site.base}/packed", limits=Limits(whole_seconds=20))


@pytest.mark.parametrize(
    ("length", "taken"),
    [("5", True), ("9", True), ("99", False), ("-1", True), ("²", False), ("9" * 5000, False), ("0x9", True)],
)
def test_a_length_that_lies_costs_nothing(site, length, taken):
    site.answers["/lies"] = answer(b"<p>Talks.", "Content-Type: text/html", f"Content-Length: {length}")
    if taken:
        assert b"<p>Talks.".startswith(fetch(f"{site.base}/lies", limits=QUICK).body)
    else:
        with pytest.raises(SourceError):
            fetch(f"{site.base}/lies", limits=QUICK)
