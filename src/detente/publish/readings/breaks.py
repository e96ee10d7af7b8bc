"""Breaks read out: since when the relationship is on another level or trend, or swings more, and when that showed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from detente.errors import PublishError
from detente.measures import Break, Breaks, Series
from detente.measures.breaks import COUNTED, KINDS, METHOD, Kind, with_days
from detente.measures.online_breaks import Alarm, Watch, online_breaks
from detente.measures.series import Step
from detente.measures.year_breaks import year_breaks
from detente.publish.catalogue import Words
from detente.publish.charts import Flag, Line, relationship_chart
from detente.publish.material import Material
from detente.publish.readings.reading import Reading

SIGNED: tuple[Kind, ...] = ("level", "trend")
"""Kinds whose values lie on both sides of 0."""
IN_POINTS: tuple[Kind, ...] = ("level", "volatility")
"""Kinds whose sizes can be compared."""
DAYS = ("day", "first", "until")
SAME = timedelta(days=28)
"""An alarm dated so near a break is of that break."""
MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One series with its breaks, and what watching it as it came would have said.

    Attributes:
        noticed: For each break found, the alarm that first told of it; None where none did.
    """

    breaks: Breaks
    watch: Watch
    noticed: tuple[Alarm | None, ...]

    def last(self, kind: Kind) -> tuple[Break, Alarm | None] | None:
        """The last break of a kind."""
        found = [pair for pair in zip(self.breaks.found, self.noticed, strict=True) if pair[0].kind == kind]
        return found[-1] if found else None

    @property
    def unconfirmed(self) -> Alarm | None:
        """The last alarm, where the whole series does not bear it out."""
        last = self.watch.last
        if not last or any(_same(last, each) for each in self.breaks.found):
            return None
        # A trend shows as one alarm of level after another, for as long as it lasts.
        trends = [each for each in self.breaks.of("trend") if each.week <= last.week + SAME]
        return None if trends and trends[-1].after * (last.after - last.before) > 0 else last


STRETCHES: tuple[Step, ...] = ("week", "month")


def breaks(material: Material, *, step: str = "week") -> Reading:
    """Breaks in each series of the dyad.

    Args:
        step: `week` or `month`, what the series is cut in. Tables of yearly counts have years alone.

    Raises:
        PublishError: `step` is neither.
    """
    chosen = next((each for each in STRETCHES if each == step), None)
    if chosen is None:
        raise PublishError(f"{step!r} is no step. Write {' or '.join(STRETCHES)}.")
    series = {name: material.series(name, step=chosen) for name in material.names()}
    daily = {name: material.series(name, step="day") for name in series}
    told = {name: _told(material, held, daily[name]) for name, held in series.items()}
    lines = [
        (name, each, alarm)
        for name, held in told.items()
        for each, alarm in zip(held.breaks.found, held.noticed, strict=True)
    ]
    return Reading(
        measure="breaks",
        method=next((held.breaks.method for held in told.values()), METHOD),
        material=material,
        result={name: {"breaks": held.breaks, "watch": held.watch} for name, held in told.items()},
        columns={
            "series": [name for name, _, _ in lines],
            "kind": [each.kind for _, each, _ in lines],
            **{name: [_days(each)[at] for _, each, _ in lines] for at, name in enumerate(DAYS)},
            **{
                field: [getattr(each, field) for _, each, _ in lines]
                for field in ("week", "probability", "before", "after", "size", "size_low", "size_high")
            },
            "noticed": [alarm.noticed if alarm else None for _, _, alarm in lines],
            "evidence": [" ".join(_evidence(material, name, each, daily[name])) for name, each, _ in lines],
        },
        say=lambda words: [
            line for name, held in told.items() for line in _sentences(material, name, held, series[name].step, words)
        ],
        draw=lambda words: _figure(material, series[str(material.dyad)], told[str(material.dyad)], words),
        head=lambda words: {
            "series": words("series"), "kind": words("kind"), "day": words("since"), "first": words("from"),
            "until": words("to"), "probability": words("probability"), "before": words("before"),
            "after": words("after"), "noticed": words("noticed on"),
        },
        shares=frozenset({"probability"}),
        names=_kinds,
        written=lambda column, line, words: _cell(column, lines[line][1], series[lines[line][0]].step, words),
    )  # fmt: skip


def _days(each: Break) -> tuple[date, date, date]:
    """The best day there is, and the ends of its interval."""
    return each.dated, each.first_day or each.earliest, each.last_day or each.latest


def _cell(column: str, each: Break, step: Step, words: Words) -> str | None:
    if column in ("before", "after"):
        return words.number(getattr(each, column), 2, signed=each.kind in SIGNED)
    if column in DAYS and not each.day and step in ("month", "year"):
        day = _days(each)[DAYS.index(column)]
        return words.month(day) if step == "month" else str(day.year)
    return None


def _kinds(words: Words) -> dict[str, str]:
    return {
        "level": words("level"), "trend": words("trend"), "volatility": words("swings"),
        "volume": words("number of events"), "cooperation": words("acts of cooperation"),
        "conflict": words("acts of conflict"),
    }  # fmt: skip


def _told(material: Material, series: Series, daily: Series) -> Told:
    if series.step == "year":
        found = year_breaks(series)
        return Told(found, Watch(series.name, (), 0.0, too_few=True), (None,) * len(found.found))
    found = with_days(material.breaks(series), daily, series.step)
    watch = material.measured(online_breaks, series)
    return Told(found, watch, tuple(next((a for a in watch.alarms if _same(a, each)), None) for each in found.found))


def _same(alarm: Alarm, each: Break) -> bool:
    kinds = ("level", "trend") if alarm.kind == "level" else (alarm.kind,)
    near = each.kind in kinds and abs(alarm.week - each.week) <= SAME
    return near and (alarm.after - alarm.before) * each.size > 0


def _sentences(material: Material, name: str, held: Told, step: Step, words: Words) -> Iterator[str]:
    who = material.label(name, words.language)
    found = held.breaks
    if found.too_few and not found.found:
        counted, few = _counted(found.weeks, step, words), words("too few to look for breaks in the level")
        yield f"{who}{words.colon()}{counted}{words.colon()}{few}."
        return
    if not found.found:
        yield words("{who}: no reliable change since {day}.", who=who, day=words.day(material.start))
    for kind in KINDS:
        last = held.last(kind)
        if last is not None:
            watched = kind not in COUNTED and not held.watch.too_few
            yield _sentence(who, *last, words, step, watched=watched)
    alarm = held.unconfirmed
    if alarm is not None:
        yield words(
            "{who}: on {day} an alarm was raised that the whole series does not bear out.",
            who=who, day=words.day(alarm.noticed),
        )  # fmt: skip


def _counted(n: int, step: Step, words: Words) -> str:
    if step == "year":
        return words.many("{n} year with events", "{n} years with events", n)
    if step == "month":
        return words.many("{n} month with events", "{n} months with events", n)
    return words.many("{n} week with events", "{n} weeks with events", n)


def _sentence(who: str, each: Break, alarm: Alarm | None, words: Words, step: Step, *, watched: bool) -> str:
    signed = each.kind in SIGNED
    digits = 2 if abs(each.size) < 1 else 1
    since, interval = _when(each, step, words)
    said = {
        "who": who,
        "since": since,
        "before": words.number(each.before, digits, signed=signed),
        "after": words.number(each.after, digits, signed=signed),
    }
    if each.kind == "level":
        told = words("{who}: {since} on another level, {after} after {before}", **said)
    elif each.kind == "trend":
        told = words("{who}: {since} on another trend, {after} points a year after {before}", **said)
    elif each.kind == "volatility" and step == "week":
        told = words("{who}: {since} it swings by {after} from one week to the next, after {before}", **said)
    elif each.kind == "volatility":
        told = words("{who}: {since} it swings by {after} from one month to the next, after {before}", **said)
    else:
        told = _reported(each.kind, step, words, **said)
    how_sure = words("({interval}; probability {chance})", interval=interval, chance=words.percent(each.probability))
    if not watched:
        return f"{told} {how_sure}."
    seen = words("first noticed on {day}", day=words.day(alarm.noticed)) if alarm else words("not noticed as it came")
    return f"{told} {how_sure}{words.semicolon()}{seen}."


def _reported(kind: Kind, step: Step, words: Words, **said: str) -> str:
    if kind == "volume" and step == "week":
        return words("{who}: {since} {after} events a week are reported, after {before}", **said)
    if kind == "volume":
        return words("{who}: {since} {after} events a month are reported, after {before}", **said)
    if kind == "cooperation" and step == "week":
        return words("{who}: {since} {after} acts of cooperation a week are reported, after {before}", **said)
    if kind == "cooperation":
        return words("{who}: {since} {after} acts of cooperation a month are reported, after {before}", **said)
    if step == "week":
        return words("{who}: {since} {after} acts of conflict a week are reported, after {before}", **said)
    return words("{who}: {since} {after} acts of conflict a month are reported, after {before}", **said)


def _when(each: Break, step: Step, words: Words) -> tuple[str, str]:
    """Since when, and between what the break lies, no more precisely than either is known."""
    day, first, last = _days(each)
    if each.day or step in ("day", "week"):
        since = words("since {day}", day=words.day(day))
        return since, words("90% interval: {first} to {last}", first=words.day(first), last=words.day(last))
    if step == "month":
        since = words("since {month}", month=words.month(day, since=True))
        ends = words.month(first, since=first != last), words.month(last)
    else:
        since, ends = words("since {year}", year=day.year), (str(first.year), str(last.year))
    if first == last:
        return since, words("90% interval: {only}", only=ends[1])
    return since, words("90% interval: from {first} to {last}", first=ends[0], last=ends[1])


def _evidence(material: Material, name: str, each: Break, daily: Series) -> list[str]:
    """What weighs most in the weeks around a break: occurrences, or the days of a database."""
    first, last = each.week - timedelta(days=7), each.week + timedelta(days=14)
    pair = ">" not in name
    if material.own:
        weights = {
            row.occurrence: row.weight_thousandths * row.score_tenths / row.width_days
            for row in material.rows().rows
            if (pair or f"{row.actor}>{row.recipient}" == name) and row.first < last and row.last >= first
        }
        return sorted(weights, key=lambda key: (-abs(weights[key]), key))[:MOST_EVIDENCE]
    if daily.step == "year":
        return [f"{material.origin}:{name}:{each.week.year + n}" for n in (-1, 0)]
    weights_by_day = daily.weights or (1.0,) * len(daily.starts)
    loud = {
        day: abs(value) * weight
        for day, value, weight in zip(daily.starts, daily.values, weights_by_day, strict=True)
        if value is not None and first <= day < last
    }
    days = sorted(sorted(loud, key=lambda day: (-loud[day], day))[:MOST_EVIDENCE])
    return [f"{material.origin}:{name}:{day}" for day in days]


def _figure(material: Material, series: Series, held: Told, words: Words) -> str:
    who = material.label(series.name, words.language)
    title, line = {
        "week": (words("Weekly score and breaks: {who}", who=who), words("weekly score")),
        "month": (words("Monthly score and breaks: {who}", who=who), words("monthly score")),
        "year": (words("Yearly balance and breaks: {who}", who=who), words("yearly balance")),
    }[series.step]
    shown = [(day, value) for day, value in zip(series.starts, series.values, strict=True) if value is not None]
    return relationship_chart(
        [day for day, _ in shown],
        [Line(line, [value for _, value in shown])],
        words,
        title=title,
        summary=" ".join(_sentences(material, series.name, held, series.step, words)),
        flags=_flags(held.breaks.found, (series.starts[-1] - series.starts[0]) / 12, series.step, words)
        if shown
        else (),
    )


def _flags(found: Sequence[Break], room: timedelta, step: Step, words: Words) -> list[Flag]:
    """A line for each break; a label for the largest near it, in points."""
    kinds = _kinds(words)
    flags = []
    for each in found:
        near = [other for other in found if abs(other.dated - each.dated) <= room]
        near = [other for other in near if other.kind in IN_POINTS] or near[:1]
        largest = each in near and abs(each.size) >= max(abs(other.size) for other in near)
        when = _cell("day", each, step, words) or words.day(each.dated, short=True)
        day, first, last = _days(each)
        flags.append(Flag(day, f"{kinds[each.kind]} {when}" if largest else "", first, last))
    return flags
