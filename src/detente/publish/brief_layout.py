"""A brief laid out for print: the same pieces for Word and PDF, every text made fit for a file of XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from detente import __version__
from detente.publish.catalogue import Words
from detente.publish.charts import PAST_IN_PRINT
from detente.publish.citing import link_of, source_text
from detente.publish.disclosure import IPTC, without_links
from detente.publish.hero import chart
from detente.publish.text import Text, flat

if TYPE_CHECKING:
    from detente.publish.brief_record import Brief, Sentence

Run = tuple[str, str]
"""Text, and its language where that is not the reader's."""


@dataclass(frozen=True)
class Item:
    """One sentence: its text, the marks of its notes, and the list that belongs to it."""

    runs: tuple[Run, ...]
    refs: tuple[str, ...]
    points: tuple[tuple[Run, str], ...] = ()


@dataclass(frozen=True)
class Part:
    """One section."""

    heading: str
    prose: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Note:
    """One source or piece of data; `address` is safe to follow, or empty."""

    mark: str
    runs: tuple[Run, ...]
    address: str = ""


@dataclass(frozen=True)
class Layout:
    """All that is printed, in order.

    Attributes:
        author: Who answers for it, or the program.
        figure: The hero chart without links, or None where nothing can be drawn.
        summary: What the figure shows, for who cannot see it.
        marks: For machines, by name.
    """

    language: str
    title: str
    author: str
    label: str
    draft: str
    notice: str
    parts: tuple[Part, ...]
    figure: Markup | None
    summary: str
    sources: str
    notes: tuple[Note, ...]
    footer: str
    marks: dict[str, str]


def lay_out(brief: Brief) -> Layout:
    """What Word and PDF print of a brief."""
    words, situation = Words(brief.language), brief.situation
    parts = [
        Part(flat(section.heading), section.prose, tuple(_item(s, brief, words) for s in section.sentences))
        for section in brief.sections
    ]
    if brief.publication and brief.publication.corrections:
        items = []
        for each in brief.publication.corrections:
            head = words("Version {n}", n=words.number(each.version)) + words.colon()
            told = each.told(brief.language)
            runs = [(flat(text), "" if lang == brief.language else lang) for lang, text in told.items()]
            items.append(Item(((head, ""), *runs), ()))
        parts.append(Part(words("Corrections"), prose=False, items=tuple(items)))
    notes = [
        Note(
            str(position),
            _runs(
                words.quote(cited.evidence.quote, cited.document.language)
                + " "
                + source_text(cited, words)
                + f" · {cited.document.id} {cited.evidence.start}:{cited.evidence.end} · {cited.done(words)}"
            ),
            link_of(cited.document),
        )
        for position, cited in enumerate(brief.footnotes, start=1)
    ]
    notes += [Note(brief.letter(data), ((flat(data.name), ""),)) for data in brief.data]
    version = words("data version {version}", version=situation.data_version)
    return Layout(
        brief.language,
        flat(brief.title),
        flat(brief.publication.responsible if brief.publication else "detente"),
        flat(brief.label),
        flat(brief.draft_line),
        flat(situation.dossier.notice_in(brief.language)),
        tuple(parts),
        without_links(chart(situation, words, past=PAST_IN_PRINT)),
        flat(" ".join(str(s.text) for s in brief.sections[0].sentences)) if brief.sections else "",
        words("Sources"),
        tuple(notes),
        f"{version} · detente {__version__}",
        {
            "ai-disclosure": brief.meta,
            "ai-disclosure-label": flat(brief.disclosed.sentences[brief.language]),
            "digitalSourceType": IPTC + brief.source_type,
            "data-version": situation.data_version,
            "text-sha256": brief.text_sha256,
        },
    )


def _item(sentence: Sentence, brief: Brief, words: Words) -> Item:
    points = tuple(
        ((flat(point.evidence.quote), "" if point.document.language == brief.language else point.document.language),
         str(brief.number(point)))
        for point in sentence.points
    )  # fmt: skip
    return Item(_runs(sentence.told(words)), tuple(brief.refs(sentence)), points)


def _runs(text: Text) -> tuple[Run, ...]:
    # Runs keep the spaces at their ends: `flat` on the whole would join words.
    return tuple((_fit(piece), language) for piece, language in text.pieces if piece)


_STRETCH = re.compile("(?<=\\d)–(?=\\d+[\u202f\u00a0]?%)")


def _fit(piece: str) -> str:
    # Word and typst break a line after an en dash; a word joiner keeps an interval whole.
    inner = _STRETCH.sub("–\u2060", flat(piece))
    head = " " if piece[:1] == " " and inner else ""
    tail = " " if piece[-1:] == " " and inner else ""
    return f"{head}{inner}{tail}" if inner else " "
