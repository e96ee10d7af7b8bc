"""Texts that come as JSON: one object a line, or a .json file with one object or a list of them."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from difflib import get_close_matches
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO

from detente.errors import SourceError, TermsError
from detente.sources.got import LIMITS, Got, Limits, now
from detente.terms import EventDate, Issue

_ROOM = "sources"
_PARTIAL = re.compile(r"\d{4}(?:-(?:\d{2}|W\d{2}|Q[1-4]))?")
_KEYS = {
    "id": "id",
    "text": "text",
    "published": "published",
    "language": "language",
    "url": "url",
    "title": "title",
    "source": "source",
    "outlet": "source",
    "licence": "licence",
    "license": "licence",
}


def read_lines(file: BinaryIO, name: str, *, limits: Limits = LIMITS) -> Iterator[Got | Issue]:
    """Read JSONL line by line, however much there is; one line in memory at a time.

    A line that cannot be read is an Issue naming `name:line`, and the rest goes on. Keys that are not known are
    left out and named once, at the end.
    """
    unknown: Counter[str] = Counter()
    seen: dict[str, int] = {}
    lines = 0
    for number, raw in _raw_lines(file, limits.document_bytes):
        record = f"{name}:{number}"
        if raw is None:
            lines += 1
            limit = f"{limits.document_bytes:,}"
            yield Issue(record, _ROOM, f"{record}: longer than {limit} bytes; line left out. Cut it into texts.")
            continue
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if not raw.strip():
            continue
        lines += 1
        try:
            got, notes = _got(_load(raw, record), raw, record, "jsonl", unknown)
        except SourceError as problem:
            yield Issue(record, _ROOM, str(problem))
            continue
        yield from notes
        if got.id and got.id in seen:
            first = seen[got.id]
            yield Issue(record, _ROOM, f"{record}: id {got.id!r} stands on line {first} too. Give each its own id.")
            continue
        if got.id:
            seen[got.id] = number
        yield got
    if not lines:
        yield Issue(name, _ROOM, f"{name}: holds no line, expected one JSON object a line. Check the export.")
    yield from _ignored(unknown, name)


def read_json(raw: bytes, name: str) -> Iterator[Got | Issue]:
    """Read the bytes of a .json file: one text object or a list of them."""
    unknown: Counter[str] = Counter()
    try:
        held = _load(raw.removeprefix(codecs.BOM_UTF8), name)
    except SourceError as problem:
        yield Issue(name, _ROOM, str(problem))
        return
    several = isinstance(held, list)
    for number, item in enumerate(held if several else [held], start=1):
        record = f"{name}:{number}" if several else name
        try:
            got, notes = _got(item, json.dumps(item).encode() if several else raw, record, "json", unknown)
        except SourceError as problem:
            yield Issue(record, _ROOM, str(problem))
            continue
        yield from notes
        yield got
    yield from _ignored(unknown, name)


def _raw_lines(file: BinaryIO, most: int) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers from 1; None for one that is too long, which is read past but not held."""
    number = 0
    while True:
        raw = file.readline(most + 1)
        if not raw:
            return
        number += 1
        if len(raw) <= most or raw.endswith(b"\n"):
            yield number, raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = file.readline(1_000_000)
        yield number, None


def _load(raw: bytes, record: str) -> Any:
    try:
        return json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        at = problem.start
        raise SourceError(f"{record}: byte {at} is not UTF-8, which JSON is written in. Save as UTF-8.") from problem
    except RecursionError as problem:
        raise SourceError(f"{record}: lists in lists without end. Expected one flat JSON object.") from problem
    except ValueError as problem:
        wanted = "Write one object a line, quotes and line breaks inside it escaped."
        raise SourceError(f"{record}: not JSON ({problem}). {wanted}") from problem


def _got(item: Any, raw: bytes, record: str, got_by: str, unknown: Counter[str]) -> tuple[Got, list[Issue]]:
    if not isinstance(item, dict):
        raise SourceError(f'{record}: holds a {_kind(item)}, expected an object such as {{"id": "a1", "text": "…"}}.')
    fields: dict[str, Any] = {}
    for key, value in item.items():
        name = _KEYS.get(key)
        if name is None:
            unknown[key] += 1
        elif value is not None and value != "":
            if name in fields and fields[name] != value:
                raise SourceError(f"{record}: gives {name} twice, as {fields[name]!r} and {value!r}. Keep one.")
            fields[name] = value
    text = fields.pop("text", None)
    if not isinstance(text, str) or not text.strip():
        found = "no `text`" if text is None else "an empty `text`" if isinstance(text, str) else f"a {_kind(text)}"
        raise SourceError(f"{record}: has {found}, expected the text as a string under `text`.")
    notes: list[Issue] = []
    published = _day(fields.pop("published", None), record, notes)
    if isinstance(fields.get("id"), int) and not isinstance(fields["id"], bool):
        fields["id"] = str(fields["id"])
    for name, value in fields.items():
        if not isinstance(value, str):
            raise SourceError(f"{record}: `{name}` is a {_kind(value)}, expected a string.")
    got = Got(
        record=record,
        raw=raw,
        kind="jsonl",
        text=text,
        fetched=now(),
        got_by=got_by,
        published=published,
        published_basis="given" if published else "none",
        **{name: value.strip() for name, value in fields.items()},
    )
    return got, notes


def _day(value: Any, record: str, notes: list[Issue]) -> date | None:
    if value is None:
        return None
    if isinstance(value, str):
        written = value.strip()
        if _PARTIAL.fullmatch(written):
            try:  # nothing the text tells of is later than the last day of the month or year it appeared in
                day = EventDate.of(written, "explicit").last
            except TermsError as problem:
                raise SourceError(f"{record}: `published`: {problem}") from problem
            message = f"{record}: `published` is {written!r}, no single day; taken as {day}, its last. Give the day."
            notes.append(Issue(record, _ROOM, message, lost=False))
            return day
        try:
            # The day as written: a time zone would move it to a day the reader of the page never saw.
            return datetime.fromisoformat(written).date()
        except ValueError:
            pass
        try:
            return parsedate_to_datetime(written).date()
        except ValueError:
            pass
    raise SourceError(
        f"{record}: `published` is {value!r}, expected a day such as 2025-02-18. Give the day, or leave it out."
    )


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "string", bool: "true or false", int: "number", float: "number"}
    return names.get(type(value), "null")


def _ignored(unknown: Counter[str], record: str) -> Iterator[Issue]:
    if not unknown:
        return
    named = []
    for key, count in sorted(unknown.items()):
        close = get_close_matches(key.lower(), _KEYS, n=1, cutoff=0.75)
        hint = f", did you mean `{close[0]}`?" if close else ""
        named.append(f"`{key}` ({count} {'time' if count == 1 else 'times'}{hint})")
    known = ", ".join(_KEYS)
    yield Issue(record, _ROOM, f"{record}: keys not used: {'; '.join(named)}. Used are {known}.", lost=False)
