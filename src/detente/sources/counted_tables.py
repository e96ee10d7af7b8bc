"""Event data that is passed on as counts or sums of a pair of states, and not as rows of events.

Two forms are read into the columns of the daily sums that are kept beside imported rows:

- **Yearly counts** of ICEWS events from one state toward another, by the four classes: verbal and material
  cooperation, verbal and material conflict.
- **Daily net scores** of GDELT by pair, without direction. These are sums of Goldstein scores with source, article and
  tone terms, as whoever made the table weighted them. They are no PLOVER scores and not on PLOVER's scale: never add or
  compare the two. Compare a pair with itself over time, as a share of the world's total, for GDELT's volume drifts. The
  total sums absolute values.
"""

from __future__ import annotations

import csv
import re
from calendar import isleap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detente.errors import SourceError
from detente.registry import Registry, load
from detente.sources.bad_lines import BadLine, Unreadable, filled_lines
from detente.sources.country_words import IcewsCountries

if TYPE_CHECKING:
    import pyarrow as pa

CountedKind = Literal["yearly counts", "daily net scores"]

_TEXT = ("origin", "actor", "recipient")
_DAYS = ("day_number", "width_days")
_QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
COLUMNS = (
    *_TEXT, *_DAYS, "rows", "acts", "joint_acts", "score_sum_tenths", "joint_score_sum_tenths", "score2_sum",
    "joint_score2_sum", *_QUADS,
)  # fmt: skip
"""Of the sums: the first three are strings, the two of days int32, the rest int64."""

_YEARLY = ("i", "j", "year", "verbcoop", "matlcoop", "verbconf", "matlconf")
_TOTAL = "total_abs"
# ICEWS begins in 1995, GDELT in 1979.
_EARLIEST = 1900
# More than the world's events of a year, and far less than an int64 holds.
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class CountedTable:
    """What a file gave.

    `lines` = rows that could be read + `len(quarantined)`.

    Attributes:
        kind: Which of the two forms.
        sums: A table of `COLUMNS`, in the order of the file. What the form does not say is null.
        quarantined: Lines that give nothing.
        lines: Lines that are not empty, the header apart.
        missing_days: Days between the first and the last of a daily table that have no line.
        empty_cells: Pairs and totals of a daily table that have no value on a day; they are no rows.
    """

    kind: CountedKind
    sums: pa.Table
    quarantined: tuple[BadLine, ...]
    lines: int
    missing_days: int = 0
    empty_cells: int = 0


def counted_kind(path: Path) -> CountedKind | None:
    """Tell by its header which form of counts a file holds; None for any other file.

    Raises:
        SourceError: The file cannot be read.
    """
    header = _cells_of_header(next((raw for _, raw, _ in filled_lines(path)), b""))
    if set(_YEARLY) <= set(header):
        return "yearly counts"
    if header and header[0] == "date" and any(_pair(cell) for cell in header[1:]):
        return "daily net scores"
    return None


def read_counts(path: Path, *, registry: Registry | None = None) -> CountedTable:
    """Read a table of counts, plain or gzipped.

    | form | header | a line gives |
    |---|---|---|
    | yearly counts | `i`, `j`, `year`, `verbCoop`, `matlCoop`, `verbConf`, `matlConf`, in any order | one row: from i toward j over that year (365 or 366 days), the four counts, and their sum as rows and acts; a year without events is a row of zeros |
    | daily net scores | `date`, then `USA-RUS` and the like, then `total_abs` | a row for each pair, the two in alphabetical order, and one for the world's total, whose actor and recipient are null; of all these only `joint_score_sum_tenths` is known: the score times 10, halves to the even |

    Args:
        path: The file. Whether it is gzipped is seen from its first bytes.
        registry: Gives the states' codes and names; the shipped one where none is given.

    Raises:
        SourceError: The file cannot be read, holds neither form, or names a pair that cannot be.

    Source:
        ICEWS quad counts: netify-dev/netify, from Harvard Dataverse doi:10.7910/DVN/28075. Daily net scores:
        gzemo/gdelt-graph-data, from GDELT 2.
    """  # noqa: E501 (a table's line cannot be broken)
    registry = registry or load()
    kind = counted_kind(path)
    if kind is None:
        raise SourceError(
            f"{path}: no table of counts: its header has neither i, j, year, verbCoop, matlCoop, verbConf and matlConf "
            "nor date and pairs such as USA-RUS. Give the file with its header, separated by commas."
        )
    lines = filled_lines(path)
    header = _cells_of_header(next(lines)[1])
    twice = sorted({cell for cell in header if header.count(cell) > 1})
    if twice:
        raise SourceError(f"{path}: column {twice[0]!r} stands twice in the header. Keep one.")
    if kind == "yearly counts":
        return _yearly(lines, header, registry)
    return _daily(lines, path, header, registry)


# --- Yearly counts ----------------------------------------------------------------------------------------------------


def _yearly(lines: Iterator[tuple[int, bytes, int]], header: list[str], registry: Registry) -> CountedTable:
    places = [header.index(name) for name in _YEARLY]
    country = _countries(registry)
    sums = _Sums("icews")
    seen: dict[tuple[str, str, int], int] = {}

    def read(line: int, cells: list[str]) -> None:
        actor_name, recipient_name, year_text, *counts = (cells[place] for place in places)
        actor, recipient = country(actor_name), country(recipient_name)
        if actor == recipient:
            raise Unreadable("country", f"both sides are {actor}")
        year = _whole(year_text, "date", "year")
        if not _EARLIEST <= year <= date.max.year:
            raise Unreadable("date", f"year {year} cannot be")
        quads = [_whole(text, "count", name) for text, name in zip(counts, _YEARLY[3:], strict=True)]
        key = (actor, recipient, year)
        if key in seen:
            raise Unreadable("id", f"{actor} toward {recipient} in {year} stands in line {seen[key]} already")
        seen[key] = line
        total = sum(quads)
        sums.add(actor, recipient, date(year, 1, 1).toordinal(), 366 if isleap(year) else 365, total, None, quads)

    number, quarantined = _each(lines, len(header), read)
    return CountedTable("yearly counts", sums.table(), quarantined, number)


def _countries(registry: Registry) -> Callable[[str], str]:
    names = IcewsCountries(registry)
    known: dict[str, str | None] = {}

    def code(name: str) -> str:
        if name not in known:
            found = names.code(name)
            if found is None and re.fullmatch(r"[A-Z]{3}", name):
                found = registry.code(name) or None
            known[name] = found
        found = known[name]
        if not found:
            what = "is unknown" if found is None else "is no state"
            raise Unreadable("country", f"country {name[:60]!r} {what}")
        return found

    return code


@lru_cache(maxsize=1 << 16)
def _whole(text: str, problem: str, what: str) -> int:
    """R and pandas write whole numbers as 2002.0."""
    if not re.fullmatch(r"[0-9]{1,15}(\.0*)?", text, re.ASCII):
        raise Unreadable(problem, f"{what} {text[:40]!r} is no whole number from 0")
    number = int(text.partition(".")[0])
    if number > _MOST:
        raise Unreadable(problem, f"{what} {text[:40]!r} cannot be")
    return number


# --- Daily net scores -------------------------------------------------------------------------------------------------


def _daily(lines: Iterator[tuple[int, bytes, int]], path: Path, header: list[str], registry: Registry) -> CountedTable:
    pairs = _pairs(path, header, registry)
    sums = _Sums("gdelt")
    seen: dict[int, int] = {}
    empty = 0

    def read(line: int, cells: list[str]) -> None:
        nonlocal empty
        day = _day(cells[0])
        if day in seen:
            raise Unreadable("id", f"{cells[0]} stands in line {seen[day]} already")
        scores = {place: _tenths(cells[place], header[place]) for place in pairs if cells[place]}
        seen[day] = line
        empty += len(pairs) - len(scores)
        for place, tenths in scores.items():
            sums.add(*pairs[place], day, 1, None, tenths, None)

    number, quarantined = _each(lines, len(header), read)
    span = max(seen) - min(seen) + 1 if seen else 0
    return CountedTable("daily net scores", sums.table(), quarantined, number, span - len(seen), empty)


def _pairs(path: Path, header: list[str], registry: Registry) -> Mapping[int, tuple[str | None, str | None]]:
    """The two states by column; None and None for the world."""
    pairs: dict[int, tuple[str | None, str | None]] = {}
    for place, cell in enumerate(header[1:], start=1):
        if cell == _TOTAL:
            pairs[place] = (None, None)
            continue
        codes = sorted(registry.code(code) for code in _pair(cell))
        if len(codes) < 2 or not codes[0] or codes[0] == codes[1]:
            raise SourceError(
                f"{path}: column {cell!r} is no pair of two states. Expected two alpha-3 codes, USA-RUS, or {_TOTAL}."
            )
        if (codes[0], codes[1]) in pairs.values():
            raise SourceError(f"{path}: column {cell!r} is a pair that another column holds already. Keep one.")
        pairs[place] = (codes[0], codes[1])
    return pairs


def _pair(cell: str) -> tuple[str, ...]:
    found = re.fullmatch(r"([a-z]{3})-([a-z]{3})", cell)
    return (found[1].upper(), found[2].upper()) if found else ()


def _day(text: str) -> int:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if day.year >= _EARLIEST:
            return day.toordinal()
    raise Unreadable("date", f"date {text[:40]!r} cannot be, expected YYYY-MM-DD")


def _tenths(text: str, column: str) -> int:
    try:
        tenths = Decimal(text) * 10
        if tenths.is_finite() and abs(tenths) < _MOST:
            return int(tenths.to_integral_value())
    except InvalidOperation:
        pass
    raise Unreadable("count", f"{column} {text[:40]!r} is no score")


# --- Both -------------------------------------------------------------------------------------------------------------


def _cells_of_header(raw: bytes) -> list[str]:
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        return [cell.strip().casefold() for cell in next(csv.reader([text.rstrip("\r\n")]), [])]
    except csv.Error:
        return []


def _each(
    lines: Iterator[tuple[int, bytes, int]], width: int, read: Callable[[int, list[str]], None]
) -> tuple[int, tuple[BadLine, ...]]:
    """How many lines, and those that `read` refuses; it adds nothing of a line that it refuses."""
    count = 0
    quarantined: list[BadLine] = []
    for line, raw, size in lines:
        count += 1
        try:
            read(line, _cells(raw, size, width))
        except Unreadable as problem:
            quarantined.append(problem.on(line, raw))
    return count, tuple(quarantined)


def _cells(raw: bytes, size: int, width: int) -> list[str]:
    if size > len(raw):
        raise Unreadable("length", f"{size:,} bytes in one line")
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as problem:
        raise Unreadable("encoding", f"byte {problem.start} is not UTF-8") from problem
    try:
        split = next(csv.reader([text], strict=True), []) if '"' in text else text.split(",")
    except csv.Error as problem:
        raise Unreadable("columns", f"not comma-separated: {problem}") from problem
    cells = [cell.strip() for cell in split]
    if len(cells) != width:
        raise Unreadable("columns", f"{len(cells)} columns, expected {width}")
    return cells


class _Sums:
    """Gathers rows of one origin; what a form does not say stays null."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._rows: list[tuple[Any, ...]] = []

    def add(
        self,
        actor: str | None,
        recipient: str | None,
        day: int,
        width: int,
        total: int | None,
        joint_tenths: int | None,
        quads: list[int] | None,
    ) -> None:
        counted = quads or (None,) * len(_QUADS)
        self._rows.append((actor, recipient, day, width, total, joint_tenths, *counted))

    def table(self) -> pa.Table:
        import pyarrow as pa

        names = ("actor", "recipient", *_DAYS, "rows", "joint_score_sum_tenths", *_QUADS)
        given = dict(zip(names, zip(*self._rows, strict=True) if self._rows else ((),) * len(names), strict=True))
        given["acts"] = given["rows"]
        given["origin"] = (self._origin,) * len(self._rows)
        kinds = {name: pa.string() for name in _TEXT} | {name: pa.int32() for name in _DAYS}
        nothing = (None,) * len(self._rows)
        return pa.table({name: pa.array(given.get(name, nothing), kinds.get(name, pa.int64())) for name in COLUMNS})
