"""What an address asks is answered: a day of the past, a filter of the timeline, words in three languages."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("httpx")
sys.path.insert(0, str(Path(__file__).parents[1] / "publish"))

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publish_examples import Page, complaints, document, event, file_report, new_dossier, parsed, state, statement

from detente.dossier import write_starter
from detente.errors import DossierError, LedgerError
from detente.ledger import FILE_NAME as LEDGER
from detente.ledger import Ledger
from detente.publish.filters import direction_of
from detente.terms import Dyad, Participant
from detente.web import application

MET = document("en-1", "Envoys of Russia and the United States met in Istanbul on visas. We are ready, Peskov said.")
ACCUSED = document(
    "ru-2", "Москва обвинила Вашингтон в затягивании переговоров о санкциях.", language="ru", published="2025-05-02"
)
SIGNED = document(
    "fr-3", "Les négociateurs américains et russes ont signé un accord à Riyad.", language="fr", published="2025-05-20"
)
WITH_CHINA = document("en-4", "Russia and China held talks in Beijing.", published="2025-05-21")
RUSSIA, AMERICA = state("RUS"), state("USA")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    met = event(MET, "Envoys of Russia and the United States met in Istanbul on visas.", track="embassies")
    folder = new_dossier(
        tmp_path_factory.mktemp("asked") / "dossier",
        (MET, [met, statement(MET, "We are ready, Peskov said.")]),
        questions=False,
    )
    toml = folder / "dossier.toml"
    toml.write_text(re.sub("(?m)^#? ?third_parties = .*$", 'third_parties = ["CHN"]', toml.read_text("utf-8")), "utf-8")
    accused = event(ACCUSED, ACCUSED.text, type="ACCUSE", on="2025-05-02", actors=(RUSSIA,), recipients=(AMERICA,))
    signed = event(SIGNED, SIGNED.text, type="SUPPORT", on="2025-05-20")
    china = event(WITH_CHINA, WITH_CHINA.text, on="2025-05-21", actors=(RUSSIA, Participant("CHN", "China", "CHN")))
    for day, (report, coded) in enumerate([(ACCUSED, accused), (SIGNED, signed), (WITH_CHINA, china)]):
        file_report(folder, report, [coded], moment=datetime(2025, 5, 22 + day, tzinfo=UTC))
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(application(folder)) as opened:
        yield opened


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another dossier, with one report."""
    return new_dossier(tmp_path_factory.mktemp("other") / "dossier", (MET, [event(MET, MET.text)]), questions=False)


@pytest.fixture(scope="module")
def compared(folder: Path, other: Path) -> Iterator[TestClient]:
    with TestClient(application(folder, compare=other)) as opened:
        yield opened


def page(client: TestClient, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return parsed(re.sub("^/(as-of/[^/]*/)?", "", answer.url.path), answer.text)


def quotes(page: Page) -> list[str]:
    return [
        quote.text()
        for e in page.all("ol")
        if "events" in e.attributes.get("class", "")
        for quote in e.all("blockquote")
    ]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("track=embassies", ["en-1"]),
        ("track=none", ["fr-3", "ru-2"]),
        ("direction=RUS%3EUSA", ["ru-2"]),
        ("direction=both", ["fr-3", "en-1"]),
        ("language=fr", ["fr-3"]),
        ("reviewed=no", ["fr-3", "ru-2", "en-1"]),
        ("reviewed=yes", []),
        ("party=CHN", ["en-4"]),
        ("actor=RUS&language=ru", ["ru-2"]),
        ("text=négociateur", ["fr-3"]),
        ("text=переговоры", ["ru-2"]),
        ("text=visa", ["en-1"]),
        ("track=nothing-of-the-kind", []),
        ("since=2025-05-02", ["fr-3", "ru-2"]),
        ("since=2025-05-02&until=2025-05-02", ["ru-2"]),
        ("until=2025-05-01&track=embassies", ["en-1"]),
        ("since=2025-06-01", []),
    ],
)
def test_a_filter_leaves_the_events_asked_for(client: TestClient, query: str, left: list[str]) -> None:
    texts = {d.id: d.text for d in (MET, ACCUSED, SIGNED, WITH_CHINA)}
    shown = quotes(page(client, f"/timeline.html?{query}"))
    assert [next(name for name, text in texts.items() if said in text) for said in shown] == left
    told = client.get(f"/api/timeline?{query}").json()
    assert [line["evidence"][0]["document"] for line in told] == left[::-1]


def test_each_month_of_the_axis_is_a_link_that_leaves_as_many_events_as_it_says(client: TestClient) -> None:
    counts = {}
    for asked in ("", "?track=none&since=2025-05-03"):
        shown = page(client, f"/timeline.html{asked}")
        assert complaints(shown) == []
        axis = next(e for e in shown.all("svg") if e.attributes["class"] == "chart brush")
        for month in axis.all("a"):
            label, way = month.all("title")[0].text(), month.attributes["href"]
            count = int(re.search(r": (\d+)", label)[1])  # type: ignore[index]
            assert len(quotes(page(client, f"/{way}"))) == count, label
            counts[asked, label.partition(":")[0]] = count
    assert counts["", "May\xa02025"] == 2
    assert counts["", "April\xa02025"] == counts["?track=none&since=2025-05-03", "May\xa02025"] - 1 == 1
    assert client.get("/timeline.html?since=May").status_code == 422


def test_the_first_page_tells_what_changed_since_a_day_of_the_readers_choice(client: TestClient) -> None:
    shown = page(client, "/fr/index.html?since=2025-05-01")
    stretches = [e for e in shown.all("details") if e.attributes.get("class") == "since"]
    assert ["open" in e.attributes for e in stretches] == [True, False, False]
    assert "1er\xa0mai\xa02025" in stretches[0].text()
    told = [li.text() for li in stretches[0].all("li")]
    assert len(told) == 2
    # Signs, sizes, sources, languages and review, the newest first.
    assert [re.search("[▲▼◆]", line)[0] for line in told] == ["▲", "▼"]  # type: ignore[index]
    for line, language in zip(told, ("FR", "RU"), strict=True):
        assert re.search(rf"indice [+−]\d,\d\d\s+1\s+source · {language} · non vérifié", line), line
    assert "../index.html?since=2025-05-01" in shown.links()
    assert complaints(shown) == []
    assert page(client, "/index.html?since=2099-01-01").all("details")[0].text().count("Nothing is recorded") == 1
    assert client.get("/index.html?since=yesterday").status_code == 422
    assert len(page(client, "/index.html?since=").all("details")) == len(page(client, "/").all("details"))


@pytest.mark.parametrize(
    ("coded", "direction"),
    [
        ({"type": "ACCUSE", "actors": (RUSSIA,), "recipients": (AMERICA,)}, "RUS>USA"),
        ({"type": "SUPPORT", "actors": (RUSSIA, AMERICA)}, "both"),
        # A call has one who rings, and is counted for both.
        ({"type": "CONSULT", "mode": "phone", "actors": (RUSSIA,), "recipients": (AMERICA,)}, "both"),
        ({"type": "CONSULT", "mode": "visit", "actors": (RUSSIA,), "recipients": (AMERICA,)}, "RUS>USA"),
        ({"type": "ACCUSE", "actors": (RUSSIA, AMERICA), "recipients": (state("CHN"),)}, "both"),
        ({"type": "ACCUSE", "actors": (RUSSIA,), "recipients": (state("CHN"),)}, None),
    ],
)
def test_a_direction_is_the_one_the_index_counts(coded: dict[str, Any], direction: str | None) -> None:
    assert direction_of(event(MET, "met in Istanbul", **coded), ("RUS", "USA")) == direction


def test_each_choice_says_how_many_events_it_would_leave(client: TestClient) -> None:
    for path in ("/timeline.html", "/timeline.html?language=fr", "/ru/timeline.html?direction=both"):
        asked = path.partition("?")[2]
        for select in page(client, path).all("select"):
            name = select.attributes["name"]
            for option in select.all("option"):
                value = option.attributes["value"]
                if value:
                    count = int(option.text().rpartition("(")[2].rstrip(")"))
                    others = [part for part in asked.split("&") if part and not part.startswith(f"{name}=")]
                    query = "&".join([*others, f"{name}={quote(value)}"])
                    assert len(client.get(f"/api/timeline?{query}").json()) == count, (path, query)


def test_a_filter_is_an_address_that_other_languages_and_other_days_keep(client: TestClient) -> None:
    shown = page(client, "/timeline.html?direction=RUS%3EUSA&text=%3Cb%3E")
    links = shown.links()
    assert "fr/timeline.html?direction=RUS%3EUSA&text=%3Cb%3E" in links
    hidden = {
        i.attributes["name"]: i.attributes["value"] for i in shown.all("input") if i.attributes.get("type") == "hidden"
    }
    assert hidden == {"direction": "RUS>USA", "text": "<b>"}
    assert complaints(shown) == []


def test_a_filter_that_feeds_understand_can_be_followed(client: TestClient) -> None:
    links = page(client, "/timeline.html?track=embassies").links()
    (follow,) = [link for link in links if link.startswith("feed.atom?")]
    feed = client.get(f"/{follow}").text
    assert "met in Istanbul" in feed
    assert "ont signé" not in feed
    assert not [link for link in page(client, "/timeline.html?text=visa").links() if "feed.atom?" in link]


@pytest.mark.parametrize(
    "path", ["/fr/timeline.html", "/fr/timeline.html?language=ru", "/search.html?q=visas", "/event/x"]
)
def test_a_day_asked_for_is_kept_whatever_it_is_called(client: TestClient, path: str) -> None:
    more = "&" if "?" in path else "?"
    ways = [client.get(f"{path}{more}{name}=2025-05-22", follow_redirects=False) for name in ("asof", "as_of")]
    assert {way.status_code for way in ways} == {307}
    (target,) = {way.headers["location"] for way in ways}
    name, _, query = path.partition("?")
    assert target == f"/as-of/2025-05-22{name}" + (f"?{query}" if query else "")


def test_a_page_of_the_past_asks_the_past_and_leads_back(client: TestClient) -> None:
    shown = page(client, "/as-of/2025-05-22/fr/timeline.html?reviewed=no")
    assert len(quotes(shown)) == 2  # what is recorded on a day is known on it
    assert "../../../fr/timeline.html?reviewed=no" in shown.links()
    assert {f.attributes["action"] for f in shown.all("form")} == {
        "search.html",
        "timeline.html",
        "../../../fr/timeline.html",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/api/timeline?direction=both&",
        "/api/search?q=переговоров&",
        "/api/index?",
        "/situation.json?",
        "/measures/agenda.json?",
        "/chronology.jsonl?",
    ],
)
def test_what_was_known_on_a_day_is_replayed_byte_for_byte(client: TestClient, path: str) -> None:
    answers = [client.get(f"{path}{name}=2025-05-23") for name in ("asof", "as_of", "asof")]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert "Riyad" not in client.get(f"{path}asof=2025-05-22").text or "riyad" in path


@pytest.mark.parametrize(
    ("asked", "kind", "found"),
    [
        ("visa", "event", "en-1"),
        ("talk", "event", "en-4"),
        ("переговоры", "report", "ru-2"),
        ("санкция", "event", "ru-2"),
        ("négociateur", "report", "fr-3"),
        ("negociateurs signes", "report", "fr-3"),
        ("Песков", "statement", "en-1"),
        ("Dmitri Peskov", "person", "dmitry-peskov"),
        ('"met in Istanbul"', "event", "en-1"),
        ("Стамбул", "report", ""),
    ],
)
def test_words_are_found_in_any_form_and_people_by_their_names_in_any_language(
    client: TestClient, asked: str, kind: str, found: str
) -> None:
    told = client.get("/api/search", params={"q": asked}).json()
    hits = [hit for hit in told["hits"] if hit["kind"] == kind]
    named = [hit["evidence"][0]["document"] if "evidence" in hit else hit["id"] for hit in hits]
    assert (found in named) if found else not named


def test_words_in_quotation_marks_stand_together(client: TestClient) -> None:
    assert client.get("/api/search", params={"q": '"Istanbul met"'}).json()["counts"] == {}
    assert client.get("/api/search", params={"q": "Istanbul met"}).json()["counts"]


@pytest.mark.parametrize("language", ["", "fr/", "ru/"])
@pytest.mark.parametrize(
    "asked",
    [
        "",
        " ",
        "\"'",
        "AND OR NOT",
        "NEAR(visa, 2)",
        "name:visa",
        "a* -b ^c {d}",
        "<script>alert(1)</script>",
        "'; DROP TABLE found; --",
        "visa " * 60,
        "\u202evisa",
        "\x00",
        "☃",
        "(((((",
        "x" * 5000,
    ],
)
def test_whatever_is_asked_gets_a_page(client: TestClient, language: str, asked: str) -> None:
    answer = client.get(f"/{language}search.html", params={"q": asked})
    assert answer.status_code == 200
    shown = parsed(f"{language}search.html", answer.text)
    assert complaints(shown) == []
    assert len(shown.all("main")[0].all("p")) > 2


@given(st.text(max_size=40))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_is_an_error(client: TestClient, asked: str) -> None:
    encodable = asked.encode("utf-8", "ignore").decode()
    for path, name in (("/api/search", "q"), ("/timeline.html", "text")):
        assert client.get(path, params={name: encodable}).status_code == 200


@pytest.mark.parametrize("part", ["0", "-1", "2", "99999999999", "x", "²"])
def test_a_part_that_is_none_shows_one_there_is(client: TestClient, part: str) -> None:
    assert quotes(page(client, f"/timeline.html?reviewed=no&part={quote(part)}"))


def test_an_answer_that_is_markup_stays_text(client: TestClient) -> None:
    text = client.get("/search.html", params={"q": "<img src=x onerror=alert(1)>"}).text
    assert "<img" not in text
    assert json.loads(client.get("/api/search", params={"q": "<img>"}).text)["question"] == "<img>"


@pytest.mark.parametrize("top", ["", "fr/", "ru/"])
def test_another_dossier_stands_beside_this_one_and_nothing_is_filed_in_it(
    compared: TestClient, other: Path, top: str
) -> None:
    with Ledger.open(other) as ledger:
        before = ledger.head()
    found = page(compared, f"/{top}compare.html")
    assert [c for c in complaints(found) if c != "<form>"] == []
    charts = [svg for svg in found.all("svg") if "chart" in svg.attributes.get("class", "")]
    assert len(charts) == 2
    assert "#outlets-2" in [link.attributes["href"] for link in charts[1].all("a")]
    assert {link[1:] for link in found.links() if link.startswith("#")} <= set(found.ids())
    past = page(compared, f"/as-of/2025-05-22/{top}compare.html")
    assert past.text() != found.text()
    days = page(compared, f"/{top}compare.html?from=2025-04-30&to=2025-05-22")
    assert "compare.html" in days.links()
    with Ledger.open(other) as ledger:
        assert ledger.head() == before


def test_a_dossier_is_not_set_beside_itself_nor_beside_one_without_a_ledger(
    other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DossierError, match="same ledger"):
        application(other, compare=other / ".")
    write_starter(tmp_path, Dyad.parse("CHN-USA"), date(2025, 1, 1), today=date(2025, 4, 1))
    with pytest.raises(LedgerError):
        application(other, compare=tmp_path)
    assert not (tmp_path / LEDGER).exists()
    monkeypatch.setenv("DETENTE_LEDGER", str(other / LEDGER))
    with pytest.raises(DossierError, match="DETENTE_LEDGER is set"):
        application(other, compare=tmp_path)


@pytest.mark.parametrize("top", ["", "fr/", "ru/"])
def test_two_days_of_the_record_stand_side_by_side(client: TestClient, top: str) -> None:
    asked = page(client, f"/{top}compare.html")
    assert [e.attributes["name"] for e in asked.all("input") if e.attributes.get("type") == "date"][-2:] == [
        "from",
        "to",
    ]
    found = page(client, f"/{top}compare.html?from=2025-04-30&to=2025-05-22")
    assert [c for c in complaints(found) if c != "<form>"] == []
    (list_of_changes,) = [e for e in found.all("ul") if e.attributes.get("class") == "plain"]
    (link,) = [a.attributes["href"] for a in list_of_changes.all("a")]
    way = f"/as-of/2025-05-22/{top}event/"
    assert ("/" + link.replace("../", "")).startswith(way)
    assert page(client, "/" + link.replace("../", "")).all("blockquote", "mark")
    turned = page(client, f"/{top}compare.html?from=2025-05-22&to=2025-04-30")
    assert turned.text() == found.text()
    past = page(client, f"/as-of/2025-05-22/{top}compare.html?from=2025-04-30")
    (same,) = [a.attributes["href"] for e in past.all("ul") if e.attributes.get("class") == "plain" for a in e.all("a")]
    assert same.replace("../", "") == way[1:] + link.rpartition("/")[2]
    assert client.get(f"/{top}compare.html?from=yesterday").status_code == 422
