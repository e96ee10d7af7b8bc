"""Where words that a model gives stand in a text: exactly, but for typography, or nearly, and then in the text's words.

Quotation marks, apostrophes, dashes, blanks, ё and composed letters are written in many ways; a model that copies often
changes them. So both are brought to one way of writing, and every character of that knows which characters of the text
it came from. What is kept is always a stretch of the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from detente.languages import codes, table
from detente.languages.numbers import numerals
from detente.terms import Span

NEAR = 92.0
"""Likeness (0-100, of rapidfuzz) from which other words are taken for a slip in copying."""
_SHORTEST_NEAR = 24
"""Characters below which only the very words count: in a few words one letter makes another word."""
_WIDEST_NEAR = 1.15
"""How much longer than what was given a near stretch may be."""

_QUOTES = '«»“”„‟"″〝〞＂‹›❝❞'
_APOSTROPHES = "'’‘ʼ′‛`´＇"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_DROPPED = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_SAME = {
    **dict.fromkeys(_QUOTES, '"'),
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_DASHES, "-"),
    "…": "...",
    "ё": "е",
    "Ё": "Е",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
    "№": "No",
}
_NO_BLANK_BEFORE = frozenset('";:!?%,.)]')
_NO_BLANK_AFTER = frozenset('"([')


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in one way of writing.

    Attributes:
        text: Its characters.
        starts, ends: For each, the stretch of the text it stands for.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The stretch of the original that a stretch of `text` stands for."""
        return Span(self.starts[start], self.ends[end - 1])


def plain(text: str, offset: int = 0) -> Plain:
    """Bring a text to one way of writing.

    Args:
        offset: Added to all positions.

    >>> plain("« E\u0301tat »\u00a0!").text
    '"État"!'
    >>> found = plain("l’accord — signé…")
    >>> found.text, found.span(2, 8)
    ("l'accord - signé...", Span(start=2, end=8))
    """
    out: list[tuple[str, int, int]] = []
    for start, end in _clusters(text):
        cluster = text[start:end]
        if _DROPPED.fullmatch(cluster):
            continue
        written = unicodedata.normalize("NFC", _DROPPED.sub("", cluster))
        if written.isspace():
            if out and out[-1][0] != " ":
                out.append((" ", start, end))
            continue
        for letter in written:
            out += [(same, start, end) for same in _SAME.get(letter, letter)]
    kept: list[tuple[str, int, int]] = []
    for index, (letter, start, end) in enumerate(out):
        if letter == " ":
            before = kept[-1][0] if kept else ""
            after = out[index + 1][0] if index + 1 < len(out) else ""
            if not before or not after or after in _NO_BLANK_BEFORE or before in _NO_BLANK_AFTER:
                continue
        kept.append((letter, start, end))
    return Plain(
        "".join(letter for letter, _, _ in kept),
        tuple(start + offset for _, start, _ in kept),
        tuple(end + offset for _, _, end in kept),
    )


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Letters with the marks that are set on them."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield start, at
            start = at


@dataclass(frozen=True, slots=True)
class Found:
    """Where given words stand.

    Attributes:
        span: Stretch of the document.
        near: Whether the text's words differ from those given by more than typography.
    """

    span: Span
    near: bool = False


def trimmed(words: str) -> str:
    """Given words without marks, blanks and dots around them.

    >>> trimmed(' «On avance...» ')
    'On avance'
    """
    written = plain(words).text
    return written.strip(" \"'-").removesuffix("...").removeprefix("...").strip(" \"'-")


def find(
    words: str, text: str, span: Span, *, language: str, names: Collection[str] = (), near: bool = True
) -> Found | None:
    """Where words stand within a stretch of a text, or None.

    Args:
        words: As the model gives them.
        span: Where they must be.
        names: Names in that stretch, which a near match must hold alike.
        near: Whether a slip in copying is forgiven.

    >>> text = "Le ministre a évoqué des « progrès notables » à Istanbul."
    >>> found = find('des "progrès notables" à Istanbul', text, Span(0, len(text)), language="fr")
    >>> text[found.span.start : found.span.end]
    'des « progrès notables » à Istanbul'
    >>> find("des reculs notables", text, Span(0, len(text)), language="fr") is None
    True
    """
    wanted = trimmed(words)
    if not any(ch.isalnum() for ch in wanted):
        return None
    there = plain(text[span.start : span.end], span.start)
    for at in _places(wanted, there.text):
        return Found(there.span(at, at + len(wanted)))
    return _near(wanted, there, language, names) if near and len(wanted) >= _SHORTEST_NEAR else None


def _places(wanted: str, text: str) -> Iterator[int]:
    """Places of words in a text, none of which cuts a word in two."""
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        cuts = (at and text[at - 1].isalnum() and wanted[0].isalnum()) or (
            end < len(text) and text[end].isalnum() and wanted[-1].isalnum()
        )
        if not cuts:
            yield at
        at = text.find(wanted, at + 1)


def _near(wanted: str, there: Plain, language: str, names: Collection[str]) -> Found | None:
    low_wanted, low_there = wanted.lower(), there.text.lower()
    if len(low_there) != len(there.text):
        return None  # a letter whose small form is longer: offsets would not hold
    found = fuzz.partial_ratio_alignment(low_wanted, low_there, score_cutoff=NEAR)
    if found is None or found.src_end - found.src_start < len(low_wanted):
        return None
    start, end = _whole_words(there.text, found.dest_start, found.dest_end)
    if start >= end or end - start > len(wanted) * _WIDEST_NEAR:
        return None
    source = there.text[start:end]
    if fuzz.ratio(low_wanted, source.lower()) < NEAR or not same_facts(wanted, source, language, names):
        return None
    return Found(there.span(start, end), near=True)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and start < len(text) and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    while start < end and text[start] in " -":
        start += 1
    while end > start and text[end - 1] in " -":
        end -= 1
    return start, end


_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


@cache
def _denying(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Words that deny in a language, and how such words begin; of all languages where it is none of ours."""
    words, stems = set(), set()
    for code in (language,) if language in codes() else codes():
        for word in table(code, "polarity").get("negation", ()):
            if word.endswith("*"):
                stems.add(word[:-1])
            elif " " not in word:
                words.add(word.rstrip("'"))
    return frozenset(words), tuple(stems)


def denies(text: str, language: str) -> bool:
    """Whether a word in a text denies.

    >>> denies("They did not meet", "en"), denies("They met", "en")
    (True, False)
    """
    return bool(_facts(text, language, ())[1].total())


def same_facts(one: str, other: str, language: str, names: Collection[str] = ()) -> bool:
    """Whether two wordings agree in numbers, in what denies, and in names.

    >>> same_facts("They agreed to lift 12 sanctions", "They agreed to lift 21 sanctions", "en")
    False
    >>> same_facts("Il n'y a pas d'accord", "Il y a un accord", "fr")
    False
    >>> same_facts("the talks, held in Riyadh,", "the talks, held in Rijadh,", "en")
    False
    """
    return _facts(one, language, names) == _facts(other, language, names)


def _facts(text: str, language: str, names: Collection[str]) -> tuple[Counter[str], ...]:
    denying, stems = _denying(language)
    counting = numerals(language).values
    words = [match.group() for match in _WORD.finditer(text)]
    parts = [part for word in words for part in re.split("['-]", word) if part]
    # The first word has a capital whatever it is; it counts as a name only where the text knows it for one.
    known = {part.lower() for name in names for part in re.split(r"[\s'-]+", plain(name).text) if part}
    denied, counted, named = Counter[str](), Counter[str](), Counter[str]()
    for index, part in enumerate(parts):
        low = part.lower()
        if low in denying or low.startswith(stems):
            denied[low] += 1
        if low in counting:
            counted[low] += 1
        if (part[0].isupper() and index > 0) or low in known:
            named[low] += 1
    denied["n't"] = sum(word.lower().endswith("n't") for word in words)
    return Counter(_NUMBER.findall(text)), denied, counted, named
