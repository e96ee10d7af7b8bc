"""Shares of the world's events read out: how much of what all states do is between the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from detente.engine import ImportedEvents
from detente.measures.of_world import EACH, LEVEL, METHOD, WorldWeek
from detente.measures.of_world import of_world as measured
from detente.publish.catalogue import Words
from detente.publish.charts import Line, relationship_chart
from detente.publish.material import Material
from detente.publish.readings.reading import Cell, Reading

YEAR = 52
"""Weeks before the last one that it is compared with."""


def of_world(material: Material, events: ImportedEvents) -> Reading:
    """Both directions and the pair, week by week, for each 1,000 events between all states."""
    found = measured(events, material.world, material.dyad, start=min(material.start, material.day), end=material.day)
    lines = [(name, week) for name, weeks in found.items() for week in weeks]
    columns: dict[str, Sequence[Cell]] = {
        "series": [name for name, _ in lines],
        "week": [week.week for _, week in lines],
        "events": [week.events for _, week in lines],
        "world": [week.world for _, week in lines],
    }
    for kind in ("share", "score"):
        for end in ("value", "low", "high"):
            held = [getattr(week, kind) for _, week in lines]
            columns[kind if end == "value" else f"{kind}_{end}"] = [part and getattr(part, end) for part in held]
    columns["evidence"] = [
        f"{material.origin}:{name}:{week.week}/{week.week + timedelta(days=6)}" for name, week in lines
    ]
    pair = str(material.dyad)
    drawn = [week for week in found[pair] if week.share]
    return Reading(
        measure="index",
        method=METHOD,
        material=material,
        result={"model": "of-world", "for_each": EACH, "series": found},
        columns=columns,
        say=lambda words: [
            line for name in sorted(found, key=pair.__ne__) for line in _say(material, name, found, words)
        ],
        draw=(lambda words: _figure(material, drawn, words)) if len(drawn) > 1 else None,
    )


def _say(material: Material, name: str, found: Mapping[str, Sequence[WorldWeek]], words: Words) -> Iterator[str]:
    who = material.label(name, words.language)
    told = [week for week in found[name] if week.share and week.score]
    if not told:
        yield words("{who}: no whole week with events of the world.", who=who)
        return
    last, before = told[-1], told[-1 - YEAR : -1]
    share, score = last.share, last.score
    assert share and score  # noqa: S101, PT018  # chosen so above
    world = sum(week.world for week in before)
    usual = EACH * sum(week.events for week in before) / world if world else None
    yield words(
        "{who}: {value} of {each} events between all states in the week of {day} ({level} interval: {low} to {high}).",
        who=who,
        value=words.number(share.value, 1),
        each=words.number(EACH),
        day=words.day(last.week),
        level=words.percent(LEVEL),
        low=words.number(share.low, 1),
        high=words.number(share.high, 1),
    ) + (
        " " + words("In the {weeks} before, {value}.", weeks=words.many("{n} week", "{n} weeks", len(before)),
                    value=words.number(usual, 1))
        if usual is not None else ""
    )  # fmt: skip
    yield words(
        "{who}: {value} points for {each} events between all states ({level} interval: {low} to {high}).",
        who=who,
        value=words.number(score.value, 1, signed=True),
        each=words.number(EACH),
        level=words.percent(LEVEL),
        low=words.number(score.low, 1, signed=True),
        high=words.number(score.high, 1, signed=True),
    )


def _figure(material: Material, weeks: Sequence[WorldWeek], words: Words) -> str:
    parts = [week.share for week in weeks if week.share]
    who = material.label(str(material.dyad), words.language)
    title = words("Events of {who} for {each} between all states", who=who, each=words.number(EACH))
    return relationship_chart(
        [week.week for week in weeks],
        [Line(who, [p.value for p in parts], [p.low for p in parts], [p.high for p in parts])],
        words,
        title=title,
        summary=next(iter(_say(material, str(material.dyad), {str(material.dyad): weeks}, words))),
    )
