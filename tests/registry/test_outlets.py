"""The table of outlets is whole, and an address leads to one outlet or to none."""

import re
from collections import Counter

import pytest

from detente.registry import OWNERSHIPS, load, outlet
from detente.registry.tables import rows
from detente.terms import LANGUAGES

ROWS = [row for _, row in rows("outlets.csv", ("domain", "name", "country", "ownership", "languages"))]


def test_every_outlet_has_a_domain_of_its_own_and_known_codes() -> None:
    assert max(Counter(row["domain"] for row in ROWS).values()) == 1
    for row in ROWS:
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", row["domain"]), row
        assert row["name"], row
        assert row["country"] in ("", "EUR", "HKG") or row["country"] in load().states, row
        assert row["ownership"] in ("", *OWNERSHIPS), row
        assert set(filter(None, row["languages"].split("|"))) <= set(LANGUAGES), row


@pytest.mark.parametrize(
    ("address", "country", "ownership"),
    [
        ("https://www.diplomatie.gouv.fr/fr/", "FRA", "official"),
        ("https://mfa.gov.cn/x", "CHN", "official"),
        ("https://www.mofa.go.jp/", "JPN", "official"),
        ("https://www.gov.uk/", "GBR", "official"),
        ("https://energy.gov/", "USA", "official"),
        ("https://www.abc.net.au/news", "AUS", "public"),
        ("https://abcnews.go.com/x", "USA", "private"),
        ("https://russian.rt.com/x", "RUS", "state"),
        ("https://gov.example/", "", ""),
        ("https://start.com/", "", ""),
        ("", "", ""),
    ],
)
def test_a_longer_address_belongs_to_the_nearest_outlet(address: str, country: str, ownership: str) -> None:
    found = outlet(address)
    assert (found.country, found.ownership) == (country, ownership)
