"""An event that had a page and has none any more: what a person decided, when and why, and where it is told now.

What was rejected is not told again: the page says that it was, and by whom. In files the page is taken away; the
application answers whoever follows an old link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from detente.errors import LedgerError
from detente.ledger import Ledger, counting, moment_of
from detente.publish.situation import Situation
from detente.terms import Decision, Event

Reason = Literal["rejected", "amended", "merged", "superseded"]
TOLD: Mapping[Reason, str] = {
    "rejected": "A person rejected this event: it counts for nothing, and its page was taken away.",
    "amended": "A person put this event right: it is not one of this dossier’s any more, and its page was taken away.",
    "merged": "This event is told together with another one.",
    "superseded": "The reports were coded anew, and this event is not among what was found.",
}
"""Why an event has no page any more, as a reader is told."""
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Gone:
    """Why an event has no page.

    Attributes:
        decision: The person's, where it was one.
        into: Id of the event as which its reports are told now, or empty.
    """

    id: str
    reason: Reason
    decision: Decision | None
    into: str


def of(situation: Situation, ledger: Ledger, name: str) -> Gone | None:
    """What became of an event; None where it has a page, or where there never was one up to the moment.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    if not _ID.fullmatch(name) or name in situation.row_by_id:
        return None
    try:
        entry = ledger.entry(name)
    except LedgerError:
        return None
    until = moment_of(situation.as_of)
    if not isinstance(entry.coding, Event) or (until is not None and entry.recorded > until):
        return None
    decision = counting(ledger.decisions(name, as_of=situation.as_of)).get(name)
    if decision is None or decision.action not in ("reject", "amend"):
        into = _home(situation, {name})
        return Gone(name, "merged", None, into) if into else _superseded(situation, ledger, name)
    # Its other reports may stand: the event they told of then has another first member now.
    before = ledger.occurrences(as_of=decision.recorded - timedelta(microseconds=1))
    told = next((each for each in before if name in {member.id for member in each.members}), None)
    into = _home(situation, {member.id for member in told.members} if told else {name})
    return Gone(name, "rejected" if decision.action == "reject" else "amended", decision, into)


def _home(situation: Situation, entries: set[str]) -> str:
    found = (row.id for row in situation.shown_rows if entries & {member.id for member in row.occurrence.members})
    return next(found, "")


def _superseded(situation: Situation, ledger: Ledger, name: str) -> Gone | None:
    """Only what stands no longer: what never concerned the dossier has no page either, and that is no news."""
    standing = {member.id for each in situation.occurrences for member in each.members}
    held = {entry.id for entry in ledger.entries("event", as_of=situation.as_of, document=ledger.entry(name).document)}
    return None if name in standing or name in held else Gone(name, "superseded", None, "")
