"""Who tells it, as the first page has it: reports and events by language, country and ownership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from detente.measures.sources import Kind
from detente.publish.catalogue import Words
from detente.publish.readings.sources import group_name, heading
from detente.publish.situation import Situation

KINDS: tuple[Kind, ...] = ("language", "country", "ownership")
MOST = 4
"""Rows of each kind, the rest together in one more."""


@dataclass(frozen=True, slots=True)
class Line:
    """One language, country or kind of owner.

    Attributes:
        share: Of the dyad's events, those it tells (0-1); None where there are none, or for the rest.
        link: What it leads to, from the top of a language.
    """

    name: str
    reports: int
    events: int | None
    share: float | None
    link: str


def tables(situation: Situation, words: Words) -> list[tuple[str, Sequence[Line]]]:
    """(heading, lines) for each kind that has any."""
    found: list[tuple[str, Sequence[Line]]] = []
    for kind in KINDS:
        groups = [group for group in situation.press if group.kind == kind]
        lines = [
            Line(
                group_name(situation.dossier.registry, group, words),
                group.documents,
                len(group.told.events),
                group.told.share,
                f"timeline.html?{urlencode({'language': group.key})}"
                if kind == "language"
                else "measures/sources.html",
            )
            for group in groups[:MOST]
        ]
        if rest := groups[MOST:]:
            lines.append(Line(words("others"), sum(g.documents for g in rest), None, None, "measures/sources.html"))
        if lines:
            found.append((heading(kind, words), lines))
    return found
