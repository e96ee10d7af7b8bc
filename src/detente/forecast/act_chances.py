"""How likely each act is to be the next between two: a conditional logit over what the days before say.

The chances of a question add up to one over its candidates: "of what is recorded on the next day on which anything is
recorded between the two, so much is this". The weights are learned from past steps, and shared by all pairs.

Source:
    McFadden (1974), "Conditional logit analysis of qualitative choice behavior".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import ForecastError
from detente.forecast.acts import Acts, PairPast, PairQuestions

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

METHOD = "next-act.v1"

LEAST_QUESTIONS = 100
_RIDGE = 1e-3
_MOST_ROUNDS = 60
_LEAST = 1e-6
_SINCE = (1, 3, 10)


def regressors(found: Acts, names: Sequence[str]) -> Floats:
    """What the chances rest on, shape (candidates, regressors): logarithms of shares, and how long ago it was last.

    Args:
        names: Of the features, as `PairPast.names`.
    """
    place = {name: i for i, name in enumerate(names)}

    def value(name: str) -> Floats:
        return found.features[:, place[name]].astype(np.float64)

    def log(name: str) -> Floats:
        return np.asarray(np.log(np.maximum(value(name), _LEAST)))

    shares = [log(f"share.{who}.{n}") for who in ("same", "doer", "object") for n in (1, 2, 3, 4, 5)]
    rules = [log("rules.best"), log("rules.either"), value("rules.mean")]
    since = value("same.since")
    lately = [(since <= steps).astype(np.float64) for steps in _SINCE]
    # The more is known of the pair, the less what others do counts.
    known = np.log1p(value("pair.4"))
    mixed = [known * log(name) for name in ("share.same.4", "share.doer.4", "act.4", "rules.best")]
    ways = [log(f"share.{name}.{n}") for name in ("way", "subjects.way", "objects.way") for n in (2, 4)]
    # Where networks were asked, their word is one of several: they know less of pairs that meet often.
    said = [value("net"), known * value("net")] if "net" in place else []
    alike = [value(f"{what}.{who}") for who in ("doer", "object") for what in ("alike", "behind.alike")]
    return np.stack(
        [
            *shares,
            *ways,
            *alike,
            log("share.both"),
            log("act.2"),
            log("act.4"),
            *rules,
            *lately,
            np.log(since),
            *mixed,
            *said,
        ],
        axis=1,
    )


@dataclass(frozen=True)
class ActChances:
    """Weights of the regressors, as learned.

    Attributes:
        mean, spread: Of each regressor over the questions learned from.
        weights: Of the regressors, once these are brought to mean 0 and spread 1.
        questions: How many it was learned from.
    """

    mean: Floats
    spread: Floats
    weights: Floats
    questions: int

    def scores(self, found: Acts, names: Sequence[str]) -> Floats:
        """Logarithms of chances, but for a number that is the same within a question."""
        return np.asarray(((regressors(found, names) - self.mean) / self.spread) @ self.weights)

    def chances(self, found: Acts, names: Sequence[str]) -> Floats:
        """Chance of each candidate; those of a question add up to one."""
        scores = self.scores(found, names)
        first = np.flatnonzero(np.diff(found.question, prepend=-1))
        owner = np.cumsum(np.diff(found.question, prepend=-1) > 0) - 1
        weight = np.exp(scores - np.maximum.reduceat(scores, first)[owner])
        return np.asarray(weight / np.add.reduceat(weight, first)[owner])


def happened(found: Acts, questions: PairQuestions, acts: int) -> NDArray[np.bool_]:
    """Which candidates are among what happened."""
    return np.isin(found.question * acts + found.act, questions.question * acts + questions.act)


def learn_chances(lessons: Sequence[tuple[PairQuestions, Acts]], past: PairPast) -> ActChances:
    """Learn the weights from past steps.

    Args:
        lessons: Questions with their candidates, as each was before its step.
        past: Where they come from.

    Raises:
        ForecastError: There are fewer than `LEAST_QUESTIONS` of which a candidate happened.
    """
    from scipy.optimize import minimize

    rows: list[Floats] = []
    right: list[Floats] = []
    for questions, found in lessons:
        came = happened(found, questions, past.acts)
        each = came.reshape(len(questions.subject), -1)
        useful = each.any(axis=1)
        rows.append(regressors(found, past.names)[np.repeat(useful, each.shape[1])])
        right.append(each[useful].astype(np.float64))
    number = sum(len(each) for each in right)
    if number < LEAST_QUESTIONS:
        raise ForecastError(
            f"{number} past days of pairs to learn from, at least {LEAST_QUESTIONS} are needed. Import more events."
        )
    matrix, wanted = np.concatenate(rows), np.concatenate(right)
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0)
    spread[spread == 0] = 1
    matrix = (matrix - mean) / spread
    answers = wanted.sum(axis=1, keepdims=True)
    whole = float(answers.sum())

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = (matrix @ weights).reshape(wanted.shape)
        scores -= scores.max(axis=1, keepdims=True)
        weight = np.exp(scores)
        total = weight.sum(axis=1, keepdims=True)
        fit = float((wanted * (scores - np.log(total))).sum())
        slope = (wanted - answers * weight / total).ravel() @ matrix
        return -fit / whole + _RIDGE * float(weights @ weights), -slope / whole + 2 * _RIDGE * weights

    start = np.zeros(matrix.shape[1])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_ROUNDS})
    return ActChances(mean, spread, np.asarray(best.x), number)
