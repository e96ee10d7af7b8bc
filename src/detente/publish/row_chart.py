"""A figure of rows: a value with its interval for each person, track or pair, one under the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from detente.errors import PublishError
from detente.publish.catalogue import Words
from detente.publish.charts import BLACK, QUIET, UP, chart_head, cut, escape, text_at

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 820, 250, 130, 44, 26, 30


@dataclass(frozen=True, slots=True)
class RowMark:
    """One row.

    Attributes:
        value: None draws a row without a mark: not known.
        low, high: Ends of the interval; None where there is none.
        note: Printed at the right: how much it rests on.
        group: Rows of one group stand together under its name; empty for none.
        link: Page that shows what is behind the row, or empty.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    group: str = ""
    link: str = ""


def row_chart(
    rows: Sequence[RowMark],
    words: Words,
    *,
    title: str,
    summary: str,
    low: float | None = None,
    high: float | None = None,
) -> str:
    """Draw a value with its interval for each row.

    Args:
        summary: What a reader who cannot see the figure should know.
        low, high: Ends of the scale; else those of what is drawn, 0 included.

    Returns:
        An `<svg>` element; text in it is escaped.

    Raises:
        PublishError: There is no row.

    >>> row_chart([RowMark("S. Lavrov", -0.4, -0.9, 0.1)], Words("en"), title="Stance", summary="").count("<circle")
    1
    """
    if not rows:
        raise PublishError("no rows to draw. Read what the measure says without a figure.")
    ends = [v for r in rows for v in (r.value, r.low, r.high) if v is not None]
    bottom, top = min([0.0, *ends]) if low is None else low, max([0.0, *ends]) if high is None else high
    top = top if top > bottom else bottom + 1
    groups = list(dict.fromkeys(row.group for row in rows))
    height = TOP + ROW * (len(rows) + sum(bool(group) for group in groups)) + FOOT
    wide = WIDTH - LEFT - RIGHT

    def x(value: float) -> float:
        return LEFT + wide * (min(max(value, bottom), top) - bottom) / (top - bottom)

    out = [
        chart_head(WIDTH, height, title, summary),
        text_at(8, 18, cut(title, WIDTH - 16), "start", ' font-weight="600"'),
    ]
    step = _scale(top - bottom)
    digits = next((n for n in (0, 1) if abs(step * 10**n - round(step * 10**n)) < 1e-9), 2)
    for tick in (t * step for t in range(int(bottom / step) - 1, int(top / step) + 2)):
        if bottom - 1e-9 <= tick <= top + 1e-9:
            stroke = "#777" if abs(tick) < 1e-9 else "#ddd"
            out.append(
                f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{TOP - 8}" y2="{height - FOOT}" stroke="{stroke}"/>'
            )
            label = words.number(tick, digits, signed=bottom < 0)
            out.append(text_at(x(tick), height - FOOT + 16, label, "middle", f' fill="{QUIET}"'))
    at = TOP
    for group in groups:
        if group:
            out.append(text_at(8, at + 9, cut(group, LEFT), "start", f' font-weight="600" fill="{UP}"'))
            at += ROW
        for row in (row for row in rows if row.group == group):
            out += _drawn(row, x, at + 5)
            at += ROW
    out.append("</svg>")
    return "".join(out)


def _scale(span: float) -> float:
    steps = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 250, 500)
    return next((step for step in steps if span / step <= 8), span / 6)


def _drawn(row: RowMark, x: Callable[[float], float], middle: float) -> list[str]:
    out = [text_at(LEFT - 10, middle + 4, cut(row.label, LEFT - 14), "end")]
    if row.low is not None and row.high is not None:
        out.append(
            f'<line x1="{x(row.low):.1f}" x2="{x(row.high):.1f}" y1="{middle}" y2="{middle}" stroke="#8fb0cf" '
            'stroke-width="6" stroke-linecap="round"/>'
        )
    if row.value is not None:
        out.append(f'<circle cx="{x(row.value):.1f}" cy="{middle}" r="4.5" fill="{BLACK}"/>')
    if row.note:
        out.append(text_at(WIDTH - RIGHT + 10, middle + 4, cut(row.note, RIGHT - 12), "start", f' fill="{QUIET}"'))
    if row.link:
        return [f'<a href="{escape(row.link)}">', *out, "</a>"]
    return out
