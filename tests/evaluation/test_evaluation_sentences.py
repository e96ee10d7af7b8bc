"""Annotated sentences and articles: each is coded for its own pair of states, and scored by hand-counted F1."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from detente import registry
from detente.errors import EvaluationError
from detente.evaluation import evaluate_articles, evaluate_folder, evaluate_sentences
from detente.evaluation.sentences import read_sentences

MET: dict[str, Any] = {
    "id": "a",
    "language": "en",
    "published": "2025-04-15",
    "dyad": "CUB-USA",
    "text": "Cuban and U.S. officials met in Havana on 14 April 2025.",
    "events": [
        {
            "type": "CONSULT",
            "date": "2025-04-14",
            "sides": ["CUB", "USA"],
            "realis": "happened",
            "quote": "Cuban and U.S. officials met in Havana on 14 April 2025.",
        }
    ],
    "statements": [],
    "times": [{"surface": "14 April 2025", "value": "2025-04-14"}],
    "persons": [],
    "construction": "meeting",
}
WEATHER: dict[str, Any] = {
    "id": "b",
    "language": "fr",
    "published": "2025-04-15",
    "dyad": "FRA-RWA",
    "text": "Le temps restera sec en France et au Rwanda.",
    "events": [
        {"type": "AID", "date": None, "sides": ["FRA", "RWA"], "realis": "planned", "quote": "Le temps restera sec"}
    ],
    "statements": [],
    "times": [],
    "construction": "",
}


def _lines(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "set.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_sentences_are_scored_by_language_and_by_construction(tmp_path: Path) -> None:
    report = evaluate_sentences([_lines(tmp_path, MET, WEATHER)])
    assert report["languages"]["en"]["events_all"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 1}
    assert report["languages"]["fr"]["events_all"]["recall"] == 0.0
    # One of two found, nothing besides: F1 2*1/(1+2).
    assert report["all"]["events_all"]["f1"] == 0.6667
    assert list(report["constructions"]) == ["meeting", "–"]
    assert report["all"]["misses_all"]["nothing"] == 1
    assert report["all"]["realis_accuracy"] == 1.0
    assert report["sentences"] == 2
    assert report["sentences_per_second"] > 0
    assert report["errors"] == ["b: missed event e1 (main) undated AID FRA/RWA [nothing there]: Le temps restera sec"]


def test_persons_are_scored_only_where_the_set_names_them(tmp_path: Path) -> None:
    named = MET | {"id": "c", "text": "Marco Rubio met Bruno Rodríguez. Rubio left.", "events": [], "times": []}
    report = evaluate_sentences([_lines(tmp_path, named)])
    assert report["all"]["persons"]["n"] == 0
    assert report["all"]["persons"]["precision"] == 0.0
    (read,) = read_sentences(
        _lines(tmp_path, named | {"persons": ["Rubio", "Marco Rubio", "Bruno Rodríguez"]}), registry.load()
    )
    assert read.persons is not None
    assert [read.text["text"][m.span.start : m.span.end] for m in read.persons] == [
        "Marco Rubio",
        "Bruno Rodríguez",
        "Rubio",
    ]
    del named["persons"]
    report = evaluate_sentences([_lines(tmp_path, named)])
    assert report["all"]["persons"]["precision"] is None


def test_a_surface_named_twice_stands_for_its_next_place(tmp_path: Path) -> None:
    record = MET | {"text": "On Friday, not last Friday, they met.", "events": []}
    record["times"] = [{"surface": "Friday", "value": "2025-04-18"}, {"surface": "Friday", "value": "2025-04-11"}]
    (read,) = read_sentences(_lines(tmp_path, record), registry.load())
    assert [time.span.start for time in read.times] == [3, 20]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"text": "They met."}, r"set.jsonl line 1 \(a\): quote not found"),
        ({"language": "xx"}, "language 'xx'"),
        ({"dyad": "CUB"}, "dyad"),
        ({"times": [{"surface": "May", "value": "2025-05"}]}, "time not found in its text: 'May'"),
        ({"persons": ["Rubio"]}, "person not found in its text: 'Rubio'"),
        ({"events": [MET["events"][0] | {"type": "MEETING"}]}, "type 'MEETING' is not PLOVER"),
        ({"events": [MET["events"][0] | {"realis": "maybe"}]}, "realis 'maybe'"),
        ({"events": [MET["events"][0] | {"sides": ["QQQ"]}]}, "side 'QQQ' is no state"),
        ({"events": [MET["events"][0] | {"date": "soon"}]}, "date 'soon'"),
        ({"events": {}}, "'events' is no list"),
    ],
)
def test_a_record_that_does_not_fit_its_text_is_named(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(EvaluationError, match=complaint):
        read_sentences(_lines(tmp_path, MET | change), registry.load())


def test_a_record_that_lacks_a_field_or_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="line 1: lacks text"):
        read_sentences(_lines(tmp_path, {k: v for k, v in MET.items() if k != "text"}), registry.load())
    with pytest.raises(EvaluationError, match="the id 'a' comes twice"):
        read_sentences(_lines(tmp_path, MET, MET), registry.load())


def _article(folder: Path, name: str, text: str, quote: str, sides: tuple[str, str], dyad: str | None) -> None:
    for kind in ("gold", "texts"):
        (folder / kind).mkdir(exist_ok=True)
    record = {"id": name, "language": "en", "published": "2025-04-15", "text": text}
    (folder / "texts" / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    start = text.index(quote)
    gold: dict[str, Any] = {
        "article_id": name,
        "language": "en",
        "text_length": len(text),
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "events": [
            {
                "id": f"{name}-e1",
                "type": "CONSULT",
                "role": "main",
                "scope": "dyad",
                "date": "2025-04-14",
                "modality": "happened",
                "source": {"side": sides[0]},
                "target": {"side": sides[1]},
                "evidence": {"start": start, "end": start + len(quote), "surface": quote},
            }
        ],
        "statements": [],
        "timex": [],
        "persons": [],
        "boilerplate": [],
    }
    if dyad:
        gold["dyad"] = dyad
    (folder / "gold" / f"{name}.json").write_text(json.dumps(gold), encoding="utf-8")


def test_articles_of_two_dyads_in_one_folder_are_each_coded_as_their_own(tmp_path: Path) -> None:
    # "The two sides" are whom the article is about: only the dossier of its own pair can tell.
    first = "Cuban and U.S. officials met in Havana on 14 April 2025."
    second = "Indian and Chinese officials met in Delhi on 14 April 2025."
    _article(tmp_path, "one", first, first, ("CU", "US"), None)
    _article(tmp_path, "two", second, second, ("IN", "CN"), "IND-CHN")
    report = evaluate_folder(tmp_path)
    assert report["all"]["events_main"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 2}
    # events_dyad counts by the article's own pair, so each was scored with it.
    assert report["all"]["events_dyad"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 2}
    assert report == {**evaluate_articles(tmp_path / "gold", tmp_path / "texts"), **_speed(report)}


def test_a_folder_of_such_folders_is_one_set(tmp_path: Path) -> None:
    text = "Cuban and U.S. officials met in Havana on 14 April 2025."
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _article(tmp_path / name, name, text, text, ("CU", "US"), "CUB-USA")
    assert evaluate_folder(tmp_path)["all"]["articles"] == 2


def _speed(report: dict[str, Any]) -> dict[str, Any]:
    return {"sentences_per_second": report["sentences_per_second"]}


def test_a_dyad_that_is_none_is_refused(tmp_path: Path) -> None:
    text = "They met."
    _article(tmp_path, "one", text, text, ("CU", "US"), "CUB")
    with pytest.raises(EvaluationError, match=r"one\.json: dyad"):
        evaluate_folder(tmp_path)


def test_a_folder_of_neither_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="neither a file of annotated sentences"):
        evaluate_folder(tmp_path)
