"""`detente evaluate …` in every form that people write it, as table, as JSON, and with its misses."""

import json
from pathlib import Path

import pytest
from tests.console import run

TEXT = "Cuban and U.S. officials met in Havana on 14 April 2025."
SENTENCE = {
    "id": "a",
    "language": "en",
    "published": "2025-04-15",
    "dyad": "CUB-USA",
    "text": TEXT,
    "events": [{"type": "AID", "date": "2025-04-14", "sides": ["CUB", "USA"], "realis": "happened", "quote": TEXT}],
    "statements": [],
    "times": [],
    "construction": "meeting",
}
GOLD = Path(__file__).parents[1] / "coding" / "gold" / "another_pair"
TIMEML = """<TimeML><DCT><TIMEX3 tid="t0" type="DATE" value="2025-04-14" functionInDocument="CREATION_TIME">April 14
</TIMEX3></DCT><TEXT>They met on <TIMEX3 tid="t1" type="DATE" value="2025-04-01">Friday</TIMEX3> in Oslo.</TEXT>
</TimeML>"""
WIRE = """<Sentences><Sentence date="20080806" id="a"><EventCoding sourcecode="FRA" targetcode="RWA" eventcode="160"/>
<Text>France on Wednesday accused Rwanda of lying.</Text></Sentence></Sentences>"""
TYPES = "sentence\tsource\ttarget\tgold_root\nFrance accused Rwanda.\tFrance\tRwanda\tSANCTION\n"
PAIRS = "first_text\tsecond_text\tlabel\nThey met in Oslo.\tThey met in Oslo.\tBAD\n"
CASES = {
    "coding": ("set.jsonl", json.dumps(SENTENCE), "a: missed event e1 (main) 2025-04-14 AID CUB/USA [type"),
    "timex": ("set.tml", TIMEML, "set.tml: value 2025-04-01, found 2025-04-11"),
    "types": ("set.tsv", TYPES, "set.tsv line 2: SANCTION, found ACCUSE"),
    "pairs": ("set.tsv", PAIRS, "set.tsv line 2: false, labelled different"),
    "newswire": ("set.xml", WIRE, "a: missed FRA > RWA 16 SANCTION [type"),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_evaluation_prints_a_table_json_and_its_misses(name: str, tmp_path: Path) -> None:
    file, text, miss = CASES[name]
    path = tmp_path / file
    path.write_text(text, encoding="utf-8")
    plain = run(f"detente evaluate {name} {path}")
    assert plain.code == 0
    assert "a second in one process" in plain.out
    assert miss not in plain.out
    assert miss in run(f"detente evaluate {name} {path} --errors").out
    report = json.loads(run(f"detente evaluate {name} {path} --json").out)
    assert report["sentences_per_second"] > 0
    assert "errors" not in report
    assert json.loads(run(f"detente evaluate {name} {path} --json --errors").out)["errors"][0].startswith(miss)


def test_json_has_the_figures_that_the_checks_ask_for(tmp_path: Path) -> None:
    reports = {}
    for name, (file, text, _) in CASES.items():
        path = tmp_path / file
        path.write_text(text, encoding="utf-8")
        reports[name] = json.loads(run(f"detente evaluate {name} {path} --json").out)
    assert reports["types"]["n"] == 1
    for part in ("root", "quad", "binary"):
        assert reports["types"][part]["macro_f1"] in (0.0, 1.0)
    for part in ("strict", "relaxed", "value"):
        assert set(reports["timex"][part]) == {"precision", "recall", "f1"}
    assert reports["timex"]["n"] == reports["pairs"]["n"] == reports["newswire"]["n"] == 1
    assert reports["pairs"]["f1"] == 0.0
    assert reports["coding"]["all"]["events_main"]["n"] == 1
    assert reports["coding"]["all"]["misses_main"]["type"] == 1


def test_articles_are_named_by_one_folder_or_by_two(tmp_path: Path) -> None:
    one = json.loads(run(f"detente evaluate coding {GOLD} --json").out)
    two = json.loads(run(f"detente evaluate coding --gold {GOLD}/gold --articles {GOLD}/texts --json").out)
    assert one["all"] == two["all"]
    assert set(one["languages"]) == {"en", "fr", "ru"}
    assert run(f"detente evaluate coding {GOLD} --gold {GOLD}/gold").code == 2
    assert run(f"detente evaluate coding --gold {GOLD}/gold").code == 2
    assert run("detente evaluate coding").code == 2


def test_older_names_still_work_and_are_not_in_the_help(tmp_path: Path) -> None:
    path = tmp_path / "set.tml"
    path.write_text(TIMEML, encoding="utf-8")
    times = json.loads(run(f"detente evaluate times --gold {tmp_path} --language en --json").out)
    timex = json.loads(run(f"detente evaluate timex --gold {tmp_path} --language en --json").out)
    assert times["strict"] == timex["strict"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert "times" not in run("detente evaluate --help").out.split()
    assert "--misses" not in run("detente evaluate coding --help").out
    lines = tmp_path / "set.jsonl"
    lines.write_text(json.dumps(SENTENCE), encoding="utf-8")
    assert "missed event e1" in run(f"detente evaluate coding {lines} --misses").out


@pytest.mark.parametrize(("name", "file"), [("types", "a.tsv"), ("pairs", "a.tsv"), ("newswire", "a.xml")])
def test_a_set_that_is_not_there_or_empty_is_named(name: str, file: str, tmp_path: Path) -> None:
    for make in (False, True):
        if make:
            (tmp_path / file).write_text("", encoding="utf-8")
        done = run(f"detente evaluate {name} {tmp_path / file}")
        assert done.code == 2
        assert file in done.err


def test_a_language_without_rules_is_refused(tmp_path: Path) -> None:
    done = run(f"detente evaluate timex {tmp_path} --language xx")
    assert done.code == 2
    assert "not one of en" in done.err
