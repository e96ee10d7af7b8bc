"""How far a statement leans toward making up or away from it, by its words, from -2 to +2."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from detente.coding.names_lexicon import flat, word_list

_STEPS = {"strong_plus": 2, "plus": 1, "minus": -1, "strong_minus": -2}


@dataclass(frozen=True, slots=True)
class Stance:
    """A judgement with the words that decided it.

    Attributes:
        value: -2 (hostile, blocking) to +2 (strongly favourable); 0 neutral, balanced or no sign either way.
        reason: Each deciding word with its weight: "[accuse] -1; progrès +1".
    """

    value: int
    reason: str


@dataclass(frozen=True)
class _Words:
    hits: re.Pattern[str]
    weights: tuple[int, ...]
    negation: re.Pattern[str]
    undo: re.Pattern[str]
    hedge: re.Pattern[str]
    hard: re.Pattern[str]


@cache
def _words(language: str) -> _Words:
    lists = word_list("stance")
    parts, weights = [], []
    for step, weight in _STEPS.items():
        for stem in lists[language][step]:
            parts.append(f"({stem})")
            weights.append(weight)
    return _Words(
        hits=re.compile(r"\b(?:" + "|".join(parts) + ")"),
        weights=tuple(weights),
        negation=re.compile(lists["negation"][language]),
        undo=re.compile(lists["undo"][language]),
        hedge=re.compile(lists["hedge"][language]),
        hard=re.compile(lists["hard_condition"][language]),
    )


def judge(
    text: str,
    language: str,
    *,
    classes: Collection[str] = (),
    conditions: Sequence[str] = (),
    hedged: bool = False,
) -> Stance:
    """Weigh the words of a statement.

    Args:
        text: What is said, with its reporting clause.
        classes: Classes of the reporting verbs (`welcome`, `accuse`, …).
        conditions: What it is made to depend on; "only after …" puts the whole off, "if …" keeps it from +2.
        hedged: Whether softening words count, as for a writer's own view.

    >>> judge("he noted « progrès notables »", "fr").value
    1
    >>> judge("ils n'ont pas fait de progrès", "fr").value
    -1
    """
    words = _words(language)
    lowered = flat(text)
    total = 0
    reasons: list[str] = []
    for name, weight in sorted(word_list("stance")["class"].items()):
        if name in classes and weight:
            total += weight
            reasons.append(f"[{name}] {weight:+d}")
    seen: set[int] = set()
    for match in words.hits.finditer(lowered):
        stem = (match.lastindex or 1) - 1
        weight = words.weights[stem]
        before = lowered[max(0, match.start() - 60) : match.start()]
        before = re.split(r"[.;:!?«»“”\"]|, ", before)[-1]
        shown = match.group()
        if words.negation.search(before):
            # What is denied to be bad is not thereby good.
            weight = -1 if weight > 0 else 0
            shown = "¬" + shown
        elif weight < 0 and words.undo.search(before):
            weight = 0
        if not weight or stem in seen:
            continue
        seen.add(stem)
        total += weight
        reasons.append(f"{shown} {weight:+d}")
    hard = [one for one in conditions if words.hard.search(flat(one).strip())]
    if hard:
        total = min(total, 0) - 1
        reasons.append(f"[{' '.join(hard[0].split()[:4])} …] -1")
    elif conditions:
        total = min(total, 1)
    if hedged and words.hedge.search(lowered):
        total = max(-1, min(1, total))
    return Stance(max(-2, min(2, total)), "; ".join(reasons))
