"""Camps read out: who inside each side stands harder, whether the side parts into two, who contradicts whom."""

from __future__ import annotations

from collections.abc import Iterable

from detente.engine import OWN
from detente.errors import PublishError
from detente.measures.camps import BAND, CLASH_DAYS, METHOD, SURE, SURE_AGAINST, Camps, Clash, Position, SideCamps
from detente.measures.camps import camps as measured
from detente.publish.catalogue import Words
from detente.publish.material import Material
from detente.publish.readings.reading import Reading
from detente.publish.row_chart import RowMark, row_chart
from detente.terms import LANGUAGES

SHOWN = 14
"""Speakers of a side in the figure and pairs in the sentences are cut here; the table has all."""
PAIRS = 4


def camps(material: Material) -> Reading:
    """Positions of the speakers of both sides on the day."""
    if not material.own:
        raise PublishError(
            f"camps are measured on statements, which {material.origin} does not have. Leave out --origin, or ask for "
            f"{OWN}."
        )
    registry = material.dossier.registry
    sides = (material.dyad.first, material.dyad.second)
    spoken = {s.coding.speaker.entity for s in material.statements}
    heard = [registry.entities[entity] for entity in sorted(spoken) if entity in registry.entities]
    found = measured(
        material.statements,
        day=material.day,
        sides=sides,
        since=material.start,
        leaders={
            side: [
                person.id
                for office in ("head_of_state", "head_of_government")
                for person in registry.holders(office, side, material.day)
            ]
            for side in sides
        },
        stands_for={e.id: e.stands_for for e in heard if e.kind == "city" and e.stands_for},
        people=[e.id for e in heard if e.kind == "person"],
        published=material.published,
    )
    lines = [position for side in found.sides for position in side.positions]
    names = {f"name_{lang}": [name(material, p.speaker, lang) for p in lines] for lang in LANGUAGES}
    return Reading(
        measure="camps",
        method=METHOD,
        material=material,
        result=found,
        columns={
            "side": [p.side for p in lines],
            "speaker": [p.speaker for p in lines],
            **names,
            **{
                field: [getattr(p, field) for p in lines]
                for field in ("place", "low80", "high80", "low95", "high95", "raw", "days", "statements", "harder")
            },
            "harder_percent": [round(100 * p.harder) for p in lines],
            "hard_camp": [p.hard_camp for p in lines],
            "last": [p.last for p in lines],
            "evidence": [" ".join(p.evidence) for p in lines],
        },
        say=lambda words: list(_sentences(material, found, words)),
        draw=(lambda words: _figure(material, found, words)) if lines else None,
        head=lambda words: {
            "side": words("side"), f"name_{words.language}": words("speaker"), "place": words("position"),
            "low80": words("{share} from", share=words.percent(BAND)),
            "high80": words("{share} to", share=words.percent(BAND)), "days": words("days heard"),
            "harder_percent": words("% harder than the middle"),
        },
    )  # fmt: skip


def name(material: Material, entity: str, language: str) -> str:
    """A speaker's name in a reader's language; its id where the registry has none."""
    found = material.dossier.registry.entities.get(entity)
    return found.name_in(language) if found else entity


def _sentences(material: Material, found: Camps, words: Words) -> Iterable[str]:
    for code in (material.dyad.first, material.dyad.second):
        who = material.dossier.registry.state_name(code, words.language)
        side = found.side(code)
        if side is None or len(side.positions) < 2:
            yield words("{who}: fewer than two speakers were heard, so there is nothing to compare.", who=who)
            continue
        yield _order(material, side, who, words)
        yield _camps(side, who, words)
        yield _government(material, side, who, words)
        yield _contradictions(material, [c for c in found.clashes if c.side == code], who, words)


def _order(material: Material, side: SideCamps, who: str, words: Words) -> str:
    speakers = words.many("{n} speaker", "{n} speakers", len(side.positions))
    if not side.order:
        return words(
            "{who}, {speakers}: who is the harder of any two is not known with {share} or more.",
            who=who,
            speakers=speakers,
            share=words.percent(SURE),
        )
    pairs = words.semicolon().join(
        words(
            "{hard} harder than {mild} ({chance})",
            hard=name(material, hard, words.language),
            mild=name(material, mild, words.language),
            chance=words.percent(chance),
        )
        for hard, mild, chance in side.order[:PAIRS]
    )
    said = words("{who}, {speakers}; surest order: {pairs}.", who=who, speakers=speakers, pairs=pairs)
    more = len(side.order) - PAIRS
    return f"{said} {words.many('And {n} more pair.', 'And {n} more pairs.', more)}" if more > 0 else said


def _camps(side: SideCamps, who: str, words: Words) -> str:
    if side.one_group is None:
        return words("{who}: too few speakers were heard on two days or more to look for camps.", who=who)
    if side.parted and side.centres:
        return words(
            "{who} parts into two camps, around {hard} and {mild} (one group looks so parted in {share} of cases).",
            who=who,
            hard=words.number(side.centres[0], 1, signed=True),
            mild=words.number(side.centres[1], 1, signed=True),
            share=words.percent(side.one_group),
        )
    return words(
        "{who}: the speakers cannot be parted into camps; one group looks as parted in {share} of cases.",
        who=who,
        share=words.percent(side.one_group),
    )


def _government(material: Material, side: SideCamps, who: str, words: Words) -> str:
    if not side.against:
        return words(
            "{who}: nobody is at odds with the government with {share} certainty or more.",
            who=who,
            share=words.percent(SURE_AGAINST),
        )
    surest = sorted(side.against, key=lambda a: (-abs(a.harder - 0.5), a.speaker))[:PAIRS]
    parts = []
    for each in surest:
        values = {
            "speaker": name(material, each.speaker, words.language),
            "leader": name(material, each.government, words.language)
            if each.government
            else words("the side’s middle"),
            "chance": words.percent(max(each.harder, 1 - each.harder)),
        }
        parts.append(
            words("{speaker} is harder than {leader} ({chance})", **values)
            if each.harder > 0.5
            else words("{speaker} is milder than {leader} ({chance})", **values)
        )
    return f"{who}{words.colon()}{words.semicolon().join(parts)}."


def _contradictions(material: Material, clashes: list[Clash], who: str, words: Words) -> str:
    if not clashes:
        return words(
            "{who}: nobody was heard for and against on one issue within {days} days.", who=who, days=CLASH_DAYS
        )
    widest = clashes[0]
    track = material.dossier.track(widest.issue)
    count = words.many("{n} pair of statements", "{n} pairs of statements", len(clashes))
    return words(
        "{who}: {count} of one speaker contradict each other within {days} days; both signs are read right in about "
        "{chance} of such pairs, so read the quotes. "
        "Widest: {speaker}, {issue}, {first} ({one}) and {second} ({other}).",
        who=who,
        count=count,
        days=CLASH_DAYS,
        chance=words.percent(widest.chance),
        speaker=name(material, widest.speaker, words.language),
        issue=track.label_in(words.language) if track else widest.issue,
        first=words.day(widest.first),
        one=words.number(widest.stances[0], signed=True),
        second=words.day(widest.second),
        other=words.number(widest.stances[1], signed=True),
    )


def _figure(material: Material, found: Camps, words: Words) -> str:
    def mark(p: Position) -> RowMark:
        side = material.dossier.registry.state_name(p.side, words.language)
        note = words.many("{n} day", "{n} days", p.days)
        return RowMark(name(material, p.speaker, words.language), p.place, p.low80, p.high80, note, side)

    shown = []
    for side in found.sides:
        heard = sorted(side.positions, key=lambda p: (-p.weight, p.speaker))[:SHOWN]
        shown += [mark(p) for p in side.positions if p in heard]
    return row_chart(
        shown,
        words,
        title=words(
            "Positions on {day}, with {share} intervals: −2 against making up, +2 for it",
            day=words.day(found.day),
            share=words.percent(BAND),
        ),
        summary=" ".join(_sentences(material, found, words)),
        low=-2,
        high=2,
    )
