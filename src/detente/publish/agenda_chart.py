"""Figures of the agenda: a small panel for each issue, and under them what is made to wait for what."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from detente.errors import PublishError
from detente.publish.catalogue import Words
from detente.publish.charts import BLACK, COLOURS, DASHES, DOWN, LETTER, QUIET, chart_head, cut, text_at

WIDTH, COLUMNS, GAP = 1080, 3, 24
HEAD, PANEL, PLOT = 58, 150, 90
AXIS = 40
GRAPH, NODE, HIGH = 330, 190, 34


@dataclass(frozen=True, slots=True)
class Panel:
    """One issue over time.

    Attributes:
        both: (first day of the stretch, share, low, high) of both sides together; stretches without any are absent.
        sides: For each side, in the order of the legend, (first day, share).
        furthest: Day on which the issue stood furthest; None where it never moved.
    """

    label: str
    both: Sequence[tuple[date, float, float, float]]
    sides: Sequence[Sequence[tuple[date, float]]]
    furthest: date | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """What waits for what; `circle` where the other waits for it too, by itself or by way of others."""

    waiting: str
    until: str
    label: str
    circle: bool = False


def agenda_chart(
    panels: Sequence[Panel],
    sides: Sequence[str],
    reach: tuple[date, date],
    waits: Sequence[Wait],
    words: Words,
    *,
    title: str,
    summary: str,
    below: str,
    milestones: Mapping[str, str],
) -> str:
    """Draw shares by issue and the graph of conditions.

    Args:
        sides: Names of the two sides, for the legend.
        reach: First and last day.
        summary: What a reader who cannot see the figure should know.
        below: Heading of the graph, left out where there are no conditions.
        milestones: By issue, the milestones that hang on it, written under it in the graph.

    Returns:
        An `<svg>` element; text in it is escaped.

    Raises:
        PublishError: There is no issue.
    """
    if not panels:
        raise PublishError("no issues to draw. Read what the measure says without a figure.")
    lines = -(-len(panels) // COLUMNS)
    foot = HEAD + lines * PANEL
    nodes = len({name for wait in waits for name in (wait.waiting, wait.until)})
    graph = min(GRAPH, 60 * nodes) if waits else 0
    height = foot + (graph + 30 if waits else 0)
    drawn = [line for panel in panels for line in (*panel.sides, [stretch[:2] for stretch in panel.both])]
    top = max([0.05, *(share for line in drawn for _, share in line)])
    out = [
        chart_head(WIDTH, height, title, summary),
        text_at(8, 18, cut(title, WIDTH - 16), "start", ' font-weight="600"'),
    ]
    out += _legend(sides, words)
    wide = (WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
    for place, panel in enumerate(panels):
        left, high = (place % COLUMNS) * (wide + GAP), HEAD + (place // COLUMNS) * PANEL
        out += _panel(panel, left, high, wide, reach, top, words)
    if waits:
        out.append(text_at(8, foot + 16, below, "start", ' font-weight="600"'))
        out += _graph(waits, milestones, foot + 30, graph)
    out.append("</svg>")
    return "".join(out)


def _legend(sides: Sequence[str], words: Words) -> list[str]:
    out, at = [], 8.0
    for order, name in enumerate(sides):
        out.append(
            f'<line x1="{at:.0f}" x2="{at + 26:.0f}" y1="34" y2="34" stroke="{COLOURS[order + 1]}" stroke-width="2"'
            f"{_dash(order)}/>"
        )
        out.append(text_at(at + 32, 38, name))
        at += 52 + LETTER * len(name)
    out.append(f'<rect x="{at:.0f}" y="28" width="26" height="11" fill="{BLACK}" opacity="0.12"/>')
    both = words("both, 90% interval")
    out.append(text_at(at + 32, 38, both))
    at += 52 + LETTER * len(both)
    out.append(f'<line x1="{at:.0f}" x2="{at:.0f}" y1="27" y2="41" stroke="#222" stroke-dasharray="3 3"/>')
    out.append(text_at(at + 8, 38, words("furthest")))
    return out


def _dash(order: int) -> str:
    return f' stroke-dasharray="{DASHES[order]}"' if DASHES[order] else ""


def _panel(
    panel: Panel, left: float, high: float, wide: float, reach: tuple[date, date], top: float, words: Words
) -> list[str]:
    span = max((reach[1] - reach[0]).days, 1)
    ground = high + 18 + PLOT

    def x(day: date) -> float:
        return left + AXIS + (wide - AXIS - 6) * min(max((day - reach[0]).days, 0), span) / span

    def y(value: float) -> float:
        return ground - PLOT * value / top

    out = [text_at(left + AXIS, high + 10, cut(panel.label, wide - AXIS), "start", ' font-weight="600"')]
    for tick in (0.0, _round(top / 2), _round(top)):
        if tick <= top:
            out.append(
                f'<line x1="{left + AXIS:.1f}" x2="{left + wide - 6:.1f}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" '
                'stroke="#ddd"/>'
            )
            out.append(text_at(left + AXIS - 5, y(tick) + 4, words.percent(tick), "end", f' fill="{QUIET}"'))
    for first in _years(reach):
        out.append(f'<line x1="{x(first):.1f}" x2="{x(first):.1f}" y1="{high + 18}" y2="{ground}" stroke="#eee"/>')
        out.append(text_at(x(first) + 2, ground + 14, str(first.year), "start", f' fill="{QUIET}"'))
    if len(panel.both) > 1:
        edge = [f"{x(d):.1f},{y(min(up, top)):.1f}" for d, _, _, up in panel.both]
        edge += [f"{x(d):.1f},{y(min(low, top)):.1f}" for d, _, low, _ in panel.both][::-1]
        out.append(f'<polygon points="{" ".join(edge)}" fill="{BLACK}" opacity="0.12"/>')
    for order, line in enumerate(panel.sides):
        points = " ".join(f"{x(day):.1f},{y(share):.1f}" for day, share in line)
        out.append(
            f'<polyline points="{points}" fill="none" stroke="{COLOURS[order + 1]}" stroke-width="1.8"{_dash(order)}/>'
        )
    if panel.furthest is not None:
        at = x(panel.furthest)
        label = words.day(panel.furthest, short=True)
        out.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{high + 16}" y2="{ground}" stroke="#222" stroke-dasharray="3 3"/>'
        )
        before = at + LETTER * len(label) > left + wide
        out.append(text_at(at + (-4 if before else 4), high + 28, label, "end" if before else "start"))
    return out


def _round(value: float) -> float:
    steps = (0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0)
    return max((step for step in steps if step <= value), default=steps[0])


def _years(reach: tuple[date, date]) -> list[date]:
    years = [date(year, 1, 1) for year in range(reach[0].year, reach[1].year + 1)]
    years = [reach[0], *years[1:]]
    return years[:: max(1, -(-len(years) // 6))]


def _graph(waits: Sequence[Wait], milestones: Mapping[str, str], top: float, high: float) -> list[str]:
    """Nodes around an oval, an arrow from what waits to what it waits for."""
    names = list(dict.fromkeys(name for wait in waits for name in (wait.waiting, wait.until)))
    middle = (WIDTH / 2, top + high / 2)
    places = {}
    for order, name in enumerate(names):
        turn = math.pi + 2 * math.pi * order / len(names)
        places[name] = (middle[0] + 380 * math.cos(turn), middle[1] + (high / 2 - 36) * math.sin(turn))
    out = [
        '<defs><marker id="waits" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse" '
        'markerWidth="11" markerHeight="11" '
        f'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="{BLACK}"/></marker></defs>'
    ]
    for wait in waits:
        start, end = places[wait.waiting], places[wait.until]
        # A slight bend to the left keeps two arrows between the same two apart.
        bend = (end[1] - start[1], start[0] - end[0])
        far = math.hypot(*bend) or 1.0
        through = tuple((a + b) / 2 + 34 * c / far for a, b, c in zip(start, end, bend, strict=True))
        first, last = _edge(start, through), _edge(end, through)
        colour = DOWN if wait.circle else BLACK
        out.append(
            f'<path d="M{first[0]:.1f} {first[1]:.1f}Q{through[0]:.1f} {through[1]:.1f} {last[0]:.1f} {last[1]:.1f}" '
            f'fill="none" stroke="{colour}" stroke-width="{2.4 if wait.circle else 1.5}" marker-end="url(#waits)"/>'
        )
        at = tuple(0.25 * a + 0.5 * t + 0.25 * b for a, t, b in zip(first, through, last, strict=True))
        text = cut(wait.label, 300)
        out.append(
            f'<rect x="{at[0] - LETTER * len(text) / 2 - 3:.1f}" y="{at[1] - 11:.1f}" '
            f'width="{LETTER * len(text) + 6:.1f}" height="16" fill="#fff" opacity="0.85"/>'
        )
        out.append(text_at(at[0], at[1] + 1, text, "middle", f' fill="{QUIET}" font-size="11"'))
    for name, (x, y) in places.items():
        out.append(
            f'<rect x="{x - NODE / 2:.1f}" y="{y - HIGH / 2:.1f}" width="{NODE}" height="{HIGH}" rx="6" fill="#eef2f7" '
            f'stroke="{BLACK}"/>'
        )
        out.append(text_at(x, y + 4, cut(name, NODE - 8), "middle"))
        if name in milestones:
            more = f' fill="{QUIET}" font-size="11"'
            out.append(text_at(x, y + HIGH / 2 + 13, cut(milestones[name], NODE + 60), "middle", more))
    return out


def _edge(place: tuple[float, ...], toward: tuple[float, ...]) -> tuple[float, float]:
    """Where the way from a node's middle leaves its box."""
    across, down = toward[0] - place[0], toward[1] - place[1]
    reach = min(
        (NODE / 2 + 2) / abs(across) if across else math.inf,
        (HIGH / 2 + 2) / abs(down) if down else math.inf,
        1.0,
    )
    return place[0] + across * reach, place[1] + down * reach
