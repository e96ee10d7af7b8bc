"""The application serves figures, feeds and frames at their addresses, as of any moment, and lets others show them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import unquote

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from fastapi.testclient import TestClient
from publish_examples import complaints, parsed
from tests.browser import browser, chromium
from tests.servers import WAIT_SECONDS

from detente.publish import figures, forecast_history, measure_pages, occurrences
from detente.publish.readings import READERS
from detente.web import application
from detente.web.opened import Opened
from detente.web.outputs import FRAME_HEIGHT, FRAME_WIDTH, Outputs, figure_at
from detente.web.shelf import Shelf

TOP = "http://testserver/"


@pytest.fixture(scope="module")
def client(sample_folder: Path) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forecast_history, "MOST_MONTHS", 2)  # Each asks every question anew.
        with TestClient(application(sample_folder)) as opened:
            yield opened


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/measures/deeds.svg", "image/svg+xml"),
        ("/fr/measures/deeds.svg", "image/svg+xml"),
        ("/ru/measures/deeds.csv", "text/csv; charset=utf-8"),
        ("/measures/deeds.json", "application/json; charset=utf-8"),
        ("/measures/deeds.metadata.json", "application/csvm+json; charset=utf-8"),
        ("/measures/deeds.zip", "application/zip"),
        ("/situation.svg", "image/svg+xml"),
        ("/situation.zip", "application/zip"),
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/fr/feed.json", "application/feed+json; charset=utf-8"),
        ("/ru/milestones.ics", "text/calendar; charset=utf-8"),
        ("/fr/measures/deeds.html", "text/html; charset=utf-8"),
        ("/fr/embed/measures-deeds.html", "text/html; charset=utf-8"),
    ],
)
def test_an_address_says_what_it_holds_and_replays(client: TestClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    past = client.get(f"/as-of/2025-06-01{path}")
    assert past.status_code == 200
    assert past.content != answer.content
    assert past.content == client.get(f"/as-of/2025-06-01{path}").content


@pytest.mark.parametrize("suffix", ["csv", "svg", "feed.json", "feed.atom"])
def test_a_milestone_is_served_from_the_day_its_question_was_put(client: TestClient, suffix: str) -> None:
    assert client.get(f"/fr/milestones/ambassadors.{suffix}").status_code == 200
    assert client.get(f"/as-of/2025-06-01/fr/milestones/ambassadors.{suffix}").status_code == 404


def test_the_history_of_a_forecast_is_the_same_in_the_api_and_beside_the_page(client: TestClient) -> None:
    told = client.get("/api/milestones/ambassadors").json()
    assert told["history"] == client.get("/milestones/ambassadors.json").json()["history"]
    assert [each["kind"] for each in told["history"]][-2:] == ["unput", "now"]
    [listed] = [each for each in client.get("/api/milestones").json() if each["milestone"] == "ambassadors"]
    assert listed == {name: value for name, value in told.items() if name != "history"}
    early = client.get("/api/milestones/ambassadors?as_of=2025-06-01")
    assert (early.status_code, "/api/milestones" in early.json()["error"]) == (404, True)
    shape = client.get("/api/openapi.json").json()["paths"]["/api/milestones/{name}"]["get"]["responses"]["200"]
    said = shape["content"]["application/json"]["schema"]["properties"]["history"]["items"]
    assert all(set(said["required"]) == set(each) for each in told["history"])


@pytest.mark.parametrize("language", ["", "fr/", "ru/"])
def test_a_measures_page_is_well_formed_and_offers_its_forms(client: TestClient, language: str) -> None:
    path = f"{language}measures/stage.html"
    page = parsed(path, client.get(f"/{path}").text)
    assert complaints(page) == []
    ends = {href.rpartition("stage.")[2] for href in page.links() if "stage." in href}
    assert {"svg", "csv", "json", "metadata.json", "zip"} <= ends
    assert len(page.all("svg")) == 1
    assert any("event/" in href for href in page.links()), "from a number to its quotes"


def test_a_png_is_drawn_where_the_extra_is_installed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    if figures.can_draw_png():
        answer = client.get("/fr/measures/stage.png")
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    refused = client.get("/ru/measures/stage.png")
    assert refused.status_code == 422
    assert "pip install 'detente[png]'" in refused.json()["error"]


def test_a_table_leads_to_what_describes_it(client: TestClient) -> None:
    link = client.get("/measures/stage.csv").headers["link"]
    assert link == '<stage.metadata.json>; rel="describedby"; type="application/csvm+json"'


@pytest.mark.parametrize(
    "path",
    ["/measures/nothing.svg", "/measures/../dossier.toml", "/embed/measures-nothing.html", "/measures/stage.exe",
     "/milestones/nothing.feed.atom", "/embed/situation/../../x.html", "/situation.html"],
)  # fmt: skip
def test_what_is_no_figure_is_a_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_is_made_already_waits_for_no_other_figure(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    held, measuring, done = client.get("/measures/stage.csv"), Event(), Event()
    named = figures.named

    def slow(path: str, *args: Any, **options: Any) -> Any:
        if path == "measures/deeds":
            measuring.set()
            assert done.wait(WAIT_SECONDS)
        return named(path, *args, **options)

    monkeypatch.setattr(figures, "named", slow)
    with ThreadPoolExecutor() as pool:
        try:
            first = pool.submit(client.get, "/as-of/2025-09-01/measures/deeds.csv")
            assert measuring.wait(WAIT_SECONDS)
            meanwhile = pool.submit(client.get, "/measures/stage.csv")
            assert meanwhile.result(WAIT_SECONDS / 2).content == held.content
        finally:
            done.set()
        assert first.result(WAIT_SECONDS).status_code == 200


def test_what_was_measured_ahead_is_not_measured_when_it_is_asked_for(
    sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "paths", lambda now: ["measures/stage", "measures/nothing", "measures/deeds"])
    opened = Opened(sample_folder)
    ahead = Outputs(Shelf(opened), opened)
    ahead.warm()
    monkeypatch.setattr(measure_pages, "reader", None)
    for name in ("measures/stage", "measures/deeds"):
        assert ahead.of_figure(None, name, f"fr/{name}.html")


def test_of_events_only_the_form_that_is_asked_for_is_made(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> bytes:
        raise AssertionError(args)

    monkeypatch.setattr(occurrences, "_parquet", refuse)
    monkeypatch.setattr(occurrences, "as_geojson", refuse)
    assert client.get("/data/occurrences.jsonl").content == client.get("/api/events").content
    assert client.get("/data/sources.bib").status_code == 200


def test_the_cursor_can_be_asked_for_as_it_stands(client: TestClient) -> None:
    cursor = client.get("/api/events?since=2026-05-01").json()["cursor"]
    again = client.get(f"/api/events?since={cursor}")
    assert (again.json()["events"], again.json()["tombstones"]) == ([], [])
    refused = client.get("/api/events?since=lately")
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("since ")


@pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine")
def test_a_frame_of_the_size_we_name_shows_the_whole_width(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "frame.html").write_text(client.get("/embed/situation.html").text, "utf-8")
    with browser() as page:
        page.size(FRAME_WIDTH, FRAME_HEIGHT)
        page.open((tmp_path / "frame.html").as_uri())
        assert page.run("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.scroll'))") == 0


def test_a_feed_names_whole_addresses_of_where_it_was_asked(client: TestClient) -> None:
    feed = client.get("/fr/feed.json?track=embassies").json()
    assert feed["feed_url"] == f"{TOP}fr/feed.json?track=embassies"
    for item in feed["items"]:
        assert client.get(item["url"].removeprefix(TOP.rstrip("/"))).status_code == 200
    past = client.get("/as-of/2025-06-01/feed.json").json()
    assert past["home_page_url"] == f"{TOP}as-of/2025-06-01/timeline.html"


def test_a_host_that_is_none_is_not_written_into_a_feed(client: TestClient) -> None:
    feed = client.get("/feed.json", headers={"Host": 'evil.test/"><script>'}).text
    assert "evil.test" not in feed


def test_only_a_frame_may_stand_on_other_pages(client: TestClient) -> None:
    frame = client.get("/embed/measures-stage.html").headers
    assert "frame-ancestors *" in frame["content-security-policy"]
    assert "unsafe" not in frame["content-security-policy"]
    page = client.get("/measures/stage.html").headers
    assert "frame-ancestors 'none'" in page["content-security-policy"]
    assert page["cross-origin-resource-policy"] == "same-origin"


def test_oembed_is_found_from_the_page_and_keeps_to_version_1(client: TestClient) -> None:
    """oEmbed 1.0, 2.3.4: version, type, and for `rich` html, width and height within what was asked."""
    link = client.get("/fr/measures/stage.html").headers["link"]
    found = re.fullmatch(r'<(.+)>; rel="alternate"; type="application/json\+oembed"', link)
    assert found is not None
    told = client.get(found[1].removeprefix(TOP.rstrip("/")) + "&maxwidth=600&maxheight=400").json()
    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert told["width"] <= 600
    assert told["height"] <= 400
    source = re.search(r'src="([^"]+)"', told["html"])
    assert source is not None
    assert source[1] == f"{TOP}fr/embed/measures-stage.html"
    assert client.get(source[1].removeprefix(TOP.rstrip("/"))).status_code == 200


def test_a_frozen_frame_names_the_moment_and_shows_the_past(client: TestClient) -> None:
    told = client.get("/oembed", params={"url": f"{TOP}measures/stage.html", "frozen": "true"}).json()
    source = re.search(r'src="([^"]+)"', told["html"])
    assert source is not None
    assert "/as-of/" in source[1]
    assert "2026-05-18T20:00" in unquote(source[1])
    assert client.get(source[1].removeprefix(TOP.rstrip("/"))).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"url": "https://elsewhere.test/measures/stage.html"}, 404),
        ({"url": f"{TOP}timeline.html"}, 404),
        ({"url": f"{TOP}measures/nothing.html"}, 404),
        ({"url": f"{TOP}measures/stage.html", "format": "xml"}, 501),
        ({}, 422),
    ],
)
def test_oembed_of_something_else_is_refused(client: TestClient, asked: dict[str, str], status: int) -> None:
    assert client.get("/oembed", params=asked).status_code == status


def test_the_api_lists_measures_and_gives_each(client: TestClient) -> None:
    assert set(client.get("/api/measures").json()) == set(READERS)
    told = client.get("/api/measures/stage", params={"as_of": "2025-06-01"}).json()
    assert (told["measure"], told["as_of"]) == ("stage", "2025-06-01")
    assert client.get("/api/measures/nothing").status_code == 404


def test_the_description_of_the_api_is_openapi_3_1(client: TestClient) -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="the outside checker of OpenAPI is not installed")
    told = client.get("/api/openapi.json").json()
    validator.validate(told)
    assert told["openapi"].startswith("3.1")
    assert {"/api/timeline", "/api/measures/{name}", "/oembed"} <= set(told["paths"])
    assert all(operation.get("description") for path in told["paths"].values() for operation in path.values()), (
        json.dumps(list(told["paths"]))
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/events?since=0001-01-01", 200),
        ("/api/events?since=2025-05-01&as_of=2025-04-01", 422),
        ("/api/status?as_of=9999-12-31T23:59:59-23:59", 422),
        ("/api/measures/nothing", 404),
        ("/api/milestones/ambassadors", 200),
        ("/api/milestones/nothing", 404),
        ("/oembed?url=/", 200),
        ("/oembed?url=/nothing", 404),
        ("/oembed?url=/&format=xml", 501),
        ("/oembed?url=/&maxwidth=wide", 422),
        ("/oembed", 422),
    ],
)
def test_every_answer_of_the_api_is_one_that_it_describes(client: TestClient, address: str, status: int) -> None:
    got = client.get(address)
    assert got.status_code == status, got.text
    where = re.sub("(measures|milestones)/.*", r"\1/{name}", address.partition("?")[0])
    content = client.get("/api/openapi.json").json()["paths"][where]["get"]["responses"][str(status)]["content"]
    assert got.headers["content-type"].partition(";")[0] in content
    if status != 200:
        assert set(got.json()) == {"error"}


@pytest.mark.parametrize("path", ["timeline.html", "event/0.html", "x/../y", "measures/a/b.svg"])
def test_a_page_without_a_figure_has_none(path: str) -> None:
    assert figure_at(path) is None
