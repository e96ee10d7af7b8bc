"""Past cases from the command line."""

import json
from pathlib import Path

from tests.console import run
from tests.forecast.test_own_cases import table


def test_cases_are_chosen_by_class_pair_query_and_words() -> None:
    for options, label in (
        ("--class major-power --search Maduro", "USA-Venezuela 2026"),
        ("--dyad USA-CUB --where 'since 2013'", "USA-Cuba 2013-15"),
    ):
        found = json.loads(run(f"detente cases {options} --json").out)
        assert [case["label"] for case in found["cases"]] == [label]
        assert label in run(f"detente cases {options} --lang fr").out


def test_as_of_a_day_nothing_later_is_told() -> None:
    (case,) = json.loads(run("detente cases --search 'cuba 2013-15' --as-of 2014-12-31 --json").out)["cases"]
    assert (case["outcome"], case["end_date"]) == ("ongoing", "2014-12-31")
    assert set(case["stages"]) == {"first_high_level_talks"}


def test_a_class_answers_with_its_members() -> None:
    line = "detente cases --stage relations_restored --class us-ruptures --waited us-ruptures=2"
    (row,) = json.loads(run(f"{line} --json").out)["panel"]
    assert row["n"] == len(row["members"]) == 38
    assert row["answers"][0]["reached"]["2"] == 0.1613
    assert "cuba 1961-01-03" in run(line).out


def test_what_is_not_known_ends_with_code_2() -> None:
    for line, said in (
        ("--class nobody", "'nobody' is not known"),
        ("--stage weddings", "stage 'weddings'"),
        ("--stage relations_restored --where 'outcome failed'", "how they ended"),
        ("--stage relations_restored --waited nobody=2", "'nobody' is not known"),
        ("--stage relations_restored --waited long", "no number of years"),
    ):
        done = run(f"detente cases {line}")
        assert done.code == 2, line
        assert said in done.err.replace("\n", " ")


def test_a_case_is_proposed_reviewed_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "attempts.csv"
    file.write_text(table())
    assert run(f"detente cases add {file} --dossier {tmp_path} --by anna").code == 0
    before = json.loads(run(f"detente cases --search 'iran 1998' --dossier {tmp_path} --json").out)
    assert before["cases"] == []
    assert [own["proposed_by"] for own in before["not_reviewed"]] == ["anna"]
    refused = run(f"detente cases review 'USA-Iran 1998' --dossier {tmp_path} --by anna")
    assert "Another person" in refused.err
    assert run(f"detente cases review 'USA-Iran 1998' --dossier {tmp_path} --by boris").code == 0
    after = json.loads(run(f"detente cases --search 'iran 1998' --dossier {tmp_path} --json").out)
    assert [case["label"] for case in after["cases"]] == ["USA-Iran 1998"]
