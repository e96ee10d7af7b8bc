"""A server that speaks as OpenAI's does, on loopback, and behaves as well or as badly as a test wants.

A behaviour is a function of the request that writes the whole answer, or lets `Asked.reply` write a good one.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from detente.dossier.llm import LlmOptions

MODEL, SERVED = "little", "little-2026-11"


@dataclass
class Asked:
    """One request.

    Attributes:
        over: Says that it is under way no more; called before the client can have read the last of the answer, for
            from then on another request may come.
    """

    handler: BaseHTTPRequestHandler
    body: dict[str, Any]
    authorization: str
    over: Callable[[], None]

    @property
    def paragraphs(self) -> dict[str, str]:
        """Text by id, as the first message of the user gives them."""
        told = next(m["content"] for m in self.body["messages"] if m["role"] == "user")
        return {p["id"]: p["text"] for p in json.loads(told)["paragraphs"]}

    @property
    def again(self) -> bool:
        """Whether it is a second question, after an answer that could not be used."""
        return len(self.body["messages"]) > 2

    def reply(
        self, content: str, *, ended: str = "stop", model: str = SERVED, usage: Mapping[str, Any] | None = None
    ) -> None:
        sent = json.dumps(self.body["messages"])
        if usage is None:
            usage = {"prompt_tokens": len(sent) // 4, "completion_tokens": len(content) // 4}
        self.send(
            200,
            json.dumps(
                {
                    "model": model,
                    "choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": ended}],
                    "usage": dict(usage),
                }
            ).encode(),
        )

    def send(
        self, status: int, body: bytes, kind: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.over()
        self.handler.wfile.write(body)


Behaviour = Callable[[Asked], None]


@dataclass
class ModelServer:
    """Answers each request by the next behaviour of the list; the last one goes on.

    Attributes:
        asked: Bodies of all requests, in the order they came.
        under_way: Most requests that were under way at one moment.
    """

    address: str
    behaviours: Sequence[Behaviour]
    asked: list[Asked] = field(default_factory=list)
    under_way: int = 0
    _now: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        with self._lock:
            number = len(self.asked)
            asked = Asked(handler, body, handler.headers.get("Authorization", ""), lambda: self._over(number))
            self.asked.append(asked)
            self._now.add(number)
            self.under_way = max(self.under_way, len(self._now))
        try:
            self.behaviours[min(number, len(self.behaviours) - 1)](asked)
        finally:
            asked.over()

    def _over(self, number: int) -> None:
        with self._lock:
            self._now.discard(number)

    def options(self, **more: Any) -> LlmOptions:
        given = {"address": self.address, "model": MODEL, "timeout_seconds": 5.0, **more}
        return LlmOptions.model_validate(given)


@contextmanager
def model_server(*behaviours: Behaviour) -> Iterator[ModelServer]:
    """A server for the length of a `with`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/v1/chat/completions":
                self.send_error(404)
                return
            try:
                server.take(self, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: Any) -> None: ...

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = ModelServer(f"http://127.0.0.1:{http.server_port}/v1", behaviours)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


# Good

NOTHING = json.dumps({"events": [], "statements": []})


def says(events: Sequence[Mapping[str, Any]] = (), statements: Sequence[Mapping[str, Any]] = ()) -> Behaviour:
    """Gives those items whose quote, or `at`, stands in a paragraph it was shown; and those that name a paragraph."""

    def answer(asked: Asked) -> None:
        asked.reply(json.dumps({"events": _here(events, asked), "statements": _here(statements, asked)}))

    return answer


def _here(items: Sequence[Mapping[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    found = []
    for item in items:
        given = dict(item)
        at = given.pop("at", given.get("quote", ""))
        if "paragraph" not in given:
            home = next((name for name, text in asked.paragraphs.items() if at in text), None)
            if home is None:
                continue
            given["paragraph"] = home
        found.append(given)
    return found


def event(quote: str, kind: str, actors: Sequence[str], **more: Any) -> dict[str, Any]:
    whole = {"mode": "", "recipients": [], "when": "", "realis": "happened"}
    return {"quote": quote, "type": kind, "actors": list(actors), **whole, **more}


def statement(quote: str, speaker: str, stance: int = 0, **more: Any) -> dict[str, Any]:
    return {"quote": quote, "speaker": speaker, "stance": stance, **more}


def writes(content: str, **more: Any) -> Behaviour:
    """Gives this text whatever it is asked."""
    return lambda asked: asked.reply(content, **more)


# Bad


def refuses(status: int, message: str = "no", **headers: str) -> Behaviour:
    body = json.dumps({"error": {"message": message}}).encode()
    return lambda asked: asked.send(status, body, headers={k.replace("_", "-"): v for k, v in headers.items()})


def slow(seconds: float, then: Behaviour) -> Behaviour:
    def answer(asked: Asked) -> None:
        time.sleep(seconds)
        then(asked)

    return answer


def breaks_off(asked: Asked) -> None:
    """Announces more than it sends."""
    asked.handler.send_response(200)
    asked.handler.send_header("Content-Type", "application/json")
    asked.handler.send_header("Content-Length", "100000")
    asked.handler.end_headers()
    asked.handler.wfile.write(b'{"choices": [{"message"')
    asked.handler.close_connection = True


def endless(asked: Asked) -> None:
    """Sends a few bytes now and then, and never ends."""
    asked.handler.send_response(200)
    asked.handler.send_header("Content-Type", "application/json")
    asked.handler.end_headers()
    for _ in range(2000):
        asked.handler.wfile.write(b" " * 16)
        asked.handler.wfile.flush()
        time.sleep(0.02)


def huge(asked: Asked) -> None:
    """Sends megabytes."""
    asked.handler.send_response(200)
    asked.handler.send_header("Content-Type", "application/json")
    asked.handler.end_headers()
    for _ in range(500):
        asked.handler.wfile.write(b" " * 65536)


def page(asked: Asked) -> None:
    """Answers as a captive portal does."""
    asked.send(200, b"<html>Please sign in</html>", "text/html; charset=utf-8")
