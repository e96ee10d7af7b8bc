"""Correcting a coding field by field, as a person at the desk writes it: `type=CONSULT`, `event_date=2025-04-10`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from detente.codebook import score_tenths
from detente.errors import CodebookError, LedgerError, TermsError
from detente.terms import REALIS, Event, EventDate, Statement

C = TypeVar("C", bound=Event | Statement)


def _date(text: str) -> EventDate | None:
    return EventDate.of(text, "explicit") if text else None


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise TermsError(f"{text!r} is not one of {', '.join(allowed)}.")
        return text

    return read


_EVENT: Mapping[str, Callable[[str], Any]] = {
    "type": str,
    "mode": str,
    "event_date": _date,
    "realis": _one_of(*REALIS),
    "track": str,
    "place": str,
    "rank": _one_of("main", "background"),
}
_STATEMENT: Mapping[str, Callable[[str], Any]] = {
    "stance": int,
    "issue": str,
    "said_date": _date,
    "mode": _one_of("quote", "paraphrase"),
}


def amended(coding: C, changes: Mapping[str, str]) -> C:
    """A coding with some fields corrected; its evidence stays.

    Args:
        changes: Field to new value as text; an empty `event_date` or `said_date` makes it undated.

    Raises:
        LedgerError: A field cannot be amended, or its value cannot be.
    """
    readers = _EVENT if isinstance(coding, Event) else _STATEMENT
    values: dict[str, Any] = {}
    for name, text in changes.items():
        if name not in readers:
            raise LedgerError(f"field {name!r} cannot be amended. These can: {', '.join(readers)}.")
        try:
            values[name] = readers[name](text)
        except (TermsError, ValueError) as problem:
            raise LedgerError(f"{name}={text!r}: {problem}") from problem
    if isinstance(coding, Event) and "type" in values and "mode" not in values:
        values["mode"] = ""  # a mode belongs to its type
    try:
        corrected: C = replace(coding, **values)
        if isinstance(corrected, Event):
            score_tenths(corrected.type, corrected.mode)
    except (TermsError, CodebookError) as problem:
        raise LedgerError(str(problem)) from problem
    return corrected
