"""Precision, recall, F1 and their mean over classes, as every evaluation reports them; and sentences per second."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


def rounded(value: float | None) -> float | None:
    """Four places, as reports give them; None stays None."""
    return None if value is None else round(value, 4)


def rates(hits: int, predicted: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1 as shares (0-1); 0 where there is nothing to divide by.

    >>> rates(8, 16, 10)
    {'precision': 0.5, 'recall': 0.8, 'f1': 0.6154}
    """
    return {
        "precision": round(hits / predicted, 4) if predicted else 0.0,
        "recall": round(hits / gold, 4) if gold else 0.0,
        "f1": round(2 * hits / (predicted + gold), 4) if predicted + gold else 0.0,
    }


def by_class(gold: Sequence[str], predicted: Sequence[str]) -> dict[str, Any]:
    """Score one answer per case: mean F1 over the classes present in the gold, accuracy, and each class.

    A class that is only predicted lowers the precision of nobody but itself; it is no class of the mean.

    >>> report = by_class(["A", "A", "B"], ["A", "B", "B"])
    >>> report["macro_f1"], report["accuracy"], report["by_type"]["B"]
    (0.6667, 0.6667, {'precision': 0.5, 'recall': 1.0, 'f1': 0.6667, 'n': 1})
    """
    wanted, given = Counter(gold), Counter(predicted)
    right = Counter(g for g, p in zip(gold, predicted, strict=True) if g == p)
    classes = {name: {**rates(right[name], given[name], wanted[name]), "n": wanted[name]} for name in sorted(wanted)}
    exact = [2 * right[name] / (given[name] + wanted[name]) for name in wanted]
    return {
        "macro_f1": round(sum(exact) / len(exact), 4) if exact else 0.0,
        "accuracy": round(sum(right.values()) / len(gold), 4) if gold else 0.0,
        "by_type": classes,
    }


@dataclass(slots=True)
class Clock:
    """Counts sentences and the seconds spent reading them, in one process."""

    sentences: int = 0
    seconds: float = 0.0

    @contextmanager
    def reading(self, sentences: int) -> Iterator[None]:
        """Time what is done inside, which reads that many sentences."""
        begun = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - begun
        self.sentences += sentences

    def report(self) -> dict[str, float | int]:
        """Give `sentences` and `sentences_per_second`, to be put beside the scores."""
        speed = round(self.sentences / self.seconds, 1) if self.seconds else 0.0
        return {"sentences": self.sentences, "sentences_per_second": speed}


_BINS = 5


def curve(answers: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """How well confidence is calibrated: by fifths of [0, 1], what was said and what came true.

    Args:
        answers: Confidence (0-1) of each coding, and whether it is right.

    Returns:
        `bins` with `from`, `to`, `n`, `said` (mean confidence) and `right` (share); `error`, the mean distance of said
        and right weighted by n (None without codings).

    Source:
        Expected calibration error: Naeini, Cooper and Hauskrecht (2015), AAAI.

    >>> curve([(0.9, True), (0.9, True), (0.9, True), (0.9, False)])["error"]
    0.15
    """
    bins: list[dict[str, Any]] = []
    for number in range(_BINS):
        low, high = number / _BINS, (number + 1) / _BINS
        inside = [(c, true) for c, true in answers if low <= c < high or (c == high == 1)]
        if inside:
            said = sum(c for c, _ in inside) / len(inside)
            share = sum(true for _, true in inside) / len(inside)
            bins.append({"from": low, "to": high, "n": len(inside), "said": rounded(said), "right": rounded(share)})
    distance = sum(abs(b["said"] - b["right"]) * b["n"] for b in bins)
    return {"bins": bins, "error": rounded(distance / len(answers)) if answers else None}
