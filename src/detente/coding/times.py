"""Time expressions: found by rules, given an ISO 8601 / TIMEX3 value, with the anchor and the reason.

`times_grammar` finds the words; here they are given a meaning. Three anchors are kept apart: the day of publication,
the date the story is at (its last date), and the last date written out with its year. The tense nearest to an
expression says on which side of its anchor it lies.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from detente.coding.times_grammar import Found, Grammar, Line, grammar
from detente.errors import CodingError
from detente.languages import grammar as grammar_of
from detente.terms import DateBasis, Document, Span, TimeExpression, TimeType

_SEEN = {-1: "last", 0: "nearest", 1: "next"}
# A story that names no weekday and whose last full date is so far back is told from there; farther back lie
# births and wars that an article of today recalls. French TimeBank (dev half): value F1 85.3 without the upper bound.
_ELSEWHERE_DAYS = (180, 1000)
_THIS_WEEK = 7
_STORY_TURNS_DAYS = 240  # a day so far before the story's date belongs to the following year
# A day and month on the wrong side of publication for its tense counts so much farther. TimeBank (November 2026):
# value F1 75.0 at 200, 74.2 at 300, 73.6 at 340.
_WRONG_SIDE_DAYS = 200
_MISFIT_DAYS = 300  # less than a year: a weekday that the text got wrong does not move a date into another year
_WRONG_SIDE_MONTHS = 9  # so that a December text that "proposed it in February" means the February past
_CLAUSE_COST = 4  # words that a comma counts for when the nearest verb is sought
_CLAUSE_EDGES = frozenset(',;:—–«»“”"')
_TWO_DIGIT_PIVOT = 30  # '29 is 2029, '30 is 1930: measured against nothing, only the usual convention
_SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_COUNTED_FROM_PUBLICATION = ("weekday", "deictic", "tonight", "eve", "ago", "period")
_YEARS = {"DE": 10, "CE": 100, "MI": 1000}
_HALVES = {"TH": "30M", "TM": "30S", "D": "T12H", "M": "15D", "Y": "6M"}
_TIME_UNITS = {"TS": "S", "TM": "M", "TH": "H"}


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the calendar, as exact as it is known: year, year and month, or a day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, day: date) -> Point:
        return cls(day.year, day.month, day.day)

    @property
    def value(self) -> str:
        year = f"{self.year:04}" if self.year is not None else "XXXX"
        if self.month is None:
            return year
        return f"{year}-{self.month:02}" + (f"-{self.day:02}" if self.day is not None else "")

    @property
    def as_date(self) -> date | None:
        """The day itself; None where day, month or year is not known or the day does not exist."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return _day(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression says, before it is tied to its words."""

    type: TimeType
    value: str
    reason: str
    mod: str = ""
    basis: DateBasis = "explicit"
    point: Point | None = None
    words: int = 0  # how many of the matched words belong to the expression, 0 for all


def _day(year: int, month: int, day: int) -> date | None:
    if not 1 <= year <= 9999 or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _add_months(year: int, month: int, months: int) -> tuple[int, int]:
    total = year * 12 + month - 1 + months
    return total // 12, total % 12 + 1


def _week(day: date) -> str:
    iso = day.isocalendar()
    return f"{iso.year:04}-W{iso.week:02}"


def _number_text(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.6g}"


def find_times(document: Document, sentences: Sequence[Span]) -> tuple[TimeExpression, ...]:
    """Find dates, times, durations and repetitions and give each its value.

    Args:
        document: In French, English or Russian; other languages give nothing.
        sentences: Where to look, in text order; what lies outside (boilerplate) is never tagged.

    Returns:
        Expressions in text order, not overlapping, each with its exact words, value, modifier, basis and reason.
        A part of the date that nothing in the text or its publication gives is written XXXX.

    Source:
        TIMEX3 in TimeML 1.2.1; values after ISO 8601.

    >>> from datetime import date, datetime, UTC
    >>> document = Document("d", "Talks were held on February 27.", "en", date(2025, 4, 11), "given",
    ...                     datetime(2026, 1, 1, tzinfo=UTC))
    >>> [(t.evidence.quote, t.value) for t in find_times(document, [Span(0, 31)])]
    [('February 27', '2025-02-27')]
    """
    rules = grammar(document.language)
    if rules is None:
        return ()
    return tuple(_Story(document, rules).tell(sentences))


class _Story:
    """Walks a document and keeps where it is in time; each method `_kind` reads one kind of rule."""

    def __init__(self, document: Document, rules: Grammar) -> None:
        self.document = document
        self.rules = rules
        self.published = document.published
        self.at: Point | None = None  # the date the story is at, however exact
        self.day_at: Point | None = None  # the last day it named
        self.written: Point | None = None  # the last date written with month and year
        self.first_written: Point | None = None
        self.told_elsewhere = False
        self.line = Line((), (), (), "")
        self.found: Found = Found(0, 0, "", {}, {}, 0, 0)
        self.following: Found | None = None
        self.marks: list[int] | None = None
        self.day_here: Point | None = None  # day named in this sentence

    def tell(self, sentences: Iterable[Span]) -> Iterable[TimeExpression]:
        lines = [self.rules.line(self.document.text, span.start, span.end) for span in sentences]
        found = [[one for one in self.rules.find(line) if one.kind != "skip"] for line in lines]
        self._survey(one for some in found for one in some)
        for self.line, some in zip(lines, found, strict=True):
            self.marks = None
            self.day_here = None
            meanings: dict[int, Meaning] = {}
            for i in _reading_order(some):
                self.found = some[i]
                self.following = some[i + 1] if i + 1 < len(some) else None
                meaning = self._read(some[i].kind)
                if meaning is not None:
                    meanings[i] = meaning
                    if meaning.point is not None:
                        self._go(meaning, meaning.point)
            for i, meaning in sorted(meanings.items()):
                one = some[i]
                end = self.line.ends[one.first + meaning.words - 1] if meaning.words else one.end
                yield TimeExpression(
                    evidence=self.document.quote(one.start, end),
                    value=meaning.value,
                    type=meaning.type,
                    mod=meaning.mod,
                    basis=meaning.basis,
                    reason=meaning.reason,
                )

    def _read(self, kind: str) -> Meaning | None:
        reader = getattr(self, f"_{kind}", None)
        if reader is None:
            raise CodingError(
                f"{self.rules.language}/times.toml: nothing reads rules.{kind}. Name a kind that is read."
            )
        meaning = reader()
        assert meaning is None or isinstance(meaning, Meaning)  # noqa: S101 - for the type checker
        return meaning

    def _survey(self, found: Iterable[Found]) -> None:
        """Look over the whole text: its first and last full dates, and whether it counts from publication."""
        latest: date | None = None
        for one in found:
            if one.kind in _COUNTED_FROM_PUBLICATION or ("weekday" in one.words and "year" not in one.words):
                latest = date.max
            if one.kind not in ("date", "days", "month") or "year" not in one.words or not one.values.get("month"):
                continue
            point = Point(int(one.words["year"][0]), int(one.values["month"][0]))
            self.first_written = self.first_written or point
            day = _day(point.year or 0, point.month or 0, 1)
            latest = max(latest or date.min, day or date.min)
        if self.published is not None and latest is not None and latest != date.max:
            self.told_elsewhere = _ELSEWHERE_DAYS[0] < (self.published - latest).days < _ELSEWHERE_DAYS[1]

    def _go(self, meaning: Meaning, point: Point) -> None:
        """Move the story to a date that has just been understood."""
        self.at = point
        if point.day is not None:
            self.day_here = self.day_at = point
        if meaning.basis == "explicit" and point.year is not None and point.month is not None:
            self.written = point

    # -- words ---------------------------------------------------------------------------------------------------

    def _words(self, name: str) -> tuple[str, ...]:
        return self.found.words.get(name, ())

    def _has(self, name: str) -> bool:
        return name in self.found.words

    def _value(self, name: str, which: int = 0) -> str:
        """What a captured word stands for, or an empty string."""
        values = self.found.values.get(name.lower(), ())
        return values[which] if values else ""

    def _int(self, name: str) -> int | None:
        words = self._words(name)
        return int(words[0]) if words else None

    def _month_number(self) -> int | None:
        return int(self._value("MONTH")) if self._has("month") else None

    def _year_number(self) -> int | None:
        if self._has("year"):
            return int(self._words("year")[0])
        if self._has("yy"):
            short = int(self._words("yy")[-1])
            return short + (2000 if short < _TWO_DIGIT_PIVOT else 1900)
        return None

    def _mod(self) -> str:
        if self._has("mod"):
            return self._value("MOD")
        if self._has("aftermod"):
            return self._value("AFTERMOD")
        if self._has("edge"):
            return self._value("EDGE")
        if self._has("halfof"):
            return "START" if self._value("ORD") == "1" else "END"
        return self._mod_before()

    def _mod_before(self) -> str:
        """A modifier that stands before the expression without belonging to it (vers 18 h)."""
        before = self.found.first - 1
        if before >= 0:
            return self.rules.values_of("BEFOREMOD").get(self.line.tokens[before].lower(), "")
        return ""

    def _number(self) -> float | None:
        """Value of the number words; None stands for an unknown number (several)."""
        words = self._words("number")
        if not words:
            return 1.0 if self._has("article") else None
        return self._add_up(words)

    def _add_up(self, words: Sequence[str]) -> float | None:
        if "/" in words and words.index("/") == len(words) - 2 and words[-3].isdigit() and words[-1].isdigit():
            whole = self._add_up(words[:-3]) if len(words) > 3 else 0.0
            return (whole or 0.0) + int(words[-3]) / (int(words[-1]) or 1)
        total = 0.0
        known = self.rules.values_of("NUM")
        halves = self.rules.values_of("HALF")
        seen = False
        for word in words:
            if word[0].isdigit():
                number = _read_number(word)
                total = total * 1000 + number if seen and len(word) == 3 else total + number
                seen = True
            elif seen and word in self.rules.values_of("TOWORD"):
                total, seen = 0.0, False  # of "12 to 18 months" the upper bound
            elif seen and word in self.rules.values_of("PLUSHALF"):
                total += 0.5
            elif word in known or word in halves:
                value = known.get(word) or halves[word]
                if value == "X":
                    return None
                number = float(value)
                if number in (100, 1000) and seen:
                    total *= number
                else:
                    total += number
                seen = True
        return total if seen else None

    # -- tense ---------------------------------------------------------------------------------------------------

    def _direction(self) -> int:
        """-1 where the nearest verb is past, 1 where it is future, 0 where nothing tells."""
        if self.marks is None:
            self.marks = self.rules.tenses(self.line)
        marks, tokens = self.marks, self.line.tokens
        leaning = self.rules.leaning(tokens[self.found.first - 1]) if self.found.first else 0
        if not leaning and self.found.first > 1:
            leaning = self.rules.governed(*tokens[self.found.first - 2 : self.found.first])
        if leaning:
            return leaning
        edges = _CLAUSE_EDGES | grammar_of(self.rules.language).words("clause_joins")
        best, nearest = 0, 40
        for step, start in ((-1, self.found.first - 1), (1, self.found.last)):
            distance, i = 1, start
            if step > 0 and i < len(tokens) and grammar_of(self.rules.language).pattern("that").match(tokens[i]):
                continue  # "warned on Tuesday that an attack would ...": the day is that of the warning
            while 0 <= i < len(tokens) and distance < nearest:
                if marks[i] and not self._of_the_clock(i):
                    best, nearest = marks[i], distance
                    break
                distance += _CLAUSE_COST if tokens[i] in edges else 1
                i += step
        return best

    def _of_the_clock(self, at: int) -> bool:
        """ "peu avant minuit", "avant 17 h": says nothing of what is to come."""
        tokens, rules = [t.lower() for t in self.line.tokens[max(0, at - 1) : at + 2]], grammar_of(self.rules.language)
        around = tokens[:1] * bool(at) + tokens[-1:]
        return tokens[bool(at)] in rules.words("until") and not rules.words("of_clock").isdisjoint(around)

    # -- years for dates without one -----------------------------------------------------------------------------

    def _elsewhere(self) -> Point | None:
        """The running story's date where it, not publication, gives the year."""
        if self.published is None or self.told_elsewhere:
            return self.written or self.first_written
        return None

    def _shared_year(self, month: int) -> int | None:
        """Year of the date that follows after a mere connector: 27 February and 10 April 2025."""
        here, there = self.found, self.following
        if there is None or there.kind not in ("date", "days") or there.first - here.last > 3:
            return None
        joins = self.rules.values_of("CONNECT")
        if any(token.lower() not in joins for token in self.line.tokens[here.last : there.first]):
            return None
        if "year" in there.words:
            year = int(there.words["year"][0])
        elif "rel" in there.words and ("longunit" in there.words or "genitive" in there.words) and self.published:
            year = self.published.year + int(there.values["rel"][0])
        else:
            return None
        later = there.values.get("month", ("12",))[0]
        return year - 1 if month > int(later) else year

    def _full(self, month: int, day: int, weekday: int | None) -> tuple[Point, DateBasis, str]:
        """Give a day and month their year."""
        shared = self._shared_year(month)
        if shared is not None and _day(shared, month, day) is not None:
            return Point(shared, month, day), "explicit", "year written with the next date"
        story = None if self._of_the_week(month, day) else self._elsewhere()
        if story is not None and story.year is not None:
            year = story.year
            start = date(year, story.month, story.day or 1) if story.month else None
            option = _day(year, month, day)
            if start is not None and option is not None and (start - option).days > _STORY_TURNS_DAYS:
                year += 1
            if _day(year, month, day) is not None:
                return Point(year, month, day), "narrative", f"year of the story's last full date, {story.value}"
        if self.published is None:
            return Point(None, month, day), "none", "no publication date and no year in the text before it"
        side = self._direction()
        options = []
        reach = 1 if weekday is None else 3  # years in which the day may have that weekday
        for year in range(self.published.year - reach, self.published.year + reach + 1):
            option = _day(year, month, day)
            if option is None:
                continue
            far = (option - self.published).days
            cost = abs(far) + (_WRONG_SIDE_DAYS if far * side < 0 else 0)
            cost += 0 if _fits(option, weekday) else _MISFIT_DAYS
            options.append((cost, option))
        if not options:
            return Point(None, month, day), "none", "no such day near publication"
        return Point.of(min(options)[1]), "relative", f"nearest to publication {self.published}" + _tense_words(side)

    def _of_the_week(self, month: int, day: int) -> bool:
        """Whether a day lies in the week before publication: news of its own, whatever older days a text recalls."""
        ago = [_day(self.published.year - back, month, day) for back in (0, 1)] if self.published else []
        return any(self.published and one and 0 <= (self.published - one).days <= _THIS_WEEK for one in ago)

    def _month_year(self, month: int, rel: int | None) -> tuple[Point, DateBasis, str]:
        story = self._elsewhere()
        if rel is None and story is not None and story.year is not None:
            return Point(story.year, month), "narrative", f"year of the story's last full date, {story.value}"
        if self.published is None:
            return Point(None, month), "none", "no publication date and no year in the text before it"
        here = self.published.year * 12 + self.published.month
        side = self._direction()
        options = []
        for year in (self.published.year - 1, self.published.year, self.published.year + 1):
            far = year * 12 + month - here
            if rel is not None:
                good = far < 0 if rel < 0 else far > 0 if rel > 0 else year == self.published.year
                cost = abs(far) + (0 if good else 100)
            else:
                cost = abs(far) + (_WRONG_SIDE_MONTHS if far * side < 0 else 0)
            options.append((cost, -far * (side or -1), year))
        year = min(options)[2]
        return (
            Point(year, month),
            "relative",
            f"nearest to publication {self.published}" + (_tense_words(side) if rel is None else ""),
        )

    # -- calendar dates ------------------------------------------------------------------------------------------

    def _weekday_number(self) -> int | None:
        for name in ("WEEKDAY", "WEEKABBR"):
            if self._has(name.lower()):
                return int(self._value(name))
        return None

    def _date(self) -> Meaning | None:
        if self._has("isodate"):
            written = [int(part) for part in self._words("isodate")[0].split("-")]
            return self._exact(written[0], written[1], written[2], "written out")
        if self._has("pointdate"):
            return self._pointdate()
        month, day, year = self._month_number(), self._int("day"), self._year_number()
        if day is None:
            return None
        if month is None:
            return self._day_alone(day)
        if year is None and self._has("rel") and self.published is not None:
            return self._date_with_rel(month, day, self.published)
        if year is not None:
            return self._exact(year, month, day, "written out")
        if not 1 <= day <= calendar.monthrange(2024, month)[1]:
            return None
        point, basis, reason = self._full(month, day, self._weekday_number())
        return self._finish(Meaning("DATE", point.value, reason, self._mod(), basis, point))

    def _date_with_rel(self, month: int, day: int, published: date) -> Meaning | None:
        rel = int(self._value("REL"))
        if self._has("genitive") or self._has("longunit"):
            unit = self._value("GENITIVE") or self._value("LONGUNIT")
            year = published.year + rel if unit == "Y" else published.year
            return self._exact(year, month, day, f"year counted from publication {published}")
        options = [d for y in (-1, 0, 1) if (d := _day(published.year + y, month, day)) is not None]
        fits = [d for d in options if rel == 0 or (d - published).days * rel > 0]
        if not fits:
            return None
        best = min(fits, key=lambda d: abs((d - published).days))
        reason = f"{_SEEN[rel]} such day seen from publication {published}"
        return self._finish(Meaning("DATE", best.isoformat(), reason, self._mod(), "relative", Point.of(best)))

    def _exact(self, year: int, month: int, day: int, reason: str) -> Meaning | None:
        if _day(year, month, day) is None:
            return None
        point = Point(year, month, day)
        basis: DateBasis = "explicit" if reason == "written out" else "relative"
        return self._finish(Meaning("DATE", point.value, reason, self._mod(), basis, point))

    def _finish(self, meaning: Meaning) -> Meaning:
        """Add a part of the day or a clock time that belongs to the same expression."""
        if self._has("clock") or self._has("hour") or self._has("noon"):
            clock = self._clock_value()
            if clock:
                return replace(meaning, type="TIME", value=f"{meaning.value}T{clock}")
        if self._has("part"):
            return replace(meaning, type="TIME", value=meaning.value + self._value("PART"))
        return meaning

    def _pointdate(self) -> Meaning | None:
        """18.02.2025, 18/02/2025; in English the month comes first where there are slashes and it can."""
        word = self._words("pointdate")[0]
        if not re.fullmatch(r"\d\d?([./])\d\d?\1(\d\d|\d{4})", word):
            return None
        first, second, year = (int(x) for x in re.split(r"[./]", word))
        if year < 100:
            year += 2000 if year < _TWO_DIGIT_PIVOT else 1900
        swapped = "/" in word and (second > 12 or (grammar_of(self.rules.language).traits.month_first and first <= 12))
        day, month = (second, first) if swapped else (first, second)
        return self._exact(year, month, day, "written out") if 1900 <= year <= 2199 else None

    def _day_alone(self, day: int) -> Meaning | None:
        """A day without its month: `mardi 8`, `the 21st of last month`, in the month the story is at."""
        anchor = self.at if self.at and self.at.month else Point.of(self.published) if self.published else None
        if anchor is None or anchor.year is None or anchor.month is None:
            return None
        year, month = anchor.year, anchor.month
        if self._has("rel") and self.published is not None:
            year, month = _add_months(self.published.year, self.published.month, int(self._value("REL")))
        weekday = self._weekday_number()
        for months in (0, -1, 1, -2, 2):
            y, m = _add_months(year, month, months)
            option = _day(y, m, day)
            if option is not None and _fits(option, weekday):
                reason = f"month of {anchor.value}"
                return self._finish(Meaning("DATE", option.isoformat(), reason, "", "narrative", Point.of(option)))
        return None

    def _days(self) -> Meaning | None:
        """Several days of one month: `23-25 March` is a range, `4 and 14 June` a list."""
        words, month = self._words("days"), self._month_number()
        days = [int(w) for w in words if w.isdigit() and 1 <= int(w) <= 31]
        if month is None or not days:
            return None
        listed = any(w in self.rules.values_of("ANDWORD") for w in words)
        before = self.line.tokens[self.found.first - 1].lower() if self.found.first else ""
        ranged = len(days) == 2 and (not listed or before in self.rules.values_of("BETWEEN"))
        year = self._year_number()
        if year is not None:
            basis: DateBasis = "explicit"
            reason = "written out"
        elif self._has("rel") and (self._has("longunit") or self._has("genitive")) and self.published is not None:
            year, basis = self.published.year + int(self._value("REL")), "relative"
            reason = f"year counted from publication {self.published}"
        else:
            point, basis, reason = self._full(month, days[-1], None)
            year = point.year
        points = [Point(year, month, day) for day in days]
        if year is not None and any(point.as_date is None for point in points):
            return None
        value = ("/" if ranged else ";").join(point.value for point in points)
        return Meaning("DATE", value, reason, self._mod(), basis, points[-1])

    def _month(self) -> Meaning | None:
        month, year = self._month_number(), self._year_number()
        if month is None:
            return None
        if year is not None:
            point = Point(year, month)
            return Meaning("DATE", point.value, "written out", self._mod(), "explicit", point)
        if self._has("rel") and self._has("longunit") and self.published is not None:
            point = Point(self.published.year + int(self._value("REL")), month)
            return Meaning(
                "DATE", point.value, f"counted from publication {self.published}", self._mod(), "relative", point
            )
        rel = int(self._value("REL")) if self._has("rel") else None
        point, basis, reason = self._month_year(month, rel)
        return self._finish(Meaning("DATE", point.value, reason, self._mod(), basis, point))

    def _monthday(self) -> Meaning | None:
        month = self._month_number()
        if month is None:
            return None
        point, basis, reason = self._month_year(month, None)
        return Meaning("DATE", f"{point.value}-XX", reason, "", basis, point)

    def _year(self) -> Meaning | None:
        year = self._year_number()
        if year is None or not 1000 <= year <= 2199:
            return None
        return Meaning("DATE", f"{year:04}", "written out", self._mod(), "explicit", Point(year))

    def _yearspan(self) -> Meaning | None:
        """The second year of 1957-58 or 2002/2003."""
        if len(self._words("year")) == 2:
            start, end = (int(word) for word in self._words("year"))
            if not start < end <= start + 200:
                return None
            return Meaning("DATE", f"{start}/{end}", "written out", self._mod(), "explicit", Point(end))
        first = self.line.tokens[self.found.first - 2]
        last = self._words("yy")[-1] if self._has("yy") else self._words("year")[-1]
        year = int(last) if len(last) == 4 else int(first) - int(first) % 100 + int(last)
        if not int(first) < year <= int(first) + 200:
            return None
        return Meaning(
            "DATE", f"{year}", f"end of a stretch that begins in {first}", self._mod(), "explicit", Point(year)
        )

    def _decade(self) -> Meaning | None:
        year = self._year_number()
        if year is None and self._has("tens"):
            year = 1900 + int(self._value("TENS"))
        if year is None or year % 10:
            return None
        if self._has("yy"):
            year = int(self._words("yy")[-1])
            year += 2000 if year < _TWO_DIGIT_PIVOT else 1900
        return Meaning("DATE", f"{year // 10:03}", "written out", self._mod())

    def _century(self) -> Meaning | None:
        number = self._ordinal()
        if number is None or not 1 <= number <= 21:
            return None
        return Meaning("DATE", f"{number - 1:02}", "written out", self._mod())

    def _ordinal(self) -> int | None:
        if self._has("roman"):
            return int(self._value("ROMAN"))
        if self._has("ord"):
            return int(self._value("ORD"))
        return self._int("day") or (int(self._words("quantity")[0]) if self._has("quantity") else None)

    def _season(self) -> Meaning | None:
        season = self._season_code()
        year = self._year_number()
        if year is None:
            return self._season_near(season, None)
        return Meaning(
            "DATE", f"{year}-{season}", "written out", self._mod(), "explicit", Point(year, _SEASON_MONTH[season])
        )

    def _season_of(self, season: str, year: int) -> Meaning:
        reason = f"year counted from publication {self.published}"
        return Meaning("DATE", f"{year}-{season}", reason, self._mod(), "relative", Point(year, _SEASON_MONTH[season]))

    def _season_code(self) -> str:
        return self._value("SEASON") or self._value("FALL")

    def _season_near(self, season: str, rel: int | None) -> Meaning:
        if self.published is None:
            year = self.written.year if self.written else None
            value = f"{year}-{season}" if year else f"XXXX-{season}"
            return Meaning(
                "DATE", value, "year of the story's last full date", self._mod(), "narrative" if year else "none"
            )
        month = _SEASON_MONTH[season] + 1
        here = self.published.year * 12 + self.published.month
        side = rel if rel else self._direction()
        options = []
        for year in range(self.published.year - 1, self.published.year + 2):
            far = year * 12 + month - here
            inside = -1 <= far <= 1
            if rel == 0 and year != self.published.year:
                continue
            if rel in (-1, 1) and (inside or far * rel < 0):
                continue
            options.append((abs(far) + (_WRONG_SIDE_MONTHS if far * side < 0 and not inside else 0), year))
        year = min(options)[1]
        point = Point(year, _SEASON_MONTH[season])
        reason = f"nearest to publication {self.published}" + _tense_words(side)
        return Meaning("DATE", f"{year}-{season}", reason, self._mod(), "relative", point)

    def _bareseason(self) -> Meaning | None:
        """A season as such (en été): of no one year."""
        return Meaning("DATE", f"XXXX-{self._value('BARESEASON')}", "of no one year", self._mod(), "none")

    def _quarter(self) -> Meaning | None:
        year = self._year_number()
        number = int(self._value("QCODE")) if self._has("qcode") else self._ordinal()
        basis: DateBasis = "explicit"
        reason = "written out"
        if year is None:
            basis = "relative"
            anchor = self.published.year if self.published else self.written.year if self.written else None
            if anchor is not None:
                rel = int(self._value("REL")) if self._has("rel") else 0
                year = anchor + rel
                reason = f"year of {'publication' if self.published else 'the story'}"
                if self.published and not self._has("rel") and number is not None:
                    ends = number * 3 if self._letter() == "Q" else number * 6
                    if ends - self.published.month > 4 and self._direction() < 0:
                        year -= 1
        if number is None or not 1 <= number <= (4 if self._letter() == "Q" else 2):
            return None
        head = f"{year:04}" if year else "XXXX"
        return Meaning("DATE", f"{head}-{self._letter()}{number}", reason, self._mod(), basis)

    def _letter(self) -> str:
        return "H" if self._has("halfword") else "Q"

    # -- days seen from publication ------------------------------------------------------------------------------

    def _weekday(self) -> Meaning | None:
        weekday = self._weekday_number()
        if weekday is None:
            return None
        if self.published is None:
            return self._weekday_in_story(weekday)
        rel = int(self._value("REL")) if self._has("rel") else None
        back = (self.published.isoweekday() - weekday) % 7
        ahead = (weekday - self.published.isoweekday()) % 7
        if self._has("unit") or self._has("longunit"):
            monday = self.published - timedelta(days=self.published.isoweekday() - 1)
            day = monday + timedelta(days=weekday - 1 + 7 * (rel or 0))
            reason = f"week counted from publication {self.published}"
        elif rel == -1:
            day, reason = (
                self.published - timedelta(days=back or 7),
                f"last such day before publication {self.published}",
            )
        elif rel == 1:
            day, reason = (
                self.published + timedelta(days=ahead or 7),
                f"next such day after publication {self.published}",
            )
        else:
            side = self._direction()
            day = self.published + (timedelta(days=ahead) if side > 0 else -timedelta(days=back))
            which = "next such day from" if side > 0 else "last such day up to"
            reason = f"{which} publication {self.published}" + _tense_words(side)
        return self._finish(Meaning("DATE", day.isoformat(), reason, self._mod(), "relative", Point.of(day)))

    def _weekday_in_story(self, weekday: int) -> Meaning:
        at = self.day_at.as_date if self.day_at else None
        if at is None:
            return self._finish(Meaning("DATE", f"XXXX-WXX-{weekday}", "no publication date", self._mod(), "none"))
        side = self._direction()
        back, ahead = (at.isoweekday() - weekday) % 7, (weekday - at.isoweekday()) % 7
        day = at + timedelta(days=ahead) if side > 0 else at - timedelta(days=back)
        reason = f"nearest to the story's last date, {at}" + _tense_words(side)
        return self._finish(Meaning("DATE", day.isoformat(), reason, self._mod(), "narrative", Point.of(day)))

    def _deictic(self) -> Meaning | None:
        return self._from_publication(int(self._value("DEICTIC")))

    def _from_publication(self, days: int) -> Meaning:
        if self.published is None:
            return self._finish(Meaning("DATE", "XXXX-XX-XX", "no publication date to count from", self._mod(), "none"))
        day = self.published + timedelta(days=days)
        reason = "day of publication" if not days else f"{days:+d} days from publication {self.published}"
        return self._finish(Meaning("DATE", day.isoformat(), reason, self._mod(), "relative", Point.of(day)))

    def _tonight(self) -> Meaning | None:
        """Parts of the day of publication or of the one before: tonight, last night, ce matin."""
        part = self._value("PART") or "TNI"
        rel = int(self._value("REL")) if self._has("rel") else 0
        back = self._has("rel") and rel < 0
        meaning = self._from_publication(-1 if back else 0)
        return replace(meaning, type="TIME", value=meaning.value.removesuffix(part) + part)

    def _part(self) -> Meaning | None:
        part = self._value("PART")
        if not part:
            return None
        anchor = self.day_here or self.day_at or (Point.of(self.published) if self.published else None)
        if anchor is None or anchor.day is None:
            return Meaning("TIME", part, "part of a day that the text does not give", self._mod(), "none")
        return Meaning(
            "TIME", anchor.value + part, f"day the story is at, {anchor.value}", self._mod(), "narrative", anchor
        )

    def _nightto(self) -> Meaning | None:
        """The night that ends on a day: ночь на 9 апреля, ночь на среду."""
        if self._has("deictic"):
            meaning: Meaning | None = self._deictic()
        elif self._has("month"):
            meaning = self._date()
        else:
            meaning = self._weekday()
        return None if meaning is None else replace(meaning, type="TIME", value=meaning.value + "TNI")

    # -- stretches -----------------------------------------------------------------------------------------------

    def _unit(self) -> str:
        for name in ("UNIT", "LONGUNIT", "PLURAL"):
            if self._has(name.lower()):
                return self._value(name)
        return ""

    def _period(self) -> Meaning | None:
        rel = int(self._value("REL")) if self._has("rel") else 0
        unit = self._unit()
        if self._has("season") or self._has("fall"):
            if unit == "Y" and self.published is not None:
                return self._season_of(self._season_code(), self.published.year + rel)
            return self._season_near(self._season_code(), rel if self._has("rel") or self._has("this") else None)
        anchor = self.published or (self.day_at.as_date if self.day_at else None)
        if anchor is None:
            year = self.at.year if self.at else None
            if unit == "Y" and year is not None:
                return Meaning(
                    "DATE", f"{year + rel}", "year of the story", self._mod(), "narrative", Point(year + rel)
                )
            return Meaning(
                "DATE",
                "PAST_REF" if rel < 0 else "FUTURE_REF" if rel > 0 else "PRESENT_REF",
                "no publication date to count from",
                self._mod(),
                "none",
            )
        basis: DateBasis = "relative" if self.published else "narrative"
        value, point = self._stretch(anchor, unit, rel)
        if not value:
            return None
        reason = f"counted from {'publication' if self.published else 'the story at'} {anchor}"
        return self._finish(Meaning("DATE", value, reason, self._mod(), basis, point))

    def _storymonth(self) -> Meaning | None:
        """The month of the year the story is at, or the next such month: "in 2013 … that November"."""
        month, at = int(self._value("MONTH") or 0), self.at
        if not month or at is None or at.year is None:
            return None
        year = at.year + (at.month is not None and month < at.month)
        point = Point(year, month)
        return Meaning("DATE", point.value, f"month of the story's year {at.year}", self._mod(), "narrative", point)

    def _storyperiod(self) -> Meaning | None:
        """The year, month or week before, after or of the date the story is at: the following year."""
        unit, steps = self._unit(), int(self._value("STORYREL") or 0)
        at = self.at
        if unit == "Y" and at is not None and at.year is not None:
            year = at.year + steps
            return Meaning(
                "DATE", f"{year:04}", f"{steps:+d} from the story's year", self._mod(), "narrative", Point(year)
            )
        if unit == "M" and at is not None and at.year is not None and at.month is not None:
            point = Point(*_add_months(at.year, at.month, steps))
            return Meaning("DATE", point.value, f"{steps:+d} from the story's month", self._mod(), "narrative", point)
        anchor = at.as_date if at is not None else self.published
        if anchor is None:
            return Meaning("DATE", "XXXX", "the date it is counted from is not given", self._mod(), "none")
        value, point_found = self._stretch(anchor, unit, steps)
        if not value:
            return None
        reason = f"{steps:+d} from the story's date {anchor}"
        return self._finish(Meaning("DATE", value, reason, self._mod(), "narrative", point_found))

    def _stretch(self, anchor: date, unit: str, steps: int) -> tuple[str, Point | None]:
        """The day, week, month, quarter, year, decade or century so many steps from an anchor."""
        if unit == "D":
            day = anchor + timedelta(days=steps)
            return day.isoformat(), Point.of(day)
        if unit in ("W", "FN"):
            return _week(anchor + timedelta(weeks=steps)), None
        if unit == "WE":
            # In the first half of a week with a past verb, "this weekend" is the one just over.
            back = 1 if not steps and anchor.isoweekday() <= 4 and self._direction() < 0 else 0
            return f"{_week(anchor + timedelta(weeks=steps - back))}-WE", None
        if unit == "M":
            year, month = _add_months(anchor.year, anchor.month, steps)
            return f"{year:04}-{month:02}", Point(year, month)
        if unit == "Q":
            year, month = _add_months(anchor.year, anchor.month, 3 * steps)
            return f"{year:04}-Q{(month - 1) // 3 + 1}", None
        if unit == "H":
            year, month = _add_months(anchor.year, anchor.month, 6 * steps)
            return f"{year:04}-H{(month - 1) // 6 + 1}", None
        if unit == "Y":
            return f"{anchor.year + steps:04}", Point(anchor.year + steps)
        if unit == "DE":
            return f"{anchor.year // 10 + steps:03}", None
        if unit == "CE":
            return f"{anchor.year // 100 + steps:02}", None
        return "", None

    def _duration_value(self, number: float | None, unit: str) -> str:
        text = "X" if number is None else _number_text(number)
        if number is not None and number % 1 == 0.5 and unit in _HALVES:
            whole = f"{int(number)}{_TIME_UNITS.get(unit, unit)}" if number > 1 else ""
            return ("PT" if unit in _TIME_UNITS else "P") + whole + _HALVES[unit]
        if unit in _TIME_UNITS:
            return f"PT{text}{_TIME_UNITS[unit]}"
        if unit == "FN":
            return f"P{_number_text(2 * number) if number is not None else 'X'}W"
        if unit == "Q":
            return f"P{_number_text(3 * number) if number is not None else 'X'}M" if number is not None else "PXQ"
        if unit == "H":
            return f"P{_number_text(6 * number) if number is not None else 'X'}M"
        if unit == "NI":
            return f"P{text}D"
        if unit == "WE":
            return f"P{text}WE"
        if unit in _YEARS:
            return f"P{_number_text(_YEARS[unit] * number)}Y" if number is not None else f"PX{unit}"
        return f"P{text}{unit}"

    def _duration(self) -> Meaning | None:
        unit = self._unit()
        number = self._number()
        if self._has("term"):
            return Meaning("DURATION", self._value("TERM"), "length in one word or phrase", self._mod())
        if self._has("halftime"):
            return Meaning("DURATION", "PT30M", "length as written", self._mod())
        if self._has("half"):
            unit, number = unit or "Y", 0.5
        if not self._has("number") and number is None:
            number = 1.0
        if self._has("plushalf") and number is not None:
            number += 0.5
        if self._has("quarter"):
            number = float(self._value("QUARTER"))
        if not unit:
            return None
        return Meaning("DURATION", self._duration_value(number, unit), "length as written", self._mod())

    def _many(self) -> Meaning | None:
        unit = self._unit()
        if self._has("pastn"):
            return Meaning("DURATION", self._duration_value(None, unit), "length not given", self._mod())
        if unit in _YEARS:
            return Meaning("DURATION", self._duration_value(1, unit), "at least one", "MORE_THAN")
        return Meaning("DURATION", self._duration_value(None, unit), "length not given", self._mod())

    def _pastn(self) -> Meaning | None:
        unit, number = self._unit(), self._number()
        return Meaning("DURATION", self._duration_value(number, unit), "length as written", self._mod())

    def _ago(self) -> Meaning | None:
        unit, number = self._unit(), self._number()
        if not self._has("number"):
            number = 1.0
        if self._has("half"):
            unit, number = unit or "Y", 0.5
        mod = self._mod()
        if number is None and self._has("ago") and grammar_of(self.rules.language).traits.vague_past:
            return Meaning("DATE", "PAST_REF", "how long ago is not said", mod, "none")
        if number is None or mod in ("LESS_THAN", "MORE_THAN") or self.published is None:
            return Meaning("DURATION", self._duration_value(number, unit), "length as written", mod)
        sign = int(self._value("AHEAD") or self._value("AGO") or -1)
        at = self.day_at.as_date if self.day_at else None
        if sign > 0 and at is not None and at <= self.published and self._direction() < 0:
            # «Через шесть дней ... увиделись»: six days after what was told before.
            return self._counted(at, unit, number, mod, "narrative", "the story's date")
        return self._counted(self.published, unit, sign * number, mod, "relative", "publication")

    def _counted(
        self, anchor: date, unit: str, number: float, mod: str, basis: DateBasis, named: str
    ) -> Meaning | None:
        if unit in _TIME_UNITS:
            return Meaning("DURATION", self._duration_value(abs(number), unit), "length as written", mod)
        if number != int(number):
            unit, number = ("M", number * 12) if unit == "Y" else ("D", number * {"M": 30, "W": 7, "D": 1}.get(unit, 1))
        try:
            value, point = self._stretch(anchor, unit, int(number))
        except (OverflowError, ValueError):
            return None
        if not value or value.startswith("-"):
            return None
        return Meaning("DATE", value, f"{int(number):+d} {unit} from {named} {anchor}", mod, basis, point)

    def _eve(self) -> Meaning | None:
        """`Накануне`: as an adverb the day before publication; as a preposition it dates nothing."""
        behind = self.found.last
        if behind < len(self.line.tokens):
            word = self.line.tokens[behind]
            known = grammar_of(self.rules.language)
            noun = (
                word.islower() and word not in known.words("no_genitive") and word.endswith(known.endings("genitive"))
            )
            if noun and not self.rules.tenses(self.line)[behind]:
                return None
        return self._from_publication(-1)

    def _shift(self) -> Meaning | None:
        """Counted from the date the story is at: two days earlier, la veille, the same day."""
        at = self.day_at.as_date if self.day_at else None
        if not self._has("unit") and not self._has("longunit"):
            steps = int(self._value("NEARDAY") or 0)
            if at is None:
                if self.published is None:
                    return self._finish(
                        Meaning("DATE", "XXXX-XX-XX", "the day it is counted from is not given", "", "none")
                    )
                return self._from_publication(steps)
            day = at + timedelta(days=steps)
            reason = f"{steps:+d} days from the story's date {at}" if steps else f"the story's date {at}"
            return self._finish(Meaning("DATE", day.isoformat(), reason, "", "narrative", Point.of(day)))
        unit, number = self._unit(), self._number()
        if not self._has("number"):
            number = 1.0
        sign = int(self._value("SHIFT") or self._value("SHIFTEND") or 0)
        if number is None or unit in _TIME_UNITS:
            return Meaning("DURATION", self._duration_value(number, unit), "length as written", self._mod())
        if self.at is not None and self.at.year is not None and unit == "Y":
            year = self.at.year + sign * int(number)
            return Meaning(
                "DATE", f"{year}", f"from the story's year {self.at.year}", self._mod(), "narrative", Point(year)
            )
        if self.at is not None and self.at.day is None and self.at.year and self.at.month and unit == "M":
            months = self.at.year * 12 + self.at.month - 1 + sign * int(number)
            point = Point(months // 12, months % 12 + 1)
            return Meaning("DATE", point.value, "from the story's month", self._mod(), "narrative", point)
        if at is None:
            return Meaning("DURATION", self._duration_value(number, unit), "length as written", self._mod())
        return self._counted(at, unit, sign * number, self._mod(), "narrative", "the story's date")

    def _daybefore(self) -> Meaning | None:
        """`The day before`, standing alone; before a clause the day is that of the clause."""
        after = self.line.tokens[self.found.last] if self.found.last < len(self.line.tokens) else "."
        if after.isalpha() and self.rules.tenses(self.line)[self.found.last] >= 0:
            return self._beside()
        steps = int(self._value("BESIDE"))
        at = self.day_at.as_date if self.day_at else None
        if at is None:
            return self._beside()
        day = at + timedelta(days=steps)
        reason = f"{steps:+d} days from the story's date {at}"
        return Meaning("DATE", day.isoformat(), reason, "", "narrative", Point.of(day))

    def _beside(self) -> Meaning:
        """A day known only by what happened before or after it; the words that say so stay outside."""
        return Meaning("DATE", "XXXX-XX-XX", "beside an event that the text does not date here", "", "none", words=2)

    def _yearago(self) -> Meaning | None:
        anchor = self.published.year if self.published else self.at.year if self.at else None
        if anchor is None:
            return None
        return Meaning("DATE", f"{anchor - 1}", f"the year before {anchor}", "", "relative", Point(anchor - 1))

    # -- the rest ------------------------------------------------------------------------------------------------

    def _set(self) -> Meaning | None:
        if self._has("freq"):
            return Meaning("SET", self._value("FREQ"), "repetition as written")
        for name in ("WEEKDAYS", "WEEKDAY"):
            if self._has(name.lower()):
                value = f"XXXX-WXX-{self._value(name)}" + (self._value("PART") if self._has("part") else "")
                return Meaning("SET", value, "repetition as written")
        if self._has("season"):
            return Meaning("SET", f"XXXX-{self._value('SEASON')}", "repetition as written")
        if self._has("month"):
            return Meaning("SET", f"XXXX-{int(self._value('MONTH')):02}", "repetition as written")
        if self._has("part"):
            return Meaning("SET", f"XXXX-XX-XX{self._value('PART')}", "repetition as written")
        number = self._number()
        return Meaning(
            "SET", self._duration_value(number if number is not None else 1, self._unit()), "repetition as written"
        )

    def _ref(self) -> Meaning | None:
        value = self._value("REF") or "PAST_REF"
        return Meaning("DATE", value, "vague", "", "none")

    def _clock_value(self) -> str:
        if self._has("noon"):
            return self._value("NOON")
        hour: int | None
        if self._has("clock"):
            parts = self._words("clock")[0].split(":")
            hour, minute = int(parts[0]), int(parts[1])
        else:
            hour = self._int("hour")
            minutes = self._words("minute")
            minute = int(minutes[0]) if minutes else 0
        if hour is None:
            return ""
        if self._has("ampm"):
            hour = hour % 12 + (12 if self._value("AMPM") == "PM" else 0)
        if hour > 24 or minute > 59:
            return ""
        return f"{hour:02}:{minute:02}"

    def _clock(self) -> Meaning | None:
        value = self._clock_value()
        if not value:
            return None
        anchor = self.day_here or self.day_at
        if anchor is None and self.published is not None:
            anchor = Point.of(self.published)
        day = anchor.value if anchor else "XXXX-XX-XX"
        reason = f"on the day the story is at, {day}" if anchor else "on a day that the text does not give"
        return Meaning("TIME", f"{day}T{value}", reason, self._mod(), "narrative" if anchor else "none")

    def _holiday(self) -> Meaning | None:
        if self.document.text[self.found.start - 1 : self.found.start] in _HYPHENS:
            return None  # "Jean-Noël Barrot"
        month, day = (int(x) for x in self._value("HOLIDAY").split("-"))
        year = self._year_number()
        if year is not None:
            return self._exact(year, month, day, "written out")
        point, basis, reason = self._full(month, day, None)
        return self._finish(Meaning("DATE", point.value, reason, self._mod(), basis, point))


_HYPHENS = ("-", "‐", "‑")


def _reading_order(some: Sequence[Found]) -> list[int]:
    """A clock time waits for the day written right behind it: "18 h 30, hier"."""
    order = list(range(len(some)))
    for i in range(len(some) - 1):
        here, there = some[i], some[i + 1]
        if here.kind == "clock" and there.kind in ("weekday", "deictic", "date") and there.first - here.last <= 1:
            order[i], order[i + 1] = i + 1, i
    return order


def _read_number(word: str) -> float:
    """12, 1,800 and 3.000 as thousands, 30,4 and 2.5 as decimals."""
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", word):
        return float(re.sub(r"[.,]", "", word))
    whole, _, rest = word.replace(",", ".").partition(".")
    return float(f"{whole}.{rest.replace('.', '') or '0'}")


def _fits(day: date, weekday: int | None) -> bool:
    return weekday is None or day.isoweekday() == weekday


def _tense_words(side: int) -> str:
    return {-1: ", past verb", 1: ", future verb"}.get(side, "")
