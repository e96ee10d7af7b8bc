"""One real event in one document is one event: mentions that tell the same are joined, and their parts united."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.coding.events_lexicon import rules_by_name
from detente.terms import Event, EventDate, Participant, Rank

_PRECISION = {"day": 0, "week": 1, "month": 2, "season": 3, "quarter": 3, "year": 4, "decade": 5, "none": 6}
_BASIS = {"explicit": 0, "relative": 1, "narrative": 2, "publication": 3, "none": 4}


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as one sentence tells it.

    Attributes:
        weak: Named in passing; it does not stand alone unless it is dated in its own sentence.
        inferred: Its sides were taken from the story, not from the sentence.
        passage: Number of the sentence; `order` its place among all drafts.
        definite: "the talks", "these negotiations": points back to something told.
        nominal: Named by a noun, not told by a verb.
        another: "another round", "la prochaine réunion": not the meeting that the text tells of.
        answer: The same, done back to who did it.
    """

    event: Event
    weak: bool
    inferred: bool
    passage: int
    order: int
    alone: bool
    definite: bool = False
    nominal: bool = False
    another: bool = False
    answer: bool = False


_SOFT_DAYS = 4
"""A date taken from publication may lie this many days after the day that another sentence gives."""


def _dates_agree(one: EventDate | None, other: EventDate | None) -> bool:
    if one is None or other is None:
        return True
    soft, hard = (one, other) if one.basis == "publication" else (other, one)
    if soft.basis == "publication" != hard.basis and hard.precision == "day":
        return 0 <= (soft.first - hard.last).days <= _SOFT_DAYS
    if not one.meets(other):
        return False
    if one.precision == other.precision == "day":
        return True
    # A year may hold many meetings; a month or a week, told in one document, seldom more than one.
    return max(_PRECISION[one.precision], _PRECISION[other.precision]) <= 2 or one.value == other.value


def _sides_agree(one: Draft, other: Draft) -> bool:
    a, b = set(one.event.sides), set(other.event.sides)
    if a == b:
        return True
    if one.inferred or other.inferred or one.weak or other.weak or one.passage == other.passage:
        return bool(a & b) or not a or not b
    return (a < b or b < a) and len(a & b) >= 2


def _same_act(one: Draft, other: Draft) -> bool:
    a, b = one.event, other.event
    if a.type == b.type:
        if not (a.mode and b.mode and a.mode != b.mode and {a.mode, b.mode} != {"visit", "phone"}):
            return True
        # "imposed sanctions and expelled ten diplomats": one state's deeds of one type, told in one breath.
        alike = a.type == "CONSULT" or {p.side for p in a.actors} == {p.side for p in b.actors} != set()
        return alike and one.passage == other.passage
    if {a.type, b.type} == {"CONCEDE", "RETREAT"} and a.rule == b.rule:
        return True  # announced in one sentence, carried out in the next
    # A meeting and the accord it produced, told in one sentence, are one event (gold guidelines, type).
    talks = one if a.type == "CONSULT" else other
    if "proposal taken up" in (a.rule, b.rule) and talks.event.realis == "planned" and talks.alone:
        return True  # "accepts the invitation and will come in May"
    dated = "date" in dict(talks.event.parts) or talks.event.event_date is not None
    if {a.type, b.type} != {"AGREE", "CONSULT"} or one.passage != other.passage:
        return False
    # "at talks on 18 February they agreed" is one; "decided during a call", "meeting in Riyadh, they agreed" are two.
    accord = other if talks is one else one
    return not (dated and talks.alone) or (talks.nominal and talks.order < accord.order)


def _is_apart(event: Event) -> bool:
    rule = rules_by_name().get(event.rule)
    return rule is not None and rule.apart


def _met_apart(a: Event, b: Event) -> bool:
    """ "spoke separately with Chile and Peru": the same words, told of other sides."""
    same = dict(a.parts).get("action") == dict(b.parts).get("action")
    return same and a.type == b.type == "CONSULT" and not (set(a.sides) <= set(b.sides) or set(b.sides) <= set(a.sides))


def _aimed_apart(a: Event, b: Event) -> bool:
    """ "condemned Chile and accused Peru": the same state, two acts, and nobody named whom both are against."""
    aimed = [{p.side for p in event.recipients if p.evidence is not None} - {""} for event in (a, b)]
    acts = [dict(event.parts).get("action") for event in (a, b)]
    return bool(aimed[0] and aimed[1]) and not aimed[0] & aimed[1] and acts[0] != acts[1]


_TOLD_AGAIN = frozenset(("SANCTION", "CONCEDE", "RETREAT", "ASSAULT", "MOBILIZE", "COERCE"))
"""Deeds: of one kind, on one day, between the same two, they are one. Words (REQUEST, ACCUSE ...) may be many."""


_IN_WORDS = frozenset(("ACCUSE", "REQUEST", "THREATEN"))
"""Each sentence that tells of one by itself tells of another charge, wish or threat."""


def same_event(one: Draft, other: Draft) -> bool:
    """Tell whether two drafts of one document tell of the same event."""
    a, b = one.event, other.event
    if not _same_act(one, other) or not _sides_agree(one, other) or not _dates_agree(a.event_date, b.event_date):
        return False
    if a.mode == b.mode == "release" and one.passage == other.passage and not (one.weak or other.weak):
        freed = [{p.side for p in e.actors if p.evidence is not None} for e in (a, b)]
        if freed[0] and freed[1] and not freed[0] & freed[1]:
            return False  # "Havana freed one and Washington sent home three": two deeds
    if one.passage != other.passage and not (one.weak or other.weak) and (_is_apart(a) or _is_apart(b)):
        return False
    if one.answer != other.answer and {p.side for p in a.actors} != {p.side for p in b.actors}:
        return False
    if a.type == b.type == "CONCEDE" and one.passage != other.passage and not (one.weak or other.weak):
        gave = [{p.side for p in e.actors if p.evidence is not None} for e in (a, b)]
        if gave[0] and gave[1] and not gave[0] & gave[1]:
            return False  # "Ghana will cut tariffs. The United States will lift its ban": each gives something
    if one.passage == other.passage and not (one.weak or other.weak) and (_aimed_apart(a, b) or _met_apart(a, b)):
        return False
    if {a.realis, b.realis} & {"cancelled", "denied"} and a.realis != b.realis:
        return False
    if (
        a.place
        and b.place
        and a.place != b.place
        and not (one.inferred or other.inferred or one.passage == other.passage)
    ):
        return False
    if a.type != b.type and (a.realis != b.realis):
        return False
    if {a.realis, b.realis} == {"planned", "happened"} and one.another != other.another:
        return False  # "will hold another meeting, they said after the talks"
    if {a.realis, b.realis} == {"planned", "happened"} and one.passage == other.passage and "visit" in (a.mode, b.mode):
        return a.mode == b.mode  # "arrived for talks that begin on Wednesday"
    if {a.realis, b.realis} == {"planned", "happened"} and one.passage != other.passage:
        named = [{p.entity for p in (*e.actors, *e.recipients) if p.entity != p.side} for e in (a, b)]
        if not (one.weak or other.weak) or (named[0] and named[1] and not named[0] & named[1]):
            return False
    if a.event_date is None or b.event_date is None:
        undated = one if a.event_date is None else other
        if undated.weak or undated.definite or one.passage == other.passage:
            return True
        if a.event_date is b.event_date is None:
            return a.type == b.type and abs(one.passage - other.passage) <= 1 and a.type == "CONSULT"
        return a.type == b.type == "CONSULT" and a.realis == b.realis and undated.inferred
    if {a.event_date.basis, b.event_date.basis} & {"publication"} and a.event_date.value != b.event_date.value:
        apart = abs(one.passage - other.passage)
        return a.type == b.type and (
            (
                a.type == "CONSULT"
                and (apart <= 3 or ((one.inferred or other.inferred) and a.event_date.meets(b.event_date)))
            )
            or (a.type in ("CONCEDE", "RETREAT", "SANCTION") and apart <= 1)
        )
    if a.type == "CONSULT" or one.passage == other.passage:
        return True
    if a.type in _TOLD_AGAIN or one.weak or other.weak:
        return True
    if a.type == "AGREE" and {a.event_date.basis, b.event_date.basis} & {"narrative", "publication"}:
        told = [
            d for d, day in ((one, a.event_date), (other, b.event_date)) if day.basis in ("narrative", "publication")
        ]
        return any(d.definite for d in told)  # "the deal was signed by ..."
    if a.type in _IN_WORDS:
        return False
    who = {p.entity or p.name for p in a.actors} & {p.entity or p.name for p in b.actors}
    return a.type != "AGREE" and bool(who) and {p.side for p in a.recipients} == {p.side for p in b.recipients}


def _goodness(draft: Draft) -> tuple[bool, bool, bool, int, int, bool, int]:
    """What makes the better evidence, least first: its own day, and both sides by name, tell more than a bare verb."""
    day = draft.event.event_date
    dated = day is not None and day.basis in ("explicit", "relative")
    full = dated and not draft.inferred and len(set(draft.event.sides)) > 1
    return (
        draft.weak and not full,
        not dated,
        draft.weak,
        # A day taken from the story tells no more of the words than one taken from publication.
        max(_BASIS[day.basis], _BASIS["publication"]) if day and not dated else _BASIS[day.basis] if day else 5,
        _PRECISION[day.precision] if day else 7,
        draft.event.type == "CONSULT",
        draft.order,
    )


def _union(one: Sequence[Participant], other: Sequence[Participant]) -> tuple[Participant, ...]:
    named = {p.side for p in other if p.entity != p.side}
    out = {p.entity or p.name: p for p in one if p.entity != p.side or p.side not in named or p.evidence is not None}
    sides = {p.side for p in out.values()}
    for party in other:
        if party.entity != party.side or party.side not in sides:  # a bare state adds nothing to its minister
            out.setdefault(party.entity or party.name, party)
    return tuple(out.values())


def _join(one: Draft, other: Draft) -> Draft:
    good, spare = sorted((one, other), key=_goodness)
    event, more = good.event, spare.event
    near = one.passage == other.passage
    # Who is named in passing elsewhere may belong to another round of the same talks.
    same_sides = near or (set(more.sides) <= set(event.sides) and not spare.weak and not spare.inferred)
    actors, recipients = event.actors, event.recipients
    if spare.weak and len(event.sides) > 1 and set(more.sides) - set(event.sides):
        same_sides = False  # what is named in passing brings in no third party
    if same_sides and event.type == more.type:
        swapped = bool({p.side for p in event.actors} & {p.side for p in more.recipients})
        if not swapped:
            recipients = _union(recipients, more.recipients)
            known = {p.entity or p.name for p in recipients}
            actors = _union(actors, [p for p in more.actors if (p.entity or p.name) not in known])
    elif same_sides:
        known = {p.entity or p.name for p in recipients}
        actors = _union(actors, [p for p in more.actors if (p.entity or p.name) not in known])
    day = event.event_date or more.event_date
    if event.event_date and more.event_date and event.event_date.basis == "publication":
        day = min(event.event_date, more.event_date, key=lambda d: _BASIS[d.basis])
    if event.event_date and more.event_date and one.passage == other.passage:
        finer = min((event.event_date, more.event_date), key=lambda d: (_PRECISION[d.precision], _BASIS[d.basis]))
        day = finer
    parts = dict(event.parts)
    if near:
        for name, evidence in more.parts:
            parts.setdefault(name, evidence)
    # A mention in passing makes no news of what the text recalls.
    rank: Rank = "main" if event.rank == "main" or (more.rank == "main" and not spare.weak) else "background"
    merged = replace(
        event,
        actors=actors,
        recipients=recipients,
        event_date=day,
        place=event.place or more.place,
        mode=event.mode or (more.mode if more.type == event.type and near else ""),
        track=event.track or more.track,
        rank=rank,
        parts=tuple(parts.items()),
        points=event.points or more.points,
        confidence=max(event.confidence, more.confidence),
    )
    return replace(
        good,
        event=merged,
        weak=one.weak and other.weak,
        inferred=good.inferred,
        alone=one.alone or other.alone,
        definite=one.definite and other.definite,
    )


def merge(drafts: Sequence[Draft]) -> list[Draft]:
    """Join drafts that tell of the same event, in text order."""
    merged: list[Draft] = []
    # Strong and dated mentions first: what is named in passing then finds what it points to.
    for draft in sorted(drafts, key=lambda d: (d.event.event_date is None, d.weak, d.order)):
        matches = [i for i, known in enumerate(merged) if same_event(known, draft)]
        if not matches:
            merged.append(draft)
            continue
        nearest = min(matches, key=lambda i: (merged[i].passage != draft.passage, abs(merged[i].order - draft.order)))
        merged[nearest] = _join(merged[nearest], draft)
    return sorted(merged, key=lambda d: (d.event.evidence.start, d.order))
