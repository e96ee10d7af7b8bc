"""Signing in, signing out, one's own account, and what is said to whom the gate does not let through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from detente.accounts import FEWEST_CHARACTERS, Busy, NotSignedIn, TryLater
from detente.accounts.sign_ins import IDLE, LONGEST
from detente.errors import AccountError
from detente.publish.account_pages import REFUSALS, ROLE_NAMES, wait
from detente.publish.catalogue import Words
from detente.publish.pages import policy, render
from detente.terms import LANGUAGES
from detente.web.gate import (
    FORM_COOKIE,
    Denied,
    Gate,
    Visitor,
    is_local,
    session_cookie,
    top_of,
    visitor_of,
)

_HEADERS = {
    "Content-Security-Policy": f"{policy(desk=True)}; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_Act = Callable[[Gate, Request, str, dict[str, str]], Response]


def router(gate: Gate) -> APIRouter:
    """The routes, in each language."""
    routes = APIRouter(include_in_schema=False)
    for language in LANGUAGES:
        top = top_of(language)
        for path, shown in (("/sign-in", _shown), ("/account", _account)):
            routes.get(f"{top}{path}")(_answering(gate, language, shown))
        for path, act in (("/sign-in", _sign_in), ("/sign-out", _sign_out), ("/account/password", _password)):
            routes.post(f"{top}{path}")(_answering(gate, language, act))
    return routes


def _answering(gate: Gate, language: str, act: _Act) -> Callable[..., Response]:
    def answer(request: Request) -> Response:
        response = act(gate, request, language, getattr(request.state, "form", None) or {})
        response.headers.update(_HEADERS)
        return response

    # FastAPI reads annotations by name, and these names live here.
    answer.__annotations__ = {"request": Request, "return": Response}
    return answer


def refused(gate: Gate, request: Request, denied: Denied) -> Response:
    """What is said to whom the gate does not let through: a page, JSON, or the way to sign in."""
    language = _language_of(request.url.path)
    path = request.url.path
    plain = path.startswith("/api/") or path == "/oembed" or path.endswith((".json", ".ndjson"))
    headers = {"Retry-After": str(denied.wait_seconds)} if denied.wait_seconds else {}
    response: Response
    if plain:
        response = JSONResponse({"error": REFUSALS[denied.reason]}, status_code=denied.status)
    elif denied.reason == "signed out" and request.method in ("GET", "HEAD"):
        response = RedirectResponse(_to_sign_in(request, language), status_code=303)
    elif denied.reason == "stale" and request.url.path == f"{top_of(language)}/sign-in":
        form = getattr(request.state, "form", None) or {}
        following = _following(form.get("next", ""), language)
        problem = Words(language)(REFUSALS["stale"])
        response = _sign_in_page(request, language, gate.new_form(), following, problem, status=403)
    else:
        response = _page(
            "account_refused.html",
            request,
            language,
            denied.status,
            problem=Words(language)(REFUSALS[denied.reason]),
            offer_sign_in=denied.reason in ("signed out", "role", "team"),
            sign_in=f"{top_of(language)}/sign-in",
        )
    response.headers.update(_HEADERS | headers)
    return response


def _to_sign_in(request: Request, language: str) -> str:
    asked = quote(request.url.path, safe="/") + (f"?{request.url.query}" if request.url.query else "")
    return f"{top_of(language)}/sign-in?next={quote(asked, safe='/')}"


def _language_of(path: str) -> str:
    return next((lang for lang in LANGUAGES if path.startswith(f"/{lang}/") and top_of(lang)), "en")


def _following(asked: str, language: str) -> str:
    """Where to go after signing in: an address of ours, whatever was asked.

    >>> _following("/fr/desk/log?page=2", "en"), _following("//evil.test/", "fr"), _following("https://evil.test", "en")
    ('/fr/desk/log?page=2', '/fr/desk', '/desk')
    """
    own = f"{top_of(language)}/desk"
    if not asked.startswith("/") or asked[1:2] in ("/", "\\") or len(asked) > 2000 or not asked.isascii():
        return own
    try:
        parts = urlsplit(asked)
    except ValueError:
        return own
    if parts.scheme or parts.netloc or not asked.isprintable() or "\\" in asked or "/sign-in" in parts.path:
        return own
    return asked


def _shown(gate: Gate, request: Request, language: str, _form: dict[str, str]) -> Response:
    following = _following(request.query_params.get("next", ""), language)
    visitor = gate.visitor(request)
    if not visitor.team:
        return _page(
            "account_refused.html",
            request,
            language,
            404,
            problem=Words(language)(REFUSALS["alone"]),
            offer_sign_in=False,
            sign_in="",
        )
    if visitor.account is not None:
        return RedirectResponse(following, status_code=303)
    return _sign_in_page(request, language, gate.new_form(), following)


def _sign_in_page(
    request: Request,
    language: str,
    form: tuple[str, str],
    following: str,
    problem: str = "",
    *,
    name: str = "",
    status: int = 200,
) -> Response:
    cookie, token = form
    words = Words(language)
    response = _page(
        "sign_in.html",
        request,
        language,
        status,
        problem=problem,
        token=token,
        following=following,
        name=name,
        open_line=request.url.scheme != "https" and not is_local(request.headers.get("host", "")),
        idle=words.length(int(IDLE.total_seconds() // 60)),
        longest=words.length(int(LONGEST.total_seconds() // 60)),
    )
    response.set_cookie(FORM_COOKIE, cookie, httponly=True, samesite="strict", path="/", secure=_secure(request))
    return response


def _sign_in(gate: Gate, request: Request, language: str, form: dict[str, str]) -> Response:
    words = Words(language)
    name = form.get("name", "").strip().casefold()
    following = _following(form.get("next", ""), language)
    before = request.cookies.get(session_cookie(request), "")
    retry = 0
    try:
        token = gate.accounts.sign_in(name, form.get("password", ""), address=_address(request), instead_of=before)
    except TryLater as refusal:
        retry = refusal.seconds
        status, problem = 429, wait(words, retry)
    except NotSignedIn:
        status, problem = 401, words(REFUSALS["wrong"])
    except Busy:
        status, problem = 503, words(REFUSALS["busy"])
    else:
        response: Response = RedirectResponse(following, status_code=303)
        _set_session(response, request, token)
        response.delete_cookie(FORM_COOKIE, path="/")
        return response
    response = _sign_in_page(request, language, gate.new_form(), following, problem, name=name[:32], status=status)
    if retry:
        response.headers["Retry-After"] = str(retry)
    return response


def _sign_out(gate: Gate, request: Request, language: str, _form: dict[str, str]) -> Response:
    gate.accounts.sign_out(request.cookies.get(session_cookie(request), ""))
    response = RedirectResponse(f"{top_of(language)}/sign-in", status_code=303)
    response.delete_cookie(session_cookie(request), path="/", secure=_secure(request), httponly=True, samesite="lax")
    return response


def _account(_gate: Gate, request: Request, language: str, _form: dict[str, str]) -> Response:
    return _account_page(request, language, done=request.query_params.get("changed") == "1")


def _account_page(
    request: Request, language: str, problem: str = "", said: str = "", *, done: bool = False, status: int = 200
) -> Response:
    return _page(
        "account.html",
        request,
        language,
        status,
        problem=problem,
        said=said,
        done=done,
        roles=ROLE_NAMES,
        fewest=FEWEST_CHARACTERS,
        token=visitor_of(request).token,
    )


def _password(gate: Gate, request: Request, language: str, form: dict[str, str]) -> Response:
    words, visitor = Words(language), visitor_of(request)
    old, new = form.get("old", ""), form.get("new", "")
    if visitor.account is None:
        raise Denied("signed out", 401)
    if new != form.get("again", ""):
        return _account_page(request, language, words(REFUSALS["differ"]), status=422)
    try:
        token = gate.accounts.change_own_password(visitor.account.name, old, new, address=_address(request))
    except TryLater as refusal:
        return _account_page(request, language, wait(words, refusal.seconds), status=429)
    except NotSignedIn:
        return _account_page(request, language, words(REFUSALS["old"]), status=422)
    except Busy:
        return _account_page(request, language, words(REFUSALS["busy"]), status=503)
    except AccountError as refusal:
        return _account_page(request, language, words(REFUSALS["weak"]), str(refusal), status=422)
    response = RedirectResponse(f"{top_of(language)}/account?changed=1", status_code=303)
    _set_session(response, request, token)
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _set_session(response: Response, request: Request, token: str) -> None:
    # A link in a message leads to an open desk; forms need more than the cookie.
    response.set_cookie(
        session_cookie(request), token, httponly=True, samesite="lax", path="/", secure=_secure(request)
    )


def _page(template: str, request: Request, language: str, status: int, **values: Any) -> HTMLResponse:
    path = request.url.path.removeprefix(top_of(language))
    if request.method == "POST":
        path = path.removesuffix("/password") if path in ("/sign-in", "/account/password") else "/desk"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    visitor: Visitor = visitor_of(request)
    text = render(
        template,
        language,
        desk=True,
        top=top_of(language),
        here=quote(f"{top_of(language)}{path}") + query,
        visitor=visitor,
        languages=LANGUAGES,
        others={other: quote(f"{top_of(other)}{path}") + query for other in LANGUAGES},
        **values,
    )
    return HTMLResponse(text, status_code=status)
