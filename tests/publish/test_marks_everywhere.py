"""Whatever leaves says how it was made: for machines by IPTC's digital source type, for people by a label beside it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from docx import Document as open_docx
from publish_examples import Page

from detente import workflow
from detente.publish import alert_digest, alert_rules, alerts, briefs, disclosure, figures
from detente.publish.catalogue import Words
from detente.publish.disclosure import IPTC
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

URI = re.compile(re.escape(IPTC) + "[A-Za-z]+")
NO_MARK = {"data/rows.csv", "data/rows.jsonl", ".detente-site"}
"""Rows have the columns of imported databases and no other; the manifest names files, and is not published."""
NO_LABEL = (".csv", ".jsonl", ".parquet", ".bib", ".ris", ".csl.json", ".geojson", ".jsonld")
"""Tables for programs: each row has its mark, and the package beside them the label. Citations are of others' texts."""


def _language_of(path: str) -> str:
    found = re.match(r"(fr|ru)/|brief\.(fr|en|ru)\.", path)
    return next(filter(None, found.groups()), "en") if found else "en"


def _texts(path: str, content: bytes, page: Page | None) -> str:
    """What a reader of a file gets to see or read out of it."""
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if path.endswith(".parquet"):
        table = pq.read_table(io.BytesIO(content))
        return f"{table.schema.metadata} {table.to_pydict().get('digital_source_type')}"
    if path.endswith(".ics"):
        return re.sub(r"\\([,;])", r"\1", content.decode().replace("\r\n ", ""))
    if path.endswith(".atom"):
        feed = ElementTree.fromstring(content)
        marks = [f"{c.get('scheme')}{c.get('term')}" for c in feed.iter("{http://www.w3.org/2005/Atom}category")]
        return " ".join([*marks, *feed.itertext()])
    if path.endswith(".svg"):
        return " ".join(ElementTree.fromstring(content).itertext())
    if page:
        metas = [e.attributes["content"] for e in page.all("meta") if e.attributes.get("name") == "digital-source-type"]
        assert len(metas) == 1, path
        return f"{metas[0]} {' '.join(page.all('body')[0].text().split())}"
    return content.decode()


def test_every_file_of_the_site_carries_mark_and_label(
    site_folder: Path, site: dict[str, Page], now: Situation
) -> None:
    labels = {language: disclosure.made_line(now, Words(language)) for language in LANGUAGES}
    said = {language: briefs.of(now, language).label for language in LANGUAGES}
    seen: set[str] = set()
    for file in sorted(site_folder.rglob("*")):
        path = file.relative_to(site_folder).as_posix()
        if not file.is_file() or path in NO_MARK:
            continue
        text = " ".join(_texts(path, file.read_bytes(), site.get(path)).split())
        empty = path.endswith((".csv", ".jsonl", ".json")) and len(text) < 3
        header_only = path.endswith(".csv") and len(list(csv.reader(io.StringIO(file.read_text("utf-8"))))) == 1
        assert empty or header_only or URI.search(text), path
        seen.add(file.suffix)
        if path.endswith(NO_LABEL) or (path.endswith(".json") and "/" not in path.removeprefix("brief.")):
            continue
        language = _language_of(path)
        wanted = said if re.search(r"(^|/)brief\.", path) else labels
        plain = " ".join(wanted[language].split())
        # A figure wraps its label into lines, Markdown escapes signs in it.
        squeezed = re.sub(r"[\s\\]", "", text)
        assert re.sub(r"\s", "", plain) in squeezed, path
    assert seen >= {".html", ".svg", ".csv", ".json", ".zip", ".atom", ".ics", ".md", ".parquet", ".bib", ".ris"}


def test_a_table_has_a_mark_in_every_row(site_folder: Path) -> None:
    for file in site_folder.rglob("*.csv"):
        path = file.relative_to(site_folder).as_posix()
        if path not in NO_MARK:
            for row in csv.DictReader(io.StringIO(file.read_text("utf-8"))):
                assert URI.fullmatch(row["digital_source_type"]), path
    for file in site_folder.rglob("*.jsonl"):
        if file.relative_to(site_folder).as_posix() not in NO_MARK:
            for line in file.read_text("utf-8").splitlines():
                assert URI.fullmatch(json.loads(line)["digital_source_type"]), file


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_in_word_and_pdf_carries_mark_and_label(now: Situation, language: str) -> None:
    brief = briefs.of(now, language)
    docx = brief.as_docx()
    word = open_docx(io.BytesIO(docx))
    squeezed = "".join("".join(p.text.split()) for p in word.paragraphs)
    assert "".join(brief.label.split()) in squeezed
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert any(URI.search(archive.read(name).decode("utf-8", "ignore")) for name in archive.namelist())
    pdf = brief.as_pdf()
    assert URI.search(pdf.decode("latin-1"))
    assert b"<dc:description>" in pdf


def test_a_figure_as_pixels_and_a_mail_of_alerts_carry_mark_and_label(now: Situation, sample_folder: Path) -> None:
    assert URI.search(figures.of_situation(now).png("ru").decode("latin-1"))
    with workflow.opened(sample_folder) as (case, ledger):
        settings = alert_rules.Settings.model_validate({"rule": [{"kind": "silence", "days": 1}]})
        found = alerts.find(case, ledger, settings)
    mail = alert_rules.Mail.model_validate({"to": ["a@example.org"], "from": "b@example.org"})
    for language in LANGUAGES:
        message = alert_digest.as_mail(found, found.alerts, language, mail, digest="x")
        assert URI.fullmatch(message["X-Detente-Digital-Source-Type"].strip())
        assert disclosure.made_line(now, Words(language)) in message.get_content()
