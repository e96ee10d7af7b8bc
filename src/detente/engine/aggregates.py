"""Sums over the event table, in whole numbers: any engine gives the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.terms import Dyad

if TYPE_CHECKING:
    from ibis.expr.types import IntegerScalar, Table

    from detente.engine.backend import Engine
    from detente.engine.rows import EventRow

QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
"""Quad classes in the order of their numbers, from 1."""

HALVES = 2
"""Joint sums count weights in half-thousandths, so that each of two mirrored rows can give half."""
FULL = 1000 * HALVES
"""One event of weight 1, in these."""


@dataclass(frozen=True, slots=True)
class DaySum:
    """Everything of one width that touches one day, in one series.

    Attributes:
        series: `RUS>USA`, `USA>RUS`, or `RUS-USA` for both, where an occurrence counts once however many rows it has.
        day_number: Days since 0001-01-01, which is 1.
        width_days: Events of this width give 1/width of these sums to the day.
        rows: Directed rows.
        weight: Sum of weights, in half-thousandths.
        weight_score: Sum of weight times score, in half-thousandths times tenths.
        weight_score2: Sum of weight times squared score.
        verbal_cooperation, material_cooperation, verbal_conflict, material_conflict: Sum of weights by quad class.
    """

    series: str
    day_number: int
    width_days: int
    rows: int
    weight: int
    weight_score: int
    weight_score2: int
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int


def day_sums(engine: Engine, events: Table, dyad: Dyad, *, last_number: int) -> list[DaySum]:
    """Daily sums for both directions and for the pair, up to and including `last_number`.

    Returns:
        Sorted by series, day and width; days on which nothing happened are absent.
    """
    a, b = dyad.sides
    between = events.filter(
        ((events.actor == a) & (events.recipient == b)) | ((events.actor == b) & (events.recipient == a)),
        events.first_number <= last_number,
    )
    span = between.aggregate(first=between.first_number.min()).to_pyarrow().to_pylist()
    if span[0]["first"] is None:
        return []
    with engine.held(engine.calendar(int(span[0]["first"]), last_number)) as days:
        spread = days.inner_join(
            between, [between.first_number <= days.day_number, days.day_number <= between.last_number]
        ).select("day_number", "width_days", "actor", "pair_rows", "weight_thousandths", "score_tenths", "quad")
        full = spread.weight_thousandths * HALVES
        directed = _summed(spread.mutate(weight=full), ["actor", "day_number", "width_days"]).to_pyarrow().to_pylist()
        # Mirrored rows give half each to the pair, so that a meeting weighs no more than a one-sided act.
        joint = _summed(spread.mutate(weight=full // spread.pair_rows), ["day_number", "width_days"])
        together = joint.to_pyarrow().to_pylist()
    series = {a: f"{a}>{b}", b: f"{b}>{a}"}
    found = [DaySum(series=series.get(row.pop("actor", ""), str(dyad)), **row) for row in (*directed, *together)]
    return sorted(found, key=lambda sums: (sums.series, sums.day_number, sums.width_days))


def row_sums(rows: Iterable[EventRow], dyad: Dyad, *, last_number: int) -> list[DaySum]:
    """The same as `day_sums`, of rows at hand, without a database: nothing has to be loaded or copied."""
    a, b = dyad.sides
    names, pair = {(a, b): f"{a}>{b}", (b, a): f"{b}>{a}"}, str(dyad)
    stretches: dict[tuple[str, int, int, int], list[int]] = {}
    for row in rows:
        series = names.get((row.actor, row.recipient))
        if series is None or row.first_number > last_number:
            continue
        full, score = row.weight_thousandths * HALVES, row.score_tenths
        for name, weight in ((series, full), (pair, full // row.pair_rows)):
            held = stretches.setdefault((name, row.first_number, row.last_number, row.width_days), [0] * 8)
            held[0] += 1
            held[1] += weight
            held[2] += weight * score
            held[3] += weight * score * score
            held[3 + row.quad] += weight
    days: dict[tuple[str, int, int], list[int]] = {}
    for (name, first, last, width), sums in stretches.items():
        for day in range(first, min(last, last_number) + 1):
            known = days.get((name, day, width))
            days[name, day, width] = sums if known is None else [x + y for x, y in zip(known, sums, strict=True)]
    return [DaySum(*key, *days[key]) for key in sorted(days)]


def _summed(table: Table, by: list[str]) -> Table:
    return table.group_by(by).aggregate(
        rows=table.count(),
        weight=table.weight.sum(),
        weight_score=(table.weight * table.score_tenths).sum(),
        weight_score2=(table.weight * table.score_tenths * table.score_tenths).sum(),
        **{
            name: table.weight.sum(where=table.quad == number).fill_null(0)
            for number, name in enumerate(QUADS, start=1)
        },
    )


@dataclass(frozen=True, slots=True)
class TrackSum:
    """Occurrences of one track in one month; `month_number` None for those not dated to a month.

    `weight` in half-thousandths, `weight_score` in half-thousandths times tenths; each occurrence counts once.
    """

    track: str
    month_number: int | None
    occurrences: int
    cooperative: int
    conflictual: int
    weight: int
    weight_score: int


def track_sums(events: Table, dyad: Dyad, *, first_number: int, last_number: int) -> list[TrackSum]:
    """Counts by track and month of what lies wholly within the stretch of days."""
    a, b = dyad.sides
    between = events.filter(
        ((events.actor == a) & (events.recipient == b)) | ((events.actor == b) & (events.recipient == a)),
        events.first_number >= first_number,
        events.last_number <= last_number,
    )
    weight = between.weight_thousandths * HALVES // between.pair_rows
    grouped = (
        between.mutate(weight=weight)
        .group_by(["track", "month_number"])
        .aggregate(
            occurrences=lambda t: t.occurrence.nunique(),
            cooperative=lambda t: t.occurrence.nunique(where=t.score_tenths > 0),
            conflictual=lambda t: t.occurrence.nunique(where=t.score_tenths < 0),
            weight=lambda t: t.weight.sum(),
            weight_score=lambda t: (t.weight * t.score_tenths).sum(),
        )
    )
    found = [TrackSum(**row) for row in grouped.to_pyarrow().to_pylist()]
    return sorted(found, key=lambda sums: (sums.track, sums.month_number is None, sums.month_number or 0))


def row_tracks(rows: Iterable[EventRow], dyad: Dyad, *, first_number: int, last_number: int) -> list[TrackSum]:
    """The same as `track_sums`, of rows at hand, without a database."""
    both = set(dyad.sides)
    found: dict[tuple[str, bool, int], tuple[set[str], set[str], set[str], list[int]]] = {}
    for row in rows:
        if {row.actor, row.recipient} != both or row.first_number < first_number or row.last_number > last_number:
            continue
        key = row.track, row.month_number is None, row.month_number or 0
        every, good, bad, sums = found.setdefault(key, (set(), set(), set(), [0, 0]))
        weight = row.weight_thousandths * HALVES // row.pair_rows
        every.add(row.occurrence)
        if row.score_tenths:
            (good if row.score_tenths > 0 else bad).add(row.occurrence)
        sums[0] += weight
        sums[1] += weight * row.score_tenths
    return [
        TrackSum(track, None if undated else month, len(every), len(good), len(bad), *sums)
        for (track, undated, month), (every, good, bad, sums) in sorted(found.items())
    ]


def daily_sums(events: Table, dyad: Dyad | None = None, *, quads: bool = False, squares: bool = False) -> Table:
    """Sum the events table by database, directed dyad and day; as an expression, computed when it is asked for.

    Rows within one state, without a state or without a score (statements, which PLOVER drops) are left out.

    Args:
        events: With the columns of `detente.engine.events.EVENTS`.
        dyad: Sum these two states alone; otherwise all pairs.
        quads: Count acts by quad class as well: `verbal_cooperation`, `material_cooperation`, `verbal_conflict`,
            `material_conflict`.
        squares: Sum squared scores as well: `score2_sum`, `joint_score2_sum`, in tenths squared.

    Returns:
        One row for each `origin`, `actor`, `recipient`, `day_number` that has any, in no order:

        | column | meaning |
        |---|---|
        | `rows` | rows, repeats and mirrors included |
        | `acts` | those that repeat no other |
        | `joint_acts` | those that neither repeat nor mirror another; over both directions, each act once |
        | `score_sum_tenths`, `joint_score_sum_tenths` | PLOVER scores of the acts, and of the joint acts |
    """
    a, b = dyad.sides if dyad else ("", "")
    scored = events.filter(events.score_tenths.notnull(), events.actor != events.recipient)
    if dyad:
        scored = scored.filter(
            ((scored.actor == a) & (scored.recipient == b)) | ((scored.actor == b) & (scored.recipient == a))
        )
    # As in every sum here, conditions are given to the sum: PostgreSQL does not add up booleans.
    act, joint = ~scored.repeat, ~scored.repeat & ~scored.mirror
    score = scored.score_tenths.cast("int64")
    columns: dict[str, IntegerScalar] = {
        "rows": scored.count(),
        "acts": scored.count(where=act),
        "joint_acts": scored.count(where=joint),
        "score_sum_tenths": score.sum(where=act).fill_null(0),
        "joint_score_sum_tenths": score.sum(where=joint).fill_null(0),
    }
    if squares:
        columns["score2_sum"] = (score * score).sum(where=act).fill_null(0)
        columns["joint_score2_sum"] = (score * score).sum(where=joint).fill_null(0)
    if quads:
        for number, name in enumerate(QUADS, start=1):
            columns[name] = scored.count(where=act & (scored.quad == number))
    return scored.group_by(["origin", "actor", "recipient", "day_number"]).aggregate(**columns)


def pair_sums(sums: Table, dyad: Dyad) -> Table:
    """Add daily sums of one dyad over both directions: `origin`, `day_number`, `acts`, `score_sum_tenths`, `rows`."""
    a, b = dyad.sides
    both = sums.filter(((sums.actor == a) & (sums.recipient == b)) | ((sums.actor == b) & (sums.recipient == a)))
    return both.group_by(["origin", "day_number"]).aggregate(
        rows=both["rows"].sum(),
        acts=both.joint_acts.sum(),
        score_sum_tenths=both.joint_score_sum_tenths.sum(),
    )
