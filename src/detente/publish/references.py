"""References as reference managers read them: one record as BibTeX, as CSL-JSON and as RIS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from detente.publish.text import flat

OURS = "{Détente}"
"""Our own name, which BibTeX must not take apart into first and last."""
_BIBTEX = str.maketrans({sign: f"\\{sign}" for sign in "%$&#_"} | {"{": "(", "}": ")", "\\": "/", "~": " ", "^": " "})
_URL = str.maketrans({"{": "%7B", "}": "%7D"})
"""What would end a value inside an address is written as addresses write it (RFC 3986, 2.1)."""


def bibtex(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """One record of BibTeX; empty fields are left out.

    >>> print(bibtex("misc", "detente", {"title": "Talks & visas", "url": ""}), end="")
    @misc{detente,
      title = {Talks \\& visas}
    }
    """
    lines = []
    for name, value in fields.items():
        if value:
            if name == "url":
                text = value.translate(_URL)
            else:
                text = value if value == OURS else flat(value).translate(_BIBTEX)
            lines.append(f"  {name} = {{{text}}}")
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def csl_date(day: date) -> dict[str, Any]:
    """A day as CSL-JSON has it."""
    return {"date-parts": [[day.year, day.month, day.day]]}


def ris(kind: str, fields: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The lines of one record of RIS: each a tag, two blanks, a hyphen, a blank and a value."""
    yield f"TY  - {kind}"
    yield from (f"{tag}  - {flat(value)}" for tag, value in fields if value)
    yield "ER  - "
