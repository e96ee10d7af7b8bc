"""Which way a statement leans by its words, learned from statements that we wrote and from annotated texts.

A linear model over word beginnings, pairs of them, negation, and what `polarity` and the stance lists say; its weights
are `languages/*/leaning.tsv`, made by `tools/train_leaning.py` (`make models`). Card: docs/models.md.

Source: logistic regression with a ridge penalty, for three classes; le Cessie and van Houwelingen (1992), Applied
Statistics 41.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from detente import languages
from detente.coding.events_lexicon import Token, tokens
from detente.coding.polarity import kinds, polarity

_LONG, _SHORT = 5, 4
_NEGATED = 4
"""Words after a negation that are read as negated."""

_FEWEST = 5
"""Words below which nothing is said: the lines learned from have eight to thirty."""

_OPENERS = frozenset('«“„":.!?')
"""After these a capital says nothing."""

Weights = Mapping[str, tuple[float, float, float]]


@cache
def _weights(language: str) -> Weights:
    return {row[0]: (float(row[1]), float(row[2]), float(row[3])) for row in languages.rows(language, "leaning")}


@cache
def _negations(language: str) -> frozenset[str]:
    listed = languages.table(language, "polarity").get("negation", ())
    return frozenset(word for word in listed if not word.endswith("*") and " " not in word)


def features(text: str, language: str, by_words: int) -> Iterator[tuple[str, float]]:
    """What the model reads of a text: names of features with their values; the same in training and in use.

    Args:
        by_words: What the stance lists make of it, -2 to +2.
    """
    words = tokens(text, language)
    said = list(_common(words))
    negations, left, seen = _negations(language), 0, set()
    for i, word in enumerate(said):
        if word in negations:
            left = _NEGATED
        stem = word[:_LONG]
        mark = "¬" if left > 0 and word not in negations else ""
        left -= 1
        seen |= {mark + stem, stem, "=" + word, "~" + word[:_SHORT]}
        if i:
            seen.add(f"{said[i - 1][:_LONG]} {stem}")
    yield from ((name, 1.0) for name in sorted(seen))
    weight, _ = polarity(text, language)
    yield "*polarity", max(-2.0, min(2.0, weight))
    yield "*lists", float(by_words)
    yield "*text", 1.0
    for name, true in (
        ("*polarity+", weight > 0.4),
        ("*polarity-", weight < -0.4),
        ("*lists+", by_words > 0),
        ("*lists-", by_words < 0),
    ):
        yield name, float(true)
    for kind, count in kinds(words, language).items():
        yield f"*kind {kind}", count / 2


def _common(words: Sequence[Token]) -> Iterator[str]:
    """Words but names: a capital inside a sentence. Which states a statement is about must not decide how it leans."""
    opens = True
    for token in words:
        if token.word[0].isalpha():
            if opens or not token.capital:
                yield token.word
            opens = False
        elif token.word in _OPENERS:
            opens = True


def is_learned(language: str) -> bool:
    """Whether a language has a model.

    >>> is_learned("fr"), is_learned("es")
    (True, False)
    """
    return bool(_weights(language))


def shares_of(text: str, language: str, by_words: int) -> tuple[float, float, float] | None:
    """Shares of against, neither and for; None where the language has no model, or the text only a few words."""
    weights = _weights(language)
    if not weights or len(text.split()) < _FEWEST:
        return None
    against, neither, favour = weights["*bias"]
    for name, value in features(text, language, by_words):
        row = weights.get(name)
        if row is not None and value:
            against += value * row[0]
            neither += value * row[1]
            favour += value * row[2]
    highest = max(against, neither, favour)
    against, neither, favour = (math.exp(score - highest) for score in (against, neither, favour))
    total = against + neither + favour
    return against / total, neither / total, favour / total


def loudest(text: str, language: str, sign: int) -> str:
    """The words of a text that speak most for a sign; none where the language has no model."""
    weights = _weights(language)
    said = sorted(((_said_by(word, weights, sign + 1), word) for word in _telling(text, language)), reverse=True)
    return ", ".join(word for weight, word in said[:3] if weight > 0)


def _said_by(word: str, weights: Weights, column: int) -> float:
    """How much a word spoke for one answer, by itself and by its beginnings."""
    return sum(weights[name][column] for name in ("=" + word, word[:_LONG], "~" + word[:_SHORT]) if name in weights)


def _telling(text: str, language: str) -> set[str]:
    """Words long enough to mean something to a reader."""
    return {word for word in _common(tokens(text, language)) if len(word) > _LONG}
