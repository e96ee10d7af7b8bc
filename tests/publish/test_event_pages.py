"""The page of an event tells what it does to index and forecasts, how else it was read, and how to cite it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from publish_examples import Page

from detente.codebook import label, types
from detente.measures import contributions
from detente.publish import event_cite, event_effects
from detente.publish.catalogue import Words
from detente.publish.situation import Situation
from detente.terms import LANGUAGES, Event


def test_the_heaviest_event_says_how_far_it_moves_the_index(site: dict[str, Page], now: Situation) -> None:
    first = contributions(now.events, now.dossier.dyad, now.day)[0]
    told = now.index_effects[first.occurrence].now[0]
    assert told.value == now.index.joint.last.value
    for folder, language in (("", "en"), ("fr/", "fr"), ("ru/", "ru")):
        text = site[f"{folder}event/{first.occurrence}.html"].text()
        words = Words(language)
        assert words.number(told.value, 1, signed=True) in text
        assert words.number(told.without or 0.0, 1, signed=True) in text


@pytest.mark.parametrize(
    ("folder", "language", "said"), [("", "en", "ours"), ("fr/", "fr", "nôtre"), ("ru/", "ru", "наш")]
)
def test_a_treaty_left_is_called_by_its_mode_which_is_said_to_be_ours(
    site: dict[str, Page], now: Situation, folder: str, language: str, said: str
) -> None:
    row = next(row for row in now.shown_rows if row.occurrence.event.mode == "abandon")
    text = site[f"{folder}event/{row.id}.html"].text()
    assert label("RETREAT", "abandon", language) in text
    assert types()["RETREAT"].label[language] not in text
    assert "PLOVER RETREAT" not in text
    assert "SANCTION, discontinue" in text
    assert said in text[text.index("RETREAT, abandon") :][:60]


def test_an_event_that_has_faded_says_that_no_effect_is_left(site: dict[str, Page], now: Situation) -> None:
    faded = [
        key
        for key, effect in now.index_effects.items()
        if effect.now and effect.now[0].change is not None and abs(effect.now[0].change) < event_effects.LEAST_POINTS
    ]
    assert faded
    assert "No effect is left that can be told" in site[f"event/{faded[0]}.html"].text()


def test_an_event_outside_the_index_says_why(site: dict[str, Page], now: Situation) -> None:
    out = next(row for row in now.shown_rows if row.id not in now.index_effects)
    assert "It counts for nothing in the index" in site[f"event/{out.id}.html"].text()


def test_a_forecast_that_names_an_event_is_told_with_and_without_it(site: dict[str, Page], now: Situation) -> None:
    named = {move.entry for r in now.milestones for layer in r.forecast.layers for move in layer.moves if move.entry}
    assert named
    assert set(now.forecast_effects) == named
    for name in named:
        assert "percentage points" in site[f"event/{name}.html"].text()
    others = next(row for row in now.shown_rows if row.id not in named)
    assert "No forecast names this event" in site[f"event/{others.id}.html"].text()


def test_reports_that_read_it_otherwise_stand_with_coder_and_confidence(now: Situation) -> None:
    row = next(row for row in now.shown_rows if any(field == "event_date" for field, _ in row.occurrence.disagreements))
    found = event_effects.readings(row, now, Words("en"))
    assert found
    assert all(reading.by and reading.confidence is not None for reading in found)
    assert any("date" in reading.differs for reading in found)


def test_a_rejected_reading_of_the_same_words_is_shown_with_who_and_why(now: Situation) -> None:
    from datetime import UTC, datetime

    from detente.terms import Decision

    row = next(row for row in now.shown_rows if row.occurrence.members)
    entry = row.occurrence.members[0]
    assert isinstance(entry.coding, Event)
    other = replace(entry, id="0" * 16, coder="llm.v1", coding=replace(entry.coding, type="REJECT", mode=""))
    decision = Decision(other.id, "reject", "Ada", "Only said.", 1, datetime(2026, 1, 2, tzinfo=UTC))
    seen = replace(now, other_codings={row.id: [(other, decision)]})
    [found] = [each for each in event_effects.readings(row, seen, Words("en")) if each.entry == other.id]
    assert found.by == "llm.v1"
    assert "type" in found.differs
    assert found.decided.replace("\u00a0", " ") == "rejected by Ada on 2 January 2026"
    assert found.why == "Only said."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_names_version_day_and_the_digest_of_the_published_line(
    site_folder: Path, now: Situation, language: str
) -> None:
    lines = (site_folder / "data" / "occurrences.jsonl").read_text("utf-8").splitlines()
    by_id = {json.loads(line)["occurrence"]: line for line in lines}
    row = now.shown_rows[0]
    digest = hashlib.sha256(by_id[row.id].encode()).hexdigest()
    words = Words(language)
    told = event_cite.as_text(row, now, words)
    assert all(part in told for part in (digest, now.data_version, words.day(now.day), row.id))
    for form in event_cite.MAKERS:
        text = (site_folder / "event" / f"{row.id}.{form}").read_text("utf-8")
        assert digest in text
        assert now.data_version in text


def test_the_application_gives_a_citation_at_its_address(now: Situation) -> None:
    row = now.shown_rows[0]
    assert event_cite.named(f"event/{row.id}.ris", now) == event_cite.as_ris(row, now).encode()
    assert event_cite.named(f"event/{row.id}.doc", now) is None
    assert event_cite.named("event/nobody.bib", now) is None
