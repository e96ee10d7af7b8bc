"""What stands: each coding after the decisions on it, whichever coder version it came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, cast

from detente.ledger.records import canonical, to_json
from detente.terms import Decision, Entry, Event, Evidence, PersonMention, Statement, TimeExpression

C = TypeVar("C", bound=Event | Statement | TimeExpression | PersonMention)


@dataclass(frozen=True, slots=True)
class Standing(Generic[C]):
    """An entry as it stands after the decisions on it.

    Attributes:
        entry: The line as the coder filed it.
        coding: Its coding, or the one a person put in its place.
        decision: The last decision on it, or on the same coding by an earlier version of the coder; or None.
    """

    entry: Entry
    coding: C
    decision: Decision | None = None

    @property
    def decided(self) -> str:
        """`accept` or `amend`; empty while nobody has decided, or the last to look was unsure."""
        return self.decision.action if self.decision and self.decision.action in ("accept", "amend") else ""


def standings(
    entries: Iterable[Entry], decisions: Mapping[str, Decision], latest: Mapping[str, frozenset[str]] | None
) -> list[Standing[Event | Statement | TimeExpression | PersonMention]]:
    """Apply decisions to entries.

    Args:
        entries: In order of recording.
        decisions: The last decision on each entry, by entry id.
        latest: By document, the entries its latest coding holds; None to let all entries count.

    Returns:
        Codings in order of recording, rejected ones left out. A person's word outlives the coder version it was
        given on: the same coding found again inherits it; an accepted or amended coding that the new version
        misses or reads otherwise stays, and the new reading of the same words gives way.
    """
    kept: list[Entry] = []
    by_document: dict[str, list[Entry]] = defaultdict(list)
    word: dict[str, Decision | None] = {}
    for entry in entries:
        by_document[entry.document].append(entry)
    for document, filed in by_document.items():
        current = filed if latest is None else [e for e in filed if e.id in latest.get(document, frozenset())]
        here = {entry.id for entry in current}
        older = [e for e in filed if e.id not in here and e.id in decisions and decisions[e.id].action != "unsure"]
        kept.extend(_outlive(current, older, decisions, word))
    kept.sort(key=lambda entry: entry.seq)
    standing = []
    for entry in kept:
        decision = word[entry.id]
        if decision is not None and decision.action == "reject":
            continue
        coding = decision.amended if decision and decision.action == "amend" and decision.amended else entry.coding
        standing.append(Standing(entry, coding, decision))
    return standing


def _outlive(
    current: list[Entry], older: list[Entry], decisions: Mapping[str, Decision], word: dict[str, Decision | None]
) -> list[Entry]:
    for entry in current:
        word[entry.id] = decisions.get(entry.id)
    if not older:
        return current
    found_again: dict[str, list[Entry]] = defaultdict(list)
    for entry in current:
        found_again[_said(entry)].append(entry)
    staying = []
    for entry in sorted(older, key=lambda e: decisions[e.id].seq):
        twins = found_again.get(_said(entry), [])
        for twin in twins:
            if twin.id not in decisions:
                word[twin.id] = decisions[entry.id]
        if not twins and decisions[entry.id].action in ("accept", "amend"):
            staying.append(entry)
            word[entry.id] = decisions[entry.id]
    replaced = {
        entry.id
        for entry in current
        if word[entry.id] is None and any(_tells_the_same(entry, old, decisions[old.id]) for old in staying)
    }
    return [entry for entry in current if entry.id not in replaced] + staying


def _said(entry: Entry) -> str:
    """What an entry says, however sure the coder was."""
    coding = entry.coding
    if isinstance(coding, (Event, Statement)):
        coding = replace(coding, confidence=0.0)
    return entry.kind + canonical(to_json(coding, sparse=True))


def _tells_the_same(entry: Entry, old: Entry, decision: Decision) -> bool:
    if entry.kind != old.kind:
        return False
    for coding in (old.coding, decision.amended):
        if coding is None or not _overlap(entry.coding.evidence, coding.evidence):
            continue
        if isinstance(coding, Event):
            if coding.type == cast(Event, entry.coding).type:
                return True
        elif isinstance(coding, Statement):
            speaker = cast(Statement, entry.coding).speaker
            if (coding.speaker.entity or coding.speaker.name) == (speaker.entity or speaker.name):
                return True
        else:
            return True
    return False


def _overlap(one: Evidence, other: Evidence) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= min(one.end - one.start, other.end - other.start)


def without_copies(statements: Iterable[Standing[Statement]], origin: Mapping[str, str]) -> list[Standing[Statement]]:
    """Statements, each agency report counted once however many outlets carry it.

    Args:
        statements: In order of recording.
        origin: By document, the first of the documents that are copies of one another.
    """
    seen: dict[tuple[str, str, str], str] = {}
    kept = []
    for standing in statements:
        said = standing.coding
        document = standing.entry.document
        key = (
            origin.get(document, document),
            said.speaker.entity or said.speaker.name.casefold(),
            " ".join(said.content.quote.casefold().split()),
        )
        if seen.setdefault(key, document) == document:
            kept.append(standing)
    return kept
