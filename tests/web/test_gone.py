"""Who follows a link to an event that a person took away is told who did, when and why, and where to go."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from fastapi.testclient import TestClient
from publish_examples import complaints, document, event, new_dossier, parsed

from detente import workflow
from detente.web import application

MET = document("en-1", "Envoys of Russia and the United States met in Istanbul. Nobody else was there.")
TOLD = {
    "en": ("This event has no page any more", "rejected", "“The text does not say this.”"),
    "fr": ("Cet événement n’a plus de page", "rejeté", "«\u00a0The text does not say this.\u00a0»"),
    "ru": ("У этого события больше нет страницы", "отклонил", "«The text does not say this.»"),
}


def test_a_rejected_event_answers_with_who_when_and_why_and_is_there_again_when_that_is_taken_back(
    tmp_path: Path,
) -> None:
    folder = new_dossier(tmp_path / "dossier", (MET, [event(MET, "Envoys of Russia and the United States met")]))
    with TestClient(application(folder)) as client:
        [entry] = [row["occurrence"] for row in client.get("/api/timeline").json()]
        assert client.get(f"/event/{entry}.html").status_code == 200
        with workflow.opened(folder) as (_, ledger):
            ledger.decide(entry, "reject", by="Ada Reader", why="The text does not say this.")
            day = ledger.decisions(entry)[-1].recorded.date()
        for language, told in TOLD.items():
            path = f"{'' if language == 'en' else language + '/'}event/{entry}.html"
            answer = client.get(f"/{path}")
            assert answer.status_code == 410
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            page = parsed(path, answer.text)
            assert complaints(page) == []
            assert all(part in page.text().replace("«\u0020", "«\u00a0") or part in answer.text for part in told)
            assert "Ada Reader" in answer.text
            assert str(day.year) in page.text()
            assert "../timeline.html" in page.links()
            assert "met in Istanbul" not in answer.text, "what was rejected is not told again"
        assert client.get(f"/as-of/2025-04-20/event/{entry}.html").status_code == 200
        assert client.get(f"/event/{'0' * 16}.html").status_code == 404
        assert client.get(f"/as-of/2025-01-01/event/{entry}.html").status_code == 404
        with workflow.opened(folder) as (_, ledger):
            ledger.decide(entry, "accept", by="Ada Reader", why="It does.")
        assert client.get(f"/event/{entry}.html").status_code == 200


def test_an_event_that_went_into_another_leads_there(tmp_path: Path) -> None:
    other = document("en-2", "Russian and American envoys met in Istanbul, officials said.", published="2025-04-11")
    folder = new_dossier(
        tmp_path / "dossier",
        (MET, [event(MET, "Envoys of Russia and the United States met")]),
        (other, [event(other, "Russian and American envoys met in Istanbul")]),
    )
    with TestClient(application(folder)) as client:
        [told] = client.get("/api/timeline").json()
        first, second = told["occurrence"], {cited["entry"] for cited in told["evidence"]} - {told["occurrence"]}
        answer = client.get(f"/fr/event/{next(iter(second))}.html")
        assert answer.status_code == 410
        assert f"../event/{first}.html" in parsed("fr/event/x.html", answer.text).links()
        with workflow.opened(folder) as (_, ledger):
            ledger.decide(first, "reject", by="Ada Reader", why="The text does not say this.")
        answer = client.get(f"/event/{first}.html")
        assert answer.status_code == 410
        assert f"../event/{next(iter(second))}.html" in parsed("event/x.html", answer.text).links()
