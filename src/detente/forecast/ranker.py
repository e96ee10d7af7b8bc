"""Trees that order candidates, or say how likely each is, grown on questions that were answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import ForecastError

if TYPE_CHECKING:
    import lightgbm

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_SEED = 7
_LEAST_CURVATURE = 1e-6


def load_lightgbm() -> Any:
    """The library of trees, which is an extra.

    Raises:
        ForecastError: It is not installed.
    """
    try:
        import lightgbm
    except ImportError:
        raise ForecastError(
            "forecasting the next event needs LightGBM, which is not installed. Run pip install 'detente[next-event]'."
        ) from None
    return lightgbm


def as_shares(right: NDArray[np.bool_], sizes: Integers) -> Callable[[Floats, Any], tuple[Floats, Floats]]:
    """The objective where scores are to be chances: what each right answer is given by a softmax over its question.

    Args:
        right: Shape (candidates,), in the order of questions.
        sizes: Candidates of each question.

    Returns:
        Gradient and curvature of the summed negative logarithm of the chances, as LightGBM asks for them.
    """
    begins = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(sizes)), sizes)
    answers = np.add.reduceat(right.astype(np.float64), begins)[owner]

    def objective(scores: Floats, _: Any) -> tuple[Floats, Floats]:
        share = softmax(scores, begins, owner)
        return answers * share - right, np.maximum(answers * share * (1 - share), _LEAST_CURVATURE)

    return objective


def softmax(scores: Floats, begins: Integers, owner: Integers) -> Floats:
    """Scores as chances that add up to one in each question.

    Args:
        begins: Where each question's candidates begin.
        owner: Each candidate's question.
    """
    weight = np.exp(scores - np.maximum.reduceat(scores, begins)[owner])
    return np.asarray(weight / np.add.reduceat(weight, begins)[owner])


def grow(
    features: NDArray[np.float32],
    right: NDArray[np.bool_],
    sizes: Integers,
    *,
    trees: int,
    threads: int,
    objective: Callable[[Floats, Any], tuple[Floats, Floats]] | None = None,
    options: Mapping[str, float] = MappingProxyType({}),
) -> lightgbm.Booster:
    """Grow trees on the candidates of past questions.

    Chosen on every second of ICEWS14's validation days: LambdaMART cut at rank 10 ranks a little better than a softmax
    against the wrong candidates (MRR .489 and .487), which large steps ruin (a rate of 0.1: .475).

    Args:
        features: Shape (candidates, features), in the order of questions.
        right: Which candidates are right answers.
        sizes: Candidates of each question.
        trees: How many.
        threads: At once.
        objective: `as_shares`, where scores are to be chances; else right answers are brought to the front
            (LambdaMART).
        options: Of LightGBM, over the ones that are set here.
    """
    library = load_lightgbm()
    settings: dict[str, Any] = {
        "objective": "none" if objective else "lambdarank",
        "lambdarank_truncation_level": 10,
        "num_threads": threads,
        "verbose": -1,
        "seed": _SEED,
        "deterministic": True,
        "force_col_wise": True,
        "max_bin": 63,
        "num_leaves": 31,
        "learning_rate": 0.06,
        "min_data_in_leaf": 300,
        "feature_fraction": 0.3,
        "bagging_fraction": 0.5,
        "bagging_freq": 1,
        **options,
    }
    data = library.Dataset(features, right.astype(np.int8), group=sizes, params=settings, free_raw_data=True)
    booster: lightgbm.Booster = library.Booster(settings, data)
    for _ in range(trees):
        booster.update(fobj=objective)
    return booster
