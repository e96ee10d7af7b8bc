"""Tab-separated sets are read as they are written, and a record that does not fit is named."""

from pathlib import Path

import pytest

from detente.errors import EvaluationError
from detente.evaluation.tables import column, read_table


def _table(folder: Path, text: str) -> Path:
    path = folder / "set.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_marks_that_open_two_lines_do_not_swallow_what_stands_between(tmp_path: Path) -> None:
    rows = read_table(_table(tmp_path, 'sentence\ttype\n"Talks" failed.\tREJECT\n"Talks" went on.\tCONSULT\n'))
    assert [row.cells["sentence"] for row in rows] == ['"Talks" failed.', '"Talks" went on.']


def test_quoted_fields_may_hold_tabs_marks_and_line_breaks(tmp_path: Path) -> None:
    rows = read_table(_table(tmp_path, 'text\tlabel\n"He said ""no"".\nThen\tleft."\tOK\nThey met.\tBAD\n'))
    assert [row.cells["text"] for row in rows] == ['He said "no".\nThen\tleft.', "They met."]
    assert [row.where for row in rows] == ["set.tsv line 2", "set.tsv line 4"]


def test_commas_part_fields_where_the_header_has_no_tab(tmp_path: Path) -> None:
    rows = read_table(_table(tmp_path, 'sentence,type\n"France, too, agreed.",AGREE\n'))
    assert rows[0].cells == {"sentence": "France, too, agreed.", "type": "AGREE"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("sentence\ttype\n", "no record"),
        ("type\ttype\nAGREE\tAGREE\n", "names a column twice"),
        ("sentence\ttype\nThey met.\tCONSULT\nThey left.\n", "set.tsv line 3: 1 fields, the header has 2"),
    ],
)
def test_a_table_that_does_not_fit_its_header_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(EvaluationError, match=complaint):
        read_table(_table(tmp_path, text))


def test_a_column_is_found_by_any_of_its_names_and_its_lack_names_those_there_are(tmp_path: Path) -> None:
    rows = read_table(_table(tmp_path, "\tSentence\tgold\n1\tThey met.\tCONSULT\n"))
    assert column(rows, ("sentence", "text"), "sentence") == "Sentence"
    with pytest.raises(EvaluationError, match=r"no column for the source.* has Sentence, gold"):
        column(rows, ("source",), "source")
