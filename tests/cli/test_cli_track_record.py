"""The track record from the command line."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.console import run

from detente.dossier import load, write_starter
from detente.forecast import forecast
from detente.ledger import FILE_NAME, Ledger
from detente.terms import Dyad


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dossier of Israel and Saudi Arabia with a forecast kept in January 2026 and settled in June, by September."""
    write_starter(tmp_path, Dyad.parse("ISR-SAU"), date(2026, 1, 1), today=date(2026, 1, 15))
    path = tmp_path / "dossier.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("deadline = 2027-12-31", "deadline = 2026-09-30"), encoding="utf-8")
    talks = load(tmp_path).milestone("minister-talks")
    moment = datetime(2026, 1, 20, tzinfo=UTC)
    with Ledger.open(tmp_path / FILE_NAME, create=True, clock=lambda: moment) as ledger:
        ledger.open_question(talks)
        ledger.file_forecast(forecast(talks, made=date(2026, 1, 15), dyad=Dyad("ISR", "SAU")), code="0.0.9")
        moment = datetime(2026, 6, 1, tzinfo=UTC)
        for name in ("anna", "boris"):
            ledger.answer(
                "minister-talks", "yes", day=date(2026, 5, 4), evidence=f"https://{name}.example/page", by=name
            )
    return tmp_path


def test_a_kept_forecast_is_shown_with_code_day_answer_and_scores(folder: Path) -> None:
    found = json.loads(run(f"detente track-record --dossier {folder} --json").out)
    (one,) = found["forecasts"]
    assert (one["code"], one["made"], one["recorded"][:10], one["fate"]) == (
        "0.0.9",
        "2026-01-15",
        "2026-01-20",
        "scored",
    )
    assert one["resolution"] == {"answer": "yes", "day": "2026-05-04"}
    assert set(one["rivals"]) == {"base-rate", "no-change"}
    (held,) = found["ways"]
    assert one["way"] == held["way"] == "default"
    assert {each["verdict"] for each in held["comparisons"]} == {"not yet distinguishable"}
    assert held["coverage_80"]["forecasts"] == 1


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["1 forecast was kept. 1 is scored.", "not yet distinguishable", "by detente 0.0.9", "base rate: 0."]),
        ("fr", ["1 prévision a été gardée.", "pas encore distinguable", "detente 0.0.9", "taux de base : 0,"]),
        ("ru", ["1 прогноз сохранён.", "пока неразличимо", "detente 0.0.9", "базовая частота: 0,"]),
    ],
)
def test_it_reads_in_three_languages(folder: Path, lang: str, said: list[str]) -> None:
    shown = run(f"detente track-record --dossier {folder} --lang {lang}").out.replace("\xa0", " ")
    for words in said:
        assert words in shown


def test_as_of_a_day_before_the_answer_it_is_not_settled(folder: Path) -> None:
    (one,) = json.loads(run(f"detente track-record --dossier {folder} --as-of 2026-03-01 --json").out)["forecasts"]
    assert (one["fate"], one["scores"]) == ("open", {})
    assert json.loads(run(f"detente track-record --dossier {folder} --as-of 2026-01-01 --json").out)["forecasts"] == []


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "scored once its deadline has passed"),
        ("fr", "notée une fois son échéance passée"),
        ("ru", "оценивается, когда пройдёт срок"),
    ],
)
def test_settled_before_its_deadline_it_waits_for_it(folder: Path, lang: str, said: str) -> None:
    asked = f"detente track-record --dossier {folder} --as-of 2026-07-01"
    (one,) = json.loads(run(f"{asked} --json").out)["forecasts"]
    assert (one["fate"], one["scores"], one["resolution"]["answer"]) == ("open", {}, "yes")
    assert said in run(f"{asked} --lang {lang}").out


def test_a_broken_table_of_cases_is_told(folder: Path) -> None:
    (folder / "cases.csv").write_text("dyad\nhalf a table\n", encoding="utf-8")
    done = run(f"detente track-record --dossier {folder}")
    assert (done.code, "cases.csv line 1: columns missing" in done.err.replace("\n", " ")) == (2, True)


def test_a_question_dropped_from_the_dossier_keeps_its_record(folder: Path) -> None:
    path = folder / "dossier.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('template = "minister-talks"', 'template = "minister-talks"\nid = "other"'), "utf-8")
    before = json.loads(run(f"detente track-record --dossier {folder} --json").out)
    assert before["forecasts"][0]["scores"]
    assert "minister-talks, as of" in run(f"detente track-record --dossier {folder}").out


def test_the_site_shows_the_record_in_three_languages(folder: Path, tmp_path: Path) -> None:
    assert run(f"detente site --dossier {folder} --out {tmp_path / 'site'} --quiet").code == 0
    for path, said in (
        ("", "not yet distinguishable"),
        ("fr/", "pas encore distinguable"),
        ("ru/", "пока неразличимо"),
    ):
        page = (tmp_path / "site" / path / "track-record.html").read_text(encoding="utf-8")
        assert said in page
        assert "0.0.9" in page
    assert json.loads((tmp_path / "site" / "track-record.json").read_text())["forecasts"][0]["fate"] == "scored"
    settled = (tmp_path / "site" / "fr" / "milestones.html").read_text(encoding="utf-8")
    for name in ("anna", "boris"):
        assert f'<a href="https://{name}.example/page"' in settled, "the pages two people named are followed from there"
