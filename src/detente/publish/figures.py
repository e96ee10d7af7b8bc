"""Figures with their addresses: each one as SVG, PNG, CSV, JSON, metadata and a package of all of them.

A figure stands under one path (`measures/breaks`), and each form under that path with a suffix. SVG and PNG are made in
each language, in that language's folder; the rest stands once. The same bytes come out for the same ledger and moment.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from html import escape as escape_markup
from importlib import import_module
from importlib.resources import files
from typing import Any

from detente import __version__
from detente.errors import PublishError
from detente.publish import briefs, disclosure, forecast_history, hero, sites
from detente.publish.brief_markdown import plain
from detente.publish.catalogue import Words
from detente.publish.cells import guarded, row_writer
from detente.publish.charts import LETTER, QUIET, escape, text_at
from detente.publish.marks import DRAWN
from detente.publish.milestones import Row, chance_line, when_line
from detente.publish.notebook import Shown, ShowsItself, shown
from detente.publish.readings import READERS
from detente.publish.readings.reading import Cell, Reading
from detente.publish.situation import Situation
from detente.publish.text import flat, harmless
from detente.terms import LANGUAGES, Forecast

FORMS = ("svg", "png", "csv", "json", "metadata.json", "zip")
"""The suffixes a figure's address can end in."""
DATA_FORMS = ("svg", "csv", "json", "metadata.json", "zip")
"""Those that are there wherever the figure is: the picture comes first, PNG is an extra."""
MARK_COLUMN = "digital_source_type"
TITLES: Mapping[str, tuple[str, str]] = {
    "index": ("The index, day by day", "How does each side act toward the other, and since when has it not moved?"),
    "agenda": ("Agenda", "What is dealt with, what stalls, what is kept out, what waits for what?"),
    "deeds": ("Words against deeds", "Do deeds follow words, and what became of what was announced?"),
    "stage": ("Stage of normalisation", "Which rung is reached, as measured and as claimed?"),
    "breaks": ("Breaks", "When did level, trend or spread change, and when would it have been noticed?"),
    "sources": ("Whose press tells what", "What would the index be without each outlet, country, owner or language?"),
    "camps": ("Hard line and moderation", "Who stands harder or milder within a side, and who contradicts whom?"),
    "risers": ("Who comes up", "Whose share of contacts, words and mentions grows, and who is new?"),
    "reciprocity": ("Who answers whom", "How fast is an act answered, and who moves first?"),
    "outlook": ("Outlook", "What will the weekly score be in one, four and twelve weeks?"),
    "third-parties": ("Pull from outside", "Which third states lead or follow, and who offers what to whom?"),
}
"""What a reader calls each measure, and the question it answers."""
FONTS = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif"
ZOOM = 2
"""Pixels of a PNG for each unit of the drawing: fit for print at the width of a column."""
_LINE, _PAD, _FOOT = 16, 14, 14
_ROOT = re.compile(r"<svg\b[^>]*>")
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_WAY = re.compile(r'<a href="((?!https?:|#)[^"]*)"')
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Day of every file in a package: the same data make the same bytes."""


@dataclass(frozen=True)
class Figure(ShowsItself):
    """One figure and the data it is drawn from.

    Attributes:
        path: Its address from the top, without a suffix: `measures/breaks`.
        title: By language.
        sentences: What it says, in a reader's language.
        columns: The table behind it, all of one length.
        result: Everything the measure gave, for machines.
        draw: The drawing, an `<svg>` whose links lead from the top of its language; None where there is none.
        method: Name and version of what made it.
        with_png: Whether it is offered as PNG, which takes longest to make.
    """

    path: str
    title: Mapping[str, str]
    sentences: Callable[[str], Sequence[str]]
    columns: Mapping[str, Sequence[Cell]]
    result: Mapping[str, Any]
    draw: Callable[[str], str] | None
    method: str
    situation: Situation
    with_png: bool = False

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms there are here: without a drawing no picture, without the extra no PNG."""
        return tuple(
            form
            for form in FORMS
            if (form not in ("svg", "png") or self.draw is not None) and (form != "png" or self.with_png)
        )

    @cached_property
    def _stamp(self) -> dict[str, Any]:
        now = self.situation
        return {
            "dyad": str(now.dossier.dyad),
            "day": now.day.isoformat(),
            "as_of": now.as_of.isoformat() if now.as_of else None,
            "data_version": now.data_version,
            "method": self.method,
            "program": f"detente {__version__}",
            MARK_COLUMN: DRAWN,
        }

    def shown(self, language: str = "en") -> Shown:
        """Sentences and figure with label and credit, as a notebook shows them."""
        now, words = self.situation, Words(language)
        notice = now.dossier.notice_in(language)
        return shown(
            language,
            title=f"{self.title[language]} · {now.dossier.title_in(language)}",
            sentences=self.sentences(language),
            svg=self.draw(language) if self.draw is not None else "",
            foot=[label_of(now, language), credit(now, words), *([notice] if notice else []), rights(language)],
        )

    def as_json(self) -> bytes:
        """The whole result with what it was made of."""
        return sites.as_json({**self._stamp, "label": self._labels(), **self.result})

    def _labels(self) -> dict[str, str]:
        return {language: label_of(self.situation, language) for language in LANGUAGES}

    def as_csv(self) -> bytes:
        """The table, one line a row; cells that a spreadsheet would run begin with an apostrophe."""
        out = io.StringIO()
        writer = row_writer(out)
        writer.writerow([*self.columns, MARK_COLUMN])
        for line in zip(*self.columns.values(), strict=True):
            writer.writerow([*(_csv_cell(value) for value in line), DRAWN])
        return out.getvalue().encode()

    def metadata(self) -> bytes:
        """What the table's columns are and how it came to be, as CSV on the Web has it (W3C, tabular metadata)."""
        return sites.as_json(
            {
                "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
                "url": f"{self.name}.csv",
                "dc:title": [{"@value": text, "@language": code} for code, text in self.title.items()],
                "dc:description": [{"@value": " ".join(self.sentences(code)), "@language": code} for code in LANGUAGES],
                "dc:rights": rights("en"),
                "schema:version": self.situation.data_version,
                "schema:temporalCoverage": f"{self.situation.dossier.since}/{self.situation.day}",
                "schema:measurementTechnique": self.method,
                "schema:digitalSourceType": DRAWN,
                "schema:creditText": [
                    {"@value": credit(self.situation, Words(code)), "@language": code} for code in LANGUAGES
                ],
                "rdfs:comment": [{"@value": text, "@language": code} for code, text in self._labels().items()],
                "prov:wasDerivedFrom": self.situation.data_version,
                "prov:wasAttributedTo": f"detente {__version__}",
                "tableSchema": {"columns": self._column_schemas()},
            }
        )

    def _column_schemas(self) -> list[dict[str, Any]]:
        meant = column_meanings(self.name if self.path.startswith("measures/") else self.path.partition("/")[0])
        found: list[dict[str, Any]] = []
        for name, values in self.columns.items():
            column: dict[str, Any] = {"name": name, "titles": name, "datatype": _datatype(values)}
            if meant.get(name):
                column["dc:description"] = meant[name]
            found.append(column)
        mark = {"name": MARK_COLUMN, "titles": MARK_COLUMN, "datatype": "anyURI"}
        return [*found, {**mark, "dc:description": "How the row came to be: IPTC digital source type."}]

    def svg(self, language: str) -> str:
        """The figure as it stands alone: with title, credit, label and marks, and links that lead back to the pages.

        Raises:
            PublishError: There is nothing to draw.
        """
        if self.draw is None:
            raise PublishError(f"{self.path}: there is nothing to draw. Ask for csv or json.")
        return _standing_alone(self, self.draw(language), language)

    def png(self, language: str) -> bytes:
        """The same as pixels, with the marks inside.

        Raises:
            PublishError: There is nothing to draw, the png extra is not installed, or this machine has no font.
        """
        return as_png(self.svg(language), _xmp(self, language))

    def package(self) -> bytes:
        """Data, metadata, figures, codebook, licence and a page to read first, zipped."""
        held: dict[str, bytes] = {
            "README.md": self._readme().encode(),
            "LICENCE.md": licence().encode(),
            f"{self.name}.csv": self.as_csv(),
            f"{self.name}.json": self.as_json(),
            f"{self.name}.metadata.json": self.metadata(),
            "codebook/columns.csv": self._codebook().encode(),
            **plover_tables(),
        }
        for language in LANGUAGES if self.draw is not None else ():
            held[f"{self.name}.{language}.svg"] = self.svg(language).encode()
        return zipped(held)

    def _codebook(self) -> str:
        return "".join(
            _csv_line([c["name"], c["datatype"], c.get("dc:description", "")])
            for c in [{"name": "column", "datatype": "datatype", "dc:description": "meaning"}, *self._column_schemas()]
        )

    def _readme(self) -> str:
        lines: list[str] = []
        for language in LANGUAGES:
            words = Words(language)
            lines += [f"# {plain(self.title[language])}", ""]
            lines += [f"*{plain(label_of(self.situation, language))}*", ""]
            if notice := self.situation.dossier.notice_in(language):
                lines += [f"> {plain(notice)}", ""]
            lines += [f"- {plain(flat(text))}" for text in self.sentences(language)]
            lines += ["", plain(credit(self.situation, words)), ""]
        lines += [f"Method: `{self.method}`. Digital source type: <{DRAWN}>.", ""]
        lines += [f"- `{self.name}.csv`: the table; `{self.name}.metadata.json` says what it is (CSV on the Web)."]
        lines += [f"- `{self.name}.json`: everything the measure gave. `codebook/`: columns and PLOVER codes."]
        lines += ["- `LICENCE.md`: what may be done with it.", ""]
        return "\n".join(lines)


def _csv_cell(value: Cell) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return guarded(harmless(value)) if isinstance(value, str) else value


def _csv_line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    row_writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue()


def _datatype(values: Sequence[Cell]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    if kinds and kinds <= {int, float}:
        return "number"
    return "date" if kinds == {date} else "string"


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    table: dict[str, dict[str, str]] = {}
    text = (files("detente.publish") / "columns.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        table.setdefault(row["table"], {})[row["column"]] = row["meaning"]
    return table


def column_meanings(table: str) -> Mapping[str, str]:
    """What each column of a table means; those that all tables share under `*`."""
    return {**_meanings().get("*", {}), **_meanings().get(table, {})}


# Where figures come from


def of_reading(reading: Reading, situation: Situation) -> Figure:
    """A measure's figure."""
    return Figure(
        path=f"measures/{reading.measure}",
        title=titles_of(reading.measure),
        sentences=reading.sentences,
        columns=reading.columns,
        result=reading.as_json(),
        draw=reading.svg if _can_be_drawn(reading) else None,
        method=reading.method,
        situation=situation,
    )


def _can_be_drawn(reading: Reading) -> bool:
    """A dossier without events has nothing that a chart could show, which only the drawing finds out."""
    if reading.draw is None:
        return False
    try:
        reading.svg("en")
    except PublishError:
        return False
    return True


def titles_of(measure: str) -> dict[str, str]:
    """What a measure is called, by language."""
    return {language: Words(language)(TITLES[measure][0]) for language in LANGUAGES}


def of_situation(situation: Situation) -> Figure:
    """The chart of the first page: past and future on one axis."""
    series = situation.index.series

    def draw(language: str) -> str:
        return str(hero.chart(situation, Words(language)))

    def said(language: str) -> list[str]:
        found = {section.id: section.sentences for section in briefs.of(situation, language).sections}
        return [str(s.text) for s in found.get("standing", ())]

    points = [(name, point) for name in series for point in series[name].points]
    fields = ("day", "value", "low", "high", "effective_events", "too_few")
    return Figure(
        path="situation",
        title={language: Words(language)("Index of the relationship") for language in LANGUAGES},
        sentences=said,
        columns={"series": [name for name, _ in points], **{f: [getattr(p, f) for _, p in points] for f in fields}},
        result={
            "sentences": {language: said(language) for language in LANGUAGES},
            "index": situation.index_json(),
            "milestones": [row.as_json() for row in situation.milestones],
        },
        draw=draw if hero.chart(situation, Words("en")) is not None else None,
        method=situation.index.method,
        situation=situation,
    )


def of_milestone(row: Row, situation: Situation, replayed: Sequence[Forecast] = ()) -> Figure:
    """The curve of one milestone, with what was said of it over time.

    Args:
        replayed: What today's program says of earlier days (`forecast_history.replays`).
    """

    def draw(language: str) -> str:
        return str(sites.curve(row, Words(language)))

    def said(language: str) -> list[str]:
        words = Words(language)
        return [row.milestone.question_in(language), chance_line(row, words), when_line(row, words), *row.notes(words)]

    curve = row.forecast.curve
    return Figure(
        path=f"milestones/{row.slug}",
        title={language: row.milestone.label_in(language) for language in LANGUAGES},
        sentences=said,
        columns={"day": [day for day, _ in curve], "reached": [share for _, share in curve]},
        result={
            "sentences": {language: said(language) for language in LANGUAGES},
            **row.as_json(),
            "history": forecast_history.history_json(forecast_history.history(row, situation.record.logged, replayed)),
        },
        draw=draw if sites.curve(row, Words("en")) is not None else None,
        method=row.forecast.method,
        situation=situation,
    )


def named(
    path: str,
    situation: Situation,
    read: Callable[[str], Reading],
    *,
    replays: Mapping[str, Sequence[Forecast]] | None = None,
    with_png: bool = False,
) -> Figure | None:
    """The figure under a path, or None where there is none.

    Args:
        read: Reads a measure out.
        replays: By milestone, what today's program says of earlier days; None where nobody asked.
        with_png: Offer it as PNG too, where this machine can draw one.
    """
    room, _, name = path.rpartition("/")
    found = None
    if path == "situation":
        found = of_situation(situation)
    elif room == "measures" and name in READERS:
        found = of_reading(read(name), situation)
    elif room == "milestones":
        row = next((row for row in situation.milestones if row.slug == name and not row.settled), None)
        found = of_milestone(row, situation, (replays or {}).get(row.milestone.id, ())) if row else None
    if found is None:
        return None
    # Each is asked for in several forms, and says the same in all of them.
    return replace(
        found,
        sentences=cache(found.sentences),
        draw=cache(found.draw) if found.draw else None,
        with_png=with_png and can_draw_png(),
    )


def paths(situation: Situation) -> list[str]:
    """Every figure's path."""
    open_rows = [row for row in situation.milestones if not row.settled]
    return ["situation", *(f"measures/{name}" for name in READERS), *(f"milestones/{row.slug}" for row in open_rows)]


def whole(figure: Figure) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every form of a figure but PNG, which takes longest."""
    for form in figure.forms:
        if form == "svg":
            for language in LANGUAGES:
                yield sites.folder_of(language) + f"{figure.path}.svg", figure.svg(language).encode()
        elif form != "png":
            yield f"{figure.path}.{form}", made(figure, form, "en")


def pictures(figure: Figure) -> Iterator[tuple[str, bytes]]:
    """(path, content) of a figure as PNG in each language."""
    for language in LANGUAGES if "png" in figure.forms else ():
        yield sites.folder_of(language) + f"{figure.path}.png", figure.png(language)


def made(figure: Figure, form: str, language: str) -> bytes:
    """One form of a figure.

    Raises:
        PublishError: There is no such form, or it cannot be made.
    """
    if form == "svg":
        return figure.svg(language).encode()
    if form == "png":
        return figure.png(language)
    makers = {"csv": figure.as_csv, "json": figure.as_json, "metadata.json": figure.metadata, "zip": figure.package}
    if form not in makers:
        raise PublishError(f"{figure.path}: no form {form!r}. Ask for one of {', '.join(FORMS)}.")
    return makers[form]()


# Alone, away from its page


def label_of(situation: Situation, language: str) -> str:
    """What a machine and what people did, in one line."""
    return disclosure.made_line(situation, Words(language))


def credit(situation: Situation, words: Words) -> str:
    """Whose figure it is, of which data: what must stand beside it wherever it goes."""
    return words(
        "Détente, {title}; data version {version}, known up to {day}.",
        title=situation.dossier.title_in(words.language),
        version=situation.data_version,
        day=words.day(situation.day),
    )


def _wrapped(text: str, room: float) -> list[str]:
    """Text in lines that fit into a room of so many units."""
    most, lines = max(12, int(room / LETTER)), [""]
    for word in flat(text).split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def with_links(drawing: str, ways: str, known: Container[str]) -> str:
    """A drawing whose links lead from where it stands; those to what has no page of its own are taken out.

    Args:
        ways: From there to the top of the language: `../`; empty to keep none of them.
        known: Events that have a page.
    """

    def lead(found: re.Match[str]) -> str:
        event = re.fullmatch(r"event/([^/]+)\.html", found[1])
        return f'<a href="{ways}{found[1]}"' if not event or event[1] in known else "<a"

    return _WAY.sub(lead, drawing)


def _standing_alone(figure: Figure, drawing: str, language: str) -> str:
    words, situation = Words(language), figure.situation
    opening, box = _ROOT.search(drawing), _BOX.search(drawing)
    if opening is None or box is None:
        raise PublishError(f"{figure.path}: the drawing has no size. Report this with the dossier.")
    width, height = float(box[1]) + 2 * _PAD, float(box[2])
    room = width - 2 * _PAD
    head = _wrapped(f"{figure.title[language]} · {situation.dossier.title_in(language)}", room * 0.8)
    foot = _wrapped(credit(situation, words), room)
    foot += _wrapped(label_of(situation, language), room)
    if notice := situation.dossier.notice_in(language):
        foot += _wrapped(notice, room)
    top = _PAD + 20 * len(head)
    whole_height = top + height + _FOOT + _LINE * len(foot) + _PAD
    inner = drawing.replace(opening[0], _inner(opening[0], top, float(box[1]), height), 1)
    inner = with_links(inner, "../" * figure.path.count("/"), situation.row_by_id)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {whole_height:g}" width="{width:g}" '
        f'height="{whole_height:g}" role="img" lang="{language}" aria-label="{escape(figure.title[language])}" '
        f'font-family="{FONTS}" font-size="12">',
        f"<title>{escape(figure.title[language])}</title>",
        f"<metadata>{_xmp(figure, language)}</metadata>",
        f'<rect width="{width:g}" height="{whole_height:g}" fill="#fff"/>',
    ]
    more = ' font-weight="600" font-size="15"'
    out += [text_at(_PAD, _PAD + 6 + 20 * n, line, "start", more) for n, line in enumerate(head)]
    out.append(inner)
    base = top + height + _FOOT
    more = f' fill="{QUIET}" font-size="11"'
    out += [text_at(_PAD, base + _LINE * n, line, "start", more) for n, line in enumerate(foot)]
    out.append("</svg>")
    return "".join(out)


def _inner(opening: str, top: float, width: float, height: float) -> str:
    plain = re.sub(r' (?:class|role|font-family|width|height|aria-label)="[^"]*"', "", opening)
    return plain.replace(
        "<svg", f'<svg x="{_PAD}" y="{top:g}" width="{width:g}" height="{height:g}" overflow="visible"', 1
    )


def _xmp(figure: Figure, language: str) -> str:
    """Marks in the form photo desks read: XMP with IPTC's digital source type."""
    words, situation = Words(language), figure.situation

    def told(name: str, text: str) -> str:
        return f'<{name}><rdf:Alt><rdf:li xml:lang="{language}">{escape_markup(flat(text))}</rdf:li></rdf:Alt></{name}>'

    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f"{told('dc:title', figure.title[language])}"
        f"{told('dc:description', ' '.join(figure.sentences(language)))}{told('dc:rights', rights(language))}"
        f"<photoshop:Credit>{escape_markup(flat(credit(situation, words)))}</photoshop:Credit>"
        f"<Iptc4xmpExt:DigitalSourceType>{DRAWN}</Iptc4xmpExt:DigitalSourceType>"
        f"<xmp:CreatorTool>detente {__version__} ({escape_markup(figure.method)})</xmp:CreatorTool>"
        "</rdf:Description></rdf:RDF>"
    )


# PNG


@cache
def can_draw_png() -> bool:
    """Whether the png extra is installed and this machine has a font to write with."""
    try:
        renderer = import_module("resvg_py")
    except ImportError:
        return False
    return _writes(renderer)


def _writes(renderer: Any) -> bool:
    """Without any font the labels would be left out silently."""
    box = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'
    text = f'<text y="16" font-family="{FONTS}">Aж</text>'
    return bool(renderer.svg_to_bytes(svg_string=box.format(text)) != renderer.svg_to_bytes(svg_string=box.format("")))


def check_png() -> Any:
    """What draws PNG.

    Raises:
        PublishError: The png extra is not installed, or this machine has no font.
    """
    try:
        renderer = import_module("resvg_py")
    except ImportError:
        raise PublishError(
            "a PNG needs the png extra. Install it: pip install 'detente[png]'. The same figure is there as svg."
        ) from None
    if not can_draw_png():
        raise PublishError("no font was found, and a figure without its words would mislead. Install fonts-dejavu.")
    return renderer


def as_png(svg: str, xmp: str = "") -> bytes:
    """An SVG drawn as PNG.

    Raises:
        PublishError: The png extra is not installed, or this machine has no font.
    """
    renderer = check_png()
    drawn = bytes(renderer.svg_to_bytes(svg_string=svg, zoom=ZOOM, background="#ffffff"))
    return _with_xmp(drawn, xmp) if xmp else drawn


def _with_xmp(png: bytes, xmp: str) -> bytes:
    """The marks as an iTXt chunk behind the header (PNG specification; XMP part 3, PNG)."""
    packet = (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">{xmp}</x:xmpmeta>'
    )
    packet += '<?xpacket end="r"?>'
    body = b"iTXt" + b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    after_header = 8 + 12 + struct.unpack(">I", png[8:12])[0]
    return png[:after_header] + chunk + png[after_header:]


# What goes with it


def rights(language: str) -> str:
    """What must be kept to wherever a figure goes, in one sentence."""
    words = Words(language)
    return words(
        "Keep the credit line wherever this is shown; quotes belong to the outlets named beside them, whose terms hold."
    )


def licence() -> str:
    """Terms of everything in a package."""
    book = (files("detente.codebook") / "LICENCES.md").read_text(encoding="utf-8")
    said = "\n\n".join(rights(language) for language in LANGUAGES)
    return (
        f"# Licence\n\n{said}\n\nThe program that computed this is under the Apache License 2.0, which covers the "
        f"program. Terms for what it computed are set by the people who keep this dossier.\n\n## Codebook\n\n{book}"
    )


_CODE_TABLES = ("types.csv", "modes.csv")


def plover_tables() -> dict[str, bytes]:
    """The codes that events carry, and what the columns of their tables mean."""
    room = files("detente.codebook")
    held = {f"codebook/plover_{name}": (room / name).read_bytes() for name in _CODE_TABLES}
    lines = [_csv_line(["table", "column", "meaning"])]
    for name in _CODE_TABLES:
        table = f"plover_{name}"
        head = held[f"codebook/{table}"].decode().partition("\n")[0].strip().split(",")
        meant = column_meanings(table.removesuffix(".csv"))
        lines += [_csv_line([table, column, meant[column]]) for column in head]
    return {**held, "codebook/plover_columns.csv": "".join(lines).encode()}


def zipped(held: Mapping[str, bytes]) -> bytes:
    """Files in one archive, the same bytes for the same files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in held.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return sink.getvalue()
