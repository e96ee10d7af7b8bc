"""Read the CSV tables that ship with the package."""

from __future__ import annotations

import csv
from calendar import IllegalMonthError, monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files

from detente.errors import RegistryError

DATA = files("detente.registry") / "data"


def rows(table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Give each row of `data/<table>` with its place, for messages.

    Raises:
        RegistryError: The header is not the expected one, or a row has more or fewer cells than the header.
    """
    text = (DATA / table).read_text(encoding="utf-8")
    reader = csv.reader(text.splitlines())
    header = tuple(next(reader, ()))
    if header != columns:
        raise RegistryError(f"{table}: header is {','.join(header)}, expected {','.join(columns)}. Restore the table.")
    for cells in reader:
        if not cells or cells[0].startswith("#"):
            continue
        where = f"{table}, line {reader.line_num}"
        if len(cells) != len(columns):
            raise RegistryError(f"{where}: {len(cells)} cells, expected {len(columns)}. Quote cells that hold a comma.")
        yield where, dict(zip(columns, (cell.strip() for cell in cells), strict=True))


def variants(cell: str) -> tuple[str, ...]:
    """Split a cell at `|`.

    >>> variants("Kiev|Kyiv")
    ('Kiev', 'Kyiv')
    """
    return tuple(part for part in (piece.strip() for piece in cell.split("|")) if part)


def day(where: str, cell: str, *, last: bool = False) -> date | None:
    """Read a day, or None for an open end; a month or a year alone is its first day.

    Args:
        last: A month or a year is its last day.

    Raises:
        RegistryError: The cell holds something else.

    >>> day("here", "2017-09"), day("here", "2017", last=True)
    (datetime.date(2017, 9, 1), datetime.date(2017, 12, 31))
    """
    if not cell:
        return None
    try:
        if len(cell) == 10:
            return date.fromisoformat(cell)
        full = f"{cell}-{12 if last else 1:02}" if len(cell) == 4 else cell
        if len(full) != 7:
            raise ValueError(cell)
        year, month = (int(part) for part in full.split("-"))
        return date(year, month, monthrange(year, month)[1] if last else 1)
    except (ValueError, IllegalMonthError) as problem:
        raise RegistryError(
            f"{where}: {cell!r} is no day. Write it as 2025-01-20, 2025-01 or 2025, or leave it empty."
        ) from problem


def one_of(where: str, cell: str, known: Mapping[str, object] | frozenset[str] | tuple[str, ...], what: str) -> str:
    """Give the cell back.

    Raises:
        RegistryError: It is none of the known values.
    """
    if cell not in known:
        raise RegistryError(f"{where}: {what} {cell!r} is unknown. Give one of the known ones or add it to its table.")
    return cell
