"""From any number on any page to the words it rests on, in two clicks.

A number stands in the smallest block around it that has a link (a row, a line of a list, a paragraph, a section). From
there a first click, and from the main part of the page it leads to a second one, must reach a page that shows words of
reports, or the past cases with their sources. What counts pages, names days or versions, or tells how to read a scale
is no finding, and needs no source.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
from publish_examples import Element, Page

BLOCKS = ("tr", "li", "p", "dd", "table", "section", "article", "details", "div", "ol", "ul", "main")
NO_FINDING = {"state", "parts", "filter", "notice", "label"}
"""Classes of what tells about the page itself."""
NUMBER = re.compile(r"\d")
KINDS = re.compile(
    r"((fr|ru)/)?(index|timeline|statements|milestones|brief|data|third|track-record|verdicts|method|measures|"
    r"measures/[a-z-]+|milestones/[a-z0-9-]+|cases/[a-z-]+)\.html"
)


def around(element: Element) -> Iterator[Element]:
    at: Element | None = element
    while at is not None:
        yield at
        at = at.parent


def explains(element: Element) -> bool:
    """Whether it tells how to read something, or about the page."""
    return any(
        NO_FINDING & set(e.attributes.get("class", "").split())
        or e.tag in ("nav", "title", "desc", "code", "option", "time")
        for e in around(element)
    )


def numbers(page: Page) -> Iterator[tuple[str, Element]]:
    """Numbers that are findings, with the element each stands in."""
    for text, element in page.all("main")[0].texts():
        if NUMBER.search(text) and not explains(element):
            yield text.strip(), element


def target(page: str, href: str) -> str:
    parts = urlsplit(href)
    if parts.scheme:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page


def shows_words(page: Page) -> bool:
    notes = any("notes" in e.attributes.get("class", "").split() for e in page.all("ol"))
    return bool(page.all("blockquote", "mark")) or notes or "cases/" in page.path


class Reached:
    """What is at the ends of the links of a site, found once for each page."""

    def __init__(self, site: dict[str, Page]) -> None:
        self.site = site
        self.words = {path for path, page in site.items() if shows_words(page)}
        self._links: dict[str, set[str]] = {}

    def links(self, path: str) -> set[str]:
        """Pages that the main part of a page leads to."""
        if path not in self._links:
            anchors = self.site[path].all("main")[0].all("a")
            self._links[path] = {target(path, a.attributes.get("href", "")) for a in anchors} & self.site.keys()
        return self._links[path]


@pytest.fixture(scope="module")
def reached(site: dict[str, Page]) -> Reached:
    return Reached(site)


def clicks(reached: Reached, page: Page, element: Element) -> int | None:
    """Clicks to the words; 0 where they stand in the same block, None where two do not reach them."""
    if "cases/" in page.path:
        return 0
    for block in around(element):
        if block.tag not in BLOCKS:
            continue
        if block.all("blockquote", "mark"):
            return 0
        first = {target(page.path, a.attributes.get("href", "")) for a in block.all("a")} & reached.site.keys()
        if first:
            break
    else:
        return None
    if first & reached.words:
        return 1
    return 2 if any(reached.links(path) & reached.words for path in first) else None


@pytest.mark.parametrize("language", ["", "fr/", "ru/"])
def test_every_number_is_at_most_two_clicks_from_its_words(
    site: dict[str, Page], reached: Reached, language: str
) -> None:
    lost = [
        (path, text, element.tag)
        for path, page in site.items()
        if KINDS.fullmatch(path) and path.startswith(language) and (language or path[:3] not in ("fr/", "ru/"))
        for text, element in numbers(page)
        if clicks(reached, page, element) is None
    ]
    assert lost == []


def test_most_numbers_are_found_on_the_sample(site: dict[str, Page]) -> None:
    """The walk looks at what it should: were it to skip everything, it would pass."""
    found = [text for _, page in site.items() if page.path == "index.html" for text, _ in numbers(page)]
    assert len(found) > 50
