"""The page of a milestone: what was said of it over time, what would change it, and who says what."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from publish_examples import Page

from detente import workflow
from detente.forecast.track_record import Judged
from detente.ledger import LoggedForecast
from detente.publish import calendars, feeds, forecast_history, milestone_pages, sites
from detente.publish.catalogue import Words
from detente.publish.milestones import Row
from detente.publish.situation import Situation
from detente.terms import LANGUAGES, Forecast, Layer, Move


@pytest.fixture(scope="module")
def ambassadors(now: Situation) -> Row:
    return next(row for row in now.milestones if row.milestone.reference.stage == "ambassadors_exchanged")


@pytest.fixture(scope="module")
def replayed(now: Situation, sample_folder: Path) -> dict[str, tuple[Forecast, ...]]:
    with workflow.opened(sample_folder) as (case, ledger):
        return forecast_history.replays(case, ledger, now.day)


def test_the_list_the_first_page_feeds_and_calendar_lead_to_the_page_of_each_milestone(
    site: dict[str, Page], now: Situation
) -> None:
    for language in LANGUAGES:
        folder = sites.folder_of(language)
        for row in now.milestones:
            own = f"milestones/{row.slug}.html"
            assert folder + own in site
            assert own in site[f"{folder}milestones.html"].links()
            assert own in site[f"{folder}index.html"].links()
            feed = feeds.milestone(row, now, language)
            assert feed.page == folder + own
            assert {item.page for item in feed.items} == {folder + own}
            if not row.settled:
                told = calendars.of(now, language, base="https://a.example/").decode().replace("\r\n ", "")
                assert f"URL:https://a.example/{folder}{own}" in told


def test_a_page_begins_with_question_and_rule_and_ends_with_similar_questions(
    site: dict[str, Page], ambassadors: Row
) -> None:
    text = site[f"milestones/{ambassadors.slug}.html"].text()
    parts = [
        ambassadors.milestone.question_in("en"),
        ambassadors.milestone.rule_in("en")[:40],
        "If, and when",
        "What was said over time",
        "Reference classes",
        "What would change our mind",
        "side by side",
        "Settling",
        "How similar questions scored",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_replay_says_what_a_page_of_that_day_would_have_said(
    now: Situation, sample_folder: Path, replayed: dict[str, tuple[Forecast, ...]], ambassadors: Row
) -> None:
    from detente.publish.knowledge import knowledge_day

    last = replayed[ambassadors.milestone.id][-1]
    with workflow.opened(sample_folder) as (case, ledger):
        end = forecast_history.month_ends(case.since, now.day)[-1]
        assert last.made == knowledge_day(ledger.documents(as_of=end), end, case)
    assert all(f.made < now.day for held in replayed.values() for f in held)
    assert all(a.made < b.made for held in replayed.values() for a, b in pairwise(held))


def test_what_was_made_afterwards_is_marked_on_every_row(
    site: dict[str, Page], now: Situation, ambassadors: Row, replayed: dict[str, tuple[Forecast, ...]]
) -> None:
    said = forecast_history.history(ambassadors, now.record.logged, replayed[ambassadors.milestone.id])
    assert said[-1].kind == "now"
    assert {each.kind for each in said[:-1]} <= {"replayed", "unput"}
    table = site[f"milestones/{ambassadors.slug}.html"].all("table")[0]
    rows = [tr.text() for tr in table.all("tr")[1:]]
    assert len(rows) == len(said)
    assert sum("Made afterwards" in row for row in rows) == len(said) - 1


def _kept(now: Situation, forecast: Forecast) -> Situation:
    logged = LoggedForecast(1, datetime(2026, 1, 2, tzinfo=UTC), "0", forecast)
    judged = Judged(logged, forecast.milestone, "open", None, {}, {}, None)
    return replace(now, record=replace(now.record, forecasts=(judged,)))


def test_a_month_with_a_kept_forecast_is_not_asked_anew_and_what_moved_it_is_named(
    now: Situation, ambassadors: Row, replayed: dict[str, tuple[Forecast, ...]]
) -> None:
    held = replayed[ambassadors.milestone.id]
    event = next(iter(now.forecast_effects))
    layer = held[-1].layers[-1]
    more = replace(layer, moves=(*layer.moves, Move("talks", 0.3, date(2026, 4, 2), event)))
    kept = replace(held[-1], layers=(*held[-1].layers[:-1], more), probability=held[-1].probability + 0.05)
    said = forecast_history.history(ambassadors, _kept(now, kept).record.logged, held)
    [own] = [each for each in said if each.kind == "kept"]
    assert [each.forecast.made for each in said].count(kept.made) == 1
    assert own.change == pytest.approx(100 * (kept.probability - held[-2].probability))
    assert [move.entry for move in own.came] == [event]
    assert [move.entry for move in said[-1].went] == [event]
    told = forecast_history.history_json(said)
    assert [(each["kind"], each["made_afterwards"]) for each in told[-2:]] == [("kept", False), ("now", False)]
    assert all(each["made_afterwards"] for each in told[:-2])
    assert told[-2]["came"][0] == {"what": "talks", "log_odds": 0.3, "day": "2026-04-02", "entry": event, "by": None}
    assert told[-1]["change_points"] == pytest.approx(said[-1].change, abs=1e-4)
    line = forecast_history.history_lines(said, Words("fr"))[1]
    assert line.endswith("premiers pourparlers, 2\u00a0avril\u00a02026\u202f; conservée ce jour-là")
    drawn = forecast_history.history_chart(said, Words("fr"), title="t", summary="s")
    assert drawn.count("<circle") == len(said) + 2
    assert drawn.count('fill="#fff"') == len(said) - 2 + 1


def test_what_would_change_a_forecast_is_told_in_points_the_largest_first(now: Situation, ambassadors: Row) -> None:
    found = milestone_pages.what_would_change(ambassadors, now, Words("en"))
    assert [abs(each.points) for each in found] == sorted((abs(each.points) for each in found), reverse=True)
    named = {each.what: each for each in found}
    assert named["were relations restored today"].points > 0
    assert named["180 days more without it".replace("180 ", "180\u00a0")].points < 0
    assert any(each.event in now.forecast_effects for each in found)


def test_a_settled_question_has_no_forecast_to_change(now: Situation) -> None:
    settled = next(row for row in now.milestones if row.settled)
    assert milestone_pages.what_would_change(settled, now, Words("en")) == []
    other = next(row for row in now.milestones if not row.settled and row.milestone.id == "leaders-summit")
    assert [row.milestone.id for row, _ in milestone_pages.settled_alike(other, now, Words("en"))] == [
        settled.milestone.id
    ]


def test_base_rate_layers_and_a_persons_judgement_stand_side_by_side(now: Situation, ambassadors: Row) -> None:
    sides = milestone_pages.side_by_side(ambassadors, now, Words("en"))
    assert [side.name for side in sides] == ["base rate", "past cases", "the step reached", "events since then"]
    assert sides[-1].probability == ambassadors.forecast.probability
    f = ambassadors.forecast
    judged = Layer("analyst", "analyst.v1", 0.5, 0.4, 0.3, f.curve, (Move("Envoys are named.", 0.5, f.made, by="Ada"),))
    person = milestone_pages.side_by_side(ambassadors, _kept(now, replace(f, layers=(*f.layers, judged))), Words("en"))[
        -1
    ]
    assert (person.probability, "Ada" in person.note) == (0.4, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chance_on_the_page_is_as_the_language_writes_it(
    site: dict[str, Page], ambassadors: Row, language: str
) -> None:
    text = site[sites.path_of(f"milestones/{ambassadors.slug}", language)].text()
    assert Words(language).percent(ambassadors.forecast.probability).replace("\u202f", " ") in text.replace(
        "\u202f", " "
    )
    assert not re.search(r"\{\w+\}", text)
