"""The time tagger against TimeML gold: floors are what was measured on the development halves in November 2026."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import EvaluationError
from detente.evaluation.timeml import read_timeml, score_timeml

GOLD = Path(__file__).parents[3] / "shared" / "gold" / "timex"

SAMPLE = """<?xml version="1.0"?>
<TimeML><DOCID>d</DOCID>
<DCT><TIMEX3 tid="t0" type="DATE" value="2025-04-14" functionInDocument="CREATION_TIME">April 14</TIMEX3></DCT>
<TEXT>They <EVENT eid="e1">met</EVENT> on <TIMEX3 tid="t1" type="DATE" value="2025-04-11">Friday</TIMEX3> &amp; spoke
for <TIMEX3 tid="t2" type="DURATION" value="PT3H">two hours</TIMEX3>.</TEXT></TimeML>
"""


def test_tags_are_stripped_and_offsets_kept(tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(SAMPLE)
    gold = read_timeml(tmp_path / "a.tml")
    assert str(gold.published) == "2025-04-14"
    assert [gold.text[time.start : time.end] for time in gold.times] == ["Friday", "two hours"]
    assert "met on Friday & spoke" in gold.text


def test_value_counts_only_where_it_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(SAMPLE)
    scores = score_timeml(tmp_path, "en")
    assert (scores["n"], scores["found"]) == (2, 2)
    assert scores["strict"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert scores["value"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<TimeML><TEXT>open", "not well-formed"),
        ("<TimeML></TimeML>", "no TEXT"),
        (SAMPLE.replace("2025-04-14", "some day"), "no day"),
        (SAMPLE.replace(' type="DURATION"', ""), "lacks its type"),
    ],
)
def test_misread_gold_file_is_refused(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "a.tml").write_text(content)
    with pytest.raises(EvaluationError, match=complaint):
        score_timeml(tmp_path, "en")


def test_folder_without_timeml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no \.tml file"):
        score_timeml(tmp_path, "fr")


# HeidelTime on the whole sets: English 81.8 / 90.7 / 78.1, French 85.9 / 90.9 / 73.6.
@pytest.mark.parametrize(
    ("language", "strict", "relaxed", "value"), [("en", 0.92, 0.95, 0.86), ("fr", 0.88, 0.93, 0.85)]
)
def test_scores_on_outside_gold_do_not_fall(language: str, strict: float, relaxed: float, value: float) -> None:
    folder = GOLD / language
    if not folder.is_dir():
        pytest.skip("outside gold sets are not on this machine")
    scores = score_timeml(folder, language)
    for name, floor in (("strict", strict), ("relaxed", relaxed), ("value", value)):
        rates = scores[name]
        assert isinstance(rates, dict)
        assert rates["f1"] >= floor
