"""Every measure reads itself out: in three languages, as a table of any library, as JSON, as a figure."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.console import run

from detente import workflow
from detente.engine import OWN
from detente.engine.imports import import_events
from detente.errors import PublishError
from detente.publish import readings
from detente.publish.material import Material
from detente.registry import load
from detente.terms import LANGUAGES, Dyad


@pytest.fixture(scope="module")
def material(sample_folder: Path) -> Iterator[Material]:
    with workflow.opened(sample_folder) as (case, ledger):
        yield Material(case, ledger, sample_folder)


@pytest.mark.parametrize("measure", readings.READERS)
def test_a_reading_says_something_in_each_language_and_no_two_are_the_same(material: Material, measure: str) -> None:
    said = [tuple(readings.read(measure, material).sentences(language)) for language in LANGUAGES]
    assert all(said)
    assert len(set(said)) == len(LANGUAGES)
    assert all(sentence.strip() == sentence and "{" not in sentence for each in said for sentence in each)


@pytest.mark.parametrize("measure", readings.READERS)
def test_a_readings_columns_are_of_one_length_and_become_tables(material: Material, measure: str) -> None:
    reading = readings.read(measure, material)
    lengths = {len(values) for values in reading.columns.values()}
    assert len(lengths) == 1
    for backend in ("pyarrow", "pandas", "polars"):
        assert list(reading.table(backend).columns if backend != "pyarrow" else reading.table().column_names) == list(
            reading.columns
        )
    if reading.head:
        for language in LANGUAGES:
            assert set(reading.head(readings_words(language))) <= set(reading.columns)


def readings_words(language: str):  # type: ignore[no-untyped-def]
    from detente.publish.catalogue import Words

    return Words(language)


@pytest.mark.parametrize("measure", readings.READERS)
def test_a_readings_figure_is_one_well_formed_drawing_with_a_title(material: Material, measure: str) -> None:
    reading = readings.read(measure, material)
    for language in LANGUAGES if reading.draw else ():
        root = ElementTree.fromstring(reading.svg(language))
        assert root.tag.endswith("svg")
        assert root.find("{http://www.w3.org/2000/svg}title") is not None


@pytest.mark.parametrize("measure", readings.READERS)
def test_a_measure_of_an_earlier_day_uses_nothing_that_came_later(sample_folder: Path, measure: str) -> None:
    def read(as_of: date) -> dict[str, object]:
        with workflow.opened(sample_folder) as (case, ledger):
            found = readings.read(measure, Material(case, ledger, sample_folder, as_of=as_of))
            return json.loads(json.dumps(found.as_json()))

    early = read(date(2025, 4, 30))
    assert str(early["day"]) <= "2025-04-30"
    assert early == read(date(2025, 4, 30))


@pytest.mark.parametrize("measure", readings.READERS)
def test_a_command_prints_text_json_and_a_figure(example_folder: Path, measure: str) -> None:
    assert run(f"detente {measure} --lang fr").code == 0
    found = json.loads(run(f"detente {measure} --json --as-of 2025-06-30").out)
    assert found["measure"] == measure
    assert found["day"] <= "2025-06-30"
    assert set(found["sentences"]) == set(LANGUAGES)


def test_a_database_that_was_not_imported_is_refused_with_what_to_do(sample_folder: Path) -> None:
    with workflow.opened(sample_folder) as (case, ledger):
        asked = Material(case, ledger, sample_folder, origin="gdelt")
        with pytest.raises(Exception, match="nothing of 'gdelt' was imported"):
            readings.read("breaks", asked)


def test_another_pair_can_be_asked_for_and_a_wrong_series_is_refused(material: Material) -> None:
    assert material.series("CHN>USA").name == "CHN>USA"
    with pytest.raises(PublishError, match="is no series"):
        material.series("USA")
    assert Material(material.dossier, material.ledger, material.folder, asked=Dyad("CHN", "USA")).names() == (
        "CHN>USA",
        "USA>CHN",
        "CHN-USA",
    )
    assert material.origin == OWN


@pytest.mark.parametrize("options", [{"model": "decayed"}, {"model": "tsinghua"}, {"acts": "verbal"},
                                     {"acts": "material", "model": "decayed"}, {"track": "embassies"}])  # fmt: skip
def test_an_index_of_another_kind_says_so_in_each_language(material: Material, options: dict[str, str]) -> None:
    usual, found = (readings.read("index", material, **some) for some in ({}, options))
    for language in LANGUAGES:
        assert found.sentences(language) != usual.sentences(language)
        assert found.text(language)
        assert ElementTree.fromstring(found.svg(language)).tag.endswith("svg")
    assert any(found.columns["evidence"])


def test_levers_moved_before_the_first_day_asked_for_are_left_out(material: Material) -> None:
    since = date(2025, 4, 1)
    days = readings.read("third-parties", replace(material, since=since)).columns["day"]
    assert days
    assert all(day is None or day >= since for day in days)  # type: ignore[operator]
    assert min(day for day in readings.read("third-parties", material).columns["day"] if day) < since  # type: ignore[operator, type-var]


def test_an_index_that_cannot_be_made_is_refused(material: Material) -> None:
    for wrong in ({"model": "mean"}, {"acts": "some"}, {"track": "weather"}, {"model": "tsinghua", "acts": "verbal"},
                  {"model": "of-world"}):  # fmt: skip
        with pytest.raises(PublishError, match=r"Ask for|Leave out|It has"):
            readings.read("index", material, **wrong)


def test_a_break_is_dated_no_more_precisely_than_its_series_is_cut(sample_folder: Path, tmp_path: Path) -> None:
    rows = [f"United States,Myanmar,{2002 + n},{40 if n > 6 else 2},0,{2 if n > 6 else 40},0" for n in range(13)]
    table = tmp_path / "years.csv"
    table.write_text("\n".join(["i,j,year,verbCoop,matlCoop,verbConf,matlConf", *rows]), encoding="utf-8")
    folder = tmp_path / "dossier"
    import_events("icews", [table], folder=folder, registry=load())
    with workflow.opened(sample_folder) as (case, ledger):
        asked = Material(case, ledger, folder, origin="icews-yearly", asked=Dyad("MMR", "USA"))
        reading = readings.read("breaks", asked)
    for language, since in (("en", "since 2009 on"), ("fr", "depuis 2009, un"), ("ru", "с 2009 года другой")):
        told = [line for line in reading.sentences(language) if since in line]
        assert told
        assert not any("2009-01-01" in line or "janvier" in line or "1 January" in line for line in told)
    (line,) = [row for row in reading.rows("en") if row[0] == "MMR-USA"]
    assert list(line[2:5]) == ["2009", "2009", "2009"]
    assert reading.columns["day"][0] == date(2009, 1, 1)
