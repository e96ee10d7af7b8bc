"""Acts between states in an event database, as a table of who did what to whom on which day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from detente.engine.lake import Lake
from detente.errors import EngineError

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("day_number", "actor", "recipient", "type", "file", "line")


def acts_between_states(folder: Path, origin: str, *, first: date, last: date) -> pa.Table:
    """Read the acts of one state toward another, over all pairs, as known at the end of a day.

    Args:
        folder: The dossier's folder.
        origin: Database.
        first: The first day looked at.
        last: Left out are later days, and rows that the database took up later, where it says when.

    Returns:
        `COLUMNS`, by day, file and line. Rows that repeat another, or whose code PLOVER drops, are left out.

    Raises:
        EngineError: A table cannot be read.
    """
    import pyarrow as pa
    from pyarrow import dataset

    paths = Lake(folder).tables(origin, first=first.toordinal(), last=last.toordinal())
    if not paths:
        return pa.table({name: [] for name in COLUMNS})
    field = dataset.field
    wanted = (field("day_number") >= first.toordinal()) & (field("day_number") <= last.toordinal())
    wanted &= field("recorded_number").is_null() | (field("recorded_number") <= last.toordinal())
    wanted &= field("actor").is_valid() & field("recipient").is_valid() & (field("actor") != field("recipient"))
    wanted &= field("score_tenths").is_valid() & ~field("repeat")
    try:
        layout = dataset.ParquetFileFormat(dictionary_columns=["file"])
        rows = dataset.dataset([str(path) for path in paths], format=layout).to_table(
            columns=list(COLUMNS), filter=wanted
        )
    except (pa.ArrowInvalid, OSError, KeyError) as problem:
        raise EngineError(
            f"imported events cannot be read: {problem}. Delete the batch that is named and import its files again."
        ) from problem
    # Dictionaries differ from file to file, and sorting wants one.
    plain = rows.set_column(rows.schema.get_field_index("file"), "file", rows["file"].cast(pa.string()))
    return plain.sort_by([("day_number", "ascending"), ("file", "ascending"), ("line", "ascending")])
