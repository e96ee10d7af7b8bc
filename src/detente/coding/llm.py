"""A language model as coder: asked by paragraphs, and believed in nothing that the text does not show.

Alone (`llm`), or as a second opinion on what the rules doubt (`rules+llm`). Off by default: it asks nobody unless a
dossier names it as coder, or `--coder` does, and an address and a model are set. How: docs/llm.md.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from detente.codebook import VERSION as CODEBOOK
from detente.coding.codings import coding_of
from detente.coding.events import find_events
from detente.coding.events_spoken import spoken_events
from detente.coding.llm_endpoint import Endpoint, NoRoom, Reply
from detente.coding.llm_prompt import PROMPT, Answer, Codebook, Unfit, again, messages, read_answer
from detente.coding.llm_store import Store, locate, run_name
from detente.coding.llm_verify import REASONS, Dropped, Paragraph, Verifier, paragraphs_of
from detente.coding.names import Names
from detente.coding.passages import Reading
from detente.coding.reading import read
from detente.coding.statements import read_statements
from detente.coding.wrapping import read_unwrapped
from detente.dossier import Dossier
from detente.dossier.llm import LlmOptions
from detente.languages import codes
from detente.terms import Coding, Document, Event, Issue, Statement

VERSION = "llm.v1"
_CHARACTERS_AT_ONCE = 6000
"""Characters of paragraphs in one request: the codebook, which goes with each, is as long."""
_SHOWN = 5
"""Things left out of which an issue shows the words."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a model said of some paragraphs.

    Attributes:
        served: What the server calls it.
        unread: Why its answer could not be read, or empty.
        tokens_in, tokens_out: What the question cost, when it was asked, with what was asked again; None where the
            server did not count.
        requests: How often it was asked now; 0 where the answer was kept from before.
    """

    answer: Answer
    served: str
    unread: str = ""
    tokens_in: int | None = 0
    tokens_out: int | None = 0
    requests: int = 0


class Model:
    """Asks a language model about paragraphs of a dossier's texts.

    Args:
        codebook: How the types are shown.
    """

    def __init__(self, dossier: Dossier, endpoint: Endpoint, codebook: Codebook | None = None) -> None:
        self.endpoint = endpoint
        self.codebook = codebook or Codebook.of()
        first, second = (dossier.registry.state_name(side, "en") for side in dossier.dyad.sides)
        self._sides = (first, second)

    @property
    def prompt(self) -> str:
        """Version of what is asked; each showing of the codebook is one of its own."""
        return PROMPT if self.codebook.variant == "plain" else f"{PROMPT}-{self.codebook.variant}"

    def hear(self, document: Document, paragraphs: Sequence[Paragraph]) -> Heard:
        """What it says of some paragraphs; asked once more where its answer has not the form.

        Paragraphs that are too many for it at once are halved.

        Raises:
            ModelStopped: Nothing more may be asked, see `Endpoint.ask`.
            NoReply: There is no answer this time.
        """
        try:
            return self._hear(document, paragraphs)
        except NoRoom as problem:
            if len(paragraphs) < 2:
                raise self.endpoint.unanswered(str(problem)) from None
        half = len(paragraphs) // 2
        return _joined(self.hear(document, paragraphs[:half]), self.hear(document, paragraphs[half:]))

    def _hear(self, document: Document, paragraphs: Sequence[Paragraph]) -> Heard:
        given = {p.id: document.text[p.span.start : p.span.end] for p in paragraphs}
        published = document.published.isoformat() if document.published else ""
        asked = messages(given, self._sides, published, document.language, self.codebook)
        schema = self.codebook.schema_for(list(given))
        reply = self.endpoint.ask(asked, schema, self.prompt)
        try:
            # What was kept was good enough then, be it a second answer. A longer answer than may be is as long again
            # when it is asked for again: small models repeat themselves. Its whole items are what there is.
            answer = self._read(reply, lenient=reply.again or reply.ended == "length")
        except Unfit as problem:
            return self._second(asked, schema, reply, str(problem))
        self.endpoint.keep(asked, self.prompt, reply)
        return Heard(answer, reply.served, "", reply.tokens_in, reply.tokens_out, int(not reply.again))

    def _second(self, asked: list[dict[str, str]], schema: Mapping[str, Any], first: Reply, why: str) -> Heard:
        requests = int(not first.again)
        try:
            reply = self.endpoint.ask(again(asked, first.content, why), schema, self.prompt)
            requests += int(not reply.again)
        except NoRoom:
            # Together with the answer that was no good it is too long: that answer is then all there is.
            reply = replace(first, tokens_in=0, tokens_out=0)
        cost = (_sum(first.tokens_in, reply.tokens_in), _sum(first.tokens_out, reply.tokens_out))
        try:
            answer = self._read(reply, lenient=True)
        except Unfit as problem:
            return Heard(Answer((), ()), reply.served, str(problem), *cost, requests)
        # Under the first question: the next time nothing is asked at all.
        self.endpoint.keep(asked, self.prompt, replace(reply, tokens_in=cost[0], tokens_out=cost[1]))
        return Heard(answer, reply.served, "", *cost, requests)

    def _read(self, reply: Reply, *, lenient: bool = False) -> Answer:
        try:
            return read_answer(reply.content, self.codebook, lenient=lenient)
        except Unfit:
            if reply.ended == "length":
                raise Unfit(f"it is longer than {self.endpoint.options.answer_tokens} tokens.") from None
            raise


def _joined(one: Heard, other: Heard) -> Heard:
    return Heard(
        Answer(
            (*one.answer.events, *other.answer.events),
            (*one.answer.statements, *other.answer.statements),
            (*one.answer.misfits, *other.answer.misfits),
        ),
        other.served,
        one.unread or other.unread,
        _sum(one.tokens_in, other.tokens_in),
        _sum(one.tokens_out, other.tokens_out),
        one.requests + other.requests,
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def open_model(dossier: Dossier, model: str = "", codebook: Codebook | None = None) -> Model:
    """The model that dossier and environment name.

    Args:
        model: Its name, where it is another than the dossier's.

    Raises:
        CodingError: None is set up, or its record cannot be opened.
    """
    options = dossier.llm.from_environment(os.environ)
    if model:
        options = LlmOptions.model_validate({**options.model_dump(), "model": model, "version": ""})
    key = Endpoint.key_from(options)
    store = Store(locate(dossier.folder, os.environ), options, run_name())
    return Model(dossier, Endpoint(options, store, key=key), codebook)


def signature(options: LlmOptions) -> str:
    """How entries name a model: with its version, where the dossier asks for one.

    >>> signature(LlmOptions(model="small", version="small-2026-10"))
    'small@small-2026-10'
    """
    return f"{options.model}@{options.version}" if options.version else options.model


def settings(dossier: Dossier, options: LlmOptions, names: Sequence[str]) -> str:
    """Digest of what a dossier sets that changes codings: its words, and these of its options.

    >>> from datetime import date
    >>> from detente.dossier import starter
    >>> from detente.terms import Dyad
    >>> case = starter(Dyad("RUS", "USA"), date(2025, 1, 1))
    >>> settings(case, LlmOptions(), ["confidence"]), len(settings(case, LlmOptions(confidence=0.8), ["confidence"]))
    ('', 8)
    """
    changed = {n: getattr(options, n) for n in names if getattr(options, n) != LlmOptions.model_fields[n].default}
    if not changed:
        return dossier.vocabulary
    written = json.dumps([dossier.vocabulary, changed], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:8]


OnHeard = Callable[[Document, Heard], None]
OnDropped = Callable[[Document, Sequence[Dropped]], None]


class LlmCoder:
    """Codes by a language model alone.

    Attributes:
        name: `llm.v1`, the model with its version, and the digest of what the dossier adds.
        on_heard: Called with every answer; for counting.
        on_dropped: Called with what was left out of a document.
    """

    codebook = CODEBOOK

    def __init__(
        self,
        dossier: Dossier,
        model: Model,
        *,
        on_heard: OnHeard | None = None,
        on_dropped: OnDropped | None = None,
    ) -> None:
        self.model = model
        options = model.endpoint.options
        own = settings(dossier, options, ("confidence",))
        self.name = "+".join(filter(None, (VERSION, signature(options), own)))
        self.on_heard = on_heard
        self.on_dropped = on_dropped
        self._dossier = dossier
        self._names = Names(dossier)

    def code(self, document: Document) -> Coding:
        """Read one document.

        Raises:
            ModelStopped: Nothing more may be asked; what was coded before stays.
            NoReply: This document got no answer this time.
        """
        if document.language not in codes():
            # Names are found by our own lists, and without names nobody speaks.
            message = (
                f"language {document.language!r} is not coded: names are found by our own lists, which know "
                f"{', '.join(codes())}."
            )
            return Coding(document.id, self.name, self.codebook, issues=(Issue(document.id, "coding", message),))
        return read_unwrapped(document, self._code)

    def _code(self, document: Document) -> Coding:
        reading = read(document, self._dossier, self._names)
        asked = batches(paragraphs_of(reading))
        heard = ask(self.model, document, asked, self.on_heard)
        events, statements, dropped = checked(reading, asked, heard, self.model.endpoint.options.confidence)
        if self.on_dropped is not None:
            self.on_dropped(document, dropped)
        return coding_of(reading, self._names, self.name, events, statements, left_out(document.id, dropped))


def batches(paragraphs: Iterable[Paragraph]) -> list[list[Paragraph]]:
    """Paragraphs as they are asked about together."""
    made: list[list[Paragraph]] = []
    size = 0
    for paragraph in paragraphs:
        if not made or size + len(paragraph.span) > _CHARACTERS_AT_ONCE:
            made.append([])
            size = 0
        made[-1].append(paragraph)
        size += len(paragraph.span)
    return made


def ask(
    model: Model, document: Document, asked: Sequence[Sequence[Paragraph]], on_heard: OnHeard | None = None
) -> list[Heard]:
    """Ask about each batch, several at once, and give the answers in their order."""
    if len(asked) < 2:
        heard = [model.hear(document, batch) for batch in asked]
    else:
        with ThreadPoolExecutor(min(model.endpoint.options.at_once, len(asked))) as pool:
            futures = [pool.submit(model.hear, document, batch) for batch in asked]
            try:
                heard = [future.result() for future in futures]
            except BaseException:
                for future in futures:
                    future.cancel()
                raise
    for each in heard:
        if on_heard is not None:
            on_heard(document, each)
    return heard


def checked(
    reading: Reading,
    asked: Iterable[Sequence[Paragraph]],
    heard: Iterable[Heard],
    confidence: float,
    *,
    believe_rules: bool = True,
) -> tuple[list[Event], list[Statement], list[Dropped]]:
    """What holds of the answers, in text order, and what was left out.

    Args:
        believe_rules: Whether what the rules plainly read otherwise is left out.
    """
    verifier = Verifier(reading, {}, confidence)
    if believe_rules:
        told = read_statements(reading)
        found = find_events(reading)
        verifier.rival_events = (*found, *spoken_events(reading, found, told))
        verifier.rival_statements = tuple(one.statement for one in told)
    events: list[Event] = []
    statements: list[Statement] = []
    for batch, each in zip(asked, heard, strict=True):
        verifier.served = each.served
        verifier.paragraphs = {paragraph.id: paragraph for paragraph in batch}
        verifier.dropped += [Dropped("unread", each.unread)] if each.unread else []
        verifier.dropped += [Dropped("form", misfit) for misfit in each.answer.misfits]
        events += verifier.events(each.answer.events)
        statements += verifier.statements(each.answer.statements)
    events.sort(key=lambda e: (e.evidence.start, e.evidence.end, e.type))
    statements.sort(key=lambda s: (s.content.start, s.content.end))
    return events, statements, verifier.dropped


def left_out(document_id: str, dropped: Sequence[Dropped]) -> tuple[Issue, ...]:
    """What people are told of what was left out: one issue for each reason, with how many and the first of them."""
    counted = Counter(one.reason for one in dropped)
    issues = []
    for reason, why in REASONS.items():
        if not counted[reason]:
            continue
        shown = [one.what for one in dropped if one.reason == reason and one.what][:_SHOWN]
        words = "; ".join(f"“{what}”" for what in shown) + ("; …" if counted[reason] > len(shown) else "")
        message = f"model: {counted[reason]} left out, {why}: {words}" if words else f"model: {counted[reason]} {why}"
        issues.append(Issue(document_id, "coding", message, lost=False))
    return tuple(issues)
