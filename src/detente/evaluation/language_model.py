"""How right a language model is on annotated texts, how steady, how it agrees with the rules, and what it costs.

A model that follows the codebook codes alike when the labels are moved to other definitions, when the order is turned,
and when the definitions stand under numbers; one that goes by what it thinks the labels mean, or takes what stands
first, does not. Each variant of the codebook is asked about all texts; labels are read back as what they stood for.

Source: Halterman and Keith (2025), "Codebook LLMs: Evaluating LLMs as Measurement Tools for Political Science
Concepts", Political Analysis: models are tested on whether they keep to a codebook before they measure by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.coding.coder import Coder
from detente.coding.llm import Heard, LlmCoder, open_model
from detente.coding.llm_prompt import VARIANTS, Codebook, Variant
from detente.coding.llm_verify import REASONS, Dropped, share, speak_alike
from detente.coding.rules import RulesCoder
from detente.dossier import Dossier
from detente.evaluation import evaluate_folder
from detente.evaluation.matching import MINIMUM_OVERLAP, pair_up
from detente.evaluation.rates import rounded
from detente.terms import Coding, Document, Entity, Event, Statement

_KEPT = ("events_main", "events_all", "statements", "type_accuracy", "realis_accuracy", "stance_sign_accuracy")


@dataclass
class _Notes:
    """What one pass over the texts gave.

    Attributes:
        entities: Of the registries used, by id.
        uncounted: Requests whose tokens the server did not count.
    """

    codings: dict[str, Coding] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    entities: dict[str, Entity] = field(default_factory=dict)
    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 0
    uncounted: int = 0

    def heard(self, _: Document, heard: Heard) -> None:
        self.requests += 1
        if heard.tokens_in is None or heard.tokens_out is None:
            self.uncounted += 1
        else:
            self.tokens_in += heard.tokens_in
            self.tokens_out += heard.tokens_out

    def dropped(self, _: Document, dropped: Sequence[Dropped]) -> None:
        self.left_out.update(one.reason for one in dropped)


class _Once:
    """A coder that reads each document once, whoever asks again, and keeps its codings."""

    def __init__(self, coder: Coder, notes: _Notes) -> None:
        self._coder = coder
        self._notes = notes
        self.name, self.codebook = coder.name, coder.codebook

    def code(self, document: Document) -> Coding:
        kept = self._notes.codings
        if document.id not in kept:
            kept[document.id] = self._coder.code(document)
        return kept[document.id]


def evaluate_language_model(
    path: Path,
    *,
    dossier: Dossier | None = None,
    model: str = "",
    prices: Sequence[tuple[str, float, float]] = (),
) -> dict[str, Any]:
    """Score a language model on annotated texts under each showing of the codebook.

    Args:
        path: As for `evaluate_folder`.
        dossier: Case to code all texts as; its `[llm]` says which model. Without one the environment does.
        model: Name of the model, where it is another.
        prices: Name, money per million tokens sent and got.

    Returns:
        `coder`, `articles`; `variants`, precision, recall and F1 under each; `left_out` by reason; `stability` of each
        against the plain one and `rules`, agreement with the rule coder, as `agreement` gives it; `tokens` per article
        and `costs` per 1,000.

    Raises:
        EvaluationError: The set cannot be read.
        CodingError: No model is set up, or it does not answer.
    """
    reports: dict[Variant, dict[str, Any]] = {}
    notes: dict[Variant, _Notes] = {}
    for variant in VARIANTS:
        here = notes[variant] = _Notes()

        def make(case: Dossier, here: _Notes = here, variant: Variant = variant) -> Coder:
            here.entities.update(case.registry.entities)
            asked = open_model(case, model, Codebook.of(variant))
            return _Once(LlmCoder(case, asked, on_heard=here.heard, on_dropped=here.dropped), here)

        reports[variant] = evaluate_folder(path, dossier=dossier, coder=make)
    plain = notes["plain"]
    ruled = _Notes()
    by_rules = evaluate_folder(path, dossier=dossier, coder=lambda case: _Once(RulesCoder(case), ruled))
    articles = len(plain.codings)
    return {
        "coder": reports["plain"]["coder"],
        "articles": articles,
        "variants": {name: {key: found["all"][key] for key in _KEPT} for name, found in reports.items()},
        "languages": {
            spoken: {key: found[key] for key in _KEPT} for spoken, found in reports["plain"]["languages"].items()
        },
        "left_out": {name: {REASONS[r]: n for r, n in found.left_out.items()} for name, found in notes.items()},  # type: ignore[index]
        "stability": {
            name: agreement(plain.codings, found.codings, plain.entities)
            for name, found in notes.items()
            if name != "plain"
        },
        "rules": {
            "scores": {key: by_rules["all"][key] for key in _KEPT},
            **agreement(ruled.codings, plain.codings, plain.entities),
        },
        "tokens": _tokens(plain, articles),
        "costs": [_cost(plain, articles, *price) for price in prices],
    }


def agreement(one: Mapping[str, Coding], other: Mapping[str, Coding], entities: Mapping[str, Entity]) -> dict[str, Any]:
    """How two codings of the same texts agree.

    Args:
        one, other: By document.
        entities: Of the registry, by id.

    Returns:
        `events_shared` and `statements_shared`, shares of what either has that both have at the same words, of a state
        in common or by the same speaker; of these `same_type`, with `kappa` beyond chance, and `same_stance` (sign).
    """
    types: list[tuple[str, str]] = []
    signs: list[bool] = []
    events = statements = 0
    for document, mine in one.items():
        theirs = other.get(document)
        if theirs is None:
            continue
        paired = pair_up(mine.events, theirs.events, _events_alike)
        types += [(mine.events[row].type, theirs.events[column].type) for row, column in paired]
        events += len(mine.events) + len(theirs.events) - len(paired)

        def alike(a: Statement, b: Statement) -> float:
            covered = share(a.content.span, b.content.span)
            return covered if covered >= MINIMUM_OVERLAP and speak_alike(a.speaker, b.speaker, entities) else 0.0

        said = pair_up(mine.statements, theirs.statements, alike)
        signs += [_sign(mine.statements[row].stance) == _sign(theirs.statements[column].stance) for row, column in said]
        statements += len(mine.statements) + len(theirs.statements) - len(said)
    return {
        "events_shared": rounded(len(types) / events) if events else None,
        "same_type": rounded(sum(a == b for a, b in types) / len(types)) if types else None,
        "kappa": kappa(types),
        "events": events,
        "statements_shared": rounded(len(signs) / statements) if statements else None,
        "same_stance": rounded(sum(signs) / len(signs)) if signs else None,
        "statements": statements,
    }


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement beyond chance (Cohen 1960); None without pairs, or where chance alone explains all of it.

    >>> kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "a")])
    0.0
    """
    if not pairs:
        return None
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    seen = sum(a == b for a, b in pairs) / len(pairs)
    chance = sum(left[name] * right[name] for name in left) / len(pairs) ** 2
    return rounded((seen - chance) / (1 - chance)) if chance < 1 else None


def _events_alike(one: Event, other: Event) -> float:
    covered = share(one.evidence.span, other.evidence.span)
    if covered < MINIMUM_OVERLAP or not set(one.sides) & set(other.sides):
        return 0.0
    # Of several at the same words, those of one type are the same.
    return covered + (one.type == other.type)


def _sign(stance: int) -> int:
    return (stance > 0) - (stance < 0)


def _tokens(notes: _Notes, articles: int) -> dict[str, Any]:
    return {
        "in": rounded(notes.tokens_in / articles),
        "out": rounded(notes.tokens_out / articles),
        "questions": notes.requests,
        "uncounted": notes.uncounted,
    }


def _cost(notes: _Notes, articles: int, name: str, price_in: float, price_out: float) -> dict[str, Any]:
    whole = (notes.tokens_in * price_in + notes.tokens_out * price_out) / 1_000_000
    return {
        "name": name,
        "price_in": price_in,
        "price_out": price_out,
        "per_1000": rounded(1000 * whole / articles),
    }
