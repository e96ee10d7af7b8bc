"""Outlets: whose press a report comes from.

An outlet is known by the host of the report's address, or by its name where there is no address. A host that is in no
row is unknown: a `.ru` address says nothing about who writes. What lies below a government's own suffix (`.gov`,
`.gouv.fr`, `.gov.ru`) is official by rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlsplit

from detente.registry.registry import load
from detente.registry.tables import one_of, rows, variants

OWNERSHIPS = ("official", "state", "public", "private")
"""A government's or organisation's own site; owned or run by a state, its ruling party or its companies; paid by a
state or a fee, with independence in law; private."""

_LABELS = r"(?:gov|gob|gouv|govt|gub|go|government|mfa|parliament)"
_OFFICIAL = re.compile(rf"(?:^|\.){_LABELS}\.([a-z]{{2}})$")
_OWN_SUFFIX = {"gov": "USA", "mil": "USA"}


@dataclass(frozen=True, slots=True)
class Outlet:
    """One newspaper, agency, broadcaster or official site.

    Attributes:
        key: Its domain; of an unknown one the host, or the name as the report gives it.
        name: As a reader knows it; of an unknown one the key.
        country: Alpha-3 code of where its newsroom sits; empty where unknown, or of no state.
        ownership: One of `OWNERSHIPS`; empty where unknown.
        languages: Of ours, those it is published in.
        known: Whether it is in the table, or official by its suffix.
    """

    key: str
    name: str
    country: str = ""
    ownership: str = ""
    languages: tuple[str, ...] = ()
    known: bool = False


def outlet(url: str, name: str = "") -> Outlet:
    """Tell which outlet a report comes from.

    Args:
        url: The report's address; may be empty.
        name: What the report calls its source, used where there is no address.

    >>> outlet("https://french.peopledaily.com.cn/n3/1.html").name, outlet("https://www.diplomatie.gouv.fr/").country
    ("People's Daily", 'FRA')
    >>> outlet("", "Ведомости").key, outlet("https://example.ru/1").country
    ('vedomosti.ru', '')
    """
    by_domain, by_name = _tables()
    host = _host(url)
    labels = host.split(".")
    for place in range(len(labels) - 1):
        found = by_domain.get(".".join(labels[place:]))
        if found is not None:
            return found
    if host:
        country = _official(host)
        if country:
            return Outlet(host, host, country, "official", known=True)
        return Outlet(host, host)
    called = " ".join(name.split())
    return by_name.get(called.casefold()) or Outlet(called, called)


def _host(url: str) -> str:
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def _official(host: str) -> str:
    found = _OFFICIAL.search(host)
    if found:
        return load().code("GB" if found[1] == "uk" else found[1].upper())
    return _OWN_SUFFIX.get(host.rpartition(".")[2], "")


@lru_cache(maxsize=1)
def _tables() -> tuple[Mapping[str, Outlet], Mapping[str, Outlet]]:
    registry = load()
    by_domain: dict[str, Outlet] = {}
    by_name: dict[str, Outlet] = {}
    for where, row in rows("outlets.csv", ("domain", "name", "country", "ownership", "languages")):
        names = variants(row["name"])
        held = Outlet(
            key=row["domain"],
            name=names[0],
            country=registry.alpha3(row["country"]) if row["country"] else "",
            ownership=one_of(where, row["ownership"], ("", *OWNERSHIPS), "ownership"),
            languages=variants(row["languages"]),
            known=True,
        )
        by_domain[held.key] = held
        for name in names:
            by_name.setdefault(name.casefold(), held)
    return MappingProxyType(by_domain), MappingProxyType(by_name)
