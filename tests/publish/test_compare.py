"""Two situations side by side: what differs is named with its reason, and what makes them hard to compare is said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from publish_examples import complaints, document, event, file_report, new_dossier, parsed, state
from tests.console import run

from detente import workflow
from detente.publish import compare, sites, situation
from detente.publish.catalogue import Words
from detente.publish.compare import Comparison
from detente.terms import Event

MET = document("en-1", "Envoys of Russia and the United States met in Istanbul on Thursday.")
ACCUSED = document("en-2", "Washington accused Moscow of delay.", published="2025-04-11")
THREATENED = document("en-3", "Moscow threatened Washington with consequences.", published="2025-04-11")
SIGNED = document("fr-4", "Les négociateurs ont signé un accord.", language="fr", published="2025-06-20")
LATER = datetime(2025, 6, 21, 9, 0, tzinfo=UTC)
USA, RUS = state("USA"), state("RUS")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two dossiers; in the first one event is rejected later, one is put right and one is added."""
    where = tmp_path_factory.mktemp("compared")
    accused = event(ACCUSED, ACCUSED.text, type="ACCUSE", on="2025-04-11", actors=(USA,), recipients=(RUS,))
    threatened = event(THREATENED, THREATENED.text, type="THREATEN", on="2025-04-11", actors=(RUS,), recipients=(USA,))
    reports = (MET, [event(MET, MET.text)]), (ACCUSED, [accused]), (THREATENED, [threatened])
    one = new_dossier(where / "one", *reports, questions=False)
    file_report(one, SIGNED, [event(SIGNED, SIGNED.text, type="AGREE", on="2025-06-20")], moment=LATER)
    later = iter(LATER.replace(hour=10, minute=n) for n in range(60))
    with workflow.opened(one, clock=lambda: next(later)) as (_, ledger):
        named = {entry.document: entry for entry in ledger.entries()}
        ledger.decide(named["en-2"].id, "reject", by="anna", why="It is only quoted.", saw="source")
        coded = named["en-3"].coding
        assert isinstance(coded, Event)
        right = replace(coded, type="ACCUSE")
        ledger.decide(named["en-3"].id, "amend", by="anna", why="No threat.", amended=right, saw="source")
    return one, new_dossier(where / "other", (MET, [event(MET, MET.text)]))


@pytest.fixture(scope="module")
def days(folders: tuple[Path, Path]) -> Comparison:
    with workflow.opened(folders[0]) as (case, ledger):
        first, second = (situation.of(case, ledger, as_of=day) for day in (date(2025, 5, 1), date(2025, 6, 30)))
        return compare.of_days(first, second, ledger)


@pytest.fixture(scope="module")
def pair(days: Comparison, folders: tuple[Path, Path]) -> Comparison:
    with workflow.opened(folders[1]) as (case, ledger):
        return compare.of_dossiers(days.sides[1].situation, situation.of(case, ledger))


def test_of_two_days_it_names_what_was_added_put_right_and_rejected(days: Comparison) -> None:
    found = {change.row.cited[0].document.id: change for change in days.changes or ()}
    told = {name: days.change_text(change, Words("en")) for name, change in found.items()}
    assert told == {
        "fr-4": "added",
        "en-3": "told otherwise: type, score and review",
        "en-2": "gone (rejected by a person: “It is only quoted.”)",
    }
    assert days.counts(Words("ru")) == "События: добавлено 1; изложено иначе 1; снято 1."
    assert found["en-3"].before is not None
    assert found["en-3"].before.occurrence.event.type == "THREATEN"


def test_a_day_beside_itself_differs_in_nothing(days: Comparison, folders: tuple[Path, Path]) -> None:
    now = days.sides[1].situation
    with workflow.opened(folders[0]) as (_, ledger):
        same = compare.of_days(now, now, ledger)
    assert same.changes == ()
    assert same.index_text(0, Words("fr")) == same.index_text(1, Words("fr"))


def test_what_makes_two_dossiers_hard_to_compare_is_said(pair: Comparison) -> None:
    said = " ".join(pair.notes(Words("en"))).replace("\u00a0", " ")
    assert "not an amount" in said
    assert "The last reports are of 20 June 2025 and 10 April 2025" in said
    assert "in other languages" in said
    assert pair.changes is None
    asked = {pair.question(chance, Words("en")): chance.rows for chance in pair.chances}
    assert all(rows[0] is None and rows[1] is not None for rows in asked.values())
    assert len(asked) > 3
    assert pair.chance_text(None, Words("fr")) == "non posée"


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_the_page_of_two_dossiers_is_sound_and_every_link_of_it_leads_to_something(
    pair: Comparison, language: str
) -> None:
    now, other = (side.situation for side in pair.sides)
    pages = sites.Pages(now, language, sites.Where(now, beside=other))
    path = sites.path_of("compare", language)
    page = parsed(path, pages[path])
    assert complaints(page) == []
    here = sites.folder_of(language)
    own = {link for link in page.links() if re.fullmatch(r"[a-z-]+(/[^/]+)?\.html", link)}
    own -= {f"{other}/compare.html" for other in ("fr", "ru")}
    assert {link for link in own if here + link not in pages} == set()
    assert len(own) > 10
    assert {link[1:] for link in page.links() if link.startswith("#")} <= set(page.ids())
    cells = [cell for cell in page.all("td") if any(letter.isdigit() for letter in cell.text())]
    assert len(cells) > 15
    assert all(cell.all("a") for cell in cells)
    assert len(page.all("blockquote")) >= 2
    assert ">" + Words(language)("Compare") + "<" in pages[sites.path_of("index", language)]


def test_the_command_compares_dossiers_and_days(folders: tuple[Path, Path], tmp_path: Path) -> None:
    one, other = folders
    figure = tmp_path / "both.svg"
    done = run(f"detente compare {one} {other} --lang fr --svg {figure}")
    assert (done.code, "Indice commun" in done.out) == (0, True)
    assert figure.read_text("utf-8").startswith("<svg")
    told = json.loads(run(f"detente compare {one} --from 2025-05-01 --to 2025-06-30 --json").out)
    assert [each["change"] for each in told["events"]] == ["added", "told_otherwise", "gone"]
    assert told["first"]["as_of"] == "2025-05-01"
    assert told["first"]["coverage"]["reports"] == 3
    for wrong in (f"{one}", f"{one} {other} --from 2025-05-01", f"{one} --from 2025-05-01 --as-of 2025-06-01"):
        assert run(f"detente compare {wrong}").code == 2
