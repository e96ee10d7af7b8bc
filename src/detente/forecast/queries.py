"""Choosing cases by a short sentence over their fields: `major_power and not severed and since 1990`.

| term | holds for a case |
|---|---|
| `severed`, `war`, `territorial`, `leader_change`, `mediator`, `major_power` | that started from it |
| `documented` | dated from documents at least in part, and trusted more than `low` |
| `since 1990`, `before 2003-05-01` | whose process began from that year or day on, or before it |
| `with USA` | of which this state (alpha-3) is a side |
| `rupture severed` | by how far relations had been broken: `severed`, `embassy_closed`, `downgraded`, `never` |
| `confidence high` | by how far the compiler trusts its dates |
| `outcome failed`, `reached relations_restored` | by how it ended; for searching only, never for a reference class |

Terms are joined by `and`, `or`, `not` and brackets; `and` binds closer than `or`. Nothing else is understood, and
nothing is evaluated as code.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import get_args

from detente.errors import ForecastError
from detente.forecast.cases import STAGES, Case, Confidence, Outcome, RuptureLevel

FLAGS: tuple[str, ...] = ("severed", "war", "territorial", "leader_change", "mediator", "major_power", "documented")
_VALUES: dict[str, tuple[str, ...]] = {
    "rupture": get_args(RuptureLevel),
    "confidence": get_args(Confidence),
    "outcome": get_args(Outcome),
    "reached": STAGES,
}
_OF_ENDINGS = ("outcome", "reached")
_WORDS = (*FLAGS, *_VALUES, "since", "before", "with", "and", "or", "not", "(", ")")
_MOST_WORDS = 200
"""A longer query would nest deeper than Python allows, and nobody means it."""

Holds = Callable[[Case], bool]


def documented(case: Case) -> bool:
    """Whether some of its dates come from documents, and its compiler trusts them.

    >>> from detente.forecast.cases import load_cases
    >>> documented(load_cases()[0])
    True
    """
    return case.source != "from memory" and case.confidence != "low"


class _Reader:
    def __init__(self, text: str, *, endings: bool) -> None:
        self.text = text
        self.endings = endings
        self.words: list[str] = re.findall(r"[()]|[^\s()]+", text)
        self.at = 0

    def refuse(self, problem: str) -> ForecastError:
        return ForecastError(f"query {self.text!r}: {problem}")

    def next_is(self, word: str) -> bool:
        if self.at < len(self.words) and self.words[self.at].lower() == word:
            self.at += 1
            return True
        return False

    def word(self, expected: str) -> str:
        if self.at == len(self.words):
            raise self.refuse(f"ends where {expected} is expected.")
        self.at += 1
        return self.words[self.at - 1]

    def either(self) -> Holds:
        parts = [self.both()]
        while self.next_is("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda case: any(part(case) for part in parts)

    def both(self) -> Holds:
        parts = [self.one()]
        while self.next_is("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else lambda case: all(part(case) for part in parts)

    def one(self) -> Holds:
        if self.next_is("not"):
            inner = self.one()
            return lambda case: not inner(case)
        if self.next_is("("):
            inner = self.either()
            if not self.next_is(")"):
                raise self.refuse("a bracket is not closed. Close it.")
            return inner
        return self.term(self.word("a term"))

    def term(self, word: str) -> Holds:
        name = word.lower()
        if name == "documented":
            return documented
        if name in FLAGS:
            return lambda case: bool(getattr(case, name))
        if name in ("since", "before"):
            day = self.day(name)
            if name == "since":
                return lambda case: case.process_start is not None and case.process_start >= day
            return lambda case: case.process_start is not None and case.process_start < day
        if name == "with":
            side = self.word("a state").upper()
            if not re.fullmatch(r"[A-Z]{3}", side):
                raise self.refuse(f"{side!r} is no state. Write three letters, as in `with USA`.")
            return lambda case: side in case.dyad.sides
        if name in _VALUES:
            return self.valued(name)
        near = difflib.get_close_matches(name, _WORDS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Use {', '.join(_WORDS[:-5])}, and, or, not."
        raise self.refuse(f"{word!r} is not known. {hint}")

    def valued(self, name: str) -> Holds:
        if name in _OF_ENDINGS and not self.endings:
            raise self.refuse(
                f"{name!r} chooses cases by how they ended, which makes the answer. Choose them by how they began."
            )
        allowed, value = _VALUES[name], self.word(f"one of {', '.join(_VALUES[name])}").lower()
        if value not in allowed:
            raise self.refuse(f"{name} is {value!r}. Use one of {', '.join(allowed)}.")
        if name == "reached":
            return lambda case: any(stage == value for stage, _ in case.stages)
        attribute = {"rupture": "rupture_level"}.get(name, name)
        return lambda case: getattr(case, attribute) == value

    def day(self, name: str) -> date:
        written = self.word("a year or a day")
        try:
            return date(int(written), 1, 1) if re.fullmatch(r"\d{4}", written) else date.fromisoformat(written)
        except ValueError as problem:
            raise self.refuse(f"{name} {written!r} is no year or day. Write 1990 or 2003-05-01.") from problem


@lru_cache(maxsize=256)
def parse_query(text: str, *, endings: bool = False) -> Holds:
    """What a query asks of a case.

    Args:
        text: As described above; an empty one holds for every case.
        endings: Whether terms that look at how a case ended are allowed.

    Returns:
        A function that is true for the cases asked for.

    Raises:
        ForecastError: A word is not known, a value is missing, or it looks at endings where it must not.

    >>> from detente.forecast.cases import load_cases
    >>> wanted = parse_query("major_power and not severed and since 1990")
    >>> [case.label for case in load_cases() if wanted(case)][:2]
    ['USA-Myanmar 2009-12', 'USA-Syria 2009-11']
    """
    reader = _Reader(text, endings=endings)
    if not reader.words:
        return lambda case: True  # noqa: ARG005
    if len(reader.words) > _MOST_WORDS:
        raise reader.refuse(f"{len(reader.words)} words. Use at most {_MOST_WORDS}.")
    found = reader.either()
    if reader.at < len(reader.words):
        raise reader.refuse(f"{reader.words[reader.at]!r} follows without `and` or `or`. Join the terms.")
    return found


def search(cases: Sequence[Case], words: str) -> tuple[Case, ...]:
    """Cases in whose label, notes or source every word is found, small and capital letters alike.

    >>> from detente.forecast.cases import load_cases
    >>> [case.label for case in search(load_cases(), "hanoi stockholm")]
    ['USA-North Korea 2018-19']
    """
    wanted = words.casefold().split()
    return tuple(
        case
        for case in cases
        if all(word in f"{case.label} {case.dyad} {case.notes} {case.source}".casefold() for word in wanted)
    )
