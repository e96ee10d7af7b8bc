"""How high an office stands, for the level of those one meets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from detente.errors import RegistryError
from detente.registry.tables import rows
from detente.terms import Entity

HIGHEST = 5


@lru_cache(maxsize=1)
def ranks() -> Mapping[str, int]:
    """Rank of each office.

    Returns:
        5 for heads of state and of government, 4 for ministers and their like, 3 for deputies, envoys, aides and
        ambassadors, 2 for the rest.

    Raises:
        RegistryError: A row is no rank.

    >>> ranks()["foreign_minister"], ranks()["special_envoy"]
    (4, 3)
    """
    found = {}
    for where, row in rows("ranks.csv", ("office", "rank")):
        if row["rank"] not in {str(n) for n in range(1, HIGHEST + 1)}:
            raise RegistryError(f"{where}: rank {row['rank']!r} is none of 1 to {HIGHEST}.")
        found[row["office"]] = int(row["rank"])
    return MappingProxyType(found)


def rank_on(person: Entity, day: date | None) -> int | None:
    """The highest rank among the offices held on a day; None for somebody without an office that day."""
    held = [ranks()[role.office] for role in person.roles if role.office in ranks() and role.held_on(day)]
    return max(held, default=None)
