"""Who speaks for and against making up: stance by speaker and by side over time, and the two camps within a side.

A speaker counts once a day: several statements of one day, or one statement in several papers, are averaged first, so
that what is repeated more does not weigh more. All means are over such speaker-days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from detente.measures.index import check_stretch
from detente.measures.spoken import Spoken
from detente.terms import Statement

Key = TypeVar("Key", bound=Hashable)
Camp = Literal["hard line", "between", "moderate"]
CAMP_EDGE = 0.5
"""A speaker whose mean stance is at most -0.5 counts with the hard line, at least +0.5 with the moderates."""


@dataclass(frozen=True, slots=True)
class StanceSpan:
    """Stance over a stretch of time, on the scale from -2 (hostile to normalisation) to +2.

    Attributes:
        mean: Over speaker-days.
        lowest, highest: Of single statements.
        statements: How many.
        speaker_days: Days on which a speaker spoke, summed over speakers.
    """

    mean: float
    lowest: int
    highest: int
    statements: int
    speaker_days: int


@dataclass(frozen=True, slots=True)
class SpeakerStance:
    """One speaker for one side.

    Attributes:
        speaker: Entity id, or the name as written where the registry does not know it.
        role: The last one known in the stretch.
        months: (first day of the month, stance), in order; months of silence are absent.
        camp: By `CAMP_EDGE`.
    """

    speaker: str
    name: str
    role: str
    side: str
    whole: StanceSpan
    months: tuple[tuple[date, StanceSpan], ...]
    camp: Camp


@dataclass(frozen=True, slots=True)
class SideStance:
    """All speakers of one side.

    Attributes:
        camps: (camp, speakers, statements): how the side divides.
    """

    side: str
    whole: StanceSpan
    months: tuple[tuple[date, StanceSpan], ...]
    camps: tuple[tuple[Camp, int, int], ...]


@dataclass(frozen=True, slots=True)
class Stances:
    """Stance between two days.

    Attributes:
        speakers: By side, then from the hardest to the most favourable.
        sides: In alphabetical order; a side nobody spoke for is absent.
        left_out: (reason, statements).
    """

    start: date
    end: date
    speakers: tuple[SpeakerStance, ...]
    sides: tuple[SideStance, ...]
    left_out: tuple[tuple[str, int], ...]

    def side(self, code: str) -> SideStance | None:
        return next((side for side in self.sides if side.side == code), None)


def day_said(statement: Statement, published: Mapping[str, date] | None = None) -> date | None:
    """Day a statement is counted on: when it was said, else when it was published; None where neither is known.

    A statement dated to no more than a month is counted on its first day.
    """
    reported = (published or {}).get(statement.evidence.document)
    said = statement.said_date
    if said is not None and said.precision in ("day", "week", "month"):
        return said.first
    return reported


def stances(
    statements: Iterable[Statement],
    *,
    start: date,
    end: date,
    sides: Sequence[str] = (),
    issue: str | None = None,
    published: Mapping[str, date] | None = None,
) -> Stances:
    """Measure stance by speaker and by side.

    Args:
        statements: As the ledger holds them at a moment: `[s.coding for s in ledger.statements(as_of)]`.
        start, end: Statements of these days and those between count.
        sides: Alpha-3 codes to keep; all where empty.
        issue: Keep statements on this track alone.
        published: Day of publication by document id, for statements without a date of their own.

    Raises:
        MeasureError: `end` lies before `start`.
    """
    check_stretch(start, end)
    said: list[Spoken] = []
    left: dict[str, int] = defaultdict(int)
    for statement in statements:
        if issue is not None and statement.issue != issue:
            continue
        day = day_said(statement, published)
        if day is not None and not start <= day <= end:
            continue
        if not statement.speaker.side:
            left["speaker's side unknown"] += 1
        elif sides and not set(sides) & set(statement.speaker.sides):
            continue
        elif day is None:
            left["undated"] += 1
        else:
            speaker = statement.speaker
            for side in speaker.sides:  # what two sides say together, each of them has said
                if not sides or side in sides:
                    said.append(Spoken(day, speaker.entity or speaker.name, side, statement))
    # The order in which the ledger gives them must not show in the last digit of a mean.
    said.sort(key=lambda s: (s.day, s.side, s.speaker, s.statement.evidence.document, s.statement.evidence.start))
    speakers = [_speaker(group) for group in _grouped(said, lambda s: (s.side, s.speaker)).values()]
    speakers.sort(key=lambda s: (s.side, s.whole.mean, -s.whole.statements, s.speaker))
    whole = [
        SideStance(side, _span(group), _months(group), _camps([s for s in speakers if s.side == side]))
        for side, group in sorted(_grouped(said, lambda s: s.side).items())
    ]
    return Stances(start, end, tuple(speakers), tuple(whole), tuple(sorted(left.items())))


def _grouped(said: Iterable[Spoken], key: Callable[[Spoken], Key]) -> dict[Key, list[Spoken]]:
    groups: dict[Key, list[Spoken]] = defaultdict(list)
    for item in said:
        groups[key(item)].append(item)
    return groups


def _speaker(said: list[Spoken]) -> SpeakerStance:
    last = said[-1].statement.speaker
    role = next((s.statement.speaker.role for s in reversed(said) if s.statement.speaker.role), "")
    whole = _span(said)
    return SpeakerStance(said[-1].speaker, last.name, role, said[-1].side, whole, _months(said), camp_of(whole.mean))


def camp_of(mean: float) -> Camp:
    """Camp of a mean stance.

    >>> camp_of(-1.25), camp_of(0.0), camp_of(0.5)
    ('hard line', 'between', 'moderate')
    """
    if mean <= -CAMP_EDGE:
        return "hard line"
    return "moderate" if mean >= CAMP_EDGE else "between"


def _camps(speakers: list[SpeakerStance]) -> tuple[tuple[Camp, int, int], ...]:
    camps: tuple[Camp, ...] = ("hard line", "between", "moderate")
    return tuple(
        (
            camp,
            sum(s.camp == camp for s in speakers),
            sum(s.whole.statements for s in speakers if s.camp == camp),
        )
        for camp in camps
    )


def _months(said: list[Spoken]) -> tuple[tuple[date, StanceSpan], ...]:
    return tuple(
        (month, _span(group)) for month, group in sorted(_grouped(said, lambda s: s.day.replace(day=1)).items())
    )


def _span(said: list[Spoken]) -> StanceSpan:
    days = _grouped(said, lambda s: (s.side, s.speaker, s.day))
    means = [sum(s.statement.stance for s in group) / len(group) for group in days.values()]
    each = [s.statement.stance for s in said]
    return StanceSpan(round(sum(means) / len(means), 6), min(each), max(each), len(each), len(means))
