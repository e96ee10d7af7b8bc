"""Importing event databases: files are read, checked, marked, and added to the lake, each whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from detente.codebook import VERSION, crosswalk
from detente.engine.events import EVENTS
from detente.engine.import_report import FileImport, ImportCounts, ImportReport, largest_first, listed, number
from detente.engine.lake import Batch, Lake, Unfinished, known_acts
from detente.engine.marks import acts, marks
from detente.errors import SourceError
from detente.registry import Registry
from detente.sources.bad_lines import BadLine
from detente.sources.counted_tables import CountedTable, counted_kind, read_counts
from detente.sources.event_checks import STANDINGS
from detente.sources.event_databases import (
    DATABASES,
    Database,
    Lines,
    Problem,
    QuarantinedRow,
    ReadTable,
    TableReader,
    database,
)
from detente.sources.event_graphs import is_event_graph, open_graph
from detente.sources.event_layouts import Graph
from detente.sources.table_files import PACKED_ENDINGS, TABLE_ENDINGS, TABLE_LIMITS, TableLimits, passed_over
from detente.terms import Issue

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from detente.sources.event_layouts import Layout

__all__ = ["DATABASES", "METHOD", "FileImport", "ImportCounts", "ImportReport", "import_events"]

METHOD = "import.v2"
"""Written into every batch."""

_PARSED_BYTES = 1 << 26
_MARKED_ROWS = 500_000
_BATCH_ROWS = 1_000_000
# Half a second; sixteen take two, sixty-four six.
_GATHERED_BY_UPDATE = 4
_ROOM = "engine"


def _silent(done: int, total: int | None, what: str) -> None:
    pass


def import_events(
    kind: str,
    paths: Iterable[Path | str],
    *,
    folder: Path,
    registry: Registry | None = None,
    limits: TableLimits = TABLE_LIMITS,
    day_zero: date | None = None,
    on_progress: Callable[[int, int | None, str], None] = _silent,
) -> ImportReport:
    """Import files of an event database into `<folder>/events/<kind>/`.

    Every row that can be read is kept, with the columns of `EVENTS`; lines that cannot be read go to the batch's
    `quarantine.jsonl` with file, line, problem, reason and the line itself. Files are added in batches, each by one
    rename: whatever stops the import leaves a file whole or absent. A file that was imported before, whatever its
    name, is passed over. What cannot be read is an Issue, and the other files go on.

    Args:
        kind: `gdelt`, `icews` or `polecat`.
        paths: Files, or folders whose tables and archives are all taken. ICEWS is also read from folders that hold a
            temporal knowledge graph, and from tables of yearly counts; GDELT from tables of daily net scores.
        folder: The dossier's folder.
        registry: Gives states their codes; the shipped one where none is given.
        limits: Longest line, largest archive.
        day_zero: What times of a temporal knowledge graph count from, where it is no known publication.
        on_progress: Called with files done, files in all, and the file at hand.

    Raises:
        SourceError: The kind is unknown.
        EngineError: The folder cannot be written to, or the disk is full; what was added before stays.
    """
    origin = database(kind)
    issues: list[Issue] = []
    found = list(_files(origin, paths, issues))
    lake = Lake(folder)
    with lake.writing(origin) as place:
        run = _Run(lake, place, TableReader(origin, registry=registry, limits=limits), issues, registry, day_zero)
        for count, path in enumerate(found):
            on_progress(count, len(found), path.name)
            try:
                run.take(path)
            except SourceError as problem:
                issues.append(Issue(str(path), "sources", str(problem)))
        run.close()
        # A step for each batch that came is more than enough to keep up, and bounds what one update takes.
        for _ in range(run.batches):
            if not lake.merge(origin, place):
                lake.gather(origin, place, at_most=None if run.lines >= _BATCH_ROWS else _GATHERED_BY_UPDATE)
    on_progress(len(found), len(found), "")
    return ImportReport(origin, run.report(), tuple(issues))


def _files(kind: Database, paths: Iterable[Path | str], issues: list[Issue]) -> Iterator[Path]:
    seen: set[Path] = set()
    for given in map(Path, paths):
        if given.is_dir():
            graphs = _graphs(given) if kind == "icews" else []
            inside = sorted(p for p in given.rglob("*") if p.is_file() and not _hidden(p, given))
            inside = [p for p in inside if p.parent not in set(graphs)]
            tables = [p for p in inside if p.suffix.lower() in TABLE_ENDINGS | PACKED_ENDINGS]
            other = [p for p in inside if p not in set(tables)]
            taken = sorted([*graphs, *tables])
            if other or not taken:
                wanted = " ".join(sorted(TABLE_ENDINGS | PACKED_ENDINGS))
                names = ", ".join(p.name for p in other[:3]) + (" …" if len(other) > 3 else "")
                what = f"{number(len(other), 'file')} not read ({names})" if other else "holds no table"
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


def _graphs(folder: Path) -> list[Path]:
    return [path for path in sorted([folder, *folder.rglob("*/")]) if path.is_dir() and is_event_graph(path)]


def _hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def _sums(path: Path) -> tuple[str, str]:
    """SHA-256, by which a file is known again, and MD5, by which lists name it; of a graph, of all its files."""
    try:
        if path.is_dir():
            inside = [file for file in sorted(path.iterdir()) if file.is_file()]
            every = "".join(f"{file.name}\n{_sums(file)[0]}\n" for file in inside).encode()
            return hashlib.sha256(every).hexdigest(), hashlib.md5(every, usedforsecurity=False).hexdigest()
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            return sha256, hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}. Check that the file may be read.") from problem


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror}. Import it again when it is complete.") from problem
    return status.st_size, status.st_mtime_ns


class _Run:
    """One import: small files share a batch, a large one has its own."""

    def __init__(
        self,
        lake: Lake,
        place: Path,
        reader: TableReader,
        issues: list[Issue],
        registry: Registry | None,
        day_zero: date | None,
    ) -> None:
        self._registry = registry
        self._day_zero = day_zero
        self._lake = lake
        self._place = place
        self._reader = reader
        self._issues = issues
        self._known = {
            sha256: (batch, file) for batch in lake.batches(reader.origin) for sha256, file in batch.files().items()
        }
        self._shared: _Filling | None = None
        self._done: dict[str, FileImport] = {}
        self._first: dict[str, str] = {}
        self.batches = 0
        self.lines = 0

    def take(self, path: Path) -> None:
        before = _state(path)
        sha256, md5 = _sums(path)
        if sha256 in self._first:
            same = self._first[sha256]
            self._issues.append(Issue(str(path), _ROOM, f"{path}: the same bytes as {same}; counted once."))
            return
        if sha256 in self._known:
            self._first[sha256] = str(path)
            self._pass_over(path, sha256)
            return
        tables: list[ReadTable] = []
        size, own = 0, None
        try:
            if path.is_file() and path.name.lower().endswith((".csv", ".csv.gz")) and counted_kind(path):
                self._count(path, sha256, md5)
                return
            for table in self._tables(path):
                tables.append(table)
                size += sum(len(lines.data) for lines in table.lines)
                if size > _PARSED_BYTES:
                    # Too much to hold until it is known to be whole: it gets a batch of its own, to be thrown away.
                    self.close()
                    own = own or self._filling()
                    own.add(path, tables)
                    tables, size = [], 0
            if _state(path) != before:
                raise SourceError(f"{path}: changed while it was read. Import it again when it is complete.")
            filling = own or self._shared or self._filling()
            filling.add(path, tables)
            filling.file(path, sha256, md5)
        except BaseException:
            if own:
                own.abandon()
            raise
        self._first[sha256] = str(path)
        skipped = passed_over(path) if path.is_file() else ()
        if skipped:
            names = ", ".join(skipped[:3]) + (" …" if len(skipped) > 3 else "")
            self._issues.append(
                Issue(str(path), "sources", f"{path}: {len(skipped)} in the archive are no tables: {names}.")
            )
        self._shared = filling
        if own or filling.lines >= _BATCH_ROWS:
            self.close()

    def _tables(self, path: Path) -> Iterator[ReadTable]:
        if path.is_dir():
            return self._graph(path)
        return self._reader.tables(path)

    def _graph(self, folder: Path) -> Iterator[ReadTable]:
        """A temporal knowledge graph as tables."""
        graph = open_graph(folder, registry=self._registry, day_zero=self._day_zero)
        layout = Graph()
        for chunk in graph.chunks():
            name = f"{folder}/{chunk.file}"
            table = ReadTable(layout, quarantined=[self._bad(name, line) for line in chunk.quarantined])
            if chunk.rows.num_rows:
                table.lines.append(layout.lines(name, chunk.rows))
            yield table
        if graph.unread_relations:
            names = ", ".join(graph.unread_relations[:6])
            said = f"{folder}: relations that the codebook does not have: {names}. Their rows are in quarantine."
            self._issues.append(Issue(str(folder), "sources", said))

    def _bad(self, file: str, line: BadLine) -> QuarantinedRow:
        problem = cast(Problem, line.problem)
        return QuarantinedRow(self._reader.origin, file, line.line, problem, line.reason, line.raw, len(line.raw))

    def _count(self, path: Path, sha256: str, md5: str) -> None:
        """Take a table of counts: it has sums and no rows, and a batch of its own."""
        table = read_counts(path, registry=self._registry)
        origin = "icews" if table.kind == "yearly counts" else "gdelt"
        if origin != self._reader.origin:
            raise SourceError(f"{path}: a table of {table.kind}, which is {origin}'s. Import it as {origin}.")
        self.close()
        filling = self._filling()
        filling.count(path, table, [self._bad(str(path), line) for line in table.quarantined])
        filling.file(path, sha256, md5)
        self._first[sha256] = str(path)
        self._shared = filling
        self.close()

    def _pass_over(self, path: Path, sha256: str) -> None:
        batch, file = self._known[sha256]
        if (batch.method, batch.codebook) != (METHOD, VERSION):
            self._issues.append(
                Issue(
                    str(path), _ROOM,
                    f"{path}: imported before by {batch.method} with codebook {batch.codebook}; it is now "
                    f"{METHOD} with {VERSION}. Delete {self._place} and import everything again to have it read anew.",
                )
            )  # fmt: skip
        counts = ImportCounts(**json.loads(file)["counts"])
        self._done[sha256] = FileImport(str(path), sha256, batch.folder, True, counts)

    def _filling(self) -> _Filling:
        return _Filling(self._lake, self._place, self._reader)

    def close(self) -> None:
        """Let the batch at hand appear."""
        if self._shared is None:
            return
        filling, self._shared = self._shared, None
        batch = filling.finish()
        self.batches += 1
        self.lines += filling.lines
        for path, sha256, _, counts in filling.files():
            self._done[sha256] = FileImport(path, sha256, batch.folder, False, counts)
            if counts.quarantined:
                self._issues.append(
                    Issue(
                        path, "sources",
                        f"{path}: {counts.quarantined:,} of {counts.lines:,} lines cannot be read"
                        f"{listed(counts.quarantined_by)}. See {batch.quarantine} for line and reason.",
                    )
                )  # fmt: skip

    def report(self) -> tuple[FileImport, ...]:
        return tuple(self._done[sha256] for sha256 in self._first)


class _Filling:
    """A batch that is being filled: lines are checked many files at a time, rows marked half a million at a time."""

    def __init__(self, lake: Lake, place: Path, reader: TableReader) -> None:
        self._lake = lake
        self._reader = reader
        self._unfinished = Unfinished(place, reader.origin)
        self._layout: Layout | None = None
        self._lines: list[Lines] = []
        self._bytes = 0
        self._rows: list[pa.Table] = []
        self._count = 0
        self._files: list[tuple[str, str, str]] = []
        self._tally = _Tally()
        self.lines = 0

    def add(self, path: Path, tables: Iterable[ReadTable]) -> None:
        self._tally.begin(path)
        for table in tables:
            self._quarantine(table.quarantined)
            for lines in table.lines:
                if self._layout != table.layout or self._bytes > _PARSED_BYTES:
                    self._check()
                self._layout = table.layout
                self._lines.append(lines)
                self._bytes += len(lines.data)
                self.lines += len(lines)

    def count(self, path: Path, table: CountedTable, quarantined: list[QuarantinedRow]) -> None:
        """Take sums that come as such."""
        self._tally.begin(path)
        self._quarantine(quarantined)
        self._tally.counted(path, table.lines - len(table.quarantined))
        self._unfinished.put_sums(table.sums)

    def file(self, path: Path, sha256: str, md5: str) -> None:
        """Note that a file is complete."""
        self._files.append((str(path), sha256, md5))

    def _quarantine(self, rows: Iterable[QuarantinedRow]) -> None:
        written = []
        for row in rows:
            self._tally.quarantine(row)
            written.append(json.dumps(asdict(row), ensure_ascii=False).encode() + b"\n")
        if written:
            self._unfinished.quarantine(b"".join(written))

    def _check(self) -> None:
        if not self._lines or self._layout is None:
            return
        checked = self._reader.check(self._lines, self._layout)
        self._lines, self._bytes = [], 0
        self._quarantine(checked.quarantined)
        self._tally.note(checked.noted)
        self._rows.append(checked.rows)
        self._count += checked.rows.num_rows
        if self._count >= _MARKED_ROWS:
            self._mark()

    def _mark(self) -> None:
        import numpy as np
        import pyarrow as pa

        if not self._count:
            return
        rows = pa.concat_tables(self._rows).unify_dictionaries().combine_chunks()
        self._rows, self._count = [], 0
        act, joint_act = acts(rows)
        days = rows.column("day_number").to_numpy()
        before = self._lake.tables_of(self._reader.origin, days)
        known = known_acts([*before, *self._unfinished.tables()], days, joint_act)
        repeat, mirror = marks(act, joint_act, known)
        self._tally.rows(rows, repeat, mirror)
        # Nothing but order: a month's rows lie together, and a day's in few row groups.
        order = pa.array(np.argsort(days, kind="stable"))
        columns = {
            **{name: rows.column(name) for name, _ in EVENTS if name in rows.column_names},
            "origin": pa.DictionaryArray.from_arrays(np.zeros(len(act), np.int8), [self._reader.origin]),
            "file": self._names_alone(rows.column("file").chunk(0)),
            "repeat": pa.array(repeat),
            "mirror": pa.array(mirror),
            "act": pa.array(act),
            "joint_act": pa.array(joint_act),
        }
        table = pa.table([columns[name] for name, _ in EVENTS], names=[name for name, _ in EVENTS])
        self._unfinished.write(table.take(order))

    def _names_alone(self, column: pa.DictionaryArray) -> pa.DictionaryArray:
        """Names without the folder, so that a file gives the same rows wherever it lay."""
        import pyarrow as pa

        names = column.dictionary.to_pylist()
        folders = [self._tally.owner(name).rpartition("/")[0] for name in names]
        alone = [name[len(folder) :].removeprefix("/") for name, folder in zip(names, folders, strict=True)]
        return pa.DictionaryArray.from_arrays(column.indices, pa.array(alone, pa.string()))

    def finish(self) -> Batch:
        try:
            self._check()
            self._mark()
            self._unfinished.sum_up()
            files = [
                {"file": Path(path).name, "sha256": sha256, "md5": md5, "counts": self._tally.as_kept(path)}
                for path, sha256, md5 in self._files
            ]
            return self._unfinished.finish(METHOD, VERSION, files)
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        self._unfinished.__exit__()

    def files(self) -> Iterator[tuple[str, str, str, ImportCounts]]:
        for path, sha256, md5 in self._files:
            yield path, sha256, md5, self._tally.counts(path)


class _Tally:
    """Counts by file; members of an archive are counted with it."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._counts: dict[str, Counter[str]] = {}
        self._by: dict[tuple[str, str], Counter[str]] = {}
        self._days: dict[str, tuple[int, int]] = {}

    def begin(self, path: Path) -> None:
        """A file of which lines will come."""
        self._paths.add(str(path))
        self._counts.setdefault(str(path), Counter())

    def counted(self, path: Path, lines: int) -> None:
        self._counts[str(path)].update(read=lines, counted=lines)

    def owner(self, name: str) -> str:
        """The file that a table lies in: itself, or the archive."""
        while name not in self._paths:
            name = name.rpartition("/")[0]
        return name

    def quarantine(self, row: QuarantinedRow) -> None:
        path = self.owner(row.file)
        self._counts[path]["quarantined"] += 1
        self._by.setdefault((path, "quarantined_by"), Counter())[row.problem] += 1

    def note(self, noted: Counter[tuple[str, str, str]]) -> None:
        names = {"no_state": "no_state_by", "unknown_place": "unknown_places", "mode_left_out": "modes_left_out"}
        for (file, what, word), count in noted.items():
            self._by.setdefault((self.owner(file), names[what]), Counter())[word] += count

    def rows(self, rows: pa.Table, repeat: NDArray[np.bool_], mirror: NDArray[np.bool_]) -> None:
        """Count rows that were checked and marked."""
        import numpy as np

        files, codes = rows.column("file").chunk(0), rows.column("code").chunk(0)
        owners = [self.owner(name) for name in files.dictionary.to_pylist()]
        at = files.indices.to_numpy().astype(np.int64)
        first = rows.column("pair").to_numpy() == 0
        standing = rows.column("standing").chunk(0).indices.to_numpy().astype(np.int64)
        found = np.bincount(at[first] * len(STANDINGS) + standing[first], minlength=len(owners) * len(STANDINGS))
        days = rows.column("day_number").to_numpy()
        for place, path in enumerate(owners):
            mine = at == place if len(owners) > 1 else np.ones(len(at), bool)
            if not mine.any():
                continue
            counts = self._counts[path]
            for number_of, name in enumerate(STANDINGS):
                counts[name] += int(found[place * len(STANDINGS) + number_of])
            counts["read"] += int(first[mine].sum())
            counts["table_rows"] += int(mine.sum())
            counts["repeats"] += int(repeat[mine].sum())
            counts["mirrors"] += int(mirror[mine].sum())
            low, high = self._days.get(path, (10**9, 0))
            self._days[path] = min(low, int(days[mine].min())), max(high, int(days[mine].max()))
            dropped = mine & first & (standing == STANDINGS.index("dropped"))
            if dropped.any():
                words, times = np.unique(codes.indices.to_numpy()[dropped], return_counts=True)
                by = self._by.setdefault((path, "dropped_by"), Counter())
                for word, count in zip(words.tolist(), times.tolist(), strict=True):
                    code = crosswalk()[codes.dictionary[word].as_py()]
                    by[f"{code.code} {code.name}"] += count

    def counts(self, path: str) -> ImportCounts:
        counts = self._counts[path]
        low, high = self._days.get(path, (0, 0))
        plain: dict[str, Any] = dict(counts)
        listed_by: dict[str, Any] = {what: largest_first(by) for (file, what), by in self._by.items() if file == path}
        return ImportCounts(
            **plain,
            lines=counts["read"] + counts["quarantined"],
            **listed_by,
            first_day=date.fromordinal(low).isoformat() if low else "",
            last_day=date.fromordinal(high).isoformat() if high else "",
        )

    def as_kept(self, path: str) -> dict[str, Any]:
        """The counts that are not zero: a batch of many files lists them all."""
        return {name: value for name, value in asdict(self.counts(path)).items() if value}
