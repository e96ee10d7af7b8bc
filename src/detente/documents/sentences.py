"""A text is cut into sentences, by rules and each language's lists of abbreviations (`sentences.toml`).

Boundaries of treebank sentences put together by tens, November 2026, F1 on the development parts: 0.98 French
(UD GSD), 0.98 Russian (UD GSD), 0.95 English (UD GUM); precision 0.98 to 0.99. Most of what is missed has no full stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from detente.languages import codes, grammar, table
from detente.terms import Span

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_CLOSING = r"(?:[  \u202f]*[»”\)\]]|[\"'’]| ?\[\d{1,3}\])*"
_STOP = re.compile(rf"[.!?…]+({_CLOSING})")
_GAP = re.compile(r"\s+")
# Columns of a plain-text table stand apart; what stands in them is no one sentence.
_COLUMNS = re.compile(r"(?<!\s)\s{40,}")
# Characters of a sentence. The longest of the gold sets has under 2,000; what is longer is a table or a list of names,
# and patterns that look backward and forward in a sentence take the square of its length.
LONGEST = 4000
_BULLET = re.compile(r"(?:[-*•·▪▸►‣◦]+\s+)+")
_NUMBERED = re.compile(r"(?<!\S)(\d{1,2})[.)] +(?=[«“\"(]?[^\W\d_])")
_LAST_TOKEN = re.compile(r"(?:[^\W\d_]+(?:[.\-’'][^\W\d_]+)*)$")
_ROMAN_OR_DIGITS = re.compile(r"(?:\d|\b[IVXL]+)\W*$")
# A date with a time of day, or a lone time, that a page puts before its text.
_STAMP = re.compile(
    r"\s*(?:\d{1,2}(?:er)?[ .][^\W\d_]{3,9}\.?,? \d{4}(?: года| г\.)?"
    r"|[^\W\d_]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.\d{1,2}\.\d{4})"
    r"[,|]?(?: (?:à|at|в))? \d{1,2}[:h]\d{2}(?: ?[ap]m\b)? (?:[-–—|] )?"
    r"(?:(?P<place>[А-ЯЁ][\w-]+(?: (?:область|край))?, [А-ЯЁ][\w-]+) (?=[А-ЯЁ]))?(?=[^\W_])"
)
# A transcript's next speaker: «В.Путин: Добрый день», «Н.Мадуро Мадуро Николас Президент (как переведено) : …».
_TURN = re.compile(
    r"(?<!\S)(?P<name>(?:[^\W\d_]{1,2}\. ?(?:[^\W\d_]\. ?)?|(?=[A-ZА-ЯЁ][\w-]+ [A-ZА-ЯЁ][\w-]* \([^()]{3,40}\) ?:))"
    r"(?P<last>[A-ZÀ-ÝА-ЯЁ][\w-]+)(?: [A-ZА-ЯЁ][\w-]*)?)"
    r"(?: (?P=last) [^.:;!?]{5,160}?)?(?: \([^()]{3,40}\))? ?: (?=\S)"
)
# The bold words before a point of a fact sheet: "**OPENING MARKETS:** On Friday, …".
_BOLD_LEAD = re.compile(r"\s*\*\*[^*\n]{3,160}(?::\*\*|\*\*:)\s+(?=\S)")
_PARTICLE = re.compile(r"(?:L[ea]s?|D[eu]s?|Van|Von|El|Al)[ -][A-ZÀ-Ý]")
_ITEM = re.compile(r";\s+(?=[^\W\d_])")
_OPENERS = "«“„\"'‘([{—–-‐\u00a0\u202f "


@cache
def _words(name: str, language: str) -> frozenset[str]:
    """A list of `sentences.toml`; a language without one is read with those of all the others.

    Cutting too little harms less than cutting names.
    """
    chosen = (language,) if table(language, "sentences") else codes()
    return frozenset(word.rstrip(".") for code in chosen for word in table(code, "sentences").get(name, "").split())


def split(text: str, language: str, *, skip: Sequence[Span] = ()) -> list[Span]:
    """Cut a text into sentences.

    A line break ends a sentence, except where prose was wrapped at a fixed width: the line is long, does not end
    in punctuation, and the next one starts in lower case. Forty blanks in a row end one too, as between columns.
    List bullets and surrounding blanks are left outside. What is longer than `LONGEST` characters is cut at a blank.

    Args:
        text: Any text; offsets count its code points.
        language: Its code; one without lists is cut with the abbreviations of all that have them.
        skip: Stretches to leave out (boilerplate). No sentence reaches into or across them.

    Returns:
        Spans in text order, without overlaps, none of them empty.

    >>> text = "M. Lavrov a vu J. D. Vance à 18 h. « C'est fini. » Washington se tait…"
    >>> [text[s.start : s.end] for s in split(text, "fr")]
    ['M. Lavrov a vu J. D. Vance à 18 h.', "« C'est fini. »", 'Washington se tait…']
    >>> [(s.start, s.end) for s in split("Talks ended. Share this. Done.", "en", skip=[Span(13, 24)])]
    [(0, 12), (25, 30)]
    """
    sentences: list[Span] = []
    for start, end in _stretches(text, language, skip):
        for column, column_end in _columns(text, start, end):
            for sentence in _cut(text, column, column_end, language):
                sentences.extend(_not_too_long(text, sentence))
    return sentences


def _columns(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for gap in _COLUMNS.finditer(text, start, end):
        if start < gap.start():
            yield start, gap.start()
        start = gap.end()
    if start < end:
        yield start, end


def _not_too_long(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > LONGEST:
        blank = text.rfind(" ", start + 1, start + LONGEST)
        cut = start + LONGEST if blank < 0 else blank
        piece = _trim(text, start, cut)
        if piece is not None:
            yield piece
        start = cut
    rest = sentence if start == sentence.start else _trim(text, start, sentence.end)
    if rest is not None:
        yield rest


def _stretches(text: str, language: str, skip: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Lines, with wrapped ones put together and skipped stretches taken out."""
    gaps = sorted(skip, key=lambda span: span.start)
    pieces: list[tuple[int, int]] = []
    at = 0
    for line in _LINE.finditer(text):
        start, end = line.span()
        while at < len(gaps) and gaps[at].end <= start:
            at += 1
        here = at
        while here < len(gaps) and gaps[here].start < end:
            if gaps[here].start > start:
                pieces.append((start, gaps[here].start))
            start = max(start, gaps[here].end)
            here += 1
        if start < end:
            pieces.append((start, end))
    held: tuple[int, int] | None = None
    for start, end in pieces:
        if held is not None and _wrapped(text, held, (start, end), language):
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held


def _wrapped(text: str, upper: tuple[int, int], lower: tuple[int, int], language: str) -> bool:
    """Whether the lower line goes on with the upper one's sentence (plain-text press releases, wrapped e-mail)."""
    between = text[upper[1] : lower[0]]
    if between not in ("\n", "\r\n", "\r"):
        return False
    last_break = max(text.rfind("\n", upper[0], upper[1]), upper[0] - 1)
    above = text[last_break + 1 : upper[1]].rstrip()
    below = text[lower[0] : lower[0] + 80].lstrip()
    # Wrapping columns in use start near 60; 45 leaves room for a long word pushed down. Shorter lines are headings.
    if len(above) < 45 or not below:
        return False
    token = _LAST_TOKEN.search(above.rstrip(".").rstrip(",")[-40:])
    word = token.group().lower() if token else ""
    if above[-1] == ".":
        initial = len(word) == 1 and above[-2].isupper()
        return (initial or word in _words("never", language)) and below[0].isupper()
    if above[-1] in "!?…:;»”":
        return False
    return below[0].islower() or (word in _words("open", language) and below[0].isalpha())


def _cut(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    begin = start
    marks = _list_marks(text, start, end)
    for cut, after in (*_cuts(text, start, end, language, marks), (end, end)):
        for piece, piece_end in _parts(text, begin, cut):
            span = _trim(text, piece, piece_end)
            if span is not None:
                yield span
        begin = after


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What has no full stop of its own: a page's stamp, bold words before a point, the line before the first turn."""
    stamp = _STAMP.match(text, start, end)
    if stamp:
        yield start, stamp.end()
        start = stamp.end()
    bold = _BOLD_LEAD.match(text, start, end)
    if bold:
        yield start, bold.end()
        start = bold.end()
    turn = _TURN.search(text, start, min(end, start + 320))
    if turn is not None and text[start : turn.start()].strip():
        yield start, turn.start()
        start = turn.start()
    yield from _items(text, start, end)


def speaker_label(text: str, start: int, end: int) -> re.Match[str] | None:
    """The name before a transcript's turn, where one opens a sentence; its group `name` is who speaks.

    >>> label = speaker_label("А.Лукашенко (как переведено) : Спасибо.", 0, 40)
    >>> label.group("name") if label else None
    'А.Лукашенко'
    >>> speaker_label("Ван И (как переведено) : Спасибо.", 0, 33) is not None
    True
    """
    return _TURN.match(text, start, end)


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A list that lost its line breaks ("…: First item; Second item; Third item.") is cut at its items."""
    if end - start > 400:
        ends = [item.end() for item in _ITEM.finditer(text, start, end) if text[item.end()].isupper()]
        # One semicolon before a capital may join two clauses about names; a list has more.
        if len(ends) > 1:
            for cut in ends:
                yield start, cut
                start = cut
    yield start, end


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    bullet = _BULLET.match(text, start, end)
    if bullet:
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    # A line of dashes or stars is a rule on the page, not a sentence.
    if start >= end or not any(character.isalnum() for character in text[start:end]):
        return None
    return Span(start, end)


def _list_marks(text: str, start: int, end: int) -> set[int]:
    """Where "1. … 2. … 3. …" stand as list numbers inside one line: the offsets of the numbers."""
    marks: list[int] = []
    for match in _NUMBERED.finditer(text, start, end):
        number = int(match.group(1))
        before = text[max(start, match.start() - 4) : match.start()].rstrip()
        if number == 1 and (not before or before[-1] in ".!?…:;»”" or before[-1].isdigit()):
            if len(marks) < 2:
                marks = [match.start()]
        elif marks and number == len(marks) + 1 and before and before[-1] in ".!?…:;»”)":
            marks.append(match.start())
    return set(marks) if len(marks) > 1 else set()


def _cuts(text: str, start: int, end: int, language: str, marks: set[int]) -> Iterator[tuple[int, int]]:
    """Pairs (end of one sentence, start of the next)."""
    begin = start
    pending = sorted(marks)
    for stop in _STOP.finditer(text, start, end):
        while pending and pending[0] < stop.start():
            mark = pending.pop(0)
            if mark > begin and text[begin:mark].strip():
                yield mark, mark
            begin = mark
        if stop.end() >= end:
            break
        after = _cut_after(text, begin, stop, end, language)
        if after is not None:
            yield stop.end(), after
            begin = after
            while pending and pending[0] <= begin:
                pending.pop(0)


def _cut_after(text: str, begin: int, stop: re.Match[str], end: int, language: str) -> int | None:
    """Offset at which the next sentence starts, or None if this stop ends nothing."""
    at = stop.end()
    closing = stop.group(1).strip()
    run = text[stop.start() : stop.start(1)]
    if stop.start() == begin or text[stop.start() - 1] in "([":
        return None  # "(…)", "[...]" and an ellipsis that opens a sentence
    gap = _GAP.match(text, at, end)
    following = gap.end() if gap else at
    if following >= end:
        return None
    look = following
    while look < end and look - following < 6 and text[look] in _OPENERS:
        look += 1
    if look >= end:
        return None
    first = text[look]
    if first.islower():
        return None
    opener = text[following:look].strip()
    if gap is None:
        return following if _glued(text, begin, stop, look, bool(opener), bool(closing), end) else None
    if closing and opener[:1] in ("—", "–", "-", "‐"):
        return None  # «Нет!» — Лавров ответил: what follows the dash attributes the quotation
    if any(mark in run for mark in "!?") or len(run) > 1 or "…" in run:
        asked = grammar(language).pattern("told_question")
        if closing and not opener and first.isupper() and asked.match(text, look, min(end, look + 80)):
            return None  # "Ready?" Secretary Rubio asked.
        return following
    if closing == ")" and opener == "(" and text.rfind("(", begin, stop.start()) > begin:
        return None  # "the Act (50 U.S.C. 1701 et seq.) (IEEPA)"
    if closing and not closing.startswith(("’", "'", "[")):
        return following
    return following if _ends_here(text, begin, stop.start(), look, end, language) else None


def _glued(text: str, begin: int, stop: re.Match[str], look: int, opened: bool, closed: bool, end: int) -> bool:
    """A stop with no blank after it ends a sentence where a word in lower case meets one with a capital."""
    if not text[look].isupper():
        return False
    if opened or closed:
        return text[stop.end()] not in "-–—‐"  # "J.-C.", "Ж.-Н. Барро"
    before = text[max(begin, stop.start() - 24) : stop.start()]
    word = re.search(r"[^\W\d_]+$", before)
    if word is None or len(word.group()) < 3 or not word.group()[1:].islower():
        return False
    rest = re.match(r"[^\W\d_]+[^\s]*", text[look : min(end, look + 40)])
    token = re.search(r"\S+$", before)
    if rest is None or token is None or any(mark in token.group() + rest.group() for mark in "/@_="):
        return False
    # "Node.JS", "Booking.Com": a capital alone or a short tail is a name; a sentence starts with more.
    return bool(re.match(r"[^\W\d_][^\W\d_]*(?=[\s,’'])", text[look : min(end, look + 40)])) and not re.match(
        r"(?i)(?:com|org|net|ru|fr|js|uk)\b", text[look : min(end, look + 6)]
    )


def _ends_here(text: str, begin: int, dot: int, look: int, end: int, language: str) -> bool:
    """Whether a single full stop, followed by a blank and no lower-case letter, ends a sentence."""
    sofar = text[max(begin, dot - 48) : dot]
    if dot - begin <= 4 and re.fullmatch(r"\W*(?:\d{1,2}|[IVX]{1,4}|[^\W\d_])", sofar):
        return False  # the number of a list item
    traits = grammar(language).traits
    token = _LAST_TOKEN.search(sofar)
    if token is None:
        return True
    word = re.split("['’]", token.group())[-1]  # "l'art. 5"
    folded = word.lower()
    following = re.match(r"[^\W\d_]+['’]?", text[look : min(end, look + 30)])
    next_word = following.group().lower() if following else ""
    dotted_next = look + len(next_word) < end and text[look + len(next_word)] == "."
    starter = next_word in _words("starters", language) and not dotted_next
    if traits.script == "cyrillic" or not table(language, "sentences"):
        verdict = _russian(sofar, folded, word, dot - begin, starter)
        if verdict is not None:
            return verdict
    if folded in _words("usually", language):
        return True
    if folded in _words("never", language):
        if word.islower() and folded in _words("also_words", language):
            return starter if traits.script == "cyrillic" else not text[look].isdigit()
        return False
    if folded in _words("maybe", language):
        if word.islower() and folded.isalpha() and folded not in _words("titles_and_units", language):
            # "Sun." is a day and "sun." is not; "sept. 2025" is a month and "ils sont sept." is not.
            return table(language, "sentences").get("capitals_tell", False) or not text[look].isdigit()
        return starter
    parts = word.split(".")
    if len(parts) > 1 and all(len(part.strip("-")) <= 2 for part in parts):
        # J.-Y., Ж.-Н. are a person's; U.N., В.В. may close a sentence if the next word opens one.
        return starter and "-" not in word
    if len(word) == 1:
        if word.isupper():
            return starter and dot - begin > 3 and not _PARTICLE.match(text, look, end)
        return True
    return True


def _russian(sofar: str, folded: str, word: str, length: int, starter: bool) -> bool | None:
    """Russian abbreviations that mean one thing after a number and another before a name; None: not one of them."""
    if folded in ("г", "гг", "в", "вв") and word.islower():
        if _ROMAN_OR_DIGITS.search(sofar[: -len(word)]):
            # "В 2014 г. Россия …" goes on; at the end of a longer stretch the year usually closes the sentence.
            return length > 30
        return False
    spaced = re.search(r"т\.\s*([дпекнч])$", sofar)
    if spaced:
        return spaced.group(1) in "дп"
    if re.search(r"н\.\s*э$", sofar):
        return True
    if folded == "ч" and re.search(r"\d\s*ч$", sofar):
        return starter
    if len(word) == 1 and word.islower():
        return False
    return None
