"""Newswire sentences: which codings count, and F1 reckoned by hand."""

from pathlib import Path

import pytest

from detente import registry
from detente.errors import EvaluationError
from detente.evaluation.newswire import GoldCoding, read_newswire, score_newswire

ACCUSED = """<Sentence date="20080806" id="a" sentence="True"><EventCoding sourcecode="FRAGOV" targetcode="RWA"
 eventcode="112"/><Text>France on Wednesday
 accused Rwanda of lying.</Text><Parse>(S nothing of this is read)</Parse></Sentence>"""
MET = """<Sentence date="20080806" id="b"><EventCoding sourcecode="CUB" targetcode="USAGOV" eventcode="041"/>
<EventCoding sourcecode="USAGOV" targetcode="CUB" eventcode="041"/>
<Text>Cuban and U.S. officials met in Havana on Tuesday.</Text></Sentence>"""
MISSED = """<Sentence date="20080806" id="c"><EventCoding sourcecode="NOR" targetcode="SWE" eventcode="190"/>
<Text>The weather in Norway and Sweden was fine on Tuesday.</Text></Sentence>"""
NOTHING = """<Sentence date="20080806" id="d"><EventCoding noevents="True"/>
<Text>Ethiopia accused Libya on Tuesday of lying.</Text></Sentence>"""
STATEMENT = """<Sentence date="20080806" id="e"><EventCoding sourcecode="ETH" targetcode="LBY" eventcode="010"/>
<EventCoding sourcecode="ETH" targetcode="IGOUNO" eventcode="040"/>
<Text>Ethiopia accused Libya on Tuesday of lying.</Text></Sentence>"""
ERROR = '<Sentence date="20080806" id="f"><EventCoding error="dateline"/><Text>OSLO</Text></Sentence>'


def _set(folder: Path, *sentences: str) -> Path:
    path = folder / "wire.xml"
    path.write_text(f"<Sentences>{''.join(sentences)}</Sentences>", encoding="utf-8")
    return path


def test_states_are_read_off_actor_codes_and_the_rest_is_left_out(tmp_path: Path) -> None:
    gold, unscored = read_newswire(_set(tmp_path, ACCUSED, STATEMENT, ERROR), registry.load())
    assert gold[0].text == "France on Wednesday accused Rwanda of lying."
    assert gold[0].codings == (GoldCoding("FRA", "RWA", "11"),)
    assert (gold[1].codings, gold[1].unscored, unscored) == ((), 2, 1)


def test_f1_counts_directed_dyads_with_their_root(tmp_path: Path) -> None:
    report = score_newswire(_set(tmp_path, ACCUSED, MET, MISSED, NOTHING, STATEMENT))
    # Four codings; found are three of them, and an accusation where there is no event. That of e is excused.
    assert (report["precision"], report["recall"], report["f1"]) == (0.75, 0.75, 0.75)
    assert (report["n"], report["n_sentences"], report["sentences_right"]) == (4, 5, 0.6)
    assert report["left_out"] == {"codings": 2, "sentences": 0}
    assert [line.split(":")[:2] for line in report["errors"]] == [
        ["c", " missed NOR > SWE 19 ASSAULT/COERCE [nothing there]"],
        ["d", " stray ETH > LBY ACCUSE"],
    ]


def test_a_type_of_another_root_is_no_hit(tmp_path: Path) -> None:
    report = score_newswire(_set(tmp_path, ACCUSED.replace('"112"', '"160"')))
    assert report["f1"] == 0.0
    assert report["dyad"]["f1"] == 1.0
    assert "[type, found ACCUSE]" in report["errors"][0]


BODY = """<Sentence date="20080806" id="g"><EventCoding sourcecode="UKR" targetcode="{}" eventcode="030"/>
<Text>Ukraine signed an agreement with the European Union on Tuesday.</Text></Sentence>"""


@pytest.mark.parametrize(("code", "n"), [("IGO", 0), ("IGOUNO", 0), ("IGOEEU", 1)])
def test_the_union_found_where_a_body_of_states_is_coded_is_not_wrong(tmp_path: Path, code: str, n: int) -> None:
    report = score_newswire(_set(tmp_path, BODY.format(code), ACCUSED))
    assert report["n"] == 1 + n
    assert (report["precision"], report["recall"], report["sentences_right"]) == (1.0, 1.0, 1.0)


PROMISE = """<Sentence date="20080806" id="p"><EventCoding sourcecode="USA" targetcode="RUS" eventcode="036"/>
<EventCoding sourcecode="RUS" targetcode="USA" eventcode="036"/>
<Text>U.S. and Russian ministers will meet in Oslo on Friday.</Text></Sentence>"""


def test_a_meeting_to_come_is_what_cameo_calls_an_intent_to_meet(tmp_path: Path) -> None:
    assert score_newswire(_set(tmp_path, PROMISE))["f1"] == 1.0
    assert score_newswire(_set(tmp_path, PROMISE.replace("036", "040")))["f1"] == 1.0


def test_answers_may_come_in_a_table_of_their_own(tmp_path: Path) -> None:
    path = _set(tmp_path, NOTHING, NOTHING, ACCUSED)
    answers = tmp_path / "answers.tsv"
    answers.write_text("id\tsource\ttarget\tcode\nd#2\tETH\tLBY\t112\na\t\t\tnone\n", encoding="utf-8")
    report = score_newswire(path, answers=answers)
    assert (report["precision"], report["recall"]) == (0.5, 1.0)
    assert report["left_out"]["sentences"] == 1
    answers.write_text("id\tsource\ttarget\tcode\nx\tETH\tLBY\t112\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"answers\.tsv line 2: no sentence has the id 'x'"):
        score_newswire(path, answers=answers)


@pytest.mark.parametrize(
    ("sentence", "complaint"),
    [
        ("", "no Sentence element"),
        ("<Sentence", "cannot be read as XML"),
        (ACCUSED.replace("<EventCoding", "<Other"), "none of its 1 sentences has an EventCoding"),
        (ACCUSED.replace('"112"', '"---"'), r"sentence 1 \(a\): event code '---' is not CAMEO"),
        (ACCUSED.replace("20080806", "2008"), r"sentence 1 \(a\): date '2008' is no day"),
        (ACCUSED.replace("sourcecode", "actor"), r"sentence 1 \(a\): an EventCoding lacks its sourcecode"),
    ],
)
def test_a_file_without_usable_answers_is_an_error(tmp_path: Path, sentence: str, complaint: str) -> None:
    with pytest.raises(EvaluationError, match=complaint):
        read_newswire(_set(tmp_path, sentence), registry.load())
