"""What the API says of itself beyond its code: how a day is written, and every answer that can come."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header, Path, Query

from detente.publish.readings import READERS

_READ_TO = "A day, read to its end (UTC), or a moment with its offset; empty for now."
_WRITTEN = [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, {"const": ""}]
_MOMENT: dict[str, Any] = {"anyOf": [*_WRITTEN, {"type": "null"}]}


def as_of() -> Any:
    """The day or moment up to which the ledger is read, as a parameter of an address."""
    return Query(default=None, description=_READ_TO, json_schema_extra=_MOMENT)


def day() -> Any:
    """A day that is asked for, as a parameter of an address."""
    schema: dict[str, Any] = {"anyOf": [_WRITTEN[0], _WRITTEN[2]]}
    return Query(default="", description="A day, itself included; empty for none.", json_schema_extra=schema)


AsOf = Annotated[str | None, Query(description=_READ_TO, json_schema_extra=_MOMENT)]
Since = Annotated[
    str,
    Query(
        description="A day, from its beginning (UTC), or a moment: the cursor of the last answer.",
        json_schema_extra={"anyOf": _WRITTEN},
    ),
]
MeasureName = Annotated[str, Path(json_schema_extra={"enum": list(READERS)})]
Held = Annotated[str, Header(alias="If-None-Match", include_in_schema=False)]


def _refusal(description: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


ANSWERS: dict[int | str, dict[str, Any]] = {
    304: {"description": "The asker holds it already, by its ETag."},
    401: _refusal("Signed out, where the pages are for the team alone."),
    403: _refusal("Not for this account, or not from there."),
    422: _refusal("What was asked cannot be; the error says what to write."),
    429: _refusal("Too often from one address; `Retry-After` says how many seconds to wait."),
}
"""Of every address of the API beside its own."""
NOT_THERE: dict[int | str, dict[str, Any]] = {404: _refusal("There is none of that name.")}
NO_SUCH_FORM: dict[int | str, dict[str, Any]] = {501: _refusal("Another form than JSON, which oEmbed leaves open.")}


def told(content: dict[str, Any], description: str = "What was asked.") -> dict[int | str, dict[str, Any]]:
    """The answer where all is well: content type to schema."""
    return {200: {"description": description, "content": {kind: {"schema": of} for kind, of in content.items()}}}


LIST = told({"application/json": {"type": "array", "items": {"type": "object"}}})
OBJECT = told({"application/json": {"type": "object"}})
