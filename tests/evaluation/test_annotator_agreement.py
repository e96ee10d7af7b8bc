"""Two annotators of the same sentences: hand-counted figures, the same in either order, and the published ones anew."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from detente import registry
from detente.errors import EvaluationError
from detente.evaluation.sentences import read_sentences

ROOT = Path(__file__).parents[2]
SENTENCES = ROOT / "tests" / "coding" / "gold" / "sentences"
TEXT = "Cuban and U.S. officials met in Havana on Monday. Havana, a spokesman said, was pleased."


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agreement", ROOT / "benchmarks" / "agreement.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


agreement = _script()


def _event(kind: str = "CONSULT", **changed: Any) -> dict[str, Any]:
    met = {"date": "2025-04-14", "sides": ["CUB", "USA"], "realis": "happened", "quote": TEXT.split(" Havana,")[0]}
    return {"type": kind} | met | changed


def _said(stance: int) -> dict[str, Any]:
    return {
        "speaker": "a spokesman",
        "side": "CUB",
        "stance": stance,
        "quote": "Havana, a spokesman said, was pleased.",
    }


def _folder(folder: Path, **annotators: dict[str, Any]) -> Path:
    for who, labels in annotators.items():
        item = {"id": "a", "language": "en", "published": "2025-04-15", "dyad": "CUB-USA", "text": TEXT}
        empty: dict[str, Any] = {"events": [], "statements": [], "times": []}
        (folder / f"{who}-annotator.en.jsonl").write_text(json.dumps(item | empty | labels) + "\n", encoding="utf-8")
    return folder


def test_each_condition_is_counted_among_pairs_that_hold_the_others(tmp_path: Path) -> None:
    first = {"events": [_event(), _event("AID", sides=["CUB", "MEX"])]}
    second = {"events": [_event("AGREE", realis="planned"), _event("AID", sides=["CUB", "MEX"], date=None)]}
    figures = agreement.compare(_folder(tmp_path, first=first, second=second), registry.load())["en"]
    # One pair of two and two: CONSULT and AGREE share a quad class, the AID has its day from one annotator only.
    assert figures["events F1"] == 0.5
    assert figures["events F1, exact type"] == 0.0
    assert (figures["type or quad given the rest"], figures["exact type given the rest"]) == (1.0, 0.0)
    assert (figures["date given the rest"], figures["date given the rest, n"]) == (0.5, 2)
    assert (figures["realis given a match"], figures["realis given a match, n"]) == (0.0, 1)


def test_times_are_counted_by_words_and_by_value(tmp_path: Path) -> None:
    first = {"times": [{"surface": "on Monday", "value": "2025-04-14"}], "statements": [_said(1)]}
    second = {"times": [{"surface": "Monday", "value": "2025-04-14"}], "statements": [_said(2)]}
    figures = agreement.compare(_folder(tmp_path, first=first, second=second), registry.load())["en"]
    assert [figures[f"times {how} F1"] for how in ("relaxed", "strict", "value")] == [1.0, 0.0, 1.0]
    assert (figures["statements F1"], figures["stance sign"], figures["stance exact"]) == (1.0, 1.0, 0.0)
    assert figures["stance sign kappa"] is None  # one sign only: chance explains it all


def test_kappa_is_that_of_cohens_formula() -> None:
    # Agreement 3 of 4; by chance 1/2 * 3/4 + 1/2 * 1/4 = 1/2; (3/4 - 1/2) / (1 - 1/2).
    assert agreement.kappa([(1, 1), (1, 1), (-1, -1), (-1, 1)]) == 0.5


def test_the_order_of_the_annotators_changes_nothing_but_their_counts() -> None:
    known = registry.load()
    first, second = (read_sentences(SENTENCES / f"{who}-annotator.fr.jsonl", known) for who in ("first", "second"))
    there = agreement.measure(agreement.together(first, second), known)
    back = agreement.measure(agreement.together(second, first), known)
    counts = {name: (there.pop(name), back.pop(name)) for name in list(there) if name.endswith((" n1", " n2"))}
    assert there == back
    assert counts["events n1"] == tuple(reversed(counts["events n2"]))


def test_items_of_one_annotator_only_are_refused(tmp_path: Path) -> None:
    (item,) = read_sentences(_folder(tmp_path, first={}) / "first-annotator.en.jsonl", registry.load())
    with pytest.raises(EvaluationError, match="a: not annotated by both"):
        agreement.together([item], [])


def test_the_published_agreement_can_be_made_anew() -> None:
    published = json.loads((SENTENCES / "agreement.json").read_text(encoding="utf-8"))
    assert agreement.compare(SENTENCES, registry.load()) == published
    assert [published[language]["items"] for language in ("en", "fr", "ru")] == [40, 40, 40]
