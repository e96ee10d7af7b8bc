"""Every answer to an assistant says of when it is, and what it tells comes with quotes to the letter."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.console import run

from detente import workflow
from detente.errors import DetenteError
from detente.publish import situation
from detente.web.assistants import MOST_DAYS, TOOLS, Answers, server

ASKED: dict[str, dict[str, Any]] = {
    "what_changed": {"days": 90},
    "events": {"track": "embassies"},
    "index": {},
    "milestones": {},
    "forecast_history": {"milestone": "ambassadors"},
    "people": {"side": "RUS"},
    "measure": {"name": "deeds"},
    "cite": {},
}


def _quotes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [*value.get("quotes", ()), *(q for held in value.values() for q in _quotes(held))]
    return [q for held in value for q in _quotes(held)] if isinstance(value, list) else []


@pytest.fixture(scope="module")
def answers(sample_folder: Path) -> Answers:
    return Answers(sample_folder, base="https://example.org/")


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_names_its_moment_address_and_quotes(answers: Answers, sample_folder: Path, name: str) -> None:
    told = getattr(answers, name)(**ASKED[name])
    json.dumps(told)
    assert {"as_of", "known_up_to", "data_version", "label", "digital_source_type"} <= set(told)
    assert "https://example.org/" in json.dumps(told)
    with workflow.opened(sample_folder) as (_, ledger):
        texts = {document.id: document.text for document in ledger.documents()}
    found = _quotes(told)
    assert found
    assert all(row["quotes"] and row["address"] for row in told.get("milestones", ()))
    for quote in found:
        assert texts[quote["document"]][quote["start"] : quote["end"]] == quote["quote"]
        assert quote["language"] in ("fr", "en", "ru")
        assert quote["review_state"] in ("unreviewed", "accepted", "amended")


def test_an_answer_of_an_earlier_day_knows_nothing_later(answers: Answers) -> None:
    told = answers.events(as_of="2025-03-01")
    assert told["events"]
    assert told == answers.events(as_of="2025-03-01")
    assert all((quote["published"] or "") <= "2025-03-01" for quote in _quotes(told))


def test_a_second_question_measures_nothing_again(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Answers(sample_folder)
    first = asked.index()
    monkeypatch.setattr(situation, "of", None)
    assert asked.index() == first
    assert asked.milestones()["data_version"] == first["data_version"]


def test_one_event_is_told_with_the_words_around_its_quote(answers: Answers) -> None:
    first = answers.events()["events"][0]
    told = answers.quote(first["occurrence"])
    assert {"before", "after", "quote"} <= set(told["quotes"][0])
    with pytest.raises(DetenteError, match="Ask events"):
        answers.quote("0000")


@pytest.mark.parametrize("days", [-5, 0, 10**6, 10**12])
def test_days_that_no_calendar_has_are_brought_to_those_it_has(answers: Answers, days: int) -> None:
    told = answers.what_changed(days=days)
    assert 1 <= told["days"] <= MOST_DAYS


@pytest.mark.parametrize(
    "asked",
    [{"since": "last spring"}, {"since": "2025-04-01T00:00"}, {"as_of": "soon"},
     {"as_of": "0001-01-01T00:00+23:00"}, {"as_of": "9999-12-31T23:59-23:00"}],
)  # fmt: skip
def test_a_day_that_is_none_is_refused_by_the_name_it_was_given_under(answers: Answers, asked: dict[str, str]) -> None:
    with pytest.raises(DetenteError, match=next(iter(asked))):
        answers.events(**asked)


def test_states_are_understood_in_small_letters_and_days_from_their_first(answers: Answers) -> None:
    told = answers.events(side="rus", since="2025-04-01")
    assert told == answers.events(side="RUS", since="2025-04-01")
    assert told["events"]
    assert answers.people(side="rus")["statements"]


def test_a_forecast_says_what_it_rests_on_and_what_its_quotes_are(answers: Answers, sample_folder: Path) -> None:
    told = answers.milestones()
    assert "past cases" in told["rests_on"]
    assert "past cases" in answers.forecast_history("ambassadors")["rests_on"]
    with workflow.opened(sample_folder) as (case, ledger):
        now = situation.of(case, ledger)
    for row, found in zip(now.milestones, told["milestones"], strict=True):
        moved = {move.entry for layer in row.forecast.layers for move in layer.moves} & set(now.cited_entries)
        if moved:
            assert found["quotes_are"] == "what moved the forecast"
            assert {(q["document"], q["start"]) for q in found["quotes"]} == {
                (now.cited_entries[e].document.id, now.cited_entries[e].evidence.start) for e in moved
            }
        else:
            assert "does not rest on them" in found["quotes_are"]


def test_the_server_offers_tools_that_only_read_and_answers(sample_folder: Path) -> None:
    pytest.importorskip("mcp", reason="the server for assistants needs pip install 'detente[mcp]'")
    from mcp import Client

    async def talk() -> tuple[list[Any], Any, Any]:
        async with Client(server(sample_folder)) as client:
            tools = (await client.list_tools()).tools
            good = await client.call_tool("events", {"track": "embassies"})
            bad = await client.call_tool("measure", {"name": "nothing"})
            return tools, good, bad

    tools, good, bad = asyncio.run(talk())
    assert {tool.name for tool in tools} == set(TOOLS)
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    told = json.loads(good.content[0].text)
    assert told["events"][0]["quotes"]
    assert bad.is_error
    assert "Ask for one of" in bad.content[0].text


def test_without_the_extra_it_says_what_to_install(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    done = run(f"detente mcp --dossier {sample_folder}")
    assert done.code == 2
    assert "pip install 'detente[mcp]'" in done.err
