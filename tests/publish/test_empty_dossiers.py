"""A site is written, and reads sensibly, before anything is known and when only half of it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from publish_examples import Page, complaints, document, event, new_dossier, statement, written

from detente import workflow
from detente.publish import briefs, situation


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_dossier(tmp_path_factory.mktemp("empty") / "dossier")


@pytest.fixture(scope="module")
def empty_site(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    return written(empty, tmp_path_factory.mktemp("site"))


def test_the_site_of_a_new_dossier_is_well_formed(empty_site: dict[str, Page]) -> None:
    assert {path: found for path, page in empty_site.items() if (found := complaints(page))} == {}


def test_a_new_dossier_says_that_nothing_is_known_and_what_to_do(empty_site: dict[str, Page]) -> None:
    assert "No event is recorded. Add reports with `detente add`" in empty_site["index.html"].text()
    assert "No event is recorded" in empty_site["timeline.html"].text()
    assert "No statement is recorded" in empty_site["statements.html"].text()
    assert "No report is filed" in empty_site["sources.html"].text()
    assert "Aucun événement enregistré" in empty_site["fr/index.html"].text()
    assert "Событий нет" in empty_site["ru/index.html"].text()


def test_a_new_dossier_has_no_index_and_draws_none(empty_site: dict[str, Page]) -> None:
    assert not [svg for svg in empty_site["index.html"].all("svg") if svg.attributes["class"] == "chart"]
    assert "so no index is given" in empty_site["index.html"].text()


def test_a_new_dossier_still_has_its_questions_and_their_past_cases(empty_site: dict[str, Page]) -> None:
    assert len(empty_site["milestones.html"].all("section")) >= 5
    assert len([path for path in empty_site if path.startswith("cases/")]) >= 4


@pytest.mark.parametrize("language", ["fr", "en", "ru"])
def test_the_brief_of_a_new_dossier_makes_no_claim_about_the_world(empty: Path, language: str) -> None:
    with workflow.opened(empty) as (case, ledger):
        brief = briefs.of(situation.of(case, ledger), language)
    assert {section.id for section in brief.sections} == {"answer", "outlook", "forecast", "mind", "against", "made"}
    assert brief.footnotes == []


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    report = document("en-1", "The two sides are ready to talk, Peskov said. Nothing else happened.")
    said = statement(report, "The two sides are ready to talk, Peskov said.")
    folder = new_dossier(tmp_path_factory.mktemp("spoken") / "dossier", (report, [said]), questions=False)
    return written(folder, tmp_path_factory.mktemp("site"))


def test_a_dossier_with_words_and_no_deeds_shows_the_words_and_no_index(spoken: dict[str, Page]) -> None:
    assert {path: found for path, page in spoken.items() if (found := complaints(page))} == {}
    assert "The two sides are ready to talk" in spoken["statements.html"].text()
    assert "so no index is given" in spoken["index.html"].text()
    assert "1\u00a0statement by 1\u00a0speaker" in spoken["brief.html"].source


def test_an_event_without_a_date_is_listed_as_undated_and_kept_out_of_the_index(tmp_path: Path) -> None:
    report = document("en-1", "Envoys of Russia and the United States met.")
    folder = new_dossier(tmp_path / "dossier", (report, [event(report, "Envoys of Russia", on=None)]), questions=False)
    pages = written(folder, tmp_path / "site")
    assert "undated" in pages["timeline.html"].text()
    assert "so no index is given" in pages["index.html"].text()
    assert {path: found for path, page in pages.items() if (found := complaints(page))} == {}
