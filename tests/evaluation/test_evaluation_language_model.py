"""A model that reads the codebook is told from one that goes by labels or by order, and what it costs is counted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.coding.model_server import Asked, ModelServer, model_server
from tests.console import run

from detente.codebook import types
from detente.errors import DetenteError
from detente.evaluation import evaluate_language_model

TEXTS = (
    ("CONSULT", "Russian Foreign Minister Sergey Lavrov met US Secretary of State Marco Rubio on 18 February 2025."),
    ("AID", "The United States gave Russia 20 million dollars of relief on 17 February 2025."),
    ("SANCTION", "The United States imposed sanctions on Russia on 16 February 2025."),
    ("ACCUSE", "Russia accused the United States of espionage on 15 February 2025."),
    ("RETREAT", "Russia released three prisoners to the United States on 14 February 2025."),
    ("REJECT", "The United States refused to lift its sanctions on Russia on 13 February 2025."),
)


@pytest.fixture
def gold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ADDRESS", "MODEL", "KEY"):
        monkeypatch.delenv(f"DETENTE_LLM_{name}", raising=False)
    monkeypatch.setenv("DETENTE_LLM_STORE", str(tmp_path / "llm.db"))
    lines = [
        {
            "id": f"s{n}",
            "language": "en",
            "published": "2025-02-19",
            "dyad": "RUS-USA",
            "text": text,
            "events": [
                {
                    "type": "YIELD" if kind == "RETREAT" else kind,
                    "date": re.search(r"(\d+) February", text)[1].join(("2025-02-", "")),  # type: ignore[index]
                    "sides": ["RUS", "USA"],
                    "realis": "happened",
                    "quote": text,
                }
            ],
            "statements": [],
            "times": [],
        }
        for n, (kind, text) in enumerate(TEXTS)
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


Chooses = Callable[[str, dict[str, str]], str]


def answers(chooses: Chooses) -> Callable[[Asked], None]:
    """Finds the event of each text, and labels it as `chooses` makes it of the true type and the codebook shown."""

    def answer(asked: Asked) -> None:
        system = asked.body["messages"][0]["content"]
        shown = dict(re.findall(r"^- (\w+): (.+)$", system, flags=re.MULTILINE))
        events = []
        for name, text in asked.paragraphs.items():
            kind = next(kind for kind, known in TEXTS if known == text)
            ours, theirs = ("United States", "Russia") if text.startswith("The") else ("Russia", "United States")
            met = kind == "CONSULT"
            parties = {"actors": ["Lavrov", "Rubio"] if met else [ours], "recipients": [] if met else [theirs]}
            events.append(
                {
                    "paragraph": name,
                    "quote": text,
                    "type": chooses(kind, shown),
                    "mode": "",
                    "when": "February",
                    "realis": "happened",
                    **parties,
                }
            )
        asked.reply(
            json.dumps({"events": events, "statements": []}), usage={"prompt_tokens": 2000, "completion_tokens": 100}
        )

    return answer


def by_definition(kind: str, shown: dict[str, str]) -> str:
    return next(label for label, text in shown.items() if text == types()[kind].definition)


def by_label(kind: str, shown: dict[str, str]) -> str:
    return kind if kind in shown else next(iter(shown))


def by_place(kind: str, shown: dict[str, str]) -> str:
    return list(shown)[list(types()).index(kind)]


def scored(gold: Path, monkeypatch: pytest.MonkeyPatch, chooses: Chooses) -> tuple[dict, ModelServer]:  # type: ignore[type-arg]
    with model_server(answers(chooses)) as server:
        monkeypatch.setenv("DETENTE_LLM_ADDRESS", server.address)
        report = evaluate_language_model(gold, model="little", prices=[("a", 1.0, 10.0)])
    return report, server


def test_a_model_that_reads_definitions_is_steady_under_every_showing(
    gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, server = scored(gold, monkeypatch, by_definition)
    assert report["variants"]["plain"]["events_all"]["f1"] == 1.0
    for found in report["stability"].values():
        assert (found["events_shared"], found["same_type"], found["kappa"]) == (1.0, 1.0, 1.0)
    assert len(server.asked) == 4 * len(TEXTS)
    assert report["tokens"] == {"in": 2000.0, "out": 100.0, "questions": len(TEXTS), "uncounted": 0}
    assert report["costs"][0]["per_1000"] == 1000 * (2000 * 1.0 + 100 * 10.0) / 1_000_000
    again, server = scored(gold, monkeypatch, by_definition)
    assert again == report, "a second run asks nobody and says the same"
    assert not server.asked


@pytest.mark.parametrize(
    ("chooses", "unsteady", "steady"),
    [(by_label, ("swapped", "definitions"), "reversed"), (by_place, ("reversed",), "definitions")],
)
def test_a_model_that_goes_by_labels_or_by_order_is_found_out(
    gold: Path, monkeypatch: pytest.MonkeyPatch, chooses: Chooses, unsteady: tuple[str, ...], steady: str
) -> None:
    report, _ = scored(gold, monkeypatch, chooses)
    assert report["variants"]["plain"]["events_all"]["f1"] == 1.0, "by accuracy alone it is as good"
    for name in unsteady:
        found = report["stability"][name]
        assert found["events_shared"] * (found["same_type"] or 0) < 0.5
        assert report["variants"][name]["type_accuracy"] != 1.0 or report["variants"][name]["events_all"]["f1"] < 0.7
    assert report["stability"][steady]["same_type"] == 1.0


def test_agreement_with_the_rules_is_told(gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report, _ = scored(gold, monkeypatch, by_definition)
    assert 0 < report["rules"]["events_shared"] <= 1
    assert "f1" in report["rules"]["scores"]["events_all"]


def test_the_command_prints_stability_beside_accuracy_and_a_table_of_costs(
    gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with model_server(answers(by_label)) as server:
        monkeypatch.setenv("DETENTE_LLM_ADDRESS", server.address)
        done = run(f"detente evaluate llm {gold} --model little --price small=0.15:0.6 --price large=3:15")
        assert done.code == 0, done.err
        for words in (
            "llm.v1+little, 6 texts",
            "events_all",
            "kappa",
            "swapped",
            "Left out",
            "2,000 tokens sent and 100",
        ):
            assert words in done.out
        assert re.search(r"small\s+0\.15\s+0\.6\s+0\.36", done.out)
        assert re.search(r"large\s+3\s+15\s+7\.50", done.out)
        assert run(f"detente evaluate llm {gold} --price cheap").code == 2


def test_without_a_model_nothing_is_scored(gold: Path) -> None:
    with pytest.raises(DetenteError, match="no language model is set up"):
        evaluate_language_model(gold)
