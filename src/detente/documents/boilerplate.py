"""What stands in a text but is not the article: sharing lines, related links, an outlet's notices, a page's own data.

The text itself is never changed: stretches are marked, and nothing inside them is coded. Marking the words of the
article would lose them silently, leaving a page's line unmarked only shows one coding too many, so every rule asks for
two signs: the words of a list, and the shape of what follows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from detente.documents.boilerplate_lists import lists as _lists
from detente.terms import Span

_TERMINAL = re.compile(r"[.!?…][»”\"'’)\]]*$")
_SENTENCE_END = re.compile(r"[.!?…]+[»”\"'’)\]]*(?=\s+[«“\"'(\[—–-]*[^\W\d_a-zа-яё]|\s*$)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ABBREVIATED = re.compile(r"(?:\b[A-ZА-ЯЁ]|\b(?:г|гг|им|ул|см|т|д|п|M|Mr|Mrs|Ms|Dr|St|No|vs|pp?))$")
_GAP = re.compile(r"[\s.,;:|·•—–/()\[\]-]*")
_CRUMB = re.compile(r"\s*[>›»→|]\s*|\s+[/·•::]+\s+")
_BULLETS = '-–—•*·►▶→>|#0123456789«“"('
_CLOSED = '.!?…»”")>]'
_STAMP = re.compile(
    r"(?:\d{1,2}(?:er)? [^\W\d_]{3,9}\.?,? \d{4}(?: года| г\.)?|[^\W\d_]{3,9}\.? \d{1,2}, \d{4}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4})"
    r",?(?: (?:à|at|в|-|–|—|\|))? \d{1,2}[:hч]\d{2}(?!\d)"
)
# The title of a linked page with its day, then the article: «Смотрите также Встреча с … 5 мая 2020 года Владимир …».
_LINKED = re.compile(
    r"(?: [^.!?…\n]{8,200}?\b\d{1,2} [^\W\d_]{3,9}\.? \d{4}(?: года| г\.)?(?:,? \d{1,2}:\d{2})?(?= [A-ZÀ-ÝА-ЯЁ])){1,4}"
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def find_boilerplate(text: str, *, title: str = "") -> tuple[Span, ...]:
    """Mark what is not the article.

    Args:
        text: The stored text; it may have lost its line breaks.
        title: Title of the page, where known: one run into the first sentence is marked.

    Returns:
        Spans in text order, apart from one another.

    >>> text = "Talks ended in Istanbul.\\nShare this article:\\nSport\\n2 days ago"
    >>> [text[s.start : s.end] for s in find_boilerplate(text)]
    ['Share this article:\\nSport\\n2 days ago']
    """
    lines = [_Line(m.start(), m.end(), m.group().strip()) for m in re.finditer(r"[^\n]+", text) if m.group().strip()]
    if not lines:
        return ()
    marked = [_is_boilerplate_line(line.text) for line in lines]
    _mark_teasers(lines, marked)
    _mark_top(lines, marked, title)
    _mark_captions(lines, marked)
    tail = _tail_start(lines, marked)
    for index in range(tail, len(lines)):
        marked[index] = True
    spans = [(line.start, line.end) for line, mark in zip(lines, marked, strict=True) if mark]
    for line, mark in zip(lines, marked, strict=True):
        if not mark:
            spans.extend(_inside(text, line, last=line is lines[min(tail, len(lines)) - 1] if tail else False))
    spans.extend(_head(text, lines[0], title))
    spans.extend(_repeated(text, lines[0], title))
    return tuple(_joined(text, spans))


def find_title(text: str) -> str:
    """The title a plain text opens with: a short line without a full stop before longer ones; else empty.

    A one- or two-word line above it is the name of a section.

    >>> find_title("la Russie\\nUne normalisation qui change de rythme\\n\\nDepuis mars, les deux pays se parlent.")
    'Une normalisation qui change de rythme'
    """
    lines = [line.strip() for line in text.split("\n", 40)[:40] if line.strip()]
    if len(lines) < 2:
        return _title_before_stamp(text)
    held = [_Line(0, 0, line) for line in lines]
    marked = [_is_boilerplate_line(line) for line in lines]
    step = _mark_top(held, marked, "")
    if step:
        return step
    skipped = next((index for index, mark in enumerate(marked) if not mark), len(lines))
    for index, line in enumerate(lines[: skipped + 3]):
        if marked[index] or _STAMP.match(line):
            continue
        if len(line) > 250 or re.search(r"[.!…;:,]$", line):
            return ""
        words = len(_WORD.findall(line))
        follows_title = index + 1 < len(lines) and not _prose(lines[index + 1]) and len(lines[index + 1]) < 250
        if words < 3 and follows_title:
            continue  # the name of a section
        return line if words >= 3 and any(_prose(later) for later in lines[index + 1 :]) else ""
    return ""


def _title_before_stamp(text: str) -> str:
    stamp = _STAMP.search(text, 0, 400)
    if stamp is None or stamp.start() == 0:
        return ""
    before = text[: stamp.start()].strip()
    if _SENTENCE_END.search(before):
        return ""
    section = _lists().section.match(before)
    return before[section.end() :] if section else before


def _words(text: str) -> int:
    return len(_WORD.findall(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if _ABBREVIATED.search(text[max(start, end.start() - 6) : end.start()]):
            continue
        yield start, end.end()
        start = end.end()
    if text[start:].strip():
        yield start, len(text)


def _opens(sentence: str) -> bool:
    """Whether a sentence starts as a page's line does, and goes on as one: a link's title has a capital."""
    lists = _lists()
    if not lists.opens.match(sentence):
        return False
    related = lists.related.match(sentence)
    rest = sentence[related.end() :].lstrip() if related else ""
    return not rest or not rest[0].islower() or _words(rest) < 6


def _prose(text: str) -> bool:
    """Whether a stretch holds a sentence of running text that no list knows."""
    lists = _lists()
    for start, end in _sentences(text):
        sentence = text[start:end].strip()
        if not _TERMINAL.search(sentence) or _words(sentence) < 6:
            continue
        if lists.notice.search(sentence) or _opens(sentence):
            continue
        return True
    return False


def _is_boilerplate_line(line: str) -> bool:
    """Whether a line by itself belongs to the page, wherever it stands."""
    lists = _lists()
    bare = line.lstrip("-–—•*·►▶→>|[( \u00a0")
    if not bare:
        return False
    if len(bare) <= 160 and (lists.credit.match(line) or lists.credit.match(bare)):
        return True
    if len(bare) <= 250 and lists.alone.fullmatch(line):
        return True
    if len(bare) <= 250 and lists.tag_line.fullmatch(bare) and not _TERMINAL.search(bare):
        return True
    if len(bare) <= 400 and _pieces(bare):
        return True
    if len(bare) <= 300 and _opens(bare) and not _prose(bare):
        return True
    if len(bare) <= 60 and lists.heads.match(bare) and _words(bare) <= 4:
        return True
    if not lists.notice.search(bare):
        return False
    # A notice among other sentences is marked alone (see _inside); here every sentence must be one or be short.
    return len(bare) <= 2500 and not _prose(bare)


def _pieces(line: str) -> bool:
    """Whether a line says only when the article was published, how long it reads, for whom, how often it was seen."""
    lists = _lists()
    at = 0
    told = False
    while at < len(line):
        found = lists.piece.match(line, at)
        if found is None or found.end() == at:
            beside = lists.beside.match(line, at)
            if beside is None or beside.end() == at:
                return False
            at = beside.end()
        else:
            told = True
            at = found.end()
        gap = _GAP.match(line, at)
        if gap is None:
            return False
        at = gap.end()
    return told


def _breadcrumb(line: str) -> bool:
    """Whether a line is a path through a site, or a row of its sections: short names between the same marks."""
    if len(line) > 300 or _TERMINAL.search(line):
        return False
    parts = [part.strip() for part in _CRUMB.split(line)]
    if len(parts) < 2 or not all(parts):
        return False
    lists = _lists()
    if lists.top_home.fullmatch(parts[0]):
        return all(_words(part) <= 8 for part in parts[:-1]) and _words(parts[-1]) <= 30
    known = sum(_names_page(part) for part in parts)
    return (
        len(parts) >= 3 and known >= 2 and all(_words(part) <= 6 and not any(map(str.isdigit, part)) for part in parts)
    )


def _names_page(text: str) -> bool:
    """Whether a text is the name of a site's page or of a public body, and says nothing about it."""
    lists = _lists()
    if len(text) > 120 or _words(text) > 12:
        return False
    if lists.top_page.fullmatch(text):
        return True
    return lists.top_body.fullmatch(text) is not None and lists.caption_not.search(text) is None


def _mark_top(lines: list[_Line], marked: list[bool], title: str) -> str:
    """What a site puts above its article, line by line: the path to the page, the office, the kind of text.

    One name of a section may be a heading of the author's own; two of them, or the word for a home page, may not.

    Returns:
        The title, where it was one step of the path and so marked; else empty.
    """
    lists = _lists()
    top = next((i for i, line in enumerate(lines[:15]) if not marked[i] and _running(line.text)), min(len(lines), 15))
    names = [i for i in range(top) if _names_page(lines[i].text)]
    paths = [i for i in range(top) if _breadcrumb(lines[i].text)]
    sure = any(lists.top_sure.fullmatch(lines[i].text) or lists.top_home.fullmatch(lines[i].text) for i in names)
    if len(names) < 2 and not sure and not paths:
        names = []
    for index in names + paths:
        marked[index] = True
    for index in range(top):
        if not marked[index] and lists.byline.fullmatch(lines[index].text):
            marked[index] = True
    # The title that closes such a path, with the kind of text named below it, is a step of the path.
    wanted = " ".join(title.split()).casefold()
    step = ""
    for index in range(top):
        text = " ".join(lines[index].text.split())
        if marked[index] or _TERMINAL.search(text) or not 3 <= _words(text) <= 40 or _STAMP.match(text):
            continue
        above = [i for i in names if i < index]
        again = any(" ".join(line.text.split()) == text for line in lines[index + 1 : top])
        # A step of the path stands right under another one and right above the next.
        inside = len(above) >= 2 and above[-1] == index - 1 and index + 1 in names
        if inside or (above and again) or (above and index + 1 in names and text.casefold() == wanted):
            marked[index] = True
            step = text
    return step


def _running(text: str) -> bool:
    return _prose(text) or _words(text) > 40


def _mark_captions(lines: list[_Line], marked: list[bool]) -> None:
    """What stands under a picture, where it says so: whose it is, who is left and right, or who was there and when."""
    lists = _lists()
    for index, line in enumerate(lines):
        text = line.text
        if marked[index] or index == 0 or len(text) > 500 or not 4 <= _words(text) <= 60 or text[0] in _BULLETS:
            continue
        credit = lists.caption_credit.search(text)
        if credit is not None and _words(text) <= 45 and not lists.caption_not.search(text, 0, credit.start()):
            # What happened, told in the past, is a paragraph that a credit ran into.
            marked[index] = True
            continue
        if _TERMINAL.search(text) or _words(text) > 45 or ":" in text:
            continue
        above = next((i for i in range(index - 1, -1, -1) if not marked[i]), None)
        below = next((i for i in range(index + 1, len(lines)) if not marked[i]), None)
        # Among short lines it may be an entry of a list or a heading; under a path, a title.
        if above is None or not _running(lines[above].text) or (below and not _running(lines[below].text)):
            continue
        dated = lists.dated.search(text)
        named = lists.named.match(text)
        pictured = dated is not None and named is not None and lists.caption_verb.search(text, named.end()) is not None
        still = dated is not None and named is not None and lists.caption_not.search(text) is None
        marked[index] = pictured or still or lists.caption_sign.search(text) is not None


def _bio(text: str) -> bool:
    """Whether a paragraph says who wrote the article."""
    lists = _lists()
    return _words(text) <= 60 and lists.bio.match(text) is not None and lists.bio_not.search(text) is None


def _mark_teasers(lines: list[_Line], marked: list[bool]) -> None:
    """A bare heading of related links takes the one line below it along, if that line reads like a title."""
    lists = _lists()
    for (index, line), below in pairwise(enumerate(lines)):
        bare = line.text.rstrip(" :")
        if marked[index] and len(bare) <= 40 and lists.opens.match(bare) and _teaser(below[1].text):
            marked[index + 1] = True


def _teaser(line: str) -> bool:
    return not _TERMINAL.search(line) and 3 <= _words(line) <= 30


def _tail_start(lines: list[_Line], marked: list[bool]) -> int:
    """Index of the first line of a closing block in which no running text stands; the number of lines if none."""
    lists = _lists()
    first = len(lines)
    labels = 0
    ages = 0
    index = len(lines) - 1
    while index > 0:
        text = lines[index].text
        is_label = lists.label.match(text) is not None and _words(text) <= 12
        is_age = len(text) <= 80 and lists.age.search(text) is not None
        labels += is_label
        ages += is_age
        ends = _breadcrumb(text) or any(p.fullmatch(text) for p in (lists.tag_head, lists.tag_tail, lists.byline))
        signed = index > 1 and index >= min(first, len(lines)) - 1 and _bio(text)
        if marked[index] or (is_label and labels >= 2) or is_age or ends or signed or _mostly_notices(text):
            first = index
        elif _prose(text) or _words(text) > 40:
            break
        index -= 1
    # Teasers carry their section above their age: "Santé / Il y a 4 jours"; the line above the first age goes along.
    if first < len(lines) and not marked[first] and lists.age.search(lines[first].text) and ages >= 2:
        while first > 1 and not _prose(lines[first - 1].text) and _words(lines[first - 1].text) <= 20:
            first -= 1
    return first


def _mostly_notices(text: str) -> bool:
    held = [text[start:end] for start, end in _sentences(text)]
    return sum(_lists().notice.search(sentence) is not None for sentence in held) >= max(1, 0.4 * len(held))


def _inside(text: str, line: _Line, *, last: bool) -> Iterator[tuple[int, int]]:
    """Within a line of prose: notices, and a tail that has run into the last sentence."""
    lists = _lists()
    body = text[line.start : line.end]
    tail = _inline_tail(body) if last and len(body) > 80 else None
    if tail is not None:
        yield line.start + tail, line.end
        body = body[:tail]
    for match in lists.boxes.finditer(body):
        # A box of links inside an article that lost its line breaks: «… Смотрите также Участники … года Куба …».
        before = body[: match.start()].rstrip()
        linked = _LINKED.match(body, match.end())
        if linked is not None and match.group()[0].isupper() and before[-1:] in _CLOSED and _prose(before):
            yield line.start + match.start(), line.start + linked.end()
    for match in lists.announced.finditer(body):
        if body[: match.start()].rstrip()[-1:] in _CLOSED and body[match.end() :].lstrip()[:1].isupper():
            yield line.start + match.start(), line.start + match.end()
    if len(body) > 200_000 or not lists.notice.search(body):
        return
    for start, end in _sentences(body):
        sentence = body[start:end]
        if lists.notice.search(sentence) and len(sentence) < 500:
            lead = len(sentence) - len(sentence.lstrip())
            yield line.start + start + lead, line.start + end


def _inline_tail(body: str) -> int | None:
    """Offset in a line from which only the page speaks, or None."""
    lists = _lists()
    window = max(0, len(body) - 3000)
    candidates: list[int] = []
    for match in lists.inline.finditer(body, window):
        before = body[: match.start()].rstrip()
        glued = before and before == body[: match.start()]
        linked = _LINKED.match(body, match.end())
        if linked is not None and _prose(body[linked.end() :]):
            continue  # a box inside the article
        if not before or before[-1] in _CLOSED or glued:
            candidates.append(match.start())
    fields = [match.start() for match in lists.labels_inline.finditer(body, window)]
    for place, (at, later) in enumerate(pairwise(fields)):
        before = body[:at].rstrip()
        # Three fields in a row are a data block whatever stands before them.
        if before and later - at < 400 and (before[-1] in _CLOSED or len(fields) - place > 2):
            candidates.append(at)
    for at in sorted(candidates):
        tail = body[at:]
        # A tail of links and fields has no full sentences; 40 words without one are more than a heading either way.
        if not _prose(tail) and (len(fields) > 1 or _words(tail) <= 60):
            return at
    return None


def _head(text: str, line: _Line, title: str) -> Iterator[tuple[int, int]]:
    """A section's name and the title, run into the first sentence of a text that lost its line breaks."""
    body = text[line.start : line.end]
    begin = len(body) - len(body.lstrip())
    section = _lists().section.match(body, begin)
    if _words(body) < 12:
        stamp = _STAMP.search(body, begin) if section else None
        if stamp is not None:
            yield line.start + begin, line.start + len(body[: stamp.start()].rstrip())  # a line of its own
        return
    if title:
        wanted = re.compile(re.sub(r"\\?\s+", r"\\s+", re.escape(title.strip())))
        opens = section.end() if section and not wanted.match(body, begin) else begin
        found = wanted.match(body, opens)
        after = body[found.end() :].lstrip()[:1] if found else ""
        if found and (after.isupper() or after.isdigit()):
            # What a page says of its own text below the title: "Анонс на 13 марта 2025 года".
            label = _lists().announced.match(body, found.end())
            yield line.start + begin, line.start + (label or found).end()
            return
    related = _lists().related.match(body, begin)
    linked = _LINKED.match(body, related.end()) if related else None
    if linked is not None:
        yield line.start + begin, line.start + linked.end()
        return
    if section is not None:
        # A title has no finite verb: the first sentence opens where one stands behind its subject or before it.
        starts = _lists().starts.search(body, section.end() + 1, section.end() + 250)
        if starts is not None and not _SENTENCE_END.search(body[section.end() : starts.start()]):
            yield line.start + begin, line.start + starts.start()
            return
    stamp = _STAMP.search(body, begin, begin + 400)
    if stamp is None or stamp.start() == begin:
        return
    before = body[begin : stamp.start()].rstrip()
    if not _SENTENCE_END.search(before) and _words(before) <= 40 and _words(body[stamp.end() :]) > 8:
        yield line.start + begin, line.start + begin + len(before)


def _repeated(text: str, line: _Line, title: str) -> Iterator[tuple[int, int]]:
    """The title again below a picture, run into the sentence that follows."""
    wanted = " ".join(title.split())
    if _words(wanted) < 4:
        return
    pattern = re.compile(re.escape(wanted).replace(r"\ ", r"\s+"))
    for found in pattern.finditer(text, line.start, line.end):
        before, after = text[line.start : found.start()].rstrip(), text[found.end() : line.end].lstrip()[:1]
        if re.search(r"[.!?…]\s", before) and before[-1] not in ",:(«" and (after.isupper() or after == "*"):
            yield found.span()


def _joined(text: str, spans: list[tuple[int, int]]) -> Iterator[Span]:
    held: tuple[int, int] | None = None
    for start, end in sorted(spans):
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            continue
        if held is not None and not text[held[1] : start].strip():
            held = (held[0], max(held[1], end))
            continue
        if held is not None:
            yield Span(*held)
        held = (start, end)
    if held is not None:
        yield Span(*held)
