"""Search over people, events, statements and reports: SQLite's FTS5 over stems, kept in memory with a situation.

A word is found in any of its forms, in English, French and Russian; events and people are found by their names in all
three, whatever language the report is in. What is asked is never read as FTS5's own language, so nothing that a person
types is an error.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from detente.publish import chronology, speakers
from detente.publish.catalogue import Words
from detente.publish.situation import Situation
from detente.publish.stems import alternatives, stems
from detente.publish.text import flat
from detente.terms import LANGUAGES, Document, Entity

if TYPE_CHECKING:
    from detente.publish.sites import Where

Kind = Literal["person", "event", "statement", "report"]
KINDS: tuple[Kind, ...] = ("person", "event", "statement", "report")
MOST_LETTERS, MOST_WORDS, MOST_SHOWN = 200, 12, 20
"""Of a question, and hits of each kind on a page."""
AROUND = 110
"""Letters shown on each side of the first word found in a report."""
_PART = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Question:
    """What a person asks for.

    Attributes:
        parts: Words, or phrases of several words that must follow one another; all must be found.
        cut: Whether it was longer than what is looked at.
    """

    text: str
    parts: tuple[tuple[str, ...], ...]
    cut: bool = False

    @classmethod
    def of(cls, text: str) -> Question:
        """A question out of whatever was typed.

        >>> Question.of('visas "direct flights" OR NEAR(') == Question(
        ...     'visas "direct flights" OR NEAR(', (("visas",), ("direct", "flights"), ("or",), ("near",)))
        True
        """
        shown = flat(text)[:MOST_LETTERS]
        found = []
        for phrase, word in _PART.findall(shown):
            parts = _WORD.findall((phrase or word).casefold())
            # A word with a mark inside, as "Saint-Pétersbourg", is one after another as well.
            if parts:
                found.append(tuple(parts))
        kept: list[tuple[str, ...]] = []
        for part in found:
            if sum(map(len, kept)) + len(part) <= MOST_WORDS:
                kept.append(part)
        return cls(shown, tuple(kept), cut=len(flat(text)) > MOST_LETTERS or len(kept) < len(found))

    @cached_property
    def match(self) -> str:
        """The same for FTS5: letters and digits alone, each word in every stem it can have."""
        return " AND ".join(self._any(part) for part in self.parts)

    @staticmethod
    def _any(part: tuple[str, ...]) -> str:
        if len(part) == 1:
            return "(" + " OR ".join(f'"{stem}"' for stem in alternatives(part[0])) + ")"
        inside = [f"({' OR '.join(chr(34) + stem + chr(34) for stem in alternatives(word))})" for word in part]
        # A phrase holds one stem a word, so it is asked for once in each language.
        told = {" ".join(stems(" ".join(part), language)) for language in LANGUAGES}
        phrases = " OR ".join(f'"{one}"' for one in sorted(told))
        return f"(({' AND '.join(inside)}) AND ({phrases}))"

    @cached_property
    def each_word(self) -> tuple[tuple[str, ...], ...]:
        """The stems each word can have."""
        return tuple(alternatives(word) for part in self.parts for word in part)

    @cached_property
    def stems(self) -> frozenset[str]:
        """All of them."""
        return frozenset(stem for word in self.each_word for stem in word)


@dataclass(frozen=True)
class Hit:
    """Something found; exactly one of the last four says what."""

    kind: Kind
    id: str
    person: Entity | None = None
    event: chronology.Row | None = None
    statement: speakers.Row | None = None
    report: Document | None = None


@dataclass(frozen=True)
class Found:
    """The answer to a question: hits by kind, the best first, and how many there are of each."""

    question: Question
    hits: Mapping[Kind, Sequence[Hit]] = field(default_factory=dict)
    counts: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def event_stems(row: chronology.Row) -> tuple[list[str], list[str]]:
    """The words an event is found by: of its heading in every language, and of its quotes in theirs."""
    name = [stem for language in LANGUAGES for stem in stems(row.heading(Words(language)), language)]
    return name, [s for cited in row.cited for s in stems(cited.evidence.quote, cited.document.language)]


class Index:
    """What can be found in one situation."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._lock = threading.Lock()
        self._hits: list[Hit] = []
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        # Columns weigh differently: a name counts more than a word in the text.
        self._table.execute(
            "CREATE VIRTUAL TABLE found USING fts5(kind UNINDEXED, name, text, "
            "tokenize='unicode61 remove_diacritics 0')"
        )
        rows = []
        for hit, name, text in self._everything():
            self._hits.append(hit)
            rows.append((len(self._hits), hit.kind, " ".join(name), " ".join(text)))
        self._table.executemany("INSERT INTO found (rowid, kind, name, text) VALUES (?, ?, ?, ?)", rows)

    def _everything(self) -> Iterator[tuple[Hit, list[str], list[str]]]:
        words = [Words(language) for language in LANGUAGES]
        for person in self.situation.people:
            name = [s for w in words for s in stems(person.name_in(w.language), w.language)]
            roles = [role.title_in(w.language) for role in person.roles for w in words]
            forms = [form for _, written in person.names for form in written]
            yield Hit("person", person.id, person=person), name, self._stemmed([*roles, *forms])
        for row in self.situation.shown_rows:
            yield Hit("event", row.id, event=row), *event_stems(row)
        for said_row in self.situation.statements:
            name = [s for w in words for s in stems(str(said_row.who(w)) + " " + said_row.issue_label(w), w.language)]
            cited = said_row.cited
            said = stems(cited.evidence.quote, cited.document.language)
            yield Hit("statement", cited.entry, statement=said_row), name, said
        for document in self.situation.documents.values():
            name = stems(f"{document.title} {document.source}", document.language)
            yield Hit("report", document.id, report=document), name, stems(document.text, document.language)

    @staticmethod
    def _stemmed(texts: Iterable[str]) -> list[str]:
        return [stem for text in texts for language in LANGUAGES for stem in stems(text, language)]

    def find(self, question: Question, *, most: int = MOST_SHOWN) -> Found:
        """The best hits of each kind; none where nothing was asked."""
        if not question.parts:
            return Found(question)
        hits: dict[Kind, Sequence[Hit]] = {}
        counts: dict[Kind, int] = {}
        with self._lock:
            for kind in KINDS:
                asked = (question.match, kind)
                count = self._table.execute(
                    "SELECT count(*) FROM found WHERE found MATCH ? AND kind = ?", asked
                ).fetchone()[0]
                if count:
                    rows = self._table.execute(
                        "SELECT rowid FROM found WHERE found MATCH ? AND kind = ? "
                        "ORDER BY bm25(found, 0, 4, 1), rowid LIMIT ?",
                        (*asked, most),
                    )
                    counts[kind], hits[kind] = count, [self._hits[number - 1] for (number,) in rows]
        return Found(question, hits, counts)


@dataclass(frozen=True)
class Stretch:
    """A piece of a report; `found` where it is a word that was asked for."""

    text: str
    found: bool = False


def around(document: Document, question: Question) -> list[Stretch]:
    """The words asked for as they stand in a report, from the first one on; empty where only its title has them."""
    text = document.text
    places = [
        match.span() for match in _WORD.finditer(text) if set(stems(match[0], document.language)) & question.stems
    ]
    if not places:
        return []
    start, end = max(0, places[0][0] - AROUND), min(len(text), places[0][1] + AROUND)
    if start:  # never half a word
        start = text.find(" ", start, places[0][0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", places[0][1], end), places[0][1])
    out, at = [Stretch("… " if start else "")], start
    for first, last in places:
        if last > end:
            break
        out += [Stretch(text[at:first]), Stretch(text[first:last], found=True)]
        at = last
    return [*out, Stretch(text[at:end]), Stretch(" …" if end < len(text) else "")]


def page_of(hit: Hit, where: Where) -> str:
    """Where a hit is shown, from the top of its language."""
    if hit.kind == "event":
        return where.event(hit.id)
    if hit.kind == "statement":
        return where.statement(hit.id)
    if hit.kind == "person":
        return where.person(hit.id)
    return where.source(hit.id)


def found_json(found: Found, where: Where) -> dict[str, Any]:
    """The answer for machines, with a quote to each event, statement and report."""
    told = []
    for kind in KINDS:
        for hit in found.hits.get(kind, ()):
            line: dict[str, Any] = {"kind": kind, "id": hit.id, "page": page_of(hit, where)}
            if hit.event is not None:
                line |= {"title": hit.event.heading(Words("en")), "day": _day(hit.event.day)}
                line |= {"evidence": [cited.as_json() for cited in hit.event.cited]}
            elif hit.statement is not None:
                line |= {"title": hit.statement.speaker_name("en"), "day": _day(hit.statement.day)}
                line |= {"evidence": [hit.statement.cited.as_json()]}
            elif hit.report is not None:
                line |= {"title": hit.report.title, "day": _day(hit.report.published), "source": hit.report.source}
                line |= {"language": hit.report.language, "url": hit.report.url}
                line |= {"excerpt": "".join(piece.text for piece in around(hit.report, found.question))}
            elif hit.person is not None:
                line |= {"names": {language: hit.person.name_in(language) for language in LANGUAGES}}
            told.append(line)
    return {"question": found.question.text, "cut": found.question.cut, "counts": dict(found.counts), "hits": told}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
