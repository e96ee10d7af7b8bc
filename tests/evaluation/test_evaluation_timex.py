"""TimeML sets in several languages and folders, and what is said of each miss."""

from pathlib import Path

import pytest

from detente.errors import EvaluationError
from detente.evaluation import score_timeml

TEMPLATE = """<TimeML><DCT><TIMEX3 tid="t0" type="DATE" value="2025-04-14" functionInDocument="CREATION_TIME">April 14
</TIMEX3></DCT><TEXT>{}</TEXT></TimeML>"""
ENGLISH = """The ministers of the two states met in the capital on
<TIMEX3 tid="t1" type="DATE" value="2025-04-10">Friday</TIMEX3>, and it was <TIMEX3 tid="t2" type="DATE"
 value="PAST_REF">once upon a time</TIMEX3> that they had spoken of this on 3 May 2001."""
FRENCH = """Les ministres des deux États se sont vus dans la capitale
<TIMEX3 tid="t1" type="DATE" value="2025-04-11">vendredi</TIMEX3>, selon une source."""


def test_each_text_says_its_language_and_each_language_is_reported(tmp_path: Path) -> None:
    for name, text in (("a", ENGLISH), ("b", FRENCH)):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.tml").write_text(TEMPLATE.format(text), encoding="utf-8")
    report = score_timeml(tmp_path)
    assert report["language"] == "en+fr"
    # English: Friday found with another value, one missed, one stray. French: all right.
    assert report["languages"]["en"]["relaxed"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert report["languages"]["en"]["value"]["f1"] == 0.0
    assert report["languages"]["fr"]["value"]["f1"] == 1.0
    assert (report["n"], report["found"], report["sentences"]) == (3, 3, 2)
    told = [line.split(":")[1] for line in report["errors"]]
    assert told == [" value 2025-04-10, found 2025-04-11", " missed DATE PAST_REF", " stray DATE 2001-05-03"]
    assert "[Friday]" in report["errors"][0]


def test_a_text_too_short_to_tell_is_read_as_its_folder_says(tmp_path: Path) -> None:
    folder = tmp_path / "timebank-french"
    folder.mkdir()
    (folder / "a.tml").write_text(TEMPLATE.format("12"), encoding="utf-8")
    assert score_timeml(folder)["language"] == "fr"


def test_a_text_in_a_language_without_rules_is_refused_unless_told(tmp_path: Path) -> None:
    text = "Jestem pewien, że ministrowie spotkali się w stolicy, ale nie wiem, czy to było wczoraj, czy dzisiaj rano."
    (tmp_path / "a.tml").write_text(TEMPLATE.format(text), encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"a\.tml: its language is not clear \(pl\)"):
        score_timeml(tmp_path)
    assert score_timeml(tmp_path / "a.tml", "en")["n"] == 0
