"""Short texts and coders for the tests of the language model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.coding.model_server import ModelServer

from detente.coding.llm import LlmCoder, Model
from detente.coding.llm_endpoint import Endpoint
from detente.coding.llm_store import Store
from detente.dossier import Dossier, starter
from detente.terms import Coding, Document, Dyad

RIYADH = (
    "Russian Foreign Minister Sergey Lavrov and US Secretary of State Marco Rubio met in Riyadh on 18 February 2025.\n"
    "“We are ready to restore relations with the United States,” Lavrov said after the talks.\n"
    "Share this article"
)
GENEVE = (
    "Le 10 avril 2025, la Russie et les États-Unis ont procédé à un échange de prisonniers à Abou Dhabi.\n"
    "« Nous n’avons pas fait de progrès notables sur les vols directs\u00a0», a déclaré Sergueï Lavrov."
)
ZVONOK = (
    "15 февраля 2025 года Сергей Лавров провёл телефонный разговор с Марко Рубио.\n"
    "«Мы готовы к восстановлению диалога с Соединёнными Штатами», — заявил Сергей Лавров."
)


@cache
def case() -> Dossier:
    return starter(Dyad("RUS", "USA"), date(2025, 1, 1))


def document(text: str, language: str = "en", published: str = "2025-02-19", name: str = "d") -> Document:
    day = date.fromisoformat(published)
    return Document(name, text, language, day, "given", datetime(2025, 2, 20, tzinfo=UTC))


def endpoint(server: ModelServer, folder: Path, *, key: str = "", run: str = "run", **more: Any) -> Endpoint:
    options = server.options(**more)
    return Endpoint(options, Store(folder / "llm.db", options, run), key=key, sleep=lambda _: None)


def coder(server: ModelServer, folder: Path, **more: Any) -> LlmCoder:
    return LlmCoder(case(), Model(case(), endpoint(server, folder, **more)))


def coded(server: ModelServer, folder: Path, text: str, language: str = "en", **more: Any) -> Coding:
    """A text's coding, every quote of it checked against the text."""
    published = more.pop("published", "2025-02-19")
    here = document(text, language, published)
    coding = coder(server, folder, **more).code(here)
    for item in (*coding.events, *coding.statements, *coding.times, *coding.persons):
        item.evidence.check(here)
    for said in coding.statements:
        said.content.check(here)
    return coding


def reasons(coding: Coding) -> dict[str, int]:
    """How many things were left out, by the first words of why."""
    found = {}
    for issue in coding.issues:
        number, _, why = issue.message.removeprefix("model: ").partition(" ")
        found[why.removeprefix("left out, ").partition(":")[0]] = int(number)
    return found


def renamed(found: Document, name: str) -> Document:
    return replace(found, id=name)
