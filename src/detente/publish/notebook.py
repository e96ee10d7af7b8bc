"""What notebooks show by themselves: sentences, tables and figures as markup that holds no script and loads nothing.

A record of ours hands a `Shown` to Jupyter, which takes the richest form it can show. All text in it is escaped; links
of figures are left out, since the pages they lead to do not stand beside a notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from detente.publish.marks import DRAWN
from detente.publish.text import harmless

MOST_ROWS = 20
"""Rows of a table in a notebook; the table itself has all."""
_LINK = re.compile(r"</?a\b[^>]*>")
_SVG, _HTML, _TEXT = "image/svg+xml", "text/html", "text/plain"


@dataclass(frozen=True)
class Shown:
    """One record as a notebook shows it, in one language.

    Attributes:
        html: Markup of ours, everything else in it escaped.
        text: The same for where no markup is shown.
        svg: The figure alone; empty where there is none.
        source_type: How it came to be: IPTC digital source type.
    """

    html: Markup
    text: str
    svg: str = ""
    source_type: str = DRAWN

    def _repr_html_(self) -> str:
        return str(self.html)

    def _repr_svg_(self) -> str | None:
        return self.svg or None

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """The forms there are, by type, and the mark of how they came to be.

        Args:
            include: Types that are wanted; all unless given.
            exclude: Types that are not.
        """
        wanted = None if include is None else set(include)
        unwanted = set(exclude or ())
        forms = {_HTML: str(self.html), _TEXT: self.text} | ({_SVG: self.svg} if self.svg else {})
        kept = {
            kind: form for kind, form in forms.items() if kind not in unwanted and (wanted is None or kind in wanted)
        }
        return kept, {"detente": {"digital_source_type": self.source_type}}

    def __str__(self) -> str:
        return self.text


def shown(
    language: str,
    *,
    title: str = "",
    sentences: Sequence[str] = (),
    svg: str = "",
    rows: Sequence[Sequence[str]] = (),
    more: str = "",
    foot: Sequence[str] = (),
    source_type: str = DRAWN,
) -> Shown:
    """Put the parts of a record together.

    Args:
        svg: A figure of our own chart layer, which escapes what it draws.
        rows: A table, headings first; a row of one cell is a remark.
        more: What is said where rows are left out.
        foot: Lines on how it was made and of what.

    >>> shown("en", sentences=["<b>"])._repr_mimebundle_(include=["text/plain"])[0]
    {'text/plain': '<b>'}
    """
    figure = _LINK.sub("", svg)
    inner = Markup("<h4>{}</h4>").format(harmless(title)) if title else Markup("")
    inner += Markup("").join(Markup("<p>{}</p>").format(harmless(line)) for line in sentences)
    inner += Markup(figure)  # noqa: S704 - the chart layer escapes what it is given
    inner += _table(rows, more)
    inner += Markup("").join(Markup("<p><small>{}</small></p>").format(harmless(line)) for line in foot)
    html = Markup('<div lang="{}" class="detente" data-digital-source-type="{}">{}</div>').format(
        language, source_type, inner
    )
    lines = [*([title] if title else []), *sentences, *("  ".join(row) for row in rows[: MOST_ROWS + 1]), *foot]
    return Shown(html, harmless("\n".join(lines)), figure, source_type)


def _table(rows: Sequence[Sequence[str]], more: str) -> Markup:
    if not rows:
        return Markup("")
    head, body = rows[0], rows[1:]
    out = Markup("<table><thead><tr>")
    out += Markup("").join(Markup('<th scope="col">{}</th>').format(harmless(cell)) for cell in head)
    out += Markup("</tr></thead><tbody>")
    for row in body[:MOST_ROWS]:
        wide = Markup(' colspan="{}"').format(len(head)) if len(row) == 1 < len(head) else Markup("")
        cells = Markup("").join(Markup("<td{}>{}</td>").format(wide, harmless(cell)) for cell in row)
        out += Markup("<tr>{}</tr>").format(cells)
    out += Markup("</tbody></table>")
    return out + Markup("<p><small>{}</small></p>").format(more) if len(body) > MOST_ROWS and more else out


class ShowsItself:
    """A record that a notebook shows in English, and in another language when `shown` is asked for it."""

    def shown(self, language: str = "en") -> Shown:
        """The record as a notebook shows it, in a reader's language."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return self.shown()._repr_html_()

    def _repr_svg_(self) -> str | None:
        return self.shown()._repr_svg_()

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        return self.shown()._repr_mimebundle_(include, exclude)
