"""How lines of the event databases are cut into columns: by place in GDELT, by name in ICEWS and POLECAT."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from detente.errors import SourceError
from detente.sources.event_databases import Database, Lines, Problem, QuarantinedRow, ReadTable, shown
from detente.sources.table_files import SHOWN_BYTES, Block, TableLimits

if TYPE_CHECKING:
    import pyarrow as pa

_PEEKED = 100


@dataclass(slots=True)
class Cells:
    """Columns of lines as text, numbers read; words that stand in many rows are kept once each.

    Attributes:
        bad: What is wrong with a row whose numbers cannot be read, by its place.
    """

    id: pa.Array
    day: pa.DictionaryArray
    source: pa.DictionaryArray
    target: pa.DictionaryArray
    source_country: pa.DictionaryArray
    target_country: pa.DictionaryArray
    code: pa.DictionaryArray
    added: pa.DictionaryArray | None = None
    place: pa.DictionaryArray | None = None
    mentions: pa.Array | None = None
    articles: pa.Array | None = None
    tone: pa.Array | None = None
    url: pa.Array | None = None
    bad: dict[int, tuple[Problem, str]] = field(default_factory=dict)


class Layout(Protocol):
    """How lines that were cut are read."""

    def cells(self, lines: Sequence[Lines]) -> Cells:
        """Read the cells of lines that were cut."""


class TableLayout(Layout, Protocol):
    """One layout of one kind of table."""

    def cut(self, name: str, block: Block, limits: TableLimits) -> ReadTable:
        """Cut a block into lines that have the right number of cells, and those that have not."""


def layout_of(kind: Database, name: str, block: Block) -> tuple[TableLayout, Block] | None:
    """Tell the layout from the first lines of a table; None where they are all empty.

    Returns:
        The layout, and the block without its header.

    Raises:
        SourceError: It is no table of this kind.
    """
    filled = list(islice(_filled(block), _PEEKED if kind == "gdelt" else 1))
    if not filled:
        return None
    if kind == "gdelt":
        return _gdelt([line for _, line in filled], name), block
    ((place, header),) = filled
    after = block.data.split(b"\n", place + 1)
    rest = after[-1] if len(after) > place + 1 else b""
    return _named(kind, header, name), Block(block.first + place + 1, rest)


def too_long(kind: Database, name: str, block: Block) -> QuarantinedRow:
    """The row of a line that is longer than a block may be."""
    reason = f"{block.too_long:,} bytes in one line"
    return QuarantinedRow(kind, name, block.first, "length", reason, shown(block.data), block.too_long)


def _filled(block: Block) -> list[tuple[int, bytes]]:
    # Looking at more than the beginning would cost as much as reading the block.
    head = block.data[: 1 << 22]
    return [(at, line.rstrip(b"\r\n")) for at, line in enumerate(head.split(b"\n")) if line.strip(b" \r")]


def _refusal(line: bytes, limits: TableLimits) -> tuple[Problem, str] | None:
    """What is wrong with a line that is no text, before it is cut."""
    if len(line) > limits.line_bytes:
        return "length", f"{len(line):,} bytes in one line"
    if b"\0" in line:
        return "nul", f"NUL at byte {line.index(0)}"
    if b"\r" in line:
        place = line.index(b"\r")
        return "columns", f"a carriage return at byte {place}, inside the line"
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as problem:
        return "encoding", f"byte {problem.start} is not UTF-8"
    return None


def _number_problem(cell: str, what: str) -> tuple[Problem, str]:
    return "number", f"{what} {cell[:40]!r} is no number"


# --- GDELT ------------------------------------------------------------------------------------------------------------

_WHOLE = {2: "month", 3: "year", 25: "root event", 29: "quad class", 31: "mentions", 32: "sources", 33: "articles"}
_BROKEN = {4: "fraction of the year", 30: "Goldstein score", 34: "tone"}
_INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Gdelt:
    """Places of the columns of one version of GDELT's Events table."""

    width: int
    added: int
    place: int
    geo_types: tuple[int, ...]
    latitudes: tuple[int, ...]
    url: int | None

    def cut(self, name: str, block: Block, limits: TableLimits) -> ReadTable:
        table = ReadTable(self)
        data = block.data if block.data.endswith(b"\n") else block.data + b"\n"
        lines = data.split(b"\n")
        lines.pop()
        tabs = self.width - 1
        if (
            lines
            and b"\r" not in data
            and b"\0" not in data
            and {line.count(b"\t") for line in lines} == {tabs}
            and max(map(len, lines)) <= limits.line_bytes
            and _is_text(data)
        ):
            table.lines.append(Lines(name, range(block.first, block.first + len(lines)), data))
            return table
        kept, numbers = [], []
        for number, raw in enumerate(lines, block.first):
            line = raw.rstrip(b"\r")
            if not line.strip(b" "):
                continue
            refused = _refusal(line, limits)
            width = line.count(b"\t") + 1
            if refused is None and width != self.width:
                refused = "columns", f"{width} columns, expected {self.width}"
            if refused:
                table.quarantined.append(QuarantinedRow.of("gdelt", name, number, *refused, line))
            else:
                kept.append(line)
                numbers.append(number)
        if kept:
            table.lines.append(Lines(name, numbers, b"\n".join(kept) + b"\n"))
        return table

    def cells(self, lines: Sequence[Lines]) -> Cells:
        import pyarrow as pa

        data = lines[0].data if len(lines) == 1 else b"".join(part.data for part in lines)
        words = {
            1: "day", 5: "source_code", 6: "source_name", 7: "source_country", 15: "target_code", 16: "target_name",
            17: "target_country", 26: "code", self.place: "place", self.added: "added",
        }  # fmt: skip
        texts = {self.url: "url"} if self.url is not None else {}
        whole = {0: "event number", **_WHOLE, **dict.fromkeys(self.geo_types, "kind of place")}
        broken = {**_BROKEN, **self._coordinates()}
        word = pa.dictionary(pa.int32(), pa.string())
        kinds = {
            **dict.fromkeys(words, word),
            **dict.fromkeys(texts, pa.string()),
            **dict.fromkeys(whole, pa.int64()),
            **dict.fromkeys(broken, pa.float64()),
        }
        bad: dict[int, tuple[Problem, str]] = {}
        try:
            columns = self._parse(data, kinds)
        except pa.ArrowInvalid:
            columns = self._parse(data, {at: kind if kind == word else pa.string() for at, kind in kinds.items()})
            for at, what in {**whole, **broken}.items():
                columns[at] = _numbers(columns[at], kinds[at], what, bad)
        self._check_numbers(columns, whole, bad)
        return Cells(
            id=columns[0],
            day=columns[1],
            added=columns[self.added],
            source=_joined(columns[5], columns[6]),
            target=_joined(columns[15], columns[16]),
            source_country=columns[7],
            target_country=columns[17],
            code=columns[26],
            place=columns[self.place],
            mentions=columns[31],
            articles=columns[33],
            tone=columns[34],
            url=columns[self.url] if self.url is not None else None,
            bad=bad,
        )

    def _coordinates(self) -> dict[int, str]:
        return {at + k: word for at in self.latitudes for k, word in enumerate(("latitude", "longitude"))}

    def _parse(self, data: bytes, kinds: Mapping[int, pa.DataType]) -> dict[int, pa.Array]:
        import io

        import pyarrow.csv

        names = [str(at) for at in range(self.width)]
        table = pyarrow.csv.read_csv(
            io.BytesIO(data),
            read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=len(data) + 1, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter="\t", quote_char=False, double_quote=False, escape_char=False, ignore_empty_lines=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                include_columns=[str(at) for at in kinds],
                column_types={str(at): kind for at, kind in kinds.items()},
                null_values=[""],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        return {at: table.column(str(at)).combine_chunks() for at in kinds}

    def _check_numbers(
        self, columns: Mapping[int, pa.Array], whole: Mapping[int, str], bad: dict[int, tuple[Problem, str]]
    ) -> None:
        """Numbers outside of what they can be; empty cells are none."""
        import pyarrow.compute as pc

        def outside(at: int, least: float, most: float, problem: Problem, what: str) -> None:
            column = columns[at]
            span = pc.min_max(column).as_py()
            # NaN compares with nothing: it is caught by the comparison being turned round.
            if span["min"] is None or (least <= span["min"] and span["max"] <= most and not _has_nan(column)):
                return
            inside = pc.and_(pc.greater_equal(column, least), pc.less_equal(column, most))
            for place in pc.indices_nonzero(pc.fill_null(pc.invert(inside), False)).to_pylist():
                cell = column[place].as_py()
                bad.setdefault(place, (problem, f"{what} {cell} is outside of {least:g} to {most:g}"))

        outside(0, 0, 2**63 - 1, "id", "event number")
        for at, what in whole.items():
            if at != 0:
                outside(at, -_INT32, _INT32, "number", what)
        for at in (31, 32, 33):
            outside(at, 0, _INT32, "number", whole[at])
        outside(30, -10, 10, "number", "Goldstein score")
        outside(34, -1000, 1000, "number", "tone")
        for at, what in self._coordinates().items():
            outside(at, *((-90, 90) if what == "latitude" else (-180, 180)), "place", what)


def _has_nan(column: pa.Array) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    return bool(pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py())


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _numbers(column: pa.Array, kind: pa.DataType, what: str, bad: dict[int, tuple[Problem, str]]) -> pa.Array:
    """A column of text as numbers; what is none becomes null and is noted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = pc.if_else(pc.equal(column, ""), None, column)
    try:
        return pc.cast(filled, kind)
    except pa.ArrowInvalid:
        pass
    read: list[float | None] = []
    for place, cell in enumerate(filled.to_pylist()):
        number = None
        if cell is not None:
            number = _number(cell, kind == pa.int64())
            if number is None:
                is_id = what == "event number"
                bad.setdefault(
                    place, ("id", f"event number {cell[:40]!r} is none") if is_id else _number_problem(cell, what)
                )
        read.append(number)
    return pa.array(read, kind)


def _number(cell: str, whole: bool) -> float | None:
    if whole:
        found = int(cell) if re.fullmatch(r"-?\d{1,19}", cell, re.ASCII) else None
        return found if found is not None and -(2**63) <= found < 2**63 else None
    return float(cell) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", cell, re.ASCII) else None


def _joined(first: pa.DictionaryArray, second: pa.DictionaryArray) -> pa.DictionaryArray:
    """Two columns of words as one, a space between; each pair of words is joined once."""
    import numpy as np
    import pyarrow as pa

    left, right = (words.to_pylist() for words in (first.dictionary, second.dictionary))
    pairs = first.indices.to_numpy().astype(np.int64) * len(right) + second.indices.to_numpy()
    found, places = np.unique(pairs, return_inverse=True)
    words = [f"{left[pair // len(right)]} {right[pair % len(right)]}".strip() for pair in found.tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(words, pa.string()))


_GDELT = {
    61: _Gdelt(61, 59, 53, (35, 43, 51), (40, 48, 56), 60),
    58: _Gdelt(58, 56, 51, (35, 42, 49), (39, 46, 53), 57),
    57: _Gdelt(57, 56, 51, (35, 42, 49), (39, 46, 53), None),
}
_OTHER_GDELT = {16: "Mentions", 27: "Global Knowledge Graph", 17: "reduced Events"}


def _gdelt(peeked: Sequence[bytes], name: str) -> _Gdelt:
    widths = Counter(line.count(b"\t") + 1 for line in peeked)
    known = [(count, width) for width, count in widths.items() if width in _GDELT]
    seen, _ = widths.most_common(1)[0]
    if known:
        layout = _GDELT[max(known)[1]]
        for line in peeked:
            cells = line.split(b"\t")
            if len(cells) == layout.width and cells[0].isdigit() and re.fullmatch(rb"\d{8}", cells[1]):
                return layout
        found = f"{seen} columns, but no row with a number and a day (YYYYMMDD) in the first two"
    else:
        found = f"{seen} columns"
    what = f" ({_OTHER_GDELT[seen]})" if seen in _OTHER_GDELT else ""
    raise SourceError(
        f"{name}: no GDELT Events table: {found}{what}. Expected 61 tab-separated columns without a header (2.0) "
        "or 57 or 58 (1.0). Give the .export.CSV file as GDELT publishes it."
    )


# --- Tables with a header ---------------------------------------------------------------------------------------------

_NAMED: Mapping[str, tuple[str, ...]] = {
    "icews": (
        "event id", "event date", "source name", "source country", "target name", "target country", "cameo code",
    ),
    "polecat": (
        "event id", "event date", "actor name", "actor country", "recipient name", "recipient country", "event type",
        "event mode",
    ),
}  # fmt: skip
_COUNTRY = "country"
_COORDINATES = {"latitude": 90.0, "longitude": 180.0}
_SCALED = {"intensity": 10.0}
# What R and Python write where a cell is empty.
_NOTHING = frozenset({"", "NA", "None", "NULL", "nan", "NaN"})


@dataclass(frozen=True, slots=True)
class _Named:
    """A table with a header: how a line is cut, how wide it is, and where each column stands."""

    kind: Database
    split: Callable[[str], list[str] | None]
    width: int
    places: Mapping[str, int]

    def cut(self, name: str, block: Block, limits: TableLimits) -> ReadTable:
        table = ReadTable(self)
        lines = block.data.split(b"\n")
        columns: list[list[str]] = [[] for _ in self.places]
        places = list(self.places.values())
        kept, numbers = [], []
        for number, raw in enumerate(lines, block.first):
            line = raw.rstrip(b"\r")
            if not line.strip(b" "):
                continue
            refused = _refusal(line, limits)
            if refused is None:
                cells = self.split(line.decode("utf-8"))
                if cells is None:
                    refused = "columns", "not comma-separated: a quotation mark is open or out of place"
                elif len(cells) != self.width:
                    refused = "columns", f"{len(cells)} columns, expected {self.width}"
            if refused:
                table.quarantined.append(QuarantinedRow.of(self.kind, name, number, *refused, line))
                continue
            assert cells is not None  # noqa: S101 - else it was refused
            for column, place in zip(columns, places, strict=True):
                column.append(cells[place].strip())
            kept.append(line)
            numbers.append(number)
        if kept:
            table.lines.append(Lines(name, numbers, b"\n".join(kept) + b"\n", columns))
        return table

    def cells(self, lines: Sequence[Lines]) -> Cells:
        import pyarrow as pa

        held: dict[str, list[str]] = {name: [] for name in self.places}
        for part in lines:
            for name, column in zip(held, part.cells or (), strict=True):
                held[name] += column
        bad: dict[int, tuple[Problem, str]] = {}
        for name, most in {**_COORDINATES, **_SCALED}.items():
            if name in held:
                _check_named(held[name], name, most, bad)
        words = {name: pa.array(column, pa.string()).dictionary_encode() for name, column in held.items()}
        identity, day, source, source_country, target, target_country, *code = _NAMED[self.kind]
        return Cells(
            id=words[identity].dictionary_decode(),
            day=words[day],
            source=words[source],
            target=words[target],
            source_country=words[source_country],
            target_country=words[target_country],
            code=words[code[0]] if len(code) == 1 else _coded(held[code[0]], held[code[1]]),
            place=words.get(_COUNTRY),
            bad=bad,
        )


@dataclass(frozen=True, slots=True)
class Graph:
    """The rows of a temporal knowledge graph (`detente.sources.event_graphs`), whose columns are read already."""

    def lines(self, name: str, rows: pa.Table) -> Lines:
        """The rows of one part of a graph; what is shown of a row that is refused is its id."""
        columns = [rows.column(column).to_pylist() for column in _GRAPH]
        data = "".join(f"{identity}\n" for identity in columns[0]).encode()
        return Lines(name, rows.column("line").to_pylist(), data, columns)

    def cells(self, lines: Sequence[Lines]) -> Cells:
        import pyarrow as pa

        held: list[list[str]] = [[] for _ in _GRAPH]
        for part in lines:
            for column, more in zip(held, part.cells or (), strict=True):
                column += more
        identity, *words = (pa.array(column, pa.string()) for column in held)
        return Cells(identity, *(column.dictionary_encode() for column in words))


_GRAPH = ("id", "day", "source", "target", "source_country", "target_country", "code")


def _coded(kinds: Sequence[str], modes: Sequence[str]) -> pa.DictionaryArray:
    """Type and mode as one word, a tab between: POLECAT's two columns."""
    import pyarrow as pa

    both = [f"{kind}\t{mode}" for kind, mode in zip(kinds, modes, strict=True)]
    return pa.array(both, pa.string()).dictionary_encode()


def _check_named(column: Sequence[str], name: str, most: float, bad: dict[int, tuple[Problem, str]]) -> None:
    known: dict[str, tuple[Problem, str] | None] = {}
    for place, cell in enumerate(column):
        if cell not in known:
            number = None if cell in _NOTHING else _number(cell, whole=False)
            wrong: tuple[Problem, str] | None = None
            if cell not in _NOTHING and number is None:
                wrong = _number_problem(cell, name)
            elif number is not None and not -most <= number <= most:
                problem: Problem = "place" if name in _COORDINATES else "number"
                wrong = problem, f"{name} {cell} is outside of {-most:g} to {most:g}"
            known[cell] = wrong
        found = known[cell]
        if found:
            bad.setdefault(place, found)


def _split_tabs(text: str) -> list[str]:
    cells = text.split("\t")
    if '"' in text:
        return [_unquoted(cell) for cell in cells]
    return cells


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == '"' == cell[-1]:
        return cell[1:-1].replace('""', '"')
    return cell


def _split_commas(text: str) -> list[str] | None:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None


def _column(name: str) -> str:
    """Header names as R and Python rewrite them: `Event.Date`, `event_date`."""
    return re.sub(r"[\s._]+", " ", name.strip().strip('"')).lower()


def _named(kind: Database, raw: bytes, name: str) -> _Named:
    text = raw[:SHOWN_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    wanted = _NAMED[kind]
    for split in (_split_tabs, _split_commas):
        header = [_column(cell) for cell in split(text) or ()]
        missing = [column for column in wanted if column not in header]
        if not missing:
            read = [*wanted, *(column for column in (_COUNTRY, *_COORDINATES, *_SCALED) if column in header)]
            twice = [column for column in read if header.count(column) > 1]
            if twice:
                raise SourceError(f"{name}: column {twice[0]!r} stands twice in the header. Keep one.")
            return _Named(kind, split, len(header), {column: header.index(column) for column in read})
    cells = [_column(cell) for cell in text.split("\t")]
    missing = [column for column in wanted if column not in cells]
    other = next((k for k, columns in _NAMED.items() if k != kind and set(columns) <= set(cells)), None)
    advice = f"It looks like {other}: import it as that." if other else "Give the file as the database publishes it."
    raise SourceError(
        f"{name}: no {kind} table: its first line lacks the columns {', '.join(repr(m) for m in missing)}. {advice}"
    )
