"""An OpenAI-compatible server is asked one question at a time, within the bounds of size, time, tries and money.

Whatever the server does, it is answered here: slow, endless or huge answers are cut, busy and broken servers are asked
again after a while, and what cannot be mended ends the run. Redirects are not followed: the key goes nowhere else.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente import __version__
from detente.coding.llm_store import Kept, Store, key_of
from detente.dossier.llm import ADDRESS, MODEL, LlmOptions
from detente.errors import CodingError, ModelStopped, SourceError
from detente.sources.address import NoAnswer, TooSlow, opened, retry_after
from detente.sources.got import Limits

Message = Mapping[str, str]
UNSAID = "unsaid"
"""Stands for the model's name where a server does not give it in its answers."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_LONGEST_ASKED_WAIT = 300.0
"""Seconds a server may ask us to wait; beyond that the run ends and can be taken up later."""
_IN_A_ROW = 3
"""Requests in a row that may stay unanswered, each after all its tries, before the server counts as gone."""
_SLOW_TRIES = 2
"""Tries of a request that was not answered in its time: a hosted server may have been busy once, a model that is too
slow for it is as slow the next time, and each try is booked whole."""
_NO_ROOM = re.compile(r"context.?(length|size|window)", re.IGNORECASE)
"""How servers say that question and answer do not fit: llama.cpp `exceed_context_size_error`, OpenAI and those after it
`context_length_exceeded`, others only in their message."""
_BUSY = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
_FORM = "It may not know `response_format`: set format under [llm] to json_object or none."
_MEANS = {
    400: _FORM,
    401: "Check the key.",
    402: "The account has no money left.",
    403: "Check the key and what it may do.",
    404: "Check address and model; the address mostly ends in /v1.",
    413: "The text is too long for it.",
    422: _FORM,
}


class NoReply(CodingError):
    """One request stayed without a usable answer after all its tries; another document may fare better."""


class NoRoom(CodingError):
    """A question does not fit into what the model can hold at once; a shorter one may."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model answered.

    Attributes:
        served: What the server called the model.
        ended: Why the answer ended: `stop`, or `length` where it was cut.
        tokens_in, tokens_out: As the server counted; None where it did not.
        again: Whether it was kept from before and cost nothing now.
    """

    content: str
    served: str
    ended: str
    tokens_in: int | None
    tokens_out: int | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Answered:
    status: int
    content_type: str
    body: bytes
    retry_after: float | None


class _Passing(Exception):
    """Asking again may help.

    Attributes:
        wait: Seconds the server asks for.
        free: Whether the request surely cost nothing.
        slow: Whether its time was up.
    """

    def __init__(self, why: str, *, wait: float | None = None, free: bool = False, slow: bool = False) -> None:
        super().__init__(why)
        self.wait = wait
        self.free = free
        self.slow = slow


class Endpoint:
    """A model behind an address, with what it may cost.

    Args:
        options: With address and model.
        key: Sent as bearer token; empty for none.

    Raises:
        CodingError: No address or model is named, or texts and key would cross a public network unencrypted.
    """

    def __init__(
        self,
        options: LlmOptions,
        store: Store,
        *,
        key: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not options.address or not options.model:
            missing = "address" if not options.address else "model"
            variable = ADDRESS if missing == "address" else MODEL
            raise CodingError(
                f"no language model is set up: {missing} is missing. Write it under [llm] in dossier.toml, or set "
                f"{variable}. docs/llm.md says how."
            )
        if options.sends_in_the_clear:
            raise CodingError(
                f"{options.address}: http would send texts and key unencrypted over a public network. Use https."
            )
        self.options = options
        self.store = store
        self._key = key
        self._sleep = sleep
        self._silent = 0
        self._lock = threading.Lock()

    @classmethod
    def key_from(cls, options: LlmOptions, environment: Mapping[str, str] = os.environ) -> str:
        """The key, from the environment alone.

        Raises:
            CodingError: It holds what no header can carry.
        """
        key = environment.get(options.key_variable, "").strip()
        if key and not re.fullmatch(r"[\x21-\x7e]+", key):
            raise CodingError(f"{options.key_variable} holds blanks or characters outside ASCII. Copy the key anew.")
        return key

    def ask(self, messages: Sequence[Message], schema: Mapping[str, Any], prompt: str, *, cached: bool = True) -> Reply:
        """Ask once, or give the answer kept from before.

        Args:
            schema: JSON schema of the answer.
            prompt: Version of the prompt.
            cached: Whether an answer of before will do; answers are kept by `keep`.

        Raises:
            ModelStopped: A bound is reached, the server refuses us, or it no longer answers anybody.
            NoReply: This request got no usable answer.
            NoRoom: It is too long for the model.
        """
        kept = self.store.answer(self.key(messages, prompt)) if cached else None
        if kept is not None:
            return Reply(kept.content, kept.served, "stop", kept.tokens_in, kept.tokens_out, again=True)
        body = self._body(messages, schema)
        why = ""
        tried = slow = 0
        while tried < self.options.tries and slow < _SLOW_TRIES:
            try:
                reply = self._once(body)
            except _Passing as problem:
                why = self._without_key(str(problem))
                tried += 1
                slow += problem.slow
                if tried < self.options.tries and slow < _SLOW_TRIES:
                    self._wait(tried - 1, problem.wait)
            else:
                with self._lock:
                    self._silent = 0
                return self._of_one_model(reply)
        raise self.unanswered(f"no usable answer in {tried} tries ({why}).")

    def unanswered(self, why: str) -> NoReply | ModelStopped:
        """What to raise for a request that stays without an answer: the end of the run, where several did in a row."""
        with self._lock:
            self._silent += 1
            silent = self._silent
        told = f"{self.options.address}: {why}"
        if silent >= _IN_A_ROW:
            return ModelStopped(f"{told} So it went {silent} times in a row; the run ends. Take it up when it answers.")
        return NoReply(f"{told} The next run asks again.")

    def keep(self, messages: Sequence[Message], prompt: str, reply: Reply) -> None:
        """Keep an answer that was usable."""
        if not reply.again:
            kept = Kept(reply.content, reply.served, reply.tokens_in or 0, reply.tokens_out or 0)
            self.store.keep(self.key(messages, prompt), kept, prompt)

    def key(self, messages: Sequence[Message], prompt: str) -> str:
        """Under what the answer to these messages is kept."""
        return key_of(self.options.model, self.options.version, prompt, [dict(m) for m in messages])

    def _body(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> bytes:
        asked: dict[str, Any] = {
            "model": self.options.model,
            "messages": [dict(message) for message in messages],
            "temperature": 0,
            "seed": 1,
            "max_tokens": self.options.answer_tokens,
            "stream": False,
        }
        if self.options.format == "json_schema":
            asked["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "codings", "strict": True, "schema": schema},
            }
        elif self.options.format == "json_object":
            asked["response_format"] = {"type": "json_object"}
        return json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")

    def _once(self, body: bytes) -> Reply:
        # No tokenizer in use makes more than one token of a byte, so that the bound is never passed.
        booking = self.store.book(len(body), self.options.answer_tokens, self.options.timeout_seconds)
        try:
            reply = self._read(self._send(body))
        except _Passing as problem:
            self.store.settle(booking, *((0, 0) if problem.free else ()))
            raise
        except _Refused as problem:
            self.store.settle(booking, 0, 0)
            raise ModelStopped(self._without_key(str(problem))) from None
        except NoRoom:
            self.store.settle(booking, 0, 0)
            raise
        # Any other exception leaves the booking as it is: the request may have been answered and charged.
        self.store.settle(booking, reply.tokens_in, reply.tokens_out)
        return reply

    def _send(self, body: bytes) -> _Answered:
        options = self.options
        seconds = options.timeout_seconds
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": f"detente/{__version__}",
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        limits = Limits(document_bytes=options.answer_bytes, wait_seconds=seconds, whole_seconds=seconds, redirects=0)
        address = f"{options.address}/chat/completions"
        read = bytearray()
        try:
            with opened(address, limits=limits, headers=headers, data=body, any_status=True) as (response, watch):
                while piece := response.read1(65536):
                    read += piece
                    if len(read) > options.answer_bytes:
                        raise _Passing(f"its answer is longer than {options.answer_bytes:,} bytes")
                left = getattr(response, "length", None) or 0
                if watch.over:
                    raise self._too_slow()
                if left > 0:
                    raise _Passing(f"the connection broke, {left:,} bytes missing")
                return _Answered(
                    response.status,
                    response.headers.get("Content-Type", "") or "",
                    bytes(read),
                    retry_after(response.headers.get("Retry-After", "") or ""),
                )
        except TooSlow:
            raise self._too_slow() from None
        except NoAnswer as problem:
            if not problem.passing:
                raise _Refused(str(problem)) from problem
            refused = isinstance(getattr(problem.__cause__, "reason", None), ConnectionRefusedError)
            raise _Passing(str(problem), free=refused) from problem
        except SourceError as problem:
            raise _Refused(str(problem)) from problem

    def _too_slow(self) -> _Passing:
        return _Passing(
            f"still answering after {self.options.timeout_seconds:g} seconds: raise timeout_seconds under [llm], or "
            "lower answer_tokens, where the model is slow",
            slow=True,
        )

    def _read(self, answered: _Answered) -> Reply:
        status = answered.status
        if status != 200:
            said = _said(answered.body)
            told = f"the server answered {status}" + (f": {said}" if said else "")
            if status in (400, 413, 422, 500) and _NO_ROOM.search(answered.body[:2000].decode("utf-8", "replace")):
                raise NoRoom(self._without_key(f"{told}. Let it hold more, or lower answer_tokens under [llm]."))
            if status == 500 and b"response_format" in answered.body[:2000]:
                # llama-cpp-python refuses what it does not know as if it were broken; asking again is of no use.
                raise _Refused(f"{self.options.address}: {told}. {_FORM}")
            if status in _BUSY or status >= 500:
                raise _Passing(told, wait=answered.retry_after, free=status == 429)
            raise _Refused(f"{self.options.address}: {told}. {_MEANS.get(status, 'Check address and model.')}")
        kind = answered.content_type.split(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise _Passing(f"it sent {kind or 'no content type'}, expected application/json")
        try:
            whole = json.loads(answered.body.decode("utf-8"))
            choice = whole["choices"][0]
            content = choice["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as problem:
            raise _Passing(f"its answer is no chat completion ({type(problem).__name__})") from None
        if not isinstance(content, str):
            raise _Passing("its answer holds no text")
        usage = whole.get("usage") if isinstance(whole.get("usage"), dict) else {}
        ended = choice.get("finish_reason")
        return Reply(
            content,
            _named(whole.get("model")),
            ended if isinstance(ended, str) else "",
            _count(usage.get("prompt_tokens")),
            _count(usage.get("completion_tokens")),
        )

    def _of_one_model(self, reply: Reply) -> Reply:
        """The reply, where it comes from the model that the entries are signed with."""
        options = self.options
        if options.version:
            if reply.served != options.version:
                raise ModelStopped(
                    f"{options.address}: answers as {reply.served!r}, the dossier wants {options.version!r}. Set "
                    "version under [llm] to what it should be: everything is then coded anew, under that name."
                )
            return reply
        first = self.store.served_as(reply.served)
        if reply.served != first:
            raise ModelStopped(
                f"{options.address}: {options.model!r} was {first!r} and now answers as {reply.served!r}. Two models "
                f'must not sign one name: set version = "{reply.served}" under [llm], and everything is coded anew.'
            )
        return reply

    def _wait(self, number: int, asked: float | None) -> None:
        if asked is not None and asked > _LONGEST_ASKED_WAIT:
            raise ModelStopped(
                f"{self.options.address}: asks to wait {asked:,.0f} seconds. The run ends; take it up after that."
            )
        own = min(_LONGEST_WAIT, _FIRST_WAIT * 2**number)
        # Processes that were refused together do not come back together.
        spread = secrets.randbelow(250) / 1000
        self._sleep(max(asked or 0.0, own) * (1 + spread))

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key else text


class _Refused(Exception):
    """Asking again will not help."""


def _said(body: bytes) -> str:
    """What a server says of an error, in one short line."""
    text = body[:2000].decode("utf-8", "replace")
    try:
        found = json.loads(body)["error"]
        text = found["message"] if isinstance(found, dict) else str(found)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    # Control characters in a message could move a terminal's cursor.
    return " ".join("".join(ch if ch.isprintable() else " " for ch in str(text)).split())[:300]


def _named(name: object) -> str:
    """The model's name as entries can carry it."""
    return re.sub(r"[^A-Za-z0-9._:/@-]", "_", name)[:120] if isinstance(name, str) and name else UNSAID


def _count(number: object) -> int | None:
    return number if type(number) is int and 0 <= number <= 100_000_000 else None
