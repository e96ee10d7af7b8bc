"""What a person decided is shown with the name, and what was rejected goes from the site."""

from __future__ import annotations

from pathlib import Path

import pytest
from publish_examples import document, event, new_dossier, written

from detente import workflow
from detente.publish import sites
from detente.publish.sites import MANIFEST

REPORT = document("en-1", "Envoys of Russia and the United States met in Istanbul. Moscow accused Washington of delay.")


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    met = event(REPORT, "Envoys of Russia and the United States met in Istanbul.")
    accused = event(REPORT, "Moscow accused Washington of delay.", type="ACCUSE")
    return new_dossier(tmp_path / "dossier", (REPORT, [met, accused]), questions=False)


def _entry(dossier: Path, kind: str) -> str:
    with workflow.opened(dossier) as (_, ledger):
        return next(s.entry.id for s in ledger.codings("event") if s.coding.type == kind)


def test_a_checked_event_says_by_whom_and_why(dossier: Path, tmp_path: Path) -> None:
    met = _entry(dossier, "CONSULT")
    with workflow.opened(dossier) as (_, ledger):
        ledger.decide(met, "accept", by="Anna Petrova", why="Read both reports.")
    pages = written(dossier, tmp_path / "site")
    page = pages[f"event/{met}.html"].text()
    assert "accepted by Anna Petrova on" in page
    assert "Read both reports." in page
    assert "checked by a person" in page
    assert "1\u00a0coding checked by a person" in pages["index.html"].source
    assert "не проверено" in pages[f"ru/event/{_entry(dossier, 'ACCUSE')}.html"].text()


def test_a_rejected_event_goes_from_a_site_written_again(dossier: Path, tmp_path: Path) -> None:
    out, accused = tmp_path / "site", _entry(dossier, "ACCUSE")
    assert f"event/{accused}.html" in written(dossier, out)
    mine = out / "notes.html"
    mine.write_text("mine")
    with workflow.opened(dossier) as (_, ledger):
        ledger.decide(accused, "reject", by="A. P.", why="A comment, not an act.")
    written(dossier, out)
    assert not list(out.rglob(f"{accused}.html"))
    assert mine.is_file(), "a file that was not ours was taken away"


def test_a_manifest_cannot_make_us_take_away_files_elsewhere(dossier: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "site", tmp_path / "other.txt"
    other.write_text("keep")
    written(dossier, out)
    (out / MANIFEST).write_text(f"../other.txt\n{other}\n")
    written(dossier, out)
    assert other.read_text() == "keep"


def test_a_long_list_is_cut_into_parts_that_lead_to_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sites, "ROWS_A_PAGE", 4)
    reports = []
    for n in range(9):
        report = document(f"en-{n}", f"Report {n}: something was done in Geneva.", published=f"2025-04-{1 + 2 * n:02}")
        kind = ("ACCUSE", "CONSULT", "REQUEST")[n % 3]
        reports.append((report, [event(report, f"Report {n}", type=kind, on=f"2025-04-{1 + 2 * n:02}")]))
    pages = written(new_dossier(tmp_path / "dossier", *reports, questions=False), tmp_path / "site")
    assert "timeline-4.html" not in pages
    assert "timeline-2.html" in pages["timeline.html"].links()
    assert "timeline.html" in pages["fr/timeline-3.html"].links()
    listed = [e for n in ("", "-2", "-3") for e in pages[f"timeline{n}.html"].ids() if e.startswith("e-")]
    assert len(listed) == len(set(listed)) == 9


def test_the_way_to_the_top_is_as_long_as_the_page_is_deep() -> None:
    assert sites.Navigation("index", "en").up == ""
    assert sites.Navigation("event/1", "en").up == "../"
    assert sites.Navigation("cases/x", "fr").up == "../../"
    assert sites.Navigation("cases/x", "fr").other("en") == "../../cases/x.html"
    assert [sites.Navigation(p, "en").section for p in ("statements-2", "event/1", "cases/x", "sources-3")] == [
        "statements",
        "timeline",
        "milestones",
        "data",
    ]
