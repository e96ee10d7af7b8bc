"""Whether everything that a dossier stores is what was stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from detente import dossier as dossiers
from detente import workflow
from detente.engine.lake import Lake
from detente.errors import DetenteError
from detente.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Checked:
    """One part of a dossier.

    Attributes:
        part: `dossier.toml`, `ledger`, or `events/` and a database.
        holds: What was read.
        problems: What is wrong, each with its place; empty where all is whole.
    """

    part: str
    holds: str
    problems: tuple[str, ...] = ()


def check(folder: Path, *, expected: str | None = None) -> list[Checked]:
    """Read a dossier whole: its file, every line of the ledger along the chain, every table of imported events.

    Args:
        expected: Hash of a line that must be in the chain, printed earlier; without one, lines that were cut off the
            end cannot be missed.
    """
    try:
        case = dossiers.load(folder)
    except DetenteError as problem:
        # Where its ledger is cannot be known then.
        return [Checked(dossiers.FILE_NAME, "", (str(problem),)), *_events(folder)]
    named = Checked(dossiers.FILE_NAME, f"{case.name}, {case.dyad}")
    return [named, _ledger(workflow.ledger_of(case, folder), expected), *_events(folder)]


def _ledger(place: str | Path, expected: str | None) -> Checked:
    try:
        with Ledger.open(place) as held:
            found = held.verify(expected)
    except DetenteError as problem:
        return Checked("ledger", "", (str(problem),))
    holds = f"{found.lines:,} lines, the last with hash {found.head}"
    return Checked("ledger", holds, (found.problem,) if found.problem else ())


def _events(folder: Path) -> list[Checked]:
    lake, parts = Lake(folder), []
    for origin in lake.origins():
        try:
            batches = lake.batches(origin)
            problems = tuple(lake.problems(origin))
        except DetenteError as problem:
            parts.append(Checked(f"events/{origin}", "", (str(problem),)))
            continue
        holds = f"{sum(batch.rows for batch in batches):,} rows in {len(batches):,} imports"
        parts.append(Checked(f"events/{origin}", holds, problems))
    return parts
