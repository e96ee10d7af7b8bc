"""Cells of the event databases, checked and read: days, codes, countries; each distinct word once."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from detente.codebook import crosswalk, modes, quad, score_tenths, types
from detente.errors import RegistryError
from detente.registry import Registry
from detente.sources.country_words import IcewsCountries, fips_country
from detente.sources.event_databases import Database, Lines, Problem, QuarantinedRow

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from detente.sources.event_layouts import Cells, Layout

CHECKED: tuple[str, ...] = (
    "occurrence", "day", "day_number", "recorded_number", "actor", "recipient", "type", "mode", "quad",
    "score_tenths", "code", "source", "target", "place", "mentions", "articles", "tone_hundredths", "url", "file",
    "line", "standing", "pair",
)  # fmt: skip
"""Columns of checked rows, as in the events table (`detente.engine.events`), and two more:

| column | meaning |
|---|---|
| standing | of `STANDINGS` |
| pair | 0, 1 … for the actor-recipient pairs of one row of the database; POLECAT has rows with several |
"""

STANDINGS = ("between_states", "dropped", "within_one_state", "no_state", "without_country")
"""What a good row is to a reader of relations between states.

| standing | meaning |
|---|---|
| between_states | two states and a PLOVER type |
| dropped | two states, but PLOVER drops the CAMEO code (statements, appeals) |
| within_one_state | both sides are of one state |
| no_state | one side or both has only a country word that is no state: a region, an organisation |
| without_country | one side or both has no country |
"""

# None of the three begins before 1979; GDELT dates a few reports of anniversaries decades back.
_EARLIEST = date(1900, 1, 1)
_MISSING: Mapping[Database, frozenset[str]] = {
    "gdelt": frozenset({""}),
    # R writes NA where ICEWS leaves the country empty; Namibia is written out.
    "icews": frozenset({"", "NA", "NULL"}),
    "polecat": frozenset({"", "None"}),
}
# Modes of POLECAT's first releases that PLOVER v2 folded into others, as in the CAMEO crosswalk's repairs.
_OLDER_MODES = {("COERCE", "ban"): "restrict", ("THREATEN", "ban"): "restrict", ("ASSAULT", "assassinate"): "targeted"}
# Several actors and nobody acted upon is PLOVER's form of a meeting; two who accuse together accuse no-one here.
_JOINT = frozenset({"AGREE", "CONSULT", "COOPERATE"})
_REMEMBERED = 200_000

T = TypeVar("T")
_Wrong = dict[int, tuple[Problem, str]]
"""What is wrong with rows, by their place."""


@dataclass(slots=True)
class Checked:
    """Lines after every check.

    Attributes:
        rows: Good rows, with the columns of `CHECKED`, in the order of the lines.
        quarantined: The others.
        noted: By (file, what, word) how often: `no_state`, `unknown_place`, `mode_left_out`, `dropped`.
    """

    rows: pa.Table
    quarantined: list[QuarantinedRow]
    noted: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Bad:
    """What is wrong with a word."""

    problem: Problem
    reason: str


@dataclass(frozen=True, slots=True)
class _Country:
    codes: tuple[str, ...]
    no_state: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Code:
    code: str
    type: str
    mode: str
    mode_left_out: str = ""


def checked_schema() -> pa.Schema:
    """Types of the columns of `CHECKED`, without dictionaries."""
    import pyarrow as pa

    kinds = {
        "day": pa.date32(),
        "quad": pa.int8(),
        "score_tenths": pa.int16(),
        "pair": pa.int16(),
        **dict.fromkeys(
            ("day_number", "recorded_number", "mentions", "articles", "tone_hundredths", "line"), pa.int32()
        ),
    }
    return pa.schema([(name, kinds.get(name, pa.string())) for name in CHECKED])


class Checks:
    """Checks rows of one database."""

    def __init__(self, origin: Database, registry: Registry) -> None:
        self._origin = origin
        self._registry = registry
        self._countries = _Countries(origin, registry)
        self._known: dict[str, dict[str, Any]] = {}

    def check(self, lines: Sequence[Lines], layout: Layout) -> Checked:
        """Check the cells of lines of one layout."""
        import numpy as np

        cells = layout.cells(lines)
        bad: _Wrong = {}
        self._check_ids(cells, bad)
        days = self._words(cells.day, "day", _day, bad)
        recorded = self._words(cells.added, "added", _added, bad) if cells.added is not None else None
        if recorded is not None:
            self._check_order(days, recorded, bad)
        for place, wrong in cells.bad.items():
            bad.setdefault(place, wrong)
        codes = self._words(cells.code, "code", _cameo if self._origin != "polecat" else _plover, bad)
        actors = self._words(cells.source_country, "actor", self._actor, bad)
        recipients = self._words(cells.target_country, "recipient", self._recipient, bad)
        places = self._words(cells.place, "place", self._place, {}) if cells.place is not None else None
        files, numbers = _origins(lines)
        quarantined = self._quarantined(bad, lines, numbers)
        good = np.setdiff1d(np.arange(len(numbers)), np.fromiter(bad, np.int64, len(bad)), assume_unique=True)
        rows = _Rows(cells, days, recorded, codes, actors, recipients, places, files, numbers)
        table, noted = rows.table(self._origin, good)
        return Checked(table, quarantined, noted)

    def _check_ids(self, cells: Cells, bad: _Wrong) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        missing = pc.equal(cells.id, "") if pa.types.is_string(cells.id.type) else pc.is_null(cells.id)
        for place in pc.indices_nonzero(missing).to_pylist():
            bad[place] = "id", "the event has no id"
        for place, wrong in cells.bad.items():
            if wrong[0] == "id":
                bad[place] = wrong

    def _check_order(self, days: _Words[int], recorded: _Words[int], bad: _Wrong) -> None:
        import numpy as np

        day, added = days.numbers(), recorded.numbers()
        for place in np.flatnonzero((day > added + 1) & (day > 0) & (added > 0)).tolist():
            late, when = (date.fromordinal(int(number)) for number in (day[place], added[place]))
            bad.setdefault(place, ("date", f"date {late} lies after {when}, when the row was added"))

    def _words(
        self,
        column: pa.DictionaryArray,
        name: str,
        read: Callable[[str], T | _Bad],
        bad: _Wrong,
    ) -> _Words[T]:
        """What each word of a column stands for; rows with a word that stands for nothing are bad."""
        import numpy as np

        known = self._known.setdefault(name, {})
        words = column.dictionary.to_pylist()
        found: list[Any] = []
        for word in words:
            meaning = known.get(word)
            if meaning is None:
                meaning = read(word)
                if len(known) < _REMEMBERED:
                    known[word] = meaning
            found.append(meaning)
        indices = column.indices.to_numpy()
        wrong = [at for at, meaning in enumerate(found) if isinstance(meaning, _Bad)]
        if wrong:
            for place in np.flatnonzero(np.isin(indices, wrong)).tolist():
                meaning = found[indices[place]]
                bad.setdefault(place, (meaning.problem, meaning.reason))
        return _Words(indices, found)

    def _actor(self, word: str) -> _Country | _Bad:
        which = {"gdelt": "first actor's", "icews": "source", "polecat": "actor"}[self._origin]
        return self._countries.read(word, which)

    def _recipient(self, word: str) -> _Country | _Bad:
        which = {"gdelt": "second actor's", "icews": "target", "polecat": "recipient"}[self._origin]
        return self._countries.read(word, which)

    def _place(self, word: str) -> _Country | _Bad:
        if self._origin != "gdelt":
            return self._countries.read(word, "place's")
        if not word:
            return _Country(())
        found = fips_country(word, self._registry)
        if found is None:
            return _Bad("country", f"place's country {word[:60]!r} is unknown")
        return _Country((found,) if found else ())

    def _quarantined(
        self,
        bad: _Wrong,
        lines: Sequence[Lines],
        numbers: NDArray[np.int64],
    ) -> list[QuarantinedRow]:
        import numpy as np

        if not bad:
            return []
        starts = np.cumsum([0, *(len(part) for part in lines)])
        raw: dict[int, list[bytes]] = {}
        found = []
        for place in sorted(bad):
            part = int(np.searchsorted(starts, place, side="right")) - 1
            if part not in raw:
                raw[part] = lines[part].data.split(b"\n")
            line = raw[part][place - int(starts[part])]
            found.append(
                QuarantinedRow.of(self._origin, lines[part].file, int(numbers[place]), *bad[place], line.rstrip(b"\r"))
            )
        return found


def _origins(lines: Sequence[Lines]) -> tuple[pa.DictionaryArray, NDArray[np.int64]]:
    """File and number of each line."""
    import numpy as np
    import pyarrow as pa

    names = {name: at for at, name in enumerate(dict.fromkeys(part.file for part in lines))}
    at = np.repeat([names[part.file] for part in lines], [len(part) for part in lines])
    numbers = np.concatenate([np.asarray(part.numbers, np.int64) for part in lines])
    return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32()), pa.array(list(names), pa.string())), numbers


@dataclass(slots=True)
class _Words(Generic[T]):
    """A column whose distinct words have been looked up."""

    indices: NDArray[np.int32]
    meanings: list[T | _Bad]

    def numbers(self) -> NDArray[np.int64]:
        """Whole numbers that the words stand for; 0 for those that stand for none."""
        import numpy as np

        given = np.array([m if isinstance(m, int) else 0 for m in self.meanings], np.int64)
        return given[self.indices]

    def of(self, what: Callable[[T], Any], kind: pa.DataType) -> pa.Array:
        """One thing that each word stands for, as a column; for text as a dictionary."""
        import numpy as np
        import pyarrow as pa

        given = [None if isinstance(m, _Bad) else what(m) for m in self.meanings]
        if not pa.types.is_string(kind):
            return pa.array(given, kind).take(pa.array(self.indices))
        places = {value: at for at, value in enumerate(dict.fromkeys(v for v in given if v is not None))}
        at = np.array([places.get(value, -1) for value in given], np.int32)[self.indices]
        return pa.DictionaryArray.from_arrays(
            pa.array(at, pa.int32(), mask=at < 0), pa.array(list(places), pa.string())
        )


@dataclass(slots=True)
class _Rows:
    """Everything known of the lines, good and bad, by column."""

    cells: Cells
    days: _Words[int]
    recorded: _Words[int] | None
    codes: _Words[_Code]
    actors: _Words[_Country]
    recipients: _Words[_Country]
    places: _Words[_Country] | None
    files: pa.DictionaryArray
    numbers: NDArray[np.int64]

    def table(self, origin: Database, good: NDArray[np.int64]) -> tuple[pa.Table, Counter[tuple[str, str, str]]]:
        """The good rows, one for each pair of actor and recipient, and what is noted of them."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        at, pair, actor, recipient = self._pairs(good)
        taken = None if len(at) == len(self.numbers) and bool((at == np.arange(len(at))).all()) else pa.array(at)

        def rows(column: pa.Array) -> pa.Array:
            return column if taken is None else column.take(taken)

        nothing = pa.nulls(len(at), pa.int32())
        numbers = rows(pa.array(self.days.numbers().astype(np.int32)))
        columns: dict[str, pa.Array] = {
            "occurrence": pc.binary_join_element_wise(f"{origin}:", rows(self.cells.id).cast(pa.string()), ""),
            "day": pc.subtract(numbers, date(1970, 1, 1).toordinal()).cast(pa.int32()).cast(pa.date32()),
            "day_number": numbers,
            "recorded_number": rows(pa.array(self.recorded.numbers().astype(np.int32))) if self.recorded else nothing,
            "actor": actor,
            "recipient": recipient,
            "type": rows(self.codes.of(lambda code: code.type, pa.string())),
            "mode": rows(self.codes.of(lambda code: code.mode, pa.string())),
            "quad": rows(self.codes.of(lambda code: quad(code.type) if code.type else None, pa.int8())),
            "score_tenths": rows(
                self.codes.of(lambda code: score_tenths(code.type, code.mode) if code.type else None, pa.int16())
            ),
            "code": rows(self.codes.of(lambda code: code.code, pa.string())),
            "source": rows(self.cells.source),
            "target": rows(self.cells.target),
            "place": rows(self.places.of(_one, pa.string())) if self.places else _nowhere(len(at)),
            "mentions": _narrow(rows(self.cells.mentions)) if self.cells.mentions is not None else nothing,
            "articles": _narrow(rows(self.cells.articles)) if self.cells.articles is not None else nothing,
            "tone_hundredths": _hundredths(rows(self.cells.tone)) if self.cells.tone is not None else nothing,
            "url": rows(self.cells.url) if self.cells.url is not None else pa.nulls(len(at), pa.string()),
            "file": rows(self.files),
            "line": rows(pa.array(self.numbers.astype(np.int32))),
        }
        standing = self._standing(at, actor, recipient)
        columns["standing"] = pa.DictionaryArray.from_arrays(pa.array(standing), pa.array(STANDINGS))
        columns["pair"] = pa.array(pair)
        return pa.table([columns[name] for name in CHECKED], names=list(CHECKED)), self._noted(at[pair == 0])

    def _pairs(self, good: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int16], pa.Array, pa.Array]:
        """Places of the good rows, once for each pair; the pair's number; its actor; its recipient."""
        import numpy as np
        import pyarrow as pa

        several = np.array([len(m.codes) > 1 if isinstance(m, _Country) else False for m in self.actors.meanings])
        others = np.array([len(m.codes) > 1 if isinstance(m, _Country) else False for m in self.recipients.meanings])
        actor, recipient = self.actors.of(_one, pa.string()), self.recipients.of(_one, pa.string())
        many = good[several[self.actors.indices[good]] | others[self.recipients.indices[good]]]
        if not len(many):
            zero = np.zeros(len(good), np.int16)
            if len(good) == len(self.numbers):
                return good, zero, actor, recipient
            return good, zero, actor.take(pa.array(good)), recipient.take(pa.array(good))
        pairs = {place: self._pairs_of(place) for place in many.tolist()}
        counts = np.ones(len(self.numbers), np.int64)
        counts[many] = [len(pairs[place]) for place in many.tolist()]
        at = np.repeat(good, counts[good])
        starts = np.cumsum(counts[good]) - counts[good]
        pair = (np.arange(len(at)) - np.repeat(starts, counts[good])).astype(np.int16)
        who, whom = actor.take(pa.array(at)).to_pylist(), recipient.take(pa.array(at)).to_pylist()
        for start, place in zip(starts.tolist(), good.tolist(), strict=True):
            for offset, (one, other) in enumerate(pairs.get(place, ())):
                who[start + offset], whom[start + offset] = one, other
        return at, pair, *(pa.array(words, pa.string()).dictionary_encode() for words in (who, whom))

    def _pairs_of(self, place: int) -> list[tuple[str | None, str | None]]:
        """Who acts toward whom in a row with several on one side.

        Source:
            PLOVER manual, draft 2.0 (2024), "Compound and Reciprocal Actors": joint acts have actors alone.
        """
        actors, recipients, code = (
            words.meanings[words.indices[place]] for words in (self.actors, self.recipients, self.codes)
        )
        assert isinstance(actors, _Country) and isinstance(recipients, _Country) and isinstance(code, _Code)  # noqa: S101, PT018 - the row is good
        toward = actors.codes if not recipients.codes and code.type in _JOINT else recipients.codes
        every = [(a, r) for a in actors.codes or (None,) for r in toward or (None,)]
        return [(a, r) for a, r in every if a != r] or every[:1]

    def _standing(self, at: NDArray[np.int64], actor: pa.Array, recipient: pa.Array) -> NDArray[np.int8]:
        import numpy as np
        import pyarrow.compute as pc

        both = pc.and_(actor.is_valid(), recipient.is_valid()).to_numpy(zero_copy_only=False)
        same = pc.fill_null(pc.equal(actor.cast("string"), recipient.cast("string")), False)
        untyped = np.array([not m.type if isinstance(m, _Code) else False for m in self.codes.meanings])
        standing = np.where(untyped[self.codes.indices[at]], 1, 0).astype(np.int8)
        standing[same.to_numpy(zero_copy_only=False)] = 2
        standing[~both] = 4
        standing[~both & (self._no_state(self.actors)[at] | self._no_state(self.recipients)[at])] = 3
        return standing

    def _no_state(self, words: _Words[_Country]) -> NDArray[np.bool_]:
        import numpy as np

        return np.array([isinstance(m, _Country) and bool(m.no_state) for m in words.meanings])[words.indices]

    def _noted(self, at: NDArray[np.int64]) -> Counter[tuple[str, str, str]]:
        """Words that are worth counting by file: `at` are the places of the good rows, each once."""
        noted: Counter[tuple[str, str, str]] = Counter()
        names = self.files.dictionary.to_pylist()

        def count(what: str, words: _Words[Any], of: Callable[[Any], Sequence[str]]) -> None:
            import numpy as np

            told = [() if isinstance(m, _Bad) else tuple(of(m)) for m in words.meanings]
            if not any(told):
                return
            marked = np.array([bool(t) for t in told])[words.indices[at]]
            files = self.files.indices.to_numpy()[at[marked]].astype(np.int64)
            both, counts = np.unique(files * len(told) + words.indices[at[marked]], return_counts=True)
            for key, found in zip(both.tolist(), counts.tolist(), strict=True):
                for word in told[key % len(told)]:
                    noted[names[key // len(told)], what, word] += found

        count("no_state", self.actors, lambda country: country.no_state)
        count("no_state", self.recipients, lambda country: country.no_state)
        count("mode_left_out", self.codes, lambda code: [code.mode_left_out] if code.mode_left_out else ())
        if self.places:
            unknown = [m.reason if isinstance(m, _Bad) else "" for m in self.places.meanings]
            marked = _Words[Any](self.places.indices, [(reason,) if reason else () for reason in unknown])
            count("unknown_place", marked, lambda told: told)
        return noted


def _one(country: _Country) -> str | None:
    return country.codes[0] if len(country.codes) == 1 else None


def _nowhere(count: int) -> pa.DictionaryArray:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.nulls(count, pa.int32()), pa.array([], pa.string()))


def _narrow(numbers: pa.Array) -> pa.Array:
    import pyarrow as pa

    return numbers.cast(pa.int32())


def _hundredths(numbers: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.round(pc.multiply(numbers, 100)).cast(pa.int32())


@cache
def _own_words(kind: Database) -> Mapping[str, str]:
    """What this database calls countries where ISO and the registry do not; empty for what is no state."""
    text = (files("detente.sources") / "database_countries.csv").read_text(encoding="utf-8")
    return {
        row["given"].casefold(): row["alpha3"] for row in csv.DictReader(text.splitlines()) if row["database"] == kind
    }


class _Countries:
    """Country words of one database, as alpha-3 codes."""

    def __init__(self, kind: Database, registry: Registry) -> None:
        self._kind = kind
        self._registry = registry
        self._own = _own_words(kind)
        self._missing = _MISSING[kind]
        self._names = IcewsCountries(registry) if kind == "icews" else None

    def read(self, cell: str, which: str) -> _Country | _Bad:
        """The states of one cell, and its words that are none."""
        # POLECAT joins several with ";", and alternatives within one actor with "|".
        words = re.split(r"[;|]", cell) if self._kind == "polecat" else [cell]
        codes: dict[str, None] = {}
        no_state: dict[str, None] = {}
        for word in (word.strip() for word in words):
            if word in self._missing:
                continue
            code = self._code(word)
            if code is None:
                return _Bad("country", f"{which} country {word[:60]!r} is unknown")
            if code:
                codes[code] = None
            else:
                no_state[word] = None
        return _Country(tuple(codes), tuple(no_state))

    def _code(self, word: str) -> str | None:
        own = self._names.code(word) if self._names else self._own.get(word.casefold())
        # Graphs made of ICEWS come with codes in the place of names.
        if own is not None:
            return own
        if not re.fullmatch(r"[A-Z]{3}", word):
            return None
        try:
            return self._registry.alpha3(word)
        except RegistryError:
            return None


def _day(text: str) -> int | _Bad:
    """Read a day written YYYY-MM-DD or YYYYMMDD, as a number."""
    day = None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", text, re.ASCII):
        with suppress(ValueError):
            day = date.fromisoformat(text)
    if day is None or day < _EARLIEST:
        return _Bad("date", f"date {text[:40]!r} cannot be")
    return day.toordinal()


def _added(text: str) -> int | _Bad:
    """Read the day of a moment written YYYYMMDDHHMMSS, or YYYYMMDD."""
    if len(text) not in (8, 14) or not re.fullmatch(r"\d{8}|\d{8}([01]\d|2[0-3])([0-5]\d){2}", text, re.ASCII):
        return _Bad("date", f"moment {text[:40]!r}, when the row was added, cannot be")
    return _day(text[:8])


def _cameo(code: str) -> _Code | _Bad:
    found = crosswalk().get(code)
    if found is None:
        lost = ": leading zero lost?" if f"0{code}" in crosswalk() else ""
        return _Bad("code", f"CAMEO code {code[:20]!r} is unknown{lost}")
    return _Code(code, found.type, found.mode)


def _plover(word: str) -> _Code | _Bad:
    kind, _, mode = word.partition("\t")
    kind = kind.strip().upper()
    if kind not in types():
        return _Bad("code", f"PLOVER type {kind[:40]!r} is unknown")
    mode = mode.strip()
    if mode in ("", "None"):
        return _Code(kind, kind, "")
    known = mode.lower().replace("_", "-")
    known = _OLDER_MODES.get((kind, known), known)
    if (kind, known) in modes():
        return _Code(f"{kind}/{known}", kind, known)
    return _Code(f"{kind}/{mode}", kind, "", f"{kind}/{mode}")
