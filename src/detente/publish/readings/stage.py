"""The stage read out: how far the two have come as events show it, and as speakers claim it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from detente.dossier import Dossier
from detente.measures.spoken import Said
from detente.measures.stage import HELD, METHOD, Claim, Stage, Standing, ladder
from detente.measures.stage import stage as measured
from detente.publish.catalogue import Words
from detente.publish.chronology import first_upper
from detente.publish.material import Material
from detente.publish.readings.reading import Reading
from detente.publish.stage_chart import RungStrip, Told, stage_chart
from detente.terms import Dyad, Occurrence

_MOST = 0.9999


def stage(material: Material) -> Reading:
    """Stage of the dyad, of our own codings: databases have no statements and no words to tell rungs by."""
    material.rows()  # refuses a database in the words of all measures of our own codings
    found = stage_of(
        material.dossier,
        material.occurrences,
        [Said(s.entry.id, s.coding, material.documents[s.entry.document].language) for s in material.statements],
        material.dyad,
        reach=(material.start, material.day),
        published=material.published,
    )
    claims = {held.rung: [claim for claim in found.claims if claim.rung == held.rung] for held in found.rungs}
    return Reading(
        measure="stage",
        method=METHOD,
        material=material,
        result=found,
        columns={
            "rung": [held.rung for held in found.rungs],
            "reached": [held.reached for held in found.rungs],
            "day": [held.day for held in found.rungs],
            "earliest": [held.earliest for held in found.rungs],
            "latest": [held.latest for held in found.rungs],
            "held": [held.held for held in found.rungs],
            "fallen": [held.fallen[-1][0] if held.fallen else None for held in found.rungs],
            "claimed": [sum(claim.says == "reached" for claim in claims[held.rung]) for held in found.rungs],
            "hoped": [sum(claim.says == "hoped for" for claim in claims[held.rung]) for held in found.rungs],
            "denied": [sum(claim.says == "not reached" for claim in claims[held.rung]) for held in found.rungs],
            "evidence": [
                " ".join(
                    dict.fromkeys(
                        (*held.evidence, *(name for _, name in held.fallen), *(c.evidence for c in claims[held.rung]))
                    )
                )
                for held in found.rungs
            ],
        },
        say=lambda words: _sentences(material, found, words),
        draw=(lambda words: _figure(material, found, words)) if found.path or found.claims else None,
        head=lambda words: {
            "rung": words("rung"), "day": words("reached on"), "earliest": words("at the earliest"),
            "latest": words("at the latest"), "held": words("held now"), "fallen": words("last undone"),
            "claimed": words("claimed"), "hoped": words("hoped"), "denied": words("said not reached"),
        },
        shares=frozenset({"held"}),
        names=lambda words: {held.rung: rung_label(held.rung, words) for held in found.rungs},
    )  # fmt: skip


def stage_of(
    dossier: Dossier,
    occurrences: Sequence[Occurrence],
    said: Sequence[Said],
    dyad: Dyad,
    *,
    reach: tuple[date, date],
    published: Mapping[str, date],
) -> Stage:
    """The stage of a dyad, with what its dossier says of issues and people.

    Args:
        reach: First and last day looked at.
        published: By document.
    """
    return measured(
        occurrences,
        said,
        dyad,
        start=reach[0],
        end=reach[1],
        published=published,
        general=[track.id for track in dossier.tracks if track.general],
        people=frozenset(name for name, entity in dossier.registry.entities.items() if entity.kind == "person"),
    )


def rung_label(rung: str, words: Words) -> str:
    """What a rung is called."""
    labels = next(each.labels for each in ladder().rungs if each.id == rung)
    return labels[words.language]


def _chance(share: float, words: Words) -> str:
    """A probability of codings, of which none is certain."""
    return words.percent(min(share, _MOST))


def _sentences(material: Material, found: Stage, words: Words) -> list[str]:
    if not found.current:
        first = words("No rung of the ladder is held with more than an even chance on {day}.", day=words.day(found.end))
    else:
        place = [held.rung for held in found.rungs].index(found.current)
        first = words(
            "Stage on {day}: {rung} (highest rung with probability {p}; held with probability {held}).",
            day=words.day(found.end),
            rung=words.quoted(rung_label(found.current, words)),
            p=_chance(found.likely[place + 1], words),
            held=_chance(found.rungs[place].held, words),
        )
    return [first, *(_rung(material, held, words) for held in found.rungs), *_claimed(material, found, words)]


def _rung(material: Material, held: Standing, words: Words) -> str:
    label = rung_label(held.rung, words)
    if not held.reached:
        out = words("{rung}: no act that reaches it.", rung=label)
    elif held.day is None:
        out = words("{rung}: probably not reached (probability {p}).", rung=label, p=_chance(held.reached, words))
    elif held.latest is None or held.earliest is None:
        out = words(
            "{rung}: first reached on {day}, with probability {p} that it was at all.",
            rung=label,
            day=words.day(held.day),
            p=_chance(held.reached, words),
        )
    elif held.earliest == held.latest:
        out = words("{rung}: first reached on {day}.", rung=label, day=words.day(held.day))
    else:
        out = words(
            "{rung}: first reached on {day} (90% interval: {first} to {last}).",
            rung=label,
            day=words.day(held.day),
            first=words.day(held.earliest),
            last=words.day(held.latest),
        )
    if held.missing and held.reached < HELD:
        registry = material.dossier.registry
        names = [registry.state_name(side, words.language) for side in held.missing]
        out += " " + words("Missing: {sides}.", sides=words.listed(names))
    if held.fallen and held.reached:
        out += " " + words(
            "Last undone or called off on {day}; held now with probability {p}.",
            day=words.day(held.fallen[-1][0]),
            p=_chance(held.held, words),
        )
    return out


def _claimed(material: Material, found: Stage, words: Words) -> list[str]:
    if not found.claims:
        return [words("No statement claims a rung.")]
    out = [words.many("{n} statement claims a rung.", "{n} statements claim a rung.", len(found.claims))]
    ahead = [claim for claim in found.claims if claim.against == "ahead"]
    behind = [claim for claim in found.claims if claim.against == "behind"]
    if not ahead and not behind:
        out.append(words("None of them contradicts what is measured."))
    out += [
        words(
            "Ahead of events: {who} on {day} of {rung} as reached (probability {p}).",
            who=_name(material, claim, words),
            day=words.day(claim.day),
            rung=words.quoted(rung_label(claim.rung, words)),
            p=_chance(claim.measured, words),
        )
        for claim in ahead
    ]
    out += [
        words(
            "Behind events: {who} on {day} of {rung} as not reached (probability {p}).",
            who=_name(material, claim, words),
            day=words.day(claim.day),
            rung=words.quoted(rung_label(claim.rung, words)),
            p=_chance(claim.measured, words),
        )
        for claim in behind
    ]
    return out


def _name(material: Material, claim: Claim, words: Words) -> str:
    entity = material.dossier.registry.entities.get(claim.speaker)
    return first_upper(entity.name_in(words.language) if entity else claim.speaker)


def _figure(material: Material, found: Stage, words: Words) -> str:
    return stage_chart(
        [
            RungStrip(
                rung_label(held.rung, words),
                [(day, chances[place]) for day, chances in found.path],
                [day for day, _ in held.fallen],
                [_told(material, claim, found, words) for claim in found.claims if claim.rung == held.rung],
                held.day,
            )
            for place, held in enumerate(found.rungs)
        ],
        [material.dossier.registry.state_name(code, words.language) for code in found.dyad.sides],
        (found.start, max(found.end, date.fromordinal(found.start.toordinal() + 1))),
        words,
        title=words("Stage, measured and claimed: {who}", who=material.label(str(found.dyad), words.language)),
        summary=" ".join(_sentences(material, found, words)),
    )


def _told(material: Material, claim: Claim, found: Stage, words: Words) -> Told:
    side = 1 if claim.side == found.dyad.second else 0
    said = words.foreign(claim.quote, words.language)
    return Told(
        claim.day, side, claim.says, f"{_name(material, claim, words)}, {words.day(claim.day)}{words.colon()}{said}"
    )
