"""The hero chart: what happened and what may come on one time axis, for page, site and brief."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from detente.publish import chronology
from detente.publish.catalogue import Words
from detente.publish.charts import PAST, Flag, Future, Lane, Line, Mark, relationship_chart
from detente.publish.situation import Situation

MOST_MARKS = 200
"""Events drawn in the chart, those of the highest scores; the list beside it has them all."""


def chart(situation: Situation, words: Words, *, past: int = PAST) -> Markup | None:
    """The index with breaks and events by issue, then the milestones; None where nothing can be drawn."""
    names = sorted(situation.index.series, key=lambda name: ">" in name)
    points = {name: {p.day: p for p in situation.index.series[name].points if p.value is not None} for name in names}
    common = sorted(set.intersection(*(set(found) for found in points.values()))) if points else []
    if len(common) < 2:
        return None
    lines = []
    for name in names:
        kept = [points[name][day] for day in common]
        wide = name == names[0]
        lines.append(
            Line(
                situation.series_label(name, words),
                [p.value or 0.0 for p in kept],
                [p.low or 0.0 for p in kept] if wide else [],
                [p.high or 0.0 for p in kept] if wide else [],
            )
        )
    flags = [
        Flag(b.week, words.day(b.week, short=True), b.earliest, b.latest) for b in situation.joint_breaks.of("level")
    ]
    summary = words.semicolon().join(
        f"{situation.series_label(name, words)} {words.number(points[name][common[-1]].value or 0.0, 1, signed=True)}"
        for name in names
    )
    return Markup(  # noqa: S704 - the chart layer escapes what it is given
        relationship_chart(
            common,
            lines,
            words,
            title=words("Index of the relationship"),
            summary=f"{words.day(common[-1])}{words.colon()}{summary}.",
            lanes=_lanes(situation, words, common[0], common[-1]),
            flags=flags,
            futures=_futures(situation, words),
            past=past,
        )
    )


def marked(situation: Situation) -> list[chronology.Row]:
    """The events the chart marks: done, dated, and of the highest scores where there are too many to tell apart."""
    done = [
        row for row in situation.rows if row.occurrence.event.event_date and row.occurrence.event.realis == "happened"
    ]
    done.sort(key=lambda row: (-abs(row.score), row.day and -row.day.toordinal(), row.id))
    return done[:MOST_MARKS]


def _lanes(situation: Situation, words: Words, first: date, last: date) -> list[Lane]:
    by_track: dict[str, list[Mark]] = {}
    for row in marked(situation):
        when = row.occurrence.event.event_date
        if when is None or not first <= when.first <= last:
            continue
        mark = Mark(when.first, row.score, row.heading(words), f"event/{row.id}.html", bool(row.occurrence.decided))
        by_track.setdefault(row.occurrence.event.track, []).append(mark)
    order = [track.id for track in situation.dossier.tracks]
    lanes = []
    for track in sorted(by_track, key=lambda t: order.index(t) if t in order else len(order)):
        known = situation.dossier.track(track)
        lanes.append(Lane(known.label_in(words.language) if known else words("No issue"), by_track[track]))
    return lanes


def _futures(situation: Situation, words: Words) -> list[Future]:
    return [
        Future(
            row.milestone.label_in(words.language),
            words(
                "{p} by {day}",
                p=words.percent(row.forecast.probability),
                day=words.day(row.forecast.deadline, short=True),
            ),
            f"milestones/{row.slug}.html",
            row.forecast.median_day,
            row.forecast.window,
            row.forecast.never,
        )
        for row in situation.milestones
        if not row.settled
    ]
