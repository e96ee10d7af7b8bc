"""A measure as it is read out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from detente.errors import PublishError
from detente.publish.catalogue import Words
from detente.publish.material import Material
from detente.publish.notebook import MOST_ROWS, Shown, ShowsItself, shown
from detente.terms import LANGUAGES

Cell = str | int | float | bool | date | None


@dataclass(frozen=True)
class Reading(ShowsItself):
    """One measure of one dyad at one moment.

    Attributes:
        measure: Its command: `breaks`.
        method: Name and version of the method.
        material: What it was made of.
        result: What the measure gave, with all its fields, for machines.
        columns: The main table: name and values, all of one length. A column `evidence` names the occurrences,
            statements or rows behind a line, parted by blanks.
        say: The sentences that read it out, with their uncertainty, in a reader's language.
        draw: The figure, an `<svg>`; None where there is nothing to draw.
        head: Headings of the columns shown on a terminal, by name; the others are for machines. None shows no table.
        shares: Columns that hold shares (0-1), shown as percentages.
        names: Codes in the columns and what a reader calls them; tracks are known.
        written: How a cell is written, by its column and the number of its line; None where as all are.
        cells: The table as a terminal shows it, headings first, where it is another one than the columns `head` names.
            A row of one cell is a remark.
    """

    measure: str
    method: str
    material: Material
    result: Any
    columns: Mapping[str, Sequence[Cell]]
    say: Callable[[Words], Sequence[str]]
    draw: Callable[[Words], str] | None = None
    head: Callable[[Words], Mapping[str, str]] | None = None
    shares: frozenset[str] = frozenset()
    names: Callable[[Words], Mapping[str, str]] | None = None
    written: Callable[[str, int, Words], str | None] | None = None
    cells: Callable[[Words], Sequence[Sequence[str]]] | None = None

    def sentences(self, language: str) -> list[str]:
        """What it says, in plain sentences; of a database, first how it was cut."""
        words = Words(language)
        material = self.material
        if material.own:
            return list(self.say(words))
        cut = words(
            "From {origin}, cut at {day} by the day of each event: when the database learned of it is not known.",
            origin=material.origin.upper(),
            day=words.day(material.day),
        )
        return [cut, *self.say(words)]

    def svg(self, language: str) -> str:
        """The figure.

        Raises:
            PublishError: There is nothing to draw.
        """
        if self.draw is None:
            raise PublishError(
                f"{self.measure} of {self.material.dyad}: nothing to draw. Read what it says without --svg."
            )
        return self.draw(Words(language))

    def table(self, backend: Literal["pyarrow", "pandas", "polars"] = "pyarrow") -> Any:
        """The main table, as a table of pyarrow, pandas or Polars (made by Narwhals).

        Raises:
            PublishError: The library is not installed.
        """
        import narwhals as nw

        columns = {name: list(values) for name, values in self.columns.items()}
        try:
            return nw.from_dict(columns, backend=backend).to_native()
        except (ImportError, ValueError) as problem:
            raise PublishError(f"no table of {backend}: {problem}. Install it, or ask for pyarrow.") from problem

    def as_json(self) -> dict[str, Any]:
        """The whole result with what it was made of."""
        material = self.material
        return {
            "measure": self.measure,
            "method": self.method,
            "dyad": str(material.dyad),
            "origin": material.origin,
            "since": material.start.isoformat(),
            "day": material.day.isoformat(),
            "as_of": material.as_of.isoformat() if material.as_of else None,
            "data_version": material.data_version,
            "sentences": {language: self.sentences(language) for language in LANGUAGES},
            "table": {name: [plain(value) for value in values] for name, values in self.columns.items()},
            "result": plain(self.result),
        }

    def rows(self, language: str) -> list[Sequence[str]]:
        """The table as it is shown, headings first; empty where none is. A row of one cell is a remark."""
        words = Words(language)
        if self.cells is not None:
            return list(self.cells(words))
        if self.head is None or not any(len(values) for values in self.columns.values()):
            return []
        shown, names = self.head(words), self.names(words) if self.names else {}
        return [
            list(shown.values()),
            *(
                [
                    (self.written and self.written(name, at, words)) or self._cell(name, value, names, words)
                    for name, value in zip(shown, line, strict=True)
                ]
                for at, line in enumerate(zip(*(self.columns[name] for name in shown), strict=True))
            ),
        ]

    def text(self, language: str) -> str:
        """Sentences and table for a terminal."""
        lines, body = self.sentences(language), self.rows(language)
        if body:
            widths = [max(len(row[i]) for row in body if len(row) > 1) for i in range(len(body[0]))]
            lines.append("")
            # A remark is shorter than a row, and no column is widened for it.
            lines += ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=False)).rstrip() for row in body]
        return "\n".join(lines)

    def _cell(self, column: str, value: Cell, names: Mapping[str, str], words: Words) -> str:
        if isinstance(value, float) and column in self.shares:
            return words.percent(value)
        if isinstance(value, str):
            track = self.material.dossier.track(value) if column == "track" else None
            return track.label_in(words.language) if track else names.get(value, value)
        return _cell(value, words)

    def shown(self, language: str = "en") -> Shown:
        """Sentences, figure and table, as a notebook shows them."""
        from detente.publish.figures import titles_of  # Figures are made of readings.

        words, material = Words(language), self.material
        try:
            figure = self.svg(language)
        except PublishError:
            figure = ""
        rows = self.rows(language)
        left = max(0, len(rows) - 1 - MOST_ROWS)
        foot = [
            f"{self.method} · {words('Known up to {day}', day=words.day(material.day))} · "
            f"{words('data version {version}', version=material.data_version)}"
        ]
        return shown(
            language,
            title=f"{titles_of(self.measure)[language]} · {material.dyad}",
            sentences=self.sentences(language),
            svg=figure,
            rows=rows,
            more=words.many("{n} more row is in the table.", "{n} more rows are in the table.", left)
            if left > 0
            else "",
            foot=foot,
        )


def _cell(value: Cell, words: Words) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    if isinstance(value, date):
        return words.day(value, short=True)
    if isinstance(value, int):
        return words.number(value)
    return words.number(value, 2, signed=True) if isinstance(value, float) else str(value)


_PLAIN = (str, int, float, bool)
"""Made once: a long series asks a hundred thousand times."""


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


def plain(value: Any) -> Any:
    """Records as mappings and days as text, so that a result can go out as JSON."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _fields(type(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
