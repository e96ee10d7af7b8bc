"""Starts of a process found by machine: a cluster of high-level meetings between two states that were estranged.

The table of cases is written with hindsight: whoever compiles it remembers the attempts that led somewhere. Here one
rule goes over every pair of states in an imported event database, and what it finds is kept whatever became of it.

`process-starts.v1`, for each pair, day by day:

- a contact is a CONSULT, mediation apart, between a state, a person in public life or a high office on either side; a
  day with several counts once;
- a day begins a process if it opens 60 days with at least 3 days of contact, one of them at least face to face;
- in the 365 days before there were at most 4 days of contact, and at least 3 acts of conflict between officials or
  armed forces, which were at least a third of all acts between the two;
- the database covers those 365 days, and no process began in them.

What became of it is read from the rows after: `restored` (recognition granted), `broken` (relations reduced or broken
off, people expelled), each within 730 days and whichever came first; else `faded` (no contact from day 185 to 365),
`goes on`, or `unknown` where the rows end within 365 days.

Thresholds were set once, before the table of cases was compared. `benchmarks/process_starts.py` shows what moving them
does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from detente.engine.lake import Lake
from detente.errors import ForecastError
from detente.forecast.cases import Case
from detente.terms import Dyad

METHOD = "process-starts.v1"

Became = Literal["restored", "broken", "faded", "goes on", "unknown"]

# Roles as ICEWS writes them before the name of the state in brackets. A name without brackets is a state or a person.
OFFICES = frozenset(
    {
        "Cabinet / Council of Ministers / Advisors",
        "Defense / Security Ministry",
        "Envoy",
        "Foreign Affairs",
        "Government",
        "Government Delegation",
        "Government Official",
        "Head of Government",
        "Ministry",
        "National Security Advisor",
        "Other Authorities / Officials",
        "Royal Administration",
        "Undersecretary",
    }
)
FORCES = frozenset({"Air Force", "Congress", "Lawmaker", "Legislature", "Military", "Military Personnel", "Naval"})
MEDIATION = "045"
BY_PHONE = "041"
RECOGNITION = ("054",)
BREAK = ("161", "166")


@dataclass(frozen=True, slots=True)
class Rule:
    """Thresholds of the rule; shares are 0-1."""

    window_days: int = 60
    least_contact_days: int = 3
    before_days: int = 365
    most_contact_days_before: int = 4
    least_conflict_acts: int = 3
    least_conflict_share: float = 1 / 3
    after_days: int = 365
    faded_after_days: int = 185
    outcome_days: int = 730


class Act(NamedTuple):
    """One row of an event database between two states."""

    day: int
    actor: str
    recipient: str
    type: str
    code: str
    quad: int
    source: str
    target: str
    file: str
    line: int

    @property
    def where(self) -> str:
        """`test.txt:731`."""
        return f"{self.file}:{self.line}"

    @property
    def contact(self) -> bool:
        """Whether it is a meeting or talk of people who can speak for the two states."""
        return (
            self.type == "CONSULT"
            and not self.code.startswith(MEDIATION)
            and speaks_for_state(self.source)
            and speaks_for_state(self.target)
        )

    @property
    def conflict(self) -> bool:
        """Whether it is an act of conflict, in words or deeds, of officials or armed forces toward such."""
        return self.quad >= 3 and all(speaks_for_state(name, forces=True) for name in (self.source, self.target))


@dataclass(frozen=True, slots=True)
class Found:
    """A machine-found start.

    Attributes:
        contact_days: In the window that it opens.
        contact_days_before, conflicts_before, acts_before: In the year before.
        contact_days_after: From the end of the window to day 365, as far as rows go.
        evidence: The contacts of the window.
        became, became_on: What rows after it show, and the day; None where it is an absence.
        shown_by: The row that shows it.
        case: Label of a case of the same pair that was going on then or began within a year of it; empty where none.
    """

    dyad: Dyad
    start: date
    contact_days: int
    contact_days_before: int
    conflicts_before: int
    acts_before: int
    contact_days_after: int
    evidence: tuple[Act, ...]
    became: Became
    became_on: date | None
    shown_by: Act | None
    case: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "dyad": str(self.dyad),
            "start": self.start.isoformat(),
            "contact_days": self.contact_days,
            "contact_days_before": self.contact_days_before,
            "conflicts_before": self.conflicts_before,
            "acts_before": self.acts_before,
            "contact_days_after": self.contact_days_after,
            "evidence": [act.where for act in self.evidence],
            "became": self.became,
            "became_on": self.became_on.isoformat() if self.became_on else None,
            "shown_by": self.shown_by.where if self.shown_by else None,
            "case": self.case or None,
            "method": METHOD,
        }


def speaks_for_state(name: str, *, forces: bool = False) -> bool:
    """Whether a name of an event database is a state, a person in public life, or a high office of a state.

    >>> [speaks_for_state(name) for name in ("John Kerry", "Foreign Affairs (Iran)", "Citizen (Iran)", "Naval (Iran)")]
    [True, True, False, False]
    >>> speaks_for_state("Naval (Iran)", forces=True)
    True
    """
    role = re.match(r"^(.*?)\s*\(", name)
    return role is None or role[1] in OFFICES or (forces and role[1] in FORCES)


def acts(folder: Path, *, origin: str = "icews", last: date | None = None) -> tuple[Act, ...]:
    """Rows between two states that were imported into a dossier, neither repeats nor mirrors, in order of day.

    Import one publication of a database: where two overlap, a year is twice as dense as the one before it.

    Args:
        last: Nothing that happened later.

    Raises:
        ForecastError: Nothing of this database was imported.
    """
    import pyarrow.compute as pc
    from pyarrow import dataset

    paths = Lake(folder).tables(origin)
    if not paths:
        raise ForecastError(f"{folder}: nothing of {origin!r} was imported. Run `detente import {origin} FILE`.")
    columns = ["day_number", "actor", "recipient", "type", "code", "quad", "source", "target", "file", "line"]
    held = dataset.dataset([str(path) for path in paths], format="parquet").to_table(
        columns=columns,
        filter=pc.field("actor").is_valid()
        & pc.field("recipient").is_valid()
        & (pc.field("actor") != pc.field("recipient"))
        & pc.field("day_number").is_valid()
        & pc.field("quad").is_valid()
        & ~pc.field("repeat")
        & ~pc.field("mirror"),
    )
    until = (last or date.max).toordinal()
    rows = zip(*(held[name].to_pylist() for name in columns), strict=True)
    return tuple(sorted(act for act in map(Act._make, rows) if act.day <= until))


def process_starts(
    found: Iterable[Act], *, cases: Iterable[Case] = (), rule: Rule | None = None, last: date | None = None
) -> tuple[Found, ...]:
    """Starts that the rule finds among all pairs of states, in order of day.

    Args:
        found: From `acts`.
        cases: Known cases, to say which starts are among them.
        last: Last day the rows cover; by default that of the last row.

    Raises:
        ForecastError: No row at all.
    """
    rule = rule or Rule()
    by_pair: dict[Dyad, list[Act]] = defaultdict(list)
    for act in found:
        by_pair[Dyad(*sorted((act.actor, act.recipient)))].append(act)
    if not by_pair:
        raise ForecastError("no row between two states. Import a database first.")
    days = [act.day for rows in by_pair.values() for act in rows]
    first, end = min(days), last.toordinal() if last else max(days)
    known = tuple(cases)
    starts = [
        start for dyad, rows in by_pair.items() for start in _of_pair(dyad, sorted(rows), first, end, rule, known)
    ]
    return tuple(sorted(starts, key=lambda each: (each.start, str(each.dyad))))


def _between(days: Sequence[int], low: int, high: int) -> int:
    return bisect_left(days, high) - bisect_left(days, low)


def _of_pair(
    dyad: Dyad, rows: Sequence[Act], first: int, end: int, rule: Rule, cases: Sequence[Case]
) -> Iterable[Found]:
    contacts = [act for act in rows if act.contact]
    contact_days = sorted({act.day for act in contacts})
    if len(contact_days) < rule.least_contact_days:
        return
    conflict_days = [act.day for act in rows if act.conflict]
    all_days = [act.day for act in rows]
    earlier = None
    for day in contact_days:
        since = day - rule.before_days
        if since < first or (earlier is not None and earlier > since):
            continue
        window = _between(contact_days, day, day + rule.window_days)
        before = _between(contact_days, since, day)
        conflicts, known = _between(conflict_days, since, day), _between(all_days, since, day)
        evidence = [act for act in contacts if day <= act.day < day + rule.window_days]
        if (
            window < rule.least_contact_days
            or before > rule.most_contact_days_before
            or conflicts < rule.least_conflict_acts
            or conflicts < rule.least_conflict_share * known
            or all(act.code.startswith(BY_PHONE) for act in evidence)
        ):
            continue
        earlier = day
        became, shown = _became(rows, contact_days, day, end, rule)
        start = date.fromordinal(day)
        yield Found(
            dyad,
            start,
            window,
            before,
            conflicts,
            known,
            _between(contact_days, day + rule.window_days, day + rule.after_days),
            tuple(evidence),
            became,
            date.fromordinal(shown.day) if shown else None,
            shown,
            _case_of(dyad, start, cases, rule),
        )


def _became(
    rows: Sequence[Act], contact_days: Sequence[int], day: int, end: int, rule: Rule
) -> tuple[Became, Act | None]:
    for act in rows:
        if not day < act.day <= day + rule.outcome_days:
            continue
        if act.code.startswith(RECOGNITION):
            return "restored", act
        if act.code.startswith(BREAK) and speaks_for_state(act.source, forces=True):
            return "broken", act
    if end < day + rule.after_days:
        return "unknown", None
    later = _between(contact_days, day + rule.faded_after_days, day + rule.after_days + 1)
    return ("goes on" if later else "faded"), None


def _case_of(dyad: Dyad, start: date, cases: Sequence[Case], rule: Rule) -> str:
    for case in cases:
        if case.dyad != dyad or case.process_start is None:
            continue
        if abs((case.process_start - start).days) <= rule.before_days or case.process_start <= start <= case.end_date:
            return case.label
    return ""
