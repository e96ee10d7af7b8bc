"""Risers read out: who comes up on each side, who is new, what office they have held since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.engine import OWN
from detente.errors import PublishError
from detente.measures.risers import BAND, CHANNELS, METHOD, Riser, Risers, Share
from detente.measures.risers import risers as measured
from detente.publish.catalogue import Words
from detente.publish.material import Material
from detente.publish.readings.reading import Reading
from detente.publish.row_chart import RowMark, row_chart
from detente.registry import rank_on
from detente.terms import LANGUAGES

SHOWN = 10
NEW = 4


def risers(material: Material) -> Reading:
    """Shares of the people of both sides, now against before."""
    if not material.own:
        raise PublishError(
            f"risers are measured on people in our own codings, which {material.origin} does not have. Leave out "
            f"--origin, or ask for {OWN}."
        )
    found = measured(
        material.occurrences,
        material.statements,
        material.ledger.codings("person", material.as_of),
        day=material.day,
        sides=(material.dyad.first, material.dyad.second),
        entities=material.dossier.registry.entities,
        rank=rank_on,
        start=material.start,
        published=material.published,
        copies=[d.id for d in material.documents.values() if d.duplicate_of],
    )
    lines = found.people
    registry = material.dossier.registry
    return Reading(
        measure="risers",
        method=METHOD,
        material=material,
        result=found,
        columns={
            "side": [p.side for p in lines],
            "entity": [p.entity for p in lines],
            **{f"name_{lang}": [registry.entities[p.entity].name_in(lang) for p in lines] for lang in LANGUAGES},
            "risen_percent": [round(100 * p.risen) for p in lines],
            **{field: [getattr(p, field) for p in lines] for field in ("risen", "rise", "low80", "high80", "enough")},
            **{f"{c}_now": [round(p.share(c).now, 2) for p in lines] for c in CHANNELS},
            **{f"{c}_before": [round(p.share(c).before, 2) for p in lines] for c in CHANNELS},
            **{f"{c}_share": [_arrow(p.share(c)) for p in lines] for c in CHANNELS},
            "level_now": [p.level_now for p in lines],
            "level_before": [p.level_before for p in lines],
            "new": [p.new for p in lines],
            "first": [p.first for p in lines],
            "offices": [" ".join(f"{o.office}:{o.since or ''}/{o.until or ''}" for o in p.offices) for p in lines],
            "evidence": [" ".join(e for c in CHANNELS for e in p.share(c).evidence) for p in lines],
        },
        say=lambda words: list(_sentences(material, found, words)),
        draw=(lambda words: _figure(material, found, words)) if lines else None,
        head=lambda words: {
            "side": words("side"), f"name_{words.language}": words("who"), "risen_percent": words("% that it rose"),
            "contacts_share": words("contacts, %"), "words_share": words("words, %"),
            "reports_share": words("mentions, %"), "new": words("new"),
        },
    )  # fmt: skip


def _part(share: Share, *, now: bool) -> float:
    whole, part = (share.of_now, share.now) if now else (share.of_before, share.before)
    return part / whole if whole else 0.0


def _arrow(share: Share) -> str:
    return f"{100 * _part(share, now=False):.0f} → {100 * _part(share, now=True):.0f}"


def _sentences(material: Material, found: Risers, words: Words) -> Iterable[str]:
    for code in (material.dyad.first, material.dyad.second):
        people = found.side(code)
        who = material.dossier.registry.state_name(code, words.language)
        if not people or not people[0].enough:
            yield words("{who}: too few reports in the weeks compared to say who comes up.", who=who)
            continue
        rising = [p for p in people if p.rises]
        if not rising:
            yield words("{who}: nobody’s share rose reliably since {day}.", who=who, day=words.day(found.now))
        for person in rising:
            yield _rise(material, person, who, words)
        falling = [p for p in people if p.falls]
        if falling:
            yield words("{who}, share fallen: {names}.", who=who, names=_names(material, falling, words, chance=True))
        new = sorted((p for p in people if p.new), key=lambda p: (-_seen(p), p.entity))
        if new:
            yield words(
                "{who}, seen for the first time since {day}: {names}.",
                who=who,
                day=words.day(found.now),
                names=_names(material, new[:NEW], words),
            )


def _seen(person: Riser) -> float:
    return sum(person.share(channel).now for channel in CHANNELS)


def _names(material: Material, people: Sequence[Riser], words: Words, *, chance: bool = False) -> str:
    names = [(material.dossier.registry.entities[p.entity].name_in(words.language), p) for p in people]
    return words.listed([f"{name} ({words.percent(1 - p.risen)})" if chance else name for name, p in names])


def _rise(material: Material, person: Riser, who: str, words: Words) -> str:
    entities = material.dossier.registry.entities

    def change(share: Share) -> str:
        return words(
            "from {before} to {now}",
            before=words.percent(_part(share, now=False)),
            now=words.percent(_part(share, now=True)),
        )

    said = words(
        "{who}: {name} rises ({chance}), with a share in the side’s contacts {contacts}, words {words} and mentions "
        "{mentions}.",
        who=who,
        name=entities[person.entity].name_in(words.language),
        chance=words.percent(person.risen),
        contacts=change(person.contacts),
        words=change(person.words),
        mentions=change(person.reports),
    )
    met = [f"{entities[other].name_in(words.language)} ({words.number(n)})" for other, n in person.met[:3]]
    if met:
        said += " " + words("Met: {names}.", names=words.listed(met))
    if person.level_now is not None:
        level = words.number(person.level_now, 1)
        before = words.number(person.level_before, 1) if person.level_before is not None else "–"
        said += " " + words("Mean rank of those met: {level} of 5 (before: {before}).", level=level, before=before)
    for office in person.offices:
        if office.new and office.since:
            title = dict(office.title).get(words.language) or office.office
            said += " " + words("In office since {day}: {title}.", day=words.day(office.since), title=title)
    return said


def _figure(material: Material, found: Risers, words: Words) -> str:
    shown: list[RowMark] = []
    for code in (material.dyad.first, material.dyad.second):
        people = found.side(code)
        ends = people if len(people) <= SHOWN else (*people[: SHOWN // 2], *people[-SHOWN // 2 :])
        side = material.dossier.registry.state_name(code, words.language)
        shown += [
            RowMark(
                material.dossier.registry.entities[p.entity].name_in(words.language),
                100 * p.rise,
                100 * p.low80,
                100 * p.high80,
                words("rose: {chance}", chance=words.percent(p.risen)),
                side,
            )
            for p in ends
        ]
    return row_chart(
        shown,
        words,
        title=words(
            "Change of share since {day}, in points, with {share} intervals",
            day=words.day(found.now),
            share=words.percent(BAND),
        ),
        summary=" ".join(_sentences(material, found, words)),
    )
