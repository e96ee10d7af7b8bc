"""An http or https address is got, within limits of size, time and redirects."""

from __future__ import annotations

import email.utils
import http.client
import io
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from detente.errors import SourceError
from detente.sources import networks
from detente.sources.got import LIMITS, Limits
from detente.sources.networks import Reach
from detente.sources.unpacking import Unpacker
from detente.sources.warc import Archive
from detente.sources.wire import Wire

USER_AGENT = "Mozilla/5.0 (compatible; detente; reads single news pages on request)"
_PAGES = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate, identity",
}
_BY_HAND = "save the page and add the file"
_HEADERS = 1_000_000
"""Bytes of headers, chunk sizes and the like that an archive takes beside the largest document."""
_SMALL = 1_000_000
"""Bytes that may be unpacked from however few: a page of blanks packs well and harms nobody."""


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
        etag, last_modified: Headers by which a later request can ask whether anything changed, or empty.
        unchanged: Where nothing has since an earlier run, the ids of what was filed then; None otherwise.
    """

    url: str
    body: bytes
    content_type: str
    cut: str = ""
    etag: str = ""
    last_modified: str = ""
    unchanged: tuple[str, ...] | None = None


def is_address(what: str) -> bool:
    """Whether this names something to be got by http or https.

    >>> is_address("https://example.org/a"), is_address("notes/a.txt")
    (True, False)
    """
    return what[:8].lower().startswith(("http://", "https://"))


def fetch(
    url: str,
    *,
    limits: Limits = LIMITS,
    allow_cut: bool = False,
    reached_from: str = "",
    headers: Mapping[str, str] | None = None,
    archive: Archive | None = None,
) -> Answer:
    """Get one address.

    Args:
        url: http or https. Characters outside ASCII are escaped.
        limits: Size, time and redirects.
        allow_cut: Return what came until the size or time limit (feeds) instead of refusing.
        reached_from: The address that led here. An address in a private network that another host led to is refused;
            one the user typed is not.
        headers: Sent beside the usual ones.
        archive: Where what is asked and answered is written.

    Raises:
        SourceError: Wrong scheme, no answer, an error status, too many redirects, too large, too slow, private network.
    """
    asked = {**_PAGES, **(headers or {})}
    with opened(url, limits=limits, reached_from=reached_from, headers=asked, archive=archive) as (response, watch):
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
    archive: Archive | None = None,
) -> Iterator[tuple[http.client.HTTPResponse, Watch]]:
    """Ask for one address and read the answer inside the `with`, as it comes.

    Args:
        url, reached_from: As for `fetch`.
        limits: Time and redirects; how much is read is for the reader to bound.
        headers: What is asked with.
        by_hand: What a person can do instead, for the messages.
        data: What is sent (POST) instead of only asking.
        any_status: Give answers of every status, none of them followed elsewhere: the caller looks.
        archive: Where what is asked and answered is written, redirects and refusals too.

    Returns:
        The answer, of a status from 200 to 299 where not `any_status`, and the watch that ends it when its time is up;
        an answer that ended because of the watch looks like any other end.

    Raises:
        SourceError: Wrong scheme, private network.
        NoAnswer: No answer, an error status, too many redirects, too slow, or the connection broke inside the `with`.
    """
    address = _ascii(url)
    reach = Reach.of(*place_of(reached_from or address)[1:], led=bool(reached_from))
    watch = Watch(limits.whole_seconds)
    direct = bool(urllib.request.getproxies()) and networks.stands_inside(*place_of(address)[1:])
    opener = urllib.request.OpenerDirector()
    wire = Wire(limits.document_bytes + _HEADERS) if archive else None
    following = (
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(limits.redirects),
    )
    for handler in (
        # A proxy, where one is set, is for the world outside; a private address is reached directly.
        urllib.request.ProxyHandler({} if direct else None),
        urllib.request.UnknownHandler(),
        *(() if any_status else following),
        _Http(watch, reach, wire),
        _Https(watch, reach, wire),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(  # noqa: S310 - _ascii lets only http and https through
        address, data, headers=dict(headers)
    )
    try:
        with watch, opener.open(request, timeout=limits.wait_seconds) as response:
            try:
                yield response, watch
            finally:
                if wire:
                    wire.ended(response, watch.over)
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
    finally:
        if archive and wire:
            for exchange in wire.heard():
                archive.keep(exchange)


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
    if parts.username is not None:
        raise SourceError(
            f"{without_password(url)}: names a user or a password, which are neither sent nor kept. "
            "Leave them out, or save the page and add the file."
        )
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


def without_password(url: str) -> str:
    """An address without the user and password before its host, so that it can be written down.

    >>> without_password("https://me:secret@example.org/a?b=c@d")
    'https://…@example.org/a?b=c@d'
    """
    scheme, mark, rest = url.partition("://")
    host = re.split(r"[/?#\\\\]", rest, maxsplit=1)[0]
    return f"{scheme}{mark}…@{rest[host.rindex('@') + 1 :]}" if mark and "@" in host else url


def place_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address; all empty where it is none (a feed on disk)."""
    try:
        parts = urllib.parse.urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return "", "", 0
        return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", "", 0


class Watch:
    """Ends a connection when the whole time is up, however slowly bytes keep coming."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self.ends = time.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._let_go()

    def hold(self, connected: socket.socket) -> None:
        # A handle of our own: TLS takes the socket's handle away, and a redirect closes it.
        self._let_go()
        with self._lock:
            self._socket = connected.dup()
        if self.over:
            self._stop()

    def _let_go(self) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            self._socket = None

    def _stop(self) -> None:
        self.over = True
        with self._lock:
            if self._socket is not None:
                with suppress(OSError):  # already closed by the other side
                    self._socket.shutdown(socket.SHUT_RDWR)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, most: int) -> None:
        self.max_redirections = most  # type: ignore[misc]
        self.max_repeats = 2  # type: ignore[misc]
        self.inf_msg = f"sends us in a circle or through more than {most} redirects. "  # type: ignore[misc]

    def http_error_302(self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any) -> Any:
        # The standard library would read what comes with a redirect, to its end and into memory.
        fp.close()
        return super().http_error_302(req, io.BytesIO(), code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if not is_address(newurl):
            raise SourceError(f"{req.full_url}: redirects to {newurl}, which is not http or https; not followed.")
        return super().redirect_request(req, fp, code, msg, headers, _ascii(newurl))


def _guard(connection: http.client.HTTPConnection, watch: Watch, reach: Reach, url: str) -> None:
    """Resolve a host's name once, check what it stands for, connect to that, and let the watch end it."""

    def connect(address: tuple[str, int], timeout: float, source: Any = None) -> socket.socket:  # noqa: ARG001
        found = networks.resolve(*address)
        reach.check(url, *address, [place[0] for _, place in found])
        problem: OSError = TimeoutError("timed out")
        for family, place in found:
            left = watch.ends - time.monotonic()
            if left <= 0:
                break
            made = socket.socket(family, socket.SOCK_STREAM)
            made.settimeout(min(timeout, left))
            try:
                made.connect(place)
            except OSError as failed:
                made.close()
                problem = failed
                continue
            made.settimeout(timeout)
            watch.hold(made)
            return made
        raise problem

    connection._create_connection = connect  # type: ignore[attr-defined]


def _guard_proxied(connection: http.client.HTTPConnection, watch: Watch) -> None:
    def connect(address: tuple[str, int], timeout: Any = None, source: Any = None) -> socket.socket:
        made = socket.create_connection(address, timeout, source)
        watch.hold(made)
        return made

    connection._create_connection = connect  # type: ignore[attr-defined]


class _Http(urllib.request.HTTPHandler):
    def __init__(self, watch: Watch, reach: Reach, wire: Wire | None) -> None:
        super().__init__()
        self._watch, self._reach, self._wire = watch, reach, wire

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_connector(http.client.HTTPConnection, self._watch, self._reach, self._wire, req), req)


@cache
def _tls() -> ssl.SSLContext:
    # Reading the system's certificates takes longer than getting a small file: once, and only where https is asked.
    return ssl.create_default_context()


class _Https(urllib.request.AbstractHTTPHandler):
    https_request = urllib.request.AbstractHTTPHandler.do_request_

    def __init__(self, watch: Watch, reach: Reach, wire: Wire | None) -> None:
        super().__init__()
        self._watch, self._reach, self._wire = watch, reach, wire

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        connector = _connector(http.client.HTTPSConnection, self._watch, self._reach, self._wire, req, context=_tls())
        return self.do_open(connector, req)


def _connector(
    kind: Callable[..., http.client.HTTPConnection],
    watch: Watch,
    reach: Reach,
    wire: Wire | None,
    req: urllib.request.Request,
    **fixed: Any,
) -> Any:
    # A tunnel through a proxy (https) does not count as has_proxy().
    proxied = req.has_proxy() or bool(getattr(req, "_tunnel_host", None))
    if proxied:
        # The proxy resolves the name: all that can be checked is what it stands for here.
        _, host, port = place_of(req.full_url)
        with suppress(OSError):
            reach.check(req.full_url, host, port, [place[0] for _, place in networks.resolve(host, port)])

    def make(host: str, **options: Any) -> http.client.HTTPConnection:
        connection = kind(host, **fixed, **options)
        if proxied:
            _guard_proxied(connection, watch)
        else:
            _guard(connection, watch, reach, req.full_url)
        if wire:
            wire.tap(connection, req.full_url, direct=not proxied)
        return connection

    return make


def _read(response: Any, url: str, limits: Limits, watch: Watch, allow_cut: bool) -> Answer:
    most = limits.document_bytes
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > most and not allow_cut:
        raise SourceError(f"{url}: {int(length):,} bytes announced, at most {most:,} are read. Save the part you need.")
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    unpack = Unpacker.of(packing, url)
    body = bytearray()
    received = 0
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
            elif unpack and not unpack.whole:
                cut = f"the connection broke, the {packing} data end early"
            break
        received += len(piece)
        body += unpack(piece, most + 1 - len(body)) if unpack else piece
        if len(body) > most:
            cut = f"cut at {most:,} bytes" + (f", unpacked from {packing}" if unpack else "")
        elif received > most:
            cut = f"cut at {most:,} bytes of {packing}"
        elif len(body) > max(_SMALL, limits.unpacked_ratio * received):
            cut = f"cut where {packing} unpacks to more than {limits.unpacked_ratio} times its size"
        elif time.monotonic() > deadline:
            cut = f"stopped after {limits.whole_seconds:g} seconds"
    if cut and not allow_cut:
        raise SourceError(f"{url}: {cut}; nothing kept. Save the part you need and add the file.")
    content_type = response.headers.get("Content-Type", "") or ""
    etag, day = response.headers.get("ETag", "") or "", response.headers.get("Last-Modified", "") or ""
    return Answer(response.geturl(), bytes(body[:most]), content_type, cut, etag, day)
