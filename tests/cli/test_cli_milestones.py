"""Questions from the command line: opened, kept, refused once changed, settled by two who do not see each other."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.console import run

from detente.dossier import write_starter
from detente.ledger import FILE_NAME, Ledger
from detente.ledger.tables import SCHEMA
from detente.terms import Dyad

ENVOYS = "ambassadors --dossier {0} --day 2026-02-03"


def one(folder: Path, milestone: str = "ambassadors", options: str = "") -> dict[str, Any]:
    (row,) = json.loads(run(f"detente milestones --milestone {milestone} --dossier {folder} {options} --json").out)
    return dict(row)


@pytest.fixture(params=["TUR-ARM", "SAU-ISR"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A new dossier of a pair that is not the sample's."""
    from datetime import date

    write_starter(tmp_path, Dyad.parse(request.param), date(2026, 1, 1), today=date(2026, 1, 15))
    Ledger.open(tmp_path / FILE_NAME, create=True).close()
    return tmp_path


def test_a_question_is_opened_and_stays(folder: Path) -> None:
    before = one(folder)
    assert (before["state"], before["missing"], before["frozen"]) == ("not opened", [], None)
    assert before["sha256"] in run(f"detente milestones open ambassadors --dossier {folder}").out
    after = one(folder)
    assert (after["state"], after["sha256"]) == ("open", before["sha256"])
    for lang, said in (("en", "Opened on"), ("fr", "Ouverte le"), ("ru", "Открыт")):
        shown = run(f"detente milestones --dossier {folder} --milestone ambassadors --lang {lang}").out
        assert said in shown
        assert before["sha256"][:12] in shown
        assert before["tie_break"][lang] in shown


def test_a_changed_question_is_refused_with_what_changed(folder: Path) -> None:
    assert run(f"detente milestones open ambassadors --dossier {folder}").code == 0
    path = folder / "dossier.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("deadline = 2027-12-31", "deadline = 2028-12-31"), encoding="utf-8")
    assert (one(folder)["state"], one(folder)["changed"]) == ("changed", ["deadline"])
    for line in (
        "forecast --milestone ambassadors",
        "forecast --milestone ambassadors --keep",
        "milestones open ambassadors",
    ):
        done = run(f"detente {line} --dossier {folder}")
        assert done.code == 2, line
        assert "ambassadors: deadline changed since ambassadors was opened on" in done.err
        assert "open a new id" in done.err
    with Ledger.open(folder) as ledger:
        assert ledger.forecasts() == []
    rung = 'template = "ambassadors"\n'
    path.write_text(text.replace(rung, rung + 'label = { en = "Envoys" }\n'), encoding="utf-8")
    assert run(f"detente forecast --milestone ambassadors --dossier {folder}").code == 0


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["changed since it was opened", "(deadline)", "under another id"]),
        ("fr", ["modifiée depuis son ouverture", "(échéance)", "sous un autre identifiant"]),
        ("ru", ["изменён после открытия", "(срок)", "под другим именем"]),
    ],
)
def test_a_changed_question_is_told_and_the_rest_goes_on(
    folder: Path, tmp_path: Path, lang: str, said: list[str]
) -> None:
    run(f"detente milestones open ambassadors --dossier {folder}")
    path = folder / "dossier.toml"
    path.write_text(path.read_text("utf-8").replace("deadline = 2027-12-31", "deadline = 2028-12-31"), "utf-8")
    kept = run(f"detente forecast --keep --json --dossier {folder}")
    assert kept.code == 0
    assert "ambassadors" not in [row["milestone"] for row in json.loads(kept.out)]
    assert len(json.loads(kept.out)) == 8
    assert "changed since it was opened" in kept.err.replace("\n", " ")
    assert run(f"detente site --dossier {folder} --out {tmp_path / 'site'} --quiet").code == 0
    place = tmp_path / "site" / ("" if lang == "en" else lang)
    pages = [(place / name).read_text("utf-8") for name in ("index.html", "milestones.html", "brief.html")]
    commands = ("forecast", "brief")
    shown = [run(f"detente {command} --lang {lang} --dossier {folder}").out for command in commands]
    for text in (*pages, *shown):
        assert all(part in text for part in said)
    assert said[1].strip("()") in run(f"detente milestones --lang {lang} --dossier {folder}").out


def test_keeping_a_forecast_opens_its_question_and_stays_in_its_history(folder: Path) -> None:
    asked = f"detente forecast --milestone ambassadors --dossier {folder}"
    [before] = json.loads(run(f"{asked} --keep --json").out)
    assert [each["kind"] for each in before["history"]] == ["now"]
    [after] = json.loads(run(f"{asked} --history --json").out)
    assert [(each["kind"], each["probability"]) for each in after["history"]] == [("kept", after["probability"])]
    assert "conservée ce jour-là" in run(f"{asked} --history --lang fr").out
    assert one(folder)["state"] == "open"
    assert one(folder, "direct-flights")["state"] == "not opened"


def test_two_people_settle_a_question_without_seeing_each_other(folder: Path) -> None:
    run(f"detente milestones open ambassadors --dossier {folder}")
    said = ENVOYS.format(folder)
    first = run(f"detente resolve {said} --answer yes --evidence HIDDEN --by anna")
    assert first.out == "ambassadors: 1 answer in; one more person answers, without seeing yours.\n"
    for command in ("milestones", "milestones --json", "forecast", "forecast --json", "status --json"):
        shown = run(f"detente {command} --dossier {folder}").out
        assert "HIDDEN" not in shown
        assert "anna" not in shown
    assert (one(folder)["answers_in"], one(folder)["answers"]) == (1, [])
    again = run(f"detente resolve {said} --answer yes --evidence HIDDEN --by Anna")
    assert (again.code, "answered by this person before" in again.err) == (2, True)
    second = run(f"detente resolve {said} --answer yes --evidence page --by boris")
    assert second.out == "ambassadors: 2 answers in; settled: yes, 2026-02-03.\n"
    assert one(folder)["resolution"]["by_two_people"]
    (row,) = json.loads(run(f"detente forecast --milestone ambassadors --dossier {folder} --json").out)
    assert (row["probability"], row["resolution"]["day"]) == (1.0, "2026-02-03")
    assert "HIDDEN" in row["resolution"]["evidence"]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "whole posterior"), ("fr", "loi a posteriori entière"), ("ru", "апостериорное")]
)
def test_averages_over_the_posterior_are_said_to_be_such(sample: Path, lang: str, said: str) -> None:
    asked = f"detente forecast --milestone ambassadors --dossier {sample}"
    shown = run(f"{asked} --posterior --lang {lang}").out
    assert said in shown
    assert "cure-posterior.v1" in shown
    assert said not in run(f"{asked} --lang {lang}").out


def test_a_change_of_what_is_settled_is_refused(sample: Path) -> None:
    said = "--adjust 0.4 --why 'both sides named envoys' --by anna"
    done = run(f"detente forecast --milestone leaders-summit-2025 {said} --dossier {sample}")
    assert (done.code, "nothing is left to change" in done.err.replace("\n", " ")) == (2, True)


def test_a_third_decides_and_all_three_can_differ(folder: Path) -> None:
    run(f"detente milestones open ambassadors --dossier {folder}")
    for day, name in (("2026-02-03", "anna"), ("2026-02-04", "boris"), ("2026-02-05", "vera")):
        last = run(
            f"detente resolve ambassadors --dossier {folder} --day {day} --answer yes --evidence page --by {name}"
        )
    assert "no two agree on answer and day; it stays open" in last.out
    for lang, said in (("en", "No two agree"), ("fr", "Pas deux réponses"), ("ru", "решает ещё один человек")):
        assert said in run(f"detente milestones --dossier {folder} --lang {lang}").out
    run(f"detente resolve {ENVOYS.format(folder)} --answer yes --evidence page --by gleb")
    assert one(folder)["resolution"]["day"] == "2026-02-03"


def test_what_was_known_is_shown_as_of_a_day(folder: Path) -> None:
    run(f"detente milestones open ambassadors --dossier {folder}")
    assert one(folder, options="--as-of 2026-02-01")["state"] == "not opened"


def test_the_answer_of_two_people_goes_before_the_dossiers_own(sample: Path) -> None:
    before = one(sample, "leaders-summit-2025")
    assert (before["resolution"]["answer"], before["resolution"]["by_two_people"]) == ("yes", False)
    assert before["missing"] == ["day_of", "sources", "edge_cases", "tie_break", "void_rule"]
    run(f"detente milestones open leaders-summit-2025 --dossier {sample}")
    for name in ("anna", "boris"):
        done = run(f"detente resolve leaders-summit-2025 --answer no --evidence page --by {name} --dossier {sample}")
        assert done.code == 0, done.err
    (row,) = json.loads(run(f"detente forecast --milestone leaders-summit-2025 --dossier {sample} --json").out)
    assert row["resolution"] == {"answer": "no", "day": "2025-12-31", "evidence": "page"}
    brief = json.loads(run(f"detente brief --json --dossier {sample}").out)
    names = json.dumps(brief)
    assert "resolution leaders-summit-2025: page" in names
    assert "dossier.toml leaders-summit-2025" not in names


def test_a_store_from_before_opens_and_keeps_its_forecasts(folder: Path) -> None:
    from sqlalchemy import create_engine, event

    from detente.ledger.database import _begin, _settings, migrate, writing

    old = folder / FILE_NAME
    old.unlink()
    engine = create_engine(f"sqlite:///{old}", connect_args={"isolation_level": None})
    event.listen(engine, "begin", _begin)
    event.listen(engine, "connect", _settings)
    with writing(engine, str(old)) as connection:
        migrate(connection, "0002")
    engine.dispose()
    assert run(f"detente milestones open ambassadors --dossier {folder}").code == 0
    with sqlite3.connect(old) as other:
        assert other.execute("SELECT version_num FROM alembic_version").fetchone() == (SCHEMA,)
    assert one(folder)["state"] == "open"


def test_what_cannot_be_ends_with_code_2(folder: Path) -> None:
    for line, said in (
        ("milestones --milestone tea", "no milestone 'tea'"),
        ("milestones open tea", "no milestone 'tea'"),
        ("resolve ambassadors --answer yes --day 2026-02-03 --evidence page", "was not opened"),
        ("resolve ambassadors --answer maybe --evidence page", "is not one of yes, no, void"),
        ("resolve ambassadors --answer yes --day soon --evidence page", "is not a day"),
    ):
        done = run(f"detente {line} --dossier {folder}")
        assert done.code == 2, line
        assert said in done.err.replace("\n", " ")


def test_a_chain_of_dates_is_opened_shown_and_settled_as_one(folder: Path) -> None:
    path = folder / "dossier.toml"
    text = path.read_text(encoding="utf-8")
    head, _, tail = text.partition('template = "direct-flights"')
    dates = "deadlines = [2026-02-28, 2026-06-30, 2030-12-31]"
    path.write_text(f'{head}template = "direct-flights"{tail.replace("deadline = 2027-12-31", dates, 1)}', "utf-8")
    ids = [f"direct-flights-{day}" for day in ("2026-02-28", "2026-06-30", "2030-12-31")]
    rows = json.loads(run(f"detente forecast --dossier {folder} --json").out)
    chances = [row["probability"] for row in rows if row["milestone"] in ids]
    assert chances == sorted(chances)
    assert run(f"detente milestones open direct-flights --dossier {folder}").out.count("opened on") == 3
    for name in ("anna", "boris"):
        said = f"--answer yes --day 2026-05-04 --evidence page --by {name}"
        done = run(f"detente resolve direct-flights {said} --dossier {folder}")
        assert done.code == 0, done.err
    found = json.loads(run(f"detente milestones --milestone direct-flights --dossier {folder} --json").out)
    assert [(row["milestone"], row["resolution"]["answer"], row["resolution"]["day"]) for row in found] == [
        (ids[0], "no", "2026-02-28"),
        (ids[1], "yes", "2026-05-04"),
        (ids[2], "yes", "2026-05-04"),
    ]
    assert run(f"detente resolve {ids[1]} --answer no --evidence page --dossier {folder}").code == 2
