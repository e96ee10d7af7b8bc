"""What reports tell of an event beside its fields, and differ on: how long it took, how many there were.

Both are read in any language from what the coder filed and from the event's own words: a length is a TIMEX3 duration in
the words that state a meeting or right after them; a count is the number in the words that state an act, where there
is only one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.languages.numbers import counts
from detente.terms import Event, Span, TimeExpression

_FOLLOWS = 300
"""Characters after the words that state a meeting within which its length is told: "The talks lasted six hours." """
_BESIDE = 5
"""Characters between the hours and the minutes of one length: " and "."""
_LONGEST_HOURS = 20
"""Longer is no meeting, but a deadline or a truce."""
_ABOUT = 0.1
"""Share by which what is "about an hour" may be more or less: "50 minutes" is not."""
_OVER = 0.25
"""Share by which what is "more than six hours" may be more."""
_TIMEX = re.compile(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?")
_SIGNS = {"": "", "APPROX": "~", "MORE_THAN": ">", "EQUAL_OR_MORE": ">", "LESS_THAN": "<", "EQUAL_OR_LESS": "<"}


@dataclass(frozen=True, slots=True)
class Length:
    """How long a meeting took, as a report has it.

    Attributes:
        minutes: As written.
        sign: `~` about, `>` more than, `<` less than, or empty.

    >>> Length.of("PT50M", "").agrees(Length.of("PT1H", "APPROX"))
    False
    >>> Length.of("PT6H", "MORE_THAN").agrees(Length.of("PT7H", "APPROX")), str(Length.of("PT5H30M", ""))
    (True, '330')
    """

    minutes: int
    sign: str = ""

    @classmethod
    def of(cls, value: str, mod: str) -> Length | None:
        """Read a TIMEX3 duration; None where it is no length of a meeting."""
        match = _TIMEX.fullmatch(value)
        if match is None or mod not in _SIGNS:
            return None
        minutes = round(60 * float(match[1] or 0) + float(match[2] or 0))
        return cls(minutes, _SIGNS[mod]) if 0 < minutes <= 60 * _LONGEST_HOURS else None

    def __str__(self) -> str:
        return f"{self.sign}{self.minutes}"

    @property
    def stretch(self) -> tuple[float, float]:
        below = {"~": 1 - _ABOUT, "<": 1 - _OVER}.get(self.sign, 1.0)
        above = {"~": 1 + _ABOUT, ">": 1 + _OVER}.get(self.sign, 1.0)
        return self.minutes * below, self.minutes * above

    def agrees(self, other: Length) -> bool:
        """True where both can be right."""
        return self.stretch[0] <= other.stretch[1] and other.stretch[0] <= self.stretch[1]


class Details:
    """Lengths and counts of the events of a ledger."""

    def __init__(self, events: Iterable[Event], times: Iterable[TimeExpression]) -> None:
        starts: dict[str, set[int]] = defaultdict(set)
        for event in events:
            starts[event.evidence.document].add(event.evidence.start)
        self._starts: Mapping[str, Sequence[int]] = {document: sorted(found) for document, found in starts.items()}
        self._times: dict[str, list[TimeExpression]] = defaultdict(list)
        for time in sorted(times, key=lambda time: time.evidence.start):
            self._times[time.evidence.document].append(time)

    def length(self, event: Event) -> Length | None:
        """How long a meeting took; None for anything else, and where it is not said."""
        if event.type != "CONSULT" or event.realis != "happened":
            return None
        here = event.evidence
        starts = self._starts.get(here.document, ())
        after = bisect_right(starts, here.end - 1)
        end = min(here.end + _FOLLOWS, starts[after] if after < len(starts) else here.end + _FOLLOWS)
        told = [
            (time.evidence, length)
            for time in self._times.get(here.document, ())
            if time.type == "DURATION" and here.start <= time.evidence.start < end
            if (length := Length.of(time.value, time.mod)) is not None
        ]
        if not told:
            return None
        (first, length), *rest = told
        # "two hours 45 minutes", "два часа 45 минут": one length, in two expressions.
        if (
            rest
            and 0 <= rest[0][0].start - first.end <= _BESIDE
            and length.minutes % 60 == 0
            and rest[0][1].minutes < 60
        ):
            return Length(length.minutes + rest[0][1].minutes, length.sign)
        return length

    def count(self, event: Event, language: str) -> float | None:
        """How many an act has to do with; None for meetings and accords, and where not just one number is given."""
        if event.type in ("CONSULT", "AGREE"):
            return None
        here = event.evidence
        dated = [
            Span(time.evidence.start - here.start, time.evidence.end - here.start)
            for time in self._times.get(here.document, ())
            if here.start <= time.evidence.start < here.end
        ]
        found = set(counts(here.quote, language, skip=dated))
        return found.pop() if len(found) == 1 else None
