"""Every figure can be taken along in every form, says what it is and how it came to be, and keeps nothing that acts."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from publish_examples import document, event, new_dossier

from detente import workflow
from detente.errors import PublishError
from detente.publish import figures, measure_pages, situation
from detente.publish.catalogue import Words
from detente.publish.marks import DRAWN
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"
PICKED = ("situation", "measures/deeds", "measures/stage", "measures/risers", "measures/third-parties")


@pytest.fixture(scope="module")
def made(now: Situation, sample_folder: Path) -> dict[str, figures.Figure]:
    """Some figures of the sample dossier, with the curve of one milestone."""
    curve = next(path for path in figures.paths(now) if path.startswith("milestones/"))
    found = {}
    with workflow.opened(sample_folder) as (_, ledger):
        read = measure_pages.reader(now, ledger)
        for path in (*PICKED, curve):
            figure = figures.named(path, now, read)
            assert figure is not None
            found[path] = figure
    return found


def test_a_table_has_a_line_for_each_row_and_says_how_it_came_to_be(made: dict[str, figures.Figure]) -> None:
    for figure in made.values():
        rows = list(csv.DictReader(io.StringIO(figure.as_csv().decode())))
        assert len(rows) == max(len(values) for values in figure.columns.values())
        assert {row[figures.MARK_COLUMN] for row in rows} <= {DRAWN}


def test_no_cell_of_a_figures_table_runs_as_a_formula(made: dict[str, figures.Figure]) -> None:
    for figure in made.values():
        for row in csv.reader(io.StringIO(figure.as_csv().decode())):
            for cell in row:
                if not re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", cell):
                    assert cell.lstrip()[:1] not in tuple("=+-@"), cell


def test_metadata_are_those_of_csv_on_the_web(made: dict[str, figures.Figure]) -> None:
    """W3C, Metadata Vocabulary for Tabular Data, 5: context, url, columns in the order of the file, known datatypes."""
    for figure in made.values():
        told = json.loads(figure.metadata())
        assert told["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
        assert told["url"] == f"{figure.name}.csv"
        header = figure.as_csv().decode().splitlines()[0].split(",")
        assert [column["name"] for column in told["tableSchema"]["columns"]] == header
        assert {c["datatype"] for c in told["tableSchema"]["columns"]} <= {
            "string", "integer", "number", "boolean", "date", "anyURI"
        }  # fmt: skip
        assert all(":" in key for key in told if key not in ("@context", "url", "tableSchema"))
        assert told["schema:digitalSourceType"] == DRAWN
        assert {text["@language"] for text in told["dc:title"]} == set(LANGUAGES)


def test_every_column_of_every_figure_says_what_it_means(now: Situation, sample_folder: Path) -> None:
    with workflow.opened(sample_folder) as (_, ledger):
        read = measure_pages.reader(now, ledger)
        for path in figures.paths(now):
            figure = figures.named(path, now, read)
            assert figure is not None
            columns = json.loads(figure.metadata())["tableSchema"]["columns"]
            assert [column["name"] for column in columns if not column.get("dc:description")] == [], path


def test_metadata_credit_the_dossier_and_say_what_a_machine_did(made: dict[str, figures.Figure]) -> None:
    told = json.loads(made["measures/stage"].metadata())
    now = made["measures/stage"].situation
    credited = {text["@language"]: text["@value"] for text in told["schema:creditText"]}
    assert credited == {code: figures.credit(now, Words(code)) for code in LANGUAGES}
    labelled = {text["@language"]: text["@value"] for text in told["rdfs:comment"]}
    assert labelled == {code: figures.label_of(now, code) for code in LANGUAGES}


def test_a_drawing_stands_alone_with_title_credit_label_and_mark(made: dict[str, figures.Figure]) -> None:
    for figure in made.values():
        if figure.draw is None:
            with pytest.raises(PublishError, match="nothing to draw"):
                figure.svg("en")
            continue
        for language in LANGUAGES:
            root = ElementTree.fromstring(figure.svg(language))
            said = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
            assert figure.situation.data_version in said
            assert said.startswith(figure.title[language][:12])
            assert figures.label_of(figure.situation, language)[:30] in said
            marks = [e for e in root.iter() if e.tag.endswith("}DigitalSourceType")]
            assert [mark.text for mark in marks] == [DRAWN]
            assert not list(root.iter(f"{SVG}script"))


def test_links_of_a_drawing_lead_to_pages_of_the_site(made: dict[str, figures.Figure], now: Situation) -> None:
    for figure in made.values():
        for href in re.findall(r'<a href="([^"]*)"', figure.svg("fr") if figure.draw else ""):
            assert href.startswith("../" * figure.path.count("/"))
            occurrence = re.search(r"event/([0-9a-f]+)\.html", href)
            assert occurrence is None or occurrence[1] in now.row_by_id


def test_a_package_has_data_codebook_licence_and_a_page_to_read_first(made: dict[str, figures.Figure]) -> None:
    for figure in made.values():
        content = figure.package()
        assert content == figure.package(), "the same bytes each time"
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert {"README.md", "LICENCE.md", "codebook/columns.csv", "codebook/plover_types.csv"} <= set(names)
            assert {f"{figure.name}.csv", f"{figure.name}.json", f"{figure.name}.metadata.json"} <= set(names)
            assert all(not name.startswith("/") and ".." not in name for name in names)
            readme = archive.read("README.md").decode()
            assert DRAWN in readme
            assert figure.situation.data_version in readme
            book = list(csv.DictReader(io.StringIO(archive.read("codebook/columns.csv").decode())))
            assert [row["column"] for row in book] == [*figure.columns, figures.MARK_COLUMN]
            codes = list(csv.DictReader(io.StringIO(archive.read("codebook/plover_columns.csv").decode())))
            for table in ("plover_types.csv", "plover_modes.csv"):
                head = archive.read(f"codebook/{table}").decode().partition("\n")[0].strip().split(",")
                assert [row["column"] for row in codes if row["table"] == table] == head
            assert all(row["meaning"] for row in [*book, *codes])


def test_json_carries_label_mark_and_version(made: dict[str, figures.Figure]) -> None:
    for figure in made.values():
        told = json.loads(figure.as_json())
        assert told[figures.MARK_COLUMN] == DRAWN
        assert told["data_version"] == figure.situation.data_version
        assert set(told["label"]) == set(LANGUAGES)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        yield kind, body
        at += 12 + size


def test_a_png_is_whole_and_has_the_mark_inside(made: dict[str, figures.Figure]) -> None:
    pytest.importorskip("resvg_py", reason="PNG needs pip install 'detente[png]'")
    if not figures.can_draw_png():
        pytest.skip("this machine has no font")
    png = made["measures/deeds"].png("ru")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = list(_chunks(png))
    assert (chunks[0][0], chunks[-1][0]) == (b"IHDR", b"IEND")
    held = next(body for kind, body in chunks if kind == b"iTXt")
    assert held.startswith(b"XML:com.adobe.xmp\0")
    assert DRAWN.encode() in held
    assert struct.unpack(">II", chunks[0][1][:8])[0] == figures.ZOOM * 1108


def test_without_the_extra_a_png_is_refused_with_what_to_do(
    made: dict[str, figures.Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(PublishError, match=r"pip install 'detente\[png\]'"):
        made["measures/deeds"].png("en")


def test_a_reader_that_has_no_font_draws_nothing_rather_than_figures_without_words() -> None:
    class Mute:
        @staticmethod
        def svg_to_bytes(*, svg_string: str) -> bytes:
            return b"blank"

    assert not figures._writes(Mute)


def test_hostile_words_stay_words_in_every_form(tmp_path: Path) -> None:
    attack = '=cmd|"/C calc"!A1</script><script>alert(1)</script>\u202e'
    report = document("en-1", f"{attack} Envoys of Russia and the United States met.", source=attack, title=attack)
    folder = new_dossier(tmp_path / "dossier", (report, [event(report, report.text, place=attack)]), questions=False)
    with workflow.opened(folder) as (case, ledger):
        now = situation.of(case, ledger)
        read = measure_pages.reader(now, ledger)
        figure = figures.named("measures/sources", now, read)
        assert figure is not None
        for row in csv.reader(io.StringIO(figure.as_csv().decode())):
            assert not any(cell.startswith(("=", "@")) for cell in row)
            assert not any("\u202e" in cell for cell in row)
        if figure.draw:
            ElementTree.fromstring(figure.svg("en"))
            assert "<script" not in figure.svg("en")
        assert "\u202e" not in figure._readme()
