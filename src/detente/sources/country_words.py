"""Country words of event databases as alpha-3 codes: FIPS 10-4 codes of places, and the names that ICEWS writes.

Each of the two answers in three ways: a code; an empty string for what is known to be no state; None for a word that
is not known, which the caller reports.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from detente.registry import Registry


@cache
def fips_codes() -> Mapping[str, str]:
    """FIPS 10-4 country code to alpha-3, empty where it is no state's: seas, and islands that several states claim.

    >>> fips_codes()["RS"], fips_codes()["OS"]
    ('RUS', '')
    """
    return MappingProxyType({row["given"]: row["alpha3"] for row in _rows("fips_countries.csv")})


def fips_country(code: str, registry: Registry) -> str | None:
    """Read a FIPS 10-4 country code, as GDELT places its events with (`ActionGeo_CountryCode`).

    Half of these codes are another state's in ISO 3166: `RS` is Russia here and Serbia there.

    Args:
        code: Two letters, or nothing where the event has no place.
        registry: Knows which alpha-3 codes there are.

    Returns:
        Alpha-3 code; empty for no place or no state's; None for an unknown code.

    Source:
        FIPS PUB 10-4 (withdrawn in 2008), kept up to date as Geopolitical Entities and Codes.

    >>> from detente.registry import load
    >>> [fips_country(code, load()) for code in ("GM", "CH", "GZ", "OS", "", "QQ")]
    ['DEU', 'CHN', 'PSE', '', '', None]
    """
    given = code.strip().upper()
    found = fips_codes().get(given) if given else ""
    return (registry.code(found) or None) if found else found


class IcewsCountries:
    """Names of countries as ICEWS and tables made from it write them.

    >>> from detente.registry import load
    >>> names = IcewsCountries(load())
    >>> names.code("Russian Federation"), names.code("Middle East"), names.code("Boko Haram")
    ('RUS', '', None)
    """

    def __init__(self, registry: Registry) -> None:
        self._codes: dict[str, str] = {}
        for code, state in registry.states.items():
            for name in dict(state.entity.names).get("en", ()):
                self._codes.setdefault(_key(name), code)
        for row in _rows("database_countries.csv"):
            if row["database"] == "icews":
                self._codes[_key(row["given"])] = row["alpha3"]

    def code(self, name: str) -> str | None:
        """Alpha-3 code; empty for what is known to be no state; None for an unknown name."""
        return self._codes.get(_key(name))


def _key(name: str) -> str:
    # Tables write "Viet_Nam" and "Cote D'ivoire", and no-break spaces between two words.
    return " ".join(name.replace("_", " ").split()).casefold()


def _rows(table: str) -> list[dict[str, str]]:
    text = (files("detente.sources") / table).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
