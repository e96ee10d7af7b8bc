"""A document is read once for all finders: sentences, times, names, and what stands in quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from detente.coding.names import Names
from detente.coding.passages import Mention, Passage, Reading
from detente.coding.times import find_times
from detente.coding.voice import find_voice, first_person, own_head, signed_by_head
from detente.documents import split
from detente.dossier import Dossier
from detente.terms import Document, Span, TimeExpression

_CLOSING = {"«": "»", "“": "”", "„": "“", "‟": "”", "``": "''"}
_MARK = re.compile(r"''|``|[«»“”„\"]|(?<=[\s(\[—–-])‘(?=\w)|(?<=\S)’(?=[\s,.;:!?)»]|$)")
_SENTENCE_INSIDE = re.compile(r"[.!?…;,]")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NAME_WORDS = 4


def read(document: Document, dossier: Dossier, names: Names) -> Reading:
    """Cut a document into passages and mark its names, times and quotations; boilerplate is left out.

    Args:
        names: Made for this dossier; kept by the caller, because making it reads the whole registry.
    """
    sentences = split(document.text, document.language, skip=document.boilerplate)
    mentions = names.find(document, sentences)
    times = find_times(document, sentences)
    quotes, notes = quotations(document.text)
    whole = wholly_quoted(document.text, sentences)
    if whole:
        # Marks around the whole text part nothing in it.
        quotes = tuple(q for q in quotes if not q.overlaps(sentences[0]) and not q.overlaps(sentences[-1]))
    voice = find_voice(document, dossier, names)
    if voice is not None:
        ours = tuple(first_person(document, voice, sentences, quotes, dossier))
        mentions = tuple(sorted((*mentions, *ours), key=lambda m: m.span.start)) if ours else mentions
        voice = signed_by_head(voice, ours)
        mentions = tuple(own_head(m, voice, document.language, dossier) for m in mentions)
    starts = [span.start for span in sentences]
    mentions_in: list[list[Mention]] = [[] for _ in sentences]
    times_in: list[list[TimeExpression]] = [[] for _ in sentences]
    quotes_in: list[list[Span]] = [[] for _ in sentences]
    for mention in mentions:
        mentions_in[bisect_right(starts, mention.span.start) - 1].append(mention)
    for time in times:
        times_in[bisect_right(starts, time.evidence.start) - 1].append(time)
    for quote in quotes:
        i = max(0, bisect_right(starts, quote.start) - 1)
        while i < len(sentences) and sentences[i].start < quote.end:
            if sentences[i].overlaps(quote):
                quotes_in[i].append(quote)
            i += 1
    passages = []
    paragraph = counted = 0
    for i, span in enumerate(sentences):
        paragraph += document.text.count("\n", counted, span.start)
        counted = span.start
        passages.append(
            Passage(
                index=i,
                span=span,
                text=document.text[span.start : span.end],
                paragraph=paragraph,
                mentions=tuple(mentions_in[i]),
                times=tuple(times_in[i]),
                quoted=tuple(quotes_in[i]),
            )
        )
    return Reading(document, dossier, tuple(passages), notes, voice=voice)


def wholly_quoted(text: str, sentences: Sequence[Span]) -> bool:
    """Whether one pair of quotation marks encloses all of a text: a statement given in full.

    >>> text = "“They met. They will meet again.”"
    >>> wholly_quoted(text, [Span(0, 10), Span(11, len(text))])
    True
    """
    if len(sentences) < 2:
        return False
    body = text[sentences[0].start : sentences[-1].end].strip()
    closing = _CLOSING.get(body[:1], body[:1])
    if body[:1] not in ("“", "«", '"') or body.rstrip(".")[-1:] != closing:
        return False
    inside = body[1:].rstrip(".")[:-1]
    return closing not in inside


def quotations(text: str) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Stretches in quotation marks, without the marks, and remarks on marks that were never closed.

    Names of papers and bodies («РИА Новости»), lone words (« quand ») and marks within marks are no quotations. A mark
    left open closes at the end of its paragraph; where the next paragraph opens with one again, the quotation goes on.

    >>> text = "Il parle de « progrès notables » à l'agence « Rossiya Segodnya »."
    >>> [text[q.start : q.end] for q in quotations(text)[0]]
    ['progrès notables']
    """
    found: list[Span] = []
    notes: list[str] = []
    begin = 0
    for line in text.split("\n"):
        spans, unclosed = _in_paragraph(text, begin, begin + len(line))
        found.extend(part for span in spans if _is_speech(text, span) for part in _without_incises(text, span))
        if unclosed and not text[begin + len(line) :].lstrip().startswith(unclosed):
            notes.append(f"quotation opened by {unclosed} is not closed before offset {begin + len(line)}")
        begin += len(line) + 1
    return tuple(found), tuple(notes)


def _in_paragraph(text: str, begin: int, end: int) -> tuple[list[Span], str]:
    """Outermost quotations of one paragraph, and the mark that is still open at its end."""
    spans: list[Span] = []
    mark, start, depth = "", 0, 0
    for match in _MARK.finditer(text, begin, end):
        sign = match.group()
        if not mark:
            if sign in _CLOSING or sign in ('"', "''", "‘"):
                if sign in ('"', "''") and not _opens(text, match.end(), end):
                    continue
                mark, start, depth = sign, match.end(), 1
            continue
        closing = _CLOSING.get(mark, "’" if mark == "‘" else mark)
        if sign == closing or (mark == "„" and sign == "”") or (mark == "“" and sign == '"'):
            depth -= 1
            if depth == 0:
                _add(text, spans, start, match.start())
                mark = ""
        elif sign == mark:
            depth += 1
    if mark:
        _add(text, spans, start, end)
    return spans, mark


# "« Le dialogue, a-t-elle dit, reprendra »", "«Диалог, — отметил X, — начался»": the teller speaks inside the marks.
_INCISE = re.compile(
    r",\s*[—–-]\s+(?P<ru>[^«»“”—–]{3,110}?)[,.]\s*[—–-]\s"
    r"|,\s+(?P<fr>(?:[\w’']+[\s’'])?[\w’']+-(?:t-)?(?:il|elle|on)\b[^,«»“”]{0,60}"
    r"|(?:a|ont|avait|explique|précise|ajoute|poursuit)\s[^,«»“”]{3,70}),\s"
)


def _without_incises(text: str, span: Span) -> list[Span]:
    """A quotation without what its teller puts between commas or dashes."""
    parts: list[Span] = []
    start = span.start
    for match in _INCISE.finditer(text, span.start, span.end):
        _add(text, parts, start, match.start())
        start = match.end()
    _add(text, parts, start, span.end)
    return parts


def _opens(text: str, after: int, end: int) -> bool:
    return after < end and not text[after].isspace() and text[after] not in ",.;:!?)"


def _add(text: str, spans: list[Span], start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _is_speech(text: str, span: Span) -> bool:
    inside = text[span.start : span.end]
    words = _WORD.findall(inside)
    if not words:
        return False
    before = text[: span.start].rstrip()[:-1].rstrip()[-1:]
    introduced = before in ("", ":", ",", "\n", ".", "—", "–")
    if len(words) == 1:
        return introduced and inside[-1:] in ".!?…"
    ended = _SENTENCE_INSIDE.search(inside) is not None
    return not (len(words) <= _NAME_WORDS and inside[:1].isupper() and not ended and not introduced)


def quoted_in(passage: Passage, start: int, end: int) -> Sequence[Span]:
    """Quotations of a passage that touch the stretch between two document offsets."""
    return [quote for quote in passage.quoted if quote.start < end and start < quote.end]
