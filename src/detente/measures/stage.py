"""Stage: how far the two have come on the ladder of normalisation, as events show it and as speakers claim it.

The ladder stands in `ladder.toml`: contact, talks, an agreed list, first measures, ambassadors, restoration; for each
rung the acts that reach it, those that undo it, and the words in which it is claimed, in three languages. A deployment
for other stages edits that file alone.

*Measured.* An act that reaches a rung is there with the coder's confidence c. The rung was reached by a day with
probability 1 - prod(1 - c) over such acts until then, and the day on which it first was has the distribution that
follows from it; its middle and its 5 % and 95 % quantiles are given. It is held with probability h, which an act that
reaches it lifts to 1 - (1 - h)(1 - c) and one that undoes it lowers to h (1 - c). The stage is the highest rung held.
Acts are taken to be right or wrong independently of one another.

*Claimed.* A statement in whose words a rung is claimed says that it is reached, hoped for, or not reached. A claim that
it is reached while it is measured as not held is ahead of events; one that it is not, while it is held, behind them.

Source:
    The rungs are ours, after the past cases in `forecast/reference_cases.csv` and their columns.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from detente.measures.index import check_stretch
from detente.measures.spoken import Said
from detente.measures.stance import day_said
from detente.terms import Dyad, Event, Occurrence

METHOD = "stage.v1"
LEVEL = 0.90
HELD = 0.5
"""Probability from which a rung counts as held."""
_GAP = r"[^.;!?]{0,40}?"
"""What * stands for: a few words of the same sentence."""
_BEFORE, _AFTER = 45, 60
"""Characters around a claim in which a word that denies it, or makes it a hope, is looked for."""
Says = Literal["reached", "hoped for", "not reached"]
_CERTAIN = frozenset({"accept", "amend"})


@dataclass(frozen=True)
class Rule:
    """Acts that reach a rung, or undo it."""

    types: frozenset[str]
    modes: frozenset[str] = frozenset()
    not_modes: frozenset[str] = frozenset()
    realis: str = "happened"
    joint: bool = False
    tracks: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    without: re.Pattern[str] | None = None

    def fits(self, event: Event, dyad: Dyad) -> bool:
        return (
            event.type in self.types
            and event.realis == self.realis
            and (not self.modes or event.mode in self.modes)
            and event.mode not in self.not_modes
            and (not self.tracks or event.track in self.tracks)
            and set(dyad.sides) <= set(_acting(event) if self.joint else event.sides)
            and (self.words is None or self.words.search(event.evidence.quote.lower()) is not None)
            and (self.without is None or self.without.search(event.evidence.quote.lower()) is None)
        )


def _acting(event: Event) -> set[str]:
    return {side for p in event.actors for side in p.sides}


def _sent(event: Event, people: Collection[str]) -> set[str]:
    return {side for p in event.actors if p.entity in people for side in p.sides}


@dataclass(frozen=True)
class Rung:
    """A rung of the ladder; `claims` are patterns by language."""

    id: str
    labels: Mapping[str, str]
    reached: tuple[Rule, ...]
    fallen: tuple[Rule, ...]
    claims: Mapping[str, re.Pattern[str]]
    tracks: frozenset[str] = frozenset()
    each_side: bool = False


@dataclass(frozen=True)
class Ladder:
    """All rungs from the lowest, and the words that turn a claim into a denial or a hope."""

    rungs: tuple[Rung, ...]
    not_yet: Mapping[str, re.Pattern[str]]
    hoped: Mapping[str, re.Pattern[str]]


@cache
def ladder() -> Ladder:
    """The ladder that comes with the package.

    >>> [rung.id for rung in ladder().rungs]
    ['contact', 'talks', 'list', 'measures', 'ambassadors', 'restoration']
    """
    return read_ladder((files("detente.measures") / "ladder.toml").read_text(encoding="utf-8"))


def read_ladder(text: str) -> Ladder:
    """Read a ladder from TOML, in the form of `ladder.toml`."""
    held = tomllib.loads(text)
    rungs = tuple(
        Rung(
            each["id"],
            each["label"],
            tuple(map(_rule, each["reached"])),
            tuple(map(_rule, each.get("fallen", ()))),
            _by_language(each.get("claims", {})),
            frozenset(each.get("tracks", ())),
            each.get("each_side", False),
        )
        for each in held["rung"]
    )
    return Ladder(rungs, _by_language(held.get("not_yet", {})), _by_language(held.get("hoped", {})))


def _rule(held: Mapping[str, Any]) -> Rule:
    words = [word for some in held.get("words", {}).values() for word in some]
    without = [word for some in held.get("without", {}).values() for word in some]
    return Rule(
        types=frozenset(held["types"]),
        modes=frozenset(held.get("modes", ())),
        not_modes=frozenset(held.get("not_modes", ())),
        realis=held.get("realis", "happened"),
        joint=held.get("joint", False),
        tracks=frozenset(held.get("tracks", ())),
        words=_pattern(words) if words else None,
        without=_pattern(without) if without else None,
    )


def _by_language(held: Mapping[str, Sequence[str]]) -> Mapping[str, re.Pattern[str]]:
    return {language: _pattern(words) for language, words in held.items()}


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(_GAP.join(map(re.escape, word.split("*"))) for word in words) + ")")


@dataclass(frozen=True, slots=True)
class Step:
    """An act that reaches a rung, or undoes it; `side` where the rung needs one of each."""

    day: date
    rung: str
    up: bool
    chance: float
    evidence: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A rung as of the last day.

    Attributes:
        reached: Probability that it was reached at all.
        day: Middle of the day it was first reached, None where that is less likely than not.
        earliest, latest: 90 % interval of that day; `latest` is None where it may not have been reached at all.
        held: Probability that it is held now.
        missing: Sides of which no act is known, for a rung that needs one of each.
        evidence: Occurrences that reach it, in order of time.
        fallen: (day, occurrence) that undo it.
    """

    rung: str
    reached: float
    day: date | None
    earliest: date | None
    latest: date | None
    held: float
    missing: tuple[str, ...]
    evidence: tuple[str, ...]
    fallen: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a speaker says of a rung.

    Attributes:
        against: `ahead` of what was measured on that day, `behind` it, or empty where they agree or it is a hope.
    """

    day: date
    side: str
    speaker: str
    rung: str
    says: Says
    against: Literal["ahead", "behind", ""]
    measured: float
    evidence: str
    quote: str


@dataclass(frozen=True, slots=True)
class Stage:
    """The ladder between two days.

    Attributes:
        rungs: From the lowest.
        path: (day, for each rung the probability that it is held), at each day on which one changes.
        current: Id of the highest rung held, or empty.
        likely: For each rung, and first for none, the probability that it is the highest held.
        claims: In order of time.
    """

    dyad: Dyad
    start: date
    end: date
    rungs: tuple[Standing, ...]
    path: tuple[tuple[date, tuple[float, ...]], ...]
    current: str
    likely: tuple[float, ...]
    steps: tuple[Step, ...]
    claims: tuple[Claim, ...]
    method: str = field(default=METHOD)

    def rung(self, name: str) -> Standing:
        return next(held for held in self.rungs if held.rung == name)


def stage(
    occurrences: Iterable[Occurrence],
    statements: Iterable[Said],
    dyad: Dyad,
    *,
    start: date,
    end: date,
    published: Mapping[str, date] | None = None,
    general: Collection[str] = (),
    people: Collection[str] = (),
    steps_of: Ladder | None = None,
) -> Stage:
    """Measure the stage, and hold what is claimed against it.

    Args:
        published: Day of publication by document.
        general: Issues on which any rung can be claimed.
        people: Entity ids of persons: for a rung that needs one of each side, the side is that of the person who acts.
        steps_of: Another ladder than the package's.

    Raises:
        MeasureError: `end` lies before `start`.
    """
    check_stretch(start, end)
    known = steps_of or ladder()
    published = published or {}
    steps = _steps(occurrences, known, dyad, (start, end), published, people)
    path = _path(steps, known, dyad)
    now = path[-1][1] if path else (0.0,) * len(known.rungs)
    standing = tuple(
        _standing(rung, [step for step in steps if step.rung == rung.id], now[place], dyad)
        for place, rung in enumerate(known.rungs)
    )
    return Stage(
        dyad,
        start,
        end,
        standing,
        path,
        highest(known, now),
        likely(now),
        steps,
        _claims(statements, known, dyad, (start, end), published, general, path),
    )


def highest(known: Ladder, held: Sequence[float]) -> str:
    """The highest rung held, or an empty string."""
    return next((r.id for r, h in reversed(list(zip(known.rungs, held, strict=True))) if h >= HELD), "")


def likely(held: Sequence[float]) -> tuple[float, ...]:
    """For none and for each rung the probability that it is the highest one held.

    >>> likely([1.0, 0.5])
    (0.0, 0.5, 0.5)
    """
    out, above = [], 1.0
    for chance in reversed(held):
        out.append(round(above * chance, 6))
        above *= 1 - chance
    return (round(above, 6), *reversed(out))


def _steps(
    occurrences: Iterable[Occurrence],
    known: Ladder,
    dyad: Dyad,
    reach: tuple[date, date],
    published: Mapping[str, date],
    people: Collection[str],
) -> tuple[Step, ...]:
    out = []
    for occurrence in occurrences:
        event = occurrence.event
        day = _day(occurrence, published)
        if day is None or not reach[0] <= day <= reach[1] or not set(dyad.sides) <= set(event.sides):
            continue
        chance = 1.0 if occurrence.decided in _CERTAIN else event.confidence
        for rung in known.rungs:
            if any(rule.fits(event, dyad) for rule in rung.reached):
                whose = sorted(_sent(event, people) & set(dyad.sides)) if rung.each_side else [""]
                out += [Step(day, rung.id, True, chance, occurrence.id, side) for side in whose]
            elif any(rule.fits(event, dyad) for rule in rung.fallen):
                out.append(Step(day, rung.id, False, chance, occurrence.id))
    # On one day what is undone was there before: a round called off does not undo the one held that day.
    return tuple(sorted(out, key=lambda step: (step.day, step.up, step.evidence, step.rung, step.side)))


def _day(occurrence: Occurrence, published: Mapping[str, date]) -> date | None:
    """Last day on which it can have been; never after its first report as such."""
    event = occurrence.event
    reports = [
        published.get(entry.document) or entry.recorded.astimezone(UTC).date()
        for entry in occurrence.members
        if isinstance(entry.coding, Event) and entry.coding.realis == event.realis
    ] or [published[name] for name in occurrence.documents if name in published]
    first = min(reports, default=None)
    dated = event.event_date
    if dated is None and event.rank == "background":
        return None  # what a report recalls without a day was done before it, nobody knows when
    if event.realis != "happened" or dated is None or dated.precision == "none":
        # What is called off speaks of a day to come, and is called off on the day of its report.
        return first if first is not None or dated is None else dated.first
    return dated.last if first is None else max(dated.first, min(dated.last, first))


def _path(steps: Sequence[Step], known: Ladder, dyad: Dyad) -> tuple[tuple[date, tuple[float, ...]], ...]:
    held = {rung.id: dict.fromkeys(dyad.sides if rung.each_side else ("",), 0.0) for rung in known.rungs}
    path: dict[date, tuple[float, ...]] = {}
    for step in steps:
        whose = held[step.rung]
        for side in whose if not step.side else (step.side,):
            chance = whose[side]
            whose[side] = 1 - (1 - chance) * (1 - step.chance) if step.up else chance * (1 - step.chance)
        path[step.day] = tuple(round(_all(held[rung.id].values()), 6) for rung in known.rungs)
    return tuple(path.items())


def _all(chances: Iterable[float]) -> float:
    out = 1.0
    for chance in chances:
        out *= chance
    return out


def _standing(rung: Rung, steps: Sequence[Step], held: float, dyad: Dyad) -> Standing:
    sides = dyad.sides if rung.each_side else ("",)
    chances = dict.fromkeys(sides, 0.0)
    curve = []
    for step in (step for step in steps if step.up):
        chances[step.side] = 1 - (1 - chances[step.side]) * (1 - step.chance)
        curve.append((step.day, _all(chances.values())))
    reached = curve[-1][1] if curve else 0.0
    tail = (1 - LEVEL) / 2

    def by(chance: float) -> date | None:
        return next((day for day, so_far in curve if so_far >= chance), None)

    seen = {step.side for step in steps if step.up}
    return Standing(
        rung=rung.id,
        reached=round(reached, 6),
        day=by(0.5),
        earliest=by(tail),
        latest=by(1 - tail),
        held=held,
        missing=tuple(side for side in sides if side and side not in seen),
        evidence=tuple(dict.fromkeys(step.evidence for step in steps if step.up)),
        fallen=tuple(dict.fromkeys((step.day, step.evidence) for step in steps if not step.up)),
    )


def _claims(
    statements: Iterable[Said],
    known: Ladder,
    dyad: Dyad,
    reach: tuple[date, date],
    published: Mapping[str, date],
    general: Collection[str],
    path: Sequence[tuple[date, tuple[float, ...]]],
) -> tuple[Claim, ...]:
    out = []
    for item in statements:
        statement = item.statement
        day = day_said(statement, published)
        sides = sorted(set(statement.speaker.sides) & set(dyad.sides))
        if day is None or not sides or not reach[0] <= day <= reach[1]:
            continue
        text = statement.evidence.quote.lower()
        for place in reversed(range(len(known.rungs))):
            rung = known.rungs[place]
            if statement.issue and statement.issue not in general and statement.issue not in rung.tracks:
                continue
            claimed = rung.claims[item.language].search(text) if item.language in rung.claims else None
            if claimed is None:
                continue
            says = _says(known, text[max(0, claimed.start() - _BEFORE) : claimed.end() + _AFTER], item.language)
            measured = next((held[place] for when, held in reversed(path) if when <= day), 0.0)
            against: Literal["ahead", "behind", ""] = ""
            if says == "reached" and measured < HELD:
                against = "ahead"
            elif says == "not reached" and measured >= HELD:
                against = "behind"
            speaker = statement.speaker.entity or statement.speaker.name
            quote = statement.evidence.quote
            out.append(Claim(day, "+".join(sides), speaker, rung.id, says, against, measured, item.id, quote))
            break
    return tuple(sorted(out, key=lambda claim: (claim.day, claim.evidence)))


def _says(known: Ladder, text: str, language: str) -> Says:
    if language in known.not_yet and known.not_yet[language].search(text):
        return "not reached"
    if language in known.hoped and known.hoped[language].search(text):
        return "hoped for"
    return "reached"
