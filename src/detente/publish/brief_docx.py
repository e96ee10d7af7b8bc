"""The brief as a Word document, with its label and the marks for machines among the document's properties."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from html import escape
from typing import TYPE_CHECKING, Any

from detente.errors import PublishError
from detente.publish.brief_layout import Layout, Run, lay_out
from detente.publish.catalogue import Words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from detente.publish.brief_record import Brief

LOCALES = {"en": "en-GB", "fr": "fr-FR", "ru": "ru-RU"}
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""Format id that Office gives custom properties (ECMA-376, part 1, 22.3)."""
MONTHS = 12
"""Rows of the table that stands for the figure where no figure can be drawn."""


def docx(brief: Brief) -> bytes:
    """Write the brief as DOCX; the same brief gives the same bytes.

    The figure needs the extra `pdf`; without it a table of the index stands in its place.
    """
    from docx import Document as new
    from docx.shared import Cm, Pt

    layout = lay_out(brief)
    document = new()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    _dress(document, layout.language)
    if layout.notice:
        document.add_paragraph(layout.notice).runs[0].italic = True
    document.add_heading(layout.title, level=1)
    _boxed(document.add_paragraph(layout.label))
    document.add_paragraph(layout.draft).runs[0].font.size = Pt(9)
    drawn = False
    for part in layout.parts:
        if not part.prose and not drawn:
            _figure(document, brief, layout)
            drawn = True
        if part.heading:
            document.add_heading(part.heading, level=2)
        paragraph = document.add_paragraph() if part.prose else None
        for item in part.items:
            at = paragraph if paragraph is not None else document.add_paragraph(style="List Bullet")
            _write(at, item.runs)
            _refer(at, item.refs)
            if paragraph is not None:
                at.add_run(" ")
            for order, (run, ref) in enumerate(item.points, start=1):
                inner = document.add_paragraph(f"{order}. ", style="List Continue 2")
                _write(inner, (run,))
                _refer(inner, (ref,))
    _notes(document, layout)
    foot = section.footer.paragraphs[0]
    foot.text = layout.footer
    foot.runs[0].font.size = Pt(8)
    _mark(document, brief, layout)
    whole = io.BytesIO()
    document.save(whole)
    return _undated(whole.getvalue())


def _dress(document: Document, language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", 10.5), ("Heading 1", 17), ("Heading 2", 12.5)):
        style: Any = document.styles[name]
        style.font.size = Pt(size)
        style.font.name = "Calibri" if name == "Normal" else "Cambria"
        style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
        style.paragraph_format.space_after = Pt(4)
        # Word takes the font of other scripts from the theme unless each is named.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if attribute.endswith("Theme"):
                del fonts.attrib[attribute]
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), style.font.name)
        _speak(style.element.get_or_add_rPr(), language)


def _speak(properties: Any, language: str) -> None:
    """Say which language a style or run is in, for who reads it aloud."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), LOCALES.get(language, language))
    properties.append(spoken)


def _boxed(paragraph: Paragraph) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "dashed"), ("sz", "6"), ("space", "4"), ("color", "555555")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _write(paragraph: Paragraph, runs: tuple[Run, ...]) -> None:
    for text, language in runs:
        run = paragraph.add_run(text)
        if language:
            _speak(run._r.get_or_add_rPr(), language)


def _refer(paragraph: Paragraph, marks: tuple[str, ...]) -> None:
    """Marks of notes, raised, each a link to its note."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for order, mark in enumerate(marks):
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"note_{mark}")
        run = paragraph.add_run(f"{', ' if order else ''}{mark}")
        run.font.superscript = True
        link.append(run._r)
        paragraph._p.append(link)


def _notes(document: Document, layout: Layout) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    if not layout.notes:
        return
    document.add_heading(layout.sources, level=2)
    for number, note in enumerate(layout.notes):
        paragraph = document.add_paragraph()
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), str(number))
        start.set(qn("w:name"), f"note_{note.mark}")
        paragraph._p.append(start)
        _write(paragraph, ((f"{note.mark}. ", ""), *note.runs))
        paragraph._p.append(end)
        if note.address:
            paragraph.add_run(" ")
            _link(paragraph, note.address)
        for run in paragraph.runs:
            run.font.size = Pt(8.5)


def _link(paragraph: Paragraph, address: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(address)
    run.font.size, run.font.color.rgb = Pt(8.5), RGBColor(0x0B, 0x4A, 0x8F)
    link.append(run._r)
    paragraph._p.append(link)


def _figure(document: Document, brief: Brief, layout: Layout) -> None:
    from docx.shared import Cm

    from detente.publish.brief_pdf import png

    if layout.figure is None:
        return
    try:
        picture = png(layout.figure)
    except PublishError:
        _table(document, brief)
        return
    shape = document.add_picture(io.BytesIO(picture), width=Cm(17))
    shape._inline.docPr.set("descr", layout.summary)


def _table(document: Document, brief: Brief) -> None:
    """The joint index at the end of each of the last months, where the figure cannot be drawn."""
    words = Words(brief.language)
    index = brief.situation.index
    points = [p for p in index.series[str(brief.situation.dossier.dyad)].points if p.value is not None]
    ends = {(p.day.year, p.day.month): p for p in points}
    table = document.add_table(rows=1, cols=2)
    table.style = "Light List"
    for cell, text in zip(table.rows[0].cells, (words("Day"), words("Both together")), strict=True):
        cell.text = text
    for point in list(ends.values())[-MONTHS:]:
        low, high = (words.number(value or 0.0, 1, signed=True) for value in (point.low, point.high))
        cells = table.add_row().cells
        cells[0].text = words.day(point.day)
        cells[1].text = f"{words.number(point.value or 0.0, 1, signed=True)} ({low} – {high})"


def _mark(document: Document, brief: Brief, layout: Layout) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    core = document.core_properties
    when = brief.publication.at if brief.publication else datetime.combine(brief.situation.day, time(), UTC)
    core.title, core.language = layout.title[:255], LOCALES[layout.language]
    core.author = core.last_modified_by = layout.author[:255]
    core.comments, core.subject = layout.marks["ai-disclosure-label"][:255], ""
    core.keywords = f"{layout.marks['digitalSourceType']}; ai-disclosure: {layout.marks['ai-disclosure']}"[:255]
    core.created = core.modified = when.replace(microsecond=0, tzinfo=None)
    core.revision = brief.publication.version if brief.publication else 1
    properties = "".join(
        f'<property fmtid="{_FORMAT}" pid="{pid}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for pid, (name, value) in enumerate(layout.marks.items(), start=2)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{properties}</Properties>"
    )
    package: Any = document.part.package
    package.relate_to(Part(PackURI("/docProps/custom.xml"), _CUSTOM, xml.encode(), package), _CUSTOM_LINK)


def _undated(whole: bytes) -> bytes:
    """The same parts with no time of writing, so that the same brief is the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write:
        for name in read.namelist():
            kept = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            kept.compress_type = zipfile.ZIP_DEFLATED
            write.writestr(kept, read.read(name))
    return out.getvalue()
