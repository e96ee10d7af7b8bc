"""One event, many reports, from the text on: what three languages tell is one line, what only looks alike is not."""

from __future__ import annotations

import json
import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from tests.console import run

from detente.ledger import Ledger
from detente.terms import Occurrence

REPORTS = tomllib.loads((Path(__file__).parent / "examples" / "many_reports.toml").read_text(encoding="utf-8"))[
    "report"
]
EVENT = {told["id"]: told["event"] for told in REPORTS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "case"
    lines = path.parent / "reports.jsonl"
    lines.write_text("".join(json.dumps(told, ensure_ascii=False) + "\n" for told in REPORTS), encoding="utf-8")
    assert run(f"detente new {path} --dyad RUS-USA --since 2025-01-01").code == 0
    assert run(f"detente add {lines} --dossier {path} --quiet").code == 0
    assert run(f"detente code --dossier {path} --quiet").code == 0
    return path


@pytest.fixture(scope="module")
def occurrences(folder: Path) -> list[Occurrence]:
    with Ledger.open(f"sqlite:///{folder / 'ledger.db'}") as ledger:
        return ledger.occurrences()


def test_reports_of_one_event_are_together_and_others_apart(occurrences: list[Occurrence]) -> None:
    together = {pair for o in occurrences for pair in combinations(sorted(o.documents), 2)}
    wanted = {(a, b) for a, b in combinations(sorted(EVENT), 2) if EVENT[a] == EVENT[b]}
    assert together - wanted == set(), "joined, though two events"
    assert wanted - together == set(), "apart, though one event"


@pytest.mark.parametrize(
    ("event", "field", "readings"),
    [
        ("call-12-march", "length", {"50": 2, "~60": 1}),
        ("new-york", "length", {"50": 2, "~60": 1}),
        ("vienna-june", "event_date", {"2025-06-03": 2, "2025-07-03": 1}),
        ("witkoff-august", "realis", {}),  # announced two days before, and so it came: no difference
        ("budapest", "realis", {}),  # announced, and called off five days later
        ("sanctions-july", "count", {"14": 2, "12": 1}),
        ("expulsion-september", "count", {"2": 2, "3": 1}),
    ],
)
def test_what_reports_differ_on_is_kept(
    occurrences: list[Occurrence], event: str, field: str, readings: dict[str, int]
) -> None:
    members = {name for name, of in EVENT.items() if of == event}
    kept = [dict(dict(o.disagreements).get(field, ())) for o in occurrences if set(o.documents) == members]
    assert readings in kept


@pytest.mark.parametrize("event", ["istanbul-february", "riyadh-march", "anchorage", "call-18-august"])
def test_lengths_that_can_all_be_right_are_no_disagreement(occurrences: list[Occurrence], event: str) -> None:
    told = [o for o in occurrences if {EVENT[d] for d in o.documents} == {event}]
    assert told
    assert all("length" not in dict(o.disagreements) for o in told)


def test_the_chronology_shows_them_in_the_readers_language(folder: Path) -> None:
    for language, line in (
        ("en", "! Length: 50 mins (2); about 1 hr (1)"),
        ("fr", "! Durée : 50 min (2) ; environ 1 h (1)"),
        ("ru", "! Продолжительность: 50 мин (2); около 1 ч (1)"),
    ):
        shown = run(f"detente timeline --dossier {folder} --lang {language}").out
        assert line in " ".join(shown.replace("\u202f", " ").replace("\xa0", " ").split())
