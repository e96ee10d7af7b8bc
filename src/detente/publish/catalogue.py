"""Words, dates and numbers in the reader's language."""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from string import Formatter

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from detente.errors import PublishError
from detente.publish.text import Text, flat
from detente.terms import LANGUAGES, EventDate

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter"}


@cache
def _translations(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, translated(language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


# Pages say the same numbers again and again, and Babel takes a tenth of a millisecond for each.
@lru_cache(maxsize=8192)
def _decimal(value: float, digits: int, language: str) -> str:
    return format_decimal(value, "#,##0" + ("." + "0" * digits if digits else ""), locale=_locale(language))


@lru_cache(maxsize=2048)
def _share(share: float, language: str) -> str:
    return format_percent(share, locale=_locale(language))


def translated(language: str) -> Catalog:
    """Every message of a language: `locale/fr.po`, and a file for each measure, `locale/breaks.fr.po`.

    Raises:
        PublishError: A message stands in two files.
    """
    parts = [f for f in (files("detente.publish") / "locale").iterdir() if f.name.endswith(f"{language}.po")]
    whole, *others = sorted(parts, key=lambda part: (part.name != f"{language}.po", part.name))
    found = read_po(BytesIO(whole.read_bytes()), locale=language)
    for part in others:
        for message in read_po(BytesIO(part.read_bytes()), locale=language):
            if message.id and message.id in found:
                raise PublishError(f"locale/{part.name}: {message.id!r} stands in another file too. Keep one.")
            if message.id:
                found[message.id] = message
    return found


@dataclass(frozen=True)
class Words:
    """One language's words for what we print.

    >>> Words("fr").percent(0.31)
    '31\\u202f%'
    >>> Words("ru").many("{n} report", "{n} reports", 3)
    '3\\xa0сообщения'
    """

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise PublishError(f"language {self.language!r} is not one of {', '.join(LANGUAGES)}.")

    def __call__(self, message: str, **values: object) -> str:
        """A message, translated, with its values filled in."""
        text = _translations(self.language).gettext(message)
        return text.format(**values) if values else text

    def text(self, message: str, **values: object) -> Text:
        """A message, translated, whose values keep the language they are in."""
        out = Text()
        for literal, name, _, _ in Formatter().parse(self(message)):
            out = out + literal
            if name is not None:
                value = values[name]
                out = out + (value if isinstance(value, Text) else str(value))
        return out

    def many(self, one: str, several: str, n: int, **values: object) -> str:
        """A message about n things, in the plural form the language wants; the number never parts from its noun."""
        text = _translations(self.language).ngettext(one, several, n).format(n=self.number(n), **values)
        return text.replace(f"{self.number(n)} ", f"{self.number(n)}{NO_BREAK}", 1)

    @property
    def locale(self) -> Locale:
        return _locale(self.language)

    def day(self, day: date, *, short: bool = False) -> str:
        """18 February 2025; its parts never stand on two lines."""
        text = format_date(day, "d MMM y" if short else "d MMMM y", locale=self.locale).replace(" ", NO_BREAK)
        # French counts its days from "premier": CLDR's patterns do not.
        return f"1er{text[1:]}" if self.language == "fr" and day.day == 1 else text

    def month(self, day: date, *, since: bool = False) -> str:
        """February 2025; as it stands after "since" (Russian has a case for it)."""
        text = format_date(day, "MMMM y" if since else "LLLL y", locale=self.locale)
        return text.replace(" ", NO_BREAK)

    def event_date(self, when: EventDate | None) -> str:
        """A date as precisely as it is known, and no more precisely."""
        if when is None:
            return self("undated")
        if when.precision == "day":
            if when.first == when.last:
                return self.day(when.first)
            return f"{self.day(when.first)}{NO_BREAK}– {self.day(when.last)}"
        if when.precision == "month" and (when.first.year, when.first.month) == (when.last.year, when.last.month):
            return self.month(when.first)
        if when.precision == "week":
            return self("week of {day}", day=self.day(when.first))
        if when.precision == "quarter":
            return format_date(when.first, "QQQQ y", locale=self.locale).replace(" ", NO_BREAK)
        if when.precision == "season":
            return f"{self(SEASONS[when.value[5:7]])}{NO_BREAK}{when.first.year}"
        if when.precision == "year" and when.first.year == when.last.year:
            return str(when.first.year)
        return f"{self.day(when.first)}{NO_BREAK}– {self.day(when.last)}"

    def number(self, value: float, digits: int = 0, *, signed: bool = False) -> str:
        """A number with the language's separators and a true minus sign."""
        text = _decimal(abs(value), digits, self.language)
        negative = round(value, digits) < 0
        sign = "−" if negative else "+" if signed and round(value, digits) > 0 else ""
        return sign + text

    def length(self, minutes: int, sign: str = "") -> str:
        """A length of time in hours and minutes; `sign` is `~` for about, `>` and `<` for more and less than.

        >>> Words("en").length(330), Words("ru").length(60, "~")
        ('5\\xa0hrs\\xa030\\xa0mins', 'около 1\\xa0ч')
        """
        hours, rest = divmod(minutes, 60)
        told = [(hours, "duration-hour")] if hours else []
        told += [(rest, "duration-minute")] if rest or not hours else []
        length = " ".join(format_unit(n, unit, "short", locale=self.locale) for n, unit in told).replace(" ", NO_BREAK)
        if sign == "~":
            return self("about {length}", length=length)
        if sign == ">":
            return self("more than {length}", length=length)
        return self("less than {length}", length=length) if sign == "<" else length

    def percent(self, share: float) -> str:
        """A share as a percentage; below 1 and above 99 said as such, never rounded to impossible or certain."""
        sign = "<" if 0 < share < 0.01 else ">" if 0.99 < share < 1 else ""
        shown = _share({"<": 0.01, ">": 0.99}.get(sign, share), self.language)
        shown = shown.replace(" ", NARROW_NO_BREAK).replace(NO_BREAK, NARROW_NO_BREAK)
        return f"{sign}{NARROW_NO_BREAK}{shown}" if sign else shown

    def interval(self, low: float, high: float) -> str:
        """Two shares as percentages: `22–47 %`; in words where an end has a sign, since `19–> 99 %` cannot be read.

        >>> Words("en").interval(0.22, 0.47), Words("en").interval(0.19, 0.999)
        ('22–47%', '19% to >\\u202f99%')
        """
        head, tail = self.percent(low), self.percent(high)
        if head[0] in "<>" or tail[0] in "<>":
            return head if head == tail else self("{low} to {high}", low=head, high=tail)
        return f"{head.rstrip(f'%{NARROW_NO_BREAK}')}–{tail}"

    def listed(self, items: Sequence[str]) -> str:
        return format_list(list(items), locale=self.locale) if items else ""

    def listed_text(self, items: Sequence[Text]) -> Text:
        """Items listed, each keeping its language."""
        # The list is laid out with stand-ins, which no text of ours can hold, and these are filled in after.
        pattern = self.listed([f"{{{n}}}" for n in range(len(items))])
        out = Text()
        for literal, name, _, _ in Formatter().parse(pattern):
            out = out + literal
            if name is not None:
                out = out + items[int(name)]
        return out

    def foreign(self, text: str, language: str) -> Text:
        """Words of a source, on one line and harmless, marked with their language where it is not the reader's."""
        return Text(((flat(text), "" if language == self.language else language),))

    def quote(self, text: str, language: str) -> Text:
        """Words of a source in the reader's quotation marks."""
        opening, closing = self._marks
        return opening + self.foreign(text, language) + closing

    def quoted(self, text: str) -> str:
        """Text in the language's own quotation marks."""
        opening, closing = self._marks
        return f"{opening}{flat(text)}{closing}"

    @property
    def _marks(self) -> tuple[str, str]:
        if self.language == "en":
            return "“", "”"
        gap = NO_BREAK if self.language == "fr" else ""
        return f"«{gap}", f"{gap}»"

    def colon(self) -> str:
        return f"{NO_BREAK}: " if self.language == "fr" else ": "

    def semicolon(self) -> str:
        return f"{NARROW_NO_BREAK}; " if self.language == "fr" else "; "
