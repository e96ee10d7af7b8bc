"""The first page: how chances moved, which issues move, who rises, who tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from publish_examples import document, event, file_report, new_dossier, parsed

from detente import workflow
from detente.publish import sites, situation
from detente.publish.catalogue import Words

MET = document("en-1", "Envoys of Russia and the United States met in Istanbul.", published="2025-04-10")
SIGNED = document("en-2", "Russia and the United States signed an agreement in Riyadh.", published="2025-06-10")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of April, recorded in April, and one of June, recorded in June."""
    made = new_dossier(tmp_path_factory.mktemp("first") / "dossier", (MET, [event(MET, MET.text)]))
    signed = event(SIGNED, SIGNED.text, type="AGREE", on="2025-06-09")
    file_report(made, SIGNED, [signed], moment=datetime(2025, 6, 11, tzinfo=UTC))
    return made


def test_a_chance_is_held_against_what_a_page_of_thirty_days_before_said(folder: Path) -> None:
    with workflow.opened(folder) as (case, ledger):
        now = situation.of(case, ledger)
        then = situation.of(case, ledger, as_of=now.day - timedelta(days=30))
    before = {row.milestone.id: row.forecast.probability for row in then.milestones}
    moves = {row.milestone.id: now.move_of(row) for row in now.milestones}
    assert moves == {r.milestone.id: round(r.forecast.probability - before[r.milestone.id], 6) for r in now.milestones}
    assert any(moves.values())
    assert all(then.move_of(row) is None for row in then.milestones), "nothing was recorded a month before the first"
    for language in ("en", "ru"):
        page = parsed("index.html", sites.Pages(now, language)["ru/index.html" if language == "ru" else "index.html"])
        table = next(e for e in page.all("table") if "when" in e.attributes["class"].split())
        for row, line in zip(now.milestones, table.all("tr")[1:], strict=True):
            told = Words(language).number(100 * (moves[row.milestone.id] or 0), 0, signed=True)
            assert line.all("td")[1].text() == told
            assert any("milestones.html" in a.attributes["href"] for a in line.all("a"))
