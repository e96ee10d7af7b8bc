"""Which documents are copies of one another: the same words, or nearly."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from detente.terms import Document, Span

_WORD = re.compile(r"[^\W_]+")
SHINGLE = 5
"""Words in a shingle."""
NEAR = 0.5
"""Share of shingles in common from which two texts are near copies. Of 55 labelled pairs of English and Russian news
texts (tgcontest, November 2026), 7 share 0.78 or more, all of them one report reprinted; the next shares 0.44, and no
pair about different events shares more than 0.07. From 0.45 to 0.75 the threshold changes nothing there. Two reports
of one event in their own words stay apart: they are two sources."""
_FEW = 40
NEAR_IF_SHORT = 0.8
"""The same for texts of fewer runs of words: two flashes of one line share their phrases, and what differs is the place
and the day."""
_SKETCH = 48
"""Smallest shingle hashes by which a text is looked up. Of two texts at NEAR, each smallest hash of one is among those
of the other with a chance of about a half, so that all 48 miss about never."""


def article(text: str, boilerplate: Iterable[Span]) -> str:
    """The text without its boilerplate."""
    kept: list[str] = []
    at = 0
    for span in sorted(boilerplate, key=lambda span: span.start):
        kept.append(text[at : max(at, span.start)])
        at = max(at, span.end)
    return "\n".join([*kept, text[at:]])


def words(text: str) -> list[str]:
    """The words compared: lower case, ё as е, apart from punctuation.

    >>> words("Всё — «хорошо», сказал Лавров.")
    ['все', 'хорошо', 'сказал', 'лавров']
    """
    return _WORD.findall(text.casefold().replace("ё", "е"))


def shingles(text: str) -> frozenset[int]:
    """Hashes of every run of five words; of the whole, where there are fewer."""
    held = words(text)
    runs = [" ".join(held[i : i + SHINGLE]) for i in range(max(1, len(held) - SHINGLE + 1))] if held else []
    return frozenset(int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs)


def likeness(one: str, other: str) -> float:
    """Share (0-1) of the five-word runs of both texts that stand in each.

    >>> likeness("Talks ended in Istanbul on Thursday.", "Talks ended in Istanbul on Thursday!")
    1.0
    """
    return _likeness(shingles(one), shingles(other))


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    if not one or not other:
        return 0.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


@dataclass(slots=True)
class Known:
    """The documents filed so far, for recognising the next one.

    >>> known = Known()
    >>> known.match("Nothing is known yet.") is None
    True
    """

    _ids: list[str] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)
    _exact: dict[str, int] = field(default_factory=dict)
    _held: list[array[int]] = field(default_factory=list)
    _index: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Known:
        """Known documents, in the order they were filed."""
        known = cls()
        for document in documents:
            known.add(document)
        return known

    def add(self, document: Document) -> None:
        """Remember a document; a copy is remembered by its id alone."""
        self._texts[document.id] = document.sha256
        if document.duplicate_of is not None:
            return
        body = article(document.text, document.boilerplate)
        number = len(self._ids)
        self._ids.append(document.id)
        self._exact.setdefault(_digest(body), number)
        held = shingles(body)
        self._held.append(array("Q", sorted(held)))
        for mark in sorted(held)[:_SKETCH]:
            self._index[mark].append(number)

    def has(self, document_id: str, sha256: str) -> bool | None:
        """Whether this id is filed with this very text; None if the id is new, False if its text is another."""
        held = self._texts.get(document_id)
        return None if held is None else held == sha256

    def match(self, text: str, boilerplate: Iterable[Span] = ()) -> tuple[str, float] | None:
        """The earlier document this text copies, with their likeness (0-1); None if there is none."""
        body = article(text, boilerplate)
        same = self._exact.get(_digest(body))
        if same is not None and words(body):
            return self._ids[same], 1.0
        held = shingles(body)
        votes = Counter(number for mark in sorted(held)[:_SKETCH] for number in self._index.get(mark, ()))
        best: tuple[float, int] | None = None
        for number, _ in votes.most_common(20):
            share = _likeness(held, frozenset(self._held[number]))
            if share >= _least(len(held), len(self._held[number])) and (best is None or share > best[0]):
                best = (share, number)
        return (self._ids[best[1]], round(best[0], 4)) if best else None


def _least(one: int, other: int) -> float:
    return NEAR if min(one, other) >= _FEW else NEAR_IF_SHORT


def _digest(body: str) -> str:
    return hashlib.sha256(" ".join(words(body)).encode()).hexdigest()
