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
from detente.web.assistants import TOOLS, Answers, server

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
    assert found or name in ("milestones", "forecast_history", "cite")
    for quote in found:
        assert texts[quote["document"]][quote["start"] : quote["end"]] == quote["quote"]
        assert quote["language"] in ("fr", "en", "ru")
        assert quote["review_state"] in ("unreviewed", "accepted", "amended")


def test_an_answer_of_an_earlier_day_knows_nothing_later(answers: Answers) -> None:
    told = answers.events(as_of="2025-03-01")
    assert told["events"]
    assert told == answers.events(as_of="2025-03-01")
    assert all((quote["published"] or "") <= "2025-03-01" for quote in _quotes(told))


def test_one_event_is_told_with_the_words_around_its_quote(answers: Answers) -> None:
    first = answers.events()["events"][0]
    told = answers.quote(first["occurrence"])
    assert {"before", "after", "quote"} <= set(told["quotes"][0])
    with pytest.raises(DetenteError, match="Ask events"):
        answers.quote("0000")


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
