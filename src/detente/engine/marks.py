"""Which rows of an event database repeat or mirror another: marked, never dropped."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

# Acts that databases write once from each side. Share of rows with the same act the other way round, 3,705 ICEWS rows
# of June 2018: CAMEO 040, 041, 044, 046, 057 at least 97 %, 042 against 043 100 %, 030 83 %, 050 73 %, 032 to 037 about
# a third, 087 all; any other code at most 6 %, where two sides did accuse or fight each other, which are two acts.
_MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
_OTHER_SIDE = {"043": "042"}


def acts(rows: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keys of what rows tell of: equal where they tell of the same act.

    Args:
        rows: With `day_number`, and as dictionaries `actor`, `source`, `recipient`, `target`, `code`, `type`, `mode`.

    Returns:
        Shape (n,) each. First, day, actor, source, recipient, target and code as one number; then the same number for
        both tellings of a mutual act (a meeting), and for any other act its own.

    Source:
        Finalizer of SplitMix64 over BLAKE2b of each word: Steele, Lea and Flood (2014), OOPSLA, 453-472. Two of a
        billion rows share a key by accident with a chance of .03.
    """
    import numpy as np

    day = rows.column("day_number").to_numpy().astype(np.uint64)
    by = _mixed(_hashed(rows, "actor"), _hashed(rows, "source"))
    toward = _mixed(_hashed(rows, "recipient"), _hashed(rows, "target"))
    code, one_code, mutual = _codes(rows)
    act = _mixed(day, by, toward, code)
    joint = _mixed(day, np.minimum(by, toward), np.maximum(by, toward), one_code, np.uint64(1))
    return act.view(np.int64), np.where(mutual, joint, act).view(np.int64)


def marks(
    act: NDArray[np.int64], joint_act: NDArray[np.int64], known: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mark rows that repeat or mirror one before them.

    A repeat is what the row it repeats is, so that the acts of a pair are its rows that are neither.

    Args:
        act, joint_act: Shape (n,), from `acts`, in the order of the files.
        known: The same of rows imported before that repeat no other, those that mirror none first.

    Returns:
        Shape (n,) each: repeats, mirrors.
    """
    import numpy as np

    before = len(known[0])
    every, every_joint = np.concatenate([known[0], act]), np.concatenate([known[1], joint_act])
    _, first, place = np.unique(every, return_index=True, return_inverse=True)
    repeat = first[place] != np.arange(len(every))
    _, first_joint, place_joint = np.unique(every_joint, return_index=True, return_inverse=True)
    mirror = every[first_joint[place_joint]] != every
    return repeat[before:], mirror[before:]


def _codes(rows: pa.Table) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.bool_]]:
    """Hash of each row's code; of the code that both sides' tellings have; whether the act is mutual."""
    import numpy as np

    code, kind, mode = (rows.column(name) for name in ("code", "type", "mode"))
    words = _words(code)
    same = [_OTHER_SIDE.get(word or "", word) for word in words]
    kinds, modes = (np.array([word or "" for word in _words(column)], object) for column in (kind, mode))
    binding = np.isin(kinds, list(_MUTUAL))[_indices(kind)]
    ceasefire = (kinds == "RETREAT")[_indices(kind)] & (modes == "ceasefire")[_indices(mode)]
    at = _indices(code)
    return (
        np.array([_hash(word) for word in words], np.uint64)[at],
        np.array([_hash(word) for word in same], np.uint64)[at],
        binding | ceasefire,
    )


def _hashed(rows: pa.Table, name: str) -> NDArray[np.uint64]:
    import numpy as np

    column = rows.column(name)
    return np.array([_hash(word) for word in _words(column)], np.uint64)[_indices(column)]


def _words(column: pa.ChunkedArray) -> list[str | None]:
    """The words of a dictionary; None at the end, where `_indices` puts what is missing."""
    return [*column.chunk(0).dictionary.to_pylist(), None] if column.num_chunks else [None]


def _indices(column: pa.ChunkedArray) -> NDArray[np.int64]:
    import numpy as np

    if not column.num_chunks:
        return np.zeros(0, np.int64)
    chunk = column.chunk(0)
    return np.asarray(chunk.indices.fill_null(len(chunk.dictionary)).to_numpy(zero_copy_only=False), np.int64)


@lru_cache(maxsize=1 << 18)
def _hash(word: str | None) -> int:
    return int.from_bytes(hashlib.blake2b((word or "").encode(), digest_size=8).digest(), "little")


def _mixed(*parts: Any) -> NDArray[np.uint64]:
    import numpy as np

    with np.errstate(over="ignore"):
        found = np.uint64(0x9E3779B97F4A7C15)
        for part in parts:
            found = (found ^ part) * np.uint64(0xBF58476D1CE4E5B9)
            found ^= found >> np.uint64(30)
            found = found * np.uint64(0x94D049BB133111EB)
            found = found ^ (found >> np.uint64(31))
    return np.asarray(found, np.uint64)
