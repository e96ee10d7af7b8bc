"""A folder of texts becomes a chronology, statements, an index, forecasts, a brief and a site; mistakes end clearly."""

import csv
import json
import re
from pathlib import Path

import pytest
from tests.console import run

from detente.publish.pages import script

ARTICLES = {
    "en": (
        "en-1",
        "2025-03-04",
        "Cuban and U.S. officials met in Havana on 3 March 2025 to discuss migration and the work of their embassies. "
        'Deputy Foreign Minister Carlos Fernandez de Cossio said the talks were "useful and respectful".',
    ),
    "fr": (
        "fr-1",
        "2025-03-05",
        "Lundi 3 mars 2025, des délégations cubaine et américaine se sont rencontrées à La Havane pour parler "
        "des ambassades. "
        "Le ministre cubain des Affaires étrangères, Bruno Rodríguez, a dénoncé le maintien des sanctions américaines.",
    ),
    "ru": (
        "ru-1",
        "2025-03-05",
        "3 марта 2025 года делегации Кубы и США провели в Гаване переговоры о работе посольств. "
        "США отменили санкции против Кубы, сообщил Госдепартамент.",
    ),
}


@pytest.fixture
def cuba(tmp_path: Path) -> Path:
    """A dossier made with `detente new` alone, three articles added and coded."""
    folder = tmp_path / "cub-usa"
    lines = [
        json.dumps({"id": i, "text": text, "published": day, "language": lang}, ensure_ascii=False)
        for lang, (i, day, text) in ARTICLES.items()
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(f"detente new {folder} --dyad CUB-USA --since 2025-01-01").code == 0
    done = run(f"detente add {tmp_path / 'articles.jsonl'} --dossier {folder} --json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["added"] == ["en-1", "fr-1", "ru-1"]
    assert run(f"detente code --dossier {folder}").code == 0
    return folder


def test_another_pair_of_states_works_with_what_detente_new_wrote(cuba: Path) -> None:
    rows = json.loads(run(f"detente timeline --dossier {cuba} --json").out)
    met = [row for row in rows if row["type"] == "CONSULT" and row["event_date"] == "2025-03-03"]
    assert met
    assert met[0]["sides"] == ["CUB", "USA"]
    assert met[0]["place"] == "Havana"
    assert {cited["document"] for cited in met[0]["evidence"]} == {"en-1", "fr-1", "ru-1"}, "one meeting, told by three"


def test_every_quote_that_is_shown_stands_at_its_offsets(cuba: Path) -> None:
    texts = {i: text for i, _, text in ARTICLES.values()}
    for kind in ("events", "statements", "times", "persons"):
        out = run(f"detente export {kind} --dossier {cuba}").out
        records = [json.loads(line) for line in out.splitlines()]
        assert records, kind
        for record in records:
            assert texts[record["document"]][record["start"] : record["end"]] == record["quote"]


def test_statements_name_speaker_role_side_and_stance(cuba: Path) -> None:
    rows = json.loads(run(f"detente statements --dossier {cuba} --json").out)
    said = {row["speaker"]: row for row in rows}
    minister = next(row for name, row in said.items() if "Rodr" in name)
    assert minister["side"] == "CUB"
    assert minister["role"]
    assert minister["stance"] < 0


def test_csv_and_parquet_hold_the_same_rows(cuba: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert run(f"detente export events --dossier {cuba} --format csv --out {tmp_path / 'e.csv'}").code == 0
    assert run(f"detente export events --dossier {cuba} --format parquet --out {tmp_path / 'e.parquet'}").code == 0
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["quote"] for row in rows] == pq.read_table(tmp_path / "e.parquet").column("quote").to_pylist()


@pytest.mark.parametrize("language", ["fr", "en", "ru"])
def test_a_brief_is_written_in_each_language_with_its_evidence(cuba: Path, language: str) -> None:
    text = run(f"detente brief --dossier {cuba} --lang {language}").out
    assert text.startswith("# ")
    assert "[^1]:" in text
    brief = json.loads(run(f"detente brief --dossier {cuba} --lang {language} --json").out)
    for section in brief["sections"]:
        for sentence in section["sentences"]:
            assert sentence["evidence"] or sentence["data"], sentence["text"]


def test_adding_and_coding_twice_changes_nothing(cuba: Path, tmp_path: Path) -> None:
    before = run(f"detente status --dossier {cuba} --json").out
    again = json.loads(run(f"detente add {tmp_path / 'articles.jsonl'} --dossier {cuba} --json").out)
    assert again["added"] == []
    assert again["known"] == ["en-1", "fr-1", "ru-1"]
    assert json.loads(run(f"detente code --dossier {cuba} --json").out)["entries"] == 0
    assert run(f"detente status --dossier {cuba} --json").out == before


def test_a_decision_is_a_line_and_the_chronology_follows_it(cuba: Path) -> None:
    rows = json.loads(run(f"detente timeline --dossier {cuba} --json").out)
    entries = [cited["entry"] for cited in rows[-1]["evidence"]]
    for entry in entries:
        decided = f"--entry {entry} --decision reject --why wrong --by tester --json"
        done = run(f"detente review --dossier {cuba} {decided}")
        assert json.loads(done.out)["action"] == "reject"
    after = json.loads(run(f"detente timeline --dossier {cuba} --json").out)
    assert rows[-1]["occurrence"] not in {row["occurrence"] for row in after}
    assert len(after) < len(rows)


def test_an_amended_event_is_shown_as_amended(cuba: Path) -> None:
    queue = json.loads(run(f"detente review --dossier {cuba} --json").out)
    entry = next(item["entry"] for item in queue if item["kind"] == "event")
    decided = f"--entry {entry} --set realis=planned --why 'announced only' --by tester"
    done = run(f"detente review --dossier {cuba} {decided}")
    assert done.code == 0, done.err
    records = [json.loads(line) for line in run(f"detente export events --dossier {cuba}").out.splitlines()]
    record = next(r for r in records if r["entry"] == entry)
    assert (record["realis"], record["decided"]) == ("planned", "amend")


def test_the_site_is_written_in_three_languages_and_asks_for_nothing_outside(cuba: Path, tmp_path: Path) -> None:
    assert run(f"detente site --dossier {cuba} --out {tmp_path / 'site'} --quiet").code == 0
    for page in ("index.html", "fr/index.html", "ru/index.html", "timeline.html", "brief.fr.md", "chronology.csv"):
        assert (tmp_path / "site" / page).stat().st_size > 0
    text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)[-1] == script()
    assert "<script src" not in text
    assert 'src="http' not in text
    assert '<link rel="stylesheet" href="http' not in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("timeline --dossier nowhere", "detente new"),
        ("new x --dyad RUS", "write two alpha-3 codes"),
        ("new x --dyad RUS-QQQ", "QQQ"),
        ("forecast --milestone tea", "no milestone 'tea'"),
        ("code --coder none.v1", "no coder 'none.v1'"),
        ("export tea", "'tea' is not one of"),
        ("timeline --as-of yesterday", "is not a day"),
        ("brief --lang de", "is not one of fr, en, ru"),
        ("export events --format parquet", "Name one"),
    ],
)
def test_a_command_that_cannot_run_ends_with_2_and_says_what_to_do(
    line: str, message: str, example_folder: Path
) -> None:
    done = run(f"detente {line}")
    assert done.code == 2
    assert message in " ".join((done.err + done.out).replace("│", " ").split())


def test_what_cannot_be_read_ends_with_1_and_the_rest_is_filed(example_folder: Path) -> None:
    folder = example_folder / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text("Washington and Moscow held talks in Geneva on 3 March 2025.\n", encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    done = run(f"detente add {folder} --published 2025-03-04 --json")
    assert done.code == 1
    report = json.loads(done.out)
    assert len(report["added"]) == 1
    assert report["failed"] == 2
    assert "empty.txt" in done.err
    assert "binary.txt" in done.err
