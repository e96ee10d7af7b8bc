"""The language-model coder against a real model behind a real server: what it costs, and what is kept of its answers.

    python benchmarks/real_model.py http://localhost:8080/v1 NAME            reports, budget, attacks
    python benchmarks/real_model.py http://localhost:8080/v1 NAME --attacks 9 --answer-tokens 500

docs/llm.md says how to get a small model and a server for it. Three short texts and the sample's three shortest reports
are coded, one in each language; asked again they must cost nothing; with a small budget the run must stop within it.
Then come the texts of `tests/coding/attacks.jsonl` that give orders, as many as are asked for: a coding in the words of
an order is told apart from what the model misreads in the same report when nobody gives it orders.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.coding.llm_examples import GENEVE, RIYADH, ZVONOK, case, document
from tests.coding.test_llm_attacks import ATTACKS, REPORTS, attacked

from detente.coding.llm import Heard, LlmCoder, Model
from detente.coding.llm_endpoint import Endpoint, NoReply
from detente.coding.llm_store import Store
from detente.coding.llm_verify import REASONS, Dropped
from detente.dossier.llm import LlmOptions
from detente.errors import ModelStopped
from detente.terms import Coding, Document

SAMPLE = Path(__file__).parents[1] / "src" / "detente" / "sample" / "reports"
_LOCK = threading.Lock()


@dataclass
class Pass:
    """What a run over some texts gave."""

    texts: int = 0
    unanswered: int = 0
    asked: int = 0
    twice: int = 0
    given: int = 0
    kept: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: list[float] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def heard(self, _: Document, heard: Heard) -> None:
        with _LOCK:
            self.asked += heard.requests
            self.twice += heard.requests > 1
            self.given += len(heard.answer.events) + len(heard.answer.statements) + len(heard.answer.misfits)
            self.tokens_in += heard.tokens_in or 0
            self.tokens_out += heard.tokens_out or 0

    def dropped(self, _: Document, dropped: Iterable[Dropped]) -> None:
        with _LOCK:
            self.left_out.update(one.reason for one in dropped)

    def code(self, endpoint: Endpoint, texts: Sequence[Document]) -> list[Coding | None]:
        """Codings of texts, each quote checked against its text; None where the model did not answer."""

        def one(text: Document) -> Coding | None:
            started = time.monotonic()
            try:
                coding = LlmCoder(case(), Model(case(), endpoint), on_heard=self.heard, on_dropped=self.dropped).code(
                    text
                )
            except NoReply as problem:
                print(f"{text.id}: {problem}", file=sys.stderr, flush=True)
                return None
            print(f"{text.id}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
            self.seconds.append(time.monotonic() - started)
            check(coding, text)
            return coding

        with ThreadPoolExecutor(endpoint.options.at_once) as pool:
            codings = list(pool.map(one, texts))
        self.texts += len(codings)
        self.unanswered += codings.count(None)
        self.kept += sum(len(coding.events) + len(coding.statements) for coding in codings if coding)
        return codings

    def row(self, name: str) -> str:
        reasons = ", ".join(f"{n} {reason}" for reason, n in self.left_out.most_common())
        return (
            f"| {name} | {self.texts} | {self.unanswered} | {self.asked}, {self.twice} | {self.given} | {self.kept} | "
            f"{reasons} | {self.tokens_in:,}, {self.tokens_out:,} | {median(self.seconds or [0]):.0f} |"
        )


def check(coding: Coding, text: Document) -> None:
    """Every quote of a coding stands in its text."""
    for event in coding.events:
        event.evidence.check(text)
        for party in (*event.actors, *event.recipients):
            if party.evidence is not None:
                party.evidence.check(text)
    for said in coding.statements:
        said.evidence.check(text)
        said.content.check(text)


def reports() -> list[Document]:
    """Three short texts of the tests, and the shortest report of the sample in each language."""
    found = [document(text, spoken, name=spoken) for text, spoken in ((RIYADH, "en"), (GENEVE, "fr"), (ZVONOK, "ru"))]
    lines = [json.loads(one) for path in SAMPLE.glob("*.jsonl") for one in path.read_text("utf-8").split("\n") if one]
    for spoken in ("en", "fr", "ru"):
        here = min(
            (line for line in lines if line["language"] == spoken), key=lambda line: (len(line["text"]), line["id"])
        )
        found.append(document(here["text"], spoken, here["published"], name=here["id"]))
    return found


def readings(coding: Coding | None) -> set[tuple[str, str, str]]:
    """Codings as they can be compared between two texts that begin alike."""
    if coding is None:
        return set()
    events = {(str(e.evidence.start), e.type, e.realis) for e in coding.events}
    return events | {(str(s.content.start), s.speaker.name, str(s.stance)) for s in coding.statements}


def attacks(endpoint: Endpoint, how_many: int) -> tuple[Pass, list[str], list[str], int]:
    """Code texts that give orders.

    Returns:
        What was counted; codings in the words of an order, without and with those of orders that are written as news;
        and how many others there are that the same report gives without the order.
    """
    seen, words, as_news, new = Pass(), [], [], 0
    plain_texts = [document("\n".join(report), spoken, name=f"plain-{spoken}") for spoken, report in REPORTS.items()]
    plain = dict(zip(REPORTS, map(readings, Pass().code(endpoint, plain_texts)), strict=True))
    chosen = ATTACKS[:: max(1, len(ATTACKS) // how_many)][:how_many]
    for attack, coding in zip(chosen, seen.code(endpoint, [attacked(attack) for attack in chosen]), strict=True):
        if coding is None:
            continue
        ends = len("\n".join(REPORTS[attack["language"]]))
        told: list[Any] = [*coding.events, *coding.statements]
        for coded in told:
            if coded.evidence.end > ends:
                (as_news if attack.get("in_text") else words).append(f"{attack['id']}: {coded.evidence.quote[:120]}")
        new += len({r for r in readings(coding) if int(r[0]) < ends} - plain[attack["language"]])
    return seen, words, as_news, new


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("address")
    asked.add_argument("model")
    asked.add_argument("--attacks", type=int, default=len(ATTACKS))
    asked.add_argument("--at-once", type=int, default=1)
    asked.add_argument("--answer-tokens", type=int, default=1000)
    asked.add_argument("--timeout", type=float, default=300)
    asked.add_argument("--format", default="json_schema")
    asked.add_argument("--store", type=Path, help="keep answers here, so that a run that was stopped goes on")
    given = asked.parse_args()
    folder = given.store or Path(tempfile.mkdtemp(prefix="detente-model-"))

    def endpoint(name: str = "answers", **more: Any) -> Endpoint:
        told = {"address": given.address, "model": given.model, "timeout_seconds": given.timeout}
        told |= {"at_once": given.at_once, "answer_tokens": given.answer_tokens, "format": given.format, **more}
        options = LlmOptions.model_validate(told)
        return Endpoint(options, Store(folder / f"{name}.db", options, f"{name} {time.time()}"))

    print(
        "| texts | number | without answer | asked, twice | given | kept | left out | tokens in, out | seconds each |"
    )
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    faults = []
    first, again = Pass(), Pass()
    here = endpoint()
    codings = first.code(here, reports())
    print(first.row("reports"), flush=True)
    if again.code(here, reports()) != codings and not first.unanswered:
        faults.append("answers that were kept give other codings")
    print(again.row("the same again"), flush=True)
    if again.asked and not first.unanswered and not first.left_out["unread"]:
        faults.append(f"{again.asked} questions asked again")
    bound = 12_000 + given.answer_tokens
    small, stopped = endpoint("budget", tokens_per_run=bound), ""
    try:
        Pass().code(small, reports())
    except ModelStopped as problem:
        stopped = str(problem)
    spent = small.store.spent()
    print(
        f"\nwith tokens_per_run = {bound:,}: {spent.requests} requests, {spent.tokens:,} tokens; {stopped}\n",
        flush=True,
    )
    if spent.tokens > bound or not stopped:
        faults.append("the budget did not hold")
    if given.attacks:
        seen, words, as_news, new = attacks(here, given.attacks)
        print(seen.row("attacks"))
        print(f"\nin the words of an order: {len(words)}; of an order written as news: {len(as_news)}; in the report,")
        print(f"other than without the order: {new}")
        faults += words
        print("\n".join(as_news))
    print(f"\n{datetime.now(UTC):%-d %B %Y}; reasons:", *(f"\n  {reason}: {why}" for reason, why in REASONS.items()))
    print("\n".join(faults))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
