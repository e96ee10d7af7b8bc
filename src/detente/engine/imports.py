"""Writing event databases into tables that lie beside a dossier's own codings.

A file becomes one Parquet table, whole or not at all, and a list of the lines that could not be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from detente.codebook import VERSION, crosswalk, quad, score_tenths
from detente.engine.imported import (
    IMPORTED_COLUMNS,
    ImportedDaily,
    ImportedDay,
    events_folder,
    imported_daily,
)
from detente.errors import EngineError, SourceError
from detente.registry import Registry, load
from detente.sources.event_databases import (
    DATABASES,
    PACKED_ENDINGS,
    TABLE_ENDINGS,
    TABLE_LIMITS,
    Database,
    DatabaseRow,
    QuarantinedRow,
    TableLimits,
    database,
    passed_over,
    read_rows,
)
from detente.terms import Dyad, Issue

__all__ = [
    "DATABASES",
    "IMPORTED_COLUMNS",
    "METHOD",
    "FileImport",
    "ImportCounts",
    "ImportReport",
    "ImportedDaily",
    "ImportedDay",
    "import_events",
    "imported_daily",
]

METHOD = "import.v1"
"""Written into every table; a table written by another method or codebook is written anew."""

_BATCH = 50_000
_KEPT = b"detente.import"
_ROOM = "engine"

# Acts that databases write once from each side. Share of rows with the same act the other way round, 3,705 ICEWS rows
# of June 2018: CAMEO 040, 041, 044, 046, 057 at least 97 %, 042 against 043 100 %, 030 83 %, 050 73 %, 032 to 037 about
# a third, 087 all; any other code at most 6 %, where two sides did accuse or fight each other, which are two acts.
_MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
_OTHER_SIDE = {"043": "042"}


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """Where every line of a file went.

    `lines` = `read` + `quarantined`; `read` = the seven that follow it.

    Attributes:
        lines: Lines that are not empty, headers apart.
        read: Rows that could be read.
        without_country: One side or both has no country.
        no_state: One side or both has only a country word that is no state: a region, an organisation.
        within_one_state: Both sides are of one state.
        other_pairs: Of states that are not the dyad's.
        dropped: Of the pairs asked for, but PLOVER drops the CAMEO code (statements, appeals).
        kept: Rows in the table; where one has several sides, each pair is a row of `table_rows`.
        repeats, mirrors: Of `table_rows`; kept, and marked.
        quarantined_by: Quarantined lines by problem.
        dropped_by: Dropped rows by code and its name.
        no_state_by: How often each country word that is no state was met.
        modes_left_out: Modes of POLECAT that PLOVER v2 does not have; the type is kept.
        first_day, last_day: Of the table, ISO 8601, or empty.
    """

    lines: int = 0
    read: int = 0
    without_country: int = 0
    no_state: int = 0
    within_one_state: int = 0
    other_pairs: int = 0
    dropped: int = 0
    kept: int = 0
    table_rows: int = 0
    repeats: int = 0
    mirrors: int = 0
    quarantined: int = 0
    quarantined_by: Mapping[str, int] = field(default_factory=dict)
    dropped_by: Mapping[str, int] = field(default_factory=dict)
    no_state_by: Mapping[str, int] = field(default_factory=dict)
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
                added[name] = _largest_first(Counter(mine) + Counter(theirs))
        days = [day for day in (self.first_day, other.first_day) if day]
        lasts = [day for day in (self.last_day, other.last_day) if day]
        return ImportCounts(**added, first_day=min(days, default=""), last_day=max(lasts, default=""))


@dataclass(frozen=True, slots=True)
class FileImport:
    """One imported file.

    Attributes:
        file: Its path as given.
        sha256: Of its bytes; the table is named after it.
        table: The Parquet table.
        quarantine: The list of lines that could not be read, or None where all could.
        known: The same bytes had been imported before; nothing was written.
        counts: As counted when it was imported.
    """

    file: str
    sha256: str
    table: Path
    quarantine: Path | None
    known: bool
    counts: ImportCounts


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        kind: Database.
        pairs: The dyad whose rows were kept, or `all pairs`.
        files: One entry for each file that was imported or known.
        issues: Files that were refused, and for each new file how many lines are in quarantine.
    """

    kind: Database
    pairs: str
    files: tuple[FileImport, ...]
    issues: tuple[Issue, ...]

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
            "pairs": self.pairs,
            "counts": asdict(self.counts),
            "files": [
                {
                    "file": item.file,
                    "sha256": item.sha256,
                    "table": str(item.table),
                    "quarantine": str(item.quarantine) if item.quarantine else None,
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
            f"{_number(len(self.files), 'file')} of {self.kind}{before}: {counts.lines:,} lines, {counts.read:,} read, "
            f"{counts.quarantined:,} in quarantine{_listed(counts.quarantined_by)}."
        ]
        span = f", {counts.first_day} to {counts.last_day}" if counts.first_day else ""
        out.append(
            f"{self.pairs}: {_number(counts.table_rows, 'row')} in the table{span}; {counts.repeats:,} of them repeat "
            f"another and {counts.mirrors:,} mirror one, both kept and marked."
        )
        if counts.dropped:
            out.append(f"{counts.dropped:,} statements and appeals, which PLOVER drops{_listed(counts.dropped_by)}.")
        out.append(
            f"Not between two states asked for: {counts.other_pairs:,} of other pairs, {counts.within_one_state:,} "
            f"within one state, {counts.without_country:,} without a country, {counts.no_state:,} with a word that is "
            f"no state{_listed(counts.no_state_by)}."
        )
        if counts.modes_left_out:
            out.append(f"Modes that PLOVER v2 does not have, type kept{_listed(counts.modes_left_out)}.")
        return out


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _listed(counted: Mapping[str, int], most: int = 6) -> str:
    if not counted:
        return ""
    shown = list(_largest_first(counted).items())
    rest = f", and {len(shown) - most} more kinds" if len(shown) > most else ""
    return " (" + ", ".join(f"{name}: {count:,}" for name, count in shown[:most]) + rest + ")"


def _largest_first(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _silent(done: int, total: int | None, what: str) -> None:
    pass


def import_events(
    kind: str,
    paths: Iterable[Path | str],
    *,
    dyad: Dyad,
    folder: Path,
    all_pairs: bool = False,
    registry: Registry | None = None,
    limits: TableLimits = TABLE_LIMITS,
    on_progress: Callable[[int, int | None, str], None] = _silent,
) -> ImportReport:
    """Import files of an event database into `<folder>/events/<kind>/`.

    Each file gives `<sha256>.parquet`, with the columns of `IMPORTED_COLUMNS`, and, where lines could not be read,
    `<sha256>.quarantine.jsonl` with file, line, problem, reason and the line itself. The table appears last and by
    one rename: whatever stops the import leaves it whole or absent. A file that was imported before is passed over, for
    the same dyad, by the same method. What cannot be read is an Issue, and the other files go on.

    Args:
        kind: `gdelt`, `icews` or `polecat`.
        paths: Files, or folders whose tables and archives are all taken.
        dyad: Keep rows between these two states.
        folder: The dossier's folder.
        all_pairs: Keep rows between any two states.
        registry: Gives states their codes; the shipped one where none is given.
        limits: Longest line, largest archive.
        on_progress: Called with files done, files in all, and the file at hand.

    Raises:
        SourceError: The kind is unknown.
        EngineError: The folder cannot be written to.
    """
    origin = database(kind)
    registry = registry or load()
    place = events_folder(folder) / origin
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise EngineError(f"{place}: {problem.strerror}. Give a dossier folder that can be written to.") from problem
    issues: list[Issue] = []
    found = list(_files(paths, issues))
    asked = _Asked(origin, None if all_pairs else dyad)
    done: dict[str, FileImport] = {}
    for count, path in enumerate(found):
        on_progress(count, len(found), path.name)
        try:
            sha256 = _sha256(path)
            if sha256 in done:
                first = done[sha256].file
                issues.append(Issue(str(path), _ROOM, f"{path}: the same bytes as {first}; counted once."))
                continue
            known = _known(place, sha256, asked, str(path))
            done[sha256] = known or _import(path, sha256, place, asked, registry, limits, issues)
        except SourceError as problem:
            issues.append(Issue(str(path), "sources", str(problem)))
    on_progress(len(found), len(found), "")
    return ImportReport(origin, asked.pairs, tuple(done.values()), tuple(issues))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a table was asked to hold, as its file says."""

    kind: Database
    dyad: Dyad | None

    @property
    def pairs(self) -> str:
        return str(self.dyad) if self.dyad else "all pairs"

    def answered_by(self, kept: Mapping[str, Any]) -> bool:
        same = (kept.get("method"), kept.get("codebook"), kept.get("kind")) == (METHOD, VERSION, self.kind)
        return same and kept.get("pairs") == self.pairs


def _files(paths: Iterable[Path | str], issues: list[Issue]) -> Iterator[Path]:
    seen: set[Path] = set()
    for given in map(Path, paths):
        if given.is_dir():
            inside = sorted(p for p in given.rglob("*") if p.is_file() and not _hidden(p, given))
            taken = [p for p in inside if p.suffix.lower() in TABLE_ENDINGS | PACKED_ENDINGS]
            other = [p for p in inside if p not in set(taken)]
            if other or not taken:
                wanted = " ".join(sorted(TABLE_ENDINGS | PACKED_ENDINGS))
                names = ", ".join(p.name for p in other[:3]) + (" …" if len(other) > 3 else "")
                what = f"{_number(len(other), 'file')} not read ({names})" if other else "holds no table"
                issues.append(Issue(str(given), _ROOM, f"{given}: {what}, expected {wanted}. Name others one by one."))
        elif given.exists():
            taken = [given]
        else:
            taken = []
            issues.append(Issue(str(given), _ROOM, f"{given}: no such file or folder. Check the path."))
        for path in taken:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}. Check that the file may be read.") from problem


def _known(place: Path, sha256: str, asked: _Asked, path: str) -> FileImport | None:
    import pyarrow as pa
    import pyarrow.parquet

    table = place / f"{sha256}.parquet"
    if not table.exists():
        return None
    try:
        kept = json.loads((pyarrow.parquet.read_metadata(table).metadata or {}).get(_KEPT, b"{}"))
        if not asked.answered_by(kept):
            return None
        counts = ImportCounts(**kept["counts"])
    except (pa.ArrowInvalid, ValueError, TypeError, KeyError):
        # Not a table of ours, or not whole: it is written anew.
        return None
    quarantine = place / f"{sha256}.quarantine.jsonl"
    return FileImport(path, sha256, table, quarantine if quarantine.exists() else None, True, counts)


def _import(
    path: Path, sha256: str, place: Path, asked: _Asked, registry: Registry, limits: TableLimits, issues: list[Issue]
) -> FileImport:
    before = _state(path)
    table, quarantine = place / f"{sha256}.parquet", place / f"{sha256}.quarantine.jsonl"
    with _Unfinished(table) as rows, _Unfinished(quarantine) as lines:
        tally = _Tally(asked, path)
        _write(rows, lines, tally, read_rows(asked.kind, path, registry=registry, limits=limits), sha256)
        if _state(path) != before:
            raise SourceError(f"{path}: changed while it was read. Import it again when it is complete.")
        counts = tally.counts()
        # The list goes first: a table that is there says that all of its file is there.
        if counts.quarantined:
            lines.finish()
        else:
            quarantine.unlink(missing_ok=True)
        rows.finish()
    if counts.quarantined:
        issues.append(
            Issue(
                str(path), "sources",
                f"{path}: {counts.quarantined:,} of {counts.lines:,} lines cannot be read"
                f"{_listed(counts.quarantined_by)}. See {quarantine} for line and reason.",
            )
        )  # fmt: skip
    skipped = passed_over(path)
    if skipped:
        names = ", ".join(skipped[:3]) + (" …" if len(skipped) > 3 else "")
        issues.append(Issue(str(path), "sources", f"{path}: {len(skipped)} in the archive are no tables: {names}."))
    return FileImport(str(path), sha256, table, quarantine if counts.quarantined else None, False, counts)


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}. Import it again when it is complete.") from problem
    return status.st_size, status.st_mtime_ns


class _Unfinished:
    """A file that appears under its name, whole, when it is finished; else it never was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        except OSError as problem:
            raise EngineError(f"{path.parent}: {problem.strerror}. Check the folder and the space left.") from problem
        self._unfinished = Path(name)
        self.file = os.fdopen(handle, "wb")

    def __enter__(self) -> _Unfinished:
        return self

    def finish(self) -> None:
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            self._unfinished.chmod(0o644)
            self._unfinished.replace(self.path)
        except OSError as problem:
            raise EngineError(f"{self.path}: {problem.strerror}. Check the folder and the space left.") from problem

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.file.close()
        self._unfinished.unlink(missing_ok=True)


def _write(
    rows: _Unfinished, lines: _Unfinished, tally: _Tally, items: Iterable[DatabaseRow | QuarantinedRow], sha256: str
) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    kinds = {"string": pa.string(), "int64": pa.int64(), "date": pa.date32(), "bool": pa.bool_()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in IMPORTED_COLUMNS])
    try:
        with pyarrow.parquet.ParquetWriter(rows.file, schema, compression="zstd") as writer:
            batch: list[tuple[Any, ...]] = []

            def flush() -> None:
                if batch:
                    columns = [
                        pa.array(column, part.type)
                        for column, part in zip(zip(*batch, strict=True), schema, strict=True)
                    ]
                    writer.write_table(pa.Table.from_arrays(columns, schema=schema))
                    batch.clear()

            for item in items:
                if isinstance(item, QuarantinedRow):
                    tally.quarantine(item)
                    lines.file.write(json.dumps(asdict(item), ensure_ascii=False).encode() + b"\n")
                    continue
                batch.extend(tally.rows(item))
                if len(batch) >= _BATCH:
                    flush()
            flush()
            writer.add_key_value_metadata({_KEPT.decode(): json.dumps(tally.describe(sha256), ensure_ascii=False)})
    except OSError as problem:
        raise EngineError(f"{rows.path}: {problem.strerror or problem}. Check the space left.") from problem


class _Tally:
    """Sorts rows into those kept and those counted."""

    def __init__(self, asked: _Asked, path: Path) -> None:
        self._asked = asked
        self._folder = len(str(path)) - len(path.name)
        self._plain: Counter[str] = Counter()
        self._quarantined: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._no_state: Counter[str] = Counter()
        self._modes: Counter[str] = Counter()
        self._mirrors: dict[str, bool] = {}
        self._joint: dict[str, str] = {}
        self._days: list[str] = []

    def quarantine(self, row: QuarantinedRow) -> None:
        self._quarantined[row.problem] += 1

    def rows(self, row: DatabaseRow) -> list[tuple[Any, ...]]:
        """The table's rows for one row of the database: none where it is only counted."""
        self._plain["read"] += 1
        if row.no_state:
            self._no_state.update(row.no_state)
        pairs = row.pairs()
        wanted = self._wanted(pairs)
        why = "" if wanted and row.type else self._why(row, bool(pairs), bool(wanted))
        if why:
            self._plain[why] += 1
            return []
        self._plain["kept"] += 1
        if row.mode_left_out:
            self._modes[row.mode_left_out] += 1
        return [self._row(row, actor, recipient) for actor, recipient in wanted]

    def _wanted(self, pairs: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        dyad = self._asked.dyad
        return pairs if dyad is None else [pair for pair in pairs if pair[0] in dyad.sides and pair[1] in dyad.sides]

    def _why(self, row: DatabaseRow, several_states: bool, wanted: bool) -> str:
        """Which count a row goes to that gives no row of the table."""
        if not row.sided:
            return "no_state" if row.no_state else "without_country"
        if not several_states:
            return "within_one_state"
        if not wanted:
            return "other_pairs"
        code = crosswalk()[row.code]
        self._dropped[f"{code.code} {code.name}"] += 1
        return "dropped"

    def _row(self, row: DatabaseRow, actor: str, recipient: str) -> tuple[Any, ...]:
        act, joint = _act(row, actor, recipient), _joint_act(row, actor, recipient)
        repeat = act in self._mirrors
        # A repeat is what the row it repeats is, so that a day's joint acts are its rows that are neither.
        mirror = self._mirrors.setdefault(act, self._joint.setdefault(joint, act) != act)
        day = row.day.isoformat()
        self._days = [min(self._days[0], day), max(self._days[1], day)] if self._days else [day, day]
        self._plain["table_rows"] += 1
        self._plain["repeats"] += repeat
        self._plain["mirrors"] += mirror
        return (
            f"{row.origin}:{row.id}", actor, recipient, row.type, row.mode, quad(row.type),
            score_tenths(row.type, row.mode), row.day, row.day.toordinal(), row.origin, row.code, row.source,
            row.target, row.file[self._folder :], row.line, repeat, mirror, act, joint,
        )  # fmt: skip

    def counts(self) -> ImportCounts:
        quarantined = self._quarantined.total()
        return ImportCounts(
            **self._plain,
            lines=self._plain["read"] + quarantined,
            quarantined=quarantined,
            quarantined_by=_largest_first(self._quarantined),
            dropped_by=_largest_first(self._dropped),
            no_state_by=_largest_first(self._no_state),
            modes_left_out=_largest_first(self._modes),
            first_day=self._days[0] if self._days else "",
            last_day=self._days[1] if self._days else "",
        )

    def describe(self, sha256: str) -> dict[str, object]:
        """What the table says of itself."""
        return {
            "method": METHOD,
            "codebook": VERSION,
            "kind": self._asked.kind,
            "pairs": self._asked.pairs,
            "sha256": sha256,
            "counts": asdict(self.counts()),
        }


def _act(row: DatabaseRow, actor: str, recipient: str) -> str:
    return _digest(row.day.isoformat(), actor, row.source, recipient, row.target, row.code)


def _joint_act(row: DatabaseRow, actor: str, recipient: str) -> str:
    """The same for both tellings of a mutual act; for any other act, that act's own key."""
    mutual = row.type in _MUTUAL or (row.type, row.mode) == ("RETREAT", "ceasefire")
    if not mutual:
        return _act(row, actor, recipient)
    sides = sorted([(actor, row.source), (recipient, row.target)])
    return _digest("joint", row.day.isoformat(), *sides[0], *sides[1], _OTHER_SIDE.get(row.code, row.code))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
