"""Past normalisations, and attempts at one, as a table of dated facts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, get_args

from detente.errors import ForecastError
from detente.registry import load as load_registry
from detente.terms import Dyad

Stage = Literal[
    "first_high_level_talks",
    "relations_restored",
    "ambassadors_exchanged",
    "embassy_reopened",
    "key_sanction_relief",
]
STAGES: tuple[Stage, ...] = get_args(Stage)

Outcome = Literal["achieved", "reversed", "failed", "ongoing", "none"]
RuptureLevel = Literal["severed", "embassy_closed", "downgraded", "never"]
Confidence = Literal["high", "medium", "low"]

COLUMNS: tuple[str, ...] = (
    "dyad",
    "rupture_date",
    "rupture_level",
    "process_start",
    *STAGES,
    "outcome",
    "end_date",
    "cov_severed",
    "cov_war",
    "cov_territorial",
    "cov_leader_change_24m",
    "cov_mediator",
    "cov_major_power",
    "source",
    "confidence",
    "notes",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One attempt of one pair of states to make up again, as the table has it.

    Attributes:
        label: Name in the table: `USA-Cuba 2013-15`.
        dyad: The pair as it is called today; the Soviet Union counts as Russia, either Yemen as Yemen.
        process_start: Day the attempt began, or None where none is known to have begun.
        stages: Stage and the day it was reached, dated ones only.
        outcome: `achieved`; `reversed` (achieved, then undone); `failed`; `ongoing` on `end_date`; `none` (no attempt).
        end_date: Day the attempt ended, or the last day it was looked at.
        severed, war, territorial, leader_change, mediator, major_power: What the attempt started from.
        source, confidence: Where the dates come from, and how far the compiler trusts them.
    """

    label: str
    dyad: Dyad
    rupture_date: date
    rupture_level: RuptureLevel
    process_start: date | None
    stages: tuple[tuple[Stage, date], ...]
    outcome: Outcome
    end_date: date
    severed: bool = False
    war: bool = False
    territorial: bool = False
    leader_change: bool = False
    mediator: bool = False
    major_power: bool = False
    source: str = ""
    confidence: Confidence = "medium"
    notes: str = ""

    def reached(self, stage: Stage) -> date | None:
        """Day the stage was reached, None where it was not or nobody dated it."""
        return dict(self.stages).get(stage)

    def as_known(self, day: date) -> Case:
        """The case as it stood on a day after it began: stages and endings that came later are not told.

        >>> later = load_cases()[6]
        >>> later.outcome, later.as_known(date(2014, 12, 31)).outcome
        ('reversed', 'ongoing')
        """
        stages = tuple((stage, reached) for stage, reached in self.stages if reached <= day)
        if self.end_date <= day:
            return replace(self, stages=stages)
        return replace(self, stages=stages, outcome="ongoing", end_date=day, notes="")


def _text(name: str) -> str:
    return (files("detente.forecast") / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _sides() -> dict[str, str]:
    return {row["name"]: row["alpha3"] for row in csv.DictReader(io.StringIO(_text("sides.csv")))}


@lru_cache(maxsize=1)
def _every_name() -> dict[str, str]:
    """The table's own names for states, and behind them the registry's English ones."""
    states = load_registry().states
    return {**{state.entity.name_in("en"): code for code, state in states.items()}, **_sides()}


def _dyad(label: str, where: str) -> Dyad:
    # The registry is read only for a name that the table does not use.
    found = _named(label, _sides()) or _named(label, _every_name())
    if found is None:
        raise ForecastError(
            f"{where}: dyad {label!r} does not start with two known names. Write `USA-Cuba 2013-15`, with the names "
            "of states in English."
        )
    return found


def _named(label: str, names: Mapping[str, str]) -> Dyad | None:
    # Names hold spaces and hyphens ("USA-Congo-Brazzaville 1977"), so the longest known name wins on either side.
    known = sorted(names, key=len, reverse=True)
    for first in known:
        if not label.startswith(f"{first}-"):
            continue
        for second in known:
            if f"{label[len(first) + 1 :]} ".startswith(f"{second} ") and names[first] != names[second]:
                return Dyad(*sorted((names[first], names[second])))
    return None


class _Row:
    def __init__(self, row: dict[str, str], where: str) -> None:
        self.row = row
        self.where = where

    def day(self, column: str) -> date | None:
        value = self.row[column]
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError as problem:
            raise ForecastError(f"{self.where}: {column} is {value!r}, no day. Write 2025-02-18.") from problem

    def needed_day(self, column: str) -> date:
        day = self.day(column)
        if day is None:
            raise ForecastError(f"{self.where}: {column} is empty. Every case has one.")
        return day

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        value = self.row[column]
        if value not in allowed:
            raise ForecastError(f"{self.where}: {column} is {value!r}, expected one of {', '.join(allowed)}.")
        return value

    def flag(self, column: str) -> bool:
        return self.one_of(column, ("0", "1")) == "1"


def _case(raw: dict[str, str], where: str) -> Case:
    row = _Row(raw, where)
    start, end = row.day("process_start"), row.needed_day("end_date")
    outcome = row.one_of("outcome", get_args(Outcome))
    stages = tuple((stage, day) for stage in STAGES if (day := row.day(stage)) is not None)
    if (start is None) != (outcome == "none"):
        raise ForecastError(f"{where}: outcome {outcome!r} with process_start {start}. Give a start unless it is none.")
    rupture = row.needed_day("rupture_date")
    for (earlier, earlier_day), (later, later_day) in pairwise(
        [("rupture_date", rupture), ("process_start", start or end), ("end_date", end)]
    ):
        if later_day < earlier_day:
            raise ForecastError(f"{where}: {later} {later_day} is before {earlier} {earlier_day}. Correct one of them.")
    for stage, day in stages:
        if outcome != "achieved" and day > end:
            raise ForecastError(f"{where}: {stage} {day} is after {end}, where the case ends {outcome}.")
    return Case(
        label=raw["dyad"],
        dyad=_dyad(raw["dyad"], where),
        rupture_date=rupture,
        rupture_level=row.one_of("rupture_level", get_args(RuptureLevel)),  # type: ignore[arg-type]
        process_start=start,
        stages=stages,
        outcome=outcome,  # type: ignore[arg-type]
        end_date=end,
        severed=row.flag("cov_severed"),
        war=row.flag("cov_war"),
        territorial=row.flag("cov_territorial"),
        leader_change=row.flag("cov_leader_change_24m"),
        mediator=row.flag("cov_mediator"),
        major_power=row.flag("cov_major_power"),
        source=raw["source"],
        confidence=row.one_of("confidence", get_args(Confidence)),  # type: ignore[arg-type]
        notes=raw["notes"],
    )


def parse_cases(text: str, *, name: str = "reference_cases.csv") -> tuple[Case, ...]:
    """Read a table of reference cases.

    Args:
        text: CSV with the columns of `COLUMNS`, in any order.
        name: What to call the table in messages.

    Raises:
        ForecastError: A column is missing or unknown, or a row contradicts itself; the message names the line.
    """
    reader = csv.DictReader(io.StringIO(text))
    found = tuple(reader.fieldnames or ())
    if sorted(found) != sorted(COLUMNS):
        missing = ", ".join(sorted(set(COLUMNS) - set(found))) or "none"
        unknown = ", ".join(sorted(set(found) - set(COLUMNS))) or "none"
        raise ForecastError(f"{name} line 1: columns missing: {missing}; unknown: {unknown}. Use those of COLUMNS.")
    cases: list[Case] = []
    lines: dict[str, int] = {}
    for row in reader:
        line = reader.line_num
        where = f"{name} line {line}"
        # DictReader files surplus fields under the key None and missing ones as the value None.
        if None in row or None in row.values():
            raise ForecastError(f"{where}: not {len(COLUMNS)} fields. Quote fields that hold a comma.")
        case = _case({column: value.strip() for column, value in row.items()}, where)
        if case.label in lines:
            raise ForecastError(f"{where}: {case.label!r} stands on line {lines[case.label]} too. Name each case once.")
        lines[case.label] = line
        cases.append(case)
    return tuple(cases)


@lru_cache(maxsize=1)
def found_attempts() -> tuple[Case, ...]:
    """Attempts that a machine found in event data, reviewed by nobody: no forecast counts them.

    Their covariates are not coded, and `rupture_date` is the day from which event data show them estranged.

    Source:
        `detente.forecast.process_starts` and `detente.forecast.process_years`; notes name the rows.

    >>> "Israel-Syria 2008" in {case.label for case in found_attempts()}
    True
    """
    return parse_cases(_text("found_attempts.csv"), name="found_attempts.csv")


@lru_cache(maxsize=1)
def load_cases() -> tuple[Case, ...]:
    """The reference cases that ship with the package, every row of the table, in its order.

    Raises:
        ForecastError: The table is broken; the message names the line.

    Source:
        LICENCES.md beside the table; each row names where its dates come from and how far they are trusted.

    >>> len(load_cases())
    147
    >>> load_cases()[0].label, str(load_cases()[0].dyad), load_cases()[0].confidence
    ('USA-USSR 1933', 'RUS-USA', 'high')
    """
    return parse_cases(_text("reference_cases.csv"))
