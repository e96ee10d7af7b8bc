"""Figure of the stage: a strip for each rung, darker the surer it is held, with what speakers claim of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from babel.dates import format_date

from detente.errors import PublishError
from detente.publish.catalogue import Words
from detente.publish.charts import (
    BLACK,
    COLOURS,
    DOWN,
    LETTER,
    QUIET,
    UP,
    chart_head,
    cut,
    escape,
    month_starts,
    text_at,
)

WIDTH, LEFT, RIGHT, TOP, ROW, STRIP = 1080, 190, 20, 62, 54, 18


@dataclass(frozen=True, slots=True)
class Told:
    """A claim on a rung; `side` is the place of the side in the legend."""

    day: date
    side: int
    says: Literal["reached", "hoped for", "not reached"]
    label: str


@dataclass(frozen=True, slots=True)
class RungStrip:
    """One rung.

    Attributes:
        held: (first day, probability), each until the next one's first day.
        fallen: Days on which something undid it.
        reached: Day on which it was first reached, or None.
    """

    label: str
    held: Sequence[tuple[date, float]]
    fallen: Sequence[date]
    claims: Sequence[Told]
    reached: date | None = None


def stage_chart(
    rungs: Sequence[RungStrip],
    sides: Sequence[str],
    reach: tuple[date, date],
    words: Words,
    *,
    title: str,
    summary: str,
) -> str:
    """Draw the ladder over time, its lowest rung at the bottom.

    Args:
        rungs: From the lowest.
        sides: Names of the two sides, for the legend.
        summary: What a reader who cannot see the figure should know.

    Returns:
        An `<svg>` element; text in it is escaped.

    Raises:
        PublishError: There is no rung.
    """
    if not rungs:
        raise PublishError("a ladder without rungs cannot be drawn. Give at least one.")
    floor = TOP + ROW * len(rungs)
    height = floor + 46
    span = max((reach[1] - reach[0]).days, 1)

    def x(day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(max((day - reach[0]).days, 0), span) / span

    out = [
        chart_head(WIDTH, height, title, summary),
        text_at(8, 18, cut(title, WIDTH - 16), "start", ' font-weight="600"'),
        *_legend(sides, words),
    ]
    year = None
    for month in month_starts(*reach):
        out.append(f'<line x1="{x(month):.1f}" x2="{x(month):.1f}" y1="{TOP}" y2="{floor}" stroke="#eee"/>')
        name = format_date(month, "LLL", locale=words.locale)
        out.append(text_at(x(month), floor + 16, name, "middle", f' fill="{QUIET}"'))
        if month.year != year:
            out.append(text_at(x(month), floor + 31, str(month.year), "middle", f' fill="{QUIET}" font-weight="600"'))
            year = month.year
    for order, rung in enumerate(reversed(rungs)):
        out += _strip(rung, TOP + ROW * order, x, reach)
    out.append("</svg>")
    return "".join(out)


def _legend(sides: Sequence[str], words: Words) -> list[str]:
    out, at = [], 8.0
    for order, name in enumerate(sides):
        out.append(f'<circle cx="{at + 6:.0f}" cy="38" r="5" fill="{COLOURS[order + 1]}"/>')
        out.append(text_at(at + 16, 42, name))
        at += 34 + LETTER * len(name)
    for says, label in (
        ("reached", words("claimed as reached")), ("hoped for", words("hoped for")),
        ("not reached", words("claimed as not reached")),
    ):  # fmt: skip
        out += _claim(at + 6, 38, says, BLACK, "")
        out.append(text_at(at + 16, 42, label))
        at += 34 + LETTER * len(label)
    out.append(f'<rect x="{at:.0f}" y="32" width="22" height="12" fill="{UP}" opacity="0.75"/>')
    held = words("held, the darker the surer")
    out.append(text_at(at + 28, 42, held))
    at += 46 + LETTER * len(held)
    out.append(f'<path d="M{at:.0f} 33h8l-4 9z" fill="{DOWN}"/>')
    out.append(text_at(at + 13, 42, words("undone or called off")))
    return out


def _strip(rung: RungStrip, high: float, x: Callable[[date], float], reach: tuple[date, date]) -> list[str]:
    middle = high + 30
    out = [
        text_at(LEFT - 10, middle + STRIP / 2 + 4, cut(rung.label, LEFT - 12), "end", ' font-weight="600"'),
        f'<rect x="{LEFT}" y="{middle}" width="{WIDTH - LEFT - RIGHT}" height="{STRIP}" fill="#f3f4f7"/>',
    ]
    # Neighbours of one shade are drawn as one: edges between them would show.
    held = [point for n, point in enumerate(rung.held) if not n or round(point[1], 2) != round(rung.held[n - 1][1], 2)]
    days = [day for day, _ in held]
    for (day, chance), until in zip(held, [*days[1:], reach[1]], strict=True):
        if chance > 0 and until > day:
            out.append(
                f'<rect x="{x(day):.1f}" y="{middle}" width="{x(until) - x(day):.1f}" height="{STRIP}" fill="{UP}" '
                f'opacity="{0.75 * chance:.2f}"/>'
            )
    for day in rung.fallen:
        out.append(f'<path d="M{x(day) - 4:.1f} {middle - 2}h8l-4 9z" fill="{DOWN}"/>')
    if rung.reached is not None:
        at = x(rung.reached)
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{middle - 4}" y2="{middle + STRIP + 4}" stroke="{BLACK}"/>')
    ends = -99.0
    row = 0
    for claim in rung.claims:
        at = x(claim.day)
        row = 1 - row if at - ends < 9 else 0
        ends = at
        out += _claim(at, middle - 10 - 9 * row, claim.says, COLOURS[claim.side + 1], claim.label)
    return out


def _claim(x: float, y: float, says: str, colour: str, label: str) -> list[str]:
    told = f"<title>{escape(label)}</title>" if label else ""
    if says == "not reached":
        return [f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2.2">{told}</path>']
    fill = colour if says == "reached" else "#fff"
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.2" fill="{fill}" stroke="{colour}" stroke-width="1.8">{told}</circle>'
    ]
