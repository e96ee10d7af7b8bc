"""How long each past case waited for a stage, as it was known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.forecast.cases import Case, Stage
from detente.terms import Dyad

Ending = Literal["reached", "never", "open"]


@dataclass(frozen=True, slots=True)
class Spell:
    """One case's wait for one stage.

    Attributes:
        dyad: None for a failure nobody recorded, which is assumed and not a case of the table.
        days: Days from the start of its process to the ending, at least 1.
        ending: `reached`; `never`, the process ended without it; `open`, still waiting when last looked at.
        host: The other state, in a table of one state's own spells, as that table names it.
    """

    case: str
    dyad: Dyad | None
    days: int
    ending: Ending
    host: str = ""

    @property
    def group(self) -> str:
        """Spells of one pair of states are not independent: they are left out and resampled together."""
        return str(self.dyad) if self.dyad else self.host or self.case


@dataclass(frozen=True, slots=True)
class Sample:
    """The spells of a reference class, and what was left out of it.

    Attributes:
        own: Labels of cases left out because they are the process that is being forecast.
        already: Labels of cases that had the stage on the day their process began: nobody waited for it.
        undated: Labels of cases that came to their end well, but whose day for this stage nobody recorded.
        not_applicable: Labels of cases that could not reach it: an embassy never closed cannot reopen.
    """

    spells: tuple[Spell, ...]
    own: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()


def _ran_well(case: Case, stage: Stage, as_of: date) -> bool:
    """True where an ended process cannot be said to have missed the stage, though it has no day for it.

    Ambassadors in post are the top of the ladder, and relations are not restored without talks.
    """
    dated = {name for name, day in case.stages if day <= as_of}
    if case.outcome == "achieved" or "ambassadors_exchanged" in dated:
        return True
    return stage == "first_high_level_talks" and "relations_restored" in dated


def is_own_process(case: Case, dyad: Dyad, *, clock: date, made: date) -> bool:
    """True where a case is the very process a forecast is about: same pair, and both were going on at once.

    Args:
        clock: Day the forecast starts counting from.
        made: Day the forecast speaks from; the case is taken as it was known then.
    """
    if case.dyad != dyad or case.process_start is None or case.process_start > made:
        return False
    still_open = case.outcome == "ongoing" or case.end_date > made
    return still_open or case.end_date >= clock


def spells(cases: Iterable[Case], stage: Stage, *, as_of: date, own: tuple[Dyad, date] | None = None) -> Sample:
    """Waits for a stage, using nothing that happened after `as_of`.

    A process not yet begun is unknown. A stage dated later than `as_of` is a wait still open on that day. A process
    that failed or was reversed without the stage never reached it; one still going on is open. A case that went well
    without a day for the stage says nothing of its timing and is left out, as is one that had it on its first day.

    Args:
        own: Pair of states and the day the clock of its own process started; that process is left out.
    """
    found: list[Spell] = []
    left: dict[str, list[str]] = {"own": [], "already": [], "undated": [], "not_applicable": []}
    for case in cases:
        start = case.process_start
        if start is None or start >= as_of:
            continue
        if own is not None and is_own_process(case, own[0], clock=own[1], made=as_of):
            left["own"].append(case.label)
            continue
        reached = case.reached(stage)
        if reached is not None and reached <= start:
            left["already"].append(case.label)
        elif reached is not None and reached <= as_of:
            found.append(Spell(case.label, case.dyad, (reached - start).days, "reached"))
        elif stage == "embassy_reopened" and case.rupture_level == "downgraded":
            left["not_applicable"].append(case.label)
        elif reached is not None or case.end_date > as_of or case.outcome == "ongoing":
            last = as_of if reached is not None else min(case.end_date, as_of)
            if last > start:
                found.append(Spell(case.label, case.dyad, (last - start).days, "open"))
        elif _ran_well(case, stage, as_of):
            left["undated"].append(case.label)
        else:
            found.append(Spell(case.label, case.dyad, max(1, (case.end_date - start).days), "never"))
    return Sample(tuple(found), **{key: tuple(labels) for key, labels in left.items()})
