"""Serving the pages of a dossier, as of any moment, and the same facts as JSON.

Reading only: decisions are made with `detente review`. Every answer can be asked `as_of` a day, and says which state of
the ledger it was made from (`ETag`).
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente import dossier as dossiers
from detente import workflow
from detente.errors import DetenteError
from detente.publish import sites, situation
from detente.publish.pages import POLICY
from detente.terms import LANGUAGES

if TYPE_CHECKING:
    from fastapi import FastAPI

KEPT_SITUATIONS = 8
_HEADERS = {
    "Content-Security-Policy": POLICY + "; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class _Shelf:
    """The last few situations and their pages, each made once for a state of the ledger."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._situations: dict[tuple[str, str], situation.Situation] = {}
        self._files: dict[tuple[str, str, str], dict[str, bytes]] = {}

    def situation(self, as_of: str | None) -> situation.Situation:
        with self._lock, workflow.opened(self._folder) as (case, ledger):
            moment = workflow.moment(as_of)
            key = (ledger.head(moment).hash + case.text, as_of or workflow.today().isoformat())
            if key not in self._situations:
                while len(self._situations) >= KEPT_SITUATIONS:
                    self._situations.pop(next(iter(self._situations)))
                self._situations[key] = situation.of(case, ledger, as_of=moment)
            return self._situations[key]

    def file(self, as_of: str | None, path: str, language: str) -> bytes | None:
        """A page or download, or None where there is none of that name; those of one language are made together."""
        now = self.situation(as_of)
        made = "" if _is_download(path) else language
        key = (now.data_version, as_of or now.day.isoformat(), made)
        with self._lock:
            if key not in self._files:
                while len(self._files) >= KEPT_SITUATIONS:
                    self._files.pop(next(iter(self._files)))
                if made:
                    self._files[key] = {name: text.encode() for name, text in sites.pages(now, language)}
                else:
                    with workflow.opened(self._folder) as (_, ledger):
                        self._files[key] = dict(sites.downloads(now, ledger))
            return self._files[key].get(path)


def _is_download(path: str) -> bool:
    return not path.endswith(".html") or path.startswith("brief.")


def application(folder: Path) -> FastAPI:
    """The application for one dossier.

    Raises:
        DetenteError: The web extra is not installed, or the dossier is missing or broken.
    """
    try:
        from fastapi import FastAPI, HTTPException, Request, Response
        from fastapi.responses import JSONResponse
    except ImportError:
        raise DetenteError("serving needs the web extra. Install it: pip install 'detente[web]'") from None

    dossiers.load(folder)
    shelf = _Shelf(folder)
    app = FastAPI(title="Détente", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")

    @app.middleware("http")
    async def headers(request: Request, call_next: Callable[[Request], Any]) -> Response:
        response: Response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    @app.exception_handler(DetenteError)
    async def refused(request: Request, problem: DetenteError) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"error": str(problem)}, status_code=422)

    def answer(as_of: str | None, make: Callable[[situation.Situation], Any]) -> JSONResponse:
        now = shelf.situation(as_of)
        etag = f'"{now.data_version}"'
        return JSONResponse(make(now), headers={"ETag": etag})

    @app.get("/api/timeline")
    def timeline(as_of: str | None = None) -> JSONResponse:
        """The chronology, oldest first."""
        return answer(as_of, lambda now: [row.as_json() for row in now.rows])

    @app.get("/api/statements")
    def statements(as_of: str | None = None) -> JSONResponse:
        """Statements, oldest first."""
        return answer(as_of, lambda now: [row.as_json() for row in now.statements])

    @app.get("/api/index")
    def index(as_of: str | None = None) -> JSONResponse:
        """The daily index in each direction, with its breaks."""
        return answer(as_of, lambda now: now.index_json())

    @app.get("/api/milestones")
    def milestones(as_of: str | None = None) -> JSONResponse:
        """If and when each milestone is reached."""
        return answer(as_of, lambda now: [row.as_json() for row in now.milestones])

    @app.get("/api/status")
    def status(as_of: str | None = None) -> Response:
        """What the ledger holds."""
        return answer(as_of, lambda now: workflow.plain(asdict(now.status)))

    @app.get("/{path:path}", include_in_schema=False)
    def file(path: str, as_of: str | None = None) -> Response:
        wanted = path + "index.html" if not path or path.endswith("/") else path
        language = next((lang for lang in LANGUAGES if wanted.startswith(f"{lang}/")), sites.ROOT_LANGUAGE)
        content = shelf.file(as_of, wanted, language)
        if content is None:
            raise HTTPException(status_code=404, detail=f"no page {wanted}")
        kind = mimetypes.guess_type(wanted)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind == "application/json"
        return Response(content, media_type=f"{kind}; charset=utf-8" if text else kind)

    return app


def run(folder: Path, *, host: str, port: int) -> None:
    """Serve until stopped.

    Raises:
        DetenteError: The web extra is not installed, or the dossier is missing or broken.
    """
    app = application(folder)
    try:
        import uvicorn
    except ImportError:
        raise DetenteError("serving needs the web extra. Install it: pip install 'detente[web]'") from None
    print(f"http://{host}:{port}/ serves {folder.resolve()}; stop with Ctrl-C.")
    uvicorn.run(app, host=host, port=port, log_level="warning")
