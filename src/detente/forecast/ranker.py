"""Trees that order candidates: grown so that the right answers' share of a softmax over each question is largest."""

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
_LEAST_HESSIAN = 1e-6


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


def against_the_wrong(right: NDArray[np.bool_], sizes: Integers) -> Callable[[Floats, Any], tuple[Floats, Floats]]:
    """The objective: each right answer's share against the wrong answers of its question.

    The other right answers are left out of the sum, as they are when ranks are counted.

    Args:
        right: Shape (candidates,), in the order of questions.
        sizes: Candidates of each question.

    Returns:
        Gradient and curvature of the summed negative logarithm of the shares, as LightGBM asks for them.
    """
    begins = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(sizes)), sizes)
    places = np.flatnonzero(right)
    of_right = owner[places]

    def objective(scores: Floats, _: Any) -> tuple[Floats, Floats]:
        weight = np.exp(scores - np.maximum.reduceat(scores, begins)[owner])
        wrong: Floats = np.where(right, 0.0, weight)
        whole = np.add.reduceat(wrong, begins)
        inverse = 1 / (weight[places] + whole[of_right] + 1e-12)
        once = np.bincount(of_right, inverse, len(sizes))[owner]
        twice = np.bincount(of_right, inverse**2, len(sizes))[owner]
        gradient: Floats = wrong * once
        curvature: Floats = gradient - wrong**2 * twice
        share = weight[places] * inverse
        gradient[places] = share - 1
        curvature[places] = share * (1 - share)
        return gradient, np.maximum(curvature, _LEAST_HESSIAN)

    return objective


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

    Args:
        features: Shape (candidates, features), in the order of questions.
        right: Which candidates are right answers.
        sizes: Candidates of each question.
        trees: How many.
        threads: At once.
        objective: Instead of `against_the_wrong`.
        options: Of LightGBM, over the ones that are set here.
    """
    library = load_lightgbm()
    settings: dict[str, Any] = {
        "objective": "none",
        "num_threads": threads,
        "verbose": -1,
        "seed": _SEED,
        "deterministic": True,
        "force_col_wise": True,
        "max_bin": 63,
        "num_leaves": 15,
        "learning_rate": 0.08,
        "lambda_l2": 10,
        "min_data_in_leaf": 300,
        "feature_fraction": 0.3,
        "bagging_fraction": 0.5,
        "bagging_freq": 1,
        **options,
    }
    data = library.Dataset(features, right.astype(np.int8), group=sizes, params=settings, free_raw_data=True)
    booster: lightgbm.Booster = library.Booster(settings, data)
    gradient = objective or against_the_wrong(right, sizes)
    for _ in range(trees):
        booster.update(fobj=gradient)
    return booster
