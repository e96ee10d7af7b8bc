"""Serving the pages of a dossier, as of any moment, and the same facts as JSON.

Reading only, but for the review desk (`detente.web.desk`) and that of the brief (`detente.web.brief_desk`). Every
answer can be asked `as_of` a day; a page asked so moves to an address of its own, so that the links on it stay in the
past. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import hashlib
import mimetypes
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from detente import dossier as dossiers
from detente import workflow
from detente.errors import DetenteError
from detente.publish import sites, situation
from detente.publish.pages import policy
from detente.publish.text import flat
from detente.publish.track_record import record_json
from detente.publish.verdicts import verdicts_json
from detente.web import asked, outputs
from detente.web.opened import Opened
from detente.web.quiet import Quiet, collect_when_quiet
from detente.web.shelf import Shelf, language_of

if TYPE_CHECKING:
    from fastapi import FastAPI

    from detente.web.gate import Gate

MOST_OF_PATH = 240
"""Signs of an address that are repeated where nothing stands there."""
STEP_SECONDS = 60.0
"""How long measuring ahead waits before each figure for a moment in which nobody is answered."""
PAST = "as-of"
"""Folder under which the pages of an earlier day stand."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # A browser asks again each time and is answered 304 while nothing changed.
    "Cache-Control": "no-cache",
}
_KINDS = {".md": "text/markdown", ".jsonl": "application/x-ndjson", ".parquet": "application/vnd.apache.parquet"}


def _kind_of(path: str) -> str:
    if own := outputs.kind_of(path):
        return own
    kind = _KINDS.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind in ("application/json", "application/x-ndjson")
    return f"{kind}; charset=utf-8" if text else kind


def application(
    folder: Path,
    *,
    gate: Gate | None = None,
    patient: bool = False,
    compare: Path | None = None,
    quiet: Quiet | None = None,
) -> FastAPI:
    """The application for one dossier.

    Args:
        compare: Folder of another dossier, which one page sets beside this one; nothing is filed in it.
        gate: What every request passes; one that shows the pages to everybody unless given.
        patient: Where the ledger has grown, answer with the pages made last until the new ones are measured, and
            measure the first before anybody asks. Who reloads a page gets the newest.
        quiet: Is told of every request; measuring ahead waits for it.

    Raises:
        DetenteError: The web extra is not installed, or a dossier is missing or broken.
    """
    try:
        from fastapi import Depends, FastAPI, Header, Request, Response
        from fastapi.exceptions import RequestValidationError
        from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
    except ImportError:
        raise DetenteError("serving needs the web extra. Install it: pip install 'detente[web]'") from None

    from detente.web import brief_desk, described, sign_in
    from detente.web.desk import Desk, router
    from detente.web.gate import Denied, Gate, check_declared
    from detente.web.output_routes import routes

    dossiers.load(folder)
    opened = Opened(folder)
    desk = Desk(opened)
    shelf = Shelf(opened, patient=patient)
    beside_opened = other = None
    if compare is not None:
        workflow.check_apart(folder, compare)
        beside_opened = Opened(compare, create=False)
        other = Shelf(beside_opened, patient=patient)
        with beside_opened():
            pass  # A ledger that cannot be read is told at once.
    held_before: str = Header(default="", include_in_schema=False)
    moment_asked: str | None = described.as_of()
    first_asked, last_asked = described.day(), described.day()  # one each: a name sticks to what it is given to
    guard = gate or Gate(folder)
    calm = quiet or Quiet()

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        if patient:
            threading.Thread(target=warm, name="detente-warms-up", daemon=True).start()
        yield
        for each in filter(None, (opened, beside_opened)):
            each.close()

    def warm() -> None:
        with suppress(DetenteError):  # Who asks is told.
            desk.warm()
            shelf.situation(None)
            calm.wait(STEP_SECONDS)
            shelf.of(None, lambda made, ledger: made.ask_back(ledger))
            if other is not None:
                other.situation(None)
            beside.warm(before_each=lambda: calm.wait(STEP_SECONDS))

    app = FastAPI(
        title="Détente",
        lifespan=running,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(guard.admit)],
        responses=described.ANSWERS,
    )

    @app.middleware("http")
    async def one_name(request: Request, call_next: Callable[[Request], Any]) -> Response:
        """Addresses for people say `asof`, the API says `as_of`: both are understood everywhere."""
        query: bytes = request.scope["query_string"]
        parts = [b"as_of=" + p[5:] if p.startswith(b"asof=") else p for p in query.split(b"&")]
        request.scope["query_string"] = b"&".join(parts)
        response: Response = await call_next(request)
        return response

    @app.middleware("http")
    async def headers(request: Request, call_next: Callable[[Request], Any]) -> Response:
        with calm.disturbed():
            response: Response = await call_next(request)
        if guard.private:
            # Shared caches must not hand on to anybody what one reader was shown.
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response.headers.setdefault("Vary", "Cookie")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", f"{policy(served=True)}; frame-ancestors 'none'")
        return response

    @app.exception_handler(DetenteError)
    async def refused(request: Request, problem: DetenteError) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"error": str(problem)}, status_code=422)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, problem: RequestValidationError) -> JSONResponse:  # noqa: ARG001
        said = (f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in problem.errors())
        return JSONResponse({"error": f"{'; '.join(said)}."}, status_code=422)

    @app.exception_handler(Denied)
    def denied(request: Request, problem: Denied) -> Response:
        return sign_in.refused(guard, request, problem)

    def tagged(held: str, response: Response) -> Response:
        """An answer with its digest, or 304 where the asker holds it already."""
        etag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
        if etag in [tag.strip().removeprefix("W/") for tag in held.split(",")]:
            return Response(status_code=304, headers={"ETag": etag})
        response.headers["ETag"] = etag
        return response

    def answer(held: str, as_of: str | None, make: Callable[[situation.Situation], Any]) -> Response:
        now = shelf.situation(as_of, newest=False)
        return tagged(held, JSONResponse(make(now), headers={"X-Data-Version": now.data_version}))

    def versioned(pages: sites.Pages, content: Any) -> JSONResponse:
        return JSONResponse(content, headers={"X-Data-Version": pages.situation.data_version})

    @app.get("/api/timeline", responses=described.LIST, response_model=None)
    def timeline(
        as_of: str | None = moment_asked,
        track: str = "",
        actor: str = "",
        direction: str = "",
        language: str = "",
        reviewed: str = "",
        party: str = "",
        text: str = "",
        since: str = first_asked,
        until: str = last_asked,
        if_none_match: str = held_before,
    ) -> Response:
        """The chronology, oldest first; the filters are those of the page of the timeline."""
        given = {"track": track, "actor": actor, "direction": direction, "language": language}
        given |= {"reviewed": reviewed, "party": party, "text": text, "since": since, "until": until}
        pages = shelf.pages(as_of, sites.ROOT_LANGUAGE)
        return tagged(if_none_match, versioned(pages, asked.events(pages, given)))

    @app.get("/api/search", responses=described.OBJECT, response_model=None)
    def find(q: str = "", as_of: str | None = moment_asked, if_none_match: str = held_before) -> Response:
        """People, events, statements and reports that hold all words of `q`, in any form, with their quotes."""
        pages = shelf.pages(as_of, sites.ROOT_LANGUAGE)
        return tagged(if_none_match, versioned(pages, asked.found(pages, q)))

    @app.get("/api/statements", responses=described.LIST, response_model=None)
    def statements(as_of: str | None = moment_asked, if_none_match: str = held_before) -> Response:
        """Statements, oldest first."""
        return answer(if_none_match, as_of, lambda now: [row.as_json() for row in now.statements])

    @app.get("/api/index", responses=described.OBJECT, response_model=None)
    def index(as_of: str | None = moment_asked, if_none_match: str = held_before) -> Response:
        """The daily index in each direction, with its breaks."""
        return answer(if_none_match, as_of, lambda now: now.index_json())

    @app.get("/api/milestones", responses=described.LIST, response_model=None)
    def milestones(as_of: str | None = moment_asked, if_none_match: str = held_before) -> Response:
        """If and when each milestone is reached; `/api/milestones/{name}` also has what was said of one over time."""
        return answer(if_none_match, as_of, lambda now: [row.as_json() for row in now.milestones])

    @app.get("/api/track-record", responses=described.OBJECT, response_model=None)
    def track_record(as_of: str | None = moment_asked, if_none_match: str = held_before) -> Response:
        """Every forecast that was kept, and how those settled did."""
        return answer(if_none_match, as_of, lambda now: record_json(now.record))

    @app.get("/api/verdicts", responses=described.LIST, response_model=None)
    def verdicts(as_of: str | None = moment_asked, if_none_match: str = held_before) -> Response:
        """Verdicts on articles that were kept, the latest first."""
        return answer(if_none_match, as_of, lambda now: [verdicts_json(found) for found in now.verdicts])

    @app.get("/api/status", responses=described.OBJECT, response_model=None)
    def status(as_of: str | None = moment_asked, if_none_match: str = held_before) -> Response:
        """What the ledger holds."""
        return answer(if_none_match, as_of, lambda now: workflow.plain(asdict(now.status)))

    @app.get("/api/openapi.json", include_in_schema=False, response_model=None)
    def description() -> JSONResponse:
        return JSONResponse(app.openapi())

    beside = outputs.Outputs(shelf, opened)
    app.include_router(routes(beside, tagged))

    def page(request: Request, held: str, as_of: str | None, path: str) -> Response:
        wanted = path + "index.html" if not path or path.endswith("/") else path
        base = outputs.base_of(request)
        told = request.headers.get("cache-control", "")
        newest = "no-cache" in told or "max-age=0" in told  # A browser says so where a page is loaded again.
        query, language = request.query_params, language_of(wanted)
        content = asked.page(shelf, as_of, wanted, language, query, newest=newest, other=other)
        if content is None:
            content = beside.file(as_of, wanted, base=base, query=query)
        if content is None:
            content = shelf.file(as_of, wanted, language, newest=newest)
        if content is None and (left := asked.gone(shelf, as_of, wanted, language)) is not None:
            # It was there, and a person took it away: programs stop asking, people read who and why.
            return HTMLResponse(left, status_code=410)
        if content is None:
            return HTMLResponse(_missing(wanted), status_code=404)
        headers = outputs.headers_of(wanted, f"{base}{PAST}/{quote(as_of, safe='')}/" if as_of and base else base)
        return tagged(held, Response(content, media_type=_kind_of(wanted), headers=headers))

    app.include_router(brief_desk.router(brief_desk.BriefDesk(desk, shelf)))
    app.include_router(router(desk))
    app.include_router(sign_in.router(guard))

    # Plain routes: they take the whole request, and are no part of the API that is described.
    def past(request: Request) -> Response:
        held = request.headers.get("if-none-match", "")
        return page(request, held, request.path_params["as_of"], request.path_params["path"])

    def file(request: Request) -> Response:
        path, as_of = request.path_params["path"], request.query_params.get("as_of")
        if as_of:
            workflow.moment(as_of)
            rest = [(name, value) for name, value in request.query_params.multi_items() if name != "as_of"]
            more = f"?{urlencode(rest)}" if rest else ""
            return RedirectResponse(f"/{PAST}/{quote(as_of, safe='')}/{quote(path)}{more}", status_code=307)
        return page(request, request.headers.get("if-none-match", ""), None, path)

    for where, act in ((f"/{PAST}/{{as_of}}/{{path:path}}", past), ("/{path:path}", file)):
        app.add_route(where, guard.plain(where, act), include_in_schema=False)
    check_declared(app)
    return app


def _missing(path: str) -> str:
    """What a reader sees where there is no page, in three languages: nobody knows which one was meant."""
    told = flat(path)[:MOST_OF_PATH]
    # There is no style here: what may be broken is said, or a long path would be wider than a telephone.
    broken = "<wbr>".join(escape(told[at : at + 24]) for at in range(0, len(told), 24))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>404 · Détente</title></head><body><main>'
        f"<h1>404</h1><p>No page <code>{broken}</code>.</p>"
        '<p><a href="/">Start</a> · <a href="/fr/index.html" lang="fr">Début</a> · '
        '<a href="/ru/index.html" lang="ru">Начало</a></p></main></body></html>'
    )


def run(
    folder: Path,
    *,
    host: str,
    port: int,
    private: bool = False,
    proxy: str = "",
    certificate: Path | None = None,
    key: Path | None = None,
    compare: Path | None = None,
) -> None:
    """Serve until stopped.

    Args:
        compare: Folder of another dossier, which one page sets beside this one.
        private: Whether the pages are for those with an account alone.
        proxy: Address of the proxy in front, whose word on who asks, and over what, is believed; of none unless given.
        certificate: For https, with its `key`, as PEM files.

    Raises:
        DetenteError: The web extra is not installed, the dossier is missing or broken, or there are no accounts where
            others could ask.
    """
    try:
        import uvicorn

        from detente.web.gate import Gate, is_local
    except ImportError:
        raise DetenteError("serving needs the web extra. Install it: pip install 'detente[web]'") from None
    gate = Gate(folder, private=private)
    quiet = Quiet()
    collect_when_quiet(quiet)
    app = application(folder, gate=gate, patient=True, compare=compare, quiet=quiet)
    team = gate.accounts.any()
    check_reach(host, team=team, private=private, proxy=proxy)
    scheme = "https" if certificate else "http"
    address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    print(f"{address}/ serves {folder.resolve()}; stop with Ctrl-C.")
    if compare:
        print(f"{address}/compare.html sets {compare.resolve()} beside it, for whoever may see these pages.")
    if team:
        print(f"{address}/desk is the review desk, for the accounts of `detente account list`.")
    else:
        print(f"{address}/desk is the review desk, without sign-in and for this machine alone.")
    if not is_local(host) and not certificate and not proxy:
        print("Nothing is encrypted: passwords can be read on the way. Give --certificate and --key, or use a proxy.")
    # What is measured meanwhile gives way to answers after a millisecond instead of five.
    import os

    sys.setswitchinterval(float(os.environ.get("SW", "0.001")))
    print("Measures are computed now, in the background; until they are, the first look at one takes seconds.")
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        # Its default believes whoever asks from this machine.
        proxy_headers=bool(proxy),
        forwarded_allow_ips=proxy or "",
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )


def check_reach(host: str, *, team: bool, private: bool, proxy: str) -> None:
    """Refuse to be reached by others without accounts.

    Raises:
        DetenteError: There are no accounts, and another machine could ask, or the pages are to be private.
    """
    from detente.web.gate import is_local

    if team:
        return
    add = "Add one: `detente account add NAME --role editor`"
    if not is_local(host):
        raise DetenteError(
            f"{host}: other machines can ask there, and this dossier has no accounts. {add}; or leave --host out. "
            "Pages alone: `detente site` writes them for any web server."
        )
    if private or proxy:
        option = "--private" if private else "--proxy"
        raise DetenteError(f"{option}: this dossier has no accounts. {add}; or leave the option out.")
