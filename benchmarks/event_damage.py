"""Damages lines of event databases in the ways that files really break, and says which line in which way."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Damage = Callable[[list[bytes], random.Random], bytes]
HUGE_BYTES = 3_000_000


@dataclass(frozen=True)
class Way:
    """One way of damage.

    Attributes:
        damage: Makes one line of the cells of a good one.
        problems: What an importer may call it: `detente.sources.event_databases.Problem`.
    """

    damage: Damage
    problems: frozenset[str]


PLACES: Mapping[str, Mapping[str, int]] = {
    "gdelt": {"id": 0, "day": 1, "code": 26, "country": 17, "number": 31, "latitude": 56, "added": 59, "text": 60},
    "icews": {"id": 0, "day": 1, "code": 6, "country": 4, "number": 7, "latitude": 18, "text": 8},
    "polecat": {"id": 0, "day": 1, "code": 2, "country": 8, "number": 4, "latitude": 28, "text": 7},
}
"""Where the columns that are damaged stand."""


def _joined(cells: Sequence[bytes]) -> bytes:
    return b"\t".join(cells)


def _put(column: str, cell: bytes | Callable[[bytes], bytes]) -> Callable[[Mapping[str, int]], Damage]:
    def of(places: Mapping[str, int]) -> Damage:
        def damage(cells: list[bytes], _: random.Random) -> bytes:
            at = places[column]
            cells[at] = cell if isinstance(cell, bytes) else cell(cells[at])
            return _joined(cells)

        return damage

    return of


def _anywhere(damage: Damage) -> Callable[[Mapping[str, int]], Damage]:
    return lambda _: damage


def _inside(what: bytes) -> Damage:
    """Put bytes into the middle of the line, between two ASCII characters."""

    def damage(cells: list[bytes], chance: random.Random) -> bytes:
        line = _joined(cells)
        at = chance.choice([at for at in range(1, len(line)) if line[at - 1] < 128 and line[at] < 128])
        return line[:at] + what + line[at:]

    return damage


def _cut(cells: list[bytes], chance: random.Random) -> bytes:
    line = _joined(cells)
    last = line.rindex(b"\t")
    return line[: chance.randrange(1, last + 1)]


_GDELT = frozenset({"gdelt"})
_WAYS: Mapping[str, tuple[Callable[[Mapping[str, int]], Damage], str, frozenset[str] | None]] = {
    "too few columns": (_anywhere(lambda cells, chance: _joined(cells[: -chance.randrange(1, 5)])), "columns", None),
    "too many columns": (_anywhere(lambda cells, _: _joined([*cells, b"more", b""])), "columns", None),
    "a number that is none": (_put("number", b"many"), "number", None),
    "a number past 64 bits": (_put("number", b"99999999999999999999"), "number", None),
    "not UTF-8": (_anywhere(_inside(b"\xe9\xff")), "encoding", None),
    "a NUL byte": (_anywhere(_inside(b"\0")), "nul", None),
    "an impossible day": (_put("day", lambda day: b"2023-02-30" if b"-" in day else b"20259999"), "date", None),
    "no id": (_put("id", b""), "id", None),
    "an unknown code": (_put("code", b"2999"), "code", None),
    "an unknown country": (_put("country", b"QQQ"), "country", None),
    "3 MB in one cell": (_put("text", b"https://example.org/" + b"a" * HUGE_BYTES), "length", None),
    "a day after the row was added": (_put("day", lambda _: b"20991231"), "date", _GDELT),
    "an added day that is none": (_put("added", b"20231301000000"), "date", _GDELT),
    "an id past 64 bits": (_put("id", b"99999999999999999999"), "id", _GDELT),
    "a latitude out of range": (_put("latitude", b"95.5"), "place", None),
    "a line cut in the middle": (_anywhere(_cut), "columns", None),
    "a carriage return in the middle": (_anywhere(_inside(b"\r")), "columns encoding", None),
    "a quarter of another line": (_anywhere(lambda cells, _: _joined([*cells[:10], *cells])), "columns", None),
}


def ways(kind: str) -> dict[str, Way]:
    """The ways that apply to one database."""
    return {
        name: Way(make(PLACES[kind]), frozenset(problems.split()))
        for name, (make, problems, only) in _WAYS.items()
        if only is None or kind in only
    }


def damaged(
    kind: str, lines: Sequence[bytes], *, share: float = 0.05, seed: int = 0
) -> tuple[list[bytes], dict[int, str]]:
    """Damage a share of the lines, every way about as often.

    Args:
        kind: `gdelt`, `icews` or `polecat`; GDELT 2.0's layout.
        lines: Good ones, without header and line breaks.
        share: Of the lines, 0 to 1.

    Returns:
        The lines, and the way of each damaged one by its place, from 0.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up damage, no secret
    known = ways(kind)
    chosen = sorted(chance.sample(range(len(lines)), round(share * len(lines))))
    held, told = list(lines), {}
    for count, at in enumerate(chosen):
        name = list(known)[count % len(known)]
        held[at] = known[name].damage(lines[at].split(b"\t"), chance)
        told[at] = name
    return held, told
