"""Our own small chart layer: figures drawn on the server as SVG, the same for page, brief and feed.

No script and no style sheet from outside; every mark that stands for something is a link to it; labels that would
overprint are staggered; colour never says anything alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from detente.errors import PublishError
from detente.publish.catalogue import Words

WIDTH, HEIGHT = 960, 360
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 46, 64
LABEL_ROWS, LABEL_HEIGHT, LETTER = 3, 13, 6.2
COLOURS = ("#0b5394", "#a64d00", "#444444")
DASHES = ("", "6 3", "2 3")
_Across = Callable[[date], float]
_Up = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One series: shape (days,) each; `low` and `high` bound its interval."""

    label: str
    value: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True)
class Mark:
    """An event under the chart: ▲ cooperative, ▼ conflictual, filled where a person has checked it."""

    day: date
    score: float
    label: str
    link: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A vertical line with a label, and the days it may really be on."""

    day: date
    label: str
    first: date
    last: date


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    step = next(s for s in (0.25, 0.5, 1, 2, 5, 10) if span / s <= 8)
    first = int(low / step) - 1
    return [k * step for k in range(first, first + 20) if low <= k * step <= high]


def _months(start: date, end: date) -> list[date]:
    months = [date(y, m, 1) for y in range(start.year, end.year + 1) for m in range(1, 13)]
    inside = [m for m in months if start <= m <= end]
    every = max(1, len(inside) // 9)
    return inside[::every]


def timeline_chart(
    days: Sequence[date],
    lines: Sequence[Line],
    words: Words,
    *,
    title: str,
    summary: str,
    marks: Sequence[Mark] = (),
    flags: Sequence[Flag] = (),
) -> str:
    """Series with their intervals over time, break dates as flags, events as marks below.

    Args:
        days: Shape (n,), rising.
        lines: Each of shape (n,).
        summary: What a reader who cannot see the figure should know.

    Returns:
        An `<svg>` element; text in it is escaped.

    Raises:
        PublishError: There are fewer than two days, or a series has another length.
    """
    if len(days) < 2:
        raise PublishError(f"{len(days)} days cannot be drawn. Give at least two.")
    for line in lines:
        if not len(line.value) == len(line.low) == len(line.high) == len(days):
            raise PublishError(f"series {line.label!r} has {len(line.value)} values for {len(days)} days.")
    bottom = min([-1.0, *(min(line.low) for line in lines)])
    top = max([1.0, *(max(line.high) for line in lines)])
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    span = (days[-1] - days[0]).days

    def x(day: date) -> float:
        return LEFT + width * min(max((day - days[0]).days, 0), span) / span

    def y(value: float) -> float:
        return TOP + height * (top - value) / (top - bottom)

    out = [
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="inherit" font-size="12">',
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>",
    ]
    for tick in _ticks(bottom, top):
        strong = ' stroke="#888"' if tick == 0 else ' stroke="#ddd"'
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"{strong}/>')
        label = words.number(tick, 0 if tick == int(tick) else 2)
        out.append(f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end" fill="#444">{label}</text>')
    for month in _months(days[0], days[-1]):
        out.append(f'<line x1="{x(month):.1f}" x2="{x(month):.1f}" y1="{TOP}" y2="{TOP + height}" stroke="#eee"/>')
        label = month.strftime("%m.%y")
        out.append(f'<text x="{x(month):.1f}" y="{TOP + height + 15}" text-anchor="middle" fill="#444">{label}</text>')
    out += _bands(days, lines, x, y)
    out += _flags(flags, x, height)
    out += _legend(lines)
    out += _marks(marks, x, TOP + height + 34, words)
    out.append("</svg>")
    return "".join(out)


def _bands(days: Sequence[date], lines: Sequence[Line], x: _Across, y: _Up) -> list[str]:
    out = []
    for order, line in enumerate(lines):
        colour = COLOURS[order % len(COLOURS)]
        upper = [f"{x(d):.1f},{y(v):.1f}" for d, v in zip(days, line.high, strict=True)]
        lower = [f"{x(d):.1f},{y(v):.1f}" for d, v in zip(days, line.low, strict=True)]
        out.append(f'<polygon points="{" ".join(upper + lower[::-1])}" fill="{colour}" opacity="0.13"/>')
    for order, line in enumerate(lines):
        points = " ".join(f"{x(d):.1f},{y(v):.1f}" for d, v in zip(days, line.value, strict=True))
        dash = f' stroke-dasharray="{DASHES[order % len(DASHES)]}"' if DASHES[order % len(DASHES)] else ""
        colour = COLOURS[order % len(COLOURS)]
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8"{dash}/>')
    return out


def _legend(lines: Sequence[Line]) -> list[str]:
    out, at = [], float(LEFT)
    for order, line in enumerate(lines):
        dash = f' stroke-dasharray="{DASHES[order % len(DASHES)]}"' if DASHES[order % len(DASHES)] else ""
        colour = COLOURS[order % len(COLOURS)]
        base = HEIGHT - 6
        out.append(
            f'<line x1="{at:.0f}" x2="{at + 26:.0f}" y1="{base - 4}" y2="{base - 4}" '
            f'stroke="{colour}"{dash} stroke-width="2"/>'
        )
        out.append(f'<text x="{at + 32:.0f}" y="{base}">{escape(line.label)}</text>')
        at += 48 + LETTER * len(line.label)
    return out


def _flags(flags: Sequence[Flag], x: _Across, height: float) -> list[str]:
    out = []
    ends = [0.0] * LABEL_ROWS
    for flag in sorted(flags, key=lambda f: f.day):
        at, wide = x(flag.day), LETTER * len(flag.label) + 6
        out.append(
            f'<rect x="{x(flag.first):.1f}" width="{max(1.0, x(flag.last) - x(flag.first)):.1f}" y="{TOP}" '
            f'height="{height}" fill="#000" opacity="0.07"/>'
        )
        out.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{TOP + height}" stroke="#222" stroke-dasharray="3 3"/>'
        )
        left = min(at + 3, WIDTH - RIGHT - wide)
        row = next((r for r in range(LABEL_ROWS) if ends[r] <= left), None)
        if row is None:
            continue  # its line and its row in the table beside the figure still tell it
        ends[row] = left + wide
        out.append(
            f'<text x="{left:.1f}" y="{TOP - 6 - (LABEL_ROWS - 1 - row) * LABEL_HEIGHT}" '
            f'font-weight="600">{escape(flag.label)}</text>'
        )
    return out


def _marks(marks: Sequence[Mark], x: _Across, base: float, words: Words) -> list[str]:
    out = []
    for mark in marks:
        size = 3.0 + min(abs(mark.score), 10) * 0.45
        up = mark.score >= 0
        at = x(mark.day)
        tip, foot = (base - size, base + size) if up else (base + size, base - size)
        points = f"{at:.1f},{tip:.1f} {at - size:.1f},{foot:.1f} {at + size:.1f},{foot:.1f}"
        colour = COLOURS[0] if up else "#b02418"
        fill = colour if mark.checked else "#fff"
        label = f"{words.day(mark.day)}{words.colon()}{mark.label}"
        out.append(
            f'<a href="{escape(mark.link)}">'
            f'<rect x="{at - 12:.1f}" y="{base - 12:.1f}" width="24" height="24" fill="transparent"/>'
            f'<polygon points="{points}" fill="{fill}" stroke="{colour}"/><title>{escape(label)}</title></a>'
        )
    return out


def share_bar(share: float, low: float, high: float, label: str) -> str:
    """A bar from 0 to 1 with the interval shaded and the share marked.

    >>> share_bar(0.34, 0.22, 0.47, "34 %").count("<rect")
    3
    """
    if not 0 <= low <= share <= high <= 1:
        raise PublishError(f"share {share} is not inside its interval {low} ... {high} within [0, 1].")
    return (
        f'<svg class="share" viewBox="0 0 100 12" role="img" aria-label="{escape(label)}" width="100" height="12">'
        f'<rect width="100" height="8" y="2" fill="#e6e9ee"/>'
        f'<rect x="{100 * low:.1f}" width="{max(1.0, 100 * (high - low)):.1f}" height="8" y="2" fill="#8fb0cf"/>'
        f'<rect x="{100 * share - 1:.1f}" width="2" height="12" fill="#111"/></svg>'
    )
