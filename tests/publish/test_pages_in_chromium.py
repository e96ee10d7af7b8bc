"""Every page of the application and of the site in a real browser, in three languages, on a desk and on a phone.

Each kind of page is opened everywhere; of the pages of events, of which there are hundreds of one kind, those that are
most likely to break: with most reports, with the longest word, with points agreed, with reports that differ. All others
are asked for over HTTP. Pictures of all of them are left in `build/pages/`.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest
from publish_examples import complaints, parsed
from tests.browser import Browser, browser, chromium
from tests.servers import WAIT_SECONDS, free_port

from detente.publish import figures, sites
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

ROOT = Path(__file__).parents[2]
AXE = ROOT / "tests" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "build" / "pages"
WIDTHS = (1280, 390)
ROWS = 20
"""Rows of a long list here: looking for barriers takes as long as the page is, and the next row is like the last."""

pytestmark = pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not here: make axe")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def address(sample_folder: Path) -> Iterator[str]:
    """The sample dossier, served with short lists."""
    pytest.importorskip("fastapi")
    uvicorn = pytest.importorskip("uvicorn")
    from detente.web import application

    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sites, "ROWS_A_PAGE", ROWS)
        server = uvicorn.Server(
            uvicorn.Config(application(sample_folder), host="127.0.0.1", port=port, log_level="error")
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until = time.monotonic() + WAIT_SECONDS
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
        server.should_exit = True
        thread.join(WAIT_SECONDS)


def hardest(now: Situation) -> dict[str, str]:
    """The pages of events most likely to break, by what is hard about them."""
    rows = now.shown_rows

    def word(text: str) -> int:
        return max(map(len, text.split()), default=0)

    found = {
        "most-reports": max(rows, key=lambda row: len(row.cited)),
        "longest-word": max(rows, key=lambda row: max(word(c.document.title + " " + c.outlet) for c in row.cited)),
        "most-points": max(rows, key=lambda row: len(row.points)),
        "most-differing": max(rows, key=lambda row: len(row.occurrence.disagreements)),
    }
    return {f"event-{name}": f"event/{row.id}" for name, row in found.items()}


def names(now: Situation) -> list[str]:
    """Every page of the dossier but those of measures, from the top of its language."""
    return [path.removesuffix(".html") for path in sites.Pages(now, sites.ROOT_LANGUAGE)]


def kinds(now: Situation) -> dict[str, str]:
    """One page of every kind, and the names of their pictures."""
    every = [*names(now), *(f"measures/{name}" for name in figures.TITLES)]
    many = ("event/", "cases/", "person/")
    found = {
        name.replace("/", "-"): name for name in every if not name.startswith(many) and name[-1] not in "0123456789"
    }
    said = Counter(row.statement.speaker.entity for row in now.statements)
    speaker = max(now.people, key=lambda entity: (said[entity.id], entity.id))
    cases = [name for name in every if name.startswith("cases/")]
    return found | {"cases": cases[0], "person": sites.person_name(speaker)} | hardest(now)


ASKED = {
    "filtered": "timeline.html?direction=both&language=ru",
    "nothing-left": "timeline.html?track=none&reviewed=yes",
    "found": "search.html?q=visas",
    "not-found": "search.html?q=%22%28",
    "past": "as-of/2025-09-01/{}index.html",
}
"""Pages that only the application has, by the names of their pictures."""


def looked_at(page: Browser, url: str, own: str, picture: Path, axe: str = "") -> list[str]:
    """What is wrong with a page as it is drawn, at both widths; with `axe`, what bars people from it as well."""
    page.console.clear()
    page.requests.clear()
    page.size(WIDTHS[0], 900)
    page.open(url)
    found = []
    for width in WIDTHS:
        page.size(width, 900)
        if wide := page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
            found.append(f"{width}: sticks out by {wide} pixels: {page.run(_STICKS_OUT)}")
        page.shot(picture.with_suffix(f".{width}.jpeg"), width)
        found += [f"{width}: {barrier}" for barrier in page.barriers(axe)] if axe else []
    found += [f"asks outside: {asked}" for asked in page.requests if not asked.startswith((own, "data:", "about:"))]
    return found + [f"console: {said}" for said in page.console]


_STICKS_OUT = """[...document.querySelectorAll("main *, header *, footer *")].filter(e => !e.closest(".scroll")
&& e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 3)
.map(e => e.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_served_page_has_barriers_complains_asks_outside_or_sticks_out(
    page: Browser, axe: str, address: str, now: Situation, language: str
) -> None:
    wrong = {}
    folder = sites.folder_of(language)
    there = {name: sites.path_of(path, language) for name, path in kinds(now).items()}
    there |= {name: path.format(folder) if "{}" in path else folder + path for name, path in ASKED.items()}
    for name, path in there.items():
        url = address + path
        if found := looked_at(page, url, address, PICTURES / "served" / f"{name}.{language}.x", axe):
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_site_opens_from_disk(
    page: Browser, site_folder: Path, now: Situation, language: str
) -> None:
    wrong = {}
    for name, path in kinds(now).items():
        file = site_folder / sites.path_of(path, language)
        if found := looked_at(page, file.as_uri(), "file:", PICTURES / "site" / f"{name}.{language}.x"):
            wrong[path] = found
    assert wrong == {}


def test_a_list_on_disk_is_filtered_by_its_address_and_by_keys(
    page: Browser, site_folder: Path, now: Situation
) -> None:
    page.size(1280, 900)
    page.console.clear()
    shown = "[...document.querySelectorAll('ol.events > li')].filter(row => !row.hidden).map(row => row.id.slice(2))"
    file = (site_folder / "fr" / "timeline.html").as_uri()
    page.open(f"{file}?language=ru")
    first = now.rows[::-1][: sites.ROWS_A_PAGE]
    told = [row.id for row in first if "ru" in {cited.document.language for cited in row.cited}]
    assert page.run(shown) == told
    assert page.run("document.querySelector('.langs a').search") == "?language=ru"
    page.press("/", "Slash")
    assert page.run("document.activeElement.id") == "text"
    for letter in "xyzzy":
        page.press(letter)
    assert page.run(shown) == []
    assert page.run("location.search") == "?language=ru&text=xyzzy"
    page.press("Escape")
    page.press("?", "Slash", modifiers=8)
    assert page.run("document.querySelector('#help').open") is True
    page.run("document.querySelector('#keys-on').click()")
    page.press("/", "Slash")
    assert page.run("document.activeElement.id") != "text"
    page.run("document.querySelector('#keys-on').click()")
    assert page.console == []


def test_a_chart_is_one_stop_and_arrows_go_from_mark_to_mark(page: Browser, site_folder: Path) -> None:
    page.open((site_folder / "index.html").as_uri())
    stops = "document.querySelectorAll('svg.chart a[tabindex=\"0\"]').length"
    at = "document.activeElement.getAttribute('href')"
    marks = page.run("[...document.querySelectorAll('svg.chart a')].map(mark => mark.getAttribute('href'))")
    assert page.run(stops) == 1
    page.run("document.querySelector('svg.chart a').focus()")
    page.press("ArrowRight", "ArrowRight")
    assert page.run(at) == marks[1]
    page.press("End", "End")
    assert page.run(at) == marks[-1]
    page.press("ArrowUp", "ArrowUp")
    assert page.run(at) in marks[:-1]
    assert page.run(stops) == 1


_HREF = re.compile(r'href="([^"#?:]+\.html)[#"?]')


def linked(path: str, source: str) -> set[str]:
    """Pages of the same language that a page links to, from the top."""
    return {normpath(join(dirname(path), unquote(href))) for href in _HREF.findall(source)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_served_page_is_reached_from_the_first(address: str, now: Situation, language: str) -> None:
    httpx = pytest.importorskip("httpx")
    start = sites.path_of("index", language)
    seen, ahead, wrong = {start}, deque([start]), {}
    with httpx.Client(base_url=address, timeout=WAIT_SECONDS) as client:
        while ahead:
            path = ahead.popleft()
            answer = client.get(path)
            if answer.status_code != 200:
                wrong[path] = [str(answer.status_code)]
            elif not is_event(path) and not re.match(r"briefs?[./]", path):
                wrong |= {path: said} if (said := complaints(parsed(path, answer.text))) else {}
            for target in linked(path, answer.text) - seen:
                if language_of(target) == language:
                    seen.add(target)
                    # One language is asked for every event; the others have the same ones.
                    if language == sites.ROOT_LANGUAGE or not is_event(target):
                        ahead.append(target)
    assert wrong == {}
    assert {sites.path_of(name, language) for name in names(now) if name.startswith("event/")} <= seen
    assert {sites.path_of(name, language) for name in kinds(now).values()} <= seen


def is_event(path: str) -> bool:
    return "/event/" in f"/{path}"


def language_of(path: str) -> str:
    return next((code for code in LANGUAGES if path.startswith(f"{code}/")), sites.ROOT_LANGUAGE)
