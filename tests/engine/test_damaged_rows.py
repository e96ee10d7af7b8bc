"""Of files with one row in twenty damaged, every good row is in the table and every bad one in quarantine."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from benchmarks.event_damage import damaged, ways
from benchmarks.event_files import lines, table

from detente.engine.imports import ImportReport, import_events
from detente.engine.lake import Lake

ROWS = 1_200
KINDS = ("gdelt", "icews", "polecat")
HEADERS = {"gdelt": 0, "icews": 1, "polecat": 1}


def imported(kind: str, folder: Path, **files: list[bytes]) -> ImportReport:
    folder.mkdir()
    paths = []
    for name, held in files.items():
        paths.append(folder / f"{name}.tab")
        paths[-1].write_bytes(table(kind, held))
    return import_events(kind, paths, folder=folder)


def rows_of(kind: str, folder: Path) -> pa.Table:
    """All rows of the store, in the order of their files' lines."""
    tables = [pyarrow.parquet.read_table(path, partitioning=None) for path in Lake(folder).tables(kind)]
    return pa.concat_tables(tables).sort_by([("file", "ascending"), ("line", "ascending")])


def quarantined(kind: str, folder: Path) -> list[dict[str, Any]]:
    lists = [batch.quarantine for batch in Lake(folder).batches(kind) if batch.quarantine]
    return [json.loads(line) for path in lists for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_damage_has_no_row_in_quarantine(kind: str, tmp_path: Path) -> None:
    report = imported(kind, tmp_path / "dossier", events=lines(kind, ROWS))
    assert (report.counts.lines, report.counts.read, report.counts.quarantined) == (ROWS, ROWS, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_files_break_in_more_than_ten_ways(kind: str) -> None:
    _, told = damaged(kind, lines(kind, ROWS))
    assert len(told) == ROWS // 20
    assert set(told.values()) == set(ways(kind))
    assert len(ways(kind)) > 10


@pytest.mark.parametrize("kind", KINDS)
def test_every_bad_row_is_in_quarantine_with_its_place_and_a_reason_that_fits(kind: str, tmp_path: Path) -> None:
    held, told = damaged(kind, lines(kind, ROWS))
    imported(kind, tmp_path / "dossier", events=held)
    found = {row["line"] - 1 - HEADERS[kind]: row for row in quarantined(kind, tmp_path / "dossier")}
    assert found.keys() == told.keys()
    for place, way in told.items():
        assert found[place]["problem"] in ways(kind)[way].problems, (way, found[place]["reason"])
        assert found[place]["reason"]
        assert found[place]["file"].endswith("events.tab")
        assert found[place]["size"] == len(held[place])
        assert held[place].startswith(found[place]["raw"][:20].encode())


@pytest.mark.parametrize("kind", KINDS)
def test_every_good_row_is_in_the_table_as_if_no_other_were_damaged(kind: str, tmp_path: Path) -> None:
    good = lines(kind, ROWS)
    held, told = damaged(kind, good)
    imported(kind, tmp_path / "damaged", events=held)
    imported(kind, tmp_path / "whole", events=good)
    found, whole = rows_of(kind, tmp_path / "damaged"), rows_of(kind, tmp_path / "whole")
    expected = [at for at in range(ROWS) if at not in told]
    assert found["line"].to_pylist() == [at + 1 + HEADERS[kind] for at in expected]
    ids = [good[at].split(b"\t")[0].decode() for at in expected]
    assert found["occurrence"].to_pylist() == [f"{kind}:{number}" for number in ids]
    # What repeats or mirrors a damaged row is the first of its kind now.
    same = [name for name in whole.column_names if name not in ("repeat", "mirror")]
    assert found.select(same).equals(whole.take(expected).select(same))


@pytest.mark.parametrize("kind", KINDS)
def test_counts_add_up(kind: str, tmp_path: Path) -> None:
    held, told = damaged(kind, lines(kind, ROWS))
    counts = imported(kind, tmp_path / "dossier", events=held).counts
    assert counts.lines == ROWS == counts.read + counts.quarantined
    assert counts.quarantined == len(told) == sum(counts.quarantined_by.values())
    assert counts.quarantined_by == Counter(row["problem"] for row in quarantined(kind, tmp_path / "dossier"))
    assert counts.read == counts.table_rows == rows_of(kind, tmp_path / "dossier").num_rows


@pytest.mark.parametrize("kind", KINDS)
def test_damage_in_one_file_leaves_the_next_one_whole(kind: str, tmp_path: Path) -> None:
    held, told = damaged(kind, lines(kind, ROWS))
    after = lines(kind, ROWS, first=ROWS)
    report = imported(kind, tmp_path / "dossier", events=held, later=after)
    assert [item.counts.quarantined for item in report.files] == [len(told), 0]
    files = Counter(rows_of(kind, tmp_path / "dossier")["file"].to_pylist())
    assert files == {"events.tab": ROWS - len(told), "later.tab": ROWS}


def test_damage_inside_a_zip_is_found_as_in_the_open(tmp_path: Path) -> None:
    held, told = damaged("gdelt", lines("gdelt", ROWS))
    packed = tmp_path / "20230101000000.export.CSV.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20230101000000.export.CSV", table("gdelt", held))
    report = import_events("gdelt", [packed], folder=tmp_path / "dossier")
    assert {row["line"] - 1 for row in quarantined("gdelt", tmp_path / "dossier")} == told.keys()
    assert report.counts.read == ROWS - len(told)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_half_the_rows_and_the_other_half_is_still_read(kind: str, tmp_path: Path) -> None:
    held, told = damaged(kind, lines(kind, 200), share=0.5, seed=1)
    counts = imported(kind, tmp_path / "dossier", events=held).counts
    assert (counts.read, counts.quarantined) == (200 - len(told), len(told)) == (100, 100)
