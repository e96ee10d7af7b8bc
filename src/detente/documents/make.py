"""What was got becomes a document, or an Issue says why it cannot."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from detente.documents.boilerplate import find_boilerplate, find_title
from detente.documents.language import identify
from detente.documents.main_text import Page, read_page
from detente.documents.published import Published, check_given, in_page, in_text, in_url
from detente.errors import DocumentError
from detente.languages import codes, grammar
from detente.sources import Got
from detente.terms import Document, Issue, Span

_ROOM = "documents"
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_TWICE_ENCODED = re.compile(r"Ã[©¨ªàª§´®‰€]|â€[™œ“”˜¦]|Ð[°¾µ¸½ºÐ]|Ñ[€‚ƒ\x80-\x8f]|(?:Р[°µёѕІѓќЅЎЏ]){3}")
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.I)


class Made(NamedTuple):
    """A document, or None, and what a person should know about it."""

    document: Document | None
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class _Notes:
    record: str
    issues: list[Issue]

    def add(self, message: str) -> None:
        self.issues.append(Issue(self.record, _ROOM, f"{self.record}: {message}", lost=False))


def make(
    got: Got,
    *,
    published: date | None = None,
    language: str | None = None,
    url: str | None = None,
    title: str | None = None,
    today: date | None = None,
) -> Made:
    """Make a document of what was got. Nothing is raised for a text that cannot be filed: an Issue says why.

    Args:
        got: From `detente.sources.get`.
        published, language, url, title: As the person adding it says; they win over what was got or is found.
        today: Latest day a text can have appeared; today unless given.

    Returns:
        The document, whose text is that of `got` (of a page, its main text) unchanged, and Issues.

    >>> from datetime import datetime, timezone
    >>> moment = datetime(2025, 4, 20, tzinfo=timezone.utc)
    >>> text = "Talks on embassies ended in Istanbul on Thursday, both sides said."
    >>> made = make(Got("n.txt", text.encode(), "text", text, moment, "file"), published=date(2025, 4, 10))
    >>> made.document.language, made.document.published_basis, made.document.id, made.issues
    ('en', 'given', '3eb5fa8d50212aac', ())
    """
    notes = _Notes(got.record, [])
    try:
        document = _make(got, published, language, url, title, today or datetime.now(UTC).date(), notes)
    except DocumentError as problem:
        notes.issues.append(Issue(got.record, _ROOM, str(problem)))
        return Made(None, tuple(notes.issues))
    return Made(document, tuple(notes.issues))


def _make(
    got: Got,
    published: date | None,
    language: str | None,
    url: str | None,
    title: str | None,
    today: date,
    notes: _Notes,
) -> Document:
    address = url or got.url
    page = read_page(got.text, got.record, url=address) if got.kind == "html" else None
    # A saved page still names the address it was saved from.
    address = address or (page.url if page else "")
    text = page.text if page else got.text
    _check_text(text, got.record, notes)
    day = _published(got, published, address, page, text, today, notes)
    heading = title or got.title or (page.title if page else "") or find_title(text)
    boilerplate = find_boilerplate(text, title=heading)
    if not "".join(_outside(text, boilerplate)).strip():
        raise DocumentError(f"{got.record}: only links and notices, no article. Check that the whole page was saved.")
    code = _language(got, language, "\n".join(_outside(text, boilerplate)), notes)
    return Document(
        id=got.id or hashlib.sha256(f"{address}\n{text}".encode()).hexdigest()[:16],
        text=text,
        language=code,
        published=day.day,
        published_basis=day.basis,
        fetched=got.fetched,
        title=heading,
        url=address,
        source=got.source or (page.site if page else "") or _host(address),
        licence=got.licence or (page.licence if page else ""),
        boilerplate=boilerplate,
        got_by=got.got_by,
    )


def _outside(text: str, boilerplate: tuple[Span, ...]) -> Iterator[str]:
    at = 0
    for span in boilerplate:
        yield text[at : span.start]
        at = span.end
    yield text[at:]


def _check_text(text: str, record: str, notes: _Notes) -> None:
    if not text.strip():
        raise DocumentError(f"{record}: holds no text. Check that it was saved whole.")
    if "\x00" in text:
        raise DocumentError(
            f"{record}: holds a NUL character at {text.index(chr(0))}. Export the text again without it."
        )
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        raise DocumentError(
            f"{record}: half a character (a lone surrogate) at {problem.start}. Export the text again as UTF-8."
        ) from problem
    control = _CONTROL.findall(text)
    if control:
        shown = ", ".join(f"U+{ord(character):04X}" for character in sorted(set(control))[:5])
        notes.add(f"{len(control)} control characters ({shown}) are kept in the text. Check how it was exported.")
    if len(_TWICE_ENCODED.findall(text)) >= 3:
        notes.add("reads as if decoded with the wrong table (“Ã©”, “Ð°”); kept as it is. Export it again as UTF-8.")


def _published(
    got: Got, given: date | None, address: str, page: Page | None, text: str, today: date, notes: _Notes
) -> Published:
    if given is not None or (got.published is not None and got.published_basis == "given"):
        day = given or got.published
        assert day is not None  # noqa: S101 - one of the two just was
        check_given(day, got.record, today)
        return Published(day, "given")
    if got.published is not None and got.published_basis != "file":
        try:
            check_given(got.published, got.record, today)
            return Published(got.published, got.published_basis)
        except DocumentError:
            notes.add(f"the {got.published_basis} says {got.published}, which cannot be; passed over.")
    if page is not None:
        found = in_page(page.tree, address, today)
        for note in found.notes:
            notes.add(f"{note}.")
        if found.day is not None:
            return replace(found, notes=())
    sought = [("url", in_url(address)), ("text", in_text(text)), ("file", got.published)]
    for basis, day in sought:
        if day is None:
            continue
        try:
            check_given(day, got.record, today)
        except DocumentError:
            notes.add(f"the {basis} says {day}, which cannot be; passed over.")
            continue
        return Published(day, basis)
    notes.add(
        "no day of publication found; filed without one, so “Tuesday” cannot be dated. A filed text never changes: "
        "next time give --published, or `published` in a JSON line; to mend this one, add it so under an id of its own."
    )
    return Published(None, "none")


def _language(got: Got, given: str | None, text: str, notes: _Notes) -> str:
    found = identify(text)
    said = (given or got.language).strip()
    if said:
        match = _CODE.fullmatch(said)
        code = _named(said.lower()) or (match.group(1).lower() if match else "")
        code = _named(code) or code
        if code:
            if found.sure and found.code != code:
                notes.add(f"given as {code}, but reads as {found.code}; filed as {code}. Correct it if that is wrong.")
            elif code not in codes():
                notes.add(_not_coded(code))
            return code
        notes.add(f"language {said!r} is no code such as fr, en or ru; taken from the text instead.")
    if found.code not in codes():
        notes.add(_not_coded(found.code))
    elif not found.sure:
        notes.add(f"language taken to be {found.code} on little evidence. Give it with the text.")
    return found.code


def _named(word: str) -> str:
    """Code of the language that a word names ("French", "fra"); empty for any other word."""
    return next((code for code in codes() if word in grammar(code).words("called")), "")


def _not_coded(code: str) -> str:
    if code == "und":
        return f"language not recognised; filed, not coded. Give it with the text if it is one of {', '.join(codes())}."
    return (
        f"language {code}; filed, not coded (coded are {', '.join(codes())}). Give it with the text if that is wrong."
    )


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
