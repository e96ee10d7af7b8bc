"""Breaks read out: since when the relationship is on another level."""

from __future__ import annotations

from detente.measures import Break, Breaks, Series, find_breaks
from detente.measures.breaks import METHOD
from detente.publish.catalogue import Words
from detente.publish.charts import Flag, Line, relationship_chart
from detente.publish.material import Material
from detente.publish.readings.reading import Reading


def breaks(material: Material) -> Reading:
    """Breaks in each series of the dyad."""
    series = {name: material.series(name) for name in material.names()}
    found = {name: find_breaks(held) for name, held in series.items()}
    lines = [(name, each) for name, held in found.items() for each in held.found]
    return Reading(
        measure="breaks",
        method=METHOD,
        material=material,
        result=found,
        columns={
            "series": [name for name, _ in lines],
            **{
                field: [getattr(each, field) for _, each in lines]
                for field in ("week", "earliest", "latest", "before", "after", "size", "size_low", "size_high")
            },
        },
        say=lambda words: [_sentence(material, held, words) for held in found.values()],
        draw=lambda words: _figure(material, series[str(material.dyad)], found[str(material.dyad)], words),
        head=lambda words: {
            "series": words("series"), "week": words("week of"), "earliest": words("from"), "latest": words("to"),
            "before": words("before"), "after": words("after"),
        },
    )  # fmt: skip


def _sentence(material: Material, held: Breaks, words: Words) -> str:
    who = material.label(held.name, words.language)
    if held.too_few:
        weeks = words.many("{n} week with events", "{n} weeks with events", held.weeks)
        return f"{who}{words.colon()}{weeks}{words.colon()}{words('too few to look for breaks in the level')}."
    if held.last is None:
        return words("{who}: no reliable change since {day}.", who=who, day=words.day(material.start))
    return words(
        "{who}: last change of level in the week of {day} (90% interval: {first} to {last}), from {before} to {after}.",
        who=who,
        day=words.day(held.last.week),
        first=words.day(held.last.earliest),
        last=words.day(held.last.latest),
        before=words.number(held.last.before, 1, signed=True),
        after=words.number(held.last.after, 1, signed=True),
    )


def _figure(material: Material, series: Series, held: Breaks, words: Words) -> str:
    title = words("Weekly score and breaks: {who}", who=material.label(series.name, words.language))
    shown = [(day, value) for day, value in zip(series.starts, series.values, strict=True) if value is not None]
    return relationship_chart(
        [day for day, _ in shown],
        [Line(words("weekly score"), [value for _, value in shown])],
        words,
        title=title,
        summary=_sentence(material, held, words),
        flags=[_flag(each, words) for each in held.found],
    )


def _flag(each: Break, words: Words) -> Flag:
    return Flag(each.week, words.day(each.week, short=True), each.earliest, each.latest)
