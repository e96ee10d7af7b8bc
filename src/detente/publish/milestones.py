"""If and when, milestone by milestone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from detente.dossier import Dossier
from detente.forecast import CLASSES, forecast
from detente.ledger import Ledger
from detente.publish.catalogue import Words
from detente.publish.knowledge import knowledge_day, limit_day
from detente.terms import Forecast, Milestone

NOTES: Mapping[str, str] = {
    "clock:opened": "The dossier names no start of the process: the clock starts the day the question was put.",
    "prior-only": "No past case is comparable: the figures are those of the prior alone.",
    "excluded-own-process": "This process itself is left out of its reference class.",
    "fitted": "Fitted to {value} past cases.",
    "undated": "{value} past cases left out: nobody dated this stage.",
    "already": "{value} past cases left out: they had this stage when their process began.",
    "no-case-this-late": "No past case still waited after so long: the form of the curve alone speaks.",
    "cases-until": "The table of cases was last looked at on {value}.",
    "deadline-passed": "The deadline lies behind, and the milestone was not reached.",
    "reached-late": "Reached, but after the deadline: the answer to the question is no.",
}
"""What the reader is told of a forecast's notes (`detente.forecast`); the others are for machines."""


@dataclass(frozen=True)
class Row:
    """One milestone with its forecast; None where it is settled."""

    milestone: Milestone
    forecast: Forecast
    dossier: Dossier

    @property
    def settled(self) -> bool:
        resolution = self.milestone.resolution
        return resolution is not None and resolution.day <= self.forecast.made

    def notes(self, words: Words) -> list[str]:
        """What the reader must know beside the number."""
        shown = [self.milestone.reference.note_in(words.language)]
        for note in self.forecast.notes:
            key, _, value = note.partition(":")
            if note in NOTES:
                shown.append(words(NOTES[note]))
            elif key in NOTES:
                shown.append(words(NOTES[key], value=value))
        return [note for note in shown if note]

    def as_json(self) -> dict[str, Any]:
        f, m = self.forecast, self.milestone
        return {
            "milestone": m.id,
            "question": dict(m.question),
            "rule": dict(m.rule),
            "track": m.track,
            "opened": m.opened.isoformat(),
            "deadline": m.deadline.isoformat(),
            "made": f.made.isoformat(),
            "probability": f.probability,
            "interval": list(f.interval),
            "never": f.never,
            "never_interval": list(f.never_interval),
            "median_day": f.median_day.isoformat() if f.median_day else None,
            "window": [day.isoformat() for day in f.window] if f.window else None,
            "curve": [[day.isoformat(), share] for day, share in f.curve],
            "cases": f.cases,
            "reached_cases": f.reached_cases,
            "reference_class": f.reference_class,
            "method": f.method,
            "notes": list(f.notes),
            "resolution": {
                "answer": m.resolution.answer,
                "day": m.resolution.day.isoformat(),
                "evidence": m.resolution.evidence,
            }
            if self.settled and m.resolution
            else None,
        }


def rows_on(dossier: Dossier, day: date, *, as_of: date | datetime | None = None, only: str | None = None) -> list[Row]:
    """Forecasts from what was known on a day, in the order of the dossier.

    A question put later than `as_of` is left out: nobody had asked it then. One put after the last report is answered
    for the day it was put.
    """
    limit = limit_day(as_of)
    out = []
    for milestone in dossier.milestones:
        if (only and milestone.id != only) or milestone.opened > limit:
            continue
        made = max(day, milestone.opened)
        resolution = milestone.resolution
        reached = resolution.day if resolution and resolution.answer == "yes" and resolution.day <= made else None
        out.append(Row(milestone, forecast(milestone, made=made, dyad=dossier.dyad, reached=reached), dossier))
    return out


def rows(
    dossier: Dossier, ledger: Ledger, *, as_of: date | datetime | None = None, only: str | None = None
) -> list[Row]:
    """Forecasts from what was known at a moment."""
    day = knowledge_day(ledger.documents(as_of=as_of), as_of, dossier)
    return rows_on(dossier, day, as_of=as_of, only=only)


def as_text(shown: list[Row], language: str, *, with_rule: bool = False) -> str:
    """The milestone table for a terminal."""
    words = Words(language)
    if not shown:
        return words("The dossier has no milestone. Add a [[milestone]] with its rule to dossier.toml.")
    lines = [words("If and when, as known on {day}", day=words.day(shown[0].forecast.made)), ""]
    for row in shown:
        m = row.milestone
        lines.append(f"{m.question_in(language)}  [{m.id}]")
        if with_rule:
            lines.append(f"    {words('Rule')}{words.colon()}{m.rule_in(language)}")
        if row.settled and m.resolution:
            answer = words(m.resolution.answer)
            settled = words("settled: {answer}, {day}", answer=answer, day=words.day(m.resolution.day))
            lines.append(f"    {settled} ({m.resolution.evidence})")
            continue
        lines.append(f"    {chance_line(row, words)}")
        lines.append(f"    {when_line(row, words)}")
        lines.append(f"    {class_line(row, words)}")
        lines += [f"    ! {note}" for note in row.notes(words)]
    return "\n".join(lines)


def chance_line(row: Row, words: Words) -> str:
    """`if: 34 % by 31 December 2027 (90 %: 22–47 %); never 31 % (12–50 %)`."""
    f = row.forecast
    return words(
        "if: {p} by {deadline} (90 %: {interval}); never: {never} (90 %: {never_interval})",
        p=words.percent(f.probability),
        deadline=words.day(f.deadline),
        interval=words.interval(*f.interval),
        never=words.percent(f.never),
        never_interval=words.interval(*f.never_interval),
    )


def when_line(row: Row, words: Words) -> str:
    """`when, if ever: about 3 May 2027 (80 %: … – …)`."""
    f = row.forecast
    if f.median_day is None or f.window is None:
        return words("when, if ever: cannot be said")
    return words(
        "when, if ever: half by {median}; 80 % between {first} and {last}",
        median=words.day(f.median_day),
        first=words.day(f.window[0]),
        last=words.day(f.window[1]),
    )


def class_line(row: Row, words: Words) -> str:
    """`from 41 past cases still open at this stage (class: ambassadors exchanged), 25 of which got there`."""
    f = row.forecast
    return words.many(
        "from {n} past case still open at this point, of which {reached} got there; class: {name}; {method}",
        "from {n} past cases still open at this point, of which {reached} got there; class: {name}; {method}",
        f.cases,
        reached=words.number(f.reached_cases),
        name=CLASSES[f.reference_class].labels[words.language]
        if f.reference_class in CLASSES
        else words("no past case"),
        method=f.method,
    )
