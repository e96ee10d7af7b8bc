"""Past cases and reference classes as text and data: who belongs, how it ended, and what each class answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from detente.forecast.cases import Case
from detente.forecast.class_panel import YEARS, ClassAnswer
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.own_cases import OwnCase
from detente.publish.catalogue import Words
from detente.publish.milestones import CONFIDENCES, ENDINGS

STAGE_NAMES: Mapping[str, str] = {
    "first_high_level_talks": "first high-level talks",
    "relations_restored": "relations restored",
    "ambassadors_exchanged": "ambassadors exchanged",
    "embassy_reopened": "embassy reopened",
    "key_sanction_relief": "key sanctions eased",
}
OUTCOMES: Mapping[str, str] = {
    "achieved": "achieved",
    "reversed": "achieved, then undone",
    "failed": "failed",
    "ongoing": "under way",
    "none": "no attempt known",
}
LONGEST = 40
"""Waits of a class shown; all of them with JSON."""


def case_json(case: Case) -> dict[str, Any]:
    """A case as data."""
    return {
        "label": case.label,
        "dyad": str(case.dyad),
        "rupture_date": case.rupture_date.isoformat(),
        "rupture_level": case.rupture_level,
        "process_start": case.process_start.isoformat() if case.process_start else None,
        "stages": {stage: day.isoformat() for stage, day in case.stages},
        "outcome": case.outcome,
        "end_date": case.end_date.isoformat(),
        **{
            name: getattr(case, name)
            for name in ("severed", "war", "territorial", "leader_change", "mediator", "major_power")
        },
        "source": case.source,
        "confidence": case.confidence,
        "notes": case.notes,
    }


def own_json(own: OwnCase) -> dict[str, Any]:
    """A dossier's own case as data, with who vouches for it."""
    return {
        **case_json(own.case),
        "proposed_by": own.proposed_by,
        "proposed": own.proposed.isoformat(),
        "reviewed_by": own.reviewed_by or None,
        "reviewed": own.reviewed.isoformat() if own.reviewed else None,
    }


def panel_json(row: ClassAnswer) -> dict[str, Any]:
    """A class's answers as data, with every member."""
    return {
        **row.as_json(),
        "members": [
            {"case": spell.case, "ending": spell.ending, "years": round(spell.days / DAYS_A_YEAR, 2)}
            for spell in row.sample.spells
        ],
    }


def cases_text(
    shown: Sequence[Case], total: int, waiting: Sequence[OwnCase], words: Words, *, found: bool = False
) -> str:
    """Cases for a terminal: what was reached when, how it ended, where the dates come from.

    Args:
        total: How many there are in all.
        waiting: Cases proposed and not reviewed yet.
        found: Whether a machine found them.
    """
    lines = [words("Found by machine in event data, reviewed by nobody: no forecast counts them.")] if found else []
    lines += [words("Past cases: {n} of {total}.", n=words.number(len(shown)), total=words.number(total))]
    for case in shown:
        start = words.day(case.process_start, short=True) if case.process_start else "–"
        ended = words(OUTCOMES[case.outcome])
        lines.append(f"{case.label}  {case.dyad}  {start} – {words.day(case.end_date, short=True)}  {ended}")
        if case.stages:
            reached = [f"{words(STAGE_NAMES[stage])} {words.day(day, short=True)}" for stage, day in case.stages]
            lines.append(f"    {'; '.join(reached)}")
        trust = words("confidence: {level}", level=words(CONFIDENCES[case.confidence]))
        lines.append(f"    {case.source or '–'} ({trust})")
        if case.notes:
            lines.append(f"    {case.notes}")
    lines += [
        words(
            "Proposed by {who} on {day}, not counted until another person has reviewed it: {case}.",
            who=own.proposed_by,
            day=words.day(own.proposed),
            case=own.case.label,
        )
        for own in waiting
    ]
    return "\n".join(lines)


def panel_text(stage: str, rows: Sequence[ClassAnswer], day: date, words: Words, *, members: bool = False) -> str:
    """What each class answers, as recorded and with failures added that nobody recorded."""
    name = words(STAGE_NAMES[stage])
    lines = [
        words("{stage}: past cases as known on {day}.", stage=name[:1].upper() + name[1:], day=words.day(day)),
        words("Chance of getting there within 1, 2 and 5 more years, and of never getting there."),
    ]
    for row in rows:
        lines += ["", f"{row.chosen.labels[words.language]}  [{row.chosen.id}]"]
        if row.chosen.query:
            lines.append(f"    {row.chosen.query}")
        lines.append(f"    {class_counts(row, words)}")
        if row.waited is None and row.chosen.table != "cases":
            hint = words(
                "Its wait begins on another day: give it under [clock] in classes.toml, or with detente cases "
                "--waited {name}=YEARS.",
                name=row.chosen.id,
            )
            lines.append(f"    {hint}")
        lines += _answers(row, words)
        if members:
            lines += _members(row, words)
    return "\n".join(lines)


def class_counts(row: ClassAnswer, words: Words) -> str:
    """How many waits a class has, and how they ended."""
    said = words(
        "{n} waits: {reached} got there, {never} ended without it, {open} still waiting.",
        n=words.number(len(row.sample.spells)),
        reached=words.number(row.count("reached")),
        never=words.number(row.count("never")),
        open=words.number(row.count("open")),
    )
    if row.waited:
        said += " " + words(
            "{n} had lasted longer than {years} years.", n=words.number(row.still), years=words.number(row.waited, 1)
        )
    return said


def _answers(row: ClassAnswer, words: Words) -> list[str]:
    if not row.answers:
        return []
    labels = [
        words("as recorded") if not each.unseen else words("{n} unseen failures added", n=words.number(each.unseen))
        for each in row.answers
    ]
    never = words("never") if row.chosen.table == "cases" else words("not within the longest wait")
    heads = [*(words("{n} y", n=words.number(years)) for years in YEARS), never]
    left = max(map(len, labels))
    lines = [f"    {'':{left}}  " + "  ".join(f"{head:>5}" for head in heads)]
    for label, each in zip(labels, row.answers, strict=True):
        shares = [words.percent(share) for share in (*(each.reached[years] for years in YEARS), each.never)]
        cells = [f"{share:>{max(5, len(head))}}" for share, head in zip(shares, heads, strict=True)]
        lines.append(f"    {label:{left}}  " + "  ".join(cells))
    return lines


def _members(row: ClassAnswer, words: Words) -> list[str]:
    ordered = sorted(row.sample.spells, key=lambda spell: (-spell.days, spell.case))
    lines = [
        f"      {spell.case}  {words.number(spell.days / DAYS_A_YEAR, 1)}  {words(ENDINGS[spell.ending])}"
        for spell in ordered[:LONGEST]
    ]
    if len(ordered) > LONGEST:
        lines.append("      " + words("and {n} shorter waits", n=words.number(len(ordered) - LONGEST)))
    return lines
