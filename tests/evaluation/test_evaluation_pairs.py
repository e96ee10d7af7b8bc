"""Pairs of reports: F1 reckoned by hand on a set of five."""

from pathlib import Path

import pytest

from detente.documents import PairReading, Report
from detente.errors import EvaluationError
from detente.evaluation.pairs import read_pairs, score_pairs

HEADER = "INPUT:first_title\tINPUT:first_text\tINPUT:second_title\tINPUT:second_text\tGOLDEN:quality\n"
ROWS = (
    "same\tThe ministers met in Oslo. They agreed.\t\tThe ministers met in Oslo.\tOK\n"
    "other\tThe ministers met in Oslo.\t\tThe ministers met in Oslo.\tOK\n"
    "same\tThe ministers met in Oslo.\t\tThe ministers met in Oslo.\tBAD\n"
    "other\tThe ministers met in Oslo.\t\tThe ministers met in Oslo.\tBAD\n"
    "same\tThe ministers met in Oslo.\t\tThe ministers met in Oslo.\t\n"
)


def _by_title(first: Report, second: Report) -> PairReading:
    return PairReading(0.5, first.title == "same", ("title",))


def _set(folder: Path, text: str) -> Path:
    path = folder / "pairs.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_f1_is_that_of_the_same_and_pairs_without_a_label_are_counted(tmp_path: Path) -> None:
    report = score_pairs(_set(tmp_path, HEADER + ROWS), judge=_by_title)
    assert (report["precision"], report["recall"], report["f1"], report["accuracy"]) == (0.5, 0.5, 0.5, 0.5)
    assert (report["n"], report["same"], report["unlabelled"], report["sentences"]) == (4, 2, 1, 9)
    assert list(report["languages"]) == ["en"]
    assert report["errors"] == [
        "pairs.tsv line 3: missed, labelled the same (0.50: title): "
        "other: The ministers met in Oslo. | (no title): The ministers met in Oslo.",
        "pairs.tsv line 4: false, labelled different (0.50: title): "
        "same: The ministers met in Oslo. | (no title): The ministers met in Oslo.",
    ]


@pytest.mark.parametrize(("label", "same"), [("OK", True), ("1", True), ("same", True), ("BAD", False), ("0", False)])
def test_plain_columns_and_other_labels_are_read(tmp_path: Path, label: str, same: bool) -> None:
    text = f"first_text\tsecond_text\tfirst_date\tlabel\nThey met.\tThey met again.\t2019-11-08\t{label}\n"
    ((pair,), _) = read_pairs(_set(tmp_path, text))
    assert pair.same is same
    assert str(pair.first.published) == "2019-11-08"


def test_a_column_of_hidden_answers_gives_way_to_one_that_is_filled(tmp_path: Path) -> None:
    text = "first_text\tsecond_text\tGOLDEN:quality\tOUTPUT:quality\nThey met.\tThey met again.\t\tOK\n"
    assert read_pairs(_set(tmp_path, text))[0][0].same


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("a\tThey met.\tb\tThey met.\tMAYBE\n", "pairs.tsv line 2: label 'MAYBE' is unknown"),
        ("\t\tb\tThey met.\tOK\n", "pairs.tsv line 2: INPUT:first_text is empty"),
        ("a\tThey met.\tb\tThey met.\t\n", "no record has a label"),
    ],
)
def test_a_pair_that_cannot_be_read_is_named(tmp_path: Path, row: str, complaint: str) -> None:
    with pytest.raises(EvaluationError, match=complaint):
        read_pairs(_set(tmp_path, HEADER + row))
