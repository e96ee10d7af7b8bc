"""Whatever a server does, it is bounded, asked again where that helps, and paid for within the budget."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.coding.llm_examples import endpoint
from tests.coding.model_server import (
    NOTHING,
    SERVED,
    Asked,
    Behaviour,
    breaks_off,
    endless,
    huge,
    model_server,
    page,
    refuses,
    slow,
    writes,
)

from detente.coding.llm_endpoint import Endpoint, NoReply, Reply
from detente.coding.llm_store import Store
from detente.dossier.llm import LlmOptions
from detente.errors import CodingError, ModelStopped

QUESTION = [{"role": "system", "content": "code"}, {"role": "user", "content": '{"paragraphs": []}'}]
GOOD = writes(NOTHING)
BOOKED = 800
"""More tokens than one request of these tests is booked at."""


def ask_until_stopped(made: Endpoint, words: str = "", most: int = 100) -> int:
    """How many questions are answered before the budget ends the run."""
    for number in range(most):
        try:
            ask(made, f"{words} {number}")
        except ModelStopped:
            return number
    raise AssertionError("never stopped")


def ask(made: Endpoint, words: str = "") -> Reply:
    asked = [*QUESTION[:1], {"role": "user", "content": json.dumps({"paragraphs": [], "n": words})}]
    return made.ask(asked, {"type": "object"}, "p1", cached=False)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(refuses(429, Retry_After="2"), id="busy"),
        pytest.param(refuses(500), id="broken"),
        pytest.param(breaks_off, id="truncated"),
        pytest.param(page, id="another content type"),
        pytest.param(huge, id="huge"),
        pytest.param(endless, id="endless"),
        pytest.param(slow(1.2, GOOD), id="slow"),
        pytest.param(lambda asked: asked.send(200, b"[" * 50_000), id="nested"),
        pytest.param(lambda asked: asked.send(200, b'{"choices": []}'), id="no choices"),
        pytest.param(lambda asked: asked.send(200, b"\xff\xfe{}"), id="no text"),
        pytest.param(writes("", model=""), id="empty"),
    ],
)
def test_a_bad_answer_is_asked_for_again(tmp_path: Path, bad: Behaviour, request: pytest.FixtureRequest) -> None:
    with model_server(bad, GOOD) as server:
        made = endpoint(server, tmp_path, timeout_seconds=0.6, answer_bytes=100_000)
        reply = ask(made)
    if request.node.callspec.id == "empty":
        assert reply.content == "", "an empty text is an answer; whoever asked for JSON refuses it"
        return
    assert (reply.content, reply.served, len(server.asked)) == (NOTHING, SERVED, 2)


def test_a_server_that_asks_to_wait_is_waited_for(tmp_path: Path) -> None:
    waits: list[float] = []
    with model_server(refuses(429, Retry_After="7"), refuses(503), GOOD) as server:
        options = server.options()
        made = Endpoint(options, Store(tmp_path / "llm.db", options, "run"), sleep=waits.append)
        ask(made)
    assert 7 <= waits[0] < 9
    assert 2 <= waits[1] < 3, "the second wait is twice the first"


def test_a_server_that_asks_to_wait_for_an_hour_ends_the_run(tmp_path: Path) -> None:
    with model_server(refuses(429, Retry_After="3600")) as server, pytest.raises(ModelStopped, match="3,600 seconds"):
        ask(endpoint(server, tmp_path))
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 302])
def test_a_refusal_is_not_asked_again_and_ends_the_run(tmp_path: Path, status: int) -> None:
    bad = refuses(status, "key sk-secret is unknown\x1b[2J", Location="http://127.0.0.1:1/elsewhere")
    with model_server(bad) as server, pytest.raises(ModelStopped) as stopped:
        ask(endpoint(server, tmp_path, key="sk-secret"))
    assert len(server.asked) == 1
    assert "sk-secret" not in str(stopped.value), "the key is in no message"
    assert "\x1b" not in str(stopped.value)
    assert server.asked[0].authorization == "Bearer sk-secret"


def test_a_server_that_breaks_on_the_form_we_ask_for_says_what_to_set(tmp_path: Path) -> None:
    # As the server of llama-cpp-python does, with 500.
    bad = refuses(500, "{'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'json_object'\"}")
    with model_server(bad) as server, pytest.raises(ModelStopped, match="set format under"):
        ask(endpoint(server, tmp_path))
    assert len(server.asked) == 1


def test_a_server_that_never_answers_well_fails_the_document_and_at_the_third_ends_the_run(tmp_path: Path) -> None:
    with model_server(refuses(500)) as server:
        made = endpoint(server, tmp_path, tries=2)
        for _ in range(2):
            with pytest.raises(NoReply, match="in 2 tries"):
                ask(made)
        with pytest.raises(ModelStopped, match="3 times in a row"):
            ask(made)
    assert len(server.asked) == 6


def test_a_server_that_is_too_slow_is_tried_twice_and_what_to_set_is_said(tmp_path: Path) -> None:
    with model_server(slow(0.3, GOOD)) as server:
        made = endpoint(server, tmp_path, timeout_seconds=0.1, tries=4)
        with pytest.raises(NoReply, match=r"in 2 tries \(still answering after 0\.1 seconds: raise timeout_seconds"):
            ask(made)
    assert len(server.asked) == 2


def test_nobody_at_the_address_costs_nothing(tmp_path: Path) -> None:
    with model_server(GOOD) as server:
        pass
    made = endpoint(server, tmp_path, tries=2)
    with pytest.raises(NoReply):
        ask(made)
    assert made.store.spent().tokens == 0


def test_a_model_that_is_swapped_behind_its_name_ends_the_run(tmp_path: Path) -> None:
    with model_server(GOOD, writes(NOTHING, model="little-2026-12")) as server:
        made = endpoint(server, tmp_path)
        ask(made)
        with pytest.raises(ModelStopped, match='version = "little-2026-12"'):
            ask(made)
        pinned = endpoint(server, tmp_path, version="little-2026-12")
        assert ask(pinned).served == "little-2026-12"


def test_what_a_server_calls_its_model_can_stand_in_an_entry(tmp_path: Path) -> None:
    with model_server(writes(NOTHING, model="<b>x\n\u202e" + "y" * 500)) as server:
        served = ask(endpoint(server, tmp_path)).served
    assert served.startswith("_b_x__y")
    assert len(served) == 120


def test_without_address_or_over_public_http_nobody_is_asked(tmp_path: Path) -> None:
    for address, complaint in (("", "DETENTE_LLM_ADDRESS"), ("http://models.example.org/v1", "Use https")):
        options = LlmOptions(address=address, model="m")
        with pytest.raises(CodingError, match=complaint):
            Endpoint(options, Store(tmp_path / "llm.db", options, "run"))


# Budget


def test_no_request_is_made_for_which_there_is_no_room(tmp_path: Path) -> None:
    with model_server(writes(NOTHING, usage={"prompt_tokens": 150, "completion_tokens": 50})) as server:
        made = endpoint(server, tmp_path, tokens_per_run=2_000, answer_tokens=100)
        done = ask_until_stopped(made)
        with pytest.raises(ModelStopped, match="tokens_per_run is 2,000"):
            ask(made)
    assert 2_000 - BOOKED < made.store.spent(run="run").tokens <= 2_000
    assert len(server.asked) == done >= 3


def test_a_bound_in_money_holds_to_the_millionth(tmp_path: Path) -> None:
    prices: dict[str, Any] = {"price_in": "2.5", "price_out": "10", "money_per_day": "0.005", "answer_tokens": 100}
    with model_server(writes(NOTHING, usage={"prompt_tokens": 101, "completion_tokens": 5})) as server:
        made = endpoint(server, tmp_path, **prices)
        ask_until_stopped(made)
        with pytest.raises(ModelStopped, match=r"money_per_day is 0\.005 USD"):
            ask(made)
    spent = made.store.spent()
    assert spent.micros == 303 * spent.requests <= 5_000, "252.5 and 50 millionths a request, rounded up"
    assert spent.requests > 5


def test_a_day_is_not_forgotten_by_a_new_start_and_a_run_ends_with_it(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 200, "completion_tokens": 0}
    bounds: dict[str, Any] = {"tokens_per_day": 1_300, "tokens_per_run": 900, "answer_tokens": 100}
    done = []
    with model_server(writes(NOTHING, usage=usage)) as server:
        for run in ("morning", "noon", "evening", "night"):
            made = endpoint(server, tmp_path, run=run, **bounds)
            done.append(ask_until_stopped(made, run))
            made.store.close()
        assert done[0] > 0
        assert done[-2:] == [0, 0], "the day is full for every run that starts later"
        tomorrow = server.options(**bounds)
        later = Endpoint(tomorrow, Store(tmp_path / "llm.db", tomorrow, "next", clock=lambda: 4e9))
        assert ask(later, "next day").content == NOTHING


def test_a_server_that_does_not_count_is_counted_at_the_most_it_can_cost(tmp_path: Path) -> None:
    for usage in ({}, {"prompt_tokens": -5, "completion_tokens": "many"}, {"prompt_tokens": 10**12}):
        with model_server(writes(NOTHING, usage=usage)) as server:
            made = endpoint(server, tmp_path / str(len(usage)), answer_tokens=100)
            ask(made)
        sent = len(json.dumps(server.asked[0].body, ensure_ascii=False).encode())
        assert made.store.spent().tokens == sent + 100


def test_an_answer_that_came_late_is_paid_for(tmp_path: Path) -> None:
    with model_server(slow(1.0, GOOD)) as server:
        made = endpoint(server, tmp_path, timeout_seconds=0.2, tries=1)
        with pytest.raises(NoReply):
            ask(made)
    assert made.store.spent().tokens > 0


def _spend(address: str, folder: str, results: Any) -> None:
    options = LlmOptions(
        address=address, model="little", tokens_per_run=8_000, answer_tokens=100, at_once=1, timeout_seconds=20
    )
    made = Endpoint(options, Store(Path(folder) / "llm.db", options, "shared"))
    done = 0
    try:
        while done < 50:
            ask(made, str(done))
            done += 1
    except ModelStopped:
        results.put(done)


def test_processes_share_one_budget_and_one_bound_of_requests_at_once(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 200, "completion_tokens": 0}
    with model_server(slow(0.02, writes(NOTHING, usage=usage))) as server:
        context = multiprocessing.get_context("spawn")
        results = context.Queue()
        started = [
            context.Process(target=_spend, args=(server.address, str(tmp_path), results), daemon=True) for _ in range(2)
        ]
        for process in started:
            process.start()
        done = [results.get(timeout=60) for _ in started]
        for process in started:
            process.join()
    with sqlite3.connect(tmp_path / "llm.db") as connection:
        tokens = connection.execute("SELECT sum(tokens_in + tokens_out) FROM requests").fetchone()[0]
    assert sum(done) == len(server.asked)
    assert 8_000 - BOOKED < tokens <= 8_000
    assert server.under_way == 1, "each process alone would have one"


def test_a_request_of_a_process_that_was_killed_counts_and_does_not_block(tmp_path: Path) -> None:
    clock = [1000.0]

    def later(_: float) -> None:
        clock[0] += 100

    options = LlmOptions(address="http://localhost:1/v1", model="m", at_once=1, tokens_per_run=1000)
    store = Store(tmp_path / "llm.db", options, "run", clock=lambda: clock[0], sleep=later)
    store.book(300, 0, seconds=5)
    store.book(300, 0, seconds=5)
    assert store.spent().tokens == 600
    with pytest.raises(ModelStopped):
        store.book(401, 0, seconds=5)


def test_a_damaged_record_asks_nobody(tmp_path: Path) -> None:
    (tmp_path / "llm.db").write_bytes(b"no database at all, but long enough to be looked at as one" * 40)
    with pytest.raises(CodingError, match=r"llm\.db"):
        Store(tmp_path / "llm.db", LlmOptions(), "run")


def test_threads_of_one_process_wait_for_each_other(tmp_path: Path) -> None:
    with model_server(slow(0.05, GOOD)) as server:
        made = endpoint(server, tmp_path, at_once=2)
        threads = [threading.Thread(target=ask, args=(made, str(number))) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.asked) == 6
    assert server.under_way <= 2


def test_the_key_comes_from_the_environment_and_a_broken_one_is_refused() -> None:
    options = LlmOptions(key_variable="MY_KEY")
    assert Endpoint.key_from(options, {"MY_KEY": " sk-1 "}) == "sk-1"
    assert Endpoint.key_from(options, {}) == ""
    with pytest.raises(CodingError, match="MY_KEY"):
        Endpoint.key_from(options, {"MY_KEY": "sk-1\r\nX-Other: 1"})


def test_what_is_sent_asks_for_json_and_nothing_else(tmp_path: Path) -> None:
    seen: list[Asked] = []
    with model_server(lambda asked: (seen.append(asked), asked.reply(NOTHING))[1]) as server:
        for form in ("json_schema", "json_object", "none"):
            ask(endpoint(server, tmp_path, format=form), form)
    assert [asked.body.get("response_format", {}).get("type") for asked in seen] == ["json_schema", "json_object", None]
    assert {asked.body["temperature"] for asked in seen} == {0}
    assert not any("tools" in asked.body for asked in seen)
