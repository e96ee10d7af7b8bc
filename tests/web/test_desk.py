"""The desk decides on this machine alone, loses nothing, shows nothing as markup, and works without script."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from fastapi.testclient import TestClient
from publish_examples import (
    MOMENT,
    Page,
    complaints,
    document,
    event,
    file_report,
    new_dossier,
    parsed,
    state,
    statement,
)

from detente import workflow
from detente.engine import event_rows
from detente.ledger import FILE_NAME, Ledger
from detente.measures.unread import effects
from detente.publish.desk import REFUSALS, Worklist
from detente.terms import Decision, Issue, Look, Participant, SecondReading
from detente.web import application

BASE = "http://127.0.0.1:8765"
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
FIRST = document(
    "en-1",
    "Envoys of Russia and the United States met in Istanbul on Thursday. We are ready for more, Peskov said. "
    "The talks went on for six hours behind closed doors.",
)
SECOND = document("ru-2", "Москва обвинила Вашингтон в затягивании переговоров.", language="ru", published="2025-05-02")
HOSTILE = document(
    "x-3", f"A {MARKUP} B accused \u202eWashington.", title=MARKUP, source=MARKUP, url="javascript:alert(3)"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    met = event(FIRST, "Envoys of Russia and the United States met in Istanbul on Thursday.", confidence=0.4)
    said = statement(FIRST, "We are ready for more, Peskov said.")
    accused = event(
        SECOND,
        SECOND.text,
        type="ACCUSE",
        on="2025-05-02",
        actors=(state("RUS"),),
        recipients=(state("USA"),),
        confidence=0.6,
    )
    stranger = Participant("", MARKUP, "RUS", MARKUP)
    hostile = event(HOSTILE, HOSTILE.text, type="ACCUSE", actors=(stranger,), recipients=(state("USA"),), place=MARKUP)
    return new_dossier(
        tmp_path / "dossier", (FIRST, [met, said]), (SECOND, [accused]), (HOSTILE, [hostile]), questions=False
    )


def desk_of(folder: Path, **more: Any) -> TestClient:
    given: dict[str, Any] = {"base_url": BASE, "client": ("127.0.0.1", 50000)} | more
    return TestClient(application(folder), **given)


@pytest.fixture
def desk(folder: Path) -> Iterator[TestClient]:
    with desk_of(folder) as opened:
        named(opened, "Anna")
        yield opened


def page_of(answer: Any) -> Page:
    return parsed(answer.url.path.lstrip("/"), answer.text)


def form(page: Page, ending: str = "decide") -> dict[str, str]:
    """The hidden fields of the form of a class."""
    (found,) = [f for f in page.all("form") if ending in f.attributes.get("class", "")]
    return {
        i.attributes["name"]: i.attributes["value"] for i in found.all("input") if i.attributes.get("type") == "hidden"
    }


def entry_of(page: Page) -> str:
    (found,) = [f for f in page.all("form") if "decide" in f.attributes.get("class", "")]
    return found.attributes["action"].rpartition("/")[2]


def named(client: TestClient, name: str) -> None:
    token = form_token(client.get("/desk").text)
    assert client.post("/desk/who", data={"token": token, "name": name}).status_code == 200


def form_token(text: str) -> str:
    return text.partition('name="token" value="')[2].partition('"')[0]


def decisions(folder: Path) -> list[Decision]:
    with workflow.opened(folder) as (_, ledger):
        assert ledger.verify().ok
        return ledger.decisions()


def entries(folder: Path) -> dict[str, str]:
    """Entries by document and kind."""
    with workflow.opened(folder) as (_, ledger):
        return {f"{e.document} {e.kind}": e.id for e in ledger.entries()}


def send(client: TestClient, entry: str, action: str, **more: str) -> Any:
    page = page_of(client.get(f"/desk/item/{entry}"))
    return client.post(f"/desk/item/{entry}", data={**form(page), "action": action, **more})


@pytest.mark.parametrize("top", ["", "/fr", "/ru"])
@pytest.mark.parametrize("path", ["", "/log", "/agreement"])
def test_every_page_is_sound_and_says_that_there_is_no_sign_in(desk: TestClient, top: str, path: str) -> None:
    send(desk, entry_of(page_of(desk.get("/desk"))), "accept")
    answer = desk.get(f"{top}/desk{path}")
    assert answer.status_code == 200
    page = page_of(answer)
    assert [c for c in complaints(page) if c not in ("<form>", "<script>")] == []
    (script,) = [s.attributes["src"] for s in page.all("script")]
    kept = desk.get(script)
    assert "immutable" in kept.headers["cache-control"]
    assert desk.get(script, headers={"if-none-match": kept.headers["etag"]}).status_code == 304
    assert "immutable" not in desk.get("/desk/desk.js?v=other").headers["cache-control"]
    assert all(not s.text() for s in page.all("script"))
    said = {"": "no sign-in", "/fr": "sans connexion", "/ru": "без входа"}
    assert said[top] in answer.text
    labelled = {e.attributes.get("for") for e in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        kind = control.attributes.get("type", "")
        assert kind in ("hidden", "checkbox") or control.attributes["id"] in labelled


def test_the_queue_puts_effect_times_doubt_first_and_the_next_comes_by_itself(desk: TestClient, folder: Path) -> None:
    page = page_of(desk.get("/desk"))
    first = entry_of(page)
    assert first == entries(folder)["en-1 event"]
    answer = send(desk, first, "accept")
    assert answer.status_code == 200
    following = entry_of(page_of(answer))
    assert following != first
    assert answer.history[0].status_code == 303
    (made,) = decisions(folder)
    assert (made.entry, made.action, made.by, made.saw) == (first, "accept", "Anna", "source")


def test_what_a_second_coder_reads_is_shown_and_puts_a_coding_first(tmp_path: Path) -> None:
    met = "Envoys of Russia and the United States met in Istanbul on Thursday."
    again = document("en-4", "Envoys of Russia and the United States met in Geneva on Friday.")
    otherwise = SecondReading(MARKUP, ("type", "unseen"), "REJECT RUS/USA 2025-04-10 denied")
    home = new_dossier(
        tmp_path / "case",
        (again, [replace(event(again, again.text, on="2025-04-09"), second=SecondReading("little"))]),
        (FIRST, [replace(event(FIRST, met, on="2025-04-10"), second=otherwise)]),
        questions=False,
    )
    with desk_of(home) as client:
        for top, differs, tag, alike in (
            ("", "reads it otherwise", "whether there is anything to code", "reads the same"),
            ("/fr", "lit autrement", "s’il y a quelque chose à coder", "lit de même"),
            ("/ru", "читает иначе", "есть ли что кодировать", "читает так же"),
        ):
            first = page_of(client.get(f"{top}/desk"))
            assert entry_of(first) == entries(home)["en-1 event"]
            for words in (differs, tag, MARKUP, "REJECT RUS/USA 2025-04-10 denied"):
                assert words in first.root.text()
            assert [c for c in complaints(first) if c not in ("<form>", "<script>")] == []
            second = page_of(client.get(f"{top}/desk/item/{entries(home)['en-4 event']}"))
            assert alike in second.root.text()


def test_each_decision_is_kept_and_what_is_left_shrinks(desk: TestClient, folder: Path) -> None:
    ids = entries(folder)
    send(desk, ids["en-1 event"], "reject:2", why="seen twice")
    send(desk, ids["en-1 statement"], "amend", stance="-1")
    send(desk, ids["ru-2 event"], "unsure")
    send(desk, ids["x-3 event"], "accept")
    made = decisions(folder)
    assert [d.action for d in made] == ["reject", "amend", "unsure", "accept"]
    assert made[0].why == "It is only said, planned or denied, not done. seen twice"
    assert made[1].amended.stance == -1  # type: ignore[union-attr]
    assert made[1].why == "stance"
    with workflow.opened(folder) as (_, ledger):
        assert [s.entry.id for s in ledger.codings("event")] == [ids["ru-2 event"], ids["x-3 event"]]
        assert ledger.statements()[0].coding.stance == -1
    page = page_of(desk.get("/desk"))
    assert entry_of(page) == ids["ru-2 event"]
    assert "1 waits" in page.text().replace("\u00a0", " ")


def test_an_event_is_amended_field_by_field(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["ru-2 event"]
    answer = send(
        desk,
        entry,
        "amend",
        type="PROTEST",
        mode="",
        actors="USA",
        recipients="RUS",
        direction="swap",
        event_date="2025-05-01",
        realis="happened",
        track="sanctions",
        place="",
        rank="main",
        why="read again",
    )
    assert answer.status_code == 200
    (made,) = decisions(folder)
    changed: Any = made.amended
    assert (changed.type, changed.event_date.value) == ("PROTEST", "2025-05-01")
    assert ([p.side for p in changed.actors], [p.side for p in changed.recipients]) == (["RUS"], ["USA"])
    assert changed.evidence.quote == SECOND.text
    assert "Protest" in desk.get(f"/desk/item/{entry}").text


def test_marked_words_are_moved_by_links_and_by_selection(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["en-1 event"]
    page = page_of(desk.get(f"/desk/item/{entry}"))
    shorter = next(a.attributes["href"] for a in page.all("a") if a.attributes.get("data-key") == "[")
    moved = page_of(desk.get(shorter))
    assert moved.all("mark")[0].text() == "Envoys of Russia and the United States met in Istanbul on Thursday"
    desk.post(f"/desk/item/{entry}", data={**form(moved), "action": "accept"})
    (made,) = decisions(folder)
    assert made.action == "amend"
    assert made.amended.evidence.quote.endswith("Thursday")  # type: ignore[union-attr]
    ready = FIRST.text.index("We are ready")
    chosen = {"start": str(ready), "end": str(ready + 12), "exact": "We are ready", "stay": "1"}
    assert page_of(desk.get(f"/desk/item/{entry}", params=chosen)).all("mark")[0].text() == "We are ready"
    for wrong in ({"exact": "We were ready"}, {"end": "99999"}, {"start": "x"}, {"start": "9" * 6000}):
        answer = desk.get(f"/desk/item/{entry}", params={**chosen, **wrong})
        assert answer.status_code == 422
        assert REFUSALS["words"] in answer.text


def test_undo_is_a_line_of_its_own(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["en-1 event"]
    answer = send(desk, entry, "reject:1")
    token = form_token(answer.text)
    back = desk.post("/desk/undo", data={"token": token, "entry": entry})
    assert back.status_code == 200
    assert entry_of(page_of(back)) == entry
    assert [d.action for d in decisions(folder)] == ["reject", "undo"]
    again = desk.post("/desk/undo", data={"token": token, "entry": entry})
    assert again.status_code == 422
    assert "has no decision on it to take back" in again.text
    assert len(decisions(folder)) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"action": "burn"}, REFUSALS["action"]),
        ({}, REFUSALS["action"]),
        ({"action": "reject:"}, REFUSALS["why"]),
        ({"action": "reject:9"}, REFUSALS["why"]),
        ({"action": "amend"}, REFUSALS["unchanged"]),
        ({"action": "amend", "type": "TEA"}, "PLOVER has no type"),
        ({"action": "amend", "event_date": "yesterday"}, "is not ISO 8601"),
        ({"action": "amend", "event_date": "2025-02-30"}, "cannot be"),
        ({"action": "amend", "event_date": "2025-4-10"}, "is not ISO 8601"),
        ({"action": "amend", "actors": "Atlantis"}, "nobody the coding or the registry knows"),
        ({"action": "amend", "actors": " ; "}, "an event needs an actor"),
        ({"action": "amend", "mode": "phone", "type": "SANCTION"}, "has no mode"),
        ({"action": "accept", "span": "7:3"}, REFUSALS["words"]),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(
    desk: TestClient, folder: Path, given: dict[str, str], said: str
) -> None:
    entry = entries(folder)["en-1 event"]
    hidden = form(page_of(desk.get(f"/desk/item/{entry}")))
    answer = desk.post(f"/desk/item/{entry}", data={**hidden, **given, "why": given.get("why", "")})
    assert answer.status_code == 422
    shown = page_of(answer).text()
    assert " ".join(said.split()) in shown
    assert decisions(folder) == []


def test_what_was_typed_is_not_lost_by_a_refusal(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["en-1 event"]
    answer = send(desk, entry, "amend", event_date="yesterday", actors="RUS", why="the text says so")
    page = page_of(answer)
    values = {i.attributes["name"]: i.attributes.get("value", "") for i in page.all("input")}
    assert (values["event_date"], values["actors"]) == ("yesterday", "RUS")
    assert "the text says so" in [t.text() for t in page.all("textarea")]


@pytest.mark.parametrize("entry", ["0000000000000000", "nothing", "%00", "%ED%A0%80"])
def test_an_entry_that_is_not_there_is_a_404(desk: TestClient, folder: Path, entry: str) -> None:
    assert desk.get(f"/desk/item/{entry}").status_code == 404
    token = form_token(desk.get("/desk").text)
    assert desk.post(f"/desk/item/{entry}", data={"token": token, "action": "accept"}).status_code == 404
    assert decisions(folder) == []


@pytest.mark.parametrize(
    ("headers", "data", "status"),
    [
        ({}, {"token": ""}, 403),
        ({}, {"token": "0" * 64}, 403),
        ({}, {"token": "é"}, 403),
        ({"origin": "https://evil.test"}, {}, 403),
        ({"origin": "null"}, {}, 403),
        ({"origin": "http://127.0.0.1:9999"}, {}, 403),
        ({"sec-fetch-site": "cross-site"}, {}, 403),
        ({"sec-fetch-site": "same-site"}, {}, 403),
        ({"host": "desk.example"}, {}, 403),
        ({"host": "127.0.0.1.evil.test:8765"}, {}, 403),
        ({"x-forwarded-for": "203.0.113.7"}, {}, 403),
        ({"forwarded": "for=203.0.113.7"}, {}, 403),
        ({}, {"why": "x" * 30_000}, 413),
        ({}, {f"field-{n}": "" for n in range(80)}, 413),
    ],
)
def test_a_form_that_is_not_ours_decides_nothing(
    desk: TestClient, folder: Path, headers: dict[str, str], data: dict[str, str], status: int
) -> None:
    entry = entries(folder)["en-1 event"]
    hidden = form(page_of(desk.get(f"/desk/item/{entry}")))
    for path, more in ((f"/desk/item/{entry}", {"action": "accept"}), ("/desk/undo", {"entry": entry})):
        answer = desk.post(path, data={**hidden, **more, **data}, headers=headers, follow_redirects=False)
        assert answer.status_code == status
    assert decisions(folder) == []
    own = desk.post(f"/desk/item/{entry}", data={**hidden, "action": "accept"}, headers={"origin": BASE})
    assert own.status_code == 200
    assert len(decisions(folder)) == 1


@pytest.mark.parametrize("path", ["/desk/who", "/fr/desk/undo", "/ru/desk/item/none"])
def test_every_link_of_a_refusal_leads_somewhere(desk: TestClient, path: str) -> None:
    answer = desk.post(path, data={"token": form_token(desk.get("/desk").text), "name": "", "entry": "none"})
    assert answer.status_code in (404, 422)
    page = page_of(answer)
    # The search of every page, and the two of the desk.
    assert complaints(page) == ["<script>", "<form>", "<form>", "<form>"]
    for link in page.links():
        if link.startswith("/") and "/desk/item/none" not in link:
            assert desk.get(link).status_code == 200, link


def test_a_token_of_another_session_is_refused(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["en-1 event"]
    hidden = form(page_of(desk.get(f"/desk/item/{entry}")))
    with TestClient(desk.app, base_url=BASE, client=("127.0.0.1", 50001)) as other:
        assert other.post(f"/desk/item/{entry}", data={**hidden, "action": "accept"}).status_code == 403
        other.get("/desk")
        assert other.post(f"/desk/item/{entry}", data={**hidden, "action": "accept"}).status_code == 403
    assert decisions(folder) == []


@pytest.mark.parametrize("more", [{"client": ("203.0.113.7", 50000)}, {"base_url": "http://desk.example"}])
def test_nobody_else_reaches_the_desk(folder: Path, more: dict[str, Any]) -> None:
    with desk_of(folder, **more) as client:
        for path in ("/desk", "/fr/desk", "/desk/log", "/desk/log.ndjson", "/desk/log.prov.json", "/desk/agreement"):
            answer = client.get(path)
            assert answer.status_code == 403
            assert FIRST.text[:20] not in answer.text
        assert client.get("/index.html").status_code == 200


def test_the_pages_of_the_desk_run_our_script_and_no_other(desk: TestClient) -> None:
    for path in ("/desk", "/ru/desk/log", "/desk/item/nothing"):
        headers = desk.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "default-src 'none';" in policy
        assert "form-action 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    assert "script-src 'sha256-" in desk.get("/index.html").headers["content-security-policy"]
    script = desk.get("/desk/desk.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "eval" not in script.text
    assert "innerHTML" not in script.text
    assert desk.get("/desk/server.py").status_code == 404


def test_cookies_are_kept_from_scripts_and_other_sites(folder: Path) -> None:
    with desk_of(folder) as client:
        kept = client.get("/desk").headers["set-cookie"]
        assert "HttpOnly" in kept
        assert "SameSite=strict" in kept


def test_what_we_read_is_text_on_the_desk_too(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["x-3 event"]
    named(desk, MARKUP[:80])
    send(desk, entry, "amend", event_date="2025-04-02", why=MARKUP)
    for path in (f"/desk/item/{entry}", f"/fr/desk/item/{entry}?whole=1", "/desk", "/desk/log", "/desk/agreement"):
        answer = desk.get(path)
        page = page_of(answer)
        assert [c for c in complaints(page) if c not in ("<form>", "<script>")] == []
        assert len(page.all("script")) == 1
        assert page.all("img") == []
        assert "\u202e" not in answer.text
        assert all(a.attributes["href"].startswith(("/", "#")) for a in page.all("a"))


def test_single_keys_can_be_switched_off(desk: TestClient) -> None:
    token = form_token(desk.get("/desk").text)
    answer = desk.post("/desk/keys", data={"token": token, "keys": "off"})
    assert page_of(answer).all("script") == []
    assert len(page_of(desk.post("/desk/keys", data={"token": token, "keys": "on"})).all("script")) == 1


def test_what_was_decided_too_fast_and_unopened_is_kept_and_said(desk: TestClient, folder: Path) -> None:
    ids = entries(folder)
    hurried = send(desk, ids["en-1 event"], "accept")
    assert "reading the marked words takes about" in page_of(hurried).text()
    assert "The whole text was not opened." in page_of(hurried).text()
    desk.get(f"/desk/item/{ids['ru-2 event']}?whole=1")
    page = page_of(desk.get(f"/desk/item/{ids['ru-2 event']}?stay=1"))
    opened = desk.post(f"/desk/item/{ids['ru-2 event']}", data={**form(page), "action": "accept"})
    assert "The whole text was not opened." not in page_of(opened).text()
    first, second = (d.look for d in decisions(folder))
    assert first is not None
    assert second is not None
    assert (first.hurried, first.opened, second.opened) == (True, False, True)
    assert first.needed_ms == round(
        1000 * len("Envoys of Russia and the United States met in Istanbul on Thursday.") / 24
    )
    assert "1 of 2" in page_of(desk.get("/desk/agreement")).text()


def test_a_second_reader_is_not_shown_the_first_decision_and_a_third_settles_it(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["en-1 event"]
    send(desk, entry, "amend", type="COOPERATE", why="because of Istanbul", second="1")
    assert entry not in desk.get("/desk").text.partition('class="source"')[0]
    named(desk, "Boris")
    for path in (f"/desk/item/{entry}", "/desk/log", "/desk"):
        text = page_of(desk.get(path)).text()
        assert "because of Istanbul" not in text
        assert "amended" not in text.replace("Keep as amended", "")
    page = page_of(desk.get(f"/desk/item/{entry}"))
    assert "You are the second reader" in page.text()
    assert "Consult" in page.text()
    desk.post(f"/desk/item/{entry}", data={**form(page), "action": "accept"})
    assert "On 1 entry two readers differ." in page_of(desk.get("/desk")).text().replace("\u00a0", " ")
    named(desk, "Clara")
    page = page_of(desk.get(f"/desk/item/{entry}"))
    assert "because of Istanbul" in page.text()
    desk.post(f"/desk/item/{entry}", data={**form(page), "action": "accept"})
    made = decisions(folder)
    assert [(d.by, d.action, d.look.reading if d.look else "") for d in made] == [
        ("Anna", "amend", ""),
        ("Boris", "accept", "second"),
        ("Clara", "accept", "third"),
    ]
    with workflow.opened(folder) as (_, ledger):
        assert ledger.reviews()[entry].state == "settled"
    assert page_of(desk.get("/desk/agreement")).all("dd")[0].text() == "1\u00a0entry"


def test_to_accept_what_another_amended_is_to_agree_with_it(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["ru-2 event"]
    send(desk, entry, "amend", type="PROTEST", mode="", why="they marched")
    named(desk, "Boris")
    assert "Protest" in page_of(desk.get(f"/desk/item/{entry}")).text()
    send(desk, entry, "accept")
    with workflow.opened(folder) as (_, ledger):
        assert [s.coding.type for s in ledger.codings("event") if s.entry.id == entry] == ["PROTEST"]
    first, second = decisions(folder)
    assert (second.by, second.action, second.amended, second.why) == ("Boris", "amend", first.amended, "they marched")


def test_an_amendment_to_an_assault_wants_a_second_reader(desk: TestClient, folder: Path) -> None:
    send(desk, entries(folder)["ru-2 event"], "amend", type="ASSAULT", mode="")
    send(desk, entries(folder)["en-1 event"], "amend", type="ACCUSE", mode="", event_date="2025-04-09")
    assert [d.look.second for d in decisions(folder) if d.look] == ["assault", ""]


def test_the_shares_do_not_tell_a_second_reader_the_first_decision(desk: TestClient, folder: Path) -> None:
    def shares() -> list[str]:
        page = page_of(desk.get("/desk/agreement"))
        return [row.all("th")[0].text() for body in page.all("tbody") for row in body.all("tr")]

    entry = entries(folder)["en-1 event"]
    send(desk, entry, "reject:1", second="1")
    assert shares() == ["Anna"]
    send(desk, entry, "unsure")
    named(desk, "Boris")
    assert shares() == []
    assert "left undecided" not in page_of(desk.get("/desk")).all("nav")[2].text()
    send(desk, entry, "accept")
    assert shares() == ["Anna", "Boris"]


def test_a_page_of_before_takes_back_no_other_decision_than_it_names(desk: TestClient, folder: Path) -> None:
    entry = entries(folder)["en-1 event"]
    answer = send(desk, entry, "accept")
    (back,) = [f for f in page_of(answer).all("form") if f.attributes["action"] == "/desk/undo"]
    given = {i.attributes["name"]: i.attributes["value"] for i in back.all("input")}
    send(desk, entry, "reject:1")
    answer = desk.post("/desk/undo", data=given)
    assert answer.status_code == 409
    assert REFUSALS["since"] in answer.text
    assert [d.action for d in decisions(folder)] == ["accept", "reject"]


def test_what_another_program_writes_right_after_an_undo_is_not_missed(
    desk: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = entries(folder)
    send(desk, ids["en-1 event"], "accept")
    decide = Ledger.decide

    def overtaken(self: Ledger, entry: str, action: Any, **more: Any) -> Decision:
        made = decide(self, entry, action, **more)
        decide(self, ids["ru-2 event"], "reject", by="Elsewhere", why="seen")
        return made

    token = form_token(desk.get("/desk").text)
    monkeypatch.setattr(Ledger, "decide", overtaken)
    answer = desk.post("/desk/undo", data={"token": token, "entry": ids["en-1 event"]})
    assert ids["ru-2 event"] not in answer.text


def test_several_sources_share_an_effect_in_the_order_and_not_in_what_is_said(tmp_path: Path) -> None:
    other = document(
        "en-2", FIRST.text.replace("The talks went on for six hours behind closed doors.", "No paper came.")
    )
    met = "Envoys of Russia and the United States met in Istanbul on Thursday."
    folder = new_dossier(
        tmp_path / "told",
        *((report, [event(report, met, confidence=0.4)]) for report in (FIRST, other)),
        questions=False,
    )
    with workflow.opened(folder) as (case, ledger):
        work = Worklist.of(case, ledger)
        lines = list(work.lines.values())
        assert [line.occurrence.sources for line in lines if line.occurrence] == [2, 2]
        published = {report.id: report.published for report in ledger.documents() if report.published}
        whole = effects(event_rows(ledger.occurrences(), dyad=case.dyad, published=published), case.dyad, end=work.day)
        # Accepting one of the two is enough for the event to count in full.
        assert [line.effect for line in lines] == [max(whole.values())] * 2
        assert [line.order[0] for line in lines] == [-max(whole.values()) * 0.6 / 2] * 2


def test_two_who_decide_at_once_both_count_as_readers(folder: Path) -> None:
    entry = entries(folder)["en-1 event"]
    with desk_of(folder) as anna, TestClient(anna.app, base_url=BASE, client=("127.0.0.1", 50001)) as boris:
        named(anna, "Anna")
        named(boris, "Boris")
        pages = [(c, form(page_of(c.get(f"/desk/item/{entry}")))) for c in (anna, boris)]
        for (client, hidden), action in zip(pages, ("accept", "reject:1"), strict=True):
            assert client.post(f"/desk/item/{entry}", data={**hidden, "action": action}).status_code == 200
    assert [d.action for d in decisions(folder)] == ["accept", "reject"]
    with workflow.opened(folder) as (_, ledger):
        assert ledger.reviews()[entry].state == "conflict"
        assert entry in {s.entry.id for s in ledger.codings("event")}


def test_three_reviewers_and_an_import_at_once_lose_nothing(folder: Path) -> None:
    reports = [
        document(f"more-{n}", f"Envoys of Russia and the United States met in Geneva on day {n}.") for n in range(24)
    ]
    for report in reports:
        file_report(folder, report, [event(report, report.text)], moment=MOMENT + timedelta(minutes=5))
    late = document("late", "Envoys of Russia and the United States met in Vienna.")
    ids = [entry for name, entry in sorted(entries(folder).items()) if name.startswith("more-")]

    def review(opened: TestClient, name: str, own: list[str]) -> list[int]:
        named(opened, name)
        return [send(opened, entry, action).status_code for entry in own for action in ("reject:1", "accept")]

    names = ("Anna", "Boris", "Clara")
    with desk_of(folder) as first, ThreadPoolExecutor(4) as pool:
        desks = [first, *(TestClient(first.app, base_url=BASE, client=("127.0.0.1", n)) for n in (1, 2))]
        # The first eight are everybody's.
        shares = [ids[:8] + ids[8 + n :: 3] for n in range(3)]
        done = [pool.submit(review, *each) for each in zip(desks, names, shares, strict=True)]
        filed = pool.submit(file_report, folder, late, [event(late, late.text)], moment=datetime.now(UTC))
        assert {status for each in done for status in each.result()} == {200}
        filed.result()
    made = decisions(folder)
    assert {(d.by, d.entry, d.action) for d in made} == {
        (name, entry, action)
        for name, own in zip(names, shares, strict=True)
        for entry in own
        for action in ("reject", "accept")
    }
    assert "late event" in entries(folder)


def test_what_another_program_writes_is_seen_at_the_next_asking(desk: TestClient, folder: Path) -> None:
    entry = entry_of(page_of(desk.get("/desk")))
    with workflow.opened(folder) as (_, ledger):
        ledger.decide(entry, "reject", by="Elsewhere", why="seen")
    assert entry_of(page_of(desk.get("/desk"))) != entry


def test_the_list_kept_up_is_the_list_worked_out_anew(desk: TestClient, folder: Path) -> None:
    ids = entries(folder)
    for number, (name, action, more) in enumerate(
        (
            ("en-1 event", "accept", {}),
            ("ru-2 event", "reject:1", {}),
            ("x-3 event", "unsure", {}),
            ("en-1 event", "amend", {"type": "ACCUSE", "mode": "", "event_date": "2025-04-09"}),
            ("x-3 event", "reject:1", {}),
            ("en-1 event", "undo", {}),
            ("ru-2 event", "undo", {}),
        )
    ):
        if action == "undo":
            token = form_token(desk.get("/desk").text)
            kept = page_of(desk.post("/desk/undo", data={"token": token, "entry": ids[name]}))
        else:
            kept = page_of(send(desk, ids[name], action, **more))
        with desk_of(folder) as fresh:
            fresh.cookies = desk.cookies
            anew = page_of(fresh.get("/desk"))
        said = [" ".join(p.text().split()) for page in (kept, anew) for p in page.all("p") if "unread" in p.text()]
        assert said[0] == said[1], number


def test_what_is_decided_elsewhere_is_taken_in_and_nothing_is_worked_out_anew(
    desk: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = entries(folder)
    desk.get("/desk")
    worked = []
    anew = Worklist.of
    monkeypatch.setattr(Worklist, "of", lambda case, ledger: worked.append(ledger.head().line) or anew(case, ledger))
    with workflow.opened(folder) as (case, ledger):
        ledger.decide(ids["ru-2 event"], "reject", by="Elsewhere", why="seen")
        look = Look(opened=True, dwell_ms=9000, needed_ms=3000, second="asked")
        ledger.decide(ids["en-1 event"], "accept", by="Elsewhere", why="", look=look)
        kept = page_of(desk.get("/desk"))
        assert worked == []
        with ledger.snapshot() as then:
            fresh = anew(case, then)
        assert f"index of {fresh.day:%-d %B %Y}".lower() in " ".join(kept.text().replace("\u00a0", " ").split()).lower()
        links = [a.attributes["href"] for a in kept.all("nav")[2].all("a") if "aria-current" not in a.attributes]
        waiting = {line.entry.id for line in fresh.for_person("Anna")}
        assert {link.rpartition("/")[2] for link in links} | {entry_of(kept)} >= waiting
        assert ids["ru-2 event"] not in {link.rpartition("/")[2] for link in links}
        ledger.file_issue(Issue("x", "ledger", "seen"))
    desk.get("/desk")
    assert len(worked) == 1


def test_a_ledger_put_in_the_place_of_another_is_not_taken_for_it(desk: TestClient, folder: Path) -> None:
    first = entry_of(page_of(desk.get("/desk")))
    with sqlite3.connect(folder / FILE_NAME) as source, sqlite3.connect(folder / "copy.db") as copy:
        source.backup(copy)
    send(desk, first, "accept")
    assert entry_of(page_of(desk.get("/desk"))) != first
    for beside in folder.glob(f"{FILE_NAME}-*"):
        beside.unlink()
    (folder / "copy.db").replace(folder / FILE_NAME)
    assert entry_of(page_of(desk.get("/desk"))) == first


def test_the_script_is_answered_with_the_next_page_and_only_once_the_decision_is_kept(
    desk: TestClient, folder: Path
) -> None:
    page = page_of(desk.get("/fr/desk"))
    entry = entry_of(page)
    given = {"data": {**form(page), "action": "accept"}, "follow_redirects": False}
    script = {"X-Detente-Desk": "1"}
    refused = desk.post(
        f"/fr/desk/item/{entry}", **(given | {"data": {**form(page), "action": "reject:"}}), headers=script
    )
    assert refused.status_code == 422
    assert "content-location" not in refused.headers
    answer = desk.post(f"/fr/desk/item/{entry}", **given, headers=script)
    assert [(d.entry, d.action) for d in decisions(folder)] == [(entry, "accept")]
    there = answer.headers["content-location"]
    assert answer.status_code == 200
    # As by hand: the same page at the same address, whose links lead to itself in other languages.
    by_hand = desk.post(f"/fr/desk/item/{entry}", **given)
    assert (by_hand.status_code, by_hand.headers["location"]) == (303, there)
    assert desk.get(there).text == answer.text
    assert f'href="{there.removeprefix("/fr").replace("&", "&amp;")}" hreflang="en"' in answer.text
    back = desk.post("/desk/undo", data={"token": form_token(answer.text), "entry": entry}, headers=script)
    assert entry_of(parsed("back", back.text)) == entry
    assert [d.action for d in decisions(folder)] == ["accept", "undo"]


def test_the_log_shows_the_chain_and_goes_out_whole(desk: TestClient, folder: Path) -> None:
    ids = entries(folder)
    send(desk, ids["en-1 event"], "accept")
    send(desk, ids["ru-2 event"], "amend", event_date="2025-05-01")
    page = page_of(desk.get("/desk/log", params={"check": "1"}))
    assert "The chain is whole" in page.text()
    assert len(page.all("tbody")[0].all("tr")) == 2
    lines = [json.loads(line) for line in desk.get("/desk/log.ndjson").text.splitlines()]
    assert [line["table"] for line in lines] == ["decisions", "looks"] * 2
    whole = [json.loads(line) for line in desk.get("/desk/log.ndjson", params={"whole": "1"}).text.splitlines()]
    from detente.ledger.chain import GENESIS, seal

    before = GENESIS
    for line in whole:
        table, row = line["table"], {name: value for name, value in line.items() if name != "table"}
        assert row["prev_hash"] == before
        before = row["hash"]
        assert before == seal(table, row)
    with workflow.opened(folder) as (_, ledger):
        assert before == ledger.head().hash


def test_the_provenance_names_only_what_it_holds(desk: TestClient, folder: Path) -> None:
    ids = entries(folder)
    send(desk, ids["en-1 event"], "accept")
    send(desk, ids["ru-2 event"], "amend", event_date="2025-05-01")
    answer = send(desk, ids["x-3 event"], "reject:1")
    desk.post("/desk/undo", data={"token": form_token(answer.text), "entry": ids["en-1 event"]})
    record = desk.get("/desk/log.prov.json").json()
    held = {kind: set(record[kind]) for kind in ("entity", "activity", "agent")}
    ends = {"prov:entity": "entity", "prov:generatedEntity": "entity", "prov:usedEntity": "entity"}
    ends |= {"prov:activity": "activity", "prov:agent": "agent"}
    relations = [kind for kind in record if kind not in (*held, "prefix")]
    assert {"wasGeneratedBy", "used", "wasAssociatedWith", "wasDerivedFrom", "wasInvalidatedBy"} <= set(relations)
    for kind in relations:
        for relation in record[kind].values():
            for end, name in relation.items():
                assert end not in ends or name in held[ends[end]]
    gone = [relation["prov:entity"] for relation in record["wasInvalidatedBy"].values()]
    assert gone == [f"detente:entry-{ids['x-3 event']}", "detente:reading-1"]
    assert "2025-05-01" in record["entity"]["detente:reading-2"]["detente:coding"]
    assert "Anna" in {agent["prov:label"] for agent in record["agent"].values()}


# Which reports tell of one event


THIRD = document("fr-4", "Des émissaires se sont rencontrés à Ankara, selon Moscou.", language="fr")


@pytest.fixture
def meetings(folder: Path) -> tuple[str, str]:
    """Entries of two meetings that are told apart."""
    file_report(folder, THIRD, [event(THIRD, THIRD.text, on="2025-04-13", place="ankara")])
    found = entries(folder)
    return found["en-1 event"], found["fr-4 event"]


def groups(folder: Path) -> list[set[str]]:
    with workflow.opened(folder) as (_, ledger):
        assert ledger.verify().ok
        return [{member.id for member in each.members} for each in ledger.occurrences()]


def test_two_events_are_merged_with_a_reason_and_the_merging_is_taken_back(
    desk: TestClient, folder: Path, meetings: tuple[str, str]
) -> None:
    one, other = meetings
    page = page_of(desk.get(f"/fr/desk/item/{one}?near=1"))
    assert [c for c in complaints(page) if c not in ("<form>", "<script>")] == []
    assert other in [i.attributes.get("value") for i in page.all("input") if i.attributes.get("name") == "other"]
    sent = {"token": form_token(page.source), "entry": one, "other": other}
    assert desk.post("/desk/merge", data=sent).status_code == 422
    assert set(meetings) not in groups(folder)
    assert desk.post("/desk/merge", data={**sent, "why": "One meeting <b>"}).status_code == 200
    assert set(meetings) in groups(folder)
    shown = desk.get(f"/event/{one}.html").text
    assert "Merged and split by people" in shown
    assert "One meeting &lt;b&gt;" in shown
    assert desk.post("/desk/merge", data={**sent, "why": "again"}).status_code == 422
    again = page_of(desk.get(f"/desk/item/{one}"))
    number = next(i.attributes["value"] for i in again.all("input") if i.attributes.get("name") == "grouping")
    named(desk, "Boris")
    assert desk.post("/desk/regroup", data={"token": sent["token"], "grouping": number}).status_code == 422
    named(desk, "Anna")
    assert desk.post("/desk/regroup", data={"token": sent["token"], "grouping": number}).status_code == 200
    assert set(meetings) not in groups(folder)
    assert "groupings" in desk.get("/desk/log.ndjson").text
    assert "detente:merge" in desk.get("/desk/log.prov.json").text


def test_an_event_is_split_from_the_reports_it_stands_with(
    desk: TestClient, folder: Path, meetings: tuple[str, str]
) -> None:
    one = meetings[0]
    with workflow.opened(folder) as (_, ledger):
        ledger.merge(meetings, by="Anna", why="One meeting.")
    page = desk.get(f"/ru/desk/item/{one}")
    assert "Отделить" in page.text
    sent = {"token": form_token(page.text), "entry": one, "why": "Two rounds."}
    assert desk.post("/ru/desk/split", data=sent).status_code == 200
    assert {one} in groups(folder)
    # Alone it has nothing to be split from, and all that stands together cannot be split from itself.
    assert desk.post("/ru/desk/split", data=sent).status_code == 422
    assert desk.post("/ru/desk/split", data={**sent, "entry": "none"}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "amend", "track": "no-such"}, "no such issue"),
        ({"action": "reject:", "why": "a\x00b"}, "NUL"),
        ({"action": "amend", "place": "\x00"}, "NUL"),
        ({"action": "amend", "type": "NOSUCH"}, "NOSUCH"),
    ],
)
def test_a_crafted_form_is_refused_in_words_and_keeps_nothing(
    desk: TestClient, folder: Path, fields: dict[str, str], words: str
) -> None:
    entry = entries(folder)["en-1 event"]
    page = page_of(desk.get(f"/desk/item/{entry}"))
    answer = desk.post(f"/desk/item/{entry}", data={**form(page), **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert decisions(folder) == []


@pytest.mark.parametrize("top", ["", "/fr", "/ru"])
def test_the_address_with_a_slash_leads_to_the_desk(desk: TestClient, top: str) -> None:
    assert desk.get(f"{top}/desk/").url.path == f"{top}/desk"
    assert desk.get(f"{top}/desk/item/%00").status_code == 404


@pytest.mark.parametrize("own", ["a=a b=q", "a=x", "a=1", "a=q a=w", "aq", "a=é", "a=q;Path=/"])
def test_keys_that_cannot_be_are_refused(desk: TestClient, own: str) -> None:
    token = form_token(desk.get("/desk").text)
    assert desk.post("/desk/keys", data={"token": token, "keys": "on", "own": own}).status_code == 422
