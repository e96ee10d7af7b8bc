"""Starts of a process found in yearly counts: a year in which two states that quarrelled turned to each other.

A table of counts reaches further back than rows do, and says less. `process-years.v1`, for each pair, both directions
together:

- in the two years before, at least 40 acts of conflict, at least a third of all between the two;
- in the year itself at least 40 acts of cooperation in words, twice the cooperation of a year before, and a share of
  conflict at most half of what it was;
- no start in the two years before.

Two years later it `held` if cooperation had kept to half that year's level and conflict below a third; else it `fell
back`; where the table ends before, `unknown`. A surge of words is not yet an attempt to make up: a disaster or a world
cup makes one too. What is found is a candidate for a person to look at, and its share of relapses bounds, roughly, what
a table written with hindsight leaves out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from detente.engine.lake import Lake
from detente.errors import ForecastError
from detente.forecast.cases import Case
from detente.terms import Dyad

METHOD = "process-years.v1"

YearBecame = Literal["held", "fell back", "unknown"]


@dataclass(frozen=True, slots=True)
class YearRule:
    """Thresholds of the rule; shares are 0-1."""

    least_conflict_before: int = 40
    least_conflict_share: float = 1 / 3
    least_words: int = 40
    least_growth: float = 2.0
    most_share_left: float = 0.5
    held_level: float = 0.5


@dataclass(frozen=True, slots=True)
class YearCount:
    """A year between two states: cooperation in words, all cooperation, all conflict."""

    words: int
    cooperation: int
    conflict: int

    def __add__(self, other: YearCount) -> YearCount:
        return YearCount(self.words + other.words, self.cooperation + other.cooperation, self.conflict + other.conflict)

    @property
    def conflict_share(self) -> float:
        every = self.cooperation + self.conflict
        return self.conflict / every if every else 0.0


@dataclass(frozen=True, slots=True)
class FoundYear:
    """A machine-found start, known to the year.

    Attributes:
        before: The two years before, added up.
        after: The two years after, added up; None where the table ends.
        case: Label of a case of the same pair that was going on in that year or began within a year of it.
    """

    dyad: Dyad
    year: int
    before: YearCount
    found: YearCount
    after: YearCount | None
    became: YearBecame
    case: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "dyad": str(self.dyad),
            "year": self.year,
            "cooperation": [self.before.cooperation / 2, self.found.cooperation]
            + ([self.after.cooperation / 2] if self.after else []),
            "conflict": [self.before.conflict / 2, self.found.conflict]
            + ([self.after.conflict / 2] if self.after else []),
            "became": self.became,
            "case": self.case or None,
            "method": METHOD,
        }


def yearly_counts(folder: Path, *, origin: str = "icews") -> Mapping[Dyad, Mapping[int, YearCount]]:
    """Counts by pair and year of tables that were imported into a dossier as counts, both directions added up.

    Raises:
        ForecastError: No such table was imported.
    """
    import pyarrow.compute as pc
    from pyarrow import dataset

    paths = Lake(folder).sums(origin)
    columns = ["actor", "recipient", "day_number", "verbal_cooperation", "material_cooperation"]
    columns += ["verbal_conflict", "material_conflict"]
    rows: list[dict[str, Any]] = []
    if paths:
        held = dataset.dataset([str(path) for path in paths], format="parquet").to_table(
            columns=columns,
            filter=(pc.field("width_days") > 1) & pc.field("actor").is_valid() & pc.field("recipient").is_valid(),
        )
        rows = held.to_pylist()
    if not rows:
        raise ForecastError(f"{folder}: no table of yearly counts was imported. Run `detente import icews FILE`.")
    found: dict[Dyad, dict[int, YearCount]] = defaultdict(dict)
    for row in rows:
        dyad, year = Dyad(*sorted((row["actor"], row["recipient"]))), date.fromordinal(row["day_number"]).year
        words = row["verbal_cooperation"] or 0
        counted = YearCount(
            words,
            words + (row["material_cooperation"] or 0),
            (row["verbal_conflict"] or 0) + (row["material_conflict"] or 0),
        )
        found[dyad][year] = found[dyad].get(year, YearCount(0, 0, 0)) + counted
    return found


def process_years(
    counts: Mapping[Dyad, Mapping[int, YearCount]], *, cases: Iterable[Case] = (), rule: YearRule | None = None
) -> tuple[FoundYear, ...]:
    """Years in which the rule finds a start, among all pairs of states, in order.

    Args:
        counts: From `yearly_counts`.
        cases: Known cases, to say which starts are among them.
    """
    rule = rule or YearRule()
    known = tuple(cases)
    last = max((max(years) for years in counts.values() if years), default=0)
    found = []
    for dyad, years in counts.items():
        earlier = None
        for year in sorted(years):
            if year - 1 not in years or year - 2 not in years or (earlier is not None and year - earlier <= 2):
                continue
            before, now = years[year - 1] + years[year - 2], years[year]
            if (
                before.conflict < rule.least_conflict_before
                or before.conflict_share < rule.least_conflict_share
                or now.words < rule.least_words
                or now.cooperation < rule.least_growth * before.cooperation / 2
                or now.conflict_share > rule.most_share_left * before.conflict_share
            ):
                continue
            earlier = year
            after, became = _after(years, year, last, now, rule)
            found.append(FoundYear(dyad, year, before, now, after, became, _case_of(dyad, year, known)))
    return tuple(sorted(found, key=lambda each: (each.year, str(each.dyad))))


def _after(
    years: Mapping[int, YearCount], year: int, last: int, now: YearCount, rule: YearRule
) -> tuple[YearCount | None, YearBecame]:
    if year + 2 > last:
        return None, "unknown"
    nothing = YearCount(0, 0, 0)
    after = years.get(year + 1, nothing) + years.get(year + 2, nothing)
    level = after.cooperation / 2 >= rule.held_level * now.cooperation
    return after, "held" if level and after.conflict_share < rule.least_conflict_share else "fell back"


def _case_of(dyad: Dyad, year: int, cases: Iterable[Case]) -> str:
    for case in cases:
        start = case.process_start
        if case.dyad == dyad and start and (abs(start.year - year) <= 1 or start.year <= year <= case.end_date.year):
            return case.label
    return ""
