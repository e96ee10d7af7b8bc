"""Correcting a coding field by field, as a person at the desk writes it: `type=CONSULT`, `event_date=2025-04-10`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from detente.codebook import score_tenths
from detente.errors import CodebookError, LedgerError, TermsError
from detente.registry import Registry
from detente.terms import REALIS, Document, Event, EventDate, Evidence, Participant, Statement

_OTHERS: Mapping[type, tuple[str, ...]] = {
    Event: ("actors", "recipients", "direction", "span"),
    Statement: ("speaker", "span"),
}
"""What is read with the registry or the text at hand."""
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


def fields(coding: Event | Statement) -> tuple[str, ...]:
    """Names of what can be corrected in a coding."""
    return (*(_EVENT if isinstance(coding, Event) else _STATEMENT), *_OTHERS[type(coding)])


def amended(
    coding: C, changes: Mapping[str, str], *, registry: Registry | None = None, document: Document | None = None
) -> C:
    """A coding with some fields corrected; its evidence stays unless `span` moves it.

    Args:
        changes: Field to new value as text. An empty `event_date` or `said_date` makes it undated. `actors` and
            `recipients` are names or ids separated by `;`; `direction` is `swap`, or `together` where all of them are
            actors; `speaker` is one name or id; `span` is START:END in the document.
        registry: Where names are looked up that the coding does not have.
        document: The text of the coding, for `span`.

    Raises:
        LedgerError: A field cannot be amended, or its value cannot be.
    """
    readers = _EVENT if isinstance(coding, Event) else _STATEMENT
    values: dict[str, Any] = {}
    for name, text in changes.items():
        try:
            if name in readers:
                values[name] = readers[name](text)
            elif name not in _OTHERS[type(coding)]:
                raise LedgerError(f"field {name!r} cannot be amended. These can: {', '.join(fields(coding))}.")
            elif name == "span":
                values |= _moved(coding, text, document)
            elif name in ("actors", "recipients"):
                values[name] = _participants(coding, text, registry)
            elif name == "speaker":
                values[name] = _speaker(coding, text, registry)
        except (TermsError, ValueError) as problem:
            raise LedgerError(f"{name}={text!r}: {problem}") from problem
    if isinstance(coding, Event):
        if "type" in values and "mode" not in values:
            values["mode"] = ""  # a mode belongs to its type
        if changes.get("direction"):
            values |= _turned(
                {"actors": coding.actors, "recipients": coding.recipients, **values}, changes["direction"]
            )
    try:
        corrected: C = replace(coding, **values)
        if isinstance(corrected, Event):
            score_tenths(corrected.type, corrected.mode)
    except (TermsError, CodebookError) as problem:
        raise LedgerError(str(problem)) from problem
    if isinstance(corrected, Event) and not corrected.actors:
        raise LedgerError("an event needs an actor. Name who acts, or reject it.")
    return corrected


def _moved(coding: Event | Statement, text: str, document: Document | None) -> dict[str, Evidence]:
    if document is None or document.id != coding.evidence.document:
        raise TermsError("the text of the coding is needed to move its span.")
    start, _, end = text.partition(":")
    evidence = document.quote(int(start), int(end))
    if isinstance(coding, Event):
        return {"evidence": evidence}
    inside = evidence.span.covers(coding.content.span)
    return {"evidence": evidence, "content": coding.content if inside else evidence}


def _participants(coding: Event | Statement, text: str, registry: Registry | None) -> tuple[Participant, ...]:
    names = [name.strip() for name in text.split(";") if name.strip()]
    return tuple(_participant(coding, name, registry) for name in names)


def _speaker(coding: Event | Statement, text: str, registry: Registry | None) -> Participant:
    if not text.strip():
        raise TermsError("nobody is named. Name the speaker, or reject the statement.")
    return _participant(coding, text.strip(), registry)


def _participant(coding: Event | Statement, name: str, registry: Registry | None) -> Participant:
    """Someone the coding has already, with the words that name them; else an entity of the registry."""
    if isinstance(coding, Event):
        known: tuple[Participant, ...] = (*coding.actors, *coding.recipients)
        when = coding.event_date
    else:
        known = (coding.speaker, *([coding.addressee] if coding.addressee else []))
        when = coding.said_date
    for participant in known:
        if name in (participant.entity, participant.name):
            return participant
    if registry is not None:
        day = when.first if when else None
        entity = registry.entities.get(name) or registry.entities.get(registry.code(name.upper()))
        if entity is None:
            same = [e for e in registry.entities.values() if any(name in forms for _, forms in e.names)]
            entity = same[0] if len(same) == 1 else None
        if entity is not None:
            role = entity.role_on(day)
            side = entity.side_on(day) or entity.stands_for or (entity.id if entity.kind == "state" else "")
            return Participant(entity.id, entity.name_in("en"), side, role.title_in("en") if role else "")
    raise TermsError(f"{name!r} is nobody the coding or the registry knows. Give an alpha-3 code or an entity's id.")


def _turned(values: Mapping[str, Any], direction: str) -> dict[str, Any]:
    actors, recipients = values["actors"], values["recipients"]
    if direction == "swap":
        return {"actors": recipients, "recipients": actors}
    if direction == "together":
        return {"actors": (*actors, *(r for r in recipients if r not in actors)), "recipients": ()}
    raise LedgerError(f"direction={direction!r}: is not one of swap, together.")
