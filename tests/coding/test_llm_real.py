"""A real model behind a real server, where somebody has one: what it says is checked as anybody's words are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.coding.llm_examples import GENEVE, RIYADH, ZVONOK, case, document

from detente.coding.llm import LlmCoder, Model
from detente.coding.llm_endpoint import Endpoint
from detente.coding.llm_store import Store
from detente.dossier.llm import LlmOptions

# Other names than those of a dossier's model: running the tests must cost nobody money.
ADDRESS, MODEL = os.environ.get("TEST_LLM_ADDRESS", ""), os.environ.get("TEST_LLM_MODEL", "")


@pytest.mark.skipif(not (ADDRESS and MODEL), reason="no real model: TEST_LLM_ADDRESS and TEST_LLM_MODEL name one")
@pytest.mark.parametrize(("text", "language"), [(RIYADH, "en"), (GENEVE, "fr"), (ZVONOK, "ru")])
def test_what_a_real_model_says_is_checked_counted_and_kept(tmp_path: Path, text: str, language: str) -> None:
    told = {"address": ADDRESS, "model": MODEL, "timeout_seconds": 600, "answer_tokens": 500, "at_once": 1}
    options = LlmOptions.model_validate(told)
    here, store = document(text, language), Store(tmp_path / "llm.db", options, "run")
    heard = []

    def coder() -> LlmCoder:
        return LlmCoder(case(), Model(case(), Endpoint(options, store)), on_heard=lambda _, one: heard.append(one))

    coding = coder().code(here)
    for item in (*coding.events, *coding.statements, *coding.times, *coding.persons):
        item.evidence.check(here)
    assert heard[0].served
    assert store.spent().tokens > 1000, "the codebook alone is longer"
    assert coder().code(here) == coding
    if not heard[0].unread:
        assert store.spent().requests == heard[0].requests, "an answer that could be read is kept"
