"""Folders of dated facts as research on forecasting passes them on: who, did what, to whom, when, as numbers.

The files are `entity2id.txt` and `relation2id.txt` (name and number, parted by a tab) and `train.txt`, `valid.txt` and
`test.txt` (subject, relation, object, time, and columns that nobody reads), in the order of time. What is scored must
be whole, so that one bad line stops the reading; `detente import icews` reads the same files line by line instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.errors import ForecastError

Integers = NDArray[np.int64]

ENTITIES, RELATIONS = "entity2id.txt", "relation2id.txt"
PARTS = ("train.txt", "valid.txt", "test.txt")

_LARGEST = 2**31 - 1
_SEED = 5
# One wrong time stretches a year over centuries, and every step between costs as much as one with facts. Sets that are
# passed on have facts in nearly every step.
_MOST_STEPS_A_TIME = 100
# A reading of 40 characters shows what is wrong with a line; a damaged file can hold one of megabytes.
_SHOWN = 40


class Quadruples(NamedTuple):
    """Facts, one a place: who did what to whom, and in which step of time. All of shape (facts,)."""

    subject: Integers
    relation: Integers
    object: Integers
    time: Integers

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Quadruples:
        """The facts at some places."""
        return Quadruples(*(column[which] for column in self))


@dataclass(frozen=True)
class FactFolder:
    """A folder that was read.

    Attributes:
        entities, relations: Name by number, empty where the lists name none. The numbers are ours, in random order.
        facts: All of the three files, in the order of time.
        parts: First step of the validation and of the test.
        step: How many units of the files' time one step is: 24 where they count the hours of days.
        first_time: Of the first step, in the files' units.
        rows: Where each fact stands, `train.txt:17`; a fact told twice, where it stands first.
    """

    folder: Path
    entities: tuple[str, ...]
    relations: tuple[str, ...]
    facts: Quadruples
    parts: tuple[int, int]
    step: int
    first_time: int
    rows: tuple[str, ...]


def read_facts(folder: Path) -> FactFolder:
    """Read a folder of facts.

    Raises:
        ForecastError: A file is missing or empty, or a line of one cannot be read; the message names file and line.
            Or hardly any step of time has facts.
    """
    entities, relations = _names(folder / ENTITIES), _names(folder / RELATIONS)
    read = [_part(folder / name, len(entities), len(relations)) for name in PARTS]
    parts = [part for part, _ in read]
    for (before, after), name in zip(pairwise(parts), PARTS[1:], strict=True):
        if after[:, 3].min() <= before[:, 3].max():
            odd = int(np.argmax(after[:, 3] <= before[:, 3].max()))
            line = dict(zip(PARTS, (lines for _, lines in read), strict=True))[name][odd]
            raise ForecastError(
                f"{folder / name}, line {line}: time {after[odd, 3]} is not after the part before, which ends at "
                f"{before[:, 3].max()}. Forecasts are judged on what comes later; cut the files by time."
            )
    whole = np.concatenate(parts)
    first = int(whole[:, 3].min())
    step = int(np.gcd.reduce(whole[:, 3] - first)) or 1
    steps, taken = int(whole[:, 3].max() - first) // step + 1, len(np.unique(whole[:, 3]))
    if steps > _MOST_STEPS_A_TIME * taken + 1000:
        raise ForecastError(
            f"{folder}: {steps:,} steps of {step} from the first time to the last, facts in {taken:,} of them. "
            "Mend the times that are out of line, or count them in days."
        )
    begins = tuple(int((part[:, 3].min() - first) // step) for part in parts[1:])
    # Names may be numbered by how common they are over the whole set, its test included (ICEWS14's are). Where
    # candidates tie, the order of their numbers must not tell; so all are numbered anew, at random.
    chance = np.random.default_rng(_SEED)
    entities, new_entities = _shuffled(entities, chance)
    relations, new_relations = _shuffled(relations, chance)
    whole = np.stack(
        [new_entities[whole[:, 0]], new_relations[whole[:, 1]], new_entities[whole[:, 2]], whole[:, 3]], axis=1
    )
    # A fact told twice is one fact: an answer is right or wrong once.
    whole, at = np.unique(whole[:, [3, 0, 1, 2]], axis=0, return_index=True)
    places = [f"{name}:{line}" for name, (_, lines) in zip(PARTS, read, strict=True) for line in lines]
    facts = Quadruples(whole[:, 1], whole[:, 2], whole[:, 3], (whole[:, 0] - first) // step)
    return FactFolder(
        folder, entities, relations, facts, (begins[0], begins[1]), step, first, tuple(places[i] for i in at)
    )


def _shuffled(names: tuple[str, ...], chance: np.random.Generator) -> tuple[tuple[str, ...], Integers]:
    """Names in random order, and where each of the old numbers went."""
    order = chance.permutation(len(names))
    return tuple(names[n] for n in order), np.argsort(order)


def _names(path: Path) -> tuple[str, ...]:
    found: dict[int, str] = {}
    for number, line in _lines(path):
        name, tab, rest = line.partition("\t")
        cell = rest.split("\t", 1)[0].strip()
        if not tab or not (cell.isascii() and cell.isdigit()) or len(cell) > 10 or int(cell) > _LARGEST:
            raise ForecastError(f"{path}, line {number}: {line[:_SHOWN]!r} is no name, tab and number. Mend the line.")
        if int(cell) in found:
            raise ForecastError(f"{path}, line {number}: number {cell} has the name {found[int(cell)]!r} already.")
        found[int(cell)] = " ".join(name.replace("_", " ").split())
    if not found:
        raise ForecastError(f"{path}: no names. Get the file again.")
    most = max(found)
    if most >= 2 * len(found) + 1000:
        raise ForecastError(f"{path}: {len(found):,} names, but the numbers go up to {most:,}. Number them from 0.")
    return tuple(found.get(n, "") for n in range(most + 1))


def _part(path: Path, entities: int, relations: int) -> tuple[Integers, list[int]]:
    lines: list[int] = []
    rows: list[tuple[int, int, int, int]] = []
    limits = (entities, relations, entities, _LARGEST)
    for number, line in _lines(path):
        cells = line.split("\t", 4)[:4]
        if len(cells) < 4:
            raise ForecastError(
                f"{path}, line {number}: {len(cells)} columns, expected 4: subject, relation, object, time. Mend it."
            )
        values = []
        for cell, limit, what in zip(cells, limits, ("subject", "relation", "object", "time"), strict=True):
            text = cell.strip()
            if not (text.isascii() and text.isdigit()) or len(text) > 10:
                raise ForecastError(f"{path}, line {number}: {what} {text[:_SHOWN]!r} is no whole number. Mend it.")
            if int(text) >= limit:
                where = {"subject": ENTITIES, "object": ENTITIES, "relation": RELATIONS, "time": "a calendar"}[what]
                raise ForecastError(f"{path}, line {number}: {what} {text} is not in {where}. Mend one of the two.")
            values.append(int(text))
        rows.append((values[0], values[1], values[2], values[3]))
        lines.append(number)
    if not rows:
        raise ForecastError(f"{path}: no facts. Get the file again.")
    return np.array(rows, dtype=np.int64), lines


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines that are not empty, numbered from 1."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise ForecastError(
            f"{path}: {problem.strerror}. Expected a folder with {ENTITIES}, {RELATIONS}, {', '.join(PARTS)}."
        ) from problem
    found = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        try:
            text = line.decode("utf-8").rstrip("\r")
        except UnicodeDecodeError as problem:
            raise ForecastError(f"{path}, line {number}: byte {problem.start} is not UTF-8. Mend it.") from problem
        if text.strip():
            found.append((number, text))
    return found


def both_ways(facts: Quadruples, relations: int) -> Quadruples:
    """Each fact and its inverse, in the order of time: "A accuses B" is also "B is accused by A".

    Args:
        relations: How many there are; the inverse of relation r is r + relations.

    Returns:
        Of twice the length, sorted by time, subject, relation and object.

    >>> import numpy as np
    >>> one = Quadruples(*(np.array([n]) for n in (4, 2, 7, 0)))
    >>> [column.tolist() for column in both_ways(one, 10)]
    [[4, 7], [2, 12], [7, 4], [0, 0]]
    """
    subject, relation, target, time = facts
    doubled = Quadruples(
        np.concatenate([subject, target]),
        np.concatenate([relation, relation + relations]),
        np.concatenate([target, subject]),
        np.concatenate([time, time]),
    )
    order = np.lexsort((doubled.object, doubled.relation, doubled.subject, doubled.time))
    return doubled.chosen(order)
