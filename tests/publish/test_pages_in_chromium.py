"""Every page of the site on disk in a real browser, in three languages, on a desk and on a phone.

The pages are those that `test_served_pages_in_chromium.py` asks of the application, which has shorter lists there.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from kinds_of_pages import kinds, looked_at
from tests.browser import Browser, browser, chromium

from detente.publish import sites
from detente.publish.catalogue import Words
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

ROWS = "[...document.querySelectorAll('ol.events > li')].filter(row => row.checkVisibility())"
"""Rows of a list that a reader sees."""
pytestmark = pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_prints_on_two_sheets_and_no_table_sticks_out(
    page: Browser, site_folder: Path, language: str
) -> None:
    page.open((site_folder / sites.path_of("index", language)).as_uri())
    printed = page.ask("Page.printToPDF", preferCSSPageSize=True)["data"]
    counts = re.findall(rb"/Type\s*/Pages\b.*?/Count (\d+)", base64.b64decode(printed), re.DOTALL)
    assert [int(count) <= 2 for count in counts] == [True], counts
    page.ask("Emulation.setEmulatedMedia", media="print")
    page.size(695, 1032)
    wide = page.run(
        "[...document.querySelectorAll('main table')].map(t => t.scrollWidth - t.parentElement.clientWidth)"
    )
    page.ask("Emulation.setEmulatedMedia", media="")
    assert max(wide) <= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_lists_print_on_few_sheets_and_say_where_the_rest_is(
    page: Browser, site_folder: Path, now: Situation, language: str
) -> None:
    for name in ("timeline", "sources", "statements"):
        page.open((site_folder / sites.path_of(name, language)).as_uri())
        printed = page.ask("Page.printToPDF", preferCSSPageSize=True)["data"]
        count = max(int(found) for found in re.findall(rb"/Count (\d+)", base64.b64decode(printed)))
        assert count <= 2, name
    page.ask("Emulation.setEmulatedMedia", media="print")
    told = "[...document.querySelectorAll('.rest')].filter(one => one.checkVisibility()).map(one => one.innerText)"
    rows = f"{ROWS}.length"
    file = (site_folder / sites.path_of("timeline", language)).as_uri()
    page.open(file)
    assert page.run(rows) == 16
    (said,) = page.run(told)
    assert file in said
    assert Words(language)("and {n} more", n=str(len(now.rows) - 16)) in said
    page.open(f"{file}?language=ru")  # Filtered on disk: nobody has counted.
    assert page.run(rows) == 16
    assert "".join(page.run(told)).split() == ["…", f"{file}?language=ru"]
    page.open(f"{file}?text=Lavrov")
    assert page.run(rows) <= 16
    assert page.run(told) == []
    page.ask("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_site_opens_from_disk(
    page: Browser, site_folder: Path, now: Situation, language: str
) -> None:
    wrong = {}
    for path in kinds(now).values():
        file = site_folder / sites.path_of(path, language)
        if found := looked_at(page, file.as_uri(), "file:"):
            wrong[path] = found
    assert wrong == {}


def test_a_list_on_disk_is_filtered_by_its_address_and_by_keys(
    page: Browser, site_folder: Path, now: Situation
) -> None:
    page.size(1280, 900)
    page.console.clear()
    shown = f"{ROWS}.map(row => row.id.slice(2))"
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


@pytest.mark.parametrize("width", [1280, 390])
def test_a_span_of_days_is_chosen_on_the_axis_by_keys_and_by_dragging(
    page: Browser, site_folder: Path, now: Situation, width: int
) -> None:
    page.size(width, 900)
    page.console.clear()
    page.open((site_folder / "timeline.html").as_uri())
    shown = f"{ROWS}.map(row => row.id.slice(2))"
    bars = "[...document.querySelectorAll('svg.brush a')]"
    first, second = [page.run(f"({{...{bars}.at({at}).dataset}})") for at in (-5, -4)]

    def between(since: str, until: str) -> list[str]:
        rows = [row for row in now.rows[::-1][: sites.ROWS_A_PAGE] if row.day]
        return [row.id for row in rows if since <= row.day.isoformat() <= until]  # type: ignore[union-attr]

    assert page.run("document.querySelector('svg.brush').parentElement.scrollWidth") <= width
    page.run(f"{bars}.at(-5).focus()")
    page.press("ArrowRight", "ArrowRight", modifiers=8)
    page.press("Enter", "Enter")
    assert page.run(shown) == between(first["since"], second["until"]) != []
    assert page.run("location.search") == f"?since={first['since']}&until={second['until']}"
    box = "(box => [box.x + box.width / 2, box.y + box.height / 2])"
    start, end = [page.run(f"{box}({bars}.at({at}).getBoundingClientRect())") for at in (-8, -6)]
    # A finger that goes up or down moves the page; one that goes sideways chooses.
    down, moved, up = (
        ("touchStart", "touchMove", "touchEnd") if width < 500 else ("mousePressed", "mouseMoved", "mouseReleased")
    )
    middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
    for kind, (x, y) in ((down, start), (moved, middle), (moved, end), (up, end)):
        if width < 500:
            page.ask("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y}] if kind != up else [])
        else:
            page.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)
    dragged = [page.run(f"({{...{bars}.at({at}).dataset}})") for at in (-8, -6)]
    assert page.run(shown) == between(dragged[0]["since"], dragged[1]["until"])
    assert page.console == []
