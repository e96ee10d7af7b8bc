"""Who may do what, walked over every route and every role; sessions, forms, limits; and no secret anywhere."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
from detente.errors import DetenteError
from detente.ledger import FILE_NAME
from detente.publish.account_pages import REFUSALS
from detente.publish.desk import REFUSALS as DESK_REFUSALS
from detente.terms import Decision
from detente.web import application
from detente.web.gate import PERMISSIONS, Access, Buckets, Denied, Gate, check_declared, routes_of
from detente.web.server import check_reach

BASE = "http://desk.example:8765"
ELSEWHERE = ("203.0.113.7", 50000)
CHEAP = Cost(log_n=4, r=8, p=1)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = {"ruth": "reader", "carl": "coder", "cora": "coder", "edda": "editor"}
SIGNED_OUT = "signed out"
NOUN = document(
    "en-1", "Envoys of Russia and the United States met in Istanbul on Thursday. They talked for six hours."
)


def display_of(name: str) -> str:
    return f'{name.title()} "><b onclick=x>Example</b>'


def password_of(name: str) -> str:
    return f"{name} and her seven secrets"


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Team:
    """A served dossier of a team."""

    folder: Path
    clock: Clock
    private: bool = False
    seconds: float = 0.0
    app: Any = None

    def __post_init__(self) -> None:
        gate = Gate(self.folder, private=self.private, accounts=self.opened, clock=lambda: self.seconds)
        self.app = application(self.folder, gate=gate)

    def opened(self, path: str | Path) -> SignIns:
        return SignIns(path, clock=self.clock, cost=CHEAP)

    @contextmanager
    def held(self) -> Iterator[SignIns]:
        with self.opened(self.folder / FILE_NAME) as accounts:
            yield accounts

    def client(self, name: str = "", *, base: str = BASE, address: str = ELSEWHERE[0]) -> TestClient:
        made = TestClient(self.app, base_url=base, client=(address, 50000), headers={"origin": base})
        if name:
            assert sign_in(made, name).status_code == 303
        return made

    def decisions(self) -> list[Decision]:
        with workflow.opened(self.folder) as (_, ledger):
            assert ledger.verify().ok
            return ledger.decisions()

    def entry(self) -> str:
        with workflow.opened(self.folder) as (_, ledger):
            return next(iter(ledger.entries())).id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    met = event(NOUN, "Envoys of Russia and the United States met in Istanbul on Thursday.", confidence=0.4)
    talked = event(NOUN, "They talked for six hours.", actors=(state("RUS"), state("USA")), confidence=0.5)
    return new_dossier(tmp_path / "dossier", (NOUN, [met, talked]), questions=False)


def people(folder: Path) -> None:
    with SignIns(folder / FILE_NAME, cost=CHEAP) as accounts:
        for name, role in PEOPLE.items():
            accounts.add(name, role, password_of(name), display=display_of(name), by="root")  # type: ignore[arg-type]


@pytest.fixture
def team(folder: Path) -> Team:
    people(folder)
    return Team(folder, Clock())


def token_of(text: str) -> str:
    return text.partition('name="token" value="')[2].partition('"')[0]


def sign_in(client: TestClient, name: str, password: str = "", **more: str) -> Any:
    token = token_of(client.get("/sign-in").text)
    data = {"token": token, "name": name, "password": password or password_of(name), **more}
    return client.post("/sign-in", data=data, follow_redirects=False)


def form_of(client: TestClient) -> str:
    """Token of the forms of who is signed in."""
    return token_of(client.get("/account").text)


def page_of(answer: Any) -> Page:
    return parsed(answer.url.path.lstrip("/"), answer.text)


# Every route and every role

EXPECTED: dict[Access, tuple[str, ...]] = {
    Access.OPEN: (SIGNED_OUT, "reader", "coder", "editor"),
    Access.PAGES: (SIGNED_OUT, "reader", "coder", "editor"),
    Access.READER: ("reader", "coder", "editor"),
    Access.CODER: ("coder", "editor"),
    Access.EDITOR: ("editor",),
    Access.ALONE: (),
}
SHUT = ("/desk", "/account", "/sign-out")
"""Whatever begins so, in any language, is for those who are signed in; but for script and style sheet."""


def filled(path: str, entry: str) -> str:
    values = {"entry": entry, "digest": "0" * 64, "name": "index", "as_of": "2025-05-01", "path:path": "index.html"}
    if path == "/desk/{name}.{kind}":
        return "/desk/desk.css"
    return re.sub(r"\{([^}]+)\}", lambda found: values[found[1]], path)


def is_let_through(answer: Any) -> bool:
    """Whether the gate let a request through, whatever became of it then."""
    if answer.status_code == 303 and "/sign-in?next=" in answer.headers["location"]:
        return False
    return answer.status_code not in (401, 403)


@pytest.mark.parametrize("private", [False, True])
def test_every_route_lets_through_whom_it_should_and_nobody_else(folder: Path, private: bool) -> None:
    people(folder)
    team = Team(folder, Clock(), private=private)
    entry = team.entry()
    routes = sorted(set(routes_of(team.app)))
    assert set(routes) == set(PERMISSIONS)
    assert len(routes) > 40
    clients = {"": team.client(), "ruth": team.client("ruth"), "carl": team.client("carl"), "edda": team.client("edda")}
    tokens = {name: form_of(client) for name, client in clients.items() if name}
    checked = 0
    for method, path in routes:
        team.seconds += 100  # Nobody is asked to wait in this test.
        access = PERMISSIONS[method, path]
        plain = path.removeprefix("/fr").removeprefix("/ru")
        assert access in (Access.OPEN, Access.PAGES) or plain.startswith(SHUT)
        assert access is not Access.PAGES or not plain.startswith(SHUT)
        if private and access is not Access.PAGES:
            continue  # As where the pages are for everybody.
        for name, client in clients.items():
            role = PEOPLE.get(name, SIGNED_OUT)
            allowed = role in EXPECTED[access]
            if access is Access.PAGES and private and role == SIGNED_OUT:
                allowed = False
            if path.endswith("/sign-out") and allowed:
                continue  # It would end the session that the others need; tested apart.
            address = filled(path, entry)
            if method == "GET":
                answer = client.get(address, follow_redirects=False)
            else:
                token = tokens.get(name) or token_of(client.get("/sign-in").text)
                if path.endswith("/sign-in"):
                    token = token_of(team.client().get("/sign-in").text) if name else token
                    allowed = allowed and not name
                answer = client.post(address, data={"token": token, "old": "x"}, follow_redirects=False)
            if path.endswith("/sign-in") and method == "POST":
                # Without its own cookie the form is refused; with it, a wrong password is.
                assert answer.status_code == (401 if not name else 403), (path, role)
            else:
                assert is_let_through(answer) == allowed, (method, path, role, answer.status_code)
            assert answer.status_code < 500
            if not allowed:
                assert NOUN.text[:30] not in answer.text
            checked += 1
    assert checked > (40 if private else 150)
    assert team.decisions() == []


def test_no_form_is_taken_that_is_not_of_this_session_and_of_our_own_pages(team: Team) -> None:
    edda, other, entry = team.client("edda"), form_of(team.client("carl")), team.entry()
    forms = sorted(key for key in PERMISSIONS if key[0] != "GET")
    assert len(forms) > 15
    for method, path in forms:
        client = team.client() if path.endswith("/sign-in") else edda
        right = token_of(client.get("/sign-in").text) if path.endswith("/sign-in") else form_of(client)
        address = filled(path, entry)
        team.seconds += 100
        for token, headers in (
            ("", {}),
            ("0" * 64, {}),
            ("é", {}),
            (other, {}),
            (right, {"origin": "https://evil.test"}),
            (right, {"origin": "null"}),
            (right, {"origin": "http://desk.example"}),
            (right, {"origin": BASE, "sec-fetch-site": "cross-site"}),
            (right, {"origin": BASE, "sec-fetch-site": "same-site"}),
        ):
            data = {"token": token, "action": "accept", "name": "edda", "password": password_of("edda")}
            answer = client.request(method, address, data=data, headers=headers, follow_redirects=False)
            assert answer.status_code == 403, (path, token, headers)
        silent = TestClient(team.app, base_url=BASE, client=ELSEWHERE, cookies=client.cookies)
        assert silent.post(address, data={"token": right, "action": "accept"}).status_code == 403
        large = client.post(address, data={"token": right, "why": "x" * 30_000})
        assert large.status_code == (403 if PERMISSIONS[method, path] is Access.ALONE else 413)
    assert team.decisions() == []


def test_a_route_that_nobody_declared_is_found_and_refused(team: Team) -> None:
    from fastapi import APIRouter, Depends
    from fastapi import FastAPI as Application

    check_declared(team.app)
    inner, outer = APIRouter(), APIRouter()
    inner.get("/desk/secret")(lambda: "everything")
    outer.include_router(inner)
    other = Application(openapi_url=None)
    other.include_router(outer)
    with pytest.raises(DetenteError, match=r"GET /desk/secret: it is not said who may use"):
        check_declared(other)
    gate = Gate(team.folder, accounts=team.opened)
    guarded = Application(openapi_url=None, dependencies=[Depends(gate.admit)])
    guarded.include_router(outer)
    with pytest.raises(Denied, match="undeclared"):
        TestClient(guarded).get("/desk/secret")


def test_other_ways_to_write_an_address_show_nothing_of_the_desk(team: Team) -> None:
    client = team.client()
    for path in ("/desk/", "/DESK", "/desk/log/", "/fr/desk/log.ndjson/", "/en/desk", "//desk/log", "/desk%2flog"):
        answer = client.get(path)
        assert answer.status_code == 404 or answer.url.path.endswith("/sign-in"), path
        assert "decide" not in answer.text


# Signing in and out


@pytest.mark.parametrize("top", ["", "/fr", "/ru"])
def test_pages_of_accounts_are_sound_in_three_languages(team: Team, top: str) -> None:
    client = team.client()
    answers = [client.get(f"{top}/desk"), client.get(f"{top}/sign-in")]
    assert answers[0].url.path == f"{top}/sign-in"
    sign_in(client, "ruth")
    answers += [client.get(f"{top}/account"), client.get(f"{top}/desk/log")]
    assert [a.status_code for a in answers] == [200, 200, 200, 403]
    for answer in answers:
        page = page_of(answer)
        assert [c for c in complaints(page) if c != "<form>"] == []
        assert page.all("b") == []
        assert page.all("script") == []
        labelled = {e.attributes.get("for") for e in page.all("label")}
        for control in page.all("input"):
            assert control.attributes.get("type") == "hidden" or control.attributes["id"] in labelled
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "form-action 'self'" in headers["content-security-policy"]
        for link in page.links():
            assert link.startswith(("/", "#")), link


def test_who_signs_in_comes_where_they_wanted_to_go_and_is_told_at_the_desk_who_they_are(team: Team) -> None:
    client = team.client()
    asked = client.get("/fr/desk/log?page=1", follow_redirects=False)
    assert asked.status_code == 303
    page = page_of(client.get(asked.headers["location"]))
    (form,) = page.all("form")
    hidden = {
        i.attributes["name"]: i.attributes["value"] for i in form.all("input") if i.attributes["type"] == "hidden"
    }
    data = {**hidden, "name": " Carl ", "password": password_of("carl")}
    answer = client.post(form.attributes["action"], data=data)
    assert (answer.url.path, answer.url.query) == ("/fr/desk/log", b"page=1")
    assert f"Connecté en tant que {display_of('carl')}" in page_of(answer).root.text()
    assert page_of(answer).all("b") == []
    assert "sans connexion" not in answer.text
    assert client.get("/sign-in", follow_redirects=False).headers["location"] == "/desk"


@pytest.mark.parametrize("wanted", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:1", "/a\nb", "/é"])
def test_nobody_is_sent_to_another_site_after_signing_in(team: Team, wanted: str) -> None:
    client = team.client()
    answer = sign_in(client, "carl", next=wanted)
    assert answer.headers["location"] == "/desk"
    assert client.get("/sign-in", params={"next": wanted}, follow_redirects=False).headers["location"] == "/desk"


def test_a_session_is_new_at_each_sign_in_and_gone_after_signing_out(team: Team) -> None:
    client = team.client("carl")
    first = client.cookies["detente-session"]
    client.cookies.set("detente-session", "chosen-by-an-attacker", domain="desk.example")
    planted = team.client()
    planted.cookies.set("detente-session", "chosen-by-an-attacker")
    sign_in(planted, "carl")
    assert planted.get("/account").status_code == 200
    fixed = team.client()
    fixed.cookies.set("detente-session", "chosen-by-an-attacker")
    assert fixed.get("/account", follow_redirects=False).status_code == 303
    signed = team.client()
    signed.cookies.set("detente-session", first)
    assert signed.get("/account").url.path == "/account"
    token = form_of(signed)
    out = signed.post("/sign-out", data={"token": token}, follow_redirects=False)
    assert out.status_code == 303
    again = team.client()
    again.cookies.set("detente-session", first)
    assert again.get("/account").url.path == "/sign-in"
    late = again.post(f"/desk/item/{team.entry()}", data={"token": token, "action": "accept"})
    assert late.status_code == 401
    assert REFUSALS["signed out"] in page_of(late).text()


def test_cookies_are_kept_from_scripts_other_sites_and_plain_http(team: Team) -> None:
    kept = sign_in(team.client(), "carl").headers.get_list("set-cookie")
    (session,) = [each for each in kept if each.startswith("detente-session=")]
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Secure" not in session
    assert "Max-Age" not in session
    kept = sign_in(team.client(base="https://desk.example"), "carl").headers.get_list("set-cookie")
    (session,) = [each for each in kept if each.startswith("__Host-detente=")]
    assert "Secure" in session
    assert "Path=/" in session
    assert "Domain" not in session


def test_a_connection_that_others_can_read_is_named(team: Team) -> None:
    said = "This connection is not encrypted"
    assert said in team.client().get("/sign-in").text
    assert said not in team.client(base="https://desk.example").get("/sign-in").text
    assert said not in team.client(base="http://127.0.0.1:8765").get("/sign-in").text


def test_sessions_end_by_the_clock_and_with_the_account(team: Team) -> None:
    client, other = team.client("carl"), team.client("edda")
    team.clock.now += timedelta(hours=1, minutes=59)
    assert client.get("/desk").url.path == "/desk"
    team.clock.now += timedelta(hours=1, minutes=59)
    assert client.get("/desk").url.path == "/desk"
    assert other.get("/desk").url.path == "/sign-in"
    with team.held() as accounts:
        accounts.set_role("carl", "reader", by="root")
    assert client.get("/desk").status_code == 403
    with team.held() as accounts:
        accounts.disable("carl", by="root")
    assert client.get("/desk").url.path == "/sign-in"
    assert sign_in(client, "carl").status_code == 401


def test_wrong_names_and_wrong_passwords_are_answered_alike(team: Team) -> None:
    def said(name: str, password: str) -> tuple[int, str]:
        client = team.client()
        answer = sign_in(client, name, password)
        text = re.sub(r'(token" value="|name" type.*? value=")[^"]*', "", answer.text)
        return answer.status_code, re.sub(r"\d+", "0", text)

    with team.held() as accounts:
        accounts.disable("cora", by="root")
    wrong = said("carl", "not the password of carl")
    assert wrong[0] == 401
    assert said("nobody", password_of("carl")) == wrong
    assert said("cora", password_of("cora")) == wrong
    assert said("<script>alert(1)</script>", "x")[0] == 401
    for _ in range(5):
        for name in ("carl", "nobody"):
            last = said(name, "wrong")
    assert last[0] == 429
    assert said("carl", password_of("carl")) == last, "not even the right password is looked at"
    with team.held() as accounts:
        assert accounts.visit("") is None
    answer = sign_in(team.client(), "carl")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    team.clock.now += timedelta(minutes=16)
    assert sign_in(team.client(), "carl").status_code == 303


def test_the_wait_is_the_same_after_the_server_was_started_anew(team: Team) -> None:
    for _ in range(5):
        sign_in(team.client(), "carl", "wrong")
    again = Team(team.folder, team.clock)
    assert sign_in(again.client(), "carl").status_code == 429
    assert sign_in(again.client(), "edda").status_code == 303


def test_the_own_password_is_changed_by_who_knows_it(team: Team) -> None:
    client, elsewhere = team.client("ruth"), team.client("ruth")
    new = "seven quite other words"

    def change(**given: str) -> Any:
        data = {"token": form_of(client), "old": password_of("ruth"), "new": new, "again": new, **given}
        return client.post("/account/password", data=data)

    for given, reason in (
        ({"again": "something else entirely"}, "differ"),
        ({"old": "not her old password"}, "old"),
        ({"new": "short", "again": "short"}, "weak"),
    ):
        answer = change(**given)
        assert answer.status_code == 422
        assert REFUSALS[reason] in page_of(answer).text()
    before = client.cookies["detente-session"]
    assert change().status_code == 200
    assert client.cookies["detente-session"] != before
    assert elsewhere.get("/account").url.path == "/sign-in"
    assert client.get("/account").url.path == "/account"
    assert sign_in(team.client(), "ruth").status_code == 401
    assert sign_in(team.client(), "ruth", new).status_code == 303


# At the desk


def decide(client: TestClient, entry: str, action: str, **more: str) -> Any:
    page = page_of(client.get(f"/desk/item/{entry}"))
    (form,) = [f for f in page.all("form") if "decide" in f.attributes.get("class", "")]
    hidden = {
        i.attributes["name"]: i.attributes["value"] for i in form.all("input") if i.attributes.get("type") == "hidden"
    }
    return client.post(f"/desk/item/{entry}", data={**hidden, "action": action, **more})


def queued(client: TestClient) -> list[str]:
    """Entries of the queue, as it is shown."""
    (queue,) = [
        n
        for n in page_of(client.get("/desk")).all("nav", "section", "aside")
        if "queue" in n.attributes.get("class", "")
    ]
    return [a.attributes["href"].partition("?")[0].rpartition("/")[2] for a in queue.all("a")]


def test_a_decision_is_kept_under_the_account_whatever_the_form_and_the_cookies_say(team: Team) -> None:
    client = team.client("carl")
    client.cookies.set("detente-desk-who", "Somebody Else")
    answer = decide(client, team.entry(), "accept", by="edda", who="edda", name="edda")
    assert answer.status_code == 200
    assert [d.by for d in team.decisions()] == ["carl"]
    refused = client.post("/desk/who", data={"token": form_of(client), "name": "edda"})
    assert refused.status_code == 403
    assert REFUSALS["team"] in page_of(refused).text()


def test_two_coders_read_blind_by_account_and_only_an_editor_settles_where_they_differ(team: Team) -> None:
    entry, carl, cora, edda = team.entry(), team.client("carl"), team.client("cora"), team.client("edda")
    decide(carl, entry, "reject:2", why="because of Istanbul", second="1")
    for client in (cora, edda):
        for path in (f"/desk/item/{entry}", "/desk/log", "/desk/agreement"):
            assert "because of Istanbul" not in client.get(path).text
    assert "because of Istanbul" in carl.get(f"/desk/item/{entry}").text
    decide(cora, entry, "accept")
    with team.held() as accounts:
        accounts.add("cyril", "coder", password_of("cyril"), by="root")
    cyril = team.client("cyril")
    assert entry not in queued(cyril)
    refused = decide(cyril, entry, "accept")
    assert refused.status_code == 403
    assert DESK_REFUSALS["third"] in page_of(refused).text()
    assert len(team.decisions()) == 2
    assert entry in queued(edda)
    assert decide(edda, entry, "accept").status_code == 200
    assert [d.by for d in team.decisions()] == ["carl", "cora", "edda"]
    assert decide(cyril, entry, "reject:1").status_code == 403
    with workflow.opened(team.folder) as (_, ledger):
        assert ledger.reviews()[entry].state == "settled"
        with pytest.raises(DetenteError, match="An editor settles"):
            ledger.decide(entry, "reject", by="cyril", why="late", may_settle=False)


def test_only_editors_are_shown_how_to_take_the_log_out(team: Team) -> None:
    assert "log.ndjson" not in team.client("carl").get("/desk/log").text
    assert "log.ndjson" in team.client("edda").get("/desk/log").text


# Limits


def test_a_bucket_fills_again_with_time() -> None:
    now = [0.0]
    bucket = Buckets(3, 0.5, clock=lambda: now[0])
    assert [bucket.take("a") for _ in range(5)] == [0, 0, 0, 2, 2]
    assert bucket.take("b") == 0
    now[0] = 2.0
    assert [bucket.take("a") for _ in range(2)] == [0, 2]


def test_the_api_and_forms_are_limited_for_others_and_pages_are_not(team: Team) -> None:
    client = team.client()
    said = [client.get("/api/measures").status_code for _ in range(121)]
    assert said == [200] * 120 + [429]
    refused = client.get("/api/measures")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["error"]
    assert client.get("/index.html").status_code == 200
    assert team.client(address="203.0.113.8").get("/api/measures").status_code == 200
    assert team.client(address="127.0.0.1").get("/api/measures").status_code == 200
    carl = team.client("carl", address="203.0.113.9")
    token = form_of(carl)
    forms = [carl.post("/desk/keys", data={"token": token}, follow_redirects=False).status_code for _ in range(61)]
    assert forms == [303] * 60 + [429]
    team.seconds += 1
    assert carl.post("/desk/keys", data={"token": token}, follow_redirects=False).status_code == 303
    assert client.get("/api/measures").status_code == 200


# Alone, in a team, and in private


def test_the_first_account_shuts_the_desk_of_a_server_that_runs(folder: Path) -> None:
    app = application(folder)
    client = TestClient(app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 50000))
    assert "no sign-in" in client.get("/desk").text
    assert client.get("/sign-in").status_code == 404
    assert client.get("/account").status_code == 404
    people(folder)
    assert client.get("/desk", follow_redirects=False).status_code == 303
    with SignIns(folder / FILE_NAME) as accounts:
        for name in PEOPLE:
            accounts.disable(name, by="root")
    assert client.get("/desk", follow_redirects=False).status_code == 303, "disabled accounts do not open it again"


def test_headers_of_a_proxy_nobody_named_change_nothing(team: Team) -> None:
    client = team.client("carl")
    forged = {"x-forwarded-for": "127.0.0.1", "forwarded": "for=127.0.0.1", "x-forwarded-proto": "https"}
    assert client.get("/desk", headers=forged).status_code == 200
    for _ in range(121):
        last = client.get("/api/measures", headers=forged)
    assert last.status_code == 429


def test_private_pages_are_shown_to_readers_and_kept_by_no_shared_cache(folder: Path) -> None:
    people(folder)
    team = Team(folder, Clock(), private=True)
    stranger, ruth = team.client(), team.client("ruth")
    for path in (
        "/",
        "/index.html",
        "/ru/timeline.html",
        "/data/events.jsonl",
        "/feed.atom",
        "/as-of/2025-05-01/index.html",
    ):
        answer = stranger.get(path, follow_redirects=False)
        assert answer.status_code in (303, 401), path
    assert stranger.get("/api/timeline").status_code == 401
    for path in ("/index.html", "/api/timeline"):
        answer = ruth.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Cookie"


@pytest.mark.parametrize(
    ("host", "given", "said"),
    [
        ("0.0.0.0", {}, "detente account add NAME --role editor"),
        ("::", {}, "this dossier has no accounts"),
        ("desk.example", {}, "other machines can ask"),
        ("127.0.0.1", {"private": True}, "--private"),
        ("127.0.0.1", {"proxy": "127.0.0.1"}, "--proxy"),
    ],
)
def test_without_accounts_nobody_else_is_served(host: str, given: dict[str, Any], said: str) -> None:
    asked = {"private": False, "proxy": ""} | given
    with pytest.raises(DetenteError, match=re.escape(said)):
        check_reach(host, team=False, **asked)
    check_reach(host, team=True, **asked)
    check_reach("localhost", team=False, private=False, proxy="")
    check_reach("::1", team=False, private=False, proxy="")


def test_what_a_proxy_says_is_believed_only_where_it_is_named(
    team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    uvicorn = pytest.importorskip("uvicorn")
    from detente.web import run

    started: list[dict[str, Any]] = []
    monkeypatch.setattr(uvicorn, "run", lambda app, **more: started.append(more))
    run(team.folder, host="127.0.0.1", port=8765)
    run(team.folder, host="127.0.0.1", port=8765, proxy="127.0.0.1")
    assert [(s["proxy_headers"], s["forwarded_allow_ips"]) for s in started] == [(False, ""), (True, "127.0.0.1")]
    said = capsys.readouterr().out
    assert "for the accounts of `detente account list`" in said
    assert "without sign-in" not in said
    assert "Nothing is encrypted" not in said
    run(team.folder, host="0.0.0.0", port=8765)
    assert "Nothing is encrypted" in capsys.readouterr().out


# No secret anywhere


def test_no_secret_is_in_any_page_answer_export_or_log(
    team: Team, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    typed = "what a stranger typed as a name"
    texts: list[tuple[str, str]] = []
    with workflow.opened(team.folder) as (_, ledger):
        entry = next(iter(ledger.entries())).id
    client = team.client()
    for answer in (sign_in(client, "edda", "a wrong password of hers"), sign_in(client, typed, password_of("edda"))):
        texts.append(("sign-in", answer.text))
    edda = team.client("edda")
    decide(edda, entry, "accept")
    session = edda.cookies["detente-session"]
    answer = edda.post(
        "/account/password",
        data={"token": form_of(edda), "old": "a wrong password of hers", "new": "x" * 8 + "yet another", "again": ""},
    )
    texts.append(("password", answer.text))
    for method, path in sorted(PERMISSIONS):
        if method == "GET":
            address = filled(path, entry) + ("?whole=1" if path.endswith("ndjson") else "")
            got = edda.get(address)
            texts.append((address, got.text + repr(got.headers)))
    with team.held() as accounts, accounts._engine.connect() as connection:
        from sqlalchemy import text

        hashes = [row[0] for row in connection.execute(text("SELECT password FROM accounts"))]
        hashes += [row[0] for row in connection.execute(text("SELECT token_hash FROM sessions"))]
    printed = capfd.readouterr()
    texts += [("log", caplog.text), ("out", printed.out), ("err", printed.err)]
    secrets = [*map(password_of, PEOPLE), "a wrong password of hers", session, "scrypt$", *hashes]
    assert len(texts) > 40
    for where, said in texts:
        for secret in secrets:
            assert secret not in said, where
        assert where == "sign-in" or typed[:32] not in said, where
