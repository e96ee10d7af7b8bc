"""Who stands near whom: a spectral map of who deals with whom, and what it says about pairs that never met.

The map is the leading eigenvectors of the fading counts of each pair, evened out by how busy the two are. It is carried
from step to step: one round of subspace iteration brings yesterday's map to today's counts.

Source:
    Halko, Martinsson and Tropp (2011), SIAM Review 53, 217-288: randomized subspace iteration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]

RANK = 48
_SPARE = 8
_SEED = 20141


class Nearness:
    """A map of entities, brought up to date once a step.

    Attributes:
        vectors: Shape (entities, RANK), orthonormal columns.
        scaled: The same, each column times its eigenvalue: `scaled[a] @ vectors[b]` is the counts' smooth estimate.
        unit: Rows of length one, for the likeness of two entities.
    """

    def __init__(self, entities: int) -> None:
        self._rank = min(RANK, max(entities - _SPARE, 1))
        start = np.random.default_rng(_SEED).standard_normal((entities, min(self._rank + _SPARE, entities)))
        self._basis: Floats = np.linalg.qr(start)[0].astype(np.float32)
        self.vectors = self.scaled = self.unit = self._basis[:, : self._rank]

    def update(self, pairs: csr_matrix, rounds: int = 1) -> None:
        """Bring the map to a symmetric matrix of fading counts of pairs."""
        from scipy.sparse import diags

        weights = pairs.copy()
        weights.data = np.log1p(weights.data)
        evened = diags((1 / np.sqrt(np.asarray(weights.sum(axis=1)).ravel() + 1)).astype(np.float32))
        matrix = (evened @ weights @ evened).tocsr()
        basis = self._basis
        for _ in range(rounds):
            basis = np.linalg.qr(matrix @ basis)[0]
        inner = basis.T @ (matrix @ basis)
        values, turned = np.linalg.eigh((inner + inner.T) / 2)
        order = np.argsort(-np.abs(values))
        self._basis = np.ascontiguousarray(basis @ turned[:, order], dtype=np.float32)
        leading = values[order][: self._rank].astype(np.float32)
        self.vectors = self._basis[:, : self._rank]
        self.scaled = self.vectors * leading
        self.unit = unit_rows(self.vectors * np.sqrt(np.abs(leading)))


def unit_rows(rows: Floats) -> Floats:
    """Rows brought to length one; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
    return np.asarray(rows / (lengths + np.float32(1e-6)), np.float32)
