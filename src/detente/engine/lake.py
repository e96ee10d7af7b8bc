"""Imported rows on disk: Parquet files by month, in batches that appear whole or not at all.

```text
<dossier>/events/
└── gdelt/                                the database
    ├── batch=3f2c9a0b6d1e4f58/           what one import added, by one rename
    │   ├── month=2025-01/rows-0.parquet  the columns of EVENTS, sorted by day
    │   ├── month=2025-02/rows-0.parquet
    │   ├── sums.parquet                  daily sums by directed dyad: the columns of SUMS, sorted by dyad
    │   ├── quarantine.jsonl              lines that could not be read: file, line, problem, reason, the line itself
    │   ├── files.jsonl                   the files it came from, with SHA-256 and counts
    │   ├── SHA256SUMS                    of each of these, as sha256sum writes and checks them
    │   └── manifest.json                 what it is; small, as every query and import reads it
    ├── sums=7be09f1d35c2a846/            sums of several large batches together: manifest.json names them
    │   └── dyads-RUS.parquet             those of dyads whose first state is Russia: RUS-SAU, RUS-USA, both directions
    └── .unfinished-…                     of an import that was stopped; swept away by the next
```

Any program that reads Parquet reads `events/*/batch=*/month=*/*.parquet`. A batch whose manifest `replaces` others
stands for them: small batches are merged, and what they replace is deleted as soon as the merged one is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detente.engine.events import EVENTS, SUMS, arrow_schema
from detente.errors import EngineError
from detente.terms import Dyad

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_ROW_GROUP = 1 << 16
# CPU of reading one dyad from ten batches of a million rows: 20 ms in groups of 16 thousand sums, 23 in groups of 4.
_SUMS_GROUP = 1 << 14
# Reading one dyad of 100 such batches, gathered: RUS-USA 8 ms in groups of 4 thousand and of 16, of 1 thousand 10;
# CHN-USA, of a first state with three times as many sums, 10, 9.
_GATHERED_GROUP = 1 << 12
# Half a gigabyte of memory.
_GATHERED_ROWS = 4_000_000
_FEW_ROWS = 1_000_000
# An update that merges has four months of each batch to read, 2 ms of CPU a file.
_MERGED_AT_ONCE = 4
_MANIFEST = "manifest.json"
_FILES = "files.jsonl"
_SUMMED = "SHA256SUMS"
_QUARANTINE = "quarantine.jsonl"
_SUMS_FILE = "sums.parquet"
_BATCH = "batch="
_GATHERED = "sums="
_GATHERED_AT_ONCE = 4
_UNFINISHED = ".unfinished-"
_LOOKS = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """What one import added.

    Attributes:
        folder: Where it lies.
        origin: Database.
        method, codebook: Of the import that wrote it.
        rows: How many rows it holds.
        replaces: Names of the batches that were merged into it.
    """

    folder: Path
    origin: str
    method: str
    codebook: str
    rows: int
    replaces: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.folder.name.removeprefix(_BATCH)

    @property
    def sums(self) -> Path:
        return self.folder / _SUMS_FILE

    @property
    def quarantine(self) -> Path | None:
        """Lines that could not be read, or None where all could."""
        path = self.folder / _QUARANTINE
        return path if path.exists() else None

    def files(self, digest: Literal["sha256", "md5"] = "sha256") -> dict[str, bytes]:
        """What each file it came from gave, as the import wrote it in JSON, by SHA-256 or MD5.

        Raises:
            EngineError: The list cannot be read.
        """
        path = self.folder / _FILES
        try:
            text = path.read_bytes()
        except OSError as problem:
            raise EngineError(
                f"{path}: cannot be read ({problem}). Delete the folder it lies in and import its files again."
            ) from problem
        # Left unread: an update of fifteen minutes asks for one of hundreds of thousands.
        before = f'"{digest}": "'
        lines = [line for line in text.splitlines() if before.encode() in line]
        digests = re.findall(rf"{before}(\w*)", text.decode(errors="replace"))
        return dict(zip(digests, lines, strict=True))

    def months(self) -> dict[int, list[Path]]:
        """Its tables by month, as 12 * year + month - 1."""
        found: dict[int, list[Path]] = {}
        for path in sorted(self.folder.glob("month=*/*.parquet")):
            found.setdefault(_month_of(path), []).append(path)
        return found


def events_folder(folder: Path) -> Path:
    """Where a dossier keeps imported tables."""
    return folder / "events"


class Lake:
    """The imported tables of one dossier.

    Args:
        folder: The dossier's folder; nothing is made before something is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = events_folder(folder)

    def origins(self) -> tuple[str, ...]:
        """Databases of which something was imported."""
        return tuple(name for name in sorted(_inside(self.folder)) if _those(_inside(self.folder / name), _BATCH))

    def batches(self, origin: str | None = None) -> tuple[Batch, ...]:
        """Those that stand, by name; merged ones stand for what they replace.

        Raises:
            EngineError: A manifest cannot be read.
        """
        return tuple(
            batch
            for each in (self.origins() if origin is None else (origin,))
            for batch in self._looked_at(each, gathered=False)[1]
        )

    def _looked_at(self, origin: str, *, gathered: bool = True) -> tuple[list[_Gathered], list[Batch]]:
        """Sums of several batches together, as far as they are asked for, and the batches that stand beside them."""
        place = self.folder / origin
        for _ in range(_LOOKS):
            inside = _inside(place)
            left = {name for name in _those(inside, _BATCH) if (place / f"{_BATCH}{name}" / _MANIFEST).is_file()}
            gone = len(_those(inside, _BATCH)) - len(left)
            found = [_gathered(place / f"{_GATHERED}{name}") for name in _those(inside, _GATHERED)] if gathered else []
            together = []
            for one in sorted(found, key=lambda one: (-len(one.names), one.folder)):
                # One whose batches were deleted stands for nothing.
                if one.names and one.names <= left:
                    together.append(one)
                    left -= one.names
            batches = [_read(place / f"{_BATCH}{name}" / _MANIFEST) for name in sorted(left)]
            read = [batch for batch in batches if batch is not None]
            # One that went while we looked was merged into another, which came after we looked.
            if not gone and len(read) == len(batches):
                break
        replaced = {name for batch in read for name in batch.replaces}
        replaced |= {name for one in together for name in one.replaces}
        return together, [batch for batch in read if batch.name not in replaced]

    def tables(self, origin: str | None = None, *, first: int | None = None, last: int | None = None) -> list[Path]:
        """Files with rows; `first` and `last` bound the months looked at, as days since 0001-01-01.

        Files of the months at both ends hold days beyond them.
        """
        low, high = (None if day is None else _month(day) for day in (first, last))
        return [
            path
            for batch in self.batches(origin)
            for month, paths in batch.months().items()
            if (low is None or month >= low) and (high is None or month <= high)
            for path in paths
        ]

    def tables_of(self, origin: str, days: NDArray[np.int32]) -> list[Path]:
        """Files of the months that these days lie in."""
        wanted = set(_months(days).tolist())
        return [
            path
            for batch in self.batches(origin)
            for month, paths in batch.months().items()
            if month in wanted
            for path in paths
        ]

    def sums(self, origin: str | None = None, *, dyad: Dyad | None = None) -> list[Path]:
        """Files with daily sums, of all dyads or at least of this one: those of each batch, or of several together.

        Raises:
            EngineError: A manifest cannot be read.
        """
        return [
            path
            for each in (self.origins() if origin is None else (origin,))
            for part in self._sums(each)
            for path in part.sums(dyad)
        ]

    def _sums(self, origin: str) -> list[_Gathered]:
        """Sums by the batches they are of; together they hold every batch once."""
        together, batches = self._looked_at(origin)
        alone = [_Gathered(batch.folder, frozenset({batch.name}), batch.replaces) for batch in batches]
        return [*together, *(part for part in alone if part.sums())]

    def size(self) -> dict[str, tuple[int, int]]:
        """Rows and bytes on disk, by database."""
        found = {}
        for origin in self.origins():
            batches = self.batches(origin)
            size = sum(path.stat().st_size for b in batches for path in b.folder.rglob("*") if path.is_file())
            found[origin] = sum(batch.rows for batch in batches), size
        return found

    def problems(self, origin: str) -> Iterator[str]:
        """Files of a database that are not what was written, and batches that hold another number of rows.

        Batches of earlier versions have no `SHA256SUMS`; of those each table is read to its end.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        batches = self.batches(origin)
        folders = {part.folder for part in self._sums(origin)} | {batch.folder for batch in batches}
        for folder in sorted(folders):
            yield from _changed(folder)
        for batch in batches:
            rows = 0
            for path in (*(path for paths in batch.months().values() for path in paths), batch.sums):
                try:
                    with pq.ParquetFile(path) as table:
                        read = sum(part.num_rows for part in table.iter_batches())
                except (OSError, pa.ArrowException) as problem:
                    yield f"{path}: cannot be read ({str(problem).splitlines()[0]})."
                    continue
                rows += read if path != batch.sums else 0
            if rows != batch.rows:
                yield f"{batch.folder}: has {rows:,} rows that can be read; {batch.rows:,} were written."

    @contextmanager
    def writing(self, origin: str) -> Iterator[Path]:
        """Hold a database's folder alone, swept of what a stopped import left; a second process waits.

        Raises:
            EngineError: The folder cannot be written to.
        """
        place = self.folder / origin
        try:
            place.mkdir(parents=True, exist_ok=True)
            lock = os.open(place / ".lock", os.O_CREAT | os.O_RDWR, 0o644)
        except OSError as problem:
            raise EngineError(
                f"{place}: {problem.strerror}. Give a dossier folder that can be written to."
            ) from problem
        try:
            _wait_for(lock)
            self._sweep(place, origin)
            yield place
        finally:
            os.close(lock)

    def _sweep(self, place: Path, origin: str) -> None:
        standing = {batch.folder.name for batch in self.batches(origin)}
        standing |= {part.folder.name for part in self._sums(origin)}
        for path in place.iterdir():
            stopped = path.name.startswith(_UNFINISHED)
            gone = path.name.startswith((_BATCH, _GATHERED)) and path.name not in standing
            if stopped or gone:
                shutil.rmtree(path, ignore_errors=True)

    def merge(self, origin: str, place: Path, *, at_once: int = _MERGED_AT_ONCE) -> Batch | None:
        """Merge small batches of like size into one, where there are many; call it while `writing`.

        One step: what it makes is merged further by the next, so that no update of fifteen minutes does all of them.
        """
        classes: dict[int, list[Batch]] = {}
        for batch in self.batches(origin):
            if 0 < batch.rows < _FEW_ROWS:
                classes.setdefault(_size_class(batch.rows, at_once), []).append(batch)
        crowded = [batches for _, batches in sorted(classes.items()) if len(batches) >= at_once]
        if not crowded:
            return None
        merged = crowded[0][:at_once]
        with Unfinished(place, origin) as written:
            months: dict[int, list[Path]] = {}
            for batch in merged:
                for month, paths in batch.months().items():
                    months.setdefault(month, []).extend(paths)
                if batch.quarantine:
                    written.quarantine(batch.quarantine.read_bytes())
            for month, paths in sorted(months.items()):
                written.join(month, paths)
            written.sum_up([batch.sums for batch in merged])
            files = [json.loads(line) for batch in merged for line in batch.files().values()]
            done = written.finish(merged[0].method, merged[0].codebook, files, replaces=[b.name for b in merged])
        for batch in merged:
            shutil.rmtree(batch.folder, ignore_errors=True)
        return done

    def gather(self, origin: str, place: Path, *, at_most: int | None = None) -> bool:
        """Put sums of large batches together, where there are many, or of no more than these; call it while `writing`.

        Opening a file costs as much as reading one dyad from it. What was gathered is swept away by the next import
        when more has been: somebody may be reading it.
        """
        large = {batch.name for batch in self.batches(origin) if batch.rows >= _FEW_ROWS}
        classes: dict[int, list[_Gathered]] = {}
        for part in self._sums(origin):
            if part.names <= large:
                classes.setdefault((len(part.names).bit_length() - 1) // 2, []).append(part)
        crowded = [parts[:_GATHERED_AT_ONCE] for _, parts in sorted(classes.items()) if len(parts) >= _GATHERED_AT_ONCE]
        parts = crowded[0] if crowded else []
        if not parts or (at_most and sum(len(part.names) for part in parts) > at_most):
            return False
        with Unfinished(place, origin) as written:
            written.gather([path for part in parts for path in part.sums()])
            written.finish_sums(
                sorted(name for part in parts for name in part.names),
                replaces=sorted(name for part in parts for name in part.replaces),
            )
        return True


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Sums of batches, in one folder.

    Attributes:
        names: Of the batches.
        replaces: Of the batches that were merged into those.
    """

    folder: Path
    names: frozenset[str]
    replaces: tuple[str, ...] = ()

    def sums(self, dyad: Dyad | None = None) -> list[Path]:
        """Files of all dyads, or those that this one can be in."""
        name = _SUMS_FILE
        if self.folder.name.startswith(_GATHERED):
            name = _sums_of(dyad.first) if dyad else _sums_of("*")
        return sorted(self.folder.glob(name))


def known_acts(
    tables: Iterable[Path], days: NDArray[np.int32], joint_act: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keys of acts of these days that tables hold of these joint acts, each act once; those that mirror none first.

    Raises:
        EngineError: A table cannot be read.
    """
    import numpy as np
    import pyarrow as pa
    from pyarrow import dataset

    paths = [str(path) for path in tables]
    if not paths or not len(days):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    day = dataset.field("day_number")
    wanted = ~dataset.field("repeat")
    spans = None
    for low, high in _spans(np.unique(days)):
        span = (day >= low) & (day <= high)
        spans = span if spans is None else spans | span
    try:
        held = dataset.dataset(paths, format="parquet").to_table(
            columns=["act", "joint_act", "mirror"], filter=wanted & spans
        )
    except (pa.ArrowInvalid, OSError, KeyError) as problem:
        raise EngineError(
            f"imported events cannot be read: {problem}. Delete the batch that is named and import its files again."
        ) from problem
    known, known_joint = held.column("act").to_numpy(), held.column("joint_act").to_numpy()
    # A day holds a hundred times what an update brings: only what it may repeat or mirror is looked at further, and
    # rows of one act are of one joint act.
    asked = np.flatnonzero(_among(known_joint, joint_act))
    mirror = held.column("mirror").to_numpy(zero_copy_only=False)[asked]
    first = asked[np.argsort(mirror, kind="stable")]
    return known[first], known_joint[first]


def _among(known: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of many numbers are among few."""
    import numpy as np

    # Keys are hashes: their last bits leave few of the others to be looked for.
    ending = (1 << 18) - 1
    endings = np.zeros(ending + 1, np.bool_)
    endings[new & ending] = True
    found: NDArray[np.bool_] = endings[known & ending]
    found[found] = np.isin(known[found], new)
    return found


def _spans(days: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Stretches of days, both ends included, gaps of one or two bridged."""
    spans: list[tuple[int, int]] = []
    for day in days.tolist():
        if spans and day - spans[-1][1] <= 3:
            spans[-1] = spans[-1][0], day
        else:
            spans.append((day, day))
    return spans


class Unfinished:
    """A batch being written; it appears by `finish`, or never was."""

    def __init__(self, place: Path, origin: str) -> None:
        self._place = place
        self._origin = origin
        self._folder = place / f"{_UNFINISHED}{os.getpid()}-{id(self):x}"
        self._parts: dict[int, int] = {}
        self._writers: list[Path] = []
        self.rows = 0

    def __enter__(self) -> Unfinished:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def tables(self, months: Iterable[int] | None = None) -> list[Path]:
        """What has been written so far, of these months or of all."""
        wanted = set(self._parts if months is None else months)
        return [path for path in self._writers if _month_of(path) in wanted]

    def write(self, rows: pa.Table) -> None:
        """Add rows with the columns of EVENTS, sorted by day.

        Raises:
            EngineError: The disk is full, or the folder cannot be written to.
        """
        import numpy as np

        days = rows.column("day_number").to_numpy()
        months = _months(days)
        starts = np.flatnonzero(np.diff(months, prepend=-1))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(days)], strict=True):
            self.table(int(months[start]), rows.slice(start, end - start))

    def table(self, month: int, rows: pa.Table) -> None:
        """Add rows of one month, sorted by day."""
        import pyarrow.parquet

        with self._next_table(month) as path, path.open("wb") as file:
            # Without Arrow's own schema every reader sees plain strings, whatever words were kept as here.
            pyarrow.parquet.write_table(
                rows, file, compression="zstd", row_group_size=_ROW_GROUP, store_schema=False,
                use_dictionary=_REPEATING, write_statistics=True,
            )  # fmt: skip
            file.flush()
            os.fsync(file.fileno())
        self.rows += rows.num_rows

    def join(self, month: int, tables: Iterable[Path]) -> None:
        """Add the rows of tables of one month: small ones as one table, large ones each as it stands."""
        import pyarrow as pa
        import pyarrow.parquet

        files = [(path, pyarrow.parquet.ParquetFile(path)) for path in tables]
        small = [file for _, file in files if file.metadata.num_rows < _ROW_GROUP]
        if small:
            rows = pa.concat_tables([file.read() for file in small])
            self.table(month, rows.take(_by_day(rows)))
        for path, file in files:
            if file.metadata.num_rows >= _ROW_GROUP:
                with self._next_table(month) as place:
                    _same_file(path, place)
                self.rows += file.metadata.num_rows

    @contextmanager
    def _next_table(self, month: int) -> Iterator[Path]:
        part = self._parts.get(month, 0)
        self._parts[month] = part + 1
        year, number = divmod(month, 12)
        path = self._folder / f"month={year:04}-{number + 1:02}" / f"rows-{part}.parquet"
        with _full_disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield path
        self._writers.append(path)

    def quarantine(self, lines: bytes) -> None:
        """Add lines of JSON to the list of what could not be read."""
        path = self._folder / _QUARANTINE
        with _full_disk(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())

    def sum_up(self, sums: Sequence[Path] = ()) -> None:
        """Write the daily sums: of the rows written here, or of the sums given."""
        import pyarrow as pa

        there = [path for path in sums if path.exists()]
        if there:
            self.put_sums(_added_up(pa.concat_tables([_table(path) for path in there])))
        elif self._writers:
            columns = ["origin", "actor", "recipient", "day_number", "quad", "score_tenths", "repeat", "mirror"]
            self.put_sums(_summed(pa.concat_tables([_table(path, columns) for path in self._writers])))

    def gather(self, sums: Sequence[Path]) -> None:
        """Write sums of several batches together, a file for each state that comes first in a dyad."""
        import pyarrow.compute as pc
        from pyarrow import dataset

        files = dataset.dataset([str(path) for path in sums], format="parquet")
        first = pc.min_element_wise(dataset.field("actor"), dataset.field("recipient"))
        counts = pc.value_counts(files.to_table(columns={"first": first}).column("first")).to_pylist()
        parts: list[list[str]] = []
        rows = _GATHERED_ROWS
        for state, count in sorted((count["values"], count["counts"]) for count in counts):
            if rows + count > _GATHERED_ROWS:
                parts.append([])
                rows = 0
            parts[-1].append(state)
            rows += count
        for states in parts:
            # Batches share few days: adding those up takes as long as all the rest, and leaves 95 of 100 sums.
            held = files.to_table(filter=(first >= states[0]) & (first <= states[-1]))
            held = held.append_column("first", pc.min_element_wise(held["actor"], held["recipient"])).sort_by("first")
            at = 0
            for state in pc.value_counts(held["first"]).to_pylist():
                self._put_sums(held.slice(at, state["counts"]), _sums_of(state["values"]), _GATHERED_GROUP)
                at += state["counts"]

    def put_sums(self, held: pa.Table) -> None:
        """Write daily sums with the columns of SUMS."""
        self._put_sums(held, _SUMS_FILE, _SUMS_GROUP)

    def _put_sums(self, held: pa.Table, name: str, group: int) -> None:
        import pyarrow.parquet

        path = self._folder / name
        ordered = held.sort_by([("actor", "ascending"), ("recipient", "ascending"), ("day_number", "ascending")])
        with _full_disk(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                pyarrow.parquet.write_table(
                    ordered.select([name for name, _ in SUMS]).cast(arrow_schema(SUMS)), file, compression="zstd",
                    row_group_size=group, store_schema=False,
                )  # fmt: skip
                file.flush()
                os.fsync(file.fileno())

    def finish(
        self, method: str, codebook: str, files: Sequence[Mapping[str, Any]], *, replaces: Sequence[str] = ()
    ) -> Batch:
        """Let the batch appear under its name.

        Raises:
            EngineError: The disk is full, or the folder cannot be written to.
        """
        names = "\n".join([method, codebook, *sorted(file["sha256"] for file in files), *sorted(replaces)])
        name = hashlib.sha256(names.encode()).hexdigest()[:16]
        manifest = {
            "origin": self._origin,
            "method": method,
            "codebook": codebook,
            "rows": self.rows,
            "replaces": list(replaces),
        }
        done = self._place / f"{_BATCH}{name}"
        with _full_disk(done):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._put(_FILES, "".join(json.dumps(file, ensure_ascii=False) + "\n" for file in files))
            self._put(_MANIFEST, json.dumps(manifest, ensure_ascii=False))
            self._put(_SUMMED, _digests(self._folder))
            for folder in (*self._folder.glob("month=*"), self._folder):
                _settle(folder)
            self._folder.replace(done)
            _settle(self._place)
        written = _read(done / _MANIFEST)
        if written is None:
            raise EngineError(f"{done}: gone as soon as it was written. Look who else deletes there; import again.")
        return written

    def finish_sums(self, names: Sequence[str], *, replaces: Sequence[str] = ()) -> None:
        """Let the sums of these batches, which were merged from others, appear in place of a batch.

        Raises:
            EngineError: The disk is full, or the folder cannot be written to.
        """
        done = self._place / f"{_GATHERED}{hashlib.sha256(' '.join(names).encode()).hexdigest()[:16]}"
        with _full_disk(done):
            self._put(
                _MANIFEST, json.dumps({"origin": self._origin, "batches": list(names), "replaces": list(replaces)})
            )
            self._put(_SUMMED, _digests(self._folder))
            _settle(self._folder)
            self._folder.replace(done)
            _settle(self._place)

    def _put(self, name: str, text: str) -> None:
        with (self._folder / name).open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


_REPEATING = [
    name
    for name, kind in EVENTS
    if kind == "string" and name not in ("occurrence", "url")
]  # fmt: skip


@contextmanager
def _full_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        why = problem.strerror or problem
        raise EngineError(f"{path}: {why}. Check the folder and the space left.") from problem


def _digests(folder: Path) -> str:
    """A line for each file: SHA-256, two spaces, path."""
    lines = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each.name != _SUMMED):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def _changed(folder: Path) -> Iterator[str]:
    path = folder / _SUMMED
    if not path.exists():
        return
    written = set(path.read_text(encoding="utf-8", errors="replace").splitlines())
    found = set(_digests(folder).splitlines())
    for name in sorted({line[66:] for line in written ^ found}):
        yield f"{folder / name}: is not what was written; its hash differs, or it went or came later."


def _same_file(path: Path, place: Path) -> None:
    """Have a file at a second place, copied where the disk has no links."""
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
        with place.open("rb+") as file:
            os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have a folder's names on disk, so that a power cut does not undo a rename."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wait_for(lock: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: a dossier there has one writer by agreement
        return
    fcntl.flock(lock, fcntl.LOCK_EX)


def _read(path: Path) -> Batch | None:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return Batch(
            path.parent, held["origin"], held["method"], held["codebook"], held["rows"], tuple(held["replaces"])
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise EngineError(
            f"{path}: cannot be read ({problem}). Delete the folder it lies in and import its files again."
        ) from problem


def _inside(folder: Path) -> list[str]:
    """Names of what lies in a folder; none where it is no folder."""
    try:
        return [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _those(names: Iterable[str], prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def _sums_of(first: str) -> str:
    """File of gathered sums that dyads of this first state are in."""
    return f"dyads-{first}.parquet"


def _gathered(folder: Path) -> _Gathered:
    """What was gathered there: nothing where it cannot be told, and each batch's own sums are read."""
    try:
        held = json.loads((folder / _MANIFEST).read_bytes())
        return _Gathered(folder, frozenset(held["batches"]), tuple(held["replaces"]))
    except (OSError, ValueError, KeyError, TypeError):
        return _Gathered(folder, frozenset())


def _table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path, columns=columns, partitioning=None)


def _by_day(rows: pa.Table) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    return pa.array(np.argsort(rows.column("day_number").to_numpy(), kind="stable"))


def _month(day: int) -> int:
    from datetime import date

    when = date.fromordinal(day)
    return 12 * when.year + when.month - 1


def _months(days: NDArray[np.int32]) -> NDArray[np.int64]:
    import numpy as np

    found, places = np.unique(days, return_inverse=True)
    return np.array([_month(int(day)) for day in found], np.int64)[places]


def _month_of(path: Path) -> int:
    year, month = path.parent.name.removeprefix("month=").split("-")
    return 12 * int(year) + int(month) - 1


def _size_class(rows: int, at_once: int) -> int:
    size, found = 4_000, 0
    while rows > size:
        size, found = size * at_once, found + 1
    return found


_DYAD_DAY = ["origin", "actor", "recipient", "day_number"]


def _summed(rows: pa.Table) -> pa.Table:
    """Daily sums of rows: what `detente.engine.daily_sums` gives, which a test holds it to.

    Written out here because importing goes on without a database: one update of fifteen minutes would otherwise spend
    half its time on starting one.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    scored = rows.filter(pc.and_(rows["score_tenths"].is_valid(), pc.not_equal(rows["actor"], rows["recipient"])))
    act = pc.invert(scored["repeat"]).combine_chunks()
    one, joint = (
        column.to_numpy(zero_copy_only=False).astype(np.int64)
        for column in (act, pc.and_(act, pc.invert(scored["mirror"].combine_chunks())))
    )
    score = scored["score_tenths"].to_numpy().astype(np.int64)
    quad = scored["quad"].to_numpy()
    parts = {
        "rows": np.ones(len(score), np.int64),
        "acts": one,
        "joint_acts": joint,
        "score_sum_tenths": score * one,
        "joint_score_sum_tenths": score * joint,
        "score2_sum": score * score * one,
        "joint_score2_sum": score * score * joint,
        "verbal_cooperation": one * (quad == 1),
        "material_cooperation": one * (quad == 2),
        "verbal_conflict": one * (quad == 3),
        "material_conflict": one * (quad == 4),
    }
    keys = {name: scored[name] for name in _DYAD_DAY}
    width = {"width_days": pa.array(np.ones(len(score), np.int32))}
    return _added_up(pa.table({**keys, **width, **{name: pa.array(part) for name, part in parts.items()}}))


def _added_up(sums: pa.Table) -> pa.Table:
    """Sums of the same dyad, day and width added; a column that is null throughout stays so."""
    keys = [*_DYAD_DAY, "width_days"]
    counted = [name for name, _ in SUMS if name not in keys]
    added = sums.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in counted])
    return added.rename_columns([name if name in keys else name.removesuffix("_sum") for name in added.column_names])
