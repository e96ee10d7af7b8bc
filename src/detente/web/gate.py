"""Who may do what: every route of the application with what it asks for, and the gate that each request passes.

Without accounts the server is one person's: the desk works on this machine alone, without sign-in. With accounts it is
a team's: the desk asks for a session, and the role of its account says what is allowed. Which of the two it is, is
looked up at each request, so that the first account shuts the desk of a server that runs already.

A route that is not declared here is refused, and the application does not start with one.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from detente import workflow
from detente.accounts import Account, Role, SignIns, is_at_least
from detente.accounts.sign_ins import network_of
from detente.errors import DetenteError
from detente.terms import LANGUAGES

ROOT_LANGUAGE = "en"
MOST_BYTES = 20_000
"""Length of a form; its fields are names, days and a reason."""
MOST_FIELDS = 60
FORM_COOKIE = "detente-sign-in"
SAFE = ("GET", "HEAD", "OPTIONS")


class Access(Enum):
    """What a route asks for."""

    OPEN = "nothing"
    PAGES = "nothing, or an account where the pages are for the team alone"
    READER = "an account"
    CODER = "an account of a coder or an editor; without accounts, this machine"
    EDITOR = "an account of an editor; without accounts, this machine"
    ALONE = "this machine, and that there are no accounts"


_ROLES: dict[Access, Role] = {
    Access.PAGES: "reader",
    Access.READER: "reader",
    Access.CODER: "coder",
    Access.EDITOR: "editor",
}


def top_of(language: str) -> str:
    """Where the addresses of a language begin."""
    return "" if language == ROOT_LANGUAGE else f"/{language}"


def _permissions() -> Iterator[tuple[tuple[str, str], Access]]:
    for path in (
        "openapi.json",
        "timeline",
        "statements",
        "index",
        "milestones",
        "milestones/{name}",
        "track-record",
        "verdicts",
        "status",
        "measures",
        "measures/{name}",
        "events",
        "search",
    ):
        yield ("GET", f"/api/{path}"), Access.PAGES
    for path in ("/oembed", "/as-of/{as_of}/{path:path}", "/{path:path}"):
        yield ("GET", path), Access.PAGES
    yield ("GET", "/desk/{name}.{kind}"), Access.OPEN
    for top in map(top_of, LANGUAGES):
        for path in ("", "/", "/item/{entry}", "/log", "/agreement"):
            yield ("GET", f"{top}/desk{path}"), Access.CODER
        for path in ("/log.ndjson", "/log.prov.json"):
            yield ("GET", f"{top}/desk{path}"), Access.EDITOR
        for path in ("", "/sentence/{digest}", "/publish", "/versions"):
            yield ("GET", f"{top}/desk/brief{path}"), Access.EDITOR
        for path in ("/sentence/{digest}", "/write", "/publish"):
            yield ("POST", f"{top}/desk/brief{path}"), Access.EDITOR
        for path in ("/item/{entry}", "/undo", "/keys", "/merge", "/split", "/regroup"):
            yield ("POST", f"{top}/desk{path}"), Access.CODER
        yield ("POST", f"{top}/desk/who"), Access.ALONE
        yield ("GET", f"{top}/sign-in"), Access.OPEN
        yield ("POST", f"{top}/sign-in"), Access.OPEN
        yield ("GET", f"{top}/account"), Access.READER
        for path in ("/sign-out", "/account/password"):
            yield ("POST", f"{top}{path}"), Access.READER


PERMISSIONS = dict(_permissions())
"""By method and path of the route, what it asks for; HEAD is as GET."""


class Denied(Exception):
    """A request that the gate does not let through; the message is a key of `publish.account_pages.REFUSALS`."""

    def __init__(self, reason: str, status: int, *, wait_seconds: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.status, self.wait_seconds = reason, status, wait_seconds


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        team: Whether there are accounts.
        account: None for whoever is not signed in.
        token: What the forms of this session carry.
    """

    team: bool = False
    account: Account | None = None
    token: str = ""

    @property
    def may_settle(self) -> bool:
        """Whether this person may decide as the third, where two readers differ."""
        return not self.team or (self.account is not None and is_at_least(self.account.role, "editor"))

    @property
    def may_publish(self) -> bool:
        """Whether this person may read, change and publish the brief."""
        return self.may_settle

    @property
    def may_export(self) -> bool:
        """Whether this person may take the log out."""
        return self.may_settle


def visitor_of(request: Request) -> Visitor:
    """Who the gate found to ask."""
    found = getattr(request.state, "visitor", None)
    return found if isinstance(found, Visitor) else Visitor()


class Buckets:
    """How often somebody may ask: so many times at once, and then so many a second."""

    def __init__(self, at_once: int, a_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._rate, self._clock = at_once, a_second, clock
        self._held: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> int:
        """Ask once; 0, or how many seconds to wait before asking again."""
        with self._lock:
            now = self._clock()
            left, since = self._held.pop(key, (float(self._size), now))
            left = min(self._size, left + (now - since) * self._rate)
            self._held[key] = (left - 1 if left >= 1 else left, now)
            while len(self._held) > 10_000:
                self._held.pop(next(iter(self._held)))
            return 0 if left >= 1 else ceil((1 - left) / self._rate)


class Gate:
    """What every request of one application passes."""

    def __init__(
        self,
        folder: Path,
        *,
        private: bool = False,
        accounts: Callable[[str | Path], SignIns] = SignIns,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a gate.

        Args:
            private: Whether the pages and their JSON are for those with an account alone.
            accounts: Opens the accounts that are kept at a path.
            clock: Seconds, for how often somebody asks.
        """
        self.private = private
        self._path = workflow.ledger_at(folder)
        self._open = accounts
        self._opened: SignIns | None = None
        self._lock = threading.Lock()
        self._secret = secrets.token_bytes(32)
        self._forms = Buckets(60, 2.0, clock=clock)
        self._sign_ins = Buckets(20, 0.5, clock=clock)
        self._api = Buckets(120, 10.0, clock=clock)

    @property
    def accounts(self) -> SignIns:
        with self._lock:
            if self._opened is None:
                self._opened = self._open(self._path)
            return self._opened

    def visitor(self, request: Request) -> Visitor:
        """Who asks, by the session of the request."""
        session = request.cookies.get(session_cookie(request), "")
        account = self.accounts.visit(session)
        if account is not None:
            return Visitor(True, account, form_token(session))
        return Visitor(self.accounts.any())

    async def admit(self, request: Request) -> None:
        """Let a request through that its route allows; every route of the application depends on this.

        Raises:
            Denied: It is not allowed.
        """
        await self._admit(request, str(getattr(request.scope.get("route"), "path", "")))

    def plain(self, path: str, act: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        """A route that takes the whole request, behind the gate."""

        async def answer(request: Request) -> Response:
            await self._admit(request, path)
            return await run_in_threadpool(act, request)

        return answer

    async def _admit(self, request: Request, path: str) -> None:
        safe = request.method in SAFE
        access = PERMISSIONS.get(("GET" if request.method == "HEAD" else request.method, path))
        if access is None:
            raise Denied("undeclared", 403)
        address = request.client.host if request.client else ""
        if path.startswith("/api/") or path == "/oembed":
            _limit_address(self._api, address)
        if access is Access.OPEN:
            if not safe:
                _limit_address(self._sign_ins, address)
                await self._check_form(request, self.form_token(request))
            return
        if access is Access.PAGES and not self.private:
            return
        visitor = await run_in_threadpool(self.visitor, request)
        request.state.visitor = visitor
        if not visitor.team:
            # The desk itself looks whether the asker is on this machine, and whether the form is its own.
            if access is Access.READER:
                raise Denied("alone", 404)
            if access is Access.PAGES and not is_local(address):
                raise Denied("elsewhere", 403)
            return
        if access is Access.ALONE:
            raise Denied("team", 403)
        if visitor.account is None:
            raise Denied("signed out", 401)
        if not is_at_least(visitor.account.role, _ROLES[access]):
            raise Denied("role", 403)
        if not safe:
            _limit(self._forms, visitor.account.name)
            await self._check_form(request, visitor.token)

    async def _check_form(self, request: Request, token: str) -> None:
        if not is_own(request, strictly=True):
            raise Denied("foreign", 403)
        form = await form_of(request)
        if form.get("") == "large":
            raise Denied("large", 413)
        if not token or not hmac.compare_digest(form.get("token", "").encode(), token.encode()):
            raise Denied("stale", 403)

    def form_token(self, request: Request) -> str:
        """What the form of signing in carries: there is no session yet, but a cookie of its own."""
        held = request.cookies.get(FORM_COOKIE, "")
        return hmac.new(self._secret, held.encode(), "sha256").hexdigest() if held else ""

    def new_form(self) -> tuple[str, str]:
        """A cookie for the form of signing in, and what the form carries."""
        held = secrets.token_urlsafe(24)
        return held, hmac.new(self._secret, held.encode(), "sha256").hexdigest()


def _limit(buckets: Buckets, key: str) -> None:
    if seconds := buckets.take(key):
        raise Denied("often", 429, wait_seconds=seconds)


def _limit_address(buckets: Buckets, address: str) -> None:
    # Behind a proxy that is not named as one, everybody has the address of this machine.
    if not is_local(address):
        _limit(buckets, network_of(address))


def is_local(host: str) -> bool:
    """Whether a host, with or without its port, is this machine under a name that no other can have.

    >>> is_local("127.0.0.1:8765"), is_local("[::1]:80"), is_local("localhost"), is_local("desk.example:8765")
    (True, True, True, False)
    """
    name = host.rpartition(":")[0] if host.count(":") == 1 or "]:" in host else host
    name = name.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_own(request: Request, *, strictly: bool) -> bool:
    """Whether a form comes from a page of ours.

    Args:
        strictly: Refuse too what says nothing about where it comes from; every browser says it.
    """
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if (origin is not None and origin != own) or site not in (None, "same-origin", "none"):
        return False
    if origin is not None or site == "same-origin" or not strictly:
        return True
    referer = urlsplit(request.headers.get("referer", ""))
    return f"{referer.scheme}://{referer.netloc}" == own


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, read once; `{"": "large"}` for one that is too large."""
    held = getattr(request.state, "form", None)
    if held is None:
        held = request.state.form = await _read_form(request)
    return dict(held)


async def _read_form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return {"": "large"}
    try:
        given = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {"": "large"}
    return {name: values[-1] for name, values in given.items()}


def session_cookie(request: Request) -> str:
    """Name of the cookie of the session: under https one that no neighbour and no plain http can set."""
    return "__Host-detente" if request.url.scheme == "https" else "detente-session"


def form_token(session: str) -> str:
    """What the forms of a session carry; who knows it does not know the session."""
    return hmac.new(session.encode(), b"form", hashlib.sha256).hexdigest()


def routes_of(router: Any) -> Iterator[tuple[str, str]]:
    """Method and path of every route of an application, those of included routers too."""
    for route in router.routes:
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        if hasattr(inner, "routes"):
            yield from routes_of(inner)
        elif getattr(route, "path", None) is not None:
            for method in sorted(getattr(route, "methods", None) or {"ANY"}):
                if method != "HEAD":
                    yield method, route.path


def check_declared(app: Any) -> None:
    """Refuse an application with a route that nobody said who may use.

    Raises:
        DetenteError: There is one.
    """
    undeclared = sorted(set(routes_of(app)) - set(PERMISSIONS))
    if undeclared:
        method, path = undeclared[0]
        raise DetenteError(f"{method} {path}: it is not said who may use this route. Declare it in detente.web.gate.")
