"""The brief as PDF, set by typst: text goes in as data, so that none of it can be read as markup or code."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from detente.errors import PublishError
from detente.publish.brief_layout import Layout, lay_out

if TYPE_CHECKING:
    from detente.publish.brief_record import Brief

STANDARDS = ["a-3a", "ua-1"]
"""Archival PDF that may carry its data, and one that screen readers can follow."""
FONT = "Libertinus Serif"
"""It ships within typst and has Latin, Greek and Cyrillic; what it lacks is taken from the fonts of the machine."""
PPI = 220.0
"""Of the figure where a format takes no drawing."""
_FIGURE = """#set page(width: auto, height: auto, margin: 4pt)
#image(bytes(sys.inputs.figure), format: "svg", width: 17cm)"""


def pdf(brief: Brief) -> bytes:
    """Write the brief as PDF; the same brief gives the same bytes.

    The record of every sentence is attached as JSON. Where a character is in no font of the machine, the file is an
    ordinary PDF and not an archival one, which would refuse it.

    Raises:
        PublishError: typst is not installed.
    """
    layout = lay_out(brief)
    when = brief.publication.at if brief.publication else datetime.combine(brief.situation.day, time(), UTC)
    given = {
        "brief": json.dumps(_given(layout), ensure_ascii=False),
        "figure": _drawn(layout.figure) if layout.figure else "",
        "record": json.dumps({**brief.json_ld, "record": brief.as_json()}, ensure_ascii=False, sort_keys=True),
    }
    template = (files("detente.publish") / "templates" / "brief.typ").read_bytes()
    try:
        return _compiled(template, given, when, STANDARDS)
    except PublishError as problem:
        if "could not be displayed" not in str(problem):
            raise
        return _compiled(template, given, when, [])


def png(figure: str) -> bytes:
    """A figure as a picture.

    Raises:
        PublishError: typst is not installed.
    """
    return _compiled(_FIGURE.encode(), {"figure": _drawn(figure)}, None, [], form="png")


def _given(layout: Layout) -> dict[str, Any]:
    written = asdict(layout)
    del written["figure"]
    marks = [layout.marks["digitalSourceType"], f"ai-disclosure: {layout.marks['ai-disclosure']}"]
    return {**written, "keywords": marks}


def _drawn(figure: str) -> str:
    return str(figure).replace('font-family="inherit"', f'font-family="{FONT}"')


def _compiled(
    template: bytes, given: dict[str, str], when: datetime | None, standards: list[Any], *, form: Any = "pdf"
) -> bytes:
    try:
        import typst
    except ImportError:
        raise PublishError("PDF is set by typst, which is not installed: pip install 'detente[pdf]'.") from None
    try:
        made = typst.compile(
            template,
            sys_inputs=given,
            format=form,
            pdf_standards=standards if form == "pdf" else None,
            timestamp=when.replace(microsecond=0) if when else None,
            ppi=PPI if form == "png" else None,
        )
    except typst.TypstError as problem:
        raise PublishError(f"typst cannot set the brief: {problem}. Take another format.") from problem
    return bytes(made)
