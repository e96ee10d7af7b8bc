"""Sources read out: who tells what of the two sides, and what the index would be without each source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.measures.sources import KINDS, METHOD, Kind, SidePress, SourceGroup, Sources, by_source
from detente.publish.catalogue import NO_BREAK, Words
from detente.publish.material import Material
from detente.publish.readings.reading import Reading
from detente.publish.row_chart import RowMark, row_chart
from detente.registry import Registry

SHOWN_OUTLETS = 12
SHOWN_OTHERS = 6
_SEEN = 0.05
"""A smaller change of the index is not seen in its first decimal."""


def sources(material: Material) -> Reading:
    """Documents and events by source, what one side's press alone tells, and the index without each source."""
    material.rows()  # refuses databases
    found = by_source(
        material.occurrences,
        material.documents,
        material.dyad,
        start=material.start,
        end=material.day,
        standing=material.ledger.codings("event", material.as_of),
        as_of=material.as_of,
    )
    return Reading(
        measure="sources",
        method=METHOD,
        material=material,
        result=found,
        columns=_columns(found),
        say=lambda words: list(_sentences(material, found, words)),
        draw=(lambda words: _figure(material, found, words)) if _moving(found) else None,
        cells=lambda words: _cells(material, found, words),
    )


def _columns(found: Sources) -> dict[str, list[str | int | float | None]]:
    rows = [_group_row(group) for group in found.groups]
    for press in found.press:
        share = press.told
        rows.append(("press", press.side, press.side, "", "", press.documents, len(share.events), None, share.share,
                     share.low, share.high, *[None] * 9, " ".join(share.events)))  # fmt: skip
    for side, share in (*((f"{side} alone", share) for side, share in found.only.items()), ("both", found.both)):
        rows.append(("press", side, side, "", "", None, len(share.events), None, share.share, share.low, share.high,
                     *[None] * 9, " ".join(share.events)))  # fmt: skip
    names = ("kind", "key", "name", "country", "ownership", "documents", "events", "alone", "share", "share_low",
             "share_high", "shift", "index_without", "within", "largest", "largest_day", "largest_share",
             "outside_days", "events_gone", "events_changed", "evidence")  # fmt: skip
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}  # type: ignore[misc]


def _group_row(group: SourceGroup) -> tuple[object, ...]:
    told, left = group.told, group.without
    moved = (
        (left.shift, left.value, left.within, left.largest, left.largest_day, left.largest_share, left.outside_days,
         left.gone, left.changed)
        if left
        else (None,) * 9
    )  # fmt: skip
    return (group.kind, group.key, group.name, group.country, group.ownership, group.documents, len(told.events),
            len(group.alone), told.share, told.low, told.high, *moved, " ".join(told.events))  # fmt: skip


def group_name(registry: Registry, group: SourceGroup, words: Words) -> str:
    """What a group is called in the reader's language."""
    if not group.key:
        return words("outlets we do not know") if group.kind == "country" else words("owner not known")
    if group.kind == "outlet":
        return group.name
    if group.kind == "country":
        return registry.state_name(group.key, words.language)
    if group.kind == "language":
        return str(words.locale.languages.get(group.key, group.key))
    return {
        "official": words("official sites"),
        "state": words("state media"),
        "public": words("public media"),
        "private": words("private media"),
    }[group.key]


def _press_name(material: Material, side: str, words: Words) -> str:
    if side == "third":
        return words("Press of third countries")
    if side == "unknown":
        return words("Outlets we do not know")
    return words("Press ({side})", side=material.dossier.registry.state_name(side, words.language))


def _sentences(material: Material, found: Sources, words: Words) -> Iterable[str]:
    outlets = [group for group in found.of("outlet") if group.documents]
    yield words(
        "{documents} from {outlets}.",
        documents=words.many("{n} document", "{n} documents", found.documents),
        outlets=words.many("{n} outlet", "{n} outlets", len(outlets)),
    )
    if not found.groups:
        return
    for kind in KINDS[1:]:
        yield f"{heading(kind, words)}{words.colon()}{_counted(material, found.of(kind), words)}."
    if not found.events:
        yield words("No event between the two sides is told.")
        return
    for press in found.press:
        if press.documents or press.told.events:
            yield _telling(material, found, press, words)
    yield _one_sided(material, found, words)
    yield from _left_out(material, found, words)


def heading(kind: Kind, words: Words) -> str:
    """What a table of one kind of groups is called."""
    return {
        "outlet": words("By outlet"),
        "country": words("By country"),
        "ownership": words("By ownership"),
        "language": words("By language"),
    }[kind]


def _counted(material: Material, groups: Sequence[SourceGroup], words: Words) -> str:
    most = sorted((g for g in groups if g.documents), key=lambda group: (-group.documents, group.key))
    named = [(group_name(material.dossier.registry, group, words), group.documents) for group in most[:SHOWN_OTHERS]]
    if rest := sum(group.documents for group in most[SHOWN_OTHERS:]):
        named.append((words("others"), rest))
    return ", ".join(f"{name}{NO_BREAK}{words.number(count)}" for name, count in named)


def _telling(material: Material, found: Sources, press: SidePress, words: Words) -> str:
    share = press.told
    assert share.share is not None and share.low is not None and share.high is not None  # noqa: S101, PT018  # events
    return words(
        "{press}: {documents}, in which {told} of {events} are told ({share}, 90% interval {interval}).",
        press=_press_name(material, press.side, words),
        documents=words.many("{n} document", "{n} documents", press.documents),
        told=words.number(len(share.events)),
        events=words.many("{n} event", "{n} events", found.events),
        share=words.percent(share.share),
        interval=words.interval(share.low, share.high),
    )


def _one_sided(material: Material, found: Sources, words: Words) -> str:
    registry = material.dossier.registry
    if found.too_few:
        return words(
            "Too few documents to say what one side’s press leaves out: {sides}.",
            sides=words.listed([registry.state_name(side, words.language) for side in found.too_few]),
        )
    counts = [
        f"{registry.state_name(side, words.language)}{NO_BREAK}{words.number(len(share.events))}"
        for side, share in found.only.items()
    ]
    said = words(
        "Told by the press of one of the two sides alone: {counts}; by that of both: {both}.",
        counts=", ".join(counts),
        both=words.number(len(found.both.events)),
    )
    means = {press.side: press.mean_score for press in found.press}
    first, second = (means[side] for side in found.dyad.sides)
    if found.difference is None or first is None or second is None:
        return f"{said} {words('Too few events to compare how the two tell them.')}"
    compared = words(
        "Mean score as its own press tells it: {first} {a}, {second} {b}; "
        "difference {d} (90% interval: {low} to {high}).",
        first=registry.state_name(found.dyad.sides[0], words.language),
        second=registry.state_name(found.dyad.sides[1], words.language),
        a=words.number(first, 1, signed=True),
        b=words.number(second, 1, signed=True),
        d=words.number(found.difference.value, 1, signed=True),
        low=words.number(found.difference.low, 1, signed=True),
        high=words.number(found.difference.high, 1, signed=True),
    )
    unsure = [] if found.difference.sure else [words("No reliable difference.")]
    return " ".join([said, compared, *unsure])


def _shift(group: SourceGroup) -> float:
    return abs(group.without.shift) if group.without and group.without.shift is not None else -1.0


def _left_out(material: Material, found: Sources, words: Words) -> Iterable[str]:
    now = found.now
    if now.value is None or now.low is None or now.high is None:
        return
    day = words.day(found.end)
    for kind in KINDS:
        group = max(found.of(kind), key=_shift)
        left = group.without
        if left is None or left.value is None or left.shift is None:
            continue
        values = {
            "without": _without(material, group, words),
            "day": day,
            "value": words.number(left.value, 1, signed=True),
            "now": words.number(now.value, 1, signed=True),
            "low": words.number(now.low, 1, signed=True),
            "high": words.number(now.high, 1, signed=True),
        }
        if abs(left.shift) < _SEEN:
            yield words("{without} the index of {day} would hardly change; nothing of its kind matters more.", **values)
        elif left.within:
            yield words(
                "{without} the index of {day} would be {value} instead of {now}, "
                "within its interval ({low} to {high}).", **values
            )  # fmt: skip
        else:
            yield words(
                "{without} the index of {day} would be {value} instead of {now}, "
                "outside its interval ({low} to {high}).", **values
            )  # fmt: skip
    moving = [g for g in found.of("outlet") if g.without and g.without.largest_share is not None]
    if moving:
        group = max(moving, key=lambda g: (g.without.largest_share or 0.0) if g.without else 0.0)
        left = group.without
        assert left is not None and left.largest is not None  # noqa: S101, PT018  # as chosen above
        assert left.largest_day is not None and left.largest_share is not None  # noqa: S101, PT018
        yield words(
            "No outlet matters more on any day than {name} on {day}: {shift} without it, {share} of half the interval.",
            name=group_name(material.dossier.registry, group, words),
            day=words.day(left.largest_day),
            shift=words.number(left.largest, 1, signed=True),
            share=words.percent(left.largest_share),
        )


def _without(material: Material, group: SourceGroup, words: Words) -> str:
    name = group_name(material.dossier.registry, group, words)
    if group.kind == "outlet":
        return words("Without {name},", name=name)
    if group.kind == "country":
        return words("Without the press of one country ({name}),", name=name)
    if group.kind == "language":
        return words("Without the sources in one language ({name}),", name=name)
    return words("Without one kind of owner ({name}),", name=name)


def _moving(found: Sources) -> list[SourceGroup]:
    """Groups whose absence is drawn: the outlets that matter most, and the largest of the others."""
    chosen: list[SourceGroup] = []
    for kind in KINDS:
        known = sorted((g for g in found.of(kind) if _shift(g) >= 0), key=lambda g: (-_shift(g), g.key))
        chosen += known[: SHOWN_OUTLETS if kind == "outlet" else SHOWN_OTHERS]
    return chosen


def _figure(material: Material, found: Sources, words: Words) -> str:
    now = found.now
    assert now.value is not None and now.low is not None and now.high is not None  # noqa: S101, PT018  # with a shift
    rows = [
        RowMark(
            words("with all sources"), now.value, now.low, now.high, words.many("{n} event", "{n} events", found.events)
        )
    ]
    headings = {
        "outlet": words("without one outlet"),
        "country": words("without the press of one country"),
        "ownership": words("without one kind of owner"),
        "language": words("without one language"),
    }
    rows += [
        RowMark(
            group_name(material.dossier.registry, group, words),
            group.without.value if group.without else None,
            note=words.many("{n} event", "{n} events", len(group.told.events)),
            group=headings[group.kind],
        )
        for group in _moving(found)
    ]
    return row_chart(
        rows,
        words,
        title=words(
            "The index of {day} without each source: {who}",
            day=words.day(found.end),
            who=material.label(str(found.dyad), words.language),
        ),
        summary=" ".join(_left_out(material, found, words)),
    )


def _cells(material: Material, found: Sources, words: Words) -> list[list[str]]:
    if not found.groups:
        return []
    lines = [
        [words("source"), words("documents"), words("events"), words("told by nothing else"), words("index without it"),
         words("largest effect on a day")]
    ]  # fmt: skip
    for kind in KINDS:
        groups = found.of(kind)
        lines.append([heading(kind, words)])
        for group in groups[: SHOWN_OUTLETS if kind == "outlet" else SHOWN_OTHERS]:
            left = group.without
            lines.append(
                [
                    group_name(material.dossier.registry, group, words),
                    words.number(group.documents),
                    words.number(len(group.told.events)),
                    words.number(len(group.alone)),
                    "–" if left is None or left.value is None else words.number(left.value, 2, signed=True),
                    "–" if left is None or left.largest is None else words.number(left.largest, 2, signed=True),
                ]
            )
    return lines
