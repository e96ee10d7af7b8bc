"""Event files that GDELT's lists name are got, imported once, and tidied away."""

from datetime import date
from pathlib import Path

import pytest
from tests.sources.database_examples import gdelt as row
from tests.sources.gdelt_server import Gdelt, serving, zipped

from detente import workflow
from detente.dossier import write_starter
from detente.engine.imported import imported_daily
from detente.terms import Dyad

RUS_USA = Dyad("RUS", "USA")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_starter(tmp_path / "rus-usa", RUS_USA, date(2025, 1, 1), today=date(2025, 1, 1))
    return tmp_path / "rus-usa"


def put(gdelt: Gdelt, moment: str, *rows: str) -> str:
    path = f"/gdeltv2/{moment}.export.CSV.zip"
    gdelt.files[path] = zipped(path.rsplit("/", 1)[1], *rows)
    return path


def test_what_a_list_names_is_imported_and_next_time_only_what_is_new(folder: Path) -> None:
    with serving() as gdelt, workflow.opened(folder) as (case, ledger):
        first = put(gdelt, "20250218120000", row("040", event="1"), row("112", event="2"))
        address = gdelt.set_list("/gdeltv2/masterfilelist.txt", gdelt.line(first))
        report = workflow.import_events(case, ledger, "gdelt", [address])
        assert (report.counts.read, report.issues) == (2, ())

        second = put(gdelt, "20250218121500", row("190", event="3"))
        gdelt.set_list("/gdeltv2/masterfilelist.txt", gdelt.line(first), gdelt.line(second))
        gdelt.asked.clear()
        again = workflow.import_events(case, ledger, "gdelt", [address])
        assert [Path(item.file).name for item in again.files] == ["20250218121500.export.CSV.zip"]
        assert first not in [asked.path for asked in gdelt.asked]
    assert sum(day.rows for day in imported_daily(folder, RUS_USA).series("gdelt", "USA>RUS")) == 3
    assert list((folder / "events/.incoming").glob("*.zip")) == []


def test_a_file_that_is_not_as_listed_is_named_and_the_others_are_imported(folder: Path) -> None:
    with serving() as gdelt, workflow.opened(folder) as (case, ledger):
        good = put(gdelt, "20250218120000", row("040", event="1"))
        cut = put(gdelt, "20250218121500", row("112", event="2"))
        line = gdelt.line(cut)
        gdelt.files[cut] = gdelt.files[cut][:-20]
        address = gdelt.set_list("/gdeltv2/masterfilelist.txt", gdelt.line(good), line)
        report = workflow.import_events(case, ledger, "gdelt", [address])
    assert report.counts.read == 1
    (issue,) = report.issues
    assert "20250218121500.export.CSV.zip" in issue.message


def test_days_asked_for_bound_what_is_got(folder: Path) -> None:
    with serving() as gdelt, workflow.opened(folder) as (case, ledger):
        days = [f"202502{day}120000" for day in (17, 18, 19)]
        lines = [gdelt.line(put(gdelt, day, row(event=day, day=day[:8], added=day))) for day in days]
        address = gdelt.set_list("/gdeltv2/masterfilelist.txt", *lines)
        only = date(2025, 2, 18)
        report = workflow.import_events(case, ledger, "gdelt", [address], since=only, until=only)
    assert [Path(item.file).name[:8] for item in report.files] == ["20250218"]


def test_files_and_addresses_may_be_given_together(folder: Path, tmp_path: Path) -> None:
    local = tmp_path / "local.CSV"
    local.write_text(row("190", event="9") + "\n", encoding="utf-8")
    with serving() as gdelt, workflow.opened(folder) as (case, ledger):
        path = put(gdelt, "20250218120000", row("040", event="1"))
        report = workflow.import_events(case, ledger, "gdelt", [str(local), gdelt.base + path])
    assert report.counts.read == 2
