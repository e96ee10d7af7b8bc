"""Reading the codebook's CSV tables out of the package."""

from __future__ import annotations

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a table that ships with this room, by column name."""
    text = (files("detente.codebook") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
