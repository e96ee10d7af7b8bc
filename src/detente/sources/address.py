"""An http or https address is got, within limits of size, time and redirects."""

from __future__ import annotations

import email.utils
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from detente.errors import SourceError
from detente.sources.got import LIMITS, Limits

USER_AGENT = "Mozilla/5.0 (compatible; detente; reads single news pages on request)"
_PAGES = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate, identity",
}
_BY_HAND = "save the page and add the file"


class NoAnswer(SourceError):
    """A server did not send what was asked for.

    Attributes:
        status: What it answered, or 0 where it did not answer.
        passing: Whether asking again may help: a connection that broke, a server that is busy.
        retry_after: Seconds it asks to wait, where it does.
    """

    def __init__(self, message: str, *, status: int = 0, passing: bool = False, retry_after: float | None = None):
        super().__init__(message)
        self.status = status
        self.passing = passing
        self.retry_after = retry_after


class TooSlow(NoAnswer):
    """An answer was still coming when its time was up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent.

    Attributes:
        url: The address that answered, after redirects.
        body: The bytes, decompressed.
        content_type: The Content-Type header, or empty.
        cut: Why the body ends early, or empty. Only where `allow_cut` was given.
    """

    url: str
    body: bytes
    content_type: str
    cut: str = ""


def is_address(what: str) -> bool:
    """Whether this names something to be got by http or https.

    >>> is_address("https://example.org/a"), is_address("notes/a.txt")
    (True, False)
    """
    return what[:8].lower().startswith(("http://", "https://"))


def fetch(url: str, *, limits: Limits = LIMITS, allow_cut: bool = False, reached_from: str = "") -> Answer:
    """Get one address.

    Args:
        url: http or https. Characters outside ASCII are escaped.
        limits: Size, time and redirects.
        allow_cut: Return what came until the size or time limit (feeds) instead of refusing.
        reached_from: The address that led here. An address in a private network that another host led to is refused;
            one the user typed is not.

    Raises:
        SourceError: Wrong scheme, no answer, an error status, too many redirects, too large, too slow, private network.
    """
    with opened(url, limits=limits, reached_from=reached_from) as (response, watch):
        return _read(response, url, limits, watch, allow_cut)


@contextmanager
def opened(
    url: str,
    *,
    limits: Limits,
    reached_from: str = "",
    headers: Mapping[str, str] = _PAGES,
    by_hand: str = _BY_HAND,
    data: bytes | None = None,
    any_status: bool = False,
) -> Iterator[tuple[http.client.HTTPResponse, Watch]]:
    """Ask for one address and read the answer inside the `with`, as it comes.

    Args:
        url, reached_from: As for `fetch`.
        limits: Time and redirects; how much is read is for the reader to bound.
        headers: What is asked with.
        by_hand: What a person can do instead, for the messages.
        data: What is sent (POST) instead of only asking.
        any_status: Give answers of every status, none of them followed elsewhere: the caller looks.

    Returns:
        The answer, of a status from 200 to 299 where not `any_status`, and the watch that ends it when its time is up;
        an answer that ended because of the watch looks like any other end.

    Raises:
        SourceError: Wrong scheme, private network.
        NoAnswer: No answer, an error status, too many redirects, too slow, or the connection broke inside the `with`.
    """
    address = _ascii(url)
    asked = urllib.parse.urlsplit(reached_from or address).hostname or ""
    watch = Watch(limits.whole_seconds)
    direct = _is_private(urllib.parse.urlsplit(address).hostname or "")
    opener = urllib.request.OpenerDirector()
    following = (
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(limits.redirects, asked),
    )
    for handler in (
        # A proxy, where one is set, is for the world outside; a private address is reached directly.
        urllib.request.ProxyHandler({} if direct else None),
        urllib.request.UnknownHandler(),
        *(() if any_status else following),
        _Http(watch, asked),
        _Https(watch, asked),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(  # noqa: S310 - _ascii lets only http and https through
        address, data, headers=dict(headers)
    )
    _refuse_private(urllib.parse.urlsplit(address).hostname or "", asked, url)
    try:
        with watch, opener.open(request, timeout=limits.wait_seconds) as response:
            yield response, watch
    except SourceError:
        raise
    except urllib.error.HTTPError as problem:
        with problem:
            raise _refusal(url, problem, by_hand) from problem
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as problem:
        if watch.over:
            raise too_slow(url, limits, by_hand) from problem
        reason = getattr(problem, "reason", problem)
        raise NoAnswer(
            f"{url}: no usable answer ({reason}). Check the address and the connection.", passing=_passes(problem)
        ) from problem


def too_slow(url: str, limits: Limits, by_hand: str = _BY_HAND) -> TooSlow:
    """What to raise where the watch ended an answer."""
    return TooSlow(
        f"{url}: still sending after {limits.whole_seconds:g} seconds; stopped. {by_hand[0].upper()}{by_hand[1:]}."
    )


def _refusal(url: str, problem: urllib.error.HTTPError, by_hand: str) -> NoAnswer:
    code = problem.code
    if code in (301, 302, 303, 307, 308):
        reason = str(problem.reason).splitlines()[0] if problem.reason else "redirected without end"
        return NoAnswer(f"{url}: {reason}. Open it in a browser and add the address it ends at.", status=code)
    return NoAnswer(
        f"{url}: the server answered {code} {problem.reason}, expected 200. Check the address, or {by_hand}.",
        status=code,
        passing=code in (408, 425, 429) or 500 <= code < 600,
        retry_after=retry_after(problem.headers.get("Retry-After", "")),
    )


def retry_after(text: str) -> float | None:
    """Seconds until the moment a server names, as seconds or as a date."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _passes(problem: BaseException) -> bool:
    cause = getattr(problem, "reason", problem)
    if isinstance(cause, http.client.InvalidURL):
        return False
    if isinstance(cause, ssl.SSLError):  # a certificate, a version; but a connection may also break under TLS
        return isinstance(cause, ssl.SSLEOFError)
    return isinstance(problem, OSError | http.client.HTTPException)


def _ascii(url: str) -> str:
    try:
        parts = urllib.parse.urlsplit(url.strip())
    except ValueError as problem:
        raise SourceError(f"{url}: no address ({problem}). Write https://host/path.") from problem
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise SourceError(f"{url}: not an http or https address with a host. Write https://host/path.")
    try:
        host = parts.hostname.encode("idna").decode("ascii") if not parts.hostname.isascii() else parts.hostname
        port = f":{parts.port}" if parts.port else ""
    except (UnicodeError, ValueError) as problem:
        raise SourceError(f"{url}: the host is no host name ({problem}). Check the address.") from problem
    if ":" in host:
        host = f"[{host}]"
    path = urllib.parse.quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = urllib.parse.quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return urllib.parse.urlunsplit((parts.scheme.lower(), host + port, path or "/", query, ""))


def _addresses(host: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []


def _is_private(host: str) -> bool:
    return any(_private_ip(address) for address in _addresses(host))


def _private_ip(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address.split("%")[0]).is_global
    except ValueError:
        return False


def _refuse_private(host: str, asked: str, url: str) -> None:
    if host != asked and _is_private(host):
        raise SourceError(
            f"{url}: stands in a private network and was reached from {asked}; not followed. "
            "If you mean it, give this address yourself."
        )


class Watch:
    """Ends a connection when the whole time is up, however slowly bytes keep coming."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def hold(self, connected: socket.socket) -> None:
        self._socket = connected
        if self.over:
            self._stop()

    def _stop(self) -> None:
        self.over = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # already closed by the other side


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, most: int, asked: str) -> None:
        self.max_redirections = most  # type: ignore[misc]
        self.max_repeats = 2  # type: ignore[misc]
        self.inf_msg = f"sends us in a circle or through more than {most} redirects. "  # type: ignore[misc]
        self._asked = asked

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        _refuse_private(urllib.parse.urlsplit(newurl).hostname or "", self._asked, newurl)
        if not is_address(newurl):
            raise SourceError(f"{req.full_url}: redirects to {newurl}, which is not http or https; not followed.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _guard(connection: http.client.HTTPConnection, watch: Watch, asked: str, proxied: bool) -> None:
    """Check the address a host name resolved to at the moment of connecting, and let the watch end it."""

    def connect(address: tuple[str, int], timeout: Any = None, source: Any = None) -> socket.socket:
        made = socket.create_connection(address, timeout, source)
        peer = str(made.getpeername()[0])
        if not proxied and address[0] != asked and _private_ip(peer):
            made.close()
            raise SourceError(f"{address[0]}: resolves to {peer} in a private network, reached from {asked}; not read.")
        watch.hold(made)
        return made

    connection._create_connection = connect  # type: ignore[attr-defined]


class _Http(urllib.request.HTTPHandler):
    def __init__(self, watch: Watch, asked: str) -> None:
        super().__init__()
        self._watch, self._asked = watch, asked

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_connector(http.client.HTTPConnection, self._watch, self._asked, req), req)


@cache
def _tls() -> ssl.SSLContext:
    # Reading the system's certificates takes longer than getting a small file: once, and only where https is asked.
    return ssl.create_default_context()


class _Https(urllib.request.AbstractHTTPHandler):
    https_request = urllib.request.AbstractHTTPHandler.do_request_

    def __init__(self, watch: Watch, asked: str) -> None:
        super().__init__()
        self._watch, self._asked = watch, asked

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        connector = _connector(http.client.HTTPSConnection, self._watch, self._asked, req, context=_tls())
        return self.do_open(connector, req)


def _connector(
    kind: Callable[..., http.client.HTTPConnection],
    watch: Watch,
    asked: str,
    req: urllib.request.Request,
    **fixed: Any,
) -> Any:
    # A tunnel through a proxy (https) does not count as has_proxy().
    proxied = req.has_proxy() or bool(getattr(req, "_tunnel_host", None))

    def make(host: str, **options: Any) -> http.client.HTTPConnection:
        connection = kind(host, **fixed, **options)
        _guard(connection, watch, asked, proxied)
        return connection

    return make


def _read(response: Any, url: str, limits: Limits, watch: Watch, allow_cut: bool) -> Answer:
    most = limits.document_bytes
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > most and not allow_cut:
        raise SourceError(f"{url}: {int(length):,} bytes announced, at most {most:,} are read. Save the part you need.")
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    unpack = _unpacker(packing, url)
    body = bytearray()
    cut = ""
    deadline = time.monotonic() + watch.seconds
    while not cut:
        try:
            piece = response.read1(65536)
        except (OSError, http.client.HTTPException):
            if not (allow_cut and body):
                raise
            cut = f"stopped after {limits.whole_seconds:g} seconds" if watch.over else "the connection broke"
            break
        if not piece:
            left = getattr(response, "length", None) or 0
            if watch.over:
                cut = f"stopped after {limits.whole_seconds:g} seconds"
            elif left > 0:
                cut = f"the connection broke, {left:,} bytes missing"
            break
        body += unpack(piece, most + 1 - len(body)) if unpack else piece
        if len(body) > most:
            cut = f"cut at {most:,} bytes" + (f", unpacked from {packing}" if unpack else "")
        elif time.monotonic() > deadline:
            cut = f"stopped after {limits.whole_seconds:g} seconds"
    if cut and not allow_cut:
        raise SourceError(f"{url}: {cut}; nothing kept. Save the part you need and add the file.")
    content_type = response.headers.get("Content-Type", "") or ""
    return Answer(response.geturl(), bytes(body[:most]), content_type, cut)


def _unpacker(packing: str, url: str) -> Callable[[bytes, int], bytes] | None:
    if packing in ("", "identity"):
        return None
    if packing in ("gzip", "x-gzip"):
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    elif packing == "deflate":
        inflate = zlib.decompressobj()
    else:
        raise SourceError(f"{url}: packed as {packing}, which is not read. Save the page and add the file.")

    def unpack(piece: bytes, room: int) -> bytes:
        # max_length keeps a small answer from unpacking into gigabytes; one byte over the limit ends the reading.
        return inflate.decompress(inflate.unconsumed_tail + piece, max(1, room))

    return unpack
