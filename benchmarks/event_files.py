"""Made-up rows of the event databases in their real layouts, and as our events table, for benchmarks and tests.

Nothing in them happened. What costs time is as in the real files: 400 bytes a row in 61 columns, a few countries that
are in most rows, acts within one state, actors without a country, rows that repeat, days long before the report.
The same seed gives the same rows, block by block.

    python benchmarks/event_files.py FOLDER --files 96              a day of GDELT's 15-minute files
    python benchmarks/event_files.py FOLDER --rows 10000000 --table  the events table, as Parquet
"""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from numpy.typing import NDArray

from detente.codebook import crosswalk, quad, score_tenths
from detente.engine.events import EVENTS, arrow_schema
from detente.registry import load
from detente.sources.country_words import fips_codes

Ints = NDArray[np.int64]

ROWS_A_DAY = 160_000
QUARTERS = 96
START = date(2023, 1, 1)
ROWS_A_REPORT = 3
BLOCK = 1_000_000
FIRST_ID = 1_000_000_000

# Shares below that name a sample were counted in 3,705 ICEWS rows of June 2018; the others are round numbers.
CAMEO = """
010:528 040:492 036:295 173:244 020:170 042:149 043:148 051:139 112:126 046:121 141:104 111:104 030:95 193:71 180:68
050:68 032:67 190:66 057:57 100:52 120:40 013:24 090:23 044:22 130:20 145:18 041:18 017:18 012:18 160:16 0841:16 073:16
022:13 181:10 138:10 182:9 175:9 1711:9 154:9 016:9 129:8 114:8 060:7 174:6 053:6 0241:6 195:5 194:5 128:5 115:5 113:5
1121:5 081:5 070:5 0311:5 014:5 143:4 102:4 091:4 019:4 1823:3 1822:3 1821:3 161:3 127:3 124:3 0831:3 071:3 055:3 054:3
037:3 0331:3 0214:3 015:3 183:2 172:2 164:2 1621:2 153:2 142:2 1122:2 1056:2 1044:2 0874:2 0871:2 072:2 064:2 061:2
035:2 033:2
"""
"""CAMEO codes and how often the sample has them."""

WITHIN_ONE_STATE = 0.43  # the sample
FIRST_MISSING, SECOND_MISSING, BOTH_MISSING = 0.12, 0.20, 0.03
REPEATED = 0.01
MUTUAL_MIRRORED = 0.5
LATE = ((0, 0.935), (1, 0.035), (7, 0.012), (30, 0.009), (365, 0.006), (3650, 0.003))
"""Days between an act and its report, and their shares: anniversaries are dated back by the year and the decade."""
ZIPF = 1.15

FOREMOST = """
USA RUS GBR CHN ISR FRA IRN IND TUR DEU UKR PAK SYR JPN AUS CAN IRQ NGA ITA KOR EGY AFG SAU ESP PSE PHL PRK MEX GRC ZAF
POL LBN BRA BEL VEN IDN YEM KEN NLD THA SWE MYS BGD CUB LBY JOR QAT ARE VNM AZE ARM GEO BLR ROU HUN AUT
"""
"""States that most reports are of, foremost first."""

REGIONS = """
EUR AFR ASA WST MEA SEA LAM WAF EAF SAF NAF CAS EEU CRB BLK CAU SCN SAM SAS PGS NMR CEU CFR MDT ANT
"""
"""Country words of GDELT that are no state."""

TYPES = ("", "GOV", "MIL", "COP", "OPP", "MED", "BUS", "CVL", "EDU", "JUD")
TYPE_SHARES = (0.38, 0.28, 0.06, 0.06, 0.05, 0.05, 0.04, 0.04, 0.02, 0.02)
TYPE_NAMES = ("", "GOVERNMENT", "MILITARY", "POLICE", "OPPOSITION", "NEWSPAPER", "COMPANY", "RESIDENTS", "SCHOOL",
              "COURT")  # fmt: skip

ICEWS_HEADER = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
    "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher",
    "City", "District", "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip
POLECAT_HEADER = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
    "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector",
    "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City",
    "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """A column as words and which of them stands in each row."""

    words: pa.Array
    places: Ints

    def text(self) -> pa.Array:
        return self.words.take(pa.array(self.places))

    def encoded(self) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(self.places.astype(np.int32)), self.words)


@dataclass(frozen=True)
class Draw:
    """Rows before they are written in a layout; arrays of one length.

    Attributes:
        id: The database's number; not unique, as in GDELT.
        act: The same for rows that repeat each other.
        repeat: Another row of this block stands for the same act, before it.
        day, added: Day numbers of the act and of the report.
        quarter: Quarter hour of the day in which it was added.
        actor, recipient: Places in `countries()`, -1 where the row names none.
        actor_type, recipient_type: Places in `TYPES`.
        code: Place in `codes()`.
        place, actor_place: Places in `places()`: where it happened, and where else an actor may be.
        slug, mentions, tone: Of the report: 1,000 mentions at most, tone in thousandths.
    """

    id: Ints
    act: Ints
    repeat: NDArray[np.bool_]
    day: Ints
    added: Ints
    quarter: Ints
    actor: Ints
    recipient: Ints
    actor_type: Ints
    recipient_type: Ints
    code: Ints
    place: Ints
    actor_place: Ints
    slug: Ints
    mentions: Ints
    tone: Ints

    def __len__(self) -> int:
        return len(self.id)


def draw(first: int, rows: int, *, seed: int = 0, start: date = START) -> Draw:
    """Rows `first` to `first + rows` of an endless database that takes up 160,000 rows a day from `start`."""
    rng = np.random.default_rng([seed, first])
    position = np.arange(first, first + rows)
    added = start.toordinal() + position // ROWS_A_DAY
    late = rng.choice([days for days, _ in LATE], rows, p=[share for _, share in LATE])
    actor = rng.choice(len(countries()), rows, p=_zipf(len(countries())))
    recipient = rng.choice(len(countries()), rows, p=_zipf(len(countries())))
    recipient = np.where(rng.random(rows) < WITHIN_ONE_STATE, actor, recipient)
    chance = rng.random(rows)
    both = BOTH_MISSING
    no_first = (chance < both) | ((chance >= both) & (chance < both + FIRST_MISSING))
    no_second = (chance < both) | ((chance >= both + FIRST_MISSING) & (chance < both + FIRST_MISSING + SECOND_MISSING))
    weights = np.array([weight for _, weight in codes()], float)
    held = {
        "day": added - late,
        "actor": np.where(no_first, -1, actor),
        "recipient": np.where(no_second, -1, recipient),
        "actor_type": rng.choice(len(TYPES), rows, p=TYPE_SHARES),
        "recipient_type": rng.choice(len(TYPES), rows, p=TYPE_SHARES),
        "code": rng.choice(len(weights), rows, p=weights / weights.sum()),
        "place": _of_article(rng, position, len(places()[0])),
        "actor_place": rng.integers(0, len(places()[0]), rows),
        "act": position,
    }
    # A repeat stands for the act of a row up to 2,000 rows before; a third of them have that row's number as well.
    origin = np.arange(rows)
    again = np.flatnonzero(rng.random(rows) < REPEATED)
    origin[again] = np.maximum(again - rng.integers(1, 2_000, len(again)), 0)
    while not np.array_equal(origin, origin[origin]):
        origin = origin[origin]
    number = FIRST_ID + position
    same_number = (origin != np.arange(rows)) & (rng.random(rows) < 1 / 3)
    return Draw(
        id=np.where(same_number, number[origin], number),
        repeat=origin != np.arange(rows),
        added=added,
        quarter=position % ROWS_A_DAY * QUARTERS // ROWS_A_DAY,
        slug=position // ROWS_A_REPORT % len(slugs()),
        mentions=np.minimum(rng.geometric(0.17, rows), 1_000),
        tone=np.round(rng.normal(-2_000, 3_500, rows)).astype(np.int64),
        **{name: column[origin] for name, column in held.items()},
    )


def _of_article(rng: np.random.Generator, position: Ints, count: int) -> Ints:
    """One place for the three rows of a report, and another for one row in five."""
    of_report = _mixed(position // ROWS_A_REPORT) % count
    return np.where(rng.random(len(position)) < 0.8, of_report, rng.integers(0, count, len(position)))


def _zipf(count: int) -> NDArray[np.float64]:
    weights = np.arange(1, count + 1) ** -ZIPF
    return weights / weights.sum()


@cache
def countries() -> tuple[str, ...]:
    """GDELT's country codes, foremost first: alpha-3, and regions that are no state."""
    foremost, regions = FOREMOST.split(), REGIONS.split()
    states = [code for code in load().states if code not in foremost]
    # Europe and Africa are in many reports, the other regions in few.
    return (*foremost[:12], regions[0], *foremost[12:30], regions[1], *foremost[30:], *states, *regions[2:])


@cache
def _fips() -> dict[str, str]:
    """FIPS codes, with which GDELT names countries of places, by alpha-3 code."""
    return {alpha3: given for given, alpha3 in reversed(fips_codes().items()) if alpha3}


@cache
def _names() -> tuple[str, ...]:
    found = []
    for code in countries():
        names = dict(load().states[code].entity.names).get("en", ()) if code in load().states else ()
        found.append(names[0] if names else "")
    return tuple(found)


@cache
def codes() -> tuple[tuple[str, int], ...]:
    """CAMEO codes with their weights."""
    return tuple((code, int(weight)) for code, weight in (pair.split(":") for pair in CAMEO.split()))


_SYLLABLE_LIST = "ka lo mi ran do ve sta gra bel nov tor hal min sur pe ros kha lin ber go ta ri shu man dal que ost"
_SYLLABLES = _SYLLABLE_LIST.split()


def _words(rng: np.random.Generator, count: int, least: int, most: int) -> list[str]:
    lengths = rng.integers(least, most + 1, count)
    drawn = iter(rng.integers(0, len(_SYLLABLES), int(lengths.sum())).tolist())
    return ["".join(_SYLLABLES[next(drawn)] for _ in range(length)) for length in lengths.tolist()]


@cache
def slugs() -> tuple[str, ...]:
    """Addresses of reports, 60 to 120 characters, without what makes each of them its own."""
    rng = np.random.default_rng(1)
    endings = (".com", ".org", ".co.uk", ".com.au", ".net")
    outlets = [f"www.{word}{endings[at % 5]}" for at, word in enumerate(_words(rng, 1_500, 2, 5))]
    words = _words(rng, 4_000, 1, 3)
    sections = ("news", "world", "article", "politics", "story", "2023/news/world")
    count = 40_000
    outlet, section, length = (
        rng.integers(least, most, count).tolist() for least, most in ((0, 1_500), (0, 6), (4, 10))
    )
    # Few words stand in most headlines.
    drawn = iter(rng.choice(len(words), sum(length), p=_zipf(len(words))).tolist())
    titles = ("-".join(words[next(drawn)] for _ in range(many)) for many in length)
    return tuple(
        f"https://{outlets[place]}/{sections[kind]}/{title}"
        for place, kind, title in zip(outlet, section, titles, strict=True)
    )


@cache
def places() -> tuple[Sequence[str], ...]:
    """Columns of 6,000 made-up places: kind, full name, FIPS country, ADM1, ADM2, latitude, longitude, feature, name.

    The first of them is no place: every cell is empty.
    """
    rng = np.random.default_rng(2)
    held = [code for code in countries() if code in _fips()]
    rows: list[tuple[str, ...]] = [("0", "", "", "", "", "", "", "", "")]
    cities, regions = _words(rng, 6_000, 2, 4), _words(rng, 6_000, 2, 5)
    for number, at in enumerate(rng.choice(len(held), 6_000, p=_zipf(len(held)))):
        code = held[at]
        fips, country = _fips()[code], _names()[countries().index(code)]
        latitude, longitude = f"{rng.uniform(-60, 70):.4f}", f"{rng.uniform(-180, 180):.4f}"
        if number % 4 == 0:
            rows.append(("1", country, fips, fips, "", latitude, longitude, fips, ""))
            continue
        city, region = cities[number].capitalize(), regions[number].capitalize()
        adm1 = f"{fips}{rng.integers(1, 90):02}"
        rows.append(
            ("3" if fips == "US" else "4", f"{city}, {region}, {country}", fips, adm1, str(rng.integers(1_000, 99_999)),
             latitude, longitude, str(-rng.integers(100_000, 9_000_000)), city)
        )  # fmt: skip
    return tuple(zip(*rows, strict=True))


# --- Columns that several layouts share -------------------------------------------------------------------------------


def _texts(words: Sequence[str]) -> pa.Array:
    return pa.array(words, pa.string())


def _days(numbers: Ints, written: Callable[[date], str]) -> Words:
    found, at = np.unique(numbers, return_inverse=True)
    return Words(_texts([written(date.fromordinal(int(number))) for number in found]), at)


def _compact(day: date) -> str:
    return f"{day:%Y%m%d}"


def _added(rows: Draw) -> Words:
    found, at = np.unique(rows.added * QUARTERS + rows.quarter, return_inverse=True)
    return Words(_texts([stamp(int(number)) for number in found]), at)


def stamp(quarter: int) -> str:
    """The moment of a 15-minute file, counted in quarter hours: YYYYMMDDHHMMSS."""
    day, of_day = divmod(quarter, QUARTERS)
    return f"{date.fromordinal(day):%Y%m%d}{of_day // 4:02}{of_day % 4 * 15:02}00"


def _of_code(rows: Draw, written: Callable[[str], str]) -> Words:
    return Words(_texts([written(code) for code, _ in codes()]), rows.code)


@cache
def _actor_words() -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Code, name, country and type of every country (and none) with every type."""
    rows = []
    for country, name in zip((*countries(), ""), (*_names(), ""), strict=True):
        for kind, called in zip(TYPES, TYPE_NAMES, strict=True):
            said = called if called and kind != "GOV" else name.upper() or called
            rows.append((f"{country}{kind}", said, country, kind))
    code, said, country, kind = (_texts(column) for column in zip(*rows, strict=True))
    return code, said, country, kind


def _actors(country: Ints, kind: Ints) -> tuple[Words, Words, Words, Words]:
    at = np.where(country < 0, len(countries()), country) * len(TYPES) + kind
    code, said, where, typed = _actor_words()
    return Words(code, at), Words(said, at), Words(where, at), Words(typed, at)


def _urls(rows: Draw) -> pa.Array:
    article = pa.array(rows.act // ROWS_A_REPORT).cast(pa.string())
    return pc.binary_join_element_wise(Words(_texts(slugs()), rows.slug).text(), article, "-")


def _quad_of(code: str) -> int:
    """GDELT's quad class by CAMEO root: 01-05, 06-08, 09-13, 14-20."""
    return int(np.searchsorted([5, 8, 13], int(code[:2]))) + 1


def _plover(code: str) -> tuple[str, str]:
    found = crosswalk()[code]
    return found.type, found.mode


def _score(code: str) -> int | None:
    kind, mode = _plover(code)
    return score_tenths(kind, mode) if kind else None


# --- Layouts ----------------------------------------------------------------------------------------------------------


def gdelt(rows: Draw, *, version: int = 2) -> pa.Array:
    """Lines of GDELT's Events table, 2.0 (61 columns) or 1.0 (58), without line breaks."""
    empty = pa.repeat(pa.scalar(""), len(rows))
    place = {name: Words(_texts(words), rows.place) for name, words in zip(_GEO, places(), strict=False)}
    # An actor is mostly where the event is, and nowhere where the row does not name one.
    elsewhere = rows.actor_place % 5 == 0
    away = np.where(elsewhere, rows.actor_place, rows.place)
    sides = [
        {name: Words(words.words, np.where(side < 0, 0, at)) for name, words in place.items()}
        for side, at in ((rows.actor, rows.place), (rows.recipient, away))
    ]
    geo = [name for name in _GEO if version == 2 or name != "adm2"]
    columns: list[pa.Array] = [
        pa.array(rows.id).cast(pa.string()),
        _days(rows.day, _compact).text(),
        _days(rows.day, lambda day: f"{day:%Y%m}").text(),
        _days(rows.day, lambda day: f"{day:%Y}").text(),
        _days(rows.day, lambda day: f"{day.year + (day.timetuple().tm_yday - 1) / 365.25:.4f}").text(),
    ]
    for country, kind in ((rows.actor, rows.actor_type), (rows.recipient, rows.recipient_type)):
        code, said, where, typed = _actors(country, kind)
        columns += [code.text(), said.text(), where.text(), empty, empty, empty, empty, typed.text(), empty, empty]
    sources = pa.array(rows.mentions // 8 + 1).cast(pa.string())
    mentions = pa.array(rows.mentions).cast(pa.string())
    columns += [
        Words(_texts(["0", "1"]), rows.slug % 2).text(),
        _of_code(rows, str).text(),
        _of_code(rows, lambda code: code[:3]).text(),
        _of_code(rows, lambda code: code[:2]).text(),
        _of_code(rows, lambda code: str(_quad_of(code))).text(),
        _of_code(rows, lambda code: f"{(_score(code) or 0) / 10:.1f}").text(),
        mentions, sources, mentions,
        pa.array(rows.tone / 1_000 + 1 / 3_000).cast(pa.string()),
    ]  # fmt: skip
    for where in (*sides, place):
        columns += [where[name].text() for name in geo]
    columns += [_added(rows).text() if version == 2 else _days(rows.added, _compact).text(), _urls(rows)]
    return pc.binary_join_element_wise(*columns, "\t")


_GEO = ("type", "name", "country", "adm1", "adm2", "latitude", "longitude", "feature")


def icews(rows: Draw) -> pa.Array:
    """Lines of an ICEWS table with the columns of `ICEWS_HEADER`."""
    names = [
        name or {"EUR": "European Union"}.get(code, "NA") for code, name in zip(countries(), _names(), strict=True)
    ]
    country_words = _texts([*names, "NA"])
    of_place = {name: Words(_texts(words), rows.place) for name, words in zip((*_GEO, "city"), places(), strict=True)}
    held: dict[str, pa.Array] = {}
    for side, country, kind in (
        ("Source", rows.actor, rows.actor_type), ("Target", rows.recipient, rows.recipient_type),
    ):  # fmt: skip
        words = Words(country_words, np.where(country < 0, len(names), country))
        role = Words(_texts([f"{name.title() or 'Citizen'} " for name in TYPE_NAMES]), kind).text()
        held[f"{side} Name"] = pc.binary_join_element_wise(role, "(", words.text(), ")", "")
        held[f"{side} Sectors"] = Words(_texts([name.title() for name in TYPE_NAMES]), kind).text()
        held[f"{side} Country"] = words.text()
    held |= {
        "Event ID": pa.array(rows.id).cast(pa.string()),
        "Event Date": _days(rows.day, date.isoformat).text(),
        "Event Text": _of_code(rows, lambda code: crosswalk()[code].name).text(),
        "CAMEO Code": _of_code(rows, str).text(),
        "Intensity": _of_code(rows, lambda code: f"{(_score(code) or 0) / 10:.1f}").text(),
        "Story ID": pa.array(rows.act // ROWS_A_REPORT).cast(pa.string()),
        "Sentence Number": pa.array(rows.act % 6 + 1).cast(pa.string()),
        "Publisher": Words(_texts([f"{word.title()} News" for word in _SYLLABLES]), rows.slug % len(_SYLLABLES)).text(),
        "City": of_place["city"].text(),
        "District": pa.repeat(pa.scalar("NA"), len(rows)),
        "Province": of_place["adm1"].text(),
        "Country": Words(country_words, np.where(rows.actor < 0, len(names), rows.actor)).text(),
        "Latitude": of_place["latitude"].text(),
        "Longitude": of_place["longitude"].text(),
    }
    return pc.binary_join_element_wise(*[held[name] for name in ICEWS_HEADER], "\t")


def polecat(rows: Draw) -> pa.Array:
    """Lines of a POLECAT table with the columns of `POLECAT_HEADER`; statements, which it has not, are requests."""
    kinds = [_plover(code) if _plover(code)[0] else ("REQUEST", "") for code, _ in codes()]
    own = {"EUR": "EUR", "AFR": "IGO"}
    alpha3 = [code if code in load().states else own.get(code, "NGO") for code in countries()]
    country_words = _texts([*alpha3, "None"])
    none = pa.repeat(pa.scalar("None"), len(rows))
    of_place = {name: Words(_texts(words), rows.place) for name, words in zip((*_GEO, "city"), places(), strict=True)}
    held: dict[str, pa.Array] = dict.fromkeys(POLECAT_HEADER, none)
    for side, country, kind in (
        ("Actor", rows.actor, rows.actor_type), ("Recipient", rows.recipient, rows.recipient_type),
    ):  # fmt: skip
        _, said, _, typed = _actors(country, kind)
        held[f"{side} Name"] = held[f"{side} Name Raw"] = said.text()
        held[f"{side} Country"] = Words(country_words, np.where(country < 0, len(alpha3), country)).text()
        held[f"Primary {side} Sector"] = held[f"{side} Sectors"] = typed.text()
    day = _days(rows.day, date.isoformat).text()
    quads = ("VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")
    held |= {
        "Event ID": pc.binary_join_element_wise(
            _days(rows.day, _compact).text(), pa.array(rows.id).cast(pa.string()), "-"
        ),
        "Event Date": day,
        "Event Type": Words(_texts([kind for kind, _ in kinds]), rows.code).text(),
        "Event Mode": Words(_texts([mode for _, mode in kinds]), rows.code).text(),
        "Intensity": Words(_texts([f"{score_tenths(*kind) / 10:.1f}" for kind in kinds]), rows.code).text(),
        "Quad Code": Words(_texts([quads[quad(kind) - 1] for kind, _ in kinds]), rows.code).text(),
        "Contexts": Words(_texts(["diplomatic", "military", "economic", ""]), rows.slug % 4).text(),
        "Placename": of_place["name"].text(),
        "City": of_place["city"].text(),
        "Country": Words(country_words, np.where(rows.actor < 0, len(alpha3), rows.actor)).text(),
        "Latitude": of_place["latitude"].text(),
        "Longitude": of_place["longitude"].text(),
        "Source": Words(_texts([f"{word.title()} News" for word in _SYLLABLES]), rows.slug % len(_SYLLABLES)).text(),
        "Publication Date": _days(rows.added, date.isoformat).text(),
        "Language": Words(_texts(["English", "Russian", "French", "Arabic"]), rows.slug % 4).text(),
        "Version": pa.repeat(pa.scalar("NGEC_coder-Vers001-Run-001"), len(rows)),
    }
    return pc.binary_join_element_wise(*[held[name] for name in POLECAT_HEADER], "\t")


LAYOUTS: dict[str, tuple[Callable[[Draw], pa.Array], tuple[str, ...]]] = {
    "gdelt": (gdelt, ()),
    "icews": (icews, ICEWS_HEADER),
    "polecat": (polecat, POLECAT_HEADER),
}


def lines(kind: str, rows: int, *, first: int = 0, seed: int = 0) -> list[bytes]:
    """Lines of one database, its header apart, without line breaks."""
    return [line.as_py() for line in LAYOUTS[kind][0](draw(first, rows, seed=seed)).cast(pa.binary())]


def table(kind: str, held: Sequence[bytes]) -> bytes:
    """A whole file of these lines, with the header where the database has one."""
    header = LAYOUTS[kind][1]
    return b"".join(line + b"\n" for line in ([b"\t".join(n.encode() for n in header)] if header else []) + list(held))


def write_zips(folder: Path, count: int, *, first: int = 0, seed: int = 0) -> Iterator[Path]:
    """Write GDELT's 15-minute files number `first` onwards, 1,667 rows each, zipped as it publishes them."""
    folder.mkdir(parents=True, exist_ok=True)
    for day in range(first // QUARTERS, (first + count - 1) // QUARTERS + 1):
        rows = draw(day * ROWS_A_DAY, ROWS_A_DAY, seed=seed)
        text = gdelt(rows)
        ends = np.searchsorted(rows.quarter, np.arange(QUARTERS + 1))
        for quarter in range(QUARTERS):
            if not first <= day * QUARTERS + quarter < first + count:
                continue
            at, to = ends[quarter : quarter + 2]
            name = f"{stamp((START.toordinal() + day) * QUARTERS + quarter)}.export.CSV"
            path = folder / f"{name}.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(name, b"".join(line.as_py() + b"\n" for line in text[at:to].cast(pa.binary())))
            yield path


# --- The events table -------------------------------------------------------------------------------------------------

_MUTUAL = ("040", "041", "042", "043", "044", "046", "057", "050", "030")


def events(rows: Draw) -> pa.Table:
    """The rows as the importer leaves them in the events table, without going through text."""
    _, source, _, _ = _actors(rows.actor, rows.actor_type)
    _, target, _, _ = _actors(rows.recipient, rows.recipient_type)
    alpha3 = [code if code in load().states else None for code in countries()]
    sides = pa.array([*alpha3, None], pa.string())
    kinds = [_plover(code) for code, _ in codes()]
    by_code = {
        "type": pa.array([kind for kind, _ in kinds], pa.string()),
        "mode": pa.array([mode for _, mode in kinds], pa.string()),
        "quad": pa.array([quad(kind) if kind else None for kind, _ in kinds], pa.int8()),
        "score_tenths": pa.array([_score(code) for code, _ in codes()], pa.int16()),
        "code": _texts([code for code, _ in codes()]),
    }
    mutual = np.isin([code for code, _ in codes()], _MUTUAL)
    mirror = mutual[rows.code] & (rows.act % 1_000 < MUTUAL_MIRRORED * 1_000)
    back = {fips: code for code, fips in _fips().items()}
    stood = [back.get(fips) for fips in places()[2]]
    files = Words(
        _texts([f"{text}.export.CSV.zip/{text}.export.CSV" for text in _added(rows).words.to_pylist()]),
        _added(rows).places,
    )
    columns: dict[str, Any] = {
        "origin": pa.repeat(pa.scalar("gdelt"), len(rows)),
        "occurrence": pc.binary_join_element_wise("gdelt", pa.array(rows.id).cast(pa.string()), ":"),
        "day": pa.array((rows.day - date(1970, 1, 1).toordinal()).astype("datetime64[D]")),
        "day_number": pa.array(rows.day),
        "recorded_number": pa.array(rows.added),
        "actor": sides.take(pa.array(np.where(rows.actor < 0, len(alpha3), rows.actor))),
        "recipient": sides.take(pa.array(np.where(rows.recipient < 0, len(alpha3), rows.recipient))),
        **{name: words.take(pa.array(rows.code)) for name, words in by_code.items()},
        "source": source.text(),
        "target": target.text(),
        "place": pa.array(stood, pa.string()).take(pa.array(rows.place)),
        "mentions": pa.array(rows.mentions),
        "articles": pa.array(rows.mentions),
        "tone_hundredths": pa.array(rows.tone // 10),
        "url": _urls(rows),
        "file": files.text(),
        "line": pa.array(np.arange(len(rows)) % (ROWS_A_DAY // QUARTERS) + 1),
        "repeat": pa.array(rows.repeat),
        "mirror": pa.array(mirror),
        "act": pa.array(_mixed(rows.act)),
        "joint_act": pa.array(_mixed(rows.act)),
    }
    schema = arrow_schema(EVENTS)
    return pa.table([columns[name].cast(kind) for name, kind in zip(schema.names, schema.types, strict=True)], schema)


def _mixed(number: Ints) -> Ints:
    """Numbers that look like digests: 64 bits, in no order (SplitMix64)."""
    mixed = number.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))).view(np.int64)


def write_events(folder: Path, rows: int, *, seed: int = 0) -> list[Path]:
    """Write the events table as Parquet, one million rows a file; files that are there are left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, first in enumerate(range(0, rows, BLOCK)):
        path = folder / f"rows-{number:04}.parquet"
        if not path.exists():
            unfinished = path.with_suffix(".tmp")
            pyarrow.parquet.write_table(
                events(draw(first, min(BLOCK, rows - first), seed=seed)), unfinished, compression="zstd"
            )
            unfinished.replace(path)
        written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=96, help="15-minute files of GDELT 2.0")
    parser.add_argument("--rows", type=int, default=BLOCK, help="rows of the events table")
    parser.add_argument("--table", action="store_true", help="write the events table in place of GDELT's files")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.table:
        paths = write_events(given.folder, given.rows, seed=given.seed)
    else:
        paths = list(write_zips(given.folder, given.files, seed=given.seed))
    print(f"{len(paths)} files, {sum(path.stat().st_size for path in paths):,} bytes in {given.folder}")


if __name__ == "__main__":
    main()
