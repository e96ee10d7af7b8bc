"""Rows of the event databases GDELT, ICEWS and POLECAT, read one line at a time and checked.

Every line that is not empty, the header apart, gives one item: a `DatabaseRow` or a `QuarantinedRow` with its reason.
One broken line never stops a file; a file of another kind is refused at its first lines.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Literal, cast, get_args

from detente.codebook import crosswalk, modes, types
from detente.errors import RegistryError, SourceError
from detente.registry import Registry, load

Database = Literal["gdelt", "icews", "polecat"]
DATABASES: tuple[Database, ...] = get_args(Database)

Problem = Literal["columns", "encoding", "nul", "length", "id", "date", "code", "country"]
"""What is wrong with a quarantined row, in one word, for counting."""

TABLE_ENDINGS = frozenset({".csv", ".tab", ".tsv", ".txt"})
PACKED_ENDINGS = frozenset({".zip", ".gz"})

_SHOWN = 2_000
_PEEKED = 100
# None of the three begins before 1979; GDELT dates a few reports of anniversaries decades back.
_EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How much is read before a line or a packed file is refused.

    Attributes:
        line_bytes: A longer line is quarantined; it is read past, never held.
        unpacked_bytes: Most that one packed file may unpack to.
        unpacked_ratio: How many times its packed size a file may unpack to, once past ten megabytes: event tables
            shrink 5 to 30 times, a bomb a thousand times.
    """

    line_bytes: int = 1_000_000
    unpacked_bytes: int = 100_000_000_000
    unpacked_ratio: int = 200


TABLE_LIMITS = TableLimits()


@dataclass(frozen=True, slots=True)
class DatabaseRow:
    """One event as a database has it, its countries and its code read.

    Attributes:
        origin: Which database.
        file: Path of the file; for a member of an archive, followed by `/` and its name.
        line: From 1, the header counted.
        id: The database's own number.
        day: Day of the event.
        code: CAMEO code; for POLECAT the type, or `TYPE/mode`.
        type, mode: PLOVER v2; `type` is empty where PLOVER drops the CAMEO code (statements and appeals).
        actors, recipients: Alpha-3 codes, each once: more than one in POLECAT only.
        source, target: The two as the database names them.
        no_state: Country words of either side that are no state: regions, organisations, states that ended.
        mode_left_out: POLECAT mode that PLOVER v2 does not have; the type is kept.
    """

    origin: Database
    file: str
    line: int
    id: str
    day: date
    code: str
    type: str
    mode: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    source: str
    target: str
    no_state: tuple[str, ...] = ()
    mode_left_out: str = ""

    @property
    def sided(self) -> bool:
        """Whether it says which state acted toward which."""
        return bool(self.actors and self.recipients) or self._joint

    @property
    def _joint(self) -> bool:
        # Several actors and nobody acted upon: PLOVER's form of a meeting. Two who accuse together accuse no-one here.
        return len(self.actors) > 1 and not self.recipients and self.type in ("AGREE", "CONSULT", "COOPERATE")

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(actor, recipient) for each two different states; empty within one state.

        Source:
            PLOVER manual, draft 2.0 (2024), "Compound and Reciprocal Actors": joint acts have actors alone.
        """
        recipients = self.actors if self._joint else self.recipients
        return tuple((a, r) for a in self.actors for r in recipients if a != r)


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A line that gives no event, and why.

    Attributes:
        raw: Its first 2,000 bytes as text; bytes that are not UTF-8 as `\\xNN`.
        size: Its length in bytes.
    """

    origin: Database
    file: str
    line: int
    problem: Problem
    reason: str
    raw: str
    size: int


class _Bad(Exception):
    """The row is to be quarantined; the message is the reason."""

    def __init__(self, problem: Problem, reason: str) -> None:
        super().__init__(reason)
        self.problem = problem


def database(kind: str) -> Database:
    """Check the name of a database.

    Raises:
        SourceError: There is no reader for it.

    >>> database("icews")
    'icews'
    """
    if kind not in DATABASES:
        raise SourceError(f"event database {kind!r} is unknown. Give one of {', '.join(DATABASES)}.")
    return kind


def read_rows(
    kind: str, path: Path, *, registry: Registry | None = None, limits: TableLimits = TABLE_LIMITS
) -> Iterator[DatabaseRow | QuarantinedRow]:
    """Read a file of an event database, plain, gzipped or zipped, without unpacking it to disk.

    What is read:

    | kind | layout |
    |---|---|
    | gdelt | Events 2.0 (61 tab-separated columns) and 1.0 (57 or 58), no header |
    | icews | header with Event ID, Event Date, Source Name, Source Country, CAMEO Code, Target Name, Target Country |
    | polecat | header with Event ID, Event Date, Event Type, Event Mode, and Name and Country of Actor and Recipient |

    Columns of ICEWS and POLECAT are found by name, whatever their order, separated by tabs or commas.

    Args:
        kind: `gdelt`, `icews` or `polecat`.
        path: The file. What it is packed with is seen from its first bytes, not from its name.
        registry: Gives the states' codes and English names; the shipped one where none is given.

    Returns:
        For each line that is not empty, the header apart, one row or one quarantined row, in the order of the file.

    Raises:
        SourceError: The file cannot be read, is of another kind, is broken as an archive or unpacks past the limits.

    Source:
        GDELT Event Codebook 2.0 (2015) and Data Format Codebook 1.03 (2013); ICEWS Coded Event Data, Harvard Dataverse
        doi:10.7910/DVN/28075; POLECAT, Harvard Dataverse doi:10.7910/DVN/AJGVIT.
    """
    reader = _Reader(database(kind), registry or load())
    try:
        for name, lines in _tables(path, limits):
            yield from reader.read(name, lines)
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as problem:
        raise SourceError(f"{path}: broken as an archive ({problem}). Get it again.") from problem
    except OSError as problem:
        raise SourceError(f"{path}: {problem.strerror or problem}. Check that the file may be read.") from problem


def passed_over(path: Path) -> tuple[str, ...]:
    """Names of the members of an archive that are no tables and are not read."""
    if not zipfile.is_zipfile(path):
        return ()
    with zipfile.ZipFile(path) as archive:
        return tuple(m.filename for m in archive.infolist() if not m.is_dir() and not _is_table(m.filename))


def _is_table(member: str) -> bool:
    name = member.rsplit("/", 1)[-1]
    return (
        not name.startswith(".") and not member.startswith("__MACOSX/") and Path(name).suffix.lower() in TABLE_ENDINGS
    )


# --- Files ------------------------------------------------------------------------------------------------------------

_Line = tuple[int, bytes, int]
"""Number from 1, bytes without line break (cut, where longer than allowed), whole length."""


def _tables(path: Path, limits: TableLimits) -> Iterator[tuple[str, Iterator[_Line]]]:
    if not path.is_file():
        raise SourceError(f"{path}: no such file. Check the path.")
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        if start == b"PK":
            yield from _members(path, file, limits)
        elif start == b"\x1f\x8b":
            with gzip.open(file, "rb") as stream:
                yield str(path), _lines(cast(BinaryIO, stream), limits, str(path), path.stat().st_size)
        else:
            yield str(path), _lines(file, limits, str(path), None)


def _members(path: Path, file: BinaryIO, limits: TableLimits) -> Iterator[tuple[str, Iterator[_Line]]]:
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(file))
        tables = [member for member in archive.infolist() if not member.is_dir() and _is_table(member.filename)]
        if not tables:
            held = ", ".join(member.filename for member in archive.infolist()[:3]) or "nothing"
            raise SourceError(
                f"{path}: the archive holds {held}, expected a table ending in {' '.join(sorted(TABLE_ENDINGS))}. "
                "Give the archive as the database publishes it."
            )
        # One allowance for the whole archive: many small members unpack to as much as one large one.
        spent = Counter[str]()
        for member in tables:
            name = f"{path}/{member.filename}"
            if member.flag_bits & 0x1:
                raise SourceError(f"{name}: encrypted. Unpack it with its password and import the table.")
            try:
                stream = stack.enter_context(archive.open(member))
            except NotImplementedError as problem:
                raise SourceError(f"{name}: {problem}. Unpack it and import the table.") from problem
            # ZipExtFile reads lines of limited length byte by byte; the buffer does it in blocks.
            buffered = cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, stream), 1 << 18))
            yield name, _lines(buffered, limits, name, path.stat().st_size, spent)


def _lines(
    stream: BinaryIO, limits: TableLimits, name: str, packed: int | None, spent: Counter[str] | None = None
) -> Iterator[_Line]:
    spent = Counter() if spent is None else spent
    most = limits.unpacked_bytes if packed is None else _allowance(packed, limits)
    number = 0
    while True:
        raw = stream.readline(limits.line_bytes + 1)
        if not raw:
            return
        number += 1
        size = len(raw)
        if size > limits.line_bytes and not raw.endswith(b"\n"):
            head = raw[:_SHOWN]
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(limits.line_bytes)
                size += len(raw)
                _refuse_bomb(spent["bytes"] + size, most, packed, name)
            yield number, head, size
        else:
            raw = raw.rstrip(b"\r\n")
            yield number, raw, len(raw)
        spent["bytes"] += size
        _refuse_bomb(spent["bytes"], most, packed, name)


def _allowance(packed: int, limits: TableLimits) -> int:
    return min(limits.unpacked_bytes, max(10_000_000, packed * limits.unpacked_ratio))


def _refuse_bomb(unpacked: int, most: int, packed: int | None, name: str) -> None:
    if packed is not None and unpacked > most:
        raise SourceError(
            f"{name}: {packed:,} packed bytes unpack to more than {most:,}. Event tables do not; unpack it by hand, "
            "look at it, and import the table."
        )


# --- Layouts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Gdelt:
    """Places of the columns of one version of GDELT's Events table."""

    width: int
    added: int
    id: int = 0
    day: int = 1
    source_code: int = 5
    source_name: int = 6
    source_country: int = 7
    target_code: int = 15
    target_name: int = 16
    target_country: int = 17
    code: int = 26


_GDELT = {61: _Gdelt(61, 59), 58: _Gdelt(58, 56), 57: _Gdelt(57, 56)}
_OTHER_GDELT = {16: "Mentions", 27: "Global Knowledge Graph", 17: "reduced Events"}

_NAMED: Mapping[Database, tuple[str, ...]] = {
    "icews": (
        "event id", "event date", "source name", "source country", "cameo code", "target name", "target country",
    ),
    "polecat": (
        "event id", "event date", "event type", "event mode", "actor name", "actor country", "recipient name",
        "recipient country",
    ),
}  # fmt: skip
_MISSING: Mapping[Database, frozenset[str]] = {
    "gdelt": frozenset({""}),
    # R writes NA where ICEWS leaves the country empty; Namibia is written out.
    "icews": frozenset({"", "NA", "NULL"}),
    "polecat": frozenset({"", "None"}),
}
# Modes of POLECAT's first releases that PLOVER v2 folded into others, as in the CAMEO crosswalk's repairs.
_OLDER_MODES = {("COERCE", "ban"): "restrict", ("THREATEN", "ban"): "restrict", ("ASSAULT", "assassinate"): "targeted"}


def _split_tabs(text: str) -> list[str]:
    cells = text.split("\t")
    if '"' in text:
        return [_unquoted(cell) for cell in cells]
    return cells


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == '"' == cell[-1]:
        return cell[1:-1].replace('""', '"')
    return cell


def _split_commas(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error as problem:
        raise _Bad("columns", f"not comma-separated: {problem}") from problem


def _column(name: str) -> str:
    """Header names as R and Python rewrite them: `Event.Date`, `event_date`."""
    return re.sub(r"[\s._]+", " ", name.strip().strip('"')).lower()


@dataclass(frozen=True, slots=True)
class _Named:
    """A table with a header: how a line is cut, how wide it is, and where each column stands."""

    split: Callable[[str], list[str]]
    width: int
    places: tuple[int, ...]


def _named(kind: Database, raw: bytes, name: str) -> _Named:
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    wanted = _NAMED[kind]
    for split in (_split_tabs, _split_commas):
        try:
            header = [_column(cell) for cell in split(text)]
        except _Bad:
            continue
        missing = [column for column in wanted if column not in header]
        if not missing:
            twice = [column for column in wanted if header.count(column) > 1]
            if twice:
                raise SourceError(f"{name}: column {twice[0]!r} stands twice in the header. Keep one.")
            return _Named(split, len(header), tuple(header.index(column) for column in wanted))
    cells = [_column(cell) for cell in text.split("\t")]
    missing = [column for column in wanted if column not in cells]
    other = next((k for k, columns in _NAMED.items() if k != kind and set(columns) <= set(cells)), None)
    advice = f"It looks like {other}: import it as that." if other else "Give the file as the database publishes it."
    raise SourceError(
        f"{name}: no {kind} table: its first line lacks the columns {', '.join(repr(m) for m in missing)}. {advice}"
    )


def _gdelt(peeked: Sequence[_Line], name: str) -> _Gdelt:
    widths = Counter(raw.count(b"\t") + 1 for _, raw, _ in peeked)
    known = [(count, width) for width, count in widths.items() if width in _GDELT]
    seen, _ = widths.most_common(1)[0]
    if known:
        layout = _GDELT[max(known)[1]]
        for _, raw, _ in peeked:
            cells = raw.split(b"\t")
            if len(cells) == layout.width and cells[layout.id].isdigit() and re.fullmatch(rb"\d{8}", cells[layout.day]):
                return layout
        found = f"{seen} columns, but no row with a number and a day (YYYYMMDD) in the first two"
    else:
        found = f"{seen} columns"
    what = f" ({_OTHER_GDELT[seen]})" if seen in _OTHER_GDELT else ""
    raise SourceError(
        f"{name}: no GDELT Events table: {found}{what}. Expected 61 tab-separated columns without a header (2.0) "
        "or 57 or 58 (1.0). Give the .export.CSV file as GDELT publishes it."
    )


# --- Cells ------------------------------------------------------------------------------------------------------------


@cache
def _own_words(kind: Database) -> Mapping[str, str]:
    """What this database calls countries where ISO and the registry do not; empty for what is no state."""
    text = (files("detente.sources") / "database_countries.csv").read_text(encoding="utf-8")
    return {
        row["given"].casefold(): row["alpha3"] for row in csv.DictReader(text.splitlines()) if row["database"] == kind
    }


class _Countries:
    """Country words of one database, as alpha-3 codes."""

    def __init__(self, kind: Database, registry: Registry) -> None:
        self._kind = kind
        self._registry = registry
        self._own = _own_words(kind)
        self._missing = _MISSING[kind]
        self._known: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._names: dict[str, str] = {}
        if kind == "icews":
            for code, state in registry.states.items():
                for name in dict(state.entity.names).get("en", ()):
                    self._names.setdefault(name.casefold(), code)

    def read(self, cell: str, which: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(codes, words that are no state) of one cell."""
        found = self._known.get(cell)
        if found is None:
            found = self._read(cell, which)
            if len(self._known) < 100_000:
                self._known[cell] = found
        return found

    def _read(self, cell: str, which: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        # POLECAT joins several with ";", and alternatives within one actor with "|".
        words = re.split(r"[;|]", cell) if self._kind == "polecat" else [cell]
        codes: dict[str, None] = {}
        no_state: dict[str, None] = {}
        for word in (word.strip() for word in words):
            if word in self._missing:
                continue
            code = self._code(word)
            if code is None:
                raise _Bad("country", f"{which} country {word[:60]!r} is unknown")
            if code:
                codes[code] = None
            else:
                no_state[word] = None
        return tuple(codes), tuple(no_state)

    def _code(self, word: str) -> str | None:
        own = self._own.get(word.casefold())
        if own is not None:
            return own
        if self._kind == "icews":
            return self._names.get(word.replace("\xa0", " ").casefold())
        if not re.fullmatch(r"[A-Z]{3}", word):
            return None
        try:
            return self._registry.alpha3(word)
        except RegistryError:
            return None


@lru_cache(maxsize=1 << 16)
def _day(text: str) -> date:
    """Read a day written YYYY-MM-DD or YYYYMMDD."""
    day = None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", text, re.ASCII):
        with suppress(ValueError):
            day = date.fromisoformat(text)
    if day is None or day < _EARLIEST:
        raise _Bad("date", f"date {text[:40]!r} cannot be")
    return day


def _cameo(code: str) -> tuple[str, str]:
    found = crosswalk().get(code)
    if found is None:
        lost = ": leading zero lost?" if f"0{code}" in crosswalk() else ""
        raise _Bad("code", f"CAMEO code {code[:20]!r} is unknown{lost}")
    return found.type, found.mode


def _plover(kind: str, mode: str) -> tuple[str, str, str]:
    """(type, mode, mode left out)."""
    kind = kind.strip().upper()
    if kind not in types():
        raise _Bad("code", f"PLOVER type {kind[:40]!r} is unknown")
    mode = mode.strip()
    if mode in ("", "None"):
        return kind, "", ""
    known = mode.lower().replace("_", "-")
    known = _OLDER_MODES.get((kind, known), known)
    return (kind, known, "") if (kind, known) in modes() else (kind, "", mode)


class _Reader:
    """Reads the tables of one kind."""

    def __init__(self, kind: Database, registry: Registry) -> None:
        self._kind = kind
        self._countries = _Countries(kind, registry)

    def read(self, name: str, lines: Iterator[_Line]) -> Iterator[DatabaseRow | QuarantinedRow]:
        # A line of tabs alone is a row whose cells are empty.
        filled = (line for line in lines if line[1].strip(b" \r") or line[2] > len(line[1]))
        if self._kind == "gdelt":
            peeked = list(islice(filled, _PEEKED))
            if not peeked:
                raise SourceError(f"{name}: holds no line. Get it again.")
            layout = _gdelt(peeked, name)
            yield from self._rows(name, chain(peeked, filled), partial(self._from_gdelt, name, layout))
            return
        first = next(filled, None)
        if first is None:
            raise SourceError(f"{name}: holds no line, expected a header. Get it again.")
        columns = _named(self._kind, first[1], name)
        read = self._from_icews if self._kind == "icews" else self._from_polecat
        yield from self._rows(name, filled, partial(read, name, columns))

    def _rows(
        self, name: str, lines: Iterable[_Line], read: Callable[[int, str], DatabaseRow]
    ) -> Iterator[DatabaseRow | QuarantinedRow]:
        for number, raw, size in lines:
            try:
                yield read(number, _text(raw, size))
            except _Bad as bad:
                shown = raw[:_SHOWN].decode("utf-8", "backslashreplace")
                yield QuarantinedRow(self._kind, name, number, bad.problem, str(bad), shown, size)

    def _from_gdelt(self, name: str, layout: _Gdelt, line: int, text: str) -> DatabaseRow:
        cells = text.split("\t")
        if len(cells) != layout.width:
            raise _Bad("columns", f"{len(cells)} columns, expected {layout.width}")
        event = cells[layout.id]
        if not (event.isascii() and event.isdigit()):
            raise _Bad("id", f"event number {event[:40]!r} is none")
        day = _day(cells[layout.day])
        added = _day(cells[layout.added][:8])
        if day > added + timedelta(days=1):
            raise _Bad("date", f"date {day} lies after {added}, when the row was added")
        code = cells[layout.code]
        kind, mode = _cameo(code)
        actors, odd = self._countries.read(cells[layout.source_country], "first actor's")
        recipients, odder = self._countries.read(cells[layout.target_country], "second actor's")
        return DatabaseRow(
            "gdelt", name, line, event, day, code, kind, mode, actors, recipients,
            f"{cells[layout.source_code]} {cells[layout.source_name]}".strip(),
            f"{cells[layout.target_code]} {cells[layout.target_name]}".strip(),
            odd + odder,
        )  # fmt: skip

    def _from_icews(self, name: str, columns: _Named, line: int, text: str) -> DatabaseRow:
        event, day_text, source, source_country, code, target, target_country = _cut(text, columns)
        day = self._identified(event, day_text)
        kind, mode = _cameo(code)
        actors, odd = self._countries.read(source_country, "source")
        recipients, odder = self._countries.read(target_country, "target")
        return DatabaseRow(
            "icews", name, line, event, day, code, kind, mode, actors, recipients, source, target, odd + odder
        )

    def _from_polecat(self, name: str, columns: _Named, line: int, text: str) -> DatabaseRow:
        cells = _cut(text, columns)
        event, day_text, given_type, given_mode, source, source_country, target, target_country = cells
        day = self._identified(event, day_text)
        kind, mode, left_out = _plover(given_type, given_mode)
        actors, odd = self._countries.read(source_country, "actor")
        recipients, odder = self._countries.read(target_country, "recipient")
        code = f"{kind}/{mode or left_out}" if mode or left_out else kind
        return DatabaseRow(
            "polecat", name, line, event, day, code, kind, mode, actors, recipients, source, target, odd + odder,
            f"{kind}/{left_out}" if left_out else "",
        )  # fmt: skip

    def _identified(self, event: str, day: str) -> date:
        if not event:
            raise _Bad("id", "the event has no id")
        return _day(day)


def _text(raw: bytes, size: int) -> str:
    if size > len(raw):
        raise _Bad("length", f"{size:,} bytes in one line")
    if b"\0" in raw:
        raise _Bad("nul", f"NUL at byte {raw.index(0)}")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise _Bad("encoding", f"byte {problem.start} is not UTF-8") from problem


def _cut(text: str, columns: _Named) -> list[str]:
    cells = columns.split(text)
    if len(cells) != columns.width:
        raise _Bad("columns", f"{len(cells)} columns, expected {columns.width}")
    return [cells[place].strip() for place in columns.places]
