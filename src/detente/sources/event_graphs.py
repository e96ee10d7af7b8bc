"""Events published as a temporal knowledge graph: a folder of numbered names and of numbered quadruples.

ICEWS is passed on in this form for research on forecasting. The files hold numbers alone: (subject, relation, object,
time), with the names beside them. Times are hours, 24 a day, or days, from a day that no file names.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from detente.codebook import code_named
from detente.errors import SourceError
from detente.registry import Registry, load
from detente.sources.bad_lines import BadLine, Unreadable, filled_lines
from detente.sources.country_words import IcewsCountries
from detente.terms import Entity

if TYPE_CHECKING:
    import pyarrow as pa

TimeUnit = Literal["hours", "days"]

ENTITIES, RELATIONS, COUNTS = "entity2id.txt", "relation2id.txt", "stat.txt"
QUADRUPLES = ("train.txt", "valid.txt", "test.txt")

COLUMNS = ("id", "day", "code", "source", "target", "source_country", "target_country", "line")
"""Of the rows: strings, but for `line`, which is int32. Countries are alpha-3, or empty where the name tells none."""

_CHUNK = 100_000
_HOURS = 24
_TIMES_ENOUGH = 50
# Four numbers and what may follow; int() of more digits than 4,300 is refused by Python.
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Publication:
    """A graph that is known by how many entities and relations it has.

    Attributes:
        day_zero: The day that its times count from.
        days: How many days it covers from there.
    """

    name: str
    entities: int
    relations: int
    day_zero: date
    days: int
    source: str


@cache
def publications() -> Mapping[tuple[int, int], Publication]:
    """Known graphs of ICEWS, by number of entities and number of relations.

    >>> publications()[7128, 230].name
    'ICEWS14'
    """
    text = (files("detente.sources") / "event_graphs.csv").read_text(encoding="utf-8")
    known = (
        Publication(
            row["publication"],
            int(row["entities"]),
            int(row["relations"]),
            date.fromisoformat(row["day_zero"]),
            int(row["days"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )
    return MappingProxyType({(one.entities, one.relations): one for one in known})


@dataclass(frozen=True, slots=True)
class GraphChunk:
    """Part of a file.

    Attributes:
        file: Its name.
        rows: A table of `COLUMNS`.
        quarantined: Lines of the part that give no row.
    """

    file: str
    rows: pa.Table
    quarantined: tuple[BadLine, ...]


@dataclass(frozen=True)
class EventGraph:
    """A folder whose names are read, ready for its quadruples.

    Attributes:
        name: Of the publication, or of the folder where it is none that is known; it begins every event's id.
        unit: What a step of time is.
        days: How many days the publication covers; None where that is not known.
        entities: Name by number, underscores read as spaces.
        countries: Alpha-3 by number, for the entities whose name says so, on any day.
        people: Entity of the registry by number, for names of persons that it knows.
        codes: CAMEO code by number of the relation.
        unread_relations: Names that the codebook does not have; their quadruples are quarantined.
        unread_places: What stands in brackets after a name and is neither a country nor known to be none, and how
            many names it stands after: provinces, parties, armed groups. Such an entity has no country.
        bad_names: Lines of the two lists of names that could not be read, by file.
    """

    folder: Path
    name: str
    day_zero: date
    unit: TimeUnit
    days: int | None
    entities: Mapping[int, str]
    countries: Mapping[int, str]
    people: Mapping[int, Entity]
    codes: Mapping[int, str]
    unread_relations: tuple[str, ...]
    unread_places: Mapping[str, int]
    bad_names: Mapping[str, tuple[BadLine, ...]]
    _sides: dict[tuple[int, int], str] = field(default_factory=dict, repr=False, compare=False)

    def chunks(self) -> Iterator[GraphChunk]:
        """Read the quadruples, train before valid before test, in parts of 100,000 lines.

        Every line that is not empty gives a row or a quarantined line. The two lists of names come first where a line
        of theirs could not be read.

        Raises:
            SourceError: A file cannot be read.
        """
        for name, bad in self.bad_names.items():
            if bad:
                yield GraphChunk(name, self._table(name, []), bad)
        for path in _quadruples(self.folder):
            rows: list[tuple[int, int, int, int, int]] = []
            quarantined: list[BadLine] = []
            for number, raw, size in filled_lines(path):
                try:
                    rows.append((number, *self._quadruple(raw, size)))
                except Unreadable as bad_line:
                    quarantined.append(bad_line.on(number, raw))
                if len(rows) + len(quarantined) == _CHUNK:
                    yield GraphChunk(path.name, self._table(path.name, rows), tuple(quarantined))
                    rows, quarantined = [], []
            yield GraphChunk(path.name, self._table(path.name, rows), tuple(quarantined))

    def _quadruple(self, raw: bytes, size: int) -> tuple[int, int, int, int]:
        """Numbers of subject, relation and object, and of the day (1 is 0001-01-01)."""
        subject, relation, target, time = _numbers(raw, size)
        if subject not in self.entities or target not in self.entities:
            odd = target if subject in self.entities else subject
            raise Unreadable("id", f"entity {odd} is not in {ENTITIES}")
        if relation not in self.codes:
            raise Unreadable("code", f"relation {relation} is not in {RELATIONS}, or its name is no CAMEO code's")
        step = time
        if self.unit == "hours":
            step, over = divmod(time, _HOURS)
            if over:
                raise Unreadable("date", f"time {time} is no multiple of 24 hours, as the others are")
        if self.days is not None and step >= self.days:
            raise Unreadable("date", f"day {step} lies past the {self.days} days that {self.name} covers")
        ordinal = self.day_zero.toordinal() + step
        if ordinal > date.max.toordinal():
            raise Unreadable("date", f"time {time} lies past the year 9999")
        return subject, relation, target, ordinal

    def _table(self, file: str, rows: list[tuple[int, int, int, int, int]]) -> pa.Table:
        import pyarrow as pa
        import pyarrow.compute as pc

        lines, subjects, relations, targets, days = zip(*rows, strict=True) if rows else ((),) * 5
        line = pa.array(lines, pa.int32())
        columns = (
            pc.binary_join_element_wise(f"{self.name}/{file}", line.cast(pa.string()), ":"),
            _taken({day: date.fromordinal(day).isoformat() for day in set(days)}, days),
            _taken(self.codes, relations),
            _taken(self.entities, subjects),
            _taken(self.entities, targets),
            self._sides_of(subjects, days),
            self._sides_of(targets, days),
            line,
        )
        return pa.table(dict(zip(COLUMNS, columns, strict=True)))

    def _sides_of(self, entities: tuple[int, ...], days: tuple[int, ...]) -> pa.Array:
        import pyarrow as pa

        people, countries = self.people, self.countries
        return pa.array(
            [
                self._side(entity, day) if entity in people else countries.get(entity, "")
                for entity, day in zip(entities, days, strict=True)
            ],
            pa.string(),
        )

    def _side(self, person: int, day: int) -> str:
        found = self._sides.get((person, day))
        if found is None:
            on = date.fromordinal(day)
            held = {role.side for role in self.people[person].roles if role.side and role.held_on(on)}
            found = self._sides[person, day] = held.pop() if len(held) == 1 else ""
        return found


def _taken(words: Mapping[int, str], numbers: tuple[int, ...]) -> pa.Array:
    import pyarrow as pa

    return pa.array([words[number] for number in numbers], pa.string())


def is_event_graph(path: Path) -> bool:
    """Whether this is a folder of numbered names with at least one file of quadruples."""
    return (path / ENTITIES).is_file() and (path / RELATIONS).is_file() and bool(_quadruples(path))


def open_graph(
    folder: Path, *, registry: Registry | None = None, day_zero: date | None = None, unit: TimeUnit | None = None
) -> EventGraph:
    """Read the names of a graph, and tell which publication it is.

    The country of an entity is read from its name: `Citizen (Nigeria)`, `China`; for a person, from the office that
    the registry has them in on the day. What else it might be is not guessed.

    Args:
        folder: Holds `entity2id.txt`, `relation2id.txt`, `stat.txt`, and `train.txt`, `valid.txt` or `test.txt`.
        registry: Gives the states' names and the offices; the shipped one where none is given.
        day_zero: What times count from, for a graph that is none of `publications()`.
        unit: What a step of time is. Where it is not given: hours where most of the different times are multiples of
            24, days where not.

    Raises:
        SourceError: A file is missing or cannot be read, the names are not as many as `stat.txt` says, nobody says
            what day times count from, or a known publication is given another day.

    Source:
        ICEWS Coded Event Data, Harvard Dataverse doi:10.7910/DVN/28075, in the form of the publications named in
        `event_graphs.csv`.
    """
    registry = registry or load()
    missing = [name for name in (ENTITIES, RELATIONS) if not (folder / name).is_file()]
    if missing:
        raise SourceError(f"{folder}: no {' and no '.join(missing)}. Give the folder as it was published.")
    if not _quadruples(folder):
        raise SourceError(f"{folder}: none of {', '.join(QUADRUPLES)}. Give the folder as it was published.")
    entities, bad_entities = _names(folder / ENTITIES)
    relations, bad_relations = _names(folder / RELATIONS)
    known = _known(folder, len(entities) + len(bad_entities), len(relations) + len(bad_relations))
    zero = _day_zero(folder, known, day_zero)

    countries, unread_places = _countries(entities, registry)
    codes, unread_relations = _codes(relations)
    return EventGraph(
        folder=folder,
        name=known.name if known else folder.resolve().name,
        day_zero=zero,
        unit=unit or _unit(folder),
        days=known.days if known else None,
        entities=entities,
        countries=countries,
        people=_people({n: name for n, name in entities.items() if n not in countries}, registry),
        codes=codes,
        unread_relations=unread_relations,
        unread_places=unread_places,
        bad_names={ENTITIES: bad_entities, RELATIONS: bad_relations},
    )


def _quadruples(folder: Path) -> list[Path]:
    return [folder / name for name in QUADRUPLES if (folder / name).is_file()]


# --- Lines ------------------------------------------------------------------------------------------------------------


def _numbers(raw: bytes, size: int) -> tuple[int, int, int, int]:
    # Columns after the fourth are ignored: a zero, or minus one where a later end of the fact would stand.
    cells = raw.split(b"\t", 4)
    if len(raw) > _LONGEST:
        raise Unreadable("length", f"{size:,} bytes in one line")
    if len(cells) < 4:
        raise Unreadable("columns", f"{len(cells)} columns, expected 4: subject, relation, object, time")
    first, second, third, fourth = cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip()
    # isdigit of bytes knows ASCII alone; int would also take "1_000", "+1" and blanks inside.
    if first.isdigit() and second.isdigit() and third.isdigit() and fourth.isdigit():
        return int(first), int(second), int(third), int(fourth)
    odd = next(cell for cell in (first, second, third, fourth) if not cell.isdigit())
    raise Unreadable("id", f"{odd[:40].decode('utf-8', 'backslashreplace')!r} is no whole number")


def _names(path: Path) -> tuple[dict[int, str], tuple[BadLine, ...]]:
    names: dict[int, str] = {}
    bad: list[BadLine] = []
    for line, raw, size in filled_lines(path):
        try:
            number, name = _name(raw, size)
            if number in names:
                raise Unreadable("id", f"number {number} is {names[number]!r} already")
        except Unreadable as problem:
            bad.append(problem.on(line, raw))
        else:
            names[number] = name
    return names, tuple(bad)


def _name(raw: bytes, size: int) -> tuple[int, str]:
    if size > len(raw):
        raise Unreadable("length", f"{size:,} bytes in one line")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Unreadable("encoding", f"byte {problem.start} is not UTF-8") from problem
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) < 2 or not cells[0]:
        raise Unreadable("columns", f"{len(cells)} columns, expected 2: name and number")
    if not re.fullmatch(r"[0-9]{1,9}", cells[1]):
        raise Unreadable("id", f"{cells[1][:40]!r} is no number")
    return int(cells[1]), " ".join(cells[0].replace("_", " ").split())


def _known(folder: Path, entities: int, relations: int) -> Publication | None:
    path = folder / COUNTS
    if not path.is_file():
        return None
    line = next((raw for _, raw, _ in filled_lines(path)), b"")
    counts = line.split()[:2]
    if len(counts) < 2 or not all(count.isdigit() and len(count) < 10 for count in counts):
        raise SourceError(f"{path}: expected two numbers, entities and relations. Get it again.")
    said = (int(counts[0]), int(counts[1]))
    if said != (entities, relations):
        raise SourceError(
            f"{folder}: {entities:,} entities and {relations:,} relations are named, {COUNTS} says {said[0]:,} and "
            f"{said[1]:,}. Get the lists of names again."
        )
    return publications().get(said)


def _day_zero(folder: Path, known: Publication | None, given: date | None) -> date:
    if known is None:
        if given is None:
            shapes = ", ".join(f"{p.name} ({p.entities:,} and {p.relations:,})" for p in publications().values())
            raise SourceError(
                f"{folder}: the files do not say what day their times count from, and by its numbers of entities and "
                f"relations it is none that is known: {shapes}. Give the day (day_zero)."
            )
        return given
    if given is not None and given != known.day_zero:
        raise SourceError(
            f"{folder}: given {given} as day zero, but {known.name} counts from {known.day_zero}. Leave the day out."
        )
    return known.day_zero


def _unit(folder: Path) -> TimeUnit:
    times: set[int] = set()
    for path in _quadruples(folder):
        for _, raw, size in filled_lines(path):
            with suppress(Unreadable):
                times.add(_numbers(raw, size)[3])
            # Files are in the order of time: by now a count of days has shown mostly numbers that 24 does not divide.
            if len(times) >= _TIMES_ENOUGH:
                break
    whole = sum(time % _HOURS == 0 for time in times)
    return "hours" if whole * 2 > len(times) else "days"


# --- Names ------------------------------------------------------------------------------------------------------------


def _codes(relations: Mapping[int, str]) -> tuple[dict[int, str], tuple[str, ...]]:
    """CAMEO code by number, and the names that are no code's."""
    known = {number: code_named(name) for number, name in relations.items()}
    codes = {number: code.code for number, code in known.items() if code}
    return codes, tuple(name for number, name in relations.items() if number not in codes)


def _countries(entities: Mapping[int, str], registry: Registry) -> tuple[dict[int, str], dict[str, int]]:
    """Country by number, empty where it is known to be none; and what else stands in brackets."""
    icews = IcewsCountries(registry)
    countries: dict[int, str] = {}
    unread: Counter[str] = Counter()
    for number, name in entities.items():
        found = icews.code(name)
        if found is None and (place := _in_brackets(name)):
            found = icews.code(place)
            if found is None:
                unread[place] += 1
                found = ""
        if found is not None:
            countries[number] = found
    return countries, dict(unread.most_common())


def _in_brackets(name: str) -> str:
    """What the brackets at the end hold, however many are nested in them.

    >>> _in_brackets("Men (Holy See (Vatican City State))")
    'Holy See (Vatican City State)'
    """
    if not name.endswith(")"):
        return ""
    depth = 0
    for place in range(len(name) - 1, -1, -1):
        depth += (name[place] == ")") - (name[place] == "(")
        if depth == 0:
            return name[place + 1 : -1].strip()
    return ""


def _people(entities: Mapping[int, str], registry: Registry) -> dict[int, Entity]:
    """Persons by number whose full name is one person's in the registry."""
    owners: dict[str, set[str]] = defaultdict(set)
    for entity in registry.entities.values():
        if entity.kind == "person":
            for language, names in entity.names:
                if language in ("en", "fr"):
                    for name in names:
                        owners[_folded(name)].add(entity.id)
    people: dict[int, Entity] = {}
    for number, name in entities.items():
        found = owners.get(_folded(name), set()) if " " in name else set()
        if len(found) == 1:
            people[number] = registry.entities[next(iter(found))]
    return people


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.casefold().replace("-", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
