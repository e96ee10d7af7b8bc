"""Spells of United States diplomacy: posts without an ambassador, and relations broken off, from public records.

Two tables of spells ship with the package. The full records they were made from are read from files that a user has:
`read_timeline` (headings of recognition and relations) and `read_chiefs` (chiefs of mission).

Source:
    Office of the Historian, U.S. Department of State: github.com/HistoryAtState/rdcr and
    github.com/HistoryAtState/pocom, CC0. LICENCES.md says what was derived.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from detente.errors import ForecastError
from detente.forecast.months import DAYS_A_YEAR
from detente.forecast.spells import Ending, Sample, Spell
from detente.registry import load as load_registry
from detente.terms import Dyad

UsTable = Literal["us_vacancies", "us_ruptures"]

LOOKED_AT: Mapping[UsTable, date] = {"us_vacancies": date(2019, 12, 31), "us_ruptures": date(2026, 11, 22)}
"""Last day each table was looked at: what is open in it was open then."""
# Their missions ended because the state did; nobody waits for an ambassador there.
GONE = frozenset({"czechoslovakia", "german-democratic-republic", "vietnam-south", "yugoslavia"})
# The tables' names for states that the registry names otherwise.
_HOSTS: Mapping[str, str] = {
    "antigua-barbuda": "ATG",
    "bosnia-herzegovina": "BIH",
    "burma": "MMR",
    "congo-br": "COG",
    "congo-democratic-republic": "COD",
    "congo-republic": "COG",
    "cote-divoire": "CIV",
    "eq-guinea": "GNQ",
    "holy-see": "VAT",
    "korea": "KOR",
    "macedonia": "MKD",
    "saint-kitts-nevis": "KNA",
    "saint-vincent-grenadines": "VCT",
    "sao-tome-and-principe": "STP",
    "swaziland": "SWZ",
    "turkey": "TUR",
    "yemen-n": "YEM",
    "yemen-s": "YEM",
}


@dataclass(frozen=True, slots=True)
class UsSpell:
    """One spell of one post, or of relations with one state.

    Attributes:
        host: The state as the records name it: `el-salvador`.
        start: Day the post fell vacant, or relations were broken.
        end: Day it was filled, or they were resumed; None where neither had happened when last looked at.
        world_war: Broken off because of a world war.
    """

    host: str
    start: date
    end: date | None
    world_war: bool = False

    @property
    def label(self) -> str:
        """`iraq 1967-06-07`."""
        return f"{self.host} {self.start}"

    def years(self, last: date) -> float:
        """How long it lasted, or has lasted by a day."""
        return round(((self.end or last) - self.start).days / DAYS_A_YEAR, 3)


def _rows(text: str, columns: tuple[str, ...], name: str) -> Iterator[tuple[str, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise ForecastError(f"{name} line 1: columns missing: {', '.join(missing)}. It has {', '.join(columns)}.")
    for row in reader:
        if None in row or None in row.values():
            raise ForecastError(f"{name} line {reader.line_num}: not {len(columns)} fields. Quote what holds a comma.")
        yield f"{name} line {reader.line_num}", row


def _day(value: str, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as problem:
        raise ForecastError(f"{where}: {value!r} is no day. Write 2025-02-18.") from problem


def _packaged(name: str) -> str:
    return (files("detente.forecast") / name).read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def us_spells(table: UsTable) -> tuple[UsSpell, ...]:
    """Every spell of a table that ships with the package, in its order.

    Args:
        table: `us_vacancies`: posts between two ambassadors, until 2019; states that are gone are left out.
            `us_ruptures`: relations broken off, 1917 to 2026.

    Raises:
        ForecastError: The table is broken; the message names the line.

    >>> len(us_spells("us_vacancies")), len(us_spells("us_ruptures"))
    (2731, 47)
    """
    found = []
    if table == "us_vacancies":
        name = "us_ambassador_vacancies.csv"
        for where, row in _rows(_packaged(name), ("years", "filled", "country", "vacant_from"), name):
            if row["country"] in GONE and row["filled"] == "0":
                continue
            start = _day(row["vacant_from"], where)
            end = start + timedelta(days=round(float(row["years"]) * DAYS_A_YEAR))
            found.append(UsSpell(row["country"], start, end if row["filled"] == "1" else None))
        return tuple(found)
    name = "us_broken_relations.csv"
    for where, row in _rows(_packaged(name), ("country", "ruptured", "resumed", "kind"), name):
        host = re.sub(r"\d+$", "", row["country"])
        end_day = None if row["resumed"] == "-" else _day(row["resumed"], where)
        found.append(UsSpell(host, _day(row["ruptured"], where), end_day, row["kind"] == "W"))
    return tuple(found)


def us_sample(table: UsTable, *, as_of: date, own: tuple[Dyad, date] | None = None) -> Sample:
    """Spells of a table as waits, using nothing that happened after `as_of`; breaks of the world wars are left out.

    Nobody gives up a post in so many words, so no wait ends in `never`.

    Args:
        own: Pair of states and the day its own wait began; a spell of that pair going on since then is left out.

    >>> found = us_sample("us_ruptures", as_of=date(2014, 1, 1)).spells
    >>> [(spell.host, spell.ending) for spell in found if spell.host in ("cuba", "libya")]
    [('cuba', 'open'), ('libya', 'reached')]
    """
    spells, left = [], []
    last = min(as_of, LOOKED_AT[table])
    host = _host_of(own[0]) if own else ""
    for spell in us_spells(table):
        if spell.world_war or spell.start >= last:
            continue
        end = spell.end if spell.end is not None and spell.end <= as_of else None
        if own is not None and host and _alpha3(spell.host) == host and (end is None or end >= own[1]):
            left.append(spell.label)
            continue
        ending: Ending = "reached" if end else "open"
        days = max(1, ((end or last) - spell.start).days)
        spells.append(Spell(spell.label, None, days, ending, host=spell.host))
    return Sample(tuple(spells), own=tuple(left))


def _host_of(dyad: Dyad) -> str:
    others = [side for side in dyad.sides if side != "USA"]
    return others[0] if len(others) == 1 else ""


@lru_cache(maxsize=512)
def _alpha3(host: str) -> str:
    return _HOSTS.get(host) or _by_slug().get(host, "")


@lru_cache(maxsize=1)
def _by_slug() -> Mapping[str, str]:
    states = load_registry().states
    return {re.sub(r"[^a-z]+", "-", state.entity.name_in("en").lower()): code for code, state in states.items()}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a state's history of recognition and relations.

    Attributes:
        line: Line of the file, from 1.
        days: Days named in its text, in order.
    """

    line: int
    country: str
    head: str
    text: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Chief:
    """One chief of mission's time in a post; days the records lack are None.

    Attributes:
        territory: Where the post was; the records keep Taipei and Beijing both under `china`.
    """

    line: int
    country: str
    person: str
    role: str
    territory: str
    appointed: date | None
    started: date | None
    ended: date | None


_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_WRITTEN = re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{1,2}}), (\d{{4}})\b")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ForecastError(f"{path}: cannot be read ({problem}). Give a UTF-8 table with commas.") from problem


def _days_in(text: str) -> tuple[date, ...]:
    found = []
    for month, day, year in _WRITTEN.findall(text):
        try:
            found.append(date(int(year), _MONTHS.index(month) + 1, int(day)))
        except ValueError:
            continue  # A day that no calendar has is the text's slip; the heading keeps its text.
    return tuple(found)


def read_timeline(path: Path) -> tuple[Heading, ...]:
    """Read headings of recognition and relations: a table with `country`, `head` and `text`.

    Raises:
        ForecastError: The file cannot be read, or lacks a column.
    """
    return tuple(
        Heading(int(where.rsplit(" ", 1)[1]), row["country"], row["head"], row["text"], _days_in(row["text"]))
        for where, row in _rows(_read(path), ("country", "head", "text"), path.name)
    )


_CHIEFS = ("country", "person", "role", "terr", "appointed", "started", "ended")
_AMBASSADORS = ("ambassador", "envoy-extraordinary", "minister-resident", "minister-plenipotentiary")


def read_chiefs(path: Path) -> tuple[Chief, ...]:
    """Read chiefs of mission: a table with country, person, role, terr, appointed, started and ended.

    Raises:
        ForecastError: The file cannot be read, lacks a column, or a day in it is none.
    """
    found = []
    for where, row in _rows(_read(path), _CHIEFS, path.name):
        days = [_day(row[name], where) if re.fullmatch(r"\d{4}-\d\d-\d\d", row[name]) else None for name in _CHIEFS[4:]]
        line, (appointed, started, ended) = int(where.rsplit(" ", 1)[1]), days
        names = (row["country"], row["person"], row["role"], row["terr"])
        found.append(Chief(line, *names, appointed=appointed, started=started, ended=ended))
    return tuple(found)


def vacancies(chiefs: Iterable[Chief]) -> tuple[UsSpell, ...]:
    """Times in which a post had no ambassador or envoy: from one's end to the next one's start; chargés do not count.

    Args:
        chiefs: From `read_chiefs`.

    Returns:
        By post and day; a post whose last ambassador left has a spell without an end.
    """
    posts: dict[str, list[Chief]] = {}
    for chief in chiefs:
        if chief.role.startswith(_AMBASSADORS) and chief.started:
            posts.setdefault(chief.territory or chief.country, []).append(chief)
    found = []
    for post, holders in sorted(posts.items()):
        ordered = sorted(holders, key=lambda chief: chief.started or date.max)
        latest = ordered[0].ended
        for one in ordered[1:]:
            if latest is not None and one.started is not None and one.started > latest:
                found.append(UsSpell(post, latest, one.started))
            latest = one.ended if latest is None or one.ended is None else max(latest, one.ended)
        if latest is not None:
            found.append(UsSpell(post, latest, None))
    return tuple(found)
