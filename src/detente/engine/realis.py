"""What an event counts as once it is known whether it happened, is planned, or was called off.

PLOVER codes an act by what had been done when it was reported, so that a meeting that is only planned is no CONSULT:

| realis | coded as | counts as |
|---|---|---|
| happened | anything | itself; RETREAT (recall, abandon) is SANCTION, here and below |
| planned | CONSULT, SUPPORT, COOPERATE, AID, CONCEDE | AGREE: the two have said that they will |
| planned | RETREAT | CONCEDE: declared, not carried out |
| planned | PROTEST, SANCTION, MOBILIZE, COERCE, ASSAULT | THREATEN |
| proposed | CONSULT | REQUEST (meet) |
| proposed | SUPPORT, COOPERATE, AID | AGREE: an offer says that one is willing |
| proposed | AGREE, CONCEDE, RETREAT | REQUEST |
| cancelled | CONSULT | REJECT (meet) |
| cancelled | AGREE, SUPPORT, COOPERATE, AID, CONCEDE, RETREAT | REJECT |
| cancelled | SANCTION, MOBILIZE, COERCE | CONCEDE: eased, by word |
| planned, proposed | AGREE, REQUEST, THREATEN | itself: these acts speak of the future when they are done |
| cancelled | REJECT | itself |
| denied, hypothetical | anything | nothing |
| all other pairs | | nothing, and said so |

Source:
    PLOVER manual, draft 2.0 (2024): AGREE ("announced future" cooperation), RETREAT, REJECT, REQUEST. The rows for
    conflict that is planned or called off, and for proposals other than offers, are ours: the manual leaves its future
    mode open.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from detente.codebook import stands_for
from detente.terms import Realis

_COOPERATION = ("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT")
_MATERIAL_CONFLICT = ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")


def _table() -> dict[tuple[Realis, str], tuple[str, str]]:
    table: dict[tuple[Realis, str], tuple[str, str]] = {}
    for kind in _COOPERATION:
        table["planned", kind] = ("AGREE", "")
        table["proposed", kind] = ("REQUEST", "")
        table["cancelled", kind] = ("REJECT", "")
    table["planned", "RETREAT"] = ("CONCEDE", "")
    table["proposed", "CONSULT"] = ("REQUEST", "meet")
    for kind in ("SUPPORT", "COOPERATE", "AID"):
        table["proposed", kind] = ("AGREE", "")
    table["cancelled", "CONSULT"] = ("REJECT", "meet")
    for kind in _MATERIAL_CONFLICT:
        table["planned", kind] = ("THREATEN", "")
    for kind in ("SANCTION", "MOBILIZE", "COERCE"):
        table["cancelled", kind] = ("CONCEDE", "")
    return table


COUNTS_AS: Mapping[tuple[Realis, str], tuple[str, str]] = MappingProxyType(_table())
"""(realis, type) to (type, mode), for everything that has not happened and counts as something else."""

_AS_CODED: frozenset[tuple[Realis, str]] = frozenset(
    {
        ("planned", "REQUEST"),
        ("proposed", "REQUEST"),
        ("planned", "THREATEN"),
        ("proposed", "THREATEN"),
        ("cancelled", "REJECT"),
    }
)


def counts_as(kind: str, mode: str, realis: Realis) -> tuple[str, str] | None:
    """Type and mode that an event scores as, or None where nothing has been done.

    >>> counts_as("CONSULT", "visit", "planned")
    ('AGREE', '')
    >>> counts_as("CONSULT", "visit", "happened")
    ('CONSULT', 'visit')
    >>> counts_as("RETREAT", "recall", "happened")
    ('SANCTION', 'withdraw')
    >>> counts_as("SANCTION", "", "denied") is None
    True
    """
    kind, mode = stands_for(kind, mode)
    if realis == "happened" or (realis, kind) in _AS_CODED:
        return kind, mode
    return COUNTS_AS.get((realis, kind))
