"""The desk in a real browser: keys do what they say, never while one writes; nothing sticks out or is asked outside."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from publish_examples import document, event, new_dossier, statement
from tests.browser import Browser, browser, chromium
from tests.servers import served

from detente import workflow
from detente.accounts import SignIns
from detente.ledger import FILE_NAME
from detente.publish import brief_log
from detente.terms import Decision

pytestmark = pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine")
LONG = "MutualUnderstandingAndNormalisation" * 4
TEXTS = [
    f"Report {number}: envoys of Russia and the United States met in Istanbul on day {number}. They talked of {LONG}."
    for number in range(1, 9)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reports = [document(f"d{number}", text) for number, text in enumerate(TEXTS)]
    return new_dossier(
        tmp_path / "dossier",
        *(
            (report, [event(report, report.text.partition(". ")[0], on=f"2025-04-0{number + 1}", confidence=0.5)])
            for number, report in enumerate(reports)
        ),
        (
            document("s", "We are ready, Peskov said."),
            [statement(document("s", "We are ready, Peskov said."), "We are ready, Peskov said.")],
        ),
        questions=False,
    )


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with served(folder) as top:
        yield top


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def decisions(folder: Path) -> list[Decision]:
    with workflow.opened(folder) as (_, ledger):
        return ledger.decisions()


def shown(page: Browser) -> Any:
    return page.run("document.querySelector('mark').textContent")


def test_single_keys_decide_and_the_next_comes(page: Browser, address: str, folder: Path) -> None:
    page.console.clear()
    page.requests.clear()
    page.open(f"{address}/desk")
    first = shown(page)
    page.press("j", leaves=True)
    assert shown(page) != first
    page.press("k", leaves=True)
    assert shown(page) == first
    page.press(" ", "Space", leaves=True)
    page.press("k", leaves=True)
    page.press("a", leaves=True)
    assert [d.action for d in decisions(folder)] == ["accept"]
    assert shown(page) != first
    page.press("x")
    assert page.run("document.getElementById('reject').open") is True
    page.press("3", "Digit3", leaves=True)
    assert [d.action for d in decisions(folder)] == ["accept", "reject"]
    page.press("u", leaves=True)
    # A Russian keyboard writes another letter with the key in that place.
    page.press("ф", "KeyA", leaves=True)
    page.press("n", leaves=True)
    assert [d.action for d in decisions(folder)] == ["accept", "reject", "undo", "accept", "unsure"]
    assert page.console == []
    assert all(url.startswith((address, "about:")) for url in page.requests)


def test_the_next_item_takes_the_place_of_the_one_before_and_back_asks_anew(
    page: Browser, address: str, folder: Path
) -> None:
    page.console.clear()
    page.open(f"{address}/desk")
    page.run("window.same = true; 0")
    first = shown(page)
    page.press("a", leaves=True)
    assert (page.run("window.same"), page.run("scrollY")) == (True, 0)
    assert "Kept in the log: accepted" in page.run("document.querySelector('.told').textContent")
    second, place = shown(page), page.run("location.pathname + location.search")
    page.press(" ", "Space", leaves=True)
    page.press("j", leaves=True)
    assert page.run("window.same") is True
    assert len({first, second, shown(page)}) == 3
    page.forget()
    page.run("history.go(-2)")
    page.wait("Page.loadEventFired")
    assert (page.run("window.same"), shown(page)) == (None, second)
    assert page.run("location.pathname + location.search") == place
    assert page.console == []


def test_what_is_refused_or_gets_no_answer_is_told_by_the_browser(page: Browser, address: str, folder: Path) -> None:
    page.open(f"{address}/desk")
    first = shown(page)
    page.run("document.querySelector('form.decide [name=token]').value = 'stale'; 0")
    page.press("a", leaves=True)
    assert "Open the entry again and decide anew." in page.run("document.body.innerText")
    assert decisions(folder) == []
    page.open(f"{address}/desk")
    page.run("window.fetch = () => Promise.reject(new TypeError('gone')); 0")
    page.press("a", leaves=True)
    assert [d.action for d in decisions(folder)] == ["accept"]
    assert shown(page) != first


def test_keys_do_nothing_while_one_writes(page: Browser, address: str, folder: Path) -> None:
    page.open(f"{address}/desk")
    first = shown(page)
    page.run("document.getElementById('why').focus()")
    for key in "axjkn?":
        page.press(key)
    assert page.run("document.getElementById('why').value") == "axjkn?"
    page.press("a", modifiers=2)
    page.press("Escape", "Escape")
    page.press("e")
    assert page.run("document.activeElement.id") == "f-type"
    page.press("a")
    assert shown(page) == first
    assert decisions(folder) == []


def test_the_marked_words_move_by_keys_and_by_selection(page: Browser, address: str, folder: Path) -> None:
    page.open(f"{address}/desk")
    whole = shown(page)
    page.press("[", "BracketLeft", leaves=True)
    assert shown(page) == whole.rpartition(" ")[0]
    page.press("]", "BracketRight", leaves=True)
    assert shown(page) == whole
    page.press("}", "BracketRight", modifiers=8, leaves=True)
    assert shown(page) == whole.partition(" ")[2]
    page.run(
        "(() => { const body = document.querySelector('.body'); const all = document.createRange();"
        "all.selectNodeContents(body); getSelection().removeAllRanges(); getSelection().addRange(all); })()"
    )
    page.press("h", leaves=True)
    assert shown(page) in TEXTS
    page.press("t", leaves=True)
    page.press("a", leaves=True)
    (made,) = decisions(folder)
    assert made.amended is not None
    assert made.amended.evidence.quote in TEXTS
    assert made.look is not None
    assert made.look.opened


def test_keys_that_are_switched_off_do_nothing(page: Browser, address: str, folder: Path) -> None:
    page.open(f"{address}/desk")
    page.forget()
    page.run("document.querySelector('form[action$=\"/keys\"] button').click()")
    page.wait("Page.loadEventFired")
    page.press("a")
    page.press("x")
    assert page.run("document.getElementById('reject').open") is False
    assert decisions(folder) == []
    page.ask("Network.clearBrowserCookies")


def test_keys_can_be_changed_for_others(page: Browser, address: str, folder: Path) -> None:
    page.open(f"{address}/desk")
    page.forget()
    page.run(
        "(() => { const own = document.getElementById('own-keys'); own.closest('details').open = true;"
        "own.value = 'a=q n=a'; own.form.requestSubmit(); })()"
    )
    page.wait("Page.loadEventFired")
    assert page.run("document.querySelector('[data-key=a] kbd').textContent") == "Q"
    page.press("q", leaves=True)
    page.press("a", leaves=True)
    page.press("n")
    assert [d.action for d in decisions(folder)] == ["accept", "unsure"]
    page.ask("Network.clearBrowserCookies")


def test_the_brief_is_read_by_keys(page: Browser, address: str, folder: Path) -> None:
    page.console.clear()
    page.open(f"{address}/desk/brief")
    page.press("j", leaves=True)
    title = page.run("location.pathname")
    page.press(" ", "Space", leaves=True)
    page.press("k", leaves=True)
    assert page.run("location.pathname") == title
    page.press("a", leaves=True)
    page.press("e")
    assert page.run("document.activeElement.id") == "new-text"
    page.press("a")
    page.press("Escape", "Escape")
    page.press("x")
    assert page.run("document.getElementById('drop').open") is True
    assert [row.content["action"] for row in brief_log.read(folder).rows] == ["accepted"]
    assert page.console == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("top", ["", "/fr", "/ru"])
def test_nothing_sticks_out_on_any_page(page: Browser, address: str, folder: Path, width: int, top: str) -> None:
    page.console.clear()
    page.size(width, 900)
    page.open(f"{address}{top}/desk")
    page.press("a", leaves=True)
    page.open(f"{address}{top}/desk/brief")
    page.press("j", leaves=True)
    sentence = page.run("location.pathname").removeprefix(top)
    briefs = ("/desk/brief", sentence, "/desk/brief/publish", "/desk/brief/versions")
    for path in ("/desk", "/desk/log", "/desk/agreement", "/desk/item/none", *briefs):
        page.open(f"{address}{top}{path}")
        page.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.run("document.documentElement.scrollWidth") <= width, path
    # The page of an entry that is not there is a 404, which the browser notes.
    assert [line for line in page.console if "404" not in line] == []


def test_a_person_signs_in_decides_and_signs_out(page: Browser, address: str, folder: Path) -> None:
    with SignIns(folder / FILE_NAME) as accounts:
        accounts.add("anna", "coder", "correct horse battery", display="Anna Petrova", by="root")
    page.console.clear()
    page.requests.clear()
    for top, width in itertools.product(("", "/fr", "/ru"), (1280, 390)):
        page.size(width, 900)
        page.open(f"{address}{top}/sign-in")
        assert page.run("document.documentElement.scrollWidth") <= width
    page.open(f"{address}/ru/desk")
    assert page.run("location.pathname") == "/ru/sign-in"
    page.forget()
    page.run(
        "document.getElementById('name').value = 'anna';"
        "document.getElementById('password').value = 'correct horse battery';"
        "document.querySelector('form.account').requestSubmit()"
    )
    page.wait("Page.loadEventFired")
    assert page.run("location.pathname") == "/ru/desk"
    assert page.run("document.cookie") == "", "no script can read the session"
    page.press("a", leaves=True)
    assert [(d.action, d.by) for d in decisions(folder)] == [("accept", "anna")]
    for top, width in itertools.product(("", "/fr", "/ru"), (1280, 390)):
        page.size(width, 900)
        page.open(f"{address}{top}/account")
        assert page.run("document.documentElement.scrollWidth") <= width
    page.forget()
    page.run("document.querySelector('form[action$=\"/sign-out\"]').requestSubmit()")
    page.wait("Page.loadEventFired")
    page.open(f"{address}/desk")
    assert page.run("location.pathname") == "/sign-in"
    assert page.console == []
    assert all(url.startswith((address, "about:")) for url in page.requests)
