"""Our own small chart layer: figures drawn on the server as SVG, the same for page, brief and feed.

No script and no style sheet from outside; every mark that stands for something is a link to it; labels that would
overprint are staggered; colour never says anything alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape as escape_markup

from babel.dates import format_date

from detente.errors import PublishError
from detente.publish.catalogue import Words
from detente.publish.text import flat

WIDTH = 1080
LEFT, PAST, FUTURE, NEVER = 190, 526, 216, 100
"""Width of the row labels, of what happened, of what may come, and of "never"; gaps between are 20."""
PAST_IN_PRINT = 290
"""The same on paper: an A4 column leaves 499 points for the width, and labels of 11 units are then above 6 points."""
GAP = 20
TOP, PLOT, LANE, ROW, FOOT = 66, 230, 28, 44, 70
LABEL_ROWS, LABEL_HEIGHT, LETTER, WIDE_LETTER = 2, 14, 7.0, 8.0
BLACK, UP, DOWN, QUIET = "#1a1a1a", "#0b5394", "#b02418", "#555555"
COLOURS = (BLACK, "#0b5394", "#a64d00")
DASHES = ("", "7 3", "2 3")
MOST_POINTS = 280
"""Points a series is drawn with: one for every two units of width."""
MOST_YEARS = 8
_Across = Callable[[date], float]
_Up = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One series: shape (days,) each; `low` and `high` bound its interval and are left empty where none is drawn.

    A series that begins later or ends earlier than the days has None there.
    """

    label: str
    value: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """An event in a lane: ▲ cooperative, ▼ conflictual, ◆ neither; filled where a person has checked it."""

    day: date
    score: float
    label: str
    link: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """The events of one issue."""

    label: str
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Flag:
    """A vertical line with a label, and the days it may really be on."""

    day: date
    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Future:
    """One milestone right of today.

    Attributes:
        chance: As shown: `34 % by 31 December 2027`.
        window: Days within which it comes in eight cases out of ten, if it comes; None where it cannot be said.
        never: Share, 0-1.
    """

    label: str
    chance: str
    link: str
    median: date | None
    window: tuple[date, date] | None
    never: float


def escape(text: str) -> str:
    """Text made harmless and fit for markup."""
    return escape_markup(flat(text))


def length(text: str) -> float:
    """About how wide a text is drawn at size 12, in units: Cyrillic letters are wider than Latin ones.

    >>> length("Arms"), length("Мост")
    (28.0, 32.0)
    """
    return sum(WIDE_LETTER if "\u0400" <= letter <= "\u04ff" else LETTER for letter in text)


def cut(text: str, room: float) -> str:
    """Text that fits into a room of so many units."""
    if length(text) <= room or len(text) <= 4:
        return text
    kept = text
    while len(kept) > 3 and length(kept) > room - LETTER:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def label_lines(text: str, room: float) -> list[str]:
    """A label on one line, or on two where it is too long for one; what is still too long is cut.

    >>> label_lines("Контроль над вооружениями", 180)
    ['Контроль над', 'вооружениями']
    """
    if length(text) <= room or " " not in text:
        return [cut(text, room)]
    heads = [text[:at] for at, letter in enumerate(text) if letter == " "]
    head = next((h for h in heads[::-1] if length(h) <= room), heads[0])
    return [cut(head, room), cut(text[len(head) + 1 :], room)]


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    step = next(s for s in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if span / s <= 8)
    first = int(low / step) - 1
    return [k * step for k in range(first, first + 24) if low <= k * step <= high]


def month_starts(start: date, end: date) -> list[date]:
    """Firsts of months to mark on an axis, at most nine and a few."""
    months = [date(y, m, 1) for y in range(start.year, end.year + 1) for m in range(1, 13)]
    inside = [m for m in months if start <= m <= end]
    for step in (1, 2, 3, 6, 12, 24, 60, 120):
        shown = [m for m in inside if (m.year * 12 + m.month - 1) % step == 0]
        if len(shown) <= 9:
            return shown
    return inside[:: max(1, len(inside) // 9)]


def _thinned(count: int) -> list[int]:
    """Positions to draw, the last one always among them."""
    step = max(1, -(-count // MOST_POINTS))
    return sorted({*range(0, count, step), count - 1})


def relationship_chart(
    days: Sequence[date],
    lines: Sequence[Line],
    words: Words,
    *,
    title: str,
    summary: str,
    lanes: Sequence[Lane] = (),
    flags: Sequence[Flag] = (),
    futures: Sequence[Future] = (),
    past: int = PAST,
) -> str:
    """What happened and what may come on one time axis: series with breaks and events by issue, then milestones.

    Args:
        days: Shape (n,), rising; the last one is "today".
        lines: Each of shape (n,); the first one is the main one.
        summary: What a reader who cannot see the figure should know.
        past: Units of width for what happened; less of it makes larger labels where the whole is scaled to a column.

    Returns:
        An `<svg>` element; text in it is escaped.

    Raises:
        PublishError: There are fewer than two days, or a series has another length.
    """
    if len(days) < 2:
        raise PublishError(f"{len(days)} days cannot be drawn. Give at least two.")
    for line in lines:
        for values in (line.value, line.low, line.high):
            if len(values) != len(days) and (values or values is line.value):
                raise PublishError(f"series {line.label!r} has {len(values)} values for {len(days)} days.")
    kept = _thinned(len(days))
    lines = [Line(n.label, *([v[i] for i in kept] if v else [] for v in (n.value, n.low, n.high))) for n in lines]
    shown = [days[i] for i in kept]
    bottom = min([-1.0, *(v for line in lines for v in (*line.low, *line.value) if v is not None)])
    top = max([1.0, *(v for line in lines for v in (*line.high, *line.value) if v is not None)])
    height = TOP + max(PLOT + 12 + LANE * len(lanes) + FOOT, (ROW * len(futures) + FOOT) if futures else 0)
    floor = height - FOOT
    width = WIDTH - PAST + past
    wide = past if futures else width - LEFT - GAP
    span = (days[-1] - days[0]).days

    def x(day: date) -> float:
        return LEFT + wide * min(max((day - days[0]).days, 0), span) / span

    def y(value: float) -> float:
        return TOP + PLOT * (top - value) / (top - bottom)

    out = [
        chart_head(width, height, title, summary),
        text_at(LEFT, 14, words("What happened"), "start", ' font-weight="600"'),
    ]
    out += _past_axes(days, words, x, y, (bottom, top), wide, floor)
    out += _bands(shown, lines, x, y)
    out += _flags(flags, x, wide, floor)
    for order, lane in enumerate(lanes):
        out += _lane(lane, x, TOP + PLOT + 12 + LANE * order + LANE / 2, wide, words)
    out += _legend(lines, height - 8)
    if futures:
        out += _future(futures, days[-1], words, floor, past)
    out.append("</svg>")
    return "".join(out)


def chart_head(width: float, height: float, title: str, summary: str) -> str:
    """Opening of a figure, with its name and what to know who cannot see it."""
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="{escape(title)}" font-family="inherit" font-size="12">'
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>"
    )


def text_at(x: float, y: float, text: str, anchor: str = "start", more: str = "") -> str:
    """Text at a place of a figure, escaped."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def _past_axes(
    days: Sequence[date], words: Words, x: _Across, y: _Up, reach: tuple[float, float], wide: float, floor: float
) -> list[str]:
    out = []
    for tick in _ticks(*reach):
        stroke = "#777" if tick == 0 else "#ddd"
        out.append(f'<line x1="{LEFT}" x2="{LEFT + wide}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="{stroke}"/>')
        label = words.number(tick, 0 if tick == int(tick) else 2, signed=True)
        out.append(text_at(LEFT - 8, y(tick) + 4, label, "end", f' fill="{QUIET}"'))
    year = None
    for month in month_starts(days[0], days[-1]):
        at = x(month)
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{floor}" stroke="#eee"/>')
        name = format_date(month, "LLL", locale=words.locale)
        out.append(text_at(at, floor + 16, name, "middle", f' fill="{QUIET}"'))
        if month.year != year:
            out.append(text_at(at, floor + 31, str(month.year), "middle", f' fill="{QUIET}" font-weight="600"'))
            year = month.year
    return out


def _bands(days: Sequence[date], lines: Sequence[Line], x: _Across, y: _Up) -> list[str]:
    out = []
    for order, line in enumerate(lines):
        if line.low:
            upper, lower = _points(days, line.high, x, y), _points(days, line.low, x, y)
            points = " ".join(upper + lower[::-1])
            out.append(f'<polygon points="{points}" fill="{_colour(order)}" opacity="0.12"/>')
    for order, line in list(enumerate(lines))[::-1]:
        points = " ".join(_points(days, line.value, x, y))
        thick = "2.2" if order == 0 else "1.5"
        out.append(
            f'<polyline points="{points}" fill="none" stroke="{_colour(order)}" stroke-width="{thick}"{_dash(order)}/>'
        )
    return out


def _points(days: Sequence[date], values: Sequence[float | None], x: _Across, y: _Up) -> list[str]:
    return [f"{x(d):.1f},{y(v):.1f}" for d, v in zip(days, values, strict=True) if v is not None]


def _colour(order: int) -> str:
    return COLOURS[order % len(COLOURS)]


def _dash(order: int) -> str:
    dash = DASHES[order % len(DASHES)]
    return f' stroke-dasharray="{dash}"' if dash else ""


def _legend(lines: Sequence[Line], base: float) -> list[str]:
    out, at = [], float(LEFT)
    for order, line in enumerate(lines):
        out.append(
            f'<line x1="{at:.0f}" x2="{at + 26:.0f}" y1="{base - 4:.0f}" y2="{base - 4:.0f}" '
            f'stroke="{_colour(order)}"{_dash(order)} stroke-width="2"/>'
        )
        out.append(text_at(at + 32, base, line.label))
        at += 52 + length(line.label)
    return out


def _flags(flags: Sequence[Flag], x: _Across, wide: float, floor: float) -> list[str]:
    out = []
    ends = [0.0] * LABEL_ROWS
    for flag in sorted(flags, key=lambda f: f.day):
        at, wide_as = x(flag.day), length(flag.label) + 6
        out.append(
            f'<rect x="{x(flag.first):.1f}" width="{max(1.0, x(flag.last) - x(flag.first)):.1f}" y="{TOP}" '
            f'height="{PLOT}" fill="#000" opacity="0.07"/>'
        )
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{floor}" stroke="#222" stroke-dasharray="3 3"/>')
        left = min(at + 3, LEFT + wide - wide_as)
        row = next((r for r in range(LABEL_ROWS) if ends[r] <= left), None)
        if row is None or not flag.label:
            continue  # its line and its sentence beside the figure still tell it
        ends[row] = left + wide_as
        height = TOP - 6 - (LABEL_ROWS - 1 - row) * LABEL_HEIGHT
        out.append(text_at(left, height, flag.label, "start", ' font-weight="600"'))
    return out


def _lane(lane: Lane, x: _Across, middle: float, wide: float, words: Words) -> list[str]:
    told = label_lines(lane.label, LEFT - 10)
    first = middle + 4 - 6.5 * (len(told) - 1)
    out = [
        *(text_at(LEFT - 8, first + 13 * order, line, "end") for order, line in enumerate(told)),
        f'<line x1="{LEFT}" x2="{LEFT + wide}" y1="{middle:.1f}" y2="{middle:.1f}" stroke="#ccc"/>',
    ]
    for mark in lane.marks:
        size = 3.0 + min(abs(mark.score), 10) * 0.4
        at = x(mark.day)
        if mark.score:
            step = -size if mark.score > 0 else size
            points = (
                f"{at:.1f},{middle + step:.1f} {at - size:.1f},{middle - step:.1f} {at + size:.1f},{middle - step:.1f}"
            )
            colour = UP if mark.score > 0 else DOWN
        else:
            points = f"{at:.1f},{middle - 4:.1f} {at + 4:.1f},{middle:.1f} {at:.1f},{middle + 4:.1f} "
            points += f"{at - 4:.1f},{middle:.1f}"
            colour = QUIET
        fill = colour if mark.checked else "#fff"
        label = f"{words.day(mark.day)}{words.colon()}{mark.label}"
        # Marks are many: the keyboard reaches the same events in the list, the pointer each mark.
        out.append(
            f'<a href="{escape(mark.link)}" tabindex="-1">'
            f'<rect x="{at - 12:.1f}" y="{middle - 12:.1f}" width="24" height="24" fill="transparent"/>'
            f'<polygon points="{points}" fill="{fill}" stroke="{colour}"/><title>{escape(label)}</title></a>'
        )
    return out


def _future(futures: Sequence[Future], today: date, words: Words, floor: float, past: int) -> list[str]:
    left = LEFT + past + GAP / 2
    start, wide = left + GAP / 2, FUTURE
    ends = [f.window[1] for f in futures if f.window]
    last = min(max([date(today.year + 2, 12, 31), *ends]), date(today.year + MOST_YEARS, 12, 31))
    span = (last - today).days

    def x(day: date) -> float:
        return start + wide * min(max((day - today).days, 0), span) / span

    out = [
        f'<rect x="{start:.1f}" y="{TOP - 40}" width="{wide}" height="{floor - TOP + 40:.1f}" fill="#f3f4f7"/>',
        f'<line x1="{left:.1f}" x2="{left:.1f}" y1="22" y2="{floor + 20:.1f}" stroke="{BLACK}" stroke-width="2"/>',
        text_at(left, floor + 46, words.day(today, short=True), "middle", ' font-weight="600"'),
        text_at(start, 14, words("If, and when"), "start", ' font-weight="600"'),
        text_at(start + wide + GAP, 14, words("Never"), "start", ' font-weight="600"'),
    ]
    years = range(today.year + 1, last.year + 1)
    step = max(1, -(-len(years) // 5))
    for year in list(years)[::step]:
        at = x(date(year, 1, 1))
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 40}" y2="{floor:.1f}" stroke="#ddd"/>')
        out.append(text_at(at, floor + 16, str(year), "middle", f' fill="{QUIET}"'))
    for order, future in enumerate(futures):
        base = TOP - 26 + ROW * order
        # What stands here stands in the table of milestones too, where the keyboard reaches it.
        out.append(f'<a href="{escape(future.link)}" tabindex="-1">')
        out.append(text_at(start + 4, base + 2, cut(future.label, wide), "start", f' fill="{UP}" font-weight="600"'))
        out.append("</a>")
        if future.window:
            first, end = x(future.window[0]), x(future.window[1])
            out.append(
                f'<rect x="{first:.1f}" y="{base + 7}" width="{max(2.0, end - first):.1f}" height="8" fill="#8fb0cf"/>'
            )
        if future.median:
            at = x(future.median)
            out.append(f'<rect x="{at - 1.5:.1f}" y="{base + 5}" width="3" height="12" fill="{BLACK}"/>')
        out.append(text_at(start + 4, base + 28, future.chance, "start", f' fill="{QUIET}" font-size="11"'))
        bar = NEVER - 40
        at = start + wide + GAP
        out.append(f'<rect x="{at:.1f}" y="{base + 7}" width="{bar}" height="8" fill="#e3e5ea"/>')
        out.append(f'<rect x="{at:.1f}" y="{base + 7}" width="{bar * future.never:.1f}" height="8" fill="#a9835f"/>')
        out.append(text_at(at + bar + 5, base + 15, words.percent(future.never)))
    return out


def curve_chart(
    curve: Sequence[tuple[date, float]], deadline: date, never: float, words: Words, *, title: str, summary: str
) -> str:
    """The share reached by each day, with the deadline, and the share that never is as a shaded top.

    Args:
        curve: (day, share 0-1), rising.

    Raises:
        PublishError: There are fewer than two points.

    >>> curve_chart([(date(2025, 1, 1), 0.0)], date(2025, 6, 1), 0.2, Words("en"), title="", summary="")
    Traceback (most recent call last):
    detente.errors.PublishError: 1 points make no curve. Give at least two.
    """
    if len(curve) < 2:
        raise PublishError(f"{len(curve)} points make no curve. Give at least two.")
    wide, high, left, top = 520.0, 130.0, 46.0, 10.0
    first, span = curve[0][0], (curve[-1][0] - curve[0][0]).days

    def x(day: date) -> float:
        return left + wide * min(max((day - first).days, 0), span) / span

    def y(share: float) -> float:
        return top + high * (1 - share)

    out = [
        f'<svg class="curve" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 580 170" role="img" '
        f'aria-label="{escape(title)}" font-family="inherit" font-size="12">',
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>",
        f'<rect x="{left}" y="{top}" width="{wide}" height="{high * never:.1f}" fill="#a9835f" opacity="0.25"/>',
    ]
    for share in (0.0, 0.5, 1.0):
        out.append(f'<line x1="{left}" x2="{left + wide}" y1="{y(share):.1f}" y2="{y(share):.1f}" stroke="#ddd"/>')
        out.append(text_at(left - 6, y(share) + 4, words.percent(share), "end", f' fill="{QUIET}"'))
    for year in range(first.year + 1, curve[-1][0].year + 1):
        at = x(date(year, 1, 1))
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{top + high}" stroke="#eee"/>')
        out.append(text_at(at, top + high + 18, str(year), "middle", f' fill="{QUIET}"'))
    points = " ".join(f"{x(day):.1f},{y(share):.1f}" for day, share in curve)
    out.append(f'<polyline points="{points}" fill="none" stroke="{UP}" stroke-width="2"/>')
    if first < deadline <= curve[-1][0]:
        at = x(deadline)
        out.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{top + high}" stroke="{BLACK}" stroke-dasharray="3 3"/>'
        )
    if never > 0.12:
        out.append(text_at(left + wide - 6, top + 14, words("never"), "end"))
    out.append("</svg>")
    return "".join(out)


def share_bar(share: float, low: float, high: float, label: str) -> str:
    """A bar from 0 to 1 with the interval shaded and the share marked.

    >>> share_bar(0.34, 0.22, 0.47, "34 %").count("<rect")
    3
    """
    if not 0 <= low <= share <= high <= 1:
        raise PublishError(f"share {share} is not inside its interval {low} ... {high} within [0, 1].")
    return (
        f'<svg class="share" viewBox="0 0 100 12" role="img" aria-label="{escape(label)}" width="100" height="12">'
        f'<rect width="100" height="8" y="2" fill="#e3e5ea"/>'
        f'<rect x="{100 * low:.1f}" width="{max(1.0, 100 * (high - low)):.1f}" height="8" y="2" fill="#8fb0cf"/>'
        f'<rect x="{min(98.0, max(0.0, 100 * share - 1)):.1f}" width="2" height="12" fill="#111"/></svg>'
    )
