"""What an index says, in sentences that brief, pages and terminal share."""

from __future__ import annotations

from detente.measures import Breaks, IndexPoint
from detente.measures.level import LevelPoint
from detente.publish.catalogue import Words


def where_it_stands(who: str, point: IndexPoint | LevelPoint, earlier: float | None, words: Words) -> str | None:
    """Value and interval of the last day, and the value thirty days before; None where there is no value."""
    if point.value is None or point.low is None or point.high is None:
        return None
    text = words(
        "{who}: {value} on a scale from −10 to +10 (90% interval: {low} to {high}); thirty days before: {earlier}.",
        who=who,
        value=words.number(point.value, 1, signed=True),
        low=words.number(point.low, 1, signed=True),
        high=words.number(point.high, 1, signed=True),
        earlier=words.number(earlier, 1, signed=True) if earlier is not None else words("no value"),
    )
    return f"{text} {words('Too few recent events to speak of a state.')}" if point.too_few else text


def last_break(breaks: Breaks, words: Words) -> str | None:
    """The last break in the level, or why none is told; None where there is no week with events."""
    if breaks.last:
        return words(
            "Last break in the level: the week of {day} (90% interval: {first} to {last}), from {before} to {after}.",
            day=words.day(breaks.last.week),
            first=words.day(breaks.last.earliest),
            last=words.day(breaks.last.latest),
            before=words.number(breaks.last.before, 1, signed=True),
            after=words.number(breaks.last.after, 1, signed=True),
        )
    if not breaks.weeks:
        return None
    weeks = words.many("{n} week with events", "{n} weeks with events", breaks.weeks)
    reason = (
        words("too few to look for breaks in the level") if breaks.too_few else words("no break in the level was found")
    )
    return f"{weeks}{words.colon()}{reason}."
