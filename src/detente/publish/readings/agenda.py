"""The agenda read out: what the two sides deal with, what has stalled, what is kept out, what waits for what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from detente.measures.agenda import METHOD, RECENT_DAYS, Agenda, Condition, TrackAgenda
from detente.measures.agenda import agenda as measured
from detente.measures.spoken import Said
from detente.publish.agenda_chart import Panel, Wait, agenda_chart
from detente.publish.catalogue import Words
from detente.publish.chronology import first_upper
from detente.publish.material import Material
from detente.publish.readings.reading import Reading

LEADING = 3
"""Issues named as those most dealt with."""
STALLED = 0.05
"""Chance below which an issue whose steps end early is said to have stalled."""

_SHOWN = 0.5
"""Probability of the furthest day from which the figure marks it."""


def agenda(material: Material) -> Reading:
    """Agenda of the dyad, of our own codings: databases know no issues."""
    dossier = material.dossier
    found = measured(
        material.rows(),
        material.occurrences,
        [Said(s.entry.id, s.coding, material.documents[s.entry.document].language) for s in material.statements],
        [track.id for track in dossier.tracks],
        dyad=material.dyad,
        start=material.start,
        end=material.day,
        published=material.published,
        track_of=dossier.track_of,
        general=[track.id for track in dossier.tracks if track.general],
    )
    return Reading(
        measure="agenda",
        method=METHOD,
        material=material,
        result=found,
        columns={
            "track": [held.track for held in found.tracks],
            "share": [held.whole.value for held in found.tracks],
            "low": [held.whole.low for held in found.tracks],
            "high": [held.whole.high for held in found.tracks],
            "before": [held.move.before.value if held.move else None for held in found.tracks],
            "now": [held.move.now.value if held.move else None for held in found.tracks],
            "rose": [held.move.rose if held.move else None for held in found.tracks],
            "busiest": [held.busiest for held in found.tracks],
            "busiest_probability": [held.busiest_probability for held in found.tracks],
            "furthest": [held.course.furthest for held in found.tracks],
            "furthest_probability": [held.course.probability for held in found.tracks],
            "last_step": [held.course.last for held in found.tracks],
            "steps": [held.course.steps for held in found.tracks],
            "later": [held.course.later for held in found.tracks],
            "chance": [held.course.chance for held in found.tracks],
            "excluded": [len(held.exclusions) for held in found.tracks],
            "evidence": [" ".join(held.evidence) for held in found.tracks],
        },
        say=lambda words: _sentences(material, found, words),
        draw=(lambda words: _figure(material, found, words)) if found.tracks else None,
        head=lambda words: {
            "track": words("issue"), "share": words("share"), "low": words("at least"), "high": words("at most"),
            "before": words("earlier"), "now": words("last quarter"), "furthest": words("furthest on"),
            "excluded": words("kept out"),
        },
        shares=frozenset({"share", "low", "high", "before", "now"}),
    )  # fmt: skip


def _label(material: Material, track: str, words: Words) -> str:
    held = material.dossier.track(track)
    return held.label_in(words.language) if held else track


def _name(material: Material, who: str, words: Words) -> str:
    entity = material.dossier.registry.entities.get(who)
    return first_upper(entity.name_in(words.language) if entity else who)


def _sentences(material: Material, found: Agenda, words: Words) -> list[str]:
    if not found.tracks:
        return [words("No act and no statement on an issue of the dossier since {day}.", day=words.day(found.start))]
    out = [
        words(
            "Since {day} the two sides have dealt most with: {issues}.",
            day=words.day(found.start),
            issues=words.listed([_with_share(material, held, words) for held in found.tracks[:LEADING]]),
        )
    ]
    out += _moves(material, found, words)
    out += [_stalled(material, held, words) for held in found.tracks if held.course.chance < STALLED]
    out += _kept_out(material, found, words)
    out += _waits(material, found, words)
    return out


def _with_share(material: Material, held: TrackAgenda, words: Words) -> str:
    label = words.quoted(_label(material, held.track, words))
    return f"{label} ({words.percent(held.whole.value)}, {words.interval(held.whole.low, held.whole.high)})"


def _moves(material: Material, found: Agenda, words: Words) -> list[str]:
    if found.recent is None:
        return [
            words.many(
                "Less than {n} day: too short to compare.", "Less than {n} days: too short to compare.", RECENT_DAYS
            )
        ]
    moved = [held for held in found.tracks if held.move and held.move.verdict != "steady"]
    if not moved:
        return [words("Since {day} no share has reliably changed.", day=words.day(found.recent))]
    out = []
    for held in moved:
        move = held.move
        if move is None:
            continue
        rising = move.verdict == "rising"
        message = (
            words("{issue}: rising since {day}, from {before} to {now} ({interval}); probability {p}.")
            if rising
            else words("{issue}: fading since {day}, from {before} to {now} ({interval}); probability {p}.")
        )
        out.append(
            message.format(
                issue=_label(material, held.track, words),
                day=words.day(found.recent),
                before=words.percent(move.before.value),
                now=words.percent(move.now.value),
                interval=words.interval(move.now.low, move.now.high),
                p=words.percent(move.rose if rising else 1 - move.rose),
            )
        )
    return out


def _stalled(material: Material, held: TrackAgenda, words: Words) -> str:
    course = held.course
    if course.furthest is None or course.last is None or course.earliest is None or course.latest is None:
        return ""
    label, day, sure = (
        _label(material, held.track, words),
        words.day(course.furthest),
        words.percent(course.probability),
    )
    if course.earliest == course.latest:
        out = words("{issue}: stalled. It stood furthest on {day} (probability {p}).", issue=label, day=day, p=sure)
    else:
        out = words(
            "{issue}: stalled. It stood furthest on {day} (probability {p}; 90% interval: {first} to {last}).",
            issue=label,
            day=day,
            p=sure,
            first=words.day(course.earliest),
            last=words.day(course.latest),
        )
    out += " " + words(
        "The last of its {steps} was on {end}.",
        steps=words.many("{n} day with steps forward", "{n} days with steps forward", course.steps),
        end=words.day(course.last),
    )
    out += " " + words.many(
        "Since then there has been {n} such day on other issues; by chance an issue’s steps end so early with "
        "probability {p}.",
        "Since then there have been {n} such days on other issues; by chance an issue’s steps end so early with "
        "probability {p}.",
        course.later,
        p=words.percent(course.chance),
    )
    if course.back:
        out += " " + words.many("Steps back: {n} day.", "Steps back: {n} days.", course.back)
    if held.busiest is not None:
        out += " " + words(
            "Its share was largest in {month} (probability {p}).",
            month=_month(held.busiest, words),
            p=words.percent(held.busiest_probability),
        )
    return out


def _month(day: date, words: Words) -> str:
    return format_date(day, "LLLL y", locale=words.locale).replace(" ", "\u00a0")


def _kept_out(material: Material, found: Agenda, words: Words) -> list[str]:
    out = []
    for held in found.tracks:
        if not held.exclusions:
            continue
        last = held.exclusions[-1]
        out.append(
            words.many(
                "Kept out or called off: {issue}, {n} time, last on {day} ({who}).",
                "Kept out or called off: {issue}, {n} times, last on {day} ({who}).",
                len(held.exclusions),
                issue=words.quoted(_label(material, held.track, words)),
                day=words.day(last.day),
                who=words.listed([_name(material, who, words) for who in last.name.split("+")]),
            )
        )
    return out


def _waits(material: Material, found: Agenda, words: Words) -> list[str]:
    stated = [condition for condition in found.conditions if condition.whole]
    if not stated:
        return [words("Nobody has said clearly that one issue waits for another.")]
    out = []
    for (track, until), some in _by_pair(stated).items():
        last = some[-1]
        out.append(
            words(
                "{issue} waits for {other}: {times}, last by {who} on {day}.",
                times=words.many("said {n} time", "said {n} times", len(some)),
                issue=words.quoted(_label(material, track, words)),
                other=words.quoted(_label(material, until, words)),
                who=_name(material, last.speaker, words),
                day=words.day(last.day),
            )
        )
    if not found.circles:
        return [*out, words("No two issues wait for one another.")]
    for circle in found.circles:
        names = words.listed([words.quoted(_label(material, track, words)) for track in circle])
        out.append(words("They wait for one another: {issues}.", issues=names))
    return out


def _by_pair(stated: Sequence[Condition]) -> dict[tuple[str, str], list[Condition]]:
    pairs: dict[tuple[str, str], list[Condition]] = {}
    for condition in stated:
        pairs.setdefault((condition.track, condition.until), []).append(condition)
    return pairs


def _figure(material: Material, found: Agenda, words: Words) -> str:
    circled = {(a, b) for circle in found.circles for a, b in zip(circle, (*circle[1:], circle[0]), strict=True)}
    waits = [
        Wait(
            _label(material, track, words),
            _label(material, until, words),
            f"{_name(material, some[-1].speaker, words)}, {words.day(some[-1].day, short=True)}",
            (track, until) in circled,
        )
        for (track, until), some in _by_pair([c for c in found.conditions if c.whole]).items()
        if track != until
    ]
    dyad = words("Agenda: {who}", who=material.label(str(found.dyad), words.language))
    return agenda_chart(
        [_panel(material, held, words) for held in found.tracks],
        [material.dossier.registry.state_name(code, words.language) for code in found.dyad.sides],
        (found.start, found.end),
        waits,
        words,
        title=dyad,
        summary=" ".join(_sentences(material, found, words)),
        below=words("What is said to wait for what"),
        milestones=_milestones(material, words),
    )


def _milestones(material: Material, words: Words) -> dict[str, str]:
    """Milestones still open, by the label of their issue."""
    held: dict[str, list[str]] = {}
    for milestone in material.dossier.milestones:
        if milestone.resolution is None:
            held.setdefault(_label(material, milestone.track, words), []).append(milestone.label_in(words.language))
    return {label: words.listed(names) for label, names in held.items()}


def _panel(material: Material, held: TrackAgenda, words: Words) -> Panel:
    return Panel(
        _label(material, held.track, words),
        [(s.start, s.value, s.low, s.high) for s in held.shares if s.of],
        [[(s.start, s.value) for s in shares if s.of] for _, shares in held.by_side],
        held.course.furthest if held.course.probability >= _SHOWN else None,
    )
