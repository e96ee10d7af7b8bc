"""The shipped tables: current, quick to load, and loud when broken."""

import subprocess
import sys
from datetime import date

import pytest

from detente.errors import RegistryError
from detente.registry import tables
from detente.registry.build import forms_table


def test_the_table_of_russian_forms_is_current():
    assert (tables.DATA / "forms.ru.tsv").read_text(encoding="utf-8") == forms_table(), (
        "forms.ru.tsv is out of date. Run python -m detente.registry.build."
    )


def test_loading_needs_no_morphology():
    script = "import sys; from detente.registry import load; load(); print('pymorphy3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def _table(folder, text):
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_wrong_header_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "DATA", _table(tmp_path, "a,c\n1,2\n"))
    with pytest.raises(RegistryError, match="header is a,c, expected a,b"):
        list(tables.rows("t.csv", ("a", "b")))


def test_a_row_with_too_many_cells_is_refused_with_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "DATA", _table(tmp_path, "a,b\n1,2\n1,2,3\n"))
    with pytest.raises(RegistryError, match="line 3: 3 cells, expected 2"):
        list(tables.rows("t.csv", ("a", "b")))


def test_comments_and_empty_lines_are_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "DATA", _table(tmp_path, "a,b\n\n# note,x\n1,2\n"))
    assert [row for _, row in tables.rows("t.csv", ("a", "b"))] == [{"a": "1", "b": "2"}]


def test_a_day_is_iso_or_empty():
    assert tables.day("here", "2025-01-20") == date(2025, 1, 20)
    assert tables.day("here", "") is None
    with pytest.raises(RegistryError, match=r"here: '20\.01\.2025' is no day"):
        tables.day("here", "20.01.2025")


def test_a_month_or_a_year_is_its_first_day_and_as_an_end_its_last():
    assert tables.day("here", "2017-02") == date(2017, 2, 1)
    assert tables.day("here", "2016-02", last=True) == date(2016, 2, 29)
    assert (tables.day("here", "2017"), tables.day("here", "2017", last=True)) == (date(2017, 1, 1), date(2017, 12, 31))
    for wrong in ("2017-13", "17", "2017-02-30"):
        with pytest.raises(RegistryError, match="is no day"):
            tables.day("here", wrong)


def test_an_unknown_value_is_refused():
    with pytest.raises(RegistryError, match="kind 'planet' is unknown"):
        tables.one_of("here", "planet", ("state", "city"), "kind")
