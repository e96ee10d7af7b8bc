"""What one event does to the index and to forecasts, and how else it was read, as its page tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from detente.ledger import doubt_of
from detente.measures.without import Without
from detente.publish import briefs, chronology
from detente.publish.catalogue import Words
from detente.publish.citing import DECIDED
from detente.publish.desk import DIFFERENCES
from detente.publish.situation import Situation
from detente.terms import Decision, Entry, Event, Forecast

LEAST_POINTS = 0.05
"""A change of the index that one decimal would show as nought."""


# Effect


@dataclass(frozen=True, slots=True)
class Moved:
    """One forecast with an event and without it."""

    slug: str
    label: str
    forecast: Forecast
    without: Forecast

    @property
    def points(self) -> float:
        """Percentage points by the deadline."""
        return 100 * (self.forecast.probability - self.without.probability)

    @property
    def replaced(self) -> bool:
        """Whether another event of the same kind would count in its place."""
        return _kinds(self.forecast) == _kinds(self.without)


def _kinds(forecast: Forecast) -> set[str]:
    return {move.what for layer in forecast.layers if layer.name == "events" for move in layer.moves}


def index_lines(row: chronology.Row, situation: Situation, words: Words) -> list[str]:
    """The joint index with the event and without it, on its day and now; or why it counts for nothing there."""
    effect = situation.index_effects.get(row.id)
    if effect is None or not effect.now:
        return [_left_out(row, situation, words)]
    lines = []
    if effect.then:
        lines += list(_then(effect.then[0], words))
    now = effect.now[0]
    if not effect.then or now.day != effect.then[0].day:
        lines.append(_now(now, words))
    return lines


def _then(told: Without, words: Words) -> Iterator[str]:
    day, value = words.day(told.day), words.number(told.value, 1, signed=True)
    if told.without is None or told.change is None:
        yield words(
            "On {day} the joint index stood at {value}. Nothing had happened before: without this event there is none.",
            day=day,
            value=value,
        )
        return
    if abs(told.change) < LEAST_POINTS:
        yield words(
            "On {day} the joint index stood at {value}, with this event or without it: no effect that can be told.",
            day=day,
            value=value,
        )
        return
    yield words(
        "On {day} the joint index stood at {value}; without this event it would have stood at {without} "
        "({change} points).",
        day=day,
        value=value,
        without=words.number(told.without, 1, signed=True),
        change=words.number(told.change, 1, signed=True),
    )
    ends = {"low": words.number(told.low, 1, signed=True), "high": words.number(told.high, 1, signed=True)}
    if told.within:
        yield words(
            "That is less than the index itself is unsure of: its 90% interval of that day ran from {low} to {high}.",
            **ends,
        )
    else:
        yield words("That lies outside the index’s own 90% interval of that day, from {low} to {high}.", **ends)


def _now(told: Without, words: Words) -> str:
    day, value = words.day(told.day), words.number(told.value, 1, signed=True)
    if told.without is None or told.change is None:
        return words("On {day}, the last day: {value}. No other event is there to make an index.", day=day, value=value)
    if abs(told.change) < LEAST_POINTS:
        return words(
            "On {day}, the last day: {value}, with this event or without it. No effect is left that can be told.",
            day=day,
            value=value,
        )
    return words(
        "On {day}, the last day: {value}; without this event {without} ({change} points).",
        day=day,
        value=value,
        without=words.number(told.without, 1, signed=True),
        change=words.number(told.change, 1, signed=True),
    )


def _left_out(row: chronology.Row, situation: Situation, words: Words) -> str:
    reason = next((left.reason for left in situation.events.left_out if left.occurrence == row.id), "")
    if reason:
        return words("It counts for nothing in the index: {reason}.", reason=briefs.reason_text(reason, words))
    if not set(situation.dossier.dyad.sides) <= set(row.occurrence.event.sides):
        return words("It counts for nothing in the index, which is of the two sides alone.")
    return words("It counts for nothing in the index up to now: its day has not come, or it has no direction.")


def moved(row: chronology.Row, situation: Situation, words: Words) -> list[Moved]:
    """Forecasts that name the event, with and without it, in the order of the dossier."""
    return [
        Moved(each.slug, each.milestone.label_in(words.language), each.forecast, without)
        for each, without in situation.forecast_effects.get(row.id, ())
    ]


def moved_line(told: Moved, words: Words) -> str:
    """`34 % by 31 December 2027 with this event, 32 % without it (+1.9 points).`"""
    f, without = told.forecast, told.without
    if f.probability == without.probability:
        return words(
            "{p} by {deadline}, with this event or without it: another of its kind takes its place.",
            p=words.percent(f.probability),
            deadline=words.day(f.deadline),
        )
    said = words(
        "{p} by {deadline} with this event, {without} without it ({change} percentage points).",
        p=words.percent(f.probability),
        deadline=words.day(f.deadline),
        without=words.percent(without.probability),
        change=words.number(told.points, 1, signed=True),
    )
    return f"{said} {words('A later event of its kind would count in its place.')}" if told.replaced else said


# Other readings


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an event's words that is not the one shown.

    Attributes:
        told: Type, whether it happened, day and states.
        differs: In what it differs from the reading shown, as a reader is told.
        by: The coder, with its version.
        confidence: As the coder recorded it; None where none was.
        decided: What a person decided on it, or empty; `why` is the reason given.
    """

    told: str
    differs: tuple[str, ...]
    by: str
    entry: str
    document: str
    confidence: float | None
    decided: str = ""
    why: str = ""


def readings(row: chronology.Row, situation: Situation, words: Words) -> list[Reading]:
    """Readings of other coders, other versions, other reports and of the program before a person put it right."""
    shown = row.occurrence.event
    found: list[Reading] = []
    decisions = {cited.entry: cited.decision for cited in row.cited}
    for member in row.occurrence.members:
        if isinstance(member.coding, Event):
            found += _of(member, member.coding, shown, decisions.get(member.id), row, words)
    for entry, decision in situation.other_codings.get(row.id, ()):
        if isinstance(entry.coding, Event):
            found += _of(entry, entry.coding, shown, decision, row, words)
    return found


def _of(
    entry: Entry, coding: Event, shown: Event, decision: Decision | None, row: chronology.Row, words: Words
) -> Iterator[Reading]:
    differs = tuple(_differing(coding, shown, words))
    decided, why = "", ""
    if decision is not None and decision.action in DECIDED:
        decided = words(DECIDED[decision.action], who=decision.by, day=words.day(decision.recorded.date()))
        why = decision.why
    if differs or (decision is not None and decision.action == "reject"):
        told = _told(coding, row, words)
        yield Reading(told, differs, entry.coder, entry.id, entry.document, coding.confidence, decided, why)
    if coding.second is not None and coding.second.differs:
        named = tuple(words(DIFFERENCES[name]) for name in coding.second.differs)
        yield Reading(coding.second.reading or "–", named, coding.second.coder, entry.id, entry.document, None)


def _differing(coding: Event, shown: Event, words: Words) -> Iterator[str]:
    same = {
        "type": (coding.type, coding.mode) == (shown.type, shown.mode),
        "realis": coding.realis == shown.realis,
        "event_date": _day(coding) == _day(shown),
        "sides": coding.sides == shown.sides,
        "place": coding.place == shown.place,
    }
    for field, alike in same.items():
        if not alike:
            yield words(chronology.DIFFERING[field])


def _day(event: Event) -> str:
    return event.event_date.value if event.event_date else ""


def _told(coding: Event, row: chronology.Row, words: Words) -> str:
    read = replace(row, occurrence=replace(row.occurrence, event=coding))
    return f"{read.heading(words)}, {words.event_date(coding.event_date)}"


def trust_line(row: chronology.Row, words: Words) -> str:
    """How likely the reading shown is right, by the tests of its coder; a person's word needs no chance."""
    event = row.occurrence.event
    if row.occurrence.decided:
        return words("A person has decided on the reading shown.")
    return words(
        "By the tests of its coder the reading shown is right with a chance of {p}; {rest} is left to all others.",
        p=words.percent(1 - doubt_of(event)),
        rest=words.percent(doubt_of(event)),
    )
