"""The axis above the timeline: the index, and events by month as links that choose a span of days.

Without the script each column is a link to its own months; with it, a span is dragged over several.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from babel.dates import format_date
from markupsafe import Markup

from detente.publish.catalogue import Words
from detente.publish.charts import BLACK, DOWN, QUIET, UP, WIDTH, chart_head, escape, month_starts, text_at
from detente.publish.filters import Filter, Month
from detente.publish.situation import Situation

LEFT, RIGHT, TOP, LINE, BARS, FOOT = 44, 6, 8, 56, 74, 34
BEFORE = 54
"""Width for what happened before the dossier's first month."""
MOST_BARS = 60
STEPS = (1, 3, 12, 60, 120)
"""Months of a column, so that no more than `MOST_BARS` are drawn."""
MOST_POINTS = 160
_LAST_MONTH = 12 * date.max.year + 11


class _Across(Protocol):
    def __call__(self, day: date, after: int = 0) -> float: ...


@dataclass(frozen=True, slots=True)
class Column:
    """Some months of the timeline.

    Attributes:
        newest: Position of its newest event in the list that the filter leaves; None where it has none.
    """

    first: date
    last: date
    up: int = 0
    down: int = 0
    flat: int = 0
    newest: int | None = None


def columns(months: Sequence[Month], start: date, day: date) -> tuple[Column | None, list[Column]]:
    """(what came before, columns without gaps from the month of `start` to the last month with events, or to `day`).

    A report may tell of something twenty years ago, which would leave no room for what the dossier looks at.

    >>> before, shown = columns([Month(date(2010, 5, 1), 1, 0, 0, 7)], date(2025, 1, 15), date(2025, 2, 3))
    >>> before.last.isoformat(), [column.first.isoformat() for column in shown]
    ('2024-12-31', ['2025-01-01', '2025-02-01'])
    """
    begins = start.replace(day=1)
    ends = max([day, *(each.month for each in months)])
    count = 12 * (ends.year - begins.year) + ends.month - begins.month + 1
    step = next((step for step in STEPS if count <= step * MOST_BARS), STEPS[-1])
    first = _number(begins) - _number(begins) % step
    made: list[Column] = []
    for number in range(first, _number(ends) + 1, step):
        last = min(number + step - 1, _LAST_MONTH)
        year, month = last // 12, last % 12 + 1
        made.append(Column(date(number // 12, number % 12 + 1, 1), date(year, month, monthrange(year, month)[1])))
    before = None
    for each in months:
        if _number(each.month) < first:
            before = _with(before or Column(each.month, date.fromordinal(made[0].first.toordinal() - 1)), each)
        else:
            at = (_number(each.month) - first) // step
            made[at] = _with(made[at], each)
    return before, made


def _number(month: date) -> int:
    return 12 * month.year + month.month - 1


def _with(held: Column, month: Month) -> Column:
    return replace(
        held,
        up=held.up + month.up,
        down=held.down + month.down,
        flat=held.flat + month.flat,
        newest=month.newest if held.newest is None else min(month.newest, held.newest),
    )


def chart(
    situation: Situation,
    months: Sequence[Month],
    asked: Filter,
    words: Words,
    way_to: Callable[[Filter, Column], str],
) -> Markup | None:
    """The axis; None where no event has a day.

    Args:
        months: What the rest of the filter leaves of each month.
        way_to: Address of the list through a filter, with the column it is narrowed to.
    """
    if not months and not (asked.since or asked.until):
        return None
    before, drawn = columns(months, situation.start, situation.day)
    begin = LEFT + (BEFORE if before else 0)
    first, span = drawn[0].first, (drawn[-1].last - drawn[0].first).days + 1
    wide, floor = WIDTH - begin - RIGHT, TOP + LINE + BARS

    def x(day: date, after: int = 0) -> float:
        """Where a day begins, or so many days later."""
        return begin + wide * min(max((day - first).days + after, 0), span) / span

    title = words("Events by month: choose a span of days")
    out = [chart_head(WIDTH, floor + FOOT, title, title).replace('class="chart"', 'class="chart brush"', 1)]
    since = date.fromisoformat(asked.since) if asked.since else date.min
    until = date.fromisoformat(asked.until) if asked.until else date.max
    left = LEFT if since < first else x(since)
    shaded = max(0.0, (x(until, 1) if until >= first else begin - 4) - left) if asked.since or asked.until else 0.0
    out.append(
        f'<rect class="span" x="{left:.1f}" y="{TOP}" width="{shaded:.1f}" height="{floor - TOP}" fill="#ffe58a"/>'
    )
    out += _line(situation, x)
    places = [(column, x(column.first), x(column.last, 1)) for column in drawn]
    if before:
        places.insert(0, (before, LEFT, begin - 4))
        out.append(text_at(LEFT, floor + 14, words("earlier"), "start", f'{_QUIET} class="before"'))
    out += _bars(places, asked, words, way_to)
    years = set()
    for month in month_starts(first, drawn[-1].last):
        out.append(text_at(x(month), floor + 14, format_date(month, "LLL", locale=words.locale), "start", _QUIET))
        if month.year not in years:
            years.add(month.year)
            out.append(text_at(x(month), floor + 28, str(month.year), "start", ' font-weight="600"'))
    out.append("</svg>")
    return Markup("".join(out))  # noqa: S704 - the chart layer escapes what it is given


_QUIET = f' fill="{QUIET}"'


def _line(situation: Situation, x: _Across) -> list[str]:
    points = [point for point in situation.index.joint.points if point.value is not None]
    points = [*points[:: max(1, -(-len(points) // MOST_POINTS))], *points[-1:]]
    if len(points) < 2:
        return []
    reach = max(1.0, *(abs(point.value or 0.0) for point in points))
    middle = TOP + LINE / 2
    told = " ".join(f"{x(p.day):.1f},{middle - (LINE / 2 - 2) * (p.value or 0.0) / reach:.1f}" for p in points)
    return [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{middle}" y2="{middle}" stroke="#bbb"/>',
        text_at(LEFT - 6, middle + 4, "0", "end", _QUIET),
        f'<polyline points="{told}" fill="none" stroke="{BLACK}" stroke-width="1.6"/>',
    ]


def _bars(
    places: Sequence[tuple[Column, float, float]],
    asked: Filter,
    words: Words,
    way_to: Callable[[Filter, Column], str],
) -> list[str]:
    top, base = TOP + LINE, TOP + LINE + BARS * 0.6
    most = max(max(column.up + column.flat, column.down * 1.5) for column, _, _ in places) or 1
    unit = BARS * 0.6 / most
    out = [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base:.1f}" y2="{base:.1f}" stroke="#777"/>']
    for column, left, right in places:
        wide = max(1.0, right - left - 2)
        total = column.up + column.down + column.flat
        label = _label(column, total, words)
        link = way_to(replace(asked, since=column.first.isoformat(), until=column.last.isoformat()), column)
        parts = [
            f'<rect x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{LINE + BARS}" fill="transparent"/>'
        ]
        high = base
        for count, colour in ((column.up, UP), (column.flat, "#9aa0aa")):
            if count:
                high -= count * unit
                parts.append(_bar(left + 1, high, wide, count * unit, colour))
        if column.down:
            parts.append(_bar(left + 1, base, wide, column.down * unit, DOWN))
        opening = f'<a href="{escape(link)}" tabindex="-1" data-since="{column.first}" data-until="{column.last}">'
        out += [opening, *parts, f"<title>{escape(label)}</title></a>"]
    out.append(text_at(LEFT - 6, top + 12, "▲", "end", f' fill="{UP}"'))
    out.append(text_at(LEFT - 6, TOP + LINE + BARS - 2, "▼", "end", f' fill="{DOWN}"'))
    return out


def _bar(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{colour}"/>'


def _label(column: Column, total: int, words: Words) -> str:
    one = (column.first.year, column.first.month) == (column.last.year, column.last.month)
    when = (
        words.month(column.first)
        if one
        else f"{words.day(column.first, short=True)} – {words.day(column.last, short=True)}"
    )
    counts = f"▲ {words.number(column.up)}, ▼ {words.number(column.down)}, ◆ {words.number(column.flat)}"
    return f"{when}{words.colon()}{words.many('{n} event', '{n} events', total)} ({counts})"
