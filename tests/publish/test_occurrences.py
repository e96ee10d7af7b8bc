"""Events for other programs keep to the rules of each format, quote to the letter, and say what stands no longer."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from publish_examples import document, event, new_dossier

from detente import workflow
from detente.errors import PublishError
from detente.publish import occurrences, situation
from detente.publish.disclosure import IPTC
from detente.publish.situation import Situation


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    attack = '=1+1 } @misc{x, \\input{y} <script> "quoted" \n'
    report = document("=d", f"{attack} Envoys met in Oslo.", source=attack, title=attack, url="javascript:alert(1)")
    other = document("d", "Envoys met in Oslo.", url="https://example.org/}@misc{y,")
    met = event(report, report.text, place="moscow")
    folder = new_dossier(tmp_path_factory.mktemp("hostile") / "dossier", (report, [met]), (other, []), questions=False)
    with workflow.opened(folder) as (case, ledger):
        return situation.of(case, ledger)


@pytest.mark.parametrize("which", ["now", "hostile"])
def test_geojson_keeps_to_rfc_7946(request: pytest.FixtureRequest, which: str) -> None:
    now = request.getfixturevalue(which)
    told = json.loads(occurrences.made(now, "geojson"))
    assert told["type"] == "FeatureCollection"
    assert not {"crs", "coordinates", "geometry", "properties"} & set(told), "4, 7.1"
    assert len(told["features"]) == len(now.shown_rows)
    placed = 0
    for feature in told["features"]:
        assert feature["type"] == "Feature"
        assert {"geometry", "properties"} <= set(feature), "3.2: both are there, null where not known"
        assert isinstance(feature["id"], str | int)
        assert feature["properties"]["digital_source_type"].startswith(IPTC)
        if feature["geometry"] is not None:
            placed += 1
            longitude, latitude = feature["geometry"]["coordinates"]
            assert feature["geometry"]["type"] == "Point"
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
    assert placed


def test_longitude_comes_first() -> None:
    assert occurrences.coordinates()["moscow"] == (37.6178, 55.752)


def test_a_city_of_two_names_has_its_point_and_a_region_none() -> None:
    """Villages called Alaska, California and Florida lie in West Virginia, Maryland and California."""
    assert occurrences.coordinates()["new-delhi"] == pytest.approx((77.2, 28.6), abs=0.1)
    assert not {"alaska", "california", "florida", "xinjiang", "crimea"} & set(occurrences.coordinates())


@pytest.mark.parametrize("which", ["now", "hostile"])
def test_json_ld_expands_without_anything_from_outside(request: pytest.FixtureRequest, which: str) -> None:
    jsonld = pytest.importorskip("pyld", reason="the outside reader of JSON-LD is not installed").jsonld

    def nothing(url: str, options: Any) -> Any:
        raise AssertionError(url)

    now = request.getfixturevalue(which)
    nodes = jsonld.expand(json.loads(occurrences.made(now, "jsonld")), {"documentLoader": nothing})
    by_id = {node["@id"]: node for node in nodes}
    events = [node for node in nodes if "https://schema.org/Event" in node["@type"]]
    assert len(events) == len(now.shown_rows)
    for node in events:
        assert node["https://schema.org/digitalSourceType"][0]["@id"].startswith(IPTC)
        sources = node["http://www.w3.org/ns/prov#wasDerivedFrom"]
        assert sources
        for source in sources:
            quote = by_id[source["@id"]]
            assert "https://schema.org/Quotation" in quote["@type"]
            assert quote["http://www.w3.org/ns/oa#exact"][0]["@value"]
        for agent in node["http://www.w3.org/ns/prov#wasAttributedTo"]:
            assert "http://www.w3.org/ns/prov#SoftwareAgent" in by_id[agent["@id"]]["@type"]
    assert jsonld.to_rdf(json.loads(occurrences.made(now, "jsonld")), {"documentLoader": nothing})


@pytest.mark.parametrize("which", ["now", "hostile"])
def test_the_tables_agree_and_no_cell_runs(request: pytest.FixtureRequest, which: str) -> None:
    import pyarrow.parquet as pq

    now = request.getfixturevalue(which)
    lines = [json.loads(line) for line in occurrences.made(now, "jsonl").decode().splitlines()]
    rows = list(csv.DictReader(io.StringIO(occurrences.made(now, "csv").decode())))
    table = pq.read_table(io.BytesIO(occurrences.made(now, "parquet")))
    assert [r["occurrence"] for r in rows] == [r["occurrence"] for r in lines]
    assert table.column("occurrence").to_pylist() == [r["occurrence"] for r in lines]
    assert table.schema.metadata[b"digital_source_type"].decode().startswith(IPTC)
    for row in rows:
        for cell in row.values():
            if not re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", cell):
                assert cell.lstrip()[:1] not in tuple("=+-@"), cell
    for line in lines:
        for quote in line["evidence"]:
            assert now.documents[quote["document"]].text[quote["start"] : quote["end"]] == quote["quote"]


def test_a_package_names_every_column(now: Situation) -> None:
    with zipfile.ZipFile(io.BytesIO(occurrences.made(now, "zip"))) as archive:
        book = list(csv.DictReader(io.StringIO(archive.read("codebook/columns.csv").decode())))
        header = archive.read("events.csv").decode().splitlines()[0].split(",")
        assert [row["column"] for row in book] == header
        assert "LICENCE.md" in archive.namelist()


def test_what_was_rejected_leaves_a_tombstone_and_what_was_decided_comes_again(sample: Path) -> None:
    with workflow.opened(sample) as (case, ledger):
        before = ledger.status().last
        assert before is not None
        rows = situation.of(case, ledger).rows
        gone = next(row for row in rows if len(row.occurrence.members) == 1)
        kept = next(row for row in rows if row.id != gone.id and len(row.occurrence.members) == 1)
        ledger.decide(gone.cited[0].entry, "reject", by="anna", why="another pair")
        ledger.decide(kept.cited[0].entry, "accept", by="anna", why="read")
        told = occurrences.since(case, ledger, before)
        again = occurrences.since(case, ledger, datetime.fromisoformat(told["cursor"]))
    assert [(t["occurrence"], t["reason"], t["why"]) for t in told["tombstones"]] == [
        (gone.id, "rejected", "another pair")
    ]
    changed = {e["occurrence"]: e["review_state"] for e in told["events"]}
    assert changed[kept.id] == "accepted"
    assert gone.id not in changed
    assert (again["events"], again["tombstones"]) == ([], [])


def test_an_event_put_right_between_others_leaves_a_tombstone_and_an_undone_rejection_none(sample: Path) -> None:
    with workflow.opened(sample) as (case, ledger):
        before = ledger.status().last
        assert before is not None
        alone = [row for row in situation.of(case, ledger).rows if len(row.occurrence.members) == 1]
        other, kept = alone[0], alone[1]
        event = replace(other.occurrence.event, actors=(), recipients=())
        ledger.decide(other.cited[0].entry, "amend", by="anna", why="of nobody", amended=event)
        ledger.decide(kept.cited[0].entry, "reject", by="anna", why="in haste")
        ledger.decide(kept.cited[0].entry, "undo", by="anna", why="")
        told = occurrences.since(case, ledger, before)
    assert [(t["occurrence"], t["reason"], t["why"]) for t in told["tombstones"]] == [
        (other.id, "amended", "of nobody")
    ]
    assert told["events"] == []


def test_a_day_is_meant_from_its_beginning_so_that_nothing_recorded_on_it_is_missed(sample_folder: Path) -> None:
    with workflow.opened(sample_folder) as (case, ledger):
        last = ledger.status().last
        assert last is not None
        told = occurrences.since(case, ledger, last.date())
        assert told["events"]
        assert told == {**occurrences.since(case, ledger, last - timedelta(hours=1)), "since": str(last.date())}


def test_what_changed_of_an_earlier_day_knows_nothing_later(sample_folder: Path) -> None:
    with workflow.opened(sample_folder) as (case, ledger):
        with pytest.raises(PublishError, match="later than as_of"):
            occurrences.since(case, ledger, date(2026, 5, 1), as_of=date(2025, 6, 1))
        told = occurrences.since(case, ledger, date(2025, 5, 1), as_of=date(2025, 6, 1))
        assert told["events"]
        assert all(e["recorded"][:10] <= "2025-06-01" for e in told["events"])
        assert told["cursor"][:10] <= "2025-06-01"
        assert told["cursor"].endswith("Z"), "a plus would be a blank in an address"


def test_since_an_early_day_everything_is_new(now: Situation, sample_folder: Path) -> None:
    with workflow.opened(sample_folder) as (case, ledger):
        told = occurrences.since(case, ledger, date(2020, 1, 1))
        assert told["tombstones"] == []
        assert {row.id for row in now.shown_rows} == {e["occurrence"] for e in told["events"]}
        future = occurrences.since(case, ledger, datetime.now(UTC) + timedelta(days=1))
        assert future["events"] == []


@pytest.mark.parametrize("which", ["now", "hostile"])
def test_bibtex_and_csl_name_each_report_and_hold_no_command(request: pytest.FixtureRequest, which: str) -> None:
    now = request.getfixturevalue(which)
    text = occurrences.as_bibtex(now)
    entries = re.findall(r"^@(\w+)\{([\w]+),$", text, flags=re.MULTILINE)
    assert len(entries) == 1 + len(now.documents)
    for entry in text.strip().split("\n\n"):
        depths = list(accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in entry))
        assert all(depth > 0 for depth in depths[entry.index("{") : -1]), "nothing ends an entry but its end"
        assert depths[-1] == 0
        assert max(depths) <= 3
    assert "\\input" not in text
    assert "javascript:" not in text
    told = occurrences.as_csl(now)
    assert len({item["id"] for item in told}) == len(told) == len(entries)
    assert all(item["type"] in ("dataset", "article-newspaper") for item in told)
    assert all(item.get("URL", "https://").startswith(("http://", "https://")) for item in told)
