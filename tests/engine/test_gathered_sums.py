"""Sums of several batches put together say the same as those of each batch."""

import shutil
from pathlib import Path

import pytest
from tests.sources.database_examples import icews, table

from detente.engine import lake as lakes
from detente.engine.imported import ImportedDay, imported_daily
from detente.engine.imports import import_events
from detente.engine.lake import Lake
from detente.terms import Dyad

RUS_USA = Dyad("RUS", "USA")
US, RU = "United States", "Russian Federation"


@pytest.fixture(autouse=True)
def every_batch_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lakes, "_FEW_ROWS", 1)


def dossier(folder: Path, batches: int) -> Path:
    """A store with one import a day, acts of other states among them."""
    (folder / "in").mkdir(parents=True)
    for at in range(batches):
        path = folder / "in" / f"{at}.tab"
        day = f"2018-06-{at + 1:02}"
        rows = [icews("042", US, RU, day), icews("112", RU, US, day), icews("112", "China", "India", day)]
        # Each file dates one act to the first day: sums of one day from many batches.
        path.write_text(table("icews", *rows, icews("190", US, RU, "2018-05-31", by=f"Army {at}")), encoding="utf-8")
        import_events("icews", [path], folder=folder)
    return folder


def gathered(folder: Path) -> list[Path]:
    return sorted((folder / "events" / "icews").glob("sums=*"))


def days_of(folder: Path) -> tuple[ImportedDay, ...]:
    return imported_daily(folder, RUS_USA).days


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same store of nine imports, never gathered."""
    with monkeypatch.context() as context:
        context.setattr(lakes, "_GATHERED_AT_ONCE", 1_000)
        return dossier(tmp_path / "apart", 9)


def test_gathered_sums_count_what_the_batches_count(tmp_path: Path, apart: Path) -> None:
    together = dossier(tmp_path / "together", 9)
    assert gathered(together)
    assert not gathered(apart)
    assert days_of(together) == days_of(apart)
    first = imported_daily(together, RUS_USA).series("icews", "USA>RUS")[0]
    assert (first.day.isoformat(), first.events) == ("2018-05-31", 9)


def test_a_dyad_is_read_from_fewer_files_when_sums_are_gathered(tmp_path: Path, apart: Path) -> None:
    together = imported_daily(dossier(tmp_path / "together", 9), RUS_USA)
    assert len(together.files) < len(imported_daily(apart, RUS_USA).files) == 9
    assert not [path for path in together.files if path.name == "dyads-CHN.parquet"]


def test_sums_without_a_dyad_named_are_of_all_of_them(tmp_path: Path) -> None:
    store = Lake(dossier(tmp_path / "together", 4))
    assert {path.name for path in store.sums()} == {"dyads-CHN.parquet", "dyads-RUS.parquet"}
    assert {path.name for path in store.sums(dyad=Dyad("CHN", "IND"))} == {"dyads-CHN.parquet"}
    assert not store.sums(dyad=Dyad("FRA", "USA"))


def test_gathered_sums_of_a_batch_that_was_deleted_are_not_read(tmp_path: Path, apart: Path) -> None:
    together = dossier(tmp_path / "together", 9)
    for folder in (together, apart):
        shutil.rmtree(Lake(folder).batches("icews")[0].folder)
    assert days_of(together) == days_of(apart)


def test_what_was_gathered_before_goes_with_the_next_import(tmp_path: Path) -> None:
    together = dossier(tmp_path / "together", 4)
    (before,) = gathered(together)
    shutil.rmtree(Lake(together).batches("icews")[0].folder)
    import_events("icews", [tmp_path / "together" / "in" / "0.tab"], folder=together)
    assert len(Lake(together).batches("icews")) == 4
    days = days_of(together)
    shutil.rmtree(before, ignore_errors=True)
    assert days_of(together) == days


def test_gathered_sums_whose_list_cannot_be_read_are_passed_over(tmp_path: Path, apart: Path) -> None:
    together = dossier(tmp_path / "together", 9)
    for folder in gathered(together):
        (folder / "manifest.json").write_text("{", encoding="utf-8")
    assert days_of(together) == days_of(apart)
