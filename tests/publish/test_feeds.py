"""Feeds and the calendar keep to the rules of their formats, name their quotes, and replay to the same bytes."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from publish_examples import document, event, new_dossier, statement

from detente import workflow
from detente.publish import calendars, feeds, situation
from detente.publish.disclosure import IPTC
from detente.publish.situation import Situation
from detente.terms import LANGUAGES

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://example.org/dossier/"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ATTACK = '<script>alert(1)</script>\uffff\u202e\x1b ]]> & "x"; a,b\\n\nBEGIN:VALARM'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    """A dossier whose report tries to be markup, a calendar and a line of its own."""
    report = document("en-1", f"{ATTACK} Envoys met in Oslo.", source=ATTACK, title=ATTACK, url="javascript:alert(1)")
    met = event(report, report.text, place=ATTACK, on="2025-04-20", realis="planned")
    folder = new_dossier(
        tmp_path_factory.mktemp("feeds") / "dossier", (report, [met, statement(report, report.text, issue=ATTACK)])
    )
    with workflow.opened(folder) as (case, ledger):
        return situation.of(case, ledger)


def _all(now: Situation, base: str) -> dict[str, bytes]:
    return dict(feeds.every(now, base=base))


@pytest.mark.parametrize("base", ["", BASE])
@pytest.mark.parametrize("which", ["now", "hostile"])
def test_an_atom_feed_keeps_to_rfc_4287(request: pytest.FixtureRequest, which: str, base: str) -> None:
    for path, content in _all(request.getfixturevalue(which), base).items():
        if not path.endswith(".atom"):
            continue
        check_atom(content, base)


def check_atom(content: bytes, base: str) -> None:
    """RFC 4287, clause by clause."""
    root = ElementTree.fromstring(content)
    assert root.tag == f"{ATOM}feed"
    _check_common(root)  # 4.1.1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None, "4.1.1: an author, as no entry has its own"
    links = [(link.get("rel"), link.get("hreflang"), link.get("type")) for link in root.findall(f"{ATOM}link")]
    assert len(set(links)) == len(links), "4.1.1: at most one alternate for a type and a language"
    assert ("self" in {rel for rel, *_ in links}) == bool(base)
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids), "4.1.1: no two entries with one id and one updated"
    for entry in entries:
        _check_common(entry)  # 4.1.2
        assert len(entry.findall(f"{ATOM}content")) == 1
        content_of = entry.find(f"{ATOM}content")
        assert content_of is not None
        assert content_of.get("type") == "html"
        assert len(content_of) == 0, "4.1.3.3: html is text, escaped"
        _check_safe(content_of.text or "")
        marks = [c for c in entry.findall(f"{ATOM}category") if c.get("scheme") == IPTC]
        assert [bool(re.fullmatch(r"[A-Za-z]+", m.get("term") or "")) for m in marks] == [True]
        assert all(c.get("term") for c in entry.findall(f"{ATOM}category")), "4.2.2: a category has a term"
    stamps = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert stamps == sorted(stamps, reverse=True)
    if stamps:
        assert root.findtext(f"{ATOM}updated") == stamps[0]


def _check_common(element: ElementTree.Element) -> None:
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert element.findtext(f"{ATOM}{name}")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or ""), "4.2.6: an absolute IRI"
    for name in ("updated", "published"):
        for found in element.findall(f"{ATOM}{name}"):
            assert RFC3339.fullmatch(found.text or ""), "3.3"
    for link in element.findall(f"{ATOM}link"):
        assert link.get("href")


class _Safe(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("p", "blockquote", "a")
        for name, value in attrs:
            assert name in ("lang", "href", "rel")
            assert name != "href" or (value or "").startswith(("http://", "https://"))


def _check_safe(markup: str) -> None:
    parser = _Safe()
    parser.feed(markup)
    parser.close()
    assert not set(markup) & set("\u202e\x1b")


@pytest.mark.parametrize("base", ["", BASE])
@pytest.mark.parametrize("which", ["now", "hostile"])
def test_a_json_feed_keeps_to_version_1_1(request: pytest.FixtureRequest, which: str, base: str) -> None:
    """Required members, types, custom objects that begin with an underscore."""
    for path, content in _all(request.getfixturevalue(which), base).items():
        if not path.endswith(".json"):
            continue
        check_json_feed(content, base)


def check_json_feed(content: bytes, base: str) -> None:
    """https://jsonfeed.org/version/1.1, member by member."""
    top: dict[str, Any] = {
        "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "language": str,
        "authors": list, "items": list,
    }  # fmt: skip
    inner: dict[str, Any] = {
        "id": str, "url": str, "title": str, "content_html": str, "content_text": str, "date_published": str,
        "date_modified": str, "tags": list, "language": str,
    }  # fmt: skip
    feed = json.loads(content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"version", "title", "items"} <= set(feed)
    for held, known in [(feed, top), *((item, inner) for item in feed["items"])]:
        for name, value in held.items():
            assert name.startswith("_") or isinstance(value, known[name]), name
    assert feed["_detente"]["digital_source_type"].startswith(IPTC)
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    for item in feed["items"]:
        assert item.get("content_html") or item.get("content_text")
        _check_safe(item["content_html"])
        assert RFC3339.fullmatch(item["date_published"])
        assert item["_detente"]["digital_source_type"].startswith(IPTC)
        assert not base or item["url"].startswith(BASE)
        for quote in item["_detente"].get("quotes", ()):
            assert {"quote", "document", "start", "end", "language", "review_state"} <= set(quote)


def test_an_item_quotes_its_report_to_the_letter(now: Situation) -> None:
    feed = feeds.changes(now, "fr")
    assert feed.items
    for item in feed.items:
        for quote in item.about["quotes"]:
            text = now.documents[quote["document"]].text
            assert text[quote["start"] : quote["end"]] == quote["quote"]


def test_a_feed_can_be_narrowed_and_says_so_in_its_address(now: Situation) -> None:
    track = next(row.occurrence.event.track for row in now.rows if row.occurrence.event.track)
    feed = feeds.changes(now, "en", base=BASE, asked=feeds.Asked(track=track))
    assert 0 < len(feed.items) < len(now.shown_rows)
    assert all(track in {term for term, _ in item.tags} for item in feed.items)
    assert f"feed.atom?track={track}" in feed.as_atom().decode()
    assert feed.as_atom() != feeds.changes(now, "en", base=BASE).as_atom()
    assert feeds.changes(now, "en", asked=feeds.Asked(reviewed=True)).items == ()
    speaker = next(row.statement.speaker.entity for row in now.statements if row.statement.speaker.entity)
    said = feeds.statements(now, "ru", asked=feeds.Asked(speaker=speaker)).items
    assert said
    assert {item.about["speaker"] for item in said} == {speaker}


def test_a_decision_brings_an_event_to_the_top_and_shows_in_its_item(sample: Path) -> None:
    with workflow.opened(sample) as (case, ledger):
        before = feeds.changes(situation.of(case, ledger), "en").items
        oldest = before[-1].about["occurrence"]
        row = next(row for row in situation.of(case, ledger).rows if row.id == oldest)
        ledger.decide(row.cited[0].entry, "accept", by="anna", why="read")
        after = feeds.changes(situation.of(case, ledger), "en").items
    assert after[0].about["occurrence"] == oldest
    assert after[0].id == before[-1].id
    assert after[0].about["review_state"] == "accepted"
    assert "accepted by anna" in after[0].html


def test_a_feed_and_a_calendar_of_an_earlier_day_are_the_same_bytes_and_know_nothing_later(sample: Path) -> None:
    day = date(2025, 6, 1)
    with workflow.opened(sample) as (case, ledger):

        def made() -> dict[str, bytes]:
            then = situation.of(case, ledger, as_of=day)
            return {**dict(feeds.every(then)), **dict(calendars.every(then))}

        first = made()
        entry = ledger.codings("event")[0].entry.id
        ledger.decide(entry, "accept", by="anna", why="read")
        assert made() == first
    for path, content in first.items():
        if path.endswith(".json"):
            assert all(item["date_modified"][:10] <= "2025-06-01" for item in json.loads(content)["items"])


# iCalendar


def _unfolded(content: bytes) -> list[str]:
    assert content.endswith(b"\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75, "RFC 5545, 3.1: lines are folded at 75 octets"
        line.decode()  # and never inside a character
        assert b"\n" not in line
        assert b"\r" not in line
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


@pytest.mark.parametrize("which", ["now", "hostile"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar_keeps_to_rfc_5545(request: pytest.FixtureRequest, which: str, language: str) -> None:
    now = request.getfixturevalue(which)
    lines = _unfolded(calendars.of(now, language, base=BASE))
    for line in lines:
        assert re.match(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*:", line), line
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in lines
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    assert {line for line in lines if line.startswith("BEGIN:")} <= {"BEGIN:VCALENDAR", "BEGIN:VEVENT"}
    events: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            name, _, value = line.partition(":")
            assert name == "END" or name not in events[-1], f"{name} twice"
            events[-1].setdefault(name, value)
    assert events
    assert len({e["UID"] for e in events}) == len(events)
    for e in events:
        assert re.fullmatch(r"\d{8}T\d{6}Z", e["DTSTAMP"])
        begins, ends = e["DTSTART;VALUE=DATE"], e["DTEND;VALUE=DATE"]
        assert begins < ends, "3.6.1: the end is later than the start, and not part of it"
        assert e["STATUS"] in ("TENTATIVE", "CONFIRMED")
        assert e["X-DETENTE-DIGITAL-SOURCE-TYPE"].startswith(IPTC)
        assert e["URL"].startswith(BASE)


def test_a_milestone_stands_on_its_median_day_as_tentative_with_its_chance(now: Situation) -> None:
    icalendar = pytest.importorskip("icalendar", reason="the outside reader of calendars is not installed")
    read = icalendar.Calendar.from_ical(calendars.of(now, "fr"))
    events = list(read.walk("VEVENT"))
    open_rows = [row for row in now.milestones if not row.settled]
    for row in open_rows:
        f, label = row.forecast, row.milestone.label_in("fr")
        mine = [e for e in events if str(e["SUMMARY"]).startswith(label)]
        assert {float(e["X-DETENTE-PROB"]) for e in mine} == {round(f.probability, 4)}
        days = {str(e["STATUS"]): e["DTSTART"].dt for e in mine}
        assert days["CONFIRMED"] == f.deadline
        assert days.get("TENTATIVE") == f.median_day
        assert all(e["DTEND"].dt - e["DTSTART"].dt == timedelta(days=1) for e in mine)
        assert all(row.milestone.question_in("fr") in str(e["DESCRIPTION"]) for e in mine)


def test_words_of_a_report_cannot_begin_an_entry_of_their_own(hostile: Situation) -> None:
    icalendar = pytest.importorskip("icalendar", reason="the outside reader of calendars is not installed")
    read = icalendar.Calendar.from_ical(calendars.of(hostile, "en"))
    announced = [e for e in read.walk("VEVENT") if "X-DETENTE-REVIEW-STATE" in e]
    assert len(announced) == 1
    assert not list(read.walk("VALARM"))
    assert "a,b\\n" in str(announced[0]["DESCRIPTION"])


def test_a_forecast_that_nobody_kept_is_a_new_item_only_when_it_says_something_else(sample: Path) -> None:
    with workflow.opened(sample) as (case, ledger):

        def items() -> list[str]:
            now = situation.of(case, ledger)
            row = next(row for row in now.milestones if not row.settled)
            return [item.id for item in feeds.milestone(row, now, "en").items]

        before = items()
        ledger.decide(ledger.codings("statement")[0].entry.id, "accept", by="anna", why="read")
        assert items() == before


def test_a_feed_is_dated_by_what_it_holds_and_an_empty_one_by_its_dossier(tmp_path: Path) -> None:
    folder = new_dossier(tmp_path / "dossier")
    with workflow.opened(folder) as (case, ledger):
        empty = situation.of(case, ledger)
    feed = feeds.changes(empty, "en")
    assert feed.items == ()
    assert isinstance(feed.updated, datetime)
    assert feed.updated.tzinfo is not None
    ElementTree.fromstring(feed.as_atom())
