"""A small network that says how likely each act is to come between two, from many small signs (`act-net.v1`).

One hidden layer of rectified units between the signs and a softmax over all acts; each act that came counts the same.
It finds what no single count tells: that police of a country and a protester of that country meet as others of their
kind do. Beside it, signs that tell of an act itself, as its share in what lies behind the pair, have a weight of their
own on that act: hidden units are too few to carry hundreds of habits each. "A accuses B" read from B's side is "B is
accused by A", so that each pair is shown from a side drawn at random, and answered from both.

Nothing depends on how many signs there are: inward weights start at nothing, and those of a sign that was never seen
stay there.

Source:
    Kingma and Ba (2015), "Adam", for the dense weights; those of a sign have one step size in common, as is common for
    tables of embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]

METHOD = "act-net.v1"

HIDDEN = 160
PAIR_SIGNS = 3
ROUNDS = 7
"""Times that each past question is shown."""
_AT_ONCE = 256
_STEP = np.float32(3e-3)
_SIGN_STEP = 1.5
_LAST_STEP = 0.02
_DROPPED_UNITS, _DROPPED_SIGNS = 0.3, 0.1
_MEMORY, _SQUARES_MEMORY = 0.9, 0.99
_TINY = np.float32(1e-8)


class Shown(NamedTuple):
    """Pairs of past steps with what came between them.

    Attributes:
        signs: Shape (pairs, signs).
        mirrored: The same from the other side.
        came: Shape (pairs, acts), 1 for what came.
    """

    signs: csr_matrix
    mirrored: csr_matrix
    came: csr_matrix


def mirror(acts: Floats) -> Floats:
    """Columns of acts as seen from the other side: each act changes places with its inverse."""
    half = acts.shape[1] // 2
    return np.concatenate([acts[:, half:], acts[:, :half]], axis=1)


class ActNet:
    """One network.

    Args:
        shown: What it learns from.
        direct: First columns of signs that tell of each act itself, in the order of acts: first `PAIR_SIGNS` of the
            pair, whose weights start at one, then others, whose weights start at nothing.
        seed: Of the first weights, of the order in which questions are shown and of what is dropped.
    """

    def __init__(self, shown: Shown, direct: Sequence[int] = (), *, seed: int) -> None:
        acts = shown.came.shape[1]
        self._chance = np.random.default_rng(seed)
        self._signs = np.zeros((shown.signs.shape[1], HIDDEN), np.float32)
        self._sign_squares = np.zeros(len(self._signs), np.float32)
        self._sign_steps = np.zeros(len(self._signs), np.float32)
        outward = self._chance.standard_normal((HIDDEN, acts)) * 0.5 / np.sqrt(HIDDEN)
        self._dense: list[Floats] = [
            np.full(HIDDEN, 0.1, np.float32),
            outward.astype(np.float32),
            np.zeros(acts, np.float32),
            np.zeros((len(direct), acts), np.float32),
        ]
        self._direct = tuple(direct)
        self._dense[3][:PAIR_SIGNS] = 1
        self._means = [np.zeros_like(each) for each in self._dense]
        self._squares = [np.zeros_like(each) for each in self._dense]
        self._steps = 0
        pairs = shown.came.shape[0]
        for number in range(ROUNDS):
            order = self._chance.permutation(pairs)
            for begin in range(0, pairs, _AT_ONCE):
                left = 1 - (number + begin / pairs) / ROUNDS
                which = np.sort(order[begin : begin + _AT_ONCE])
                came = shown.came[which].toarray()
                if self._chance.random() < 0.5:
                    self._learn(shown.signs[which], came, max(left, _LAST_STEP))
                else:
                    self._learn(shown.mirrored[which], mirror(came), max(left, _LAST_STEP))

    def log_chances(self, signs: csr_matrix) -> Floats:
        """Logarithms of the chances of all acts, shape (pairs, acts)."""
        inward, outward, usual, own = self._dense
        hidden = np.maximum(signs @ self._signs + inward, 0)
        return _log_shares(hidden @ outward + usual + np.einsum("kna,ka->na", self._of_acts(signs), own))

    def _of_acts(self, signs: csr_matrix) -> Floats:
        """Signs that tell of acts themselves, shape (kinds of signs, pairs, acts)."""
        acts = self._dense[1].shape[1]
        found = [signs[:, first : first + acts].toarray() for first in self._direct]
        return np.stack(found) if found else np.zeros((0, signs.shape[0], acts), np.float32)

    def _learn(self, signs: csr_matrix, came: Floats, pace: float) -> None:
        """One step down the slope of the mean negative logarithm of the chances of what came."""
        inward, outward, usual, own = self._dense
        of_acts = self._of_acts(signs)
        signs = signs.copy()
        signs.data *= self._kept(signs.data.shape, _DROPPED_SIGNS)
        before = signs @ self._signs + inward
        kept = self._kept(before.shape, _DROPPED_UNITS) * (before > 0)
        hidden = before * kept
        chance = np.exp(_log_shares(hidden @ outward + usual + np.einsum("kna,ka->na", of_acts, own)))
        off = (chance * came.sum(axis=1, keepdims=True) - came) / np.float32(came.sum())
        back = (off @ outward.T) * kept
        self._steps += 1
        step = _STEP * np.float32(pace)
        evened = step * np.float32(np.sqrt(1 - _SQUARES_MEMORY**self._steps) / (1 - _MEMORY**self._steps))
        slopes = (back.sum(axis=0), hidden.T @ off, off.sum(axis=0), np.einsum("kna,na->ka", of_acts, off))
        for place, slope in enumerate(slopes):
            self._means[place] += np.float32(1 - _MEMORY) * (slope - self._means[place])
            self._squares[place] += np.float32(1 - _SQUARES_MEMORY) * (slope**2 - self._squares[place])
            self._dense[place] -= evened * self._means[place] / (np.sqrt(self._squares[place]) + _TINY)
        self._learn_signs(signs, back, step)

    def _learn_signs(self, signs: csr_matrix, back: Floats, step: np.float32) -> None:
        from scipy.sparse import csr_matrix

        # Of tens of thousands of signs a few thousand are there at once; the others are left alone.
        there, column = np.unique(signs.indices, return_inverse=True)
        slope = csr_matrix((signs.data, column, signs.indptr), shape=(signs.shape[0], len(there))).T @ back
        square = np.einsum("ij,ij->i", slope, slope) / np.float32(HIDDEN)
        self._sign_steps[there] += 1
        self._sign_squares[there] += np.float32(1 - _SQUARES_MEMORY) * (square - self._sign_squares[there])
        usual = self._sign_squares[there] / (1 - np.float32(_SQUARES_MEMORY) ** self._sign_steps[there])
        pace = step * np.float32(_SIGN_STEP) / (np.sqrt(usual) + _TINY)
        self._signs[there] -= pace[:, None] * slope

    def _kept(self, shape: tuple[int, ...], dropped: float) -> Floats:
        kept = self._chance.random(shape, dtype=np.float32) > dropped
        return np.asarray(kept * np.float32(1 / (1 - dropped)), np.float32)


def _log_shares(scores: Floats) -> Floats:
    scores = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), np.float32)


def log_chances(nets: Sequence[ActNet], signs: csr_matrix, mirrored: csr_matrix) -> Floats:
    """What networks say on the mean, each from both sides: logarithms of chances but for a number per pair."""
    said = [net.log_chances(signs) + mirror(net.log_chances(mirrored)) for net in nets]
    return np.asarray(np.mean(said, axis=0) / 2, np.float32)
