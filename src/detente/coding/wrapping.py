"""Lines that were broken at a fixed width (press releases, e-mail) are read as if they had not been.

The coder reads a copy in which such breaks are blanks, of the same length, so that offsets hold; what it quotes is then
quoted again from the text as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

from detente.terms import Document, Evidence

Coded = TypeVar("Coded")

_NARROWEST, _WIDEST = 45, 110
_SLACK = 8
"""Characters by which a full line before a capital may pass every line that is continued in lower case."""
_LINE = re.compile(r"[^\n]*")
_ITEM = re.compile(r"\s*(?:[-*•·▪▸►‣◦–—]+\s|\(?\d{1,2}[.)]\s|[#>|])")


def unwrapped(text: str) -> str:
    r"""The text with a blank for each break at which a line of prose was full.

    A line was full where the first word of the next one would not have fitted into the longest line: that is one
    which is continued in lower case below, or little longer. Headings and items of lists keep their breaks.

    >>> prose = "National Security Advisor Jake Sullivan spoke by phone today with National\nSecurity Secretary "
    >>> prose += "General Akiba Takeo of Japan, and both agreed to remain in\ntouch.\nShort line\nText."
    >>> print(unwrapped(prose))
    National Security Advisor Jake Sullivan spoke by phone today with National Security Secretary General Akiba Takeo of Japan, and both agreed to remain in touch.
    Short line
    Text.
    """  # noqa: E501 - the unwrapped line is long, which is the point
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text) if match.group().strip()]
    neighbours = [
        (upper, lower, begin - 1)
        for (start, upper), (begin, lower) in pairwise(lines)
        if start + len(upper) + 1 == begin and not _ITEM.match(lower)
    ]
    continued = [len(upper.rstrip()) for upper, lower, _ in neighbours if lower.lstrip()[0].islower()]
    continued = [length for length in continued if _NARROWEST <= length <= _WIDEST]
    if not continued:
        return text
    lengths = (len(upper.rstrip()) for upper, _, _ in neighbours)
    width = max(length for length in lengths if length <= max(continued) + _SLACK)
    breaks = [
        at
        for upper, lower, at in neighbours
        if len(upper.rstrip()) <= width < len(upper.rstrip()) + 1 + len(lower.split(maxsplit=1)[0])
    ]
    made = list(text)
    for at in breaks:
        made[at] = " "
        if made[at - 1] == "\r":
            made[at - 1] = " "
    return "".join(made)


def read_unwrapped(document: Document, code: Callable[[Document], Coded]) -> Coded:
    """What is made of the unwrapped text, with every quote as the document has it."""
    flat = replace(document, text=unwrapped(document.text))
    coded = code(flat)
    return coded if flat.text == document.text else _requoted(coded, document)


def _requoted(value: Any, document: Document) -> Any:
    if isinstance(value, Evidence):
        return replace(value, quote=document.text[value.start : value.end])
    if isinstance(value, tuple):
        return tuple(_requoted(item, document) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        made = {field.name: _requoted(getattr(value, field.name), document) for field in fields(value) if field.init}
        return replace(value, **{name: new for name, new in made.items() if new is not getattr(value, name)})
    return value
