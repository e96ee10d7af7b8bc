"""A page for each measure: what it says, its figure, its table, and every form the same data can be had in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from detente.errors import MeasureError
from detente.ledger import Ledger
from detente.publish import figures, forecast_history, readings, sites
from detente.publish.catalogue import Words
from detente.publish.marks import DRAWN
from detente.publish.material import Material
from detente.publish.pages import render
from detente.publish.readings.reading import Reading
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

MOST_ROWS = 150
"""Rows of a measure's table on its page; the files beside it have all."""
MOST_PROOFS = 4


@dataclass(frozen=True)
class Line:
    """One row of a measure's table.

    Attributes:
        proofs: Pages that show the quotes behind it.
        more: Quotes behind it beyond those.
    """

    cells: Sequence[str]
    proofs: Sequence[str] = ()
    more: int = 0


def reader(
    situation: Situation, ledger: Ledger, *, known: dict[str, Reading] | None = None
) -> Callable[[str], Reading]:
    """Reads measures out of the ledger as the situation saw it, each once.

    Args:
        known: Those read before, to which each is added.
    """
    material = Material(situation.dossier, ledger, situation.dossier.folder or Path(), as_of=situation.as_of)
    kept = {} if known is None else known

    def read(measure: str) -> Reading:
        if measure not in kept:
            try:
                kept[measure] = readings.read(measure, material)
            except MeasureError:
                kept[measure] = _too_little(measure, material)
        return kept[measure]

    return read


def _too_little(measure: str, material: Material) -> Reading:
    return Reading(
        measure=measure,
        method="",
        material=material,
        result=None,
        columns={},
        say=lambda words: [words("There is too little to measure this yet.")],
    )


def page(figure: figures.Figure, reading: Reading, language: str, where: sites.Where) -> tuple[str, str]:
    """(path, page) of one measure."""
    at = sites.Navigation(figure.path, language)
    head, lines, left = _table(reading, language, where)
    return sites.path_of(figure.path, language), render(
        "measure.html",
        language,
        at=at,
        figure=figure,
        question=figures.TITLES[reading.measure][1],
        drawing=drawing(figure, language, ways=at.here),
        sentences=reading.sentences(language),
        head=head,
        lines=lines,
        left=left,
        **sites.shown_everywhere(figure.situation, language, where),
    )


def drawing(figure: figures.Figure, language: str, *, ways: str) -> Markup | None:
    """The figure as it stands on a page, with links from there."""
    if figure.draw is None:
        return None
    return Markup(figures.with_links(figure.draw(language), ways, figure.situation.row_by_id))  # noqa: S704 - the chart layer escapes


def _table(reading: Reading, language: str, where: sites.Where) -> tuple[Sequence[str], list[Line], int]:
    rows = reading.rows(language)
    if not rows:
        return (), [], 0
    head, body = rows[0], rows[1:]
    evidence: Sequence[Any] = ()
    if reading.cells is None:
        evidence = reading.columns.get("evidence", ())
    lines = []
    for number, cells in enumerate(body[:MOST_ROWS]):
        ids = str(evidence[number] or "").split() if number < len(evidence) else []
        found = list(dict.fromkeys(filter(None, (where.event(one) or where.statement(one) for one in ids))))
        lines.append(Line(cells, found[:MOST_PROOFS], max(0, len(found) - MOST_PROOFS)))
    return head, lines, max(0, len(body) - MOST_ROWS)


def embed(figure: figures.Figure, language: str) -> tuple[str, str]:
    """(path, page) that holds the figure alone, to stand in a frame on somebody else's page."""
    words = Words(language)
    name = f"embed/{figure.path.replace('/', '-')}"
    return sites.path_of(name, language), render(
        "embed.html",
        language,
        at=sites.Navigation(name, language),
        figure=figure,
        page=sites.path_of(page_of(figure.path), language),
        drawing=drawing(figure, language, ways="../"),
        credit=figures.credit(figure.situation, words),
        sentences=figure.sentences(language),
        situation=figure.situation,
        mark=DRAWN,
        label=figures.label_of(figure.situation, language),
    )


def page_of(path: str) -> str:
    """The page on which a figure stands: its own, or that of its kind."""
    if path == "situation":
        return "index"
    return path if path.startswith("measures/") else "milestones"


def files(situation: Situation, ledger: Ledger, *, with_png: bool = False) -> Iterator[tuple[str, bytes]]:
    """(path from the top, content) of every figure in every form, its page and its frame."""
    read, where = reader(situation, ledger), sites.Where(situation)
    replays = forecast_history.replays(situation.dossier, ledger, situation.day)
    for name in figures.paths(situation):
        figure = figures.named(name, situation, read, replays=replays, with_png=with_png)
        if figure is not None:
            yield from of(figure, read, where)
            yield from figures.pictures(figure)


def of(figure: figures.Figure, read: Callable[[str], Reading], where: sites.Where) -> Iterator[tuple[str, bytes]]:
    """(path, content) of one figure: page, frame and forms, in three languages; PNG apart."""
    yield from figures.whole(figure)
    for language in LANGUAGES:
        if figure.path.startswith("measures/"):
            path, text = page(figure, read(figure.name), language, where)
            yield path, text.encode()
        path, text = embed(figure, language)
        yield path, text.encode()
