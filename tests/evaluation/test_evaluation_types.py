"""The type of a sentence: F1 reckoned by hand on a set of six."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from detente.errors import EvaluationError
from detente.evaluation.sentence_types import read_typed, score_types

HEADER = "sentence_id\tsentence\tsource\ttarget\tgold_penta\tgold_root\n"
ROWS = (
    "1\tFrance accused Rwanda.\tFrance\tRwanda\t3\tACCUSE\n"
    "2\tFrance blamed Rwanda.\tFrance\tRwanda\t3\tACCUSE\n"
    "3\tCuba freed two men.\tCuba\ttwo men\t2\tYIELD\n"
    "4\tCuba will free two men.\tCuba\ttwo men\t2\tYIELD\n"
    "5\tThey met.\tFrance\tRwanda\t1\tCONSULT\n"
    "6\tIsrael shelled Gaza.\tIsrael\tGaza\t4\tASSAULT\n"
)


@dataclass(frozen=True)
class Answer:
    type: str
    why: str = "told"


def _answers(sentence: str, source: str, target: str, language: str) -> Answer:
    assert language == "en"
    return Answer(
        {
            "France accused Rwanda.": "ACCUSE",
            "France blamed Rwanda.": "THREATEN",  # right quad class, wrong type
            "Cuba freed two men.": "RETREAT",
            "Cuba will free two men.": "CONCEDE",
            "They met.": "ACCUSE",
            "Israel shelled Gaza.": "ASSAULT",
        }.get(sentence, "CONSULT")
    )


def _set(folder: Path, text: str) -> Path:
    path = folder / "set.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_macro_f1_is_over_the_classes_of_the_gold(tmp_path: Path) -> None:
    report = score_types(_set(tmp_path, HEADER + ROWS), sentence_type=_answers)
    # ACCUSE 2*1/(2+2), YIELD 1, CONSULT 0, ASSAULT 1; THREATEN is no class of the gold.
    assert report["root"]["macro_f1"] == pytest.approx((0.5 + 1 + 0 + 1) / 4)
    assert report["root"]["accuracy"] == pytest.approx(4 / 6, abs=1e-4)
    # Quads: 3 is given to 1, 2 and 5 (2*2/(2+3)), 2 right twice, 1 never, 4 once.
    assert report["quad"]["macro_f1"] == pytest.approx((0.8 + 1 + 0 + 1) / 4)
    # Cooperation 2*2/(3+2), conflict 2*3/(3+4).
    assert report["binary"]["macro_f1"] == pytest.approx((0.8 + 6 / 7) / 2, abs=1e-4)
    assert (report["n"], report["sentences"]) == (6, 6)
    assert report["root"]["by_type"]["ACCUSE"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "n": 2}


def test_each_miss_is_listed_with_its_text(tmp_path: Path) -> None:
    errors = score_types(_set(tmp_path, HEADER + ROWS), sentence_type=_answers)["errors"]
    assert errors == [
        "set.tsv line 3: ACCUSE, found THREATEN (told): [France] > [Rwanda] France blamed Rwanda.",
        "set.tsv line 6: CONSULT, found ACCUSE (told): [France] > [Rwanda] They met.",
    ]


def test_concede_and_retreat_are_yield_only_where_the_gold_says_yield(tmp_path: Path) -> None:
    text = "sentence\tsource\ttarget\ttype\nCuba will free two men.\tCuba\tmen\tRETREAT\n"
    report = score_types(_set(tmp_path, text), sentence_type=_answers)
    assert report["root"]["accuracy"] == 0.0


def test_without_a_column_the_quad_class_is_that_of_the_type(tmp_path: Path) -> None:
    text = "sentence\tsource\ttarget\ttype\nA.\tX\tY\tyield\nB.\tX\tY\tCONSULT\nC.\tX\tY\tSANCTION\n"
    assert [case.quad for case in read_typed(_set(tmp_path, text))] == [2, 1, 4]


def test_neutral_sentences_stay_out_of_quad_and_binary(tmp_path: Path) -> None:
    text = HEADER + ROWS.replace("1\tCONSULT", "0\tCONSULT")
    report = score_types(_set(tmp_path, text), sentence_type=_answers)
    assert report["neutral"] == 1
    assert report["quad"]["macro_f1"] == 1.0


def test_a_neutral_sentence_without_a_type_of_plover_is_counted_and_not_scored(tmp_path: Path) -> None:
    report = score_types(_set(tmp_path, HEADER + ROWS.replace("1\tCONSULT", "0\tNONE")), sentence_type=_answers)
    assert (report["n"], report["neutral"]) == (6, 1)
    assert list(report["root"]["by_type"]) == ["ACCUSE", "ASSAULT", "YIELD"]
    assert report["root"]["accuracy"] == 0.8


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("1\tThey met.\tA\tB\t1\tMEETING\n", "set.tsv line 2: type 'MEETING' is not PLOVER"),
        ("1\tThey met.\tA\tB\t7\tCONSULT\n", "set.tsv line 2: quad class '7'"),
        ("1\t\tA\tB\t1\tCONSULT\n", "set.tsv line 2: its sentence is empty"),
    ],
)
def test_a_record_that_cannot_be_is_named(tmp_path: Path, row: str, complaint: str) -> None:
    with pytest.raises(EvaluationError, match=complaint):
        read_typed(_set(tmp_path, HEADER + row))
