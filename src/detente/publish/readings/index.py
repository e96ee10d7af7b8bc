"""The index read out: where each side stands toward the other, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from detente.engine import EventRows, ImportedEvents, Kept, chosen_engine
from detente.engine.dyads import heaviest_rows
from detente.errors import PublishError
from detente.measures import Breaks, IndexPoint, Series, by_track, daily_index, level, series_of, tsinghua
from detente.measures import index as decayed
from detente.measures.index import Acts
from detente.measures.level import LevelPoint, LevelSeries
from detente.publish.catalogue import Words
from detente.publish.charts import Flag, Line, relationship_chart
from detente.publish.indexes import last_break, where_it_stands
from detente.publish.material import Material
from detente.publish.readings.of_world import of_world
from detente.publish.readings.reading import Cell, Reading

BEFORE = timedelta(days=30)
"""The value is compared with that of thirty days before."""
STRONGEST = 5
"""Events named for a month."""
Model = Literal["level", "decayed", "tsinghua", "of-world"]
MODELS: tuple[Model, ...] = ("level", "decayed", "tsinghua", "of-world")
ACTS: tuple[Acts, ...] = ("all", "verbal", "material")
_Points = Mapping[str, Sequence[IndexPoint | LevelPoint]]


def index(
    material: Material, *, last: int = 14, model: Model = "level", acts: Acts = "all", track: str | None = None
) -> Reading:
    """The index of both directions and the pair, with its breaks.

    Args:
        last: Days that a terminal shows.
        model: `level` follows a moving level, `decayed` is the decayed mean that brief and pages show, `tsinghua` adds
            up by month, `of-world` counts the weeks' events and scores as shares of all states' in a database.
        acts: All of them, or words or deeds alone.
        track: Events on this issue alone.

    Raises:
        PublishError: There is no such model, track or kind of acts, or not of this origin.
    """
    if model not in MODELS or acts not in ACTS:
        raise PublishError(f"no index {model!r} of {acts!r} acts. Ask for one of {MODELS} and of {ACTS}.")
    if model == "tsinghua" and acts != "all":
        raise PublishError("Tsinghua's score is of all acts. Leave out --acts, or ask for another --model.")
    if model == "of-world" and (acts != "all" or material.own):
        raise PublishError(
            "shares of the world are of all acts of a database. Leave out --acts, and ask for one with --origin."
        )
    events = _events(material, acts, track)
    if model == "of-world" and isinstance(events, ImportedEvents):
        return of_world(material, events)
    # One engine for all of it, and none where nobody chose one.
    opened = chosen_engine(material.dossier) if isinstance(events, EventRows) and events.rows else nullcontext()
    with opened as engine:
        if model == "tsinghua":
            return _tsinghua(material, events, track, engine)
        return _daily(material, events, engine, last, model, acts, track)


def _events(material: Material, acts: Acts, track: str | None) -> EventRows | ImportedEvents:
    events = material.events()
    if isinstance(events, EventRows) and acts != "all":
        events = replace(events, rows=tuple(row for row in events.rows if row.quad in decayed.QUADS_OF[acts]))
    if track is None:
        return events
    if not isinstance(events, EventRows):
        raise PublishError(f"{material.origin} has no issues. Leave out --track.")
    known = [each.id for each in material.dossier.tracks]
    if track not in known:
        raise PublishError(f"no track {track!r} in this dossier. It has {', '.join(known)}.")
    return replace(events, rows=tuple(row for row in events.rows if row.track == track))


def _daily(
    material: Material,
    events: EventRows | ImportedEvents,
    engine: Any,
    last: int,
    model: Model,
    acts: Acts,
    track: str | None,
) -> Reading:
    dyad = material.dyad
    start = min(material.start, material.day)
    first = min(start, material.day - BEFORE)
    stretch: dict[str, Any] = {"start": first, "end": material.day, "engine": engine}
    mean = daily_index(events, dyad, acts=acts, **stretch)
    found = (
        level.level_index(events, dyad, acts=acts, kept=Kept(material.folder), **stretch) if model == "level" else None
    )
    whole: _Points = {name: each.points for name, each in (found or mean).series.items()}
    shown = {name: points[(start - first).days :] for name, points in whole.items()}
    what: Any = "score" if acts == "all" else acts
    breaks = {
        name: material.breaks(
            _times(series_of(events, dyad, start=start, end=material.day, series=name, what=what, engine=engine), acts),
        )
        for name in whole
    }
    tracks = (
        by_track(events, dyad, start=start, end=material.day, engine=engine) if isinstance(events, EventRows) else ()
    )
    points = [(name, point) for name, each in shown.items() for point in each]
    in_brief = found and material.own and not material.asked and acts == "all" and not track
    kinds = LevelPoint if found else IndexPoint
    fields = list(kinds.__dataclass_fields__)
    return Reading(
        measure="index",
        method=(found or mean).method,
        material=material,
        result={
            "model": model,
            "acts": acts,
            "track": track,
            "scale": mean.scale,
            "half_life_days": mean.settings.half_life_days,
            "prior_weight": mean.settings.prior_weight,
            "drift": mean.settings.drift,
            "interval_share": mean.settings.level,
            "left_out": events.reasons(),
            "changes": {name: each.changes for name, each in found.series.items()} if found else {},
            "steady": {name: (each.steady, each.rose) for name, each in found.series.items()} if found else {},
            "series": shown,
            "tracks": tracks,
            "breaks": breaks,
        },
        columns={
            "series": [name for name, _ in points],
            **{field: [getattr(point, field) for _, point in points] for field in fields},
            "evidence": _evidence(material, events, acts, shown),
        },
        say=lambda words: [
            *_beginning(material, acts, track, words),
            *_standing(material, whole, found.series if found else {}, words),
            *([told] if (told := last_break(breaks[str(dyad)], words)) else []),
            *(_as_in_the_brief(mean.joint.last, words) if in_brief else []),
        ],
        draw=lambda words: _figure(material, shown, breaks[str(dyad)], words),
        cells=lambda words: _cells(material, shown, last, words),
    )


def _times(series: Series, acts: Acts) -> Series:
    """Balances of words or deeds, -1 to +1, on the scale of the index."""
    if acts == "all":
        return series
    return replace(series, values=tuple(None if value is None else 10 * value for value in series.values))


def _evidence(material: Material, events: EventRows | ImportedEvents, acts: Acts, shown: _Points) -> list[str]:
    """What weighs most on each day: occurrences, on that day's index; or the rows of the day itself."""
    if isinstance(events, EventRows):
        named = {
            name: decayed.heaviest(events, material.dyad, [point.day for point in points], series=name)
            for name, points in shown.items()
        }
        return [" ".join(keys) for each in named.values() for keys in each]
    days = [point.day for point in shown[str(material.dyad)]]
    if not days:
        return []
    quads = decayed.QUADS_OF[acts]
    rows = heaviest_rows(
        material.folder, material.dyad, material.origin, first=days[0], last=days[-1], quads=quads,
        kept=Kept(material.folder),
    )  # fmt: skip
    return [" ".join(rows.get((name, point.day), ())) for name, points in shown.items() for point in points]


def _beginning(material: Material, acts: Acts, track: str | None, words: Words) -> Iterator[str]:
    if acts == "verbal":
        yield words("Words alone: +10 where all of them are cooperation, −10 where all are conflict.")
    if acts == "material":
        yield words("Deeds alone: +10 where all of them are cooperation, −10 where all are conflict.")
    known = material.dossier.track(track) if track else None
    if known:
        yield words("Only events on the issue {issue}.", issue=words.quoted(known.label_in(words.language)))


def _standing(material: Material, whole: _Points, levels: Mapping[str, LevelSeries], words: Words) -> Iterator[str]:
    """Where each series stands; of levels, how it moved of late and since when it has not."""
    joint = str(material.dyad)
    told = False
    for name in sorted(whole, key=lambda name: name != joint):
        who = material.label(name, words.language)
        points = whole[name]
        earlier = points[-1 - BEFORE.days].value
        sentence = where_it_stands(who, points[-1], earlier, words)
        if sentence is None:
            continue
        told = True
        yield sentence
        if name in levels:
            lags = level.LAGS if name == joint else level.LAGS[-1:]
            yield from _moves(who, levels[name], max(material.start, points[0].day), lags, words)
    if not told:
        yield words("No dated event between the two sides is recorded, so no index is given.")


def _moves(who: str, series: LevelSeries, start: date, lags: Sequence[int], words: Words) -> Iterator[str]:
    for change in [each for each in series.changes if each.days in lags]:
        yield words(
            "{who}: {move} in {days} (90% interval: {low} to {high}); the probability that it rose is {share}.",
            who=who,
            move=words.number(change.move, 1, signed=True),
            days=words.many("{n} day", "{n} days", change.days),
            low=words.number(change.low, 1, signed=True),
            high=words.number(change.high, 1, signed=True),
            share=words.percent(change.rose),
        )
    if series.steady is None:
        return
    day = words.day(max(series.steady, start))
    if series.rose is None or series.steady <= start:
        yield words("{who}: no reliable change since {day}.", who=who, day=day)
    elif series.rose > 0.5:
        share = words.percent(series.rose)
        yield words(
            "{who}: no reliable change since {day}; before that it was lower, with a probability of {share}.",
            who=who, day=day, share=share,
        )  # fmt: skip
    else:
        share = words.percent(1 - series.rose)
        yield words(
            "{who}: no reliable change since {day}; before that it was higher, with a probability of {share}.",
            who=who, day=day, share=share,
        )  # fmt: skip


def _as_in_the_brief(point: IndexPoint, words: Words) -> list[str]:
    if point.value is None or point.low is None or point.high is None:
        return []
    return [
        words(
            "Brief and pages show the decayed mean: {value} for both together (90% interval: {low} to {high}).",
            value=words.number(point.value, 1, signed=True),
            low=words.number(point.low, 1, signed=True),
            high=words.number(point.high, 1, signed=True),
        )
    ]


def _cells(material: Material, shown: _Points, last: int, words: Words) -> list[Sequence[str]]:
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


def _figure(material: Material, shown: _Points, breaks: Breaks, words: Words) -> str:
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


def _tsinghua(material: Material, events: EventRows | ImportedEvents, track: str | None, engine: Any) -> Reading:
    start = min(material.start, material.day)
    found = {
        name: tsinghua.tsinghua(events, material.dyad, start=start, end=material.day, series=name, engine=engine)
        for name in material.names()
    }
    lines = [(name, month) for name, months in found.items() for month in months]
    columns: dict[str, Sequence[Cell]] = {"series": [name for name, _ in lines]}
    for field in ("month", "value", "low", "high", "band", "events"):
        columns[field] = [getattr(month, field) for _, month in lines]
    columns["evidence"] = _of_month(material, events, found)
    joint = found[str(material.dyad)]

    def say(words: Words) -> Iterator[str]:
        yield from _beginning(material, "all", track, words)
        yield words("Tsinghua’s scale, from −9 to +9; what each event is worth is ours, not Tsinghua’s.")
        for name in sorted(found, key=lambda name: name != str(material.dyad)):
            month = found[name][-1]
            yield words(
                "{who}: {value}, {band} (90% interval: {low} to {high}).",
                who=material.label(name, words.language),
                value=words.number(month.value, 1, signed=True),
                band=_band(month.band, words),
                low=words.number(month.low, 1, signed=True),
                high=words.number(month.high, 1, signed=True),
            )

    def draw(words: Words) -> str:
        who = material.label(str(material.dyad), words.language)
        return relationship_chart(
            [month.month for month in joint],
            [Line(who, [m.value for m in joint], [m.low for m in joint], [m.high for m in joint])],
            words,
            title=words("Tsinghua’s score: {who}", who=who),
            summary=list(say(words))[-1],
        )

    return Reading(
        measure="index",
        method=tsinghua.METHOD,
        material=material,
        result={"model": "tsinghua", "track": track, "value_of_point": tsinghua.VALUE_OF_POINT, "series": found},
        columns=columns,
        say=lambda words: list(say(words)),
        draw=draw if len(joint) > 1 else None,
        head=lambda words: {"series": words("series"), "month": words("from"), "value": words("score")},
    )


def _of_month(
    material: Material, events: EventRows | ImportedEvents, found: Mapping[str, Sequence[tsinghua.TsinghuaMonth]]
) -> list[str]:
    """The strongest events of each month, those first that move the score most."""
    months = {month.month for each in found.values() for month in each}
    named: dict[tuple[str, date], Sequence[str]] = {}
    if isinstance(events, EventRows):
        moved: dict[tuple[str, date], dict[str, float]] = {}
        for row in events.rows:
            for name in (f"{row.actor}>{row.recipient}", str(material.dyad)):
                parts = moved.setdefault((name, row.first.replace(day=1)), {})
                shared = row.pair_rows if name == str(material.dyad) else 1
                size = abs(row.score) * row.weight_thousandths / shared
                parts[row.occurrence] = parts.get(row.occurrence, 0.0) + size
        for key, parts in moved.items():
            named[key] = sorted((name for name in parts if parts[name]), key=lambda name: (-parts[name], name))[
                :STRONGEST
            ]
    elif months:
        named |= heaviest_rows(
            material.folder, material.dyad, material.origin, first=min(months), last=material.day, count=STRONGEST,
            monthly=True,
        )  # fmt: skip
    return [" ".join(named.get((name, month.month), ())) for name, each in found.items() for month in each]


def _band(band: tsinghua.Band, words: Words) -> str:
    return {
        "confrontation": words("confrontation"), "tension": words("tension"), "bad": words("bad relations"),
        "ordinary": words("ordinary relations"), "good": words("good relations"), "friendly": words("friendship"),
    }[band]  # fmt: skip
