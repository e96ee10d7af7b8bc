"""What of the ledger bears on a claim: the same thing told, or its contrary, and words of the same speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from detente.codebook import stands_for
from detente.documents.duplicates import Known, words
from detente.documents.wording import sound
from detente.dossier import Dossier
from detente.ledger import Ledger, Standing
from detente.terms import (
    Bearing,
    Claim,
    Document,
    Entry,
    Event,
    EventDate,
    Finding,
    Occurrence,
    Participant,
    Statement,
)
from detente.verdicts.claims import shape_of, speaks_of_relations
from detente.verdicts.likeness import shared

_MUTUAL = frozenset({"CONSULT", "AGREE", "COOPERATE"})
"""Types whose parties are a set: who is called actor and who recipient says nothing."""
_KIN: tuple[frozenset[str], ...] = (
    frozenset({"CONCEDE", "RETREAT"}),
    frozenset({"SANCTION", "COERCE"}),
    frozenset({"COOPERATE", "AID", "SUPPORT"}),
    frozenset({"ACCUSE", "REJECT"}),
    frozenset({"REQUEST", "THREATEN"}),
)
"""Types that two reports of one act may differ on."""
_MANIFOLD = frozenset({"CONSULT", "AGREE", "COOPERATE", "SUPPORT", "REQUEST", "ACCUSE"})
"""Types of which there are many on one issue: without a day, sharing it tells nothing."""
_CONTRARY: Mapping[str, frozenset[str]] = {
    "AGREE": frozenset({"REJECT"}),
    "CONCEDE": frozenset({"REJECT"}),
    "RETREAT": frozenset({"REJECT", "SANCTION"}),
    "SANCTION": frozenset({"RETREAT"}),
}
"""What speaks against an act where it is told of the same issue and days."""
# Chosen on articles of our own that are not among those measured in docs/verdicts.md (November 2026), by reading what
# passed: below .15 passages share a name or an issue and nothing else; above .4 all told of one thing.
_LITTLE, _SOME, _MUCH, _VERY = 0.15, 0.25, 0.4, 0.5
_REPORTING_DAYS = 3
_ANOTHER_DAY = 5
"""Days by which two reports of one meeting may differ; further apart they tell of two."""
_NEARBY = 10
_TOLD_DAYS, _PLANNED_DAYS = 14, 60
"""Days before a report within which what it tells without a day lies, and after it for what it says will come."""
_SAID_DAYS = 6
_MONTH_DAYS = 31
_YEAR = re.compile(r"\b\d{4}\b")
_COPIED_WORDS = 8
"""A sentence of so many words that stands in the article word for word is its own, not a second witness."""
_SHOWN = 4


@dataclass(frozen=True)
class Held:
    """What the ledger held at a moment, without the article and its copies.

    Attributes:
        own: Ids of the documents left out.
    """

    article: Document
    dossier: Dossier
    documents: Mapping[str, Document]
    occurrences: Sequence[Occurrence]
    statements: Sequence[Standing[Statement]]
    own: frozenset[str]

    @classmethod
    def of(cls, article: Document, dossier: Dossier, ledger: Ledger, *, as_of: date | datetime | None = None) -> Held:
        documents = {d.id: d for d in ledger.documents(as_of=as_of)}
        return cls(
            article,
            dossier,
            documents,
            ledger.occurrences(as_of=as_of),
            ledger.statements(as_of),
            copies_of(article, documents.values()),
        )

    @cached_property
    def _said_here(self) -> str:
        return f" {' '.join(words(self.article.text))} "

    def independent(self, entry: Entry) -> bool:
        """Whether an entry rests on words that are not taken from the article: what appeared before it is not."""
        if entry.document in self.own or entry.document not in self.documents:
            return False
        published = self.documents[entry.document].published
        if published and self.article.published and published < self.article.published:
            return True
        own = words(entry.coding.evidence.quote)
        return len(own) < _COPIED_WORDS or f" {' '.join(own)} " not in self._said_here

    def origin(self, document: str) -> str:
        return self.documents[document].duplicate_of or document


def copies_of(article: Document, documents: Iterable[Document]) -> frozenset[str]:
    """Ids of the documents that are an article, a copy of it, or what it is a copy of."""
    known = Known()
    known.add(replace(article, duplicate_of=None))
    found = set()
    held = list(documents)
    for document in held:
        same = document.id == article.id or document.sha256 == article.sha256
        if same or (article.url and document.url == article.url) or known.match(document.text, document.boilerplate):
            found.add(document.id)
    # A copy of a copy may have been cut too short to be known by itself.
    found |= {d.id for d in held if d.duplicate_of in found}
    found |= {d.duplicate_of for d in held if d.id in found and d.duplicate_of}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Fit:
    bearing: Bearing
    why: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...] = ()
    strength: float = 0.0


def on_event(claim: Claim, held: Held) -> list[Finding]:
    """What the ledger holds on a claim that something was done, is planned, was called off or denied."""
    assert claim.event is not None  # noqa: S101 (asked of event claims only)
    found: list[tuple[float, Finding]] = []
    for occurrence in held.occurrences:
        entries = [entry for entry in occurrence.members if held.independent(entry)]
        if not entries:
            continue
        fits = [
            (fit, entry, event)
            for entry in entries
            for event in (_as_told(occurrence, entry, claim.event, alone=len(entries) == len(occurrence.members)),)
            if (fit := _fit(claim, event, held.documents[entry.document], held)) is not None
        ]
        for bearing in ("for", "against", "beside"):
            of_it = [each for each in fits if each[0].bearing == bearing]
            if of_it:
                fit, entry, event = max(of_it, key=lambda each: each[0].strength)
                origins = {held.origin(other.document) for _, other, _ in of_it}
                found.append((fit.strength, _finding(fit, entry, event, occurrence, len(origins), held)))
    ranked = [finding for _, finding in sorted(found, key=lambda pair: -pair[0])]
    if any(finding.bearing == "for" and {"day", "period"} & {*finding.agrees} for finding in ranked):
        # There was such a meeting: one of another day or place is another, and a vaguer telling adds nothing.
        ranked = [finding for finding in ranked if not finding.differs]
        ranked = [f for f in ranked if "day" in f.agrees] or [f for f in ranked if "period" in f.agrees]
    settled = any(finding.bearing != "beside" for finding in ranked)
    # Where something settles it, what is merely near says nothing more.
    return _few(finding for finding in ranked if finding.bearing != "beside" or not settled)


def another_year(claim: Claim, held: Held) -> tuple[Claim, list[Finding]] | None:
    """A claim read a year or two earlier, where its day has no year and the ledger has it then.

    "On February 18", in a text that tells of last year, is read as of this year. That the same people met at the same
    place on that day of another year says which one is meant.
    """
    event = claim.event
    day = dict(event.parts).get("date") if event else None
    if event is None or event.event_date is None or event.event_date.precision != "day" or event.realis != "happened":
        return None
    if day is None or _YEAR.search(day.quote):
        return None
    for years in (1, 2):
        try:
            first = event.event_date.first.replace(year=event.event_date.first.year - years)
        except ValueError:
            continue
        earlier = replace(claim, event=replace(event, event_date=EventDate.of(first.isoformat(), "narrative")))
        found = [finding for finding in on_event(earlier, held) if finding.bearing == "for"]
        if any({"day", "place"} <= {*f.agrees} and {"people", "issue", "words"} & {*f.agrees} for f in found):
            return earlier, found
    return None


def unconfirmed(claim: Claim, findings: Sequence[Finding], held: Held) -> tuple[str, ...]:
    """Names and points of a claim that nothing found for it has."""
    event = claim.event
    told = [finding for finding in findings if finding.bearing == "for"]
    if event is None or not told:
        return ()
    occurrences = [o for o in held.occurrences if o.id in {finding.occurrence for finding in told}]
    members = [entry for occurrence in occurrences for entry in occurrence.members if held.independent(entry)]
    known = {p.entity for entry in members for p in _participants(entry.coding)}
    left = [p.name for p in (*event.actors, *event.recipients) if p.role and p.entity and p.entity not in known]
    quotes = [
        (quote, held.documents[entry.document].language)
        for entry in members
        for quote in (entry.coding.evidence.quote, *(p.quote for p in getattr(entry.coding, "points", ())))
    ]
    for point in event.points:
        issue = held.dossier.track_of(point.quote, claim.language)
        track = held.dossier.track(issue)
        same = track is not None and not track.general and issue in {_issue_of(q, held) for q in quotes}
        if not same and all(_like(point.quote, claim.language, q, held) < _MUCH for q in quotes):
            left.append(point.quote)
    return tuple(dict.fromkeys(left))


def _participants(coding: object) -> tuple[Participant, ...]:
    return (*coding.actors, *coding.recipients) if isinstance(coding, Event) else ()


def _issue_of(quote: tuple[str, str], held: Held) -> str:
    return held.dossier.track_of(*quote)


def _like(text: str, language: str, quote: tuple[str, str], held: Held) -> float:
    return shared(text, quote[0], (language, quote[1]), held.dossier)


def _when(event: Event, document: Document) -> EventDate | None:
    """When an event was; one without a day, in the week before it was told, or after it if it is to come."""
    if event.event_date is not None and event.event_date.precision != "none":
        return event.event_date
    if document.published is None:
        return None
    ahead = event.realis in ("planned", "proposed", "hypothetical")
    first, last = (0, _PLANNED_DAYS) if ahead else (-_TOLD_DAYS, 0)
    stretch = [(document.published + timedelta(days=n)).isoformat() for n in (first, last)]
    return EventDate.of("/".join(stretch), "publication")


def _after(told: Event, document: Document, article: Document) -> bool:
    """Whether something was done after an article appeared: what it tells without a day was another."""
    when = told.event_date.first if told.event_date else document.published
    return when is not None and article.published is not None and when > article.published


def _few(findings: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for finding in findings:
        if any(other.evidence == finding.evidence and other.bearing == finding.bearing for other in kept):
            continue
        if sum(other.bearing == finding.bearing for other in kept) < _SHOWN:
            kept.append(finding)
    return kept


def _as_told(occurrence: Occurrence, entry: Entry, claimed: Event, *, alone: bool) -> Event:
    """A member's event; what was decided where a person has decided; on the day that most of its reports give it."""
    event = entry.coding
    assert isinstance(event, Event)  # noqa: S101 (members of an occurrence are events)
    if not alone:
        return event  # What the members say together, the article has a say in.
    if occurrence.decided:
        return occurrence.event
    when = occurrence.event.event_date
    # Others of its members may know the day that this one leaves out or has otherwise.
    if event.event_date is None or (when and claimed.event_date and _days(when, claimed.event_date)[0] == "day"):
        return replace(event, event_date=when)
    return event


def _fit(claim: Claim, told: Event, document: Document, held: Held) -> _Fit | None:
    event = claim.event
    assert event is not None  # noqa: S101
    kind = _kind(event, told)
    if not kind or not _who(event, told):
        return None
    like = shared(claim.evidence.quote, told.evidence.quote, (claim.language, document.language), held.dossier)
    people, strangers = _people(event, told)
    place = _place(event.place, told.place, held.dossier)
    if (
        place == "other"
        and people
        and _days(event.event_date, told.event_date)[0] == "day"
        and _one_country(event, told, held.dossier)
    ):
        place = "unknown"  # A city and the region it lies in: the same people are in one of a country's on a day.
    track = bool(event.track) and event.track == told.track
    # Of what a meeting was about each report tells another part; any other act is about one thing.
    if event.track and told.track and not track and event.type not in ("CONSULT", "AGREE"):
        return None
    days, gap = _days(event.event_date, _when(told, document))
    if told.event_date is None and days != "apart":
        days = "undated"
    if days == "undated" and _after(told, document, held.article):
        return None
    agrees = tuple(
        name
        for name, holds in (
            ("kind", kind in ("same", "kin")),
            ("who", True),
            ("people", people),
            ("day", days in ("day", "near")),
            ("period", days == "within"),
            ("place", place == "same"),
            ("issue", track),
            ("words", like >= _SOME),
        )
        if holds
    )
    near = 3.0 * (days == "day") + 1.5 * (days in ("near", "within"))
    strength = near + 2 * like + people + (place == "same") + 0.5 * track + (kind == "same") + told.confidence
    if strangers and not people and place != "same" and like < _MUCH:
        return None
    if event.place and told.mode == "phone" != event.mode:
        return None  # Nobody is in a place for a call.
    if kind == "implied" and days != "day":
        return None
    if kind == "contrary":
        close = days in ("day", "near", "within") and track and like >= _LITTLE
        return _Fit("against", "contrary", agrees, (), strength) if close else None
    narrow = days == "within" and _short(event.event_date) and _short(told.event_date)
    if narrow and track and kind == "same" and _clear(event.track, held.dossier):
        days = "day"  # One kind of act on one issue in one month.
    if not _enough(event, days, like=like, people=people, place=place, track=track, kind=kind):
        alike = people or track or like >= _SOME
        return _apart(event, told, days, gap, agrees, strength, alike=alike, place=place)
    if place == "other":
        if days in ("day", "near") and event.type in _MUTUAL and (people or (track and like >= _LITTLE)):
            return _Fit("against", "another place", agrees, ("place",), strength)
        close = days == "day" and event.type == told.type == "CONSULT" and told.realis == "happened"
        return _Fit("beside", "nearest", agrees, ("place",), strength) if close else None
    fit = _by_realis(event, told, kind, agrees, strength)
    # That something was called off speaks against what took place only where both are of one day.
    return replace(fit, bearing="beside") if fit.bearing == "against" and days == "undated" else fit


def _short(when: EventDate | None) -> bool:
    return when is not None and (when.last - when.first).days <= _MONTH_DAYS


def _clear(track: str, dossier: Dossier) -> bool:
    known = dossier.track(track)
    return known is not None and not known.general


def _enough(event: Event, days: str, *, like: float, people: bool, place: str, track: bool, kind: str) -> bool:
    """Whether what agrees suffices to take two tellings for one: the vaguer the day, the more has to agree."""
    helps = people + (place == "same") + track + (like >= _SOME)
    if kind == "kin" and like < _SOME and not people:
        return False
    if days == "day":
        return event.type in _MUTUAL or helps >= 1
    if days == "near":
        return helps >= 1
    if days == "within":
        return people or place == "same" or (track and like >= _SOME) or like >= _MUCH
    if days == "undated":
        helps = people + (place == "same") + (track and kind == "same" and event.type not in _MANIFOLD)
        return helps >= 2 or (helps >= 1 and like >= _SOME) or like >= _VERY
    return False


def _apart(
    event: Event,
    told: Event,
    days: str,
    gap: int,
    agrees: tuple[str, ...],
    strength: float,
    *,
    alike: bool,
    place: str,
) -> _Fit | None:
    """One meeting that two reports date differently, or the nearest that there is."""
    if days != "apart" or event.type not in _MUTUAL or gap > _NEARBY or not (alike or place == "same"):
        return None
    done = event.realis in ("happened", "planned")
    sure = told.event_date is not None and told.event_date.basis in ("explicit", "relative")
    if sure and gap <= _ANOTHER_DAY and alike and place == "same" and told.realis == "happened" and done:
        return _Fit("against", "another day", agrees, ("day",), strength)
    return _Fit("beside", "nearest", agrees, ("day",), strength - gap / 10)


def _by_realis(event: Event, told: Event, kind: str, agrees: tuple[str, ...], strength: float) -> _Fit:
    """Whether a telling of the same thing speaks for or against what the claim says became of it."""
    undone = ("cancelled", "denied")
    claimed, found = _became(event, told), _became(told, event)
    if claimed in undone:
        if found in undone:
            return _Fit("for", "did not happen", agrees, (), strength)
        if found == "happened":
            return _Fit("against", "happened", agrees, (), strength)
        return _Fit("beside", "was planned", agrees, (), strength)
    if found in undone:
        return _Fit("against", "did not happen", agrees, (), strength)
    if kind == "meeting only":
        return _Fit("beside", "meeting only", agrees, ("kind",), strength)
    if event.realis == "happened":
        if told.realis == "happened":
            return _Fit("for", "implied" if kind == "implied" else "happened", agrees, (), strength)
        if told.realis == "hypothetical":
            return _Fit("beside", "was thought of", agrees, (), strength - 1)
        return _Fit("beside", "was planned", agrees, (), strength - 1)
    if event.realis == "proposed":
        return _Fit("for", "was proposed" if told.realis != "happened" else "happened", agrees, (), strength)
    # A plan: that it was carried out settles it, that others report it does not.
    return (
        _Fit("for", "came", agrees, (), strength)
        if told.realis == "happened"
        else _Fit("beside", "was planned", agrees, (), strength)
    )


def _became(event: Event, other: Event) -> str:
    """What became of a meeting; beside one, or beside one called off, a refusal is a meeting that was called off."""
    undone = {"cancelled", "denied"} & {event.realis, other.realis}
    return "cancelled" if event.type == "REJECT" and (undone or other.type == "CONSULT") else event.realis


def _kind(event: Event, telling: Event) -> str:
    claimed, told = (stands_for(each.type, each.mode)[0] for each in (event, telling))
    if claimed == told:
        return "same"
    if {claimed, told} == {"CONSULT", "REJECT"} and {"cancelled", "denied"} & {event.realis, telling.realis}:
        return "same"  # A meeting that was called off is a refusal of one: see _became.
    if claimed == "CONSULT" and told == "AGREE":
        return "implied"
    if claimed == "AGREE" and told == "CONSULT":
        return "meeting only"
    if told in _CONTRARY.get(claimed, ()):
        return "contrary"
    return "kin" if any(claimed in kin and told in kin for kin in _KIN) else ""


def _who(event: Event, told: Event) -> bool:
    one, other = set(event.sides), set(told.sides)
    if not (one <= other or other <= one) or len(one & other) < min(2, len(one)):
        return False
    if event.type in _MUTUAL or told.type in _MUTUAL:
        return True
    for mine, theirs in ((event.actors, told.actors), (event.recipients, told.recipients)):
        a, b = _sides(mine), _sides(theirs)
        if a and b and not a & b:
            return False
    return True


def _sides(participants: Iterable[Participant]) -> set[str]:
    return {side for participant in participants for side in participant.sides}


def _people(event: Event, told: Event) -> tuple[bool, bool]:
    """Whether both name one person or body, and whether both name some on a side and not one the same."""
    a, b = _named(event), _named(told)
    same = any(a[side] & b.get(side, set()) for side in a)
    return same, any(not a[side] & b[side] for side in a if side in b)


def _named(event: Event) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for participant in (*event.actors, *event.recipients):
        if participant.entity and participant.entity != participant.side and participant.role:
            found.setdefault(participant.side, set()).add(participant.entity)
    return found


def _place(one: str, other: str, dossier: Dossier) -> str:
    if not one or not other:
        return "unknown"
    registry = dossier.registry
    if one == other or registry.city_country(one) == other or registry.city_country(other) == one:
        return "same"
    # Of a place that the registry does not know nobody can say that it lies elsewhere.
    known = all(registry.city_country(place) or (len(place) == 3 and place.isupper()) for place in (one, other))
    return "other" if known else "unknown"


def _one_country(event: Event, told: Event, dossier: Dossier) -> bool:
    countries = [dossier.registry.city_country(place) for place in (event.place, told.place)]
    return bool(countries[0]) and countries[0] == countries[1]


def _days(one: EventDate | None, other: EventDate | None) -> tuple[str, int]:
    if one is None or other is None or "none" in (one.precision, other.precision):
        return "undated", 0
    gap = max((other.first - one.last).days, (one.first - other.last).days, 0)
    exact = one.first == one.last and other.first == other.last
    presumed = "publication" in (one.basis, other.basis)
    if gap == 0:
        return ("day" if exact and not presumed else "near" if exact else "within"), 0
    # Two reports that both name the day differ where they name another, be it the next.
    slack = _REPORTING_DAYS if presumed else 0 if exact else 1
    return ("near", gap) if gap <= slack else ("apart", gap)


def _finding(fit: _Fit, entry: Entry, event: Event, occurrence: Occurrence, sources: int, held: Held) -> Finding:
    document = held.documents[entry.document]
    return Finding(
        bearing=fit.bearing,
        why=fit.why,
        evidence=entry.coding.evidence,
        entry=entry.id,
        agrees=fit.agrees,
        differs=fit.differs,
        title=document.title,
        url=document.url,
        source=document.source,
        language=document.language,
        published=document.published,
        occurrence=occurrence.id,
        sources=sources,
        checked=bool(occurrence.decided),
        when=event.event_date.value if event.event_date else "",
    )


def finding_of(entry: Entry, bearing: Bearing, why: str, held: Held) -> Finding:
    """An entry of the ledger as it bears on a claim that measures answer: nothing of it was compared."""
    coding, fit = entry.coding, _Fit(bearing, why, ())
    if isinstance(coding, Event):
        occurrence = next(o for o in held.occurrences if entry in o.members)
        return _finding(fit, entry, coding, occurrence, occurrence.sources, held)
    standing = next(s for s in held.statements if s.entry == entry)
    return _said(fit, standing, held.documents[entry.document])


# Words


def on_statement(claim: Claim, held: Held) -> list[Finding]:
    """What the ledger holds of the words that an article puts into somebody's mouth."""
    said = claim.statement
    assert said is not None  # noqa: S101 (asked of statement claims only)
    found: list[tuple[float, Finding]] = []
    for standing in held.statements:
        told = standing.coding
        if not held.independent(standing.entry):
            continue
        document = held.documents[standing.entry.document]
        if not _same_speaker(said.speaker, told.speaker, (claim.language, document.language)):
            continue
        like = shared(said.content.quote, told.content.quote, (claim.language, document.language), held.dossier)
        days = _said_apart(said, told, document)
        if _later(told, document, held.article):
            continue
        shapes = _shape(said.content.quote, claim.language), _shape(told.content.quote, document.language)
        fit = _words_fit(said, told, like, days, shapes)
        if fit is not None:
            found.append((fit.strength, _said(fit, standing, document)))
    ranked = [finding for _, finding in sorted(found, key=lambda pair: -pair[0])]
    # A report that has the words has said the rest of the speaker's beside them, not against them.
    having = {finding.evidence.document for finding in ranked if finding.bearing == "for"}
    ranked = [f for f in ranked if f.bearing != "against" or f.evidence.document not in having]
    settled = any(finding.bearing != "beside" for finding in ranked)
    return _few(f for f in ranked if f.bearing != "beside" or not settled)


def _same_speaker(one: Participant, other: Participant, languages: tuple[str, str]) -> bool:
    """Whether two speakers are one; one that the registry does not know, by the sound of the last name and the side."""
    if one.entity and other.entity:
        return one.entity == other.entity
    if not one.side or one.side != other.side or not one.name.split() or not other.name.split():
        return False
    heard = [sound(each.name.split()[-1], language) for each, language in zip((one, other), languages, strict=True)]
    return bool(heard[0]) and heard[0] == heard[1]


def _shape(text: str, language: str) -> str:
    found = shape_of(text, language)
    return found[0] if found else ""


def _later(told: Statement, document: Document, article: Document) -> bool:
    """Whether words were spoken after the article appeared: it cannot have reported them."""
    when = told.said_date.first if told.said_date else document.published
    return when is not None and article.published is not None and when > article.published


def _said_apart(said: Statement, told: Statement, document: Document) -> int | None:
    """Days between two sayings; None where the claim gives neither day nor month."""
    if said.said_date is None or said.said_date.precision not in ("day", "month"):
        return None
    when = told.said_date.first if told.said_date else document.published
    if when is None:
        return None
    return max((said.said_date.first - when).days, (when - said.said_date.last).days, 0)


def _words_fit(said: Statement, told: Statement, like: float, days: int | None, shapes: tuple[str, str]) -> _Fit | None:
    """How near another's record of a saying comes to the claim's; `days` lie between them, None where it gives none."""
    bound = bool(said.conditions and told.conditions)
    alike = bound or shapes[0] == shapes[1] not in ("", "likely")
    # Which way a statement leans is the least sure of what is coded: it takes two clear leanings to oppose.
    opposed = said.stance * told.stance <= -2 and not alike and not {"stance"} & {*said.doubts, *told.doubts}
    issue = said.issue == told.issue
    near = days is not None and days <= _SAID_DAYS
    agrees = tuple(
        name
        for name, holds in (
            ("who", True),
            ("day", near),
            ("issue", issue),
            ("words", like >= _SOME),
            ("future", alike),
        )
        if holds
    )
    strength = 3 * like + near + 0.5 * issue + alike - (days or 0) / 365
    undated = days is None and (like >= _VERY or (like >= _SOME and alike))
    same = undated or (near and (like >= _SOME or (issue and alike)))
    if same and opposed and issue:
        return _Fit("against", "said the contrary", agrees, (), strength)
    if same and not opposed:
        return _Fit("for", "said so" if near else "said the like", agrees, (), strength)
    return _Fit("beside", "said near it", agrees, (), strength) if near or like >= _SOME else None


def _said(fit: _Fit, standing: Standing[Statement], document: Document) -> Finding:
    told = standing.coding
    return Finding(
        bearing=fit.bearing,
        why=fit.why,
        evidence=standing.entry.coding.evidence,
        entry=standing.entry.id,
        agrees=fit.agrees,
        differs=fit.differs,
        title=document.title,
        url=document.url,
        source=document.source,
        language=document.language,
        published=document.published,
        checked=bool(standing.decided),
        when=told.said_date.value if told.said_date else "",
        who=told.speaker.name,
        entity=told.speaker.entity,
    )


def on_future(claim: Claim, held: Held) -> list[Finding]:
    """Words of both sides for and against what a claim says will come: the strongest, each speaker once a way."""
    hopeful = claim.shape in ("inevitable", "soon", "likely", "planned")
    found: list[tuple[tuple[float, date], Finding]] = []
    for standing, document, like in _on_issue(claim, held):
        told = standing.coding
        bound = claim.shape == "conditional"
        if bound != bool(told.conditions) or (told.stance == 0 and not bound):
            continue
        slow = _shape(told.content.quote, document.language) in ("long", "unlikely")
        hopes = told.stance > 0 and not slow
        bearing: Bearing = "for" if bound or hopes == hopeful else "against"
        why = "made a condition too" if bound else "hopes" if hopes else "doubts"
        rank = (like + 0.25 * abs(told.stance), document.published or date.min)
        fit = _Fit(bearing, why, ("issue", *(("words",) if like >= _SOME else ())), (), rank[0])
        found.append((rank, _said(fit, standing, document)))
    kept: list[Finding] = []
    heard: set[tuple[str, str]] = set()
    for _, finding in sorted(found, key=lambda pair: pair[0], reverse=True):
        key = (finding.entity or finding.who, finding.bearing)
        if key not in heard:
            heard.add(key)
            kept.append(finding)
    return _few(kept)


def _on_issue(claim: Claim, held: Held) -> Iterator[tuple[Standing[Statement], Document, float]]:
    """Statements of the two sides on the issue of a claim that speak of what is to come.

    On the relationship as a whole only those that have a word for it; conditions are compared with the condition.
    """
    sides = set(held.dossier.dyad.sides)
    own = claim.statement
    asked = claim.cue.quote if claim.shape == "conditional" and own and claim.cue else claim.evidence.quote
    for standing in held.statements:
        told = standing.coding
        if not sides & set(told.speaker.sides) or not held.independent(standing.entry):
            continue
        document = held.documents[standing.entry.document]
        if own and _same_speaker(own.speaker, told.speaker, (claim.language, document.language)):
            continue
        # What is cheap to ask comes before likeness: a ledger has many statements.
        bound = claim.shape == "conditional"
        if bound:
            asks = bool(told.conditions)
        elif claim.track == "relations":
            asks = told.issue in ("relations", "contacts")
            asks = asks and speaks_of_relations(told.content.quote, document.language)
        else:
            asks = bool(claim.track) and told.issue == claim.track
        if not asks:
            continue
        content = told.conditions[0].quote if bound else told.content.quote
        like = shared(asked, content, (claim.language, document.language), held.dossier)
        ahead = bool(told.time_claims or told.conditions or shape_of(told.content.quote, document.language))
        if like >= (_SOME if bound else _LITTLE) or (ahead and not bound):
            yield standing, document, like
