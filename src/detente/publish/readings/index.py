"""The index read out: where each side stands toward the other, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from detente.engine import EventRows, chosen_engine
from detente.measures import Breaks, DailyIndex, IndexPoint, TrackMonth, by_track, daily_index, find_breaks, series_of
from detente.measures.index import METHOD, heaviest
from detente.publish.catalogue import Words
from detente.publish.charts import Flag, Line, relationship_chart
from detente.publish.indexes import last_break, where_it_stands
from detente.publish.material import Material
from detente.publish.readings.reading import Reading

BEFORE = timedelta(days=30)
"""The value is compared with that of thirty days before."""


def index(material: Material, *, last: int = 14) -> Reading:
    """The daily index of both directions and the pair, with its breaks.

    Args:
        last: Days that a terminal shows.
    """
    events, dyad = material.events(), material.dyad
    start = min(material.start, material.day)
    first = min(start, material.day - BEFORE)
    # One engine for all of it, and none where nobody chose one.
    opened = chosen_engine(material.dossier) if isinstance(events, EventRows) and events.rows else nullcontext()
    with opened as engine:
        days = daily_index(events, dyad, start=first, end=material.day, engine=engine)
        weekly = {
            name: series_of(events, dyad, start=start, end=material.day, series=name, engine=engine)
            for name in days.series
        }
        tracks: tuple[TrackMonth, ...] = ()
        if isinstance(events, EventRows):
            tracks = by_track(events, dyad, start=start, end=material.day, engine=engine)
    breaks = {name: find_breaks(each) for name, each in weekly.items()}
    shown = {name: series.points[(start - first).days :] for name, series in days.series.items()}
    points = [(name, point) for name, each in shown.items() for point in each]
    evidence = [named for name, each in shown.items() for named in _evidence(material, name, each)]
    return Reading(
        measure="index",
        method=METHOD,
        material=material,
        result=_result(days, shown, breaks, tracks, events.reasons()),
        columns={
            "series": [name for name, _ in points],
            **{
                field: [getattr(point, field) for _, point in points]
                for field in ("day", "value", "low", "high", "effective_events", "new_weight", "too_few")
            },
            "evidence": evidence,
        },
        say=lambda words: list(_sentences(material, days, breaks[str(dyad)], words)),
        draw=lambda words: _figure(material, shown, breaks[str(dyad)], words),
        cells=lambda words: _cells(material, shown, last, words),
    )


def _evidence(material: Material, name: str, points: Sequence[IndexPoint]) -> list[str]:
    if not material.own:
        return [""] * len(points)
    found = heaviest(material.rows(), material.dyad, [point.day for point in points], series=name)
    return [" ".join(keys) for keys in found]


def _result(
    days: DailyIndex,
    shown: dict[str, tuple[IndexPoint, ...]],
    breaks: dict[str, Breaks],
    tracks: tuple[TrackMonth, ...],
    left_out: dict[str, int],
) -> dict[str, Any]:
    return {
        "scale": days.scale,
        "half_life_days": days.settings.half_life_days,
        "prior_weight": days.settings.prior_weight,
        "interval_share": days.settings.level,
        "left_out": left_out,
        "series": shown,
        "tracks": tracks,
        "breaks": breaks,
    }


def _sentences(material: Material, days: DailyIndex, breaks: Breaks, words: Words) -> Iterator[str]:
    if not material.own:
        yield words(
            "From {origin}, cut at {day} by the day of each event: when the database learned of it is not known.",
            origin=material.origin.upper(),
            day=words.day(material.day),
        )
    joint = str(material.dyad)
    told = False
    for name in sorted(days.series, key=lambda name: name != joint):
        series = days.series[name]
        earlier = series.on(material.day - BEFORE).value
        sentence = where_it_stands(material.label(name, words.language), series.last, earlier, words)
        if sentence:
            told = True
            yield sentence
    if not told:
        yield words("No dated event between the two sides is recorded, so no index is given.")
    broke = last_break(breaks, words)
    if broke:
        yield broke


def _cells(
    material: Material, shown: dict[str, tuple[IndexPoint, ...]], last: int, words: Words
) -> list[Sequence[str]]:
    """The last days, a column for each series with its interval beside it."""
    head = [words("day")]
    for name in shown:
        head += [material.label(name, words.language), words.percent(0.9)]
    body: list[Sequence[str]] = [head]
    few = False
    for points in list(zip(*shown.values(), strict=True))[-last:] if last else []:
        line = [words.day(points[0].day, short=True)]
        for point in points:
            if point.value is None or point.low is None or point.high is None:
                line += ["–", ""]
                continue
            few = few or point.too_few
            low, high = words.number(point.low, 1, signed=True), words.number(point.high, 1, signed=True)
            line += [words.number(point.value, 2, signed=True) + ("*" if point.too_few else ""), f"{low} … {high}"]
        body.append(line)
    return [*body, [words("* too few recent events to speak of a state")]] if few else body


def _figure(material: Material, shown: dict[str, tuple[IndexPoint, ...]], breaks: Breaks, words: Words) -> str:
    """The pair with its interval, and the two directions, from the first day on which all have a value."""
    joint = str(material.dyad)
    names = [joint, *(name for name in shown if name != joint)]
    begun = [
        i for i, points in enumerate(zip(*shown.values(), strict=True)) if all(p.value is not None for p in points)
    ]
    if not begun:
        names, begun = [joint], [i for i, point in enumerate(shown[joint]) if point.value is not None]
    kept = {name: shown[name][begun[0] if begun else len(shown[name]) :] for name in names}
    lines = [
        Line(
            material.label(name, words.language),
            [p.value or 0.0 for p in points],
            [p.low or 0.0 for p in points] if name == joint else (),
            [p.high or 0.0 for p in points] if name == joint else (),
        )
        for name, points in kept.items()
    ]
    return relationship_chart(
        [point.day for point in kept[joint]],
        lines,
        words,
        title=words("Daily index: {who}", who=material.label(joint, words.language)),
        summary=last_break(breaks, words)
        or words("No dated event between the two sides is recorded, so no index is given."),
        flags=[Flag(b.week, words.day(b.week, short=True), b.earliest, b.latest) for b in breaks.found],
    )
