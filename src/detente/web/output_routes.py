"""The part of the API that is about figures and frames. FastAPI is read in here, so that the rest goes without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from detente.publish import figures
from detente.publish.readings import READERS
from detente.web import described
from detente.web.described import AsOf, Held, MeasureName, Since
from detente.web.outputs import FRAME_HEIGHT, FRAME_WIDTH, Outputs, base_of

MOST_PIXELS = 4000
EVENTS = {"application/x-ndjson": {"type": "string"}, "application/json": {"type": "object"}}
"""All events, one a line; with `since`, one object."""


def routes(outputs: Outputs, tagged: Callable[[str, Response], Response]) -> APIRouter:
    """The routes.

    Args:
        tagged: Gives an answer its digest, or 304 where the asker holds it.
    """
    router = APIRouter(responses=described.ANSWERS)

    @router.get("/api/measures", responses=described.OBJECT)
    def measures(if_none_match: Held = "") -> Response:
        """The measures that can be asked for, with the question each answers."""
        told = {name: {"title": title, "question": asks} for name, (title, asks) in figures.TITLES.items()}
        return tagged(if_none_match, JSONResponse(told))

    @router.get("/api/measures/{name}", responses={**described.OBJECT, **described.NOT_THERE})
    def measure(name: MeasureName, as_of: AsOf = None, if_none_match: Held = "") -> Response:
        """A measure with its sentences in three languages, its table and everything it gave."""
        if name not in READERS:
            known = ", ".join(READERS)
            return JSONResponse({"error": f"no measure {name!r}. Ask for one of {known}."}, status_code=404)
        content = outputs.of_figure(as_of, f"measures/{name}", f"measures/{name}.json")
        return tagged(if_none_match, Response(content, media_type="application/json"))

    @router.get("/api/events", responses=described.told(EVENTS), response_class=Response)
    def events(since: Since = "", as_of: AsOf = None, if_none_match: Held = "") -> Response:
        """Events with their quotes; with `since`, those that changed, and tombstones of those that stand no longer."""
        if since:
            return tagged(if_none_match, JSONResponse(outputs.since(since, as_of)))
        content = outputs.file(as_of, "data/occurrences.jsonl", base="", query={})
        return tagged(if_none_match, Response(content, media_type="application/x-ndjson"))

    @router.get("/oembed", responses={**described.OBJECT, **described.NOT_THERE, **described.NO_SUCH_FORM})
    def oembed(
        request: Request,
        url: str,
        maxwidth: int = FRAME_WIDTH,
        maxheight: int = FRAME_HEIGHT,
        format: Annotated[str, Query(json_schema_extra={"enum": ["json"]})] = "json",
        frozen: bool = False,
    ) -> Response:
        """How to show a figure in a frame on another page (oEmbed 1.0): live, or frozen as it is now."""
        if format != "json":
            return JSONResponse({"error": f"format {format!r} is not served. Ask for json."}, status_code=501)
        width, height = (max(1, min(wanted, MOST_PIXELS)) for wanted in (maxwidth, maxheight))
        found = outputs.frame(url, base_of(request), width, height, frozen=frozen)
        if found is None:
            return JSONResponse({"error": "no figure stands at this address."}, status_code=404)
        return JSONResponse(found)

    return router
