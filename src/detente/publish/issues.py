"""Issue by issue: where each has gone in the last weeks, the event that carries it, and which has stalled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from detente.measures import Contribution, contributions
from detente.measures.agenda import Course, courses_of
from detente.measures.level import SURE, LevelChange, level_changes
from detente.publish import chronology
from detente.publish.catalogue import Words
from detente.publish.readings.agenda import STALLED
from detente.publish.situation import RECENT_DAYS, Situation

State = Literal["nearer", "apart", "stalled", "steady", "unknown", "silent"]
ARROWS: Mapping[State, str] = {
    "nearer": "▲",
    "apart": "▼",
    "stalled": "■",
    "steady": "→",
    "unknown": "–",
    "silent": "–",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the dossier.

    Attributes:
        change: Of the level of its events over the shortest of `LAGS` that can be told; None where none can.
        event: The event that carries it: what moved it, how far it got before it stalled, or what came last.
    """

    track: str
    state: State
    change: LevelChange | None
    course: Course
    event: chronology.Row | None

    @property
    def arrow(self) -> str:
        return ARROWS[self.state]

    @property
    def sign(self) -> str:
        """Class that colours the arrow."""
        return {"nearer": "up", "apart": "down"}.get(self.state, "flat")


def of(situation: Situation) -> list[Issue]:
    """Each issue of the dossier, in its order.

    A reliable change of the last weeks goes before a standstill: whoever moves has not stalled.
    """
    now = situation
    tracks = [track.id for track in now.dossier.tracks]
    courses = courses_of(now.events, tracks, start=now.start, end=now.day)
    return [_issue(now, track, courses[track]) for track in tracks]


def _issue(now: Situation, track: str, course: Course) -> Issue:
    events = replace(now.events, rows=tuple(row for row in now.events.rows if row.track == track))
    if not events.rows:
        return Issue(track, "silent", None, course, None)
    change = next(iter(level_changes(events, now.dossier.dyad, day=now.day)), None)
    parts = [
        part
        for part in contributions(events, now.dossier.dyad, now.day)
        if part.first <= now.day and part.occurrence in now.row_by_id
    ]
    state: State = "steady" if change is not None else "unknown"
    if change is not None and change.rose >= SURE:
        state, parts = "nearer", _lately(now, [part for part in parts if part.points > 0])
    elif change is not None and change.rose <= 1 - SURE:
        state, parts = "apart", _lately(now, [part for part in parts if part.points < 0])
    elif course.furthest is not None and course.chance < STALLED:
        state, parts = "stalled", [part for part in parts if part.occurrence in course.evidence]
    else:
        parts = sorted(parts, key=lambda part: (part.first, abs(part.points)), reverse=True)
    return Issue(track, state, change, course, now.row_by_id[parts[0].occurrence] if parts else None)


def _lately(now: Situation, parts: list[Contribution]) -> list[Contribution]:
    """Those of the last weeks, else all: what fades moves a level too."""
    first: date = now.day - timedelta(days=RECENT_DAYS)
    return [part for part in parts if part.first > first] or parts


def reason(issue: Issue, words: Words) -> str:
    """What the arrow says, in a few words: they stand in bold."""
    if issue.state in ("nearer", "apart") and issue.change is not None:
        return words(
            "{move} in {days}",
            move=words.number(issue.change.move, 1, signed=True),
            days=words.many("{n} day", "{n} days", issue.change.days),
        )
    return name_of(issue.state, words)


def doubt(issue: Issue, words: Words) -> str:
    """How sure that is; empty where there is nothing to be sure of."""
    change, course = issue.change, issue.course
    if issue.state == "stalled" and course.last is not None:
        return words(
            "last step forward on {day}, {later} on other issues since; by chance: {p}",
            day=words.day(course.last),
            later=words.many("{n} day with steps", "{n} days with steps", course.later),
            p=words.percent(course.chance),
        )
    if change is None:
        return ""
    sure = max(change.rose, 1 - change.rose)
    if issue.state in ("nearer", "apart"):
        return words("probability {p}", p=words.percent(min(sure, 0.999)))
    days = words.many("{n} day", "{n} days", change.days)
    return words("probability that it rose in {days}: {p}", days=days, p=words.percent(change.rose))


def carried(issue: Issue, words: Words) -> str:
    """What stands before the event."""
    if issue.state in ("nearer", "apart"):
        return words("Carried by")
    return words("Furthest") if issue.state == "stalled" else words("Last")


def name_of(state: State, words: Words) -> str:
    """What the arrow is called where it cannot be seen."""
    return {
        "nearer": words("nearer"),
        "apart": words("further apart"),
        "stalled": words("stalls"),
        "steady": words("no reliable change"),
        "unknown": words("too few events to tell"),
        "silent": words("no event"),
    }[state]
