"""The brief is read, mended and published in the browser as on the command line: the same log, the same refusals."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from fastapi.testclient import TestClient
from publish_examples import Page, complaints, document, event, new_dossier, parsed, state

from detente import workflow
from detente.accounts import Cost, SignIns
from detente.ledger import FILE_NAME
from detente.publish import brief_log, brief_versions
from detente.publish.desk import REFUSALS
from detente.web import application
from detente.web.gate import Gate

BASE = "http://127.0.0.1:8765"
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
MET = document("en-1", "Envoys of Russia and the United States met in Istanbul on Thursday. They talked for hours.")
ACCUSED = document("en-2", f"Washington accused Moscow of delay. {MARKUP}", published="2025-04-11")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A dossier and its application, measured once: nobody writes to its ledger here, only to the log of briefs."""
    met = event(MET, "Envoys of Russia and the United States met in Istanbul on Thursday.")
    accused = event(ACCUSED, ACCUSED.text, type="ACCUSE", actors=(state("USA"),), recipients=(state("RUS"),))
    folder = new_dossier(
        tmp_path_factory.mktemp("brief") / "dossier", (MET, [met]), (ACCUSED, [accused]), questions=False
    )
    return folder, application(folder)


@pytest.fixture
def folder(made: tuple[Path, Any]) -> Iterator[Path]:
    yield made[0]
    for file in sorted((made[0] / brief_log.FOLDER).rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()


@pytest.fixture
def desk(made: tuple[Path, Any], folder: Path) -> TestClient:
    client = TestClient(made[1], base_url=BASE, client=("127.0.0.1", 50000))
    client.post("/desk/who", data={"token": token(client.get("/desk/log").text), "name": "Anna Lind"})
    return client


def token(text: str) -> str:
    return text.partition('name="token" value="')[2].partition('"')[0]


def page_of(answer: Any) -> Page:
    return parsed(answer.url.path.lstrip("/"), answer.text)


def rows(folder: Path) -> tuple[brief_log.Row, ...]:
    return brief_log.read(folder).rows


def sentences(client: TestClient, top: str = "") -> list[str]:
    return list(dict.fromkeys(re.findall(r"sentence/([0-9a-f]{64})", client.get(f"{top}/desk/brief").text)))


def send(client: TestClient, path: str, **given: str) -> Any:
    text = client.get("/desk/brief").text
    return client.post(path, data={"token": token(text), **given})


def publish(client: TestClient, *, top: str = "", languages: str = "en", **given: str) -> Any:
    text = client.get(f"{top}/desk/brief/publish").text
    fields = dict(re.findall(r'name="(token|read-..)" value="([^"]*)"', text))
    fields |= {f"in-{language}": "1" for language in languages.split()}
    return client.post(f"{top}/desk/brief/publish", data=fields | given)


@pytest.mark.parametrize("top", ["", "/fr", "/ru"])
def test_every_page_is_sound_and_a_sentence_stands_beside_its_words(desk: TestClient, top: str) -> None:
    found = sentences(desk, top)
    publish(desk, top=top)
    shown = [desk.get(f"{top}/desk/brief/sentence/{digest}") for digest in found[:6]]
    answers = [desk.get(f"{top}/desk/brief{path}") for path in ("", "/publish", "/versions")]
    led_to: set[str] = set()
    for answer in (*shown, *answers):
        assert answer.status_code == 200
        page = page_of(answer)
        assert [c for c in complaints(page) if c not in ("<form>", "<script>")] == []
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "<img" not in answer.text
        led_to |= {link.partition("#")[0] for link in page.links() if "/desk" in link}
    assert {link: desk.get(link).status_code for link in led_to} == dict.fromkeys(led_to, 200)
    assert any(MET.text.partition(". ")[0] in page_of(answer).text() for answer in shown)


def test_what_is_done_in_the_browser_stands_in_the_log_of_the_command_line(desk: TestClient, folder: Path) -> None:
    title, *others = sentences(desk)
    before = len(others)
    answer = send(desk, f"/desk/brief/sentence/{title}", action="accept")
    assert "Kept in the log: accepted, by Anna Lind." in page_of(answer).text()
    assert answer.url.path == f"/desk/brief/sentence/{others[0]}"
    desk.get(f"/desk/brief/sentence/{others[0]}")
    send(desk, f"/desk/brief/sentence/{others[0]}", action="edit", text=f"Little is  known. {MARKUP}")
    send(desk, f"/desk/brief/sentence/{others[1]}", action="drop")
    send(desk, "/desk/brief/write", section="outlook", text="Talks on flights will go first.", entries="")
    assert [(r.kind, r.content["action"], r.by) for r in rows(folder)] == [
        ("review", "accepted", "Anna Lind"),
        ("review", "edited", "Anna Lind"),
        ("review", "dropped", "Anna Lind"),
        ("written", "written", "Anna Lind"),
    ]
    assert rows(folder)[1].content["seconds"] >= 0
    after = sentences(desk)
    assert title in after
    assert others[1] not in after
    assert len(after) == before + 1
    text = desk.get("/desk/brief").text
    assert "Talks on flights will go first. (judgement by Anna Lind)" in page_of(desk.get("/desk/brief")).text()
    assert "<img" not in text
    # The public page has it at once, without measuring anew.
    assert "Talks on flights will go first." in desk.get("/brief.html").text


def test_what_cannot_be_is_refused_and_nothing_is_kept(desk: TestClient, folder: Path) -> None:
    title, first, *_ = sentences(desk)
    where = f"/desk/brief/sentence/{first}"
    for status, said, answer in (
        (404, REFUSALS["sentence"], send(desk, f"/desk/brief/sentence/{'0' * 64}", action="accept")),
        (422, REFUSALS["text"], send(desk, where, action="edit", text="  ")),
        (422, REFUSALS["action"], send(desk, where, action="erase")),
        (422, "needs its title", send(desk, f"/desk/brief/sentence/{title}", action="drop")),
        (422, REFUSALS["text"], send(desk, "/desk/brief/write", section="answer", text="")),
        (422, "no section", send(desk, "/desk/brief/write", section="sport", text="A sentence.")),
        (422, "no entry", send(desk, "/desk/brief/write", section="answer", text="A sentence.", entries="e-0")),
        (413, REFUSALS["large"], send(desk, where, action="edit", text="x" * 3000)),
        (422, REFUSALS["language"], publish(desk, languages="")),
        (422, REFUSALS["corrects"], publish(desk, **{"correct-en": "A date was wrong."})),
        (422, "was not published", publish(desk, correct="7", **{"correct-en": "A date was wrong."})),
        (422, "reviewed by nobody", publish(desk, exempt="1")),
    ):
        assert (answer.status_code, said in page_of(answer).text()) == (status, True), said
    assert send(desk, where, action="edit", text=str(sentence(desk, first))).status_code == 422
    assert desk.post(where, data={"token": "0", "action": "accept"}).status_code == 403
    assert rows(folder) == ()


def sentence(client: TestClient, digest: str) -> str:
    (area,) = page_of(client.get(f"/desk/brief/sentence/{digest}")).all("textarea")
    return area.text()


def test_only_the_text_that_was_read_goes_out(desk: TestClient, folder: Path) -> None:
    text = desk.get("/desk/brief/publish").text
    fields = dict(re.findall(r'name="(token|read-..)" value="([^"]*)"', text)) | {"in-en": "1"}
    send(desk, "/desk/brief/write", section="answer", text="It was written meanwhile.")
    refused = desk.post("/desk/brief/publish", data=fields)
    assert (refused.status_code, REFUSALS["draft"] in page_of(refused).text()) == (409, True)
    assert [row.kind for row in rows(folder)] == ["written"]
    assert publish(desk).status_code == 200
    assert [row.kind for row in rows(folder)] == ["written", "published"]


def test_versions_corrections_and_what_differs_are_shown(desk: TestClient, folder: Path) -> None:
    first = publish(desk, languages="en fr")
    assert first.url.path == "/desk/brief/versions"
    assert "Version 1 is published." in page_of(first).text()
    again = publish(desk, languages="en fr")
    assert "nothing has changed since version 1" in page_of(again).text()
    assert "Nothing has changed since version 1." in page_of(again).text()
    send(desk, "/desk/brief/write", section="answer", text="Talks on flights will go first.")
    second = publish(desk, languages="en fr", correct="1", **{"correct-en": "A date was wrong."})
    assert "It corrects version 1: A date was wrong." in page_of(second).text()
    shown = page_of(desk.get("/desk/brief/versions?from=1&to=2"))
    assert [new.text() for new in shown.all("ins")] == ["Talks on flights will go first."]
    assert shown.all("del") == []
    assert page_of(desk.get("/desk/brief/versions?from=2")).text().endswith("No sentence differs.")
    assert "has no ru.json" in page_of(desk.get("/ru/desk/brief/versions?from=1&to=2")).text()
    made = brief_log.read(folder).versions
    assert [(each.version, each.responsible, list(each.text_sha256)) for each in made] == [
        (1, "Anna Lind", ["en", "fr"]),
        (2, "Anna Lind", ["en", "fr"]),
    ]
    record = json.loads(brief_versions.kept(folder, made[1], "en", "json"))
    assert record["corrections"] == [{"version": 1, "text": {"en": "A date was wrong."}}]
    assert record["label"]["grade"] == "generated"
    place = folder / "briefs" / "0001" / "brief.en.html"
    place.write_text("other", "utf-8")
    assert "0001/brief.en.html is missing or was changed" in page_of(desk.get("/desk/brief/versions")).text()


def test_the_exemption_is_had_when_every_sentence_was_read(desk: TestClient, folder: Path) -> None:
    for digest in sentences(desk):
        send(desk, f"/desk/brief/sentence/{digest}", action="accept")
    shown = page_of(desk.get("/desk/brief/publish")).text()
    assert "Nothing stands in the way of the exemption." in shown
    assert publish(desk, exempt="1").url.path == "/desk/brief/versions"
    (made,) = brief_log.read(folder).versions
    assert made.exempt


def test_in_a_team_an_editor_publishes_under_the_name_that_readers_know(folder: Path, tmp_path: Path) -> None:
    from shutil import copytree

    own = Path(copytree(folder, tmp_path / "team"))
    cheap = Cost(log_n=4, r=8, p=1)
    with SignIns(own / FILE_NAME, cost=cheap) as accounts:
        for name, role, display in (("edda", "editor", "Edda Berg"), ("carl", "coder", "Carl Holm")):
            accounts.add(name, role, f"{name} and her seven secrets", display=display, by="root")  # type: ignore[arg-type]
    app = application(own, gate=Gate(own, accounts=lambda path: SignIns(path, cost=cheap)))
    clients = {}
    for name in ("edda", "carl"):
        client = TestClient(app, base_url=BASE, client=("203.0.113.7", 50000), headers={"origin": BASE})
        given = {"name": name, "password": f"{name} and her seven secrets"}
        client.post("/sign-in", data={"token": token(client.get("/sign-in").text), **given})
        clients[name] = client
    assert 'href="/desk/brief"' not in clients["carl"].get("/desk").text
    assert clients["carl"].get("/desk/brief").status_code == 403
    assert 'href="/desk/brief"' in clients["edda"].get("/desk").text
    (first, *_) = sentences(clients["edda"])
    send(clients["edda"], f"/desk/brief/sentence/{first}", action="accept")
    publish(clients["edda"])
    assert [(row.kind, row.by) for row in rows(own)] == [("review", "Edda Berg"), ("published", "Edda Berg")]
    with workflow.opened(own) as (_, ledger):
        assert ledger.decisions() == []
