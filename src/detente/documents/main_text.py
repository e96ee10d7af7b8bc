"""The main text of a page, by trafilatura, with guards against pages made to break readers."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any

from detente.errors import DocumentError

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements without a closing tag, or whose closing tag pages leave out: they do not nest.
_FLAT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "path",
        "circle",
        "rect",
        "line",
        "use",
        "stop",
        "polygon",
    ]
)
DEEPEST = 5_000
"""Levels of unclosed elements. libxml2 gives up at 256 real ones; news pages that forget to close tags seem to reach
650 (258 pages in the tests of fundus, November 2026), of which the parser closes most."""
MOST_TAGS = 30_000
"""trafilatura's time grows faster than the number of elements: 30,000 take up to 10 seconds, a million over two
minutes. The largest of the same pages has 7,900."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself, and its main text.

    Attributes:
        text: Paragraphs, one a line; never scripts or styles.
        site: Name the site gives itself, or empty.
        licence: As the page states it, or empty.
        url: The address the page gives for itself, or empty.
        tree: The parsed page, for finding dates.
    """

    text: str
    title: str
    site: str
    licence: str
    url: str
    tree: Any


def read_page(markup: str, record: str, *, url: str = "") -> Page:
    """Find the main text of a page.

    Precision goes first; only where that leaves next to nothing is the text sought with the usual settings.

    Args:
        markup: The decoded page.
        record: Where it is, for messages.
        url: Its address, where known.

    Raises:
        DocumentError: Not a page, nested or grown beyond what a page is, or without a main text.

    >>> body = "<p>The two delegations met in Istanbul on Thursday and agreed to meet again in the autumn.</p>" * 2
    >>> page = read_page(f"<html><title>Talks</title><body><article>{body}</article></body></html>", "a.html")
    >>> page.text.splitlines()[0]
    'The two delegations met in Istanbul on Thursday and agreed to meet again in the autumn.'
    """
    _refuse_monsters(markup, record)
    from trafilatura.utils import load_html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        tree = load_html(_without_declaration(markup))
        if tree is None:
            raise DocumentError(f"{record}: no HTML could be parsed. Save the article's text as .txt and add that.")
        _free_from_layout_tables(tree)
        held = _extract(tree, url, precise=True)
        if held is None or len(held.text or "") < 200:
            wider = _extract(tree, url, precise=False)
            if wider is not None and len(wider.text or "") > 1.5 * len((held.text if held else "") or ""):
                held = wider
    except (RecursionError, MemoryError) as problem:
        raise DocumentError(
            f"{record}: too intricate to read ({type(problem).__name__}). Save its text as .txt."
        ) from (problem)
    text = (held.text or "").strip() if held is not None else ""
    if len(text.split()) < 5:  # the name of a menu
        raise DocumentError(
            f"{record}: no main text found in {len(markup):,} characters of HTML. Save its text as .txt."
        )
    return Page(
        text=text.replace("\r\n", "\n").replace("\r", "\n"),
        title=_one_line(held.title),
        site=_one_line(held.sitename),
        licence=_one_line(held.license),
        url=_one_line(held.url),
        tree=tree,
    )


def _one_line(value: Any) -> str:
    return " ".join(str(value).split()) if value else ""


def _without_declaration(markup: str) -> str:
    # A decoded page that still declares an encoding is refused by the parser.
    return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", markup, count=1)


def _free_from_layout_tables(tree: Any) -> None:
    """Old pages lay out their columns as one table; its cells become sections, so that menus and text come apart."""
    for table in list(tree.iter("table")):
        cells = list(table.iter("td"))
        if any(cell.find(".//p") is not None or len(cell.text_content()) > 400 for cell in cells):
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"


def _extract(tree: Any, url: str, *, precise: bool) -> Any:
    from copy import deepcopy

    from trafilatura import bare_extraction

    return bare_extraction(
        deepcopy(tree),
        url=url or None,
        favor_precision=precise,
        include_comments=False,
        include_tables=True,
        include_images=False,
        include_links=False,
        deduplicate=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )


def _refuse_monsters(markup: str, record: str) -> None:
    depth = deepest = tags = 0
    for tag in _TAG.finditer(markup):
        tags += 1
        if tags > MOST_TAGS:
            raise DocumentError(
                f"{record}: more than {MOST_TAGS:,} tags, no news page. Save the article's text as .txt."
            )
        if tag.group(2).lower() in _FLAT:
            continue
        if tag.group(1):
            depth = max(0, depth - 1)
        else:
            depth += 1
            deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise DocumentError(
            f"{record}: elements nested {deepest:,} deep, no news page. Save the article's text as .txt."
        )
