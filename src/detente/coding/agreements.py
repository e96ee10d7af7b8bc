"""What was agreed: the points of a list that follows a verb or noun of agreeing, each with its exact words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.coding.events_lexicon import lexicon
from detente.languages import grammar
from detente.terms import Evidence

_NEAR = 60
"""Characters between the word of agreeing and a colon that opens its list, where no number announces the list."""

_BULLET = re.compile(r"\s*(?:[-–—•·*▪]|\(?\d{1,2}[.)]|\(?[a-zа-я]\))\s+")
_NUMBERED = re.compile(r"(?:(?<=\s)|^)\(?(\d)[.)]\s+")


def points(
    text: str, start: int, end: int, document: str, language: str, stop: int | None = None
) -> tuple[Evidence, ...]:
    """Read the list that follows an agreement.

    Args:
        text: The whole document.
        start: Where the words of agreeing end.
        end: End of their sentence.
        stop: How far a bulleted list after the sentence may reach; None for no list beyond the sentence.

    Returns:
        The points in text order; empty where there are fewer than two.

    >>> text = "Ils ont convenu de trois points : la paix, le commerce et les visas."
    >>> [p.quote for p in points(text, 18, len(text), "d", "fr")]
    ['la paix', 'le commerce', 'les visas']
    """
    head = text[:end].rstrip()
    count = _count(text[max(0, start - 80) : end], language)
    if head.endswith(":") and stop is not None:
        return _bulleted(text, end, stop, document)
    colon = text.find(":", start, end)
    if colon > 0 and text[colon + 1 : end].strip():
        spans = _numbered(text, colon + 1, end) or _split(text, colon + 1, end, language, count)
        listed = count is not None or ";" in text[colon:end]
        if not listed and (colon - start > _NEAR or not _alike(text, spans, language)):
            spans = []  # a colon that explains, no list
    else:
        spans = _governed(text, start, end, language)
    if len(spans) < 2:
        return ()
    return tuple(Evidence(document, s, e, text[s:e]) for s, e in spans)


def _and(language: str) -> str:
    return grammar(language).pattern("and").pattern


def _count(text: str, language: str) -> int | None:
    rules = grammar(language)
    words, counted = "|".join((*rules.numbers, r"\d")), rules.pattern("counted").pattern
    match = re.search(rf"\b({words})\s+(?:\w+\s+)?(?:{counted})\b", text, re.IGNORECASE)
    if match is None:
        return None
    return int(match[1]) if match[1].isdigit() else rules.numbers[match[1].lower()]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in ' \t\n\u00a0\u202f,;:-–—•"«»“”':
        start += 1
    while end > start and text[end - 1] in ' \t\n\u00a0\u202f,;.:"«»“”':
        end -= 1
    return start, end


def _numbered(text: str, start: int, end: int) -> list[tuple[int, int]]:
    marks = list(_NUMBERED.finditer(text, start, end))
    if len(marks) < 2:
        return []
    ends = [m.start() for m in marks[1:]] + [end]
    return [span for span in (_trim(text, m.end(), e) for m, e in zip(marks, ends, strict=True)) if span[0] < span[1]]


def _bulleted(text: str, start: int, stop: int, document: str) -> tuple[Evidence, ...]:
    found: list[tuple[int, int]] = []
    at = start
    for line in text[start:stop].split("\n"):
        if not line.strip():
            at += len(line) + 1
            continue
        mark = _BULLET.match(line)
        if mark is None:
            if found and line.startswith((" ", "\t")):  # a bullet that runs on
                found[-1] = _trim(text, found[-1][0], at + len(line))
                at += len(line) + 1
                continue
            break
        span = _trim(text, at + mark.end(), at + len(line))
        if span[0] < span[1]:
            found.append(span)
        at += len(line) + 1
    if len(found) < 2:
        return ()
    return tuple(Evidence(document, s, e, text[s:e]) for s, e in found)


def _pieces(text: str, start: int, end: int, mark: str) -> list[tuple[int, int]]:
    spans, at = [], start
    for match in re.finditer(mark, text[start:end]):
        spans.append((at, start + match.start()))
        at = start + match.end()
    return [*spans, (at, end)]


def _shape(text: str, language: str) -> str:
    match = grammar(language).pattern("point_opening").match(text.strip())
    return match.lastgroup or "" if match else ""


def _alike(text: str, spans: Sequence[tuple[int, int]], language: str) -> bool:
    """Do the pieces open alike, as points of one list do? In Russian short pieces without a verb will do."""
    shapes = {_shape(text[s:e] + " ", language) for s, e in spans}
    if len(shapes) == 1 and shapes != {""}:
        return True
    known = lexicon(language)
    words = [text[s:e].lower().split() for s, e in spans]
    finite = any(
        entry.tags & {"past", "pres", "fut"} for piece in words for word in piece for entry in known.entries(word)
    )
    return len(spans) >= 3 and not finite and all(len(piece) <= 7 for piece in words)


def _split(text: str, start: int, end: int, language: str, count: int | None) -> list[tuple[int, int]]:
    if ";" in text[start:end]:
        pieces = _pieces(text, start, end, ";")
        spans = [_trim(text, s, e) for s, e in pieces]
        return [s for s in (_without_and(text, span, language) for span in spans) if s[0] < s[1]]
    pieces = _pieces(text, start, end, ",")
    *most, last = pieces
    cuts = [m.start() + last[0] for m in re.finditer(rf"\s{_and(language)}\s", text[last[0] : last[1]])]
    tail = [last]
    if cuts and not re.match(rf"\s*{_and(language)}\s", text[last[0] : last[1]]):
        wanted = None if count is None else count - len(most)
        if wanted is None or wanted == 2:
            shape = _shape(text[pieces[0][0] : pieces[0][1]], language)
            word = re.compile(rf"\s{_and(language)}\s")
            alike = [c for c in cuts if shape and _shape(text[word.match(text, c).end() : last[1]], language) == shape]  # type: ignore[union-attr]
            cut = (alike or cuts)[0]
            tail = [(last[0], cut), (cut, last[1])]
    spans = [_without_and(text, _trim(text, s, e), language) for s, e in [*most, *tail]]
    return [s for s in spans if s[0] < s[1]]


def _without_and(text: str, span: tuple[int, int], language: str) -> tuple[int, int]:
    match = re.match(rf"{_and(language)}\s+", text[span[0] : span[1]])
    return _trim(text, span[0] + match.end(), span[1]) if match else span


def _governed(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """A list without colon: "agreed to V, V and V", "convenu de V, de V et de V", «договорились V, V и V»."""
    rest = text[start:end]
    lead = grammar(language).pattern("point_lead").match(rest)
    if lead is None or ":" in rest:
        return []
    stop = re.search(rf"[;()—–]|{grammar(language).pattern('points_end').pattern}", rest)
    end = start + stop.start() if stop else end
    spans = _pieces(text, start, end, rf",\s+{_and(language)}\s|,|\s{_and(language)}\s")
    spans = [_trim(text, s, e) for s, e in spans]
    if grammar(language).traits.verbs == "english":
        verbs = lexicon(language)
        first_to = [text[s:e].startswith("to ") for s, e in spans]
        base = [any("inf" in entry.tags for entry in verbs.entries(text[s:e].split(" ")[0].lower())) for s, e in spans]
        fits = [to or inf for to, inf in zip(first_to, base, strict=True)]
    else:
        shapes = [_shape(text[s:e] + " ", language) for s, e in spans]
        fits = [bool(shape) and shape == shapes[0] for shape in shapes]
    # A piece that does not open like a point belongs to the one before ("exchange prisoners and sailors").
    joined: list[tuple[int, int]] = []
    for span, fit in zip(spans, fits, strict=True):
        if fit or not joined:
            joined.append(span)
        else:
            joined[-1] = (joined[-1][0], span[1])
    return joined


def bulleted(lines: Sequence[str]) -> bool:
    """True where every line is a bullet.

    >>> bulleted(["- visas", "- flights"])
    True
    """
    return all(_BULLET.match(line) for line in lines)
