"""How a file opens: the name of its first element, for telling pages from feeds from plain text."""

from __future__ import annotations

import codecs
import re

_NAME = re.compile(r"<(!doctype\s+)?([a-z][a-z0-9:_-]*)", re.I)
FEEDS = frozenset({"rss", "feed", "rdf:rdf"})
PAGES = frozenset({"html", "head", "body", "title", "meta", "article", "main", "div", "p"})


def first_element(raw: bytes) -> str:
    """The lower-case name of the first element, comments and declarations passed over; empty where there is none.

    >>> first_element(b'<?xml version="1.0"?> <!-- made by hand --> <rss version="2.0">')
    'rss'
    >>> first_element(b"<!DOCTYPE html><p>")
    'html'
    >>> first_element("2 < 3, said Lavrov".encode())
    ''
    """
    start = raw[:16384]
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = start.decode("utf-16" if wide else "latin-1", errors="ignore").removeprefix("ï»¿")
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if text.startswith("<!--", at):
            closed = text.find("-->", at)
        elif text.startswith("<?", at):
            closed = text.find(">", at)
        else:
            break
        if closed < 0:
            return ""
        at = text.index(">", closed) + 1
    match = _NAME.match(text, at)
    return match.group(2).lower() if match else ""
