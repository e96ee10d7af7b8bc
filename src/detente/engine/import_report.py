"""What an import did, for a reader and for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from detente.sources.event_databases import Database
from detente.terms import Issue


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """Where every line of a file went.

    `lines` = `read` + `quarantined`; `read` = the six that follow it.

    Attributes:
        lines: Lines that are not empty, headers apart.
        read: Rows that could be read; all of them are in the table.
        between_states: Of two different states, with a PLOVER type: what measures look at.
        dropped: Of two states, but PLOVER drops the CAMEO code (statements, appeals).
        within_one_state: Both sides are of one state.
        no_state: One side or both has only a country word that is no state: a region, an organisation.
        without_country: One side or both has no country.
        counted: Lines of a table of counts, which give sums and no rows.
        table_rows: Rows of the table: where one of the database has several sides, each pair is a row.
        repeats, mirrors: Of `table_rows`; kept, and marked.
        quarantined_by: Quarantined lines by problem.
        dropped_by: Dropped rows by code and its name.
        no_state_by: How often each country word that is no state was met.
        unknown_places: Country words of places that are unknown, which leave the place empty.
        modes_left_out: Modes of POLECAT that PLOVER v2 does not have; the type is kept.
        first_day, last_day: Of the table, ISO 8601, or empty.
    """

    lines: int = 0
    read: int = 0
    between_states: int = 0
    dropped: int = 0
    within_one_state: int = 0
    no_state: int = 0
    without_country: int = 0
    counted: int = 0
    table_rows: int = 0
    repeats: int = 0
    mirrors: int = 0
    quarantined: int = 0
    quarantined_by: Mapping[str, int] = field(default_factory=dict)
    dropped_by: Mapping[str, int] = field(default_factory=dict)
    no_state_by: Mapping[str, int] = field(default_factory=dict)
    unknown_places: Mapping[str, int] = field(default_factory=dict)
    modes_left_out: Mapping[str, int] = field(default_factory=dict)
    first_day: str = ""
    last_day: str = ""

    def __add__(self, other: ImportCounts) -> ImportCounts:
        added: dict[str, Any] = {}
        for name, mine in asdict(self).items():
            theirs = getattr(other, name)
            if isinstance(mine, int):
                added[name] = mine + theirs
            elif isinstance(mine, dict):
                added[name] = largest_first(Counter(mine) + Counter(theirs))
        days = [day for day in (self.first_day, other.first_day) if day]
        lasts = [day for day in (self.last_day, other.last_day) if day]
        return ImportCounts(**added, first_day=min(days, default=""), last_day=max(lasts, default=""))


@dataclass(frozen=True, slots=True)
class FileImport:
    """One imported file.

    Attributes:
        file: Its path as given.
        sha256: Of its bytes, by which it is known again.
        batch: Folder that holds its rows, with those of other files.
        known: The same bytes had been imported before; nothing was written.
        counts: As counted when it was imported.
    """

    file: str
    sha256: str
    batch: Path
    known: bool
    counts: ImportCounts


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        kind: Database.
        files: One entry for each file that was imported or known.
        issues: Files that were refused, and for each new file how many lines are in quarantine.
    """

    kind: Database
    files: tuple[FileImport, ...]
    issues: tuple[Issue, ...]

    def __add__(self, other: ImportReport) -> ImportReport:
        return ImportReport(self.kind, self.files + other.files, self.issues + other.issues)

    def with_issues(self, issues: Iterable[Issue]) -> ImportReport:
        """The same report with what went wrong on the way."""
        return ImportReport(self.kind, self.files, (*self.issues, *issues))

    @property
    def counts(self) -> ImportCounts:
        """Of all files together; a file given twice counts once."""
        total = ImportCounts()
        for item in self.files:
            total += item.counts
        return total

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "counts": asdict(self.counts),
            "files": [
                {
                    "file": item.file,
                    "sha256": item.sha256,
                    "batch": str(item.batch),
                    "known": item.known,
                    "counts": asdict(item.counts),
                }
                for item in self.files
            ],
            "issues": [{"record": i.record, "room": i.room, "message": i.message} for i in self.issues],
        }

    def lines(self) -> list[str]:
        """The report for a reader, a few lines."""
        counts, known = self.counts, sum(item.known for item in self.files)
        before = f", {known} imported before" if known else ""
        out = [
            f"{number(len(self.files), 'file')} of {self.kind}{before}: {counts.lines:,} lines, {counts.read:,} read, "
            f"{counts.quarantined:,} in quarantine{listed(counts.quarantined_by)}."
        ]
        if counts.table_rows:
            out += self._of_rows(counts)
        if counts.counted:
            out.append(f"{counts.counted:,} lines of tables of counts, kept as sums.")
        return out

    @staticmethod
    def _of_rows(counts: ImportCounts) -> list[str]:
        out = []
        span = f", {counts.first_day} to {counts.last_day}" if counts.first_day else ""
        out.append(
            f"{number(counts.table_rows, 'row')} in the table{span}; {counts.repeats:,} of them repeat another and "
            f"{counts.mirrors:,} mirror one, both kept and marked."
        )
        out.append(
            f"Between two states: {counts.between_states:,}, and {counts.dropped:,} statements and appeals, which "
            f"PLOVER drops{listed(counts.dropped_by)}."
        )
        out.append(
            f"Not between two states: {counts.within_one_state:,} within one state, {counts.without_country:,} without "
            f"a country, {counts.no_state:,} with a word that is no state{listed(counts.no_state_by)}."
        )
        if counts.modes_left_out:
            out.append(f"Modes that PLOVER v2 does not have, type kept{listed(counts.modes_left_out)}.")
        if counts.unknown_places:
            out.append(f"Places left empty{listed(counts.unknown_places)}.")
        return out


def number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def listed(counted: Mapping[str, int], most: int = 6) -> str:
    if not counted:
        return ""
    shown = list(largest_first(counted).items())
    rest = f", and {len(shown) - most} more kinds" if len(shown) > most else ""
    return " (" + ", ".join(f"{name}: {count:,}" for name, count in shown[:most]) + rest + ")"


def largest_first(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
