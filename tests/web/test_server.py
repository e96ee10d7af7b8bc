"""The application shows the pages as of any moment, the same bytes each time, and needs no network."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from fastapi.testclient import TestClient
from publish_examples import complaints, document, event, file_report, new_dossier, parsed, statement

from detente import workflow
from detente.errors import DetenteError
from detente.forecast.cases import COLUMNS
from detente.forecast.own_cases import propose, review
from detente.publish import situation
from detente.web import application

FIRST = document("en-1", "Envoys of Russia and the United States met in Istanbul. We are ready, Peskov said.")
SECOND = document("ru-2", "Москва обвинила Вашингтон в затягивании переговоров.", language="ru", published="2025-05-02")
APIS = ["/api/timeline", "/api/statements", "/api/index", "/api/milestones", "/api/track-record", "/api/status"]
APIS += ["/api/verdicts"]
PAGES = ["/", "/index.html", "/fr/index.html", "/ru/index.html", "/fr/timeline.html", "/ru/statements.html"]
PAGES += [
    "/verdicts.html",
    "/milestones.html",
    "/fr/brief.html",
    "/data.html",
    "/ru/sources.html",
    "/cases/ambassadors.html",
]


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports: one recorded in April 2025, one in May."""
    met = event(FIRST, "Envoys of Russia and the United States met in Istanbul.")
    folder = new_dossier(
        tmp_path_factory.mktemp("served") / "dossier", (FIRST, [met, statement(FIRST, "We are ready, Peskov said.")])
    )
    accused = event(SECOND, SECOND.text, type="ACCUSE", on="2025-05-02")
    file_report(folder, SECOND, [accused], moment=datetime(2025, 5, 3, tzinfo=UTC))
    return folder


@pytest.fixture(scope="module")
def client(dossier: Path) -> Iterator[TestClient]:
    with TestClient(application(dossier)) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_served_whole_in_its_language(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = parsed(path.lstrip("/") or "index.html", answer.text)
    assert complaints(page) == []


def test_an_event_page_shows_the_quote(client: TestClient) -> None:
    entry = client.get("/api/timeline").json()[0]["occurrence"]
    page = parsed(f"ru/event/{entry}.html", client.get(f"/ru/event/{entry}.html").text)
    assert page.all("mark")[0].text() == "Envoys of Russia and the United States met in Istanbul."
    assert page.all("blockquote")[0].language == "en"


@pytest.mark.parametrize("path", APIS)
@pytest.mark.parametrize("as_of", ["2025-04-20", "2025-04-20T12:00:00+00:00", "2025-06-01"])
def test_a_replay_gives_the_same_bytes(dossier: Path, client: TestClient, path: str, as_of: str) -> None:
    with TestClient(application(dossier)) as another:
        first, again = client.get(path, params={"as_of": as_of}), another.get(path, params={"as_of": as_of})
    assert first.status_code == 200
    assert first.content == again.content
    assert first.headers["etag"] == again.headers["etag"]


def test_a_replay_knows_nothing_recorded_later(client: TestClient) -> None:
    def counts(as_of: str) -> list[int]:
        return [len(client.get(p, params={"as_of": as_of}).json()) for p in ("/api/timeline", "/api/statements")]

    assert counts("2025-04-01") == [0, 0]
    assert counts("2025-04-20") == [1, 1]
    assert counts("2025-06-01") == [2, 1]


def test_a_page_asked_for_the_past_stays_there(client: TestClient) -> None:
    answer = client.get("/fr/timeline.html", params={"as_of": "2025-04-20"}, follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/as-of/2025-04-20/fr/timeline.html"
    page = client.get(answer.headers["location"]).text
    assert "Tel que le dossier était le 20\u00a0avril\u00a02025" in page
    assert "Москва обвинила" not in page
    assert "Москва обвинила" in client.get("/fr/timeline.html").text
    for href in parsed("fr/timeline.html", page).links():
        assert not href.startswith("/"), "a link from the top would lead back to the present"


def test_a_download_of_the_past_holds_the_past(client: TestClient) -> None:
    then = client.get("/as-of/2025-04-20/data/events.jsonl").text
    assert "Istanbul" in then
    assert "Москва" not in then


@pytest.mark.parametrize("as_of", ["yesterday", "2025-13-01", "2025-04-20T12:00:00", "20/04/2025"])
def test_a_day_that_is_none_is_refused_with_what_to_write(client: TestClient, as_of: str) -> None:
    for path in ("/api/index", "/fr/index.html"):
        answer = client.get(path, params={"as_of": as_of})
        assert answer.status_code == 422
        assert as_of in answer.json()["error"]
        assert "Write 2025-04-30." in answer.json()["error"] or "Add +00:00." in answer.json()["error"]


@pytest.mark.parametrize(
    "path",
    ["/nothing.html", "/fr/nothing.html", "/event/0000.html", "/../etc/passwd", "/data/events.exe", "/dossier.toml"],
)
def test_what_is_not_there_is_a_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_address_asked_for_is_no_markup_in_the_404(client: TestClient) -> None:
    answer = client.get("/%3Cscript%3Ealert(1)%3C/script%3E.html")
    assert answer.status_code == 404
    assert "<script>" not in answer.text


@pytest.mark.parametrize("path", ["/", "/api/index", "/nothing", "/brief.fr.md", "/api/index?as_of=x"])
def test_every_answer_carries_the_headers_that_keep_a_reader_safe(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/brief.fr.md", "text/markdown; charset=utf-8"),
        ("/brief.ru.html", "text/html; charset=utf-8"),
        ("/chronology.csv", "text/csv; charset=utf-8"),
        ("/chronology.jsonl", "application/x-ndjson; charset=utf-8"),
        ("/index.json", "application/json; charset=utf-8"),
        ("/data/events.parquet", "application/vnd.apache.parquet"),
        ("/data/statements.jsonl", "application/x-ndjson; charset=utf-8"),
    ],
)
def test_a_download_says_what_it_is(client: TestClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.content


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    etag = client.get("/ru/index.html").headers["etag"]
    again = client.get("/ru/index.html", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/fr/index.html", headers={"If-None-Match": etag}).status_code == 200


def test_two_readers_at_once_get_the_same_and_it_is_made_once(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    of = situation.of

    def counted(*args: Any, **more: Any) -> situation.Situation:
        made.append(more)
        return of(*args, **more)

    monkeypatch.setattr(situation, "of", counted)
    with TestClient(application(dossier)) as client, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(client.get, ["/fr/index.html"] * 4 + ["/api/index"] * 2))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers[:4]}) == 1
    assert len(made) == 1


def test_a_ledger_that_grows_under_it_is_seen_at_the_next_asking(dossier: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(dossier, tmp_path / "copy"))
    with TestClient(application(copy)) as client:
        before, past = client.get("/api/timeline"), client.get("/api/timeline", params={"as_of": "2025-04-20"})
        report = document("fr-3", "Moscou et Washington ont signé un accord.", language="fr", published="2025-05-20")
        signed = event(report, report.text, type="SUPPORT", on="2025-05-20")
        file_report(copy, report, [signed], moment=datetime(2025, 5, 21, tzinfo=UTC))
        after = client.get("/api/timeline")
        assert len(after.json()) == len(before.json()) + 1
        assert after.headers["etag"] != before.headers["etag"]
        assert "ont signé un accord" in client.get("/timeline.html").text
        assert "ont signé un accord" in client.get("/data/events.csv").text
        assert client.get("/api/timeline", params={"as_of": "2025-04-20"}).content == past.content


def test_nobody_waits_for_measuring_but_who_loads_a_page_again(dossier: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(dossier, tmp_path / "grows"))
    # Not entered: what an application does before anybody asks would run beside the test.
    client = TestClient(application(folder, patient=True))
    before = client.get("/api/status").json()["head"]["hash"]
    third = document("en-3", "Moscow and Washington reopened the consulates.", published="2025-05-20")
    file_report(folder, third, [event(third, third.text, on="2025-05-20")], moment=datetime(2025, 6, 1, tzinfo=UTC))
    held = client.get("/timeline.html")
    again = client.get("/timeline.html", headers={"cache-control": "max-age=0"})
    assert held.status_code == 200
    assert "consulates" in again.text
    # Both name the state of the ledger that they were made from.
    assert before[:12] in held.text or held.text == again.text
    assert client.get("/api/status").json()["head"]["hash"] != before


def test_another_ledger_put_in_its_place_is_read(dossier: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(dossier, tmp_path / "restored"))
    client = TestClient(application(folder))
    assert len(client.get("/api/timeline").json()) == 2
    (folder / "ledger.db").rename(folder / "old.db")
    with workflow.opened(folder):
        pass
    assert client.get("/api/timeline").json() == []


def test_a_dossier_edited_under_it_is_read_again(dossier: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(dossier, tmp_path / "copy"))
    with TestClient(application(copy)) as client:
        assert "Draft, do not cite." not in client.get("/index.html").text
        toml = copy / "dossier.toml"
        notice = 'notice = { en = "Draft, do not cite.", fr = "Projet.", ru = "Проект." }\n[dossier]'
        text = toml.read_text("utf-8")
        head, _, tail = text.partition("[dossier]\n")
        toml.write_text(f"{head}[dossier]\n{notice.splitlines()[0]}\n{tail}", "utf-8")
        assert "Draft, do not cite." in client.get("/index.html").text


def test_serving_reaches_for_nothing_outside(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        assert not (isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost")), address
        connect(self, address)

    def no_lookup(*asked: Any, **more: Any) -> Any:
        raise AssertionError(asked)

    monkeypatch.setattr(socket.socket, "connect", local_only)
    monkeypatch.setattr(socket, "getaddrinfo", no_lookup)
    with TestClient(application(dossier)) as client:
        for path in ("/", "/ru/brief.html", "/data/persons.parquet", "/api/milestones"):
            assert client.get(path).status_code == 200


def test_a_folder_without_a_dossier_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(DetenteError, match="dossier"):
        application(tmp_path)


def test_a_case_reviewed_while_it_is_served_shows_at_once(tmp_path: Path) -> None:
    folder = new_dossier(tmp_path / "dossier", (FIRST, [event(FIRST, FIRST.text)]))
    row = {column: "0" if column.startswith("cov_") else "" for column in COLUMNS} | {
        "dyad": "USA-Iran 1998",
        "rupture_date": "1980-04-07",
        "rupture_level": "severed",
        "process_start": "1998-01-07",
        "outcome": "failed",
        "end_date": "2002-01-29",
        "source": "https://one.example/a; https://two.example/b",
        "confidence": "medium",
    }
    with TestClient(application(folder)) as opened:
        before = opened.get("/api/milestones").json()
        propose(folder, f"{','.join(row)}\n{','.join(row.values())}\n", by="anna", day=date(2025, 1, 1))
        assert opened.get("/api/milestones").json() == before
        review(folder, "USA-Iran 1998", by="boris", day=date(2025, 1, 2))
        assert opened.get("/api/milestones").json() != before
