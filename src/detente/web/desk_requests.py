"""What the pages of the desk share: who asks, which forms are taken, how a page or a refusal is answered.

Without accounts a request must come from this machine, under a loopback name; with accounts the gate
(`detente.web.gate`) has looked at who asks. A form carries a token of its session and comes from a page of our own.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import URL

from detente.publish import desk as shown
from detente.publish.catalogue import Words
from detente.publish.pages import policy, render
from detente.terms import LANGUAGES
from detente.web.gate import ROOT_LANGUAGE, Visitor, form_of, is_local, is_own, top_of, visitor_of

if TYPE_CHECKING:
    from detente.web.desk import Desk

SESSION, WHO, KEYS = "detente-desk", "detente-desk-who", "detente-desk-keys"
BY_SCRIPT = "X-Detente-Desk"
"""Header of what the desk's script asks. A page of another site cannot send it unasked: that takes our leave (CORS)."""
_POLICY = f"{policy(desk=True)}; frame-ancestors 'none'"
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    # Under `no-referrer` a browser would say `Origin: null` of our own forms, as of anybody's.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_OWN_KEY = re.compile(r"[a-z0789]")
"""The digits from 1 to 6 are the reasons to reject."""
OWN_FILES = {"desk.js": "text/javascript; charset=utf-8", "desk.css": "text/css; charset=utf-8"}


class Refused(Exception):
    """The desk does not do what was asked; the message is a key of `REFUSALS`."""

    def __init__(self, reason: str, status: int, said: str = "") -> None:
        super().__init__(reason)
        self.reason, self.status, self.said = reason, status, said


@dataclass(frozen=True)
class Asked:
    """One request: in which language, by whom.

    Attributes:
        moved_to: Address of the page it is answered with, where that is another than the one that was asked for.
    """

    desk: Desk
    request: Request
    language: str
    form: Mapping[str, str]
    moved_to: str = ""

    def at(self, path: str, **query: object) -> Asked:
        """The same asker at another page of the desk."""
        return replace(self, form={}, moved_to=self.here(path, **query))

    @property
    def by_script(self) -> bool:
        """Whether the desk's own script asks, which puts the next page in the place of the one before."""
        return self.request.headers.get(BY_SCRIPT, "") == "1"

    @cached_property
    def query(self) -> Mapping[str, str]:
        if self.moved_to:
            return dict(parse_qsl(urlsplit(self.moved_to).query))
        return self.request.query_params

    @property
    def words(self) -> Words:
        return Words(self.language)

    @property
    def top(self) -> str:
        return top_of(self.language)

    @property
    def visitor(self) -> Visitor:
        return visitor_of(self.request)

    @property
    def session(self) -> str:
        return self.request.cookies.get(SESSION, "")

    @property
    def who(self) -> str:
        """The name decisions are made under: of the account; without accounts the one given here, or the login."""
        if self.visitor.account is not None:
            return self.visitor.account.name
        given = unquote(self.request.cookies.get(WHO, "")).strip()
        return given if is_name(given) else _login()

    @property
    def signature(self) -> str:
        """The name under which a brief is read, written and published: readers see it, not the name of an account."""
        return self.visitor.account.display if self.visitor.account is not None else self.who

    @property
    def keys(self) -> bool:
        return self.request.cookies.get(KEYS, "").partition(".")[0] != "off"

    @property
    def own_keys(self) -> dict[str, str]:
        """Keys the person chose, by the key that is meant: `{"a": "q"}`."""
        return own_keys(" ".join(self.request.cookies.get(KEYS, "").split(".")[1:])) or {}

    @staticmethod
    def file(name: str) -> str:
        """Address of a file of the desk's own, which never changes under it."""
        return f"/desk/{name}?v={static_file(name)[1]}"

    def here(self, path: str = "", **query: object) -> str:
        asked = urlencode({key: value for key, value in query.items() if value is not None and value != ""})
        return f"{self.top}/desk{path}" + (f"?{asked}" if asked else "")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reader"


def is_name(name: str) -> bool:
    return 0 < len(name) <= 80 and name.isprintable()


@cache
def static_file(name: str) -> tuple[bytes, str]:
    content = (files("detente.web") / "static" / name).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:16]


Act = Callable[["Asked"], Response]


def getting(desk: Desk, language: str, act: Act) -> Callable[..., Response]:
    def get(request: Request) -> Response:
        return _answer(desk, language, act, request)

    get.__annotations__ = {"request": Request, "return": Response}
    return get


def posting(desk: Desk, language: str, act: Act) -> Callable[..., Response]:
    def post(request: Request, given: Annotated[dict[str, str], Depends(form_of)]) -> Response:
        return _answer(desk, language, act, request, given)

    # FastAPI reads annotations by name, and these names live here.
    post.__annotations__ = {
        "request": Request,
        "given": Annotated[dict[str, str], Depends(form_of)],
        "return": Response,
    }
    return post


def _answer(desk: Desk, language: str, act: Act, request: Request, given: dict[str, str] | None = None) -> Response:
    asked = Asked(desk, request, language, given or {})
    try:
        # In a team the gate has looked at who asks, and at the form.
        if not asked.visitor.team:
            _check_local(request)
            if given is not None:
                _check_form(asked)
        if given is not None and any("\x00" in value for value in given.values()):
            raise Refused("signs", 422)
        response = act(asked)
    except Refused as refusal:
        response = answered(
            asked, "desk_refused.html", refusal.status, reason=shown.REFUSALS[refusal.reason], said=refusal.said
        )
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def _check_local(request: Request) -> None:
    """Refuse whoever is not on this machine, and what another server or name leads here (DNS rebinding)."""
    passed_on = {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"} & set(request.headers.keys())
    client = request.client.host if request.client else ""
    if passed_on or not is_local(client) or not is_local(request.headers.get("host", "")):
        raise Refused("elsewhere", 403)


def _check_form(asked: Asked) -> None:
    request = asked.request
    if not is_own(request, strictly=False):
        raise Refused("foreign", 403)
    if asked.form.get("") == "large":
        raise Refused("large", 413)
    token = asked.form.get("token", "")
    if not asked.session or not hmac.compare_digest(token.encode(), asked.desk.token(asked.session).encode()):
        raise Refused("stale", 403)


def answered(asked: Asked, template: str, status: int = 200, **values: Any) -> Response:
    session = asked.session or secrets.token_urlsafe(24)
    text = render(
        template,
        asked.language,
        desk=True,
        asked=asked,
        token=asked.visitor.token or asked.desk.token(session),
        languages=LANGUAGES,
        others={other: _elsewhere(asked, other) for other in LANGUAGES},
        names=shown,
        **values,
    )
    response = HTMLResponse(text, status_code=status)
    if not asked.session and not asked.visitor.team:
        response.set_cookie(SESSION, session, httponly=True, samesite="strict", path="/")
    return response


def _elsewhere(asked: Asked, language: str) -> str:
    """The same page in another language; of a form that was sent, the page it is on."""
    url: SplitResult | URL = urlsplit(asked.moved_to) if asked.moved_to else asked.request.url
    path = url.path.removeprefix(asked.top)
    top = "" if language == ROOT_LANGUAGE else f"/{language}"
    # A sentence of the brief is in one language.
    if path.startswith("/desk/brief/sentence/") and language != asked.language:
        return f"{top}/desk/brief"
    if (
        asked.request.method == "POST"
        and not asked.moved_to
        and not path.startswith(("/desk/item/", "/desk/brief/sentence/"))
    ):
        return f"{top}/desk{'/brief' if path.startswith('/desk/brief/') else ''}"
    return quote(f"{top}{path}") + (f"?{url.query}" if url.query else "")


def go(asked: Asked, path: str = "", **query: object) -> Response:
    return RedirectResponse(asked.here(path, **query), status_code=303)


def own_keys(text: str) -> dict[str, str] | None:
    """Own keys as a person writes them: `a=q x=w`; None where that cannot be, or where two things had one key."""
    pairs = [part.replace("=", "-").split("-") for part in text.lower().split()]
    if any(len(pair) != 2 or pair[0] not in shown.KEYS or not _OWN_KEY.fullmatch(pair[1]) for pair in pairs):
        return None
    own = {pair[0]: pair[1] for pair in pairs}
    pressed = [own.get(key, key) for key in shown.KEYS]
    return own if len(own) == len(pairs) and len(set(pressed)) == len(pressed) else None
