"""How things stand by an article, and by our measures: two lines within a side, who comes up, levers, the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from detente.dossier import Dossier
from detente.ledger import Ledger
from detente.measures.camps import Position, SideCamps
from detente.measures.risers import SURE, Riser
from detente.publish.catalogue import Words
from detente.publish.material import Material
from detente.publish.readings import read
from detente.publish.readings.reading import Reading
from detente.publish.readings.third_parties import say_levers
from detente.publish.verdicts import rise_text
from detente.terms import LANGUAGES, Bearing, Claim, ClaimState, Entry, Finding, Statement, Texts
from detente.verdicts.findings import Held, finding_of

MOVED_DAYS = 90
"""Days over which the index is asked whether relations got better or worse."""
_SHOWN = 3
_MEASURES: Mapping[ClaimState, str] = {
    "two lines": "camps",
    "rises": "risers",
    "lever": "third-parties",
    "warmer": "index",
    "colder": "index",
}


class States:
    """Measures of a ledger at a moment, without the article and its copies, until the day the article appeared."""

    def __init__(self, dossier: Dossier, ledger: Ledger, held: Held, *, as_of: date | datetime | None) -> None:
        self._held = held
        self._material = Material(
            dossier, ledger, dossier.folder or Path(), as_of, until=held.article.published, without=held.own
        )
        self._read: dict[str, Reading] = {}

    def on(self, claim: Claim) -> tuple[tuple[Texts, ...], list[Finding]]:
        """What is measured of the state that a claim tells of: sentences, and quotes that speak for or against it."""
        reading = self._reading(_MEASURES[claim.state])
        tell: Callable[[Claim, Reading], tuple[list[Texts], list[Finding]]] = {
            "camps": self._lines,
            "risers": self._rise,
            "third-parties": self._lever,
            "index": self._moved,
        }[_MEASURES[claim.state]]
        said, found = tell(claim, reading)
        return tuple(said), found

    def _reading(self, measure: str) -> Reading:
        if measure not in self._read:
            self._read[measure] = read(measure, self._material)
        return self._read[measure]

    @cached_property
    def _entries(self) -> Mapping[str, Entry]:
        entries = {s.entry.id: s.entry for s in self._material.statements}
        return entries | {o.id: o.members[0] for o in self._material.occurrences}

    def _quotes(self, ids: Iterable[str], bearing: Bearing, why: str) -> list[Finding]:
        known = [self._entries[name] for name in dict.fromkeys(ids) if name in self._entries]
        return [finding_of(entry, bearing, why, self._held) for entry in known[-_SHOWN:]]

    def _said(self, reading: Reading, speaks_of: Callable[[str], bool]) -> list[Texts]:
        """The sentences of a reading that speak of somebody, by language: they stand in one order in each."""
        places = [at for at, sentence in enumerate(reading.sentences("en")) if speaks_of(sentence)]
        told = {language: reading.sentences(language) for language in LANGUAGES}
        return [tuple((language, told[language][at]) for language in LANGUAGES) for at in places]

    def _lines(self, claim: Claim, reading: Reading) -> tuple[list[Texts], list[Finding]]:
        side: SideCamps | None = reading.result.side(claim.about)
        name = self._material.dossier.registry.state_name(claim.about, "en")
        # The order of speakers and the camps; who is at odds with the government or with himself is another matter.
        told = self._said(reading, lambda sentence: sentence.startswith(name))[:2]
        if side is None or not side.positions:
            return told, []
        # A capital or a ministry speaks for the side as a whole: two lines are told by two persons.
        heard = {p.speaker: p for p in side.positions if self._is_person(p.speaker)}
        apart = [(heard[h], heard[m]) for h, m, _ in side.order if h in heard and m in heard]
        apart = [(hard, mild) for hard, mild in apart if hard.place < 0 < mild.place]
        bearing: Bearing = "for" if side.parted or apart else "beside"
        ranked = list(heard.values())
        hardest, mildest = apart[0] if apart else (ranked[0], ranked[-1]) if len(ranked) > 1 else (None, None)
        return told, [*self._strongest(hardest, -1, bearing, "harder"), *self._strongest(mildest, 1, bearing, "milder")]

    def _is_person(self, entity: str) -> bool:
        known = self._material.dossier.registry.entities.get(entity)
        return known is not None and known.kind == "person"

    def _strongest(self, position: Position | None, way: int, bearing: Bearing, why: str) -> list[Finding]:
        """The words of a speaker that lean furthest one way; of equals the latest."""
        said = [self._entries[name] for name in position.evidence if name in self._entries] if position else []
        ranked = sorted(said, key=lambda e: way * e.coding.stance if isinstance(e.coding, Statement) else 0)
        return [finding_of(entry, bearing, why, self._held) for entry in ranked[-1:]]

    def _rise(self, claim: Claim, reading: Reading) -> tuple[list[Texts], list[Finding]]:
        people: Mapping[str, Riser] = {p.entity: p for p in reading.result.people}
        person = people.get(claim.about)
        entity = self._material.dossier.registry.entities[claim.about]
        if person is None:
            return [_texts(lambda words: rise_text(None, entity.name_in(words.language), words))], []
        name = entity.name_in("en")
        told = self._said(reading, lambda sentence: f"{name} rises" in sentence) or [
            _texts(lambda words: rise_text(person.risen, entity.name_in(words.language), words))
        ]
        bearing: Bearing = "for" if person.rises else "against" if person.falls else "beside"
        return told, self._quotes((*person.reports.evidence, *person.contacts.evidence), bearing, "rose")

    def _lever(self, claim: Claim, reading: Reading) -> tuple[list[Texts], list[Finding]]:
        of_it = [move for move in reading.result.levers if claim.about in {*move.who.split("+"), move.whom}]
        told = {language: say_levers(self._material, tuple(of_it), Words(language)) for language in LANGUAGES}
        said: list[Texts] = [tuple(zip(told, each, strict=True)) for each in zip(*told.values(), strict=True)]
        return said, self._quotes((move.evidence for move in of_it), "for", "lever")

    def _moved(self, claim: Claim, reading: Reading) -> tuple[list[Texts], list[Finding]]:
        pair = str(self._material.dyad)
        name = self._material.label(pair, "en")
        # Where there is no index, its one sentence says why.
        told = self._said(reading, lambda sentence: sentence.startswith(name)) or self._said(reading, bool)[:1]
        changes = reading.result["changes"].get(pair, ())
        change = next((each for each in changes if each.days == MOVED_DAYS), None)
        if change is None:
            return told, []
        better = change.rose if claim.state == "warmer" else 1 - change.rose
        bearing: Bearing = "for" if better >= SURE else "against" if better <= 1 - SURE else "beside"
        return told, self._quotes(_last_evidence(reading), bearing, "moved")


def _last_evidence(reading: Reading) -> list[str]:
    """What weighs most on the last day of the pair."""
    told = reading.columns["evidence"]
    return str(told[-1]).split() if told else []


def _texts(say: Callable[[Words], str]) -> Texts:
    return tuple((language, say(Words(language))) for language in LANGUAGES)
