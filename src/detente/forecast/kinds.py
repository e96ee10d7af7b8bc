"""What kind of actor a name tells of, and where: "Police (India)" is police, of India."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

STATE, OTHER, NOWHERE = "(state)", "(other)", ""
_OF_A_PLACE = re.compile(r"(.+?)\s*\(([^()]+)\)")


class Kinds(NamedTuple):
    """Kind and place of each name, as numbers, and what the numbers stand for.

    Attributes:
        kind, place: Shape (names,).
        kinds, places: Sorted.
    """

    kind: Integers
    place: Integers
    kinds: tuple[str, ...]
    places: tuple[str, ...]


def kinds_of(names: Sequence[str]) -> Kinds:
    """Kinds and places of names. One that is another's place is a state, what has none is told apart by nothing.

    >>> found = kinds_of(["India", "Police (India)", "Narendra Modi"])
    >>> [(found.kinds[k], found.places[p]) for k, p in zip(found.kind, found.place)]
    [('(state)', 'India'), ('Police', 'India'), ('(other)', '')]
    """
    parts = [_OF_A_PLACE.fullmatch(name) for name in names]
    named = {part.group(2) for part in parts if part}
    told = [
        part.groups() if part else (STATE, name) if name in named else (OTHER, NOWHERE)
        for name, part in zip(names, parts, strict=True)
    ]
    kinds, places = (tuple(sorted({str(each[i]) for each in told})) for i in (0, 1))
    kind, place = (
        np.array([{name: n for n, name in enumerate(of)}[str(each[i])] for each in told], dtype=np.int64)
        for i, of in ((0, kinds), (1, places))
    )
    return Kinds(kind, place, kinds, places)
