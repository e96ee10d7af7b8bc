"""Every page of the application in a real browser, in three languages, on a desk and on a phone.

Each kind of page is opened everywhere; of the pages of events, of which there are hundreds of one kind, those that are
most likely to break: with most reports, with the longest word, with points agreed, with reports that differ. All others
are asked for over HTTP. Pictures of each kind are left in `build/pages/`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest
from kinds_of_pages import PICTURES, kinds, looked_at, names
from publish_examples import complaints, parsed
from tests.browser import Browser, browser, chromium
from tests.servers import WAIT_SECONDS, served

from detente.publish import sites
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

AXE = Path(__file__).parents[2] / "tests" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
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
    pytest.importorskip("uvicorn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sites, "ROWS_A_PAGE", ROWS)
        with served(sample_folder) as top:
            yield f"{top}/"


ASKED = {
    "filtered": "timeline.html?direction=both&language=ru",
    "nothing-left": "timeline.html?track=none&reviewed=yes",
    "found": "search.html?q=visas",
    "not-found": "search.html?q=%22%28",
    "brief-draft": "{}desk/brief",
    "compared": "compare.html?from=2025-09-01",
    "past": "as-of/2025-09-01/{}index.html",
}
"""Pages that only the application has, by the names of their pictures."""


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
