"""The part of the API that is about figures and frames. FastAPI is read in here, so that the rest goes without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from detente.publish import figures
from detente.publish.forecast_history import KINDS
from detente.publish.readings import READERS
from detente.web import described
from detente.web.described import AsOf, Held, MeasureName, Since
from detente.web.outputs import FRAME_HEIGHT, FRAME_WIDTH, Outputs, base_of

MOST_PIXELS = 4000
EVENTS = {"application/x-ndjson": {"type": "string"}, "application/json": {"type": "object"}}
"""All events, one a line; with `since`, one object."""

_MOVES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "what": {"type": "string"},
            "log_odds": {"type": "number"},
            "day": {"type": ["string", "null"], "format": "date"},
            "entry": {"type": ["string", "null"], "description": "Id of the event."},
            "by": {"type": ["string", "null"], "description": "Who signed a judgement."},
        },
        "required": ["what", "log_odds", "day", "entry", "by"],
    },
}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_SPAN = {"type": "array", "items": _SHARE, "minItems": 2, "maxItems": 2}
_SAID = {
    "made": {"type": "string", "format": "date", "description": "Last day known to the forecast."},
    "kind": {"enum": list(KINDS)},
    "made_afterwards": {"type": "boolean", "description": "Asked of an earlier day with today's program."},
    "deadline": {"type": "string", "format": "date"},
    "probability": _SHARE,
    "interval": _SPAN,
    "never": _SHARE,
    "never_interval": _SPAN,
    "method": {"type": "string"},
    "change_points": {"type": ["number", "null"], "description": "Percentage points since the one before."},
    "came": {**_MOVES, "description": "What its layers name and the one before did not; none: time alone."},
    "went": {**_MOVES, "description": "What the one before named and its layers do not."},
}
MILESTONE = {
    "application/json": {
        "type": "object",
        "properties": {
            "history": {"type": "array", "items": {"type": "object", "properties": _SAID, "required": list(_SAID)}}
        },
        "required": ["milestone", "probability", "history"],
    }
}
"""One milestone; `history` has what was said of it."""


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

    @router.get("/api/milestones/{name}", responses={**described.told(MILESTONE), **described.NOT_THERE})
    def milestone(name: str, as_of: AsOf = None, if_none_match: Held = "") -> Response:
        """A milestone as in the list, with what was said of it over time and what moved it, the oldest first.

        `kept`: what was said that day. `replayed`: today's program asked of an earlier month end, with what had been
        recorded by then, which is no proof of foresight; `unput`: the same of a day before the question was put.
        `now`: the forecast that the list has.
        """
        found = outputs.milestone(as_of, name)
        if found is None:
            return JSONResponse({"error": f"no milestone {name!r}. /api/milestones has them all."}, status_code=404)
        return tagged(if_none_match, JSONResponse(found))

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
