"""The sample dossier that ships: United States–Russia, January 2025 to May 2026, in reports written for it.

The reports are ours, in our own words, about facts found at the address each one names; no outlet wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path


def dossier_text() -> str:
    """The sample's `dossier.toml`."""
    return (files("detente.sample") / "dossier.toml").read_text(encoding="utf-8")


def report_files() -> Iterator[Path]:
    """The files of reports, in the order of their names."""
    folder = files("detente.sample") / "reports"
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.name.endswith((".jsonl", ".html", ".txt")):
            with as_file(item) as path:
                yield path
