"""Records to JSON and back, so that a line of the ledger can be read without detente.

`to_json` gives plain dicts, lists, strings and numbers: days as `2025-02-18`, moments as
`2025-02-18T09:30:00.000000Z`, tuples as lists. A field that may hold one of several records carries `"record"`
with its name. `from_json` reads it back, checks every field against its type and refuses what it does not know.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeGuard, cast

from detente import terms
from detente.errors import LedgerError, TermsError

RECORDS: Mapping[str, type] = {
    "document": terms.Document,
    "span": terms.Span,
    "evidence": terms.Evidence,
    "event_date": terms.EventDate,
    "role": terms.Role,
    "second_reading": terms.SecondReading,
    "entity": terms.Entity,
    "participant": terms.Participant,
    "event": terms.Event,
    "statement": terms.Statement,
    "time": terms.TimeExpression,
    "person": terms.PersonMention,
    "issue": terms.Issue,
    "coding": terms.Coding,
    "dyad": terms.Dyad,
    "directed_dyad": terms.DirectedDyad,
    "entry": terms.Entry,
    "look": terms.Look,
    "decision": terms.Decision,
    "occurrence": terms.Occurrence,
    "reference_class": terms.ReferenceClass,
    "milestone": terms.Milestone,
    "resolution": terms.Resolution,
    "forecast": terms.Forecast,
    "layer": terms.Layer,
    "move": terms.Move,
    "claim": terms.Claim,
    "finding": terms.Finding,
    "outlook": terms.Outlook,
    "verdict": terms.Verdict,
    "unread": terms.Unread,
    "verdicts": terms.ArticleVerdicts,
}
"""Every record of `detente.terms` by the name it has in JSON."""

_NAMES: Mapping[type, str] = {record: name for name, record in RECORDS.items()}

_Encode = Callable[[Any], Any]
_Decode = Callable[[Any, str], Any]


class _Misfit(Exception):
    """A value is not of the type its field has; carries where, what was found and what was expected."""


def to_json(record: Any, *, sparse: bool = False) -> dict[str, Any]:
    """Write a record of `detente.terms` as plain JSON values.

    Args:
        record: Any record in `RECORDS`.
        sparse: Leave out fields that hold their default. Stored lines are sparse, so that a field added to a
            record later does not change the identity of what was filed before.

    Raises:
        LedgerError: It is no such record, or holds a number that JSON cannot.

    >>> from detente.terms import Evidence
    >>> to_json(Evidence("tass-1", 0, 5, "Talks"))
    {'document': 'tass-1', 'start': 0, 'end': 5, 'quote': 'Talks'}
    """
    if type(record) not in _NAMES:
        raise LedgerError(f"{type(record).__name__} is no record of detente.terms. Give one of: {', '.join(RECORDS)}.")
    try:
        written: dict[str, Any] = _encoder(cast(Any, type(record)), sparse)(record)
    except _Misfit as misfit:
        raise LedgerError(f"{_NAMES[type(record)]}: {misfit}") from misfit
    return written


def from_json(kind: str, values: Mapping[str, Any]) -> Any:
    """Read a record back from what `to_json` wrote.

    Args:
        kind: Name in `RECORDS`: `event`, `statement`, `time`, `person`, `document`, ...
        values: Its fields; those left out take their default.

    Raises:
        LedgerError: The kind is unknown, a field is missing, unknown or not of its type, or the record
            contradicts itself.

    >>> from_json("evidence", {"document": "tass-1", "start": 0, "end": 5, "quote": "Talks"}).quote
    'Talks'
    """
    if kind not in RECORDS:
        raise LedgerError(f"record kind {kind!r} is unknown. Use one of: {', '.join(RECORDS)}.")
    try:
        return _decoder(RECORDS[kind])(values, kind)
    except _Misfit as misfit:
        raise LedgerError(f"{misfit} Was it written by a newer detente?") from misfit
    except TermsError as problem:
        raise LedgerError(f"{kind}: {problem}") from problem


def canonical(values: Any) -> str:
    """JSON text of plain values that is the same for equal values: keys sorted, no spaces, UTF-8 kept.

    Raises:
        LedgerError: A number is not finite, or a text has half of a surrogate pair and cannot be written as UTF-8.

    >>> canonical({"b": 1, "a": "Эр-Рияд"})
    '{"a":"Эр-Рияд","b":1}'
    """
    try:
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        text.encode()
    except (ValueError, TypeError) as problem:
        raise LedgerError(f"this cannot be written as JSON: {problem}. Use finite numbers and whole characters.") from (
            problem
        )
    return text


def write_moment(moment: datetime) -> str:
    """A UTC moment as text that sorts in time order.

    Raises:
        LedgerError: It has no time zone.

    >>> write_moment(datetime(2025, 2, 18, 9, 30, tzinfo=UTC))
    '2025-02-18T09:30:00.000000Z'
    """
    if moment.tzinfo is None:
        raise LedgerError(f"moment {moment.isoformat()} has no time zone. Give it in UTC: datetime(..., tzinfo=UTC).")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_moment(text: str) -> datetime:
    """The moment that `write_moment` wrote.

    >>> read_moment("2025-02-18T09:30:00.000000Z").isoformat()
    '2025-02-18T09:30:00+00:00'
    """
    return datetime.fromisoformat(text).astimezone(UTC)


def evidence_in(record: Any) -> list[terms.Evidence]:
    """Every piece of evidence in a record, however deep, in field order."""
    if isinstance(record, terms.Evidence):
        return [record]
    if isinstance(record, tuple):
        return [found for item in record for found in evidence_in(item)]
    if _is_record(record):
        return [found for field in dataclasses.fields(record) for found in evidence_in(getattr(record, field.name))]
    return []


def _is_record(value: object) -> TypeGuard[Any]:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


def _members(hint: Any) -> tuple[Any, ...]:
    """The alternatives of a union, one for anything else."""
    origin = typing.get_origin(hint)
    return typing.get_args(hint) if origin in (types.UnionType, typing.Union) else (hint,)


# Both directions are built once per type from its annotations: a ledger view reads tens of thousands of records.


@cache
def _encoder(hint: Any, sparse: bool) -> _Encode:
    alternatives = [member for member in _members(hint) if member is not type(None)]
    if len(alternatives) < len(_members(hint)) or len(alternatives) > 1:
        return _encode_union(tuple(alternatives), sparse)
    hint = alternatives[0]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            each = _encoder(arguments[0], sparse)
            return lambda value: [each(item) for item in value]
        slots = [_encoder(argument, sparse) for argument in arguments]
        return lambda value: [encode(item) for encode, item in zip(slots, value, strict=True)]
    if dataclasses.is_dataclass(hint):
        return _encode_record(cast(type, hint), sparse)
    if hint is datetime:
        return write_moment
    if hint is date:
        return lambda value: value.isoformat()
    if hint is float:
        return _encode_float
    return lambda value: value


def _encode_float(value: float) -> float:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise _Misfit(f"number {value} is not finite. Give a finite one.")
    return number


def _encode_union(alternatives: tuple[Any, ...], sparse: bool) -> _Encode:
    if len(alternatives) == 1:
        only = _encoder(alternatives[0], sparse)
        return lambda value: None if value is None else only(value)

    def encode(value: Any) -> Any:
        if value is None:
            return None
        return {"record": _NAMES[type(value)], **_encoder(cast(Any, type(value)), sparse)(value)}

    return encode


def _encode_record(record: type, sparse: bool) -> _Encode:
    fields = [
        (field.name, _encoder(_hints(record)[field.name], sparse), field.default)
        for field in dataclasses.fields(record)
    ]
    if not sparse:
        return lambda value: {name: encode(getattr(value, name)) for name, encode, _ in fields}

    def encode_sparse(value: Any) -> dict[str, Any]:
        written = {}
        for name, encode, default in fields:
            held = getattr(value, name)
            if default is dataclasses.MISSING or held != default:
                written[name] = encode(held)
        return written

    return encode_sparse


@cache
def _decoder(hint: Any) -> _Decode:
    alternatives = [member for member in _members(hint) if member is not type(None)]
    if len(alternatives) < len(_members(hint)) or len(alternatives) > 1:
        return _decode_union(tuple(alternatives))
    hint = alternatives[0]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _decode_tuple(arguments)
    if origin is typing.Literal:
        return _decode_literal(arguments)
    if dataclasses.is_dataclass(hint):
        return _decode_record(cast(type, hint))
    if hint is datetime:
        return lambda value, where: _parsed(read_moment, value, where, "a moment such as 2025-02-18T09:30:00.000000Z")
    if hint is date:
        return lambda value, where: _parsed(date.fromisoformat, value, where, "a day such as 2025-02-18")
    return _decode_plain(hint)


def _parsed(parse: Callable[[str], Any], value: Any, where: str, expected: str) -> Any:
    if isinstance(value, str):
        try:
            return parse(value)
        except ValueError:
            pass
    raise _Misfit(f"{where}: {value!r} is not {expected}.")


def _decode_plain(hint: type) -> _Decode:
    def decode(value: Any, where: str) -> Any:
        if hint is float and type(value) is int:
            return float(value)
        if type(value) is not hint:
            raise _Misfit(f"{where}: {value!r} is not of type {hint.__name__}.")
        return value

    return decode


def _decode_literal(allowed: tuple[Any, ...]) -> _Decode:
    def decode(value: Any, where: str) -> Any:
        if value not in allowed:
            raise _Misfit(f"{where}: {value!r} is not one of {', '.join(map(str, allowed))}.")
        return value

    return decode


def _decode_tuple(arguments: tuple[Any, ...]) -> _Decode:
    repeated = len(arguments) == 2 and arguments[1] is Ellipsis
    slots = [_decoder(argument) for argument in arguments if argument is not Ellipsis]

    def decode(value: Any, where: str) -> Any:
        if not isinstance(value, list) or not (repeated or len(value) == len(slots)):
            raise _Misfit(f"{where}: {value!r} is not a list{'' if repeated else f' of {len(slots)}'}.")
        if repeated:
            return tuple(slots[0](item, where) for item in value)
        return tuple(read(item, where) for read, item in zip(slots, value, strict=True))

    return decode


def _decode_union(alternatives: tuple[Any, ...]) -> _Decode:
    if len(alternatives) == 1:
        only = _decoder(alternatives[0])
        return lambda value, where: None if value is None else only(value, where)
    known = {_NAMES[alternative]: _decoder(alternative) for alternative in alternatives}

    def decode(value: Any, where: str) -> Any:
        if value is None:
            return None
        name = value.get("record") if isinstance(value, dict) else None
        if name not in known:
            raise _Misfit(f"{where}: {name!r} is not one of {', '.join(known)}.")
        return known[name]({key: held for key, held in value.items() if key != "record"}, where)

    return decode


def _decode_record(record: type) -> _Decode:
    fields = {field.name: _decoder(_hints(record)[field.name]) for field in dataclasses.fields(record)}
    required = {
        field.name
        for field in dataclasses.fields(record)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }

    def decode(value: Any, where: str) -> Any:
        if not isinstance(value, Mapping):
            raise _Misfit(f"{where}: {value!r} is not a {_NAMES[record]}.")
        if unknown := [name for name in value if name not in fields]:
            raise _Misfit(f"{where}: {unknown[0]!r} is no field of a {_NAMES[record]}.")
        if missing := sorted(required - set(value)):
            raise _Misfit(f"{where}: {missing[0]!r} is missing.")
        return record(**{name: fields[name](held, f"{where}.{name}") for name, held in value.items()})

    return decode
