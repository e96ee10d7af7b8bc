"""Words against deeds read out: the gap between them, and what became of what was announced."""

from __future__ import annotations

from detente.codebook import labels
from detente.errors import PublishError
from detente.measures.deeds import FEWEST, METHOD, Curves, Delays, Gap, Promise, curves, delays, promises
from detente.publish.catalogue import Words
from detente.publish.charts import Lane, Line, Mark, relationship_chart
from detente.publish.material import Material
from detente.publish.readings.reading import Reading

SHOWN = 5
"""Open promises named, the longest open first."""
_HEIGHT = {"kept": 5.0, "called off": -5.0, "lapsed": -2.0, "open": 0.0}


def deeds(material: Material) -> Reading:
    """Words and deeds in each series of the dyad; of our own codings the promises too."""
    if material.origin == "gdelt-net":
        raise PublishError("gdelt-net does not part words from deeds. Leave out --origin, or ask for icews-yearly.")
    found = {
        name: material.measured(
            curves,
            material.series(name, step="month", what="verbal"),
            material.series(name, step="month", what="material"),
        )
        for name in material.names()
    }
    pair = found[str(material.dyad)]
    made = _promises(material) if material.own else ()
    fared = {side: delays(made, side) for side in ("", *material.dyad.sides)} if made else {}
    return Reading(
        measure="deeds",
        method=METHOD,
        material=material,
        result={"curves": found, "promises": made, "delays": fared},
        columns={
            "announced": [p.announced for p in made],
            "due": [p.due[1] if p.due else None for p in made],
            "by": ["+".join(p.sides) for p in made],
            "type": [p.type for p in made],
            "track": [p.track for p in made],
            "offered": [p.offered for p in made],
            "outcome": [p.outcome for p in made],
            "ended": [p.ended for p in made],
            "days": [p.days for p in made],
            "late_days": [p.late_days for p in made],
            "weight": [p.weight for p in made],
            "evidence": [" ".join(filter(None, (*p.evidence, p.answer))) for p in made],
        },
        say=lambda words: _sentences(material, found, made, fared, words),
        draw=(lambda words: _figure(material, pair, made, fared, words)) if len(pair.stretches) > 1 else None,
        head=lambda words: {
            "announced": words("announced"), "due": words("due by"), "by": words("by whom"),
            "type": words("kind of act"), "track": words("issue"), "outcome": words("outcome"),
            "ended": words("ended on"), "days": words("days"),
        },
        names=lambda words: {**labels(words.language), "kept": words("kept"), **_outcomes(words)},
    )  # fmt: skip


def _promises(material: Material) -> tuple[Promise, ...]:
    registry = material.dossier.registry

    def country_of(place: str) -> str:
        entity = registry.entities.get(place)
        return (entity.side or entity.id) if entity else place

    return promises(
        material.occurrences,
        material.dyad,
        start=material.start,
        end=material.day,
        published=material.published,
        people=frozenset(name for name, entity in registry.entities.items() if entity.kind == "person"),
        general=[track.id for track in material.dossier.tracks if track.general],
        country_of=country_of,
    )


def _sentences(
    material: Material, found: dict[str, Curves], made: tuple[Promise, ...], fared: dict[str, Delays], words: Words
) -> list[str]:
    out = [
        f"{_gap(who, held.whole, words)} {_shift(held, words)}".rstrip()
        for who, held in ((material.label(name, words.language), held) for name, held in found.items())
    ]
    if not material.own:
        return out
    if not made:
        return [*out, words("Nothing was announced.")]
    out.append(_fared(words("Announced by either side"), fared[""], words))
    out += [
        _fared(material.dossier.registry.state_name(side, words.language), fared[side], words)
        for side in material.dyad.sides
        if fared[side].promises
    ]
    still = [p for p in made if p.outcome == "open"][:SHOWN]
    out += [_open(material, promise, words) for promise in still]
    return out


def _gap(who: str, gap: Gap, words: Words) -> str:
    if not gap.words.weight and not gap.deeds.weight:
        return words("{who}: no event to measure words and deeds by.", who=who)
    if not gap.sure:
        message = words(
            "{who}: no reliable difference between words {words} and deeds {deeds} (gap {gap}, {interval})."
        )
    elif gap.gap > 0:
        message = words("{who}: words {words} run ahead of deeds {deeds} (gap {gap}, {interval}).")
    else:
        message = words("{who}: deeds {deeds} run ahead of words {words} (gap {gap}, {interval}).")
    interval = words(
        "90% interval {low} to {high}",
        low=words.number(gap.low, 2, signed=True),
        high=words.number(gap.high, 2, signed=True),
    )
    return message.format(
        who=who,
        words=words.number(gap.words.value, 2, signed=True),
        deeds=words.number(gap.deeds.value, 2, signed=True),
        gap=words.number(gap.gap, 2, signed=True),
        interval=interval,
    )


def _shift(held: Curves, words: Words) -> str:
    shift = held.shift
    if shift is None or not held.whole.words.weight:
        return ""
    day = words.day(shift.now.start)
    if not shift.sure:
        return words("Since {day} the gap has not reliably changed.", day=day)
    message = (
        words("Since {day} words have gained {change} on deeds ({interval}).")
        if shift.change > 0
        else words("Since {day} deeds have gained {change} on words ({interval}).")
    )
    low, high = sorted((abs(shift.low), abs(shift.high)))
    interval = words("90% interval {low} to {high}", low=words.number(low, 2), high=words.number(high, 2))
    return message.format(day=day, change=words.number(abs(shift.change), 2), interval=interval)


def _fared(who: str, held: Delays, words: Words) -> str:
    out = words(
        "{who}: {promises}; {kept} kept, {off} called off, {lapsed} lapsed, {still} open.",
        who=who,
        promises=words.many("{n} promise", "{n} promises", held.promises),
        kept=words.number(held.count("kept")),
        off=words.number(held.count("called off")),
        lapsed=words.number(held.count("lapsed")),
        still=words.number(held.count("open")),
    )
    if not held.kept:
        return out + " " + words.many("Fewer than {n}: no rate.", "Fewer than {n}: no rate.", FEWEST)
    share = next(each for each in held.kept if each.days == 90)
    out += " " + words(
        "Within {days} {share} are kept (90% interval {interval}).",
        days=words.many("{n} day", "{n} days", share.days),
        share=words.percent(share.share),
        interval=words.interval(share.low, share.high),
    )
    if held.median_days is not None:
        out += " " + words.many(
            "Half of those kept took at most {n} day.", "Half of those kept took at most {n} days.", held.median_days
        )
    return out


def _open(material: Material, promise: Promise, words: Words) -> str:
    registry = material.dossier.registry
    track = material.dossier.track(promise.track)
    out = words(
        "Still open after {days}: announced on {day} by {who} ({what}).",
        days=words.many("{n} day", "{n} days", promise.days),
        day=words.day(promise.announced),
        who=words.listed([registry.state_name(side, words.language) for side in promise.sides]),
        what=track.label_in(words.language) if track else words("no issue"),
    )
    if promise.due and promise.late_days is not None:
        out += " " + words("It was due by {day}.", day=words.day(promise.due[1]))
    return out


def _figure(material: Material, held: Curves, made: tuple[Promise, ...], fared: dict[str, Delays], words: Words) -> str:
    said = words("words (said and promised)")
    done = words("deeds")
    lines = [
        Line(said, [g.words.value for g in held.stretches], [g.words.low for g in held.stretches],
             [g.words.high for g in held.stretches]),
        Line(done, [g.deeds.value for g in held.stretches], [g.deeds.low for g in held.stretches],
             [g.deeds.high for g in held.stretches]),
    ]  # fmt: skip
    outcomes = {"kept": words("promises kept"), **_outcomes(words)}
    lanes = [
        Lane(label, [_mark(promise, words) for promise in made if promise.outcome == outcome])
        for outcome, label in outcomes.items()
        if any(promise.outcome == outcome for promise in made)
    ]
    return relationship_chart(
        [g.start for g in held.stretches],
        lines,
        words,
        title=words("Words and deeds: {who}", who=material.label(held.name, words.language)),
        summary=" ".join(_sentences(material, {held.name: held}, made, fared, words)),
        lanes=lanes,
    )


def _outcomes(words: Words) -> dict[str, str]:
    return {"called off": words("called off"), "lapsed": words("lapsed"), "open": words("open")}


def _mark(promise: Promise, words: Words) -> Mark:
    label = words.foreign(promise.quote, words.language)
    return Mark(promise.announced, _HEIGHT[promise.outcome], str(label), f"event/{promise.evidence[0]}.html", False)
