"""Milestones and announced meetings as a calendar that any program subscribes to (iCalendar, RFC 5545).

The day of a milestone is the median of its forecast and stands as tentative, with the chance beside it; its deadline is
an entry of its own. Nothing says more than the forecast does: the title has the chance, the notes the interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from detente import __version__
from detente.publish import chronology, feeds, figures, milestones, sites
from detente.publish.catalogue import Words
from detente.publish.marks import DRAWN, review_state, source_type_of
from detente.publish.situation import Situation
from detente.publish.text import harmless
from detente.terms import LANGUAGES

NAME = "milestones.ics"
MOST_OCTETS = 75
"""Longest line, without its end (RFC 5545, 3.1)."""
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


def of(situation: Situation, language: str, *, base: str = "") -> bytes:
    """The calendar of one dossier.

    Args:
        base: Address of the top of the pages, so that entries can link to them; empty where nobody knows it.
    """
    words = Words(language)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//detente//detente {__version__}//{language.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        _text("X-WR-CALNAME", f"{words('If, and when')} · {situation.dossier.title_in(language)}"),
        _text("X-WR-CALDESC", f"{figures.label_of(situation, language)} {figures.credit(situation, words)}"),
        f"X-DETENTE-DIGITAL-SOURCE-TYPE:{DRAWN}",
        _text("X-DETENTE-DATA-VERSION", situation.data_version),
    ]
    for row in situation.milestones:
        if not row.settled:
            lines += _milestone(row, situation, words, base)
    for event in situation.rows:
        lines += _announced(event, situation, words, base)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def every(situation: Situation, *, base: str = "") -> Iterable[tuple[str, bytes]]:
    """(path from the top, content) in each language."""
    for language in LANGUAGES:
        yield sites.folder_of(language) + NAME, of(situation, language, base=base)


def _milestone(row: milestones.Row, situation: Situation, words: Words, base: str) -> Iterator[str]:
    f, m, language = row.forecast, row.milestone, words.language
    said = [m.question_in(language), milestones.chance_line(row, words), milestones.when_line(row, words)]
    said += [*row.notes(words), figures.label_of(situation, language), figures.credit(situation, words)]
    page = sites.path_of(f"milestones/{row.slug}", language)
    chances = [
        f"X-DETENTE-PROB:{f.probability:.4f}",
        f"X-DETENTE-PROB-LOW:{f.interval[0]:.4f}",
        f"X-DETENTE-PROB-HIGH:{f.interval[1]:.4f}",
        f"X-DETENTE-NEVER:{f.never:.4f}",
        f"X-DETENTE-MADE:{f.made:%Y%m%d}",
        _text("X-DETENTE-METHOD", f.method),
        f"X-DETENTE-DIGITAL-SOURCE-TYPE:{DRAWN}",
    ]
    label = m.label_in(language)
    chance = words("{p} by {day}", p=words.percent(f.probability), day=words.day(f.deadline, short=True))
    if f.median_day is not None:
        if f.window:
            chances += [f"X-DETENTE-WINDOW:{f.window[0]:%Y%m%d}/{f.window[1]:%Y%m%d}"]
        title = words(
            "{milestone}: even odds by this day, if it comes at all ({chance})", milestone=label, chance=chance
        )
        yield from _entry(situation, f"median {m.id}", f.median_day, title, said, "TENTATIVE", page, base, chances)
    title = words("{milestone}: deadline of the question ({chance})", milestone=label, chance=chance)
    yield from _entry(situation, f"deadline {m.id}", f.deadline, title, said, "CONFIRMED", page, base, chances)


def _announced(row: chronology.Row, situation: Situation, words: Words, base: str) -> Iterator[str]:
    """What reports say is planned on a day that has not come yet."""
    event = row.occurrence.event
    when = event.event_date
    if event.realis != "planned" or when is None or when.precision != "day" or when.first <= situation.day:
        return
    said = [f"{words.quoted(c.evidence.quote)} ({c.outlet}; {c.done(words)})" for c in row.cited]
    said += [figures.label_of(situation, words.language), figures.credit(situation, words)]
    marks = [
        f"X-DETENTE-DIGITAL-SOURCE-TYPE:{source_type_of(row.cited)}",
        f"X-DETENTE-REVIEW-STATE:{review_state(row.occurrence.decided)}",
    ]
    page = sites.path_of(f"event/{row.id}", words.language)
    yield from _entry(
        situation,
        f"event {row.id}",
        when.first,
        row.heading(words),
        said,
        "TENTATIVE",
        page,
        base,
        marks,
        end=when.last,
    )


def _entry(
    situation: Situation,
    key: str,
    day: date,
    title: str,
    said: Iterable[str],
    status: str,
    page: str,
    base: str,
    more: Iterable[str],
    *,
    end: date | None = None,
) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{feeds.urn(situation, 'calendar', key).removeprefix('urn:uuid:')}@detente"
    # The moment the ledger last grew: the same ledger makes the same bytes.
    yield f"DTSTAMP:{_moment(feeds.moment(situation))}"
    yield f"LAST-MODIFIED:{_moment(feeds.moment(situation))}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{(end or day) + timedelta(days=1):%Y%m%d}"
    yield _text("SUMMARY", title)
    yield _text("DESCRIPTION", "\n".join(said))
    yield f"STATUS:{status}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PUBLIC"
    if base:
        yield f"URL:{base}{page}"
    yield from more
    yield "END:VEVENT"


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(name: str, text: str) -> str:
    return f"{name}:{escaped(text)}"


def escaped(text: str) -> str:
    r"""Text as the value of a property (RFC 5545, 3.3.11): it can end neither the value nor the line.

    >>> escaped("Riyadh; talks,\nthen\\more")
    'Riyadh\\; talks\\,\\nthen\\\\more'
    """
    flat = "\n".join(harmless(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    flat = _CONTROL.sub(" ", flat)
    for sign in ("\\", ";", ","):
        flat = flat.replace(sign, "\\" + sign)
    return flat.replace("\n", "\\n")


def folded(line: str) -> bytes:
    r"""A content line in pieces of at most 75 octets, none cut inside a character (RFC 5545, 3.1).

    >>> folded("SUMMARY:" + "ж" * 40).count(b"\r\n ")
    1
    """
    out, room = [b""], MOST_OCTETS
    for sign in line:
        octets = sign.encode()
        if len(out[-1]) + len(octets) > room:
            out.append(b"")
            room = MOST_OCTETS - 1  # The blank that goes on with a line counts.
        out[-1] += octets
    return b"\r\n ".join(out) + b"\r\n"
