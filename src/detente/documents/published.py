"""The day a text appeared, and how that is known. A day the text only talks about is never taken for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from detente.errors import DocumentError

EARLIEST = date(1900, 1, 1)
_MONTHS = (
    "janvier january января янв jan janv",
    "février fevrier february февраля фев февр feb févr fév",
    "mars march марта мар mar",
    "avril april апреля апр apr avr",
    "mai may мая май",
    "juin june июня июн jun",
    "juillet july июля июл jul juil",
    "août aout august августа авг aug",
    "septembre september сентября сен сент sep sept",
    "octobre october октября окт oct",
    "novembre november ноября ноя нояб nov",
    "décembre decembre december декабря дек dec déc",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY = re.compile(
    rf"(?<!\d)(?:(?P<d1>\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:de\s+)?(?P<m1>{_NAMES})\.?,?\s+(?P<y1>(?:19|20)\d{{2}})"
    rf"|(?P<m2>{_NAMES})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d{{2}})"
    r"|(?P<y3>(?:19|20)\d{2})-(?P<m3>\d{1,2})-(?P<d3>\d{1,2})"
    r"|(?P<d4>\d{1,2})[./](?P<m4>\d{1,2})[./](?P<y4>(?:19|20)\d{2}))(?!\d)",
    re.I,
)
_CLOCK = re.compile(r"[,|]? ?(?:года|г\.)? ?[,|–—-]? ?(?:à|at|в)? ?\d{1,2} ?[:hч.] ?\d{2}(?!\d)")
"""Between words stands one space: what may stand in five places at once takes for ever where there are hundreds."""
_TOWN = r"[A-ZÀ-ÝА-ЯЁ][\w.’'-]*(?:[ -][A-ZÀ-ÝА-ЯЁ][\w.’'-]*){0,3}"
_DATELINE = re.compile(
    rf"\(?(?!(?:In|At|À|A|En|Au|Aux|Dans|В|Во|На) )({_TOWN})(?:, {_TOWN})?(?:,| –| —| \|) "
    rf"(?:le |[^\W\d_]{{4,11}},? )?(?=(?i:{_DAY.pattern}))"
)
"""«Paris, le 15 avril 2025», "WASHINGTON, March 18, 2025": where and when a report was written."""
_WRITTEN = re.compile(
    r",?(?: года| г\.)?,?\)?(?:$|(?<=\)) | ?[–—](?: |$)| -{1,2} | ?[(/][^\W\d_][\w .’'«»/-]{1,30}[)/])"
)
"""What follows it: nothing, a dash or an agency."""
_STOPPED = re.compile(r",?(?: года)?\.(?: |$)| г\.(?: |$)")
"""A full stop closes an agency's dateline, its town in capitals; "Genève, 16 juin 2021." opens a story of that day."""
_LABEL = re.compile(
    r"(?:дата публикации|опубликовано|опубликована|publiée?(?: le)?|mise? en ligne(?: le)?|paru(?: le)?"
    r"|date de publication|published(?: on| at)?|posted(?: on)?|date published|release date|for release)\s*:?\s*"
    r"(?:\w+day,?\s+|lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?",
    re.I,
)
_URL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})([/\-_.]?)(0[1-9]|1[0-2]|[1-9](?=[/\-_]))\2(0[1-9]|[12]\d|3[01]|[1-9](?=[/\-_.]|$))(?!\d)"
)
_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date_published",
    "publication_date",
    "publish_date",
    "publishdate",
    "published_at",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "article.published",
    "date",
)


@dataclass(frozen=True, slots=True)
class Published:
    """A day of publication, how it is known, and what a person should know about it."""

    day: date | None
    basis: str
    notes: tuple[str, ...] = ()


def check_given(day: date, record: str, today: date) -> None:
    """Refuse a day of publication that cannot be.

    Raises:
        DocumentError: It lies after tomorrow or before 1900.

    >>> check_given(date(2525, 2, 18), "tass-1", date(2025, 4, 20))
    Traceback (most recent call last):
        ...
    detente.errors.DocumentError: tass-1: published 2525-02-18 lies after 2025-04-20. Correct the year, or leave the \
date out to have it looked for.
    """
    remedy = "Correct the year, or leave the date out to have it looked for."
    # One day of grace: it is already tomorrow in Kamchatka.
    if day > today + timedelta(days=1):
        raise DocumentError(f"{record}: published {day} lies after {today}. {remedy}")
    if day < EARLIEST:
        raise DocumentError(f"{record}: published {day} lies before {EARLIEST}. {remedy}")


def in_url(url: str) -> date | None:
    """The day in an address, if it names one.

    >>> in_url("https://fr.africanews.com/2025/04/09/diplomatie-reprise-du-dialogue")
    datetime.date(2025, 4, 9)
    """
    path = re.sub(r"^[a-z]+://[^/]*", "", url.split("#")[0])
    days = {day for match in _URL.finditer(path) if (day := _date(match.group(1), match.group(3), match.group(4)))}
    return days.pop() if len(days) == 1 else None


def in_text(text: str) -> date | None:
    """The day a text is stamped with: after "Published", in its dateline, on a line of its own, or with a time of day.

    >>> in_text("События Итоги встречи 25 марта 2025 года 18:55 В Эр-Рияде завершились переговоры.")
    datetime.date(2025, 3, 25)
    >>> in_text("Envoys meet\\n\\nDOHA, March 18, 2025 (Reuters) - Envoys met on Tuesday.")
    datetime.date(2025, 3, 18)
    >>> in_text("Le 18 février 2025, les deux délégations se sont vues à Riyad.") is None
    True
    """
    for stretch in (text[:1500], text[-1500:]):
        for label in _LABEL.finditer(stretch):
            match = _DAY.match(stretch, label.end())
            if match and (day := _first(match)):
                return day
    for line in text[:1500].split("\n")[:6]:
        bare = _CLOCK.sub("", " ".join(line.split()).strip(" -–—|•"))
        match = _DAY.match(bare)
        if (
            match
            and len(bare) - match.end() <= 6
            and not re.search(r"[^\W\d_]{3}", bare[match.end() :].replace("года", ""))
        ):
            return _first(match)
    for line in [line for line in text[:1500].split("\n") if line.strip()][:6]:
        bare = " ".join(line.split())
        opening = _DATELINE.match(bare)
        match = opening and _DAY.match(bare, opening.end())
        if not opening or not match:
            continue
        stopped = opening[1].isupper() and _STOPPED.match(bare, match.end())
        if (stopped or _WRITTEN.match(bare, match.end())) and (day := _first(match)):
            return day
    for match in _DAY.finditer(text, 0, 450):
        after = text[match.end() : match.end() + 30]
        space = " " if after[:1].isspace() else ""
        if _CLOCK.match(space + " ".join(after.split())) and ":" in after[:20]:
            return _first(match)
    return None


def in_page(tree: Any, url: str, today: date) -> Published:
    """The day a page says it appeared: by its data, its visible stamp or its address, checked with htmldate.

    A day that stands only in running text is a day the article talks about; it is noted and passed over.

    Args:
        tree: The parsed page.
        url: Its address, or empty.
        today: Later days are noted and passed over.
    """
    notes: list[str] = []
    declared: list[tuple[str, date]] = []
    for basis, day in _declared(tree):
        if day > today + timedelta(days=1) or day < EARLIEST:
            notes.append(f"{basis} says {day}, which cannot be; passed over")
        else:
            declared.append((basis, day))
    found = _htmldate(tree, url, today)
    if found is not None:
        for basis, day in declared:
            if day == found:
                return Published(found, f"html:{basis}", tuple(notes))
        if in_url(url) == found:
            return Published(found, "url", tuple(notes))
    if declared:
        basis, day = declared[0]
        return Published(day, f"html:{basis}", tuple(notes))
    if found is not None:
        if _stands_alone(tree, found):
            return Published(found, "html:visible date", tuple(notes))
        notes.append(f"{found} stands only in its running text, which may be about another day; passed over")
    return Published(None, "none", tuple(notes))


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _all(match: re.Match[str]) -> list[date]:
    parts = match.groupdict()
    if parts["y1"]:
        days = [_date(parts["y1"], str(_MONTH[parts["m1"].lower()]), parts["d1"])]
    elif parts["y2"]:
        days = [_date(parts["y2"], str(_MONTH[parts["m2"].lower()]), parts["d2"])]
    elif parts["y3"]:
        days = [_date(parts["y3"], parts["m3"], parts["d3"])]
    else:
        # 03/04/2025 is 3 April in Paris and 4 March in Washington.
        days = [_date(parts["y4"], parts["m4"], parts["d4"]), _date(parts["y4"], parts["d4"], parts["m4"])]
    return [day for day in days if day is not None]


def _first(match: re.Match[str]) -> date | None:
    days = list(dict.fromkeys(_all(match)))
    if match.group("y4") and "/" in match.group() and len(days) > 1:
        return None
    return days[0] if days else None


@lru_cache(maxsize=1)
def _iso() -> re.Pattern[str]:
    return re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})")


def _read(value: str) -> date | None:
    match = _iso().match(value)
    if match:
        return _date(*match.groups())
    written = _DAY.search(value)
    return _first(written) if written else None


def _declared(tree: Any) -> Iterator[tuple[str, date]]:
    for script in tree.iter("script"):
        if "ld+json" in str(script.get("type", "")) and script.text:
            for value in _published_in_json(script.text):
                if day := _read(value):
                    yield "json-ld datePublished", day
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        metas.setdefault(name, str(meta.get("content") or ""))
    for name in _META:
        if name in metas and (day := _read(metas[name])):
            yield f"meta {name}", day
    for element in tree.iter("time", "span", "div", "abbr"):
        marked = str(element.get("itemprop", "")).lower() == "datepublished" or element.get("pubdate") is not None
        if marked and (day := _read(str(element.get("datetime") or element.get("content") or element.text_content()))):
            yield "datePublished", day


def _published_in_json(source: str) -> Iterator[str]:
    try:
        held = json.loads(source)
    except (ValueError, RecursionError):
        yield from re.findall(r'"datePublished"\s*:\s*"([^"]{8,40})"', source)[:1]
        return
    queue = [held]
    for _ in range(2000):
        if not queue:
            return
        item = queue.pop(0)
        if isinstance(item, dict):
            if isinstance(item.get("datePublished"), str):
                yield item["datePublished"]
            queue.extend(value for value in item.values() if isinstance(value, dict | list))
        elif isinstance(item, list):
            queue.extend(value for value in item if isinstance(value, dict | list))


def _htmldate(tree: Any, url: str, today: date) -> date | None:
    from copy import deepcopy

    from htmldate import find_date

    try:
        found = find_date(
            deepcopy(tree),
            original_date=True,
            url=url or None,
            min_date="1995-01-01",
            max_date=(today + timedelta(days=1)).isoformat(),
        )
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
    return date.fromisoformat(found) if found else None


def _stands_alone(tree: Any, day: date) -> bool:
    """Whether the day stands in a short element of its own (a byline, a `time`), outside running text."""
    for element in tree.iter("time", "span", "div", "p", "abbr", "small", "dd", "em", "i", "font", "td"):
        if element.tag == "time" and (read := _read(str(element.get("datetime") or ""))) and read == day:
            return True
        own = " ".join(str(element.text_content()).split()) if len(element) < 6 else str(element.text or "").strip()
        if not own or len(own) > 120:
            continue
        for match in _DAY.finditer(own):
            words = re.findall(r"[^\W\d_]{3,}", own[: match.start()] + own[match.end() :])
            if day in _all(match) and len(words) <= 6 and not re.search(r"[.!?]\s*$", own):
                return True
    return False
