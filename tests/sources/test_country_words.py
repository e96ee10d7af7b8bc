"""Country words of event databases are read as the state they mean, or known to mean none."""

import csv
import gzip
from importlib.resources import files
from pathlib import Path

import pytest

from detente.registry import load
from detente.sources.country_words import IcewsCountries, fips_codes, fips_country


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("RS", "RUS"), ("GM", "DEU"), ("CH", "CHN"), ("SW", "SWE"), ("SZ", "CHE"), ("UP", "UKR"), ("IZ", "IRQ"),
        ("EI", "IRL"), ("KS", "KOR"), ("KN", "PRK"), ("RP", "PHL"), ("GZ", "PSE"), ("WE", "PSE"), ("SP", "ESP"),
        ("AU", "AUT"), ("AS", "AUS"), ("BO", "BLR"), ("BL", "BOL"), ("NI", "NGA"), ("NG", "NER"), ("CG", "COD"),
        ("CF", "COG"), ("OD", "SSD"), ("KV", "XKX"), ("RI", "SRB"), ("TU", "TUR"), ("TX", "TKM"), ("us", "USA"),
    ],
)  # fmt: skip
def test_a_fips_code_is_not_read_as_the_iso_code_of_the_same_letters(code: str, state: str) -> None:
    assert fips_country(code, load()) == state


@pytest.mark.parametrize("code", ["OS", "OC", "PG", "PF", "PJ", "NM", "UU", "NT", "YI", ""])
def test_a_place_that_is_no_state_has_no_code_and_is_no_error(code: str) -> None:
    assert fips_country(code, load()) == ""


@pytest.mark.parametrize("code", ["QQ", "RUS", "R", "R S", "Ру"])
def test_an_unknown_fips_code_is_told_from_a_place_without_a_state(code: str) -> None:
    assert fips_country(code, load()) is None


def test_every_state_has_a_fips_code_and_every_fips_code_means_a_code_that_the_registry_knows() -> None:
    registry = load()
    given = [code for code in fips_codes().values() if code]
    assert [code for code in given if registry.code(code) != code] == []
    assert set(registry.states) - set(given) == {"EUR"}


def test_no_table_of_country_words_gives_a_word_twice() -> None:
    for table, key in (("fips_countries.csv", ("given",)), ("database_countries.csv", ("database", "given"))):
        text = (files("detente.sources") / table).read_text(encoding="utf-8")
        words = [tuple(row[k] for k in key) for row in csv.DictReader(text.splitlines())]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Holy See (Vatican City State)", "VAT"),
        ("Congo, Republic Of", "COG"),
        ("Congo, The Democratic Republic Of", "COD"),
        ("Bolivia, Plurinational State Of", "BOL"),
        ("Cote D'ivoire", "CIV"),
        ("South\xa0Korea", "KOR"),
        ("United_Arab_Emirates", "ARE"),
        ("Latin America", ""),
        ("Hamas", None),
        ("Northern Ireland", None),
    ],
)
def test_a_country_name_of_icews_is_read_whatever_its_capitals_and_blanks(name: str, state: str | None) -> None:
    assert IcewsCountries(load()).code(name) == state


def test_each_of_the_152_countries_of_the_real_yearly_counts_is_a_state(outside: Path) -> None:
    path = outside / "data" / "events" / "icews_quad_yearly_2002_2014.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = {row["i"] for row in csv.DictReader(file)}
    countries = IcewsCountries(load())
    assert len({countries.code(name) for name in names} - {None, ""}) == len(names) == 152
